//! Typing a tag by its pinyin: `zzyl`, `zhengzhi`, `zhengzyl` for 政治引领.

use ::pinyin::ToPinyinMulti;
use anjuan_text::{fold_char, to_simplified};

/// How a query met a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Match {
    /// The name begins with the query's characters.
    Prefix,
    /// The characters stand inside the name.
    Inside,
    /// The initials of the name begin so.
    Initials,
    /// The pinyin of the name, syllables whole or shortened, holds the query.
    Pinyin,
}

impl Match {
    /// As the protocol names it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Prefix | Self::Inside => "name",
            Self::Initials => "initials",
            Self::Pinyin => "pinyin",
        }
    }
}

fn fold(text: &str) -> String {
    text.chars().filter_map(fold_char).collect()
}

/// Every reading of every character of a name; a character without reading stands for itself.
fn readings(name: &str) -> Vec<Vec<String>> {
    let simplified = to_simplified(name);
    let mut all = Vec::new();
    for c in simplified.chars() {
        let mut of_this: Vec<String> = c.to_pinyin_multi().map_or_else(
            || fold_char(c).into_iter().map(String::from).collect(),
            |multi| multi.into_iter().map(|p| p.plain().replace('ü', "v")).collect(),
        );
        of_this.sort();
        of_this.dedup();
        if !of_this.is_empty() {
            all.push(of_this);
        }
    }
    all
}

/// Whether `typed` runs through the syllables from the first on, each whole or shortened to any
/// beginning of it, none left out.
fn through(typed: &str, syllables: &[Vec<String>]) -> bool {
    if typed.is_empty() {
        return true;
    }
    let Some((first, rest)) = syllables.split_first() else { return false };
    first.iter().any(|syllable| {
        let common = typed.bytes().zip(syllable.bytes()).take_while(|(a, b)| a == b).count();
        (1..=common).rev().any(|len| typed.is_char_boundary(len) && through(&typed[len..], rest))
    })
}

/// How a query meets a name, if it does. An empty query meets every name.
pub(crate) fn matches(query: &str, name: &str) -> Option<Match> {
    let (query, folded) = (fold(query), fold(name));
    if folded.starts_with(&query) {
        return Some(Match::Prefix);
    }
    if folded.contains(&query) {
        return Some(Match::Inside);
    }
    if query.len() > 64 || !query.is_ascii() {
        return None;
    }
    let syllables = readings(name);
    let initials = query.len() <= syllables.len()
        && query
            .chars()
            .zip(&syllables)
            .all(|(c, readings)| readings.iter().any(|r| r.starts_with(c)));
    if initials {
        return Some(Match::Initials);
    }
    (0..syllables.len()).any(|from| through(&query, &syllables[from..])).then_some(Match::Pinyin)
}

/// The pinyin of a text, syllable by syllable, as the key that sorts Chinese titles.
pub(crate) fn sort_key(text: &str) -> String {
    use ::pinyin::ToPinyin;
    let simplified = to_simplified(text);
    let mut key = String::with_capacity(simplified.len() * 2);
    for c in simplified.chars().take(64) {
        if let Some(p) = c.to_pinyin() {
            key.push_str(p.with_tone_num_end());
            key.push(' ');
            key.push(c); // homophones stay together by character
        } else if let Some(c) = fold_char(c) {
            key.push(c);
        }
    }
    key
}

/// First letters and whole syllables, by the commonest readings. What has none stands for itself.
pub(crate) fn spell(text: &str) -> (String, String) {
    use ::pinyin::ToPinyin;
    let (mut initials, mut syllables) = (String::new(), String::new());
    for c in to_simplified(text).chars() {
        if let Some(syllable) = c.to_pinyin() {
            let plain = syllable.plain().replace('ü', "v");
            initials.extend(plain.chars().next());
            syllables.push_str(&plain);
        } else if let Some(c) = fold_char(c) {
            initials.push(c);
            syllables.push(c);
        }
    }
    (initials, syllables)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_by_characters_pinyin_and_initials() {
        for (query, name, expect) in [
            ("", "政治引领", Some(Match::Prefix)),
            ("政治", "政治引领", Some(Match::Prefix)),
            ("引领", "政治引领", Some(Match::Inside)),
            ("引領", "政治引领", Some(Match::Inside)),
            ("zzyl", "政治引领", Some(Match::Initials)),
            ("zz", "政治引領", Some(Match::Initials)),
            ("zhengzhi", "政治引领", Some(Match::Pinyin)),
            ("zhengzyl", "政治引领", Some(Match::Pinyin)),
            ("yinling", "政治引领", Some(Match::Pinyin)),
            ("yl", "政治引领", Some(Match::Pinyin)),
            ("qiaoqing", "侨情", Some(Match::Pinyin)),
            ("covid", "COVID-19", Some(Match::Prefix)),
            ("chongqing", "重庆", Some(Match::Pinyin)),
            ("zq", "重庆", Some(Match::Initials)),
            ("nv", "女", Some(Match::Pinyin)),
            ("xyz", "政治引领", None),
            ("政府", "政治引领", None),
        ] {
            assert_eq!(matches(query, name), expect, "{query} for {name}");
        }
    }

    #[test]
    fn texts_are_spelled() {
        for (text, initials, syllables) in [
            ("設置", "sz", "shezhi"),
            ("打开 PDF", "dkpdf", "dakaipdf"),
            ("女", "n", "nv"),
            ("", "", ""),
        ] {
            assert_eq!(spell(text), (initials.to_owned(), syllables.to_owned()), "{text}");
        }
    }

    #[test]
    fn titles_sort_by_sound() {
        let mut titles = ["重庆", "安康", "宁波", "商洛", "保山"];
        titles.sort_by_key(|t| sort_key(t));
        assert_eq!(titles, ["安康", "保山", "宁波", "商洛", "重庆"]);
    }
}
