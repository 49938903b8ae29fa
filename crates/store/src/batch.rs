//! Table `batch`: imports that are under way, so that one that was broken off can go on. No part of
//! what can be undone; a row goes when its import ends.

use crate::error::StoreError;
use crate::schema::Migration;
use crate::store::{Read, Write};
use rusqlite::{OptionalExtension, params};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 3,
    sql: "
    CREATE TABLE batch (
        id          TEXT PRIMARY KEY NOT NULL,
        request     TEXT NOT NULL,          -- JSON: what was asked for
        done        INTEGER NOT NULL,       -- files dealt with, in the order in which they are met
        total       INTEGER NOT NULL,       -- files in all, as far as known
        last        TEXT,                   -- path of the last of them
        counts      TEXT NOT NULL,          -- JSON: what became of them
        started_at  TEXT NOT NULL
    ) STRICT;
    ",
}];

/// An import under way or broken off.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch {
    /// Identifier, the caller's own.
    pub id: String,
    /// What was asked for, in the caller's form.
    pub request: String,
    /// Files dealt with.
    pub done: u32,
    /// Files in all, as far as known.
    pub total: u32,
    /// Path of the last one.
    pub last: Option<String>,
    /// What became of them, in the caller's form.
    pub counts: String,
    /// When it began, ISO 8601.
    pub started_at: String,
}

impl Read<'_> {
    /// The imports that are under way or were broken off, oldest first.
    pub fn batches(&self) -> Result<Vec<Batch>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT id, request, done, total, last, counts, started_at FROM batch
             ORDER BY started_at, id",
        )?;
        let batches = select
            .query_map([], |row| {
                Ok(Batch {
                    id: row.get(0)?,
                    request: row.get(1)?,
                    done: row.get(2)?,
                    total: row.get(3)?,
                    last: row.get(4)?,
                    counts: row.get(5)?,
                    started_at: row.get(6)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(batches)
    }

    /// Whether there is an import of this identifier.
    pub fn has_batch(&self, id: &str) -> Result<bool, StoreError> {
        let found: Option<u32> = self
            .conn
            .prepare_cached("SELECT 1 FROM batch WHERE id = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        Ok(found.is_some())
    }
}

impl Write<'_> {
    /// Notes how far an import is.
    pub fn set_batch(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO batch (id, request, done, total, last, counts, started_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (id) DO UPDATE SET done = excluded.done, total = excluded.total,
                     last = excluded.last, counts = excluded.counts",
            )?
            .execute(params![
                batch.id,
                batch.request,
                batch.done,
                batch.total,
                batch.last,
                batch.counts,
                batch.started_at,
            ])?;
        Ok(())
    }

    /// Forgets an import that ended.
    pub fn remove_batch(&mut self, id: &str) -> Result<(), StoreError> {
        self.conn.prepare_cached("DELETE FROM batch WHERE id = ?1")?.execute([id])?;
        Ok(())
    }
}
