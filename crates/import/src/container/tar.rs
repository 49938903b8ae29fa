//! tar: blocks of 512 bytes, a header before each file.

use super::{Found, Place, Walk, damaged, name};
use crate::ImportError;
use std::io::{BufRead, Read};

const BLOCK: usize = 512;
/// Longest name that a block of its own may give.
const LONG_NAME: u64 = 64 << 10;

fn octal(field: &[u8]) -> Option<u64> {
    // Sizes beyond the field are kept as binary behind a set bit.
    if field.first().is_some_and(|b| b & 0x80 != 0) {
        return field
            .iter()
            .skip(field.len().saturating_sub(8))
            .try_fold(0_u64, |all, &b| all.checked_mul(256).map(|all| all | u64::from(b)));
    }
    let digits = field.iter().skip_while(|b| **b == b' ').take_while(|b| b.is_ascii_digit());
    digits.copied().try_fold(0_u64, |all, b| all.checked_mul(8)?.checked_add(u64::from(b - b'0')))
}

fn until_zero(field: &[u8]) -> &[u8] {
    &field[..field.iter().position(|&b| b == 0).unwrap_or(field.len())]
}

/// The path of an extended header: records of `length key=value\n`.
fn extended_path(block: &[u8]) -> Option<Vec<u8>> {
    let at = memchr::memmem::find(block, b" path=")?;
    let value = &block[at + b" path=".len()..];
    Some(value[..value.iter().position(|&b| b == b'\n').unwrap_or(value.len())].to_vec())
}

/// Goes through an archive.
pub(super) fn walk(
    walk: &mut Walk<'_, '_>,
    stream: &mut dyn BufRead,
    place: &Place,
) -> Result<(), ImportError> {
    let mut names = name::Unique::default();
    let mut long: Option<Vec<u8>> = None;
    loop {
        let mut header = [0_u8; BLOCK];
        let mut filled = 0;
        while filled < BLOCK {
            match stream.read(&mut header[filled..]) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) => {
                    return walk
                        .fail(place.path(""), None, damaged("tar archive", &error))
                        .map(drop);
                }
            }
        }
        if filled == 0 || header.iter().all(|&b| b == 0) {
            return Ok(());
        }
        let size = octal(&header[124..136]);
        let Some(size) = size.filter(|_| filled == BLOCK) else {
            let error = damaged("tar archive", &"it ends inside a header");
            return walk.fail(place.path(""), None, error).map(drop);
        };
        walk.spend(BLOCK)?;
        let mut body = stream.take(size);
        match header[156] {
            b'L' | b'x' => {
                let mut bytes = Vec::new();
                // A name that cannot be read leaves the short one.
                let _ = (&mut body).take(LONG_NAME).read_to_end(&mut bytes);
                long = if header[156] == b'L' {
                    Some(until_zero(&bytes).to_vec())
                } else {
                    extended_path(&bytes)
                };
            }
            b'0' | 0 | b'7' => {
                let raw = long.take().unwrap_or_else(|| {
                    let prefix = until_zero(&header[345..500]);
                    let short = until_zero(&header[..100]);
                    if &header[257..262] == b"ustar" && !prefix.is_empty() {
                        [prefix, b"/", short].concat()
                    } else {
                        short.to_vec()
                    }
                });
                let label = names.name(name::neutral(&super::zip::decode_names(&[&raw])[0]));
                if !walk.file(place, &label, &mut body)? {
                    return Ok(());
                }
            }
            // Folders and links.
            b'5' | b'1' | b'2' => long = None,
            _ => {
                long = None;
                if !walk.tell(Found::Ignored)? {
                    return Ok(());
                }
            }
        }
        // What was not read of the file, and the rest of its last block.
        let rest = body.limit();
        let padding = (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64;
        let skipped = std::io::copy(&mut stream.take(rest + padding), &mut std::io::sink());
        if skipped.is_err() {
            let error = damaged("tar archive", &"it is cut off");
            return walk.fail(place.path(""), None, error).map(drop);
        }
    }
}
