//! Watched folders: what is saved into them is imported, once a file is whole.
//!
//! Folders are looked at every few seconds, which works on every kind of disk. A file is whole when
//! its size and time were the same at two looks, some time apart. What was seen is kept beside the
//! settings, so that what came while the program was not running is noticed at the next start.

use crate::archive::{Archive, lock};
use crate::desk::Desk;
use crate::settings;
use anjuan_import::container::{Bearing, bearing, saved_folder};
use anjuan_protocol as wire;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::{Duration, UNIX_EPOCH};

/// Time between two looks.
const EVERY: Duration = Duration::from_secs(3);

/// Folders below a watched one that are looked into.
const DEEP: usize = 6;

/// Size and time of a file, by which it is told that it changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    size: u64,
    modified: u64,
}

/// What is known of one watched folder.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Seen {
    /// Files that need no more attention.
    files: BTreeMap<String, Stamp>,
    #[serde(skip)]
    /// Files of the last look that may still be written to.
    growing: BTreeMap<String, Stamp>,
}

/// The folders that are watched, by their archive and path.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    folders: BTreeMap<(String, String), Seen>,
}

/// The name of the file in which is kept what was seen.
fn kept(config: &Path, archive: &str, folder: &str) -> PathBuf {
    let mark = anjuan_store::ContentHash::of(format!("{archive}\n{folder}").as_bytes()).to_string();
    config.join("watched").join(format!("{}.json", mark.get(..24).unwrap_or(&mark)))
}

impl Watch {
    /// Looks at a folder; the files that are new and whole since the looks before. The first look
    /// ever only notes what is there.
    pub(crate) fn look(&mut self, config: &Path, folder: &wire::WatchedFolder) -> Vec<String> {
        let key = (folder.archive.clone(), folder.path.clone());
        let file = kept(config, &folder.archive, &folder.path);
        let now = files(Path::new(&folder.path));
        let Some(seen) = self.folders.get_mut(&key) else {
            let kept = settings::read::<Seen>(&file);
            let seen = kept.unwrap_or_else(|| {
                let seen = Seen { files: now, growing: BTreeMap::new() };
                // What cannot be kept is noted anew the next time.
                let _ = settings::write(&file, &seen);
                seen
            });
            self.folders.insert(key, seen);
            return Vec::new();
        };
        let mut whole = Vec::new();
        let mut growing = BTreeMap::new();
        for (path, stamp) in &now {
            if seen.files.get(path) == Some(stamp) {
                continue;
            }
            if stamp.size > 0 && seen.growing.get(path) == Some(stamp) {
                whole.push(path.clone());
            } else {
                growing.insert(path.clone(), *stamp);
            }
        }
        seen.growing = growing;
        whole
    }

    /// Notes that files were imported.
    pub(crate) fn done(&mut self, config: &Path, folder: &wire::WatchedFolder, paths: &[String]) {
        let key = (folder.archive.clone(), folder.path.clone());
        let Some(seen) = self.folders.get_mut(&key) else { return };
        let now = files(Path::new(&folder.path));
        for path in paths {
            if let Some(stamp) = now.get(path) {
                seen.files.insert(path.clone(), *stamp);
            }
        }
        // Files that are gone need not be remembered.
        seen.files.retain(|path, _| now.contains_key(path));
        let _ = settings::write(&kept(config, &folder.archive, &folder.path), &seen);
    }
}

/// The files of a folder that may be reports.
fn files(folder: &Path) -> BTreeMap<String, Stamp> {
    let mut found = BTreeMap::new();
    walk(folder, DEEP, &mut found);
    found
}

fn walk(folder: &Path, deep: usize, found: &mut BTreeMap<String, Stamp>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Ok(kind) = entry.file_type() else { continue };
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            if deep > 0 && saved_folder(&name).is_none() {
                walk(&entry.path(), deep - 1, found);
            }
            continue;
        }
        if !kind.is_file()
            || !matches!(bearing(&name), Bearing::Report | Bearing::Container)
            || name.rsplit_once('.').is_some_and(|(_, e)| e.starts_with("anjuan"))
        {
            continue;
        }
        let Ok(meta) = entry.metadata() else { continue };
        let modified = meta.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        let stamp = Stamp {
            size: meta.len(),
            modified: modified.map_or(0, |at| u64::try_from(at.as_millis()).unwrap_or(0)),
        };
        found.insert(entry.path().to_string_lossy().into_owned(), stamp);
    }
}

impl Desk {
    /// Lets a thread of its own look at the watched folders as long as the desk is there.
    pub(crate) fn start_watching(self: &Arc<Self>) {
        let desk = Arc::downgrade(self);
        // Without a thread nothing is imported by itself.
        let _ = std::thread::Builder::new().name("watch".into()).spawn(move || {
            loop {
                std::thread::sleep(EVERY);
                let Some(desk) = Weak::upgrade(&desk) else { return };
                desk.look_at_watched();
            }
        });
    }

    /// Looks at the watched folders once, and starts to import what is new.
    pub fn look_at_watched(self: &Arc<Self>) {
        let config = self.shell.folders.config.clone();
        for folder in self.settings().watched.iter().filter(|folder| folder.enabled) {
            let Some(archive) = self.open_archive(Path::new(&folder.archive)) else { continue };
            let paths = lock(&self.watch).look(&config, folder);
            if !paths.is_empty() {
                self.import_watched(&archive, folder, &paths);
            }
        }
    }

    fn import_watched(
        self: &Arc<Self>,
        archive: &Arc<Archive>,
        folder: &wire::WatchedFolder,
        paths: &[String],
    ) {
        let request = wire::ImportRequest {
            paths: paths.to_vec(),
            collection: folder.collection.clone(),
            ..wire::ImportRequest::default()
        };
        let config = self.shell.folders.config.clone();
        let subject = folder.path.clone();
        // Noted at once, or the next look would find them again. What fails is told in the job.
        lock(&self.watch).done(&config, folder, paths);
        let started =
            self.start_job(Arc::clone(archive), wire::JobKind::Import, subject, move |job| {
                job.import(&request)
            });
        if let Ok(job) = started {
            self.told_of(archive, &job);
        }
    }
}
