//! The one truth of an archive: reports, tags, passages, memos and history in SQLite
