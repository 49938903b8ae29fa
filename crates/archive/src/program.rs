//! Running another program: with input, within a time, to be broken off.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Why a program did not give an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It was asked to stop.
    Cancelled,
    /// It took too long, and was ended.
    Late,
    /// It could not be started, or failed; what it said of that.
    Failed(String),
}

/// Between two looks at a program that runs.
const LOOK: Duration = Duration::from_millis(10);

/// Runs a program and returns what it prints; what it prints to standard error where it prints
/// nothing else.
pub(crate) fn run(
    program: &Path,
    arguments: &[&str],
    input: Vec<u8>,
    patience: Duration,
    cancelled: &dyn Fn() -> bool,
) -> Result<String, Fault> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(windows)]
    {
        use std::os::windows::process::CommandExt as _;
        command.creation_flags(0x0800_0000); // CREATE_NO_WINDOW
    }
    let mut child = command.spawn().map_err(|error| Fault::Failed(error.to_string()))?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    // Each stream by a thread of its own: a full pipe would stop the program.
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // A program that asks for no input closes it, which is no fault.
            let _ = stdin.map(|mut stdin| stdin.write_all(&input));
        });
        let read = |stream: Option<Box<dyn std::io::Read + Send>>| {
            scope.spawn(move || {
                let mut bytes = Vec::new();
                let _ = stream.map(|mut stream| stream.read_to_end(&mut bytes));
                bytes
            })
        };
        let out = read(stdout.map(|s| Box::new(s) as Box<dyn std::io::Read + Send>));
        let errors = read(stderr.map(|s| Box::new(s) as Box<dyn std::io::Read + Send>));
        let ended = wait(&mut child, patience, cancelled);
        let text = |thread: std::thread::ScopedJoinHandle<'_, Vec<u8>>| {
            String::from_utf8_lossy(&thread.join().unwrap_or_default()).into_owned()
        };
        let (out, errors) = (text(out), text(errors));
        if ended? {
            return Ok(if out.is_empty() { errors } else { out });
        }
        let last = errors.lines().rev().find(|line| !line.trim().is_empty());
        Err(Fault::Failed(last.unwrap_or("it gave no reason").trim().to_owned()))
    })
}

/// Waits for the end of a program; whether it ended well.
fn wait(
    child: &mut Child,
    patience: Duration,
    cancelled: &dyn Fn() -> bool,
) -> Result<bool, Fault> {
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) => {}
            Err(error) => return Err(Fault::Failed(error.to_string())),
        }
        let fault = if cancelled() {
            Some(Fault::Cancelled)
        } else {
            (began.elapsed() > patience).then_some(Fault::Late)
        };
        if let Some(fault) = fault {
            let _ = child.kill();
            let _ = child.wait();
            return Err(fault);
        }
        std::thread::sleep(LOOK);
    }
}
