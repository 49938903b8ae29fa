//! Maximal runs of equal characters.

use super::Seed;
use super::suffix::Automaton;
use std::cmp::Ordering;
use std::ops::Range;

/// Pairs of places of one gram that are looked at, at most. A gram with more (a formula that
/// stands 32 times in both texts) is left to the longest matches.
const PAIRS_PER_GRAM: usize = 1024;

/// Pairs of places looked at in all, per character of the two texts.
const PAIRS_PER_CHAR: usize = 48;

/// Every maximal run of at least `size` equal characters, ordered by place.
///
/// Where grams are too frequent to look at all pairs, the runs made of such grams alone are those
/// around places at the same height of both texts, and the longest match of each place, from
/// `min_run` characters on.
pub(super) fn find(xs: &[u32], ys: &[u32], size: usize, min_run: usize) -> Vec<Seed> {
    let (a, b) = (grams(xs, size), grams(ys, size));
    let mut pairs: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        match a[i].0.cmp(&b[j].0) {
            Ordering::Less => i += 1,
            Ordering::Greater => j += 1,
            Ordering::Equal => {
                let (i_end, j_end) = (group_end(&a, i), group_end(&b, j));
                pairs.push((i..i_end, j..j_end));
                (i, j) = (i_end, j_end);
            }
        }
    }
    let limit = limit(&pairs, (xs.len() + ys.len()).max(1000) * PAIRS_PER_CHAR);
    let mut looked_at = vec![false; xs.len()];
    let mut all = true;
    for (of_a, of_b) in &pairs {
        if of_a.len() * of_b.len() > limit {
            all = false;
        } else {
            for &(_, at) in &a[of_a.clone()] {
                looked_at[at as usize] = true;
            }
        }
    }
    let mut seeds = Vec::new();
    let mut matched = Vec::new();
    for (of_a, of_b) in pairs {
        if of_a.len() * of_b.len() > limit {
            matched.extend(by_rank(&a[of_a], &b[of_b]));
            continue;
        }
        for &(_, i) in &a[of_a] {
            let i = i as usize;
            for &(_, j) in &b[of_b.clone()] {
                let j = j as usize;
                // A run is found at its first gram, or at the first one that is looked at.
                if i > 0 && j > 0 && xs[i - 1] == ys[j - 1] && looked_at[i - 1] {
                    continue;
                }
                seeds.extend(seed_around(xs, ys, (i, j), size));
            }
        }
    }
    if !all {
        seeds.extend(seeds_around_all(xs, ys, matched, size));
        seeds.extend(Automaton::new(ys).longest_matches(xs, min_run).map(|m| Seed {
            a: m.at,
            b: m.found,
            len: m.len,
        }));
        seeds.extend(Automaton::new(xs).longest_matches(ys, min_run).map(|m| Seed {
            a: m.found,
            b: m.at,
            len: m.len,
        }));
    }
    seeds.sort_unstable();
    seeds.dedup();
    seeds
}

/// The maximal run around a pair of places; `None` where they only have a hash in common.
fn seed_around(xs: &[u32], ys: &[u32], (i, j): (usize, usize), size: usize) -> Option<Seed> {
    let behind = equal(xs[i..].iter().zip(&ys[j..]));
    if behind < size {
        return None;
    }
    let before = equal(xs[..i].iter().rev().zip(ys[..j].iter().rev()));
    Some(Seed { a: i - before, b: j - before, len: before + behind })
}

/// The maximal runs around many pairs of places, each looked at once.
fn seeds_around_all(
    xs: &[u32],
    ys: &[u32],
    mut places: Vec<(usize, usize)>,
    size: usize,
) -> Vec<Seed> {
    places.sort_unstable_by_key(|&(i, j)| (i.wrapping_sub(j), i));
    let mut found: Vec<Seed> = Vec::new();
    for (i, j) in places {
        let inside = found
            .last()
            .is_some_and(|s| s.a.wrapping_sub(s.b) == i.wrapping_sub(j) && i < s.a_end());
        if !inside {
            found.extend(seed_around(xs, ys, (i, j), size));
        }
    }
    found
}

/// Pairs of a gram too frequent for all of them: each place with the one at the same height of the
/// other text's list.
fn by_rank(of_a: &[(u64, u32)], of_b: &[(u64, u32)]) -> impl Iterator<Item = (usize, usize)> {
    let most = of_a.len().max(of_b.len());
    (0..most).map(move |n| {
        let (i, j) = (n * of_a.len() / most, n * of_b.len() / most);
        (of_a[i].1 as usize, of_b[j].1 as usize)
    })
}

/// How many symbols are equal from the start.
fn equal<'s>(pairs: impl Iterator<Item = (&'s u32, &'s u32)>) -> usize {
    pairs.take_while(|(x, y)| x == y).count()
}

/// The hash and place of every gram, ordered.
fn grams(symbols: &[u32], size: usize) -> Vec<(u64, u32)> {
    let hash = |gram: &[u32]| {
        gram.iter().fold(0_u64, |hash, &symbol| {
            (hash.rotate_left(5) ^ u64::from(symbol)).wrapping_mul(0x517C_C1B7_2722_0A95)
        })
    };
    let mut found: Vec<(u64, u32)> =
        symbols.windows(size).zip(0_u32..).map(|(gram, at)| (hash(gram), at)).collect();
    found.sort_unstable();
    found
}

fn group_end(grams: &[(u64, u32)], start: usize) -> usize {
    let key = grams[start].0;
    start + grams[start..].iter().take_while(|g| g.0 == key).count()
}

/// The most pairs a gram may have so that all grams together stay within a budget.
fn limit(pairs: &[(Range<usize>, Range<usize>)], budget: usize) -> usize {
    let mut limit = PAIRS_PER_GRAM;
    loop {
        let total: usize =
            pairs.iter().map(|(a, b)| a.len() * b.len()).filter(|&n| n <= limit).sum();
        if total <= budget || limit <= 1 {
            return limit;
        }
        limit /= 2;
    }
}
