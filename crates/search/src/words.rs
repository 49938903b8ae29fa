//! Words of a text, by jieba's dictionary: for suggesting tags, for widening a search and for
//! counting.
//!
//! The dictionary takes a fraction of a second to load and is loaded when first asked for.

mod counts;
mod segment;

pub use counts::{Count, WordCounts};
pub use segment::{Word, Words, is_function_word};

use anjuan_text::script::simplify_char;
use anjuan_text::{is_han, to_simplified, without_glosses};
use jieba_rs::Jieba;
use std::collections::HashMap;
use std::sync::OnceLock;

/// Jieba's dictionary: a word, its frequency and its part of speech in each line.
pub(crate) fn dictionary_lines() -> Vec<u8> {
    // It is part of the program; should it not unpack, every character is a word.
    zstd::decode_all(&include_bytes!("../data/dictionary.txt.zst")[..]).unwrap_or_default()
}

fn dictionary() -> &'static Jieba {
    static DICTIONARY: OnceLock<Jieba> = OnceLock::new();
    DICTIONARY.get_or_init(|| {
        Jieba::with_dict(&mut dictionary_lines().as_slice()).unwrap_or_else(|_| Jieba::empty())
    })
}

/// Most suggestions.
const MOST: usize = 12;
/// Longest text looked at, in characters; a selection is shorter.
const LONGEST: usize = 20_000;

/// The words of a text in its order and script, without punctuation and words of grammar.
pub fn words(text: &str) -> Vec<String> {
    tagged(text).into_iter().filter(|(_, tag)| !is_grammar(tag)).map(|(word, _)| word).collect()
}

/// Words of a selection that could name a tag, most telling first: nouns and phrases of them,
/// weighed by how often they stand and how long they are. They are in the script of the text.
pub fn suggest_words(text: &str) -> Vec<String> {
    let mut found: HashMap<String, (usize, usize)> = HashMap::new();
    let mut note = |word: &str, at: usize| {
        let entry = found.entry(word.to_owned()).or_insert((0, at));
        entry.0 += 1;
    };
    // A run of nouns is a phrase: 侨资 + 企业.
    let mut run: Vec<String> = Vec::new();
    let mut tagged = tagged(text);
    tagged.push((String::new(), "x".to_owned()));
    for (at, (word, tag)) in tagged.into_iter().enumerate() {
        if is_noun(&tag) && word.chars().all(|c| is_han(c) || c.is_alphanumeric()) {
            if word.chars().count() > 1 {
                note(&word, at);
            }
            run.push(word);
        } else {
            let phrase = run.concat();
            if run.len() > 1 && (3..=8).contains(&phrase.chars().count()) {
                note(&phrase, at);
            }
            run.clear();
        }
    }
    let mut ranked: Vec<(String, usize, usize)> =
        found.into_iter().map(|(word, (count, at))| (word, count, at)).collect();
    ranked.sort_by_key(|(word, count, at)| {
        (std::cmp::Reverse(count * word.chars().count().min(6)), *at)
    });
    ranked.truncate(MOST);
    ranked.into_iter().map(|(word, _, _)| word).collect()
}

/// Words with jieba's part of speech, in the script of the text.
fn tagged(text: &str) -> Vec<(String, String)> {
    // White space inside Chinese breaks words that are none of it.
    let text: Vec<char> =
        without_glosses(text).chars().filter(|c| !c.is_whitespace()).take(LONGEST).collect();
    // The dictionary is simplified; conversion keeps the length but for a few phrases.
    let mut simplified = to_simplified(&text.iter().collect::<String>());
    if simplified.chars().count() != text.len() {
        simplified = text.iter().map(|&c| simplify_char(c)).collect();
    }
    dictionary()
        .tag(&simplified, true)
        .into_iter()
        .filter(|tag| tag.word.chars().any(char::is_alphanumeric))
        .map(|tag| (text[tag.start..tag.end].iter().collect(), tag.tag.to_owned()))
        .collect()
}

/// Nouns, names of places, organisations and persons, nominal verbs, idioms, Latin words.
fn is_noun(tag: &str) -> bool {
    matches!(tag.as_bytes().first(), Some(b'n'))
        || matches!(tag, "vn" | "an" | "j" | "l" | "i" | "eng")
}

/// Particles, conjunctions, prepositions, auxiliaries, punctuation.
fn is_grammar(tag: &str) -> bool {
    matches!(tag.as_bytes().first(), Some(b'u' | b'c' | b'p' | b'y' | b'w'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_both_scripts() {
        assert_eq!(words("侨联的组织建设"), ["侨联", "组织", "建设"]);
        assert_eq!(words("僑聯(lián)的組 織建設，"), ["僑聯", "組織", "建設"]);
        assert!(words("，。 \n").is_empty());
    }

    #[test]
    fn suggestions_are_nouns_and_phrases_of_them() {
        let suggested = suggest_words("招商引资工作成效明显，侨资企业参与招商引资，侨资企业落户。");
        assert!(suggested.contains(&"招商引资".to_owned()), "{suggested:?}");
        assert!(suggested.iter().all(|word| word.chars().count() > 1), "{suggested:?}");
        assert!(!suggested.contains(&"明显".to_owned()), "{suggested:?}");
        assert!(suggest_words("").is_empty());
    }
}
