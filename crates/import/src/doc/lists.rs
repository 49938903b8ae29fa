//! Lists of a document: their levels, and what stands before each paragraph.

use crate::numbering::{Counter, Form, LEVELS, Level};
use crate::ole::{u16_at, u32_at};
use std::collections::{HashMap, HashSet};

/// Lists of one document.
const MAX_LISTS: usize = 4096;

/// The lists of a document.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// Levels by the identifier of the definition.
    definitions: HashMap<u32, Vec<Level>>,
    /// What paragraphs refer to, from 1 on: the definition, and where levels begin anew.
    uses: Vec<(u32, Vec<(usize, u32)>)>,
}

impl Lists {
    /// Reads the definitions, whose levels stand behind their table, and their uses.
    pub(super) fn read(definitions: &[u8], behind: &[u8], uses: &[u8]) -> Self {
        let mut lists = Self::default();
        let count = usize::from(u16_at(definitions, 0).unwrap_or(0)).min(MAX_LISTS);
        let mut at = 2 + count * 28;
        for n in 0..count {
            let Some(id) = u32_at(definitions, 2 + n * 28) else { break };
            let simple = definitions.get(2 + n * 28 + 26).is_some_and(|flags| flags & 1 != 0);
            let mut levels = Vec::with_capacity(LEVELS);
            for _ in 0..if simple { 1 } else { LEVELS } {
                let Some((level, length)) = level(behind.get(at..).unwrap_or_default()) else {
                    break;
                };
                levels.push(level);
                at += length;
            }
            levels.resize(LEVELS, Level { start: 1, form: Form::None, ..Level::default() });
            lists.definitions.insert(id, levels);
        }
        let count = (u32_at(uses, 0).unwrap_or(0) as usize).min(MAX_LISTS);
        let mut at = 4 + count * 16;
        for n in 0..count {
            let Some(id) = u32_at(uses, 4 + n * 16) else { break };
            let overridden = uses.get(4 + n * 16 + 12).map_or(0, |&c| usize::from(c));
            // Behind a number that says nothing.
            at += 4;
            let mut starts = Vec::new();
            for _ in 0..overridden.min(LEVELS) {
                let (Some(start), Some(flags)) = (u32_at(uses, at), u32_at(uses, at + 4)) else {
                    break;
                };
                let place = (flags & 0xF) as usize;
                at += 8;
                if flags & 0x20 != 0 {
                    let Some((level, length)) = level(uses.get(at..).unwrap_or_default()) else {
                        break;
                    };
                    if flags & 0x10 != 0 {
                        starts.push((place, level.start));
                    }
                    at += length;
                } else if flags & 0x10 != 0 {
                    starts.push((place, start));
                }
            }
            lists.uses.push((id, starts));
        }
        lists
    }
}

/// A level and the bytes it takes.
fn level(bytes: &[u8]) -> Option<(Level, usize)> {
    let start = u32_at(bytes, 0)?;
    let form = Form::coded(u16::from(*bytes.get(4)?));
    let flags = *bytes.get(5)?;
    let (runs, paragraphs) = (usize::from(*bytes.get(24)?), usize::from(*bytes.get(25)?));
    let limit = usize::from(*bytes.get(26)?);
    let at = 28 + runs + paragraphs;
    let length = usize::from(u16_at(bytes, at)?);
    let mut template = String::new();
    let units: Vec<u16> = (0..length).filter_map(|n| u16_at(bytes, at + 2 + n * 2)).collect();
    for unit in units {
        match unit {
            // The number of a level.
            0..=8 => {
                template.push('%');
                template.extend(char::from_digit(u32::from(unit) + 1, 10));
            }
            _ => template.extend(char::from_u32(u32::from(unit))),
        }
    }
    let level = Level {
        form,
        start,
        template,
        legal: flags & 4 != 0,
        // Not to begin anew, or only below some level.
        restart: (flags & 8 != 0).then_some(limit),
    };
    Some((level, at + 2 + length * 2))
}

/// How far the lists of a document have been counted.
#[derive(Debug, Default)]
pub(super) struct Counting {
    counters: HashMap<u32, Counter>,
    /// (list, level) whose start was seen to.
    begun: HashSet<(u16, usize)>,
}

impl Counting {
    /// Counts a paragraph of a list; nothing for a sign that is no number.
    pub(super) fn count(&mut self, lists: &Lists, list: u16, level: u8) -> Option<String> {
        let (id, starts) = lists.uses.get(usize::from(list).checked_sub(1)?)?;
        let levels = lists.definitions.get(id)?;
        let at = usize::from(level);
        let counter = self.counters.entry(*id).or_default();
        for (level, start) in starts {
            if *level <= at && self.begun.insert((list, *level)) {
                counter.restart(*level, *start);
            }
        }
        Some(counter.count(levels, at))
    }
}
