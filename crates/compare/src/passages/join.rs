//! Neighbouring passages as one: clauses that changed places, a sentence put in between.

use super::Passage;
use std::ops::Range;

/// Longest stretch between two passages that are joined, in characters of either side.
const GAP: usize = 100;

/// Share of equal characters that a joined passage has to keep on the side with more of them, in
/// hundredths.
const DENSITY: usize = 60;

/// The same for the other side: clauses that one text keeps together may be spread in the other.
const SPREAD: usize = 30;

/// Neighbours looked at for each passage.
const LOOK_BACK: usize = 64;

/// Joins passages that lie close together on both sides, in whatever order, as long as they
/// remain mostly equal; drops those that lie inside another on both sides.
pub(super) fn join(passages: &mut Vec<Passage>) {
    loop {
        passages.sort_unstable_by_key(|p| (p.a.start, p.b.start, p.a.end, p.b.end));
        let before = passages.len();
        let mut joined: Vec<Passage> = Vec::with_capacity(before);
        for passage in passages.drain(..) {
            let near = joined.len().saturating_sub(LOOK_BACK);
            match joined[near..]
                .iter_mut()
                .rev()
                .find_map(|earlier| together(earlier, &passage).map(|whole| (earlier, whole)))
            {
                Some((earlier, whole)) => *earlier = whole,
                None => joined.push(passage),
            }
        }
        *passages = joined;
        if passages.len() == before {
            return;
        }
    }
}

fn together(x: &Passage, y: &Passage) -> Option<Passage> {
    if gap(&x.a, &y.a) > GAP || gap(&x.b, &y.b) > GAP {
        return None;
    }
    let (a, b) = (around(&x.a, &y.a), around(&x.b, &y.b));
    let one_inside = [x, y].iter().any(|p| p.a == a && p.b == b);
    // What both cover on either side is counted once. A clause that only moved lies in a gap of
    // the other passage on one side.
    let twice = overlap(&x.a, &y.a).min(overlap(&x.b, &y.b));
    let equal = (x.equal + y.equal - twice.min(x.equal).min(y.equal)).min(a.len()).min(b.len());
    let dense = equal * 100 >= a.len().min(b.len()) * DENSITY
        && equal * 100 >= a.len().max(b.len()) * SPREAD;
    (one_inside || dense).then(|| Passage {
        a,
        b,
        equal,
        score: x.score.max(y.score),
        runs: Vec::new(), // of no use once passages are chosen
    })
}

/// Characters that lie in both ranges.
fn overlap(x: &Range<usize>, y: &Range<usize>) -> usize {
    x.end.min(y.end).saturating_sub(x.start.max(y.start))
}

/// Characters between two ranges, 0 where they touch or overlap.
fn gap(x: &Range<usize>, y: &Range<usize>) -> usize {
    x.start.max(y.start).saturating_sub(x.end.min(y.end))
}

fn around(x: &Range<usize>, y: &Range<usize>) -> Range<usize> {
    x.start.min(y.start)..x.end.max(y.end)
}
