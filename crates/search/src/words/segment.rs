//! A text as its words, for counting and for what stands around a place.
//!
//! The words are those of jieba's dictionary, most likely row first, without its model of unknown
//! words: what it guesses differs from place to place, and counts of guesses say nothing. They are
//! taken from the folded text, so that a word is the same in either script and width. Each
//! paragraph, which is a line, is taken by itself.

use super::dictionary;
use crate::document::FoldedDocument;
use anjuan_text::{GAP, is_han};
use std::ops::Range;

/// A word that stands in a text. Punctuation and numbers are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'s> {
    /// The word, folded and simplified by phrases.
    pub text: &'s str,
    /// Where, as indexes of units of the folded text.
    pub units: Range<usize>,
    /// The number of its paragraph in the text; empty lines count.
    pub paragraph: usize,
}

/// The words of a document in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// All of them without anything between.
    text: String,
    places: Vec<Place>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    /// First byte behind it in the text of all words.
    end: u32,
    /// First unit, and first behind.
    units: (u32, u32),
    paragraph: u32,
}

impl Words {
    /// Takes a document apart.
    pub fn of(document: &FoldedDocument<'_>) -> Self {
        let mut words = Self::default();
        for_each(document, |word| {
            words.text.push_str(word.text);
            words.places.push(Place {
                end: words.text.len() as u32,
                units: (word.units.start as u32, word.units.end as u32),
                paragraph: word.paragraph as u32,
            });
        });
        words
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The word of this number.
    pub fn get(&self, at: usize) -> Option<Word<'_>> {
        let place = self.places.get(at)?;
        let start = at.checked_sub(1).map_or(0, |before| self.places[before].end);
        Some(Word {
            text: &self.text[start as usize..place.end as usize],
            units: place.units.0 as usize..place.units.1 as usize,
            paragraph: place.paragraph as usize,
        })
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Word<'_>> {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    /// The numbers of the words that these units belong to, in whole or in part.
    pub fn touched(&self, units: &Range<usize>) -> Range<usize> {
        let start = self.places.partition_point(|place| place.units.1 as usize <= units.start);
        let end = self.places.partition_point(|place| (place.units.0 as usize) < units.end);
        start..end.max(start)
    }
}

/// Bytes of folded text that are taken apart at a time, or little more: enough to be quick, and
/// not so many that the list of words goes to the system for memory.
const AT_ONCE: usize = 1024;

/// Hands over the words of a document in order.
pub(super) fn for_each(document: &FoldedDocument<'_>, mut take: impl FnMut(Word<'_>)) {
    let units = document.text().units();
    let mut breaks = document.document().text.match_indices('\n').map(|(at, _)| at as u32);
    let mut line_end = breaks.next().unwrap_or(u32::MAX);
    let dictionary = dictionary();
    let mut piece = String::with_capacity(AT_ONCE * 2);
    let (mut start, mut paragraph) = (0, 0);
    let mut cut = |piece: &mut String, start: usize, paragraph: usize| {
        for token in dictionary.cut(piece, false) {
            if is_word(token.word) {
                let units = start + token.start..start + token.end;
                take(Word { text: token.word, units, paragraph });
            }
        }
        piece.clear();
    };
    for (at, unit) in units.iter().enumerate() {
        // No word goes across punctuation.
        let ends = unit.byte_start >= line_end;
        if ends || (unit.folded == GAP && piece.len() >= AT_ONCE) {
            cut(&mut piece, start, paragraph);
            start = at;
        }
        while unit.byte_start >= line_end {
            line_end = breaks.next().unwrap_or(u32::MAX);
            paragraph += 1;
        }
        piece.push(unit.alternative.unwrap_or(unit.folded));
    }
    cut(&mut piece, start, paragraph);
}

/// Whether a piece of folded text is a word: neither a number nor without letters.
fn is_word(piece: &str) -> bool {
    let Some(first) = piece.chars().next().filter(|&c| c != GAP) else { return false };
    if is_han(first) && !is_numeral(first) {
        return true;
    }
    piece.chars().any(char::is_alphanumeric) && !piece.chars().all(is_numeral)
}

fn is_numeral(c: char) -> bool {
    matches!(
        c,
        '0'..='9'
            | '〇'
            | '零'
            | '一'
            | '二'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '千'
            | '万'
            | '亿'
            | '两'
            | '%'
            | '‰'
            | '.'
    )
}

/// Words of grammar, sorted. Closed: what could be looked for does not belong here.
const FUNCTION_WORDS: [&str; 93] = [
    "不", "与", "且", "个", "为", "也", "了", "于", "些", "从", "他", "以", "以及", "们", "但",
    "但是", "你", "使", "便", "却", "又", "及", "及其", "只", "可", "各", "向", "吗", "吧", "呢",
    "和", "啊", "因", "因为", "在", "地", "她", "如", "它", "对", "对于", "将", "就", "已", "并",
    "并且", "当", "很", "得", "得以", "您", "我", "或", "或者", "所", "所以", "把", "按", "按照",
    "无", "是", "更", "曾", "最", "有", "此", "每", "没", "由", "由于", "的", "着", "等", "给",
    "者", "而", "而且", "自", "至", "若", "虽", "被", "让", "该", "起", "较", "还", "这", "那",
    "都", "除", "随", "非",
];

/// Whether a folded word is one of grammar, as 的 and 以及, which counts leave out where they ask
/// what a text is about.
pub fn is_function_word(word: &str) -> bool {
    FUNCTION_WORDS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;
    use proptest::prelude::*;

    fn document(text: &str) -> Document {
        Document { text: text.to_owned(), ..Document::default() }
    }

    fn words_of(text: &str) -> Vec<(String, usize)> {
        let document = document(text);
        let words = Words::of(&FoldedDocument::new(&document));
        words.iter().map(|word| (word.text.to_owned(), word.paragraph)).collect()
    }

    #[test]
    fn words_are_folded_and_numbers_left_out() {
        for (text, expect) in [
            ("", vec![]),
            ("，。 \n", vec![]),
            ("侨联的工作计划", vec![("侨联", 0), ("的", 0), ("工作", 0), ("计划", 0)]),
            ("僑聯(lián)的工 作計畫", vec![("侨联", 0), ("的", 0), ("工作", 0), ("计划", 0)]),
            ("ＧＤＰ增长8.5%，共2021年", vec![("gdp", 0), ("增长", 0), ("共", 0), ("年", 0)]),
            ("二〇一八，年\n\n一百二十万人", vec![("年", 0), ("人", 2)]),
            // A line break ends a word as it ends a paragraph.
            ("组\n织", vec![("组", 0), ("织", 1)]),
        ] {
            let expect: Vec<(String, usize)> =
                expect.into_iter().map(|(word, at)| (word.to_owned(), at)).collect();
            assert_eq!(words_of(text), expect, "{text}");
        }
    }

    #[test]
    fn function_words_are_in_order() {
        assert!(FUNCTION_WORDS.is_sorted());
        assert!(is_function_word("的") && !is_function_word("侨联") && !is_function_word(""));
    }

    #[test]
    fn touched_words_are_those_in_part_inside() {
        let document = document("侨联的工作，计划");
        let words = Words::of(&FoldedDocument::new(&document));
        for (units, expect) in
            [(0..2, 0..1), (1..2, 0..1), (1..3, 0..2), (5..6, 3..3), (4..7, 2..4), (8..9, 4..4)]
        {
            assert_eq!(words.touched(&units), expect, "{units:?}");
        }
    }

    proptest! {
        #[test]
        fn words_are_the_units_that_they_stand_at(
            text in "[侨联工作計畫瞭解的了0-9一百ａA% ，。\n(lián)]{0,60}",
        ) {
            let document = document(&text);
            let folded = FoldedDocument::new(&document);
            let words = Words::of(&folded);
            let mut end = 0;
            for word in words.iter() {
                prop_assert!(word.units.start >= end && !word.units.is_empty());
                end = word.units.end;
                let units = &folded.text().units()[word.units.clone()];
                let read: String =
                    units.iter().map(|u| u.alternative.unwrap_or(u.folded)).collect();
                prop_assert_eq!(&read, word.text);
                let paragraphs = &folded.paragraphs()[word.units.clone()];
                prop_assert!(paragraphs.iter().all(|&p| p as usize == word.paragraph));
            }
        }
    }
}
