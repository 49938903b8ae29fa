//! The archive's reports as the index reads them.

use anjuan_import::places;
use anjuan_search::query::{Filter, Mark, Query};
use anjuan_search::{Document, DocumentChange, Index, SearchError, Source};
use anjuan_store::{Change, ChangeKind, CollectionId, ReadStore, ReportId, StoreError, TagId};
use anjuan_text::{BlockKind, Folded, GAP};
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

/// An archive read through one connection.
pub(crate) struct ArchiveSource<'s> {
    reader: &'s ReadStore,
    id: &'s str,
    /// Names of tags and collections, read once: a source lives for one search or one catch-up.
    names: OnceCell<Names>,
}

struct Names {
    /// Name and path from the top of each tag.
    tags: HashMap<TagId, (String, String)>,
    /// Name of each collection.
    collections: HashMap<CollectionId, String>,
}

impl<'s> ArchiveSource<'s> {
    pub(crate) fn new(reader: &'s ReadStore, id: &'s str) -> Self {
        Self { reader, id, names: OnceCell::new() }
    }

    fn names(&self) -> Result<&Names, StoreError> {
        if let Some(names) = self.names.get() {
            return Ok(names);
        }
        let tags = self.reader.read().codebook()?;
        let parents: HashMap<TagId, (&str, Option<TagId>)> =
            tags.iter().map(|t| (t.id, (t.name.as_str(), t.parent))).collect();
        let path = |id: TagId| {
            let mut parts = Vec::new();
            let mut next = Some(id);
            while let Some((name, parent)) = next.and_then(|id| parents.get(&id)) {
                parts.push(*name);
                next = *parent;
                if parts.len() > parents.len() {
                    break; // a ring, which the store does not let happen
                }
            }
            parts.reverse();
            parts.join("/")
        };
        let paths = tags.iter().map(|t| (t.id, (t.name.clone(), path(t.id)))).collect();
        let collections = self.reader.read().collections()?;
        let collections = collections.into_iter().map(|c| (c.id, c.name)).collect();
        Ok(self.names.get_or_init(|| Names { tags: paths, collections }))
    }
}

impl Source for ArchiveSource<'_> {
    type Error = StoreError;

    fn archive_id(&self) -> String {
        self.id.to_owned()
    }

    fn sequence(&self) -> Result<u64, StoreError> {
        self.reader.read().sequence()
    }

    fn changes_after(&self, seq: u64, limit: usize) -> Result<Vec<DocumentChange>, StoreError> {
        let changes =
            self.reader.read().changes_after(seq, u32::try_from(limit).unwrap_or(u32::MAX))?;
        // Only changes of reports themselves have something for the index; a name that is none
        // passes the number on, so that the index can still tell how far it is.
        let change = |c: Change| {
            let report = c.report.filter(|_| c.kind == ChangeKind::Report);
            let document = report.map_or_else(String::new, |r| r.to_string());
            DocumentChange { seq: c.seq, document }
        };
        Ok(changes.into_iter().map(change).collect())
    }

    fn marked(&self, mark: Mark<'_>) -> Result<BTreeSet<String>, StoreError> {
        let read = self.reader.read();
        let mut marked = BTreeSet::new();
        let mut add = |reports: Vec<ReportId>| {
            marked.extend(reports.into_iter().map(|report| report.to_string()));
        };
        match mark {
            Mark::Tag(_) => {
                for (tag, (name, path)) in &self.names()?.tags {
                    if mark.means(name) || mark.means(path) {
                        add(read.reports_with_tag(*tag)?);
                    }
                }
            }
            Mark::Collection(_) => {
                for (collection, name) in &self.names()?.collections {
                    if mark.means(name) {
                        add(read.collection_reports(*collection)?);
                    }
                }
            }
            Mark::Memo => add(read.reports_with_memo()?),
        }
        Ok(marked)
    }

    fn document(&self, id: &str) -> Result<Option<Document>, StoreError> {
        let Ok(id) = id.parse::<ReportId>() else { return Ok(None) };
        let read = self.reader.read();
        let report = match read.report(id) {
            Ok(report) => report,
            Err(StoreError::Missing { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let text = read.report_text(report.revision)?;
        let metadata = report.metadata;
        let headings = text.blocks.iter().filter(|b| b.kind == BlockKind::Heading);
        Ok(Some(Document {
            id: id.to_string(),
            title: metadata.title.unwrap_or_default(),
            headings: headings.map(|b| b.range).collect(),
            text: text.text,
            places: metadata.place.as_deref().map(places::ancestors).unwrap_or_default(),
            place: metadata.place,
            organisation: metadata.organisation,
            source: metadata.source,
            authors: metadata.authors,
            published: metadata.published,
            script: metadata.script.map(|s| s.as_str().to_owned()),
            // Its marks are asked for where a query needs them.
            ..Document::default()
        }))
    }

    fn all(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.reader.read().report_ids()?.into_iter().map(|id| id.to_string()).collect())
    }
}

/// A prime, so that multiples of it spread evenly over a text of any length.
const GOLDEN: usize = 618_033_989;

/// Looks windows of one to eight characters of stored texts up in the index; returns how many were
/// looked up and how many of those did not return their report.
pub(crate) fn sample(
    source: &ArchiveSource<'_>,
    index: &Index,
    count: usize,
) -> Result<(u32, u32), SearchError<StoreError>> {
    let all = source.all().map_err(SearchError::Source)?;
    let (mut sampled, mut missed) = (0, 0);
    for n in 0..count {
        // Evenly over the reports and over each text: no randomness is needed, and every check
        // looks at the same windows.
        let Some(id) = all.get(n * all.len() / count) else { break };
        let Some(document) = source.document(id).map_err(SearchError::Source)? else { continue };
        let folded = Folded::new(&document.text);
        let units = folded.units();
        if units.is_empty() {
            continue;
        }
        let from = n * GOLDEN % units.len();
        let window: String = units[from..]
            .iter()
            .take(1 + n % 8)
            .map(|u| if u.folded == GAP { '，' } else { u.folded })
            .collect();
        if window.trim_matches('，').is_empty() {
            continue;
        }
        let query = Query::phrase(&window).and(Filter::Documents([id.clone()].into()));
        sampled += 1;
        if index.search(source, &query, 0, 1)?.total == 0 {
            missed += 1;
        }
    }
    Ok((sampled, missed))
}
