//! The codebook, and the tags that the picker offers.

use crate::archive::Archive;
use crate::error::Result;
use crate::pinyin;
use crate::reports::ids;
use anjuan_protocol as wire;
use anjuan_protocol::Nothing;
use anjuan_store::{NewTag, Read, StoreError, Tag, TagId, TagPatch, Write};
use std::collections::HashMap;

/// Colours for new tags, told apart on light and dark paper and by people who see no red or green
/// (Okabe and Ito 2008, with four more of the same lightness).
const COLOURS: [&str; 12] = [
    "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#8f7ee7",
    "#7fb800", "#00a6a6", "#c2685f", "#999933",
];

fn to_wire(tag: &Tag) -> wire::Tag {
    wire::Tag {
        id: tag.id.to_string(),
        name: tag.name.clone(),
        parent: tag.parent.map(|p| p.to_string()),
        colour: tag.colour.clone(),
        description: tag.description.clone(),
        passages: tag.passages,
    }
}

/// Finds the tag at a path (`为侨服务/法律援助`), making what is missing.
pub(crate) fn ensure_tag(
    w: &mut Write<'_>,
    path: &str,
    above: Option<TagId>,
    colour: Option<&str>,
    description: &str,
) -> std::result::Result<TagId, StoreError> {
    let names: Vec<&str> = path.split('/').map(str::trim).filter(|n| !n.is_empty()).collect();
    let Some((last, before)) = names.split_last() else { return Err(StoreError::NameEmpty) };
    let mut parent = above;
    for name in before {
        parent = Some(match w.read().find_tag(parent, name)? {
            Some(found) => found,
            None => create(w, name, parent, None, "")?,
        });
    }
    match w.read().find_tag(parent, last)? {
        Some(found) => Ok(found),
        None => create(w, last, parent, colour, description),
    }
}

fn create(
    w: &mut Write<'_>,
    name: &str,
    parent: Option<TagId>,
    colour: Option<&str>,
    description: &str,
) -> std::result::Result<TagId, StoreError> {
    let colour = match colour {
        Some(colour) => colour.to_owned(),
        None => free_colour(&w.read())?.to_owned(),
    };
    w.create_tag(&NewTag { name, parent, colour: &colour, description })
}

/// The colour that the fewest tags have.
fn free_colour(read: &Read<'_>) -> std::result::Result<&'static str, StoreError> {
    let tags = read.tags()?;
    let used = |colour: &str| tags.iter().filter(|t| t.colour.eq_ignore_ascii_case(colour)).count();
    Ok(COLOURS.iter().copied().min_by_key(|c| used(c)).unwrap_or(COLOURS[0]))
}

/// Whether a colour is written `#rrggbb`.
fn is_colour(colour: &str) -> bool {
    colour.len() == 7
        && colour.starts_with('#')
        && colour[1..].bytes().all(|b| b.is_ascii_hexdigit())
}

impl Archive {
    fn checked_colour(colour: Option<&str>) -> Result<Option<&str>> {
        match colour {
            Some(colour) if !is_colour(colour) => Err(crate::error::bad_request(format!(
                "{colour} is not a colour; colours are written #rrggbb."
            ))),
            colour => Ok(colour),
        }
    }

    /// The codebook, each tag with its passages counted.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn tags(&self, _: &Nothing) -> Result<Vec<wire::Tag>> {
        let tags = self.with_reader(|reader| {
            let counted = self.shelf.ask_if_marked(reader, |library, read| {
                let counts = library.tag_counts();
                let mut tags = read.codebook()?;
                for tag in &mut tags {
                    tag.passages = counts.get(&tag.id).copied().unwrap_or(0);
                }
                Ok(tags)
            });
            // Before the library is there, as at the start, the file counts.
            counted.unwrap_or_else(|| reader.read().tags()).map_err(|e| self.fault(e))
        })?;
        Ok(tags.iter().map(to_wire).collect())
    }

    fn tag(&self, id: TagId) -> Result<wire::Tag> {
        self.read(|r| r.tag(id)).map(|t| to_wire(&t))
    }

    /// Adds a tag; one of the same name and parent is returned as it is.
    ///
    /// # Errors
    /// When the parent is not there, the name is empty or the colour is none.
    pub fn create_tag(&self, draft: &wire::TagDraft) -> Result<wire::Tag> {
        let parent = self.parse(draft.parent.as_deref().map(str::parse).transpose())?;
        let colour = Self::checked_colour(draft.colour.as_deref())?;
        let description = draft.description.as_deref().unwrap_or_default();
        let id = self.edit("tag_create", None, |w| {
            ensure_tag(w, &draft.name, parent, colour, description)
        })?;
        self.tag(id)
    }

    /// Changes a tag.
    ///
    /// # Errors
    /// When it or its new parent is not there, the name is taken or empty, or it would stand
    /// below itself.
    pub fn update_tag(&self, request: &wire::UpdateTagRequest) -> Result<wire::Tag> {
        let id: TagId = self.parse(request.id.parse())?;
        Self::checked_colour(request.colour.as_deref())?;
        let parent = match request.parent.as_deref() {
            None => None,
            Some("") => Some(None),
            Some(parent) => Some(Some(self.parse(parent.parse())?)),
        };
        let patch = TagPatch {
            name: request.name.clone(),
            parent,
            colour: request.colour.clone(),
            description: request.description.clone(),
            position: None,
        };
        self.edit("tag_update", None, |w| w.update_tag(id, &patch))?;
        self.tag(id)
    }

    /// Removes tags; their passages stay without them.
    ///
    /// # Errors
    /// When one is not there.
    pub fn delete_tags(&self, request: &wire::IdsRequest) -> Result<Nothing> {
        let all: Vec<TagId> = self.parse(ids(&request.ids))?;
        self.edit("tag_delete", None, |w| all.iter().try_for_each(|&id| w.delete_tag(id)))?;
        Ok(Nothing {})
    }

    /// Tags for the picker: those whose names meet the query by characters, initials or pinyin,
    /// best first; with nothing typed the ones used last.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn suggest_tags(
        &self,
        request: &wire::SuggestTagsRequest,
    ) -> Result<Vec<wire::TagSuggestion>> {
        let (tags, recent) =
            self.read(|r| Ok((r.tags()?, r.recent_tags(request.limit.max(9))?)))?;
        let names: HashMap<TagId, &Tag> = tags.iter().map(|t| (t.id, t)).collect();
        let rank: HashMap<TagId, usize> =
            recent.iter().enumerate().map(|(n, &id)| (id, n)).collect();
        let path = |tag: &Tag| {
            let mut path = vec![tag.name.clone()];
            let mut above = tag.parent;
            while let Some(parent) = above.and_then(|id| names.get(&id)) {
                path.push(parent.name.clone());
                above = parent.parent;
            }
            path.reverse();
            path
        };
        let typed = request.query.trim();
        let mut found: Vec<(&Tag, Option<pinyin::Match>)> = tags
            .iter()
            .filter_map(|tag| match typed {
                "" => Some((tag, None)),
                typed => pinyin::matches(typed, &tag.name).map(|m| (tag, Some(m))),
            })
            .collect();
        found.sort_by_key(|(tag, met)| {
            let used = rank.get(&tag.id).copied().unwrap_or(usize::MAX);
            (*met, used, std::cmp::Reverse(tag.passages), tag.name.chars().count())
        });
        found.truncate(request.limit as usize);
        Ok(found
            .into_iter()
            .map(|(tag, met)| wire::TagSuggestion {
                path: path(tag),
                matched: met.map_or("recent", pinyin::Match::as_str).to_owned(),
                tag: to_wire(tag),
            })
            .collect())
    }
}
