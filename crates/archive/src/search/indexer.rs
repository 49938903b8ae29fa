//! The thread that keeps the index up to date.

use crate::archive::Archive;
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

/// How long changes are collected before the index is written, so that a burst of edits is one
/// commit. Searches see them at once all the same: they read what the index has not yet applied.
const COALESCE: Duration = Duration::from_millis(800);

/// A thread that applies changes to the index soon after they are made.
pub(crate) struct Indexer {
    signal: Arc<Signal>,
}

#[derive(Default)]
struct Signal {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default, Clone, Copy)]
struct State {
    work: bool,
    ended: bool,
}

impl Signal {
    fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }

    fn ended(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).ended
    }

    /// Waits for work; `false` at the end.
    fn wait(&self) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = self
            .changed
            .wait_while(state, |s| !s.work && !s.ended)
            .unwrap_or_else(PoisonError::into_inner);
        state.work = false;
        !state.ended
    }
}

impl Indexer {
    pub(crate) fn start(archive: Weak<Archive>) -> std::io::Result<Self> {
        let signal = Arc::new(Signal::default());
        let own = Arc::clone(&signal);
        std::thread::Builder::new().name("index".into()).spawn(move || {
            let mut pause = Duration::ZERO;
            while own.wait() {
                std::thread::sleep(pause);
                let Some(archive) = archive.upgrade() else { return };
                // What fails now is tried again with the next change; `index_status` shows that
                // the index lags, and searches stay complete by reading what it lacks.
                let _ = archive.catch_up_while(|| !own.ended());
                pause = COALESCE;
            }
        })?;
        Ok(Self { signal })
    }

    pub(crate) fn wake(&self) {
        self.signal.set(|s| s.work = true);
    }

    pub(crate) fn stop(&self) {
        self.signal.set(|s| s.ended = true);
    }
}
