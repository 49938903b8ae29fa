//! The diff of two texts as a map of characters.

use anjuan_text::sentence::ends_sentence;
use imara_diff::{Algorithm, Diff, Interner, Token};
use std::hash::Hash;
use std::ops::Range;

/// Shortest run of equal characters that counts: single characters agree anywhere.
const SHORTEST: usize = 3;

/// Largest product of lengths for which the smallest possible diff is computed.
const MOST_CELLS: usize = 4_000_000;

const NONE: u32 = u32::MAX;

/// Which character of the new text each character of the old one became; the order is kept.
pub(super) struct Map {
    to_new: Vec<u32>,
    to_old: Vec<u32>,
}

impl Map {
    /// Compares sentence by sentence as they are written, then what differs character by character
    /// as folded, so that a change of script is no change of place.
    pub(super) fn new(
        old: &[char],
        new: &[char],
        old_folded: &[char],
        new_folded: &[char],
    ) -> Self {
        let mut to_new = vec![NONE; old.len()];
        let (old_parts, new_parts) = (sentences(old), sentences(new));
        equal_runs(
            Algorithm::Histogram,
            old_parts.iter().map(|part| &old[part.clone()]),
            new_parts.iter().map(|part| &new[part.clone()]),
            |run| match run {
                Run::Equal(before, after) => {
                    for (x, y) in before.zip(after) {
                        connect(&mut to_new, old_parts[x].clone(), new_parts[y].start);
                    }
                }
                Run::Changed(before, after) => {
                    let (Some(x), Some(y)) =
                        (around(&old_parts, before), around(&new_parts, after))
                    else {
                        return;
                    };
                    // The smallest diff of characters is the best one, as long as it can be had.
                    let small = x.len().saturating_mul(y.len()) <= MOST_CELLS;
                    let algorithm =
                        if small { Algorithm::MyersMinimal } else { Algorithm::Histogram };
                    let (was, is) = (&old_folded[x.clone()], &new_folded[y.clone()]);
                    equal_runs(algorithm, was.iter(), is.iter(), |run| {
                        if let Run::Equal(before, after) = run {
                            let before = x.start + before.start..x.start + before.end;
                            connect(&mut to_new, before, y.start + after.start);
                        }
                    });
                }
            },
        );
        drop_short_runs(&mut to_new);
        let mut to_old = vec![NONE; new.len()];
        for (from, &to) in to_new.iter().enumerate() {
            if to != NONE {
                to_old[to as usize] = from as u32;
            }
        }
        Self { to_new, to_old }
    }

    /// Where a character of the new text comes from.
    pub(super) fn to_old(&self, at: usize) -> Option<usize> {
        self.to_old.get(at).filter(|&&from| from != NONE).map(|&from| from as usize)
    }

    fn to_new(&self, at: usize) -> Option<usize> {
        self.to_new.get(at).filter(|&&to| to != NONE).map(|&to| to as usize)
    }

    /// Where a stretch of the old text may stand as a whole: at the distances by which a quarter or
    /// more of its characters went, most first.
    ///
    /// A diff is one of several equally good ones: of `侨侨联` to `侨联` either 侨 may have gone. So
    /// the characters of an unchanged stretch need not all be where the diff says.
    pub(super) fn whole(&self, old: &Range<usize>) -> Vec<Range<usize>> {
        let mut runs: Vec<(usize, usize)> = Vec::new(); // start in the new text, characters
        for (n, at) in old.clone().enumerate() {
            if let Some(start) = self.to_new(at).and_then(|to| to.checked_sub(n)) {
                match runs.iter_mut().find(|run| run.0 == start) {
                    Some(run) => run.1 += 1,
                    None => runs.push((start, 1)),
                }
            }
        }
        runs.retain(|&(start, count)| {
            count * 4 >= old.len() && start + old.len() <= self.to_old.len()
        });
        runs.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        runs.into_iter().map(|(start, _)| start..start + old.len()).collect()
    }

    /// The stretch of the new text between what came before a stretch of the old one and what came
    /// behind it.
    pub(super) fn instead(&self, old: &Range<usize>) -> Range<usize> {
        let start = (0..old.start).rev().find_map(|at| self.to_new(at)).map_or(0, |at| at + 1);
        let behind = (old.end..self.to_new.len()).find_map(|at| self.to_new(at));
        start..behind.unwrap_or(self.to_old.len()).max(start)
    }
}

fn connect(to_new: &mut [u32], old: Range<usize>, new_start: usize) {
    for (to, slot) in (new_start as u32..).zip(&mut to_new[old]) {
        *slot = to;
    }
}

/// Takes runs of fewer than [`SHORTEST`] characters out of a map, unless they are a whole text.
fn drop_short_runs(to_new: &mut [u32]) {
    let mut start = 0;
    for end in 1..=to_new.len() {
        let goes_on = end < to_new.len()
            && to_new[end - 1] != NONE
            && to_new[end] == to_new[end - 1].wrapping_add(1);
        if !goes_on {
            if end - start < SHORTEST && end - start < to_new.len() {
                to_new[start..end].fill(NONE);
            }
            start = end;
        }
    }
}

/// Sentences, white space and closing marks with the one before them. Line breaks end one too.
fn sentences(text: &[char]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut ended) = (0, false);
    for (at, &c) in text.iter().enumerate() {
        let closes = ends_sentence(c) || c.is_whitespace() || "”’」』）)》\"".contains(c);
        if ended && !closes {
            found.push(start..at);
            start = at;
            ended = false;
        }
        ended |= ends_sentence(c);
    }
    if start < text.len() {
        found.push(start..text.len());
    }
    found
}

/// The characters that some sentences in a row cover.
fn around(parts: &[Range<usize>], some: Range<usize>) -> Option<Range<usize>> {
    let some = &parts[some];
    Some(some.first()?.start..some.last()?.end)
}

enum Run {
    Equal(Range<usize>, Range<usize>),
    Changed(Range<usize>, Range<usize>),
}

/// Walks over the equal and the changed runs of a diff of two sequences.
fn equal_runs<T: Hash + Eq>(
    algorithm: Algorithm,
    before: impl Iterator<Item = T>,
    after: impl Iterator<Item = T>,
    mut visit: impl FnMut(Run),
) {
    let mut interner = Interner::new(256);
    let before: Vec<Token> = before.map(|token| interner.intern(token)).collect();
    let after: Vec<Token> = after.map(|token| interner.intern(token)).collect();
    let mut diff = Diff::default();
    diff.compute_with(algorithm, &before, &after, interner.num_tokens());
    let (mut x, mut y) = (0, 0);
    for hunk in diff.hunks() {
        let gone = hunk.before.start as usize..hunk.before.end as usize;
        let come = hunk.after.start as usize..hunk.after.end as usize;
        if x < gone.start {
            visit(Run::Equal(x..gone.start, y..come.start));
        }
        (x, y) = (gone.end, come.end);
        visit(Run::Changed(gone, come));
    }
    if x < before.len() {
        visit(Run::Equal(x..before.len(), y..after.len()));
    }
}
