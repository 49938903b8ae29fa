//! Styles of a document: what a paragraph is, by its style, the styles that this is based on, and
//! its own properties.

use crate::paragraphs::{Role, role_of};
use crate::xml::{Document, Element};
use std::collections::HashMap;

/// Half points of letters of which nothing is said.
const USUAL_SIZE: u16 = 20;
/// Styles that are based on each other.
const MAX_CHAIN: usize = 24;

#[derive(Debug, Clone, Default)]
struct Style {
    based_on: Option<String>,
    role: Option<Role>,
    /// (list, level)
    number: (Option<String>, Option<usize>),
    hidden: Option<bool>,
    indented: Option<bool>,
    centred: Option<bool>,
    size: Option<u16>,
}

/// The styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
    /// That of paragraphs that name none.
    default: Option<String>,
    /// The size of letters where nothing is said of it.
    size: Option<u16>,
}

/// What is known of a paragraph before its text is read.
#[derive(Debug, Default)]
pub(super) struct Look<'a> {
    pub(super) role: Role,
    /// (list, level)
    pub(super) number: Option<(&'a str, Place<'a>)>,
    pub(super) hidden: bool,
    /// Its first line stands in.
    pub(super) indented: bool,
    pub(super) centred: bool,
    /// Of its letters, in half points.
    pub(super) size: u16,
}

/// The level of a list that a paragraph is on.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'a> {
    Level(usize),
    /// The level that the list has for this style.
    OfStyle(&'a str),
}

/// Whether the value of a switch is on.
pub(super) fn is_on(value: &str) -> bool {
    !matches!(value, "0" | "false" | "off" | "none")
}

/// A switch: there and not turned off.
fn switch(properties: Element<'_>, name: &str) -> Option<bool> {
    properties.child(name).map(|e| e.attribute("w:val").is_none_or(is_on))
}

fn outline(properties: Element<'_>) -> Option<Role> {
    let level = properties.child("w:outlineLvl")?.attribute("w:val")?.parse::<u8>().ok()?;
    // Nine stands for text.
    Some(if level < 9 { Role::Heading(level + 1) } else { Role::Text })
}

fn indent(properties: Element<'_>) -> Option<bool> {
    let indent = properties.child("w:ind")?;
    let of = |name: &str| indent.attribute(name).and_then(|v| v.parse::<i32>().ok());
    let first = of("w:firstLineChars").or_else(|| of("w:firstLine"))?;
    Some(first > 0)
}

fn centred(properties: Element<'_>) -> Option<bool> {
    properties.child("w:jc")?.attribute("w:val").map(|jc| jc == "center")
}

/// The size of letters in half points.
fn size(properties: Element<'_>) -> Option<u16> {
    properties.child("w:sz")?.attribute("w:val")?.parse().ok()
}

fn number(properties: Element<'_>) -> (Option<String>, Option<usize>) {
    let Some(number) = properties.child("w:numPr") else { return (None, None) };
    let of = |name: &str| number.child(name).and_then(|e| e.attribute("w:val"));
    (of("w:numId").map(str::to_owned), of("w:ilvl").and_then(|l| l.parse().ok()))
}

impl Styles {
    pub(super) fn read(document: &Document) -> Self {
        let mut by_id = HashMap::new();
        let mut default = None;
        for element in document.root().descendants().filter(|e| e.name() == "w:style") {
            let Some(id) = element.attribute("w:styleId") else { continue };
            let of = |name: &str| element.child(name).and_then(|e| e.attribute("w:val"));
            let mut style = Style {
                based_on: of("w:basedOn").map(str::to_owned),
                role: of("w:name").and_then(role_of),
                ..Style::default()
            };
            if let Some(properties) = element.child("w:pPr") {
                style.role = style.role.or_else(|| outline(properties));
                style.number = number(properties);
                style.indented = indent(properties);
                style.centred = centred(properties);
            }
            let letters = element.child("w:rPr");
            style.hidden = letters.and_then(|p| switch(p, "w:vanish"));
            style.size = letters.and_then(size);
            if element.attribute("w:type") == Some("paragraph")
                && element.attribute("w:default").is_some_and(is_on)
            {
                default = Some(id.to_owned());
            }
            by_id.insert(id.to_owned(), style);
        }
        let usual = document.root().descendants().find(|e| e.name() == "w:rPrDefault");
        let usual = usual.and_then(|d| d.child("w:rPr")).and_then(size);
        Self { by_id, default, size: usual }
    }

    /// A style and those it is based on.
    fn chain<'a>(&'a self, id: Option<&'a str>) -> impl Iterator<Item = (&'a str, &'a Style)> {
        let mut next = id;
        std::iter::from_fn(move || {
            let id = next?;
            let style = self.by_id.get(id)?;
            next = style.based_on.as_deref();
            Some((id, style))
        })
        .take(MAX_CHAIN)
    }

    /// What a paragraph is, by its properties.
    pub(super) fn paragraph<'a>(&'a self, properties: Option<Element<'a>>) -> Look<'a> {
        let named = properties.and_then(|p| p.child("w:pStyle")).and_then(|s| s.attribute("w:val"));
        let id = named.or(self.default.as_deref());
        // A style that the file does not define is known by its name alone.
        let role = properties
            .and_then(outline)
            .or_else(|| self.chain(id).find_map(|(_, s)| s.role))
            .or_else(|| named.filter(|id| !self.by_id.contains_key(*id)).and_then(role_of));
        let own = properties.and_then(|p| p.child("w:numPr"));
        let own_of =
            |name: &str| own.and_then(|n| n.child(name)).and_then(|e| e.attribute("w:val"));
        let of_style =
            self.chain(id).find_map(|(at, s)| Some((at, s.number.0.as_deref()?, s.number.1)));
        let list = own_of("w:numId").or(of_style.map(|(_, list, _)| list));
        let level = own_of("w:ilvl").and_then(|l| l.parse().ok());
        let place = match (level, own_of("w:numId"), of_style) {
            (Some(level), ..) | (None, None, Some((_, _, Some(level)))) => Place::Level(level),
            (None, None, Some((style, ..))) => Place::OfStyle(style),
            _ => Place::Level(0),
        };
        Look {
            role: role.unwrap_or_default(),
            // List 0 takes the number of the style away.
            number: list.filter(|l| *l != "0").map(|list| (list, place)),
            hidden: self.chain(id).find_map(|(_, s)| s.hidden).unwrap_or(false),
            indented: properties
                .and_then(indent)
                .or_else(|| self.chain(id).find_map(|(_, s)| s.indented))
                .unwrap_or(false),
            centred: properties
                .and_then(centred)
                .or_else(|| self.chain(id).find_map(|(_, s)| s.centred))
                .unwrap_or(false),
            size: self.chain(id).find_map(|(_, s)| s.size).or(self.size).unwrap_or(USUAL_SIZE),
        }
    }

    /// The size of letters that a run says of itself.
    pub(super) fn size_of_run(&self, properties: Option<Element<'_>>) -> Option<u16> {
        let properties = properties?;
        size(properties).or_else(|| {
            let style = properties.child("w:rStyle")?.attribute("w:val")?;
            self.chain(Some(style)).find_map(|(_, s)| s.size)
        })
    }

    /// Whether a run says of itself that it is hidden or shown.
    pub(super) fn hides_run(&self, properties: Option<Element<'_>>) -> Option<bool> {
        let properties = properties?;
        switch(properties, "w:vanish").or_else(|| {
            let style = properties.child("w:rStyle")?.attribute("w:val")?;
            self.chain(Some(style)).find_map(|(_, s)| s.hidden)
        })
    }

    /// The list that a style of lists stands for.
    pub(super) fn list_of<'a>(&'a self, style: &'a str) -> Option<&'a str> {
        self.chain(Some(style)).find_map(|(_, s)| s.number.0.as_deref())
    }
}
