//! Reports that are nearly the same: noticed on import, decided by the user.

use super::Cancel;
use super::keep::relation;
use crate::archive::Archive;
use crate::error::{Result, not_found};
use crate::library::shown_title;
use crate::pinyin;
use crate::reports::{keep_metadata, move_passages};
use anjuan_protocol as wire;
use anjuan_protocol::Nothing;
use anjuan_store::{NewRevision, Read, ReportId, StoreError};

/// Texts added to the index of likeness in one step.
const PORTION: usize = 200;

/// What the first of a pair is to the other one, by what they share and their lengths today.
fn kind(likeness: f32, own: u32, other: u32) -> wire::Likeness {
    relation(likeness, own as usize, other as usize).unwrap_or(wire::Likeness::Near)
}

/// The reports that one report is nearly the same as, undecided.
pub(crate) fn near_reports(
    r: &Read<'_>,
    of: ReportId,
) -> std::result::Result<Vec<wire::NearReport>, StoreError> {
    let own = r.report(of)?.characters;
    r.near_pairs(Some(of))?
        .into_iter()
        .map(|pair| {
            let other = if pair.report == of { pair.other } else { pair.report };
            let known = r.report(other)?;
            Ok(wire::NearReport {
                report: other.to_string(),
                title: shown_title(known.metadata.title.as_deref(), known.path.as_deref())
                    .to_owned(),
                likeness: pair.likeness,
                same: kind(pair.likeness, own, known.characters),
            })
        })
        .collect()
}

impl Archive {
    /// Adds the texts of an archive of an older schema to the index of likeness, once.
    pub(super) fn complete_likeness(&self, cancel: &Cancel) -> Result<()> {
        if !self.read(|r| r.lacks_likeness())? {
            return Ok(());
        }
        for some in self.read(|r| r.report_ids())?.chunks(PORTION) {
            if cancel.asked() {
                return Ok(());
            }
            let sketches = self.read(|r| {
                some.iter()
                    .map(|&id| {
                        let text = r.text(r.report(id)?.revision)?;
                        Ok((id, anjuan_compare::sketch(&text).lowest))
                    })
                    .collect::<std::result::Result<Vec<_>, StoreError>>()
            })?;
            self.edit("import", None, |w| {
                sketches.iter().try_for_each(|(id, hashes)| w.insert_likeness(*id, hashes))
            })?;
        }
        self.with_store_locked(anjuan_store::Store::likeness_is_complete)
    }

    /// Reports that are nearly the same, on which the user has not decided.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn near_pairs(&self) -> Result<Vec<wire::NearPair>> {
        self.read(|r| {
            let told = |id: ReportId| {
                let report = r.report(id)?;
                let title = shown_title(report.metadata.title.as_deref(), report.path.as_deref());
                Ok::<_, StoreError>((title.to_owned(), report.characters))
            };
            r.near_pairs(None)?
                .into_iter()
                .map(|pair| {
                    let (title, own) = told(pair.report)?;
                    let (other_title, other) = told(pair.other)?;
                    Ok(wire::NearPair {
                        report: pair.report.to_string(),
                        title,
                        other: pair.other.to_string(),
                        other_title,
                        likeness: pair.likeness,
                        same: kind(pair.likeness, own, other),
                        at: pair.at,
                    })
                })
                .collect()
        })
    }

    /// Decides on two reports that are nearly the same: both stay, or the later one becomes the
    /// newest revision of the earlier one. Its passages go along, so do those of the other.
    ///
    /// # Errors
    /// When there is no such pair.
    pub fn resolve_near(&self, request: &wire::ResolveNearRequest) -> Result<Nothing> {
        let report: ReportId = self.parse(request.report.parse())?;
        let other: ReportId = self.parse(request.other.parse())?;
        if self.read(|r| r.near_pair(report, other))?.is_none() {
            return Err(not_found("The pair", &request.report));
        }
        let version = matches!(request.action, wire::NearAction::Version);
        let (label, decided) =
            if version { ("near_version", "version") } else { ("near_keep", "keep") };
        self.edit(label, Some(other), |w| {
            w.decide_near(report, other, decided)?;
            if !version {
                return Ok(());
            }
            let (later, earlier) = (w.read().report(report)?, w.read().report(other)?);
            let text = w.read().report_text(later.revision)?;
            let old = w.read().text(earlier.revision)?;
            let read = w.read().revision(later.revision)?;
            let key = pinyin::sort_key(earlier.metadata.title.as_deref().unwrap_or_default());
            let fresh = w.add_revision(
                other,
                &NewRevision {
                    original: read.original,
                    encoding: read.encoding.as_deref(),
                    text: &text,
                    text_hash: read.text_hash,
                },
                &key,
            )?;
            // What the user knows of the earlier report holds; what it did not say comes along.
            let mut metadata = earlier.metadata;
            let new = later.metadata;
            macro_rules! fill {
                ($($field:ident)*) => {$(
                    if metadata.$field.is_none() { metadata.$field = new.$field; }
                )*};
            }
            fill!(title published source editor place organisation script language);
            fill!(delivered period kind level address);
            if metadata.authors.is_empty() {
                metadata.authors = new.authors;
            }
            keep_metadata(w, other, metadata)?;
            move_passages(w, other, fresh, &old, &text.text)?;
            for passage in w
                .read()
                .passages(&anjuan_store::PassageFilter { report: Some(report), tag: None })?
            {
                w.create_passage(&anjuan_store::NewPassage {
                    report: other,
                    revision: Some(fresh),
                    range: passage.range,
                    tags: &passage.tags,
                    memo: &passage.memo,
                    coder: Some(&passage.coder),
                })?;
            }
            for collection in w.read().collections_of_report(report)? {
                w.add_to_collection(collection, other)?;
            }
            w.delete_report(report)
        })?;
        Ok(Nothing {})
    }
}
