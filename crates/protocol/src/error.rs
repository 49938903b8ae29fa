//! Errors as the window and the terminal see them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What went wrong, as far as a caller can do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, export_to = "protocol.ts")]
pub enum ErrorCode {
    /// The request is not of the command's form.
    BadRequest,
    /// No archive is open.
    NoArchive,
    /// The thing asked for is not in the archive (any more).
    NotFound,
    /// A file is not where it was.
    Missing,
    /// A name is taken.
    Conflict,
    /// The file is not an Anjuan archive.
    NotAnArchive,
    /// The archive was written by a newer version.
    NewerArchive,
    /// The archive is damaged.
    DamagedArchive,
    /// The archive is open elsewhere.
    Locked,
    /// A file could not be read.
    Unreadable,
    /// A file could not be written.
    Unwritable,
    /// The format of a file is not supported.
    UnsupportedFormat,
    /// A file is encrypted and wants a password.
    PasswordNeeded,
    /// The password is not that of the file.
    PasswordWrong,
    /// A file to import is damaged.
    DamagedFile,
    /// A file is larger than what is read, or unpacks to more.
    TooLarge,
    /// There is nothing in a file.
    EmptyFile,
    /// A page is a list of articles and no report.
    ListPage,
    /// A page is an error message of a server.
    ErrorPage,
    /// A page asks for a login or a check.
    CheckPage,
    /// There is no running text in a file.
    NoText,
    /// A page is a frame or another part of a page that the same archive holds.
    PartOfPage,
    /// A file holds data or a program.
    DataFile,
    /// There is no room left on the disk.
    DiskFull,
    /// No font has the characters of the text.
    MissingFont,
    /// A program that this one works with is not on the machine.
    MissingProgram,
    /// A program that this one works with failed.
    ProgramFailed,
    /// The work was cancelled.
    Cancelled,
    /// A fault of the program.
    Internal,
}

/// An error at the edge: what happened, to which file, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "protocol.ts")]
pub struct CommandError {
    /// The kind, for the window to translate and branch on.
    pub code: ErrorCode,
    /// One English sentence with the particulars.
    pub message: String,
    /// What the user can do, most likely first.
    pub hints: Vec<String>,
}

impl CommandError {
    /// An error without hints.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hints: Vec::new() }
    }

    /// Adds something that the user can do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl std::fmt::Display for CommandError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CommandError {}
