//! Table `search`: searches that the user keeps under a name.

use crate::error::StoreError;
use crate::id::SearchId;
use crate::schema::Migration;
use crate::store::{Read, Write};
use rusqlite::{OptionalExtension, Row, params};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 4,
    sql: "
    CREATE TABLE search (
        id          BLOB PRIMARY KEY NOT NULL,
        name        TEXT NOT NULL,
        question    TEXT NOT NULL,          -- JSON
        created_at  TEXT NOT NULL,
        created_by  TEXT NOT NULL,
        modified_at TEXT NOT NULL,
        deleted_at  TEXT
    ) STRICT;
    ",
}];

/// A search that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedSearch {
    /// Which.
    pub id: SearchId,
    /// Its name; no two have the same.
    pub name: String,
    /// What is looked for, as whoever keeps it writes it.
    pub question: String,
}

fn saved(row: &Row<'_>) -> rusqlite::Result<SavedSearch> {
    Ok(SavedSearch { id: row.get(0)?, name: row.get(1)?, question: row.get(2)? })
}

const COLUMNS: &str = "id, name, question";

impl Read<'_> {
    /// Every search that is kept, in the order in which they were made.
    pub fn searches(&self) -> Result<Vec<SavedSearch>, StoreError> {
        let mut select = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM search WHERE deleted_at IS NULL ORDER BY id"
        ))?;
        let all = select.query_map([], saved)?.collect::<Result<_, _>>()?;
        Ok(all)
    }

    /// One that is not deleted.
    pub fn search(&self, id: SearchId) -> Result<SavedSearch, StoreError> {
        self.conn
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM search WHERE id = ?1 AND deleted_at IS NULL"
            ))?
            .query_row([id], saved)
            .optional()?
            .ok_or_else(|| StoreError::missing("search", id))
    }
}

impl Write<'_> {
    /// Keeps a search.
    pub fn create_search(&mut self, name: &str, question: &str) -> Result<SearchId, StoreError> {
        self.check_search_name(None, name)?;
        let id = SearchId::new();
        self.conn
            .prepare_cached(
                "INSERT INTO search (id, name, question, created_at, created_by, modified_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?4)",
            )?
            .execute(params![id, name, question, self.at, self.author])?;
        Ok(id)
    }

    /// Gives one another name and another question.
    pub fn update_search(
        &mut self,
        id: SearchId,
        name: &str,
        question: &str,
    ) -> Result<(), StoreError> {
        self.read().search(id)?;
        self.check_search_name(Some(id), name)?;
        self.conn
            .prepare_cached(
                "UPDATE search SET name = ?2, question = ?3, modified_at = ?4 WHERE id = ?1",
            )?
            .execute(params![id, name, question, self.at])?;
        Ok(())
    }

    /// Marks one deleted.
    pub fn delete_search(&mut self, id: SearchId) -> Result<(), StoreError> {
        self.mark("search", id, true)
    }

    fn check_search_name(&self, id: Option<SearchId>, name: &str) -> Result<(), StoreError> {
        if name.trim().is_empty() {
            return Err(StoreError::NameEmpty);
        }
        let other: Option<SearchId> = self
            .conn
            .prepare_cached("SELECT id FROM search WHERE name = ?1 AND deleted_at IS NULL")?
            .query_row([name], |row| row.get(0))
            .optional()?;
        match other {
            Some(other) if Some(other) != id => Err(StoreError::NameTaken(name.to_owned())),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Edit, Store, StoreError};

    #[test]
    fn searches_are_kept_changed_taken_back_and_never_share_a_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = "2026-03-01T08:00:00Z";
        let mut store = Store::create(&folder.path().join("查.anjuan"), at).expect("made");
        let edit = Edit { label: "search_save", author: "林", at, group: None, report: None };
        let id = store.edit(&edit, |w| w.create_search("侨务", "{}")).expect("kept");
        let other = store.edit(&edit, |w| w.create_search("农业", "{}")).expect("kept");
        let taken = store.edit(&edit, |w| w.update_search(other, "侨务", "{}"));
        assert!(matches!(taken, Err(StoreError::NameTaken(_))));
        let empty = store.edit(&edit, |w| w.create_search(" ", "{}"));
        assert!(matches!(empty, Err(StoreError::NameEmpty)));
        store.edit(&edit, |w| w.update_search(id, "侨务", "{\"query\":\"侨\"}")).expect("changed");
        let before = store.read().sequence().expect("read");
        store.edit(&edit, |w| w.delete_search(id)).expect("deleted");
        assert!(store.read().sequence().expect("read") > before, "windows hear of it");
        assert!(matches!(store.read().search(id), Err(StoreError::Missing { .. })));
        store.edit(&edit, |w| w.create_search("侨务", "{}")).expect("the name is free");
        store.undo("林", at).expect("possible").expect("a step");
        store.undo("林", at).expect("possible").expect("a step");
        assert_eq!(store.read().search(id).expect("back").question, "{\"query\":\"侨\"}");
        let names = store.read().searches().expect("read").into_iter().map(|s| s.name);
        assert_eq!(names.collect::<Vec<_>>(), ["侨务", "农业"]);
    }
}
