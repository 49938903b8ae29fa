//! What is to be imported: files as they are, folders and containers with everything in them.

use super::choices::Choices;
use super::room::Room;
use super::table::Tables;
use super::{Cancel, read_file};
use crate::error::{from_import, unreadable};
use anjuan_import::container::{self, Bearing, Entry, Found, Limits, bearing, saved_folder};
use anjuan_import::{ImportError, Options, Refusal};
use anjuan_protocol as wire;
use anjuan_protocol::CommandError;
use anjuan_store::MetadataPatch;
use std::collections::HashSet;
use std::io::Read as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::SyncSender;

/// A file to read.
pub(super) struct Task {
    /// Its number among all.
    pub(super) n: usize,
    pub(super) path: String,
    /// What the importer is told of its name.
    pub(super) name: String,
    pub(super) address: Option<String>,
    pub(super) content: Content,
    /// Bytes that it takes of the room.
    pub(super) weight: usize,
    /// What a table says of it.
    pub(super) metadata: Option<Box<MetadataPatch>>,
    /// What its container refuses it as.
    pub(super) refused: Option<Refusal>,
}

impl Task {
    /// A file of which no more is known; number and weight it gets when it is handed on.
    fn new(path: String, name: String, content: Content) -> Self {
        let (address, metadata, refused) = (None, None, None);
        Self { n: 0, path, name, address, content, weight: 0, metadata, refused }
    }
}

/// Where the bytes of a file are.
pub(super) enum Content {
    File(PathBuf),
    Bytes(Vec<u8>),
    Failed(ImportError),
    Fault(CommandError),
    Skipped,
}

/// A file met on the disk.
struct File {
    path: PathBuf,
    /// Whether it was met in a folder, and not named by the user.
    met: bool,
}

/// Goes through everything that was asked for, in an order that does not change.
pub(super) struct Sources<'s> {
    pub(super) choices: &'s Choices,
    pub(super) tables: &'s Tables,
    pub(super) room: &'s Room,
    /// Files met so far and known to come.
    pub(super) met: &'s AtomicU32,
    pub(super) ignored: &'s AtomicU32,
    pub(super) cancel: &'s Cancel,
    pub(super) stop: &'s AtomicBool,
    /// Files that were dealt with before a batch was broken off…
    pub(super) skip: usize,
    /// …and the last of them, by which it is told that they are still the same.
    pub(super) last: Option<String>,
}

/// What a walk knows.
struct Under<'t> {
    give: &'t SyncSender<Task>,
    n: usize,
    skip: usize,
    /// Files on the disk that are still to come.
    ahead: usize,
    /// That the files are not those of before: everything is gone through anew.
    changed: bool,
}

impl Sources<'_> {
    pub(super) fn walk(&self, paths: &[String], give: &SyncSender<Task>) {
        let mut ignored = 0;
        let files = files(paths, &mut ignored);
        self.ignored.store(ignored, Ordering::Relaxed);
        let mut under = Under { give, n: 0, skip: self.skip, ahead: files.len(), changed: false };
        let mut from = 0;
        while from < files.len() && !self.stopped() {
            under.ahead = files.len() - from;
            self.tell(&under);
            if !self.file(&files[from], &mut under) {
                return;
            }
            from += 1;
            if under.changed {
                // What was done before is known by its content and passes by quickly.
                self.ignored.store(ignored, Ordering::Relaxed);
                under = Under { give, n: 0, skip: 0, ahead: files.len(), changed: false };
                from = 0;
            }
        }
        under.ahead = 0;
        self.tell(&under);
    }

    fn stopped(&self) -> bool {
        self.cancel.asked() || self.stop.load(Ordering::Relaxed)
    }

    fn tell(&self, under: &Under<'_>) {
        let met = u32::try_from(under.n + under.ahead).unwrap_or(u32::MAX);
        self.met.store(met, Ordering::Relaxed);
    }

    /// Hands one file on; whether to go on.
    fn hand(&self, under: &mut Under<'_>, mut task: Task) -> bool {
        let n = under.n;
        under.n += 1;
        if n < under.skip {
            if n + 1 == under.skip && self.last.as_deref() != Some(task.path.as_str()) {
                under.changed = true;
                return false;
            }
            return true;
        }
        let choice = self.choices.of(&task.path);
        if choice.is_some_and(|c| matches!(c.action, wire::ImportAction::Skip)) {
            task.content = Content::Skipped;
        }
        task.n = n;
        task.weight = match &task.content {
            Content::Bytes(bytes) => bytes.len(),
            Content::File(file) => {
                let size = std::fs::metadata(file).map_or(0, |m| m.len());
                usize::try_from(size).unwrap_or(usize::MAX).min(anjuan_import::MAX_BYTES)
            }
            _ => 0,
        };
        self.room.take(task.weight) && under.give.send(task).is_ok() && !self.stopped()
    }

    /// Deals with one file on the disk; whether to go on.
    fn file(&self, file: &File, under: &mut Under<'_>) -> bool {
        let path = file.path.to_string_lossy().into_owned();
        let name = file_name(&file.path);
        under.ahead = under.ahead.saturating_sub(1);
        if let Some(kind) = file.no_report() {
            let error = ImportError::Unsupported { kind: kind.to_owned() };
            let failed = Task::new(path, name, Content::Failed(error));
            return self.hand(under, failed) || under.changed;
        }
        let opened = std::fs::File::open(&file.path).and_then(|mut opened| {
            let mut head = Vec::new();
            (&mut opened).take(container::HEAD as u64).read_to_end(&mut head)?;
            Ok((opened, head))
        });
        let (mut opened, head) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                let fault = Content::Fault(unreadable(&file.path, &error));
                return self.hand(under, Task::new(path, name, fault)) || under.changed;
            }
        };
        if let Some(table) = self.tables.of(&path) {
            return self.table(&file.path, &path, table, under) || under.changed;
        }
        let Some(kind) = container::kind(&name, &head) else {
            let content = Content::File(file.path.clone());
            return self.hand(under, Task::new(path, name, content)) || under.changed;
        };
        let options = Options {
            password: self.choices.of(&path).and_then(|c| c.password.as_deref()),
            anyway: self.choices.force_within(&path),
            cancel: Some(&self.cancel.asked),
            ..Options::default()
        };
        let mut on = true;
        let mut visit = |found: Found| {
            on = match found {
                Found::Ignored => {
                    self.ignored.fetch_add(1, Ordering::Relaxed);
                    !self.stopped()
                }
                Found::Entry(Entry { path: inside, name, address, bytes, refused }) => {
                    let path = format!("{path}!/{inside}");
                    let content = Content::Bytes(bytes);
                    self.hand(under, Task { address, refused, ..Task::new(path, name, content) })
                }
                Found::Failed { path: inside, address, error } => {
                    // Of the container itself where nothing inside is named.
                    let path =
                        if inside.is_empty() { path.clone() } else { format!("{path}!/{inside}") };
                    let failed = Task::new(path, name.clone(), Content::Failed(error));
                    self.hand(under, Task { address, ..failed })
                }
            };
            self.tell(under);
            if on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let walked =
            container::walk(kind, &name, &mut opened, &options, &Limits::default(), &mut visit);
        match walked {
            Err(error) if on => {
                let failed = Task::new(path, name, Content::Failed(error));
                self.hand(under, failed) || under.changed
            }
            _ => on || under.changed,
        }
    }

    /// Deals with a table whose rows are reports or speak of files.
    fn table(
        &self,
        file: &Path,
        path: &str,
        table: &wire::TableChoice,
        under: &mut Under<'_>,
    ) -> bool {
        let rows = read_file(file).and_then(|bytes| {
            super::table::rows(&file_name(file), &bytes, table)
                .map_err(|error| from_import(file, &error))
        });
        let rows = match rows {
            Ok(rows) => rows,
            Err(error) => {
                let fault = Content::Fault(error);
                return self.hand(under, Task::new(path.to_owned(), file_name(file), fault));
            }
        };
        let folder = file.parent().unwrap_or(Path::new(""));
        for row in rows {
            let (at, name, content) = match row.content {
                super::table::Row::Text(text) => {
                    (format!("{path}!/{}", row.label), row.label, Content::Bytes(text.into_bytes()))
                }
                super::table::Row::File(named) => {
                    let beside = super::table::beside(folder, &named);
                    match beside {
                        Some(file) => (
                            file.to_string_lossy().into_owned(),
                            file_name(&file),
                            Content::File(file),
                        ),
                        None => (
                            format!("{path}!/{}", row.label),
                            row.label,
                            Content::Fault(super::table::not_there(folder, &named)),
                        ),
                    }
                }
            };
            let metadata = Some(Box::new(row.metadata));
            let address = row.address;
            let task = Task { address, metadata, ..Task::new(at, name, content) };
            if !self.hand(under, task) {
                return false;
            }
        }
        true
    }
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Whether a file is an archive or belongs to one, by its name. Such a file is not even opened: it may
/// be the archive that is being imported into, and reading it beside SQLite would drop its locks.
fn archive_file(path: &Path) -> bool {
    path.extension()
        .and_then(|e| e.to_str())
        .is_some_and(|e| matches!(e, "anjuan" | "anjuan-wal" | "anjuan-shm" | "anjuan-journal"))
}

impl File {
    /// What it is instead of a report: a folder of reports often holds lists and programs beside
    /// them. A file that the user named is read whatever its name says.
    fn no_report(&self) -> Option<&'static str> {
        if archive_file(&self.path) {
            return Some("an Anjuan archive");
        }
        match bearing(&file_name(&self.path)) {
            Bearing::Data(kind) if self.met => Some(kind),
            _ => None,
        }
    }
}

/// The files that paths name: files as they are, folders with everything in them but what is
/// hidden or belongs to a saved page, in the order of their names.
fn files(paths: &[String], ignored: &mut u32) -> Vec<File> {
    let mut found = Vec::new();
    for path in paths {
        let path = PathBuf::from(path);
        let meta = std::fs::metadata(&path);
        match meta {
            Ok(meta) if meta.is_dir() => walk(&path, &mut found, ignored),
            // A file that is not there is reported in its turn, like one that cannot be read.
            _ => found.push(File { path, met: false }),
        }
    }
    found
}

fn walk(folder: &Path, found: &mut Vec<File>, ignored: &mut u32) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        // Reported in its turn, like a file that cannot be read.
        found.push(File { path: folder.to_owned(), met: true });
        return;
    };
    let mut inside: Vec<_> = entries.filter_map(std::result::Result::ok).collect();
    inside.sort_by_key(std::fs::DirEntry::file_name);
    let names: HashSet<String> =
        inside.iter().map(|e| e.file_name().to_string_lossy().to_lowercase()).collect();
    // The folder of a saved page lies beside it: what is in it belongs to the page.
    let of_page = |name: &str| {
        saved_folder(name).is_some_and(|stem| {
            let stem = stem.to_lowercase();
            ["html", "htm", "xhtml", "mht"].iter().any(|e| names.contains(&format!("{stem}.{e}")))
        })
    };
    for entry in inside {
        let name = entry.file_name().to_string_lossy().into_owned();
        let hidden = name.starts_with('.');
        // Links are not followed: a ring of them would never end.
        let Some(kind) = entry.file_type().ok().filter(|_| !hidden) else { continue };
        if kind.is_dir() && of_page(&name) {
            *ignored += 1;
        } else if kind.is_dir() {
            walk(&entry.path(), found, ignored);
        } else if kind.is_file() && bearing(&name) == Bearing::Ignored {
            *ignored += 1;
        } else if kind.is_file() {
            found.push(File { path: entry.path(), met: true });
        }
    }
}
