//! Table `likeness`: by which reports that are nearly the same find each other. Derived from the
//! texts; rows of older revisions stay, since whoever asks holds the texts against each other.
//!
//! Table `near`: pairs of reports that were noticed to be nearly the same, and what the user decided.

use crate::error::StoreError;
use crate::id::ReportId;
use crate::schema::Migration;
use crate::store::{Read, Store, Write};
use rusqlite::{OptionalExtension, params};
use std::collections::HashMap;

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 3,
    sql: "
    CREATE TABLE likeness (
        hash        INTEGER NOT NULL,       -- one of the lowest hashes of the text's grams
        report      BLOB NOT NULL,
        PRIMARY KEY (hash, report)
    ) STRICT, WITHOUT ROWID;
    -- Texts that were there before are to be added.
    INSERT INTO meta (key, value) SELECT 'likeness', 'missing' WHERE EXISTS (SELECT 1 FROM report);

    CREATE TABLE near (
        report      BLOB NOT NULL,          -- the later one
        other       BLOB NOT NULL,          -- the earlier one
        likeness    REAL NOT NULL,          -- 0 to 1
        decided     TEXT,                   -- keep, version; NULL: not yet
        created_at  TEXT NOT NULL,
        created_by  TEXT NOT NULL,
        modified_at TEXT NOT NULL,
        PRIMARY KEY (report, other)
    ) STRICT;
    CREATE INDEX near_other ON near (other);
    ",
}];

/// Hashes of a text that are kept. Of two texts that share three quarters of their grams, some of
/// eight are the same; more, since formulae take some of them.
pub const LIKENESS_HASHES: usize = 12;

/// A hash that so many reports have is one of a formula and says nothing.
const COMMON: u32 = 200;

/// Two reports that are nearly the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// The later one.
    pub report: ReportId,
    /// The earlier one.
    pub other: ReportId,
    /// The share of the smaller text that also stands in the other.
    pub likeness: f32,
    /// When it was noticed, ISO 8601.
    pub at: String,
}

const COLUMNS: &str = "n.report, n.other, n.likeness, n.created_at";

fn near(row: &rusqlite::Row<'_>) -> rusqlite::Result<Near> {
    Ok(Near {
        report: row.get(0)?,
        other: row.get(1)?,
        likeness: row.get::<_, f64>(2)? as f32,
        at: row.get(3)?,
    })
}

fn signed(hash: u64) -> i64 {
    i64::from_le_bytes(hash.to_le_bytes())
}

impl Read<'_> {
    /// Reports that share at least so many hashes with a text, those that share most first, at
    /// most `limit`.
    pub fn alike(
        &self,
        hashes: &[u64],
        least: u32,
        limit: usize,
    ) -> Result<Vec<ReportId>, StoreError> {
        let mut select =
            self.conn.prepare_cached("SELECT report FROM likeness WHERE hash = ?1 LIMIT ?2")?;
        let mut shared: HashMap<ReportId, u32> = HashMap::new();
        for &hash in hashes.iter().take(LIKENESS_HASHES) {
            let with: Vec<ReportId> = select
                .query_map(params![signed(hash), COMMON + 1], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            if with.len() <= COMMON as usize {
                for report in with {
                    *shared.entry(report).or_default() += 1;
                }
            }
        }
        let mut found: Vec<(ReportId, u32)> =
            shared.into_iter().filter(|&(_, count)| count >= least).collect();
        found.sort_by_key(|&(report, count)| (std::cmp::Reverse(count), report));
        let mut there = self
            .conn
            .prepare_cached("SELECT 1 FROM report WHERE id = ?1 AND deleted_at IS NULL")?;
        let mut reports = Vec::new();
        for (report, _) in found {
            if reports.len() == limit {
                break;
            }
            if there.exists([report])? {
                reports.push(report);
            }
        }
        Ok(reports)
    }

    /// Whether texts of an archive of an older schema are still to be added to the index of
    /// likeness.
    pub fn lacks_likeness(&self) -> Result<bool, StoreError> {
        Ok(self.meta("likeness")?.is_some())
    }

    /// Pairs on which the user has not decided, latest first; of one report where it is given.
    pub fn near_pairs(&self, of: Option<ReportId>) -> Result<Vec<Near>, StoreError> {
        let mut select = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM near n
             JOIN report a ON a.id = n.report AND a.deleted_at IS NULL
             JOIN report b ON b.id = n.other AND b.deleted_at IS NULL
             WHERE n.decided IS NULL AND (?1 IS NULL OR n.report = ?1 OR n.other = ?1)
             ORDER BY n.created_at DESC, n.report, n.other"
        ))?;
        let pairs = select.query_map([of], near)?.collect::<Result<_, _>>()?;
        Ok(pairs)
    }

    /// One pair on which the user has not decided.
    pub fn near_pair(&self, report: ReportId, other: ReportId) -> Result<Option<Near>, StoreError> {
        Ok(self
            .conn
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM near n
                 WHERE n.report = ?1 AND n.other = ?2 AND n.decided IS NULL"
            ))?
            .query_row(params![report, other], near)
            .optional()?)
    }
}

impl Write<'_> {
    /// Adds a text's hashes to the index of likeness.
    pub fn insert_likeness(&mut self, report: ReportId, hashes: &[u64]) -> Result<(), StoreError> {
        let mut insert = self
            .conn
            .prepare_cached("INSERT OR IGNORE INTO likeness (hash, report) VALUES (?1, ?2)")?;
        for &hash in hashes.iter().take(LIKENESS_HASHES) {
            insert.execute(params![signed(hash), report])?;
        }
        Ok(())
    }

    /// Notes that two reports are nearly the same.
    pub fn insert_near(
        &mut self,
        report: ReportId,
        other: ReportId,
        likeness: f32,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT OR IGNORE INTO near
                     (report, other, likeness, created_at, created_by, modified_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?4)",
            )?
            .execute(params![report, other, f64::from(likeness), self.at, self.author])?;
        Ok(())
    }

    /// Notes what the user decided on two reports: `keep` or `version`.
    pub fn decide_near(
        &mut self,
        report: ReportId,
        other: ReportId,
        decided: &str,
    ) -> Result<(), StoreError> {
        let written = self
            .conn
            .prepare_cached(
                "UPDATE near SET decided = ?3, modified_at = ?4
                 WHERE report = ?1 AND other = ?2 AND decided IS NULL",
            )?
            .execute(params![report, other, decided, self.at])?;
        if written == 0 { Err(StoreError::missing("pair", report)) } else { Ok(()) }
    }
}

impl Store {
    /// Notes that every text is in the index of likeness now. The fact is derived like the index, and
    /// no part of what can be undone.
    pub fn likeness_is_complete(&mut self) -> Result<(), StoreError> {
        self.conn.execute("DELETE FROM meta WHERE key = 'likeness'", [])?;
        Ok(())
    }
}
