//! Lines of labelled fields: `来源: 某报  日期:2020-07-02  点击:105`, on keys.

use crate::{date, names};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// What a field says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// When it was published, under a label that says so.
    Date,
    /// A date without label.
    BareDate,
    /// Where it first appeared.
    Source,
    /// Who wrote it.
    Author,
    /// Who edited it.
    Editor,
    /// Proof-reader, reference number and the like: part of the byline, asked by nobody.
    Other,
    /// Counters, print and share buttons.
    Tool,
}

/// One field of a line, in bytes of the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) kind: Kind,
    /// Label, value and brackets.
    pub(crate) whole: Range<usize>,
    /// The value alone; may be empty.
    pub(crate) value: Range<usize>,
}

const LABELS: &[(Kind, &str)] = &[
    (
        Kind::Date,
        "发布时间|发布日期|发表时间|发表日期|更新时间|更新日期|发文时间|发文日期|发稿时间|发稿日期|成文日期|成文时间|公布日期|公开日期|公开时间|生成日期|印发日期|上传时间|录入时间|稿件时间|信息时间|发布于|日期|时间",
    ),
    (
        Kind::Source,
        "本文来源|信息来源|文章来源|稿件来源|新闻来源|内容来源|原文来源|转载来源|来源|稿源|文章出处|出处|转载自|转自|来自",
    ),
    (
        Kind::Author,
        "文章作者|作者|撰稿人|撰稿|撰文|供稿人|供稿|本报记者|本网记者|特约记者|记者|通讯员|报道",
    ),
    (Kind::Editor, "责任编辑|网络编辑|本期编辑|值班编辑|实习编辑|见习编辑|编辑|责编|网编"),
    (
        Kind::Other,
        "审核|审校|校对|校审|终审|初审|复审|一审|二审|三审|复核|核稿|签发|监制|录入员|录入|发布人|发布者|发布机构|发布单位|发文机关|信息员|摄影|索引号|文号|发文字号|主题分类|公文种类|有效性|关键词|关键字|标签|版次|责任校对|编审|主编|栏目",
    ),
    (
        Kind::Tool,
        "点击次数|点击数|点击率|点击量|点击|浏览次数|浏览人数|浏览量|浏览数|浏览|阅读次数|阅读人数|阅读量|阅读数|阅读|访问次数|访问量|访问数|访问|人气|热度|评论数|评论|分享到|分享至|分享|字体大小|字体|字号|文字大小|打印|收藏|转发",
    ),
];

static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    let groups: Vec<String> = LABELS
        .iter()
        .map(|(_, words)| {
            // 来 源: two characters are often spaced out.
            let words: Vec<String> = words
                .split('|')
                .map(|w| w.chars().map(String::from).collect::<Vec<_>>().join(r"\s{0,4}"))
                .collect();
            format!("({})", words.join("|"))
        })
        .collect();
    Regex::new(&format!(r"[(\[【<《]?\s*(?:{})\s*:", groups.join("|"))).expect("constant patterns")
});

/// Tools without a colon: `【打印本页】`, `浏览 105 次`.
static TOOL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"[【\[(]\s*(?:打印|关闭|字体|字号|我要|收藏|分享|纠错|大\s*中\s*小)[^】\])]{0,16}[】\])]",
        r"|(?:点击|浏览|阅读|访问|人气)(?:次数|量|数|率)?\s+\d+\s*(?:次|人次)?",
        r"|\d+\s*(?:次)?(?:浏览|阅读|点击)|打印本页|关闭窗口|分享到|我要分享"
    ))
    .expect("a constant pattern")
});

/// Names of papers, sites and offices, for a source without label.
static OUTLET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[\p{Han}A-Za-z0-9·《》]{1,16}(?:日报|晚报|晨报|时报|早报|都市报|商报|快报|报|网|网站|社|电视台|广播电台|新闻|频道|客户端|公众号|杂志|周刊|官网|侨联|办公室|政府|宣传部|统战部|[局委办])$")
        .expect("a constant pattern")
});

/// Longest value of a field in characters.
const LONGEST_VALUE: usize = 50;
/// Longest text behind a counter or button in characters.
const LONGEST_TOOL: usize = 16;

fn trim_value(key: &str, range: Range<usize>) -> Range<usize> {
    let outer = |c: char| {
        c.is_whitespace()
            || matches!(c, ')' | ']' | '】' | '>' | '|' | ',' | ';' | '(' | '[' | '【' | '·' | '/')
    };
    let part = &key[range.clone()];
    let lead = part.len() - part.trim_start_matches(outer).len();
    let inner = part[lead..].trim_end_matches(outer).len();
    range.start + lead..range.start + lead + inner
}

/// The fields of a line that is a byline and nothing else; `None` for any other line.
pub(crate) fn fields(key: &str) -> Option<Vec<Field>> {
    if key.contains('。') || key.chars().count() > 240 {
        return None;
    }
    if let Some(field) = spaced(key) {
        return Some(vec![field]);
    }
    // Starts of fields: (start, end of label, kind).
    let mut starts: Vec<(usize, usize, Kind)> = Vec::new();
    for found in LABEL.captures_iter(key) {
        let Some(whole) = found.get(0) else { continue };
        let kind = LABELS.iter().enumerate().find(|(at, _)| found.get(at + 1).is_some());
        if let Some((_, (kind, _))) = kind {
            starts.push((whole.start(), whole.end(), *kind));
        }
    }
    for found in TOOL.find_iter(key) {
        if !starts.iter().any(|s| s.0 < found.end() && found.start() < s.1) {
            starts.push((found.start(), found.end(), Kind::Tool));
        }
    }
    starts.sort_unstable_by_key(|s| s.0);
    let mut found_dates = date::dates(key);
    // A date behind its own label is that field's value.
    found_dates.retain(|d| {
        let owner = starts.iter().rev().find(|s| s.1 <= d.range.start);
        !owner
            .is_some_and(|s| matches!(s.2, Kind::Date) && key[s.1..d.range.start].trim().is_empty())
    });
    for found in found_dates {
        starts.push((found.range.start, found.range.start, Kind::BareDate));
    }
    starts.sort_unstable_by_key(|s| s.0);
    let first = starts.first()?;
    let has_date = starts.iter().any(|s| matches!(s.2, Kind::Date | Kind::BareDate));

    let mut fields = Vec::new();
    let opening = trim_value(key, 0..first.0);
    if !opening.is_empty() {
        // 某某日报 2020-07-02 作者:…
        if !has_date || !OUTLET.is_match(&key[opening.clone()]) {
            return None;
        }
        fields.push(Field { kind: Kind::Source, whole: 0..first.0, value: opening });
    }
    for (at, &(start, label_end, kind)) in starts.iter().enumerate() {
        let end = starts.get(at + 1).map_or(key.len(), |next| next.0);
        let mut value = trim_value(key, label_end.min(end)..end);
        let mut whole = start..end;
        if kind == Kind::BareDate || kind == Kind::Date {
            // Behind a date may stand a source without label.
            if let Some(date) = date::dates(&key[value.clone()]).into_iter().next() {
                let date_end = value.start + date.range.end;
                let rest = trim_value(key, date_end..end);
                value = value.start + date.range.start..date_end;
                if !rest.is_empty() {
                    let text = &key[rest.clone()];
                    if text.starts_with("星期") {
                    } else if OUTLET.is_match(text) {
                        whole.end = date_end;
                        fields.push(Field { kind, whole, value });
                        fields.push(Field {
                            kind: Kind::Source,
                            whole: date_end..end,
                            value: rest,
                        });
                        continue;
                    } else if let Some(people) = names::people(text)
                        && at + 1 == starts.len()
                        && !people.is_empty()
                    {
                        whole.end = date_end;
                        fields.push(Field { kind, whole, value });
                        fields.push(Field {
                            kind: Kind::Author,
                            whole: date_end..end,
                            value: rest,
                        });
                        continue;
                    } else {
                        return None;
                    }
                }
            } else if kind == Kind::Date && !value.is_empty() && value.len() > 30 {
                return None;
            }
        }
        let longest = if kind == Kind::Tool { LONGEST_TOOL } else { LONGEST_VALUE };
        if key[value.clone()].chars().count() > longest {
            return None;
        }
        fields.push(Field { kind, whole, value });
    }
    // A sentence that happens to hold a colon: 记者:您好,请问……
    let talk = fields.iter().any(|f| {
        let value = &key[f.value.clone()];
        f.kind != Kind::Tool && (value.ends_with(['?', '!']) || value.matches(',').count() > 2)
    });
    (!talk).then_some(fields)
}

/// A label and names with only a space between: `责任编辑 田欣`.
fn spaced(key: &str) -> Option<Field> {
    static SPACED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[(\[【]?(?:(责任编辑|责编|编辑|网络编辑)|(作者|撰稿|供稿|撰文|文[/图]*))\s*[ /](?P<names>[^:]{2,30}?)[)\]】]?$")
            .expect("a constant pattern")
    });
    let found = SPACED.captures(key)?;
    let value = found.name("names")?;
    names::people(value.as_str())?;
    let kind = if found.get(1).is_some() { Kind::Editor } else { Kind::Author };
    Some(Field { kind, whole: 0..key.len(), value: value.range() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expect: Option<&[(Kind, &str)]>) {
        let found = fields(line);
        let found: Option<Vec<(Kind, &str)>> =
            found.as_ref().map(|f| f.iter().map(|f| (f.kind, &line[f.value.clone()])).collect());
        assert_eq!(found.as_deref(), expect, "{line}");
    }

    #[test]
    fn fields_of_bylines() {
        use Kind::{Author, BareDate, Date, Editor, Source, Tool};
        check(
            "发布时间:2023-06-02 15:38    作者:本站编辑    来源:本站原创    浏览次数:",
            Some(&[
                (Date, "2023-06-02 15:38"),
                (Author, "本站编辑"),
                (Source, "本站原创"),
                (Tool, ""),
            ]),
        );
        check(
            "来源: 世界侨网  日期:2020-07-02 15:38:01  点击:10532",
            Some(&[(Source, "世界侨网"), (Date, "2020-07-02 15:38:01"), (Tool, "10532")]),
        );
        check(
            "来源:衡阳侨联 编辑:闵美颖 2024-11-12 17:11:24",
            Some(&[(Source, "衡阳侨联"), (Editor, "闵美颖"), (BareDate, "2024-11-12 17:11:24")]),
        );
        check(
            "【字号:大 中 小】 发布日期:2020-06-25 信息来源:市政府办公室 【打印本页】",
            Some(&[(Tool, "大 中 小"), (Date, "2020-06-25"), (Source, "市政府办公室"), (Tool, "")]),
        );
        check("来源: 保山日报 阅读:", Some(&[(Source, "保山日报"), (Tool, "")]));
        check("(来源:重庆日报)", Some(&[(Source, "重庆日报")]));
        check("2021/2/4 15:15", Some(&[(BareDate, "2021/2/4 15:15")]));
        check("云溪日报 2021年2月4日", Some(&[(Source, "云溪日报"), (BareDate, "2021年2月4日")]));
        check("责任编辑 田欣", Some(&[(Editor, "田欣")]));
        check("2021年2月4日召开全体会议", None);
        check("记者:您好,请问宁波侨胞做了哪些事情?", None);
        check("主要来源:一是财政拨款。", None);
    }
}
