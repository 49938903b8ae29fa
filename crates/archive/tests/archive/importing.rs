//! What becomes of files: duplicates, versions and near ones, containers, choices, bad input, and
//! an import that is broken off.

use crate::{import, shared, shell};
use anjuan_archive::{Archive, Cancel, Desk, ImportStep};
use anjuan_protocol as wire;
use anjuan_protocol::ErrorCode::{DamagedFile, ErrorPage, ListPage, PasswordNeeded, TooLarge};
use anjuan_protocol::TableField::{File, Period, Published, Source, Text, Title};
use anjuan_protocol::{ImportOutcome as Outcome, Likeness};
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

fn archive(folder: &Path) -> Archive {
    Archive::create(&folder.join("a.anjuan"), &shell(folder), "林".into()).expect("a new archive")
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(&path, bytes).expect("written");
    path
}

/// A report of some length: numbered sentences, none of which stands in another one.
fn report(title: &str, seed: u32, sentences: u32) -> String {
    let topics =
        ["侨商投资", "华文教育", "法律援助", "走访慰问", "文化交流", "基层组织", "乡村振兴"];
    let mut text = format!("{title}\n");
    for n in 0..sentences {
        let k = seed * 131 + n * 17;
        let _ = write!(
            text,
            "第{}项，{}工作在{}月推进，惠及归侨侨眷{}人，落实资金{}万元。",
            k % 977,
            topics[(k % 7) as usize],
            k % 12 + 1,
            k * 7 % 9973,
            k * 13 % 8861
        );
        if n % 4 == 3 {
            text.push('\n');
        }
    }
    text
}

/// Searches read for themselves what the index lacks, so it is not left to the end of an import.
#[test]
fn the_index_takes_in_what_was_written_while_the_rest_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = Arc::new(archive(folder.path()));
    let until = |what: &str, holds: &dyn Fn(wire::IndexStatus) -> bool| {
        let began = std::time::Instant::now();
        while !holds(archive.index_status(&wire::Nothing {}).expect("told")) {
            assert!(began.elapsed().as_secs() < 60, "{what}");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    };
    archive.start_indexer();
    until("there is an index", &|status| !status.building);
    // Heavy pages with little text, as real ones are; nobody tells of the import's end here.
    let pages: Vec<PathBuf> = (1..=4)
        .map(|n| {
            let text =
                report(&format!("云溪市侨联第{n}号工作总结"), n, 40).replace('\n', "</p><p>");
            let heavy = "x".repeat(9 << 20);
            let page = format!("<html><body><p>{text}</p><!-- {heavy} --></body></html>");
            write(folder.path(), &format!("{n}.html"), page)
        })
        .collect();
    assert!(import(&archive, &pages).iter().all(|item| item.outcome == Outcome::Imported));
    until("the index holds some of them", &|status| status.indexed > 0);
}

fn request(paths: &[PathBuf]) -> wire::ImportRequest {
    wire::ImportRequest {
        paths: paths.iter().map(|p| p.to_string_lossy().into_owned()).collect(),
        ..wire::ImportRequest::default()
    }
}

fn run(archive: &Archive, request: &wire::ImportRequest) -> Vec<wire::ImportItem> {
    let job = format!("{:?}", std::time::Instant::now());
    archive.import(request, &job, &Cancel::default(), &mut |_| {}).expect("imports").items
}

fn count(archive: &Archive) -> u32 {
    archive.info().expect("read").reports
}

fn text_of(archive: &Archive, id: &str) -> String {
    archive.report(&wire::IdRequest { id: id.to_owned() }).expect("there").text
}

#[test]
fn same_bytes_same_text_and_nearly_the_same_are_told_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = archive(folder.path());
    let text = report("云溪市侨联2020年工作总结", 1, 60);
    let first = write(folder.path(), "in/甲.txt", &text);
    let imported = import(&archive, &[first]);
    assert_eq!(imported[0].outcome, Outcome::Imported);
    let known = imported[0].report.clone().expect("a report");
    let likeness = |item: &wire::ImportItem| {
        let near = item.near.clone().expect("it is like another one");
        assert_eq!(near.report, known);
        near.same
    };

    let bytes = import(&archive, &[write(folder.path(), "in/乙.txt", &text)]);
    assert_eq!(
        (bytes[0].outcome.clone(), likeness(&bytes[0])),
        (Outcome::Duplicate, Likeness::Bytes)
    );

    let other_script = anjuan_text::to_traditional(&text);
    let same = import(&archive, &[write(folder.path(), "in/丙.txt", other_script)]);
    assert_eq!((same[0].outcome.clone(), likeness(&same[0])), (Outcome::Duplicate, Likeness::Text));

    // The same title and nearly the same text: a version.
    let corrected = text.replace("走访慰问", "走访看望");
    let version = import(&archive, &[write(folder.path(), "in/丁.txt", &corrected)]);
    assert_eq!(version[0].outcome, Outcome::Version);
    assert_eq!(version[0].report.as_ref(), Some(&known));

    // Another title: whether it is the same report is the user's to say.
    let posted =
        corrected.replace("云溪市侨联2020年工作总结", "侨联年度回顾").replace("6人", "６人，");
    let near = import(&archive, &[write(folder.path(), "in/戊.txt", &posted)]);
    assert_eq!((near[0].outcome.clone(), likeness(&near[0])), (Outcome::Near, Likeness::Near));

    // The report of another year is one of its own.
    let next = report("云溪市侨联2021年工作总结", 2, 60);
    assert_eq!(
        import(&archive, &[write(folder.path(), "in/己.txt", next)])[0].outcome,
        Outcome::Imported
    );
    assert_eq!(count(&archive), 3);

    let pairs = archive.near_pairs().expect("read");
    assert_eq!((pairs.len(), pairs[0].other.as_str()), (1, known.as_str()));
    let later = pairs[0].report.clone();
    let passage = archive.tag_passage(&later, 10, 16, &["甲".into()], "记").expect("tagged");
    let decide = |action| {
        let request =
            wire::ResolveNearRequest { report: later.clone(), other: known.clone(), action };
        archive.resolve_near(&request)
    };
    decide(wire::NearAction::Version).expect("decided");
    assert_eq!(count(&archive), 2);
    let view = archive.report(&wire::IdRequest { id: known.clone() }).expect("there");
    assert_eq!(view.metadata.title.as_deref(), Some("云溪市侨联2020年工作总结"));
    assert!(view.text.contains("侨联年度回顾"));
    assert_eq!((view.passages.len(), view.revisions), (1, 3));
    assert_eq!(view.passages[0].quote, passage.quote);
    archive.undo(&wire::Nothing {}).expect("undone");
    assert_eq!((count(&archive), archive.near_pairs().expect("read").len()), (3, 1));
    decide(wire::NearAction::Keep).expect("decided");
    assert_eq!((count(&archive), archive.near_pairs().expect("read").len()), (3, 0));
    decide(wire::NearAction::Keep).expect_err("it is decided");
}

/// Files of the government reports that hold the text of another one; the corpus is known for it.
#[test]
fn an_extract_is_told_apart_from_a_copy() {
    let whole = report("云溪市侨联2020年工作总结", 1, 80);
    let lines: Vec<&str> = whole.lines().collect();
    let part = |from: usize, to: usize| lines[from..to].join("\n");
    let half = format!("侨联工作回顾（节选）\n{}", part(4, 18));
    let same_title = format!("{}\n{}", lines[0], part(1, 8));
    let longer = format!("{}\n{}", whole.replace(lines[0], "侨联回顾"), part(3, 4));
    let other = report("云溪市侨联2021年工作总结", 2, 40);
    let mixed = format!("两年来的工作\n{}\n{other}", part(1, 8));
    // What is there, what comes, and what the second is to the first.
    let cases = [
        ("the most of it", &whole, &half, Some(Likeness::Extract)),
        ("the whole, later", &half, &whole, Some(Likeness::Fuller)),
        ("with the title of the whole", &whole, &same_title, Some(Likeness::Extract)),
        ("the whole with that title, later", &same_title, &whole, Some(Likeness::Fuller)),
        ("a copy with a little more", &whole, &longer, Some(Likeness::Near)),
        ("some of it among other things", &whole, &mixed, None),
        ("another report", &whole, &other, None),
        (
            "a sentence of it",
            &whole,
            &format!("一句话\n{}", part(2, 3).chars().take(60).collect::<String>()),
            None,
        ),
    ];
    for (name, there, comes, expected) in cases {
        let folder = tempfile::tempdir().expect("a folder");
        let archive = archive(folder.path());
        let known = import(&archive, &[write(folder.path(), "一.txt", there)])[0].report.clone();
        let file = write(folder.path(), "二.txt", comes);
        let look = inspect(&file.to_string_lossy(), false);
        let item = import(&archive, &[file]).remove(0);
        let same = item.near.as_ref().map(|near| near.same);
        assert_eq!(same, expected, "{name}: {:?}", item.near);
        let Some(expected) = expected else {
            assert_eq!(item.outcome, Outcome::Imported, "{name}");
            continue;
        };
        assert_eq!(item.outcome, Outcome::Near, "{name}");
        let seen = archive.inspect_source(&look).expect("read").near.expect("it is there itself");
        assert_eq!(seen.same, Likeness::Bytes, "{name}");
        let pair = archive.near_pairs().expect("read").remove(0);
        assert_eq!((pair.same, Some(pair.other)), (expected, known.clone()), "{name}");
        // Each of the two says what it is to the other one.
        let of = |id: &str| archive.report(&wire::IdRequest { id: id.to_owned() }).expect("there");
        let back = match expected {
            Likeness::Extract => Likeness::Fuller,
            Likeness::Fuller => Likeness::Extract,
            same => same,
        };
        assert_eq!(of(&pair.report).near_reports[0].same, expected, "{name}");
        assert_eq!(of(known.as_deref().expect("a report")).near_reports[0].same, back, "{name}");
    }
}

#[test]
fn reports_filed_under_a_wrong_name_are_noticed() {
    let Some(_) = shared("corpora/gov_reports.tar.zst") else { return };
    let texts = std::env::temp_dir().join("corpora/gov_reports/txt");
    if !texts.is_dir() {
        println!("skipped: the corpus gov_reports is not unpacked");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let archive = archive(folder.path());
    let all: Vec<PathBuf> =
        fs::read_dir(&texts).expect("a folder").flatten().map(|e| e.path()).collect();
    let named = |part: &str| {
        all.iter().filter(move |p| p.to_string_lossy().contains(part)).cloned().collect::<Vec<_>>()
    };
    let mut noticed = 0;
    for (one, other) in [
        ("四川省_2019", "四川省_2020"),
        ("沧州市_2016", "池州市_2016"),
        ("兰州市_2021", "兰州市_2022"),
    ] {
        let files: Vec<PathBuf> = [named(one), named(other)].concat();
        assert_eq!(files.len(), 2, "{one} and {other}");
        let items = import(&archive, &files);
        println!("{one} and {other}: {:?}, {:?}", items[1].outcome, items[1].near);
        noticed += u32::from(
            items[1].near.as_ref().is_some_and(|n| Some(&n.report) == items[0].report.as_ref()),
        );
    }
    println!("misfiled reports noticed: {noticed} of 3");
    assert_eq!(noticed, 3);
}

/// A ZIP archive of files as they are.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let mut sum = !0_u32;
        for &byte in *content {
            sum ^= u32::from(byte);
            for _ in 0..8 {
                sum = if sum & 1 == 1 { 0xEDB8_8320 ^ (sum >> 1) } else { sum >> 1 };
            }
        }
        let mut fields = vec![20, 0, 0, 8, 0, 0, 0, 0, 0, 0];
        fields.extend((!sum).to_le_bytes());
        fields.extend((content.len() as u32).to_le_bytes());
        fields.extend((content.len() as u32).to_le_bytes());
        fields.extend((name.len() as u16).to_le_bytes());
        fields.extend([0; 2]);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&fields);
        directory.extend([0; 10]);
        directory.extend((bytes.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&fields);
        bytes.extend(name.as_bytes());
        bytes.extend(*content);
    }
    let at = bytes.len() as u32;
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend((files.len() as u16).to_le_bytes());
    bytes.extend((files.len() as u16).to_le_bytes());
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(at.to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

fn choice(path: &str, action: wire::ImportAction) -> wire::ImportChoice {
    wire::ImportChoice {
        path: path.into(),
        action,
        of: None,
        password: None,
        encoding: None,
        metadata: None,
        undo: Vec::new(),
        restore: Vec::new(),
    }
}

#[test]
fn a_preview_writes_nothing_and_says_what_the_import_then_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = archive(folder.path());
    let texts: Vec<String> = (0..4).map(|n| report(&format!("第{n}号工作报告"), n, 40)).collect();
    let page = format!("<html><body><h1>网页报告</h1><p>{}</p></body></html>", report("", 9, 30));
    let inside = zip(&[
        ("报告/一.txt", texts[0].as_bytes()),
        ("报告/二.txt", texts[1].as_bytes()),
        ("报告/图.png", b"x"),
        ("../外.txt", texts[2].as_bytes()),
    ]);
    let source = folder.path().join("in");
    let container = write(&source, "合集.zip", inside);
    write(&source, "三.txt", &texts[2]);
    write(&source, "页.html", page);
    write(&source, "页_files/框.html", "<p>frame");
    write(&source, "数据.json", "{}");
    write(&source, "空.txt", "  ");
    let mut asked = request(std::slice::from_ref(&source));
    let inner = |name: &str| format!("{}!/{name}", container.display());
    asked.choices = vec![
        choice(&inner("报告/二.txt"), wire::ImportAction::Skip),
        wire::ImportChoice {
            metadata: Some(wire::MetadataEdit {
                place: Some("江云省云州市".into()),
                period: Some("2016-2020".into()),
                kind: Some("work_report".into()),
                ..wire::MetadataEdit::default()
            }),
            ..choice(&inner("报告/一.txt"), wire::ImportAction::Take)
        },
    ];
    let mut foreseen = Vec::new();
    let mut ignored = 0;
    archive
        .preview(&asked, &Cancel::default(), &mut |step| match step {
            ImportStep::Item(item) => foreseen.push(*item),
            ImportStep::Ignored(n) => ignored = n,
            _ => {}
        })
        .expect("read");
    assert_eq!((count(&archive), archive.sequence().expect("read")), (0, 0));
    assert_eq!(ignored, 2, "a picture, and what belongs to the saved page");
    let done = run(&archive, &asked);
    let short = |items: &[wire::ImportItem]| -> Vec<(String, Outcome)> {
        items.iter().map(|i| (i.path.clone(), i.outcome.clone())).collect()
    };
    assert_eq!(short(&foreseen), short(&done));
    let outcome = |name: &str| {
        done.iter().find(|i| i.path.ends_with(name)).map(|i| i.outcome.clone()).expect(name)
    };
    assert_eq!(outcome("报告/一.txt"), Outcome::Imported);
    assert_eq!(outcome("报告/二.txt"), Outcome::Skipped);
    assert_eq!(outcome("!/外.txt"), Outcome::Duplicate, "the same text as 三.txt");
    assert_eq!(outcome("数据.json"), Outcome::Failed);
    assert_eq!(outcome("空.txt"), Outcome::Failed);
    let first = done.iter().find(|i| i.path.ends_with("一.txt")).expect("there");
    let metadata = first.metadata.clone().expect("known");
    assert_eq!(metadata.place.as_deref(), Some("江云省云州市"));
    assert_eq!(metadata.period, Some(wire::Period { from: 2016, to: 2020 }));
    assert_eq!(metadata.kind.as_deref(), Some("work_report"));
    let look = inspect(&first.path, false);
    let seen = archive.inspect_source(&look).expect("read");
    assert_eq!(seen.near.map(|n| Some(n.report)), Some(first.report.clone()));
    assert_eq!(seen.text, text_of(&archive, first.report.as_deref().expect("a report")));
    // Once more: nothing but what is known.
    assert!(
        run(&archive, &request(&[source]))
            .iter()
            .all(|i| !matches!(i.outcome, Outcome::Imported | Outcome::Near | Outcome::Version)
                || i.path.ends_with("二.txt"))
    );
    archive.check().map(|check| assert!(check.ok)).expect("checked");
}

#[test]
fn the_user_s_word_goes_before_what_the_program_would_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = archive(folder.path());
    let text = report("云溪市侨联工作总结", 1, 40);
    let one = import(&archive, &[write(folder.path(), "一.txt", &text)]);
    let known = one[0].report.clone().expect("a report");
    let same = write(folder.path(), "二.txt", &text);
    let path = same.to_string_lossy().into_owned();
    let with = |choice| wire::ImportRequest {
        choices: vec![choice],
        ..request(std::slice::from_ref(&same))
    };
    let kept = run(&archive, &with(choice(&path, wire::ImportAction::Keep)));
    assert_eq!((kept[0].outcome.clone(), count(&archive)), (Outcome::Imported, 2));
    let other = write(folder.path(), "三.txt", report("全然不同的报告", 5, 40));
    let path = other.to_string_lossy().into_owned();
    let version = wire::ImportChoice {
        of: Some(known.clone()),
        ..choice(&path, wire::ImportAction::Version)
    };
    let asked = wire::ImportRequest { choices: vec![version], ..request(&[other]) };
    let item = &run(&archive, &asked)[0];
    assert_eq!((item.outcome.clone(), item.report.as_ref()), (Outcome::Version, Some(&known)));
    assert!(text_of(&archive, &known).contains("全然不同的报告"));
    let nothing = choice(&path, wire::ImportAction::Version);
    let asked = wire::ImportRequest { choices: vec![nothing], ..request(&[]) };
    archive.import(&asked, "x", &Cancel::default(), &mut |_| {}).expect_err("of which report?");
}

fn inspect(path: &str, anyway: bool) -> wire::InspectRequest {
    wire::InspectRequest { path: path.to_owned(), password: None, encoding: None, anyway }
}

#[test]
fn a_page_that_is_refused_comes_in_on_the_user_s_word() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = archive(folder.path());
    let list = (1..30).fold("<html><body><ul>".to_owned(), |page, n| {
        page + &format!("<li><a href=/{n}.html>云溪市侨联召开第{n}次全体会议</a> 05-{n:02}</li>")
    });
    let error =
        "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>云溪市侨联工作总结</p>";
    let crawl = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.cn/1.html\r\n\
         Content-Type: application/http\r\nContent-Length: {}\r\n\r\n{error}\r\n\r\n",
        error.len()
    );
    let files =
        [write(folder.path(), "in/列表.html", list), write(folder.path(), "in/采集.warc", crawl)];
    let refused = run(&archive, &request(&files));
    for (item, code, problem) in
        [(&refused[0], ListPage, "list_page"), (&refused[1], ErrorPage, "error_page")]
    {
        assert_eq!(item.outcome, Outcome::Refused);
        assert_eq!(item.error.as_ref().map(|e| e.code), Some(code));
        archive.inspect_source(&inspect(&item.path, false)).expect_err("refused");
        let seen = archive.inspect_source(&inspect(&item.path, true)).expect("read");
        assert_eq!(seen.problems[0].code, problem);
        // Said of one file, or of everything in a folder or container.
        let asked = wire::ImportRequest {
            choices: vec![choice(&item.path, wire::ImportAction::Keep)],
            ..request(&files)
        };
        let items = run(&archive, &asked);
        let kept = items.iter().find(|i| i.path == item.path).expect("there");
        assert_eq!(kept.outcome, Outcome::Imported);
        assert_eq!(kept.problems[0].code, problem);
        let others = items.iter().filter(|i| i.path != item.path);
        assert!(others.clone().all(|i| i.outcome != Outcome::Imported), "{items:?}");
        let id = kept.report.clone().expect("a report");
        assert_eq!(text_of(&archive, &id), seen.text);
        // Read once more it is still what the user said it is.
        let reports = wire::ReportSelection::Ids { ids: vec![id] };
        let mut again = Vec::new();
        archive
            .reread(&wire::RereadRequest { reports }, "r", &Cancel::default(), &mut |step| {
                if let ImportStep::Item(item) = step {
                    again.push(item.outcome.clone());
                }
            })
            .expect("read");
        assert_eq!(again, [Outcome::Duplicate]);
    }
}

#[test]
fn pasted_texts_are_reports() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = archive(folder.path());
    let asked = |text: &str, html| wire::TextRequest {
        text: text.into(),
        html,
        title: Some("粘贴的报告".into()),
        address: Some("https://example.cn/1.html".into()),
        collection: None,
        metadata: None,
        keep: false,
        undo: Vec::new(),
        restore: Vec::new(),
    };
    let text = "五年来，云溪市侨联凝聚侨心、汇集侨智，各项工作迈上新台阶。\n服务侨胞三千人次，募集善款五百万元。";
    let seen = archive.inspect_text(&asked(text, false)).expect("read");
    assert!(seen.near.is_none());
    let item = archive.import_text(&asked(text, false)).expect("kept");
    let metadata = item.metadata.expect("known");
    assert_eq!(metadata.title.as_deref(), Some("粘贴的报告"));
    assert_eq!(metadata.address.as_deref(), Some("https://example.cn/1.html"));
    let piece = format!("<p>{}</p>", text.replace('\n', "</p><p>"));
    let again = archive.import_text(&asked(&piece, true)).expect("known");
    assert_eq!(again.outcome, Outcome::Duplicate, "{:?}", again.near);
    archive.import_text(&asked("  \n ", false)).expect_err("there is nothing");
}

#[test]
fn a_repair_is_taken_back_and_a_report_read_once_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = archive(folder.path());
    let text = "衡云市侨联工作总结\n衡云市侨联(lián)服务侨胞(bāo)三千人次，侨联(lián)工作迈上新台阶，成绩显著(zhù)。\n";
    let item = &import(&archive, &[write(folder.path(), "一.txt", text)])[0];
    let id = item.report.clone().expect("a report");
    let before = archive.report(&wire::IdRequest { id: id.clone() }).expect("there");
    assert!(!before.repairs.is_empty(), "glosses were taken out");
    let start = before.text.chars().position(|c| c == '三').expect("there") as u32;
    archive.tag_passage(&id, start, start + 4, &["甲".into()], "").expect("tagged");
    let view =
        archive.undo_repair(&wire::UndoRepairRequest { id: id.clone(), index: 0 }).expect("done");
    assert_eq!(view.repairs.len(), before.repairs.len() - 1);
    assert!(view.text.contains("(lián)") || view.text.contains("（lián）"), "{}", view.text);
    assert_eq!(view.passages[0].quote, "三千人次");
    archive.undo_repair(&wire::UndoRepairRequest { id: id.clone(), index: 99 }).expect_err("none");
    let asked =
        wire::RereadRequest { reports: wire::ReportSelection::Ids { ids: vec![id.clone()] } };
    let mut items = Vec::new();
    let mut tell = |step| {
        if let ImportStep::Item(item) = step {
            items.push(item.outcome.clone());
        }
    };
    archive.reread(&asked, "r", &Cancel::default(), &mut tell).expect("read");
    archive.reread(&asked, "r", &Cancel::default(), &mut tell).expect("read");
    assert_eq!(items, [Outcome::Version, Outcome::Duplicate]);
    assert_eq!(text_of(&archive, &id), before.text);
}

#[test]
fn what_is_taken_back_before_an_import_comes_out_as_what_is_taken_back_after_it() {
    let text = "首页 > 工作动态 > 正文\n衡云市侨联工作总结\n来源：衡云侨联  点击：105  【打印】\n\
        衡云市侨联(lián)服务侨胞(bāo)三千人次,侨联(lián)工作迈上新台阶，成绩显著(zhù)。\n\
        二是走访老归侨(qiáo)三十户,帮助解决困难,得到侨界好评。\n上一篇：没有了\n";
    let begin = |name: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        let archive = archive(folder.path());
        let file = write(folder.path(), name, text);
        (folder, archive, file)
    };
    let (_plain, plain, file) = begin("一.txt");
    let id = import(&plain, &[file])[0].report.clone().expect("a report");
    let read = plain.report(&wire::IdRequest { id }).expect("there");
    let (repairs, pieces) = (read.repairs.len() as u32, read.furniture.len() as u32);
    assert!(repairs >= 4 && pieces >= 2, "{repairs} {pieces}");
    let alone = (0..repairs).map(|i| (vec![i], vec![]));
    let aside = (0..pieces).map(|i| (vec![], vec![i]));
    let all = [((0..repairs).collect(), (0..pieces).collect()), (vec![2, 0, 2], vec![1, 0])];
    for (undo, restore) in alone.chain(aside).chain(all) {
        let (_one, before, file) = begin("一.txt");
        let path = file.to_string_lossy().into_owned();
        let said = wire::ImportChoice {
            undo: undo.clone(),
            restore: restore.clone(),
            ..choice(&path, wire::ImportAction::Take)
        };
        let asked = wire::ImportRequest { choices: vec![said], ..request(&[file]) };
        let item = run(&before, &asked).remove(0);
        let one = before.report(&wire::IdRequest { id: item.report.expect("a report") });
        let one = one.expect("there");
        assert_eq!((item.repairs.iter().map(|r| r.count).sum::<u32>()) as usize, one.repairs.len());

        let (_two, after, file) = begin("一.txt");
        let id = import(&after, &[file])[0].report.clone().expect("a report");
        let sorted = |indices: &[u32]| std::collections::BTreeSet::from_iter(indices.to_vec());
        for &index in sorted(&undo).iter().rev() {
            after
                .undo_repair(&wire::UndoRepairRequest { id: id.clone(), index })
                .expect("taken back");
        }
        for &index in sorted(&restore).iter().rev() {
            after
                .restore_furniture(&wire::RestoreFurnitureRequest { id: id.clone(), index })
                .expect("put back");
        }
        let two = after.report(&wire::IdRequest { id }).expect("there");
        let shape = |view: &wire::ReportView| {
            let json = |value: serde_json::Result<String>| value.expect("JSON");
            [
                view.text.clone(),
                json(serde_json::to_string(&view.blocks)),
                json(serde_json::to_string(&view.repairs)),
                json(serde_json::to_string(&view.furniture)),
                json(serde_json::to_string(&view.problems)),
            ]
        };
        assert_eq!(shape(&one), shape(&two), "{undo:?} {restore:?}");
        // One step, which one undo takes back.
        before.undo(&wire::Nothing {}).expect("undone");
        assert_eq!(count(&before), 0);
    }
    // A file that is another one by now.
    let (_other, other, file) = begin("一.txt");
    let path = file.to_string_lossy().into_owned();
    let said = wire::ImportChoice { undo: vec![0, 999], ..choice(&path, wire::ImportAction::Take) };
    let item = run(&other, &wire::ImportRequest { choices: vec![said], ..request(&[file]) });
    assert_eq!(text_of(&other, item[0].report.as_ref().expect("a report")), read.text);
}

#[test]
fn a_table_gives_reports_and_what_is_known_of_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = archive(folder.path());
    let text = report("县里的报告", 3, 30);
    write(folder.path(), "文件/三.txt", &text);
    let outside = write(folder.path().parent().expect("a folder"), "外面.txt", &text);
    let table = format!(
        "标题,日期,来源,正文,文件,年度\n第一号报告,2021-02-04,云溪日报,\"{}\",,2020\n第三号报告,2022-03-05,云浦日报,,文件/三.txt,2021\n外面的,2022,x,,../{},\n",
        report("", 4, 20).replace('\n', ""),
        outside.file_name().expect("a name").to_string_lossy(),
    );
    let path = write(folder.path(), "清单.csv", table).to_string_lossy().into_owned();
    let asked = wire::TableRequest { path: path.clone(), sheet: None, header: None };
    let seen = archive.table_preview(&asked).expect("read");
    assert_eq!((seen.total, seen.columns.len(), seen.header), (3, 6, true));
    let fields = [Title, Published, Source, Text, File, Period].map(Some).to_vec();
    assert_eq!(seen.columns[0].field, Some(Title));
    let choice = wire::TableChoice { path: path.clone(), sheet: None, header: true, fields };
    let asked = wire::ImportRequest { paths: vec![path], tables: vec![choice], ..request(&[]) };
    let items = run(&archive, &asked);
    let _ = fs::remove_file(outside);
    let outcomes: Vec<Outcome> = items.iter().map(|i| i.outcome.clone()).collect();
    assert_eq!(outcomes, [Outcome::Imported, Outcome::Imported, Outcome::Failed], "{items:?}");
    let of = |n: usize| items[n].metadata.clone().expect("known");
    assert_eq!(of(0).title.as_deref(), Some("第一号报告"));
    assert_eq!(of(0).published.as_deref(), Some("2021-02-04"));
    assert_eq!(of(1).title.as_deref(), Some("第三号报告"));
    assert_eq!(of(1).source.as_deref(), Some("云浦日报"));
    assert_eq!(of(1).period, Some(wire::Period { from: 2021, to: 2021 }));
}

#[test]
fn bad_input_is_told_file_by_file_and_the_batch_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = archive(folder.path());
    let source = folder.path().join("in");
    let text = report("好的报告", 1, 40);
    let random: Vec<u8> =
        (0..50_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    write(&source, "01-乱.txt", &random);
    write(&source, "02-乱.pdf", [b"%PDF-1.7\n".as_slice(), &random].concat());
    write(&source, "03-乱.zip", [b"PK\x03\x04".as_slice(), &random].concat());
    write(&source, "04-乱.docx", [b"PK\x03\x04".as_slice(), &random].concat());
    write(&source, "05-乱.warc.gz", [b"\x1F\x8B\x08\0".as_slice(), &random].concat());
    let whole = zip(&[("一.txt", text.as_bytes()), ("二.txt", report("另一份", 8, 40).as_bytes())]);
    write(&source, "06-半.zip", &whole[..whole.len() * 6 / 10]);
    write(
        &source,
        "07-xxe.html",
        "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><html><body>&x;</body></html>",
    );
    write(&source, "08-深.html", "<div>".repeat(60_000));
    // 2 GB without a byte on the disk.
    let sparse = fs::File::create(source.join("09-大.txt")).expect("made");
    sparse.set_len(2 << 30).expect("sized");
    write(&source, "10-加密.zip", {
        let mut locked = zip(&[("密.txt", text.as_bytes())]);
        locked[6] = 1;
        let at = locked.windows(4).position(|w| w == b"PK\x01\x02").expect("a directory");
        locked[at + 8] = 1;
        locked
    });
    write(&source, "99-好.txt", &text);
    let items = run(&archive, &request(&[source]));
    let of = |name: &str| items.iter().filter(|i| i.path.contains(name)).collect::<Vec<_>>();
    for item in &items {
        assert!(item.error.is_none() || !item.error.as_ref().expect("one").message.is_empty());
        let passwd = item.report.as_ref().is_some_and(|id| text_of(&archive, id).contains("root:"));
        assert!(!passwd, "{}", item.path);
    }
    let code = |name: &str| of(name).iter().find_map(|i| i.error.as_ref().map(|e| e.code));
    assert_eq!(code("09-"), Some(TooLarge));
    assert_eq!(code("10-"), Some(PasswordNeeded));
    assert_eq!(code("03-"), Some(DamagedFile));
    for name in ["01-", "02-", "04-", "05-"] {
        assert!(of(name).iter().all(|i| i.outcome == Outcome::Failed), "{name}: {:?}", of(name));
        assert!(!of(name).is_empty(), "{name} is told of");
    }
    // What is whole of the truncated one, and that it is truncated.
    assert!(
        of("06-").iter().any(|i| i.outcome == Outcome::Imported || i.outcome == Outcome::Duplicate)
    );
    assert!(of("06-").iter().any(|i| i.outcome == Outcome::Failed));
    assert!(!of("99-").is_empty() && of("99-")[0].outcome != Outcome::Failed);
    assert!(archive.check().expect("checked").ok);
}

const CHILD: &str = "ANJUAN_TEST_RESUMED_CHILD";
const MANY: u32 = 400;

/// Imports until it is killed.
fn child(folder: &Path) {
    let archive =
        Archive::open(&folder.join("a.anjuan"), &shell(folder), "子".into()).expect("opens");
    let mut out = std::io::stdout().lock();
    archive
        .import(&request(&[folder.join("in")]), "batch", &Cancel::default(), &mut |step| {
            if let ImportStep::Item(item) = step {
                writeln!(out, "item {}", item.path).expect("the parent listens");
            }
        })
        .expect("imports");
}

#[test]
fn an_import_that_was_killed_goes_on() {
    if let Some(folder) = std::env::var_os(CHILD) {
        child(Path::new(&folder));
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    drop(archive(folder.path()));
    let source = folder.path().join("in");
    for n in 0..MANY / 2 {
        write(&source, &format!("{n:04}.txt"), report(&format!("第{n}号报告"), n, 12));
    }
    // The other half in a container, so that it breaks off inside or before it.
    let texts: Vec<(String, String)> = (MANY / 2..MANY)
        .map(|n| (format!("{n:04}.txt"), report(&format!("第{n}号报告"), n, 12)))
        .collect();
    let files: Vec<(&str, &[u8])> = texts.iter().map(|(n, t)| (n.as_str(), t.as_bytes())).collect();
    write(&source, "合集.zip", zip(&files));
    let (mut told, mut rounds) = (std::collections::HashSet::new(), 0);
    for after in [40_usize, 150] {
        let mut run = Command::new(std::env::current_exe().expect("this program"))
            .args(["an_import_that_was_killed_goes_on", "--nocapture", "--test-threads=1"])
            .env(CHILD, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let mut items = 0;
        for line in
            BufReader::new(run.stdout.take().expect("its output")).lines().map_while(Result::ok)
        {
            if let Some(at) = line.find("item ") {
                told.insert(line[at + 5..].to_owned());
                items += 1;
                if items == after {
                    let _ = Command::new("kill").args(["-9", &run.id().to_string()]).status();
                }
            }
        }
        run.wait().expect("ends");
        rounds += 1;
        if rounds == 1 {
            // The next run is one that goes on.
            let archive =
                Archive::open(&folder.path().join("a.anjuan"), &shell(folder.path()), "母".into())
                    .expect("opens");
            let pending = archive.pending_import().expect("read").expect("it was broken off");
            assert!(pending.done >= 40 && pending.done < MANY, "{pending:?}");
            assert_eq!(pending.subject, source.to_string_lossy());
        }
    }
    let archive =
        Archive::open(&folder.path().join("a.anjuan"), &shell(folder.path()), "母".into())
            .expect("opens");
    let before = archive.pending_import().expect("read").expect("it was broken off").done;
    let (mut again, mut found) = (0, 0);
    archive
        .resume_import(&Cancel::default(), &mut |step| match step {
            ImportStep::Item(item) => {
                again += 1;
                told.insert(item.path.clone());
                assert!(matches!(item.outcome, Outcome::Imported | Outcome::Duplicate), "{item:?}");
            }
            ImportStep::Found(n) => found = n,
            _ => {}
        })
        .expect("goes on");
    println!("killed twice; {before} files were done, {again} came after");
    assert_eq!((before + again, found), (MANY, MANY));
    assert_eq!(count(&archive), MANY, "each once");
    assert!(archive.pending_import().expect("read").is_none());
    assert!(archive.resume_import(&Cancel::default(), &mut |_| {}).is_err());
    // Between the disk and the last word a kill may come.
    assert!(told.len() as u32 <= MANY);
}

#[test]
fn an_import_stops_when_asked_inside_a_container_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = archive(folder.path());
    let texts: Vec<(String, String)> =
        (0..300).map(|n| (format!("{n:04}.txt"), report(&format!("第{n}号报告"), n, 12))).collect();
    let files: Vec<(&str, &[u8])> = texts.iter().map(|(n, t)| (n.as_str(), t.as_bytes())).collect();
    let path = write(folder.path(), "合集.zip", zip(&files));
    let cancel = Cancel::default();
    let mut told = 0;
    archive
        .import(&request(&[path]), "c", &cancel, &mut |step| {
            if let ImportStep::Item(_) = step {
                told += 1;
                cancel.ask();
            }
        })
        .expect("stopped");
    assert!(told < 200, "{told}");
    assert_eq!(count(&archive), told, "what was told is there, and nothing else");
    assert!(archive.pending_import().expect("read").is_none(), "the user broke it off");
}

#[test]
fn what_is_saved_into_a_watched_folder_is_imported() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(archive(folder.path()));
    let watched = folder.path().join("下载");
    write(&watched, "旧.txt", report("从前的报告", 1, 20));
    let desk = Desk::new(shell(folder.path()));
    let path = folder.path().join("a.anjuan").to_string_lossy().into_owned();
    let app = anjuan_archive::App::on(&desk, "main");
    app.open_archive(wire::PathRequest { path: path.clone() }).expect("opens");
    let settings = serde_json::json!({ "watched": [{
        "path": watched, "archive": path, "collection": null, "enabled": true,
    }] });
    app.set_settings(wire::SettingsChange { changes: settings }).expect("set");
    desk.look_at_watched();
    write(&watched, "新.txt", report("新来的报告", 2, 20));
    write(&watched, "未完.crdownload", "x");
    let imported = || {
        app.reports(wire::ReportsRequest {
            filter: wire::ReportFilter::default(),
            sort: wire::ReportSort::Imported,
            descending: false,
            offset: 0,
            limit: 9,
        })
        .expect("lists")
        .rows
    };
    for _ in 0..200 {
        desk.look_at_watched();
        if !imported().is_empty() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let rows = imported();
    assert_eq!(rows.len(), 1, "what was there before is left to the user");
    assert_eq!(rows[0].title, "新来的报告");
    desk.look_at_watched();
    desk.stop(std::time::Duration::from_secs(10));
    assert_eq!(imported().len(), 1);
}
