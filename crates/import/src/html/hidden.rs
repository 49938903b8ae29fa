//! What a page holds and does not show.

use super::attr;
use memchr::memmem;
use scraper::node::Element;
use scraper::{Html, Node};
use std::collections::HashSet;

/// What is painted behind a text, as far as the elements themselves say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Ground {
    /// No element says anything.
    #[default]
    Unsaid,
    /// White.
    White,
    /// A colour or a picture.
    Dark,
}

/// How an element shows its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    /// Not at all.
    pub(super) hidden: bool,
    /// White on a ground of which nothing is said.
    pub(super) pale: bool,
    pub(super) ground: Ground,
}

/// Classes that hide whatever the style sheet: for readers of the screen only, the characters that
/// forums strew against copying, and the buttons behind the headings of wikis, which are no words
/// of theirs.
const CLASSES: &[&str] =
    &["sr-only", "visually-hidden", "visuallyhidden", "jammer", "mw-editsection"];

/// What an element's own attributes say. `inline`: it stands inside a line.
pub(super) fn look(element: &Element, ground: Ground, inline: bool) -> Look {
    let mut look = Look { hidden: false, pale: false, ground };
    let mut white = attr(element, "color").is_some_and(is_white);
    for (name, value) in element.attrs() {
        match name {
            "hidden" => look.hidden = true,
            // Dialogs that are open say it of the whole page, so only small things are believed.
            "aria-hidden" => look.hidden |= inline && value.eq_ignore_ascii_case("true"),
            "type" => {
                look.hidden |= element.name() == "input" && value.eq_ignore_ascii_case("hidden");
            }
            "class" => {
                look.hidden |= value.split_ascii_whitespace().any(|c| CLASSES.contains(&c));
            }
            "bgcolor" => {
                look.ground = if is_white(value) { Ground::White } else { Ground::Dark };
            }
            "background" => look.ground = Ground::Dark,
            "style" => read_style(value, &mut look, &mut white),
            _ => {}
        }
    }
    // Where the text itself lies this is how the page waits for its script.
    if matches!(element.name(), "html" | "body") || attr(element, "id") == Some("js_content") {
        look.hidden = false;
    }
    if white {
        look.hidden |= look.ground == Ground::White && inline;
        look.pale = look.ground == Ground::Unsaid && inline && attr(element, "class").is_none();
    }
    look
}

fn read_style(style: &str, look: &mut Look, white: &mut bool) {
    let (mut apart, mut far, mut clipped, mut flat) = (false, false, false, false);
    for (name, value) in declarations(style) {
        let value = value.trim().trim_end_matches("!important").trim_end();
        let is = |name_: &str| name.eq_ignore_ascii_case(name_);
        let says = |value_: &str| value.eq_ignore_ascii_case(value_);
        if is("display") {
            look.hidden |= says("none");
        } else if is("visibility") {
            look.hidden |= says("hidden") || says("collapse");
        } else if is("opacity") {
            look.hidden |= value.parse::<f32>().is_ok_and(|v| v < 0.01);
        } else if is("font-size") {
            look.hidden |= length(value).is_some_and(|v| v < 1.0 && !value.ends_with("em"));
        } else if is("text-indent") {
            look.hidden |= length(value).is_some_and(|v| v <= -500.0);
        } else if is("position") {
            apart = says("absolute") || says("fixed");
        } else if is("left") || is("top") || is("right") || is("margin-left") {
            far |= length(value).is_some_and(|v| v <= -500.0);
        } else if is("height") || is("max-height") || is("width") {
            flat |= length(value).is_some_and(|v| v <= 1.0) && !value.ends_with("em");
        } else if is("overflow") || is("overflow-y") {
            clipped = says("hidden");
        } else if is("color") {
            *white = is_white(value);
        } else if is("background") || is("background-color") || is("background-image") {
            look.ground = match value {
                "" | "none" | "transparent" | "inherit" | "initial" => look.ground,
                _ if is_white(value) => Ground::White,
                _ => Ground::Dark,
            };
        }
    }
    look.hidden |= (apart && far) || (clipped && flat);
}

/// Names and values of a style.
fn declarations(style: &str) -> impl Iterator<Item = (&str, &str)> {
    style.split(';').filter_map(|d| d.split_once(':')).map(|(name, value)| (name.trim(), value))
}

/// The number that a length begins with.
fn length(value: &str) -> Option<f32> {
    let end = value.find(|c: char| !matches!(c, '0'..='9' | '.' | '-')).unwrap_or(value.len());
    value[..end].parse().ok()
}

fn is_white(colour: &str) -> bool {
    let colour: String =
        colour.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
    matches!(
        colour.as_str(),
        "white" | "#fff" | "#ffffff" | "ffffff" | "#fefefe" | "rgb(255,255,255)"
    )
}

/// Classes that the page's own style sheets hide by a rule of their own.
pub(super) fn classes(page: &Html) -> HashSet<String> {
    let mut classes = HashSet::new();
    for node in page.tree.root().descendants() {
        let Node::Element(element) = node.value() else { continue };
        if element.name() != "style" {
            continue;
        }
        for text in node.children().filter_map(|n| n.value().as_text()) {
            // Rule by rule; what stands inside of others (@media) is left alone.
            for rule in text.split('}') {
                let Some((selectors, body)) = rule.split_once('{') else { continue };
                if body.contains('{')
                    || !body.contains('0') && memmem::find(body.as_bytes(), b"none").is_none()
                {
                    continue;
                }
                let mut look = Look { hidden: false, pale: false, ground: Ground::Unsaid };
                read_style(body, &mut look, &mut false);
                if !look.hidden {
                    continue;
                }
                for selector in selectors.split(',') {
                    if let Some(class) = selector.trim().strip_prefix('.')
                        && class
                            .bytes()
                            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
                    {
                        classes.insert(class.to_owned());
                    }
                }
            }
        }
    }
    classes
}

/// Whether an element is of one of these classes.
pub(super) fn has_class(element: &Element, classes: &HashSet<String>) -> bool {
    !classes.is_empty()
        && attr(element, "class")
            .is_some_and(|names| names.split_ascii_whitespace().any(|name| classes.contains(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(element: &str, hidden: bool) {
        let page = Html::parse_fragment(element);
        let found = page
            .tree
            .root()
            .descendants()
            .filter_map(|n| n.value().as_element())
            .find(|e| e.name() != "html")
            .map(|e| look(e, Ground::White, e.name() == "span").hidden);
        assert_eq!(found, Some(hidden), "{element}");
    }

    #[test]
    fn what_is_not_shown_is_known() {
        check("<p style='display: none'>x</p>", true);
        check("<p style='DISPLAY:none !important;'>x</p>", true);
        check("<p style='visibility:hidden'>x</p>", true);
        check("<p hidden>x</p>", true);
        check("<p style='opacity:0'>x</p>", true);
        check("<p style='opacity:0.8'>x</p>", false);
        check("<span style='font-size:0px'>x</span>", true);
        check("<span style='font-size:0.9em'>x</span>", false);
        check("<p style='position:absolute;left:-9999px'>x</p>", true);
        check("<p style='left:-20px'>x</p>", false);
        check("<p style='text-indent:2em'>x</p>", false);
        check("<p style='height:0;overflow:hidden'>x</p>", true);
        check("<span style='color:#FFF'>x</span>", true);
        check("<span style='color:#fff;background:#c00'>x</span>", false);
        check("<span class='jammer'>x</span>", true);
        check("<div id=js_content style='visibility: hidden; opacity: 0'>x</div>", false);
    }
}
