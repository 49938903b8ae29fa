//! Long work: how far it is, and a way to stop it.

use crate::clock::Clock;
use crate::error::{Result, not_found};
use anjuan_protocol::{ImportCounts, ImportItem, Job, JobKind, JobState};
use jiff::Timestamp;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Results that a running job carries along; the archive keeps all of them.
const ITEMS_SHOWN: usize = 200;

/// Jobs remembered after their end.
const JOBS_KEPT: usize = 50;

/// Milliseconds between two reports of one job's progress.
const REPORT_EVERY: i64 = 100;

/// The jobs of one run of the program.
#[derive(Default)]
pub(crate) struct Jobs {
    jobs: Mutex<Vec<Entry>>,
}

struct Entry {
    job: Job,
    cancel: Arc<AtomicBool>,
    started: Timestamp,
    reported: Timestamp,
}

impl Jobs {
    /// Begins a job and returns it with the flag that asks it to stop.
    pub(crate) fn begin(&self, kind: JobKind, clock: &dyn Clock) -> (Job, Arc<AtomicBool>) {
        let job = Job {
            id: uuid::Uuid::now_v7().to_string(),
            kind,
            state: JobState::Running,
            done: 0,
            total: 0,
            speed: 0.0,
            seconds_left: None,
            items: Vec::new(),
            counts: ImportCounts::default(),
            error: None,
        };
        let cancel = Arc::new(AtomicBool::new(false));
        let now = clock.now();
        let entry =
            Entry { job: job.clone(), cancel: Arc::clone(&cancel), started: now, reported: now };
        let mut jobs = self.lock();
        jobs.insert(0, entry);
        let mut kept = 0;
        jobs.retain(|e| {
            kept += 1;
            kept <= JOBS_KEPT || e.job.state == JobState::Running
        });
        (job, cancel)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Entry>> {
        // A panic elsewhere leaves a job's numbers as they were, which is fine to read on.
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
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
        change(&mut entry.job);
        let shown = entry.job.items.len().saturating_sub(ITEMS_SHOWN);
        entry.job.items.drain(..shown);
        let now = clock.now();
        let milliseconds =
            (now.as_millisecond() - entry.started.as_millisecond()).max(0).unsigned_abs();
        if milliseconds > 0 {
            entry.job.speed = entry.job.done as f32 * 1000.0 / milliseconds as f32;
        }
        let left = u64::from(entry.job.total.saturating_sub(entry.job.done));
        entry.job.seconds_left = (entry.job.done > 0 && entry.job.state == JobState::Running)
            .then(|| (milliseconds * left / u64::from(entry.job.done)).div_ceil(1000))
            .and_then(|seconds| u32::try_from(seconds).ok());
        let due = now.as_millisecond() - entry.reported.as_millisecond() >= REPORT_EVERY;
        if due || entry.job.state != JobState::Running {
            entry.reported = now;
            return Some(entry.job.clone());
        }
        None
    }

    /// All jobs, newest first.
    pub(crate) fn list(&self) -> Vec<Job> {
        self.lock().iter().map(|e| e.job.clone()).collect()
    }

    /// Asks a job to stop.
    pub(crate) fn cancel(&self, id: &str) -> Result<Job> {
        let jobs = self.lock();
        let entry = jobs.iter().find(|e| e.job.id == id).ok_or_else(|| not_found("The job", id))?;
        entry.cancel.store(true, Ordering::Relaxed);
        Ok(entry.job.clone())
    }

    /// Asks every job to stop.
    pub(crate) fn cancel_all(&self) {
        for entry in self.lock().iter() {
            entry.cancel.store(true, Ordering::Relaxed);
        }
    }
}

/// Adds one file's outcome to a job.
pub(crate) fn add_item(job: &mut Job, item: ImportItem) {
    count(&mut job.counts, &item);
    job.done += 1;
    job.items.push(item);
}

/// Counts one file's outcome.
pub(crate) fn count(counts: &mut ImportCounts, item: &ImportItem) {
    use anjuan_protocol::ImportOutcome as Outcome;
    match item.outcome {
        Outcome::Imported => counts.imported += 1,
        Outcome::Duplicate => counts.duplicates += 1,
        Outcome::Version => counts.versions += 1,
        Outcome::Failed => counts.failed += 1,
    }
}
