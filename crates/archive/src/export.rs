//! Annotated PDFs.

use crate::archive::{Archive, lock};
use crate::error::{Result, internal, unwritable};
use crate::import::Cancel;
use anjuan_export::{
    Document, ExportError, Fonts, Labels, Options, Paper, Passage, TagStyle, annotated_pdf_watched,
};
use anjuan_protocol as wire;
use anjuan_protocol::{CommandError, ErrorCode};
use anjuan_store::{AnchorState, PassageFilter, ReportId, TagId};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

/// Fonts, looked for when they are first needed: opening forty faces takes some 50 ms.
pub(crate) struct SharedFonts {
    folders: Vec<PathBuf>,
    fonts: OnceLock<Fonts>,
}

impl SharedFonts {
    pub(crate) fn of(folders: &[PathBuf]) -> Arc<Self> {
        Arc::new(Self { folders: folders.to_vec(), fonts: OnceLock::new() })
    }

    pub(crate) fn get(&self) -> Result<&Fonts> {
        if let Some(fonts) = self.fonts.get() {
            return Ok(fonts);
        }
        let fonts = Fonts::in_folders(&self.folders).map_err(|error| {
            CommandError::new(ErrorCode::MissingFont, format!("No font can be used: {error}."))
                .hint("Install a Chinese font, for example the package fonts-noto-cjk.")
        })?;
        Ok(self.fonts.get_or_init(|| fonts))
    }
}

/// The folders where a system keeps its fonts.
pub fn system_font_folders(home: Option<&Path>) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = if cfg!(target_os = "macos") {
        vec!["/System/Library/Fonts".into(), "/Library/Fonts".into()]
    } else if cfg!(windows) {
        vec!["C:\\Windows\\Fonts".into()]
    } else {
        // The last is where Flatpak shows the fonts of the system it runs on.
        vec!["/usr/share/fonts".into(), "/usr/local/share/fonts".into(), "/run/host/fonts".into()]
    };
    let own = if cfg!(target_os = "macos") {
        "Library/Fonts"
    } else if cfg!(windows) {
        "AppData\\Local\\Microsoft\\Windows\\Fonts"
    } else {
        ".local/share/fonts"
    };
    folders.extend(home.map(|home| home.join(own)));
    folders
}

fn rgb(colour: &str) -> [u8; 3] {
    let part = |at: usize| {
        let digits = colour.get(at..at + 2);
        digits.and_then(|d| u8::from_str_radix(d, 16).ok()).unwrap_or(0xcc)
    };
    [part(1), part(3), part(5)]
}

impl Archive {
    /// Writes reports as one annotated PDF. The file appears whole or not at all. What is told are
    /// characters typeset, and in all.
    ///
    /// # Errors
    /// When a report is not there, no font can be used, or the file cannot be written.
    pub fn export_pdf(
        &self,
        request: &wire::ExportPdfRequest,
        cancel: &Cancel,
        tell: &mut (dyn FnMut(u32, u32) + Send),
    ) -> Result<wire::ExportResult> {
        let fonts = self.fonts.get()?;
        let tags = self.read(|r| r.tags())?;
        let number: HashMap<TagId, usize> =
            tags.iter().enumerate().map(|(n, t)| (t.id, n)).collect();
        let mut wanted: HashSet<TagId> = HashSet::new();
        for tag in &request.tags {
            let tag: TagId = self.parse(tag.parse())?;
            wanted.extend(self.read(|r| r.tag_and_below(tag))?);
        }
        let mut documents = Vec::new();
        for id in &request.reports {
            if cancel.asked() {
                return Err(stopped());
            }
            let id: ReportId = self.parse(id.parse())?;
            let (report, text) = self.current_text(id)?;
            let passages =
                self.read(|r| r.passages(&PassageFilter { report: Some(id), tag: None }))?;
            let shown = |p: &anjuan_store::Passage| {
                p.state != AnchorState::Lost
                    && p.revision == report.revision
                    && (wanted.is_empty() || p.tags.iter().any(|t| wanted.contains(t)))
            };
            let passage = |p: anjuan_store::Passage| Passage {
                id: p.id.to_string(),
                range: p.range,
                tags: p.tags.iter().filter_map(|t| number.get(t).copied()).collect(),
                memo: p.memo,
                coder: p.coder,
                created: p.created_at,
                modified: p.modified_at,
            };
            let metadata = report.metadata;
            documents.push(Document {
                title: metadata.title,
                published: metadata.published,
                source: metadata.source,
                authors: metadata.authors,
                editor: metadata.editor,
                place: metadata.place,
                organisation: metadata.organisation,
                script: metadata.script,
                text: text.text,
                blocks: text.blocks,
                passages: passages.into_iter().filter(shown).map(passage).collect(),
            });
        }
        let styles: Vec<TagStyle> = tags
            .into_iter()
            .map(|t| TagStyle { colour: rgb(&t.colour), name: t.name, description: t.description })
            .collect();
        let options = Options {
            legend: request.legend,
            index: request.index,
            memos: request.memos,
            coders: request.coders,
            paper: Paper::named(&request.paper),
            font: request.font.clone(),
            labels: Labels::of(&request.language),
            language: request.language.clone(),
            created: self.clock.stamp(),
            ..Options::default()
        };
        let tell = Mutex::new(tell);
        let watch = |done, total| {
            lock(&tell)(done, total);
            !cancel.asked()
        };
        let pdf = annotated_pdf_watched(fonts, &documents, &styles, &options, &watch).map_err(
            |error| match error {
                ExportError::Stopped => stopped(),
                error => internal(error),
            },
        )?;
        if cancel.asked() {
            return Err(stopped());
        }
        let path = Path::new(&request.path);
        write_whole(path, &pdf.bytes)?;
        Ok(wire::ExportResult {
            path: request.path.clone(),
            pages: pdf.pages,
            highlights: pdf.highlights,
            bytes: pdf.bytes.len() as u64,
            unplaced: pdf
                .unplaced
                .into_iter()
                .filter_map(|u| {
                    let report = request.reports.get(u.document)?.clone();
                    Some(wire::UnplacedPassage { report, passage: u.passage })
                })
                .collect(),
            missing: pdf.missing.iter().map(char::to_string).collect(),
        })
    }
}

fn stopped() -> CommandError {
    CommandError::new(ErrorCode::Cancelled, "The export was stopped; no file was written.")
}

/// Writes beside the file and renames, so that a reader never meets half of it.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let fresh = path.with_file_name(format!(".{name}.new"));
    std::fs::write(&fresh, bytes).and_then(|()| std::fs::rename(&fresh, path)).map_err(|error| {
        let _ = std::fs::remove_file(&fresh);
        unwritable(path, &error)
    })
}
