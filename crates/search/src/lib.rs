//! The full-text index, the query language, exact matches and snippets.
//!
//! What a search finds is defined by [`Query::matches`], which looks at one document folded by
//! `anjuan_text`. The [`Index`] is only a faster way to the same answer: every pair of neighbouring
//! units is a term with its position and every single unit a term of its own, so a phrase of pairs
//! stands in the index exactly where its characters stand in the folded text. Word segmentation
//! takes no part in what is found; it suggests words and widens a search that found nothing, when
//! asked to.
//!
//! The index is derived: it lives in a folder that may be deleted at any time, remembers the number
//! of the last change it has applied, and catches up from a [`Source`]. Documents changed since are
//! read from the source by every search, so results are never behind.
//!
//! ```
//! use anjuan_search::{Document, FoldedDocument, query};
//!
//! let parsed = query::parse("計畫 地区:长沙 -“试点”");
//! let document = Document {
//!     id: "1".into(),
//!     text: "明年工作计划".into(),
//!     place: Some("湖南省长沙市".into()),
//!     ..Document::default()
//! };
//! let matches = parsed.query.matches(&FoldedDocument::new(&document));
//! assert_eq!(matches.map(|found| found.len()), Some(1));
//! ```

// The tests inside and outside of the crate share an archive in memory.
#[cfg(test)]
extern crate self as anjuan_search;

pub mod collocation;
mod compile;
mod document;
mod frequency;
mod index;
pub mod keyness;
mod near;
mod part;
pub mod query;
mod schema;
mod search;
mod similar;
mod snippet;
mod suggest;
pub mod words;

pub use document::{Day, Document, DocumentChange, FoldedDocument, Source};
pub use index::{Index, IndexError, Opened, Progress, Reason, SearchError, Status};
pub use query::{Chip, ChipKind, Note, NoteCode, Parsed, Query, Sort};
pub use search::{Evidence, EvidencePlace, Hit, Page, Tier, TierTotal, each_found};
pub use similar::Similar;
pub use snippet::{Snippet, snippets};
pub use suggest::{Names, Suggestion, SuggestionKind};
