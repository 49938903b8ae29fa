//! The characters of a text that count when texts are compared.

use anjuan_text::{CharRange, Folded, GAP, Unit, fold_char, glosses};
use std::ops::Range;

/// A text as its folded characters without gaps, each knowing where it stood.
///
/// Folding costs more than comparing: whoever compares one text with several folds it once.
#[derive(Debug, Clone, Default)]
pub struct Stream {
    units: Vec<Unit>,
}

impl Stream {
    /// Folds a text.
    pub fn new(text: &str) -> Self {
        let folded = Folded::new(text);
        Self { units: folded.units().iter().filter(|u| u.folded != GAP).copied().collect() }
    }

    /// The characters in order.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The code points of the text from the first to the last of a run of characters.
    pub fn span(&self, units: Range<usize>) -> CharRange {
        match self.units.get(units).and_then(|run| Some((run.first()?, run.last()?))) {
            Some((first, last)) => CharRange::new(first.start, last.end),
            None => CharRange::default(),
        }
    }
}

/// The folded characters of a text alone, character by character: no positions and none of the
/// rare readings that need phrases, at a fraction of the cost.
pub(crate) fn folded_chars(text: &str) -> Vec<char> {
    let mut found = Vec::with_capacity(text.len() / 3 + 1);
    let mut from = 0;
    for gloss in glosses(text) {
        found.extend(text[from..gloss.start].chars().filter_map(fold_char).filter(|&c| c != GAP));
        from = gloss.end;
    }
    found.extend(text[from..].chars().filter_map(fold_char).filter(|&c| c != GAP));
    found
}
