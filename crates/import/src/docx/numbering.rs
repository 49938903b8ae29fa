//! Lists of a document: definitions with nine levels, and the lists that use them.

use super::styles::{Place, Styles};
use crate::numbering::{Counter, Form, LEVELS, Level};
use crate::xml::{Document, Element};
use std::collections::{HashMap, HashSet};

#[derive(Debug, Clone, Default)]
struct Definition {
    levels: Vec<Level>,
    /// The style of each level, by its identifier.
    styles: Vec<Option<String>>,
}

#[derive(Debug, Clone, Default)]
struct List {
    definition: String,
    /// Where levels begin anew when the list is first used.
    starts: Vec<(usize, u32)>,
    /// Levels that the list has otherwise than its definition.
    levels: Vec<(usize, Level)>,
}

/// The lists of a document.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    definitions: HashMap<String, Definition>,
    lists: HashMap<String, List>,
}

fn value<'d>(element: Element<'d>, name: &str) -> Option<&'d str> {
    element.child(name)?.attribute("w:val")
}

fn level(element: Element<'_>) -> Level {
    // Forms that older versions of Word do not know stand in an alternative.
    let form = element
        .descendants()
        .find(|e| e.name() == "w:numFmt")
        .map(|e| match (e.attribute("w:val"), e.attribute("w:format")) {
            (Some("custom"), Some(format)) => Form::like(format),
            (Some(name), _) => Form::named(name),
            _ => Form::Decimal,
        })
        .unwrap_or_default();
    Level {
        form,
        start: value(element, "w:start").and_then(|v| v.parse().ok()).unwrap_or(0),
        template: value(element, "w:lvlText").unwrap_or("").to_owned(),
        legal: element.child("w:isLgl").is_some(),
        restart: value(element, "w:lvlRestart").and_then(|v| v.parse().ok()),
    }
}

fn place(element: Element<'_>) -> Option<usize> {
    element.attribute("w:ilvl")?.parse().ok().filter(|&l| l < LEVELS)
}

impl Numbering {
    pub(super) fn read(document: &Document, styles: &Styles) -> Self {
        let mut numbering = Self::default();
        // Definitions that stand for those of a style: (definition, style)
        let mut linked: Vec<(String, String)> = Vec::new();
        for element in document.root().descendants() {
            match element.name() {
                "w:abstractNum" => {
                    let Some(id) = element.attribute("w:abstractNumId") else { continue };
                    let mut definition = Definition {
                        levels: vec![Level { start: 1, ..Level::default() }; LEVELS],
                        styles: vec![None; LEVELS],
                    };
                    for found in element.children().filter(|e| e.name() == "w:lvl") {
                        let Some(at) = place(found) else { continue };
                        definition.levels[at] = level(found);
                        definition.styles[at] = value(found, "w:pStyle").map(str::to_owned);
                    }
                    if let Some(style) = value(element, "w:numStyleLink") {
                        linked.push((id.to_owned(), style.to_owned()));
                    }
                    numbering.definitions.insert(id.to_owned(), definition);
                }
                "w:num" => {
                    let Some(id) = element.attribute("w:numId") else { continue };
                    let Some(definition) = value(element, "w:abstractNumId") else { continue };
                    let mut list = List { definition: definition.to_owned(), ..List::default() };
                    for own in element.children().filter(|e| e.name() == "w:lvlOverride") {
                        let Some(at) = place(own) else { continue };
                        if let Some(start) = value(own, "w:startOverride") {
                            list.starts.extend(start.parse().ok().map(|start| (at, start)));
                        }
                        list.levels.extend(own.child("w:lvl").map(|l| (at, level(l))));
                    }
                    numbering.lists.insert(id.to_owned(), list);
                }
                _ => {}
            }
        }
        for (id, style) in linked {
            let list = styles.list_of(&style).and_then(|list| numbering.lists.get(list));
            let meant = list.and_then(|list| numbering.definitions.get(&list.definition));
            if let Some(meant) = meant.cloned() {
                numbering.definitions.insert(id, meant);
            }
        }
        numbering
    }
}

/// What stands before a paragraph.
#[derive(Debug)]
pub(super) struct Number {
    pub(super) text: String,
    pub(super) bullet: bool,
}

/// How far the lists of a document have been counted.
#[derive(Debug, Default)]
pub(super) struct Counting {
    /// By definition, which lists share.
    counters: HashMap<String, Counter>,
    /// (list, level) whose start was seen to.
    begun: HashSet<(String, usize)>,
}

impl Counting {
    /// Counts a paragraph of a list.
    pub(super) fn count(
        &mut self,
        numbering: &Numbering,
        id: &str,
        place: Place<'_>,
    ) -> Option<Number> {
        let list = numbering.lists.get(id)?;
        let definition = numbering.definitions.get(&list.definition)?;
        let at = match place {
            Place::Level(at) => at,
            Place::OfStyle(style) => {
                definition.styles.iter().position(|s| s.as_deref() == Some(style)).unwrap_or(0)
            }
        };
        if at >= LEVELS {
            return None;
        }
        let mut levels = definition.levels.clone();
        for (at, level) in &list.levels {
            levels[*at] = level.clone();
        }
        let counter = self.counters.entry(list.definition.clone()).or_default();
        for (level, start) in &list.starts {
            if *level <= at && self.begun.insert((id.to_owned(), *level)) {
                counter.restart(*level, *start);
            }
        }
        let bullet = levels[at].form == Form::Bullet;
        Some(Number { text: counter.count(&levels, at), bullet })
    }
}
