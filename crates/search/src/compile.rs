//! A query as the engine runs it.

use crate::document::Day;
use crate::near::{Form, NearQuery};
use crate::query::{Filter, LONGEST_DECIDED, Loose, Near, Needs, Node, Step, TextField, Wildcard};
use crate::schema::{Fields, Range, id_term};
use anjuan_text::Pattern;
use std::ops::Bound;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, EnableScoring, Explanation,
    FuzzyTermQuery, Occur, PhraseQuery, RangeQuery, Scorer, TermQuery, TermSetQuery, Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TantivyError, Term};

type Engine = Box<dyn tantivy::query::Query>;

/// Weight of a phrase in the title against one in the text.
pub(crate) const TITLE_WEIGHT: f32 = 4.0;
/// Weight of a phrase in a heading against one in the text.
pub(crate) const HEADING_WEIGHT: f32 = 2.0;

/// Pairs asked for their frequency beyond those that are needed; more do not pay for a long phrase.
const LOOKED_AT: usize = 32;

/// Pairs of a phrase that is too long for the index to decide that are looked up all the same.
const SAMPLED: usize = 32;

/// Which documents a query of the engine finds, where the index alone cannot decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// All that may meet the condition, and others.
    Candidates,
    /// Only such as meet it, but not all.
    Certain,
}

impl Side {
    /// What to leave out, so that what is left is of this side.
    fn of_excluded(self) -> Self {
        match self {
            Self::Candidates => Self::Certain,
            Self::Certain => Self::Candidates,
        }
    }
}

/// Makes engine queries over one state of the index.
pub(crate) struct Compiler<'i> {
    pub(crate) fields: &'i Fields,
    pub(crate) searcher: &'i Searcher,
    /// Whether scores are asked for; without, only what is found counts.
    pub(crate) scored: bool,
}

impl Compiler<'_> {
    /// The query that finds the documents of a condition, except those listed; where the index
    /// alone cannot decide, it finds those that may meet it.
    pub(crate) fn query(&self, root: &Node, except: &[String]) -> tantivy::Result<Engine> {
        let found = self.node(root, Side::Candidates)?;
        if except.is_empty() {
            return Ok(found);
        }
        let except = TermSetQuery::new(except.iter().map(|id| id_term(self.fields, id)));
        Ok(Box::new(BooleanQuery::new(vec![
            (Occur::Must, found),
            (Occur::MustNot, Box::new(except)),
        ])))
    }

    fn node(&self, node: &Node, side: Side) -> tantivy::Result<Engine> {
        Ok(match node {
            Node::Phrase(_) | Node::Filter(_) if side == Side::Certain && node.is_long() => {
                Box::new(EmptyQuery)
            }
            Node::Phrase(phrase) => self.phrase(&phrase.pattern)?,
            Node::Filter(filter) => Box::new(ConstScoreQuery::new(self.filter(filter)?, 0.0)),
            Node::Near(near) if near.is_in_index() => self.near(near, side)?,
            Node::Original(_)
            | Node::Loose(_)
            | Node::Wildcard(_)
            | Node::Expression(_)
            | Node::Near(_)
                if side == Side::Certain =>
            {
                Box::new(EmptyQuery)
            }
            Node::Original(original) => self.text(&original.form)?,
            Node::Loose(loose) => self.loose(loose)?,
            Node::Wildcard(wildcard) => self.wildcard(wildcard)?,
            Node::Expression(expression) => self.needs(&expression.needs)?,
            Node::Near(near) => all(self.nodes(&near.parts, side)?),
            Node::All(nodes) => {
                let mut clauses = Vec::with_capacity(nodes.len() + 1);
                for node in nodes {
                    clauses.push(match node {
                        Node::Not(inner) => (Occur::MustNot, self.excluded(inner, side)?),
                        _ => (Occur::Must, self.node(node, side)?),
                    });
                }
                if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                    clauses.push((Occur::Must, everything()));
                }
                Box::new(BooleanQuery::new(clauses))
            }
            Node::Any(nodes) => union(self.nodes(nodes, side)?),
            Node::AtLeast(least, nodes) => Box::new(
                BooleanQuery::union_with_minimum_required_clauses(self.nodes(nodes, side)?, *least),
            ),
            Node::Not(inner) => Box::new(BooleanQuery::new(vec![
                (Occur::Must, everything()),
                (Occur::MustNot, self.excluded(inner, side)?),
            ])),
        })
    }

    /// Phrases near each other, all of them of two units at least.
    fn near(&self, near: &Near, side: Side) -> tantivy::Result<Engine> {
        Ok(Box::new(NearQuery {
            candidates: all(self.nodes(&near.parts, side)?),
            parts: near.parts.iter().map(|part| self.forms(part)).collect(),
            relations: near.relations.clone(),
            field: self.fields.pairs,
        }))
    }

    /// Every form of a phrase, or of alternatives of them.
    fn forms(&self, part: &Node) -> Vec<Form<Term>> {
        match part {
            Node::Phrase(phrase) => {
                let form = |units: &Vec<char>| {
                    let last = units.len().saturating_sub(2);
                    let places = (0..last).step_by(2).chain([last]);
                    let pair = |at| (at, gram(self.fields.pairs, &units[at..at + 2]));
                    Form { length: units.len(), pairs: places.map(pair).collect() }
                };
                phrase.pattern.forms().iter().map(form).collect()
            }
            Node::Any(nodes) => nodes.iter().flat_map(|node| self.forms(node)).collect(),
            _ => Vec::new(),
        }
    }

    fn excluded(&self, node: &Node, side: Side) -> tantivy::Result<Engine> {
        Ok(Box::new(Excluded(self.node(node, side.of_excluded())?)))
    }

    fn nodes(&self, nodes: &[Node], side: Side) -> tantivy::Result<Vec<Engine>> {
        nodes.iter().map(|node| self.node(node, side)).collect()
    }

    /// A run of units in the reading text.
    fn text(&self, form: &[char]) -> tantivy::Result<Engine> {
        Ok(match form {
            [] => Box::new(EmptyQuery),
            [only] => Box::new(TermQuery::new(
                gram(self.fields.singles, &[*only]),
                IndexRecordOption::Basic,
            )),
            _ => self.run(self.fields.pairs, form)?,
        })
    }

    /// What may hold a phrase with one error. An error takes two pairs from it at the most, so that
    /// of a phrase of k units, which has k - 1 pairs, k - 3 are left.
    fn loose(&self, loose: &Loose) -> tantivy::Result<Engine> {
        let mut forms = Vec::with_capacity(loose.pattern.forms().len());
        for form in loose.pattern.forms() {
            let pairs: tantivy::Result<Vec<Engine>> =
                form.windows(2).map(|pair| self.text(pair)).collect();
            let mut pairs = pairs?;
            forms.push(match form.as_slice() {
                [a, b] => union(vec![self.text(&[*a])?, self.text(&[*b])?]),
                [a, _, c] => {
                    // The middle one wrong or missing leaves the two ends.
                    pairs.push(all(vec![self.text(&[*a])?, self.text(&[*c])?]));
                    union(pairs)
                }
                _ => Box::new(BooleanQuery::union_with_minimum_required_clauses(
                    pairs,
                    form.len().saturating_sub(3).max(1),
                )),
            });
        }
        Ok(union(forms))
    }

    fn wildcard(&self, wildcard: &Wildcard) -> tantivy::Result<Engine> {
        let mut texts = Vec::with_capacity(wildcard.steps.len());
        for step in &wildcard.steps {
            if let Step::Forms(forms) = step {
                let forms: tantivy::Result<Vec<Engine>> =
                    forms.iter().map(|form| self.text(form)).collect();
                texts.push(union(forms?));
            }
        }
        Ok(all(texts))
    }

    fn needs(&self, needs: &Needs) -> tantivy::Result<Engine> {
        let several = |needs: &[Needs]| -> tantivy::Result<Vec<Engine>> {
            needs.iter().map(|needs| self.needs(needs)).collect()
        };
        Ok(match needs {
            Needs::Nothing => everything(),
            Needs::Run(form) => self.text(form)?,
            Needs::All(needs) => all(several(needs)?),
            Needs::Any(needs) => union(several(needs)?),
        })
    }

    /// A phrase of the reading text, weighed up where it stands in title or headings too.
    fn phrase(&self, pattern: &Pattern) -> tantivy::Result<Engine> {
        let mut forms = Vec::with_capacity(pattern.forms().len());
        for form in pattern.forms() {
            forms.push(self.text(form)?);
        }
        let in_text = union(forms);
        if !self.scored {
            return Ok(in_text);
        }
        let mut clauses = vec![(Occur::Must, in_text)];
        let title = self.fields.text(TextField::Title).map(|title| (title, TITLE_WEIGHT));
        for (field, weight) in title.into_iter().chain([(self.fields.headings, HEADING_WEIGHT)]) {
            let found = self.runs(field, pattern.forms())?;
            clauses.push((Occur::Should, Box::new(BoostQuery::new(found, weight))));
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    fn filter(&self, filter: &Filter) -> tantivy::Result<Engine> {
        Ok(match filter {
            Filter::Text { field, pattern, .. } => {
                let known = self.fields.text(*field).ok_or_else(not_in_index)?;
                self.runs(known, &field.forms(pattern))?
            }
            Filter::Memo(_) => return Err(not_in_index()),
            Filter::Years { from, to } => self.range(
                Range::Earliest,
                from.map(|year| Day::first(year, None).number()),
                to.map(|year| Day::last(year, None).number()),
            ),
            Filter::Dates { from, to } => {
                let earliest = |from: Option<Day>, to: Option<Day>| {
                    self.range(Range::Earliest, from.map(Day::number), to.map(Day::number))
                };
                let Some(from) = *from else { return Ok(earliest(None, *to)) };
                // What has a last day of its own may begin before.
                let ends = union(vec![
                    earliest(Some(from), None),
                    self.range(Range::Latest, Some(from.number()), None),
                ]);
                if to.is_some() { all(vec![ends, earliest(None, *to)]) } else { ends }
            }
            Filter::Length { from, to } => self.range(Range::Length, *from, *to),
            Filter::Script(script) => Box::new(TermQuery::new(
                Term::from_field_text(self.fields.script, script.as_str()),
                IndexRecordOption::Basic,
            )),
            Filter::Documents(ids) => {
                Box::new(TermSetQuery::new(ids.iter().map(|id| id_term(self.fields, id))))
            }
        })
    }

    /// Documents whose number is not below the one bound and not above the other; such as have no
    /// number are never meant.
    fn range(&self, range: Range, from: Option<i64>, to: Option<i64>) -> Engine {
        let bound = |number: Option<i64>| {
            number.map_or(Bound::Unbounded, |number| {
                Bound::Included(Term::from_field_i64(self.fields.range(range), number))
            })
        };
        if from.is_none() && to.is_none() {
            return Box::new(tantivy::query::ExistsQuery::new(range.name().to_owned(), false));
        }
        Box::new(RangeQuery::new(bound(from), bound(to)))
    }

    /// Any of the forms in a field of values.
    fn runs(&self, field: Field, forms: &[Vec<char>]) -> tantivy::Result<Engine> {
        let run = |form: &Vec<char>| match form.as_slice() {
            [only] => self.unit(field, *only),
            _ => self.run(field, form),
        };
        let runs: tantivy::Result<Vec<Engine>> = forms.iter().map(run).collect();
        Ok(union(runs?))
    }

    /// A single unit in a field of values: whatever it is followed by. It weighs as much as it is
    /// rare in the reading texts, wherever in the value it stands.
    fn unit(&self, field: Field, unit: char) -> tantivy::Result<Engine> {
        let found = Box::new(FuzzyTermQuery::new_prefix(gram(field, &[unit]), 0, false));
        if !self.scored {
            return Ok(found);
        }
        let frequency = self.searcher.doc_freq(&gram(self.fields.singles, &[unit]))?;
        let rarity = inverse_frequency(frequency.max(1), self.searcher.num_docs());
        Ok(Box::new(BoostQuery::new(found, rarity)))
    }

    /// A run of units in one field; of one longer than [`LONGEST_DECIDED`] what may hold it.
    fn run(&self, field: Field, form: &[char]) -> tantivy::Result<Engine> {
        if form.len() == 2 {
            let term = gram(field, form);
            return Ok(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)));
        }
        let pair = |at: usize| (at, gram(field, &form[at..at + 2]));
        let last = form.len() - 2;
        let long = form.len() > LONGEST_DECIDED;
        // Pairs that cover the run: every second one, and the last. Of pasted text, which has
        // thousands, some that lie evenly over it are enough to leave hardly a document.
        let mut cover: Vec<(usize, Term)> = if long {
            (0..SAMPLED).map(|at| pair(at * last / (SAMPLED - 1))).collect()
        } else {
            (0..=last).step_by(2).map(pair).collect()
        };
        if !long && last % 2 == 1 {
            cover.push(pair(last));
        }
        let mut rarest = u64::MAX;
        for (_, term) in &cover {
            rarest = rarest.min(self.searcher.doc_freq(term)?);
            if rarest == 0 {
                return Ok(Box::new(EmptyQuery));
            }
        }
        // One of the pairs between them, where it is so rare that it spares more than it costs.
        let mut extra = None;
        for at in (1..last).step_by(2).take(if long { 0 } else { LOOKED_AT }) {
            let frequency = self.searcher.doc_freq(&pair(at).1)?;
            if frequency == 0 {
                return Ok(Box::new(EmptyQuery));
            }
            if frequency < rarest / 2 {
                rarest = frequency;
                extra = Some(at);
            }
        }
        cover.extend(extra.map(pair));
        // The engine adds up the rarity of all pairs; a long phrase shall not outweigh a short one.
        let weight = 1.0 / cover.len() as f32;
        Ok(Box::new(BoostQuery::new(Box::new(PhraseQuery::new_with_offset(cover)), weight)))
    }
}

/// A query whose documents are left out.
///
/// The engine tests documents against an exclusion with `seek_danger`, also with documents that lie
/// before its first, which the scorer of phrases asserts not to happen. The default
/// `seek_danger`, kept here by not passing the call on, allows it.
#[derive(Debug)]
struct Excluded(Engine);

impl Clone for Excluded {
    fn clone(&self) -> Self {
        Self(self.0.box_clone())
    }
}

impl tantivy::query::Query for Excluded {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(ExcludedWeight(self.0.weight(scoring)?)))
    }
}

struct ExcludedWeight(Box<dyn Weight>);

impl Weight for ExcludedWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(ExcludedScorer(self.0.scorer(reader, boost)?)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.0.explain(reader, doc)
    }
}

struct ExcludedScorer(Box<dyn Scorer>);

impl DocSet for ExcludedScorer {
    fn advance(&mut self) -> DocId {
        self.0.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.0.seek(target)
    }

    fn doc(&self) -> DocId {
        self.0.doc()
    }

    fn size_hint(&self) -> u32 {
        self.0.size_hint()
    }
}

impl Scorer for ExcludedScorer {
    fn score(&mut self) -> Score {
        self.0.score()
    }
}

/// Marks are resolved before; were one left, the documents would be read one by one.
fn not_in_index() -> TantivyError {
    TantivyError::InvalidArgument("the index holds no marks".to_owned())
}

fn everything() -> Engine {
    Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0))
}

fn union(mut queries: Vec<Engine>) -> Engine {
    match queries.len() {
        0 => Box::new(EmptyQuery),
        1 => queries.remove(0),
        _ => Box::new(BooleanQuery::union(queries)),
    }
}

fn all(mut queries: Vec<Engine>) -> Engine {
    match queries.len() {
        0 => everything(),
        1 => queries.remove(0),
        _ => Box::new(BooleanQuery::intersection(queries)),
    }
}

/// BM25's weight of a term that stands in so many of all documents.
pub(crate) fn inverse_frequency(frequency: u64, documents: u64) -> f32 {
    let (frequency, documents) = (frequency as f32, documents.max(frequency) as f32);
    ((documents - frequency + 0.5) / (frequency + 0.5)).ln_1p()
}

/// The term of one or two units.
pub(crate) fn gram(field: Field, units: &[char]) -> Term {
    Term::from_field_text(field, &units.iter().collect::<String>())
}
