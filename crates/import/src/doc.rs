//! Word 97 to 2003 and WPS documents (`.doc`, `.wps`): the text by its piece table, with what the
//! formatting says of it: headings, lists with their numbers, tables, hidden and deleted text.
//!
//! The text of such a file lies in pieces anywhere in its main stream, in UTF-16 or in single
//! bytes; what is formatted is told by positions in that stream. Footnotes, headers, comments,
//! endnotes and text boxes follow the text and are found by further tables.

mod lists;
mod properties;

use crate::field::Field;
use crate::layout::{Facts, Hint, Page, SourceLine};
use crate::numbering::before;
use crate::ole::{Compound, u16_at, u32_at};
use crate::package::{damaged, locked};
use crate::paragraphs::{Flow, Layer, Paragraph, Role, as_note};
use crate::{ImportError, Options, decode, symbols};
use anjuan_text::{FurnitureReason, Problem, ProblemCode};
use lists::{Counting, Lists};
use properties::{Properties, Styles};
use std::ops::Range;

/// Characters of one document.
const MAX_CHARS: usize = 40_000_000;

/// Whether a compound file is a document.
pub(crate) fn is_document(file: &Compound<'_>) -> bool {
    file.has("WordDocument")
}

/// A run of the text in one place of the stream.
#[derive(Debug, Clone, Copy)]
struct Piece {
    /// The first character.
    start: usize,
    end: usize,
    /// The first byte.
    at: usize,
    /// Single bytes and not UTF-16.
    narrow: bool,
}

/// Parts of the text, in their order in the file.
struct Parts {
    text: Range<usize>,
    footnotes: Range<usize>,
    headers: Range<usize>,
    comments: Range<usize>,
    endnotes: Range<usize>,
    boxes: Range<usize>,
}

/// Where a table of the file lies, by its number in the list of them.
fn table_at<'t>(main: &[u8], table: &'t [u8], number: usize) -> &'t [u8] {
    let at = 0x9A + number * 8;
    let found = u32_at(main, at).zip(u32_at(main, at + 4));
    let range = found
        .map(|(start, length)| start as usize..(start as usize).saturating_add(length as usize));
    range.map_or(&[], |r| table.get(r.start..r.end.min(table.len())).unwrap_or_default())
}

/// Reads a document.
pub(crate) fn read(file: &Compound<'_>, options: &Options<'_>) -> Result<Page, ImportError> {
    let main = file.stream("WordDocument").unwrap_or_default();
    let flags = u16_at(&main, 10).unwrap_or(0);
    if flags & 0x100 != 0 {
        return Err(locked("Word 97"));
    }
    let version = u16_at(&main, 2).unwrap_or(0);
    if u16_at(&main, 0) != Some(0xA5EC) || version < 0xC1 {
        return early(&main);
    }
    let table = file.stream(if flags & 0x200 != 0 { "1Table" } else { "0Table" });
    let table = table.or_else(|| file.stream("1Table")).or_else(|| file.stream("0Table"));
    let table = table.unwrap_or_default();
    let pieces = pieces(table_at(&main, &table, 33));
    if pieces.is_empty() {
        return Err(damaged("Word 97 document", "the table of its text is missing"));
    }
    let length = |at: usize| u32_at(&main, at).unwrap_or(0) as usize;
    let mut next = 0_usize;
    let mut part = |length: usize| {
        let start = next;
        next = next.saturating_add(length).min(MAX_CHARS);
        start..next
    };
    let parts = Parts {
        text: part(length(76)),
        footnotes: part(length(80)),
        headers: part(length(84)),
        comments: {
            part(length(88));
            part(length(92))
        },
        endnotes: part(length(96)),
        boxes: part(length(100)),
    };
    let styles = Styles::read(table_at(&main, &table, 1));
    let lists_at = u32_at(&main, 0x9A + 73 * 8).unwrap_or(0) as usize;
    let lists = Lists::read(
        table_at(&main, &table, 73),
        table.get(lists_at..).unwrap_or_default(),
        table_at(&main, &table, 74),
    );
    let data = file.stream("Data").unwrap_or_default();
    let properties =
        Properties::read(&main, &data, table_at(&main, &table, 12), table_at(&main, &table, 13));
    let fonts = fonts(table_at(&main, &table, 15));
    let document = Document { main: &main, pieces, styles, lists, properties, fonts };
    let mut reader = Reader {
        document: &document,
        options,
        counting: Counting::default(),
        footnotes: Notes::read(
            table_at(&main, &table, 2),
            table_at(&main, &table, 3),
            &parts.footnotes,
            2,
        ),
        endnotes: Notes::read(
            table_at(&main, &table, 46),
            table_at(&main, &table, 47),
            &parts.endnotes,
            2,
        ),
        comments: Notes::read(
            table_at(&main, &table, 4),
            table_at(&main, &table, 5),
            &parts.comments,
            30,
        ),
        at_end: Vec::new(),
        unmapped: false,
    };
    let mut lines: Vec<SourceLine> = reader.margins(parts.headers)?;
    let mut body = reader.read(parts.text, true)?;
    body.mark_title();
    let mut problems = body.problems();
    lines.extend(body.lines);
    lines.extend(reader.read(parts.boxes, false)?.lines);
    lines.append(&mut reader.at_end);
    let mut note = |code, message: &str| {
        problems.push(Problem { code, message: message.to_owned(), range: None });
    };
    if reader.unmapped {
        note(
            ProblemCode::CharactersUnmapped,
            "What characters of a symbol font show is not known.",
        );
    }
    if file.truncated {
        note(
            ProblemCode::Truncated,
            "The file is damaged; what stands before the damage was read.",
        );
    }
    Ok(Page { lines, facts: Facts::default(), problems })
}

/// Word 6 and 95: the text in one run of bytes, without what is formatted.
fn early(main: &[u8]) -> Result<Page, ImportError> {
    let start = u32_at(main, 24).unwrap_or(0) as usize;
    let end = u32_at(main, 28).unwrap_or(0) as usize;
    let bytes = main.get(start..end.min(main.len())).unwrap_or_default();
    if bytes.is_empty() {
        return Err(damaged("Word document", "there is no text in it"));
    }
    // Cells, fields and pictures have signs of their own among the characters.
    let plain: Vec<u8> = bytes
        .iter()
        .map(|b| match b {
            7 | 11..=13 => b'\n',
            0..=8 | 14..=31 => b' ',
            other => *other,
        })
        .collect();
    let decoded = decode::decode(&plain)?;
    let lines = crate::layout::lines_of(&decoded.text);
    Ok(Page { lines, ..Page::default() })
}

/// The pieces of the text, out of the table that holds them behind other properties.
fn pieces(mut rest: &[u8]) -> Vec<Piece> {
    let mut found = Vec::new();
    while let Some(&kind) = rest.first() {
        match kind {
            1 => {
                let length = usize::from(u16_at(rest, 1).unwrap_or(0));
                rest = rest.get(3 + length..).unwrap_or_default();
            }
            2 => {
                let length = u32_at(rest, 1).unwrap_or(0) as usize;
                let plc = &rest[5.min(rest.len())..];
                let plc = &plc[..length.min(plc.len())];
                let count = plc.len().saturating_sub(4) / 12;
                for n in 0..count {
                    let bounds = u32_at(plc, n * 4).zip(u32_at(plc, n * 4 + 4));
                    let place = u32_at(plc, (count + 1) * 4 + n * 8 + 2);
                    let (Some((start, end)), Some(place)) = (bounds, place) else { break };
                    let narrow = place & 0x4000_0000 != 0;
                    let at = (place & 0x3FFF_FFFF) as usize;
                    let at = if narrow { at / 2 } else { at };
                    let (start, end) = (start as usize, (end as usize).min(MAX_CHARS));
                    // Each begins where the one before it ends.
                    if start < end && found.last().is_none_or(|last: &Piece| last.end <= start) {
                        found.push(Piece { start, end, at, narrow });
                    }
                }
                break;
            }
            _ => break,
        }
    }
    found
}

/// The names of the fonts.
fn fonts(table: &[u8]) -> Vec<String> {
    let count = usize::from(u16_at(table, 0).unwrap_or(0));
    let mut at = 4;
    let mut names = Vec::new();
    for _ in 0..count.min(4096) {
        let Some(&length) = table.get(at) else { break };
        let units = (at + 40..at + 1 + usize::from(length)).step_by(2);
        let units: Vec<u16> =
            units.filter_map(|at| u16_at(table, at)).take_while(|&u| u != 0).collect();
        names.push(String::from_utf16_lossy(&units));
        at += 1 + usize::from(length);
    }
    names
}

struct Document<'m> {
    main: &'m [u8],
    pieces: Vec<Piece>,
    styles: Styles,
    lists: Lists,
    properties: Properties<'m>,
    fonts: Vec<String>,
}

impl Document<'_> {
    /// The characters of a part: number, first byte, code.
    fn units(&self, part: Range<usize>) -> impl Iterator<Item = (usize, usize, u16)> {
        self.pieces.iter().flat_map(move |piece| {
            let (start, end) = (piece.start.max(part.start), piece.end.min(part.end));
            let width = if piece.narrow { 1 } else { 2 };
            (start..end).map_while(move |char| {
                // Behind the end of a file that breaks off there is nothing.
                let at = piece.at + (char - piece.start) * width;
                let unit =
                    if piece.narrow { narrow(*self.main.get(at)?) } else { u16_at(self.main, at)? };
                Some((char, at, unit))
            })
        })
    }
}

/// Notes: where they are referred to, and where they stand.
struct Notes {
    /// (character that refers, characters of the note), in order.
    notes: Vec<(usize, Range<usize>)>,
    count: usize,
}

impl Notes {
    /// Reads notes whose references take so many bytes each.
    fn read(references: &[u8], texts: &[u8], part: &Range<usize>, size: usize) -> Self {
        let count = references.len().saturating_sub(4) / (4 + size);
        let mut last = 0;
        let notes = (0..count).filter_map(|n| {
            let at = u32_at(references, n * 4)? as usize;
            let bound =
                |n: usize| Some((part.start + u32_at(texts, n * 4)? as usize).min(part.end));
            let range = bound(n)?..bound(n + 1)?;
            // In order and apart from each other.
            let apart = range.start >= last && range.start < range.end;
            last = if apart { range.end } else { last };
            apart.then_some((at, range))
        });
        Self { notes: notes.collect(), count: 0 }
    }

    /// The note that a character refers to.
    fn at(&self, char: usize) -> Option<Range<usize>> {
        let found = self.notes.binary_search_by_key(&char, |n| n.0).ok()?;
        Some(self.notes[found].1.clone())
    }
}

struct Reader<'d> {
    document: &'d Document<'d>,
    options: &'d Options<'d>,
    counting: Counting,
    footnotes: Notes,
    endnotes: Notes,
    comments: Notes,
    at_end: Vec<SourceLine>,
    unmapped: bool,
}

impl Reader<'_> {
    /// The lines of a part of the text; `noted`: notes and comments are looked up.
    fn read(
        &mut self,
        part: Range<usize>,
        noted: bool,
    ) -> Result<crate::paragraphs::Collected, ImportError> {
        let document = self.document;
        let mut flow = Flow::default();
        let mut paragraph = Paragraph::default();
        let mut fields: Vec<Field> = Vec::new();
        let mut contents = false;
        let mut half: Option<u16> = None;
        let mut last = 0;
        let count = |mark: u16| document.units(part.clone()).filter(|u| u.2 == mark).count();
        let balanced = count(0x13) == count(0x15);
        let mut run = properties::Run::default();
        for (char, at, unit) in document.units(part.clone()) {
            if char.is_multiple_of(1 << 16) {
                self.options.go_on()?;
            }
            last = at;
            if !run.bytes.contains(&at) {
                run = document.properties.run(at);
            }
            let layer = if run.deleted {
                Layer::Deleted
            } else if run.hidden {
                Layer::Hidden
            } else {
                Layer::Kept
            };
            flow.lines.insertions += usize::from(std::mem::take(&mut run.inserted));
            match unit {
                0x13 => {
                    fields.push(Field::begin());
                    continue;
                }
                0x14 => {
                    if let Some(field) = fields.last_mut() {
                        field.in_code = false;
                    }
                    contents |= fields.iter().any(Field::is_contents);
                    continue;
                }
                0x15 => {
                    let Some(field) = fields.pop() else { continue };
                    if field.is_contents() && paragraph.kept.trim().is_empty() {
                        contents = false;
                    }
                    if field.in_code
                        && !fields.iter().any(|f| f.in_code)
                        && let Some(shown) = field.shown()
                    {
                        paragraph.put(layer, &shown);
                    }
                    continue;
                }
                _ => {}
            }
            if fields.iter().any(|f| f.in_code) && !matches!(unit, 0x0D | 0x07) {
                if let Some(field) = fields.last_mut().filter(|f| f.in_code && f.code.len() < 4096)
                {
                    field.code.extend(char::from_u32(u32::from(unit)));
                }
                continue;
            }
            match unit {
                0x0D | 0x07 | 0x0C => {
                    let look = document.properties.paragraph(at, &document.styles);
                    contents |= fields.iter().any(Field::is_contents);
                    let page = unit == 0x0C;
                    if page && look.depth == 0 && paragraph.weight() == 0 {
                        flow.lines.break_off();
                        continue;
                    }
                    self.end(&mut flow, std::mem::take(&mut paragraph), &look, unit == 7, contents);
                    contents = fields.iter().any(Field::is_contents);
                    if !balanced {
                        // A code without end would take the rest of the document with it.
                        fields.retain(|f| !f.in_code);
                    }
                }
                0x0B | 0x0E => paragraph.put(layer, "\n"),
                0x09 => paragraph.put(layer, "\t"),
                0x1E => paragraph.put(layer, "\u{2011}"),
                0x02 if run.special && noted => self.note(char, layer, &mut paragraph)?,
                0x05 if run.special && noted => self.comment(char, &mut paragraph)?,
                0x28 if run.special && run.symbol.is_some() => {
                    if let Some((font, code)) = run.symbol {
                        self.symbol(usize::from(font), u32::from(code), layer, &mut paragraph);
                    }
                }
                0..=0x1F => {}
                0xD800..=0xDBFF => half = Some(unit),
                0xDC00..=0xDFFF => {
                    if let Some(high) = half.take() {
                        for c in char::decode_utf16([high, unit]).flatten() {
                            paragraph.put(layer, c.encode_utf8(&mut [0; 4]));
                        }
                    }
                }
                0xF000..=0xF0FF => {
                    let font = run.font.map_or(usize::MAX, usize::from);
                    self.symbol(font, u32::from(unit), layer, &mut paragraph);
                }
                _ => {
                    if let Some(c) = char::from_u32(u32::from(unit)) {
                        if paragraph.look.size == 0 && !c.is_whitespace() {
                            paragraph.look.size = run.size.unwrap_or(0);
                        }
                        let raised = run.raised.then(|| crate::paragraphs::raised(c)).flatten();
                        paragraph.put(layer, raised.unwrap_or(c).encode_utf8(&mut [0; 4]));
                    }
                }
            }
        }
        if paragraph.weight() > 0 {
            let look = document.properties.paragraph(last, &document.styles);
            self.end(&mut flow, paragraph, &look, false, contents);
        }
        Ok(flow.finish())
    }

    fn end(
        &mut self,
        flow: &mut Flow,
        mut paragraph: Paragraph,
        look: &properties::Look,
        cell: bool,
        contents: bool,
    ) {
        if look.row_end {
            flow.end_row(look.depth.max(1));
            return;
        }
        let empty = paragraph.kept.trim().is_empty();
        let mut bullet = false;
        if let Some((list, level)) = look.number
            && (!empty || cell)
            && !paragraph.is_deleted()
            && let Some(number) = self.counting.count(&self.document.lists, list, level)
        {
            bullet = number.is_empty();
            paragraph.kept = before(&number, &paragraph.kept);
        }
        paragraph.look.centred = look.centred;
        if paragraph.look.size == 0 {
            paragraph.look.size = look.size.unwrap_or(20);
        }
        let hint = match look.role {
            _ if contents => Hint::Outside,
            Role::Contents => Hint::Outside,
            Role::Title => Hint::Title,
            Role::Heading(level) => Hint::Heading(level),
            Role::Caption => Hint::Caption,
            Role::Text if bullet => Hint::List,
            Role::Text => Hint::None,
        };
        let gap = look.indented || matches!(hint, Hint::Heading(_));
        let depth = if cell { look.depth.max(1) } else { look.depth };
        flow.end(paragraph, hint, gap, depth);
        if cell || look.cell_end {
            flow.end_cell(depth);
        }
    }

    fn symbol(&mut self, font: usize, code: u32, layer: Layer, paragraph: &mut Paragraph) {
        let name = self.document.fonts.get(font).map_or("", String::as_str);
        let shown = symbols::shown(name, code);
        self.unmapped |= shown.is_none();
        if let Some(c) = shown.or_else(|| char::from_u32(code)) {
            paragraph.put(layer, c.encode_utf8(&mut [0; 4]));
        }
    }

    /// The mark of a note in the text, and the note behind the paragraph.
    fn note(
        &mut self,
        char: usize,
        layer: Layer,
        paragraph: &mut Paragraph,
    ) -> Result<(), ImportError> {
        let end = self.footnotes.at(char).is_none();
        let notes = if end { &mut self.endnotes } else { &mut self.footnotes };
        let Some(range) = notes.at(char) else { return Ok(()) };
        notes.count += 1;
        let mark = format!("[{}]", notes.count);
        paragraph.put(layer, &mark);
        let mut lines = self.read(range, false)?.lines;
        as_note(&mut lines, &mark);
        if end {
            self.at_end.extend(lines);
        } else {
            paragraph.after.extend(lines);
        }
        Ok(())
    }

    fn comment(&mut self, char: usize, paragraph: &mut Paragraph) -> Result<(), ImportError> {
        let Some(range) = self.comments.at(char) else { return Ok(()) };
        for mut line in self.read(range, false)?.lines {
            line.hint = Hint::Aside(FurnitureReason::Comment);
            paragraph.after.push(line);
        }
        Ok(())
    }

    /// What headers and footers say, each once.
    fn margins(&mut self, part: Range<usize>) -> Result<Vec<SourceLine>, ImportError> {
        let mut lines: Vec<SourceLine> = Vec::new();
        for line in self.read(part, false)?.lines {
            if !lines.iter().any(|l| l.raw.trim() == line.raw.trim()) {
                lines.push(crate::paragraphs::margin(&line.raw));
            }
        }
        Ok(lines)
    }
}

/// A character of a piece of single bytes.
fn narrow(byte: u8) -> u16 {
    if byte.is_ascii() {
        return u16::from(byte);
    }
    let bytes = [byte];
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
    text.encode_utf16().next().unwrap_or(u16::from(byte))
}
