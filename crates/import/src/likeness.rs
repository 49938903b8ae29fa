//! How much a text reads like Chinese: the bits it takes to write it down in a model of which
//! characters are common. Of several readings of the same bytes the right one is the shortest.

use anjuan_text::script::simplify_char;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The bits of every character of the block that Chinese is written with, by its place in it.
static HAN: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let bands = include_str!("../data/characters.txt").lines();
    let bands = bands.filter_map(|line| line.split_once(' '));
    let common: HashMap<char, u8> = bands
        .filter_map(|(bits, characters)| Some((bits.parse().ok()?, characters)))
        .flat_map(|(bits, characters): (u8, &str)| characters.chars().map(move |c| (c, bits)))
        .collect();
    let bits = |c: char| common.get(&c).or_else(|| common.get(&simplify_char(c))).copied();
    (FIRST_HAN..=LAST_HAN).map(|c| bits(c).unwrap_or(RARE)).collect()
});

const FIRST_HAN: char = '\u{4E00}';
const LAST_HAN: char = '\u{9FFF}';
/// The bits of a character of that block that is in no list.
const RARE: u8 = 19;

/// What a replacement character costs: more than anything that could stand there.
pub(crate) const LOST: u32 = 40;

/// The bits of one character.
pub(crate) fn bits(c: char) -> u32 {
    if let Some(&bits) = (c as usize).checked_sub(FIRST_HAN as usize).and_then(|at| HAN.get(at)) {
        return bits.into();
    }
    match c {
        // Pages indent with spaces that do not break.
        '\t' | '\n' | '\r' | ' '..='~' | '\u{A0}' => return 7,
        '，' | '。' | '、' | '：' | '；' | '“' | '”' | '（' | '）' | '《' | '》' | '\u{3000}' =>
        {
            return 7;
        }
        '\u{2010}'..='\u{2027}' | '\u{3001}'..='\u{3011}' | '\u{FF01}'..='\u{FF5E}' | '·' => {
            return 9;
        }
        _ => {}
    }
    match c as u32 {
        0..=0x1F | 0x7F..=0x9F | 0x2_0000..=0x3_FFFF => 24,
        0xFFFD => LOST,
        // Letters with marks: European text, and what wrong decoding makes of anything.
        0xC0..=0x17F => 10,
        0xA1..=0xBF | 0xAC00..=0xD7A3 => 11,
        0x400..=0x45F => 8,
        0x3041..=0x30FE => 9,
        // Marks of Chinese pages: circled numbers, arrows, boxes, stars.
        0x2030..=0x2044 | 0x2100..=0x26FF | 0x3012..=0x3020 | 0x3200..=0x33FF => 13,
        // Greek, Hebrew and the other scripts of two bytes.
        0x180..=0x3FF | 0x460..=0x0E7F => 12,
        0xE000..=0xF8FF => 26,
        0x3400..=0x4DBF | 0xF900..=0xFAFF => 22,
        0x1_F000..=0x1_FAFF => 15,
        _ => 20,
    }
}

/// The bits of a text.
pub(crate) fn cost(text: &str) -> u64 {
    text.chars().map(|c| u64::from(bits(c))).sum()
}

/// How many characters of a text are not ASCII, and the bits of those.
pub(crate) fn wide(text: &str) -> (usize, u64) {
    let wide = text.chars().filter(|c| !c.is_ascii());
    wide.fold((0, 0), |(count, sum), c| (count + 1, sum + u64::from(bits(c))))
}

/// Whether a text is Chinese prose beyond doubt: enough of it, and nearly all of it common.
pub(crate) fn is_chinese(text: &str) -> bool {
    let (count, sum) = wide(text);
    let kana = text.chars().filter(|c| matches!(c, '\u{3041}'..='\u{30FE}')).count();
    count >= 100 && kana * 20 < count && sum * 2 < count as u64 * 23
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_reading_is_the_shortest() {
        use encoding_rs::{BIG5, GB18030, UTF_16LE, WINDOWS_1252};
        for text in ["云溪市侨联凝聚侨心", "全面推进各项工作，取得明显成效。", "的"]
        {
            let bytes = GB18030.encode(text).0;
            for wrong in [BIG5, UTF_16LE, WINDOWS_1252] {
                let other = wrong.decode_without_bom_handling(&bytes).0;
                assert!(cost(text) < cost(&other), "{text} {other}");
            }
        }
    }

    #[test]
    fn both_scripts_are_common() {
        assert_eq!(bits('侨'), bits('僑'));
        assert!(bits('的') < bits('侨') && bits('侨') < bits('鑱'));
    }
}
