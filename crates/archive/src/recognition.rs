//! Recognising the text of scans, with the program `tesseract` where the machine has it.
//!
//! Pages that are pictures are painted in grey, handed to the program one by one, and what it reads
//! goes the way that all text of a PDF goes: columns, headers, paragraphs. The result is a new
//! revision of the report that says of itself that it was recognised, and where it is not sure.

use crate::app::App;
use crate::archive::Archive;
use crate::desk::Running;
use crate::error::{Result, bad_request, from_import, internal};
use crate::import::Cancel;
use crate::library::{file_name, shown_title};
use crate::program::{self, Fault};
use anjuan_import::pdf::{self, RecognisedPage, Word, WordLine};
use anjuan_import::{Options, Source};
use anjuan_protocol as wire;
use anjuan_protocol::{CommandError, ErrorCode, Nothing};
use anjuan_store::ReportId;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Pixels to a point: 300 to the inch, which the program asks for.
const SCALE: f32 = 300.0 / 72.0;
/// Most pixels along a side of a page.
const SIDE: f32 = 6_000.0;
/// How long a page may take.
const PATIENCE: Duration = Duration::from_secs(240);
/// Pages that are recognised at once: each takes some 100 MB.
const WORKERS: usize = 4;

/// The program with what it is to read.
struct Recogniser {
    program: PathBuf,
    /// As it calls itself.
    version: String,
    /// What to hand to it as languages; where it is not known which script is right, both are tried.
    languages: Vec<String>,
}

impl App {
    /// Starts to recognise the text of reports' scanned pages, and returns its job at once.
    ///
    /// # Errors
    /// When no archive is open, a report is not there, or the machine has no program for it.
    pub fn recognise(&self, request: wire::RecogniseRequest) -> Result<wire::Job> {
        let archive = self.current()?;
        let recogniser = self.recogniser(request.script.as_deref())?;
        let reports = archive.selected(&request.reports)?;
        let first = reports.first().ok_or_else(|| bad_request("No report was chosen."))?;
        let (report, _) = archive.current_text(*first)?;
        let title = report.metadata.title.as_deref();
        let subject = shown_title(title, report.path.as_deref()).to_owned();
        self.desk.start_job(archive, wire::JobKind::Recognise, subject, move |job| {
            let done = recognise(job, &reports, request.password.as_deref(), &recogniser);
            job.desk.changed(&job.archive, &["reports", "passages"]);
            done
        })
    }

    /// The program, where it is there with data for Chinese.
    fn recogniser(&self, script: Option<&str>) -> Result<Recogniser> {
        let state = self.ocr_state(Nothing {})?;
        let missing = |message: &str| {
            Err(CommandError::new(ErrorCode::MissingProgram, message)
                .hint("Linux: sudo apt install tesseract-ocr tesseract-ocr-chi-sim tesseract-ocr-chi-tra")
                .hint("macOS: brew install tesseract tesseract-lang")
                .hint("Windows: winget install UB-Mannheim.TesseractOCR, with the Chinese data chosen"))
        };
        let Some(program) = state.path else {
            return missing(
                "The program tesseract, which recognises text in pictures, is not on this machine.",
            );
        };
        let wanted: &[(&str, &str)] = &[("Hans", "chi_sim"), ("Hant", "chi_tra")];
        let has = |language: &str| state.languages.iter().any(|l| l == language);
        let languages: Vec<String> = wanted
            .iter()
            .filter(|(name, data)| has(data) && script.is_none_or(|script| script == *name))
            .map(|(_, data)| (*data).to_owned())
            .collect();
        if languages.is_empty() {
            return missing("The program tesseract has no data for Chinese on this machine.");
        }
        let version = state.version.unwrap_or_else(|| "tesseract".to_owned());
        Ok(Recogniser { program: PathBuf::from(program), version, languages })
    }
}

/// A report with pages to recognise.
struct Scan {
    report: ReportId,
    /// The name of its file.
    name: String,
    pages: Vec<u32>,
}

/// Recognises the scanned pages of reports and keeps the text of each as soon as it is whole.
fn recognise(
    job: &Running,
    reports: &[ReportId],
    password: Option<&str>,
    recogniser: &Recogniser,
) -> Result<()> {
    let archive = &job.archive;
    let options = Options { password, ..Options::default() };
    let mut scans = Vec::new();
    for &report in reports {
        if job.cancel.asked() {
            return Ok(());
        }
        let path = archive.read(|r| r.report(report))?.path.unwrap_or_default();
        let bytes = original(archive, report)?;
        let found = pdf::scans(&bytes, &options);
        let found = found.map_err(|error| from_import(Path::new(&path), &error))?;
        if !found.pages.is_empty() {
            let name = file_name(&path).to_owned();
            scans.push(Scan { report, name, pages: found.pages });
        }
    }
    if scans.is_empty() {
        return Err(bad_request("No page is a picture without text."));
    }
    let total: usize = scans.iter().map(|scan| scan.pages.len()).sum();
    job.advance(|job| job.total = u32::try_from(total).unwrap_or(u32::MAX));
    for Scan { report, name, pages } in scans {
        let bytes = original(archive, report)?;
        let told = || job.advance(|job| job.done += 1);
        let read = self::pages(&bytes, &options, &pages, recogniser, &job.cancel, &told)?;
        let source = Source { name: &name, bytes: &bytes };
        let read = pdf::recognised(source, &options, &read, &recogniser.version)
            .map_err(|error| from_import(Path::new(&name), &error))?;
        archive.keep_reading(report, read.imported, "report_recognise", &job.id)?;
    }
    Ok(())
}

/// The bytes that a report was read from.
fn original(archive: &Archive, report: ReportId) -> Result<Vec<u8>> {
    archive.read(|r| {
        let revision = r.report(report)?.revision;
        r.original(r.revision(revision)?.original)
    })
}

/// Recognises pages, several at once.
fn pages(
    bytes: &[u8],
    options: &Options<'_>,
    wanted: &[u32],
    recogniser: &Recogniser,
    cancel: &Cancel,
    told: &(dyn Fn() + Sync),
) -> Result<BTreeMap<u32, RecognisedPage>> {
    let data = Arc::new(bytes.to_vec());
    let password = options.password.unwrap_or_default();
    let open = || {
        Pdf::new_with_password(Arc::clone(&data), password)
            .map_err(|_| internal("the PDF cannot be painted"))
    };
    // Which script it is shows on the first page: the data that fit it are the surer ones.
    let mut language = recogniser.languages[0].clone();
    if recogniser.languages.len() > 1 {
        let pdf = open()?;
        let picture = painted(&pdf, wanted[0])?;
        let mut best = -1.0;
        for candidate in &recogniser.languages {
            let page = read(recogniser, candidate, &picture, cancel)?;
            let sure = confidence(&page);
            if sure > best {
                best = sure;
                language.clone_from(candidate);
            }
        }
    }
    let (next, found) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(WORKERS);
    let work = || -> Result<()> {
        let pdf = open()?;
        while let Some(&page) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
            if cancel.asked() {
                return Err(stopped());
            }
            let picture = painted(&pdf, page)?;
            let words = read(recogniser, &language, &picture, cancel)?;
            found.lock().unwrap_or_else(PoisonError::into_inner).insert(page, words);
            told();
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers.min(wanted.len())).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .try_for_each(|t| t.join().unwrap_or_else(|_| Err(internal("a page broke off"))))
    })?;
    Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn stopped() -> CommandError {
    CommandError::new(ErrorCode::Cancelled, "The recognition was cancelled.")
}

/// A page in grey.
struct Picture {
    width: u32,
    height: u32,
    /// One byte for each pixel, row by row.
    grey: Vec<u8>,
}

impl Picture {
    /// As a portable grey map, which needs no library to write.
    fn file(&self) -> Vec<u8> {
        let mut file = format!("P5\n{} {}\n255\n", self.width, self.height).into_bytes();
        file.extend_from_slice(&self.grey);
        file
    }
}

fn painted(pdf: &Pdf, number: u32) -> Result<Picture> {
    let pages = pdf.pages();
    let page = pages.get(number as usize).ok_or_else(|| internal("a page is gone"))?;
    let (width, height) = page.render_dimensions();
    let scale = SCALE.min(SIDE / width.max(height).max(1.0));
    let cache = RenderCache::new();
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let pixmap = render(
        page,
        &cache,
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &settings,
    );
    let grey = pixmap.data().iter().map(|p| {
        // Luma of sRGB, in whole numbers.
        ((u32::from(p.r) * 54 + u32::from(p.g) * 183 + u32::from(p.b) * 19) >> 8) as u8
    });
    Ok(Picture {
        width: u32::from(pixmap.width()),
        height: u32::from(pixmap.height()),
        grey: grey.collect(),
    })
}

/// Has a page read.
fn read(
    recogniser: &Recogniser,
    language: &str,
    picture: &Picture,
    cancel: &Cancel,
) -> Result<RecognisedPage> {
    let arguments = ["stdin", "stdout", "-l", language, "--dpi", "300", "--psm", "3", "tsv"];
    let said =
        program::run(&recogniser.program, &arguments, picture.file(), PATIENCE, &|| cancel.asked());
    let said = said.map_err(|fault| match fault {
        Fault::Cancelled => stopped(),
        Fault::Late => internal("tesseract took too long for a page"),
        Fault::Failed(what) => internal(format!("tesseract failed: {what}")),
    })?;
    let mut page = table(&said);
    (page.width, page.height) = (picture.width, picture.height);
    Ok(page)
}

/// The mean confidence of a page's words, long words counting more.
fn confidence(page: &RecognisedPage) -> f32 {
    let words = || page.lines.iter().flat_map(|l| &l.words);
    let count = |w: &Word| w.text.chars().count() as f32;
    let all: f32 = words().map(count).sum();
    words().map(|w| count(w) * w.confidence).sum::<f32>() / all.max(1.0)
}

/// Reads the program's table: level, page, block, paragraph, line, word, left, top, width, height,
/// confidence, text.
fn table(text: &str) -> RecognisedPage {
    let mut page = RecognisedPage::default();
    for row in text.lines() {
        let fields: Vec<&str> = row.splitn(12, '\t').collect();
        let [level, _, _, _, _, _, left, top, width, height, confidence, word] = fields[..] else {
            continue;
        };
        let number = |field: &str| field.trim().parse::<f32>().ok();
        let (Some(left), Some(top), Some(width), Some(height)) =
            (number(left), number(top), number(width), number(height))
        else {
            continue;
        };
        let area = [left, top, left + width, top + height];
        match level {
            "4" => page.lines.push(WordLine { area, words: Vec::new() }),
            "5" if !word.trim().is_empty() => {
                let confidence = number(confidence).unwrap_or(0.0).clamp(0.0, 100.0);
                if let Some(line) = page.lines.last_mut() {
                    line.words.push(Word { text: word.trim().to_owned(), confidence, area });
                }
            }
            _ => {}
        }
    }
    page.lines.retain(|line| !line.words.is_empty());
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_a_page() {
        let page = table(
            "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
             1\t1\t0\t0\t0\t0\t0\t0\t2480\t3508\t-1\t\n\
             4\t1\t1\t1\t1\t0\t300\t200\t900\t50\t-1\t\n\
             5\t1\t1\t1\t1\t1\t300\t200\t400\t50\t96.5\t云溪市\n\
             5\t1\t1\t1\t1\t2\t710\t200\t490\t50\t41\t侨联\n\
             4\t1\t1\t1\t2\t0\t300\t300\t900\t50\t-1\t\n\
             5\t1\t1\t1\t2\t1\t300\t300\t400\t50\t95\t \n\
             broken\tline\n",
        );
        assert_eq!(page.lines.len(), 1, "a line without words is none");
        let words: Vec<(&str, f32)> =
            page.lines[0].words.iter().map(|w| (w.text.as_str(), w.confidence)).collect();
        assert_eq!(words, [("云溪市", 96.5), ("侨联", 41.0)]);
        assert!((confidence(&page) - (3.0 * 96.5 + 2.0 * 41.0) / 5.0).abs() < 0.01);
    }
}
