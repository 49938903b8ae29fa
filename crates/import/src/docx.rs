//! DOCX: the paragraphs of a Word document as one reads them with all tracked changes accepted.
//!
//! What Word computes and does not store is computed here as well: the numbers of headings and
//! lists. Results of fields are text, their codes are not. Notes follow the paragraph that refers
//! to them (endnotes the document), text boxes the paragraph they are anchored in; headers, footers,
//! comments, hidden and deleted text and generated tables of contents are set aside.

mod numbering;
mod styles;

use crate::field::Field;
use crate::layout::{Facts, Hint, Page, SourceLine};
use crate::package::{Package, damaged, resolve};
use crate::paragraphs::{
    Collected, Layer, Paragraph, Role, Table, all_raised, as_note, margin, title_of_properties,
};
use crate::xml::{Document, Element};
use crate::{ImportError, Options, decode, html, mhtml, numbering as numbers, rtf, symbols};
use anjuan_text::{FurnitureReason, Problem, ProblemCode};
use numbering::Numbering;
use std::collections::{HashMap, HashSet};
use styles::Styles;

/// Documents inside documents.
const MAX_NESTED: usize = 3;
/// Tables and text boxes inside each other.
const MAX_DEPTH: usize = 24;

/// A part that another part refers to.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    /// The last word of its type.
    pub(crate) kind: String,
    /// The path of the part.
    pub(crate) target: String,
}

/// The relations of a part.
pub(crate) fn relations(
    package: &Package<'_>,
    part: &str,
) -> Result<HashMap<String, Relation>, ImportError> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let slash = if folder.is_empty() { "" } else { "/" };
    let mut found = HashMap::new();
    let Some(document) = package.xml(&format!("{folder}{slash}_rels/{name}.rels"))? else {
        return Ok(found);
    };
    for relation in document.root().descendants().filter(|e| e.local() == "Relationship") {
        let (Some(id), Some(target)) = (relation.attribute("Id"), relation.attribute("Target"))
        else {
            continue;
        };
        if relation.attribute("TargetMode") == Some("External") {
            continue;
        }
        let kind = relation.attribute("Type").unwrap_or("");
        let kind = kind.rsplit('/').next().unwrap_or("").to_owned();
        found.insert(id.to_owned(), Relation { kind, target: resolve(part, target) });
    }
    Ok(found)
}

/// The part of a package that its relations name as the document itself.
pub(crate) fn main_part(package: &Package<'_>, usual: &str) -> Result<String, ImportError> {
    let named = relations(package, "")?
        .into_values()
        .find(|r| r.kind == "officeDocument" && package.has(&r.target));
    Ok(named.map_or_else(|| usual.to_owned(), |r| r.target))
}

/// Parts that belong to a document.
struct Parts {
    relations: HashMap<String, Relation>,
    styles: Styles,
    numbering: Numbering,
    footnotes: Option<Document>,
    endnotes: Option<Document>,
    comments: Option<Document>,
}

impl Parts {
    fn load(package: &Package<'_>, part: &str) -> Result<Self, ImportError> {
        let relations = relations(package, part)?;
        let of = |kind: &str| -> Result<Option<Document>, ImportError> {
            let named = relations.values().find(|r| r.kind == kind).map(|r| r.target.clone());
            // Without relations (a damaged file) parts have their usual names.
            package.xml(&named.unwrap_or_else(|| format!("word/{kind}.xml")))
        };
        let (styles, numbering) = (of("styles")?, of("numbering")?);
        let styles = styles.as_ref().map(Styles::read).unwrap_or_default();
        let numbering = numbering.as_ref().map(|n| Numbering::read(n, &styles)).unwrap_or_default();
        let (footnotes, endnotes, comments) = (of("footnotes")?, of("endnotes")?, of("comments")?);
        Ok(Self { relations, styles, numbering, footnotes, endnotes, comments })
    }
}

/// Reads a document.
pub(crate) fn read(package: &Package<'_>, options: &Options<'_>) -> Result<Page, ImportError> {
    read_nested(package, options, 0)
}

fn read_nested(
    package: &Package<'_>,
    options: &Options<'_>,
    nested: usize,
) -> Result<Page, ImportError> {
    let part = main_part(package, "word/document.xml")?;
    let Some(document) = package.xml(&part)? else {
        return Err(damaged("Word document", "the part with its text is missing"));
    };
    let parts = Parts::load(package, &part)?;
    let mut page = read_body(&document, &parts, Some(package), options, nested)?;
    page.problems.extend(package.damage(false, || {
        "The file is damaged; what stands before the damage was read.".to_owned()
    }));
    if let Some(core) = package.xml("docProps/core.xml").ok().flatten() {
        let title = core.root().descendants().find(|e| e.name() == "dc:title");
        page.facts.title = title.and_then(|t| title_of_properties(&t.text()));
    }
    Ok(page)
}

/// Whether a text is a Word document in one XML file: of Word 2003, or a package written flat. Many
/// programs that fill in forms make such files and call them `.doc`.
pub(crate) fn is_flat(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(8192)];
    (head.contains("schemas.microsoft.com/office/word/2003/wordml")
        && head.contains(":wordDocument"))
        || (head.contains("schemas.microsoft.com/office/2006/xmlPackage")
            && text.contains("wordprocessingml"))
}

/// Reads a document in one XML file.
pub(crate) fn read_flat(text: &str, options: &Options<'_>) -> Result<Page, ImportError> {
    let parsed = crate::xml::parse(text);
    let document = parsed.map_err(|refused| damaged("XML", refused.reason()))?;
    let styles = Styles::read(&document);
    let parts = Parts {
        relations: HashMap::new(),
        numbering: Numbering::read(&document, &styles),
        styles,
        footnotes: None,
        endnotes: None,
        comments: None,
    };
    let mut page = read_body(&document, &parts, None, options, 0)?;
    if document.broken {
        page.problems.push(Problem {
            code: ProblemCode::Truncated,
            message: "The file breaks off; what stands before the end was read.".to_owned(),
            range: None,
        });
    }
    Ok(page)
}

/// Reads the body of a document with its parts, which stand beside it in a flat file.
fn read_body(
    document: &Document,
    parts: &Parts,
    package: Option<&Package<'_>>,
    options: &Options<'_>,
    nested: usize,
) -> Result<Page, ImportError> {
    let body = document.root().descendants().find(|e| e.name() == "w:body");
    let Some(body) = body else {
        return Err(damaged("Word document", "there is no text in it"));
    };
    let mut walk = Walk::new(package, options, parts, nested);
    let beside = package.is_none().then_some(document);
    walk.footnotes = Notes::of(parts.footnotes.as_ref().or(beside), "w:footnote", document);
    walk.endnotes = Notes::of(parts.endnotes.as_ref().or(beside), "w:endnote", document);
    walk.comments = Notes::of(parts.comments.as_ref().or(beside), "w:comment", document);
    let (heads, feet) =
        if package.is_some() { walk.margins(body) } else { walk.margins_beside(document) };
    let marks = |kind: &str| {
        let marks = body.descendants().filter(|e| e.name() == "w:fldChar");
        marks.filter(|e| e.attribute("w:fldCharType") == Some(kind)).count()
    };
    walk.balanced = marks("begin") == marks("end");
    walk.blocks(body, Mode::default())?;
    walk.lines.mark_title();
    walk.lines.lines.splice(0..0, heads);
    let endnotes = std::mem::take(&mut walk.at_end);
    walk.lines.lines.extend(endnotes);
    walk.lines.lines.extend(feet);
    let mut problems = walk.lines.problems();
    problems.extend(walk.problems);
    Ok(Page { lines: walk.lines.lines, facts: Facts::default(), problems })
}

/// What holds of everything inside an element.
#[derive(Debug, Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a thing an element can be inside of")]
struct Mode {
    /// A tracked change took it out.
    deleted: bool,
    /// It is generated or a placeholder: no text of the report.
    outside: bool,
    /// Inside a table: a paragraph of nothing but its number counts.
    cell: bool,
    /// Inside a note, which has no notes.
    noted: bool,
    depth: usize,
}

/// Notes or comments by their identifiers, and how the notes are numbered.
#[derive(Default)]
struct Notes<'p> {
    by_id: HashMap<&'p str, Element<'p>>,
    form: numbers::Form,
    count: u32,
}

impl<'p> Notes<'p> {
    fn of(part: Option<&'p Document>, name: &str, document: &Document) -> Self {
        let properties = format!("{name}Pr");
        let form = document
            .root()
            .descendants()
            .filter(|e| e.name() == properties)
            .find_map(|e| e.child("w:numFmt")?.attribute("w:val"));
        let notes = part.into_iter().flat_map(|part| part.root().descendants());
        let notes = notes.filter(|e| e.name() == name);
        Self {
            by_id: notes.filter_map(|e| Some((e.attribute("w:id")?, e))).collect(),
            form: form.map_or(numbers::Form::Decimal, numbers::Form::named),
            count: 0,
        }
    }

    /// The mark of the next note: `[1]`, or ① where the document numbers its notes so.
    fn mark(&mut self) -> String {
        self.count += 1;
        let written = self.form.write(self.count);
        if self.form == numbers::Form::Circled { written } else { format!("[{written}]") }
    }
}

struct Walk<'p> {
    /// Nothing for a flat file.
    package: Option<&'p Package<'p>>,
    options: &'p Options<'p>,
    parts: &'p Parts,
    nested: usize,
    footnotes: Notes<'p>,
    endnotes: Notes<'p>,
    comments: Notes<'p>,
    /// Lines of endnotes, which stand at the end.
    at_end: Vec<SourceLine>,
    lines: Collected,
    /// The rows of a table that stands below the line it is anchored in.
    floating: Vec<SourceLine>,
    /// The paragraph being read, carried on where its mark was deleted.
    paragraph: Paragraph,
    fields: Vec<Field>,
    /// Every field that begins ends: text inside a code is none of the report.
    balanced: bool,
    /// A table of contents ended before the text of its last paragraph.
    contents_ended: bool,
    counting: numbering::Counting,
    problems: Vec<Problem>,
    unmapped: bool,
}

impl<'p> Walk<'p> {
    fn new(
        package: Option<&'p Package<'p>>,
        options: &'p Options<'p>,
        parts: &'p Parts,
        nested: usize,
    ) -> Self {
        Self {
            package,
            options,
            parts,
            nested,
            footnotes: Notes::default(),
            endnotes: Notes::default(),
            comments: Notes::default(),
            at_end: Vec::new(),
            lines: Collected::default(),
            floating: Vec::new(),
            paragraph: Paragraph::default(),
            fields: Vec::new(),
            balanced: true,
            contents_ended: false,
            counting: numbering::Counting::default(),
            problems: Vec::new(),
            unmapped: false,
        }
    }

    /// Paragraphs, tables and what else stands in a body, a cell, a note or a text box.
    fn blocks(&mut self, parent: Element<'p>, mode: Mode) -> Result<(), ImportError> {
        self.options.go_on()?;
        for element in parent.children() {
            self.block(element, mode)?;
        }
        self.land();
        Ok(())
    }

    /// Puts a floating table where it stands.
    fn land(&mut self) {
        if !self.floating.is_empty() {
            self.lines.lines.append(&mut self.floating);
            self.lines.break_off();
        }
    }

    fn block(&mut self, element: Element<'p>, mode: Mode) -> Result<(), ImportError> {
        match element.name() {
            "w:p" => self.paragraph(element, mode)?,
            "w:tbl" => self.table(element, mode)?,
            "w:sdt" => {
                let mode = Mode { outside: mode.outside || is_generated(element), ..mode };
                if let Some(content) = element.child("w:sdtContent") {
                    self.blocks(content, mode)?;
                }
            }
            "w:del" | "w:moveFrom" => self.blocks(element, Mode { deleted: true, ..mode })?,
            "mc:AlternateContent" => {
                let before = self.lines.lines.len();
                for choice in element.children().filter(|e| e.local() != "Fallback") {
                    if self.lines.lines.len() == before {
                        self.blocks(choice, mode)?;
                    }
                }
                if let Some(fallback) = element.child("mc:Fallback")
                    && self.lines.lines.len() == before
                {
                    self.blocks(fallback, mode)?;
                }
            }
            "w:altChunk" => self.chunk(element),
            "w:customXml" | "w:ins" | "w:moveTo" | "w:smartTag" | "wx:sect" | "wx:sub-section" => {
                self.blocks(element, mode)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn paragraph(&mut self, element: Element<'p>, mode: Mode) -> Result<(), ImportError> {
        let properties = element.child("w:pPr");
        let look = self.parts.styles.paragraph(properties);
        let mark = properties.and_then(|p| p.child("w:rPr"));
        let inside_contents = self.fields.iter().any(Field::is_contents);
        self.contents_ended = false;
        self.inline(element, Inline { mode, hidden: look.hidden })?;
        let inside_contents = (inside_contents && !self.contents_ended)
            || self.fields.iter().any(Field::is_contents)
            || look.role == Role::Contents;
        // A paragraph whose mark was deleted goes on in the next one.
        let joined =
            mark.is_some_and(|m| m.child("w:del").is_some() || m.child("w:moveFrom").is_some());
        self.lines.insertions += usize::from(mark.is_some_and(|m| m.child("w:ins").is_some()));
        if joined && !mode.cell && self.paragraph.weight() < 1 << 20 {
            return Ok(());
        }
        let mut paragraph = std::mem::take(&mut self.paragraph);
        if !self.balanced {
            // A code without end would take the rest of the document with it.
            self.fields.retain(|f| !f.in_code);
        }
        let gone = joined || mode.deleted || paragraph.is_deleted();
        let empty = paragraph.kept.trim().is_empty();
        let mut numbered = None;
        if !gone
            && (!empty || mode.cell)
            && let Some((list, level)) = look.number
        {
            numbered = self.counting.count(&self.parts.numbering, list, level);
        }
        // Word 2003 keeps what it computed.
        let kept = properties.and_then(|p| p.at(&["w:listPr", "wx:t"]));
        if let Some(text) = kept.and_then(|t| t.attribute("wx:val")).filter(|_| !gone && !empty) {
            let bullet = !text.chars().any(char::is_alphanumeric);
            let text = if bullet { String::new() } else { text.to_owned() };
            numbered = Some(numbering::Number { text, bullet });
        }
        let bullet = numbered.as_ref().is_some_and(|n| n.text.is_empty() && n.bullet);
        if let Some(number) = &numbered {
            paragraph.kept = numbers::before(&number.text, &paragraph.kept);
        }
        let hint = if mode.outside || inside_contents {
            Hint::Outside
        } else {
            match look.role {
                Role::Title => Hint::Title,
                Role::Heading(level) => Hint::Heading(level),
                Role::Caption => Hint::Caption,
                _ if bullet => Hint::List,
                _ => Hint::None,
            }
        };
        paragraph.look.centred = look.centred;
        if paragraph.look.size == 0 {
            paragraph.look.size = look.size;
        }
        let gap = look.indented || matches!(hint, Hint::Heading(_));
        self.lines.end(paragraph, hint, gap);
        if !empty {
            self.land();
        }
        if matches!(hint, Hint::Heading(_) | Hint::Title) {
            self.lines.break_off();
        }
        Ok(())
    }

    fn table(&mut self, element: Element<'p>, mode: Mode) -> Result<(), ImportError> {
        let depth = mode.depth + 1;
        if depth > MAX_DEPTH {
            // Deeper than any document: the text without its rows.
            let text = element.text();
            self.lines.push(&text, Hint::None, true);
            return Ok(());
        }
        self.land();
        let mut table = Table::default();
        let outer = std::mem::take(&mut self.lines);
        let rows = flat(element, &["w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo"]);
        for row in rows.into_iter().filter(|e| e.name() == "w:tr") {
            let removed = row.child("w:trPr").is_some_and(|p| p.child("w:del").is_some());
            let mut cells = Vec::new();
            let inner = flat(row, &["w:sdt", "w:sdtContent", "w:customXml"]);
            for cell in inner.into_iter().filter(|e| e.name() == "w:tc") {
                let mode = Mode { deleted: mode.deleted || removed, cell: true, depth, ..mode };
                self.blocks(cell, mode)?;
                cells.push(std::mem::take(&mut self.lines.lines));
            }
            table.rows.push(cells);
        }
        let inner = std::mem::replace(&mut self.lines, outer);
        self.lines.absorb(&inner);
        if depth == 1 && hangs_below(element) {
            self.floating = table.into_lines();
        } else {
            self.lines.lines.extend(table.into_lines());
            self.lines.break_off();
        }
        Ok(())
    }

    /// Runs and what stands between them.
    fn inline(&mut self, parent: Element<'p>, at: Inline) -> Result<(), ImportError> {
        for element in parent.children() {
            match element.name() {
                "w:r" | "m:r" => self.run(element, at)?,
                "w:ins" | "w:moveTo" => {
                    self.lines.insertions += 1;
                    self.inline(element, at)?;
                }
                "w:del" | "w:moveFrom" => {
                    self.inline(element, at.deleted())?;
                }
                "w:hyperlink" | "w:smartTag" | "w:customXml" | "w:bdo" | "w:dir"
                | "w:fldSimple" | "w:sdtContent" => self.inline(element, at)?,
                "w:sdt" => {
                    if !is_generated(element) {
                        self.inline(element, at)?;
                    } else if let Some(content) = element.child("w:sdtContent") {
                        let raw = content.text();
                        let line = SourceLine { raw, hint: Hint::Outside, gap: false };
                        self.paragraph.after.push(line);
                    }
                }
                "m:oMathPara" | "m:oMath" => self.formula(element, at)?,
                "mc:AlternateContent" => self.alternative(element, at, Self::inline)?,
                "w:ruby" => self.ruby(element, at)?,
                "aml:annotation" => self.annotation(element, at)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// A tracked change or a comment of Word 2003.
    fn annotation(&mut self, element: Element<'p>, at: Inline) -> Result<(), ImportError> {
        let Some(content) = element.child("aml:content") else { return Ok(()) };
        match element.attribute("w:type") {
            Some("Word.Comment") => self.put_comment(content),
            Some("Word.Deletion") => self.inline(content, at.deleted())?,
            kind => {
                self.lines.insertions += usize::from(kind == Some("Word.Insertion"));
                self.inline(content, at)?;
            }
        }
        Ok(())
    }

    /// The first choice that says something, or what stands in for it: never both.
    fn alternative(
        &mut self,
        element: Element<'p>,
        at: Inline,
        read: fn(&mut Self, Element<'p>, Inline) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        let before = self.paragraph.weight();
        for choice in element.children() {
            if self.paragraph.weight() == before {
                read(self, choice, at)?;
            }
        }
        Ok(())
    }

    fn put(&mut self, text: &str, at: Inline) {
        if self.fields.iter().any(|f| f.in_code) {
            return;
        }
        self.paragraph.put(at.layer(), text);
    }

    fn run(&mut self, run: Element<'p>, at: Inline) -> Result<(), ImportError> {
        let properties = run.child("w:rPr");
        let hidden = self.parts.styles.hides_run(properties).unwrap_or(at.hidden);
        let at = Inline { hidden, ..at };
        let deleted = properties.is_some_and(|p| p.child("w:del").is_some());
        let at = if deleted { at.deleted() } else { at };
        let font = properties
            .and_then(|p| p.child("w:rFonts"))
            .and_then(|f| f.attribute("w:ascii").or_else(|| f.attribute("w:hAnsi")));
        if self.paragraph.look.size == 0 {
            self.paragraph.look.size = self.parts.styles.size_of_run(properties).unwrap_or(0);
        }
        let raised = properties
            .and_then(|p| p.child("w:vertAlign"))
            .is_some_and(|v| v.attribute("w:val") == Some("superscript"));
        self.run_contents(run, at, font, raised)
    }

    fn run_contents(
        &mut self,
        run: Element<'p>,
        at: Inline,
        font: Option<&str>,
        raised: bool,
    ) -> Result<(), ImportError> {
        for child in run.children() {
            match child.name() {
                "w:t" | "m:t" => {
                    let text = child.text();
                    match font.filter(|f| symbols::is_symbol_font(f)) {
                        Some(font) => {
                            for c in text.chars() {
                                self.symbol(font, c as u32, at);
                            }
                        }
                        None => match all_raised(&text).filter(|_| raised) {
                            Some(text) => self.put(&text, at),
                            None => self.put(&text, at),
                        },
                    }
                }
                "w:delText" => self.put(&child.text(), at.deleted()),
                "w:tab" | "w:ptab" => self.put("\t", at),
                "w:br" | "w:cr" => self.put("\n", at),
                "w:noBreakHyphen" => self.put("\u{2011}", at),
                "w:sym" => {
                    let font = child.attribute("w:font").unwrap_or("");
                    let code = child.attribute("w:char").unwrap_or("");
                    if let Ok(code) = u32::from_str_radix(code, 16) {
                        self.symbol(font, code, at);
                    }
                }
                "w:instrText" => {
                    if let Some(field) = self.fields.last_mut().filter(|f| f.in_code) {
                        field.code.push_str(&child.text());
                    }
                }
                "w:fldChar" => match child.attribute("w:fldCharType") {
                    Some("begin") => self.fields.push(Field::begin()),
                    Some("separate") => {
                        if let Some(field) = self.fields.last_mut() {
                            field.in_code = false;
                        }
                    }
                    Some("end") => {
                        if let Some(field) = self.fields.pop() {
                            self.contents_ended |=
                                field.is_contents() && self.paragraph.kept.trim().is_empty();
                            if let Some(shown) = field.shown().filter(|_| field.in_code) {
                                self.put(&shown, at);
                            }
                        }
                    }
                    _ => {}
                },
                "w:footnoteReference" => self.note(child, at, false)?,
                "w:endnoteReference" => self.note(child, at, true)?,
                // Notes of Word 2003 stand where they are referred to.
                "w:footnote" | "w:endnote" if !at.mode.noted && !at.mode.deleted => {
                    self.put_note(child, false, at, child.name() == "w:endnote")?;
                }
                "w:commentReference" => self.comment(child),
                "w:ruby" => self.ruby(child, at)?,
                "mc:AlternateContent" => {
                    self.alternative(child, at, |walk, choice, at| {
                        walk.run_contents(choice, at, None, false)
                    })?;
                }
                "w:drawing" | "w:pict" | "w:object" => self.drawing(child, at.mode)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn symbol(&mut self, font: &str, code: u32, at: Inline) {
        let shown = symbols::shown(font, code).or_else(|| char::from_u32(code));
        let Some(c) = shown else { return };
        if (0xE000..=0xF8FF).contains(&(c as u32)) && !self.unmapped {
            self.unmapped = true;
            self.problems.push(Problem {
                code: ProblemCode::CharactersUnmapped,
                message: format!("What characters of the font “{font}” show is not known."),
                range: None,
            });
        }
        self.put(c.encode_utf8(&mut [0; 4]), at);
    }

    /// A reading above its characters: the characters, and the reading in brackets, which is a
    /// pinyin gloss like any other.
    fn ruby(&mut self, element: Element<'p>, at: Inline) -> Result<(), ImportError> {
        if let Some(base) = element.child("w:rubyBase") {
            self.inline(base, at)?;
        }
        let reading = element.child("w:rt").map(Element::text).unwrap_or_default();
        if !reading.trim().is_empty() {
            self.put(&format!("({})", reading.trim()), at);
        }
        Ok(())
    }

    /// A formula in one line: its signs in order, fractions with a stroke.
    fn formula(&mut self, element: Element<'p>, at: Inline) -> Result<(), ImportError> {
        for child in element.children() {
            match child.name() {
                "m:r" => self.run(child, at)?,
                "m:f" => {
                    for (place, part) in child
                        .children()
                        .filter(|c| matches!(c.name(), "m:num" | "m:den"))
                        .enumerate()
                    {
                        if place > 0 {
                            self.put("/", at);
                        }
                        self.formula(part, at)?;
                    }
                }
                "m:sSup" => {
                    if let Some(base) = child.child("m:e") {
                        self.formula(base, at)?;
                    }
                    let power = child.child("m:sup").map(Element::text).unwrap_or_default();
                    let power = all_raised(&power).unwrap_or_else(|| format!("^{power}"));
                    self.put(&power, at);
                }
                "m:rad" => {
                    self.put("√", at);
                    if let Some(inner) = child.child("m:e") {
                        self.formula(inner, at)?;
                    }
                }
                "m:nary" => {
                    let sign = child.at(&["m:naryPr", "m:chr"]).and_then(|c| c.attribute("m:val"));
                    self.put(sign.unwrap_or("∫"), at);
                    self.formula(child, at)?;
                }
                "m:d" => {
                    let sign = |name: &str, usual: &'static str| {
                        let properties = child.child("m:dPr");
                        let named = properties.and_then(|p| p.child(name));
                        named.and_then(|c| c.attribute("m:val")).unwrap_or(usual).to_owned()
                    };
                    let (open, close) = (sign("m:begChr", "("), sign("m:endChr", ")"));
                    self.put(&open, at);
                    self.formula(child, at)?;
                    self.put(&close, at);
                }
                name if name.ends_with("Pr") => {}
                _ => self.formula(child, at)?,
            }
        }
        Ok(())
    }

    /// The mark of a note in the text, and the note behind the paragraph.
    fn note(&mut self, reference: Element<'p>, at: Inline, end: bool) -> Result<(), ImportError> {
        if at.mode.noted || at.mode.deleted {
            return Ok(());
        }
        let notes = if end { &mut self.endnotes } else { &mut self.footnotes };
        let id = reference.attribute("w:id").unwrap_or("");
        let Some(note) = notes.by_id.remove(id) else { return Ok(()) };
        let own = reference.attribute("w:customMarkFollows").is_some_and(styles::is_on);
        self.put_note(note, own, at, end)
    }

    /// A note with its mark, unless it has a mark of its own.
    fn put_note(
        &mut self,
        note: Element<'p>,
        own: bool,
        at: Inline,
        end: bool,
    ) -> Result<(), ImportError> {
        let notes = if end { &mut self.endnotes } else { &mut self.footnotes };
        let mark = if own { String::new() } else { notes.mark() };
        self.put(&mark, at);
        let mode = Mode { cell: false, noted: true, ..at.mode };
        let mut lines = self.apart(note, mode)?;
        as_note(&mut lines, &mark);
        if end {
            self.at_end.extend(lines);
        } else {
            self.paragraph.after.extend(lines);
        }
        Ok(())
    }

    fn comment(&mut self, reference: Element<'p>) {
        let id = reference.attribute("w:id").unwrap_or("");
        if let Some(comment) = self.comments.by_id.remove(id) {
            self.put_comment(comment);
        }
    }

    fn put_comment(&mut self, comment: Element<'p>) {
        for paragraph in comment.descendants().filter(|e| e.name() == "w:p") {
            let raw = paragraph.text();
            let hint = Hint::Aside(FurnitureReason::Comment);
            self.paragraph.after.push(SourceLine { raw, hint, gap: false });
        }
    }

    /// Text boxes and lettering in a drawing.
    fn drawing(&mut self, element: Element<'p>, mode: Mode) -> Result<(), ImportError> {
        if mode.depth >= MAX_DEPTH {
            return Ok(());
        }
        let mode = Mode { depth: mode.depth + 1, cell: false, ..mode };
        let mut stack = vec![element];
        while let Some(next) = stack.pop() {
            match next.name() {
                "w:txbxContent" => {
                    let lines = self.apart(next, mode)?;
                    self.paragraph.after.extend(lines);
                }
                "mc:AlternateContent" => {
                    let before = self.paragraph.weight();
                    for choice in next.children() {
                        if self.paragraph.weight() == before {
                            self.drawing(choice, mode)?;
                        }
                    }
                }
                "dgm:relIds" => self.diagram(next),
                name => {
                    if name == "v:textpath"
                        && let Some(lettering) = next.attribute("string")
                    {
                        let hint = if mode.outside { Hint::Outside } else { Hint::None };
                        for raw in lettering.lines().map(str::to_owned) {
                            self.paragraph.after.push(SourceLine { raw, hint, gap: true });
                        }
                    }
                    let at = stack.len();
                    stack.extend(next.children());
                    stack[at..].reverse();
                }
            }
        }
        Ok(())
    }

    /// The words of a diagram, which lie in a part of their own.
    fn diagram(&mut self, element: Element<'p>) {
        let part = element.attribute("r:dm").and_then(|id| self.parts.relations.get(id));
        let Some(document) = part.and_then(|p| self.xml(&p.target)) else {
            return;
        };
        for paragraph in document.root().descendants().filter(|e| e.name() == "a:p") {
            let texts = paragraph.descendants().filter(|e| e.name() == "a:t");
            let raw: String = texts.map(Element::text).collect();
            if !raw.trim().is_empty() {
                self.paragraph.after.push(SourceLine { raw, hint: Hint::None, gap: true });
            }
        }
    }

    /// The lines of blocks that stand apart from the paragraph being read.
    fn apart(&mut self, blocks: Element<'p>, mode: Mode) -> Result<Vec<SourceLine>, ImportError> {
        let paragraph = std::mem::take(&mut self.paragraph);
        let lines = std::mem::take(&mut self.lines);
        let fields = std::mem::take(&mut self.fields);
        let floating = std::mem::take(&mut self.floating);
        let read = self.blocks(blocks, mode);
        self.floating = floating;
        self.paragraph = paragraph;
        self.fields = fields;
        let apart = std::mem::replace(&mut self.lines, lines);
        self.lines.absorb(&apart);
        read.map(|()| apart.lines)
    }

    /// A body of another format inside the document.
    fn chunk(&mut self, element: Element<'p>) {
        let part = element.attribute("r:id").and_then(|id| self.parts.relations.get(id));
        let Some(target) = part.map(|p| p.target.clone()) else { return };
        match self.read_chunk(&target) {
            Ok(Some(page)) => {
                self.lines.break_off();
                self.lines.lines.extend(page.lines);
                self.problems.extend(page.problems);
            }
            Ok(None) => {}
            Err(error) => self.problems.push(Problem {
                code: ProblemCode::PartsNotRead,
                message: format!("The inserted document “{target}” was not read: {error}."),
                range: None,
            }),
        }
        self.lines.break_off();
    }

    fn read_chunk(&self, target: &str) -> Result<Option<Page>, ImportError> {
        let Some(package) = self.package else { return Ok(None) };
        let Some(bytes) = package.part(target)? else { return Ok(None) };
        if let Some(inner) = Package::open(&bytes) {
            if self.nested >= MAX_NESTED {
                return Ok(None);
            }
            return read_nested(&inner, self.options, self.nested + 1).map(Some);
        }
        if rtf::is_rtf(&bytes) {
            return rtf::read(&bytes, self.options).map(Some);
        }
        let packed = bytes.trim_ascii_start().get(..13);
        let page = packed
            .filter(|head| head.eq_ignore_ascii_case(b"MIME-Version:"))
            .and_then(|_| mhtml::unpack(&bytes))
            .map(|unpacked| unpacked.bytes);
        let decoded = decode::decode(page.as_deref().unwrap_or(&bytes))?;
        Ok(Some(if page.is_some() || html::is_html(target, &decoded.text) {
            html::whole(&decoded.text)
        } else {
            let lines = crate::layout::lines_of(&decoded.text);
            Page { lines, ..Page::default() }
        }))
    }

    fn xml(&self, part: &str) -> Option<Document> {
        self.package.and_then(|package| package.xml(part).ok().flatten())
    }

    /// What headers and footers say in a flat file.
    fn margins_beside(&self, document: &Document) -> (Vec<SourceLine>, Vec<SourceLine>) {
        let (mut heads, mut feet): (Vec<SourceLine>, Vec<SourceLine>) = (Vec::new(), Vec::new());
        for element in document.root().descendants() {
            let side = match element.name() {
                "w:hdr" => &mut heads,
                "w:ftr" => &mut feet,
                _ => continue,
            };
            for line in margin_lines(self, element) {
                if !side.iter().any(|l: &SourceLine| l.raw == line.raw) {
                    side.push(line);
                }
            }
        }
        (heads, feet)
    }

    /// What headers and footers say, each once.
    fn margins(&self, body: Element<'p>) -> (Vec<SourceLine>, Vec<SourceLine>) {
        let (mut heads, mut feet): (Vec<SourceLine>, Vec<SourceLine>) = (Vec::new(), Vec::new());
        let references = body
            .descendants()
            .filter(|e| matches!(e.name(), "w:headerReference" | "w:footerReference"));
        let mut seen: HashSet<&str> = HashSet::new();
        for reference in references {
            let Some(relation) =
                reference.attribute("r:id").and_then(|id| self.parts.relations.get(id))
            else {
                continue;
            };
            if !seen.insert(&relation.target) {
                continue;
            }
            let Some(part) = self.xml(&relation.target) else { continue };
            let side = if reference.name() == "w:headerReference" { &mut heads } else { &mut feet };
            let Some(root) = part.root().children().next() else { continue };
            for line in margin_lines(self, root) {
                if !side.iter().any(|l| l.raw == line.raw) {
                    side.push(line);
                }
            }
        }
        (heads, feet)
    }
}

/// The lines of a header or footer.
fn margin_lines(walk: &Walk<'_>, root: Element<'_>) -> Vec<SourceLine> {
    let mut inner = Walk::new(walk.package, walk.options, walk.parts, walk.nested);
    if inner.blocks(root, Mode::default()).is_err() {
        return Vec::new();
    }
    inner.lines.lines.into_iter().map(|l| margin(&l.raw)).filter(|l| !l.raw.is_empty()).collect()
}

/// What holds of a run.
#[derive(Debug, Clone, Copy)]
struct Inline {
    mode: Mode,
    hidden: bool,
}

impl Inline {
    fn deleted(self) -> Self {
        Self { mode: Mode { deleted: true, ..self.mode }, ..self }
    }

    fn layer(self) -> Layer {
        if self.mode.deleted {
            Layer::Deleted
        } else if self.hidden {
            Layer::Hidden
        } else {
            Layer::Kept
        }
    }
}

/// Whether a table is anchored in the paragraph behind it and stands a line or more below its
/// beginning: the paragraph is the line over the table.
fn hangs_below(table: Element<'_>) -> bool {
    /// Twentieths of a point.
    const LINE: i32 = 300;
    let Some(place) = table.at(&["w:tblPr", "w:tblpPr"]) else { return false };
    let down = place.attribute("w:tblpY").and_then(|y| y.parse::<i32>().ok());
    place.attribute("w:vertAnchor") == Some("text")
        && down.is_some_and(|y| (LINE..15_000).contains(&y))
}

/// Whether a content control holds a generated table of contents or the words "click here".
fn is_generated(element: Element<'_>) -> bool {
    let Some(properties) = element.child("w:sdtPr") else { return false };
    let gallery = properties
        .at(&["w:docPartObj", "w:docPartGallery"])
        .and_then(|g| g.attribute("w:val"))
        .is_some_and(|g| g == "Table of Contents");
    let placeholder = properties
        .child("w:showingPlcHdr")
        .is_some_and(|p| p.attribute("w:val").is_none_or(styles::is_on));
    gallery || placeholder
}

/// The children of an element, those of the wrappers among them in their place.
fn flat<'d>(element: Element<'d>, wrappers: &[&str]) -> Vec<Element<'d>> {
    let mut found = Vec::new();
    let mut stack: Vec<Element<'d>> = vec![element];
    let mut first = true;
    while let Some(next) = stack.pop() {
        if std::mem::take(&mut first) || wrappers.contains(&next.name()) {
            let at = stack.len();
            stack.extend(next.children());
            stack[at..].reverse();
        } else {
            found.push(next);
        }
    }
    found
}
