//! Tables `collection` and `collection_report`: reports put together by the user, in collections
//! that may lie in one another.

use crate::error::StoreError;
use crate::id::{CollectionId, ReportId};
use crate::schema::Migration;
use crate::store::{Read, Write};
use crate::tree::in_tree_order;
use rusqlite::{OptionalExtension, Row, params};

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        sql: "
    CREATE TABLE collection (
        id          BLOB PRIMARY KEY NOT NULL,
        name        TEXT NOT NULL,
        created_at  TEXT NOT NULL,
        created_by  TEXT NOT NULL,
        modified_at TEXT NOT NULL,
        deleted_at  TEXT
    ) STRICT;

    CREATE TABLE collection_report (
        collection  BLOB NOT NULL REFERENCES collection (id),
        report      BLOB NOT NULL REFERENCES report (id),
        created_at  TEXT NOT NULL,
        created_by  TEXT NOT NULL,
        deleted_at  TEXT,
        PRIMARY KEY (collection, report)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX collection_report_report ON collection_report (report);
    ",
    },
    // New columns stand last: changesets of the older schema know columns by number.
    Migration {
        version: 2,
        sql: "
    ALTER TABLE collection ADD COLUMN parent BLOB REFERENCES collection (id);
    ALTER TABLE collection ADD COLUMN position INTEGER NOT NULL DEFAULT 0; -- among its siblings
    UPDATE collection SET position = (
        SELECT count(*) FROM collection before
        WHERE before.deleted_at IS NULL AND
            (before.name, before.id) < (collection.name, collection.id));
    CREATE INDEX collection_parent ON collection (parent);
    ",
    },
];

/// Reports put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// Which.
    pub id: CollectionId,
    /// The collection that it lies in.
    pub parent: Option<CollectionId>,
    /// Its place among the collections of its parent, from 0; rising, not always without gaps.
    pub position: u32,
    /// Its name; no two collections of one parent have the same.
    pub name: String,
    /// When it was made, ISO 8601.
    pub created_at: String,
    /// Who made it.
    pub created_by: String,
    /// When it was last changed.
    pub modified_at: String,
}

fn collection(row: &Row<'_>) -> rusqlite::Result<Collection> {
    Ok(Collection {
        id: row.get(0)?,
        parent: row.get(1)?,
        position: row.get(2)?,
        name: row.get(3)?,
        created_at: row.get(4)?,
        created_by: row.get(5)?,
        modified_at: row.get(6)?,
    })
}

const COLUMNS: &str = "id, parent, position, name, created_at, created_by, modified_at";

impl Read<'_> {
    /// Every collection: each before those below it, siblings by position.
    pub fn collections(&self) -> Result<Vec<Collection>, StoreError> {
        let mut select = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM collection WHERE deleted_at IS NULL ORDER BY position, id"
        ))?;
        let all = select.query_map([], collection)?.collect::<Result<_, _>>()?;
        Ok(in_tree_order(all, |collection| collection.id, |collection| collection.parent))
    }

    /// The reports of a collection, in the order of import; deleted ones are left out.
    pub fn collection_reports(&self, id: CollectionId) -> Result<Vec<ReportId>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT m.report FROM collection_report m
             JOIN report r ON r.id = m.report AND r.deleted_at IS NULL
             WHERE m.collection = ?1 AND m.deleted_at IS NULL ORDER BY m.report",
        )?;
        let reports = select.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(reports)
    }

    /// The collections that a report is in, deleted ones left out.
    pub fn collections_of_report(&self, report: ReportId) -> Result<Vec<CollectionId>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT c.id FROM collection_report m
             JOIN collection c ON c.id = m.collection AND c.deleted_at IS NULL
             WHERE m.report = ?1 AND m.deleted_at IS NULL ORDER BY c.id",
        )?;
        let ids = select.query_map([report], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(ids)
    }

    /// The collection of a name below a parent (`None`: at the top).
    pub fn find_collection(
        &self,
        parent: Option<CollectionId>,
        name: &str,
    ) -> Result<Option<CollectionId>, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT id FROM collection WHERE parent IS ?1 AND name = ?2 AND deleted_at IS NULL",
            )?
            .query_row(params![parent, name], |row| row.get(0))
            .optional()?)
    }

    /// A collection and every one below it, none of them deleted.
    pub fn collection_and_below(&self, id: CollectionId) -> Result<Vec<CollectionId>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "WITH RECURSIVE below (id) AS (
                 SELECT id FROM collection WHERE id = ?1 AND deleted_at IS NULL
                 UNION
                 SELECT c.id FROM collection c JOIN below ON c.parent = below.id
                 WHERE c.deleted_at IS NULL)
             SELECT id FROM below",
        )?;
        let ids = select.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(ids)
    }

    /// One collection that is not deleted.
    pub fn collection(&self, id: CollectionId) -> Result<Collection, StoreError> {
        self.conn
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM collection WHERE id = ?1 AND deleted_at IS NULL"
            ))?
            .query_row([id], collection)
            .optional()?
            .ok_or_else(|| StoreError::missing("collection", id))
    }
}

impl Write<'_> {
    /// Makes an empty collection, the last of its parent's.
    pub fn create_collection(
        &mut self,
        parent: Option<CollectionId>,
        name: &str,
    ) -> Result<CollectionId, StoreError> {
        if let Some(parent) = parent {
            self.read().collection(parent)?;
        }
        self.check_collection_name(None, parent, name)?;
        let id = CollectionId::new();
        self.conn
            .prepare_cached(
                "INSERT INTO collection (id, parent, position, name, created_at, created_by,
                     modified_at)
                 VALUES (?1, ?2,
                     (SELECT coalesce(max(position) + 1, 0) FROM collection
                      WHERE parent IS ?2 AND deleted_at IS NULL),
                     ?3, ?4, ?5, ?4)",
            )?
            .execute(params![id, parent, name, self.at, self.author])?;
        Ok(id)
    }

    /// Renames a collection.
    pub fn rename_collection(&mut self, id: CollectionId, name: &str) -> Result<(), StoreError> {
        let parent = self.read().collection(id)?.parent;
        self.check_collection_name(Some(id), parent, name)?;
        self.conn
            .prepare_cached("UPDATE collection SET name = ?2, modified_at = ?3 WHERE id = ?1")?
            .execute(params![id, name, self.at])?;
        Ok(())
    }

    /// Puts a collection below a parent (`None`: at the top), at a place among those there.
    pub fn move_collection(
        &mut self,
        id: CollectionId,
        parent: Option<CollectionId>,
        position: u32,
    ) -> Result<(), StoreError> {
        let name = self.read().collection(id)?.name;
        if let Some(parent) = parent {
            self.read().collection(parent)?;
            if self.read().collection_and_below(id)?.contains(&parent) {
                return Err(StoreError::Cycle);
            }
        }
        self.check_collection_name(Some(id), parent, &name)?;
        self.conn
            .prepare_cached("UPDATE collection SET parent = ?2, modified_at = ?3 WHERE id = ?1")?
            .execute(params![id, parent, self.at])?;
        let mut siblings = self.conn.prepare_cached(
            "SELECT id FROM collection
             WHERE parent IS ?1 AND id <> ?2 AND deleted_at IS NULL ORDER BY position, id",
        )?;
        let mut siblings: Vec<CollectionId> =
            siblings.query_map(params![parent, id], |row| row.get(0))?.collect::<Result<_, _>>()?;
        siblings.insert((position as usize).min(siblings.len()), id);
        let mut place =
            self.conn.prepare_cached("UPDATE collection SET position = ?2 WHERE id = ?1")?;
        for (position, sibling) in siblings.iter().enumerate() {
            place.execute(params![sibling, position as u32])?;
        }
        Ok(())
    }

    /// Marks a collection and all below it deleted; their reports stay in the archive.
    pub fn delete_collection(&mut self, id: CollectionId) -> Result<(), StoreError> {
        let all = self.read().collection_and_below(id)?;
        if all.is_empty() {
            return Err(StoreError::missing("collection", id));
        }
        all.into_iter().try_for_each(|id| self.mark("collection", id, true))
    }

    /// Puts a report into a collection; one in it already stays.
    pub fn add_to_collection(
        &mut self,
        id: CollectionId,
        report: ReportId,
    ) -> Result<(), StoreError> {
        let added = self
            .conn
            .prepare_cached(
                "INSERT INTO collection_report (collection, report, created_at, created_by)
                 SELECT c.id, r.id, ?3, ?4 FROM collection c, report r
                 WHERE c.id = ?1 AND c.deleted_at IS NULL AND r.id = ?2 AND r.deleted_at IS NULL
                 ON CONFLICT (collection, report) DO UPDATE SET deleted_at = NULL",
            )?
            .execute(params![id, report, self.at, self.author])?;
        if added == 0 {
            self.read().collection(id)?;
            self.read().report(report)?;
        }
        Ok(())
    }

    /// Takes a report out of a collection; one that is not in it does not matter.
    pub fn remove_from_collection(
        &mut self,
        id: CollectionId,
        report: ReportId,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE collection_report SET deleted_at = ?3
                 WHERE collection = ?1 AND report = ?2 AND deleted_at IS NULL",
            )?
            .execute(params![id, report, self.at])?;
        Ok(())
    }

    fn check_collection_name(
        &self,
        id: Option<CollectionId>,
        parent: Option<CollectionId>,
        name: &str,
    ) -> Result<(), StoreError> {
        if name.trim().is_empty() {
            return Err(StoreError::NameEmpty);
        }
        match self.read().find_collection(parent, name)? {
            Some(other) if Some(other) != id => Err(StoreError::NameTaken(name.to_owned())),
            _ => Ok(()),
        }
    }
}
