//! What the library's list is made of: reports with what is marked in them, the trees of tags and
//! collections, and what changed of all that since a number of the log.
//!
//! The list itself (filters, counts, orders) is the caller's, who keeps these values in memory and
//! follows the log, since no index of a database answers every combination of filters at once.

use crate::change::ChangeKind;
use crate::error::StoreError;
use crate::id::{CollectionId, PassageId, ReportId, TagId};
use crate::report::{list, script};
use crate::store::Read;
use anjuan_text::{ProblemCode, Script};
use rusqlite::{OptionalExtension, Row, params};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A report as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Which.
    pub id: ReportId,
    /// Its title.
    pub title: Option<String>,
    /// The file it was imported from.
    pub path: Option<String>,
    /// ISO 8601, as precise as known.
    pub published: Option<String>,
    /// Administrative division.
    pub place: Option<String>,
    /// The organisation that reports.
    pub organisation: Option<String>,
    /// Where it was first published.
    pub source: Option<String>,
    /// Its authors.
    pub authors: Vec<String>,
    /// Its script.
    pub script: Option<Script>,
    /// Length in code points.
    pub characters: u32,
    /// What is odd about it.
    pub problems: Vec<ProblemCode>,
    /// When it was imported, ISO 8601.
    pub imported: String,
}

/// What the user put on a report. Tags and collections are named even where they are deleted
/// themselves, so that nothing is to be asked again when they come back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Passages marked in it.
    pub passages: u32,
    /// Tags on them, each once with the number of passages that carry it, in the order of their
    /// identifiers.
    pub tags: Vec<(TagId, u32)>,
    /// Collections it is in, in the order of their identifiers.
    pub collections: Vec<CollectionId>,
    /// Whether it has a memo.
    pub memo: bool,
}

/// What changed since a number of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListingChanges {
    /// Number of the last change.
    pub sequence: u64,
    /// Reports whose own row changed, or that came or went.
    pub reports: BTreeSet<ReportId>,
    /// Reports on which passages, tags or memos changed.
    pub marks: BTreeSet<ReportId>,
    /// Reports put into collections (`true`) or taken out.
    pub members: BTreeMap<(CollectionId, ReportId), bool>,
    /// Whether a tag changed itself.
    pub tags: bool,
    /// Whether a collection changed itself.
    pub collections: bool,
}

impl ListingChanges {
    /// How many reports are concerned.
    pub fn len(&self) -> usize {
        self.reports.len() + self.marks.len() + self.members.len()
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0 && !self.tags && !self.collections
    }
}

const COLUMNS: &str = "id, title, path, published, place, organisation, source, authors, script, \
                       characters, problems, created_at";

fn listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    // Most reports have neither, and a parser costs more than the rest of the row.
    let authors = if row.get_ref(7)?.as_str()? == "[]" { Vec::new() } else { list(row, 7)? };
    let problems = if row.get_ref(10)?.as_str()? == "[]" { Vec::new() } else { list(row, 10)? };
    Ok(Listed {
        id: row.get(0)?,
        title: row.get(1)?,
        path: row.get(2)?,
        published: row.get(3)?,
        place: row.get(4)?,
        organisation: row.get(5)?,
        source: row.get(6)?,
        authors,
        script: script(row, 8)?,
        characters: row.get(9)?,
        problems,
        imported: row.get(11)?,
    })
}

impl Read<'_> {
    /// One report, unless it is deleted.
    pub fn listed(&self, id: ReportId) -> Result<Option<Listed>, StoreError> {
        Ok(self
            .conn
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM report WHERE id = ?1 AND deleted_at IS NULL"
            ))?
            .query_row([id], listed)
            .optional()?)
    }

    /// Every report that is not deleted, in no particular order.
    pub fn each_listed(&self, mut each: impl FnMut(Listed)) -> Result<(), StoreError> {
        let mut select = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM report NOT INDEXED WHERE deleted_at IS NULL"
        ))?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            each(listed(row)?);
        }
        Ok(())
    }

    /// What the user put on one report.
    pub fn marks(&self, id: ReportId) -> Result<Marks, StoreError> {
        let passages: Option<u32> = self
            .conn
            .prepare_cached("SELECT passages FROM report_tally WHERE report = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        let mut marks = Marks { passages: passages.unwrap_or(0), ..Marks::default() };
        if marks.passages > 0 {
            let mut tags = self.conn.prepare_cached(
                "SELECT pt.tag, count(*) FROM passage p
                 CROSS JOIN passage_tag pt ON pt.passage = p.id AND pt.deleted_at IS NULL
                 WHERE p.report = ?1 AND p.deleted_at IS NULL GROUP BY pt.tag ORDER BY pt.tag",
            )?;
            let counted = tags.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
            marks.tags = counted.collect::<Result<_, _>>()?;
        }
        let mut collections = self.conn.prepare_cached(
            "SELECT collection FROM collection_report
             WHERE report = ?1 AND deleted_at IS NULL ORDER BY collection",
        )?;
        marks.collections =
            collections.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?;
        marks.memo = self
            .conn
            .prepare_cached(
                "SELECT 1 FROM memo WHERE kind = 'report' AND subject = ?1 AND deleted_at IS NULL",
            )?
            .exists([id])?;
        Ok(marks)
    }

    /// What the user put on the reports, by report; those with nothing are left out.
    pub fn all_marks(&self) -> Result<HashMap<ReportId, Marks>, StoreError> {
        let mut all: HashMap<ReportId, Marks> = HashMap::new();
        let mut tally = self
            .conn
            .prepare_cached("SELECT report, passages FROM report_tally WHERE passages > 0")?;
        let mut rows = tally.query([])?;
        while let Some(row) = rows.next()? {
            all.entry(row.get(0)?).or_default().passages = row.get(1)?;
        }
        let mut select = self.conn.prepare_cached(
            "SELECT report, collection FROM collection_report WHERE deleted_at IS NULL",
        )?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            all.entry(row.get(0)?).or_default().collections.push(row.get(1)?);
        }
        let mut select = self.conn.prepare_cached(
            "SELECT subject FROM memo WHERE kind = 'report' AND deleted_at IS NULL",
        )?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            all.entry(row.get(0)?).or_default().memo = true;
        }
        // Each passage is looked up in memory: two passes over the tables take a third of the time
        // of a join by identifiers.
        let mut passages: HashMap<PassageId, ReportId> = HashMap::new();
        let mut select =
            self.conn.prepare_cached("SELECT id, report FROM passage WHERE deleted_at IS NULL")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            passages.insert(row.get(0)?, row.get(1)?);
        }
        let mut select = self
            .conn
            .prepare_cached("SELECT passage, tag FROM passage_tag WHERE deleted_at IS NULL")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(report) = passages.get(&row.get(0)?) {
                all.entry(*report).or_default().tags.push((row.get(1)?, 1));
            }
        }
        for Marks { tags, collections, .. } in all.values_mut() {
            collections.sort_unstable();
            tags.sort_unstable();
            tags.dedup_by(|(tag, more), (before, passages)| {
                let same = tag == before;
                *passages += if same { *more } else { 0 };
                same
            });
        }
        Ok(all)
    }

    /// What changed after a number of the log.
    pub fn listing_changes(&self, after: u64) -> Result<ListingChanges, StoreError> {
        let mut changes = ListingChanges { sequence: after, ..ListingChanges::default() };
        let mut select = self.conn.prepare_cached(
            "SELECT seq, kind, subject, report, op FROM change WHERE seq > ?1 ORDER BY seq",
        )?;
        let mut rows = select.query(params![i64::try_from(after).unwrap_or(i64::MAX)])?;
        while let Some(row) = rows.next()? {
            changes.sequence = row.get::<_, i64>(0)?.unsigned_abs();
            let report: Option<ReportId> = row.get(3)?;
            let kind = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            match (ChangeKind::parse(kind), report) {
                (ChangeKind::Report, Some(report)) => drop(changes.reports.insert(report)),
                (ChangeKind::Passage | ChangeKind::Memo, Some(report)) => {
                    changes.marks.insert(report);
                }
                (ChangeKind::Collection, Some(report)) => {
                    let op = row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?;
                    changes.members.insert((row.get(2)?, report), op != "remove");
                }
                // A tag keeps its identifier on the passages, whatever becomes of its name.
                (ChangeKind::Tag, _) => changes.tags = true,
                (ChangeKind::Collection, None) => changes.collections = true,
                _ => {}
            }
        }
        Ok(changes)
    }
}
