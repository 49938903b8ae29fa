//! Real reports and news: random queries in either script against a scan; long and strange queries.

use crate::support::{Archive, go_on, text_document};
use anjuan_search::query::{Filter, parse};
use anjuan_search::{Document, FoldedDocument, Index, Query};
use anjuan_text::{
    CharRange, Folded, OffsetMap, Pattern, Script, detect_script, is_han, to_simplified,
    to_traditional,
};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The folder of test material beside the project.
pub(crate) fn shared() -> Option<PathBuf> {
    let beside = || {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .map(|folder| folder.join("shared"))
            .find(|folder| folder.join("reports/seeds").is_dir())
    };
    std::env::var_os("ANJUAN_SHARED").map(PathBuf::from).or_else(beside).filter(|dir| dir.is_dir())
}

/// A folder of a corpus, unpacked to the system's folder for such files once.
fn corpus(shared: &Path, name: &str, inside: &str) -> Option<PathBuf> {
    let unpacked = std::env::temp_dir().join("corpora");
    let wanted = unpacked.join(name).join(inside);
    if !wanted.is_dir() {
        std::fs::create_dir_all(&unpacked).ok()?;
        let done = std::process::Command::new("tar")
            .args(["--zstd", "-xf"])
            .arg(shared.join(format!("corpora/{name}.tar.zst")))
            .arg("-C")
            .arg(&unpacked)
            .status();
        if !done.is_ok_and(|status| status.success()) {
            return None;
        }
    }
    Some(wanted)
}

/// The government reports.
pub(crate) fn gov_reports(shared: &Path) -> Option<PathBuf> {
    corpus(shared, "gov_reports", "txt")
}

/// So many news items, spread over the years.
fn news(shared: &Path, most: usize) -> Option<Vec<String>> {
    let years = texts_in(&corpus(shared, "xwlb_news", "items")?, usize::MAX);
    let items: Vec<&str> = years.iter().flat_map(|year| year.lines()).collect();
    let step = (items.len() / most.max(1)).max(1);
    let text = |line: &&str| -> Option<String> {
        let item: serde_json::Value = serde_json::from_str(line).ok()?;
        let strings = item.as_object()?.values().filter_map(serde_json::Value::as_str);
        Some(strings.max_by_key(|string| string.len())?.to_owned())
    };
    Some(items.iter().step_by(step).take(most).filter_map(text).collect())
}

pub(crate) fn texts_in(folder: &Path, most: usize) -> Vec<String> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    let step = (paths.len() / most.max(1)).max(1);
    paths
        .into_iter()
        .step_by(step)
        .take(most)
        .filter_map(|path| Some(String::from_utf8_lossy(&std::fs::read(path).ok()?).into_owned()))
        .collect()
}

/// Numbers from a fixed begin, so that a failure comes again.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit.max(1)
    }
}

/// A random piece of a random text that can be typed without quotation marks.
fn random_query(texts: &[Vec<char>], random: &mut Random) -> String {
    loop {
        let text = &texts[random.below(texts.len())];
        let start = random.below(text.len());
        let length = 1 + random.below(12);
        let piece: String = text[start..text.len().min(start + length)].iter().collect();
        let piece = piece.trim();
        let spaced = piece.chars().any(|c| c.is_whitespace() && c != '\n');
        if !spaced && !Pattern::new(piece).is_empty() {
            return piece.to_owned();
        }
    }
}

fn in_other_script(text: &str) -> String {
    if detect_script(text) == Some(Script::Hant) {
        to_simplified(text)
    } else {
        to_traditional(text)
    }
}

/// The time in milliseconds that so many per cent of the sorted times do not exceed.
fn at(times: &[Duration], per_cent: usize) -> f64 {
    times[(times.len() - 1) * per_cent / 100].as_secs_f64() * 1000.0
}

fn check(reports: usize, queries: usize) {
    let Some(shared) = shared() else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "the test material is missing");
        println!("skipped: there is no folder of test material");
        return;
    };
    let mut texts = texts_in(&shared.join("reports/seeds"), 5);
    assert_eq!(texts.len(), 5, "the five reports are there");
    let gov = gov_reports(&shared).expect("the government reports can be unpacked");
    texts.extend(texts_in(&gov, reports));
    assert_eq!(texts.len(), reports + 5);
    let archive = Archive::of_texts(&texts);
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open(dir.path(), &archive.id).unwrap().index;
    let begin = Instant::now();
    index.catch_up(&archive, &mut go_on).unwrap();
    let built = begin.elapsed();
    let bytes: usize = texts.iter().map(String::len).sum();

    let folded: Vec<Folded> = texts.iter().map(|text| Folded::new(text)).collect();
    let chars: Vec<Vec<char>> = texts.iter().map(|text| text.chars().collect()).collect();
    let maps: Vec<OffsetMap<'_>> = texts.iter().map(|text| OffsetMap::new(text)).collect();
    let mut random = Random(0x5EED_CAFE);
    let (mut hits, mut false_hits, mut missed, mut wrong_places, mut places) = (0, 0, 0, 0, 0);
    let (mut times, mut pages) = (Vec::new(), Vec::new());
    for number in 0..queries {
        let mut typed = random_query(&chars, &mut random);
        if number % 2 == 1 {
            typed = in_other_script(&typed);
        }
        let pattern = Pattern::new(&typed);
        let expect: Vec<String> = (0..texts.len())
            .filter(|&text| !folded[text].find(&pattern).is_empty())
            .map(|text| format!("{text:03}"))
            .collect();
        let query = parse(&typed).query;
        let begin = Instant::now();
        index.search(&archive, &query, 0, 0).unwrap();
        times.push(begin.elapsed());
        let begin = Instant::now();
        index.search(&archive, &query, 0, 20).unwrap();
        pages.push(begin.elapsed());
        let page = index
            .search(&archive, &query, 0, if reports > 1000 { 50 } else { usize::MAX })
            .unwrap();
        let found: Vec<&String> = page.hits.iter().map(|hit| &hit.document).collect();
        hits += page.total;
        let wrong = found.iter().filter(|id| !expect.contains(id)).count();
        false_hits += wrong;
        missed += expect.len().abs_diff(page.total);
        if wrong > 0 || expect.len() != page.total {
            println!("{typed:?}: {} instead of {}", page.total, expect.len());
        }
        for hit in &page.hits {
            let text: usize = hit.document.parse().unwrap();
            places += hit.matches.len();
            // Every place folds to the query.
            let folds = |range| {
                let piece = Folded::new(maps[text].slice(range));
                piece.units().len() == pattern.len()
            };
            let right = hit.matches == folded[text].find(&pattern)
                && hit.matches.iter().all(|&range| folds(range));
            wrong_places += usize::from(!right);
        }
    }
    times.sort_unstable();
    pages.sort_unstable();
    let status = index.status();
    println!(
        "{} reports, {:.1} MB: built in {:.1} s ({:.1} MB/s), index {:.2} of the text in {} segments",
        texts.len(),
        bytes as f64 / 1e6,
        built.as_secs_f64(),
        bytes as f64 / 1e6 / built.as_secs_f64(),
        status.bytes as f64 / bytes as f64,
        status.segments,
    );
    println!(
        "{queries} queries: {hits} hits, {missed} missed, {false_hits} false, {places} places, {wrong_places} documents with wrong places"
    );
    println!(
        "count p50 {:.2} ms, p99 {:.2} ms; page of 20 with snippets p50 {:.2} ms, p99 {:.2} ms",
        at(&times, 50),
        at(&times, 99),
        at(&pages, 50),
        at(&pages, 99),
    );
    assert_eq!((missed, false_hits, wrong_places), (0, 0, 0));
    strange_queries(&index, &archive, &texts);
}

/// Pasted and random text neither stops nor delays the program.
fn strange_queries(index: &Index, archive: &Archive, texts: &[String]) {
    let mut random = Random(42);
    let bytes: Vec<u8> = (0..100_000).map(|_| random.below(256) as u8).collect();
    let longest = texts.iter().max_by_key(|text| text.len()).unwrap();
    let pasted: String = longest.chars().take(33_000).collect();
    let report = longest.len();
    for (name, typed, finds) in [
        ("100 kB of random bytes", String::from_utf8_lossy(&bytes).into_owned(), false),
        ("100 kB of brackets", "((((“-".repeat(17_000), false),
        ("100 kB of operators", "AND 非 ".repeat(12_000), false),
        ("100 kB of words", "侨联 ".repeat(14_000), false),
        ("100 kB of one character", "的".repeat(33_000), false),
        ("a pasted report", pasted.clone(), true),
    ] {
        let begin = Instant::now();
        let parsed = parse(&typed);
        let total = index.search(archive, &parsed.query, 0, 20).unwrap().total;
        let took = begin.elapsed();
        println!("{name}: {total} hits in {:.0} ms", took.as_secs_f64() * 1000.0);
        assert!(!finds || total > 0, "{name} of {report} bytes finds itself");
    }
    let found = index.search(archive, &Query::phrase(&pasted), 0, 1).unwrap();
    assert!(found.total > 0);
}

#[test]
fn two_hundred_random_queries_find_what_a_scan_finds() {
    check(300, 200);
}

/// Where every character stands that some unit can be read as.
struct Places<'f> {
    folded: &'f [Folded],
    of: HashMap<char, Vec<(usize, usize)>>,
}

impl<'f> Places<'f> {
    fn new(folded: &'f [Folded]) -> Self {
        let mut of: HashMap<char, Vec<(usize, usize)>> = HashMap::new();
        for (text, folded) in folded.iter().enumerate() {
            for (at, unit) in folded.units().iter().enumerate() {
                for c in std::iter::once(unit.folded).chain(unit.alternative) {
                    of.entry(c).or_default().push((text, at));
                }
            }
        }
        Self { folded, of }
    }

    /// Where the pattern stands, by text.
    fn of(&self, pattern: &Pattern) -> BTreeMap<usize, Vec<CharRange>> {
        let mut found: BTreeMap<usize, Vec<CharRange>> = BTreeMap::new();
        for form in pattern.forms() {
            for &(text, at) in self.of.get(&form[0]).into_iter().flatten() {
                let units = self.folded[text].units().get(at..at + form.len());
                if units.is_some_and(|units| units.iter().zip(form).all(|(u, &c)| u.is(c))) {
                    let span = self.folded[text].span(at..at + form.len());
                    found.entry(text).or_default().push(span);
                }
            }
        }
        for places in found.values_mut() {
            places.sort_unstable();
            places.dedup();
        }
        found
    }
}

/// A query of the other kinds, made of pieces of texts.
fn random_sign(texts: &[Vec<char>], random: &mut Random) -> String {
    let mut piece = |length: usize| loop {
        let found: String =
            random_query(texts, random).chars().filter(|&c| is_han(c)).take(length).collect();
        if found.chars().count() > 1 {
            return found;
        }
    };
    let (phrase, a, b) = (piece(10), piece(2), piece(2));
    let mut chars: Vec<char> = phrase.chars().collect();
    match random.below(8) {
        0 => format!("{phrase}~"),
        1 => {
            let at = random.below(chars.len());
            chars[at] = '侨';
            format!("{}~", chars.into_iter().collect::<String>())
        }
        2 => {
            chars.remove(random.below(chars.len()));
            format!("{}侨~", chars.into_iter().collect::<String>())
        }
        3 => format!("={phrase}"),
        4 => format!("{a}*{b}"),
        5 => format!("{a} NEAR/{} {b}", random.below(60)),
        6 => format!("{a} 句 {b} 段 {phrase}"),
        _ => format!("/{a}.{{0,9}}({b}|{phrase})/"),
    }
}

/// Ten thousand queries on reports and news: what is found and what is marked is what the folded
/// texts say, no more and no less.
#[test]
fn ten_thousand_random_queries_find_what_is_there() {
    let Some(shared) = shared() else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "the test material is missing");
        println!("skipped: there is no folder of test material");
        return;
    };
    let mut texts = texts_in(&shared.join("reports/seeds"), 5);
    // Pieces of reports, so that a page of hits is small.
    let gov = gov_reports(&shared).expect("the government reports can be unpacked");
    for report in texts_in(&gov, 60) {
        let chars: Vec<char> = report.chars().collect();
        texts.extend(chars.chunks(2_000).map(|piece| piece.iter().collect::<String>()));
    }
    texts.extend(news(&shared, 1_000).expect("the news can be unpacked"));
    assert!(texts.len() > 1_300, "{}", texts.len());
    let mut archive = Archive::new("archive");
    // Of the form that an archive's have.
    let id = |number: usize| format!("01a204d7-6870-73b7-8633-{number:012}");
    for (number, text) in texts.iter().enumerate() {
        archive.put(Document { id: id(number), ..text_document(number, text) });
    }
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open(dir.path(), &archive.id).unwrap().index;
    index.catch_up(&archive, &mut go_on).unwrap();
    let documents: Vec<FoldedDocument<'_>> =
        archive.documents.values().map(FoldedDocument::new).collect();
    let folded: Vec<Folded> = texts.iter().map(|text| Folded::new(text)).collect();
    let places = Places::new(&folded);
    let chars: Vec<Vec<char>> = texts.iter().map(|text| text.chars().collect()).collect();
    let mut random = Random(0xC0FF_EE11);
    let (mut hits, mut marked) = (0, 0);
    for number in 0..10_000 {
        let other_kind = number % 50 == 49;
        let typed = match number % 3 {
            _ if other_kind => random_sign(&chars, &mut random),
            1 => in_other_script(&random_query(&chars, &mut random)),
            _ => random_query(&chars, &mut random),
        };
        let query = if other_kind { parse(&typed).query } else { Query::phrase(&typed) };
        let expect: BTreeMap<usize, Vec<CharRange>> = if other_kind {
            let scanned = documents.iter().enumerate();
            scanned.filter_map(|(at, document)| Some((at, query.matches(document)?))).collect()
        } else {
            places.of(&Pattern::new(&typed))
        };
        let page = index.search(&archive, &query, 0, 10).unwrap();
        assert_eq!(page.total, expect.len(), "{typed:?}");
        // As many of those that are meant as there are hits: the two are the same.
        let ids = expect.keys().map(|at| id(*at)).collect();
        let among = query.and(Filter::Documents(ids));
        assert_eq!(index.search(&archive, &among, 0, 0).unwrap().total, expect.len(), "{typed:?}");
        hits += page.total;
        for hit in &page.hits {
            let text: usize = hit.document.rsplit('-').next().unwrap().parse().unwrap();
            assert_eq!(Some(&hit.matches), expect.get(&text), "{typed:?}");
            marked += hit.matches.len();
        }
    }
    println!("{} texts: {hits} hits, {marked} places looked at", texts.len());
}

/// Run by hand for figures: takes minutes.
#[test]
#[ignore = "for figures on 2,400 reports"]
fn at_scale() {
    check(2_400, 300);
}

#[test]
fn changes_are_seen_at_once() {
    let mut archive = Archive::of_texts(&vec!["侨联工作".repeat(200); 50]);
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open(dir.path(), &archive.id).unwrap().index;
    index.catch_up(&archive, &mut go_on).unwrap();
    archive.put(text_document(60, "新的报告"));
    let page = index.search(&archive, &Query::phrase("新的"), 0, 5).unwrap();
    assert_eq!((page.total, page.hits[0].document.as_str()), (1, "060"));
}
