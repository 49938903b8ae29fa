//! Changing a query part by part, and other queries that may be meant.

use crate::archive::{Archive, lock};
use crate::error::{Result, bad_request};
use anjuan_protocol as wire;
use anjuan_search::query::{self, Edit, EditError, Tree, TreeKind};
use anjuan_search::{Names, SuggestionKind};
use std::sync::{Arc, Mutex};

/// Phrases of a query that something is suggested for.
const PHRASES: usize = 4;
/// Suggestions of each kind for a phrase.
const EACH: usize = 6;

/// The names in the archive at one state of it.
#[derive(Default)]
pub(crate) struct KnownNames(Mutex<Option<(u64, Arc<Names>)>>);

impl Archive {
    /// Changes a part of a query.
    ///
    /// # Errors
    /// When the query has no such part, or it cannot be changed so.
    pub fn edit_query(&self, request: &wire::EditQueryRequest) -> Result<String> {
        let path: Vec<usize> = request.path.iter().map(|&at| at as usize).collect();
        let edit = match &request.edit {
            wire::QueryEdit::Remove => Edit::Remove,
            wire::QueryEdit::Replace { text } => Edit::Replace(text.clone()),
            wire::QueryEdit::Negate => Edit::Negate,
            wire::QueryEdit::Quote => Edit::Quote,
        };
        query::edit(&request.query, &path, &edit).map_err(|error| match error {
            EditError::NoSuchPart => bad_request("The query has no such part any more."),
            EditError::NotPossible => bad_request("This part of the query cannot be changed so.")
                .hint("Change it in the search field."),
        })
    }

    /// Other queries that may be meant: what letters spell, what sounds the same, the words for it
    /// elsewhere. Each finds something.
    ///
    /// # Errors
    /// When file or index cannot be read.
    pub fn suggest_queries(&self, question: &wire::Question) -> Result<Vec<wire::QuerySuggestion>> {
        let Some(tree) = query::parse(&question.query).tree else { return Ok(Vec::new()) };
        let mut phrases = Vec::new();
        collect(&tree, &mut Vec::new(), &mut phrases);
        phrases.truncate(PHRASES);
        let (index, names) = (self.index()?, self.names()?);
        let mut suggestions = Vec::new();
        for (path, phrase) in phrases {
            for suggested in index.suggest(&names, phrase, EACH) {
                let edit = Edit::Replace(suggested.text.clone());
                let Ok(query) = query::edit(&question.query, &path, &edit) else { continue };
                suggestions.push(wire::QuerySuggestion {
                    kind: match suggested.kind {
                        SuggestionKind::Pinyin => wire::SuggestionKind::Pinyin,
                        SuggestionKind::Homophone => wire::SuggestionKind::Homophone,
                        SuggestionKind::Region => wire::SuggestionKind::Region,
                    },
                    text: suggested.text,
                    query,
                    total: u32::try_from(suggested.total).unwrap_or(u32::MAX),
                });
            }
        }
        Ok(suggestions)
    }

    /// The names of places, organisations, authors and tags.
    fn names(&self) -> Result<Arc<Names>> {
        let sequence = self.sequence()?;
        if let Some((known, names)) = &*lock(&self.known_names.0)
            && *known == sequence
        {
            return Ok(Arc::clone(names));
        }
        let mut names = self.library(|library, _| Ok(library.names()))?;
        names.extend(self.read(|r| r.codebook())?.into_iter().map(|tag| tag.name));
        let names = Arc::new(Names::new(names));
        *lock(&self.known_names.0) = Some((sequence, Arc::clone(&names)));
        Ok(names)
    }
}

/// The phrases of a query that are not excluded, each with the way to it.
fn collect<'t>(tree: &'t Tree, path: &mut Vec<usize>, phrases: &mut Vec<(Vec<usize>, &'t str)>) {
    match &tree.kind {
        TreeKind::Phrase { text, .. } => phrases.push((path.clone(), text)),
        TreeKind::Not(_) => {}
        _ => {
            for (at, child) in tree.children().iter().enumerate() {
                path.push(at);
                collect(child, path, phrases);
                path.pop();
            }
        }
    }
}
