//! The figures of `docs/benchmarks.md` that need no window: import, search, opening, export.
//!
//! Reports are made from the example's sentences in an order drawn from a fixed seed, so everybody
//! measures the same archive. Run with `./dev bench`.

#[path = "library/mod.rs"]
mod library;
#[path = "material/mod.rs"]
mod material;
#[path = "memory/mod.rs"]
mod memory;
#[path = "searching/mod.rs"]
mod searching;

use anjuan_archive::{Archive, Cancel, Clock, Folders, Headless, Shell, SystemClock};
use anjuan_protocol as wire;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Reports in the measured archive.
const REPORTS: usize = 1_000;
/// Searches measured.
const QUERIES: usize = 500;

/// A small generator of numbers (SplitMix64), so that runs agree without a dependency.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % below as u64) as usize
    }
}

fn main() {
    // `cargo test --benches` asks for a list of tests; there are none here.
    if std::env::args().any(|a| a == "--list" || a == "--test") {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let shell = shell(folder.path());
    // `ANJUAN_BENCH=library` measures the library alone.
    if std::env::var_os("ANJUAN_BENCH").is_some_and(|only| only == "library") {
        library::rows(folder.path(), &shell);
        return;
    }
    // `ANJUAN_BENCH=material` measures the import of the reports beside the project alone.
    if std::env::var_os("ANJUAN_BENCH").is_some_and(|only| only == "material") {
        print_table(material::rows(folder.path(), &shell));
        return;
    }
    // `ANJUAN_BENCH=search` measures searching alone.
    if std::env::var_os("ANJUAN_BENCH").is_some_and(|only| only == "search") {
        print_table(searching::rows(folder.path(), &shell));
        return;
    }
    let sentences = example_sentences();
    let files = write_reports(&folder.path().join("reports"), &sentences);
    let mut rows: Vec<(String, String)> = Vec::new();

    let archive = Archive::create(&folder.path().join("bench.anjuan"), &shell, "bench".into())
        .expect("a new archive");
    let bytes: u64 = files.iter().filter_map(|f| f.metadata().ok()).map(|m| m.len()).sum();
    let started = Instant::now();
    let request = wire::ImportRequest {
        paths: files.iter().map(|f| f.to_string_lossy().into_owned()).collect(),
        ..wire::ImportRequest::default()
    };
    let summary = archive
        .import(&request, "bench", &Cancel::default(), &mut |_| {})
        .expect("the import runs");
    let imported = started.elapsed();
    assert_eq!(summary.counts.imported as usize, REPORTS, "every report is new");
    archive.catch_up().expect("the index is written");
    let searchable = started.elapsed();
    let per_report = imported / REPORTS as u32;
    rows.push((
        format!("import, per report ({} kB each, durable)", bytes / REPORTS as u64 / 1000),
        ms(per_report),
    ));
    rows.push((
        "import and index of all, reports/s".into(),
        format!("{:.0}", REPORTS as f64 / searchable.as_secs_f64()),
    ));

    let queries = queries(&sentences);
    let mut times = Vec::with_capacity(QUERIES);
    for query in &queries {
        let question = wire::Question { query: query.clone(), ..wire::Question::default() };
        let sort = wire::SearchSort::Relevance;
        let request = wire::SearchRequest { question, sort, offset: 0, limit: 20 };
        let started = Instant::now();
        black_box(archive.search(&request).expect("the search answers"));
        times.push(started.elapsed());
    }
    times.sort();
    rows.push(("search, top 20 + exact count + snippets, p50".into(), ms(times[times.len() / 2])));
    rows.push(("the same, p99".into(), ms(times[times.len() * 99 / 100])));

    let long = folder.path().join("long.txt");
    std::fs::write(&long, long_report(&sentences)).expect("the long report is written");
    let request = wire::ImportRequest {
        paths: vec![long.to_string_lossy().into_owned()],
        ..wire::ImportRequest::default()
    };
    let summary =
        archive.import(&request, "long", &Cancel::default(), &mut |_| {}).expect("it is imported");
    let report = summary.items[0].report.clone().expect("a report");
    let length = archive
        .report(&wire::IdRequest { id: report.clone() })
        .expect("it opens")
        .text
        .chars()
        .count() as u32;
    for n in 0..500_u32 {
        let start = n * (length - 60) / 500;
        archive
            .tag_passage(&report, start, start + 40, &[format!("主题{}", n % 9)], "")
            .expect("the passage is marked");
    }
    let open = best(5, || {
        black_box(archive.report(&wire::IdRequest { id: report.clone() }).expect("it opens"));
    });
    rows.push((
        format!("open a report of {length} characters with 500 passages (backend)"),
        ms(open),
    ));

    let other = archive
        .reports(&wire::ReportsRequest {
            filter: wire::ReportFilter::default(),
            sort: wire::ReportSort::Imported,
            descending: false,
            offset: 0,
            limit: 2,
        })
        .expect("the library lists");
    let pair: Vec<String> = other.rows.iter().map(|r| r.id.clone()).collect();
    let compare = best(5, || {
        let request = wire::CompareRequest { reports: pair.clone() };
        black_box(archive.compare(&request).expect("they compare"));
    });
    rows.push(("compare two reports".into(), ms(compare)));

    for (name, reports) in [
        ("3,000 characters", vec![pair[0].clone()]),
        ("the long report with its passages", vec![report]),
    ] {
        let request = wire::ExportPdfRequest {
            reports,
            path: folder.path().join("out.pdf").to_string_lossy().into_owned(),
            tags: Vec::new(),
            legend: true,
            index: true,
            memos: true,
            coders: true,
            paper: String::new(),
            font: String::new(),
            language: "zh-Hans".into(),
        };
        let started = Instant::now();
        let result =
            archive.export_pdf(&request, &Cancel::default(), &mut |_, _| {}).expect("it exports");
        let took = started.elapsed();
        rows.push((
            format!("export PDF of {name}, {} pages", result.pages),
            format!("{}, {} kB", ms(took), result.bytes / 1000),
        ));
    }
    rows.extend(library::rows(folder.path(), &shell));
    rows.extend(searching::rows(folder.path(), &shell));
    rows.extend(material::rows(folder.path(), &shell));
    print_table(rows);
}

fn print_table(rows: Vec<(String, String)>) {
    println!("| what | figure |\n|---|---|");
    for (what, figure) in rows {
        println!("| {what} | {figure} |");
    }
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

fn best(times: usize, mut run: impl FnMut()) -> Duration {
    (0..times)
        .map(|_| {
            let started = Instant::now();
            run();
            started.elapsed()
        })
        .min()
        .unwrap_or_default()
}

fn shell(folder: &Path) -> Shell {
    Shell {
        folders: Folders {
            config: folder.join("config"),
            data: folder.join("data"),
            cache: folder.join("cache"),
            fonts: anjuan_archive::system_font_folders(None),
            programs: Vec::new(),
        },
        clock: Arc::new(SystemClock) as Arc<dyn Clock>,
        desktop: Box::new(Headless),
        emit: Box::new(|_| {}),
        version: env!("CARGO_PKG_VERSION").into(),
        platform: std::env::consts::OS.into(),
        user: "bench".into(),
    }
}

/// Sentences of the example's UTF-8 reports.
fn example_sentences() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut sentences = Vec::new();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the examples are there")
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .collect();
    files.sort();
    for file in files {
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        let found = text.split_inclusive('。').map(str::trim).filter(|s| s.chars().count() > 12);
        sentences.extend(found.map(|s| s.replace('\n', "")));
    }
    assert!(sentences.len() > 50, "the examples have sentences");
    sentences
}

fn paragraphs(numbers: &mut Numbers, sentences: &[String], count: usize) -> String {
    (0..count)
        .map(|_| {
            let of_five = (0..5).map(|_| sentences[numbers.next(sentences.len())].as_str());
            of_five.collect::<String>() + "\n"
        })
        .collect()
}

fn write_reports(folder: &Path, sentences: &[String]) -> Vec<PathBuf> {
    std::fs::create_dir_all(folder).expect("a folder");
    let mut numbers = Numbers(7);
    (0..REPORTS)
        .map(|n| {
            let path = folder.join(format!("{n:04}.txt"));
            let year = 2000 + n % 25;
            let text = format!(
                "第{n}号工作报告\n来源：例报　{year}-03-{:02}\n{}",
                n % 28 + 1,
                paragraphs(&mut numbers, sentences, 14)
            );
            std::fs::write(&path, text).expect("a report is written");
            path
        })
        .collect()
}

fn long_report(sentences: &[String]) -> String {
    let mut numbers = Numbers(11);
    let mut text = String::from("长篇工作报告\n来源：例报　2020-03-01\n");
    while text.len() < 300_000 {
        text.push_str(&paragraphs(&mut numbers, sentences, 20));
    }
    text
}

fn queries(sentences: &[String]) -> Vec<String> {
    let mut numbers = Numbers(3);
    (0..QUERIES)
        .map(|_| {
            let sentence: Vec<char> = sentences[numbers.next(sentences.len())].chars().collect();
            let len = (1 + numbers.next(12)).min(sentence.len());
            let from = numbers.next(sentence.len() - len + 1);
            sentence[from..from + len].iter().filter(|c| c.is_alphanumeric()).collect()
        })
        .collect()
}
