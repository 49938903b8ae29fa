//! Pages whose text was recognised from their pictures: words with places instead of glyphs.

use super::boxes::{self, Placed};
use super::content::{Content, Glyph};
use super::{Document, PageOf, apart, numbers};
use crate::{Format, ImportError, Imported, Options, Source};
use anjuan_text::{CharRange, Problem, ProblemCode, Recognition, ReportText};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A word as a recogniser read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// What it reads.
    pub text: String,
    /// How sure the recogniser is, from 0 to 100.
    pub confidence: f32,
    /// Left, top, right, bottom in pixels of the picture.
    pub area: [f32; 4],
}

/// A line of words.
#[derive(Debug, Clone, PartialEq)]
pub struct WordLine {
    /// Left, top, right, bottom in pixels of the picture.
    pub area: [f32; 4],
    /// Its words, in reading order.
    pub words: Vec<Word>,
}

/// A page as a recogniser read it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecognisedPage {
    /// Width of the picture in pixels.
    pub width: u32,
    /// Height of the picture in pixels.
    pub height: u32,
    /// Its lines.
    pub lines: Vec<WordLine>,
}

/// The pages of a document that are pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scans {
    /// Numbers of the pages that have no text, counted from 0.
    pub pages: Vec<u32>,
    /// How many pages there are.
    pub of: u32,
}

/// Below this a word is more likely wrong than right somewhere.
const UNSURE: f32 = 60.0;
/// Most uncertain places that are listed.
const PLACES: usize = 200;

/// Finds the pages that are pictures without text. What is no PDF has none.
///
/// # Errors
/// Those of reading the PDF; see [`crate::import_with`].
pub fn scans(bytes: &[u8], options: &Options<'_>) -> Result<Scans, ImportError> {
    if !super::is_pdf(bytes) {
        return Ok(Scans { pages: Vec::new(), of: 0 });
    }
    let document = apart(bytes, options, &BTreeMap::new())?;
    Ok(Scans { pages: document.scans, of: document.glyphs.len() as u32 })
}

/// Reads a report of which some pages were recognised from their pictures; by `program`, as it
/// calls itself. The text of the other pages is read as ever.
///
/// # Errors
/// Those of reading the PDF; see [`crate::import_with`].
pub fn recognised(
    source: Source<'_>,
    options: &Options<'_>,
    pages: &BTreeMap<u32, RecognisedPage>,
    program: &str,
) -> Result<Imported, ImportError> {
    let document = apart(source.bytes, options, pages)?;
    let mut report = crate::arrange(source, options, document.page());
    let (confidence, mut problems) = judged(&document, &report, pages);
    let which: Vec<usize> = pages.keys().map(|&page| page as usize + 1).collect();
    problems.insert(
        0,
        Problem {
            code: ProblemCode::Recognised,
            message: format!(
                "The text of pages {} was recognised from pictures by {program}, with a mean \
                 confidence of {confidence} %.",
                numbers(&which)
            ),
            range: None,
        },
    );
    report.problems.splice(0..0, problems);
    report.recognition = Some(Recognition {
        program: program.to_owned(),
        confidence,
        pages: pages.len() as u32,
        of: document.glyphs.len() as u32,
    });
    Ok(Imported { encoding: None, format: Format::Pdf, report })
}

/// The mean confidence, and the places where it is low.
fn judged(
    document: &Document,
    report: &ReportText,
    pages: &BTreeMap<u32, RecognisedPage>,
) -> (u8, Vec<Problem>) {
    // In the order of the glyphs that `content` makes of them.
    let sure: BTreeMap<u32, Vec<f32>> = pages
        .iter()
        .map(|(&page, words)| {
            let words = words.lines.iter().flat_map(spelled);
            (page, words.map(|(_, confidence, _)| confidence).collect())
        })
        .collect();
    let of = |placed: &Placed| {
        let (page, glyph) = placed.place?;
        sure.get(&page)?.get(glyph as usize).copied()
    };
    let source = boxes::source(document);
    let all: Vec<f32> = source.iter().filter_map(of).collect();
    let mean = all.iter().sum::<f32>() / all.len().max(1) as f32;
    // From 0 to 100, as every word's is.
    #[allow(clippy::cast_sign_loss)]
    let mean = mean.clamp(0.0, 100.0).round() as u8;
    let mut low: Vec<(CharRange, f32)> = Vec::new();
    for (from, at) in boxes::aligned(&source, report) {
        let Some(confidence) = of(&source[from]).filter(|&c| c < UNSURE) else { continue };
        let at = at as u32;
        match low.last_mut() {
            Some((range, least)) if at <= range.end + 1 => {
                range.end = at + 1;
                *least = least.min(confidence);
            }
            _ => low.push((CharRange::new(at, at + 1), confidence)),
        }
    }
    low.sort_by(|a, b| a.1.total_cmp(&b.1));
    low.truncate(PLACES);
    low.sort_by_key(|(range, _)| range.start);
    let map = anjuan_text::OffsetMap::new(&report.text);
    let problems = low.into_iter().map(|(range, confidence)| Problem {
        code: ProblemCode::RecognitionUncertain,
        message: format!(
            "“{}” was recognised with a confidence of {confidence:.0} %.",
            map.slice(range).replace('\n', " ")
        ),
        range: Some(range),
    });
    (mean, problems.collect())
}

/// The characters of a line with confidence and place from left to right.
fn spelled(line: &WordLine) -> Vec<(char, f32, [f32; 2])> {
    let wide = |c: Option<char>| c.is_some_and(super::line::is_wide);
    let height = line.area[3] - line.area[1];
    let mut out: Vec<(char, f32, [f32; 2])> = Vec::new();
    let mut words = line.words.iter().filter(|w| !w.text.trim().is_empty()).peekable();
    while let Some(word) = words.next() {
        let text = word.text.trim();
        let count = text.chars().count().max(1) as f32;
        let mut right = word.area[2];
        let next = words.peek();
        let meets = next.is_some_and(|next| {
            wide(text.chars().next_back()) || wide(next.text.trim().chars().next())
        });
        if let Some(next) = next
            && meets
            && next.area[0] - right < 1.2 * height
        {
            // Between Han no gap is a space: a comma takes a square, and its ink a corner of it.
            right = right.max(next.area[0]);
        }
        let step = (right - word.area[0]) / count;
        for (at, c) in text.chars().enumerate() {
            let left = word.area[0] + step * at as f32;
            out.push((c, word.confidence, [left, left + step]));
        }
        if let Some(next) = next
            && !meets
        {
            out.push((' ', 100.0, [right, next.area[0].max(right)]));
        }
    }
    out
}

/// A page's content made of its words.
pub(super) fn content(page: &RecognisedPage, of: PageOf) -> Content {
    let scale = of.width / (page.width.max(1) as f32);
    let mut heights: Vec<f32> = page.lines.iter().map(|l| l.area[3] - l.area[1]).collect();
    heights.sort_by(f32::total_cmp);
    let usual = heights.get(heights.len() / 2).copied().unwrap_or(0.0);
    let mut content = Content { area: [0.0, 0.0, of.width, of.height], ..Content::default() };
    for line in &page.lines {
        let height = line.area[3] - line.area[1];
        // Lines of flat characters are lower; their print is as large as that of the others.
        let even = (0.7 * usual..1.3 * usual).contains(&height);
        let size = 1.06 * scale * if even { usual } else { height };
        let base = of.height - scale * line.area[3] + 0.1 * size;
        for (c, _, [left, right]) in spelled(line) {
            let (left, right) = (scale * left, scale * right);
            let (low, high) = (base - 0.14 * size, base + 0.88 * size);
            content.glyphs.push(Glyph {
                text: Arc::from(c.encode_utf8(&mut [0; 4]) as &str),
                quad: [(left, low), (right, low), (left, high), (right, high)],
                pen: (left, base),
                end: (right, base),
                up: (0.0, 1.0),
                size: size.max(0.1),
                bold: false,
                vertical: false,
                invisible: true,
                artifact: false,
                byte: None,
            });
        }
    }
    content
}
