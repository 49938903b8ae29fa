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
        let scope = |relation: Relation, at: usize| match relation {
            Relation::Within(_) => 0,
            Relation::Sentence => document.sentences()[at] as usize,
            Relation::Paragraph => document.paragraphs()[at] as usize,
        };
        let mut runs =
            |part: usize| self.parts.get(part).map(|part| part.runs(document)).unwrap_or_default();
        rows(&mut runs, &self.relations, &scope)
    }

    /// Whether the index has the positions of all parts: pairs have, single units have not.
    pub(crate) fn is_in_index(&self) -> bool {
        fn is_pairs(part: &Node) -> bool {
            match part {
                Node::Phrase(phrase) => phrase.pattern.len() > 1 && !part.is_long(),
                Node::Any(nodes) => nodes.iter().all(is_pairs),
                _ => false,
            }
        }
        self.parts.iter().all(is_pairs)
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

/// The runs of each part that stand in a whole row, where a row has one more part than relations;
/// empty where there is none. `scope` is the number of the sentence or paragraph of a unit.
pub(crate) fn rows(
    runs_of: &mut dyn FnMut(usize) -> Vec<Run>,
    relations: &[Relation],
    scope: &dyn Fn(Relation, usize) -> usize,
) -> Vec<Vec<Run>> {
    let mut rows: Vec<Vec<Run>> = Vec::with_capacity(relations.len() + 1);
    for part in 0..=relations.len() {
        let mut runs = runs_of(part);
        if let Some(before) = rows.last() {
            let relation = relations[part - 1];
            related(&mut runs, before, relation, &|at| scope(relation, at));
        }
        if runs.is_empty() {
            return Vec::new();
        }
        rows.push(runs);
    }
    for (at, &relation) in relations.iter().enumerate().rev() {
        let (before, behind) = rows.split_at_mut(at + 1);
        related(&mut before[at], &behind[0], relation, &|at| scope(relation, at));
    }
    rows
}

/// Keeps the runs that stand to some other run in the relation.
fn related(
    runs: &mut Vec<Run>,
    others: &[Run],
    relation: Relation,
    scope: &dyn Fn(usize) -> usize,
) {
    // A phrase that goes across the end of a sentence is in none.
    let whole = |run: &Run| scope(run.start) == scope(run.end - 1);
    let mut by_start: Vec<Run> = others.iter().filter(|run| whole(run)).cloned().collect();
    let mut by_end = by_start.clone();
    by_start.sort_unstable_by_key(|run| run.start);
    by_end.sort_unstable_by_key(|run| run.end);
    let close = |left_end: usize, right_start: usize| match relation {
        Relation::Within(units) => right_start - left_end <= units as usize,
        Relation::Sentence | Relation::Paragraph => scope(left_end - 1) == scope(right_start),
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
