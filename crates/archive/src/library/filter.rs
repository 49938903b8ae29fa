//! Which reports a filter lets through, and how many have each value.

use super::typed::Typed;
use super::values::{NONE, Place, Value, Values};
use super::{Library, Row, Slot, problem_bits};
use anjuan_protocol as wire;
use anjuan_store::{CollectionId, ReportId, StoreError, TagId};
use anjuan_text::{ProblemCode, Script};
use rustc_hash::{FxHashMap, FxHashSet};
use std::str::FromStr;

/// A filter in the types of the archive: of each kind what is wanted and what is unwanted.
pub(crate) struct Filter<'f> {
    wire: &'f wire::ReportFilter,
    typed: Typed,
    tags: [Vec<TagId>; 2],
    collections: [Vec<CollectionId>; 2],
    scripts: [Vec<Script>; 2],
    problems: [u32; 2],
}

fn ids<T: FromStr<Err = StoreError>>(all: &[String]) -> Result<Vec<T>, StoreError> {
    all.iter().map(|id| id.parse()).collect()
}

/// Values of a closed set; words that are none are left out.
fn closed<T: serde::de::DeserializeOwned>(words: &[String]) -> Vec<T> {
    let parse =
        |word: &String| serde_json::from_value(serde_json::Value::String(word.clone())).ok();
    words.iter().filter_map(parse).collect()
}

impl<'f> Filter<'f> {
    pub(crate) fn new(filter: &'f wire::ReportFilter) -> Result<Self, StoreError> {
        let out = &filter.exclude;
        let bits = |codes: &[String]| problem_bits(&closed::<ProblemCode>(codes));
        Ok(Self {
            typed: Typed::new(&filter.text),
            tags: [ids(&filter.tags)?, ids(&out.tags)?],
            collections: [ids(&filter.collections)?, ids(&out.collections)?],
            scripts: [closed(&filter.scripts), closed(&out.scripts)],
            problems: [bits(&filter.problems), bits(&out.problems)],
            wire: filter,
        })
    }
}

/// The kinds of conditions, as bits of what a report fails.
mod kind {
    pub(super) const TEXT: u16 = 1;
    pub(super) const PLACES: u16 = 1 << 1;
    pub(super) const ORGANISATIONS: u16 = 1 << 2;
    pub(super) const SOURCES: u16 = 1 << 3;
    pub(super) const YEARS: u16 = 1 << 4;
    pub(super) const SCRIPTS: u16 = 1 << 5;
    pub(super) const TAGS: u16 = 1 << 6;
    pub(super) const COLLECTIONS: u16 = 1 << 7;
    pub(super) const PROBLEMS: u16 = 1 << 8;
    pub(super) const MEMO: u16 = 1 << 9;
    pub(super) const PASSAGES: u16 = 1 << 10;
    /// There is no report.
    pub(super) const GONE: u16 = u16::MAX;
}

/// For each report the kinds of conditions that it fails.
pub(super) struct Passed {
    fails: Vec<u16>,
}

/// A condition on a value of a column, or on several.
struct Condition {
    wanted: Option<Vec<bool>>,
    unwanted: Option<Vec<bool>>,
}

impl Condition {
    fn new<T>(wanted: &[T], unwanted: &[T], are: impl Fn(&[T]) -> Vec<bool>) -> Self {
        let some = |all: &[T]| (!all.is_empty()).then(|| are(all));
        Self { wanted: some(wanted), unwanted: some(unwanted) }
    }

    fn is_none(&self) -> bool {
        self.wanted.is_none() && self.unwanted.is_none()
    }

    fn lets(&self, places: &(impl Iterator<Item = Place> + Clone)) -> bool {
        let any = |set: &[bool]| places.clone().any(|at| set.get(at as usize) == Some(&true));
        self.wanted.as_deref().is_none_or(any) && !self.unwanted.as_deref().is_some_and(any)
    }
}

/// One typed word, with the values of each column that meet it.
struct Meeting<'f> {
    word: &'f super::typed::Word,
    columns: [Vec<bool>; 4],
}

impl<'f> Meeting<'f> {
    fn new(library: &Library, word: &'f super::typed::Word) -> Self {
        let columns = [&library.places, &library.organisations, &library.sources, &library.authors];
        let meets = |values: &Values| -> Vec<bool> {
            values.iter().map(|value| value.uses > 0 && word.is_in(&value.folded)).collect()
        };
        Self { word, columns: columns.map(meets) }
    }

    fn is_met(&self, row: &Row) -> bool {
        let [places, organisations, sources, authors] = &self.columns;
        let has = |set: &[bool], place: Place| set.get(place as usize) == Some(&true);
        has(places, row.place)
            || has(organisations, row.organisation)
            || has(sources, row.source)
            || row.authors.iter().any(|&author| has(authors, author))
            || self.word.is_in(row.typed())
    }
}

impl Passed {
    pub(super) fn of(library: &Library, filter: &Filter<'_>) -> Self {
        let wire = filter.wire;
        let out = &wire.exclude;
        let places = Condition::new(&wire.places, &out.places, |all| library.divisions.lie_in(all));
        let organisations = Condition::new(&wire.organisations, &out.organisations, |all| {
            library.organisations.are(all)
        });
        let sources = Condition::new(&wire.sources, &out.sources, |all| library.sources.are(all));
        let [wanted, unwanted] = &filter.tags;
        let tags = Condition::new(wanted, unwanted, |all| library.tags.lie_in(all));
        let [wanted, unwanted] = &filter.collections;
        let collections = Condition::new(wanted, unwanted, |all| library.collections.lie_in(all));
        let has = |set: &[Script], script: Option<Script>| script.is_some_and(|s| set.contains(&s));
        let words: Vec<Meeting<'_>> =
            filter.typed.words().iter().map(|word| Meeting::new(library, word)).collect();

        let mut fails = vec![kind::GONE; library.rows.len()];
        for (slot, row) in library.rows() {
            let mut failed = 0;
            let mut check = |lets: bool, kind: u16| {
                if !lets {
                    failed |= kind;
                }
            };
            if !places.is_none() {
                check(places.lets(&std::iter::once(row.place)), kind::PLACES);
            }
            if !organisations.is_none() {
                check(organisations.lets(&std::iter::once(row.organisation)), kind::ORGANISATIONS);
            }
            if !sources.is_none() {
                check(sources.lets(&std::iter::once(row.source)), kind::SOURCES);
            }
            let year = |set: &[i32]| row.year.is_some_and(|year| set.contains(&year));
            check((wire.years.is_empty() || year(&wire.years)) && !year(&out.years), kind::YEARS);
            let [wanted, unwanted] = &filter.scripts;
            check(
                (wire.scripts.is_empty() || has(wanted, row.script)) && !has(unwanted, row.script),
                kind::SCRIPTS,
            );
            if !tags.is_none() {
                check(tags.lets(&row.marks.tags.iter().map(|&(tag, _)| tag)), kind::TAGS);
            }
            if !collections.is_none() {
                check(collections.lets(&row.marks.collections.iter().copied()), kind::COLLECTIONS);
            }
            let [wanted, unwanted] = filter.problems;
            check(
                (wire.problems.is_empty() || row.problems & wanted != 0)
                    && row.problems & unwanted == 0,
                kind::PROBLEMS,
            );
            check(wire.memo.is_none_or(|memo| memo == row.marks.memo), kind::MEMO);
            check(
                wire.passages.is_none_or(|some| some == (row.marks.passages > 0)),
                kind::PASSAGES,
            );
            // Text is the dearest; a report that fails two kinds counts nowhere anyway.
            let out_of_count = failed.count_ones() > 1;
            if !out_of_count && !words.iter().all(|word| word.is_met(row)) {
                failed |= kind::TEXT;
            }
            fails[slot] = failed;
        }
        Self { fails }
    }

    /// Whether a report passes.
    pub(super) fn lets(&self, slot: Slot) -> bool {
        self.fails.get(slot as usize) == Some(&0)
    }
}

/// Organisations and sources listed at the most; a longer list is nobody's to read.
const LISTED: usize = 300;

fn facet_values(found: Vec<(&str, u32)>) -> Vec<wire::FacetValue> {
    found
        .into_iter()
        .map(|(value, count)| wire::FacetValue { value: value.to_owned(), count })
        .collect()
}

/// The most common values; those that are chosen stay however rare.
fn most_common(
    values: &Values,
    counts: &[u32],
    wanted: &[String],
    unwanted: &[String],
) -> Vec<wire::FacetValue> {
    let chosen: Vec<String> = wanted.iter().chain(unwanted).cloned().collect();
    let are = values.are(&chosen);
    let groups: Vec<u32> =
        values.iter().zip(&are).filter(|(_, are)| **are).map(|(value, _)| value.group).collect();
    let keep = |value: &Value| groups.contains(&value.group);
    let mut found = values.grouped(counts, keep);
    if found.len() > LISTED {
        let kept: Vec<&str> = values.iter().filter(|v| keep(v)).map(|v| &*v.text).collect();
        let mut place = 0;
        found.retain(|(text, _)| {
            place += 1;
            place <= LISTED || kept.contains(text)
        });
    }
    facet_values(found)
}

impl Library {
    /// The values to filter by, each kind counted under the other kinds' conditions; of certain
    /// reports alone, where they are named.
    pub(crate) fn facets(
        &self,
        wire: &wire::ReportFilter,
        among: Option<&FxHashSet<ReportId>>,
    ) -> Result<wire::Facets, StoreError> {
        let passed = self.passed(wire)?;
        let mut total = 0;
        let mut places = vec![0_u32; self.places.len()];
        let mut organisations = vec![0_u32; self.organisations.len()];
        let mut sources = vec![0_u32; self.sources.len()];
        let mut years: FxHashMap<i32, u32> = FxHashMap::default();
        let mut scripts = [0_u32; SCRIPTS.len()];
        let mut problems = [0_u32; CODES.len()];
        let mut tags = vec![0_u32; self.tags.len()];
        let mut tags_seen = vec![usize::MAX; self.tags.len()];
        let mut collections = vec![0_u32; self.collections.len()];
        let mut collections_seen = vec![usize::MAX; self.collections.len()];
        let (mut memo, mut passages) = (0, 0);
        let count = |counts: &mut [u32], place: Place| {
            if place != NONE {
                counts[place as usize] += 1;
            }
        };
        for (slot, row) in self.rows() {
            let named = among.is_none_or(|among| among.contains(&row.id));
            let fails = if named { passed.fails[slot] } else { kind::GONE };
            if let Some(year) = row.year {
                let count = years.entry(year).or_default();
                *count += u32::from(fails == 0 || fails == kind::YEARS);
            }
            if fails.count_ones() > 1 {
                continue;
            }
            total += u32::from(fails == 0);
            // What fails its own kind alone counts there.
            let counts_in = |kind: u16| fails == 0 || fails == kind;
            if counts_in(kind::PLACES) {
                count(&mut places, row.place);
            }
            if counts_in(kind::ORGANISATIONS) {
                count(&mut organisations, row.organisation);
            }
            if counts_in(kind::SOURCES) {
                count(&mut sources, row.source);
            }
            if counts_in(kind::SCRIPTS)
                && let Some(script) = row.script
            {
                scripts[script as usize] += 1;
            }
            if counts_in(kind::PROBLEMS) && row.problems != 0 {
                for (code, count) in problems.iter_mut().enumerate() {
                    *count += row.problems >> code & 1;
                }
            }
            if counts_in(kind::TAGS) {
                for &tag in row.marks.tags.iter().flat_map(|&(tag, _)| self.tags.line(tag)) {
                    if std::mem::replace(&mut tags_seen[tag as usize], slot) != slot {
                        tags[tag as usize] += 1;
                    }
                }
            }
            if counts_in(kind::COLLECTIONS) {
                for &id in row.marks.collections.iter().flat_map(|&id| self.collections.line(id)) {
                    if std::mem::replace(&mut collections_seen[id as usize], slot) != slot {
                        collections[id as usize] += 1;
                    }
                }
            }
            memo += u32::from(counts_in(kind::MEMO) && row.marks.memo);
            passages += u32::from(counts_in(kind::PASSAGES) && row.marks.passages > 0);
        }
        let mut years: Vec<wire::YearCount> =
            years.into_iter().map(|(year, count)| wire::YearCount { year, count }).collect();
        years.sort_unstable_by_key(|entry| entry.year);
        let chosen_places: Vec<String> =
            wire.places.iter().chain(&wire.exclude.places).cloned().collect();
        let chosen = |id: &str, wanted: &[String], unwanted: &[String]| {
            wanted.iter().chain(unwanted).any(|other| other == id)
        };
        let tags = self.tags.in_order().map(|(number, id)| wire::FacetValue {
            value: id.to_string(),
            count: tags[number as usize],
        });
        let collections = self.collections.in_order().map(|(number, id)| wire::FacetValue {
            value: id.to_string(),
            count: collections[number as usize],
        });
        let scripts =
            SCRIPTS.iter().map(|&script| (script.as_str().to_owned(), scripts[script as usize]));
        let problems = CODES.iter().map(|&code| (crate::wire::word(code), problems[code as usize]));
        Ok(wire::Facets {
            total,
            places: self.divisions.tree(&self.places, &places, &chosen_places),
            organisations: most_common(
                &self.organisations,
                &organisations,
                &wire.organisations,
                &wire.exclude.organisations,
            ),
            sources: most_common(&self.sources, &sources, &wire.sources, &wire.exclude.sources),
            years,
            scripts: closed_values(scripts, &wire.scripts, &wire.exclude.scripts),
            tags: tags
                .filter(|v| v.count > 0 || chosen(&v.value, &wire.tags, &wire.exclude.tags))
                .collect(),
            collections: collections.collect(),
            problems: closed_values(problems, &wire.problems, &wire.exclude.problems),
            memo,
            passages,
        })
    }

    /// Values of a column that meet what was typed, most common first.
    pub(crate) fn values(
        &self,
        request: &wire::LibraryValuesRequest,
    ) -> Result<Vec<wire::FacetValue>, StoreError> {
        let passed = self.passed(&request.filter)?;
        let (values, own) = match request.column {
            wire::ValueColumn::Place => (&self.places, kind::PLACES),
            wire::ValueColumn::Organisation => (&self.organisations, kind::ORGANISATIONS),
            wire::ValueColumn::Source => (&self.sources, kind::SOURCES),
            wire::ValueColumn::Author => (&self.authors, 0),
        };
        let mut counts = vec![0_u32; values.len()];
        for (slot, row) in self.rows() {
            if passed.fails[slot] != 0 && passed.fails[slot] != own {
                continue;
            }
            let column = match request.column {
                wire::ValueColumn::Place => std::slice::from_ref(&row.place),
                wire::ValueColumn::Organisation => std::slice::from_ref(&row.organisation),
                wire::ValueColumn::Source => std::slice::from_ref(&row.source),
                wire::ValueColumn::Author => &row.authors,
            };
            for &place in column.iter().filter(|&&place| place != NONE) {
                counts[place as usize] += 1;
            }
        }
        let typed = Typed::new(&request.text);
        for (value, count) in values.iter().zip(&mut counts) {
            if !typed.is_in(&value.folded) {
                *count = 0;
            }
        }
        let mut found = values.grouped(&counts, |_| false);
        found.truncate(request.limit as usize);
        Ok(facet_values(found))
    }
}

/// Both scripts.
const SCRIPTS: [Script; 2] = [Script::Hans, Script::Hant];

/// Every code.
const CODES: [ProblemCode; 12] = [
    ProblemCode::DigitsStripped,
    ProblemCode::ImpossibleDate,
    ProblemCode::QuotesUnbalanced,
    ProblemCode::PunctuationStripped,
    ProblemCode::GlossesRemoved,
    ProblemCode::Undecodable,
    ProblemCode::EncodingUncertain,
    ProblemCode::TitleMissing,
    ProblemCode::DateMissing,
    ProblemCode::SpamRemoved,
    ProblemCode::BreaksRestored,
    ProblemCode::Empty,
];

/// Values of a closed set with those that are chosen, most common first.
fn closed_values(
    counts: impl IntoIterator<Item = (String, u32)>,
    wanted: &[String],
    unwanted: &[String],
) -> Vec<wire::FacetValue> {
    let mut values: Vec<wire::FacetValue> = counts
        .into_iter()
        .filter(|&(_, count)| count > 0)
        .map(|(value, count)| wire::FacetValue { value, count })
        .collect();
    for chosen in wanted.iter().chain(unwanted) {
        if values.iter().all(|value| value.value != *chosen) {
            values.push(wire::FacetValue { value: chosen.clone(), count: 0 });
        }
    }
    values.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    values
}
