//! The reader and the queries of `docs/file-format.md`, run on the example archive.

use crate::shell;
use anjuan_archive::App;
use anjuan_protocol::{Nothing, PassagesRequest};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The blocks of code of one language in the description.
fn blocks(language: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/file-format.md");
    let document = std::fs::read_to_string(path).expect("the description of the file");
    let begin = format!("```{language}\n");
    document
        .split(&begin)
        .skip(1)
        .filter_map(|rest| rest.split_once("```"))
        .map(|(code, _)| code.to_owned())
        .collect()
}

/// Runs a program in Python; what it prints.
fn python(program: &str, arguments: &[&Path]) -> String {
    let python = std::env::var_os("ANJUAN_PYTHON").unwrap_or_else(|| "python3".into());
    let run = Command::new(python)
        .env("PYTHONIOENCODING", "utf-8")
        .arg("-c")
        .arg(program)
        .args(arguments)
        .output()
        .expect("Python runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).expect("UTF-8")
}

/// The example archive, closed, with how many reports and passages it has.
fn example(folder: &Path) -> (PathBuf, usize, usize) {
    let app = App::new(shell(folder));
    let archive = app.open_example(Nothing {}).expect("the example").archive.expect("open");
    let passages = app.passages(PassagesRequest { report: None, tag: None }).expect("passages");
    app.close_archive(Nothing {}).expect("closed");
    (archive.path.into(), archive.reports as usize, passages.len())
}

#[test]
fn the_reader_of_the_description_reads_the_example() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, reports, passages) = example(folder.path());
    let programs = blocks("python");
    let [program] = programs.as_slice() else { panic!("one reader is described") };
    let printed = python(program, &[&path]);
    let read: Vec<Value> =
        printed.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(read.len(), reports);
    let found: Vec<&Value> =
        read.iter().filter_map(|report| report["passages"].as_array()).flatten().collect();
    assert_eq!(found.len(), passages);
    assert!(found.iter().all(|passage| !passage["tags"].as_array().expect("tags").is_empty()));
    let yunpu = read.iter().find(|r| r["title"].as_str().is_some_and(|t| t.contains("云浦")));
    let headings = yunpu.expect("a report of the example")["headings"].as_array().expect("a list");
    assert!(!headings.is_empty());
}

#[test]
fn the_queries_of_the_description_find_something() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, reports, passages) = example(folder.path());
    let queries = blocks("sql");
    assert!(queries.len() >= 4, "{} queries", queries.len());
    let counts = queries.iter().map(|query| {
        let program = format!(
            "import sqlite3, sys\nprint(len(sqlite3.connect(sys.argv[1]).execute({query:?}).fetchall()))"
        );
        python(&program, &[&path]).trim().parse::<usize>().expect("a number")
    });
    let counts: Vec<usize> = counts.collect();
    assert_eq!(counts.first(), Some(&reports));
    assert!(counts.contains(&passages), "{counts:?}");
    assert!(counts.iter().all(|&count| count > 0), "{counts:?}");
}
