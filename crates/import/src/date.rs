//! Dates and times as sites write them, on keys (half width).

use anjuan_text::numeral;
use regex::Regex;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::LazyLock;

/// A date found in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Date {
    /// Bytes of the key.
    pub(crate) range: Range<usize>,
    /// ISO 8601, as precise as written.
    pub(crate) iso: String,
}

static NUMERIC: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?P<y>(?:19|20)\d{2}|(?:1 9|2 0) \d \d)\s*(?:年\s*|[-/.])\s*(?P<m>\d{1,2})",
        r"(?:\s*(?:月\s*|[-/.])\s*(?P<d>\d{1,2})\s*日?|\s*月)",
        r"(?:\s*T?\s*(?:星期[一二三四五六日天]\s*)?(?P<H>\d{1,2})\s*(?:[:时])\s*(?P<M>\d{1,2})(?:\s*[:分]\s*(?P<S>\d{1,2})秒?)?分?)?"
    ))
    .expect("a constant pattern")
});

// A dash stands in for 一 where a page was recognised from a picture.
static CHINESE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?P<y>[一二―─][〇零○Oo0九一二三四五六七八]{3})年\s*(?P<m>元|[一二三四五六七八九十]{1,2}|\d{1,2})月",
        r"(?:\s*(?P<d>[一二三四五六七八九十廿卅]{1,3}|\d{1,2})日)?"
    ))
    .expect("a constant pattern")
});

/// 民国三十八年: the years of the Republic, the first of which is 1912.
static REPUBLIC: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:中华)?民国\s*(?P<y>元|[一二三四五六七八九十百〇零○]{1,4}|\d{1,3})\s*年\s*(?P<m>元|[一二三四五六七八九十]{1,2}|\d{1,2})\s*月",
        r"(?:\s*(?P<d>[一二三四五六七八九十廿卅]{1,3}|\d{1,2})\s*日)?"
    ))
    .expect("a constant pattern")
});

static YEAR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?P<y>(?:19|20)\d{2})年?$").expect("a constant pattern"));

/// Days of a month; 0 for a month that does not exist.
pub(crate) fn days_of(year: u64, month: u64) -> u64 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 0,
    }
}

/// Every possible date of a key, in order. Impossible ones are left out.
pub(crate) fn dates(key: &str) -> Vec<Date> {
    let mut found = Vec::new();
    for (pattern, before_first) in [(&*NUMERIC, 0), (&*CHINESE, 0), (&*REPUBLIC, 1911)] {
        for caught in pattern.captures_iter(key) {
            let Some(whole) = caught.get(0) else { continue };
            let value = |name: &str| number(caught.name(name)?.as_str());
            // A longer run of digits is a number, not a date.
            let before = key[..whole.start()].chars().next_back();
            let after = key[whole.end()..].chars().next();
            let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            if digit(before) || digit(after) {
                continue;
            }
            let date = (value("y").map(|y| y + before_first), value("m"), value("d"));
            let time = (value("H"), value("M"), value("S"));
            if let Some(iso) = iso(date, time) {
                found.push(Date { range: whole.range(), iso });
            }
        }
    }
    found.sort_by_key(|d| d.range.start);
    found
}

/// The number that a part of a date is, in whatever figures.
fn number(figures: &str) -> Option<u64> {
    let plain: String = figures
        .chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(|c| {
            let (first, second) = match c {
                'O' | 'o' => ('0', None),
                '元' | '―' | '─' => ('一', None),
                '廿' => ('二', Some('十')),
                '卅' => ('三', Some('十')),
                _ => (c, None),
            };
            std::iter::once(first).chain(second)
        })
        .collect();
    plain.parse().ok().or_else(|| numeral::parse(&plain))
}

/// What happened on a date in the head of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// A report was given, or nothing is said.
    Held,
    /// 通过, 批准, 修订.
    Adopted,
    /// 公布, 印发.
    Announced,
    /// 施行.
    InForce,
}

/// A date in the head of a report with what happened on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) what: What,
    /// ISO 8601.
    pub(crate) iso: String,
}

static ADOPTED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("通过|批准|修正|修订|审议").expect("a constant pattern"));
static ANNOUNCED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("公布|发布|印发|颁布|颁发|公告").expect("a constant pattern"));
static IN_FORCE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("施行|实施|实行|生效|起执行").expect("a constant pattern"));
static MEETING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("[在于].{2,40}(?:会议?|大会|全会)|^.{4,40}(?:[次届]会议|大会)")
        .expect("a constant pattern")
});

/// The dates of a line of the head, each with what the words behind it say.
pub(crate) fn events(key: &str) -> Vec<Event> {
    let dates = dates(key);
    let ends = dates.iter().skip(1).map(|d| d.range.start).chain([key.len()]);
    dates
        .iter()
        .zip(ends)
        .map(|(date, end)| {
            let behind = &key[date.range.end..end];
            let what = if ANNOUNCED.is_match(behind) {
                What::Announced
            } else if ADOPTED.is_match(behind) {
                What::Adopted
            } else if IN_FORCE.is_match(behind) {
                What::InForce
            } else {
                What::Held
            };
            Event { what, iso: date.iso.clone() }
        })
        .collect()
}

/// Whether a line tells when a text was given, adopted or made public, and nothing else.
pub(crate) fn is_history(key: &str) -> bool {
    let bracketed = key.trim_start_matches(['>', ' ', '*']).starts_with('(')
        && key.trim_end_matches(['*', ' ']).ends_with(')');
    let inner = key.trim_matches(|c: char| !c.is_alphanumeric());
    if inner.contains(['。', ':']) || inner.chars().count() > 200 {
        return false;
    }
    let Some(first) = dates(inner).into_iter().next() else { return false };
    // 2021-02-03 is how sites date their pages.
    if !inner[first.range.clone()].contains('年') {
        return false;
    }
    let opens = bracketed
        || first.range.start == 0
        || (inner.starts_with("根据") && first.range.start < 20);
    let behind = &inner[first.range.end..];
    opens && [&ADOPTED, &ANNOUNCED, &IN_FORCE, &MEETING].iter().any(|p| p.is_match(behind))
}

/// Whether a line is a date and nothing else.
pub(crate) fn is_day(key: &str) -> bool {
    matches!(&dates(key)[..], [only] if only.range == (0..key.len()))
}

/// Whether a line is a day in brackets, as it stands under the title of a speech or a resolution.
pub(crate) fn is_bracketed_day(key: &str) -> bool {
    key.trim_start_matches(['>', ' ', '*'])
        .strip_prefix('(')
        .and_then(|rest| rest.trim_end_matches(['*', ' ']).strip_suffix(')'))
        .is_some_and(|inner| {
            let inner = inner.trim();
            inner.contains('年') && is_day(inner)
        })
}

/// A text without its full dates, so that the years left are those it speaks of.
pub(crate) fn without_dates(key: &str) -> String {
    let mut rest = String::with_capacity(key.len());
    let mut from = 0;
    for date in dates(key).into_iter().filter(|d| d.iso.len() >= 10) {
        rest.push_str(&key[from..date.range.start.max(from)]);
        from = date.range.end.max(from);
    }
    rest.push_str(&key[from..]);
    rest
}

/// Where the title ends in a line that goes on with when and where a report was given:
/// `政府工作报告(2010年1月19日在某省第十一届人民代表大会第三次会议上 省长 某某)`.
pub(crate) fn delivery_in(key: &str) -> Option<usize> {
    let separator = |c: char| matches!(c, '—' | '―' | '─' | '-' | '(' | ' ');
    dates(key).into_iter().find_map(|date| {
        let title = key[..date.range.start].trim_end_matches(separator);
        let apart = title.len() < date.range.start && title.chars().count() >= 4;
        let behind = key[date.range.end..].trim_start();
        (apart
            && date.iso.len() >= 10
            && MEETING.is_match(behind)
            && (behind.starts_with(['在', '于']) || behind.chars().count() > 10))
            .then_some(title.len())
    })
}

fn iso(
    date: (Option<u64>, Option<u64>, Option<u64>),
    time: (Option<u64>, Option<u64>, Option<u64>),
) -> Option<String> {
    let (Some(year), Some(month), day) = date else { return None };
    let days = days_of(year, month);
    if days == 0 || day.is_some_and(|d| d == 0 || d > days) {
        return None;
    }
    let mut iso = format!("{year:04}-{month:02}");
    if let Some(day) = day {
        let _ = write!(iso, "-{day:02}");
        if let (Some(hour @ 0..24), Some(minute @ 0..60), second) = time {
            let _ = write!(iso, "T{hour:02}:{minute:02}");
            if let Some(second @ 0..60) = second {
                let _ = write!(iso, ":{second:02}");
            }
        }
    }
    Some(iso)
}

/// The date that a whole field is, a bare year included.
pub(crate) fn parse(field: &str) -> Option<String> {
    let field = field.trim();
    if let Some(year) = YEAR.captures(field) {
        return Some(year["y"].to_owned());
    }
    // ISO 8601 with zone, as meta elements have it, is cut to what stands before the zone.
    dates(field).into_iter().next().map(|d| d.iso)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_as_precise_as_written() {
        for (field, expect) in [
            ("2021/2/4 15:15", Some("2021-02-04T15:15")),
            ("2024-11-12 17:11:24", Some("2024-11-12T17:11:24")),
            ("2020年07月02日", Some("2020-07-02")),
            ("2020年7月", Some("2020-07")),
            ("2020.7.2", Some("2020-07-02")),
            ("二〇二一年十二月三十一日", Some("2021-12-31")),
            ("2021-03-05T09:30:00+08:00", Some("2021-03-05T09:30:00")),
            ("二○○五年三月五日", Some("2005-03-05")),
            ("一九五四年九月廿三日", Some("1954-09-23")),
            ("―九八四年元月8日", Some("1984-01-08")),
            ("2 0 1 4 年 1月9日", Some("2014-01-09")),
            ("民国三十八年一月", Some("1949-01")),
            ("中华民国110年10月10日", Some("2021-10-10")),
            ("民国元年元月一日", Some("1912-01-01")),
            ("二〇二一年二月三十日", None),
            ("2021年", Some("2021")),
            ("2021-02-30", None),
            ("2021-13-01", None),
            ("20210", None),
            ("2021-02-04 25:00", Some("2021-02-04")),
        ] {
            assert_eq!(parse(field).as_deref(), expect, "{field}");
        }
    }

    #[test]
    fn history_of_a_text() {
        for (line, what, iso) in [
            ("——2021年2月3日在云溪市第四届人民代表大会第六次会议上", What::Held, "2021-02-03"),
            ("2007年12月3日 某省第十届人大常委会第三十四次会议通过", What::Adopted, "2007-12-03"),
            ("2011年12月7日 某市人大常委会公告第55号公布", What::Announced, "2011-12-07"),
            ("2012年1月1日 施行", What::InForce, "2012-01-01"),
        ] {
            assert!(is_history(line), "{line}");
            assert_eq!(events(line), [Event { what, iso: iso.to_owned() }], "{line}");
        }
        assert!(is_history("> (某党第十四次全国代表大会部分修改,1992年10月18日通过)"));
        assert!(!is_history("2021-02-03 来源:云溪发布"));
        assert!(!is_history("2021年2月3日,全市召开大会,通过了决议。会后各区迅速行动"));
        assert!(!is_history("一年来的工作"));
    }

    #[test]
    fn days_that_stand_alone() {
        for (line, day, bracketed) in [
            ("2019年8月5日", true, false),
            ("2019-08-05", true, false),
            ("(2019年8月5日)", false, true),
            ("> (二〇一九年八月五日)", false, true),
            ("**(2019年8月5日)**", false, true),
            ("(2019-08-05)", false, false),
            ("(2019年8月5日通过)", false, false),
            ("2019年8月5日上午", false, false),
            ("", false, false),
            ("()", false, false),
        ] {
            assert_eq!((is_day(line), is_bracketed_day(line)), (day, bracketed), "{line}");
        }
    }

    #[test]
    fn titles_that_go_on_with_the_delivery() {
        for (line, title) in [
            (
                "政府工作报告(2010年1月19日在云溪省第十一届人民代表大会第三次会议上 省长 王某)",
                Some("政府工作报告"),
            ),
            (
                "政府工作报告  ——2005年5月28日在云溪市第四届人民代表大会第一次会议上",
                Some("政府工作报告"),
            ),
            ("云溪市政府工作报告(2022年1月12日 李某)", None),
            ("2021年2月3日在云溪市第四届人民代表大会上的讲话", None),
        ] {
            assert_eq!(delivery_in(line).map(|at| &line[..at]), title, "{line}");
        }
    }
}
