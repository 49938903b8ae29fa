//! The contract between the window and the archive: wire types, error codes, one command table.
//!
//! Everything that crosses the edge is declared here once. `src-tauri` makes its commands and its
//! permissions from [`with_commands`], `build.rs` the capability names from [`NAMES`], and the
//! page its types from the TypeScript file that this crate's tests write to `ui/src/protocol`.
//!
//! Offsets on the wire are Unicode code points of a report's reading text, half-open. Identifiers
//! are UUIDv7 strings. Times are ISO 8601 in UTC unless said otherwise.

pub mod commands;
pub mod error;
pub mod types;

pub use commands::{Commands, Events, NAMES};
pub use error::{CommandError, ErrorCode};
pub use types::*;
