//! What holds of every input.

mod material;

use anjuan_import::{Source, import, places};
use material::{assert_nothing_lost, assert_shape};
use proptest::prelude::*;

/// Lines as reports and pages have them, to be mixed at random.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "当前位置: 首页 > 要闻 > 正文",
            "來源:青嵐僑聯(lián) 編輯:周婉清 2024-03-08 09:12:45 點擊:105",
            "一、强化政治引领，筑牢思想根基",
            "一强化引领，根基夯实。各项工作不断推进，取得了明显成效，得到广大群众的一致好评和充分肯定。二汇聚侨力，勇于担当。各项工作不断推进。",
            "圖片",
            "全市侨联系统持续用力，久久为功，各项工作取得新进展。周婉清",
            "(来源:栖霞日报)",
            "面对疫情",
            "侨界做了哪些工作?",
            "相关新闻",
            "市(shi)僑(qiao)聯(lian)工(gong)作(zuo)作(zuo)持(chi)續(xu)推(tui)進(jin)取(qu)得(de)成(cheng)效(xiao)。",
            "市长 沈知远",
            "——2020年1月8日在云溪市第五届人民代表大会第三次会议上",
            "",
            "　",
        ]).prop_map(str::to_owned),
        "[一二三四（）()、。，：:　 a-z0-9僑侨聯联市县省来源编辑“”\t\u{200b}]{0,60}",
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::default())]

    #[test]
    fn random_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        if let Ok(imported) = import(Source { name: "a.txt", bytes: &bytes }) {
            assert_shape(&imported.report, "bytes");
        }
    }

    #[test]
    fn random_lines_lose_nothing(lines in prop::collection::vec(line(), 0..30)) {
        let text = lines.join("\n");
        if let Ok(imported) = import(Source { name: "a.txt", bytes: text.as_bytes() }) {
            assert_shape(&imported.report, "lines");
            // Not where the text was taken for a page or for another encoding.
            let plain = imported.encoding.as_deref() == Some("UTF-8")
                && imported.format == anjuan_import::Format::Text
                && imported.report.problems.iter().all(|p| p.code != anjuan_text::ProblemCode::EncodingUncertain);
            if plain {
                assert_nothing_lost(&text, &imported.report, "lines");
            }
        }
    }

    #[test]
    fn all_repairs_taken_back_give_the_source(lines in prop::collection::vec(prop_oneof![
        prop::sample::select(vec![
            "全市侨联系统持续用力,久久为功(2023年),各项工作取得新进展;得到群众的一致好评!",
            "云溪市僑聯(lián)工作(zuo4)持續推進，取得成效(xiào，受到好評。",
            "2、，各项工作不断推进，取得了明显成效，得到广大群众的一致好评和充分肯定",
            "È«ÃæÍÆ½ø¸÷Ïî¹¤×÷£¬È¡µÃÃ÷ÏÔ³ÉÐ§¡£",
            "⼯作扎实推进，&nbsp;成效明显，第2页 共9页各级侨联组织深入学习。",
            "一强化引领，根基夯实。各项工作不断推进，取得了明显成效，得到广大群众的一致好评和充分肯定。二汇聚侨力，勇于担当。各项工作不断推进。",
        ]).prop_map(str::to_owned), line()], 0..12), from_the_end in any::<bool>()) {
        let text = lines.join("\n");
        if let Ok(imported) = import(Source { name: "a.txt", bytes: text.as_bytes() })
            && imported.encoding.as_deref() == Some("UTF-8")
            && imported.format == anjuan_import::Format::Text
        {
            let mut report = imported.report;
            assert_nothing_lost(&text, &report, "repairs");
            let set_aside = !report.furniture.is_empty();
            while !report.repairs.is_empty() {
                let index = if from_the_end { report.repairs.len() - 1 } else { 0 };
                report = anjuan_text::restore(&report, index);
            }
            if !set_aside {
                prop_assert_eq!(material::inked(&report.text), material::inked(&text));
            }
        }
    }

    #[test]
    fn random_markup_does_no_harm(parts in prop::collection::vec(prop_oneof![
        prop::sample::select(vec![
            "<html>", "<body>", "<div class=content>", "</div>", "<p>", "</p>", "<table><tr><td>", "</td><td>", "</tr>",
            "</table>", "<h1>", "</h1>", "<ul><li>", "<a href=x>", "</a>", "<br>", "<p style='display:none'>", "<pre>", "</pre>",
            "<script>", "</script>", "<title>", "</title>", "<select><option>", "<!--", "-->",
        ]).prop_map(str::to_owned), line()], 0..60)) {
        let text = format!("<html><body>{}", parts.concat());
        if let Ok(imported) = import(Source { name: "a.html", bytes: text.as_bytes() }) {
            assert_shape(&imported.report, "markup");
        }
    }

    #[test]
    fn places_are_found_inside_the_text(text in "[省市县区州云南陕西商洛保山长春朝阳重庆万盟旗自治侨联]{0,40}") {
        let chars = text.chars().count() as u32;
        for mention in places::find(&text).into_iter().chain(places::find_short(&text)) {
            prop_assert!(mention.range.end <= chars && mention.range.contains(mention.innermost));
            prop_assert!(places::division(&mention.division.path()).is_some());
        }
        let _ = places::resolve(&text);
    }
}
