//! Copies of an archive: taken of one moment while it is in use, looked over, and at their place
//! whole or not at all.

use crate::check::Counts;
use crate::error::StoreError;
use crate::id::ArchiveId;
use crate::store::{Read, ReadStore, check_mark};
use crate::{meta, schema};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Pages copied between two looks at whether to go on: about 4 MB.
const PAGES: i32 = 1000;

/// In the names of copies that are being written, behind a full stop and the name to be.
const PARTIAL: &str = ".copying-";

/// How far a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyProgress {
    /// Bytes written.
    pub done: u64,
    /// Bytes in all.
    pub total: u64,
}

/// What a file that is an archive says of itself, without being opened for work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glance {
    /// Which archive it is, or is a copy of.
    pub id: ArchiveId,
    /// Number of its last change.
    pub sequence: u64,
}

impl ReadStore {
    /// Copies the archive as it is at this moment to a new file, while others go on changing it.
    /// The copy is compared with its source and appears under its name only when it is whole.
    /// Returns what is in it, or `None` where `progress` broke it off.
    pub fn copy_to(
        &self,
        to: &Path,
        progress: &mut dyn FnMut(CopyProgress) -> ControlFlow<()>,
    ) -> Result<Option<Counts>, StoreError> {
        // A read transaction: the source stays what it is until the end, also for the comparison.
        let read = self.read();
        copy(&read, to, Identity::Kept, None, progress)
    }
}

/// Makes an archive of a copy, as a new file: with an identifier of its own, since it goes its own
/// way from there, and derived indexes are kept by identifier. The copy stays as it is. Returns
/// what is in it, or `None` where `progress` broke it off.
pub fn restore(
    copied: &Path,
    to: &Path,
    progress: &mut dyn FnMut(CopyProgress) -> ControlFlow<()>,
) -> Result<Option<Counts>, StoreError> {
    let conn = look_into(copied)?;
    let read = Read::snapshot(&conn);
    copy(&read, to, Identity::New, None, progress)
}

/// Looks at a file that may be an archive or a copy of one.
pub fn glance(path: &Path) -> Result<Glance, StoreError> {
    let conn = look_into(path)?;
    let read = Read::snapshot(&conn);
    Ok(Glance { id: read.archive_id()?, sequence: read.sequence()? })
}

/// Removes what copies that were broken off have left in a folder. Those written to within `age`
/// may still be going on and stay.
pub fn sweep(folder: &Path, age: std::time::Duration) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let partial = name.starts_with('.') && name.contains(PARTIAL);
        let written = entry.metadata().and_then(|data| data.modified());
        let old = written.is_ok_and(|at| at.elapsed().is_ok_and(|elapsed| elapsed >= age));
        if partial && old {
            // Another program may have been quicker.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Opens a file for a look that leaves no trace beside it.
fn look_into(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    check_mark(&conn, path)?;
    let (found, known) = (schema::version(&conn)?, schema::newest(&schema::migrations()));
    if found > known { Err(StoreError::Newer { found, known }) } else { Ok(conn) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Identity {
    Kept,
    New,
}

fn copy(
    source: &Read<'_>,
    to: &Path,
    identity: Identity,
    // For tests: pages that the disk has room for.
    room: Option<u32>,
    progress: &mut dyn FnMut(CopyProgress) -> ControlFlow<()>,
) -> Result<Option<Counts>, StoreError> {
    if to.exists() {
        return Err(StoreError::Exists(to.to_owned()));
    }
    // The first read fixes the moment.
    let rows = rows(source.conn)?;
    let partial = Partial::claim(to)?;
    let mut conn = Connection::open_with_flags(
        &partial.path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    // A copy that is broken off is thrown away, so it needs no journal.
    conn.pragma_update(None, "journal_mode", "OFF")?;
    if let Some(pages) = room {
        conn.pragma_update(None, "max_page_count", pages)?;
    }
    if !transfer(source.conn, &mut conn, progress)? {
        return Ok(None);
    }
    // The source is in WAL mode, which would lay two files beside the copy whenever it is read.
    conn.pragma_update(None, "journal_mode", "DELETE")?;
    if identity == Identity::New {
        meta::renew_id(&conn)?;
    }
    verify(&conn, &rows)?;
    let counts = Read::snapshot(&conn).counts();
    conn.close().map_err(|(_, error)| error)?;
    let counts = counts?;
    partial.put_in_place(to)?;
    Ok(Some(counts))
}

/// Copies page by page; whether it came to the end.
fn transfer(
    from: &Connection,
    to: &mut Connection,
    progress: &mut dyn FnMut(CopyProgress) -> ControlFlow<()>,
) -> Result<bool, StoreError> {
    let page: i64 = from.pragma_query_value(None, "page_size", |row| row.get(0))?;
    let page = page.unsigned_abs();
    let backup = Backup::new(from, to)?;
    loop {
        let step = backup.step(PAGES)?;
        let at = backup.progress();
        let total = u64::from(at.pagecount.unsigned_abs());
        let left = u64::from(at.remaining.unsigned_abs());
        let told = CopyProgress { done: (total - left.min(total)) * page, total: total * page };
        match step {
            StepResult::Done => {
                // Too late to break off: it is all there.
                let _ = progress(told);
                return Ok(true);
            }
            StepResult::More if progress(told).is_break() => return Ok(false),
            StepResult::More => {}
            // The source is read in a transaction and the target is this call's own.
            _ => return Err(StoreError::Locked),
        }
    }
}

/// The tables with the number of their rows.
fn rows(conn: &Connection) -> Result<Vec<(String, i64)>, StoreError> {
    let mut select = conn.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
         ORDER BY name",
    )?;
    let names = select.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    let count = |name: String| {
        let sql = format!("SELECT count(*) FROM \"{}\"", name.replace('"', "\"\""));
        let rows = conn.query_row(&sql, [], |row| row.get(0))?;
        Ok((name, rows))
    };
    names.into_iter().map(count).collect()
}

fn verify(conn: &Connection, source: &[(String, i64)]) -> Result<(), StoreError> {
    let mut fault = None;
    conn.pragma_query(None, "integrity_check", |row| {
        let line: String = row.get(0)?;
        if line != "ok" {
            fault.get_or_insert(line);
        }
        Ok(())
    })?;
    if let Some(fault) = fault {
        return Err(StoreError::Damaged(format!("its copy does not hold together: {fault}")));
    }
    if rows(conn)? != source {
        return Err(StoreError::Damaged("its copy does not have as many rows".into()));
    }
    Ok(())
}

/// A file that is being written; removed unless it is put in its place.
struct Partial {
    path: PathBuf,
}

impl Partial {
    fn claim(to: &Path) -> Result<Self, StoreError> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = to.file_name().unwrap_or_default().to_string_lossy();
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!(".{name}{PARTIAL}{}-{number}", std::process::id());
        let path = to.with_file_name(name);
        let open = std::fs::OpenOptions::new().write(true).create_new(true).open(&path);
        open.map_err(StoreError::io(&path))?;
        Ok(Self { path })
    }

    /// Gives the file its name, never in place of another.
    fn put_in_place(self, to: &Path) -> Result<(), StoreError> {
        std::fs::File::open(&self.path)
            .and_then(|file| file.sync_all())
            .map_err(StoreError::io(&self.path))?;
        // A second name fails where the name is taken, which renaming would not. Some file systems
        // know no second names; there the name is asked for once more just before.
        match std::fs::hard_link(&self.path, to) {
            Ok(()) => {} // dropping takes the first name away
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                return Err(StoreError::Exists(to.to_owned()));
            }
            Err(_) if to.exists() => return Err(StoreError::Exists(to.to_owned())),
            Err(_) => std::fs::rename(&self.path, to).map_err(StoreError::io(to))?,
        }
        #[cfg(unix)]
        if let Some(folder) = to.parent() {
            // The name has to be on the disk too.
            let _ = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
        }
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Edit, Store};

    #[test]
    fn a_full_disk_is_told_and_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("满.anjuan");
        let mut store = Store::create(&path, "2026-03-01T08:00:00Z").expect("a new archive");
        let at = "2026-03-01T08:00:01Z";
        let edit = Edit { label: "import", author: "林", at, group: None, report: None };
        // What packs badly: a stream of bytes without pattern.
        let mut state = 1_u64;
        let bytes: Vec<u8> = (0..400_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (state >> 56) as u8
            })
            .collect();
        store.edit(&edit, |w| w.insert_original(&bytes)).expect("stored");
        let reader = ReadStore::open(&path).expect("opens");
        let to = folder.path().join("copy.anjuan");
        let mut go_on = |_| ControlFlow::Continue(());
        let full = copy(&reader.read(), &to, Identity::Kept, Some(50), &mut go_on);
        assert!(matches!(full, Err(StoreError::DiskFull)), "{full:?}");
        let left: Vec<_> = std::fs::read_dir(folder.path())
            .expect("the folder")
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.contains("copy"))
            .collect();
        assert_eq!(left, Vec::<String>::new(), "no torn file");
        copy(&reader.read(), &to, Identity::Kept, None, &mut go_on).expect("with room it works");
    }
}
