//! Named cases of folding, glosses, scripts, numerals and sentences.

use anjuan_text::{Folded, Pattern, Script, detect_script, numeral, sentence, without_glosses};

fn check(text: &str, query: &str, expect: &[&str]) {
    let folded = Folded::new(text);
    let chars: Vec<char> = text.chars().collect();
    let found: Vec<String> = folded
        .find(&Pattern::new(query))
        .into_iter()
        .map(|hit| chars[hit.start as usize..hit.end as usize].iter().collect())
        .collect();
    assert_eq!(found, expect, "{query} in {text}");
}

#[test]
fn queries_find_what_a_reader_would() {
    for (text, query, expect) in [
        ("工作計畫", "计划", &["計畫"][..]),
        ("工作计划", "計畫", &["计划"]),
        ("工作計劃", "计划", &["計劃"]),
        ("我瞭解", "了解", &["瞭解"]),
        ("牴觸", "抵触", &["牴觸"]),
        ("已答覆", "答复", &["答覆"]),
        ("衡陽市僑聯(lián)工作", "侨联工作", &["僑聯(lián)工作"]),
        ("衡陽市僑聯（lián）", "僑聯", &["僑聯"]),
        ("聚僑 興湘", "侨兴", &["僑 興"]),
        ("服务\n大局", "服务大局", &["服务\n大局"]),
        ("服务，大局", "服务大局", &[]),
        ("服务，大局", "服务。大局", &["服务，大局"]),
        ("２０２１年", "2021年", &["２０２１年"]),
        ("COVID-19", "vid", &["VID"]),
        ("the rapist", "therapist", &[]),
        ("率超95%", "95%", &["95%"]),
        ("哈哈哈", "哈哈", &["哈哈", "哈哈"]),
        ("𠀀𠀁字", "𠀁", &["𠀁"]),
        ("没有", "，", &[]),
    ] {
        check(text, query, expect);
    }
}

#[test]
fn glosses_go_and_brackets_stay() {
    for (text, expect) in [
        ("聯(lián)", "聯"),
        ("發（fā）展", "發展"),
        ("優(yōu)勢、統(tǒng)籌", "優勢、統籌"),
        ("女(nǚ)", "女"),
        ("世贸(WTO)组织", "世贸(WTO)组织"),
        ("第一(lian)", "第一(lian)"),
        ("侨(留)企业", "侨(留)企业"),
        ("a(lián)", "a(lián)"),
        ("未完(lián", "未完(lián"),
    ] {
        assert_eq!(without_glosses(text), expect);
    }
}

#[test]
fn scripts_are_told_apart() {
    assert_eq!(detect_script("归国华侨联合会"), Some(Script::Hans));
    assert_eq!(detect_script("歸國華僑聯合會"), Some(Script::Hant));
    assert_eq!(detect_script("一二三"), None);
}

#[test]
fn numerals_are_read() {
    for (text, expect) in [
        ("二〇二四", Some(2024)),
        ("十一", Some(11)),
        ("二十", Some(20)),
        ("一百零三", Some(103)),
        ("三萬五千", Some(35_000)),
        ("２０２４", Some(2024)),
        ("", None),
        ("十年", None),
        ("99999999999999999999", None),
    ] {
        assert_eq!(numeral::parse(text), expect, "{text}");
    }
}

#[test]
fn sentences_keep_their_closing_marks() {
    let text = "他说:“好。”又说不。\n末句";
    let chars: Vec<char> = text.chars().collect();
    let found: Vec<String> = sentence::sentences(text)
        .iter()
        .map(|s| chars[s.start as usize..s.end as usize].iter().collect())
        .collect();
    assert_eq!(found, ["他说:“好。”", "又说不。\n", "末句"]);
}
