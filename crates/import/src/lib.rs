//! Bytes of a report as found on the web or on a disk into a clean report with its problems listed.
//!
//! [`import`] decodes the bytes (the encoding is read off the content, not off what a page says
//! of itself), takes the main text out of saved HTML, and sorts every line: title, byline,
//! headings, paragraphs, captions, lists and tables make the reading text; what belongs to the page
//! is set aside as furniture; what was mended is listed as repairs; what is odd as problems.
//! Nothing is deleted: every character of the source that has ink is in the reading text, in the
//! furniture or in a repair.
//!
//! Nothing is read, written or fetched, and no clock is asked.
//!
//! ```
//! use anjuan_import::{Source, import};
//!
//! let page = "当前位置: 首页 > 要闻 > 正文\n\
//!     云溪市侨联五年工作综述\n\
//!     来源: 云溪日报  日期:2023-06-02 15:38  点击:105\n\
//!     五年来，云溪市侨联凝聚侨心、汇集侨智，各项工作迈上新台阶。\n";
//! let report = import(Source { name: "report.txt", bytes: page.as_bytes() })?.report;
//! assert_eq!(report.metadata.title.as_deref(), Some("云溪市侨联五年工作综述"));
//! assert_eq!(report.metadata.published.as_deref(), Some("2023-06-02T15:38"));
//! assert_eq!(report.metadata.source.as_deref(), Some("云溪日报"));
//! assert_eq!(report.furniture.len(), 2);
//! # Ok::<(), anjuan_import::ImportError>(())
//! ```

mod assemble;
mod byline;
pub mod container;
mod date;
mod decode;
mod dirt;
mod doc;
mod docx;
mod epub;
mod field;
mod furniture;
mod heading;
mod headline;
mod html;
mod layout;
mod likeness;
mod line;
mod markdown;
mod metadata;
mod mhtml;
mod mojibake;
mod names;
mod numbering;
mod oddities;
mod odt;
mod office;
mod ole;
mod organisation;
mod package;
mod paragraphs;
pub mod pdf;
pub mod places;
mod rtf;
mod scope;
pub mod sheet;
mod slides;
mod symbols;
mod xml;

use anjuan_text::{Problem, ProblemCode, ReportText};
use layout::{Facts, Page};
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, Ordering};

/// A file to import.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The file's name; its ending may hint at the format, its stem at the title.
    pub name: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
}

/// What is known or wished besides the file itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// The password of an encrypted file.
    pub password: Option<&'a str>,
    /// The encoding that the user says the file has, by a label of the WHATWG encoding standard.
    pub encoding: Option<&'a str>,
    /// The URL that the bytes came from.
    pub address: Option<&'a str>,
    /// Whether a page is read that would be refused as no report: the user says that it is one. What
    /// it was refused as is a problem of the report.
    pub anyway: bool,
    /// What the container that the file lies in refuses it as: see [`container::Entry::refused`].
    pub refused: Option<Refusal>,
    /// Set from outside to break off; a reader that takes long looks at it now and then.
    pub cancel: Option<&'a AtomicBool>,
}

impl Options<'_> {
    /// An error where the work was broken off.
    ///
    /// # Errors
    /// [`ImportError::Cancelled`].
    pub fn go_on(&self) -> Result<(), ImportError> {
        match self.cancel {
            Some(cancel) if cancel.load(Ordering::Relaxed) => Err(ImportError::Cancelled),
            _ => Ok(()),
        }
    }
}

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Plain text.
    Text,
    /// A saved web page.
    Html,
    /// Markdown.
    Markdown,
    /// A web page with its pictures in one file: `.mht`, `.mhtml`, `.eml`.
    Mhtml,
    /// PDF.
    Pdf,
    /// The fixed layout of official documents in China (GB/T 33190).
    Ofd,
    /// Word 97 to 2003, and WPS.
    Doc,
    /// Word from 2007 on.
    Docx,
    /// OpenDocument text.
    Odt,
    /// Rich Text Format.
    Rtf,
    /// An electronic book.
    Epub,
    /// A workbook: XLSX or ODS.
    Spreadsheet,
    /// Slides: PPTX or ODP.
    Slides,
    /// A table of values divided by commas or tabs.
    Csv,
}

/// A report read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// The encoding of the file: `UTF-8`, `GB18030` (for its subsets GBK and GB2312 too), `Big5`,
    /// `UTF-16LE`, `UTF-16BE`, or another name of the WHATWG encoding standard. `None` where the
    /// format itself says what its characters are, as PDF and DOCX do.
    pub encoding: Option<String>,
    /// The format of the file.
    pub format: Format,
    /// What is in it.
    pub report: ReportText,
}

/// Largest file that is read, in bytes.
pub const MAX_BYTES: usize = 64 << 20;

/// Why a file cannot be imported. A strange text is no error; see [`ReportText::problems`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file has no bytes, or nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// The file is neither text nor HTML.
    #[error("the format is not supported: {kind}")]
    Unsupported {
        /// What the file looks like, in English.
        kind: String,
    },
    /// The file is larger than [`MAX_BYTES`].
    #[error("the file has {bytes} bytes, more than the {limit} that are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The largest size read.
        limit: usize,
    },
    /// The file is encrypted and wants a password.
    #[error("the file is encrypted; a password is needed")]
    PasswordNeeded,
    /// The password is not that of the file.
    #[error("the password is wrong")]
    PasswordWrong,
    /// The file is of a known format, but nothing of it can be read.
    #[error("the {format} is damaged: {detail}")]
    Damaged {
        /// The format, in English.
        format: &'static str,
        /// What is wrong with it, in English.
        detail: String,
    },
    /// The file unpacks to far more than it holds.
    #[error("the file unpacks to more than {limit} bytes")]
    Bomb {
        /// How many bytes were unpacked at most.
        limit: usize,
    },
    /// The file was read, and is not a report.
    #[error("{reason}")]
    NotAReport {
        /// Why not.
        reason: Refusal,
    },
    /// The work was broken off.
    #[error("the work was cancelled")]
    Cancelled,
}

/// Why a file that was read is no report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Refusal {
    /// A list of articles, the front page of a section or a site.
    ListPage,
    /// What a server says instead of a page: not found, forbidden, moved.
    ErrorPage,
    /// A page that asks who one is: login, captcha, a browser check.
    CheckPage,
    /// There is no running text in it.
    NoText,
    /// A frame or another part of a page that the same archive holds.
    PartOfPage,
    /// Programs, settings, data of a site.
    Data,
}

impl Refusal {
    /// The problem of a report that was refused so, and is read all the same.
    pub fn problem(self) -> Problem {
        let code = match self {
            Self::ListPage => ProblemCode::ListPage,
            Self::ErrorPage => ProblemCode::ErrorPage,
            Self::CheckPage => ProblemCode::CheckPage,
            Self::PartOfPage => ProblemCode::PartOfPage,
            Self::NoText | Self::Data => ProblemCode::NoText,
        };
        Problem {
            code,
            message: format!("Refused, and imported all the same: {self}."),
            range: None,
        }
    }

    /// What a report was refused as that was read all the same.
    pub fn of(report: &ReportText) -> Option<Self> {
        report.problems.iter().find_map(|problem| Self::said(problem.code))
    }

    fn said(code: ProblemCode) -> Option<Self> {
        match code {
            ProblemCode::ListPage => Some(Self::ListPage),
            ProblemCode::ErrorPage => Some(Self::ErrorPage),
            ProblemCode::CheckPage => Some(Self::CheckPage),
            ProblemCode::PartOfPage => Some(Self::PartOfPage),
            ProblemCode::NoText => Some(Self::NoText),
            _ => None,
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ListPage => "the page is a list of articles",
            Self::ErrorPage => "the page is an error message of a server",
            Self::CheckPage => "the page asks for a login or a check",
            Self::PartOfPage => "the page is a part of another one in the same archive",
            Self::NoText => "there is no running text in it",
            Self::Data => "the file holds data or a program",
        })
    }
}

/// Reads a report of which nothing is known but the file.
///
/// # Errors
/// See [`import_with`].
pub fn import(source: Source<'_>) -> Result<Imported, ImportError> {
    import_with(source, &Options::default())
}

/// Reads a report.
///
/// # Errors
/// Where the bytes are no report at all: see [`ImportError`].
pub fn import_with(source: Source<'_>, options: &Options<'_>) -> Result<Imported, ImportError> {
    if source.bytes.len() > MAX_BYTES {
        return Err(ImportError::TooLarge { bytes: source.bytes.len(), limit: MAX_BYTES });
    }
    if source.bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ImportError::Empty);
    }
    options.go_on()?;
    if let Some(reason) = options.refused.filter(|_| !options.anyway) {
        return Err(ImportError::NotAReport { reason });
    }
    if pdf::is_pdf(source.bytes) {
        let report = arrange(source, options, pdf::read(source.bytes, options)?);
        return Ok(Imported { encoding: None, format: Format::Pdf, report });
    }
    if let Some((format, encoding, page)) = office::read(source, options)? {
        let report = arrange(source, options, page);
        return Ok(Imported { encoding: encoding.map(str::to_owned), format, report });
    }
    // A page in an envelope is read like any other once it is out of it.
    let envelope = mhtml::is_mhtml(source.name, source.bytes).then(|| mhtml::unpack(source.bytes));
    let envelope = match envelope {
        Some(None) => {
            let detail = "it holds no page".to_owned();
            return Err(ImportError::Damaged { format: "MHTML", detail });
        }
        Some(found) => found,
        None => None,
    };
    let bytes = envelope.as_ref().map_or(source.bytes, |e| &e.bytes);
    let named = options.encoding.and_then(|label| decode::decode_as(bytes, label));
    let decoded = named.map_or_else(|| decode::decode(bytes), Ok)?;
    if decoded.text.chars().all(line::is_blank) {
        return Err(ImportError::Empty);
    }
    let (format, page) = if let Some(envelope) = &envelope {
        (Format::Mhtml, mhtml::read(envelope, &decoded.text, options.anyway)?)
    } else if docx::is_flat(&decoded.text) {
        (Format::Docx, docx::read_flat(&decoded.text, options)?)
    } else if odt::is_flat(&decoded.text) {
        (Format::Odt, odt::read_flat(&decoded.text, options)?)
    } else if sheet::is_xml_workbook(&decoded.text) {
        (Format::Spreadsheet, sheet::page(source, options)?)
    } else if sheet::is_csv(source.name) {
        (Format::Csv, sheet::page(source, options)?)
    } else if markdown::is_markdown(source.name) {
        (Format::Markdown, markdown::read(&decoded.text))
    } else if html::is_html(source.name, &decoded.text) {
        (Format::Html, html::read(&decoded.text, options.anyway)?)
    } else {
        let lines = layout::lines_of(&decoded.text);
        (Format::Text, Page { lines, ..Page::default() })
    };
    let mut report = arrange(source, options, page);
    let mut encoding_problem = |code, message| {
        report.problems.insert(0, Problem { code, message, range: None });
    };
    if decoded.lost > 0 {
        let message =
            format!("{} places could not be decoded as {}.", decoded.lost, decoded.encoding);
        encoding_problem(ProblemCode::Undecodable, message);
    }
    if !decoded.mixed.is_empty() {
        let message = format!(
            "Parts of the file are in {}, the rest in {}.",
            decoded.mixed.join(" and "),
            decoded.encoding
        );
        encoding_problem(ProblemCode::EncodingUncertain, message);
    } else if decoded.uncertain {
        let message = format!("The encoding is not certain; {} fits best.", decoded.encoding);
        encoding_problem(ProblemCode::EncodingUncertain, message);
    }
    Ok(Imported { encoding: Some(decoded.encoding.to_owned()), format, report })
}

/// Reads a piece of a web page, as the clipboard holds it where something was copied out of a
/// browser: all of it is text, nothing is looked for around it. `name` may hold a title.
///
/// # Errors
/// Where there is nothing to be read in it.
pub fn import_piece(name: &str, markup: &str) -> Result<Imported, ImportError> {
    let source = Source { name, bytes: markup.as_bytes() };
    if source.bytes.len() > MAX_BYTES {
        return Err(ImportError::TooLarge { bytes: source.bytes.len(), limit: MAX_BYTES });
    }
    let page = html::read_piece(markup);
    if page.lines.is_empty() {
        return Err(ImportError::Empty);
    }
    let report = arrange(source, &Options::default(), page);
    Ok(Imported { encoding: Some("UTF-8".to_owned()), format: Format::Html, report })
}

/// The folder that a browser saves beside a page for its pictures: what is in it are no reports.
/// Of `云溪.html` the names are those that browsers give in English and in Chinese.
pub fn companion_folders(name: &str) -> Vec<String> {
    html::companion_folders(name)
}

/// Makes a report of what a reader returns, whichever the format.
fn arrange(source: Source<'_>, options: &Options<'_>, page: Page) -> ReportText {
    let Page { lines, facts, problems } = page;
    let facts = Facts {
        file_title: layout::title_of_file(source.name),
        // Where the bytes came from is surer than what they say of it.
        address: options.address.map(str::to_owned).or(facts.address),
        ..facts
    };
    let mut report = layout::arrange(lines, &facts);
    report.problems.splice(0..0, problems);
    if let Some(reason) = options.refused {
        // What its container says of it goes before what it looks like.
        report.problems.retain(|problem| Refusal::said(problem.code).is_none());
        report.problems.insert(0, reason.problem());
    }
    report
}
