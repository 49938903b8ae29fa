//! Reading reports once more from their originals, and taking a repair back.

use super::{Cancel, Prepared, Step, keep};
use crate::archive::Archive;
use crate::error::{Result, bad_request, from_import};
use crate::pinyin;
use crate::reports::{keep_metadata, move_passages, text_hash};
use crate::wire as to_wire;
use anjuan_import::{Options, Source, import_with};
use anjuan_protocol as wire;
use anjuan_protocol::{ImportItem, ImportOutcome};
use anjuan_store::{NewRevision, ReportId};
use anjuan_text::{Block, BlockKind, CharRange, ReportText};
use std::path::Path;

impl Archive {
    /// Reads reports once more from their originals with the readers of this version. Where the
    /// text comes out differently, it is a new revision, and the passages move along.
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
        let options = Options {
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
        let before = self.read(|r| r.report_text(report.revision))?;
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
        let revision = self.read(|r| r.revision(report.revision))?;
        self.edit("report_undo_repair", Some(id), |w| {
            let new = NewRevision {
                original: revision.original,
                encoding: revision.encoding.as_deref(),
                text: &restored,
                text_hash: text_hash(&restored.text),
            };
            let key = pinyin::sort_key(report.metadata.title.as_deref().unwrap_or_default());
            let metadata = report.metadata.clone();
            let fresh = w.add_revision(id, &new, &key)?;
            keep_metadata(w, id, metadata)?;
            move_passages(w, id, fresh, &text.text, &restored.text)
        })?;
        self.report(&wire::IdRequest { id: request.id.clone() })
    }
}

/// The text with what stood there before a repair. Blocks that a break was put between become one,
/// and one that a break was taken out of becomes two.
fn without_repair(text: &ReportText, index: usize) -> Option<ReportText> {
    let mut restored = text.clone();
    if index >= restored.repairs.len() {
        return None;
    }
    let repair = restored.repairs.remove(index);
    let chars: Vec<char> = text.text.chars().collect();
    let (start, end) = (repair.range.start as usize, repair.range.end as usize);
    if start > end || end > chars.len() {
        return None;
    }
    // Breaks at the ends would make empty blocks.
    let mut original: Vec<char> = repair.original.replace("\r\n", "\n").chars().collect();
    if original.contains(&'\n') {
        let lines: Vec<String> = repair
            .original
            .lines()
            .map(|l| l.trim().to_owned())
            .filter(|l| !l.is_empty())
            .collect();
        let inside = start > 0 && end < chars.len() && chars[start - 1] != '\n';
        original = if lines.is_empty() && inside {
            vec!['\n']
        } else {
            lines.join("\n").chars().collect()
        };
    }
    let (gone, come) = (end - start, original.len());
    restored.text = chars[..start].iter().chain(&original).chain(&chars[end..]).collect();
    // A place behind the repair moves; one inside it goes to its ends.
    let moved = |at: u32, to_end: bool| -> u32 {
        let at = at as usize;
        (if at <= start && (at < start || !to_end || gone > 0 || come == 0) {
            at
        } else if at >= end {
            at + come - gone
        } else if to_end {
            start + come
        } else {
            start
        }) as u32
    };
    let blocks = std::mem::take(&mut restored.blocks);
    let mut rebuilt: Vec<Block> = Vec::with_capacity(blocks.len() + 1);
    for block in blocks {
        let from = if block.range.start as usize >= end && block.range.start as usize > start {
            moved(block.range.start, true)
        } else {
            block.range.start.min(start as u32)
        };
        let to = if (block.range.end as usize) < start
            || (block.range.end as usize == start && come == 0)
        {
            block.range.end
        } else if block.range.end as usize >= end {
            (block.range.end as usize + come - gone) as u32
        } else {
            (start + come) as u32
        };
        match rebuilt.last_mut() {
            // The break between the two was put in.
            Some(last) if from <= last.range.end => {
                last.range.end = last.range.end.max(to);
                if last.kind == BlockKind::Heading {
                    last.kind = block.kind;
                    last.level = block.level;
                }
            }
            _ => rebuilt.push(Block { range: CharRange::new(from, to), ..block }),
        }
    }
    // Every line of the text is a block of its own again.
    let whole: Vec<char> = restored.text.chars().collect();
    for block in rebuilt {
        let mut from = block.range.start as usize;
        let until = (block.range.end as usize).min(whole.len());
        let mut first = true;
        while from <= until {
            let length = whole[from..until].iter().position(|c| *c == '\n').unwrap_or(until - from);
            if length > 0 {
                let range = CharRange::new(from as u32, (from + length) as u32);
                let kind = if first { block.kind } else { BlockKind::Paragraph };
                let level = if first { block.level } else { None };
                restored.blocks.push(Block { kind, level, range });
                first = false;
            }
            from += length + 1;
        }
    }
    let shift = |range: &mut CharRange| {
        let from = moved(range.start, true);
        *range = CharRange::new(from, moved(range.end, true).max(from));
    };
    restored.repairs.iter_mut().for_each(|r| shift(&mut r.range));
    restored.problems.iter_mut().filter_map(|p| p.range.as_mut()).for_each(shift);
    for piece in &mut restored.furniture {
        piece.position = moved(piece.position, true).min(whole.len() as u32);
    }
    Some(restored)
}

#[cfg(test)]
mod tests {
    use super::*;
    use anjuan_text::{Repair, RepairKind};

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
