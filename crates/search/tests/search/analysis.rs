//! What is asked of the whole index: frequencies, similar documents, suggestions.

use crate::support::{Archive, found, index_of, text_document};
use anjuan_search::{Document, Names, Query, SuggestionKind};
use proptest::prelude::*;

#[test]
fn frequencies_are_those_of_a_search() {
    let mut archive =
        Archive::of_texts(&["侨联工作计划", "僑聯工作計畫", "计划，工作", "", "GDP 5%"]);
    archive.remove("002");
    let dir = tempfile::tempdir().expect("a folder");
    let index = index_of(dir.path(), &archive);
    for phrase in
        ["侨联", "计划", "计", "工作计划", "工作，计划", "计划，工作", "gdp", "长沙", "，", ""]
    {
        let expect = archive.scan(&Query::phrase(phrase)).len() as u64;
        assert_eq!(index.frequency(phrase), expect, "{phrase}");
    }
}

/// Reports on a theme: sentences of it among those that every report has.
fn report(number: usize, theme: &str, sentences: usize) -> Document {
    let themes = [
        ("侨务", ["侨联走访归侨侨眷", "引进侨资企业", "海外侨胞联谊", "侨界志愿服务"]),
        ("水利", ["水库除险加固", "河道清淤治理", "灌区节水改造", "防汛抗旱演练"]),
        ("教育", ["中小学教师培训", "义务教育均衡发展", "校园安全检查", "职业学校招生"]),
    ];
    let own = themes.iter().find(|(name, _)| *name == theme).map(|(_, own)| own);
    let own = own.expect("there is such a theme");
    let mut text = format!("第{number}号工作总结\n");
    for at in 0..sentences {
        text.push_str("全市上下认真贯彻落实会议精神，扎实推进各项工作。");
        text.push_str(own[(number + at) % own.len()]);
        text.push_str("，取得明显成效。\n");
    }
    Document { title: format!("{theme}{number}"), ..text_document(number, &text) }
}

#[test]
fn near_copies_and_the_same_theme_come_first() {
    let mut archive = Archive::new("archive");
    for number in 0..60 {
        archive.put(report(number, ["侨务", "水利", "教育"][number % 3], 3));
    }
    // A near copy of 000, and one with nothing in common with any.
    let copied = archive.documents["000"].text.replace("明显", "显著");
    archive.put(Document { title: "侨务副本".to_owned(), ..text_document(70, &copied) });
    archive.put(text_document(71, "Lorem ipsum dolor"));
    archive.put(text_document(72, ""));
    let dir = tempfile::tempdir().expect("a folder");
    let index = index_of(dir.path(), &archive);

    let similar = index.similar(&archive, "000", 10).expect("it can be searched");
    assert_eq!(similar.len(), 10);
    // Every twelfth has the very same sentences.
    assert!(similar[..5].iter().any(|found| found.document == "070"), "{similar:?}");
    for found in &similar {
        assert_ne!(found.document, "000");
        assert!(found.title.starts_with("侨务"), "{found:?}");
        assert!(!found.words.is_empty() && found.score > 0.0, "{found:?}");
        assert!(found.words.iter().all(|word| !word.contains("贯彻")), "{found:?}");
    }
    assert!(similar.is_sorted_by(|a, b| a.score >= b.score));
    for none in ["071", "072", "999"] {
        assert!(index.similar(&archive, none, 10).expect("it can be searched").is_empty());
    }
    // One that the index does not know yet.
    archive.put(report(90, "水利", 2));
    let similar = index.similar(&archive, "090", 5).expect("it can be searched");
    assert!(similar.iter().all(|found| found.title.starts_with("水利")), "{similar:?}");
    assert_eq!(similar.len(), 5);
}

/// What is suggested, as text and how many have it.
fn suggested(typed: &str, names: &[&str], texts: &[&str]) -> Vec<(SuggestionKind, String, u64)> {
    let archive = Archive::of_texts(texts);
    let dir = tempfile::tempdir().expect("a folder");
    let index = index_of(dir.path(), &archive);
    let found = index.suggest(&Names::new(names), typed, 8);
    found.into_iter().map(|s| (s.kind, s.text, s.total)).collect()
}

#[test]
fn what_may_be_meant_is_suggested() {
    use SuggestionKind::{Homophone, Pinyin, Region};
    let texts = [
        "侨联工作",
        "侨联和权力",
        "权力",
        "侨联",
        "商洛市",
        "商量",
        "商洛",
        "汪洋大海",
        "中国侨联工作会议",
        "軟體產業",
        "打印机",
        "GDP 增长，个打破",
        "甲乙丙县",
        "和平",
    ];
    let names = ["甲乙丙县", "商洛市"];
    for (typed, expect) in [
        ("qiaolian", vec![(Pinyin, "侨联", 4)]),
        ("ql", vec![(Pinyin, "侨联", 4), (Pinyin, "权力", 2)]),
        ("shang luo", vec![(Pinyin, "商洛", 2), (Pinyin, "商洛市", 1)]),
        ("shangl", vec![(Pinyin, "商洛", 2), (Pinyin, "商量", 1), (Pinyin, "商洛市", 1)]),
        ("sangluo", vec![(Pinyin, "商洛", 2), (Pinyin, "商洛市", 1)]),
        // A name that no dictionary has.
        ("jiayibing", vec![(Pinyin, "甲乙丙县", 1)]),
        ("xyzzy", vec![]),
        // It stands there as typed.
        ("gdp", vec![]),
        ("王洋", vec![(Homophone, "汪洋", 1)]),
        ("桥联", vec![(Homophone, "侨联", 4)]),
        ("中国桥联工作", vec![(Homophone, "中国侨联工作", 1)]),
        ("软件", vec![(Region, "軟體", 1)]),
        ("印表機", vec![(Region, "打印机", 1)]),
        // What is there in plenty is what was meant.
        ("侨联", vec![]),
        ("", vec![]),
        ("。", vec![]),
    ] {
        let found = suggested(typed, &names, &texts);
        let expect: Vec<_> =
            expect.into_iter().map(|(kind, text, total)| (kind, text.to_owned(), total)).collect();
        assert_eq!(found, expect, "{typed}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever is typed: what is suggested is found, so often, and is something else.
    #[test]
    fn suggestions_are_found(
        texts in prop::collection::vec("[侨联桥连权力工作软件軟體和平]{0,12}", 1..6),
        typed in prop_oneof!["[a-z ']{0,10}", "[侨桥联连全力工作软件軟體]{0,6}", "\\PC{0,12}"],
    ) {
        let archive = Archive::of_texts(&texts);
        let dir = tempfile::tempdir().expect("a folder");
        let index = index_of(dir.path(), &archive);
        for found in index.suggest(&Names::default(), &typed, 5) {
            let total = archive.scan(&Query::phrase(&found.text)).len() as u64;
            prop_assert_eq!(found.total, total);
            prop_assert!(total > 0);
            prop_assert!(Query::phrase(&found.text) != Query::phrase(&typed));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn similar_documents_share_words(
        texts in prop::collection::vec("[侨联工作计划组织企业，]{0,40}", 1..8),
    ) {
        let archive = Archive::of_texts(&texts);
        let dir = tempfile::tempdir().expect("a folder");
        let index = index_of(dir.path(), &archive);
        for (id, document) in &archive.documents {
            let telling = index.telling_words(document);
            for similar in index.similar(&archive, id, 100).expect("it can be searched") {
                prop_assert_ne!(&similar.document, id);
                prop_assert!(!similar.words.is_empty());
                for word in &similar.words {
                    prop_assert!(telling.contains(word));
                    prop_assert!(found(&index, &archive, &Query::phrase(word)).contains(&similar.document));
                }
            }
        }
    }
}
