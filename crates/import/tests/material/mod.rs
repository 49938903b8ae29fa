//! What the tests over real material share: where it lies, and the invariants of a report.

#![allow(dead_code, reason = "each test binary uses a part")]

use anjuan_text::{RepairKind, ReportText};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of shared test material: `ANJUAN_SHARED`, or `shared` beside the checkout. Where
/// there is none the test says so and is skipped, except in CI.
pub(crate) fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("ANJUAN_SHARED").map(PathBuf::from);
    let beside = || {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .map(|dir| dir.join("shared"))
            .find(|dir| dir.join("reports").is_dir())
    };
    let found = named.or_else(beside).filter(|dir| dir.join("reports").is_dir());
    if found.is_none() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "CI needs the shared material");
        println!("skipped: no shared test material");
    }
    found
}

/// A corpus of the shared material, unpacked once into the temporary folder.
pub(crate) fn corpus(name: &str, folder: &str) -> Option<PathBuf> {
    let archive = shared()?.join("corpora").join(format!("{name}.tar.zst"));
    let target = std::env::temp_dir().join("corpora");
    let unpacked = target.join(folder);
    if !unpacked.is_dir() && archive.is_file() {
        std::fs::create_dir_all(&target).ok()?;
        let done = Command::new("tar")
            .arg("--zstd")
            .arg("-xf")
            .arg(&archive)
            .arg("-C")
            .arg(&target)
            .status();
        if !done.is_ok_and(|s| s.success()) {
            println!("skipped: {} cannot be unpacked", archive.display());
            return None;
        }
    }
    if !unpacked.is_dir() {
        println!("skipped: no corpus {name}");
        return None;
    }
    Some(unpacked)
}

/// A text without what is neither seen nor takes room.
pub(crate) fn inked(text: &str) -> String {
    text.chars()
        .filter(|&c| {
            !(c.is_whitespace()
                || c.is_control()
                || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}'))
        })
        .collect()
}

/// The source as it can be put together again from text, furniture and repairs, without white
/// space and without glosses, whose place in the furniture is not kept.
pub(crate) fn put_together(report: &ReportText) -> String {
    let chars: Vec<char> = report.text.chars().collect();
    let end = chars.len() as u32;
    // (from, to, order, text): furniture stands before what is at its place, but behind the text.
    let mut inserts: Vec<(u32, u32, u8, &str)> = report
        .furniture
        .iter()
        .map(|f| (f.position, f.position, if f.position == end { 3 } else { 0 }, f.text.as_str()))
        .collect();
    let mended = report.repairs.iter().filter(|r| r.kind != RepairKind::Gloss);
    inserts.extend(mended.map(|r| (r.range.start, r.range.end, 1, r.original.as_str())));
    inserts.sort_by_key(|&(from, to, order, _)| (from, order, to));
    let mut whole = String::new();
    let mut at = 0;
    for (from, to, _, text) in inserts {
        whole.extend(&chars[at.min(from as usize)..from as usize]);
        whole.push_str(text);
        at = to as usize;
    }
    whole.extend(&chars[at..]);
    inked(&whole)
}

/// Every character of the source is in the text, in the furniture or in a repair, in its order.
pub(crate) fn assert_nothing_lost(source: &str, report: &ReportText, name: &str) {
    assert_shape(report, name);
    let expect = inked(source);
    let found = put_together(report);
    let mut rest = found.chars().peekable();
    let mut left: Vec<char> = expect.chars().filter(|c| rest.next_if_eq(c).is_none()).collect();
    let beyond: String = rest.take(40).collect();
    let glosses = report.repairs.iter().filter(|r| r.kind == RepairKind::Gloss);
    let mut taken: Vec<char> =
        glosses.flat_map(|r| inked(&r.original).chars().collect::<Vec<_>>()).collect();
    left.sort_unstable();
    taken.sort_unstable();
    if !beyond.is_empty() || left != taken {
        let at = expect.chars().zip(found.chars()).take_while(|(a, b)| a == b).count();
        let show = |s: &str| s.chars().skip(at.saturating_sub(15)).take(50).collect::<String>();
        panic!(
            "{name}: differs at {at}: source {:?}, report {:?}; beyond {beyond:?}",
            show(&expect),
            show(&found)
        );
    }
}

/// Blocks are in order, within bounds, without overlap, and joined by single line breaks.
pub(crate) fn assert_shape(report: &ReportText, name: &str) {
    let chars: Vec<char> = report.text.chars().collect();
    let mut next = 0;
    for (at, block) in report.blocks.iter().enumerate() {
        assert_eq!(block.range.start, next, "{name}: block {at} begins behind the one before");
        assert!(block.range.end > block.range.start, "{name}: block {at} is empty");
        assert!(block.range.end as usize <= chars.len(), "{name}: block {at} is out of bounds");
        let text = &chars[block.range.start as usize..block.range.end as usize];
        assert!(!text.contains(&'\n') && !text.contains(&'\t'), "{name}: block {at} holds a break");
        next = block.range.end + 1;
    }
    assert_eq!(
        next.saturating_sub(1) as usize,
        chars.len(),
        "{name}: text ends with its last block"
    );
    let end = chars.len() as u32;
    assert!(report.furniture.iter().all(|f| f.position <= end), "{name}: furniture out of bounds");
    assert!(report.repairs.iter().all(|r| r.range.end <= end), "{name}: repair out of bounds");
    let ranges = report.problems.iter().filter_map(|p| p.range);
    assert!(ranges.into_iter().all(|r| r.start <= r.end && r.end <= end), "{name}: problem");
}
