//! `anjuan`: an archive's use cases from a terminal.
//!
//! Results go to standard output (one JSON object with `--json`), progress and errors to standard
//! error. Exit code 0 is success, 1 failure, 2 wrong usage.

mod arguments;
#[cfg(test)]
mod documents;
mod print;
mod run;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    if arguments.archive.is_none() && arguments.command.needs_archive() {
        // Ends the program with exit code 2, as any wrong usage does.
        arguments::Arguments::command()
            .error(ErrorKind::MissingRequiredArgument, "which archive? Give --archive NAME.anjuan.")
            .exit();
    }
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
