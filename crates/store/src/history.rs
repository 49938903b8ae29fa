//! Table `history`: every edit with its changeset, and undo and redo by it.
//!
//! An edit records what it changed in the tracked tables as a SQLite changeset: every row before
//! and after. Undo applies the inverse, redo the changeset itself. Edits of one group are one
//! step. Where other edits lie between those of a group, the step takes the group out from between
//! them if they do not touch each other, and only its last unbroken run if they do.

use crate::change;
use crate::error::StoreError;
use crate::id::{ContentHash, ReportId};
use crate::original::{pack, unpack};
use crate::schema::Migration;
use crate::store::{Edit, Read, Store};
use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::hooks::Action;
use rusqlite::session::{Changegroup, Changeset, ChangesetItem, ConflictAction};
use rusqlite::types::FromSql;
use rusqlite::{
    Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior, params,
};

use std::collections::HashSet;

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    sql: "
    CREATE TABLE history (
        seq         INTEGER PRIMARY KEY AUTOINCREMENT,
        label       TEXT NOT NULL,          -- key of the message that names the edit
        author      TEXT NOT NULL,
        at          TEXT NOT NULL,
        step        TEXT,                   -- edits of one group are undone as one
        report      BLOB,                   -- the report it was done in
        undone      INTEGER,                -- which undo took it back, counting up; NULL: done
        size        INTEGER NOT NULL,       -- bytes of the changeset before compression
        changeset   BLOB NOT NULL           -- zstd
    ) STRICT;
    CREATE INDEX history_undone ON history (undone) WHERE undone IS NOT NULL;
    CREATE INDEX history_step ON history (step) WHERE step IS NOT NULL;
    ",
}];

/// A step that was or can be undone or redone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryStep {
    /// Number of the last edit in it.
    pub sequence: u64,
    /// Key of the message that names it.
    pub label: String,
    /// Who did it.
    pub author: String,
    /// When, ISO 8601.
    pub at: String,
    /// The report it was done in; none where its edits were done in several.
    pub report: Option<ReportId>,
    /// How many edits it is made of.
    pub edits: u32,
}

/// What can be undone and redone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// To undo, newest first.
    pub undo: Vec<HistoryStep>,
    /// To redo, next first.
    pub redo: Vec<HistoryStep>,
}

/// Keeps an edit. Returns its number.
pub(crate) fn insert(
    conn: &Connection,
    edit: &Edit<'_>,
    changeset: &[u8],
) -> Result<i64, StoreError> {
    let (size, packed) = pack(changeset)?;
    conn.prepare_cached(
        "INSERT INTO history (label, author, at, step, report, size, changeset)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        edit.label,
        edit.author,
        edit.at,
        edit.group,
        edit.report,
        size,
        packed
    ])?;
    Ok(conn.last_insert_rowid())
}

/// Forgets what was undone, since a new edit has begun another future. What only the forgotten
/// edits could have brought back is removed: the texts of reports whose import was undone, and
/// their originals.
pub(crate) fn forget_undone(conn: &Connection) -> Result<(), StoreError> {
    let mut undone = conn.prepare_cached("SELECT seq FROM history WHERE undone IS NOT NULL")?;
    let undone: Vec<i64> = undone.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    if undone.is_empty() {
        return Ok(());
    }
    let mut reports = Vec::new();
    for &seq in &undone {
        let changeset = combined(conn, &[seq])?;
        let mut items = changeset.iter()?;
        while let Some(item) = items.next()? {
            let operation = item.op()?;
            if operation.table_name() == "report" && operation.code() == Action::SQLITE_INSERT {
                let id = ReportId::column_result(item.new_value(0)?);
                reports.push(id.map_err(rusqlite::Error::from)?);
            }
        }
    }
    let mut originals = conn.prepare_cached("SELECT original FROM revision WHERE report = ?1")?;
    let mut drop_texts = conn.prepare_cached("DELETE FROM revision WHERE report = ?1")?;
    let mut drop_original = conn.prepare_cached(
        "DELETE FROM original WHERE hash = ?1
             AND NOT EXISTS (SELECT 1 FROM revision WHERE original = ?1)",
    )?;
    for report in reports {
        let originals: Vec<ContentHash> =
            originals.query_map([report], |row| row.get(0))?.collect::<Result<_, _>>()?;
        drop_texts.execute([report])?;
        for original in originals {
            drop_original.execute([original])?;
        }
    }
    conn.prepare_cached("DELETE FROM history WHERE undone IS NOT NULL")?.execute([])?;
    Ok(())
}

#[derive(Clone, Copy)]
enum Direction {
    Undo,
    Redo,
}

/// An edit as the search for a step sees it.
struct Entry {
    seq: i64,
    step: Option<String>,
}

impl Store {
    /// Takes back the latest step that was not taken back yet; `None` where there is none.
    pub fn undo(&mut self, author: &str, at: &str) -> Result<Option<HistoryStep>, StoreError> {
        self.travel(Direction::Undo, author, at)
    }

    /// Does again what was undone last; `None` where nothing was, or an edit came since.
    pub fn redo(&mut self, author: &str, at: &str) -> Result<Option<HistoryStep>, StoreError> {
        self.travel(Direction::Redo, author, at)
    }

    fn travel(
        &mut self,
        direction: Direction,
        author: &str,
        at: &str,
    ) -> Result<Option<HistoryStep>, StoreError> {
        let conn = &self.conn;
        let transaction = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
        let candidates = match direction {
            Direction::Undo => undo_candidates(conn)?,
            Direction::Redo => redo_candidates(conn)?,
        };
        for (at_hand, edits) in candidates.iter().enumerate() {
            let Some(&last) = edits.last() else { continue };
            let changeset = combined(conn, edits)?;
            let changeset = match direction {
                Direction::Undo => changeset.invert()?,
                Direction::Redo => changeset,
            };
            match apply(conn, &changeset) {
                Err(StoreError::Conflict) if at_hand + 1 < candidates.len() => continue,
                result => result?,
            }
            let step = read_step(conn, edits)?;
            let undone: Option<i64> = match direction {
                Direction::Undo => Some(last_undo(conn)?.unwrap_or(0) + 1),
                Direction::Redo => None,
            };
            let mut mark = conn.prepare_cached("UPDATE history SET undone = ?2 WHERE seq = ?1")?;
            for seq in edits {
                mark.execute(params![seq, undone])?;
            }
            change::record(conn, &self.columns, &changeset, last, author, at)?;
            drop(mark);
            transaction.commit()?;
            return Ok(step);
        }
        Ok(None)
    }
}

/// What the next undo could take back, the best first: the whole group of the latest edit, or the
/// edits of it behind which no other edit lies. Each in the order in which they were done.
fn undo_candidates(conn: &Connection) -> Result<Vec<Vec<i64>>, StoreError> {
    let mut latest = conn
        .prepare_cached("SELECT seq, step FROM history WHERE undone IS NULL ORDER BY seq DESC")?;
    let mut latest =
        latest.query_map([], |row| Ok(Entry { seq: row.get(0)?, step: row.get(1)? }))?;
    let Some(top) = latest.next().transpose()? else { return Ok(Vec::new()) };
    let mut run = vec![top.seq];
    let Some(step) = top.step else { return Ok(vec![run]) };
    for entry in latest {
        let entry = entry?;
        if entry.step.as_ref() != Some(&step) {
            break;
        }
        run.push(entry.seq);
    }
    run.reverse();
    let mut group = conn.prepare_cached(
        "SELECT seq FROM history WHERE step = ?1 AND undone IS NULL ORDER BY seq",
    )?;
    let group: Vec<i64> = group.query_map([&step], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let alone = group.len() == run.len() || !stands_apart(conn, &step, &group)?;
    Ok(if alone { vec![run] } else { vec![group, run] })
}

/// Whether the edits that lie between those of a group change no row that the group changes, and
/// name none that it makes or removes. To apply the group's changeset would not tell: a group that
/// sets a value and sets it back has no sum, though an edit between may stand on it; and a row that
/// is named between and no longer at the end can go, though nothing between can be taken back then.
fn stands_apart(conn: &Connection, step: &str, group: &[i64]) -> Result<bool, StoreError> {
    let mut between = conn.prepare_cached(
        "SELECT seq FROM history
         WHERE seq > ?1 AND undone IS NULL AND step IS NOT ?2 ORDER BY seq",
    )?;
    let between = between
        .query_map(params![group.first(), step], |row| row.get(0))?
        .collect::<Result<Vec<i64>, _>>()?;
    let (mut rows, mut named) = (HashSet::new(), HashSet::new());
    for &seq in &between {
        let changeset = combined(conn, &[seq])?;
        let mut items = changeset.iter()?;
        while let Some(item) = items.next()? {
            rows.insert(row_name(item)?);
            for column in 0..item.pk()?.len() {
                let values = [item.old_value(column), item.new_value(column)];
                // Identifiers are unique in the file, whatever they are of.
                let ids = values.into_iter().flatten().filter_map(|value| value.as_blob().ok());
                named.extend(ids.map(<[u8]>::to_vec));
            }
        }
    }
    for &seq in group {
        let changeset = combined(conn, &[seq])?;
        let mut items = changeset.iter()?;
        while let Some(item) = items.next()? {
            if rows.contains(&row_name(item)?) {
                return Ok(false);
            }
            let id = match item.op()?.code() {
                Action::SQLITE_INSERT => item.new_value(0)?,
                Action::SQLITE_DELETE => item.old_value(0)?,
                _ => continue,
            };
            if key_columns(item)?.eq([0]) && id.as_blob().is_ok_and(|id| named.contains(id)) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// The columns of a changed row's key.
fn key_columns(item: &ChangesetItem) -> Result<impl Iterator<Item = usize>, StoreError> {
    Ok(item.pk()?.iter().enumerate().filter(|&(_, &part)| part != 0).map(|(column, _)| column))
}

/// Names a changed row by its table and key.
fn row_name(item: &ChangesetItem) -> Result<Vec<u8>, StoreError> {
    let operation = item.op()?;
    let mut name = operation.table_name().as_bytes().to_vec();
    for column in key_columns(item)? {
        let value = match operation.code() {
            Action::SQLITE_INSERT => item.new_value(column)?,
            _ => item.old_value(column)?,
        };
        // Every key of a tracked table is text or bytes.
        let value = value.as_bytes().unwrap_or_default();
        name.extend(value.len().to_le_bytes());
        name.extend(value);
    }
    Ok(name)
}

/// What was undone last, in the order in which it was done.
fn redo_candidates(conn: &Connection) -> Result<Vec<Vec<i64>>, StoreError> {
    let Some(last) = last_undo(conn)? else { return Ok(Vec::new()) };
    let mut select =
        conn.prepare_cached("SELECT seq FROM history WHERE undone = ?1 ORDER BY seq")?;
    let edits = select.query_map([last], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(vec![edits])
}

fn last_undo(conn: &Connection) -> Result<Option<i64>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT max(undone) FROM history WHERE undone IS NOT NULL")?
        .query_row([], |row| row.get(0))?)
}

/// The changesets of some edits as one.
fn combined(conn: &Connection, edits: &[i64]) -> Result<Changeset, StoreError> {
    let mut group = Changegroup::new()?;
    let mut select = conn.prepare_cached("SELECT changeset, size FROM history WHERE seq = ?1")?;
    for seq in edits {
        let (packed, size): (Vec<u8>, u32) =
            select.query_row([seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
        group.add_stream(&mut unpack(&packed, size)?.as_slice())?;
    }
    Ok(group.output()?)
}

/// Applies a changeset whole or not at all. Every row must be as the changeset expects.
fn apply(conn: &Connection, changeset: &Changeset) -> Result<(), StoreError> {
    let all: Option<fn(&str) -> bool> = None;
    match conn.apply(changeset, all, |_, _| ConflictAction::SQLITE_CHANGESET_ABORT) {
        // The second where a row that is to go is still referred to.
        Err(error)
            if matches!(
                error.sqlite_error_code(),
                Some(ErrorCode::OperationAborted | ErrorCode::ConstraintViolation)
            ) =>
        {
            Err(StoreError::Conflict)
        }
        other => Ok(other?),
    }
}

fn read_step(conn: &Connection, edits: &[i64]) -> Result<Option<HistoryStep>, StoreError> {
    let (Some(first), Some(last)) = (edits.first(), edits.last()) else { return Ok(None) };
    Ok(conn
        .prepare_cached(
            "SELECT l.seq, l.label, l.author, l.at, iif(f.report IS l.report, l.report, NULL)
             FROM history l, history f WHERE l.seq = ?1 AND f.seq = ?2",
        )?
        .query_row(params![last, first], |row| {
            Ok(HistoryStep {
                sequence: row.get::<_, i64>(0)?.unsigned_abs(),
                label: row.get(1)?,
                author: row.get(2)?,
                at: row.get(3)?,
                report: row.get(4)?,
                edits: edits.len() as u32,
            })
        })
        .optional()?)
}

impl Read<'_> {
    /// What can be undone and redone, at most `limit` steps of each.
    pub fn history(&self, limit: u32) -> Result<History, StoreError> {
        Ok(History {
            undo: self.steps("undone IS NULL", "max(seq) DESC", limit)?,
            redo: self.steps("undone IS NOT NULL", "max(undone) DESC", limit)?,
        })
    }

    fn steps(&self, which: &str, order: &str, limit: u32) -> Result<Vec<HistoryStep>, StoreError> {
        // With a lone max(), SQLite takes the other columns from the row that has it.
        let mut select = self.conn.prepare_cached(&format!(
            "WITH step AS (
                 SELECT max(seq) AS last, min(seq) AS first, count(*) AS edits
                 FROM history WHERE {which}
                 GROUP BY undone, coalesce(step, seq) ORDER BY {order} LIMIT ?1)
             SELECT l.seq, l.label, l.author, l.at, iif(f.report IS l.report, l.report, NULL),
                 step.edits
             FROM step JOIN history l ON l.seq = step.last JOIN history f ON f.seq = step.first"
        ))?;
        let steps = select
            .query_map([limit], |row| {
                Ok(HistoryStep {
                    sequence: row.get::<_, i64>(0)?.unsigned_abs(),
                    label: row.get(1)?,
                    author: row.get(2)?,
                    at: row.get(3)?,
                    report: row.get(4)?,
                    edits: row.get(5)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(steps)
    }
}
