//! Searching: the reports that a question finds, how many there are of each kind, and the places
//! where they have it.

mod analysis;
mod concordance;
mod find;
mod hits;
mod indexer;
mod saved;
mod suggestions;
mod turn;

pub(crate) use analysis::CountedWords;
pub(crate) use concordance::Concordances;
pub(crate) use indexer::Indexer;
pub(crate) use suggestions::KnownNames;
pub use turn::Turn;
pub(crate) use turn::Turns;

use crate::archive::Archive;
use crate::documents::ArchiveSource;
use crate::error::{Result, from_search};
use crate::wire as to_wire;
use anjuan_protocol as wire;
use anjuan_search::query::{self, Filter, Node, Parsed, Query, Tree, TreeKind};
use anjuan_search::{EvidencePlace, Note, Sort, Tier};
use anjuan_store::ReportId;
use anjuan_text::CharRange;
use rustc_hash::FxHashSet;
use std::collections::HashMap;
use std::time::Instant;

/// Hits returned at the most.
const MOST: u32 = 1_000;

impl Archive {
    /// Searches the archive.
    ///
    /// # Errors
    /// When file or index cannot be read, or an identifier of the filter is none. A query is never
    /// an error.
    pub fn search(&self, request: &wire::SearchRequest) -> Result<wire::SearchPage> {
        let started = Instant::now();
        let (parsed, mut query) = self.understand(&request.question)?;
        query.sort = sort(request.sort);
        let index = self.index()?;
        let (page, mut cards) = self.with_reader(|reader| {
            let source = ArchiveSource::new(reader, self.id());
            let limit = request.limit.min(MOST) as usize;
            let page = index
                .search(&source, &query, request.offset as usize, limit)
                .map_err(|e| from_search(self.path(), e))?;
            let mut cards = HashMap::new();
            for hit in &page.hits {
                let card = hit.document.parse().and_then(|id| reader.read().report(id));
                cards.insert(hit.document.clone(), card.map_err(|e| self.fault(e))?.metadata);
            }
            Ok((page, cards))
        })?;
        let hit = |hit: anjuan_search::Hit| {
            let card = cards.remove(&hit.document).unwrap_or_default();
            wire::SearchHit {
                title: hit.title,
                place: card.place,
                published: card.published,
                script: card.script.map(|s| s.as_str().to_owned()),
                source: card.source,
                score: hit.score,
                tier: tier(hit.tier),
                why: hit.why.into_iter().map(reason).collect(),
                matches: hit.matches.into_iter().map(to_wire::range).collect(),
                snippets: hit
                    .snippets
                    .into_iter()
                    .map(|s| wire::Snippet { text: s.text, start: s.range.start, end: s.range.end })
                    .collect(),
                report: hit.document,
            }
        };
        let notes = parsed.notes.into_iter().chain(page.notes).map(note);
        Ok(wire::SearchPage {
            total: count(page.total),
            tiers: page
                .tiers
                .into_iter()
                .map(|t| wire::TierCount { tier: tier(t.tier), count: count(t.total) })
                .collect(),
            approximate: page.approximate,
            hits: page.hits.into_iter().map(hit).collect(),
            tree: parsed.tree.as_ref().map(part),
            notes: notes.collect(),
            milliseconds: started.elapsed().as_secs_f64() * 1000.0,
        })
    }

    /// The reports that a question finds, counted by what the library filters by, each kind under
    /// the other kinds' conditions.
    ///
    /// # Errors
    /// When file or index cannot be read, an identifier of the filter is none, or nobody waits for
    /// the answer any more.
    pub fn search_facets(&self, question: &wire::Question, turn: &Turn) -> Result<wire::Facets> {
        let everywhere =
            wire::Question { filter: wire::ReportFilter::default(), ..question.clone() };
        let found: FxHashSet<ReportId> = self.reports_found(&everywhere)?.into_iter().collect();
        turn.check()?;
        self.library_with_marks(|library, _| library.facets(&question.filter, Some(&found)))
    }

    /// The reports that a question finds, in the order of their identifiers.
    pub(crate) fn reports_found(&self, question: &wire::Question) -> Result<Vec<ReportId>> {
        self.reports_answering(&self.understand(question)?.1)
    }

    fn reports_answering(&self, query: &Query) -> Result<Vec<ReportId>> {
        let index = self.index()?;
        let found = self.with_reader(|reader| {
            let source = ArchiveSource::new(reader, self.id());
            index.found(&source, query).map_err(|e| from_search(self.path(), e))
        })?;
        self.parse(found.iter().map(|id| id.parse()).collect())
    }

    /// A question as the index understands it, with what there is to say about its query.
    pub(crate) fn understand(&self, question: &wire::Question) -> Result<(Parsed, Query)> {
        let parsed = query::parse(&question.query);
        let mut query = parsed.query.clone();
        query.relaxed = question.relaxed;
        let within = question.within.iter().filter_map(|text| query::parse(text).query.root);
        let within: Vec<Node> = within.collect();
        if let Some(root) = query.root.take_if(|_| !within.is_empty()) {
            let all = within.into_iter().chain([root]).collect();
            query.root = Some(Node::All(all));
        }
        if question.filter != wire::ReportFilter::default() {
            let passed = self.library_under(&question.filter, None, |library, _| {
                library.passing(&question.filter)
            })?;
            let ids = passed.iter().map(ToString::to_string).collect();
            query = query.and(Filter::Documents(ids));
        }
        Ok((parsed, query))
    }

    /// Looks at every report that a question finds, the most recent first, until `each` breaks
    /// off: hands it what `work` made of the report and of the places of the question in it.
    fn each_found<R: Send>(
        &self,
        question: &wire::Question,
        turn: &Turn,
        work: impl Fn(&anjuan_search::FoldedDocument<'_>, Vec<CharRange>) -> R + Sync,
        mut each: impl FnMut(R) -> std::ops::ControlFlow<()>,
    ) -> Result<usize> {
        let (_, query) = self.understand(question)?;
        let mut found = self.reports_answering(&query)?;
        self.library(|library, _| {
            library.newest_first(&mut found);
            Ok(())
        })?;
        let ids: Vec<String> = found.iter().map(ToString::to_string).collect();
        self.with_reader(|reader| {
            let source = ArchiveSource::new(reader, self.id());
            anjuan_search::each_found(&source, &query, &ids, work, |made| {
                if turn.is_over() { std::ops::ControlFlow::Break(()) } else { each(made) }
            })
            .map_err(|e| self.fault(e))
        })?;
        turn.check()?;
        Ok(ids.len())
    }
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn sort(sort: wire::SearchSort) -> Sort {
    match sort {
        wire::SearchSort::Relevance => Sort::Relevance,
        wire::SearchSort::Newest => Sort::Newest,
        wire::SearchSort::Oldest => Sort::Oldest,
        wire::SearchSort::Place => Sort::Place,
        wire::SearchSort::Longest => Sort::Longest,
        wire::SearchSort::Shortest => Sort::Shortest,
    }
}

fn tier(tier: Tier) -> wire::SearchTier {
    match tier {
        Tier::Exact => wire::SearchTier::Exact,
        Tier::Words => wire::SearchTier::Words,
        Tier::Some => wire::SearchTier::Some,
    }
}

fn reason(evidence: anjuan_search::Evidence) -> wire::HitReason {
    wire::HitReason {
        phrase: evidence.phrase,
        place: match evidence.place {
            EvidencePlace::Title => wire::HitPlace::Title,
            EvidencePlace::Heading => wire::HitPlace::Heading,
            EvidencePlace::Text => wire::HitPlace::Text,
        },
        alternative: evidence.alternative,
    }
}

fn note(note: Note) -> wire::QueryNote {
    wire::QueryNote {
        code: note.code.as_str().to_owned(),
        message: note.message,
        range: note.range.map(to_wire::range),
    }
}

fn part(tree: &Tree) -> wire::QueryPart {
    wire::QueryPart {
        kind: tree.kind().to_owned(),
        value: tree.value(),
        quoted: matches!(tree.kind, TreeKind::Phrase { quoted: true, .. }),
        text: tree.to_string(),
        range: to_wire::range(tree.range),
        relations: match tree.kind {
            TreeKind::Near { .. } => tree.operators(),
            _ => Vec::new(),
        },
        parts: tree.children().iter().map(part).collect(),
    }
}
