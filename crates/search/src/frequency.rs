//! In how many documents something stands, by the index alone.

use crate::compile::{Compiler, gram};
use crate::index::{Index, IndexError, guarded};
use crate::query::{Node, Phrase};
use crate::schema::id_term;
use anjuan_text::Pattern;
use tantivy::Searcher;
use tantivy::collector::Count;

impl Index {
    /// In how many documents a phrase stands, as the index knows them: changes that are not applied
    /// yet are not looked at, which makes it quick enough to ask for many phrases. 0 where nothing
    /// is left of the phrase once folded, and where the index turns out damaged. Of a phrase of more
    /// than 128 characters it may be more than it is.
    pub fn frequency(&self, phrase: &str) -> u64 {
        self.look(|look| look.frequency(phrase)).unwrap_or_default()
    }

    /// Looks at the index as it is now; `None` where it is damaged.
    pub(crate) fn look<T>(&self, work: impl FnOnce(&Look<'_>) -> tantivy::Result<T>) -> Option<T> {
        if self.is_damaged() {
            return None;
        }
        let snapshot = self.snapshot();
        let look = Look { index: self, searcher: &snapshot.searcher };
        let found: Result<T, IndexError> = guarded(|| Ok(work(&look)?));
        if found.is_err() {
            self.set_damaged();
        }
        found.ok()
    }
}

/// One state of the index.
pub(crate) struct Look<'i> {
    index: &'i Index,
    searcher: &'i Searcher,
}

impl Look<'_> {
    /// How many documents there are.
    pub(crate) fn documents(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Whether it has the document.
    pub(crate) fn has(&self, document: &str) -> tantivy::Result<bool> {
        Ok(self.searcher.doc_freq(&id_term(self.index.fields(), document))? > 0)
    }

    /// In how many documents a phrase stands.
    pub(crate) fn frequency(&self, phrase: &str) -> tantivy::Result<u64> {
        let Some(phrase) = Phrase::new(phrase, true) else { return Ok(0) };
        let fields = self.index.fields();
        let compiler = Compiler { fields, searcher: self.searcher, scored: false };
        let query = compiler.query(&Node::Phrase(phrase), &[])?;
        Ok(self.searcher.search(&*query, &Count)? as u64)
    }

    /// In how many documents a phrase stands at the most, by the rarest pair in it; deleted
    /// documents may count. Much quicker than [`Look::frequency`].
    pub(crate) fn at_most(&self, pattern: &Pattern) -> tantivy::Result<u64> {
        let fields = self.index.fields();
        let mut sum = 0;
        for form in pattern.forms() {
            let field = if form.len() == 1 { fields.singles } else { fields.pairs };
            let mut rarest = u64::MAX;
            for units in form.windows(form.len().min(2)) {
                rarest = rarest.min(self.searcher.doc_freq(&gram(field, units))?);
                if rarest == 0 {
                    break;
                }
            }
            sum += rarest;
        }
        Ok(sum)
    }
}
