//! Figures on government reports, printed. Run by hand:
//! `cargo test --release -p anjuan-search --test search -- --ignored --nocapture figures`

use crate::quality::{gov_reports, shared, texts_in};
use anjuan_search::words::{WordCounts, Words};
use anjuan_search::{Document, FoldedDocument};
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
