//! The use cases over real files: one test binary, so that the heavy crates are linked once.

mod file_format;
mod importing;
mod kills;
mod own_reports;
mod preferences;
mod recent;
mod recognition;
mod searching;
mod use_cases;
mod windows;

use anjuan_archive::{App, Archive, Cancel, Folders, Headless, Shell, SystemClock};
use anjuan_protocol as wire;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A shell whose folders lie in a temporary one.
fn shell(folder: &Path) -> Shell {
    Shell {
        folders: Folders {
            config: folder.join("config"),
            data: folder.join("data"),
            cache: folder.join("cache"),
            fonts: anjuan_archive::system_font_folders(None),
            programs: Vec::new(),
        },
        clock: Arc::new(SystemClock),
        desktop: Box::new(Headless),
        emit: Box::new(|_| {}),
        version: "0".into(),
        platform: "linux".into(),
        user: "林".into(),
    }
}

fn import(archive: &Archive, paths: &[PathBuf]) -> Vec<wire::ImportItem> {
    let request = wire::ImportRequest {
        paths: paths.iter().map(|p| p.to_string_lossy().into_owned()).collect(),
        ..wire::ImportRequest::default()
    };
    archive.import(&request, "test", &Cancel::default(), &mut |_| {}).expect("imports").items
}

fn question(query: &str) -> wire::Question {
    wire::Question { query: query.to_owned(), ..wire::Question::default() }
}

fn asked(query: &str) -> wire::SearchRequest {
    let (question, sort) = (question(query), wire::SearchSort::Relevance);
    wire::SearchRequest { question, sort, offset: 0, limit: 1000 }
}

fn search(archive: &Archive, query: &str) -> wire::SearchPage {
    archive.search(&asked(query)).expect("a query is never an error")
}

/// A job, once it has ended.
fn ended(app: &App, id: &str) -> wire::Job {
    let until = Instant::now() + Duration::from_mins(1);
    loop {
        let jobs = app.jobs(wire::Nothing {}).expect("listed");
        let job = jobs.into_iter().find(|job| job.id == id).expect("a job of this archive");
        if job.state != wire::JobState::Running {
            return job;
        }
        assert!(Instant::now() < until, "the job never ends");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The reports that lie beside the project where it is developed; in CI they have to be there.
fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("ANJUAN_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = root.join(path);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is missing", path.display());
    println!("skipped: {} is not here", path.display());
    None
}

fn seeds() -> Option<Vec<PathBuf>> {
    let folder = shared("reports/seeds")?;
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").filter_map(|e| Some(e.ok()?.path())).collect();
    files.sort();
    Some(files)
}
