//! Any bytes as a container of this kind.
#![no_main]

use anjuan_import::Options;
use anjuan_import::container::{Kind, Limits, walk};
use std::io::Cursor;
use std::ops::ControlFlow;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { unpacked: 1 << 20, ..Limits::default() };
    let mut source = Cursor::new(bytes);
    let mut visit = |_| ControlFlow::Continue(());
    let _ = walk(Kind::Gzip, "a.gzip", &mut source, &Options::default(), &limits, &mut visit);
});
