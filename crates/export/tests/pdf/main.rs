//! Exports of small named reports, read back by lopdf and by independent programs.

mod layout;
mod progress;
mod quads;
mod read;
mod seeds;
mod torture;

use anjuan_export::{Document, Fonts, Options, Passage, Pdf, TagStyle, annotated_pdf};
use anjuan_text::{Block, BlockKind, CharRange};
use std::path::PathBuf;
use std::sync::OnceLock;

/// The fonts of the system; `None`, with a line that says so, where there are none.
pub(crate) fn fonts() -> Option<&'static Fonts> {
    static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();
    let folders = [PathBuf::from("/usr/share/fonts/opentype/noto")];
    let fonts = FONTS.get_or_init(|| Fonts::in_folders(&folders).ok());
    if fonts.is_none() {
        skipped("fonts-noto-cjk is not installed");
    }
    fonts.as_ref()
}

/// Says that a test could not run, which is an error on the build machine.
pub(crate) fn skipped(why: &str) {
    assert!(std::env::var("CI").as_deref() != Ok("true"), "skipped in CI: {why}");
    eprintln!("skipped: {why}");
}

/// A report of blocks, one per line.
pub(crate) fn report(lines: &[(BlockKind, &str)]) -> Document {
    let text = lines.iter().map(|(_, line)| *line).collect::<Vec<_>>().join("\n");
    let mut at = 0;
    let mut blocks = Vec::new();
    for (kind, line) in lines {
        let range = CharRange::new(at, at + line.chars().count() as u32);
        let level = (*kind == BlockKind::Heading).then_some(1);
        blocks.push(Block { kind: *kind, level, range });
        at = range.end + 1;
    }
    let title = lines.iter().find(|(kind, _)| *kind == BlockKind::Title);
    Document {
        title: title.map(|(_, line)| (*line).to_owned()),
        text,
        blocks,
        ..Document::default()
    }
}

/// Tags a range of code points.
pub(crate) fn tag(document: &mut Document, start: u32, end: u32, tags: &[usize], memo: &str) {
    let number = document.passages.len();
    document.passages.push(Passage {
        id: format!("01930000-0000-7000-8000-{number:012}"),
        range: CharRange::new(start, end),
        tags: tags.to_vec(),
        memo: memo.to_owned(),
        coder: "林一舟".to_owned(),
        created: "2026-11-20T09:30:00+08:00".to_owned(),
        modified: "2026-11-21T18:00:05+08:00".to_owned(),
    });
}

/// Tags the first occurrence of some words.
pub(crate) fn tag_words(document: &mut Document, words: &str, tags: &[usize], memo: &str) {
    let byte = document.text.find(words).expect("the words stand in the fixture");
    let start = document.text[..byte].chars().count() as u32;
    tag(document, start, start + words.chars().count() as u32, tags, memo);
}

pub(crate) fn tags() -> Vec<TagStyle> {
    [
        ("抗疫", [229, 57, 53], "防疫物资与捐赠"),
        ("脱贫攻坚", [67, 160, 71], ""),
        ("党建", [30, 100, 220], "学习、会议、机关作风"),
        ("侨商", [251, 192, 45], ""),
    ]
    .into_iter()
    .map(|(name, colour, description)| TagStyle {
        name: name.to_owned(),
        colour,
        description: description.to_owned(),
    })
    .collect()
}

pub(crate) fn options() -> Options {
    Options { created: "2026-11-21T10:00:00Z".to_owned(), ..Options::default() }
}

/// Exports with everything on.
pub(crate) fn export(fonts: &Fonts, documents: &[Document]) -> Pdf {
    annotated_pdf(fonts, documents, &tags(), &options()).expect("the export succeeds")
}
