//! The commands of the protocol, one method each.

use crate::archive::{Archive, lock};
use crate::clock::Clock;
use crate::desk::{Bulk, Desk};
use crate::error::{Result, bad_request};
use crate::search::Turns;
use crate::settings::archive_name;
use anjuan_protocol as wire;
use anjuan_protocol::{CommandError, ErrorCode, Nothing};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Where a shell keeps what is not in an archive.
#[derive(Debug, Clone)]
pub struct Folders {
    /// Settings.
    pub config: PathBuf,
    /// Archives that the program makes itself (the example).
    pub data: PathBuf,
    /// Derived files, free to be deleted.
    pub cache: PathBuf,
    /// Fonts for export, the preferred folder first.
    pub fonts: Vec<PathBuf>,
    /// Where the system looks for programs.
    pub programs: Vec<PathBuf>,
}

impl Folders {
    /// Notes of crashes.
    pub(crate) fn crashes(&self) -> PathBuf {
        self.data.join("crashes")
    }
}

/// What only a shell can do.
pub trait Desktop: Send + Sync {
    /// Shows the system's file dialog over a window; an empty list where it was dismissed.
    ///
    /// # Errors
    /// When the system has no dialogs.
    fn pick(&self, window: &str, request: &wire::PickRequest) -> Result<Vec<String>>;

    /// Opens a file in the system's viewer.
    ///
    /// # Errors
    /// When the system knows no viewer.
    fn open(&self, path: &Path) -> Result<()>;

    /// Shows a file in its folder.
    ///
    /// # Errors
    /// When the system has no file browser.
    fn reveal(&self, path: &Path) -> Result<()>;

    /// Opens another window.
    ///
    /// # Errors
    /// When the system has no windows.
    fn open_window(&self, _: Opening) -> Result<()> {
        Err(bad_request("There are no windows here."))
    }

    /// Closes a window.
    fn close_window(&self, _label: &str) {}

    /// Ends the program.
    fn quit(&self) {}

    /// Shows in the title of a window which archive is open.
    fn set_title(&self, _label: &str, _archive: Option<&str>) {}

    /// Follows new settings with what a page does not paint.
    fn settings_changed(&self, _: &wire::Settings) {}

    /// Sets the menu bar.
    ///
    /// # Errors
    /// When the system refuses.
    fn set_menu(&self, _: wire::SetMenuRequest) -> Result<()> {
        Ok(())
    }
}

/// What a window begins with.
#[derive(Debug, Clone, Default)]
pub struct Opening {
    /// The archive.
    pub archive: Option<PathBuf>,
    /// How it is laid out; `None` where it is as the window kept it.
    pub workspace: Option<serde_json::Value>,
}

/// A shell without a desktop: nothing can be picked or shown.
#[derive(Debug, Clone, Copy)]
pub struct Headless;

impl Desktop for Headless {
    fn pick(&self, _: &str, _: &wire::PickRequest) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    fn open(&self, path: &Path) -> Result<()> {
        Err(bad_request(format!("There is no desktop to open {} with.", path.display())))
    }

    fn reveal(&self, path: &Path) -> Result<()> {
        Err(bad_request(format!("There is no desktop to show {} on.", path.display())))
    }
}

/// What a window is told without having asked.
#[derive(Debug, Clone)]
pub struct Event {
    /// Which window.
    pub window: String,
    /// What happened.
    pub news: News,
}

/// What happened.
#[derive(Debug, Clone)]
pub enum News {
    /// Something in the archive changed.
    ArchiveChanged(wire::ArchiveChanged),
    /// A job moved on.
    JobChanged(Box<wire::Job>),
    /// The system asked to open files.
    PathsOpened,
    /// Another window changed the settings.
    SettingsChanged(Box<wire::Settings>),
}

/// What an [`App`] takes from its shell.
pub struct Shell {
    /// Folders of the platform.
    pub folders: Folders,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Dialogs and viewers.
    pub desktop: Box<dyn Desktop>,
    /// Receives events, from any thread; must not wait.
    pub emit: Box<dyn Fn(Event) + Send + Sync>,
    /// Version of the program.
    pub version: String,
    /// `linux`, `macos` or `windows`.
    pub platform: String,
    /// Written on passages where the user gave no name.
    pub user: String,
}

/// The application in one window.
pub struct App {
    pub(crate) desk: Arc<Desk>,
    /// Name of the window.
    label: String,
    archive: RwLock<Option<Arc<Archive>>>,
    /// How the window is laid out for its archive.
    workspace: Mutex<Option<serde_json::Value>>,
    /// What is to be opened before the first session is answered. Held while it is.
    opening: Mutex<Option<Opening>>,
    /// Why that failed.
    failure: Mutex<Option<(PathBuf, CommandError)>>,
    opened: Mutex<Vec<String>>,
    /// The searches of this window.
    turns: Turns,
}

/// Commands that only pass on to the open archive.
macro_rules! on_the_archive {
    ($( $(#[$doc:meta])* $name:ident($request:ty) -> $response:ty; )*) => {
        #[allow(clippy::needless_pass_by_value)]
        impl App {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// When no archive is open, or as the archive says.
                pub fn $name(&self, request: $request) -> Result<$response> {
                    self.current()?.$name(&request)
                }
            )*
        }
    };
}

/// The same for commands that change it: the window is told afterwards.
macro_rules! changing_the_archive {
    ($( $(#[$doc:meta])* $name:ident($request:ty) -> $response:ty, $kinds:expr; )*) => {
        impl App {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// When no archive is open, or as the archive says.
                pub fn $name(&self, request: $request) -> Result<$response> {
                    let archive = self.current()?;
                    let response = archive.$name(&request)?;
                    self.changed(&archive, &$kinds);
                    Ok(response)
                }
            )*
        }
    };
}

/// The same for commands that change many reports at once: from some thousands on they are shown as
/// a job, which can be broken off.
macro_rules! changing_many {
    ($( $(#[$doc:meta])* $name:ident($request:ty) -> $response:ty, $kinds:expr; )*) => {
        #[allow(clippy::needless_pass_by_value)]
        impl App {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// When no archive is open, it was broken off, or as the archive says.
                pub fn $name(&self, request: $request) -> Result<$response> {
                    let archive = self.current()?;
                    let mut bulk = Bulk::new(&self.desk, &archive);
                    let done = archive
                        .$name(&request, &mut |done, total| bulk.progress(done, total));
                    let response = bulk.end(done)?;
                    self.changed(&archive, &$kinds);
                    Ok(response)
                }
            )*
        }
    };
}

changing_many! {
    /// Corrects metadata.
    set_metadata(wire::SetMetadataRequest) -> Nothing, ["reports"];
    /// Removes reports.
    delete_reports(wire::ReportSelection) -> Nothing, ["reports", "passages"];
    /// Puts reports into a collection.
    add_to_collection(wire::CollectionReportsRequest) -> wire::Collection, ["collections"];
    /// Takes reports out of a collection.
    remove_from_collection(wire::CollectionReportsRequest) -> wire::Collection, ["collections"];
}

on_the_archive! {
    /// A window of the library's list.
    reports(wire::ReportsRequest) -> wire::ReportsPage;
    /// A stretch of the library's list by identifier only.
    report_ids(wire::ReportsRequest) -> Vec<String>;
    /// Where in the library's list a report stands.
    report_position(wire::ReportPositionRequest) -> Option<u32>;
    /// What the library shows of one report beside the list.
    report_preview(wire::IdRequest) -> wire::ReportPreview;
    /// Values of a column that meet what was typed.
    library_values(wire::LibraryValuesRequest) -> Vec<wire::FacetValue>;
    /// The values to filter the library by.
    facets(wire::ReportFilter) -> wire::Facets;
    /// One report to read.
    report(wire::IdRequest) -> wire::ReportView;
    /// The codebook.
    tags(Nothing) -> Vec<wire::Tag>;
    /// Tags for the picker.
    suggest_tags(wire::SuggestTagsRequest) -> Vec<wire::TagSuggestion>;
    /// Passages in context.
    passages(wire::PassagesRequest) -> Vec<wire::PassageInContext>;
    /// What can be undone and redone.
    history(Nothing) -> wire::History;
    /// The collections.
    collections(Nothing) -> Vec<wire::Collection>;
    /// Changes a part of a query.
    edit_query(wire::EditQueryRequest) -> String;
    /// Other queries that may be meant.
    suggest_queries(wire::Question) -> Vec<wire::QuerySuggestion>;
    /// Reports that are about the same as one.
    similar_reports(wire::IdRequest) -> Vec<wire::SimilarReport>;
    /// The searches that are kept.
    saved_searches(Nothing) -> Vec<wire::SavedSearch>;
    /// Finds words in one report.
    find_in_report(wire::FindRequest) -> Vec<wire::Range>;
    /// What the index holds.
    index_status(Nothing) -> wire::IndexStatus;
    /// Whether it finds what stands in the reports.
    check_index(Nothing) -> wire::IndexCheck;
    /// Sets reports side by side.
    compare(wire::CompareRequest) -> wire::Comparison;
}

/// The same for what is asked about a search, and waited for until the next one begins.
macro_rules! about_the_search {
    ($( $(#[$doc:meta])* $name:ident($request:ty) -> $response:ty; )*) => {
        #[allow(clippy::needless_pass_by_value)]
        impl App {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// When no archive is open, another search has begun, or as the archive says.
                pub fn $name(&self, request: $request) -> Result<$response> {
                    self.current()?.$name(&request, &self.turns.now())
                }
            )*
        }
    };
}

about_the_search! {
    /// The reports that a search finds, counted.
    search_facets(wire::Question) -> wire::Facets;
    /// The places that a search finds.
    concordance(wire::ConcordanceRequest) -> wire::ConcordancePage;
    /// Words that stand around what is looked for.
    collocates(wire::CollocatesRequest) -> wire::Collocates;
    /// Words that set the reports found apart.
    keyness(wire::KeynessRequest) -> wire::Keyness;
}

changing_the_archive! {
    /// Keeps a search.
    save_search(wire::SaveSearchRequest) -> wire::SavedSearch, ["searches"];
    /// Forgets searches.
    delete_searches(wire::IdsRequest) -> Nothing, ["searches"];
    /// Writes a report's memo.
    set_report_memo(wire::SetMemoRequest) -> Nothing, ["reports"];
    /// Puts furniture back.
    restore_furniture(wire::RestoreFurnitureRequest) -> wire::ReportView, ["reports", "passages"];
    /// Adds a tag.
    create_tag(wire::TagDraft) -> wire::Tag, ["tags"];
    /// Changes a tag.
    update_tag(wire::UpdateTagRequest) -> wire::Tag, ["tags"];
    /// Removes tags.
    delete_tags(wire::IdsRequest) -> Nothing, ["tags", "passages"];
    /// Marks a passage.
    create_passage(wire::PassageDraft) -> wire::Passage, ["passages", "tags"];
    /// Changes a passage.
    update_passage(wire::UpdatePassageRequest) -> wire::Passage, ["passages", "tags"];
    /// Removes passages.
    delete_passages(wire::IdsRequest) -> Nothing, ["passages", "tags"];
    /// Takes the last change back.
    undo(Nothing) -> wire::HistoryResult, ["reports", "tags", "passages", "collections", "searches"];
    /// Does the last undone change again.
    redo(Nothing) -> wire::HistoryResult, ["reports", "tags", "passages", "collections", "searches"];
    /// Adds a collection.
    create_collection(wire::CollectionDraft) -> wire::Collection, ["collections"];
    /// Renames a collection.
    update_collection(wire::UpdateCollectionRequest) -> wire::Collection, ["collections"];
    /// Puts a collection elsewhere.
    move_collection(wire::MoveCollectionRequest) -> wire::Collection, ["collections"];
    /// Removes collections.
    delete_collections(wire::IdsRequest) -> Nothing, ["collections"];
    /// Builds the index anew.
    rebuild_index(Nothing) -> wire::IndexStatus, ["index"];
}

// Requests come by value, as the table hands them over.
#[allow(clippy::needless_pass_by_value)]
impl App {
    /// Begins, with no archive open.
    pub fn new(shell: Shell) -> Self {
        Self::on(&Desk::new(shell), "main")
    }

    /// Begins in a window, with no archive open.
    pub fn on(desk: &Arc<Desk>, label: &str) -> Self {
        desk.arrives(label);
        Self {
            desk: Arc::clone(desk),
            label: label.to_owned(),
            archive: RwLock::new(None),
            workspace: Mutex::default(),
            opening: Mutex::default(),
            failure: Mutex::default(),
            opened: Mutex::default(),
            turns: Turns::default(),
        }
    }

    /// Opens what the window begins with, beside whatever else is to be done for it. A failure is
    /// told with the session.
    pub fn begin(self: &Arc<Self>, opening: Opening) {
        *lock(&self.opening) = Some(opening);
        let app = Arc::clone(self);
        // Without a thread the first question of the page opens it.
        let _ = std::thread::Builder::new().name("open".into()).spawn(move || app.open_first());
    }

    /// Opens what the window begins with; returns when that is done.
    fn open_first(&self) {
        let mut opening = lock(&self.opening);
        let Some(Opening { archive: Some(path), workspace }) = opening.take() else { return };
        if let Err(error) = self.desk.open(&path).and_then(|archive| self.take(archive, workspace))
        {
            *lock(&self.failure) = Some((path, error));
            self.shell().desktop.set_title(&self.label, None);
        }
    }

    fn shell(&self) -> &Shell {
        &self.desk.shell
    }

    pub(crate) fn current(&self) -> Result<Arc<Archive>> {
        let archive = self.archive.read().unwrap_or_else(PoisonError::into_inner);
        archive.clone().ok_or_else(|| {
            CommandError::new(ErrorCode::NoArchive, "No archive is open.")
                .hint("Open an archive, or make a new one.")
        })
    }

    fn changed(&self, archive: &Archive, kinds: &[&str]) {
        self.desk.changed(archive, kinds);
    }

    /// What is open.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn session(&self, _: Nothing) -> Result<wire::Session> {
        self.open_first();
        let archive = match self.current() {
            Ok(archive) => Some(archive.info()?),
            Err(_) => None,
        };
        let (failed, failure) = lock(&self.failure).clone().unzip();
        let mut preferences = lock(&self.desk.preferences);
        if let Some(archive) = &archive {
            // Only the list of recent archives would miss it.
            let _ = preferences.counted(&archive.path, archive.reports);
        }
        Ok(wire::Session {
            version: self.shell().version.clone(),
            archive,
            recent: preferences.recent(),
            settings: preferences.settings.clone(),
            settings_aside: preferences.aside.take().map(|p| p.to_string_lossy().into_owned()),
            platform: self.shell().platform.clone(),
            window: self.label.clone(),
            workspace: lock(&self.workspace).clone(),
            failure,
            failed: failed.map(|path| path.to_string_lossy().into_owned()),
            crash: self.desk.take_crash().map(|path| path.to_string_lossy().into_owned()),
        })
    }

    /// Shows an archive in this window. A running job goes on with the archive before.
    fn take(&self, archive: Arc<Archive>, workspace: Option<serde_json::Value>) -> Result<()> {
        let path = archive.path().to_string_lossy().into_owned();
        let workspace = if let Some(layout) = workspace {
            let kept = self.desk.keep_workspace(archive.id(), &self.label, &layout);
            // Without it the window begins as at first, and says nothing.
            kept.ok().and(Some(layout)).filter(|layout| !layout.is_null())
        } else {
            // Two windows on one archive may differ; the first takes what was seen last.
            let alone = self.desk.window_showing(archive.path()).is_none();
            self.desk.workspace(archive.id(), &self.label, alone)
        };
        *lock(&self.workspace) = workspace;
        *lock(&self.failure) = None;
        self.show(Some(archive));
        lock(&self.desk.preferences).opened(&path, self.shell().clock.stamp())
    }

    fn show(&self, archive: Option<Arc<Archive>>) {
        self.desk.shows(&self.label, archive.as_ref());
        let name = archive.as_ref().map(|archive| name_of(archive.path()));
        let sequence = archive.as_ref().map_or(0, |a| a.sequence().unwrap_or_default());
        *self.archive.write().unwrap_or_else(PoisonError::into_inner) = archive;
        self.shell().desktop.set_title(&self.label, name.as_deref());
        let kinds = vec!["archive".to_owned()];
        let change = wire::ArchiveChanged { sequence, kinds, report: None };
        self.desk.tell(&self.label, News::ArchiveChanged(change));
    }

    /// Opens an archive.
    ///
    /// # Errors
    /// When the file is no archive, is newer, damaged or in use.
    pub fn open_archive(&self, request: wire::PathRequest) -> Result<wire::Session> {
        let path = Path::new(&request.path);
        let archive = self.desk.open(path)?;
        if !self.current().is_ok_and(|open| Arc::ptr_eq(&open, &archive)) {
            self.take(archive, None)?;
        }
        self.session(Nothing {})
    }

    /// Makes an archive and opens it.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub fn create_archive(&self, request: wire::PathRequest) -> Result<wire::Session> {
        let mut path = PathBuf::from(&request.path);
        if path.extension().is_none_or(|e| e != "anjuan") {
            let mut name = path.file_name().unwrap_or_default().to_owned();
            name.push(".anjuan");
            path.set_file_name(name);
        }
        self.take(self.desk.create(&path)?, None)?;
        self.session(Nothing {})
    }

    /// Opens the example archive, made on first use.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn open_example(&self, _: Nothing) -> Result<wire::Session> {
        let path = self.desk.example()?;
        self.open_archive(wire::PathRequest { path: path.to_string_lossy().into_owned() })
    }

    /// Closes the archive.
    ///
    /// # Errors
    /// Never in practice.
    pub fn close_archive(&self, _: Nothing) -> Result<wire::Session> {
        *lock(&self.workspace) = None;
        *lock(&self.failure) = None;
        self.show(None);
        self.session(Nothing {})
    }

    /// Takes an archive off the list of those opened lately.
    ///
    /// # Errors
    /// When the list cannot be written.
    pub fn forget_recent(&self, request: wire::PathRequest) -> Result<wire::Session> {
        lock(&self.desk.preferences).forget(&request.path)?;
        self.session(Nothing {})
    }

    /// Notes files that the system asked to open.
    pub fn paths_opened(&self, paths: impl IntoIterator<Item = String>) {
        lock(&self.opened).extend(paths);
        self.desk.tell(&self.label, News::PathsOpened);
    }

    /// Takes the files that the system asked to open.
    ///
    /// # Errors
    /// Never.
    pub fn take_opened_paths(&self, _: Nothing) -> Result<Vec<String>> {
        Ok(std::mem::take(&mut *lock(&self.opened)))
    }

    /// Changes settings.
    ///
    /// # Errors
    /// When they are not of their form or cannot be written.
    pub fn set_settings(&self, request: wire::SettingsChange) -> Result<wire::Settings> {
        lock(&self.desk.preferences).change(&request.changes)?;
        let settings = self.desk.settings();
        for archive in self.desk.archives() {
            archive.set_coder(self.desk.coder());
            archive.set_order(&settings);
        }
        self.shell().desktop.settings_changed(&settings);
        self.desk.tell_others(&self.label, &News::SettingsChanged(Box::new(settings.clone())));
        Ok(settings)
    }

    /// Opens another window.
    ///
    /// # Errors
    /// As the shell says.
    pub fn open_window(&self, request: wire::OpenWindowRequest) -> Result<Nothing> {
        let here = || self.current().ok().map(|archive| archive.path().to_owned());
        let archive = request.archive.map(PathBuf::from).or_else(here);
        // What a window of the same name kept once is not meant.
        let workspace = Some(request.workspace.unwrap_or_default());
        self.shell().desktop.open_window(Opening { archive, workspace })?;
        Ok(Nothing {})
    }

    /// Closes this window.
    ///
    /// # Errors
    /// Never.
    pub fn close_window(&self, _: Nothing) -> Result<Nothing> {
        self.shell().desktop.close_window(&self.label);
        Ok(Nothing {})
    }

    /// Ends the program.
    ///
    /// # Errors
    /// Never.
    pub fn quit(&self, _: Nothing) -> Result<Nothing> {
        self.shell().desktop.quit();
        Ok(Nothing {})
    }

    /// Keeps how this window is laid out. Without an archive there is nothing to keep.
    ///
    /// # Errors
    /// When the layout is too large or cannot be written.
    pub fn set_workspace(&self, request: wire::SetWorkspaceRequest) -> Result<Nothing> {
        let Ok(archive) = self.current() else { return Ok(Nothing {}) };
        if request.archive.is_some_and(|path| Path::new(&path) != archive.path()) {
            return Ok(Nothing {});
        }
        let layout = request.workspace;
        // Held while writing: two at once would leave the earlier.
        let mut kept = lock(&self.workspace);
        self.desk.keep_workspace(archive.id(), &self.label, &layout)?;
        *kept = Some(layout).filter(|layout| !layout.is_null());
        Ok(Nothing {})
    }

    /// Sets the menu bar.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn set_menu(&self, request: wire::SetMenuRequest) -> Result<Nothing> {
        self.shell().desktop.set_menu(request)?;
        Ok(Nothing {})
    }

    /// Shows the system's file dialog.
    ///
    /// # Errors
    /// As the shell says.
    pub fn pick_paths(&self, request: wire::PickRequest) -> Result<Vec<String>> {
        let mut request = request;
        let folder = self.desk.settings().archive_folder;
        // A folder that is gone would only bring the dialog into disorder.
        if request.kind == wire::PickKind::NewArchive && Path::new(&folder).is_dir() {
            let name = request.suggested.unwrap_or_default();
            request.suggested = Some(Path::new(&folder).join(name).to_string_lossy().into_owned());
        }
        self.shell().desktop.pick(&self.label, &request)
    }

    fn written_here(&self, request: &wire::PathRequest) -> Result<PathBuf> {
        let path = PathBuf::from(&request.path);
        if lock(&self.desk.written).contains(&path) {
            return Ok(path);
        }
        if let Some(own) = self.own_place(&path) {
            return Ok(own);
        }
        Err(bad_request(format!("{} was not written by this program.", request.path)))
    }

    /// Opens a file that was exported in this run, or one of the program's own places.
    ///
    /// # Errors
    /// When it was not, or as the shell says.
    pub fn open_path(&self, request: wire::PathRequest) -> Result<Nothing> {
        self.shell().desktop.open(&self.written_here(&request)?)?;
        Ok(Nothing {})
    }

    /// Shows a file that was exported in this run, or one of the program's own places.
    ///
    /// # Errors
    /// When it was not, or as the shell says.
    pub fn reveal_path(&self, request: wire::PathRequest) -> Result<Nothing> {
        self.shell().desktop.reveal(&self.written_here(&request)?)?;
        Ok(Nothing {})
    }

    /// The jobs of this run on this archive.
    ///
    /// # Errors
    /// When no archive is open.
    pub fn jobs(&self, _: Nothing) -> Result<Vec<wire::Job>> {
        let archive = self.current()?;
        Ok(self.desk.jobs.list(&archive.path().to_string_lossy()))
    }

    /// Asks a job to stop.
    ///
    /// # Errors
    /// When there is no such job.
    pub fn cancel_job(&self, request: wire::IdRequest) -> Result<wire::Job> {
        self.desk.jobs.cancel(&request.id)
    }

    /// Starts to write an annotated PDF and returns its job at once.
    ///
    /// # Errors
    /// When no archive is open, or no thread can be had.
    pub fn start_export(&self, request: wire::ExportPdfRequest) -> Result<wire::Job> {
        let subject = request.path.clone();
        self.desk.start_job(self.current()?, wire::JobKind::Export, subject, move |job| {
            let done = job.archive.export_pdf(&request, &job.cancel, &mut |done, total| {
                // Told by several threads at once.
                job.advance(|job| (job.done, job.total) = (job.done.max(done), total));
            })?;
            lock(&job.desk.written).insert(PathBuf::from(&done.path));
            job.advance(|job| {
                job.path = Some(done.path.clone());
                job.export = Some(done);
            });
            Ok(())
        })
    }

    /// Searches. What was asked about the search before is waited for no longer.
    ///
    /// # Errors
    /// When no archive is open, or as the archive says.
    pub fn search(&self, request: wire::SearchRequest) -> Result<wire::SearchPage> {
        if request.offset == 0 {
            self.turns.begin();
        }
        self.current()?.search(&request)
    }

    /// Marks the places that a search finds, or counts them.
    ///
    /// # Errors
    /// When no archive is open, it was broken off, or as the archive says.
    pub fn tag_hits(&self, request: wire::TagHitsRequest) -> Result<wire::TaggedHits> {
        let archive = self.current()?;
        let mut bulk = Bulk::new(&self.desk, &archive);
        let done = archive.tag_hits(&request, &mut |done, total| bulk.progress(done, total));
        let tagged = bulk.end(done)?;
        if !request.preview {
            self.changed(&archive, &["passages", "tags"]);
        }
        Ok(tagged)
    }

    /// Starts to write the places that a search finds to a file, and returns its job at once.
    ///
    /// # Errors
    /// When no archive is open, or no thread can be had.
    pub fn start_hits_export(&self, request: wire::ExportHitsRequest) -> Result<wire::Job> {
        let subject = request.path.clone();
        self.desk.start_job(self.current()?, wire::JobKind::Export, subject, move |job| {
            job.archive.export_hits(&request, &job.cancel, &mut |done, total| {
                job.advance(|job| (job.done, job.total) = (done, total));
            })?;
            lock(&job.desk.written).insert(PathBuf::from(&request.path));
            job.advance(|job| job.path = Some(request.path.clone()));
            Ok(())
        })
    }

    /// Starts an import and returns its job at once.
    ///
    /// # Errors
    /// When no archive is open, or no thread can be had.
    pub fn start_import(&self, request: wire::ImportRequest) -> Result<wire::Job> {
        let subject = request.paths.first().cloned().unwrap_or_default();
        let kind = wire::JobKind::Import;
        self.desk.start_job(self.current()?, kind, subject, move |job| job.import(&request))
    }

    /// Starts to read files as an import would, without keeping anything.
    ///
    /// # Errors
    /// When no archive is open, or no thread can be had.
    pub fn start_preview(&self, request: wire::ImportRequest) -> Result<wire::Job> {
        let subject = request.paths.first().cloned().unwrap_or_default();
        self.desk.start_job(self.current()?, wire::JobKind::Preview, subject, move |job| {
            job.archive.preview(&request, &job.cancel, &mut |step| job.step(step))
        })
    }

    /// Results of a job.
    ///
    /// # Errors
    /// When there is no such job.
    pub fn job_items(&self, request: wire::JobItemsRequest) -> Result<wire::JobItemsPage> {
        self.desk.jobs.items(&request)
    }

    /// One file in full, as an import would read it.
    ///
    /// # Errors
    /// When no archive is open or the file cannot be read.
    pub fn inspect_source(&self, request: wire::InspectRequest) -> Result<wire::Inspection> {
        self.current()?.inspect_source(&request)
    }

    /// A pasted text in full, as an import would read it.
    ///
    /// # Errors
    /// When no archive is open or there is no text.
    pub fn inspect_text(&self, request: wire::TextRequest) -> Result<wire::Inspection> {
        self.current()?.inspect_text(&request)
    }

    /// Keeps a pasted text as a report.
    ///
    /// # Errors
    /// When no archive is open, there is no text, or the archive cannot be written.
    pub fn import_text(&self, request: wire::TextRequest) -> Result<wire::ImportItem> {
        let archive = self.current()?;
        let item = archive.import_text(&request)?;
        self.desk.changed(&archive, &["reports"]);
        Ok(item)
    }

    /// The import that the end of the program broke off.
    ///
    /// # Errors
    /// When no archive is open.
    pub fn pending_import(&self, _: Nothing) -> Result<Option<wire::PendingImport>> {
        self.current()?.pending_import()
    }

    /// Goes on with it.
    ///
    /// # Errors
    /// When there is none.
    pub fn resume_import(&self, _: Nothing) -> Result<wire::Job> {
        let archive = self.current()?;
        let pending = archive.pending_import()?;
        let pending = pending.ok_or_else(|| bad_request("No import was broken off."))?;
        self.desk.start_job(archive, wire::JobKind::Import, pending.subject, move |job| {
            let done = job.archive.run_resumed(&job.cancel, &mut |step| job.step(step));
            job.desk.changed(&job.archive, &["reports"]);
            done
        })
    }

    /// Forgets it.
    ///
    /// # Errors
    /// When no archive is open or it cannot be written.
    pub fn discard_import(&self, _: Nothing) -> Result<Nothing> {
        self.current()?.discard_import()?;
        Ok(Nothing {})
    }

    /// Reports that are nearly the same, undecided.
    ///
    /// # Errors
    /// When no archive is open.
    pub fn near_pairs(&self, _: Nothing) -> Result<Vec<wire::NearPair>> {
        self.current()?.near_pairs()
    }

    /// Decides on two of them.
    ///
    /// # Errors
    /// When there is no such pair.
    pub fn resolve_near(&self, request: wire::ResolveNearRequest) -> Result<Nothing> {
        let archive = self.current()?;
        let done = archive.resolve_near(&request)?;
        self.desk.changed(&archive, &["reports", "passages", "collections"]);
        Ok(done)
    }

    /// Takes a repair of the reading text back.
    ///
    /// # Errors
    /// When report or repair are not there.
    pub fn undo_repair(&self, request: wire::UndoRepairRequest) -> Result<wire::ReportView> {
        let archive = self.current()?;
        let view = archive.undo_repair(&request)?;
        self.desk.changed(&archive, &["reports", "passages"]);
        Ok(view)
    }

    /// Starts to read reports once more from their originals.
    ///
    /// # Errors
    /// When no archive is open, or no thread can be had.
    pub fn reread(&self, request: wire::RereadRequest) -> Result<wire::Job> {
        let kind = wire::JobKind::Reread;
        self.desk.start_job(self.current()?, kind, String::new(), move |job| {
            let done =
                job.archive.reread(&request, &job.id, &job.cancel, &mut |step| job.step(step));
            job.desk.changed(&job.archive, &["reports", "passages"]);
            done
        })
    }

    /// The columns and first rows of a table.
    ///
    /// # Errors
    /// When no archive is open or the file is no table.
    pub fn table_preview(&self, request: wire::TableRequest) -> Result<wire::TablePreview> {
        self.current()?.table_preview(&request)
    }

    /// Waits until the index has applied every change, for tests and benchmarks.
    ///
    /// # Errors
    /// When no archive is open or the index cannot be written.
    pub fn settle(&self) -> Result<()> {
        self.current()?.catch_up()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.desk.gone(&self.label);
    }
}

/// The name of an archive, for titles.
pub(crate) fn name_of(path: &Path) -> String {
    archive_name(&path.to_string_lossy())
}
