//! The fields of the index, and how a document becomes terms.
//!
//! Terms are the UTF-8 of one or two folded characters. The positions are indexes of units, so
//! neighbouring pairs lie one apart and pairs that follow on each other two.

use crate::document::{Document, FoldedDocument};
use crate::query::TextField;
use anjuan_text::{Folded, Unit};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};
use tantivy::{TantivyDocument, Term};

/// Raised with every change of fields or of their options.
pub(crate) const SCHEMA_VERSION: u32 = 3;
/// Raised with every change of folding or of the terms made from it.
pub(crate) const TOKENISER_VERSION: u32 = 2;

/// Separates a unit from its alternative in the text handed to the tokeniser. No text folds to it.
const ALTERNATIVE: char = '\u{2}';
/// Term among the pairs of the reading text where a sentence begins, other than the first. No text
/// folds to it.
pub(crate) const SENTENCE: char = '\u{3}';
/// The same of a paragraph.
pub(crate) const PARAGRAPH: char = '\u{4}';

/// The fields of text beside the reading text that the index holds, in the order of their
/// declaration, and their names.
const TEXTS: [(TextField, &str); 5] = [
    (TextField::Title, "title"),
    (TextField::Place, "place"),
    (TextField::Source, "source"),
    (TextField::Organisation, "organisation"),
    (TextField::Author, "author"),
];

/// The fields.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    pub(crate) id: Field,
    /// Pairs of the reading text with positions.
    pub(crate) pairs: Field,
    /// Single units of the reading text, without positions.
    pub(crate) singles: Field,
    /// Pairs and single units of the headings, for weight only.
    pub(crate) headings: Field,
    /// Pairs and single units of the other fields of text, in the order of [`TEXTS`].
    text: [Field; TEXTS.len()],
    /// Numbers, in the order of [`Range::ALL`].
    ranges: [Field; Range::ALL.len()],
    pub(crate) script: Field,
    /// The place as shown, for sorting only.
    place: Field,
}

/// Name of the field of identifiers, for sorting by it.
pub(crate) const ID: &str = "id";
/// Name of the field of places as shown, for sorting by it.
pub(crate) const PLACE: &str = "place_shown";
/// Characters of a place that sorting looks at; a name is far shorter.
const LONGEST_PLACE: usize = 256;

/// A number that every document has, or most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Range {
    /// The year of publication.
    Year,
    /// The first day on which it may have been published.
    Earliest,
    /// The last.
    Latest,
    /// The length of the reading text.
    Length,
}

impl Range {
    const ALL: [Self; 4] = [Self::Year, Self::Earliest, Self::Latest, Self::Length];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Earliest => "earliest",
            Self::Latest => "latest",
            Self::Length => "length",
        }
    }

    /// The number of a document.
    pub(crate) fn of(self, document: &Document) -> Option<i64> {
        match self {
            Self::Year => document.year().map(i64::from),
            Self::Earliest => document.published_between().map(|(first, _)| first.number()),
            Self::Latest => document.published_between().map(|(_, last)| last.number()),
            Self::Length => Some(document.length()),
        }
    }
}

/// What documents are sorted by where that is their place.
pub(crate) fn place_shown(document: &Document) -> Option<String> {
    document.place.as_ref().map(|place| place.chars().take(LONGEST_PLACE).collect())
}

impl Fields {
    /// The field of a text; `None` where the index does not hold it.
    pub(crate) fn text(&self, field: TextField) -> Option<Field> {
        self.text.get(field as usize).copied()
    }

    pub(crate) fn range(&self, range: Range) -> Field {
        self.ranges[range as usize]
    }

    /// Those that have terms.
    pub(crate) fn indexed(&self) -> impl Iterator<Item = Field> {
        [self.id, self.pairs, self.singles, self.headings, self.script]
            .into_iter()
            .chain(self.ranges)
            .chain(self.text)
    }
}

/// The schema with its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let indexed = |tokeniser: &str, record| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default().set_tokenizer(tokeniser).set_index_option(record),
        )
    };
    let both = indexed(Grams::BOTH.name(), IndexRecordOption::WithFreqsAndPositions);
    let singles = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(Grams::SINGLES.name())
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    );
    let fields = Fields {
        id: builder.add_text_field(ID, STRING | FAST),
        pairs: builder.add_text_field(
            "pairs",
            indexed(Grams::PAIRS.name(), IndexRecordOption::WithFreqsAndPositions),
        ),
        singles: builder.add_text_field("singles", singles),
        headings: builder.add_text_field("headings", both.clone()),
        text: TEXTS.map(|(_, name)| builder.add_text_field(name, both.clone())),
        ranges: Range::ALL.map(|range| builder.add_i64_field(range.name(), INDEXED | FAST)),
        place: builder.add_text_field(PLACE, FAST),
        script: builder.add_text_field("script", STRING),
    };
    (builder.build(), fields)
}

/// The tokenisers that the schema names.
pub(crate) fn tokenisers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    for grams in [Grams::SINGLES, Grams::PAIRS, Grams::BOTH] {
        manager.register(grams.name(), grams);
    }
    manager
}

/// What the index holds of a document.
pub(crate) fn indexed(fields: &Fields, document: &Document) -> TantivyDocument {
    let mut indexed = TantivyDocument::default();
    indexed.add_text(fields.id, &document.id);
    let folded = FoldedDocument::new(document);
    indexed.add_text(fields.pairs, encode_reading_text(&folded));
    indexed.add_text(fields.singles, distinct(folded.text()));
    for heading in document.heading_texts() {
        indexed.add_text(fields.headings, encode(&Folded::new(heading)));
    }
    for (field, (text, _)) in fields.text.into_iter().zip(TEXTS) {
        for value in text.values(document) {
            indexed.add_text(field, encode(&text.units(value)));
        }
    }
    for range in Range::ALL {
        if let Some(number) = range.of(document) {
            indexed.add_i64(fields.range(range), number);
        }
    }
    if let Some(place) = place_shown(document) {
        indexed.add_text(fields.place, place);
    }
    if let Some(script) = &document.script {
        indexed.add_text(fields.script, script);
    }
    indexed
}

/// The term that holds all of a document.
pub(crate) fn id_term(fields: &Fields, id: &str) -> Term {
    Term::from_field_text(fields.id, id)
}

/// Units as a string for the tokeniser, so that each text is folded once and off its threads.
fn encode(folded: &Folded) -> String {
    let mut encoded = String::with_capacity(folded.units().len() * 3);
    for unit in folded.units() {
        encode_unit(unit, &mut encoded);
    }
    encoded
}

/// The same with the begins of sentences and paragraphs.
fn encode_reading_text(document: &FoldedDocument<'_>) -> String {
    let units = document.text().units();
    let mut encoded = String::with_capacity(units.len() * 3);
    let scopes = [(SENTENCE, document.sentences()), (PARAGRAPH, document.paragraphs())];
    for (at, unit) in units.iter().enumerate() {
        for (begin, scope) in scopes {
            if at > 0 && scope[at] != scope[at - 1] {
                encoded.push(begin);
            }
        }
        encode_unit(unit, &mut encoded);
    }
    encoded
}

fn encode_unit(unit: &Unit, encoded: &mut String) {
    encoded.push(unit.folded);
    if let Some(alternative) = unit.alternative {
        encoded.push(ALTERNATIVE);
        encoded.push(alternative);
    }
}

/// Every character that some unit can be read as, once.
fn distinct(folded: &Folded) -> String {
    let mut characters: Vec<char> = folded
        .units()
        .iter()
        .flat_map(|unit| std::iter::once(unit.folded).chain(unit.alternative))
        .collect();
    characters.sort_unstable();
    characters.dedup();
    characters.into_iter().collect()
}

/// Makes terms of encoded units: single ones, pairs of neighbours, or both.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grams {
    singles: bool,
    pairs: bool,
}

impl Grams {
    const SINGLES: Self = Self { singles: true, pairs: false };
    const PAIRS: Self = Self { singles: false, pairs: true };
    const BOTH: Self = Self { singles: true, pairs: true };

    fn name(self) -> &'static str {
        match (self.singles, self.pairs) {
            (true, false) => "anjuan_singles",
            (false, _) => "anjuan_pairs",
            (true, true) => "anjuan_both",
        }
    }
}

impl Tokenizer for Grams {
    type TokenStream<'t> = GramStream<'t>;

    fn token_stream<'t>(&'t mut self, text: &'t str) -> GramStream<'t> {
        let mut stream = GramStream {
            grams: *self,
            rest: text.chars(),
            this: None,
            next: None,
            step: 0,
            token: Token { position: 0, ..Token::default() },
        };
        stream.this = stream.read();
        stream.next = stream.read();
        stream
    }
}

/// What stands at one position: what begins there, and the unit's characters.
#[derive(Debug, Clone, Copy, Default)]
struct Readings {
    begins: [Option<char>; 2],
    unit: [Option<char>; 2],
}

/// Terms of one text, in order of position.
pub(crate) struct GramStream<'t> {
    grams: Grams,
    rest: std::str::Chars<'t>,
    this: Option<Readings>,
    next: Option<Readings>,
    /// Which of the eight terms that can begin at this unit is next: the begins of a sentence and a
    /// paragraph, two single, four pairs.
    step: usize,
    token: Token,
}

impl GramStream<'_> {
    fn read(&mut self) -> Option<Readings> {
        let mut readings = Readings::default();
        let mut folded = self.rest.next()?;
        for (begin, c) in readings.begins.iter_mut().zip([SENTENCE, PARAGRAPH]) {
            if folded == c {
                *begin = Some(c);
                folded = self.rest.next()?;
            }
        }
        readings.unit[0] = Some(folded);
        let mut ahead = self.rest.clone();
        if ahead.next() == Some(ALTERNATIVE) {
            readings.unit[1] = ahead.next();
            self.rest = ahead;
        }
        Some(readings)
    }
}

impl TokenStream for GramStream<'_> {
    fn advance(&mut self) -> bool {
        while let Some(this) = self.this {
            while self.step < 8 {
                let step = self.step;
                self.step += 1;
                let (first, second) = if step < 2 {
                    (this.begins[step], None)
                } else if step < 4 {
                    if !self.grams.singles {
                        continue;
                    }
                    (this.unit[step - 2], None)
                } else {
                    let Some(next) = self.next.filter(|_| self.grams.pairs) else { break };
                    let Some(second) = next.unit[(step - 4) % 2] else { continue };
                    (this.unit[(step - 4) / 2], Some(second))
                };
                let Some(first) = first else { continue };
                self.token.text.clear();
                self.token.text.push(first);
                self.token.text.extend(second);
                return true;
            }
            self.step = 0;
            self.token.position += 1;
            self.this = self.next;
            self.next = self.read();
        }
        false
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, mut grams: Grams, expect: &[(usize, &str)]) {
        let encoded = encode(&Folded::new(text));
        let mut stream = grams.token_stream(&encoded);
        let mut found = Vec::new();
        while stream.advance() {
            found.push((stream.token().position, stream.token().text.clone()));
        }
        let found: Vec<(usize, &str)> = found.iter().map(|(at, t)| (*at, t.as_str())).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn units_become_terms() {
        check("", Grams::BOTH, &[]);
        check("侨", Grams::PAIRS, &[]);
        check("侨", Grams::BOTH, &[(0, "侨")]);
        check("僑聯(lián)，Ａ", Grams::PAIRS, &[(0, "侨联"), (1, "联\u{1}"), (2, "\u{1}a")]);
        check("侨联", Grams::BOTH, &[(0, "侨"), (0, "侨联"), (1, "联")]);
        check("計畫𠀀", Grams::PAIRS, &[(0, "计画"), (0, "计划"), (1, "画𠀀"), (1, "划𠀀")]);
        check("計畫", Grams::SINGLES, &[(0, "计"), (1, "画"), (1, "划")]);
    }

    #[test]
    fn sentences_and_paragraphs_have_their_begins_among_the_pairs() {
        let text = "侨联。计，\n画".to_owned();
        let document = Document { text, ..Document::default() };
        let encoded = encode_reading_text(&FoldedDocument::new(&document));
        let mut grams = Grams::PAIRS;
        let mut stream = grams.token_stream(&encoded);
        let mut begins = Vec::new();
        while stream.advance() {
            let token = stream.token();
            if token.text.chars().count() == 1 {
                begins.push((token.position, token.text.clone()));
            }
        }
        let expect = [(3, "\u{3}"), (5, "\u{3}"), (5, "\u{4}")];
        assert_eq!(begins, expect.map(|(at, text)| (at, text.to_owned())));
    }

    #[test]
    fn every_field_of_text_has_its_place() {
        for (at, (field, _)) in TEXTS.into_iter().enumerate() {
            assert_eq!(field as usize, at, "the order is that of the declaration");
        }
    }
}
