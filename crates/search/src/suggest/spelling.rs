//! Pinyin: how characters are read, and whether letters are a way to type a word.

use anjuan_text::fold_char;
use pinyin::ToPinyinMulti;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// The characters whose readings are kept: the basic block and its first extension.
const FIRST: u32 = 0x3400;
const LAST: u32 = 0x9FFF;
/// Readings of a character, the commonest first; few have more.
const MOST: usize = 4;

/// Readings without tones, ü as v. A character without reading stands for itself.
pub(super) struct Readings {
    syllables: Vec<Box<str>>,
    /// Numbers of syllables plus one.
    of: Vec<[u16; MOST]>,
}

/// The readings of all characters, made when first asked for.
pub(super) fn readings() -> &'static Readings {
    static READINGS: OnceLock<Readings> = OnceLock::new();
    READINGS.get_or_init(Readings::new)
}

impl Readings {
    fn new() -> Self {
        let mut numbers: FxHashMap<&str, u16> = FxHashMap::default();
        let mut made = Self { syllables: Vec::new(), of: Vec::new() };
        for code in FIRST..=LAST {
            let mut own = [0; MOST];
            let multi = char::from_u32(code).and_then(|c| c.to_pinyin_multi());
            let mut count = 0;
            for reading in multi.into_iter().flatten() {
                let number = *numbers.entry(reading.plain()).or_insert_with(|| {
                    made.syllables.push(reading.plain().replace('ü', "v").into());
                    made.syllables.len() as u16
                });
                if count < MOST && !own[..count].contains(&number) {
                    own[count] = number;
                    count += 1;
                }
            }
            made.of.push(own);
        }
        made
    }

    /// How a character is read, the commonest reading first.
    pub(super) fn of(&self, c: char) -> impl Iterator<Item = &str> {
        let at = (c as u32).checked_sub(FIRST).and_then(|at| self.of.get(at as usize));
        let numbers = at.copied().unwrap_or_default();
        numbers
            .into_iter()
            .filter_map(|number| self.syllables.get((number as usize).checked_sub(1)?))
            .map(|syllable| &**syllable)
    }

    /// How well two characters sound the same.
    pub(super) fn same_sound(&self, a: char, b: char) -> Option<Sound> {
        if a == b || matches!((self.of(a).next(), self.of(b).next()), (Some(a), Some(b)) if a == b)
        {
            return Some(Sound::Same);
        }
        let mut best = None;
        for (x, y) in self.of(a).flat_map(|x| self.of(b).map(move |y| (x, y))) {
            let sound = if x == y {
                Sound::Possible
            } else if heard(x.as_bytes()) == heard(y.as_bytes()) {
                Sound::Near
            } else {
                continue;
            };
            best = Some(best.map_or(sound, |best: Sound| best.min(sound)));
        }
        best
    }
}

/// How alike two characters sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sound {
    /// Their commonest readings are the same.
    Same,
    /// Some of their readings are.
    Possible,
    /// Some are nearly: zh and z, ch and c, sh and s, n and l and r, ng and n.
    Near,
}

/// How well letters are a way to type a word; the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Every syllable is there.
    Whole,
    /// Every syllable is nearly there, see [`Sound::Near`].
    NearlyWhole,
    /// Every syllable is there or its beginning is.
    Shortened,
    /// The word goes on behind the letters.
    Longer,
    /// The same two, nearly.
    Nearly,
}

/// What was typed as letters, with an apostrophe wherever a syllable must end; `None` where it is
/// no pinyin.
pub(super) fn letters(typed: &str) -> Option<Vec<u8>> {
    /// Letters of a pinyin that someone types; longer is pasted text.
    const LONGEST: usize = 64;
    let mut letters: Vec<u8> = Vec::new();
    for c in typed.trim().chars() {
        let c = fold_char(c).unwrap_or(' ');
        match c {
            'a'..='z' => letters.push(c as u8),
            'ü' => letters.push(b'v'),
            _ if matches!(c, ' ' | anjuan_text::GAP) => {
                if letters.last().is_some_and(|&last| last != b'\'') {
                    letters.push(b'\'');
                }
            }
            _ => return None,
        }
        if letters.len() > LONGEST {
            return None;
        }
    }
    while letters.last() == Some(&b'\'') {
        letters.pop();
    }
    (letters.len() > 1).then_some(letters)
}

/// How well the letters are a way to type the word, and whether only by a reading that is not the
/// commonest of some character.
pub(super) fn fit(
    letters: &[u8],
    word: &[char],
    readings: &Readings,
    nearly: bool,
) -> Option<(Fit, bool)> {
    let walk = Walk { readings, nearly };
    let (shape, rarer) = walk.through(letters, word, &mut 256)?;
    let fit = match shape {
        Shape::Whole if nearly => Fit::NearlyWhole,
        Shape::Whole => Fit::Whole,
        _ if nearly => Fit::Nearly,
        Shape::Shortened => Fit::Shortened,
        Shape::Longer => Fit::Longer,
    };
    Some((fit, rarer))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    Whole,
    Shortened,
    Longer,
}

struct Walk<'r> {
    readings: &'r Readings,
    nearly: bool,
}

impl Walk<'_> {
    /// Goes through letters and characters side by side, each syllable whole or shortened to any
    /// beginning of it, none left out. `steps` bounds what strange words can cost.
    fn through(&self, letters: &[u8], word: &[char], steps: &mut u32) -> Option<(Shape, bool)> {
        let letters = letters.strip_prefix(b"'").unwrap_or(letters);
        if letters.is_empty() {
            return Some((if word.is_empty() { Shape::Whole } else { Shape::Longer }, false));
        }
        let (&first, rest) = word.split_first()?;
        *steps = steps.checked_sub(1)?;
        let mut best = None;
        let mut itself = [0; 4];
        let own = fold_char(first).map_or("", |c| c.encode_utf8(&mut itself));
        let mut syllables = self.readings.of(first).peekable();
        if syllables.peek().is_none() {
            self.piece(letters, own.as_bytes(), rest, steps, false, &mut best);
        }
        for (at, syllable) in syllables.enumerate() {
            self.piece(letters, syllable.as_bytes(), rest, steps, at > 0, &mut best);
        }
        best
    }

    /// Takes any beginning of the letters that is one of the syllable.
    fn piece(
        &self,
        letters: &[u8],
        syllable: &[u8],
        rest: &[char],
        steps: &mut u32,
        rarer: bool,
        best: &mut Option<(Shape, bool)>,
    ) {
        /// Letters of the longest syllable, as zhuang.
        const LONGEST: usize = 6;
        let ends = letters.iter().take(LONGEST).take_while(|&&c| c != b'\'').count();
        for length in (1..=ends).rev() {
            let piece = &letters[..length];
            let shape = if self.nearly {
                let (piece, syllable) = (heard(piece), heard(syllable));
                match () {
                    () if piece == syllable => Shape::Whole,
                    () if syllable.starts(&piece) => Shape::Shortened,
                    () => continue,
                }
            } else if piece == syllable {
                Shape::Whole
            } else if syllable.starts_with(piece) {
                Shape::Shortened
            } else {
                continue;
            };
            if let Some((found, rarer_behind)) = self.through(&letters[length..], rest, steps) {
                let found = (shape.max(found), rarer || rarer_behind);
                *best = Some(best.map_or(found, |best| best.min(found)));
            }
        }
    }
}

/// The letter that a beginning stands for where it is heard nearly.
pub(super) fn heard_first(letter: u8) -> u8 {
    if matches!(letter, b'n' | b'r') { b'l' } else { letter }
}

/// A syllable, or a beginning of it, as many hear it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Heard {
    letters: [u8; 8],
    length: usize,
}

impl Heard {
    fn starts(&self, beginning: &Self) -> bool {
        self.letters[..self.length].starts_with(&beginning.letters[..beginning.length])
    }
}

/// zh, ch, sh as z, c, s; n and r as l; ng as n at the end; ü as u.
fn heard(syllable: &[u8]) -> Heard {
    let mut heard = Heard { letters: [0; 8], length: 0 };
    for (at, &letter) in syllable.iter().take(8).enumerate() {
        let letter = match letter {
            b'h' if at == 1 && matches!(syllable[0], b'z' | b'c' | b's') => continue,
            b'g' if at > 1 && at + 1 == syllable.len() && syllable[at - 1] == b'n' => continue,
            b'v' => b'u',
            letter if at == 0 => heard_first(letter),
            letter => letter,
        };
        heard.letters[heard.length] = letter;
        heard.length += 1;
    }
    heard
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_are_ways_to_type_words() {
        for (typed, word, expect) in [
            ("qiaolian", "侨联", Some(Fit::Whole)),
            ("QiaoLian", "僑聯", Some(Fit::Whole)),
            ("ql", "侨联", Some(Fit::Shortened)),
            ("qlian", "侨联", Some(Fit::Shortened)),
            ("qiaol", "侨联", Some(Fit::Shortened)),
            ("shang luo", "商洛", Some(Fit::Whole)),
            ("shangl", "商洛", Some(Fit::Shortened)),
            ("shangl", "商洛市", Some(Fit::Longer)),
            ("sangluo", "商洛", Some(Fit::NearlyWhole)),
            ("sanluo", "商洛", Some(Fit::NearlyWhole)),
            ("sangno", "商洛", None),
            ("fulan", "湖南", None),
            ("hulan", "湖南", Some(Fit::NearlyWhole)),
            ("chongqing", "重庆", Some(Fit::Whole)),
            ("zhongqing", "重庆", Some(Fit::Whole)),
            ("xi'an", "西安", Some(Fit::Whole)),
            ("xi'an", "先进", None),
            ("xian", "西安", Some(Fit::Whole)),
            ("nvxing", "女性", Some(Fit::Whole)),
            ("nüxing", "女性", Some(Fit::Whole)),
            ("4sdian", "4S店", None),
            ("covid", "COVID", Some(Fit::Whole)),
            ("q", "侨联", None),
            ("侨", "侨联", None),
            ("", "侨联", None),
            ("x9", "侨联", None),
        ] {
            let word_chars: Vec<char> = word.chars().collect();
            let found = letters(typed).and_then(|letters| {
                fit(&letters, &word_chars, readings(), false)
                    .or_else(|| fit(&letters, &word_chars, readings(), true))
            });
            assert_eq!(found.map(|(fit, _)| fit), expect, "{typed} for {word}");
        }
        let rarer = |typed, word: &str| {
            let word: Vec<char> = word.chars().collect();
            fit(&letters(typed)?, &word, readings(), false).map(|(_, rarer)| rarer)
        };
        assert_eq!(rarer("zhongqing", "重庆"), Some(false));
        assert_eq!(rarer("chongqing", "重庆"), Some(true));
    }

    #[test]
    fn sounds() {
        let sound = |a, b| readings().same_sound(a, b);
        assert_eq!(sound('桥', '侨'), Some(Sound::Same));
        assert_eq!(sound('汪', '王'), Some(Sound::Same));
        assert_eq!(sound('重', '虫'), Some(Sound::Possible));
        assert_eq!(sound('桑', '商'), Some(Sound::Near));
        assert_eq!(sound('侨', '联'), None);
        assert_eq!(sound('A', '侨'), None);
    }

    proptest! {
        #[test]
        fn every_word_is_typed_by_its_readings(
            word in "[侨联商洛重庆西安女性长沙湖南省政府]{1,6}",
            choice in prop::collection::vec(any::<prop::sample::Index>(), 6),
            cut in 1_usize..7,
        ) {
            let chars: Vec<char> = word.chars().collect();
            let syllables: Vec<&str> = chars
                .iter()
                .zip(&choice)
                .map(|(&c, at)| {
                    let all: Vec<&str> = readings().of(c).collect();
                    *at.get(&all)
                })
                .collect();
            let whole = syllables.concat();
            if let Some(typed) = letters(&whole) {
                let found = fit(&typed, &chars, readings(), false).map(|(fit, _)| fit);
                prop_assert_eq!(found, Some(Fit::Whole));
            }
            let short: String = syllables.iter().map(|s| &s[..cut.min(s.len())]).collect();
            if let Some(typed) = letters(&short) {
                let found = fit(&typed, &chars, readings(), false);
                prop_assert!(matches!(found, Some((Fit::Whole | Fit::Shortened, _))));
                prop_assert!(fit(&typed, &chars, readings(), true).is_some());
            }
        }

        #[test]
        fn strange_letters_cost_little(typed in "[a-z' ]{0,80}", word in "[侨联重庆\\PC]{0,40}") {
            if let Some(typed) = letters(&typed) {
                let chars: Vec<char> = word.chars().collect();
                fit(&typed, &chars, readings(), true);
            }
        }
    }
}
