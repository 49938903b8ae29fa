//! The list of archives opened lately.

use crate::shell;
use anjuan_archive::App;
use anjuan_protocol::{Nothing, PathRequest, RecentArchive};

#[test]
fn recent_archives_say_what_they_hold_and_whether_they_are_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("论文.anjuan");
    let request = || PathRequest { path: path.to_string_lossy().into_owned() };
    let app = App::new(shell(folder.path()));
    app.create_archive(request()).expect("made");
    let example = app.open_example(Nothing {}).expect("opened").archive.expect("open");
    let recent = app.close_archive(Nothing {}).expect("closed").recent;
    let [first, second] = recent.as_slice() else { panic!("two archives: {recent:?}") };
    let known = |archive: &RecentArchive| (archive.name.clone(), archive.reports, archive.missing);
    assert_eq!(known(first), (example.name, Some(example.reports), false));
    assert_eq!(known(second), ("论文".into(), Some(0), false));
    assert!(first.opened > second.opened, "the newest first: {recent:?}");

    // What is gone from its place is marked, in the next run too, until it is taken off.
    std::fs::rename(&path, folder.path().join("别处.anjuan")).expect("moved");
    drop(app);
    let app = App::new(shell(folder.path()));
    let recent = app.session(Nothing {}).expect("a session").recent;
    let missing: Vec<bool> = recent.iter().map(|archive| archive.missing).collect();
    assert_eq!(missing, [false, true]);
    let left = app.forget_recent(request()).expect("forgotten").recent;
    assert_eq!(left.len(), 1);
    assert!(folder.path().join("别处.anjuan").exists(), "no file is touched");
}
