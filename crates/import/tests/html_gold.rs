//! Saved web pages against text, titles, dates and authors that were read off by hand.

mod material;

use anjuan_import::{Format, ImportError, Imported, Source, import};
use anjuan_text::{BlockKind, FurnitureReason, OffsetMap, RepairKind, ReportText, to_simplified};
use material::{assert_nothing_lost, assert_shape, corpus, put_together};
use serde_json::Value;
use std::collections::HashMap;
use std::fs;
use unicode_normalization::UnicodeNormalization;

/// Prints a miss where `ANJUAN_MISSES` names the test.
fn miss(test: &str, line: impl FnOnce() -> String) {
    if std::env::var("ANJUAN_MISSES").is_ok_and(|t| t.split(',').any(|t| t == test)) {
        println!("  {}", line());
    }
}

/// How often each run of four characters occurs, white space aside.
fn grams(text: &str) -> HashMap<[char; 4], i64> {
    let chars: Vec<char> = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    let mut grams = HashMap::new();
    for window in chars.windows(4) {
        *grams.entry([window[0], window[1], window[2], window[3]]).or_insert(0) += 1;
    }
    grams
}

/// F1 over runs of four characters.
fn f1(found: &str, gold: &str) -> f64 {
    let (found, gold) = (grams(found), grams(gold));
    let common: i64 = found.iter().map(|(g, n)| *n.min(gold.get(g).unwrap_or(&0))).sum();
    let (a, b): (i64, i64) = (found.values().sum(), gold.values().sum());
    if a + b == 0 { 1.0 } else { 2.0 * common as f64 / (a + b) as f64 }
}

fn squeezed(text: &str) -> String {
    to_simplified(text).nfkc().filter(|c| c.is_alphanumeric()).collect()
}

/// The text without title and byline, which the gold has apart.
fn body(imported: &Imported) -> String {
    let map = OffsetMap::new(&imported.report.text);
    let blocks = imported.report.blocks.iter();
    let text = blocks.filter(|b| !matches!(b.kind, BlockKind::Title | BlockKind::Byline));
    text.map(|b| map.slice(b.range)).collect::<Vec<_>>().join("\n")
}

/// A date of the gold as far as it says year, month and day: `2021-1-29 13:18` is `2021-01-29`.
fn day(gold: &str) -> Option<String> {
    let parts: Vec<&str> =
        gold.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).take(3).collect();
    let [year, rest @ ..] = parts.as_slice() else { return None };
    if year.len() != 4 {
        return None;
    }
    let rest: Vec<String> = rest.iter().map(|p| format!("{p:0>2}")).collect();
    Some([vec![(*year).to_owned()], rest].concat().join("-"))
}

/// What is right of how many.
#[derive(Default)]
struct Count {
    right: usize,
    all: usize,
}

impl Count {
    fn add(&mut self, right: bool) -> bool {
        self.all += 1;
        self.right += usize::from(right);
        right
    }

    fn share(&self) -> f64 {
        self.right as f64 / self.all.max(1) as f64
    }
}

/// The text of a page without code: what a reader could see if nothing were hidden.
fn visible(page: &scraper::Html) -> String {
    const CODE: &[&str] = &[
        "script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object",
        "canvas",
    ];
    let texts = page.tree.root().descendants().filter(|n| {
        n.value().is_text()
            && !n
                .ancestors()
                .any(|a| a.value().as_element().is_some_and(|e| CODE.contains(&e.name())))
    });
    texts.filter_map(|n| n.value().as_text().map(|t| t.to_string())).collect()
}

/// Every character of the page is in the text, in the furniture or in a repair; in its order
/// where nothing is hidden inside of lines, since what is follows its line.
fn assert_whole(source: &str, report: &ReportText, name: &str) {
    if !report.furniture.iter().any(|f| f.reason == FurnitureReason::Hidden) {
        assert_nothing_lost(source, report, name);
        return;
    }
    let counted = |text: &str| {
        let mut counts: HashMap<char, i64> = HashMap::new();
        for c in text.chars().filter(|c| c.is_alphanumeric()) {
            *counts.entry(c).or_default() += 1;
        }
        counts
    };
    let glosses = report.repairs.iter().filter(|r| r.kind == RepairKind::Gloss);
    let whole: String = glosses.map(|r| r.original.as_str()).collect();
    let (expect, found) = (counted(source), counted(&(whole + &put_together(report))));
    for (c, count) in &expect {
        assert_eq!(found.get(c), Some(count), "{name}: {c:?}");
    }
    assert_eq!(expect.len(), found.len(), "{name}");
}

#[test]
fn saved_pages() {
    let Some(folder) = corpus("formats", "html_gold") else { return };
    let gold = fs::read_to_string(folder.join("gold.jsonl")).expect("gold");
    let (mut scores, mut forum): (Vec<f64>, Vec<f64>) = Default::default();
    let (mut titles, mut dates, mut authors, mut writers) =
        (Count::default(), Count::default(), Count::default(), Count::default());
    let mut lists = Count::default();
    let (mut whole, mut spent, mut read) = (0, std::time::Duration::ZERO, 0_usize);
    for record in gold.lines().map(|l| serde_json::from_str::<Value>(l).expect("a record")) {
        let file = record["file"].as_str().expect("file");
        let of = |name: &str| record[name].as_str().filter(|s| !s.is_empty());
        let set = of("set").unwrap_or_default();
        let bytes = fs::read(folder.join(file)).expect(file);
        let started = std::time::Instant::now();
        let imported = import(Source { name: file, bytes: &bytes });
        spent += started.elapsed();
        read += 1;
        let text = of("text");
        let imported = match imported {
            Ok(imported) => imported,
            Err(error) => {
                if set == "gerapy_list" {
                    lists.add(matches!(error, ImportError::NotAReport { .. }));
                } else {
                    miss("refused", || format!("{file}: {error}"));
                }
                if text.is_some() {
                    if set == "magic_forum" { &mut forum } else { &mut scores }.push(0.0);
                }
                for (count, key) in
                    [(&mut titles, "title"), (&mut dates, "date"), (&mut authors, "author")]
                {
                    if !record[key].is_null() {
                        count.add(false);
                    }
                }
                continue;
            }
        };
        if set == "gerapy_list" && !lists.add(false) {
            miss("refused", || format!("{file}: a list page taken for a report"));
        }
        assert_shape(&imported.report, file);
        assert_eq!(imported.format, Format::Html, "{file}");
        if imported.encoding.as_deref() == Some("UTF-8") {
            let page = scraper::Html::parse_document(&String::from_utf8_lossy(&bytes));
            assert_whole(&visible(&page), &imported.report, file);
            whole += 1;
        }
        let metadata = &imported.report.metadata;
        if let Some(gold) = text {
            let found = body(&imported);
            let score = f1(&found, gold);
            if set == "magic_forum" { &mut forum } else { &mut scores }.push(score);
            miss("pages", || {
                format!("{score:.3} {file} {} / {}", found.chars().count(), gold.chars().count())
            });
        }
        if let Some(title) = of("title") {
            let found = metadata.title.as_deref().map(squeezed).unwrap_or_default();
            if !titles.add(found == squeezed(title)) {
                miss("titles", || format!("{file}: {title} / {:?}", metadata.title));
            }
        }
        if let Some(date) = of("date").and_then(day) {
            let found = metadata.published.as_deref().unwrap_or_default();
            if !dates.add(found.starts_with(&date)) {
                miss("dates", || format!("{file}: {date} / {found}"));
            }
        }
        let gold: Vec<String> = match &record["author"] {
            Value::String(one) => vec![squeezed(one)],
            Value::Array(all) => all.iter().filter_map(|a| a.as_str().map(squeezed)).collect(),
            _ => Vec::new(),
        };
        if !gold.is_empty() {
            // The gold has whom the page names: where it names nobody who wrote, its responsible
            // editor. Editors are no authors and have a field of their own, so both are asked; what
            // the field of authors has alone is printed beside it.
            let named = |found: &[String]| {
                let found: String = found.iter().map(|a| squeezed(a) + "\n").collect();
                gold.iter().all(|a| found.contains(a.as_str()))
            };
            let editor: Vec<String> = metadata.editor.iter().cloned().collect();
            let both = [&metadata.authors[..], &editor].concat();
            writers.add(named(&metadata.authors));
            if !authors.add(named(&both)) {
                miss("authors", || {
                    format!("{file}: {gold:?} / {:?} ({:?})", metadata.authors, metadata.editor)
                });
            }
        }
    }
    let mean = |s: &[f64]| s.iter().sum::<f64>() / s.len().max(1) as f64;
    let good = |s: &[f64]| s.iter().filter(|&&s| s >= 0.95).count();
    println!(
        "saved pages: mean F1 {:.3}, {} of {} at 0.95 or better; forum threads {:.3}, {} of {}; titles {}/{}, dates {}/{}, authors or editors {}/{} (authors alone {}); list pages refused {}/{}; nothing lost of {whole} in UTF-8; {:.1} ms a page{}",
        mean(&scores),
        good(&scores),
        scores.len(),
        mean(&forum),
        good(&forum),
        forum.len(),
        titles.right,
        titles.all,
        dates.right,
        dates.all,
        authors.right,
        authors.all,
        writers.right,
        lists.right,
        lists.all,
        spent.as_secs_f64() * 1000.0 / read.max(1) as f64,
        if cfg!(debug_assertions) {
            " in a build for tests (of the program: ./dev bench)"
        } else {
            ""
        }
    );
    assert!(mean(&scores) >= 0.960 && good(&scores) >= 82, "text");
    assert!(mean(&forum) >= 0.75, "threads");
    assert!(dates.share() >= 0.9, "dates");
    assert!(titles.share() >= 0.92, "titles");
    assert!(authors.share() >= 0.75, "authors");
    assert_eq!(lists.right, lists.all, "list pages");
}

/// The text of a page without title and byline is that of the report it was made of.
#[test]
fn pages_in_envelopes() {
    let Some(folder) = corpus("formats", "files/office_gold") else { return };
    let Some(reports) = corpus("gov_reports", "gov_reports") else { return };
    let squeeze = |text: &str| text.nfkc().filter(|c| !c.is_whitespace()).collect::<String>();
    let mut sources: Vec<String> = Vec::new();
    for entry in fs::read_dir(reports.join("txt")).expect("reports").flatten() {
        if entry.file_name().to_string_lossy().contains("majorcity") {
            sources.push(squeeze(&fs::read_to_string(entry.path()).expect("text")));
        }
    }
    let mut scores = Vec::new();
    for entry in fs::read_dir(&folder).expect("files").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().extension().is_none_or(|e| e != "mhtml") {
            continue;
        }
        let bytes = fs::read(entry.path()).expect("bytes");
        let imported = import(Source { name: &name, bytes: &bytes }).expect(&name);
        assert_eq!(imported.format, Format::Mhtml, "{name}");
        assert_shape(&imported.report, &name);
        let metadata = &imported.report.metadata;
        assert!(metadata.address.as_deref().is_some_and(|a| a.starts_with("http")), "{name}");
        // Who held the report and when stands in the source, the byline of the page does not.
        let map = OffsetMap::new(&imported.report.text);
        let blocks = imported.report.blocks.iter().filter(|b| b.kind != BlockKind::Title);
        let texts = blocks.map(|b| (b.kind, map.slice(b.range)));
        let texts = texts.filter(|(kind, t)| *kind != BlockKind::Byline || !t.contains('：'));
        let found = squeeze(&texts.map(|(_, t)| t).collect::<String>());
        let probe: String = found.chars().skip(300).take(40).collect();
        let source = sources.iter().find(|s| s.contains(&probe)).expect("its source");
        let mark = |chars: &mut dyn Iterator<Item = char>| chars.take(12).collect::<String>();
        let begin = source.find(&mark(&mut found.chars())).unwrap_or(0);
        let last: String = mark(&mut found.chars().rev()).chars().rev().collect();
        let end = source.find(&last).map_or(source.len(), |at| at + last.len());
        let score = f1(&found, &source[begin..end]);
        miss("envelopes", || format!("{score:.4} {name}: {:?}", metadata.published));
        scores.push(score);
    }
    let mean = scores.iter().sum::<f64>() / scores.len().max(1) as f64;
    println!("pages in envelopes (MHTML): mean F1 {mean:.4} of {}", scores.len());
    assert!(scores.iter().all(|s| *s >= 0.995), "{scores:?}");
}
