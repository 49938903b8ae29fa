//! Table `tag`: the codebook, a tree of tags.

use crate::error::StoreError;
use crate::id::{ReportId, TagId};
use crate::schema::Migration;
use crate::store::{Read, Write};
use crate::tree::in_tree_order;
use rusqlite::{OptionalExtension, Row, params};
use std::collections::HashMap;

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    sql: "
    CREATE TABLE tag (
        id          BLOB PRIMARY KEY NOT NULL,
        parent      BLOB REFERENCES tag (id),
        position    INTEGER NOT NULL,       -- among the tags of one parent, from 0
        name        TEXT NOT NULL,
        colour      TEXT NOT NULL,          -- #rrggbb
        description TEXT NOT NULL,
        created_at  TEXT NOT NULL,
        created_by  TEXT NOT NULL,
        modified_at TEXT NOT NULL,
        deleted_at  TEXT
    ) STRICT;
    CREATE INDEX tag_parent ON tag (parent);
    ",
}];

/// A tag of the codebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Which.
    pub id: TagId,
    /// The tag above it.
    pub parent: Option<TagId>,
    /// Its place among the tags of its parent, from 0; rising, not always without gaps.
    pub position: u32,
    /// Its name.
    pub name: String,
    /// `#rrggbb`.
    pub colour: String,
    /// What it is for.
    pub description: String,
    /// Passages that carry it, those of tags below it not counted.
    pub passages: u32,
    /// When it was made, ISO 8601.
    pub created_at: String,
    /// Who made it.
    pub created_by: String,
    /// When it was last changed.
    pub modified_at: String,
}

/// A tag to add, as the last of its parent's.
#[derive(Debug, Clone, Copy, Default)]
pub struct NewTag<'t> {
    /// Its name; no two tags of one parent have the same.
    pub name: &'t str,
    /// The tag above it.
    pub parent: Option<TagId>,
    /// `#rrggbb`.
    pub colour: &'t str,
    /// What it is for.
    pub description: &'t str,
}

/// Changes to a tag; `None` leaves a value as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagPatch {
    /// New name.
    pub name: Option<String>,
    /// New parent; `Some(None)` moves it to the top.
    pub parent: Option<Option<TagId>>,
    /// New colour.
    pub colour: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New place among the tags of its parent, from 0.
    pub position: Option<u32>,
}

const COLUMNS: &str = "id, parent, position, name, colour, description, created_at, created_by, \
                       modified_at";

fn tag(row: &Row<'_>) -> rusqlite::Result<Tag> {
    Ok(Tag {
        id: row.get(0)?,
        parent: row.get(1)?,
        position: row.get(2)?,
        name: row.get(3)?,
        colour: row.get(4)?,
        description: row.get(5)?,
        created_at: row.get(6)?,
        created_by: row.get(7)?,
        modified_at: row.get(8)?,
        passages: 0,
    })
}

impl Read<'_> {
    /// The whole codebook with counts: each tag before those below it, siblings by position.
    pub fn tags(&self) -> Result<Vec<Tag>, StoreError> {
        let counts = self.passages_by_tag()?;
        let mut tags = self.codebook()?;
        for tag in &mut tags {
            tag.passages = counts.get(&tag.id).copied().unwrap_or(0);
        }
        Ok(tags)
    }

    /// The whole codebook in the same order, with no passages counted.
    pub fn codebook(&self) -> Result<Vec<Tag>, StoreError> {
        let mut select = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM tag WHERE deleted_at IS NULL ORDER BY position, id"
        ))?;
        let all = select.query_map([], tag)?.collect::<Result<_, _>>()?;
        Ok(in_tree_order(all, |tag| tag.id, |tag| tag.parent))
    }

    /// One tag that is not deleted, with its count.
    pub fn tag(&self, id: TagId) -> Result<Tag, StoreError> {
        let mut found = self
            .conn
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM tag WHERE id = ?1 AND deleted_at IS NULL"
            ))?
            .query_row([id], tag)
            .optional()?
            .ok_or_else(|| StoreError::missing("tag", id))?;
        found.passages = self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM passage_tag pt
                 CROSS JOIN passage p ON p.id = pt.passage AND p.deleted_at IS NULL
                 CROSS JOIN report r ON r.id = p.report AND r.deleted_at IS NULL
                 WHERE pt.tag = ?1 AND pt.deleted_at IS NULL",
            )?
            .query_row([id], |row| row.get(0))?;
        Ok(found)
    }

    /// Fails where a tag is not there.
    pub(crate) fn tag_exists(&self, id: TagId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("SELECT 1 FROM tag WHERE id = ?1 AND deleted_at IS NULL")?
            .exists([id])?
            .then_some(())
            .ok_or_else(|| StoreError::missing("tag", id))
    }

    /// The tag of a name below a parent (`None`: at the top).
    pub fn find_tag(&self, parent: Option<TagId>, name: &str) -> Result<Option<TagId>, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT id FROM tag WHERE parent IS ?1 AND name = ?2 AND deleted_at IS NULL",
            )?
            .query_row(params![parent, name], |row| row.get(0))
            .optional()?)
    }

    /// A tag and every tag below it, none of them deleted.
    pub fn tag_and_below(&self, id: TagId) -> Result<Vec<TagId>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "WITH RECURSIVE below (id) AS (
                 SELECT id FROM tag WHERE id = ?1 AND deleted_at IS NULL
                 UNION
                 SELECT tag.id FROM tag JOIN below ON tag.parent = below.id
                 WHERE tag.deleted_at IS NULL)
             SELECT id FROM below",
        )?;
        let ids = select.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(ids)
    }

    /// The tags put on passages last, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn recent_tags(&self, limit: u32) -> Result<Vec<TagId>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT pt.tag FROM passage_tag pt JOIN tag t ON t.id = pt.tag
             WHERE pt.deleted_at IS NULL AND t.deleted_at IS NULL
             GROUP BY pt.tag ORDER BY max(pt.created_at) DESC, pt.tag LIMIT ?1",
        )?;
        let ids = select.query_map([limit], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(ids)
    }

    /// The tags used in a report, most used first.
    pub fn tags_of_report(&self, report: ReportId) -> Result<Vec<TagId>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT pt.tag FROM passage p
             CROSS JOIN passage_tag pt ON pt.passage = p.id AND pt.deleted_at IS NULL
             CROSS JOIN tag t ON t.id = pt.tag AND t.deleted_at IS NULL
             WHERE p.report = ?1 AND p.deleted_at IS NULL
             GROUP BY pt.tag ORDER BY count(*) DESC, pt.tag",
        )?;
        let ids = select.query_map([report], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(ids)
    }

    /// The reports with a passage that carries a tag, in no order; deleted passages are left out,
    /// those of deleted reports are not.
    pub fn reports_with_tag(&self, tag: TagId) -> Result<Vec<ReportId>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT DISTINCT p.report FROM passage_tag pt
             CROSS JOIN passage p ON p.id = pt.passage AND p.deleted_at IS NULL
             WHERE pt.tag = ?1 AND pt.deleted_at IS NULL",
        )?;
        let reports = select.query_map([tag], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(reports)
    }

    /// How many passages carry each tag. All uses are counted in an index and the few of deleted
    /// passages and reports taken off again, which spares a look at every passage.
    fn passages_by_tag(&self) -> Result<HashMap<TagId, u32>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "WITH hidden (passage) AS (
                 SELECT id FROM passage WHERE deleted_at IS NOT NULL
                 UNION
                 SELECT p.id FROM report r CROSS JOIN passage p ON p.report = r.id
                 WHERE r.deleted_at IS NOT NULL)
             SELECT tag, sum(uses) FROM (
                 SELECT tag, count(*) AS uses FROM passage_tag WHERE deleted_at IS NULL GROUP BY tag
                 UNION ALL
                 SELECT pt.tag, -count(*) FROM hidden
                 CROSS JOIN passage_tag pt ON pt.passage = hidden.passage AND pt.deleted_at IS NULL
                 GROUP BY pt.tag)
             GROUP BY tag",
        )?;
        let counts = select
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        Ok(counts)
    }

    fn sibling_ids(&self, parent: Option<TagId>) -> Result<Vec<TagId>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT id FROM tag WHERE parent IS ?1 AND deleted_at IS NULL ORDER BY position, id",
        )?;
        let ids = select.query_map([parent], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(ids)
    }
}

impl Write<'_> {
    /// Adds a tag.
    pub fn create_tag(&mut self, new: &NewTag<'_>) -> Result<TagId, StoreError> {
        if let Some(parent) = new.parent {
            self.read().tag_exists(parent)?;
        }
        self.check_tag_name(None, new.parent, new.name)?;
        let id = TagId::new();
        self.conn
            .prepare_cached(
                "INSERT INTO tag (id, parent, position, name, colour, description, created_at,
                     created_by, modified_at)
                 VALUES (?1, ?2,
                     (SELECT coalesce(max(position) + 1, 0) FROM tag
                      WHERE parent IS ?2 AND deleted_at IS NULL),
                     ?3, ?4, ?5, ?6, ?7, ?6)",
            )?
            .execute(params![
                id,
                new.parent,
                new.name,
                new.colour,
                new.description,
                self.at,
                self.author,
            ])?;
        Ok(id)
    }

    /// Changes a tag.
    pub fn update_tag(&mut self, id: TagId, patch: &TagPatch) -> Result<(), StoreError> {
        let old = self.read().tag(id)?;
        let parent = patch.parent.unwrap_or(old.parent);
        let moved = parent != old.parent;
        if let Some(parent) = parent.filter(|_| moved) {
            self.read().tag_exists(parent)?;
            if self.read().tag_and_below(id)?.contains(&parent) {
                return Err(StoreError::Cycle);
            }
        }
        let name = patch.name.as_ref().unwrap_or(&old.name);
        self.check_tag_name(Some(id), parent, name)?;
        self.conn
            .prepare_cached(
                "UPDATE tag SET parent = ?2, name = ?3, colour = ?4, description = ?5,
                     modified_at = ?6 WHERE id = ?1",
            )?
            .execute(params![
                id,
                parent,
                name,
                patch.colour.as_ref().unwrap_or(&old.colour),
                patch.description.as_ref().unwrap_or(&old.description),
                self.at,
            ])?;
        if moved || patch.position.is_some() {
            let mut siblings = self.read().sibling_ids(parent)?;
            siblings.retain(|&sibling| sibling != id);
            let position = patch.position.map_or(siblings.len(), |at| at as usize);
            siblings.insert(position.min(siblings.len()), id);
            let mut place =
                self.conn.prepare_cached("UPDATE tag SET position = ?2 WHERE id = ?1")?;
            for (position, sibling) in siblings.iter().enumerate() {
                place.execute(params![sibling, position as u32])?;
            }
        }
        Ok(())
    }

    /// Marks a tag and all below it deleted. Passages keep the tags, out of sight, so that undoing
    /// brings them back.
    pub fn delete_tag(&mut self, id: TagId) -> Result<(), StoreError> {
        let tags = self.read().tag_and_below(id)?;
        if tags.is_empty() {
            return Err(StoreError::missing("tag", id));
        }
        tags.into_iter().try_for_each(|tag| self.mark("tag", tag, true))
    }

    /// Puts every use of one tag on another, moves the tags below it there, and deletes it.
    pub fn merge_tag(&mut self, from: TagId, into: TagId) -> Result<(), StoreError> {
        self.read().tag_exists(into)?;
        if self.read().tag_and_below(from)?.contains(&into) {
            return Err(StoreError::Cycle);
        }
        for child in self.read().sibling_ids(Some(from))? {
            let name = self.read().tag(child)?.name;
            match self.read().find_tag(Some(into), &name)? {
                Some(same) => self.merge_tag(child, same)?,
                None => self.update_tag(
                    child,
                    &TagPatch { parent: Some(Some(into)), ..TagPatch::default() },
                )?,
            }
        }
        self.retag(from, into)?;
        self.delete_tag(from)
    }

    fn check_tag_name(
        &self,
        id: Option<TagId>,
        parent: Option<TagId>,
        name: &str,
    ) -> Result<(), StoreError> {
        if name.trim().is_empty() {
            return Err(StoreError::NameEmpty);
        }
        match self.read().find_tag(parent, name)? {
            Some(other) if Some(other) != id => Err(StoreError::NameTaken(name.to_owned())),
            _ => Ok(()),
        }
    }
}
