//! How much may be under way at a time.

use std::sync::{Condvar, Mutex, PoisonError};

/// Bytes and files that are under way. Whoever brings some in waits until there is room; a single
/// file that is larger than all the room comes in alone.
pub(super) struct Room {
    bytes: usize,
    files: usize,
    taken: Mutex<Taken>,
    freed: Condvar,
}

#[derive(Default)]
struct Taken {
    bytes: usize,
    files: usize,
    closed: bool,
}

impl Room {
    pub(super) fn new(bytes: usize, files: usize) -> Self {
        Self { bytes, files, taken: Mutex::default(), freed: Condvar::new() }
    }

    /// Waits for room for one file; `false` where nothing is to come in any more.
    pub(super) fn take(&self, bytes: usize) -> bool {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if taken.closed {
                return false;
            }
            let fits = taken.bytes + bytes <= self.bytes && taken.files < self.files;
            if fits || taken.files == 0 {
                taken.bytes += bytes;
                taken.files += 1;
                return true;
            }
            taken = self.freed.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub(super) fn give_back(&self, bytes: usize, files: usize) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.bytes = taken.bytes.saturating_sub(bytes);
        taken.files = taken.files.saturating_sub(files);
        self.freed.notify_all();
    }

    /// Lets nothing in any more.
    pub(super) fn close(&self) {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.freed.notify_all();
    }
}
