//! Searches kept under a name.

use crate::archive::Archive;
use crate::error::{Result, internal};
use crate::library::Collation;
use crate::reports::ids;
use anjuan_protocol as wire;
use anjuan_protocol::Nothing;
use anjuan_store::{SavedSearch, SearchId};
use serde::{Deserialize, Serialize};

/// What the file keeps of a search.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    question: wire::Question,
    sort: wire::SearchSort,
}

fn to_wire(saved: SavedSearch) -> wire::SavedSearch {
    // What a later version keeps and this one cannot read is an empty question under its name.
    let kept: Kept = serde_json::from_str(&saved.question).unwrap_or_default();
    wire::SavedSearch {
        id: saved.id.to_string(),
        name: saved.name,
        question: kept.question,
        sort: kept.sort,
    }
}

impl Archive {
    /// The searches that are kept, by name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn saved_searches(&self, _: &Nothing) -> Result<Vec<wire::SavedSearch>> {
        let all = self.read(|r| r.searches())?;
        let collation = Collation::new(self.order_of_text()?);
        let mut all: Vec<wire::SavedSearch> = all.into_iter().map(to_wire).collect();
        all.sort_by_cached_key(|saved| collation.key(&saved.name));
        Ok(all)
    }

    /// Keeps a search, or changes one that is kept.
    ///
    /// # Errors
    /// When the name is empty or another's, or the one to change is not there.
    pub fn save_search(&self, request: &wire::SaveSearchRequest) -> Result<wire::SavedSearch> {
        let id: Option<SearchId> = self.parse(request.id.as_deref().map(str::parse).transpose())?;
        let kept = Kept { question: request.question.clone(), sort: request.sort };
        let question = serde_json::to_string(&kept).map_err(internal)?;
        let id = self.edit("search_save", None, |w| match id {
            Some(id) => w.update_search(id, request.name.trim(), &question).map(|()| id),
            None => w.create_search(request.name.trim(), &question),
        })?;
        self.read(|r| r.search(id)).map(to_wire)
    }

    /// Forgets searches that are kept, as one step.
    ///
    /// # Errors
    /// When one is not there.
    pub fn delete_searches(&self, request: &wire::IdsRequest) -> Result<Nothing> {
        let all: Vec<SearchId> = self.parse(ids(&request.ids))?;
        self.edit("search_delete", None, |w| all.iter().try_for_each(|&id| w.delete_search(id)))?;
        Ok(Nothing {})
    }
}
