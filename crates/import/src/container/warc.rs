//! Records of a crawl: WARC (ISO 28500) and the older ARC. A page is what a server answered with
//! status 200; what it refused or sent elsewhere is told as an error page.

use super::http::{self, Head};
use super::name::{self, Bearing, Unique};
use super::{Entry, Found, Input, Place, Walk, damaged, kind};
use crate::{ImportError, Refusal};
use std::io::{BufRead, Cursor, Read};

/// The two forms of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Warc,
    Arc,
}

/// Bytes of the head of a record or of an answer.
const HEAD: usize = 256 << 10;
/// Bytes of one line of a head.
const LINE: u64 = 64 << 10;

/// A record's own head.
#[derive(Debug, Clone, Default)]
struct Record {
    /// `response`, `resource`, …; of ARC always `response`.
    kind: String,
    address: String,
    media: Option<String>,
    length: u64,
}

/// What a line of a stream is.
enum Line {
    Text(Vec<u8>),
    End,
    /// The stream broke off or is broken here.
    Broken,
}

fn line(stream: &mut dyn BufRead) -> Line {
    let mut bytes = Vec::new();
    match stream.take(LINE).read_until(b'\n', &mut bytes) {
        Ok(0) => Line::End,
        Ok(_) => Line::Text(bytes),
        Err(_) => Line::Broken,
    }
}

/// Goes through the records.
pub(super) fn walk(
    walk: &mut Walk<'_, '_>,
    stream: &mut dyn BufRead,
    place: &Place,
    form: Form,
) -> Result<(), ImportError> {
    let mut names = Unique::default();
    let mut broken = false;
    // How often nothing could be read where something should be, one after the other.
    let mut failures = 0;
    loop {
        walk.options.go_on()?;
        match head(stream, form) {
            Ahead::Record(record) => {
                failures = 0;
                match one(walk, stream, place, &mut names, &record, form)? {
                    Next::On => {}
                    Next::Stop => return Ok(()),
                    Next::Broken => broken = true,
                }
            }
            Ahead::Nothing => {
                walk.spend(1)?;
            }
            Ahead::Broken => {
                broken = true;
                failures += 1;
                // The next read goes on behind the broken part, where there is anything.
                if failures > 64 {
                    break;
                }
            }
            Ahead::End => break,
        }
    }
    if broken {
        let error = damaged(
            if form == Form::Warc { "WARC" } else { "ARC" },
            &"parts are broken or cut off; what is whole was read",
        );
        walk.fail(place.path(""), None, error)?;
    }
    Ok(())
}

/// What comes next in a stream.
enum Ahead {
    Record(Record),
    /// A line between records.
    Nothing,
    Broken,
    End,
}

fn head(stream: &mut dyn BufRead, form: Form) -> Ahead {
    let first = match line(stream) {
        Line::Text(first) => first,
        Line::End => return Ahead::End,
        Line::Broken => return Ahead::Broken,
    };
    if form == Form::Arc {
        return arc_head(&first).map_or(Ahead::Nothing, Ahead::Record);
    }
    if !first.starts_with(b"WARC/") {
        return Ahead::Nothing;
    }
    let mut bytes = Vec::new();
    loop {
        match line(stream) {
            Line::Text(next) if next.iter().all(u8::is_ascii_whitespace) => {
                // Some crawlers leave an empty line inside the head: it ends where the length was
                // said.
                if has_length(&bytes) || bytes.len() > HEAD {
                    break;
                }
            }
            Line::Text(next) => bytes.extend_from_slice(&next),
            Line::End => break,
            Line::Broken => return Ahead::Broken,
        }
        if bytes.len() > HEAD {
            break;
        }
    }
    let fields = http::fields(bytes.split(|&b| b == b'\n'));
    let field = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
    let Some(length) = field("content-length").and_then(|v| v.parse().ok()) else {
        return Ahead::Nothing;
    };
    Ahead::Record(Record {
        kind: field("warc-type").unwrap_or_default().to_ascii_lowercase(),
        address: field("warc-target-uri")
            .map(|uri| uri.trim_matches(['<', '>']).to_owned())
            .unwrap_or_default(),
        media: field("content-type")
            .map(|media| media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()),
        length,
    })
}

fn has_length(bytes: &[u8]) -> bool {
    bytes
        .split(|&b| b == b'\n')
        .any(|line| line.get(..15).is_some_and(|l| l.eq_ignore_ascii_case(b"content-length:")))
}

/// `address ip date media length`; spaces may stand in the address.
fn arc_head(first: &[u8]) -> Option<Record> {
    let text = String::from_utf8_lossy(first);
    let mut fields = text.trim_end().rsplitn(5, ' ');
    let length = fields.next()?.parse().ok()?;
    let media = fields.next()?.to_owned();
    let (date, _ip, address) = (fields.next()?, fields.next()?, fields.next()?);
    if !date.bytes().all(|b| b.is_ascii_digit()) || date.len() < 8 {
        return None;
    }
    let kind = if address.starts_with("filedesc:") { "warcinfo" } else { "response" };
    Some(Record { kind: kind.to_owned(), address: address.to_owned(), media: Some(media), length })
}

enum Next {
    On,
    Stop,
    Broken,
}

/// Whether a media type is one of what reports are made of; `None` where it says nothing.
fn readable(media: Option<&str>) -> Option<bool> {
    let media = media?;
    Some(match media {
        "text/html"
        | "application/xhtml+xml"
        | "text/plain"
        | "application/pdf"
        | "text/markdown"
        | "application/msword"
        | "application/rtf"
        | "text/rtf"
        | "application/epub+zip"
        | "message/rfc822"
        | "multipart/related"
        | "application/zip"
        | "text/csv" => true,
        "application/octet-stream"
        | "application/force-download"
        | "application/x-download"
        | "binary/octet-stream"
        | "unk"
        | "no-type"
        | "application/unknown" => return None,
        other => other.starts_with("application/vnd."),
    })
}

/// The ending that goes with a media type, for addresses without one.
fn ending_of(media: &str) -> Option<&'static str> {
    Some(match media {
        "text/html" | "application/xhtml+xml" => "html",
        "text/plain" => "txt",
        "text/markdown" => "md",
        "application/pdf" => "pdf",
        "application/msword" => "doc",
        "application/rtf" | "text/rtf" => "rtf",
        "application/epub+zip" => "epub",
        "application/zip" => "zip",
        "text/csv" => "csv",
        "message/rfc822" | "multipart/related" => "mhtml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "application/vnd.oasis.opendocument.text" => "odt",
        _ => return None,
    })
}

/// A file name for what an address leads to.
fn file_name(address: &str, media: Option<&str>) -> String {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or("page");
    let name = name::neutral(&percent_decoded(last));
    match media.and_then(ending_of) {
        Some(ending) if !matches!(name::ending(&name).as_str(), e if e == ending || is_page(e)) => {
            format!("{name}.{ending}")
        }
        _ => name,
    }
}

fn is_page(ending: &str) -> bool {
    matches!(
        ending,
        "html"
            | "htm"
            | "shtml"
            | "xhtml"
            | "jsp"
            | "asp"
            | "aspx"
            | "php"
            | "do"
            | "action"
            | "pdf"
            | "doc"
            | "docx"
            | "xls"
            | "xlsx"
            | "txt"
            | "rtf"
            | "mht"
            | "mhtml"
    )
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%')
            .then(|| bytes.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(hex.unwrap_or(bytes[at]));
        at += if hex.is_some() { 3 } else { 1 };
    }
    match String::from_utf8(out) {
        Ok(text) => text,
        Err(_) => text.to_owned(),
    }
}

/// What came of reading a record, before it is known that its end is whole.
enum Pending {
    /// Nothing that could be a page.
    None,
    Ignored,
    Failed(ImportError),
    /// A page, and what it is refused as.
    Page(Vec<u8>, Option<Refusal>),
}

/// Deals with one record, whose head was read.
fn one(
    walk: &mut Walk<'_, '_>,
    stream: &mut dyn BufRead,
    place: &Place,
    names: &mut Unique,
    record: &Record,
    form: Form,
) -> Result<Next, ImportError> {
    let mut block = stream.take(record.length);
    let (pending, name) = page(walk, &mut block, record)?;
    // What was not read of the record, so that the next one is found.
    let skipped = std::io::copy(&mut block, &mut std::io::sink());
    let mut broken = skipped.is_err() || block.limit() > 0;
    if !broken {
        // Of ARC one line break ends a record, of WARC two. Reading on to the end of a packed
        // record also holds its sum against it.
        let breaks = if form == Form::Arc { 1 } else { 2 };
        for _ in 0..breaks {
            broken |= match stream.fill_buf() {
                Ok([b'\r' | b'\n', ..]) => matches!(line(stream), Line::Broken),
                Ok(_) => break,
                Err(_) => true,
            };
        }
        broken |= !broken && stream.fill_buf().is_err();
    }
    let pending = match pending {
        Pending::Page(..) if broken => {
            Pending::Failed(damaged("page", &"the record is cut off or broken"))
        }
        pending => pending,
    };
    let mut path = || place.path(&names.name(record.address.clone()));
    let address = Some(record.address.clone());
    let on = match pending {
        Pending::None => true,
        Pending::Ignored => walk.tell(Found::Ignored)?,
        Pending::Failed(error) => walk.fail(path(), address, error)?,
        Pending::Page(bytes, refused) => {
            match kind(&name, &bytes[..bytes.len().min(super::HEAD)]) {
                Some(kind) => {
                    let inside = place.inside(&record.address);
                    let mut source = Cursor::new(bytes);
                    match walk.container(kind, &name, &mut Input::Seekable(&mut source), &inside) {
                        Ok(()) => !walk.stopped,
                        Err(error) => walk.fail(path(), address, error)?,
                    }
                }
                None => {
                    walk.tell(Found::Entry(Entry { path: path(), name, address, bytes, refused }))?
                }
            }
        }
    };
    Ok(match (on, broken) {
        (false, _) => Next::Stop,
        (true, true) => Next::Broken,
        (true, false) => Next::On,
    })
}

/// Reads the page in a record, and names it.
fn page(
    walk: &mut Walk<'_, '_>,
    block: &mut std::io::Take<impl BufRead>,
    record: &Record,
) -> Result<(Pending, String), ImportError> {
    let web = record.address.starts_with("http://") || record.address.starts_with("https://");
    let response = record.kind == "response" && web;
    let whole = matches!(record.kind.as_str(), "resource" | "conversion")
        && !record.address.starts_with("urn:")
        && !record.address.starts_with("metadata:");
    if !response && !whole {
        return Ok((Pending::None, String::new()));
    }
    let mut bytes = Vec::new();
    let mut head = Head { status: 200, ..Head::default() };
    if response {
        while http::head_end(&bytes).is_none() && bytes.len() < HEAD {
            let before = bytes.len();
            let read = block.by_ref().take(LINE).read_until(b'\n', &mut bytes);
            if read.is_err() || bytes.len() == before {
                break;
            }
        }
        // Some crawlers leave the head out.
        if let Some(parsed) = Head::parse(&bytes) {
            head = parsed;
            bytes.clear();
        }
    }
    // Of ARC, the record names a type too.
    let media = if response { head.media() } else { None };
    let media =
        media.or_else(|| record.media.clone().filter(|m| !response || readable(Some(m)).is_some()));
    let told = readable(media.as_deref());
    let name = file_name(&record.address, media.as_deref());
    let named = matches!(name::bearing(&name), Bearing::Report | Bearing::Container);
    // What a server refused or sent elsewhere, and what belongs to another page.
    let refused = if (200..300).contains(&head.status) {
        let part = walk.is_part(&record.address, media.as_deref());
        part.then_some(Refusal::PartOfPage)
    } else {
        Some(Refusal::ErrorPage)
    };
    let pending = if told == Some(false) || (told.is_none() && !named) {
        Pending::Ignored
    } else if let Some(reason) = refused.filter(|_| !walk.options.anyway) {
        Pending::Failed(ImportError::NotAReport { reason })
    } else {
        match body(walk, block, &head, bytes, told.is_none())? {
            Pending::Page(bytes, _) => Pending::Page(bytes, refused),
            other => other,
        }
    };
    Ok((pending, name))
}

/// Reads the body of a page, of which some bytes may be read already.
fn body(
    walk: &mut Walk<'_, '_>,
    block: &mut std::io::Take<impl BufRead>,
    head: &Head,
    mut bytes: Vec<u8>,
    untold: bool,
) -> Result<Pending, ImportError> {
    let most = walk.limits.file;
    let room = (most - bytes.len().min(most)) as u64 + 1;
    let read = block.by_ref().take(room).read_to_end(&mut bytes);
    walk.spend(bytes.len())?;
    if bytes.len() > most {
        return Ok(Pending::Failed(ImportError::TooLarge { bytes: bytes.len(), limit: most }));
    }
    if read.is_err() || block.limit() > 0 {
        return Ok(Pending::Failed(damaged("page", &"the record is cut off or broken")));
    }
    let Some(bytes) = http::body(head, bytes, most) else {
        return Ok(Pending::Failed(ImportError::TooLarge { bytes: most + 1, limit: most }));
    };
    walk.spend(bytes.len())?;
    // Without a word on its type, it is what it looks like.
    Ok(if untold && !looks_readable(&bytes) {
        Pending::Ignored
    } else {
        Pending::Page(bytes, None)
    })
}

/// Whether bytes may be a page, a text or a document.
fn looks_readable(bytes: &[u8]) -> bool {
    let start = bytes.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(bytes.len());
    let head = &bytes[start..bytes.len().min(start + 64)];
    head.starts_with(b"<")
        || head.starts_with(b"\xEF\xBB\xBF")
        || head.starts_with(b"%PDF-")
        || head.starts_with(b"PK\x03\x04")
        || head.starts_with(b"{\\rtf")
        || head.starts_with(b"\xD0\xCF\x11\xE0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_give_names() {
        for (address, media, name) in [
            ("http://a.cn/2020/t1.htm", Some("text/html"), "t1.htm"),
            ("http://a.cn/2020/", Some("text/html"), "2020.html"),
            ("http://a.cn", Some("text/html"), "a.cn.html"),
            ("http://a.cn/show.jsp?id=3", Some("text/html"), "show.jsp"),
            ("http://a.cn/%E6%8A%A5%E5%91%8A.pdf", Some("application/pdf"), "报告.pdf"),
            ("http://a.cn/..%2f..%2fetc", Some("text/html"), "etc.html"),
        ] {
            assert_eq!(file_name(address, media), name);
        }
    }

    #[test]
    fn heads_of_arc_may_have_spaces_in_the_address() {
        let record = arc_head(b"http://a.cn/b c.html 1.2.3.4 20140301000000 text/html 123\n");
        let record = record.expect("a head");
        assert_eq!((record.address.as_str(), record.length), ("http://a.cn/b c.html", 123));
        assert!(arc_head(b"URL IP-address Archive-date Content-type Archive-length").is_none());
    }
}
