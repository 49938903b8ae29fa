//! Tables `passage` and `passage_tag`: marked ranges of a text, and the tags they carry.
//!
//! A passage is an anchor: a revision, a range of it, the text that stood there and what stood
//! around it. It moves only when its owner, or a new revision with a sure alignment, moves it.

use crate::error::StoreError;
use crate::id::{PassageId, ReportId, RevisionId, TagId};
use crate::schema::Migration;
use crate::store::{Read, Write};
use anjuan_text::CharRange;
use rusqlite::{OptionalExtension, Row, params};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    sql: "
    CREATE TABLE passage (
        id          BLOB PRIMARY KEY NOT NULL,
        report      BLOB NOT NULL REFERENCES report (id),
        revision    BLOB NOT NULL REFERENCES revision (id),
        start       INTEGER NOT NULL,       -- code points of the revision's text, half-open
        end         INTEGER NOT NULL,
        quote       TEXT NOT NULL,          -- the text marked
        before      TEXT NOT NULL,          -- up to 32 code points
        after       TEXT NOT NULL,          -- up to 32 code points
        state       TEXT NOT NULL CHECK (state IN ('kept', 'moved', 'lost')),
        memo        TEXT NOT NULL,
        coder       TEXT NOT NULL,
        created_at  TEXT NOT NULL,
        created_by  TEXT NOT NULL,
        modified_at TEXT NOT NULL,
        deleted_at  TEXT,
        CHECK (start < end)
    ) STRICT;
    CREATE INDEX passage_report ON passage (report, start) WHERE deleted_at IS NULL;
    CREATE INDEX passage_of_report ON passage (report);
    CREATE INDEX passage_deleted ON passage (deleted_at) WHERE deleted_at IS NOT NULL;

    -- Undo and redo may bring a passage back before its report.
    CREATE TRIGGER passage_inserted AFTER INSERT ON passage WHEN new.deleted_at IS NULL BEGIN
        INSERT INTO report_tally (report, passages) VALUES (new.report, 1)
            ON CONFLICT (report) DO UPDATE SET passages = passages + 1;
    END;
    CREATE TRIGGER passage_removed AFTER DELETE ON passage WHEN old.deleted_at IS NULL BEGIN
        UPDATE report_tally SET passages = passages - 1 WHERE report = old.report;
    END;
    CREATE TRIGGER passage_marked AFTER UPDATE OF deleted_at ON passage
    WHEN (old.deleted_at IS NULL) <> (new.deleted_at IS NULL) BEGIN
        UPDATE report_tally SET passages = passages + iif(new.deleted_at IS NULL, 1, -1)
            WHERE report = new.report;
    END;

    CREATE TABLE passage_tag (
        passage     BLOB NOT NULL REFERENCES passage (id),
        tag         BLOB NOT NULL REFERENCES tag (id),
        position    INTEGER NOT NULL,       -- among the tags of the passage, from 0
        created_at  TEXT NOT NULL,
        created_by  TEXT NOT NULL,
        deleted_at  TEXT,
        PRIMARY KEY (passage, tag)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX passage_tag_tag ON passage_tag (tag, deleted_at);
    ",
}];

/// Code points of context kept on either side of a passage.
const CONTEXT: usize = 32;

/// How sure the place of a passage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnchorState {
    /// Where it was put.
    Kept,
    /// Moved along with an edited text; to be confirmed.
    Moved,
    /// Its text is gone; it stays at the revision that had it.
    Lost,
}

impl AnchorState {
    /// As the file writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Moved => "moved",
            Self::Lost => "lost",
        }
    }
}

/// A marked passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Which.
    pub id: PassageId,
    /// The report it is in.
    pub report: ReportId,
    /// The revision that the range counts in.
    pub revision: RevisionId,
    /// The range, in code points.
    pub range: CharRange,
    /// The text marked.
    pub quote: String,
    /// Up to 32 code points before it.
    pub before: String,
    /// Up to 32 code points after it.
    pub after: String,
    /// How sure its place is.
    pub state: AnchorState,
    /// A note on it; empty where there is none.
    pub memo: String,
    /// Who marked it.
    pub coder: String,
    /// Its tags, in the order in which they were given.
    pub tags: Vec<TagId>,
    /// When it was marked, ISO 8601.
    pub created_at: String,
    /// Whose edit it was.
    pub created_by: String,
    /// When it was last changed.
    pub modified_at: String,
}

/// A passage to mark. Its quote and context are read from the text.
#[derive(Debug, Clone, Copy)]
pub struct NewPassage<'t> {
    /// The report.
    pub report: ReportId,
    /// The revision that the range counts in; `None` for the newest.
    pub revision: Option<RevisionId>,
    /// The range, in code points.
    pub range: CharRange,
    /// Its tags.
    pub tags: &'t [TagId],
    /// A note on it.
    pub memo: &'t str,
    /// Who marked it, where not the author of the edit.
    pub coder: Option<&'t str>,
}

/// Changes to a passage; `None` leaves a value as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PassagePatch {
    /// New range in the same revision; the quote is read anew and the passage counts as kept.
    pub range: Option<CharRange>,
    /// New tags.
    pub tags: Option<Vec<TagId>>,
    /// New note.
    pub memo: Option<String>,
    /// New state of the anchor, such as kept when a moved passage is confirmed.
    pub state: Option<AnchorState>,
}

/// Which passages; both conditions must hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PassageFilter {
    /// Those of a report.
    pub report: Option<ReportId>,
    /// Those with a tag or one below it.
    pub tag: Option<TagId>,
}

const COLUMNS: &str = "p.id, p.report, p.revision, p.start, p.end, p.quote, p.before, p.after, \
                       p.state, p.memo, p.coder, p.created_at, p.created_by, p.modified_at";

fn passage(row: &Row<'_>) -> rusqlite::Result<Passage> {
    Ok(Passage {
        id: row.get(0)?,
        report: row.get(1)?,
        revision: row.get(2)?,
        range: CharRange::new(row.get(3)?, row.get(4)?),
        quote: row.get(5)?,
        before: row.get(6)?,
        after: row.get(7)?,
        state: match row.get_ref(8)?.as_str()? {
            "moved" => AnchorState::Moved,
            "lost" => AnchorState::Lost,
            _ => AnchorState::Kept,
        },
        memo: row.get(9)?,
        coder: row.get(10)?,
        tags: Vec::new(),
        created_at: row.get(11)?,
        created_by: row.get(12)?,
        modified_at: row.get(13)?,
    })
}

impl Read<'_> {
    /// One passage, where neither it nor its report is deleted.
    pub fn passage(&self, id: PassageId) -> Result<Passage, StoreError> {
        let mut found = self
            .conn
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM passage p
                 JOIN report r ON r.id = p.report AND r.deleted_at IS NULL
                 WHERE p.id = ?1 AND p.deleted_at IS NULL"
            ))?
            .query_row([id], passage)
            .optional()?
            .ok_or_else(|| StoreError::missing("passage", id))?;
        found.tags = self.tags_of_passage(id)?;
        Ok(found)
    }

    /// Passages by report (in the order of titles) and place in it; of two that begin together the
    /// longer first.
    pub fn passages(&self, filter: &PassageFilter) -> Result<Vec<Passage>, StoreError> {
        let tagged = "p.id IN (
            WITH RECURSIVE below (id) AS (
                SELECT id FROM tag WHERE id = ?1 AND deleted_at IS NULL
                UNION
                SELECT tag.id FROM tag JOIN below ON tag.parent = below.id
                WHERE tag.deleted_at IS NULL)
            SELECT pt.passage FROM below
            CROSS JOIN passage_tag pt ON pt.tag = below.id AND pt.deleted_at IS NULL)";
        let (tag, report) = (
            if filter.tag.is_some() { tagged } else { "?1 IS NULL" },
            if filter.report.is_some() { "p.report = ?2" } else { "?2 IS NULL" },
        );
        let mut select = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM passage p
             JOIN report r ON r.id = p.report AND r.deleted_at IS NULL
             WHERE p.deleted_at IS NULL AND {tag} AND {report}
             ORDER BY r.title_key, r.id, p.start, p.end DESC, p.id"
        ))?;
        let mut found: Vec<Passage> = select
            .query_map(params![filter.tag, filter.report], passage)?
            .collect::<Result<_, _>>()?;
        for passage in &mut found {
            passage.tags = self.tags_of_passage(passage.id)?;
        }
        Ok(found)
    }

    fn tags_of_passage(&self, id: PassageId) -> Result<Vec<TagId>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT pt.tag FROM passage_tag pt
             JOIN tag t ON t.id = pt.tag AND t.deleted_at IS NULL
             WHERE pt.passage = ?1 AND pt.deleted_at IS NULL
             ORDER BY pt.position, pt.tag",
        )?;
        let tags = select.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(tags)
    }
}

/// What stands at a range of a text.
struct Quote {
    text: String,
    before: String,
    after: String,
}

impl Quote {
    fn read(text: &[char], range: CharRange) -> Result<Self, StoreError> {
        let (start, end) = (range.start as usize, range.end as usize);
        if start >= end || end > text.len() {
            return Err(StoreError::BadRange { range, characters: text.len() as u32 });
        }
        Ok(Self {
            text: text[start..end].iter().collect(),
            before: text[start.saturating_sub(CONTEXT)..start].iter().collect(),
            after: text[end..text.len().min(end + CONTEXT)].iter().collect(),
        })
    }
}

impl Write<'_> {
    /// Marks a passage.
    pub fn create_passage(&mut self, new: &NewPassage<'_>) -> Result<PassageId, StoreError> {
        let newest = self.read().report(new.report)?.revision;
        let revision = new.revision.unwrap_or(newest);
        self.check_revision(new.report, revision)?;
        let Quote { text, before, after } = Quote::read(self.characters(revision)?, new.range)?;
        let id = PassageId::new();
        self.conn
            .prepare_cached(
                "INSERT INTO passage (id, report, revision, start, end, quote, before, after,
                     state, memo, coder, created_at, created_by, modified_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?12)",
            )?
            .execute(params![
                id,
                new.report,
                revision,
                new.range.start,
                new.range.end,
                text,
                before,
                after,
                AnchorState::Kept.as_str(),
                new.memo,
                new.coder.unwrap_or(self.author),
                self.at,
                self.author,
            ])?;
        self.set_passage_tags(id, new.tags)?;
        Ok(id)
    }

    /// Changes a passage.
    pub fn update_passage(
        &mut self,
        id: PassageId,
        patch: &PassagePatch,
    ) -> Result<(), StoreError> {
        let old = self.read().passage(id)?;
        if let Some(range) = patch.range {
            let state = patch.state.unwrap_or(AnchorState::Kept);
            self.set_anchor(id, old.revision, range, state)?;
        } else if let Some(state) = patch.state {
            self.set_anchor_state(id, state)?;
        }
        if let Some(memo) = &patch.memo {
            self.conn
                .prepare_cached("UPDATE passage SET memo = ?2, modified_at = ?3 WHERE id = ?1")?
                .execute(params![id, memo, self.at])?;
        }
        if let Some(tags) = &patch.tags {
            self.set_passage_tags(id, tags)?;
            self.conn
                .prepare_cached("UPDATE passage SET modified_at = ?2 WHERE id = ?1")?
                .execute(params![id, self.at])?;
        }
        Ok(())
    }

    /// Puts a passage to a range of a revision of its report; quote and context are read there.
    pub fn set_anchor(
        &mut self,
        id: PassageId,
        revision: RevisionId,
        range: CharRange,
        state: AnchorState,
    ) -> Result<(), StoreError> {
        let report = self.read().passage(id)?.report;
        self.check_revision(report, revision)?;
        let Quote { text, before, after } = Quote::read(self.characters(revision)?, range)?;
        self.conn
            .prepare_cached(
                "UPDATE passage SET revision = ?2, start = ?3, end = ?4, quote = ?5, before = ?6,
                     after = ?7, state = ?8, modified_at = ?9 WHERE id = ?1",
            )?
            .execute(params![
                id,
                revision,
                range.start,
                range.end,
                text,
                before,
                after,
                state.as_str(),
                self.at,
            ])?;
        Ok(())
    }

    /// Says how sure a passage's place is and leaves it where it is.
    pub fn set_anchor_state(
        &mut self,
        id: PassageId,
        state: AnchorState,
    ) -> Result<(), StoreError> {
        self.read().passage(id)?;
        self.conn
            .prepare_cached("UPDATE passage SET state = ?2, modified_at = ?3 WHERE id = ?1")?
            .execute(params![id, state.as_str(), self.at])?;
        Ok(())
    }

    /// Gives a passage exactly these tags, in this order.
    pub fn set_passage_tags(&mut self, id: PassageId, tags: &[TagId]) -> Result<(), StoreError> {
        let old = self.read().passage(id)?.tags;
        let mut remove = self.conn.prepare_cached(
            "UPDATE passage_tag SET deleted_at = ?3 WHERE passage = ?1 AND tag = ?2",
        )?;
        for tag in old.iter().filter(|tag| !tags.contains(tag)) {
            remove.execute(params![id, tag, self.at])?;
        }
        let mut add = self.conn.prepare_cached(
            "INSERT INTO passage_tag (passage, tag, position, created_at, created_by)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (passage, tag)
                 DO UPDATE SET position = excluded.position, deleted_at = NULL",
        )?;
        for (position, tag) in tags.iter().enumerate() {
            // The first of two mentions gives the place.
            if tags[..position].contains(tag) {
                continue;
            }
            self.read().tag_exists(*tag)?;
            add.execute(params![id, tag, position as u32, self.at, self.author])?;
        }
        Ok(())
    }

    /// Marks a passage deleted.
    pub fn delete_passage(&mut self, id: PassageId) -> Result<(), StoreError> {
        self.read().passage(id)?;
        self.mark("passage", id, true)
    }

    /// Puts one tag in the place of another, wherever that is used.
    pub(crate) fn retag(&mut self, from: TagId, into: TagId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO passage_tag (passage, tag, position, created_at, created_by)
                 SELECT passage, ?2, position, ?3, ?4 FROM passage_tag
                 WHERE tag = ?1 AND deleted_at IS NULL
                 ON CONFLICT (passage, tag) DO UPDATE SET deleted_at = NULL",
            )?
            .execute(params![from, into, self.at, self.author])?;
        self.conn
            .prepare_cached(
                "UPDATE passage_tag SET deleted_at = ?2 WHERE tag = ?1 AND deleted_at IS NULL",
            )?
            .execute(params![from, self.at])?;
        Ok(())
    }

    fn check_revision(&self, report: ReportId, revision: RevisionId) -> Result<(), StoreError> {
        if self.read().revision(revision)?.report == report {
            Ok(())
        } else {
            Err(StoreError::missing("revision", revision))
        }
    }

    /// A revision's text as characters. The last one asked for is kept, since many passages of one
    /// text are often marked at once.
    fn characters(&mut self, revision: RevisionId) -> Result<&[char], StoreError> {
        if self.characters.as_ref().is_none_or(|(held, _)| *held != revision) {
            let text = self.read().text(revision)?.chars().collect();
            self.characters = Some((revision, text));
        }
        Ok(self.characters.as_ref().map_or(&[], |(_, text)| text))
    }
}
