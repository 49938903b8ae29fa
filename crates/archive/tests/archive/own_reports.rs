//! The five real reports from import to PDF, against their gold.

use crate::{import, search, seeds, shared, shell};
use anjuan_archive::{Archive, Cancel};
use anjuan_protocol as wire;
use anjuan_text::{Folded, Pattern, to_simplified, to_traditional};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

fn gold() -> Option<Vec<Value>> {
    let folder = shared("reports/gold")?;
    Some(
        (0..5)
            .map(|n| {
                let text = std::fs::read_to_string(folder.join(format!("{n:03}.json")));
                serde_json::from_str(&text.expect("a file")).expect("JSON")
            })
            .collect(),
    )
}

#[test]
fn metadata_headings_and_furniture_equal_the_gold() {
    let (Some(files), Some(gold)) = (seeds(), gold()) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let shell = shell(folder.path());
    let archive =
        Archive::create(&folder.path().join("a.anjuan"), &shell, "林".into()).expect("new");
    for (item, gold) in import(&archive, &files).into_iter().zip(&gold) {
        let report =
            archive.report(&wire::IdRequest { id: item.report.expect("new") }).expect("there");
        let found = serde_json::to_value(&report.metadata).expect("JSON");
        for (field, expect) in gold["metadata"].as_object().expect("an object") {
            assert_eq!(&found[field], expect, "{field} of {}", gold["file"]);
        }
        let chars: Vec<char> = report.text.chars().collect();
        let headings: Vec<String> = report
            .blocks
            .iter()
            .filter(|b| b.kind == "heading")
            .map(|b| chars[b.start as usize..b.end as usize].iter().collect())
            .collect();
        let expect: Vec<&str> =
            gold["headings"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        assert_eq!(headings, expect, "headings of {}", gold["file"]);
        for piece in
            gold["boilerplate"].as_array().expect("a list").iter().filter_map(Value::as_str)
        {
            let aside = report.furniture.iter().any(|f| f.text.contains(piece));
            let aside = aside
                || report
                    .furniture
                    .iter()
                    .any(|f| anjuan_text::without_glosses(&f.text).contains(piece));
            assert!(aside, "{piece} of {} is set aside", gold["file"]);
        }
    }
}

/// Numbers from a fixed seed (SplitMix64).
fn numbers() -> impl FnMut(usize) -> usize {
    let mut state = 20_261_121_u64;
    move |below| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % below.max(1) as u64) as usize
    }
}

#[test]
fn search_equals_a_scan() {
    let Some(files) = seeds() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let shell = shell(folder.path());
    let archive =
        Archive::create(&folder.path().join("a.anjuan"), &shell, "林".into()).expect("new");
    let mut files = files;
    if let Some(reports) = gov_reports(300) {
        files.extend(reports);
    }
    let texts: Vec<(String, String)> = import(&archive, &files)
        .into_iter()
        .filter_map(|item| item.report)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|id| {
            let text = archive.report(&wire::IdRequest { id: id.clone() }).expect("there").text;
            (id, text)
        })
        .collect();
    archive.catch_up().expect("the index is written");
    let folded: Vec<Folded> = texts.iter().map(|(_, text)| Folded::new(text)).collect();
    let mut number = numbers();
    let (mut asked, mut hits) = (0, 0);
    while asked < 200 {
        let (_, text) = &texts[number(texts.len())];
        let chars: Vec<char> = text.chars().collect();
        let len = 1 + number(12);
        let from = number(chars.len().saturating_sub(len));
        let window: String = chars[from..(from + len).min(chars.len())].iter().collect();
        // Operators and quotes are the query language's; the rest of the punctuation stays in.
        let plain: String = window
            .chars()
            .map(|c| {
                if c.is_ascii() && !c.is_alphanumeric() || "“”‘’「」『』（）：－！".contains(c)
                {
                    ' '
                } else {
                    c
                }
            })
            .collect();
        let query = match number(3) {
            0 => to_traditional(plain.trim()),
            1 => to_simplified(plain.trim()),
            _ => plain.trim().to_owned(),
        };
        let pattern = Pattern::new(&query);
        if pattern.is_empty() {
            continue;
        }
        asked += 1;
        let page = search(&archive, &format!("“{query}”"));
        let expect: Vec<(&str, Vec<(u32, u32)>)> = texts
            .iter()
            .zip(&folded)
            .map(|((id, _), f)| {
                (id.as_str(), f.find(&pattern).iter().map(|r| (r.start, r.end)).collect::<Vec<_>>())
            })
            .filter(|(_, places)| !places.is_empty())
            .collect();
        assert_eq!(page.total as usize, expect.len(), "{query}");
        let mut found: Vec<(&str, Vec<(u32, u32)>)> = page
            .hits
            .iter()
            .map(|h| (h.report.as_str(), h.matches.iter().map(|m| (m.start, m.end)).collect()))
            .collect();
        found.sort();
        assert_eq!(found, expect, "{query}");
        hits += expect.len();
    }
    println!(
        "{asked} queries over {} reports: {hits} hits, recall 1.000, precision 1.000",
        texts.len()
    );
}

/// Some of the government reports, unpacked where the corpora are.
fn gov_reports(count: usize) -> Option<Vec<std::path::PathBuf>> {
    let packed = shared("corpora/gov_reports.tar.zst")?;
    let unpacked = std::env::var_os("ANJUAN_CORPORA")
        .map_or_else(|| std::env::temp_dir().join("corpora"), Into::into);
    let folder = unpacked.join("gov_reports");
    if !folder.exists() {
        std::fs::create_dir_all(&unpacked).expect("a folder");
        let done = Command::new("tar")
            .arg("--zstd")
            .arg("-xf")
            .arg(&packed)
            .arg("-C")
            .arg(&unpacked)
            .status();
        assert!(done.is_ok_and(|s| s.success()), "{} cannot be unpacked", packed.display());
    }
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.sort();
    let step = (files.len() / count).max(1);
    Some(files.into_iter().step_by(step).take(count).collect())
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "txt") {
            files.push(path);
        }
    }
}

#[test]
fn twenty_passages_come_out_as_highlights() {
    let Some(files) = seeds() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let shell = shell(folder.path());
    let archive =
        Archive::create(&folder.path().join("a.anjuan"), &shell, "林".into()).expect("new");
    for item in import(&archive, &files) {
        let id = item.report.expect("new");
        let view = archive.report(&wire::IdRequest { id: id.clone() }).expect("there");
        let length = view.text.chars().count() as u32;
        for n in 0..20 {
            // Away from block edges or over them, as it comes.
            let start = n * (length - 60) / 20;
            archive
                .tag_passage(
                    &id,
                    start,
                    start + 12 + n,
                    &["为侨服务".into(), format!("主题{}", n % 5)],
                    if n % 2 == 0 { "备忘：首次提到" } else { "" },
                )
                .expect("tags");
        }
        let path = folder.path().join("out.pdf");
        let result = archive
            .export_pdf(
                &wire::ExportPdfRequest {
                    reports: vec![id],
                    path: path.to_string_lossy().into_owned(),
                    tags: Vec::new(),
                    legend: true,
                    index: true,
                    memos: true,
                    coders: true,
                    paper: String::new(),
                    font: String::new(),
                    language: "zh-Hans".into(),
                },
                &Cancel::default(),
                &mut |_, _| {},
            )
            .expect("exports");
        assert_eq!(result.missing, Vec::<String>::new());
        assert!(result.highlights >= 20, "{} highlights", result.highlights);
        look_at(&path, &view);
    }
}

/// Whether a program is there; in CI it has to be.
fn installed(program: &str) -> bool {
    let there = Command::new(program).arg("--version").output().is_ok();
    assert!(there || std::env::var("CI").as_deref() != Ok("true"), "{program} is missing");
    if !there {
        println!("skipped: {program} is not here");
    }
    there
}

/// qpdf finds no fault, and pdftotext gives every paragraph back.
fn look_at(path: &Path, view: &wire::ReportView) {
    if installed("qpdf") {
        let done = Command::new("qpdf").arg("--check").arg(path).output().expect("runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    }
    if installed("pdftotext") {
        let done = Command::new("pdftotext").arg(path).arg("-").output().expect("runs");
        let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let printed = bare(&String::from_utf8_lossy(&done.stdout));
        let chars: Vec<char> = view.text.chars().collect();
        let (mut whole, mut all) = (0, 0);
        for block in view.blocks.iter().filter(|b| b.kind == "paragraph") {
            let text: String = chars[block.start as usize..block.end as usize].iter().collect();
            all += 1;
            whole += u32::from(printed.contains(&bare(&text)));
        }
        // A paragraph over a page's end has the footer in it: one for each page at the most.
        let pages = printed.matches('\u{c}').count() as u32 + 12;
        assert!(whole + pages >= all && whole * 10 >= all * 7, "{whole} of {all} paragraphs whole");
        println!(
            "{}: {whole} of {all} paragraphs whole",
            view.metadata.title.as_deref().unwrap_or_default()
        );
    }
}
