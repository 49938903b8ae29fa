//! Reading reports once more from their originals, and taking a repair back.

use super::{Cancel, Prepared, Step, keep};
use crate::archive::Archive;
use crate::error::{Result, bad_request, from_import};
use crate::reports::with_restored;
use crate::wire as to_wire;
use anjuan_import::{Imported, Options, Refusal, Source, import_with};
use anjuan_protocol as wire;
use anjuan_protocol::{ImportItem, ImportOutcome};
use anjuan_store::{ContentHash, ReportId};
use anjuan_text::ReportText;
use std::path::Path;

impl Archive {
    /// Reads reports once more from their originals with the readers of this version. Where the
    /// text comes out differently, it is a new revision, and the passages move along. Text that was
    /// recognised in scans stays; it is recognised anew by [`Archive::recognise`].
    ///
    /// # Errors
    /// When the archive cannot be read or written.
    pub fn reread(
        &self,
        request: &wire::RereadRequest,
        job: &str,
        cancel: &Cancel,
        tell: &mut dyn FnMut(Step),
    ) -> Result<()> {
        let reports = self.selected(&request.reports)?;
        tell(Step::Found(u32::try_from(reports.len()).unwrap_or(u32::MAX)));
        for id in reports {
            if cancel.asked() {
                break;
            }
            let item = self.reread_one(id, job, cancel)?;
            tell(Step::Item(Box::new(item)));
        }
        Ok(())
    }

    fn reread_one(&self, id: ReportId, job: &str, cancel: &Cancel) -> Result<ImportItem> {
        let (report, bytes, revision) = self.read(|r| {
            let report = r.report(id)?;
            let revision = r.revision(report.revision)?;
            Ok((report, r.original(revision.original)?, revision))
        })?;
        let path = report.path.clone().unwrap_or_default();
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let before = self.read(|r| r.report_text(report.revision))?;
        // The readers of a scan find nothing; what was recognised in it is not to be lost for that.
        if before.recognition.is_some() {
            return Ok(ImportItem {
                report: Some(id.to_string()),
                metadata: Some(to_wire::metadata(&report.metadata)),
                problems: to_wire::problems(&before.problems),
                characters: report.characters,
                ..keep::nothing(path, None, ImportOutcome::Skipped)
            });
        }
        // What the user took for a report is one.
        let refused = Refusal::of(&before);
        let options = Options {
            anyway: refused.is_some(),
            refused,
            address: report.metadata.address.as_deref(),
            cancel: Some(&cancel.asked),
            ..Options::default()
        };
        let imported = match import_with(Source { name: &name, bytes: &bytes }, &options) {
            Ok(imported) => imported,
            Err(error) => {
                let told = from_import(Path::new(&path), &error);
                let item = keep::nothing(path, None, ImportOutcome::Failed);
                return Ok(ImportItem { error: Some(told), report: Some(id.to_string()), ..item });
            }
        };
        let prepared = Prepared::new(bytes, revision.original, imported);
        let same = before == prepared.imported.report;
        let outcome = if same { ImportOutcome::Duplicate } else { ImportOutcome::Version };
        if !same {
            self.edit_in_group("report_reread", Some(job), Some(id), |w| {
                keep::add_version(w, id, &prepared)
            })?;
        }
        let metadata = self.read(|r| r.report(id))?.metadata;
        Ok(ImportItem {
            report: Some(id.to_string()),
            metadata: Some(to_wire::metadata(&metadata)),
            ..keep::described(&prepared, path, None, outcome)
        })
    }

    /// Keeps text that was recognised in a report's original as its newest revision.
    pub(crate) fn keep_recognised(
        &self,
        id: ReportId,
        (bytes, hash): (Vec<u8>, ContentHash),
        imported: Imported,
        job: &str,
    ) -> Result<ImportItem> {
        let path = self.read(|r| r.report(id))?.path.unwrap_or_default();
        let prepared = Prepared::new(bytes, hash, imported);
        let kept = self.edit_in_group("report_recognise", Some(job), Some(id), |w| {
            // The report may have got another file meanwhile, of which this is not the text.
            let revision = w.read().report(id)?.revision;
            if w.read().revision(revision)?.original != hash {
                return Ok(false);
            }
            keep::add_version(w, id, &prepared).map(|()| true)
        })?;
        if !kept {
            let item = keep::nothing(path, None, ImportOutcome::Skipped);
            return Ok(ImportItem { report: Some(id.to_string()), ..item });
        }
        let metadata = self.read(|r| r.report(id))?.metadata;
        Ok(ImportItem {
            report: Some(id.to_string()),
            metadata: Some(to_wire::metadata(&metadata)),
            ..keep::described(&prepared, path, None, ImportOutcome::Version)
        })
    }

    /// Takes a repair of the reading text back, as a new revision; passages move along.
    ///
    /// # Errors
    /// When report or repair are not there.
    pub fn undo_repair(&self, request: &wire::UndoRepairRequest) -> Result<wire::ReportView> {
        let id: ReportId = self.parse(request.id.parse())?;
        let (report, text) = self.current_text(id)?;
        let restored = without_repair(&text, request.index as usize).ok_or_else(|| {
            bad_request(format!("The report has no repair number {}.", request.index))
        })?;
        self.replace_text("report_undo_repair", &report, &text, &restored)?;
        self.report(&wire::IdRequest { id: request.id.clone() })
    }
}

/// The text with some repairs taken back and some pieces of furniture put back; nothing where one of
/// them is not there, or none is asked for.
pub(super) fn with_source(text: &ReportText, undo: &[u32], restore: &[u32]) -> Option<ReportText> {
    // From the last one, so that the places of the others in the lists stay.
    let from_the_last = |indices: &[u32]| {
        let mut indices: Vec<usize> = indices.iter().map(|&index| index as usize).collect();
        indices.sort_unstable();
        indices.dedup();
        indices.into_iter().rev()
    };
    if undo.is_empty() && restore.is_empty() {
        return None;
    }
    let mut text = text.clone();
    for index in from_the_last(undo) {
        text = without_repair(&text, index)?;
    }
    for index in from_the_last(restore) {
        text = with_restored(&text, index)?;
    }
    Some(text)
}

/// The text with what stood there before a repair, without breaks at the ends of it, which would make
/// empty blocks.
fn without_repair(text: &ReportText, index: usize) -> Option<ReportText> {
    let length = text.text.chars().count();
    let repair = text.repairs.get(index)?;
    let (start, end) = (repair.range.start as usize, repair.range.end as usize);
    if start > end || end > length {
        return None;
    }
    let mut text = text.clone();
    let original = &mut text.repairs[index].original;
    if original.contains('\n') {
        let lines: Vec<&str> = original.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
        let behind_a_break = start > 0 && text.text.chars().nth(start - 1) == Some('\n');
        let inside = start > 0 && end < length && !behind_a_break;
        *original = if lines.is_empty() && inside { "\n".to_owned() } else { lines.join("\n") };
    }
    Some(anjuan_text::restore(&text, index))
}

#[cfg(test)]
mod tests {
    use super::*;
    use anjuan_text::{Block, BlockKind, CharRange, Repair, RepairKind};

    fn text(
        text: &str,
        blocks: &[(BlockKind, u32, u32)],
        repair: (RepairKind, u32, u32, &str),
    ) -> ReportText {
        ReportText {
            text: text.into(),
            blocks: blocks
                .iter()
                .map(|&(kind, start, end)| Block {
                    kind,
                    level: None,
                    range: CharRange::new(start, end),
                })
                .collect(),
            repairs: vec![Repair {
                kind: repair.0,
                range: CharRange::new(repair.1, repair.2),
                original: repair.3.into(),
            }],
            ..ReportText::default()
        }
    }

    fn check(before: &ReportText, after: &str) {
        let restored = without_repair(before, 0).expect("the repair is there");
        assert_eq!(restored.text, after);
        let lines: Vec<&str> = after.split('\n').collect();
        let chars: Vec<char> = after.chars().collect();
        let blocks: Vec<String> = restored
            .blocks
            .iter()
            .map(|b| chars[b.range.start as usize..b.range.end as usize].iter().collect())
            .collect();
        assert_eq!(blocks, lines, "each line is a block");
        assert!(restored.repairs.is_empty());
    }

    #[test]
    fn repairs_are_taken_back() {
        use BlockKind::{Heading, Paragraph, Title};
        let two = [(Title, 0, 2), (Paragraph, 3, 7)];
        // A gloss, in the middle, at the beginning of a line and at its end.
        check(
            &text("标题\n正文如下", &two, (RepairKind::Gloss, 4, 4, "(zhèng)")),
            "标题\n正(zhèng)文如下",
        );
        check(
            &text("标题\n正文如下", &two, (RepairKind::Gloss, 7, 7, "(xià)")),
            "标题\n正文如下(xià)",
        );
        check(
            &text("标题\n正文如下", &two, (RepairKind::Gloss, 2, 2, "(tí)")),
            "标题(tí)\n正文如下",
        );
        // Punctuation.
        check(&text("标题\n正文，如", &two, (RepairKind::Punctuation, 5, 6, ",")), "标题\n正文,如");
        // A break that was put in, and one that was taken out.
        let put = [(Title, 0, 2), (Heading, 3, 5), (Paragraph, 6, 8)];
        check(
            &text("标题\n一、\n正文", &put, (RepairKind::MissingBreak, 5, 6, "")),
            "标题\n一、正文",
        );
        check(
            &text("标题\n正文如下", &two, (RepairKind::LineBreak, 5, 5, "\r\n")),
            "标题\n正文\n如下",
        );
        // The number of a page inside a sentence.
        check(
            &text("标题\n正文如下", &two, (RepairKind::PageNumber, 5, 5, "\n- 3 -\n")),
            "标题\n正文- 3 -如下",
        );
        assert!(without_repair(&ReportText::default(), 0).is_none());
    }
}
