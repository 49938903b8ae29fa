//! How long the library's questions take on a large archive.

use crate::{Fixture, edit, new_passage, report_text, revision};
use anjuan_store::{
    Edit, NewReport, NewTag, PassageFilter, ReportFilter, ReportId, ReportSort, Subject, TagPatch,
};
use anjuan_text::{ProblemCode, Script};
use std::time::{Duration, Instant};

/// What a question may take in the optimised program; five times that here.
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
    let all = ReportFilter::default;
    for sort in [
        ReportSort::Title,
        ReportSort::Published,
        ReportSort::Place,
        ReportSort::Organisation,
        ReportSort::Source,
        ReportSort::Characters,
        ReportSort::Passages,
        ReportSort::Imported,
    ] {
        check(&format!("rows by {sort:?}, the last 50"), &mut || {
            let (total, rows) =
                archive.store.read().report_rows(&all(), sort, true, count - 50, 50).expect("read");
            assert_eq!((total, rows.len()), (count, 50));
        });
    }
    let filters = [
        ("text", ReportFilter { text: "侨联 999".into(), ..all() }),
        ("place", ReportFilter { places: vec!["江云省第3市".into()], ..all() }),
        ("organisation", ReportFilter { organisations: vec!["第17市侨联".into()], ..all() }),
        ("years", ReportFilter { years: vec![1999, 2000, 2001], ..all() }),
        ("script", ReportFilter { scripts: vec![Script::Hant], ..all() }),
        ("problem", ReportFilter { problems: vec![ProblemCode::DateMissing], ..all() }),
        ("tags", ReportFilter { tags: tags[..5].to_vec(), ..all() }),
        (
            "all of it",
            ReportFilter {
                text: "侨联".into(),
                places: vec!["江云省".into()],
                years: (1990..2010).collect(),
                scripts: vec![Script::Hans],
                ..all()
            },
        ),
    ];
    for (what, filter) in &filters {
        check(&format!("rows by title where {what}"), &mut || {
            let read = archive.store.read();
            let (total, _) =
                read.report_rows(filter, ReportSort::Title, false, 0, 50).expect("read");
            assert!(total > 0, "{what}");
        });
    }
    check("facets", &mut || {
        archive.store.read().facets(&all()).expect("read");
    });
    for (what, filter) in &filters {
        check(&format!("facets where {what}"), &mut || {
            archive.store.read().facets(filter).expect("read");
        });
    }
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
    println!("slowest {:.1} ms", slowest.as_secs_f64() * 1000.0);
    assert!(slowest < GOAL * 5, "the slowest question took {slowest:?}");
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
