//! Small dirty reports of cities that do not exist, and what is made of them.

mod material;

use anjuan_import::{Format, ImportError, MAX_BYTES, Source, import};
use anjuan_text::ProblemCode;
use encoding_rs::{BIG5, GB18030, GBK};
use material::assert_nothing_lost;
use std::fs;
use std::path::Path;

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn dirty_texts_are_read_in_full() {
    for name in ["mirror.txt", "stripped.txt", "interview.txt", "signed.txt"] {
        let bytes = fixture(name);
        let imported = import(Source { name, bytes: &bytes }).expect(name);
        assert_eq!(imported.format, Format::Text);
        assert_nothing_lost(&String::from_utf8_lossy(&bytes), &imported.report, name);
        insta::assert_json_snapshot!(name.trim_end_matches(".txt"), imported);
    }
}

#[test]
fn saved_pages_are_read_in_full() {
    for name in ["page.html", "old-page.html"] {
        let bytes = fixture(name);
        let imported = import(Source { name, bytes: &bytes }).expect(name);
        assert_eq!(imported.format, Format::Html);
        let page = scraper::Html::parse_document(&String::from_utf8_lossy(&bytes));
        let body = scraper::Selector::parse("body").expect("a selector");
        let inked: String = page.select(&body).flat_map(|b| b.text()).collect();
        assert_nothing_lost(&inked, &imported.report, name);
        insta::assert_json_snapshot!(name.trim_end_matches(".html"), imported);
    }
}

#[test]
fn one_text_in_every_encoding_is_one_report() {
    for name in ["mirror.txt", "interview.txt", "old-page.html"] {
        // Glosses bear marks that no Chinese encoding but GB18030 and Unicode have.
        let text = anjuan_text::without_glosses(&String::from_utf8(fixture(name)).expect("UTF-8"))
            .into_owned();
        let units = |read: fn(u16) -> [u8; 2], mark: bool| -> Vec<u8> {
            let mark = mark.then_some(0xFEFF);
            mark.into_iter().chain(text.encode_utf16()).flat_map(read).collect()
        };
        let mut variants = vec![
            ("UTF-8", text.clone().into_bytes()),
            ("UTF-8", [b"\xEF\xBB\xBF", text.as_bytes()].concat()),
            ("GB18030", GBK.encode(&text).0.into_owned()),
            ("GB18030", GB18030.encode(&text).0.into_owned()),
            ("UTF-16LE", units(u16::to_le_bytes, false)),
            ("UTF-16LE", units(u16::to_le_bytes, true)),
            ("UTF-16BE", units(u16::to_be_bytes, false)),
            ("UTF-16BE", units(u16::to_be_bytes, true)),
        ];
        if let (big5, _, false) = BIG5.encode(&text) {
            variants.push(("Big5", big5.into_owned()));
        }
        let expect = import(Source { name, bytes: text.as_bytes() }).expect(name);
        for (encoding, bytes) in variants {
            let found = import(Source { name, bytes: &bytes }).expect(encoding);
            assert_eq!(found.encoding.as_deref(), Some(encoding), "{name}");
            assert_eq!(found.report, expect.report, "{name} in {encoding}");
        }
    }
    let traditional = String::from_utf8(fixture("old-page.html")).expect("UTF-8");
    assert!(!BIG5.encode(&traditional).2, "the page can be written in Big5");
}

#[test]
fn a_declared_encoding_that_lies_is_overruled() {
    // The page says gb2312 of itself and is UTF-8.
    let imported =
        import(Source { name: "old-page.html", bytes: &fixture("old-page.html") }).expect("a page");
    assert_eq!(imported.encoding.as_deref(), Some("UTF-8"));
    assert!(!imported.report.problems.iter().any(|p| p.code == ProblemCode::EncodingUncertain));
}

#[test]
fn what_cannot_be_read_says_why() {
    let error = |bytes: &[u8]| import(Source { name: "x", bytes }).expect_err("no report");
    assert_eq!(error(b""), ImportError::Empty);
    assert_eq!(error("　\n\t\u{feff}".as_bytes()), ImportError::Empty);
    assert_eq!(error(b"GIF89a...").to_string(), "the format is not supported: GIF picture");
    let page = "the PDF is damaged: no page can be found in it";
    assert_eq!(error(b"%PDF-1.7\n").to_string(), page);
    let large = vec![b' '; MAX_BYTES + 1];
    assert_eq!(error(&large), ImportError::TooLarge { bytes: MAX_BYTES + 1, limit: MAX_BYTES });
}
