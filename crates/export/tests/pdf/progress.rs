//! How far an export is while it runs, and stopping it.

use crate::{fonts, options, report, tags};
use anjuan_export::{Document, ExportError, annotated_pdf, annotated_pdf_watched};
use anjuan_text::BlockKind;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

/// A report of many pages.
fn long() -> Document {
    let text = "全市侨联系统紧扣中心工作，服务侨胞，举办专题讲座，走访慰问归侨侨眷。".repeat(8);
    let mut lines = vec![(BlockKind::Title, "澜江市侨联工作报告")];
    lines.extend(std::iter::repeat_n((BlockKind::Paragraph, text.as_str()), 120));
    report(&lines)
}

#[test]
fn the_layout_tells_how_far_it_is_while_it_runs() {
    let Some(fonts) = fonts() else { return };
    let told = Mutex::new(Vec::new());
    let watch = |done, total| {
        told.lock().expect("free").push((done, total));
        true
    };
    let document = [long()];
    let pdf = annotated_pdf_watched(fonts, &document, &tags(), &options(), &watch).expect("done");
    let told = told.into_inner().expect("free");
    let mut steps: Vec<u32> = told.iter().map(|(done, _)| *done).collect();
    steps.dedup();
    assert!(steps.len() > 60, "only {} steps", steps.len());
    let total = told[0].1;
    assert!(told.iter().all(|t| t.1 == total && t.0 <= total));
    assert_eq!(steps.last(), Some(&total));
    // Watching changes nothing.
    let plain = annotated_pdf(fonts, &document, &tags(), &options()).expect("done");
    assert_eq!(pdf.bytes, plain.bytes);
}

#[test]
fn an_export_ends_soon_after_it_was_told_to() {
    let Some(fonts) = fonts() else { return };
    let asked = AtomicU32::new(0);
    let watch = |done: u32, total: u32| {
        asked.fetch_add(1, Ordering::Relaxed);
        done < total / 4
    };
    let stopped = annotated_pdf_watched(fonts, &[long()], &tags(), &options(), &watch);
    assert!(matches!(stopped, Err(ExportError::Stopped)), "{stopped:?}");
    let asked = asked.into_inner();
    assert!(asked > 10, "stopped at once, not at a quarter: {asked}");
}
