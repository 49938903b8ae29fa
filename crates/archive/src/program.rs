//! Running another program: with input, within a time, to be broken off.

use std::io::{Read, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
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
/// Between the end of a program and that of what it prints.
const REST: Duration = Duration::from_secs(5);
/// Most bytes that are taken of what a program prints.
const PRINTED: u64 = 64 << 20;

/// A program to run.
pub(crate) struct Run<'r> {
    pub(crate) program: &'r Path,
    pub(crate) arguments: &'r [&'r str],
    /// Set beside those of this program.
    pub(crate) variables: &'r [(&'r str, &'r str)],
    pub(crate) input: Vec<u8>,
    /// How long it may take.
    pub(crate) patience: Duration,
}

impl<'r> Run<'r> {
    pub(crate) fn of(program: &'r Path) -> Self {
        Self { program, arguments: &[], variables: &[], input: Vec::new(), patience: REST }
    }

    /// Runs it and returns what it prints; what it prints to standard error where it prints nothing
    /// else. `stop` is asked again and again whether to end it.
    pub(crate) fn output(self, stop: &dyn Fn() -> bool) -> Result<String, Fault> {
        let mut command = Command::new(self.program);
        command.args(self.arguments).envs(self.variables.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(windows)]
        {
            use std::os::windows::process::CommandExt as _;
            command.creation_flags(0x0800_0000); // CREATE_NO_WINDOW
        }
        let mut child = command.spawn().map_err(|error| Fault::Failed(error.to_string()))?;
        // Each stream by a thread of its own: a full pipe would stop the program. None is waited
        // for longer than the program: what that had begun itself may hold them open.
        let (stdin, input) = (child.stdin.take(), self.input);
        std::thread::spawn(move || {
            // A program that asks for no input closes it, which is no fault.
            let _ = stdin.map(|mut stdin| stdin.write_all(&input));
        });
        let (out, errors) = (printed(child.stdout.take()), printed(child.stderr.take()));
        let well = wait(&mut child, self.patience, stop)?;
        let text = |bytes: Receiver<Vec<u8>>| {
            String::from_utf8_lossy(&bytes.recv_timeout(REST).unwrap_or_default()).into_owned()
        };
        let (out, errors) = (text(out), text(errors));
        if well {
            return Ok(if out.is_empty() { errors } else { out });
        }
        let last = errors.lines().rev().map(str::trim).find(|line| !line.is_empty());
        Err(Fault::Failed(last.unwrap_or("it gave no reason").trim_end_matches('.').to_owned()))
    }
}

/// What comes out of a stream, once it has ended.
fn printed(stream: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (send, receive) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.map(|stream| stream.take(PRINTED).read_to_end(&mut bytes));
        let _ = send.send(bytes);
    });
    receive
}

/// Waits for the end of a program; whether it ended well.
fn wait(child: &mut Child, patience: Duration, stop: &dyn Fn() -> bool) -> Result<bool, Fault> {
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) => {}
            Err(error) => return Err(Fault::Failed(error.to_string())),
        }
        let fault = if stop() {
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
