//! Slides, of PowerPoint and OpenDocument: the text of each, its notes behind it.

use crate::docx::{main_part, relations};
use crate::layout::{Facts, Hint, Page, SourceLine};
use crate::line::is_blank;
use crate::package::{Package, damaged};
use crate::paragraphs::{Table, margin, title_of_properties};
use crate::xml::Element;
use crate::{ImportError, Options};
use anjuan_text::FurnitureReason;

/// Slides of one file.
const MAX_SLIDES: usize = 5000;

/// Reads a PPTX.
pub(crate) fn read_pptx(package: &Package<'_>, options: &Options<'_>) -> Result<Page, ImportError> {
    let part = main_part(package, "ppt/presentation.xml")?;
    let Some(presentation) = package.xml(&part)? else {
        return Err(damaged("presentation", "its list of slides is missing"));
    };
    let slides = relations(package, &part)?;
    let mut lines = Vec::new();
    let listed = presentation.root().descendants().filter(|e| e.name() == "p:sldId");
    let mut missing = 0;
    for id in listed.take(MAX_SLIDES).filter_map(|e| e.attribute("r:id")) {
        options.go_on()?;
        let Some(slide) = slides.get(id) else { continue };
        let Some(document) = package.xml(&slide.target)? else {
            missing += 1;
            continue;
        };
        let root = document.root();
        let hidden = root.children().any(|e| matches!(e.attribute("show"), Some("0" | "false")));
        let from = lines.len();
        shapes(root, &mut lines);
        if let Some(first) = lines.get_mut(from) {
            first.gap = true;
        }
        if hidden {
            for line in &mut lines[from..] {
                line.hint = Hint::Hidden;
            }
        }
        let notes = relations(package, &slide.target)?;
        let notes = notes.values().find(|r| r.kind == "notesSlide");
        if let Some(notes) = notes.and_then(|r| package.xml(&r.target).ok().flatten()) {
            let mut noted = Vec::new();
            shapes(notes.root(), &mut noted);
            for line in noted.iter_mut().filter(|l| matches!(l.hint, Hint::None | Hint::Heading(_)))
            {
                line.hint = Hint::Footnote;
            }
            lines.extend(noted);
        }
    }
    let mut page = Page { lines, ..Page::default() };
    page.problems.extend(
        package
            .damage(missing > 0, || format!("The file is damaged; {missing} slides are missing.")),
    );
    if let Some(core) = package.xml("docProps/core.xml").ok().flatten() {
        let title = core.root().descendants().find(|e| e.name() == "dc:title");
        let title = title.and_then(|t| title_of_properties(&t.text()));
        page.facts = Facts { title, ..Facts::default() };
    }
    Ok(page)
}

/// The lines of shapes, groups and tables.
fn shapes(root: Element<'_>, lines: &mut Vec<SourceLine>) {
    for element in root.children() {
        match element.name() {
            "p:sp" | "p:cxnSp" => {
                let kind = element.descendants().find(|e| e.name() == "p:ph");
                let kind = kind.map(|ph| ph.attribute("type").unwrap_or("body"));
                let hint = match kind {
                    Some("title" | "ctrTitle") => Hint::Heading(1),
                    Some("sldNum" | "ftr" | "dt" | "hdr") => {
                        Hint::Aside(FurnitureReason::RunningHead)
                    }
                    _ => Hint::None,
                };
                for raw in paragraphs(element) {
                    let line = match hint {
                        Hint::Aside(_) => margin(&raw),
                        hint => SourceLine { raw, hint, gap: false },
                    };
                    lines.push(line);
                }
            }
            "a:tbl" => {
                let rows = element.children().filter(|e| e.name() == "a:tr").map(|row| {
                    let cells = row.children().filter(|e| e.name() == "a:tc");
                    let lines_of = |cell: Element<'_>| -> Vec<SourceLine> {
                        let lines = paragraphs(cell).into_iter();
                        lines.map(|raw| SourceLine { raw, ..SourceLine::default() }).collect()
                    };
                    cells.map(lines_of).collect()
                });
                lines.extend(Table { rows: rows.collect() }.into_lines());
            }
            "mc:AlternateContent" => {
                let before = lines.len();
                for choice in element.children() {
                    if lines.len() == before {
                        shapes(choice, lines);
                    }
                }
            }
            _ => shapes(element, lines),
        }
    }
}

/// The paragraphs of a shape or cell.
fn paragraphs(element: Element<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for paragraph in element.descendants().filter(|e| e.name() == "a:p") {
        let mut text = String::new();
        for run in paragraph.children() {
            match run.name() {
                "a:r" | "a:fld" => {
                    run.children()
                        .filter(|c| c.name() == "a:t")
                        .for_each(|t| text.push_str(&t.text()));
                }
                "a:br" => text.push('\n'),
                _ => {}
            }
        }
        found.extend(text.split('\n').filter(|l| !l.chars().all(is_blank)).map(str::to_owned));
    }
    found
}
