//! A query as typed, part by part: shown, edited, printed, and understood.

use super::leaf::{Loose, Original, Phrase, Piece, Wildcard};
use super::near::{Near, Relation};
use super::parse::{is_bracket, is_quote, leaf_of, one_or};
use super::{Chip, ChipKind, Expression, Filter, Node, TextField};
use anjuan_text::{CharRange, is_han};
use std::fmt::{self, Display, Formatter, Write as _};

/// A part of a query.
///
/// It prints as a query that reads as the same tree, apart from the ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// What it is.
    pub kind: TreeKind,
    /// Where it was typed, in code points; with its brackets where they hold several parts.
    pub range: CharRange,
}

/// What a part of a query is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TreeKind {
    /// A phrase of the reading text.
    Phrase {
        /// As typed, without marks and signs of the query language.
        text: String,
        /// Whether it was quoted, and so must stand exactly so.
        quoted: bool,
    },
    /// `=計畫`: a phrase in these very characters.
    Original(String),
    /// `侨联工作~`: a phrase with at most one error.
    Loose(String),
    /// `侨*会`: a phrase with wildcards.
    Wildcard(Vec<Piece>),
    /// `/侨[联务]/`: a regular expression; one that cannot be read finds nothing.
    Expression(String),
    /// `地区:长沙`: a field with its value.
    Field {
        /// The field.
        field: Field,
        /// The value, written so that it reads the same.
        value: String,
    },
    /// All of them.
    All(Vec<Tree>),
    /// At least one of them.
    Any(Vec<Tree>),
    /// Not so.
    Not(Box<Tree>),
    /// `甲 NEAR/10 乙 句 丙`: phrases near each other.
    Near {
        /// Phrases, or alternatives of them; two at least.
        parts: Vec<Tree>,
        /// Between each part and the next; one fewer than parts.
        relations: Vec<Relation>,
    },
}

/// A field that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// A field of text.
    Text(TextField),
    /// The year of publication.
    Year,
    /// The date of publication.
    Date,
    /// The length of the reading text.
    Length,
    /// Whether there is a memo.
    Memo,
    /// The script.
    Script,
}

impl Field {
    /// What a chip of it is.
    pub fn chip(self) -> ChipKind {
        match self {
            Self::Text(TextField::Title) => ChipKind::Title,
            Self::Text(TextField::Place) => ChipKind::Place,
            Self::Text(TextField::Source) => ChipKind::Source,
            Self::Text(TextField::Tag) => ChipKind::Tag,
            Self::Text(TextField::Organisation) => ChipKind::Organisation,
            Self::Text(TextField::Author) => ChipKind::Author,
            Self::Text(TextField::Collection) => ChipKind::Collection,
            Self::Year => ChipKind::Year,
            Self::Date => ChipKind::Date,
            Self::Length => ChipKind::Length,
            Self::Memo => ChipKind::Memo,
            Self::Script => ChipKind::Script,
        }
    }

    /// Its name in a query.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text(TextField::Title) => "标题",
            Self::Text(TextField::Place) => "地区",
            Self::Text(TextField::Source) => "来源",
            Self::Text(TextField::Tag) => "标签",
            Self::Text(TextField::Organisation) => "机构",
            Self::Text(TextField::Author) => "作者",
            Self::Text(TextField::Collection) => "集子",
            Self::Year => "年",
            Self::Date => "日期",
            Self::Length => "字数",
            Self::Memo => "备忘",
            Self::Script => "字形",
        }
    }
}

impl Tree {
    /// The name of its kind on the wire; of a field that of its chip.
    pub fn kind(&self) -> &'static str {
        match &self.kind {
            TreeKind::Phrase { .. } => "phrase",
            TreeKind::Original(_) => "original",
            TreeKind::Loose(_) => "loose",
            TreeKind::Wildcard(_) => "wildcard",
            TreeKind::Expression(_) => "expression",
            TreeKind::Field { field, .. } => field.chip().as_str(),
            TreeKind::All(_) => "all",
            TreeKind::Any(_) => "any",
            TreeKind::Not(_) => "not",
            TreeKind::Near { .. } => "near",
        }
    }

    /// What is looked for, without marks and signs; `None` where it is its children.
    pub fn value(&self) -> Option<String> {
        Some(match &self.kind {
            TreeKind::Phrase { text, .. } | TreeKind::Original(text) | TreeKind::Loose(text) => {
                text.trim().to_owned()
            }
            TreeKind::Wildcard(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.as_str(),
                    Piece::One => "?",
                    Piece::Any => "*",
                })
                .collect(),
            TreeKind::Expression(source) => source.clone(),
            TreeKind::Field { value, .. } => value.clone(),
            TreeKind::All(_) | TreeKind::Any(_) | TreeKind::Not(_) | TreeKind::Near { .. } => {
                return None;
            }
        })
    }

    /// What stands between its children, as it is typed, or in front of its only one.
    pub fn operators(&self) -> Vec<String> {
        let between = |name: &str, nodes: &[Self]| vec![name.to_owned(); nodes.len().max(1) - 1];
        match &self.kind {
            TreeKind::All(nodes) => between("AND", nodes),
            TreeKind::Any(nodes) => between("OR", nodes),
            TreeKind::Not(_) => vec!["NOT".to_owned()],
            TreeKind::Near { relations, .. } => relations.iter().map(|r| r.typed()).collect(),
            _ => Vec::new(),
        }
    }

    /// Its parts.
    pub fn children(&self) -> &[Self] {
        match &self.kind {
            TreeKind::All(nodes) | TreeKind::Any(nodes) => nodes,
            TreeKind::Near { parts, .. } => parts,
            TreeKind::Not(node) => std::slice::from_ref(node),
            _ => &[],
        }
    }

    /// Whether it is something that can be near something.
    pub(super) fn is_text(&self) -> bool {
        match &self.kind {
            TreeKind::Phrase { .. }
            | TreeKind::Original(_)
            | TreeKind::Loose(_)
            | TreeKind::Wildcard(_)
            | TreeKind::Expression(_) => true,
            TreeKind::Any(nodes) => nodes.iter().all(Self::is_text),
            _ => false,
        }
    }

    /// What it asks of a document; `None` where nothing is left to look for.
    pub fn condition(&self) -> Option<Node> {
        let all = |nodes: &[Self]| nodes.iter().filter_map(Self::condition).collect::<Vec<_>>();
        match &self.kind {
            TreeKind::Phrase { text, quoted } => Phrase::new(text, *quoted).map(Node::Phrase),
            TreeKind::Original(text) => Original::new(text).map(Node::Original),
            TreeKind::Loose(text) => Loose::new(text).map(Node::Loose),
            TreeKind::Wildcard(pieces) => Wildcard::new(pieces).map(Node::Wildcard),
            TreeKind::Expression(source) => {
                Some(Expression::new(source).map_or(Node::nothing(), Node::Expression))
            }
            TreeKind::Field { field, value } => {
                let filters: Vec<Filter> = field.value(value)?.filters;
                one_or(filters.into_iter().map(Node::Filter).collect(), Node::Any)
            }
            TreeKind::All(nodes) => one_or(all(nodes), Node::All),
            TreeKind::Any(nodes) => one_or(all(nodes), Node::Any),
            TreeKind::Not(node) => Some(Node::Not(Box::new(node.condition()?))),
            TreeKind::Near { parts, relations } => {
                let conditions = all(parts);
                let whole = conditions.len() == relations.len() + 1;
                if conditions.len() > 1 && whole && parts.iter().all(Self::is_text) {
                    return Some(Node::Near(Near {
                        parts: conditions,
                        relations: relations.clone(),
                    }));
                }
                one_or(conditions, Node::All)
            }
        }
    }

    /// Its leaves in the order typed; a row of phrases near each other is one.
    pub fn chips(&self) -> Vec<Chip> {
        fn collect(tree: &Tree, excluded: bool, chips: &mut Vec<Chip>) {
            let (kind, text) = match &tree.kind {
                TreeKind::All(nodes) | TreeKind::Any(nodes) => {
                    return nodes.iter().for_each(|node| collect(node, excluded, chips));
                }
                TreeKind::Not(node) => return collect(node, !excluded, chips),
                TreeKind::Phrase { text, .. } => (ChipKind::Phrase, text.trim().to_owned()),
                TreeKind::Field { field, value } => (field.chip(), value.clone()),
                TreeKind::Original(_)
                | TreeKind::Loose(_)
                | TreeKind::Wildcard(_)
                | TreeKind::Expression(_)
                | TreeKind::Near { .. } => (ChipKind::Phrase, tree.to_string()),
            };
            chips.push(Chip { kind, text, excluded });
        }
        let mut chips = Vec::new();
        collect(self, false, &mut chips);
        chips
    }

    /// Printed with brackets where it holds several parts.
    fn bracketed(&self, f: &mut Formatter<'_>, holds_several: bool) -> fmt::Result {
        if holds_several { write!(f, "({self})") } else { self.print(f) }
    }

    /// Prints it as a part of something.
    fn print(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let is_all = |tree: &Self| matches!(tree.kind, TreeKind::All(_));
        let is_any = |tree: &Self| matches!(tree.kind, TreeKind::Any(_));
        let is_not = |tree: &Self| matches!(tree.kind, TreeKind::Not(_));
        match &self.kind {
            TreeKind::Phrase { text, quoted: true } => f.write_str(&quoted(text)),
            TreeKind::Phrase { text, quoted: false } => {
                f.write_str(&bare(&self.kind, &[Piece::Text(text.clone())]))
            }
            TreeKind::Wildcard(pieces) => f.write_str(&bare(&self.kind, pieces)),
            TreeKind::Original(text) if text.chars().all(is_han) => write!(f, "={text}"),
            TreeKind::Original(text) => write!(f, "={}", quoted(text)),
            TreeKind::Loose(text) => {
                let plain = format!("{text}~");
                let same = leaf_of(&plain).as_ref() == Some(&self.kind);
                if same && !text.contains(is_special) {
                    f.write_str(&plain)
                } else {
                    write!(f, "{}~", quoted(text))
                }
            }
            TreeKind::Expression(source) => write!(f, "/{source}/"),
            TreeKind::Field { field, value } => {
                let plain = |c: char| c.is_alphanumeric() || c == '/';
                let bare = !matches!(field, Field::Text(_))
                    || (value.chars().all(plain) && value.starts_with(char::is_alphanumeric));
                let value = if bare { value.clone() } else { quoted(value) };
                write!(f, "{}:{value}", field.name())
            }
            TreeKind::All(nodes) => {
                for (at, node) in nodes.iter().enumerate() {
                    if at > 0 {
                        f.write_char(' ')?;
                    }
                    node.bracketed(f, is_all(node) || is_any(node))?;
                }
                Ok(())
            }
            TreeKind::Any(nodes) => {
                for (at, node) in nodes.iter().enumerate() {
                    if at > 0 {
                        f.write_str(" OR ")?;
                    }
                    node.bracketed(f, is_any(node))?;
                }
                Ok(())
            }
            TreeKind::Not(node) => {
                f.write_char('-')?;
                node.bracketed(f, is_all(node) || is_any(node) || is_not(node))
            }
            TreeKind::Near { parts, relations } => {
                for (at, part) in parts.iter().enumerate() {
                    if let Some(relation) = at.checked_sub(1).and_then(|at| relations.get(at)) {
                        write!(f, " {} ", relation.typed())?;
                    }
                    part.bracketed(f, is_any(part))?;
                }
                Ok(())
            }
        }
    }
}

impl Display for Tree {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            // A dash in front of the only phrase is text.
            TreeKind::Not(node) if matches!(node.kind, TreeKind::Phrase { .. }) => {
                f.write_str("NOT ")?;
                node.print(f)
            }
            _ => self.print(f),
        }
    }
}

/// A text in quotation marks.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 6);
    quoted.push('“');
    for c in text.chars() {
        if matches!(c, '"' | '“' | '”' | '＂' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('”');
    quoted
}

/// Whether a character can end a part or open another.
fn is_special(c: char) -> bool {
    c.is_whitespace() || c == '\\' || is_bracket(c) || is_quote(c)
}

/// A part without quotation marks, with no more backslashes than it takes to be read as such.
fn bare(kind: &TreeKind, pieces: &[Piece]) -> String {
    let mut escapes: [fn(char) -> bool; 2] = [is_special, |c| !c.is_alphanumeric()];
    let mut written = String::new();
    for escape in &mut escapes {
        written.clear();
        for piece in pieces {
            match piece {
                Piece::One => written.push('?'),
                Piece::Any => written.push('*'),
                Piece::Text(text) => {
                    for c in text.chars() {
                        if escape(c) {
                            written.push('\\');
                        }
                        written.push(c);
                    }
                }
            }
        }
        if leaf_of(&written).as_ref() == Some(kind) {
            return written;
        }
    }
    // The name of an operator or a field.
    if written.starts_with(char::is_alphanumeric) {
        written.insert(0, '\\');
    }
    written
}
