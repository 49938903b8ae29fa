//! Pinyin glosses: `聯(lián)`, as converters of mirror sites leave them behind.

use crate::fold::is_han;
use std::borrow::Cow;

/// A pinyin reading in brackets behind a Han character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gloss {
    /// First byte of the opening bracket.
    pub start: usize,
    /// First byte after the closing bracket.
    pub end: usize,
    /// The character glossed.
    pub han: char,
}

/// Vowels (and syllabic nasals) that carry a tone mark in pinyin.
fn has_tone(c: char) -> bool {
    "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿĀÁǍÀĒÉĚÈŌÓǑÒ\u{300}\u{301}\u{304}\u{30c}".contains(c)
}

/// Longest reading in letters (`zhuāng`, `shuāng`), with room for one combining tone and diaeresis.
const LONGEST: usize = 8;

/// Every gloss of a text, in order.
///
/// A gloss is a bracket, half or full width, directly behind a Han character, which holds one to
/// eight Latin letters of which at least one bears a tone mark. `(lian)` or `(A)` are text.
pub fn glosses(text: &str) -> Vec<Gloss> {
    let mut found = Vec::new();
    let mut previous = None;
    let mut skip_to = 0;
    for (at, c) in text.char_indices() {
        if at < skip_to {
            continue;
        }
        if matches!(c, '(' | '（')
            && let Some(han) = previous.filter(|&p| is_han(p))
            && let Some(end) = gloss_end(&text[at + c.len_utf8()..])
        {
            skip_to = at + c.len_utf8() + end;
            found.push(Gloss { start: at, end: skip_to, han });
            continue; // `previous` stays: a second gloss behind the first is a gloss too
        }
        previous = Some(c);
    }
    found
}

fn gloss_end(inside: &str) -> Option<usize> {
    let mut toned = false;
    let mut letters = 0;
    for (at, c) in inside.char_indices() {
        match c {
            ')' | '）' => return (toned && letters > 0).then_some(at + c.len_utf8()),
            _ if has_tone(c) => toned = true,
            'ü' | 'Ü' | '\u{308}' => {}
            _ if c.is_ascii_alphabetic() || c == 'ɡ' || c == 'ɑ' => {}
            _ => return None,
        }
        letters += 1;
        if letters > LONGEST {
            return None;
        }
    }
    None
}

/// The text with every gloss taken out.
pub fn without_glosses(text: &str) -> Cow<'_, str> {
    let found = glosses(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut from = 0;
    for gloss in found {
        clean.push_str(&text[from..gloss.start]);
        from = gloss.end;
    }
    clean.push_str(&text[from..]);
    Cow::Owned(clean)
}
