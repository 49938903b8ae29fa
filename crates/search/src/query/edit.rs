//! Changes of one part of a query, as its parts are shown: taken out, replaced, excluded, quoted.

use super::leaf::Piece;
use super::parse::parse;
use super::tree::{Tree, TreeKind};
use anjuan_text::CharRange;

/// What to do with a part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Takes it out, with the operator that it leaves behind.
    Remove,
    /// Puts another query in its place; one that finds nothing takes it out. Beside NEAR, 句 and 段
    /// a query that is no phrase is put there as one.
    Replace(String),
    /// Excludes it, or no longer.
    Negate,
    /// Asks for the phrase exactly as it stands, or no longer.
    Quote,
}

/// Why a query stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// It has no such part.
    #[error("the query has no such part")]
    NoSuchPart,
    /// The part cannot be changed so: what is no phrase cannot be quoted, and what is near something
    /// cannot be excluded.
    #[error("this part of the query cannot be changed so")]
    NotPossible,
}

/// Changes a part of a query as typed and prints the whole. `path` is the way to the part: the
/// number of each part among its siblings, see [`Tree::children`].
///
/// # Errors
/// Where there is no such part, or where it cannot be changed so.
pub fn edit(typed: &str, path: &[usize], edit: &Edit) -> Result<String, EditError> {
    let Some(tree) = parse(typed).tree else { return Err(EditError::NoSuchPart) };
    let edited = tree.edited(path, edit)?;
    let printed = edited.as_ref().map_or_else(String::new, Tree::to_string);
    // A query of too many or too deep parts is read as one phrase; it must not become one so.
    let read = parse(&printed).tree;
    let same = read.as_ref().map(Tree::without_ranges) == edited.as_ref().map(Tree::without_ranges);
    if same { Ok(printed) } else { Err(EditError::NotPossible) }
}

impl Tree {
    /// This with one part changed; `None` where nothing is left. Ranges of what was not typed are
    /// empty.
    ///
    /// # Errors
    /// As [`edit`].
    pub fn edited(&self, path: &[usize], edit: &Edit) -> Result<Option<Self>, EditError> {
        let Some((&at, rest)) = path.split_first() else { return self.changed(edit) };
        let child = self.children().get(at).ok_or(EditError::NoSuchPart)?;
        // What is excluded is no longer so where its part is negated once more.
        if rest.is_empty()
            && *edit == Edit::Negate
            && let TreeKind::Not(inner) = &self.kind
        {
            return Ok(Some((**inner).clone()));
        }
        let child = match (child.edited(rest, edit)?, &self.kind, edit) {
            (Some(child), TreeKind::Near { .. }, Edit::Replace(text))
                if !child.is_text() && !matches!(child.kind, TreeKind::Near { .. }) =>
            {
                Some(Self::made(TreeKind::Phrase { text: text.clone(), quoted: true }))
            }
            (Some(child), TreeKind::Near { .. }, _)
                if !child.is_text() && !matches!(child.kind, TreeKind::Near { .. }) =>
            {
                return Err(EditError::NotPossible);
            }
            (child, ..) => child,
        };
        Ok(self.with_child(at, child))
    }

    fn made(kind: TreeKind) -> Self {
        Self { kind, range: CharRange::default() }
    }

    /// This as a whole, changed.
    fn changed(&self, edit: &Edit) -> Result<Option<Self>, EditError> {
        let text = |text: &str, quoted| TreeKind::Phrase { text: text.trim().to_owned(), quoted };
        Ok(Some(match (edit, &self.kind) {
            (Edit::Remove, _) => return Ok(None),
            (Edit::Replace(text), _) => return Ok(parse(text).tree),
            (Edit::Negate, TreeKind::Not(inner)) => (**inner).clone(),
            (Edit::Negate, _) => Self::made(TreeKind::Not(Box::new(self.clone()))),
            (Edit::Quote, TreeKind::Phrase { text: phrase, quoted }) => {
                Self::made(text(phrase, !quoted))
            }
            (Edit::Quote, TreeKind::Original(phrase) | TreeKind::Loose(phrase)) => {
                Self::made(text(phrase, true))
            }
            (Edit::Quote, TreeKind::Wildcard(pieces)) => {
                let only = pieces.iter().filter_map(|piece| match piece {
                    Piece::Text(text) => Some(text.as_str()),
                    Piece::One | Piece::Any => None,
                });
                Self::made(text(&only.collect::<String>(), true))
            }
            (Edit::Quote, TreeKind::Not(inner)) => {
                let inner = inner.changed(edit)?;
                return Ok(inner.map(|inner| Self::made(TreeKind::Not(Box::new(inner)))));
            }
            (Edit::Quote, _) => return Err(EditError::NotPossible),
        }))
    }

    /// This with another child in one place, or with none there.
    fn with_child(&self, at: usize, child: Option<Self>) -> Option<Self> {
        let replaced = |nodes: &[Self]| {
            let mut nodes = nodes.to_vec();
            match child.clone() {
                Some(child) => nodes[at] = child,
                None => drop(nodes.remove(at)),
            }
            nodes
        };
        let several = |nodes: &[Self], join: fn(Vec<Self>) -> TreeKind| {
            super::parse::one_or(replaced(nodes), |nodes| Self { kind: join(nodes), ..*self })
        };
        match &self.kind {
            TreeKind::All(nodes) => several(nodes, TreeKind::All),
            TreeKind::Any(nodes) => several(nodes, TreeKind::Any),
            TreeKind::Not(_) => match child? {
                // Not not so.
                Self { kind: TreeKind::Not(inner), .. } => Some(*inner),
                child => Some(Self { kind: TreeKind::Not(Box::new(child)), ..*self }),
            },
            TreeKind::Near { parts, relations } => {
                let mut relations = relations.clone();
                if child.is_none() && !relations.is_empty() {
                    relations.remove(at.saturating_sub(1));
                }
                let mut row = replaced(parts).into_iter();
                let mut tree = row.next()?;
                for (next, relation) in row.zip(relations) {
                    tree = tree.near(relation, next);
                }
                Some(tree)
            }
            _ => child,
        }
    }

    /// The same with no ranges.
    pub(super) fn without_ranges(&self) -> Self {
        let bare = |nodes: &[Self]| nodes.iter().map(Self::without_ranges).collect();
        Self::made(match &self.kind {
            TreeKind::All(nodes) => TreeKind::All(bare(nodes)),
            TreeKind::Any(nodes) => TreeKind::Any(bare(nodes)),
            TreeKind::Not(node) => TreeKind::Not(Box::new(node.without_ranges())),
            TreeKind::Near { parts, relations } => {
                TreeKind::Near { parts: bare(parts), relations: relations.clone() }
            }
            kind => kind.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_changed() {
        let replace = |text: &str| Edit::Replace(text.to_owned());
        for (typed, path, change, expect) in [
            ("侨联 计划", &[0][..], Edit::Remove, "计划"),
            ("侨联", &[], Edit::Remove, ""),
            ("侨联 AND 计划 OR 甲", &[1], Edit::Remove, "侨联 计划"),
            ("侨联 计划 OR 甲", &[0, 1], Edit::Remove, "侨联 OR 甲"),
            ("甲 NEAR/5 乙 句 丙", &[1], Edit::Remove, "甲 句 丙"),
            ("甲 NEAR/5 乙", &[0], Edit::Remove, "乙"),
            ("侨联 -地区:长沙", &[1, 0], Edit::Remove, "侨联"),
            ("侨联 -地区:长沙", &[1], Edit::Negate, "侨联 地区:长沙"),
            ("侨联 -地区:长沙", &[1, 0], Edit::Negate, "侨联 地区:长沙"),
            ("侨联 地区:长沙", &[1], Edit::Negate, "侨联 -地区:长沙"),
            ("侨联 -(甲 或 乙)", &[1, 0, 1], Edit::Remove, "侨联 -甲"),
            ("侨联 (甲 或 乙)", &[1], Edit::Negate, "侨联 -(甲 OR 乙)"),
            ("侨联", &[], Edit::Negate, "NOT 侨联"),
            ("侨联 计划", &[0], Edit::Quote, "“侨联” 计划"),
            ("“侨联” 计划", &[0], Edit::Quote, "侨联 计划"),
            ("“侨联 计划”", &[], Edit::Quote, "侨联\\ 计划"),
            ("侨联工作~", &[], Edit::Quote, "“侨联工作”"),
            ("侨*会", &[], Edit::Quote, "“侨会”"),
            ("侨联 计划", &[0], replace("侨务 或 侨资"), "(侨务 OR 侨资) 计划"),
            ("甲 句 乙", &[1], replace("丙"), "甲 句 丙"),
            ("甲 句 乙", &[1], replace("丙 丁"), "甲 句 “丙 丁”"),
            ("甲 句 乙", &[1], replace("丙 段 丁"), "甲 句 丙 段 丁"),
            ("甲 乙", &[1], replace("或"), "甲 \\或"),
            ("甲 乙", &[1], replace(""), "甲"),
            ("-侨联 甲", &[0, 0], replace("NOT 丙"), "丙 甲"),
            ("年:2018 甲", &[0], replace("年:2019"), "年:2019 甲"),
        ] {
            let found = edit(typed, path, &change);
            assert_eq!(found.as_deref(), Ok(expect), "{typed} {path:?} {change:?}");
        }
        for (typed, path, change, expect) in [
            ("", &[][..], Edit::Remove, EditError::NoSuchPart),
            ("甲 乙", &[2], Edit::Remove, EditError::NoSuchPart),
            ("甲 乙", &[0, 0], Edit::Remove, EditError::NoSuchPart),
            ("甲 句 乙", &[0], Edit::Negate, EditError::NotPossible),
            ("甲 句 乙", &[], Edit::Quote, EditError::NotPossible),
            ("年:2018", &[], Edit::Quote, EditError::NotPossible),
            ("甲 乙", &[0], replace(&"丙 ".repeat(48)), EditError::NotPossible),
        ] {
            assert_eq!(edit(typed, path, &change), Err(expect), "{typed} {path:?} {change:?}");
        }
    }
}
