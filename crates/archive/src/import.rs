//! Importing: files, folders and containers are read on all cores and written in their order, some
//! at a time, each durable before it is reported.
//!
//! One thread goes through folders and containers, some read and clean, the caller's own writes.
//! The bytes under way are counted from the moment they are met until they are written, so that
//! memory stays bounded whatever is imported. How far a batch is stands in the archive, in the
//! transaction that wrote its reports: one that was broken off goes on where it was.

mod choices;
mod keep;
mod near;
mod reread;
mod room;
mod sources;
mod table;
mod text;
mod watch;

use crate::archive::Archive;
use crate::error::{Result, bad_request, from_import, internal, unreadable};
use crate::jobs::{count_item, count_step};
use crate::reports::text_hash;
use anjuan_compare::Grams;
use anjuan_import::{ImportError, Imported, Options, Source, import_with};
use anjuan_protocol as wire;
use anjuan_protocol::{CommandError, ImportCounts, ImportItem};
use anjuan_store::{Batch, CollectionId, ContentHash, MetadataPatch, ReportId, StoreError};
use choices::{Choice, Choices};
pub(crate) use keep::{Known, nothing};
pub(crate) use near::near_reports;
use room::Room;
use sources::{Content, Sources, Task};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
pub use text::inspect;
pub(crate) use watch::Watch;

/// Bytes of files that are under way at a time.
const IN_FLIGHT: usize = 48 << 20;

/// Files that are under way at a time.
const FILES_IN_FLIGHT: usize = 96;

/// Bytes of files after which the index takes in what was written, while the rest is still read:
/// searches read for themselves what it lacks, and that shall stay little.
const UNINDEXED: usize = 24 << 20;

/// Files written in one transaction…
const PORTION: usize = 32;

/// …and for how long they may be gathered.
const GATHERED: Duration = Duration::from_millis(120);

/// Asks an import to stop, from any thread.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    pub(crate) asked: Arc<AtomicBool>,
    /// Whether the program ends, and not the user's wish: the batch is to go on the next time.
    ending: Arc<AtomicBool>,
}

impl Cancel {
    pub(crate) fn new(asked: Arc<AtomicBool>, ending: Arc<AtomicBool>) -> Self {
        Self { asked, ending }
    }

    /// Asks to stop after the files that are being written.
    pub fn ask(&self) {
        self.asked.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to stop.
    pub fn asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    fn ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }
}

/// What an import tells while it runs.
#[derive(Debug)]
pub enum Step {
    /// So many files were found, so far.
    Found(u32),
    /// One file was dealt with, and is safe on the disk where it was imported.
    Item(Box<ImportItem>),
    /// So many files were passed over that belong to others.
    Ignored(u32),
    /// Of an import that goes on: what was done before.
    Before(u32, ImportCounts),
}

/// What an import did.
#[derive(Debug, Default)]
pub struct ImportSummary {
    /// How many of each.
    pub counts: ImportCounts,
    /// Every file, in order.
    pub items: Vec<ImportItem>,
}

/// A file read and cleaned, ready to be written.
pub(crate) struct Prepared {
    bytes: Vec<u8>,
    hash: ContentHash,
    imported: Imported,
    text_hash: ContentHash,
    /// Hashes by which nearly the same texts find each other.
    sketch: Vec<u64>,
    /// By what the text is held against such texts, once there are any.
    grams: OnceLock<Grams>,
}

/// What came of reading a file.
enum Read {
    Prepared(Box<Prepared>),
    Known(ReportId),
    Failed(CommandError),
    /// Read, and no report.
    Refused(CommandError),
    Skipped,
}

/// A file that was read.
struct Done {
    path: String,
    address: Option<String>,
    read: Read,
    /// Bytes to give back once it is written.
    weight: usize,
    /// What a table says of it.
    metadata: Option<Box<MetadataPatch>>,
}

/// What is done with what was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Import,
    /// Nothing is written.
    Preview,
}

impl Archive {
    /// Imports files, folders and containers. A file that cannot be read does not stop the rest.
    /// All reports of one call are taken back by one undo.
    ///
    /// # Errors
    /// When the archive itself cannot be written; what was imported before is safe.
    pub fn import(
        &self,
        request: &wire::ImportRequest,
        job: &str,
        cancel: &Cancel,
        tell: &mut dyn FnMut(Step),
    ) -> Result<ImportSummary> {
        gathered(tell, |tell| self.run_import(request, job, cancel, tell))
    }

    /// The same without gathering what became of every file.
    pub(crate) fn run_import(
        &self,
        request: &wire::ImportRequest,
        job: &str,
        cancel: &Cancel,
        tell: &mut dyn FnMut(Step),
    ) -> Result<()> {
        // Passwords are not kept: whoever goes on with the import is asked for them again.
        let mut kept = request.clone();
        kept.choices.iter_mut().for_each(|choice| choice.password = None);
        let batch = Batch {
            id: job.to_owned(),
            request: serde_json::to_string(&kept).map_err(internal)?,
            counts: serde_json::to_string(&ImportCounts::default()).map_err(internal)?,
            started_at: self.now(),
            ..Batch::default()
        };
        self.go(request, batch, Mode::Import, cancel, tell)
    }

    /// Reads files as an import would and says what would become of each. Nothing is written.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn preview(
        &self,
        request: &wire::ImportRequest,
        cancel: &Cancel,
        tell: &mut dyn FnMut(Step),
    ) -> Result<()> {
        self.go(request, Batch::default(), Mode::Preview, cancel, tell)
    }

    /// The batch that was broken off, oldest first; none that is under way.
    pub(crate) fn broken_off(&self) -> Result<Option<Batch>> {
        let batches = self.read(|r| r.batches())?;
        let running = crate::archive::lock(&self.importing);
        Ok(batches.into_iter().find(|batch| !running.contains(&batch.id)))
    }

    /// The import that the end of the program broke off.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn pending_import(&self) -> Result<Option<wire::PendingImport>> {
        let pending = |batch: Batch| -> Option<wire::PendingImport> {
            let request: wire::ImportRequest = serde_json::from_str(&batch.request).ok()?;
            Some(wire::PendingImport {
                subject: request.paths.into_iter().next().unwrap_or_default(),
                done: batch.done,
                total: batch.total,
                started: batch.started_at,
                counts: serde_json::from_str(&batch.counts).unwrap_or_default(),
            })
        };
        Ok(self.broken_off()?.and_then(pending))
    }

    /// Goes on with the import that was broken off. The counts are those of the whole of it, the
    /// items those of what was still to do.
    ///
    /// # Errors
    /// When there is none, or the archive cannot be written.
    pub fn resume_import(
        &self,
        cancel: &Cancel,
        tell: &mut dyn FnMut(Step),
    ) -> Result<ImportSummary> {
        gathered(tell, |tell| self.run_resumed(cancel, tell))
    }

    /// The same without gathering what became of every file.
    pub(crate) fn run_resumed(&self, cancel: &Cancel, tell: &mut dyn FnMut(Step)) -> Result<()> {
        let batch = self.broken_off()?.ok_or_else(|| bad_request("No import was broken off."))?;
        let request = serde_json::from_str(&batch.request).map_err(internal)?;
        self.go(&request, batch, Mode::Import, cancel, tell)
    }

    /// Forgets the import that was broken off; what it imported stays.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn discard_import(&self) -> Result<()> {
        match self.broken_off()? {
            Some(batch) => self.edit("import", None, |w| w.remove_batch(&batch.id)),
            None => Ok(()),
        }
    }

    /// Goes through what was asked for, from where the batch is.
    fn go(
        &self,
        request: &wire::ImportRequest,
        batch: Batch,
        mode: Mode,
        cancel: &Cancel,
        tell: &mut dyn FnMut(Step),
    ) -> Result<()> {
        let collection: Option<CollectionId> =
            self.parse(request.collection.as_deref().map(str::parse).transpose())?;
        let choices = Choices::new(&request.choices)?;
        let tables = table::Tables::new(&request.tables);
        if mode == Mode::Import {
            self.complete_likeness(cancel)?;
        }
        let counts: ImportCounts = serde_json::from_str(&batch.counts).unwrap_or_default();
        if batch.done > 0 {
            tell(Step::Before(batch.done, counts.clone()));
        }
        let _running = Importing::begin(self, &batch.id);
        let met = AtomicU32::new(0);
        let ignored = AtomicU32::new(0);
        let room = Room::new(IN_FLIGHT, FILES_IN_FLIGHT);
        let broken = AtomicBool::new(false);
        let workers = std::thread::available_parallelism().map_or(2, usize::from);
        let mut writer = Writer {
            archive: self,
            collection,
            choices: &choices,
            mode,
            counts,
            due: batch.done as usize,
            batch,
            told: (0, 0),
            gathered: Vec::new(),
            unindexed: 0,
            known: Known::default(),
            room: &room,
            cancel,
        };
        let (give, tasks) = sync_channel::<Task>(workers * 2);
        let tasks = Mutex::new(tasks);
        std::thread::scope(|scope| {
            let (send, done) = channel::<(usize, Done)>();
            let sources = Sources {
                choices: &choices,
                tables: &tables,
                room: &room,
                met: &met,
                ignored: &ignored,
                cancel,
                stop: &broken,
                skip: writer.due,
                last: writer.batch.last.clone(),
            };
            let paths = &request.paths;
            scope.spawn(move || sources.walk(paths, &give));
            for _ in 0..workers {
                let (send, tasks, choices, broken) = (send.clone(), &tasks, &choices, &broken);
                scope.spawn(move || {
                    while let Some(task) = next(tasks) {
                        // To the end, or whoever hands files on would wait for ever.
                        if !broken.load(Ordering::Relaxed) && !cancel.asked() {
                            let n = task.n;
                            let _ = send.send((n, self.read_task(task, choices, cancel)));
                        }
                    }
                });
            }
            drop(send);
            let outcome = writer.receive(&done, &met, &ignored, tell);
            // Whoever still reads or waits is to end.
            broken.store(true, Ordering::Relaxed);
            room.close();
            outcome
        })
    }

    fn read_task(&self, task: Task, choices: &Choices, cancel: &Cancel) -> Done {
        let Task { path, name, address, content, weight, metadata, refused, .. } = task;
        let choice = choices.of(&path);
        let options = Options {
            password: choice.and_then(|c| c.password.as_deref()),
            encoding: choice.and_then(|c| c.encoding.as_deref()),
            address: address.as_deref(),
            anyway: choice.is_some_and(Choice::forced),
            refused,
            cancel: Some(&cancel.asked),
        };
        let bytes = match content {
            Content::File(file) => read_file(&file).map_err(Read::Failed),
            Content::Bytes(bytes) => Ok(bytes),
            Content::Failed(error) => Err(failed(&path, &error)),
            Content::Fault(error) => Err(Read::Failed(error)),
            Content::Skipped => Err(Read::Skipped),
        };
        let read = match bytes {
            // A fault of a reader costs the one file.
            Ok(bytes) => std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                self.prepare(&path, &name, bytes, &options)
            }))
            .unwrap_or_else(|_| Read::Failed(internal("the reader broke off"))),
            Err(read) => read,
        };
        Done { path, address, read, weight, metadata }
    }

    fn prepare(&self, path: &str, name: &str, bytes: Vec<u8>, options: &Options<'_>) -> Read {
        let hash = ContentHash::of(&bytes);
        if !options.anyway {
            match self.read(|r| r.find_original(hash)) {
                Ok(Some(report)) => return Read::Known(report),
                Ok(None) => {}
                Err(error) => return Read::Failed(error),
            }
        }
        match import_with(Source { name, bytes: &bytes }, options) {
            Ok(imported) => Read::Prepared(Box::new(Prepared::new(bytes, hash, imported))),
            Err(error) => failed(path, &error),
        }
    }

    /// Imports bytes that come from no file.
    pub(crate) fn import_bytes(&self, name: &str, bytes: &[u8], job: &str) -> Result<ImportItem> {
        let read = self.prepare(name, name, bytes.to_vec(), &Options::default());
        self.keep_one(name, read, job, None, None)
    }
}

impl Prepared {
    fn new(bytes: Vec<u8>, hash: ContentHash, imported: Imported) -> Self {
        let text_hash = Self::hash_of(&imported.report.text, hash);
        let mut sketch = anjuan_compare::sketch(&imported.report.text).lowest;
        sketch.truncate(anjuan_store::LIKENESS_HASHES);
        Self { bytes, hash, imported, text_hash, sketch, grams: OnceLock::new() }
    }

    /// How much of the smaller text stands in both, 0 to 1.
    fn similarity(&self, text: &str) -> f32 {
        let own = self.grams.get_or_init(|| Grams::new(&self.imported.report.text));
        own.similarity(&Grams::new(text))
    }

    /// By what the text of a file is known. Two scans are not the same report for having none.
    fn hash_of(text: &str, file: ContentHash) -> ContentHash {
        if text.is_empty() { file } else { text_hash(text) }
    }

    /// With some repairs taken back and some of what was set aside put back. What it is like was
    /// told by the text as it was read, and stays.
    fn with_source(self, undo: &[u32], restore: &[u32]) -> Self {
        let Some(report) = reread::with_source(&self.imported.report, undo, restore) else {
            return self;
        };
        let text_hash = Self::hash_of(&report.text, self.hash);
        let imported = Imported { report, ..self.imported };
        Self { imported, text_hash, grams: OnceLock::new(), ..self }
    }
}

/// What an import did, from what it tells.
fn gathered(
    tell: &mut dyn FnMut(Step),
    import: impl FnOnce(&mut dyn FnMut(Step)) -> Result<()>,
) -> Result<ImportSummary> {
    let mut summary = ImportSummary::default();
    import(&mut |step| {
        if let Step::Item(item) = &step {
            summary.items.push((**item).clone());
        }
        count_step(&mut summary.counts, &step);
        tell(step);
    })?;
    Ok(summary)
}

/// What the importer's refusal is called.
fn failed(path: &str, error: &ImportError) -> Read {
    let told = from_import(Path::new(path), error);
    match error {
        ImportError::NotAReport { .. } => Read::Refused(told),
        _ => Read::Failed(told),
    }
}

fn next(tasks: &Mutex<Receiver<Task>>) -> Option<Task> {
    tasks.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// An import under way is none that was broken off.
struct Importing<'a> {
    archive: &'a Archive,
    id: String,
}

impl<'a> Importing<'a> {
    fn begin(archive: &'a Archive, id: &str) -> Self {
        crate::archive::lock(&archive.importing).insert(id.to_owned());
        Self { archive, id: id.to_owned() }
    }
}

impl Drop for Importing<'_> {
    fn drop(&mut self) {
        crate::archive::lock(&self.archive.importing).remove(&self.id);
    }
}

/// Writes what was read, in order and some at a time.
struct Writer<'w> {
    archive: &'w Archive,
    collection: Option<CollectionId>,
    choices: &'w Choices,
    mode: Mode,
    counts: ImportCounts,
    batch: Batch,
    /// The number of the file that is to be written next.
    due: usize,
    /// What was told of files found and passed over.
    told: (u32, u32),
    gathered: Vec<Done>,
    /// Bytes of files that were written since the index was last told.
    unindexed: usize,
    /// Of a preview: what it met itself.
    known: Known,
    room: &'w Room,
    cancel: &'w Cancel,
}

impl Writer<'_> {
    fn receive(
        &mut self,
        done: &Receiver<(usize, Done)>,
        met: &AtomicU32,
        ignored: &AtomicU32,
        tell: &mut dyn FnMut(Step),
    ) -> Result<()> {
        let mut waiting: BTreeMap<usize, Done> = BTreeMap::new();
        let mut since = Instant::now();
        loop {
            let received = done.recv_timeout(GATHERED);
            let ended = matches!(received, Err(RecvTimeoutError::Disconnected));
            if let Ok((n, file)) = received {
                waiting.insert(n, file);
            }
            while let Some(file) = waiting.remove(&self.due) {
                self.due += 1;
                if self.gathered.is_empty() {
                    since = Instant::now();
                }
                self.gathered.push(file);
            }
            self.tell_found(met, ignored, tell);
            let cancelled = self.cancel.asked();
            let full = self.gathered.len() >= PORTION || since.elapsed() >= GATHERED;
            if !self.gathered.is_empty() && (full || ended) && !cancelled {
                self.write(tell)?;
            }
            if ended || cancelled {
                break;
            }
        }
        self.tell_found(met, ignored, tell);
        // A batch that the end of the program broke off is to go on the next time.
        let goes_on = self.cancel.asked() && self.cancel.ending();
        if self.mode == Mode::Import && !goes_on {
            let id = &self.batch.id;
            if self.archive.read(|r| r.has_batch(id))? {
                self.archive.edit("import", None, |w| w.remove_batch(id))?;
            }
        }
        Ok(())
    }

    fn tell_found(&mut self, met: &AtomicU32, ignored: &AtomicU32, tell: &mut dyn FnMut(Step)) {
        let found = (met.load(Ordering::Relaxed), ignored.load(Ordering::Relaxed));
        if found.0 != self.told.0 {
            self.batch.total = found.0;
            tell(Step::Found(found.0));
        }
        if found.1 != self.told.1 {
            self.counts.ignored = found.1;
            tell(Step::Ignored(found.1));
        }
        self.told = found;
    }

    /// Writes what was gathered, and tells of it once it is on the disk.
    fn write(&mut self, tell: &mut dyn FnMut(Step)) -> Result<()> {
        let gathered = std::mem::take(&mut self.gathered);
        let weight: usize = gathered.iter().map(|done| done.weight).sum();
        let files = gathered.len();
        let written = match self.mode {
            Mode::Preview => self.archive.read(|r| {
                gathered
                    .into_iter()
                    .map(|done| keep::foresee(&r, done, self.choices, &mut self.known))
                    .collect::<std::result::Result<Vec<_>, StoreError>>()
            }),
            Mode::Import => {
                let last = gathered.last().map(|done| done.path.clone());
                self.batch.done = self.due as u32;
                self.batch.last = last;
                let (batch, counts) = (&mut self.batch, &self.counts);
                let (collection, choices) = (self.collection, self.choices);
                let id = batch.id.clone();
                self.archive.edit_in_group("import", Some(&id), None, |w| {
                    let mut counts = counts.clone();
                    let mut items = Vec::with_capacity(files);
                    for done in gathered {
                        let item = keep::keep(w, done, choices, collection)?;
                        count_item(&mut counts, &item);
                        items.push(item);
                    }
                    batch.counts = serde_json::to_string(&counts)
                        .map_err(|error| StoreError::Damaged(error.to_string()))?;
                    w.set_batch(batch)?;
                    Ok(items)
                })
            }
        };
        self.room.give_back(weight, files);
        for item in written? {
            count_item(&mut self.counts, &item);
            tell(Step::Item(Box::new(item)));
        }
        if self.mode == Mode::Import {
            self.unindexed += weight;
        }
        if self.unindexed >= UNINDEXED {
            self.unindexed = 0;
            self.archive.wake_indexer();
        }
        Ok(())
    }
}

/// Reads a file, within reason.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>> {
    let meta = std::fs::metadata(path).map_err(|e| unreadable(path, &e))?;
    let largest = anjuan_import::MAX_BYTES as u64;
    if meta.len() > largest {
        let bytes = usize::try_from(meta.len()).unwrap_or(usize::MAX);
        let error = ImportError::TooLarge { bytes, limit: anjuan_import::MAX_BYTES };
        return Err(from_import(path, &error));
    }
    // A file that grows meanwhile is read no further.
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0));
    let file = std::fs::File::open(path).map_err(|e| unreadable(path, &e))?;
    std::io::Read::read_to_end(&mut std::io::Read::take(file, largest), &mut bytes)
        .map_err(|e| unreadable(path, &e))?;
    Ok(bytes)
}
