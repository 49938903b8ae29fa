//! Named cases, through an index and, the same again, through changes that no index knows.

use crate::support::{Archive, found, index_of, search, text_document};
use anjuan_search::query::{Filter, TextField, parse};
use anjuan_search::{Document, EvidencePlace, Index, NoteCode, Query, Sort, Tier};
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
        let hits = search(&index, &archive, &query).hits;
        for hit in hits.iter().filter(|hit| hit.document == expect[0]) {
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
fn phrases_near_each_other() {
    let texts = ["侨联的工作计划。总结\n经济", "计划，侨联", "侨联。计划", "侨联\n计划"];
    check(&texts, "侨联 NEAR/3 计划", &[0, 1, 2, 3], &["侨联", "计划"]);
    check(&texts, "侨联 NEAR/1 计划", &[1, 2, 3], &["计划", "侨联"]);
    check(&texts, "侨联 NEAR/0 计划", &[3], &["侨联", "计划"]);
    check(&texts, "侨联 句 计划", &[0, 1], &["侨联", "计划"]);
    check(&texts, "侨联 段 计划", &[0, 1, 2], &["侨联", "计划"]);
    check(&texts, "侨联 句 计划 段 总结", &[0], &["侨联", "计划", "总结"]);
    check(&texts, "总结 句 计划", &[], &[]);
    check(&texts, "(经济 或 计划) 段 總結", &[0], &["计划", "总结"]);
    check(&texts, "侨联 -(侨联 句 计划)", &[2, 3], &["侨联"]);
    // Only what takes part is marked; a phrase is not near itself.
    let texts = ["侨联计划很多很多字以后才有侨联"];
    check(&texts, "侨联 NEAR/2 计划", &[0], &["侨联", "计划"]);
    check(&texts, "侨联 NEAR/2 侨联", &[], &[]);
    check(&texts, "侨联 NEAR/2 联计", &[], &[]);
    check(&texts, "侨联 NEAR/20 侨联", &[0], &["侨联", "侨联"]);
}

#[test]
fn one_error_in_a_phrase() {
    let texts =
        ["僑聯(lián)工做", "侨联的工作", "侨工作", "侨联工作", "联工作", "侨务工程", "侨乡工做"];
    check(&texts, "侨联工作~", &[0, 1, 2, 3, 4], &["僑聯(lián)工"]);
    check(&texts, "侨联工~", &[0, 1, 2, 3, 4, 5, 6], &["僑聯(lián)工"]);
    check(&texts, "侨联~", &[0, 1, 2, 3, 4, 5, 6], &["僑聯"]);
    check(&["推进计画工作", "计"], "計劃工作~1", &[0], &["计画工作"]);
    check(&["甲乙丙丁", "甲丙丁", "乙丙"], "甲乙丙丁~", &[0, 1], &["甲乙丙丁"]);
}

#[test]
fn wildcards_and_expressions() {
    let texts = ["侨联会，侨商协会。侨", "侨。会", "侨务工作大会", "归侨\n会员"];
    check(&texts, "侨*会", &[0, 2], &["侨联会", "侨商协会"]);
    check(&texts, "侨?会", &[0], &["侨联会"]);
    check(&texts, "侨??会", &[0], &["侨商协会"]);
    check(&texts, "僑聯*", &[0], &["侨联"]);
    check(&texts, "/侨[联商].?会/", &[0], &["侨联会", "侨商协会"]);
    check(&texts, "/^侨.*会$/", &[1, 2], &["侨。会"]);
    check(&texts, "/僑。會|大會/", &[1, 2], &["侨。会"]);
    check(&texts, "/[^，]会/", &[0, 2], &["联会", "协会"]);
    check(&["至２０１８年，２１年", "年"], "/\\d{4}年/", &[0], &["２０１８年"]);
    check(&["ＷＴＯ", "甲"], "/[A-Z]{3}/", &[0], &["ＷＴＯ"]);
    check(&["工作計畫", "工作計"], "/计[划]/", &[0], &["計畫"]);
    check(&["甲", "乙"], "/甲[/", &[], &[]);
    check(&["甲甲", "乙"], "/甲*/", &[0], &["甲甲"]);
}

#[test]
fn the_very_characters() {
    let texts = ["工作計畫", "工作计划", "工作計劃", "計畫(huà)ＡＢ"];
    check(&texts, "=計畫", &[0, 3], &["計畫"]);
    check(&texts, "=计划", &[1], &["计划"]);
    check(&texts, "=“計畫ab”", &[3], &["計畫(huà)ＡＢ"]);
    check(&texts, "计划 -=計畫", &[1, 2], &["计划"]);
}

/// Documents for the orders: place, date, length.
fn orders() -> Archive {
    let mut archive = Archive::new("archive");
    let document = |number: usize, place: Option<&str>, published: Option<&str>, text: &str| {
        let (place, published) = (place.map(str::to_owned), published.map(str::to_owned));
        Document { place, published, ..text_document(number, text) }
    };
    archive.put(document(0, Some("长沙"), Some("2018-05"), "侨联工作 工作"));
    archive.put(document(1, None, Some("2018"), "侨联工作 侨联工作总结"));
    archive.put(document(2, Some("商洛"), None, "侨联工作"));
    archive.put(document(3, Some("商洛"), Some("2019-01-02"), "侨联 工作"));
    archive.put(document(4, Some("长沙"), Some("2018-05-03T10:00"), "工作"));
    archive
}

#[test]
fn every_order_of_hits() {
    let archive = orders();
    let dir = tempfile::tempdir().unwrap();
    let behind = Index::open(&dir.path().join("behind"), &archive.id).unwrap().index;
    let index = index_of(&dir.path().join("index"), &archive);
    // Half of them known to the index only.
    let half = Index::open(&dir.path().join("half"), &archive.id).unwrap().index;
    let mut stop = |progress: anjuan_search::Progress| {
        if progress.done < 2 {
            std::ops::ControlFlow::Continue(())
        } else {
            std::ops::ControlFlow::Break(())
        }
    };
    half.catch_up(&archive, &mut stop).unwrap();
    for index in [index, behind, half] {
        for (sort, expect) in [
            (Sort::Newest, ["003", "004", "000", "001", "002"]),
            (Sort::Oldest, ["001", "000", "004", "003", "002"]),
            (Sort::Place, ["002", "003", "000", "004", "001"]),
            (Sort::Longest, ["001", "000", "002", "003", "004"]),
            (Sort::Shortest, ["004", "002", "003", "000", "001"]),
        ] {
            for typed in ["工作", "/工作/", "/./"] {
                let query = Query { sort, ..parse(typed).query };
                let order: Vec<String> =
                    search(&index, &archive, &query).hits.into_iter().map(|h| h.document).collect();
                assert_eq!(order, expect, "{typed} {sort:?}");
                let page = index.search(&archive, &query, 1, 2).unwrap();
                let part: Vec<&str> = page.hits.iter().map(|h| h.document.as_str()).collect();
                assert_eq!((part.as_slice(), page.total), (&expect[1..3], 5));
            }
        }
        for (typed, expect) in [
            ("日期:2018-05", &["000", "001", "004"][..]),
            ("日期:2018-05-03", &["000", "001", "004"]),
            ("日期:2018-06..", &["001", "003"]),
            ("日期:>2018", &["003"]),
            ("日期:..2018-04", &["001"]),
            ("年:2018", &["000", "001", "004"]),
            ("字数:6", &["000"]),
            ("字数:>4", &["000", "001"]),
            ("字数:<=4 工作", &["002", "003", "004"]),
            ("备注:无 商洛 或 备注:有", &[]),
        ] {
            assert_eq!(found(&index, &archive, &parse(typed).query), expect, "{typed}");
        }
    }
}

#[test]
fn tiers_come_one_behind_the_other() {
    let archive = Archive::of_texts(&[
        "组织建设与侨联",
        "侨联组织建设任务",
        "侨联组织",
        "侨联的组织建设的任务",
        "经济",
        "侨联组织建设任务书",
    ]);
    let dir = tempfile::tempdir().unwrap();
    let index = index_of(dir.path(), &archive);
    let query = Query { relaxed: true, ..parse("侨联组织建设任务").query };
    let page = search(&index, &archive, &query);
    let tiers: Vec<(Tier, usize)> = page.tiers.iter().map(|t| (t.tier, t.total)).collect();
    assert_eq!(tiers, [(Tier::Exact, 2), (Tier::Words, 1), (Tier::Some, 1)]);
    let order: Vec<(&str, Tier)> =
        page.hits.iter().map(|hit| (hit.document.as_str(), hit.tier)).collect();
    assert_eq!(order[2..], [("003", Tier::Words), ("000", Tier::Some)]);
    assert_eq!((page.total, page.notes.len()), (4, 0));
    // Pages join across tiers.
    let joined: Vec<String> = (0..5)
        .flat_map(|offset| index.search(&archive, &query, offset, 1).unwrap().hits)
        .map(|hit| hit.document)
        .collect();
    assert_eq!(joined, order.iter().map(|(id, _)| (*id).to_owned()).collect::<Vec<_>>());
    assert_eq!(index.search(&archive, &query, 0, 0).unwrap().total, 4);
}

#[test]
fn hits_say_why() {
    let mut archive = Archive::new("archive");
    archive.put(Document {
        title: "僑聯計畫".into(),
        headings: vec![CharRange::new(0, 4)],
        ..text_document(0, "工作計畫\n推进计划，侨务工作")
    });
    let dir = tempfile::tempdir().unwrap();
    let index = index_of(dir.path(), &archive);
    let hit = search(&index, &archive, &parse("计划 侨联 或 侨务~ -商洛").query).hits.remove(0);
    let why: Vec<(&str, EvidencePlace, bool)> =
        hit.why.iter().map(|why| (why.phrase.as_str(), why.place, why.alternative)).collect();
    assert_eq!(
        why,
        [
            ("计划", EvidencePlace::Title, true),
            ("计划", EvidencePlace::Heading, true),
            ("计划", EvidencePlace::Text, false),
            ("侨联", EvidencePlace::Title, false),
            ("侨务~", EvidencePlace::Text, false),
        ]
    );
    assert!(search(&index, &archive, &parse("年:..2018 或 -商洛").query).hits[0].why.is_empty());
}

#[test]
fn what_is_not_looked_at_is_said() {
    let texts: Vec<String> = (0..4_100).map(|n| format!("第{n}号{}", "侨".repeat(n % 2))).collect();
    let mut archive = Archive::new("archive");
    for (number, text) in texts.iter().enumerate() {
        archive.put(Document { id: format!("{number:05}"), ..text_document(number, text) });
    }
    let dir = tempfile::tempdir().unwrap();
    let index = index_of(dir.path(), &archive);
    let page = index.search(&archive, &parse("/\\d/").query, 0, 5).unwrap();
    assert_eq!((page.total, page.approximate, page.hits.len()), (4_000, true, 5));
    assert_eq!(page.notes[0].code, NoteCode::NotAllRead);
    assert!(page.notes[0].message.starts_with("100 documents"), "{}", page.notes[0].message);
    // What must be there narrows it down.
    for (typed, total) in [("/\\d/ 侨", 2_050), ("/\\d号/", 4_100), ("-/第\\d号/", 4_090)] {
        let page = index.search(&archive, &parse(typed).query, 0, 5).unwrap();
        assert_eq!((page.total, page.approximate, page.notes.len()), (total, false, 0), "{typed}");
    }
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
fn marks_are_found_as_they_are_now_without_a_change_of_their_documents() {
    let mut archive = Archive::new("archive");
    for number in 0..4 {
        archive.put(text_document(number, "侨联"));
    }
    let dir = tempfile::tempdir().unwrap();
    let index = index_of(dir.path(), &archive);
    let check = |archive: &Archive, query: &str, expect: &[&str]| {
        let query = parse(query).query;
        assert_eq!(found(&index, archive, &query), expect, "{query:?}");
        assert_eq!(archive.scan(&query), expect, "{query:?}, scanned");
    };
    check(&archive, "标签:产业", &[]);
    // Behind the back of the index: what it knows of the documents stays as it is.
    let mut mark = |id: &str, change: fn(&mut Document)| {
        change(archive.documents.get_mut(id).expect("there"));
    };
    mark("001", |document| document.tags = vec!["农业".into(), "产业/农业".into()]);
    mark("002", |document| document.collections = vec!["重点".into()]);
    mark("003", |document| document.memo = true);
    check(&archive, "标签:产业", &["001"]);
    check(&archive, "-标签:产业 侨联", &["000", "002", "003"]);
    check(&archive, "文集:重", &["002"]);
    check(&archive, "备注:有 侨联", &["003"]);
    check(&archive, "备注:无", &["000", "001", "002"]);
    check(&archive, "(标签:农业 或 备注:有) -文集:重点", &["001", "003"]);
    check(&archive, "-(标签:农业 或 备注:有)", &["000", "002"]);
    archive.put(Document { tags: vec!["产业".into()], ..text_document(0, "侨联") });
    check(&archive, "标签:产业", &["000", "001"]);
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
        ("来源:网 -地区:潭", &["000", "002"]),
        ("地区:𠀀", &[]),
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
        for phrase in ["侨联", "侨", "联"] {
            let page = search(&index, &archive, &Query::phrase(phrase));
            let order: Vec<&str> = page.hits.iter().map(|hit| hit.document.as_str()).collect();
            assert_eq!(order, ["002", "001", "000"], "{phrase}");
            assert_eq!(page.hits[0].title, "侨联");
        }
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
