//! Phrases near each other, decided by the positions in the index.

use crate::query::{Relation, Run, rows};
use crate::schema::{PARAGRAPH, PARAGRAPH_WITHIN, SENTENCE};
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

/// A run of units as the pairs that cover it, with their places in it.
#[derive(Debug, Clone)]
pub(crate) struct Form<Pair> {
    pub(crate) length: usize,
    pub(crate) pairs: Vec<(usize, Pair)>,
}

/// Finds those of the candidates, which hold every part, in which the parts stand as they must.
#[derive(Debug)]
pub(crate) struct NearQuery {
    pub(crate) candidates: Box<dyn Query>,
    /// Each part is one of its forms.
    pub(crate) parts: Vec<Vec<Form<Term>>>,
    pub(crate) relations: Vec<Relation>,
    /// The field of pairs, which also tells where sentences and paragraphs begin.
    pub(crate) field: Field,
}

impl Clone for NearQuery {
    fn clone(&self) -> Self {
        Self {
            candidates: self.candidates.box_clone(),
            parts: self.parts.clone(),
            relations: self.relations.clone(),
            field: self.field,
        }
    }
}

impl Query for NearQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let Self { parts, relations, field, .. } = self.clone();
        let candidates = self.candidates.weight(scoring)?;
        Ok(Box::new(NearWeight { candidates, parts, relations, field }))
    }
}

struct NearWeight {
    candidates: Box<dyn Weight>,
    parts: Vec<Vec<Form<Term>>>,
    relations: Vec<Relation>,
    field: Field,
}

impl Weight for NearWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let index = reader.inverted_index(self.field)?;
        let postings =
            |term: &Term| index.read_postings(term, IndexRecordOption::WithFreqsAndPositions);
        let mut parts = Vec::with_capacity(self.parts.len());
        for forms in &self.parts {
            let mut present = Vec::with_capacity(forms.len());
            for form in forms {
                let mut pairs = Vec::with_capacity(form.pairs.len());
                for (at, term) in &form.pairs {
                    pairs.extend(postings(term)?.map(|postings| (*at, postings)));
                }
                if pairs.len() == form.pairs.len() {
                    present.push(Form { length: form.length, pairs });
                }
            }
            parts.push(present);
        }
        let begins = |relation, terms: [char; 2]| {
            let mut found = Vec::new();
            if self.relations.contains(&relation) {
                for c in terms {
                    let term = Term::from_field_text(self.field, c.encode_utf8(&mut [0; 4]));
                    found.extend(postings(&term)?);
                }
            }
            tantivy::Result::Ok(found)
        };
        let mut scorer = NearScorer {
            candidates: self.candidates.scorer(reader, boost)?,
            parts,
            relations: self.relations.clone(),
            sentences: begins(Relation::Sentence, [SENTENCE, PARAGRAPH])?,
            paragraphs: begins(Relation::Paragraph, [PARAGRAPH, PARAGRAPH_WITHIN])?,
        };
        scorer.go_on(scorer.candidates.doc());
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.candidates.explain(reader, doc)
    }
}

struct NearScorer {
    candidates: Box<dyn Scorer>,
    parts: Vec<Vec<Form<SegmentPostings>>>,
    relations: Vec<Relation>,
    /// Where sentences begin, and paragraphs, by the terms that say so.
    sentences: Vec<SegmentPostings>,
    paragraphs: Vec<SegmentPostings>,
}

/// Where a term stands in a document, in order.
fn positions(postings: &mut SegmentPostings, doc: DocId) -> Vec<u32> {
    let mut positions = Vec::new();
    let at = if postings.doc() < doc { postings.seek(doc) } else { postings.doc() };
    if at == doc {
        postings.positions(&mut positions);
    }
    positions
}

impl NearScorer {
    /// Goes to the first candidate from this one on in which the parts stand as they must.
    fn go_on(&mut self, mut doc: DocId) -> DocId {
        while doc != TERMINATED && !self.holds(doc) {
            doc = self.candidates.advance();
        }
        doc
    }

    fn holds(&mut self, doc: DocId) -> bool {
        let begins = |terms: &mut Vec<SegmentPostings>| -> Vec<Vec<u32>> {
            terms.iter_mut().map(|postings| positions(postings, doc)).collect()
        };
        let sentences = begins(&mut self.sentences);
        let paragraphs = begins(&mut self.paragraphs);
        let scope = |relation: Relation, at: usize| {
            let begins = match relation {
                Relation::Within(_) => return 0,
                Relation::Sentence => &sentences,
                Relation::Paragraph => &paragraphs,
            };
            let before = |some: &Vec<u32>| some.partition_point(|&begin| begin as usize <= at);
            begins.iter().map(before).sum()
        };
        let parts = &mut self.parts;
        let mut runs = |part: usize| {
            let mut runs: Vec<Run> = Vec::new();
            for Form { length, pairs } in &mut parts[part] {
                let mut starts: Option<Vec<usize>> = None;
                for (at, postings) in pairs {
                    let found: Vec<usize> = positions(postings, doc)
                        .into_iter()
                        .filter_map(|position| (position as usize).checked_sub(*at))
                        .collect();
                    match &mut starts {
                        None => starts = Some(found),
                        Some(starts) => {
                            starts.retain(|start| found.binary_search(start).is_ok());
                        }
                    }
                }
                runs.extend(starts.into_iter().flatten().map(|start| start..start + *length));
            }
            runs.sort_unstable_by_key(|run| (run.start, run.end));
            runs.dedup();
            runs
        };
        !rows(&mut runs, &self.relations, &scope).is_empty()
    }
}

impl DocSet for NearScorer {
    fn advance(&mut self) -> DocId {
        let doc = self.candidates.advance();
        self.go_on(doc)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let doc = match self.candidates.doc() {
            doc if doc < target => self.candidates.seek(target),
            doc => doc,
        };
        self.go_on(doc)
    }

    fn doc(&self) -> DocId {
        self.candidates.doc()
    }

    fn size_hint(&self) -> u32 {
        self.candidates.size_hint()
    }
}

impl Scorer for NearScorer {
    fn score(&mut self) -> Score {
        self.candidates.score()
    }
}
