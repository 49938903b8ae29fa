//! The system's dialogs, viewers and file browser.

use crate::menu;
use crate::windows::Windows;
use anjuan_archive::{Desktop, Opening};
use anjuan_protocol::{CommandError, ErrorCode, PickKind, PickRequest, SetMenuRequest, Settings};
use std::path::Path;
use std::sync::Arc;
use tauri::Manager;
use tauri_plugin_dialog::{DialogExt, FilePath};
use tauri_plugin_opener::OpenerExt;

pub(crate) struct TauriDesktop {
    handle: tauri::AppHandle,
}

impl TauriDesktop {
    pub(crate) fn new(handle: tauri::AppHandle) -> Self {
        Self { handle }
    }

    /// The windows; there are none before the program has begun.
    fn windows(&self) -> Option<Arc<Windows>> {
        self.handle.try_state::<Arc<Windows>>().map(|windows| Arc::clone(&windows))
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
    fn pick(&self, window: &str, request: &PickRequest) -> Result<Vec<String>, CommandError> {
        // Called from a blocking thread, never from the window's own, as these calls require.
        let mut dialog = self.handle.dialog().file().set_title(&request.title);
        if let Some(parent) = self.handle.get_webview_window(window) {
            dialog = dialog.set_parent(&parent);
        }
        if let Some(name) = &request.suggested {
            let name = Path::new(name);
            if let Some(folder) = name.parent().filter(|folder| folder.is_absolute()) {
                dialog = dialog.set_directory(folder);
            }
            dialog = dialog.set_file_name(name.file_name().unwrap_or_default().to_string_lossy());
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
            PickKind::SaveXlsx => one(dialog.add_filter("XLSX", &["xlsx"]).blocking_save_file()),
            PickKind::SaveCsv => one(dialog.add_filter("CSV", &["csv"]).blocking_save_file()),
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

    fn open_window(&self, opening: Opening) -> Result<(), CommandError> {
        let Some(windows) = self.windows() else { return Ok(()) };
        windows.open(opening).map(drop).map_err(|error| {
            let message = format!("No window could be opened: {error}");
            CommandError::new(ErrorCode::Internal, message).hint("Close some windows.")
        })
    }

    fn close_window(&self, label: &str) {
        if let Some(windows) = self.windows() {
            windows.close(label);
        }
    }

    fn quit(&self) {
        if let Some(windows) = self.windows() {
            windows.quit();
        }
    }

    fn set_title(&self, label: &str, archive: Option<&str>) {
        if let Some(windows) = self.windows() {
            windows.set_title(label, archive);
        }
    }

    fn settings_changed(&self, settings: &Settings) {
        if let Some(windows) = self.windows() {
            windows.paint_all(settings);
        }
    }

    fn set_menu(&self, request: SetMenuRequest) -> Result<(), CommandError> {
        // Elsewhere the window draws its menu itself.
        if !cfg!(target_os = "macos") {
            return Ok(());
        }
        menu::set(&self.handle, &request).map_err(|error| {
            CommandError::new(ErrorCode::Internal, format!("The menu bar was refused: {error}"))
        })
    }
}
