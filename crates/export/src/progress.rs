//! How far an export is, and a way to stop it.
//!
//! typst lays out in one go and tells nothing meanwhile. The markup therefore holds marks, which
//! read a file when they are laid out; those files are ours, so being asked for one tells that the
//! layout has come there, and refusing it ends the layout.

use crate::ExportError;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Hears how far an export is: characters done, and in all. Says whether it shall go on. It may be
/// called from several threads at once.
pub type Watch<'w> = dyn Fn(u32, u32) -> bool + Sync + 'w;

/// Marks of a whole text: what they stand for is a thousandth of it.
pub(crate) const WHOLE: u32 = 1_000;

/// What writing the file takes, as a share of what one layout takes (measured: a quarter).
const WRITING: f64 = 0.25;

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

    /// One layout of the whole text, counted from 0.
    pub(crate) fn pass(&self, number: u32) -> Pass<'_> {
        Pass { progress: self, number: number.min(self.passes.saturating_sub(1)) }
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
}

impl Pass<'_> {
    /// Tells that the layout has come to a mark; says whether it shall go on.
    pub(crate) fn reached(&self, mark: u32) -> bool {
        let share = f64::from(mark.min(WHOLE)) / f64::from(WHOLE);
        self.progress.tell(f64::from(self.number) + share)
    }

    /// An error where the export was told to stop.
    pub(crate) fn goes_on(&self) -> Result<(), ExportError> {
        if self.reached(0) { Ok(()) } else { Err(ExportError::Stopped) }
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
        for (pass, mark) in [(0, 0), (0, 500), (0, 250), (1, 100), (0, 900), (1, 1_000), (7, 3)] {
            assert!(progress.pass(pass).reached(mark));
        }
        progress.written();
        let told = told.into_inner().expect("free");
        assert!(told.is_sorted(), "{told:?}");
        assert_eq!(told.first(), Some(&(0, 2_250)));
        assert_eq!(told.last(), Some(&(2_250, 2_250)));
    }

    #[test]
    fn once_stopped_it_stays_so() {
        let asked = AtomicBool::new(false);
        // Only the second question is answered with no.
        let watch = |done: u32, _: u32| done == 0 || asked.swap(true, Ordering::Relaxed);
        let progress = Progress::new(&watch, 10, 1);
        assert!(progress.pass(0).goes_on().is_ok());
        assert!(!progress.pass(0).reached(500));
        assert!(!progress.pass(0).reached(700));
        assert!(matches!(progress.pass(0).goes_on(), Err(ExportError::Stopped)));
    }
}
