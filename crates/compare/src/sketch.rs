//! Whether two texts are nearly the same, with the texts at hand or from small sketches of them.

use crate::stream::folded_chars;
use serde::{Deserialize, Serialize};

/// Characters per gram of [`similarity`].
const GRAM: usize = 5;

/// Characters per gram of a [`Sketch`]: long enough that formulae of one kind of report do not
/// make two reports look alike.
const SKETCH_GRAM: usize = 8;

/// Hashes a sketch keeps: a standard error of some 3% around a containment of .9, in 1 kB.
const SKETCH_SIZE: usize = 128;

/// A small digest of a text, to find near-duplicates among many reports without reading them.
///
/// The hash function and the folding are part of what is stored: a change of either calls for
/// making the sketches anew.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sketch {
    /// How many different grams the text has.
    pub grams: u32,
    /// The lowest hashes of its grams in rising order, all of them in short texts.
    pub lowest: Vec<u64>,
}

impl Sketch {
    /// The share of the smaller text's grams that also stand in the other, 0 to 1, as estimated
    /// from the two sketches. Texts too short for a gram share nothing.
    pub fn containment(&self, other: &Self) -> f32 {
        let (mut i, mut j, mut seen, mut both) = (0, 0, 0_u32, 0_u32);
        while seen < SKETCH_SIZE as u32 {
            match (self.lowest.get(i), other.lowest.get(j)) {
                (Some(a), Some(b)) if a == b => {
                    both += 1;
                    i += 1;
                    j += 1;
                }
                (Some(a), Some(b)) if a < b => i += 1,
                (Some(_) | None, Some(_)) => j += 1,
                (Some(_), None) => i += 1,
                (None, None) => break,
            }
            seen += 1;
        }
        let smaller = self.grams.min(other.grams);
        if both == 0 || smaller == 0 {
            return 0.0;
        }
        // From the share of the union to the size of the intersection: |A|+|B| = |A∪B|+|A∩B|.
        let jaccard = both as f32 / seen as f32;
        let common = jaccard / (1.0 + jaccard) * (self.grams as f32 + other.grams as f32);
        (common / smaller as f32).min(1.0)
    }
}

/// Makes the sketch of a text.
pub fn sketch(text: &str) -> Sketch {
    let mut lowest = gram_hashes(text, SKETCH_GRAM);
    let grams = lowest.len() as u32;
    lowest.truncate(SKETCH_SIZE);
    Sketch { grams, lowest }
}

/// A text as what [`similarity`] looks at, for one that is held against several others.
#[derive(Debug, Clone)]
pub struct Grams(Vec<u64>);

impl Grams {
    /// Of a text.
    pub fn new(text: &str) -> Self {
        Self(gram_hashes(text, GRAM))
    }

    /// As [`similarity`] of the two texts.
    pub fn similarity(&self, other: &Self) -> f32 {
        let (a, b) = (&self.0, &other.0);
        let smaller = a.len().min(b.len());
        if smaller == 0 {
            return 0.0;
        }
        let (mut i, mut j, mut both) = (0, 0, 0_u32);
        while i < a.len() && j < b.len() {
            match a[i].cmp(&b[j]) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    both += 1;
                    i += 1;
                    j += 1;
                }
            }
        }
        both as f32 / smaller as f32
    }
}

/// The share of the smaller text's runs of five folded characters that also stand in the other, 0
/// to 1. Near 1 where one text is a copy of the other or of a part of it, in whatever script.
pub fn similarity(a: &str, b: &str) -> f32 {
    Grams::new(a).similarity(&Grams::new(b))
}

/// The different hashes of all runs of `size` folded characters, rising. A shorter text that has
/// any character at all is one gram.
fn gram_hashes(text: &str, size: usize) -> Vec<u64> {
    let chars = folded_chars(text);
    let mut hashes: Vec<u64> = chars.windows(size.min(chars.len()).max(1)).map(gram_hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// A fixed hash of a gram: a multiply-and-xor step per character, then the finaliser of
/// splitmix64 (Steele, Lea and Flood, 2014), so that the lowest hashes are a fair sample.
fn gram_hash(gram: &[char]) -> u64 {
    let mut hash = gram.iter().fold(0x9E37_79B9_7F4A_7C15_u64, |hash, &c| {
        (hash.rotate_left(23) ^ u64::from(c as u32)).wrapping_mul(0xD6E8_FEB8_6659_FD93)
    });
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    hash ^ (hash >> 31)
}
