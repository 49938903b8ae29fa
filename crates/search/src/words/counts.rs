//! How often words stand in texts.

use super::segment::for_each;
use crate::document::FoldedDocument;
use rustc_hash::FxHashMap;

/// How often a word stands in texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// How often in all of them.
    pub times: u32,
    /// In how many of them.
    pub documents: u32,
}

/// A word as a key that needs no memory of its own, which is what makes counting quick: up to six
/// characters side by side, 21 bits each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Packed(u128);

impl Packed {
    const LONGEST: usize = 6;
    const BITS: u32 = 21;

    /// `None` where the word is longer.
    fn new(word: &str) -> Option<Self> {
        // Counting the characters of words that are surely short would cost more than it spares.
        if word.len() > Self::LONGEST * 3 && word.chars().count() > Self::LONGEST {
            return None;
        }
        let mut packed = 0;
        for (at, c) in word.chars().enumerate() {
            if at == Self::LONGEST {
                return None;
            }
            packed = packed << Self::BITS | u128::from(u32::from(c));
        }
        Some(Self(packed))
    }

    fn word(self) -> String {
        let mut chars = [None; Self::LONGEST];
        let mut rest = self.0;
        for c in chars.iter_mut().rev() {
            *c = char::from_u32((rest & ((1 << Self::BITS) - 1)) as u32).filter(|&c| c != '\0');
            rest >>= Self::BITS;
        }
        chars.into_iter().flatten().collect()
    }
}

/// The words of documents, counted. Words are folded, in simplified characters; those of grammar
/// are among them, see [`super::is_function_word`].
#[derive(Debug, Clone, Default)]
pub struct WordCounts {
    short: FxHashMap<Packed, Entry>,
    long: FxHashMap<Box<str>, Entry>,
    total: u64,
    documents: u32,
    /// The number of the document being added, so that each counts once. Starts at 1.
    serial: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    count: Count,
    /// The last document that had it.
    serial: u32,
}

impl WordCounts {
    /// Nothing counted.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts the words of a document.
    pub fn add(&mut self, document: &FoldedDocument<'_>) {
        self.documents = self.documents.saturating_add(1);
        self.serial = self.serial.wrapping_add(1).max(1);
        let serial = self.serial;
        for_each(document, |word| {
            self.total += 1;
            let entry = entry(&mut self.short, &mut self.long, word.text);
            entry.count.times = entry.count.times.saturating_add(1);
            if entry.serial != serial {
                entry.serial = serial;
                entry.count.documents = entry.count.documents.saturating_add(1);
            }
        });
    }

    /// Adds what was counted in other documents.
    pub fn merge(&mut self, other: &Self) {
        self.total += other.total;
        self.documents = self.documents.saturating_add(other.documents);
        let add = |ours: &mut Entry, theirs: Count| {
            ours.count.times = ours.count.times.saturating_add(theirs.times);
            ours.count.documents = ours.count.documents.saturating_add(theirs.documents);
        };
        for (&word, theirs) in &other.short {
            add(self.short.entry(word).or_default(), theirs.count);
        }
        for (word, theirs) in &other.long {
            add(self.long.entry(word.clone()).or_default(), theirs.count);
        }
    }

    /// Takes off what was counted in some of these documents, so that the others are left. What
    /// was never counted is not taken off.
    pub fn subtract(&mut self, other: &Self) {
        self.documents = self.documents.saturating_sub(other.documents);
        let mut take = |ours: &mut Entry, theirs: Count| {
            let taken = ours.count.times.min(theirs.times);
            self.total -= u64::from(taken);
            ours.count.times -= taken;
            ours.count.documents = ours.count.documents.saturating_sub(theirs.documents);
        };
        for (word, theirs) in &other.short {
            if let Some(ours) = self.short.get_mut(word) {
                take(ours, theirs.count);
            }
        }
        for (word, theirs) in &other.long {
            if let Some(ours) = self.long.get_mut(word) {
                take(ours, theirs.count);
            }
        }
        self.short.retain(|_, entry| entry.count.times > 0);
        self.long.retain(|_, entry| entry.count.times > 0);
    }

    /// How often a folded word was counted.
    pub fn get(&self, word: &str) -> Count {
        let entry = match Packed::new(word) {
            Some(short) => self.short.get(&short),
            None => self.long.get(word),
        };
        entry.map(|entry| entry.count).unwrap_or_default()
    }

    /// Every word with its counts, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (String, Count)> {
        let short = self.short.iter().map(|(word, entry)| (word.word(), entry.count));
        let long = self.long.iter().map(|(word, entry)| (word.clone().into_string(), entry.count));
        short.chain(long)
    }

    /// How many different words there are.
    pub fn len(&self) -> usize {
        self.short.len() + self.long.len()
    }

    /// Whether no word was counted.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many words there are in all.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many documents were counted.
    pub fn documents(&self) -> u32 {
        self.documents
    }
}

/// Where a word is counted.
fn entry<'c>(
    short: &'c mut FxHashMap<Packed, Entry>,
    long: &'c mut FxHashMap<Box<str>, Entry>,
    word: &str,
) -> &'c mut Entry {
    match Packed::new(word) {
        Some(packed) => short.entry(packed).or_default(),
        None => long.entry(word.into()).or_default(),
    }
}

/// Equal where the same was counted.
impl PartialEq for WordCounts {
    fn eq(&self, other: &Self) -> bool {
        self.total == other.total
            && self.documents == other.documents
            && self.len() == other.len()
            && self.iter().all(|(word, count)| other.get(&word) == count)
    }
}

impl Eq for WordCounts {}

#[cfg(test)]
mod tests {
    use super::super::Words;
    use super::*;
    use crate::Document;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn counted(texts: &[String]) -> WordCounts {
        let mut counts = WordCounts::new();
        for text in texts {
            let document = Document { text: text.clone(), ..Document::default() };
            counts.add(&FoldedDocument::new(&document));
        }
        counts
    }

    #[test]
    fn counts_are_of_words_and_of_documents() {
        let texts = ["侨联工作，僑聯工作", "工作计划", ""].map(str::to_owned);
        let counts = counted(&texts);
        assert_eq!((counts.total(), counts.documents(), counts.len()), (6, 3, 3));
        for (word, times, documents) in
            [("侨联", 2, 1), ("工作", 3, 2), ("计划", 1, 1), ("长沙", 0, 0)]
        {
            assert_eq!(counts.get(word), Count { times, documents }, "{word}");
        }
    }

    proptest! {
        #[test]
        fn counts_are_those_of_the_words(
            texts in prop::collection::vec("([侨联工作计划計畫的和，\n]{0,9}|[a-z]{1,9}|\u{20000}{1,9}|中华人民共和国){0,5}", 0..6),
            split in 0_usize..6,
        ) {
            let mut expect: BTreeMap<String, Count> = BTreeMap::new();
            for text in &texts {
                let document = Document { text: text.clone(), ..Document::default() };
                let words = Words::of(&FoldedDocument::new(&document));
                let all: Vec<String> = words.iter().map(|word| word.text.to_owned()).collect();
                for word in &all {
                    expect.entry(word.clone()).or_default().times += 1;
                }
                for word in all.into_iter().collect::<BTreeSet<_>>() {
                    expect.entry(word).or_default().documents += 1;
                }
            }
            let counts = counted(&texts);
            let found: BTreeMap<String, Count> =
                counts.iter().collect();
            prop_assert_eq!(&found, &expect);
            prop_assert_eq!(counts.total(), expect.values().map(|c| u64::from(c.times)).sum::<u64>());

            let (some, others) = texts.split_at(split.min(texts.len()));
            let (some, others) = (counted(some), counted(others));
            let mut merged = some.clone();
            merged.merge(&others);
            prop_assert_eq!(&merged, &counts);
            merged.subtract(&some);
            prop_assert_eq!(&merged, &others);
        }
    }
}
