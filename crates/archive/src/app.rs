//! The commands of the protocol, one method each.

use crate::archive::Archive;
use crate::clock::Clock;
use crate::error::{Result, bad_request, internal};
use crate::jobs::Jobs;
use crate::settings::{Preferences, archive_name};
use crate::{example, import};
use anjuan_protocol as wire;
use anjuan_protocol::{CommandError, ErrorCode, Nothing};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

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
}

/// What only a shell can do.
pub trait Desktop: Send + Sync {
    /// Shows the system's file dialog; an empty list where it was dismissed.
    ///
    /// # Errors
    /// When the system has no dialogs.
    fn pick(&self, request: &wire::PickRequest) -> Result<Vec<String>>;

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
}

/// A shell without a desktop: nothing can be picked or shown.
#[derive(Debug, Clone, Copy)]
pub struct Headless;

impl Desktop for Headless {
    fn pick(&self, _: &wire::PickRequest) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    fn open(&self, path: &Path) -> Result<()> {
        Err(bad_request(format!("There is no desktop to open {} with.", path.display())))
    }

    fn reveal(&self, path: &Path) -> Result<()> {
        Err(bad_request(format!("There is no desktop to show {} on.", path.display())))
    }
}

/// What an [`App`] tells its shell without being asked.
#[derive(Debug, Clone)]
pub enum Event {
    /// Something in the archive changed.
    ArchiveChanged(wire::ArchiveChanged),
    /// A job moved on.
    JobChanged(wire::Job),
    /// The system asked to open files.
    PathsOpened,
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

/// The application.
pub struct App {
    shell: Shell,
    preferences: Mutex<Preferences>,
    archive: RwLock<Option<Arc<Archive>>>,
    jobs: Jobs,
    opened: Mutex<Vec<String>>,
    /// Files written in this run: the only ones that may be opened or shown.
    written: Mutex<HashSet<PathBuf>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // None of the guarded values is ever left half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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

on_the_archive! {
    /// A window of the library's list.
    reports(wire::ReportsRequest) -> wire::ReportsPage;
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
    /// Searches.
    search(wire::SearchRequest) -> wire::SearchPage;
    /// What the index holds.
    index_status(Nothing) -> wire::IndexStatus;
    /// Sets reports side by side.
    compare(wire::CompareRequest) -> wire::Comparison;
}

changing_the_archive! {
    /// Corrects metadata.
    set_metadata(wire::SetMetadataRequest) -> Nothing, ["reports"];
    /// Writes a report's memo.
    set_report_memo(wire::SetMemoRequest) -> Nothing, ["reports"];
    /// Removes reports.
    delete_reports(wire::IdsRequest) -> Nothing, ["reports", "passages"];
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
    undo(Nothing) -> wire::HistoryResult, ["reports", "tags", "passages", "collections"];
    /// Does the last undone change again.
    redo(Nothing) -> wire::HistoryResult, ["reports", "tags", "passages", "collections"];
    /// Adds a collection.
    create_collection(wire::CollectionDraft) -> wire::Collection, ["collections"];
    /// Changes a collection.
    update_collection(wire::UpdateCollectionRequest) -> wire::Collection, ["collections"];
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
        let preferences = Mutex::new(Preferences::load(&shell.folders.config));
        Self {
            shell,
            preferences,
            archive: RwLock::new(None),
            jobs: Jobs::default(),
            opened: Mutex::default(),
            written: Mutex::default(),
        }
    }

    fn current(&self) -> Result<Arc<Archive>> {
        let archive = self.archive.read().unwrap_or_else(PoisonError::into_inner);
        archive.clone().ok_or_else(|| {
            CommandError::new(ErrorCode::NoArchive, "No archive is open.")
                .hint("Open an archive, or make a new one.")
        })
    }

    fn changed(&self, archive: &Archive, kinds: &[&str]) {
        archive.wake_indexer();
        (self.shell.emit)(Event::ArchiveChanged(wire::ArchiveChanged {
            sequence: archive.sequence().unwrap_or_default(),
            kinds: kinds.iter().map(|&k| k.to_owned()).collect(),
            report: None,
        }));
    }

    fn coder(&self) -> String {
        let preferences = lock(&self.preferences);
        let coder = preferences.settings.coder.trim();
        if coder.is_empty() { self.shell.user.clone() } else { coder.to_owned() }
    }

    /// What is open.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn session(&self, _: Nothing) -> Result<wire::Session> {
        let archive = match self.current() {
            Ok(archive) => Some(archive.info()?),
            Err(_) => None,
        };
        let mut preferences = lock(&self.preferences);
        if let Some(archive) = &archive {
            // Only the list of recent archives would miss it.
            let _ = preferences.counted(&archive.path, archive.reports);
        }
        Ok(wire::Session {
            version: self.shell.version.clone(),
            archive,
            recent: preferences.recent(),
            settings: preferences.settings.clone(),
            platform: self.shell.platform.clone(),
        })
    }

    fn take(&self, archive: Archive) -> Result<wire::Session> {
        self.jobs.cancel_all();
        let path = archive.path().to_string_lossy().into_owned();
        let archive = Arc::new(archive);
        archive.start_indexer();
        *self.archive.write().unwrap_or_else(PoisonError::into_inner) = Some(archive);
        lock(&self.preferences).opened(&path, self.shell.clock.stamp())?;
        (self.shell.emit)(Event::ArchiveChanged(wire::ArchiveChanged {
            sequence: 0,
            kinds: vec!["archive".into()],
            report: None,
        }));
        self.session(Nothing {})
    }

    /// Opens an archive.
    ///
    /// # Errors
    /// When the file is no archive, is newer, damaged or in use.
    pub fn open_archive(&self, request: wire::PathRequest) -> Result<wire::Session> {
        let path = Path::new(&request.path);
        if self.current().is_ok_and(|open| open.path() == path) {
            return self.session(Nothing {});
        }
        self.take(Archive::open(path, &self.shell, self.coder())?)
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
        self.take(Archive::create(&path, &self.shell, self.coder())?)
    }

    /// Opens the example archive, made on first use.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn open_example(&self, _: Nothing) -> Result<wire::Session> {
        let path = example::prepare(&self.shell)?;
        self.open_archive(wire::PathRequest { path: path.to_string_lossy().into_owned() })
    }

    /// Closes the archive.
    ///
    /// # Errors
    /// Never in practice.
    pub fn close_archive(&self, _: Nothing) -> Result<wire::Session> {
        self.jobs.cancel_all();
        *self.archive.write().unwrap_or_else(PoisonError::into_inner) = None;
        self.session(Nothing {})
    }

    /// Takes an archive off the list of those opened lately.
    ///
    /// # Errors
    /// When the list cannot be written.
    pub fn forget_recent(&self, request: wire::PathRequest) -> Result<wire::Session> {
        lock(&self.preferences).forget(&request.path)?;
        self.session(Nothing {})
    }

    /// Notes files that the system asked to open.
    pub fn paths_opened(&self, paths: impl IntoIterator<Item = String>) {
        lock(&self.opened).extend(paths);
        (self.shell.emit)(Event::PathsOpened);
    }

    /// Takes the files that the system asked to open.
    ///
    /// # Errors
    /// Never.
    pub fn take_opened_paths(&self, _: Nothing) -> Result<Vec<String>> {
        Ok(std::mem::take(&mut *lock(&self.opened)))
    }

    /// Keeps settings.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn set_settings(&self, settings: wire::Settings) -> Result<wire::Settings> {
        lock(&self.preferences).set(settings)?;
        if let Ok(archive) = self.current() {
            archive.set_coder(self.coder());
        }
        Ok(lock(&self.preferences).settings.clone())
    }

    /// Shows the system's file dialog.
    ///
    /// # Errors
    /// As the shell says.
    pub fn pick_paths(&self, request: wire::PickRequest) -> Result<Vec<String>> {
        self.shell.desktop.pick(&request)
    }

    fn written_here(&self, request: &wire::PathRequest) -> Result<PathBuf> {
        let path = PathBuf::from(&request.path);
        if lock(&self.written).contains(&path) {
            return Ok(path);
        }
        Err(bad_request(format!("{} was not written by this program.", request.path)))
    }

    /// Opens a file that was exported in this run.
    ///
    /// # Errors
    /// When it was not, or as the shell says.
    pub fn open_path(&self, request: wire::PathRequest) -> Result<Nothing> {
        self.shell.desktop.open(&self.written_here(&request)?)?;
        Ok(Nothing {})
    }

    /// Shows a file that was exported in this run.
    ///
    /// # Errors
    /// When it was not, or as the shell says.
    pub fn reveal_path(&self, request: wire::PathRequest) -> Result<Nothing> {
        self.shell.desktop.reveal(&self.written_here(&request)?)?;
        Ok(Nothing {})
    }

    /// The jobs of this run.
    ///
    /// # Errors
    /// Never.
    pub fn jobs(&self, _: Nothing) -> Result<Vec<wire::Job>> {
        Ok(self.jobs.list())
    }

    /// Asks a job to stop.
    ///
    /// # Errors
    /// When there is no such job.
    pub fn cancel_job(&self, request: wire::IdRequest) -> Result<wire::Job> {
        self.jobs.cancel(&request.id)
    }

    /// Writes an annotated PDF.
    ///
    /// # Errors
    /// When a report is not there, or the file cannot be written.
    pub fn export_pdf(&self, request: wire::ExportPdfRequest) -> Result<wire::ExportResult> {
        let language = self.session(Nothing {})?.settings.language;
        let result = self.current()?.export_pdf(&request, &language)?;
        lock(&self.written).insert(PathBuf::from(&result.path));
        Ok(result)
    }

    /// Starts an import and returns its job at once.
    ///
    /// # Errors
    /// When no archive is open, or no thread can be had.
    pub fn start_import(self: &Arc<Self>, request: wire::ImportRequest) -> Result<wire::Job> {
        let archive = self.current()?;
        let (job, cancel) = self.jobs.begin(wire::JobKind::Import, &*self.shell.clock);
        let (app, id) = (Arc::clone(self), job.id.clone());
        std::thread::Builder::new()
            .name("import".into())
            .spawn(move || app.run_import(&archive, &id, &request, &import::Cancel::new(cancel)))
            .map_err(internal)?;
        Ok(job)
    }

    fn run_import(
        &self,
        archive: &Archive,
        id: &str,
        request: &wire::ImportRequest,
        cancel: &import::Cancel,
    ) {
        let tell = |job: Option<wire::Job>| {
            if let Some(job) = job {
                (self.shell.emit)(Event::JobChanged(job));
            }
        };
        let clock = &*self.shell.clock;
        let outcome = archive.import(request, id, cancel, &mut |step| {
            tell(self.jobs.advance(id, clock, |job| match step {
                import::Step::Found(total) => job.total = total,
                import::Step::Item(item) => crate::jobs::add_item(job, *item),
            }));
        });
        tell(self.jobs.advance(id, clock, |job| match outcome {
            Ok(_) if cancel.asked() => job.state = wire::JobState::Cancelled,
            Ok(_) => job.state = wire::JobState::Done,
            Err(error) => {
                job.state = wire::JobState::Failed;
                job.error = Some(error);
            }
        }));
        self.changed(archive, &["reports"]);
    }

    /// Waits until the index has applied every change, for tests and benchmarks.
    ///
    /// # Errors
    /// When no archive is open or the index cannot be written.
    pub fn settle(&self) -> Result<()> {
        self.current()?.catch_up()
    }
}

/// The name of an archive, for titles.
pub(crate) fn name_of(path: &Path) -> String {
    archive_name(&path.to_string_lossy())
}
