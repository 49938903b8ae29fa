//! The place on the page of every character of a report, found again from the original.

use super::{Document, apart, content::Glyph};
use crate::{ImportError, Options};
use anjuan_text::{RepairKind, ReportText};
use imara_diff::{Algorithm, Diff, InternedInput};
use std::collections::BTreeMap;

/// Where a character stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CharBox {
    /// The page, counted from 0.
    pub page: u32,
    /// Lower left, lower right, upper left and upper right in default user space, in points.
    pub quad: [(f32, f32); 4],
}

/// The places of the characters of a report.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Boxes {
    /// One entry for each code point of the reading text; `None` where a character is no glyph of
    /// the original: a line break, a space put in, what was written by hand.
    pub chars: Vec<Option<CharBox>>,
    /// How many pages the original has.
    pub pages: u32,
}

/// A character with ink and its place.
pub(super) struct Placed {
    c: char,
    pub(super) place: Option<(u32, u32)>,
}

/// What a document reads, in the order of its paragraphs.
pub(super) fn source(document: &Document) -> Vec<Placed> {
    document
        .paragraphs
        .iter()
        .flat_map(|p| p.chars.iter().map(|&(c, place)| Placed { c, place }))
        .filter(|p| !crate::line::is_blank(p.c))
        .collect()
}

/// Characters of a document and the code points of the reading text that they became.
pub(super) fn aligned(source: &[Placed], report: &ReportText) -> Vec<(usize, usize)> {
    let whole = whole(report);
    let pairs = exact(source, &whole).unwrap_or_else(|| nearest(source, &whole));
    pairs.into_iter().filter_map(|(from, to)| Some((from, whole[to].1?))).collect()
}

/// Finds the place of every character of a report's reading text in the PDF that it came from.
///
/// # Errors
/// Those of reading the PDF; see [`crate::import_with`].
pub fn boxes(
    bytes: &[u8],
    options: &Options<'_>,
    report: &ReportText,
) -> Result<Boxes, ImportError> {
    let document = apart(bytes, options, &BTreeMap::new())?;
    let source = source(&document);
    let count = report.text.chars().count();
    let mut out = Boxes { chars: vec![None; count], pages: document.glyphs.len() as u32 };
    for (from, at) in aligned(&source, report) {
        let Some((page, glyph)) = source[from].place else { continue };
        let glyphs = document.glyphs.get(page as usize);
        if let Some(glyph) = glyphs.and_then(|g| g.get(glyph as usize)) {
            out.chars[at] = Some(CharBox { page, quad: part(glyph, &source, from) });
        }
    }
    Ok(out)
}

/// The part of a ligature's box that one of its characters takes.
fn part(glyph: &Glyph, source: &[Placed], at: usize) -> [(f32, f32); 4] {
    let count = glyph.text.chars().filter(|&c| !crate::line::is_blank(c)).count();
    if count <= 1 {
        return glyph.quad;
    }
    let place = source[at].place;
    let rank = source[..at].iter().rev().take_while(|p| p.place == place).count().min(count - 1);
    let (from, to) = (rank as f32 / count as f32, (rank + 1) as f32 / count as f32);
    let [a, b, c, d] = glyph.quad;
    let on = |p: (f32, f32), q: (f32, f32), t: f32| (p.0 + (q.0 - p.0) * t, p.1 + (q.1 - p.1) * t);
    [on(a, b, from), on(a, b, to), on(c, d, from), on(c, d, to)]
}

/// Everything with ink that the report holds, in the order of the source: the reading text with
/// its offsets, what was set aside and what was taken out between.
fn whole(report: &ReportText) -> Vec<(char, Option<usize>)> {
    let mut inserts: Vec<(usize, &str)> =
        report.furniture.iter().map(|f| (f.position as usize, f.text.as_str())).collect();
    let taken = report.repairs.iter().filter(|r| {
        r.range.start == r.range.end
            || matches!(r.kind, RepairKind::MissingBreak | RepairKind::LineBreak)
    });
    inserts.extend(taken.map(|r| (r.range.start as usize, r.original.as_str())));
    inserts.sort_by_key(|&(at, _)| at);
    let mut out = Vec::with_capacity(report.text.len() / 2);
    let mut inserts = inserts.into_iter().peekable();
    for (at, c) in report.text.chars().enumerate() {
        while let Some((_, text)) = inserts.next_if(|&(position, _)| position <= at) {
            out.extend(text.chars().map(|c| (c, None)));
        }
        out.push((c, Some(at)));
    }
    out.extend(inserts.flat_map(|(_, text)| text.chars().map(|c| (c, None))));
    out.retain(|&(c, _)| !crate::line::is_blank(c));
    out
}

/// Character by character, where nothing was lost, put in or edited.
fn exact(source: &[Placed], whole: &[(char, Option<usize>)]) -> Option<Vec<(usize, usize)>> {
    let same = source.len() == whole.len() && source.iter().zip(whole).all(|(a, b)| a.c == b.0);
    same.then(|| (0..source.len()).map(|at| (at, at)).collect())
}

/// By the smallest difference, where the report was edited.
fn nearest(source: &[Placed], whole: &[(char, Option<usize>)]) -> Vec<(usize, usize)> {
    let mut input: InternedInput<char> = InternedInput::default();
    input.update_before(source.iter().map(|p| p.c));
    input.update_after(whole.iter().map(|p| p.0));
    let diff = Diff::compute(Algorithm::Histogram, &input);
    let mut pairs = Vec::with_capacity(source.len());
    let (mut from, mut to) = (0, 0);
    for hunk in diff.hunks() {
        while from < hunk.before.start as usize {
            pairs.push((from, to));
            from += 1;
            to += 1;
        }
        from = hunk.before.end as usize;
        to = hunk.after.end as usize;
    }
    while from < source.len() && to < whole.len() {
        pairs.push((from, to));
        from += 1;
        to += 1;
    }
    pairs
}
