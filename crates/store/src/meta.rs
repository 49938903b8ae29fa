//! Table `meta`: facts about the archive itself, by key.

use crate::error::StoreError;
use crate::id::ArchiveId;
use crate::schema::Migration;
use crate::store::{Read, Write};
use rusqlite::{Connection, OptionalExtension, params};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    sql: "
    CREATE TABLE meta (
        key         TEXT PRIMARY KEY NOT NULL,
        value       TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    ",
}];

const ARCHIVE_ID: &str = "archive_id";
const CREATED_AT: &str = "created_at";

/// Fills a new archive's table.
pub(crate) fn fill(conn: &Connection, now: &str) -> Result<(), StoreError> {
    let mut insert = conn.prepare("INSERT INTO meta (key, value) VALUES (?1, ?2)")?;
    insert.execute(params![ARCHIVE_ID, ArchiveId::new().to_string()])?;
    insert.execute(params![CREATED_AT, now])?;
    Ok(())
}

/// Makes an archive another one.
pub(crate) fn renew_id(conn: &Connection) -> Result<(), StoreError> {
    let id = ArchiveId::new().to_string();
    conn.execute("UPDATE meta SET value = ?2 WHERE key = ?1", params![ARCHIVE_ID, id])?;
    Ok(())
}

impl Read<'_> {
    /// The identifier that the archive was made with. Derived indexes are kept under it.
    pub fn archive_id(&self) -> Result<ArchiveId, StoreError> {
        self.meta(ARCHIVE_ID)?
            .ok_or_else(|| StoreError::Damaged("the archive has no identifier".into()))?
            .parse()
    }

    /// When the archive was made, ISO 8601.
    pub fn created_at(&self) -> Result<String, StoreError> {
        Ok(self.meta(CREATED_AT)?.unwrap_or_default())
    }

    /// A fact about the archive.
    pub fn meta(&self, key: &str) -> Result<Option<String>, StoreError> {
        let mut select = self.conn.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
        Ok(select.query_row([key], |row| row.get(0)).optional()?)
    }
}

impl Write<'_> {
    /// Sets a fact about the archive; `None` takes it away.
    pub fn set_meta(&mut self, key: &str, value: Option<&str>) -> Result<(), StoreError> {
        match value {
            Some(value) => self
                .conn
                .prepare_cached(
                    "INSERT INTO meta (key, value) VALUES (?1, ?2)
                     ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                )?
                .execute(params![key, value])?,
            None => self.conn.prepare_cached("DELETE FROM meta WHERE key = ?1")?.execute([key])?,
        };
        Ok(())
    }
}
