//! What stands on the pages: the reports, the legend, the index.

use crate::fonts::Fonts;
use crate::labels::is_traditional;
use crate::markup::Markup;
use crate::place::{Piece, Places};
use crate::progress::WHOLE;
use crate::{Document, Options, Passage, TagStyle};
use anjuan_text::{Block, BlockKind, CharRange, OffsetMap, Script, detect_script};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The look of everything, in typst.
const LOOK: &str = include_str!("page.typ");
/// Characters of a passage quoted in the index: as many as a line holds.
const QUOTE: usize = 37;
/// A memo of more characters than this may be divided between two pages of the index.
const LONG_MEMO: usize = 400;
/// Deepest heading that is told apart from running text: the title is 1.
const DEEPEST: u8 = 6;
/// Least luminance of a painted colour.
const PALE: f64 = 0.6;
/// Colour of passages without a tag.
pub(crate) const UNTAGGED: [u8; 3] = [0xE0, 0xB0, 0x20];

/// All that is to be set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work<'a> {
    pub(crate) fonts: &'a Fonts,
    pub(crate) documents: &'a [Document],
    pub(crate) tags: &'a [TagStyle],
    pub(crate) options: &'a Options,
}

/// Sets the marks by which the layout tells how far it is: one for each thousandth of the text
/// that a block begins in.
struct Marks {
    /// Characters of all texts.
    all: u32,
    /// The mark that is due.
    next: u32,
}

impl Marks {
    fn set(&mut self, out: &mut Markup<'_>, character: u32) {
        let mark = u64::from(character) * u64::from(WHOLE) / u64::from(self.all.max(1));
        let mark = u32::try_from(mark).unwrap_or(WHOLE);
        if mark >= self.next {
            out.mark(mark);
            self.next = mark + 1;
        }
    }
}

/// A passage and where it stands.
#[derive(Debug)]
pub(crate) struct Placed<'a> {
    /// Index of its document.
    pub(crate) document: usize,
    pub(crate) passage: &'a Passage,
    /// Its tags, without unknown ones and repetitions.
    pub(crate) tags: Vec<&'a TagStyle>,
    /// Its words.
    pub(crate) quote: &'a str,
    /// By page; empty where nothing of it prints.
    pub(crate) pieces: Vec<Piece>,
}

impl<'a> Work<'a> {
    /// Every character that may come to be printed.
    pub(crate) fn missing(&self) -> BTreeSet<char> {
        let mut missing = BTreeSet::new();
        let mut look = |text: &str| missing.extend(self.fonts.missing(text));
        for document in self.documents {
            look(&document.text);
            let details = [&document.title, &document.source, &document.editor];
            let details = details.into_iter().chain([&document.place, &document.organisation]);
            details.flatten().for_each(|text| look(text));
            document.authors.iter().for_each(|text| look(text));
            document.passages.iter().for_each(|p| {
                look(&p.memo);
                look(&p.coder);
            });
        }
        for tag in self.tags {
            look(&tag.name);
            look(&tag.description);
        }
        missing
    }

    /// The passages of all documents in the order of the text, the longer before the shorter.
    pub(crate) fn placed(&self, places: &Places) -> Vec<Placed<'a>> {
        let mut placed = Vec::new();
        let mut first = 0;
        for (document, report) in self.documents.iter().enumerate() {
            let map = OffsetMap::new(&report.text);
            let mut passages: Vec<&Passage> = report.passages.iter().collect();
            passages.sort_by_key(|p| (p.range.start, Reverse(p.range.end)));
            for passage in passages {
                let mut tags: Vec<&TagStyle> = Vec::new();
                for tag in passage.tags.iter().filter_map(|&tag| self.tags.get(tag)) {
                    if !tags.iter().any(|known| std::ptr::eq(*known, tag)) {
                        tags.push(tag);
                    }
                }
                let from = passage.range.start.min(map.chars());
                let to = passage.range.end.min(map.chars());
                placed.push(Placed {
                    document,
                    passage,
                    tags,
                    quote: map.slice(passage.range),
                    pieces: places.pieces(first + from, first + to),
                });
            }
            first += map.chars();
        }
        placed
    }

    /// Characters of all reading texts.
    pub(crate) fn characters(&self) -> u32 {
        let count = |document: &Document| document.text.chars().count() as u32;
        self.documents.iter().map(count).fold(0, u32::saturating_add)
    }

    /// Whether pages follow the reports.
    pub(crate) fn has_appendix(&self) -> bool {
        (self.options.legend || self.options.index)
            && self.documents.iter().any(|d| !d.passages.is_empty())
    }

    /// The reports as markup, followed by legend and index where the places are known.
    pub(crate) fn markup<'m>(
        &self,
        missing: &'m BTreeSet<char>,
        placed: Option<&[Placed<'_>]>,
    ) -> Markup<'m> {
        let mut out = Markup::new(missing);
        self.details(&mut out);
        let (mut first, mut marks) = (0, Marks { all: self.characters(), next: 0 });
        for document in self.documents {
            let script = script_of(document);
            out.code("#pagebreak(weak: true)\n#[\n");
            self.look(&mut out, "zh", script);
            self.report(&mut out, document, first, &mut marks);
            out.code("\n]\n");
            first += document.text.chars().count() as u32;
        }
        if let Some(placed) = placed {
            let language = self.options.language.to_lowercase();
            let chinese = language.is_empty() || language.starts_with("zh");
            let script = if chinese && is_traditional(&language) {
                Script::Hant
            } else if chinese {
                Script::Hans
            } else {
                script_of(&self.documents[0])
            };
            out.code("#pagebreak(weak: true)\n#[\n");
            self.look(&mut out, if chinese { "zh" } else { "en" }, script);
            out.code("#show: appendix\n");
            if self.options.legend {
                self.legend(&mut out, placed);
            }
            if self.options.index {
                self.index(&mut out, placed);
            }
            out.code("]\n");
        }
        out
    }

    /// What the file says of itself.
    fn details(&self, out: &mut Markup<'_>) {
        out.code(&format!("#set text({})\n", speech("zh", script_of(&self.documents[0]))));
        out.code("#set document(title: ");
        let title = self.options.title.as_deref().or(self.documents[0].title.as_deref());
        out.literal(title.unwrap_or(&self.options.labels.untitled));
        let mut authors: Vec<&str> = Vec::new();
        for author in self.documents.iter().flat_map(|d| &d.authors) {
            if !authors.contains(&author.as_str()) {
                authors.push(author);
            }
        }
        let used: BTreeSet<usize> = self
            .documents
            .iter()
            .flat_map(|d| &d.passages)
            .flat_map(|p| &p.tags)
            .copied()
            .collect();
        let keywords =
            used.iter().filter_map(|&tag| self.tags.get(tag)).map(|tag| &*tag.name).collect();
        for (key, list) in [("author", authors), ("keywords", keywords)] {
            out.code(&format!(", {key}: "));
            literals(out, list.into_iter());
        }
        out.code(")\n");
    }

    /// The look, with the fonts of a script. It stands before each report, since fonts and
    /// punctuation change with the script.
    fn look(&self, out: &mut Markup<'_>, language: &str, script: Script) {
        let paper = self.options.paper;
        let (width, height) = paper.size();
        out.code(&format!(
            "#let paper = ({width}mm, {height}mm)\n#let characters = {}\n#let edge = {}mm\n",
            paper.characters(),
            paper.edge(),
        ));
        // The family that was asked for stands first; the others have what it lacks.
        let own = self.fonts.family(&self.options.font);
        let serif = own.into_iter().chain(self.fonts.serif(script)).collect();
        for (name, families) in [("serif", serif), ("sans", self.fonts.sans(script))] {
            let families: Vec<String> = families;
            out.code(&format!("#let {name} = "));
            literals(out, families.iter().map(String::as_str));
            out.code("\n");
        }
        out.code(LOOK);
        out.code(&format!("#set text({})\n", speech(language, script)));
    }

    fn report(&self, out: &mut Markup<'_>, document: &Document, first: u32, marks: &mut Marks) {
        let labels = &self.options.labels;
        let map = OffsetMap::new(&document.text);
        let blocks = covering(&document.blocks, &map);
        let titled = blocks.iter().position(|block| block.kind == BlockKind::Title);
        let dated = blocks.iter().any(|block| block.kind == BlockKind::Byline);
        let above: Vec<&str> =
            [&document.place, &document.organisation].into_iter().flatten().map(|s| &**s).collect();
        if !above.is_empty() {
            out.code("#kicker[");
            out.words(&above.join(" · "));
            out.code("]\n");
        }
        let mut level = 0;
        // Where the text has no title of its own, the one known of it stands above.
        if titled.is_none() {
            level = 1;
            out.code("#heading(level: 1)[");
            out.words(document.title.as_deref().unwrap_or(&labels.untitled));
            out.code("]\n");
            if !dated {
                self.byline(out, document);
            }
        }
        let mut opening = true;
        let mut in_table = false;
        for (count, block) in blocks.iter().enumerate() {
            let is_title = titled == Some(count);
            if count > 0 {
                marks.set(out, first + block.range.start);
            }
            if opening && !is_title && block.kind != BlockKind::Byline {
                opening = false;
                out.code("#after-bylines\n");
            }
            if in_table != (block.kind == BlockKind::Table) {
                in_table = !in_table;
                out.code("#table-edge\n");
            }
            let end = match block.kind {
                BlockKind::Title | BlockKind::Heading => {
                    // A level may not be skipped on the way down.
                    let wanted = if is_title { 1 } else { block.level.unwrap_or(1).max(1) + 1 };
                    level = wanted.min(level + 1).min(DEEPEST);
                    out.code(&format!("#heading(level: {level})["));
                    "]\n"
                }
                BlockKind::Byline => {
                    out.code("#byline[");
                    "]\n"
                }
                BlockKind::Caption | BlockKind::Footnote => {
                    out.code("#caption[");
                    "]\n"
                }
                BlockKind::Table => {
                    out.code("#row[");
                    "]\n"
                }
                BlockKind::Paragraph
                | BlockKind::List
                | BlockKind::Signature
                | BlockKind::Salutation => "\n\n",
            };
            let text = map.slice(block.range);
            if block.kind == BlockKind::Table && text.contains('\t') {
                cells(out, text, first + block.range.start);
            } else {
                out.reading(text, first + block.range.start);
            }
            out.code(end);
            if is_title && !dated {
                self.byline(out, document);
            }
        }
    }

    /// The byline of a report that has none in its text.
    fn byline(&self, out: &mut Markup<'_>, document: &Document) {
        let labels = &self.options.labels;
        let authors = document.authors.join(&labels.separator);
        let parts: Vec<String> = [
            (&labels.published, document.published.as_deref().map(readable_time)),
            (&labels.source, document.source.clone()),
            (&labels.authors, Some(authors)),
            (&labels.editor, document.editor.clone()),
        ]
        .into_iter()
        .filter_map(|(label, value)| Some((label, value.filter(|v| !v.is_empty())?)))
        .map(|(label, value)| format!("{label}{value}"))
        .collect();
        if !parts.is_empty() {
            out.code("#byline[");
            out.words(&parts.join("　"));
            out.code("]\n");
        }
    }

    fn legend(&self, out: &mut Markup<'_>, placed: &[Placed<'_>]) {
        heading(out, 1, &self.options.labels.legend);
        let count = |tag: &TagStyle| {
            placed.iter().filter(|p| p.tags.iter().any(|t| std::ptr::eq(*t, tag))).count()
        };
        for (tag, count) in self.tags.iter().map(|tag| (tag, count(tag))).filter(|(_, n)| *n > 0) {
            out.code("#tag-line(");
            out.code(&swatch(tag.colour));
            out.code(", [");
            out.words(&tag.name);
            out.code("], ");
            optional(out, &tag.description);
            out.code(&format!(", \"{count}\")\n"));
        }
        let bare = placed.iter().filter(|p| p.tags.is_empty()).count();
        if bare > 0 {
            out.code("#tag-line(");
            out.code(&swatch(UNTAGGED));
            out.code(", [");
            out.words(&self.options.labels.untagged);
            out.code(&format!("], none, \"{bare}\")\n"));
        }
    }

    fn index(&self, out: &mut Markup<'_>, placed: &[Placed<'_>]) {
        let labels = &self.options.labels;
        heading(out, 1, &labels.index);
        let mut document = None;
        for p in placed {
            let Some(piece) = p.pieces.first() else { continue };
            if self.documents.len() > 1 && document != Some(p.document) {
                document = Some(p.document);
                let title = self.documents[p.document].title.as_deref();
                heading(out, 2, title.unwrap_or(&labels.untitled));
            }
            // The link shows a little of what stands above the passage.
            let top = piece.quads.iter().map(|q| q.top).fold(0.0, f64::max);
            let y = (piece.height - top - 24.0).max(0.0);
            let page = piece.page + 1;
            out.code(&format!("#entry((page: {page}, x: 0pt, y: {y:.1}pt), \"{page}\", ["));
            for (count, tag) in p.tags.iter().enumerate() {
                out.code(if count > 0 { "#h(1em)" } else { "" });
                out.code(&format!("#{}", swatch(tag.colour)));
                out.code("#h(0.4em)");
                out.words(&tag.name);
            }
            if p.tags.is_empty() {
                out.code(&format!("#{}#h(0.4em)", swatch(UNTAGGED)));
                out.words(&labels.untagged);
            }
            if self.options.coders && !p.passage.coder.is_empty() {
                out.code("#coder[");
                out.words(&p.passage.coder);
                out.code("]");
            }
            out.code("], [");
            out.words(&beginning(p.quote));
            out.code("], ");
            if self.options.memos && !p.passage.memo.is_empty() {
                optional(out, &format!("{}{}", labels.memo, p.passage.memo));
            } else {
                out.code("none");
            }
            let whole = p.passage.memo.chars().count() <= LONG_MEMO;
            out.code(&format!(", {whole})\n"));
        }
    }
}

/// The script of a report; simplified where its text says nothing.
fn script_of(document: &Document) -> Script {
    document.script.or_else(|| detect_script(&document.text)).unwrap_or(Script::Hans)
}

/// typst's name for a language and for where it is written, which decides on punctuation.
fn speech(language: &str, script: Script) -> String {
    let region = match (language, script) {
        ("zh", Script::Hans) => "\"cn\"",
        ("zh", Script::Hant) => "\"tw\"",
        _ => "none",
    };
    format!("lang: \"{language}\", region: {region}")
}

/// An array of string literals.
fn literals<'t>(out: &mut Markup<'_>, texts: impl Iterator<Item = &'t str>) {
    out.code("(");
    for text in texts {
        out.literal(text);
        out.code(", ");
    }
    out.code(")");
}

/// A heading of the pages behind the reports; only the first level is a bookmark.
fn heading(out: &mut Markup<'_>, level: u8, text: &str) {
    out.code(&format!("#heading(level: {level}, outlined: {})[", level == 1));
    out.words(text);
    out.code("]\n");
}

/// Words as an argument, or `none`.
fn optional(out: &mut Markup<'_>, text: &str) {
    if text.is_empty() {
        out.code("none");
    } else {
        out.code("[");
        out.words(text);
        out.code("]");
    }
}

/// The cells of a table row, which tabs part.
fn cells(out: &mut Markup<'_>, text: &str, mut first: u32) {
    let columns = text.split('\t').count();
    out.code(&format!("#grid(columns: (1fr,) * {columns}, column-gutter: 1em, "));
    for cell in text.split('\t') {
        out.code("[");
        out.reading(cell, first);
        out.code("], ");
        first += cell.chars().count() as u32 + 1;
    }
    out.code(")");
}

/// The blocks in order, clipped to the text and to each other, with running text for what none of
/// them covers.
fn covering(blocks: &[Block], map: &OffsetMap<'_>) -> Vec<Block> {
    let mut sorted: Vec<&Block> = blocks.iter().collect();
    sorted.sort_by_key(|block| block.range.start);
    let mut whole = Vec::with_capacity(sorted.len());
    let mut done = 0;
    let gap = |whole: &mut Vec<Block>, from: u32, to: u32| {
        let mut start = from;
        for line in map.slice(CharRange::new(from, to)).split('\n') {
            let range = CharRange::new(start, start + line.chars().count() as u32);
            if !line.trim().is_empty() {
                whole.push(Block { kind: BlockKind::Paragraph, level: None, range });
            }
            start = range.end + 1;
        }
    };
    for block in sorted {
        let start = block.range.start.max(done);
        let end = block.range.end.min(map.chars());
        if start >= end {
            continue;
        }
        gap(&mut whole, done, start);
        whole.push(Block { range: CharRange::new(start, end), ..*block });
        done = end;
    }
    gap(&mut whole, done, map.chars());
    whole
}

/// A colour field of the legend: as the text is painted, with the tag's own colour around.
fn swatch(colour: [u8; 3]) -> String {
    let [r, g, b] = paint(colour);
    let [er, eg, eb] = colour;
    format!("swatch(rgb({r}, {g}, {b}), rgb({er}, {eg}, {eb}))")
}

/// The colour that text is painted with for a tag of a colour: mixed with white, so that black
/// text on it keeps a contrast of 6 : 1 where two lie over each other and of 3.5 : 1 where three.
pub(crate) fn paint(colour: [u8; 3]) -> [u8; 3] {
    let mixed = |percent: u16| colour.map(|c| 255 - ((255 - u16::from(c)) * percent / 100) as u8);
    let mut tints = [60, 55, 50, 45, 40, 35, 30, 25].into_iter().map(mixed);
    tints.find(|&colour| luminance(colour) >= PALE).unwrap_or_else(|| mixed(20))
}

/// Relative luminance as WCAG 2 defines it, 0 to 1.
fn luminance(colour: [u8; 3]) -> f64 {
    let linear = colour.map(|c| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

/// The beginning of a passage, on one line.
fn beginning(quote: &str) -> String {
    let quote = quote.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut start: String = quote.chars().take(QUOTE).collect();
    if start.len() < quote.len() {
        start.push_str("……");
    }
    start
}

/// `2021-02-04T15:15` as it is read: `2021-02-04 15:15`.
fn readable_time(time: &str) -> String {
    time.replacen('T', " ", 1)
}

#[cfg(test)]
mod tests {
    use super::{luminance, paint};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn black_text_stays_readable_where_painted_colours_overlap(
            colours in proptest::array::uniform3(proptest::array::uniform3(0_u8..)),
        ) {
            // Multiplied as a viewer does; the text is luma(15).
            let multiply = |a: [u8; 3], b: [u8; 3]| {
                [0, 1, 2].map(|i| (u16::from(a[i]) * u16::from(b[i]) / 255) as u8)
            };
            let contrast = |paper| (luminance(paper) + 0.05) / (luminance([15; 3]) + 0.05);
            let [first, second, third] = colours.map(paint);
            let two = multiply(first, second);
            prop_assert!(contrast(two) >= 6.0, "{}", contrast(two));
            prop_assert!(contrast(multiply(two, third)) >= 3.5, "{}", contrast(multiply(two, third)));
        }
    }
}
