//! Where the characters of the reading texts came to stand on the pages.

use crate::markup::Markup;
use std::collections::{BTreeSet, HashMap};
use typst::layout::{Abs, Frame, FrameItem, Point, Transform};
use typst::syntax::{LinkedNode, Source, Span};
use typst::text::{TextItem, is_default_ignorable};
use typst_layout::PagedDocument;

/// Height of a highlight above the baseline, in em: the top of a Chinese character.
const ABOVE: f64 = 0.92;
/// Depth of a highlight below the baseline, in em.
const BELOW: f64 = 0.16;
/// Two characters of a line further apart than this many em make two boxes.
const GAP: f64 = 1.2;
/// Baselines closer than this many points are one line.
const SAME_LINE: f64 = 0.5;
/// What is narrower than this many points cannot be seen.
const NARROW: f64 = 0.01;

/// The place of one character on a page, in points from the page's upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cell {
    /// Code point, counted through all documents.
    char: u32,
    /// Page, from 0.
    page: u32,
    left: f64,
    right: f64,
    baseline: f64,
    /// Font size.
    size: f64,
}

/// A rectangle on a page in points from its lower left corner, as PDF counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Quad {
    pub(crate) left: f64,
    pub(crate) bottom: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
}

/// The part of a passage that stands on one page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    /// Page, from 0.
    pub(crate) page: u32,
    /// Height of the page in points.
    pub(crate) height: f64,
    /// One rectangle per line, in reading order.
    pub(crate) quads: Vec<Quad>,
}

/// The places of all characters of the reading texts, in the order of the texts.
#[derive(Debug)]
pub(crate) struct Places {
    cells: Vec<Cell>,
    heights: Vec<f64>,
}

impl Places {
    /// Reads them off the pages that `markup` was laid out on.
    pub(crate) fn read(document: &PagedDocument, source: &Source, markup: &Markup<'_>) -> Self {
        let mut nodes = HashMap::new();
        leaves(&LinkedNode::new(source.root()), &mut nodes);
        let mut reader = Reader { nodes, markup, page: 0, cells: Vec::new() };
        for (page, laid_out) in document.pages().iter().enumerate() {
            reader.page = page as u32;
            reader.frame(&laid_out.frame, Transform::identity());
        }
        let mut cells = reader.cells;
        cells.sort_by_key(|cell| cell.char);
        let heights = document.pages().iter().map(|p| p.frame.height().to_pt()).collect();
        Self { cells, heights }
    }

    /// The rectangles of the code points `from..to`, by page; empty where none of them prints.
    pub(crate) fn pieces(&self, from: u32, to: u32) -> Vec<Piece> {
        let start = self.cells.partition_point(|cell| cell.char < from);
        let end = self.cells.partition_point(|cell| cell.char < to);
        let cells = self.cells.get(start..end).unwrap_or_default();
        let mut pieces: Vec<Piece> = Vec::new();
        let same_line =
            |a: &Cell, b: &Cell| a.page == b.page && (a.baseline - b.baseline).abs() < SAME_LINE;
        for line in cells.chunk_by(same_line) {
            let page = line[0].page;
            let height = self.heights[page as usize];
            let quads = boxes(line, height);
            match pieces.iter_mut().find(|piece| piece.page == page) {
                Some(piece) => piece.quads.extend(quads),
                None => pieces.push(Piece { page, height, quads }),
            }
        }
        pieces.retain(|piece| !piece.quads.is_empty());
        pieces
    }
}

/// The rectangles around the characters of one line, left to right.
fn boxes(line: &[Cell], height: f64) -> Vec<Quad> {
    let mut line: Vec<Cell> =
        line.iter().copied().filter(|cell| cell.right - cell.left > NARROW).collect();
    line.sort_by(|a, b| a.left.total_cmp(&b.left));
    let mut quads: Vec<Quad> = Vec::new();
    for cell in line {
        let quad = Quad {
            left: cell.left,
            bottom: height - cell.baseline - BELOW * cell.size,
            right: cell.right,
            top: height - cell.baseline + ABOVE * cell.size,
        };
        match quads.last_mut() {
            Some(last) if quad.left - last.right < GAP * cell.size => {
                last.right = last.right.max(quad.right);
                last.bottom = last.bottom.min(quad.bottom);
                last.top = last.top.max(quad.top);
            }
            _ => quads.push(quad),
        }
    }
    quads
}

/// Where every leaf of the syntax tree begins. One walk; asking typst for each glyph is fifty
/// times slower.
fn leaves(node: &LinkedNode<'_>, found: &mut HashMap<Span, usize>) {
    if node.get().children().len() == 0 {
        found.insert(node.span(), node.offset());
    } else {
        for child in node.children() {
            leaves(&child, found);
        }
    }
}

struct Reader<'m> {
    nodes: HashMap<Span, usize>,
    markup: &'m Markup<'m>,
    page: u32,
    cells: Vec<Cell>,
}

impl Reader<'_> {
    fn frame(&mut self, frame: &Frame, transform: Transform) {
        for (at, item) in frame.items() {
            let here = transform.pre_concat(Transform::translate(at.x, at.y));
            match item {
                FrameItem::Group(group) => {
                    self.frame(&group.frame, here.pre_concat(group.transform));
                }
                FrameItem::Text(text) => self.text(text, here),
                _ => {}
            }
        }
    }

    fn text(&mut self, item: &TextItem, transform: Transform) {
        let mut x = Abs::zero();
        for glyph in &item.glyphs {
            let from = Point::new(x, Abs::zero()).transform(transform);
            x += glyph.x_advance.at(item.size);
            let to = Point::new(x, Abs::zero()).transform(transform);
            let (span, inside) = glyph.span;
            let Some(node) = self.nodes.get(&span) else { continue };
            // A ligature or a letter with its marks is one glyph for several characters, each
            // of which gets its share of the width.
            let characters = item.text.get(glyph.range()).map_or(1, |text| text.chars().count());
            let anchored = self.markup.characters(node + usize::from(inside), characters.max(1));
            let share = (to.x - from.x).to_pt() / anchored.len().max(1) as f64;
            for (count, char) in anchored.enumerate() {
                let left = from.x.to_pt() + share * count as f64;
                self.cells.push(Cell {
                    char,
                    page: self.page,
                    left,
                    right: left + share,
                    baseline: from.y.to_pt(),
                    size: item.size.to_pt(),
                });
            }
        }
    }
}

/// The characters that came out without a glyph although some font lists them, as when one font
/// has a letter and another its accent.
pub(crate) fn without_glyph(document: &PagedDocument) -> BTreeSet<char> {
    fn walk(frame: &Frame, found: &mut BTreeSet<char>) {
        for (_, item) in frame.items() {
            match item {
                FrameItem::Group(group) => walk(&group.frame, found),
                FrameItem::Text(item) => {
                    let coverage = &item.font.font().info().coverage;
                    for glyph in item.glyphs.iter().filter(|glyph| glyph.id == 0) {
                        // The glyphs of a letter and its marks share their characters; only
                        // what this font lacks is to blame.
                        let text = item.text.get(glyph.range()).unwrap_or_default();
                        let visible = || text.chars().filter(|&c| !is_default_ignorable(c));
                        let lacking = visible().filter(|&c| !coverage.contains(c as u32));
                        let before = found.len();
                        found.extend(lacking);
                        if found.len() == before {
                            found.extend(visible());
                        }
                    }
                }
                _ => {}
            }
        }
    }
    let mut found = BTreeSet::new();
    for page in document.pages() {
        walk(&page.frame, &mut found);
    }
    found
}
