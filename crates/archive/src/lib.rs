//! The application: every use case of an archive, for any shell.
//!
//! [`App`] answers the protocol's commands one by one; a window and a terminal put nothing but
//! their own dress around it. It takes folders, clock, desktop and the receiver of its events from
//! the shell, so it reads no environment, opens no window and prints nothing.
//!
//! The archive file is the truth. Everything under [`Folders::cache`] is derived from it and may
//! be deleted at any time.

mod app;
mod archive;
mod backup;
mod clock;
mod collections;
mod comparison;
mod desk;
mod documents;
mod environment;
mod error;
mod example;
mod export;
mod faults;
mod history;
mod import;
mod jobs;
mod library;
mod passages;
mod pinyin;
mod program;
mod recognition;
mod reports;
mod search;
mod settings;
mod tags;
mod windows;
mod wire;

pub use app::{App, Desktop, Event, Folders, Headless, News, Opening, Shell};
pub use archive::Archive;
pub use clock::{Clock, SystemClock};
pub use desk::Desk;
pub use error::Result;
pub use export::system_font_folders;
pub use faults::note_panics;
pub use import::{Cancel, ImportSummary, Step as ImportStep, inspect};
pub use recognition::{RecogniseStep, Recogniser, program_folders};
pub use search::Turn;
pub use windows::{Geometry, KeptWindow};
