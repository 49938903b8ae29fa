//! Every encoding that Chinese text comes in, judged by the text that comes out.

mod material;

use anjuan_import::{Source, import};
use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE};
use material::corpus;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_with_bom_removal(bytes).0.into_owned()
}

/// The text of a file by the encoding that it is said to be in; `None` where no decoder is at hand.
fn expected_text(bytes: &[u8], expected: &str, path: &Path) -> Option<String> {
    let label = expected.to_ascii_lowercase().replace('_', "-");
    let utf_32 = |read: fn([u8; 4]) -> u32| -> String {
        let units = bytes.chunks_exact(4).filter_map(|u| u.try_into().ok());
        units.filter_map(|u| char::from_u32(read(u))).filter(|&c| c != '\u{feff}').collect()
    };
    Some(match label.as_str() {
        "utf-8-sig" => decoded(encoding_rs::UTF_8, bytes),
        "utf-16" if bytes.starts_with(b"\xFE\xFF") => decoded(UTF_16BE, bytes),
        "utf-16" | "utf-16-le" => decoded(UTF_16LE, bytes),
        "utf-16-be" => decoded(UTF_16BE, bytes),
        "utf-32" if bytes.starts_with(b"\0\0\xFE\xFF") => utf_32(u32::from_be_bytes),
        "utf-32" | "utf-32-le" => utf_32(u32::from_le_bytes),
        "utf-32-be" => utf_32(u32::from_be_bytes),
        "big5hkscs" => decoded(encoding_rs::BIG5, bytes),
        // The same report lies there in another encoding; HZ has the characters of GB 2312 only.
        "hz" => {
            let other = ["gbk", "gb18030", "gbk_crlf", "gb18030_4byte"]
                .iter()
                .find_map(|ending| fs::read(path.with_extension(ending)).ok())?;
            let in_gb = |c: &char| {
                let mut buffer = [0; 4];
                let (bytes, _, failed) = GB18030.encode(c.encode_utf8(&mut buffer));
                // The program that wrote them takes these two for other characters.
                c.is_ascii()
                    || (!matches!(c, '—' | '·')
                        && !failed
                        && bytes.len() == 2
                        && bytes.iter().all(|&b| b >= 0xA1))
            };
            decoded(GB18030, &other).replace('\r', "").chars().filter(in_gb).collect()
        }
        "cp949" => decoded(encoding_rs::EUC_KR, bytes),
        "euc-tw" | "iso2022-cn" | "iso-2022-cn" => return None,
        _ => decoded(Encoding::for_label(label.as_bytes())?, bytes),
    })
}

/// What is compared: the reading text and what was set aside, without regard to white space.
fn read(name: &str, bytes: &[u8]) -> Result<String, String> {
    let imported = import(Source { name, bytes }).map_err(|e| e.to_string())?;
    let aside = imported.report.furniture.iter().map(|f| f.text.as_str());
    let all: String = std::iter::once(imported.report.text.as_str()).chain(aside).collect();
    Ok(all.chars().filter(|c| !c.is_whitespace()).collect())
}

#[test]
fn encodings_by_the_text_that_comes_out() {
    let Some(folder) = corpus("formats", "encodings") else { return };
    let records = fs::read_to_string(folder.join("expected.jsonl")).expect("expected.jsonl");
    let mut kinds: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let (mut long, mut short, mut unread) = ((0, 0), (0, 0), 0);
    for record in records.lines() {
        let record: Value = serde_json::from_str(record).expect("a record");
        let (file, expected) = (
            record["file"].as_str().expect("file"),
            record["expected"].as_str().unwrap_or_default(),
        );
        let path = folder.join(file);
        let Ok(bytes) = fs::read(&path) else { continue };
        let note = record["note"].as_str().unwrap_or_default();
        if note.contains("mojibake") {
            // Read rightly, and mended or counted as lost: the test below.
            continue;
        }
        let found = read("a.txt", &bytes);
        let Some(text) = expected_text(&bytes, expected, &path) else {
            unread += 1;
            println!(
                "encodings: {file} ({expected}, {} bytes) reads {:?}",
                bytes.len(),
                found.map(|f| f.chars().take(12).collect::<String>())
            );
            continue;
        };
        // Text of nothing but unprintable bytes is refused either way.
        let right = found == read("a.txt", text.as_bytes());
        let count = if bytes.len() >= 200 { &mut long } else { &mut short };
        let kind = kinds.entry(expected.to_ascii_lowercase()).or_default();
        for (ok, all) in [count, kind] {
            *all += 1;
            *ok += usize::from(right);
        }
        if !right && std::env::var("ANJUAN_MISSES").is_ok_and(|t| t == "encodings") {
            println!(
                "  {file}: {expected}: {:?}",
                found.map(|f| f.chars().take(40).collect::<String>())
            );
        }
    }
    let kinds: Vec<String> = kinds.iter().map(|(k, (ok, all))| format!("{k} {ok}/{all}")).collect();
    println!(
        "encodings: {}/{} of 200 bytes and more, {}/{} shorter, {unread} without a reference ({})",
        long.0,
        long.1,
        short.0,
        short.1,
        kinds.join(", ")
    );
    assert!(long.0 * 100 >= long.1 * 98, "long files");
}

#[test]
fn text_that_was_read_wrong_before_is_noticed() {
    let Some(folder) = corpus("formats", "encodings") else { return };
    let records = fs::read_to_string(folder.join("expected.jsonl")).expect("expected.jsonl");
    let (mut mended, mut noticed, mut all, mut back) = (0, 0, 0, 0);
    for record in records.lines() {
        let record: Value = serde_json::from_str(record).expect("a record");
        let file = record["file"].as_str().expect("file");
        let note = record["note"].as_str().unwrap_or_default();
        let Ok(bytes) = fs::read(folder.join(file)) else { continue };
        if !note.contains("mojibake") {
            continue;
        }
        let report = import(Source { name: "a.txt", bytes: &bytes }).expect(file).report;
        all += 1;
        noticed += usize::from(
            report.problems.iter().any(|p| p.code == anjuan_text::ProblemCode::Mojibake),
        );
        if note.contains(": reversible") {
            back += 1;
            let stem = file.split('.').next().unwrap_or_default();
            let other = [
                "gbk",
                "gb18030",
                "gbk_crlf",
                "gb18030_4byte",
                "u16le_bom",
                "u8bom",
                "u16be_bom",
                "utf8_cut",
                "gbk_cut",
            ]
            .iter()
            .find_map(|e| fs::read(folder.join(format!("{stem}.{e}"))).ok());
            let Some(other) = other else { continue };
            let other = import(Source { name: "a.txt", bytes: &other }).expect(file).report.text;
            let squeezed = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            let (found, gold) = (squeezed(&report.text), squeezed(&other));
            let same = found.chars().zip(gold.chars()).take_while(|(a, b)| a == b).count();
            let right = same + 60 >= found.chars().count().min(gold.chars().count());
            mended += usize::from(right);
            if !right && std::env::var("ANJUAN_MISSES").is_ok_and(|t| t == "mojibake") {
                println!(
                    "  {file}: {} / {}",
                    found.chars().skip(same).take(40).collect::<String>(),
                    gold.chars().skip(same).take(40).collect::<String>()
                );
            }
        }
    }
    println!("mojibake: {noticed}/{all} noticed, {mended}/{back} put right");
    assert!(noticed * 100 >= all * 98 && mended * 100 >= back * 95, "mojibake");
}
