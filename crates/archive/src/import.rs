//! Importing files: read and cleaned on all cores, written one by one, each durable before it is
//! reported.

use crate::archive::Archive;
use crate::error::{Result, bad_request, from_import, unreadable};
use crate::jobs::count;
use crate::reports::{move_passages, text_hash};
use crate::{pinyin, wire as to_wire};
use anjuan_compare::similarity;
use anjuan_import::{ImportError, Imported, Source};
use anjuan_protocol as wire;
use anjuan_protocol::{CommandError, ImportCounts, ImportItem, ImportOutcome};
use anjuan_store::{CollectionId, ContentHash, NewReport, NewRevision, ReportId, StoreError};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

/// Files larger than this are refused; the largest report of the corpora has 2 MB.
const LARGEST: u64 = 256 << 20;

/// Share of equal 5-grams from which a text with a known title is another version of that report
/// and not the report of another year: reports of neighbouring years share at most 0.45 (measured
/// over 2,443 government reports), re-posts of one text 0.97 and more.
const SAME_REPORT: f32 = 0.85;

/// Asks an import to stop, from any thread.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub(crate) fn new(flag: Arc<AtomicBool>) -> Self {
        Self(flag)
    }

    /// Asks to stop after the file that is being written.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to stop.
    pub fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What an import tells while it runs.
#[derive(Debug)]
pub enum Step {
    /// So many files were found.
    Found(u32),
    /// One file was dealt with, and is safe on the disk where it was imported.
    Item(Box<ImportItem>),
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
struct Prepared {
    bytes: Vec<u8>,
    hash: ContentHash,
    imported: Imported,
    text_hash: ContentHash,
}

/// What came of reading a file.
enum Read {
    Prepared(Box<Prepared>),
    Known(ReportId),
    Failed(CommandError),
}

impl Archive {
    /// Imports files and folders. A file that cannot be read does not stop the rest. All reports
    /// of one call are taken back by one undo.
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
        let collection: Option<CollectionId> =
            self.parse(request.collection.as_deref().map(str::parse).transpose())?;
        let files = files(&request.paths);
        tell(Step::Found(u32::try_from(files.len()).unwrap_or(u32::MAX)));
        let mut summary = ImportSummary::default();
        let workers = std::thread::available_parallelism().map_or(2, usize::from);
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            let (send, receive) = sync_channel::<(usize, Read)>(workers * 2);
            for _ in 0..workers {
                let (send, next, files) = (send.clone(), &next, &files);
                scope.spawn(move || {
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        let Some(file) = files.get(n).filter(|_| !cancel.asked()) else { return };
                        if send.send((n, self.prepare_file(file))).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(send);
            // Written in the order of the files, whichever is read first.
            let mut waiting = BTreeMap::new();
            let mut due = 0;
            for (n, read) in receive {
                waiting.insert(n, read);
                while let Some(read) = waiting.remove(&due) {
                    if cancel.asked() {
                        return Ok(());
                    }
                    let item = self.keep(&files[due].path, read, job, collection)?;
                    due += 1;
                    count(&mut summary.counts, &item);
                    tell(Step::Item(Box::new(item.clone())));
                    summary.items.push(item);
                }
            }
            Ok::<(), CommandError>(())
        })?;
        Ok(summary)
    }

    /// Imports bytes that are no file of their own.
    pub(crate) fn import_bytes(&self, name: &str, bytes: &[u8], job: &str) -> Result<ImportItem> {
        let path = Path::new(name);
        let read = self.prepare(path, bytes.to_vec());
        self.keep(path, read, job, None)
    }

    fn prepare_file(&self, file: &File) -> Read {
        if let Some(kind) = file.no_report() {
            let refused = ImportError::Unsupported { kind: kind.to_owned() };
            return Read::Failed(from_import(&file.path, &refused));
        }
        match read_file(&file.path) {
            Ok(bytes) => self.prepare(&file.path, bytes),
            Err(error) => Read::Failed(error),
        }
    }

    fn prepare(&self, path: &Path, bytes: Vec<u8>) -> Read {
        let hash = ContentHash::of(&bytes);
        match self.read(|r| r.find_original(hash)) {
            Ok(Some(report)) => return Read::Known(report),
            Ok(None) => {}
            Err(error) => return Read::Failed(error),
        }
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        match anjuan_import::import(Source { name: &name, bytes: &bytes }) {
            Ok(imported) => {
                let text_hash = text_hash(&imported.report.text);
                Read::Prepared(Box::new(Prepared { bytes, hash, imported, text_hash }))
            }
            Err(error) => Read::Failed(from_import(path, &error)),
        }
    }

    /// Writes one file's report, if it is new.
    fn keep(
        &self,
        path: &Path,
        read: Read,
        job: &str,
        collection: Option<CollectionId>,
    ) -> Result<ImportItem> {
        let shown = path.to_string_lossy().into_owned();
        let item = |outcome, report: Option<ReportId>| ImportItem {
            path: shown.clone(),
            outcome,
            report: report.map(|r| r.to_string()),
            metadata: None,
            problems: Vec::new(),
            error: None,
        };
        let prepared = match read {
            Read::Prepared(prepared) => prepared,
            Read::Known(report) => {
                return self.known(item(ImportOutcome::Duplicate, Some(report)), report);
            }
            Read::Failed(error) => {
                return Ok(ImportItem { error: Some(error), ..item(ImportOutcome::Failed, None) });
            }
        };
        let known = self.read(|r| {
            let by_bytes = r.find_original(prepared.hash)?;
            Ok(if by_bytes.is_some() { by_bytes } else { r.find_text_hash(prepared.text_hash)? })
        })?;
        if let Some(report) = known {
            return self.known(item(ImportOutcome::Duplicate, Some(report)), report);
        }
        let title = prepared.imported.report.metadata.title.as_deref().unwrap_or_default();
        let title_key = pinyin::sort_key(title);
        let earlier = self.earlier_version(&shown, &title_key, &prepared)?;
        let revision = NewRevision {
            original: prepared.hash,
            encoding: Some(&prepared.imported.encoding),
            text: &prepared.imported.report,
            text_hash: prepared.text_hash,
        };
        let report = self.edit_in_group("import", Some(job), earlier, |w| {
            w.insert_original(&prepared.bytes)?;
            let report = match earlier {
                None => w.insert_report(&NewReport {
                    path: Some(&shown),
                    title_key: &title_key,
                    revision,
                })?,
                Some(report) => {
                    let old = w.read().text(w.read().report(report)?.revision)?;
                    let fresh = w.add_revision(report, &revision, &title_key)?;
                    move_passages(w, report, fresh, &old, &prepared.imported.report.text)?;
                    report
                }
            };
            if let Some(collection) = collection {
                w.add_to_collection(collection, report)?;
            }
            Ok(report)
        })?;
        let outcome =
            if earlier.is_some() { ImportOutcome::Version } else { ImportOutcome::Imported };
        Ok(ImportItem {
            metadata: Some(to_wire::metadata(&prepared.imported.report.metadata)),
            problems: to_wire::problems(&prepared.imported.report.problems),
            ..item(outcome, Some(report))
        })
    }

    fn known(&self, item: ImportItem, report: ReportId) -> Result<ImportItem> {
        let metadata = self.read(|r| r.report(report))?.metadata;
        Ok(ImportItem { metadata: Some(to_wire::metadata(&metadata)), ..item })
    }

    /// The report that this text is a new version of: the one from the same file, or one of the
    /// same title with nearly the same text.
    fn earlier_version(
        &self,
        path: &str,
        title_key: &str,
        prepared: &Prepared,
    ) -> Result<Option<ReportId>> {
        let text = &prepared.imported.report.text;
        self.read(|r| {
            if Path::new(path).is_absolute()
                && let Some(report) = r.find_by_path(path)?
            {
                return Ok(Some(report));
            }
            if title_key.is_empty() {
                return Ok(None);
            }
            for report in r.find_by_title(title_key, text.chars().count() as u32)? {
                let other = r.text(r.report(report)?.revision)?;
                if similarity(text, &other) >= SAME_REPORT {
                    return Ok(Some(report));
                }
            }
            Ok(None)
        })
    }

    /// Adds the codebook, passages and collections of the example, in one step.
    pub(crate) fn add_example(
        &self,
        tags: impl IntoIterator<Item = (String, Option<String>, String, String)>,
        passages: impl IntoIterator<Item = (String, String, Vec<String>, String)>,
        collections: impl IntoIterator<Item = (String, Vec<String>)>,
    ) -> Result<()> {
        let passages: Vec<(ReportId, String, Vec<String>, String)> = passages
            .into_iter()
            .map(|(report, quote, tags, memo)| Ok((self.parse(report.parse())?, quote, tags, memo)))
            .collect::<Result<_>>()?;
        let collections: Vec<(String, Vec<ReportId>)> = collections
            .into_iter()
            .map(|(name, reports)| Ok((name, self.parse(crate::reports::ids(&reports))?)))
            .collect::<Result<_>>()?;
        self.edit("example", None, |w| {
            let mut known = std::collections::HashMap::new();
            for (name, parent, colour, description) in tags {
                let above = parent.as_deref().and_then(|p| known.get(p).copied());
                let id = crate::tags::ensure_tag(w, &name, above, Some(&colour), &description)?;
                known.insert(name, id);
            }
            for (report, quote, names, memo) in &passages {
                let text = w.read().text(w.read().report(*report)?.revision)?;
                let Some(at) = text.find(quote.as_str()) else {
                    return Err(StoreError::Damaged(format!("the example does not say “{quote}”")));
                };
                let start = text[..at].chars().count() as u32;
                let range =
                    anjuan_text::CharRange::new(start, start + quote.chars().count() as u32);
                let ids: Vec<_> = names.iter().filter_map(|n| known.get(n).copied()).collect();
                w.create_passage(&crate::passages::new_passage(*report, range, &ids, memo))?;
            }
            for (name, reports) in &collections {
                let id = w.create_collection(None, name)?;
                reports.iter().try_for_each(|&report| w.add_to_collection(id, report))?;
            }
            Ok(())
        })
    }
}

/// Reads a file, within reason.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>> {
    let meta = std::fs::metadata(path).map_err(|e| unreadable(path, &e))?;
    if meta.len() > LARGEST {
        return Err(bad_request(format!(
            "{} has {} MB; files of more than {} MB are not imported.",
            path.display(),
            meta.len() >> 20,
            LARGEST >> 20
        )));
    }
    std::fs::read(path).map_err(|e| unreadable(path, &e))
}

/// Whether a file is an archive or belongs to one, by its name. Such a file is not even opened: it may
/// be the archive that is being imported into, and reading it beside SQLite would drop its locks.
fn archive_file(path: &Path) -> bool {
    path.extension()
        .and_then(|e| e.to_str())
        .is_some_and(|e| matches!(e, "anjuan" | "anjuan-wal" | "anjuan-shm" | "anjuan-journal"))
}

/// What a file is by the ending of its name, where that says that it is text but no report.
fn data_file(path: &Path) -> Option<&'static str> {
    Some(match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "json" | "jsonl" | "ndjson" => "JSON data",
        "xml" | "rss" | "atom" => "XML data",
        "csv" | "tsv" => "a table of values",
        "yaml" | "yml" | "toml" | "ini" | "cfg" | "conf" => "a configuration",
        "css" | "js" | "mjs" | "ts" | "py" | "rs" | "sh" | "bat" | "sql" | "r" => "a program",
        "log" => "a log",
        _ => return None,
    })
}

/// A file to import.
struct File {
    path: PathBuf,
    /// Whether it was met in a folder, and not named by the user.
    met: bool,
}

impl File {
    /// What it is instead of a report: a folder of reports often holds lists and programs beside
    /// them. A file that the user named is read whatever its name says.
    fn no_report(&self) -> Option<&'static str> {
        if archive_file(&self.path) {
            return Some("an Anjuan archive");
        }
        data_file(&self.path).filter(|_| self.met)
    }
}

/// The files that paths name: files as they are, folders with everything in them but what is
/// hidden, in the order of their names.
fn files(paths: &[String]) -> Vec<File> {
    let mut found = Vec::new();
    for path in paths {
        let path = PathBuf::from(path);
        let meta = std::fs::metadata(&path);
        match meta {
            Ok(meta) if meta.is_dir() => walk(&path, &mut found),
            // A file that is not there is reported in its turn, like one that cannot be read.
            _ => found.push(File { path, met: false }),
        }
    }
    found
}

fn walk(folder: &Path, found: &mut Vec<File>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        // Reported in its turn, like a file that cannot be read.
        found.push(File { path: folder.to_owned(), met: true });
        return;
    };
    let mut inside: Vec<_> = entries.filter_map(std::result::Result::ok).collect();
    inside.sort_by_key(std::fs::DirEntry::file_name);
    for entry in inside {
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        // Links are not followed: a ring of them would never end.
        let Some(kind) = entry.file_type().ok().filter(|_| !hidden) else { continue };
        if kind.is_dir() {
            walk(&entry.path(), found);
        } else if kind.is_file() {
            found.push(File { path: entry.path(), met: true });
        }
    }
}
