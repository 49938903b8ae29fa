//! One law as Markdown, as a Word file and as a PDF: the same text.

mod material;

use anjuan_import::{Format, Source, import};
use material::{assert_shape, corpus};
use std::collections::HashMap;
use std::fs;
use unicode_normalization::UnicodeNormalization;

fn grams(text: &str) -> HashMap<[char; 4], i64> {
    let chars: Vec<char> = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    let mut grams = HashMap::new();
    for window in chars.windows(4) {
        *grams.entry([window[0], window[1], window[2], window[3]]).or_insert(0) += 1;
    }
    grams
}

fn f1(a: &str, b: &str) -> f64 {
    let (a, b) = (grams(a), grams(b));
    let common: i64 = a.iter().map(|(g, n)| *n.min(b.get(g).unwrap_or(&0))).sum();
    let all = a.values().sum::<i64>() + b.values().sum::<i64>();
    if all == 0 { 1.0 } else { 2.0 * common as f64 / all as f64 }
}

#[test]
fn laws_agree() {
    let Some(folder) = corpus("formats", "files/law_triples") else { return };
    let mut least = (1.0_f64, String::new());
    let mut least_pdf = (1.0_f64, String::new());
    let (mut sum, mut sum_pdf, mut laws) = (0.0, 0.0, 0);
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let law = entry.file_name().to_string_lossy().into_owned();
        let text = |file: String, format: Format| -> String {
            let bytes = fs::read(entry.path().join(&file)).expect("a file");
            let imported = import(Source { name: &file, bytes: &bytes });
            let imported = imported.unwrap_or_else(|e| panic!("{file}: {e}"));
            assert_eq!(imported.format, format, "{file}");
            assert_shape(&imported.report, &file);
            imported.report.text
        };
        let word = text(format!("{law}.docx"), Format::Docx);
        let plain = text("README.md".to_owned(), Format::Markdown);
        let score = f1(&word, &plain);
        if score < 0.9999 && std::env::var("ANJUAN_MISSES").is_ok_and(|t| t == "laws") {
            println!("  {score:.4} {law}: {} / {}", word.chars().count(), plain.chars().count());
        }
        let printed = text(format!("{law}.pdf"), Format::Pdf);
        let score_pdf = f1(&printed, &plain);
        if score_pdf < 0.9995 && std::env::var("ANJUAN_MISSES").is_ok_and(|t| t == "law_pdfs") {
            println!("  {score_pdf:.4} {law}");
        }
        if score_pdf < least_pdf.0 {
            least_pdf = (score_pdf, law.clone());
        }
        sum_pdf += score_pdf;
        if score < least.0 {
            least = (score, law);
        }
        sum += score;
        laws += 1;
    }
    let mean = |sum: f64| sum / f64::from(laws.max(1));
    println!(
        "law triples: DOCX and Markdown agree {:.4} over {laws}, least {:.4} ({}); PDF and Markdown {:.4}, least {:.4} ({})",
        mean(sum),
        least.0,
        least.1,
        mean(sum_pdf),
        least_pdf.0,
        least_pdf.1
    );
    assert!(least.0 >= 0.995, "{least:?}");
    assert!(least_pdf.0 >= 0.995, "{least_pdf:?}");
}
