//! Table `original`: the bytes of every imported file, once, by content hash.
//!
//! Rows never change, so the table is not part of the undo history: undoing an import takes back
//! the report, the original stays until nothing can bring the report back.

use crate::error::StoreError;
use crate::id::{ContentHash, ReportId};
use crate::schema::Migration;
use crate::store::{Read, Write};
use rusqlite::{OptionalExtension, params};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    sql: "
    CREATE TABLE original (
        hash        BLOB PRIMARY KEY NOT NULL,  -- BLAKE3 of the bytes, 32 bytes
        size        INTEGER NOT NULL,           -- bytes before compression
        bytes       BLOB NOT NULL               -- zstd
    ) STRICT;
    ",
}];

/// zstd's own default: at 8,000-character reports a higher level gains 2% and doubles the time.
const LEVEL: i32 = 3;

/// No original or text may have more bytes, so that a doctored file cannot exhaust memory.
const LARGEST: u32 = 1 << 30;

/// Compresses some bytes; returns their size before along with them.
pub(crate) fn pack(bytes: &[u8]) -> Result<(u32, Vec<u8>), StoreError> {
    let size = u32::try_from(bytes.len())
        .ok()
        .filter(|&size| size <= LARGEST)
        .ok_or(StoreError::TooLarge { bytes: bytes.len() as u64, limit: LARGEST.into() })?;
    let packed = zstd::bulk::compress(bytes, LEVEL)
        .map_err(|error| StoreError::Damaged(error.to_string()))?;
    Ok((size, packed))
}

pub(crate) fn unpack(packed: &[u8], size: u32) -> Result<Vec<u8>, StoreError> {
    if size > LARGEST {
        return Err(StoreError::Damaged(format!("a part claims to have {size} bytes")));
    }
    zstd::bulk::decompress(packed, size as usize)
        .map_err(|error| StoreError::Damaged(format!("a part cannot be unpacked: {error}")))
}

impl Read<'_> {
    /// The bytes of an original as they were imported.
    pub fn original(&self, hash: ContentHash) -> Result<Vec<u8>, StoreError> {
        let mut select =
            self.conn.prepare_cached("SELECT bytes, size FROM original WHERE hash = ?1")?;
        let (packed, size): (Vec<u8>, u32) = select
            .query_row([hash], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?
            .ok_or_else(|| StoreError::missing("original", hash))?;
        unpack(&packed, size)
    }

    /// The report that was imported from these bytes, at whichever revision.
    pub fn find_original(&self, hash: ContentHash) -> Result<Option<ReportId>, StoreError> {
        self.find_revision_by("original", hash)
    }
}

impl Write<'_> {
    /// Keeps the bytes of a file; nothing happens where they are kept already.
    pub fn insert_original(&mut self, bytes: &[u8]) -> Result<ContentHash, StoreError> {
        let hash = ContentHash::of(bytes);
        let known: bool = self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM original WHERE hash = ?1)")?
            .query_row([hash], |row| row.get(0))?;
        if !known {
            let (size, packed) = pack(bytes)?;
            self.conn
                .prepare_cached("INSERT INTO original (hash, size, bytes) VALUES (?1, ?2, ?3)")?
                .execute(params![hash, size, packed])?;
        }
        Ok(hash)
    }
}
