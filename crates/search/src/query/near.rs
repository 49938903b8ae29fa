//! Phrases near each other, in one sentence, in one paragraph.

use super::Node;
use super::leaf::Run;
use crate::document::FoldedDocument;

/// How two neighbours in a row of phrases must stand to each other, in either order and without
/// overlapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// At most so many units between them.
    Within(u32),
    /// In one sentence.
    Sentence,
    /// In one paragraph.
    Paragraph,
}

impl Relation {
    /// As it is typed.
    pub fn typed(self) -> String {
        match self {
            Self::Within(units) => format!("NEAR/{units}"),
            Self::Sentence => "句".to_owned(),
            Self::Paragraph => "段".to_owned(),
        }
    }
}

/// A row of phrases of which each stands to the next in its relation: 甲 NEAR/5 乙 句 丙 is found
/// where some 乙 has a 甲 within five units and a 丙 in its sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// Phrases, or alternatives of them; two at least.
    pub parts: Vec<Node>,
    /// Between each part and the next; one fewer than parts.
    pub relations: Vec<Relation>,
}

impl Near {
    /// The runs that stand in a whole row, part by part; empty where there is none.
    fn rows(&self, document: &FoldedDocument<'_>) -> Vec<Vec<Run>> {
        let mut rows: Vec<Vec<Run>> = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let mut runs = part.runs(document);
            if let (Some(before), Some(&relation)) =
                (rows.last(), self.relations.get(rows.len().wrapping_sub(1)))
            {
                related(&mut runs, before, relation, document);
            }
            if runs.is_empty() {
                return Vec::new();
            }
            rows.push(runs);
        }
        for at in (1..rows.len()).rev() {
            let (before, behind) = rows.split_at_mut(at);
            related(&mut before[at - 1], &behind[0], self.relations[at - 1], document);
        }
        rows
    }

    pub(crate) fn stands(&self, document: &FoldedDocument<'_>) -> bool {
        !self.rows(document).is_empty()
    }

    /// Every run that takes part, in order.
    pub(crate) fn found(&self, document: &FoldedDocument<'_>) -> Vec<Run> {
        let mut found = self.rows(document).concat();
        found.sort_unstable_by_key(|run| (run.start, run.end));
        found.dedup();
        found
    }
}

/// Keeps the runs that stand to some other run in the relation.
fn related(runs: &mut Vec<Run>, others: &[Run], relation: Relation, document: &FoldedDocument<'_>) {
    let scopes = match relation {
        Relation::Within(_) => &[],
        Relation::Sentence => document.sentences(),
        Relation::Paragraph => document.paragraphs(),
    };
    // A phrase that goes across the end of a sentence is in none.
    let whole = |run: &Run| scopes.get(run.start) == scopes.get(run.end - 1);
    let mut by_start: Vec<Run> = others.iter().filter(|run| whole(run)).cloned().collect();
    let mut by_end = by_start.clone();
    by_start.sort_unstable_by_key(|run| run.start);
    by_end.sort_unstable_by_key(|run| run.end);
    let close = |left_end: usize, right_start: usize| match relation {
        Relation::Within(units) => right_start - left_end <= units as usize,
        _ => scopes[left_end - 1] == scopes[right_start],
    };
    runs.retain(|run| {
        // Whatever is next on either side is nearest, and in the sentence if any is.
        let right = by_start.partition_point(|other| other.start < run.end);
        let left = by_end.partition_point(|other| other.end <= run.start);
        whole(run)
            && (by_start.get(right).is_some_and(|other| close(run.end, other.start))
                || left.checked_sub(1).is_some_and(|left| close(by_end[left].end, run.start)))
    });
}
