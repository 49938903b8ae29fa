//! The thread that keeps the index up to date.

use crate::archive::Archive;
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

/// How long changes are collected before the index is written, so that a burst of edits is one
/// commit. Searches see them at once all the same: they read what the index has not yet applied.
const COALESCE: Duration = Duration::from_millis(800);

/// How long nothing must have changed before the parts of the index are joined.
const IDLE: Duration = Duration::from_mins(2);

/// A thread that applies changes to the index soon after they are made.
pub(crate) struct Indexer {
    signal: Arc<Signal>,
}

#[derive(Default)]
struct Signal {
    state: Mutex<State>,
    changed: Condvar,
}

/// What the thread is called to.
enum Call {
    Work,
    Idle,
    End,
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

    /// Waits for something to do, no longer than so long.
    fn wait(&self, patience: Duration) -> Call {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut state, waited) = self
            .changed
            .wait_timeout_while(state, patience, |s| !s.work && !s.ended)
            .unwrap_or_else(PoisonError::into_inner);
        state.work = false;
        match (state.ended, waited.timed_out()) {
            (true, _) => Call::End,
            (false, true) => Call::Idle,
            (false, false) => Call::Work,
        }
    }
}

impl Indexer {
    pub(crate) fn start(archive: Weak<Archive>) -> std::io::Result<Self> {
        let signal = Arc::new(Signal::default());
        let own = Arc::clone(&signal);
        std::thread::Builder::new().name("index".into()).spawn(move || {
            let (mut pause, mut patience) = (Duration::ZERO, IDLE);
            loop {
                match own.wait(patience) {
                    Call::End => return,
                    Call::Work => {
                        std::thread::sleep(pause);
                        let Some(archive) = archive.upgrade() else { return };
                        // What fails now is tried again with the next change; `index_status`
                        // shows that the index lags, and searches stay complete by reading what
                        // it lacks.
                        let _ = archive.catch_up_while(|| !own.ended());
                        (pause, patience) = (COALESCE, IDLE);
                    }
                    Call::Idle => {
                        let Some(archive) = archive.upgrade() else { return };
                        // Where it fails the index stays as it is, only larger.
                        let _ = archive.compact_index();
                        patience = Duration::MAX;
                    }
                }
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
