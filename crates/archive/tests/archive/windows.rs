//! Several windows: what they share, what each has for itself, and what comes back.

use crate::{asked, ended, shell};
use anjuan_archive::{App, Desk, Desktop, Event, Geometry, News, Opening, Shell};
use anjuan_protocol as wire;
use anjuan_protocol::{CommandError, ErrorCode, JobState, Nothing};
use serde_json::json;
use std::path::Path;
use std::sync::{Arc, Mutex};

type Told = Arc<Mutex<Vec<Event>>>;

/// A shell that writes down what every window is told.
fn listening(folder: &Path) -> (Shell, Told) {
    let told = Told::default();
    let ear = Arc::clone(&told);
    let emit = Box::new(move |event| ear.lock().expect("free").push(event));
    (Shell { emit, ..shell(folder) }, told)
}

/// The windows that were told of a change of some kind since the last time.
fn changed(told: &Told, kind: &str) -> Vec<String> {
    let mut windows: Vec<String> = std::mem::take(&mut *told.lock().expect("free"))
        .into_iter()
        .filter(|event| match &event.news {
            News::ArchiveChanged(change) => change.kinds.iter().any(|k| k == kind),
            _ => false,
        })
        .map(|event| event.window)
        .collect();
    windows.sort();
    windows
}

fn path(folder: &Path, name: &str) -> wire::PathRequest {
    wire::PathRequest { path: folder.join(name).to_string_lossy().into_owned() }
}

fn tag(app: &App, name: &str) {
    let draft = wire::TagDraft { name: name.into(), parent: None, colour: None, description: None };
    app.create_tag(draft).expect("a tag");
}

#[test]
fn windows_on_one_archive_share_it_and_others_hear_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let (shell, told) = listening(folder);
    let desk = Desk::new(shell);
    let [one, two, other] = ["main", "window-2", "window-3"].map(|label| App::on(&desk, label));
    one.create_archive(path(folder, "a.anjuan")).expect("made");
    // The same file under another name.
    std::fs::create_dir(folder.join("b")).expect("a folder");
    two.open_archive(path(folder, "b/../a.anjuan")).expect("shared");
    other.create_archive(path(folder, "other.anjuan")).expect("made");
    assert_eq!(desk.window_showing(&folder.join("a.anjuan")).as_deref(), Some("main"));
    told.lock().expect("free").clear();

    tag(&one, "抗疫");
    assert_eq!(changed(&told, "tags"), ["main", "window-2"]);
    assert_eq!(two.tags(Nothing {}).expect("read").len(), 1);
    assert!(other.tags(Nothing {}).expect("read").is_empty());
    // One history: what one window did, the other takes back.
    assert!(two.undo(Nothing {}).expect("undone").applied);
    assert_eq!(changed(&told, "tags"), ["main", "window-2"]);
    assert!(one.tags(Nothing {}).expect("read").is_empty());

    // One leaves: the archive stays open for the other, who alone hears of it.
    one.close_archive(Nothing {}).expect("closed");
    assert!(desk.is_empty("main") && !desk.is_empty("window-2"));
    tag(&two, "慰问");
    assert_eq!(changed(&told, "tags"), ["window-2"]);
    assert_eq!(one.tags(Nothing {}).expect_err("closed").code, ErrorCode::NoArchive);
    drop(two);
    assert_eq!(desk.window_showing(&folder.join("a.anjuan")), None, "nobody shows it");
}

#[test]
fn jobs_are_told_to_the_windows_of_their_archive_and_go_on_without_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let (shell, told) = listening(folder);
    let desk = Desk::new(shell);
    let [one, two, other] = ["main", "window-2", "window-3"].map(|label| App::on(&desk, label));
    one.create_archive(path(folder, "a.anjuan")).expect("made");
    two.open_archive(path(folder, "a.anjuan")).expect("shared");
    other.create_archive(path(folder, "other.anjuan")).expect("made");
    let files: Vec<String> = (0..60)
        .map(|n| {
            let file = folder.join(format!("{n}.txt"));
            let text = format!("第{n}号报告\n全市侨联系统紧扣中心工作，服务侨胞{n}千人次。\n");
            std::fs::write(&file, text).expect("written");
            file.to_string_lossy().into_owned()
        })
        .collect();
    let request = wire::ImportRequest { paths: files.clone(), ..wire::ImportRequest::default() };
    let job = one.start_import(request).expect("begun");
    assert_eq!(job.subject, files[0]);
    // The window that began it and its archive go; the other window follows it to its end.
    drop(one);
    let done = ended(&two, &job.id);
    assert_eq!((done.state, done.counts.imported), (JobState::Done, 60));
    assert!(done.ended.is_some() && done.speed > 0.0);
    assert!(other.jobs(Nothing {}).expect("listed").is_empty());
    let heard: Vec<String> = told
        .lock()
        .expect("free")
        .iter()
        .filter(|event| matches!(&event.news, News::JobChanged(told) if told.id == job.id))
        .map(|event| event.window.clone())
        .collect();
    assert!(heard.contains(&"window-2".to_owned()));
    assert!(!heard.contains(&"window-3".to_owned()));

    // Nobody shows the archive any more: the job still comes to its end, and is known afterwards.
    let reports = two.reports(wire::ReportsRequest {
        filter: wire::ReportFilter::default(),
        sort: wire::ReportSort::Imported,
        descending: false,
        offset: 0,
        limit: 20,
    });
    let reports = reports.expect("listed").rows.into_iter().map(|row| row.id).collect();
    let job = two.start_export(export(folder, reports)).expect("begun");
    two.close_archive(Nothing {}).expect("closed");
    two.open_archive(path(folder, "a.anjuan")).expect("open again");
    let done = ended(&two, &job.id);
    assert_eq!(done.state, JobState::Done, "{:?}", done.error);
    let written = done.export.expect("a file");
    assert!(written.pages >= 20, "{written:?}");
    assert_eq!((done.done, done.path.as_deref()), (done.total, Some(&*written.path)));
    assert!(Path::new(&written.path).exists());
}

fn export(folder: &Path, reports: Vec<String>) -> wire::ExportPdfRequest {
    wire::ExportPdfRequest {
        reports,
        path: folder.join("out.pdf").to_string_lossy().into_owned(),
        tags: Vec::new(),
        legend: true,
        index: true,
        memos: true,
        coders: true,
        paper: String::new(),
        font: String::new(),
        language: "en".into(),
    }
}

#[test]
fn an_export_that_is_stopped_writes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let app = App::new(shell(folder));
    let session = app.open_example(Nothing {}).expect("made");
    assert!(session.archive.expect("open").reports > 5);
    let rows = app.reports(wire::ReportsRequest {
        filter: wire::ReportFilter::default(),
        sort: wire::ReportSort::Title,
        descending: false,
        offset: 0,
        limit: 100,
    });
    let reports = rows.expect("listed").rows.into_iter().map(|row| row.id).collect();
    let job = app.start_export(export(folder, reports)).expect("begun");
    app.cancel_job(wire::IdRequest { id: job.id.clone() }).expect("asked");
    let done = ended(&app, &job.id);
    assert_eq!((done.state, done.error), (JobState::Cancelled, None));
    assert!(done.export.is_none());
    let left: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.contains("pdf"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn settings_follow_in_every_other_window() {
    let folder = tempfile::tempdir().expect("a folder");
    let (shell, told) = listening(folder.path());
    let desk = Desk::new(shell);
    let [one, two] = ["main", "window-2"].map(|label| App::on(&desk, label));
    let changes = json!({ "theme": "dark", "language": "en" });
    one.set_settings(wire::SettingsChange { changes }).expect("kept");
    let events = std::mem::take(&mut *told.lock().expect("free"));
    let followed: Vec<_> = events
        .iter()
        .filter_map(|event| match &event.news {
            News::SettingsChanged(settings) => Some((event.window.as_str(), &*settings.theme)),
            _ => None,
        })
        .collect();
    assert_eq!(followed, [("window-2", "dark")]);
    assert_eq!(two.session(Nothing {}).expect("answers").settings.language, "en");
}

#[test]
fn a_layout_comes_back_in_its_window_and_only_for_its_archive() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let keep = |app: &App, workspace, archive: Option<String>| {
        app.set_workspace(wire::SetWorkspaceRequest { workspace, archive }).expect("kept");
    };
    {
        let desk = Desk::new(shell(folder));
        let [one, two] = ["main", "window-2"].map(|label| App::on(&desk, label));
        keep(&one, json!("nothing is open"), None);
        one.create_archive(path(folder, "a.anjuan")).expect("made");
        assert_eq!(one.session(Nothing {}).expect("answers").workspace, None);
        keep(&one, json!({ "tabs": ["main"] }), None);
        let fresh = two.open_archive(path(folder, "a.anjuan")).expect("shared").workspace;
        assert_eq!(fresh, None, "a second window does not copy the first");
        keep(&two, json!({ "tabs": ["two"] }), None);
        // The layout of an archive that was left meanwhile.
        two.create_archive(path(folder, "b.anjuan")).expect("made");
        keep(&two, json!({ "tabs": ["late"] }), Some(path(folder, "a.anjuan").path));
        assert_eq!(two.session(Nothing {}).expect("answers").workspace, None);
    }
    let desk = Desk::new(shell(folder));
    let [one, two] = ["main", "window-2"].map(|label| App::on(&desk, label));
    let back = two.open_archive(path(folder, "a.anjuan")).expect("open").workspace;
    assert_eq!(back, Some(json!({ "tabs": ["two"] })));
    let back = one.open_archive(path(folder, "a.anjuan")).expect("open").workspace;
    assert_eq!(back, Some(json!({ "tabs": ["main"] })));
    let large = wire::SetWorkspaceRequest { workspace: json!("x".repeat(300_000)), archive: None };
    assert_eq!(one.set_workspace(large).expect_err("too large").code, ErrorCode::BadRequest);
    assert_eq!(
        one.session(Nothing {}).expect("answers").workspace,
        Some(json!({ "tabs": ["main"] }))
    );
}

#[test]
fn the_windows_of_the_last_run_come_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let archive = folder.join("a.anjuan");
    let geometry =
        Geometry { width: 900.0, height: 700.0, position: Some((10.0, 20.0)), maximised: true };
    {
        let desk = Desk::new(shell(folder));
        assert!(desk.kept_windows().is_empty());
        let [one, two] = ["main", "window-2"].map(|label| App::on(&desk, label));
        one.create_archive(path(folder, "a.anjuan")).expect("made");
        desk.keep_geometry("window-2", geometry);
        two.create_archive(path(folder, "b.anjuan")).expect("made");
        // Killed here: nothing is said at the end.
        std::mem::forget((one, two));
    }
    std::fs::remove_file(folder.join("b.anjuan")).expect("moved away meanwhile");
    let desk = Desk::new(shell(folder));
    let kept = desk.kept_windows();
    assert_eq!(kept.iter().map(|w| &*w.label).collect::<Vec<_>>(), ["main", "window-2"]);
    assert_eq!(kept[0].archive.as_deref(), Some(&*archive));
    assert_eq!(kept[1].geometry, geometry);
    let apps: Vec<Arc<App>> =
        kept.iter().map(|window| Arc::new(App::on(&desk, &window.label))).collect();
    for (app, window) in apps.iter().zip(kept) {
        app.begin(Opening { archive: window.archive, workspace: None });
    }
    let session = apps[0].session(Nothing {}).expect("answers");
    assert_eq!(session.archive.expect("open").name, "a");
    assert_eq!((session.window.as_str(), session.failure), ("main", None));
    // What cannot be opened says why, and what to do; the window is there all the same.
    let session = apps[1].session(Nothing {}).expect("answers");
    assert!(session.archive.is_none());
    let failure = session.failure.expect("told");
    assert_eq!(failure.code, ErrorCode::Missing, "{failure:?}");
    assert_eq!(session.failed, Some(path(folder, "b.anjuan").path));
    assert!(!failure.hints.is_empty());
    apps[1].open_archive(path(folder, "a.anjuan")).expect("open");
    assert_eq!(apps[1].session(Nothing {}).expect("answers").failure, None, "forgotten");
    desk.keep_windows(&["main".to_owned()]);
    assert_eq!(Desk::new(shell(folder)).kept_windows().len(), 1);
}

/// A desktop that notes which windows it was asked for.
#[derive(Default, Clone)]
struct Noting(Arc<Mutex<Vec<Opening>>>);

impl Desktop for Noting {
    fn pick(&self, _: &str, _: &wire::PickRequest) -> Result<Vec<String>, CommandError> {
        Ok(Vec::new())
    }

    fn open(&self, _: &Path) -> Result<(), CommandError> {
        Ok(())
    }

    fn reveal(&self, _: &Path) -> Result<(), CommandError> {
        Ok(())
    }

    fn open_window(&self, opening: Opening) -> Result<(), CommandError> {
        self.0.lock().expect("free").push(opening);
        Ok(())
    }
}

#[test]
fn another_window_shows_the_same_archive_with_the_layout_it_was_given() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let noting = Noting::default();
    let desk = Desk::new(Shell { desktop: Box::new(noting.clone()), ..shell(folder) });
    let app = App::on(&desk, "main");
    app.create_archive(path(folder, "a.anjuan")).expect("made");
    let layout = json!({ "tabs": [1] });
    let ask = |archive, workspace| {
        app.open_window(wire::OpenWindowRequest { archive, workspace }).expect("asked");
        noting.0.lock().expect("free").pop().expect("a window")
    };
    let opening = ask(None, Some(layout.clone()));
    assert_eq!(opening.archive.as_deref(), Some(&*folder.join("a.anjuan")));
    let two = Arc::new(App::on(&desk, "window-2"));
    two.begin(opening);
    let session = two.session(Nothing {}).expect("answers");
    assert_eq!(session.archive.expect("open").name, "a");
    assert_eq!(session.workspace, Some(layout));
    drop(two);
    // A window of the same name later on, without a layout: not that of the one before.
    let two = Arc::new(App::on(&desk, "window-2"));
    two.begin(ask(None, None));
    assert_eq!(two.session(Nothing {}).expect("answers").workspace, None);
}

#[test]
fn a_copy_beside_its_original_has_an_index_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let desk = Desk::new(shell(folder));
    let [one, two] = ["main", "window-2"].map(|label| App::on(&desk, label));
    one.create_archive(path(folder, "a.anjuan")).expect("made");
    one.close_archive(Nothing {}).expect("closed");
    std::fs::copy(folder.join("a.anjuan"), folder.join("copy.anjuan")).expect("copied");
    one.open_archive(path(folder, "a.anjuan")).expect("open");
    two.open_archive(path(folder, "copy.anjuan")).expect("open beside it");
    let import = |app: &App, name: &str, word: &str| {
        let file = folder.join(name);
        std::fs::write(&file, format!("{word}工作报告\n今年{word}工作取得新进展。\n"))
            .expect("written");
        let paths = vec![file.to_string_lossy().into_owned()];
        let job = app
            .start_import(wire::ImportRequest { paths, ..wire::ImportRequest::default() })
            .expect("begun");
        assert_eq!(ended(app, &job.id).counts.imported, 1);
        app.settle().expect("indexed");
    };
    import(&one, "1.txt", "渔业");
    import(&two, "2.txt", "林业");
    let found = |app: &App, query: &str| app.search(asked(query)).expect("answers").total;
    assert_eq!((found(&one, "渔业"), found(&one, "林业")), (1, 0));
    assert_eq!((found(&two, "渔业"), found(&two, "林业")), (0, 1));
}
