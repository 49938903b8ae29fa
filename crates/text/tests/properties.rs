//! Invariants of folding and offsets, with characters above the basic plane.

use anjuan_text::{ByteRange, CharRange, Folded, GAP, OffsetMap, Pattern, Utf16Range};
use proptest::prelude::*;

/// Text of the kind reports are made of: both scripts, glosses, extension B, emoji, private use,
/// full width, line breaks.
fn report_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[侨僑联聯工作计划計畫了解瞭发髮發后後]{1,6}",
        "[，。、；“”「」（）()]{1,2}",
        Just("聯(lián)".to_owned()),
        Just("網（wǎng）".to_owned()),
        "[a-zA-ZＡ-Ｚ0-9０-９%½㈠]{1,5}",
        "[ \u{3000}\n\t]{1,2}",
        "[\u{20000}-\u{20010}\u{1F600}-\u{1F610}\u{E000}-\u{E003}]{1,2}",
        "\\PC{0,3}",
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn offsets_survive_every_round_trip(text in report_text(), a in 0_u32..200, b in 0_u32..200) {
        let map = OffsetMap::new(&text);
        let range = CharRange::new(a.min(b).min(map.chars()), a.max(b).min(map.chars()));
        prop_assert_eq!(map.from_bytes(map.bytes(range)), range);
        prop_assert_eq!(map.from_utf16(map.utf16(range)), range);
        let slice: String = text.chars().skip(range.start as usize).take(range.len() as usize).collect();
        prop_assert_eq!(map.slice(range), slice.as_str());
        let units: Vec<u16> = text.encode_utf16().collect();
        let Utf16Range { start, end } = map.utf16(range);
        prop_assert_eq!(String::from_utf16(&units[start as usize..end as usize]).unwrap(), slice);
    }

    #[test]
    fn any_offset_is_answered(text in report_text(), a in any::<u32>(), b in any::<u32>()) {
        let map = OffsetMap::new(&text);
        for range in [CharRange::new(a, b), CharRange::new(b, a)] {
            let ByteRange { start, end } = map.bytes(range);
            prop_assert!(start <= end && text.is_char_boundary(start) && text.is_char_boundary(end));
        }
        let inside = map.from_bytes(ByteRange { start: a as usize, end: b as usize });
        prop_assert!(inside.end <= map.chars());
        let inside = map.from_utf16(Utf16Range { start: a, end: b });
        prop_assert!(inside.end <= map.chars());
    }

    #[test]
    fn units_lie_in_order_inside_the_text(text in report_text()) {
        let folded = Folded::new(&text);
        let map = OffsetMap::new(&text);
        let mut last = (0, 0);
        for unit in folded.units() {
            prop_assert!(unit.start >= last.0 && unit.byte_start >= last.1, "units overlap");
            prop_assert!(unit.end >= unit.start && unit.byte_end as usize <= text.len());
            let range = map.from_bytes(ByteRange { start: unit.byte_start as usize, end: unit.byte_end as usize });
            prop_assert_eq!(range, CharRange::new(unit.start, unit.end));
            last = (unit.end, unit.byte_end);
        }
    }

    #[test]
    fn every_substring_is_found_where_it_stands(text in report_text(), from in 0_usize..60, len in 1_usize..13) {
        let chars: Vec<char> = text.chars().collect();
        prop_assume!(from + len <= chars.len());
        let query: String = chars[from..from + len].iter().collect();
        let pattern = Pattern::new(&query);
        prop_assume!(!pattern.is_empty());
        let folded = Folded::new(&text);
        // A window that cuts a gloss, or a run of spaces between words, is other text than it was.
        prop_assume!(folded.to_folded_string().contains(&pattern.forms()[0].iter().collect::<String>()));
        let hits = folded.find(&pattern);
        prop_assert!(!hits.is_empty());
        let map = OffsetMap::new(&text);
        for hit in hits {
            let again = Pattern::new(map.slice(hit));
            prop_assert_eq!(again.len(), pattern.len(), "a hit folds to as many units as its query");
        }
    }

    #[test]
    fn the_other_script_finds_it(text in "[侨联工作计划发展经济服务华人海外]{2,8}") {
        let traditional = anjuan_text::to_traditional(&text);
        prop_assert!(!Folded::new(&text).find(&Pattern::new(&traditional)).is_empty());
        prop_assert!(!Folded::new(&traditional).find(&Pattern::new(&text)).is_empty());
    }

    #[test]
    fn gaps_never_touch(text in report_text()) {
        let folded = Folded::new(&text);
        prop_assert!(!folded.units().windows(2).any(|w| w[0].folded == GAP && w[1].folded == GAP));
    }
}
