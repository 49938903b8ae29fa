//! What is indexed, and where it comes from.

use anjuan_text::{CharRange, Folded, OffsetMap};
use std::sync::OnceLock;

/// A report as the index sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// Identifier, unique in the archive. Hits of equal score come in its order.
    pub id: String,
    /// The title. It only weighs and answers `标题:`; the text is expected to contain it.
    pub title: String,
    /// The reading text with its title block: what phrases are looked for in.
    pub text: String,
    /// Where the headings stand in the text.
    pub headings: Vec<CharRange>,
    /// The place as shown.
    pub place: Option<String>,
    /// Names of the place and of every division above it.
    pub places: Vec<String>,
    /// The organisation that reports.
    pub organisation: Option<String>,
    /// Where it was published.
    pub source: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Date of publication, ISO 8601, as precise as known; the year is what is searched.
    pub published: Option<String>,
    /// `Hans` or `Hant`.
    pub script: Option<String>,
    /// Names of the tags of its passages, and their paths from the root with `/` between.
    pub tags: Vec<String>,
    /// Names of the collections it is in.
    pub collections: Vec<String>,
}

impl Document {
    /// The year of publication.
    pub(crate) fn year(&self) -> Option<i32> {
        let digits = self.published.as_deref()?.get(..4)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
    }

    /// The texts of the headings.
    pub(crate) fn heading_texts(&self) -> Vec<&str> {
        if self.headings.is_empty() {
            return Vec::new();
        }
        let map = OffsetMap::new(&self.text);
        self.headings.iter().map(|&range| map.slice(range)).collect()
    }
}

/// A change to a document, as the archive numbers them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentChange {
    /// Number of the change; rises with every change of the archive.
    pub seq: u64,
    /// The document changed, added or deleted.
    pub document: String,
}

/// The archive that an index is derived from.
pub trait Source {
    /// What can go wrong while reading.
    type Error;

    /// Identifier of the archive, kept with the index so that a foreign one is noticed.
    fn archive_id(&self) -> String;

    /// Number of the last change; 0 where there is none.
    ///
    /// # Errors
    /// Whatever the archive says.
    fn sequence(&self) -> Result<u64, Self::Error>;

    /// Changes with numbers above `seq` in rising order, at most `limit`. An empty answer means
    /// that there are no more.
    ///
    /// # Errors
    /// Whatever the archive says.
    fn changes_after(&self, seq: u64, limit: usize) -> Result<Vec<DocumentChange>, Self::Error>;

    /// A document as it is now; `None` where it is deleted.
    ///
    /// # Errors
    /// Whatever the archive says.
    fn document(&self, id: &str) -> Result<Option<Document>, Self::Error>;

    /// The identifiers of all documents.
    ///
    /// # Errors
    /// Whatever the archive says.
    fn all(&self) -> Result<Vec<String>, Self::Error>;
}

/// A document with its folded texts, each folded when first asked for.
#[derive(Debug)]
pub struct FoldedDocument<'d> {
    document: &'d Document,
    text: OnceLock<Folded>,
}

impl<'d> FoldedDocument<'d> {
    /// Nothing is folded yet.
    pub fn new(document: &'d Document) -> Self {
        Self { document, text: OnceLock::new() }
    }

    /// The document.
    pub fn document(&self) -> &'d Document {
        self.document
    }

    /// Its reading text, folded.
    pub fn text(&self) -> &Folded {
        self.text.get_or_init(|| Folded::new(&self.document.text))
    }
}
