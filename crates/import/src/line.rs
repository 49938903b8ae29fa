//! A line of the source that can be cut and joined without losing track of what was mended in it.

use crate::dirt::{self, Dirt, Edit};
use crate::mojibake::Mended;
use anjuan_text::RepairKind;
use anjuan_text::script::simplify_char;
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
    /// Cleans one line by itself. `plain_glosses`: readings without tone marks are glosses too.
    pub(crate) fn clean(raw: &str, plain_glosses: bool) -> Self {
        Self::mended(raw, &Dirt::of_a_line(plain_glosses), 0)
    }

    /// Cleans one line of a document: all that can be put right is, each with what stood there.
    pub(crate) fn mended(raw: &str, dirt: &Dirt, index: usize) -> Self {
        let mended = dirt.decoded(raw);
        let Some(mended) = mended else { return Self::built(raw, &dirt.edits(raw, index), None) };
        let text = mended.apply(raw);
        Self::built(&text, &dirt.edits(&text, index), Some((raw, &mended)))
    }

    /// `edits` in order and apart from each other. `before`: the line before it was decoded anew.
    fn built(text: &str, edits: &[Edit], before: Option<(&str, &Mended)>) -> Self {
        let stood = |range: Range<usize>| match before {
            Some((raw, mended)) => raw[mended.source(range)].to_owned(),
            None => text[range].to_owned(),
        };
        let decoded = before.map(|(_, mended)| mended.pieces()).unwrap_or_default();
        let mut decoded = decoded.iter().peekable();
        let room = || String::with_capacity(text.len());
        let mut line = Self { text: room(), key: room(), marks: Vec::new() };
        let mut next = edits.iter().peekable();
        let (mut chars, mut skip_to) = (0, 0);
        for (at, c) in text.char_indices() {
            if at < skip_to {
                continue;
            }
            if let Some(edit) = next.next_if(|e| e.range.start == at) {
                skip_to = edit.range.end;
                let len = edit.with.chars().count();
                let original = stood(edit.range.clone());
                line.marks.push(Mark { at: chars, len, kind: edit.kind, original });
                line.text.push_str(&edit.with);
                line.key.extend(edit.with.chars().map(key_char));
                chars += len;
                continue;
            }
            let shown = match c {
                '\t' | '\u{b}' | '\u{c}' => Some(' '),
                _ if is_blank(c) && !c.is_whitespace() => None,
                // Line separators that no line splitting took away.
                '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
                _ => Some(c),
            };
            while decoded.next_if(|piece| piece.end <= at).is_some() {}
            let len = usize::from(shown.is_some());
            if decoded.peek().is_some_and(|piece| piece.contains(&at)) {
                // One mark a character, so that a line can be cut anywhere.
                let original = stood(at..at + c.len_utf8());
                line.marks.push(Mark { at: chars, len, kind: RepairKind::Mojibake, original });
            } else if shown.is_some_and(|shown| shown != c) {
                let original = c.to_string();
                line.marks.push(Mark { at: chars, len, kind: RepairKind::Space, original });
            }
            line.text.extend(shown);
            line.key.extend(shown.map(key_char));
            chars += len;
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
        let mut inner = self.cut(lead..tail.max(lead));
        // What was mended in the white space: what else stood there, and what was taken out there.
        let first = self.key[..lead].chars().count();
        let last = first + inner.len();
        let moved = |mark: &Mark, at| {
            let kind = if mark.len > 0 { RepairKind::Mojibake } else { mark.kind };
            Mark { at, len: 0, kind, original: mark.original.clone() }
        };
        let (mut marks, mut behind): (Vec<Mark>, Vec<Mark>) = (Vec::new(), Vec::new());
        for mark in self.marks.iter().filter(|m| m.original.chars().any(|c| !is_blank(c))) {
            let taken_out = mark.len == 0;
            let to = if first > 0 && (mark.at < first || taken_out && mark.at == first) {
                &mut marks
            } else if taken_out && mark.at > last || !taken_out && mark.at >= last {
                &mut behind
            } else {
                continue;
            };
            let at = if mark.at <= first { 0 } else { inner.len() };
            match to.last_mut() {
                Some(m) if mark.len > 0 && m.kind == RepairKind::Mojibake => {
                    m.original.push_str(&mark.original);
                }
                _ => to.push(moved(mark, at)),
            }
        }
        marks.append(&mut inner.marks);
        marks.append(&mut behind);
        inner.marks = marks;
        inner
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
                // A gloss belongs to the character before it, what opened a line to its first one.
                0 => (start < m.at || (start == 0 && m.at == 0)) && m.at <= end,
                _ => start <= m.at && m.at < end,
            })
            .map(|m| Mark { at: m.at - start, ..m.clone() })
            .collect();
        Self { text, key: inner.to_owned(), marks }
    }

    /// The line as it stood in the source, but for white space and what is invisible.
    pub(crate) fn source(&self) -> String {
        let mut source = String::with_capacity(self.text.len());
        let mut chars = self.text.chars();
        let mut at = 0;
        for mark in &self.marks {
            source.extend(chars.by_ref().take(mark.at.saturating_sub(at)));
            chars.by_ref().take(mark.len).for_each(drop);
            source.push_str(&mark.original);
            at = mark.at.max(at) + mark.len;
        }
        source.extend(chars);
        source
    }

    /// The line with the half-width signs that stand inside Chinese made full.
    pub(crate) fn full_width(&self) -> Self {
        let signs = dirt::half_width(&self.text);
        if signs.is_empty() {
            return self.clone();
        }
        let mut line =
            Self { text: String::with_capacity(self.text.len() + signs.len() * 2), ..self.clone() };
        let mut next = signs.iter().peekable();
        for (at, c) in self.text.chars().enumerate() {
            match next.next_if(|(place, _)| *place == at) {
                Some(&(_, full)) => {
                    line.text.push(full);
                    // What the character already was mended from stays what stood there.
                    if !self.marks.iter().any(|m| m.len > 0 && (m.at..m.at + m.len).contains(&at)) {
                        let kind = RepairKind::Punctuation;
                        line.marks.push(Mark { at, len: 1, kind, original: c.to_string() });
                    }
                }
                None => line.text.push(c),
            }
        }
        line.marks.sort_by_key(|m| (m.at, m.len));
        line
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
    fn what_was_taken_out_in_front_of_white_space_is_kept() {
        let edit = |range, kind| Edit { range, with: String::new(), kind };
        let text = "4、 云溪 第2页";
        let edits = [edit(0..4, RepairKind::PageNumber), edit(12..19, RepairKind::PageNumber)];
        let line = Line::built(text, &edits, None);
        assert_eq!(line.text, "云溪");
        let marks: Vec<(usize, usize, &str)> =
            line.marks.iter().map(|m| (m.at, m.len, m.original.as_str())).collect();
        assert_eq!(marks, [(0, 0, "4、"), (2, 0, "第2页")]);
    }

    #[test]
    fn readings_without_tones_go_where_they_are_strewn() {
        assert_eq!(Line::clean("工(gong)作(zuo)（WTO）(abc)", true).text, "工作（WTO）(abc)");
        assert_eq!(Line::clean("工(gong)作", false).text, "工(gong)作");
        assert_eq!(Line::clean("政(zheng)府(fu)工(gong)工(gong)作", true).text, "政府工作");
    }

    #[test]
    fn a_line_decoded_anew_can_be_cut_and_put_back() {
        let garbled = "　Ô\u{c6}Ï\u{aa}ÊÐÇÈÁª£ºÈ«ÃæÍÆ½ø(1)¸÷Ïî¹¤×÷";
        let line = Line::clean(garbled, false);
        assert_eq!(line.text, "云溪市侨联：全面推进(1)各项工作");
        assert_eq!(line.source(), garbled.trim());
        let at = line.key.find(':').expect("colon");
        let parts = [line.cut(0..at + 1), line.cut(at + 1..line.key.len())];
        assert_eq!(parts.map(|p| p.source()).concat(), garbled.trim());
        assert_eq!(line.full_width().text, "云溪市侨联：全面推进（1）各项工作");
    }

    #[test]
    fn joining_marks_the_break() {
        let joined = Line::clean("疫情之后", false).join(&Line::clean("做了什么？", false), "");
        assert_eq!(joined.text, "疫情之后做了什么？");
        assert_eq!(joined.marks[0].kind, RepairKind::LineBreak);
    }
}
