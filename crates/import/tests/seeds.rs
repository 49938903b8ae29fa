//! The five real reports against what an attentive reader finds in them.

mod material;

use anjuan_import::{Format, Source, import};
use anjuan_text::{BlockKind, OffsetMap, ReportText};
use encoding_rs::GB18030;
use material::{assert_nothing_lost, shared};
use serde::Deserialize;
use std::fs;
use std::path::Path;

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

/// The gold of one of the five, and the bytes it is of.
fn seed(shared: &Path, number: usize) -> (Gold, Vec<u8>) {
    let gold = fs::read_to_string(shared.join(format!("reports/gold/{number:03}.json")));
    let gold: Gold = serde_json::from_str(&gold.expect("gold")).expect("gold");
    let bytes = fs::read(shared.join("reports/seeds").join(&gold.file)).expect("seed");
    (gold, bytes)
}

fn assert_gold(report: &ReportText, gold: &Gold, name: &str) {
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
    assert_eq!(found, gold.metadata, "{name}");

    let map = OffsetMap::new(&report.text);
    let texts = |kind: BlockKind| -> Vec<&str> {
        report.blocks.iter().filter(|b| b.kind == kind).map(|b| map.slice(b.range)).collect()
    };
    assert_eq!(texts(BlockKind::Heading), gold.headings, "{name}");
    assert_eq!(texts(BlockKind::Title).len(), 1, "{name}");
    for piece in &gold.boilerplate {
        let aside = report.furniture.iter().any(|f| f.text.contains(piece.as_str()));
        assert!(aside, "{name}: {piece} is not set aside: {:?}", report.furniture);
        let inside = report.blocks.iter().any(|b| map.slice(b.range).contains(piece.as_str()));
        assert!(!inside, "{name}: {piece} is in the text");
    }
}

#[test]
fn five_real_reports_are_read_like_an_attentive_reader() {
    let Some(shared) = shared() else { return };
    for number in 0..5 {
        let (gold, bytes) = seed(&shared, number);
        let imported = import(Source { name: &gold.file, bytes: &bytes }).expect("a report");
        assert_gold(&imported.report, &gold, &gold.file);
        assert_nothing_lost(
            &String::from_utf8(bytes).expect("UTF-8"),
            &imported.report,
            &gold.file,
        );
    }
    println!("seeds: 5 of 5 equal to gold in every field and heading");
}

#[test]
fn other_encodings_line_ends_and_a_page_around_them_change_nothing() {
    let Some(shared) = shared() else { return };
    for number in 0..5 {
        let (gold, bytes) = seed(&shared, number);
        let text = String::from_utf8(bytes.clone()).expect("UTF-8");
        let expect = import(Source { name: &gold.file, bytes: &bytes }).expect("a report").report;
        let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (encoding, bytes) in [
            ("UTF-8", text.replace('\n', "\r\n").into_bytes()),
            ("GB18030", GB18030.encode(&text).0.into_owned()),
            ("UTF-16LE", utf_16),
        ] {
            let found = import(Source { name: &gold.file, bytes: &bytes }).expect(encoding);
            assert_eq!(found.encoding.as_deref(), Some(encoding), "{}", gold.file);
            assert_eq!(found.report, expect, "{} in {encoding}", gold.file);
        }
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let page = format!(
            "<html><head><meta charset=gb2312></head><body><div>{}</div></body></html>",
            escaped.replace('\n', "<br>\n")
        );
        let found = import(Source { name: "page.html", bytes: page.as_bytes() }).expect("a page");
        assert_eq!(found.format, Format::Html);
        assert_gold(&found.report, &gold, &format!("{} as a page", gold.file));
    }
}

#[test]
fn another_city_of_the_same_province_is_read_the_same_way() {
    let Some(shared) = shared() else { return };
    for (number, from, to) in [
        (0, "商洛", "安康"),
        (1, "衡陽", "岳陽"),
        (2, "重庆", "天津"),
        (3, "宁波", "温州"),
        (4, "保山", "临沧"),
    ] {
        let (mut gold, bytes) = seed(&shared, number);
        let text = String::from_utf8(bytes).expect("UTF-8").replace(from, to);
        let moved = |value: &mut Option<String>| {
            *value = value.as_ref().map(|v| v.replace(from, to));
        };
        let fields = &mut gold.metadata;
        for field in
            [&mut fields.title, &mut fields.source, &mut fields.place, &mut fields.organisation]
        {
            moved(field);
        }
        for heading in &mut gold.headings {
            *heading = heading.replace(from, to);
        }
        let found = import(Source { name: "a.txt", bytes: text.as_bytes() }).expect("a report");
        assert_gold(&found.report, &gold, &format!("{} of {to}", gold.file));
    }
}
