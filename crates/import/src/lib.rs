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
mod date;
mod decode;
mod furniture;
mod heading;
mod html;
mod layout;
mod line;
mod metadata;
mod names;
mod oddities;
mod organisation;
pub mod places;

use anjuan_text::{Problem, ProblemCode, ReportText};
use serde::{Deserialize, Serialize};

/// A file to import.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The file's name; its ending may hint at the format, its stem at the title.
    pub name: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
}

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Plain text.
    Text,
    /// A saved web page.
    Html,
}

/// A report read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// The encoding of the file: `UTF-8`, `GB18030` (for its subsets GBK and GB2312 too), `Big5`,
    /// `UTF-16LE`, `UTF-16BE`, or another name of the WHATWG encoding standard.
    pub encoding: String,
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
}

/// Reads a report.
///
/// # Errors
/// Where the bytes are no text at all: see [`ImportError`].
pub fn import(source: Source<'_>) -> Result<Imported, ImportError> {
    if source.bytes.len() > MAX_BYTES {
        return Err(ImportError::TooLarge { bytes: source.bytes.len(), limit: MAX_BYTES });
    }
    if source.bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ImportError::Empty);
    }
    let decoded = decode::decode(source.bytes)?;
    if decoded.text.chars().all(line::is_blank) {
        return Err(ImportError::Empty);
    }
    let file_title = layout::title_of_file(source.name);
    let (format, mut report) = if html::is_html(source.name, &decoded.text) {
        let html::Page { lines, facts } = html::read(&decoded.text);
        (Format::Html, layout::arrange(lines, &layout::Facts { file_title, ..facts }))
    } else {
        let facts = layout::Facts { file_title, ..Default::default() };
        (Format::Text, layout::arrange(layout::lines_of(&decoded.text), &facts))
    };
    let mut encoding_problem = |code, message| {
        report.problems.insert(0, Problem { code, message, range: None });
    };
    if decoded.lost > 0 {
        let message =
            format!("{} places could not be decoded as {}.", decoded.lost, decoded.encoding);
        encoding_problem(ProblemCode::Undecodable, message);
    }
    if decoded.uncertain {
        let message = format!("The encoding is not certain; {} fits best.", decoded.encoding);
        encoding_problem(ProblemCode::EncodingUncertain, message);
    }
    Ok(Imported { encoding: decoded.encoding.to_owned(), format, report })
}
