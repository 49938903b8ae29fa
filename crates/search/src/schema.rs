//! The fields of the index, and how a document becomes terms.
//!
//! Terms are the UTF-8 of one or two folded characters. The positions are indexes of units, so
//! neighbouring pairs lie one apart and pairs that follow on each other two.

use crate::document::{Document, FoldedDocument};
use crate::query::TextField;
use anjuan_text::{Folded, Unit};
use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};
use tantivy::{TantivyDocument, Term};
use uuid::Uuid;

/// Raised with every change of fields or of their options.
pub(crate) const SCHEMA_VERSION: u32 = 5;
/// Raised with every change of folding or of the terms made from it.
pub(crate) const TOKENISER_VERSION: u32 = 4;

/// Separates a unit from its alternative in the text handed to the tokeniser. No text folds to it.
const ALTERNATIVE: char = '\u{2}';
/// Term among the pairs of the reading text where a sentence begins in a paragraph. No text folds to it.
pub(crate) const SENTENCE: char = '\u{3}';
/// The same where a paragraph begins, and a sentence with it; not where the text does.
pub(crate) const PARAGRAPH: char = '\u{4}';
/// The same where a paragraph begins within a sentence: with what closes the one before.
pub(crate) const PARAGRAPH_WITHIN: char = '\u{5}';

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
    /// Pairs and last units of the headings, for weight only.
    pub(crate) headings: Field,
    /// Pairs and last units of the values of the other fields of text, in the order of [`TEXTS`].
    text: [Field; TEXTS.len()],
    /// Numbers, in the order of [`Range::ALL`].
    ranges: [Field; Range::ALL.len()],
    pub(crate) script: Field,
    /// The place as shown, for sorting only.
    place: Field,
}

/// Name of the field of identifiers, which has them [`packed`], for sorting by it.
pub(crate) const ID: &str = "id";
/// Name of the field of places as shown, for sorting by it.
pub(crate) const PLACE: &str = "place_shown";
/// Characters of a place that sorting looks at; a name is far shorter.
const LONGEST_PLACE: usize = 256;

/// A number that every document has, or most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Range {
    /// The first day on which it may have been published.
    Earliest,
    /// The last, where that is another one.
    Latest,
    /// The length of the reading text.
    Length,
}

impl Range {
    pub(crate) const ALL: [Self; 3] = [Self::Earliest, Self::Latest, Self::Length];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Earliest => "earliest",
            Self::Latest => "latest",
            Self::Length => "length",
        }
    }

    /// The number of a document.
    pub(crate) fn of(self, document: &Document) -> Option<i64> {
        let published = || document.published_between();
        match self {
            Self::Earliest => published().map(|(first, _)| first.number()),
            Self::Latest => {
                published().filter(|(first, last)| first < last).map(|(_, last)| last.number())
            }
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

    /// The fields of text beside the reading text that the index holds.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (Field, TextField)> {
        self.text.into_iter().zip(TEXTS).map(|(field, (text, _))| (field, text))
    }

    /// Those that have terms.
    pub(crate) fn indexed(&self) -> impl Iterator<Item = Field> {
        [self.id, self.pairs, self.singles, self.headings, self.script].into_iter().chain(self.text)
    }
}

/// The schema with its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let indexed = |tokeniser: &str, record, weighed: bool| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(tokeniser)
                .set_index_option(record)
                .set_fieldnorms(weighed),
        )
    };
    let places = IndexRecordOption::WithFreqsAndPositions;
    let singles = indexed(Grams::Singles.name(), IndexRecordOption::Basic, false);
    let whole = indexed("raw", IndexRecordOption::Basic, false);
    let fields = Fields {
        id: builder.add_text_field(ID, whole.clone() | FAST),
        pairs: builder.add_text_field("pairs", indexed(Grams::Pairs.name(), places, true)),
        singles: builder.add_text_field("singles", singles),
        headings: builder.add_text_field("headings", indexed(Grams::Value.name(), places, false)),
        text: TEXTS.map(|(field, name)| {
            // The others are filters, and weigh nothing.
            let weighed = field == TextField::Title;
            builder.add_text_field(name, indexed(Grams::Value.name(), places, weighed))
        }),
        ranges: Range::ALL.map(|range| builder.add_i64_field(range.name(), FAST)),
        place: builder.add_text_field(PLACE, FAST),
        script: builder.add_text_field("script", whole),
    };
    (builder.build(), fields)
}

/// The tokenisers that the schema names.
pub(crate) fn tokenisers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    for grams in [Grams::Singles, Grams::Pairs, Grams::Value] {
        manager.register(grams.name(), grams);
    }
    manager
}

/// What the index holds of a document: its columns, and what the engine makes terms of.
pub(crate) fn indexed(fields: &Fields, document: &Document) -> TantivyDocument {
    let mut indexed = columns(fields, document);
    let folded = FoldedDocument::new(document);
    indexed.add_text(fields.pairs, encode(reading_text(&folded)));
    indexed.add_text(fields.singles, distinct(folded.text()));
    for heading in document.heading_texts() {
        indexed.add_text(fields.headings, encode(readings(&Folded::new(heading))));
    }
    for (field, text) in fields.texts() {
        for value in text.values(document) {
            indexed.add_text(field, encode(readings(&text.units(value))));
        }
    }
    if let Some(script) = &document.script {
        indexed.add_text(fields.script, script);
    }
    indexed
}

/// What is sorted and counted by.
pub(crate) fn columns(fields: &Fields, document: &Document) -> TantivyDocument {
    let mut columns = TantivyDocument::default();
    columns.add_text(fields.id, packed(&document.id));
    for range in Range::ALL {
        if let Some(number) = range.of(document) {
            columns.add_i64(fields.range(range), number);
        }
    }
    if let Some(place) = place_shown(document) {
        columns.add_text(fields.place, place);
    }
    columns
}

/// The term that holds all of a document.
pub(crate) fn id_term(fields: &Fields, id: &str) -> Term {
    Term::from_field_text(fields.id, &packed(id))
}

/// The digits of a packed identifier, in the order of their bytes: those that a dictionary of the
/// engine writes in one byte, and one more.
const DIGITS: &[u8; 64] = b"%&+-./0123456789:=?ABCDEFGHIJLMNOPRST_abcdefghijklmnopqrstuvwxyz";
/// What each byte is as a digit.
const VALUES: [u8; 256] = {
    let mut values = [0; 256];
    let mut at = 0;
    while at < DIGITS.len() {
        values[DIGITS[at] as usize] = at as u8;
        at += 1;
    }
    values
};
/// Digits of a packed UUID: six bits each, two the first.
const PACKED: usize = 22;
/// Stands before identifiers that are not packed.
const PLAIN: char = '!';

/// An identifier as the index has it: a UUID in 22 characters instead of 36, in the same order. The index
/// has each of them twice, and more of them than anything else that is not in the texts.
pub(crate) fn packed(id: &str) -> String {
    match Uuid::try_parse(id).ok().filter(|uuid| uuid.to_string() == id).map(|u| u.as_u128()) {
        Some(bits) => (0..PACKED)
            .map(|at| char::from(DIGITS[(bits >> (6 * (PACKED - 1 - at))) as usize & 63]))
            .collect(),
        None => format!("{PLAIN}{id}"),
    }
}

/// The identifier that was packed.
pub(crate) fn unpacked(packed: &str) -> String {
    if let Some(id) = packed.strip_prefix(PLAIN) {
        return id.to_owned();
    }
    let digit = |byte| u128::from(VALUES[usize::from(byte)]);
    Uuid::from_u128(packed.bytes().fold(0, |bits, byte| bits << 6 | digit(byte))).to_string()
}

/// What stands at one position: what begins there, and the unit's characters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Readings {
    begins: Option<char>,
    unit: char,
    alternative: Option<char>,
}

impl Readings {
    fn of(unit: &Unit) -> Self {
        Self { begins: None, unit: unit.folded, alternative: unit.alternative }
    }

    /// Every character that the unit can be read as.
    pub(crate) fn characters(self) -> impl Iterator<Item = char> + Clone {
        std::iter::once(self.unit).chain(self.alternative)
    }
}

/// The units of a text.
pub(crate) fn readings(folded: &Folded) -> impl Iterator<Item = Readings> {
    folded.units().iter().map(Readings::of)
}

/// The units of a reading text with the begins of sentences and paragraphs.
pub(crate) fn reading_text(document: &FoldedDocument<'_>) -> impl Iterator<Item = Readings> {
    let (sentences, paragraphs) = (document.sentences(), document.paragraphs());
    readings(document.text()).enumerate().map(move |(at, mut readings)| {
        let begins = |scope: &[u32]| at > 0 && scope[at] != scope[at - 1];
        readings.begins = match (begins(sentences), begins(paragraphs)) {
            (false, false) => None,
            (true, false) => Some(SENTENCE),
            (true, true) => Some(PARAGRAPH),
            (false, true) => Some(PARAGRAPH_WITHIN),
        };
        readings
    })
}

/// Units as a string for the tokeniser, so that each text is folded once and off its threads.
fn encode(units: impl Iterator<Item = Readings>) -> String {
    let mut encoded = String::with_capacity(units.size_hint().0 * 3);
    for Readings { begins, unit, alternative } in units {
        encoded.extend(begins);
        encoded.push(unit);
        encoded.extend(alternative.into_iter().flat_map(|other| [ALTERNATIVE, other]));
    }
    encoded
}

/// Every character that some unit can be read as, once.
fn distinct(folded: &Folded) -> String {
    let mut characters: Vec<char> =
        folded.units().iter().flat_map(|unit| Readings::of(unit).characters()).collect();
    characters.sort_unstable();
    characters.dedup();
    characters.into_iter().collect()
}

/// Makes terms of encoded units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grams {
    /// Single ones.
    Singles,
    /// Pairs of neighbours.
    Pairs,
    /// Pairs of neighbours, and the last one by itself: a unit stands in a value that has a term which
    /// begins with it.
    Value,
}

impl Grams {
    const fn name(self) -> &'static str {
        match self {
            Self::Singles => "anjuan_singles",
            Self::Pairs => "anjuan_pairs",
            Self::Value => "anjuan_value",
        }
    }

    /// The terms of one position: a character alone, or with the one behind it. `next`: the one that
    /// stands there, if one does.
    pub(crate) fn at(
        self,
        this: Readings,
        next: Option<Readings>,
        mut put: impl FnMut(char, Option<char>),
    ) {
        if let Some(begin) = this.begins {
            put(begin, None);
        }
        for first in this.characters() {
            if self == Self::Singles || (self == Self::Value && next.is_none()) {
                put(first, None);
            }
            let seconds = next.iter().filter(|_| self != Self::Singles);
            for second in seconds.flat_map(|next| next.characters()) {
                put(first, Some(second));
            }
        }
    }
}

impl Tokenizer for Grams {
    type TokenStream<'t> = GramStream<'t>;

    fn token_stream<'t>(&'t mut self, text: &'t str) -> GramStream<'t> {
        let mut units = Encoded(text.chars());
        GramStream {
            grams: *self,
            next: units.next(),
            units,
            window: Vec::new(),
            given: 0,
            begin: 0,
            end: 0,
            last: None,
            token: Token { position: 0, ..Token::default() },
        }
    }
}

/// The units of an encoded text.
struct Encoded<'t>(std::str::Chars<'t>);

impl Iterator for Encoded<'_> {
    type Item = Readings;

    fn next(&mut self) -> Option<Readings> {
        let mut readings = Readings { unit: self.0.next()?, ..Readings::default() };
        if [SENTENCE, PARAGRAPH, PARAGRAPH_WITHIN].contains(&readings.unit) {
            readings.begins = Some(readings.unit);
            readings.unit = self.0.next()?;
        }
        let mut ahead = self.0.clone();
        if ahead.next() == Some(ALTERNATIVE) {
            readings.alternative = ahead.next();
            self.0 = ahead;
        }
        Some(readings)
    }
}

/// A term of characters and its place, so that they sort by term, in the order of its UTF-8, and then by
/// place: 21 bits each for its characters, the second one higher so that none comes first, 22 for the
/// place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Gram(u64);

impl Gram {
    const CHAR_BITS: u32 = 21;
    const PLACE_BITS: u32 = 22;
    /// Places are below this.
    pub(crate) const PLACES: usize = 1 << Self::PLACE_BITS;

    pub(crate) fn new(first: char, second: Option<char>, place: u32) -> Self {
        let second = second.map_or(0, |c| u64::from(c) + 1);
        Self((u64::from(first) << Self::CHAR_BITS | second) << Self::PLACE_BITS | u64::from(place))
    }

    pub(crate) fn place(self) -> u32 {
        self.0 as u32 & (Self::PLACES as u32 - 1)
    }

    /// Whether it has the same term.
    pub(crate) fn is_like(self, other: Self) -> bool {
        self.0 >> Self::PLACE_BITS == other.0 >> Self::PLACE_BITS
    }

    /// Writes the term in the place of what the text held.
    pub(crate) fn spell(self, text: &mut String) {
        let term = self.0 >> Self::PLACE_BITS;
        let second = term as u32 & ((1 << Self::CHAR_BITS) - 1);
        text.clear();
        text.extend(char::from_u32((term >> Self::CHAR_BITS) as u32));
        text.extend(second.checked_sub(1).and_then(char::from_u32));
    }
}

/// Units whose terms are sorted at a time: enough for most of a text's repetitions, and what sorting
/// them needs stays small.
const WINDOW: usize = 1 << 16;

/// Terms of one text: window by window, and in a window term by term in order of position. What is
/// told of a term at once is looked up by the engine in memory that is still at hand; in the order of
/// the text a fourth of the time of indexing went into looking terms up.
pub(crate) struct GramStream<'t> {
    grams: Grams,
    units: Encoded<'t>,
    /// The unit behind the last window.
    next: Option<Readings>,
    window: Vec<Gram>,
    /// How many of the window were given.
    given: usize,
    /// Positions where the window begins and ends.
    begin: usize,
    end: usize,
    /// One with the term that is in the token.
    last: Option<Gram>,
    token: Token,
}

impl GramStream<'_> {
    /// Reads the next window; false where the text is at its end.
    fn read(&mut self) -> bool {
        self.window.clear();
        (self.given, self.begin) = (0, self.end);
        for at in 0..WINDOW {
            let Some(this) = self.next else { break };
            self.next = self.units.next();
            self.end += 1;
            self.grams.at(this, self.next, |first, second| {
                self.window.push(Gram::new(first, second, at as u32));
            });
        }
        self.window.sort_unstable();
        self.end > self.begin
    }
}

impl TokenStream for GramStream<'_> {
    fn advance(&mut self) -> bool {
        while self.given == self.window.len() {
            if !self.read() {
                return false;
            }
        }
        let gram = self.window[self.given];
        self.given += 1;
        self.token.position = self.begin + gram.place() as usize;
        if !self.last.is_some_and(|last| last.is_like(gram)) {
            gram.spell(&mut self.token.text);
        }
        self.last = Some(gram);
        true
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
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn packed_identifiers_are_the_same_in_the_same_order(a: u128, b: u128, other in ".*") {
            let [a, b] = [a, b].map(|bits| Uuid::from_u128(bits).to_string());
            prop_assert_eq!(unpacked(&packed(&a)), a.as_str());
            prop_assert_eq!(packed(&a).len(), PACKED);
            prop_assert_eq!(packed(&a).cmp(&packed(&b)), a.cmp(&b));
            prop_assert_eq!(unpacked(&packed(&other)), other);
        }
    }

    #[test]
    fn digits_are_in_the_order_of_their_bytes() {
        assert!(DIGITS.is_sorted_by(|a, b| a < b));
        assert!(!DIGITS.contains(&(PLAIN as u8)));
    }

    #[test]
    fn only_what_comes_back_is_packed() {
        let id = "01a204d7-6870-73b7-8633-f559667d3a71";
        assert_eq!(unpacked(&packed(id)), id);
        // The same number, and another identifier.
        for other in [id.to_uppercase(), id.replace('-', ""), packed(id), String::new()] {
            assert_eq!(unpacked(&packed(&other)), other);
            assert_ne!(packed(&other), packed(id));
        }
    }

    /// The terms of an encoded text with their positions, as they are given.
    fn terms(encoded: &str, mut grams: Grams) -> Vec<(usize, String)> {
        let mut stream = grams.token_stream(encoded);
        let mut found = Vec::new();
        while stream.advance() {
            found.push((stream.token().position, stream.token().text.clone()));
        }
        found
    }

    fn check(text: &str, grams: Grams, expect: &[(usize, &str)]) {
        let mut found = terms(&encode(readings(&Folded::new(text))), grams);
        found.sort();
        let mut expect: Vec<(usize, String)> =
            expect.iter().map(|&(at, term)| (at, term.to_owned())).collect();
        expect.sort();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn units_become_terms() {
        check("", Grams::Value, &[]);
        check("侨", Grams::Pairs, &[]);
        check("侨", Grams::Value, &[(0, "侨")]);
        check("僑聯(lián)，Ａ", Grams::Pairs, &[(0, "侨联"), (1, "联\u{1}"), (2, "\u{1}a")]);
        check("侨联計", Grams::Value, &[(0, "侨联"), (1, "联计"), (2, "计")]);
        check("計畫𠀀", Grams::Pairs, &[(0, "计画"), (0, "计划"), (1, "画𠀀"), (1, "划𠀀")]);
        check("計畫", Grams::Singles, &[(0, "计"), (1, "画"), (1, "划")]);
    }

    #[test]
    fn sentences_and_paragraphs_have_their_begins_among_the_pairs() {
        let text = "侨联。计，\n画\n”好".to_owned();
        let document = Document { text, ..Document::default() };
        let encoded = encode(reading_text(&FoldedDocument::new(&document)));
        let mut begins = terms(&encoded, Grams::Pairs);
        begins.retain(|(_, term)| term.chars().count() == 1);
        begins.sort();
        let expect = [(3, "\u{3}"), (5, "\u{4}"), (6, "\u{5}"), (7, "\u{3}")];
        assert_eq!(begins, expect.map(|(at, text)| (at, text.to_owned())));
    }

    /// A text longer than several windows: the terms are those of its units one by one, and each
    /// term's positions rise, also from window to window, which the engine counts on.
    #[test]
    fn a_window_ends_without_a_trace() {
        let text: String = "计畫侨𠀀联，侨计\n".chars().cycle().take(3 * WINDOW).collect();
        let folded = Folded::new(&text);
        let encoded = encode(readings(&folded));
        let characters = |unit: &Unit| Readings::of(unit).characters();
        let mut expect = Vec::new();
        for (at, two) in folded.units().windows(2).enumerate() {
            for first in characters(&two[0]) {
                expect.extend(characters(&two[1]).map(|second| (at, format!("{first}{second}"))));
            }
        }
        expect.sort();
        assert!(folded.units().len() > 2 * WINDOW, "more than two windows");
        let mut found = terms(&encoded, Grams::Pairs);
        let mut last = std::collections::HashMap::new();
        for (position, term) in &found {
            let before = last.insert(term, position);
            assert!(before.is_none_or(|before| before < position), "{term} at {position}");
        }
        found.sort();
        assert_eq!(found, expect);
    }

    #[test]
    fn every_field_of_text_has_its_place() {
        for (at, (field, _)) in TEXTS.into_iter().enumerate() {
            assert_eq!(field as usize, at, "the order is that of the declaration");
        }
    }
}
