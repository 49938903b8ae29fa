//! Settings, backups and what is told of the machine, through the commands.

use crate::{ended, shell};
use anjuan_archive::{App, Clock, Desk, Shell};
use anjuan_protocol as wire;
use anjuan_protocol::{ErrorCode, JobKind, JobState, Nothing};
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// A clock that stands until it is moved.
#[derive(Clone)]
struct Standing(Arc<Mutex<Timestamp>>);

impl Standing {
    fn at(text: &str) -> Self {
        Self(Arc::new(Mutex::new(text.parse().expect("a time"))))
    }

    fn hours(&self, hours: i64) {
        *self.0.lock().expect("free") += hours.hours();
    }
}

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("free")
    }
}

fn set(app: &App, changes: Value) -> wire::Settings {
    app.set_settings(wire::SettingsChange { changes }).expect("kept")
}

fn file(folder: &Path) -> PathBuf {
    folder.join("config/settings.json")
}

fn document(folder: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(file(folder)).expect("there")).expect("JSON")
}

fn tag(app: &App, name: &str) {
    let draft = wire::TagDraft { name: name.into(), parent: None, colour: None, description: None };
    app.create_tag(draft).expect("a tag");
}

#[test]
fn settings_keep_what_this_version_does_not_know() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(folder.path().join("config")).expect("made");
    let before = json!({
        "theme": "dark",
        "fromTheFuture": { "deep": [1] },
        "backups": { "everyHours": 6, "compress": true },
    });
    std::fs::write(file(folder.path()), before.to_string()).expect("written");
    let app = App::new(shell(folder.path()));
    let session = app.session(Nothing {}).expect("a session");
    assert_eq!((session.settings.theme.as_str(), session.settings_aside), ("dark", None));
    assert_eq!(session.settings.backups.every_hours, 6);
    assert_eq!(session.settings.backups.keep_daily, 7, "as in a new installation");
    let settings = set(&app, json!({ "backups": { "keepDaily": 3 }, "theme": null }));
    assert_eq!((settings.theme.as_str(), settings.backups.keep_daily), ("system", 3));
    assert_eq!(
        document(folder.path()),
        json!({
            "fromTheFuture": { "deep": [1] },
            "backups": { "everyHours": 6, "keepDaily": 3, "compress": true },
        })
    );
    let refused = app.set_settings(wire::SettingsChange { changes: json!({ "theme": [] }) });
    assert_eq!(refused.expect_err("no theme").code, ErrorCode::BadRequest);
    assert_eq!(app.session(Nothing {}).expect("a session").settings, settings);
}

#[test]
fn a_damaged_file_is_put_aside_and_told_of_once() {
    for (damaged, whole) in [
        ("{\"theme\": \"dark\"", false),
        ("", false),
        ("[1, 2]", false),
        ("\u{0}\u{0}", false),
        ("{\"theme\": \"dark\", \"readingSize\": \"large\"}", true),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(folder.path().join("config")).expect("made");
        std::fs::write(file(folder.path()), damaged).expect("written");
        let app = App::new(shell(folder.path()));
        let session = app.session(Nothing {}).expect("a session");
        let aside = session.settings_aside.expect("told");
        assert_eq!(std::fs::read_to_string(&aside).expect("there"), damaged, "nothing is lost");
        assert_eq!(app.session(Nothing {}).expect("a session").settings_aside, None, "once");
        assert_eq!(session.settings.theme, if whole { "dark" } else { "system" });
        assert_eq!(session.settings.reading_size, 18);
        set(&app, json!({ "readingSize": 20 }));
        let again = App::new(shell(folder.path())).session(Nothing {}).expect("a session");
        assert_eq!((again.settings.reading_size, again.settings_aside), (20, None));
    }
}

#[test]
fn programs_that_change_settings_at_once_lose_none() {
    let folder = tempfile::tempdir().expect("a folder");
    std::thread::scope(|scope| {
        for number in 0..4 {
            let path = folder.path();
            scope.spawn(move || {
                // Each is a program of its own: they share nothing but the file.
                let app = App::new(shell(path));
                for step in 0..25 {
                    set(&app, json!({ "page": { format!("{number}-{step}"): step } }));
                }
            });
        }
    });
    let app = App::new(shell(folder.path()));
    assert_eq!(app.session(Nothing {}).expect("a session").settings.page.len(), 100);
    let names = std::fs::read_dir(folder.path().join("config")).expect("a folder");
    let left: Vec<String> = names
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.contains(".new") || name.contains("unreadable"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn backups_are_made_when_due_and_the_old_ones_go() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Standing::at("2026-03-02T08:00:00Z"); // a Monday
    let desk = Desk::new(Shell { clock: Arc::new(clock.clone()), ..shell(folder.path()) });
    let app = App::on(&desk, "main");
    let path = folder.path().join("侨联.anjuan").to_string_lossy().into_owned();
    app.create_archive(wire::PathRequest { path }).expect("made");
    set(&app, json!({ "backups": { "keepDaily": 2, "keepWeekly": 1 } }));
    let due = || desk.back_up_what_is_due();
    let list = || app.backups(Nothing {}).expect("listed").list;
    assert_eq!(due().len(), 0, "there is nothing in it");

    tag(&app, "甲");
    let [job] = due().try_into().expect("one archive is due");
    let job = ended(&app, &job.id);
    assert_eq!((job.kind, job.state), (JobKind::Backup, JobState::Done), "{:?}", job.error);
    let [backup] = list().try_into().expect("one backup");
    assert_eq!(job.path.as_deref(), Some(backup.path.as_str()));
    assert!(backup.automatic && backup.bytes > 0);
    assert_eq!(backup.at, "2026-03-02T08:00:00.000Z");
    assert_eq!(due().len(), 0, "it was just made");
    clock.hours(30);
    assert_eq!(due().len(), 0, "nothing changed");
    tag(&app, "乙");
    set(&app, json!({ "backups": { "automatic": false } }));
    assert_eq!(due().len(), 0, "not wanted");
    set(&app, json!({ "backups": { "automatic": true } }));

    // One by hand, which stays whatever comes after it.
    let manual = app.start_backup(Nothing {}).expect("begins");
    assert_eq!(ended(&app, &manual.id).state, JobState::Done);
    assert_eq!(list().iter().filter(|b| !b.automatic).count(), 1);
    let (app, desk) = {
        // The wait after an attempt is one of real time; a new run has none.
        drop(app);
        drop(desk);
        let desk = Desk::new(Shell { clock: Arc::new(clock.clone()), ..shell(folder.path()) });
        (App::on(&desk, "main"), desk)
    };
    let path = folder.path().join("侨联.anjuan").to_string_lossy().into_owned();
    app.open_archive(wire::PathRequest { path: path.clone() }).expect("opens");
    let mut desks = vec![(app, desk)];
    for day in 0..6 {
        let (app, desk) = desks.pop().expect("one");
        clock.hours(25);
        tag(&app, &format!("第{day}天"));
        let [job] = desk.back_up_what_is_due().try_into().expect("due");
        assert_eq!(ended(&app, &job.id).state, JobState::Done);
        drop((app, desk));
        let desk = Desk::new(Shell { clock: Arc::new(clock.clone()), ..shell(folder.path()) });
        let app = App::on(&desk, "main");
        app.open_archive(wire::PathRequest { path: path.clone() }).expect("opens");
        desks.push((app, desk));
    }
    let (app, _desk) = desks.pop().expect("one");
    let list = app.backups(Nothing {}).expect("listed").list;
    let automatic: Vec<&str> = list.iter().filter(|b| b.automatic).map(|b| &b.at[..10]).collect();
    assert_eq!(automatic, ["2026-03-09", "2026-03-08"], "the last two days; their weeks with them");
    assert_eq!(list.iter().filter(|b| !b.automatic).count(), 1, "the one made by hand");
}

#[test]
fn a_backup_becomes_an_archive_beside_and_nothing_is_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = App::new(shell(folder.path()));
    let path = folder.path().join("侨联.anjuan").to_string_lossy().into_owned();
    app.create_archive(wire::PathRequest { path: path.clone() }).expect("made");
    tag(&app, "备份里有");
    let elsewhere = folder.path().join("别处");
    set(&app, json!({ "backups": { "folder": elsewhere.to_string_lossy() } }));
    let job = ended(&app, &app.start_backup(Nothing {}).expect("begins").id);
    let made = job.path.expect("a file");
    assert!(Path::new(&made).starts_with(&elsewhere), "{made}");
    tag(&app, "备份里没有");

    let restore = |path: &str, name: &str| {
        app.restore_backup(wire::RestoreRequest { path: path.into(), name: name.into() })
    };
    assert_eq!(restore(&path, "x").expect_err("no backup").code, ErrorCode::NotFound);
    assert_eq!(restore(&made, " / ").expect_err("no name").code, ErrorCode::BadRequest);
    let first = ended(&app, &restore(&made, "侨联").expect("begins").id);
    assert_eq!(first.path.as_deref(), folder.path().join("侨联 (2).anjuan").to_str());
    let second = ended(&app, &restore(&made, "../侨联: 旧").expect("begins").id);
    let second = second.path.expect("a file");
    assert_eq!(Path::new(&second).parent(), Some(folder.path()), "beside and nowhere else");

    let names = |app: &App| -> Vec<String> {
        app.tags(Nothing {}).expect("listed").into_iter().map(|tag| tag.name).collect()
    };
    assert_eq!(names(&app).len(), 2, "the open archive is as it was");
    app.open_archive(wire::PathRequest { path: second }).expect("opens");
    assert_eq!(names(&app), ["备份里有"]);
    assert!(app.backups(Nothing {}).expect("listed").list.is_empty(), "it is another archive");

    // A folder that cannot be had is told as what it is.
    std::fs::write(folder.path().join("file"), "").expect("written");
    let no_folder = folder.path().join("file/below");
    set(&app, json!({ "backups": { "folder": no_folder.to_string_lossy() } }));
    let failed = ended(&app, &app.start_backup(Nothing {}).expect("begins").id);
    assert_eq!(failed.state, JobState::Failed);
    let error = failed.error.expect("why");
    assert_eq!(error.code, ErrorCode::Unwritable);
    assert!(error.message.contains("file/below") && !error.hints.is_empty(), "{error:?}");
}

#[test]
fn only_places_of_the_program_are_shown_and_all_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = App::new(shell(folder.path()));
    app.open_example(Nothing {}).expect("opens");
    let places = app.storage(Nothing {}).expect("told");
    let kinds: Vec<&str> = places.iter().map(|place| place.kind.as_str()).collect();
    assert_eq!(kinds, ["archive", "backups", "settings", "data", "cache", "crashes"]);
    let archive = &places[0];
    assert!(archive.exists && archive.bytes > 10_000 && archive.files == 1, "{archive:?}");
    for place in &places {
        // There is no desktop to show it on; that it was asked for is what counts.
        let error = app.reveal_path(wire::PathRequest { path: place.path.clone() });
        let message = error.expect_err("headless").message;
        assert!(message.contains("no desktop"), "{message}");
    }
    let other = app.reveal_path(wire::PathRequest { path: "/etc/passwd".into() });
    assert!(other.expect_err("not ours").message.contains("not written by this program"));
    assert!(!app.session(Nothing {}).expect("a session").recent.is_empty());
    assert!(app.clear_recent(Nothing {}).expect("cleared").recent.is_empty());
}

#[cfg(unix)]
#[test]
fn the_program_for_scans_is_asked_what_it_can() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let none = App::new(shell(folder.path())).ocr_state(Nothing {}).expect("told");
    assert_eq!((none.path, none.languages.len()), (None, 0));
    let program = folder.path().join("tesseract");
    let script = "#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'tesseract 5.3.0'; else\n\
                  echo 'List of available languages in \"/x\" (2):'; echo chi_sim; echo eng; fi\n";
    std::fs::write(&program, script).expect("written");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("set");
    let mut shell = shell(folder.path());
    shell.folders.programs = vec![folder.path().join("nowhere"), folder.path().to_owned()];
    let found = App::new(shell).ocr_state(Nothing {}).expect("told");
    assert_eq!(found.path.as_deref(), program.to_str());
    assert_eq!(found.version.as_deref(), Some("tesseract 5.3.0"));
    assert_eq!(found.languages, ["chi_sim", "eng"]);
}
