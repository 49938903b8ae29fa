//! Files that hold files: ZIP, WACZ, WARC, ARC, gzip, tar. What is in them comes out one by one,
//! with where it stood and where it was published.
//!
//! Nothing is read at once but one file: a container of any size passes through a bounded memory.
//! Names are labels and are never used as paths, and are made harmless all the same. What a
//! container unpacks to is bounded by its own size, so that a bomb is refused early.

mod gzip;
mod http;
mod name;
mod tar;
mod warc;
mod zip;

use crate::{ImportError, MAX_BYTES, Options, Refusal};
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Cursor, Read, Seek};
use std::ops::ControlFlow;

pub use name::{Bearing, bearing, saved_folder};

/// The kinds of containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// ZIP, and WACZ, which is one.
    Zip,
    /// Records of a crawl: WARC, packed or not.
    Warc,
    /// The older form of WARC.
    Arc,
    /// tar.
    Tar,
    /// One file packed by gzip, or a container of another kind that is.
    Gzip,
}

impl Kind {
    /// For messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Zip => "ZIP archive",
            Self::Warc => "WARC",
            Self::Arc => "ARC",
            Self::Tar => "tar archive",
            Self::Gzip => "gzip file",
        }
    }
}

/// Bytes of the head of a file that tell what it is.
pub const HEAD: usize = 1024;

/// Whether a file is a container, by its first bytes: up to [`HEAD`] of them. Documents that are ZIP
/// archives inside (DOCX, EPUB) are none.
pub fn kind(file: &str, head: &[u8]) -> Option<Kind> {
    let ending = name::ending(file);
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        let document = matches!(
            ending.as_str(),
            "docx"
                | "docm"
                | "dotx"
                | "xlsx"
                | "xlsm"
                | "pptx"
                | "odt"
                | "ott"
                | "ods"
                | "odp"
                | "epub"
                | "wps"
                | "ofd"
                | "jar"
                | "apk"
        );
        return (!document && !zip::opens_document(head)).then_some(Kind::Zip);
    }
    if head.starts_with(b"\x1F\x8B") {
        return Some(Kind::Gzip);
    }
    if head.starts_with(b"WARC/") {
        return Some(Kind::Warc);
    }
    if head.starts_with(b"filedesc:") {
        return Some(Kind::Arc);
    }
    if head.get(257..262) == Some(b"ustar") || (ending == "tar" && head.len() >= 512) {
        return Some(Kind::Tar);
    }
    None
}

/// What a walk through a container may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of one file.
    pub file: usize,
    /// A container may unpack to this many bytes whatever its size…
    pub unpacked: u64,
    /// …and to this many times its size beyond. Text that repeats itself reaches some dozens.
    pub ratio: u64,
    /// Containers in containers.
    pub depth: u32,
    /// Files in one container.
    pub files: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file: MAX_BYTES, unpacked: 256 << 20, ratio: 100, depth: 4, files: 2_000_000 }
    }
}

/// A file in a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it stands: names of containers and the name inside, joined by `!/`; without the
    /// outermost container's own. Unique within it.
    pub path: String,
    /// Its file name, for [`crate::Source::name`].
    pub name: String,
    /// The URL that it was fetched from.
    pub address: Option<String>,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// What it is refused as: an error of a server, a part of another page. Only where
    /// [`Options::anyway`] is set such files are entries.
    pub refused: Option<Refusal>,
}

/// What a walk meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A file that may be a report.
    Entry(Entry),
    /// A file that cannot be read, or is none that could be a report.
    Failed {
        /// As in [`Entry::path`].
        path: String,
        /// As in [`Entry::address`].
        address: Option<String>,
        /// Why.
        error: ImportError,
    },
    /// A picture, style, script or the like, which belongs to a page.
    Ignored,
}

/// Who takes what is found. Breaking ends the walk.
pub type Visit<'v> = dyn FnMut(Found) -> ControlFlow<()> + 'v;

/// Goes through a container. Whatever is whole in a damaged or truncated one is found; that it is
/// damaged is found last, under an empty path.
///
/// # Errors
/// Where nothing can be read at all, it is a bomb, or the work was cancelled.
pub fn walk(
    kind: Kind,
    file: &str,
    source: &mut (impl Read + Seek),
    options: &Options<'_>,
    limits: &Limits,
    visit: &mut Visit<'_>,
) -> Result<(), ImportError> {
    let size = source
        .seek(std::io::SeekFrom::End(0))
        .and_then(|size| source.rewind().map(|()| size))
        .map_err(|error| damaged(kind.name(), &error))?;
    let mut walk = Walk {
        options,
        limits,
        left: limits.unpacked.saturating_add(size.saturating_mul(limits.ratio)),
        bound: limits.unpacked.saturating_add(size.saturating_mul(limits.ratio)),
        files: limits.files,
        visit,
        stopped: false,
        pages: HashSet::new(),
    };
    walk.container(kind, file, &mut Input::Seekable(source), &Place::default())
}

/// Where a container stands.
#[derive(Debug, Clone, Default)]
struct Place {
    /// Paths of what is inside begin so: empty, or a path with `!/` behind it.
    prefix: String,
    depth: u32,
}

impl Place {
    fn path(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    fn inside(&self, name: &str) -> Self {
        Self { prefix: format!("{}{name}!/", self.prefix), depth: self.depth + 1 }
    }
}

trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

/// A container's bytes: some can be read from anywhere, some only on and on.
enum Input<'i> {
    Seekable(&'i mut dyn ReadSeek),
    Stream(&'i mut dyn BufRead),
}

/// A walk under way.
struct Walk<'w, 'v> {
    options: &'w Options<'w>,
    limits: &'w Limits,
    /// Bytes that may still be unpacked.
    left: u64,
    bound: u64,
    /// Files that may still be met.
    files: u64,
    visit: &'w mut Visit<'v>,
    stopped: bool,
    /// The pages that a WACZ names, while it is gone through: other web pages are parts of them.
    pages: HashSet<String>,
}

/// An address without what makes no other page of it.
fn page_of(address: &str) -> String {
    let address = address.split('#').next().unwrap_or(address);
    address.trim_end_matches('/').replace("http://", "https://")
}

impl Walk<'_, '_> {
    fn container(
        &mut self,
        kind: Kind,
        file: &str,
        input: &mut Input<'_>,
        place: &Place,
    ) -> Result<(), ImportError> {
        if place.depth > self.limits.depth {
            return Err(ImportError::Unsupported {
                kind: "containers in containers, deeper than are opened".to_owned(),
            });
        }
        match (kind, input) {
            (Kind::Zip, Input::Seekable(source)) => zip::walk(self, *source, place),
            (Kind::Zip, Input::Stream(stream)) => {
                let bytes = self.take(stream, self.limits.file)?;
                zip::walk(self, &mut Cursor::new(bytes), place)
            }
            (kind, Input::Seekable(source)) => {
                let mut stream = BufReader::with_capacity(64 << 10, source);
                self.streamed(kind, file, &mut stream, place)
            }
            (kind, Input::Stream(stream)) => self.streamed(kind, file, *stream, place),
        }
    }

    fn streamed(
        &mut self,
        kind: Kind,
        file: &str,
        mut stream: &mut dyn BufRead,
        place: &Place,
    ) -> Result<(), ImportError> {
        match kind {
            Kind::Warc => warc::walk(self, &mut stream, place, warc::Form::Warc),
            Kind::Arc => warc::walk(self, &mut stream, place, warc::Form::Arc),
            Kind::Tar => tar::walk(self, &mut stream, place),
            Kind::Gzip => gzip::walk(self, file, &mut stream, place),
            // A ZIP archive is read from its end.
            Kind::Zip => Ok(()),
        }
    }

    /// Whether a web page is a frame or the like of another one.
    fn is_part(&self, address: &str, media: Option<&str>) -> bool {
        let page = matches!(media, Some("text/html" | "application/xhtml+xml"));
        page && !self.pages.is_empty() && !self.pages.contains(&page_of(address))
    }

    /// Counts unpacked bytes.
    fn spend(&mut self, bytes: usize) -> Result<(), ImportError> {
        self.options.go_on()?;
        let bound = self.bound;
        let bomb = || ImportError::Bomb { limit: usize::try_from(bound).unwrap_or(usize::MAX) };
        self.left = self.left.checked_sub(bytes as u64).ok_or_else(bomb)?;
        Ok(())
    }

    /// Reads a stream to its end, but no more than so many bytes.
    fn take(&mut self, stream: &mut dyn Read, most: usize) -> Result<Vec<u8>, ImportError> {
        let mut bytes = Vec::new();
        let mut chunk = vec![0_u8; 64 << 10];
        loop {
            let read = match stream.read(&mut chunk) {
                Ok(0) => return Ok(bytes),
                Ok(read) => read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(damaged("file", &error)),
            };
            self.spend(read)?;
            if bytes.len() + read > most {
                return Err(ImportError::TooLarge { bytes: bytes.len() + read, limit: most });
            }
            bytes.extend_from_slice(&chunk[..read]);
        }
    }

    /// Tells what was found; whether to go on.
    fn tell(&mut self, found: Found) -> Result<bool, ImportError> {
        self.options.go_on()?;
        self.files = self.files.checked_sub(1).ok_or_else(|| ImportError::Unsupported {
            kind: "a container of more files than are read".to_owned(),
        })?;
        self.stopped |= (self.visit)(found).is_break();
        Ok(!self.stopped)
    }

    fn fail(
        &mut self,
        path: String,
        address: Option<String>,
        error: ImportError,
    ) -> Result<bool, ImportError> {
        // What ends the whole walk is no matter of one file.
        if matches!(error, ImportError::Bomb { .. } | ImportError::Cancelled) {
            return Err(error);
        }
        self.tell(Found::Failed { path, address, error })
    }

    /// Deals with a file of a container: goes into it where it is one itself. `read` gives its
    /// bytes. Returns whether to go on.
    fn file(
        &mut self,
        place: &Place,
        label: &str,
        stream: &mut dyn Read,
    ) -> Result<bool, ImportError> {
        match bearing(label) {
            Bearing::Ignored => return self.tell(Found::Ignored),
            Bearing::Data(kind) => {
                let error = ImportError::Unsupported { kind: kind.to_owned() };
                return self.fail(place.path(label), None, error);
            }
            Bearing::Report | Bearing::Container => {}
        }
        let mut stream = BufReader::with_capacity(64 << 10, stream);
        let head = match stream.fill_buf() {
            Ok(head) => &head[..head.len().min(HEAD)],
            Err(error) => return self.fail(place.path(label), None, damaged("file", &error)),
        };
        if let Some(kind) = kind(label, head) {
            let path = place.path(label);
            let inside = place.inside(label);
            return match self.container(kind, label, &mut Input::Stream(&mut stream), &inside) {
                Ok(()) => Ok(!self.stopped),
                Err(error) => self.fail(path, None, error),
            };
        }
        match self.take(&mut stream, self.limits.file) {
            Ok(bytes) => {
                let name = name::file_name(label).to_owned();
                self.tell(Found::Entry(Entry {
                    path: place.path(label),
                    name,
                    address: None,
                    bytes,
                    refused: None,
                }))
            }
            Err(error) => self.fail(place.path(label), None, error),
        }
    }
}

fn damaged(format: &'static str, detail: &impl ToString) -> ImportError {
    ImportError::Damaged { format, detail: detail.to_string() }
}
