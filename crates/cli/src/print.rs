//! What the terminal shows.

use anjuan_protocol::CommandError;
use serde_json::Value;
use std::io::Write;

/// What a command has to say.
pub(crate) struct Outcome {
    /// For `--json`.
    pub(crate) value: Value,
    /// For people.
    pub(crate) text: String,
    /// Whether the exit code is 1 all the same.
    pub(crate) failed: bool,
}

impl Outcome {
    pub(crate) fn new(value: Value, text: String) -> Self {
        Self { value, text, failed: false }
    }
}

/// Prints a result. A reader that went away (`| head`) is no failure.
pub(crate) fn result(outcome: &Outcome, json: bool) {
    let text = if json { outcome.value.to_string() } else { outcome.text.clone() };
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{}", text.trim_end());
    let _ = out.flush();
}

/// Prints an error.
pub(crate) fn error(error: &CommandError, json: bool) {
    if json {
        let _ = writeln!(std::io::stdout(), "{}", serde_json::json!({ "error": error }));
    }
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "anjuan: {}", error.message);
    for hint in &error.hints {
        let _ = writeln!(out, "  {hint}");
    }
}
