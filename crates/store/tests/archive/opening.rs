//! Files that are archives, and files that are not.

use crate::{Fixture, NOW};
use anjuan_store::{ReadStore, Store, StoreError};
use std::fs;
use std::io::Write as _;

#[test]
fn an_archive_opens_again_as_it_was() {
    let mut archive = Fixture::new();
    let report = archive.report("甲", "文");
    let id = archive.store.read().archive_id().expect("read");
    let (folder, path) = (archive.folder, archive.store.path().to_owned());
    drop(archive.store);
    let beside = fs::read_dir(folder.path()).expect("the folder").count();
    assert_eq!(beside, 1, "a closed archive is one file");
    let store = Store::open(&path).expect("an archive");
    assert_eq!(store.read().archive_id().expect("read"), id);
    assert_eq!(store.read().created_at().expect("read"), NOW);
    assert!(store.read().report(report).is_ok());
    assert_eq!(store.backup(), None);
}

#[test]
fn a_new_archive_takes_no_other_file_s_place() {
    let archive = Fixture::new();
    let result = Store::create(&archive.path(), NOW);
    assert!(matches!(result, Err(StoreError::Exists(path)) if path == archive.path()));
    assert!(archive.store.read().archive_id().is_ok(), "and leaves it alone");
}

#[test]
fn what_is_no_archive_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let foreign = folder.path().join("other.db");
    rusqlite::Connection::open(&foreign)
        .and_then(|conn| conn.execute_batch("CREATE TABLE t (x); PRAGMA user_version = 99;"))
        .expect("another program's database");
    let mut cases = vec![foreign];
    for (name, bytes) in [("empty.anjuan", &b""[..]), ("text.anjuan", "云州市".as_bytes())] {
        cases.push(folder.path().join(name));
        fs::write(&cases[cases.len() - 1], bytes).expect("written");
    }
    for path in cases {
        let before = fs::read(&path).expect("there");
        let result = Store::open(&path);
        assert!(matches!(&result, Err(StoreError::NotAnArchive(at)) if *at == path), "{result:?}");
        assert!(matches!(ReadStore::open(&path), Err(StoreError::NotAnArchive(_))));
        assert_eq!(fs::read(&path).expect("there"), before);
    }
    let nowhere = Store::open(&folder.path().join("nowhere.anjuan"));
    assert!(matches!(nowhere, Err(StoreError::Io { source, .. })
        if source.kind() == std::io::ErrorKind::NotFound));
}

#[test]
fn a_truncated_archive_is_damaged() {
    let mut archive = Fixture::new();
    archive.report("甲", &"云州市侨联".repeat(2000));
    let path = archive.path();
    let folder = archive.folder;
    drop(archive.store);
    let bytes = fs::read(&path).expect("there");
    for length in [100, 512, 4096, bytes.len() / 2, bytes.len() - 4096] {
        let cut = folder.path().join(format!("{length}.anjuan"));
        fs::write(&cut, &bytes[..length]).expect("written");
        let result = Store::open(&cut);
        assert!(matches!(result, Err(StoreError::Damaged(_))), "{length} bytes: {result:?}");
        assert_eq!(fs::read(&cut).expect("there"), &bytes[..length], "left for a rescue");
    }
}

#[test]
fn noise_in_an_archive_is_an_error_or_a_flaw_and_never_a_panic() {
    let mut archive = Fixture::new();
    for title in ["甲", "乙", "丙"] {
        let report = archive.report(title, &format!("{title}云州市侨联").repeat(300));
        archive.passage(report, 0, 4, &[]);
    }
    let path = archive.path();
    let folder = archive.folder;
    drop(archive.store);
    let bytes = fs::read(&path).expect("there");
    for page in 0..bytes.len() / 4096 {
        let mut noisy = bytes.clone();
        let at = page * 4096 + if page == 0 { 100 } else { 0 };
        noisy[at..at + 64].fill(0xA5);
        let damaged = folder.path().join("damaged.anjuan");
        fs::write(&damaged, &noisy).expect("written");
        let flaws = Store::open(&damaged).and_then(|store| store.read().integrity_check());
        // The last pages of the file may be free, or all of a page's cells lie at its end.
        if let Ok(flaws) = flaws
            && page == 0
        {
            assert!(!flaws.is_empty(), "noise on the schema's page goes unseen");
        }
    }
}

#[test]
fn a_newer_schema_is_refused() {
    let archive = Fixture::new();
    let path = archive.path();
    drop(archive.store);
    let conn = rusqlite::Connection::open(&path).expect("a database");
    conn.pragma_update(None, "user_version", 1000).expect("set");
    drop(conn);
    let before = fs::read(&path).expect("there");
    let refused = |result: Result<(), StoreError>| {
        assert!(
            matches!(result, Err(StoreError::Newer { found: 1000, known }) if known >= 1),
            "{result:?}"
        );
    };
    refused(Store::open(&path).map(drop));
    refused(ReadStore::open(&path).map(drop));
    assert_eq!(fs::read(&path).expect("there"), before, "not a byte is changed");
}

#[test]
fn two_programs_write_in_turn() {
    let mut one = Fixture::new();
    let mut other = Store::open(&one.path()).expect("a second writer");
    let first = one.report("甲", "文");
    let text = crate::report_text("乙", "章");
    let second = other.edit(&crate::edit("import"), |w| crate::insert(w, &text)).expect("its turn");
    assert_eq!(one.store.read().report_ids().expect("read"), [first, second]);
    one.store.undo("林", NOW).expect("possible");
    assert_eq!(other.read().report_ids().expect("read"), [first], "one history for both");
}

#[test]
fn rubbish_behind_the_end_does_no_harm() {
    let mut archive = Fixture::new();
    let report = archive.report("甲", "文");
    let path = archive.path();
    let _folder = archive.folder;
    drop(archive.store);
    let mut file = fs::OpenOptions::new().append(true).open(&path).expect("there");
    file.write_all(&[0x5A; 5000]).expect("written");
    drop(file);
    let store = Store::open(&path).expect("still an archive");
    assert!(store.read().report(report).is_ok());
}

/// The locks that this program holds on a file, as the system lists them.
#[cfg(target_os = "linux")]
fn locks_on(path: &std::path::Path) -> usize {
    use std::os::unix::fs::MetadataExt;
    let inode = format!(":{}", fs::metadata(path).expect("there").ino());
    let own = std::process::id().to_string();
    let listed = fs::read_to_string("/proc/locks").expect("the system lists locks");
    listed
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|fields| fields.contains(&own.as_str()))
        .filter(|fields| fields.iter().any(|field| field.ends_with(&inode)))
        .count()
}

/// Without its locks an open archive could be taken for one that nobody has open, and another
/// program that closes it would tidy its log away.
#[cfg(target_os = "linux")]
#[test]
fn readers_that_come_and_go_leave_the_locks_of_the_writer() {
    let archive = Fixture::new();
    let path = archive.path();
    assert!(archive.store.read().archive_id().is_ok());
    let held = locks_on(&path);
    assert!(held > 0, "an open archive is locked against being taken for closed");
    drop(ReadStore::open(&path).expect("opens"));
    assert_eq!(locks_on(&path), held);
}
