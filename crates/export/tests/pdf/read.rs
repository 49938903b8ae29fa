//! Reading a PDF back.

use crate::skipped;
use lopdf::{Dictionary, Document, Object, ObjectId, decode_text_string};
use std::path::Path;
use std::process::Command;

/// A highlight as it stands in a file.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    /// Page, from 1.
    pub(crate) page: u32,
    /// Left, bottom, right, top of each quad, in points.
    pub(crate) quads: Vec<[f64; 4]>,
    pub(crate) contents: String,
    pub(crate) name: String,
    pub(crate) dict: Dictionary,
}

impl Listed {
    /// A text entry.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        decode_text_string(self.dict.get(key.as_bytes()).ok()?).ok()
    }
}

pub(crate) fn load(bytes: &[u8]) -> Document {
    Document::load_mem(bytes).expect("lopdf reads the file")
}

/// The highlights in the order of the pages.
pub(crate) fn highlights(pdf: &Document) -> Vec<Listed> {
    let mut found = Vec::new();
    for (page, id) in pdf.get_pages() {
        for annotation in annotations(pdf, id) {
            if annotation.get(b"Subtype").and_then(Object::as_name).ok() != Some(b"Highlight") {
                continue;
            }
            let numbers: Vec<f64> = annotation
                .get(b"QuadPoints")
                .and_then(Object::as_array)
                .expect("QuadPoints is an array")
                .iter()
                .map(|n| f64::from(n.as_float().expect("QuadPoints are numbers")))
                .collect();
            let quads = numbers.chunks(8).map(|q| {
                let same = |a: usize, b: usize| (q[a] - q[b]).abs() < 1e-9;
                assert!(same(0, 4) && same(2, 6), "left and right edges are upright: {q:?}");
                assert!(same(1, 3) && same(5, 7), "upper and lower edges are level: {q:?}");
                assert!(q[0] < q[2] && q[5] < q[1], "upper left comes first: {q:?}");
                [q[0], q[5], q[2], q[1]]
            });
            let text = |key: &[u8]| annotation.get(key).and_then(decode_text_string);
            found.push(Listed {
                page,
                quads: quads.collect(),
                contents: text(b"Contents").expect("every highlight has contents"),
                name: text(b"NM").expect("every highlight has a name"),
                dict: annotation.clone(),
            });
        }
    }
    found
}

pub(crate) fn annotations(pdf: &Document, page: ObjectId) -> Vec<&Dictionary> {
    let page = pdf.get_dictionary(page).expect("the page is a dictionary");
    let Ok(list) = page.get_deref(b"Annots", pdf) else { return Vec::new() };
    let list = list.as_array().expect("Annots is an array");
    list.iter()
        .map(|item| pdf.dereference(item).expect("it is there").1)
        .map(|item| item.as_dict().expect("an annotation is a dictionary"))
        .collect()
}

/// Titles of the bookmarks with their depth, in order.
pub(crate) fn bookmarks(pdf: &Document) -> Vec<(usize, String)> {
    fn walk(
        pdf: &Document,
        first: Option<ObjectId>,
        depth: usize,
        found: &mut Vec<(usize, String)>,
    ) {
        let mut next = first;
        while let Some(id) = next {
            let item = pdf.get_dictionary(id).expect("a bookmark is a dictionary");
            let title = item.get(b"Title").and_then(decode_text_string);
            found.push((depth, title.expect("a bookmark has a title")));
            let follow = |key: &[u8]| item.get(key).and_then(Object::as_reference).ok();
            walk(pdf, follow(b"First"), depth + 1, found);
            next = follow(b"Next");
        }
    }
    let mut found = Vec::new();
    let outlines = pdf.catalog().and_then(|c| c.get_deref(b"Outlines", pdf)?.as_dict());
    let first = outlines.and_then(|o| o.get(b"First")?.as_reference()).ok();
    walk(pdf, first, 0, &mut found);
    found
}

/// Runs a program over a file and returns what it printed; `None` where it is not installed.
pub(crate) fn tool(program: &str, arguments: &[&str]) -> Option<String> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => {
            let printed = String::from_utf8_lossy(&output.stdout).into_owned();
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{program} {arguments:?}: {printed}{errors}");
            Some(printed)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            skipped(&format!("{program} is not installed"));
            None
        }
        Err(error) => panic!("{program}: {error}"),
    }
}

/// Asserts that qpdf finds no fault and returns the file's text page by page, without the page
/// numbers at the foot, as pdftotext reads it.
pub(crate) fn check_and_read(path: &Path) -> Option<Vec<String>> {
    let file = path.to_str().expect("the path is text");
    if let Some(printed) = tool("qpdf", &["--check", file]) {
        assert!(printed.contains("No syntax or stream encoding errors"), "{printed}");
    }
    let text = tool("pdftotext", &[file, "-"])?;
    let pages: Vec<&str> = text.split_terminator('\u{c}').collect();
    let total = pages.len();
    let number = |page: usize| format!("{}/{total}", page + 1);
    Some(pages.iter().enumerate().map(|(n, page)| without_line(page, &number(n))).collect())
}

/// A page's text without the last line that is, white space aside, a given one.
fn without_line(page: &str, line: &str) -> String {
    let mut lines: Vec<&str> = page.lines().collect();
    let at = lines.iter().rposition(|l| without_space(l) == line);
    lines.remove(at.unwrap_or_else(|| panic!("the page bears the number {line}: {page}")));
    lines.join("\n")
}

pub(crate) fn without_space(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// How many of the paragraphs come back whole and in order from the pages' text.
pub(crate) fn whole_paragraphs(pages: &[String], paragraphs: &[&str]) -> usize {
    let text = without_space(&pages.concat());
    let mut rest = text.as_str();
    let mut whole = 0;
    for paragraph in paragraphs {
        let paragraph = without_space(paragraph);
        match rest.find(&paragraph) {
            Some(at) => {
                rest = &rest[at + paragraph.len()..];
                whole += 1;
            }
            None => eprintln!("not whole: {paragraph}"),
        }
    }
    whole
}

/// The text inside a rectangle of a page as pdftotext crops it, without white space.
///
/// pdftotext takes a character whose baseline lies in the rectangle and whose width touches it,
/// so the rectangle is drawn in by a third of a character on the left, the right and the top.
pub(crate) fn text_in(
    path: &Path,
    page: u32,
    [left, bottom, right, top]: [f64; 4],
) -> Option<String> {
    const DOTS: f64 = 720.0 / 72.0;
    const HEIGHT: f64 = 841.89;
    let inset = (top - bottom) * 0.28;
    let number = |points: f64| format!("{:.0}", points * DOTS);
    let page = page.to_string();
    let (x, y) = (number(left + inset), number(HEIGHT - top + inset));
    let (w, h) = (number((right - left - 2.0 * inset).max(0.2)), number(top - bottom - inset));
    let file = path.to_str().expect("the path is text");
    let crop = ["-x", &x, "-y", &y, "-W", &w, "-H", &h];
    let printed = tool(
        "pdftotext",
        &[&["-r", "720", "-f", &page, "-l", &page], &crop[..], &[file, "-"]].concat(),
    )?;
    Some(without_space(&printed))
}
