//! Text in GBK shown byte by byte with fonts that name Latin letters: two glyphs are one character.

use super::content::Glyph;
use std::collections::HashMap;

/// Decodes the fonts of a page that hold such text; returns how many characters came of it.
pub(super) fn decode(glyphs: &mut Vec<Glyph>) -> usize {
    let mut fonts: HashMap<u16, Vec<(usize, u8)>> = HashMap::new();
    for (at, glyph) in glyphs.iter().enumerate() {
        if let Some((font, byte)) = glyph.byte {
            fonts.entry(font).or_default().push((at, byte));
        }
    }
    let mut gone = vec![false; glyphs.len()];
    let mut decoded = 0;
    for codes in fonts.into_values() {
        let Some(pairs) = pairs(&codes) else { continue };
        for (first, second, c) in pairs {
            let (next, end) = (glyphs[second].quad, glyphs[second].end);
            let glyph = &mut glyphs[first];
            glyph.text = c.to_string().into();
            glyph.quad = [glyph.quad[0], next[1], glyph.quad[2], next[3]];
            glyph.end = end;
            gone[second] = true;
            decoded += 1;
        }
    }
    if decoded > 0 {
        let mut gone = gone.into_iter();
        glyphs.retain(|_| gone.next() == Some(false));
    }
    decoded
}

/// The pairs of bytes that are a character each, if nearly all high bytes of the font are in one.
fn pairs(codes: &[(usize, u8)]) -> Option<Vec<(usize, usize, char)>> {
    let high = codes.iter().filter(|c| c.1 >= 0x80).count();
    if high < 4 {
        return None;
    }
    let mut found = Vec::new();
    let (mut common, mut paired, mut at) = (0, 0, 0);
    while at + 1 < codes.len() {
        let ((first, a), (second, b)) = (codes[at], codes[at + 1]);
        let pair = [a, b];
        let text = (a >= 0x81 && b >= 0x40 && second == first + 1)
            .then(|| encoding_rs::GBK.decode_without_bom_handling_and_without_replacement(&pair))
            .flatten();
        match text.as_deref().and_then(|t| t.chars().next()) {
            Some(c) => {
                // Rows of the most used characters, and of signs.
                common += usize::from((0xb0..=0xd7).contains(&a) || (0xa1..=0xa3).contains(&a));
                paired += usize::from(a >= 0x80) + usize::from(b >= 0x80);
                found.push((first, second, c));
                at += 2;
            }
            None => at += 1,
        }
    }
    (paired * 10 >= high * 9 && common * 10 >= found.len() * 7).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> Option<String> {
        let codes: Vec<(usize, u8)> = bytes.iter().copied().enumerate().collect();
        pairs(&codes).map(|found| found.into_iter().map(|(_, _, c)| c).collect())
    }

    #[test]
    fn only_text_of_pairs_is_decoded() {
        let (gbk, ..) = encoding_rs::GBK.encode("政府工作报告，2019年");
        assert_eq!(told(&gbk).as_deref(), Some("政府工作报告，年"));
        let (latin, ..) = encoding_rs::WINDOWS_1252.encode("Les élèves français à l’été, où déjà");
        assert_eq!(told(&latin), None);
        let (russian, ..) = encoding_rs::WINDOWS_1251.encode("Отчёт о работе правительства");
        assert_eq!(told(&russian), None);
    }
}
