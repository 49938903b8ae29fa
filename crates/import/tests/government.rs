//! Titles, dates, speakers, places, years and headings of official texts against what is known of
//! them: every file of each set, figures printed, with floors.

mod material;

use anjuan_import::{Source, import, places};
use anjuan_text::{BlockKind, IssuerLevel, OffsetMap, ReportKind, ReportText};
use material::{assert_nothing_lost, corpus};
use serde_json::Value;
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use unicode_normalization::UnicodeNormalization;

fn records(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().map(|l| serde_json::from_str(l).expect("a JSON record")).collect()
}

/// Letters and digits alone, after NFKC.
fn squeezed(text: &str) -> String {
    text.nfkc().filter(|c| c.is_alphanumeric()).collect()
}

/// Prints a miss where `ANJUAN_MISSES` names the figure.
fn miss(figure: &str, line: impl FnOnce() -> String) {
    if std::env::var("ANJUAN_MISSES").is_ok_and(|t| t == figure) {
        println!("  {}", line());
    }
}

/// Right ones of all, in percent.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    right: usize,
    all: usize,
}

impl Share {
    fn count(&mut self, right: bool) -> bool {
        self.all += 1;
        self.right += usize::from(right);
        right
    }

    fn percent(self) -> f64 {
        100.0 * self.right as f64 / self.all.max(1) as f64
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{} ({:.1} %)", self.right, self.all, self.percent())
    }
}

/// Headings found, known, and both; steps up and down between neighbours that agree.
#[derive(Debug, Default)]
struct Heads {
    both: usize,
    found: usize,
    known: usize,
    steps: Share,
}

impl Heads {
    fn add(&mut self, found: &[(String, u8)], known: &[(String, i64)]) {
        self.found += found.len();
        self.known += known.len();
        let mut left: HashMap<&str, Vec<i64>> = HashMap::new();
        for (head, level) in known.iter().rev() {
            left.entry(head).or_default().push(*level);
        }
        let mut pairs: Vec<(i64, u8)> = Vec::new();
        for (head, level) in found {
            if let Some(gold) = left.get_mut(head.as_str()).and_then(Vec::pop) {
                self.both += 1;
                pairs.push((gold, *level));
            }
        }
        for pair in pairs.windows(2) {
            let [(gold, level), (next_gold, next)] = pair else { continue };
            self.steps.count(gold.cmp(next_gold) == level.cmp(next));
        }
    }

    fn precision(&self) -> f64 {
        self.both as f64 / self.found.max(1) as f64
    }

    fn recall(&self) -> f64 {
        self.both as f64 / self.known.max(1) as f64
    }

    fn f1(&self) -> f64 {
        2.0 * self.both as f64 / (self.found + self.known).max(1) as f64
    }
}

impl std::fmt::Display for Heads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "headings F1 {:.3} (precision {:.3}, recall {:.3}), steps of level {}",
            self.f1(),
            self.precision(),
            self.recall(),
            self.steps
        )
    }
}

fn headings(report: &ReportText) -> Vec<(String, u8)> {
    let map = OffsetMap::new(&report.text);
    let heads = report.blocks.iter().filter(|b| b.kind == BlockKind::Heading);
    heads.map(|b| (squeezed(map.slice(b.range)), b.level.unwrap_or(0))).collect()
}

fn known_headings(list: &Value) -> Vec<(String, i64)> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(|h| Some((squeezed(h[1].as_str()?), h[0].as_i64()?)))
        .collect()
}

/// Imports the text of every record on both cores and hands the reports out in order.
fn each(
    folder: &Path,
    records: &[Value],
    mut use_it: impl FnMut(&Value, &str, &ReportText),
) -> f64 {
    let begun = Instant::now();
    let next = AtomicUsize::new(0);
    let read: Mutex<HashMap<usize, (String, ReportText)>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((at, record)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    records.get(at).map(|record| (at, record))
                } {
                    let id = record["id"].as_str().expect("id");
                    let Ok(text) = fs::read_to_string(folder.join("txt").join(format!("{id}.txt")))
                    else {
                        continue;
                    };
                    let source = Source { name: "a.txt", bytes: text.as_bytes() };
                    let report = import(source).expect(id).report;
                    assert_nothing_lost(&text, &report, id);
                    read.lock().expect("no panic").insert(at, (text, report));
                }
            });
        }
    });
    let mut read = read.into_inner().expect("no panic");
    for (at, record) in records.iter().enumerate() {
        if let Some((text, report)) = read.remove(&at) {
            use_it(record, &text, &report);
        }
    }
    begun.elapsed().as_secs_f64()
}

/// The day of a report: when it was given, else when it came out.
fn day(report: &ReportText) -> Option<&str> {
    report.metadata.delivered.as_deref().or(report.metadata.published.as_deref())
}

#[test]
fn government_reports() {
    let Some(folder) = corpus("gov_reports", "gov_reports") else { return };
    let known: HashMap<String, Vec<(String, i64)>> = records(&folder.join("headings.jsonl"))
        .into_iter()
        .map(|r| (r["id"].as_str().unwrap_or_default().to_owned(), known_headings(&r["headings"])))
        .collect();
    let index = records(&folder.join("index.jsonl"));
    let [mut titles, mut dates, mut speakers, mut regions, mut years, mut kinds, mut levels] =
        [Share::default(); 7];
    let mut heads = Heads::default();
    let spent = each(&folder, &index, |record, _, report| {
        let id = record["id"].as_str().unwrap_or_default();
        let of = |name: &str| record[name].as_str().filter(|s| !s.is_empty());
        let metadata = &report.metadata;
        if let Some(title) = of("title") {
            let found = metadata.title.as_deref().map(squeezed).unwrap_or_default();
            if !titles.count(found == squeezed(title)) {
                miss("titles", || format!("{id}: {title} / {:?}", metadata.title));
            }
        }
        if let Some(date) = of("date") {
            let date: String = date.nfkc().collect();
            if !dates.count(day(report).is_some_and(|d| d.starts_with(&date))) {
                miss("dates", || {
                    format!("{id}: {date} / {:?} {:?}", metadata.delivered, metadata.published)
                });
            }
        }
        if let Some(speaker) = of("speaker") {
            let same = metadata.authors.iter().any(|a| squeezed(a) == squeezed(speaker));
            if !speakers.count(same) {
                miss("speakers", || format!("{id}: {speaker} / {:?}", metadata.authors));
            }
        }
        let region = of("region").filter(|r| *r != "全国");
        let place = metadata.place.as_deref();
        // A region that has another name today is the same region.
        let same = region.map(|r| {
            place.is_some_and(|p| p.ends_with(r) || places::division(p) == places::division(r))
        });
        if !regions.count(same.unwrap_or(place.is_none())) {
            miss("places", || {
                format!("{id}: {region:?} / {place:?} / {:?}", metadata.organisation)
            });
        }
        if let Some(year) = of("year").and_then(|y| y.get(..4)) {
            // A plan bears its first year, a report the year that it plans for.
            let found = metadata.period.map(|p| match metadata.kind {
                Some(ReportKind::Plan) => p.from,
                _ => p.to,
            });
            if !years.count(found.is_some_and(|y| y.to_string() == year)) {
                miss("years", || {
                    format!("{id}: {year} / {:?} {:?}", metadata.period, metadata.kind)
                });
            }
        }
        let (kind, level) = match of("level").unwrap_or_default() {
            "fiveyearplan" => (ReportKind::Plan, IssuerLevel::National),
            "statcommunique" => (ReportKind::Statistics, IssuerLevel::National),
            "national" => (ReportKind::WorkReport, IssuerLevel::National),
            "province" => (ReportKind::WorkReport, IssuerLevel::Province),
            "prefecture" | "majorcity" => (ReportKind::WorkReport, IssuerLevel::Prefecture),
            _ => (ReportKind::Notice, IssuerLevel::National),
        };
        let level = match region {
            Some("北京市" | "天津市" | "上海市" | "重庆市") => IssuerLevel::Province,
            _ => level,
        };
        if !kinds.count(metadata.kind == Some(kind)) {
            miss("kinds", || format!("{id}: {:?} / {:?}", metadata.title, metadata.kind));
        }
        if !levels.count(metadata.level == Some(level)) {
            miss("levels", || format!("{id}: {:?} / {:?}", metadata.level, metadata.organisation));
        }
        if let Some(gold) = known.get(id) {
            let found = headings(report);
            for (head, _) in gold.iter().filter(|g| !found.iter().any(|f| f.0 == g.0)) {
                miss("headings", || format!("{id}: {head}"));
            }
            for (head, level) in found.iter().filter(|f| !gold.iter().any(|g| f.0 == g.0)) {
                miss("extra", || format!("{id}: {level} {head}"));
            }
            heads.add(&found, gold);
        }
    });
    println!(
        "government reports ({} in {spent:.0} s): titles {titles}, dates {dates}, speakers {speakers}, places {regions}, years {years}, kinds {kinds}, levels {levels}; {heads}",
        index.len()
    );
    for (figure, share, floor) in [
        ("titles", titles, 95.0),
        ("dates", dates, 97.0),
        ("speakers", speakers, 95.0),
        ("places", regions, 97.0),
        ("years", years, 97.0),
        ("kinds", kinds, 97.0),
        ("levels", levels, 97.0),
    ] {
        assert!(share.percent() >= floor, "{figure}: {share}");
    }
    assert!(heads.f1() >= 0.90, "{heads}");
}

/// Whether a text names a day, in figures or in Chinese numerals, in its first lines.
fn says(text: &str, date: &str) -> bool {
    let head: String = text.nfkc().filter(|c| !c.is_whitespace()).take(1200).collect();
    let number = |at: std::ops::Range<usize>| date.get(at).and_then(|n| n.parse::<usize>().ok());
    let (Some(year), Some(month), Some(day)) = (date.get(..4), number(5..7), number(8..10)) else {
        return false;
    };
    let digits: Vec<char> = "〇一二三四五六七八九".chars().collect();
    let chinese = |n: usize| match (n / 10, n % 10) {
        (0, ones) => digits[ones].to_string(),
        (tens, ones) => {
            let tens = if tens > 1 { digits[tens].to_string() } else { String::new() };
            tens + "十" + &if ones > 0 { digits[ones].to_string() } else { String::new() }
        }
    };
    let year_in_full: String =
        year.chars().filter_map(|c| digits.get(c.to_digit(10)? as usize)).collect();
    head.contains(&format!("{year}年{month}月{day}日"))
        || head.contains(&format!("{year_in_full}年{}月{}日", chinese(month), chinese(day)))
}

#[test]
fn laws() {
    let Some(folder) = corpus("laws", "laws") else { return };
    let index = records(&folder.join("index.jsonl"));
    let [mut titles, mut dates, mut kinds, mut counts] = [Share::default(); 4];
    let spent = each(&folder, &index, |record, text, report| {
        let id = record["id"].as_str().unwrap_or_default();
        let metadata = &report.metadata;
        if let Some(title) = record["base"].as_str() {
            // The parts of the civil code are files of their own under the title of the whole.
            let short = |t: &str| squeezed(t).replace("中华人民共和国", "");
            let found = metadata.title.as_deref().map(short).unwrap_or_default();
            if !titles.count(found.contains(&short(title))) {
                miss("law titles", || format!("{id}: {title} / {:?}", metadata.title));
            }
        }
        // Many dates come from the name of the file alone.
        if let Some(date) = record["date"].as_str().filter(|d| says(text, d)) {
            let said = [&metadata.published, &metadata.delivered];
            let same = said.into_iter().flatten().any(|d| d.starts_with(date));
            if !dates.count(same) {
                miss("law dates", || {
                    format!("{id}: {date} / {:?} {:?}", metadata.delivered, metadata.published)
                });
            }
        }
        if !kinds.count(matches!(metadata.kind, Some(ReportKind::Law | ReportKind::Notice))) {
            miss("law kinds", || format!("{id}: {:?} / {:?}", metadata.title, metadata.kind));
        }
        // The title is one of the headings counted there.
        let gold = record["nheads"].as_u64().unwrap_or_default();
        let found = headings(report).len() as u64 + 1;
        if !counts.count(found == gold.max(1)) {
            miss("law headings", || format!("{id}: {gold} / {found} {:?}", headings(report)));
        }
    });
    println!(
        "laws ({} in {spent:.0} s): titles {titles}, dates {dates}, kinds {kinds}, as many headings as there are {counts}",
        index.len()
    );
    assert!(titles.percent() >= 97.0 && dates.percent() >= 97.0, "titles {titles}, dates {dates}");
    assert!(counts.percent() >= 80.0, "headings {counts}");
}

#[test]
fn party_documents() {
    let Some(folder) = corpus("party_docs", "party_docs") else { return };
    let index = records(&folder.join("index.jsonl"));
    let [mut titles, mut dates, mut authors] = [Share::default(); 3];
    let mut heads = Heads::default();
    let spent = each(&folder, &index, |record, text, report| {
        let id = record["id"].as_str().unwrap_or_default();
        let meta = &record["meta"];
        let metadata = &report.metadata;
        if let Some(title) = meta["title"].as_str() {
            let found = metadata.title.as_deref().map(squeezed).unwrap_or_default();
            let gold = squeezed(title);
            // One of the two has the year behind it.
            let same = !found.is_empty() && (found.contains(&gold) || gold.contains(&found));
            if !titles.count(same) {
                miss("party titles", || format!("{id}: {title} / {:?}", metadata.title));
            }
        }
        if let Some(date) = meta["date"].as_str().map(|d| d.trim_matches('\''))
            && says(text, date)
        {
            let said = [&metadata.published, &metadata.delivered];
            let same = said.into_iter().flatten().any(|d| d.starts_with(date));
            if !dates.count(same) {
                miss("party dates", || {
                    format!("{id}: {date} / {:?} {:?}", metadata.delivered, metadata.published)
                });
            }
        }
        if let Some(author) = meta["authors"].as_str().map(|a| a.trim_start_matches("- "))
            && author.chars().count() <= 4
            && !author.starts_with("中")
            && text.chars().take(300).collect::<String>().contains(author)
            && !authors.count(metadata.authors.iter().any(|a| a == author))
        {
            miss("party authors", || format!("{id}: {author} / {:?}", metadata.authors));
        }
        let gold = known_headings(&record["heads"]);
        if !gold.is_empty() {
            let found = headings(report);
            for (head, _) in gold.iter().filter(|g| !found.iter().any(|f| f.0 == g.0)) {
                miss("party headings", || format!("{id}: {head}"));
            }
            for (head, level) in found.iter().filter(|f| !gold.iter().any(|g| f.0 == g.0)) {
                miss("party extra", || format!("{id}: {level} {head}"));
            }
            heads.add(&found, &gold);
        }
    });
    println!(
        "party documents ({} in {spent:.0} s): titles {titles}, dates {dates}, authors {authors}; {heads}",
        index.len()
    );
    assert!(titles.percent() >= 95.0 && dates.percent() >= 85.0, "titles {titles}, dates {dates}");
    assert!(heads.f1() >= 0.88, "{heads}");
}
