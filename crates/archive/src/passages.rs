//! Marked passages.

use crate::archive::Archive;
use crate::error::{Result, bad_request};
use crate::reports::ids;
use crate::tags::ensure_tag;
use crate::wire as to_wire;
use anjuan_protocol as wire;
use anjuan_protocol::Nothing;
use anjuan_store::{
    AnchorState, NewPassage, PassageFilter, PassageId, PassagePatch, ReportId, TagId,
};
use anjuan_text::CharRange;
use std::collections::HashMap;

impl Archive {
    fn passage(&self, id: PassageId) -> Result<wire::Passage> {
        self.read(|r| r.passage(id)).map(|p| to_wire::passage(&p))
    }

    /// Passages in context, by report and place in it.
    ///
    /// # Errors
    /// When report or tag are not there.
    pub fn passages(&self, request: &wire::PassagesRequest) -> Result<Vec<wire::PassageInContext>> {
        let filter = PassageFilter {
            report: self.parse(request.report.as_deref().map(str::parse).transpose())?,
            tag: self.parse(request.tag.as_deref().map(str::parse).transpose())?,
        };
        self.read(|r| {
            let mut reports = HashMap::new();
            let mut found = Vec::new();
            for passage in r.passages(&filter)? {
                let report = match reports.entry(passage.report) {
                    std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
                    std::collections::hash_map::Entry::Vacant(new) => {
                        new.insert(r.report(passage.report)?)
                    }
                };
                found.push(wire::PassageInContext {
                    title: report.metadata.title.clone().unwrap_or_default(),
                    place: report.metadata.place.clone(),
                    published: report.metadata.published.clone(),
                    script: report.metadata.script.map(|s| s.as_str().to_owned()),
                    before: passage.before.clone(),
                    after: passage.after.clone(),
                    passage: to_wire::passage(&passage),
                });
            }
            Ok(found)
        })
    }

    /// Marks a passage.
    ///
    /// # Errors
    /// When report or tags are not there, or the range is empty or beyond the text.
    pub fn create_passage(&self, draft: &wire::PassageDraft) -> Result<wire::Passage> {
        let report: ReportId = self.parse(draft.report.parse())?;
        let tags: Vec<TagId> = self.parse(ids(&draft.tags))?;
        let range = nonempty(draft.start, draft.end)?;
        let id = self.edit("passage_create", Some(report), |w| {
            w.create_passage(&new_passage(report, range, &tags, &draft.memo))
        })?;
        self.passage(id)
    }

    /// Marks a passage with tags by their names, making those that are new, as one step.
    ///
    /// # Errors
    /// When the report is not there, a name is empty, or the range is empty or beyond the text.
    pub fn tag_passage(
        &self,
        report: &str,
        start: u32,
        end: u32,
        names: &[String],
        memo: &str,
    ) -> Result<wire::Passage> {
        let report: ReportId = self.parse(report.parse())?;
        let range = nonempty(start, end)?;
        let id = self.edit("passage_create", Some(report), |w| {
            let mut tags = Vec::new();
            for name in names {
                let tag = ensure_tag(w, name, None, None, "")?;
                if !tags.contains(&tag) {
                    tags.push(tag);
                }
            }
            w.create_passage(&new_passage(report, range, &tags, memo))
        })?;
        self.passage(id)
    }

    /// Changes a passage's range, tags or memo, or confirms one that moved.
    ///
    /// # Errors
    /// When it or a tag is not there, or the range is empty or beyond the text.
    pub fn update_passage(&self, request: &wire::UpdatePassageRequest) -> Result<wire::Passage> {
        let id: PassageId = self.parse(request.id.parse())?;
        let old = self.read(|r| r.passage(id))?;
        let range = match (request.start, request.end) {
            (None, None) => None,
            (start, end) => {
                Some(nonempty(start.unwrap_or(old.range.start), end.unwrap_or(old.range.end))?)
            }
        };
        let patch = PassagePatch {
            range,
            tags: self.parse(request.tags.as_deref().map(ids).transpose())?,
            memo: request.memo.clone(),
            // A range set by hand is as sure as one confirmed.
            state: (request.confirm || range.is_some()).then_some(AnchorState::Kept),
        };
        self.edit("passage_update", Some(old.report), |w| w.update_passage(id, &patch))?;
        self.passage(id)
    }

    /// Removes passages as one step.
    ///
    /// # Errors
    /// When one is not there.
    pub fn delete_passages(&self, request: &wire::IdsRequest) -> Result<Nothing> {
        let all: Vec<PassageId> = self.parse(ids(&request.ids))?;
        let report = all.first().map(|&id| self.read(|r| r.passage(id))).transpose()?;
        self.edit("passage_delete", report.map(|p| p.report), |w| {
            all.iter().try_for_each(|&id| w.delete_passage(id))
        })?;
        Ok(Nothing {})
    }
}

/// A passage of the current revision, marked by whoever makes the change.
pub(crate) fn new_passage<'p>(
    report: ReportId,
    range: CharRange,
    tags: &'p [TagId],
    memo: &'p str,
) -> NewPassage<'p> {
    NewPassage { report, revision: None, range, tags, memo, coder: None }
}

fn nonempty(start: u32, end: u32) -> Result<CharRange> {
    if start < end {
        return Ok(CharRange::new(start, end));
    }
    Err(bad_request(format!("The range {start} to {end} holds no text.")))
}
