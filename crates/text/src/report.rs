//! What an importer makes of a file and everything else reads: text, blocks, metadata, problems.

use crate::offset::CharRange;
use crate::script::Script;
use serde::{Deserialize, Serialize};

/// What kind of block a run of the reading text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BlockKind {
    /// The report's title.
    Title,
    /// A heading inside the report.
    Heading,
    /// Running text.
    Paragraph,
    /// The caption of a picture or table.
    Caption,
    /// Date, source, author or editor line.
    Byline,
    /// An item of a list.
    List,
    /// A row of a table.
    Table,
}

/// A block of the reading text. Blocks follow on each other in order and do not overlap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Depth of a heading, 1 for the outermost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// Code points of the reading text, without the line break behind it.
    #[serde(flatten)]
    pub range: CharRange,
}

/// What is known of a report. `None` and empty lists mean: not said in the source.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Metadata {
    /// The title as written.
    pub title: Option<String>,
    /// Date and time of publication, ISO 8601, as precise as the source: `2021`, `2021-02`,
    /// `2021-02-04`, `2021-02-04T15:15`, `2021-02-04T15:15:07`.
    pub published: Option<String>,
    /// Authors in the order of the source.
    pub authors: Vec<String>,
    /// Where it was first published, as written.
    pub source: Option<String>,
    /// The editor, as written.
    pub editor: Option<String>,
    /// The administrative division, province first, in the report's own script.
    pub place: Option<String>,
    /// The organisation that reports.
    pub organisation: Option<String>,
    /// Simplified or traditional.
    pub script: Option<Script>,
    /// BCP 47 language, `zh` for Chinese.
    pub language: Option<String>,
}

/// Why a piece of a page was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FurnitureReason {
    /// "Your position: home > news".
    Breadcrumb,
    /// Site header, menu, footer, copyright.
    Navigation,
    /// Advertising or spam put in by a mirror site.
    Spam,
    /// Click counts, print and share buttons, font size.
    PageTool,
    /// "Related news", "read next".
    Related,
    /// A label whose value is missing or was read into the metadata.
    Label,
    /// An empty picture placeholder.
    Picture,
    /// Text that the page hides.
    Hidden,
}

/// A piece set aside, never deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Furniture {
    /// The text as it stood.
    pub text: String,
    /// Why it was set aside.
    pub reason: FurnitureReason,
    /// The code point of the reading text before which it stood.
    pub position: u32,
}

/// What was mended in the reading text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepairKind {
    /// A pinyin gloss behind a character was taken out.
    Gloss,
    /// A line break inside a heading or sentence was taken out.
    LineBreak,
    /// A missing line break before or behind a heading was put in.
    MissingBreak,
    /// White space was normalised.
    Space,
}

/// A reversible repair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// What was mended.
    pub kind: RepairKind,
    /// Where in the reading text; empty where something was taken out.
    #[serde(flatten)]
    pub range: CharRange,
    /// What stood there in the source.
    pub original: String,
}

/// What is odd about a report. Closed, so that every one has a translation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// Figures were lost in the source: "投资多万元".
    DigitsStripped,
    /// An impossible date such as 126日.
    ImpossibleDate,
    /// Quotation marks were lost on one side.
    QuotesUnbalanced,
    /// Quotation marks and enumeration commas were lost altogether.
    PunctuationStripped,
    /// Pinyin glosses were taken out.
    GlossesRemoved,
    /// Some bytes could not be decoded.
    Undecodable,
    /// The encoding is a guess.
    EncodingUncertain,
    /// No title was found.
    TitleMissing,
    /// No date was found.
    DateMissing,
    /// A spam line was set aside.
    SpamRemoved,
    /// Line breaks before headings were lost and put back.
    BreaksRestored,
    /// There is no text.
    Empty,
}

/// Something odd about a report, to be shown, never a reason to stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Which.
    pub code: ProblemCode,
    /// One English sentence with the particulars.
    pub message: String,
    /// Where in the reading text, where it has a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<CharRange>,
}

/// A report as read: what every part of the program but the importer works on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReportText {
    /// What is known of it.
    pub metadata: Metadata,
    /// The reading text: blocks joined by single line breaks.
    pub text: String,
    /// Its blocks, in order.
    pub blocks: Vec<Block>,
    /// What was set aside.
    pub furniture: Vec<Furniture>,
    /// What was mended.
    pub repairs: Vec<Repair>,
    /// What is odd.
    pub problems: Vec<Problem>,
}
