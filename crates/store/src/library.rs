//! The library's list: which reports there are under a filter, in what order, and the values to
//! filter by.

use crate::error::StoreError;
use crate::id::{CollectionId, ReportId, TagId};
use crate::report::{key, list, script};
use crate::store::Read;
use anjuan_text::{GAP, ProblemCode, Script};
use rusqlite::params_from_iter;
use rusqlite::types::{Value, ValueRef};
use std::collections::HashMap;

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

/// The column to sort by. Reports of one value follow by title (those of one number of passages by
/// import); those without a value come first ascending and last descending.
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

/// A code as JSON writes it, quotation marks included.
fn code_json(code: ProblemCode) -> String {
    serde_json::to_string(&code).unwrap_or_default()
}

/// A part of a `WHERE` over the table `report` named `r`, with its values; empty where it lets
/// everything through.
#[derive(Default)]
struct Condition {
    sql: String,
    values: Vec<Value>,
}

impl Condition {
    fn and(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        if !self.sql.is_empty() && !sql.is_empty() {
            self.sql.push_str(" AND ");
        }
        self.sql.push_str(sql);
        self.values.extend(values);
    }

    /// A column has one of some values.
    fn one_of<T>(column: &str, values: &[T], value: impl Fn(&T) -> Value) -> Self {
        if values.is_empty() {
            return Self::default();
        }
        Self {
            sql: format!("{column} IN ({})", marks(values.len())),
            values: values.iter().map(value).collect(),
        }
    }

    /// One of `count` conditions that differ in their values only.
    fn any(sql: &str, count: usize, values: impl Iterator<Item = Value>) -> Self {
        if count == 0 {
            return Self::default();
        }
        Self {
            sql: format!("({})", vec![format!("({sql})"); count].join(" OR ")),
            values: values.collect(),
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

/// A filter as conditions: those that belong to no facet, and those of each facet.
struct Conditions {
    common: Condition,
    own: [Condition; FACETS.len()],
}

impl Conditions {
    fn new(filter: &ReportFilter) -> Self {
        let names = |column: &str, names: &[String]| {
            Condition::one_of(column, names, |name| Value::Text(key(name)))
        };
        Self {
            common: common(filter),
            own: [
                place(&filter.places),
                names("r.organisation_key", &filter.organisations),
                names("r.source_key", &filter.sources),
                Condition::one_of("r.year", &filter.years, |&year| Value::Integer(year.into())),
                Condition::one_of("r.script", &filter.scripts, |script| {
                    Value::Text(script.as_str().into())
                }),
                problem(&filter.problems),
            ],
        }
    }

    /// All of them.
    fn all(self) -> Condition {
        let mut all = self.common;
        for own in self.own {
            all.and(&own.sql, own.values);
        }
        all
    }
}

/// The kinds of facets: the column of the value, and the column by which it is counted.
const FACETS: [(&str, &str); 6] = [
    ("place", "place_key"),
    ("organisation", "organisation_key"),
    ("source", "source_key"),
    ("year", "year"),
    ("script", "script"),
    ("problems", "problems"),
];

/// The values of each kind of facet, by key, and how many reports have them.
type Tallies = [HashMap<String, u32>; FACETS.len()];

/// An administrative division or anything below it.
fn place(places: &[String]) -> Condition {
    // GLOB and LIKE would read signs in the name; every key with the prefix lies in this range.
    let ranges = places.iter().map(String::as_str).map(key);
    Condition::any(
        "r.place_key >= ? AND r.place_key < ?",
        places.len(),
        ranges.flat_map(|from| {
            let to = from.clone() + "\u{10FFFF}";
            [Value::Text(from), Value::Text(to)]
        }),
    )
}

fn problem(problems: &[ProblemCode]) -> Condition {
    // The first lets the index of the few reports with problems be used.
    Condition::any(
        "r.problems <> '[]' AND instr(r.problems, ?) > 0",
        problems.len(),
        problems.iter().map(|&code| Value::Text(code_json(code))),
    )
}

fn common(filter: &ReportFilter) -> Condition {
    let mut all = Condition { sql: "r.deleted_at IS NULL".into(), values: Vec::new() };
    for word in filter.text.split_whitespace() {
        let word = key(word);
        let word = word.trim_matches(GAP);
        if !word.is_empty() {
            all.and("instr(r.words, ?) > 0", [Value::Text(word.to_owned())]);
        }
    }
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
                    CROSS JOIN passage_tag pt ON pt.tag = below.id AND pt.deleted_at IS NULL
                    CROSS JOIN passage p ON p.id = pt.passage
                    WHERE p.deleted_at IS NULL)",
                marks(filter.tags.len())
            ),
            filter.tags.iter().map(blob),
        );
    }
    if !filter.collections.is_empty() {
        all.and(
            &format!(
                "r.id IN (SELECT m.report FROM collection_report m
                          CROSS JOIN collection c ON c.id = m.collection AND c.deleted_at IS NULL
                          WHERE m.deleted_at IS NULL AND m.collection IN ({}))",
                marks(filter.collections.len())
            ),
            filter.collections.iter().map(blob),
        );
    }
    all
}

/// The table that a [`Condition`] is about.
const ONE: &str = "report r";

impl Read<'_> {
    /// How many reports a filter lets through, and a window of them.
    pub fn report_rows(
        &self,
        filter: &ReportFilter,
        sort: ReportSort,
        descending: bool,
        offset: u32,
        limit: u32,
    ) -> Result<(u32, Vec<ReportRow>), StoreError> {
        let Condition { sql, mut values } = Conditions::new(filter).all();
        let total = self
            .conn
            // Words are in no index, and one pass over the table is the quickest way to them.
            .prepare_cached(&format!(
                "SELECT count(*) FROM report r {} WHERE {sql}",
                if filter.text.is_empty() { "" } else { "NOT INDEXED" }
            ))?
            .query_row(params_from_iter(&values), |row| row.get(0))?;
        let (from, order) = match sort {
            ReportSort::Passages => {
                ("report_tally n JOIN report r ON r.id = n.report", &["n.passages", "n.report"][..])
            }
            ReportSort::Title => (ONE, &["r.title_key", "r.rowid"][..]),
            ReportSort::Published => (ONE, &["r.published", "r.title_key", "r.rowid"][..]),
            ReportSort::Place => (ONE, &["r.place_key", "r.title_key", "r.rowid"][..]),
            ReportSort::Organisation => {
                (ONE, &["r.organisation_key", "r.title_key", "r.rowid"][..])
            }
            ReportSort::Source => (ONE, &["r.source_key", "r.title_key", "r.rowid"][..]),
            ReportSort::Characters => (ONE, &["r.characters", "r.title_key", "r.rowid"][..]),
            ReportSort::Imported => (ONE, &["r.created_at", "r.title_key", "r.rowid"][..]),
        };
        let direction = if descending { "DESC" } else { "ASC" };
        let order: Vec<String> = order.iter().map(|term| format!("{term} {direction}")).collect();
        values.extend([Value::Integer(limit.into()), Value::Integer(offset.into())]);
        // The order is found in an index alone; only the rows of the window are read.
        let mut select = self.conn.prepare_cached(&format!(
            "SELECT r.rowid FROM {from} WHERE {sql} ORDER BY {} LIMIT ? OFFSET ?",
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
                     (SELECT passages FROM report_tally n WHERE n.report = r.id)
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
        let tallies = if *filter == ReportFilter::default() {
            self.tally_all()?
        } else {
            self.tally(&Conditions::new(filter))?
        };
        let [places, organisations, sources, years, scripts, problems] = tallies;
        let mut codes: HashMap<String, u32> = HashMap::new();
        for (set, count) in problems {
            for code in serde_json::from_str::<Vec<String>>(&set).unwrap_or_default() {
                *codes.entry(code).or_default() += count;
            }
        }
        let by_key = |mut values: Vec<(String, FacetValue)>| -> Vec<FacetValue> {
            values.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
            values.into_iter().map(|(_, value)| value).collect()
        };
        let by_count = |mut values: Vec<(String, FacetValue)>| -> Vec<FacetValue> {
            values.sort_unstable_by(|(a, x), (b, y)| y.count.cmp(&x.count).then(a.cmp(b)));
            values.into_iter().map(|(_, value)| value).collect()
        };
        let plain = |tally: HashMap<String, u32>| -> Vec<(String, FacetValue)> {
            let value =
                |(value, count): (String, u32)| (value.clone(), FacetValue { value, count });
            tally.into_iter().map(value).collect()
        };
        Ok(Facets {
            places: by_key(self.as_written(FACETS[0], places)?),
            organisations: by_count(self.as_written(FACETS[1], organisations)?),
            sources: by_count(self.as_written(FACETS[2], sources)?),
            years: by_key(plain(years)),
            scripts: by_key(plain(scripts)),
            problems: by_count(plain(codes)),
        })
    }

    /// Counts the values of all reports, each kind in its index alone.
    fn tally_all(&self) -> Result<Tallies, StoreError> {
        let mut tallies = Tallies::default();
        for ((_, key), tally) in FACETS.iter().zip(&mut tallies) {
            // The second lets the index of the few reports with problems be used.
            let some = if *key == "problems" { "problems <> '[]'" } else { "1" };
            let mut select = self.conn.prepare_cached(&format!(
                "SELECT CAST({key} AS TEXT), count(*) FROM report
                 WHERE deleted_at IS NULL AND {key} IS NOT NULL AND {some} GROUP BY {key}"
            ))?;
            for row in select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))? {
                tally.extend([row?]);
            }
        }
        Ok(tallies)
    }

    /// Counts the values of the reports that a filter lets through, in one pass: a report that
    /// fails one kind of condition alone counts for that kind's facet.
    fn tally(&self, Conditions { common, own }: &Conditions) -> Result<Tallies, StoreError> {
        let keys = FACETS.map(|(_, key)| format!("r.{key}"));
        let lets = own.each_ref().map(|condition| match condition.sql.as_str() {
            "" => "1",
            sql => sql,
        });
        let lets = lets.map(|sql| format!("coalesce({sql}, 0)"));
        let mut select = self.conn.prepare_cached(&format!(
            "SELECT {}, {} FROM report r NOT INDEXED WHERE {}",
            keys.join(", "),
            lets.join(", "),
            common.sql
        ))?;
        let values = own.iter().flat_map(|condition| &condition.values).chain(&common.values);
        let mut rows = select.query(params_from_iter(values))?;
        let mut tallies = Tallies::default();
        while let Some(row) = rows.next()? {
            let mut fails = Vec::new();
            for kind in 0..FACETS.len() {
                if !row.get::<_, bool>(FACETS.len() + kind)? {
                    fails.push(kind);
                }
            }
            for (kind, tally) in tallies.iter_mut().enumerate() {
                if fails.iter().any(|&other| other != kind) {
                    continue;
                }
                let number;
                let value = match row.get_ref(kind)? {
                    ValueRef::Integer(year) => {
                        number = year.to_string();
                        number.as_str()
                    }
                    value => {
                        value.as_str_or_null().map_err(rusqlite::Error::from)?.unwrap_or_default()
                    }
                };
                match tally.get_mut(value) {
                    Some(count) => *count += 1,
                    None if value.is_empty() => {}
                    None => drop(tally.insert(value.to_owned(), 1)),
                }
            }
        }
        Ok(tallies)
    }

    /// Gives each key the value that one of its reports writes; the key stays beside it.
    fn as_written(
        &self,
        (column, key): (&str, &str),
        tally: HashMap<String, u32>,
    ) -> Result<Vec<(String, FacetValue)>, StoreError> {
        let mut select = self.conn.prepare_cached(&format!(
            "SELECT {column} FROM report WHERE {key} = ?1 AND deleted_at IS NULL
             ORDER BY title_key LIMIT 1"
        ))?;
        let mut values = Vec::with_capacity(tally.len());
        for (key, count) in tally {
            let value = select.query_row([&key], |row| row.get(0))?;
            values.push((key, FacetValue { value, count }));
        }
        Ok(values)
    }
}
