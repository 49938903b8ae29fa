//! The list against a plain reading of the file, over random archives and random edits.

use anjuan_archive::{App, Archive, Clock, Folders, Headless, News, Shell, SystemClock};
use anjuan_protocol as wire;
use anjuan_store::{
    CollectionId, ContentHash, Edit, MetadataPatch, NewPassage, NewReport, NewRevision, NewTag,
    Read, ReadStore, ReportId, Store, StoreError, Subject, TagId, TagPatch, Write,
};
use anjuan_text::{CharRange, Folded, Metadata, Problem, ProblemCode, ReportText, Script};
use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use pinyin::ToPinyinMulti;
use proptest::prelude::*;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, Mutex};

const NOW: &str = "2026-03-01T08:00:00Z";
const TEXT: &str = "归侨侨眷和海外侨胞";

const TITLES: [Option<&str>; 9] = [
    Some("第10次工作报告"),
    Some("第9次工作報告"),
    Some("重庆侨务"),
    Some("安康侨联"),
    Some("COVID-19 防控"),
    Some("𠮷林総結"),
    Some("侨联"),
    Some("僑聯"),
    None,
];
const PLACES: [Option<&str>; 8] = [
    Some("陕西省商洛市"),
    Some("商洛市"),
    Some("陝西省商洛市商州區"),
    Some("重庆市万州区"),
    Some("云南省云溪市"),
    Some("平川省云溪市北街区"),
    Some("海外"),
    None,
];
const NAMES: [Option<&str>; 6] =
    [Some("商洛市侨联"), Some("商洛市僑聯"), Some("Ａ社"), Some("a社"), Some("乙社"), None];
const DATES: [Option<&str>; 6] = [
    Some("2019"),
    Some("2019-05"),
    Some("2019-05-01T10:00"),
    Some("2020-01-31"),
    Some("1990-12"),
    None,
];
const TYPED: [&str; 10] =
    ["", "侨联", "僑聯 商洛", "ql", "shangluo", "9", "cq", "a", "云溪 海外", "txt"];

/// What a report is, read plainly.
struct Plain {
    id: ReportId,
    title: String,
    file: String,
    metadata: Metadata,
    characters: u32,
    problems: Vec<String>,
    imported: String,
    passages: u32,
    memo: bool,
    tags: BTreeSet<String>,
    collections: BTreeSet<String>,
}

/// Adds a thing and those above it, as long as they are there.
fn with_above<Id: Ord + Copy + ToString>(
    from: Id,
    parents: &BTreeMap<Id, Option<Id>>,
    into: &mut BTreeSet<String>,
) {
    let mut next = Some(from);
    while let Some(id) = next.filter(|id| parents.contains_key(id)) {
        into.insert(id.to_string());
        next = parents[&id];
    }
}

fn plain(read: &Read<'_>) -> Result<Vec<Plain>, StoreError> {
    let tags: BTreeMap<TagId, Option<TagId>> =
        read.tags()?.into_iter().map(|tag| (tag.id, tag.parent)).collect();
    let collections: BTreeMap<CollectionId, Option<CollectionId>> =
        read.collections()?.into_iter().map(|c| (c.id, c.parent)).collect();
    let mut all = Vec::new();
    for id in read.report_ids()? {
        let report = read.report(id)?;
        let filter = anjuan_store::PassageFilter { report: Some(id), tag: None };
        let passages = read.passages(&filter)?;
        let (mut in_tags, mut in_collections) = (BTreeSet::new(), BTreeSet::new());
        for &tag in passages.iter().flat_map(|p| &p.tags) {
            with_above(tag, &tags, &mut in_tags);
        }
        for collection in read.collections_of_report(id)? {
            with_above(collection, &collections, &mut in_collections);
        }
        let file = report.path.as_deref().and_then(|p| p.rsplit('/').next()).unwrap_or_default();
        all.push(Plain {
            id,
            title: report.metadata.title.clone().unwrap_or_else(|| file.to_owned()),
            file: file.to_owned(),
            metadata: report.metadata,
            characters: report.characters,
            problems: report.problems.into_iter().map(word).collect(),
            imported: report.created_at,
            passages: passages.len() as u32,
            memo: read.memo(Subject::Report(id))?.is_some(),
            tags: in_tags,
            collections: in_collections,
        });
    }
    Ok(all)
}

fn word(code: ProblemCode) -> String {
    let word = serde_json::to_value(code).expect("a word");
    word.as_str().expect("a word").to_owned()
}

/// Whether letters run through the syllables of a text from its beginning.
fn runs_through(letters: &str, text: &str) -> bool {
    let Some(c) = text.chars().next() else { return letters.is_empty() };
    let rest = &text[c.len_utf8()..];
    let syllables: Vec<String> = match c.to_pinyin_multi() {
        Some(multi) => multi.into_iter().map(|p| p.plain().replace('ü', "v")).collect(),
        None => vec![c.to_string()],
    };
    letters.is_empty()
        || syllables.iter().any(|syllable| {
            (1..=syllable.len()).filter(|&n| syllable.is_char_boundary(n)).any(|n| {
                letters.strip_prefix(&syllable[..n]).is_some_and(|left| runs_through(left, rest))
            })
        })
}

fn meets(word: &str, field: &str) -> bool {
    let (word, field) = (key(word), key(field));
    let letters = word.bytes().any(|b| b.is_ascii_alphabetic());
    field.contains(&word)
        || letters && field.char_indices().any(|(at, _)| runs_through(&word, &field[at..]))
}

fn key(text: &str) -> String {
    Folded::new(text).to_folded_string()
}

impl Plain {
    fn shown(&self) -> Option<&str> {
        Some(self.title.as_str()).filter(|title| !title.is_empty())
    }

    fn author(&self) -> Option<&str> {
        self.metadata.authors.first().map(String::as_str)
    }

    fn year(&self) -> Option<i32> {
        self.metadata.published.as_deref()?.get(..4)?.parse().ok()
    }

    /// The divisions it lies in, by their paths.
    fn divisions(&self) -> Vec<String> {
        // Written out, so that the tree is not tested against itself.
        let line: &[&str] = match self.metadata.place.as_deref() {
            Some("陕西省商洛市" | "商洛市") => &["陕西省", "陕西省商洛市"],
            Some("陝西省商洛市商州區") => {
                &["陕西省", "陕西省商洛市", "陕西省商洛市商州区"]
            }
            Some("重庆市万州区") => &["重庆市", "重庆市万州区"],
            Some("云南省云溪市") => &["云南省", "云南省云溪市"],
            Some("平川省云溪市北街区") => {
                &["平川省", "平川省云溪市", "平川省云溪市北街区"]
            }
            Some("海外") => &["海外"],
            _ => &[],
        };
        line.iter().map(ToString::to_string).collect()
    }

    /// For each kind its values, as the filter writes them.
    fn values(&self, kind: usize) -> Vec<String> {
        let list = |value: Option<String>| value.into_iter().collect();
        let of = &self.metadata;
        match kind {
            0 => self.divisions(),
            1 => list(of.organisation.as_deref().map(key)),
            2 => list(of.source.as_deref().map(key)),
            3 => list(self.year().map(|year| year.to_string())),
            4 => list(of.script.map(|script| script.as_str().to_owned())),
            5 => self.tags.iter().cloned().collect(),
            6 => self.collections.iter().cloned().collect(),
            _ => self.problems.clone(),
        }
    }

    fn meets(&self, word: &str) -> bool {
        let of = &self.metadata;
        let fields = [&of.place, &of.organisation, &of.source].into_iter().flatten();
        fields.chain(&of.authors).chain([&self.title, &self.file]).any(|field| meets(word, field))
    }

    /// Whether it passes all conditions but those of one kind.
    fn passes(&self, filter: &wire::ReportFilter, without: Option<usize>) -> bool {
        let out = &filter.exclude;
        let years = |all: &[i32]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        let keys = |all: &[String]| all.iter().map(|text| key(text)).collect::<Vec<_>>();
        let kinds: [(Vec<String>, Vec<String>); 8] = [
            (filter.places.clone(), out.places.clone()),
            (keys(&filter.organisations), keys(&out.organisations)),
            (keys(&filter.sources), keys(&out.sources)),
            (years(&filter.years), years(&out.years)),
            (filter.scripts.clone(), out.scripts.clone()),
            (filter.tags.clone(), out.tags.clone()),
            (filter.collections.clone(), out.collections.clone()),
            (filter.problems.clone(), out.problems.clone()),
        ];
        let kinds_pass = kinds.iter().enumerate().all(|(kind, (wanted, unwanted))| {
            let has = self.values(kind);
            Some(kind) == without
                || (wanted.is_empty() || wanted.iter().any(|value| has.contains(value)))
                    && !unwanted.iter().any(|value| has.contains(value))
        });
        kinds_pass
            && filter.text.split_whitespace().all(|word| self.meets(word))
            && (without == Some(8) || filter.memo.is_none_or(|memo| memo == self.memo))
            && (without == Some(9)
                || filter.passages.is_none_or(|some| some == (self.passages > 0)))
    }

    fn compare(
        &self,
        other: &Self,
        sort: &wire::ReportSort,
        collator: &CollatorBorrowed<'_>,
        descending: bool,
    ) -> Ordering {
        let turn = |order: Ordering| if descending { order.reverse() } else { order };
        let texts = |a: Option<&str>, b: Option<&str>| match (a, b) {
            (Some(a), Some(b)) => turn(collator.compare(a, b)),
            (a, b) => a.is_none().cmp(&b.is_none()),
        };
        let plain = |a: Option<&str>, b: Option<&str>| match (a, b) {
            (Some(a), Some(b)) => turn(a.cmp(b)),
            (a, b) => a.is_none().cmp(&b.is_none()),
        };
        let (a, b) = (&self.metadata, &other.metadata);
        let by_value = match sort {
            wire::ReportSort::Title => texts(self.shown(), other.shown()),
            wire::ReportSort::Published => plain(a.published.as_deref(), b.published.as_deref()),
            wire::ReportSort::Place => texts(a.place.as_deref(), b.place.as_deref()),
            wire::ReportSort::Organisation => {
                texts(a.organisation.as_deref(), b.organisation.as_deref())
            }
            wire::ReportSort::Source => texts(a.source.as_deref(), b.source.as_deref()),
            wire::ReportSort::Authors => texts(self.author(), other.author()),
            wire::ReportSort::Characters => turn(self.characters.cmp(&other.characters)),
            wire::ReportSort::Passages => turn(self.passages.cmp(&other.passages)),
            wire::ReportSort::Imported => turn(self.imported.cmp(&other.imported)),
        };
        by_value.then_with(|| self.id.cmp(&other.id))
    }
}

/// One edit, in numbers that choose from what there is.
#[derive(Debug, Clone)]
enum Act {
    Import(u8, u8, u8),
    Correct(u8, u8, u8),
    CorrectAll(u8),
    Delete(u8),
    Restore(u8),
    Tag(u8, u8),
    MoveTag(u8, u8),
    DeleteTag(u8),
    Mark(u8, u8),
    Unmark(u8),
    Memo(u8, u8),
    Collect(u8, u8),
    Uncollect(u8, u8),
    Undo,
    Redo,
}

fn act() -> impl Strategy<Value = Act> {
    let n = any::<u8>;
    prop_oneof![
        5 => (n(), n(), n()).prop_map(|(a, b, c)| Act::Import(a, b, c)),
        3 => (n(), n(), n()).prop_map(|(a, b, c)| Act::Correct(a, b, c)),
        1 => n().prop_map(Act::CorrectAll),
        1 => n().prop_map(Act::Delete),
        1 => n().prop_map(Act::Restore),
        2 => (n(), n()).prop_map(|(a, b)| Act::Tag(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Act::MoveTag(a, b)),
        1 => n().prop_map(Act::DeleteTag),
        4 => (n(), n()).prop_map(|(a, b)| Act::Mark(a, b)),
        1 => n().prop_map(Act::Unmark),
        1 => (n(), n()).prop_map(|(a, b)| Act::Memo(a, b)),
        3 => (n(), n()).prop_map(|(a, b)| Act::Collect(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Act::Uncollect(a, b)),
        3 => Just(Act::Undo),
        2 => Just(Act::Redo),
    ]
}

fn of<T: Copy>(all: &[T], n: u8) -> Option<T> {
    (!all.is_empty()).then(|| all[usize::from(n) % all.len()])
}

fn metadata(a: u8, b: u8) -> Metadata {
    let own = |value: Option<&str>| value.map(str::to_owned);
    let authors = [None, Some("林"), Some("周砚"), Some("Ann")];
    Metadata {
        title: own(of(&TITLES, a).flatten()),
        published: own(of(&DATES, b).flatten()),
        authors: of(&authors, a ^ b).flatten().map(str::to_owned).into_iter().collect(),
        source: own(of(&NAMES, b.wrapping_add(3)).flatten()),
        place: own(of(&PLACES, a.wrapping_add(b)).flatten()),
        organisation: own(of(&NAMES, a).flatten()),
        script: [None, Some(Script::Hans), Some(Script::Hant)][usize::from(a) % 3],
        ..Metadata::default()
    }
}

fn change(w: &mut Write<'_>, act: &Act) -> Result<(), StoreError> {
    let reports = w.read().report_ids()?;
    let tags: Vec<TagId> = w.read().codebook()?.iter().map(|tag| tag.id).collect();
    let collections: Vec<CollectionId> = w.read().collections()?.iter().map(|c| c.id).collect();
    match *act {
        Act::Import(a, b, c) => {
            let codes = [ProblemCode::DateMissing, ProblemCode::TitleMissing, ProblemCode::Empty];
            let text = ReportText {
                metadata: metadata(a, b),
                text: TEXT.repeat(usize::from(c) % 3 + 1),
                problems: codes[..usize::from(c) % 3]
                    .iter()
                    .map(|&code| Problem { code, message: String::new(), range: None })
                    .collect(),
                ..ReportText::default()
            };
            let original = w.insert_original(text.text.as_bytes())?;
            let text_hash = ContentHash::of(text.text.as_bytes());
            let path = (c % 4 != 0).then(|| format!("/甲/报告{c}.txt"));
            w.insert_report(&NewReport {
                path: path.as_deref(),
                title_key: "",
                revision: NewRevision { original, encoding: None, text: &text, text_hash },
            })?;
        }
        Act::Correct(n, a, b) => {
            if let Some(id) = of(&reports, n) {
                let new = metadata(a, b);
                let patch = MetadataPatch {
                    title: Some(new.title),
                    published: Some(new.published),
                    authors: Some(new.authors),
                    ..MetadataPatch::default()
                };
                w.set_metadata(id, &patch)?;
            }
        }
        Act::CorrectAll(a) => {
            let patch =
                MetadataPatch { place: Some(metadata(a, a).place), ..MetadataPatch::default() };
            reports.iter().try_for_each(|&id| w.set_metadata(id, &patch))?;
        }
        Act::Delete(n) => of(&reports, n).map_or(Ok(()), |id| w.delete_report(id))?,
        Act::Restore(n) => {
            let gone: Vec<ReportId> = w.read().deleted_reports()?.iter().map(|r| r.id).collect();
            of(&gone, n).map_or(Ok(()), |id| w.restore_report(id))?;
        }
        Act::Tag(n, m) => {
            let parent = of(&tags, n).filter(|_| m % 2 == 0);
            let name = format!("签{m}");
            if w.read().find_tag(parent, &name)?.is_none() {
                w.create_tag(&NewTag { name: &name, parent, colour: "#336699", description: "" })?;
            }
        }
        Act::MoveTag(n, m) => {
            if let Some(tag) = of(&tags, n) {
                let parent = of(&tags, m).filter(|_| m % 3 != 0);
                let patch = TagPatch { parent: Some(parent), ..TagPatch::default() };
                match w.update_tag(tag, &patch) {
                    Err(StoreError::Cycle | StoreError::NameTaken(_)) | Ok(()) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Act::DeleteTag(n) => of(&tags, n).map_or(Ok(()), |id| w.delete_tag(id))?,
        Act::Mark(n, m) => {
            if let Some(report) = of(&reports, n) {
                let some: Vec<TagId> =
                    [of(&tags, m), of(&tags, m / 3)].into_iter().flatten().collect();
                let some: Vec<TagId> =
                    some.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
                w.create_passage(&NewPassage {
                    report,
                    revision: None,
                    range: CharRange::new(0, 2),
                    tags: &some[..some.len().min(usize::from(m) % 3)],
                    memo: "",
                    coder: None,
                })?;
            }
        }
        Act::Unmark(n) => {
            let all = w.read().passages(&anjuan_store::PassageFilter::default())?;
            let ids: Vec<_> = all.iter().map(|p| p.id).collect();
            of(&ids, n).map_or(Ok(()), |id| w.delete_passage(id))?;
        }
        Act::Memo(n, m) => {
            if let Some(id) = of(&reports, n) {
                w.set_memo(Subject::Report(id), if m % 3 == 0 { "" } else { "记" })?;
            }
        }
        Act::Collect(n, m) => {
            let parent = of(&collections, n).filter(|_| m % 2 == 0);
            let name = format!("集{}", m % 4);
            let id = match w.read().find_collection(parent, &name)? {
                Some(id) => id,
                None => w.create_collection(parent, &name)?,
            };
            for &report in reports.iter().skip(usize::from(n) % 3).step_by(2) {
                w.add_to_collection(id, report)?;
            }
        }
        Act::Uncollect(n, m) => {
            if let Some(id) = of(&collections, n) {
                match m % 3 {
                    0 => w.delete_collection(id)?,
                    1 => match w.move_collection(id, of(&collections, m), 0) {
                        Err(StoreError::Cycle | StoreError::NameTaken(_)) | Ok(()) => {}
                        Err(error) => return Err(error),
                    },
                    _ => {
                        of(&reports, m).map_or(Ok(()), |r| w.remove_from_collection(id, r))?;
                    }
                }
            }
        }
        Act::Undo | Act::Redo => {}
    }
    Ok(())
}

fn filter(read: &Read<'_>, seed: &[u8; 12]) -> Result<wire::ReportFilter, StoreError> {
    let mut filter =
        wire::ReportFilter { text: TYPED[usize::from(seed[0]) % 10].into(), ..Default::default() };
    let tags: Vec<String> = read.codebook()?.iter().map(|tag| tag.id.to_string()).collect();
    let collections: Vec<String> = read.collections()?.iter().map(|c| c.id.to_string()).collect();
    let pick = |all: &[String], n: u8| -> Vec<String> {
        let some = n.is_multiple_of(3) && !all.is_empty();
        if some { vec![all[usize::from(n / 3) % all.len()].clone()] } else { Vec::new() }
    };
    let owned = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
    let places = owned(&["陕西省", "陕西省商洛市", "云南省云溪市", "平川省"]);
    let names = owned(&["商洛市僑聯", "A社", "乙社"]);
    filter.places = pick(&places, seed[1]);
    filter.organisations = pick(&names, seed[2]);
    filter.sources = pick(&names, seed[3]);
    filter.years = if seed[4].is_multiple_of(3) { vec![2019, 1990] } else { Vec::new() };
    filter.tags = pick(&tags, seed[5]);
    filter.collections = pick(&collections, seed[6]);
    filter.scripts = pick(&owned(&["Hans", "Hant"]), seed[7]);
    filter.problems = pick(&owned(&["date_missing", "empty"]), seed[8]);
    filter.memo = [None, None, None, Some(true), Some(false)][usize::from(seed[9]) % 5];
    filter.passages = [None, None, None, Some(true), Some(false)][usize::from(seed[10]) % 5];
    let out = &mut filter.exclude;
    match seed[11] % 8 {
        0 => out.places = pick(&places, seed[11]),
        1 => out.tags = pick(&tags, seed[11]),
        2 => out.collections = pick(&collections, seed[11]),
        3 => out.organisations = pick(&names, seed[11]),
        4 => out.years = vec![2020],
        5 => out.problems = vec!["date_missing".into()],
        6 => out.scripts = vec!["Hant".into()],
        _ => {}
    }
    Ok(filter)
}

fn flat(places: &[wire::PlaceCount], into: &mut BTreeMap<String, u32>) {
    for place in places {
        into.insert(place.value.clone(), place.count);
        flat(&place.below, into);
    }
}

fn counted(values: &[wire::FacetValue], keyed: bool) -> BTreeMap<String, u32> {
    let value = |v: &wire::FacetValue| if keyed { key(&v.value) } else { v.value.clone() };
    values.iter().filter(|v| v.count > 0).map(|v| (value(v), v.count)).collect()
}

/// Compares every answer of the list with that of a plain look at each report.
fn compare(
    archive: &Archive,
    reader: &ReadStore,
    order: &str,
    seed: &[u8; 12],
) -> Result<(), StoreError> {
    let read = &reader.read();
    let all = plain(read)?;
    let filter = filter(read, seed)?;
    let locale = match order {
        "pinyin" => "zh-Hans-u-co-pinyin-kn",
        _ => "zh-Hant-u-co-stroke-kn",
    };
    let locale: icu_locale_core::Locale = locale.parse().expect("a locale");
    let collator =
        Collator::try_new((&locale).into(), CollatorOptions::default()).expect("compiled in");
    for sort in COLUMNS {
        for descending in [false, true] {
            let mut expect: Vec<&Plain> = all.iter().filter(|p| p.passes(&filter, None)).collect();
            expect.sort_by(|a, b| a.compare(b, &sort, &collator, descending));
            let expect: Vec<String> = expect.into_iter().map(|p| p.id.to_string()).collect();
            let request = wire::ReportsRequest {
                filter: filter.clone(),
                sort: sort.clone(),
                descending,
                offset: 0,
                limit: u32::MAX,
            };
            let ids = archive.report_ids(&request).expect("it answers");
            assert_eq!(ids, expect, "{sort:?} {descending} {filter:?}");
            let request = wire::ReportsRequest { offset: 1, limit: 2, ..request };
            let page = archive.reports(&request).expect("it answers");
            assert_eq!(page.total as usize, expect.len());
            let window: Vec<String> = page.rows.into_iter().map(|row| row.id).collect();
            assert_eq!(window, expect.iter().skip(1).take(2).cloned().collect::<Vec<_>>());
            for (at, id) in expect.iter().enumerate() {
                let request = wire::ReportPositionRequest {
                    id: id.clone(),
                    filter: filter.clone(),
                    sort: sort.clone(),
                    descending,
                };
                let position = archive.report_position(&request).expect("it answers");
                assert_eq!(position, Some(at as u32));
            }
        }
    }
    let facets = archive.facets(&filter).expect("it answers");
    let expect = |kind: usize| -> BTreeMap<String, u32> {
        let mut counts = BTreeMap::new();
        for report in all.iter().filter(|report| report.passes(&filter, Some(kind))) {
            for value in report.values(kind).into_iter().collect::<BTreeSet<_>>() {
                *counts.entry(value).or_default() += 1;
            }
        }
        counts
    };
    let mut places = BTreeMap::new();
    flat(&facets.places, &mut places);
    places.retain(|_, count| *count > 0);
    assert_eq!(places, expect(0), "places {filter:?}");
    assert_eq!(counted(&facets.organisations, true), expect(1), "organisations");
    assert_eq!(counted(&facets.sources, true), expect(2), "sources");
    let years: BTreeMap<String, u32> = facets
        .years
        .iter()
        .filter(|y| y.count > 0)
        .map(|y| (y.year.to_string(), y.count))
        .collect();
    assert_eq!(years, expect(3), "years");
    let range: BTreeSet<i32> = all.iter().filter_map(Plain::year).collect();
    assert!(facets.years.iter().map(|y| y.year).eq(range), "every year of the archive");
    assert_eq!(counted(&facets.scripts, false), expect(4), "scripts");
    assert_eq!(counted(&facets.tags, false), expect(5), "tags");
    assert_eq!(counted(&facets.collections, false), expect(6), "collections");
    assert_eq!(counted(&facets.problems, false), expect(7), "problems");
    let count = |without: usize, has: fn(&Plain) -> bool| {
        all.iter().filter(|p| p.passes(&filter, Some(without)) && has(p)).count() as u32
    };
    assert_eq!(facets.memo, count(8, |p| p.memo), "memo");
    assert_eq!(facets.passages, count(9, |p| p.passages > 0), "passages");
    assert_eq!(facets.total as usize, all.iter().filter(|p| p.passes(&filter, None)).count());
    // What the library counts, the file counts too.
    let carrying: BTreeMap<TagId, u32> =
        read.tags().expect("counted").into_iter().map(|tag| (tag.id, tag.passages)).collect();
    for tag in archive.tags(&wire::Nothing {}).expect("it answers") {
        let id: TagId = tag.id.parse().expect("an identifier");
        assert_eq!(Some(&tag.passages), carrying.get(&id), "{}", tag.name);
    }
    for collection in archive.collections(&wire::Nothing {}).expect("it answers") {
        let own = read.collection_reports(collection.id.parse()?)?.len();
        assert_eq!(collection.reports as usize, own);
        let below = all.iter().filter(|p| p.collections.contains(&collection.id)).count();
        assert_eq!(collection.reports_below as usize, below);
    }
    Ok(())
}

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

fn shell(folder: &Path) -> Shell {
    Shell {
        folders: Folders {
            config: folder.join("config"),
            data: folder.join("data"),
            cache: folder.join("cache"),
            fonts: Vec::new(),
            programs: Vec::new(),
        },
        clock: Arc::new(SystemClock) as Arc<dyn Clock>,
        desktop: Box::new(Headless),
        emit: Box::new(|_| {}),
        version: "0.0.0".into(),
        platform: "linux".into(),
        user: "林".into(),
    }
}

fn play(acts: &[(Act, [u8; 12])]) -> Result<(), StoreError> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.anjuan");
    // Another connection changes the file than the one whose list is looked at.
    let mut store = Store::create(&path, NOW)?;
    let reader = ReadStore::open(&path)?;
    let shell = shell(folder.path());
    let archive = Archive::open(&path, &shell, "林".into()).expect("it opens");
    for (n, (act, seed)) in acts.iter().enumerate() {
        match act {
            Act::Undo => drop(store.undo("林", NOW)?),
            Act::Redo => drop(store.redo("林", NOW)?),
            act => {
                let at = format!("2026-03-01T08:{:02}:{:02}Z", n / 60, n / 2 % 60);
                let edit =
                    Edit { label: "test", author: "林", at: &at, group: None, report: None };
                store.edit(&edit, |w| change(w, act))?;
            }
        }
        if n % 3 == 0 {
            compare(&archive, &reader, "pinyin", seed)?;
        }
    }
    let seed = [1; 12];
    compare(&archive, &reader, "pinyin", &seed)?;
    drop(archive);
    let archive = Archive::open(&path, &shell, "林".into()).expect("it opens again");
    compare(&archive, &reader, "pinyin", &seed)?;
    archive.set_order(&wire::Settings { collation: "stroke".into(), ..wire::Settings::default() });
    compare(&archive, &reader, "stroke", &seed)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_list_answers_as_a_look_at_every_report_would(
        acts in proptest::collection::vec((act(), any::<[u8; 12]>()), 10..60)
    ) {
        play(&acts).expect("every edit is possible");
    }
}

fn source(selection: wire::ReportSelection, source: &str) -> wire::SetMetadataRequest {
    wire::SetMetadataRequest {
        reports: selection,
        title: None,
        published: None,
        authors: None,
        source: Some(source.into()),
        editor: None,
        place: None,
        organisation: None,
        delivered: None,
        period: None,
        kind: None,
        level: None,
        address: None,
    }
}

/// An archive with many reports of one text.
fn many(path: &Path, count: usize) {
    let mut store = Store::create(path, NOW).expect("a new archive");
    let edit = Edit { label: "import", author: "林", at: NOW, group: None, report: None };
    let text = ReportText { text: TEXT.into(), ..ReportText::default() };
    let written = store.edit(&edit, |w| {
        let original = w.insert_original(TEXT.as_bytes())?;
        for _ in 0..count {
            let text_hash = ContentHash::of(TEXT.as_bytes());
            let revision = NewRevision { original, encoding: None, text: &text, text_hash };
            w.insert_report(&NewReport { path: None, title_key: "", revision })?;
        }
        Ok(())
    });
    written.expect("written");
}

#[test]
fn a_change_of_thousands_is_a_job_one_step_and_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.anjuan");
    many(&path, 2_500);
    let jobs: Arc<Mutex<Vec<wire::Job>>> = Arc::default();
    let told = Arc::clone(&jobs);
    let shell = Shell {
        emit: Box::new(move |event| {
            if let News::JobChanged(job) = event.news {
                told.lock().expect("told").push(*job);
            }
        }),
        ..shell(folder.path())
    };
    let app = App::new(shell);
    app.open_archive(wire::PathRequest { path: path.to_string_lossy().into_owned() })
        .expect("it opens");
    let all = || wire::ReportSelection::Matching { filter: Box::default(), except: Vec::new() };
    let of = |source: &str| -> u32 {
        let filter = wire::ReportFilter { sources: vec![source.into()], ..Default::default() };
        app.facets(filter).expect("it counts").total
    };
    app.set_metadata(source(all(), "甲报")).expect("changed");
    assert_eq!(of("甲报"), 2_500);
    let last = jobs.lock().expect("told").pop().expect("a job");
    assert_eq!((last.kind, last.state), (wire::JobKind::Edit, wire::JobState::Done));
    assert_eq!((last.done, last.total), (2_500, 2_500));
    assert!(app.undo(wire::Nothing {}).expect("undone").applied);
    assert_eq!(of("甲报"), 0, "one step");
    assert!(app.redo(wire::Nothing {}).expect("redone").applied);
    assert_eq!(of("甲报"), 2_500);

    let archive = Archive::open(&path, &self::shell(folder.path()), "林".into()).expect("it opens");
    let stop = &mut |done, _| {
        if done < 1_000 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let error = archive.set_metadata(&source(all(), "乙报"), stop).expect_err("broken off");
    assert_eq!(error.code, wire::ErrorCode::Cancelled);
    assert_eq!((of("甲报"), of("乙报")), (2_500, 0), "as it was");
    let one = app
        .report_ids(wire::ReportsRequest {
            filter: wire::ReportFilter::default(),
            sort: wire::ReportSort::Imported,
            descending: false,
            offset: 7,
            limit: 1,
        })
        .expect("it lists");
    let but_one = wire::ReportSelection::Matching { filter: Box::default(), except: one.clone() };
    app.delete_reports(but_one).expect("deleted");
    let left = app.facets(wire::ReportFilter::default()).expect("it counts");
    assert_eq!(left.total, 1, "all but the exception");
    app.set_metadata(source(wire::ReportSelection::Ids { ids: one }, "丙报")).expect("changed");
    assert_eq!(of("丙报"), 1);
}
