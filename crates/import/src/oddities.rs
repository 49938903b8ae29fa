//! What is odd about a reading text: lost figures, impossible dates, quotation marks lost.

use crate::date::days_of;
use crate::mojibake;
use anjuan_text::offset::ByteRange;
use anjuan_text::script::simplify_char;
use anjuan_text::{Block, BlockKind, CharRange, OffsetMap, Problem, ProblemCode, is_han};
use regex::{Regex, RegexSet};
use rustc_hash::FxHashMap;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Most problems of one kind that are listed place by place.
const MOST: usize = 50;

/// Characters that, standing before an approximate figure, are its number or make it one.
const NUMBERS: &str =
    r"\d０-９一二三四五六七八九十百千万亿萬億两兩零〇几幾数數半多第xX×Ｘ%％.．,，、";

/// Units before which 余 needs a number; 多 needs one before sums and crowds only, since 多个 and
/// 多家 are words.
const UNITS: &str = "万元|亿元|亿|万人次|人次|万人|萬元|億元|億|萬人次|萬人|元|名|人|家|个|個|件|批|篇|场|場|次|户|戶|吨|噸|亩|畝|公里|平方米|公顷|天";

/// Places where a figure must have stood. Group 1 is the place.
static LOST: LazyLock<Several> = LazyLock::new(|| {
    Several::new(&[
        // 捐赠物资多万元, 惠及群众余人次: nothing before the approximation.
        format!(r"(?:^|[^{NUMBERS}])(多(?:万|萬|亿|億)(?:元|人次?|件|户|戶|亩|畝|吨|噸)|多人次)"),
        format!(r"(?:^|[^{NUMBERS}其业業剩盈结結有富之工课課残殘宽寬年岁歲])((?:余|餘)(?:{UNITS}))"),
        // 年是全面建成…, 。年春节, ，年月: a year or month without number at the head of a clause.
        r"(?:^|[。；;！!？?\n])(年(?:是|来,|春节|春節|[上下]半年|全市|全省|月|底前))".to_owned(),
        r"(?:^|[^\d０-９〇零○一二三四五六七八九十xX×當当今明去前每同近周何某整跨长長往经經歷历青少中老成按逐岁歲多半全])(年月(?:日|[，。,、至]))".to_owned(),
        r"(?:^|[。；;，,])(月(?:份|日)[^，。]{2})".to_owned(),
        // 达成协议项目个涉及资金亿元, 现金元, 价值约万元
        r"((?:资金|資金|投资|投資|捐资|捐資|现金|現金|价值|價值|总额|總額|慰问金|慰問金|产值|產值|收入|物资|物資)(?:约|約|达|達|近|超过|超過|共|共计|共計|累计|累計|为|為)?(?:亿|億|万|萬)?元)(?:[，,。；;、）)]|$)".to_owned(),
        r"((?:增长|增長|下降|提高|达到|達到|超过|超過|约|約|占比)(?:为|為|至|到)?[%％])(?:[，,。；;、）)]|$)".to_owned(),
    ])
});

/// Patterns that few texts have: one look tells which of them to look for.
struct Several {
    any: RegexSet,
    each: Vec<Regex>,
}

impl Several {
    fn new(patterns: &[String]) -> Self {
        Self {
            any: RegexSet::new(patterns).expect("constant patterns"),
            each: patterns.iter().map(|p| Regex::new(p).expect("constant patterns")).collect(),
        }
    }

    /// Those that a text has, in their order.
    fn of(&self, text: &str) -> impl Iterator<Item = &Regex> {
        self.any.matches(text).into_iter().map(|at| &self.each[at])
    }
}

/// Days and years without their figure, where the whole text has none: 到年，基本建成.
static BARE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:[到至将照于自从据，。：；、（“](年)(?:[^轻均代产龄初底末终年会关货画味薪度青纪复夜少近报检幼迈成来尾一二三四五六七八九十]|$))|",
        r"(?:：(日)[，、至])|",
        r"(?:[组团员者部局委院省市县区国于自](日)(?:在|上午|下午|晚|凌晨|起|，|至))"
    ))
    .expect("a constant pattern")
});

/// Figures masked by letters: xxxx年, xx.x％, 全市xxx家.
static MASKED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:^|[^A-Za-zＡ-Ｚａ-ｚ×*＊])((?:[xX×]{2,}(?:[.．][xX×]+)?|[*＊]{2,}|x)\s?(?:[%％年月日时時点點个個家项項处處名条條所次大位户戶人亿億万萬元亩畝吨噸座届屆]|平方|公里|[多余餘][个個家项項名万萬亿億人]))",
    )
    .expect("a constant pattern")
});

static LONG_DAY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|[^\d.\-/年月])((\d{3,4})日)").expect("a constant pattern"));
static MONTH_DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"((?:((?:19|20)\d{2})年)?(\d{1,2})月(\d{1,3})日)").expect("a constant pattern")
});

fn problem(code: ProblemCode, message: String, range: Option<CharRange>) -> Problem {
    Problem { code, message, range }
}

/// Every oddity of a reading text, in the order of its kinds, then of the text.
pub(crate) fn find(text: &str, blocks: &[Block]) -> Vec<Problem> {
    let map = OffsetMap::new(text);
    let mut problems = lost_digits(text, blocks, &map);
    problems.extend(impossible_dates(text, &map));
    problems.extend(unbalanced_quotes(blocks, &map));
    problems.extend(stripped_punctuation(text));
    problems.extend(lost_characters(blocks, &map));
    problems
}

/// Blocks in which characters are gone for good.
fn lost_characters(blocks: &[Block], map: &OffsetMap<'_>) -> Vec<Problem> {
    let mut found = Vec::new();
    for block in blocks {
        let text = map.slice(block.range);
        let places = mojibake::lost(text);
        let Some(first) = places.first() else { continue };
        let at = |byte: usize| block.range.start + text[..byte].chars().count() as u32;
        let message = format!("Characters are lost in {} places of this paragraph.", places.len());
        let range = CharRange::new(at(first.start), at(first.end));
        found.push(problem(ProblemCode::Mojibake, message, Some(range)));
    }
    found.truncate(MOST);
    found
}

/// Characters of which a figure must have stood between the first and the rest: those that follow,
/// then all that come before. 达亿元 is written where the figure of 达3亿元 is gone and nowhere else.
static GAPS: LazyLock<FxHashMap<char, Vec<Gap>>> = LazyLock::new(|| {
    let mut gaps: FxHashMap<char, Vec<Gap>> = FxHashMap::default();
    for (behind, before) in
        include_str!("../data/lost_figures.txt").lines().filter_map(|line| line.split_once(' '))
    {
        let mut behind = behind.chars();
        if let Some(first) = behind.next() {
            gaps.entry(first).or_default().push((behind.next(), before));
        }
    }
    gaps
});

/// What stands behind the first character of a gap, if that says more; and what came before it.
type Gap = (Option<char>, &'static str);

/// Least number of different gaps in a text that has figures left, and their least share of all
/// figures in percent.
const GAPS_LEAST: usize = 3;
const GAPS_PERCENT: usize = 4;

/// Length of a text, in Han characters, for which one gap is too few to say anything.
const LONG: usize = 3000;

/// Length of a line, in Han characters, from which on its figures count.
const SHORT: usize = 25;

/// Where figures are gone by what stands side by side, and how many figures are left.
fn gaps(text: &str, blocks: &[Block]) -> (Vec<CharRange>, usize) {
    let written: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut figures = 0;
    for block in blocks {
        if matches!(block.kind, BlockKind::Title | BlockKind::Byline | BlockKind::Table) {
            continue;
        }
        // As the table has it: simplified, signs of full width, no spaces.
        let chars: Vec<(char, u32)> = (block.range.start..block.range.end)
            .map(|at| (written[at as usize], at))
            .filter(|(c, _)| !c.is_whitespace())
            .map(|(c, at)| match c {
                '０'..='９' => ((c as u32 - 0xFEE0) as u8 as char, at),
                ',' | ';' | ':' | '(' | ')' => (char::from_u32(c as u32 + 0xFEE0).unwrap_or(c), at),
                _ => (simplify_char(c), at),
            })
            .collect();
        // Dates under the text and lines of the page are left by converters that take the rest.
        if chars.iter().filter(|c| is_han(c.0)).count() > SHORT {
            let ends = |w: &[(char, u32)]| w[0].0.is_ascii_digit() && !w[1].0.is_ascii_digit();
            figures += chars.windows(2).filter(|w| ends(w)).count();
        }
        for (at, window) in chars.windows(2).enumerate() {
            let (before, next) = (window[0], window[1]);
            let Some(gaps) = GAPS.get(&next.0) else { continue };
            let behind = |n: usize| chars.get(at + 1 + n).map(|c| c.0);
            let is_gap = gaps.iter().any(|&(second, all)| {
                (second.is_none() || second == behind(1)) && all.contains(before.0)
            });
            // 亿元以上, 万元级: a size, not a sum.
            let size =
                behind(1) == Some('元') && behind(2).is_some_and(|c| "以级项企村产".contains(c));
            if is_gap && !size {
                found.push(CharRange::new(before.1, next.1 + 1));
            }
        }
    }
    (found, figures)
}

fn lost_digits(text: &str, blocks: &[Block], map: &OffsetMap<'_>) -> Vec<Problem> {
    let place = |found: regex::Match<'_>| {
        map.from_bytes(ByteRange { start: found.start(), end: found.end() })
    };
    let caught = |pattern: &Regex| -> Vec<CharRange> {
        pattern.captures_iter(text).filter_map(|c| c.get(1)).map(place).collect()
    };
    let masked = caught(&MASKED);
    let mut places: Vec<CharRange> = LOST.of(text).flat_map(&caught).collect();
    let (gaps, figures) = gaps(text, blocks);
    let different: HashSet<&str> = gaps.iter().map(|&gap| map.slice(gap)).collect();
    let han = || text.chars().filter(|&c| is_han(c)).count();
    // One such place may be a slip of the pen or an odd name; several are a converter, and so is
    // one in a text without any figure.
    let converter = places.len() >= 2
        || (different.len() >= GAPS_LEAST && gaps.len() * 100 > figures * GAPS_PERCENT)
        || (figures == 0 && !gaps.is_empty() && (different.len() > 1 || han() <= LONG));
    let bare = || -> Vec<CharRange> {
        let simple = anjuan_text::to_simplified(text).replace(',', "，");
        let found = BARE.captures_iter(&simple).filter_map(|c| c.iter().skip(1).flatten().next());
        let found: Vec<_> = found.map(|m| m.start()..m.end()).collect();
        // Simplifying keeps the count of characters but for a few words.
        if simple.chars().count() != text.chars().count() {
            return Vec::new();
        }
        let map = OffsetMap::new(&simple);
        found
            .into_iter()
            .map(|f| map.from_bytes(ByteRange { start: f.start, end: f.end }))
            .collect()
    };
    if figures == 0 && places.is_empty() && gaps.is_empty() {
        places = bare();
    } else if converter {
        let beside: Vec<CharRange> =
            gaps.into_iter().filter(|gap| !places.iter().any(|p| p.overlaps(*gap))).collect();
        places.extend(beside);
    } else {
        places.clear();
    }
    places.extend(masked);
    places.sort_unstable();
    places.dedup_by(|next, previous| previous.overlaps(*next));
    let all = places.len();
    places
        .into_iter()
        .take(MOST)
        .map(|range| {
            let message = format!(
                "Digits look stripped at “{}”, one of {all} such places.",
                map.slice(range)
            );
            problem(ProblemCode::DigitsStripped, message, Some(range))
        })
        .collect()
}

fn impossible_dates(text: &str, map: &OffsetMap<'_>) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut report = |place: regex::Match<'_>| {
        let range = map.from_bytes(ByteRange { start: place.start(), end: place.end() });
        let message = format!("“{}” is no date.", place.as_str());
        found.push(problem(ProblemCode::ImpossibleDate, message, Some(range)));
    };
    for caught in LONG_DAY.captures_iter(text) {
        let (Some(place), Some(digits)) = (caught.get(1), caught.get(2)) else { continue };
        // 126日 is 1月26日 without its 月; 100日 and 365日 are spans of time.
        let digits = digits.as_str();
        let (month, day) = digits.split_at(digits.len() - 2);
        let month: u64 = month.parse().unwrap_or(0);
        let day: u64 = day.parse().unwrap_or(0);
        let span = matches!(digits, "100" | "180" | "360" | "365" | "366" | "1000");
        if !span && (1..=days_of(2000, month)).contains(&day) {
            report(place);
        }
    }
    for caught in MONTH_DAY.captures_iter(text) {
        let number = |at: usize| caught.get(at).and_then(|n| n.as_str().parse::<u64>().ok());
        let (Some(place), Some(month), Some(day)) = (caught.get(1), number(3), number(4)) else {
            continue;
        };
        if !(1..=days_of(number(2).unwrap_or(2000), month)).contains(&day) {
            report(place);
        }
    }
    found.truncate(MOST);
    found
}

/// Paragraphs in which an opening or closing mark has no partner.
fn unbalanced_quotes(blocks: &[Block], map: &OffsetMap<'_>) -> Vec<Problem> {
    const PAIRS: &[(char, char)] = &[('“', '”'), ('「', '」'), ('『', '』'), ('《', '》')];
    let mut found = Vec::new();
    for block in blocks {
        let text = map.slice(block.range);
        for &(open, close) in PAIRS {
            let mut pending: Option<u32> = None;
            let mut odd: Option<u32> = None;
            for (at, c) in text.chars().enumerate() {
                let at = at as u32;
                if c == open {
                    // A quotation that begins inside one of its own kind means the end was lost.
                    odd = odd.or(pending);
                    pending = Some(at);
                } else if c == close {
                    if pending.is_none() {
                        odd = odd.or(Some(at));
                    }
                    pending = None;
                }
            }
            if let Some(at) = odd.or(pending) {
                let at = block.range.start + at;
                found.push(problem(
                    ProblemCode::QuotesUnbalanced,
                    format!("{open} and {close} do not match in this paragraph."),
                    Some(CharRange::new(at, at + 1)),
                ));
            }
        }
    }
    found.truncate(MOST);
    found
}

/// Shortest text, in Han characters, whose lack of marks says something.
const ENOUGH: usize = 600;

fn stripped_punctuation(text: &str) -> Option<Problem> {
    let han = text.chars().filter(|&c| is_han(c)).count();
    let commas = text.contains(['，', ',']);
    let lists = text.contains(['、', '､']);
    let quotes = text.contains(['“', '”', '「', '《', '"', '『', '‘']);
    (han >= ENOUGH && commas && !lists && !quotes).then(|| {
        problem(
            ProblemCode::PunctuationStripped,
            "There is not one quotation mark or enumeration comma in the text.".to_owned(),
            None,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use anjuan_text::BlockKind;

    fn check(text: &str, code: ProblemCode, expect: &[&str]) {
        let map = OffsetMap::new(text);
        let blocks = [Block { kind: BlockKind::Paragraph, level: None, range: map.all() }];
        let found: Vec<&str> = find(text, &blocks)
            .into_iter()
            .filter(|p| p.code == code)
            .map(|p| map.slice(p.range.unwrap_or_default()))
            .collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn figures_lost() {
        let code = ProblemCode::DigitsStripped;
        check("捐赠物资多万元，惠及群众余人次。", code, &["多万元", "余人次"]);
        check(
            "年是收官之年。累计争取资金亿元。年月，召开会议。",
            code,
            &["年是", "资金亿元", "年月"],
        );
        check("投资100多万元，惠及3000余人次，十余家，数百余名。", code, &[]);
        check("签约总投资180余亿元。2020年是收官之年。", code, &[]);
        check("投资主体多元化，组织多家企业，投资亿元以上项目，其余人员，多元共治。", code, &[]);
        check("xxxx年增长xx.x％。", code, &["xxxx年", "xx.x％"]);
    }

    #[test]
    fn dates_that_cannot_be() {
        let code = ProblemCode::ImpossibleDate;
        check("126日和220日，先后发出倡议书。", code, &["126日", "220日"]);
        check("连续100日，365日无休，1月26日。", code, &[]);
        check("2月30日，13月5日", code, &["2月30日", "13月5日"]);
    }

    #[test]
    fn quotation_marks() {
        let code = ProblemCode::QuotesUnbalanced;
        check("策划海外侨胞话云溪”“喜爱云溪的理由”", code, &["”"]);
        check("“云溪行”“感知云溪”", code, &[]);
        check("举办“云溪行“感知云溪”", code, &["“"]);
    }
}
