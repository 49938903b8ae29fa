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
