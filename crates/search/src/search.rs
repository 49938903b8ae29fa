//! Searching: the index, the changes it does not know yet, ranking, places and snippets.

use crate::compile::{Compiler, HEADING_WEIGHT, TITLE_WEIGHT, gram, inverse_frequency};
use crate::document::{Document, FoldedDocument, Source};
use crate::index::{Index, SearchError, Snapshot, changed, guarded};
use crate::query::{Node, Note, NoteCode, Phrase, Query, Sort};
use crate::schema::{ID, PLACE, Range, place_shown, unpacked};
use crate::snippet::{Snippet, snippets};
use crate::words;
use anjuan_text::{CharRange, Folded, Pattern};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use tantivy::collector::sort_key::{SortBySimilarityScore, SortByStaticFastValue, SortByString};
use tantivy::collector::{Count, DocSetCollector, TopDocs};
use tantivy::{Order, Searcher};

/// Documents read at the most for an expression that no index can help with.
const MOST_READ: usize = 4_000;
/// Documents read before they are looked at, on as many processors as there are.
const READ_AT_ONCE: usize = 64;

/// How well a hit answers the query.
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
    /// Why it is one: where each phrase that is not excluded stands, in the order typed. Empty for
    /// filters alone.
    pub why: Vec<Evidence>,
    /// Every place of every phrase that is not excluded, sorted, each once.
    pub matches: Vec<CharRange>,
    /// The best pieces, in the order of the text.
    pub snippets: Vec<Snippet>,
}

/// A phrase that stands somewhere in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The phrase, as it can be typed.
    pub phrase: String,
    /// Where.
    pub place: EvidencePlace,
    /// Whether it stands there only by the alternative reading: 计划 in 計畫.
    pub alternative: bool,
}

/// Where a phrase can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EvidencePlace {
    /// In the title.
    Title,
    /// In a heading.
    Heading,
    /// In the reading text, headings included.
    Text,
}

impl EvidencePlace {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Heading => "heading",
            Self::Text => "text",
        }
    }
}

/// How many documents answer a query so well and not better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierTotal {
    /// How well.
    pub tier: Tier,
    /// How many.
    pub total: usize,
}

/// Hits.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// How many documents were found, exactly.
    pub total: usize,
    /// How many of them in each tier that was looked for, best first.
    pub tiers: Vec<TierTotal>,
    /// The hits asked for: the exact ones first, inside a tier in the order asked for.
    pub hits: Vec<Hit>,
    /// Whether there may be more than `total`, as not all documents were read; a note says so.
    pub approximate: bool,
    /// What there is to say about how they were found.
    pub notes: Vec<Note>,
}

/// A document and its place in the order.
#[derive(Debug)]
struct Ranked {
    key: Key,
    id: String,
}

/// What documents are sorted by.
#[derive(Debug, Clone, PartialEq)]
enum Key {
    Score(f32),
    Number(Option<i64>),
    Text(Option<String>),
}

impl Sort {
    /// The field of numbers that decides, and the order.
    fn number(self) -> Option<(Range, Order)> {
        match self {
            Self::Relevance | Self::Place => None,
            Self::Newest => Some((Range::Earliest, Order::Desc)),
            Self::Oldest => Some((Range::Earliest, Order::Asc)),
            Self::Longest => Some((Range::Length, Order::Desc)),
            Self::Shortest => Some((Range::Length, Order::Asc)),
        }
    }

    /// Which comes first.
    fn compare(self, a: &Ranked, b: &Ranked) -> Ordering {
        /// What is not known comes last in either order.
        fn known_first<T: Ord>(a: Option<&T>, b: Option<&T>, order: Order) -> Ordering {
            match (a, b) {
                (Some(a), Some(b)) if order.is_asc() => a.cmp(b),
                (Some(a), Some(b)) => b.cmp(a),
                (a, b) => b.is_some().cmp(&a.is_some()),
            }
        }
        let order = self.number().map_or(Order::Asc, |(_, order)| order);
        let by_key = match (&a.key, &b.key) {
            (Key::Score(a), Key::Score(b)) => b.total_cmp(a),
            (Key::Number(a), Key::Number(b)) => known_first(a.as_ref(), b.as_ref(), order),
            (Key::Text(a), Key::Text(b)) => known_first(a.as_ref(), b.as_ref(), order),
            _ => Ordering::Equal,
        };
        by_key.then_with(|| a.id.cmp(&b.id))
    }
}

impl Index {
    /// Searches the archive as it is now: documents that changed after the last change applied are
    /// read from the source and searched one by one, so a search is complete even where the index
    /// is behind, only slower.
    ///
    /// Hits `offset..offset + limit` are answered, those that answer the query exactly first, then
    /// in the order asked for, of equals the lower identifier. Any `limit` is allowed; with 0 only
    /// the counts are made.
    ///
    /// What the index cannot decide (an error in a phrase, wildcards, expressions, exact characters,
    /// what is near a single character) it narrows down, and the documents that are left are read.
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
        let Some(root) = &query.root else {
            self.check_archive(source)?;
            return Ok(Page::empty());
        };
        let root = &resolved(root, source)?;
        self.asked(source, |search| search.page(root, query, offset, limit))
    }

    /// The documents that a search finds, those of all tiers, in the order of their identifiers.
    ///
    /// # Errors
    /// As [`Index::search`].
    pub fn found<S: Source>(
        &self,
        source: &S,
        query: &Query,
    ) -> Result<Vec<String>, SearchError<S::Error>> {
        let Some(root) = &query.root else {
            self.check_archive(source)?;
            return Ok(Vec::new());
        };
        let root = &resolved(root, source)?;
        let mut tiers: Vec<Node> = tiers(root, query.relaxed).into_iter().map(|(_, n)| n).collect();
        let root = if tiers.len() == 1 { tiers.remove(0) } else { Node::Any(tiers) };
        self.asked(source, |search| search.ids(&root))
    }

    /// Asks the index as it is together with what it does not know yet; where it turns out
    /// damaged, the whole archive.
    fn asked<S: Source, T>(
        &self,
        source: &S,
        ask: impl Fn(&Search<'_, S>) -> Result<T, SearchError<S::Error>>,
    ) -> Result<T, SearchError<S::Error>> {
        self.check_archive(source)?;
        let snapshot = self.snapshot();
        if !self.is_damaged() {
            let tail = Tail::read(source, &snapshot).map_err(SearchError::Source)?;
            match ask(&Search { index: self, snapshot: &snapshot, tail: &tail, source }) {
                Err(SearchError::Index(_)) if !tail.everything => self.set_damaged(),
                answer => return answer,
            }
        }
        let tail = Tail::everything(source).map_err(SearchError::Source)?;
        ask(&Search { index: self, snapshot: &snapshot, tail: &tail, source })
    }
}

/// Reads documents, folds them on as many processors as there are, and hands what `work` makes
/// of each and of the query's places in it to `each`, in the order of `ids`, until that breaks
/// off. Documents that are gone, or no hits any more, are left out.
///
/// # Errors
/// Where the archive cannot be read.
pub fn each_found<S: Source, R: Send>(
    source: &S,
    query: &Query,
    ids: &[String],
    work: impl Fn(&FoldedDocument<'_>, Vec<CharRange>) -> R + Sync,
    mut each: impl FnMut(R) -> ControlFlow<()>,
) -> Result<(), S::Error> {
    let Some(root) = &query.root else { return Ok(()) };
    let root = &root.resolved(&|mark| source.marked(mark))?;
    let tiers: Vec<Node> = tiers(root, query.relaxed).into_iter().map(|(_, n)| n).collect();
    for some in ids.chunks(READ_AT_ONCE) {
        let mut read = Vec::with_capacity(some.len());
        for id in some {
            read.extend(source.document(id)?);
        }
        let made = in_parallel(&read, |document| {
            let folded = FoldedDocument::new(document);
            let best = tiers.iter().find(|root| root.holds(&folded))?;
            Some(work(&folded, best.places(&folded)))
        });
        for made in made.into_iter().flatten() {
            if each(made).is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The condition with what it asks of marks as the documents that have them.
fn resolved<S: Source>(root: &Node, source: &S) -> Result<Node, SearchError<S::Error>> {
    root.resolved(&|mark| source.marked(mark)).map_err(SearchError::Source)
}

impl Page {
    fn empty() -> Self {
        Self {
            total: 0,
            tiers: Vec::new(),
            hits: Vec::new(),
            approximate: false,
            notes: Vec::new(),
        }
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
        query: &Query,
        offset: usize,
        limit: usize,
    ) -> Result<Page, SearchError<S::Error>> {
        let tiers = tiers(root, query.relaxed);
        let mut page = Page::empty();
        let mut unread = 0;
        for at in 0..tiers.len() {
            let (better, rest) = tiers.split_at(at);
            let Some((tier, root)) = rest.first() else { break };
            // A hit stands in its best tier only.
            let better = better.iter().map(|(_, root)| Node::Not(Box::new(root.clone())));
            let alone: Vec<Node> = std::iter::once(root.clone()).chain(better).collect();
            let alone = if at == 0 { root } else { &Node::All(alone) };
            let skip = offset.saturating_sub(page.total);
            let take = limit - page.hits.len();
            let found = self.ranked(alone, query.sort, skip.saturating_add(take))?;
            page.total += found.total;
            page.tiers.push(TierTotal { tier: *tier, total: found.total });
            unread = unread.max(found.unread);
            let shown = found.best.into_iter().skip(skip).take(take);
            page.hits.extend(self.hits(root, *tier, shown)?);
        }
        let exact = page.tiers.first().map_or(0, |exact| exact.total);
        if exact == 0 && page.total > 0 {
            page.notes.push(Note {
                code: NoteCode::NoExactHits,
                message: "Nothing stands exactly so; these have the words one by one.".to_owned(),
                range: None,
            });
        }
        if unread > 0 {
            page.approximate = true;
            page.notes.push(Note {
                code: NoteCode::NotAllRead,
                message: format!(
                    "{unread} documents were not looked at: the expression names no text that they \
                     must hold."
                ),
                range: None,
            });
        }
        Ok(page)
    }

    /// How many documents are found, and so many of the best of them.
    fn ranked(&self, root: &Node, sort: Sort, best: usize) -> Result<Found, SearchError<S::Error>> {
        let mut found = if self.tail.everything {
            Found::default()
        } else if root.decided_by_index() {
            guarded(|| Ok(self.indexed(root, sort, best)?))?
        } else {
            self.looked_at(root, sort)?
        };
        self.each_of_the_tail(root, |id, document, folded| {
            found.total += 1;
            let key = match sort.number() {
                Some((range, _)) => Key::Number(range.of(document)),
                None if sort == Sort::Place => Key::Text(place_shown(document)),
                None => Key::Score(guarded(|| Ok(self.score(root, folded)?))?),
            };
            found.best.push(Ranked { key, id: id.to_owned() });
            Ok(())
        })?;
        found.best.sort_by(|a, b| sort.compare(a, b));
        found.best.truncate(best);
        Ok(found)
    }

    /// Every document that is found, by identifier.
    fn ids(&self, root: &Node) -> Result<Vec<String>, SearchError<S::Error>> {
        let mut ids = if self.tail.everything {
            Vec::new()
        } else if root.decided_by_index() {
            guarded(|| Ok(self.indexed_ids(root)?))?
        } else {
            let found = self.looked_at(root, Sort::default())?;
            found.best.into_iter().map(|ranked| ranked.id).collect()
        };
        self.each_of_the_tail(root, |id, _, _| {
            ids.push(id.to_owned());
            Ok(())
        })?;
        ids.sort_unstable();
        Ok(ids)
    }

    /// Hands over every document that is found among those that the index does not know as they
    /// are.
    fn each_of_the_tail(
        &self,
        root: &Node,
        mut each: impl FnMut(&str, &Document, &FoldedDocument<'_>) -> Result<(), SearchError<S::Error>>,
    ) -> Result<(), SearchError<S::Error>> {
        for id in &self.tail.ids {
            let Some(document) = self.source.document(id).map_err(SearchError::Source)? else {
                continue;
            };
            let folded = FoldedDocument::new(&document);
            if root.holds(&folded) {
                each(id, &document, &folded)?;
            }
        }
        Ok(())
    }

    /// Every document that the index finds, by identifier.
    fn indexed_ids(&self, root: &Node) -> tantivy::Result<Vec<String>> {
        let searcher = &self.snapshot.searcher;
        let mut segments = vec![Vec::new(); searcher.segment_readers().len()];
        for found in searcher.search(&*self.compiled(root, false)?, &DocSetCollector)? {
            segments[found.segment_ord as usize].push(found.doc_id);
        }
        let mut ids = Vec::with_capacity(segments.iter().map(Vec::len).sum());
        for (segment, documents) in searcher.segment_readers().iter().zip(segments) {
            let Some(column) = segment.fast_fields().str(ID)? else { continue };
            let mut places: Vec<u64> =
                documents.into_iter().flat_map(|document| column.term_ords(document)).collect();
            places.sort_unstable();
            column.dictionary().sorted_ords_to_term_cb(&places, |id| {
                ids.push(unpacked(&String::from_utf8_lossy(id)));
            })?;
        }
        Ok(ids)
    }

    /// The documents themselves, with what there is to show of them.
    fn hits(
        &self,
        root: &Node,
        tier: Tier,
        ranked: impl Iterator<Item = Ranked>,
    ) -> Result<Vec<Hit>, SearchError<S::Error>> {
        let mut shown = Vec::new();
        for Ranked { key, id } in ranked {
            // `None`: deleted since the search began.
            let document = self.source.document(&id).map_err(SearchError::Source)?;
            shown.extend(document.map(|document| (key, document)));
        }
        let leaves = root.leaves();
        let mut hits = Vec::with_capacity(shown.len());
        let folded = in_parallel(&shown, |(_, document)| {
            let folded = FoldedDocument::new(document);
            let matches = root.places(&folded);
            let snippets = snippets(&document.text, &matches);
            let why = leaves.iter().flat_map(|leaf| evidence(leaf, &folded)).collect();
            (matches, snippets, why)
        });
        for ((key, document), (matches, snippets, why)) in shown.into_iter().zip(folded) {
            let score = match key {
                Key::Score(score) => score,
                _ => guarded(|| Ok(self.score(root, &FoldedDocument::new(&document))?))?,
            };
            let (document, title) = (document.id, document.title);
            hits.push(Hit { document, title, score, tier, why, matches, snippets });
        }
        Ok(hits)
    }

    /// How many documents the index finds, and the best of them.
    fn indexed(&self, root: &Node, sort: Sort, best: usize) -> tantivy::Result<Found> {
        let searcher = &self.snapshot.searcher;
        let (total, best) = match best.min(searcher.num_docs() as usize) {
            0 => (searcher.search(&*self.compiled(root, false)?, &Count)?, Vec::new()),
            best => self.sorted(root, sort, best)?,
        };
        Ok(Found { total, best, unread: 0 })
    }

    /// The documents that the index cannot rule out, read and looked at; all that are found.
    fn looked_at(&self, root: &Node, sort: Sort) -> Result<Found, SearchError<S::Error>> {
        let mut candidates = guarded(|| {
            let total = self.snapshot.searcher.search(&*self.compiled(root, false)?, &Count)?;
            Ok(if total == 0 { Vec::new() } else { self.sorted(root, sort, total)?.1 })
        })?;
        let most = if root.is_boundless() { MOST_READ } else { usize::MAX };
        let unread = candidates.len().saturating_sub(most);
        candidates.truncate(most);
        let mut best = Vec::new();
        let mut candidates = candidates.into_iter();
        loop {
            let mut read = Vec::with_capacity(READ_AT_ONCE);
            for ranked in candidates.by_ref().take(READ_AT_ONCE) {
                let document = self.source.document(&ranked.id).map_err(SearchError::Source)?;
                read.extend(document.map(|document| (ranked, document)));
            }
            if read.is_empty() && candidates.len() == 0 {
                break;
            }
            let found = in_parallel(&read, |(_, d)| root.holds(&FoldedDocument::new(d)));
            let kept = read.into_iter().zip(found).filter(|(_, found)| *found);
            best.extend(kept.map(|((ranked, _), _)| ranked));
        }
        Ok(Found { total: best.len(), best, unread })
    }

    fn compiled(
        &self,
        root: &Node,
        scored: bool,
    ) -> tantivy::Result<Box<dyn tantivy::query::Query>> {
        let searcher = &self.snapshot.searcher;
        let compiler = Compiler { fields: self.index.fields(), searcher, scored };
        compiler.query(root, &self.tail.ids)
    }

    /// How many documents the index finds, and so many of them, in order. Counted and collected in
    /// one pass: where a phrase stands has to be read for either.
    fn sorted(
        &self,
        root: &Node,
        sort: Sort,
        best: usize,
    ) -> tantivy::Result<(usize, Vec<Ranked>)> {
        let searcher = &self.snapshot.searcher;
        let by_id = (SortByString::for_field(ID), Order::Asc);
        let top = TopDocs::with_limit(best);
        let ranked =
            |key, id: Option<String>| Ranked { key, id: unpacked(&id.unwrap_or_default()) };
        let query = self.compiled(root, sort == Sort::Relevance)?;
        Ok(if let Some((range, order)) = sort.number() {
            let by_number = (SortByStaticFastValue::<i64>::for_field(range.name()), order);
            let top = top.order_by((by_number, by_id));
            let (total, found) = searcher.search(&*query, &(Count, top))?;
            (total, found.into_iter().map(|((key, id), _)| ranked(Key::Number(key), id)).collect())
        } else if sort == Sort::Place {
            let by_place = (SortByString::for_field(PLACE), Order::Asc);
            let top = top.order_by((by_place, by_id));
            let (total, found) = searcher.search(&*query, &(Count, top))?;
            (total, found.into_iter().map(|((key, id), _)| ranked(Key::Text(key), id)).collect())
        } else {
            let top = top.order_by((SortBySimilarityScore, by_id));
            let (total, found) = searcher.search(&*query, &(Count, top))?;
            (total, found.into_iter().map(|((key, id), _)| ranked(Key::Score(key), id)).collect())
        })
    }

    /// What the engine's score of a document would be, were it in the index.
    fn score(&self, root: &Node, document: &FoldedDocument<'_>) -> tantivy::Result<f32> {
        Ok(match root {
            Node::Phrase(phrase) => self.phrase_score(&phrase.pattern, document)?,
            Node::Filter(_) | Node::Not(_) => 0.0,
            // Counted as if half of all documents had it.
            Node::Original(_) | Node::Loose(_) | Node::Wildcard(_) | Node::Expression(_) => {
                saturation(root.runs(document).len())
            }
            Node::Near(near) => {
                let mut sum = 0.0;
                for part in &near.parts {
                    sum += self.score(part, document)?;
                }
                sum
            }
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

/// What a search found.
#[derive(Debug, Default)]
struct Found {
    total: usize,
    best: Vec<Ranked>,
    /// Documents that may be meant and were not looked at.
    unread: usize,
}

/// Where a phrase stands in a document, if it does.
fn evidence(leaf: &Node, document: &FoldedDocument<'_>) -> Vec<Evidence> {
    let mut found = Vec::new();
    let mut note = |place, alternative| {
        found.push(Evidence { phrase: leaf.typed(), place, alternative });
    };
    let Node::Phrase(phrase) = leaf else {
        if leaf.holds(document) {
            note(EvidencePlace::Text, false);
        }
        return found;
    };
    let stands = |text: &Folded| !text.find_units(&phrase.pattern).is_empty();
    let title = Folded::new(&document.document().title);
    if stands(&title) {
        note(EvidencePlace::Title, phrase.only_by_phrases(title.units()));
    }
    let headings: Vec<Folded> =
        document.document().heading_texts().into_iter().map(Folded::new).filter(stands).collect();
    if !headings.is_empty() {
        let alternative = headings.iter().all(|h| phrase.only_by_phrases(h.units()));
        note(EvidencePlace::Heading, alternative);
    }
    if stands(document.text()) {
        note(EvidencePlace::Text, phrase.only_by_phrases(document.text().units()));
    }
    found
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

/// BM25's part of the frequency inside a document of average length, with k1 = 1.2.
fn saturation(found: usize) -> f32 {
    let found = found as f32;
    found * 2.2 / (found + 1.2)
}

/// The tiers that are looked for, best first.
fn tiers(root: &Node, relax: bool) -> Vec<(Tier, Node)> {
    let mut tiers = vec![(Tier::Exact, root.clone())];
    if relax {
        tiers.extend(relaxed(root));
    }
    tiers
}

/// The query with its unquoted phrases taken apart into words, strictest first. Of a phrase of two
/// words most of them are both, so that the tiers can be one.
fn relaxed(root: &Node) -> Vec<(Tier, Node)> {
    let mut wider = Vec::new();
    for (tier, share) in [(Tier::Words, 100), (Tier::Some, 60)] {
        let mut changed = false;
        let node = taken_apart(root, share, &mut changed);
        if changed && wider.last().is_none_or(|(_, stricter)| *stricter != node) {
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
        Node::Phrase(_)
        | Node::Original(_)
        | Node::Loose(_)
        | Node::Wildcard(_)
        | Node::Expression(_)
        | Node::Near(_)
        | Node::Filter(_)
        | Node::Not(_) => node.clone(),
        Node::All(nodes) => Node::All(all(nodes)),
        Node::Any(nodes) => Node::Any(all(nodes)),
        Node::AtLeast(least, nodes) => Node::AtLeast(*least, all(nodes)),
    }
}
