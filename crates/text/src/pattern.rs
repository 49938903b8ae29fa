//! A word or phrase to look for, folded the way texts are.

use crate::fold::{Folded, GAP};
use crate::offset::CharRange;

/// A folded phrase: by characters and, where that differs, by phrases.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    forms: Vec<Vec<char>>,
}

impl Pattern {
    /// Folds a phrase. Punctuation at its ends is left off; inside, it asks for a gap.
    pub fn new(phrase: &str) -> Self {
        let by_characters = trimmed(Folded::new(phrase).units().iter().map(|u| u.folded).collect());
        let mut forms = Vec::with_capacity(2);
        if !by_characters.is_empty() {
            let by_phrases: Vec<char> = Folded::new(phrase)
                .units()
                .iter()
                .map(|u| u.alternative.unwrap_or(u.folded))
                .collect();
            let by_phrases = trimmed(by_phrases);
            forms.push(by_characters);
            if forms[0] != by_phrases {
                forms.push(by_phrases);
            }
        }
        Self { forms }
    }

    /// Whether nothing is left to look for.
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// The folded forms (none, one or two, all of one length).
    pub fn forms(&self) -> &[Vec<char>] {
        &self.forms
    }

    /// Length in units.
    pub fn len(&self) -> usize {
        self.forms.first().map_or(0, Vec::len)
    }
}

fn trimmed(mut form: Vec<char>) -> Vec<char> {
    while form.last() == Some(&GAP) {
        form.pop();
    }
    let lead = form.iter().take_while(|&&c| c == GAP).count();
    form.drain(..lead);
    form
}

impl Folded {
    /// Every place where the pattern stands, overlapping ones included, as indexes of units.
    pub fn find_units(&self, pattern: &Pattern) -> Vec<std::ops::Range<usize>> {
        let units = self.units();
        let len = pattern.len();
        if len == 0 || units.len() < len {
            return Vec::new();
        }
        (0..=units.len() - len)
            .filter(|&at| {
                pattern
                    .forms
                    .iter()
                    .any(|form| form.iter().zip(&units[at..]).all(|(&c, unit)| unit.is(c)))
            })
            .map(|at| at..at + len)
            .collect()
    }

    /// Every place where the pattern stands, as code points of the original text. A gloss inside a
    /// hit is covered by it.
    pub fn find(&self, pattern: &Pattern) -> Vec<CharRange> {
        self.find_units(pattern).into_iter().map(|found| self.span(found)).collect()
    }

    /// The original code points that a run of units covers.
    pub fn span(&self, units: std::ops::Range<usize>) -> CharRange {
        let covered = &self.units()[units];
        match (covered.first(), covered.last()) {
            (Some(first), Some(last)) => CharRange::new(first.start, last.end),
            _ => CharRange::default(),
        }
    }
}
