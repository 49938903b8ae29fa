//! Searching: the index, the changes it does not know yet, ranking, places and snippets.

use crate::compile::{Compiler, HEADING_WEIGHT, TITLE_WEIGHT, gram};
use crate::document::{FoldedDocument, Source};
use crate::index::{Index, SearchError, Snapshot, changed, guarded};
use crate::query::{Node, Note, NoteCode, Phrase, Query};
use crate::schema::ID;
use crate::snippet::{Snippet, snippets};
use crate::words;
use anjuan_text::{CharRange, Folded, Pattern};
use std::collections::BTreeSet;
use tantivy::collector::sort_key::{SortBySimilarityScore, SortByString};
use tantivy::collector::{Count, TopDocs};
use tantivy::{Order, Searcher};

/// How well the hits of a page answer the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tier {
    /// Every phrase stands there as typed.
    Exact,
    /// Every word of every phrase stands there.
    Words,
    /// Most words of every phrase stand there.
    Some,
}

impl Tier {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Words => "words",
            Self::Some => "some",
        }
    }
}

/// A document that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its identifier.
    pub document: String,
    /// Its title, as it is now.
    pub title: String,
    /// Relevance, larger is better; comparable within one search only.
    pub score: f32,
    /// How well it answers the query.
    pub tier: Tier,
    /// Every place of every phrase that is not excluded, sorted, each once.
    pub matches: Vec<CharRange>,
    /// The best pieces, in the order of the text.
    pub snippets: Vec<Snippet>,
}

/// Hits.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// How many documents were found, exactly.
    pub total: usize,
    /// The hits asked for, best first.
    pub hits: Vec<Hit>,
    /// Whether `total` is an estimate; it never is yet.
    pub approximate: bool,
    /// What there is to say about how they were found.
    pub notes: Vec<Note>,
}

/// A document and its place in the order.
#[derive(Debug)]
struct Ranked {
    score: f32,
    id: String,
}

impl Index {
    /// Searches the archive as it is now: documents that changed after the last change applied are
    /// read from the source and searched one by one, so a search is complete even where the index
    /// is behind, only slower.
    ///
    /// Hits `offset..offset + limit` are answered, best first, of equals the lower identifier. Any
    /// `limit` is allowed; with 0 only the count is made.
    ///
    /// An index that turns out damaged is left alone, and the whole archive is read instead, until
    /// [`Index::catch_up`] has begun it anew.
    ///
    /// # Errors
    /// Where the archive cannot be read or is not the one that the index was made for.
    pub fn search<S: Source>(
        &self,
        source: &S,
        query: &Query,
        offset: usize,
        limit: usize,
    ) -> Result<Page, SearchError<S::Error>> {
        self.check_archive(source)?;
        let Some(root) = &query.root else { return Ok(Page::empty()) };
        let snapshot = self.snapshot();
        if !self.is_damaged() {
            let tail = Tail::read(source, &snapshot).map_err(SearchError::Source)?;
            let search = Search { index: self, snapshot: &snapshot, tail: &tail, source };
            match search.page(root, query.relaxed, offset, limit) {
                Err(SearchError::Index(_)) if !tail.everything => self.set_damaged(),
                page => return page,
            }
        }
        let tail = Tail::everything(source).map_err(SearchError::Source)?;
        Search { index: self, snapshot: &snapshot, tail: &tail, source }.page(
            root,
            query.relaxed,
            offset,
            limit,
        )
    }
}

impl Page {
    fn empty() -> Self {
        Self { total: 0, hits: Vec::new(), approximate: false, notes: Vec::new() }
    }
}

/// Documents that the index does not have as they are now. They are read one by one by every
/// search, so that only their identifiers are held.
struct Tail {
    /// All of them, deleted ones too: the index is not to be believed about these.
    ids: Vec<String>,
    /// Whether the index is not to be believed at all.
    everything: bool,
}

impl Tail {
    fn read<S: Source>(source: &S, snapshot: &Snapshot) -> Result<Self, S::Error> {
        let applied = &snapshot.applied;
        let target = source.sequence()?;
        if applied.seq > target {
            // A backup of the archive was restored.
            return Self::everything(source);
        }
        let mut ids = BTreeSet::new();
        if let Some(built_to) = &applied.built_to {
            ids.extend(source.all()?.into_iter().filter(|id| id > built_to));
        }
        if applied.seq < target {
            ids.extend(changed(source, applied.seq)?.into_documents());
        }
        Ok(Self { ids: ids.into_iter().collect(), everything: false })
    }

    fn everything<S: Source>(source: &S) -> Result<Self, S::Error> {
        Ok(Self { ids: source.all()?, everything: true })
    }
}

struct Search<'s, S> {
    index: &'s Index,
    snapshot: &'s Snapshot,
    tail: &'s Tail,
    source: &'s S,
}

impl<S: Source> Search<'_, S> {
    fn page(
        &self,
        root: &Node,
        relax: bool,
        offset: usize,
        limit: usize,
    ) -> Result<Page, SearchError<S::Error>> {
        let exact = self.tier(root, Tier::Exact, offset, limit)?;
        if exact.total > 0 || !relax {
            return Ok(exact);
        }
        for (tier, root) in relaxed(root) {
            let mut page = self.tier(&root, tier, offset, limit)?;
            if page.total > 0 {
                page.notes.push(Note {
                    code: NoteCode::NoExactHits,
                    message: "Nothing stands exactly so; these have the words one by one."
                        .to_owned(),
                });
                return Ok(page);
            }
        }
        Ok(exact)
    }

    fn tier(
        &self,
        root: &Node,
        tier: Tier,
        offset: usize,
        limit: usize,
    ) -> Result<Page, SearchError<S::Error>> {
        let read = |id: &str| self.source.document(id).map_err(SearchError::Source);
        let (mut total, mut ranked) = if self.tail.everything {
            (0, Vec::new())
        } else {
            guarded(|| Ok(self.indexed(root, offset.saturating_add(limit))?))?
        };
        for id in &self.tail.ids {
            let Some(document) = read(id)? else { continue };
            let folded = FoldedDocument::new(&document);
            if root.holds(&folded) {
                total += 1;
                let score = guarded(|| Ok(self.score(root, &folded)?))?;
                ranked.push(Ranked { score, id: id.clone() });
            }
        }
        let mut page = Page { total, ..Page::empty() };
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
        let mut shown = Vec::new();
        for Ranked { score, id } in ranked.into_iter().skip(offset).take(limit) {
            // `None`: deleted since the search began.
            shown.extend(read(&id)?.map(|document| (score, document)));
        }
        page.hits = in_parallel(&shown, |(score, document)| {
            let matches = root.places(FoldedDocument::new(document).text());
            Hit {
                document: document.id.clone(),
                title: document.title.clone(),
                score: *score,
                tier,
                snippets: snippets(&document.text, &matches),
                matches,
            }
        });
        Ok(page)
    }

    /// How many documents the index finds, and the best of them.
    fn indexed(&self, root: &Node, best: usize) -> tantivy::Result<(usize, Vec<Ranked>)> {
        let searcher = &self.snapshot.searcher;
        let compiler = |scored| Compiler { fields: self.index.fields(), searcher, scored };
        let total = searcher.search(&*compiler(false).query(root, &self.tail.ids)?, &Count)?;
        let best = best.min(total);
        if best == 0 {
            return Ok((total, Vec::new()));
        }
        let by_score_then_id = (SortBySimilarityScore, (SortByString::for_field(ID), Order::Asc));
        let found = searcher.search(
            &*compiler(true).query(root, &self.tail.ids)?,
            &TopDocs::with_limit(best).order_by(by_score_then_id),
        )?;
        let ranked = found
            .into_iter()
            .map(|((score, id), _)| Ranked { score, id: id.unwrap_or_default() })
            .collect();
        Ok((total, ranked))
    }

    /// What the engine's score of a document would be, were it in the index.
    fn score(&self, root: &Node, document: &FoldedDocument<'_>) -> tantivy::Result<f32> {
        Ok(match root {
            Node::Phrase(phrase) => self.phrase_score(&phrase.pattern, document)?,
            Node::Filter(_) | Node::Not(_) => 0.0,
            Node::All(nodes) | Node::Any(nodes) | Node::AtLeast(_, nodes) => {
                let mut sum = 0.0;
                for node in nodes.iter().filter(|node| node.holds(document)) {
                    sum += self.score(node, document)?;
                }
                sum
            }
        })
    }

    fn phrase_score(
        &self,
        pattern: &Pattern,
        document: &FoldedDocument<'_>,
    ) -> tantivy::Result<f32> {
        let fields = self.index.fields();
        // Without an index all phrases count as equally rare.
        let searcher = (!self.tail.everything).then_some(&self.snapshot.searcher);
        let documents = searcher.map_or(0, Searcher::num_docs) + self.tail.ids.len() as u64;
        let mut rarity = 0.0;
        for form in pattern.forms() {
            let field = if form.len() == 1 { fields.singles } else { fields.pairs };
            let grams = form.windows(form.len().min(2));
            let count = grams.len() as f32;
            for units in grams {
                let frequency = match searcher {
                    Some(searcher) => searcher.doc_freq(&gram(field, units))?,
                    None => 1,
                };
                rarity += inverse_frequency(frequency.max(1), documents) / count;
            }
        }
        let folded = document.text();
        let found = folded.find_units(pattern).len();
        let found = if pattern.len() == 1 { found.min(1) } else { found };
        let mut score = saturation(found) * rarity;
        let stands = |text: &str| !Folded::new(text).find_units(pattern).is_empty();
        if stands(&document.document().title) {
            score += TITLE_WEIGHT * rarity;
        }
        if document.document().heading_texts().into_iter().any(stands) {
            score += HEADING_WEIGHT * rarity;
        }
        Ok(score)
    }
}

/// Works on all items, on as many processors as there are, and keeps their order.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(items.len());
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    let work = &work;
    std::thread::scope(|scope| {
        let parts: Vec<_> = items
            .chunks(items.len().div_ceil(threads))
            .map(|part| scope.spawn(move || part.iter().map(work).collect::<Vec<R>>()))
            .collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// BM25's weight of a term that stands in so many of all documents.
fn inverse_frequency(frequency: u64, documents: u64) -> f32 {
    let (frequency, documents) = (frequency as f32, documents.max(frequency) as f32);
    ((documents - frequency + 0.5) / (frequency + 0.5)).ln_1p()
}

/// BM25's part of the frequency inside a document of average length, with k1 = 1.2.
fn saturation(found: usize) -> f32 {
    let found = found as f32;
    found * 2.2 / (found + 1.2)
}

/// The query with its unquoted phrases taken apart into words, strictest first.
fn relaxed(root: &Node) -> Vec<(Tier, Node)> {
    let mut wider = Vec::new();
    for (tier, share) in [(Tier::Words, 100), (Tier::Some, 60)] {
        let mut changed = false;
        let node = taken_apart(root, share, &mut changed);
        if changed {
            wider.push((tier, node));
        }
    }
    wider
}

/// The condition with each phrase of several words as at least so many per cent of its words.
fn taken_apart(node: &Node, share: usize, changed: &mut bool) -> Node {
    let mut all = |nodes: &[Node]| -> Vec<Node> {
        nodes.iter().map(|node| taken_apart(node, share, changed)).collect()
    };
    match node {
        Node::Phrase(phrase) if !phrase.quoted => {
            let words: Vec<Node> = words::words(&phrase.text)
                .into_iter()
                .filter_map(|word| Phrase::new(&word, false).map(Node::Phrase))
                .collect();
            if words.len() < 2 {
                return node.clone();
            }
            *changed = true;
            let least = (words.len() * share).div_ceil(100);
            if least == words.len() { Node::All(words) } else { Node::AtLeast(least, words) }
        }
        // What is excluded stays as narrow as typed.
        Node::Phrase(_) | Node::Filter(_) | Node::Not(_) => node.clone(),
        Node::All(nodes) => Node::All(all(nodes)),
        Node::Any(nodes) => Node::Any(all(nodes)),
        Node::AtLeast(least, nodes) => Node::AtLeast(*least, all(nodes)),
    }
}
