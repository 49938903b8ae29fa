//! ZIP: by the directory at its end, or header by header where that is missing.

use super::{Found, Input, Place, ReadSeek, Walk, damaged, kind, name};
use crate::{ImportError, decode};
use flate2::bufread::DeflateDecoder;
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

/// Bytes of a directory, which is held in memory.
const DIRECTORY: u64 = 512 << 20;
const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}
fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

/// Whether an archive begins like a document that is one inside: DOCX, ODT, EPUB.
pub(super) fn opens_document(head: &[u8]) -> bool {
    let Some(length) = u16_at(head, 26) else { return false };
    let first = head.get(30..30 + usize::from(length)).unwrap_or_default();
    matches!(first, b"mimetype" | b"[Content_Types].xml" | b"_rels/.rels")
        || first.starts_with(b"docProps/")
        || first.starts_with(b"META-INF/")
}

/// A file as the archive describes it.
#[derive(Debug, Clone)]
struct Entry {
    raw: Vec<u8>,
    /// The name in Unicode, where the archive gives it.
    unicode: Option<String>,
    flags: u16,
    method: u16,
    packed: u64,
    size: u64,
    crc: u32,
    /// The time of the change as DOS writes it, which checks a password.
    time: u16,
    /// Where the header before its bytes is.
    header: u64,
}

/// Names of files that do not say their encoding: one decision for all names of an archive, since
/// one program wrote them.
pub(super) fn decode_names(raw: &[&[u8]]) -> Vec<String> {
    let utf8: Option<Vec<String>> =
        raw.iter().map(|name| std::str::from_utf8(name).ok().map(str::to_owned)).collect();
    if let Some(names) = utf8 {
        return names;
    }
    let joined = raw.join(&b"\n"[..]);
    let guessed = decode::decode(&joined).ok().map(|decoded| decoded.encoding);
    let encoding = guessed
        .and_then(|name| encoding_rs::Encoding::for_label(name.as_bytes()))
        .filter(|encoding| {
            !encoding.decode_without_bom_handling(&joined).1
                && *encoding != encoding_rs::UTF_16LE
                && *encoding != encoding_rs::UTF_16BE
        })
        // Nearly all archives without Unicode names that hold Chinese are from Chinese Windows.
        .unwrap_or(encoding_rs::GB18030);
    raw.iter()
        .map(|name| match std::str::from_utf8(name) {
            Ok(name) => name.to_owned(),
            Err(_) => encoding.decode_without_bom_handling(name).0.into_owned(),
        })
        .collect()
}

/// Goes through an archive.
pub(super) fn walk(
    walk: &mut Walk<'_, '_>,
    source: &mut dyn ReadSeek,
    place: &Place,
) -> Result<(), ImportError> {
    let fault = |error: std::io::Error| damaged("ZIP archive", &error);
    let size = source.seek(SeekFrom::End(0)).map_err(fault)?;
    let (mut entries, whole) = match directory(source, size).map_err(fault)? {
        Some(entries) => (entries, true),
        None => (from_the_beginning(walk, source).map_err(fault)?, false),
    };
    if entries.is_empty() {
        return if whole { Ok(()) } else { Err(damaged("ZIP archive", &"it has no directory")) };
    }
    // From front to back, so that a disk reads on and on.
    entries.sort_by_key(|e| e.header);
    let raw: Vec<&[u8]> =
        entries.iter().filter(|e| e.unicode.is_none()).map(|e| e.raw.as_slice()).collect();
    let mut decoded = decode_names(&raw).into_iter();
    let labels: Vec<String> = entries
        .iter()
        .map(|e| name::neutral(&e.unicode.clone().or_else(|| decoded.next()).unwrap_or_default()))
        .collect();
    let pages = listed_pages(walk, source, &entries, &labels)?;
    let is_wacz = pages.is_some();
    let above = std::mem::replace(&mut walk.pages, pages.unwrap_or_default());
    let beside = saved_folders(&labels);
    let mut names = name::Unique::default();
    for (entry, label) in entries.iter().zip(&labels) {
        if entry.raw.ends_with(b"/") || entry.raw.ends_with(b"\\") {
            continue;
        }
        if in_folder(label, &beside) || (is_wacz && !label.starts_with("archive/")) {
            if !walk.tell(Found::Ignored)? {
                return Ok(());
            }
            continue;
        }
        let label = names.name(label.clone());
        if !one(walk, source, place, entry, &label)? {
            return Ok(());
        }
    }
    if !whole {
        let error = damaged("ZIP archive", &"its end is missing; what is whole was read");
        walk.fail(place.path(""), None, error)?;
    }
    walk.pages = above;
    Ok(())
}

/// Folders of saved pages that lie beside their page: what is in them belongs to it.
fn saved_folders(labels: &[String]) -> HashSet<String> {
    let files: HashSet<&str> = labels.iter().map(String::as_str).collect();
    let mut folders = HashSet::new();
    for label in labels {
        let Some((folder, _)) = label.rsplit_once('/') else { continue };
        let Some(stem) = name::saved_folder(folder) else { continue };
        if ["html", "htm", "HTML", "HTM", "mht", "xhtml"]
            .iter()
            .any(|ending| files.contains(format!("{stem}.{ending}").as_str()))
        {
            folders.insert(folder.to_owned());
        }
    }
    folders
}

fn in_folder(label: &str, folders: &HashSet<String>) -> bool {
    if folders.is_empty() {
        return false;
    }
    label.match_indices('/').any(|(at, _)| folders.contains(&label[..at]))
}

/// The pages that a WACZ lists; `None` where it is another archive. An empty list lists nothing.
fn listed_pages(
    walk: &mut Walk<'_, '_>,
    source: &mut dyn ReadSeek,
    entries: &[Entry],
    labels: &[String],
) -> Result<Option<HashSet<String>>, ImportError> {
    let has = |name: &str| labels.iter().any(|label| label == name);
    let warcs = labels.iter().any(|l| l.starts_with("archive/") && l.contains(".warc"));
    if !warcs || !(has("datapackage.json") || has("pages/pages.jsonl")) {
        return Ok(None);
    }
    let mut pages = HashSet::new();
    for (entry, label) in entries.iter().zip(labels) {
        let list = label.starts_with("pages/") && name::ending(label) == "jsonl";
        if !list || entry.flags & 1 != 0 {
            continue;
        }
        let bytes = read(walk, source, entry)?;
        for line in bytes.split(|&b| b == b'\n') {
            let line: Option<serde_json::Value> = serde_json::from_slice(line).ok();
            if let Some(address) = line.as_ref().and_then(|line| line["url"].as_str()) {
                pages.insert(super::page_of(address));
            }
        }
    }
    Ok(Some(pages))
}

/// The bytes of a small file; none where it cannot be read.
fn read(
    walk: &mut Walk<'_, '_>,
    source: &mut dyn ReadSeek,
    entry: &Entry,
) -> Result<Vec<u8>, ImportError> {
    let Ok(Some(start)) = start_of(source, entry) else { return Ok(Vec::new()) };
    if source.seek(SeekFrom::Start(start)).is_err() {
        return Ok(Vec::new());
    }
    let mut packed = BufReader::new(source.take(entry.packed));
    let most = walk.limits.file;
    let read = match entry.method {
        0 => walk.take(&mut packed, most),
        _ => walk.take(&mut DeflateDecoder::new(packed), most),
    };
    match read {
        Err(error @ (ImportError::Bomb { .. } | ImportError::Cancelled)) => Err(error),
        read => Ok(read.unwrap_or_default()),
    }
}

/// Deals with one file.
fn one(
    walk: &mut Walk<'_, '_>,
    source: &mut dyn ReadSeek,
    place: &Place,
    entry: &Entry,
    label: &str,
) -> Result<bool, ImportError> {
    match name::bearing(label) {
        name::Bearing::Ignored => return walk.tell(Found::Ignored),
        name::Bearing::Data(kind) => {
            let error = ImportError::Unsupported { kind: kind.to_owned() };
            return walk.fail(place.path(label), None, error);
        }
        _ => {}
    }
    let path = place.path(label);
    let start = match start_of(source, entry) {
        Ok(Some(start)) => start,
        Ok(None) => {
            let error = damaged("ZIP archive", &"the file is not where the directory says");
            return walk.fail(path, None, error);
        }
        Err(error) => return walk.fail(path, None, damaged("ZIP archive", &error)),
    };
    if source.seek(SeekFrom::Start(start)).is_err() {
        return walk.fail(path, None, damaged("ZIP archive", &"it is cut off"));
    }
    // Kept as it is, a container inside can be read from anywhere, whatever its size.
    if entry.method == 0 && entry.flags & 1 == 0 {
        let mut section = Section { source: &mut *source, start, length: entry.packed, at: 0 };
        let mut head = Vec::new();
        let peeked = (&mut section).take(super::HEAD as u64).read_to_end(&mut head);
        if peeked.is_ok()
            && section.rewind().is_ok()
            && let Some(kind) = kind(label, &head)
        {
            let inside = place.inside(label);
            return match walk.container(kind, label, &mut Input::Seekable(&mut section), &inside) {
                Ok(()) => Ok(!walk.stopped),
                Err(error) => walk.fail(path, None, error),
            };
        }
        return walk.file(place, label, &mut section);
    }
    let packed = BufReader::with_capacity(64 << 10, source.take(entry.packed));
    if entry.flags & 1 == 0 {
        return unpacked(walk, place, entry, label, packed);
    }
    // A strong cipher is told by a method of its own.
    if entry.method == 99 || entry.flags & 0x40 != 0 {
        let kind = "a file in a ZIP archive encrypted with AES".to_owned();
        return walk.fail(path, None, ImportError::Unsupported { kind });
    }
    let Some(password) = walk.options.password else {
        return walk.fail(path, None, ImportError::PasswordNeeded);
    };
    match Decrypted::open(packed, password, entry) {
        Ok(Some(plain)) => {
            unpacked(walk, place, entry, label, BufReader::with_capacity(64 << 10, plain))
        }
        Ok(None) => walk.fail(path, None, ImportError::PasswordWrong),
        Err(error) => walk.fail(path, None, damaged("ZIP archive", &error)),
    }
}

fn unpacked(
    walk: &mut Walk<'_, '_>,
    place: &Place,
    entry: &Entry,
    label: &str,
    packed: impl BufRead,
) -> Result<bool, ImportError> {
    match entry.method {
        0 => walk.file(place, label, &mut Checked::new(packed, entry)),
        8 => walk.file(place, label, &mut Checked::new(DeflateDecoder::new(packed), entry)),
        other => {
            let kind = format!("a file in a ZIP archive packed by method {other}");
            walk.fail(place.path(label), None, ImportError::Unsupported { kind })
        }
    }
}

/// Holds what was unpacked against the sum that the archive keeps of it.
struct Checked<R> {
    source: R,
    sum: flate2::Crc,
    size: u64,
    crc: u32,
    /// Without directory the sum may not be known.
    known: bool,
}

impl<R: Read> Checked<R> {
    fn new(source: R, entry: &Entry) -> Self {
        let known = entry.crc != 0 || entry.size != 0;
        Self { source, sum: flate2::Crc::new(), size: entry.size, crc: entry.crc, known }
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let read = self.source.read(out)?;
        self.sum.update(&out[..read]);
        if read == 0 && !out.is_empty() && self.known {
            if u64::from(self.sum.amount()) < self.size & 0xFFFF_FFFF {
                return Err(std::io::Error::other("the file is cut off"));
            }
            if self.sum.sum() != self.crc {
                return Err(std::io::Error::other("its bytes are not those that were packed"));
            }
        }
        Ok(read)
    }
}

/// Where the bytes of a file begin; `None` where there is no header.
fn start_of(source: &mut dyn ReadSeek, entry: &Entry) -> std::io::Result<Option<u64>> {
    source.seek(SeekFrom::Start(entry.header))?;
    let mut header = [0_u8; 30];
    source.read_exact(&mut header)?;
    if !header.starts_with(LOCAL) {
        return Ok(None);
    }
    let (name, extra) = (u16_at(&header, 26), u16_at(&header, 28));
    let lengths = u64::from(name.unwrap_or(0)) + u64::from(extra.unwrap_or(0));
    Ok(Some(entry.header + 30 + lengths))
}

/// The files by the directory at the end; `None` where there is none that holds.
fn directory(source: &mut dyn ReadSeek, size: u64) -> std::io::Result<Option<Vec<Entry>>> {
    let tail = size.min(22 + 65_535);
    source.seek(SeekFrom::Start(size - tail))?;
    let mut end = Vec::new();
    source.take(tail).read_to_end(&mut end)?;
    let Some(at) = memchr::memmem::rfind(&end, b"PK\x05\x06") else { return Ok(None) };
    let fields = || Some((u16_at(&end, at + 10)?, u32_at(&end, at + 12)?, u32_at(&end, at + 16)?));
    let Some((count, length, offset)) = fields() else { return Ok(None) };
    let (mut length, mut offset) = (u64::from(length), u64::from(offset));
    let mut stands = size - tail + at as u64;
    if count == u16::MAX || length == u64::from(u32::MAX) || offset == u64::from(u32::MAX) {
        // The larger form: a pointer to it stands before the end.
        let pointer = at.checked_sub(20).filter(|&p| end[p..].starts_with(b"PK\x06\x07"));
        let Some(large) = pointer.and_then(|p| u64_at(&end, p + 8)) else { return Ok(None) };
        let mut record = [0_u8; 56];
        source.seek(SeekFrom::Start(large))?;
        if source.read_exact(&mut record).is_err() || !record.starts_with(b"PK\x06\x06") {
            return Ok(None);
        }
        (length, offset) =
            (u64_at(&record, 40).unwrap_or(0), u64_at(&record, 48).unwrap_or(u64::MAX));
        stands = large;
    }
    if length == 0 && count == 0 {
        return Ok(Some(Vec::new()));
    }
    // A program before the archive shifts everything behind it.
    let Some(really) = stands.checked_sub(length) else { return Ok(None) };
    let shift = really.saturating_sub(offset);
    if length > DIRECTORY {
        return Ok(None);
    }
    source.seek(SeekFrom::Start(really))?;
    let mut bytes = Vec::new();
    source.take(length).read_to_end(&mut bytes)?;
    let mut entries = Vec::new();
    let mut at = 0;
    while bytes[at.min(bytes.len())..].starts_with(CENTRAL) {
        let Some((entry, next)) = central(&bytes, at, shift) else { break };
        entries.push(entry);
        at = next;
    }
    Ok((!entries.is_empty()).then_some(entries))
}

fn central(bytes: &[u8], at: usize, shift: u64) -> Option<(Entry, usize)> {
    let (name, extra, comment) = (
        usize::from(u16_at(bytes, at + 28)?),
        usize::from(u16_at(bytes, at + 30)?),
        usize::from(u16_at(bytes, at + 32)?),
    );
    let raw = bytes.get(at + 46..at + 46 + name)?.to_vec();
    let mut entry = Entry {
        unicode: None,
        flags: u16_at(bytes, at + 8)?,
        method: u16_at(bytes, at + 10)?,
        time: u16_at(bytes, at + 12)?,
        crc: u32_at(bytes, at + 16)?,
        packed: u32_at(bytes, at + 20)?.into(),
        size: u32_at(bytes, at + 24)?.into(),
        header: u32_at(bytes, at + 42)?.into(),
        raw,
    };
    let extra = bytes.get(at + 46 + name..at + 46 + name + extra)?;
    read_extra(&mut entry, extra);
    entry.header = entry.header.checked_add(shift)?;
    Some((entry, at + 46 + name + extra.len() + comment))
}

/// Sizes beyond 4 GB, and the name in Unicode.
fn read_extra(entry: &mut Entry, extra: &[u8]) {
    if entry.flags & 0x800 != 0 {
        entry.unicode = Some(String::from_utf8_lossy(&entry.raw).into_owned());
    }
    let mut at = 0;
    while let (Some(id), Some(length)) = (u16_at(extra, at), u16_at(extra, at + 2)) {
        let end = at + 4 + usize::from(length);
        let Some(field) = extra.get(at + 4..end) else { return };
        if id == 1 {
            let mut from = 0;
            for value in [&mut entry.size, &mut entry.packed, &mut entry.header] {
                if *value == u64::from(u32::MAX)
                    && let Some(large) = u64_at(field, from)
                {
                    *value = large;
                    from += 8;
                }
            }
        } else if id == 0x7075
            && field.len() > 5
            && let Ok(name) = std::str::from_utf8(&field[5..])
        {
            entry.unicode = Some(name.to_owned());
        }
        at = end;
    }
}

/// The files of an archive without directory, header by header.
fn from_the_beginning(
    walk: &mut Walk<'_, '_>,
    source: &mut dyn ReadSeek,
) -> std::io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut next = 0_u64;
    loop {
        if walk.options.go_on().is_err() || entries.len() as u64 > walk.limits.files {
            return Ok(entries);
        }
        source.seek(SeekFrom::Start(next))?;
        let mut header = [0_u8; 30];
        if source.read_exact(&mut header).is_err() || !header.starts_with(LOCAL) {
            return Ok(entries);
        }
        let of = |at| u16_at(&header, at).unwrap_or(0);
        let long = |at| u64::from(u32_at(&header, at).unwrap_or(0));
        let (name, extra) = (usize::from(of(26)), usize::from(of(28)));
        let mut rest = vec![0_u8; name + extra];
        if source.read_exact(&mut rest).is_err() {
            return Ok(entries);
        }
        let mut entry = Entry {
            raw: rest[..name].to_vec(),
            unicode: None,
            flags: of(6),
            method: of(8),
            time: of(10),
            crc: long(14) as u32,
            packed: long(18),
            size: long(22),
            header: next,
        };
        read_extra(&mut entry, &rest[name..]);
        let start = next + 30 + rest.len() as u64;
        if entry.flags & 8 != 0 && entry.packed == 0 {
            // The sizes stand behind the bytes: only unpacking tells where those end.
            let mut packed = BufReader::with_capacity(64 << 10, &mut *source);
            let mut inflater = DeflateDecoder::new(&mut packed);
            let mut sink = std::io::sink();
            let most = walk.limits.file as u64;
            if entry.method != 8
                || std::io::copy(&mut (&mut inflater).take(most), &mut sink).is_err()
            {
                return Ok(entries);
            }
            entry.packed = inflater.total_in();
            let mut after = [0_u8; 24];
            source.seek(SeekFrom::Start(start + entry.packed))?;
            let read = source.read(&mut after)?;
            let descriptor = memchr::memmem::find(&after[..read], b"PK\x03\x04");
            next = start + entry.packed + descriptor.unwrap_or(read) as u64;
        } else {
            next = start + entry.packed;
        }
        entries.push(entry);
    }
}

/// A part of a file as if it were one.
struct Section<'s> {
    source: &'s mut dyn ReadSeek,
    start: u64,
    length: u64,
    at: u64,
}

impl Read for Section<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let left = self.length.saturating_sub(self.at);
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(out.len());
        if most == 0 {
            return Ok(0);
        }
        let read = self.source.read(&mut out[..most])?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Section<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        let at = at.ok_or_else(|| std::io::Error::other("a place before the beginning"))?;
        let place = self.start.checked_add(at);
        let place = place.ok_or_else(|| std::io::Error::other("a place behind everything"))?;
        self.source.seek(SeekFrom::Start(place))?;
        self.at = at;
        Ok(at)
    }
}

/// The cipher that nearly every encrypted ZIP archive has; PKWARE's, of 1989.
struct Decrypted<R> {
    source: R,
    keys: [u32; 3],
}

static TABLE: std::sync::LazyLock<[u32; 256]> = std::sync::LazyLock::new(|| {
    std::array::from_fn(|n| {
        (0..8).fold(n as u32, |c, _| if c & 1 == 1 { 0xEDB8_8320 ^ (c >> 1) } else { c >> 1 })
    })
});

fn crc_step(crc: u32, byte: u8) -> u32 {
    TABLE[usize::from(crc as u8 ^ byte)] ^ (crc >> 8)
}

impl<R: Read> Decrypted<R> {
    /// `None` where the password is wrong.
    fn open(mut source: R, password: &str, entry: &Entry) -> std::io::Result<Option<Self>> {
        let mut head = [0_u8; 12];
        source.read_exact(&mut head)?;
        let check =
            if entry.flags & 8 == 0 { (entry.crc >> 24) as u8 } else { (entry.time >> 8) as u8 };
        // Programs of Chinese Windows take the bytes of its encoding.
        let gbk = encoding_rs::GBK.encode(password).0;
        for bytes in [password.as_bytes(), &gbk] {
            let mut keys = [0x1234_5678, 0x2345_6789, 0x3456_7890];
            for &byte in bytes {
                Self::turn(&mut keys, byte);
            }
            let mut last = 0;
            for &byte in &head {
                last = byte ^ Self::next(&keys);
                Self::turn(&mut keys, last);
            }
            if last == check {
                return Ok(Some(Self { source, keys }));
            }
        }
        Ok(None)
    }

    fn turn(keys: &mut [u32; 3], byte: u8) {
        keys[0] = crc_step(keys[0], byte);
        keys[1] = keys[1].wrapping_add(keys[0] & 0xFF).wrapping_mul(134_775_813).wrapping_add(1);
        keys[2] = crc_step(keys[2], (keys[1] >> 24) as u8);
    }

    fn next(keys: &[u32; 3]) -> u8 {
        let mixed = keys[2] | 2;
        (mixed.wrapping_mul(mixed ^ 1) >> 8) as u8
    }
}

impl<R: Read> Read for Decrypted<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let read = self.source.read(out)?;
        for byte in &mut out[..read] {
            *byte ^= Self::next(&self.keys);
            Self::turn(&mut self.keys, *byte);
        }
        Ok(read)
    }
}
