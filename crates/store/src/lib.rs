//! The one truth of an archive: reports, tags, passages, memos and history in SQLite.
//!
//! An archive is one file `NAME.anjuan`: a SQLite database with an application id (`AnJu`) and a
//! schema version (`user_version`), in WAL mode while it is open. Everything else the program
//! keeps (search index, caches) is derived from it and follows it by the numbered change log.
//!
//! # How it works
//!
//! [`Store::edit`] runs some changes as one transaction. A SQLite session records what they do to
//! the tracked tables as a changeset, and from that one record come the undo history and the
//! change log, both written in the same transaction. When `edit` returns, all of it is on the
//! disk. [`Store::undo`] and [`Store::redo`] apply the changeset backwards and forwards, also
//! after a restart. [`ReadStore`]s read while the store writes; a [`Read`] is one consistent view.
//!
//! Nothing a user made is removed: rows are marked by `deleted_at`, with who and when. The clock is
//! the caller's (`at`, ISO 8601 text), and so are the names of authors and the labels of edits.
//!
//! ```
//! use anjuan_store::{ContentHash, Edit, NewPassage, NewReport, NewRevision, NewTag, Store};
//! use anjuan_text::{CharRange, ReportText};
//!
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("案卷.anjuan");
//! let mut store = Store::create(&path, "2026-01-01T00:00:00Z")?;
//! let edit = Edit {
//!     label: "import", author: "林", at: "2026-01-01T00:00:01Z", group: None, report: None,
//! };
//! let text = ReportText { text: "云州市侨联召开全会".into(), ..ReportText::default() };
//! let report = store.edit(&edit, |w| {
//!     let original = w.insert_original(text.text.as_bytes())?;
//!     let text_hash = ContentHash::of(text.text.as_bytes());
//!     let revision = NewRevision { original, encoding: Some("UTF-8"), text: &text, text_hash };
//!     w.insert_report(&NewReport { path: None, title_key: "", revision })
//! })?;
//! store.edit(&Edit { label: "passage.create", ..edit }, |w| {
//!     let tag = w.create_tag(&NewTag { name: "会议", colour: "#2f6f4f", ..NewTag::default() })?;
//!     let range = CharRange::new(5, 9);
//!     w.create_passage(&NewPassage {
//!         report, revision: None, range, tags: &[tag], memo: "", coder: None,
//!     })
//! })?;
//! assert_eq!(store.read().counts()?.passages, 1);
//! store.undo("林", "2026-01-01T00:00:02Z")?;
//! assert_eq!(store.read().counts()?.passages, 0);
//! # Ok::<(), anjuan_store::StoreError>(())
//! ```
//!
//! # The schema
//!
//! One module holds one table: its migrations, its row type, its reads and its writes. `listing`
//! asks across them what the list of reports is made of.
//!
//! | table | holds | in the undo history |
//! |---|---|---|
//! | `meta` | facts about the archive by key: its id, when it was made | yes |
//! | `original` | the bytes of every imported file, zstd, by BLAKE3 hash | no, rows never change |
//! | `revision` | a reading text (zstd), its structure (zstd JSON: recognised metadata, blocks, furniture, repairs, problems, recognition), the revision before it | no, rows never change |
//! | `report` | a report as the library lists it: newest revision, metadata as corrected, folded keys, length, problems | yes |
//! | `report_tally` | how many passages each report has | no, triggers keep it |
//! | `tag` | the codebook's tree | yes |
//! | `passage` | anchors: revision, range in code points, quote, 32 code points of context, state, memo, coder | yes |
//! | `passage_tag` | the tags on a passage | yes |
//! | `memo` | notes on reports, tags and collections | yes |
//! | `collection`, `collection_report` | reports put together | yes |
//! | `search` | searches kept under a name | yes |
//! | `near` | pairs of reports that are nearly the same, and what was decided on them | yes |
//! | `likeness` | by which such reports find each other | no, derived |
//! | `batch` | imports under way | no |
//! | `history` | every edit with its changeset, and whether it is undone | is the history |
//! | `change` | the log: number, kind, subject, report, put or remove | written by undo and redo too |
//!
//! Identifiers are UUIDv7 as 16 bytes, times ISO 8601 text, offsets Unicode code points, half-open.
//!
//! # Limits
//!
//! No single original or text may have more than 1 GiB. The folder of the file must be on a disk
//! that supports shared memory, which network drives often do not.

#![allow(
    clippy::missing_errors_doc,
    reason = "every function here asks the file and fails as StoreError says"
)]

mod backup;
mod batch;
mod change;
mod check;
mod collection;
mod error;
mod history;
mod id;
mod likeness;
mod listing;
mod memo;
mod meta;
mod original;
mod passage;
mod report;
mod revision;
mod schema;
mod search;
mod store;
mod tag;
mod tree;

pub use backup::{CopyProgress, Glance, glance, restore, sweep};
pub use batch::Batch;
pub use change::{Change, ChangeKind, ChangeOp};
pub use check::{Counts, Flaw};
pub use collection::Collection;
pub use error::StoreError;
pub use history::{History, HistoryStep};
pub use id::{
    ArchiveId, CollectionId, ContentHash, PassageId, ReportId, RevisionId, SearchId, TagId,
};
pub use likeness::{LIKENESS_HASHES, Near};
pub use listing::{Listed, ListingChanges, Marks};
pub use memo::{Memo, Subject};
pub use passage::{AnchorState, NewPassage, Passage, PassageFilter, PassagePatch};
pub use report::{MetadataPatch, NewReport, Report};
pub use revision::{NewRevision, Revision};
pub use search::SavedSearch;
pub use store::{Edit, Read, ReadStore, Store, Write};
pub use tag::{NewTag, Tag, TagPatch};
