//! Whether an answer is still waited for.

use crate::error::Result;
use anjuan_protocol::{CommandError, ErrorCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The searches of one window, counted.
#[derive(Debug, Default)]
pub(crate) struct Turns(Arc<AtomicU64>);

impl Turns {
    /// Begins another search: what was asked about the one before is waited for no longer.
    pub(crate) fn begin(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// The search that is on now.
    pub(crate) fn now(&self) -> Turn {
        Turn { latest: Arc::clone(&self.0), own: self.0.load(Ordering::Relaxed) }
    }
}

/// One search. What takes long asks now and then whether its answer is still waited for.
#[derive(Debug, Clone, Default)]
pub struct Turn {
    latest: Arc<AtomicU64>,
    own: u64,
}

impl Turn {
    /// Ends it, as the next search of its window does.
    pub fn end(&self) {
        self.latest.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether another search has begun since.
    pub(crate) fn is_over(&self) -> bool {
        self.latest.load(Ordering::Relaxed) != self.own
    }

    /// # Errors
    /// When another search has begun since.
    pub(crate) fn check(&self) -> Result<()> {
        if self.is_over() {
            let message = "Another search has begun; nobody waits for this answer any more.";
            return Err(CommandError::new(ErrorCode::Cancelled, message));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_over_once_another_begins() {
        let turns = Turns::default();
        turns.begin();
        let first = turns.now();
        first.check().expect("its own");
        let same = turns.now();
        turns.begin();
        assert!(first.is_over() && same.is_over() && !turns.now().is_over());
        assert_eq!(first.check().expect_err("over").code, ErrorCode::Cancelled);
        assert!(!Turn::default().is_over());
    }
}
