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
    /// Who signs, and the date under it.
    Signature,
    /// A note at the foot of a page or the end of the text.
    Footnote,
    /// Whom a speech or letter addresses: 各位代表：
    Salutation,
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

/// What a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// A report on the work of a government, congress or committee: 工作报告.
    WorkReport,
    /// A summary of the work of a year or less: 工作总结.
    Summary,
    /// A review of several years: 五年工作综述.
    MultiYear,
    /// What is planned: 工作计划, 工作要点, 规划.
    Plan,
    /// Questions and answers.
    Interview,
    /// News.
    News,
    /// A speech, an address.
    Speech,
    /// A law, regulation or rule.
    Law,
    /// A notice, an announcement, a decision.
    Notice,
    /// Figures: 统计公报.
    Statistics,
    /// A comment, an essay, a study.
    Article,
    /// Something else that is known.
    Other,
}

impl ReportKind {
    /// All of them, as they are offered.
    pub const ALL: [Self; 12] = [
        Self::WorkReport,
        Self::Summary,
        Self::MultiYear,
        Self::Plan,
        Self::Interview,
        Self::News,
        Self::Speech,
        Self::Law,
        Self::Notice,
        Self::Statistics,
        Self::Article,
        Self::Other,
    ];

    /// As files and the wire spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WorkReport => "work_report",
            Self::Summary => "summary",
            Self::MultiYear => "multi_year",
            Self::Plan => "plan",
            Self::Interview => "interview",
            Self::News => "news",
            Self::Speech => "speech",
            Self::Law => "law",
            Self::Notice => "notice",
            Self::Statistics => "statistics",
            Self::Article => "article",
            Self::Other => "other",
        }
    }

    /// From the spelling of files and the wire.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// How high in the state the body stands that reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssuerLevel {
    /// Of the whole country.
    National,
    /// Province, autonomous region, municipality under the central government, 特别行政区.
    Province,
    /// Prefecture, prefecture-level city, league.
    Prefecture,
    /// County, county-level city, district, banner.
    County,
    /// Township, town, street, village.
    Township,
}

impl IssuerLevel {
    /// All of them, the highest first.
    pub const ALL: [Self; 5] =
        [Self::National, Self::Province, Self::Prefecture, Self::County, Self::Township];

    /// As files and the wire spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Province => "province",
            Self::Prefecture => "prefecture",
            Self::County => "county",
            Self::Township => "township",
        }
    }

    /// From the spelling of files and the wire.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == word)
    }
}

/// The years that a report covers, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Period {
    /// The first year.
    pub from: u16,
    /// The last year; that of `from` where it is one year.
    pub to: u16,
}

impl Period {
    /// One year.
    pub fn year(year: u16) -> Self {
        Self { from: year, to: year }
    }

    /// From `2021` or `2016-2020`.
    pub fn parse(text: &str) -> Option<Self> {
        let year = |text: &str| {
            let text = text.trim();
            (text.len() == 4).then(|| text.parse::<u16>().ok()).flatten()
        };
        let (from, to) = match text.split_once(['-', '–', '—', '~', '～', '至']) {
            Some((from, to)) => (year(from)?, year(to)?),
            None => (year(text)?, year(text)?),
        };
        (from <= to).then_some(Self { from, to })
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.from == self.to {
            write!(f, "{:04}", self.from)
        } else {
            write!(f, "{:04}-{:04}", self.from, self.to)
        }
    }
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
    /// The day on which the report was held or adopted, ISO 8601, as precise as the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered: Option<String>,
    /// The years that it covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ReportKind>,
    /// How high the body stands that reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<IssuerLevel>,
    /// The URL it was published at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
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
    /// A header or footer that every page of the document repeats.
    RunningHead,
    /// The number of a page.
    PageNumber,
    /// A comment of a reader or reviewer.
    Comment,
    /// Text that a tracked change took out.
    Deleted,
    /// The same text once more.
    Repeated,
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
    /// Punctuation of half width was made full.
    Punctuation,
    /// The number of a page was taken out of a sentence.
    PageNumber,
    /// Text decoded wrongly before it was saved was decoded anew.
    Mojibake,
    /// Text that stood there twice was taken out once.
    Repetition,
    /// A character of another block of Unicode that only looks right was replaced: ⼯ by 工.
    Character,
    /// Remains of markup such as `&nbsp;` were taken out.
    Markup,
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
    /// Pages are pictures: a scan without a text layer.
    NoTextLayer,
    /// The text was recognised from pictures.
    Recognised,
    /// Recognised text that is likely wrong.
    RecognitionUncertain,
    /// Text was decoded wrongly before it was saved.
    Mojibake,
    /// The text, or much of it, stands there twice.
    TextRepeated,
    /// The page hides text, which was set aside.
    HiddenText,
    /// Punctuation of half width was made full.
    HalfWidthPunctuation,
    /// Numbers of pages were taken out of sentences.
    PageNumbersRemoved,
    /// The file ends before its end.
    Truncated,
    /// The file is damaged; what could be read was read.
    Damaged,
    /// Changes were tracked; the text is as if all were accepted.
    TrackedChanges,
    /// Characters of a font could not be told.
    CharactersUnmapped,
    /// Characters that only look right were replaced.
    CharactersReplaced,
    /// Remains of markup were taken out.
    MarkupRemoved,
    /// What a page says of its encoding is wrong.
    EncodingOverruled,
    /// The report goes on on other pages, which are not in the file.
    ContinuedElsewhere,
    /// The order of columns or boxes is a guess.
    OrderUncertain,
    /// Text stands in pictures, which were not read.
    TextInPictures,
    /// Parts such as attached files were not read.
    PartsNotRead,
    /// The year or place in the file's name is not that of the text.
    NameContradicts,
    /// Dates in the source contradict each other.
    DatesContradict,
    /// Only a part of the report, such as an extract.
    Excerpt,
    /// Numbers of headings or lists were not kept in the source.
    NumberingLost,
    /// Rows of a list could not be read.
    RowsSkipped,
    /// The page was refused as a list of articles, and imported on the user's word.
    ListPage,
    /// The page was refused as an error message of a server, and imported on the user's word.
    ErrorPage,
    /// The page was refused as one that asks for a login, and imported on the user's word.
    CheckPage,
    /// The page was refused as a part of another one, and imported on the user's word.
    PartOfPage,
    /// The page was refused since it has no running text, and imported on the user's word.
    NoText,
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

/// That text of a report was recognised from pictures of pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recognition {
    /// The program, as it calls itself: `tesseract 5.3.0`.
    pub program: String,
    /// How sure it was of a character, in the mean, from 0 to 100.
    pub confidence: u8,
    /// How many pages were recognised.
    pub pages: u32,
    /// How many pages the document has.
    pub of: u32,
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
    /// Where text was recognised from pictures: by what, and how surely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recognition: Option<Recognition>,
}
