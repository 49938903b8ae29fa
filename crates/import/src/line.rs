//! A line of the source that can be cut and joined without losing track of what was mended in it.

use anjuan_text::script::simplify_char;
use anjuan_text::{RepairKind, glosses, is_han};
use std::ops::Range;

/// Something mended inside a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Code point of the line.
    pub(crate) at: usize,
    /// Code points that stand there now; 0 where something was taken out.
    pub(crate) len: usize,
    pub(crate) kind: RepairKind,
    pub(crate) original: String,
}

/// A line as it is shown, with a form to match rules against.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// As shown: glosses and control characters taken out, ends trimmed.
    pub(crate) text: String,
    /// Character for character simplified and with half-width signs, so one rule serves both
    /// scripts and both widths.
    pub(crate) key: String,
    pub(crate) marks: Vec<Mark>,
}

/// Whether a character has neither ink nor width: invariants do not count it.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

/// One character of a key.
pub(crate) fn key_char(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '﹕' | '∶' => ':',
        _ if c.is_whitespace() => ' ',
        _ => simplify_char(c),
    }
}

impl Line {
    /// Cleans one line of the source. `plain_glosses`: readings without tone marks are glosses too
    /// (a page whose converter lost the tones).
    pub(crate) fn clean(raw: &str, plain_glosses: bool) -> Self {
        let mut found: Vec<Range<usize>> =
            glosses(raw).into_iter().map(|g| g.start..g.end).collect();
        if plain_glosses {
            found.extend(plain_readings(raw));
            found.sort_by_key(|g| g.start);
            found = with_doublets(raw, found);
        }
        let mut line = Self::default();
        let mut next = found.into_iter().peekable();
        let (mut chars, mut skip_to) = (0, 0);
        for (at, c) in raw.char_indices() {
            if at < skip_to {
                continue;
            }
            while next.next_if(|g| g.start < at).is_some() {}
            if let Some(gloss) = next.next_if(|g| g.start == at) {
                skip_to = gloss.end;
                let original = raw[gloss].to_owned();
                line.marks.push(Mark { at: chars, len: 0, kind: RepairKind::Gloss, original });
                continue;
            }
            let shown = match c {
                '\t' | '\u{b}' | '\u{c}' => ' ',
                _ if is_blank(c) && !c.is_whitespace() => continue,
                // Line separators that no line splitting took away.
                '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
                _ => c,
            };
            if shown != c {
                let original = c.to_string();
                line.marks.push(Mark { at: chars, len: 1, kind: RepairKind::Space, original });
            }
            line.text.push(shown);
            line.key.push(key_char(shown));
            chars += 1;
        }
        line.trimmed()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Length in code points.
    pub(crate) fn len(&self) -> usize {
        self.key.chars().count()
    }

    fn trimmed(self) -> Self {
        let lead = self.key.len() - self.key.trim_start().len();
        let tail = self.key.trim_end().len();
        if lead == 0 && tail == self.key.len() {
            return self;
        }
        self.cut(lead..tail.max(lead))
    }

    /// The part between two bytes of the key, trimmed.
    pub(crate) fn cut(&self, key: Range<usize>) -> Self {
        let part = &self.key[key.clone()];
        let inner = part.trim();
        let lead = key.start + (part.len() - part.trim_start().len());
        let start = self.key[..lead].chars().count();
        let end = start + inner.chars().count();
        let text: String = self.text.chars().skip(start).take(end - start).collect();
        let marks = self
            .marks
            .iter()
            .filter(|m| match m.len {
                // A gloss belongs to the character before it.
                0 => start < m.at && m.at <= end,
                _ => start <= m.at && m.at < end,
            })
            .map(|m| Mark { at: m.at - start, ..m.clone() })
            .collect();
        Self { text, key: inner.to_owned(), marks }
    }

    /// Two lines that were one, `between` put in where the break was taken out.
    pub(crate) fn join(&self, next: &Self, between: &str) -> Self {
        let offset = self.len() + between.chars().count();
        let mut joined = self.clone();
        joined.marks.push(Mark {
            at: self.len(),
            len: between.chars().count(),
            kind: RepairKind::LineBreak,
            original: "\n".to_owned(),
        });
        joined.marks.extend(next.marks.iter().map(|m| Mark { at: m.at + offset, ..m.clone() }));
        for part in [between, &next.text] {
            joined.text.push_str(part);
        }
        joined.key.push_str(between);
        joined.key.push_str(&next.key);
        joined
    }
}

/// Brackets of two to six plain letters behind a Han character that could be a syllable: `市(shi)`.
fn plain_readings(raw: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut previous = None;
    for (at, c) in raw.char_indices() {
        if matches!(c, '(' | '（') && previous.is_some_and(is_han) {
            let inside = &raw[at + c.len_utf8()..];
            let letters = inside.bytes().take_while(u8::is_ascii_lowercase).count();
            let close = inside[letters..].chars().next();
            if let Some(close @ (')' | '）')) = close
                && is_syllable(&inside[..letters])
            {
                let end = at + c.len_utf8() + letters + close.len_utf8();
                found.push(at..end);
            }
        }
        previous = Some(c);
    }
    found
}

/// Whether letters have the shape of a pinyin syllable: an initial and a final of the language.
fn is_syllable(letters: &str) -> bool {
    const INITIALS: &[&str] = &[
        "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x",
        "r", "z", "c", "s", "y", "w", "",
    ];
    const FINALS: &[&str] = &[
        "a", "o", "e", "i", "u", "v", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "ong",
        "er", "ia", "ie", "iao", "iu", "ian", "in", "iang", "ing", "iong", "ua", "uo", "uai", "ui",
        "uan", "un", "uang", "ue", "ve",
    ];
    INITIALS
        .iter()
        .filter_map(|initial| letters.strip_prefix(initial))
        .any(|rest| FINALS.contains(&rest))
}

/// The converter that loses tones also doubles: in `工(gong)工(gong)` the first reading and the second
/// character with its reading are one piece to take out.
fn with_doublets(raw: &str, readings: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(readings.len());
    for reading in readings {
        if let Some(last) = joined.last_mut()
            && let between = &raw[last.end..reading.start]
            && between.chars().count() == 1
            && between.chars().next() == raw[..last.start].chars().next_back()
            && raw[last.clone()].starts_with(&raw[reading.clone()])
        {
            last.end = reading.end;
            continue;
        }
        joined.push(reading);
    }
    joined
}

/// How many plain readings make a page one whose converter lost the tones.
const MANY_READINGS: usize = 12;

/// Whether a whole text is strewn with readings without tones.
pub(crate) fn has_plain_glosses(text: &str) -> bool {
    plain_readings(text).len() >= MANY_READINGS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cutting_keeps_each_mark_with_its_character() {
        let line = Line::clean("　云溪市僑聯(lián)：\t發展(zhǎn)\u{200b}  ", false);
        assert_eq!(line.text, "云溪市僑聯： 發展");
        assert_eq!(line.key, "云溪市侨联: 发展");
        let at = line.key.find(':').expect("colon");
        let (left, right) = (line.cut(0..at), line.cut(at + 1..line.key.len()));
        assert_eq!((left.text.as_str(), left.marks.len()), ("云溪市僑聯", 1));
        assert_eq!((right.text.as_str(), right.marks.len()), ("發展", 1));
        assert_eq!(right.marks[0].at, 2);
    }

    #[test]
    fn plain_readings_need_the_shape_of_a_syllable() {
        assert_eq!(Line::clean("工(gong)作(zuo)（WTO）(abc)", true).text, "工作（WTO）(abc)");
        assert_eq!(Line::clean("工(gong)作", false).text, "工(gong)作");
        assert_eq!(Line::clean("政(zheng)府(fu)工(gong)工(gong)作", true).text, "政府工作");
    }

    #[test]
    fn joining_marks_the_break() {
        let joined = Line::clean("疫情之后", false).join(&Line::clean("做了什么？", false), "");
        assert_eq!(joined.text, "疫情之后做了什么？");
        assert_eq!(joined.marks[0].kind, RepairKind::LineBreak);
    }
}
