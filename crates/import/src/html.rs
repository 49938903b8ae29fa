//! Saved web pages: the main text, what stands around it, and what the head of the page says.
//!
//! A page is flattened to lines that remember their element. The main text is the innermost
//! element that holds most of the page's prose, links and boxes by the side counting little. All
//! other lines stay in the list, marked as standing outside, so that nothing is lost.

use crate::layout::{Facts, Hint, SourceLine};
use crate::line::{Line, is_blank};
use crate::{byline, date, names};
use anjuan_text::is_han;
use regex::Regex;
use scraper::node::Element;
use scraper::{Html, Node};
use std::collections::HashSet;
use std::sync::LazyLock;

/// A page as lines and facts.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) lines: Vec<SourceLine>,
    pub(crate) facts: Facts,
}

static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)<!doctype\s+html|<(?:html|head|body)[\s>]").expect("a constant pattern")
});
static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)</(?:p|div|span|td|li|h[1-6]|a)>|<br\s*/?>").expect("a constant pattern")
});

/// Whether a text is a web page: it opens like one, or it is full of closing tags.
pub(crate) fn is_html(name: &str, text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(4096)];
    if MARKUP.is_match(head) {
        return true;
    }
    let named = name.rsplit_once('.').is_some_and(|(_, ending)| {
        ["html", "htm", "shtml", "xhtml", "asp", "aspx", "php", "jsp"]
            .contains(&ending.to_ascii_lowercase().as_str())
    });
    let sample = &text[..text.floor_char_boundary(200_000)];
    CLOSING.find_iter(sample).take(8).count() >= if named { 1 } else { 8 }
}

/// Elements whose text nobody reads.
fn is_code(tag: &str) -> bool {
    matches!(
        tag,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "head"
            | "svg"
            | "math"
            | "iframe"
            | "object"
            | "canvas"
    )
}

/// Elements that begin and end a line.
fn is_block(tag: &str) -> bool {
    matches!(
        tag,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "table"
            | "tbody"
            | "thead"
            | "tfoot"
            | "tr"
            | "td"
            | "th"
            | "ul"
            | "caption"
            | "option"
            | "select"
            | "textarea"
            | "button"
            | "summary"
            | "legend"
            | "ucapcontent"
            | "ucaptitle"
            | "founder-content"
    )
}

/// An element of the page.
struct Place {
    parent: usize,
    tag: &'static str,
    /// Its tag, class or id says that it is none of the text.
    boxed: bool,
    /// Its class or id says that it is the text.
    named: bool,
}

/// A line of the page.
struct Flat {
    text: String,
    place: usize,
    hint: Hint,
    gap: bool,
    hidden: bool,
    /// Characters inside links.
    linked: usize,
    chars: usize,
    /// The whole line is bold or of a heading class.
    strong: bool,
}

impl Flat {
    /// How much running text it holds: its length, if it is sentences and no links.
    fn prose(&self) -> usize {
        let sentence = self.text.contains(['，', '。', ',', '；', '！', '？', '、', '：']);
        if self.hidden || self.chars < 12 || self.linked * 2 > self.chars {
            return 0;
        }
        if sentence { self.chars } else { 0 }
    }

    fn is_link(&self) -> bool {
        self.linked * 10 >= self.chars * 7
    }
}

/// Words in a class or id by which page furniture is known.
const BOXES: &str = "comment comments footer foot header nav navbar navigation menu sidebar side related \
    relate recommend share sharebox social breadcrumb breadcrumbs crumb crumbs position \
    location advert ad ads banner copyright login search pagination pager page hot rank \
    toolbar tool tools tags tag qrcode ewm popup modal links link friendlink right aside \
    widget reply editor statement disclaimer guanggao pinglun fenxiang xiangguan tuijian \
    dibu daohang";

/// Words in a class or id by which the text is known.
const TEXTS: &str = "article articlebody content contents zoom ucap ucapcontent trs detail main maincontent \
    post body text artibody endtext js_content rich_media_content newscontent neirong \
    zhengwen con";

static BOX_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| BOXES.split(' ').collect());
static TEXT_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| TEXTS.split(' ').collect());

fn has_word(element: &Element, words: &HashSet<&str>) -> bool {
    let class = element.attr("class").unwrap_or("");
    let id = element.attr("id").unwrap_or("");
    [class, id].into_iter().any(|names| {
        names.split_whitespace().any(|name| {
            let name = name.to_ascii_lowercase();
            words.contains(name.as_str())
                || name
                    .split(['-', '_'])
                    .any(|part| words.contains(part.trim_end_matches(|c: char| c.is_ascii_digit())))
        })
    })
}

static HIDDEN_STYLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0*)?\s*(?:;|$)|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$)|(?:left|top|text-indent)\s*:\s*-\d{3,}")
        .expect("a constant pattern")
});

fn is_hidden(element: &Element) -> bool {
    element.attr("hidden").is_some()
        || element.attr("style").is_some_and(|style| HIDDEN_STYLE.is_match(style))
        || (element.name() == "input" && element.attr("type") == Some("hidden"))
}

/// The flattener: open elements, and the line being filled.
#[derive(Default)]
struct Flattener {
    places: Vec<Place>,
    lines: Vec<Flat>,
    text: String,
    linked: usize,
    chars: usize,
    strong: usize,
    gap: bool,
    hint: Hint,
    hidden: bool,
}

/// What counts inside the open elements.
#[derive(Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a thing an element can be inside of")]
struct Inside {
    place: usize,
    hidden: bool,
    link: bool,
    strong: bool,
    pre: bool,
    /// Inside a row of a table of data: cells do not break lines.
    row: bool,
    hint: Hint,
    code: bool,
}

impl Flattener {
    fn flush(&mut self, inside: &Inside) {
        let text = std::mem::take(&mut self.text);
        if text.chars().all(is_blank) {
            self.gap |= !text.is_empty() || self.chars == 0;
        } else {
            let chars = self.chars;
            self.lines.push(Flat {
                place: inside.place,
                hint: self.hint,
                gap: self.gap,
                hidden: self.hidden,
                linked: self.linked,
                strong: self.strong * 10 >= chars * 9,
                chars,
                text,
            });
            self.gap = false;
        }
        (self.linked, self.chars, self.strong) = (0, 0, 0);
    }

    fn push(&mut self, part: &str, inside: &Inside) {
        if self.text.is_empty() {
            self.hint = inside.hint;
            self.hidden = inside.hidden;
        }
        let count = inked(part);
        self.chars += count;
        self.linked += if inside.link { count } else { 0 };
        self.strong += if inside.strong { count } else { 0 };
        if inside.pre && !inside.row {
            for (at, line) in part.split('\n').enumerate() {
                if at > 0 {
                    self.flush(inside);
                    self.hint = inside.hint;
                    self.hidden = inside.hidden;
                }
                self.chars = self.chars.max(inked(line));
                self.text.push_str(line);
            }
            return;
        }
        // A break in the markup between Han characters is no space.
        let mut pending = false;
        for c in part.chars() {
            if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
                pending = true;
                continue;
            }
            if pending {
                let broken = part.contains('\n')
                    && is_han(c)
                    && self.text.chars().next_back().is_some_and(is_han);
                if !broken && !self.text.is_empty() {
                    self.text.push(' ');
                }
                pending = false;
            }
            self.text.push(c);
        }
        if pending && !self.text.is_empty() {
            self.text.push(' ');
        }
    }
}

/// Characters that are to be seen.
fn inked(text: &str) -> usize {
    text.chars().filter(|&c| !is_blank(c)).count()
}

/// Whether a table holds data: rows of short cells, and no table inside.
fn is_data(table: ego_tree::NodeRef<'_, Node>) -> bool {
    let (mut rows, mut cells, mut longest) = (0_usize, 0_usize, 0_usize);
    for node in table.descendants().skip(1) {
        let Node::Element(element) = node.value() else { continue };
        match element.name() {
            // Pages of old are laid out with tables, which hold tables, forms and headings.
            "table" | "form" | "h1" | "h2" => return false,
            "tr" => rows += 1,
            "td" | "th" => {
                cells += 1;
                let texts = node.descendants().filter_map(|n| n.value().as_text());
                longest = longest.max(texts.map(|t| inked(t)).sum());
            }
            _ => {}
        }
    }
    rows >= 2 && cells >= rows * 2 && longest <= 120
}

fn flatten(page: &Html) -> Flattener {
    use ego_tree::iter::Edge;
    let mut flat = Flattener::default();
    flat.places.push(Place { parent: 0, tag: "", boxed: false, named: false });
    let mut stack: Vec<Inside> = vec![Inside::default()];
    let top = |stack: &Vec<Inside>| stack.last().copied().unwrap_or_default();
    for edge in page.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(text) => {
                    let inside = top(&stack);
                    if !inside.code {
                        flat.push(text, &inside);
                    }
                }
                Node::Element(element) => {
                    let outer = top(&stack);
                    let mut inside = outer;
                    let tag = element.name();
                    let hidden = outer.hidden || is_hidden(element);
                    if tag == "br" && !outer.code {
                        if outer.row {
                            flat.text.push(' ');
                        } else {
                            flat.flush(&outer);
                        }
                    } else if matches!(tag, "td" | "th") && outer.row {
                        if !flat.text.is_empty() {
                            flat.text.truncate(flat.text.trim_end().len());
                            flat.text.push('\u{3000}');
                        }
                    } else if (is_block(tag) || hidden != outer.hidden) && !outer.row && !outer.code
                    {
                        flat.flush(&outer);
                        flat.gap = true;
                    } else if outer.row && is_block(tag) {
                        flat.text.push(' ');
                    }
                    inside.hidden = hidden;
                    inside.code |= is_code(tag);
                    inside.link |= tag == "a" && element.attr("href").is_some();
                    inside.strong |=
                        matches!(tag, "b" | "strong" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
                    inside.pre |= matches!(tag, "pre" | "textarea");
                    inside.hint = match tag {
                        "h1" => Hint::Heading(1),
                        "h2" => Hint::Heading(2),
                        "h3" => Hint::Heading(3),
                        "h4" => Hint::Heading(4),
                        "h5" | "h6" => Hint::Heading(5),
                        "li" | "dd" | "dt" => Hint::List,
                        "figcaption" | "caption" => Hint::Caption,
                        "tr" if outer.row => Hint::Table,
                        "p" | "div" | "section"
                            if !matches!(outer.hint, Hint::List | Hint::Caption) =>
                        {
                            Hint::None
                        }
                        _ => outer.hint,
                    };
                    if tag == "table" && is_data(node) {
                        inside.hint = Hint::Table;
                    }
                    if tag == "tr" && outer.hint == Hint::Table {
                        inside.row = true;
                    }
                    if is_block(tag) {
                        let boxed = matches!(
                            tag,
                            "nav"
                                | "footer"
                                | "aside"
                                | "header"
                                | "select"
                                | "option"
                                | "button"
                                | "textarea"
                                | "dialog"
                        ) || has_word(element, &BOX_WORDS);
                        let named =
                            matches!(tag, "article" | "main" | "ucapcontent" | "founder-content")
                                || has_word(element, &TEXT_WORDS);
                        // Only a few tags are asked for later.
                        let tag = if tag == "li" { "li" } else { "" };
                        flat.places.push(Place { parent: outer.place, tag, boxed, named });
                        inside.place = flat.places.len() - 1;
                    }
                    stack.push(inside);
                }
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(element) = node.value() {
                    let inside = stack.pop().unwrap_or_default();
                    let outer = top(&stack);
                    let ends_row = inside.row && !outer.row;
                    let hides = inside.hidden != outer.hidden;
                    if !outer.code
                        && !inside.code
                        && (ends_row || hides || (is_block(element.name()) && !outer.row))
                    {
                        flat.flush(&inside);
                        flat.gap = element.name() != "tr";
                    } else if outer.row && is_block(element.name()) {
                        flat.text.push(' ');
                    }
                }
            }
        }
    }
    flat.flush(&Inside::default());
    flat
}

/// Share of an element's prose that one child must hold for the text to be inside it, in percent.
const DESCEND: usize = 60;

/// Reads a page.
pub(crate) fn read(text: &str) -> Page {
    let page = Html::parse_document(text);
    let Flattener { places, mut lines, .. } = flatten(&page);
    let mut facts = read_head(&page, text);

    // Places are numbered parents first, so one pass backwards sums up subtrees.
    let sum = |weight: &dyn Fn(&Flat) -> usize| {
        let mut sums = vec![0_usize; places.len()];
        for line in &lines {
            sums[line.place] += weight(line);
        }
        for at in (1..places.len()).rev() {
            sums[places[at].parent] += sums[at];
        }
        sums
    };
    let raw = sum(&|l| l.prose());
    let all = raw[0];
    // A box that holds half of the page is the page.
    let boxed: Vec<bool> =
        places.iter().zip(&raw).map(|(p, &r)| p.boxed && r * 2 < all.max(1)).collect();
    let within = |mut at: usize, wanted: &dyn Fn(usize) -> bool| loop {
        if wanted(at) {
            return true;
        }
        if at == 0 {
            return false;
        }
        at = places[at].parent;
    };
    let mut in_box: Vec<bool> = (0..places.len()).map(|at| within(at, &|p| boxed[p])).collect();
    let free: usize = lines.iter().filter(|l| !in_box[l.place]).map(Flat::prose).sum();
    if free * 10 < all * 3 {
        // A page of nothing but comments or replies.
        in_box.fill(false);
    }
    let weighed = sum(&|l| if in_box[l.place] { l.prose() / 10 } else { l.prose() });

    // From the outermost element inwards, as long as one child holds most of the prose.
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); places.len()];
    for (at, place) in places.iter().enumerate().skip(1) {
        children[place.parent].push(at);
    }
    let mut main = 0;
    loop {
        let best = children[main].iter().copied().max_by_key(|&c| {
            (
                weighed[c] + if places[c].named { weighed[main] / 10 } else { 0 },
                std::cmp::Reverse(c),
            )
        });
        match best {
            Some(child) if weighed[child] * 100 > weighed[main] * DESCEND && weighed[child] > 0 => {
                main = child;
            }
            _ => break,
        }
    }
    // A single paragraph that outweighs its neighbours is not the whole text.
    while main != 0 && children[main].is_empty() {
        main = places[main].parent;
    }

    let in_main: Vec<bool> = lines.iter().map(|l| within(l.place, &|p| p == main)).collect();
    let title = find_title(&lines, &in_main, &mut facts);
    let first = (0..lines.len()).find(|&at| in_main[at] && lines[at].prose() > 0).unwrap_or(0);
    let last = (0..lines.len()).rev().find(|&at| in_main[at] && lines[at].prose() > 0).unwrap_or(0);
    if facts.published.is_none() {
        // A date between the title and the text, in whatever company.
        let from = title.filter(|&t| t < first).unwrap_or(first.saturating_sub(10));
        facts.published = lines[from.min(first)..first.min(lines.len())]
            .iter()
            .filter(|l| !l.hidden && l.chars <= 120)
            .flat_map(|l| date::dates(&Line::clean(&l.text, false).key))
            .map(|d| d.iso)
            .find(|iso| iso.len() >= "2020-01-01".len());
    }
    let mut out: Vec<SourceLine> = Vec::with_capacity(lines.len());
    let links: Vec<bool> = lines.iter().map(Flat::is_link).collect();
    for (at, line) in lines.iter_mut().enumerate() {
        let neighbour_links =
            (at > 0 && links[at - 1]) || links.get(at + 1).copied().unwrap_or(false);
        let link_list =
            links[at] && (neighbour_links || places[line.place].tag == "li" || line.chars < 12);
        let reads_as_byline = || {
            let key = Line::clean(&line.text, false).key;
            byline::fields(&key).is_some() || names::people(key.trim_matches(['(', ')'])).is_some()
        };
        let hint = if line.hidden {
            Hint::Hidden
        } else if title == Some(at) {
            Hint::Title
        } else if title.is_some_and(|t| t < first && t < at && at < first)
            || (at < first && title.is_none() && first - at <= 8)
        {
            // Between the title and the text stands the byline.
            if reads_as_byline() || (in_main[at] && !link_list && !in_box[line.place]) {
                Hint::None
            } else {
                Hint::Outside
            }
        } else if title.is_some_and(|t| at < t && t <= first)
            || (at > last && at - last > 6 && !in_main[at])
        {
            Hint::Outside
        } else if in_main[at] && !in_box[line.place] && !link_list {
            match line.hint {
                Hint::None
                    if line.strong
                        && line.chars <= 40
                        && line.chars >= 4
                        && !line.text.trim_end().ends_with(['。', '，', '：', ':', '；']) =>
                {
                    Hint::Heading(6)
                }
                hint => hint,
            }
        } else if at > last && reads_as_byline() {
            Hint::None
        } else {
            Hint::Outside
        };
        out.push(SourceLine { raw: std::mem::take(&mut line.text), hint, gap: line.gap });
    }
    Page { lines: out, facts }
}

fn squeezed(text: &str) -> String {
    Line::clean(text, false).key.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The line that is the title: a first-level heading or a line that the head of the page names.
fn find_title(lines: &[Flat], in_main: &[bool], facts: &mut Facts) -> Option<usize> {
    let named = facts.title.as_deref().map(squeezed).filter(|t| t.chars().count() >= 4);
    let first =
        (0..lines.len()).find(|&at| in_main[at] && lines[at].prose() > 0).unwrap_or(lines.len());
    // A title stands before the text or among its first lines.
    let zone = lines.len().min(first + 3);
    let score = |at: usize| -> usize {
        let line = &lines[at];
        if line.hidden || line.chars < 4 || line.chars > 100 {
            return 0;
        }
        let own = squeezed(&line.text);
        let heading: usize = match line.hint {
            Hint::Heading(1) => 3,
            Hint::Heading(2) => 2,
            Hint::Heading(_) => 1,
            _ => 0,
        };
        let said: usize = match &named {
            Some(named) if *named == own => 8,
            Some(named)
                if named.contains(&own) && own.chars().count() * 2 > named.chars().count() =>
            {
                6
            }
            Some(named)
                if own.contains(named.as_str())
                    && own.chars().count() < named.chars().count() * 2 =>
            {
                5
            }
            _ => 0,
        };
        let link = usize::from(line.is_link()) * 3;
        if said + heading < 3 { 0 } else { (said * 2 + heading).saturating_sub(link) }
    };
    let best = (0..zone).max_by_key(|&at| (score(at), at)).filter(|&at| score(at) > 0);
    if let Some(at) = best
        && score(at) >= 3
    {
        return Some(at);
    }
    None
}

/// Dates in the structured data of a page.
static PUBLISHED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#""(?:datePublished|pubDate|publishTime|publish_time)"\s*:\s*"([^"]{8,32})""#)
        .expect("a constant pattern")
});

/// What the head of a page says.
fn read_head(page: &Html, text: &str) -> Facts {
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
