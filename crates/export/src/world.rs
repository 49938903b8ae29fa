//! typst with nothing around it but fonts and one source text.

use crate::ExportError;
use crate::fonts::Fonts;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;

use crate::progress::Pass;

/// Folder of the marks, named by the thousandth of the text that they stand at.
pub(crate) const MARKS: &str = "far/";

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// One source text and the fonts; no files, no packages, no clock.
struct Desk<'f> {
    fonts: &'f Fonts,
    source: Source,
    pass: &'f Pass<'f>,
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        // The only files are the marks by which the layout tells how far it is.
        let Some(mark) = id.vpath().get_without_slash().strip_prefix(MARKS) else {
            return Err(FileError::AccessDenied);
        };
        if self.pass.reached(mark.parse().unwrap_or_default()) {
            Ok(Bytes::new([]))
        } else {
            Err(FileError::Other(Some("stopped".into())))
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.face(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Lays markup out on pages. The source comes back with it, to find glyphs in.
pub(crate) fn lay_out(
    fonts: &Fonts,
    markup: &str,
    pass: &Pass<'_>,
) -> Result<(PagedDocument, Source), ExportError> {
    let desk = Desk { fonts, source: Source::detached(markup), pass };
    let laid_out = typst::compile::<PagedDocument>(&desk).output;
    pass.goes_on()?;
    Ok((laid_out.map_err(|e| refused(&e))?, desk.source))
}

/// What typst gives as its reasons.
pub(crate) fn refused(diagnostics: &[SourceDiagnostic]) -> ExportError {
    ExportError::Typeset(diagnostics.iter().map(|d| d.message.to_string()).collect())
}
