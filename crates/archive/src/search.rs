//! Searching, and the thread that keeps the index up to date.

use crate::archive::Archive;
use crate::documents::ArchiveSource;
use crate::error::{Result, from_search};
use crate::wire as to_wire;
use anjuan_protocol as wire;
use anjuan_search::query;
use anjuan_store::ReportId;
use anjuan_text::{Folded, Pattern};
use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

/// How long changes are collected before the index is written, so that a burst of edits is one
/// commit. Searches see them at once all the same: they read what the index has not yet applied.
const COALESCE: Duration = Duration::from_millis(800);

/// Hits returned at the most.
const MOST: u32 = 1_000;

impl Archive {
    /// Searches the archive.
    ///
    /// # Errors
    /// When file or index cannot be read. A query is never an error.
    pub fn search(&self, request: &wire::SearchRequest) -> Result<wire::SearchPage> {
        let started = Instant::now();
        let parsed = query::parse(&request.query);
        let index = self.index()?;
        let (page, mut cards) = self.with_reader(|reader| {
            let source = ArchiveSource::new(reader, self.id());
            let limit = request.limit.min(MOST) as usize;
            let page = index
                .search(&source, &parsed.query, request.offset as usize, limit)
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
                tier: hit.tier.as_str().to_owned(),
                matches: hit.matches.into_iter().map(to_wire::range).collect(),
                snippets: hit
                    .snippets
                    .into_iter()
                    .map(|s| wire::Snippet { text: s.text, start: s.range.start, end: s.range.end })
                    .collect(),
                report: hit.document,
            }
        };
        let hits = page.hits.into_iter().map(hit).collect();
        let notes = parsed.notes.into_iter().chain(page.notes);
        Ok(wire::SearchPage {
            total: u32::try_from(page.total).unwrap_or(u32::MAX),
            hits,
            chips: parsed
                .chips
                .into_iter()
                .map(|c| wire::QueryChip {
                    kind: c.kind.as_str().to_owned(),
                    text: c.text,
                    excluded: c.excluded,
                })
                .collect(),
            notes: notes
                .map(|n| wire::QueryNote { code: n.code.as_str().to_owned(), message: n.message })
                .collect(),
            milliseconds: started.elapsed().as_secs_f64() * 1000.0,
        })
    }
}

impl Archive {
    /// Finds words in one report: every place, in order, overlapping ones included.
    ///
    /// # Errors
    /// When the file cannot be read or the identifier is none.
    pub fn find_in_report(&self, request: &wire::FindRequest) -> Result<Vec<wire::Range>> {
        let id: ReportId = self.parse(request.report.parse())?;
        let text = self.read(|r| r.text(r.report(id)?.revision))?;
        let pattern = Pattern::new(&request.words);
        if pattern.is_empty() {
            return Ok(literally(&text, request.words.trim()));
        }
        Ok(Folded::new(&text).find(&pattern).into_iter().map(to_wire::range).collect())
    }
}

/// The places of a string as it stands, as code points.
fn literally(text: &str, wanted: &str) -> Vec<wire::Range> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let length = wanted.chars().count() as u32;
    let (mut seen, mut at) = (0, 0_u32);
    text.match_indices(wanted)
        .map(|(byte, _)| {
            at += text[seen..byte].chars().count() as u32;
            seen = byte;
            wire::Range { start: at, end: at + length }
        })
        .collect()
}

/// A thread that applies changes to the index soon after they are made.
pub(crate) struct Indexer {
    signal: Arc<Signal>,
}

#[derive(Default)]
struct Signal {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default, Clone, Copy)]
struct State {
    work: bool,
    ended: bool,
}

impl Signal {
    fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }

    fn ended(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).ended
    }

    /// Waits for work; `false` at the end.
    fn wait(&self) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = self
            .changed
            .wait_while(state, |s| !s.work && !s.ended)
            .unwrap_or_else(PoisonError::into_inner);
        state.work = false;
        !state.ended
    }
}

impl Indexer {
    pub(crate) fn start(archive: Weak<Archive>) -> std::io::Result<Self> {
        let signal = Arc::new(Signal::default());
        let own = Arc::clone(&signal);
        std::thread::Builder::new().name("index".into()).spawn(move || {
            let mut pause = Duration::ZERO;
            while own.wait() {
                std::thread::sleep(pause);
                let Some(archive) = archive.upgrade() else { return };
                // What fails now is tried again with the next change; `index_status` shows that
                // the index lags, and searches stay complete by reading what it lacks.
                let _ = archive.catch_up_while(|| !own.ended());
                pause = COALESCE;
            }
        })?;
        Ok(Self { signal })
    }

    pub(crate) fn wake(&self) {
        self.signal.set(|s| s.work = true);
    }

    pub(crate) fn stop(&self) {
        self.signal.set(|s| s.ended = true);
    }
}
