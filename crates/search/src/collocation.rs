//! Collocation: the words that stand around a place more often than chance has it.
//!
//! A place is what a query finds. Its window is so many words before it and behind it, inside its
//! paragraph; numbers and punctuation take no room. Words that belong to a place, in whole or in
//! part, are not counted, and every other word counts once: where the windows of two places overlap,
//! for the nearer one, and of two equally near for the one before it. So no word is counted more
//! often than it stands in the texts, as the statistics suppose ("surface cooccurrence" in Evert,
//! Corpora and collocations, 2008).

use crate::document::FoldedDocument;
use crate::words::{WordCounts, Words};
use anjuan_text::CharRange;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// How many words around a place count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    /// Words before.
    pub before: u32,
    /// Words behind.
    pub behind: u32,
}

/// The words around the places of several documents.
#[derive(Debug, Clone)]
pub struct Surroundings {
    window: Window,
    words: FxHashMap<Box<str>, Around>,
    places: u64,
    documents: u32,
    counted: u64,
}

/// How often a word stands around places.
#[derive(Debug, Clone, Copy, Default)]
struct Around {
    before: u32,
    behind: u32,
    places: u32,
    documents: u32,
    /// The numbers of the last place and document that it was counted for.
    last: (u64, u32),
}

/// A word that stands around places more often than chance has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Collocate {
    /// The word, folded.
    pub word: String,
    /// How often before a place.
    pub before: u32,
    /// How often behind one.
    pub behind: u32,
    /// Around how many places.
    pub places: u32,
    /// In how many documents around a place.
    pub documents: u32,
    /// How often in all.
    pub overall: u32,
    /// How often it would stand around places by chance.
    pub expected: f64,
    /// Log-likelihood.
    pub log_likelihood: f64,
    /// logDice; 14 at the most.
    pub log_dice: f64,
}

impl Surroundings {
    /// Nothing looked at.
    pub fn new(window: Window) -> Self {
        Self { window, words: FxHashMap::default(), places: 0, documents: 0, counted: 0 }
    }

    /// Counts the words around places of a document, given as [`crate::Query::matches`] gives them:
    /// in code points, sorted. Places that share a word are one.
    pub fn add(&mut self, document: &FoldedDocument<'_>, places: &[CharRange]) {
        if places.is_empty() {
            return;
        }
        self.documents = self.documents.saturating_add(1);
        let words = Words::of(document);
        let nodes = nodes(document, &words, places);
        let (before_most, behind_most) = (self.window.before as usize, self.window.behind as usize);
        for (at, node) in nodes.iter().enumerate() {
            self.places += 1;
            let before = node.words.start.saturating_sub(before_most);
            let behind = node.words.end.saturating_add(behind_most);
            // A word between two places is the nearer one's.
            let previous = at.checked_sub(1).map(|at| &nodes[at]);
            let next = nodes.get(at + 1);
            for number in before..node.words.start {
                let reached = previous.is_some_and(|previous| {
                    number < previous.words.end
                        || (previous.last_paragraph == node.paragraph
                            && number + 1 - previous.words.end <= behind_most
                            && number + 1 - previous.words.end <= node.words.start - number)
                });
                if !reached {
                    self.count(&words, number, node.paragraph, true);
                }
            }
            for number in node.words.end..behind.min(words.len()) {
                let reached = next.is_some_and(|next| {
                    number >= next.words.start
                        || (next.paragraph == node.last_paragraph
                            && next.words.start - number <= before_most
                            && next.words.start - number < number + 1 - node.words.end)
                });
                if !reached {
                    self.count(&words, number, node.last_paragraph, false);
                }
            }
        }
    }

    fn count(&mut self, words: &Words, number: usize, paragraph: usize, before: bool) {
        let Some(word) = words.get(number).filter(|word| word.paragraph == paragraph) else {
            return;
        };
        self.counted += 1;
        let around = match self.words.get_mut(word.text) {
            Some(around) => around,
            None => self.words.entry(word.text.into()).or_default(),
        };
        let side = if before { &mut around.before } else { &mut around.behind };
        *side = side.saturating_add(1);
        if around.last.0 != self.places {
            around.places = around.places.saturating_add(1);
        }
        if around.last.1 != self.documents {
            around.documents = around.documents.saturating_add(1);
        }
        around.last = (self.places, self.documents);
    }

    /// Adds what was counted around places of other documents.
    pub fn merge(&mut self, other: &Self) {
        self.places += other.places;
        self.documents = self.documents.saturating_add(other.documents);
        self.counted += other.counted;
        for (word, theirs) in &other.words {
            let ours = self.words.entry(word.clone()).or_default();
            ours.before = ours.before.saturating_add(theirs.before);
            ours.behind = ours.behind.saturating_add(theirs.behind);
            ours.places = ours.places.saturating_add(theirs.places);
            ours.documents = ours.documents.saturating_add(theirs.documents);
        }
    }

    /// Places looked at.
    pub fn places(&self) -> u64 {
        self.places
    }

    /// Documents with places.
    pub fn documents(&self) -> u32 {
        self.documents
    }

    /// The words that stand around the places more often than chance has it, highest
    /// log-likelihood first, of equals in the order of code points. `overall` are the words of all
    /// documents, those looked at among them.
    pub fn collocates(&self, overall: &WordCounts) -> Vec<Collocate> {
        let mut collocates: Vec<Collocate> = self
            .words
            .iter()
            .filter_map(|(word, around)| self.collocate(word, around, overall))
            .collect();
        collocates.sort_by(|a, b| {
            b.log_likelihood.total_cmp(&a.log_likelihood).then_with(|| a.word.cmp(&b.word))
        });
        collocates
    }

    fn collocate(&self, word: &str, around: &Around, overall: &WordCounts) -> Option<Collocate> {
        let observed = around.before.saturating_add(around.behind);
        // The overall counts may be of a moment before.
        let times = overall.get(word).times.max(observed);
        let table = Table {
            both: f64::from(observed),
            row: self.counted as f64,
            column: f64::from(times),
            all: overall.total().max(self.counted + u64::from(times - observed)) as f64,
        };
        let expected = table.expected();
        (table.both > expected).then(|| Collocate {
            word: word.to_owned(),
            before: around.before,
            behind: around.behind,
            places: around.places,
            documents: around.documents,
            overall: times,
            expected,
            log_likelihood: table.log_likelihood(),
            log_dice: log_dice(around.places.into(), self.places, times.into()),
        })
    }
}

/// A place as words.
struct Node {
    words: Range<usize>,
    /// The paragraph that it begins in, and the one that it ends in.
    paragraph: usize,
    last_paragraph: usize,
}

/// The places as words, each word in one of them at most.
fn nodes(document: &FoldedDocument<'_>, words: &Words, places: &[CharRange]) -> Vec<Node> {
    let units = document.text().units();
    let mut nodes: Vec<Node> = Vec::with_capacity(places.len());
    for place in places {
        let start = units.partition_point(|unit| unit.end <= place.start);
        let end = units.partition_point(|unit| unit.start < place.end);
        if start >= end {
            continue;
        }
        let words = words.touched(&(start..end));
        let paragraph = document.paragraphs()[start] as usize;
        let last_paragraph = document.paragraphs()[end - 1] as usize;
        match nodes.last_mut() {
            Some(last)
                if last.words.end > words.start
                    || (last.words == words && last.paragraph == paragraph) =>
            {
                last.words.end = last.words.end.max(words.end);
                last.last_paragraph = last.last_paragraph.max(last_paragraph);
            }
            _ => nodes.push(Node { words, paragraph, last_paragraph }),
        }
    }
    nodes
}

/// How two things fall together among all: the counts of a contingency table.
#[derive(Debug, Clone, Copy)]
struct Table {
    both: f64,
    row: f64,
    column: f64,
    all: f64,
}

impl Table {
    /// How often both would fall together by chance.
    fn expected(self) -> f64 {
        if self.all > 0.0 { self.row * self.column / self.all } else { 0.0 }
    }

    /// Log-likelihood of the four cells, 2 Σ O ln(O / E) (Dunning, Accurate methods for the
    /// statistics of surprise and coincidence, 1993).
    fn log_likelihood(self) -> f64 {
        let Self { both, row, column, all } = self;
        let cell = |observed: f64, row: f64, column: f64| {
            if observed > 0.0 { observed * (observed * all / (row * column)).ln() } else { 0.0 }
        };
        let sum = cell(both, row, column)
            + cell(row - both, row, all - column)
            + cell(column - both, all - row, column)
            + cell(all - row - column + both, all - row, all - column);
        (2.0 * sum).max(0.0)
    }
}

/// logDice, 14 + log2(2 f(x, y) / (f(x) + f(y))) (Rychlý, A lexicographer-friendly association
/// score, 2008), where f(x, y) is the number of places with the word around them, so that a word
/// twice around one place does not lift it above 14.
fn log_dice(together: u64, places: u64, times: u64) -> f64 {
    14.0 + (2.0 * together as f64 / (places + times) as f64).log2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Query};
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn document(text: &str) -> Document {
        Document { text: text.to_owned(), ..Document::default() }
    }

    fn around(texts: &[String], phrase: &str, window: Window) -> (Surroundings, WordCounts) {
        let (mut found, mut overall) = (Surroundings::new(window), WordCounts::new());
        for text in texts {
            let document = document(text);
            let folded = FoldedDocument::new(&document);
            overall.add(&folded);
            if let Some(places) = Query::phrase(phrase).matches(&folded) {
                found.add(&folded, &places);
            }
        }
        (found, overall)
    }

    fn sides(found: &Surroundings) -> BTreeMap<&str, (u32, u32)> {
        found.words.iter().map(|(word, a)| (&**word, (a.before, a.behind))).collect()
    }

    #[test]
    fn windows_are_of_words_in_the_paragraph() {
        let window = Window { before: 2, behind: 1 };
        for (text, expect) in [
            // 长沙 is three words before; punctuation and numbers take no room.
            (
                "长沙 企业 工作，2018 侨联 计划 组织",
                vec![("企业", (1, 0)), ("工作", (1, 0)), ("计划", (0, 1))],
            ),
            ("工作\n侨联\n计划", vec![]),
            // Part of a word is all of it.
            ("工作华侨联合计划", vec![("工作", (1, 0)), ("计划", (0, 1))]),
            // The nearer place has the word, the one before of two.
            ("侨联 工作 侨联", vec![("工作", (0, 1))]),
            (
                "侨联 工作 计划 组织 侨联",
                vec![("工作", (0, 1)), ("计划", (1, 0)), ("组织", (1, 0))],
            ),
            ("侨联侨联工作", vec![("工作", (0, 1))]),
        ] {
            let (found, _) = around(&[text.to_owned()], "侨联", window);
            assert_eq!(sides(&found), expect.into_iter().collect(), "{text}");
        }
    }

    #[test]
    fn places_and_documents_are_counted() {
        let texts = ["工作侨联工作，企业侨联工作", "侨联计划", "计划"].map(str::to_owned);
        let (found, overall) = around(&texts, "侨联", Window { before: 1, behind: 1 });
        assert_eq!((found.places(), found.documents()), (3, 2));
        let collocates = found.collocates(&overall);
        let work = collocates.iter().find(|c| c.word == "工作").expect("it stands there");
        assert_eq!((work.before, work.behind, work.places, work.documents), (1, 2, 2, 1));
        assert_eq!(work.overall, 3);
    }

    #[test]
    fn statistics_are_those_of_the_papers() {
        // Dunning's table for "the swiss" kind: k11 = 110, k12 = 2442, k21 = 111, k22 = 29114 is
        // 270.72 (table 2 of the paper, A(B) = 110, 2442, 111, 29114).
        let table = Table { both: 110.0, row: 2552.0, column: 221.0, all: 31777.0 };
        assert!((table.log_likelihood() - 270.72).abs() < 0.01, "{}", table.log_likelihood());
        // 2552 · 221 / 31777 = 563992 / 31777
        assert!((table.expected() - 17.748_434_4).abs() < 1e-6, "{}", table.expected());
        // As often as by chance: nothing to say.
        let even = Table { both: 10.0, row: 100.0, column: 1000.0, all: 10_000.0 };
        assert!(even.log_likelihood().abs() < 1e-9);
        // Every place has the word, and it stands nowhere else: 2 · 8 / (8 + 8) = 1.
        assert!((log_dice(8, 8, 8) - 14.0).abs() < 1e-12);
        // 2 · 1 / (3 + 5) = 1/4.
        assert!((log_dice(1, 3, 5) - 12.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn counts_are_those_of_looking_at_every_word(
            texts in prop::collection::vec("([侨联工作计划合组织]{1,8}|[ ，\n]){0,12}", 1..4),
            phrase in "[侨联工作]{1,2}",
            before in 0_u32..4,
            behind in 0_u32..4,
        ) {
            let window = Window { before, behind };
            let (found, overall) = around(&texts, &phrase, window);
            let mut expect: BTreeMap<String, (u32, u32)> = BTreeMap::new();
            for text in &texts {
                let document = document(text);
                let folded = FoldedDocument::new(&document);
                let places = Query::phrase(&phrase).matches(&folded).unwrap_or_default();
                let units = folded.text().units();
                let words = Words::of(&folded);
                let words: Vec<_> = words.iter().collect();
                // The words of each place, joined where they share one.
                let mut nodes: Vec<BTreeSet<usize>> = Vec::new();
                for place in places {
                    let inside = |at: usize| {
                        words[at].units.clone().any(|u| {
                            units[u].start < place.end && units[u].end > place.start
                        })
                    };
                    let own: BTreeSet<usize> = (0..words.len()).filter(|&at| inside(at)).collect();
                    match nodes.last_mut() {
                        Some(last) if !last.is_disjoint(&own) => last.extend(own),
                        _ if own.is_empty() => {}
                        _ => nodes.push(own),
                    }
                }
                for (at, word) in words.iter().enumerate() {
                    if nodes.iter().any(|node| node.contains(&at)) {
                        continue;
                    }
                    // The nearest place that reaches it, by distance, those before first.
                    let reaching = nodes.iter().filter_map(|node| {
                        let (first, last) = (*node.first()?, *node.last()?);
                        let (distance, is_before) =
                            if at < first { (first - at, true) } else { (at - last, false) };
                        let most = if is_before { before } else { behind };
                        let end = if is_before { first } else { last };
                        let same = words[end].paragraph == word.paragraph;
                        (distance <= most as usize && same).then_some((distance, is_before))
                    });
                    if let Some((_, is_before)) = reaching.min() {
                        let sides = expect.entry(word.text.to_owned()).or_default();
                        if is_before { sides.0 += 1 } else { sides.1 += 1 }
                    }
                }
            }
            let shown: BTreeMap<String, (u32, u32)> =
                sides(&found).into_iter().map(|(word, sides)| (word.to_owned(), sides)).collect();
            prop_assert_eq!(shown, expect);
            for collocate in found.collocates(&overall) {
                prop_assert!(collocate.before + collocate.behind <= collocate.overall);
                prop_assert!(collocate.log_likelihood.is_finite() && collocate.log_likelihood >= 0.0);
                prop_assert!(collocate.log_dice <= 14.0 && collocate.expected >= 0.0);
            }
        }
    }
}
