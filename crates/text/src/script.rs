//! Simplified and traditional script.
//!
//! The character tables are OpenCC's `TSCharacters` and `STCharacters` (Apache-2.0), first
//! candidate; conversion by phrases is OpenCC's t2s and s2t.

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// The script a text is written in, as ISO 15924 names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Script {
    /// Simplified Chinese.
    Hans,
    /// Traditional Chinese.
    Hant,
}

impl Script {
    /// `Hans` or `Hant`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hans => "Hans",
            Self::Hant => "Hant",
        }
    }
}

/// A one-to-one table of characters: an array for the basic plane, sorted pairs above it.
struct Table {
    basic: Vec<u16>,
    above: Vec<(char, char)>,
    /// Every character of the basic plane that the table lists, one bit each.
    listed: Vec<u64>,
}

impl Table {
    /// Reads lines of `from TAB to to to`; the first candidate counts.
    fn parse(lines: &str) -> Self {
        let mut basic: Vec<u16> = (0..=u16::MAX).collect();
        let mut above = Vec::new();
        let mut listed = vec![0_u64; 1024];
        for line in lines.lines().filter(|l| !l.starts_with('#')) {
            let Some((from, to)) = line.split_once('\t') else { continue };
            let (Some(from), Some(to)) = (from.chars().next(), to.chars().next()) else { continue };
            if let Some(word) = listed.get_mut(from as usize / 64) {
                *word |= 1 << (from as u32 % 64);
            }
            match (u16::try_from(from as u32), u16::try_from(to as u32)) {
                (Ok(from), Ok(to)) => basic[from as usize] = to,
                _ => above.push((from, to)),
            }
        }
        above.sort_unstable();
        Self { basic, above, listed }
    }

    fn get(&self, c: char) -> char {
        if self.listed.get(c as usize / 64).is_some_and(|w| w & (1 << (c as u32 % 64)) == 0) {
            return c;
        }
        // A few characters of the basic plane map above it, so both parts are asked.
        if let Ok(code) = u16::try_from(c as u32)
            && self.basic[code as usize] != code
        {
            return char::from_u32(u32::from(self.basic[code as usize])).unwrap_or(c);
        }
        match self.above.binary_search_by_key(&c, |&(from, _)| from) {
            Ok(at) => self.above[at].1,
            Err(_) => c,
        }
    }
}

fn traditional_to_simplified() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table::parse(include_str!("../data/TSCharacters.txt")))
}

fn simplified_to_traditional() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table::parse(include_str!("../data/STCharacters.txt")))
}

/// The simplified form of one character, or the character itself.
pub fn simplify_char(c: char) -> char {
    traditional_to_simplified().get(c)
}

/// Whether a character is written otherwise in simplified script.
pub fn is_traditional(c: char) -> bool {
    simplify_char(c) != c
}

/// Whether a character can change on the way to simplified script, alone or in a phrase: 瞭 stays
/// by itself and is 了 in 瞭解.
pub fn may_simplify(c: char) -> bool {
    let table = traditional_to_simplified();
    match table.listed.get(c as usize / 64) {
        Some(word) => word & (1 << (c as u32 % 64)) != 0,
        None => table.get(c) != c,
    }
}

/// Whether a character is written otherwise in traditional script and is not itself used there.
pub fn is_simplified(c: char) -> bool {
    simplified_to_traditional().get(c) != c && !is_traditional(c)
}

/// The script of a text by the count of characters that only one script uses; `None` where there
/// is none of either.
pub fn detect_script(text: &str) -> Option<Script> {
    let (mut simplified, mut traditional) = (0_usize, 0_usize);
    for c in text.chars() {
        if is_traditional(c) {
            traditional += 1;
        } else if is_simplified(c) {
            simplified += 1;
        }
    }
    match (simplified, traditional) {
        (0, 0) => None,
        _ if traditional > simplified => Some(Script::Hant),
        _ => Some(Script::Hans),
    }
}

fn convert(slot: &'static OnceLock<Option<OpenCC>>, config: BuiltinConfig, text: &str) -> String {
    // The built-in configurations are part of the program; should one not load, characters alone
    // still convert.
    match slot.get_or_init(|| OpenCC::from_config(config).ok()) {
        Some(converter) => converter.convert(text),
        None => text.to_owned(),
    }
}

/// Converts to simplified script, phrase by phrase.
pub fn to_simplified(text: &str) -> String {
    static CONVERTER: OnceLock<Option<OpenCC>> = OnceLock::new();
    convert(&CONVERTER, BuiltinConfig::T2s, text)
}

/// Converts to traditional script, phrase by phrase.
pub fn to_traditional(text: &str) -> String {
    static CONVERTER: OnceLock<Option<OpenCC>> = OnceLock::new();
    convert(&CONVERTER, BuiltinConfig::S2t, text)
}
