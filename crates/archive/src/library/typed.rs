//! What was typed to find something by: in characters of either script, in pinyin, in initials.

use super::values::folded;
use anjuan_text::{GAP, fold_char};
use memchr::memmem::Finder;
use pinyin::ToPinyinMulti;
use std::sync::LazyLock;

/// Letters of pinyin that a word may have; longer ones are no pinyin.
const LONGEST: usize = 48;

/// The words that were typed, each to be met.
pub(crate) struct Typed {
    words: Vec<Word>,
}

/// One of them.
pub(crate) struct Word {
    finder: Finder<'static>,
    /// Lower-case letters and digits, where it may be pinyin.
    letters: Option<String>,
}

impl Typed {
    pub(crate) fn new(text: &str) -> Self {
        let words = text.split_whitespace().filter_map(|word| {
            let folded = folded(word);
            let folded = folded.trim_matches(GAP);
            if folded.is_empty() {
                return None;
            }
            let plain: String = word.chars().filter_map(fold_char).map(umlaut).collect();
            let letters = plain.bytes().all(|b| b.is_ascii_alphanumeric())
                && plain.bytes().any(|b| b.is_ascii_alphabetic())
                && plain.len() <= LONGEST;
            Some(Word {
                finder: Finder::new(folded).into_owned(),
                letters: letters.then_some(plain),
            })
        });
        Self { words: words.collect() }
    }

    /// Each word.
    pub(crate) fn words(&self) -> &[Word] {
        &self.words
    }

    /// Whether every word is met in a text, which is to be folded.
    pub(crate) fn is_in(&self, folded: &str) -> bool {
        self.words.iter().all(|word| word.is_in(folded))
    }
}

impl Word {
    /// Whether it stands in a folded text as it is, or runs through its syllables.
    pub(crate) fn is_in(&self, folded: &str) -> bool {
        if self.finder.find(folded.as_bytes()).is_some() {
            return true;
        }
        let Some(letters) = &self.letters else { return false };
        let bits = letters.as_bytes().get(..2).unwrap_or(letters.as_bytes());
        let (Some(&first), second) = (bits.first(), bits.get(1)) else { return false };
        let (first, second) = (bit(first), second.map(|&letter| bit(letter)));
        // The first two letters rule out nearly every place without a look at any syllable: the
        // second goes on in the syllable of the first or begins the next.
        let mut begun: Option<&str> = None;
        let sounds = &*SOUNDS;
        let mut rest = folded.chars();
        loop {
            let here = rest.as_str();
            let next = rest.next();
            let (initials, seconds) = next.map_or((0, 0), |c| sounds.letters(c));
            if let Some(from) = begun.take()
                && second.is_some_and(|second| initials & second != 0)
                && sounds.run_through(letters, from)
            {
                return true;
            }
            if next.is_none() {
                return false;
            }
            if initials & first != 0 {
                match second {
                    None => return true,
                    Some(second) if seconds & second != 0 => {
                        if sounds.run_through(letters, here) {
                            return true;
                        }
                    }
                    Some(_) => begun = Some(here),
                }
            }
        }
    }
}

fn umlaut(c: char) -> char {
    if c == 'ü' { 'v' } else { c }
}

/// The readings of the characters, laid out for millions of lookups.
struct Sounds {
    /// For each character from `FIRST` on.
    at: Vec<Sound>,
    readings: Vec<Vec<&'static str>>,
}

/// Where the readings of a character are, and the letters that stand first and second in them.
#[derive(Clone, Copy, Default)]
struct Sound {
    readings: u32,
    initials: u64,
    seconds: u64,
}

static SOUNDS: LazyLock<Sounds> = LazyLock::new(Sounds::new);

const FIRST: u32 = 0x3007; // 〇
const LAST: u32 = 0x9fff;

fn plain(syllable: &'static str) -> &'static str {
    match syllable {
        "lü" => "lv",
        "nü" => "nv",
        "lüe" => "lve",
        "nüe" => "nve",
        other => other,
    }
}

fn readings(c: char) -> Vec<&'static str> {
    let Some(multi) = c.to_pinyin_multi() else { return Vec::new() };
    let mut all: Vec<&'static str> = multi.into_iter().map(|p| plain(p.plain())).collect();
    all.sort_unstable();
    all.dedup();
    all
}

impl Sounds {
    fn new() -> Self {
        let mut all = vec![Vec::new()];
        let at = (FIRST..=LAST)
            .map(|code| {
                let found = char::from_u32(code).map(readings).unwrap_or_default();
                if found.is_empty() {
                    return Sound::default();
                }
                let letters = |n: usize| {
                    let letters =
                        found.iter().filter_map(|syllable| syllable.as_bytes().get(n).copied());
                    letters.fold(0, |mask, letter| mask | bit(letter))
                };
                let (initials, seconds) = (letters(0), letters(1));
                all.push(found);
                Sound { readings: all.len() as u32 - 1, initials, seconds }
            })
            .collect();
        Self { at, readings: all }
    }

    fn of(&self, c: char) -> Sound {
        let found = (c as u32).checked_sub(FIRST).and_then(|at| self.at.get(at as usize));
        found.copied().unwrap_or_default()
    }

    /// The letters that the readings of a character begin with, and those that follow.
    fn letters(&self, c: char) -> (u64, u64) {
        if c.is_ascii() {
            return (bit(c as u8), 0);
        }
        let Sound { initials, seconds, .. } = self.of(c);
        (initials, seconds)
    }

    /// Whether letters run through the syllables of a text from its beginning, each syllable whole
    /// or shortened to any beginning of it, none left out.
    fn run_through(&self, letters: &str, text: &str) -> bool {
        if letters.is_empty() {
            return true;
        }
        let mut rest = text.chars();
        let Some(c) = rest.next() else { return false };
        let rest = rest.as_str();
        if c.is_ascii() {
            let same = letters.as_bytes().first() == Some(&(c as u8));
            return same && self.run_through(&letters[1..], rest);
        }
        self.readings[self.of(c).readings as usize].iter().any(|syllable| {
            let both = letters.bytes().zip(syllable.bytes());
            let common = both.take_while(|(typed, has)| typed == has).count();
            (1..=common).rev().any(|taken| self.run_through(&letters[taken..], rest))
        })
    }
}

/// A bit for each letter and digit; none for anything else.
fn bit(letter: u8) -> u64 {
    match letter {
        b'a'..=b'z' => 1 << (letter - b'a'),
        b'0'..=b'9' => 1 << (26 + letter - b'0'),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_met_in_characters_pinyin_and_initials() {
        for (typed, text, expect) in [
            ("", "商洛市侨联", true),
            ("侨联", "商洛市侨联", true),
            ("僑聯", "商洛市侨联", true),
            ("商洛 侨联", "商洛市侨联", true),
            ("商洛 青联", "商洛市侨联", false),
            ("ql", "商洛市侨联", true),
            ("slsql", "商洛市侨联", true),
            ("qiaolian", "商洛市侨联", true),
            ("shangluo", "商洛市侨联", true),
            ("shanglsql", "商洛市侨联", true),
            ("luosh", "商洛市侨联", true),
            ("SLS", "商洛市侨联", true),
            ("slql", "商洛市侨联", false),
            ("chongqing", "重庆市", true),
            ("zhongqing", "重庆市", true),
            ("lvyou", "旅游", true),
            ("lüyou", "旅游", true),
            ("2020nian", "2020年报告", true),
            ("covid", "COVID-19防控", true),
            ("，", "商洛市侨联", true),
        ] {
            assert_eq!(Typed::new(typed).is_in(&folded(text)), expect, "{typed} in {text}");
        }
    }
}
