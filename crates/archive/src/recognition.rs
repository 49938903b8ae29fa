//! Recognising the text of scans, with the program `tesseract` where the machine has it.
//!
//! Pages that are pictures are painted in grey, handed to the program one by one, and what it reads
//! goes the way that all text of a PDF goes: columns, headers, paragraphs. The result is a new
//! revision of the report that says of itself that it was recognised, and where it is not sure.

mod tesseract;

use crate::app::App;
use crate::archive::Archive;
use crate::desk::Running;
use crate::error::{Result, bad_request, from_import, internal};
use crate::import::Cancel;
use crate::jobs::Subject;
use crate::library::{file_name, shown_title};
use crate::program::Fault;
use anjuan_import::pdf::{self, Painter, RecognisedPage};
use anjuan_import::{ImportError, Options, Source};
use anjuan_protocol as wire;
use anjuan_protocol::{CommandError, ErrorCode, ImportItem, ImportOutcome};
use anjuan_store::{ContentHash, ReportId};
use anjuan_text::ProblemCode;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
pub(crate) use tesseract::state;
pub use tesseract::{Recogniser, program_folders};

/// Pages that are recognised at once: each takes some 100 MB.
const WORKERS: usize = 4;
/// Characters on a page from which on it tells which script it is in: a cover may have fewer.
const TELLING: usize = 40;
/// Pages that are asked for the script.
const ASKED: usize = 3;

/// What a recognition tells while it runs.
#[derive(Debug)]
pub enum RecogniseStep {
    /// So many pages are to be recognised.
    Found(u32),
    /// So many more pages are done with.
    Done(u32),
    /// A report was dealt with, and its text is safe on the disk where it was recognised.
    Report(Box<ImportItem>),
}

impl App {
    /// Starts to recognise the text of reports' scanned pages, and returns its job at once.
    ///
    /// # Errors
    /// When no archive is open, a report is not there, or the machine has no program for it.
    pub fn recognise(&self, request: wire::RecogniseRequest) -> Result<wire::Job> {
        let archive = self.current()?;
        let programs = &self.desk.shell.folders.programs;
        let recogniser = Recogniser::find(programs, request.script.as_deref())?;
        let reports = archive.selected(&request.reports)?;
        let subject = match reports[..] {
            [] => return Err(bad_request("No report was chosen.")),
            [one] => {
                let report = archive.read(|r| r.report(one))?;
                let title = report.metadata.title.as_deref();
                let name = shown_title(title, report.path.as_deref()).to_owned();
                Subject { name, report: Some(one) }
            }
            _ => Subject::default(),
        };
        self.desk.start_job(archive, wire::JobKind::Recognise, subject, move |job| {
            let mut tell = |step| job.recognised(step);
            let (archive, cancel) = (&job.archive, &job.cancel);
            let done = archive.recognise(&request, &recogniser, &job.id, cancel, &mut tell);
            job.desk.changed(archive, &["reports", "passages"]);
            done.map(|_| ())
        })
    }
}

impl Running {
    /// Takes over what a recognition tells.
    fn recognised(&self, step: RecogniseStep) {
        match step {
            RecogniseStep::Found(pages) => self.advance(|job| job.total = pages),
            RecogniseStep::Done(pages) => self.advance(|job| job.done += pages),
            RecogniseStep::Report(item) => self.add_result(*item, 0),
        }
    }
}

/// A report with pages to recognise.
struct Scan {
    report: ReportId,
    path: String,
    original: ContentHash,
    pages: Vec<u32>,
}

/// What is known of a report before its pages are recognised.
enum Found {
    Scan(Scan),
    /// There is nothing to recognise, or it was done before.
    Nothing(Box<ImportItem>),
}

impl Archive {
    /// Recognises the scanned pages of reports. The text of each is kept as a new revision as soon
    /// as it is whole, and its passages move along; all are undone as one step. Reports without
    /// such pages are passed over, and one that cannot be read does not stop the others.
    ///
    /// # Errors
    /// When the archive cannot be read or written, or nothing could be recognised for a fault.
    pub fn recognise(
        &self,
        request: &wire::RecogniseRequest,
        recogniser: &Recogniser,
        job: &str,
        cancel: &Cancel,
        tell: &mut dyn FnMut(RecogniseStep),
    ) -> Result<Vec<ImportItem>> {
        let mut items = Vec::new();
        let mut scans = Vec::new();
        let options = Options {
            password: request.password.as_deref(),
            cancel: Some(&cancel.asked),
            ..Options::default()
        };
        let mut take = |item: ImportItem, tell: &mut dyn FnMut(RecogniseStep)| {
            tell(RecogniseStep::Report(Box::new(item.clone())));
            items.push(item);
        };
        for report in self.selected(&request.reports)? {
            if cancel.asked() {
                return Ok(items);
            }
            match self.scan_of(report, request.again, &options) {
                Ok(Found::Scan(scan)) => scans.push(scan),
                Ok(Found::Nothing(item)) => take(*item, tell),
                Err(error) if error.code == ErrorCode::Cancelled => return Ok(items),
                Err(error) => take(self.broken(report, error), tell),
            }
        }
        let pages: usize = scans.iter().map(|scan| scan.pages.len()).sum();
        tell(RecogniseStep::Found(u32::try_from(pages).unwrap_or(u32::MAX)));
        for scan in scans {
            let report = scan.report;
            let (all, mut done) = (scan.pages.len() as u32, 0);
            let mut page = || {
                done += 1;
                tell(RecogniseStep::Done(1));
            };
            match self.recognise_one(&scan, &options, recogniser, job, cancel, &mut page) {
                Ok(item) => take(item, tell),
                Err(error) if error.code == ErrorCode::Cancelled => return Ok(items),
                Err(error) => {
                    tell(RecogniseStep::Done(all - done));
                    take(self.broken(report, error), tell);
                }
            }
        }
        let kept = items.iter().any(|item| item.outcome == ImportOutcome::Version);
        match items.iter().find_map(|item| item.error.clone()) {
            Some(error) if !kept => Err(error),
            _ => Ok(items),
        }
    }

    /// The pages of a report that are to be recognised.
    fn scan_of(&self, id: ReportId, again: bool, options: &Options<'_>) -> Result<Found> {
        let (report, original) = self.read(|r| {
            let report = r.report(id)?;
            let original = r.revision(report.revision)?.original;
            Ok((report, original))
        })?;
        let path = report.path.unwrap_or_default();
        let has = |code| report.problems.contains(&code);
        let mut pages = Vec::new();
        // What the list says of a report spares reading the files of all that are no scans.
        if has(ProblemCode::NoTextLayer) || (again && has(ProblemCode::Recognised)) {
            let bytes = self.read(|r| r.original(original))?;
            pages = pdf::scans(&bytes, options).map_err(|error| fault(&path, &error))?.pages;
        }
        if pages.is_empty() {
            return Ok(Found::Nothing(Box::new(ImportItem {
                report: Some(id.to_string()),
                characters: report.characters,
                ..crate::import::nothing(path, None, ImportOutcome::Skipped)
            })));
        }
        Ok(Found::Scan(Scan { report: id, path, original, pages }))
    }

    fn recognise_one(
        &self,
        scan: &Scan,
        options: &Options<'_>,
        recogniser: &Recogniser,
        job: &str,
        cancel: &Cancel,
        told: &mut dyn FnMut(),
    ) -> Result<ImportItem> {
        let bytes = self.read(|r| r.original(scan.original))?;
        let painter = Painter::open(&bytes, options).map_err(|error| fault(&scan.path, &error))?;
        let work =
            Work { painter, path: &scan.path, recogniser, cancel, over: AtomicBool::new(false) };
        let read = work.pages(&scan.pages, told)?;
        let source = Source { name: file_name(&scan.path), bytes: &bytes };
        let imported = pdf::recognised(source, options, &read, &recogniser.version)
            .map_err(|error| fault(&scan.path, &error))?;
        self.keep_recognised(scan.report, (bytes, scan.original), imported, job)
    }

    /// What is told of a report that could not be recognised.
    fn broken(&self, id: ReportId, error: CommandError) -> ImportItem {
        let path = self.read(|r| r.report(id)).ok().and_then(|report| report.path);
        ImportItem {
            report: Some(id.to_string()),
            error: Some(error),
            ..crate::import::nothing(path.unwrap_or_default(), None, ImportOutcome::Failed)
        }
    }
}

/// The pages of one document being recognised.
struct Work<'w> {
    painter: Painter,
    path: &'w str,
    recogniser: &'w Recogniser,
    cancel: &'w Cancel,
    /// A page failed; the others need not go on.
    over: AtomicBool,
}

impl Work<'_> {
    /// Recognises pages, several at once.
    fn pages(
        &self,
        wanted: &[u32],
        told: &mut dyn FnMut(),
    ) -> Result<BTreeMap<u32, RecognisedPage>> {
        let (language, mut found) = self.language(wanted)?;
        for _ in 0..found.len() {
            told();
        }
        let rest: Vec<u32> = wanted.iter().copied().filter(|p| !found.contains_key(p)).collect();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let next = AtomicUsize::new(0);
        let (send, done) = channel();
        std::thread::scope(|scope| {
            for _ in 0..cores.min(WORKERS).min(rest.len()) {
                let (send, next, rest, language) = (send.clone(), &next, &rest, &language);
                scope.spawn(move || self.some(rest, next, language, &send));
            }
            drop(send);
            let mut outcome = Ok(());
            for (page, read) in done {
                match read {
                    Ok(read) => {
                        found.insert(page, read);
                        told();
                    }
                    Err(error) => {
                        self.over.store(true, Ordering::Relaxed);
                        outcome = outcome.and(Err(error));
                    }
                }
            }
            outcome
        })?;
        Ok(found)
    }

    /// Recognises pages until there are no more.
    fn some(
        &self,
        pages: &[u32],
        next: &AtomicUsize,
        language: &str,
        send: &Sender<(u32, Result<RecognisedPage>)>,
    ) {
        while let Some(&page) = pages.get(next.fetch_add(1, Ordering::Relaxed)) {
            let read = self.page(page, language);
            let failed = read.is_err();
            if send.send((page, read)).is_err() || failed {
                break;
            }
        }
    }

    /// The data that fit the text, and what was read on the way. Which script a text is in shows on
    /// its first pages: the data for it are the surer ones.
    fn language(&self, pages: &[u32]) -> Result<(String, BTreeMap<u32, RecognisedPage>)> {
        let candidates = &self.recogniser.languages;
        let mut best = (candidates[0].clone(), BTreeMap::new());
        if candidates.len() < 2 {
            return Ok(best);
        }
        let mut found: Vec<BTreeMap<u32, RecognisedPage>> = vec![BTreeMap::new(); candidates.len()];
        for &page in pages.iter().take(ASKED) {
            let read: Vec<Result<RecognisedPage>> = std::thread::scope(|scope| {
                let threads: Vec<_> = candidates
                    .iter()
                    .map(|language| scope.spawn(|| self.page(page, language)))
                    .collect();
                let broken = |_| Err(internal("a page broke off"));
                threads.into_iter().map(|thread| thread.join().unwrap_or_else(broken)).collect()
            });
            for (found, read) in found.iter_mut().zip(read) {
                found.insert(page, read?);
            }
            if found[0].values().map(characters).sum::<usize>() >= TELLING {
                break;
            }
        }
        let mut most = -1.0;
        for (language, found) in candidates.iter().zip(found) {
            let sure = confidence(found.values());
            if sure > most {
                most = sure;
                best = (language.clone(), found);
            }
        }
        Ok(best)
    }

    fn page(&self, number: u32, language: &str) -> Result<RecognisedPage> {
        let stop = || self.cancel.asked() || self.over.load(Ordering::Relaxed);
        if stop() {
            return Err(stopped());
        }
        let picture = self.painter.page(number).map_err(|error| fault(self.path, &error))?;
        self.recogniser.read(language, &picture, &stop).map_err(|fault| match fault {
            Fault::Cancelled => stopped(),
            Fault::Late => failed(self.path, number, "it took too long"),
            Fault::Failed(why) => failed(self.path, number, &why),
        })
    }
}

fn stopped() -> CommandError {
    CommandError::new(ErrorCode::Cancelled, "The recognition was cancelled.")
}

/// That the program failed on a page.
fn failed(path: &str, number: u32, why: &str) -> CommandError {
    let file = file_name(path);
    CommandError::new(
        ErrorCode::ProgramFailed,
        format!("tesseract could not read page {} of {file}: {why}.", number + 1),
    )
    .hint("Try once more; if it fails again, install the program and its data anew.")
}

/// A file whose pages cannot be had.
fn fault(path: &str, error: &ImportError) -> CommandError {
    let told = from_import(Path::new(path), error);
    let message = format!("The text of {} could not be recognised: {error}.", file_name(path));
    CommandError { message, ..told }
}

fn characters(page: &RecognisedPage) -> usize {
    page.lines.iter().flat_map(|line| &line.words).map(|word| word.text.chars().count()).sum()
}

/// The mean confidence of the words of pages, long words counting more.
fn confidence<'p>(pages: impl Iterator<Item = &'p RecognisedPage>) -> f32 {
    let words = pages.flat_map(|page| &page.lines).flat_map(|line| &line.words);
    let (sum, all) = words.fold((0.0, 0.0), |(sum, all), word| {
        let count = word.text.chars().count() as f32;
        (sum + count * word.confidence, all + count)
    });
    if all > 0.0 { sum / all } else { 0.0 }
}
