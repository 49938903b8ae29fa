//! The schema: every table's migrations put in order, and the marks that make a file an archive.

use crate::error::StoreError;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};

/// `AnJu` in SQLite's `application_id`, at byte 68 of the file.
pub(crate) const APPLICATION_ID: i32 = i32::from_be_bytes(*b"AnJu");

/// A step of the schema, kept in the file of the table it belongs to.
pub(crate) struct Migration {
    /// The schema that the step leads to.
    pub(crate) version: u32,
    /// What to run.
    pub(crate) sql: &'static str,
}

/// Every step, in the order in which steps to the same version run: tables before those that
/// refer to them.
pub(crate) fn migrations() -> Vec<&'static Migration> {
    let tables = [
        crate::meta::MIGRATIONS,
        crate::original::MIGRATIONS,
        crate::revision::MIGRATIONS,
        crate::report::MIGRATIONS,
        crate::tag::MIGRATIONS,
        crate::passage::MIGRATIONS,
        crate::memo::MIGRATIONS,
        crate::collection::MIGRATIONS,
        crate::search::MIGRATIONS,
        crate::likeness::MIGRATIONS,
        crate::batch::MIGRATIONS,
        crate::history::MIGRATIONS,
        crate::change::MIGRATIONS,
    ];
    let mut steps: Vec<_> = tables.into_iter().flatten().collect();
    steps.sort_by_key(|step| step.version);
    steps
}

/// The newest schema among some steps.
pub(crate) fn newest(steps: &[&Migration]) -> u32 {
    steps.iter().map(|step| step.version).max().unwrap_or(0)
}

/// The schema of a file.
pub(crate) fn version(conn: &Connection) -> Result<u32, StoreError> {
    Ok(conn.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Makes the tables of a new archive; its marks are set in the same transaction.
pub(crate) fn create(
    conn: &Connection,
    fill: impl FnOnce(&Connection) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let transaction = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    run(conn, &migrations(), 0)?;
    fill(conn)?;
    Ok(transaction.commit()?)
}

/// Brings an archive up to date. Where anything is to be done, a copy `NAME.anjuan.backup-vN` of
/// the old schema N is laid beside it first. Returns the copy's path.
pub(crate) fn migrate(
    path: &Path,
    conn: &Connection,
    steps: &[&Migration],
) -> Result<Option<PathBuf>, StoreError> {
    let (found, known) = (version(conn)?, newest(steps));
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    if found == known {
        return Ok(None);
    }
    let backup = back_up(path, conn, found)?;
    let transaction = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
    // Another program may have been quicker.
    let found = version(conn)?;
    run(conn, steps, found)?;
    transaction.commit()?;
    Ok(Some(backup))
}

fn run(conn: &Connection, steps: &[&Migration], from: u32) -> Result<(), StoreError> {
    for step in steps.iter().filter(|step| step.version > from) {
        conn.execute_batch(step.sql)?;
    }
    Ok(conn.pragma_update(None, "user_version", newest(steps))?)
}

/// Copies the archive to the first free name of `NAME.anjuan.backup-vN`, `….backup-vN.2` and so
/// on.
fn back_up(path: &Path, conn: &Connection, version: u32) -> Result<PathBuf, StoreError> {
    let mut attempt = 1_u32;
    loop {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".backup-v{version}"));
        if attempt > 1 {
            name.push(format!(".{attempt}"));
        }
        let name = PathBuf::from(name);
        match std::fs::OpenOptions::new().write(true).create_new(true).open(&name) {
            Ok(_) => {
                conn.backup(rusqlite::MAIN_DB, &name, rusqlite::backup::NO_PROGRESS)?;
                return Ok(name);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => attempt += 1,
            Err(error) => return Err(StoreError::io(&name)(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    const NOW: &str = "2026-03-01T08:00:00Z";

    /// What a later version of the program would know.
    fn later(sql: &'static str) -> Vec<&'static Migration> {
        let known = newest(&migrations());
        let step = Box::leak(Box::new(Migration { version: known + 1, sql }));
        migrations().into_iter().chain([&*step]).collect()
    }

    fn archive() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("旧.anjuan");
        drop(Store::create(&path, NOW).expect("a new archive"));
        (folder, path)
    }

    /// An archive as version 1 wrote it: two collections, the second of them made by an edit that
    /// can be undone.
    fn first_schema() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("一.anjuan");
        let conn = Connection::open(&path).expect("a database");
        let steps: Vec<_> = migrations().into_iter().filter(|step| step.version == 1).collect();
        conn.pragma_update(None, "application_id", APPLICATION_ID).expect("set");
        run(&conn, &steps, 0).expect("the old tables");
        crate::meta::fill(&conn, NOW).expect("facts");
        let insert = "INSERT INTO collection (id, name, created_at, created_by, modified_at)
                      VALUES (?1, ?2, ?3, '林', ?3)";
        let add = |name: &str| {
            let id = crate::CollectionId::new();
            conn.execute(insert, rusqlite::params![id, name, NOW]).expect("written");
        };
        add("乙集");
        let mut session = rusqlite::session::Session::new(&conn).expect("a session");
        session.attach(Some("collection")).expect("attached");
        add("丁集");
        let mut changeset = Vec::new();
        session.changeset_strm(&mut changeset).expect("recorded");
        let edit = crate::Edit {
            label: "collection_create",
            author: "林",
            at: NOW,
            group: None,
            report: None,
        };
        crate::history::insert(&conn, &edit, &changeset).expect("kept");
        drop(session);
        drop(conn);
        (folder, path)
    }

    #[test]
    fn the_first_schema_is_brought_up_to_date_and_its_edits_are_undone() {
        let (_folder, path) = first_schema();
        let mut store = Store::open(&path).expect("brought up to date");
        assert!(store.backup().is_some());
        let names = |store: &Store| -> String {
            store.read().collections().expect("read").into_iter().map(|c| c.name).collect()
        };
        assert_eq!(names(&store), "丁集乙集", "in the order they were shown in");
        store.undo("林", NOW).expect("possible").expect("an edit");
        assert_eq!(names(&store), "乙集");
        store.redo("林", NOW).expect("possible").expect("an edit");
        assert_eq!(names(&store), "丁集乙集");
        let edit = crate::Edit { label: "x", author: "林", at: NOW, group: None, report: None };
        store.edit(&edit, |w| w.create_collection(None, "丙集")).expect("a new one");
        assert_eq!(names(&store), "丁集乙集丙集");
        assert!(store.read().integrity_check().expect("read").is_empty());
    }

    #[test]
    fn an_older_schema_is_copied_and_brought_up_to_date() {
        let (folder, path) = archive();
        let known = newest(&migrations());
        let conn = Connection::open(&path).expect("a database");
        let steps = later("ALTER TABLE report ADD COLUMN shelf TEXT;");
        let backup = migrate(&path, &conn, &steps).expect("possible").expect("a copy");
        assert_eq!(backup, folder.path().join(format!("旧.anjuan.backup-v{known}")));
        assert_eq!(version(&conn).expect("read"), known + 1);
        conn.prepare("SELECT shelf FROM report").expect("the new column");
        assert_eq!(migrate(&path, &conn, &steps).expect("nothing to do"), None);
        let old = Store::open(&backup).expect("the copy is an archive of the old schema");
        let id = old.read().archive_id().expect("read");
        drop(conn);
        let newer = Store::open(&path);
        assert!(matches!(newer, Err(StoreError::Newer { found, .. }) if found == known + 1));
        let id_again: String = Connection::open(&path)
            .and_then(|conn| {
                conn.query_row("SELECT value FROM meta WHERE key = 'archive_id'", [], |r| r.get(0))
            })
            .expect("read");
        assert_eq!(id_again, id.to_string(), "the same archive");
    }

    #[test]
    fn a_step_that_fails_changes_nothing_and_takes_no_copy_s_place() {
        let (folder, path) = archive();
        let known = newest(&migrations());
        let conn = Connection::open(&path).expect("a database");
        let steps = later("CREATE TABLE shelf (x); SELECT nonsense;");
        for _ in 0..2 {
            assert!(matches!(migrate(&path, &conn, &steps), Err(StoreError::Sqlite(_))));
            assert_eq!(version(&conn).expect("read"), known);
            assert!(conn.prepare("SELECT x FROM shelf").is_err());
        }
        let copies = std::fs::read_dir(folder.path())
            .expect("the folder")
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.contains(".backup-v") && !name.ends_with("-wal"))
            .filter(|name| !name.ends_with("-shm"))
            .count();
        assert_eq!(copies, 2);
    }
}
