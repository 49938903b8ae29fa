//! Characters of symbol fonts: a file gives their code in the font, which says nothing without it.

/// The Symbol font from 0x20 on; a space where it has nothing that Unicode has.
const SYMBOL: &str = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_ αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼ ";
/// The Symbol font from 0xA1 on.
const SYMBOL_HIGH: &str = "ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭";

/// Signs of the Wingdings fonts that documents use: boxes, ticks, bullets, arrows, numbers.
const WINGDINGS: &[(u32, char)] = &[
    (0x22, '✂'),
    (0x28, '☎'),
    (0x2A, '✉'),
    (0x46, '☞'),
    (0x4A, '☺'),
    (0x6C, '●'),
    (0x6D, '❍'),
    (0x6E, '■'),
    (0x6F, '□'),
    (0x70, '□'),
    (0x71, '❑'),
    (0x72, '❒'),
    (0x73, '⬧'),
    (0x74, '⧫'),
    (0x75, '◆'),
    (0x76, '❖'),
    (0x77, '⬥'),
    (0x9F, '•'),
    (0xA1, '○'),
    (0xA7, '▪'),
    (0xA8, '□'),
    (0xAB, '★'),
    (0xB2, '✧'),
    (0xD8, '➢'),
    (0xDF, '←'),
    (0xE0, '→'),
    (0xE1, '↑'),
    (0xE2, '↓'),
    (0xE8, '➔'),
    (0xEF, '⇦'),
    (0xF0, '⇨'),
    (0xF1, '⇧'),
    (0xF2, '⇩'),
    (0xFB, '✗'),
    (0xFC, '✓'),
    (0xFD, '☒'),
    (0xFE, '☑'),
];
const WINGDINGS_2: &[(u32, char)] = &[
    (0x4F, '✗'),
    (0x50, '✓'),
    (0x51, '☒'),
    (0x52, '☑'),
    (0x53, '☒'),
    (0x54, '☒'),
    (0x97, '●'),
    (0x98, '●'),
    (0xA2, '■'),
    (0xA3, '□'),
    (0xA4, '□'),
];

/// The character that a font shows for a code, where that is known. Codes of symbol fonts stand in
/// files as they are or moved to U+F000.
pub(crate) fn shown(font: &str, code: u32) -> Option<char> {
    let code = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
    let font = font.trim().to_ascii_lowercase();
    let among = |signs: &[(u32, char)]| signs.iter().find(|s| s.0 == code).map(|s| s.1);
    let numbered = |first: u32, signs: char| {
        (first..first + 10).contains(&code).then(|| char::from_u32(signs as u32 + code - first))?
    };
    match font.as_str() {
        "symbol" => {
            let at = |signs: &str, first: u32| signs.chars().nth((code - first) as usize);
            let found = match code {
                0x20..=0x7E => at(SYMBOL, 0x20),
                0xA1..=0xFE => at(SYMBOL_HIGH, 0xA1),
                _ => None,
            };
            found.filter(|&c| c != ' ' || code == 0x20)
        }
        "wingdings" => among(WINGDINGS)
            .or_else(|| numbered(0x81, '①'))
            .or_else(|| numbered(0x8C, '❶'))
            .or_else(|| (code == 0x20).then_some(' ')),
        "wingdings 2" => among(WINGDINGS_2)
            .or_else(|| numbered(0x6A, '①'))
            .or_else(|| numbered(0x75, '❶'))
            .or_else(|| (code == 0x20).then_some(' ')),
        _ => None,
    }
}

/// Whether a font is one of symbols, whose codes are no characters.
pub(crate) fn is_symbol_font(font: &str) -> bool {
    let font = font.trim().to_ascii_lowercase();
    font == "symbol" || font.starts_with("wingdings") || font.starts_with("webdings")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_show_what_their_codes_say() {
        for (font, code, expect) in [
            ("Wingdings", 0xF0FC, Some('✓')),
            ("Wingdings", 0xA8, Some('□')),
            ("Wingdings", 0x81, Some('①')),
            ("Wingdings 2", 0xF052, Some('☑')),
            ("Symbol", 0x61, Some('α')),
            ("Symbol", 0x57, Some('Ω')),
            ("Symbol", 0xF0B4, Some('×')),
            ("Symbol", 0xA3, Some('≤')),
            ("Symbol", 0xB0, Some('°')),
            ("Symbol", 0xE5, Some('∑')),
            ("Symbol", 0xFE, Some('⎭')),
            ("宋体", 0x41, None),
        ] {
            assert_eq!(shown(font, code), expect, "{font} {code:x}");
        }
    }
}
