//! Long work: how far it is, and a way to stop it.

use crate::clock::Clock;
use crate::error::{Result, not_found};
use crate::import::Step;
use anjuan_protocol::{
    ImportCounts, ImportItem, Job, JobItemsPage, JobItemsRequest, JobKind, JobState,
};
use anjuan_store::ReportId;
use jiff::Timestamp;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Results that a job carries along.
const ITEMS_SHOWN: usize = 200;

/// Results of a job that can be asked for, the latest.
const ITEMS_KEPT: usize = 50_000;

/// Jobs remembered after their end.
const JOBS_KEPT: usize = 50;

/// Milliseconds between two reports of one job's progress.
const REPORT_EVERY: i64 = 100;

/// Milliseconds over which the speed is taken: long enough to be calm, short enough to follow when
/// large files come after small ones.
const RATE_OVER: i64 = 8_000;

/// Milliseconds between two samples of it.
const SAMPLE_EVERY: i64 = 250;

/// The jobs of one run of the program, on all its archives.
#[derive(Default)]
pub(crate) struct Jobs {
    entries: Mutex<Vec<Entry>>,
    ended: Condvar,
    /// Whether the program ends.
    ending: Arc<AtomicBool>,
}

struct Entry {
    job: Job,
    /// Path of the archive it works on.
    archive: String,
    cancel: Arc<AtomicBool>,
    /// Its results, the latest where there are very many.
    items: VecDeque<ImportItem>,
    /// How much was done when, for the last [`RATE_OVER`] milliseconds.
    samples: VecDeque<(i64, u32)>,
    reported: Timestamp,
}

/// What a job works on, as its card names it.
#[derive(Default)]
pub(crate) struct Subject {
    /// A file, a folder, or a title.
    pub(crate) name: String,
    /// The report that it is about, where it is one alone.
    pub(crate) report: Option<ReportId>,
}

impl From<String> for Subject {
    fn from(name: String) -> Self {
        Self { name, report: None }
    }
}

impl Jobs {
    /// Begins a job on an archive and returns it with the flag that asks it to stop.
    pub(crate) fn begin(
        &self,
        archive: &str,
        kind: JobKind,
        subject: impl Into<Subject>,
        clock: &dyn Clock,
    ) -> (Job, Arc<AtomicBool>) {
        let Subject { name, report } = subject.into();
        let job = Job {
            id: uuid::Uuid::now_v7().to_string(),
            kind,
            state: JobState::Running,
            subject: name,
            report: report.map(|id| id.to_string()),
            started: clock.stamp(),
            ended: None,
            done: 0,
            total: 0,
            speed: 0.0,
            seconds_left: None,
            items: Vec::new(),
            counts: ImportCounts::default(),
            export: None,
            error: None,
            path: None,
        };
        let cancel = Arc::new(AtomicBool::new(false));
        let now = clock.now();
        let entry = Entry {
            job: job.clone(),
            archive: archive.to_owned(),
            cancel: Arc::clone(&cancel),
            items: VecDeque::new(),
            samples: VecDeque::from([(now.as_millisecond(), 0)]),
            reported: now,
        };
        let mut jobs = self.lock();
        jobs.insert(0, entry);
        let mut kept = 0;
        jobs.retain(|e| {
            kept += 1;
            kept <= JOBS_KEPT || e.job.state == JobState::Running
        });
        (job, cancel)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        // A panic elsewhere leaves a job's numbers as they were, which is fine to read on.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes a job; returns it where it is time to tell about it.
    pub(crate) fn advance(
        &self,
        id: &str,
        clock: &dyn Clock,
        change: impl FnOnce(&mut Job),
    ) -> Option<Job> {
        let mut jobs = self.lock();
        let entry = jobs.iter_mut().find(|e| e.job.id == id)?;
        let Job { total, done, .. } = entry.job;
        change(&mut entry.job);
        let shown = entry.job.items.len().saturating_sub(ITEMS_SHOWN);
        entry.job.items.drain(..shown);
        let more = entry.items.len().saturating_sub(ITEMS_KEPT);
        entry.items.drain(..more);
        let now = clock.now();
        let ends = entry.job.state != JobState::Running;
        if ends {
            entry.job.ended = Some(clock.stamp());
            self.ended.notify_all();
        }
        entry.measure(now.as_millisecond(), ends);
        // What is to be done is told at once: it turns "looking" into "so many of so many".
        // So is every page of a recognition: the next one may be long in coming.
        let page = entry.job.kind == JobKind::Recognise && entry.job.done != done;
        let due = now.as_millisecond() - entry.reported.as_millisecond() >= REPORT_EVERY;
        if due || ends || page || entry.job.total != total {
            entry.reported = now;
            return Some(entry.job.clone());
        }
        None
    }

    /// The jobs on an archive, newest first.
    pub(crate) fn list(&self, archive: &str) -> Vec<Job> {
        self.lock().iter().filter(|e| e.archive == archive).map(|e| e.job.clone()).collect()
    }

    /// Adds one file's outcome to a job, which is `done` further with it; returns it where it is
    /// time to tell about it.
    pub(crate) fn add_item(
        &self,
        id: &str,
        clock: &dyn Clock,
        item: ImportItem,
        done: u32,
    ) -> Option<Job> {
        if let Some(entry) = self.lock().iter_mut().find(|e| e.job.id == id) {
            entry.items.push_back(item.clone());
        }
        self.advance(id, clock, |job| {
            count_item(&mut job.counts, &item);
            job.done += done;
            job.items.push(item);
        })
    }

    /// Results of a job.
    pub(crate) fn items(&self, request: &JobItemsRequest) -> Result<JobItemsPage> {
        let jobs = self.lock();
        let entry = jobs
            .iter()
            .find(|e| e.job.id == request.id)
            .ok_or_else(|| not_found("The job", &request.id))?;
        let asked = |item: &&ImportItem| {
            let outcome = crate::wire::word(&item.outcome);
            (request.outcomes.is_empty() || request.outcomes.contains(&outcome))
                && (request.problems.is_empty()
                    || item.problems.iter().any(|p| request.problems.contains(&p.code)))
        };
        let items: Vec<&ImportItem> = entry.items.iter().filter(asked).collect();
        let some = items.iter().skip(request.offset as usize).take(request.limit as usize);
        Ok(JobItemsPage {
            total: items.len() as u32,
            items: some.map(|item| (*item).clone()).collect(),
        })
    }

    /// Whether the program ends, which is no user's wish to stop.
    pub(crate) fn ending(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.ending)
    }

    /// Asks a job to stop.
    pub(crate) fn cancel(&self, id: &str) -> Result<Job> {
        let jobs = self.lock();
        let entry = jobs.iter().find(|e| e.job.id == id).ok_or_else(|| not_found("The job", id))?;
        entry.cancel.store(true, Ordering::Relaxed);
        Ok(entry.job.clone())
    }

    /// Asks every job to stop, and waits until they have, but no longer than so long. What they
    /// did until then is whole: each writes one thing after the other.
    pub(crate) fn stop(&self, patience: Duration) {
        let mut jobs = self.lock();
        self.ending.store(true, Ordering::Relaxed);
        for entry in jobs.iter() {
            entry.cancel.store(true, Ordering::Relaxed);
        }
        let until = Instant::now() + patience;
        while jobs.iter().any(|e| e.job.state == JobState::Running) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            jobs = self.ended.wait_timeout(jobs, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Entry {
    /// Takes speed and time left from the last seconds; of a job that ended, the mean.
    fn measure(&mut self, now: i64, ended: bool) {
        let job = &mut self.job;
        let first = if ended {
            let started: Option<Timestamp> = job.started.parse().ok();
            (started.map_or(now, Timestamp::as_millisecond), 0)
        } else {
            if self.samples.back().is_none_or(|&(at, _)| now - at >= SAMPLE_EVERY) {
                self.samples.push_back((now, job.done));
            }
            while self.samples.get(1).is_some_and(|&(at, _)| now - at >= RATE_OVER) {
                self.samples.pop_front();
            }
            self.samples.front().copied().unwrap_or((now, job.done))
        };
        let milliseconds = (now - first.0).max(0);
        if milliseconds > 0 {
            job.speed = job.done.saturating_sub(first.1) as f32 * 1000.0 / milliseconds as f32;
        }
        let left = job.total.saturating_sub(job.done);
        job.seconds_left = (!ended && job.speed > 0.0 && milliseconds >= SAMPLE_EVERY)
            .then(|| f64::from(left) / f64::from(job.speed))
            .filter(|seconds| *seconds < f64::from(u32::MAX))
            // Not negative, and no larger than the type: checked above.
            .map(|seconds| {
                #[allow(clippy::cast_sign_loss)]
                let whole = seconds.ceil() as u32;
                whole
            });
    }
}

/// Counts one file's outcome.
pub(crate) fn count_item(counts: &mut ImportCounts, item: &ImportItem) {
    use anjuan_protocol::ImportOutcome as Outcome;
    match item.outcome {
        Outcome::Imported => counts.imported += 1,
        Outcome::Duplicate => counts.duplicates += 1,
        Outcome::Version => counts.versions += 1,
        Outcome::Near => counts.near += 1,
        Outcome::Refused => counts.refused += 1,
        Outcome::Failed => counts.failed += 1,
        Outcome::Skipped => counts.skipped += 1,
    }
}

/// Counts what an import tells.
pub(crate) fn count_step(counts: &mut ImportCounts, step: &Step) {
    match step {
        Step::Item(item) => count_item(counts, item),
        Step::Ignored(ignored) => counts.ignored = *ignored,
        Step::Before(_, before) => *counts = before.clone(),
        Step::Found(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicI64;

    /// A clock that stands until it is moved.
    #[derive(Default)]
    struct Hands(AtomicI64);

    impl Hands {
        fn pass(&self, milliseconds: i64) {
            self.0.fetch_add(milliseconds, Ordering::Relaxed);
        }
    }

    impl Clock for Hands {
        fn now(&self) -> Timestamp {
            Timestamp::from_millisecond(self.0.load(Ordering::Relaxed)).expect("a time")
        }
    }

    #[test]
    fn speed_and_time_left_follow_the_last_seconds() {
        let (jobs, clock) = (Jobs::default(), Hands::default());
        let (job, _) = jobs.begin("a", JobKind::Import, "f".to_owned(), &clock);
        jobs.advance(&job.id, &clock, |job| job.total = 1_000).expect("told");
        for _ in 0..100 {
            clock.pass(100);
            jobs.advance(&job.id, &clock, |job| job.done += 2).expect("told");
        }
        let told = &jobs.list("a")[0];
        assert!((told.speed - 20.0).abs() < 0.5, "{}", told.speed);
        assert_eq!(told.seconds_left, Some(40));
        // Ten times slower: after some seconds that is what holds.
        for _ in 0..100 {
            clock.pass(1_000);
            jobs.advance(&job.id, &clock, |job| job.done += 2).expect("told");
        }
        let told = &jobs.list("a")[0];
        assert!((told.speed - 2.0).abs() < 0.05, "{}", told.speed);
        assert_eq!(told.seconds_left, Some(300));
        let told = jobs.advance(&job.id, &clock, |job| job.state = JobState::Done).expect("told");
        assert_eq!((told.seconds_left, told.ended.is_some()), (None, true));
        assert!((told.speed - 400.0 / 110.0).abs() < 0.01, "of an end, the mean: {}", told.speed);
    }

    #[test]
    fn jobs_are_listed_by_archive_and_told_ten_times_a_second() {
        let (jobs, clock) = (Jobs::default(), Hands::default());
        let (a, _) = jobs.begin("a", JobKind::Import, String::new(), &clock);
        let (b, cancel) = jobs.begin("b", JobKind::Export, String::new(), &clock);
        assert_eq!(jobs.list("a").iter().map(|j| &j.id).collect::<Vec<_>>(), [&a.id]);
        assert_eq!(jobs.list("b").iter().map(|j| &j.id).collect::<Vec<_>>(), [&b.id]);
        clock.pass(99);
        assert!(jobs.advance(&a.id, &clock, |job| job.done += 1).is_none());
        clock.pass(1);
        assert!(jobs.advance(&a.id, &clock, |job| job.done += 1).is_some());
        jobs.cancel(&b.id).expect("there");
        assert!(cancel.load(Ordering::Relaxed));
        jobs.cancel("none").expect_err("not there");
    }

    #[test]
    fn stopping_waits_for_the_end_but_not_for_ever() {
        let jobs = Arc::new(Jobs::default());
        let clock = Hands::default();
        let (job, cancel) = jobs.begin("a", JobKind::Import, String::new(), &clock);
        let begun = Instant::now();
        jobs.stop(Duration::from_millis(30));
        assert!(begun.elapsed() >= Duration::from_millis(30));
        assert!(cancel.load(Ordering::Relaxed));
        let other = Arc::clone(&jobs);
        let worker = std::thread::spawn(move || {
            other.advance(&job.id, &Hands::default(), |job| job.state = JobState::Cancelled)
        });
        jobs.stop(Duration::from_secs(20));
        assert_eq!(jobs.list("a")[0].state, JobState::Cancelled);
        worker.join().expect("ended");
    }
}
