//! The words that can be suggested.

use super::spelling::{Readings, heard_first, readings};
use crate::words::dictionary_lines;
use anjuan_text::is_han;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// The dictionary's words of two Han characters and more, the most frequent first.
pub(super) struct Lexicon {
    /// All words without anything between.
    text: String,
    words: Vec<Entry>,
    /// The numbers of the words that can begin with a letter, by what is heard of it, the most
    /// frequent first.
    by_letter: Vec<Vec<u32>>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    start: u32,
    bytes: u16,
    chars: u16,
}

/// Longest word in characters.
const LONGEST: usize = 16;

/// The lexicon, made when first asked for.
pub(super) fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| Lexicon::new(&dictionary_lines(), readings()))
}

impl Lexicon {
    fn new(lines: &[u8], readings: &Readings) -> Self {
        let lines = std::str::from_utf8(lines).unwrap_or_default();
        let mut words: Vec<(u32, &str, usize)> = Vec::with_capacity(lines.len() / 14);
        for line in lines.lines() {
            let mut parts = line.split(' ');
            let (Some(word), Some(frequency)) = (parts.next(), parts.next()) else { continue };
            let chars = word.chars().count();
            if (2..=LONGEST).contains(&chars) && word.chars().all(is_han) {
                words.push((frequency.parse().unwrap_or_default(), word, chars));
            }
        }
        // Stable, so that words of one frequency stay in the order of the dictionary.
        words.sort_by_key(|(frequency, ..)| std::cmp::Reverse(*frequency));
        let mut lexicon = Self {
            text: String::with_capacity(words.iter().map(|(_, word, _)| word.len()).sum()),
            words: Vec::with_capacity(words.len()),
            by_letter: vec![Vec::new(); 26],
        };
        for (number, (_, word, chars)) in words.into_iter().enumerate() {
            lexicon.words.push(Entry {
                start: lexicon.text.len() as u32,
                bytes: word.len() as u16,
                chars: chars as u16,
            });
            lexicon.text.push_str(word);
            for letter in first_letters(word, readings) {
                lexicon.by_letter[letter].push(number as u32);
            }
        }
        for numbers in &mut lexicon.by_letter {
            numbers.shrink_to_fit();
        }
        lexicon
    }

    /// The words that can begin with a letter, or with one that is heard alike, the most frequent
    /// first; only those of so many characters, if that is asked.
    pub(super) fn beginning(&self, letter: u8, chars: Option<usize>) -> impl Iterator<Item = &str> {
        let at = usize::from(heard_first(letter).wrapping_sub(b'a'));
        let numbers = self.by_letter.get(at).map_or(&[][..], Vec::as_slice);
        numbers.iter().filter_map(move |&number| {
            let entry = self.words.get(number as usize)?;
            if chars.is_some_and(|chars| chars != usize::from(entry.chars)) {
                return None;
            }
            self.text.get(entry.start as usize..entry.start as usize + usize::from(entry.bytes))
        })
    }

    /// How many words there are.
    #[cfg(test)]
    fn len(&self) -> usize {
        self.words.len()
    }
}

/// The letters that a word can begin with, by what is heard of them, as numbers from a on.
fn first_letters(word: &str, readings: &Readings) -> BTreeSet<usize> {
    let first = word.chars().next();
    let letters = first.into_iter().flat_map(|c| readings.of(c)).filter_map(|syllable| {
        let letter = heard_first(*syllable.as_bytes().first()?);
        letter.is_ascii_lowercase().then(|| usize::from(letter - b'a'))
    });
    letters.collect()
}

/// Names of an archive that can be suggested beside the words of the dictionary: of places,
/// organisations, authors, tags, and the titles of reports.
#[derive(Debug, Clone, Default)]
pub struct Names {
    names: BTreeSet<Box<str>>,
}

impl Names {
    /// Longest name in characters; a longer one only counts by its parts.
    const LONGEST: usize = 24;

    /// The names, and of those with punctuation, figures or white space in them every run of Han
    /// characters. Names of one character are left out.
    pub fn new<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        let mut kept = BTreeSet::new();
        for name in names {
            let name = name.as_ref().trim();
            let parts = name.split(|c: char| !is_han(c));
            for part in parts.chain([name]) {
                if (2..=Self::LONGEST).contains(&part.chars().take(Self::LONGEST + 1).count()) {
                    kept.insert(part.into());
                }
            }
        }
        Self { names: kept }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_dictionary_are_found_by_letter() {
        let lexicon = lexicon();
        assert!(lexicon.len() > 300_000, "{}", lexicon.len());
        assert!(lexicon.beginning(b'q', Some(2)).any(|word| word == "侨联"));
        // By every reading of the first character, and by what sounds alike.
        for letter in [b'c', b'z'] {
            assert!(lexicon.beginning(letter, None).any(|word| word == "重庆"));
        }
        assert!(lexicon.beginning(b'l', None).any(|word| word == "南京"));
        assert!(lexicon.beginning(b'q', Some(3)).all(|word| word.chars().count() == 3));
        assert_eq!(lexicon.beginning(b'\'', None).count(), 0);
        assert_eq!(lexicon.beginning(b'i', None).count(), 0);
    }

    #[test]
    fn names_count_by_their_parts_too() {
        let long = "长".repeat(30);
        let names = Names::new(["湖南省·侨联", "王", " 长沙 ", "长沙2021年", "", &long]);
        let kept: Vec<&str> = names.iter().collect();
        assert_eq!(kept, ["侨联", "湖南省", "湖南省·侨联", "长沙", "长沙2021年"]);
    }
}
