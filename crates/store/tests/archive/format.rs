//! `docs/file-format.md` against the file: each table and column of a new archive stands there, and
//! no other.

use anjuan_store::Store;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

type Tables = BTreeMap<String, BTreeSet<String>>;

fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/file-format.md");
    std::fs::read_to_string(path).expect("the description of the file")
}

/// What stands between backquotes at the beginning of a line's rest.
fn name(rest: &str) -> Option<String> {
    rest.strip_prefix('`')?.split_once('`').map(|(name, _)| name.to_owned())
}

/// The tables by their headings, the columns by the rows of the table under each.
fn described(document: &str) -> Tables {
    let mut tables = Tables::new();
    let mut current = None;
    for line in document.lines() {
        if line.starts_with('#') {
            current = line.strip_prefix("### ").and_then(name);
            if let Some(table) = &current {
                let twice = tables.insert(table.clone(), BTreeSet::new());
                assert!(twice.is_none(), "{table} is described twice");
            }
        } else if let (Some(table), Some(column)) =
            (&current, line.strip_prefix("| ").and_then(name))
        {
            // The keys of a JSON value have a table of two columns.
            if line.matches('|').count() == 4 {
                tables.get_mut(table).expect("begun").insert(column);
            }
        }
    }
    tables
}

fn real(conn: &Connection) -> rusqlite::Result<Tables> {
    let mut tables = conn.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    let mut columns = conn.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let names: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    names
        .into_iter()
        .map(|table| {
            let columns =
                columns.query_map([&table], |row| row.get(0))?.collect::<Result<_, _>>()?;
            Ok((table, columns))
        })
        .collect()
}

#[test]
fn every_table_and_column_is_described() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("新.anjuan");
    drop(Store::create(&path, "2026-03-01T08:00:00Z").expect("a new archive"));
    let conn = Connection::open(&path).expect("a database");
    let document = document();
    assert_eq!(described(&document), real(&conn).expect("a schema"));
    let number = |pragma| -> i64 {
        conn.pragma_query_value(None, pragma, |row| row.get(0)).expect("a number")
    };
    for said in [
        format!("`PRAGMA application_id` | {},", number("application_id")),
        format!("this page describes {} |", number("user_version")),
    ] {
        assert!(document.contains(&said), "the description does not say: {said}");
    }
}
