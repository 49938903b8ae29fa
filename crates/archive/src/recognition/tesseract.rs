//! The program `tesseract`: where it is, what it can, and what it reads on a page.

use crate::error::{Result, bad_request};
use crate::program::{Fault, Run};
use anjuan_import::pdf::{Picture, RecognisedPage, Word, WordLine};
use anjuan_protocol as wire;
use anjuan_protocol::{CommandError, ErrorCode};
use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;

/// How long the program may take to say its version.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a page may take.
const PAGE_PATIENCE: Duration = Duration::from_mins(4);

/// The program `tesseract` and the data for Chinese that it has.
#[derive(Debug, Clone)]
pub struct Recogniser {
    program: PathBuf,
    /// As it calls itself.
    pub(super) version: String,
    /// Names of its data; where there are several, the text tells which fits.
    pub(super) languages: Vec<String>,
}

impl Recogniser {
    /// Looks for the program in folders, with data for a script (`Hans` or `Hant`) or for any.
    ///
    /// # Errors
    /// When program or data are not there; the hints tell how to get them.
    pub fn find(folders: &[PathBuf], script: Option<&str>) -> Result<Self> {
        let wanted = match script {
            None => &["chi_sim", "chi_tra"][..],
            Some("Hans") => &["chi_sim"],
            Some("Hant") => &["chi_tra"],
            Some(other) => return Err(bad_request(format!("{other} is no script: Hans or Hant."))),
        };
        let missing = |message: &str| {
            Err(CommandError::new(ErrorCode::MissingProgram, message)
                .hint("Debian, Ubuntu: sudo apt install tesseract-ocr tesseract-ocr-chi-sim tesseract-ocr-chi-tra")
                .hint("Fedora: sudo dnf install tesseract tesseract-langpack-chi_sim tesseract-langpack-chi_tra")
                .hint("macOS: brew install tesseract tesseract-lang")
                .hint("Windows: winget install UB-Mannheim.TesseractOCR, with the Chinese data chosen"))
        };
        let state = state(folders);
        let Some(program) = state.path else {
            return missing(
                "The program tesseract, which recognises text in pictures, is not on this machine.",
            );
        };
        let has = |name: &&&str| state.languages.iter().any(|language| language == **name);
        let languages: Vec<String> = wanted.iter().filter(has).map(ToString::to_string).collect();
        if languages.is_empty() {
            return missing(&format!(
                "The program tesseract has no data for Chinese on this machine: {}.",
                wanted.join(", ")
            ));
        }
        let version = state.version.unwrap_or_else(|| "tesseract".to_owned());
        Ok(Self { program: PathBuf::from(program), version, languages })
    }

    /// Has a page read with the data of a language.
    pub(super) fn read(
        &self,
        language: &str,
        picture: &Picture,
        stop: &dyn Fn() -> bool,
    ) -> std::result::Result<RecognisedPage, Fault> {
        let run = Run {
            arguments: &["stdin", "stdout", "-l", language, "--dpi", "300", "--psm", "3", "tsv"],
            // Several pages at once are faster than several threads on one.
            variables: &[("OMP_THREAD_LIMIT", "1")],
            input: picture.file(),
            patience: PAGE_PATIENCE,
            ..Run::of(&self.program)
        };
        let mut page = table(&run.output(stop)?);
        (page.width, page.height) = (picture.width, picture.height);
        Ok(page)
    }
}

/// Folders in which programs are looked for: those of the variable `PATH`, and those in which
/// tesseract is installed without being put there, or that a window begun by the system does not know.
pub fn program_folders(path: Option<&OsStr>) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = path.into_iter().flat_map(std::env::split_paths).collect();
    let usual: &[&str] = if cfg!(target_os = "macos") {
        &["/opt/homebrew/bin", "/usr/local/bin", "/opt/local/bin"]
    } else if cfg!(windows) {
        &["C:\\Program Files\\Tesseract-OCR", "C:\\Program Files (x86)\\Tesseract-OCR"]
    } else {
        &["/usr/local/bin", "/usr/bin"]
    };
    folders.extend(usual.iter().map(PathBuf::from));
    folders
}

/// What these folders hold of the program.
pub(crate) fn state(folders: &[PathBuf]) -> wire::OcrState {
    let name = if cfg!(windows) { "tesseract.exe" } else { "tesseract" };
    let mut found = folders.iter().map(|folder| folder.join(name));
    let Some(program) = found.find(|path| path.is_file()) else {
        return wire::OcrState { path: None, version: None, languages: Vec::new() };
    };
    let said = |argument| {
        let run = Run { arguments: &[argument], patience: PATIENCE, ..Run::of(&program) };
        run.output(&|| false).ok()
    };
    let version = said("--version").and_then(|text| Some(text.lines().next()?.trim().to_owned()));
    let languages = said("--list-langs").unwrap_or_default();
    // The first line is a heading, with the folder of the data.
    let languages = languages.lines().skip(1).map(|line| line.trim().to_owned());
    wire::OcrState {
        path: Some(program.to_string_lossy().into_owned()),
        version,
        languages: languages.filter(|line| !line.is_empty()).collect(),
    }
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
        let sure = super::super::confidence([page].iter());
        assert!((sure - (3.0 * 96.5 + 2.0 * 41.0) / 5.0).abs() < 0.01);
    }
}
