//! Any bytes under the name of this format.
#![no_main]

use anjuan_import::{Source, import};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = import(Source { name: "a.mhtml", bytes });
});
