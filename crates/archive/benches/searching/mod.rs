//! Searching 10,000 and 100,000 reports of some 7 kB: building the index, hits, facets, the first
//! search of a program that has just begun.
//!
//! The texts are sentences of the government reports beside the project, or of the example where
//! they are not there, in an order drawn from a fixed seed. The archives are kept in the build
//! folder. `ANJUAN_BENCH_TEXTS=FOLDER` writes the 10,000 texts and the queries there, for
//! `benches/rivals.py`.

use crate::memory::{begin_peak, peak};
use crate::{Numbers, example_sentences, ms};
use anjuan_archive::{Archive, Shell, Turn};
use anjuan_protocol as wire;
use anjuan_protocol::Nothing;
use anjuan_store::{ContentHash, Edit, NewReport, NewRevision, Store, StoreError};
use anjuan_text::{Metadata, ReportText, Script};
use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const SIZES: [usize; 2] = [10_000, 100_000];
/// Code points of a report.
const LENGTH: usize = 2_300;
/// Queries measured.
const QUERIES: usize = 500;
/// Reports written in one transaction.
const BATCH: usize = 2_000;

fn sentences() -> Vec<String> {
    let folder = std::env::temp_dir().join("corpora/gov_reports/txt");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
        .unwrap_or_default();
    files.sort();
    let mut sentences = Vec::new();
    // Every fourth: enough words, and soon read.
    for file in files.iter().step_by(4) {
        let text = fs::read_to_string(file).unwrap_or_default();
        let found = text.split_inclusive(['。', '\n']).map(str::trim);
        sentences.extend(found.filter(|s| s.chars().count() > 12).map(str::to_owned));
    }
    if sentences.is_empty() { example_sentences() } else { sentences }
}

fn text(numbers: &mut Numbers, sentences: &[String]) -> String {
    let (mut text, mut length) = (String::new(), 0);
    while length < LENGTH {
        let sentence = &sentences[numbers.next(sentences.len())];
        text.push_str(sentence);
        length += sentence.chars().count();
        if numbers.next(4) == 0 {
            text.push('\n');
        }
    }
    text
}

/// An archive of so many reports, made once.
fn archive_of(reports: usize, sentences: &[String]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join(format!("searching-{reports}-v1.anjuan"));
    if path.exists() {
        return path;
    }
    let making = folder.join("searching-making.anjuan");
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", making.display()));
    }
    let mut store = Store::create(&making, "2026-01-01T00:00:00Z").expect("a new archive");
    let mut numbers = Numbers(13);
    let at = "2026-01-01T00:00:00Z";
    let edit = Edit { label: "import", author: "bench", at, group: None, report: None };
    for batch in 0..reports / BATCH {
        store
            .edit(&edit, |w| {
                let original = w.insert_original(b"bench")?;
                for n in batch * BATCH..(batch + 1) * BATCH {
                    let year = 1990 + numbers.next(37);
                    let text = ReportText {
                        metadata: Metadata {
                            title: Some(format!("第{n}号工作报告")),
                            published: Some(format!("{year}-03-01")),
                            source: Some(format!("第{}日报", numbers.next(40))),
                            script: Some(Script::Hans),
                            ..Metadata::default()
                        },
                        text: text(&mut numbers, sentences),
                        ..ReportText::default()
                    };
                    w.insert_report(&NewReport {
                        path: None,
                        title_key: "",
                        revision: NewRevision {
                            original,
                            encoding: None,
                            text: &text,
                            text_hash: ContentHash::of(&n.to_le_bytes()),
                        },
                    })?;
                }
                Ok::<(), StoreError>(())
            })
            .expect("written");
    }
    drop(store);
    fs::rename(&making, &path).expect("renamed");
    path
}

/// Windows of 1 to 12 characters of the texts.
fn queries(sentences: &[String]) -> Vec<String> {
    let mut numbers = Numbers(17);
    let mut queries = Vec::with_capacity(QUERIES);
    while queries.len() < QUERIES {
        let characters: Vec<char> = sentences[numbers.next(sentences.len())].chars().collect();
        let length = 1 + numbers.next(12);
        let from = numbers.next(characters.len().saturating_sub(length).max(1));
        let window: String = characters.iter().skip(from).take(length).collect();
        if window.chars().all(anjuan_text::is_han) {
            queries.push(window);
        }
    }
    queries
}

fn question(query: &str) -> wire::Question {
    wire::Question { query: query.to_owned(), ..wire::Question::default() }
}

fn search(archive: &Archive, query: &str) -> u32 {
    let question = wire::Question { query: format!("“{query}”"), ..wire::Question::default() };
    let sort = wire::SearchSort::Relevance;
    let request = wire::SearchRequest { question, sort, offset: 0, limit: 20 };
    archive.search(&request).expect("the search answers").total
}

/// Seconds of processor that this program has used; Linux only.
fn processor() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

/// The rows of the table.
pub(crate) fn rows(folder: &Path, shell: &Shell) -> Vec<(String, String)> {
    let sentences = sentences();
    let queries = queries(&sentences);
    let mut rows = Vec::new();
    for reports in SIZES {
        let kept = archive_of(reports, &sentences);
        let path = folder.join(format!("searching-{reports}.anjuan"));
        fs::copy(&kept, &path).expect("copied");
        let archive = Archive::open(&path, shell, "bench".into()).expect("it opens");
        begin_peak();
        let (started, before) = (Instant::now(), processor());
        archive.catch_up().expect("the index is written");
        let took = started.elapsed();
        let built = peak();
        let bytes = text_bytes(&archive);
        let megabytes = bytes as f64 / 1e6;
        let status = archive.index_status(&Nothing {}).expect("it has an index");
        let busy = before.and_then(|before| Some(processor()? - before));
        let speed = busy.map_or_else(String::new, |busy| {
            format!(", {:.1} MB/s a second of processor", megabytes / busy)
        });
        let name = format!("{reports} reports, {megabytes:.0} MB of text");
        rows.push((
            format!("{name}: index built"),
            format!("{:.1} MB/s{speed}", megabytes / took.as_secs_f64()),
        ));
        let ratio = status.bytes as f64 / bytes as f64;
        rows.push((format!("{name}: index"), format!("{ratio:.2} × text")));
        rows.push((format!("{name}: most memory while it was built, mapped files counted"), built));
        begin_peak();
        // Once before, so that every list is in the system's cache.
        for query in &queries {
            black_box(search(&archive, query));
        }
        let mut times = Vec::with_capacity(QUERIES);
        let mut half = (u32::MAX, String::new());
        for query in &queries {
            let started = Instant::now();
            let total = search(&archive, query);
            times.push(started.elapsed());
            let away = total.abs_diff(reports as u32 / 2);
            if away < half.0 {
                half = (away, query.clone());
            }
        }
        times.sort();
        let at = |share: usize| ms(times[times.len() * share / 100]);
        rows.push((
            format!("{name}: top 20, exact count, snippets, p50 / p99"),
            format!("{} / {}", at(50), at(99)),
        ));
        let facets = |question: &wire::Question| {
            archive.search_facets(question, &Turn::default()).expect("counted").total
        };
        let total = facets(&question(&half.1));
        let mut times: Vec<Duration> = (0..11)
            .map(|_| {
                let started = Instant::now();
                black_box(facets(&question(&half.1)));
                started.elapsed()
            })
            .collect();
        times.sort();
        rows.push((format!("{name}: facets of {total} reports, p50"), ms(times[5])));
        rows.push((format!("{name}: most memory of searches and facets, the same way"), peak()));
        drop(archive);
        let started = Instant::now();
        let archive = Archive::open(&path, shell, "bench".into()).expect("it opens");
        black_box(search(&archive, &half.1));
        rows.push((format!("{name}: opened and first search"), ms(started.elapsed())));
        rows.push(joined(&archive, &name));
        if reports == SIZES[0]
            && let Some(texts) = std::env::var_os("ANJUAN_BENCH_TEXTS")
        {
            write_texts(Path::new(&texts), &archive, &queries);
        }
    }
    rows
}

fn listed(archive: &Archive) -> Vec<String> {
    let request = wire::ReportsRequest {
        filter: wire::ReportFilter::default(),
        sort: wire::ReportSort::Imported,
        descending: false,
        offset: 0,
        limit: u32::MAX,
    };
    archive.report_ids(&request).expect("listed")
}

/// Reports whose bytes are counted; of more, every so manyth.
const COUNTED: usize = 10_000;

/// Bytes of all text that the index holds: reading texts, titles and names.
fn text_bytes(archive: &Archive) -> usize {
    let ids = listed(archive);
    let step = ids.len().div_ceil(COUNTED).max(1);
    let some: Vec<&String> = ids.iter().step_by(step).collect();
    let bytes: usize = some
        .iter()
        .map(|id| {
            let request = wire::IdRequest { id: (*id).clone() };
            let report = archive.report(&request).expect("read");
            let wire::Metadata { title, place, organisation, source, authors, .. } =
                report.metadata;
            let names = [title, place, organisation, source].into_iter().flatten().chain(authors);
            report.text.len() + names.map(|name| name.len()).sum::<usize>()
        })
        .sum();
    bytes * ids.len() / some.len().max(1)
}

/// Joins the parts of the index, as idle hours do: how long that takes, and how large it is then, against
/// the text that it holds.
pub(crate) fn joined(archive: &Archive, name: &str) -> (String, String) {
    let started = Instant::now();
    archive.compact_index().expect("the index is joined");
    let took = started.elapsed().as_secs_f64();
    let status = archive.index_status(&Nothing {}).expect("it has an index");
    let ratio = status.bytes as f64 / text_bytes(archive) as f64;
    (format!("{name}: index joined in {took:.0} s"), format!("{ratio:.4} × text"))
}

/// The texts as files, and the queries with how many of them each is found in.
fn write_texts(folder: &Path, archive: &Archive, queries: &[String]) {
    let texts = folder.join("texts");
    fs::create_dir_all(&texts).expect("a folder");
    for (n, id) in listed(archive).into_iter().enumerate() {
        let text = archive.report(&wire::IdRequest { id }).expect("read").text;
        fs::write(texts.join(format!("{n:05}.txt")), text).expect("written");
    }
    let mut lines = String::new();
    for query in queries {
        let _ = writeln!(lines, "{query}\t{}", search(archive, query));
    }
    fs::write(folder.join("queries.tsv"), lines).expect("written");
}
