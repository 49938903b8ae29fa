//! Headings: numbered ones, headings run into a long line, and their levels, on keys.

use anjuan_text::numeral;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Depth by the form of the number, before it is made consecutive.
pub(crate) mod rank {
    /// 编者按, 前言: as high as the highest heading of the report.
    pub(crate) const FRONT: u8 = 0;
    /// 第一编, 第一篇, 第一部分.
    pub(crate) const PART: u8 = 1;
    /// 第一章.
    pub(crate) const CHAPTER: u8 = 2;
    /// 第一节.
    pub(crate) const SECTION: u8 = 3;
    /// 一、
    pub(crate) const FIRST: u8 = 4;
    /// (一)
    pub(crate) const SECOND: u8 = 5;
    /// 1.
    pub(crate) const THIRD: u8 = 6;
    /// (1)
    pub(crate) const FOURTH: u8 = 7;
    /// ①
    pub(crate) const FIFTH: u8 = 8;
    /// 第一, and 一是, without a full stop behind them.
    pub(crate) const ORDINAL: u8 = 9;
    /// Without number.
    pub(crate) const BARE: u8 = 10;
    /// Marked up as a heading in a page: this and its depth there.
    pub(crate) const MARKED: u8 = 11;
}

// A dash stands in for 一 where a page was recognised from a picture.
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:(?P<part>第\s?[一二三四五六七八九十百\d―─-]{1,5}\s?[编篇卷]|第[一二三四五六七八九十]{1,3}部分|(?:[IVX]{1,4}|[Ⅰ-Ⅻ])\s*[.、])",
        r"|(?P<chapter>第\s?[一二三四五六七八九十百\d―─-]{1,5}\s?章)",
        r"|(?P<section>第\s?[一二三四五六七八九十百\d―─-]{1,5}\s?节)",
        r"|(?P<ordinal>第[一二三四五六七八九十]{1,3}\s*(?:[、,:]|是)|[一二三四五六七八九十]{1,2}是)",
        r"|(?P<first>[一二三四五六七八九十]{1,3}\s*(?:[、.．:]|,|\s))",
        r"|(?P<second>\([一二三四五六七八九十]{1,3}\)[、.]?|[㈠-㈩])",
        r"|(?P<third>\d{1,2}\s*(?:[、．]|\.(?:[^\d]|$))|[⒈-⒛])",
        r"|(?P<fourth>\(\d{1,2}\)|\d{1,2}\)|[⑴-⒇])",
        r"|(?P<fifth>[①-⑳]))\s*"
    ))
    .expect("a constant pattern")
});

static FRONT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[【\[(]?\s*(?:编\s*者\s*按|编\s*后|前\s*言|引\s*言|序\s*言|序|绪\s*[言论]|总\s*论|导\s*[言语]|结\s*[语论]|结束语|后\s*记|总\s*则|附\s*则|总\s*纲|附\s*[件录]\s*\d{0,2})\s*[】\])]?\s*:?$")
        .expect("a constant pattern")
});

/// Longest heading in characters: longer lines are paragraphs that begin with a number.
const LONGEST: usize = 60;

/// The row of a table that lost its lines: words, a space and a figure.
static ROW: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\s[+-]?\d[\d.,]*[%‰]?$").expect("a constant pattern"));

fn ends_open(text: &str) -> bool {
    text.ends_with(['、', ';', ',', '-', '(', '“'])
}

/// The number at the head of a line.
struct Numbered<'k> {
    rank: u8,
    /// As written, with the sign that closes it.
    number: &'k str,
    /// The line behind it. Not a group of the pattern: looking for groups takes as long as what they
    /// may span, which would be the whole line.
    rest: &'k str,
}

/// The number that a line begins with, if any.
fn form(key: &str) -> Option<Numbered<'_>> {
    const FORMS: [(&str, u8); 9] = [
        ("part", rank::PART),
        ("chapter", rank::CHAPTER),
        ("section", rank::SECTION),
        ("ordinal", rank::ORDINAL),
        ("first", rank::FIRST),
        ("second", rank::SECOND),
        ("third", rank::THIRD),
        ("fourth", rank::FOURTH),
        ("fifth", rank::FIFTH),
    ];
    let found = NUMBERED.captures(key)?;
    let (number, rank) =
        FORMS.iter().find_map(|&(name, rank)| Some((found.name(name)?.as_str(), rank)))?;
    Some(Numbered { rank, number, rest: &key[found.get(0)?.end()..] })
}

/// The rank of a line that is a heading by its number or its name.
pub(crate) fn numbered(key: &str) -> Option<u8> {
    if FRONT.is_match(key) {
        return Some(rank::FRONT);
    }
    let Numbered { rank, number, rest } = form(key)?;
    let rest = rest.trim();
    let len = rest.chars().count();
    let body = rest.strip_suffix('。').unwrap_or(rest);
    if ROW.is_match(body) {
        return None;
    }
    if body.contains(['。', ';']) || len > LONGEST || ends_open(body) {
        return None;
    }
    let closed = rest.ends_with(['。', '!', ':']);
    match rank {
        // 三 农 and 一 is no numbering: a space alone asks for a longer line.
        rank::FIRST if number.ends_with([' ', ',']) && (len < 6 || closed) => return None,
        // 第一编辑部, 第一部分是: words and sentences.
        rank::PART if closed || rest.starts_with(['是', '中', '的', '辑', '制', '队']) => {
            return None;
        }
        _ => {}
    }
    // Under Arabic numbers full sentences are items, not headings.
    let longest = match rank {
        rank::PART | rank::CHAPTER | rank::SECTION | rank::FIRST => LONGEST,
        rank::SECOND => 50,
        _ if closed => return None,
        _ => 36,
    };
    // 第一章 may stand alone, any other number needs words.
    (len <= longest && (len > 0 || rank <= rank::SECTION)).then_some(rank)
}

/// The number that a line begins with: 3 of `三、`, `(三)`, `3.`, `③` and `第三章`.
pub(crate) fn number_of(key: &str) -> Option<u64> {
    let bare = key.trim_start_matches(['第', '(', ' ']);
    let first = bare.chars().next()?;
    for (from, to) in [('①', '⑳'), ('⑴', '⒇'), ('⒈', '⒛'), ('㈠', '㈩')] {
        if (from..=to).contains(&first) {
            return Some(u64::from(first as u32 - from as u32) + 1);
        }
    }
    let end = bare
        .find(|c: char| !(c.is_ascii_digit() || "一二三四五六七八九十百零〇".contains(c)))
        .unwrap_or(bare.len());
    numeral::parse(&bare[..end])
}

/// The number of a line that is a Chinese numeral and nothing else, as sections without a name have.
pub(crate) fn lone_number(key: &str) -> Option<u64> {
    let number =
        key.chars().count() <= 3 && key.chars().all(|c| "一二三四五六七八九十".contains(c));
    number.then(|| numeral::parse(key)).flatten()
}

/// Whether a line is an item by its number and its end: `(一)集体土地所有权;`
pub(crate) fn is_item(key: &str) -> bool {
    form(key).is_some_and(|found| found.rank >= rank::FIRST && !found.rest.is_empty())
        && key.ends_with(';')
}

/// Whether a line is the next item of the list that another one is of: `(七)其他` behind
/// `(六)……;`.
pub(crate) fn follows(item: &str, next: &str) -> bool {
    let (Some(this), Some(other)) = (form(item), form(next)) else { return false };
    this.rank == other.rank
        && number_of(item).is_some_and(|number| number_of(next) == Some(number + 1))
}

/// A heading set at the head of its paragraph: `(一)加强组织领导。各级党委……`. Its rank, where it
/// is short enough to be one and text follows.
pub(crate) fn run_in_head(key: &str) -> Option<u8> {
    let Numbered { rank, number, rest } = form(key)?;
    let stop = rest.find('。')?;
    let (head, text) = (&rest[..stop], &rest[stop + '。'.len_utf8()..]);
    let len = head.chars().count();
    let fits = (rank::FIRST..=rank::THIRD).contains(&rank)
        && !(rank == rank::FIRST && number.ends_with([' ', ',', ':']))
        && (4..=40).contains(&len)
        && !head.contains([';', ':', '!', '?'])
        && text.chars().count() >= 15;
    fits.then_some(rank)
}

/// Whether a line without number can be a heading by its looks: short, mostly Han, not closed.
pub(crate) fn bare(key: &str) -> bool {
    static EXCLUDED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:各位|同志们|朋友们|女士们|尊敬的|谢谢|单位\s*:|注\s*:|备注|说明\s*:|附[件表]|[图表]\s*\d|其中\s*:)|^[—―─\-*·•●◆■>|]|(?:记者|通讯员|摄|图|供稿|报道)$|万岁|奋勇前进!?$|(?:而|努力)(?:团结)?奋斗!$|\([%‰]\)$|^目\s*[录次]$")
            .expect("a constant pattern")
    });
    let len = key.chars().count();
    let open = key.trim_end_matches(['?', '!']);
    // 某届人民代表大会某次会议关于……的决定 is long and a heading all the same.
    let document =
        ["决定", "决议", "说明", "报告", "方案", "意见", "公报"].iter().any(|d| key.ends_with(d));
    if !(4..=if document { 60 } else { 40 }).contains(&len)
        || ROW.is_match(key)
        || open.ends_with(['。', ';', ':', ',', '、', '…', '—', '”', '"']) && !open.ends_with('”')
        || key.contains('。')
        || open.contains(['!', '|'])
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
    let mut best: ((bool, usize), Vec<RunIn>) = ((false, 0), Vec::new());
    for form in 0..3 {
        let mut chain: Vec<(u64, RunIn)> = Vec::new();
        // A count that begins anew is that of the parts of sections, not of the sections.
        let mut again = false;
        for (number, _, found) in candidates.iter().filter(|c| c.1 == form) {
            let far = chain.last().is_none_or(|(_, last)| {
                key[last.after..found.heading.start].chars().count() >= SECTION_TEXT
            });
            match chain.last() {
                // The one nearest to the two is the one that counts.
                _ if *number == 1 && chain.len() <= 1 => chain = vec![(1, found.clone())],
                _ if *number == 1 => again = true,
                Some((last, _)) if *number == last + 1 && far => {
                    chain.push((*number, found.clone()));
                }
                _ => {}
            }
        }
        let enough = if form == 0 { 3 } else { 2 };
        let better = (!again, chain.len()) > best.0;
        if chain.len() >= enough && better {
            best = ((!again, chain.len()), chain.into_iter().map(|(_, found)| found).collect());
        }
    }
    best.1
}

/// The number that a sentence counts with, and the form: 0 bare, 1 with 、, 2 in brackets.
fn count_of(sentence: &str) -> Option<(u64, u8)> {
    static COUNT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:\((?P<b>[一二三四五六七八九十]{1,3})\)|(?P<p>[一二三四五六七八九十]{1,3})[、.．]|(?P<n>十?[一二三四五六七八九十]))\s*")
            .expect("a constant pattern")
    });
    /// Characters that make the number before them one of things, or of an enumeration 一是.
    const MEASURES: &str = "是要年些个批方带名次种月日季系定直般切旦则手路条项届位家人大中小化去来到度道层等级股种类样者同起旁边心体致律再向概经时农国省市县区镇村所座处套本部张台件份只支场户亩万千百亿元线双举几多期代步环两一二三四五六七八九十";
    if !RUN_IN.contains(&sentence.chars().count()) {
        return None;
    }
    let found = COUNT.captures(sentence)?;
    let rest = &sentence[found.get(0)?.end()..];
    let (number, form) = match (found.name("b"), found.name("p"), found.name("n")) {
        (Some(n), ..) => (n, 2),
        (_, Some(n), _) => (n, 1),
        (_, _, Some(n)) => (n, 0),
        _ => return None,
    };
    if rest.is_empty() || form == 0 && rest.starts_with(|c| MEASURES.contains(c)) {
        return None;
    }
    numeral::parse(number.as_str()).map(|n| (n, form))
}

/// Consecutive levels, 1 outermost, for the headings of a report: rank and number of each.
///
/// Which form of number stands over which is a habit with exceptions, so the report's own order
/// decides: a form whose count begins anew under another stands below it.
pub(crate) fn levels(heads: &[(u8, Option<u64>)]) -> Vec<u8> {
    let mut used: Vec<u8> = heads.iter().map(|h| h.0).filter(|&r| r != rank::FRONT).collect();
    used.sort_unstable();
    used.dedup();
    for _ in 0..used.len() {
        let mut settled = true;
        for at in 1..used.len() {
            if holds(heads, used[at], used[at - 1]) {
                used.swap(at - 1, at);
                settled = false;
            }
        }
        if settled {
            break;
        }
    }
    heads
        .iter()
        .map(|(r, _)| used.iter().position(|u| u == r).map_or(1, |at| (at + 1).min(9) as u8))
        .collect()
}

/// Whether headings of the rank `outer` hold those of the rank `inner`, against the habit.
fn holds(heads: &[(u8, Option<u64>)], outer: u8, inner: u8) -> bool {
    let pair: Vec<(u8, Option<u64>)> =
        heads.iter().copied().filter(|h| h.0 == outer || h.0 == inner).collect();
    let count = |rank: u8| pair.iter().filter(|h| h.0 == rank).count();
    // How often a rank begins at one again, each time behind a heading of the other.
    let begins = |rank: u8| {
        let firsts = pair.iter().enumerate().filter(|(_, h)| h.0 == rank && h.1 == Some(1));
        let (mut all, mut behind) = (0, 0);
        for (at, _) in firsts {
            all += 1;
            behind += usize::from(at > 0 && pair[at - 1].0 != rank);
        }
        (all, behind)
    };
    let (inner_begins, inner_behind) = begins(inner);
    if outer >= rank::BARE {
        // Headings without number are above only where every count begins right behind one of them.
        return inner < rank::BARE
            && inner_begins >= 2
            && inner_behind == inner_begins
            && count(outer) <= inner_behind * 2;
    }
    let (outer_begins, _) = begins(outer);
    if inner_begins != outer_begins {
        return inner_begins > outer_begins && inner_begins > 1 && inner_behind * 2 > inner_begins;
    }
    // Both count on through the whole report: the few hold the many.
    let between =
        pair.windows(2).filter(|w| w[0].0 == inner && w[1].0 == inner && w[1].1 > w[0].1).count();
    count(outer) >= 2
        && count(outer) * 2 <= count(inner)
        && pair[0].0 == outer
        && between > 0
        && pair.windows(2).all(|w| w[0].0 == inner || w[1].0 == inner)
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
            ("第一编 基本任务", Some(rank::PART)),
            ("第-节  提高劳动生产率", Some(rank::SECTION)),
            ("绪 言", Some(rank::FRONT)),
            ("第一,正确处理农业、轻工业、重工业的关系", Some(rank::ORDINAL)),
            ("第一部分是总结", None),
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
        let nested = format!(
            "大会开幕。一、工作回顾和总结。过去一年成绩显著。（一）结构持续优化。{body}（二）改革不断深化。{body}二、工作安排和任务。今年要做好三件事。（一）加快转型升级。{body}（二）扩大对外开放。{body}（三）保障改善民生。{body}"
        );
        let found: Vec<&str> = run_in(&nested).into_iter().map(|r| &nested[r.heading]).collect();
        assert_eq!(found, ["一、工作回顾和总结", "二、工作安排和任务"]);
        assert!(run_in(&format!("一是建群扩网。{body}二是纾困解难。{body}{body}")).is_empty());
    }

    #[test]
    fn levels_are_consecutive() {
        let of = |lines: &[&str]| {
            let heads: Vec<(u8, Option<u64>)> =
                lines.iter().map(|l| (numbered(l).unwrap_or(rank::BARE), number_of(l))).collect();
            levels(&heads)
        };
        assert_eq!(of(&["编者按", "一、工作回顾", "1.主要成绩", "二、工作安排"]), [1, 1, 2, 1]);
        assert_eq!(of(&["党建引领聚合力", "服务大局显担当"]), [1, 1]);
    }

    #[test]
    fn levels_are_learnt_from_the_report() {
        let of = |lines: &[&str]| {
            let heads: Vec<(u8, Option<u64>)> =
                lines.iter().map(|l| (numbered(l).unwrap_or(rank::BARE), number_of(l))).collect();
            levels(&heads)
        };
        // Chapters counted through under 一、
        assert_eq!(
            of(&[
                "一、主要任务",
                "第一章 目标",
                "第二章 速度",
                "二、产业政策",
                "第三章 方向",
                "第四章 农业"
            ]),
            [1, 2, 2, 1, 2, 2]
        );
        // (一) over 一、
        assert_eq!(
            of(&[
                "(一)过去一年",
                "一、经济发展",
                "二、社会进步",
                "(二)今年任务",
                "一、扩大开放",
                "二、改善民生"
            ]),
            [1, 2, 2, 1, 2, 2]
        );
        // Without number over 一、
        assert_eq!(
            of(&[
                "经济建设的成就",
                "一、调整任务",
                "二、主要任务",
                "人民民主统一战线",
                "一、阶级关系",
                "二、文化教育"
            ]),
            [1, 2, 2, 1, 2, 2]
        );
        // The habit, where the report says nothing else.
        assert_eq!(
            of(&["一、回顾", "(一)经济", "(二)社会", "二、安排", "(一)投资"]),
            [1, 2, 2, 1, 2]
        );
        assert_eq!(
            of(&["一、回顾", "(一)经济", "(二)社会", "二、安排", "三、保障"]),
            [1, 2, 2, 1, 1]
        );
    }

    #[test]
    fn numbers_of_every_form() {
        for (line, expect) in [
            ("三、今年的任务", Some(3)),
            ("(十二)加强领导", Some(12)),
            ("第二十一章 内陆地区", Some(21)),
            ("③发展", Some(3)),
            ("㈢发展", Some(3)),
            ("⑵发展", Some(2)),
            ("7.发展", Some(7)),
            ("发展", None),
        ] {
            assert_eq!(number_of(line), expect, "{line}");
        }
    }

    #[test]
    fn headings_at_the_head_of_a_paragraph() {
        let text = "各级各部门密切配合，形成了上下联动的工作格局。";
        assert_eq!(run_in_head(&format!("(一)加强组织领导。{text}")), Some(rank::SECOND));
        assert_eq!(run_in_head(&format!("1.加强组织领导。{text}")), Some(rank::THIRD));
        assert_eq!(run_in_head(&format!("一是加强组织领导。{text}")), None);
        assert_eq!(run_in_head(&format!("加强组织领导。{text}")), None);
        assert_eq!(run_in_head("(一)加强组织领导。很好。"), None);
    }
}
