//! What becomes of a file that was read: a new report, a duplicate, a version, or nothing.

use super::choices::{Choice, Choices};
use super::{Done, Prepared, Read as Outcome};
use crate::archive::Archive;
use crate::error::Result;
use crate::library::shown_title;
use crate::reports::{beginning, move_passages};
use crate::{pinyin, wire as to_wire};
use anjuan_protocol as wire;
use anjuan_protocol::{ImportAction, ImportItem, ImportOutcome, Likeness, NearReport};
use anjuan_store::{
    CollectionId, ContentHash, NewReport, NewRevision, Read, ReportId, StoreError, Write,
};
use std::collections::HashSet;
use std::path::Path;

/// Share of equal 5-grams from which two texts are nearly the same, and not the reports of two
/// years: reports of neighbouring years share at most 0.45 (measured over 2,443 government
/// reports), re-posts of one text 0.97 and more.
const SAME_REPORT: f32 = 0.85;

/// Share of the larger text that also stands in the smaller one from which they are one text; below,
/// the smaller one is an extract. What sites add to a re-post is less than the rest.
const WHOLE: f32 = 0.8;

/// Code points from which on a text may be an extract: a shorter one may stand in many reports.
const EXTRACT_LENGTH: usize = 200;

/// Hashes that two texts share before they are held against each other: of twelve, texts that are
/// nearly the same share nine, formulae alone one or two.
const SHARED_HASHES: u32 = 3;

/// Reports that a text is held against.
const CANDIDATES: usize = 3;

type Stored<T> = std::result::Result<T, StoreError>;

/// What a preview met itself, of which the archive knows nothing.
#[derive(Default)]
pub(crate) struct Known {
    bytes: HashSet<ContentHash>,
    texts: HashSet<ContentHash>,
}

/// What is to become of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Decision {
    New,
    Duplicate(ReportId, Likeness),
    Version(ReportId),
    Near(ReportId, f32, Likeness),
}

/// An item of which nothing is known but what became of it.
pub(crate) fn nothing(path: String, address: Option<String>, outcome: ImportOutcome) -> ImportItem {
    ImportItem {
        path,
        outcome,
        report: None,
        metadata: None,
        problems: Vec::new(),
        error: None,
        address,
        format: None,
        encoding: None,
        characters: 0,
        near: None,
        repairs: Vec::new(),
        beginning: String::new(),
    }
}

/// Code points of the text that an item shows.
const BEGINNING: usize = 120;

/// What is told of a file that was read.
pub(super) fn described(
    prepared: &Prepared,
    path: String,
    address: Option<String>,
    outcome: ImportOutcome,
) -> ImportItem {
    let report = &prepared.imported.report;
    let mut repairs: Vec<wire::FacetValue> = Vec::new();
    for repair in &report.repairs {
        let kind = to_wire::word(repair.kind);
        match repairs.iter_mut().find(|known| known.value == kind) {
            Some(known) => known.count += 1,
            None => repairs.push(wire::FacetValue { value: kind, count: 1 }),
        }
    }
    ImportItem {
        metadata: Some(to_wire::metadata(&report.metadata)),
        problems: to_wire::problems(&report.problems),
        format: Some(to_wire::format(prepared.imported.format)),
        encoding: prepared.imported.encoding.clone(),
        characters: report.text.chars().count() as u32,
        repairs,
        beginning: beginning(&report.text, &report.blocks, BEGINNING),
        ..nothing(path, address, outcome)
    }
}

/// A report that another one is like.
fn near_report(
    r: &Read<'_>,
    report: ReportId,
    likeness: f32,
    same: Likeness,
) -> Stored<NearReport> {
    let known = r.report(report)?;
    let title = shown_title(known.metadata.title.as_deref(), known.path.as_deref()).to_owned();
    Ok(NearReport { report: report.to_string(), title, likeness, same })
}

/// What two texts are to each other of which the smaller one stands in the other to a share of
/// `likeness`; of the first one it is said. Lengths are in code points. Nothing, where the smaller
/// one says too little.
pub(super) fn relation(likeness: f32, length: usize, other: usize) -> Option<Likeness> {
    let (smaller, larger) = (length.min(other), length.max(other));
    if likeness < SAME_REPORT {
        None
    } else if likeness * smaller as f32 >= WHOLE * larger as f32 {
        Some(Likeness::Near)
    } else if smaller < EXTRACT_LENGTH {
        None
    } else {
        Some(if length < other { Likeness::Extract } else { Likeness::Fuller })
    }
}

/// The report that is nearly the same as a text or that one of them is an extract of, how much of the
/// smaller one they share, and which it is.
pub(super) fn alike(
    r: &Read<'_>,
    prepared: &Prepared,
    but: Option<ReportId>,
) -> Stored<Option<(ReportId, f32, Likeness)>> {
    let text = &prepared.imported.report.text;
    let characters = text.chars().count();
    let mut best: Option<(ReportId, f32, Likeness)> = None;
    for report in r.alike(&prepared.sketch, SHARED_HASHES, CANDIDATES)? {
        if but == Some(report) {
            continue;
        }
        let known = r.report(report)?;
        let likeness = prepared.similarity(&r.text(known.revision)?);
        let Some(same) = relation(likeness, characters, known.characters as usize) else {
            continue;
        };
        // A copy says more than an extract.
        let rank = |same: Likeness, likeness: f32| (same == Likeness::Near, likeness);
        if best.is_none_or(|(_, most, known)| rank(same, likeness) > rank(known, most)) {
            best = Some((report, likeness, same));
        }
    }
    Ok(best)
}

/// What is to become of a text that the archive may know.
fn decide(
    r: &Read<'_>,
    path: &str,
    prepared: &Prepared,
    choice: Option<&Choice>,
) -> Stored<Decision> {
    match choice.map(|c| (&c.action, c.of)) {
        Some((ImportAction::Keep, _)) => return Ok(Decision::New),
        Some((ImportAction::Version, Some(of))) => {
            r.report(of)?;
            return Ok(Decision::Version(of));
        }
        _ => {}
    }
    if let Some(report) = r.find_original(prepared.hash)? {
        return Ok(Decision::Duplicate(report, Likeness::Bytes));
    }
    if let Some(report) = r.find_text_hash(prepared.text_hash)? {
        return Ok(Decision::Duplicate(report, Likeness::Text));
    }
    if Path::new(path).is_absolute()
        && let Some(report) = r.find_by_path(path)?
    {
        return Ok(Decision::Version(report));
    }
    let text = &prepared.imported.report.text;
    let key = title_key(prepared);
    let mut part = None;
    if !key.is_empty() {
        let characters = text.chars().count();
        for report in r.find_by_title(&key, characters as u32)? {
            let known = r.report(report)?;
            let likeness = prepared.similarity(&r.text(known.revision)?);
            match relation(likeness, characters, known.characters as usize) {
                Some(Likeness::Near) => return Ok(Decision::Version(report)),
                Some(same) => part = part.or(Some((report, likeness, same))),
                None => {}
            }
        }
    }
    Ok(match alike(r, prepared, None)?.or(part) {
        Some((report, likeness, same)) => Decision::Near(report, likeness, same),
        None => Decision::New,
    })
}

fn title_key(prepared: &Prepared) -> String {
    pinyin::sort_key(prepared.imported.report.metadata.title.as_deref().unwrap_or_default())
}

/// What is told where there is nothing to write.
fn without_text(
    r: &Read<'_>,
    done: Done,
) -> Stored<std::result::Result<(Done, Box<Prepared>), ImportItem>> {
    let Done { path, address, read, weight, metadata } = done;
    Ok(Err(match read {
        Outcome::Prepared(prepared) => {
            let read = Outcome::Skipped;
            return Ok(Ok((Done { path, address, read, weight, metadata }, prepared)));
        }
        Outcome::Known(report) => {
            let known = r.report(report)?;
            ImportItem {
                report: Some(report.to_string()),
                metadata: Some(to_wire::metadata(&known.metadata)),
                characters: known.characters,
                near: Some(near_report(r, report, 1.0, Likeness::Bytes)?),
                ..nothing(path, address, ImportOutcome::Duplicate)
            }
        }
        Outcome::Failed(error) => {
            ImportItem { error: Some(error), ..nothing(path, address, ImportOutcome::Failed) }
        }
        Outcome::Refused(error) => {
            ImportItem { error: Some(error), ..nothing(path, address, ImportOutcome::Refused) }
        }
        Outcome::Skipped => nothing(path, address, ImportOutcome::Skipped),
    }))
}

/// What would become of a file.
pub(super) fn foresee(
    r: &Read<'_>,
    done: Done,
    choices: &Choices,
    known: &mut Known,
) -> Stored<ImportItem> {
    let (done, prepared) = match without_text(r, done)? {
        Ok(read) => read,
        Err(item) => return Ok(item),
    };
    let choice = choices.of(&done.path);
    let decision = decide(r, &done.path, &prepared, choice)?;
    // Of two files with one text, the first would be there before the second.
    let again = !known.bytes.insert(prepared.hash) | !known.texts.insert(prepared.text_hash);
    let outcome = match decision {
        Decision::New | Decision::Near(..)
            if again && choice.is_none_or(|c| !matches!(c.action, ImportAction::Keep)) =>
        {
            ImportOutcome::Duplicate
        }
        Decision::New => ImportOutcome::Imported,
        Decision::Duplicate(..) => ImportOutcome::Duplicate,
        Decision::Version(_) => ImportOutcome::Version,
        Decision::Near(..) => ImportOutcome::Near,
    };
    let item = described(&prepared, done.path, done.address, outcome);
    told(r, item, decision)
}

/// Adds which report a file is like.
fn told(r: &Read<'_>, item: ImportItem, decision: Decision) -> Stored<ImportItem> {
    let near = match decision {
        Decision::New => return Ok(item),
        Decision::Duplicate(report, same) => near_report(r, report, 1.0, same),
        Decision::Version(report) => near_report(r, report, 1.0, Likeness::Near),
        Decision::Near(report, likeness, same) => near_report(r, report, likeness, same),
    }?;
    let known = matches!(decision, Decision::Duplicate(..) | Decision::Version(_));
    Ok(ImportItem { report: known.then(|| near.report.clone()), near: Some(near), ..item })
}

/// Writes one file's report, if it is new.
pub(super) fn keep(
    w: &mut Write<'_>,
    done: Done,
    choices: &Choices,
    collection: Option<CollectionId>,
) -> Stored<ImportItem> {
    let (done, prepared) = match without_text(&w.read(), done)? {
        Ok(read) => read,
        Err(item) => return Ok(item),
    };
    let Done { path, address, metadata, .. } = done;
    let choice = choices.of(&path);
    let decision = decide(&w.read(), &path, &prepared, choice)?;
    let prepared = match choices.of_itself(&path) {
        Some(itself) => prepared.with_source(&itself.undo, &itself.restore),
        None => *prepared,
    };
    let said = choice.and_then(|c| c.metadata.as_ref());
    let (outcome, report) = match decision {
        Decision::Duplicate(..) => {
            let item = described(&prepared, path, address, ImportOutcome::Duplicate);
            return told(&w.read(), item, decision);
        }
        Decision::Version(report) => {
            add_version(w, report, &prepared)?;
            (ImportOutcome::Version, report)
        }
        Decision::New | Decision::Near(..) => {
            w.insert_original(&prepared.bytes)?;
            let report = w.insert_report(&NewReport {
                path: Some(&path),
                title_key: &title_key(&prepared),
                revision: revision(&prepared),
            })?;
            w.insert_likeness(report, &prepared.sketch)?;
            if let Decision::Near(other, likeness, _) = decision {
                w.insert_near(report, other, likeness)?;
                (ImportOutcome::Near, report)
            } else {
                (ImportOutcome::Imported, report)
            }
        }
    };
    for patch in [metadata.as_deref(), said].into_iter().flatten() {
        w.set_metadata(report, patch)?;
    }
    if let Some(collection) = collection {
        w.add_to_collection(collection, report)?;
    }
    let known = w.read().report(report)?.metadata;
    let item = ImportItem {
        metadata: Some(to_wire::metadata(&known)),
        ..described(&prepared, path, address, outcome)
    };
    Ok(ImportItem { report: Some(report.to_string()), ..told(&w.read(), item, decision)? })
}

fn revision(prepared: &Prepared) -> NewRevision<'_> {
    NewRevision {
        original: prepared.hash,
        encoding: prepared.imported.encoding.as_deref(),
        text: &prepared.imported.report,
        text_hash: prepared.text_hash,
    }
}

/// Gives a report a new text, and moves its passages along.
pub(super) fn add_version(w: &mut Write<'_>, report: ReportId, prepared: &Prepared) -> Stored<()> {
    w.insert_original(&prepared.bytes)?;
    let old = w.read().text(w.read().report(report)?.revision)?;
    let fresh = w.add_revision(report, &revision(prepared), &title_key(prepared))?;
    move_passages(w, report, fresh, &old, &prepared.imported.report.text)?;
    w.insert_likeness(report, &prepared.sketch)
}

impl Archive {
    /// Keeps one text, as a step of its own or of a larger one.
    pub(super) fn keep_one(
        &self,
        path: &str,
        read: Outcome,
        job: &str,
        collection: Option<CollectionId>,
        choice: Option<Choice>,
    ) -> Result<ImportItem> {
        let choices = choice.map_or_else(Choices::default, |choice| Choices::one(path, choice));
        let done = Done { path: path.to_owned(), address: None, read, weight: 0, metadata: None };
        self.edit_in_group("import", Some(job), None, |w| keep(w, done, &choices, collection))
    }

    /// What the open archive knows of a text.
    pub(super) fn likeness_of(&self, prepared: &Prepared) -> Result<Option<NearReport>> {
        self.read(|r| {
            if let Some(report) = r.find_original(prepared.hash)? {
                return near_report(&r, report, 1.0, Likeness::Bytes).map(Some);
            }
            if let Some(report) = r.find_text_hash(prepared.text_hash)? {
                return near_report(&r, report, 1.0, Likeness::Text).map(Some);
            }
            let found = alike(&r, prepared, None)?;
            found.map(|(report, share, same)| near_report(&r, report, share, same)).transpose()
        })
    }
}
