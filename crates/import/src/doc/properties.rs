//! What is formatted: pages of properties for runs of bytes, and the styles that they begin from.

use crate::ole::{u16_at, u32_at};
use crate::paragraphs::{Role, role_of};
use std::ops::Range;

/// A page of properties.
const PAGE: usize = 512;
/// Styles that are based on each other.
const MAX_CHAIN: usize = 24;

/// What is known of a run of characters.
#[derive(Debug, Clone, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the format")]
pub(super) struct Run {
    /// The bytes of the main stream that it holds for.
    pub(super) bytes: Range<usize>,
    pub(super) hidden: bool,
    pub(super) deleted: bool,
    pub(super) inserted: bool,
    /// Its signs stand for notes, pictures and the like.
    pub(super) special: bool,
    pub(super) raised: bool,
    pub(super) font: Option<u16>,
    /// Of the letters, in half points.
    pub(super) size: Option<u16>,
    /// A character of a font: (font, code)
    pub(super) symbol: Option<(u16, u16)>,
}

/// What is known of a paragraph.
#[derive(Debug, Clone, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the format")]
pub(super) struct Look {
    pub(super) role: Role,
    /// Tables it stands in.
    pub(super) depth: usize,
    pub(super) row_end: bool,
    /// It ends a cell of an inner table.
    pub(super) cell_end: bool,
    /// (list, level)
    pub(super) number: Option<(u16, u8)>,
    pub(super) indented: bool,
    pub(super) centred: bool,
    /// Of its letters, in half points.
    pub(super) size: Option<u16>,
    in_table: bool,
    list: Option<u16>,
    level: u8,
}

#[derive(Debug, Clone, Default)]
struct Style<'t> {
    base: Option<usize>,
    role: Option<Role>,
    paragraph: &'t [u8],
    letters: &'t [u8],
}

/// The styles of a document, their properties already put together.
#[derive(Debug, Default)]
pub(super) struct Styles {
    looks: Vec<Look>,
}

/// Properties of runs of bytes: where each run begins, and its changes.
#[derive(Debug, Default)]
pub(super) struct Properties<'m> {
    /// (first byte, byte behind the last, changes)
    runs: Vec<(usize, usize, &'m [u8])>,
    /// The same of paragraphs, with the number of their style.
    paragraphs: Vec<(usize, usize, usize, &'m [u8])>,
    /// Where changes lie that are too long for a page.
    data: &'m [u8],
}

/// Changes of properties: the code of each, and its operand.
fn changes(mut rest: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let code = u16_at(rest, 0)?;
        let (head, length) = match code >> 13 {
            0 | 1 => (2, 1),
            2 | 4 | 5 => (2, 2),
            3 => (2, 4),
            7 => (2, 3),
            _ => match code {
                // The definition of a table has a longer length.
                0xD608 => (4, usize::from(u16_at(rest, 2)?).saturating_sub(1)),
                _ => (3, usize::from(*rest.get(2)?)),
            },
        };
        let operand = rest.get(head..head + length)?;
        rest = &rest[head + length..];
        Some((code, operand))
    })
}

fn value(operand: &[u8]) -> u16 {
    u16_at(operand, 0).unwrap_or_else(|| operand.first().map_or(0, |&b| u16::from(b)))
}

impl Look {
    fn change(&mut self, changed: &[u8]) {
        for (code, operand) in changes(changed) {
            let value = value(operand);
            match code {
                0x2416 => self.in_table = value != 0,
                0x2417 => self.row_end = value != 0,
                0x6649 => self.depth = usize::from(value),
                0x244B => self.cell_end = value != 0,
                0x244C => self.row_end |= value != 0,
                0x2403 | 0x2461 => self.centred = value == 1,
                0x4A43 => self.size = Some(value),
                0x260A => self.level = value as u8,
                0x460B => self.list = Some(value),
                0x2640 => {
                    self.role = if value < 9 { Role::Heading(value as u8 + 1) } else { Role::Text }
                }
                0x8411 | 0x8460 => self.indented = value.cast_signed() > 0,
                // In hundredths of a character.
                0x4457 => self.indented |= value.cast_signed() > 0,
                _ => {}
            }
        }
    }

    fn settled(mut self) -> Self {
        self.depth = if self.in_table { self.depth.clamp(1, 24) } else { 0 };
        // List 0 is none, and 2047 one that was taken away.
        self.number = self.list.filter(|l| (1..2047).contains(l)).map(|l| (l, self.level.min(8)));
        self
    }
}

impl Styles {
    pub(super) fn read(table: &[u8]) -> Self {
        let head = usize::from(u16_at(table, 0).unwrap_or(0));
        let count = usize::from(u16_at(table, 2).unwrap_or(0)).min(4096);
        let base = usize::from(u16_at(table, 4).unwrap_or(10));
        let mut at = 2 + head;
        let mut styles: Vec<Style<'_>> = Vec::with_capacity(count);
        for _ in 0..count {
            let Some(length) = u16_at(table, at).map(usize::from) else { break };
            let body = table.get(at + 2..at + 2 + length).unwrap_or_default();
            styles.push(style(body, base));
            at += 2 + length;
        }
        let looks = (0..styles.len()).map(|n| {
            let mut chain = vec![n];
            while let Some(base) = chain.last().and_then(|&n| styles[n].base) {
                if chain.len() >= MAX_CHAIN || base >= styles.len() {
                    break;
                }
                chain.push(base);
            }
            let mut look = Look::default();
            for &n in chain.iter().rev() {
                look.role = styles[n].role.unwrap_or(look.role);
                look.change(styles[n].paragraph);
                look.change(styles[n].letters);
            }
            look
        });
        Self { looks: looks.collect() }
    }
}

/// One style: its number among those of Word, what it is based on, its name and changes.
fn style(body: &[u8], base: usize) -> Style<'_> {
    let first = u16_at(body, 0).unwrap_or(0);
    let second = u16_at(body, 2).unwrap_or(0);
    let (number, kind, based_on) = (first & 0xFFF, second & 0xF, second >> 4);
    if kind != 1 {
        return Style::default();
    }
    let length = usize::from(u16_at(body, base).unwrap_or(0));
    let name: Vec<u16> =
        (0..length.min(255)).filter_map(|n| u16_at(body, base + 2 + n * 2)).collect();
    let name = String::from_utf16_lossy(&name);
    let role = match number {
        1..=9 => Some(Role::Heading(number as u8)),
        19..=27 => Some(Role::Contents),
        34 => Some(Role::Caption),
        62 => Some(Role::Title),
        _ => role_of(name.split(',').next().unwrap_or(&name)),
    };
    let at = base + 2 + length * 2 + 2;
    let size = usize::from(u16_at(body, at).unwrap_or(0));
    // The number of the style stands before its changes.
    let paragraph = body.get(at + 4..at + 2 + size).unwrap_or_default();
    // What is said of the letters follows, from an even byte on.
    let behind = at + 2 + size + size % 2;
    let length = usize::from(u16_at(body, behind).unwrap_or(0));
    let letters = body.get(behind + 2..behind + 2 + length).unwrap_or_default();
    Style { base: (based_on != 0xFFF).then_some(usize::from(based_on)), role, paragraph, letters }
}

/// The numbers of the pages that hold properties.
fn pages(plc: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let count = plc.len().saturating_sub(4) / 8;
    (0..count).filter_map(move |n| {
        let number = u32_at(plc, (count + 1) * 4 + n * 4)?;
        ((number & 0x3F_FFFF) as usize).checked_mul(PAGE)
    })
}

impl<'m> Properties<'m> {
    pub(super) fn read(main: &'m [u8], data: &'m [u8], runs: &[u8], paragraphs: &[u8]) -> Self {
        let mut found = Self { data, ..Self::default() };
        for at in pages(runs) {
            let Some(page) = main.get(at..at + PAGE) else { continue };
            let count = usize::from(page[511]);
            for n in 0..count {
                let bounds = u32_at(page, n * 4).zip(u32_at(page, n * 4 + 4));
                let offset = page.get((count + 1) * 4 + n).map(|&o| usize::from(o) * 2);
                let (Some((start, end)), Some(offset)) = (bounds, offset) else { break };
                let length = page.get(offset).map_or(0, |&l| usize::from(l));
                let changed = page.get(offset + 1..offset + 1 + length);
                let changed = changed.filter(|_| offset > 0).unwrap_or_default();
                found.runs.push((start as usize, end as usize, changed));
            }
        }
        for at in pages(paragraphs) {
            let Some(page) = main.get(at..at + PAGE) else { continue };
            let count = usize::from(page[511]);
            for n in 0..count {
                let bounds = u32_at(page, n * 4).zip(u32_at(page, n * 4 + 4));
                let offset = page.get((count + 1) * 4 + n * 13).map(|&o| usize::from(o) * 2);
                let (Some((start, end)), Some(offset)) = (bounds, offset) else { break };
                let (body, length) = match page.get(offset).map(|&l| usize::from(l)) {
                    _ if offset == 0 => (0, 0),
                    Some(0) => {
                        (offset + 2, page.get(offset + 1).map_or(0, |&l| usize::from(l) * 2))
                    }
                    Some(half) => (offset + 1, half * 2 - 1),
                    None => (0, 0),
                };
                let body = page.get(body..body + length).unwrap_or_default();
                let style = usize::from(u16_at(body, 0).unwrap_or(0));
                let changed = body.get(2..).unwrap_or_default();
                found.paragraphs.push((start as usize, end as usize, style, changed));
            }
        }
        found.runs.sort_by_key(|r| r.0);
        found.paragraphs.sort_by_key(|p| p.0);
        found
    }

    /// The run that a byte stands in.
    pub(super) fn run(&self, at: usize) -> Run {
        let behind = self.runs.partition_point(|r| r.0 <= at);
        let found = behind.checked_sub(1).map(|n| self.runs[n]).filter(|r| at < r.1);
        let Some((start, end, changed)) = found else {
            let next = self.runs.get(behind).map_or(usize::MAX, |r| r.0);
            return Run { bytes: at..next, ..Run::default() };
        };
        let mut run = Run { bytes: start..end, ..Run::default() };
        for (code, operand) in changes(changed) {
            let value = value(operand);
            let on = value & 0x81 == 1 || value & 0x81 == 0x81;
            match code {
                0x083C => run.hidden = on,
                0x0800 => run.deleted = on,
                0x0801 => run.inserted = on,
                0x0855 => run.special = on,
                0x2A48 => run.raised = value == 1,
                0x4A43 => run.size = Some(value),
                0x4A4F => run.font = Some(value),
                0x6A09 => run.symbol = Some((value, u16_at(operand, 2).unwrap_or(0))),
                _ => {}
            }
        }
        run
    }

    /// The paragraph that a byte stands in.
    pub(super) fn paragraph(&self, at: usize, styles: &Styles) -> Look {
        let behind = self.paragraphs.partition_point(|p| p.0 <= at);
        let found = behind.checked_sub(1).map(|n| self.paragraphs[n]).filter(|p| at < p.1);
        let Some((_, _, style, changed)) = found else { return Look::default() };
        let mut look = styles.looks.get(style).cloned().unwrap_or_default();
        look.change(changed);
        let long = changes(changed).find(|c| matches!(c.0, 0x6645 | 0x6646));
        if let Some(at) = long.and_then(|(_, operand)| u32_at(operand, 0)).map(|at| at as usize)
            && let Some(length) = u16_at(self.data, at)
        {
            look.change(self.data.get(at + 2..at + 2 + usize::from(length)).unwrap_or_default());
        }
        look.settled()
    }
}
