//! The ZIP archive that DOCX, ODT, EPUB and spreadsheets are: its parts by name, within bounds.
//!
//! Parts are unpacked one by one as they are asked for. An archive whose directory is missing
//! (a download that broke off) is read from its beginning as far as it goes.

use crate::ImportError;
use anjuan_text::{Problem, ProblemCode};
use flate2::{Decompress, FlushDecompress, Status};
use std::cell::Cell;

/// Parts in one archive.
const MAX_PARTS: usize = 20_000;
/// Bytes of one part, unpacked.
const MAX_PART: usize = 96 << 20;
/// Bytes of all parts that are asked for, unpacked.
const MAX_TOTAL: usize = 256 << 20;
/// Above so many bytes a part that unpacks to more than so many times its size is a bomb. XML that
/// repeats itself reaches a hundred.
const RATIO: (usize, usize) = (8 << 20, 400);

#[derive(Debug, Clone)]
struct Entry {
    name: String,
    /// 0 as it is, 8 deflated.
    method: u16,
    encrypted: bool,
    /// Where the packed bytes are.
    at: usize,
    packed: usize,
}

/// An archive.
#[derive(Debug)]
pub(crate) struct Package<'b> {
    bytes: &'b [u8],
    entries: Vec<Entry>,
    unpacked: Cell<usize>,
    /// Whether its end is missing.
    pub(crate) truncated: bool,
    /// Whether a part that was asked for could not be unpacked to its end.
    damaged: Cell<bool>,
}

/// What an archive holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    Word,
    Slides,
    Workbook,
    /// Text of OpenDocument.
    Text,
    /// Slides of OpenDocument.
    Presentation,
    /// A spreadsheet of OpenDocument.
    Sheets,
    Book,
    /// Pages of fixed layout: OFD.
    Pages,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize)
}

/// Names of parts are ASCII or UTF-8; some programs write backslashes.
fn name_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace('\\', "/").trim_start_matches('/').to_owned()
}

impl<'b> Package<'b> {
    /// Opens an archive; `None` where the bytes are none.
    pub(crate) fn open(bytes: &'b [u8]) -> Option<Self> {
        if !bytes.starts_with(b"PK\x03\x04") {
            return None;
        }
        let (entries, truncated) = match directory(bytes) {
            Some(entries) => (entries, false),
            None => (from_the_beginning(bytes), true),
        };
        (!entries.is_empty()).then(|| Self {
            bytes,
            entries,
            unpacked: Cell::new(0),
            truncated,
            damaged: Cell::new(false),
        })
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        let name = name.trim_start_matches('/');
        let same = |e: &&Entry| e.name == name;
        let alike = |e: &&Entry| e.name.eq_ignore_ascii_case(name);
        self.entries.iter().find(same).or_else(|| self.entries.iter().find(alike))
    }

    fn harm(&self, done: bool) {
        self.damaged.set(self.damaged.get() || done);
    }

    /// Whether it has a part.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    /// The names of its parts, as written.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|e| e.name.as_str())
    }

    /// Whether its end is missing or a part could not be unpacked to its end.
    fn is_damaged(&self) -> bool {
        self.truncated || self.damaged.get()
    }

    /// What is to be said of damage, if there is any, or parts are missing that it lists.
    pub(crate) fn damage(
        &self,
        missing: bool,
        message: impl FnOnce() -> String,
    ) -> Option<Problem> {
        let code = if self.truncated { ProblemCode::Truncated } else { ProblemCode::Damaged };
        let found = missing || self.is_damaged();
        found.then(|| Problem { code, message: message(), range: None })
    }

    /// Whether its list of parts (of OpenDocument) says that some are encrypted.
    pub(crate) fn is_encrypted(&self) -> Result<bool, ImportError> {
        let manifest = self.xml("META-INF/manifest.xml")?;
        let mut parts = manifest.iter().flat_map(|m| m.root().descendants());
        Ok(parts.any(|e| e.name() == "manifest:encryption-data"))
    }

    /// What it holds, by its parts and not by the name of the file.
    pub(crate) fn content(&self) -> Option<Content> {
        if self.has("mimetype") {
            let kind = self.part("mimetype").ok().flatten().unwrap_or_default();
            let kind = String::from_utf8_lossy(&kind);
            match kind.trim() {
                "application/epub+zip" => return Some(Content::Book),
                kind if kind.starts_with("application/vnd.oasis.opendocument.text") => {
                    return Some(Content::Text);
                }
                kind if kind.starts_with("application/vnd.oasis.opendocument.presentation") => {
                    return Some(Content::Presentation);
                }
                kind if kind.starts_with("application/vnd.oasis.opendocument.spreadsheet") => {
                    return Some(Content::Sheets);
                }
                _ => {}
            }
        }
        if self.has("OFD.xml") {
            return Some(Content::Pages);
        }
        if self.has("META-INF/container.xml") {
            return Some(Content::Book);
        }
        let main = ["word/document.xml", "ppt/presentation.xml", "xl/workbook.xml"];
        if self.has("[Content_Types].xml")
            || self.has("_rels/.rels")
            || main.iter().any(|part| self.has(part))
        {
            for (folder, content) in
                [("word/", Content::Word), ("ppt/", Content::Slides), ("xl/", Content::Workbook)]
            {
                if self.names().any(|n| n.starts_with(folder)) {
                    return Some(content);
                }
            }
        }
        if self.has("content.xml") && self.has("META-INF/manifest.xml") {
            return Some(Content::Text);
        }
        None
    }

    /// The bytes of a part.
    pub(crate) fn part(&self, name: &str) -> Result<Option<Vec<u8>>, ImportError> {
        let Some(entry) = self.entry(name) else { return Ok(None) };
        if entry.encrypted {
            return Err(locked("ZIP"));
        }
        let end = entry.at.saturating_add(entry.packed).min(self.bytes.len());
        let packed = self.bytes.get(entry.at..end).unwrap_or_default();
        self.harm(packed.len() < entry.packed);
        let room = MAX_PART.min(MAX_TOTAL.saturating_sub(self.unpacked.get()));
        let (unpacked, whole) = match entry.method {
            0 if packed.len() <= room => (packed.to_vec(), true),
            0 => return Err(bomb()),
            8 => inflate(packed, room)?,
            other => {
                let detail = format!("{name} is packed by method {other}");
                return Err(damaged("ZIP", &detail));
            }
        };
        self.unpacked.set(self.unpacked.get() + unpacked.len());
        self.harm(!whole);
        Ok(Some(unpacked))
    }

    /// A part of XML.
    pub(crate) fn xml(&self, name: &str) -> Result<Option<crate::xml::Document>, ImportError> {
        let Some(bytes) = self.part(name)? else { return Ok(None) };
        let parsed = crate::xml::parse(&crate::xml::decode(&bytes));
        let document = parsed.map_err(|refused| damaged("XML", refused.reason()))?;
        self.harm(document.broken);
        Ok(Some(document))
    }
}

fn bomb() -> ImportError {
    ImportError::Bomb { limit: MAX_TOTAL }
}

pub(crate) fn damaged(format: &'static str, detail: &str) -> ImportError {
    ImportError::Damaged { format, detail: detail.to_owned() }
}

/// What the program cannot open even with its password.
pub(crate) fn locked(kind: &str) -> ImportError {
    ImportError::Unsupported { kind: format!("{kind} file protected by a password") }
}

/// Unpacks within bounds; whether it came to its end.
fn inflate(packed: &[u8], room: usize) -> Result<(Vec<u8>, bool), ImportError> {
    let mut out = Vec::with_capacity(packed.len().saturating_mul(4).min(1 << 20));
    let mut inflater = Decompress::new(false);
    loop {
        out.reserve(64 << 10);
        let (before_in, before_out) = (inflater.total_in(), out.len());
        let rest = &packed[before_in as usize..];
        let status = inflater.decompress_vec(rest, &mut out, FlushDecompress::None);
        if out.len() > room
            || (out.len() > RATIO.0 && out.len() / RATIO.1 > inflater.total_in() as usize)
        {
            return Err(bomb());
        }
        match status {
            Ok(Status::StreamEnd) => return Ok((out, true)),
            Ok(_) if inflater.total_in() > before_in || out.len() > before_out => {}
            // Broken or at its end: what is there is what there is.
            Ok(_) | Err(_) => return Ok((out, false)),
        }
    }
}

/// The parts by the directory at the end; `None` where there is none.
fn directory(bytes: &[u8]) -> Option<Vec<Entry>> {
    let tail = bytes.len().saturating_sub(22 + 65_535);
    let end = memchr::memmem::rfind(&bytes[tail..], b"PK\x05\x06")? + tail;
    let mut count = u16_at(bytes, end + 10)?;
    let mut at = u32_at(bytes, end + 16)?;
    if at == 0xFFFF_FFFF || count == 0xFFFF {
        // The larger form: a pointer stands before the end.
        let pointer = end.checked_sub(20)?;
        if bytes.get(pointer..pointer + 4)? != b"PK\x06\x07" {
            return None;
        }
        let large = u32_at(bytes, pointer + 8)?;
        if bytes.get(large..large + 4)? != b"PK\x06\x06" {
            return None;
        }
        (count, at) = (u32_at(bytes, large + 32)?, u32_at(bytes, large + 48)?);
    }
    let mut entries = Vec::with_capacity(count.min(MAX_PARTS));
    while entries.len() < count.min(MAX_PARTS) {
        if bytes.get(at..at + 4)? != b"PK\x01\x02" {
            break;
        }
        let flags = u16_at(bytes, at + 8)?;
        let method = u16_at(bytes, at + 10)? as u16;
        let packed = u32_at(bytes, at + 20)?;
        let (name, extra, comment) =
            (u16_at(bytes, at + 28)?, u16_at(bytes, at + 30)?, u16_at(bytes, at + 32)?);
        let local = u32_at(bytes, at + 42)?;
        let name = name_of(bytes.get(at + 46..at + 46 + name)?);
        at += 46 + u16_at(bytes, at + 28)? + extra + comment;
        // Where the bytes begin is known from the header before them alone.
        let Some(start) = bytes
            .get(local..local.saturating_add(4))
            .filter(|magic| *magic == b"PK\x03\x04")
            .and_then(|_| {
                Some(local + 30 + u16_at(bytes, local + 26)? + u16_at(bytes, local + 28)?)
            })
        else {
            continue;
        };
        if !name.ends_with('/') {
            entries.push(Entry { name, method, encrypted: flags & 1 != 0, at: start, packed });
        }
    }
    (!entries.is_empty()).then_some(entries)
}

/// The parts of an archive without directory, header by header.
fn from_the_beginning(bytes: &[u8]) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut at = 0;
    while entries.len() < MAX_PARTS && bytes.get(at..at + 4) == Some(b"PK\x03\x04") {
        let Some(entry) = local(bytes, at) else { break };
        // The next header; sizes may stand behind the bytes and not before them.
        let known = entry.at + entry.packed;
        let next = if entry.packed > 0 && bytes.get(known..known + 2) == Some(b"PK") {
            Some(known)
        } else {
            let from = entry.at.min(bytes.len());
            let behind = known.clamp(from, bytes.len());
            let from = if entry.packed > 0 { behind } else { from };
            memchr::memmem::find(&bytes[from..], b"PK\x03\x04").map(|found| from + found)
        };
        let end = next.unwrap_or(bytes.len());
        let packed = if entry.packed > 0 { entry.packed } else { end.saturating_sub(entry.at) };
        entries.push(Entry { packed, ..entry });
        match next {
            Some(next) if next > at => at = next,
            _ => break,
        }
    }
    entries.retain(|e| !e.name.ends_with('/'));
    entries
}

fn local(bytes: &[u8], at: usize) -> Option<Entry> {
    let flags = u16_at(bytes, at + 6)?;
    let method = u16_at(bytes, at + 8)? as u16;
    let packed = if flags & 8 == 0 { u32_at(bytes, at + 18)? } else { 0 };
    let name = u16_at(bytes, at + 26)?;
    let extra = u16_at(bytes, at + 28)?;
    let start = at + 30 + name + extra;
    let name = name_of(bytes.get(at + 30..at + 30 + name)?);
    Some(Entry { name, method, encrypted: flags & 1 != 0, at: start, packed })
}

/// The path that a reference in a part leads to.
pub(crate) fn resolve(base: &str, target: &str) -> String {
    let target = target.split(['#', '?']).next().unwrap_or(target).replace('\\', "/");
    let folder = base.rsplit_once('/').filter(|_| !target.starts_with('/'));
    let mut path: Vec<&str> = folder.map_or(Vec::new(), |(folder, _)| folder.split('/').collect());
    for step in target.split('/') {
        match step {
            "" | "." => {}
            // Above the archive there is nothing.
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.join("/")
}
