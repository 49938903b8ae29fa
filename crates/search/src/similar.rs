//! Documents that are about the same as one: those that have its telling words.

use crate::document::{Document, FoldedDocument, Source};
use crate::index::{Index, SearchError};
use crate::query::{Filter, Node, Phrase, Query};
use crate::words::{WordCounts, is_function_word};
use anjuan_text::Pattern;

/// Telling words that are looked for. More make a search slower and hardly another.
const WORDS: usize = 25;
/// Words whose frequency is counted exactly, for each that is looked for: the others are ruled out
/// by their rarest pair.
const COUNTED: usize = 4;
/// The weight of a telling word against that of the most telling one, at the least.
const LEAST: f64 = 0.2;

/// A document that has telling words of another.
#[derive(Debug, Clone, PartialEq)]
pub struct Similar {
    /// Its identifier.
    pub document: String,
    /// Its title, as it is now.
    pub title: String,
    /// How similar, larger is more; comparable among the documents of one answer only.
    pub score: f32,
    /// The telling words that it has, most telling first.
    pub words: Vec<String>,
}

impl Index {
    /// The documents that have most of the telling words of one, weighed as any search weighs them,
    /// most similar first; without itself. Empty where there is no such document or where it has no
    /// word that another has.
    ///
    /// # Errors
    /// As [`Index::search`].
    pub fn similar<S: Source>(
        &self,
        source: &S,
        document: &str,
        limit: usize,
    ) -> Result<Vec<Similar>, SearchError<S::Error>> {
        self.check_archive(source)?;
        let Some(document) = source.document(document).map_err(SearchError::Source)? else {
            return Ok(Vec::new());
        };
        let words = self.telling_words(&document);
        let phrases: Vec<Node> =
            words.iter().filter_map(|word| Phrase::new(word, true).map(Node::Phrase)).collect();
        if phrases.is_empty() {
            return Ok(Vec::new());
        }
        let itself = Node::Filter(Filter::Documents([document.id].into()));
        let root = Node::All(vec![Node::Any(phrases), Node::Not(Box::new(itself))]);
        let query = Query { root: Some(root), ..Query::default() };
        let page = self.search(source, &query, 0, limit)?;
        let mut found = Vec::with_capacity(page.hits.len());
        for hit in page.hits {
            // The order of the evidence is that of the words.
            let mut had: Vec<&str> = Vec::new();
            for evidence in &hit.why {
                let word = words.iter().find(|word| is_typed(word, &evidence.phrase));
                had.extend(word.map(String::as_str).filter(|word| !had.contains(word)));
            }
            found.push(Similar {
                words: had.into_iter().map(str::to_owned).collect(),
                document: hit.document,
                title: hit.title,
                score: hit.score,
            });
        }
        Ok(found)
    }

    /// The words that tell a document from others and that others have too, most telling first, by
    /// (1 + ln f) ln(1 + (N - d + 0.5) / (d + 0.5)) for a word that stands f times in it and in d
    /// of the N other documents. Single characters, numbers and words of grammar are none, and
    /// neither are those that tell far less than the first.
    pub fn telling_words(&self, document: &Document) -> Vec<String> {
        let mut counts = WordCounts::new();
        counts.add(&FoldedDocument::new(document));
        self.look(|look| {
            // A word of this document alone finds no other.
            let itself = u64::from(look.has(&document.id)?);
            let documents = look.documents().saturating_sub(itself) as f64;
            let weight = |times: u32, frequency: u64| {
                let others = (frequency.saturating_sub(itself) as f64).min(documents);
                let rarity = ((documents - others + 0.5) / (others + 0.5)).ln_1p();
                (others > 0.0).then(|| (1.0 + f64::from(times).ln()) * rarity)
            };
            let mut candidates = Vec::new();
            for (word, count) in counts.iter() {
                if word.chars().count() > 1 && !is_function_word(&word) {
                    let at_most = look.at_most(&Pattern::new(&word))?;
                    let weight = weight(count.times, at_most);
                    candidates.extend(weight.map(|weight| (weight, word, count.times)));
                }
            }
            let order = |a: &(f64, String, u32), b: &(f64, String, u32)| {
                b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1))
            };
            candidates.sort_by(order);
            candidates.truncate(WORDS * COUNTED);
            let mut telling = Vec::with_capacity(candidates.len());
            for (_, word, times) in candidates {
                let weight = weight(times, look.frequency(&word)?);
                telling.extend(weight.map(|weight| (weight, word, times)));
            }
            telling.sort_by(order);
            telling.truncate(WORDS);
            let least = telling.first().map_or(0.0, |(weight, ..)| weight * LEAST);
            telling.retain(|(weight, ..)| *weight >= least);
            Ok(telling.into_iter().map(|(_, word, _)| word).collect())
        })
        .unwrap_or_default()
    }
}

/// Whether a phrase as it can be typed is this word.
fn is_typed(word: &str, typed: &str) -> bool {
    typed.trim_start_matches('“').trim_end_matches('”') == word
}
