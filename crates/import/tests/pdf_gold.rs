//! PDFs laid out from texts that are known: order and completeness, scans, passwords, damage. And
//! odd real ones, which must do no harm.

mod material;

use anjuan_import::pdf::boxes;
use anjuan_import::{Format, ImportError, Options, Source, import_with};
use anjuan_text::{ProblemCode, ReportText};
use imara_diff::{Algorithm, Diff, InternedInput};
use material::{assert_shape, corpus};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization;

fn squeezed(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// How well one text agrees with another in its characters and their order.
fn f1(found: &str, gold: &str) -> f64 {
    let mut input: InternedInput<char> = InternedInput::default();
    input.update_before(found.chars());
    input.update_after(gold.chars());
    let diff = Diff::compute(Algorithm::Myers, &input);
    let same = input.before.len() - diff.count_removals() as usize;
    2.0 * same as f64 / (input.before.len() + input.after.len()).max(1) as f64
}

fn miss(test: &str, line: impl FnOnce() -> String) {
    if std::env::var("ANJUAN_MISSES").is_ok_and(|t| t == test) {
        println!("  {}", line());
    }
}

/// Where two texts first differ, and how they go on.
fn difference(found: &str, gold: &str) -> String {
    let mut input: InternedInput<char> = InternedInput::default();
    input.update_before(found.chars());
    input.update_after(gold.chars());
    let diff = Diff::compute(Algorithm::Myers, &input);
    let (a, b): (Vec<char>, Vec<char>) = (found.chars().collect(), gold.chars().collect());
    let part = |s: &[char], r: std::ops::Range<u32>| -> String {
        let from = (r.start as usize).saturating_sub(6);
        format!(
            "{}[{}]",
            s[from..r.start as usize].iter().collect::<String>(),
            s[r.start as usize..r.end as usize].iter().take(40).collect::<String>()
        )
    };
    diff.hunks()
        .take(8)
        .map(|h| format!("{} / {}", part(&a, h.before), part(&b, h.after)))
        .collect::<Vec<_>>()
        .join(" | ")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "pdf"))
        .collect();
    files.sort();
    files
}

fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|n| n.to_str()).unwrap_or_default()
}

/// The text that a document was laid out from, by its title and a piece out of its middle.
fn gold(report: &ReportText, index: &[Value], texts: &Path) -> Option<String> {
    let title = squeezed(report.metadata.title.as_deref()?);
    let body = squeezed(&report.text);
    let middle: String = body.chars().skip(body.chars().count() / 2).take(12).collect();
    index.iter().filter(|r| r["title"].as_str().is_some_and(|t| squeezed(t) == title)).find_map(
        |r| {
            let id = r["id"].as_str()?;
            let text = fs::read_to_string(texts.join(format!("{id}.txt"))).ok()?;
            let text = squeezed(&text);
            text.contains(&middle).then_some(text)
        },
    )
}

/// The part of a text that a document of its beginning holds: to the last place where both agree.
fn beginning(gold: &str, found: &str) -> String {
    let found: Vec<char> = found.chars().collect();
    for back in 0..found.len().saturating_sub(12).min(400) {
        let end = found.len() - back;
        let tail: String = found[end - 12..end].iter().collect();
        if let Some(at) = gold.rfind(&tail) {
            let rest: String = gold[at + tail.len()..].chars().take(back).collect();
            return format!("{}{rest}", &gold[..at + tail.len()]);
        }
    }
    gold.to_owned()
}

#[test]
fn layouts_of_known_texts() {
    let (Some(files_of), Some(reports)) =
        (corpus("formats", "files"), corpus("gov_reports", "gov_reports"))
    else {
        return;
    };
    let index: Vec<Value> = fs::read_to_string(reports.join("index.jsonl"))
        .expect("index.jsonl")
        .lines()
        .map(|l| serde_json::from_str(l).expect("a record"))
        .collect();
    let mut golds: BTreeMap<String, String> = BTreeMap::new();
    let mut scores: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let mut outcomes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut boxed, mut chars, mut pages, mut millis) = (0, 0, 0, 0);
    let mut unknown = 0;
    for path in files(&files_of.join("pdf_gold")) {
        let name = name_of(&path);
        let mut parts = name.split('.');
        let (stem, kind) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let bytes = fs::read(&path).expect(name);
        let source = Source { name, bytes: &bytes };
        let started = std::time::Instant::now();
        let imported = import_with(source, &Options::default());
        millis += started.elapsed().as_millis();
        let report = match imported {
            Ok(imported) => {
                assert_eq!(imported.format, Format::Pdf, "{name}");
                imported.report
            }
            Err(error) => {
                let wrong = import_with(
                    source,
                    &Options { password: Some("not it"), ..Options::default() },
                );
                outcomes.entry(kind.to_owned()).or_default().push(format!(
                    "{error}; with a wrong one: {}",
                    wrong.err().map_or_else(String::new, |e| e.to_string())
                ));
                assert!(
                    matches!(error, ImportError::PasswordNeeded | ImportError::Damaged { .. }),
                    "{name}: {error}"
                );
                continue;
            }
        };
        assert_shape(&report, name);
        let codes: Vec<ProblemCode> = report.problems.iter().map(|p| p.code).collect();
        if report.text.is_empty() {
            assert!(codes.contains(&ProblemCode::NoTextLayer), "{name}: {codes:?}");
            outcomes.entry(kind.to_owned()).or_default().push("reported as a scan".to_owned());
            continue;
        }
        let found = squeezed(&report.text);
        if !golds.contains_key(stem)
            && let Some(text) = gold(&report, &index, &reports.join("txt"))
        {
            golds.insert(stem.to_owned(), text);
        }
        // Of a text that is not among those at hand the first layout stands for it.
        let text = golds.entry(stem.to_owned()).or_insert_with(|| {
            unknown += 1;
            found.clone()
        });
        let text = beginning(text, &found);
        let score = f1(&found, &text);
        if score < 0.9995 {
            miss("pdf_gold", || format!("{name}: {score:.4} {}", difference(&found, &text)));
        }
        scores.entry(kind.to_owned()).or_default().push(score);
        let boxes = boxes(&bytes, &Options::default(), &report).expect(name);
        assert_eq!(boxes.chars.len(), report.text.chars().count(), "{name}");
        for (c, place) in report.text.chars().zip(&boxes.chars).filter(|(c, _)| !c.is_whitespace())
        {
            chars += 1;
            boxed += usize::from(place.is_some());
            miss("pdf_boxes", || format!("{name}: {c} {place:?}"));
        }
        pages += boxes.pages;
    }
    let line: Vec<String> = scores
        .iter()
        .map(|(kind, scores)| {
            let mean = scores.iter().sum::<f64>() / scores.len() as f64;
            let least = scores.iter().copied().fold(1.0, f64::min);
            format!("{kind} {mean:.4} (least {least:.4} of {})", scores.len())
        })
        .collect();
    let told: Vec<String> = outcomes
        .iter()
        .map(|(kind, said)| {
            let mut distinct = said.clone();
            distinct.dedup();
            format!("{kind} {}: {}", said.len(), distinct.join("; "))
        })
        .collect();
    println!(
        "pdf_gold: {}; {}; {unknown} texts known by their first layout only; boxes for {boxed}/{chars} characters; {:.1} ms a page",
        line.join(", "),
        told.join(", "),
        millis as f64 / f64::from(pages.max(1)),
    );
    for (kind, scores) in &scores {
        let mean = scores.iter().sum::<f64>() / scores.len() as f64;
        assert!(mean >= 0.995, "{kind}: {mean:.4}");
    }
    assert!(boxed * 1000 >= chars * 999, "{boxed} of {chars} characters have a box");
}

#[test]
fn odd_real_ones() {
    let Some(folder) = corpus("formats", "files") else { return };
    let (mut read, mut refused, mut empty, mut chars) = (0, 0, 0, 0);
    for path in files(&folder.join("pdf")) {
        let name = name_of(&path);
        let bytes = fs::read(&path).expect(name);
        match import_with(Source { name, bytes: &bytes }, &Options::default()) {
            Ok(imported) => {
                let report = imported.report;
                assert_shape(&report, name);
                read += 1;
                empty += usize::from(report.text.is_empty());
                chars += report.text.chars().count();
                miss("odd_pdf", || {
                    let problems: Vec<String> =
                        report.problems.iter().map(|p| p.message.clone()).collect();
                    format!(
                        "== {name}: {:?}\n{}\n{}",
                        report.metadata.title,
                        problems.join(" "),
                        report.text.chars().take(1500).collect::<String>()
                    )
                });
            }
            Err(error) => {
                refused += 1;
                miss("odd_pdf", || format!("== {name}: {error}"));
            }
        }
    }
    println!("odd PDFs: {read} read ({chars} characters, {empty} without text), {refused} refused");
    assert_eq!(refused, 0, "all of them can be opened");
}
