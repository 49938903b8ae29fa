//! Headings: numbered ones, headings run into a long line, and their levels, on keys.

use anjuan_text::numeral;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Depth by the form of the number, before it is made consecutive.
pub(crate) mod rank {
    /// 编者按, 前言: as high as the highest heading of the report.
    pub(crate) const FRONT: u8 = 0;
    /// 第一编, 第一章.
    pub(crate) const CHAPTER: u8 = 1;
    /// 第一节.
    pub(crate) const SECTION: u8 = 2;
    /// 一、
    pub(crate) const FIRST: u8 = 3;
    /// (一)
    pub(crate) const SECOND: u8 = 4;
    /// 1.
    pub(crate) const THIRD: u8 = 5;
    /// (1)
    pub(crate) const FOURTH: u8 = 6;
    /// Without number.
    pub(crate) const BARE: u8 = 7;
    /// Marked up as a heading in a page: this and its depth there.
    pub(crate) const MARKED: u8 = 8;
}

static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:(?P<chapter>第[一二三四五六七八九十百\d]{1,4}[编篇章卷]|第[一二三四五六七八九十]{1,3}部分)",
        r"|(?P<section>第[一二三四五六七八九十百\d]{1,4}节)",
        r"|(?P<first>[一二三四五六七八九十]{1,3}\s*(?:[、.．:]|,|\s))",
        r"|(?P<second>\([一二三四五六七八九十]{1,3}\))",
        r"|(?P<third>\d{1,2}\s*(?:[、．]|\.(?:[^\d]|$)))",
        r"|(?P<fourth>\(\d{1,2}\)|[①-⑳]))\s*(?P<rest>.*)$"
    ))
    .expect("a constant pattern")
});

static FRONT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[【\[(]?\s*(?:编\s*者\s*按|编\s*后|前\s*言|引\s*言|序\s*言|序|导\s*语|结\s*语|结束语|后\s*记|附\s*[件录]\s*\d{0,2}|目\s*录)\s*[】\])]?\s*:?$")
        .expect("a constant pattern")
});

/// Longest heading in characters: longer lines are paragraphs that begin with a number.
const LONGEST: usize = 60;

fn ends_open(text: &str) -> bool {
    text.ends_with(['、', ';', ',', '-'])
}

/// The rank of a line that is a heading by its number or its name.
pub(crate) fn numbered(key: &str) -> Option<u8> {
    if FRONT.is_match(key) {
        return Some(rank::FRONT);
    }
    let found = NUMBERED.captures(key)?;
    let rest = found.name("rest")?.as_str().trim();
    let len = rest.chars().count();
    let body = rest.strip_suffix('。').unwrap_or(rest);
    if body.contains(['。', ';']) || len > LONGEST || ends_open(body) {
        return None;
    }
    let closed = rest.ends_with(['。', '!', ':']);
    let rank = if found.name("chapter").is_some() {
        rank::CHAPTER
    } else if found.name("section").is_some() {
        rank::SECTION
    } else if let Some(number) = found.name("first") {
        // 三 农 and 一 is no numbering: a space alone asks for a longer line.
        if number.as_str().ends_with([' ', ',']) && (len < 6 || closed) {
            return None;
        }
        rank::FIRST
    } else if found.name("second").is_some() {
        rank::SECOND
    } else if found.name("third").is_some() {
        rank::THIRD
    } else {
        rank::FOURTH
    };
    // Under Arabic numbers full sentences are items, not headings.
    let longest = match rank {
        rank::CHAPTER | rank::SECTION | rank::FIRST => LONGEST,
        rank::SECOND => 50,
        _ if closed => return None,
        _ => 36,
    };
    // 第一章 may stand alone, any other number needs words.
    (len <= longest && (len > 0 || rank <= rank::SECTION)).then_some(rank)
}

/// Whether a line without number can be a heading by its looks: short, mostly Han, not closed.
pub(crate) fn bare(key: &str) -> bool {
    static EXCLUDED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:各位|同志们|朋友们|女士们|尊敬的|谢谢|单位\s*:|注\s*:|备注|说明\s*:|附[件表]|[图表]\s*\d)|^[—\-*•·●◆■]|(?:记者|通讯员|摄|图|供稿|报道)$")
            .expect("a constant pattern")
    });
    let len = key.chars().count();
    let open = key.trim_end_matches(['?', '!']);
    if !(4..=40).contains(&len)
        || open.ends_with(['。', ';', ':', ',', '、', '…', '—', '”', '"']) && !open.ends_with('”')
        || key.contains('。')
        || EXCLUDED.is_match(key)
    {
        return false;
    }
    let han = key.chars().filter(|&c| anjuan_text::is_han(c)).count();
    han * 10 >= len * 6 && key.matches("  ").count() == 0
}

/// A heading found inside a long line, in bytes of the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RunIn {
    /// The heading without the full stop behind it.
    pub(crate) heading: Range<usize>,
    /// Where the text after it begins, behind the full stop.
    pub(crate) after: usize,
    pub(crate) rank: u8,
}

/// Shortest line, in characters, that is searched for headings run into it.
const LONG_LINE: usize = 300;
/// Longest and shortest heading run into a line, in characters.
const RUN_IN: Range<usize> = 6..42;
/// Least text, in characters, between a run-in heading and the next one.
const SECTION_TEXT: usize = 30;

/// Headings that lost their line breaks: sentences that count 一, 二, 三 … through a long line.
///
/// Only a gapless count from one on, of at least two, with text under every number, is believed;
/// 一是, 一年来 and 三农 count nothing.
pub(crate) fn run_in(key: &str) -> Vec<RunIn> {
    if key.chars().count() < LONG_LINE {
        return Vec::new();
    }
    // (number, form of numbering, heading)
    let mut candidates: Vec<(u64, u8, RunIn)> = Vec::new();
    let mut start = 0;
    for (at, c) in key.char_indices() {
        if !matches!(c, '。' | '!' | '?') {
            continue;
        }
        if let Some((number, form)) = count_of(&key[start..at]) {
            let heading = start..at;
            let rank = if form == 2 { rank::SECOND } else { rank::FIRST };
            candidates.push((number, form, RunIn { heading, after: at + c.len_utf8(), rank }));
        }
        start = at + c.len_utf8();
    }
    let mut best: Vec<RunIn> = Vec::new();
    for form in 0..3 {
        let mut chain: Vec<(u64, RunIn)> = Vec::new();
        for (number, _, found) in candidates.iter().filter(|c| c.1 == form) {
            let far = chain.last().is_none_or(|(_, last)| {
                key[last.after..found.heading.start].chars().count() >= SECTION_TEXT
            });
            match chain.last() {
                // The one nearest to the two is the one that counts.
                _ if *number == 1 && chain.len() <= 1 => chain = vec![(1, found.clone())],
                Some((last, _)) if *number == last + 1 && far => {
                    chain.push((*number, found.clone()));
                }
                _ => {}
            }
        }
        let enough = if form == 0 { 3 } else { 2 };
        if chain.len() >= enough && chain.len() > best.len() {
            best = chain.into_iter().map(|(_, found)| found).collect();
        }
    }
    best
}

/// The number that a sentence counts with, and the form: 0 bare, 1 with 、, 2 in brackets.
fn count_of(sentence: &str) -> Option<(u64, u8)> {
    static COUNT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:\((?P<b>[一二三四五六七八九十]{1,3})\)|(?P<p>[一二三四五六七八九十]{1,3})[、.．]|(?P<n>十?[一二三四五六七八九十]))\s*(?P<rest>.+)$")
            .expect("a constant pattern")
    });
    /// Characters that make the number before them one of things, or of an enumeration 一是.
    const MEASURES: &str = "是要年些个批方带名次种月日季系定直般切旦则手路条项届位家人大中小化去来到度道层等级股种类样者同起旁边心体致律再向概经时农国省市县区镇村所座处套本部张台件份只支场户亩万千百亿元线双举几多期代步环两一二三四五六七八九十";
    if !RUN_IN.contains(&sentence.chars().count()) {
        return None;
    }
    let found = COUNT.captures(sentence)?;
    let rest = found.name("rest")?.as_str();
    let (number, form) = match (found.name("b"), found.name("p"), found.name("n")) {
        (Some(n), ..) => (n, 2),
        (_, Some(n), _) => (n, 1),
        (_, _, Some(n)) => (n, 0),
        _ => return None,
    };
    if form == 0 && rest.starts_with(|c| MEASURES.contains(c)) {
        return None;
    }
    numeral::parse(number.as_str()).map(|n| (n, form))
}

/// Consecutive levels, 1 outermost, for the ranks of a report's headings.
pub(crate) fn levels(ranks: &[u8]) -> Vec<u8> {
    let mut used: Vec<u8> = ranks.iter().copied().filter(|&r| r != rank::FRONT).collect();
    used.sort_unstable();
    used.dedup();
    ranks
        .iter()
        .map(|r| used.iter().position(|u| u == r).map_or(1, |at| (at + 1).min(9) as u8))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_lines() {
        for (line, expect) in [
            ("一、举旗定向,画好侨界最大同心圆", Some(rank::FIRST)),
            ("(一)着力实施创新驱动战略,促进科技与产业融合发展", Some(rank::SECOND)),
            ("二 2014年政府工作总体要求和目标任务", Some(rank::FIRST)),
            ("第三章  工 业", Some(rank::CHAPTER)),
            ("第一节 基本建设投资的分配", Some(rank::SECTION)),
            ("1.加强组织领导", Some(rank::THIRD)),
            ("编者按", Some(rank::FRONT)),
            ("一是建群扩网,有效联侨。", None),
            ("一、加快发展。今年以来,全市上下一心。", None),
            ("1.5万人参加", None),
            ("二、三产业加快发展;", None),
            ("10月1日", None),
        ] {
            assert_eq!(numbered(line), expect, "{line}");
        }
    }

    #[test]
    fn run_in_headings_count_from_one_without_gap() {
        let body = "全市侨联系统持续用力，久久为功。".repeat(8);
        let text = format!(
            "一年来成绩显著。一加强政治引领，基础夯实。{body}二汇集侨力，勇于担当。{body}一是建群。二是联侨。三发挥优势，成效显著。{body}"
        );
        let found: Vec<&str> =
            run_in(&text).into_iter().map(|r| &text[r.heading]).collect::<Vec<_>>();
        assert_eq!(
            found,
            ["一加强政治引领，基础夯实", "二汇集侨力，勇于担当", "三发挥优势，成效显著"]
        );
        assert!(run_in(&format!("一是建群扩网。{body}二是纾困解难。{body}{body}")).is_empty());
    }

    #[test]
    fn levels_are_consecutive() {
        assert_eq!(levels(&[rank::FRONT, rank::FIRST, rank::THIRD, rank::FIRST]), [1, 1, 2, 1]);
        assert_eq!(levels(&[rank::BARE, rank::BARE]), [1, 1]);
    }
}
