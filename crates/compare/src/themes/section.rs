//! The sections of a text.

use super::lexicon::{Lexicon, OVERVIEW};
use crate::{Stream, Text};
use anjuan_text::{Block, BlockKind, CharRange, OffsetMap};

/// Longer sections are divided at the headings inside them, in code points.
const LONG: u32 = 2500;

/// What a word of the heading counts more than one of the text, for the lexicon.
const HEADING: f32 = 4.0;

/// A section, folded.
pub(super) struct Section {
    /// The number of its text.
    pub(super) text: usize,
    pub(super) range: CharRange,
    /// The heading as it stands; empty for what comes before the first.
    pub(super) heading: String,
    /// Whether it stands before the first heading, or introduces what follows.
    pub(super) leads: bool,
    /// The folded characters of heading and text.
    pub(super) folded: Vec<char>,
    /// How many of them belong to the heading.
    pub(super) heading_len: usize,
    /// How much it speaks of each theme of the lexicon, by the words found.
    pub(super) weights: Vec<f32>,
    /// The share of each theme, all together 1, or less where next to no word was found.
    pub(super) themes: Vec<f32>,
}

/// The sections of a text in order; none where it has no block.
pub(super) fn sections(
    number: usize,
    text: &Text,
    stream: &Stream,
    lexicon: &Lexicon,
) -> Vec<Section> {
    let map = OffsetMap::new(text.text);
    let mut outlines = Vec::new();
    divide(text.blocks, true, &mut outlines);
    outlines
        .into_iter()
        .map(|Outline { heading, range, leads }| {
            let folded_in = |range: CharRange| -> Vec<char> {
                let units = stream.units();
                let from = units.partition_point(|u| u.start < range.start);
                let to = units.partition_point(|u| u.start < range.end).max(from);
                units[from..to].iter().map(|u| u.folded).collect()
            };
            let folded = folded_in(range);
            let heading_folded = heading.map(&folded_in).unwrap_or_default();
            let of_heading = lexicon.weigh(&heading_folded.iter().collect::<String>());
            let mut weights = lexicon.weigh(&folded.iter().collect::<String>());
            let leads = leads || of_heading[OVERVIEW] > 0.0;
            for (weight, of_heading) in weights.iter_mut().zip(of_heading) {
                *weight += HEADING * of_heading;
            }
            if leads {
                weights.fill(0.0);
                weights[OVERVIEW] = HEADING;
            }
            let sum: f32 = weights.iter().sum();
            let themes = weights.iter().map(|w| w / sum.max(1.0)).collect();
            Section {
                text: number,
                range,
                heading: heading.map(|h| map.slice(h).to_owned()).unwrap_or_default(),
                leads,
                heading_len: heading_folded.len(),
                folded,
                weights,
                themes,
            }
        })
        .collect()
}

struct Outline {
    heading: Option<CharRange>,
    range: CharRange,
    leads: bool,
}

/// Divides blocks at their outermost headings, and long parts again at the headings inside.
/// `outside` holds for a whole text, whose title and byline are no part of a section.
fn divide(blocks: &[Block], outside: bool, found: &mut Vec<Outline>) {
    let level = blocks.iter().filter(|b| b.kind == BlockKind::Heading).map(depth).min();
    let Some(level) = level else {
        lead(blocks, outside, found);
        return;
    };
    let heads: Vec<usize> = (0..blocks.len())
        .filter(|&at| blocks[at].kind == BlockKind::Heading && depth(&blocks[at]) == level)
        .collect();
    lead(&blocks[..heads[0]], outside, found);
    for (n, &head) in heads.iter().enumerate() {
        let end = heads.get(n + 1).copied().unwrap_or(blocks.len());
        let part = &blocks[head..end];
        let range = CharRange::new(part[0].range.start, part[part.len() - 1].range.end);
        let inner = part[1..].iter().position(|b| b.kind == BlockKind::Heading).map(|at| at + 1);
        let several = part[1..].iter().filter(|b| b.kind == BlockKind::Heading).nth(1).is_some();
        match inner {
            Some(inner) if several && range.len() > LONG => {
                let end = part[inner - 1].range.end;
                found.push(Outline {
                    heading: Some(part[0].range),
                    range: CharRange::new(part[0].range.start, end),
                    leads: true,
                });
                divide(&part[inner..], false, found);
            }
            _ => found.push(Outline { heading: Some(part[0].range), range, leads: false }),
        }
    }
}

fn depth(block: &Block) -> u8 {
    block.level.unwrap_or(1)
}

/// What stands before the first heading.
fn lead(blocks: &[Block], outside: bool, found: &mut Vec<Outline>) {
    let mut body = blocks
        .iter()
        .filter(|b| !(outside && matches!(b.kind, BlockKind::Title | BlockKind::Byline)));
    if let Some(first) = body.next() {
        let end = body.next_back().unwrap_or(first).range.end;
        let range = CharRange::new(first.range.start, end);
        found.push(Outline { heading: None, range, leads: true });
    }
}
