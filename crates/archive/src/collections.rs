//! Collections of reports.

use crate::archive::Archive;
use crate::error::{Result, not_found};
use crate::reports::ids;
use anjuan_protocol as wire;
use anjuan_protocol::Nothing;
use anjuan_store::{CollectionId, ReportId};

fn to_wire(collection: anjuan_store::Collection) -> wire::Collection {
    wire::Collection {
        id: collection.id.to_string(),
        name: collection.name,
        reports: collection.reports.iter().map(ToString::to_string).collect(),
    }
}

impl Archive {
    /// The collections.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn collections(&self, _: &Nothing) -> Result<Vec<wire::Collection>> {
        Ok(self.read(|r| r.collections())?.into_iter().map(to_wire).collect())
    }

    fn collection(&self, id: CollectionId) -> Result<wire::Collection> {
        let found = self.read(|r| r.collections())?.into_iter().find(|c| c.id == id);
        found.map(to_wire).ok_or_else(|| not_found("The collection", &id.to_string()))
    }

    /// Adds a collection.
    ///
    /// # Errors
    /// When the name is taken or a report is not there.
    pub fn create_collection(&self, draft: &wire::CollectionDraft) -> Result<wire::Collection> {
        let reports: Vec<ReportId> = self.parse(ids(&draft.reports))?;
        let id = self.edit("collection_create", None, |w| {
            let id = w.create_collection(&draft.name)?;
            w.add_to_collection(id, &reports)?;
            Ok(id)
        })?;
        self.collection(id)
    }

    /// Renames a collection or changes its members.
    ///
    /// # Errors
    /// When it is not there, the name is taken, or a report is not there.
    pub fn update_collection(
        &self,
        request: &wire::UpdateCollectionRequest,
    ) -> Result<wire::Collection> {
        let id: CollectionId = self.parse(request.id.parse())?;
        let add: Vec<ReportId> = self.parse(ids(&request.add))?;
        let remove: Vec<ReportId> = self.parse(ids(&request.remove))?;
        self.edit("collection_update", None, |w| {
            if let Some(name) = &request.name {
                w.rename_collection(id, name)?;
            }
            w.add_to_collection(id, &add)?;
            w.remove_from_collection(id, &remove)
        })?;
        self.collection(id)
    }

    /// Removes collections; their reports stay.
    ///
    /// # Errors
    /// When one is not there.
    pub fn delete_collections(&self, request: &wire::IdsRequest) -> Result<Nothing> {
        let all: Vec<CollectionId> = self.parse(ids(&request.ids))?;
        self.edit("collection_delete", None, |w| {
            all.iter().try_for_each(|&id| w.delete_collection(id))
        })?;
        Ok(Nothing {})
    }
}
