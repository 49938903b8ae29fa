//! What a server answered, as a crawl keeps it: head, and a body that may be in chunks and packed.

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::Read;

/// The head of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) status: u16,
    /// Names in small letters.
    pub(super) fields: Vec<(String, String)>,
}

impl Head {
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The media type in small letters, without what follows it.
    pub(super) fn media(&self) -> Option<String> {
        let value = self.field("content-type")?;
        let media = value.split(';').next().unwrap_or(value).trim().to_ascii_lowercase();
        Some(media).filter(|media| media.contains('/'))
    }

    /// Reads a head: `HTTP/1.1 200 OK` and the fields under it. `None` where it does not begin so.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut lines = bytes.split(|&b| b == b'\n');
        let first = String::from_utf8_lossy(lines.next()?).into_owned();
        let rest = first.trim_end().strip_prefix("HTTP/")?;
        // The words behind the number may be missing.
        let status = rest.split_ascii_whitespace().nth(1)?.parse().ok()?;
        Some(Self { status, fields: fields(lines) })
    }
}

/// Fields, one a line; a line that begins with white space goes on with the one before.
pub(super) fn fields<'l>(lines: impl Iterator<Item = &'l [u8]>) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in lines {
        let line = String::from_utf8_lossy(line);
        if line.starts_with([' ', '\t'])
            && let Some((_, value)) = fields.last_mut()
        {
            value.push(' ');
            value.push_str(line.trim());
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    fields
}

/// Where a head ends: behind the first empty line.
pub(super) fn head_end(bytes: &[u8]) -> Option<usize> {
    let crlf = memchr::memmem::find(bytes, b"\r\n\r\n").map(|at| at + 4);
    let lf = memchr::memmem::find(bytes, b"\n\n").map(|at| at + 2);
    match (crlf, lf) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// The body as the page was: chunks joined, unpacked. Crawlers often keep a body that is neither
/// any more and leave the fields as they were, so what does not hold is taken as it is. `None` where
/// it unpacks to more than so many bytes.
pub(super) fn body(head: &Head, bytes: Vec<u8>, most: usize) -> Option<Vec<u8>> {
    let chunked = head
        .field("transfer-encoding")
        .is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
    let bytes = if chunked { joined(&bytes).unwrap_or(bytes) } else { bytes };
    let codings = head.field("content-encoding").unwrap_or_default().to_ascii_lowercase();
    // The last one was put on last.
    let mut bytes = bytes;
    for coding in codings.split(',').rev().map(str::trim) {
        let unpacked = match coding {
            "gzip" | "x-gzip" if bytes.starts_with(b"\x1F\x8B") => {
                unpack(&mut MultiGzDecoder::new(bytes.as_slice()), most)
            }
            "deflate" => match unpack(&mut ZlibDecoder::new(bytes.as_slice()), most) {
                Unpacked::Nothing => unpack(&mut DeflateDecoder::new(bytes.as_slice()), most),
                unpacked => unpacked,
            },
            "br" => {
                let mut reader = brotli_decompressor::Decompressor::new(bytes.as_slice(), 64 << 10);
                unpack(&mut reader, most)
            }
            _ => Unpacked::Nothing,
        };
        match unpacked {
            Unpacked::Bytes(unpacked) => bytes = unpacked,
            Unpacked::TooMany => return None,
            Unpacked::Nothing => {}
        }
    }
    Some(bytes)
}

enum Unpacked {
    /// What could be unpacked, though the end may be missing.
    Bytes(Vec<u8>),
    TooMany,
    /// It was not packed so.
    Nothing,
}

fn unpack(reader: &mut dyn Read, most: usize) -> Unpacked {
    let mut bytes = Vec::new();
    let mut chunk = vec![0_u8; 64 << 10];
    loop {
        match reader.read(&mut chunk) {
            Ok(0) | Err(_) if bytes.is_empty() => return Unpacked::Nothing,
            Ok(0) | Err(_) => return Unpacked::Bytes(bytes),
            Ok(read) if bytes.len() + read > most => return Unpacked::TooMany,
            Ok(read) => bytes.extend_from_slice(&chunk[..read]),
        }
    }
}

/// The chunks of a body joined; `None` where it does not begin with one.
fn joined(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    let mut first = true;
    loop {
        let end = memchr::memchr(b'\n', &rest[..rest.len().min(1024)]);
        let size = end.and_then(|end| {
            let line = std::str::from_utf8(&rest[..end]).ok()?;
            let size = line.split(';').next()?.trim();
            usize::from_str_radix(size, 16).ok()
        });
        let (Some(end), Some(size)) = (end, size) else {
            // What follows a broken chunk is kept as it stands.
            if first {
                return None;
            }
            out.extend_from_slice(rest);
            return Some(out);
        };
        first = false;
        if size == 0 {
            return Some(out);
        }
        let data = &rest[end + 1..];
        let taken = size.min(data.len());
        out.extend_from_slice(&data[..taken]);
        rest = &data[taken..];
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
        if rest.is_empty() {
            return Some(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn heads_are_read() {
        let head =
            Head::parse(b"HTTP/1.1 404\r\nContent-Type: TEXT/HTML;charset=gbk\r\nX: a\r\n b\r\n");
        let head = head.expect("a head");
        assert_eq!((head.status, head.media().as_deref()), (404, Some("text/html")));
        assert_eq!(head.field("x"), Some("a b"));
        assert_eq!(Head::parse(b"<html>"), None);
    }

    #[test]
    fn bodies_are_joined_and_unpacked_or_taken_as_they_are() {
        let page = "<p>正文</p>".repeat(50).into_bytes();
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(&page).expect("packed");
        let packed = packer.finish().expect("packed");
        let mut chunks = Vec::new();
        for chunk in packed.chunks(7) {
            write!(chunks, "{:x};a=b\r\n", chunk.len()).expect("written");
            chunks.extend_from_slice(chunk);
            chunks.extend_from_slice(b"\r\n");
        }
        chunks.extend_from_slice(b"0\r\n\r\n");
        let head = |fields: &str| {
            Head::parse(format!("HTTP/1.1 200 OK\n{fields}").as_bytes()).expect("a head")
        };
        let both = head("Transfer-Encoding: chunked\nContent-Encoding: gzip");
        assert_eq!(body(&both, chunks, 1 << 20), Some(page.clone()));
        assert_eq!(body(&both, packed.clone(), 1 << 20), Some(page.clone()));
        assert_eq!(body(&both, page.clone(), 1 << 20), Some(page.clone()));
        assert_eq!(body(&head("Content-Encoding: br"), page.clone(), 1 << 20), Some(page.clone()));
        assert_eq!(body(&head("Content-Encoding: deflate"), page.clone(), 1 << 20), Some(page));
        assert_eq!(body(&both, packed, 100), None);
    }
}
