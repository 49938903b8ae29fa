//! Folding: one character, one unit, one position.
//!
//! A text becomes a row of units. White space between Han characters leaves no trace, because
//! dirty web text breaks words anywhere; a run of punctuation becomes one [`GAP`]; a pinyin gloss
//! takes no unit. All other characters become one unit each, folded to lower case, ASCII width and
//! simplified script. Since folding looks at one character only, every substring of a text folds
//! to a substring of the folded text, which is what makes recall provable.
//!
//! Characters alone do not suffice between the scripts: 畫 is 画, but 計畫 is 计划. Where
//! conversion by phrases gives another character than conversion by characters, the unit carries
//! it as its alternative (0.11% of the characters of 19 MB of Taiwan statutes, measured).

use crate::gloss::glosses;
use crate::script;
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// The folded character that stands for a run of punctuation.
pub const GAP: char = '\u{1}';

/// One searchable character of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// The folded character, or [`GAP`].
    pub folded: char,
    /// What conversion by phrases makes of it, where that differs.
    pub alternative: Option<char>,
    /// First byte in the original text.
    pub byte_start: u32,
    /// First byte after.
    pub byte_end: u32,
    /// First code point in the original text.
    pub start: u32,
    /// First code point after.
    pub end: u32,
}

impl Unit {
    /// Whether a folded character of a query stands here.
    pub fn is(&self, c: char) -> bool {
        self.folded == c || self.alternative == Some(c)
    }
}

/// A text as its units.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    units: Vec<Unit>,
}

impl Folded {
    /// Folds a text. Texts of 4 GiB and more are cut at 4 GiB.
    pub fn new(text: &str) -> Self {
        let text = &text[..text.floor_char_boundary(u32::MAX as usize)];
        let mut units = row(text);
        add_alternatives(text, &mut units);
        Self { units }
    }

    /// The units in order, gaps included.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The folded characters as a string, gaps as [`GAP`].
    pub fn to_folded_string(&self) -> String {
        self.units.iter().map(|u| u.folded).collect()
    }
}

fn row(text: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::with_capacity(text.len() / 3 + 8);
    let found = glosses(text);
    let mut next_gloss = found.iter().peekable();
    let mut skip_to = 0;
    let mut spaced = false;
    for (count, (at, c)) in text.char_indices().enumerate() {
        if at < skip_to {
            continue;
        }
        if let Some(gloss) = next_gloss.next_if(|g| g.start == at) {
            skip_to = gloss.end;
            continue;
        }
        let Some(folded) = fold_char(c) else {
            spaced |= c.is_whitespace();
            continue;
        };
        let unit = Unit {
            folded,
            alternative: None,
            byte_start: at as u32,
            byte_end: (at + c.len_utf8()) as u32,
            start: count as u32,
            end: count as u32 + 1,
        };
        match units.last_mut() {
            Some(last) if folded == GAP && last.folded == GAP => {
                last.byte_end = unit.byte_end;
                last.end = unit.end;
            }
            // Two Latin words or numbers are not one word: the space between them is a gap.
            Some(last)
                if spaced
                    && folded != GAP
                    && last.folded != GAP
                    && !is_han(folded)
                    && !is_han(last.folded) =>
            {
                let gap = Unit {
                    folded: GAP,
                    byte_start: last.byte_end,
                    byte_end: unit.byte_start,
                    start: last.end,
                    end: unit.start,
                    ..unit
                };
                units.push(gap);
                units.push(unit);
            }
            _ => units.push(unit),
        }
        spaced = false;
    }
    units
}

/// Sets the alternatives, clause by clause, where conversion by phrases keeps the length.
///
/// No phrase of the conversion holds punctuation or a line break, so clauses convert as their
/// paragraph would; and of simplified text only the few clauses that hold a character such as 覆
/// have to be converted at all.
fn add_alternatives(text: &str, units: &mut [Unit]) {
    let original = |u: &Unit| text[u.byte_start as usize..].chars().next().unwrap_or(' ');
    for run in units.split_mut(|u| u.folded == GAP) {
        let mut rest = run;
        while let (Some(first), Some(last)) = (rest.first(), rest.last()) {
            let (start, end) = (first.byte_start as usize, last.byte_end as usize);
            let end = text[start..end].find('\n').map_or(end, |at| start + at);
            let lines = rest.partition_point(|u| (u.byte_start as usize) < end).max(1);
            let (clause, behind) = rest.split_at_mut(lines);
            rest = behind;
            if !clause.iter().any(|u| script::may_simplify(original(u))) {
                continue;
            }
            let raw: String = clause.iter().map(original).collect();
            let phrases = script::to_simplified(&raw);
            if phrases.chars().count() != clause.len() {
                continue;
            }
            for (unit, c) in clause.iter_mut().zip(phrases.chars()) {
                unit.alternative = fold_char(c).filter(|&c| c != unit.folded && c != GAP);
            }
        }
    }
}

/// Folds one character: `None` for white space and characters of no width, [`GAP`] for
/// punctuation, else lower case, ASCII width, simplified.
pub fn fold_char(c: char) -> Option<char> {
    static TABLE: OnceLock<Vec<char>> = OnceLock::new();
    let folded = if (c as u32) < 0x1_0000 {
        let table = TABLE.get_or_init(|| {
            (0..0x1_0000).map(|code| char::from_u32(code).map_or('\0', compute)).collect()
        });
        table[c as usize]
    } else {
        compute(c)
    };
    (folded != '\0').then_some(folded)
}

fn compute(c: char) -> char {
    fold_width(c).map_or('\0', script::simplify_char)
}

/// Folds one character as [`fold_char`] does, but keeps its script: 計 stays 計, Ａ becomes a.
pub fn fold_width(c: char) -> Option<char> {
    if c.is_whitespace() {
        return None;
    }
    let c = single(c.nfkc(), c);
    match c.general_category_group() {
        GeneralCategoryGroup::Other | GeneralCategoryGroup::Separator => {
            // Private-use characters stand for rare Han characters; the rest has no width.
            is_private_use(c).then_some(c)
        }
        // Signs that belong to figures and names are text, all other punctuation is a gap.
        GeneralCategoryGroup::Punctuation if !"%‰&#@".contains(c) => Some(GAP),
        _ => Some(single(c.to_lowercase(), c)),
    }
}

fn is_private_use(c: char) -> bool {
    matches!(c as u32, 0xE000..=0xF8FF | 0xF_0000..=0x10_FFFF)
}

/// The only character of a sequence, or the original where there are more.
fn single(mut sequence: impl Iterator<Item = char>, original: char) -> char {
    match (sequence.next(), sequence.next()) {
        (Some(only), None) => only,
        _ => original,
    }
}

/// Whether a character is a Han ideograph (all blocks up to extension I, compatibility forms, 〇
/// and 々).
pub fn is_han(c: char) -> bool {
    matches!(c as u32,
        0x3005 | 0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}
