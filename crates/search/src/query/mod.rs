//! The query: what is looked for, and what it means for one document.

mod parse;
#[cfg(test)]
mod tests;

pub use parse::parse;

use crate::document::{Document, FoldedDocument};
use anjuan_text::{CharRange, Folded, GAP, Pattern, Script, Unit};
use std::collections::BTreeSet;

/// A query as understood, with what to show of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The query.
    pub query: Query,
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
    /// A script that is neither simplified nor traditional was left out or taken as text.
    InvalidScript,
    /// Many words: taken as one phrase, as pasted text is meant.
    TakenAsPhrase,
    /// Nothing stands exactly so; what follows has the words one by one.
    NoExactHits,
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
            Self::InvalidScript => "invalid_script",
            Self::TakenAsPhrase => "taken_as_phrase",
            Self::NoExactHits => "no_exact_hits",
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
}

/// What to look for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// The condition; `None` finds nothing.
    pub root: Option<Node>,
    /// Whether a search that finds nothing exactly may go on with the words one by one.
    pub relaxed: bool,
}

/// A condition on documents.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// The phrase stands in the reading text.
    Phrase(Phrase),
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

/// A phrase to look for in the reading text.
#[derive(Debug, Clone, PartialEq)]
pub struct Phrase {
    /// As typed.
    pub text: String,
    /// Folded; never empty.
    pub pattern: Pattern,
    /// Whether it was typed in quotation marks, and so must stand exactly so.
    pub quoted: bool,
}

impl Phrase {
    /// A phrase; `None` where nothing is left of it once folded.
    pub fn new(text: &str, quoted: bool) -> Option<Self> {
        let pattern = Pattern::new(text);
        (!pattern.is_empty()).then(|| Self { text: text.to_owned(), pattern, quoted })
    }
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
    /// [`Document::tags`].
    Tag,
    /// [`Document::organisation`].
    Organisation,
    /// [`Document::authors`].
    Author,
    /// [`Document::collections`].
    Collection,
}

impl TextField {
    /// All of them.
    pub(crate) const ALL: [Self; 7] = [
        Self::Title,
        Self::Place,
        Self::Source,
        Self::Tag,
        Self::Organisation,
        Self::Author,
        Self::Collection,
    ];

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

    fn holds(&self, document: &Document) -> bool {
        match self {
            Self::Text { field, pattern, .. } => {
                let forms = field.forms(pattern);
                field.values(document).into_iter().any(|value| {
                    let folded = field.units(value);
                    forms.iter().any(|form| contains(folded.units(), form))
                })
            }
            Self::Years { from, to } => document.year().is_some_and(|year| {
                from.is_none_or(|from| from <= year) && to.is_none_or(|to| year <= to)
            }),
            Self::Script(script) => document.script.as_deref() == Some(script.as_str()),
            Self::Documents(ids) => ids.contains(&document.id),
        }
    }
}

/// Whether the form, which is not empty, stands anywhere among the units.
fn contains(units: &[Unit], form: &[char]) -> bool {
    units.windows(form.len()).any(|run| run.iter().zip(form).all(|(unit, &c)| unit.is(c)))
}

impl Query {
    /// A query for one phrase, exactly as given.
    pub fn phrase(text: &str) -> Self {
        Self { root: Phrase::new(text, true).map(Node::Phrase), relaxed: false }
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
        root.holds(document).then(|| root.places(document.text()))
    }
}

impl Node {
    /// Whether the document meets the condition.
    pub(crate) fn holds(&self, document: &FoldedDocument<'_>) -> bool {
        match self {
            Self::Phrase(phrase) => {
                let units = document.text().units();
                phrase.pattern.forms().iter().any(|form| contains(units, form))
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

    /// Every place of every phrase that is not excluded, sorted, each once.
    pub(crate) fn places(&self, text: &Folded) -> Vec<CharRange> {
        let mut places: Vec<CharRange> =
            self.phrases().into_iter().flat_map(|phrase| text.find(&phrase.pattern)).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// The phrases that are not excluded.
    pub(crate) fn phrases(&self) -> Vec<&Phrase> {
        fn collect<'n>(node: &'n Node, excluded: bool, found: &mut Vec<&'n Phrase>) {
            match node {
                Node::Phrase(phrase) if !excluded => found.push(phrase),
                Node::Phrase(_) | Node::Filter(_) => {}
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
}
