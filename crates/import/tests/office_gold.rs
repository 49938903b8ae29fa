//! Files of office programs: what stands in them comes out, whole and in order.

mod material;

use anjuan_import::{Imported, Source, import};
use anjuan_text::{FurnitureReason, ProblemCode};
use material::{assert_shape, corpus};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization;

fn squeezed(text: &str) -> Vec<char> {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// How much of one text is in the other, in the same order: F1 over the longest common subsequence
/// of runs of four characters.
fn f1(found: &str, gold: &str) -> f64 {
    let grams = |text: &str| -> Vec<[char; 4]> {
        let chars = squeezed(text);
        chars.windows(4).map(|w| [w[0], w[1], w[2], w[3]]).collect()
    };
    let (found, gold) = (grams(found), grams(gold));
    // Texts differ in little: what is common at both ends counts as it is.
    let head = found.iter().zip(&gold).take_while(|(a, b)| a == b).count();
    let tail = found[head..].iter().rev().zip(gold[head..].iter().rev());
    let tail = tail.take_while(|(a, b)| a == b).count();
    let (a, b) = (&found[head..found.len() - tail], &gold[head..gold.len() - tail]);
    let mut row = vec![0_u32; b.len() + 1];
    for x in a {
        let mut before = 0;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == y { before + 1 } else { above.max(row[at]) };
            before = above;
        }
    }
    let common = head + tail + row[b.len()] as usize;
    let all = found.len() + gold.len();
    if all == 0 { 1.0 } else { 2.0 * common as f64 / all as f64 }
}

fn read(path: &Path) -> Imported {
    let bytes = fs::read(path).expect("a file");
    let name = path.file_name().and_then(|n| n.to_str()).expect("a name");
    let imported = import(Source { name, bytes: &bytes });
    let imported = imported.unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_shape(&imported.report, name);
    imported
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// What the makers of the set put into the Word files besides the report.
const TABLE: &str = "指标单位数值地区生产总值亿元1234.5";
const INSERTED: &str = "【修订插入】";
const DELETED: &str = "【修订删除】";

#[test]
fn reports_in_every_format() {
    let Some(folder) = corpus("formats", "files/office_gold") else { return };
    let Some(reports) = corpus("gov_reports", "gov_reports") else { return };
    let mut sets: BTreeMap<String, Vec<(String, Imported)>> = BTreeMap::new();
    for path in files(&folder) {
        let name = path.file_name().and_then(|n| n.to_str()).expect("a name");
        let (stem, ending) = name.split_once('.').expect("an ending");
        if ending != "mhtml" {
            sets.entry(stem.to_owned()).or_default().push((ending.to_owned(), read(&path)));
        }
    }
    let sources: Vec<String> = files(&reports.join("txt"))
        .into_iter()
        .filter(|path| path.to_string_lossy().contains("majorcity"))
        .filter_map(|path| fs::read_to_string(path).ok())
        .map(|text| squeezed(&text).into_iter().collect())
        .collect();
    let mut scores: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for (stem, set) in &sets {
        // The report that the set was made of, from its title to the last words of any format.
        let plain: Vec<String> =
            set.iter().map(|(_, i)| squeezed(&i.report.text).into_iter().collect()).collect();
        let probe: String = plain[0].chars().skip(300).take(40).collect();
        let source = sources.iter().find(|s| s.contains(&probe));
        let source = source.unwrap_or_else(|| panic!("{stem}: its source is not found"));
        let ends = plain.iter().filter_map(|text| {
            let tail: String = text.chars().skip(text.chars().count() - 12).collect();
            source.find(&tail).map(|at| at + tail.len())
        });
        let end = ends.max().unwrap_or_else(|| panic!("{stem}: its end is not found"));
        for ((ending, imported), text) in set.iter().zip(&plain) {
            let mut text = text.clone();
            if ending == "rich.docx" {
                let aside = |reason, word: &str| {
                    let mut all = imported.report.furniture.iter();
                    all.any(|f| f.reason == reason && f.text.contains(word))
                };
                assert!(aside(FurnitureReason::RunningHead, "页眉"), "{stem}: header");
                assert!(text.contains(TABLE), "{stem}: table");
                // Four of the five have tracked changes.
                let tracked = |p: &anjuan_text::Problem| p.code == ProblemCode::TrackedChanges;
                let changed = imported.report.problems.iter().any(tracked);
                assert_eq!(changed, text.contains(INSERTED), "{stem}: insertion");
                assert_eq!(changed, aside(FurnitureReason::Deleted, DELETED), "{stem}: deletion");
                text = text.replacen(TABLE, "", 1).replacen(INSERTED, "", 1);
            }
            let title: String =
                squeezed(&imported.report.metadata.title.clone().unwrap_or_default())
                    .into_iter()
                    .collect();
            // The text begins behind the title, which the source has in a form of its own.
            let begin = text.strip_prefix(&title).unwrap_or(&text);
            let begin: String = begin.chars().take(12).collect();
            let start = source.find(&begin).unwrap_or(0);
            let score = f1(&text, &format!("{title}{}", &source[start..end]));
            if score < 0.999 && std::env::var("ANJUAN_MISSES").is_ok_and(|t| t == "office") {
                println!("  {score:.4} {stem}.{ending}");
            }
            scores.entry(ending.clone()).or_default().push(score);
        }
    }
    let mut line = String::new();
    for (ending, scores) in &scores {
        let mean = scores.iter().sum::<f64>() / scores.len() as f64;
        let _ = write!(line, " {ending} {mean:.4} ({}),", scores.len());
    }
    println!("office gold, order and completeness:{}", line.trim_end_matches(','));
    for (ending, scores) in scores {
        assert!(scores.iter().all(|s| *s >= 0.995), "{ending}: {scores:?}");
    }
}

#[test]
fn odd_files_are_read() {
    let Some(folder) = corpus("formats", "files/office") else { return };
    let mut formats: HashMap<String, usize> = HashMap::new();
    let mut chars = 0;
    for path in files(&folder) {
        let name = path.file_name().and_then(|n| n.to_str()).expect("a name").to_owned();
        if path.extension().is_some_and(|e| e == "pdf") {
            continue;
        }
        let bytes = fs::read(&path).expect("a file");
        let kind = match import(Source { name: &name, bytes: &bytes }) {
            Ok(imported) => {
                assert_shape(&imported.report, &name);
                chars += imported.report.text.chars().count();
                if std::env::var("ANJUAN_MISSES").is_ok_and(|t| t == "office") {
                    println!("==== {name}\n{}", imported.report.text);
                    for f in &imported.report.furniture {
                        println!("  -- {:?} {}", f.reason, f.text);
                    }
                }
                format!("{:?}", imported.format)
            }
            Err(error) => error.to_string(),
        };
        *formats.entry(kind).or_default() += 1;
        // The same with damage: changed bytes, and an end that is missing.
        let mut chance = bytes.len() as u64;
        let mut next = |below: usize| {
            chance = chance
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (chance >> 33) as usize % below.max(1)
        };
        for round in 0..6 {
            let mut damaged = bytes.clone();
            for _ in 0..20 {
                // Headers and tables lie at both ends of a file.
                let near = next(4096.min(damaged.len()));
                let at = match round % 3 {
                    0 => near,
                    1 => damaged.len() - 1 - near,
                    _ => next(damaged.len()),
                };
                damaged[at] = next(256) as u8;
            }
            if round >= 3 {
                damaged.truncate(next(damaged.len()));
            }
            if let Ok(imported) = import(Source { name: &name, bytes: &damaged }) {
                assert_shape(&imported.report, &name);
            }
        }
    }
    println!("odd office files: {formats:?}, {chars} characters");
}
