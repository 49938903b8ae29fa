//! Figures on government reports, printed. Run by hand:
//! `cargo test --release -p anjuan-search --test search -- --ignored --nocapture figures`

use crate::quality::{gov_reports, shared, texts_in};
use crate::support::{Archive, index_of};
use anjuan_search::words::{WordCounts, Words};
use anjuan_search::{Document, FoldedDocument, Names};
use std::collections::BTreeMap;
use std::time::Instant;

/// Seconds that this thread was running, so that what else the machine does is left out.
fn running() -> f64 {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = times.split(' ').next().and_then(|time| time.parse::<f64>().ok());
    nanoseconds.unwrap_or_default() / 1e9
}

/// So many reports.
fn reports(most: usize) -> Vec<Document> {
    let shared = shared().expect("the test material is there");
    let texts = texts_in(&gov_reports(&shared).expect("the reports can be unpacked"), most);
    let document = |(number, text): (usize, String)| Document {
        id: format!("{number:05}"),
        title: text.lines().next().unwrap_or_default().to_owned(),
        text,
        ..Document::default()
    };
    texts.into_iter().enumerate().map(document).collect()
}

#[test]
#[ignore = "for figures"]
fn counting_words() {
    let documents = reports(400);
    let bytes: usize = documents.iter().map(|document| document.text.len()).sum();
    let rate = |begin: f64| bytes as f64 / 1e6 / (running() - begin);
    let begin = Instant::now();
    WordCounts::new().add(&FoldedDocument::new(&Document::default()));
    println!("dictionary in {:.0} ms", begin.elapsed().as_secs_f64() * 1e3);
    let begin = running();
    for document in &documents {
        FoldedDocument::new(document).text();
    }
    println!("folding {:.1} MB/s", rate(begin));
    let begin = running();
    let words: usize =
        documents.iter().map(|document| Words::of(&FoldedDocument::new(document)).len()).sum();
    println!("folding and taking apart into {words} words {:.1} MB/s", rate(begin));
    let begin = running();
    let mut counts = WordCounts::new();
    for document in &documents {
        counts.add(&FoldedDocument::new(document));
    }
    println!(
        "{:.1} MB: {} words, {} different, folding and counting {:.1} MB/s",
        bytes as f64 / 1e6,
        counts.total(),
        counts.len(),
        rate(begin),
    );
}

/// Memory of this process, in MB.
fn memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = status.split(' ').nth(1).and_then(|pages| pages.parse::<f64>().ok());
    pages.unwrap_or_default() * 4096.0 / 1e6
}

#[test]
#[ignore = "for figures"]
fn suggesting() {
    let mut archive = Archive::new("archive");
    for document in reports(200) {
        archive.put(document);
    }
    let dir = tempfile::tempdir().expect("a folder");
    let index = index_of(dir.path(), &archive);
    let names = Names::new(["湖南省侨联"]);
    let (begin, before) = (running(), memory());
    index.suggest(&names, "ql", 8);
    println!(
        "lexicon and first suggestions in {:.0} ms, {:.0} MB",
        (running() - begin) * 1e3,
        memory() - before,
    );
    for typed in [
        "ql",
        "qiaolian",
        "shang luo",
        "shangl",
        "s",
        "zs",
        "sangluo",
        "桥联",
        "中国桥联工作会议",
        "软件",
    ] {
        let begin = running();
        let found = index.suggest(&names, typed, 8);
        let shown: Vec<String> =
            found.iter().map(|found| format!("{} {}", found.text, found.total)).collect();
        println!("{typed}: {:.1} ms, {}", (running() - begin) * 1e3, shown.join(", "));
    }
    let begin = running();
    let similar = index.similar(&archive, "00003", 10).expect("it can be searched");
    println!("similar documents: {:.0} ms", (running() - begin) * 1e3);
    println!(
        "{}: {:?}",
        archive.documents["00003"].title,
        index.telling_words(&archive.documents["00003"])
    );
    for found in similar {
        println!("  {:.1} {} {}", found.score, found.title, found.words.join(" "));
    }
}

#[test]
#[ignore = "for figures"]
fn room_on_disk() {
    let mut archive = Archive::new("archive");
    for document in reports(1_600) {
        archive.put(document);
    }
    let bytes: usize = archive.documents.values().map(|document| document.text.len()).sum();
    let dir = tempfile::tempdir().expect("a folder");
    let begin = Instant::now();
    let index = index_of(dir.path(), &archive);
    println!("built in {:.1} s", begin.elapsed().as_secs_f64());
    let sizes = || {
        let mut sizes: BTreeMap<String, u64> = BTreeMap::new();
        for entry in std::fs::read_dir(dir.path()).expect("it is there").flatten() {
            let ending =
                entry.path().extension().unwrap_or_default().to_string_lossy().into_owned();
            *sizes.entry(ending).or_default() += entry.metadata().map_or(0, |m| m.len());
        }
        let share = |size: u64| size as f64 / bytes as f64;
        let shown: Vec<String> =
            sizes.iter().map(|(ending, &size)| format!("{ending} {:.3}", share(size))).collect();
        let status = index.status();
        let all = share(status.bytes);
        println!("{all:.3} of the text in {} parts: {}", status.segments, shown.join(", "));
    };
    sizes();
    let begin = Instant::now();
    index.compact().expect("it can be written");
    println!("compacted in {:.1} s", begin.elapsed().as_secs_f64());
    sizes();
}
