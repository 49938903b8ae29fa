//! Pinyin glosses: `聯(lián)`, as converters of mirror sites leave them behind.

use crate::fold::is_han;
use pinyin::ToPinyinMulti;
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

/// Which readings that bear no tone mark are glosses, too. A single one says little; a page strewn
/// with them is one whose converter lost the marks or the brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Strewn {
    /// Readings in brackets without tone marks: `聯(lian)`.
    pub plain: bool,
    /// Readings without brackets and tone marks: `聯lian`.
    pub bare: bool,
}

/// How many readings without tone marks make a page strewn with them.
const MANY: usize = 6;

impl Strewn {
    /// What the lines of a document show.
    pub fn among<'l>(lines: impl Iterator<Item = &'l str>) -> Self {
        let (mut plain, mut bare) = (0, 0);
        for line in lines.filter(|l| !l.is_ascii() && l.bytes().any(|b| b.is_ascii_lowercase())) {
            for found in candidates(line) {
                plain += usize::from(found.level == Level::Plain);
                bare += usize::from(found.level == Level::Bare);
            }
        }
        Self { plain: plain >= MANY, bare: bare >= MANY * 2 }
    }
}

/// Every gloss of a text in whatever way converters mangle them, in bytes, in order.
///
/// Beside what [`glosses`] finds: brackets of other forms or missing on one side or both, letters
/// set apart, tones as digits or lost to a `?`, the readings of a whole word in one bracket, and
/// where the document is strewn with them, readings without any tone. All these have to be a
/// reading of the character before them.
pub fn mangled_glosses(text: &str, strewn: Strewn) -> Vec<std::ops::Range<usize>> {
    let wanted = |level: Level| match level {
        Level::Toned => true,
        Level::Plain => strewn.plain,
        Level::Bare => strewn.bare,
    };
    candidates(text).filter(|c| wanted(c.level)).map(|c| c.start..c.end).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// It bears a mark of tone: no text does.
    Toned,
    /// Letters in brackets.
    Plain,
    /// Letters.
    Bare,
}

#[derive(Debug, Clone, Copy)]
struct Candidate {
    start: usize,
    end: usize,
    level: Level,
}

fn candidates(text: &str) -> impl Iterator<Item = Candidate> {
    let mut han: Vec<char> = Vec::new();
    let mut skip_to = 0;
    text.char_indices().filter_map(move |(at, c)| {
        if at < skip_to {
            return None;
        }
        if is_han(c) {
            if han.len() > 64 {
                han.drain(..32);
            }
            han.push(c);
            return None;
        }
        let found = han.last().and_then(|_| candidate(text, at, &han));
        match found {
            // The characters before stay: a second gloss behind the first is a gloss too.
            Some(found) => skip_to = found.end,
            None => han.clear(),
        }
        found
    })
}

/// Longest body of a gloss in characters, with all that comes between its letters.
const LONGEST_BODY: usize = 40;

/// The gloss that begins at a byte, behind these Han characters.
fn candidate(text: &str, start: usize, han: &[char]) -> Option<Candidate> {
    let mut rest = text[start..].char_indices().peekable();
    let spaced = rest.next_if(|(_, c)| *c == ' ').is_some();
    let opened = rest.next_if(|(_, c)| "(（[［【〔{｛".contains(*c)).is_some();
    if spaced && !opened {
        return None;
    }
    let mut syllables = String::new();
    let (mut toned, mut digit, mut wild, mut letters) = (false, false, false, 0);
    let (mut end, mut closed) = (start, false);
    let mut gap = false;
    for (read, (at, c)) in rest.enumerate() {
        let at = start + at;
        if read > LONGEST_BODY {
            return None;
        }
        if let Some(letter) = letter_of(c) {
            // Without brackets a space ends a gloss.
            if gap && !opened {
                break;
            }
            toned |= has_tone(c);
            if letter != '\0' {
                syllables.push(letter);
                letters += 1;
            }
        } else if matches!(c, '?' | '？' | '\u{fffd}') && opened {
            wild = true;
            syllables.push('?');
        } else if matches!(c, '1'..='5') && letters > 0 && opened {
            digit = true;
        } else if matches!(c, ' ' | '\u{a0}' | '\'' | '’' | '·' | '-') && opened {
            gap = true;
            continue;
        } else if ")）]］】〕}｝".contains(c) && letters > 0 {
            (end, closed) = (at + c.len_utf8(), true);
            break;
        } else {
            break;
        }
        end = at + c.len_utf8();
    }
    if letters == 0 {
        return None;
    }
    let found = |level| Some(Candidate { start, end, level });
    let marked = toned || digit || wild;
    if opened && closed && toned && !gap && !wild && !spaced && syllables.chars().count() <= LONGEST
    {
        return found(Level::Toned);
    }
    // An abbreviation in capitals is none, and neither is what goes on in letters.
    let last = *han.last()?;
    let next = text[end..].chars().next();
    if next.is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let reads = is_reading(last, &syllables) || (!wild && opened && reads_word(han, &syllables));
    if !reads {
        return None;
    }
    match (opened, closed) {
        (true, true) if marked => found(Level::Toned),
        (true, true) => found(Level::Plain),
        // Half a pair is what is left of one where nothing but a gloss could be in it.
        (true, false) | (false, true) if marked && !wild => found(Level::Toned),
        (true, false) | (false, true) => {
            (!wild).then_some(Candidate { start, end, level: Level::Plain })
        }
        (false, false) if toned => found(Level::Toned),
        (false, false) => {
            (!wild && letters >= 2).then_some(Candidate { start, end, level: Level::Bare })
        }
    }
}

/// A letter of pinyin without its tone, in small; NUL for a combining mark.
fn letter_of(c: char) -> Option<char> {
    Some(match c {
        'a'..='z' => c,
        'Ａ'..='Ｚ' => char::from((c as u32 - 'Ａ' as u32) as u8 + b'a'),
        'ａ'..='ｚ' => char::from((c as u32 - 'ａ' as u32) as u8 + b'a'),
        'ā' | 'á' | 'ǎ' | 'à' | 'ɑ' | 'ă' | 'â' => 'a',
        'ē' | 'é' | 'ě' | 'è' | 'ĕ' | 'ê' => 'e',
        'ī' | 'í' | 'ǐ' | 'ì' | 'ĭ' => 'i',
        'ō' | 'ó' | 'ǒ' | 'ò' | 'ŏ' => 'o',
        'ū' | 'ú' | 'ǔ' | 'ù' | 'ŭ' => 'u',
        'ü' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' => 'v',
        'ń' | 'ň' | 'ǹ' => 'n',
        'ḿ' => 'm',
        'ɡ' => 'g',
        '\u{300}' | '\u{301}' | '\u{304}' | '\u{308}' | '\u{30c}' => '\0',
        _ => return None,
    })
}

/// The readings of a character without tones, ü written v.
fn readings(c: char) -> impl Iterator<Item = &'static str> {
    c.to_pinyin_multi().into_iter().flatten().map(pinyin::Pinyin::plain)
}

fn same(reading: &str, written: &str) -> bool {
    let mut letters = reading.chars().map(|c| if c == 'ü' { 'v' } else { c });
    let mut lost = 0;
    let fit = written.chars().all(|w| match letters.next() {
        Some(letter) if w == '?' => {
            lost += 1;
            "aeiouv".contains(letter)
        }
        Some(letter) => letter == w || (letter == 'v' && w == 'u'),
        None => false,
    });
    fit && letters.next().is_none() && lost <= 1
}

fn is_reading(c: char, written: &str) -> bool {
    readings(c).any(|reading| same(reading, written))
}

/// Whether letters are the readings of the last two to six characters, one behind the other.
fn reads_word(han: &[char], written: &str) -> bool {
    fn reads(han: &[char], written: &str) -> bool {
        match han.split_first() {
            None => written.is_empty(),
            Some((&first, others)) => readings(first).any(|reading| {
                let length = reading.chars().count().min(written.chars().count());
                let at = written.char_indices().nth(length).map_or(written.len(), |(at, _)| at);
                same(reading, &written[..at]) && reads(others, &written[at..])
            }),
        }
    }
    (2..=han.len().min(6)).any(|count| reads(&han[han.len() - count..], written))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str, strewn: Strewn) -> String {
        let mut clean = text.to_owned();
        for gloss in mangled_glosses(text, strewn).into_iter().rev() {
            clean.replace_range(gloss, "");
        }
        clean
    }

    #[test]
    fn every_way_of_mangling_is_seen_through() {
        for mangled in [
            "侨联(lián)工作",
            "侨联（lián）工作",
            "侨联[lián]工作",
            "侨联 (lián)工作",
            "侨联(l i á n)工作",
            "侨联(lian2)工作",
            "侨联(li?n)工作",
            "侨联(li\u{fffd}n)工作",
            "侨联(lián工作",
            "侨联lián)工作",
            "侨联lián工作",
            "侨联(qiáolián)工作",
            "侨联(qiáo lián)工作",
            "侨联(lián)(lián)工作",
            "侨联(lia\u{301}n)工作",
        ] {
            assert_eq!(without(mangled, Strewn::default()), "侨联工作", "{mangled}");
        }
        assert_eq!(
            without("僑聯(lian)工(gong)作", Strewn { plain: true, bare: false }),
            "僑聯工作"
        );
        assert_eq!(without("僑qiao聯lian工作", Strewn { plain: true, bare: true }), "僑聯工作");
    }

    #[test]
    fn what_only_looks_like_one_stays() {
        let all = Strewn { plain: true, bare: true };
        for text in [
            "世贸组织（WTO）",
            "维生素A",
            "市（shi）",
            "附件(a)",
            "甲型流感(H1N1)",
            "工作(lián",
            "企业café",
            "5G技术",
            "第(1)条",
            "公司Alibaba",
            "是(yes)吗",
            "的app",
            "一(a)二(b)",
            "Vitamin维c",
        ] {
            let strewn = if text.starts_with('市') { Strewn::default() } else { all };
            assert_eq!(without(text, strewn), text);
        }
    }

    #[test]
    fn a_document_shows_whether_it_is_strewn() {
        let lines = ["政(zheng)府(fu)工(gong)作(zuo)", "僑(qiao)聯(lian)工作"];
        assert!(Strewn::among(lines.into_iter()).plain);
        assert_eq!(Strewn::among(["市(shi)长", "企业(APP)"].into_iter()), Strewn::default());
    }
}
