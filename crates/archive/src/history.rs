//! Undo and redo over everything.

use crate::archive::Archive;
use crate::error::Result;
use anjuan_protocol as wire;
use anjuan_protocol::Nothing;
use anjuan_store::HistoryStep;

/// Steps listed in each direction.
const LISTED: u32 = 200;

fn result(step: Option<HistoryStep>) -> wire::HistoryResult {
    wire::HistoryResult {
        applied: step.is_some(),
        report: step.as_ref().and_then(|s| Some(s.report?.to_string())),
        label: step.map(|s| s.label),
    }
}

impl Archive {
    /// Takes the last change back.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn undo(&self, _: &Nothing) -> Result<wire::HistoryResult> {
        let (author, at) = (self.coder(), self.clock.stamp());
        let step = self.with_store_locked(|store| store.undo(&author, &at))?;
        self.follow()?;
        Ok(result(step))
    }

    /// Does the last undone change again.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn redo(&self, _: &Nothing) -> Result<wire::HistoryResult> {
        let (author, at) = (self.coder(), self.clock.stamp());
        let step = self.with_store_locked(|store| store.redo(&author, &at))?;
        self.follow()?;
        Ok(result(step))
    }

    /// What can be undone and redone.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn history(&self, _: &Nothing) -> Result<wire::History> {
        let history = self.read(|r| r.history(LISTED))?;
        let entry = |step: HistoryStep| wire::HistoryEntry {
            sequence: step.sequence,
            label: step.label,
            author: step.author,
            at: step.at,
        };
        Ok(wire::History {
            undo: history.undo.into_iter().map(entry).collect(),
            redo: history.redo.into_iter().map(entry).collect(),
        })
    }
}
