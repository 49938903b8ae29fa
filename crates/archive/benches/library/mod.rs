//! The library's rows of the table: an archive of 100,000 reports, made once and kept in the build
//! folder, and every action of the library on it.

use crate::{Numbers, best, ms};
use anjuan_archive::{Archive, Shell};
use anjuan_protocol as wire;
use anjuan_protocol::Nothing;
use anjuan_store::{
    ContentHash, Edit, NewPassage, NewReport, NewRevision, NewTag, ReportId, Store, StoreError,
};
use anjuan_text::{CharRange, Metadata, Problem, ProblemCode, ReportText, Script, to_traditional};
use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Reports in the archive.
const REPORTS: usize = 100_000;
/// Passages on them.
const PASSAGES: usize = 500_000;
const TAGS: usize = 200;
const COLLECTIONS: usize = 50;
/// Reports, or passages, written in one transaction.
const BATCH: usize = 5_000;
const TEXT: &str = "市侨联紧紧围绕中心工作，服务归侨侨眷和海外侨胞，各项工作取得新的成效。";

fn divisions() -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../import/data/divisions.txt");
    let data = std::fs::read_to_string(file).expect("the divisions are there");
    let names: Vec<String> = data
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned())
        .collect();
    // Whole paths as an import writes them; names that several divisions bear stand for themselves.
    names.into_iter().map(|name| anjuan_import::places::resolve(&name).unwrap_or(name)).collect()
}

fn metadata(n: usize, numbers: &mut Numbers, divisions: &[String]) -> Metadata {
    let place = &divisions[numbers.next(divisions.len())];
    let year = 1990 + numbers.next(37);
    let short = place.rsplit(['省', '市']).find(|part| !part.is_empty()).unwrap_or(place);
    let kinds = ["工作总结", "工作报告", "情况汇报", "调研报告", "年度要点"];
    let title = format!("{short}侨联{year}年第{}号{}", n % 997, kinds[numbers.next(kinds.len())]);
    let traditional = n.is_multiple_of(7);
    let written = |text: String| if traditional { to_traditional(&text) } else { text };
    Metadata {
        title: (!n.is_multiple_of(50)).then(|| written(title)),
        published: (!n.is_multiple_of(20))
            .then(|| format!("{year}-{:02}-{:02}", 1 + numbers.next(12), 1 + numbers.next(28))),
        authors: (n.is_multiple_of(3))
            .then(|| format!("作者{}", numbers.next(2_000)))
            .into_iter()
            .collect(),
        source: (!n.is_multiple_of(9)).then(|| written(format!("第{}日报", numbers.next(400)))),
        place: (!n.is_multiple_of(11)).then(|| written(place.clone())),
        organisation: (!n.is_multiple_of(6)).then(|| written(format!("{short}归国华侨联合会"))),
        script: Some(if traditional { Script::Hant } else { Script::Hans }),
        ..Metadata::default()
    }
}

/// Makes the archive, or takes the one made before.
fn fixture() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join(format!("library-{REPORTS}-v1.anjuan"));
    if path.exists() {
        return path;
    }
    let started = Instant::now();
    let making = folder.join("library-making.anjuan");
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", making.display()));
    }
    let mut store = Store::create(&making, "2026-01-01T00:00:00Z").expect("a new archive");
    fill(&mut store).expect("written");
    drop(store);
    std::fs::rename(&making, &path).expect("renamed");
    eprintln!("{} made in {:.1} s", path.display(), started.elapsed().as_secs_f64());
    path
}

fn edit(at: &str) -> Edit<'_> {
    Edit { label: "import", author: "bench", at, group: None, report: None }
}

fn fill(store: &mut Store) -> Result<(), StoreError> {
    let (mut numbers, divisions) = (Numbers(5), divisions());
    let mut ids: Vec<ReportId> = Vec::with_capacity(REPORTS);
    for batch in 0..REPORTS / BATCH {
        let at = format!("2026-01-{:02}T{:02}:00:00Z", 1 + batch / 20, batch % 20);
        store.edit(&edit(&at), |w| {
            let original = w.insert_original(TEXT.as_bytes())?;
            for n in batch * BATCH..(batch + 1) * BATCH {
                let metadata = metadata(n, &mut numbers, &divisions);
                let problem = (n.is_multiple_of(20)).then(|| Problem {
                    code: ProblemCode::DateMissing,
                    message: "No date was found.".into(),
                    range: None,
                });
                let text = ReportText {
                    metadata,
                    text: TEXT.repeat(1 + n % 4),
                    problems: problem.into_iter().collect(),
                    ..ReportText::default()
                };
                ids.push(w.insert_report(&NewReport {
                    path: Some(&format!("/报告/{}/{n:06}.txt", n / 1_000)),
                    title_key: text.metadata.title.as_deref().unwrap_or_default(),
                    revision: NewRevision {
                        original,
                        encoding: None,
                        text: &text,
                        text_hash: ContentHash::of(&n.to_le_bytes()),
                    },
                })?);
            }
            Ok(())
        })?;
    }
    let at = "2026-02-01T00:00:00Z";
    let tags = store.edit(&edit(at), |w| {
        let mut tags = Vec::with_capacity(TAGS);
        for n in 0..TAGS {
            let parent = (n >= 20).then(|| tags[n % 20]);
            let name = format!("主题{n}");
            tags.push(w.create_tag(&NewTag {
                name: &name,
                parent,
                colour: "#336699",
                description: "",
            })?);
        }
        Ok(tags)
    })?;
    for batch in 0..PASSAGES / BATCH {
        store.edit(&edit(at), |w| {
            for n in 0..BATCH {
                // Five passages a report, so that each text is read once.
                let report = ids[(batch * BATCH + n) / 5 % ids.len()];
                let (one, other) = (tags[numbers.next(TAGS)], tags[numbers.next(TAGS)]);
                let both = [one, other];
                let some = if n.is_multiple_of(3) && one != other { &both[..] } else { &both[..1] };
                let start = n as u32 % 20;
                w.create_passage(&NewPassage {
                    report,
                    revision: None,
                    range: CharRange::new(start, start + 6),
                    tags: some,
                    memo: "",
                    coder: None,
                })?;
            }
            Ok(())
        })?;
    }
    store.edit(&edit(at), |w| {
        let mut all = Vec::new();
        for n in 0..COLLECTIONS {
            let parent = (n >= 10).then(|| all[n % 10]);
            let id = w.create_collection(parent, &format!("选集{n}"))?;
            all.push(id);
            // From ten reports to twenty thousand.
            let members = [10, 100, 1_000, 5_000, 20_000][n % 5];
            let from = numbers.next(ids.len() - members);
            for &report in &ids[from..from + members] {
                w.add_to_collection(id, report)?;
            }
        }
        Ok(())
    })
}

fn request(
    filter: &wire::ReportFilter,
    sort: wire::ReportSort,
    offset: u32,
) -> wire::ReportsRequest {
    wire::ReportsRequest { filter: filter.clone(), sort, descending: false, offset, limit: 100 }
}

/// How long this thread was on the processor, where the system tells.
fn processor() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split_whitespace().next().and_then(|n| n.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or_default())
}

fn once(run: impl FnOnce()) -> Duration {
    let started = Instant::now();
    run();
    started.elapsed()
}

/// Measures every action of the library; the rows of the table.
pub(crate) fn rows(folder: &Path, shell: &Shell) -> Vec<(String, String)> {
    let path = folder.join("library.anjuan");
    std::fs::copy(fixture(), &path).expect("copied");
    let mut rows = Vec::new();
    let mut busy = processor();
    let mut row = |what: &str, time: Duration| {
        // On a machine with other work the time on the processor says more.
        let now = processor();
        eprintln!("{:>10} {:>10} {what}", ms(time), ms(now.saturating_sub(busy)));
        busy = now;
        rows.push((format!("library, 100,000 reports: {what}"), ms(time)));
    };
    let all = wire::ReportFilter::default;
    let archive = Archive::open(&path, shell, "bench".into()).expect("it opens");
    row(
        "read the list whole, once when it is opened",
        once(|| {
            archive.report_ids(&request(&all(), wire::ReportSort::Imported, 0)).expect("it lists");
        }),
    );
    for sort in [
        wire::ReportSort::Title,
        wire::ReportSort::Published,
        wire::ReportSort::Place,
        wire::ReportSort::Organisation,
        wire::ReportSort::Source,
        wire::ReportSort::Authors,
        wire::ReportSort::Characters,
        wire::ReportSort::Passages,
        wire::ReportSort::Imported,
    ] {
        let name = format!("{sort:?}").to_lowercase();
        let first = once(|| drop(archive.reports(&request(&all(), sort.clone(), 0))));
        row(&format!("put in order by {name}, once in the background"), first);
        let mut offset = 0;
        // Another window each time, of another list in between, so that nothing is kept.
        let jump = best(5, || {
            offset += 17_321;
            let other = wire::ReportFilter { memo: Some(true), ..all() };
            archive.report_ids(&request(&other, wire::ReportSort::Imported, 0)).expect("it lists");
            let page = archive.reports(&request(&all(), sort.clone(), offset)).expect("it lists");
            assert_eq!((page.total as usize, page.rows.len()), (REPORTS, 100));
        });
        row(&format!("jump to a window by {name}"), jump);
    }
    let facets = archive.facets(&all()).expect("it counts");
    let tag = facets.tags[3].value.clone();
    let collection = facets.collections[4].value.clone();
    let organisation = facets.organisations[5].value.clone();
    let source = facets.sources[5].value.clone();
    let place = facets.places[3].value.clone();
    let filters = [
        ("nothing", all()),
        ("a place", wire::ReportFilter { places: vec![place.clone()], ..all() }),
        ("an organisation", wire::ReportFilter { organisations: vec![organisation], ..all() }),
        ("a source", wire::ReportFilter { sources: vec![source], ..all() }),
        ("ten years", wire::ReportFilter { years: (2010..2020).collect(), ..all() }),
        ("a script", wire::ReportFilter { scripts: vec!["Hant".into()], ..all() }),
        ("a tag and those below", wire::ReportFilter { tags: vec![tag], ..all() }),
        ("a collection", wire::ReportFilter { collections: vec![collection.clone()], ..all() }),
        ("a problem", wire::ReportFilter { problems: vec!["date_missing".into()], ..all() }),
        ("words", wire::ReportFilter { text: "侨联 报告".into(), ..all() }),
        ("initials", wire::ReportFilter { text: "gzzj".into(), ..all() }),
        ("one letter", wire::ReportFilter { text: "z".into(), ..all() }),
        ("pinyin", wire::ReportFilter { text: "nianduyaodian".into(), ..all() }),
        ("pinyin that is nowhere", wire::ReportFilter { text: "zhuangzhuang".into(), ..all() }),
        (
            "all of it",
            wire::ReportFilter {
                text: "ql".into(),
                places: vec![place],
                years: (1995..2020).collect(),
                passages: Some(true),
                ..all()
            },
        ),
    ];
    for (what, filter) in &filters {
        let list = best(5, || {
            archive.report_ids(&request(&all(), wire::ReportSort::Imported, 0)).expect("it lists");
            black_box(
                archive.reports(&request(filter, wire::ReportSort::Title, 0)).expect("lists"),
            );
        });
        row(&format!("first page under {what}, and that without"), list);
        let counts = best(5, || drop(black_box(archive.facets(filter).expect("it counts"))));
        row(&format!("all facets under {what}"), counts);
    }
    row(
        "collections with counts",
        best(5, || {
            black_box(archive.collections(&Nothing {}).expect("it counts"));
        }),
    );
    row(
        "values that meet `ql`",
        best(5, || {
            let request = wire::LibraryValuesRequest {
                filter: all(),
                column: wire::ValueColumn::Organisation,
                text: "ql".into(),
                limit: 20,
            };
            black_box(archive.library_values(&request).expect("it answers"));
        }),
    );
    let window =
        archive.report_ids(&request(&all(), wire::ReportSort::Title, 50_000)).expect("ids");
    row(
        "preview of a report",
        best(5, || {
            let request = wire::IdRequest { id: window[0].clone() };
            black_box(archive.report_preview(&request).expect("there"));
        }),
    );

    let ask = || {
        archive.reports(&request(&all(), wire::ReportSort::Imported, 0)).expect("it lists");
        archive.facets(&all()).expect("it counts");
    };
    let first = |limit: u32| {
        let request =
            wire::ReportsRequest { limit, ..request(&all(), wire::ReportSort::Imported, 1_000) };
        wire::ReportSelection::Ids { ids: archive.report_ids(&request).expect("it lists") }
    };
    let every = wire::ReportSelection::Matching { filter: Box::default(), except: Vec::new() };
    let go_on = &mut |_, _| ControlFlow::Continue(());
    for (what, reports) in
        [("one report", first(1)), ("1,000 reports", first(1_000)), ("all reports", every)]
    {
        let request = wire::SetMetadataRequest {
            reports,
            title: None,
            published: None,
            authors: None,
            source: Some("新的来源".into()),
            editor: None,
            place: None,
            organisation: None,
            delivered: None,
            period: None,
            kind: None,
            level: None,
            address: None,
        };
        let edit = once(|| {
            archive.set_metadata(&request, go_on).expect("it is changed");
        });
        row(&format!("another source for {what}"), edit);
        row(&format!("list and facets after it ({what})"), once(ask));
        row(
            &format!("undo of it ({what})"),
            once(|| {
                assert!(archive.undo(&Nothing {}).expect("it is undone").applied);
            }),
        );
        row(&format!("list and facets after the undo ({what})"), once(ask));
    }
    let into = wire::CollectionReportsRequest { id: collection, reports: first(10_000) };
    row(
        "10,000 reports into a collection",
        once(|| {
            archive.add_to_collection(&into, go_on).expect("added");
        }),
    );
    row("list and facets after it", once(ask));
    row(
        "undo of it",
        once(|| {
            assert!(archive.undo(&Nothing {}).expect("it is undone").applied);
        }),
    );
    row(
        "delete 1,000 reports",
        once(|| {
            archive.delete_reports(&first(1_000), go_on).expect("deleted");
        }),
    );
    row("list and facets after it", once(ask));
    row(
        "undo of it",
        once(|| {
            assert!(archive.undo(&Nothing {}).expect("it is undone").applied);
        }),
    );
    rows
}
