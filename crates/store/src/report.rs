//! Table `report`: one row a report, with all that the library's list shows, sorts and filters by.
//!
//! The metadata here are the user's to correct; what was recognised stays in the revision. Keys
//! (`*_key`, `words`) are folded, so that both scripts are found and counted as one.

use crate::error::StoreError;
use crate::id::{CollectionId, ReportId, RevisionId, TagId};
use crate::revision::NewRevision;
use crate::schema::Migration;
use crate::store::{Read, Write};
use anjuan_text::{Folded, GAP, Metadata, Problem, ProblemCode, ReportText, Script};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
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
    ",
}];

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

/// A report as a row of the library's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
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
    /// Its script.
    pub script: Option<Script>,
    /// Length in code points.
    pub characters: u32,
    /// Passages marked in it.
    pub passages: u32,
    /// Tags used in it, most used first.
    pub tags: Vec<TagId>,
    /// What is odd about it.
    pub problems: Vec<ProblemCode>,
    /// When it was imported, ISO 8601.
    pub imported: String,
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
}

/// Which reports. Conditions of different kinds are joined by and, values of one by or; an empty
/// list is no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportFilter {
    /// Words, divided by white space, that all stand in title, source, authors or organisation, in
    /// either script.
    pub text: String,
    /// Administrative divisions and everything below them: prefixes, in either script.
    pub places: Vec<String>,
    /// Organisations, in either script.
    pub organisations: Vec<String>,
    /// Sources, in either script.
    pub sources: Vec<String>,
    /// Years of publication.
    pub years: Vec<i32>,
    /// Scripts.
    pub scripts: Vec<Script>,
    /// Tags and those below them: a report with a passage of any.
    pub tags: Vec<TagId>,
    /// Collections.
    pub collections: Vec<CollectionId>,
    /// Problems.
    pub problems: Vec<ProblemCode>,
}

/// The column to sort by. Reports of one value follow by title; those without a value come first
/// ascending and last descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportSort {
    /// By the caller's key for the title.
    Title,
    /// By date of publication.
    Published,
    /// By place.
    Place,
    /// By organisation.
    Organisation,
    /// By source.
    Source,
    /// By length.
    Characters,
    /// By number of passages.
    Passages,
    /// By time of import.
    Imported,
}

/// A value with the number of reports that have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// The value as one of the reports writes it.
    pub value: String,
    /// How many have it, in either script.
    pub count: u32,
}

/// The values to filter by. Each kind is counted among the reports that the other conditions of
/// the filter let through, so that a second value of one kind can be added to the first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// Administrative divisions, by name.
    pub places: Vec<FacetValue>,
    /// Organisations, most common first.
    pub organisations: Vec<FacetValue>,
    /// Sources, most common first.
    pub sources: Vec<FacetValue>,
    /// Years, in order.
    pub years: Vec<FacetValue>,
    /// Scripts.
    pub scripts: Vec<FacetValue>,
    /// Problems, by code, most common first.
    pub problems: Vec<FacetValue>,
}

/// Folds a value to the key that both scripts share.
fn key(value: &str) -> String {
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

/// A code as JSON writes it, quotation marks included.
fn code_json(code: ProblemCode) -> String {
    serde_json::to_string(&code).unwrap_or_default()
}

/// Reads a list kept as JSON in a column.
fn list<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<T>> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error.into())
    })
}

fn script(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Script>> {
    Ok(match row.get_ref(column)?.as_str_or_null()? {
        Some("Hans") => Some(Script::Hans),
        Some("Hant") => Some(Script::Hant),
        _ => None,
    })
}

const COLUMNS: &str = "id, revision, path, title, published, authors, source, editor, place, \
                       organisation, script, language, characters, problems, created_at, \
                       created_by, modified_at, deleted_at";

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
        },
        characters: row.get(12)?,
        problems: list(row, 13)?,
        created_at: row.get(14)?,
        created_by: row.get(15)?,
        modified_at: row.get(16)?,
        deleted_at: row.get(17)?,
    })
}

/// A part of a `WHERE` over the table `report` named `r`, with its values.
#[derive(Default)]
struct Condition {
    sql: String,
    values: Vec<Value>,
}

impl Condition {
    fn and(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
        self.values.extend(values);
    }

    /// `column` has one of some values.
    fn one_of<T>(&mut self, column: &str, values: &[T], value: impl Fn(&T) -> Value) {
        if !values.is_empty() {
            self.and(&format!("{column} IN ({})", marks(values.len())), values.iter().map(value));
        }
    }

    /// One of some conditions, each with one value.
    fn any(&mut self, sql: &str, values: Vec<Value>) {
        if !values.is_empty() {
            self.and(&format!("({})", vec![sql; values.len()].join(" OR ")), values);
        }
    }
}

fn marks(count: usize) -> String {
    vec!["?"; count].join(", ")
}

fn blob(id: &impl rusqlite::ToSql) -> Value {
    match id.to_sql() {
        Ok(rusqlite::types::ToSqlOutput::Borrowed(value)) => {
            value.try_into().unwrap_or(Value::Null)
        }
        _ => Value::Null,
    }
}

fn condition(filter: &ReportFilter) -> Condition {
    let mut all = Condition { sql: "r.deleted_at IS NULL".into(), values: Vec::new() };
    for word in filter.text.split_whitespace() {
        let word = key(word);
        let word = word.trim_matches(GAP);
        if !word.is_empty() {
            all.and("instr(r.words, ?) > 0", [Value::Text(word.to_owned())]);
        }
    }
    // GLOB and LIKE would read signs in the name; every key with the prefix lies in this range.
    let places = filter.places.iter().map(|place| key(place));
    let ranges: Vec<_> = places.map(|place| (place.clone(), place + "\u{10FFFF}")).collect();
    if !ranges.is_empty() {
        all.and(
            &format!(
                "({})",
                vec!["r.place_key >= ? AND r.place_key < ?"; ranges.len()].join(" OR ")
            ),
            ranges.into_iter().flat_map(|(from, to)| [Value::Text(from), Value::Text(to)]),
        );
    }
    all.one_of("r.organisation_key", &filter.organisations, |name| Value::Text(key(name)));
    all.one_of("r.source_key", &filter.sources, |name| Value::Text(key(name)));
    all.one_of("r.year", &filter.years, |&year| Value::Integer(year.into()));
    all.one_of("r.script", &filter.scripts, |script| Value::Text(script.as_str().into()));
    all.any(
        "instr(r.problems, ?) > 0",
        filter.problems.iter().map(|&code| Value::Text(code_json(code))).collect(),
    );
    if !filter.tags.is_empty() {
        all.and(
            &format!(
                "r.id IN (
                    WITH RECURSIVE below (id) AS (
                        SELECT id FROM tag WHERE id IN ({}) AND deleted_at IS NULL
                        UNION
                        SELECT tag.id FROM tag JOIN below ON tag.parent = below.id
                        WHERE tag.deleted_at IS NULL)
                    SELECT p.report FROM below
                    JOIN passage_tag pt ON pt.tag = below.id AND pt.deleted_at IS NULL
                    JOIN passage p ON p.id = pt.passage
                    WHERE p.deleted_at IS NULL)",
                marks(filter.tags.len())
            ),
            filter.tags.iter().map(|id| blob(id)),
        );
    }
    if !filter.collections.is_empty() {
        all.and(
            &format!(
                "r.id IN (SELECT m.report FROM collection_report m
                          JOIN collection c ON c.id = m.collection AND c.deleted_at IS NULL
                          WHERE m.deleted_at IS NULL AND m.collection IN ({}))",
                marks(filter.collections.len())
            ),
            filter.collections.iter().map(|id| blob(id)),
        );
    }
    all
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
    ///
    /// # Errors
    /// When the file cannot be read.
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

    /// How many reports a filter lets through, and a window of them.
    pub fn report_rows(
        &self,
        filter: &ReportFilter,
        sort: ReportSort,
        descending: bool,
        offset: u32,
        limit: u32,
    ) -> Result<(u32, Vec<ReportRow>), StoreError> {
        let Condition { sql, mut values } = condition(filter);
        let total = self
            .conn
            .prepare_cached(&format!("SELECT count(*) FROM report r WHERE {sql}"))?
            .query_row(params_from_iter(&values), |row| row.get(0))?;
        let (column, join) = match sort {
            ReportSort::Title => (None, ""),
            ReportSort::Published => (Some("r.published"), ""),
            ReportSort::Place => (Some("r.place_key"), ""),
            ReportSort::Organisation => (Some("r.organisation_key"), ""),
            ReportSort::Source => (Some("r.source_key"), ""),
            ReportSort::Characters => (Some("r.characters"), ""),
            ReportSort::Passages => (
                Some("coalesce(n.passages, 0)"),
                "LEFT JOIN (SELECT report, count(*) AS passages FROM passage
                            WHERE deleted_at IS NULL GROUP BY report) n ON n.report = r.id",
            ),
            ReportSort::Imported => (Some("r.created_at"), ""),
        };
        let direction = if descending { "DESC" } else { "ASC" };
        let order = column.into_iter().chain(["r.title_key", "r.rowid"]);
        let order: Vec<String> = order.map(|term| format!("{term} {direction}")).collect();
        values.extend([Value::Integer(limit.into()), Value::Integer(offset.into())]);
        // The order is found in an index alone; only the rows of the window are read.
        let mut select = self.conn.prepare_cached(&format!(
            "SELECT r.rowid FROM report r {join} WHERE {sql} ORDER BY {} LIMIT ? OFFSET ?",
            order.join(", ")
        ))?;
        let window: Vec<i64> = select
            .query_map(params_from_iter(&values), |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let rows = window.into_iter().map(|row| self.report_row(row)).collect::<Result<_, _>>()?;
        Ok((total, rows))
    }

    fn report_row(&self, rowid: i64) -> Result<ReportRow, StoreError> {
        let mut row = self
            .conn
            .prepare_cached(
                "SELECT id, title, path, published, place, organisation, source, script,
                     characters, problems, created_at,
                     (SELECT count(*) FROM passage p
                      WHERE p.report = r.id AND p.deleted_at IS NULL)
                 FROM report r WHERE rowid = ?1",
            )?
            .query_row([rowid], |row| {
                Ok(ReportRow {
                    id: row.get(0)?,
                    title: row.get(1)?,
                    path: row.get(2)?,
                    published: row.get(3)?,
                    place: row.get(4)?,
                    organisation: row.get(5)?,
                    source: row.get(6)?,
                    script: script(row, 7)?,
                    characters: row.get(8)?,
                    problems: list(row, 9)?,
                    imported: row.get(10)?,
                    passages: row.get(11)?,
                    tags: Vec::new(),
                })
            })?;
        if row.passages > 0 {
            row.tags = self.tags_of_report(row.id)?;
        }
        Ok(row)
    }

    /// The values that a filter can go on with.
    pub fn facets(&self, filter: &ReportFilter) -> Result<Facets, StoreError> {
        let without = |change: fn(&mut ReportFilter)| {
            let mut other = filter.clone();
            change(&mut other);
            condition(&other)
        };
        let common = "count(*) DESC, 1";
        Ok(Facets {
            places: self.facet(
                "min(r.place)",
                "r.place_key",
                "r.place_key",
                &without(|f| f.places.clear()),
            )?,
            organisations: self.facet(
                "min(r.organisation)",
                "r.organisation_key",
                common,
                &without(|f| f.organisations.clear()),
            )?,
            sources: self.facet(
                "min(r.source)",
                "r.source_key",
                common,
                &without(|f| f.sources.clear()),
            )?,
            years: self.facet(
                "CAST(r.year AS TEXT)",
                "r.year",
                "r.year",
                &without(|f| f.years.clear()),
            )?,
            scripts: self.facet(
                "r.script",
                "r.script",
                "r.script",
                &without(|f| f.scripts.clear()),
            )?,
            problems: self.problem_facet(&without(|f| f.problems.clear()))?,
        })
    }

    fn facet(
        &self,
        value: &str,
        group: &str,
        order: &str,
        Condition { sql, values }: &Condition,
    ) -> Result<Vec<FacetValue>, StoreError> {
        self.facet_values(
            &format!(
                "SELECT {value}, count(*) FROM report r WHERE {sql} AND {group} IS NOT NULL
                 GROUP BY {group} ORDER BY {order}"
            ),
            values,
        )
    }

    fn problem_facet(
        &self,
        Condition { sql, values }: &Condition,
    ) -> Result<Vec<FacetValue>, StoreError> {
        self.facet_values(
            &format!(
                "SELECT code.value, count(*) FROM report r, json_each(r.problems) code
                 WHERE {sql} AND r.problems <> '[]' GROUP BY 1 ORDER BY 2 DESC, 1"
            ),
            values,
        )
    }

    fn facet_values(&self, sql: &str, values: &[Value]) -> Result<Vec<FacetValue>, StoreError> {
        let mut select = self.conn.prepare_cached(sql)?;
        let found = select
            .query_map(params_from_iter(values), |row| {
                Ok(FacetValue { value: row.get(0)?, count: row.get(1)? })
            })?
            .collect::<Result<_, _>>()?;
        Ok(found)
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
                     words = ?15, modified_at = ?16, title_key = coalesce(?17, title_key)
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
