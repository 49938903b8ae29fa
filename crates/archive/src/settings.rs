//! The user's settings and the archives opened lately, in two files of the platform's folder.

use crate::error::{Result, unwritable};
use anjuan_protocol::{RecentArchive, Settings};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// Archives that are remembered.
const RECENT: usize = 12;

/// What outlives a run outside any archive.
#[derive(Debug)]
pub(crate) struct Preferences {
    folder: PathBuf,
    pub(crate) settings: Settings,
    recent: Recent,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Recent {
    paths: Vec<String>,
}

impl Preferences {
    /// Reads the two files; what cannot be read starts anew, and the unreadable file stays beside
    /// it under another name.
    pub(crate) fn load(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            settings: read(&folder.join("settings.json")).unwrap_or_default(),
            recent: read(&folder.join("recent.json")).unwrap_or_default(),
        }
    }

    /// Keeps new settings.
    pub(crate) fn set(&mut self, settings: Settings) -> Result<()> {
        self.settings = settings;
        write(&self.folder.join("settings.json"), &self.settings)
    }

    /// Puts an archive on top of the list.
    pub(crate) fn opened(&mut self, path: &str) -> Result<()> {
        self.recent.paths.retain(|p| p != path);
        self.recent.paths.insert(0, path.to_owned());
        self.recent.paths.truncate(RECENT);
        write(&self.folder.join("recent.json"), &self.recent)
    }

    /// Archives opened lately that are still there, newest first.
    pub(crate) fn recent(&self) -> Vec<RecentArchive> {
        let there = self.recent.paths.iter().filter(|p| Path::new(p).exists());
        there.map(|path| RecentArchive { name: archive_name(path), path: path.clone() }).collect()
    }
}

/// The file name without its ending.
pub(crate) fn archive_name(path: &str) -> String {
    let stem = Path::new(path).file_stem();
    stem.map_or_else(|| path.to_owned(), |s| s.to_string_lossy().into_owned())
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Option<T> {
    let bytes = fs::read(path).ok()?;
    let value = serde_json::from_slice(&bytes).ok();
    if value.is_none() {
        let _ = fs::rename(path, path.with_extension("json.unreadable"));
    }
    value
}

/// Writes beside the file and renames, so that a kill leaves the old or the new one.
fn write(path: &Path, value: &impl Serialize) -> Result<()> {
    let attempt = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let fresh = path.with_extension("json.new");
        fs::write(&fresh, serde_json::to_vec_pretty(value)?)?;
        fs::rename(&fresh, path)
    };
    attempt().map_err(|error| unwritable(path, &error))
}
