//! What a report is and which years it covers: from its title and headings.

use crate::date;
use anjuan_text::{Period, ReportKind, numeral};
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What kind and period are told from, all of it as keys.
pub(crate) struct Evidence<'a> {
    pub(crate) title: &'a str,
    /// The lines between title and text.
    pub(crate) head: Vec<&'a str>,
    pub(crate) headings: Vec<&'a str>,
    /// The paragraphs of the report, in order.
    pub(crate) paragraphs: Vec<&'a str>,
    /// ISO 8601, of the day on which it was given.
    pub(crate) delivered: Option<&'a str>,
}

const KINDS: &[(&str, ReportKind)] = &[
    (r"答记者问|专访|访谈|对话|问答|接受.{0,12}采访", ReportKind::Interview),
    (r"统计公报|统计资料|执行(?:结果|情况)的公报", ReportKind::Statistics),
    (
        r"五年(?:来|间)?(?:工作)?(?:发展)?(?:综述|回顾|总结|纪实|巡礼|掠影)|(?:这|过去|历)五年|(?:[三四五十]|(?:^|[^\d])[345])年.{0,6}(?:综述|回顾|总结|纪实|巡礼)|第.{1,3}届.{0,12}(?:综述|回顾|总结)",
        ReportKind::MultiYear,
    ),
    (r"工作报告|述职报告|工作汇报", ReportKind::WorkReport),
    (r"(?:总结|回顾).{0,14}(?:计划|要点|打算|安排|思路)", ReportKind::Summary),
    (
        r"五年(?:计划|规划)|规划纲要|计划纲要|发展规划|工作(?:计划|要点|安排|规划|方案)|行动计划|实施方案|(?:规划|纲要|计划)(?:\(.{1,10}\))?$",
        ReportKind::Plan,
    ),
    (r"总结|综述|年报|年度报告|回顾|小结|纪实", ReportKind::Summary),
    (
        r"(?:法|条例|规定|办法|规则|细则|准则|章程|党章|法典|若干规定|解释)(?:\((?:.{1,10}|\d{4}年?.{0,8})\))?(?:\[.{1,6}\])?$",
        ReportKind::Law,
    ),
    (r"讲话|致辞|致词|献词|发言|演讲|贺词|开幕词|闭幕词|祝酒", ReportKind::Speech),
    (
        r"(?:通知|公告|通告|通报|决定|决议|意见|批复|命令|公报|指示|通则|指引|倡议书|宣言|纲领|公开信|贺信|慰问信|函)(?:\(.{1,12}\))?$",
        ReportKind::Notice,
    ),
    (r"报告$|的报告|在.{2,40}上的报告", ReportKind::WorkReport),
];

static KIND: LazyLock<Vec<(Regex, ReportKind)>> = LazyLock::new(|| {
    KINDS.iter().map(|(p, kind)| (Regex::new(p).expect("constant patterns"), *kind)).collect()
});

/// What a report is: by its title, else by the way its text is written.
pub(crate) fn kind(evidence: &Evidence<'_>) -> Option<ReportKind> {
    static QUESTION: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:记者|主持人|问|采访者)\s*:").expect("a constant pattern")
    });
    static OPENING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:【?(?:本报|本网|本刊|[\p{Han}]{2,10}(?:网|社|报))[\p{Han}\d\s]{0,14}(?:讯|电|消息)|\(?[\p{Han}\s]{0,12}(?:记者|通讯员))")
            .expect("a constant pattern")
    });
    /// The text itself, which a news agency may have sent, too.
    static WHOLE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?:上|的)(?:讲话|致辞|演讲)|(?:通知|公告|决定|决议|意见|总结|综述)(?:\(.{1,12}\))?$",
        )
        .expect("a constant pattern")
    });
    let title = evidence.title.trim();
    let news = evidence.paragraphs.iter().take(2).any(|p| OPENING.is_match(p));
    let questions = evidence.paragraphs.iter().filter(|p| QUESTION.is_match(p)).count();
    if questions >= 2 {
        return Some(ReportKind::Interview);
    }
    let asked = evidence.headings.iter().filter(|h| h.ends_with('?')).count();
    if asked >= 2 && asked * 2 >= evidence.headings.len() {
        return Some(ReportKind::Interview);
    }
    let articles = evidence.paragraphs.iter().filter(|p| ARTICLE.is_match(p)).count();
    let said = |line: &str| KIND.iter().find(|(pattern, _)| pattern.is_match(line)).map(|k| k.1);
    // A title that says nothing, 1981年, has its meaning in the line under it.
    let said = said(title).or_else(|| evidence.head.iter().take(3).find_map(|line| said(line)));
    match said {
        Some(ReportKind::Notice | ReportKind::Summary) | None if articles >= 3 => {
            Some(ReportKind::Law)
        }
        // News of a speech is no speech.
        Some(ReportKind::Speech | ReportKind::Notice | ReportKind::Summary) | None
            if news && !WHOLE.is_match(title) =>
        {
            Some(ReportKind::News)
        }
        kind => kind,
    }
}

static ARTICLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^第[一二三四五六七八九十百千零〇\d]{1,7}条(?:\s|之)").expect("a constant pattern")
});

const YEAR: &str = r"(?:(?:19|20)\d{2}|[一二][〇零○九一二三四五六七八]{3})";

fn year(figures: &str) -> Option<u16> {
    let value = figures.parse().ok().or_else(|| numeral::parse(figures))?;
    u16::try_from(value).ok().filter(|y| (1900..2100).contains(y))
}

/// The years of the n-th five-year plan of the country.
fn plan_years(number: u64) -> Option<Period> {
    let from = match number {
        1 => 1953,
        2 => 1958,
        3..=30 => 1966 + (u16::try_from(number).ok()? - 3) * 5,
        _ => return None,
    };
    Some(Period { from, to: from + 4 })
}

/// A range of years, or the five years of a plan, that a line names.
fn range(key: &str) -> Option<Period> {
    static RANGE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!(
            r"(?P<from>{YEAR})年?\s*(?:[-—–―~]+|至|到)\s*(?P<to>{YEAR}|\d{{2}})\s*(?:年|\)|》|$)"
        ))
        .expect("a constant pattern")
    });
    static PLAN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"第?(?P<n>[一二三四五六七八九十]{1,3})个?五(?:年|”|\u{22})?\s*(?:计划|规划|”|\u{22}|时期|期间)")
            .expect("a constant pattern")
    });
    if let Some(found) = RANGE.captures(key) {
        let from = year(&found["from"])?;
        let to = match &found["to"] {
            short if short.len() == 2 => from / 100 * 100 + short.parse::<u16>().ok()?,
            long => year(long)?,
        };
        if from < to && to - from <= 30 {
            return Some(Period { from, to });
        }
    }
    let found = PLAN.captures(key)?;
    plan_years(numeral::parse(&found["n"])?)
}

/// The years named in a line.
fn years(key: &str) -> impl Iterator<Item = u16> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!(r"(?P<y>{YEAR}|(?:1 9|2 0) \d \d)\s*年")).expect("a constant pattern")
    });
    NAMED.captures_iter(key).filter_map(|found| year(&found["y"].replace(' ', "")))
}

/// Which years a report covers: those it looks back on and the one it plans for.
pub(crate) fn period(kind: Option<ReportKind>, evidence: &Evidence<'_>) -> Option<Period> {
    static FIVE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:过去|近|这|本届政府.{0,6})(?:的)?五年|五年来|五年(?:工作|政府工作)?(?:的)?(?:主要)?(?:回顾|总结|成就)|(?:本届|上届|十[一二三四]届)政府.{0,8}(?:回顾|总结|工作)")
            .expect("a constant pattern")
    });
    let title = date::without_dates(evidence.title);
    let titled = years(&title).next();
    match kind? {
        ReportKind::Law
        | ReportKind::Notice
        | ReportKind::News
        | ReportKind::Speech
        | ReportKind::Article
        | ReportKind::Interview
        | ReportKind::Other => {
            return range(&title).filter(|_| kind != Some(ReportKind::Law));
        }
        ReportKind::Plan | ReportKind::MultiYear => {
            let opening = evidence.paragraphs.iter().take(4).find_map(|p| range(p));
            return range(&title).or(titled.map(Period::year)).or(opening);
        }
        ReportKind::Statistics | ReportKind::Summary => {
            let opening = evidence.paragraphs.iter().take(2).find_map(|p| years(p).next());
            return range(&title).or(titled.or(opening).map(Period::year));
        }
        ReportKind::WorkReport => {}
    }
    if let Some(range) = range(&title) {
        return Some(range);
    }
    let given: Option<(u16, u16)> = evidence.delivered.and_then(|d| {
        let year = d.get(..4)?.parse().ok()?;
        Some((year, d.get(5..7).and_then(|m| m.parse().ok()).unwrap_or(1)))
    });
    let mut named: HashMap<u16, usize> = HashMap::new();
    for (weight, line) in
        evidence.headings.iter().map(|h| (3, *h)).chain(evidence.paragraphs.iter().map(|p| (1, *p)))
    {
        for year in years(line) {
            *named.entry(year).or_default() += weight;
        }
    }
    let count = |year: u16| named.get(&year).copied().unwrap_or(0);
    // A report is given at the turn of the year: it looks back on the one and plans the other.
    let planned = match given {
        Some((year, _)) if titled.is_some_and(|t| t.abs_diff(year) <= 1) => titled?,
        Some((year, month)) if month >= 10 && count(year + 1) >= 2 => year + 1,
        Some((year, _)) => year,
        None => titled.or_else(|| {
            let pair = |year: u16| count(year).min(count(year - 1)) + count(year);
            let best = named.keys().copied().max_by_key(|&y| (pair(y), y))?;
            (count(best) >= 2).then_some(best)
        })?,
    };
    let last = if count(planned - 1) >= 2 { planned - 1 } else { planned };
    let ranges = evidence.headings.iter().filter_map(|h| range(h));
    let from = ranges
        .filter(|r| r.to == last || r.to == planned)
        .map(|r| r.from)
        .min()
        .or_else(|| {
            let five = evidence.headings.iter().take(6).any(|h| FIVE.is_match(h));
            (five && last < planned).then(|| planned - 5)
        })
        .unwrap_or(last);
    Some(Period { from: from.min(last), to: planned })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(
        title: &str,
        headings: &[&str],
        delivered: Option<&str>,
        expect: (Option<ReportKind>, Option<&str>),
    ) {
        let evidence = Evidence {
            title,
            head: Vec::new(),
            headings: headings.to_vec(),
            paragraphs: Vec::new(),
            delivered,
        };
        let kind = kind(&evidence);
        let period = period(kind, &evidence).map(|p| p.to_string());
        assert_eq!((kind, period.as_deref()), expect, "{title}");
    }

    #[test]
    fn kinds_and_periods() {
        use ReportKind::{
            Interview, Law, MultiYear, Notice, Plan, Speech, Statistics, Summary, WorkReport,
        };
        check(
            "云溪市政府工作报告",
            &["一、2019年工作回顾", "二、2020年工作安排"],
            Some("2020-01-06"),
            (Some(WorkReport), Some("2019-2020")),
        );
        check("2020年云溪市政府工作报告", &[], None, (Some(WorkReport), Some("2020")));
        check(
            "政府工作报告",
            &["一、过去五年和2016年工作回顾", "二、今后五年的目标任务", "三、2017年工作安排"],
            Some("2017-01-10"),
            (Some(WorkReport), Some("2012-2017")),
        );
        check(
            "政府工作报告",
            &["一、“十三五”时期和2020年工作回顾", "二、“十四五”目标", "三、2021年重点工作"],
            Some("2021-01-10"),
            (Some(WorkReport), Some("2016-2021")),
        );
        check(
            "政府工作报告(2022年12月16日 李某)",
            &["一、2022年工作回顾", "二、2023年工作安排"],
            Some("2022-12-16"),
            (Some(WorkReport), Some("2022-2023")),
        );
        check("云溪市侨联2022年工作总结", &[], None, (Some(Summary), Some("2022")));
        check("云溪市侨联2021年工作总结和2022年工作计划", &[], None, (Some(Summary), Some("2021")));
        check("云溪市侨联五年工作综述(2018-2023)", &[], None, (Some(MultiYear), Some("2018-2023")));
        check("国民经济和社会发展第十个五年计划纲要", &[], None, (Some(Plan), Some("2001-2005")));
        check("云溪市“十四五”侨务发展规划", &[], None, (Some(Plan), Some("2021-2025")));
        check("2007年国民经济和社会发展统计公报", &[], None, (Some(Statistics), Some("2007")));
        check("市侨联主席答记者问", &[], None, (Some(Interview), None));
        check("云溪市华侨捐赠条例(2019年修订)", &[], None, (Some(Law), None));
        check("在市侨联九届三次全委会上的讲话", &[], None, (Some(Speech), None));
        check("关于加强侨务工作的意见", &[], None, (Some(Notice), None));
        check("春天来了", &[], None, (None, None));
    }
}
