//! What a page says of itself outside its text: title, day, source, author, address.

use super::attr;
use crate::layout::Facts;
use crate::line::{Line, is_blank};
use crate::{date, names};
use regex::Regex;
use scraper::node::Element;
use scraper::{Html, Node};
use std::sync::LazyLock;

/// What the page says, and what else is read off its head.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) facts: Facts,
    /// A day that says less than one beside the title: of a change, of an element without name.
    pub(super) other_date: Option<String>,
    /// The `title` as it stands, with the names of channel and site.
    pub(super) whole_title: String,
    /// The text goes on at another address.
    pub(super) continued: bool,
    /// The page is put together of other files.
    pub(super) frames: bool,
}

/// What several places say, the surest first.
#[derive(Default)]
struct Found {
    og_title: Option<String>,
    page_title: Option<String>,
    heading: Option<String>,
    published: Option<String>,
    /// Dates that say less: of a change, of an element without name.
    other_date: Option<String>,
    source: Option<String>,
    author: Option<String>,
    site: Option<String>,
    address: Option<String>,
}

fn say(slot: &mut Option<String>, value: impl FnOnce() -> Option<String>) {
    if slot.is_none() {
        *slot = value().filter(|v| !v.is_empty());
    }
}

fn clean(value: &str) -> Option<String> {
    Some(Line::clean(value, false).text).filter(|t| !t.is_empty())
}

fn text_of(node: ego_tree::NodeRef<'_, Node>) -> String {
    node.descendants().filter_map(|n| n.value().as_text()).map(|t| &**t).collect()
}

/// What the head of a page says.
pub(super) fn read_head(page: &Html) -> Head {
    let mut found = Found::default();
    let mut head = Head::default();
    let mut scripts = 0_usize;
    for node in page.tree.root().descendants() {
        match node.value() {
            Node::Comment(comment) => read_comment(comment, &mut found),
            Node::Element(element) => match element.name() {
                "title" if found.page_title.is_none() => {
                    // A picture in the page may have a title, too.
                    if !node
                        .ancestors()
                        .any(|a| a.value().as_element().is_some_and(|e| e.name() == "svg"))
                    {
                        found.page_title = clean(&text_of(node));
                    }
                }
                "meta" => read_meta(element, &mut found),
                "link" => {
                    let href = attr(element, "href").unwrap_or_default();
                    match attr(element, "rel").unwrap_or_default() {
                        "canonical" => say(&mut found.address, || web_address(href)),
                        "next" => head.continued = !href.is_empty(),
                        _ => {}
                    }
                }
                "script" => {
                    // Structured data and the variables of article pages stand in the first of them.
                    scripts += 1;
                    if scripts <= 200 && attr(element, "src").is_none() {
                        for text in node.children().filter_map(|n| n.value().as_text()) {
                            read_script(text, &mut found);
                        }
                    }
                }
                "frameset" => head.frames = true,
                "time" => {
                    let value = attr(element, "datetime").map(str::to_owned);
                    let value = value.unwrap_or_else(|| text_of(node));
                    say(&mut found.other_date, || date::parse(&value));
                }
                "a" => {
                    head.continued |= continues(node, element);
                    if attr(element, "rel") == Some("author") {
                        say(&mut found.author, || author(&text_of(node)));
                    }
                }
                "founder-title" | "ucaptitle" => say(&mut found.heading, || clean(&text_of(node))),
                "founder-author" => say(&mut found.author, || author(&text_of(node))),
                "founder-date" => say(&mut found.published, || date::parse(&text_of(node))),
                _ => read_named(node, element, &mut found),
            },
            _ => {}
        }
    }
    head.whole_title = found.page_title.clone().unwrap_or_default();
    head.other_date = found.other_date;
    let site = found.site;
    let is_site = |t: &String| site.as_ref() == Some(t);
    head.facts = Facts {
        title: found
            .og_title
            .filter(|t| !is_site(t))
            .map(|t| without_site(&t, site.as_deref()))
            .or(found.heading)
            .or_else(|| found.page_title.map(|t| without_site(&t, site.as_deref()))),
        published: found.published,
        source: found.source.or_else(|| site.clone()),
        author: found.author.filter(|a| !is_site(a) && found_is_person(a, &head.whole_title)),
        address: found.address,
        ..Facts::default()
    };
    head
}

/// Most sites put their own name where the author's belongs.
fn found_is_person(author: &str, title: &str) -> bool {
    names::is_name(author) || !title.contains(author)
}

/// A name in a field for authors, which is an address or a company often enough.
fn author(value: &str) -> Option<String> {
    static NOBODY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)https?:|www\.|\.(?:com|cn|net|org)\b|@|有限公司|网$|网站|新闻中心|编辑|admin|^\s*(?:作者|by)?\s*$|^\d|[，。！？；<>{}=]")
            .expect("a constant pattern")
    });
    let value = clean(value)?;
    let value = value.trim_start_matches("作者").trim_start_matches([':', '：', ' ']).trim();
    let len = value.chars().count();
    ((2..=24).contains(&len) && !NOBODY.is_match(value)).then(|| value.to_owned())
}

fn web_address(value: &str) -> Option<String> {
    let value = value.trim();
    (value.len() < 2000 && (value.starts_with("http://") || value.starts_with("https://")))
        .then(|| value.to_owned())
}

/// Days in the fields of a head, as sites name them.
fn read_meta(element: &Element, found: &mut Found) {
    let Some(content) = attr(element, "content").map(str::trim).filter(|c| !c.is_empty()) else {
        return;
    };
    let Some(name) = ["property", "name", "itemprop"].iter().find_map(|a| attr(element, a)) else {
        return;
    };
    let day = || date::parse(content);
    match name.trim().to_ascii_lowercase().as_str() {
        "og:title" | "articletitle" | "twitter:title" | "dc.title" | "citation_title" => {
            say(&mut found.og_title, || clean(content));
        }
        "og:site_name" | "sitename" | "application-name" => {
            say(&mut found.site, || clean(content));
        }
        "article:published_time"
        | "pubdate"
        | "publishdate"
        | "publish_time"
        | "publish-date"
        | "og:release_date"
        | "datepublished"
        | "weibo: article:create_at"
        | "weibo:article:create_at"
        | "dc.date.issued"
        | "dc.date"
        | "og:time"
        | "article:published"
        | "date"
        | "citation_date"
        | "citation_publication_date"
        | "published_time"
        | "publishtime"
        | "releasedate"
        | "createdate" => {
            say(&mut found.published, day);
        }
        "apub:time" | "og:updated_time" | "article:modified_time" | "lastmodified" => {
            say(&mut found.other_date, day);
        }
        "contentsource" | "source" | "og:article:source" | "mediaid" => {
            say(&mut found.source, || {
                clean(content).filter(|v| !v.contains("://") && v.chars().count() <= 30)
            });
        }
        "author" | "article:author" | "og:article:author" | "dc.creator" | "citation_author"
        | "byl" => {
            say(&mut found.author, || author(content));
        }
        "og:url" => say(&mut found.address, || web_address(content)),
        _ => {}
    }
}

/// Elements that name what they hold: microdata, and the ids of article pages of WeChat.
fn read_named(node: ego_tree::NodeRef<'_, Node>, element: &Element, found: &mut Found) {
    let value = || attr(element, "content").map_or_else(|| text_of(node), str::to_owned);
    match attr(element, "itemprop") {
        Some("datePublished") => say(&mut found.published, || date::parse(&value())),
        Some("headline") => say(&mut found.heading, || clean(&value())),
        Some("author") => say(&mut found.author, || author(&value())),
        _ => {}
    }
    match attr(element, "id") {
        Some("activity-name") => say(&mut found.heading, || clean(&text_of(node))),
        Some("js_name") => say(&mut found.source, || clean(&text_of(node))),
        Some("publish_time") => say(&mut found.published, || date::parse(&text_of(node))),
        _ => {}
    }
}

/// Comments of publishing systems: `<!--enpproperty <date>2022-02-13 …</date><author>…</author>`.
fn read_comment(comment: &str, found: &mut Found) {
    let start = comment.trim_start();
    if let Some(rest) = start.strip_prefix("enpproperty") {
        let field = |name: &str| {
            let from = rest.find(&format!("<{name}>"))? + name.len() + 2;
            let len = rest[from..].find(&format!("</{name}>"))?;
            Some(&rest[from..from + len])
        };
        say(&mut found.published, || date::parse(field("date")?));
        say(&mut found.author, || author(field("author")?));
        say(&mut found.heading, || clean(field("title")?));
    } else if start.starts_with("Page saved with SingleFile") {
        // The day on which it was saved is none of the report's.
        if let Some(line) = start.lines().find_map(|l| l.trim().strip_prefix("url:")) {
            found.address = web_address(line);
        }
    } else if let Some(rest) = start.strip_prefix("saved from url=(") {
        // As Internet Explorer and its heirs write it.
        let address = rest.split_once(')').map(|r| r.1);
        say(&mut found.address, || web_address(address?));
    }
}

/// Structured data (`"datePublished": "…"`) and the variables of WeChat's article pages.
fn read_script(script: &str, found: &mut Found) {
    static FIELD: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r#"(?:"(?P<key>datePublished|pubDate|publishTime|publish_time|pubtime|pubTime|ptime|headline|author)"\s*:\s*"#,
            r#"(?:\[?\s*\{[^{}]{0,60}?"name"\s*:\s*)?"(?P<value>[^"\\\n]{2,120})")"#,
            r#"|\b(?P<var>ct|create_time|createTime|publish_time|msg_title|nickname|author|msg_link)\s*=\s*["'](?P<set>[^"'\n]{2,300})["']"#,
        ))
        .expect("a constant pattern")
    });
    // A page's state can be megabytes of which this is the beginning.
    let script = &script[..script.floor_char_boundary(200_000)];
    if !["datePub", "pub", "ptime", "headline", "msg_title", "create"]
        .iter()
        .any(|w| script.contains(w))
    {
        return;
    }
    let article_page = script.contains("msg_title") || script.contains("msg_link");
    for caught in FIELD.captures_iter(script) {
        if let (Some(key), Some(value)) = (caught.name("key"), caught.name("value")) {
            let value = value.as_str();
            match key.as_str() {
                "headline" => say(&mut found.heading, || clean(value)),
                "author" => say(&mut found.author, || author(value).filter(|a| names::is_name(a))),
                "datePublished" => say(&mut found.published, || date::parse(value)),
                _ => say(&mut found.other_date, || {
                    date::parse(value).filter(|d| d.len() > "2020-01".len())
                }),
            }
        } else if let (Some(name), Some(value)) = (caught.name("var"), caught.name("set"))
            && article_page
        {
            let value = value.as_str();
            match name.as_str() {
                "ct" | "create_time" => say(&mut found.published, || moment(value)),
                "createTime" | "publish_time" => {
                    say(&mut found.published, || date::parse(value).or_else(|| moment(value)));
                }
                "msg_title" => say(&mut found.heading, || clean(&unescaped(value))),
                "nickname" => say(&mut found.source, || clean(&unescaped(value))),
                "author" => say(&mut found.author, || author(&unescaped(value))),
                _ => say(&mut found.address, || web_address(&unescaped(value))),
            }
        }
    }
}

/// The few entities that scripts hold.
fn unescaped(value: &str) -> String {
    value
        .replace("&nbsp;", " ")
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
        .replace("\\x26", "&")
}

/// Seconds since 1970 as the clock of China shows them.
fn moment(seconds: &str) -> Option<String> {
    let seconds: i64 = seconds.trim().parse().ok().filter(|s| (0..4_102_444_800).contains(s))?;
    let local = seconds + 8 * 3600;
    let (days, rest) = (local.div_euclid(86_400), local.rem_euclid(86_400));
    // Howard Hinnant's civil_from_days.
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute) = (rest / 3600, rest % 3600 / 60);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}"))
}

/// Whether a link is the way to the next page of the same text.
fn continues(node: ego_tree::NodeRef<'_, Node>, element: &Element) -> bool {
    static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:[_-]|page=|p=|/)\d{1,2}(?:\.s?html?|\.aspx?|\.php|\.jsp)?$")
            .expect("a constant pattern")
    });
    let Some(href) = attr(element, "href") else { return false };
    // Looking at the text of every link costs more than at its end.
    if !href.ends_with(|c: char| c.is_ascii_digit() || matches!(c, 'l' | 'm' | 'x' | 'p')) {
        return false;
    }
    let mut texts = node.children().filter_map(|n| n.value().as_text());
    let is_next = texts.any(|t| {
        let text = t.trim_matches(|c: char| is_blank(c) || matches!(c, '>' | '»' | '[' | ']'));
        matches!(text, "下一页" | "下页" | "下一頁" | "下頁")
    });
    is_next && NUMBERED.is_match(href)
}

/// A page's title without the names of channel and site behind it: `某市工作综述_要闻_某某网`.
fn without_site(title: &str, site: Option<&str>) -> String {
    static SEPARATOR: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\s*(?:[_|｜]|\s[-–—]+\s|--+|\s*-\s*|>>|«|::| @ )\s*")
            .expect("a constant pattern")
    });
    let parts: Vec<&str> = SEPARATOR
        .split(title)
        .map(str::trim)
        .filter(|p| !p.is_empty() && site.is_none_or(|s| s != *p))
        .collect();
    // The title stands first; only a much longer part displaces it.
    let Some(first) = parts.first() else { return title.trim().to_owned() };
    let len = |p: &&str| p.chars().count();
    let longest = parts.iter().copied().max_by_key(len).unwrap_or(first);
    if first.chars().count() >= 8 || longest.chars().count() < first.chars().count() * 2 {
        (*first).to_owned()
    } else {
        longest.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_day_in_china() {
        assert_eq!(moment("1581436800").as_deref(), Some("2020-02-12T00:00"));
        assert_eq!(moment("0").as_deref(), Some("1970-01-01T08:00"));
        assert_eq!(moment("x"), None);
    }

    #[test]
    fn fields_of_heads_are_read() {
        let read = |page: &str| read_head(&Html::parse_document(page)).facts;
        let facts = read(
            "<title>云溪市侨联五年工作综述_要闻_云溪网</title><meta name=ArticleTitle content=云溪市侨联五年工作综述>\
             <meta name=PubDate content='2023-06-02 15:38'><meta name=ContentSource content=云溪日报>\
             <meta name=author content=周婉清><link rel=canonical href=https://www.example.org/a/1.html>",
        );
        assert_eq!(facts.title.as_deref(), Some("云溪市侨联五年工作综述"));
        assert_eq!(facts.published.as_deref(), Some("2023-06-02T15:38"));
        assert_eq!(facts.source.as_deref(), Some("云溪日报"));
        assert_eq!(facts.author.as_deref(), Some("周婉清"));
        assert_eq!(facts.address.as_deref(), Some("https://www.example.org/a/1.html"));

        let facts = read(
            "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"青岚侨乡行\",\
             \"author\":[{\"@type\":\"Person\",\"name\":\"周婉清\"}],\"datePublished\":\"2024-03-08T09:12:45+08:00\"}</script>",
        );
        assert_eq!(facts.title.as_deref(), Some("青岚侨乡行"));
        assert_eq!(facts.author.as_deref(), Some("周婉清"));
        assert_eq!(facts.published.as_deref(), Some("2024-03-08T09:12:45"));

        let facts = read(
            "<h2 id=activity-name> 侨界新春 </h2><script>var msg_title = '侨界新春'; var ct = \"1581436800\";\
             var nickname = \"云溪侨联\"; var msg_link = \"https://mp.weixin.qq.com/s?a=1&amp;b=2\";</script>",
        );
        assert_eq!(facts.title.as_deref(), Some("侨界新春"));
        assert_eq!(facts.published.as_deref(), Some("2020-02-12T00:00"));
        assert_eq!(facts.source.as_deref(), Some("云溪侨联"));
        assert_eq!(facts.address.as_deref(), Some("https://mp.weixin.qq.com/s?a=1&b=2"));
    }

    #[test]
    fn the_site_is_cut_off_the_title() {
        for (title, expect) in [
            ("云溪市侨联五年工作综述_要闻_云溪网", "云溪市侨联五年工作综述"),
            ("云溪网 - 青岚市归国华侨联合会工作报告", "青岚市归国华侨联合会工作报告"),
            ("侨乡赏枫 (2) @ 某人的家 :: 某站 ::", "侨乡赏枫 (2)"),
        ] {
            assert_eq!(without_site(title, None), expect, "{title}");
        }
    }
}
