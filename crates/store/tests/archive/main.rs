//! The archive file through its public face.

mod backup;
mod crash;
mod format;
mod opening;
mod scale;
mod tables;
mod undo;

use anjuan_store::{
    ContentHash, Edit, NewPassage, NewReport, NewRevision, NewTag, PassageId, ReportId, Store,
    StoreError, TagId, Write,
};
use anjuan_text::{
    Block, BlockKind, CharRange, Metadata, Problem, ProblemCode, ReportText, Script,
};
use rusqlite::types::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The moment at which tests happen, where it does not matter.
const NOW: &str = "2026-03-01T08:00:00Z";

/// A new archive in a folder of its own, which goes with it.
struct Fixture {
    folder: tempfile::TempDir,
    store: Store,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("the system has a folder for temporary files");
        let store = Store::create(&folder.path().join("试.anjuan"), NOW).expect("a new archive");
        Self { folder, store }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("试.anjuan")
    }

    fn edit<T>(&mut self, changes: impl FnOnce(&mut Write<'_>) -> Result<T, StoreError>) -> T {
        self.store.edit(&edit("test"), changes).expect("the edit is possible")
    }

    fn report(&mut self, title: &str, text: &str) -> ReportId {
        let text = report_text(title, text);
        self.edit(|w| insert(w, &text))
    }

    fn tag(&mut self, name: &str, parent: Option<TagId>) -> TagId {
        self.edit(|w| w.create_tag(&NewTag { name, parent, colour: "#336699", description: "" }))
    }

    fn passage(&mut self, report: ReportId, start: u32, end: u32, tags: &[TagId]) -> PassageId {
        self.edit(|w| w.create_passage(&new_passage(report, start, end, tags)))
    }
}

fn edit(label: &str) -> Edit<'_> {
    Edit { label, author: "林", at: NOW, group: None, report: None }
}

fn new_passage(report: ReportId, start: u32, end: u32, tags: &[TagId]) -> NewPassage<'_> {
    let range = CharRange { start, end };
    NewPassage { report, revision: None, range, tags, memo: "", coder: None }
}

/// A report of a fictitious city.
fn report_text(title: &str, text: &str) -> ReportText {
    let characters = text.chars().count() as u32;
    let block =
        Block { kind: BlockKind::Paragraph, level: None, range: CharRange::new(0, characters) };
    let problem = Problem {
        code: ProblemCode::DateMissing,
        message: "No date was found.".into(),
        range: None,
    };
    ReportText {
        metadata: Metadata {
            title: Some(title.into()),
            place: Some("江云省云州市".into()),
            script: Some(Script::Hans),
            ..Metadata::default()
        },
        text: text.into(),
        blocks: vec![block],
        problems: vec![problem],
        ..ReportText::default()
    }
}

fn insert(w: &mut Write<'_>, text: &ReportText) -> Result<ReportId, StoreError> {
    let original = w.insert_original(format!("<p>{}</p>", text.text).as_bytes())?;
    let revision = revision(original, text);
    let title_key = text.metadata.title.as_deref().unwrap_or_default();
    w.insert_report(&NewReport { path: Some("/云州/报告.html"), title_key, revision })
}

fn revision(original: ContentHash, text: &ReportText) -> NewRevision<'_> {
    let text_hash = ContentHash::of(text.text.as_bytes());
    NewRevision { original, encoding: Some("GBK"), text, text_hash }
}

/// Everything in the tracked tables, in the order of their keys.
fn dump(path: &Path) -> String {
    let conn = rusqlite::Connection::open(path).expect("the archive is a database");
    let mut all = String::new();
    for (table, key) in [
        ("meta", "key"),
        ("report", "id"),
        ("tag", "id"),
        ("passage", "id"),
        ("passage_tag", "passage, tag"),
        ("memo", "kind, subject"),
        ("collection", "id"),
        ("collection_report", "collection, report"),
        // Not tracked, but it has to follow.
        ("report_tally", "report"),
    ] {
        let mut rows =
            conn.prepare(&format!("SELECT * FROM {table} ORDER BY {key}")).expect("the table");
        let columns = rows.column_count();
        let rows = rows
            .query_map([], |row| (0..columns).map(|at| row.get::<_, Value>(at)).collect())
            .expect("the rows")
            .collect::<Result<Vec<Vec<Value>>, _>>()
            .expect("every row");
        for row in rows {
            writeln!(all, "{table} {row:?}").expect("memory");
        }
    }
    all
}
