//! Passages that two texts share.
//!
//! 1. Seeds: every maximal run of [`SEED`] or more equal characters ([`seeds`]).
//! 2. Chains: seeds in the same order and close to each other on both sides, by dynamic
//!    programming over a score of equal characters less a cost of gaps ([`chain`]).
//! 3. Choice: the best chains, until every run long enough to be a passage by itself is covered on
//!    either side. A formula that stands ten times in both texts makes ten passages, not a hundred.
//! 4. The ends are drawn out over single changed characters, and neighbours that changed places
//!    are joined ([`join`]).

mod chain;
mod join;
mod seeds;
mod suffix;

use crate::{Stream, Text};
use anjuan_text::CharRange;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Shortest run of equal characters that is looked for. Longer ones miss passages in which every
/// fifth character was changed; shorter ones find everything everywhere.
const SEED: usize = 5;

/// What the score of a chain has to exceed `min_chars` by, where none of its runs is so long.
const GAPPED_EXTRA: f32 = 2.0;

/// What counts as a shared passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassageOptions {
    /// Equal folded characters that make a passage (12). Every run of so many that both texts
    /// hold is found; a passage with shorter runs only needs rather more of them.
    pub min_chars: u32,
}

impl Default for PassageOptions {
    fn default() -> Self {
        Self { min_chars: 12 }
    }
}

/// A passage that two texts share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Shared {
    /// Where it stands in the first text.
    pub a: CharRange,
    /// Where it stands in the second text.
    pub b: CharRange,
    /// How many folded characters of it are equal.
    pub chars: u32,
}

/// The passages that two texts share, in the order of the first.
///
/// Every run of `min_chars` equal characters that stands in both texts lies inside a passage, on
/// either side. Where nothing of it recurs, so does every pair of such runs; of a formula that
/// stands often in both, only the best pairs are listed. A passage begins and ends with a
/// character that both texts share.
pub fn shared_passages(a: &Text, b: &Text, options: &PassageOptions) -> Vec<Shared> {
    shared_streams(&Stream::new(a.text), &Stream::new(b.text), options)
}

/// The same as [`shared_passages`], for texts folded before.
pub fn shared_streams(a: &Stream, b: &Stream, options: &PassageOptions) -> Vec<Shared> {
    let min_run = options.min_chars.max(1) as usize;
    let (xs, ys) = symbols(a, b);
    let seeds = seeds::find(&xs, &ys, SEED.min(min_run), min_run);
    let mut found =
        choose(&seeds, chain::chains(&seeds, &xs, &ys, min_run), (xs.len(), ys.len()), min_run);
    for passage in &mut found {
        chain::draw_out(passage, &xs, &ys);
    }
    join::join(&mut found);
    let mut shared: Vec<Shared> = found
        .into_iter()
        .map(|p| Shared { a: a.span(p.a), b: b.span(p.b), chars: p.equal as u32 })
        .collect();
    shared.sort_unstable_by_key(|s| (s.a.start, s.b.start, s.a.end, s.b.end));
    shared.dedup_by_key(|s| (s.a, s.b));
    shared
}

/// A maximal run of equal characters: positions of its first character, and its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Seed {
    a: usize,
    b: usize,
    len: usize,
}

impl Seed {
    fn a_end(self) -> usize {
        self.a + self.len
    }

    fn b_end(self) -> usize {
        self.b + self.len
    }
}

/// A passage under way, in characters of the streams.
#[derive(Debug, Clone, PartialEq)]
struct Passage {
    a: Range<usize>,
    b: Range<usize>,
    /// Equal characters less the cost of gaps.
    score: f32,
    /// Equal characters.
    equal: usize,
    /// Those of its runs that are long enough to be a passage by themselves.
    runs: Vec<Seed>,
}

/// The characters of both texts as numbers, equal where the characters count as equal.
///
/// Where conversion by phrases reads a character otherwise (計畫 is 计划), both readings are one
/// number throughout the two texts: equality has to be transitive to be looked up.
fn symbols(a: &Stream, b: &Stream) -> (Vec<u32>, Vec<u32>) {
    let mut same: FxHashMap<char, char> = FxHashMap::default();
    for unit in a.units().iter().chain(b.units()) {
        if let Some(other) = unit.alternative {
            let (x, y) = (root(&same, unit.folded), root(&same, other));
            if x != y {
                same.insert(x.max(y), x.min(y));
            }
        }
    }
    let numbers = |s: &Stream| s.units().iter().map(|u| root(&same, u.folded) as u32).collect();
    (numbers(a), numbers(b))
}

fn root(same: &FxHashMap<char, char>, mut c: char) -> char {
    if same.is_empty() {
        return c;
    }
    while let Some(&next) = same.get(&c) {
        c = next;
    }
    c
}

/// Takes chains, the best first, until every run of `min_run` characters is taken on both sides; a
/// chain without such a run is taken where most of it is not covered yet.
fn choose(
    seeds: &[Seed],
    mut chains: Vec<Passage>,
    (a_len, b_len): (usize, usize),
    min_run: usize,
) -> Vec<Passage> {
    chains.retain(|c| !c.runs.is_empty() || c.score >= min_run as f32 + GAPPED_EXTRA);
    // Equal scores: what stands at the same height of both texts belongs together.
    let height = |c: &Passage| {
        let (a, b) = (c.a.start as f64 / a_len as f64, c.b.start as f64 / b_len as f64);
        (a - b).abs()
    };
    chains.sort_by(|x, y| {
        y.score
            .total_cmp(&x.score)
            .then_with(|| height(x).total_cmp(&height(y)))
            .then_with(|| (x.a.start, x.b.start).cmp(&(y.a.start, y.b.start)))
    });
    let runs = || seeds.iter().filter(|s| s.len >= min_run);
    let mut a = Cover::new(runs().map(|s| s.a..s.a_end()).collect(), a_len);
    let mut b = Cover::new(runs().map(|s| s.b..s.b_end()).collect(), b_len);
    let mut chosen = Vec::new();
    let mut left = Vec::new();
    for passage in chains {
        let wanted = if passage.runs.is_empty() {
            a.misses_most(&passage.a) && b.misses_most(&passage.b)
        } else {
            passage.runs.iter().any(|r| a.misses(&(r.a..r.a_end())))
                && passage.runs.iter().any(|r| b.misses(&(r.b..r.b_end())))
        };
        if wanted {
            take(passage, &mut a, &mut b, &mut chosen);
        } else {
            left.push(passage);
        }
    }
    for passage in left {
        let wanted =
            passage.runs.iter().any(|r| a.misses(&(r.a..r.a_end())) || b.misses(&(r.b..r.b_end())));
        if wanted {
            take(passage, &mut a, &mut b, &mut chosen);
        }
    }
    chosen
}

fn take(passage: Passage, a: &mut Cover, b: &mut Cover, chosen: &mut Vec<Passage>) {
    a.add(&passage.a, passage.runs.iter().map(|r| r.a..r.a_end()));
    b.add(&passage.b, passage.runs.iter().map(|r| r.b..r.b_end()));
    chosen.push(passage);
}

/// Which runs and characters of one text the passages taken so far have.
struct Cover {
    /// The runs that lie inside no other, so that starts and ends both rise, and whether each is
    /// taken.
    runs: Vec<(Range<usize>, bool)>,
    chars: Vec<bool>,
}

impl Cover {
    fn new(mut all: Vec<Range<usize>>, chars: usize) -> Self {
        all.sort_unstable_by_key(|r| (r.start, std::cmp::Reverse(r.end)));
        let mut runs: Vec<(Range<usize>, bool)> = Vec::new();
        for run in all {
            if runs.last().is_none_or(|(last, _)| last.end < run.end) {
                runs.push((run, false));
            }
        }
        Self { runs, chars: vec![false; chars] }
    }

    fn find(&self, run: &Range<usize>) -> Option<usize> {
        let at = self.runs.partition_point(|(r, _)| r.start < run.start);
        self.runs.get(at).is_some_and(|(r, _)| r == run).then_some(at)
    }

    /// Whether a run is not taken yet. One inside another is taken with that.
    fn misses(&self, run: &Range<usize>) -> bool {
        self.find(run).is_some_and(|at| !self.runs[at].1)
    }

    fn misses_most(&self, range: &Range<usize>) -> bool {
        self.chars[range.clone()].iter().filter(|&&c| c).count() * 2 < range.len()
    }

    fn add(&mut self, range: &Range<usize>, runs: impl Iterator<Item = Range<usize>>) {
        self.chars[range.clone()].fill(true);
        for run in runs {
            if let Some(at) = self.find(&run) {
                self.runs[at].1 = true;
            }
        }
    }
}
