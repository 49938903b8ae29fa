//! What the head of a page says of it.

use super::squeezed;
use crate::layout::Facts;
use crate::line::Line;
use crate::{date, names};
use regex::Regex;
use scraper::{Html, Node};
use std::sync::LazyLock;

/// Dates in the structured data of a page.
static PUBLISHED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#""(?:datePublished|pubDate|publishTime|publish_time)"\s*:\s*"([^"]{8,32})""#)
        .expect("a constant pattern")
});

/// What the head of a page says.
pub(super) fn read_head(page: &Html, text: &str) -> Facts {
    let mut facts = Facts::default();
    let mut og_title = None;
    let mut page_title = None;
    for node in page.tree.root().descendants() {
        let Node::Element(element) = node.value() else { continue };
        match element.name() {
            "title" if page_title.is_none() => {
                let title: String = node
                    .descendants()
                    .filter_map(|n| n.value().as_text())
                    .map(|t| t.to_string())
                    .collect();
                page_title = Some(Line::clean(&title, false).text).filter(|t| !t.is_empty());
            }
            "meta" => {
                let Some(content) =
                    element.attr("content").map(str::trim).filter(|c| !c.is_empty())
                else {
                    continue;
                };
                let Some(name) =
                    ["name", "property", "itemprop"].iter().find_map(|a| element.attr(a))
                else {
                    continue;
                };
                let value = || Line::clean(content, false).text;
                match name.to_ascii_lowercase().as_str() {
                    "og:title" | "articletitle" | "twitter:title" => {
                        og_title = og_title.or_else(|| Some(value()));
                    }
                    "article:published_time"
                    | "pubdate"
                    | "publishdate"
                    | "publish_time"
                    | "publish-date"
                    | "og:release_date"
                    | "datepublished"
                    | "weibo: article:create_at"
                    | "apub:time"
                    | "dc.date.issued"
                    | "og:time" => {
                        facts.published = facts.published.or_else(|| date::parse(content));
                    }
                    "contentsource" => facts.source = facts.source.or_else(|| Some(value())),
                    "author" | "article:author" | "og:article:author" => {
                        // Most sites put their own name here.
                        facts.author = facts
                            .author
                            .or_else(|| Some(value()).filter(|v| names::is_name(&squeezed(v))));
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    if facts.published.is_none() {
        facts.published = PUBLISHED.captures(text).and_then(|found| date::parse(&found[1]));
    }
    facts.title =
        og_title.filter(|t| !t.is_empty()).or_else(|| page_title.map(|t| without_site(&t)));
    facts
}

/// A page's title without the names of channel and site behind it: `某市工作综述_要闻_某某网`.
fn without_site(title: &str) -> String {
    static SEPARATOR: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\s*(?:[_|｜]|\s[-–—]+\s|--+|\s*-\s*|>>|«)\s*").expect("a constant pattern")
    });
    let parts: Vec<&str> =
        SEPARATOR.split(title).map(str::trim).filter(|p| !p.is_empty()).collect();
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
