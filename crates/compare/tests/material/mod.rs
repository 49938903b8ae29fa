//! The real reports and corpora that quality is measured on. They lie beside the repository and
//! are no part of it.

use std::io::Read;
use std::path::PathBuf;

/// A file of the folder `shared`: named by `ANJUAN_SHARED`, or found beside a folder above this
/// package. `None`, with a line that says so, where there is none; a failure where CI runs.
pub(crate) fn file(path: &str) -> Option<PathBuf> {
    let found = std::env::var_os("ANJUAN_SHARED")
        .map(PathBuf::from)
        .into_iter()
        .chain(
            PathBuf::from(env!("CARGO_MANIFEST_DIR"))
                .ancestors()
                .map(|folder| folder.join("shared")),
        )
        .map(|shared| shared.join(path))
        .find(|file| file.exists());
    if found.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{path} is missing");
        println!("skipped: no shared/{path}");
    }
    found
}

/// A text file inside one of the `tar.zst` archives of `shared/corpora`.
#[allow(dead_code)] // each test binary uses its part of this module
pub(crate) fn packed(archive: &str, member: &str) -> Option<String> {
    let file = std::fs::File::open(file(&format!("corpora/{archive}"))?).expect("readable");
    let mut tar = zstd::Decoder::new(file).expect("a zstd archive");
    loop {
        let mut header = [0_u8; 512];
        tar.read_exact(&mut header).unwrap_or_else(|_| panic!("{archive} has no {member}"));
        let field = |range: std::ops::Range<usize>| {
            String::from_utf8_lossy(&header[range]).trim_matches(['\0', ' ']).to_owned()
        };
        let size = usize::from_str_radix(&field(124..136), 8).unwrap_or(0);
        let mut content = vec![0; size.next_multiple_of(512)];
        tar.read_exact(&mut content).expect("a whole member");
        if field(0..100) == member {
            content.truncate(size);
            return Some(String::from_utf8(content).expect("UTF-8"));
        }
    }
}
