//! Other words that may be meant: what letters spell, what sounds the same, what is said elsewhere.
//!
//! They are offered, never looked for by themselves: 经典 is not 景点. Each says in how many
//! documents it stands, as the index knows them, and only what stands in some is offered.

mod lexicon;
mod spelling;

pub use lexicon::Names;

use crate::frequency::Look;
use crate::index::Index;
use anjuan_text::{Folded, GAP, Pattern, is_han, to_simplified, to_traditional};
use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use lexicon::lexicon;
use spelling::{Fit, Readings, Sound, fit, letters, readings};
use std::collections::HashSet;
use std::sync::OnceLock;

/// Candidates of one kind whose frequency is looked up; the dictionary's most frequent are first.
const LOOKED_UP: usize = 400;
/// Where a phrase stands in more documents, it is what was meant, however many have what sounds the
/// same.
const FEW: u64 = 3;
/// A word that the letters only spell by a reading that is not the commonest counts by this share of
/// its documents: 上游 (you, rarely liu) for shangl.
const RARER: u64 = 16;
/// Units of the longest phrase in which a word is looked for that sounds the same.
const LONGEST: usize = 16;
/// Characters of the longest word that sounds the same.
const LONGEST_WORD: usize = 6;

/// Why other words may be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SuggestionKind {
    /// The letters may be its pinyin: whole, in initials, or nearly.
    Pinyin,
    /// It sounds the same.
    Homophone,
    /// It is the word for the same elsewhere: 软件 and 軟體.
    Region,
}

impl SuggestionKind {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pinyin => "pinyin",
            Self::Homophone => "homophone",
            Self::Region => "region",
        }
    }
}

/// Other words that may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Why.
    pub kind: SuggestionKind,
    /// What may be meant, in place of all that was typed.
    pub text: String,
    /// In how many documents it stands, as the index knows them; never 0.
    pub total: u64,
}

impl Index {
    /// What may be meant by a phrase, most likely first, at most so many of each kind: for letters
    /// what they spell, where that is more frequent than they are; for Chinese the words for the
    /// same elsewhere and, where the phrase stands in hardly any document, what sounds the same.
    /// Nothing where the index turns out damaged.
    pub fn suggest(&self, names: &Names, typed: &str, limit: usize) -> Vec<Suggestion> {
        self.look(|look| {
            let suggesting = Suggesting { look, names, readings: readings() };
            if let Some(letters) = letters(typed) {
                return suggesting.spelled(typed, &letters, limit);
            }
            let mut found = suggesting.regional(typed)?;
            found.truncate(limit);
            for homophone in suggesting.homophones(typed, limit)? {
                if !found.iter().any(|other| same(&other.text, &homophone.text)) {
                    found.push(homophone);
                }
            }
            Ok(found)
        })
        .unwrap_or_default()
    }
}

/// Whether two phrases find the same.
fn same(a: &str, b: &str) -> bool {
    Pattern::new(a) == Pattern::new(b)
}

struct Suggesting<'s> {
    look: &'s Look<'s>,
    names: &'s Names,
    readings: &'s Readings,
}

impl Suggesting<'_> {
    /// Words that the letters spell, as far as they stand in more documents than the letters do:
    /// GDP is meant as it is.
    fn spelled(
        &self,
        typed: &str,
        letters: &[u8],
        limit: usize,
    ) -> tantivy::Result<Vec<Suggestion>> {
        let own = self.look.frequency(typed)?;
        let mut found = Vec::new();
        let mut known = HashSet::new();
        for (nearly, fits) in [
            (false, &[Fit::Whole, Fit::Shortened, Fit::Longer][..]),
            (true, &[Fit::NearlyWhole, Fit::Nearly]),
        ] {
            let mut groups: Vec<Vec<(&str, u64)>> = vec![Vec::new(); fits.len()];
            let mut chars = Vec::new();
            for word in self.names.iter().chain(lexicon().beginning(letters[0], None)) {
                chars.clear();
                chars.extend(word.chars());
                let Some((fit, rarer)) = fit(letters, &chars, self.readings, nearly) else {
                    continue;
                };
                let group = fits.iter().position(|&known| known == fit);
                if let Some(group) = group.filter(|&group| groups[group].len() < LOOKED_UP) {
                    groups[group].push((word, if rarer { RARER } else { 1 }));
                }
            }
            for group in groups {
                let words = group.into_iter().filter(|(word, _)| known.insert(*word));
                let words = words.map(|(word, rarer)| (word.to_owned(), rarer));
                let room = limit.saturating_sub(found.len());
                found.extend(self.most_frequent(SuggestionKind::Pinyin, words, own, room)?);
            }
            // What is nearly typed is asked for only where nothing else is there.
            if !found.is_empty() {
                break;
            }
        }
        Ok(found)
    }

    /// The phrase with a word in it for which there is one that sounds the same.
    fn homophones(&self, typed: &str, limit: usize) -> tantivy::Result<Vec<Suggestion>> {
        let folded = Folded::new(typed);
        let units: Vec<char> =
            folded.units().iter().map(|unit| unit.alternative.unwrap_or(unit.folded)).collect();
        if !(2..=LONGEST).contains(&units.len()) || units.contains(&GAP) {
            return Ok(Vec::new());
        }
        let own = self.look.frequency(typed)?;
        if own > FEW {
            return Ok(Vec::new());
        }
        let mut groups: [Vec<String>; 3] = Default::default();
        for length in (2..=units.len().min(LONGEST_WORD)).rev() {
            for start in 0..=units.len() - length {
                let (before, rest) = units.split_at(start);
                let (window, behind) = rest.split_at(length);
                if !window.iter().all(|&c| is_han(c)) {
                    continue;
                }
                self.sounding_like(window, &mut |sound, word| {
                    let group = &mut groups[sound as usize];
                    if group.len() < LOOKED_UP {
                        let mut phrase: String = before.iter().collect();
                        phrase.push_str(word);
                        phrase.extend(behind);
                        group.push(phrase);
                    }
                });
            }
        }
        let mut found = Vec::new();
        let mut known = HashSet::from([typed.to_owned()]);
        for group in groups {
            let phrases = group.into_iter().filter(|p| !same(p, typed) && known.insert(p.clone()));
            let phrases = phrases.map(|phrase| (phrase, 1));
            let room = limit.saturating_sub(found.len());
            found.extend(self.most_frequent(SuggestionKind::Homophone, phrases, own, room)?);
        }
        Ok(found)
    }

    /// Hands over the words of as many characters that sound like these.
    fn sounding_like(&self, window: &[char], take: &mut impl FnMut(Sound, &str)) {
        let first = self.readings.of(window[0]).filter_map(|syllable| syllable.bytes().next());
        let mut letters: Vec<u8> = first.map(spelling::heard_first).collect();
        letters.sort_unstable();
        letters.dedup();
        let words = letters
            .into_iter()
            .flat_map(|letter| lexicon().beginning(letter, Some(window.len())))
            .chain(self.names.iter().filter(|name| name.chars().count() == window.len()));
        for word in words {
            let mut sound = Some(Sound::Same);
            for (&a, b) in window.iter().zip(word.chars()) {
                sound = sound.and_then(|worst| Some(worst.max(self.readings.same_sound(a, b)?)));
                if sound.is_none() {
                    break;
                }
            }
            if let Some(sound) = sound {
                take(sound, word);
            }
        }
    }

    /// The words for the same elsewhere.
    fn regional(&self, typed: &str) -> tantivy::Result<Vec<Suggestion>> {
        if typed.chars().count() > LONGEST * 2 || !typed.chars().any(is_han) {
            return Ok(Vec::new());
        }
        let mut found: Vec<Suggestion> = Vec::new();
        for text in elsewhere(typed.trim()) {
            if !same(&text, typed) && !found.iter().any(|other| same(&other.text, &text)) {
                let total = self.look.frequency(&text)?;
                if total > 0 {
                    found.push(Suggestion { kind: SuggestionKind::Region, text, total });
                }
            }
        }
        found.sort_by_key(|suggestion| std::cmp::Reverse(suggestion.total));
        Ok(found)
    }

    /// Those that stand in most documents, in more than `least`; a phrase counts by a share of its
    /// documents, which comes with it. What comes first stays first of equals.
    fn most_frequent(
        &self,
        kind: SuggestionKind,
        phrases: impl Iterator<Item = (String, u64)>,
        least: u64,
        limit: usize,
    ) -> tantivy::Result<Vec<Suggestion>> {
        let mut bounded = Vec::new();
        if limit > 0 {
            for (text, share) in phrases {
                let at_most = self.look.at_most(&Pattern::new(&text))?;
                if at_most > least {
                    bounded.push((at_most as f64 / share as f64, share, text));
                }
            }
        }
        bounded.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut found: Vec<(f64, Suggestion)> = Vec::new();
        for (at_most, share, text) in bounded {
            // None that is left can be among the first.
            if found.len() >= limit && found[limit - 1].0 >= at_most {
                break;
            }
            let total = self.look.frequency(&text)?;
            if total > least {
                let weight = total as f64 / share as f64;
                let at = found.partition_point(|(other, _)| *other >= weight);
                found.insert(at, (weight, Suggestion { kind, text, total }));
            }
        }
        found.truncate(limit);
        Ok(found.into_iter().map(|(_, suggestion)| suggestion).collect())
    }
}

/// A phrase in the words of Taiwan and of the mainland, by OpenCC's tables.
fn elsewhere(typed: &str) -> Vec<String> {
    static TAIWAN: OnceLock<Option<OpenCC>> = OnceLock::new();
    static MAINLAND: OnceLock<Option<OpenCC>> = OnceLock::new();
    let taiwan = TAIWAN.get_or_init(|| OpenCC::from_config(BuiltinConfig::S2twp).ok());
    let mainland = MAINLAND.get_or_init(|| OpenCC::from_config(BuiltinConfig::Tw2sp).ok());
    let mut found = Vec::with_capacity(2);
    found.extend(taiwan.as_ref().map(|taiwan| taiwan.convert(&to_simplified(typed))));
    found.extend(mainland.as_ref().map(|mainland| mainland.convert(&to_traditional(typed))));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_elsewhere() {
        for (typed, expect) in [
            ("软件", "軟體"),
            ("軟體", "软件"),
            ("软体", "软件"),
            ("网络安全", "網路安全"),
            ("印表機", "打印机"),
        ] {
            assert!(
                elsewhere(typed).iter().any(|text| text == expect),
                "{typed}: {:?}",
                elsewhere(typed)
            );
        }
    }
}
