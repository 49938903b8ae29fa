//! The pieces of a page in reading order: tables as rows, columns one after the other, lines.

use super::content::Rule;
use super::line::{Cell, Frame, Piece, spaced};
use std::collections::BTreeMap;

/// A line of a column.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
    pub(super) u0: f32,
    pub(super) u1: f32,
    pub(super) v0: f32,
    pub(super) v1: f32,
    pub(super) base: f32,
    pub(super) size: f32,
    pub(super) bold: f32,
    pub(super) invisible: bool,
    /// Pieces with wide gaps between them: a row of a table without rules, if others are like it.
    pub(super) parts: Vec<f32>,
}

impl Row {
    /// The line of some pieces, which stand beside each other.
    pub(super) fn of(mut pieces: Vec<Piece>) -> Option<Self> {
        pieces.sort_by(|a, b| a.u0.total_cmp(&b.u0));
        let most = pieces.iter().max_by_key(|p| p.inked())?;
        let (base, size) = (most.base, most.size);
        let inked: usize = pieces.iter().map(Piece::inked).sum();
        let heavy: f32 = pieces.iter().map(|p| p.bold * p.inked() as f32).sum();
        let edge = |part: fn(&Piece) -> f32, pick: fn(f32, f32) -> f32, from: f32| {
            pieces.iter().map(part).fold(from, pick)
        };
        let mut parts = vec![pieces[0].u0];
        for pair in pieces.windows(2) {
            if pair[1].u0 - pair[0].u1 > 1.5 * size {
                parts.push(pair[1].u0);
            }
        }
        Some(Self {
            cells: spaced(&pieces),
            u0: edge(|p| p.u0, f32::min, f32::MAX),
            u1: edge(|p| p.u1, f32::max, f32::MIN),
            v0: edge(|p| p.v0, f32::min, f32::MAX),
            v1: edge(|p| p.v1, f32::max, f32::MIN),
            base,
            size,
            bold: heavy / inked.max(1) as f32,
            invisible: pieces.iter().all(|p| p.invisible),
            parts,
        })
    }

    pub(super) fn text(&self) -> String {
        self.cells.iter().map(|cell| cell.c).collect()
    }

    /// Length in characters with ink.
    pub(super) fn inked(&self) -> usize {
        self.cells.iter().filter(|c| !c.c.is_whitespace()).count()
    }
}

/// A part of a page that is read as one.
#[derive(Debug, Clone)]
pub(super) enum Block {
    /// Lines of one column.
    Lines(Vec<Row>),
    /// A table: rows of cells of lines.
    Table(Vec<Vec<Vec<Row>>>),
}

/// What the columns are cut from.
#[derive(Debug, Clone)]
enum Item {
    Piece(Piece),
    Table(Box<Table>),
}

#[derive(Debug, Clone)]
struct Table {
    area: [f32; 4],
    order: u32,
    rows: Vec<Vec<Vec<Row>>>,
}

impl Item {
    fn area(&self) -> [f32; 4] {
        match self {
            Self::Piece(p) => [p.u0, p.v0, p.u1, p.v1],
            Self::Table(t) => t.area,
        }
    }

    fn order(&self) -> u32 {
        match self {
            Self::Piece(p) => p.order,
            Self::Table(t) => t.order,
        }
    }

    fn size(&self) -> f32 {
        match self {
            Self::Piece(p) => p.size,
            Self::Table(_) => 0.0,
        }
    }

    fn chars(&self) -> usize {
        match self {
            Self::Piece(p) => p.inked(),
            Self::Table(_) => 0,
        }
    }
}

/// The blocks of a frame in reading order.
pub(super) fn blocks(pieces: Vec<Piece>, rules: &[Rule], frame: Frame) -> Vec<Block> {
    let (tables, pieces) = tables(pieces, rules, frame);
    let mut items: Vec<Item> = pieces.into_iter().map(Item::Piece).collect();
    items.extend(tables.into_iter().map(|t| Item::Table(Box::new(t))));
    let mut sizes: Vec<(f32, usize)> = items.iter().map(|i| (i.size(), i.chars())).collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sizes.iter().map(|s| s.1).sum::<usize>() / 2;
    let mut seen = 0;
    let em = sizes
        .iter()
        .find(|s| {
            seen += s.1;
            seen > half
        })
        .map_or(10.0, |s| s.0)
        .max(1.0);
    let mut leaves = Vec::new();
    cut(items, em, 0, &mut leaves);
    let mut blocks = Vec::new();
    for leaf in leaves {
        lines(leaf, &mut blocks);
    }
    blocks
}

/// Deepest nesting of columns.
const DEPTH: usize = 12;

/// Cuts items into columns, each of which is read to its end before the next.
fn cut(mut items: Vec<Item>, em: f32, depth: usize, leaves: &mut Vec<Vec<Item>>) {
    if items.is_empty() {
        return;
    }
    items.sort_by(|a, b| a.area()[1].total_cmp(&b.area()[1]));
    if depth < DEPTH
        && items.len() >= 4
        && let Some(gutter) = gutter(&items, em)
    {
        // What crosses the gutter stands above, between or below the columns.
        let mut band: Vec<Item> = Vec::new();
        let mut bands: Vec<(bool, Vec<Item>)> = Vec::new();
        for item in items {
            let area = item.area();
            let crosses = area[0] < gutter.0 && area[2] > gutter.1;
            if crosses {
                if !band.is_empty() {
                    bands.push((false, std::mem::take(&mut band)));
                }
                match bands.last_mut() {
                    Some((true, last)) => last.push(item),
                    _ => bands.push((true, vec![item])),
                }
            } else {
                band.push(item);
            }
        }
        if !band.is_empty() {
            bands.push((false, band));
        }
        for (spanning, band) in bands {
            if spanning {
                leaves.push(band);
                continue;
            }
            let middle = f32::midpoint(gutter.0, gutter.1);
            let (left, right): (Vec<Item>, Vec<Item>) = band.into_iter().partition(|i| {
                let area = i.area();
                f32::midpoint(area[0], area[2]) < middle
            });
            if is_columns(&left, &right, em) {
                cut(left, em, depth + 1, leaves);
                cut(right, em, depth + 1, leaves);
            } else {
                // Beside each other, but no columns: a line with a gap, rows of a table.
                let mut both = left;
                both.extend(right);
                leaves.push(both);
            }
        }
        return;
    }
    leaves.push(items);
}

/// How fine the page is looked at for gutters, in sizes.
const GRAIN: f32 = 0.25;

/// A strip without text between two columns. Lines of the full width may cross it.
fn gutter(items: &[Item], em: f32) -> Option<(f32, f32)> {
    let left = items.iter().map(|i| i.area()[0]).fold(f32::MAX, f32::min);
    let right = items.iter().map(|i| i.area()[2]).fold(f32::MIN, f32::max);
    let grain = GRAIN * em;
    let bins = ((right - left) / grain).ceil();
    if !(20.0..40_000.0).contains(&bins) {
        return None;
    }
    #[allow(clippy::cast_sign_loss, reason = "what is below nought is nought")]
    let whole = |bins: f32| bins as usize;
    let bins = whole(bins);
    // Height of text over each strip of the page.
    let mut cover = vec![0.0_f32; bins + 1];
    for item in items {
        let area = item.area();
        let from = whole(((area[0] - left) / grain).floor());
        let until = whole(((area[2] - left) / grain).ceil()).min(bins);
        let height = area[3] - area[1];
        for bin in &mut cover[from.min(until)..until] {
            *bin += height;
        }
    }
    let total: f32 = {
        let mut sorted = cover.clone();
        sorted.sort_by(f32::total_cmp);
        sorted[sorted.len() * 8 / 10]
    };
    let empty = cover[1..bins.max(2)].iter().copied().fold(f32::MAX, f32::min) + 0.02 * total;
    // Where one column holds little, only what is emptier than it is a gutter.
    [0.35 * total, empty.min(0.35 * total)]
        .into_iter()
        .filter_map(|low| strip(&cover, low, total, left, em))
        .find(|&strip| {
            let (mut one, mut other) = (Vec::new(), Vec::new());
            for item in items {
                let area = item.area();
                if area[0] < strip.0 && area[2] > strip.1 {
                    continue;
                }
                let middle = f32::midpoint(area[0], area[2]);
                if middle < f32::midpoint(strip.0, strip.1) { &mut one } else { &mut other }
                    .push(item.clone());
            }
            is_columns(&one, &other, em)
        })
}

/// The strip with less text than `low` that parts the rest best.
fn strip(cover: &[f32], low: f32, total: f32, left: f32, em: f32) -> Option<(f32, f32)> {
    let bins = cover.len() - 1;
    let grain = GRAIN * em;
    let width_of_all = bins as f32 * grain;
    let mut best: Option<((f32, f32), f32)> = None;
    let mut at = 0;
    while at < bins {
        if cover[at] > low {
            at += 1;
            continue;
        }
        let from = at;
        let least =
            cover[from..].iter().take_while(|&&c| c <= low).copied().fold(f32::MAX, f32::min);
        while at < bins && cover[at] <= low {
            at += 1;
        }
        // Narrowed to where it is emptiest.
        let inner = (from..at).filter(|&b| cover[b] <= least + 0.02 * total);
        let (first, last) = (inner.clone().min().unwrap_or(from), inner.max().unwrap_or(at));
        let strip = (left + first as f32 * grain, left + (last + 1) as f32 * grain);
        let width = strip.1 - strip.0;
        if width < 0.7 * em {
            continue;
        }
        let weight =
            |range: std::ops::Range<usize>| cover[range].iter().copied().fold(0.0, f32::max);
        let (before, behind) = (weight(0..from), weight(at..bins));
        // The last page of two columns may have little in the second.
        let least = (0.3 * total).min(1.5 * em);
        if before < least || behind < least {
            continue;
        }
        // The emptiest, of equally empty ones the one nearest to the middle.
        let middle = left + width_of_all / 2.0;
        let off = (f32::midpoint(strip.0, strip.1) - middle).abs() / width_of_all;
        let score = least / total + 0.3 * off;
        if best.is_none_or(|(_, known)| score < known) {
            best = Some((strip, score));
        }
    }
    best.map(|(strip, _)| strip)
}

/// Lines of one side of a gutter.
fn side(items: &[Item]) -> (usize, f32, f32) {
    let mut bases: Vec<f32> = items.iter().map(|i| i.area()[3]).collect();
    bases.sort_by(f32::total_cmp);
    let size = items.iter().map(Item::size).fold(1.0, f32::max);
    bases.dedup_by(|a, b| (*a - *b).abs() < 0.4 * size);
    let left = items.iter().map(|i| i.area()[0]).fold(f32::MAX, f32::min);
    let right = items.iter().map(|i| i.area()[2]).fold(f32::MIN, f32::max);
    (bases.len(), left, right)
}

/// Whether two groups beside each other are columns of running text, and not rows of a table.
fn is_columns(left: &[Item], right: &[Item], em: f32) -> bool {
    if left.is_empty() || right.is_empty() {
        return false;
    }
    let sides = [left, right].map(side);
    let top = |items: &[Item]| items.iter().map(|i| i.area()[1]).fold(f32::MAX, f32::min);
    let foot = |items: &[Item]| items.iter().map(|i| i.area()[3]).fold(f32::MIN, f32::max);
    let over = foot(left).min(foot(right)) - top(left).max(top(right));
    let shorter = (foot(left) - top(left)).min(foot(right) - top(right));
    if over < 0.2 * shorter {
        return false;
    }
    // Running text fills its column; cells of a table seldom do.
    let full = |items: &[Item], (lines, l, r): (usize, f32, f32)| {
        let width = r - l;
        let full = items.iter().filter(|i| {
            let area = i.area();
            matches!(i, Item::Table(_)) || (area[2] - area[0] > 0.8 * width && width > 6.0 * em)
        });
        full.count() as f32 / lines.max(1) as f32
    };
    let fullness = [full(left, sides[0]), full(right, sides[1])];
    // How often the file goes from one side to the other.
    let mut steps: Vec<(u32, bool)> = left.iter().map(|i| (i.order(), false)).collect();
    steps.extend(right.iter().map(|i| (i.order(), true)));
    steps.sort_unstable();
    let changes = steps.windows(2).filter(|pair| pair[0].1 != pair[1].1).count();
    let lines = sides[0].0.min(sides[1].0);
    let one_by_one = changes <= 1 + lines / 4;
    let both = fullness[0].min(fullness[1]);
    if sides.iter().any(|s| s.0 < 2) {
        // One line may be left for the second column, at its head and drawn last.
        let last = left.iter().map(Item::order).max() < right.iter().map(Item::order).min();
        let beside = top(right) < top(left) + 3.0 * em;
        return last && beside && sides[0].0 >= 5 && fullness[0] >= 0.5;
    }
    let long = |items: &[Item]| {
        let mut lengths: Vec<usize> = items.iter().map(Item::chars).collect();
        lengths.sort_unstable();
        lengths[lengths.len() / 2] >= 6
    };
    (lines >= 3 && both >= 0.4)
        || (one_by_one && lines >= 2 && (both >= 0.25 || (long(left) && long(right) && lines >= 4)))
        || (one_by_one
            && lines >= 3
            && fullness[0].max(fullness[1]) >= 0.6
            && long(left)
            && long(right))
}

/// The lines of a leaf, tables between them.
fn lines(items: Vec<Item>, blocks: &mut Vec<Block>) {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut tables: Vec<Table> = Vec::new();
    for item in items {
        match item {
            Item::Piece(piece) => pieces.push(piece),
            Item::Table(table) => tables.push(*table),
        }
    }
    let mut rows = rows(pieces);
    tables.sort_by(|a, b| a.area[1].total_cmp(&b.area[1]));
    for table in tables {
        let middle = f32::midpoint(table.area[1], table.area[3]);
        let above: Vec<Row> = {
            let split = rows.partition_point(|r| f32::midpoint(r.v0, r.v1) < middle);
            rows.drain(..split).collect()
        };
        if !above.is_empty() {
            blocks.push(Block::Lines(above));
        }
        blocks.push(Block::Table(table.rows));
    }
    if !rows.is_empty() {
        blocks.push(Block::Lines(rows));
    }
}

/// Pieces to lines, from top to bottom.
pub(super) fn rows(mut pieces: Vec<Piece>) -> Vec<Row> {
    pieces.sort_by(|a, b| a.base.total_cmp(&b.base));
    let mut rows: Vec<Row> = Vec::new();
    let mut open: Vec<Piece> = Vec::new();
    for piece in pieces {
        let apart = open.first().is_some_and(|first| {
            let size = open.iter().map(|p| p.size).fold(piece.size, f32::max);
            let smaller = open.iter().map(|p| p.size).fold(piece.size, f32::min);
            let off = piece.base - first.base;
            // Characters of another height on the line stand on the same base or share its middle.
            let over = piece.v1.min(first.v1) - piece.v0.max(first.v0);
            off > 0.35 * size && !(over > 0.75 * smaller && off < 0.6 * size)
                || open.iter().any(|p| {
                    p.u0 < piece.u1 - 0.4 * smaller
                        && piece.u0 < p.u1 - 0.4 * smaller
                        && off > 0.2 * smaller
                })
        });
        if apart {
            rows.extend(Row::of(std::mem::take(&mut open)));
        }
        open.push(piece);
    }
    rows.extend(Row::of(open));
    rows
}

/// A ruled line in the coordinates of a frame.
#[derive(Debug, Clone, Copy)]
struct Ruled {
    at: f32,
    from: f32,
    to: f32,
}

/// Ruled lines on one height joined to one.
fn merged(mut lines: Vec<Ruled>) -> Vec<Ruled> {
    lines.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    let mut out: Vec<Ruled> = Vec::new();
    let mut group: Vec<Ruled> = Vec::new();
    let mut flush = |group: &mut Vec<Ruled>| {
        group.sort_by(|a, b| a.from.total_cmp(&b.from));
        let mut last: Option<Ruled> = None;
        for line in group.drain(..) {
            match &mut last {
                Some(open) if line.from <= open.to + 3.0 => open.to = open.to.max(line.to),
                _ => out.extend(last.replace(line)),
            }
        }
        out.extend(last);
    };
    for line in lines {
        if group.first().is_some_and(|first| line.at - first.at > 1.8) {
            flush(&mut group);
        }
        group.push(line);
    }
    flush(&mut group);
    out
}

/// Most rows and columns of a ruled table.
const ROWS: usize = 400;
const COLUMNS: usize = 60;

/// The one that stands for all it was joined with.
fn root(of: &mut [usize], mut at: usize) -> usize {
    while of[at] != at {
        of[at] = of[of[at]];
        at = of[at];
    }
    at
}

/// Takes the tables that are drawn with ruled lines out of the pieces.
fn tables(mut pieces: Vec<Piece>, rules: &[Rule], frame: Frame) -> (Vec<Table>, Vec<Piece>) {
    let (mut across, mut down) = (Vec::new(), Vec::new());
    for rule in rules {
        let (a, b) = (frame.place(rule.from), frame.place(rule.to));
        if (a.1 - b.1).abs() <= 1.5 {
            across.push(Ruled {
                at: f32::midpoint(a.1, b.1),
                from: a.0.min(b.0),
                to: a.0.max(b.0),
            });
        } else if (a.0 - b.0).abs() <= 1.5 {
            down.push(Ruled { at: f32::midpoint(a.0, b.0), from: a.1.min(b.1), to: a.1.max(b.1) });
        }
    }
    let (across, down) = (merged(across), merged(down));
    if across.len() < 2 || down.len() < 2 || across.len() * down.len() > 4_000_000 {
        return (Vec::new(), pieces);
    }
    // Lines that touch belong to one table.
    let mut table_of: Vec<usize> = (0..across.len() + down.len()).collect();
    for (i, h) in across.iter().enumerate() {
        for (j, v) in down.iter().enumerate() {
            if v.at > h.from - 3.0 && v.at < h.to + 3.0 && h.at > v.from - 3.0 && h.at < v.to + 3.0
            {
                let (a, b) = (root(&mut table_of, i), root(&mut table_of, across.len() + j));
                table_of[a] = b;
            }
        }
    }
    let mut groups: BTreeMap<usize, (Vec<Ruled>, Vec<Ruled>)> = BTreeMap::new();
    for (i, h) in across.iter().enumerate() {
        groups.entry(root(&mut table_of, i)).or_default().0.push(*h);
    }
    for (j, v) in down.iter().enumerate() {
        groups.entry(root(&mut table_of, across.len() + j)).or_default().1.push(*v);
    }
    let mut tables = Vec::new();
    for (across, down) in groups.into_values() {
        let levels = |lines: &[Ruled]| {
            let mut at: Vec<f32> = lines.iter().map(|l| l.at).collect();
            at.sort_by(f32::total_cmp);
            at.dedup_by(|a, b| (*a - *b).abs() < 3.0);
            at
        };
        let (mut rows, mut columns) = (levels(&across), levels(&down));
        // A table without lines at its sides goes as far as its other lines.
        stretch(&mut columns, &across);
        stretch(&mut rows, &down);
        if rows.len() < 2
            || columns.len() < 2
            || rows.len() + columns.len() < 5
            || rows.len() > ROWS
            || columns.len() > COLUMNS
        {
            continue;
        }
        let area = [columns[0], rows[0], columns[columns.len() - 1], rows[rows.len() - 1]];
        let inside = |p: &Piece| {
            let v = f32::midpoint(p.v0, p.v1);
            v > area[1] && v < area[3] && p.u1 > area[0] + 1.0 && p.u0 < area[2] - 1.0
        };
        let (within, outside): (Vec<Piece>, Vec<Piece>) = pieces.into_iter().partition(inside);
        match table(within, &across, &down, &rows, &columns, area) {
            Ok(table) => {
                pieces = outside;
                tables.push(table);
            }
            Err(within) => {
                pieces = outside;
                pieces.extend(within);
            }
        }
    }
    (tables, pieces)
}

/// Adds the sides that lines of the other direction reach beyond the outermost ones.
fn stretch(levels: &mut Vec<f32>, crossing: &[Ruled]) {
    let from = crossing.iter().map(|l| l.from).fold(f32::MAX, f32::min);
    let to = crossing.iter().map(|l| l.to).fold(f32::MIN, f32::max);
    if levels.first().is_some_and(|&first| from < first - 8.0) {
        levels.insert(0, from);
    }
    if levels.last().is_some_and(|&last| to > last + 8.0) {
        levels.push(to);
    }
}

/// Puts pieces into the cells of a table.
fn table(
    within: Vec<Piece>,
    across: &[Ruled],
    down: &[Ruled],
    rows: &[f32],
    columns: &[f32],
    area: [f32; 4],
) -> Result<Table, Vec<Piece>> {
    let (height, width) = (rows.len() - 1, columns.len() - 1);
    // Cells without a line between them are one.
    let mut cell_of: Vec<usize> = (0..height * width).collect();
    for row in 0..height {
        let middle = f32::midpoint(rows[row], rows[row + 1]);
        for column in 0..width {
            let centre = f32::midpoint(columns[column], columns[column + 1]);
            let at = row * width + column;
            let divided = |lines: &[Ruled], level: f32, across: f32| {
                lines.iter().any(|l| {
                    (l.at - level).abs() < 3.0 && l.from - 1.0 < across && l.to + 1.0 > across
                })
            };
            if row + 1 < height && !divided(across, rows[row + 1], centre) {
                cell_of[at + width] = cell_of[at];
            }
            if column + 1 < width && !divided(down, columns[column + 1], middle) {
                cell_of[at + 1] = cell_of[at];
            }
        }
    }
    let mut distinct = cell_of.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let chars: usize = within.iter().map(Piece::inked).sum();
    // A frame around text is no table.
    if distinct.len() < 2 || within.is_empty() || (distinct.len() < 4 && chars > 400) {
        return Err(within);
    }
    let order = within.iter().map(|p| p.order).min().unwrap_or(0);
    let mut filled: BTreeMap<usize, Vec<Piece>> = BTreeMap::new();
    for piece in within {
        let v = f32::midpoint(piece.v0, piece.v1);
        let row = rows.partition_point(|&r| r <= v).clamp(1, height) - 1;
        let column = |u: f32| columns.partition_point(|&c| c <= u).clamp(1, width) - 1;
        for (at, part) in piece.split(|u| cell_of[row * width + column(u)]) {
            filled.entry(at).or_default().push(part);
        }
    }
    let mut out: Vec<Vec<Vec<Row>>> = vec![Vec::new(); height];
    for (at, pieces) in filled {
        out[at / width].push(self::rows(pieces));
    }
    out.retain(|row| !row.is_empty());
    Ok(Table { area, order, rows: out })
}
