//! An archive in memory.

use anjuan_search::query::Mark;
use anjuan_search::{
    Document, DocumentChange, FoldedDocument, Index, Page, Progress, Query, Source,
};
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

/// Documents with the changes made to them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Archive {
    pub(crate) id: String,
    pub(crate) documents: BTreeMap<String, Document>,
    pub(crate) changes: Vec<String>,
}

impl Archive {
    pub(crate) fn new(id: &str) -> Self {
        Self { id: id.to_owned(), ..Self::default() }
    }

    /// Archive with texts as documents `000`, `001` and so on.
    pub(crate) fn of_texts<T: AsRef<str>>(texts: &[T]) -> Self {
        let mut archive = Self::new("archive");
        for (number, text) in texts.iter().enumerate() {
            archive.put(text_document(number, text.as_ref()));
        }
        archive
    }

    pub(crate) fn put(&mut self, document: Document) {
        self.changes.push(document.id.clone());
        self.documents.insert(document.id.clone(), document);
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.changes.push(id.to_owned());
        self.documents.remove(id);
    }

    /// The identifiers of the documents that the query is defined to find.
    pub(crate) fn scan(&self, query: &Query) -> Vec<String> {
        self.documents
            .values()
            .filter(|document| query.matches(&FoldedDocument::new(document)).is_some())
            .map(|document| document.id.clone())
            .collect()
    }
}

pub(crate) fn text_document(number: usize, text: &str) -> Document {
    Document { id: format!("{number:03}"), text: text.to_owned(), ..Document::default() }
}

impl Source for Archive {
    type Error = Infallible;

    fn archive_id(&self) -> String {
        self.id.clone()
    }

    fn sequence(&self) -> Result<u64, Infallible> {
        Ok(self.changes.len() as u64)
    }

    fn changes_after(&self, seq: u64, limit: usize) -> Result<Vec<DocumentChange>, Infallible> {
        Ok((seq as usize..self.changes.len())
            .take(limit)
            .map(|at| DocumentChange { seq: at as u64 + 1, document: self.changes[at].clone() })
            .collect())
    }

    fn document(&self, id: &str) -> Result<Option<Document>, Infallible> {
        Ok(self.documents.get(id).cloned())
    }

    fn marked(&self, mark: Mark<'_>) -> Result<BTreeSet<String>, Infallible> {
        let marked = self.documents.values().filter(|document| mark.is_on(document));
        Ok(marked.map(|document| document.id.clone()).collect())
    }

    fn all(&self) -> Result<Vec<String>, Infallible> {
        Ok(self.documents.keys().cloned().collect())
    }
}

pub(crate) fn go_on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// An index that knows all of the archive.
pub(crate) fn index_of(dir: &Path, archive: &Archive) -> Index {
    let index = Index::open(dir, &archive.id).expect("the folder can be used").index;
    let target = archive.changes.len() as u64;
    let catch_up = || index.catch_up(archive, &mut go_on).expect("the archive can be read");
    let mut applied = catch_up();
    // A program that another test is just starting holds a copy of every lock of this process until
    // it is its own program, and looks like one that is catching up the same index.
    for _ in 0..100 {
        if applied == target {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
        applied = catch_up();
    }
    assert_eq!(applied, target, "all changes are applied");
    index
}

/// All hits.
pub(crate) fn search(index: &Index, archive: &Archive, query: &Query) -> Page {
    index.search(archive, query, 0, usize::MAX).expect("the index can be searched")
}

/// The identifiers of all hits, sorted.
pub(crate) fn found(index: &Index, archive: &Archive, query: &Query) -> Vec<String> {
    let page = search(index, archive, query);
    let mut ids: Vec<String> = page.hits.into_iter().map(|hit| hit.document).collect();
    assert_eq!(ids.len(), page.total, "the count is that of the hits");
    ids.sort_unstable();
    ids
}
