//! Backups: copies of an archive that the program makes by itself or is asked for.
//!
//! They lie in `FOLDER/NAME-ID/NAME TIME auto.anjuan` (or `… manual.anjuan`), where `ID` is the end
//! of the archive's identifier, so that a renamed archive keeps its backups, and `TIME` is UTC
//! (`20261121T153005Z`), so that the order of the names is that of time.
//!
//! **Rotation.** Of those made by themselves, the last one of each of the last K days that have
//! any, and the last one of each of the last L weeks that have any, are kept (a week begins on
//! Monday; UTC); the newest is always kept. Those the user asked for are never removed.

use crate::app::App;
use crate::archive::{Archive, lock};
use crate::desk::{Desk, Running};
use crate::error::{Result, bad_request, from_store, not_found, unwritable};
use crate::example;
use crate::settings::archive_name;
use anjuan_protocol as wire;
use anjuan_protocol::{CommandError, ErrorCode, JobKind, Nothing};
use anjuan_store::{CopyProgress, StoreError};
use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Name of the folder of backups in the program's own.
pub(crate) const FOLDER: &str = "backups";

/// How the time is written in a name.
const STAMP: &str = "%Y%m%dT%H%M%SZ";

/// Pause between two looks at whether a backup is due; the first comes as long after the start, so
/// that it does not slow it down.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// How long an archive is left alone whose backup failed.
const RETRY_AFTER: Duration = Duration::from_hours(1);

/// After this time a copy that was broken off is not going on any more.
const STALE_AFTER: Duration = Duration::from_hours(1);

/// A backup as its name tells.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    path: PathBuf,
    at: Timestamp,
    automatic: bool,
}

/// The folder of an archive's backups: one that is there already, under whatever name the archive
/// had then, or the one to be made.
fn folder_of(base: &Path, name: &str, id: &str) -> PathBuf {
    let ending = format!("-{}", id.get(id.len().saturating_sub(12)..).unwrap_or(id));
    let known = std::fs::read_dir(base).into_iter().flatten().flatten().find(|entry| {
        entry.file_name().to_string_lossy().ends_with(&ending) && entry.path().is_dir()
    });
    known.map_or_else(|| base.join(format!("{name}{ending}")), |entry| entry.path())
}

/// The backups in a folder, newest first. A file that is not named like one is none.
fn list(folder: &Path) -> Vec<Found> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<Found> = entries.filter_map(|entry| parse(entry.path())).collect();
    found.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| b.path.cmp(&a.path)));
    found
}

fn parse(path: PathBuf) -> Option<Found> {
    let name = path.file_name()?.to_str()?.strip_suffix(".anjuan")?;
    if name.starts_with('.') {
        return None;
    }
    let (rest, kind) = name.rsplit_once(' ')?;
    let (_, stamp) = rest.rsplit_once(' ')?;
    let automatic = match kind {
        "auto" => true,
        "manual" => false,
        _ => return None,
    };
    let at = jiff::civil::DateTime::strptime(STAMP, stamp).ok()?;
    let at = at.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(Found { path, at, automatic })
}

fn file_name(archive: &str, at: Timestamp, automatic: bool) -> String {
    let kind = if automatic { "auto" } else { "manual" };
    format!("{archive} {} {kind}.anjuan", at.strftime(STAMP))
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The Monday of a day's week.
fn week(day: Date) -> Date {
    let past = day.weekday().since(Weekday::Monday);
    day.checked_sub(i64::from(past).days()).unwrap_or(day)
}

/// Which of some times, newest first, the rotation gives up.
fn surplus(times: &[Timestamp], daily: u32, weekly: u32) -> Vec<usize> {
    let (mut days, mut weeks) = (BTreeSet::new(), BTreeSet::new());
    let mut given_up = Vec::new();
    for (index, &at) in times.iter().enumerate() {
        let day = day(at);
        let last_of_day = !days.contains(&day) && days.len() < daily as usize;
        let last_of_week = !weeks.contains(&week(day)) && weeks.len() < weekly as usize;
        if last_of_day {
            days.insert(day);
        }
        if last_of_week {
            weeks.insert(week(day));
        }
        if index > 0 && !last_of_day && !last_of_week {
            given_up.push(index);
        }
    }
    given_up
}

impl Archive {
    fn backup_folder(&self, base: &Path) -> PathBuf {
        folder_of(base, &archive_name(&self.path().to_string_lossy()), self.id())
    }

    /// Whether the last backup is older than so many hours and something changed since.
    fn backup_due(&self, base: &Path, hours: u32) -> Result<bool> {
        let sequence = self.sequence()?;
        if sequence == 0 || self.path().file_name().is_some_and(|name| name == example::NAME) {
            return Ok(false);
        }
        let Some(last) = list(&self.backup_folder(base)).into_iter().next() else {
            return Ok(true);
        };
        let age = self.clock.now().duration_since(last.at);
        let wait = jiff::SignedDuration::from_hours(i64::from(hours.max(1)));
        // One of the future was made while the clock was wrong.
        if age < wait && age > -wait {
            return Ok(false);
        }
        // A backup that cannot be read any more is no reason to make no other.
        Ok(anjuan_store::glance(&last.path).map_or(true, |copy| copy.sequence != sequence))
    }

    /// Makes a backup and lets the rotation have its way; `None` where `progress` broke it off.
    fn back_up(
        &self,
        base: &Path,
        automatic: bool,
        keep: &wire::BackupSettings,
        progress: &mut dyn FnMut(CopyProgress) -> ControlFlow<()>,
    ) -> Result<Option<PathBuf>> {
        let folder = self.backup_folder(base);
        std::fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, &error))?;
        anjuan_store::sweep(&folder, STALE_AFTER);
        let name = archive_name(&self.path().to_string_lossy());
        let path = folder.join(file_name(&name, self.clock.now(), automatic));
        // A connection of its own: a long copy must not hold one of the window's.
        let reader = anjuan_store::ReadStore::open(self.path()).map_err(|e| self.fault(e))?;
        if reader.copy_to(&path, progress).map_err(|e| in_copy(&path, e))?.is_none() {
            return Ok(None);
        }
        let made: Vec<Found> = list(&folder).into_iter().filter(|each| each.automatic).collect();
        let times: Vec<Timestamp> = made.iter().map(|each| each.at).collect();
        for index in surplus(&times, keep.keep_daily, keep.keep_weekly) {
            // One that cannot be removed now is surplus the next time too.
            let _ = std::fs::remove_file(&made[index].path);
        }
        Ok(Some(path))
    }
}

/// An error of a copy names the file it was to be; those of the archive itself say so anyway.
fn in_copy(path: &Path, error: StoreError) -> CommandError {
    match error {
        StoreError::Damaged(what) => CommandError::new(
            ErrorCode::DamagedArchive,
            format!("{} was not written: {what}.", path.display()),
        )
        .hint("Check the archive; earlier backups are as they were."),
        error => from_store(path, error),
    }
}

/// Shows a job how far a copy is, and stops it where the job is to stop. Counted in KiB, which 32
/// bits hold for any disk.
fn told(job: &Running) -> impl FnMut(CopyProgress) -> ControlFlow<()> {
    let kib = |bytes: u64| u32::try_from(bytes >> 10).unwrap_or(u32::MAX);
    move |at| {
        job.advance(|job| (job.done, job.total) = (kib(at.done), kib(at.total)));
        if job.cancel.asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Ends a job that makes a file; none made means that it was asked to stop.
fn made(job: &Running, file: Option<PathBuf>) {
    if let Some(file) = file {
        job.advance(|job| job.path = Some(file.to_string_lossy().into_owned()));
    }
}

impl Desk {
    /// The folder that backups are kept in.
    pub(crate) fn backup_base(&self) -> PathBuf {
        let chosen = self.settings().backups.folder;
        if chosen.is_empty() { self.shell.folders.data.join(FOLDER) } else { PathBuf::from(chosen) }
    }

    /// Looks from time to time whether the archives that are open are due for a backup, for as long
    /// as the program runs.
    pub fn keep_backups(self: &Arc<Self>) {
        let desk = Arc::downgrade(self);
        // Without a thread there are the backups that are asked for.
        let _ = std::thread::Builder::new().name("backups".into()).spawn(move || {
            loop {
                std::thread::sleep(LOOK_EVERY);
                let Some(desk) = desk.upgrade() else { return };
                desk.back_up_what_is_due();
            }
        });
    }

    /// Starts a backup of every open archive that is due for one; returns their jobs.
    pub fn back_up_what_is_due(self: &Arc<Self>) -> Vec<wire::Job> {
        let settings = self.settings().backups;
        if !settings.automatic {
            return Vec::new();
        }
        let base = self.backup_base();
        let mut tried = lock(&self.backups_tried);
        tried.retain(|_, at| at.elapsed() < RETRY_AFTER);
        let mut jobs = Vec::new();
        for archive in self.archives() {
            let due = archive.backup_due(&base, settings.every_hours).unwrap_or(false);
            // One that is under way or failed is not begun again at once.
            if due && tried.insert(archive.path().to_owned(), Instant::now()).is_none() {
                jobs.extend(self.start_backup(archive, true).ok());
            }
        }
        jobs
    }

    fn start_backup(self: &Arc<Self>, archive: Arc<Archive>, automatic: bool) -> Result<wire::Job> {
        let (base, keep) = (self.backup_base(), self.settings().backups);
        let subject = archive_name(&archive.path().to_string_lossy());
        self.start_job(archive, JobKind::Backup, subject, move |job| {
            made(job, job.archive.back_up(&base, automatic, &keep, &mut told(job))?);
            Ok(())
        })
    }
}

#[allow(clippy::needless_pass_by_value)] // requests come by value, as the table hands them over
impl App {
    /// The backups of the open archive.
    ///
    /// # Errors
    /// When no archive is open.
    pub fn backups(&self, _: Nothing) -> Result<wire::Backups> {
        let folder = self.current()?.backup_folder(&self.desk.backup_base());
        let backup = |found: Found| wire::Backup {
            bytes: std::fs::metadata(&found.path).map_or(0, |data| data.len()),
            path: found.path.to_string_lossy().into_owned(),
            at: format!("{:.3}", found.at),
            automatic: found.automatic,
        };
        Ok(wire::Backups {
            list: list(&folder).into_iter().map(backup).collect(),
            folder: folder.to_string_lossy().into_owned(),
        })
    }

    /// Starts to make a backup.
    ///
    /// # Errors
    /// When no archive is open, or no thread can be had.
    pub fn start_backup(&self, _: Nothing) -> Result<wire::Job> {
        self.desk.start_backup(self.current()?, false)
    }

    /// Starts to make an archive of a backup, beside the open one and under a name that nothing
    /// has.
    ///
    /// # Errors
    /// When the file is no backup of the open archive, or the name is none.
    pub fn restore_backup(&self, request: wire::RestoreRequest) -> Result<wire::Job> {
        let archive = self.current()?;
        let known = self.backups(Nothing {})?.list;
        let Some(backup) = known.into_iter().find(|backup| backup.path == request.path) else {
            return Err(not_found("The backup", &request.path));
        };
        let refused = |c: char| r#"/\:*?"<>|"#.contains(c) || c.is_control();
        let name = request.name.replace(refused, " ");
        let name = name.trim().trim_matches('.');
        if name.is_empty() {
            return Err(bad_request("An archive needs a name."));
        }
        let to = free_name(archive.path(), name);
        let from = PathBuf::from(backup.path);
        self.desk.start_job(archive, JobKind::Restore, name.to_owned(), move |job| {
            let whole = anjuan_store::restore(&from, &to, &mut told(job));
            let whole = whole.map_err(|error| match error {
                // What is wrong with the backup is said of the backup.
                error @ (StoreError::Damaged(_) | StoreError::NotAnArchive(_)) => {
                    from_store(&from, error)
                }
                error => in_copy(&to, error),
            })?;
            made(job, whole.map(|_| to));
            Ok(())
        })
    }
}

/// A path beside an archive that nothing has: `NAME.anjuan`, `NAME (2).anjuan` and so on.
fn free_name(archive: &Path, name: &str) -> PathBuf {
    let numbered = |n: u32| {
        let number = if n == 1 { String::new() } else { format!(" ({n})") };
        archive.with_file_name(format!("{name}{number}.anjuan"))
    };
    (1..10_000).map(numbered).find(|path| !path.exists()).unwrap_or_else(|| numbered(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn a_name_tells_time_and_kind() {
        let name = file_name("侨联 报告", at("2026-11-21T15:30:05.5Z"), true);
        assert_eq!(name, "侨联 报告 20261121T153005Z auto.anjuan");
        let found = parse(PathBuf::from("/b").join(&name)).expect("a backup");
        assert_eq!((found.at, found.automatic), (at("2026-11-21T15:30:05Z"), true));
        for other in [
            "侨联.anjuan",
            ".a 20261121T153005Z auto.anjuan.copying-7-0",
            ".a 20261121T153005Z auto.anjuan",
            "a 20261121T153005Z auto.anjuan-wal",
            "a 20261321T153005Z auto.anjuan",
            "a 20261121T153005Z mine.anjuan",
            "20261121T153005Z auto.anjuan",
        ] {
            assert_eq!(parse(PathBuf::from("/b").join(other)), None, "{other}");
        }
    }

    #[test]
    fn the_last_of_each_day_and_week_is_kept() {
        let times: Vec<Timestamp> = [
            "2026-11-21T18:00:00Z", // Saturday
            "2026-11-21T09:00:00Z",
            "2026-11-20T09:00:00Z",
            "2026-11-17T09:00:00Z",
            "2026-11-15T20:00:00Z", // Sunday of the week before
            "2026-11-14T09:00:00Z",
            "2026-11-03T09:00:00Z",
        ]
        .map(at)
        .into();
        let kept = |daily, weekly| {
            let lost = surplus(&times, daily, weekly);
            (0..times.len()).filter(|n| !lost.contains(n)).collect::<Vec<_>>()
        };
        assert_eq!(kept(2, 0), [0, 2]);
        assert_eq!(kept(0, 2), [0, 4]);
        assert_eq!(kept(3, 3), [0, 2, 3, 4, 6]);
        assert_eq!(kept(0, 0), [0], "the newest always stays");
    }

    proptest! {
        /// Backing up every few hours for months keeps no more than was asked for, and once more
        /// the same is given up.
        #[test]
        fn rotation_keeps_what_was_asked_for(
            gaps in proptest::collection::vec(1_i64..400, 0..120),
            daily in 0_u32..9,
            weekly in 0_u32..9,
        ) {
            let mut kept: Vec<Timestamp> = Vec::new();
            let mut now = at("2026-01-01T00:00:00Z");
            for gap in gaps {
                now += gap.hours();
                kept.insert(0, now);
                let lost = surplus(&kept, daily, weekly);
                let mut index = 0;
                kept.retain(|_| {
                    index += 1;
                    !lost.contains(&(index - 1))
                });
                prop_assert_eq!(kept[0], now);
                prop_assert!(kept.len() <= (daily + weekly).max(1) as usize);
                prop_assert_eq!(surplus(&kept, daily, weekly), Vec::<usize>::new());
                // A backup is never older than the weeks that are kept allow.
                if daily > 0 {
                    prop_assert!(kept.iter().any(|&each| day(each) == day(now)));
                }
            }
        }
    }
}
