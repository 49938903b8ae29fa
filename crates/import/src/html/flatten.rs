//! A page as lines that remember the element they stand in.

use crate::layout::Hint;
use crate::line::is_blank;
use anjuan_text::is_han;
use regex::Regex;
use scraper::node::Element;
use scraper::{Html, Node};
use std::collections::HashSet;
use std::sync::LazyLock;

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
pub(super) struct Place {
    pub(super) parent: usize,
    pub(super) tag: &'static str,
    /// Its tag, class or id says that it is none of the text.
    pub(super) boxed: bool,
    /// Its class or id says that it is the text.
    pub(super) named: bool,
}

/// A line of the page.
pub(super) struct Flat {
    pub(super) text: String,
    pub(super) place: usize,
    pub(super) hint: Hint,
    pub(super) gap: bool,
    pub(super) hidden: bool,
    /// Characters inside links.
    pub(super) linked: usize,
    pub(super) chars: usize,
    /// The whole line is bold or of a heading class.
    pub(super) strong: bool,
}

impl Flat {
    /// How much running text it holds: its length, if it is sentences and no links.
    pub(super) fn prose(&self) -> usize {
        let sentence = self.text.contains(['，', '。', ',', '；', '！', '？', '、', '：']);
        if self.hidden || self.chars < 12 || self.linked * 2 > self.chars {
            return 0;
        }
        if sentence { self.chars } else { 0 }
    }

    pub(super) fn is_link(&self) -> bool {
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
pub(super) struct Flattener {
    pub(super) places: Vec<Place>,
    pub(super) lines: Vec<Flat>,
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
        // Runs of white space become one space; a line break of the markup between Han
        // characters becomes none.
        let mut space: Option<char> = None;
        for c in part.chars() {
            if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
                let broken = c == '\n' || space == Some('\n');
                space = Some(if broken { '\n' } else { ' ' });
                continue;
            }
            if let Some(space) = space.take() {
                let between_han = is_han(c) && self.text.chars().next_back().is_some_and(is_han);
                if !(self.text.is_empty() || (space == '\n' && between_han)) {
                    self.text.push(' ');
                }
            }
            self.text.push(c);
        }
        if space.is_some() && !self.text.is_empty() {
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

/// Every line of a page.
pub(super) fn flatten(page: &Html) -> Flattener {
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
