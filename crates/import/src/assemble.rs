//! Puts sorted pieces together to a report.

use crate::layout::{Class, Facts, Piece, Said};
use crate::line::{Line, Mark};
use crate::{heading, metadata, oddities};
use anjuan_text::{
    Block, BlockKind, CharRange, Furniture, FurnitureReason, Problem, ProblemCode, Repair,
    RepairKind, ReportText,
};

/// The report as it is built, block by block.
#[derive(Default)]
struct Builder {
    report: ReportText,
    /// Length of the text so far, in code points.
    chars: u32,
}

impl Builder {
    fn marks(&mut self, line: &Line, at: u32, reading: bool) {
        for mark in &line.marks {
            // What was mended in furniture is kept at the furniture's place.
            let range = if reading {
                CharRange::new(at + mark.at as u32, at + (mark.at + mark.len) as u32)
            } else {
                CharRange::new(at, at)
            };
            if !reading && mark.kind != RepairKind::Gloss {
                continue;
            }
            // Characters decoded anew one by one are one repair as long as they stand together.
            if let Some(last) = self.report.repairs.last_mut()
                && mark.kind == RepairKind::Mojibake
                && last.kind == mark.kind
                && last.range.end == range.start
            {
                last.range.end = range.end;
                last.original.push_str(&mark.original);
                continue;
            }
            let original = mark.original.clone();
            self.report.repairs.push(Repair { kind: mark.kind, range, original });
        }
    }

    fn block(&mut self, line: &Line, kind: BlockKind, level: Option<u8>, restored: Option<&str>) {
        if !self.report.blocks.is_empty() {
            if let Some(original) = restored {
                self.report.repairs.push(Repair {
                    kind: RepairKind::MissingBreak,
                    range: CharRange::new(self.chars, self.chars + 1),
                    original: original.to_owned(),
                });
            }
            self.report.text.push('\n');
            self.chars += 1;
        }
        let start = self.chars;
        // Titles, headings and bylines are quoted as they are written; running text is mended.
        let mended = matches!(kind, BlockKind::Paragraph | BlockKind::List | BlockKind::Caption);
        let line = &if mended { line.full_width() } else { line.clone() };
        self.marks(line, start, true);
        self.report.text.push_str(&line.text);
        self.chars += line.len() as u32;
        self.report.blocks.push(Block { kind, level, range: CharRange::new(start, self.chars) });
    }

    fn aside(&mut self, line: &Line, reason: FurnitureReason) {
        // What is set aside stands before the next block, behind the line break.
        let position = if self.report.blocks.is_empty() { 0 } else { self.chars + 1 };
        // It is kept as it stood but for glosses.
        let kept = |m: &Mark| {
            matches!(m.kind, RepairKind::Gloss | RepairKind::Space | RepairKind::LineBreak)
        };
        let text = if line.marks.iter().all(kept) {
            self.marks(line, position, false);
            line.text.clone()
        } else {
            line.source()
        };
        let joined = self.report.furniture.last_mut().filter(|last| {
            last.reason == reason
                && last.position == position
                && matches!(reason, FurnitureReason::Hidden | FurnitureReason::Navigation)
        });
        match joined {
            Some(last) => {
                last.text.push('\n');
                last.text.push_str(&text);
            }
            None => {
                self.report.furniture.push(Furniture { text, reason, position });
            }
        }
    }

    fn repeated(&mut self, line: &Line, restored: Option<&str>) {
        // Behind furniture its place could not be told from that of the furniture.
        let behind = self.report.furniture.last().is_some_and(|f| f.position > self.chars);
        if behind || self.report.blocks.is_empty() {
            self.aside(line, FurnitureReason::Repeated);
            return;
        }
        let original = format!("{}{}", restored.unwrap_or("\n"), line.source());
        let range = CharRange::new(self.chars, self.chars);
        self.report.repairs.push(Repair { kind: RepairKind::Repetition, range, original });
    }

    /// Positions behind the last block are its end: no line break follows it.
    fn finish(mut self) -> ReportText {
        for furniture in &mut self.report.furniture {
            furniture.position = furniture.position.min(self.chars);
        }
        for repair in &mut self.report.repairs {
            repair.range.start = repair.range.start.min(self.chars);
            repair.range.end = repair.range.end.min(self.chars);
        }
        self.report
    }
}

/// Builds the report: text and blocks, what was set aside and mended, metadata, problems.
pub(crate) fn report(pieces: &[Piece], facts: &Facts, said: &Said) -> ReportText {
    let heads: Vec<(u8, Option<u64>)> = pieces
        .iter()
        .filter_map(|p| match p.class {
            Class::Heading(rank) | Class::Headed(rank) => Some((rank, heading::number_of(p.key()))),
            _ => None,
        })
        .collect();
    let mut levels = heading::levels(&heads).into_iter();
    let mut builder = Builder::default();
    let mut titled = false;
    for piece in pieces {
        let (kind, level) = match piece.class {
            Class::Aside(reason) => {
                builder.aside(&piece.line, reason);
                continue;
            }
            Class::Repeated => {
                builder.repeated(&piece.line, piece.restored);
                continue;
            }
            Class::Title if !titled => {
                titled = true;
                (BlockKind::Title, None)
            }
            Class::Heading(_) => (BlockKind::Heading, levels.next()),
            Class::Headed(_) => (BlockKind::Paragraph, levels.next()),
            Class::Salutation => (BlockKind::Salutation, None),
            Class::Caption => (BlockKind::Caption, None),
            Class::Byline => (BlockKind::Byline, None),
            Class::List => (BlockKind::List, None),
            Class::Table => (BlockKind::Table, None),
            Class::Signature => (BlockKind::Signature, None),
            Class::Footnote => (BlockKind::Footnote, None),
            Class::Undecided | Class::Paragraph | Class::Title => (BlockKind::Paragraph, None),
        };
        if piece.line.is_empty() {
            // Nothing but what was taken out of it.
            builder.marks(&piece.line, builder.chars, false);
            continue;
        }
        builder.block(&piece.line, kind, level, piece.restored);
    }
    let mut report = builder.finish();
    report.metadata = metadata::collect(pieces, facts, said, &report.text);
    report.problems = problems(&report, facts);
    report
}

fn problems(report: &ReportText, facts: &Facts) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut note = |code, message: String, range| problems.push(Problem { code, message, range });
    let titled = report.blocks.iter().any(|b| b.kind == BlockKind::Title) || facts.title.is_some();
    if report.blocks.is_empty() {
        note(ProblemCode::Empty, "There is no text besides page furniture.".to_owned(), None);
    }
    if !titled {
        let instead = match &report.metadata.title {
            Some(title) => {
                format!("No title was found; the file's name “{title}” stands in for it.")
            }
            None => "No title was found.".to_owned(),
        };
        note(ProblemCode::TitleMissing, instead, None);
    }
    if report.metadata.published.is_none() {
        note(ProblemCode::DateMissing, "No date of publication was found.".to_owned(), None);
    }
    for spam in report.furniture.iter().filter(|f| f.reason == FurnitureReason::Spam) {
        let start: String = spam.text.chars().take(20).collect();
        let at = CharRange::new(spam.position, spam.position);
        note(
            ProblemCode::SpamRemoved,
            format!("A line of spam was set aside: “{start}…”."),
            Some(at),
        );
    }
    let mended = |kind: RepairKind| report.repairs.iter().filter(move |r| r.kind == kind);
    let glosses = mended(RepairKind::Gloss).count();
    if glosses > 0 {
        let first = mended(RepairKind::Gloss).next().map(|r| r.range);
        note(
            ProblemCode::GlossesRemoved,
            format!("{glosses} pinyin glosses were taken out."),
            first,
        );
    }
    let breaks = mended(RepairKind::MissingBreak).count();
    if breaks > 0 {
        let first = mended(RepairKind::MissingBreak).next().map(|r| r.range);
        note(
            ProblemCode::BreaksRestored,
            format!("{breaks} lost line breaks were put back."),
            first,
        );
    }
    let mut note = |kind: RepairKind, code, say: fn(usize) -> String| {
        let count = mended(kind).count();
        if count > 0 {
            let range = mended(kind).next().map(|r| r.range);
            problems.push(Problem { code, message: say(count), range });
        }
    };
    note(RepairKind::Mojibake, ProblemCode::Mojibake, |n| {
        format!("Text had been decoded wrongly; it was decoded anew in {n} places.")
    });
    note(RepairKind::Punctuation, ProblemCode::HalfWidthPunctuation, |n| {
        format!("{n} punctuation marks of half width were made full.")
    });
    note(RepairKind::PageNumber, ProblemCode::PageNumbersRemoved, |n| {
        format!("{n} numbers of pages were taken out of the text.")
    });
    note(RepairKind::Character, ProblemCode::CharactersReplaced, |n| {
        format!("{n} characters that only look right were replaced.")
    });
    note(RepairKind::Markup, ProblemCode::MarkupRemoved, |n| {
        format!("{n} remains of markup were taken out.")
    });
    note(RepairKind::Repetition, ProblemCode::TextRepeated, |n| {
        format!("Text stood there more than once and was taken out in {n} places.")
    });
    problems.extend(oddities::find(&report.text, &report.blocks));
    problems
}
