//! What can go wrong with an archive.

use anjuan_text::CharRange;
use rusqlite::ErrorCode;
use std::path::{Path, PathBuf};

/// Why an archive could not be opened, read or changed. After an error of an edit the archive is
/// as it was before the edit.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file is something else: not SQLite, empty, or another program's database.
    #[error("{} is not an Anjuan archive", .0.display())]
    NotAnArchive(PathBuf),
    /// A newer version of the program wrote the file.
    #[error("the archive has schema {found}, this version knows schemas up to {known}")]
    Newer {
        /// Schema of the file.
        found: u32,
        /// Newest schema that this version knows.
        known: u32,
    },
    /// The file has an older schema and was opened for reading only, which changes nothing.
    #[error("the archive has schema {found} and is to be brought to {known} first")]
    Older {
        /// Schema of the file.
        found: u32,
        /// Schema that this version reads.
        known: u32,
    },
    /// The file is an archive, but parts of it are missing or do not fit together.
    #[error("the archive is damaged: {0}")]
    Damaged(String),
    /// Another program holds the archive and did not let go in time.
    #[error("the archive is in use by another program")]
    Locked,
    /// No space is left on the disk.
    #[error("the disk is full")]
    DiskFull,
    /// The file or its folder may not be written.
    #[error("the archive cannot be written")]
    ReadOnly,
    /// A new archive was to be made where a file is.
    #[error("{} exists already", .0.display())]
    Exists(PathBuf),
    /// No such thing, or it was deleted.
    #[error("there is no {kind} {id}")]
    Missing {
        /// What was asked for: `report`, `tag` and so on.
        kind: &'static str,
        /// Its identifier.
        id: String,
    },
    /// A tag or collection of that name is there already, at the same place.
    #[error("the name {0} is taken")]
    NameTaken(String),
    /// A tag or collection needs a name.
    #[error("a name cannot be empty")]
    NameEmpty,
    /// The caller broke the change off.
    #[error("the change was broken off")]
    Cancelled,
    /// A tag or collection cannot lie below itself.
    #[error("nothing can lie below itself")]
    Cycle,
    /// A passage lies outside its text or is empty.
    #[error("the range {}..{} does not fit a text of {characters} characters", range.start, range.end)]
    BadRange {
        /// What was asked for, in code points.
        range: CharRange,
        /// Length of the text in code points.
        characters: u32,
    },
    /// A file or text is larger than an archive takes.
    #[error("{bytes} bytes are more than the {limit} that fit")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The largest size.
        limit: u64,
    },
    /// An identifier that is none.
    #[error("{0} is not an identifier")]
    BadId(String),
    /// A change cannot be taken back or made again, because the archive is not as the change left
    /// it.
    #[error("the archive was changed in another way since")]
    Conflict,
    /// The file system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
    /// SQLite refused for another reason.
    #[error("SQLite: {0}")]
    Sqlite(#[source] rusqlite::Error),
}

impl StoreError {
    pub(crate) fn missing(kind: &'static str, id: impl std::fmt::Display) -> Self {
        Self::Missing { kind, id: format!("{id}") }
    }

    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| match source.kind() {
            std::io::ErrorKind::AlreadyExists => Self::Exists(path),
            std::io::ErrorKind::StorageFull => Self::DiskFull,
            std::io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::Io { path, source },
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                Self::Damaged(error.to_string())
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            // A value of a type that the schema does not allow.
            None if matches!(
                error,
                rusqlite::Error::FromSqlConversionFailure(..)
                    | rusqlite::Error::InvalidColumnType(..)
                    | rusqlite::Error::IntegralValueOutOfRange(..)
            ) =>
            {
                Self::Damaged(error.to_string())
            }
            _ => Self::Sqlite(error),
        }
    }
}
