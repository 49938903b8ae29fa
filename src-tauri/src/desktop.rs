//! The system's dialogs, viewers and file browser.

use anjuan_archive::Desktop;
use anjuan_protocol::{CommandError, ErrorCode, PickKind, PickRequest};
use std::path::Path;
use tauri_plugin_dialog::{DialogExt, FilePath};
use tauri_plugin_opener::OpenerExt;

pub(crate) struct TauriDesktop {
    handle: tauri::AppHandle,
}

impl TauriDesktop {
    pub(crate) fn new(handle: tauri::AppHandle) -> Self {
        Self { handle }
    }
}

fn failed(what: &str, path: &Path, error: impl std::fmt::Display) -> CommandError {
    CommandError::new(
        ErrorCode::Internal,
        format!("{} could not be {what}: {error}", path.display()),
    )
    .hint("Open it from your file browser.")
}

impl Desktop for TauriDesktop {
    fn pick(&self, request: &PickRequest) -> Result<Vec<String>, CommandError> {
        // Called from a blocking thread, never from the window's own, as these calls require.
        let mut dialog = self.handle.dialog().file().set_title(&request.title);
        if let Some(name) = &request.suggested {
            dialog = dialog.set_file_name(name);
        }
        let one = |path: Option<FilePath>| path.into_iter().collect();
        let picked: Vec<FilePath> = match request.kind {
            PickKind::Files => dialog.blocking_pick_files().unwrap_or_default(),
            PickKind::Folder => one(dialog.blocking_pick_folder()),
            PickKind::Archive => one(dialog.add_filter("Anjuan", &["anjuan"]).blocking_pick_file()),
            PickKind::NewArchive => {
                one(dialog.add_filter("Anjuan", &["anjuan"]).blocking_save_file())
            }
            PickKind::SavePdf => one(dialog.add_filter("PDF", &["pdf"]).blocking_save_file()),
        };
        let paths = picked.into_iter().filter_map(|p| p.into_path().ok());
        Ok(paths.map(|p| p.to_string_lossy().into_owned()).collect())
    }

    fn open(&self, path: &Path) -> Result<(), CommandError> {
        let opened = self.handle.opener().open_path(path.to_string_lossy(), None::<&str>);
        opened.map_err(|e| failed("opened", path, e))
    }

    fn reveal(&self, path: &Path) -> Result<(), CommandError> {
        let shown = self.handle.opener().reveal_item_in_dir(path);
        shown.map_err(|e| failed("shown in its folder", path, e))
    }
}
