//! What all windows of one run share: settings, open archives, jobs, the files that were written.

use crate::app::{Event, News, Shell};
use crate::archive::{Archive, lock};
use crate::error::{Result, internal};
use crate::export::SharedFonts;
use crate::import::{Cancel, Step, Watch};
use crate::jobs::{Jobs, Subject};
use crate::settings::Preferences;
use crate::windows::{self, Geometry, KeptWindow, KeptWindows};
use crate::{example, faults};
use anjuan_protocol as wire;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

/// What all windows of one run share.
///
/// A file is open once, however many windows show it: they share its lock, its index, its undo and
/// its jobs. It is closed when the last window has left it and its last job has ended; a job goes
/// on as long as any window of the program is open.
pub struct Desk {
    pub(crate) shell: Shell,
    pub(crate) preferences: Mutex<Preferences>,
    pub(crate) jobs: Jobs,
    /// Files written in this run: the only ones that may be opened or shown.
    pub(crate) written: Mutex<HashSet<PathBuf>>,
    /// Open archives by their true path. Held while one is being opened, so that none is twice.
    archives: Mutex<BTreeMap<PathBuf, Weak<Archive>>>,
    /// What each window shows.
    windows: Mutex<BTreeMap<String, Weak<Archive>>>,
    kept: Mutex<KeptWindows>,
    /// Fonts that the settings list; export has them of its archive.
    pub(crate) fonts: Arc<SharedFonts>,
    /// When a backup of an archive was begun by itself.
    pub(crate) backups_tried: Mutex<BTreeMap<PathBuf, Instant>>,
    /// The note of a crash that no window has told of yet.
    crash: Mutex<Option<PathBuf>>,
    /// What was seen in the watched folders.
    pub(crate) watch: Mutex<Watch>,
}

/// The name of a file whichever way it is reached.
fn true_path(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

impl Desk {
    /// Begins a run: reads settings, windows and the last crash.
    pub fn new(shell: Shell) -> Arc<Self> {
        let preferences = Mutex::new(Preferences::load(&shell.folders.config));
        let kept = Mutex::new(KeptWindows::load(&shell.folders.config));
        let crash = Mutex::new(faults::untold(&shell.folders.data));
        let fonts = SharedFonts::of(&shell.folders.fonts);
        let desk = Arc::new(Self {
            fonts,
            watch: Mutex::default(),
            backups_tried: Mutex::default(),
            shell,
            preferences,
            jobs: Jobs::default(),
            written: Mutex::default(),
            archives: Mutex::default(),
            windows: Mutex::default(),
            kept,
            crash,
        });
        desk.start_watching();
        desk
    }

    /// The settings as they are kept.
    pub fn settings(&self) -> wire::Settings {
        lock(&self.preferences).settings.clone()
    }

    pub(crate) fn coder(&self) -> String {
        let preferences = lock(&self.preferences);
        let coder = preferences.settings.coder.trim();
        if coder.is_empty() { self.shell.user.clone() } else { coder.to_owned() }
    }

    /// Opens an archive, or shares the one that is open.
    pub(crate) fn open(&self, path: &Path) -> Result<Arc<Archive>> {
        let mut archives = lock(&self.archives);
        if let Some(open) = archives.get(&true_path(path)).and_then(Weak::upgrade) {
            return Ok(open);
        }
        let archive = Archive::open(path, &self.shell, self.coder())?;
        archive.set_order(&self.settings());
        Ok(Self::add(&mut archives, archive))
    }

    /// Makes an archive and opens it.
    pub(crate) fn create(&self, path: &Path) -> Result<Arc<Archive>> {
        let mut archives = lock(&self.archives);
        let archive = Archive::create(path, &self.shell, self.coder())?;
        archive.set_order(&self.settings());
        Ok(Self::add(&mut archives, archive))
    }

    fn add(archives: &mut BTreeMap<PathBuf, Weak<Archive>>, mut archive: Archive) -> Arc<Archive> {
        archives.retain(|_, open| open.strong_count() > 0);
        // A copy of an open archive, a backup perhaps: the two have one name for their index.
        let twin = archives.values().filter_map(Weak::upgrade).any(|a| a.id() == archive.id());
        if twin {
            archive.keep_index_apart();
        }
        let archive = Arc::new(archive);
        archives.insert(true_path(archive.path()), Arc::downgrade(&archive));
        archive.start_indexer();
        archive.start_library();
        archive
    }

    /// The archive of a file, where it is open.
    pub(crate) fn open_archive(&self, path: &Path) -> Option<Arc<Archive>> {
        lock(&self.archives).get(&true_path(path)).and_then(Weak::upgrade)
    }

    /// Tells the windows of an archive of a job that none of them began.
    pub(crate) fn told_of(&self, archive: &Archive, job: &wire::Job) {
        self.tell_of(archive, &News::JobChanged(Box::new(job.clone())));
    }

    /// The open archives.
    pub(crate) fn archives(&self) -> Vec<Arc<Archive>> {
        lock(&self.archives).values().filter_map(Weak::upgrade).collect()
    }

    /// The example archive, made on first use.
    pub(crate) fn example(&self) -> Result<PathBuf> {
        // Two windows that ask at once must not make it twice.
        let _making = lock(&self.archives);
        example::prepare(&self.shell)
    }

    /// Notes a window that shows nothing yet. What it showed in the last run stays kept.
    pub(crate) fn arrives(&self, label: &str) {
        lock(&self.windows).insert(label.to_owned(), Weak::new());
    }

    /// How a window was laid out for an archive; `alone` also takes what another one kept last.
    pub(crate) fn workspace(&self, archive: &str, label: &str, alone: bool) -> Option<Value> {
        let _kept = lock(&self.kept);
        windows::workspace(&self.shell.folders.config, archive, label, alone)
    }

    /// Keeps how a window is laid out for an archive.
    pub(crate) fn keep_workspace(&self, archive: &str, label: &str, layout: &Value) -> Result<()> {
        // Windows on one archive write one file.
        let _kept = lock(&self.kept);
        windows::keep_workspace(&self.shell.folders.config, archive, label, layout)
    }

    /// Notes what a window shows from now on.
    pub(crate) fn shows(&self, label: &str, archive: Option<&Arc<Archive>>) {
        let shown = archive.map_or_else(Weak::new, Arc::downgrade);
        lock(&self.windows).insert(label.to_owned(), shown);
        let path = archive.map(|archive| archive.path().to_owned());
        // Only the next start would miss it.
        let _ = lock(&self.kept).change(label, |window| window.archive = path);
    }

    /// Forgets a window that is gone.
    pub(crate) fn gone(&self, label: &str) {
        lock(&self.windows).remove(label);
    }

    /// The windows that show an archive.
    fn showing(&self, archive: &Archive) -> Vec<String> {
        let windows = lock(&self.windows);
        let shown = |(label, shown): (&String, &Weak<Archive>)| {
            std::ptr::eq(shown.as_ptr(), archive).then(|| label.clone())
        };
        windows.iter().filter_map(shown).collect()
    }

    /// A window that shows the archive of a file.
    pub fn window_showing(&self, path: &Path) -> Option<String> {
        let open = lock(&self.archives).get(&true_path(path)).and_then(Weak::upgrade)?;
        self.showing(&open).into_iter().next()
    }

    /// Whether a window shows no archive.
    pub fn is_empty(&self, label: &str) -> bool {
        lock(&self.windows).get(label).is_none_or(|shown| shown.strong_count() == 0)
    }

    /// Tells one window.
    pub(crate) fn tell(&self, window: &str, news: News) {
        (self.shell.emit)(Event { window: window.to_owned(), news });
    }

    /// Tells every window that shows an archive.
    pub(crate) fn tell_of(&self, archive: &Archive, news: &News) {
        for window in self.showing(archive) {
            self.tell(&window, news.clone());
        }
    }

    /// Tells every window but one.
    pub(crate) fn tell_others(&self, window: &str, news: &News) {
        let others: Vec<String> =
            lock(&self.windows).keys().filter(|other| *other != window).cloned().collect();
        for other in others {
            self.tell(&other, news.clone());
        }
    }

    /// Says that an archive changed.
    pub(crate) fn changed(&self, archive: &Archive, kinds: &[&str]) {
        archive.wake_indexer();
        let change = wire::ArchiveChanged {
            sequence: archive.sequence().unwrap_or_default(),
            kinds: kinds.iter().map(|&k| k.to_owned()).collect(),
            report: None,
        };
        self.tell_of(archive, &News::ArchiveChanged(change));
    }

    /// The windows of the last run, until the first of this one is opened; those of this run then.
    pub fn kept_windows(&self) -> Vec<KeptWindow> {
        lock(&self.kept).list().to_vec()
    }

    /// Where a window stood the last time.
    pub fn geometry(&self, label: &str) -> Option<Geometry> {
        lock(&self.kept).list().iter().find(|w| w.label == label).map(|w| w.geometry)
    }

    /// Keeps where a window stands.
    pub fn keep_geometry(&self, label: &str, geometry: Geometry) {
        // Only the next start would miss it.
        let _ = lock(&self.kept).change(label, |window| window.geometry = geometry);
    }

    /// Keeps these windows alone for the next start.
    pub fn keep_windows(&self, labels: &[String]) {
        let _ = lock(&self.kept).retain(|label| labels.iter().any(|kept| kept == label));
    }

    /// The note of a crash, for the first window that asks.
    pub(crate) fn take_crash(&self) -> Option<PathBuf> {
        let note = lock(&self.crash).take()?;
        // So that the page can show where it lies.
        lock(&self.written).insert(note.clone());
        Some(note)
    }

    /// Ends the run: asks all jobs to stop, and waits for them, but no longer than so long.
    pub fn stop(&self, patience: Duration) {
        self.jobs.stop(patience);
    }

    /// Begins a job on an archive, in a thread of its own.
    pub(crate) fn start_job(
        self: &Arc<Self>,
        archive: Arc<Archive>,
        kind: wire::JobKind,
        subject: impl Into<Subject>,
        work: impl FnOnce(&Running) -> Result<()> + Send + 'static,
    ) -> Result<wire::Job> {
        let path = archive.path().to_string_lossy();
        let (job, cancel) = self.jobs.begin(&path, kind, subject, &*self.shell.clock);
        let cancel = Cancel::new(cancel, self.jobs.ending());
        let running = Running { desk: Arc::clone(self), archive, id: job.id.clone(), cancel };
        let spawned = std::thread::Builder::new().name("job".into()).spawn(move || {
            let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| work(&running)))
                .unwrap_or_else(|_| Err(internal("the work broke off")));
            running.advance(|job| {
                job.state = match outcome {
                    Ok(()) if running.cancel.asked() => wire::JobState::Cancelled,
                    Ok(()) => wire::JobState::Done,
                    Err(error) if error.code == wire::ErrorCode::Cancelled => {
                        wire::JobState::Cancelled
                    }
                    Err(error) => {
                        job.error = Some(error);
                        wire::JobState::Failed
                    }
                };
            });
        });
        if let Err(error) = spawned {
            let error = internal(error);
            self.jobs.advance(&job.id, &*self.shell.clock, |job| {
                job.state = wire::JobState::Failed;
                job.error = Some(error.clone());
            });
            return Err(error);
        }
        Ok(job)
    }
}

/// Items from which on a change is shown as a job: a moment's work for fewer.
const SHOWN: u32 = 2_000;

/// A change of many things that is shown as a job once it turns out to be long. The command that
/// makes it answers when it is done.
pub(crate) struct Bulk<'d> {
    desk: &'d Desk,
    archive: &'d Archive,
    job: Option<(String, Cancel)>,
}

impl<'d> Bulk<'d> {
    pub(crate) fn new(desk: &'d Desk, archive: &'d Archive) -> Self {
        Self { desk, archive, job: None }
    }

    /// Tells how far it is; asks to break off where the user does.
    pub(crate) fn progress(&mut self, done: u32, total: u32) -> ControlFlow<()> {
        if total < SHOWN {
            return ControlFlow::Continue(());
        }
        let (_, cancel) = self.job.get_or_insert_with(|| {
            let (desk, path) = (self.desk, self.archive.path().to_string_lossy());
            let subject = String::new();
            let (job, cancel) =
                desk.jobs.begin(&path, wire::JobKind::Edit, subject, &*desk.shell.clock);
            (job.id, Cancel::new(cancel, desk.jobs.ending()))
        });
        let asked = cancel.asked();
        self.advance(|job| (job.done, job.total) = (done, total));
        if asked { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn advance(&self, change: impl FnOnce(&mut wire::Job)) {
        let Some((id, _)) = &self.job else { return };
        if let Some(job) = self.desk.jobs.advance(id, &*self.desk.shell.clock, change) {
            self.desk.tell_of(self.archive, &News::JobChanged(Box::new(job)));
        }
    }

    /// Ends the job, where there is one.
    pub(crate) fn end<T>(self, outcome: Result<T>) -> Result<T> {
        self.advance(|job| match &outcome {
            Ok(_) => {
                job.done = job.total;
                job.state = wire::JobState::Done;
            }
            Err(error) if error.code == wire::ErrorCode::Cancelled => {
                job.state = wire::JobState::Cancelled;
            }
            Err(error) => {
                job.error = Some(error.clone());
                job.state = wire::JobState::Failed;
            }
        });
        outcome
    }
}

/// A job under way, as its own thread sees it. It keeps its archive open.
pub(crate) struct Running {
    pub(crate) desk: Arc<Desk>,
    pub(crate) archive: Arc<Archive>,
    pub(crate) id: String,
    pub(crate) cancel: Cancel,
}

impl Running {
    /// Imports what was asked for, and tells of it.
    pub(crate) fn import(&self, request: &wire::ImportRequest) -> Result<()> {
        let done = self.archive.run_import(request, &self.id, &self.cancel, &mut |step| {
            self.step(step);
        });
        self.desk.changed(&self.archive, &["reports"]);
        done
    }

    /// Takes over what an import tells.
    pub(crate) fn step(&self, step: Step) {
        match step {
            Step::Item(item) => self.add_result(*item, 1),
            Step::Found(total) => self.advance(|job| job.total = total),
            Step::Before(done, counts) => self.advance(|job| {
                job.done = done;
                job.counts = counts;
            }),
            Step::Ignored(ignored) => self.advance(|job| job.counts.ignored = ignored),
        }
    }

    /// Adds what became of one report, with which the job is `done` further.
    pub(crate) fn add_result(&self, item: wire::ImportItem, done: u32) {
        let clock = &*self.desk.shell.clock;
        if let Some(job) = self.desk.jobs.add_item(&self.id, clock, item, done) {
            self.desk.tell_of(&self.archive, &News::JobChanged(Box::new(job)));
        }
    }

    /// Changes what is known of the job, and tells the windows where it is time to.
    pub(crate) fn advance(&self, change: impl FnOnce(&mut wire::Job)) {
        if let Some(job) = self.desk.jobs.advance(&self.id, &*self.desk.shell.clock, change) {
            self.desk.tell_of(&self.archive, &News::JobChanged(Box::new(job)));
        }
    }
}
