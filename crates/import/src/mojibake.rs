//! Text that was read in the wrong encoding before it was saved, and saved so: `浣犲ソ`, `ÄãºÃ`,
//! `ä½ å¥½` were all 你好. Where the way back is known and loses nothing the text is put right,
//! each piece with what stood there; characters that are gone (`锟斤拷`) are counted, not guessed.

use crate::likeness;
use encoding_rs::{BIG5, DecoderResult, Encoding, GB18030};
use rustc_hash::FxHashSet;
use std::char::REPLACEMENT_CHARACTER;
use std::ops::Range;
use std::sync::LazyLock;

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
    let untried = if found.ways.is_empty() {
        suspect(line) && !found.sound.contains(line)
    } else {
        !line.is_ascii()
    };
    if !untried {
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
pub(crate) struct Found {
    ways: Vec<Way>,
    /// Lines that look odd, and that no way leads back from without what other lines show.
    sound: FxHashSet<String>,
}

/// Lines that must have gone one way before others are held to have gone it too.
const LINES: usize = 2;

impl Found {
    /// The ways that lines of a document went beyond doubt.
    pub(crate) fn among<'l>(lines: impl Iterator<Item = &'l str>) -> Self {
        let mut counts = [0_usize; WAYS.len()];
        let none = Self::default();
        let mut sound = FxHashSet::default();
        for line in lines.filter(|line| suspect(line)) {
            if sound.contains(line) {
                continue;
            }
            if let Some((way, _)) = best_way(line, &none) {
                counts[WAYS.iter().position(|w| *w == way).unwrap_or_default()] += 1;
            } else {
                sound.insert(line.to_owned());
            }
        }
        let ways = WAYS.iter().zip(counts).filter(|(_, n)| *n >= LINES);
        Self { ways: ways.map(|(way, _)| *way).collect(), sound }
    }
}

fn best_way(line: &str, found: &Found) -> Option<(Way, Vec<Unit>)> {
    let mut best: Option<(u64, Way, Vec<Unit>)> = None;
    let runs = [Wrong::Latin, Wrong::Gb, Wrong::Big5].map(|wrong| (wrong, runs(line, wrong)));
    for &way in WAYS {
        let known = found.ways.contains(&way);
        let mut units = Vec::new();
        let mut gain = 0;
        let runs = runs.iter().filter(|(wrong, _)| *wrong == way.wrong);
        for run in runs.flat_map(|(_, runs)| runs) {
            lead_back(run, way.right, &mut |stretch| {
                if let Some(gained) = stretch.gain(line, way, known) {
                    gain += gained;
                    units.extend(stretch.units());
                }
            });
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
    /// What the line was.
    text: String,
    /// Where each piece stood in the line, and where it ends in the text, in bytes.
    pieces: Vec<(Range<usize>, usize)>,
    lost: usize,
}

impl Stretch {
    fn clear(&mut self) {
        self.text.clear();
        self.pieces.clear();
        self.lost = 0;
    }

    /// The text of a piece.
    fn piece(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.pieces[before].1);
        &self.text[start..self.pieces[at].1]
    }

    fn last(&self) -> Option<&str> {
        self.pieces.len().checked_sub(1).map(|at| self.piece(at))
    }

    /// The pieces without those of plain ASCII at either end.
    fn inner(&self) -> Option<Range<usize>> {
        let plain = |at: &usize| !self.piece(*at).is_ascii();
        let first = (0..self.pieces.len()).find(plain)?;
        let last = (0..self.pieces.len()).rfind(plain)?;
        Some(first..last + 1)
    }

    fn units(&self) -> impl Iterator<Item = Unit> {
        let unit =
            |at: usize| Unit { raw: self.pieces[at].0.clone(), text: self.piece(at).to_owned() };
        self.inner().unwrap_or_default().map(unit)
    }

    /// The bits that the text gets shorter by, if that is beyond chance.
    fn gain(&self, line: &str, way: Way, known: bool) -> Option<u64> {
        let inner = self.inner()?;
        let (first, last) = (&self.pieces[inner.start], &self.pieces[inner.end - 1]);
        let (mut after, mut wide) = (0_u64, 0_usize);
        for c in self.text[first.1 - self.piece(inner.start).len()..last.1].chars() {
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
        let before: u64 = line[first.0.start..last.0.end]
            .chars()
            .map(|c| if c == REPLACEMENT_CHARACTER { 0 } else { likeness::bits(c).into() })
            .sum();
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

/// An encoding of two bytes a character, both ways. Every line that looks odd is led through
/// them, and the encoders of `encoding_rs` search their tables from end to end.
struct Pairs {
    /// Characters by pair of bytes, 0 where there is none.
    read: Vec<u32>,
    /// Pairs of bytes by character, 0 where there is none.
    written: Vec<u16>,
}

/// Trailing bytes, from 0x40 on.
const TRAILS: usize = 0xC0;

impl Pairs {
    fn new(encoding: &'static Encoding, written_from: u8) -> Self {
        let mut pairs = Self { read: vec![0; 0x7E * TRAILS], written: vec![0; 0x1_0000] };
        for lead in 0x81_u8..=0xFE {
            for trail in 0x40_u8..=0xFF {
                let mut decoder = encoding.new_decoder_without_bom_handling();
                let mut text = [0_u8; 16];
                let (result, _, written) =
                    decoder.decode_to_utf8_without_replacement(&[lead, trail], &mut text, true);
                let text = std::str::from_utf8(&text[..written]).unwrap_or_default();
                let mut chars = text.chars();
                let (Some(c), None, DecoderResult::InputEmpty) =
                    (chars.next(), chars.next(), result)
                else {
                    continue;
                };
                pairs.read[usize::from(lead - 0x81) * TRAILS + usize::from(trail - 0x40)] =
                    c.into();
                if lead >= written_from
                    && let Some(slot) = pairs.written.get_mut(c as usize)
                    && *slot == 0
                {
                    *slot = u16::from_be_bytes([lead, trail]);
                }
            }
        }
        pairs
    }

    fn read(&self, lead: u8, trail: u8) -> Option<char> {
        let lead = usize::from(lead.checked_sub(0x81)?);
        let at = lead * TRAILS + usize::from(trail.checked_sub(0x40)?);
        self.read.get(at).copied().filter(|&c| c > 0).and_then(char::from_u32)
    }

    fn write(&self, c: char) -> Option<[u8; 2]> {
        self.written.get(c as usize).filter(|&&pair| pair > 0).map(|pair| pair.to_be_bytes())
    }
}

static GB_PAIRS: LazyLock<Pairs> = LazyLock::new(|| Pairs::new(GB18030, 0x81));
// The characters of Hong Kong before 0xA1 are read and not written.
static BIG5_PAIRS: LazyLock<Pairs> = LazyLock::new(|| Pairs::new(BIG5, 0xA1));

/// The bytes of a character in the wrong encoding, and how many they are.
fn encode(c: char, wrong: Wrong) -> Option<([u8; 2], usize)> {
    if c.is_ascii() {
        return Some(([c as u8, 0], 1));
    }
    match wrong {
        Wrong::Latin => {
            let byte = u8::try_from(u32::from(c)).ok().or_else(|| {
                // What Windows-1252 has where Latin-1 has controls.
                let at = WINDOWS.iter().position(|&w| w == c)?;
                u8::try_from(0x80 + at).ok()
            });
            byte.map(|byte| ([byte, 0], 1))
        }
        Wrong::Gb if c == '€' => Some(([0x80, 0], 1)),
        Wrong::Gb => GB_PAIRS.write(c).map(|pair| (pair, 2)),
        Wrong::Big5 => BIG5_PAIRS.write(c).map(|pair| (pair, 2)),
    }
}

/// The characters of Windows-1252 from 0x80 on; those that it lacks are themselves.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// Every run of a line that the wrong encoding has, but for those of plain ASCII.
fn runs(line: &str, wrong: Wrong) -> Vec<Vec<Byte>> {
    let mut found = Vec::new();
    let mut run: Vec<Byte> = Vec::new();
    let mut wide = false;
    for (start, c) in line.char_indices() {
        let end = start + c.len_utf8();
        if c == REPLACEMENT_CHARACTER {
            run.push(Byte { value: None, start, end });
            wide = true;
        } else if let Some((bytes, len)) = encode(c, wrong) {
            run.extend(bytes[..len].iter().map(|&b| Byte { value: Some(b), start, end }));
            wide |= !c.is_ascii();
        } else {
            if wide {
                found.push(std::mem::take(&mut run));
            }
            run.clear();
            wide = false;
        }
    }
    if wide {
        found.push(run);
    }
    found
}

/// Decodes a run of bytes; what cannot be decoded ends a stretch.
fn lead_back(run: &[Byte], right: Right, found: &mut impl FnMut(&Stretch)) {
    let mut stretch = Stretch::default();
    let mut at = 0;
    while at < run.len() {
        // A piece begins with a character of the line and ends with one.
        let (from, text_from) = (at, stretch.text.len());
        let mut lost = 0;
        let whole = loop {
            let after_loss = lost > 0
                || (stretch.text.len() == text_from
                    && stretch.last().is_some_and(|text| text.ends_with(REPLACEMENT_CHARACTER)));
            match next(&run[at..], right, after_loss) {
                Some((c, length)) => {
                    if c == Some(REPLACEMENT_CHARACTER) {
                        lost += 1;
                    }
                    stretch.text.extend(c);
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
            stretch.pieces.push((run[from].start..run[at - 1].end, stretch.text.len()));
        } else {
            stretch.text.truncate(text_from);
            found(&stretch);
            stretch.clear();
            // On with the next character of the line.
            let start = run[from].start;
            at = from + run[from..].iter().take_while(|b| b.start == start).count();
        }
    }
    found(&stretch);
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
        let pairs = if right == Right::Gb { &*GB_PAIRS } else { &*BIG5_PAIRS };
        return pairs.read(first, value(1)??).map(|c| (Some(c), 2));
    }
    let length = match first {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        0x80..=0xBF if after_loss => return Some((None, 1)),
        _ => return None,
    };
    let mut bytes = [first, 0, 0, 0];
    for (at, slot) in bytes.iter_mut().enumerate().take(length).skip(1) {
        match value(at) {
            Some(Some(byte @ 0x80..=0xBF)) => *slot = byte,
            // The rest of the character is gone.
            Some(None) => {
                let gone = (at..length).take_while(|&k| value(k) == Some(None)).count();
                return Some((Some(REPLACEMENT_CHARACTER), at + gone));
            }
            _ => return None,
        }
    }
    let c = std::str::from_utf8(&bytes[..length]).ok()?.chars().next()?;
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
    use encoding_rs::{GBK, WINDOWS_1252};

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
            "\u{A0}\u{A0}\u{A0}\u{A0}\u{A0}\u{A0}\u{A0}\u{A0}——对侨务工作的分析",
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
