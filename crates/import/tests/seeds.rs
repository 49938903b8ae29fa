//! The five real reports against what an attentive reader finds in them.

mod material;

use anjuan_import::{Source, import};
use anjuan_text::{BlockKind, OffsetMap};
use material::{assert_nothing_lost, shared};
use serde::Deserialize;
use std::fs;

#[derive(Deserialize)]
struct Gold {
    file: String,
    metadata: GoldMetadata,
    headings: Vec<String>,
    boilerplate: Vec<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct GoldMetadata {
    title: Option<String>,
    published: Option<String>,
    authors: Vec<String>,
    source: Option<String>,
    editor: Option<String>,
    place: Option<String>,
    organisation: Option<String>,
    script: Option<String>,
}

#[test]
fn five_real_reports_are_read_like_an_attentive_reader() {
    let Some(shared) = shared() else { return };
    let mut read = 0;
    for number in 0..5 {
        let gold = fs::read_to_string(shared.join(format!("reports/gold/{number:03}.json")));
        let gold: Gold = serde_json::from_str(&gold.expect("gold")).expect("gold");
        let bytes = fs::read(shared.join("reports/seeds").join(&gold.file)).expect("seed");
        let imported = import(Source { name: &gold.file, bytes: &bytes }).expect("a report");
        let report = &imported.report;
        let found = GoldMetadata {
            title: report.metadata.title.clone(),
            published: report.metadata.published.clone(),
            authors: report.metadata.authors.clone(),
            source: report.metadata.source.clone(),
            editor: report.metadata.editor.clone(),
            place: report.metadata.place.clone(),
            organisation: report.metadata.organisation.clone(),
            script: report.metadata.script.map(|s| s.as_str().to_owned()),
        };
        assert_eq!(found, gold.metadata, "{}", gold.file);

        let map = OffsetMap::new(&report.text);
        let texts = |kind: BlockKind| {
            report.blocks.iter().filter(move |b| b.kind == kind).map(|b| map.slice(b.range))
        };
        assert_eq!(texts(BlockKind::Heading).collect::<Vec<_>>(), gold.headings, "{}", gold.file);
        assert_eq!(texts(BlockKind::Title).collect::<Vec<_>>().len(), 1, "{}", gold.file);
        for piece in &gold.boilerplate {
            let aside = report.furniture.iter().any(|f| f.text.contains(piece.as_str()));
            assert!(aside, "{}: {piece} is not set aside: {:?}", gold.file, report.furniture);
            let inside = report.blocks.iter().any(|b| map.slice(b.range).contains(piece.as_str()));
            assert!(!inside, "{}: {piece} is in the text", gold.file);
        }
        assert_nothing_lost(&String::from_utf8(bytes).expect("UTF-8"), report, &gold.file);
        read += 1;
    }
    println!("seeds: {read} of 5 equal to gold in every field and heading");
}
