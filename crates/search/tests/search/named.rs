//! Named cases, through an index and, the same again, through changes that no index knows.

use crate::support::{Archive, found, index_of, search, text_document};
use anjuan_search::query::{Filter, TextField, parse};
use anjuan_search::{Document, Index, NoteCode, Query, Tier};
use anjuan_text::{CharRange, Script};

/// What the query finds among the texts, and what is marked in the first of them.
fn check(texts: &[&str], query: &str, expect: &[usize], marked: &[&str]) {
    let archive = Archive::of_texts(texts);
    let expect: Vec<String> = expect.iter().map(|number| format!("{number:03}")).collect();
    let query = parse(query).query;
    let dir = tempfile::tempdir().unwrap();
    let behind = Index::open(&dir.path().join("behind"), &archive.id).unwrap().index;
    let index = index_of(&dir.path().join("index"), &archive);
    for index in [index, behind] {
        assert_eq!(found(&index, &archive, &query), expect, "{query:?}");
        for hit in
            search(&index, &archive, &query).hits.iter().filter(|hit| hit.document == expect[0])
        {
            let text: Vec<char> = archive.documents[&hit.document].text.chars().collect();
            let found: Vec<String> = hit
                .matches
                .iter()
                .map(|m| text[m.start as usize..m.end as usize].iter().collect())
                .collect();
            assert_eq!(found, marked, "{query:?}");
        }
    }
}

#[test]
fn both_scripts_find_each_other() {
    check(&["工作計畫", "工作计划", "工作計劃", "画"], "计划", &[0, 1, 2], &["計畫"]);
    check(&["工作計畫", "工作计划", "工作計劃", "画"], "計畫", &[0, 1, 2], &["計畫"]);
    check(&["我瞭解", "我了解", "解"], "了解", &[0, 1], &["瞭解"]);
    check(&["我瞭解", "我了解", "解"], "瞭解", &[0, 1], &["瞭解"]);
    check(&["相牴觸", "相抵触", "相抵觸"], "抵触", &[0, 1, 2], &["牴觸"]);
    check(&["相牴觸", "相抵触", "相抵觸"], "牴觸", &[0, 1, 2], &["牴觸"]);
}

#[test]
fn glosses_do_not_hinder() {
    let texts = ["衡陽市僑聯(lián)工作", "衡阳市侨联工作", "僑務"];
    check(&texts, "侨联", &[0, 1], &["僑聯"]);
    check(&texts, "僑聯(lián)工作", &[0, 1], &["僑聯(lián)工作"]);
    check(&texts, "联工", &[0, 1], &["聯(lián)工"]);
}

#[test]
fn every_kind_of_character_is_found() {
    let texts = ["率超95%，𠀀字😀ＣＯＶＩＤ－１９", "其他\u{E001}"];
    for (query, marked) in [
        ("9", &["9", "９"][..]),
        ("95%", &["95%"]),
        ("𠀀", &["𠀀"]),
        ("𠀀字", &["𠀀字"]),
        ("字😀c", &["字😀Ｃ"]),
        ("vid", &["ＶＩＤ"]),
        ("covid-19", &["ＣＯＶＩＤ－１９"]),
        ("95%，𠀀", &["95%，𠀀"]),
    ] {
        check(&texts, query, &[0], marked);
    }
    check(&["\u{E001}", ""], "\u{E001}", &[0], &["\u{E001}"]);
}

#[test]
fn places_of_all_phrases_are_marked() {
    let texts = ["侨联计划，侨联总结", "侨联", "计划"];
    check(&texts, "侨联 计划", &[0], &["侨联", "计划", "侨联"]);
    check(&texts, "计划 或 侨联", &[0, 1, 2], &["侨联", "计划", "侨联"]);
    check(&texts, "侨联 -总结", &[1], &["侨联"]);
    check(&texts, "非 计划", &[1], &[]);
    check(&["哈哈哈"], "哈哈", &[0], &["哈哈", "哈哈"]);
}

#[test]
fn nothing_is_found_by_nothing() {
    let archive = Archive::of_texts(&["侨联，计划"]);
    let dir = tempfile::tempdir().unwrap();
    let index = index_of(dir.path(), &archive);
    for query in ["", " ", "，", "“”", "-"] {
        let parsed = parse(query);
        assert!(parsed.notes.iter().any(|note| note.code == NoteCode::NothingToSearch));
        assert_eq!(search(&index, &archive, &parsed.query).total, 0);
    }
}

fn report(number: usize, place: &str, published: &str, tag: &str) -> Document {
    Document {
        place: Some(place.to_owned()),
        published: Some(published.to_owned()),
        tags: vec![tag.to_owned()],
        source: Some("侨网".to_owned()),
        script: Some(Script::Hans.as_str().to_owned()),
        ..text_document(number, "侨联工作总结")
    }
}

#[test]
fn filters_narrow_alone_and_with_phrases() {
    let mut archive = Archive::new("archive");
    archive.put(report(0, "湖南省长沙市", "2018-03", "产业/农业"));
    archive.put(report(1, "湖南省湘潭市", "2019", "产业"));
    archive.put(report(2, "陕西省商洛市", "2021-01-05", "农"));
    archive.put(text_document(3, "侨联"));
    let dir = tempfile::tempdir().unwrap();
    let index = index_of(dir.path(), &archive);
    for (query, expect) in [
        ("地区:湖南", &["000", "001"][..]),
        ("地區:長沙 侨联", &["000"]),
        ("年:2019..", &["001", "002"]),
        ("年:2018-2019 工作", &["000", "001"]),
        ("-年:2018", &["001", "002", "003"]),
        ("标签:产业", &["000", "001"]),
        ("标签:农", &["002"]),
        ("标签:产业/农业", &["000"]),
        ("文种:简 -地区:湖南", &["002"]),
        ("来源:僑網", &["000", "001", "002"]),
        ("来源:侨", &["000", "001", "002"]),
        ("地区:(商洛 或 湘潭)", &["001", "002"]),
    ] {
        assert_eq!(found(&index, &archive, &parse(query).query), expect, "{query}");
        assert_eq!(archive.scan(&parse(query).query), expect, "{query}, scanned");
    }
    let among = |ids: [&str; 2]| Filter::Documents(ids.map(str::to_owned).into());
    let query = parse("侨联").query.and(among(["000", "003"]));
    assert_eq!(found(&index, &archive, &query), ["000", "003"]);
    let source = Filter::text(TextField::Source, "侨网").unwrap();
    assert_eq!(found(&index, &archive, &query.and(source)), ["000"]);
    let nothing = parse("").query.and(among(["000", "003"]));
    assert!(found(&index, &archive, &nothing).is_empty());
}

#[test]
fn titles_and_headings_weigh_more() {
    let filler = "其他内容在此说明。".repeat(20);
    let mut archive = Archive::new("archive");
    archive.put(text_document(0, &format!("{filler}侨联{filler}")));
    archive.put(Document {
        headings: vec![CharRange::new(0, 2)],
        ..text_document(1, &format!("侨联\n{filler}{filler}"))
    });
    archive.put(Document {
        title: "侨联".into(),
        ..text_document(2, &format!("{filler}侨联{filler}"))
    });
    for number in 3..20 {
        archive.put(text_document(number, &filler));
    }
    let dir = tempfile::tempdir().unwrap();
    let behind = Index::open(&dir.path().join("behind"), &archive.id).unwrap().index;
    for index in [index_of(&dir.path().join("index"), &archive), behind] {
        let page = search(&index, &archive, &Query::phrase("侨联"));
        let order: Vec<&str> = page.hits.iter().map(|hit| hit.document.as_str()).collect();
        assert_eq!(order, ["002", "001", "000"]);
        assert_eq!(page.hits[0].title, "侨联");
    }
}

#[test]
fn equal_hits_keep_their_order_and_pages_join() {
    let texts = vec!["侨联工作"; 25];
    let archive = Archive::of_texts(&texts);
    let dir = tempfile::tempdir().unwrap();
    let index = index_of(dir.path(), &archive);
    let query = Query::phrase("侨联");
    let mut joined = Vec::new();
    for offset in (0..30).step_by(4) {
        let page = index.search(&archive, &query, offset, 4).unwrap();
        assert_eq!(page.total, 25);
        joined.extend(page.hits.into_iter().map(|hit| hit.document));
    }
    let expect: Vec<String> = archive.documents.keys().cloned().collect();
    assert_eq!(joined, expect);
    assert_eq!(index.search(&archive, &query, 0, 0).unwrap().total, 25);
    assert!(index.search(&archive, &query, usize::MAX, usize::MAX).unwrap().hits.is_empty());
}

#[test]
fn words_follow_only_when_asked_for_and_nothing_is_exact() {
    let archive = Archive::of_texts(&["侨联推进组织建设", "组织建设与侨联", "组织", "经济"]);
    let dir = tempfile::tempdir().unwrap();
    let index = index_of(dir.path(), &archive);
    let mut query = parse("侨联组织建设").query;
    assert_eq!(search(&index, &archive, &query).total, 0);
    query.relaxed = true;
    let page = search(&index, &archive, &query);
    assert_eq!(page.total, 2);
    assert!(page.hits.iter().all(|hit| hit.tier == Tier::Words && !hit.matches.is_empty()));
    assert_eq!(page.notes[0].code, NoteCode::NoExactHits);
    // Exact hits stand alone.
    query = Query { relaxed: true, ..parse("组织建设").query };
    let page = search(&index, &archive, &query);
    assert_eq!((page.total, page.notes.len()), (2, 0));
    assert!(page.hits.iter().all(|hit| hit.tier == Tier::Exact));
    // Quoted is meant so.
    query = Query { relaxed: true, ..parse("“侨联组织建设”").query };
    assert_eq!(search(&index, &archive, &query).total, 0);
    // Most of the words.
    query = Query { relaxed: true, ..parse("侨联组织建设任务").query };
    let page = search(&index, &archive, &query);
    assert_eq!((page.total, page.hits[0].tier), (2, Tier::Some));
}

#[test]
fn snippets_are_pieces_of_the_text_around_matches() {
    let filler = "这一段讲的是别的事情。".repeat(30);
    let long = "没有句号的长句，".repeat(40);
    let text =
        format!("标题\n{filler}侨联开展工作。侨联走访侨胞。{filler}{long}侨联{long}{filler}侨联。");
    let archive = Archive::of_texts(&[&text]);
    let dir = tempfile::tempdir().unwrap();
    let index = index_of(dir.path(), &archive);
    let hit = search(&index, &archive, &Query::phrase("侨联")).hits.remove(0);
    assert_eq!((hit.matches.len(), hit.snippets.len()), (4, 3));
    let chars: Vec<char> = text.chars().collect();
    for snippet in &hit.snippets {
        let CharRange { start, end } = snippet.range;
        let slice: String = chars[start as usize..end as usize].iter().collect();
        assert_eq!(snippet.text, slice);
        assert!(snippet.range.len() <= 120 && snippet.text.contains("侨联"), "{snippet:?}");
    }
    let first = &hit.snippets[0].text;
    assert!(
        first.starts_with("这一段")
            && first.contains("侨联开展工作。侨联走访侨胞。")
            && first.ends_with('。'),
        "{first}"
    );
    // A filter alone shows the beginning.
    let hit = search(&index, &archive, &parse("非 没有的词").query).hits.remove(0);
    assert!(hit.snippets[0].text.starts_with("标题\n这一段"), "{:?}", hit.snippets);
}
