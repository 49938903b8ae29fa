//! What is odd about a reading text: lost figures, impossible dates, quotation marks lost.

use crate::date::days_of;
use anjuan_text::offset::ByteRange;
use anjuan_text::{Block, CharRange, OffsetMap, Problem, ProblemCode, is_han};
use regex::Regex;
use std::sync::LazyLock;

/// Most problems of one kind that are listed place by place.
const MOST: usize = 50;

/// Characters that, standing before an approximate figure, are its number or make it one.
const NUMBERS: &str =
    r"\d０-９一二三四五六七八九十百千万亿萬億两兩零〇几幾数數半多第xX×Ｘ%％.．,，、";

/// Units before which 余 needs a number; 多 needs one before sums and crowds only, since 多个 and
/// 多家 are words.
const UNITS: &str = "万元|亿元|亿|万人次|人次|万人|萬元|億元|億|萬人次|萬人|万|萬|元|名|人|家|个|個|件|批|篇|场|場|次|户|戶|吨|噸|亩|畝|公里|平方米|公顷|天";

/// Places where a figure must have stood. Group 1 is the place.
static LOST: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // 捐赠物资多万元, 惠及群众余人次: nothing before the approximation.
        format!(r"(?:^|[^{NUMBERS}])(多(?:万|萬|亿|億)(?:元|人次?|件|户|戶|亩|畝|吨|噸)|多人次)"),
        format!(r"(?:^|[^{NUMBERS}其业業剩盈结結有富之工课課残殘宽寬年岁歲])((?:余|餘)(?:{UNITS}))"),
        // 年是全面建成…, 。年春节, ，年月: a year or month without number at the head of a clause.
        r"(?:^|[。；;！!？?\n])(年(?:是|来,|春节|春節|[上下]半年|全市|全省|月|底|初))".to_owned(),
        r"(?:^|[^\d０-９〇零○一二三四五六七八九十xX×当當今明去前每同近周何某整跨长長往经經历歷青少中老成按逐岁歲多半全])(年月(?:日|[，。,、至]))".to_owned(),
        r"(?:^|[。；;，,])(月(?:份|日)[^，。]{2})".to_owned(),
        // 达成协议项目个涉及资金亿元, 现金元, 价值约万元
        r"((?:资金|資金|投资|投資|捐资|捐資|现金|現金|价值|價值|总额|總額|慰问金|慰問金|产值|產值|收入|物资|物資)(?:约|約|达|達|近|超过|超過|共|共计|共計|累计|累計|为|為)?(?:亿|億|万|萬)?元)(?:[^以级級企村镇鎮园園俱户戶店件素]|$)".to_owned(),
        r"((?:增长|增長|下降|提高|达到|達到|超过|超過|约|約|占比)(?:为|為|至|到)?[%％])".to_owned(),
        // xxxx年, xx.x％
        r"((?:[xX×＊*]{2,4}年)|(?:[xX×]+\.?[xX×]*[%％]))".to_owned(),
    ]
    .iter()
    .map(|p| Regex::new(p).expect("constant patterns"))
    .collect()
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
    let mut problems = lost_digits(text, &map);
    problems.extend(impossible_dates(text, &map));
    problems.extend(unbalanced_quotes(blocks, &map));
    problems.extend(stripped_punctuation(text));
    problems
}

fn lost_digits(text: &str, map: &OffsetMap<'_>) -> Vec<Problem> {
    let mut places: Vec<CharRange> = Vec::new();
    for pattern in LOST.iter() {
        for found in pattern.captures_iter(text) {
            if let Some(place) = found.get(1) {
                places.push(map.from_bytes(ByteRange { start: place.start(), end: place.end() }));
            }
        }
    }
    places.sort_unstable();
    places.dedup_by(|next, previous| previous.overlaps(*next));
    // One such place may be a slip of the pen or an odd name; two are a converter.
    if places.len() < 2 {
        return Vec::new();
    }
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
