//! The library and the report to read.

use crate::archive::Archive;
use crate::error::{Result, bad_request};
use crate::import::near_reports;
use crate::library::{file_name, shown_title};
use crate::{pinyin, wire as to_wire};
use anjuan_compare::{Anchor, Relocated, relocate};
use anjuan_protocol as wire;
use anjuan_protocol::Nothing;
use anjuan_store::{
    AnchorState, ContentHash, Listed, MetadataPatch, NewRevision, PassageFilter, Read, ReportId,
    RevisionId, StoreError, Subject, Write,
};
use anjuan_text::{
    Block, BlockKind, CharRange, Folded, IssuerLevel, Period, ReportKind, ReportText,
};
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::str::FromStr;

/// Identifiers of one kind.
pub(crate) fn ids<T: FromStr<Err = StoreError>>(
    all: &[String],
) -> std::result::Result<Vec<T>, StoreError> {
    all.iter().map(|id| id.parse()).collect()
}

/// The hash by which two texts are the same report: of the folded text, so that script, width,
/// glosses and white space make no difference.
pub(crate) fn text_hash(text: &str) -> ContentHash {
    ContentHash::of(Folded::new(text).to_folded_string().as_bytes())
}

/// Code points of a text that a preview shows.
const BEGINNING: usize = 200;

/// How a text begins below its title and the lines of who published it and when: so many characters.
pub(crate) fn beginning(text: &str, blocks: &[Block], most: usize) -> String {
    let body = blocks.iter().find(|b| !matches!(b.kind, BlockKind::Title | BlockKind::Byline));
    let from = body.map_or(0, |b| b.range.start as usize);
    text.chars().skip(from).take(most).collect()
}

/// A report as a row of the list.
fn row(read: &Read<'_>, listed: Listed) -> std::result::Result<wire::ReportRow, StoreError> {
    let marks = read.marks(listed.id)?;
    let tags = if marks.tags.is_empty() { Vec::new() } else { read.tags_of_report(listed.id)? };
    Ok(wire::ReportRow {
        id: listed.id.to_string(),
        title: shown_title(listed.title.as_deref(), listed.path.as_deref()).to_owned(),
        file: listed.path.as_deref().map(|path| file_name(path).to_owned()),
        published: listed.published,
        place: listed.place,
        organisation: listed.organisation,
        source: listed.source,
        authors: listed.authors,
        script: listed.script.map(|s| s.as_str().to_owned()),
        characters: listed.characters,
        passages: marks.passages,
        tags: tags.iter().map(ToString::to_string).collect(),
        memo: marks.memo,
        problems: listed.problems.into_iter().map(to_wire::word).collect(),
        imported: listed.imported,
    })
}

impl Archive {
    /// Turns a fault of parsing identifiers into the edge's.
    pub(crate) fn parse<T>(&self, parsed: std::result::Result<T, StoreError>) -> Result<T> {
        parsed.map_err(|e| self.fault(e))
    }

    /// A window of the library's list.
    ///
    /// # Errors
    /// When the file cannot be read or an identifier is none.
    pub fn reports(&self, request: &wire::ReportsRequest) -> Result<wire::ReportsPage> {
        self.library_under(&request.filter, Some(&request.sort), |library, read| {
            let (total, ids) = library.window(request)?;
            let mut rows = Vec::with_capacity(ids.len());
            for id in ids {
                // While many changes are taken over, a report of the list may be gone already.
                if let Some(listed) = read.listed(id)? {
                    rows.push(row(read, listed)?);
                }
            }
            Ok(wire::ReportsPage { total, rows })
        })
    }

    /// A stretch of the library's list by identifier only.
    ///
    /// # Errors
    /// When the file cannot be read or an identifier is none.
    pub fn report_ids(&self, request: &wire::ReportsRequest) -> Result<Vec<String>> {
        let (_, ids) = self.library_under(&request.filter, Some(&request.sort), |library, _| {
            library.window(request)
        })?;
        Ok(ids.iter().map(ToString::to_string).collect())
    }

    /// Where in the library's list a report stands.
    ///
    /// # Errors
    /// When the file cannot be read or an identifier is none.
    pub fn report_position(&self, request: &wire::ReportPositionRequest) -> Result<Option<u32>> {
        self.library_under(&request.filter, Some(&request.sort), |library, _| {
            library.position(request)
        })
    }

    /// The values to filter by, with counts.
    ///
    /// # Errors
    /// When the file cannot be read or an identifier is none.
    pub fn facets(&self, filter: &wire::ReportFilter) -> Result<wire::Facets> {
        self.library_with_marks(|library, _| library.facets(filter, None))
    }

    /// Values of a column that meet what was typed.
    ///
    /// # Errors
    /// When the file cannot be read or an identifier is none.
    pub fn library_values(
        &self,
        request: &wire::LibraryValuesRequest,
    ) -> Result<Vec<wire::FacetValue>> {
        self.library_under(&request.filter, None, |library, _| library.values(request))
    }

    /// The reports of a selection.
    pub(crate) fn selected(&self, selection: &wire::ReportSelection) -> Result<Vec<ReportId>> {
        match selection {
            wire::ReportSelection::Ids { ids: named } => self.parse(ids(named)),
            wire::ReportSelection::Matching { filter, except } => {
                let except: HashSet<ReportId> =
                    self.parse(ids::<ReportId>(except))?.into_iter().collect();
                let mut all =
                    self.library_under(filter, None, |library, _| library.matching(filter))?;
                all.retain(|id| !except.contains(id));
                Ok(all)
            }
        }
    }

    /// What the library shows of one report beside the list.
    ///
    /// # Errors
    /// When it is not there.
    pub fn report_preview(&self, request: &wire::IdRequest) -> Result<wire::ReportPreview> {
        let id: ReportId = self.parse(request.id.parse())?;
        self.read(|r| {
            let report = r.report(id)?;
            let text = r.report_text(report.revision)?;
            let passages = r.passages(&PassageFilter { report: Some(id), tag: None })?;
            let tags = r.tags_of_report(id)?.into_iter().map(|tag| wire::FacetValue {
                value: tag.to_string(),
                count: passages.iter().filter(|p| p.tags.contains(&tag)).count() as u32,
            });
            let collections = r.collections_of_report(id)?;
            Ok(wire::ReportPreview {
                id: id.to_string(),
                title: shown_title(report.metadata.title.as_deref(), report.path.as_deref())
                    .to_owned(),
                path: report.path,
                metadata: to_wire::metadata(&report.metadata),
                beginning: beginning(&text.text, &text.blocks, BEGINNING),
                characters: report.characters,
                memo: r.memo(Subject::Report(id))?.map(|m| m.text).unwrap_or_default(),
                passages: passages.len() as u32,
                tags: tags.collect(),
                collections: collections.iter().map(ToString::to_string).collect(),
                problems: report.problems.into_iter().map(to_wire::word).collect(),
                imported: report.created_at,
                revisions: r.revisions(id)?.len() as u32,
                near_reports: near_reports(&r, id)?,
            })
        })
    }

    /// One report to read.
    ///
    /// # Errors
    /// When it is not there.
    pub fn report(&self, request: &wire::IdRequest) -> Result<wire::ReportView> {
        let id: ReportId = self.parse(request.id.parse())?;
        self.read(|r| {
            let report = r.report(id)?;
            let text = r.report_text(report.revision)?;
            let revisions = r.revisions(id)?;
            let passages = r.passages(&PassageFilter { report: Some(id), tag: None })?;
            Ok(wire::ReportView {
                id: id.to_string(),
                revision: report.revision.to_string(),
                path: report.path,
                encoding: revisions.first().and_then(|v| v.encoding.clone()),
                metadata: to_wire::metadata(&report.metadata),
                blocks: to_wire::blocks(&text.blocks),
                furniture: to_wire::furniture(&text.furniture),
                repairs: to_wire::repairs(&text.repairs),
                problems: to_wire::problems(&text.problems),
                recognition: text.recognition.as_ref().map(to_wire::recognition),
                text: text.text,
                passages: passages.iter().map(to_wire::passage).collect(),
                memo: r.memo(Subject::Report(id))?.map(|m| m.text).unwrap_or_default(),
                revisions: revisions.len() as u32,
                near_reports: near_reports(&r, id)?,
            })
        })
    }

    /// Corrects metadata of one or many reports as one step.
    ///
    /// # Errors
    /// When a report is not there, or the date is not ISO 8601.
    pub fn set_metadata(
        &self,
        request: &wire::SetMetadataRequest,
        progress: &mut dyn FnMut(u32, u32) -> ControlFlow<()>,
    ) -> Result<Nothing> {
        let reports = self.selected(&request.reports)?;
        let patch = metadata_patch(&edit_of(request))?;
        self.edit_each("report_metadata", &reports, progress, |w, id| w.set_metadata(id, &patch))?;
        Ok(Nothing {})
    }

    /// Writes a report's memo; an empty one removes it.
    ///
    /// # Errors
    /// When the report is not there.
    pub fn set_report_memo(&self, request: &wire::SetMemoRequest) -> Result<Nothing> {
        let id: ReportId = self.parse(request.id.parse())?;
        self.edit("report_memo", Some(id), |w| w.set_memo(Subject::Report(id), &request.memo))?;
        Ok(Nothing {})
    }

    /// Removes reports as one step.
    ///
    /// # Errors
    /// When one is not there.
    pub fn delete_reports(
        &self,
        request: &wire::ReportSelection,
        progress: &mut dyn FnMut(u32, u32) -> ControlFlow<()>,
    ) -> Result<Nothing> {
        let reports = self.selected(request)?;
        #[allow(
            clippy::redundant_closure_for_method_calls,
            reason = "the method's lifetime is not general enough to stand by itself"
        )]
        self.edit_each("report_delete", &reports, progress, |w, id| w.delete_report(id))?;
        Ok(Nothing {})
    }

    /// Gives a report another text, of the same original, as a new revision under the metadata that
    /// it has; passages move along.
    pub(crate) fn replace_text(
        &self,
        label: &str,
        report: &anjuan_store::Report,
        before: &ReportText,
        after: &ReportText,
    ) -> Result<()> {
        let revision = self.read(|r| r.revision(report.revision))?;
        self.edit(label, Some(report.id), |w| {
            let new = NewRevision {
                original: revision.original,
                encoding: revision.encoding.as_deref(),
                text: after,
                text_hash: text_hash(&after.text),
            };
            let key = pinyin::sort_key(report.metadata.title.as_deref().unwrap_or_default());
            let fresh = w.add_revision(report.id, &new, &key)?;
            keep_metadata(w, report.id, report.metadata.clone())?;
            move_passages(w, report.id, fresh, &before.text, &after.text)
        })
    }

    /// Puts a piece of furniture back into the text, as a paragraph where it stood. The text gets
    /// a new revision; passages move along.
    ///
    /// # Errors
    /// When report or piece are not there.
    pub fn restore_furniture(
        &self,
        request: &wire::RestoreFurnitureRequest,
    ) -> Result<wire::ReportView> {
        let id: ReportId = self.parse(request.id.parse())?;
        let (report, text) = self.current_text(id)?;
        let restored = with_restored(&text, request.index as usize).ok_or_else(|| {
            bad_request(format!("The report has no set-aside piece number {}.", request.index))
        })?;
        self.replace_text("report_restore_furniture", &report, &text, &restored)?;
        self.report(&wire::IdRequest { id: request.id.clone() })
    }
}

/// What corrections of metadata change.
pub(crate) fn metadata_patch(request: &wire::MetadataEdit) -> Result<MetadataPatch> {
    for date in [&request.published, &request.delivered].into_iter().flatten() {
        if !date.is_empty() && !is_iso_date(date) {
            return Err(bad_request(format!(
                "{date} is not a date; dates are written 2021, 2021-02, 2021-02-04 or \
                 2021-02-04T15:15."
            )));
        }
    }
    let value = |value: &Option<String>| {
        value.as_ref().map(|v| Some(v.trim().to_owned()).filter(|v| !v.is_empty()))
    };
    let title = value(&request.title);
    Ok(MetadataPatch {
        title_key: title.as_ref().map(|t| pinyin::sort_key(t.as_deref().unwrap_or_default())),
        title,
        published: value(&request.published),
        authors: request.authors.clone(),
        source: value(&request.source),
        editor: value(&request.editor),
        place: value(&request.place),
        organisation: value(&request.organisation),
        delivered: value(&request.delivered),
        period: request
            .period
            .as_deref()
            .map(|word| closed(word, "period", Period::parse))
            .transpose()?,
        kind: request
            .kind
            .as_deref()
            .map(|word| closed(word, "kind of report", ReportKind::parse))
            .transpose()?,
        level: request
            .level
            .as_deref()
            .map(|word| closed(word, "level", IssuerLevel::parse))
            .transpose()?,
        address: value(&request.address),
        ..MetadataPatch::default()
    })
}

fn edit_of(request: &wire::SetMetadataRequest) -> wire::MetadataEdit {
    wire::MetadataEdit {
        title: request.title.clone(),
        published: request.published.clone(),
        authors: request.authors.clone(),
        source: request.source.clone(),
        editor: request.editor.clone(),
        place: request.place.clone(),
        organisation: request.organisation.clone(),
        delivered: request.delivered.clone(),
        period: request.period.clone(),
        kind: request.kind.clone(),
        level: request.level.clone(),
        address: request.address.clone(),
    }
}

/// Reads a value of a closed set; what is none of it is refused.
fn closed<T>(word: &str, what: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>> {
    let word = word.trim();
    let read = || parse(word).ok_or_else(|| bad_request(format!("{word} is no {what}.")));
    if word.is_empty() { Ok(None) } else { read().map(Some) }
}

/// Sets a report's metadata to what it was before a revision of the same source: the user's
/// corrections stay.
pub(crate) fn keep_metadata(
    w: &mut Write<'_>,
    id: ReportId,
    metadata: anjuan_text::Metadata,
) -> std::result::Result<(), StoreError> {
    let title_key = pinyin::sort_key(metadata.title.as_deref().unwrap_or_default());
    w.set_metadata(
        id,
        &MetadataPatch {
            title: Some(metadata.title),
            title_key: Some(title_key),
            published: Some(metadata.published),
            authors: Some(metadata.authors),
            source: Some(metadata.source),
            editor: Some(metadata.editor),
            place: Some(metadata.place),
            organisation: Some(metadata.organisation),
            script: Some(metadata.script),
            language: Some(metadata.language),
            delivered: Some(metadata.delivered),
            period: Some(metadata.period),
            kind: Some(metadata.kind),
            level: Some(metadata.level),
            address: Some(metadata.address),
        },
    )
}

/// Moves a report's passages from one text to the next. One whose text is gone is marked lost and
/// keeps its quote; none is put on another place.
pub(crate) fn move_passages(
    w: &mut Write<'_>,
    report: ReportId,
    revision: RevisionId,
    old: &str,
    new: &str,
) -> std::result::Result<(), StoreError> {
    let passages = w.read().passages(&PassageFilter { report: Some(report), tag: None })?;
    let anchors: Vec<Anchor> = passages
        .iter()
        .map(|p| Anchor {
            range: p.range,
            quote: p.quote.clone(),
            before: p.before.clone(),
            after: p.after.clone(),
        })
        .collect();
    for (passage, placed) in passages.iter().zip(relocate(old, new, &anchors)) {
        match placed {
            // A passage that was to be confirmed or lost before does not become sure by itself.
            Relocated::Kept(range) => w.set_anchor(passage.id, revision, range, passage.state)?,
            Relocated::Moved(range) => {
                w.set_anchor(passage.id, revision, range, AnchorState::Moved)?;
            }
            Relocated::Lost => w.set_anchor_state(passage.id, AnchorState::Lost)?,
        }
    }
    Ok(())
}

/// The text with one piece of furniture back in it, as a paragraph of its own.
pub(crate) fn with_restored(text: &ReportText, index: usize) -> Option<ReportText> {
    let mut restored = text.clone();
    if index >= restored.furniture.len() {
        return None;
    }
    let piece = restored.furniture.remove(index);
    let line: String = piece.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = line.chars().count() as u32;
    // Furniture stands between blocks: before the first block that begins at or behind it.
    let at = restored.blocks.partition_point(|b| b.range.start < piece.position);
    let start = match (restored.blocks.get(at), restored.blocks.last()) {
        (Some(next), _) => next.range.start,
        (None, Some(last)) => last.range.end + 1,
        (None, None) => 0,
    };
    let chars: Vec<char> = restored.text.chars().collect();
    let split = (start as usize).min(chars.len());
    let mut whole: String = chars[..split].iter().collect();
    if start as usize > chars.len() {
        whole.push('\n');
    }
    whole.push_str(&line);
    if split < chars.len() {
        whole.push('\n');
        whole.extend(&chars[split..]);
    }
    restored.text = whole;
    let shift = length + 1;
    let moved = |range: &mut CharRange| {
        if range.start >= start {
            *range = CharRange::new(range.start + shift, range.end + shift);
        }
    };
    restored.blocks.iter_mut().for_each(|b| moved(&mut b.range));
    restored.repairs.iter_mut().for_each(|r| moved(&mut r.range));
    restored.problems.iter_mut().filter_map(|p| p.range.as_mut()).for_each(moved);
    for other in &mut restored.furniture {
        if other.position > piece.position {
            other.position += shift;
        }
    }
    let block = Block {
        kind: BlockKind::Paragraph,
        level: None,
        range: CharRange::new(start, start + length),
    };
    restored.blocks.insert(at, block);
    Some(restored)
}

/// Whether a date is ISO 8601 as the archive keeps it, as precise as known.
fn is_iso_date(date: &str) -> bool {
    let (day, time) = date.split_once('T').map_or((date, None), |(d, t)| (d, Some(t)));
    let digits =
        |part: &str, len: usize| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = day.split('-').collect();
    let day_ok = match parts[..] {
        [year] => digits(year, 4),
        [year, month] => digits(year, 4) && digits(month, 2),
        [..] => day.parse::<jiff::civil::Date>().is_ok() && day.len() == 10,
    };
    let time_ok = time.is_none_or(|t| {
        matches!(t.len(), 5 | 8) && t.parse::<jiff::civil::Time>().is_ok() && parts.len() == 3
    });
    day_ok && time_ok
}

#[cfg(test)]
mod tests {
    use super::*;
    use anjuan_text::{Furniture, FurnitureReason};

    #[test]
    fn dates_are_as_precise_as_written() {
        for good in ["2021", "2021-02", "2021-02-04", "2021-02-04T15:15", "2021-02-04T15:15:07"] {
            assert!(is_iso_date(good), "{good}");
        }
        for bad in [
            "21",
            "2021-2",
            "2021-02-30",
            "2021T15:15",
            "2021-02-04T25:00",
            "昨天",
            "2021-02-04T15",
        ] {
            assert!(!is_iso_date(bad), "{bad}");
        }
    }

    #[test]
    fn furniture_returns_to_its_place() {
        let block =
            |kind, start, end| Block { kind, level: None, range: CharRange::new(start, end) };
        let piece = |text: &str, position| Furniture {
            text: text.into(),
            reason: FurnitureReason::PageTool,
            position,
        };
        let text = ReportText {
            text: "标题\n正文".into(),
            blocks: vec![block(BlockKind::Title, 0, 2), block(BlockKind::Paragraph, 3, 5)],
            furniture: vec![piece("首页", 0), piece("点击:\t9", 3), piece("尾", 6)],
            ..ReportText::default()
        };
        let check = |index, expect: &str, blocks: &[(u32, u32)]| {
            let restored = with_restored(&text, index).expect("the piece is there");
            assert_eq!(restored.text, expect);
            let found: Vec<_> =
                restored.blocks.iter().map(|b| (b.range.start, b.range.end)).collect();
            assert_eq!(found, blocks);
            assert_eq!(restored.furniture.len(), 2);
        };
        check(0, "首页\n标题\n正文", &[(0, 2), (3, 5), (6, 8)]);
        check(1, "标题\n点击: 9\n正文", &[(0, 2), (3, 8), (9, 11)]);
        check(2, "标题\n正文\n尾", &[(0, 2), (3, 5), (6, 7)]);
        assert!(with_restored(&text, 3).is_none());
    }
}
