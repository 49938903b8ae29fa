//! What happens to the index when its disk fails: power that goes off, room that runs out.

#[path = "../../tests/search/support.rs"]
#[allow(dead_code, reason = "the tests outside use all of it")]
mod support;

use super::*;
use crate::Query;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind, Write};
use support::{Archive, found, go_on, text_document};
use tantivy::directory::error::{DeleteError, OpenReadError};
use tantivy::directory::{
    AntiCallToken, FileHandle, Lock, TerminatingWrite, WatchCallback, WatchHandle, WritePtr,
};

/// What goes wrong from a certain operation on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// Nothing is written any more.
    PowerOff,
    /// Nothing is written any more until there is room; deleting goes on.
    Full,
}

#[derive(Debug, Default)]
struct State {
    /// Operations so far that write, delete or wait for the disk.
    operations: usize,
    fault: Option<(usize, Fault)>,
    /// Names whose last change the disk may not have yet, with what it has: nothing or a content.
    unsynced: BTreeMap<PathBuf, Option<Vec<u8>>>,
    /// Files that are being written, whose content it may have in part.
    unfinished: BTreeSet<PathBuf>,
}

/// Files of the system on a disk that fails.
#[derive(Debug, Clone)]
struct Failing {
    files: Box<dyn Directory>,
    state: Arc<Mutex<State>>,
}

impl Failing {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panics with it")
    }

    fn operation(state: &Mutex<State>, deletes: bool) -> io::Result<()> {
        let mut state = state.lock().expect("no test panics with it");
        state.operations += 1;
        match state.fault {
            Some((from, Fault::PowerOff)) if state.operations > from => {
                Err(io::Error::other("the power is off"))
            }
            Some((from, Fault::Full)) if state.operations > from && !deletes => {
                Err(ErrorKind::StorageFull.into())
            }
            _ => Ok(()),
        }
    }

    /// Notes that a name is about to change.
    fn changes(&self, path: &Path) {
        let before = self.files.atomic_read(path).ok();
        self.state().unsynced.entry(path.to_owned()).or_insert(before);
    }
}

impl Directory for Failing {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.files.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        let failed = |error: io::Error| DeleteError::IoError {
            io_error: Arc::new(error),
            filepath: path.to_owned(),
        };
        Self::operation(&self.state, true).map_err(failed)?;
        self.changes(path);
        self.files.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.files.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Self::operation(&self.state, false)
            .map_err(|error| OpenWriteError::wrap_io_error(error, path.to_owned()))?;
        self.changes(path);
        let file = self.files.open_write(path)?;
        self.state().unfinished.insert(path.to_owned());
        let writing = Writing { file, path: path.to_owned(), state: Arc::clone(&self.state) };
        Ok(WritePtr::new(Box::new(writing)))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.files.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        Self::operation(&self.state, false)?;
        self.changes(path);
        self.files.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        Self::operation(&self.state, false)?;
        self.files.sync_directory()?;
        self.state().unsynced.clear();
        Ok(())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.files.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.files.watch(callback)
    }
}

struct Writing {
    file: WritePtr,
    path: PathBuf,
    state: Arc<Mutex<State>>,
}

impl Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Failing::operation(&self.state, false)?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl TerminatingWrite for Writing {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        Failing::operation(&self.state, false)?;
        self.file.terminate_ref(token)?;
        let mut state = self.state.lock().expect("no test panics with it");
        state.unfinished.remove(&self.path);
        Ok(())
    }
}

/// A disk with a fault from some operation on, and what it notes.
fn failing(fault: Option<(usize, Fault)>) -> (Storage, Arc<Mutex<State>>) {
    let state = Arc::new(Mutex::new(State { fault, ..State::default() }));
    let shared = Arc::clone(&state);
    let storage: Storage = Arc::new(move |dir| {
        let files: Box<dyn Directory> = Box::new(MmapDirectory::open(dir)?);
        Ok(Box::new(Failing { files, state: Arc::clone(&shared) }))
    });
    (storage, state)
}

/// Numbers from a fixed begin, so that a failure comes again.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// Leaves in the folder what a disk may have when the power goes off: of every change that was not
/// waited for, either what was before or what is behind.
fn cut_power(dir: &Path, state: &Mutex<State>, random: &mut Random) {
    let state = state.lock().expect("no test panics with it");
    for name in &state.unfinished {
        if let Ok(bytes) = std::fs::read(dir.join(name)) {
            let left = random.below(bytes.len() + 1);
            std::fs::write(dir.join(name), &bytes[..left]).expect("it can be written");
        }
    }
    for (name, before) in &state.unsynced {
        if random.below(2) == 0 {
            continue;
        }
        match before {
            Some(bytes) => std::fs::write(dir.join(name), bytes).expect("it can be written"),
            None => drop(std::fs::remove_file(dir.join(name))),
        }
    }
}

/// A folder in memory where there is one: waiting for a real disk would take most of the time.
fn parent_folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a folder")
}

const TEXTS: [&str; 4] = ["侨联工作总结", "工作计划\n侨务", "僑聯計畫", "总结"];

/// Changes of every kind, to be taken up one by one.
fn grown(archive: &mut Archive, step: usize) {
    match step % 4 {
        3 => archive.remove(&format!("{:03}", step / 2)),
        2 => archive.put(text_document(step / 3, TEXTS[step % 3])),
        _ => archive.put(text_document(step, TEXTS[step % TEXTS.len()])),
    }
}

/// That the index finds what is there, before and behind catching up, each document once.
fn check_whole(index: &Index, archive: &Archive, said: &str) {
    let queries = ["工作", "侨联", "计划", "总结"].map(Query::phrase);
    for query in &queries {
        assert_eq!(found(index, archive, query), archive.scan(query), "{said}");
    }
    index.catch_up(archive, &mut go_on).expect("catches up");
    for query in &queries {
        assert_eq!(found(index, archive, query), archive.scan(query), "{said}");
    }
    assert_eq!(index.status().documents, archive.documents.len() as u64, "{said}: nothing twice");
    assert!(index.damaged_files().expect("can be checked").is_empty(), "{said}");
}

/// Opens the index and takes changes up one by one, until something goes wrong.
fn grow(
    storage: &Storage,
    dir: &Path,
    archive: &mut Archive,
    steps: usize,
) -> Result<(), SearchError<std::convert::Infallible>> {
    let index = Index::open_on(storage, dir, "archive")?.index;
    for step in 0..steps {
        grown(archive, step);
        index.catch_up(archive, &mut go_on)?;
    }
    Ok(())
}

/// How many operations a run takes where nothing goes wrong.
fn operations(steps: usize) -> usize {
    let parent = parent_folder();
    let (storage, state) = failing(None);
    grow(&storage, &parent.path().join("index"), &mut Archive::new("archive"), steps)
        .expect("nothing goes wrong");
    let state = state.lock().expect("no test panics with it");
    state.operations
}

#[test]
fn power_that_goes_off_loses_nothing() {
    let cuts = std::env::var("ANJUAN_POWER_CUTS").ok().and_then(|cuts| cuts.parse().ok());
    let cuts: usize = cuts.unwrap_or(40);
    let steps = 12;
    let last = operations(steps);
    let (mut kept, mut rebuilt) = (0, 0);
    for cut in 0..cuts {
        let mut random = Random(cut as u64);
        let parent = parent_folder();
        let dir = parent.path().join("index");
        let (storage, state) = failing(Some((random.below(last), Fault::PowerOff)));
        let mut archive = Archive::new("archive");
        let _ = grow(&storage, &dir, &mut archive, steps);
        cut_power(&dir, &state, &mut random);
        let opened = Index::open(&dir, "archive").expect("an index can always be opened");
        if opened.rebuilt.is_some() {
            rebuilt += 1;
        } else {
            kept += 1;
        }
        check_whole(&opened.index, &archive, &format!("cut {cut}"));
    }
    println!("{cuts} cuts in {last} operations: {kept} times kept, {rebuilt} times begun anew");
    assert!(kept > 0, "some state is always whole");
}

#[test]
fn a_full_disk_is_said_and_got_over() {
    let steps = 3;
    let last = operations(steps);
    // Every operation in its turn is the first for which there is no room.
    for from in 0..last {
        let said = format!("no room for operation {from} of {last}");
        let parent = parent_folder();
        let dir = parent.path().join("index");
        let (storage, state) = failing(Some((from, Fault::Full)));
        let mut archive = Archive::new("archive");
        let make_room = || state.lock().expect("no test panics with it").fault = None;
        let check_error = |error: &IndexError| {
            let full = matches!(error, IndexError::Folder { source, .. }
                if source.kind() == ErrorKind::StorageFull);
            assert!(full, "{said}: {error:?}");
        };
        let index = match Index::open_on(&storage, &dir, "archive") {
            Ok(opened) => opened.index,
            Err(error) => {
                check_error(&error);
                make_room();
                Index::open_on(&storage, &dir, "archive").expect("there is room").index
            }
        };
        for step in 0..steps {
            grown(&mut archive, step);
            if let Err(error) = index.catch_up(&archive, &mut go_on) {
                let SearchError::Index(error) = error;
                check_error(&error);
                let query = Query::phrase("工作");
                assert_eq!(found(&index, &archive, &query), archive.scan(&query), "{said}");
                make_room();
            }
        }
        make_room();
        check_whole(&index, &archive, &said);
        drop(index);
        let opened = Index::open(&dir, "archive").expect("an index can always be opened");
        check_whole(&opened.index, &archive, &said);
    }
    println!("{last} operations, each without room once");
}
