//! Figures on larger bodies of real and made-dirty material: printed, with floors.

mod material;

use anjuan_import::{Source, import};
use anjuan_text::{BlockKind, CharRange, OffsetMap, ReportText, to_simplified};
use material::{assert_nothing_lost, assert_shape, corpus};
use serde_json::Value;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

fn records(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().map(|l| serde_json::from_str(l).expect("a JSON record")).collect()
}

fn squeezed(text: &str) -> String {
    to_simplified(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Prints the first few misses where `ANJUAN_MISSES` names the test.
fn miss(test: &str, line: impl FnOnce() -> String) {
    if std::env::var("ANJUAN_MISSES").is_ok_and(|t| t == test) {
        println!("  {}", line());
    }
}

fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

/// What the importer makes of a line, in the words of the gold.
fn label_of(report: &ReportText, source_line: &str) -> &'static str {
    let wanted = anjuan_text::without_glosses(source_line);
    // Pages whose converter lost the tones too.
    let plain = regex::Regex::new(r"(\p{Han})\([a-z]{1,6}\)").expect("a constant pattern");
    let wanted = plain.replace_all(&wanted, "$1");
    // Such a converter doubles characters, too, and the importer takes the second one out.
    let squeeze = |s: &str| {
        let mut chars: Vec<char> = s.chars().filter(|c| !c.is_whitespace()).collect();
        chars.dedup();
        chars.into_iter().collect::<String>()
    };
    let wanted = squeeze(&wanted);
    let map = OffsetMap::new(&report.text);
    for block in &report.blocks {
        let text = squeeze(map.slice(block.range));
        if !text.is_empty() && (wanted.starts_with(&text) || text.contains(&wanted)) {
            return match block.kind {
                BlockKind::Title => "title",
                BlockKind::Byline => "byline",
                BlockKind::Caption => "caption",
                _ => "body",
            };
        }
    }
    for aside in &report.furniture {
        let text = squeeze(&aside.text);
        if text.contains(&wanted) || wanted.starts_with(&text) {
            use anjuan_text::FurnitureReason as Reason;
            return match aside.reason {
                Reason::Breadcrumb => "breadcrumb",
                Reason::Spam => "spam",
                Reason::Picture => "caption",
                _ => "furniture",
            };
        }
    }
    "none"
}

#[test]
fn dirty_reports_line_by_line() {
    let Some(folder) = corpus("quality", "dirt_pairs") else { return };
    let (mut right, mut all) = (0, 0);
    let (mut titles, mut dates, mut sources) = ((0, 0), (0, 0), (0, 0));
    let mut body_lost = 0;
    let mut bodies = 0;
    for record in records(&folder.join("gold.jsonl")) {
        let file = record["file"].as_str().expect("file");
        let text = fs::read_to_string(folder.join(file)).expect("text");
        let report = import(Source { name: file, bytes: text.as_bytes() }).expect(file).report;
        assert_shape(&report, file);
        let labels = record["labels"].as_array().expect("labels");
        for (line, label) in text.split('\n').zip(labels) {
            let label = label.as_str().unwrap_or_default();
            if label == "blank" || line.trim().is_empty() {
                continue;
            }
            let found = label_of(&report, line);
            // Navigation and footer are both page furniture; a label's line may be split.
            let same = found == label
                || (matches!(label, "nav" | "footer") && found == "furniture")
                || (label == "byline" && found == "furniture");
            all += 1;
            right += usize::from(same);
            if label == "body" {
                bodies += 1;
                if !matches!(found, "body" | "caption") {
                    body_lost += 1;
                }
            }
            if !same {
                miss("labels", || {
                    format!(
                        "{file}: {label} / {found}: {}",
                        line.chars().take(60).collect::<String>()
                    )
                });
            }
        }
        let meta = &record["meta"];
        let title = record["title"].as_str().unwrap_or_default();
        titles.1 += 1;
        let found = report.metadata.title.as_deref().map(squeezed).unwrap_or_default();
        // Digits may be lost in the dirty file.
        let bare =
            |s: &str| squeezed(s).chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
        if bare(&found).contains(&bare(title))
            || bare(title).contains(&bare(&found)) && !found.is_empty()
        {
            titles.0 += 1;
        } else {
            miss("dirty titles", || format!("{file}: {title} / {found}"));
        }
        if let Some(date) = meta["date"].as_str() {
            dates.1 += 1;
            if report.metadata.published.as_deref().is_some_and(|p| p.starts_with(date)) {
                dates.0 += 1;
            } else {
                miss("dirty dates", || format!("{file}: {date} / {:?}", report.metadata.published));
            }
        }
        if let Some(source) = meta["source"].as_str() {
            sources.1 += 1;
            if report.metadata.source.as_deref().is_some_and(|s| squeezed(s) == squeezed(source)) {
                sources.0 += 1;
            } else {
                miss("dirty sources", || {
                    format!("{file}: {source} / {:?}", report.metadata.source)
                });
            }
        }
    }
    println!(
        "dirty reports: lines {right}/{all} ({:.1}%), body lines taken for something else {body_lost}/{bodies}, titles {}/{}, dates {}/{}, sources {}/{}",
        percent(right, all),
        titles.0,
        titles.1,
        dates.0,
        dates.1,
        sources.0,
        sources.1
    );
    assert!(percent(right, all) > 98.0, "labels");
    assert!(percent(body_lost, bodies) < 1.0, "body lines");
}

#[test]
fn encodings() {
    let Some(folder) = corpus("formats", "encodings") else { return };
    let mut by_kind: HashMap<String, (usize, usize)> = HashMap::new();
    for record in records(&folder.join("expected.jsonl")) {
        let file = record["file"].as_str().expect("file");
        let expected =
            record["expected"].as_str().unwrap_or_default().to_ascii_lowercase().replace('_', "-");
        let Ok(bytes) = fs::read(folder.join(file)) else { continue };
        let found = import(Source { name: file, bytes: &bytes }).map(|i| i.encoding);
        let family = match expected.as_str() {
            "gb2312" | "gbk" | "gb18030" => "gb18030",
            "big5" | "big5hkscs" => "big5",
            "utf-8" | "utf-8-sig" => "utf-8",
            other => other,
        };
        let same = found.as_deref().is_ok_and(|f| {
            let f = f.to_ascii_lowercase();
            f == family
                || f.replace('-', "") == family.replace('-', "")
                || (family.starts_with("utf-16") && f.starts_with("utf-16"))
        });
        let count = by_kind.entry(family.to_owned()).or_default();
        count.1 += 1;
        count.0 += usize::from(same);
        if !same {
            miss("encodings", || format!("{file}: {expected} / {found:?}"));
        }
    }
    let mut kinds: Vec<_> = by_kind.iter().collect();
    kinds.sort();
    for (kind, (right, all)) in &kinds {
        println!("encodings: {kind} {right}/{all}");
    }
    for kind in ["utf-8", "gb18030", "big5"] {
        if let Some((right, all)) = by_kind.get(kind) {
            assert!(percent(*right, *all) > 98.0, "{kind}");
        }
    }
}
