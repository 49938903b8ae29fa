//! How alike two sections are.

use super::section::Section;
use rustc_hash::{FxHashMap, FxHashSet};

/// What a pair of characters of the heading counts more than one of the text.
const HEADING: f32 = 3.0;

/// Characters of a shared formula.
const FORMULA: usize = 6;

/// Weight of a theme that makes it one that a section treats.
const ENOUGH: f32 = 6.0;

/// Shares of the three measures in the whole.
const BY_THEME: f32 = 0.6;
const BY_PAIRS: f32 = 0.3;
const BY_FORMULAE: f32 = 0.1;

/// The likeness of every two sections, 0 to 1.
pub(super) struct Likeness {
    len: usize,
    values: Vec<f32>,
    covered: Vec<f32>,
}

impl Likeness {
    pub(super) fn new(sections: &[Section]) -> Self {
        let pairs: Vec<FxHashMap<(char, char), f32>> = sections.iter().map(pairs).collect();
        let mut holders: FxHashMap<(char, char), u32> = FxHashMap::default();
        for of_section in &pairs {
            for &pair in of_section.keys() {
                *holders.entry(pair).or_default() += 1;
            }
        }
        let rarity = |pair: &(char, char)| {
            (1.0 + sections.len() as f32 / holders.get(pair).map_or(1.0, |&n| n as f32)).ln()
        };
        let vectors: Vec<FxHashMap<(char, char), f32>> = pairs
            .into_iter()
            .map(|of_section| {
                let mut vector: FxHashMap<_, _> =
                    of_section.into_iter().map(|(pair, n)| (pair, n * rarity(&pair))).collect();
                let norm = norm(vector.values());
                for weight in vector.values_mut() {
                    *weight /= norm;
                }
                vector
            })
            .collect();
        let formulae: Vec<FxHashSet<&[char]>> =
            sections.iter().map(|s| s.folded.windows(FORMULA).collect()).collect();
        let themes = themes(sections);

        let len = sections.len();
        let mut values = vec![0.0; len * len];
        for x in 0..len {
            for y in x + 1..len {
                let (few, many) = if vectors[x].len() < vectors[y].len() { (x, y) } else { (y, x) };
                let by_pairs: f32 = vectors[few]
                    .iter()
                    .filter_map(|(pair, w)| Some(w * vectors[many].get(pair)?))
                    .sum();
                let (few, many) =
                    if formulae[x].len() < formulae[y].len() { (x, y) } else { (y, x) };
                let shared = formulae[few].iter().filter(|f| formulae[many].contains(*f)).count();
                // Twenty characters of formulae in a thousand are much.
                let by_formulae =
                    (shared as f32 / (formulae[few].len().max(1) as f32 * 0.02)).min(1.0);
                let by_theme: f32 = themes[x].iter().zip(&themes[y]).map(|(a, b)| a * b).sum();
                let value = BY_THEME * by_theme
                    + BY_PAIRS * (by_pairs * 3.0).min(1.0)
                    + BY_FORMULAE * by_formulae;
                values[x * len + y] = value;
                values[y * len + x] = value;
            }
        }
        let mut covered = vec![0.0; len * len];
        for x in 0..len {
            for y in 0..len {
                covered[x * len + y] = themes[x]
                    .iter()
                    .zip(&sections[y].weights)
                    .map(|(share, weight)| share * share * (weight / ENOUGH).min(1.0))
                    .sum();
            }
        }
        Self { len, values, covered }
    }

    /// How much of what the first section speaks of the second speaks of too, among other things:
    /// 0 to 1.
    pub(super) fn covered(&self, x: usize, y: usize) -> f32 {
        self.covered[x * self.len + y]
    }

    pub(super) fn of(&self, x: usize, y: usize) -> f32 {
        self.values[x * self.len + y]
    }
}

/// How often each pair of neighbouring characters stands in a section.
fn pairs(section: &Section) -> FxHashMap<(char, char), f32> {
    let mut found: FxHashMap<(char, char), f32> = FxHashMap::default();
    for (at, pair) in section.folded.windows(2).enumerate() {
        let weight = if at + 1 < section.heading_len { HEADING } else { 1.0 };
        *found.entry((pair[0], pair[1])).or_default() += weight;
    }
    for count in found.values_mut() {
        *count = 1.0 + count.ln();
    }
    found
}

/// The themes of sections as vectors of length 1. What all sections speak of counts less.
fn themes(sections: &[Section]) -> Vec<Vec<f32>> {
    let count = sections.first().map_or(0, |s| s.themes.len());
    let mean: Vec<f32> = (0..count)
        .map(|t| sections.iter().map(|s| s.themes[t]).sum::<f32>() / sections.len() as f32)
        .collect();
    sections
        .iter()
        .map(|section| {
            let mut vector: Vec<f32> = section
                .themes
                .iter()
                .zip(&mean)
                .map(|(share, mean)| share * share / (share + mean).max(f32::MIN_POSITIVE))
                .collect();
            let norm = norm(vector.iter());
            for weight in &mut vector {
                *weight /= norm;
            }
            vector
        })
        .collect()
}

/// The length of a vector, never 0.
fn norm<'w>(weights: impl Iterator<Item = &'w f32>) -> f32 {
    weights.map(|w| w * w).sum::<f32>().sqrt().max(f32::MIN_POSITIVE)
}
