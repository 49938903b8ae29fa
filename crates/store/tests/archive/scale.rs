//! How long the library's questions take on a large archive.

use crate::{Fixture, edit, new_passage, report_text, revision};
use anjuan_store::{Edit, NewReport, NewTag, PassageFilter, ReportId, Subject, TagPatch};
use anjuan_text::Script;
use std::time::{Duration, Instant};

/// What a question should take in the optimised program; no test fails by it.
const GOAL: Duration = Duration::from_millis(50);

fn fill(archive: &mut Fixture, count: u32) -> Vec<ReportId> {
    let mut ids = Vec::new();
    for batch in 0..count / 500 {
        let edit = Edit { group: Some("import"), ..edit("import") };
        let added = archive.store.edit(&edit, |w| {
            let original = w.insert_original(b"<p></p>")?;
            (0..500)
                .map(|inside| {
                    let n = batch * 500 + inside;
                    let title = format!("云州市侨联第{n}次工作报告");
                    let mut text = report_text(&title, "云州市侨联召开会议");
                    let metadata = &mut text.metadata;
                    metadata.published = Some(format!("{}-{:02}", 1990 + n % 35, 1 + n % 12));
                    metadata.place = Some(format!("江云省第{}市第{}县", n % 20, n % 300));
                    metadata.organisation = Some(format!("第{}市侨联", n % 300));
                    metadata.source = Some(format!("第{}日报", n % 50));
                    metadata.script = Some(if n % 3 == 0 { Script::Hant } else { Script::Hans });
                    if n % 10 != 0 {
                        text.problems.clear();
                    }
                    let key = format!("{:08}", n.wrapping_mul(2_654_435_761) % 100_000_000);
                    w.insert_report(&NewReport {
                        path: None,
                        title_key: &key,
                        revision: revision(original, &text),
                    })
                })
                .collect::<Result<Vec<_>, _>>()
        });
        ids.extend(added.expect("written"));
    }
    ids
}

fn measure(what: &str, mut question: impl FnMut()) -> Duration {
    question();
    let start = Instant::now();
    for _ in 0..3 {
        question();
    }
    let took = start.elapsed() / 3;
    println!("{:>9.2} ms  {what}", took.as_secs_f64() * 1000.0);
    took
}

fn library(count: u32) {
    let mut archive = Fixture::new();
    let start = Instant::now();
    let ids = fill(&mut archive, count);
    println!("{count} reports written in {:.1} s", start.elapsed().as_secs_f64());
    let tags: Vec<_> = (0..50).map(|n| archive.tag(&format!("标签{n}"), None)).collect();
    let start = Instant::now();
    for chunk in ids.chunks(2_000) {
        archive.edit(|w| {
            for (n, &report) in chunk.iter().enumerate() {
                let tags = [tags[n % 50], tags[(n + 7) % 50]];
                w.create_passage(&new_passage(report, 0, 2, &tags[..=n % 2]))?;
            }
            Ok(())
        });
    }
    println!("{count} passages written in {:.1} s", start.elapsed().as_secs_f64());

    let mut slowest = Duration::ZERO;
    let mut check = |what: &str, question: &mut dyn FnMut()| {
        slowest = slowest.max(measure(what, question));
    };
    // The whole listing is read once, when an archive is opened.
    measure("the whole listing", || {
        let mut rows = 0;
        archive.store.read().each_listed(|_| rows += 1).expect("read");
        assert_eq!(rows, count);
    });
    measure("what is marked in all reports", || {
        let marks = archive.store.read().all_marks().expect("read");
        assert_eq!(marks.len() as u32, count);
        assert!(marks.values().filter(|marks| !marks.tags.is_empty()).count() as u32 > count / 3);
    });
    check("rows for a window of the list", &mut || {
        let read = archive.store.read();
        for &id in &ids[count as usize - 100..] {
            read.listed(id).expect("read").expect("there");
            read.marks(id).expect("read");
        }
    });
    check("codebook", &mut || {
        assert_eq!(archive.store.read().tags().expect("read").len(), 50);
    });
    check("counts", &mut || {
        archive.store.read().counts().expect("read");
    });
    check("passages of a tag", &mut || {
        let filter = PassageFilter { tag: Some(tags[3]), report: None };
        assert!(!archive.store.read().passages(&filter).expect("read").is_empty());
    });
    check("history", &mut || {
        archive.store.read().history(200).expect("read");
    });
    let mut number = 0;
    check("a memo, written", &mut || {
        number += 1;
        let text = format!("记 {number}");
        archive.edit(|w| w.set_memo(Subject::Report(ids[7]), &text));
    });
    check("a passage, written", &mut || {
        archive.passage(ids[9], 0, 3, &[tags[0]]);
    });
    check("a passage, undone", &mut || {
        archive.store.undo("林", crate::NOW).expect("possible");
    });
    check("a used tag, renamed", &mut || {
        number += 1;
        let patch = TagPatch { name: Some(format!("名 {number}")), ..TagPatch::default() };
        archive.edit(|w| w.update_tag(tags[1], &patch));
    });
    check("a tag, made", &mut || {
        number += 1;
        let name = format!("新 {number}");
        archive.edit(|w| w.create_tag(&NewTag { name: &name, ..NewTag::default() }));
    });
    println!("slowest {:.1} ms, goal {} ms", slowest.as_secs_f64() * 1000.0, GOAL.as_millis());
}

#[test]
fn the_library_answers_at_five_thousand_reports() {
    library(5_000);
}

#[test]
#[ignore = "takes a minute; run by hand for the figures"]
fn the_library_answers_at_a_hundred_thousand_reports() {
    library(100_000);
}
