//! Encodings of mail, news and old systems that browsers no longer know: HZ, ISO-2022-CN,
//! ISO-2022-KR, UTF-7 (all of seven bits) and EUC-TW.

use encoding_rs::{BIG5, EUC_KR, GBK};
use std::char::REPLACEMENT_CHARACTER;

/// A text, and how many byte sequences had no meaning.
pub(super) type Read = (String, usize);

/// Two bytes in one of the sets of characters that are switched between.
fn pair(set: Set, high: u8, low: u8) -> Option<char> {
    let valid = |b: u8| (0x21..=0x7E).contains(&b);
    if !valid(high) || !valid(low) {
        return None;
    }
    let bytes = match set {
        Set::Gb => return one(GBK, [high | 0x80, low | 0x80]),
        Set::Korean => return one(EUC_KR, [high | 0x80, low | 0x80]),
        Set::Cns(plane) => cns_to_big5(plane, high, low)?,
    };
    one(BIG5, bytes)
}

fn one(encoding: &'static encoding_rs::Encoding, bytes: [u8; 2]) -> Option<char> {
    let (text, failed) = encoding.decode_without_bom_handling(&bytes);
    let mut chars = text.chars();
    chars.next().filter(|_| !failed && chars.next().is_none())
}

#[derive(Clone, Copy)]
enum Set {
    Gb,
    Korean,
    /// A plane of CNS 11643.
    Cns(u8),
}

/// First code of a run of CNS 11643, and what its number is off the number of the same character
/// in Big5. Planes 1 and 2 are the characters of Big5 in nearly the same order.
const CNS: [&[(u16, i32)]; 2] = [
    &[
        (0x2121, 0),
        (0x216A, 1),
        (0x216B, -1),
        (0x216C, 0),
        (0x2242, 1),
        (0x2243, -1),
        (0x2244, 0),
        (0x2257, 1),
        (0x2258, -1),
        (0x2259, 0),
        (0x2421, -48),
        (0x2621, 5631),
        (0x4421, -2819),
        (0x5323, -2818),
        (0x5753, -3243),
        (0x5754, -2819),
        (0x6B50, -2432),
        (0x6B51, -2820),
        (0x6F5C, -2819),
        (0x7535, -2630),
        (0x7536, -2820),
        (0x7737, -2819),
        (0x782D, -2673),
        (0x782E, -2820),
        (0x7864, -2819),
        (0x7865, -2821),
        (0x7866, -2820),
        (0x7962, -2819),
    ],
    &[
        (0x2121, 6280),
        (0x212B, 6281),
        (0x214C, 6329),
        (0x214D, 6280),
        (0x217D, 6281),
        (0x224D, 6448),
        (0x224E, 6280),
        (0x2439, 6281),
        (0x376F, 6928),
        (0x3770, 6281),
        (0x387E, 6282),
        (0x3E63, 5635),
        (0x3E64, 6282),
        (0x3F6A, 5643),
        (0x3F6B, 6281),
        (0x4424, 6282),
        (0x554B, 6831),
        (0x554C, 6281),
        (0x5722, 6822),
        (0x5723, 6280),
        (0x5A28, 7143),
        (0x5A29, 6279),
        (0x5B3F, 6280),
        (0x5C6A, 6281),
        (0x5D74, 6702),
        (0x5D75, 6280),
        (0x6039, 6281),
        (0x6243, 6282),
        (0x6337, 6283),
        (0x642F, 5914),
        (0x6430, 6282),
        (0x6438, 6283),
        (0x6573, 6284),
        (0x664D, 6584),
        (0x664E, 6283),
        (0x6761, 5959),
        (0x6762, 6282),
        (0x6934, 5970),
        (0x6935, 6281),
        (0x6962, 6282),
        (0x6A4B, 6476),
        (0x6A4C, 6281),
        (0x6C52, 6282),
        (0x7166, 6325),
        (0x7167, 6281),
        (0x7234, 6282),
        (0x7235, 6283),
        (0x7240, 6271),
        (0x7241, 6282),
    ],
];

/// Last codes of the two planes that Big5 has.
const CNS_ENDS: [u16; 2] = [0x7D4B, 0x7244];

fn cns_to_big5(plane: u8, high: u8, low: u8) -> Option<[u8; 2]> {
    let index = usize::from(plane.checked_sub(1)?);
    let runs = CNS.get(index)?;
    let code = u16::from_be_bytes([high, low]);
    if code > CNS_ENDS[index] {
        return None;
    }
    let run = runs.partition_point(|&(first, _)| first <= code).checked_sub(1)?;
    let number = i32::from(high - 0x21) * 94 + i32::from(low - 0x21) + runs[run].1;
    let number = u16::try_from(number).ok()?;
    let (row, cell) = (u8::try_from(number / 157).ok()?, (number % 157) as u8);
    let trail = if cell < 63 { cell + 0x40 } else { cell - 63 + 0xA1 };
    Some([row.checked_add(0xA1)?, trail])
}

/// HZ (RFC 1843): `~{` and `~}` around characters of GB 2312.
pub(super) fn hz(bytes: &[u8]) -> Read {
    let (mut text, mut lost) = (String::with_capacity(bytes.len()), 0);
    let mut shifted = false;
    let mut at = 0;
    while at < bytes.len() {
        let next = bytes.get(at + 1).copied();
        match (bytes[at], next) {
            (b'~', Some(b'{')) if !shifted => (shifted, at) = (true, at + 2),
            (b'~', Some(b'}')) if shifted => (shifted, at) = (false, at + 2),
            (b'~', Some(b'~')) if !shifted => {
                text.push('~');
                at += 2;
            }
            (b'~', Some(b'\n')) if !shifted => at += 2,
            (high @ 0x21..=0x7E, Some(low)) if shifted => {
                let c = pair(Set::Gb, high, low);
                lost += usize::from(c.is_none());
                text.push(c.unwrap_or(REPLACEMENT_CHARACTER));
                at += 2;
            }
            (byte, _) => {
                // A line's end ends the characters, too.
                shifted &= !matches!(byte, b'\n' | b'\r');
                lost += usize::from(!byte.is_ascii());
                text.push(if byte.is_ascii() { byte.into() } else { REPLACEMENT_CHARACTER });
                at += 1;
            }
        }
    }
    (text, lost)
}

/// ISO-2022-CN (RFC 1922) and ISO-2022-KR: sets are named by escapes and shifted to by SO and SI.
pub(super) fn iso_2022(bytes: &[u8]) -> Read {
    let (mut text, mut lost) = (String::with_capacity(bytes.len()), 0);
    let (mut named, mut second) = (None, None);
    let mut shifted = false;
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        match rest {
            [0x1B, b'$', b')', set, ..] => {
                named = match set {
                    b'A' | b'E' => Some(Set::Gb),
                    b'G' => Some(Set::Cns(1)),
                    b'C' => Some(Set::Korean),
                    _ => None,
                };
                at += 4;
            }
            [0x1B, b'$', b'*', set, ..] => {
                second = (*set == b'H').then_some(Set::Cns(2));
                at += 4;
            }
            [0x1B, b'$', b'+', _, ..] => at += 4,
            [0x1B, b'N', high, low, ..] => {
                let c = second.and_then(|set| pair(set, *high, *low));
                lost += usize::from(c.is_none());
                text.push(c.unwrap_or(REPLACEMENT_CHARACTER));
                at += 4;
            }
            [0x0E, ..] => (shifted, at) = (true, at + 1),
            [0x0F, ..] => (shifted, at) = (false, at + 1),
            [high @ 0x21..=0x7E, low, ..] if shifted => {
                let c = named.and_then(|set| pair(set, *high, *low));
                lost += usize::from(c.is_none());
                text.push(c.unwrap_or(REPLACEMENT_CHARACTER));
                at += 2;
            }
            [byte, ..] => {
                lost += usize::from(!byte.is_ascii());
                text.push(if byte.is_ascii() { (*byte).into() } else { REPLACEMENT_CHARACTER });
                at += 1;
            }
            [] => break,
        }
    }
    (text, lost)
}

/// EUC-TW: plane 1 of CNS 11643 in two bytes, the others in four.
pub(super) fn euc_tw(bytes: &[u8]) -> Read {
    let (mut text, mut lost) = (String::with_capacity(bytes.len()), 0);
    let mut at = 0;
    while at < bytes.len() {
        let (c, length) = match bytes[at..] {
            [byte, ..] if byte.is_ascii() => (Some(char::from(byte)), 1),
            [0x8E, plane @ 0xA1..=0xB0, high @ 0xA1..=0xFE, low @ 0xA1..=0xFE, ..] => {
                (pair(Set::Cns(plane - 0xA0), high & 0x7F, low & 0x7F), 4)
            }
            [high @ 0xA1..=0xFE, low @ 0xA1..=0xFE, ..] => {
                (pair(Set::Cns(1), high & 0x7F, low & 0x7F), 2)
            }
            _ => (None, 1),
        };
        lost += usize::from(c.is_none());
        text.push(c.unwrap_or(REPLACEMENT_CHARACTER));
        at += length;
    }
    (text, lost)
}

/// UTF-7 (RFC 2152): UTF-16 in base 64 behind a plus.
pub(super) fn utf_7(bytes: &[u8]) -> Read {
    let (mut text, mut lost) = (String::with_capacity(bytes.len()), 0);
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        at += 1;
        if byte != b'+' {
            lost += usize::from(!byte.is_ascii());
            text.push(if byte.is_ascii() { byte.into() } else { REPLACEMENT_CHARACTER });
            continue;
        }
        if bytes.get(at) == Some(&b'-') {
            text.push('+');
            at += 1;
            continue;
        }
        let (mut held, mut bits) = (0_u32, 0);
        let mut units = Vec::new();
        while let Some(digit) = bytes.get(at).and_then(|&b| base_64(b)) {
            held = (held << 6 | digit) & 0x3F_FFFF;
            bits += 6;
            at += 1;
            if bits >= 16 {
                bits -= 16;
                units.push((held >> bits) as u16);
            }
        }
        if bytes.get(at) == Some(&b'-') {
            at += 1;
        }
        for unit in char::decode_utf16(units) {
            lost += usize::from(unit.is_err());
            text.push(unit.unwrap_or(REPLACEMENT_CHARACTER));
        }
    }
    (text, lost)
}

fn base_64(byte: u8) -> Option<u32> {
    let digit = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(digit.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_gives_its_text() {
        assert_eq!(hz(b"A~~ ~{TFO*JP~}\n"), ("A~ 云溪市\n".to_owned(), 0));
        assert_eq!(iso_2022(b"\x1b$)A\x0eTFO*JP\x0f.\n"), ("云溪市.\n".to_owned(), 0));
        // The last one is in plane 2.
        assert_eq!(iso_2022(b"\x1b$)G\x1b$*H\x0eDcEFGs\x1bN!M\x0f"), ("中文字匜".to_owned(), 0));
        assert_eq!(
            euc_tw(b"\xc4\xe3\xc5\xc6\xc7\xf3,\x8e\xa2\xa1\xcd"),
            ("中文字,匜".to_owned(), 0)
        );
        assert_eq!(utf_7(b"a+TpFuql4C-b+-"), ("a云溪市b+".to_owned(), 0));
    }

    #[test]
    fn broken_input_is_counted_and_ends() {
        for read in [hz, iso_2022, euc_tw, utf_7] {
            for bytes in
                [&b"~{\xFF"[..], b"\x1b$)A\x0e!", b"\x1bN", b"\x8e\xa1\xff", b"+/", b"~", b"\xa1"]
            {
                let _ = read(bytes);
            }
        }
        assert_eq!(euc_tw(b"\xff").1, 1);
    }
}
