//! Who wrote a page and when, as the lines around its text say it in passing.

use super::flatten::Flat;
use crate::line::Line;
use crate::{date, names};
use anjuan_text::is_han;
use regex::Regex;
use std::sync::LazyLock;

/// What the lines say.
#[derive(Debug, Default)]
pub(super) struct Credits {
    pub(super) published: Option<String>,
    pub(super) authors: Vec<String>,
}

/// Lines at either end of a text that can hold a credit.
const ENDS: usize = 5;
/// Longest line that is nothing but a credit, in characters.
const CREDIT: usize = 60;
/// Longest line that is nothing but names.
const NAMES: usize = 8;
/// How far from the text a date can stand.
const FAR: usize = 15;

/// Reads the lines of a page of which those in `kept` are the text.
pub(super) fn read(lines: &[Flat], kept: &[bool], title: Option<usize>) -> Credits {
    let text: Vec<usize> = (0..lines.len()).filter(|&at| kept[at] && Some(at) != title).collect();
    let (Some(&first), Some(&last)) = (text.first(), text.last()) else {
        return Credits::default();
    };
    Credits {
        published: published(lines, title, first, last),
        authors: authors(lines, &text, title, first, last),
    }
}

fn key(line: &Flat) -> String {
    Line::clean(&line.text, false).key
}

/// A date with its day in a short line.
fn day(line: &Flat) -> Option<String> {
    if line.hidden || line.chars > 120 || !line.text.contains(|c: char| c.is_numeric() || c == '年')
    {
        return None;
    }
    let dates = date::dates(&key(line));
    dates.into_iter().map(|d| d.iso).find(|iso| iso.len() >= "2020-01-01".len())
}

fn published(lines: &[Flat], title: Option<usize>, first: usize, last: usize) -> Option<String> {
    static SAYS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"发[布表稿]|时间|日期|更新|修[订改]|于\s*\d{4}|posted|published")
            .expect("a constant pattern")
    });
    // A date between the title and the text, in whatever company.
    let from = title.filter(|&t| t < first).unwrap_or(first.saturating_sub(10));
    if let Some(day) = lines[from..first].iter().find_map(day) {
        return Some(day);
    }
    // Over the title, where newspapers have it, but no date of another article.
    let head = from.saturating_sub(FAR)..from;
    let own = |line: &&Flat| line.linked * 2 <= line.chars && line.chars <= 40;
    if let Some(day) = lines[head].iter().rev().filter(own).find_map(day) {
        return Some(day);
    }
    // Behind the text, where something says what the date is of.
    let tail = &lines[last.saturating_sub(2)..lines.len().min(last + FAR)];
    let said = |line: &&Flat| line.linked * 2 <= line.chars && SAYS.is_match(&key(line));
    if let Some(day) = tail.iter().filter(said).find_map(day) {
        return Some(day);
    }
    // Of what the text was taken from: ——《某刊》1996年6月号
    let line = &lines[last];
    let key = key(line);
    if line.chars <= 40 && key.starts_with(['—', '-', '(', '《', '原', '载']) {
        return date::dates(&key).into_iter().map(|d| d.iso).next();
    }
    None
}

/// Who is named as having written: `（记者 某某）`, `本报记者某某`, `文：某某`, `某某/某报`.
fn authors(
    lines: &[Flat],
    text: &[usize],
    title: Option<usize>,
    first: usize,
    last: usize,
) -> Vec<String> {
    let mut found = Vec::new();
    let near =
        (title.filter(|&t| t < first && first - t <= 12).unwrap_or(first.saturating_sub(3)))..first;
    let short = |line: &&Flat| !line.hidden && line.chars <= CREDIT && line.chars >= 2;
    let behind = last + 1..lines.len().min(last + 4);
    for line in lines[near].iter().filter(short) {
        credit(&key(line), &mut found);
    }
    // A name alone behind the title or the heading under it, before sentences.
    let alone = |n: &usize| {
        let line = &lines[text[*n]];
        let headed = *n == 0 || (lines[text[0]].stops == 0 && lines[text[0]].chars <= CREDIT);
        let prose = text[n + 1..].iter().take(4).any(|&at| lines[at].prose() > 0);
        headed && prose && line.chars <= NAMES && line.linked * 2 <= line.chars
    };
    if found.is_empty() && title.is_none_or(|t| t < first) {
        for n in (0..text.len().min(2)).filter(alone) {
            let key = key(&lines[text[n]]);
            for name in names::people(key.trim()).unwrap_or_default() {
                add(&key.trim()[name], &mut found);
            }
        }
    }
    for (n, &at) in text.iter().enumerate() {
        let line = &lines[at];
        if n >= ENDS && n + ENDS < text.len() {
            if n + FAR >= text.len() && line.chars <= CREDIT && POSTED.is_match(&line.text) {
                credit(&key(line), &mut found);
            }
            continue;
        }
        if line.chars <= CREDIT {
            credit(&key(line), &mut found);
        } else {
            // Within a paragraph only its beginning and its end.
            let key = key(line);
            let begin: String = key.chars().take(60).collect();
            bracketed(&begin, &mut found);
            let skip = key.chars().count().saturating_sub(40);
            bracketed(&key.chars().skip(skip).collect::<String>(), &mut found);
        }
    }
    for line in lines[behind].iter().filter(short) {
        credit(&key(line), &mut found);
    }
    found
}

static ROLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:记者|通讯员|特约评论员|评论员|特派员|撰稿人?|撰文|作者|执笔)\s*[:/]?")
        .expect("a constant pattern")
});

/// Who posted a text, as forums say it.
static POSTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:本贴|本帖|文章)?由\s*(?P<who>[^\s,。]{2,12}?)\s*(?:于|在)\s*\d{4}|\d{2}\s+\[\s*(?P<set>[\p{Han}]{2,4})\s*\]|作者\s*(?P<name>[\p{Han}·]{2,4})$")
        .expect("a constant pattern")
});

/// A line that is a credit as a whole.
fn credit(key: &str, found: &mut Vec<String>) {
    static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[(\[【]?\s*(?:文|文/图|图/文|文字|撰文|by|post(?:ed)? by)\s*[:/|丨]\s*(?P<who>[^:。]{2,20}?)\s*[)\]】]?$")
            .expect("a constant pattern")
    });
    static OUTLET: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^(?P<who>[\p{Han}·]{2,4})\s*[/|]\s*[\p{Han}]{2,12}(?:报|网|社|刊|台|新闻|客户端)$",
        )
        .expect("a constant pattern")
    });
    if key.contains('。') || key.matches([',', ';', '!', '?']).count() > 2 {
        return;
    }
    for pattern in [&*WRITTEN, &*OUTLET, &*POSTED] {
        if let Some(caught) = pattern.captures(key) {
            // Not every pattern has all of them.
            let who = ["who", "set", "name"].iter().find_map(|n| caught.name(n));
            if let Some(who) = who {
                for word in who.as_str().split(['、', ' ', ',']) {
                    add(word, found);
                }
                return;
            }
        }
    }
    roles(key, found);
}

/// Credits in brackets: `据某社某地电(记者 某某)记者近日……`.
fn bracketed(part: &str, found: &mut Vec<String>) {
    static BRACKET: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[(【\[](?P<inner>[^()【】\[\]。]{4,40})[)】\]]").expect("a constant pattern")
    });
    for caught in BRACKET.captures_iter(part) {
        roles(&caught["inner"], found);
    }
}

/// The names behind each role of a credit.
fn roles(credit: &str, found: &mut Vec<String>) {
    for role in ROLE.find_iter(credit) {
        let behind = &credit[role.end()..];
        let end = ["发自", "报道", "摄影", "摄", "/", "文图", "综合", "整理", ")", "】", "责编"]
            .iter()
            .filter_map(|stop| behind.find(stop))
            .chain(ROLE.find(behind).map(|next| next.start()))
            .min()
            .unwrap_or(behind.len());
        let part = &behind[..end];
        // A sentence about reporters: 记者从某局获悉
        for word in names::words(part, 0..part.len()) {
            let word: String = part[word].chars().filter(|c| !c.is_whitespace()).collect();
            let any = (2..=4).contains(&word.chars().count()) && word.chars().all(is_han);
            let sure = names::is_name(&word) || (any && !VERBS.iter().any(|v| word.contains(v)));
            let place = word.chars().count() > 2
                && word.ends_with(['省', '市', '县', '区', '镇', '乡', '村', '州']);
            if !sure || place {
                break;
            }
            add(&word, found);
        }
    }
}

/// What reporters do and what is said of authors, and no name holds.
const VERBS: &[&str] = &[
    "从", "了解", "获悉", "采访", "近日", "今日", "昨日", "今天", "昨天", "日前", "看到", "问",
    "在", "表示", "介绍", "说", "会", "站", "部", "证", "团", "协", "节", "现场", "随", "走进",
    "来到", "注意", "观点", "个人", "本人", "简介", "原创", "授权", "所有", "博客", "联系", "单位",
    "声明", "立场", "荐稿",
];

fn add(word: &str, found: &mut Vec<String>) {
    let word = word.trim_matches(|c: char| c.is_whitespace() || matches!(c, ')' | '(' | ':'));
    let len = word.chars().count();
    if (2..=12).contains(&len) && !found.iter().any(|f| f == word) && found.len() < 8 {
        found.push(word.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expect: &[&str]) {
        let mut found = Vec::new();
        let key = Line::clean(line, false).key;
        credit(&key, &mut found);
        bracketed(&key, &mut found);
        assert_eq!(found, expect, "{line}");
    }

    #[test]
    fn credits_name_people() {
        check("□ 本报记者 周婉清", &["周婉清"]);
        check("本报记者周婉清发自云溪", &["周婉清"]);
        check("青岚日报记者 沈知远 云溪县报道", &["沈知远"]);
        check("青岚新闻·云溪商报记者沈知远/文受访者供图", &["沈知远"]);
        check("据新华社某地电（记者 格桑多吉）记者近日从全区会议上了解到。", &["格桑多吉"]);
        check("青岚网云溪频道  记者  沈知远  周婉清", &["沈知远", "周婉清"]);
        check("沈知远/青岚日报", &["沈知远"]);
        check("文：云中客", &["云中客"]);
        check("本贴由远山于2005年8月12日16:12:21在〖论坛〗发表", &["远山"]);
        check("任何言论纯属作者个人观点，与本站无关；", &[]);
        check("记者从市侨联获悉，今年的工作已经开始", &[]);
        check("全市侨联系统持续用力", &[]);
    }
}
