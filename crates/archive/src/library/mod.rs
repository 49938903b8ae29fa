//! The library's list in memory: what it shows, sorts, filters and counts by, a few dozen bytes a
//! report, so that every question over 100,000 of them is one pass over an array.
//!
//! It is derived from the file like an index: read whole once, then brought up to each state of
//! the archive by the numbered log of changes, undo and redo included. What a row shows beyond
//! that is read from the file for the rows in sight.

mod collation;
mod divisions;
mod filter;
mod forest;
mod shelf;
mod typed;
mod values;

pub(crate) use collation::{Collation, Order};
pub(crate) use shelf::Shelf;

use anjuan_protocol as wire;
use anjuan_store::{
    CollectionId, Listed, ListingChanges, Marks, Read, ReportId, StoreError, TagId,
};
use anjuan_text::{ProblemCode, Script};
use divisions::Divisions;
use filter::{Filter, Passed};
use forest::Forest;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Ordering;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use typed::Typed;
use values::{NONE, Place, Values, folded};

/// Where a report stands in the array. It keeps its place as long as it is there.
type Slot = u32;

/// What is known of a report in memory.
struct Row {
    id: ReportId,
    /// The title, or the file's name where there is none.
    title: Box<str>,
    file: Box<str>,
    /// The title as it is sorted, made when it is needed first.
    title_key: OnceLock<Box<[u8]>>,
    /// Title and name of the file, folded, to find what is typed; made when it is needed first.
    typed: OnceLock<Box<str>>,
    /// The date as a number that sorts like it; 0 where there is none.
    published: u64,
    year: Option<i32>,
    place: Place,
    organisation: Place,
    source: Place,
    authors: Box<[Place]>,
    script: Option<Script>,
    characters: u32,
    /// A bit for each code.
    problems: u32,
    /// When it was imported, as a number that sorts like it.
    imported: i64,
    marks: RowMarks,
}

/// What the user put on a report.
#[derive(Default)]
struct RowMarks {
    passages: u32,
    memo: bool,
    /// Tags by their numbers, with the number of passages that carry each.
    tags: Box<[(u32, u32)]>,
    collections: Box<[u32]>,
}

impl Row {
    fn title_key(&self, collation: &Collation) -> &[u8] {
        self.title_key.get_or_init(|| collation.key(&self.title))
    }

    fn typed(&self) -> &str {
        self.typed.get_or_init(|| {
            let mut typed = folded(&self.title);
            if self.file != self.title {
                typed.push('\n');
                typed.push_str(&folded(&self.file));
            }
            typed.into()
        })
    }
}

/// The list of one archive at one state.
pub(crate) struct Library {
    sequence: u64,
    /// Whether what the user put on the reports is known: the list itself comes first.
    marked: bool,
    order: Order,
    collation: Collation,
    rows: Vec<Option<Row>>,
    slots: FxHashMap<ReportId, Slot>,
    free: Vec<Slot>,
    places: Values,
    organisations: Values,
    sources: Values,
    authors: Values,
    divisions: Divisions,
    tags: Forest<TagId>,
    collections: Forest<CollectionId>,
    /// For each column, once it was asked for, all reports in its order.
    orders: [OnceLock<Vec<Slot>>; COLUMNS.len()],
    /// What was asked last: scrolling asks for window after window of one list.
    last: Mutex<Option<Arc<Asked>>>,
    /// What the filter asked last lets through: the list and the counts are asked for together.
    passed: Mutex<Option<(wire::ReportFilter, Arc<Passed>)>>,
}

/// A list as it was asked for.
struct Asked {
    filter: wire::ReportFilter,
    sort: wire::ReportSort,
    descending: bool,
    list: Vec<Slot>,
}

/// The columns to sort by.
const COLUMNS: [wire::ReportSort; 9] = [
    wire::ReportSort::Title,
    wire::ReportSort::Published,
    wire::ReportSort::Place,
    wire::ReportSort::Organisation,
    wire::ReportSort::Source,
    wire::ReportSort::Authors,
    wire::ReportSort::Characters,
    wire::ReportSort::Passages,
    wire::ReportSort::Imported,
];

/// The last part of a path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// What stands for the title of a report.
pub(crate) fn shown_title<'t>(title: Option<&'t str>, path: Option<&'t str>) -> &'t str {
    title.filter(|title| !title.is_empty()).or(path.map(file_name)).unwrap_or_default()
}

/// The date as a number that sorts like it: a digit more for each part, so that what is known more
/// precisely comes behind what is known less.
fn date_number(date: &str) -> u64 {
    let mut parts = date.split(['-', 'T', ':']).map(|part| part.parse::<u64>().ok());
    let mut number = match parts.next().flatten() {
        Some(year) => year + 1,
        None => return 0,
    };
    for _ in 0..5 {
        number = number * 64 + parts.next().flatten().map_or(0, |part| part.min(62) + 1);
    }
    number
}

fn year(date: &str) -> Option<i32> {
    date.get(..4)?.parse().ok()
}

/// The moment of a stamp in milliseconds.
fn moment(stamp: &str) -> i64 {
    stamp.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_millisecond).unwrap_or_default()
}

fn problem_bits(codes: &[ProblemCode]) -> u32 {
    codes.iter().fold(0, |bits, &code| bits | 1 << code as u32)
}

impl Library {
    /// Reads all reports of an archive; what the user put on them comes with [`Self::set_marks`].
    pub(crate) fn read(read: &Read<'_>, order: Order) -> Result<Self, StoreError> {
        let mut library = Self {
            sequence: read.sequence()?,
            marked: false,
            order,
            collation: Collation::new(order),
            rows: Vec::new(),
            slots: FxHashMap::default(),
            free: Vec::new(),
            places: Values::default(),
            organisations: Values::default(),
            sources: Values::default(),
            authors: Values::default(),
            divisions: Divisions::default(),
            tags: Forest::default(),
            collections: Forest::default(),
            orders: Default::default(),
            last: Mutex::default(),
            passed: Mutex::default(),
        };
        library.set_trees(&Trees::read(read)?);
        read.each_listed(|listed| {
            library.put(&listed, None);
        })?;
        library.divisions.follow(&library.places);
        Ok(library)
    }

    /// The state of the archive that it shows.
    pub(crate) fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Whether what the user put on the reports is known.
    pub(crate) fn marked(&self) -> bool {
        self.marked
    }

    /// Takes what the user put on all reports, as it is in the state that the library shows.
    pub(crate) fn set_marks(&mut self, all: impl IntoIterator<Item = (ReportId, Marks)>) {
        for (id, marks) in all {
            let marks = self.numbered(marks);
            let Some(&slot) = self.slots.get(&id) else { continue };
            if let Some(row) = &mut self.rows[slot as usize] {
                row.marks = marks;
            }
        }
        self.orders[PASSAGES].take();
        self.marked = true;
        self.forget();
    }

    fn numbered(&mut self, marks: Marks) -> RowMarks {
        let Marks { passages, tags, collections, memo } = marks;
        let tags = tags.into_iter().map(|(tag, passages)| (self.tags.number(tag), passages));
        let collections = collections.into_iter().map(|id| self.collections.number(id));
        RowMarks { passages, memo, tags: tags.collect(), collections: collections.collect() }
    }

    /// Forgets what was asked last, since the answer may be another now.
    fn forget(&mut self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = None;
        *self.passed.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The order of text that it has.
    pub(crate) fn order(&self) -> Order {
        self.order
    }

    fn set_trees(&mut self, trees: &Trees) {
        if let Some(tags) = &trees.tags {
            self.tags.set(tags.iter().copied());
        }
        if let Some(collections) = &trees.collections {
            self.collections.set(collections.iter().copied());
        }
    }

    fn row(&self, slot: Slot) -> Option<&Row> {
        self.rows.get(slot as usize)?.as_ref()
    }

    /// Every report with its place in the array.
    fn rows(&self) -> impl Iterator<Item = (usize, &Row)> {
        self.rows.iter().enumerate().filter_map(|(slot, row)| Some((slot, row.as_ref()?)))
    }

    /// Takes a report as it is now. Without marks it keeps those it has.
    fn put(&mut self, listed: &Listed, marks: Option<Marks>) -> Slot {
        let known = self.slots.get(&listed.id).copied();
        let before = known.and_then(|slot| self.rows[slot as usize].take());
        if let Some(row) = &before {
            self.let_go(row);
        }
        let shown = shown_title(listed.title.as_deref(), listed.path.as_deref());
        let file = listed.path.as_deref().map(file_name).unwrap_or_default();
        let (title, title_key, typed, kept) = match before {
            Some(row) if *row.title == *shown && *row.file == *file => {
                (row.title, row.title_key, row.typed, Some(row.marks))
            }
            before => {
                let kept = before.map(|row| row.marks);
                (shown.into(), OnceLock::new(), OnceLock::new(), kept)
            }
        };
        let marks = marks.map(|marks| self.numbered(marks)).or(kept).unwrap_or_default();
        let authors = listed.authors.iter().map(|a| self.authors.add(Some(a), &self.collation));
        let row = Row {
            id: listed.id,
            title,
            file: file.into(),
            title_key,
            typed,
            published: listed.published.as_deref().map_or(0, date_number),
            year: listed.published.as_deref().and_then(year),
            authors: authors.collect(),
            place: self.places.add(listed.place.as_deref(), &self.collation),
            organisation: self.organisations.add(listed.organisation.as_deref(), &self.collation),
            source: self.sources.add(listed.source.as_deref(), &self.collation),
            script: listed.script,
            characters: listed.characters,
            problems: problem_bits(&listed.problems),
            imported: moment(&listed.imported),
            marks,
        };
        let slot = known.or_else(|| self.free.pop()).unwrap_or_else(|| {
            self.rows.push(None);
            self.rows.len() as Slot - 1
        });
        self.slots.insert(row.id, slot);
        self.rows[slot as usize] = Some(row);
        slot
    }

    /// Takes a row's values off the counts of their uses.
    fn let_go(&mut self, row: &Row) {
        self.places.remove(row.place);
        self.organisations.remove(row.organisation);
        self.sources.remove(row.source);
        row.authors.iter().for_each(|&author| self.authors.remove(author));
    }

    /// Takes over what changed.
    pub(crate) fn apply(&mut self, fresh: Fresh) {
        let mut touched: FxHashSet<Slot> = FxHashSet::default();
        self.set_trees(&fresh.trees);
        for id in fresh.gone {
            if let Some(slot) = self.slots.remove(&id) {
                if let Some(row) = self.rows[slot as usize].take() {
                    self.let_go(&row);
                }
                self.free.push(slot);
                touched.insert(slot);
            }
        }
        // Orders that a change leaves as they are need no look; most edits touch one column.
        let mut stale = [false; COLUMNS.len()];
        stale.fill(!touched.is_empty());
        for (listed, marks) in fresh.reports {
            let before = self.slots.get(&listed.id).map(|&slot| self.sort_values(slot));
            let slot = self.put(&listed, marks);
            let now = self.sort_values(slot);
            for (at, stale) in stale.iter_mut().enumerate() {
                *stale |= before.as_ref().is_none_or(|before| before[at] != now[at]);
            }
            touched.insert(slot);
        }
        for (id, marks) in fresh.marks {
            let marks = self.numbered(marks);
            let Some(&slot) = self.slots.get(&id) else { continue };
            let Some(row) = &mut self.rows[slot as usize] else { continue };
            if row.marks.passages != marks.passages {
                stale[PASSAGES] = true;
                touched.insert(slot);
            }
            // Which collections it is in is told below.
            let collections = std::mem::take(&mut row.marks.collections);
            row.marks = RowMarks { collections, ..marks };
        }
        for ((collection, report), put) in fresh.members {
            let number = self.collections.number(collection);
            let Some(&slot) = self.slots.get(&report) else { continue };
            let Some(row) = &mut self.rows[slot as usize] else { continue };
            let mut all: Vec<u32> =
                row.marks.collections.iter().copied().filter(|&c| c != number).collect();
            if put {
                all.push(number);
            }
            row.marks.collections = all.into();
        }
        self.divisions.follow(&self.places);
        self.sequence = fresh.sequence;
        self.forget();
        for (at, column) in COLUMNS.iter().enumerate() {
            if !stale[at] {
                continue;
            }
            if let Some(order) = self.orders[at].take() {
                let renewed = self.renewed(column, order, &touched);
                let _ = self.orders[at].set(renewed);
            }
        }
    }

    /// What a report is sorted by in each column but the title, whose text stands for it.
    fn sort_values(&self, slot: Slot) -> [SortValue; COLUMNS.len()] {
        let Some(row) = self.row(slot) else { return Default::default() };
        COLUMNS.each_ref().map(|column| match column {
            wire::ReportSort::Title => SortValue::Text(row.title.clone()),
            wire::ReportSort::Published => SortValue::Number(row.published),
            wire::ReportSort::Place => SortValue::Number(row.place.into()),
            wire::ReportSort::Organisation => SortValue::Number(row.organisation.into()),
            wire::ReportSort::Source => SortValue::Number(row.source.into()),
            wire::ReportSort::Authors => {
                SortValue::Number(row.authors.first().copied().unwrap_or(NONE).into())
            }
            wire::ReportSort::Characters => SortValue::Number(row.characters.into()),
            wire::ReportSort::Passages => SortValue::Number(row.marks.passages.into()),
            wire::ReportSort::Imported => SortValue::Number(row.imported.unsigned_abs()),
        })
    }

    /// An order with the touched reports taken out and put in where they belong now.
    fn renewed(
        &self,
        column: &wire::ReportSort,
        mut order: Vec<Slot>,
        touched: &FxHashSet<Slot>,
    ) -> Vec<Slot> {
        order.retain(|slot| !touched.contains(slot));
        let keys = Keys::of(self, column);
        let mut moved: Vec<Slot> =
            touched.iter().copied().filter(|&slot| self.row(slot).is_some()).collect();
        moved.sort_unstable_by(|&a, &b| keys.compare(a, b));
        let mut merged = Vec::with_capacity(order.len() + moved.len());
        let mut rest = order.as_slice();
        for slot in moved {
            let before = rest.partition_point(|&other| keys.compare(other, slot).is_lt());
            merged.extend_from_slice(&rest[..before]);
            merged.push(slot);
            rest = &rest[before..];
        }
        merged.extend_from_slice(rest);
        merged
    }

    /// All reports in the order of a column: ascending, without a value last, equals by identifier.
    fn ordered(&self, column: &wire::ReportSort) -> &[Slot] {
        let at = COLUMNS.iter().position(|other| other == column).unwrap_or_default();
        self.orders[at].get_or_init(|| {
            let keys = Keys::of(self, column);
            let mut all: Vec<Slot> = self.rows().map(|(slot, _)| slot as Slot).collect();
            all.sort_unstable_by(|&a, &b| keys.compare(a, b));
            all
        })
    }

    /// Puts everything in place that a click or a letter may ask for.
    pub(crate) fn prepare(&self) {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let portion = self.rows.len().div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            for rows in self.rows.chunks(portion) {
                scope.spawn(move || {
                    for row in rows.iter().flatten() {
                        row.title_key(&self.collation);
                        row.typed();
                    }
                });
            }
        });
        for column in &COLUMNS {
            self.ordered(column);
        }
        Typed::new("a").is_in("侨");
    }

    /// What each report fails of a filter.
    fn passed(&self, filter: &wire::ReportFilter) -> Result<Arc<Passed>, StoreError> {
        let mut last = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, passed)) = last.as_ref().filter(|(asked, _)| asked == filter) {
            return Ok(Arc::clone(passed));
        }
        // Behind the lock: whoever asks for the counts of this filter meanwhile waits for it.
        let passed = Arc::new(Passed::of(self, &Filter::new(filter)?));
        *last = Some((filter.clone(), Arc::clone(&passed)));
        Ok(passed)
    }

    /// The reports that a filter lets through, in order.
    fn list(
        &self,
        filter: &wire::ReportFilter,
        sort: &wire::ReportSort,
        descending: bool,
    ) -> Result<Arc<Asked>, StoreError> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(last) = last
            && (&last.filter, &last.sort, last.descending) == (filter, sort, descending)
        {
            return Ok(last);
        }
        let passed = self.passed(filter)?;
        let ordered = self.ordered(sort);
        let mut list = Vec::with_capacity(ordered.len());
        list.extend(ordered.iter().copied().filter(|&slot| passed.lets(slot)));
        if descending {
            self.turn_around(sort, &mut list);
        }
        let (filter, sort) = (filter.clone(), sort.clone());
        let asked = Arc::new(Asked { filter, sort, descending, list });
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&asked));
        Ok(asked)
    }

    /// Turns an ascending list around; what has no value stays last, equals stay by identifier.
    fn turn_around(&self, sort: &wire::ReportSort, list: &mut [Slot]) {
        let keys = Keys::of(self, sort);
        let known = list.partition_point(|&slot| !keys.is_none(slot));
        let known = &mut list[..known];
        known.reverse();
        for equals in known.chunk_by_mut(|&a, &b| keys.compare_values(a, b).is_eq()) {
            equals.reverse();
        }
    }

    /// How many reports a filter lets through, and the identifiers of a window of them.
    pub(crate) fn window(
        &self,
        request: &wire::ReportsRequest,
    ) -> Result<(u32, Vec<ReportId>), StoreError> {
        let asked = self.list(&request.filter, &request.sort, request.descending)?;
        let window = asked.list.iter().skip(request.offset as usize).take(request.limit as usize);
        let ids = window.filter_map(|&slot| Some(self.row(slot)?.id)).collect();
        Ok((asked.list.len() as u32, ids))
    }

    /// Where in a list a report stands.
    pub(crate) fn position(
        &self,
        request: &wire::ReportPositionRequest,
    ) -> Result<Option<u32>, StoreError> {
        let id: ReportId = request.id.parse()?;
        let asked = self.list(&request.filter, &request.sort, request.descending)?;
        let slot = self.slots.get(&id);
        let at = slot.and_then(|slot| asked.list.iter().position(|other| other == slot));
        Ok(at.map(|at| at as u32))
    }

    /// All reports that a filter lets through, in the order of import.
    pub(crate) fn matching(
        &self,
        filter: &wire::ReportFilter,
    ) -> Result<Vec<ReportId>, StoreError> {
        let asked = self.list(filter, &wire::ReportSort::Imported, false)?;
        Ok(asked.list.iter().filter_map(|&slot| Some(self.row(slot)?.id)).collect())
    }

    /// All reports that a filter lets through, in no particular order.
    pub(crate) fn passing(&self, filter: &wire::ReportFilter) -> Result<Vec<ReportId>, StoreError> {
        let passed = self.passed(filter)?;
        let all = self.rows().filter(|(slot, _)| passed.lets(*slot as Slot));
        Ok(all.map(|(_, row)| row.id).collect())
    }

    /// The places, organisations and authors of all reports.
    pub(crate) fn names(&self) -> Vec<String> {
        let columns = [&self.places, &self.organisations, &self.authors];
        let used = columns.into_iter().flat_map(Values::iter).filter(|v| v.uses > 0);
        used.map(|value| value.text.to_string()).collect()
    }

    /// Puts reports in the order of their dates, the most recent first; of equals, and without a
    /// date, the one imported last.
    pub(crate) fn newest_first(&self, reports: &mut [ReportId]) {
        let published = |id: &ReportId| {
            let row = self.slots.get(id).and_then(|&slot| self.row(slot));
            row.map_or(0, |row| row.published)
        };
        reports.sort_by_cached_key(|id| std::cmp::Reverse((published(id), *id)));
    }

    /// How many passages carry each tag.
    pub(crate) fn tag_counts(&self) -> FxHashMap<TagId, u32> {
        let mut counts = vec![0_u32; self.tags.len()];
        for &(tag, passages) in self.rows().flat_map(|(_, row)| &row.marks.tags) {
            counts[tag as usize] += passages;
        }
        self.tags.in_order().map(|(number, id)| (id, counts[number as usize])).collect()
    }

    /// For each collection its reports, and those in it or below it, each once.
    pub(crate) fn collection_counts(&self) -> FxHashMap<CollectionId, (u32, u32)> {
        let mut own = vec![0_u32; self.collections.len()];
        let mut below = vec![0_u32; self.collections.len()];
        let mut seen = vec![usize::MAX; self.collections.len()];
        for (slot, row) in self.rows() {
            for &collection in &row.marks.collections {
                own[collection as usize] += 1;
                for &above in self.collections.line(collection) {
                    if std::mem::replace(&mut seen[above as usize], slot) != slot {
                        below[above as usize] += 1;
                    }
                }
            }
        }
        let counts = |(number, id): (u32, CollectionId)| {
            (id, (own[number as usize], below[number as usize]))
        };
        self.collections.in_order().map(counts).collect()
    }
}

/// Which of the columns counts passages.
const PASSAGES: usize = 7;

/// What a report is sorted by, to see whether it changed.
#[derive(Default, PartialEq)]
enum SortValue {
    #[default]
    None,
    Text(Box<str>),
    Number(u64),
}

/// The keys of one column: numbers for all but the title.
struct Keys<'l> {
    library: &'l Library,
    column: &'l wire::ReportSort,
    ranks: Vec<u32>,
}

impl<'l> Keys<'l> {
    fn of(library: &'l Library, column: &'l wire::ReportSort) -> Self {
        let ranks = match column {
            wire::ReportSort::Place => library.places.ranks(),
            wire::ReportSort::Organisation => library.organisations.ranks(),
            wire::ReportSort::Source => library.sources.ranks(),
            wire::ReportSort::Authors => library.authors.ranks(),
            _ => Vec::new(),
        };
        Self { library, column, ranks }
    }

    /// A number that sorts like the column; the largest where there is no value.
    fn number(&self, row: &Row) -> u64 {
        let rank =
            |place: Place| self.ranks.get(place as usize).map_or(u64::MAX, |&rank| u64::from(rank));
        match self.column {
            wire::ReportSort::Title => u64::from(row.title.is_empty()),
            wire::ReportSort::Published if row.published == 0 => u64::MAX,
            wire::ReportSort::Published => row.published,
            wire::ReportSort::Place => rank(row.place),
            wire::ReportSort::Organisation => rank(row.organisation),
            wire::ReportSort::Source => rank(row.source),
            wire::ReportSort::Authors => rank(row.authors.first().copied().unwrap_or(NONE)),
            wire::ReportSort::Characters => row.characters.into(),
            wire::ReportSort::Passages => row.marks.passages.into(),
            wire::ReportSort::Imported => row.imported.max(0).unsigned_abs(),
        }
    }

    fn is_none(&self, slot: Slot) -> bool {
        self.library.row(slot).is_none_or(|row| match self.column {
            wire::ReportSort::Title => row.title.is_empty(),
            _ => self.number(row) == u64::MAX,
        })
    }

    /// Compares by value alone.
    fn compare_values(&self, a: Slot, b: Slot) -> Ordering {
        let (Some(a), Some(b)) = (self.library.row(a), self.library.row(b)) else {
            return Ordering::Equal;
        };
        let by_number = self.number(a).cmp(&self.number(b));
        match self.column {
            wire::ReportSort::Title => by_number.then_with(|| {
                let collation = &self.library.collation;
                a.title_key(collation).cmp(b.title_key(collation))
            }),
            _ => by_number,
        }
    }

    /// Compares by value, equals by identifier.
    fn compare(&self, a: Slot, b: Slot) -> Ordering {
        let id = |slot| self.library.row(slot).map(|row| row.id);
        self.compare_values(a, b).then_with(|| id(a).cmp(&id(b)))
    }
}

/// The trees of tags and collections, where they changed.
struct Trees {
    tags: Option<Vec<(TagId, Option<TagId>)>>,
    collections: Option<Vec<(CollectionId, Option<CollectionId>)>>,
}

impl Trees {
    fn read(read: &Read<'_>) -> Result<Self, StoreError> {
        Self::of(read, true, true)
    }

    fn of(read: &Read<'_>, tags: bool, collections: bool) -> Result<Self, StoreError> {
        let tags = if tags {
            Some(read.codebook()?.into_iter().map(|tag| (tag.id, tag.parent)).collect())
        } else {
            None
        };
        let collections = if collections {
            Some(read.collections()?.into_iter().map(|c| (c.id, c.parent)).collect())
        } else {
            None
        };
        Ok(Self { tags, collections })
    }
}

/// What changed, read from the file, to be taken over.
pub(crate) struct Fresh {
    sequence: u64,
    gone: Vec<ReportId>,
    reports: Vec<(Listed, Option<Marks>)>,
    marks: Vec<(ReportId, Marks)>,
    members: Vec<((CollectionId, ReportId), bool)>,
    trees: Trees,
}

/// Reports of which that part is read in one pass over the table and not one by one.
const WHOLE: usize = 8;

impl Fresh {
    /// Reads what changed since the state that a library shows.
    pub(crate) fn read(
        library: &Library,
        read: &Read<'_>,
        changes: ListingChanges,
    ) -> Result<Self, StoreError> {
        let mut fresh = Self {
            sequence: changes.sequence,
            gone: Vec::new(),
            reports: Vec::with_capacity(changes.reports.len()),
            marks: Vec::new(),
            members: changes.members.into_iter().collect(),
            trees: Trees::of(read, changes.tags, changes.collections)?,
        };
        let marks = |id: ReportId| -> Result<Option<Marks>, StoreError> {
            // Those of a known report are told as changes of their own.
            if library.slots.contains_key(&id) { Ok(None) } else { read.marks(id).map(Some) }
        };
        if changes.reports.len() > library.slots.len() / WHOLE {
            let mut found: FxHashMap<ReportId, Listed> = FxHashMap::default();
            read.each_listed(|listed| {
                if changes.reports.contains(&listed.id) {
                    found.insert(listed.id, listed);
                }
            })?;
            for &id in &changes.reports {
                match found.remove(&id) {
                    Some(listed) => fresh.reports.push((listed, marks(id)?)),
                    None => fresh.gone.push(id),
                }
            }
        } else {
            for &id in &changes.reports {
                match read.listed(id)? {
                    Some(listed) => fresh.reports.push((listed, marks(id)?)),
                    None => fresh.gone.push(id),
                }
            }
        }
        for id in changes.marks {
            fresh.marks.push((id, read.marks(id)?));
        }
        Ok(fresh)
    }
}
