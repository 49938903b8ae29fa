//! OpenDocument text, in its archive or flat in one XML file: paragraphs, lists with their numbers,
//! tables, notes, and what tracked changes took out.

use crate::layout::{Facts, Hint, Page, SourceLine};
use crate::numbering::{Counter, Form, LEVELS, Level, before};
use crate::package::{Package, damaged, locked};
use crate::paragraphs::{
    Collected, Layer, Paragraph, Table, all_raised, as_note, margin, title_of_properties,
};
use crate::xml::{Child, Document, Element};
use crate::{ImportError, Options};
use anjuan_text::{FurnitureReason, Problem, ProblemCode};
use std::collections::HashMap;

/// Sections, lists and tables inside each other.
const MAX_DEPTH: usize = 40;
/// Styles that are based on each other.
const MAX_CHAIN: usize = 24;
/// Spaces that one element stands for, and cells.
const MAX_REPEATED: usize = 64;

/// Whether a text is OpenDocument without an archive.
pub(crate) fn is_flat(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(4096)];
    head.contains("urn:oasis:names:tc:opendocument:xmlns:office:1.0")
        && head.contains("<office:document")
}

/// Reads a document in its archive.
pub(crate) fn read(package: &Package<'_>, options: &Options<'_>) -> Result<Page, ImportError> {
    if package.is_encrypted()? {
        return Err(locked("OpenDocument"));
    }
    let Some(content) = package.xml("content.xml")? else {
        return Err(damaged("OpenDocument text", "the part with its text is missing"));
    };
    let styles = package.xml("styles.xml").ok().flatten();
    let meta = package.xml("meta.xml").ok().flatten();
    let mut page = read_parts(&content, styles.as_ref(), meta.as_ref(), options)?;
    page.problems.extend(package.damage(false, || {
        "The file is damaged; what stands before the damage was read.".to_owned()
    }));
    Ok(page)
}

/// Reads a document in one XML file.
pub(crate) fn read_flat(text: &str, options: &Options<'_>) -> Result<Page, ImportError> {
    let parsed = crate::xml::parse(text);
    let document = parsed.map_err(|refused| damaged("XML", refused.reason()))?;
    let mut page = read_parts(&document, None, Some(&document), options)?;
    if document.broken {
        page.problems.push(Problem {
            code: ProblemCode::Truncated,
            message: "The file breaks off; what stands before the end was read.".to_owned(),
            range: None,
        });
    }
    Ok(page)
}

fn read_parts(
    content: &Document,
    styles: Option<&Document>,
    meta: Option<&Document>,
    options: &Options<'_>,
) -> Result<Page, ImportError> {
    let body = content.root().descendants().find(|e| e.name() == "office:body");
    let Some(text) = body.and_then(|body| body.children().next()) else {
        return Err(damaged("OpenDocument text", "there is no text in it"));
    };
    let mut walk = Walk::new(options);
    for document in styles.into_iter().chain([content]) {
        walk.styles(document);
    }
    let (heads, feet) = margins(styles.unwrap_or(content));
    walk.blocks(text, &Mode::default())?;
    walk.lines.mark_title();
    walk.lines.lines.splice(0..0, heads);
    let endnotes = std::mem::take(&mut walk.endnotes);
    walk.lines.lines.extend(endnotes);
    walk.lines.lines.extend(feet);
    let mut facts = Facts::default();
    let titles = meta.into_iter().flat_map(|m| m.root().descendants());
    let title = titles.into_iter().find(|e| e.name() == "dc:title");
    facts.title = title.and_then(|t| title_of_properties(&t.text()));
    let problems = walk.lines.problems();
    Ok(Page { lines: walk.lines.lines, facts, problems })
}

/// What holds of everything inside an element.
#[derive(Debug, Clone, Default)]
struct Mode<'d> {
    hidden: bool,
    outside: bool,
    noted: bool,
    depth: usize,
    /// The style of the list, and how deep in it.
    list: Option<(&'d str, usize)>,
}

#[derive(Debug, Clone, Default)]
struct Style<'d> {
    parent: Option<&'d str>,
    name: &'d str,
    list: Option<&'d str>,
    level: Option<u8>,
    hidden: Option<bool>,
    indented: Option<bool>,
    centred: Option<bool>,
    size: Option<u16>,
    raised: Option<bool>,
}

struct Walk<'d> {
    options: &'d Options<'d>,
    /// By family and name.
    styles: HashMap<(&'d str, &'d str), Style<'d>>,
    /// Numbering of lists by the name of their style; of headings by the empty name.
    numbering: HashMap<&'d str, Vec<Level>>,
    counters: HashMap<&'d str, Counter>,
    /// What tracked changes took out.
    deletions: HashMap<&'d str, Element<'d>>,
    lines: Collected,
    paragraph: Paragraph,
    endnotes: Vec<SourceLine>,
    /// The number of the item whose first paragraph comes next.
    number: Option<String>,
    bullet: bool,
}

impl<'d> Walk<'d> {
    fn new(options: &'d Options<'d>) -> Self {
        Self {
            options,
            styles: HashMap::new(),
            numbering: HashMap::new(),
            counters: HashMap::new(),
            deletions: HashMap::new(),
            lines: Collected::default(),
            paragraph: Paragraph::default(),
            endnotes: Vec::new(),
            number: None,
            bullet: false,
        }
    }

    fn styles(&mut self, document: &'d Document) {
        for element in document.root().descendants() {
            match element.name() {
                "style:style" => {
                    let name = element.attribute("style:name").unwrap_or("");
                    let family = element.attribute("style:family").unwrap_or("");
                    let text = element.child("style:text-properties");
                    let paragraph = element.child("style:paragraph-properties");
                    let of = |key| element.attribute(key).filter(|v: &&str| !v.is_empty());
                    let style = Style {
                        parent: of("style:parent-style-name"),
                        name: of("style:display-name").unwrap_or(name),
                        list: element.attribute("style:list-style-name"),
                        level: of("style:default-outline-level").and_then(|l| l.parse().ok()),
                        centred: paragraph
                            .and_then(|p| p.attribute("fo:text-align"))
                            .map(|align| align == "center"),
                        size: text.and_then(|t| t.attribute("fo:font-size")).and_then(half_points),
                        raised: text.and_then(|t| t.attribute("style:text-position")).map(|p| {
                            p.starts_with("super")
                                || p.starts_with(|c: char| ('1'..='9').contains(&c))
                        }),
                        hidden: text
                            .and_then(|t| t.attribute("text:display"))
                            .map(|display| display == "none"),
                        indented: paragraph.and_then(|p| p.attribute("fo:text-indent")).map(
                            |indent| {
                                indent.starts_with(|c: char| c.is_ascii_digit())
                                    && indent.contains(|c: char| ('1'..='9').contains(&c))
                            },
                        ),
                    };
                    self.styles.insert((family, name), style);
                }
                "text:list-style" => {
                    let name = element.attribute("style:name").unwrap_or("");
                    self.numbering.insert(name, levels(element));
                }
                "text:outline-style" => {
                    self.numbering.insert("", levels(element));
                }
                _ => {}
            }
        }
    }

    fn style(&self, family: &'d str, name: Option<&'d str>) -> impl Iterator<Item = &Style<'d>> {
        let mut next = name;
        std::iter::from_fn(move || {
            let style = self.styles.get(&(family, next?))?;
            next = style.parent;
            Some(style)
        })
        .take(MAX_CHAIN)
    }

    fn blocks(&mut self, parent: Element<'d>, mode: &Mode<'d>) -> Result<(), ImportError> {
        self.options.go_on()?;
        if mode.depth > MAX_DEPTH {
            self.lines.push(&parent.text(), Hint::None, true);
            return Ok(());
        }
        let mode = Mode { depth: mode.depth + 1, ..mode.clone() };
        for element in parent.children() {
            match element.name() {
                "text:p" | "text:h" => self.paragraph(element, &mode)?,
                "text:list" => self.list(element, &mode)?,
                "table:table" => self.table(element, &mode)?,
                "text:section" => {
                    let hidden = element.attribute("text:display") == Some("none");
                    self.blocks(element, &Mode { hidden: mode.hidden || hidden, ..mode.clone() })?;
                }
                "text:table-of-content"
                | "text:alphabetical-index"
                | "text:illustration-index"
                | "text:table-index"
                | "text:user-index"
                | "text:object-index" => {
                    if let Some(body) = element.child("text:index-body") {
                        self.blocks(body, &Mode { outside: true, ..mode.clone() })?;
                    }
                }
                "text:tracked-changes" => {
                    for change in element.children() {
                        let id = change.attribute("text:id").or(change.attribute("xml:id"));
                        if let (Some(id), Some(deletion)) = (id, change.child("text:deletion")) {
                            self.deletions.insert(id, deletion);
                        }
                        self.lines.insertions +=
                            usize::from(change.child("text:insertion").is_some());
                    }
                }
                "text:change" => {
                    self.deletion(element);
                    let paragraph = std::mem::take(&mut self.paragraph);
                    self.lines.end(paragraph, Hint::None, false);
                }
                "draw:frame" | "draw:custom-shape" | "draw:g" | "draw:rect" | "draw:page"
                | "office:annotation" => {
                    self.inline_element(element, &mode)?;
                    let paragraph = std::mem::take(&mut self.paragraph);
                    self.lines.end(paragraph, Hint::None, true);
                }
                "text:index-title" | "text:numbered-paragraph" | "presentation:notes" => {
                    self.blocks(element, &mode)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn paragraph(&mut self, element: Element<'d>, mode: &Mode<'d>) -> Result<(), ImportError> {
        let style = element.attribute("text:style-name");
        let (mut title, mut caption, mut list, mut level) = (false, false, None, None);
        let (mut hidden, mut indented) = (None, None);
        let (mut centred, mut size) = (None, None);
        for style in self.style("paragraph", style) {
            let name = style.name.to_lowercase();
            title |= matches!(name.as_str(), "title" | "标题" | "標題");
            caption |= matches!(name.as_str(), "caption" | "题注" | "illustration" | "table");
            list = list.or(style.list);
            level = level.or(style.level);
            hidden = hidden.or(style.hidden);
            indented = indented.or(style.indented);
            centred = centred.or(style.centred);
            size = size.or(style.size);
        }
        let heading = (element.name() == "text:h").then(|| {
            let own = element.attribute("text:outline-level").and_then(|l| l.parse::<u8>().ok());
            own.or(level).unwrap_or(1).clamp(1, 9)
        });
        let mode = Mode { hidden: hidden.unwrap_or(mode.hidden), ..mode.clone() };
        // The number of an item goes before its first paragraph.
        let mut number = self.number.take();
        let bullet = std::mem::take(&mut self.bullet);
        self.inline(element, &mode)?;
        let mut paragraph = std::mem::take(&mut self.paragraph);
        let empty = paragraph.kept.trim().is_empty();
        if number.is_none() && !empty && mode.list.is_none() {
            let header = element.attribute("text:is-list-header") == Some("true");
            if let Some(level) = heading.filter(|_| !header) {
                number = self
                    .count(list.filter(|l| !l.is_empty()).unwrap_or(""), usize::from(level) - 1);
            }
        }
        paragraph.look.centred = centred.unwrap_or(false);
        if paragraph.look.size == 0 {
            paragraph.look.size = size.unwrap_or(24);
        }
        if let Some(number) = number {
            paragraph.kept = before(&number, &paragraph.kept);
        }
        let hint = match heading {
            _ if mode.outside => Hint::Outside,
            _ if title => Hint::Title,
            Some(level) => Hint::Heading(level),
            None if caption => Hint::Caption,
            None if bullet => Hint::List,
            None => Hint::None,
        };
        self.lines.end(paragraph, hint, indented.unwrap_or(false) || heading.is_some());
        if matches!(hint, Hint::Heading(_) | Hint::Title) {
            self.lines.break_off();
        }
        Ok(())
    }

    /// What stands before the next item of a list.
    fn count(&mut self, style: &'d str, level: usize) -> Option<String> {
        let levels = self.numbering.get(style)?;
        let number = self.counters.entry(style).or_default().count(levels, level);
        (!number.is_empty()).then_some(number)
    }

    fn list(&mut self, list: Element<'d>, mode: &Mode<'d>) -> Result<(), ImportError> {
        let named = list.attribute("text:style-name").or(mode.list.map(|l| l.0)).unwrap_or("");
        let level = mode.list.map_or(0, |l| l.1 + 1);
        let goes_on = list.attribute("text:continue-numbering") == Some("true")
            || list.attribute("text:continue-list").is_some();
        if level == 0 && !goes_on {
            self.counters.entry(named).or_default().reset();
        }
        let mode = Mode { list: Some((named, level)), ..mode.clone() };
        for item in list.children() {
            if item.name() == "text:list-item" {
                if let Some(start) = item.attribute("text:start-value").and_then(|s| s.parse().ok())
                {
                    self.counters.entry(named).or_default().restart(level, start);
                }
                // An item that holds nothing but an inner list has no number of its own.
                let own = item.children().next().is_some_and(|c| c.name() != "text:list");
                if own {
                    self.number = self.count(named, level);
                    let form = self.numbering.get(named).and_then(|l| l.get(level)).map(|l| l.form);
                    self.bullet = form.is_none_or(|f| f == Form::Bullet);
                }
            }
            if matches!(item.name(), "text:list-item" | "text:list-header") {
                self.blocks(item, &mode)?;
                self.number = None;
            }
        }
        Ok(())
    }

    fn table(&mut self, element: Element<'d>, mode: &Mode<'d>) -> Result<(), ImportError> {
        let mode = Mode { list: None, ..mode.clone() };
        let mut table = Table::default();
        let outer = std::mem::take(&mut self.lines);
        let rows = element.descendants().filter(|e| e.name() == "table:table-row");
        // Rows of tables inside this one are read with their cells.
        let mut inner = 0_usize;
        for row in rows {
            if inner > 0 {
                inner -= 1;
                continue;
            }
            inner = row.descendants().filter(|e| e.name() == "table:table-row").count() - 1;
            let mut cells = Vec::new();
            for cell in row.children() {
                if !matches!(cell.name(), "table:table-cell" | "table:covered-table-cell") {
                    continue;
                }
                self.blocks(cell, &mode)?;
                let lines = std::mem::take(&mut self.lines.lines);
                let repeated = cell.attribute("table:number-columns-repeated");
                let repeated: usize = repeated.and_then(|r| r.parse().ok()).unwrap_or(1);
                for _ in 1..repeated.clamp(1, MAX_REPEATED) {
                    cells.push(lines.clone());
                }
                cells.push(lines);
            }
            table.rows.push(cells);
        }
        let inner = std::mem::replace(&mut self.lines, outer);
        self.lines.absorb(&inner);
        self.lines.lines.extend(table.into_lines());
        self.lines.break_off();
        Ok(())
    }

    fn layer(mode: &Mode<'d>) -> Layer {
        if mode.hidden { Layer::Hidden } else { Layer::Kept }
    }

    fn inline(&mut self, parent: Element<'d>, mode: &Mode<'d>) -> Result<(), ImportError> {
        if mode.depth > MAX_DEPTH {
            self.paragraph.put(Self::layer(mode), &parent.text());
            return Ok(());
        }
        let mode = &Mode { depth: mode.depth + 1, ..mode.clone() };
        for child in parent.contents() {
            match child {
                // Runs of white space in the XML are one space.
                Child::Text(text) => {
                    let mut squeezed = String::with_capacity(text.len());
                    let mut space = self.paragraph.kept.ends_with([' ', '\n']);
                    for c in text.chars() {
                        let blank = matches!(c, ' ' | '\t' | '\n' | '\r');
                        if !(blank && space) {
                            squeezed.push(if blank { ' ' } else { c });
                        }
                        space = blank;
                    }
                    self.paragraph.put(Self::layer(mode), &squeezed);
                }
                Child::Element(element) => self.inline_element(element, mode)?,
            }
        }
        Ok(())
    }

    fn inline_element(&mut self, element: Element<'d>, mode: &Mode<'d>) -> Result<(), ImportError> {
        let layer = Self::layer(mode);
        match element.name() {
            "text:s" => {
                let count = element.attribute("text:c").and_then(|c| c.parse().ok()).unwrap_or(1);
                self.paragraph.put(layer, &" ".repeat(usize::min(count, MAX_REPEATED)));
            }
            "text:tab" => self.paragraph.put(layer, "\t"),
            "text:line-break" => self.paragraph.put(layer, "\n"),
            "text:span" => {
                let style = element.attribute("text:style-name");
                let hidden = self.style("text", style).find_map(|s| s.hidden);
                if self.paragraph.look.size == 0 && self.paragraph.kept.trim().is_empty() {
                    let size = self.style("text", style).find_map(|s| s.size);
                    self.paragraph.look.size = size.unwrap_or(0);
                }
                let raised = self.style("text", style).find_map(|s| s.raised) == Some(true);
                let mode = Mode { hidden: hidden.unwrap_or(mode.hidden), ..mode.clone() };
                // Of a run that has nothing in it but text.
                let alone = element.children().next().is_none();
                match all_raised(&element.text()).filter(|_| raised && alone) {
                    Some(figures) => self.paragraph.put(Self::layer(&mode), &figures),
                    None => self.inline(element, &mode)?,
                }
            }
            "text:hidden-text" | "text:hidden-paragraph" => {
                let shown = element.attribute("text:string-value").map(str::to_owned);
                let text = shown.unwrap_or_else(|| element.text());
                self.paragraph.put(Layer::Hidden, &text);
            }
            "text:note" => self.note(element, mode)?,
            "office:annotation" => {
                for paragraph in element.descendants().filter(|e| e.name() == "text:p") {
                    let hint = Hint::Aside(FurnitureReason::Comment);
                    let raw = paragraph.text();
                    self.paragraph.after.push(SourceLine { raw, hint, gap: false });
                }
            }
            "text:change" => self.deletion(element),
            "text:ruby" => {
                if let Some(base) = element.child("text:ruby-base") {
                    self.inline(base, mode)?;
                }
                let reading =
                    element.child("text:ruby-text").map(Element::text).unwrap_or_default();
                if !reading.trim().is_empty() {
                    self.paragraph.put(layer, &format!("({})", reading.trim()));
                }
            }
            // Shapes hold paragraphs that stand apart from the one they are anchored in.
            name if name.starts_with("draw:") => {
                let mut paragraph = std::mem::take(&mut self.paragraph);
                let lines = std::mem::take(&mut self.lines);
                let number = self.number.take();
                let read = self.shape(element, mode);
                self.number = number;
                let inner = std::mem::replace(&mut self.lines, lines);
                self.lines.absorb(&inner);
                paragraph.after.extend(inner.lines);
                self.paragraph = paragraph;
                read?;
            }
            "text:bookmark"
            | "text:bookmark-start"
            | "text:bookmark-end"
            | "text:change-start"
            | "text:change-end"
            | "text:soft-page-break"
            | "office:annotation-end"
            | "text:alphabetical-index-mark"
            | "text:script" => {}
            _ => self.inline(element, mode)?,
        }
        Ok(())
    }

    fn shape(&mut self, element: Element<'d>, mode: &Mode<'d>) -> Result<(), ImportError> {
        let apart = Mode { list: None, ..mode.clone() };
        self.blocks(element, &apart)?;
        for inner in element.children() {
            if matches!(inner.name(), "draw:text-box" | "draw:a") {
                self.blocks(inner, &apart)?;
            }
        }
        Ok(())
    }

    /// The mark of a note in the text, and the note behind the paragraph.
    fn note(&mut self, element: Element<'d>, mode: &Mode<'d>) -> Result<(), ImportError> {
        let Some(body) = element.child("text:note-body").filter(|_| !mode.noted) else {
            return Ok(());
        };
        let citation = element.child("text:note-citation").map(Element::text).unwrap_or_default();
        let citation = citation.trim();
        let plain = citation.chars().all(|c| c.is_ascii_alphanumeric());
        let mark = if plain && !citation.is_empty() {
            format!("[{citation}]")
        } else {
            citation.to_owned()
        };
        self.paragraph.put(Self::layer(mode), &mark);
        let paragraph = std::mem::take(&mut self.paragraph);
        let lines = std::mem::take(&mut self.lines);
        let read = self.blocks(body, &Mode { noted: true, list: None, ..mode.clone() });
        self.paragraph = paragraph;
        let mut note = std::mem::replace(&mut self.lines, lines).lines;
        read?;
        as_note(&mut note, &mark);
        if element.attribute("text:note-class") == Some("endnote") {
            self.endnotes.extend(note);
        } else {
            self.paragraph.after.extend(note);
        }
        Ok(())
    }

    /// What was taken out at a place.
    fn deletion(&mut self, change: Element<'d>) {
        let id = change.attribute("text:change-id").unwrap_or("");
        let Some(deletion) = self.deletions.remove(id) else { return };
        for paragraph in deletion.descendants().filter(|e| matches!(e.name(), "text:p" | "text:h"))
        {
            let text = paragraph.text();
            if !text.trim().is_empty() {
                self.paragraph.put(Layer::Deleted, &text);
                self.paragraph.put(Layer::Deleted, "\n");
            }
        }
    }
}

/// What headers and footers say, each once.
fn margins(styles: &Document) -> (Vec<SourceLine>, Vec<SourceLine>) {
    let (mut heads, mut feet): (Vec<SourceLine>, Vec<SourceLine>) = (Vec::new(), Vec::new());
    let masters = styles.root().descendants().filter(|e| e.name() == "style:master-page");
    for element in masters.flat_map(Element::descendants) {
        let side = match element.local() {
            "header" | "header-left" | "header-first" => &mut heads,
            "footer" | "footer-left" | "footer-first" => &mut feet,
            _ => continue,
        };
        for paragraph in element.descendants().filter(|e| e.name() == "text:p") {
            let line = margin(&paragraph.text());
            if !line.raw.is_empty() && !side.iter().any(|l| l.raw == line.raw) {
                side.push(line);
            }
        }
    }
    (heads, feet)
}

/// A size such as `16pt` in half points.
fn half_points(size: &str) -> Option<u16> {
    let points: f32 = size.strip_suffix("pt")?.parse().ok()?;
    (1.0..500.0).contains(&points).then(|| format!("{:.0}", points * 2.0).parse().ok())?
}

/// The levels of a list style.
fn levels(style: Element<'_>) -> Vec<Level> {
    let mut levels = vec![Level { form: Form::None, start: 1, ..Level::default() }; LEVELS];
    for element in style.children() {
        let at = element.attribute("text:level").and_then(|l| l.parse::<usize>().ok());
        let Some(at) = at.and_then(|l| l.checked_sub(1)).filter(|&l| l < LEVELS) else { continue };
        let of = |name: &str| element.attribute(name);
        let form = match element.local() {
            "list-level-style-bullet" | "list-level-style-image" => Form::Bullet,
            _ => Form::like(of("style:num-format").unwrap_or("")),
        };
        let shown = of("text:display-levels").and_then(|l| l.parse::<usize>().ok()).unwrap_or(1);
        let own: Vec<String> =
            ((at + 1).saturating_sub(shown.max(1))..=at).map(|l| format!("%{}", l + 1)).collect();
        let numbers = if form == Form::None { String::new() } else { own.join(".") };
        let prefix = of("style:num-prefix").unwrap_or("");
        let suffix = of("style:num-suffix").unwrap_or("");
        levels[at] = Level {
            form,
            start: of("text:start-value").and_then(|s| s.parse().ok()).unwrap_or(1),
            template: format!("{prefix}{numbers}{suffix}"),
            ..Level::default()
        };
    }
    levels
}
