//! Values of fields: how they are read, and how they are written so that they read the same.

use super::{Field, Filter};
use crate::document::Day;
use anjuan_text::numeral::digit;
use anjuan_text::{Script, fold_char};

/// A value as understood.
pub(super) struct Value {
    /// As it can be typed again.
    pub(super) typed: String,
    /// One of these must hold; never empty.
    pub(super) filters: Vec<Filter>,
}

impl Field {
    /// What a value means; `None` where the field cannot have it.
    pub(super) fn value(self, typed: &str) -> Option<Value> {
        let typed = typed.trim();
        let one = |typed: String, filter| Value { typed, filters: vec![filter] };
        match self {
            Self::Text(field) => Some(one(typed.to_owned(), Filter::text(field, typed)?)),
            Self::Year => many(&plain(typed, '年'), year_range, |(from, to)| {
                let year = |year: &i32| year.to_string();
                (shown(from.as_ref(), to.as_ref(), year), Filter::Years { from, to })
            }),
            Self::Date => many(&plain(typed, ' '), date_range, |(from, to)| {
                let filter = Filter::Dates {
                    from: from.map(|date: Date| Day::first(date.year, date.known)),
                    to: to.map(|date: Date| Day::last(date.year, date.known)),
                };
                (shown(from.as_ref(), to.as_ref(), Date::typed), filter)
            }),
            Self::Length => many(&plain(typed, '字'), length_range, |(from, to)| {
                let length = |length: &i64| length.to_string();
                (shown(from.as_ref(), to.as_ref(), length), Filter::Length { from, to })
            }),
            Self::Memo => {
                let memo = memo(typed)?;
                Some(one((if memo { "有" } else { "无" }).to_owned(), Filter::Memo(memo)))
            }
            Self::Script => {
                let script = script(typed)?;
                Some(one(script.as_str().to_owned(), Filter::Script(script)))
            }
        }
    }
}

/// The longest text that can be asked for.
const LONGEST: i64 = 999_999_999;

type Span<T> = (Option<T>, Option<T>);

/// Spans with commas between.
fn many<T>(
    value: &str,
    read: fn(&str) -> Option<Span<T>>,
    mut made: impl FnMut(Span<T>) -> (String, Filter),
) -> Option<Value> {
    let mut typed = Vec::new();
    let mut filters = Vec::new();
    for part in value.split(',').filter(|part| !part.is_empty()) {
        let (shown, filter) = made(read(part)?);
        typed.push(shown);
        filters.push(filter);
    }
    (!filters.is_empty()).then(|| Value { typed: typed.join(","), filters })
}

/// A span as it is typed.
fn shown<T: PartialEq>(from: Option<&T>, to: Option<&T>, one: impl Fn(&T) -> String) -> String {
    let end = |end: Option<&T>| end.map_or(String::new(), &one);
    if from == to { end(from) } else { format!("{}..{}", end(from), end(to)) }
}

/// Digits and signs in their plain forms, without white space and the given unit.
fn plain(value: &str, unit: char) -> String {
    let plain = value
        .chars()
        .map(super::parse::to_ascii)
        .filter(|c| !c.is_whitespace() && *c != unit)
        .map(|c| match c {
            '—' | '–' | '―' | '~' | '至' | '到' => '~',
            '、' | ';' => ',',
            _ => digit(c).and_then(|d| char::from_digit(d.try_into().ok()?, 10)).unwrap_or(c),
        })
        .collect::<String>();
    plain.replace('≥', ">=").replace('≤', "<=")
}

/// A span in one of the ways people write it: `a`, `=a`, `a..b`, `a~b`, `a-b`, `a..`, `..b`, `>a`,
/// `>=a`, `<b`, `<=b`. The ends are put in order.
fn span<T: Copy + PartialOrd>(
    part: &str,
    read: impl Fn(&str) -> Option<T>,
    next: impl Fn(T) -> T,
    last: impl Fn(T) -> T,
) -> Option<Span<T>> {
    if let Some(rest) = part.strip_prefix(">=") {
        return Some((Some(read(rest)?), None));
    }
    if let Some(rest) = part.strip_prefix("<=") {
        return Some((None, Some(read(rest)?)));
    }
    if let Some(rest) = part.strip_prefix('>') {
        return Some((Some(next(read(rest)?)), None));
    }
    if let Some(rest) = part.strip_prefix('<') {
        return Some((None, Some(last(read(rest)?))));
    }
    let part = part.strip_prefix('=').unwrap_or(part);
    if let Some(only) = read(part) {
        return Some((Some(only), Some(only)));
    }
    let (from, to) = ["..", "~", "-"].into_iter().find_map(|by| part.split_once(by))?;
    // “2018...2021”, “2018~~2021”
    let to = to.trim_start_matches(['.', '~', '-']);
    if from.is_empty() && to.is_empty() {
        return None;
    }
    let open = |end: &str| if end.is_empty() { Some(None) } else { read(end).map(Some) };
    Some(match (open(from)?, open(to)?) {
        (Some(a), Some(b)) if a > b => (Some(b), Some(a)),
        span => span,
    })
}

fn number(digits: &str, most: usize) -> Option<i32> {
    let few = (1..=most).contains(&digits.len());
    (few && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok())?
}

/// `2018`, `2018年`, `二〇一八`, `2018..2021`, `2018至2021`, `>=2018`; of a date (`2018-05`) the year.
fn year_range(part: &str) -> Option<Span<i32>> {
    let year = |digits: &str| number(digits, 4);
    if let Some((from, rest)) = part.split_once('-')
        && !rest.is_empty()
        && !part.contains('~')
        && !part.contains("..")
        && (rest.len() <= 2 || rest.contains('-'))
        && let Some(from) = year(from)
    {
        return Some((Some(from), Some(from)));
    }
    span(part, year, |year| (year + 1).min(9999), |year| (year - 1).max(0))
}

/// A date, as precise as given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Date {
    year: i32,
    /// The month, and the day.
    known: Option<(u32, Option<u32>)>,
}

impl PartialOrd for Date {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Day::first(self.year, self.known).partial_cmp(&Day::first(other.year, other.known))
    }
}

impl Date {
    /// `2018`, `2018-5`, `2018年5月12日`, `2018/05/12`, `2018.5`.
    fn read(text: &str) -> Option<Self> {
        let text = text.trim_end_matches(['日', '号', '號', '月', '年']);
        let mut parts = text.split(['-', '/', '.', '年', '月']);
        let year = parts.next().filter(|year| year.len() == 4).and_then(|y| number(y, 4))?;
        let mut part = |most: u32| match parts.next() {
            None => Some(None),
            Some(digits) => {
                let number = number(digits, 2).and_then(|n| u32::try_from(n).ok())?;
                (1..=most).contains(&number).then_some(Some(number))
            }
        };
        let (month, day) = (part(12)?, part(31)?);
        parts.next().is_none().then(|| Self { year, known: month.map(|month| (month, day)) })
    }

    fn typed(&self) -> String {
        match self.known {
            None => format!("{:04}", self.year),
            Some((month, None)) => format!("{:04}-{month:02}", self.year),
            Some((month, Some(day))) => format!("{:04}-{month:02}-{day:02}", self.year),
        }
    }

    fn of_year(year: i32) -> Self {
        Self { year: year.clamp(0, 9999), known: None }
    }

    /// What comes behind it.
    fn next(self) -> Self {
        let Self { year, known } = self;
        match known {
            None | Some((12.., None | Some(31..))) => Self::of_year(year + 1),
            Some((month, None | Some(31..))) => Self { known: Some((month + 1, None)), ..self },
            Some((month, Some(day))) => Self { known: Some((month, Some(day + 1))), ..self },
        }
    }

    /// What comes before it.
    fn last(self) -> Self {
        let Self { year, known } = self;
        match known {
            None | Some((..=1, None | Some(..=1))) => Self::of_year(year - 1),
            Some((month, None | Some(..=1))) => Self { known: Some((month - 1, None)), ..self },
            Some((month, Some(day))) => Self { known: Some((month, Some(day - 1))), ..self },
        }
    }
}

fn date_range(part: &str) -> Option<Span<Date>> {
    // Years with a dash between.
    if let Some((from, to)) = part.split_once('-')
        && let (4, Some(_), Some(to)) = (to.len(), number(from, 4), Date::read(to))
    {
        let from = Date::read(from)?;
        return Some(if from > to { (Some(to), Some(from)) } else { (Some(from), Some(to)) });
    }
    span(part, Date::read, Date::next, Date::last)
}

/// `5000`, `5000字`, `5千`, `1.5万`, `>5000`, `1000..2000`, `5000以上`.
fn length_range(part: &str) -> Option<Span<i64>> {
    let length = |text: &str| {
        let (digits, times) = match text.strip_suffix('千') {
            Some(digits) => (digits, 1_000),
            None => text.strip_suffix(['万', '萬']).map_or((text, 1), |digits| (digits, 10_000)),
        };
        let (whole, tenth) = match digits.split_once('.') {
            Some((whole, tenth)) if times > 1 && tenth.len() == 1 => (whole, number(tenth, 1)?),
            _ => (digits, 0),
        };
        let length = i64::from(number(whole, 9)?) * times + i64::from(tenth) * times / 10;
        Some(length.min(LONGEST))
    };
    if let Some(least) = part.strip_suffix("以上") {
        return Some((Some(length(least)?), None));
    }
    if let Some(most) = part.strip_suffix("以下") {
        return Some((None, Some(length(most)?)));
    }
    span(part, length, |length| (length + 1).min(LONGEST), |length| (length - 1).max(0))
}

/// The value folded, letters only.
fn word(value: &str) -> String {
    value.chars().filter_map(fold_char).filter(|c| c.is_alphabetic()).collect()
}

fn memo(value: &str) -> Option<bool> {
    match word(value).as_str() {
        "有" | "是" | "yes" | "true" | "memo" | "memos" | "备注" | "备忘" => Some(true),
        "无" | "没有" | "否" | "no" | "false" | "none" => Some(false),
        _ => None,
    }
}

fn script(value: &str) -> Option<Script> {
    match word(value).as_str() {
        "hans" | "zhhans" | "简" | "简体" | "简体字" | "简体中文" | "simplified" => {
            Some(Script::Hans)
        }
        "hant" | "zhhant" | "繁" | "繁体" | "繁体字" | "繁体中文" | "正体" | "traditional" => {
            Some(Script::Hant)
        }
        _ => None,
    }
}
