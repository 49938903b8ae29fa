//! What the window tells of the machine: fonts, programs, and where everything is kept.

use crate::app::App;
use crate::archive::lock;
use crate::error::{Result, bad_request, unwritable};
use crate::{pinyin, recognition};
use anjuan_protocol as wire;
use anjuan_protocol::Nothing;
use std::path::{Path, PathBuf};

/// Texts that are spelled at once.
const MOST_TEXTS: usize = 2000;

/// Files whose sizes are added up; what is beyond is left out of the sum.
const MOST_FILES: u32 = 100_000;

#[allow(clippy::needless_pass_by_value)] // requests come by value, as the table hands them over
impl App {
    /// The installed families that hold Chinese.
    ///
    /// # Errors
    /// When there is no font at all.
    pub fn fonts(&self, _: Nothing) -> Result<Vec<wire::FontFamily>> {
        let families = self.desk.fonts.get()?.chinese_families();
        let family = |f: anjuan_export::Family| wire::FontFamily {
            name: f.name,
            serif: f.serif,
            simplified: f.simplified,
            traditional: f.traditional,
        };
        Ok(families.into_iter().map(family).collect())
    }

    /// Whether text in pictures can be recognised on this machine.
    ///
    /// # Errors
    /// Never.
    pub fn ocr_state(&self, _: Nothing) -> Result<wire::OcrState> {
        Ok(recognition::state(&self.desk.shell.folders.programs))
    }

    /// Where the program keeps what.
    ///
    /// # Errors
    /// Never.
    pub fn storage(&self, _: Nothing) -> Result<Vec<wire::StoredPlace>> {
        Ok(self.places().into_iter().map(|(kind, path)| stored(kind, &path)).collect())
    }

    fn places(&self) -> Vec<(&'static str, PathBuf)> {
        let folders = &self.desk.shell.folders;
        let archive = self.current().ok();
        let mut places = Vec::new();
        if let Some(archive) = &archive {
            places.push(("archive", archive.path().to_owned()));
        }
        places.push(("backups", self.desk.backup_base()));
        places.push(("settings", lock(&self.desk.preferences).file()));
        places.push(("data", folders.data.clone()));
        places.push(("cache", folders.cache.clone()));
        places.push(("crashes", folders.crashes()));
        places
    }

    /// A folder or file of the program's own, which may be shown.
    pub(crate) fn own_place(&self, path: &Path) -> Option<PathBuf> {
        let known = self.places().into_iter().map(|(_, place)| place);
        let backups = self.backups(Nothing {}).ok();
        let copies = backups.into_iter().flat_map(|backups| {
            let list = backups.list.into_iter().map(|backup| PathBuf::from(backup.path));
            list.chain([PathBuf::from(backups.folder)])
        });
        known.chain(copies).find(|place| place == path)
    }

    /// Empties the list of archives opened lately.
    ///
    /// # Errors
    /// When the list cannot be written.
    pub fn clear_recent(&self, _: Nothing) -> Result<wire::Session> {
        lock(&self.desk.preferences).forget_all()?;
        self.session(Nothing {})
    }

    /// Removes the notes that crashes left.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub fn clear_crashes(&self, _: Nothing) -> Result<Nothing> {
        let folder = self.desk.shell.folders.crashes();
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|ending| ending == "txt") {
                std::fs::remove_file(&path).map_err(|error| unwritable(&path, &error))?;
            }
        }
        Ok(Nothing {})
    }

    /// How texts are typed in pinyin, for lists that the window filters itself.
    ///
    /// # Errors
    /// When there are too many texts.
    pub fn spell(&self, request: wire::SpellRequest) -> Result<Vec<wire::Spelling>> {
        if request.texts.len() > MOST_TEXTS {
            return Err(bad_request(format!("No more than {MOST_TEXTS} texts at once.")));
        }
        let spell = |text: &String| {
            let (initials, pinyin) = pinyin::spell(text);
            wire::Spelling { initials, pinyin }
        };
        Ok(request.texts.iter().map(spell).collect())
    }
}

fn stored(kind: &str, path: &Path) -> wire::StoredPlace {
    let (bytes, files) = size(path);
    wire::StoredPlace {
        kind: kind.to_owned(),
        path: path.to_string_lossy().into_owned(),
        exists: path.exists(),
        bytes,
        files,
    }
}

/// Bytes and files of a folder with all below it, or of a file. Links are not followed.
fn size(path: &Path) -> (u64, u32) {
    let (mut bytes, mut files) = (0, 0);
    let mut open = vec![path.to_owned()];
    while let Some(next) = open.pop() {
        let Ok(data) = std::fs::symlink_metadata(&next) else { continue };
        if data.is_dir() {
            let entries = std::fs::read_dir(&next).into_iter().flatten().flatten();
            open.extend(entries.map(|entry| entry.path()));
        } else {
            bytes += data.len();
            files += 1;
        }
        if files >= MOST_FILES {
            break;
        }
    }
    (bytes, files)
}
