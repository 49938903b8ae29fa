//! What can be looked for in the reading text as one piece, and where it stands there.

use crate::document::FoldedDocument;
use anjuan_text::{Folded, GAP, Pattern, Unit, fold_width};
use std::collections::BTreeMap;
use std::ops::Range;

/// A run of units of a folded text.
pub(crate) type Run = Range<usize>;

/// Units of the longest phrase that may be misspelt; a longer one is pasted text.
const LONGEST_LOOSE: usize = 32;
/// Units that `*` stands for at the most.
const LONGEST_ANY: usize = 40;

/// A phrase to look for in the reading text.
#[derive(Debug, Clone, PartialEq)]
pub struct Phrase {
    /// As typed.
    pub text: String,
    /// Folded; never empty.
    pub pattern: Pattern,
    /// Whether it was typed in quotation marks, and so must stand exactly so.
    pub quoted: bool,
}

impl Phrase {
    /// A phrase; `None` where nothing is left of it once folded.
    pub fn new(text: &str, quoted: bool) -> Option<Self> {
        let pattern = Pattern::new(text);
        (!pattern.is_empty()).then(|| Self { text: text.to_owned(), pattern, quoted })
    }

    /// Where it stands, in order.
    pub(crate) fn found(&self, document: &FoldedDocument<'_>) -> Vec<Run> {
        document.text().find_units(&self.pattern)
    }

    pub(crate) fn stands(&self, document: &FoldedDocument<'_>) -> bool {
        let units = document.text().units();
        self.pattern.forms().iter().any(|form| contains(units, form))
    }

    /// Whether it stands among the units only by what conversion by phrases makes of them.
    pub(crate) fn only_by_phrases(&self, units: &[Unit]) -> bool {
        let form = &self.pattern.forms()[0];
        !units
            .windows(form.len())
            .any(|run| run.iter().zip(form).all(|(unit, &c)| unit.folded == c))
    }
}

/// Whether the form, which is not empty, stands anywhere among the units.
pub(crate) fn contains(units: &[Unit], form: &[char]) -> bool {
    units.windows(form.len()).any(|run| stands_at(run, form))
}

/// Whether the units begin with the form.
fn stands_at(units: &[Unit], form: &[char]) -> bool {
    units.len() >= form.len() && form.iter().zip(units).all(|(&c, unit)| unit.is(c))
}

/// A phrase whose characters must be those typed, in their script; width and case do not matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Original {
    /// As typed.
    pub text: String,
    /// Folded by characters; never empty.
    pub(crate) form: Vec<char>,
    /// The same units with their script.
    kept: Vec<char>,
}

impl Original {
    /// A phrase; `None` where nothing is left of it once folded.
    pub fn new(text: &str) -> Option<Self> {
        let folded = Folded::new(text);
        let units = trimmed(folded.units());
        (!units.is_empty()).then(|| Self {
            text: text.to_owned(),
            form: units.iter().map(|unit| unit.folded).collect(),
            kept: units.iter().map(|unit| kept(text, unit)).collect(),
        })
    }

    /// Where it stands, in order.
    pub(crate) fn found(&self, document: &FoldedDocument<'_>) -> Vec<Run> {
        let (text, units) = (document.document().text.as_str(), document.text().units());
        let same = |run: &[Unit]| {
            run.iter().zip(&self.form).all(|(unit, &c)| unit.folded == c)
                && run.iter().zip(&self.kept).all(|(unit, &c)| kept(text, unit) == c)
        };
        let found = units.windows(self.form.len()).enumerate().filter(|(_, run)| same(run));
        found.map(|(at, run)| at..at + run.len()).collect()
    }
}

/// The units without gaps at their ends.
fn trimmed(mut units: &[Unit]) -> &[Unit] {
    while let [first, rest @ ..] = units
        && first.folded == GAP
    {
        units = rest;
    }
    while let [rest @ .., last] = units
        && last.folded == GAP
    {
        units = rest;
    }
    units
}

/// A unit's character in its own script.
fn kept(text: &str, unit: &Unit) -> char {
    if unit.folded == GAP {
        return GAP;
    }
    text.get(unit.byte_start as usize..)
        .and_then(|rest| rest.chars().next())
        .and_then(fold_width)
        .unwrap_or(unit.folded)
}

/// A phrase in which one unit may be wrong, missing or too many.
#[derive(Debug, Clone, PartialEq)]
pub struct Loose {
    /// As typed.
    pub text: String,
    /// Folded; of two units at least.
    pub pattern: Pattern,
}

impl Loose {
    /// A phrase; `None` where it has fewer than two units or more than thirty-two.
    pub fn new(text: &str) -> Option<Self> {
        let pattern = Pattern::new(text);
        (2..=LONGEST_LOOSE)
            .contains(&pattern.len())
            .then(|| Self { text: text.to_owned(), pattern })
    }

    pub(crate) fn stands(&self, document: &FoldedDocument<'_>) -> bool {
        let units = document.text().units();
        let mut found = false;
        self.pattern.forms().iter().any(|form| {
            (0..units.len()).any(|at| {
                fitting(form, &units[at..], &mut |_, _| found = true);
                found
            })
        })
    }

    /// Where it stands best, in order: of runs that overlap the one with the fewest errors, then
    /// the shortest, which leaves out what does not belong, then the first.
    pub(crate) fn found(&self, document: &FoldedDocument<'_>) -> Vec<Run> {
        let units = document.text().units();
        let mut fits: Vec<(usize, usize, usize)> = Vec::new();
        for form in self.pattern.forms() {
            for at in 0..units.len() {
                let mut note = |errors, length| fits.push((errors, length, at));
                fitting(form, &units[at..], &mut note);
            }
        }
        fits.sort_unstable();
        let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
        for (_, length, start) in fits {
            let end = start + length;
            let before = taken.range(..end).next_back();
            if before.is_none_or(|(_, &other_end)| other_end <= start) {
                taken.insert(start, end);
            }
        }
        taken.into_iter().map(|(start, end)| start..end).collect()
    }
}

/// The beginnings of the units that are the form with at most one error, as errors and length.
fn fitting(form: &[char], units: &[Unit], note: &mut impl FnMut(usize, usize)) {
    let (k, same) = (form.len(), form.iter().zip(units).take_while(|(c, u)| u.is(**c)).count());
    if same == k {
        note(0, k);
        return;
    }
    let goes_on = |form_from: usize, unit_from: usize| {
        units.get(unit_from..).is_some_and(|units| stands_at(units, &form[form_from..]))
    };
    if goes_on(same + 1, same) {
        note(1, k - 1);
    }
    if goes_on(same + 1, same + 1) {
        note(1, k);
    }
    if goes_on(same, same + 1) {
        note(1, k + 1);
    }
}

/// A part of a phrase with wildcards, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text.
    Text(String),
    /// `?`: one character.
    One,
    /// `*`: any run of at most forty units.
    Any,
}

/// A phrase with wildcards. With `*` in it, it stands in one sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Wildcard {
    /// As typed.
    pub pieces: Vec<Piece>,
    pub(crate) steps: Vec<Step>,
    in_sentence: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// One of these forms, which are of one length.
    Forms(Vec<Vec<char>>),
    One,
    Any,
}

impl Wildcard {
    /// A phrase of these pieces; `None` where it holds no text. Punctuation at its ends is left
    /// off, as is `*`, which may stand for nothing.
    pub fn new(pieces: &[Piece]) -> Option<Self> {
        let mut steps: Vec<Step> = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match piece {
                Piece::One => steps.push(Step::One),
                Piece::Any if steps.last() != Some(&Step::Any) => steps.push(Step::Any),
                Piece::Any => {}
                Piece::Text(text) => steps.extend(forms(text).map(Step::Forms)),
            }
        }
        loop {
            let end = steps.len().saturating_sub(1);
            if steps.last() == Some(&Step::Any) {
                steps.pop();
            } else if steps.first() == Some(&Step::Any) {
                steps.remove(0);
            } else if !trim(&mut steps, 0, 0) && !trim(&mut steps, end, usize::MAX) {
                break;
            }
        }
        let has_text =
            |step: &Step| matches!(step, Step::Forms(forms) if forms[0].iter().any(|&c| c != GAP));
        steps.iter().any(has_text).then(|| Self {
            pieces: pieces.to_vec(),
            in_sentence: steps.contains(&Step::Any),
            steps,
        })
    }

    /// Where it stands, in order; runs that hold another are left out.
    pub(crate) fn found(&self, document: &FoldedDocument<'_>) -> Vec<Run> {
        let units = document.text().units();
        let sentences = if self.in_sentence { document.sentences() } else { &[] };
        let mut found: Vec<Run> = (0..units.len())
            .filter_map(|at| Some(at..self.shortest(units, sentences, at)?))
            .collect();
        let mut next_end = usize::MAX;
        found.reverse();
        found.retain(|run| {
            let least = run.end < next_end;
            next_end = next_end.min(run.end);
            least
        });
        found.reverse();
        found
    }

    /// The end of the shortest run that begins here.
    fn shortest(&self, units: &[Unit], sentences: &[u32], start: usize) -> Option<usize> {
        if let Some(Step::Forms(forms)) = self.steps.first()
            && !forms.iter().any(|form| stands_at(&units[start..], form))
        {
            return None;
        }
        let inside = |at: usize| sentences.get(at) == sentences.get(start);
        let mut ends = vec![start];
        for step in &self.steps {
            let mut next = Vec::with_capacity(ends.len());
            for &end in &ends {
                match step {
                    Step::Forms(forms) => {
                        if forms.iter().any(|form| stands_at(&units[end..], form)) {
                            next.push(end + forms[0].len());
                        }
                    }
                    Step::One => {
                        next.extend(units.get(end).filter(|u| u.folded != GAP).map(|_| end + 1));
                    }
                    Step::Any => {
                        let most = units.len().min(end + LONGEST_ANY);
                        let room = (end..most).take_while(|&at| inside(at)).count();
                        next.extend(end..=end + room);
                    }
                }
            }
            next.sort_unstable();
            next.dedup();
            if next.is_empty() {
                return None;
            }
            ends = next;
        }
        ends.first().copied().filter(|&end| !self.in_sentence || inside(end - 1))
    }
}

/// The folded forms of a piece with the punctuation at its ends; `None` where nothing is left.
fn forms(text: &str) -> Option<Vec<Vec<char>>> {
    let folded = Folded::new(text);
    let by_characters: Vec<char> = folded.units().iter().map(|u| u.folded).collect();
    let by_phrases: Vec<char> =
        folded.units().iter().map(|u| u.alternative.unwrap_or(u.folded)).collect();
    let mut forms = vec![by_characters];
    if forms[0] != by_phrases {
        forms.push(by_phrases);
    }
    (!forms[0].is_empty()).then_some(forms)
}

/// Takes a gap off the step at this index, at its begin (0) or end; whether there was one.
fn trim(steps: &mut Vec<Step>, index: usize, at: usize) -> bool {
    let Some(Step::Forms(forms)) = steps.get_mut(index) else { return false };
    let at = at.min(forms[0].len() - 1);
    if forms[0][at] != GAP {
        return false;
    }
    for form in &mut *forms {
        form.remove(at);
    }
    if forms[0].is_empty() {
        steps.remove(index);
    }
    true
}
