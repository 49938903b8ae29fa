//! What the program is started with.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

const HELP: &str = "\
Anjuan 案卷: an archive of Chinese-language institutional reports

Usage: anjuan-app [OPTIONS] [FILE…]

FILE is an archive (NAME.anjuan), which is opened, or a report, which is imported into the archive
that is open. While the program runs, another start hands its files to it.

Options:
      --new-window  Open another window
      --example     Open the example archive
  -h, --help        Print this
  -V, --version     Print the version

The command `anjuan` does the same and more from a terminal.
";

/// What a start asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// Archives to open.
    pub(crate) archives: Vec<PathBuf>,
    /// Files and folders to import.
    pub(crate) reports: Vec<PathBuf>,
    pub(crate) new_window: bool,
    pub(crate) example: bool,
}

/// What to do with a start.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// Show windows.
    Run(Arguments),
    /// Print this and end well.
    Print(String),
    /// Print this as an error and end.
    Refuse(String),
}

impl Arguments {
    /// Adds a file that the system wants opened.
    pub(crate) fn add(&mut self, path: PathBuf) {
        if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("anjuan")) {
            self.archives.push(path);
        } else {
            self.reports.push(path);
        }
    }

    pub(crate) fn names_files(&self) -> bool {
        !self.archives.is_empty() || !self.reports.is_empty()
    }
}

/// Reads the words after the program's name, as given in a folder.
pub(crate) fn read(words: impl IntoIterator<Item = OsString>, folder: &Path) -> Start {
    let mut arguments = Arguments::default();
    let mut options = true;
    for word in words {
        match word.to_str().filter(|word| options && word.starts_with('-') && word.len() > 1) {
            Some("--") => options = false,
            Some("--new-window") => arguments.new_window = true,
            Some("--example") => arguments.example = true,
            Some("-h" | "--help") => return Start::Print(HELP.to_owned()),
            Some("-V" | "--version") => {
                return Start::Print(format!("anjuan-app {}\n", env!("CARGO_PKG_VERSION")));
            }
            // How macOS numbers a start from its file browser.
            Some(serial) if serial.starts_with("-psn_") => {}
            Some(unknown) => {
                return Start::Refuse(format!(
                    "anjuan-app: there is no option {unknown}\nTry `anjuan-app --help`.\n"
                ));
            }
            None => arguments.add(folder.join(word)),
        }
    }
    Start::Run(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(words: &[&str]) -> Start {
        read(words.iter().map(OsString::from), Path::new("/家"))
    }

    #[test]
    fn files_are_archives_or_reports_and_stand_where_the_start_stood() {
        let expected = Arguments {
            archives: vec!["/家/论文.anjuan".into(), "/b/B.ANJUAN".into()],
            reports: vec!["/家/报告.html".into(), "/家/--x.txt".into()],
            new_window: true,
            example: false,
        };
        let words = ["论文.anjuan", "报告.html", "--new-window", "/b/B.ANJUAN", "--", "--x.txt"];
        assert_eq!(given(&words), Start::Run(expected));
    }

    #[test]
    fn options_are_known_or_refused() {
        assert!(matches!(given(&["--help"]), Start::Print(text) if text.contains("--new-window")));
        assert!(
            matches!(given(&["a", "-V"]), Start::Print(text) if text.contains(env!("CARGO_PKG_VERSION")))
        );
        assert!(
            matches!(given(&["--nonsense"]), Start::Refuse(text) if text.contains("--nonsense"))
        );
        assert_eq!(given(&["-psn_0_12345"]), Start::Run(Arguments::default()));
        let example = Arguments { example: true, ..Arguments::default() };
        assert_eq!(given(&["--example"]), Start::Run(example));
    }
}
