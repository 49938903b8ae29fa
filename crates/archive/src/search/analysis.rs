//! Words around a question, words that set its reports apart, and reports about the same.

use super::Turn;
use crate::archive::{Archive, lock};
use crate::documents::ArchiveSource;
use crate::error::{Result, from_search};
use anjuan_protocol as wire;
use anjuan_search::collocation::{Surroundings, Window};
use anjuan_search::words::{WordCounts, is_function_word};
use anjuan_search::{FoldedDocument, Source, keyness};
use anjuan_store::{ChangeKind, CollectionId, ReportId};
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};
use std::thread::available_parallelism;

/// Places whose surroundings are looked at, at the most; more hardly changes what is typical.
const PLACES: u64 = 100_000;
/// Words on either side at the most.
const WIDEST: u32 = 20;
/// Words returned at the most.
const MOST: u32 = 1_000;
/// Changes looked through for one of a text; where there are more, all is counted anew.
const LOOKED_THROUGH: u32 = 10_000;
/// Similar reports returned.
const SIMILAR: usize = 20;

/// The words of all reports at one state of the archive, counted when they are first asked for.
#[derive(Default)]
pub(crate) struct CountedWords(Mutex<Option<(u64, Arc<WordCounts>)>>);

impl Archive {
    /// The words that stand around a question more often than chance has it.
    ///
    /// # Errors
    /// When file or index cannot be read, an identifier of the filter is none, or nobody waits for
    /// the answer any more.
    pub fn collocates(
        &self,
        request: &wire::CollocatesRequest,
        turn: &Turn,
    ) -> Result<wire::Collocates> {
        let window =
            Window { before: request.before.min(WIDEST), behind: request.behind.min(WIDEST) };
        let around = |document: &FoldedDocument<'_>, places: Vec<_>| {
            let mut around = Surroundings::new(window);
            around.add(document, &places);
            around
        };
        let mut all = Surroundings::new(window);
        let mut cut = false;
        self.each_found(&request.question, turn, around, |around| {
            all.merge(&around);
            cut = all.places() > PLACES;
            if cut { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        let overall = self.words_of_all(turn)?;
        let collocates = all
            .collocates(&overall)
            .into_iter()
            .filter(|c| !is_function_word(&c.word))
            .take(request.limit.min(MOST) as usize)
            .map(|c| wire::Collocate {
                word: c.word,
                before: c.before,
                behind: c.behind,
                reports: c.documents,
                overall: c.overall,
                expected: c.expected,
                log_likelihood: c.log_likelihood,
                log_dice: c.log_dice,
            });
        Ok(wire::Collocates {
            places: u32::try_from(all.places()).unwrap_or(u32::MAX),
            cut,
            words: overall.total(),
            collocates: collocates.collect(),
        })
    }

    /// The words that set the reports of a question apart from others.
    ///
    /// # Errors
    /// When the collection is not there, file or index cannot be read, an identifier is none, or
    /// nobody waits for the answer any more.
    pub fn keyness(&self, request: &wire::KeynessRequest, turn: &Turn) -> Result<wire::Keyness> {
        let found = self.reports_found(&request.question)?;
        turn.check()?;
        let target = self.words_of(&found, turn)?;
        let reference = match &request.reference {
            wire::KeynessReference::Rest => {
                let mut rest = (*self.words_of_all(turn)?).clone();
                rest.subtract(&target);
                rest
            }
            wire::KeynessReference::Collection { id } => {
                let id: CollectionId = self.parse(id.parse())?;
                let found: HashSet<&ReportId> = found.iter().collect();
                let others = self.read(|r| {
                    r.collection(id)?;
                    let mut others = HashSet::new();
                    for below in r.collection_and_below(id)? {
                        others.extend(r.collection_reports(below)?);
                    }
                    others.retain(|report| !found.contains(report));
                    Ok(others)
                })?;
                let mut others: Vec<ReportId> = others.into_iter().collect();
                others.sort_unstable();
                self.words_of(&others, turn)?
            }
        };
        let most = request.limit.min(MOST);
        let (mut more, mut less) = (0, 0);
        let key_words = keyness::key_words(&target, &reference)
            .into_iter()
            .filter(|w| !is_function_word(&w.word))
            // So many of either side: those that are rarer stand behind all that are not.
            .filter(|w| {
                let side = if w.log_likelihood < 0.0 { &mut less } else { &mut more };
                *side += 1;
                *side <= most
            })
            .map(|w| wire::KeyWord {
                word: w.word,
                target: w.target,
                reference: w.reference,
                reports: w.documents,
                log_likelihood: w.log_likelihood,
                dispersion: w.dispersion,
                log_ratio: w.log_ratio,
            });
        Ok(wire::Keyness {
            reports: target.documents(),
            reference_reports: reference.documents(),
            words: target.total(),
            reference_words: reference.total(),
            by_dispersion: keyness::tells_spread(&target, &reference),
            key_words: key_words.collect(),
        })
    }

    /// The reports that are about the same as one, most similar first.
    ///
    /// # Errors
    /// When file or index cannot be read or the identifier is none.
    pub fn similar_reports(&self, request: &wire::IdRequest) -> Result<Vec<wire::SimilarReport>> {
        let id: ReportId = self.parse(request.id.parse())?;
        self.read(|r| r.report(id))?;
        let index = self.index()?;
        self.with_reader(|reader| {
            let source = ArchiveSource::new(reader, self.id());
            let similar = index
                .similar(&source, &id.to_string(), SIMILAR)
                .map_err(|e| from_search(self.path(), e))?;
            let report = |similar: anjuan_search::Similar| {
                let id = similar.document.parse();
                let card = id.and_then(|id| reader.read().report(id));
                let card = card.map_err(|e| self.fault(e))?.metadata;
                Ok(wire::SimilarReport {
                    report: similar.document,
                    title: similar.title,
                    place: card.place,
                    published: card.published,
                    script: card.script.map(|s| s.as_str().to_owned()),
                    score: similar.score,
                    words: similar.words,
                })
            };
            similar.into_iter().map(report).collect()
        })
    }

    /// The words of all reports as they are now.
    fn words_of_all(&self, turn: &Turn) -> Result<Arc<WordCounts>> {
        let sequence = self.sequence()?;
        if let Some((counted, words)) = &mut *lock(&self.counted_words.0)
            && self.texts_are_those_of(*counted)?
        {
            *counted = sequence;
            return Ok(Arc::clone(words));
        }
        let words = Arc::new(self.words_of(&self.read(|r| r.report_ids())?, turn)?);
        *lock(&self.counted_words.0) = Some((sequence, Arc::clone(&words)));
        Ok(words)
    }

    /// Whether no text can have changed since a state of the archive: what users put on reports
    /// changes none.
    fn texts_are_those_of(&self, sequence: u64) -> Result<bool> {
        let since = self.read(|r| r.changes_after(sequence, LOOKED_THROUGH + 1))?;
        Ok(since.len() <= LOOKED_THROUGH as usize
            && since.iter().all(|change| change.kind != ChangeKind::Report))
    }

    /// The words of some reports, counted on as many processors as there are.
    fn words_of(&self, reports: &[ReportId], turn: &Turn) -> Result<WordCounts> {
        let threads = available_parallelism().map_or(1, usize::from);
        let portion = reports.len().div_ceil(threads).max(1);
        let count = |some: &[ReportId]| {
            self.with_reader(|reader| {
                let source = ArchiveSource::new(reader, self.id());
                let mut words = WordCounts::new();
                for id in some {
                    turn.check()?;
                    let document = source.document(&id.to_string()).map_err(|e| self.fault(e))?;
                    if let Some(document) = document {
                        words.add(&FoldedDocument::new(&document));
                    }
                }
                Ok(words)
            })
        };
        std::thread::scope(|scope| {
            let parts: Vec<_> =
                reports.chunks(portion).map(|some| scope.spawn(|| count(some))).collect();
            let mut words = WordCounts::new();
            for part in parts {
                let part = part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
                words.merge(&part);
            }
            Ok(words)
        })
    }
}
