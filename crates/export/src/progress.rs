//! How far an export is, and a way to stop it.
//!
//! typst lays out in one go and tells nothing meanwhile. The markup therefore holds marks, which
//! read a file when they are laid out; those files are ours, so being asked for one tells that the
//! layout has come there, and refusing it ends the layout.

use crate::ExportError;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Hears how far an export is: characters done, and in all. Says whether it shall go on. It may be
/// called from several threads at once.
pub type Watch<'w> = dyn Fn(u32, u32) -> bool + Sync + 'w;

/// Marks of a whole text at the most: each stands in another thousandth of it. typst never forgets
/// the name of a file, so there must not be many.
pub(crate) const WHOLE: u32 = 1_000;

/// What writing the file takes, as a share of what one layout takes: about as long (measured on 60
/// reports with 550,000 characters: 0.9 s for a layout, 1.0 s for writing).
const WRITING: f64 = 1.0;

/// An export under way.
pub(crate) struct Progress<'w> {
    watch: &'w Watch<'w>,
    characters: u32,
    /// Layouts that there will be.
    passes: u32,
    done: AtomicU64,
    stopped: AtomicBool,
}

impl<'w> Progress<'w> {
    pub(crate) fn new(watch: &'w Watch<'w>, characters: u32, passes: u32) -> Self {
        let (done, stopped) = (AtomicU64::new(0), AtomicBool::new(false));
        Self { watch, characters, passes, done, stopped }
    }

    /// One layout of the whole text, counted from 0, with so many marks.
    pub(crate) fn pass(&self, number: u32, marks: u32) -> Pass<'_> {
        let number = number.min(self.passes.saturating_sub(1));
        Pass { progress: self, number, marks, seen: Mutex::default() }
    }

    fn total(&self) -> f64 {
        f64::from(self.characters) * (f64::from(self.passes) + WRITING)
    }

    /// Tells that so much of the work is done; what is told never goes back.
    fn tell(&self, layouts: f64) -> bool {
        #[allow(clippy::cast_sign_loss)] // counts of characters
        let [now, total] = [f64::from(self.characters) * layouts, self.total()].map(|n| n as u64);
        let done = self.done.fetch_max(now, Ordering::Relaxed).max(now);
        let clamped = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        if !(self.watch)(clamped(done), clamped(total)) {
            self.stopped.store(true, Ordering::Relaxed);
        }
        !self.stopped.load(Ordering::Relaxed)
    }

    /// Tells that everything is written.
    pub(crate) fn written(&self) {
        self.tell(f64::from(self.passes) + WRITING);
    }
}

/// One layout of the whole text.
pub(crate) struct Pass<'p> {
    progress: &'p Progress<'p>,
    number: u32,
    /// How many marks there are.
    marks: u32,
    /// Those that the layout has come to: it works at several reports at once, and at some pages
    /// more than once.
    seen: Mutex<HashSet<u32>>,
}

impl Pass<'_> {
    /// Tells that the layout has come to a mark; says whether it shall go on.
    pub(crate) fn reached(&self, mark: u32) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(mark);
        let share = seen.len() as f64 / f64::from(self.marks.max(1));
        self.progress.tell(f64::from(self.number) + share.min(1.0))
    }

    /// An error where the export was told to stop.
    pub(crate) fn goes_on(&self) -> Result<(), ExportError> {
        if self.progress.tell(0.0) { Ok(()) } else { Err(ExportError::Stopped) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn what_is_told_never_goes_back_and_ends_whole() {
        let told = Mutex::new(Vec::new());
        let watch = |done: u32, total: u32| {
            told.lock().expect("free").push((done, total));
            true
        };
        let progress = Progress::new(&watch, 1_000, 2);
        let (first, second) = (progress.pass(0, 4), progress.pass(1, 4));
        assert!(first.goes_on().is_ok());
        // The last report may be laid out first, and a page again.
        for mark in [900, 0, 0, 500] {
            assert!(first.reached(mark));
        }
        assert!(second.reached(0) && first.reached(250) && progress.pass(7, 0).reached(3));
        progress.written();
        let told = told.into_inner().expect("free");
        let done: Vec<u32> = told.iter().map(|t| t.0).collect();
        assert_eq!(done, [0, 250, 500, 500, 750, 1_250, 1_250, 2_000, 3_000]);
        assert!(told.iter().all(|t| t.1 == 3_000));
    }

    #[test]
    fn once_stopped_it_stays_so() {
        let asked = AtomicBool::new(false);
        // Only the second question is answered with no.
        let watch = |done: u32, _: u32| done == 0 || asked.swap(true, Ordering::Relaxed);
        let progress = Progress::new(&watch, 10, 1);
        let pass = progress.pass(0, 2);
        assert!(pass.goes_on().is_ok());
        assert!(!pass.reached(500));
        assert!(!pass.reached(700));
        assert!(matches!(pass.goes_on(), Err(ExportError::Stopped)));
    }
}
