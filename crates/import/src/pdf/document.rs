//! A document: opened, its streams unpacked within bounds, its outline, its fields.

use crate::ImportError;
use hayro_syntax::object::{Array, Dict, Name, ObjectIdentifier, Stream, String as Bytes};
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use regex::bytes::Regex;
use std::collections::HashSet;
use std::io::Read;
use std::sync::{Arc, LazyLock};

/// Largest stream that is unpacked, in bytes.
const STREAM: usize = 192 << 20;
/// Packed streams smaller than this cannot unpack to more than [`STREAM`].
const SMALL: usize = 128 << 10;

/// Opens a document.
pub(super) fn open(bytes: &[u8], password: Option<&str>) -> Result<Pdf, ImportError> {
    refuse_bombs(bytes)?;
    let word = password.unwrap_or_default();
    let opened = match Pdf::new_with_password(Arc::new(bytes.to_vec()), word) {
        Err(LoadPdfError::Invalid) => match mended(bytes) {
            Some(mended) => Pdf::new_with_password(mended, word),
            None => Err(LoadPdfError::Invalid),
        },
        opened => opened,
    };
    opened.map_err(|e| match e {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => match password {
            None | Some("") => ImportError::PasswordNeeded,
            Some(_) => ImportError::PasswordWrong,
        },
        LoadPdfError::Decryption(DecryptionError::UnsupportedAlgorithm) => {
            damaged("it is encrypted in a way that is not known")
        }
        LoadPdfError::Decryption(_) => damaged("its encryption is broken"),
        LoadPdfError::Invalid => damaged("no page can be found in it"),
    })
}

/// A document whose end was lost, with a new end: its pages may all be there.
fn mended(bytes: &[u8]) -> Option<Vec<u8>> {
    static OBJECT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?-u)(?:^|[\r\n\s])(\d{1,9})\s+(\d{1,5})\s+obj\s*<<")
            .expect("a constant pattern")
    });
    let mut root = None;
    let mut pages = Vec::new();
    let mut last = 0_u64;
    for found in OBJECT.captures_iter(bytes) {
        let number = std::str::from_utf8(&found[1]).ok()?.parse::<u64>().ok()?;
        last = last.max(number);
        let from = found.get(0)?.end();
        let head = &bytes[from..bytes.len().min(from + 400)];
        let head = &head[..memchr::memmem::find(head, b"endobj").unwrap_or(head.len())];
        let squeezed: Vec<u8> = head.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
        let has = |name: &[u8]| memchr::memmem::find(&squeezed, name).is_some();
        if has(b"/Type/Catalog") {
            return None;
        } else if has(b"/Type/Pages") && !has(b"/Parent") {
            root = Some(number);
        } else if has(b"/Type/Page") && !has(b"/Type/Pages") {
            pages.push(number);
        }
    }
    let mut out = bytes.to_vec();
    out.extend_from_slice(b"\nendstream\nendobj\n");
    let tree = match root {
        Some(root) => root,
        None if !pages.is_empty() => {
            let kids: Vec<String> = pages.iter().map(|p| format!("{p} 0 R")).collect();
            let tree = format!(
                "{} 0 obj\n<</Type/Pages/Count {}/Kids[{}]>>\nendobj\n",
                last + 1,
                pages.len(),
                kids.join(" ")
            );
            out.extend_from_slice(tree.as_bytes());
            last + 1
        }
        None => return None,
    };
    let catalog = last + 2;
    let end = format!(
        "{catalog} 0 obj\n<</Type/Catalog/Pages {tree} 0 R>>\nendobj\ntrailer\n<</Root {catalog} 0 R/Size {}>>\n",
        catalog + 1
    );
    out.extend_from_slice(end.as_bytes());
    Some(out)
}

pub(super) fn damaged(detail: &str) -> ImportError {
    ImportError::Damaged { format: "PDF", detail: detail.to_owned() }
}

/// Object streams are unpacked as a whole before anything can be asked of a document, so those
/// that would fill the memory are looked for beforehand.
fn refuse_bombs(bytes: &[u8]) -> Result<(), ImportError> {
    let mut left = 2 * STREAM;
    for at in memchr::memmem::find_iter(bytes, b"stream") {
        if bytes[..at].ends_with(b"end") {
            continue;
        }
        let head = &bytes[at.saturating_sub(400)..at];
        let head = &head[memchr::memmem::rfind(head, b"obj").unwrap_or(0)..];
        let indexed =
            [&b"/ObjStm"[..], b"/XRef"].iter().any(|n| memchr::memmem::find(head, n).is_some());
        if !indexed {
            continue;
        }
        let body = &bytes[at + 6..];
        let skip = body.iter().take(2).take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let size = inflated(&body[skip..], left);
        left = left.checked_sub(size).ok_or(ImportError::Bomb { limit: 2 * STREAM })?;
    }
    Ok(())
}

/// How many bytes packed ones make, counted up to one above a limit.
fn inflated(packed: &[u8], limit: usize) -> usize {
    let mut reader = flate2::read::ZlibDecoder::new(packed);
    let mut buffer = vec![0; 64 << 10];
    let mut size = 0;
    while let Ok(more) = reader.read(&mut buffer) {
        size += more;
        if more == 0 || size > limit {
            break;
        }
    }
    size
}

/// The bytes of a stream that is no picture, where they are not too many.
pub(super) fn unpacked<'a>(stream: &Stream<'a>) -> Option<std::borrow::Cow<'a, [u8]>> {
    is_bounded(stream).then(|| stream.decoded_data().ok())?
}

/// Whether a stream can be unpacked without filling the memory.
pub(super) fn is_bounded(stream: &Stream<'_>) -> bool {
    let filters = stream.filters();
    if filters.len() > 3 {
        return false;
    }
    let raw = stream.raw_data();
    match filters.len() {
        0 => true,
        1 if raw.len() <= SMALL => true,
        1 => inflated(&raw, STREAM) <= STREAM,
        // What one filter leaves another may blow up again.
        _ => raw.len() <= SMALL << 3 && inflated(&raw, SMALL << 4) <= SMALL << 4,
    }
}

/// A text string of the document's fields: UTF-16, UTF-8 or, where it holds together, GBK.
pub(super) fn text_string(bytes: &[u8]) -> String {
    let text = match bytes {
        [0xfe, 0xff, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0,
        [0xff, 0xfe, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0,
        [0xef, 0xbb, 0xbf, rest @ ..] => encoding_rs::UTF_8.decode_without_bom_handling(rest).0,
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => encoding_rs::GB18030
                .decode_without_bom_handling_and_without_replacement(bytes)
                .unwrap_or_else(|| encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0),
        },
    };
    text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{feff}' | '\u{fffd}')).collect()
}

/// An entry of the outline.
#[derive(Debug, Clone)]
pub(super) struct Bookmark {
    pub(super) title: String,
    /// 1 for the outermost.
    pub(super) depth: u8,
}

/// Most entries of an outline that are read.
const BOOKMARKS: usize = 5_000;

/// The outline, in its order.
pub(super) fn outline(pdf: &Pdf) -> Vec<Bookmark> {
    let xref = pdf.xref();
    let mut found = Vec::new();
    let Some(root) = xref.get::<Dict<'_>>(xref.root_id()) else { return found };
    let Some(outlines) = root.get::<Dict<'_>>("Outlines") else { return found };
    let mut seen: HashSet<ObjectIdentifier> = HashSet::new();
    let mut todo: Vec<(Dict<'_>, u8)> =
        outlines.get::<Dict<'_>>("First").map(|d| (d, 1)).into_iter().collect();
    while let Some((entry, depth)) = todo.pop() {
        if found.len() >= BOOKMARKS || entry.obj_id().is_some_and(|id| !seen.insert(id)) {
            continue;
        }
        if let Some(title) = entry.get::<Bytes<'_>>("Title") {
            let title = text_string(title.as_bytes()).trim().to_owned();
            if !title.is_empty() {
                found.push(Bookmark { title, depth });
            }
        }
        if let Some(next) = entry.get::<Dict<'_>>("Next") {
            todo.push((next, depth));
        }
        if let Some(first) = entry.get::<Dict<'_>>("First")
            && depth < 8
        {
            todo.push((first, depth + 1));
        }
    }
    found
}

/// How many pages the document says it has.
pub(super) fn declared_pages(pdf: &Pdf) -> Option<usize> {
    let xref = pdf.xref();
    let pages = xref.get::<Dict<'_>>(xref.root_id())?.get::<Dict<'_>>("Pages")?;
    usize::try_from(pages.get::<i32>("Count")?).ok()
}

/// The layers that are switched off.
pub(super) fn hidden_layers(pdf: &Pdf) -> HashSet<ObjectIdentifier> {
    let xref = pdf.xref();
    let mut hidden = HashSet::new();
    let Some(properties) =
        xref.get::<Dict<'_>>(xref.root_id()).and_then(|root| root.get::<Dict<'_>>("OCProperties"))
    else {
        return hidden;
    };
    let ids = |dict: &Dict<'_>, key: &str| -> Vec<ObjectIdentifier> {
        let Some(list) = dict.get::<Array<'_>>(key) else { return Vec::new() };
        list.raw_iter().filter_map(|item| item.as_obj_ref()).map(Into::into).collect()
    };
    let Some(shown) = properties.get::<Dict<'_>>("D") else { return hidden };
    if shown.get::<Name<'_>>("BaseState").is_some_and(|n| n.as_ref() == b"OFF") {
        hidden.extend(ids(&properties, "OCGs"));
    }
    for id in ids(&shown, "ON") {
        hidden.remove(&id);
    }
    hidden.extend(ids(&shown, "OFF"));
    hidden
}
