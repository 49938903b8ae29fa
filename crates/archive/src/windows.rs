//! What outlives a run of the windows themselves: which were open, where, and what each showed.
//!
//! Two kinds of file in the platform's folder of settings: `windows.json` lists the windows, and
//! `workspaces/ARCHIVE.json` keeps for an archive how each window was laid out. Both are written
//! as things happen, so that a kill loses nothing; a damaged one counts as none.

use crate::error::{Result, bad_request};
use crate::settings::{read, write};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Bytes of one workspace at the most.
const LARGEST: usize = 256 << 10;

/// Windows whose layout is remembered for one archive.
const LAYOUTS: usize = 8;

/// Where a window stands. Lengths are logical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Geometry {
    /// Width of its content.
    pub width: f64,
    /// Height of its content.
    pub height: f64,
    /// Its upper left corner, where the system tells and allows it.
    pub position: Option<(f64, f64)>,
    /// Whether it fills the screen; the rest is then what it goes back to.
    pub maximised: bool,
}

impl Default for Geometry {
    fn default() -> Self {
        Self { width: 1280.0, height: 832.0, position: None, maximised: false }
    }
}

/// A window to open again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptWindow {
    /// Its name.
    pub label: String,
    /// The archive that it showed.
    pub archive: Option<PathBuf>,
    /// Where it stood.
    pub geometry: Geometry,
}

/// The windows of this run, or at its start those of the last one.
#[derive(Debug)]
pub(crate) struct KeptWindows {
    file: PathBuf,
    windows: Vec<KeptWindow>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct WindowsFile {
    windows: Vec<KeptWindow>,
}

impl KeptWindows {
    pub(crate) fn load(folder: &Path) -> Self {
        let file = folder.join("windows.json");
        let windows = read::<WindowsFile>(&file).unwrap_or_default().windows;
        Self { file, windows }
    }

    pub(crate) fn list(&self) -> &[KeptWindow] {
        &self.windows
    }

    /// Changes what is kept of a window, which is added where it is new.
    pub(crate) fn change(
        &mut self,
        label: &str,
        change: impl FnOnce(&mut KeptWindow),
    ) -> Result<()> {
        let at = self.windows.iter().position(|w| w.label == label).unwrap_or_else(|| {
            self.windows.push(KeptWindow { label: label.to_owned(), ..KeptWindow::default() });
            self.windows.len() - 1
        });
        let before = self.windows[at].clone();
        change(&mut self.windows[at]);
        if self.windows[at] == before { Ok(()) } else { self.write() }
    }

    /// Keeps these windows alone.
    pub(crate) fn retain(&mut self, kept: impl Fn(&str) -> bool) -> Result<()> {
        let before = self.windows.len();
        self.windows.retain(|w| kept(&w.label));
        if self.windows.len() == before { Ok(()) } else { self.write() }
    }

    fn write(&self) -> Result<()> {
        write(&self.file, &WindowsFile { windows: self.windows.clone() })
    }
}

/// How the windows on one archive were laid out.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct WorkspaceFile {
    /// By window.
    windows: BTreeMap<String, Value>,
    /// The windows in the order of their last change, the latest last.
    order: Vec<String>,
}

fn workspace_file(folder: &Path, archive: &str) -> PathBuf {
    folder.join("workspaces").join(format!("{archive}.json"))
}

/// What a window kept for an archive, else, where `others` agrees, what any window kept last.
pub(crate) fn workspace(folder: &Path, archive: &str, label: &str, others: bool) -> Option<Value> {
    let mut kept: WorkspaceFile = read(&workspace_file(folder, archive))?;
    let latest = kept.order.last().filter(|_| others).cloned();
    kept.windows.remove(label).or_else(|| kept.windows.remove(&latest?))
}

/// Keeps what a window shows of an archive; `null` forgets it.
///
/// # Errors
/// When it is too large or cannot be written.
pub(crate) fn keep_workspace(
    folder: &Path,
    archive: &str,
    label: &str,
    workspace: &Value,
) -> Result<()> {
    let bytes = workspace.to_string().len();
    if bytes > LARGEST {
        return Err(bad_request(format!(
            "The layout of the window takes {bytes} bytes; at most {LARGEST} are kept."
        )));
    }
    let file = workspace_file(folder, archive);
    let mut kept: WorkspaceFile = read(&file).unwrap_or_default();
    kept.order.retain(|other| other != label);
    if workspace.is_null() {
        kept.windows.remove(label);
    } else {
        kept.windows.insert(label.to_owned(), workspace.clone());
        kept.order.push(label.to_owned());
    }
    while kept.order.len() > LAYOUTS {
        kept.windows.remove(&kept.order.remove(0));
    }
    write(&file, &kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_layout_is_kept_for_each_window_and_archive() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        keep_workspace(folder, "a", "main", &json!({ "tabs": 1 })).expect("kept");
        keep_workspace(folder, "a", "window-2", &json!({ "tabs": 2 })).expect("kept");
        keep_workspace(folder, "b", "main", &json!({ "tabs": 3 })).expect("kept");
        assert_eq!(workspace(folder, "a", "main", true), Some(json!({ "tabs": 1 })));
        assert_eq!(workspace(folder, "a", "window-2", false), Some(json!({ "tabs": 2 })));
        assert_eq!(workspace(folder, "b", "main", false), Some(json!({ "tabs": 3 })));
        assert_eq!(workspace(folder, "a", "window-3", true), Some(json!({ "tabs": 2 })), "latest");
        assert_eq!(workspace(folder, "a", "window-3", false), None);
        keep_workspace(folder, "a", "window-2", &Value::Null).expect("forgotten");
        assert_eq!(workspace(folder, "a", "window-2", false), None);
    }

    #[test]
    fn a_damaged_file_is_none_and_is_written_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = workspace_file(folder.path(), "a");
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        for damaged in ["", "{", "[]", "{\"windows\":7}", "\u{0}\u{0}"] {
            std::fs::write(&file, damaged).expect("written");
            assert_eq!(workspace(folder.path(), "a", "main", true), None, "{damaged:?}");
            keep_workspace(folder.path(), "a", "main", &json!(5)).expect("kept");
            assert_eq!(workspace(folder.path(), "a", "main", true), Some(json!(5)));
        }
        std::fs::write(folder.path().join("windows.json"), "{\"windows\":[{\"label\":3}]}")
            .expect("written");
        assert!(KeptWindows::load(folder.path()).list().is_empty());
    }

    #[test]
    fn what_is_too_large_is_refused_and_the_oldest_layouts_go() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        let large = Value::String("案".repeat(LARGEST / 3));
        keep_workspace(folder, "a", "main", &large).expect_err("too large");
        let fits = Value::String("案".repeat(LARGEST / 3 - 1));
        keep_workspace(folder, "a", "main", &fits).expect("fits");
        for n in 2..=LAYOUTS + 1 {
            keep_workspace(folder, "a", &format!("window-{n}"), &json!(n)).expect("kept");
        }
        assert_eq!(workspace(folder, "a", "main", false), None);
        assert_eq!(workspace(folder, "a", "window-2", false), Some(json!(2)));
    }

    #[test]
    fn windows_are_kept_with_their_archives() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut kept = KeptWindows::load(folder.path());
        kept.change("main", |w| w.archive = Some("/a.anjuan".into())).expect("kept");
        kept.change("window-2", |w| w.geometry.maximised = true).expect("kept");
        let again = KeptWindows::load(folder.path());
        assert_eq!(again.list(), kept.list());
        assert_eq!(again.list()[0].archive.as_deref(), Some(Path::new("/a.anjuan")));
        kept.retain(|label| label == "window-2").expect("kept");
        assert_eq!(KeptWindows::load(folder.path()).list().len(), 1);
    }
}
