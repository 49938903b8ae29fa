//! `anjuan`: an archive's use cases from a terminal.
//!
//! Results go to standard output (one JSON object with `--json`), progress and errors to standard
//! error. Exit code 0 is success, 1 failure, 2 wrong usage.

mod arguments;
mod print;
mod run;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    let json = arguments.json;
    match run::run(arguments) {
        Ok(outcome) => {
            print::result(&outcome, json);
            if outcome.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
        }
        Err(error) => {
            print::error(&error, json);
            ExitCode::FAILURE
        }
    }
}
