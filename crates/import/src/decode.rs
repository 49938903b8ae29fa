//! Bytes to text: which encoding, how sure, what was lost.

use crate::ImportError;
use anjuan_text::is_han;
use anjuan_text::script::simplify_char;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::collections::HashSet;
use std::sync::LazyLock;

/// A file as text.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) encoding: &'static str,
    pub(crate) text: String,
    /// How many byte sequences had no meaning in the encoding.
    pub(crate) lost: usize,
    /// Whether another encoding is nearly as likely.
    pub(crate) uncertain: bool,
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

/// The commonest characters of written Chinese, simplified: about 60% of any prose.
const COMMON: &str = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而\
方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政\
四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提\
直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别手角期根论运农指几九区强放决西被干做必战先\
回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身\
车真务具万每目至达走积示议声报完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界林律且究观织装影低持音众书布复容儿须际\
商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往历市克何除消构府称太准精值号率族维划选标写存候毛亲快效院查江型眼王按格养易\
置派层片始却专状育厂京识适属包住调满县局照参红细引听该铁价严侨务推促创新服贯彻落实坚";

static COMMON_SET: LazyLock<HashSet<char>> = LazyLock::new(|| COMMON.chars().collect());

/// Reads a file.
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded, ImportError> {
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(ImportError::Unsupported { kind: (*kind).to_owned() });
    }
    let decoded = if let Some(decoded) = by_mark(bytes) { decoded } else { by_content(bytes) };
    let (mut all, mut odd) = (0_usize, decoded.lost);
    for c in decoded.text.chars() {
        all += 1;
        // Control characters, and the noncharacters and unassigned planes that chance produces.
        let stray =
            c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{85}' | '\u{1a}');
        odd += usize::from(stray || matches!(c as u32, 0xE000..=0xF8FF | 0x4_0000..));
    }
    // Real text with damage has a stray byte in hundreds, chance one in four.
    if odd * 10 > all {
        return Err(ImportError::Unsupported { kind: "binary data".to_owned() });
    }
    Ok(decoded)
}

/// By the mark at the beginning, which never lies about its own encoding.
fn by_mark(bytes: &[u8]) -> Option<Decoded> {
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE\0\0") {
        return Some(utf_32(rest, u32::from_le_bytes, "UTF-32LE"));
    }
    if let Some(rest) = bytes.strip_prefix(b"\0\0\xFE\xFF") {
        return Some(utf_32(rest, u32::from_be_bytes, "UTF-32BE"));
    }
    let (encoding, mark) = Encoding::for_bom(bytes)?;
    Some(with(encoding, &bytes[mark..]))
}

fn utf_32(bytes: &[u8], read: fn([u8; 4]) -> u32, encoding: &'static str) -> Decoded {
    let mut lost = 0;
    let mut text = String::with_capacity(bytes.len() / 4);
    for unit in bytes.chunks(4) {
        let c = <[u8; 4]>::try_from(unit).ok().and_then(|unit| char::from_u32(read(unit)));
        lost += usize::from(c.is_none());
        text.push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    Decoded { encoding, text, lost, uncertain: false }
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    // GB18030 is the superset of GB2312 and GBK; one name for the family.
    let encoding = if encoding == GBK { GB18030 } else { encoding };
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    let lost = if had_errors {
        text.chars().filter(|&c| c == char::REPLACEMENT_CHARACTER).count()
    } else {
        0
    };
    let name = if encoding == GB18030 { "GB18030" } else { encoding.name() };
    Decoded { encoding: name, text: text.into_owned(), lost, uncertain: false }
}

/// Looks like UTF-32 without a mark: every fourth byte is zero, and the one beside it nearly so.
fn looks_like_utf_32(bytes: &[u8], high: [usize; 2]) -> bool {
    bytes.len() >= 16
        && bytes.len().is_multiple_of(4)
        && bytes.chunks(4).all(|unit| unit[high[0]] == 0 && unit[high[1]] <= 0x10)
}

/// By trying: each candidate decodes the whole file, and the one whose text reads most like
/// Chinese wins. What the page declares of itself is not asked, since it lies too often.
fn by_content(bytes: &[u8]) -> Decoded {
    if looks_like_utf_32(bytes, [3, 2]) {
        return utf_32(bytes, u32::from_le_bytes, "UTF-32LE");
    }
    if looks_like_utf_32(bytes, [0, 1]) {
        return utf_32(bytes, u32::from_be_bytes, "UTF-32BE");
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && text.matches('\0').count() * 50 <= bytes.len()
    {
        return match twice_encoded(text) {
            Some(text) => Decoded { encoding: "UTF-8", text, lost: 0, uncertain: true },
            None => Decoded { encoding: "UTF-8", text: text.to_owned(), lost: 0, uncertain: false },
        };
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Allow);
    let mut candidates = vec![UTF_8, GB18030, BIG5, UTF_16LE, UTF_16BE];
    if guess != GBK && !candidates.contains(&guess) {
        candidates.push(guess);
    }
    let mut scored: Vec<(f64, Decoded)> = candidates
        .into_iter()
        .map(|encoding| {
            let decoded = with(encoding, bytes);
            let favour =
                if encoding == guess || (encoding == GB18030 && guess == GBK) { 0.1 } else { 0.0 };
            (likeness(&decoded) + favour, decoded)
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let runner_up = scored.get(1).map_or(f64::MIN, |s| s.0);
    let (score, mut best) = scored.swap_remove(0);
    best.uncertain = score < 0.25 || score - runner_up < 0.1;
    best
}

/// What a text was before some program took its UTF-8 for Windows-1252 and encoded it once more:
/// `äº‘æºª` was 云溪.
fn twice_encoded(text: &str) -> Option<String> {
    let wide = text.chars().filter(|c| !c.is_ascii()).count();
    if wide < 6 || text.chars().any(is_han) {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        // Latin-1 is its own byte; Windows-1252 puts other characters where that has controls.
        if let Ok(byte) = u8::try_from(c as u32) {
            bytes.push(byte);
            continue;
        }
        let mut buffer = [0; 4];
        let (encoded, _, unmappable) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
        if unmappable {
            return None;
        }
        bytes.extend_from_slice(&encoded);
    }
    let once = String::from_utf8(bytes).ok()?;
    once.chars().any(is_han).then_some(once)
}

/// How much a text reads like Chinese prose: the share of common characters and punctuation
/// among those that are not ASCII, less what was lost or cannot be.
fn likeness(decoded: &Decoded) -> f64 {
    let (mut plain, mut wide, mut good, mut bad) = (0_usize, 0_usize, 0.0, 0.0);
    for c in decoded.text.chars() {
        if c.is_ascii() {
            plain += 1;
            bad += f64::from(c.is_ascii_control() && !c.is_ascii_whitespace()) * 3.0;
            continue;
        }
        wide += 1;
        match c as u32 {
            0xFFFD | 0xE000..=0xF8FF | 0x80..=0x9F => bad += 3.0,
            0x2010..=0x2027 | 0x3000..=0x3011 | 0xFF01..=0xFF5E => good += 1.0,
            _ if COMMON_SET.contains(&simplify_char(c)) => good += 1.0,
            _ if is_han(c) => good += 0.1,
            // Hangul, Yi and other scripts that wrong decoding yields.
            _ => bad += 0.5,
        }
    }
    if wide == 0 {
        return if bad > 0.0 || plain == 0 { -1.0 } else { 0.3 };
    }
    (good - bad) / wide as f64
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
    fn what_was_encoded_twice_is_decoded_twice() {
        let latin: String = TEXT.bytes().map(char::from).collect();
        let windows = encoding_rs::WINDOWS_1252.decode_without_bom_handling(TEXT.as_bytes()).0;
        for twice in [latin.as_str(), &windows] {
            let decoded = decode(twice.as_bytes()).expect("text");
            assert_eq!((decoded.text.as_str(), decoded.uncertain), (TEXT, true));
        }
        assert_eq!(decode("Málaga, São Paulo, Zürich".as_bytes()).expect("text").encoding, "UTF-8");
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
