//! Table `original`: the bytes of every imported file, once, by content hash.
//!
//! Rows never change, so the table is not part of the undo history: undoing an import takes back
//! the report, the original stays until nothing can bring the report back.

use crate::error::StoreError;
use crate::id::{ContentHash, ReportId};
use crate::schema::Migration;
use crate::store::{Read, Write};
use rusqlite::{OptionalExtension, params};
use std::cell::RefCell;
use std::thread::LocalKey;
use zstd::bulk::{Compressor, Decompressor};

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

thread_local! {
    /// One of each for each thread: to set one up takes longer than to pack a page of text.
    static PACKING: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACKING: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Does something with what a thread keeps for it, which is made the first time.
fn kept<T, R>(
    kept: &'static LocalKey<RefCell<Option<T>>>,
    make: impl FnOnce() -> std::io::Result<T>,
    run: impl FnOnce(&mut T) -> std::io::Result<R>,
) -> std::io::Result<R> {
    kept.with_borrow_mut(|kept| match kept {
        Some(one) => run(one),
        None => run(kept.insert(make()?)),
    })
}

/// Compresses some bytes; returns their size before along with them.
pub(crate) fn pack(bytes: &[u8]) -> Result<(u32, Vec<u8>), StoreError> {
    let size = u32::try_from(bytes.len())
        .ok()
        .filter(|&size| size <= LARGEST)
        .ok_or(StoreError::TooLarge { bytes: bytes.len() as u64, limit: LARGEST.into() })?;
    let packed = kept(&PACKING, || Compressor::new(LEVEL), |one| one.compress(bytes))
        .map_err(|error| StoreError::Damaged(error.to_string()))?;
    Ok((size, packed))
}

pub(crate) fn unpack(packed: &[u8], size: u32) -> Result<Vec<u8>, StoreError> {
    if size > LARGEST {
        return Err(StoreError::Damaged(format!("a part claims to have {size} bytes")));
    }
    kept(&UNPACKING, Decompressor::new, |one| one.decompress(packed, size as usize))
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
