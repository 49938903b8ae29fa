//! What the user said of single files.

use crate::error::Result;
use crate::reports::metadata_patch;
use anjuan_protocol as wire;
use anjuan_store::{MetadataPatch, ReportId};
use std::collections::HashMap;

/// What the user said of a file.
pub(super) struct Choice {
    pub(super) action: wire::ImportAction,
    pub(super) of: Option<ReportId>,
    pub(super) password: Option<String>,
    pub(super) encoding: Option<String>,
    pub(super) metadata: Option<MetadataPatch>,
    /// Repairs of this very file that are taken back.
    pub(super) undo: Vec<u32>,
    /// Pieces set aside of this very file that are put back.
    pub(super) restore: Vec<u32>,
}

impl Choice {
    /// Whether it is to be a report whatever it is like or seems to be.
    pub(super) fn forced(&self) -> bool {
        matches!(self.action, wire::ImportAction::Keep | wire::ImportAction::Version)
    }
}

/// What the user said, by path.
#[derive(Default)]
pub(super) struct Choices(HashMap<String, Choice>);

impl Choices {
    pub(super) fn new(all: &[wire::ImportChoice]) -> Result<Self> {
        let mut choices = HashMap::with_capacity(all.len());
        for choice in all {
            let of = choice.of.as_deref().map(str::parse).transpose();
            let of: Option<ReportId> =
                of.map_err(|_| crate::error::bad_request("That is no report's identifier."))?;
            if matches!(choice.action, wire::ImportAction::Version) && of.is_none() {
                return Err(crate::error::bad_request(
                    "Which report it is a version of is missing.",
                ));
            }
            choices.insert(
                choice.path.clone(),
                Choice {
                    action: choice.action.clone(),
                    of,
                    password: choice.password.clone().filter(|p| !p.is_empty()),
                    encoding: choice.encoding.clone().filter(|e| !e.is_empty()),
                    metadata: choice.metadata.as_ref().map(metadata_patch).transpose()?,
                    undo: choice.undo.clone(),
                    restore: choice.restore.clone(),
                },
            );
        }
        Ok(Self(choices))
    }

    /// What is said of one file.
    pub(super) fn one(path: &str, choice: Choice) -> Self {
        Self(HashMap::from([(path.to_owned(), choice)]))
    }

    /// Whether something in a container is to be a report whatever it seems to be.
    pub(super) fn force_within(&self, container: &str) -> bool {
        self.of(container).is_some_and(Choice::forced)
            || self.0.iter().any(|(path, choice)| {
                choice.forced()
                    && path.strip_prefix(container).is_some_and(|rest| rest.starts_with("!/"))
            })
    }

    /// What was said of a file, and not of what it is in.
    pub(super) fn of_itself(&self, path: &str) -> Option<&Choice> {
        self.0.get(path)
    }

    /// What was said of a file, or of the nearest folder or container that it is in.
    pub(super) fn of(&self, path: &str) -> Option<&Choice> {
        if self.0.is_empty() {
            return None;
        }
        let mut at = path;
        loop {
            if let Some(choice) = self.0.get(at) {
                return Some(choice);
            }
            let parent = at.rfind(['/', '\\'])?;
            at = at[..parent].trim_end_matches('!');
            if at.is_empty() {
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_or_container_speaks_for_what_is_in_it() {
        let said = |path: &str, password: &str| wire::ImportChoice {
            path: path.into(),
            action: wire::ImportAction::Take,
            of: None,
            password: Some(password.into()),
            encoding: None,
            metadata: None,
            undo: Vec::new(),
            restore: Vec::new(),
        };
        let all =
            [said("/a/b.zip", "zip"), said("/a/b.zip!/c/d.pdf", "file"), said("/a", "folder")];
        let choices = Choices::new(&all).unwrap_or_else(|error| panic!("{error}"));
        let password = |path: &str| choices.of(path).and_then(|c| c.password.clone());
        for (path, expected) in [
            ("/a/b.zip!/c/d.pdf", Some("file")),
            ("/a/b.zip!/c/e.pdf", Some("zip")),
            ("/a/b.zip", Some("zip")),
            ("/a/x/y.pdf", Some("folder")),
            ("/b/x.pdf", None),
        ] {
            assert_eq!(password(path).as_deref(), expected, "{path}");
        }
    }
}
