//! Tables `collection` and `collection_report`: reports put together by the user.

use crate::error::StoreError;
use crate::id::{CollectionId, ReportId};
use crate::schema::Migration;
use crate::store::{Read, Write};
use rusqlite::{OptionalExtension, params};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
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
}];

/// Reports put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// Which.
    pub id: CollectionId,
    /// Its name.
    pub name: String,
    /// Its reports, in the order of import; deleted ones are left out.
    pub reports: Vec<ReportId>,
    /// When it was made, ISO 8601.
    pub created_at: String,
    /// Who made it.
    pub created_by: String,
    /// When its name was last changed.
    pub modified_at: String,
}

impl Read<'_> {
    /// Every collection, by name.
    pub fn collections(&self) -> Result<Vec<Collection>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT id, name, created_at, created_by, modified_at FROM collection
             WHERE deleted_at IS NULL ORDER BY name, id",
        )?;
        let mut members = self.conn.prepare_cached(
            "SELECT m.report FROM collection_report m
             JOIN report r ON r.id = m.report AND r.deleted_at IS NULL
             WHERE m.collection = ?1 AND m.deleted_at IS NULL ORDER BY m.report",
        )?;
        let mut found: Vec<Collection> = select
            .query_map([], |row| {
                Ok(Collection {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    reports: Vec::new(),
                    created_at: row.get(2)?,
                    created_by: row.get(3)?,
                    modified_at: row.get(4)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        for collection in &mut found {
            collection.reports =
                members.query_map([collection.id], |row| row.get(0))?.collect::<Result<_, _>>()?;
        }
        Ok(found)
    }

    /// The collection of a name.
    pub fn find_collection(&self, name: &str) -> Result<Option<CollectionId>, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT id FROM collection WHERE name = ?1 AND deleted_at IS NULL")?
            .query_row([name], |row| row.get(0))
            .optional()?)
    }

    /// Fails where a collection is not there.
    pub(crate) fn collection_exists(&self, id: CollectionId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("SELECT 1 FROM collection WHERE id = ?1 AND deleted_at IS NULL")?
            .exists([id])?
            .then_some(())
            .ok_or_else(|| StoreError::missing("collection", id))
    }
}

impl Write<'_> {
    /// Makes an empty collection.
    pub fn create_collection(&mut self, name: &str) -> Result<CollectionId, StoreError> {
        self.check_collection_name(None, name)?;
        let id = CollectionId::new();
        self.conn
            .prepare_cached(
                "INSERT INTO collection (id, name, created_at, created_by, modified_at)
                 VALUES (?1, ?2, ?3, ?4, ?3)",
            )?
            .execute(params![id, name, self.at, self.author])?;
        Ok(id)
    }

    /// Renames a collection.
    pub fn rename_collection(&mut self, id: CollectionId, name: &str) -> Result<(), StoreError> {
        self.read().collection_exists(id)?;
        self.check_collection_name(Some(id), name)?;
        self.conn
            .prepare_cached("UPDATE collection SET name = ?2, modified_at = ?3 WHERE id = ?1")?
            .execute(params![id, name, self.at])?;
        Ok(())
    }

    /// Marks a collection deleted; its reports stay in the archive.
    pub fn delete_collection(&mut self, id: CollectionId) -> Result<(), StoreError> {
        self.mark("collection", id, true)
    }

    /// Puts reports into a collection; those in it already stay.
    pub fn add_to_collection(
        &mut self,
        id: CollectionId,
        reports: &[ReportId],
    ) -> Result<(), StoreError> {
        self.read().collection_exists(id)?;
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO collection_report (collection, report, created_at, created_by)
             VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (collection, report) DO UPDATE SET deleted_at = NULL",
        )?;
        for report in reports {
            self.read().report(*report)?;
            insert.execute(params![id, report, self.at, self.author])?;
        }
        Ok(())
    }

    /// Takes reports out of a collection; those not in it do not matter.
    pub fn remove_from_collection(
        &mut self,
        id: CollectionId,
        reports: &[ReportId],
    ) -> Result<(), StoreError> {
        self.read().collection_exists(id)?;
        let mut remove = self.conn.prepare_cached(
            "UPDATE collection_report SET deleted_at = ?3
             WHERE collection = ?1 AND report = ?2 AND deleted_at IS NULL",
        )?;
        for report in reports {
            remove.execute(params![id, report, self.at])?;
        }
        Ok(())
    }

    fn check_collection_name(
        &self,
        id: Option<CollectionId>,
        name: &str,
    ) -> Result<(), StoreError> {
        if name.trim().is_empty() {
            return Err(StoreError::NameEmpty);
        }
        match self.read().find_collection(name)? {
            Some(other) if Some(other) != id => Err(StoreError::NameTaken(name.to_owned())),
            _ => Ok(()),
        }
    }
}
