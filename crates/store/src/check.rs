//! Whether an archive is whole, and how much is in it.

use crate::error::StoreError;
use crate::id::{ContentHash, PassageId, RevisionId};
use crate::store::Read;
use anjuan_text::{CharRange, OffsetMap};
use std::fmt;

/// How much is in an archive, deleted things not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Reports.
    pub reports: u32,
    /// Passages in them.
    pub passages: u32,
    /// Tags.
    pub tags: u32,
    /// Collections.
    pub collections: u32,
}

/// Something in an archive that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// SQLite finds fault with the file.
    File(String),
    /// A row of a table refers to something that is not there.
    Reference {
        /// The table of the row.
        table: String,
        /// The table that it refers to.
        refers_to: String,
    },
    /// An original cannot be unpacked, or is not what its hash says.
    Original(ContentHash),
    /// A revision cannot be unpacked, or is not as long as it says.
    Revision(RevisionId),
    /// The quote of a passage is not what stands at its range.
    Passage(PassageId),
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(message) => f.write_str(message),
            Self::Reference { table, refers_to } => {
                write!(f, "a row of {table} refers to a missing row of {refers_to}")
            }
            Self::Original(hash) => write!(f, "the original {hash} is damaged"),
            Self::Revision(id) => write!(f, "the text of revision {id} is damaged"),
            Self::Passage(id) => write!(f, "the quote of passage {id} is not in its text"),
        }
    }
}

impl Read<'_> {
    /// How much is in the archive.
    pub fn counts(&self) -> Result<Counts, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT (SELECT count(*) FROM report WHERE deleted_at IS NULL),
                 (SELECT count(*) FROM passage WHERE deleted_at IS NULL)
                     - (SELECT count(*) FROM report r CROSS JOIN passage p ON p.report = r.id
                        WHERE r.deleted_at IS NOT NULL AND p.deleted_at IS NULL),
                 (SELECT count(*) FROM tag WHERE deleted_at IS NULL),
                 (SELECT count(*) FROM collection WHERE deleted_at IS NULL)",
        )?;
        Ok(select.query_row([], |row| {
            Ok(Counts {
                reports: row.get(0)?,
                passages: row.get(1)?,
                tags: row.get(2)?,
                collections: row.get(3)?,
            })
        })?)
    }

    /// Reads the whole archive and names what is not as it was written: the file's structure,
    /// references, every original against its hash, every text and every quote.
    pub fn integrity_check(&self) -> Result<Vec<Flaw>, StoreError> {
        let mut flaws = Vec::new();
        self.conn.pragma_query(None, "integrity_check", |row| {
            let line: String = row.get(0)?;
            if line != "ok" {
                flaws.push(Flaw::File(line));
            }
            Ok(())
        })?;
        self.conn.pragma_query(None, "foreign_key_check", |row| {
            flaws.push(Flaw::Reference { table: row.get(0)?, refers_to: row.get(2)? });
            Ok(())
        })?;
        self.check_originals(&mut flaws)?;
        self.check_revisions(&mut flaws)?;
        Ok(flaws)
    }

    fn check_originals(&self, flaws: &mut Vec<Flaw>) -> Result<(), StoreError> {
        let mut select = self.conn.prepare("SELECT hash FROM original")?;
        for hash in select.query_map([], |row| row.get(0))? {
            let hash = hash?;
            if !self.original(hash).is_ok_and(|bytes| ContentHash::of(&bytes) == hash) {
                flaws.push(Flaw::Original(hash));
            }
        }
        Ok(())
    }

    fn check_revisions(&self, flaws: &mut Vec<Flaw>) -> Result<(), StoreError> {
        let mut select = self.conn.prepare("SELECT id, characters FROM revision")?;
        let mut quotes =
            self.conn.prepare("SELECT id, start, end, quote FROM passage WHERE revision = ?1")?;
        for revision in select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))? {
            let (id, characters): (RevisionId, u32) = revision?;
            let Ok(text) = self.report_text(id) else {
                flaws.push(Flaw::Revision(id));
                continue;
            };
            let map = OffsetMap::new(&text.text);
            if map.chars() != characters {
                flaws.push(Flaw::Revision(id));
            }
            for passage in quotes.query_map([id], |row| {
                let range = CharRange::new(row.get(1)?, row.get(2)?);
                Ok((row.get(0)?, range, row.get::<_, String>(3)?))
            })? {
                let (passage, range, quote) = passage?;
                if map.slice(range) != quote {
                    flaws.push(Flaw::Passage(passage));
                }
            }
        }
        Ok(())
    }
}
