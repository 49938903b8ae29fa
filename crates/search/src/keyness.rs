//! Keyness: the words that set some texts apart from others.

use crate::words::WordCounts;

/// Log-likelihood above which a difference is not chance (p < 0.01, one degree of freedom).
pub const LEAST_LOG_LIKELIHOOD: f64 = 6.63;
/// How often a word must stand on the side where it is more frequent.
pub const LEAST_TIMES: u32 = 3;
/// With fewer texts on either side, in how many of them a word stands tells little.
const LEAST_DOCUMENTS: u32 = 5;

/// Whether there are texts enough on either side for [`KeyWord::dispersion`] to tell anything: then
/// the key words are in its order.
pub fn tells_spread(target: &WordCounts, reference: &WordCounts) -> bool {
    target.documents().min(reference.documents()) >= LEAST_DOCUMENTS
}

/// A word that is more frequent in some texts than in others, or less.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyWord {
    /// The word, folded.
    pub word: String,
    /// How often in the texts looked at.
    pub target: u32,
    /// How often in those that they are held against.
    pub reference: u32,
    /// In how many of the texts looked at.
    pub documents: u32,
    /// Log-likelihood; negative where the word is rarer than in the others.
    pub log_likelihood: f64,
    /// Log-likelihood of the numbers of texts that have the word, in place of how often it stands:
    /// what one text repeats weighs once (Egbert and Biber, Incorporating text dispersion into
    /// keyword analyses, 2019). Negative where a smaller share of the texts has it.
    pub dispersion: f64,
    /// Log ratio: how many times as frequent, as a power of two.
    pub log_ratio: f64,
}

/// The words that set the target apart from the reference, most telling first: those that are more
/// frequent in it, then those that are rarer; by dispersion where there are texts enough, else by
/// log-likelihood. What may be chance is left out, see [`LEAST_LOG_LIKELIHOOD`] and
/// [`LEAST_TIMES`]; where one side has no words there are none.
pub fn key_words(target: &WordCounts, reference: &WordCounts) -> Vec<KeyWord> {
    let sizes = (target.total() as f64, reference.total() as f64);
    if target.total() == 0 || reference.total() == 0 {
        return Vec::new();
    }
    let documents = (target.documents(), reference.documents());
    let texts = (f64::from(documents.0), f64::from(documents.1));
    let key_word = |word: String| {
        let (here, there) = (target.get(&word), reference.get(&word));
        let times = (f64::from(here.times), f64::from(there.times));
        let having = (f64::from(here.documents), f64::from(there.documents));
        let ratio = log_ratio(times, sizes);
        let log_likelihood = log_likelihood(times, sizes);
        let most = if ratio > 0.0 { here.times } else { there.times };
        (log_likelihood >= LEAST_LOG_LIKELIHOOD && most >= LEAST_TIMES).then(|| KeyWord {
            word,
            target: here.times,
            reference: there.times,
            documents: here.documents,
            log_likelihood: log_likelihood.copysign(ratio),
            dispersion: self::log_likelihood(having, texts)
                .copysign(having.0 * texts.1 - having.1 * texts.0),
            log_ratio: ratio,
        })
    };
    let only_there = reference.iter().filter(|(word, _)| target.get(word).times == 0);
    let words = target.iter().chain(only_there).map(|(word, _)| word);
    let mut found: Vec<KeyWord> = words.filter_map(key_word).collect();
    let many = tells_spread(target, reference);
    found.sort_by(|a, b| {
        let positive = |key: &KeyWord| key.log_likelihood > 0.0;
        // A word may be more frequent and yet stand in a smaller share of the texts.
        let spread = |key: &KeyWord| {
            if many { key.dispersion * key.log_likelihood.signum() } else { 0.0 }
        };
        positive(b)
            .cmp(&positive(a))
            .then_with(|| spread(b).total_cmp(&spread(a)))
            .then_with(|| b.log_likelihood.abs().total_cmp(&a.log_likelihood.abs()))
            .then_with(|| a.word.cmp(&b.word))
    });
    found
}

/// 2 (a ln(a / E1) + b ln(b / E2)) with E1 = c (a + b) / (c + d) and E2 = d (a + b) / (c + d), for
/// a word that stands a times among c words and b times among d (Rayson and Garside, Comparing
/// corpora using frequency profiling, 2000).
fn log_likelihood((a, b): (f64, f64), (c, d): (f64, f64)) -> f64 {
    let part = |times: f64, size: f64| {
        if times > 0.0 { times * (times * (c + d) / (size * (a + b))).ln() } else { 0.0 }
    };
    (2.0 * (part(a, c) + part(b, d))).max(0.0)
}

/// log2((a / c) / (b / d)), with 0.5 in place of no times (Hardie, Log ratio, 2014).
fn log_ratio((a, b): (f64, f64), (c, d): (f64, f64)) -> f64 {
    let at_least_half = |times: f64| if times > 0.0 { times } else { 0.5 };
    (at_least_half(a) / c / (at_least_half(b) / d)).log2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, FoldedDocument};
    use proptest::prelude::*;

    fn counted(texts: &[String]) -> WordCounts {
        let mut counts = WordCounts::new();
        for text in texts {
            let document = Document { text: text.clone(), ..Document::default() };
            counts.add(&FoldedDocument::new(&document));
        }
        counts
    }

    #[test]
    fn statistics_are_those_of_the_papers() {
        let close = |found: f64, expect: f64| assert!((found - expect).abs() < 5e-5, "{found}");
        // 10 of 1,000 against 5 of 2,000: E1 = 1000 · 15 / 3000 = 5, E2 = 10;
        // 2 (10 ln 2 + 5 ln 0.5) = 2 · 5 ln 2 = 6.93147.
        close(log_likelihood((10.0, 5.0), (1000.0, 2000.0)), 6.931_47);
        // As frequent here as there.
        close(log_likelihood((10.0, 20.0), (1000.0, 2000.0)), 0.0);
        // 8 of 100 against none of 300: 2 · 8 ln(8 / 2) = 16 ln 4 = 22.18071.
        close(log_likelihood((8.0, 0.0), (100.0, 300.0)), 22.180_71);
        // (10 / 1000) / (5 / 2000) = 4.
        close(log_ratio((10.0, 5.0), (1000.0, 2000.0)), 2.0);
        // (8 / 100) / (0.5 / 300) = 48.
        close(log_ratio((8.0, 0.0), (100.0, 300.0)), 5.584_96);
        close(log_ratio((0.0, 8.0), (300.0, 100.0)), -5.584_96);
    }

    #[test]
    fn the_most_telling_come_first_then_what_is_missing() {
        let target = counted(&["侨联工作".repeat(20), "侨联 企业 企业".repeat(9)]);
        let reference = counted(&["法院工作".repeat(30), "企业".to_owned()]);
        let shown: Vec<(String, bool)> = key_words(&target, &reference)
            .into_iter()
            .map(|key| (key.word, key.log_likelihood > 0.0))
            .collect();
        let expect = [("侨联", true), ("企业", true), ("法院", false)];
        assert_eq!(shown, expect.map(|(word, positive)| (word.to_owned(), positive)));
        let bridge = &key_words(&target, &reference)[0];
        assert_eq!((bridge.target, bridge.reference, bridge.documents), (29, 0, 2));
        assert!(key_words(&target, &WordCounts::new()).is_empty());
        assert!(key_words(&WordCounts::new(), &reference).is_empty());
    }

    #[test]
    fn what_one_text_repeats_stands_behind_what_many_have() {
        let mut here: Vec<String> = (0..6).map(|_| "侨联，企业。".repeat(4)).collect();
        here.push("法院。".repeat(60));
        let there: Vec<String> = (0..6).map(|_| "工作。".repeat(9)).collect();
        let found = key_words(&counted(&here), &counted(&there));
        let words: Vec<&str> = found.iter().map(|key| key.word.as_str()).collect();
        assert_eq!(words, ["企业", "侨联", "法院", "工作"]);
        let court = &found[2];
        assert!(
            court.log_likelihood > found[0].log_likelihood,
            "though it stands there most often"
        );
        // 1 of 7 against 0 of 6: 2 ln(13 / 7) = 1.23808.
        assert!((court.dispersion - 1.238_08).abs() < 5e-5, "{}", court.dispersion);
        let few = key_words(&counted(&here[4..]), &counted(&there));
        assert_eq!(few[0].word, "法院", "of three texts each weighs too much");
    }

    proptest! {
        #[test]
        fn swapped_sides_are_the_same_with_the_other_sign(
            target in prop::collection::vec("[侨联工作计划企业]{0,60}", 1..4),
            reference in prop::collection::vec("[侨联工作法院企业]{0,60}", 1..4),
        ) {
            let (target, reference) = (counted(&target), counted(&reference));
            let found = key_words(&target, &reference);
            let swapped = key_words(&reference, &target);
            prop_assert_eq!(found.len(), swapped.len());
            for key in &found {
                let other = swapped.iter().find(|other| other.word == key.word);
                let other = other.expect("it is telling on both sides");
                prop_assert!((key.log_likelihood + other.log_likelihood).abs() < 1e-9);
                prop_assert!((key.dispersion + other.dispersion).abs() < 1e-9);
                prop_assert!((key.log_ratio + other.log_ratio).abs() < 1e-9);
                prop_assert!(key.log_likelihood.abs() >= LEAST_LOG_LIKELIHOOD);
                let (here, there) = (target.get(&key.word), reference.get(&key.word));
                prop_assert_eq!((key.target, key.reference), (here.times, there.times));
                prop_assert_eq!(key.documents, here.documents);
            }
        }
    }
}
