//! What is asked of the whole index: frequencies, similar documents, suggestions.

use crate::support::{Archive, found, index_of, text_document};
use anjuan_search::{Document, Query};
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
