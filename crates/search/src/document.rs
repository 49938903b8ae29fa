//! What is indexed, and where it comes from.

use crate::query::Mark;
use anjuan_text::sentence::sentences;
use anjuan_text::{CharRange, Folded, OffsetMap};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// A report as the index sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// Identifier, unique in the archive. Hits of equal score come in its order; identifiers that are no
    /// UUIDs (RFC 9562, in small letters with hyphens) before those that are.
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
    /// Date of publication, ISO 8601, as precise as known.
    pub published: Option<String>,
    /// `Hans` or `Hant`.
    pub script: Option<String>,
    /// Names of the tags of its passages, and their paths from the root with `/` between. This and
    /// the other marks are looked at where a document is matched by itself ([`Query::matches`]);
    /// searches ask for them with [`Source::marked`], and a source need not fill them in.
    ///
    /// [`Query::matches`]: crate::Query::matches
    pub tags: Vec<String>,
    /// Names of the collections it is in.
    pub collections: Vec<String>,
    /// Whether it has a memo.
    pub memo: bool,
}

impl Document {
    /// The year of publication.
    pub(crate) fn year(&self) -> Option<i32> {
        let digits = self.published.as_deref()?.get(..4)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
    }

    /// The first and the last day on which it may have been published.
    pub(crate) fn published_between(&self) -> Option<(Day, Day)> {
        let published = self.published.as_deref()?;
        let date = published.split(['T', ' ']).next().unwrap_or_default();
        let mut parts = date.splitn(3, '-');
        let mut number = |digits: usize, most: u32| {
            let part = parts.next().filter(|part| part.len() == digits)?;
            let known = part.bytes().all(|b| b.is_ascii_digit());
            known.then(|| part.parse().ok())?.filter(|number| *number <= most)
        };
        let Some(year) = number(4, 9999) else {
            // At least the year may be legible.
            return self.year().map(|year| (Day::first(year, None), Day::last(year, None)));
        };
        let month = number(2, 12);
        let day = month.and_then(|_| number(2, 31));
        let known = month.map(|month| (month, day));
        let year = i32::try_from(year).ok()?;
        Some((Day::first(year, known), Day::last(year, known)))
    }

    /// Characters of the text without white space.
    pub(crate) fn length(&self) -> i64 {
        let length = self.text.chars().filter(|c| !c.is_whitespace()).count();
        i64::try_from(length).unwrap_or(i64::MAX)
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

/// A day of the calendar as a number in the order of time: year, month, day in decimal places. A
/// month or day that is not known is 0 at the begin of a span and 99 at its end, so that the spans
/// of 2018 and of 2018-05 overlap and those of 2018-04 and 2018-05 do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(i64);

impl Day {
    fn new(year: i32, month: u32, day: u32) -> Self {
        Self(i64::from(year) * 10_000 + i64::from(month) * 100 + i64::from(day))
    }

    /// The begin of a year, of a month or of a day.
    pub(crate) fn first(year: i32, known: Option<(u32, Option<u32>)>) -> Self {
        known.map_or(Self::new(year, 0, 0), |(month, day)| Self::new(year, month, day.unwrap_or(0)))
    }

    /// The end of a year, of a month or of a day.
    pub(crate) fn last(year: i32, known: Option<(u32, Option<u32>)>) -> Self {
        known.map_or(Self::new(year, 99, 99), |(month, day)| {
            Self::new(year, month, day.unwrap_or(99))
        })
    }

    pub(crate) fn number(self) -> i64 {
        self.0
    }
}

/// A change to a document, as the archive numbers them. What is changed of its marks alone needs
/// none.
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

    /// The documents that have a mark now. The index does not hold marks, so that a change of them
    /// alone need not be among the changes.
    ///
    /// # Errors
    /// Whatever the archive says.
    fn marked(&self, mark: Mark<'_>) -> Result<BTreeSet<String>, Self::Error>;

    /// The identifiers of all documents.
    ///
    /// # Errors
    /// Whatever the archive says.
    fn all(&self) -> Result<Vec<String>, Self::Error>;
}

/// A document with its folded text, each part made when first asked for.
#[derive(Debug)]
pub struct FoldedDocument<'d> {
    document: &'d Document,
    text: OnceLock<Folded>,
    scopes: OnceLock<Scopes>,
}

/// For every unit the number of what it stands in.
#[derive(Debug)]
struct Scopes {
    sentences: Vec<u32>,
    paragraphs: Vec<u32>,
}

impl<'d> FoldedDocument<'d> {
    /// Nothing is folded yet.
    pub fn new(document: &'d Document) -> Self {
        Self { document, text: OnceLock::new(), scopes: OnceLock::new() }
    }

    /// The document.
    pub fn document(&self) -> &'d Document {
        self.document
    }

    /// Its reading text, folded.
    pub fn text(&self) -> &Folded {
        self.text.get_or_init(|| Folded::new(&self.document.text))
    }

    /// The number of the sentence that each unit begins in.
    pub(crate) fn sentences(&self) -> &[u32] {
        &self.scopes().sentences
    }

    /// The number of the paragraph, which is a line, that each unit begins in.
    pub(crate) fn paragraphs(&self) -> &[u32] {
        &self.scopes().paragraphs
    }

    fn scopes(&self) -> &Scopes {
        self.scopes.get_or_init(|| {
            let text = &self.document.text;
            let units = self.text().units();
            let sentences = sentences(text);
            let breaks: Vec<u32> = text.match_indices('\n').map(|(at, _)| at as u32).collect();
            let (mut sentence, mut paragraph) = (0, 0);
            let mut scopes = Scopes {
                sentences: Vec::with_capacity(units.len()),
                paragraphs: Vec::with_capacity(units.len()),
            };
            for unit in units {
                while sentences.get(sentence).is_some_and(|s| s.end <= unit.start) {
                    sentence += 1;
                }
                while breaks.get(paragraph).is_some_and(|&at| at < unit.byte_start) {
                    paragraph += 1;
                }
                scopes.sentences.push(sentence as u32);
                scopes.paragraphs.push(paragraph as u32);
            }
            scopes
        })
    }
}
