//! Table `revision`: the reading text of a report as it was at one time, with its structure.
//!
//! Rows never change. A revision knows the one before it, and the report points to the newest, so
//! the revisions of a report are the chain from there: undoing a new revision moves the pointer
//! back and the chain with it.

use crate::error::StoreError;
use crate::id::{ContentHash, ReportId, RevisionId};
use crate::original::{pack, unpack};
use crate::schema::Migration;
use crate::store::{Read, Write};
use anjuan_text::{Block, Furniture, Metadata, Problem, Recognition, Repair, ReportText};
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    sql: "
    CREATE TABLE revision (
        id          BLOB PRIMARY KEY NOT NULL,
        report      BLOB NOT NULL,              -- not a reference: undoing an import leaves it behind
        parent      BLOB REFERENCES revision (id),
        original    BLOB NOT NULL REFERENCES original (hash),
        encoding    TEXT,                       -- of the original, as the Encoding Standard names it
        text_hash   BLOB NOT NULL,              -- BLAKE3, of the form of the text the caller chose
        characters  INTEGER NOT NULL,           -- code points of the text
        size        INTEGER NOT NULL,           -- bytes of the text as UTF-8
        structure_size INTEGER NOT NULL,        -- bytes of the structure before compression
        created_at  TEXT NOT NULL,
        created_by  TEXT NOT NULL,
        text        BLOB NOT NULL,              -- zstd of UTF-8
        structure   BLOB NOT NULL               -- zstd of JSON: metadata as recognised, blocks,
                                                -- furniture, repairs, problems
    ) STRICT;
    CREATE INDEX revision_report ON revision (report);
    CREATE INDEX revision_original ON revision (original);
    CREATE INDEX revision_text_hash ON revision (text_hash);
    CREATE INDEX revision_parent ON revision (parent) WHERE parent IS NOT NULL;
    ",
}];

/// What a report's text is made of, all but the text.
#[derive(Deserialize)]
struct Structure {
    metadata: Metadata,
    blocks: Vec<Block>,
    furniture: Vec<Furniture>,
    repairs: Vec<Repair>,
    problems: Vec<Problem>,
    #[serde(default)]
    recognition: Option<Recognition>,
}

/// [`Structure`] for writing.
#[derive(Serialize)]
struct StructureRef<'t> {
    metadata: &'t Metadata,
    blocks: &'t [Block],
    furniture: &'t [Furniture],
    repairs: &'t [Repair],
    problems: &'t [Problem],
    #[serde(skip_serializing_if = "Option::is_none")]
    recognition: Option<&'t Recognition>,
}

/// A reading text to keep.
#[derive(Debug, Clone, Copy)]
pub struct NewRevision<'t> {
    /// The original it was read from, kept before by [`Write::insert_original`].
    pub original: ContentHash,
    /// Encoding of the original.
    pub encoding: Option<&'t str>,
    /// The text with all that was recognised.
    pub text: &'t ReportText,
    /// Hash by which equal texts are found, of the text in whichever form the caller compares.
    pub text_hash: ContentHash,
}

/// A revision without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Which.
    pub id: RevisionId,
    /// Its report.
    pub report: ReportId,
    /// The one before.
    pub parent: Option<RevisionId>,
    /// The original it was read from.
    pub original: ContentHash,
    /// Encoding of the original.
    pub encoding: Option<String>,
    /// See [`NewRevision::text_hash`].
    pub text_hash: ContentHash,
    /// Length of the text in code points.
    pub characters: u32,
    /// When it was made, ISO 8601.
    pub created_at: String,
    /// Who made it.
    pub created_by: String,
}

const COLUMNS: &str = "id, report, parent, original, encoding, text_hash, characters, created_at, \
                       created_by";

fn revision(row: &Row<'_>) -> rusqlite::Result<Revision> {
    Ok(Revision {
        id: row.get(0)?,
        report: row.get(1)?,
        parent: row.get(2)?,
        original: row.get(3)?,
        encoding: row.get(4)?,
        text_hash: row.get(5)?,
        characters: row.get(6)?,
        created_at: row.get(7)?,
        created_by: row.get(8)?,
    })
}

impl Read<'_> {
    /// One revision, without its text.
    pub fn revision(&self, id: RevisionId) -> Result<Revision, StoreError> {
        self.conn
            .prepare_cached(&format!("SELECT {COLUMNS} FROM revision WHERE id = ?1"))?
            .query_row([id], revision)
            .optional()?
            .ok_or_else(|| StoreError::missing("revision", id))
    }

    /// A report's revisions, newest first.
    pub fn revisions(&self, report: ReportId) -> Result<Vec<Revision>, StoreError> {
        let mut next = Some(self.report(report)?.revision);
        let mut found = Vec::new();
        while let Some(id) = next {
            let revision = self.revision(id)?;
            next = revision.parent;
            found.push(revision);
        }
        Ok(found)
    }

    /// The reading text of a revision alone.
    pub fn text(&self, id: RevisionId) -> Result<String, StoreError> {
        let (packed, size): (Vec<u8>, u32) = self
            .conn
            .prepare_cached("SELECT text, size FROM revision WHERE id = ?1")?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?
            .ok_or_else(|| StoreError::missing("revision", id))?;
        String::from_utf8(unpack(&packed, size)?)
            .map_err(|_| StoreError::Damaged(format!("the text of revision {id} is not UTF-8")))
    }

    /// A revision's text with all that was recognised in it. The metadata are those of the
    /// source; what the user corrected stands in [`crate::Report::metadata`].
    pub fn report_text(&self, id: RevisionId) -> Result<ReportText, StoreError> {
        let Structure { metadata, blocks, furniture, repairs, problems, recognition } =
            self.structure(id)?;
        let text = self.text(id)?;
        Ok(ReportText { metadata, text, blocks, furniture, repairs, problems, recognition })
    }

    /// What was recognised as a revision's metadata.
    pub(crate) fn recognised(&self, id: RevisionId) -> Result<Metadata, StoreError> {
        Ok(self.structure(id)?.metadata)
    }

    fn structure(&self, id: RevisionId) -> Result<Structure, StoreError> {
        let (packed, size): (Vec<u8>, u32) = self
            .conn
            .prepare_cached("SELECT structure, structure_size FROM revision WHERE id = ?1")?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?
            .ok_or_else(|| StoreError::missing("revision", id))?;
        serde_json::from_slice(&unpack(&packed, size)?).map_err(|error| {
            StoreError::Damaged(format!("the structure of revision {id}: {error}"))
        })
    }

    /// The report that has or had this text, at whichever revision.
    pub fn find_text_hash(&self, hash: ContentHash) -> Result<Option<ReportId>, StoreError> {
        self.find_revision_by("text_hash", hash)
    }

    /// The report one of whose revisions has this hash in `column`. Deleted reports and revisions
    /// that were undone do not count.
    pub(crate) fn find_revision_by(
        &self,
        column: &'static str,
        hash: ContentHash,
    ) -> Result<Option<ReportId>, StoreError> {
        let mut select = self.conn.prepare_cached(&format!(
            "WITH RECURSIVE
             candidate (report) AS (
                 SELECT DISTINCT v.report FROM revision v JOIN report r ON r.id = v.report
                 WHERE v.{column} = ?1 AND r.deleted_at IS NULL),
             chain (report, id) AS (
                 SELECT c.report, r.revision FROM candidate c JOIN report r ON r.id = c.report
                 UNION
                 SELECT chain.report, v.parent FROM chain JOIN revision v ON v.id = chain.id
                 WHERE v.parent IS NOT NULL)
             SELECT chain.report FROM chain JOIN revision v ON v.id = chain.id
             WHERE v.{column} = ?1 ORDER BY chain.report LIMIT 1"
        ))?;
        Ok(select.query_row([hash], |row| row.get(0)).optional()?)
    }
}

impl Write<'_> {
    /// Keeps a text; the caller makes a report point to it.
    pub(crate) fn insert_revision(
        &mut self,
        report: ReportId,
        parent: Option<RevisionId>,
        new: &NewRevision<'_>,
    ) -> Result<RevisionId, StoreError> {
        let id = RevisionId::new();
        let ReportText { metadata, text, blocks, furniture, repairs, problems, recognition } =
            new.text;
        let recognition = recognition.as_ref();
        let structure =
            StructureRef { metadata, blocks, furniture, repairs, problems, recognition };
        let structure = serde_json::to_vec(&structure)
            .map_err(|error| StoreError::Damaged(error.to_string()))?;
        let (structure_size, structure) = pack(&structure)?;
        let (size, packed) = pack(text.as_bytes())?;
        self.conn
            .prepare_cached(
                "INSERT INTO revision (id, report, parent, original, encoding, text_hash,
                     characters, size, structure_size, created_at, created_by, text, structure)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )?
            .execute(params![
                id,
                report,
                parent,
                new.original,
                new.encoding,
                new.text_hash,
                text.chars().count() as u32,
                size,
                structure_size,
                self.at,
                self.author,
                packed,
                structure,
            ])?;
        Ok(id)
    }
}
