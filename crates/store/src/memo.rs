//! Table `memo`: notes on reports, tags and collections. Notes on passages stand in their rows.

use crate::error::StoreError;
use crate::id::{CollectionId, ReportId, TagId};
use crate::schema::Migration;
use crate::store::{Read, Write};
use rusqlite::types::{ToSql, ToSqlOutput};
use rusqlite::{OptionalExtension, params};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    sql: "
    CREATE TABLE memo (
        kind        TEXT NOT NULL,          -- report, tag, collection
        subject     BLOB NOT NULL,          -- its id
        text        TEXT NOT NULL,
        created_at  TEXT NOT NULL,
        created_by  TEXT NOT NULL,
        modified_at TEXT NOT NULL,
        deleted_at  TEXT,
        PRIMARY KEY (kind, subject)
    ) STRICT, WITHOUT ROWID;
    ",
}];

/// What a memo is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A report.
    Report(ReportId),
    /// A tag.
    Tag(TagId),
    /// A collection.
    Collection(CollectionId),
}

impl Subject {
    pub(crate) const REPORT: &str = "report";

    fn kind(self) -> &'static str {
        match self {
            Self::Report(_) => Self::REPORT,
            Self::Tag(_) => "tag",
            Self::Collection(_) => "collection",
        }
    }
}

/// The identifier alone.
impl ToSql for Subject {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Report(id) => id.to_sql(),
            Self::Tag(id) => id.to_sql(),
            Self::Collection(id) => id.to_sql(),
        }
    }
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memo {
    /// What it says.
    pub text: String,
    /// When it was begun, ISO 8601.
    pub created_at: String,
    /// Who began it.
    pub created_by: String,
    /// When it was last changed.
    pub modified_at: String,
}

impl Read<'_> {
    /// The memo on something, where there is one.
    pub fn memo(&self, subject: Subject) -> Result<Option<Memo>, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT text, created_at, created_by, modified_at FROM memo
                 WHERE kind = ?1 AND subject = ?2 AND deleted_at IS NULL",
            )?
            .query_row(params![subject.kind(), subject], |row| {
                Ok(Memo {
                    text: row.get(0)?,
                    created_at: row.get(1)?,
                    created_by: row.get(2)?,
                    modified_at: row.get(3)?,
                })
            })
            .optional()?)
    }

    /// The reports that have a memo, deleted reports too, in the order of their identifiers.
    pub fn reports_with_memo(&self) -> Result<Vec<ReportId>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT subject FROM memo WHERE kind = ?1 AND deleted_at IS NULL ORDER BY subject",
        )?;
        let reports =
            select.query_map([Subject::REPORT], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(reports)
    }
}

impl Write<'_> {
    /// Writes the memo on something; an empty one is taken away.
    pub fn set_memo(&mut self, subject: Subject, text: &str) -> Result<(), StoreError> {
        match subject {
            Subject::Report(id) => self.read().report(id).map(drop)?,
            Subject::Tag(id) => self.read().tag_exists(id)?,
            Subject::Collection(id) => drop(self.read().collection(id)?),
        }
        if text.is_empty() {
            self.conn
                .prepare_cached(
                    "UPDATE memo SET deleted_at = ?3, modified_at = ?3
                     WHERE kind = ?1 AND subject = ?2 AND deleted_at IS NULL",
                )?
                .execute(params![subject.kind(), subject, self.at])?;
        } else {
            self.conn
                .prepare_cached(
                    "INSERT INTO memo (kind, subject, text, created_at, created_by, modified_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?4)
                     ON CONFLICT (kind, subject) DO UPDATE
                         SET text = excluded.text, modified_at = excluded.modified_at,
                             deleted_at = NULL",
                )?
                .execute(params![subject.kind(), subject, text, self.at, self.author])?;
        }
        Ok(())
    }
}
