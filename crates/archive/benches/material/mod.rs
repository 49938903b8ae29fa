//! The import of the government reports that lie beside the project: how fast, in how much memory,
//! and how that compares to copying and to decoding them; and how long a web page takes.

use super::memory::{begin_peak, peak};
use super::{Arc, Archive, Cancel, Shell, ms, wire};
use anjuan_import::{Source, import};
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Files with an ending in a folder and below it, by name.
fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(files_below(&path, ending));
        } else if path.extension().is_some_and(|e| e == ending) {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The web pages that lie beside the project, each read three times on one thread; after once before,
/// in which the process builds its automata, a tenth of a second whatever is read.
fn pages() -> (String, String) {
    const ROUNDS: usize = 3;
    let files = files_below(&std::env::temp_dir().join("corpora/html_gold"), "html");
    let pages: Vec<(String, Vec<u8>)> = files
        .iter()
        .filter_map(|file| Some((file.to_string_lossy().into_owned(), fs::read(file).ok()?)))
        .collect();
    if pages.is_empty() {
        return ("web pages".into(), "skipped: not here".into());
    }
    let round = || {
        for (name, bytes) in &pages {
            let _ = black_box(import(Source { name, bytes }));
        }
    };
    let started = Instant::now();
    round();
    let first = started.elapsed() / pages.len() as u32;
    let started = Instant::now();
    (0..ROUNDS).for_each(|_| round());
    let each = started.elapsed() / (ROUNDS * pages.len()) as u32;
    let size = pages.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() / pages.len() / 1000;
    let what = format!("{} web pages of {size} kB: read, each (the first time)", pages.len());
    (what, format!("{} ({})", ms(each), ms(first)))
}

fn reports() -> Option<Vec<PathBuf>> {
    let files = files_below(&std::env::temp_dir().join("corpora/gov_reports/txt"), "txt");
    Some(files).filter(|files| !files.is_empty())
}

/// The rows of the table; one that says "skipped" where the reports are not there.
pub(crate) fn rows(folder: &Path, shell: &Shell) -> Vec<(String, String)> {
    // Before there is an index, whose threads would be at work beside it.
    let page = pages();
    let Some(files) = reports() else {
        return vec![("import of government reports".into(), "skipped: not here".into())];
    };
    let bytes: u64 = files.iter().filter_map(|f| f.metadata().ok()).map(|m| m.len()).sum();
    let what = format!("{} government reports, {} MB", files.len(), bytes / 1_000_000);
    // In the system's cache before anything is measured.
    for file in &files {
        let _ = fs::read(file);
    }
    let copies = folder.join("copies");
    fs::create_dir_all(&copies).expect("a folder");
    let started = Instant::now();
    for file in &files {
        fs::copy(file, copies.join(file.file_name().expect("a name"))).expect("copied");
    }
    let copied = started.elapsed();
    let started = Instant::now();
    let mut characters = 0;
    for file in &files {
        let text = String::from_utf8(fs::read(file).expect("read")).expect("UTF-8");
        characters += text.chars().count();
    }
    let decoded = started.elapsed();
    begin_peak();
    let archive =
        Archive::create(&folder.join("material.anjuan"), shell, "bench".into()).expect("new");
    let archive = Arc::new(archive);
    archive.start_indexer();
    let request = wire::ImportRequest {
        paths: vec![files[0].parent().expect("a folder").to_string_lossy().into_owned()],
        ..wire::ImportRequest::default()
    };
    let started = Instant::now();
    let summary =
        archive.import(&request, "material", &Cancel::default(), &mut |_| {}).expect("imported");
    let counts = &summary.counts;
    let imported = started.elapsed();
    // The thread of the index has been at work meanwhile, as in the window; what it has not done yet is
    // waited for.
    while archive.index_status(&wire::Nothing {}).expect("it has an index").building {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let searchable = started.elapsed();
    let most = peak();
    let per_second = |time: std::time::Duration| files.len() as f64 / time.as_secs_f64();
    let times = |time: std::time::Duration| searchable.as_secs_f64() / time.as_secs_f64();
    vec![
        page,
        (format!("{what}: imported"), format!("{:.0} reports/s", per_second(imported))),
        (
            format!("{what}: imported and searchable"),
            format!("{:.0} reports/s", per_second(searchable)),
        ),
        ("the same, most memory, mapped files counted".into(), most),
        ("the same, times a copy of the files".into(), format!("{:.0}", times(copied))),
        (
            format!("the same, times a plain decode of the {characters} characters"),
            format!("{:.0}", times(decoded)),
        ),
        crate::searching::joined(&archive, "the same"),
        (
            "the same: new, duplicates, versions, near, refused, failed".into(),
            format!(
                "{}, {}, {}, {}, {}, {}",
                counts.imported,
                counts.duplicates,
                counts.versions,
                counts.near,
                counts.refused,
                counts.failed
            ),
        ),
    ]
}
