//! Dirty reports against what a careful reader would put right by hand, and clean ones against
//! nothing at all.

mod material;

use anjuan_import::{Source, import};
use anjuan_text::{BlockKind, FurnitureReason, OffsetMap, ProblemCode, ReportText, to_simplified};
use material::{assert_nothing_lost, corpus};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use unicode_normalization::UnicodeNormalization;

fn miss(test: &str, line: impl FnOnce() -> String) {
    if std::env::var("ANJUAN_MISSES").is_ok_and(|t| t == test) {
        println!("  {}", line());
    }
}

/// NFKC, without white space, simplified.
fn folded(text: &str) -> Vec<char> {
    let plain: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    to_simplified(&plain).nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// A run of the report in the order of the source, and what it was taken for.
struct Run {
    label: &'static str,
    text: Vec<char>,
}

fn label_of(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Title => "title",
        BlockKind::Byline => "byline",
        BlockKind::Caption => "caption",
        _ => "body",
    }
}

fn label_of_aside(reason: FurnitureReason) -> &'static str {
    match reason {
        FurnitureReason::Breadcrumb => "breadcrumb",
        FurnitureReason::Spam => "spam",
        FurnitureReason::Picture => "caption",
        _ => "furniture",
    }
}

/// Everything of a report in the order of the source.
fn runs(report: &ReportText) -> Vec<Run> {
    let map = OffsetMap::new(&report.text);
    let mut runs: Vec<(u32, u8, Run)> = Vec::new();
    for block in &report.blocks {
        let text = folded(map.slice(block.range));
        runs.push((block.range.start, 1, Run { label: label_of(block.kind), text }));
    }
    let end = report.text.chars().count() as u32;
    for aside in &report.furniture {
        let order = if aside.position == end { 2 } else { 0 };
        let run = Run { label: label_of_aside(aside.reason), text: folded(&aside.text) };
        runs.push((aside.position, order, run));
    }
    runs.sort_by_key(|r| (r.0, r.1));
    runs.into_iter().map(|r| r.2).collect()
}

/// For every line of the gold whether it stands in the report as it should, and what the report
/// takes it for. Both are walked through together; where they part, the next line that both have
/// sets them right again.
fn compare(gold: &[Vec<char>], runs: &[Run]) -> Vec<(bool, &'static str)> {
    let all: Vec<(char, usize)> = runs
        .iter()
        .enumerate()
        .flat_map(|(at, run)| run.text.iter().map(move |&c| (c, at)))
        .collect();
    let starts_at = |at: usize, line: &[char]| {
        all.len() >= at + line.len() && line.iter().zip(&all[at..]).all(|(a, (b, _))| a == b)
    };
    // What most of the characters are taken for.
    let label = |from: usize, to: usize| {
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        for &(_, run) in &all[from.min(all.len())..to.min(all.len())] {
            *counts.entry(runs[run].label).or_default() += 1;
        }
        counts.into_iter().max_by_key(|&(_, n)| n).map_or("none", |(label, _)| label)
    };
    let mut result = Vec::new();
    let mut at = 0;
    for (number, line) in gold.iter().enumerate() {
        if line.is_empty() {
            result.push((true, ""));
            continue;
        }
        if starts_at(at, line) {
            result.push((true, label(at, at + line.len())));
            at += line.len();
            continue;
        }
        // The line itself a little later: something too many stands before it.
        let near = (at + 1..=at + 40).find(|&k| line.len() >= 4 && starts_at(k, line));
        if let Some(found) = near {
            result.push((false, label(found, found + line.len())));
            at = found + line.len();
            continue;
        }
        // One of the next lines: this one ends before it.
        let next = gold[number + 1..].iter().take(6).filter(|l| l.len() >= 4).find_map(|l| {
            (at..(at + line.len() * 3 + 200).min(all.len())).find(|&k| starts_at(k, l))
        });
        let to = next.unwrap_or(at + line.len());
        result.push((false, label(at, to)));
        at = to;
    }
    result
}

/// The numbers of a text: runs of digits, of whatever width.
fn numbers(text: &str) -> BTreeMap<String, usize> {
    let mut numbers = BTreeMap::new();
    let plain: String = text.nfkc().collect();
    for run in plain.split(|c: char| !c.is_ascii_digit()).filter(|r| !r.is_empty()) {
        *numbers.entry(run.to_owned()).or_default() += 1;
    }
    numbers
}

#[derive(Default)]
struct Tally {
    files: usize,
    labels: (usize, usize),
    lines: (usize, usize),
    body: (usize, usize),
    lost: (usize, usize),
}

#[test]
fn dirty_reports_are_put_right() {
    let Some(folder) = corpus("quality", "dirt_pairs") else { return };
    let gold = fs::read_to_string(folder.join("gold.jsonl")).expect("gold");
    let mut by_op: BTreeMap<String, Tally> = BTreeMap::new();
    let mut invented = 0;
    for record in gold.lines() {
        let record: Value = serde_json::from_str(record).expect("a record");
        let file = record["file"].as_str().expect("file");
        let strings = |name: &str| -> Vec<&str> {
            record[name].as_array().expect(name).iter().filter_map(Value::as_str).collect()
        };
        let (ops, labels, repaired) = (strings("ops"), strings("labels"), strings("repaired"));
        let source = fs::read_to_string(folder.join(file)).expect("text");
        let report = import(Source { name: file, bytes: source.as_bytes() }).expect(file).report;
        assert_nothing_lost(&source, &report, file);

        let lines: Vec<Vec<char>> = repaired.iter().map(|l| folded(l)).collect();
        let mut tally = Tally { files: 1, ..Tally::default() };
        for (at, (same, found)) in compare(&lines, &runs(&report)).into_iter().enumerate() {
            let label = labels[at];
            if label == "blank" || lines[at].is_empty() {
                continue;
            }
            let right = found == label
                || (matches!(label, "nav" | "footer") && found == "furniture")
                || (label == "byline" && found == "furniture");
            tally.labels.1 += 1;
            tally.labels.0 += usize::from(right);
            tally.lines.1 += 1;
            tally.lines.0 += usize::from(same);
            if label == "body" {
                tally.body.1 += 1;
                tally.body.0 += usize::from(matches!(found, "body" | "caption"));
            }
            let start = || repaired[at].chars().take(60).collect::<String>();
            if !right {
                miss("labels", || format!("{file}: {label} / {found}: {}", start()));
            }
            if !same {
                miss("repaired", || format!("{file} {ops:?}: {label}: {}", start()));
            }
        }
        // Nothing that the source does not say.
        let aside: Vec<&str> = report.furniture.iter().map(|f| f.text.as_str()).collect();
        let have = numbers(&source);
        for (number, count) in numbers(&format!("{}\n{}", report.text, aside.join("\n"))) {
            if have.get(&number).copied().unwrap_or(0) < count {
                invented += 1;
                miss("invented", || format!("{file}: {number}"));
            }
        }
        // Where there were none, none are lost.
        let lost = ops.iter().any(|op| matches!(*op, "digits_stripped" | "digits_to_x"))
            && strings("original_body").iter().any(|l| l.contains(|c: char| c.is_ascii_digit()));
        let flagged = report.problems.iter().any(|p| p.code == ProblemCode::DigitsStripped);
        if lost {
            tally.lost = (usize::from(flagged), 1);
            if !flagged {
                miss("digits", || format!("{file} {ops:?}"));
            }
        } else if flagged {
            miss("digits", || format!("{file}: flagged without {ops:?}"));
        }
        for op in ops.iter().copied().chain([if ops.is_empty() { "clean" } else { "all" }]) {
            let sum = by_op.entry(op.to_owned()).or_default();
            sum.files += 1;
            for (sum, one) in [
                (&mut sum.labels, tally.labels),
                (&mut sum.lines, tally.lines),
                (&mut sum.body, tally.body),
                (&mut sum.lost, tally.lost),
            ] {
                sum.0 += one.0;
                sum.1 += one.1;
            }
        }
    }
    let mut whole = Tally::default();
    let rate = |(part, all): (usize, usize)| part as f64 / all.max(1) as f64;
    let mut kinds = Vec::new();
    for (op, tally) in &by_op {
        kinds.push(format!(
            "{op} ({}): labels {:.4}, lines {:.4}",
            tally.files,
            rate(tally.labels),
            rate(tally.lines)
        ));
        if matches!(op.as_str(), "all" | "clean") {
            for (sum, one) in [
                (&mut whole.labels, tally.labels),
                (&mut whole.lines, tally.lines),
                (&mut whole.body, tally.body),
                (&mut whole.lost, tally.lost),
            ] {
                sum.0 += one.0;
                sum.1 += one.1;
            }
        }
    }
    println!("dirt by kind: {}", kinds.join("; "));
    println!(
        "dirty reports: labels {}/{} ({:.4}), lines put right {}/{} ({:.4}), body kept {:.4}, lost digits flagged {}/{} files, invented figures {invented}",
        whole.labels.0,
        whole.labels.1,
        rate(whole.labels),
        whole.lines.0,
        whole.lines.1,
        rate(whole.lines),
        rate(whole.body),
        whole.lost.0,
        whole.lost.1,
    );
    assert!(rate(whole.labels) >= 0.985, "labels");
    assert!(rate(whole.lines) >= 0.97, "lines");
    assert!(rate(whole.lost) >= 0.98, "lost digits");
    assert_eq!(invented, 0, "figures that the source does not have");
}

/// What a clean report must not be said to have.
const ALARMS: &[ProblemCode] = &[
    ProblemCode::DigitsStripped,
    ProblemCode::Mojibake,
    ProblemCode::GlossesRemoved,
    ProblemCode::PageNumbersRemoved,
    ProblemCode::PunctuationStripped,
    ProblemCode::TextRepeated,
    ProblemCode::MarkupRemoved,
];

#[test]
fn clean_reports_raise_no_alarm() {
    let Some(folder) = corpus("gov_reports", "gov_reports") else { return };
    let mut files: Vec<_> = fs::read_dir(folder.join("txt"))
        .expect("txt")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    let step: usize = std::env::var("ANJUAN_EVERY").ok().and_then(|n| n.parse().ok()).unwrap_or(6);
    let (mut all, mut alarms) = (0, BTreeMap::new());
    for path in files.iter().step_by(step) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = fs::read(path).expect("a report");
        let report = import(Source { name: "a.txt", bytes: &bytes }).expect(&name).report;
        all += 1;
        for &code in ALARMS {
            let found: Vec<_> = report.problems.iter().filter(|p| p.code == code).collect();
            if found.is_empty() {
                continue;
            }
            let code = format!("{code:?}");
            let map = OffsetMap::new(&report.text);
            for problem in found.iter().take(3) {
                let at = problem.range.unwrap_or_default();
                let around = anjuan_text::CharRange::new(
                    at.start.saturating_sub(15),
                    (at.end + 15).min(map.all().end),
                );
                miss(&code, || {
                    format!(
                        "{name}: {} / {}",
                        map.slice(around).replace('\n', "|"),
                        problem.message
                    )
                });
            }
            *alarms.entry(code).or_insert(0_usize) += 1;
        }
    }
    println!("alarms over {all} clean reports: {alarms:?}");
    for (code, count) in alarms {
        assert!(count * 1000 <= all * 5, "{code}: {count} of {all}");
    }
}
