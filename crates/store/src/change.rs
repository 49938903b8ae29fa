//! Table `change`: the numbered log by which indexes and other copies follow the archive.
//!
//! The rows of an edit are derived from its changeset, the same record that undo works from, and
//! written in its transaction. So nothing can change without a row, and undo and redo write rows
//! of their own.

use crate::error::StoreError;
use crate::id::{CollectionId, PassageId, ReportId};
use crate::memo::Subject;
use crate::schema::Migration;
use crate::store::Read;
use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::hooks::Action;
use rusqlite::session::{Changeset, ChangesetItem};
use rusqlite::types::{FromSql, ValueRef};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeSet, HashMap};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    sql: "
    CREATE TABLE change (
        seq         INTEGER PRIMARY KEY AUTOINCREMENT,
        history     INTEGER NOT NULL,       -- the edit; with undo and redo, the last it took back
        kind        TEXT NOT NULL CHECK
                    (kind IN ('report', 'passage', 'tag', 'memo', 'collection', 'archive')),
        subject     BLOB,                   -- id of what changed
        report      BLOB,                   -- the report concerned
        op          TEXT NOT NULL CHECK (op IN ('put', 'remove')),
        author      TEXT NOT NULL,
        at          TEXT NOT NULL
    ) STRICT;
    ",
}];

/// What kind of thing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChangeKind {
    /// A report: its text, its metadata, or whether it is there.
    Report,
    /// A passage, or the tags on it.
    Passage,
    /// A tag. Where its name, place in the tree or existence changed, there is a change for every
    /// report in which it or a tag below it is used.
    Tag,
    /// A memo.
    Memo,
    /// A collection or its members.
    Collection,
    /// A fact about the archive, or a search that is kept.
    Archive,
}

impl ChangeKind {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Report, "report"),
        (Self::Passage, "passage"),
        (Self::Tag, "tag"),
        (Self::Memo, "memo"),
        (Self::Collection, "collection"),
        (Self::Archive, "archive"),
    ];

    /// As the file writes it.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    pub(crate) fn parse(name: &str) -> Self {
        Self::ALL.iter().find(|(_, other)| *other == name).map_or(Self::Archive, |(kind, _)| *kind)
    }
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChangeOp {
    /// It is there, new or changed.
    Put,
    /// It is not there any more.
    Remove,
}

/// One numbered change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number; later changes have larger ones, numbers may be left out.
    pub seq: u64,
    /// What kind of thing changed.
    pub kind: ChangeKind,
    /// The report concerned, where one is.
    pub report: Option<ReportId>,
    /// What became of it.
    pub op: ChangeOp,
}

impl Read<'_> {
    /// The number of the last change; 0 for an archive in which nothing was done yet.
    pub fn sequence(&self) -> Result<u64, StoreError> {
        let seq: i64 = self
            .conn
            .prepare_cached("SELECT coalesce(max(seq), 0) FROM change")?
            .query_row([], |row| row.get(0))?;
        Ok(seq.unsigned_abs())
    }

    /// The changes after a number, in order, at most `limit`.
    pub fn changes_after(&self, seq: u64, limit: u32) -> Result<Vec<Change>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT seq, kind, report, op FROM change WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        )?;
        let seq = i64::try_from(seq).unwrap_or(i64::MAX);
        let changes = select
            .query_map(params![seq, limit], |row| {
                Ok(Change {
                    seq: row.get::<_, i64>(0)?.unsigned_abs(),
                    kind: ChangeKind::parse(row.get_ref(1)?.as_str()?),
                    report: row.get(2)?,
                    op: match row.get_ref(3)?.as_str()? {
                        "remove" => ChangeOp::Remove,
                        _ => ChangeOp::Put,
                    },
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(changes)
    }
}

/// The tables whose changes are recorded, undone and redone. `original` and `revision` are not
/// among them, since their rows never change.
pub(crate) const TRACKED: &[&str] = &[
    "meta",
    "report",
    "tag",
    "passage",
    "passage_tag",
    "memo",
    "collection",
    "collection_report",
    "search",
    "near",
];

/// Where each column of the tracked tables stands, since changesets know columns by number only.
#[derive(Debug)]
pub(crate) struct Columns(HashMap<&'static str, HashMap<String, usize>>);

impl Columns {
    pub(crate) fn read(conn: &Connection) -> Result<Self, StoreError> {
        let mut select = conn.prepare("SELECT name, cid FROM pragma_table_info(?1)")?;
        let mut tables = HashMap::new();
        for &table in TRACKED {
            let columns = select
                .query_map([table], |row| Ok((row.get(0)?, row.get::<_, u32>(1)? as usize)))?
                .collect::<Result<_, _>>()?;
            tables.insert(table, columns);
        }
        Ok(Self(tables))
    }
}

/// One row of a changeset.
struct ChangedRow<'c> {
    item: &'c ChangesetItem,
    columns: &'c HashMap<String, usize>,
    code: Action,
}

impl ChangedRow<'_> {
    fn value<'v>(
        &self,
        column: &str,
        read: impl FnOnce(usize) -> rusqlite::Result<ValueRef<'v>>,
    ) -> Option<ValueRef<'v>> {
        read(*self.columns.get(column)?).ok()
    }

    /// A column's value after the change, where the change sets it.
    fn after(&self, column: &str) -> Option<ValueRef<'_>> {
        let inside = self.code != Action::SQLITE_DELETE;
        inside.then(|| self.value(column, |at| self.item.new_value(at))).flatten()
    }

    /// A column's value before the change, where the change sets it or it is part of the key.
    fn before(&self, column: &str) -> Option<ValueRef<'_>> {
        let inside = self.code != Action::SQLITE_INSERT;
        inside.then(|| self.value(column, |at| self.item.old_value(at))).flatten()
    }

    /// A value that the row is known by, or any other that is recorded.
    fn get<T: FromSql>(&self, column: &str) -> Option<T> {
        let value = self.before(column).or_else(|| self.after(column))?;
        T::column_result(value).ok()
    }

    /// Whether the row is gone or marked deleted.
    fn op(&self) -> ChangeOp {
        let marked = self.after("deleted_at").is_some_and(|at| !matches!(at, ValueRef::Null));
        if self.code == Action::SQLITE_DELETE || marked { ChangeOp::Remove } else { ChangeOp::Put }
    }
}

/// A row to be: kind, subject, report, op. Ordered, so that one edit writes each once.
type Draft = (ChangeKind, Option<Vec<u8>>, Option<ReportId>, ChangeOp);

/// Writes the rows for a changeset that has been applied.
pub(crate) fn record(
    conn: &Connection,
    columns: &Columns,
    changeset: &Changeset,
    history: i64,
    author: &str,
    at: &str,
) -> Result<(), StoreError> {
    let mut drafts = BTreeSet::new();
    let mut items = changeset.iter()?;
    while let Some(item) = items.next()? {
        let operation = item.op()?;
        if let Some(columns) = columns.0.get(operation.table_name()) {
            let row = ChangedRow { item, columns, code: operation.code() };
            draft(conn, operation.table_name(), &row, &mut drafts)?;
        }
    }
    let mut insert = conn.prepare_cached(
        "INSERT INTO change (history, kind, subject, report, op, author, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (kind, subject, report, op) in drafts {
        let op = match op {
            ChangeOp::Put => "put",
            ChangeOp::Remove => "remove",
        };
        insert.execute(params![history, kind.as_str(), subject, report, op, author, at])?;
    }
    Ok(())
}

fn draft(
    conn: &Connection,
    table: &str,
    row: &ChangedRow<'_>,
    drafts: &mut BTreeSet<Draft>,
) -> Result<(), StoreError> {
    match table {
        "report" => {
            let id: Option<ReportId> = row.get("id");
            drafts.insert((ChangeKind::Report, row.get("id"), id, row.op()));
        }
        "passage" => {
            let report = match (row.get("report"), row.get("id")) {
                (None, Some(id)) => report_of_passage(conn, id)?,
                (report, _) => report,
            };
            drafts.insert((ChangeKind::Passage, row.get("id"), report, row.op()));
        }
        "passage_tag" => {
            // Where the passage itself is gone, its own row says so.
            if let Some(id) = row.get("passage")
                && let Some(report) = report_of_passage(conn, id)?
            {
                let subject = row.get("passage");
                drafts.insert((ChangeKind::Passage, subject, Some(report), ChangeOp::Put));
            }
        }
        "tag" => {
            drafts.insert((ChangeKind::Tag, row.get("id"), None, row.op()));
        }
        "memo" => {
            let on_report = row.get::<String>("kind").is_some_and(|kind| kind == Subject::REPORT);
            let report = if on_report { row.get("subject") } else { None };
            drafts.insert((ChangeKind::Memo, row.get("subject"), report, row.op()));
        }
        "collection" => {
            drafts.insert((ChangeKind::Collection, row.get("id"), None, row.op()));
        }
        "collection_report" => {
            let id: Option<CollectionId> = row.get("collection");
            if id.is_some() {
                let subject = row.get("collection");
                let report = row.get("report");
                drafts.insert((ChangeKind::Collection, subject, report, row.op()));
            }
        }
        "near" => {
            drafts.insert((
                ChangeKind::Report,
                row.get("report"),
                row.get("report"),
                ChangeOp::Put,
            ));
        }
        _ => {
            drafts.insert((ChangeKind::Archive, None, None, ChangeOp::Put));
        }
    }
    Ok(())
}

fn report_of_passage(conn: &Connection, id: PassageId) -> Result<Option<ReportId>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT report FROM passage WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?)
}
