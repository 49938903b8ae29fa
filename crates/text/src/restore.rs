//! Taking a repair back: the reading text as if it had not been made.

use crate::offset::CharRange;
use crate::report::{Block, BlockKind, Repair, RepairKind, ReportText};

/// The report without one of its repairs: what stood in the source stands there again, and blocks,
/// furniture, the other repairs and problems are where they belong then. Taken back one after the
/// other, in any order, all repairs together give the text of the source.
///
/// A gloss that was taken out of furniture is only struck off the list: its place is not kept.
/// `index` is that of [`ReportText::repairs`]; one beyond its end changes nothing.
#[must_use]
pub fn restore(report: &ReportText, index: usize) -> ReportText {
    let mut restored = report.clone();
    if index >= report.repairs.len() {
        return restored;
    }
    let repair = restored.repairs.remove(index);
    let chars: Vec<char> = report.text.chars().collect();
    if in_furniture(report, &repair) {
        return restored;
    }
    let (start, end) = (repair.range.start, repair.range.end);
    let added = repair.original.chars().count() as u32;
    let behind = |at: u32| at - end + start + added;
    // Where a place of the old text is in the new one.
    let moved = |at: u32| match at {
        _ if at <= start && (at < end || at == start) => at,
        _ if at >= end => behind(at),
        _ => start,
    };
    let text = |range: std::ops::Range<u32>| &chars[range.start as usize..range.end as usize];
    restored.text = text(0..start).iter().collect();
    restored.text.push_str(&repair.original);
    restored.text.extend(text(end..chars.len() as u32));

    restored.blocks = blocks(&restored.text, &report.blocks, start, end, added);
    for (at, other) in restored.repairs.iter_mut().enumerate() {
        // Of several things taken out at one place the later ones stood behind the earlier.
        let after = other.range.start > start || (other.range.start == start && at >= index);
        if after && other.range.start >= end {
            other.range = CharRange::new(behind(other.range.start), behind(other.range.end));
        }
    }
    for aside in &mut restored.furniture {
        aside.position = moved(aside.position);
    }
    for range in restored.problems.iter_mut().filter_map(|p| p.range.as_mut()) {
        let from = moved(range.start);
        *range = CharRange::new(from, moved(range.end).max(from));
    }
    restored
}

/// Whether a gloss was taken out of furniture: it is not behind a character of a block.
fn in_furniture(report: &ReportText, repair: &Repair) -> bool {
    let at = repair.range.start;
    if repair.kind != RepairKind::Gloss || repair.range.end > at {
        return false;
    }
    let inside = report.blocks.iter().any(|b| b.range.start < at && at <= b.range.end);
    let last = report.blocks.last().is_some_and(|b| b.range.end == at);
    !inside || (last && report.furniture.iter().any(|f| f.position == at))
}

/// The blocks of a text in which `added` characters stand for those from `start` to `end`.
fn blocks(text: &str, old: &[Block], start: u32, end: u32, added: u32) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::with_capacity(old.len() + 1);
    let mut from = 0;
    for line in text.split('\n') {
        let range = CharRange::new(from, from + line.chars().count() as u32);
        from = range.end + 1;
        if range.start == range.end {
            continue;
        }
        // What of the old text is in it; what was put back belongs to the block around it.
        let back = |at: u32| match at {
            _ if at <= start => at,
            _ if at >= start + added => at - added - start + end,
            _ => start,
        };
        let (first, last) = (back(range.start), back(range.end));
        let mut within = old.iter().filter(|b| {
            b.range.start < last.max(first + 1) && first < b.range.end.max(b.range.start + 1)
        });
        let kept = within.next();
        let joined = within.next().is_some();
        let fresh = range.start > start && range.end <= start + added;
        let (kind, level) = match kept {
            Some(block) if !fresh && !joined => (block.kind, block.level),
            _ => (BlockKind::Paragraph, None),
        };
        found.push(Block { kind, level, range });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(text: &str, repairs: &[(RepairKind, u32, u32, &str)]) -> ReportText {
        let mut from = 0;
        let blocks = text
            .split('\n')
            .map(|line| {
                let range = CharRange::new(from, from + line.chars().count() as u32);
                from = range.end + 1;
                Block { kind: BlockKind::Paragraph, level: None, range }
            })
            .collect();
        let repairs = repairs
            .iter()
            .map(|&(kind, start, end, original)| Repair {
                kind,
                range: CharRange::new(start, end),
                original: original.to_owned(),
            })
            .collect();
        ReportText { text: text.to_owned(), blocks, repairs, ..ReportText::default() }
    }

    #[test]
    fn each_repair_can_be_taken_back() {
        use RepairKind::{Gloss, LineBreak, MissingBreak, PageNumber, Punctuation};
        let mended = report(
            "侨联工作，持续\n推进",
            &[
                (PageNumber, 0, 0, "2、"),
                (Gloss, 2, 2, "(lián)"),
                (Gloss, 2, 2, "(lian)"),
                (Punctuation, 4, 5, ","),
                (LineBreak, 5, 5, "\n"),
                (MissingBreak, 7, 8, "。"),
            ],
        );
        let source = "2、侨联(lián)(lian)工作,\n持续。推进";
        let mut forth = mended.clone();
        while !forth.repairs.is_empty() {
            forth = restore(&forth, 0);
        }
        assert_eq!(forth.text, source);
        let mut back = mended.clone();
        for index in (0..mended.repairs.len()).rev() {
            back = restore(&back, index);
        }
        assert_eq!(back.text, source);
        let lines: Vec<(u32, u32)> =
            back.blocks.iter().map(|b| (b.range.start, b.range.end)).collect();
        assert_eq!(lines, [(0, 19), (20, 25)]);
        assert_eq!(restore(&mended, 9), mended);
    }

    #[test]
    fn what_stood_there_twice_is_a_block_again() {
        let mended = report("甲甲\n乙乙", &[(RepairKind::Repetition, 2, 2, "\n甲甲")]);
        let restored = restore(&mended, 0);
        assert_eq!(restored.text, "甲甲\n甲甲\n乙乙");
        assert_eq!(restored.blocks.len(), 3);
    }
}
