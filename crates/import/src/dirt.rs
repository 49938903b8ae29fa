//! What a whole document shows of its dirt, and what of it can be put right in a line.

use crate::layout::SourceLine;
use crate::mojibake::{self, Found, Mended};
use anjuan_text::{RepairKind, Strewn, is_han, mangled_glosses};
use regex::Regex;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// What the lines of a document show together.
#[derive(Debug, Default)]
pub(crate) struct Dirt {
    /// Which readings without tone marks are glosses.
    strewn: Strewn,
    /// How the text was decoded wrongly before it was saved.
    found: Found,
    /// Bytes at the head of a line that are the number of a page, by the line's place.
    pages: HashMap<usize, usize>,
    /// Whether single spaces stand between characters all over the text.
    spaced: bool,
}

/// Something to put right in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    /// Bytes of the line.
    pub(crate) range: Range<usize>,
    pub(crate) with: String,
    pub(crate) kind: RepairKind,
}

impl Dirt {
    /// What is known where a line stands alone.
    pub(crate) fn of_a_line(plain_glosses: bool) -> Self {
        let strewn = Strewn { plain: plain_glosses, ..Strewn::default() };
        Self { strewn, ..Self::default() }
    }

    /// Looks through a document.
    pub(crate) fn survey(lines: &[SourceLine]) -> Self {
        let texts = || lines.iter().map(|l| l.raw.as_str());
        Self {
            strewn: Strewn::among(texts()),
            found: Found::among(texts()),
            pages: pages(lines),
            spaced: is_spaced(texts()),
        }
    }

    /// A line that was decoded wrongly, decoded anew.
    pub(crate) fn decoded(&self, raw: &str) -> Option<Mended> {
        mojibake::mend(raw, &self.found)
    }

    /// What is to be put right in the line at a place, in order, none over another.
    pub(crate) fn edits(&self, line: &str, index: usize) -> Vec<Edit> {
        let mut edits: Vec<Edit> = Vec::new();
        let mut put = |range: Range<usize>, with: &str, kind| {
            edits.push(Edit { range, with: with.to_owned(), kind });
        };
        if let Some(&end) =
            self.pages.get(&index).filter(|&&end| line.is_char_boundary(end) && end < line.len())
        {
            put(0..end, "", RepairKind::PageNumber);
        }
        if line.bytes().any(|b| b.is_ascii_digit()) {
            for found in INLINE_PAGE.captures_iter(line).filter_map(|c| c.get(1)) {
                put(found.range(), "", RepairKind::PageNumber);
            }
        }
        if line.is_ascii() {
            return edits;
        }
        let mut found = mangled_glosses(line, self.strewn);
        if self.strewn.plain {
            found = with_doublets(line, found);
        }
        for gloss in found {
            put(gloss, "", RepairKind::Gloss);
        }
        if line.contains('&') {
            for found in ENTITY.find_iter(line) {
                let with = entity(found.as_str());
                put(found.range(), with, RepairKind::Markup);
            }
        }
        for (at, c) in line.char_indices() {
            if let Some(plain) = plain_form(c) {
                put(at..at + c.len_utf8(), plain.encode_utf8(&mut [0; 4]), RepairKind::Character);
            }
        }
        for space in self.spaces(line) {
            put(space, "", RepairKind::Space);
        }
        edits.sort_by_key(|e| (e.range.start, e.range.end));
        let mut end = 0;
        edits.retain(|e| {
            let apart = e.range.start >= end && !e.range.is_empty();
            if apart {
                end = e.range.end;
            }
            apart
        });
        edits
    }

    /// Single spaces between characters that belong together.
    fn spaces(&self, line: &str) -> Vec<Range<usize>> {
        let inner = line.trim();
        if !inner.contains(' ') {
            return Vec::new();
        }
        // 政 府 工 作 报 告: each character by itself.
        let words: Vec<&str> = inner.split(' ').collect();
        let single =
            words.iter().filter(|w| w.chars().count() == 1 && w.chars().all(is_han)).count();
        let apart = words.len() >= 5 && single * 10 >= words.len() * 9;
        let prose = self.spaced && line.contains(['，', '。', ',']);
        if !apart && !prose {
            return Vec::new();
        }
        let joins = |c: Option<char>| {
            c.is_some_and(|c| is_han(c) || "，。、；：？！“”（）《》".contains(c))
        };
        let between = |at: &usize| {
            joins(line[..*at].chars().next_back()) && joins(line[at + 1..].chars().next())
        };
        line.match_indices(' ').map(|(at, _)| at).filter(between).map(|at| at..at + 1).collect()
    }
}

/// Least share, in percent, and number of neighbouring characters with a space between in a text
/// of which that is the rule.
const SPACED_PERCENT: usize = 4;
const SPACED: usize = 20;

fn is_spaced<'l>(lines: impl Iterator<Item = &'l str>) -> bool {
    let (mut spaces, mut all) = (0, 0);
    for line in lines.filter(|l| l.contains(['，', '。'])) {
        let mut last = [' '; 2];
        for c in line.chars() {
            all += usize::from(is_han(c));
            spaces += usize::from(last[1] == ' ' && is_han(last[0]) && is_han(c));
            last = [last[1], c];
        }
    }
    spaces >= SPACED && spaces * 100 >= all * SPACED_PERCENT
}

/// `第3页 共12页` inside a line; a number with its enumeration comma before another sign.
static INLINE_PAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(第\s*\d{1,4}\s*[页頁]\s*[,，/]?\s*共\s*\d{1,4}\s*[页頁])|(?:\p{Han})(\d{1,3}、)[、，。；]")
        .expect("a constant pattern")
});

/// How a document-sharing site numbers its pages at the head of a line.
static PAGE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*(\d{1,3})\s*、").expect("a constant pattern"));

/// Shortest line, in bytes, that can have been cut by the end of a page.
const CUT: usize = 45;

/// Numbers of pages at the head of lines: they count on by one through the document without a
/// first, and stand where a sentence was cut in two.
fn pages(lines: &[SourceLine]) -> HashMap<usize, usize> {
    let numbered: Vec<(usize, usize, u32)> = lines
        .iter()
        .enumerate()
        .filter_map(|(at, line)| {
            let found = PAGE.captures(&line.raw)?;
            Some((at, found.get(0)?.end(), found.get(1)?.as_str().parse().ok()?))
        })
        .collect();
    let mut pages = HashMap::new();
    let mut from = 0;
    while from < numbered.len() {
        let mut to = from + 1;
        while to < numbered.len() && numbered[to].2 == numbered[to - 1].2 + 1 {
            to += 1;
        }
        let run = &numbered[from..to];
        from = to;
        let first = run[0].2;
        // A list has a first item, be it at the end of the line before.
        let began = first <= 1
            || lines[..run[0].0].iter().any(|l| l.raw.contains(&format!("{}、", first - 1)))
            || numbered.iter().any(|n| n.2 == 1);
        let cut = run.iter().filter(|(at, end, _)| is_cut(lines, *at, *end)).count();
        if !began && cut * 2 >= run.len() {
            pages.extend(run.iter().map(|&(at, end, _)| (at, end)));
        }
    }
    pages
}

/// Whether the line before ends amid a sentence, or this one begins amid one.
fn is_cut(lines: &[SourceLine], at: usize, end: usize) -> bool {
    let rest = lines[at].raw[end..].trim_start();
    if rest.starts_with(['，', '、', '。', '；', ',', '%', '％', '”', '）']) {
        return true;
    }
    let before =
        lines[..at].iter().rev().take(4).map(|l| l.raw.trim_end()).find(|l| l.len() >= CUT);
    before.is_some_and(ends_open)
}

/// Whether a line ends amid a sentence.
pub(crate) fn ends_open(line: &str) -> bool {
    !line.ends_with([
        '。', '！', '？', '!', '?', '：', ':', '；', ';', '…', '”', '"', '）', ')', '》', '」', '.',
    ])
}

/// Remains of markup that some converter escaped once too often.
static ENTITY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"&(?:amp;)?(?:nbsp|ensp|emsp|ldquo|rdquo|lsquo|rsquo|middot|mdash|hellip|quot|lt|gt|amp|#12288|#160);")
        .expect("a constant pattern")
});

fn entity(text: &str) -> &'static str {
    let name = text.trim_start_matches("&amp;").trim_matches(['&', ';']);
    match name {
        "nbsp" | "ensp" | "emsp" | "#12288" | "#160" => " ",
        "ldquo" => "“",
        "rdquo" => "”",
        "lsquo" => "‘",
        "rsquo" => "’",
        "middot" => "·",
        "mdash" => "—",
        "hellip" => "…",
        "quot" => "\"",
        "lt" => "<",
        "gt" => ">",
        _ => "&",
    }
}

/// The character that one of another block of Unicode stands for: radicals and compatibility forms,
/// as fonts of PDF files have them.
fn plain_form(c: char) -> Option<char> {
    if !matches!(c, '\u{2E80}'..='\u{2FD5}' | '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}') {
        return None;
    }
    // Unicode gives the radicals of simplified characters no equivalent.
    let told = RADICALS.chars().zip(PLAIN.chars()).find(|(radical, _)| *radical == c);
    let plain = told.map_or_else(|| std::iter::once(c).nfkc().next(), |(_, plain)| Some(plain));
    plain.filter(|&plain| plain != c)
}

const RADICALS: &str =
    "⺀⺌⺓⺟⺠⺢⺩⺪⺫⺬⺭⺳⺶⺷⺼⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻞⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳";
const PLAIN: &str =
    "冫小幺母民水王疋目示示网羊羊肉虎西见角贝车长门青韦页风飞食食马骨鬼鱼鸟卤麦黄黾齐齿龙龟";

/// Characters that words double: 牢牢, 久久为功. Of those one cannot tell what the converter did.
const DOUBLE: &str = "牢渐漸纷紛孜谆津勃熠粼蒸欣频頻";

/// The converter that loses tones also doubles: in `工(gong)工(gong)` the first reading and the second
/// character with its reading are one piece to take out.
fn with_doublets(raw: &str, readings: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(readings.len());
    for reading in readings {
        if let Some(last) = joined.last_mut()
            && let between = &raw[last.end..reading.start]
            && between.chars().count() == 1
            && between.chars().next() == raw[..last.start].chars().next_back()
            && raw[last.clone()].starts_with(&raw[reading.clone()])
            && !DOUBLE.contains(between)
        {
            last.end = reading.end;
            continue;
        }
        joined.push(reading);
    }
    joined
}

/// Half-width signs inside Chinese, each with the place in characters and its full form.
pub(crate) fn half_width(text: &str) -> Vec<(usize, char)> {
    if !text.contains([',', ':', ';', '!', '?', '(', ')']) {
        return Vec::new();
    }
    let chars: Vec<char> = text.chars().collect();
    let chinese = |c: char| {
        is_han(c) || matches!(c, '“' | '”' | '《' | '》' | '、' | '。' | '，' | '％' | '（' | '）')
    };
    let mut found = Vec::new();
    let mut open = Vec::new();
    for (at, &c) in chars.iter().enumerate() {
        let before = chars[..at].iter().rev().find(|c| **c != ' ').copied();
        let behind = chars[at + 1..].iter().find(|c| **c != ' ').copied();
        let touches = before.is_some_and(chinese) || behind.is_some_and(chinese);
        let digits = before.is_some_and(|c| c.is_ascii_digit())
            && behind.is_some_and(|c| c.is_ascii_digit());
        match c {
            '(' => open.push((at, touches)),
            ')' => {
                // Both of a pair, or none.
                if let Some((from, touched)) = open.pop()
                    && (touched || touches)
                {
                    found.push((from, '（'));
                    found.push((at, '）'));
                }
            }
            ',' | ':' | ';' | '!' | '?' if touches && !digits => {
                let full = char::from_u32(c as u32 + 0xFEE0).unwrap_or(c);
                found.push((at, full));
            }
            _ => {}
        }
    }
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full(text: &str) -> String {
        let signs: HashMap<usize, char> = half_width(text).into_iter().collect();
        text.chars().enumerate().map(|(at, c)| signs.get(&at).copied().unwrap_or(c)).collect()
    }

    #[test]
    fn signs_inside_chinese_are_made_full() {
        assert_eq!(
            full("一是强基础,二是促发展;(三)抓落实!"),
            "一是强基础，二是促发展；（三）抓落实！"
        );
        assert_eq!(full("增长5.2%,总额1,200亿元,比分3:2"), "增长5.2%，总额1,200亿元，比分3:2");
        assert_eq!(
            full("https://a.cn/b?c=d, WTO (World Trade)"),
            "https://a.cn/b?c=d, WTO (World Trade)"
        );
        assert_eq!(full("世贸组织(WTO)认为"), "世贸组织（WTO）认为");
    }

    fn lines(text: &[&str]) -> Vec<SourceLine> {
        text.iter().map(|l| SourceLine { raw: (*l).to_owned(), ..SourceLine::default() }).collect()
    }

    #[test]
    fn pages_count_on_without_a_first() {
        let cut = lines(&[
            "全市各级侨联组织深入学习贯彻，持续推进各项工作，不断提高服务水平，加快建设一批大数",
            "2、据应用示范工程。深化财政管理改革，健全绩效机制。",
            "各县区继续努力，推动一批重点项目落地见效，提升科技型企业增长率",
            "3、，生物医药产值增长50%以上。",
        ]);
        assert_eq!(pages(&cut).len(), 2);
        let list = lines(&[
            "重点做好以下各项工作并抓好落实见效，确保全年目标任务圆满完成",
            "1、加强领导",
            "2、强化保障",
            "3、抓好宣传",
        ]);
        assert!(pages(&list).is_empty());
        let inline = lines(&[
            "一年来主要做了以下工作：1、加强领导，健全机制，明确责任，狠抓落实",
            "2、强化保障，加大投入",
        ]);
        assert!(pages(&inline).is_empty());
    }

    #[test]
    fn spaces_between_characters_go() {
        let dirt = Dirt::default();
        assert_eq!(dirt.spaces("政 府 工 作 报 告").len(), 5);
        assert!(dirt.spaces("陈晓红 刘志强 王 伟").is_empty());
    }
}
