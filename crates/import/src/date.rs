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
        r"(?P<y>(?:19|20)\d{2})\s*(?:年\s*|[-/.])\s*(?P<m>\d{1,2})",
        r"(?:\s*(?:月\s*|[-/.])\s*(?P<d>\d{1,2})\s*日?|\s*月)",
        r"(?:\s*T?\s*(?:星期[一二三四五六日天]\s*)?(?P<H>\d{1,2})\s*(?:[:时])\s*(?P<M>\d{1,2})(?:\s*[:分]\s*(?P<S>\d{1,2})秒?)?分?)?"
    ))
    .expect("a constant pattern")
});

static CHINESE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?P<y>[一二][〇零○Oo0九一二三四五六七八]{3})年\s*(?P<m>[一二三四五六七八九十]{1,2})月",
        r"(?:\s*(?P<d>[一二三四五六七八九十]{1,3})日)?"
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
    for (pattern, chinese) in [(&*NUMERIC, false), (&*CHINESE, true)] {
        for caught in pattern.captures_iter(key) {
            let Some(whole) = caught.get(0) else { continue };
            let value = |name: &str| {
                let digits = caught.name(name)?.as_str();
                if chinese {
                    numeral::parse(&digits.replace(['O', 'o'], "0"))
                } else {
                    digits.parse().ok()
                }
            };
            // A longer run of digits is a number, not a date.
            let before = key[..whole.start()].chars().next_back();
            let after = key[whole.end()..].chars().next();
            let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            if digit(before) || digit(after) {
                continue;
            }
            let date = (value("y"), value("m"), value("d"));
            let time = (value("H"), value("M"), value("S"));
            if let Some(iso) = iso(date, time) {
                found.push(Date { range: whole.range(), iso });
            }
        }
    }
    found.sort_by_key(|d| d.range.start);
    found
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
            ("2021年", Some("2021")),
            ("2021-02-30", None),
            ("2021-13-01", None),
            ("20210", None),
            ("2021-02-04 25:00", Some("2021-02-04")),
        ] {
            assert_eq!(parse(field).as_deref(), expect, "{field}");
        }
    }
}
