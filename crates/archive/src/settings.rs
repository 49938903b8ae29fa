//! The user's settings and the archives opened lately, in two files of the platform's folder.

mod document;

use crate::error::{Result, bad_request, unwritable};
use anjuan_protocol::{RecentArchive, Settings};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Name of the file of settings.
const SETTINGS: &str = "settings.json";

/// Archives that are remembered.
const RECENT: usize = 12;

/// What outlives a run outside any archive.
#[derive(Debug)]
pub(crate) struct Preferences {
    folder: PathBuf,
    pub(crate) settings: Settings,
    /// Where a file of settings that could not be used was put aside.
    pub(crate) aside: Option<PathBuf>,
    recent: Recent,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Recent {
    archives: Vec<Opened>,
}

/// An archive that was open once.
#[derive(Debug, Serialize, Deserialize)]
struct Opened {
    path: String,
    at: String,
    #[serde(default)]
    reports: Option<u32>,
}

impl Preferences {
    /// Reads the two files; what cannot be read starts anew, and the unreadable file stays beside
    /// it under another name.
    pub(crate) fn load(folder: &Path) -> Self {
        let (document, aside) = document::read(&folder.join(SETTINGS));
        let (settings, wrong) = document::settings(&document);
        // Of a file that is whole, single values can be wrong; a copy is kept of it as it was.
        let aside = aside.or_else(|| {
            let path = folder.join(SETTINGS);
            wrong.then(|| document::free_name(&path)).filter(|to| fs::copy(&path, to).is_ok())
        });
        Self {
            folder: folder.to_owned(),
            settings,
            aside,
            recent: read(&folder.join("recent.json")).unwrap_or_default(),
        }
    }

    /// The file of the settings.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.join(SETTINGS)
    }

    /// Changes settings. The file is read anew first, so that what another
    /// process or a newer version wrote into it meanwhile stays.
    pub(crate) fn change(&mut self, patch: &Value) -> Result<()> {
        let path = self.file();
        fs::create_dir_all(&self.folder).map_err(|error| unwritable(&self.folder, &error))?;
        let _alone = document::lock(&self.folder.join("settings.lock"));
        let (mut document, aside) = document::read(&path);
        self.aside = self.aside.take().or(aside);
        document::merge(&mut document, patch);
        let (settings, wrong) = document::settings(&document);
        if wrong && document::settings(&document::only(patch)).1 {
            return Err(bad_request(format!("Settings do not have this form: {patch}")));
        }
        write(&path, &document)?;
        self.settings = settings;
        Ok(())
    }

    /// Puts an archive on top of the list.
    pub(crate) fn opened(&mut self, path: &str, at: String) -> Result<()> {
        let known = self.recent.archives.iter().find(|a| a.path == path);
        let opened = Opened { path: path.to_owned(), at, reports: known.and_then(|a| a.reports) };
        self.recent.archives.retain(|a| a.path != path);
        self.recent.archives.insert(0, opened);
        self.recent.archives.truncate(RECENT);
        self.write_recent()
    }

    /// Remembers how many reports an archive of the list has.
    pub(crate) fn counted(&mut self, path: &str, reports: u32) -> Result<()> {
        match self.recent.archives.iter_mut().find(|a| a.path == path) {
            Some(known) if known.reports != Some(reports) => known.reports = Some(reports),
            _ => return Ok(()),
        }
        self.write_recent()
    }

    /// Takes an archive off the list.
    pub(crate) fn forget(&mut self, path: &str) -> Result<()> {
        self.recent.archives.retain(|a| a.path != path);
        self.write_recent()
    }

    fn write_recent(&self) -> Result<()> {
        write(&self.folder.join("recent.json"), &self.recent)
    }

    /// Empties the list.
    pub(crate) fn forget_all(&mut self) -> Result<()> {
        self.recent.archives.clear();
        self.write_recent()
    }

    /// Archives opened lately, newest first; those that are gone from their place are marked.
    pub(crate) fn recent(&self) -> Vec<RecentArchive> {
        let archives = self.recent.archives.iter();
        archives
            .map(|archive| RecentArchive {
                name: archive_name(&archive.path),
                path: archive.path.clone(),
                opened: archive.at.clone(),
                reports: archive.reports,
                missing: !Path::new(&archive.path).exists(),
            })
            .collect()
    }
}

/// The file name without its ending.
pub(crate) fn archive_name(path: &str) -> String {
    let stem = Path::new(path).file_stem();
    stem.map_or_else(|| path.to_owned(), |s| s.to_string_lossy().into_owned())
}

pub(crate) fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Option<T> {
    let bytes = fs::read(path).ok()?;
    let value = serde_json::from_slice(&bytes).ok();
    if value.is_none() {
        let _ = fs::rename(path, path.with_extension("json.unreadable"));
    }
    value
}

/// Writes beside the file and renames, so that a kill leaves the old or the new one.
pub(crate) fn write(path: &Path, value: &impl Serialize) -> Result<()> {
    let attempt = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        // A name of its own for each process: two may write at once.
        let fresh = path.with_extension(format!("json.new{}", std::process::id()));
        let mut file = fs::File::create(&fresh)?;
        file.write_all(&serde_json::to_vec_pretty(value)?)?;
        // Without this a loss of power may leave an empty file under the old name.
        file.sync_all()?;
        fs::rename(&fresh, path).inspect_err(|_| drop(fs::remove_file(&fresh)))
    };
    attempt().map_err(|error| unwritable(path, &error))
}
