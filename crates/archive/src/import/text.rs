//! Pasted texts, and looking at one file in full.

use super::choices::Choice;
use super::{Prepared, Read, failed, read_file, sources};
use crate::archive::Archive;
use crate::error::{Result, bad_request, from_import, unreadable};
use crate::reports::metadata_patch;
use crate::wire as to_wire;
use anjuan_import::container::{self, Entry, Found, Limits};
use anjuan_import::{Imported, Options, Refusal, Source, import_with};
use anjuan_protocol as wire;
use anjuan_protocol::{ImportAction, ImportItem};
use anjuan_store::{CollectionId, ContentHash, MetadataPatch};
use std::io::Read as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// A file in full, as the importer reads it.
fn inspection(imported: Imported, near: Option<wire::NearReport>) -> wire::Inspection {
    let report = imported.report;
    wire::Inspection {
        encoding: imported.encoding,
        format: to_wire::format(imported.format),
        near,
        metadata: to_wire::metadata(&report.metadata),
        blocks: to_wire::blocks(&report.blocks),
        furniture: to_wire::furniture(&report.furniture),
        repairs: to_wire::repairs(&report.repairs),
        problems: to_wire::problems(&report.problems),
        text: report.text,
    }
}

/// Reads a file as an import would, without any archive.
///
/// # Errors
/// When the file cannot be read or its format is not supported.
pub fn inspect(path: &Path) -> Result<wire::Inspection> {
    let request = wire::InspectRequest {
        path: path.to_string_lossy().into_owned(),
        password: None,
        encoding: None,
        anyway: false,
    };
    let (imported, _) = read_source(&request)?;
    Ok(inspection(imported, None))
}

/// Reads a file on the disk or in a container.
fn read_source(request: &wire::InspectRequest) -> Result<(Imported, Vec<u8>)> {
    let File { name, address, bytes, refused } = bytes_of(request)?;
    let options = Options {
        password: request.password.as_deref(),
        encoding: request.encoding.as_deref(),
        address: address.as_deref(),
        anyway: request.anyway,
        refused,
        cancel: None,
    };
    let imported = import_with(Source { name: &name, bytes: &bytes }, &options)
        .map_err(|error| from_import(Path::new(&request.path), &error))?;
    Ok((imported, bytes))
}

/// A file on the disk or in a container.
struct File {
    name: String,
    address: Option<String>,
    bytes: Vec<u8>,
    refused: Option<Refusal>,
}

/// What a path names.
fn bytes_of(request: &wire::InspectRequest) -> Result<File> {
    let whole = PathBuf::from(&request.path);
    let Some((outer, inside)) =
        request.path.split_once("!/").filter(|_| std::fs::symlink_metadata(&whole).is_err())
    else {
        let (name, bytes) = (sources::file_name(&whole), read_file(&whole)?);
        return Ok(File { name, address: None, bytes, refused: None });
    };
    let outer = Path::new(outer);
    let mut file = std::fs::File::open(outer).map_err(|e| unreadable(outer, &e))?;
    let mut head = Vec::new();
    (&mut file)
        .take(container::HEAD as u64)
        .read_to_end(&mut head)
        .map_err(|e| unreadable(outer, &e))?;
    let name = sources::file_name(outer);
    let kind = container::kind(&name, &head)
        .ok_or_else(|| bad_request(format!("{} holds no other files.", outer.display())))?;
    let options = Options {
        password: request.password.as_deref(),
        anyway: request.anyway,
        ..Options::default()
    };
    let mut found = None;
    let walked =
        container::walk(kind, &name, &mut file, &options, &Limits::default(), &mut |met| {
            match met {
                Found::Entry(entry) if entry.path == inside => found = Some(Ok(entry)),
                Found::Failed { path, error, .. } if path == inside => found = Some(Err(error)),
                _ => return ControlFlow::Continue(()),
            }
            ControlFlow::Break(())
        });
    let path = Path::new(&request.path);
    match (found, walked) {
        (Some(Ok(Entry { name, address, bytes, refused, .. })), _) => {
            Ok(File { name, address, bytes, refused })
        }
        (Some(Err(error)), _) | (None, Err(error)) => Err(from_import(path, &error)),
        (None, Ok(())) => Err(bad_request(format!("{} is not in {}.", inside, outer.display()))),
    }
}

impl Archive {
    /// One file in full, as an import would read it, with what the archive knows of it.
    ///
    /// # Errors
    /// When the file cannot be read or is no report.
    pub fn inspect_source(&self, request: &wire::InspectRequest) -> Result<wire::Inspection> {
        let (imported, bytes) = read_source(request)?;
        self.inspected(imported, bytes)
    }

    fn inspected(&self, imported: Imported, bytes: Vec<u8>) -> Result<wire::Inspection> {
        let hash = ContentHash::of(&bytes);
        let prepared = Prepared::new(bytes, hash, imported);
        let near = self.likeness_of(&prepared)?;
        Ok(inspection(prepared.imported, near))
    }

    /// A pasted text in full, as an import would read it.
    ///
    /// # Errors
    /// When there is no text in it.
    pub fn inspect_text(&self, request: &wire::TextRequest) -> Result<wire::Inspection> {
        let (name, bytes) = pasted(request);
        let options = Options { address: request.address.as_deref(), ..Options::default() };
        let imported = import_with(Source { name: &name, bytes: &bytes }, &options)
            .map_err(|error| from_import(Path::new(&name), &error))?;
        self.inspected(imported, bytes)
    }

    /// Keeps a pasted text as a report.
    ///
    /// # Errors
    /// When there is no text in it, or the archive cannot be written.
    pub fn import_text(&self, request: &wire::TextRequest) -> Result<ImportItem> {
        let collection: Option<CollectionId> =
            self.parse(request.collection.as_deref().map(str::parse).transpose())?;
        let edit = request.metadata.as_ref().map(metadata_patch).transpose()?;
        let (name, bytes) = pasted(request);
        let options = Options { address: request.address.as_deref(), ..Options::default() };
        let hash = ContentHash::of(&bytes);
        let read = match import_with(Source { name: &name, bytes: &bytes }, &options) {
            Ok(imported) => Read::Prepared(Box::new(Prepared::new(bytes, hash, imported))),
            Err(error) => failed(&name, &error),
        };
        if let Read::Failed(error) | Read::Refused(error) = read {
            return Err(error);
        }
        let title = request.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
        let edit = match (edit, title) {
            (Some(patch), Some(title)) if patch.title.is_none() => Some(with_title(patch, title)),
            (None, Some(title)) => Some(with_title(MetadataPatch::default(), title)),
            (patch, _) => patch,
        };
        let job = format!("paste-{}", uuid::Uuid::now_v7());
        let choice = Choice {
            action: if request.keep { ImportAction::Keep } else { ImportAction::Take },
            metadata: edit,
            of: None,
            password: None,
            encoding: None,
            undo: request.undo.clone(),
            restore: request.restore.clone(),
        };
        self.keep_one(&name, read, &job, collection, Some(choice))
    }
}

fn with_title(patch: MetadataPatch, title: &str) -> MetadataPatch {
    MetadataPatch {
        title_key: Some(crate::pinyin::sort_key(title)),
        title: Some(Some(title.to_owned())),
        ..patch
    }
}

/// A pasted text as a file: its name, and its bytes.
fn pasted(request: &wire::TextRequest) -> (String, Vec<u8>) {
    let title = request.title.as_deref().unwrap_or_default().trim();
    let title: String = title.chars().filter(|c| !matches!(c, '/' | '\\')).take(80).collect();
    let stem = if title.is_empty() { "paste".to_owned() } else { title };
    if !request.html {
        return (format!("{stem}.txt"), request.text.clone().into_bytes());
    }
    // A piece of a page is not a whole one; as such it is read whatever it begins with.
    let lower = request.text.get(..2048).unwrap_or(&request.text).to_ascii_lowercase();
    let page = if lower.contains("<html") || lower.contains("<!doctype") {
        request.text.clone()
    } else {
        format!("<!doctype html><html><body>{}</body></html>", request.text)
    };
    (format!("{stem}.html"), page.into_bytes())
}
