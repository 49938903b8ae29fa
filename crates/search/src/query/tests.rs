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
        Node::Filter(Filter::Years { from, to }) => span(from.map(i64::from), to.map(i64::from)),
        Node::Filter(Filter::Dates { from, to }) => {
            span(from.map(Day::number), to.map(Day::number))
        }
        Node::Filter(Filter::Length { from, to }) => format!("length {}", span(*from, *to)),
        Node::Filter(Filter::Memo(memo)) => format!("memo {memo}"),
        Node::Filter(Filter::Script(script)) => script.as_str().to_owned(),
        Node::Filter(Filter::Documents(ids)) => format!("{ids:?}"),
        Node::All(nodes) => list(" & ", nodes),
        Node::Any(nodes) => list(" | ", nodes),
        Node::AtLeast(least, nodes) => format!("{least} of {}", list(", ", nodes)),
        Node::Not(node) => format!("!{}", shown(node)),
        Node::Original(original) => format!("={}", original.text),
        Node::Loose(loose) => format!("{}~", loose.text),
        Node::Wildcard(wildcard) => wildcard
            .pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.replace('*', "×").replace('?', "？"),
                Piece::One => "?".to_owned(),
                Piece::Any => "*".to_owned(),
            })
            .collect(),
        Node::Expression(expression) => format!("/{}/", expression.source),
        Node::Near(near) => {
            let mut row = vec![shown(&near.parts[0])];
            for (part, relation) in near.parts[1..].iter().zip(&near.relations) {
                row.extend([relation.typed(), shown(part)]);
            }
            format!("[{}]", row.join(" "))
        }
    }
}

fn span(from: Option<i64>, to: Option<i64>) -> String {
    let end = |end: Option<i64>| end.map_or("*".to_owned(), |end| end.to_string());
    format!("{}..{}", end(from), end(to))
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
fn what_is_near_each_other() {
    for (input, expect) in [
        ("侨联 NEAR/5 计划", "[侨联 NEAR/5 计划]"),
        ("侨联 ＮＥＡＲ／５ 计划 甲", "([侨联 NEAR/5 计划] & 甲)"),
        ("侨联 NEAR 计划", "[侨联 NEAR/10 计划]"),
        ("甲 近/3 乙 近/4 丙", "[甲 NEAR/3 乙 NEAR/4 丙]"),
        ("甲 句 乙 PARAGRAPH 丙", "[甲 句 乙 段 丙]"),
        ("甲 SENTENCE “乙 丁” 或 丙", "([甲 句 “乙 丁”] | 丙)"),
        ("(甲 或 乙) 段 丙", "[(甲 | 乙) 段 丙]"),
        ("(甲 近/3 乙) 句 丙", "[甲 NEAR/3 乙 句 丙]"),
        ("-甲 句 乙 丙", "(![甲 句 乙] & 丙)"),
        ("甲~ 句 乙丙~", "[甲 句 乙丙~]"),
        // As text.
        ("句", "句"),
        ("NEAR/3", "NEAR/3"),
        ("近/三", "近/三"),
        ("甲近/3乙", "甲近/3乙"),
        ("near/3 甲", "(near/3 & 甲)"),
    ] {
        let notes: &[&str] = if input.contains("甲~") { &["not_loose"] } else { &[] };
        check(input, expect, notes);
    }
    for (input, expect, note) in [
        ("甲 句", "甲", "dangling_operator"),
        ("句 甲", "甲", "dangling_operator"),
        ("甲 句 -乙", "(甲 & !乙)", "dangling_operator"),
        ("甲 句 (乙 丙)", "(甲 & (乙 & 丙))", "near_without_phrase"),
        ("甲 句 年:2018", "(甲 & 2018..2018)", "near_without_phrase"),
        ("标题:(甲 句 乙)", "(Title=甲 & Title=乙)", "near_without_phrase"),
    ] {
        check(input, expect, &[note]);
    }
}

#[test]
fn signs_of_the_query_and_of_text() {
    for (input, expect) in [
        ("侨联工作~", "侨联工作~"),
        ("侨联工作~1 甲", "(侨联工作~ & 甲)"),
        ("“侨联 工作”~", "侨联 工作~"),
        ("(侨联~)", "侨联~"),
        ("侨*会", "侨*会"),
        ("侨联*", "侨联*"),
        ("*侨联", "*侨联"),
        ("侨?会", "侨?会"),
        ("侨??会*", "侨??会*"),
        ("econom*", "econom*"),
        ("5*3侨*会", "5×3侨*会"),
        ("/侨[联务]/", "/侨[联务]/"),
        ("-/\\d+\\/甲/ 乙", "(!/\\d+\\/甲/ & 乙)"),
        ("(/(甲|乙)丙{1,2}/)", "/(甲|乙)丙{1,2}/"),
        ("=計畫", "=計畫"),
        ("＝計畫 甲", "(=計畫 & 甲)"),
        ("=“計畫 書”", "=計畫 書"),
        ("-=計畫 甲", "(!=計畫 & 甲)"),
        // As text.
        ("5*3", "5*3"),
        ("(50%*)…", "(50%*)…"),
        ("长5*宽3", "长5*宽3"),
        ("侨＊会", "侨＊会"),
        ("“侨*会”", "“侨*会”"),
        ("侨\\*会", "侨*会"),
        ("标题:侨*会", "Title=侨*会"),
        ("是什么?", "是什么?"),
        ("是？么", "是？么"),
        ("http://a.b/?x=1", "http://a.b/?x=1"),
        ("2018/05", "2018/05"),
        ("2018/05/", "2018/05/"),
        ("/usr/bin/", "/usr/bin/"),
        ("http://例子/甲/", "http://例子/甲/"),
        ("/ 甲 /", "(/ & 甲 & /)"),
        ("侨联～", "侨联～"),
        ("2018~2020", "2018~2020"),
        ("a~b", "a~b"),
        ("5~", "5~"),
        ("=5", "=5"),
        ("x=計畫", "x=計畫"),
        ("\\或", "或"),
        ("\\地区\\:长沙", "地区:长沙"),
        ("甲\\ 乙", "甲 乙"),
        ("C:\\temp\\或", "C:\\temp\\或"),
    ] {
        let expect = expect.replace("(/ & 甲 & /)", "甲");
        check(input, &expect, &[]);
    }
    let long = format!("{}侨*会", "侨".repeat(40));
    check(&long, &long, &[]);
    check("/侨[/", "()", &["invalid_expression"]);
    assert_eq!(parse("/侨[/").query.root, Some(Node::nothing()));
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
        ("字形:繁体", "Hant"),
        ("集子:甲", "Collection=甲"),
        ("備忘:有", "memo true"),
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
        ("日期:2018-05..2019-03", "20180500..20190399"),
        ("日期：2018年5月至2019年3月12日", "20180500..20190312"),
        ("date:2018/5/12", "20180512..20180512"),
        ("日期:2018", "20180000..20189999"),
        ("日期:2018-2019", "20180000..20199999"),
        ("日期:>2018-12", "20190000..*"),
        ("日期:<=2018.5", "*..20180599"),
        ("日期:<2018-05-01", "*..20180499"),
        ("日期:二〇一八年五月", "20180500..20180599"),
        ("日期:2019..2018-02", "20180200..20199999"),
        ("备注:有", "memo true"),
        ("備註:無 has:memo", "(memo false & memo true)"),
        ("-has:备注", "!memo true"),
        ("字数:>5000", "length 5001..*"),
        ("字數:5千~1.5万字", "length 5000..15000"),
        ("length:1000以下", "length *..1000"),
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
        ("日期:2018-13", "日期:2018-13", &["invalid_date"]),
        ("日期：明天", "日期：明天", &["invalid_date"]),
        ("字数:很多", "字数:很多", &["invalid_length"]),
        ("has:pictures", "has:pictures", &["invalid_memo"]),
    ] {
        check(input, expect, notes);
    }
}

#[test]
fn long_text_is_one_phrase() {
    let words = vec!["侨联"; 60].join(" ");
    check(&words, &words, &["taken_as_phrase"]);
    let Parsed { query, .. } = parse(&words);
    assert_eq!(query.root.map(|root| root.leaves().len()), Some(1));
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

/// The tree with no ranges, checking them: in order, inside each other, inside what was typed.
fn without_ranges(tree: &Tree, inside: CharRange) -> Tree {
    assert!(inside.contains(tree.range) && !tree.range.is_empty(), "{tree:?} in {inside:?}");
    let mut end = tree.range.start;
    let mut bare = |child: &Tree| {
        assert!(child.range.start >= end, "{child:?} overlaps what is before it");
        end = child.range.end;
        without_ranges(child, tree.range)
    };
    let kind = match &tree.kind {
        TreeKind::All(nodes) => TreeKind::All(nodes.iter().map(bare).collect()),
        TreeKind::Any(nodes) => TreeKind::Any(nodes.iter().map(bare).collect()),
        TreeKind::Not(node) => TreeKind::Not(Box::new(bare(node))),
        TreeKind::Near { parts, relations } => {
            TreeKind::Near { parts: parts.iter().map(bare).collect(), relations: relations.clone() }
        }
        kind => kind.clone(),
    };
    Tree { kind, range: CharRange::default() }
}

fn parsed(typed: &str) -> Option<Tree> {
    let whole = CharRange::new(0, typed.chars().count() as u32);
    let Parsed { tree, notes, .. } = parse(typed);
    for note in notes {
        assert!(note.range.is_none_or(|range| whole.contains(range)), "{note:?} in {typed:?}");
    }
    tree.map(|tree| without_ranges(&tree, whole))
}

/// What is typed, by its parts.
fn typed() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "\\PC{0,12}",
        "[侨联計畫 　()（）“”\"'「」『』\\-!:：年地区AND或非句近/~*?=\\\\\n0-9.]{0,12}",
        "(-|NOT |)(年|日期|字数|备注|文种|地区|标题|has):[侨联有memo0-9.>,~“” -]{0,9}",
        "[侨联計畫]{1,4}(~|~1|\\*|\\?|)[侨联]{0,2}",
        Just("NEAR/3".to_owned()),
        Just("句".to_owned()),
        Just("段".to_owned()),
        Just("或".to_owned()),
        Just("非".to_owned()),
        Just("(甲 或 乙)".to_owned()),
        "/[侨联()\\[\\]|.+*?\\\\d/]{1,8}/",
        "=“?[計畫 ”]{1,4}",
    ];
    prop::collection::vec((part, prop_oneof![Just(" "), Just(""), Just("\n"), Just(" (")]), 0..8)
        .prop_map(|parts| parts.into_iter().map(|(part, join)| part + join).collect())
}

#[test]
fn ranges_are_those_of_what_was_typed() {
    let tree = parse(" 侨联 (甲 或 -地区:长沙)").tree.expect("there is something");
    let shown: Vec<(&str, u32, u32)> = [&tree, &tree.children()[0], &tree.children()[1]]
        .into_iter()
        .chain(tree.children()[1].children())
        .map(|tree| (tree.kind(), tree.range.start, tree.range.end))
        .collect();
    assert_eq!(
        shown,
        [("all", 1, 16), ("phrase", 1, 3), ("any", 4, 16), ("phrase", 5, 6), ("not", 9, 15)]
    );
    let notes = parse("侨联 句 年:2018 甲 )").notes;
    let ranges: Vec<(&str, Option<(u32, u32)>)> =
        notes.iter().map(|n| (n.code.as_str(), n.range.map(|r| (r.start, r.end)))).collect();
    assert_eq!(
        ranges,
        [("unbalanced_parenthesis", Some((14, 15))), ("near_without_phrase", Some((3, 4)))]
    );
}

#[test]
fn strange_input_of_any_length_is_understood() {
    for piece in [
        "((((“-",
        "AND 非 ",
        "侨联 ",
        "的",
        "「 ",
        "\\(",
        "/甲/",
        "/甲 ",
        "“甲”~",
        "侨*",
        "句 NEAR/3 ",
        "年:2018 ",
    ] {
        let typed = piece.repeat(100_000 / piece.len());
        let tree = parsed(&typed);
        if let Some(tree) = tree {
            assert_eq!(parsed(&tree.to_string()), Some(tree), "{piece}");
        }
    }
    // Bytes from a fixed begin, so that a failure comes again.
    let mut random = 0x5EED_u64;
    for length in [10, 100, 1_000, 100_000] {
        let bytes: Vec<u8> = std::iter::repeat_with(|| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (random >> 56) as u8
        })
        .take(length)
        .collect();
        parsed(&String::from_utf8_lossy(&bytes));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_tree_reads_as_itself(input in typed()) {
        let tree = parsed(&input);
        let printed = tree.as_ref().map_or(String::new(), Tree::to_string);
        prop_assert_eq!(parsed(&printed), tree, "{} printed as {}", input, printed);
    }
}

/// Every way to a part, the whole first.
fn paths(tree: &Tree) -> Vec<Vec<usize>> {
    let mut found = vec![Vec::new()];
    for (at, child) in tree.children().iter().enumerate() {
        found.extend(paths(child).into_iter().map(|rest| [vec![at], rest].concat()));
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// What is printed after a change reads as the changed tree; taking a part out always works
    /// and leaves no operator behind.
    #[test]
    fn an_edited_query_reads_as_the_edited_tree(
        input in typed(),
        other in typed(),
        at in any::<prop::sample::Index>(),
    ) {
        let Some(tree) = parse(&input).tree else { return Ok(()) };
        let paths = paths(&tree);
        let path = at.get(&paths);
        for change in [Edit::Remove, Edit::Negate, Edit::Quote, Edit::Replace(other)] {
            let edited = tree.edited(path, &change);
            let printed = edit(&input, path, &change);
            if let (Ok(edited), Ok(printed)) = (&edited, &printed) {
                let read = parse(printed);
                prop_assert_eq!(
                    read.tree.map(|tree| tree.without_ranges()),
                    edited.as_ref().map(Tree::without_ranges),
                    "{} edited to {}", input, printed
                );
                let dangling = read.notes.iter().any(|n| n.code == NoteCode::DanglingOperator);
                prop_assert!(!dangling, "{} edited to {}", input, printed);
            }
            if change == Edit::Remove {
                prop_assert!(printed.is_ok(), "{} of {}: {:?}", input, path.len(), edited);
            }
            if change == Edit::Negate && let Ok(once) = &edited && let Some(once) = once
                && let Ok(Some(twice)) = once.edited(path, &Edit::Negate)
            {
                let excluded = matches!(tree.kind, TreeKind::Not(_)) || path.len() > 1;
                prop_assert!(excluded || twice.without_ranges() == tree.without_ranges());
            }
        }
    }
}

proptest! {
    #[test]
    fn any_input_is_understood(input in prop_oneof![
        "\\PC{0,40}",
        "[侨联 　()（）“”\"'「」『』\\-!:：年地区AND或非\n0-9.]{0,60}",
        typed(),
        prop::collection::vec(any::<u8>(), 0..80).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
    ]) {
        let Parsed { query, notes, chips, tree } = parse(&input);
        prop_assert_eq!(query.root.is_none(), tree.is_none());
        prop_assert_eq!(query.root.is_none(), chips.is_empty());
        prop_assert_eq!(query.root.is_none(), notes.iter().any(|note| note.code == NoteCode::NothingToSearch));
        let document = document();
        query.matches(&FoldedDocument::new(&document));
    }

    /// What holds no space, bracket, colon, dash or mark that could be an operator is text.
    #[test]
    fn plain_text_is_one_phrase(input in "[侨联计划，。、；％%a-zA-Z0-9\u{20000}\u{1F600}《》/＊？～]{1,12}") {
        prop_assume!(!input.starts_with('/'));
        let expect = Phrase::new(&input, false).map(Node::Phrase);
        prop_assert_eq!(parse(&input).query.root, expect);
    }
}
