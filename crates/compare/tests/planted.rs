//! How well passages planted in other documents are found: character precision, recall,
//! granularity and plagdet as the PAN text-alignment task defines them.

mod material;

use anjuan_compare::{PassageOptions, Stream, shared_streams};
use anjuan_text::CharRange;
use std::collections::BTreeMap;
use std::time::Instant;

#[derive(Clone)]
struct Case {
    host: String,
    source: String,
    kind: String,
    /// Equal characters of a detection.
    chars: u32,
    in_host: CharRange,
    in_source: CharRange,
}

impl Case {
    fn len(&self) -> u32 {
        self.in_host.len() + self.in_source.len()
    }

    fn detected_by(&self, other: &Case) -> bool {
        self.host == other.host
            && self.source == other.source
            && self.in_host.overlaps(other.in_host)
            && self.in_source.overlaps(other.in_source)
    }

    /// How many of its characters lie in any of the others.
    fn covered<'c>(&self, others: impl Iterator<Item = &'c Case>) -> u32 {
        let mut host = vec![false; self.in_host.len() as usize];
        let mut source = vec![false; self.in_source.len() as usize];
        for other in others {
            mark(&mut host, self.in_host, other.in_host);
            mark(&mut source, self.in_source, other.in_source);
        }
        host.into_iter().chain(source).filter(|&c| c).count() as u32
    }
}

fn mark(chars: &mut [bool], of: CharRange, other: CharRange) {
    let (start, end) = (other.start.max(of.start), other.end.min(of.end));
    if start < end {
        chars[(start - of.start) as usize..(end - of.start) as usize].fill(true);
    }
}

struct Score {
    precision: f64,
    recall: f64,
    granularity: f64,
}

impl Score {
    fn of(truth: &[Case], found: &[Case]) -> Self {
        let mean = |of: &[Case], by: &[Case]| {
            let parts = of.iter().map(|case| {
                let covered = case.covered(by.iter().filter(|other| case.detected_by(other)));
                f64::from(covered) / f64::from(case.len())
            });
            parts.sum::<f64>() / of.len().max(1) as f64
        };
        let hits: Vec<usize> = truth
            .iter()
            .map(|case| found.iter().filter(|other| case.detected_by(other)).count())
            .filter(|&n| n > 0)
            .collect();
        Self {
            precision: mean(found, truth),
            recall: mean(truth, found),
            granularity: hits.iter().sum::<usize>() as f64 / hits.len().max(1) as f64,
        }
    }

    fn plagdet(&self) -> f64 {
        let f1 = 2.0 * self.precision * self.recall / (self.precision + self.recall);
        f1 / (1.0 + self.granularity).log2()
    }
}

#[test]
fn planted_passages_are_found() {
    let Some(documents) =
        material::packed("quality.tar.zst", "reuse_planted/planted/documents.jsonl")
    else {
        return;
    };
    let truth = material::packed("quality.tar.zst", "reuse_planted/planted/truth.json").unwrap();
    let number = |value: &serde_json::Value| value.as_u64().unwrap() as u32;
    let truth: Vec<Case> = serde_json::from_str::<Vec<serde_json::Value>>(&truth)
        .unwrap()
        .iter()
        .map(|t| Case {
            host: t["host"].as_str().unwrap().to_owned(),
            source: t["src"].as_str().unwrap().to_owned(),
            kind: t["ty"].as_str().unwrap().to_owned(),
            chars: 0,
            in_host: CharRange::new(number(&t["h0"]), number(&t["h1"])),
            in_source: CharRange::new(number(&t["s0"]), number(&t["s1"])),
        })
        .collect();

    let begin = Instant::now();
    let mut hosts = Vec::new();
    let mut sources = Vec::new();
    for line in documents.lines() {
        let document: serde_json::Value = serde_json::from_str(line).unwrap();
        let id = document["id"].as_str().unwrap().to_owned();
        let stream = Stream::new(document["text"].as_str().unwrap());
        if document["series"] == "H" { &mut hosts } else { &mut sources }.push((id, stream));
    }
    let folded = begin.elapsed();
    let begin = Instant::now();
    let mut found = Vec::new();
    for (host, host_stream) in &hosts {
        for (source, source_stream) in &sources {
            let shared = shared_streams(host_stream, source_stream, &PassageOptions::default());
            found.extend(shared.iter().map(|s| Case {
                host: host.clone(),
                source: source.clone(),
                kind: String::new(),
                chars: s.chars,
                in_host: s.a,
                in_source: s.b,
            }));
        }
    }
    println!(
        "{} pairs: folding {folded:.1?}, comparing {:.1?}",
        hosts.len() * sources.len(),
        begin.elapsed()
    );

    let mut kinds: BTreeMap<&str, Vec<Case>> = BTreeMap::new();
    for case in &truth {
        kinds.entry(&case.kind).or_default().push(case.clone());
    }
    println!("{:<14} {:>6} {:>6} {:>6} {:>8}", "kind", "R", "P", "gran", "plagdet");
    let mut recalls = BTreeMap::new();
    for (kind, cases) in &kinds {
        // Detections that belong to no case of any kind count in the total only.
        let of_kind: Vec<Case> =
            found.iter().filter(|f| cases.iter().any(|c| c.detected_by(f))).cloned().collect();
        let score = Score::of(cases, &of_kind);
        print_row(kind, &score);
        recalls.insert(*kind, score.recall);
    }
    let total = Score::of(&truth, &found);
    print_row("all", &total);
    let false_finds: Vec<&Case> =
        found.iter().filter(|f| !truth.iter().any(|c| c.detected_by(f))).collect();
    println!("{} found, {} of them in no planted passage", found.len(), false_finds.len());

    // The documents share much that nobody planted, and each run of twelve characters of it is to
    // be found; it counts as false here. Longer passages tell how good the finding is.
    let mut by_length = BTreeMap::new();
    for least in [15, 18, 24, 30] {
        let long: Vec<Case> = found.iter().filter(|f| f.chars >= least).cloned().collect();
        let score = Score::of(&truth, &long);
        print_row(&format!("{least}+ chars"), &score);
        by_length.insert(least, score);
    }

    assert!(total.plagdet() >= 0.75, "plagdet of all {:.3}", total.plagdet());
    assert!(total.granularity <= 1.05, "granularity {:.3}", total.granularity);
    for (least, bar) in [(18, 0.93), (24, 0.96)] {
        let plagdet = by_length[&least].plagdet();
        assert!(plagdet >= bar, "plagdet of {least}+ characters {plagdet:.3}");
    }
    for (kind, bar) in [("edit20", 0.90), ("clausedel30", 0.85), ("shuffle3", 0.97)] {
        assert!(recalls[kind] >= bar, "recall of {kind}: {:.3}", recalls[kind]);
    }
    for kind in ["verbatim", "punct", "trad", "trad_pinyin"] {
        assert!(recalls[kind] >= 0.985, "recall of {kind}: {:.3}", recalls[kind]);
    }
}

fn print_row(kind: &str, score: &Score) {
    let Score { precision, recall, granularity } = score;
    let plagdet = score.plagdet();
    println!("{kind:<14} {recall:>6.3} {precision:>6.3} {granularity:>6.3} {plagdet:>8.3}");
}
