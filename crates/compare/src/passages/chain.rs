//! Seeds that follow each other on both sides, as one passage.

use super::{Passage, Seed};

/// Longest gap between two seeds, in characters of either side: a sentence.
const GAP: usize = 100;

/// How far two seeds may overlap: a repeated or left out character near a repetition.
const OVERLAP: usize = 16;

/// Cost of a character that stands differently in both texts. The costs and the scores that make
/// a passage were set on passages planted in other documents (`tests/planted.rs`).
const CHANGED: f32 = 0.5;

/// Cost of a character that only one text has.
const LEFT_OUT: f32 = 0.15;

/// Places of the second text per bucket.
const BUCKET: usize = 64;

/// Predecessors looked at per bucket.
const LOOK_BACK: usize = 128;

/// Chains that use each seed once, the best first. `seeds` are ordered by place.
pub(super) fn chains(seeds: &[Seed], xs: &[u32], ys: &[u32], min_run: usize) -> Vec<Passage> {
    let (scores, before) = score(seeds, ys.len());
    let mut order: Vec<usize> = (0..seeds.len()).collect();
    order.sort_by(|&x, &y| scores[y].total_cmp(&scores[x]).then(x.cmp(&y)));
    let mut used = vec![false; seeds.len()];
    let mut found = Vec::new();
    let mut links = Vec::new();
    for last in order {
        if used[last] {
            continue;
        }
        links.clear();
        let mut at = Some(last);
        let mut rest = 0.0;
        while let Some(seed) = at {
            if used[seed] {
                rest = scores[seed];
                break;
            }
            used[seed] = true;
            links.push(seeds[seed]);
            at = before[seed];
        }
        links.reverse();
        found.push(Passage {
            runs: links.iter().filter(|s| s.len >= min_run).copied().collect(),
            ..passage(&links, scores[last] - rest, xs, ys)
        });
    }
    found
}

/// The best score of a chain that ends in each seed, and the seed before it.
fn score(seeds: &[Seed], b_len: usize) -> (Vec<f32>, Vec<Option<usize>>) {
    let mut scores: Vec<f32> = seeds.iter().map(|s| s.len as f32).collect();
    let mut before: Vec<Option<usize>> = vec![None; seeds.len()];
    let mut by_end: Vec<usize> = (0..seeds.len()).collect();
    by_end.sort_unstable_by_key(|&s| (seeds[s].a_end(), s));
    // Seeds by where they end in the second text, each bucket in the order of their ends in the
    // first.
    let mut buckets: Vec<Vec<u32>> = vec![Vec::new(); b_len / BUCKET + 2];
    let mut entered = 0;
    for (at, &seed) in seeds.iter().enumerate() {
        while let Some(&next) = by_end.get(entered)
            && seeds[next].a_end() <= seed.a + OVERLAP
        {
            buckets[seeds[next].b_end() / BUCKET].push(next as u32);
            entered += 1;
        }
        let first = seed.b.saturating_sub(GAP) / BUCKET;
        let last = ((seed.b + OVERLAP) / BUCKET).min(buckets.len() - 1);
        for bucket in &buckets[first..=last] {
            for &previous in bucket.iter().rev().take(LOOK_BACK) {
                let previous = previous as usize;
                if seeds[previous].a_end() + GAP < seed.a {
                    break;
                }
                if let Some(gain) = gain(seeds[previous], seed)
                    && scores[previous] + gain > scores[at]
                {
                    scores[at] = scores[previous] + gain;
                    before[at] = Some(previous);
                }
            }
        }
    }
    (scores, before)
}

/// What a seed adds to a chain that ends in another; `None` where it cannot follow it.
fn gain(previous: Seed, seed: Seed) -> Option<f32> {
    let follows = previous.a < seed.a
        && previous.b < seed.b
        && previous.a_end() < seed.a_end()
        && previous.b_end() < seed.b_end();
    if !follows {
        return None;
    }
    let overlap = overlap(previous, seed);
    let a_gap = seed.a + overlap - previous.a_end();
    let b_gap = seed.b + overlap - previous.b_end();
    if overlap >= seed.len || overlap > OVERLAP || a_gap > GAP || b_gap > GAP {
        return None;
    }
    let changed = a_gap.min(b_gap) as f32;
    let left_out = a_gap.abs_diff(b_gap) as f32;
    Some((seed.len - overlap) as f32 - CHANGED * changed - LEFT_OUT * left_out)
}

/// Characters at the start of a seed that the one before it has used up, on either side.
fn overlap(previous: Seed, seed: Seed) -> usize {
    let a = previous.a_end().saturating_sub(seed.a);
    let b = previous.b_end().saturating_sub(seed.b);
    a.max(b)
}

fn passage(links: &[Seed], score: f32, xs: &[u32], ys: &[u32]) -> Passage {
    let (first, last) = (links[0], links[links.len() - 1]);
    let mut equal = first.len;
    for pair in links.windows(2) {
        let overlap = overlap(pair[0], pair[1]);
        let a_gap = &xs[pair[0].a_end()..pair[1].a + overlap];
        let b_gap = &ys[pair[0].b_end()..pair[1].b + overlap];
        equal += pair[1].len - overlap + in_common(a_gap, b_gap);
    }
    Passage { a: first.a..last.a_end(), b: first.b..last.b_end(), score, equal, runs: Vec::new() }
}

/// Length of the longest common subsequence of two gaps of up to 128 characters, by Hyyrö's
/// bit-parallel recurrence (2004).
fn in_common(a: &[u32], b: &[u32]) -> usize {
    let a = &a[..a.len().min(128)];
    if a.is_empty() || b.is_empty() {
        return 0;
    }
    let mut row = u128::MAX;
    for y in b {
        let places =
            a.iter().enumerate().fold(0_u128, |bits, (at, x)| bits | (u128::from(x == y) << at));
        let hit = row & places;
        row = row.wrapping_add(hit) | (row - hit);
    }
    let used = u128::MAX >> (128 - a.len());
    (!row & used).count_ones() as usize
}

/// Characters looked at behind an end at a time.
const REACH: usize = 24;

/// Equal characters less changed ones that make it worth while to move an end.
const WORTH: i32 = 3;

/// Moves both ends outwards over single changed, added and left out characters.
pub(super) fn draw_out(passage: &mut Passage, xs: &[u32], ys: &[u32]) {
    loop {
        let (a_end, b_end) = (passage.a.end, passage.b.end);
        let a: Vec<u32> = xs[a_end..].iter().take(REACH).copied().collect();
        let b: Vec<u32> = ys[b_end..].iter().take(REACH).copied().collect();
        let Some(step) = best_prefix(&a, &b) else { break };
        passage.a.end += step.a;
        passage.b.end += step.b;
        passage.equal += step.equal;
    }
    loop {
        let (a_start, b_start) = (passage.a.start, passage.b.start);
        let a: Vec<u32> = xs[..a_start].iter().rev().take(REACH).copied().collect();
        let b: Vec<u32> = ys[..b_start].iter().rev().take(REACH).copied().collect();
        let Some(step) = best_prefix(&a, &b) else { break };
        passage.a.start -= step.a;
        passage.b.start -= step.b;
        passage.equal += step.equal;
    }
}

struct Step {
    a: usize,
    b: usize,
    equal: usize,
}

/// The prefixes of both that align best, where that is worth while: 1 for an equal character, -1
/// for any other. They end in an equal character.
fn best_prefix(a: &[u32], b: &[u32]) -> Option<Step> {
    // Score and number of equal characters of each cell of the row.
    let mut row: Vec<(i32, usize)> = (0..).take(b.len() + 1).map(|j: i32| (-j, 0)).collect();
    let mut best = None;
    let mut best_score = WORTH - 1;
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0].0 -= 1;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            let equal = x == y;
            let through =
                (diagonal.0 + if equal { 1 } else { -1 }, diagonal.1 + usize::from(equal));
            let gap = if above.0 >= row[j].0 { above } else { row[j] };
            row[j + 1] = if through.0 >= gap.0 - 1 { through } else { (gap.0 - 1, gap.1) };
            if equal && through.0 > best_score {
                best_score = through.0;
                best = Some(Step { a: i + 1, b: j + 1, equal: through.1 });
            }
            diagonal = above;
        }
    }
    best
}
