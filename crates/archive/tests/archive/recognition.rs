//! Scans and the program that reads them: a small one that the tests write, and the true one where
//! the machine has it.

use crate::{asked, ended, import, search, shell};
use anjuan_archive::{App, Archive, Cancel, Recogniser};
use anjuan_import::Options;
use anjuan_import::pdf::{Painter, Picture};
use anjuan_protocol as wire;
use anjuan_protocol::{ErrorCode, ImportOutcome as Outcome, JobKind, JobState, Nothing};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

// --- scans -----------------------------------------------------------------------------------

enum Page<'p> {
    /// A line of text at the top, so wide in points.
    Text(&'p str),
    /// A picture that fills a page so wide in points.
    Scan(u32),
    /// A picture at 300 pixels to the inch.
    Picture(&'p Picture),
}

/// A PDF of pages.
fn pdf(pages: &[Page<'_>]) -> Vec<u8> {
    let font = "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H\
        /DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light\
        /CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000>>]>>";
    let kids = (0..pages.len()).fold(String::new(), |out, n| format!("{out}{} 0 R ", 4 + 3 * n));
    let mut objects: Vec<Vec<u8>> = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Kids[{kids}]/Count {}>>", pages.len()).into_bytes(),
        font.into(),
    ];
    let white = Picture { width: 1, height: 1, grey: vec![255] };
    for (n, page) in pages.iter().enumerate() {
        let (width, height, picture) = match page {
            Page::Text(_) => (595, 842, &white),
            Page::Scan(width) => (*width, 842, &white),
            Page::Picture(picture) => {
                (picture.width * 72 / 300, picture.height * 72 / 300, *picture)
            }
        };
        let content = match page {
            Page::Text(text) => {
                let codes = text.encode_utf16().fold(String::new(), |mut out, unit| {
                    let _ = write!(out, "{unit:04X}");
                    out
                });
                format!("BT /F 12 Tf 1 0 0 1 60 700 Tm <{codes}> Tj ET")
            }
            _ => format!("q {width} 0 0 {height} 0 0 cm /I Do Q"),
        };
        let first = 4 + 3 * n;
        objects.push(
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Contents {} 0 R\
                 /Resources<</Font<</F 3 0 R>>/XObject<</I {} 0 R>>>>>>",
                first + 1,
                first + 2
            )
            .into_bytes(),
        );
        let stream = |dict: &str, bytes: &[u8]| {
            let mut out = format!("<<{dict}/Length {}>>\nstream\n", bytes.len()).into_bytes();
            out.extend_from_slice(bytes);
            out.extend_from_slice(b"\nendstream");
            out
        };
        objects.push(stream("", content.as_bytes()));
        let image = format!(
            "/Type/XObject/Subtype/Image/Width {}/Height {}/BitsPerComponent 8/ColorSpace/DeviceGray",
            picture.width, picture.height
        );
        objects.push(stream(&image, &picture.grey));
    }
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (n, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", out.len());
        out.extend_from_slice(format!("{} 0 obj\n", n + 1).as_bytes());
        out.extend_from_slice(object);
        out.extend_from_slice(b"\nendobj\n");
    }
    let (start, count) = (out.len(), objects.len() + 1);
    out.extend_from_slice(table.as_bytes());
    let end = format!("trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    out.extend_from_slice(end.as_bytes());
    out
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("written");
    path
}

fn ids(all: &[&str]) -> wire::ReportSelection {
    wire::ReportSelection::Ids { ids: all.iter().map(ToString::to_string).collect() }
}

fn request(all: &[&str]) -> wire::RecogniseRequest {
    wire::RecogniseRequest { reports: ids(all), script: None, again: false, password: None }
}

#[test]
fn scans_without_text_are_not_the_same_report() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive =
        Archive::create(&folder.path().join("a.anjuan"), &shell(folder.path()), "林".into())
            .expect("new");
    let one = write(folder.path(), "一.pdf", pdf(&[Page::Scan(595)]));
    let two = write(folder.path(), "二.pdf", pdf(&[Page::Scan(595), Page::Scan(500)]));
    let again = write(folder.path(), "又一.pdf", pdf(&[Page::Scan(595)]));
    let items = import(&archive, &[one, two, again]);
    let outcomes: Vec<Outcome> = items.iter().map(|item| item.outcome.clone()).collect();
    assert_eq!(outcomes, [Outcome::Imported, Outcome::Imported, Outcome::Duplicate]);
    assert!(items.iter().all(|i| i.characters == 0));
}

#[test]
fn without_the_program_the_way_to_it_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let none = Recogniser::find(&[folder.path().to_owned()], None).expect_err("not there");
    assert_eq!(none.code, ErrorCode::MissingProgram);
    assert!(none.hints.iter().any(|hint| hint.contains("apt install tesseract-ocr")), "{none:?}");
    Recogniser::find(&[], Some("Cyrl")).expect_err("no script of reports");
}

// --- a program that the tests write ---------------------------------------------------------

#[cfg(unix)]
mod written {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    /// The program: a page is known by its width in pixels, and what it reads lies in a file for
    /// width and language.
    const SCRIPT: &str = r#"#!/bin/sh
here=$(dirname "$0")
case "$1" in
  --version) echo 'tesseract 5.3.0'; echo ' leptonica-1.82.0'; exit ;;
  --list-langs) echo 'List of available languages in "/x" (2):'; cat "$here/languages"; exit ;;
esac
read -r magic; read -r width height
cat >/dev/null
[ -e "$here/hang" ] && exec sleep 600
[ -e "$here/fail.$width" ] && { echo 'Error opening data file' >&2; exit 1; }
echo "$width $4" >>"$here/asked"
cat "$here/$width.$4" 2>/dev/null
exit 0
"#;

    /// Width of a page in pixels, of one that is so wide in points.
    fn pixels(points: u32) -> u32 {
        (points * 300 + 36) / 72
    }

    /// A line of words with their confidence.
    type Line<'l> = &'l [(&'l str, u32)];

    struct Bench {
        folder: tempfile::TempDir,
    }

    impl Bench {
        fn new(languages: &str) -> Self {
            let bench = Self { folder: tempfile::tempdir().expect("a folder") };
            std::fs::create_dir_all(bench.bin()).expect("made");
            write(&bench.bin(), "languages", languages);
            let program = write(&bench.bin(), "tesseract", SCRIPT);
            std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))
                .expect("set");
            bench
        }

        fn bin(&self) -> PathBuf {
            self.folder.path().join("bin")
        }

        /// What the program reads on a page so wide in points.
        fn reads(&self, points: u32, language: &str, lines: &[Line<'_>]) {
            let mut table = String::new();
            for (row, line) in lines.iter().enumerate() {
                let (top, mut x) = (200 + 90 * row, 200);
                let _ = writeln!(table, "4\t1\t1\t1\t{row}\t0\t200\t{top}\t2000\t50\t-1\t");
                for (n, (word, sure)) in line.iter().enumerate() {
                    let width = 50 * word.chars().count();
                    let _ = writeln!(
                        table,
                        "5\t1\t1\t1\t{row}\t{n}\t{x}\t{top}\t{width}\t50\t{sure}\t{word}"
                    );
                    x += width;
                }
            }
            write(&self.bin(), &format!("{}.{language}", pixels(points)), table);
        }

        fn app(&self) -> App {
            let mut shell = shell(self.folder.path());
            shell.folders.programs = vec![self.folder.path().join("nowhere"), self.bin()];
            let app = App::new(shell);
            let path = self.folder.path().join("a.anjuan").to_string_lossy().into_owned();
            app.create_archive(wire::PathRequest { path }).expect("made");
            app
        }

        /// Imports a file of pages; its report.
        fn scan(&self, app: &App, name: &str, pages: &[Page<'_>]) -> String {
            let path = write(self.folder.path(), name, pdf(pages));
            let request = wire::ImportRequest {
                paths: vec![path.to_string_lossy().into_owned()],
                ..wire::ImportRequest::default()
            };
            let job = ended(app, &app.start_import(request).expect("begun").id);
            job.items[0].report.clone().expect("imported")
        }
    }

    fn view(app: &App, id: &str) -> wire::ReportView {
        app.report(wire::IdRequest { id: id.to_owned() }).expect("there")
    }

    fn codes(view: &wire::ReportView) -> Vec<&str> {
        view.problems.iter().map(|p| p.code.as_str()).collect()
    }

    const COVER: &str = "云溪市侨联收文登记第十二号，此页由办公室打印。";
    const SIMPLIFIED: &[Line<'_>] = &[
        &[("云溪市侨联", 96), ("2021", 94), ("年工作总结", 95)],
        &[("2021年12月28日", 93)],
        &[
            ("五年来", 96),
            ("云溪市侨联", 95),
            ("坚持凝聚侨心，汇集侨智，", 93),
            ("发挥侨力，维护侨益。", 93),
        ],
        &[("各项工作迈上了新的", 94), ("合阶", 31), ("，全市归侨侨眷共享", 90), ("发展成果。", 92)],
    ];

    #[test]
    fn a_scan_becomes_a_report_and_what_was_marked_stays() {
        let bench = Bench::new("chi_sim\nchi_tra\neng");
        bench.reads(595, "chi_sim", SIMPLIFIED);
        bench.reads(595, "chi_tra", &[&[("云溪市侨联", 60), ("工作总結", 40)]]);
        bench.reads(
            500,
            "chi_sim",
            &[&[("二、", 90), ("下一年的打算是继续做好为侨服务工作。", 95)]],
        );
        let app = bench.app();
        let id = bench.scan(
            &app,
            "扫描件0001.pdf",
            &[Page::Text(COVER), Page::Scan(595), Page::Scan(500)],
        );
        let before = view(&app, &id);
        assert!(codes(&before).contains(&"no_text_layer") && before.recognition.is_none());
        // One that the user put right, and a passage.
        let place = serde_json::json!({ "reports": { "ids": [id] }, "place": "江云省云溪市" });
        app.set_metadata(serde_json::from_value(place).expect("a request")).expect("set");
        let tag =
            wire::TagDraft { name: "办文".into(), parent: None, colour: None, description: None };
        let tag = app.create_tag(tag).expect("a tag").id;
        let start = before.text.chars().position(|c| c == '办').expect("there") as u32;
        app.create_passage(wire::PassageDraft {
            report: id.clone(),
            start,
            end: start + 3,
            tags: vec![tag],
            memo: "甲".into(),
        })
        .expect("marked");

        let job = ended(&app, &app.recognise(request(&[&id])).expect("begun").id);
        assert_eq!(
            (job.kind.clone(), job.state.clone()),
            (JobKind::Recognise, JobState::Done),
            "{job:?}"
        );
        assert_eq!((job.done, job.total, job.counts.versions), (2, 2, 1));
        let after = view(&app, &id);
        assert!(
            after.text.contains(COVER) && after.text.contains("迈上了新的合阶，全市"),
            "{}",
            after.text
        );
        assert!(after.text.contains("继续做好为侨服务工作"));
        let told = after.recognition.clone().expect("marked");
        assert_eq!((told.program.as_str(), told.pages, told.of), ("tesseract 5.3.0", 2, 3));
        assert!((85..=95).contains(&told.confidence), "{told:?}");
        let uncertain: Vec<&wire::Problem> =
            after.problems.iter().filter(|p| p.code == "recognition_uncertain").collect();
        let [uncertain] = uncertain[..] else { panic!("{:?}", after.problems) };
        let place =
            uncertain.start.expect("a place") as usize..uncertain.end.expect("one") as usize;
        let chars: Vec<char> = after.text.chars().collect();
        assert_eq!(chars[place].iter().collect::<String>(), "合阶");
        assert!(!codes(&after).contains(&"no_text_layer"));
        assert_eq!(after.metadata.place.as_deref(), Some("江云省云溪市"));
        assert_eq!(
            (after.passages[0].quote.as_str(), after.passages[0].memo.as_str()),
            ("办公室", "甲")
        );
        assert_eq!(after.passages[0].revision, after.revision);
        app.settle().expect("indexed");
        let find = |app: &App| app.search(asked("汇集侨智")).expect("answers").total;
        assert_eq!(find(&app), 1);

        // Neither a second time nor by reading the file again is it done away with.
        let again = ended(&app, &app.recognise(request(&[&id])).expect("begun").id);
        assert_eq!((again.state, again.counts.skipped, again.total), (JobState::Done, 1, 0));
        let read = ended(
            &app,
            &app.reread(wire::RereadRequest { reports: ids(&[&id]) }).expect("begun").id,
        );
        assert_eq!(read.counts.skipped, 1);
        assert_eq!(view(&app, &id).revision, after.revision);

        // One step back, and forth.
        let undone = app.undo(Nothing {}).expect("undone");
        assert_eq!(undone.label.as_deref(), Some("report_recognise"));
        let back = view(&app, &id);
        assert_eq!((&back.text, &back.problems), (&before.text, &before.problems));
        assert_eq!(back.passages[0].revision, before.revision);
        app.settle().expect("indexed");
        assert_eq!(find(&app), 0);
        app.redo(Nothing {}).expect("redone");
        assert_eq!(view(&app, &id).text, after.text);
    }

    #[test]
    fn what_is_known_of_a_scan_comes_from_its_text_and_its_script_is_found() {
        let bench = Bench::new("chi_sim\nchi_tra");
        let traditional: &[Line<'_>] = &[
            &[("雲溪市僑聯", 95), ("2021年工作總結", 93)],
            &[("雲溪市僑聯五年來堅持凝聚僑心，匯集僑智，發揮僑力，維護僑益，", 92)],
            &[("各項工作邁上了新的臺階，全市歸僑僑眷共享發展成果。", 92)],
        ];
        bench.reads(595, "chi_sim", SIMPLIFIED);
        bench.reads(595, "chi_tra", &[&[("云溪市侨联", 60), ("工作总结", 40)]]);
        bench.reads(500, "chi_tra", traditional);
        bench.reads(
            500,
            "chi_sim",
            &[&[("云溪市侨联五年来坚持凝聚侨心汇集侨智发挥侨力维护侨益各项工作迈上新台阶", 55)]],
        );
        let app = bench.app();
        let one = bench.scan(&app, "扫描件0001.pdf", &[Page::Scan(595)]);
        let two = bench.scan(&app, "扫描件0002.pdf", &[Page::Scan(500)]);
        let text = write(
            bench.folder.path(),
            "三.txt",
            "衡云市侨联工作总结\n全年服务侨胞三千人次，举办讲座十二场。\n",
        );
        let paths = vec![text.to_string_lossy().into_owned()];
        let asked = wire::ImportRequest { paths, ..wire::ImportRequest::default() };
        let three =
            ended(&app, &app.start_import(asked).expect("begun").id).items[0].report.clone();
        let three = three.expect("imported");
        let job = ended(&app, &app.recognise(request(&[&one, &two, &three])).expect("begun").id);
        assert_eq!((job.state, job.done, job.total), (JobState::Done, 2, 2));
        assert_eq!((job.counts.versions, job.counts.skipped), (2, 1));
        let (first, second) = (view(&app, &one), view(&app, &two));
        assert_eq!(first.metadata.title.as_deref(), Some("云溪市侨联2021年工作总结"));
        assert_eq!(first.metadata.period, Some(wire::Period { from: 2021, to: 2021 }));
        assert_eq!(first.metadata.script.as_deref(), Some("Hans"));
        assert_eq!(second.metadata.title.as_deref(), Some("雲溪市僑聯2021年工作總結"));
        assert_eq!(second.metadata.script.as_deref(), Some("Hant"));
        // Both are one step.
        app.undo(Nothing {}).expect("undone");
        assert_eq!((view(&app, &one).text, view(&app, &two).text), (String::new(), String::new()));
        app.redo(Nothing {}).expect("redone");
        // With the other data, where the user knows better.
        let asked =
            wire::RecogniseRequest { script: Some("Hant".into()), again: true, ..request(&[&one]) };
        let job = ended(&app, &app.recognise(asked).expect("begun").id);
        assert_eq!(job.counts.versions, 1);
        assert_eq!(view(&app, &one).text, "云溪市侨联工作总结");
    }

    #[test]
    fn a_page_that_fails_costs_its_report_alone() {
        let bench = Bench::new("chi_sim");
        bench.reads(595, "chi_sim", SIMPLIFIED);
        write(&bench.bin(), &format!("fail.{}", pixels(500)), "");
        let app = bench.app();
        let bad = bench.scan(&app, "甲.pdf", &[Page::Scan(595), Page::Scan(500), Page::Scan(595)]);
        let good = bench.scan(&app, "乙.pdf", &[Page::Scan(595)]);
        let job = ended(&app, &app.recognise(request(&[&bad])).expect("begun").id);
        assert_eq!(job.state, JobState::Failed);
        let error = job.error.expect("a reason");
        assert_eq!(error.code, ErrorCode::ProgramFailed);
        assert!(
            error.message.contains("page 2") && error.message.contains("Error opening data file"),
            "{error:?}"
        );
        assert_eq!(view(&app, &bad).text, "");
        let job = ended(&app, &app.recognise(request(&[&bad, &good])).expect("begun").id);
        assert_eq!((job.state, job.done, job.total), (JobState::Done, 4, 4));
        assert_eq!((job.counts.failed, job.counts.versions), (1, 1));
        assert!(view(&app, &good).text.contains("汇集侨智"));
    }

    #[test]
    fn a_recognition_is_broken_off_at_once_and_leaves_nothing() {
        let bench = Bench::new("chi_sim");
        write(&bench.bin(), "hang", "");
        let app = bench.app();
        let id = bench.scan(&app, "甲.pdf", &[Page::Scan(595), Page::Scan(500)]);
        let before = view(&app, &id);
        let job = app.recognise(request(&[&id])).expect("begun");
        app.cancel_job(wire::IdRequest { id: job.id.clone() }).expect("asked");
        assert_eq!(ended(&app, &job.id).state, JobState::Cancelled);
        let after = view(&app, &id);
        assert_eq!((after.revision, after.revisions), (before.revision, before.revisions));
        assert_eq!(app.undo(Nothing {}).expect("undone").label.as_deref(), Some("import"));
    }

    #[test]
    fn data_for_other_languages_are_not_enough() {
        let bench = Bench::new("eng\nosd");
        let error = Recogniser::find(&[bench.bin()], None).expect_err("no Chinese");
        assert_eq!(error.code, ErrorCode::MissingProgram);
        let bench = Bench::new("chi_sim");
        Recogniser::find(&[bench.bin()], None).expect("enough");
        Recogniser::find(&[bench.bin()], Some("Hant")).expect_err("not for this script");
    }
}

// --- the true program -------------------------------------------------------------------------

/// How many characters have to be put in, left out or changed to make one text of the other.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, a) in one.iter().enumerate() {
        let mut corner = row[0];
        row[0] = at + 1;
        for (to, b) in other.iter().enumerate() {
            let above = row[to + 1];
            row[to + 1] = (corner + usize::from(a != b)).min(above + 1).min(row[to] + 1);
            corner = above;
        }
    }
    row[other.len()]
}

/// A text as its characters with ink, in whichever width.
fn inked(text: &str) -> Vec<char> {
    let full = |c: char| match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
        _ => c,
    };
    text.chars().filter(|c| !c.is_whitespace()).map(full).collect()
}

/// A scan as a machine makes it: half as fine, with grain.
fn scanned(picture: &Picture) -> Picture {
    let (width, height) = (picture.width / 2, picture.height / 2);
    let mut seed = 7_u32;
    let mut grey = Vec::with_capacity((width * height) as usize);
    for y in 0..height {
        for x in 0..width {
            let at = |dx: u32, dy: u32| {
                u32::from(picture.grey[((2 * y + dy) * picture.width + 2 * x + dx) as usize])
            };
            let mean = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4;
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let grain = seed >> 27;
            grey.push((mean * 200 / 255 + 20 + grain) as u8);
        }
    }
    Picture { width, height, grey }
}

#[test]
fn the_true_program_reads_what_was_printed() {
    let folders = anjuan_archive::program_folders(std::env::var_os("PATH").as_deref());
    let recogniser = match Recogniser::find(&folders, None) {
        Ok(recogniser) => recogniser,
        Err(error) => {
            println!("skipped: {}", error.message);
            return;
        }
    };
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.anjuan");
    let archive = Archive::create(&path, &shell(folder.path()), "林".into()).expect("new");
    for (name, script) in [("lanjiang-2021.txt", "Hans"), ("linghai-2024.txt", "Hant")] {
        let item = &import(&archive, &[examples.join(name)])[0];
        let id = item.report.clone().expect("imported");
        let gold = archive.report(&wire::IdRequest { id: id.clone() }).expect("there");
        let printed = folder.path().join(format!("{name}.pdf"));
        let asked = wire::ExportPdfRequest {
            reports: vec![id],
            path: printed.to_string_lossy().into_owned(),
            tags: Vec::new(),
            legend: false,
            index: false,
            memos: false,
            coders: false,
            paper: String::new(),
            font: String::new(),
            language: "zh-Hans".into(),
        };
        let pages = match archive.export_pdf(&asked, &Cancel::default(), &mut |_, _| {}) {
            Ok(result) => result.pages,
            Err(error) if error.code == ErrorCode::MissingFont => {
                println!("skipped: {}", error.message);
                return;
            }
            Err(error) => panic!("{error:?}"),
        };
        let bytes = std::fs::read(&printed).expect("written");
        let painter = Painter::open(&bytes, &Options::default()).expect("a document");
        let pictures: Vec<Picture> =
            (0..pages).map(|page| scanned(&painter.page(page).expect("painted"))).collect();
        // So many pixels stand for half as many points.
        let scan: Vec<Page<'_>> = pictures.iter().map(Page::Picture).collect();
        let file = write(folder.path(), &format!("{script}.pdf"), pdf(&scan));
        let id = import(&archive, &[file])[0].report.clone().expect("imported");
        let begun = Instant::now();
        let items = archive
            .recognise(&request(&[&id]), &recogniser, "r", &Cancel::default(), &mut |_| {})
            .expect("recognised");
        assert_eq!(items[0].outcome, Outcome::Version, "{items:?}");
        let seconds = begun.elapsed().as_secs_f32();
        let found = archive.report(&wire::IdRequest { id }).expect("there");
        let (read, wanted) = (inked(&found.text), inked(&gold.text));
        let wrong = distance(&read, &wanted);
        let right = 1.0 - wrong as f32 / wanted.len() as f32;
        let told = found.recognition.expect("marked");
        let uncertain = found.problems.iter().filter(|p| p.code == "recognition_uncertain").count();
        println!(
            "{} {script}: {} characters on {pages} pages, {wrong} wrong, {:.2} % right (bar 95), \
             confidence {} %, {uncertain} uncertain places, {seconds:.1} s",
            told.program,
            wanted.len(),
            100.0 * right,
            told.confidence
        );
        if std::env::var("ANJUAN_MISSES").is_ok_and(|test| test == "recognition") {
            println!("{}\n---\n{}", found.text, gold.text);
        }
        assert!(right >= 0.95, "{right}");
        assert_eq!(found.metadata.script.as_deref(), Some(script));
        archive.catch_up().expect("indexed");
        let middle: String = gold.text.chars().skip(60).take(4).collect();
        assert!(!search(&archive, &middle).hits.is_empty());
    }
}
