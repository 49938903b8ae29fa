//! Which reader a file of an office program goes to: told by what is in it, not by its name.

use crate::layout::Page;
use crate::ole::Compound;
use crate::package::{Content, Package, locked};
use crate::{Format, ImportError, Options, Source, doc, docx, epub, odt, pdf, rtf, sheet, slides};

/// The format of a file, its encoding where the format has several, and its lines.
type Found = (Format, Option<&'static str>, Page);

/// Reads a file of an office program; `None` where it is something else.
pub(crate) fn read(
    source: Source<'_>,
    options: &Options<'_>,
) -> Result<Option<Found>, ImportError> {
    if rtf::is_rtf(source.bytes) {
        let page = rtf::read(source.bytes, options)?;
        return Ok(Some((Format::Rtf, Some(rtf::encoding(source.bytes)), page)));
    }
    if let Some(file) = Compound::open(source.bytes) {
        return compound(source, &file, options);
    }
    let Some(package) = Package::open(source.bytes) else { return Ok(None) };
    let Some(content) = package.content() else { return Ok(None) };
    let (format, page) = match content {
        Content::Word => (Format::Docx, docx::read(&package, options)?),
        Content::Text => (Format::Odt, odt::read(&package, options)?),
        Content::Book => (Format::Epub, epub::read(&package, options)?),
        Content::Workbook | Content::Sheets => (Format::Spreadsheet, sheet::page(source, options)?),
        Content::Slides => (Format::Slides, slides::read_pptx(&package, options)?),
        // Pages of shapes, which the reader of texts reads in their order.
        Content::Presentation => (Format::Slides, odt::read(&package, options)?),
        Content::Pages => (Format::Ofd, pdf::read_ofd(&package, options)?),
    };
    Ok(Some((format, None, page)))
}

/// A file of Office 97 to 2003, or an encrypted one of a later version.
fn compound(
    source: Source<'_>,
    file: &Compound<'_>,
    options: &Options<'_>,
) -> Result<Option<Found>, ImportError> {
    if doc::is_document(file) {
        return Ok(Some((Format::Doc, None, doc::read(file, options)?)));
    }
    if sheet::is_old_workbook(file) {
        return Ok(Some((Format::Spreadsheet, None, sheet::page(source, options)?)));
    }
    if file.has("EncryptedPackage") {
        return Err(locked("Office"));
    }
    Ok(None)
}
