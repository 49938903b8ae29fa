//! The index on disk: opened, caught up, put aside when it cannot be used.

#[cfg(test)]
mod faults;

use crate::document::{Document, Source};
use crate::part::Part;
use crate::schema::{
    Fields, SCHEMA_VERSION, TOKENISER_VERSION, id_term, indexed, schema, tokenisers,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenWriteError};
use tantivy::directory::{DirectoryLock, INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::indexer::LogMergePolicy;
use tantivy::{Directory, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyError};

/// Memory for the terms of documents that the engine puts in the place of others, per thread.
const MEMORY: usize = 28 << 20;
/// Threads that make parts of the index, beside the one that reads.
const THREADS: usize = 4;
/// Documents of one commit while catching up: what is lost at most when the program is killed.
const BATCH: usize = 4_000;
/// Bytes of reading text of one commit.
const BATCH_BYTES: usize = 18 << 20;
/// Documents below which all parts of the index count as equally small. The engine's own number,
/// 10,000, is more than the documents of several commits: what was joined was joined again and again
/// until it had grown to so many.
const SMALL_PART: u32 = 1_000;
/// Parts of about the same size that are joined to one. With twelve, and parts of two thirds the size,
/// joining took two fifths of the processor's time of a first build; idle hours join all of them in any
/// case.
const JOINED: usize = 24;
/// Documents that were read and wait to be folded.
const WAITING: usize = 8;
/// Below so many documents one thread does it, so that a commit makes one segment.
const FEW: usize = 64;

/// Attempts to begin an index that another program holds, and the pause between them.
const ATTEMPTS: usize = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// What can go wrong with the index itself.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The folder cannot be made, moved or read, or nothing more can be written to it, as where the
    /// disk is full.
    #[error("the folder of the index {path} cannot be used: {source}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The index does not hold together. Searches read the archive instead, and catching up begins
    /// it anew.
    #[error("the index is damaged: {0}")]
    Damaged(String),
    /// The source is not the archive that the index was made for.
    #[error("the index belongs to archive {index}, not to {source_id}")]
    Foreign {
        /// The archive of the index.
        index: String,
        /// The archive of the source.
        source_id: String,
    },
    /// Another program is about to begin the same index and does not get done.
    #[error("another program holds the index")]
    Busy,
    /// The engine failed.
    #[error("the search engine failed: {0}")]
    Engine(#[from] TantivyError),
}

/// Whether it is that the disk has no room left.
fn is_full(error: &TantivyError) -> bool {
    match error {
        TantivyError::IoError(error)
        | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error: error, .. })
        | TantivyError::LockFailure(LockError::IoError(error), _) => is_no_room(error),
        _ => false,
    }
}

fn is_no_room(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
}

/// Whether a small file cannot be written for want of room.
fn has_no_room(storage: &Storage, dir: &Path) -> bool {
    const NAME: &str = ".room";
    let Ok(files) = storage(dir) else { return false };
    let written = files.atomic_write(Path::new(NAME), &vec![0; 1 << 16]);
    let _ = files.delete(Path::new(NAME));
    written.is_err_and(|error| is_no_room(&error))
}

impl IndexError {
    /// Says so where it is that the disk of the folder has no room left. The engine often tells no
    /// more than that something went wrong, so that writing is tried.
    fn in_folder(self, storage: &Storage, dir: &Path) -> Self {
        let full = match &self {
            Self::Engine(error) => is_full(error) || has_no_room(storage, dir),
            Self::Damaged(_) => has_no_room(storage, dir),
            Self::Folder { .. } | Self::Foreign { .. } | Self::Busy => false,
        };
        if full { folder(dir, std::io::ErrorKind::StorageFull.into()) } else { self }
    }

    fn is_busy(&self) -> bool {
        matches!(self, Self::Engine(TantivyError::LockFailure(LockError::LockBusy, _)))
    }
}

/// What can go wrong while the index reads from the archive.
#[derive(Debug, thiserror::Error)]
pub enum SearchError<E> {
    /// The index.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The archive.
    #[error("the archive could not be read: {0}")]
    Source(E),
}

impl<E> From<TantivyError> for SearchError<E> {
    fn from(error: TantivyError) -> Self {
        Self::Index(error.into())
    }
}

/// Why an index begins anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// There was none.
    Missing,
    /// It belongs to another archive.
    ForeignArchive,
    /// It was made with other fields.
    OtherSchema,
    /// It was made with another folding.
    OtherTokeniser,
    /// It could not be read; with what the engine says.
    Damaged(String),
    /// It was asked for.
    Asked,
}

/// An index that was opened.
#[derive(Debug)]
pub struct Opened {
    /// The index.
    pub index: Index,
    /// Why it is empty, where it begins anew.
    pub rebuilt: Option<Reason>,
}

/// How far catching up is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Documents done.
    pub done: usize,
    /// Documents to do, as far as known.
    pub total: usize,
}

/// What the index holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Documents.
    pub documents: u64,
    /// Number of the last change applied.
    pub applied: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// Parts on disk; the engine joins them by and by.
    pub segments: usize,
    /// Whether the first build is not finished.
    pub building: bool,
}

/// How far the index is; written with every commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Applied {
    /// The archive.
    archive: String,
    schema: u32,
    tok: u32,
    /// Documents in the index are at least as new as this change.
    pub(crate) seq: u64,
    /// During the first build: documents up to this identifier are in, later ones are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) built_to: Option<String>,
}

impl Applied {
    fn nothing(archive: &str) -> Self {
        Self {
            archive: archive.to_owned(),
            schema: SCHEMA_VERSION,
            tok: TOKENISER_VERSION,
            seq: 0,
            built_to: Some(String::new()),
        }
    }

    /// Changes with higher numbers are not in the index.
    fn whole(&self) -> u64 {
        if self.built_to.is_some() { 0 } else { self.seq }
    }
}

/// A state of the index that does not change while it is looked at.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) searcher: Searcher,
    pub(crate) applied: Applied,
}

/// The files of an index, open.
struct Files {
    engine: tantivy::Index,
    reader: IndexReader,
}

/// Opens the files in a folder.
type Storage = Arc<dyn Fn(&Path) -> Result<Box<dyn Directory>, OpenDirectoryError> + Send + Sync>;

/// Files of the system.
fn on_disk() -> Storage {
    Arc::new(|dir| Ok(Box::new(MmapDirectory::open(dir)?)))
}

/// The index of one archive.
pub struct Index {
    dir: PathBuf,
    storage: Storage,
    fields: Fields,
    files: RwLock<Arc<Files>>,
    snapshot: RwLock<Arc<Snapshot>>,
    /// Whether a search found that the files do not hold together.
    damaged: AtomicBool,
    /// Held while catching up; one at a time.
    catching_up: Mutex<()>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("dir", &self.dir).finish_non_exhaustive()
    }
}

impl Index {
    /// Opens the index of an archive in its folder. One that is missing, foreign, of another
    /// version or damaged is put aside and begun anew, empty, as if nothing were applied.
    ///
    /// # Errors
    /// Where the folder cannot be made or an unusable index cannot be moved away.
    pub fn open(dir: &Path, archive_id: &str) -> Result<Opened, IndexError> {
        Self::open_on(&on_disk(), dir, archive_id)
    }

    fn open_on(storage: &Storage, dir: &Path, archive_id: &str) -> Result<Opened, IndexError> {
        remove_aside(dir);
        let reason = match guarded(|| Self::open_existing(storage, dir, archive_id)) {
            Ok(Ok(index)) => return Ok(Opened { index, rebuilt: None }),
            Ok(Err(reason)) => reason,
            Err(error) => Reason::Damaged(error.to_string()),
        };
        Self::begin(storage, dir, archive_id, reason)
    }

    /// Puts whatever is in the folder aside and begins an empty index.
    ///
    /// # Errors
    /// As [`Index::open`].
    pub fn rebuild(dir: &Path, archive_id: &str) -> Result<Opened, IndexError> {
        Self::begin(&on_disk(), dir, archive_id, Reason::Asked)
    }

    /// Begins an empty index, unless another program is just doing so.
    fn begin(
        storage: &Storage,
        dir: &Path,
        archive_id: &str,
        reason: Reason,
    ) -> Result<Opened, IndexError> {
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                std::thread::sleep(PAUSE);
                if reason != Reason::Asked
                    && let Ok(Ok(index)) = guarded(|| Self::open_existing(storage, dir, archive_id))
                {
                    return Ok(Opened { index, rebuilt: None });
                }
            }
            let held = hold(dir);
            if matches!(held, Hold::Busy) {
                continue;
            }
            put_aside(dir)?;
            std::fs::create_dir_all(dir).map_err(|source| folder(dir, source))?;
            remove_aside(dir);
            drop(held);
            match guarded(|| Self::create(storage, dir, archive_id)) {
                Err(error) if error.is_busy() => {}
                Err(error) => return Err(error.in_folder(storage, dir)),
                Ok(index) => return Ok(Opened { index, rebuilt: Some(reason) }),
            }
        }
        Err(IndexError::Busy)
    }

    fn open_existing(
        storage: &Storage,
        dir: &Path,
        archive_id: &str,
    ) -> Result<Result<Self, Reason>, IndexError> {
        if !dir.join("meta.json").is_file() {
            return Ok(Err(Reason::Missing));
        }
        let directory = storage(dir).map_err(TantivyError::from)?;
        let mut engine = tantivy::Index::open(directory)?;
        let (schema, fields) = schema();
        let metas = engine.load_metas()?;
        let Some(applied) =
            metas.payload.and_then(|payload| serde_json::from_str::<Applied>(&payload).ok())
        else {
            return Ok(Err(Reason::Damaged("it does not say how far it is".to_owned())));
        };
        if applied.archive != archive_id {
            return Ok(Err(Reason::ForeignArchive));
        }
        if applied.schema != SCHEMA_VERSION || engine.schema() != schema {
            return Ok(Err(Reason::OtherSchema));
        }
        if applied.tok != TOKENISER_VERSION {
            return Ok(Err(Reason::OtherTokeniser));
        }
        engine.set_tokenizers(tokenisers());
        let index = Self::with_engine(storage, dir, engine, fields, applied)?;
        // The engine opens the parts of a file when first used; what is missing shall show now.
        for segment in index.snapshot().searcher.segment_readers() {
            for field in index.fields.indexed() {
                segment.inverted_index(field)?;
            }
        }
        Ok(Ok(index))
    }

    fn create(storage: &Storage, dir: &Path, archive_id: &str) -> Result<Self, IndexError> {
        let (schema, fields) = schema();
        let directory = storage(dir).map_err(TantivyError::from)?;
        let engine = tantivy::Index::builder()
            .schema(schema)
            .tokenizers(tokenisers())
            .open_or_create(directory)?;
        let applied = Applied::nothing(archive_id);
        let mut writer: IndexWriter = engine.writer_with_num_threads(1, MEMORY)?;
        commit(&mut writer, &applied)?;
        writer.wait_merging_threads()?;
        Self::with_engine(storage, dir, engine, fields, applied)
    }

    fn with_engine(
        storage: &Storage,
        dir: &Path,
        engine: tantivy::Index,
        fields: Fields,
        applied: Applied,
    ) -> Result<Self, IndexError> {
        let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let snapshot = Snapshot { searcher: reader.searcher(), applied };
        Ok(Self {
            dir: dir.to_owned(),
            storage: Arc::clone(storage),
            fields,
            files: RwLock::new(Arc::new(Files { engine, reader })),
            snapshot: RwLock::new(Arc::new(snapshot)),
            damaged: AtomicBool::new(false),
            catching_up: Mutex::new(()),
        })
    }

    /// Begins anew in place; false where another program is writing.
    fn heal(&self, archive_id: &str) -> Result<bool, IndexError> {
        let begun = match Self::begin(&self.storage, &self.dir, archive_id, Reason::Asked) {
            Ok(begun) => begun.index,
            Err(IndexError::Busy) => return Ok(false),
            Err(error) => return Err(error),
        };
        let snapshot = begun.snapshot();
        *self.files.write().unwrap_or_else(PoisonError::into_inner) = begun.files();
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
        self.damaged.store(false, Ordering::Relaxed);
        Ok(true)
    }

    fn files(&self) -> Arc<Files> {
        self.files.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Relaxed)
    }

    /// Notes that the files are not to be used; the next catching up begins anew.
    pub(crate) fn set_damaged(&self) {
        self.damaged.store(true, Ordering::Relaxed);
    }

    pub(crate) fn fields(&self) -> &Fields {
        &self.fields
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Number of the last change applied; 0 until the first build is finished.
    pub fn applied(&self) -> u64 {
        self.snapshot().applied.whole()
    }

    /// The archive it was made for.
    pub fn archive_id(&self) -> String {
        self.snapshot().applied.archive.clone()
    }

    /// What it holds.
    pub fn status(&self) -> Status {
        let snapshot = self.snapshot();
        let bytes = std::fs::read_dir(&self.dir)
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.metadata().ok())
            .map(|metadata| metadata.len())
            .sum();
        Status {
            documents: snapshot.searcher.num_docs(),
            applied: snapshot.applied.whole(),
            bytes,
            segments: snapshot.searcher.segment_readers().len(),
            building: snapshot.applied.built_to.is_some(),
        }
    }

    /// Reads every file and compares checksums; the names of files that are damaged.
    ///
    /// # Errors
    /// Where files cannot be read.
    pub fn damaged_files(&self) -> Result<Vec<PathBuf>, IndexError> {
        guarded(|| Ok(self.files().engine.validate_checksum()?.into_iter().collect()))
    }

    /// Applies every change of the archive that is not in the index yet, in batches, each of which
    /// is kept even when the next one fails or the program is killed. Answers the number of the
    /// last change applied. `progress` can stop it; what is done by then is kept. While another
    /// program is catching up the same index, what that one has applied so far is the answer:
    /// searches are complete in any case. An index that turned out damaged is put aside and built
    /// anew.
    ///
    /// # Errors
    /// Where the archive cannot be read or the index not be written.
    pub fn catch_up<S: Source>(
        &self,
        source: &S,
        progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<u64, SearchError<S::Error>> {
        let mut caught_up = self.caught_up(source, progress);
        // What a catch-up that was broken off has left behind can be in the way of the next.
        if let Err(SearchError::Index(IndexError::Engine(TantivyError::OpenWriteError(
            OpenWriteError::FileAlreadyExists(path),
        )))) = &caught_up
            && self.removes_left_behind(path)
        {
            caught_up = self.caught_up(source, progress);
        }
        caught_up.map_err(|error| match error {
            SearchError::Index(error) => error.in_folder(&self.storage, &self.dir).into(),
            SearchError::Source(error) => SearchError::Source(error),
        })
    }

    /// Deletes a file that belongs to no part of the index; false where there is none such.
    fn removes_left_behind(&self, path: &Path) -> bool {
        let Ok(metas) = self.files().engine.load_metas() else { return false };
        let belongs = metas.list_segment_files().contains(path);
        !belongs && (self.storage)(&self.dir).is_ok_and(|files| files.delete(path).is_ok())
    }

    fn caught_up<S: Source>(
        &self,
        source: &S,
        progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<u64, SearchError<S::Error>> {
        let _one: MutexGuard<'_, ()> =
            self.catching_up.lock().unwrap_or_else(PoisonError::into_inner);
        self.check_archive(source)?;
        let target = source.sequence().map_err(SearchError::Source)?;
        // Another program may have moved on; or the files are gone.
        if (self.is_damaged() || self.reload().is_err()) && !self.heal(&source.archive_id())? {
            return Ok(self.applied());
        }
        let mut applied = self.snapshot().applied.clone();
        if applied.built_to.is_none() && applied.seq == target {
            return Ok(target);
        }
        let work = Work::plan(source, &applied, target).map_err(SearchError::Source)?;
        let threads = if work.documents.len() < FEW { 1 } else { threads() };
        let files = self.files();
        let mut writer: IndexWriter = match guarded(|| {
            let writer = files.engine.writer_with_num_threads(threads, threads * MEMORY)?;
            writer.set_merge_policy(Box::new(joining()));
            Ok(writer)
        }) {
            Ok(writer) => writer,
            Err(error) if error.is_busy() => return Ok(self.applied()),
            Err(error) => return Err(error.into()),
        };
        let mut total = work.documents.len();
        let mut done = 0;
        let mut stopped = progress(Progress { done, total }).is_break();
        let mut work = work;
        if work.afresh {
            guarded(|| Ok(writer.delete_all_documents()?))?;
            applied = Applied { seq: target, ..Applied::nothing(&applied.archive) };
        }
        loop {
            let snapshot = self.snapshot();
            // The first build goes through documents that are not in.
            let known = applied.built_to.is_none().then_some(&snapshot.searcher);
            let batch = Batch { writer: &writer, fields: &self.fields, threads, known };
            let added = batch.add(source, &work.documents, stopped, &mut |n| {
                progress(Progress { done: done + n, total })
            });
            let (in_batch, broken_off) = match added {
                // The threads of the engine keep to themselves what went wrong until a commit.
                Err(SearchError::Index(error)) => {
                    let cause = guarded(|| Ok(writer.prepare_commit().map(|_| ())?)).err();
                    return Err(cause.unwrap_or(error).into());
                }
                added => added?,
            };
            done += in_batch;
            stopped |= broken_off;
            let finished = in_batch == work.documents.len();
            if in_batch > 0 || work.afresh || finished {
                work.account(&mut applied, in_batch, finished);
                guarded(|| commit(&mut writer, &applied))?;
                self.reload()?;
            }
            work.drop_first(in_batch);
            if stopped {
                break;
            }
            if finished {
                // Changes that came in the meantime. Some may be in already, beyond the target of
                // the beginning: that is no sign of an older archive, which is built afresh.
                let target = target.max(applied.seq);
                work = Work::plan(source, &applied, target).map_err(SearchError::Source)?;
                if work.documents.is_empty() && applied.built_to.is_none() {
                    break;
                }
                total += work.documents.len();
            }
        }
        guarded(|| Ok(writer.wait_merging_threads()?))?;
        self.reload()?;
        Ok(applied.whole())
    }

    /// Joins the parts on disk to one and lets go of what was deleted: the index takes less room and
    /// answers quicker. For idle hours: it takes about as long as a tenth of the first build, and
    /// room for another index meanwhile. False where there is nothing to join or where another
    /// program is writing.
    ///
    /// # Errors
    /// Where the index cannot be written; it is as it was then.
    pub fn compact(&self) -> Result<bool, IndexError> {
        let _one = self.catching_up.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_damaged() || self.reload().is_err() {
            return Ok(false);
        }
        let files = self.files();
        let joined = guarded(|| {
            let parts = files.engine.searchable_segment_metas()?;
            let deleted = parts.iter().any(tantivy::SegmentMeta::has_deletes);
            if parts.len() < 2 && !deleted {
                return Ok(false);
            }
            let mut writer: IndexWriter = files.engine.writer_with_num_threads(1, MEMORY)?;
            let parts: Vec<_> = parts.into_iter().map(|part| part.id()).collect();
            writer.merge(&parts).wait()?;
            // Files stay as long as someone looks at them.
            self.reload()?;
            writer.garbage_collect_files().wait()?;
            writer.wait_merging_threads()?;
            Ok(true)
        });
        match joined {
            Ok(joined) => Ok(joined),
            Err(error) if error.is_busy() => Ok(false),
            Err(error) => Err(error.in_folder(&self.storage, &self.dir)),
        }
    }

    pub(crate) fn check_archive<S: Source>(&self, source: &S) -> Result<(), IndexError> {
        let source_id = source.archive_id();
        let index = self.archive_id();
        if index == source_id { Ok(()) } else { Err(IndexError::Foreign { index, source_id }) }
    }

    /// Looks at what the last commit left.
    fn reload(&self) -> Result<(), IndexError> {
        guarded(|| {
            // The payload first: should a commit come between, the documents are newer than it
            // says, which only means that some are read once more.
            let files = self.files();
            let payload = files.engine.load_metas()?.payload.unwrap_or_default();
            let applied: Applied = serde_json::from_str(&payload)
                .map_err(|error| IndexError::Damaged(error.to_string()))?;
            files.reader.reload()?;
            let snapshot = Snapshot { searcher: files.reader.searcher(), applied };
            *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
            Ok(())
        })
    }
}

/// Documents on their way to one commit.
struct Batch<'b> {
    writer: &'b IndexWriter,
    fields: &'b Fields,
    /// Threads that make parts of the index.
    threads: usize,
    /// Where to look whether the index has a document; none where it has none of them.
    known: Option<&'b Searcher>,
}

/// A document to add under its identifier, or to remove.
type Change = (String, Option<Document>);

impl Batch<'_> {
    /// Adds documents, the first of these, as many as a commit holds; returns how many, and
    /// whether `progress`, which hears of each, broke it off.
    ///
    /// The caller's thread reads, since the archive is read through one connection; where there
    /// are many documents others make parts of the index of those that are new.
    fn add<S: Source>(
        &self,
        source: &S,
        documents: &[String],
        stopped: bool,
        progress: &mut dyn FnMut(usize) -> ControlFlow<()>,
    ) -> Result<(usize, bool), SearchError<S::Error>> {
        let mut read = |take: &mut dyn FnMut(Change) -> Result<(), IndexError>| {
            let (mut done, mut bytes, mut stopped) = (0, 0, stopped);
            for id in documents {
                if stopped || done == BATCH || bytes >= BATCH_BYTES {
                    break;
                }
                let document = source.document(id).map_err(SearchError::Source)?;
                bytes += document.as_ref().map_or(0, |d| d.text.len());
                take((id.clone(), document))?;
                done += 1;
                stopped = progress(done).is_break();
            }
            Ok((done, stopped))
        };
        if self.threads == 1 {
            return read(&mut |change| self.apply(&change));
        }
        std::thread::scope(|scope| {
            let (sender, receiver) = sync_channel(WAITING);
            let receiver = Arc::new(Mutex::new(receiver));
            let indexing = (0..self.threads)
                .map(|_| {
                    let receiver = Arc::clone(&receiver);
                    std::thread::Builder::new()
                        .name("index".into())
                        .spawn_scoped(scope, move || self.apply_all(&receiver))
                        .map_err(|error| TantivyError::ErrorInThread(error.to_string()).into())
                })
                .collect::<Result<Vec<_>, IndexError>>()?;
            drop(receiver);
            // Nobody takes any more where every thread failed; they say why below.
            let read = read(&mut |change| {
                sender.send(change).map_err(|_| IndexError::Damaged("it takes no more".to_owned()))
            });
            drop(sender);
            for thread in indexing {
                let ended = thread.join().unwrap_or_else(|_| {
                    Err(IndexError::Damaged("a thread of the index stopped".to_owned()))
                });
                ended?;
            }
            read
        })
    }

    fn apply_all(&self, changes: &Mutex<Receiver<Change>>) -> Result<(), IndexError> {
        let mut part = self.begin_part()?;
        loop {
            let next = changes.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(change) = next else { return guarded(|| Ok(part.write(self.writer)?)) };
            match &change.1 {
                Some(document) if !self.has(&change.0)? => {
                    let mut added = guarded(|| Ok(part.add(document)?))?;
                    if part.is_full() || !added && !part.is_empty() {
                        let full = std::mem::replace(&mut part, self.begin_part()?);
                        guarded(|| Ok(full.write(self.writer)?))?;
                        added = added || guarded(|| Ok(part.add(document)?))?;
                    }
                    if !added {
                        self.apply(&change)?;
                    }
                }
                _ => self.apply(&change)?,
            }
        }
    }

    fn begin_part(&self) -> Result<Part<'_>, IndexError> {
        Ok(Part::new(self.fields, self.writer.index().schema())?)
    }

    /// Whether the index has a document, or had it.
    fn has(&self, id: &str) -> Result<bool, IndexError> {
        let Some(searcher) = self.known else { return Ok(false) };
        guarded(|| Ok(searcher.doc_freq(&id_term(self.fields, id))? > 0))
    }

    /// Hands a document to the engine, which puts it in the place of the one that the index has.
    fn apply(&self, (id, document): &Change) -> Result<(), IndexError> {
        guarded(|| {
            self.writer.delete_term(id_term(self.fields, id));
            if let Some(document) = document {
                self.writer.add_document(indexed(self.fields, document))?;
            }
            Ok(())
        })
    }
}

/// What there is to do.
struct Work {
    /// Documents to read, in the order of doing.
    documents: Vec<String>,
    /// Number of the last change to each of them; empty during the first build.
    numbers: Vec<u64>,
    /// Whether the index knows of changes that the archive does not have, as after a backup was
    /// restored, so that it begins anew.
    afresh: bool,
    /// What is applied once all of it is done.
    until: u64,
}

/// Changes asked of the archive at a time.
const PAGE: usize = 4096;

impl Work {
    fn plan<S: Source>(source: &S, applied: &Applied, target: u64) -> Result<Self, S::Error> {
        let afresh = applied.seq > target && applied.built_to.as_deref() != Some("");
        if let Some(built_to) = applied.built_to.as_deref().or(afresh.then_some("")) {
            let from = if afresh { "" } else { built_to };
            // At the very begin the build is as of now, else as of its begin.
            let until = if from.is_empty() { target } else { applied.seq };
            let documents: BTreeSet<String> = source.all()?.into_iter().collect();
            let documents: Vec<String> =
                documents.into_iter().filter(|id| id.as_str() > from).collect();
            return Ok(Self { documents, numbers: Vec::new(), afresh, until });
        }
        let (documents, numbers, until) = changed(source, applied.seq)?.into_parts();
        Ok(Self { documents, numbers, afresh: false, until })
    }

    /// Notes that the first `done` documents are in the index.
    fn account(&self, applied: &mut Applied, done: usize, finished: bool) {
        if applied.built_to.is_some() {
            applied.seq = self.until;
            applied.built_to = (!finished).then(|| match done {
                0 => applied.built_to.clone().unwrap_or_default(),
                _ => self.documents[done - 1].clone(),
            });
        } else if finished {
            applied.seq = applied.seq.max(self.until);
        } else if done > 0 {
            // Everything in front of the next document's last change is in.
            applied.seq = self.numbers[done - 1].min(self.numbers[done] - 1);
        }
    }

    /// Goes on behind the first `done` documents.
    fn drop_first(&mut self, done: usize) {
        self.documents.drain(..done);
        self.numbers.drain(..done.min(self.numbers.len()));
        self.afresh = false;
    }
}

/// Documents changed after a number, each once, in the order of their last change.
pub(crate) struct Changed {
    last: std::collections::HashMap<String, u64>,
    until: u64,
}

impl Changed {
    fn into_parts(self) -> (Vec<String>, Vec<u64>, u64) {
        let mut changes: Vec<(u64, String)> =
            self.last.into_iter().map(|(id, seq)| (seq, id)).collect();
        changes.sort_unstable();
        let (numbers, documents) = changes.into_iter().unzip();
        (documents, numbers, self.until)
    }

    pub(crate) fn into_documents(self) -> impl Iterator<Item = String> {
        self.last.into_keys()
    }
}

pub(crate) fn changed<S: Source>(source: &S, after: u64) -> Result<Changed, S::Error> {
    let mut found = Changed { last: std::collections::HashMap::new(), until: after };
    loop {
        let changes = source.changes_after(found.until, PAGE)?;
        let before = found.until;
        for change in changes {
            found.until = found.until.max(change.seq);
            found.last.insert(change.document, change.seq);
        }
        if found.until == before {
            return Ok(found);
        }
    }
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(THREADS)
}

/// When parts are joined while documents come in.
fn joining() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(JOINED);
    policy.set_min_layer_size(SMALL_PART);
    policy
}

fn commit(writer: &mut IndexWriter, applied: &Applied) -> Result<(), IndexError> {
    let payload =
        serde_json::to_string(applied).map_err(|error| IndexError::Damaged(error.to_string()))?;
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&payload);
    prepared.commit()?;
    Ok(())
}

/// Runs the engine; damaged files can make it panic, which is an error like others here.
pub(crate) fn guarded<T>(run: impl FnOnce() -> Result<T, IndexError>) -> Result<T, IndexError> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let message = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("the engine stopped");
        Err(IndexError::Damaged(message.to_owned()))
    })
}

fn folder(path: &Path, source: std::io::Error) -> IndexError {
    IndexError::Folder { path: path.to_owned(), source }
}

/// The folder held against other programs that would write to it.
enum Hold {
    /// Held until dropped; nothing to hold where it is no folder.
    Held { _lock: Option<DirectoryLock> },
    /// Another program has it.
    Busy,
}

fn hold(dir: &Path) -> Hold {
    let Ok(directory) = MmapDirectory::open(dir) else { return Hold::Held { _lock: None } };
    match directory.acquire_lock(&INDEX_WRITER_LOCK) {
        Ok(lock) => Hold::Held { _lock: Some(lock) },
        Err(LockError::LockBusy) => Hold::Busy,
        Err(LockError::IoError(_)) => Hold::Held { _lock: None },
    }
}

/// The names that an index put aside can have.
fn aside(dir: &Path) -> impl Iterator<Item = PathBuf> {
    let name = dir.file_name().unwrap_or_default().to_os_string();
    let dir = dir.to_owned();
    (0..16).map(move |number| {
        let mut name = name.clone();
        name.push(format!(".aside{number}"));
        dir.with_file_name(name)
    })
}

/// Moves the folder away, so that it cannot be half deleted and taken for an index.
fn put_aside(dir: &Path) -> Result<(), IndexError> {
    if std::fs::symlink_metadata(dir).is_err() {
        return Ok(());
    }
    let mut last = None;
    for free in aside(dir).filter(|path| std::fs::symlink_metadata(path).is_err()) {
        match std::fs::rename(dir, &free) {
            Ok(()) => return Ok(()),
            Err(error) => last = Some(error),
        }
    }
    let source = last.unwrap_or_else(|| std::io::ErrorKind::AlreadyExists.into());
    Err(folder(dir, source))
}

/// Deletes what was put aside. What cannot be deleted now, as another program has it open, is
/// tried again the next time.
fn remove_aside(dir: &Path) {
    for path in aside(dir) {
        let _ = match std::fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_dir() => std::fs::remove_dir_all(&path),
            Ok(_) => std::fs::remove_file(&path),
            Err(_) => continue,
        };
    }
}
