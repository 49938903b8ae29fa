//! The example archive: reports written for the project, already tagged.

use crate::app::Shell;
use crate::archive::Archive;
use crate::error::{Result, internal, unwritable};
use anjuan_store::{ReportId, StoreError};
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

static SOURCES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../examples");

/// File name of the example archive, in the program's own folder.
pub(crate) const NAME: &str = "案卷示例.anjuan";

/// What the tagged passages of the example are.
#[derive(Deserialize)]
struct Codebook {
    tags: Vec<ExampleTag>,
    passages: Vec<ExamplePassage>,
    collections: Vec<ExampleCollection>,
}

#[derive(Deserialize)]
struct ExampleTag {
    name: String,
    parent: Option<String>,
    colour: String,
    description: String,
}

#[derive(Deserialize)]
struct ExamplePassage {
    file: String,
    quote: String,
    tags: Vec<String>,
    #[serde(default)]
    memo: String,
}

#[derive(Deserialize)]
struct ExampleCollection {
    name: String,
    files: Vec<String>,
}

/// The path of the example archive, which is made where it is missing. It is built under another
/// name and renamed when whole, so a kill leaves none rather than half of one.
pub(crate) fn prepare(shell: &Shell) -> Result<PathBuf> {
    let folder = &shell.folders.data;
    let path = folder.join(NAME);
    if path.exists() {
        return Ok(path);
    }
    fs::create_dir_all(folder).map_err(|e| unwritable(folder, &e))?;
    let building = folder.join(format!("{NAME}.building"));
    for leftover in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{leftover}", building.display()));
    }
    let archive = Archive::create(&building, shell, "示例".to_owned())?;
    fill(&archive)?;
    drop(archive); // the last connection folds the log into the file, which then stands alone
    fs::rename(&building, &path).map_err(|e| unwritable(&path, &e))?;
    Ok(path)
}

fn fill(archive: &Archive) -> Result<()> {
    let codebook = SOURCES.get_file("codebook.json").ok_or_else(|| internal("no codebook"))?;
    let codebook: Codebook = serde_json::from_slice(codebook.contents()).map_err(internal)?;
    let mut names: Vec<&str> =
        codebook.collections.iter().flat_map(|c| &c.files).map(String::as_str).collect();
    names.extend(codebook.passages.iter().map(|p| p.file.as_str()));
    names.sort_unstable();
    names.dedup();
    // Files that nothing refers to belong to the example too.
    let mut files: Vec<(&str, &[u8])> = Vec::new();
    for file in SOURCES.files() {
        let name = file.path().to_str().unwrap_or_default();
        let ending = file.path().extension().and_then(|e| e.to_str()).unwrap_or_default();
        if matches!(ending, "txt" | "html" | "htm") {
            files.push((name, file.contents()));
        }
    }
    files.sort_unstable();
    let mut reports = HashMap::new();
    for (name, bytes) in files {
        let item = archive.import_bytes(name, bytes, "example")?;
        if let Some(report) = item.report {
            reports.insert(name, report);
        }
    }
    if let Some(missing) = names.iter().find(|n| !reports.contains_key(**n)) {
        return Err(internal(format!("the example has no report {missing}")));
    }
    archive.add_example(
        codebook.tags.into_iter().map(|t| (t.name, t.parent, t.colour, t.description)),
        codebook
            .passages
            .into_iter()
            .map(|p| (reports[p.file.as_str()].clone(), p.quote, p.tags, p.memo)),
        codebook
            .collections
            .into_iter()
            .map(|c| (c.name, c.files.iter().map(|f| reports[f.as_str()].clone()).collect())),
    )
}

impl Archive {
    /// Adds the codebook, passages and collections of the example, in one step.
    fn add_example(
        &self,
        tags: impl IntoIterator<Item = (String, Option<String>, String, String)>,
        passages: impl IntoIterator<Item = (String, String, Vec<String>, String)>,
        collections: impl IntoIterator<Item = (String, Vec<String>)>,
    ) -> Result<()> {
        let passages: Vec<(ReportId, String, Vec<String>, String)> = passages
            .into_iter()
            .map(|(report, quote, tags, memo)| Ok((self.parse(report.parse())?, quote, tags, memo)))
            .collect::<Result<_>>()?;
        let collections: Vec<(String, Vec<ReportId>)> = collections
            .into_iter()
            .map(|(name, reports)| Ok((name, self.parse(crate::reports::ids(&reports))?)))
            .collect::<Result<_>>()?;
        self.edit("example", None, |w| {
            let mut known = std::collections::HashMap::new();
            for (name, parent, colour, description) in tags {
                let above = parent.as_deref().and_then(|p| known.get(p).copied());
                let id = crate::tags::ensure_tag(w, &name, above, Some(&colour), &description)?;
                known.insert(name, id);
            }
            for (report, quote, names, memo) in &passages {
                let text = w.read().text(w.read().report(*report)?.revision)?;
                let Some(at) = text.find(quote.as_str()) else {
                    return Err(StoreError::Damaged(format!("the example does not say “{quote}”")));
                };
                let start = text[..at].chars().count() as u32;
                let range =
                    anjuan_text::CharRange::new(start, start + quote.chars().count() as u32);
                let ids: Vec<_> = names.iter().filter_map(|n| known.get(n).copied()).collect();
                w.create_passage(&crate::passages::new_passage(*report, range, &ids, memo))?;
            }
            for (name, reports) in &collections {
                let id = w.create_collection(None, name)?;
                reports.iter().try_for_each(|&report| w.add_to_collection(id, report))?;
            }
            Ok(())
        })
    }
}
