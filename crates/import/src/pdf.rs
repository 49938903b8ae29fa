//! PDF: the text layer as lines, in reading order.
//!
//! [`content`] interprets what text of a page is drawn where, [`font`] says what the codes mean;
//! [`line`] makes lines of the glyphs, [`order`] tables and columns, [`running`] finds headers and
//! footers, [`paragraph`] joins lines over columns and pages and tells headings. [`boxes`] finds
//! the place on the page of every character of a report again, so that none has to be stored.

mod boxes;
mod content;
mod document;
mod font;
mod line;
mod mojibake;
mod ofd;
mod order;
mod paint;
mod paragraph;
mod recognised;
mod running;

pub use boxes::{Boxes, CharBox, boxes};
pub(crate) use ofd::read as read_ofd;
pub use paint::{Painter, Picture};
pub use recognised::{RecognisedPage, Scans, Word, WordLine, recognised, scans};

use crate::layout::{Facts, Page, SourceLine};
use crate::{ImportError, Options};
use anjuan_text::{Problem, ProblemCode};
use content::{Content, Glyph, UNMAPPED};
use order::Row;
use paragraph::{Paragraph, Sheet};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Whether bytes are a PDF. Some begin with a few bytes of something else.
pub(crate) fn is_pdf(bytes: &[u8]) -> bool {
    // An archive may hold one.
    !bytes.starts_with(b"PK\x03\x04")
        && memchr::memmem::find(&bytes[..bytes.len().min(1024)], b"%PDF-").is_some()
}

/// Most pages of a document that are read.
const PAGES: usize = 10_000;
/// Fewer characters are no text layer: a stamp, the name of a scanner.
const FEW: usize = 10;
/// Share of a page that a picture covers where the page is a scan.
const SCANNED: f32 = 0.5;
/// Reading goes deep into nested objects.
const STACK: usize = 64 << 20;

/// A document read.
struct Document {
    paragraphs: Vec<Paragraph>,
    /// The glyphs of every page, by which characters find their places.
    glyphs: Vec<Vec<Glyph>>,
    problems: Vec<Problem>,
    title: Option<String>,
    /// Pages that are pictures, counted from 0.
    scans: Vec<u32>,
}

impl Document {
    fn page(&self) -> Page {
        let facts = Facts { title: self.title.clone(), ..Facts::default() };
        let problems = self.problems.clone();
        Page { lines: lines_of(&self.paragraphs), facts, problems }
    }
}

/// The size of a page as it is shown, in points.
#[derive(Debug, Clone, Copy)]
struct PageOf {
    width: f32,
    height: f32,
}

/// Reads a document.
pub(crate) fn read(bytes: &[u8], options: &Options<'_>) -> Result<Page, ImportError> {
    Ok(apart(bytes, options, &BTreeMap::new())?.page())
}

/// Reads a document on a stack of its own; what panics on damaged files is caught.
fn apart(
    bytes: &[u8],
    options: &Options<'_>,
    pages: &BTreeMap<u32, RecognisedPage>,
) -> Result<Document, ImportError> {
    let broken = || document::damaged("it cannot be read to its end");
    let work = || catch_unwind(AssertUnwindSafe(|| document(bytes, options, pages)));
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        match thread {
            Ok(thread) => thread.join().unwrap_or_else(|_| Ok(Err(broken()))),
            Err(_) => work(),
        }
    })
    .unwrap_or_else(|_| Err(broken()))
}

/// The pieces of a page, each way of writing by itself.
type Frames = Vec<(line::Frame, Vec<line::Piece>)>;

/// A page with its glyphs sorted into frames.
struct Read {
    frames: Frames,
    content: Content,
    /// Text that is not shown, where other text is.
    hidden: Vec<Row>,
}

fn document(
    bytes: &[u8],
    options: &Options<'_>,
    recognised: &BTreeMap<u32, RecognisedPage>,
) -> Result<Document, ImportError> {
    let pdf = document::open(bytes, options.password)?;
    let pages = pdf.pages();
    let declared = document::declared_pages(&pdf);
    let mut reader = content::Reader {
        fonts: font::Fonts::new(),
        faces: content::Faces::default(),
        hidden: document::hidden_layers(&pdf),
        options,
        left: content::GLYPHS,
    };
    let mut read: Vec<Read> = Vec::new();
    let (mut unmapped, mut broken, mut decoded) = (0, Vec::new(), 0);
    let mut layers = Vec::new();
    for (number, page) in pages.iter().enumerate().take(PAGES) {
        options.go_on()?;
        let content = catch_unwind(AssertUnwindSafe(|| reader.page(page)));
        let mut content = match content {
            Ok(content) => content?,
            Err(_) => Content { cut: true, ..Content::default() },
        };
        let words = u32::try_from(number).ok().and_then(|number| recognised.get(&number));
        if let Some(words) = words {
            let (width, height) = page.render_dimensions();
            content = recognised::content(words, PageOf { width, height });
        }
        if content.cut {
            broken.push(number + 1);
        }
        unmapped += content.unmapped;
        decoded += mojibake::decode(&mut content.glyphs);
        let covering = content.cover();
        let layer = content.hide_covered();
        let (frames, hidden, invisible) = sorted(&content, covering > SCANNED, words.is_some());
        if (invisible || layer) && words.is_none() {
            layers.push(number + 1);
        }
        read.push(Read { frames, content, hidden });
    }
    let (sheets, glyphs, scans) = sheets(read, options)?;
    let whole = sheets.len();
    let cut_off = is_cut_off(bytes);
    let empty = |s: &Sheet| s.blocks.is_empty() && s.running.is_empty() && s.hidden.is_empty();
    if cut_off && scans.is_empty() && sheets.iter().all(empty) {
        return Err(document::damaged("it ends before the text of its pages"));
    }
    let outline = document::outline(&pdf);
    let paragraphs = paragraph::paragraphs(sheets, &outline);
    let mut problems: Vec<Problem> = no_text_layer(&scans, whole).into_iter().collect();
    let mut note = |code, message: String| problems.push(Problem { code, message, range: None });
    if !layers.is_empty() {
        note(
            ProblemCode::Recognised,
            format!("The text of pages {} was recognised from pictures.", numbers(&layers)),
        );
    }
    if unmapped > 0 {
        note(
            ProblemCode::CharactersUnmapped,
            format!(
                "{unmapped} characters could not be told: their fonts do not say what they are. “{UNMAPPED}” stands for each."
            ),
        );
    }
    if decoded > 0 {
        note(
            ProblemCode::Mojibake,
            format!(
                "{decoded} characters were written in GBK as if they were Latin letters, and were decoded."
            ),
        );
    }
    if declared.is_some_and(|count| count > pages.len() && count < 1_000_000) || cut_off {
        note(
            ProblemCode::Truncated,
            format!("The file ends before its end; {whole} pages were found in it."),
        );
    }
    if pages.len() > PAGES {
        note(ProblemCode::Truncated, format!("Only the first {PAGES} pages were read."));
    }
    if !broken.is_empty() {
        note(
            ProblemCode::Damaged,
            format!("Pages that could not be read to their end: {}.", numbers(&broken)),
        );
    }
    let title =
        pdf.metadata().title.as_deref().and_then(|t| field_title(&document::text_string(t)));
    let scans = scans.into_iter().map(|number| number as u32 - 1).collect();
    Ok(Document { paragraphs, glyphs, problems, title, scans })
}

/// Every page in reading order, what every page repeats set aside; the glyphs of the pages, and
/// the pages that are pictures.
#[allow(clippy::type_complexity, reason = "three lists, page by page")]
fn sheets(
    read: Vec<Read>,
    options: &Options<'_>,
) -> Result<(Vec<Sheet>, Vec<Vec<Glyph>>, Vec<usize>), ImportError> {
    let (body, pitch) = measures(&read);
    let margins: Vec<running::Margins<'_>> = read
        .iter()
        .map(|page| {
            let (frame, pieces) = page
                .frames
                .first()
                .map_or((None, &[][..]), |(frame, pieces)| (Some(*frame), pieces.as_slice()));
            let uprights = frame.map_or(Vec::new(), |frame| uprights(&page.content, frame));
            let area = frame.map_or(page.content.area, |f| f.area(page.content.area));
            running::Margins { pieces, area, uprights }
        })
        .collect();
    let running = running::running(&margins, body, pitch);
    drop(margins);
    let mut sheets = Vec::with_capacity(read.len());
    let mut glyphs = Vec::with_capacity(read.len());
    let mut scans = Vec::new();
    for (number, (page, aside)) in read.into_iter().zip(running).enumerate() {
        options.go_on()?;
        let Read { frames, content, hidden } = page;
        let mut blocks = Vec::new();
        let mut set_aside = Vec::new();
        let mut span = (0.0, 0.0);
        let mut inked = 0;
        for (rank, (frame, pieces)) in frames.into_iter().enumerate() {
            let area = frame.area(content.area);
            let (mut kept, mut apart) = (Vec::new(), Vec::new());
            for (at, piece) in pieces.into_iter().enumerate() {
                let away =
                    if rank == 0 { aside.binary_search(&at).is_ok() } else { piece.artifact };
                if away { apart.push(piece) } else { kept.push(piece) }
            }
            set_aside.extend(order::rows(apart));
            inked += kept.iter().map(line::Piece::inked).sum::<usize>();
            if rank == 0 {
                span = (area[1], area[3]);
            }
            blocks.extend(order::blocks(kept, &content.rules, frame));
        }
        if inked < FEW && content.cover() > SCANNED {
            scans.push(number + 1);
        }
        sheets.push(Sheet { blocks, running: set_aside, hidden, span });
        glyphs.push(content.glyphs);
    }
    Ok((sheets, glyphs, scans))
}

/// Pages of another format whose glyphs have their places.
fn laid_out(
    contents: Vec<Content>,
    outline: &[document::Bookmark],
    options: &Options<'_>,
) -> Result<Page, ImportError> {
    let read = contents.into_iter().map(|content| {
        let (frames, hidden, _) = sorted(&content, false, false);
        Read { frames, content, hidden }
    });
    let (sheets, _, scans) = sheets(read.collect(), options)?;
    let whole = sheets.len();
    let problems = no_text_layer(&scans, whole).into_iter().collect();
    let lines = lines_of(&paragraph::paragraphs(sheets, outline));
    Ok(Page { lines, facts: Facts::default(), problems })
}

/// What is to be said of pages that are pictures.
fn no_text_layer(scans: &[usize], whole: usize) -> Option<Problem> {
    let message = match scans.len() {
        0 => return None,
        all if all == whole => format!("All {whole} pages are pictures without a text layer."),
        _ => format!("Pages without a text layer: {}.", numbers(scans)),
    };
    Some(Problem { code: ProblemCode::NoTextLayer, message, range: None })
}

fn lines_of(paragraphs: &[Paragraph]) -> Vec<SourceLine> {
    let line = |p: &Paragraph| SourceLine { raw: p.text(), hint: p.hint, gap: true };
    paragraphs.iter().map(line).collect()
}

/// Whether a file lacks the mark that ends every PDF.
fn is_cut_off(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(2048)..];
    memchr::memmem::find(tail, b"%%EOF").is_none()
}

/// `1–3, 7`.
fn numbers(pages: &[usize]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < pages.len() {
        let from = at;
        while at + 1 < pages.len() && pages[at + 1] == pages[at] + 1 {
            at += 1;
        }
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push_str(&pages[from].to_string());
        if at > from {
            out.push_str(if at == from + 1 { ", " } else { "–" });
            out.push_str(&pages[at].to_string());
        }
        at += 1;
    }
    out
}

/// The title that a document's fields hold, if it is one: not the name of a file or of a template.
fn field_title(title: &str) -> Option<String> {
    let title = title.trim();
    let title = title.strip_prefix("Microsoft Word - ").unwrap_or(title);
    let title = title.strip_suffix(".doc").or(title.strip_suffix(".docx")).unwrap_or(title);
    let han = title.chars().filter(|&c| anjuan_text::is_han(c)).count();
    let idle = ["无标题", "未命名", "文档", "新建", "幻灯片", "演示文稿", "无主题", "無標題"];
    (han >= 4 && han * 2 > title.chars().count() && !idle.iter().any(|i| title.starts_with(i)))
        .then(|| title.to_owned())
}

/// The pieces of a page by frame, what is hidden on it, and whether an unseen layer is its text;
/// `taken` where it is in any case.
fn sorted(content: &Content, scanned: bool, taken: bool) -> (Frames, Vec<Row>, bool) {
    let inked = |unseen: bool| {
        let glyphs = content.glyphs.iter().filter(|g| g.invisible == unseen && !g.is_space());
        glyphs.count()
    };
    let (shown, unseen) = (inked(false), inked(true));
    let layer = taken || (unseen >= FEW && (scanned || shown < FEW) && shown * 4 < unseen);
    let mut frames = line::pieces(&content.glyphs);
    let mut hidden = Vec::new();
    if !layer && unseen > 0 {
        for (_, pieces) in &mut frames {
            let (away, kept) = std::mem::take(pieces).into_iter().partition(|p| p.invisible);
            *pieces = kept;
            hidden.extend(order::rows(away));
        }
    }
    // Outside the visible part of the page stands what no reader sees.
    let [left, low, right, high] = content.area;
    for (frame, pieces) in &mut frames {
        let area = frame.area([left - 2.0, low - 2.0, right + 2.0, high + 2.0]);
        let seen =
            |p: &line::Piece| p.u1 > area[0] && p.u0 < area[2] && p.v1 > area[1] && p.v0 < area[3];
        let (kept, away) = std::mem::take(pieces).into_iter().partition(seen);
        *pieces = kept;
        hidden.extend(order::rows(away));
    }
    // Slanting text is a watermark.
    for (frame, pieces) in &mut frames {
        if !frame.is_straight() {
            for piece in pieces {
                piece.artifact = true;
            }
        }
    }
    frames.retain(|(_, pieces)| !pieces.is_empty());
    (frames, hidden, layer)
}

/// The size that most characters have, and the usual step from line to line.
fn measures(pages: &[Read]) -> (f32, f32) {
    let mut sizes: std::collections::HashMap<i32, usize> = std::collections::HashMap::new();
    let mut steps = Vec::new();
    for (_, pieces) in pages.iter().filter_map(|p| p.frames.first()) {
        for piece in pieces {
            *sizes.entry((piece.size * 4.0).round() as i32).or_default() += piece.inked();
        }
        let mut bases: Vec<(f32, f32)> = pieces.iter().map(|p| (p.base, p.size)).collect();
        bases.sort_by(|a, b| a.0.total_cmp(&b.0));
        steps.extend(
            bases
                .windows(2)
                .map(|w| w[1].0 - w[0].0)
                .zip(&bases)
                .filter(|(step, b)| *step > 0.8 * b.1)
                .map(|(step, _)| step),
        );
    }
    let body = sizes
        .into_iter()
        .max_by_key(|&(size, count)| (count, size))
        .map_or(10.0, |(s, _)| s as f32 / 4.0);
    steps.sort_by(f32::total_cmp);
    (body, steps.get(steps.len() / 2).copied().unwrap_or(1.5 * body))
}

fn uprights(content: &Content, frame: line::Frame) -> Vec<(f32, f32)> {
    let rules = content.rules.iter().map(|r| (frame.place(r.from), frame.place(r.to)));
    rules
        .filter(|(a, b)| (a.0 - b.0).abs() < 1.5 && (a.1 - b.1).abs() > 6.0)
        .map(|(a, b)| (a.1.min(b.1), a.1.max(b.1)))
        .collect()
}

impl Content {
    /// Share of the page that its largest picture covers, strips of one picture taken together.
    fn cover(&self) -> f32 {
        let [left, low, right, high] = self.area;
        let page = ((right - left) * (high - low)).max(1.0);
        let area = |p: &[f32; 4]| {
            (p[2].min(right) - p[0].max(left)).max(0.0) * (p[3].min(high) - p[1].max(low)).max(0.0)
        };
        let all: f32 = self.pictures.iter().map(|p| area(&p.area)).sum();
        (all / page).min(1.0)
    }

    /// Text under a picture of the whole page cannot be seen: the layer of a recognised scan.
    fn hide_covered(&mut self) -> bool {
        let [left, low, right, high] = self.area;
        let page = ((right - left) * (high - low)).max(1.0);
        let mut covered = 0;
        for picture in &self.pictures {
            let [x0, y0, x1, y1] = picture.area;
            if (x1 - x0) * (y1 - y0) < 0.7 * page {
                continue;
            }
            for glyph in &self.glyphs[..picture.after.min(self.glyphs.len())] {
                let (x, y) = glyph.pen;
                covered += usize::from(x > x0 && x < x1 && y > y0 && y < y1);
            }
        }
        covered > FEW && covered * 2 > self.glyphs.len()
    }
}
