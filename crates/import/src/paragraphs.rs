//! Paragraphs of word-processor formats on their way to lines: what is kept, what is hidden, what a
//! tracked change took out, and what hangs on the paragraph (notes, comments, text boxes).

use crate::headline::{Look, Looks};
use crate::layout::{Hint, SourceLine};
use crate::line::is_blank;
use anjuan_text::{FurnitureReason, Problem, ProblemCode};

/// What a paragraph is by its style or level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Role {
    #[default]
    Text,
    Title,
    Heading(u8),
    Caption,
    /// A line of a generated table of contents.
    Contents,
}

/// What the name of a style says. Names are English in files of every language version of Word;
/// other programs write Chinese ones.
pub(crate) fn role_of(name: &str) -> Option<Role> {
    let name = name.trim().to_lowercase();
    let level = |rest: &str| rest.trim().parse::<u8>().ok().filter(|l| (1..=9).contains(l));
    if let Some(rest) = name
        .strip_prefix("heading")
        .or_else(|| name.strip_prefix("标题"))
        .or_else(|| name.strip_prefix("標題"))
    {
        return match level(rest) {
            Some(level) => Some(Role::Heading(level)),
            None if rest.is_empty() && !name.is_ascii() => Some(Role::Title),
            None => None,
        };
    }
    match name.as_str() {
        "title" => Some(Role::Title),
        "caption" | "题注" | "題注" => Some(Role::Caption),
        "toc heading" | "table of figures" => Some(Role::Contents),
        _ if name
            .strip_prefix("toc")
            .or_else(|| name.strip_prefix("目录"))
            .and_then(level)
            .is_some() =>
        {
            Some(Role::Contents)
        }
        _ => None,
    }
}

/// Where a piece of a paragraph belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Layer {
    /// To the text.
    #[default]
    Kept,
    /// It is formatted as hidden.
    Hidden,
    /// A tracked change took it out.
    Deleted,
}

/// A paragraph being read.
#[derive(Debug, Default)]
pub(crate) struct Paragraph {
    /// The text; line breaks inside the paragraph are `\n`.
    pub(crate) kept: String,
    hidden: String,
    deleted: String,
    pub(crate) look: Look,
    /// Lines that follow the paragraph they hang on.
    pub(crate) after: Vec<SourceLine>,
}

impl Paragraph {
    pub(crate) fn put(&mut self, layer: Layer, text: &str) {
        match layer {
            Layer::Kept => self.kept.push_str(text),
            Layer::Hidden => self.hidden.push_str(text),
            Layer::Deleted => self.deleted.push_str(text),
        }
    }

    /// How much has been read, in bytes and lines: to see whether something came.
    pub(crate) fn weight(&self) -> usize {
        self.kept.len() + self.hidden.len() + self.deleted.len() + self.after.len()
    }

    /// Whether nothing but deletions was read.
    pub(crate) fn is_deleted(&self) -> bool {
        self.kept.chars().all(is_blank) && !self.deleted.is_empty()
    }
}

/// The lines of a document, and what is odd about it.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) lines: Vec<SourceLine>,
    /// Whether an empty paragraph stands before the next line.
    gap: bool,
    pub(crate) deletions: usize,
    pub(crate) insertions: usize,
    looks: Looks,
}

impl Collected {
    /// Puts a line.
    pub(crate) fn push(&mut self, raw: &str, hint: Hint, gap: bool) {
        if raw.chars().all(is_blank) {
            self.gap = true;
            return;
        }
        let gap = std::mem::take(&mut self.gap) || gap;
        self.lines.push(SourceLine { raw: raw.to_owned(), hint, gap });
    }

    /// Ends a paragraph: its lines, then what was set aside of it and what hangs on it.
    pub(crate) fn end(&mut self, paragraph: Paragraph, hint: Hint, gap: bool) {
        let Paragraph { kept, hidden, deleted, look, after } = paragraph;
        for (at, line) in kept.split('\n').enumerate() {
            if !line.chars().all(is_blank) {
                self.looks.note(self.lines.len(), line, look);
                self.push(line, hint, gap && at == 0);
            } else if at == 0 && hidden.is_empty() && deleted.is_empty() && after.is_empty() {
                self.gap = true;
            }
        }
        for (text, reason) in
            [(hidden, FurnitureReason::Hidden), (deleted, FurnitureReason::Deleted)]
        {
            for line in text.split('\n').filter(|l| !l.chars().all(is_blank)) {
                self.deletions += usize::from(reason == FurnitureReason::Deleted);
                let raw = line.to_owned();
                self.lines.push(SourceLine { raw, hint: Hint::Aside(reason), gap: false });
            }
        }
        self.lines.extend(after);
    }

    /// Marks the title by its style or looks; to be called while the lines are those of the body.
    pub(crate) fn mark_title(&mut self) {
        self.looks.mark_title(&mut self.lines);
    }

    /// Counts what was read of a table or box; its lines are put elsewhere.
    pub(crate) fn absorb(&mut self, inner: &Self) {
        self.deletions += inner.deletions;
        self.insertions += inner.insertions;
        self.looks.absorb(&inner.looks);
    }

    /// Lets the next line begin a paragraph.
    pub(crate) fn break_off(&mut self) {
        self.gap = true;
    }

    /// What is to be said of tracked changes.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        if self.deletions + self.insertions == 0 {
            return Vec::new();
        }
        let message = format!(
            "Changes were tracked: {} insertions were kept, {} deletions set aside.",
            self.insertions, self.deletions
        );
        vec![Problem { code: ProblemCode::TrackedChanges, message, range: None }]
    }
}

/// A line of a header or footer: what every page repeats, or nothing but the number of the page.
pub(crate) fn margin(raw: &str) -> SourceLine {
    let number = raw.chars().any(|c| c.is_ascii_digit())
        && raw.chars().all(|c| {
            c.is_ascii_digit()
                || is_blank(c)
                || matches!(c, '-' | '—' | '–' | '－' | '·' | '/' | '第' | '共' | '页' | '頁')
        });
    let reason = if number { FurnitureReason::PageNumber } else { FurnitureReason::RunningHead };
    SourceLine { raw: raw.trim().to_owned(), hint: Hint::Aside(reason), gap: true }
}

/// Makes lines a note, which begins with its mark.
pub(crate) fn as_note(lines: &mut [SourceLine], mark: &str) {
    let mut mark = Some(mark).filter(|mark| !mark.is_empty());
    for line in lines {
        if matches!(line.hint, Hint::None | Hint::List | Hint::Heading(_) | Hint::Title) {
            line.hint = Hint::Footnote;
            if let Some(mark) = mark.take() {
                line.raw = format!("{mark} {}", line.raw.trim_start());
            }
        }
    }
}

/// A raised figure as a character of its own: 10⁴ is not 104.
pub(crate) fn raised(c: char) -> Option<char> {
    Some(match c {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4'..='9' => char::from_u32(c as u32 - '4' as u32 + '⁴' as u32)?,
        '+' => '⁺',
        '-' | '−' => '⁻',
        'n' => 'ⁿ',
        _ => return None,
    })
}

/// A raised text, where all of it can be raised.
pub(crate) fn all_raised(text: &str) -> Option<String> {
    text.chars().map(raised).collect()
}

/// Between the cells of a row, as in pages.
const CELL_GAP: char = '\u{3000}';
/// A cell with more characters than that is a page laid out with a table.
const LONG_CELL: usize = 600;

/// A table being read: rows of cells of lines.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) rows: Vec<Vec<Vec<SourceLine>>>,
}

/// Whether a line stands in the reading text.
fn reads(line: &SourceLine) -> bool {
    !matches!(line.hint, Hint::Aside(_) | Hint::Outside | Hint::Hidden | Hint::Footnote)
}

impl Table {
    /// Whether it holds data and is no page laid out with a table: its rows have several cells, none
    /// of which holds headings, another table or a page of text.
    fn is_data(&self) -> bool {
        let cells = || self.rows.iter().flatten();
        let filled = |row: &&Vec<Vec<SourceLine>>| row.iter().filter(|c| !c.is_empty()).count() > 1;
        let several = self.rows.iter().filter(filled).count();
        let long = cells().any(|cell| {
            cell.iter().any(|l| matches!(l.hint, Hint::Table | Hint::Heading(_) | Hint::Title))
                || (cell.len() > 1
                    && cell.iter().map(|l| l.raw.chars().count()).sum::<usize>() > LONG_CELL)
        });
        several > 0 && several * 2 >= self.rows.iter().filter(|r| !r.is_empty()).count() && !long
    }

    /// The lines of the table: one for each row of data, else those of its cells.
    pub(crate) fn into_lines(self) -> Vec<SourceLine> {
        let mut lines = Vec::new();
        if !self.is_data() {
            lines.extend(self.rows.into_iter().flatten().flatten());
            return lines;
        }
        for (at, row) in self.rows.into_iter().enumerate() {
            if row.len() == 1 {
                // Over or under the rows stand names and remarks across the whole table.
                lines.extend(row.into_iter().flatten());
                continue;
            }
            let mut cells: Vec<String> = Vec::with_capacity(row.len());
            let mut aside = Vec::new();
            for cell in row {
                let mut text = String::new();
                for line in cell {
                    if reads(&line) {
                        if !text.is_empty() {
                            text.push(' ');
                        }
                        text.push_str(line.raw.trim());
                    } else {
                        aside.push(line);
                    }
                }
                cells.push(text);
            }
            while cells.last().is_some_and(String::is_empty) {
                cells.pop();
            }
            let raw = cells.join(&CELL_GAP.to_string());
            if !raw.chars().all(is_blank) {
                lines.push(SourceLine { raw, hint: Hint::Table, gap: at == 0 });
            }
            lines.extend(aside);
        }
        lines
    }
}

/// Tables inside each other.
const MAX_NESTED: usize = 24;

/// A table that is being filled.
#[derive(Debug, Default)]
struct Filling {
    table: Table,
    row: Vec<Vec<SourceLine>>,
    cell: Collected,
}

/// The text of formats in which cells and rows are no elements but ends of paragraphs.
#[derive(Debug, Default)]
pub(crate) struct Flow {
    pub(crate) lines: Collected,
    /// Open tables, the outermost first.
    open: Vec<Filling>,
}

impl Flow {
    /// Ends a paragraph that stands so many tables deep.
    pub(crate) fn end(&mut self, paragraph: Paragraph, hint: Hint, gap: bool, depth: usize) {
        self.reach(depth);
        let lines = match self.open.last_mut() {
            Some(open) => &mut open.cell,
            None => &mut self.lines,
        };
        lines.end(paragraph, hint, gap);
        if matches!(hint, Hint::Heading(_) | Hint::Title) {
            lines.break_off();
        }
    }

    /// Ends a cell of a table so deep.
    pub(crate) fn end_cell(&mut self, depth: usize) {
        self.reach(depth.max(1));
        if let Some(open) = self.open.last_mut() {
            open.row.push(std::mem::take(&mut open.cell.lines));
        }
    }

    /// Ends a row of a table so deep.
    pub(crate) fn end_row(&mut self, depth: usize) {
        self.reach(depth.max(1));
        if let Some(open) = self.open.last_mut()
            && !open.row.is_empty()
        {
            open.table.rows.push(std::mem::take(&mut open.row));
        }
    }

    /// Opens and closes tables until so many are open; one that is closed goes into the cell that
    /// it stands in.
    fn reach(&mut self, depth: usize) {
        while self.open.len() < depth.min(MAX_NESTED) {
            self.open.push(Filling::default());
        }
        while self.open.len() > depth
            && let Some(Filling { mut table, mut row, cell }) = self.open.pop()
        {
            let target = match self.open.last_mut() {
                Some(outer) => &mut outer.cell,
                None => &mut self.lines,
            };
            target.absorb(&cell);
            if !cell.lines.is_empty() {
                row.push(cell.lines);
            }
            if !row.is_empty() {
                table.rows.push(row);
            }
            target.lines.extend(table.into_lines());
            target.break_off();
        }
    }

    /// All lines, every table closed.
    pub(crate) fn finish(mut self) -> Collected {
        self.reach(0);
        self.lines
    }
}

/// The title that the properties of a document hold, where it is one: programs fill the field with
/// the name of the file, of the template or of the program.
pub(crate) fn title_of_properties(title: &str) -> Option<String> {
    let title = title.trim();
    let han = title.chars().filter(|&c| anjuan_text::is_han(c)).count();
    let chars = title.chars().count();
    let named = title.rsplit_once('.').is_some_and(|(_, ending)| {
        (2..=4).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    let stock = ["演示文稿", "幻灯片", "新建", "文档", "标题", "模板"];
    (han >= 4
        && han * 2 > chars
        && chars <= 80
        && !named
        && !stock.iter().any(|s| title.contains(s)))
    .then(|| title.to_owned())
}
