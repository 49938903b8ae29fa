//! Bytes to text: which encoding, how sure, what was lost.

mod stateful;

use crate::{ImportError, likeness};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE,
};
use memchr::memchr_iter;
use std::char::REPLACEMENT_CHARACTER;

/// A file as text.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) encoding: &'static str,
    pub(crate) text: String,
    /// How many byte sequences had no meaning in the encoding.
    pub(crate) lost: usize,
    /// Whether another encoding is nearly as likely.
    pub(crate) uncertain: bool,
    /// The encodings of smaller parts, where the file is not of one piece.
    pub(crate) mixed: Vec<&'static str>,
}

impl Decoded {
    fn new(encoding: &'static str, text: String, lost: usize) -> Self {
        Self { encoding, text, lost, uncertain: false, mixed: Vec::new() }
    }
}

/// What the first bytes of formats that are no text say.
const MAGIC: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "ZIP archive (DOCX, XLSX, EPUB and the like)"),
    (b"PK\x05\x06", "ZIP archive"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old Office document (DOC, XLS, WPS)"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG picture"),
    (b"\xFF\xD8\xFF", "JPEG picture"),
    (b"GIF8", "GIF picture"),
    (b"\x1F\x8B", "gzip archive"),
    (b"7z\xBC\xAF\x27\x1C", "7-Zip archive"),
    (b"Rar!", "RAR archive"),
    (b"SQLite format 3\0", "SQLite database"),
    (b"\x7FELF", "program"),
    (b"MZ\x90", "program"),
    (b"\x28\xB5\x2F\xFD", "Zstandard archive"),
];

/// Reads a file.
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded, ImportError> {
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(ImportError::Unsupported { kind: (*kind).to_owned() });
    }
    let decoded = if let Some(decoded) = by_mark(bytes) { decoded } else { by_content(bytes) };
    let all = decoded.text.chars().count();
    let mut odd = decoded.lost;
    let text = &decoded.text;
    for at in worth_a_look(text.as_bytes()) {
        let Some(c) = text[at..].chars().next() else { continue };
        // Control characters, and the noncharacters and unassigned planes that chance produces.
        // Windows-1252 taken for Latin-1 has controls for letters; UTF-8 does not come by chance.
        let control = c.is_control() && (c < '\u{80}' || decoded.encoding != "UTF-8");
        let stray = control && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{85}' | '\u{1a}');
        odd += usize::from(stray || matches!(c as u32, 0xE000..=0xF8FF | 0x4_0000..));
    }
    // Real text with damage has a stray byte in hundreds, chance one in four.
    if odd * 10 > all {
        return Err(ImportError::Unsupported { kind: "binary data".to_owned() });
    }
    Ok(decoded)
}

/// Where characters begin that may be odd: controls, and those for private use and beyond all
/// scripts, by the first byte. Whole blocks without any are passed over at once.
fn worth_a_look(text: &[u8]) -> impl Iterator<Item = usize> {
    const BLOCK: usize = 64;
    let odd = |b: u8| {
        matches!(b, 0..=0x08 | 0x0B..=0x1F | 0x7F | 0xC2 | 0xEE | 0xEF | 0xF1..=0xFF) && b != b'\r'
    };
    let blocks = text.chunks(BLOCK).enumerate();
    let blocks = blocks.filter(move |(_, block)| block.iter().fold(false, |any, &b| any | odd(b)));
    blocks.flat_map(move |(at, block)| {
        let found = block.iter().enumerate().filter(move |&(_, &b)| odd(b));
        found.map(move |(within, _)| at * BLOCK + within)
    })
}

/// Reads a file in an encoding that the user names.
pub(crate) fn decode_as(bytes: &[u8], label: &str) -> Option<Decoded> {
    let name = label.trim().to_ascii_lowercase().replace('_', "-");
    let decoded = match name.as_str() {
        "hz" | "hz-gb-2312" => read(bytes, "HZ-GB-2312", stateful::hz),
        "iso-2022-cn" | "iso-2022-cn-ext" => read(bytes, "ISO-2022-CN", stateful::iso_2022),
        "iso-2022-kr" => read(bytes, "ISO-2022-KR", stateful::iso_2022),
        "euc-tw" => read(bytes, "EUC-TW", stateful::euc_tw),
        "utf-7" => read(bytes, "UTF-7", stateful::utf_7),
        "utf-32" | "utf-32le" | "utf-32-le" => utf_32(bytes, u32::from_le_bytes, "UTF-32LE"),
        "utf-32be" | "utf-32-be" => utf_32(bytes, u32::from_be_bytes, "UTF-32BE"),
        _ => with(Encoding::for_label(name.as_bytes())?, bytes),
    };
    Some(match decoded.text.strip_prefix('\u{feff}') {
        Some(text) => Decoded { text: text.to_owned(), ..decoded },
        None => decoded,
    })
}

/// By the mark at the beginning, and where the rest is in it, too.
fn by_mark(bytes: &[u8]) -> Option<Decoded> {
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE\0\0") {
        return Some(utf_32(rest, u32::from_le_bytes, "UTF-32LE"));
    }
    if let Some(rest) = bytes.strip_prefix(b"\0\0\xFE\xFF") {
        return Some(utf_32(rest, u32::from_be_bytes, "UTF-32BE"));
    }
    if let Some(rest) = bytes.strip_prefix(b"\x84\x31\x95\x33") {
        return Some(with(GB18030, rest));
    }
    let (encoding, mark) = Encoding::for_bom(bytes)?;
    let rest = &bytes[mark..];
    let marked = with(encoding, rest);
    // A program that joins files leaves the mark of the first before the text of another.
    if marked.lost > 0
        || (encoding != UTF_8 && likeness::cost(&marked.text) > rest.len() as u64 * 7)
    {
        let other = by_content(rest);
        if likeness::cost(&other.text) + 8 * MARK < likeness::cost(&marked.text) {
            return Some(other);
        }
    }
    Some(marked)
}

/// What a mark is worth, in characters that read better without it.
const MARK: u64 = 8;

fn utf_32(bytes: &[u8], read: fn([u8; 4]) -> u32, encoding: &'static str) -> Decoded {
    let mut lost = 0;
    let mut text = String::with_capacity(bytes.len() / 4);
    for unit in bytes.chunks(4) {
        let c = <[u8; 4]>::try_from(unit).ok().and_then(|unit| char::from_u32(read(unit)));
        lost += usize::from(c.is_none());
        text.push(c.unwrap_or(REPLACEMENT_CHARACTER));
    }
    Decoded::new(encoding, text, lost)
}

fn read(bytes: &[u8], encoding: &'static str, reader: fn(&[u8]) -> stateful::Read) -> Decoded {
    let (text, lost) = reader(bytes);
    Decoded::new(encoding, text, lost)
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    // GB18030 is the superset of GB2312 and GBK; one name for the family.
    let encoding = if encoding == GBK { GB18030 } else { encoding };
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    let lost = if had_errors { text.matches(REPLACEMENT_CHARACTER).count() } else { 0 };
    let name = if encoding == GB18030 { "GB18030" } else { encoding.name() };
    Decoded::new(name, text.into_owned(), lost)
}

/// UTF-32 without a mark: nearly every fourth byte is zero, and the one beside it nearly so.
fn looks_like_utf_32(bytes: &[u8], high: [usize; 2]) -> bool {
    let units = bytes.len() / 4;
    let fit = bytes.chunks_exact(4).filter(|unit| unit[high[0]] == 0 && unit[high[1]] <= 0x10);
    units >= 2 && bytes.len().is_multiple_of(4) && fit.count() * 50 >= units * 49
}

/// By trying: each candidate decodes the whole file, and the one whose text is the most likely
/// Chinese wins. What the page declares of itself is not asked, since it lies too often.
fn by_content(bytes: &[u8]) -> Decoded {
    let nulls = memchr_iter(0, bytes).count();
    if nulls > 0 {
        if looks_like_utf_32(bytes, [3, 2]) {
            return utf_32(bytes, u32::from_le_bytes, "UTF-32LE");
        }
        if looks_like_utf_32(bytes, [0, 1]) {
            return utf_32(bytes, u32::from_be_bytes, "UTF-32BE");
        }
    }
    if bytes.is_ascii() && nulls * 50 <= bytes.len() {
        return of_seven_bits(bytes);
    }
    let utf_8 = std::str::from_utf8(bytes).ok().filter(|_| nulls * 50 <= bytes.len());
    // A character of three or four bytes is not there by chance; some of two may be (联通 in GBK).
    let certain = |text: &&str| {
        text.bytes().any(|b| b >= 0xE0) || text.chars().filter(|c| !c.is_ascii()).count() >= 12
    };
    if let Some(text) = utf_8.filter(certain) {
        return Decoded::new("UTF-8", text.to_owned(), 0);
    }
    let chinese = with(GB18030, bytes);
    let plain = chinese.lost == 0 && nulls == 0 && likeness::is_chinese(&chinese.text);
    let best = if plain { chinese } else { likeliest(bytes, chinese) };
    if best.encoding == "UTF-8" && best.lost == 0 {
        return best;
    }
    in_parts(bytes, &best).unwrap_or(best)
}

/// ASCII, or one of the encodings that hide behind it.
fn of_seven_bits(bytes: &[u8]) -> Decoded {
    let mut tried = Vec::new();
    if bytes.windows(2).any(|w| w == b"~{") {
        tried.push(read(bytes, "HZ-GB-2312", stateful::hz));
    }
    if bytes.windows(3).any(|w| w == b"\x1b$)") {
        let korean = bytes.windows(4).any(|w| w == b"\x1b$)C");
        let name = if korean { "ISO-2022-KR" } else { "ISO-2022-CN" };
        tried.push(read(bytes, name, stateful::iso_2022));
    }
    if bytes.contains(&0x1B) {
        tried.push(with(ISO_2022_JP, bytes));
    }
    if bytes.contains(&b'+') {
        tried.push(read(bytes, "UTF-7", stateful::utf_7));
    }
    let ascii = Decoded::new("UTF-8", bytes.iter().map(|&b| char::from(b)).collect(), 0);
    // What is taken for Chinese has to hold some; source code has its pluses and tildes.
    let chinese =
        |d: &Decoded| d.text.chars().filter(|&c| likeness::bits(c) <= 18 && c > '~').count();
    tried.retain(|d| chinese(d) >= 2 && likeness::cost(&d.text) < likeness::cost(&ascii.text));
    tried.into_iter().min_by_key(|d| likeness::cost(&d.text)).unwrap_or(ascii)
}

/// How much of a large file decides which encodings are worth reading all of it in, and in how many
/// pieces it is taken.
const GLANCE: usize = 8 << 10;
const PIECES: usize = 16;

/// Pieces of a large file, evenly spread over where it is not ASCII; none of a small one.
///
/// They begin behind the end of a line or tag, so that no character is cut, and on even bytes for
/// the encodings of two.
fn glance(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.len() < GLANCE * 2 {
        return None;
    }
    let begins: Vec<usize> = (2..bytes.len())
        .step_by(2)
        .filter(|&at| matches!(bytes[at - 1], b'\n' | b'>') && !bytes[at].is_ascii())
        .collect();
    if begins.len() < PIECES {
        return None;
    }
    let piece = |n: usize| {
        let from = begins[n * begins.len() / PIECES];
        &bytes[from..bytes.len().min(from + GLANCE / PIECES)]
    };
    Some((0..PIECES).flat_map(piece).copied().collect())
}

/// The likeliest of all encodings of eight bits.
fn likeliest(bytes: &[u8], chinese: Decoded) -> Decoded {
    let glance = glance(bytes);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(glance.as_deref().unwrap_or(bytes), true);
    let guess = detector.guess(None, Utf8Detection::Allow);
    let mut candidates = vec![chinese];
    let mut encodings = vec![UTF_8, BIG5, UTF_16LE, UTF_16BE, EUC_JP, SHIFT_JIS, EUC_KR];
    if guess != GBK && !encodings.contains(&guess) {
        encodings.push(guess);
    }
    if let Some(glance) = glance {
        let bits = |encoding| likeness::cost(&with(encoding, &glance).text);
        let costs: Vec<u64> = encodings.iter().map(|encoding| bits(encoding)).collect();
        let least = costs.iter().copied().fold(bits(GB18030), u64::min);
        let mut costs = costs.into_iter();
        encodings.retain(|_| costs.next().is_some_and(|cost| cost <= least + least / 4));
    }
    candidates.extend(encodings.iter().map(|encoding| with(encoding, bytes)));
    if !bytes.iter().any(|b| matches!(b, 0x80..=0x8D | 0x8F..=0xA0 | 0xFF)) {
        candidates.push(read(bytes, "EUC-TW", stateful::euc_tw));
    }
    let mut scored: Vec<(u64, Decoded)> = candidates
        .into_iter()
        .map(|decoded| {
            let mut bits = likeness::cost(&decoded.text);
            let guessed =
                decoded.encoding == guess.name() || (decoded.encoding == "GB18030" && guess == GBK);
            // What browsers take it for weighs little; what is well-formed weighs more.
            bits += if guessed { 0 } else { 4 };
            bits += if decoded.encoding == "UTF-8" && decoded.lost == 0 { 0 } else { 6 };
            (bits, decoded)
        })
        .collect();
    scored.sort_by_key(|&(bits, _)| bits);
    let runner_up =
        scored[1..].iter().find(|(_, d)| d.text != scored[0].1.text).map_or(u64::MAX, |s| s.0);
    let (bits, mut best) = scored.swap_remove(0);
    let (count, sum) = likeness::wide(&best.text);
    let strange = count > 0 && sum > count as u64 * 15;
    best.uncertain = strange || runner_up.saturating_sub(bits) < 12 + bits / 50;
    best
}

/// A file of which some parts are in one encoding and some in another, as programs make them that
/// join files or paste into templates. Parts end with a line or before a markup tag: no byte of a
/// Chinese character is a line feed or a `<`.
fn in_parts(bytes: &[u8], whole: &Decoded) -> Option<Decoded> {
    if whole.encoding.starts_with("UTF-16") {
        return None;
    }
    let parts = || {
        bytes.split_inclusive(|&b| b == b'\n').flat_map(|line| line.split_inclusive(|&b| b == b'>'))
    };
    let three = |part: &[u8]| {
        part.iter().any(|&b| b >= 0xE0)
            && std::str::from_utf8(part)
                .is_ok_and(|t| t.chars().filter(|&c| c > '\u{7FF}').count() >= 2)
    };
    if whole.lost == 0 && !parts().any(three) {
        return None;
    }
    let choices = [UTF_8, GB18030, BIG5];
    let mut text = String::with_capacity(bytes.len());
    let mut wide = [0_usize; 3];
    let (mut lost, mut last) = (0, None);
    for part in parts() {
        if part.is_ascii() {
            text.extend(part.iter().map(|&b| char::from(b)));
            continue;
        }
        let (at, decoded) = choices
            .iter()
            .enumerate()
            .map(|(at, encoding)| (at, with(encoding, part)))
            .min_by_key(|(at, d)| {
                likeness::cost(&d.text) + if last == Some(*at) { 0 } else { 12 }
            })?;
        last = Some(at);
        wide[at] += decoded.text.chars().filter(|c| !c.is_ascii()).count();
        lost += decoded.lost;
        text.push_str(&decoded.text);
    }
    let several = wide.iter().filter(|&&n| n >= 4).count() >= 2;
    if !several || likeness::cost(&text) + 40 > likeness::cost(&whole.text) {
        return None;
    }
    let most = (0..wide.len()).max_by_key(|&at| wide[at])?;
    let mixed =
        (0..wide.len()).filter(|&at| at != most && wide[at] > 0).map(|at| name_of(choices[at]));
    let mixed = mixed.collect();
    Some(Decoded { mixed, ..Decoded::new(name_of(choices[most]), text, lost) })
}

fn name_of(encoding: &'static Encoding) -> &'static str {
    if encoding == GB18030 { "GB18030" } else { encoding.name() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "云溪市归国华侨联合会二〇二三年工作总结\n一、强化政治引领，凝聚侨心。全市各级侨联组织深入学习。\n";

    #[test]
    fn every_encoding_is_recognised_from_content() {
        let traditional = anjuan_text::to_traditional(TEXT).replace('〇', "零");
        let utf_16 =
            |read: fn(u16) -> [u8; 2]| -> Vec<u8> { TEXT.encode_utf16().flat_map(read).collect() };
        for (bytes, encoding, text) in [
            (TEXT.as_bytes().to_vec(), "UTF-8", TEXT),
            (GBK.encode(TEXT).0.into_owned(), "GB18030", TEXT),
            (GB18030.encode(&traditional).0.into_owned(), "GB18030", traditional.as_str()),
            (BIG5.encode(&traditional).0.into_owned(), "Big5", traditional.as_str()),
            (utf_16(u16::to_le_bytes), "UTF-16LE", TEXT),
            (utf_16(u16::to_be_bytes), "UTF-16BE", TEXT),
        ] {
            let decoded = decode(&bytes).expect("text");
            assert_eq!((decoded.encoding, decoded.text.as_str()), (encoding, text));
            assert_eq!(decoded.lost, 0);
        }
    }

    #[test]
    fn what_is_no_text_is_refused_by_name() {
        // A linear congruential generator: bytes without any order.
        let noise: Vec<u8> = std::iter::successors(Some(1_u32), |x| {
            Some(x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223))
        })
        .map(|x| (x >> 24) as u8)
        .take(4000)
        .collect();
        for (bytes, kind) in [
            (&b"PK\x03\x04rest"[..], "ZIP archive (DOCX, XLSX, EPUB and the like)"),
            (&noise, "binary data"),
        ] {
            match decode(bytes) {
                Err(ImportError::Unsupported { kind: found }) => assert_eq!(found, kind),
                other => panic!("{kind}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_mark_or_chance_does_not_decide() {
        let gbk = GBK.encode(TEXT).0;
        let marked = [&b"\xEF\xBB\xBF"[..], &gbk].concat();
        assert_eq!(decode(&marked).expect("text").text, TEXT);
        // 联通 in GBK is valid UTF-8.
        assert_eq!(decode(b"\xC1\xAA\xCD\xA8").expect("text").text, "联通");
        let european = "Málaga, São Paulo, Zürich";
        assert_eq!(decode(european.as_bytes()).expect("text").text, european);
    }

    #[test]
    fn a_file_of_two_encodings_is_read_in_parts() {
        let parts = [TEXT.as_bytes(), &GBK.encode(TEXT).0, TEXT.as_bytes()].concat();
        let decoded = decode(&parts).expect("text");
        assert_eq!(decoded.text, TEXT.repeat(3));
        assert_eq!(
            (decoded.encoding, &decoded.mixed[..], decoded.lost),
            ("UTF-8", &["GB18030"][..], 0)
        );
    }

    #[test]
    fn what_the_user_names_is_taken() {
        let bytes = GBK.encode(TEXT).0;
        assert_eq!(decode_as(&bytes, "gb2312").expect("known").text, TEXT);
        assert_eq!(decode_as(b"~{TFO*JP~}", "HZ-GB-2312").expect("known").text, "云溪市");
        assert!(decode_as(&bytes, "nonsense").is_none());
    }

    #[test]
    fn damage_is_counted() {
        let mut bytes = TEXT.repeat(20).into_bytes();
        bytes[31] = 0xFF;
        let decoded = decode(&bytes).expect("text");
        assert_eq!(decoded.encoding, "UTF-8");
        assert!(decoded.lost > 0);
    }
}
