//! One open archive: the file, its index, and what both say of themselves.

use crate::app::{Shell, name_of};
use crate::clock::Clock;
use crate::documents::{ArchiveSource, sample};
use crate::error::{Result, from_index, from_search, from_store};
use crate::example;
use crate::export::SharedFonts;
use crate::library::{Library, Order, Shelf};
use crate::search::{Concordances, CountedWords, Indexer, KnownNames};
use anjuan_protocol as wire;
use anjuan_protocol::Nothing;
use anjuan_search::Index;
use anjuan_store::{Edit, Read, ReadStore, ReportId, Store, StoreError, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

/// Windows of stored text that a check looks up in the index (search design 3.5).
const SAMPLES: usize = 200;

/// Connections for reading that are kept open.
const READERS_KEPT: usize = 4;

/// Reports changed between two looks at whether to go on.
const PORTION: usize = 500;

/// What the list's thread leaves to the window from the list being there to the first frame with it:
/// four times what that takes (130 ms from first to second paint, `./dev bench ui`).
const FIRST_FRAME: Duration = Duration::from_millis(500);

/// An open archive. All use cases are methods; they can be called from any thread.
pub struct Archive {
    path: PathBuf,
    store: Mutex<Store>,
    readers: Mutex<Vec<ReadStore>>,
    id: String,
    index_folder: PathBuf,
    /// Batches that are under way in this run.
    pub(crate) importing: Mutex<std::collections::HashSet<String>>,
    index: RwLock<Option<Arc<Index>>>,
    indexer: Mutex<Option<Indexer>>,
    coder: Mutex<String>,
    pub(crate) shelf: Shelf,
    pub(crate) concordances: Concordances,
    pub(crate) counted_words: CountedWords,
    pub(crate) known_names: KnownNames,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) fonts: Arc<SharedFonts>,
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while writing rolled its transaction back; what is behind the lock is whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Archive {
    /// Makes an archive file and opens it.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub fn create(path: &Path, shell: &Shell, coder: String) -> Result<Self> {
        let store = Store::create(path, &shell.clock.stamp()).map_err(|e| from_store(path, e))?;
        Self::with_store(path, store, shell, coder)
    }

    /// Opens an archive file.
    ///
    /// # Errors
    /// When it is not there, is no archive, is newer, damaged or in use.
    pub fn open(path: &Path, shell: &Shell, coder: String) -> Result<Self> {
        let store = Store::open(path).map_err(|e| from_store(path, e))?;
        Self::with_store(path, store, shell, coder)
    }

    fn with_store(path: &Path, store: Store, shell: &Shell, coder: String) -> Result<Self> {
        let id = store.read().archive_id().map_err(|e| from_store(path, e))?.to_string();
        Ok(Self {
            path: path.to_owned(),
            store: Mutex::new(store),
            readers: Mutex::default(),
            index_folder: shell.folders.cache.join("index").join(&id),
            id,
            importing: Mutex::default(),
            index: RwLock::new(None),
            indexer: Mutex::new(None),
            coder: Mutex::new(coder),
            shelf: Shelf::default(),
            concordances: Concordances::default(),
            counted_words: CountedWords::default(),
            known_names: KnownNames::default(),
            clock: Arc::clone(&shell.clock),
            fonts: SharedFonts::of(&shell.folders.fonts),
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Sets the name written on what is changed from now on.
    pub(crate) fn set_coder(&self, coder: String) {
        *lock(&self.coder) = coder;
    }

    pub(crate) fn coder(&self) -> String {
        lock(&self.coder).clone()
    }

    /// The time as the archive writes it.
    pub(crate) fn now(&self) -> String {
        self.clock.stamp()
    }

    pub(crate) fn fault(&self, error: StoreError) -> wire::CommandError {
        from_store(&self.path, error)
    }

    /// Reads with a connection of its own, so that no reader waits for a writer.
    pub(crate) fn read<T>(
        &self,
        query: impl FnOnce(Read<'_>) -> std::result::Result<T, StoreError>,
    ) -> Result<T> {
        self.with_reader(|reader| query(reader.read()).map_err(|e| self.fault(e)))
    }

    pub(crate) fn with_reader<T>(&self, work: impl FnOnce(&ReadStore) -> Result<T>) -> Result<T> {
        let kept = lock(&self.readers).pop();
        let reader = match kept {
            Some(reader) => reader,
            None => ReadStore::open(&self.path).map_err(|e| self.fault(e))?,
        };
        let outcome = work(&reader);
        let mut readers = lock(&self.readers);
        if readers.len() < READERS_KEPT {
            readers.push(reader);
        }
        outcome
    }

    /// Sets how text is put in order from now on.
    pub fn set_order(&self, settings: &wire::Settings) {
        self.shelf.set_order(Order::of(settings));
    }

    /// Asks the library's list, which is brought up to date first.
    pub(crate) fn library<T>(
        &self,
        question: impl FnOnce(&Library, &Read<'_>) -> std::result::Result<T, StoreError>,
    ) -> Result<T> {
        self.with_reader(|reader| self.shelf.ask(reader, question).map_err(|e| self.fault(e)))
    }

    /// The same for a question about what the user put on the reports.
    pub(crate) fn library_with_marks<T>(
        &self,
        question: impl FnOnce(&Library, &Read<'_>) -> std::result::Result<T, StoreError>,
    ) -> Result<T> {
        self.with_reader(|reader| {
            self.shelf.ask_with_marks(reader, question).map_err(|e| self.fault(e))
        })
    }

    /// Asks the library about the reports of a filter, in an order where one is asked for.
    pub(crate) fn library_under<T>(
        &self,
        filter: &wire::ReportFilter,
        sort: Option<&wire::ReportSort>,
        question: impl FnOnce(&Library, &Read<'_>) -> std::result::Result<T, StoreError>,
    ) -> Result<T> {
        let out = &filter.exclude;
        let no_names = filter.tags.is_empty()
            && out.tags.is_empty()
            && filter.collections.is_empty()
            && out.collections.is_empty();
        let marked = !no_names
            || filter.memo.is_some()
            || filter.passages.is_some()
            || matches!(sort, Some(wire::ReportSort::Passages));
        if marked { self.library_with_marks(question) } else { self.library(question) }
    }

    /// Brings the library's list up to date now, so that the next question need not.
    pub(crate) fn follow(&self) -> Result<()> {
        self.with_reader(|reader| self.shelf.follow(&reader.read()).map_err(|e| self.fault(e)))
    }

    /// Lets a thread of its own read the library's list, while the window is still being made.
    pub(crate) fn start_library(self: &Arc<Self>) {
        let archive = Arc::clone(self);
        // Without a thread the first question reads it.
        let _ = std::thread::Builder::new().name("library".into()).spawn(move || {
            // A fault shows with the first question.
            if archive.follow().is_err() {
                return;
            }
            // What comes with a first click would take the processor from the window's first frame.
            std::thread::sleep(FIRST_FRAME);
            let _ = archive
                .with_reader(|reader| archive.shelf.prepare(reader).map_err(|e| archive.fault(e)));
        });
    }

    /// Does something with each of many reports as one step. Tells how far it is; broken off, it
    /// leaves everything as it was.
    pub(crate) fn edit_each(
        &self,
        label: &str,
        reports: &[ReportId],
        progress: &mut dyn FnMut(u32, u32) -> ControlFlow<()>,
        mut change: impl FnMut(&mut Write<'_>, ReportId) -> std::result::Result<(), StoreError>,
    ) -> Result<()> {
        let total = reports.len() as u32;
        let one = reports.first().copied().filter(|_| total == 1);
        self.edit(label, one, |w| {
            for (done, &report) in reports.iter().enumerate() {
                if done % PORTION == 0 && progress(done as u32, total).is_break() {
                    return Err(StoreError::Cancelled);
                }
                change(w, report)?;
            }
            Ok(())
        })?;
        // While the caller still shows that it works.
        if reports.len() > PORTION { self.follow() } else { Ok(()) }
    }

    /// Changes the archive in one transaction that can be undone under a label.
    pub(crate) fn edit<T>(
        &self,
        label: &str,
        report: Option<ReportId>,
        change: impl FnOnce(&mut Write<'_>) -> std::result::Result<T, StoreError>,
    ) -> Result<T> {
        self.edit_in_group(label, None, report, change)
    }

    /// The same as a part of a larger step: edits of one group are undone together.
    pub(crate) fn edit_in_group<T>(
        &self,
        label: &str,
        group: Option<&str>,
        report: Option<ReportId>,
        change: impl FnOnce(&mut Write<'_>) -> std::result::Result<T, StoreError>,
    ) -> Result<T> {
        let (author, at) = (self.coder(), self.clock.stamp());
        let edit = Edit { label, author: &author, at: &at, group, report };
        lock(&self.store).edit(&edit, change).map_err(|e| self.fault(e))
    }

    pub(crate) fn with_store_locked<T>(
        &self,
        work: impl FnOnce(&mut Store) -> std::result::Result<T, StoreError>,
    ) -> Result<T> {
        work(&mut lock(&self.store)).map_err(|e| self.fault(e))
    }

    /// Number of the last change.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn sequence(&self) -> Result<u64> {
        self.read(|r| r.sequence())
    }

    /// What the window shows of the archive.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn info(&self) -> Result<wire::ArchiveInfo> {
        let counts = self.read(|r| r.counts())?;
        Ok(wire::ArchiveInfo {
            path: self.path.to_string_lossy().into_owned(),
            name: name_of(&self.path),
            reports: counts.reports,
            passages: counts.passages,
            sequence: self.sequence()?,
            example: self.path.file_name().is_some_and(|n| n == example::NAME),
        })
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Gives this file an index of its own beside that of another file with the same identifier.
    pub(crate) fn keep_index_apart(&mut self) {
        let path = std::fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let mark = anjuan_store::ContentHash::of(path.to_string_lossy().as_bytes()).to_string();
        let mark = mark.get(..12).unwrap_or(&mark);
        self.index_folder.set_file_name(format!("{}-{mark}", self.id));
    }

    /// The index, opened on first use; a foreign, outdated or damaged one is put aside and begun
    /// anew.
    pub(crate) fn index(&self) -> Result<Arc<Index>> {
        if let Some(index) = &*self.index.read().unwrap_or_else(PoisonError::into_inner) {
            return Ok(Arc::clone(index));
        }
        let mut slot = self.index.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = &*slot {
            return Ok(Arc::clone(index));
        }
        let opened = Index::open(&self.index_folder, &self.id).map_err(from_index)?;
        let index = Arc::new(opened.index);
        *slot = Some(Arc::clone(&index));
        Ok(index)
    }

    /// Applies every change to the index.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn catch_up(&self) -> Result<()> {
        self.catch_up_while(|| true)
    }

    /// The same, stopping at the next whole step once `goes_on` says no.
    pub(crate) fn catch_up_while(&self, goes_on: impl Fn() -> bool) -> Result<()> {
        let index = self.index()?;
        // An index of an archive without changes is still to be made.
        if index.applied() == self.sequence()? && !index.status().building {
            return Ok(());
        }
        // Its own connection: a long catch-up must not hold one of the window's.
        let reader = ReadStore::open(&self.path).map_err(|e| self.fault(e))?;
        reader.keep_little().map_err(|e| self.fault(e))?;
        let source = ArchiveSource::new(&reader, &self.id);
        index
            .catch_up(&source, &mut |_| {
                if goes_on() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })
            .map_err(|e| from_search(&self.path, e))?;
        Ok(())
    }

    /// Joins the parts of the index, where nothing changes for a while.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn compact_index(&self) -> Result<()> {
        self.index()?.compact().map_err(from_index)?;
        Ok(())
    }

    /// Lets a thread of its own keep the index up to date from now on.
    pub fn start_indexer(self: &Arc<Self>) {
        *lock(&self.indexer) = Indexer::start(Arc::downgrade(self)).ok();
        self.wake_indexer();
    }

    /// Tells the thread that there may be changes.
    pub(crate) fn wake_indexer(&self) {
        if let Some(indexer) = &*lock(&self.indexer) {
            indexer.wake();
        }
    }

    /// What the index holds.
    ///
    /// # Errors
    /// When file or index cannot be read.
    pub fn index_status(&self, _: &Nothing) -> Result<wire::IndexStatus> {
        let status = self.index()?.status();
        let sequence = self.sequence()?;
        Ok(wire::IndexStatus {
            indexed: u32::try_from(status.documents).unwrap_or(u32::MAX),
            applied: status.applied,
            sequence,
            bytes: status.bytes,
            building: status.building || status.applied < sequence,
        })
    }

    /// Puts the index aside and builds it anew.
    ///
    /// # Errors
    /// When the cache folder cannot be written.
    pub fn rebuild_index(&self, nothing: &Nothing) -> Result<wire::IndexStatus> {
        {
            let mut slot = self.index.write().unwrap_or_else(PoisonError::into_inner);
            *slot = None;
            let opened = Index::rebuild(&self.index_folder, &self.id).map_err(from_index)?;
            *slot = Some(Arc::new(opened.index));
        }
        self.catch_up()?;
        self.index_status(nothing)
    }

    /// Looks windows of stored text up in the index; one that misses any is built anew.
    ///
    /// # Errors
    /// When file or index cannot be read.
    pub fn check_index(&self, nothing: &Nothing) -> Result<wire::IndexCheck> {
        self.catch_up()?;
        let (sampled, missed) = self.with_reader(|reader| {
            let source = ArchiveSource::new(reader, &self.id);
            sample(&source, &*self.index()?, SAMPLES).map_err(|e| from_search(&self.path, e))
        })?;
        let rebuilt = missed > 0;
        let status =
            if rebuilt { self.rebuild_index(nothing)? } else { self.index_status(nothing)? };
        Ok(wire::IndexCheck { sampled, missed, rebuilt, status })
    }

    /// Checks the file, and the index as [`Self::check_index`] does.
    ///
    /// # Errors
    /// When the file cannot be read at all.
    pub fn check(&self) -> Result<wire::CheckResult> {
        let faults = self.read(|r| r.integrity_check())?;
        let index = self.check_index(&Nothing {})?;
        let info = self.info()?;
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Ok(wire::CheckResult {
            ok: faults.is_empty(),
            reports: info.reports,
            passages: info.passages,
            faults,
            index: index.status,
            sampled: index.sampled,
            missed: index.missed,
        })
    }

    /// The current text of a report.
    pub(crate) fn current_text(
        &self,
        id: ReportId,
    ) -> Result<(anjuan_store::Report, anjuan_text::ReportText)> {
        self.read(|r| {
            let report = r.report(id)?;
            let text = r.report_text(report.revision)?;
            Ok((report, text))
        })
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        // The thread holds only a weak reference; it ends by itself once woken.
        if let Some(indexer) = lock(&self.indexer).take() {
            indexer.stop();
        }
    }
}
