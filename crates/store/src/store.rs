//! An open archive: one writer, any number of readers, and edits as transactions.

use crate::change::{self, Columns, TRACKED};
use crate::error::StoreError;
use crate::history;
use crate::id::{ReportId, RevisionId};
use crate::{meta, schema};
use rusqlite::config::DbConfig;
use rusqlite::session::Session;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, params};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a connection waits for another program to let go of the archive.
const PATIENCE: Duration = Duration::from_secs(5);

/// Statements kept prepared; more than this crate has.
const STATEMENTS: usize = 160;

/// An archive open for reading and writing. One program holds one; [`ReadStore`]s beside it read
/// while it writes.
#[derive(Debug)]
pub struct Store {
    pub(crate) conn: Connection,
    pub(crate) columns: Columns,
    path: PathBuf,
    backup: Option<PathBuf>,
}

/// What an edit is, for history and log.
#[derive(Debug, Clone, Copy)]
pub struct Edit<'e> {
    /// Key of the message that names it, such as `passage.create`.
    pub label: &'e str,
    /// Who does it.
    pub author: &'e str,
    /// When, ISO 8601.
    pub at: &'e str,
    /// Edits of one group are undone as one step, such as those of an import.
    pub group: Option<&'e str>,
    /// The report it is done in.
    pub report: Option<ReportId>,
}

impl Store {
    /// Makes a new archive. Fails where a file of that name is.
    pub fn create(path: &Path, now: &str) -> Result<Self, StoreError> {
        // Claims the name; SQLite takes an empty file for a new database.
        std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(path)
            .map_err(StoreError::io(path))?;
        let created = (|| {
            let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            schema::create(&conn, |conn| meta::fill(conn, now))?;
            Self::over(conn, path, None)
        })();
        if created.is_err() {
            // The file is this call's own and holds nothing.
            let _ = std::fs::remove_file(path);
        }
        created
    }

    /// Opens an archive. One of an older schema is copied and brought up to date first.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        check_header(path)?;
        let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let backup = schema::migrate(path, &conn, &schema::migrations())?;
        Self::over(conn, path, backup)
    }

    fn over(conn: Connection, path: &Path, backup: Option<PathBuf>) -> Result<Self, StoreError> {
        // Readers go on while the writer writes, and a commit is on the disk when it returns.
        conn.pragma_update(None, "journal_mode", "WAL")?;
        conn.pragma_update(None, "synchronous", "FULL")?;
        conn.pragma_update(None, "journal_size_limit", 64 << 20)?;
        let columns = Columns::read(&conn)?;
        let store = Self { conn, columns, path: path.to_owned(), backup };
        store.read().archive_id()?;
        Ok(store)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The copy that was made of an older schema when this archive was opened.
    pub fn backup(&self) -> Option<&Path> {
        self.backup.as_deref()
    }

    /// A consistent view of the archive as it is now.
    pub fn read(&self) -> Read<'_> {
        Read::snapshot(&self.conn)
    }

    /// Does some changes as one: all of them are in the file when this returns, or none where it
    /// fails. They can be undone together, and are logged for the indexes.
    pub fn edit<T>(
        &mut self,
        edit: &Edit<'_>,
        changes: impl FnOnce(&mut Write<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let conn = &self.conn;
        let transaction = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
        let mut session = Session::new(conn)?;
        for &table in TRACKED {
            session.attach(Some(table))?;
        }
        let mut write = Write { conn, author: edit.author, at: edit.at, characters: None };
        let value = changes(&mut write)?;
        if !session.is_empty() {
            let mut bytes = Vec::new();
            session.changeset_strm(&mut bytes)?;
            let changeset = session.changeset()?;
            drop(session);
            if !bytes.is_empty() {
                history::forget_undone(conn)?;
                let number = history::insert(conn, edit, &bytes)?;
                change::record(conn, &self.columns, &changeset, number, edit.author, edit.at)?;
            }
        }
        transaction.commit()?;
        Ok(value)
    }
}

/// An archive open for reading, beside a [`Store`] in this program or another.
#[derive(Debug)]
pub struct ReadStore {
    conn: Connection,
}

impl ReadStore {
    /// Opens an archive for reading. One of an older schema is refused: opening it as a [`Store`]
    /// first brings it up to date.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        // Not a read-only connection, since the last one to close has to tidy up the log.
        let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        conn.pragma_update(None, "query_only", true)?;
        check_mark(&conn, path)?;
        let (found, known) = (schema::version(&conn)?, schema::newest(&schema::migrations()));
        match found.cmp(&known) {
            std::cmp::Ordering::Equal => Ok(Self { conn }),
            std::cmp::Ordering::Greater => Err(StoreError::Newer { found, known }),
            std::cmp::Ordering::Less => Err(StoreError::Older { found, known }),
        }
    }

    /// Keeps little of what was read: for one who goes through all texts once.
    pub fn keep_little(&self) -> Result<(), StoreError> {
        Ok(self.conn.pragma_update(None, "cache_size", -2_048)?)
    }

    /// A consistent view of the archive as it is now.
    pub fn read(&self) -> Read<'_> {
        Read::snapshot(&self.conn)
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    opened(path, flags).map_err(|error| refusal(error, path))
}

/// What SQLite says of a file that is no database is that it is no archive.
fn refusal(error: rusqlite::Error, path: &Path) -> StoreError {
    if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) {
        StoreError::NotAnArchive(path.to_owned())
    } else {
        error.into()
    }
}

fn opened(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.busy_timeout(PATIENCE)?;
    // A statement is planned once. SQLite would plan it anew for each value that it is asked with,
    // which took longer than many of the answers.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    // KiB: the list of 100,000 reports stays in memory.
    conn.pragma_update(None, "cache_size", -65_536)?;
    Ok(conn)
}

/// Whether the file of a connection is an archive. Where this program may have the file open
/// already, its head must not be read beside SQLite: on POSIX, closing any handle of a file drops all
/// locks that the program holds on it (<https://sqlite.org/howtocorrupt.html>, section 2.2).
pub(crate) fn check_mark(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    let mark: i32 = conn
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(|error| refusal(error, path))?;
    if mark == schema::APPLICATION_ID {
        Ok(())
    } else {
        Err(StoreError::NotAnArchive(path.to_owned()))
    }
}

/// Looks at the head of a file before SQLite does, so that another program's database is left
/// untouched. The layout is SQLite's: 16 bytes of name, and the application id at byte 68.
pub(crate) fn check_header(path: &Path) -> Result<(), StoreError> {
    let mut header = Vec::with_capacity(100);
    let file = std::fs::File::open(path).map_err(StoreError::io(path))?;
    file.take(100).read_to_end(&mut header).map_err(StoreError::io(path))?;
    let is_archive = header.starts_with(b"SQLite format 3\0")
        && header.get(68..72) == Some(schema::APPLICATION_ID.to_be_bytes().as_slice());
    if is_archive { Ok(()) } else { Err(StoreError::NotAnArchive(path.to_owned())) }
}

/// A consistent view of an archive: what another connection commits meanwhile does not show. Hold
/// it for the length of one question, since the log cannot be tidied up behind it.
#[derive(Debug)]
pub struct Read<'a> {
    pub(crate) conn: &'a Connection,
    /// Whether this view began the read transaction and is to end it.
    began: bool,
}

impl<'a> Read<'a> {
    pub(crate) fn snapshot(conn: &'a Connection) -> Self {
        // Inside a transaction the view is that of the transaction.
        let began = conn.is_autocommit() && conn.execute_batch("BEGIN DEFERRED").is_ok();
        Self { conn, began }
    }
}

impl Drop for Read<'_> {
    fn drop(&mut self) {
        if self.began {
            // Nothing was written, and a connection that failed has nothing to end.
            let _ = self.conn.execute_batch("ROLLBACK");
        }
    }
}

/// The changes of one edit.
#[derive(Debug)]
pub struct Write<'w> {
    pub(crate) conn: &'w Connection,
    pub(crate) author: &'w str,
    pub(crate) at: &'w str,
    /// The text that passages were marked in last.
    pub(crate) characters: Option<(RevisionId, Vec<char>)>,
}

impl<'w> Write<'w> {
    /// The archive with the changes made so far.
    pub fn read(&self) -> Read<'w> {
        Read { conn: self.conn, began: false }
    }

    /// Marks a row deleted or takes the mark away; fails where there is no row to mark.
    pub(crate) fn mark(
        &mut self,
        table: &'static str,
        id: impl rusqlite::ToSql + std::fmt::Display + Copy,
        deleted: bool,
    ) -> Result<(), StoreError> {
        let (value, state) = if deleted { ("?2", "NULL") } else { ("NULL", "NOT NULL") };
        let marked = self
            .conn
            .prepare_cached(&format!(
                "UPDATE {table} SET deleted_at = {value}, modified_at = ?2
                 WHERE id = ?1 AND deleted_at IS {state}"
            ))?
            .execute(params![id, self.at])?;
        if marked == 0 { Err(StoreError::missing(table, id)) } else { Ok(()) }
    }
}
