//! A page as lines that remember the element they stand in.

use super::words::{self, Words};
use super::{attr, hidden};
use crate::layout::Hint;
use crate::line::is_blank;
use anjuan_text::is_han;
use scraper::node::Element;
use scraper::{Html, Node};

/// Elements whose text nobody reads.
pub(super) fn is_code(tag: &str) -> bool {
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

/// What kind of element begins and ends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Tag {
    /// A paragraph.
    Paragraph,
    /// An item of a list.
    Item,
    /// A cell of a table.
    Cell,
    /// A heading.
    Heading,
    /// Text as it was typed.
    Typed,
    /// A part of the page without meaning.
    Part,
    /// Page furniture by its name alone.
    Furniture,
    /// The main text by its name alone.
    Main,
    /// Any other.
    #[default]
    Other,
}

/// The kind of an element that begins and ends a line; `None` for one inside a line.
fn block(tag: &str) -> Option<Tag> {
    Some(match tag {
        "p" => Tag::Paragraph,
        "li" | "dd" | "dt" => Tag::Item,
        "td" | "th" => Tag::Cell,
        "h1" | "h2" | "h3" | "h4" => Tag::Heading,
        "pre" => Tag::Typed,
        "div" | "section" => Tag::Part,
        "nav" | "footer" | "aside" | "header" | "select" | "option" | "button" | "textarea"
        | "dialog" | "form" => Tag::Furniture,
        "article" | "main" | "ucapcontent" | "founder-content" => Tag::Main,
        "address" | "blockquote" | "body" | "center" | "details" | "dl" | "fieldset"
        | "figcaption" | "figure" | "h5" | "h6" | "hgroup" | "hr" | "html" | "ol" | "table"
        | "tbody" | "thead" | "tfoot" | "tr" | "ul" | "caption" | "summary" | "legend"
        | "ucaptitle" | "founder-title" | "founder-author" | "founder-date" => Tag::Other,
        _ => return None,
    })
}

/// An element of the page.
#[allow(clippy::struct_excessive_bools, reason = "each is a thing that its name can say")]
pub(super) struct Place {
    pub(super) parent: usize,
    pub(super) tag: Tag,
    /// Its tag, class or id says that it is none of the text.
    pub(super) boxed: bool,
    /// Its class or id says that it is the text.
    pub(super) named: bool,
    /// Its class or id says that readers talk in it.
    pub(super) talk: bool,
    /// Its class or id says that it belongs to no text, wherever it stands.
    pub(super) apart: bool,
    /// The element in which a publishing system keeps nothing but the text.
    pub(super) sure: bool,
    /// The same for elements of the same tag and class, digits aside; 0 for those without class.
    pub(super) style: u64,
}

/// What is the same for all posts of a thread and the like: tag and class (FNV-1a).
fn style(element: &Element) -> u64 {
    let Some(class) = attr(element, "class").filter(|c| !c.trim().is_empty()) else { return 0 };
    let letters = class.bytes().filter(u8::is_ascii_alphabetic);
    element.name().bytes().chain([b' ']).chain(letters).fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
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
    /// Signs of sentences.
    pub(super) stops: usize,
    /// The whole line is bold or of a heading class.
    pub(super) strong: bool,
}

impl Flat {
    /// How much running text it holds: its length, if it is sentences and no links.
    pub(super) fn prose(&self) -> usize {
        if self.hidden || self.chars < 12 || self.linked * 2 > self.chars || self.stops == 0 {
            0
        } else {
            self.chars
        }
    }

    pub(super) fn is_link(&self) -> bool {
        self.linked * 10 >= self.chars * 7
    }
}

/// A page taken apart.
pub(super) struct Taken {
    /// Parents stand before their children.
    pub(super) places: Vec<Place>,
    pub(super) lines: Vec<Flat>,
}

/// The flattener: open elements, and the line being filled.
#[derive(Default)]
struct Flattener {
    places: Vec<Place>,
    lines: Vec<Flat>,
    /// Hidden words inside the line being filled: they follow it.
    within: String,
    text: String,
    linked: usize,
    chars: usize,
    stops: usize,
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
    /// Hidden, and inside a line that is not.
    within: bool,
    link: bool,
    strong: bool,
    pre: bool,
    /// Inside a row of a table of data: cells do not break lines.
    row: bool,
    hint: Hint,
    code: bool,
    /// What was painted last behind the text, as far as the elements themselves say.
    ground: hidden::Ground,
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
                stops: self.stops,
                chars,
                text,
            });
            self.gap = false;
        }
        (self.linked, self.chars, self.stops, self.strong) = (0, 0, 0, 0);
        let within = std::mem::take(&mut self.within);
        if !within.chars().all(is_blank) {
            let chars = within.chars().filter(|&c| !is_blank(c)).count();
            self.lines.push(Flat {
                text: within,
                place: inside.place,
                hint: Hint::Hidden,
                gap: false,
                hidden: true,
                linked: 0,
                chars,
                stops: 0,
                strong: false,
            });
        }
    }

    fn push(&mut self, part: &str, inside: &Inside) {
        if inside.within {
            self.within.push_str(part);
            return;
        }
        if self.text.is_empty() {
            self.hint = inside.hint;
            self.hidden = inside.hidden;
        }
        if inside.pre && !inside.row {
            for (at, line) in part.split('\n').enumerate() {
                if at > 0 {
                    self.flush(inside);
                    self.hint = inside.hint;
                    self.hidden = inside.hidden;
                }
                self.count(line, inside);
                self.text.push_str(line);
            }
            return;
        }
        self.count(part, inside);
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

    fn count(&mut self, part: &str, inside: &Inside) {
        let (mut count, mut stops) = (0, 0);
        for c in part.chars() {
            count += usize::from(!is_blank(c));
            stops += usize::from(words::is_stop(c));
        }
        self.chars += count;
        self.stops += stops;
        self.linked += if inside.link { count } else { 0 };
        self.strong += if inside.strong { count } else { 0 };
    }
}

/// Whether a table holds data: rows of short cells, and no table inside.
fn is_data(table: ego_tree::NodeRef<'_, Node>) -> bool {
    let (mut rows, mut cells, mut longest, mut cell) = (0_usize, 0_usize, 0_usize, 0_usize);
    for node in table.descendants().skip(1) {
        match node.value() {
            Node::Element(element) => match element.name() {
                // Pages of old are laid out with tables, which hold tables, forms and headings.
                "table" | "form" | "h1" | "h2" => return false,
                "tr" => rows += 1,
                "td" | "th" => {
                    cells += 1;
                    cell = 0;
                }
                _ => {}
            },
            Node::Text(text) => {
                cell += text.chars().filter(|&c| !is_blank(c)).count();
                longest = longest.max(cell);
            }
            _ => {}
        }
    }
    rows >= 2 && cells >= rows * 2 && longest <= 120
}

/// Comments by which editing systems mark where the text begins.
fn marks_text(comment: &str) -> bool {
    let comment = comment.trim();
    comment.len() <= 60
        && ["enpcontent", "正文内容", "正文开始", "正文 begin", "文章内容", "article begin"]
            .iter()
            .any(|mark| comment.contains(mark))
        && !comment.starts_with('/')
}

/// Every line of a page.
pub(super) fn flatten(page: &Html) -> Taken {
    use ego_tree::iter::Edge;
    let mut flat = Flattener::default();
    let classes = hidden::classes(page);
    flat.places.push(Place {
        parent: 0,
        tag: Tag::Other,
        boxed: false,
        named: false,
        talk: false,
        apart: false,
        sure: false,
        style: 0,
    });
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
                Node::Comment(comment) if marks_text(comment) => {
                    flat.places[top(&stack).place].named = true;
                }
                Node::Element(element) => {
                    let outer = top(&stack);
                    let mut inside = outer;
                    let tag = element.name();
                    let block = block(tag);
                    let look = hidden::look(element, outer.ground, block.is_none());
                    inside.ground = look.ground;
                    let hides = look.hidden
                        || (look.pale && !flat.text.is_empty())
                        || (block.is_none() && hidden::has_class(element, &classes));
                    inside.hidden |= hides;
                    inside.within |= hides && !outer.hidden && block.is_none() && tag != "input";
                    let turns = inside.hidden != outer.hidden && !inside.within;
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
                    } else if (block.is_some() || turns) && !outer.row && !outer.code {
                        flat.flush(&outer);
                        flat.gap = true;
                    } else if outer.row && block.is_some() {
                        flat.text.push(' ');
                    }
                    inside.code |= is_code(tag);
                    inside.link |= tag == "a" && attr(element, "href").is_some();
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
                    if let Some(kind) = block {
                        let Words { boxed, named, talk, apart } = words::of(element);
                        flat.places.push(Place {
                            parent: outer.place,
                            tag: kind,
                            boxed: (boxed || kind == Tag::Furniture) && tag != "body",
                            named: (named || kind == Tag::Main) && tag != "body",
                            talk,
                            apart,
                            sure: words::holds_text(element),
                            style: style(element),
                        });
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
                    let block = block(element.name()).is_some();
                    let ends_row = inside.row && !outer.row;
                    let turns = inside.hidden != outer.hidden && !inside.within;
                    if !outer.code && !inside.code && (ends_row || turns || (block && !outer.row)) {
                        flat.flush(&inside);
                        flat.gap = element.name() != "tr";
                    } else if outer.row && block {
                        flat.text.push(' ');
                    }
                }
            }
        }
    }
    flat.flush(&Inside::default());
    Taken { places: flat.places, lines: flat.lines }
}
