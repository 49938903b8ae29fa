//! The windows: which there are, what the system wants of them, and their way in and out.

use crate::arguments::Arguments;
use crate::{place, revive};
use anjuan_archive::{App, Desk, Event, Geometry, News, Opening};
use anjuan_protocol as wire;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tauri::webview::Color;
use tauri::{AppHandle, Emitter, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

/// Name of the first window.
const FIRST: &str = "main";
/// Names of the others begin with this; the capability file lists both.
const OTHERS: &str = "window-";

/// How long a page has to keep what it still holds before its window closes.
const FAREWELL: Duration = Duration::from_secs(1);
/// How long jobs have to stop at the end.
const LAST_JOBS: Duration = Duration::from_secs(5);
/// How long a window is left alone after it moved before its place is written down.
const AT_REST: Duration = Duration::from_millis(400);

/// What a window says about itself while no archive is open.
const TITLE: &str = "案卷 Anjuan";

/// The windows of this run.
pub(crate) struct Windows {
    handle: AppHandle,
    desk: Arc<Desk>,
    apps: Mutex<BTreeMap<String, Arc<App>>>,
    /// The windows in the order in which they had the focus, the latest last.
    focused: Mutex<Vec<String>>,
    /// Windows whose pages were told to say farewell.
    closing: Mutex<HashSet<String>>,
    quitting: AtomicBool,
    moved: Sender<String>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // None of the guarded values is ever left half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Windows {
    pub(crate) fn new(handle: AppHandle, desk: Arc<Desk>) -> Arc<Self> {
        let (moved, rest) = channel();
        let windows = Arc::new(Self {
            handle,
            desk,
            apps: Mutex::default(),
            focused: Mutex::default(),
            closing: Mutex::default(),
            quitting: AtomicBool::new(false),
            moved,
        });
        let writer = Arc::clone(&windows);
        // Without it windows come back where they were opened.
        let _ = std::thread::Builder::new()
            .name("geometry".into())
            .spawn(move || writer.write_places(&rest));
        windows
    }

    /// The application in a window.
    pub(crate) fn app(&self, label: &str) -> Option<Arc<App>> {
        lock(&self.apps).get(label).cloned()
    }

    fn window(&self, label: &str) -> Option<WebviewWindow> {
        self.handle.get_webview_window(label)
    }

    /// The window that had the focus last.
    fn latest(&self) -> Option<String> {
        let apps = lock(&self.apps);
        let focused = lock(&self.focused);
        let latest = focused.iter().rev().find(|label| apps.contains_key(*label)).cloned();
        latest.or_else(|| apps.keys().next().cloned())
    }

    // Opening

    /// The windows of the first start: what the command line names, else those of the last run.
    pub(crate) fn begin(self: &Arc<Self>, arguments: Arguments) -> tauri::Result<()> {
        let kept = self.desk.kept_windows();
        let mut begun = Vec::new();
        if arguments.archives.is_empty() && !arguments.example && self.desk.settings().reopen {
            for window in kept {
                let opening = Opening { archive: window.archive, workspace: None };
                self.open_as(&window.label, opening)?;
                begun.push(window.label);
            }
        }
        if begun.is_empty() {
            let mut archives = arguments.archives.iter().cloned();
            self.open_as(FIRST, Opening { archive: archives.next(), workspace: None })?;
            begun.push(FIRST.to_owned());
            for archive in archives {
                self.open(Opening { archive: Some(archive), workspace: None })?;
            }
        }
        self.desk.keep_windows(&begun);
        let rest = Arguments { archives: Vec::new(), ..arguments };
        self.serve(rest, false);
        Ok(())
    }

    /// Serves another start of the program, or the system's wish to open files.
    pub(crate) fn serve_again(self: &Arc<Self>, arguments: Arguments) {
        self.serve(arguments, true);
    }

    fn serve(self: &Arc<Self>, arguments: Arguments, raise: bool) {
        let report = |error: tauri::Error| eprintln!("No window could be opened: {error}");
        let asks = arguments.names_files() || arguments.example || arguments.new_window;
        let mut fresh = None;
        if arguments.new_window {
            fresh = self.open(Opening::default()).map_err(report).ok();
        }
        for archive in arguments.archives {
            if let Some(showing) = self.desk.window_showing(&archive) {
                self.raise(&showing);
            } else if let Some(empty) = self.empty_window(fresh.as_deref()) {
                self.hand(&empty, vec![archive]);
            } else if let Err(error) =
                self.open(Opening { archive: Some(archive), workspace: None })
            {
                report(error);
            }
        }
        if arguments.example {
            // Made on first use, which takes a moment: the window does not wait for it, and its
            // page hears when the archive is open.
            let empty = self.empty_window(fresh.as_deref());
            let label = empty.or_else(|| self.open(Opening::default()).map_err(report).ok());
            if let Some(app) = label.and_then(|label| self.app(&label)) {
                std::thread::spawn(move || {
                    if let Err(error) = app.open_example(wire::Nothing {}) {
                        eprintln!("{error}");
                    }
                });
            }
        }
        if !arguments.reports.is_empty()
            && let Some(label) = fresh.or_else(|| self.latest())
        {
            self.hand(&label, arguments.reports);
        }
        if raise && !asks {
            match self.latest() {
                Some(label) => self.raise(&label),
                None => drop(self.open(Opening::default()).map_err(report)),
            }
        }
    }

    /// The window to show an archive in where it shows none: the new one or the latest.
    fn empty_window(&self, fresh: Option<&str>) -> Option<String> {
        let label = fresh.map(str::to_owned).or_else(|| self.latest())?;
        self.desk.is_empty(&label).then_some(label)
    }

    /// Hands files to the page of a window.
    fn hand(&self, label: &str, files: Vec<PathBuf>) {
        if let Some(app) = self.app(label) {
            app.paths_opened(files.into_iter().map(|f| f.to_string_lossy().into_owned()));
        }
        self.raise(label);
    }

    fn raise(&self, label: &str) {
        // A window that is not shown yet shows itself with its first page.
        if let Some(window) = self.window(label).filter(|w| w.is_visible().unwrap_or(false)) {
            let _ = window.unminimize();
            let _ = window.set_focus();
        }
    }

    /// Opens another window; returns its name.
    pub(crate) fn open(self: &Arc<Self>, opening: Opening) -> tauri::Result<String> {
        let label = {
            let apps = lock(&self.apps);
            let free = |n: &u32| !apps.contains_key(&format!("{OTHERS}{n}"));
            // One more than there are, so that one of them is free.
            let most = apps.len() as u32 + 2;
            format!("{OTHERS}{}", (2..=most).find(free).unwrap_or(most))
        };
        self.open_as(&label, opening)?;
        Ok(label)
    }

    fn open_as(self: &Arc<Self>, label: &str, opening: Opening) -> tauri::Result<()> {
        let geometry = self.desk.geometry(label).unwrap_or_else(|| self.beside_the_latest());
        let geometry = place::within(geometry, &self.screens());
        let settings = self.desk.settings();
        let archive = opening.archive.clone();
        let app = Arc::new(App::on(&self.desk, label));
        lock(&self.apps).insert(label.to_owned(), Arc::clone(&app));
        // The archive opens while the engine starts.
        app.begin(opening);
        let mut builder = WebviewWindowBuilder::new(&self.handle, label, WebviewUrl::default())
            .title(title(archive.as_deref().and_then(Path::file_stem).and_then(|n| n.to_str())))
            .inner_size(geometry.width, geometry.height)
            .min_inner_size(place::LEAST.0, place::LEAST.1)
            .maximized(geometry.maximised)
            .visible(false)
            .background_color(paper(&settings.theme, false))
            .initialization_script(first_theme(&settings.theme));
        builder = match geometry.position {
            Some((x, y)) => builder.position(x, y),
            None if label == FIRST => builder.center(),
            None => builder,
        };
        match builder.build() {
            Ok(window) => {
                Self::paint(&window, &settings);
                revive::watch(&window);
                self.desk.keep_geometry(label, geometry);
                Ok(())
            }
            Err(error) => {
                lock(&self.apps).remove(label);
                Err(error)
            }
        }
    }

    /// A little below the window that the user looks at, as large as it.
    fn beside_the_latest(&self) -> Geometry {
        let latest = self.latest().and_then(|label| self.desk.geometry(&label));
        let mut geometry = latest.unwrap_or_default();
        geometry.maximised = false;
        geometry.position = geometry.position.map(|(x, y)| (x + 32.0, y + 32.0));
        geometry
    }

    fn screens(&self) -> Vec<place::Screen> {
        let monitors = self.handle.available_monitors().unwrap_or_default();
        let screen = |monitor: &tauri::Monitor| {
            let area = monitor.work_area();
            let scale = monitor.scale_factor();
            let (at, size) = (area.position.to_logical(scale), area.size.to_logical(scale));
            place::Screen { x: at.x, y: at.y, width: size.width, height: size.height }
        };
        monitors.iter().map(screen).collect()
    }

    // Looks

    /// Gives a window the colour of its page, for the moments when the page does not paint.
    fn paint(window: &WebviewWindow, settings: &wire::Settings) {
        let dark = window.theme().is_ok_and(|theme| theme == tauri::Theme::Dark);
        let _ = window.set_background_color(Some(paper(&settings.theme, dark)));
    }

    pub(crate) fn paint_all(&self, settings: &wire::Settings) {
        for window in self.handle.webview_windows().values() {
            Self::paint(window, settings);
        }
    }

    pub(crate) fn set_title(&self, label: &str, archive: Option<&str>) {
        if let Some(window) = self.window(label) {
            let _ = window.set_title(&title(archive));
        }
    }

    /// Tells a page what happened.
    pub(crate) fn tell(handle: &AppHandle, Event { window, news }: Event) {
        let _ = match news {
            News::ArchiveChanged(change) => handle.emit_to(window, "archive_changed", change),
            News::JobChanged(job) => handle.emit_to(window, "job_changed", job),
            News::PathsOpened => handle.emit_to(window, "paths_opened", wire::Nothing {}),
            News::SettingsChanged(settings) => handle.emit_to(window, "settings_changed", settings),
        };
    }

    /// Tells the page in front which command was chosen in the menu bar.
    pub(crate) fn menu_chosen(&self, id: &str) {
        if let Some(label) = self.latest() {
            let _ = self.handle.emit_to(label, "menu_command", wire::MenuCommand { id: id.into() });
        }
    }

    // Moving

    /// Hears what happens to a window. On the window's own thread, so quickly.
    pub(crate) fn happened(self: &Arc<Self>, label: &str, event: &tauri::WindowEvent) {
        match event {
            tauri::WindowEvent::CloseRequested { api, .. } if self.say_farewell(label) => {
                api.prevent_close();
            }
            tauri::WindowEvent::Destroyed => self.closed(label),
            tauri::WindowEvent::Resized(_) | tauri::WindowEvent::Moved(_) => {
                let _ = self.moved.send(label.to_owned());
            }
            tauri::WindowEvent::Focused(true) => {
                let mut focused = lock(&self.focused);
                focused.retain(|other| other != label);
                focused.push(label.to_owned());
            }
            tauri::WindowEvent::ThemeChanged(_) => {
                if let Some(window) = self.window(label) {
                    Self::paint(&window, &self.desk.settings());
                }
            }
            _ => {}
        }
    }

    fn write_places(&self, moved: &Receiver<String>) {
        while let Ok(first) = moved.recv() {
            std::thread::sleep(AT_REST);
            let labels: HashSet<String> = moved.try_iter().chain([first]).collect();
            for label in labels {
                self.write_place(&label);
            }
        }
    }

    fn write_place(&self, label: &str) {
        let before = self.desk.geometry(label).unwrap_or_default();
        if let Some(geometry) = self.window(label).and_then(|w| place::of(&w, before)) {
            self.desk.keep_geometry(label, geometry);
        }
    }

    // Closing

    /// Has a page keep what it still holds; tells whether it was asked only now.
    fn say_farewell(self: &Arc<Self>, label: &str) -> bool {
        if !lock(&self.closing).insert(label.to_owned()) {
            return false;
        }
        self.write_place(label);
        let _ = self.handle.emit_to(label, "window_closing", wire::Nothing {});
        let (windows, label) = (Arc::clone(self), label.to_owned());
        // A page that hangs is closed all the same.
        let waits = std::thread::Builder::new().spawn(move || {
            std::thread::sleep(FAREWELL);
            windows.close(&label);
        });
        waits.is_ok()
    }

    /// Closes a window at once.
    pub(crate) fn close(&self, label: &str) {
        if let Some(window) = self.window(label) {
            let _ = window.destroy();
        }
    }

    /// Ends the program, with a farewell to every page.
    pub(crate) fn quit(self: &Arc<Self>) {
        self.quitting.store(true, Ordering::Relaxed);
        let labels: Vec<String> = lock(&self.apps).keys().cloned().collect();
        for label in labels {
            self.say_farewell(&label);
        }
    }

    fn closed(&self, label: &str) {
        let (app, left) = {
            let mut apps = lock(&self.apps);
            let app = apps.remove(label);
            (app, apps.keys().cloned().collect::<Vec<_>>())
        };
        lock(&self.focused).retain(|other| other != label);
        lock(&self.closing).remove(label);
        // The last window is the one that the next start opens again; of a program that was told
        // to end, all of them.
        if !left.is_empty() && !self.quitting.load(Ordering::Relaxed) {
            self.desk.keep_windows(&left);
        }
        drop(app);
    }

    /// The last thing of a run.
    pub(crate) fn end(&self) {
        self.desk.stop(LAST_JOBS);
    }
}

fn title(archive: Option<&str>) -> String {
    archive.map_or_else(|| TITLE.to_owned(), |name| format!("{name} — 案卷"))
}

/// The colour of the paper in a theme, as the page has it.
fn paper(theme: &str, system_is_dark: bool) -> Color {
    match theme {
        "dark" => Color(0x1b, 0x1c, 0x1e, 255),
        "sepia" => Color(0xf0, 0xe4, 0xca, 255),
        "system" if system_is_dark => paper("dark", true),
        _ => Color(0xf8, 0xf5, 0xee, 255),
    }
}

/// Sets the theme on the page before it paints anything; it learns the rest of the settings later.
fn first_theme(theme: &str) -> String {
    let theme = match theme {
        "light" | "sepia" | "dark" => format!("'{theme}'"),
        _ => "matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'".to_owned(),
    };
    format!("document.documentElement?.setAttribute('data-theme', {theme});")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The colours of the stylesheet, by theme.
    #[test]
    fn the_window_has_the_colour_of_its_page() {
        let tokens = include_str!("../../ui/src/styles/tokens.css");
        let papers: Vec<&str> = tokens
            .lines()
            .filter_map(|line| line.trim().strip_prefix("--paper:"))
            .map(|value| value.trim().trim_end_matches(';'))
            .collect();
        for theme in ["light", "sepia", "dark"] {
            let Color(red, green, blue, _) = paper(theme, false);
            let colour = format!("#{red:02x}{green:02x}{blue:02x}");
            assert!(papers.contains(&colour.as_str()), "{theme}: {colour} of {papers:?}");
        }
        assert_eq!(paper("system", true), paper("dark", false));
        assert_eq!(paper("system", false), paper("light", false));
    }

    #[test]
    fn a_theme_that_is_none_does_not_reach_the_page() {
        assert!(first_theme("sepia").contains("'sepia'"));
        let odd = first_theme("'); alert(1); ('");
        assert!(!odd.contains("alert"), "{odd}");
    }
}
