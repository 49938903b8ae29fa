//! Pages that are no report: lists of articles, what a server says instead, checks at the door.

use super::flatten::{Flat, Taken};
use super::weigh::Chosen;
use crate::Refusal;
use crate::line::{is_blank, key_char};
use regex::Regex;
use std::sync::LazyLock;

/// What servers and sites say instead of a page, as the beginning or the whole of a line.
static ERROR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^[^\p{L}\d]*(?:(?:http\s*)?(?:错误\s*)?[45]\d\d\s*(?:错误|出错|页面|-|_|:|$|not found|error|forbidden|bad|internal|service|gateway)|error\s*[45]\d\d)",
        r"|not found|page can(?:not|'t) be found|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|internal server error|access denied|^forbidden",
        r"|(?:页面|网页|文章|内容|信息|新闻|帖子|主题|资源|文件|地址|链接|稿件|栏目)[^。,]{0,10}(?:不存在|找不到|未找到|没有找到|无法找到|已(?:经)?(?:被)?(?:删除|移除|下线|失效|过期|关闭)|无法(?:访问|打开|显示)|走丢|丢失|飞走)",
        r"|(?:找不到|没有找到|未找到|无法(?:访问|打开|显示))[^。,]{0,10}(?:页面|网页|文章|内容|信息|资源|文件|服务器|网站)",
        r"|该(?:内容|文章|公众号|帐号|账号)[^。]{0,12}(?:删除|违规|无法查看|屏蔽|注销|停用)|此(?:内容|帐号|账号)[^。]{0,12}(?:违规|无法查看|投诉|屏蔽)",
        r"|(?:系统|服务器|程序)(?:发生|出现|内部|繁忙|错误|异常|维护|升级)|参数(?:错误|不正确)|网站(?:维护|升级|暂停|关闭)|(?:发生|出现)(?:错误|异常)|错误信息|您没有权限|非法(?:请求|访问|操作)"
    ))
    .expect("a constant pattern")
});

/// What sites say before they let one in.
static CHECK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)请(?:先)?(?:完成|进行|输入)?[^。,]{0,8}(?:登录|验证码|验证)|(?:登录|登陆)(?:后|以后|才能)[^。]{0,10}(?:查看|阅读|浏览|访问|继续)|(?:安全|人机|访问|身份|滑动|滑块)验证|环境异常",
        r"|您?尚未登录|用户登录|账号登录|统一身份认证|just a moment|checking (?:your|if the site)|are you (?:a )?(?:human|robot)|captcha|verify you are|enable (?:javascript|cookies)|请(?:开启|启用|打开)[^。]{0,8}(?:javascript|cookie)"
    ))
    .expect("a constant pattern")
});

/// The day at the end of a row.
static ROW_DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\d{1,2}[-./月]\d{1,2}日?[\s)\]）】]*$").expect("a constant pattern")
});

/// Prose below which a page may be something else than a report.
const LITTLE: usize = 160;
/// Prose below which it has no text.
const NOTHING: usize = 12;
/// Links as long as titles that make a list.
const LISTED: usize = 8;

/// Whether a page has any running text besides its title.
pub(super) fn has_text(page: &Taken, chosen: &Chosen, titled: Option<usize>) -> bool {
    let kept = page.lines.iter().enumerate();
    let kept = kept.filter(|&(at, _)| chosen.kept[at] && titled != Some(at));
    kept.map(|(_, line)| line.prose()).sum::<usize>() >= NOTHING
}

/// Why a page is no report. `titled` is the line that is its title, `title` what its head calls it.
pub(super) fn reason(
    page: &Taken,
    chosen: &Chosen,
    titled: Option<usize>,
    title: &str,
) -> Option<Refusal> {
    let lines = &page.lines;
    // The title alone is no text, however long.
    let kept = || {
        let kept =
            lines.iter().enumerate().filter(|&(at, _)| chosen.kept[at] && titled != Some(at));
        kept.map(|(_, line)| line)
    };
    // One short line is a banner or a slogan.
    let lone = kept().count() == 1 && kept().all(|l| l.chars < 60);
    let prose: usize = if lone { 0 } else { kept().map(Flat::prose).sum() };
    let longest = kept().map(Flat::prose).max().unwrap_or(0);
    let seen = || lines.iter().filter(|l| !l.hidden);
    let ink: usize = kept().map(|l| l.chars).sum();
    if prose < LITTLE || chosen.scattered {
        let keys = || {
            let short = seen().filter(|l| l.chars <= 80 && l.linked * 2 <= l.chars);
            short
                .map(|l| l.text.chars().filter(|&c| !is_blank(c)).map(key_char).collect::<String>())
        };
        let title: String = title.chars().map(key_char).collect();
        // Of a page with much on it only its title tells; a small one tells by any line.
        let all: usize = seen().filter(|l| l.linked * 2 <= l.chars).map(|l| l.chars).sum();
        let small = all < 600 && prose < LITTLE;
        let says = |pattern: &Regex| {
            pattern.is_match(&title) || (small && keys().any(|k| pattern.is_match(&k)))
        };
        if says(&ERROR) {
            return Some(Refusal::ErrorPage);
        }
        if says(&CHECK) {
            return Some(Refusal::CheckPage);
        }
    }
    // Both title and text speak of an error, with the form for logging in below.
    let text = || kept().map(|l| l.text.chars().map(key_char).collect::<String>());
    if prose < LITTLE * 2 && ERROR.is_match(title) && text().any(|line| ERROR.is_match(&line)) {
        return Some(Refusal::ErrorPage);
    }
    // A list: many links with the length of titles, and next to no text of its own.
    let listed = |line: &Flat| line.is_link() && (9..=80).contains(&line.chars);
    let row = |line: &Flat| {
        !listed(line) && line.linked >= 9 && line.linked * 2 > line.chars && line.chars <= 120
    };
    let links = seen().filter(|l| listed(l) || row(l)).count();
    // Rows that end with their day are a list even where they are few.
    let dated = seen().filter(|l| row(l) && ROW_DAY.is_match(&l.text)).count();
    let plain: usize = seen().map(Flat::prose).sum();
    let bare = prose < NOTHING && links >= LISTED && (plain < 200 || links >= LISTED * 5);
    let thin = prose < LITTLE && longest < 80 && (links >= LISTED * 2 || dated * 2 >= LISTED);
    // Titles and excerpts by turns.
    let span = chosen.kept.iter().position(|&k| k).zip(chosen.kept.iter().rposition(|&k| k));
    let excerpts = span.is_some_and(|(first, last)| {
        let span = || lines[first..=last].iter().filter(|l| !l.hidden);
        let titles = span().filter(|l| listed(l)).count();
        let proses = span().filter(|l| l.prose() > 0).count();
        titles >= LISTED && proses <= titles * 3 / 2 && longest < 250
    });
    if bare || thin || excerpts {
        return Some(Refusal::ListPage);
    }
    (prose < NOTHING && ink < 200).then_some(Refusal::NoText)
}
