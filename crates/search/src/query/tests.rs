//! How queries are understood.

use super::*;
use proptest::prelude::*;

/// A condition in one line: phrases bare, quoted ones in “”, fields by name.
fn shown(node: &Node) -> String {
    let list = |join: &str, nodes: &[Node]| {
        format!("({})", nodes.iter().map(shown).collect::<Vec<_>>().join(join))
    };
    match node {
        Node::Phrase(Phrase { text, quoted: true, .. }) => format!("“{text}”"),
        Node::Phrase(Phrase { text, .. }) => text.clone(),
        Node::Filter(Filter::Text { field, value, .. }) => format!("{field:?}={value}"),
        Node::Filter(Filter::Years { from, to }) => {
            let year = |year: &Option<i32>| year.map_or("*".to_owned(), |year| year.to_string());
            format!("{}..{}", year(from), year(to))
        }
        Node::Filter(Filter::Script(script)) => script.as_str().to_owned(),
        Node::Filter(Filter::Documents(ids)) => format!("{ids:?}"),
        Node::All(nodes) => list(" & ", nodes),
        Node::Any(nodes) => list(" | ", nodes),
        Node::AtLeast(least, nodes) => format!("{least} of {}", list(", ", nodes)),
        Node::Not(node) => format!("!{}", shown(node)),
    }
}

fn check(input: &str, expect: &str, notes: &[&str]) {
    let parsed = parse(input);
    assert_eq!(parsed.query.root.as_ref().map_or(String::new(), shown), expect, "{input}");
    let codes: Vec<&str> = parsed.notes.iter().map(|note| note.code.as_str()).collect();
    assert_eq!(codes, notes, "{input}");
}

#[test]
fn words_and_operators() {
    for (input, expect) in [
        ("侨联", "侨联"),
        ("侨联 计划", "(侨联 & 计划)"),
        ("侨联　计划", "(侨联 & 计划)"),
        ("侨联 AND 计划", "(侨联 & 计划)"),
        ("侨联 ＡＮＤ 计划 且 甲", "(侨联 & 计划 & 甲)"),
        ("侨联 與 计划", "(侨联 & 计划)"),
        ("侨联 OR 计划 甲", "(侨联 | (计划 & 甲))"),
        ("甲 或 乙 || 丙", "(甲 | 乙 | 丙)"),
        ("侨联 -计划", "(侨联 & !计划)"),
        ("侨联 !计划", "(侨联 & !计划)"),
        ("侨联 NOT 计划", "(侨联 & !计划)"),
        ("侨联 非 计划", "(侨联 & !计划)"),
        ("侨联 AND NOT (计划 或 甲)", "(侨联 & !(计划 | 甲))"),
        ("NOT NOT 甲 乙", "(甲 & 乙)"),
        ("非 计划", "!计划"),
        ("（甲 或 乙） 丙", "((甲 | 乙) & 丙)"),
        ("(甲 或 乙)丙", "((甲 | 乙) & 丙)"),
        // As text.
        ("或", "或"),
        ("NOT", "NOT"),
        ("或者", "或者"),
        ("参与", "参与"),
        ("-20", "20"),
        ("！重要", "！重要"),
        ("a-b", "a-b"),
        ("or", "or"),
        ("(试行)办法", "(试行)办法"),
        ("世贸(WTO)组织", "世贸(WTO)组织"),
        ("(世贸(WTO) 组织)", "(世贸(WTO) & 组织)"),
        ("http://例子", "http://例子"),
        ("第一行\n第二行", "第一行\n第二行"),
        ("第一行\r\n　　第二行 甲", "(第一行\r\n　　第二行 & 甲)"),
    ] {
        check(input, expect, &[]);
    }
}

#[test]
fn quotation_marks() {
    for (input, expect) in [
        ("“侨联 计划”", "“侨联 计划”"),
        ("\"侨联 计划\" 甲", "(“侨联 计划” & 甲)"),
        ("＂侨联＂", "“侨联”"),
        ("「侨联」『计划』", "「侨联」『计划』"),
        ("「侨联」 『计划』", "(“侨联” & “计划”)"),
        ("'侨联'", "“侨联”"),
        ("‘侨联’", "“侨联”"),
        ("”侨联“", "“侨联”"),
        ("-“侨联” 甲", "(!“侨联” & 甲)"),
        ("“AND”", "“AND”"),
        ("(“甲 乙” 或 丙)", "(“甲 乙” | 丙)"),
        ("“放管服”改革", "“放管服”改革"),
        ("推进“放 管 服”改革 甲", "(推进“放 管 服”改革 & 甲)"),
        ("don't", "don't"),
        ("5\"盘", "5\"盘"),
    ] {
        check(input, expect, &[]);
    }
}

#[test]
fn fields() {
    for (input, expect) in [
        ("地区:长沙", "Place=长沙"),
        ("地點：長沙", "Place=長沙"),
        ("ＰＬＡＣＥ：长沙", "Place=长沙"),
        ("place:长沙 计划", "(Place=长沙 & 计划)"),
        ("地区: 长沙", "Place=长沙"),
        ("地区:“长 沙”", "Place=长 沙"),
        ("地区:(长沙 或 湘潭)", "(Place=长沙 | Place=湘潭)"),
        ("-标签:产业/农业", "!Tag=产业/农业"),
        ("標籤:经济 來源:网", "(Tag=经济 & Source=网)"),
        (
            "机构:侨联 作者:张三 标题:总结 文集:甲",
            "(Organisation=侨联 & Author=张三 & Title=总结 & Collection=甲)",
        ),
        ("文种:繁體", "Hant"),
        ("script:Hans", "Hans"),
        ("年:2018", "2018..2018"),
        ("年：２０１８年", "2018..2018"),
        ("年:二〇一八", "2018..2018"),
        ("年:2018..2021", "2018..2021"),
        ("年:2021-2018", "2018..2021"),
        ("年:2018—2021", "2018..2021"),
        ("年:2018至2021", "2018..2021"),
        ("年:2018~2021年", "2018..2021"),
        ("year:2018..", "2018..*"),
        ("year:..2018", "*..2018"),
        ("year:-2018", "*..2018"),
        ("年:>=2018", "2018..*"),
        ("年:＞2018", "2019..*"),
        ("年:≤2018", "*..2018"),
        ("年:<2018", "*..2017"),
        ("年:2018,2020", "(2018..2018 | 2020..2020)"),
        ("年:2018-05-12", "2018..2018"),
        ("未知:长沙", "未知:长沙"),
    ] {
        check(input, expect, &[]);
    }
}

#[test]
fn what_cannot_be_meant_is_repaired_and_noted() {
    for (input, expect, notes) in [
        ("", "", &["nothing_to_search"][..]),
        (" ，。", "", &["nothing_to_search"]),
        ("-", "", &["nothing_to_search"]),
        ("“”", "", &["nothing_to_search"]),
        ("“侨联", "“侨联", &["unbalanced_quote"]),
        ("侨联 “计划", "(侨联 & “计划)", &["unbalanced_quote"]),
        ("(侨联", "侨联", &["unbalanced_parenthesis"]),
        ("侨联 )", "侨联", &["unbalanced_parenthesis"]),
        ("()", "", &["nothing_to_search"]),
        ("侨联 AND", "侨联", &["dangling_operator"]),
        ("OR 侨联", "侨联", &["dangling_operator"]),
        ("侨联 OR", "侨联", &["dangling_operator"]),
        ("侨联 AND AND 计划", "(侨联 & 计划)", &["dangling_operator"]),
        ("侨联 NOT", "侨联", &["dangling_operator"]),
        ("地区:", "地区:", &["empty_field"]),
        ("侨联 地区:", "侨联", &["empty_field"]),
        ("侨联 地区:“”", "侨联", &["empty_field"]),
        ("侨联 地区:，", "侨联", &["empty_field"]),
        ("年:今年", "年:今年", &["invalid_year"]),
        ("年：一是", "年：一是", &["invalid_year"]),
        ("年:(2018 或 今年)", "2018..2018", &["invalid_year", "dangling_operator"]),
        ("文种:英文", "文种:英文", &["invalid_script"]),
    ] {
        check(input, expect, notes);
    }
}

#[test]
fn long_text_is_one_phrase() {
    let words = vec!["侨联"; 60].join(" ");
    check(&words, &words, &["taken_as_phrase"]);
    let Parsed { query, .. } = parse(&words);
    assert_eq!(query.root.map(|root| root.phrases().len()), Some(1));
}

#[test]
fn chips_tell_how_it_was_understood() {
    let chips: Vec<String> = parse("侨联 -(“计划” 或 年:2018..2020) NOT 地区:长沙 文种:繁")
        .chips
        .into_iter()
        .map(|chip| {
            format!("{}{}={}", if chip.excluded { "-" } else { "" }, chip.kind.as_str(), chip.text)
        })
        .collect();
    assert_eq!(
        chips,
        ["phrase=侨联", "-phrase=计划", "-year=2018..2020", "-place=长沙", "script=Hant"]
    );
}

fn document() -> Document {
    Document {
        id: "1".into(),
        title: "衡阳市侨联工作总结".into(),
        text: "工作計畫：僑聯(lián)，計畫".into(),
        place: Some("湖南省衡阳市".into()),
        places: vec!["湖南省".into(), "衡阳市".into()],
        organisation: Some("衡阳市归国华侨联合会".into()),
        source: Some("湖南侨网".into()),
        authors: vec!["张三".into()],
        published: Some("2021-02".into()),
        script: Some("Hant".into()),
        tags: vec!["农业".into(), "产业/农业".into()],
        collections: vec!["年度总结".into()],
        ..Document::default()
    }
}

#[test]
fn filters_hold_in_both_scripts() {
    let document = document();
    for (input, holds) in [
        ("地区:湖南", true),
        ("地區:衡陽", true),
        ("地区:长沙", false),
        ("年:2021", true),
        ("年:2022..", false),
        ("来源:僑網", true),
        ("标签:产业", true),
        ("标签:農業", true),
        ("标签:产业/农业", true),
        ("标签:产", false),
        ("标签:业/农", false),
        ("机构:华侨", true),
        ("作者:張三", true),
        ("标题:总结", true),
        ("标题:计划", false),
        ("文集:年度", true),
        ("文种:繁", true),
        ("文种:简", false),
        ("-文种:简", true),
    ] {
        let matches = parse(input).query.matches(&FoldedDocument::new(&document));
        assert_eq!(matches.is_some(), holds, "{input}");
        assert!(matches.is_none_or(|places| places.is_empty()), "{input}: a filter has no place");
    }
}

#[test]
fn places_are_those_of_what_is_looked_for() {
    let document = document();
    let places = |input: &str| -> Option<Vec<(u32, u32)>> {
        let found = parse(input).query.matches(&FoldedDocument::new(&document))?;
        Some(found.into_iter().map(|range| (range.start, range.end)).collect())
    };
    assert_eq!(places("计划"), Some(vec![(2, 4), (14, 16)]));
    assert_eq!(places("计划 侨联"), Some(vec![(2, 4), (5, 7), (14, 16)]));
    assert_eq!(places("计划 -长沙"), Some(vec![(2, 4), (14, 16)]));
    assert_eq!(places("计划 或 计"), Some(vec![(2, 3), (2, 4), (14, 15), (14, 16)]));
    assert_eq!(places("计划 长沙"), None);
    assert_eq!(places("计划 -侨联"), None);
    assert_eq!(places(""), None);
}

proptest! {
    #[test]
    fn any_input_is_understood(input in prop_oneof![
        "\\PC{0,40}",
        "[侨联 　()（）“”\"'「」『』\\-!:：年地区AND或非\n0-9.]{0,60}",
        prop::collection::vec(any::<u8>(), 0..80).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
    ]) {
        let Parsed { query, notes, chips } = parse(&input);
        prop_assert_eq!(query.root.is_none(), chips.is_empty());
        prop_assert_eq!(query.root.is_none(), notes.iter().any(|note| note.code == NoteCode::NothingToSearch));
        let document = document();
        query.matches(&FoldedDocument::new(&document));
    }

    /// What holds no space, bracket, colon, dash or mark that could be an operator is text.
    #[test]
    fn plain_text_is_one_phrase(input in "[侨联计划，。、；％%a-zA-Z0-9\u{20000}\u{1F600}《》]{1,12}") {
        let expect = Phrase::new(&input, false).map(Node::Phrase);
        prop_assert_eq!(parse(&input).query.root, expect);
    }
}
