//! Collections of reports.

use crate::archive::Archive;
use crate::error::{Result, not_found};
use crate::reports::ids;
use anjuan_protocol as wire;
use anjuan_protocol::Nothing;
use anjuan_store::CollectionId;
use std::ops::ControlFlow;

impl Archive {
    /// The collections: each before those below it, siblings in their order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn collections(&self, _: &Nothing) -> Result<Vec<wire::Collection>> {
        self.library_with_marks(|library, read| {
            let counts = library.collection_counts();
            let to_wire = |c: anjuan_store::Collection| {
                let (reports, reports_below) = counts.get(&c.id).copied().unwrap_or_default();
                wire::Collection {
                    id: c.id.to_string(),
                    name: c.name,
                    parent: c.parent.map(|p| p.to_string()),
                    reports,
                    reports_below,
                }
            };
            Ok(read.collections()?.into_iter().map(to_wire).collect())
        })
    }

    fn collection(&self, id: CollectionId) -> Result<wire::Collection> {
        let id = id.to_string();
        let found = self.collections(&Nothing {})?.into_iter().find(|c| c.id == id);
        found.ok_or_else(|| not_found("The collection", &id))
    }

    /// Adds a collection.
    ///
    /// # Errors
    /// When the name is taken, or the parent or a report is not there.
    pub fn create_collection(&self, draft: &wire::CollectionDraft) -> Result<wire::Collection> {
        let parent = self.parse(draft.parent.as_deref().map(str::parse).transpose())?;
        let reports = self.selected(&draft.reports)?;
        let id = self.edit("collection_create", None, |w| {
            let id = w.create_collection(parent, &draft.name)?;
            reports.iter().try_for_each(|&report| w.add_to_collection(id, report))?;
            Ok(id)
        })?;
        self.collection(id)
    }

    /// Renames a collection.
    ///
    /// # Errors
    /// When it is not there or the name is taken.
    pub fn update_collection(
        &self,
        request: &wire::UpdateCollectionRequest,
    ) -> Result<wire::Collection> {
        let id: CollectionId = self.parse(request.id.parse())?;
        self.edit("collection_update", None, |w| w.rename_collection(id, &request.name))?;
        self.collection(id)
    }

    /// Puts a collection into another, or elsewhere among its siblings.
    ///
    /// # Errors
    /// When it is not there, would lie in itself, or the name is taken there.
    pub fn move_collection(
        &self,
        request: &wire::MoveCollectionRequest,
    ) -> Result<wire::Collection> {
        let id: CollectionId = self.parse(request.id.parse())?;
        let parent = self.parse(request.parent.as_deref().map(str::parse).transpose())?;
        self.edit("collection_move", None, |w| w.move_collection(id, parent, request.position))?;
        self.collection(id)
    }

    /// Puts reports into a collection; those in it already stay.
    ///
    /// # Errors
    /// When it or a report is not there.
    pub fn add_to_collection(
        &self,
        request: &wire::CollectionReportsRequest,
        progress: &mut dyn FnMut(u32, u32) -> ControlFlow<()>,
    ) -> Result<wire::Collection> {
        let id: CollectionId = self.parse(request.id.parse())?;
        let reports = self.selected(&request.reports)?;
        self.read(|r| r.collection(id))?;
        self.edit_each("collection_add", &reports, progress, |w, report| {
            w.add_to_collection(id, report)
        })?;
        self.collection(id)
    }

    /// Takes reports out of a collection; those not in it do not matter.
    ///
    /// # Errors
    /// When it is not there.
    pub fn remove_from_collection(
        &self,
        request: &wire::CollectionReportsRequest,
        progress: &mut dyn FnMut(u32, u32) -> ControlFlow<()>,
    ) -> Result<wire::Collection> {
        let id: CollectionId = self.parse(request.id.parse())?;
        let reports = self.selected(&request.reports)?;
        self.read(|r| r.collection(id))?;
        self.edit_each("collection_remove", &reports, progress, |w, report| {
            w.remove_from_collection(id, report)
        })?;
        self.collection(id)
    }

    /// Removes collections and those below them; the reports stay.
    ///
    /// # Errors
    /// When one is not there.
    pub fn delete_collections(&self, request: &wire::IdsRequest) -> Result<Nothing> {
        let all: Vec<CollectionId> = self.parse(ids(&request.ids))?;
        self.edit("collection_delete", None, |w| {
            // One may lie below another and be gone with it.
            let there = w.read().collections()?;
            if let Some(missing) = all.iter().find(|&&id| there.iter().all(|c| c.id != id)) {
                w.read().collection(*missing)?;
            }
            for &id in &all {
                if !w.read().collection_and_below(id)?.is_empty() {
                    w.delete_collection(id)?;
                }
            }
            Ok(())
        })?;
        Ok(Nothing {})
    }
}
