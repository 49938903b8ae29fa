//! Glyphs to lines: directions told apart, double strikes dropped, spaces put where the eye sees
//! them.

use super::content::Glyph;
use anjuan_text::is_han;
use std::collections::HashMap;

/// A way of writing on a page. In its coordinates `u` grows in reading direction and `v` from line
/// to line, whichever way the page is turned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    u: (f32, f32),
    v: (f32, f32),
    /// Written downwards.
    pub(super) vertical: bool,
}

impl Frame {
    pub(super) fn place(&self, (x, y): (f32, f32)) -> (f32, f32) {
        (x * self.u.0 + y * self.u.1, x * self.v.0 + y * self.v.1)
    }

    /// Whether the text runs along a side of the page.
    pub(super) fn is_straight(&self) -> bool {
        self.u.0.abs().max(self.u.1.abs()) > 0.99
    }

    /// A box in its coordinates: least u, least v, greatest u, greatest v.
    pub(super) fn area(&self, [x0, y0, x1, y1]: [f32; 4]) -> [f32; 4] {
        let corners = [(x0, y0), (x1, y0), (x0, y1), (x1, y1)].map(|p| self.place(p));
        let mut area = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
        for (u, v) in corners {
            area = [area[0].min(u), area[1].min(v), area[2].max(u), area[3].max(v)];
        }
        area
    }
}

/// A character of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) c: char,
    /// Its glyph on the page, where it has one.
    pub(super) glyph: Option<u32>,
    pub(super) u0: f32,
    pub(super) u1: f32,
}

/// A piece of a line without a wide gap.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) cells: Vec<Cell>,
    pub(super) u0: f32,
    pub(super) u1: f32,
    pub(super) v0: f32,
    pub(super) v1: f32,
    pub(super) base: f32,
    pub(super) size: f32,
    /// Share of heavy characters.
    pub(super) bold: f32,
    /// Where its first glyph stands among those of the page.
    pub(super) order: u32,
    pub(super) artifact: bool,
    pub(super) invisible: bool,
}

impl Piece {
    /// Characters with ink.
    pub(super) fn inked(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.c.is_whitespace()).count()
    }

    fn of(cells: Vec<Cell>, like: &Self) -> Option<Self> {
        let inked = || cells.iter().filter(|c| !c.c.is_whitespace());
        let u0 = inked().map(|c| c.u0).fold(f32::MAX, f32::min);
        let u1 = inked().map(|c| c.u1).fold(f32::MIN, f32::max);
        (u0 <= u1).then(|| Self { cells, u0, u1, ..like.without_cells() })
    }

    fn without_cells(&self) -> Self {
        Self { cells: Vec::new(), ..*self }
    }

    /// Cut where a test on the middle of a character changes its answer.
    pub(super) fn split(self, side: impl Fn(f32) -> usize) -> Vec<(usize, Self)> {
        let mut parts: Vec<(usize, Vec<Cell>)> = Vec::new();
        for cell in &self.cells {
            let at = side(f32::midpoint(cell.u0, cell.u1));
            match parts.last_mut() {
                Some((last, cells)) if *last == at || cell.c.is_whitespace() => cells.push(*cell),
                _ => parts.push((at, vec![*cell])),
            }
        }
        if parts.len() == 1 {
            return vec![(parts[0].0, self)];
        }
        parts.into_iter().filter_map(|(at, cells)| Some((at, Self::of(cells, &self)?))).collect()
    }
}

/// A glyph in the coordinates of a frame.
struct Placed<'g> {
    glyph: &'g Glyph,
    index: u32,
    u0: f32,
    u1: f32,
    base: f32,
    v0: f32,
    v1: f32,
    /// The same glyph was drawn more than once.
    struck: bool,
}

impl Placed<'_> {
    fn width(&self) -> f32 {
        self.u1 - self.u0
    }
}

/// The pieces of a page by frame, the frame with most text first.
pub(super) fn pieces(glyphs: &[Glyph]) -> Vec<(Frame, Vec<Piece>)> {
    let mut frames: HashMap<(i32, bool), Vec<u32>> = HashMap::new();
    for (index, glyph) in glyphs.iter().enumerate() {
        // Slanted print and skewed scans are straight text.
        let degrees = glyph.up.0.atan2(glyph.up.1).to_degrees();
        let quarter = (degrees / 90.0).round() * 90.0;
        let angle =
            if (degrees - quarter).abs() < 8.0 { quarter } else { (degrees / 5.0).round() * 5.0 };
        frames
            .entry(((angle as i32).rem_euclid(360), glyph.vertical))
            .or_default()
            .push(index as u32);
    }
    let mut frames: Vec<((i32, bool), Vec<u32>)> = frames.into_iter().collect();
    frames.sort_by_key(|(key, members)| (std::cmp::Reverse(members.len()), *key));
    frames
        .into_iter()
        .map(|((angle, vertical), members)| {
            let (sin, cos) = (angle as f32).to_radians().sin_cos();
            let (up, right) = ((sin, cos), (cos, -sin));
            let down = (-up.0, -up.1);
            let left = (-right.0, -right.1);
            let flat = Frame { u: right, v: down, vertical: false };
            let upright = Frame { u: down, v: left, vertical: true };
            let mut frame = if vertical { upright } else { flat };
            let mut placed = placed(glyphs, &members, frame);
            if !vertical && is_stacked(&placed) {
                frame = upright;
                placed = stacked(glyphs, &members, frame);
            }
            drop_doubles(&mut placed);
            (frame, joined(&placed))
        })
        .collect()
}

fn placed<'g>(glyphs: &'g [Glyph], members: &[u32], frame: Frame) -> Vec<Placed<'g>> {
    members
        .iter()
        .map(|&index| {
            let glyph = &glyphs[index as usize];
            let (u0, base) = frame.place(glyph.pen);
            let (u1, _) = frame.place(glyph.end);
            let (above, below) = if frame.vertical { (0.5, 0.5) } else { (0.88, 0.14) };
            Placed {
                glyph,
                index,
                u0: u0.min(u1),
                u1: u0.max(u1),
                base,
                v0: base - above * glyph.size,
                v1: base + below * glyph.size,
                struck: false,
            }
        })
        .collect()
}

/// Glyphs of an ordinary font, one under the other.
fn stacked<'g>(glyphs: &'g [Glyph], members: &[u32], frame: Frame) -> Vec<Placed<'g>> {
    members
        .iter()
        .map(|&index| {
            let glyph = &glyphs[index as usize];
            let corners = glyph.quad.map(|p| frame.place(p));
            let min = |part: fn((f32, f32)) -> f32| {
                corners.iter().map(|&p| part(p)).fold(f32::MAX, f32::min)
            };
            let max = |part: fn((f32, f32)) -> f32| {
                corners.iter().map(|&p| part(p)).fold(f32::MIN, f32::max)
            };
            let (v0, v1) = (min(|p| p.1), max(|p| p.1));
            Placed {
                glyph,
                index,
                u0: min(|p| p.0),
                u1: max(|p| p.0),
                base: f32::midpoint(v0, v1),
                v0,
                v1,
                struck: false,
            }
        })
        .collect()
}

/// Whether glyphs follow on each other downwards.
fn is_stacked(placed: &[Placed<'_>]) -> bool {
    let (mut down, mut on) = (0, 0);
    let inked = placed.iter().filter(|p| !p.glyph.is_space()).collect::<Vec<_>>();
    for pair in inked.windows(2) {
        let size = pair[0].glyph.size;
        let (du, dv) = (pair[1].u0 - pair[0].u0, pair[1].base - pair[0].base);
        if du.abs() < 0.4 * size && (0.7 * size..1.8 * size).contains(&dv) {
            down += 1;
        } else if dv.abs() < 0.3 * size && (0.2 * size..2.0 * size).contains(&du) {
            on += 1;
        }
    }
    down >= 12 && down > 3 * on
}

/// Fake bold draws a character two to four times, a little apart; one of them is enough.
fn drop_doubles(placed: &mut Vec<Placed<'_>>) {
    let mut seen: HashMap<(i32, i32, char), Vec<usize>> = HashMap::new();
    let mut keep = vec![true; placed.len()];
    for at in 0..placed.len() {
        let this = &placed[at];
        let Some(c) = this.glyph.text.chars().next().filter(|c| !c.is_whitespace()) else {
            continue;
        };
        let grid = (0.5 * this.glyph.size).max(0.1);
        let (column, row) = ((this.u0 / grid).round() as i32, (this.base / grid).round() as i32);
        let mut double = None;
        for (dc, dr) in (-1..=1).flat_map(|dc| (-1..=1).map(move |dr| (dc, dr))) {
            let near = seen.get(&(column + dc, row + dr, c)).into_iter().flatten();
            double = double.or_else(|| near.copied().find(|&other| covers(&placed[other], this)));
        }
        if let Some(other) = double {
            keep[at] = false;
            placed[other].struck = true;
        } else {
            seen.entry((column, row, c)).or_default().push(at);
        }
    }
    let mut keep = keep.into_iter();
    placed.retain(|_| keep.next() == Some(true));
}

/// Whether two equal glyphs overlap so far that they are one to the eye.
fn covers(a: &Placed<'_>, b: &Placed<'_>) -> bool {
    let across = (a.u1.min(b.u1) - a.u0.max(b.u0)).max(0.0);
    let along = (a.v1.min(b.v1) - a.v0.max(b.v0)).max(0.0);
    let smaller = (a.width() * (a.v1 - a.v0)).min(b.width() * (b.v1 - b.v0));
    a.glyph.text == b.glyph.text && across * along > 0.7 * smaller.max(1e-6)
}

/// Widest gap inside a piece, in sizes: where the glyphs follow on each other in the file, and
/// where they do not.
const GAP_FOLLOWING: f32 = 1.6;
const GAP: f32 = 0.8;

/// Joins glyphs to pieces.
fn joined(placed: &[Placed<'_>]) -> Vec<Piece> {
    // What the file draws on one line one after the other.
    let mut chains: Vec<Vec<usize>> = Vec::new();
    for (at, this) in placed.iter().enumerate() {
        let follows = chains.last().and_then(|chain| chain.last()).is_some_and(|&last| {
            let last = &placed[last];
            let size = last.glyph.size.max(this.glyph.size);
            let gap = this.u0 - last.u1;
            (last.base - this.base).abs() < 0.2 * size
                && this.glyph.size.min(last.glyph.size) > 0.6 * size
                && (-0.5 * size..GAP_FOLLOWING * size).contains(&gap)
                && this.u0 > last.u0 - 0.3 * size
                && this.glyph.invisible == last.glyph.invisible
                && this.glyph.artifact == last.glyph.artifact
        });
        match chains.last_mut().filter(|_| follows) {
            Some(chain) => chain.push(at),
            None => chains.push(vec![at]),
        }
    }
    // Spaces alone at the ends of a chain tell nothing of its place.
    let mut chains: Vec<Chain> = chains.into_iter().filter_map(|c| Chain::of(c, placed)).collect();
    chains.sort_by(|a, b| a.base.total_cmp(&b.base));
    let mut pieces: Vec<Chain> = Vec::new();
    let mut row: Vec<Chain> = Vec::new();
    for chain in chains {
        let apart = row.first().is_some_and(|first| {
            let size = first.size.min(chain.size);
            let last = row.last().map_or(first.base, |l| l.base);
            chain.base - last > 0.25 * size || chain.base - first.base > 0.45 * size
        });
        if apart {
            join_row(std::mem::take(&mut row), &mut pieces);
        }
        row.push(chain);
    }
    join_row(row, &mut pieces);
    attach_small(&mut pieces);
    let mut pieces: Vec<Piece> = pieces.into_iter().map(|chain| chain.piece(placed)).collect();
    pieces.sort_by(|a, b| a.v0.total_cmp(&b.v0).then(a.u0.total_cmp(&b.u0)));
    pieces
}

/// Glyphs of one line, in reading order.
struct Chain {
    members: Vec<usize>,
    u0: f32,
    u1: f32,
    v0: f32,
    v1: f32,
    base: f32,
    size: f32,
    /// Indices among the glyphs of the page.
    first: u32,
    last: u32,
    kind: (bool, bool),
}

impl Chain {
    fn of(mut members: Vec<usize>, placed: &[Placed<'_>]) -> Option<Self> {
        let inked = |&at: &usize| !placed[at].glyph.is_space();
        let from = members.iter().position(inked)?;
        let until = members.iter().rposition(inked)? + 1;
        members.truncate(until);
        members.drain(..from);
        let glyphs = || members.iter().filter(|at| inked(at)).map(|&at| &placed[at]);
        // The height that most of it has: a large initial or a small mark does not count.
        let mut sizes: Vec<f32> = glyphs().map(|p| p.glyph.size).collect();
        sizes.sort_by(f32::total_cmp);
        let size = sizes[sizes.len() / 2];
        let mut bases: Vec<f32> = glyphs().map(|p| p.base).collect();
        bases.sort_by(f32::total_cmp);
        let first = &placed[members[0]];
        Some(Self {
            u0: glyphs().map(|p| p.u0).fold(f32::MAX, f32::min),
            u1: glyphs().map(|p| p.u1).fold(f32::MIN, f32::max),
            v0: glyphs().map(|p| p.v0).fold(f32::MAX, f32::min),
            v1: glyphs().map(|p| p.v1).fold(f32::MIN, f32::max),
            base: bases[bases.len() / 2],
            size,
            first: glyphs().map(|p| p.index).min()?,
            last: glyphs().map(|p| p.index).max()?,
            kind: (first.glyph.invisible, first.glyph.artifact),
            members,
        })
    }

    fn absorb(&mut self, other: Self) {
        self.members.extend(other.members);
        self.u0 = self.u0.min(other.u0);
        self.u1 = self.u1.max(other.u1);
        self.v0 = self.v0.min(other.v0);
        self.v1 = self.v1.max(other.v1);
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }

    fn piece(mut self, placed: &[Placed<'_>]) -> Piece {
        self.members.sort_by(|&a, &b| placed[a].u0.total_cmp(&placed[b].u0));
        let glyphs = || self.members.iter().map(|&at| &placed[at]);
        let inked = glyphs().filter(|p| !p.glyph.is_space()).count().max(1);
        let heavy = glyphs().filter(|p| !p.glyph.is_space() && (p.glyph.bold || p.struck)).count();
        let mut cells = Vec::with_capacity(self.members.len());
        for place in glyphs() {
            let count = place.glyph.text.chars().count().max(1) as f32;
            for (at, c) in place.glyph.text.chars().enumerate() {
                let step = place.width() / count;
                let u0 = place.u0 + step * at as f32;
                cells.push(Cell { c, glyph: Some(place.index), u0, u1: u0 + step });
            }
        }
        Piece {
            cells,
            u0: self.u0,
            u1: self.u1,
            v0: self.v0,
            v1: self.v1,
            base: self.base,
            size: self.size,
            bold: heavy as f32 / inked as f32,
            order: self.first,
            artifact: self.kind.1,
            invisible: self.kind.0,
        }
    }
}

/// Joins the chains of one row that stand close together.
fn join_row(mut row: Vec<Chain>, pieces: &mut Vec<Chain>) {
    row.sort_by(|a, b| a.u0.total_cmp(&b.u0));
    let mut open: Vec<Chain> = Vec::new();
    for chain in row {
        let near = open.iter_mut().rev().take(64).find(|last| {
            let size = last.size.max(chain.size);
            let gap = chain.u0 - last.u1;
            // Drawn right after each other: a wider gap is still one line.
            let widest = if last.last < chain.first && chain.first - last.last <= 2 {
                GAP_FOLLOWING
            } else {
                GAP
            };
            last.kind == chain.kind
                && last.size.min(chain.size) > 0.55 * size
                && gap < widest * size
                && gap > -0.6 * size
        });
        match near {
            Some(last) => last.absorb(chain),
            None => open.push(chain),
        }
    }
    pieces.append(&mut open);
}

/// Raised and lowered small characters join the line they stand at.
fn attach_small(pieces: &mut Vec<Chain>) {
    let small: Vec<usize> = (0..pieces.len()).filter(|&at| pieces[at].members.len() <= 8).collect();
    let mut gone = vec![false; pieces.len()];
    for at in small {
        let this = &pieces[at];
        let host = (0..pieces.len()).find(|&other| {
            let host = &pieces[other];
            if other == at || gone[other] || host.kind != this.kind || this.size > 0.8 * host.size {
                return false;
            }
            let over = this.v1.min(host.v1) - this.v0.max(host.v0);
            let gap = if this.u0 >= host.u0 { this.u0 - host.u1 } else { host.u0 - this.u1 };
            over > 0.5 * (this.v1 - this.v0) && gap < 0.35 * host.size && gap > -host.size
                // Inside the host there must be room for it.
                && (gap > -0.3 * host.size)
        });
        if let Some(host) = host {
            gone[at] = true;
            let (low, high) = if host < at { (host, at) } else { (at, host) };
            let (left, right) = pieces.split_at_mut(high);
            let (host, part) = if host < at {
                (&mut left[low], &mut right[0])
            } else {
                (&mut right[0], &mut left[low])
            };
            let (v0, v1) = (host.v0, host.v1);
            let taken =
                Chain { members: std::mem::take(&mut part.members), kind: part.kind, ..*part };
            host.absorb(taken);
            (host.v0, host.v1) = (v0, v1);
        }
    }
    let mut gone = gone.into_iter();
    pieces.retain(|_| gone.next() == Some(false));
}

/// Characters that stand in squares of their own.
pub(super) fn is_wide(c: char) -> bool {
    is_han(c)
        || matches!(c, '\u{3001}'..='\u{303f}' | '\u{3040}'..='\u{30ff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff01}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}'
            | '“' | '”' | '‘' | '’' | '—' | '…' | '·' | '\u{2460}'..='\u{24ff}' | '\u{25a0}'..='\u{25ff}' | '\u{fffd}')
}

/// The text of pieces that stand on one line: spaces where the eye sees them, and no others.
pub(super) fn spaced(pieces: &[Piece]) -> Vec<Cell> {
    let size = pieces.iter().map(|p| p.size).fold(0.1, f32::max);
    let mut usual: Vec<f32> = Vec::new();
    let inked = || pieces.iter().flat_map(|p| &p.cells).filter(|c| !c.c.is_whitespace());
    for (a, b) in inked().zip(inked().skip(1)) {
        usual.push(b.u0 - a.u1);
    }
    usual.sort_by(f32::total_cmp);
    let usual = usual.get(usual.len() / 2).copied().unwrap_or(0.0).max(0.0);
    let mut cells: Vec<Cell> = Vec::new();
    let mut space: Option<Cell> = None;
    for cell in pieces.iter().flat_map(|p| &p.cells) {
        if cell.c.is_whitespace() {
            // The widest stands for all of them.
            if space.is_none_or(|s| s.u1 - s.u0 < cell.u1 - cell.u0) {
                space = Some(*cell);
            }
            continue;
        }
        if let Some(last) = cells.last().copied() {
            let gap = (cell.u0 - last.u1) / size;
            let spread = usual / size;
            let (wide, narrow) = (
                u8::from(is_wide(last.c)) + u8::from(is_wide(cell.c)),
                !is_wide(last.c) && !is_wide(cell.c),
            );
            if let Some(real) = space.take() {
                // A space that the next character was drawn over is none to the eye.
                let least = if narrow { 0.02 } else { 0.12 };
                if gap >= least || real.c == '\u{3000}' && gap >= -0.1 {
                    cells.push(Cell { c: plain_space(real.c), ..real });
                }
            } else {
                let digits = last.c.is_ascii_digit() && cell.c.is_ascii_digit();
                let least = match wide {
                    2 => (0.7f32).max(3.0 * spread).max(spread + 0.5),
                    1 => (0.6f32).max(2.0 * spread).max(spread + 0.4),
                    _ if digits => 0.22 + spread,
                    _ => 0.13 + 1.2 * spread,
                };
                let stop = matches!(cell.c, ',' | '.' | ';' | ':' | '!' | '?' | ')' | ']' | '%')
                    || matches!(last.c, '(' | '[');
                if gap > least && !(narrow && stop && gap < 0.5) {
                    cells.push(Cell { c: ' ', glyph: None, u0: last.u1, u1: cell.u0 });
                }
            }
        }
        space = None;
        cells.push(*cell);
    }
    cells
}

fn plain_space(c: char) -> char {
    if c == '\u{3000}' { c } else { ' ' }
}
