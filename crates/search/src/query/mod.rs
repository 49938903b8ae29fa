//! The query: what is looked for, and what it means for one document.

mod edit;
mod expression;
mod leaf;
mod near;
mod parse;
#[cfg(test)]
mod tests;
mod tree;
mod value;

pub use edit::{Edit, EditError, edit};
pub use expression::Expression;
pub(crate) use expression::Needs;
pub use leaf::{Loose, Original, Phrase, Piece, Wildcard};
pub(crate) use leaf::{Run, Step};
pub(crate) use near::rows;
pub use near::{Near, Relation};
pub use parse::parse;
pub use tree::{Field, Tree, TreeKind};

use crate::document::{Day, Document, FoldedDocument};
use anjuan_text::{CharRange, Folded, GAP, Pattern, Script};
use leaf::contains;
use std::collections::BTreeSet;

/// Units of the longest phrase that the index decides alone. What has more is read and looked at,
/// which is quicker than to look thousands of pairs up.
pub(crate) const LONGEST_DECIDED: usize = 128;

/// A query as understood, with what to show of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The query.
    pub query: Query,
    /// The query as it was typed, part by part; `None` finds nothing.
    pub tree: Option<Tree>,
    /// Its parts in the order typed.
    pub chips: Vec<Chip>,
    /// What was repaired, left out or should be said.
    pub notes: Vec<Note>,
}

/// What a part of a query looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChipKind {
    /// The reading text.
    Phrase,
    /// The title alone.
    Title,
    /// The place or one above it.
    Place,
    /// The year of publication.
    Year,
    /// The date of publication.
    Date,
    /// The length of the reading text.
    Length,
    /// Whether there is a memo.
    Memo,
    /// Where it was published.
    Source,
    /// A tag or one above it.
    Tag,
    /// The organisation that reports.
    Organisation,
    /// Who wrote it.
    Author,
    /// A collection.
    Collection,
    /// Simplified or traditional.
    Script,
}

impl ChipKind {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phrase => "phrase",
            Self::Title => "title",
            Self::Place => "place",
            Self::Year => "year",
            Self::Date => "date",
            Self::Length => "length",
            Self::Memo => "memo",
            Self::Source => "source",
            Self::Tag => "tag",
            Self::Organisation => "organisation",
            Self::Author => "author",
            Self::Collection => "collection",
            Self::Script => "script",
        }
    }
}

/// A part of a query as understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// What it looks at.
    pub kind: ChipKind,
    /// What it looks for.
    pub text: String,
    /// Whether documents with it are left out.
    pub excluded: bool,
}

/// What there is to say about a query. Closed, so that every one has a translation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoteCode {
    /// Nothing but punctuation or white space: nothing is found.
    NothingToSearch,
    /// A quotation mark without its partner was taken as text.
    UnbalancedQuote,
    /// A bracket without its partner was left out.
    UnbalancedParenthesis,
    /// An operator without a word on both sides was left out.
    DanglingOperator,
    /// A field without a value was left out.
    EmptyField,
    /// A year that cannot be read was left out or taken as text.
    InvalidYear,
    /// A date that cannot be read was left out or taken as text.
    InvalidDate,
    /// A length that cannot be read was left out or taken as text.
    InvalidLength,
    /// Something else than memos was asked to be there; it was left out or taken as text.
    InvalidMemo,
    /// A script that is neither simplified nor traditional was left out or taken as text.
    InvalidScript,
    /// An expression between slashes cannot be read and finds nothing.
    InvalidExpression,
    /// `~` behind a single character or a long text was left out.
    NotLoose,
    /// Something that is no phrase stood beside NEAR, 句 or 段, which was left out.
    NearWithoutPhrase,
    /// Many words: taken as one phrase, as pasted text is meant.
    TakenAsPhrase,
    /// Nothing stands exactly so; what follows has the words one by one.
    NoExactHits,
    /// An expression that the index cannot help with was not looked for in all documents.
    NotAllRead,
}

impl NoteCode {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NothingToSearch => "nothing_to_search",
            Self::UnbalancedQuote => "unbalanced_quote",
            Self::UnbalancedParenthesis => "unbalanced_parenthesis",
            Self::DanglingOperator => "dangling_operator",
            Self::EmptyField => "empty_field",
            Self::InvalidYear => "invalid_year",
            Self::InvalidDate => "invalid_date",
            Self::InvalidLength => "invalid_length",
            Self::InvalidMemo => "invalid_memo",
            Self::InvalidScript => "invalid_script",
            Self::InvalidExpression => "invalid_expression",
            Self::NotLoose => "not_loose",
            Self::NearWithoutPhrase => "near_without_phrase",
            Self::TakenAsPhrase => "taken_as_phrase",
            Self::NoExactHits => "no_exact_hits",
            Self::NotAllRead => "not_all_read",
        }
    }
}

/// Something to say about a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Which.
    pub code: NoteCode,
    /// One English sentence with the particulars.
    pub message: String,
    /// What of the query as typed it is about, in code points; `None` where it is about all of it.
    pub range: Option<CharRange>,
}

/// What to look for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// The condition; `None` finds nothing.
    pub root: Option<Node>,
    /// Whether a search goes on behind the exact hits with those that have the words one by one.
    pub relaxed: bool,
    /// The order of hits that answer it equally well.
    pub sort: Sort,
}

/// An order of hits. Equal ones come by identifier, those without a date or place last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    /// Most relevant first.
    #[default]
    Relevance,
    /// Most recent first; a date counts as its first day.
    Newest,
    /// Oldest first.
    Oldest,
    /// By the place as shown, in the order of code points.
    Place,
    /// Longest first.
    Longest,
    /// Shortest first.
    Shortest,
}

impl Sort {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Relevance, Self::Newest, Self::Oldest, Self::Place, Self::Longest, Self::Shortest];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Place => "place",
            Self::Longest => "longest",
            Self::Shortest => "shortest",
        }
    }
}

/// A condition on documents.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// The phrase stands in the reading text.
    Phrase(Phrase),
    /// The phrase stands there in these very characters.
    Original(Original),
    /// The phrase stands there with at most one error.
    Loose(Loose),
    /// The phrase with wildcards stands there.
    Wildcard(Wildcard),
    /// The regular expression is found there.
    Expression(Expression),
    /// Phrases stand near each other there.
    Near(Near),
    /// A field has a value.
    Filter(Filter),
    /// All of them.
    All(Vec<Node>),
    /// At least one of them.
    Any(Vec<Node>),
    /// At least so many of them.
    AtLeast(usize, Vec<Node>),
    /// Not so.
    Not(Box<Node>),
}

/// A field of text beside the reading text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextField {
    /// [`Document::title`].
    Title,
    /// [`Document::place`] and [`Document::places`].
    Place,
    /// [`Document::source`].
    Source,
    /// [`Document::organisation`].
    Organisation,
    /// [`Document::authors`].
    Author,
    /// [`Document::tags`]; see [`Mark`].
    Tag,
    /// [`Document::collections`]; see [`Mark`].
    Collection,
}

impl TextField {
    /// Whether a value counts only as a whole, or as whole steps of a path: the tag 经济 is not
    /// meant by 经, and 产业/农业 is meant by 产业.
    pub(crate) fn whole(self) -> bool {
        self == Self::Tag
    }

    /// The values that a document has.
    pub(crate) fn values(self, document: &Document) -> Vec<&str> {
        match self {
            Self::Title => vec![document.title.as_str()],
            Self::Place => {
                document.place.iter().chain(&document.places).map(String::as_str).collect()
            }
            Self::Source => document.source.as_deref().into_iter().collect(),
            Self::Tag => document.tags.iter().map(String::as_str).collect(),
            Self::Organisation => document.organisation.as_deref().into_iter().collect(),
            Self::Author => document.authors.iter().map(String::as_str).collect(),
            Self::Collection => document.collections.iter().map(String::as_str).collect(),
        }
    }

    /// Whether a value is meant by a pattern.
    fn is(self, value: &str, pattern: &Pattern) -> bool {
        let folded = self.units(value);
        self.forms(pattern).iter().any(|form| contains(folded.units(), form))
    }

    /// The forms to look for among the units that [`TextField::units`] gives.
    pub(crate) fn forms(self, pattern: &Pattern) -> Vec<Vec<char>> {
        let bounded = |form: &Vec<char>| {
            let mut bounded = Vec::with_capacity(form.len() + 2);
            bounded.push(GAP);
            bounded.extend_from_slice(form);
            bounded.push(GAP);
            bounded
        };
        if self.whole() {
            pattern.forms().iter().map(bounded).collect()
        } else {
            pattern.forms().to_vec()
        }
    }

    /// A value as units; where only whole values count, with a gap on both sides.
    pub(crate) fn units(self, value: &str) -> Folded {
        if self.whole() { Folded::new(&format!("/{value}/")) } else { Folded::new(value) }
    }
}

/// A condition on a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// A field of text has the value, folded; see [`TextField`] for which.
    Text {
        /// The field.
        field: TextField,
        /// The value as typed.
        value: String,
        /// Folded; never empty.
        pattern: Pattern,
    },
    /// Published in one of these years, both included; `None` is open.
    Years {
        /// The first year.
        from: Option<i32>,
        /// The last year.
        to: Option<i32>,
    },
    /// Published in this span of days, both ends included; `None` is open. A date that is known
    /// less precisely than the span counts where it may lie inside: 2018 is found by 2018-05.
    Dates {
        /// The first day.
        from: Option<Day>,
        /// The last day.
        to: Option<Day>,
    },
    /// So many characters of the reading text, white space aside, both included; `None` is open.
    Length {
        /// The fewest.
        from: Option<i64>,
        /// The most.
        to: Option<i64>,
    },
    /// Whether it has a memo.
    Memo(bool),
    /// Written in this script.
    Script(Script),
    /// One of these documents, as a caller's own filter finds them.
    Documents(BTreeSet<String>),
}

impl Filter {
    /// A condition on a field of text; `None` where nothing is left of the value once folded.
    pub fn text(field: TextField, value: &str) -> Option<Self> {
        let pattern = Pattern::new(value);
        (!pattern.is_empty()).then(|| Self::Text { field, value: value.to_owned(), pattern })
    }

    /// What it asks of what users add to documents, where it asks that.
    fn mark(&self) -> Option<Mark<'_>> {
        match self {
            Self::Text { field: TextField::Tag, pattern, .. } => Some(Mark::Tag(pattern)),
            Self::Text { field: TextField::Collection, pattern, .. } => {
                Some(Mark::Collection(pattern))
            }
            Self::Memo(_) => Some(Mark::Memo),
            _ => None,
        }
    }

    fn holds(&self, document: &Document) -> bool {
        match self {
            Self::Text { field, pattern, .. } => {
                field.values(document).into_iter().any(|value| field.is(value, pattern))
            }
            Self::Years { from, to } => {
                document.year().is_some_and(|year| lies(*from, *to, (year, year)))
            }
            Self::Dates { from, to } => {
                document.published_between().is_some_and(|known| lies(*from, *to, known))
            }
            Self::Length { from, to } => {
                let length = document.length();
                lies(*from, *to, (length, length))
            }
            Self::Memo(memo) => document.memo == *memo,
            Self::Script(script) => document.script.as_deref() == Some(script.as_str()),
            Self::Documents(ids) => ids.contains(&document.id),
        }
    }
}

/// What users add to documents. The index does not hold it, so that a passage more does not put its
/// whole document into the index again; the source says which documents have it.
#[derive(Debug, Clone, Copy)]
pub enum Mark<'q> {
    /// A tag of this name or path.
    Tag(&'q Pattern),
    /// A collection of this name.
    Collection(&'q Pattern),
    /// A memo.
    Memo,
}

impl Mark<'_> {
    /// Whether a tag's name or path, or a collection's name, is meant.
    pub fn means(self, name: &str) -> bool {
        match self {
            Self::Tag(pattern) => TextField::Tag.is(name, pattern),
            Self::Collection(pattern) => TextField::Collection.is(name, pattern),
            Self::Memo => false,
        }
    }

    /// Whether a document has it.
    pub fn is_on(self, document: &Document) -> bool {
        match self {
            Self::Tag(_) => document.tags.iter().any(|tag| self.means(tag)),
            Self::Collection(_) => document.collections.iter().any(|name| self.means(name)),
            Self::Memo => document.memo,
        }
    }
}

/// Whether the span has something in common with what may be open at either end.
fn lies<T: PartialOrd>(from: Option<T>, to: Option<T>, (first, last): (T, T)) -> bool {
    from.is_none_or(|from| from <= last) && to.is_none_or(|to| first <= to)
}

impl Query {
    /// A query for one phrase, exactly as given.
    pub fn phrase(text: &str) -> Self {
        Self { root: Phrase::new(text, true).map(Node::Phrase), ..Self::default() }
    }

    /// This query, narrowed by a filter. A query that finds nothing stays so.
    #[must_use]
    pub fn and(self, filter: Filter) -> Self {
        let root = self.root.map(|root| Node::All(vec![root, Node::Filter(filter)]));
        Self { root, ..self }
    }

    /// Where the query's phrases stand in the document, sorted, each place once, or `None` where
    /// the document is no hit. Excluded phrases have no place; a query of filters alone matches
    /// without places.
    pub fn matches(&self, document: &FoldedDocument<'_>) -> Option<Vec<CharRange>> {
        let root = self.root.as_ref()?;
        root.holds(document).then(|| root.places(document))
    }
}

impl Node {
    /// What nothing meets.
    pub(crate) fn nothing() -> Self {
        Self::Any(Vec::new())
    }

    /// Whether the document meets the condition.
    pub(crate) fn holds(&self, document: &FoldedDocument<'_>) -> bool {
        match self {
            Self::Phrase(phrase) => phrase.stands(document),
            Self::Near(near) => near.stands(document),
            Self::Loose(loose) => loose.stands(document),
            Self::Original(_) | Self::Wildcard(_) | Self::Expression(_) => {
                !self.runs(document).is_empty()
            }
            Self::Filter(filter) => filter.holds(document.document()),
            Self::All(nodes) => nodes.iter().all(|node| node.holds(document)),
            Self::Any(nodes) => nodes.iter().any(|node| node.holds(document)),
            Self::AtLeast(least, nodes) => {
                nodes.iter().filter(|node| node.holds(document)).take(*least).count() == *least
            }
            Self::Not(node) => !node.holds(document),
        }
    }

    /// The condition with what it asks of marks as the documents that have them.
    pub(crate) fn resolved<E>(
        &self,
        marked: &impl Fn(Mark<'_>) -> Result<BTreeSet<String>, E>,
    ) -> Result<Self, E> {
        let all = |nodes: &[Self]| -> Result<Vec<Self>, E> {
            nodes.iter().map(|node| node.resolved(marked)).collect()
        };
        Ok(match self {
            Self::Filter(filter) => match filter.mark() {
                Some(mark) => {
                    let found = Self::Filter(Filter::Documents(marked(mark)?));
                    if *filter == Filter::Memo(false) { Self::Not(Box::new(found)) } else { found }
                }
                None => self.clone(),
            },
            Self::All(nodes) => Self::All(all(nodes)?),
            Self::Any(nodes) => Self::Any(all(nodes)?),
            Self::AtLeast(least, nodes) => Self::AtLeast(*least, all(nodes)?),
            Self::Not(node) => Self::Not(Box::new(node.resolved(marked)?)),
            Self::Phrase(_)
            | Self::Original(_)
            | Self::Loose(_)
            | Self::Wildcard(_)
            | Self::Expression(_)
            | Self::Near(_) => self.clone(),
        })
    }

    /// Where what is looked for in the text stands, as runs of units in order; alternatives stand
    /// where any of them does.
    pub(crate) fn runs(&self, document: &FoldedDocument<'_>) -> Vec<Run> {
        match self {
            Self::Phrase(phrase) => phrase.found(document),
            Self::Original(original) => original.found(document),
            Self::Loose(loose) => loose.found(document),
            Self::Wildcard(wildcard) => wildcard.found(document),
            Self::Expression(expression) => expression.found(document),
            Self::Near(near) => near.found(document),
            Self::Any(nodes) => {
                let mut runs: Vec<Run> =
                    nodes.iter().flat_map(|node| node.runs(document)).collect();
                runs.sort_unstable_by_key(|run| (run.start, run.end));
                runs.dedup();
                runs
            }
            Self::Filter(_) | Self::All(_) | Self::AtLeast(..) | Self::Not(_) => Vec::new(),
        }
    }

    /// Every place of everything that is looked for in the text and not excluded, sorted, each
    /// once.
    pub(crate) fn places(&self, document: &FoldedDocument<'_>) -> Vec<CharRange> {
        let text = document.text();
        let mut places: Vec<CharRange> = self
            .leaves()
            .into_iter()
            .flat_map(|leaf| leaf.runs(document))
            .map(|run| text.span(run))
            .collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// What is looked for in the text and not excluded, a row of phrases near each other as one.
    pub(crate) fn leaves(&self) -> Vec<&Self> {
        fn collect<'n>(node: &'n Node, excluded: bool, found: &mut Vec<&'n Node>) {
            match node {
                Node::Phrase(_)
                | Node::Original(_)
                | Node::Loose(_)
                | Node::Wildcard(_)
                | Node::Expression(_)
                | Node::Near(_) => {
                    if !excluded {
                        found.push(node);
                    }
                }
                Node::Filter(_) => {}
                Node::All(nodes) | Node::Any(nodes) | Node::AtLeast(_, nodes) => {
                    for node in nodes {
                        collect(node, excluded, found);
                    }
                }
                Node::Not(node) => collect(node, !excluded, found),
            }
        }
        let mut found = Vec::new();
        collect(self, false, &mut found);
        found
    }

    /// Whether the index alone decides what is found.
    pub(crate) fn decided_by_index(&self) -> bool {
        match self {
            Self::Phrase(_) | Self::Filter(_) => !self.is_long(),
            Self::Original(_) | Self::Loose(_) | Self::Wildcard(_) | Self::Expression(_) => false,
            Self::Near(near) => near.is_in_index(),
            Self::All(nodes) | Self::Any(nodes) | Self::AtLeast(_, nodes) => {
                nodes.iter().all(Self::decided_by_index)
            }
            Self::Not(node) => node.decided_by_index(),
        }
    }

    /// Whether it is a phrase that is too long for the index to decide, as pasted text is.
    pub(crate) fn is_long(&self) -> bool {
        match self {
            Self::Phrase(phrase) => phrase.pattern.len() > LONGEST_DECIDED,
            // With the gaps on both sides of a whole value.
            Self::Filter(Filter::Text { pattern, .. }) => pattern.len() + 2 > LONGEST_DECIDED,
            _ => false,
        }
    }

    /// Whether some part can stand anywhere, as far as the index knows.
    pub(crate) fn is_boundless(&self) -> bool {
        match self {
            Self::Expression(expression) => expression.needs == Needs::Nothing,
            Self::Phrase(_)
            | Self::Original(_)
            | Self::Loose(_)
            | Self::Wildcard(_)
            | Self::Filter(_) => false,
            Self::Near(near) => near.parts.iter().any(Self::is_boundless),
            Self::All(nodes) | Self::Any(nodes) | Self::AtLeast(_, nodes) => {
                nodes.iter().any(Self::is_boundless)
            }
            Self::Not(node) => node.is_boundless(),
        }
    }

    /// What is looked for in the text as it can be typed; conditions on fields are left out.
    pub(crate) fn typed(&self) -> String {
        self.tree().map_or_else(String::new, |tree| tree.to_string())
    }

    fn tree(&self) -> Option<Tree> {
        let kind = match self {
            Self::Phrase(Phrase { text, quoted, .. }) => {
                TreeKind::Phrase { text: text.clone(), quoted: *quoted }
            }
            Self::Original(original) => TreeKind::Original(original.text.clone()),
            Self::Loose(loose) => TreeKind::Loose(loose.text.clone()),
            Self::Wildcard(wildcard) => TreeKind::Wildcard(wildcard.pieces.clone()),
            Self::Expression(expression) => TreeKind::Expression(expression.source.clone()),
            Self::Near(near) => TreeKind::Near {
                parts: near.parts.iter().filter_map(Self::tree).collect(),
                relations: near.relations.clone(),
            },
            Self::Any(nodes) => TreeKind::Any(nodes.iter().filter_map(Self::tree).collect()),
            Self::Filter(_) | Self::All(_) | Self::AtLeast(..) | Self::Not(_) => return None,
        };
        Some(Tree { kind, range: CharRange::default() })
    }
}
