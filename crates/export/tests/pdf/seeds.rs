//! The five real reports with twenty passages each at random places.

use crate::read::{check_and_read, highlights, load, text_in, whole_paragraphs, without_space};
use crate::{export, fonts, report, skipped, tag};
use anjuan_text::BlockKind::{Heading, Paragraph, Title};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The folder of shared test material beside the project.
fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("ANJUAN_SHARED").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|a| a.join("shared"));
    let found = named.into_iter().chain(beside).find(|folder| folder.join("reports").is_dir());
    if found.is_none() {
        skipped("the shared reports are not there");
    }
    found
}

/// A reproducible series of numbers (Knuth's MMIX generator).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(limit)) as u32
    }
}

#[test]
fn twenty_passages_in_each_of_the_five_reports() {
    let (Some(fonts), Some(shared)) = (fonts(), shared()) else { return };
    let mut seeds: Vec<PathBuf> = std::fs::read_dir(shared.join("reports/seeds"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    seeds.sort();
    assert_eq!(seeds.len(), 5);
    let (mut right, mut looked_at) = (0, 0);
    for (seed, path) in seeds.iter().enumerate() {
        let raw = std::fs::read_to_string(path).unwrap();
        let lines: Vec<&str> = raw.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let blocks: Vec<_> = lines
            .iter()
            .enumerate()
            .map(|(count, line)| match (count, line.chars().count()) {
                (0, _) => (Title, *line),
                (_, 0..25) => (Heading, *line),
                _ => (Paragraph, *line),
            })
            .collect();
        let mut document = report(&blocks);
        let text: Vec<char> = document.text.chars().collect();
        let mut dice = Dice(seed as u64 + 1);
        for count in 0..20 {
            let length = 4 + dice.below(90);
            let start = dice.below(text.len() as u32 - length);
            tag(&mut document, start, start + length, &[count % 4, (count / 4) % 4], "核对");
        }
        let pdf = export(fonts, &[document.clone()]);
        assert_eq!((pdf.unplaced.len(), pdf.missing.len()), (0, 0), "{:?}", pdf.missing);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.pdf");
        std::fs::write(&file, &pdf.bytes).unwrap();
        let listed = highlights(&load(&pdf.bytes));
        assert_eq!(listed.len(), pdf.highlights as usize);
        let pages_of = |id: &str| -> Vec<u32> {
            let of = format!("anjuan-{id}-");
            listed.iter().filter(|l| l.name.starts_with(&of)).map(|l| l.page).collect()
        };
        for passage in &document.passages {
            let pages = pages_of(&passage.id);
            let once: BTreeSet<u32> = pages.iter().copied().collect();
            assert!(!pages.is_empty() && once.len() == pages.len(), "one a page: {pages:?}");
        }
        let Some(pages) = check_and_read(&file) else { return };
        let whole = whole_paragraphs(&body_only(&pages, &document.text), &lines);
        for passage in &document.passages {
            let (start, end) = (passage.range.start as usize, passage.range.end as usize);
            let expect = without_space(&text[start..end].iter().collect::<String>());
            let of = format!("anjuan-{}-", passage.id);
            let mut under = String::new();
            for at in listed.iter().filter(|l| l.name.starts_with(&of)) {
                for quad in &at.quads {
                    under.push_str(&text_in(&file, at.page, *quad).unwrap_or_default());
                }
            }
            looked_at += 1;
            if under == expect {
                right += 1;
            } else {
                eprintln!("under the highlight: {under}\nin the report:       {expect}");
            }
        }
        eprintln!(
            "report {seed}: {} pages, {} highlights of 20 passages, {whole} of {} paragraphs whole, {} KB",
            pdf.pages,
            pdf.highlights,
            lines.len(),
            pdf.bytes.len() / 1024,
        );
        assert_eq!(whole, lines.len());
    }
    eprintln!("text under the highlight equal to the passage: {right} of {looked_at}");
    assert!(right * 100 >= looked_at * 99, "{right} of {looked_at}");
}

/// The pages that hold the report itself: all its text and nothing of what follows.
fn body_only(pages: &[String], text: &str) -> Vec<String> {
    let needed = without_space(text).chars().count();
    let mut taken = 0;
    let body = pages.iter().take_while(|page| {
        let more = taken < needed;
        taken += without_space(page).chars().count();
        more
    });
    body.cloned().collect()
}
