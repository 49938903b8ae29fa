//! Errors of all parts as one: what happened, to which file, what to do.

use anjuan_import::{ImportError, Refusal};
use anjuan_protocol::{CommandError, ErrorCode};
use anjuan_search::{IndexError, SearchError};
use anjuan_store::StoreError;
use std::fmt::Display;
use std::path::Path;

/// The result of a use case.
pub type Result<T> = std::result::Result<T, CommandError>;

/// Something that is not in the archive (any more).
pub(crate) fn not_found(what: &str, id: &str) -> CommandError {
    CommandError::new(ErrorCode::NotFound, format!("{what} {id} is not in this archive."))
        .hint("It may have been removed; undo brings it back.")
}

/// A request that makes no sense.
pub(crate) fn bad_request(message: impl Into<String>) -> CommandError {
    CommandError::new(ErrorCode::BadRequest, message)
}

/// A fault of the program.
pub(crate) fn internal(error: impl Display) -> CommandError {
    CommandError::new(ErrorCode::Internal, format!("The program met a fault of its own: {error}"))
        .hint("Nothing that was saved is lost. Please report it with these details.")
}

/// A file that cannot be written.
pub(crate) fn unwritable(path: &Path, error: &std::io::Error) -> CommandError {
    let code = if error.kind() == std::io::ErrorKind::StorageFull {
        ErrorCode::DiskFull
    } else {
        ErrorCode::Unwritable
    };
    CommandError::new(code, format!("{} could not be written: {error}", path.display()))
        .hint("Choose another folder, or make room on the disk.")
}

/// A file that cannot be read.
pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> CommandError {
    CommandError::new(
        ErrorCode::Unreadable,
        format!("{} could not be read: {error}", path.display()),
    )
    .hint("Check that the file is there and that you may read it.")
}

/// A fault of the archive file.
pub(crate) fn from_store(path: &Path, error: StoreError) -> CommandError {
    let file = path.display();
    let new = |code, message: String| CommandError::new(code, message);
    match error {
        StoreError::NotAnArchive(_) => {
            new(ErrorCode::NotAnArchive, format!("{file} is not an Anjuan archive."))
                .hint("Choose a file that ends in .anjuan. To add a report, import it instead.")
        }
        StoreError::Newer { found, known } => new(
            ErrorCode::NewerArchive,
            format!(
                "{file} was written by a newer version (format {found}, this one knows {known})."
            ),
        )
        .hint("Update Anjuan. The archive was not touched."),
        StoreError::Older { .. } => new(ErrorCode::Locked, format!("{file} is being updated."))
            .hint("Try again in a moment."),
        StoreError::Damaged(what) => {
            new(ErrorCode::DamagedArchive, format!("{file} is damaged: {what}."))
                .hint("Open a backup copy; keep the damaged file, much of it can be saved.")
        }
        StoreError::Locked => {
            new(ErrorCode::Locked, format!("{file} is in use by another program."))
                .hint("Close the other program, or wait for it, and try again.")
        }
        StoreError::DiskFull => {
            new(ErrorCode::DiskFull, format!("There is no room left on the disk of {file}."))
                .hint("Make room and try again. What was saved before is safe.")
        }
        StoreError::ReadOnly => new(ErrorCode::Unwritable, format!("{file} cannot be written."))
            .hint("Copy it to a folder of your own and open it there."),
        StoreError::Exists(path) => {
            new(ErrorCode::Conflict, format!("{} exists already.", path.display()))
                .hint("Open it, or choose another name.")
        }
        StoreError::Missing { kind, id } => not_found(&format!("The {kind}"), &id),
        error @ StoreError::NameTaken(_) => {
            new(ErrorCode::Conflict, sentence(&error)).hint("Choose another name.")
        }
        error @ (StoreError::NameEmpty
        | StoreError::Cycle
        | StoreError::BadRange { .. }
        | StoreError::TooLarge { .. }
        | StoreError::BadId(_)) => new(ErrorCode::BadRequest, sentence(&error)),
        error @ StoreError::Cancelled => new(ErrorCode::Cancelled, sentence(&error)),
        StoreError::Conflict => new(
            ErrorCode::Conflict,
            "The change cannot be taken back: what it touched was changed in another way since."
                .to_owned(),
        )
        .hint("Change it by hand."),
        StoreError::Io { path, source } if source.kind() == std::io::ErrorKind::NotFound => {
            new(ErrorCode::Missing, format!("{} is not there.", path.display()))
                .hint("It may have been moved or renamed, or its disk is not connected.")
        }
        StoreError::Io { path, source } => unreadable(&path, &source),
        error => internal(error),
    }
}

/// A fault of the index.
pub(crate) fn from_index(error: IndexError) -> CommandError {
    match error {
        IndexError::Folder { path, source } => unwritable(&path, &source),
        error => internal(error).hint("The index can be built anew at any time; reports are safe."),
    }
}

/// A fault while searching.
pub(crate) fn from_search(path: &Path, error: SearchError<StoreError>) -> CommandError {
    match error {
        SearchError::Index(error) => from_index(error),
        SearchError::Source(error) => from_store(path, error),
    }
}

/// A file that the importer refused.
pub(crate) fn from_import(path: &Path, error: &ImportError) -> CommandError {
    let (code, hint) = match error {
        ImportError::PasswordNeeded => {
            (ErrorCode::PasswordNeeded, "Import the file once more with its password.")
        }
        ImportError::PasswordWrong => (ErrorCode::PasswordWrong, "Try another password."),
        ImportError::Damaged { .. } => {
            (ErrorCode::DamagedFile, "Fetch the file anew; it may have been cut off.")
        }
        ImportError::TooLarge { .. } | ImportError::Bomb { .. } => {
            (ErrorCode::TooLarge, "Divide it, or import what is in it.")
        }
        ImportError::Empty => (ErrorCode::EmptyFile, "Fetch the file anew."),
        ImportError::Cancelled => (ErrorCode::Cancelled, "Import it once more."),
        ImportError::NotAReport { reason } => (
            match reason {
                Refusal::ListPage => ErrorCode::ListPage,
                Refusal::ErrorPage => ErrorCode::ErrorPage,
                Refusal::CheckPage => ErrorCode::CheckPage,
                Refusal::PartOfPage => ErrorCode::PartOfPage,
                Refusal::Data => ErrorCode::DataFile,
                _ => ErrorCode::NoText,
            },
            "Open the report itself and save that page.",
        ),
        _ => (ErrorCode::UnsupportedFormat, "Text files and saved web pages can be imported."),
    };
    CommandError::new(code, format!("{} was not imported: {error}.", path.display())).hint(hint)
}

/// An error as a sentence.
fn sentence(error: &impl Display) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}
