//! Table `report`: one row a report, with all that the library's list shows, sorts and filters by.
//!
//! The metadata here are the user's to correct; what was recognised stays in the revision. Keys
//! (`*_key`, `words`) are folded, so that both scripts are found and counted as one.

use crate::error::StoreError;
use crate::id::{ReportId, RevisionId};
use crate::revision::NewRevision;
use crate::schema::Migration;
use crate::store::{Read, Write};
use anjuan_text::{
    Folded, IssuerLevel, Metadata, Period, Problem, ProblemCode, ReportKind, ReportText, Script,
};
use rusqlite::{OptionalExtension, Row, params};

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        sql: "
    CREATE TABLE report (
        id          BLOB PRIMARY KEY NOT NULL,
        revision    BLOB NOT NULL REFERENCES revision (id),  -- the newest
        path        TEXT,                   -- of the file it was imported from
        title       TEXT,
        title_key   TEXT NOT NULL,          -- sorts by title; the caller's choice
        published   TEXT,                   -- ISO 8601, as precise as known
        year        INTEGER,                -- of published
        authors     TEXT NOT NULL,          -- JSON list
        source      TEXT,
        source_key  TEXT,
        editor      TEXT,
        place       TEXT,
        place_key   TEXT,
        organisation TEXT,
        organisation_key TEXT,
        script      TEXT,                   -- Hans, Hant
        language    TEXT,                   -- BCP 47
        characters  INTEGER NOT NULL,       -- code points of the newest revision
        problems    TEXT NOT NULL,          -- JSON list of the codes of the newest revision
        words       TEXT NOT NULL,          -- title, source, authors, organisation, folded
        created_at  TEXT NOT NULL,
        created_by  TEXT NOT NULL,
        modified_at TEXT NOT NULL,
        deleted_at  TEXT
    ) STRICT;
    CREATE INDEX report_title ON report (title_key) WHERE deleted_at IS NULL;
    CREATE INDEX report_published ON report (published, title_key) WHERE deleted_at IS NULL;
    CREATE INDEX report_place ON report (place_key, title_key) WHERE deleted_at IS NULL;
    CREATE INDEX report_organisation ON report (organisation_key, title_key)
        WHERE deleted_at IS NULL;
    CREATE INDEX report_source ON report (source_key, title_key) WHERE deleted_at IS NULL;
    CREATE INDEX report_characters ON report (characters, title_key) WHERE deleted_at IS NULL;
    CREATE INDEX report_created ON report (created_at, title_key) WHERE deleted_at IS NULL;
    CREATE INDEX report_year ON report (year) WHERE deleted_at IS NULL;
    CREATE INDEX report_script ON report (script) WHERE deleted_at IS NULL;
    CREATE INDEX report_problems ON report (problems)
        WHERE deleted_at IS NULL AND problems <> '[]';
    CREATE INDEX report_path ON report (path) WHERE deleted_at IS NULL;
    CREATE INDEX report_revision ON report (revision);
    CREATE INDEX report_deleted ON report (deleted_at) WHERE deleted_at IS NOT NULL;

    -- How many passages each report has, for sorting; kept by triggers here and at `passage`.
    CREATE TABLE report_tally (
        report      BLOB PRIMARY KEY NOT NULL,
        passages    INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX report_tally_passages ON report_tally (passages);
    CREATE TRIGGER report_inserted AFTER INSERT ON report BEGIN
        INSERT INTO report_tally (report, passages) VALUES (new.id, 0)
            ON CONFLICT (report) DO NOTHING;
    END;
    CREATE TRIGGER report_removed AFTER DELETE ON report BEGIN
        DELETE FROM report_tally WHERE report = old.id;
    END;
    ",
    },
    // The list is sorted and filtered in memory (see `listing`), and eight indexes fewer make every
    // import and edit faster. The one by year stays: as the smallest it counts the reports.
    Migration {
        version: 2,
        sql: "
    DROP INDEX report_published;
    DROP INDEX report_place;
    DROP INDEX report_organisation;
    DROP INDEX report_source;
    DROP INDEX report_characters;
    DROP INDEX report_created;
    DROP INDEX report_script;
    DROP INDEX report_problems;
    ",
    },
    Migration {
        version: 3,
        sql: "
    ALTER TABLE report ADD COLUMN delivered TEXT;       -- ISO 8601, as precise as known
    ALTER TABLE report ADD COLUMN period_from INTEGER;  -- first year covered
    ALTER TABLE report ADD COLUMN period_to INTEGER;    -- last year covered
    ALTER TABLE report ADD COLUMN kind TEXT;            -- work_report, summary, ...
    ALTER TABLE report ADD COLUMN level TEXT;           -- national, province, ...
    ALTER TABLE report ADD COLUMN address TEXT;         -- URL
    ",
    },
];

/// A report without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Which.
    pub id: ReportId,
    /// Its newest revision.
    pub revision: RevisionId,
    /// The file it was imported from.
    pub path: Option<String>,
    /// What is known of it, as corrected by the user.
    pub metadata: Metadata,
    /// Length of the newest revision in code points.
    pub characters: u32,
    /// What is odd about the newest revision.
    pub problems: Vec<ProblemCode>,
    /// When it was imported, ISO 8601.
    pub created_at: String,
    /// Who imported it.
    pub created_by: String,
    /// When its row was last changed.
    pub modified_at: String,
    /// When it was deleted; only set in [`Read::deleted_reports`].
    pub deleted_at: Option<String>,
}

/// A report to add.
#[derive(Debug, Clone, Copy)]
pub struct NewReport<'t> {
    /// The file it comes from.
    pub path: Option<&'t str>,
    /// What the list sorts by where it sorts by title (pinyin of the title shown).
    pub title_key: &'t str,
    /// Its text.
    pub revision: NewRevision<'t>,
}

/// Corrections of metadata; `None` leaves a value as it is, `Some(None)` takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MetadataPatch {
    /// Title. Set `title_key` along with it.
    pub title: Option<Option<String>>,
    /// See [`NewReport::title_key`].
    pub title_key: Option<String>,
    /// Date, ISO 8601.
    pub published: Option<Option<String>>,
    /// Authors.
    pub authors: Option<Vec<String>>,
    /// Source.
    pub source: Option<Option<String>>,
    /// Editor.
    pub editor: Option<Option<String>>,
    /// Place.
    pub place: Option<Option<String>>,
    /// Organisation.
    pub organisation: Option<Option<String>>,
    /// Script.
    pub script: Option<Option<Script>>,
    /// Language, BCP 47.
    pub language: Option<Option<String>>,
    /// Day on which it was held, ISO 8601.
    pub delivered: Option<Option<String>>,
    /// Years it covers.
    pub period: Option<Option<Period>>,
    /// What it is.
    pub kind: Option<Option<ReportKind>>,
    /// How high the body stands that reports.
    pub level: Option<Option<IssuerLevel>>,
    /// URL.
    pub address: Option<Option<String>>,
}

/// Folds a value to the key that both scripts share.
pub(crate) fn key(value: &str) -> String {
    Folded::new(value).to_folded_string()
}

/// The year at the head of an ISO 8601 date.
fn year(published: &str) -> Option<i32> {
    published.get(..4)?.parse().ok()
}

fn words(metadata: &Metadata) -> String {
    let Metadata { title, source, authors, organisation, .. } = metadata;
    let mut words = String::new();
    for value in [title, source, organisation].into_iter().flatten().chain(authors) {
        words.push_str(&key(value));
        words.push('\n');
    }
    words
}

fn json<T: serde::Serialize>(list: &[T]) -> Result<String, StoreError> {
    serde_json::to_string(list).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// The codes of a list of problems, each once.
fn codes(problems: &[Problem]) -> Vec<ProblemCode> {
    let mut codes: Vec<ProblemCode> = Vec::new();
    for problem in problems {
        if !codes.contains(&problem.code) {
            codes.push(problem.code);
        }
    }
    codes
}

/// Reads a list kept as JSON in a column.
pub(crate) fn list<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<Vec<T>> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error.into())
    })
}

pub(crate) fn script(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Script>> {
    Ok(match row.get_ref(column)?.as_str_or_null()? {
        Some("Hans") => Some(Script::Hans),
        Some("Hant") => Some(Script::Hant),
        _ => None,
    })
}

/// Reads the years of two columns.
pub(crate) fn period(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Period>> {
    let (from, to): (Option<u16>, Option<u16>) = (row.get(column)?, row.get(column + 1)?);
    Ok(from.map(|from| Period { from, to: to.unwrap_or(from) }))
}

const COLUMNS: &str = "id, revision, path, title, published, authors, source, editor, place, \
                       organisation, script, language, characters, problems, created_at, \
                       created_by, modified_at, deleted_at, delivered, period_from, period_to, \
                       kind, level, address";

fn report(row: &Row<'_>) -> rusqlite::Result<Report> {
    Ok(Report {
        id: row.get(0)?,
        revision: row.get(1)?,
        path: row.get(2)?,
        metadata: Metadata {
            title: row.get(3)?,
            published: row.get(4)?,
            authors: list(row, 5)?,
            source: row.get(6)?,
            editor: row.get(7)?,
            place: row.get(8)?,
            organisation: row.get(9)?,
            script: script(row, 10)?,
            language: row.get(11)?,
            delivered: row.get(18)?,
            period: period(row, 19)?,
            kind: row.get_ref(21)?.as_str_or_null()?.and_then(ReportKind::parse),
            level: row.get_ref(22)?.as_str_or_null()?.and_then(IssuerLevel::parse),
            address: row.get(23)?,
        },
        characters: row.get(12)?,
        problems: list(row, 13)?,
        created_at: row.get(14)?,
        created_by: row.get(15)?,
        modified_at: row.get(16)?,
        deleted_at: row.get(17)?,
    })
}

impl Read<'_> {
    /// One report that is not deleted.
    pub fn report(&self, id: ReportId) -> Result<Report, StoreError> {
        self.conn
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM report WHERE id = ?1 AND deleted_at IS NULL"
            ))?
            .query_row([id], report)
            .optional()?
            .ok_or_else(|| StoreError::missing("report", id))
    }

    /// Every report that is not deleted, in the order of import.
    pub fn report_ids(&self) -> Result<Vec<ReportId>, StoreError> {
        let mut select = self
            .conn
            .prepare_cached("SELECT id FROM report WHERE deleted_at IS NULL ORDER BY id")?;
        let ids = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(ids)
    }

    /// The reports that were deleted and can be restored, latest first.
    pub fn deleted_reports(&self) -> Result<Vec<Report>, StoreError> {
        let mut select = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM report WHERE deleted_at IS NOT NULL
             ORDER BY deleted_at DESC, id"
        ))?;
        let reports = select.query_map([], report)?.collect::<Result<_, _>>()?;
        Ok(reports)
    }

    /// The report imported from a file, the latest where there are several.
    pub fn find_by_path(&self, path: &str) -> Result<Option<ReportId>, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT id FROM report WHERE path = ?1 AND deleted_at IS NULL
                 ORDER BY id DESC LIMIT 1",
            )?
            .query_row([path], |row| row.get(0))
            .optional()?)
    }

    /// Up to three reports whose sort key is this one, those of nearest length first: where a text
    /// may be another version of a known report.
    pub fn find_by_title(
        &self,
        title_key: &str,
        characters: u32,
    ) -> Result<Vec<ReportId>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT id FROM report WHERE title_key = ?1 AND deleted_at IS NULL
             ORDER BY abs(characters - ?2), id LIMIT 3",
        )?;
        let ids = select
            .query_map(params![title_key, characters], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(ids)
    }
}

impl Write<'_> {
    /// Adds a report with its first revision.
    pub fn insert_report(&mut self, new: &NewReport<'_>) -> Result<ReportId, StoreError> {
        let id = ReportId::new();
        let revision = self.insert_revision(id, None, &new.revision)?;
        let ReportText { metadata, text, problems, .. } = new.revision.text;
        self.conn
            .prepare_cached(
                "INSERT INTO report (id, revision, path, title_key, authors, characters, problems,
                     words, created_at, created_by, modified_at)
                 VALUES (?1, ?2, ?3, ?4, '[]', ?5, ?6, '', ?7, ?8, ?7)",
            )?
            .execute(params![
                id,
                revision,
                new.path,
                new.title_key,
                text.chars().count() as u32,
                json(&codes(problems))?,
                self.at,
                self.author,
            ])?;
        self.write_metadata(id, metadata, None)?;
        Ok(id)
    }

    /// Gives a report a new reading text and keeps the old one. Metadata that the user had
    /// corrected stay; those that stood as recognised follow the new text. `title_key` is for the
    /// title of the new text. Passages stay at the old revision until they are moved.
    pub fn add_revision(
        &mut self,
        report: ReportId,
        new: &NewRevision<'_>,
        title_key: &str,
    ) -> Result<RevisionId, StoreError> {
        let old = self.read().report(report)?;
        let was = self.read().recognised(old.revision)?;
        let (now, mut metadata) = (&new.text.metadata, old.metadata.clone());
        macro_rules! follow {
            ($($field:ident)*) => {$(
                if metadata.$field == was.$field {
                    metadata.$field.clone_from(&now.$field);
                }
            )*};
        }
        follow!(title published authors source editor place organisation script language);
        follow!(delivered period kind level address);
        let title_key = (metadata.title != old.metadata.title).then_some(title_key);
        let revision = self.insert_revision(report, Some(old.revision), new)?;
        self.conn
            .prepare_cached(
                "UPDATE report SET revision = ?2, characters = ?3, problems = ?4, modified_at = ?5
                 WHERE id = ?1",
            )?
            .execute(params![
                report,
                revision,
                new.text.text.chars().count() as u32,
                json(&codes(&new.text.problems))?,
                self.at,
            ])?;
        self.write_metadata(report, &metadata, title_key)?;
        Ok(revision)
    }

    /// Corrects a report's metadata.
    pub fn set_metadata(
        &mut self,
        report: ReportId,
        patch: &MetadataPatch,
    ) -> Result<(), StoreError> {
        let mut metadata = self.read().report(report)?.metadata;
        macro_rules! set {
            ($($field:ident)*) => {$(
                if let Some(value) = &patch.$field {
                    metadata.$field.clone_from(value);
                }
            )*};
        }
        set!(title published authors source editor place organisation script language);
        set!(delivered period kind level address);
        self.write_metadata(report, &metadata, patch.title_key.as_deref())
    }

    fn write_metadata(
        &mut self,
        report: ReportId,
        metadata: &Metadata,
        title_key: Option<&str>,
    ) -> Result<(), StoreError> {
        let folded = |value: &Option<String>| value.as_deref().map(key);
        self.conn
            .prepare_cached(
                "UPDATE report SET title = ?2, published = ?3, year = ?4, authors = ?5,
                     source = ?6, source_key = ?7, editor = ?8, place = ?9, place_key = ?10,
                     organisation = ?11, organisation_key = ?12, script = ?13, language = ?14,
                     words = ?15, modified_at = ?16, title_key = coalesce(?17, title_key),
                     delivered = ?18, period_from = ?19, period_to = ?20, kind = ?21, level = ?22,
                     address = ?23
                 WHERE id = ?1",
            )?
            .execute(params![
                report,
                metadata.title,
                metadata.published,
                metadata.published.as_deref().and_then(year),
                json(&metadata.authors)?,
                metadata.source,
                folded(&metadata.source),
                metadata.editor,
                metadata.place,
                folded(&metadata.place),
                metadata.organisation,
                folded(&metadata.organisation),
                metadata.script.map(Script::as_str),
                metadata.language,
                words(metadata),
                self.at,
                title_key,
                metadata.delivered,
                metadata.period.map(|p| p.from),
                metadata.period.map(|p| p.to),
                metadata.kind.map(ReportKind::as_str),
                metadata.level.map(IssuerLevel::as_str),
                metadata.address,
            ])?;
        Ok(())
    }

    /// Marks a report deleted. Its passages go out of sight with it and come back with it.
    pub fn delete_report(&mut self, report: ReportId) -> Result<(), StoreError> {
        self.mark("report", report, true)
    }

    /// Takes a deleted report back.
    pub fn restore_report(&mut self, report: ReportId) -> Result<(), StoreError> {
        self.mark("report", report, false)
    }
}
