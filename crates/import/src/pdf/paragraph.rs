//! Lines to paragraphs, over columns and pages, and what their looks say of them.

use super::document::Bookmark;
use super::order::{Block, Row};
use crate::layout::Hint;
use anjuan_text::FurnitureReason;
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A character with its page and glyph, where it has one.
pub(super) type Placed = (char, Option<(u32, u32)>);

/// A paragraph, heading, row of a table or line set aside.
#[derive(Debug, Clone)]
pub(super) struct Paragraph {
    pub(super) chars: Vec<Placed>,
    pub(super) hint: Hint,
    page: u32,
    size: f32,
    bold: f32,
    lines: usize,
    /// Height of its first line from the top of the page, and of the page.
    top: f32,
    height: f32,
}

impl Paragraph {
    pub(super) fn text(&self) -> String {
        self.chars.iter().map(|&(c, _)| c).collect()
    }

    fn inked(&self) -> usize {
        self.chars.iter().filter(|(c, _)| !c.is_whitespace()).count()
    }
}

/// A page in reading order.
pub(super) struct Sheet {
    pub(super) blocks: Vec<Block>,
    /// Headers, footers and numbers, line by line.
    pub(super) running: Vec<Row>,
    /// Text that the page hides.
    pub(super) hidden: Vec<Row>,
    /// Upper and lower side.
    pub(super) span: (f32, f32),
}

/// The edges of a column.
#[derive(Debug, Clone, Copy)]
struct Column {
    left: f32,
    right: f32,
    pitch: f32,
}

/// What the lines of a document have in common.
struct Looks {
    body: f32,
    heavy: bool,
    /// Paragraphs begin with a first line drawn in.
    indented: bool,
}

static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:第[一二三四五六七八九十百千零\d]{1,6}[编篇章节条款部]|[一二三四五六七八九十]{1,3}[、．.]|[（(][一二三四五六七八九十]{1,3}[)）]|[（(]\d{1,2}[)）]|\d{1,2}[、．.][^\d]|[①-⑳]|[•●◆■▪◦○★※▲►]|——)")
        .expect("a constant pattern")
});
static LEADER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:\.{4,}|…{2,}|·{4,}|(?:\. ){4,})\s*[\divxlc—-]{1,6}\s*$")
        .expect("a constant pattern")
});
static NOTE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:[①-⑳]|\[\d{1,3}\]|［\d{1,3}］|〔\d{1,3}〕|\*{1,3}|※|注[:：]|\d{1,2}\s*[^\d.、．年月日%])").expect("a constant pattern")
});

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['”', '’', '"', '」', '』', '）', ')', '》'])
        .ends_with(['。', '！', '？', '；', '：', '!', '?', '…', ';', ':'])
        || text.ends_with('.')
}

/// The paragraphs of a document.
pub(super) fn paragraphs(sheets: Vec<Sheet>, outline: &[Bookmark]) -> Vec<Paragraph> {
    let looks = looks(&sheets);
    let columns = columns(&sheets);
    let mut out: Vec<Paragraph> = Vec::new();
    // The paragraph that the next column may go on with, its last line and column.
    let mut open: Option<(usize, Row, Column)> = None;
    let mut columns = columns.into_iter();
    for (page, sheet) in sheets.into_iter().enumerate() {
        let page = page as u32;
        let height = (sheet.span.1 - sheet.span.0).max(1.0);
        let new = |row: &Row, hint: Hint| Paragraph {
            chars: row.cells.iter().map(|c| (c.c, c.glyph.map(|g| (page, g)))).collect(),
            hint,
            page,
            size: row.size,
            bold: row.bold,
            lines: 1,
            top: row.v0 - sheet.span.0,
            height,
        };
        let foot = sheet.blocks.iter().rposition(|b| matches!(b, Block::Lines(_)));
        for (at, block) in sheet.blocks.into_iter().enumerate() {
            let rows = match block {
                Block::Table(rows) => {
                    out.extend(rows.iter().filter_map(|row| row_of_table(row, page, height)));
                    open = None;
                    continue;
                }
                Block::Lines(rows) => rows,
            };
            let column = columns.next().unwrap_or(Column { left: 0.0, right: 0.0, pitch: 0.0 });
            let notes = if Some(at) == foot { first_note(&rows, looks.body) } else { rows.len() };
            let aligned = aligned(&rows);
            let mut first = true;
            for (index, row) in rows.into_iter().enumerate() {
                if index >= notes {
                    // A note goes on in the lines below its mark.
                    match out.last_mut() {
                        Some(last)
                            if index > notes
                                && last.hint == Hint::Footnote
                                && !NOTE.is_match(&row.text()) =>
                        {
                            append(last, &row, page);
                        }
                        _ => out.push(new(&row, Hint::Footnote)),
                    }
                    continue;
                }
                if aligned[index] {
                    out.push(new(&row, Hint::Table));
                    open = None;
                    continue;
                }
                let goes_on = open.as_ref().is_some_and(|(_, last, before)| {
                    if std::mem::take(&mut first) {
                        goes_over(last, *before, &row, column, &looks)
                    } else {
                        !breaks(last, &row, column, &looks)
                    }
                });
                first = false;
                let at = match &open {
                    Some((at, ..)) if goes_on => {
                        append(&mut out[*at], &row, page);
                        *at
                    }
                    _ => {
                        out.push(new(&row, Hint::None));
                        out.len() - 1
                    }
                };
                open = Some((at, row, column));
            }
        }
        out.extend(sheet.running.iter().map(|row| {
            let number = super::running::is_page_number(&row.text());
            let reason =
                if number { FurnitureReason::PageNumber } else { FurnitureReason::RunningHead };
            new(row, Hint::Aside(reason))
        }));
        out.extend(sheet.hidden.iter().map(|row| new(row, Hint::Hidden)));
    }
    tell(&mut out, &looks, outline);
    out
}

/// Adds a line to a paragraph, with a space where words of letters meet.
fn append(paragraph: &mut Paragraph, row: &Row, page: u32) {
    let last = paragraph.chars.last().map(|&(c, _)| c);
    let next = row.cells.first().map(|c| c.c);
    if let (Some(last), Some(next)) = (last, next) {
        let letter = |c: char| c.is_alphanumeric() && !super::line::is_wide(c);
        let closes =
            |c: char| letter(c) || matches!(c, ',' | '.' | ';' | ':' | ')' | '%' | '!' | '?');
        if last == ' ' {
        } else if last == '\u{ad}' {
            paragraph.chars.pop();
        } else if closes(last)
            && (letter(next) || next == '(')
            && !(last.is_ascii_digit() && next.is_ascii_digit())
        {
            paragraph.chars.push((' ', None));
        }
    }
    paragraph.chars.extend(row.cells.iter().map(|c| (c.c, c.glyph.map(|g| (page, g)))));
    let lines = paragraph.lines as f32;
    paragraph.bold = (paragraph.bold * lines + row.bold) / (lines + 1.0);
    paragraph.lines += 1;
}

fn row_of_table(row: &[Vec<Row>], page: u32, height: f32) -> Option<Paragraph> {
    let mut whole: Option<Paragraph> = None;
    for cell in row {
        let mut inner: Option<Paragraph> = None;
        let right = cell.iter().map(|line| line.u1).fold(f32::MIN, f32::max);
        let mut last = right;
        for line in cell {
            // What ends before the side of its cell was not wrapped.
            let own = right - last > 1.2 * line.size;
            last = line.u1;
            match &mut inner {
                Some(inner) => {
                    let figures = |c: Option<&Placed>| c.is_some_and(|c| c.0.is_ascii_digit());
                    let next = line.cells.first().is_some_and(|c| c.c.is_ascii_digit());
                    if own || (figures(inner.chars.last()) && next) {
                        inner.chars.push((' ', None));
                    }
                    append(inner, line, page);
                }
                None => {
                    inner = Some(Paragraph {
                        chars: line
                            .cells
                            .iter()
                            .map(|c| (c.c, c.glyph.map(|g| (page, g))))
                            .collect(),
                        hint: Hint::Table,
                        page,
                        size: line.size,
                        bold: line.bold,
                        lines: 1,
                        top: 0.0,
                        height,
                    });
                }
            }
        }
        match (&mut whole, inner) {
            (Some(whole), Some(inner)) => {
                whole.chars.push((' ', None));
                whole.chars.extend(inner.chars);
            }
            (None, inner) => whole = inner,
            (_, None) => {}
        }
    }
    whole
}

/// Lines of a table without rules: wide gaps at the same places, several times.
fn aligned(rows: &[Row]) -> Vec<bool> {
    let mut out = vec![false; rows.len()];
    let mut from = 0;
    while from < rows.len() {
        let parts = |at: usize| &rows[at].parts;
        let like = |a: &[f32], b: &[f32], em: f32| {
            let shared = b
                .iter()
                .skip(1)
                .filter(|&&u| a.iter().skip(1).any(|&v| (u - v).abs() < 2.0 * em))
                .count();
            shared >= 1 && shared + 1 >= a.len().min(b.len())
        };
        let mut until = from;
        while until < rows.len()
            && parts(until).len() >= 2
            && (until == from || like(parts(until - 1), parts(until), rows[until].size))
        {
            until += 1;
        }
        if until - from >= 3 {
            out[from..until].fill(true);
        }
        from = until.max(from + 1);
    }
    out
}

/// Where the notes at the foot of a page begin.
fn first_note(rows: &[Row], body: f32) -> usize {
    let small = |row: &Row| row.size < 0.93 * body;
    let from = rows.iter().rposition(|row| !small(row)).map_or(0, |at| at + 1);
    if from == 0 {
        return rows.len();
    }
    (from..rows.len()).find(|&at| NOTE.is_match(&rows[at].text())).unwrap_or(rows.len())
}

fn looks(sheets: &[Sheet]) -> Looks {
    let mut sizes: HashMap<i32, (usize, f32)> = HashMap::new();
    let rows = || {
        sheets.iter().flat_map(|s| &s.blocks).flat_map(|b| match b {
            Block::Lines(rows) => rows.as_slice(),
            Block::Table(_) => &[],
        })
    };
    for row in rows() {
        let entry = sizes.entry((row.size * 4.0).round() as i32).or_default();
        entry.0 += row.inked();
        entry.1 += row.bold * row.inked() as f32;
    }
    let (body, (chars, heavy)) = sizes
        .into_iter()
        .max_by_key(|(size, (chars, _))| (*chars, *size))
        .map_or((10.0, (1, 0.0)), |(size, most)| (size as f32 / 4.0, most));
    let (mut lines, mut drawn_in) = (0, 0);
    for block in sheets.iter().flat_map(|s| &s.blocks) {
        let Block::Lines(rows) = block else { continue };
        let (left, ..) = edges(rows);
        for row in rows {
            lines += 1;
            drawn_in += usize::from((1.2 * row.size..4.5 * row.size).contains(&(row.u0 - left)));
        }
    }
    Looks { body, heavy: heavy > 0.6 * chars as f32, indented: drawn_in * 12 >= lines }
}

/// The edges of the columns, block by block. A block of few lines takes those of a longer one that
/// stands at the same place.
fn columns(sheets: &[Sheet]) -> Vec<Column> {
    let blocks: Vec<&Vec<Row>> = sheets
        .iter()
        .flat_map(|s| &s.blocks)
        .filter_map(|b| if let Block::Lines(rows) = b { Some(rows) } else { None })
        .collect();
    // The usual step of the document, for blocks of too few lines to tell their own.
    let usual = {
        let mut steps: Vec<f32> = blocks
            .iter()
            .flat_map(|rows| rows.windows(2))
            .filter(|w| (w[0].size - w[1].size).abs() < 0.1 * w[0].size)
            .map(|w| (w[1].base - w[0].base) / w[1].size)
            .filter(|step| *step > 0.7)
            .collect();
        steps.sort_by(f32::total_cmp);
        if steps.len() < 4 { 1.7 } else { steps[steps.len() * 2 / 5] }
    };
    let own: Vec<(Column, usize, f32)> = blocks
        .iter()
        .map(|rows| {
            let (left, right, em) = edges(rows);
            let mut steps: Vec<f32> = rows.windows(2).map(|w| w[1].base - w[0].base).collect();
            steps.sort_by(f32::total_cmp);
            // The lower half: between paragraphs the steps are wider.
            let pitch = match steps.len() {
                0..=3 => steps.first().map_or(usual * em, |&least| least.min(usual * em)),
                _ => steps[steps.len() * 2 / 5],
            };
            (Column { left, right, pitch }, rows.len(), em)
        })
        .collect();
    let mut long: Vec<usize> = (0..own.len()).filter(|&at| own[at].1 >= 6).collect();
    long.sort_by_key(|&at| std::cmp::Reverse(own[at].1));
    long.truncate(200);
    own.iter()
        .enumerate()
        .map(|(at, &(column, lines, em))| {
            if lines >= 12 {
                return column;
            }
            let host = long.iter().map(|&other| (other, own[other].0)).filter(|&(other, host)| {
                other != at
                    && host.left - 0.6 * em <= column.left
                    && host.right + 0.6 * em >= column.right
            });
            // The narrowest that holds it, of these the longest.
            let host = host.min_by(|a, b| {
                let width = |c: &Column| ((c.right - c.left) / (2.0 * em)).round();
                width(&a.1).total_cmp(&width(&b.1))
            });
            host.map_or(column, |(_, host)| Column {
                pitch: if column.pitch > 0.0 && lines >= 4 { column.pitch } else { host.pitch },
                ..host
            })
        })
        .collect()
}

/// Where the lines of a block begin and end, as more than one of them shows, and the size of most
/// of its characters.
fn edges(rows: &[Row]) -> (f32, f32, f32) {
    let mut sizes: HashMap<i32, usize> = HashMap::new();
    for row in rows {
        *sizes.entry((row.size * 2.0).round() as i32).or_default() += row.inked();
    }
    let em = sizes.into_iter().max_by_key(|&(size, count)| (count, size));
    let em = em.map_or(10.0, |(size, _)| size as f32 / 2.0);
    let body: Vec<&Row> = rows.iter().filter(|r| (r.size - em).abs() < 0.1 * em).collect();
    let ends = |part: fn(&Row) -> f32| {
        let mut ends: Vec<f32> = body.iter().map(|r| part(r)).collect();
        ends.sort_by(f32::total_cmp);
        ends
    };
    // A title or a caption that reaches further tells nothing of the column.
    let needed = (body.len() / 10).max(1);
    let (starts, stops) = (ends(|r| r.u0), ends(|r| r.u1));
    let shared = |all: &[f32], at: f32| {
        all.iter().filter(|&&other| (other - at).abs() < 0.8 * em).count() > needed
    };
    let left = starts.iter().copied().find(|&at| shared(&starts, at));
    let right = stops.iter().rev().copied().find(|&at| shared(&stops, at));
    let left = left.or(starts.first().copied()).unwrap_or(0.0);
    let right = right.or(stops.last().copied()).unwrap_or(0.0);
    (left, right, em)
}

/// Whether looks alone make two lines different paragraphs.
fn differs(last: &Row, next: &Row, column: Column) -> bool {
    let tolerance = if last.invisible || next.invisible { 0.4 } else { 0.09 };
    if (last.size - next.size).abs() > tolerance * last.size.max(next.size) {
        return true;
    }
    let (heavy, light) = (|r: &Row| r.bold > 0.8, |r: &Row| r.bold < 0.2);
    // A heavy beginning may fill the first line of a paragraph.
    let leads = heavy(last)
        && light(next)
        && column.right - last.u1 < 1.5 * last.size
        && last.u0 - next.u0 > 0.8 * last.size;
    !leads && ((heavy(last) && light(next)) || (light(last) && heavy(next)))
}

/// Width of the first word of a line, which did not fit on the line before.
fn first_word(row: &Row) -> f32 {
    let Some(first) = row.cells.first() else { return 0.0 };
    if super::line::is_wide(first.c) {
        return first.u1 - first.u0;
    }
    let word = row.cells.iter().take_while(|c| !c.c.is_whitespace() && !super::line::is_wide(c.c));
    word.last().map_or(0.0, |end| end.u1 - first.u0)
}

/// Whether a line ends before the edge of its column, so far that more would have fitted.
fn is_short(last: &Row, next: &Row, column: Column) -> bool {
    let room = column.right - last.u1;
    let wide = next.cells.first().is_some_and(|c| super::line::is_wide(c.c));
    // Signs that may not begin a line take one or two characters down with them.
    let slack = if wide { 1.3 * last.size } else { 0.6 * last.size };
    room > first_word(next).min(20.0 * last.size) + slack
}

/// Whether a new paragraph begins between two lines of a column.
fn breaks(last: &Row, next: &Row, column: Column, looks: &Looks) -> bool {
    if differs(last, next, column) {
        return true;
    }
    let em = next.size;
    let step = next.base - last.base;
    if column.pitch > 0.0 && step > 1.4 * column.pitch.max(0.9 * em) {
        return true;
    }
    let text = last.text();
    let next_text = next.text();
    if LEADER.is_match(&text) {
        return true;
    }
    if is_short(last, next, column) {
        return true;
    }
    let (in_last, in_next) = (last.u0 - column.left, next.u0 - column.left);
    if in_next > 1.2 * em && in_next > in_last + 0.8 * em {
        return true;
    }
    if looks.indented
        && in_next > 1.2 * em
        && in_next < 4.5 * em
        && (in_next - in_last).abs() < 0.8 * em
    {
        // Drawn in like the line before: a new one if that was a first line itself.
        return true;
    }
    NUMBERED.is_match(&next_text) && ends_sentence(&text)
}

/// Whether a paragraph goes on in the next column or on the next page.
fn goes_over(last: &Row, before: Column, next: &Row, column: Column, looks: &Looks) -> bool {
    if differs(last, next, before) {
        return false;
    }
    let em = next.size;
    if next.u0 - column.left > 1.2 * em {
        return false;
    }
    let text = last.text();
    let next_text = next.text();
    if LEADER.is_match(&text) || (NUMBERED.is_match(&next_text) && ends_sentence(&text)) {
        return false;
    }
    if is_short(last, next, before) {
        // Cut in the middle of a sentence all the same.
        return text.ends_with(['，', '、', ',']) && before.right - last.u1 < 8.0 * em;
    }
    looks.indented || !ends_sentence(&text)
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Longest heading, in characters.
const HEADING: usize = 60;
const TITLE: usize = 120;

/// Marks the title and the headings.
fn tell(paragraphs: &mut Vec<Paragraph>, looks: &Looks, outline: &[Bookmark]) {
    join_titles(paragraphs, looks);
    let mut marks: HashMap<String, u8> = HashMap::new();
    for mark in outline {
        let key = squeezed(&mark.title);
        if key.chars().count() >= 2 {
            marks.entry(key).or_insert(mark.depth);
        }
    }
    let title = title(paragraphs, looks);
    if let Some(at) = title {
        paragraphs[at].hint = Hint::Title;
    }
    // Sizes of headings, the largest first.
    let large = |p: &Paragraph| p.size > 1.08 * looks.body;
    let could = |p: &Paragraph| {
        p.hint == Hint::None
            && p.inked() <= HEADING
            && p.inked() >= 2
            && p.lines <= 3
            && !p.text().trim_end().ends_with(['。', '；', '，', '、', ',', ';'])
    };
    let mut sizes: Vec<i32> = paragraphs
        .iter()
        .filter(|p| could(p) && large(p))
        .map(|p| (p.size * 2.0).round() as i32)
        .collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    sizes.dedup();
    for p in paragraphs.iter_mut() {
        if !could(p) {
            continue;
        }
        if let Some(&depth) = marks.get(&squeezed(&p.text())) {
            p.hint = Hint::Heading(depth.clamp(1, 6));
        } else if large(p) && p.text().chars().any(char::is_alphabetic) {
            let rank = sizes.iter().position(|&s| s == (p.size * 2.0).round() as i32).unwrap_or(0);
            p.hint = Hint::Heading((rank + 1).min(5) as u8);
        } else if p.bold > 0.9
            && !looks.heavy
            && p.lines <= 2
            && !p.text().ends_with('：')
            && p.text().chars().filter(|c| c.is_alphabetic()).count() >= 2
        {
            p.hint = Hint::Heading((sizes.len() + 1).min(6) as u8);
        }
    }
}

/// A title over several lines is one.
fn join_titles(paragraphs: &mut Vec<Paragraph>, looks: &Looks) {
    let mut joined: Vec<Paragraph> = Vec::with_capacity(paragraphs.len());
    for next in std::mem::take(paragraphs) {
        if let Some(last) = joined.last_mut()
            && last.hint == Hint::None
            && next.hint == Hint::None
            && last.page == next.page
            && last.size > 1.25 * looks.body
            && (last.size - next.size).abs() < 0.06 * last.size
            && (last.bold > 0.5) == (next.bold > 0.5)
            && next.top - last.top > 0.0
            && next.top - last.top < (last.lines as f32 + 1.0) * 1.9 * last.size
            && last.inked() + next.inked() <= TITLE
            && !NUMBERED.is_match(&next.text())
            && !ends_sentence(&last.text())
            && !is_masthead(&last.text())
        {
            let gap = last.chars.last().is_some_and(|&(c, _)| c.is_ascii_alphanumeric())
                && next.chars.first().is_some_and(|&(c, _)| c.is_ascii_alphanumeric());
            if gap {
                last.chars.push((' ', None));
            }
            last.chars.extend(next.chars);
            last.lines += next.lines;
            continue;
        }
        joined.push(next);
    }
    *paragraphs = joined;
}

/// The name of a paper or an office over its documents.
fn is_masthead(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let len = text.chars().count();
    len <= 24
        && ["文件", "公报", "简报", "日报", "晚报", "时报", "专报", "周报", "月刊"]
            .iter()
            .any(|end| text.ends_with(end))
}

/// The title: the largest print on the first page that has any, if it is larger than the rest.
fn title(paragraphs: &[Paragraph], looks: &Looks) -> Option<usize> {
    let page = paragraphs.iter().find(|p| p.hint == Hint::None)?.page;
    let head = || {
        paragraphs.iter().enumerate().filter(move |(_, p)| {
            p.page == page
                && p.hint == Hint::None
                && p.inked() >= 2
                && p.inked() <= TITLE
                && p.top < 0.75 * p.height
        })
    };
    let large = |p: &Paragraph| p.size > 1.15 * looks.body;
    let mut candidates: Vec<(usize, &Paragraph)> = head().filter(|(_, p)| large(p)).collect();
    candidates.sort_by(|a, b| b.1.size.total_cmp(&a.1.size).then(a.0.cmp(&b.0)));
    let best = candidates.iter().find(|(_, p)| !is_masthead(&p.text())).or(candidates.first())?;
    // Letters or Han, no ornament.
    best.1.text().chars().any(char::is_alphabetic).then_some(best.0)
}
