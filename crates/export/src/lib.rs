//! Annotated PDFs of tagged reports.
//!
//! A report is typeset like a good Chinese page by typst, used as a library: no packages, no file
//! access, only the fonts the caller hands over. While it is laid out every character of the
//! reading text keeps its place in the source, so the finished pages tell where each passage
//! came to stand; real `/Highlight` annotations are then written there with lopdf. A legend of
//! the tags and an index of the passages follow the text.
//!
//! ```no_run
//! use anjuan_export::{Document, Fonts, Options, annotated_pdf};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let fonts = Fonts::in_folders(&["/usr/share/fonts".into()])?;
//! let report = Document { text: "一、强化政治引领".into(), ..Document::default() };
//! let pdf = annotated_pdf(&fonts, &[report], &[], &Options::default())?;
//! assert!(pdf.bytes.starts_with(b"%PDF"));
//! # Ok(())
//! # }
//! ```

mod fonts;
mod highlight;
mod hits;
mod labels;
mod markup;
mod page;
mod place;
mod progress;
mod time;
mod world;

pub use fonts::{Family, FontError, Fonts};
pub use hits::{FoundPlace, TableError, TableFormat, found_places};
pub use labels::Labels;
pub use progress::Watch;

use anjuan_text::{Block, CharRange, Script};
use highlight::Highlight;
use page::{Placed, Work};
use place::Places;
use progress::Progress;
use std::collections::BTreeSet;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// A report to be typeset, with what is tagged in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// The title, printed where the text has no title block and used for bookmarks and metadata.
    pub title: Option<String>,
    /// Time of publication as written in the metadata, ISO 8601.
    pub published: Option<String>,
    /// Where it was first published.
    pub source: Option<String>,
    /// Its authors.
    pub authors: Vec<String>,
    /// Its editor.
    pub editor: Option<String>,
    /// The place it reports on, printed above the title.
    pub place: Option<String>,
    /// The organisation that reports, printed above the title.
    pub organisation: Option<String>,
    /// The script, which chooses fonts and punctuation; found from the text where not given.
    pub script: Option<Script>,
    /// The reading text.
    pub text: String,
    /// Its blocks. Text that no block covers is set as running text, so none is lost.
    pub blocks: Vec<Block>,
    /// What is tagged.
    pub passages: Vec<Passage>,
}

/// A tagged passage of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Passage {
    /// A UUID; the annotation is named after it.
    pub id: String,
    /// Code points of the reading text.
    pub range: CharRange,
    /// Indices into the tags handed over; unknown ones are left out.
    pub tags: Vec<usize>,
    /// The memo, empty for none.
    pub memo: String,
    /// Who tagged it, empty for unknown.
    pub coder: String,
    /// When it was made, ISO 8601 with an offset.
    pub created: String,
    /// When it was last changed, ISO 8601 with an offset.
    pub modified: String,
}

/// How a tag is called and painted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagStyle {
    /// Its name.
    pub name: String,
    /// Its colour, red, green, blue.
    pub colour: [u8; 3],
    /// What it stands for, empty for nothing.
    pub description: String,
}

/// What goes into the PDF beside the text and its highlights.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // four switches of the export dialog, each on its own
pub struct Options {
    /// Whether a legend of the tags used follows the text.
    pub legend: bool,
    /// Whether an index of the passages follows the text.
    pub index: bool,
    /// Whether memos are written into the annotations and the index.
    pub memos: bool,
    /// Whether the coders are named in the annotations and the index.
    pub coders: bool,
    /// What it is printed on.
    pub paper: Paper,
    /// The family that text is set in; the best that is there where it is empty or missing.
    pub font: String,
    /// The words printed in the PDF.
    pub labels: Labels,
    /// BCP 47 language of the labels.
    pub language: String,
    /// The title of the file in its metadata; the first report's where not given.
    pub title: Option<String>,
    /// Time of the export, ISO 8601 with an offset.
    pub created: String,
    /// The program named as creator in the metadata.
    pub creator: String,
}

/// A size of paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// 210 by 297 mm.
    A4,
    /// 176 by 250 mm (ISO).
    B5,
    /// 148 by 210 mm.
    A5,
    /// 8.5 by 11 inches.
    Letter,
}

impl Paper {
    /// By its name in small letters; A4 where that is none.
    pub fn named(name: &str) -> Self {
        match name {
            "b5" => Self::B5,
            "a5" => Self::A5,
            "letter" => Self::Letter,
            _ => Self::A4,
        }
    }

    /// Width and height in millimetres.
    pub fn size(self) -> (f32, f32) {
        match self {
            Self::A4 => (210.0, 297.0),
            Self::B5 => (176.0, 250.0),
            Self::A5 => (148.0, 210.0),
            Self::Letter => (215.9, 279.4),
        }
    }

    /// Characters of a line that leaves good margins.
    pub(crate) fn characters(self) -> u32 {
        match self {
            Self::A4 | Self::Letter => 38,
            Self::B5 => 33,
            Self::A5 => 28,
        }
    }

    /// Margin above and below in millimetres.
    pub(crate) fn edge(self) -> u32 {
        match self {
            Self::A4 | Self::Letter => 27,
            Self::B5 => 22,
            Self::A5 => 18,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            legend: true,
            index: true,
            memos: true,
            coders: true,
            paper: Paper::A4,
            font: String::new(),
            labels: Labels::of("zh-Hans"),
            language: "zh-Hans".to_owned(),
            title: None,
            created: String::new(),
            creator: "Anjuan".to_owned(),
        }
    }
}

/// Which standard the file holds to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conformance {
    /// PDF/A-2a and PDF/UA-1: archival and tagged for screen readers.
    ArchivalAccessible,
    /// Tagged PDF 1.7. Taken where a character or a font forbids the standards; the highlights
    /// and the text are the same.
    Plain,
}

/// A passage that has no place on a page, because it covers nothing that prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    /// Index of the document.
    pub document: usize,
    /// The passage's id.
    pub passage: String,
}

/// A finished PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// Number of pages.
    pub pages: u32,
    /// Number of highlight annotations: one per passage and page it stands on.
    pub highlights: u32,
    /// Characters that no font has, in order; printed as `[U+20000]`.
    pub missing: Vec<char>,
    /// Passages without a highlight: empty or white space only.
    pub unplaced: Vec<Unplaced>,
    /// The standard the file holds to.
    pub conformance: Conformance,
}

/// Why no PDF was made.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// There is no document.
    #[error("there is nothing to export")]
    Nothing,
    /// Whoever watched it said so.
    #[error("the export was stopped")]
    Stopped,
    /// The typesetter refused, with its reasons.
    #[error("the text could not be typeset: {}", .0.join("; "))]
    Typeset(Vec<String>),
    /// The highlights could not be written into the typeset file.
    #[error("the highlights could not be written: {0}")]
    Highlight(#[from] lopdf::Error),
}

/// Typesets the documents one after the other and highlights their passages.
///
/// # Errors
/// Where there is no document, or typst or lopdf refuses, which no text is known to cause: a
/// character that no font has is printed by its number and returned in [`Pdf::missing`].
pub fn annotated_pdf(
    fonts: &Fonts,
    documents: &[Document],
    tags: &[TagStyle],
    options: &Options,
) -> Result<Pdf, ExportError> {
    annotated_pdf_watched(fonts, documents, tags, options, &|_, _| true)
}

/// The same, telling how far it is; ends with [`ExportError::Stopped`] soon after `watch` says so.
///
/// # Errors
/// As [`annotated_pdf`], and where it was stopped.
pub fn annotated_pdf_watched(
    fonts: &Fonts,
    documents: &[Document],
    tags: &[TagStyle],
    options: &Options,
    watch: &Watch<'_>,
) -> Result<Pdf, ExportError> {
    if documents.is_empty() {
        return Err(ExportError::Nothing);
    }
    let work = Work { fonts, documents, tags, options };
    let progress = Progress::new(watch, work.characters(), if work.has_appendix() { 2 } else { 1 });
    let mut missing = work.missing();
    let (mut pages, mut placed) = laid_out(&work, &mut missing, None, (&progress, 0))?;
    if work.has_appendix() {
        // What follows the reports moves nothing in them, so the pages it names stay right.
        (pages, placed) = laid_out(&work, &mut missing, Some(&placed), (&progress, 1))?;
    }
    let (typeset, conformance) = encoded(&pages, options)?;
    let highlights = highlights(&placed, options);
    let bytes = highlight::annotate(typeset, &highlights)?;
    progress.written();
    // Without this typst keeps what it laid out, some hundred megabytes for a large report.
    comemo::evict(EVICTION_AGE);
    let unplaced = placed.iter().filter(|p| p.pieces.is_empty());
    Ok(Pdf {
        bytes,
        pages: pages.pages().len() as u32,
        highlights: highlights.len() as u32,
        missing: missing.into_iter().collect(),
        unplaced: unplaced
            .map(|p| Unplaced { document: p.document, passage: p.passage.id.clone() })
            .collect(),
        conformance,
    })
}

/// Exports after which typst forgets a piece of layout that none of them used.
const EVICTION_AGE: usize = 5;

/// Lays the work out until every character has a glyph, and finds the passages on the pages.
fn laid_out<'a>(
    work: &Work<'a>,
    missing: &mut BTreeSet<char>,
    index: Option<&[Placed<'_>]>,
    (progress, number): (&Progress<'_>, u32),
) -> Result<(PagedDocument, Vec<Placed<'a>>), ExportError> {
    loop {
        let markup = work.markup(missing, index);
        let pass = progress.pass(number, markup.marks());
        pass.goes_on()?;
        let (pages, source) = world::lay_out(work.fonts, markup.text(), &pass)?;
        let without_glyph = place::without_glyph(&pages);
        if without_glyph.is_subset(missing) {
            let places = Places::read(&pages, &source, &markup);
            return Ok((pages, work.placed(&places)));
        }
        missing.extend(without_glyph);
    }
}

/// Writes the pages as PDF/A-2a and PDF/UA-1, or as plain PDF where the standards refuse.
fn encoded(
    pages: &PagedDocument,
    options: &Options,
) -> Result<(Vec<u8>, Conformance), ExportError> {
    let strict = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]);
    let attempts = [
        (strict.unwrap_or_default(), Conformance::ArchivalAccessible),
        (PdfStandards::default(), Conformance::Plain),
    ];
    let mut reasons = ExportError::Nothing;
    for (standards, conformance) in attempts {
        let settings = PdfOptions {
            creator: Smart::Custom(Some(options.creator.clone())),
            timestamp: time::timestamp(&options.created),
            standards,
            ..PdfOptions::default()
        };
        match typst_pdf::pdf(pages, &settings) {
            Ok(bytes) => return Ok((bytes, conformance)),
            Err(refusal) => reasons = world::refused(&refusal),
        }
    }
    Err(reasons)
}

/// The annotations of the passages.
fn highlights(placed: &[Placed<'_>], options: &Options) -> Vec<Highlight> {
    let mut highlights = Vec::new();
    for p in placed {
        let tags: Vec<String> = p.tags.iter().map(|tag| tag.name.clone()).collect();
        let subject = tags.join(&options.labels.separator);
        let colours: Vec<[u8; 3]> = p.tags.iter().map(|tag| tag.colour).collect();
        let colour = colours.first().copied().unwrap_or(page::UNTAGGED);
        let coder = Some(&p.passage.coder).filter(|coder| options.coders && !coder.is_empty());
        for (count, piece) in p.pieces.iter().enumerate() {
            highlights.push(Highlight {
                page: piece.page,
                quads: piece.quads.clone(),
                colour,
                paint: page::paint(colour),
                strips: colours.iter().skip(1).copied().collect(),
                contents: contents(p, &subject, options),
                subject: subject.clone(),
                author: coder.cloned(),
                created: time::pdf_date(&p.passage.created),
                modified: time::pdf_date(&p.passage.modified),
                name: format!("anjuan-{}-{}", p.passage.id, count + 1),
                tags: tags.clone(),
            });
        }
    }
    highlights
}

/// The comment of a passage: its tags and its memo. Where it has neither, its words, since a
/// tagged PDF wants every annotation described.
fn contents(p: &Placed<'_>, subject: &str, options: &Options) -> String {
    let tags = if subject.is_empty() { String::new() } else { format!("【{subject}】") };
    let memo = if options.memos { p.passage.memo.as_str() } else { "" };
    let contents = format!("{tags}{memo}");
    if contents.is_empty() { p.quote.to_owned() } else { contents }
}
