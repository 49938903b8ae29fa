//! Text that was read in the wrong encoding before it was saved, and saved so: `浣犲ソ`, `ÄãºÃ`,
//! `ä½ å¥½` were all 你好. Where the way back is known and loses nothing the text is put right,
//! each piece with what stood there; characters that are gone (`锟斤拷`) are counted, not guessed.

use crate::likeness;
use encoding_rs::{BIG5, Encoding, GB18030, GBK, WINDOWS_1252};
use std::char::REPLACEMENT_CHARACTER;
use std::ops::Range;

/// What the text was taken for, and what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Way {
    wrong: Wrong,
    right: Right,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    /// Latin-1 or Windows-1252, or a mixture of both.
    Latin,
    Gb,
    Big5,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Right {
    Utf8,
    Gb,
    Big5,
}

/// The ways that occur, those first that cannot be mistaken.
const WAYS: &[Way] = &[
    Way { wrong: Wrong::Latin, right: Right::Utf8 },
    Way { wrong: Wrong::Gb, right: Right::Utf8 },
    Way { wrong: Wrong::Big5, right: Right::Utf8 },
    Way { wrong: Wrong::Latin, right: Right::Gb },
    Way { wrong: Wrong::Latin, right: Right::Big5 },
    Way { wrong: Wrong::Gb, right: Right::Big5 },
    Way { wrong: Wrong::Big5, right: Right::Gb },
];

/// A piece of a line put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unit {
    /// Where it stood, in bytes.
    pub(crate) raw: Range<usize>,
    /// What it was.
    pub(crate) text: String,
}

/// What a line becomes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Mended {
    /// The pieces put right, in order.
    pub(crate) units: Vec<Unit>,
}

impl Mended {
    /// The line as it was.
    pub(crate) fn apply(&self, raw: &str) -> String {
        let mut text = String::with_capacity(raw.len());
        let mut from = 0;
        for unit in &self.units {
            text.push_str(&raw[from..unit.raw.start]);
            text.push_str(&unit.text);
            from = unit.raw.end;
        }
        text.push_str(&raw[from..]);
        text
    }

    /// Where the pieces are in the line as it was.
    pub(crate) fn pieces(&self) -> Vec<Range<usize>> {
        let mut shift = 0_isize;
        let place = |unit: &Unit| {
            let start = unit.raw.start.wrapping_add_signed(shift);
            shift += unit.text.len().cast_signed() - unit.raw.len().cast_signed();
            start..start + unit.text.len()
        };
        self.units.iter().map(place).collect()
    }

    /// What stood for a part of the line as it was. A piece that begins inside a larger one has
    /// nothing of its own: the parts of a line make up the whole of it, each once.
    pub(crate) fn source(&self, part: Range<usize>) -> Range<usize> {
        let pieces = self.pieces();
        let place = |at: usize| {
            let before = pieces.partition_point(|piece| piece.start < at);
            match before.checked_sub(1) {
                None => at,
                Some(k) if at <= pieces[k].end => self.units[k].raw.end,
                Some(k) => self.units[k].raw.end + (at - pieces[k].end),
            }
        };
        place(part.start)..place(part.end)
    }
}

/// Whether a line is worth a try: characters that Chinese text does not have side by side.
fn suspect(line: &str) -> bool {
    let mut last = [0_u32; 4];
    for (at, c) in line.chars().filter(|c| !c.is_ascii()).enumerate() {
        last[at % 4] = match c {
            '\u{80}'..='\u{FF}' | '\u{152}'..='\u{192}' | '€' | '™' | '†' | '‡' | '‰' => {
                19
            }
            _ => likeness::bits(c),
        };
        if last.iter().sum::<u32>() >= 56 {
            return true;
        }
    }
    false
}

/// Puts a line right. `found` are the ways that other lines of the document took, for which less
/// evidence is needed.
pub(crate) fn mend(line: &str, found: &Found) -> Option<Mended> {
    if !suspect(line) && (found.0.is_empty() || line.is_ascii()) {
        return None;
    }
    let mut mended = Mended::default();
    // What went wrong twice is put right twice.
    for _ in 0..3 {
        let text = mended.apply(line);
        let Some((_, units)) = best_way(&text, found) else { break };
        mended = compose(&mended, units);
    }
    (!mended.units.is_empty()).then_some(mended)
}

/// The ways by which a document went wrong.
#[derive(Debug, Default)]
pub(crate) struct Found(Vec<Way>);

/// Lines that must have gone one way before others are held to have gone it too.
const LINES: usize = 2;

impl Found {
    /// The ways that lines of a document went beyond doubt.
    pub(crate) fn among<'l>(lines: impl Iterator<Item = &'l str>) -> Self {
        let mut counts = [0_usize; WAYS.len()];
        let none = Self::default();
        for line in lines.filter(|line| suspect(line)) {
            if let Some((way, _)) = best_way(line, &none) {
                counts[WAYS.iter().position(|w| *w == way).unwrap_or_default()] += 1;
            }
        }
        let ways = WAYS.iter().zip(counts).filter(|(_, n)| *n >= LINES);
        Self(ways.map(|(way, _)| *way).collect())
    }
}

fn best_way(line: &str, found: &Found) -> Option<(Way, Vec<Unit>)> {
    let mut best: Option<(u64, Way, Vec<Unit>)> = None;
    for &way in WAYS {
        let known = found.0.contains(&way);
        let mut units = Vec::new();
        let mut gain = 0;
        for stretch in stretches(line, way) {
            if let Some(gained) = stretch.gain(line, way, known) {
                gain += gained;
                units.extend(stretch.units);
            }
        }
        if best.as_ref().is_none_or(|(most, ..)| gain > *most) && !units.is_empty() {
            best = Some((gain, way, units));
        }
    }
    best.map(|(_, way, units)| (way, units))
}

/// A run of a line that the way back leads through.
#[derive(Debug, Default)]
struct Stretch {
    units: Vec<Unit>,
    lost: usize,
}

impl Stretch {
    /// The bits that the text gets shorter by, if that is beyond chance.
    fn gain(&self, line: &str, way: Way, known: bool) -> Option<u64> {
        let (first, last) = (self.units.first()?, self.units.last()?);
        let before: u64 = line[first.raw.start..last.raw.end]
            .chars()
            .map(|c| if c == REPLACEMENT_CHARACTER { 0 } else { likeness::bits(c).into() })
            .sum();
        let (mut after, mut wide) = (0_u64, 0_usize);
        for c in self.units.iter().flat_map(|u| u.text.chars()) {
            if c == REPLACEMENT_CHARACTER {
                continue;
            }
            after += u64::from(likeness::bits(c));
            wide += usize::from(!c.is_ascii());
        }
        // Where more is gone than is left there is nothing to read.
        if self.lost * 2 > wide {
            return None;
        }
        let gain = before.checked_sub(after)?;
        let enough = match way.right {
            // Bytes that happen to be UTF-8 are rare enough; most of them are one word of a line.
            Right::Utf8 => wide >= 1 && gain >= if known { 6 } else { 24 },
            _ if way.wrong == Wrong::Latin => wide >= 2 && gain >= if known { 8 } else { 24 },
            // Nearly any text can be read either way, so that the whole has to read better.
            _ => wide >= if known { 2 } else { 6 } && self.lost == 0 && after * 5 < before * 4,
        };
        (enough && after < before).then_some(gain)
    }
}

/// A byte of the line in the wrong encoding.
#[derive(Clone, Copy)]
struct Byte {
    /// None where the character was lost.
    value: Option<u8>,
    /// The character of the line that it is of, in bytes.
    start: usize,
    end: usize,
}

fn encode(c: char, wrong: Wrong) -> Option<Vec<u8>> {
    if c.is_ascii() {
        return Some(vec![c as u8]);
    }
    if wrong == Wrong::Latin
        && let Ok(byte) = u8::try_from(u32::from(c))
    {
        return Some(vec![byte]);
    }
    let encoding: &'static Encoding = match wrong {
        Wrong::Latin => WINDOWS_1252,
        Wrong::Gb => GBK,
        Wrong::Big5 => BIG5,
    };
    let mut buffer = [0; 4];
    let (bytes, _, unmappable) = encoding.encode(c.encode_utf8(&mut buffer));
    (!unmappable && bytes.len() <= 2).then(|| bytes.into_owned())
}

/// Every run of a line that can be led back, ends that are plain ASCII left out.
fn stretches(line: &str, way: Way) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut run: Vec<Byte> = Vec::new();
    for (start, c) in line.char_indices() {
        let end = start + c.len_utf8();
        if c == REPLACEMENT_CHARACTER {
            run.push(Byte { value: None, start, end });
        } else if let Some(bytes) = encode(c, way.wrong) {
            run.extend(bytes.into_iter().map(|b| Byte { value: Some(b), start, end }));
        } else {
            lead_back(&run, way.right, &mut found);
            run.clear();
        }
    }
    lead_back(&run, way.right, &mut found);
    for stretch in &mut found {
        let plain = |unit: &Unit| unit.text.is_ascii();
        while stretch.units.last().is_some_and(plain) {
            stretch.units.pop();
        }
        let lead = stretch.units.iter().take_while(|u| plain(u)).count();
        stretch.units.drain(..lead);
    }
    found.retain(|s| !s.units.is_empty());
    found
}

/// Decodes a run of bytes; what cannot be decoded ends a stretch.
fn lead_back(run: &[Byte], right: Right, found: &mut Vec<Stretch>) {
    let mut stretch = Stretch::default();
    let mut at = 0;
    while at < run.len() {
        // A piece begins with a character of the line and ends with one.
        let from = at;
        let mut text = String::new();
        let mut lost = 0;
        let whole = loop {
            let after_loss = lost > 0
                || (text.is_empty()
                    && stretch
                        .units
                        .last()
                        .is_some_and(|u| u.text.ends_with(REPLACEMENT_CHARACTER)));
            match next(&run[at..], right, after_loss) {
                Some((c, length)) => {
                    if c == Some(REPLACEMENT_CHARACTER) {
                        lost += 1;
                    }
                    text.extend(c);
                    at += length;
                }
                None => break false,
            }
            if at == run.len() || run[at].start != run[at - 1].start {
                break true;
            }
        };
        if whole {
            stretch.lost += lost;
            stretch.units.push(Unit { raw: run[from].start..run[at - 1].end, text });
        } else {
            found.push(std::mem::take(&mut stretch));
            // On with the next character of the line.
            let start = run[from].start;
            at = from + run[from..].iter().take_while(|b| b.start == start).count();
        }
    }
    found.push(stretch);
}

/// The next character and the bytes it took; no character for bytes that belong to one lost
/// before.
fn next(run: &[Byte], right: Right, after_loss: bool) -> Option<(Option<char>, usize)> {
    let Some(first) = run.first()?.value else { return Some((Some(REPLACEMENT_CHARACTER), 1)) };
    if first.is_ascii() {
        return Some((Some(first.into()), 1));
    }
    let value = |at: usize| run.get(at).map(|b| b.value);
    if right != Right::Utf8 {
        let encoding: &'static Encoding = if right == Right::Gb { GB18030 } else { BIG5 };
        let second = value(1)??;
        let (text, failed) = encoding
            .decode_without_bom_handling_and_without_replacement(&[first, second])
            .map_or((String::new(), true), |t| (t.into_owned(), false));
        let mut chars = text.chars();
        let c = chars.next().filter(|_| !failed)?;
        return chars.next().is_none().then_some((Some(c), 2));
    }
    let length = match first {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        0x80..=0xBF if after_loss => return Some((None, 1)),
        _ => return None,
    };
    let mut bytes = vec![first];
    for at in 1..length {
        match value(at) {
            Some(Some(byte @ 0x80..=0xBF)) => bytes.push(byte),
            // The rest of the character is gone.
            Some(None) => {
                let gone = (at..length).take_while(|&k| value(k) == Some(None)).count();
                return Some((Some(REPLACEMENT_CHARACTER), at + gone));
            }
            _ => return None,
        }
    }
    let c = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    Some((Some(c), length))
}

/// Pieces put right once, put right once more.
fn compose(first: &Mended, second: Vec<Unit>) -> Mended {
    if first.units.is_empty() {
        return Mended { units: second };
    }
    // Where each piece stands in the text between.
    let mut between: Vec<(Range<usize>, &Unit)> = Vec::with_capacity(first.units.len());
    let mut shift = 0_isize;
    for unit in &first.units {
        let start = unit.raw.start.wrapping_add_signed(shift);
        between.push((start..start + unit.text.len(), unit));
        shift += unit.text.len().cast_signed() - unit.raw.len().cast_signed();
    }
    // A place of the text between, in the line.
    let place = |at: usize, end: bool| -> Option<usize> {
        let k = between.partition_point(|(range, _)| range.end < at + usize::from(!end));
        match between.get(k) {
            Some((range, _)) if range.start < at && at < range.end => None,
            Some((range, unit)) if at == range.start => Some(unit.raw.start),
            Some((range, unit)) if at == range.end => Some(unit.raw.end),
            _ => {
                let before = k.checked_sub(1).map(|k| &between[k]);
                let (from, to) = before.map_or((0, 0), |(range, unit)| (range.end, unit.raw.end));
                Some(to + (at - from))
            }
        }
    };
    let mut units: Vec<Unit> = Vec::with_capacity(second.len());
    for unit in second {
        let (Some(start), Some(end)) = (place(unit.raw.start, false), place(unit.raw.end, true))
        else {
            // Pieces that do not fit into each other: the first time is enough.
            return Mended { units: first.units.clone() };
        };
        units.push(Unit { raw: start..end, text: unit.text });
    }
    // What was put right once and not again stays.
    let kept = first
        .units
        .iter()
        .filter(|f| !units.iter().any(|u| u.raw.start < f.raw.end && f.raw.start < u.raw.end));
    let mut all: Vec<Unit> = kept.cloned().collect();
    all.extend(units);
    all.sort_by_key(|u| u.raw.start);
    Mended { units: all }
}

/// Traces of characters that are gone for good, in bytes of a text: `锟斤拷` is what became of
/// U+FFFD, which had stood for what could not be read.
pub(crate) fn lost(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices() {
        let trace = match c {
            REPLACEMENT_CHARACTER => true,
            '锟' => {
                text[at..].starts_with("锟斤")
                    || text[at + 3..].starts_with(['絏', '揭', '介', '叫', '角', '轿'])
            }
            '斤' => text[at + 3..].starts_with('拷'),
            '拷' => text[..at].ends_with('斤') || text[..at].ends_with('锟'),
            _ => false,
        };
        if trace {
            let end = at + c.len_utf8();
            match found.last_mut() {
                Some(last) if last.end == at => last.end = end,
                _ => found.push(at..end),
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "云溪市侨联全面推进各项工作，2023年取得明显成效";
    const TRADITIONAL: &str = "雲溪市僑聯全面推進各項工作，取得明顯成效";

    fn garbled(text: &str, wrong: &'static Encoding, right: &'static Encoding) -> String {
        let bytes = right.encode(text).0;
        if wrong == WINDOWS_1252 {
            return bytes.iter().map(|&b| char::from(b)).collect();
        }
        wrong.decode_without_bom_handling(&bytes).0.into_owned()
    }

    #[test]
    fn every_way_leads_back() {
        let none = Found::default();
        for (text, wrong, right) in [
            (TEXT, WINDOWS_1252, encoding_rs::UTF_8),
            (TEXT, WINDOWS_1252, GB18030),
            (TRADITIONAL, WINDOWS_1252, BIG5),
            (TRADITIONAL, GBK, BIG5),
        ] {
            let line = garbled(text, wrong, right);
            let mended = mend(&line, &none).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(mended.apply(&line), text, "{line}");
        }
        let short = garbled("你好，云溪市", GBK, encoding_rs::UTF_8);
        assert_eq!(mend(&short, &none).expect("mended").apply(&short), "你好，云溪市");
        let half = format!("会议指出，{short}。");
        assert_eq!(mend(&half, &none).expect("mended").apply(&half), "会议指出，你好，云溪市。");
    }

    #[test]
    fn twice_wrong_is_put_right_twice() {
        let once = garbled(TEXT, WINDOWS_1252, encoding_rs::UTF_8);
        let twice = garbled(&once, WINDOWS_1252, encoding_rs::UTF_8);
        let mended = mend(&twice, &Found::default()).expect("mended");
        assert_eq!(mended.apply(&twice), TEXT);
        let whole: usize = mended.units.iter().map(|u| u.raw.len()).sum();
        assert!(whole <= twice.len());
    }

    #[test]
    fn what_is_right_stays() {
        let none = Found::default();
        for line in [
            TEXT,
            TRADITIONAL,
            "魑魅魍魉饕餮",
            "Málaga, São Paulo, Zürich und Köln",
            "ÄÖÜ",
            "",
            "斤斤计较，拷贝",
            "鳏寡孤独、耄耋老人，囹圄、龃龉、觊觎。",
        ] {
            assert_eq!(mend(line, &none), None, "{line}");
            assert!(lost(line).is_empty(), "{line}");
        }
    }

    #[test]
    fn what_is_gone_is_counted() {
        assert_eq!(lost("茂锟斤拷锟斤拷市").len(), 1);
        assert_eq!(mend("锟斤拷锟斤拷锟斤拷锟斤拷", &Found::default()), None);
        // One byte of 月 and one of 日 are gone.
        let line = "鑼傚悕甯傛斂搴滃伐浣滄姤鍛� 锛�2018骞�1鏈�15鏃� 璁稿織鏅栵級";
        let mended = mend(line, &Found::default()).expect("mended").apply(line);
        assert_eq!(
            mended,
            "茂名市政府工作报\u{FFFD} \u{FFFD}2018\u{FFFD}1\u{FFFD}15\u{FFFD} 许志晖）"
        );
    }
}
