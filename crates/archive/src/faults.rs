//! Notes of crashes: where the program broke off, and nothing of what it was working on.
//!
//! A note lies in the platform's data folder. The next start tells the user about it once; nothing
//! is sent anywhere.

use std::backtrace::Backtrace;
use std::fmt::Write as _;
use std::fs;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};

/// Notes that are kept.
const KEPT: usize = 10;

/// Ending of a note that the user was not told of.
const UNTOLD: &str = "untold.txt";

fn folder(data: &Path) -> PathBuf {
    data.join("crashes")
}

/// Writes a note whenever a thread panics, beside what the hook before did.
pub fn note_panics(data: &Path, version: &str) {
    let (data, version) = (data.to_owned(), version.to_owned());
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        before(panic);
        // There is nobody left to tell where this fails.
        let _ = write(&data, &note(panic, &version));
    }));
}

/// What is noted. A panic's own message is left out unless it is a constant of the program: a
/// formatted one may quote the text of a report.
fn note(panic: &PanicHookInfo<'_>, version: &str) -> String {
    let mut note = String::new();
    let thread = std::thread::current();
    let message = panic.payload().downcast_ref::<&'static str>();
    let lines = [
        ("version", version.to_owned()),
        ("system", format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)),
        ("time", format!("{:.0}", jiff::Timestamp::now())),
        ("thread", thread.name().unwrap_or("-").to_owned()),
        ("place", panic.location().map_or_else(|| "-".into(), ToString::to_string)),
        (
            "message",
            message.map_or_else(|| "(left out: it may quote a report)".into(), |&m| m.into()),
        ),
    ];
    for (name, value) in lines {
        let _ = writeln!(note, "{name:<9}{value}");
    }
    let _ = write!(note, "\n{}", Backtrace::force_capture());
    note
}

fn write(data: &Path, note: &str) -> std::io::Result<()> {
    let folder = folder(data);
    fs::create_dir_all(&folder)?;
    // A counter, since one fault may bring down several threads at once.
    let now = jiff::Timestamp::now().as_millisecond();
    fs::write(folder.join(format!("crash-{now}-{:?}.{UNTOLD}", std::thread::current().id())), note)
}

/// The note of the latest crash that the user was not told of, which counts as told from now on.
pub(crate) fn untold(data: &Path) -> Option<PathBuf> {
    let mut notes: Vec<PathBuf> = fs::read_dir(folder(data))
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    // Their names begin with the time.
    notes.sort();
    let surplus = notes.len().saturating_sub(KEPT);
    for old in notes.drain(..surplus) {
        let _ = fs::remove_file(old);
    }
    let mut latest = None;
    for path in notes {
        let name = path.file_name()?.to_string_lossy().into_owned();
        if let Some(stem) = name.strip_suffix(UNTOLD) {
            let told = path.with_file_name(format!("{stem}txt"));
            fs::rename(&path, &told).ok()?;
            latest = Some(told);
        }
    }
    latest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_told_once_and_the_latest_first() {
        let data = tempfile::tempdir().expect("a folder");
        assert_eq!(untold(data.path()), None);
        write(data.path(), "one").expect("written");
        std::thread::sleep(std::time::Duration::from_millis(3));
        write(data.path(), "two").expect("written");
        let path = untold(data.path()).expect("told");
        assert_eq!(fs::read_to_string(&path).expect("there"), "two");
        assert_eq!(untold(data.path()), None, "once");
        assert!(path.exists());
        for _ in 0..KEPT + 5 {
            write(data.path(), "more").expect("written");
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        untold(data.path()).expect("told");
        assert_eq!(fs::read_dir(folder(data.path())).expect("a folder").count(), KEPT);
    }

    #[test]
    fn a_note_says_where_and_never_what_of_a_report() {
        let data = tempfile::tempdir().expect("a folder");
        note_panics(data.path(), "7.8.9");
        let broken = std::thread::Builder::new().name("reader".into());
        let text = "走访慰问归侨侨眷";
        let broken = broken.spawn(move || drop(text[1..].to_owned())).expect("begun");
        broken.join().expect_err("inside a character");
        drop(std::panic::take_hook());
        let note = fs::read_to_string(untold(data.path()).expect("a note")).expect("there");
        for part in ["7.8.9", "reader", "faults.rs", "left out"] {
            assert!(note.contains(part), "{part} in {note}");
        }
        assert!(!note.contains("侨"), "{note}");
    }
}
