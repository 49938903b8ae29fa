//! What is done with all places of a search at once: marking them, writing them to a file.

use super::Turn;
use crate::archive::Archive;
use crate::error::{Result, bad_request, internal};
use crate::export::write_whole;
use crate::import::Cancel;
use crate::passages::new_passage;
use crate::reports::ids;
use anjuan_export::{FoundPlace, TableFormat, found_places};
use anjuan_protocol as wire;
use anjuan_protocol::{CommandError, ErrorCode};
use anjuan_search::FoldedDocument;
use anjuan_store::{PassageFilter, Read, ReportId, StoreError, TagId};
use anjuan_text::CharRange;
use anjuan_text::sentence::sentences;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::Path;

/// Places marked at once at the most: more is no reading.
const MARKED: usize = 20_000;
/// Lines written to a file at the most.
const WRITTEN: usize = 200_000;
/// How often marking begins anew, where the archive is changed meanwhile.
const ATTEMPTS: usize = 3;

impl Archive {
    /// Marks the places that a question finds as passages, as one step, or counts them.
    ///
    /// # Errors
    /// When no tag is named or one is not there, there are too many places, it was broken off, or
    /// file or index cannot be read.
    pub fn tag_hits(
        &self,
        request: &wire::TagHitsRequest,
        progress: &mut dyn FnMut(u32, u32) -> ControlFlow<()>,
    ) -> Result<wire::TaggedHits> {
        let tags: Vec<TagId> = self.parse(ids(&request.tags))?;
        if tags.is_empty() && !request.preview {
            return Err(bad_request("No tag was chosen."));
        }
        for _ in 0..ATTEMPTS {
            let sequence = self.sequence()?;
            let marked = self.places_to_mark(request)?;
            if request.preview {
                return self.read(|r| {
                    let mut tagged = nothing_tagged();
                    for (report, ranges) in &marked {
                        fresh(&r, *report, ranges, &tags, &mut tagged)?;
                    }
                    Ok(tagged)
                });
            }
            let reports: Vec<ReportId> = marked.iter().map(|(report, _)| *report).collect();
            let ranges: HashMap<ReportId, BTreeSet<CharRange>> = marked.into_iter().collect();
            let (mut tagged, mut stale) = (nothing_tagged(), false);
            let done = self.edit_each("hits_tag", &reports, progress, |w, report| {
                // The places were found in the texts of this very state.
                if w.read().sequence()? != sequence {
                    stale = true;
                    return Err(StoreError::Cancelled);
                }
                let Some(ranges) = ranges.get(&report) else { return Ok(()) };
                for range in fresh(&w.read(), report, ranges, &tags, &mut tagged)? {
                    w.create_passage(&new_passage(report, range, &tags, ""))?;
                }
                Ok(())
            });
            if !stale {
                return done.map(|()| tagged);
            }
        }
        Err(CommandError::new(
            ErrorCode::Conflict,
            "The archive is being changed; nothing was marked.",
        )
        .hint("Wait until the import or the other program is done, and try again."))
    }

    /// The places to mark, report by report.
    fn places_to_mark(
        &self,
        request: &wire::TagHitsRequest,
    ) -> Result<Vec<(ReportId, BTreeSet<CharRange>)>> {
        let mut marked = Vec::new();
        let mut room = MARKED;
        let ranges = |document: &FoldedDocument<'_>, places: Vec<CharRange>| {
            let document = document.document();
            let places =
                if request.sentences { in_sentences(&document.text, &places) } else { places };
            let places: BTreeSet<CharRange> =
                places.into_iter().filter(|r| !r.is_empty()).collect();
            (document.id.clone(), places)
        };
        let mut too_many = false;
        self.each_found(&request.question, &Turn::default(), ranges, |(id, places)| {
            too_many = places.len() > room;
            if too_many {
                return ControlFlow::Break(());
            }
            room -= places.len();
            if !places.is_empty() {
                marked.push((id, places));
            }
            ControlFlow::Continue(())
        })?;
        if too_many {
            let message = format!("The search has more than {MARKED} places.");
            return Err(CommandError::new(ErrorCode::TooLarge, message)
                .hint("Narrow it down, or mark report by report."));
        }
        let parsed = marked.into_iter().map(|(id, places)| Ok((id.parse()?, places)));
        self.parse(parsed.collect())
    }

    /// Writes the places that a question finds to a file, which appears whole or not at all.
    ///
    /// # Errors
    /// When there are too many, it was stopped, or the file cannot be written.
    pub fn export_hits(
        &self,
        request: &wire::ExportHitsRequest,
        cancel: &Cancel,
        tell: &mut dyn FnMut(u32, u32),
    ) -> Result<()> {
        let found =
            self.lines_found(&request.question, WRITTEN, &Turn::default(), &mut |reports| {
                tell(reports, 0);
                if cancel.asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
        if cancel.asked() {
            return Err(CommandError::new(
                ErrorCode::Cancelled,
                "The export was stopped; no file was written.",
            ));
        }
        if found.is_cut() {
            let message = format!("The search has more than {WRITTEN} places.");
            return Err(CommandError::new(ErrorCode::TooLarge, message).hint("Narrow it down."));
        }
        let order = found.order(request.sort);
        let total = super::count(order.len());
        tell(0, total);
        let places = (1_u32..).zip(order).filter_map(|(number, &at)| {
            let (card, line) = found.line(at)?;
            tell(number, total);
            Some(FoundPlace {
                report: card.report.clone(),
                title: card.title.clone(),
                place: card.place.clone(),
                published: card.published.clone(),
                source: card.source.clone(),
                authors: card.authors.clone(),
                organisation: card.organisation.clone(),
                left: line.left.to_string(),
                middle: line.middle.to_string(),
                right: line.right.to_string(),
                start: line.range.start,
                end: line.range.end,
            })
        });
        let format = match request.format {
            wire::HitsFormat::Xlsx => TableFormat::Xlsx,
            wire::HitsFormat::Csv => TableFormat::Csv,
        };
        let table = found_places(places, format, &request.language).map_err(internal)?;
        write_whole(Path::new(&request.path), &table)
    }
}

fn nothing_tagged() -> wire::TaggedHits {
    wire::TaggedHits { passages: 0, reports: 0, existing: 0 }
}

/// The places of a report that have no passage with all of these tags yet; counts them.
fn fresh(
    read: &Read<'_>,
    report: ReportId,
    ranges: &BTreeSet<CharRange>,
    tags: &[TagId],
    tagged: &mut wire::TaggedHits,
) -> std::result::Result<Vec<CharRange>, StoreError> {
    let revision = read.report(report)?.revision;
    let passages = read.passages(&PassageFilter { report: Some(report), tag: None })?;
    let marked: HashSet<CharRange> = passages
        .into_iter()
        .filter(|p| p.revision == revision && tags.iter().all(|tag| p.tags.contains(tag)))
        .map(|p| p.range)
        .collect();
    let fresh: Vec<CharRange> = ranges.iter().filter(|r| !marked.contains(r)).copied().collect();
    tagged.existing += super::count(ranges.len() - fresh.len());
    tagged.passages += super::count(fresh.len());
    tagged.reports += u32::from(!fresh.is_empty());
    Ok(fresh)
}

/// The sentences in which places stand, without the white space around them.
fn in_sentences(text: &str, places: &[CharRange]) -> Vec<CharRange> {
    let characters: Vec<char> = text.chars().collect();
    let sentences = sentences(text);
    let around = |place: &CharRange| {
        let first = sentences.partition_point(|s| s.end <= place.start);
        let last = sentences.partition_point(|s| s.start < place.end);
        let start = sentences.get(first).map_or(place.start, |s| s.start).min(place.start);
        let end = last.checked_sub(1).and_then(|at| sentences.get(at)).map_or(place.end, |s| s.end);
        let (mut start, mut end) = (start, end.max(place.end));
        let white = |at: u32| characters.get(at as usize).is_some_and(|c| c.is_whitespace());
        while start < place.start && white(start) {
            start += 1;
        }
        while end > place.end && white(end - 1) {
            end -= 1;
        }
        CharRange::new(start, end)
    };
    places.iter().map(around).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_marked_with_its_whole_sentence() {
        let text = "一是强化引领。\n　二是𠀀汇集侨智；三是服务。";
        let at = |what: &str| {
            let byte = text.find(what).expect("there");
            let start = text[..byte].chars().count() as u32;
            CharRange::new(start, start + what.chars().count() as u32)
        };
        let sentence = |place: CharRange| {
            let found = in_sentences(text, &[place])[0];
            text.chars().skip(found.start as usize).take(found.len() as usize).collect::<String>()
        };
        assert_eq!(sentence(at("引领")), "一是强化引领。");
        assert_eq!(sentence(at("侨智")), "二是𠀀汇集侨智；");
        let both = "一是强化引领。\n　二是𠀀汇集侨智；";
        assert_eq!(sentence(at("引领。\n　二是")), both, "over two sentences both");
    }
}
