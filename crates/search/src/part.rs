//! A part of the index made at once, of documents that the index does not have yet.
//!
//! The engine takes documents one by one and looks each term of each up in a table of all terms, in
//! memory that is never at hand. Here the terms of many documents are written down as numbers and sorted
//! once; the engine's own serialisers write what they would have written. Both ways make the same
//! index, which a test holds them to.

use crate::document::{Document, FoldedDocument};
use crate::schema::{Fields, Gram, Grams, Readings, columns, id_term, reading_text, readings};
use anjuan_text::Folded;
use std::collections::BTreeMap;
use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::SegmentComponent;
use tantivy::postings::{FieldSerializer, InvertedIndexSerializer};
use tantivy::schema::{Field, Schema};
use tantivy::store::StoreWriter;
use tantivy::tokenizer::TokenizerManager;
use tantivy::{DocId, IndexWriter, TantivyDocument, Term};

/// Terms of the reading texts of one part, of 8 bytes each. The larger the parts, the fewer are to be
/// joined.
const TERMS: usize = 3_600_000;

/// Documents on their way into one part.
pub(crate) struct Part<'f> {
    fields: &'f Fields,
    schema: Schema,
    documents: DocId,
    /// Terms of characters.
    texts: BTreeMap<Field, Texts>,
    singles: Singles,
    /// Other terms, with the documents that have them, in their order.
    exact: BTreeMap<Field, BTreeMap<Vec<u8>, Vec<DocId>>>,
    norms: FieldNormsWriter,
    columns: FastFieldsWriter,
}

impl<'f> Part<'f> {
    /// Without documents.
    pub(crate) fn new(fields: &'f Fields, schema: Schema) -> tantivy::Result<Self> {
        Ok(Self {
            fields,
            documents: 0,
            // Room that is not used takes no memory, and growing would take twice as much.
            texts: BTreeMap::from([(fields.pairs, Texts::for_terms(TERMS + TERMS / 8))]),
            singles: Singles::default(),
            exact: BTreeMap::new(),
            norms: FieldNormsWriter::for_schema(&schema),
            columns: FastFieldsWriter::from_schema_and_tokenizer_manager(
                &schema,
                TokenizerManager::default(),
            )?,
            schema,
        })
    }

    /// Whether it has as much as a part should have.
    pub(crate) fn is_full(&self) -> bool {
        self.texts.get(&self.fields.pairs).is_some_and(|texts| texts.terms.len() >= TERMS)
    }

    /// Whether nothing was added.
    pub(crate) fn is_empty(&self) -> bool {
        self.documents == 0
    }

    /// Adds a document; false, and nothing is added, where it is longer than what the part can still
    /// hold.
    pub(crate) fn add(&mut self, document: &Document) -> tantivy::Result<bool> {
        let fields = self.fields;
        let text = FoldedDocument::new(document);
        let headings = document.heading_texts().into_iter().map(Folded::new).collect();
        let mut others: Vec<(Field, Vec<Folded>)> = fields
            .texts()
            .map(|(field, text)| {
                (field, text.values(document).into_iter().map(|v| text.units(v)).collect())
            })
            .collect();
        others.push((fields.headings, headings));
        let length = |values: &[Folded]| values.iter().map(|value| value.units().len() + GAP).sum();
        let fits = |field: Field, length: usize| {
            self.texts.get(&field).map_or(0, |texts| texts.end as usize) + length < Gram::PLACES
        };
        if !fits(fields.pairs, text.text().units().len())
            || !others.iter().all(|(field, values)| fits(*field, length(values)))
        {
            return Ok(false);
        }

        let reading = std::iter::once(reading_text(&text));
        self.index(fields.pairs, Grams::Pairs, reading);
        for character in readings(text.text()).flat_map(Readings::characters) {
            self.singles.add(character, self.documents);
        }
        for (field, values) in &others {
            self.index(*field, Grams::Value, values.iter().map(readings));
        }
        self.exactly(fields.id, &id_term(fields, &document.id));
        if let Some(script) = &document.script {
            self.exactly(fields.script, &Term::from_field_text(fields.script, script));
        }
        self.columns.add_document(&columns(fields, document))?;
        self.documents += 1;
        Ok(true)
    }

    /// Notes the terms of a field's values.
    fn index<V: Iterator<Item = Readings>>(
        &mut self,
        field: Field,
        grams: Grams,
        values: impl Iterator<Item = V>,
    ) {
        let texts = self.texts.entry(field).or_default();
        let before = texts.terms.len();
        texts.begin();
        for value in values {
            texts.add(grams, value);
        }
        let length = texts.terms.len() - before;
        self.norms.record(self.documents, field, length as u32);
    }

    fn exactly(&mut self, field: Field, term: &Term) {
        let terms = self.exact.entry(field).or_default();
        terms.entry(term.serialized_value_bytes().to_vec()).or_default().push(self.documents);
    }

    /// Writes the part and hands it to the engine, which keeps it with the next commit.
    pub(crate) fn write(mut self, writer: &IndexWriter) -> tantivy::Result<()> {
        if self.documents == 0 {
            return Ok(());
        }
        let segment = writer.new_segment();
        self.norms.fill_up_to_max_doc(self.documents);
        let norms =
            FieldNormsSerializer::from_write(segment.open_write(SegmentComponent::FieldNorms)?)?;
        self.norms.serialize(norms, None)?;
        let norms = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;

        let mut index = InvertedIndexSerializer::open(&segment)?;
        for (field, entry) in self.schema.fields().filter(|(_, entry)| entry.is_indexed()) {
            let norms =
                entry.has_fieldnorms().then(|| norms.get_field(field)).transpose()?.flatten();
            let texts = self.texts.remove(&field);
            let exact = self.exact.remove(&field);
            let terms = if field == self.fields.singles {
                self.singles.terms.len()
            } else {
                texts.as_ref().map_or(0, |texts| texts.terms.len())
                    + exact.iter().flat_map(BTreeMap::values).map(Vec::len).sum::<usize>()
            };
            let mut serialiser = index.new_field(field, terms as u64, norms)?;
            if field == self.fields.singles {
                std::mem::take(&mut self.singles).write(&mut serialiser)?;
            }
            if let Some(texts) = texts {
                texts.write(&mut serialiser)?;
            }
            for (term, documents) in exact.into_iter().flatten() {
                write_plain(&mut serialiser, &term, documents.into_iter())?;
            }
            serialiser.close()?;
        }
        index.close()?;

        let mut columns = segment.open_write(SegmentComponent::FastFields)?;
        self.columns.serialize(&mut columns, None)?;
        columns.terminate()?;

        // Nothing is stored; the engine counts on a place for each document all the same.
        let settings = segment.index().settings();
        let mut store = StoreWriter::new(
            segment.open_write(SegmentComponent::Store)?,
            settings.docstore_compression,
            settings.docstore_blocksize,
            false,
        )?;
        for _ in 0..self.documents {
            store.store(&TantivyDocument::default(), &self.schema)?;
        }
        store.close()?;

        let part = segment.with_max_doc(self.documents).meta().clone();
        part.untrack_temp_docstore();
        writer.add_segment(part)
    }
}

/// Between the values of a field, so that no phrase reaches from one into the next; the engine's number.
const GAP: usize = 1;

/// The terms of one field, with their positions.
#[derive(Default)]
struct Texts {
    terms: Vec<Gram>,
    /// Where each document begins.
    starts: Vec<u32>,
    /// Where the next one would.
    end: u32,
}

impl Texts {
    fn for_terms(count: usize) -> Self {
        Self { terms: Vec::with_capacity(count), ..Self::default() }
    }

    /// Begins the next document.
    fn begin(&mut self) {
        self.starts.push(self.end);
    }

    fn add(&mut self, grams: Grams, units: impl Iterator<Item = Readings>) {
        let mut units = units.peekable();
        while let Some(this) = units.next() {
            let at = self.end;
            self.end += 1;
            grams.at(this, units.peek().copied(), |first, second| {
                self.terms.push(Gram::new(first, second, at));
            });
        }
        self.end += GAP as u32;
    }

    fn write(mut self, serialiser: &mut FieldSerializer<'_>) -> tantivy::Result<()> {
        self.terms.sort_unstable();
        let documents = Documents::new(&self.starts, self.end);
        let mut term = String::new();
        // The documents of one term, with where the distances of its places in them end.
        let mut found: Vec<(DocId, usize)> = Vec::new();
        let mut distances: Vec<u32> = Vec::new();
        for places in self.terms.chunk_by(|a, b| a.is_like(*b)) {
            found.clear();
            distances.clear();
            let mut last = 0;
            for place in places {
                let offset = place.place();
                let document = documents.at(offset);
                if found.last().is_none_or(|(before, _)| *before != document) {
                    found.push((document, distances.len()));
                    last = self.starts[document as usize];
                }
                distances.push(offset - last);
                last = offset;
                if let Some((_, end)) = found.last_mut() {
                    *end = distances.len();
                }
            }
            places[0].spell(&mut term);
            serialiser.new_term(term.as_bytes(), found.len() as u32, true)?;
            let mut from = 0;
            for &(document, end) in &found {
                serialiser.write_doc(document, (end - from) as u32, &distances[from..end]);
                from = end;
            }
            serialiser.close_term()?;
        }
        Ok(())
    }
}

/// Which document a place is in.
struct Documents<'s> {
    starts: &'s [u32],
    /// The document at the begin of every stretch of [`STRETCH`] units.
    stretches: Vec<DocId>,
}

const STRETCH: u32 = 256;

impl<'s> Documents<'s> {
    fn new(starts: &'s [u32], end: u32) -> Self {
        let first = |at: u32| starts.partition_point(|start| *start <= at).saturating_sub(1);
        let stretches = (0..=end / STRETCH).map(|n| first(n * STRETCH) as DocId).collect();
        Self { starts, stretches }
    }

    fn at(&self, offset: u32) -> DocId {
        let from = self.stretches[(offset / STRETCH) as usize];
        let later = &self.starts[from as usize + 1..];
        from + later.iter().take_while(|start| **start <= offset).count() as DocId
    }
}

/// The single characters of reading texts, each once for a document, without positions.
struct Singles {
    /// The document for the place.
    terms: Vec<Gram>,
    /// The number behind that of the document that each character was met in last.
    seen: Vec<DocId>,
}

impl Default for Singles {
    fn default() -> Self {
        Self { terms: Vec::new(), seen: vec![0; char::MAX as usize + 1] }
    }
}

impl Singles {
    fn add(&mut self, character: char, document: DocId) {
        let seen = &mut self.seen[character as usize];
        if *seen != document + 1 {
            *seen = document + 1;
            self.terms.push(Gram::new(character, None, document));
        }
    }

    fn write(mut self, serialiser: &mut FieldSerializer<'_>) -> tantivy::Result<()> {
        self.terms.sort_unstable();
        let mut term = String::new();
        for places in self.terms.chunk_by(|a, b| a.is_like(*b)) {
            places[0].spell(&mut term);
            let documents = places.iter().map(|place| place.place());
            write_plain(serialiser, term.as_bytes(), documents)?;
        }
        Ok(())
    }
}

/// Writes a term of a field that has neither counts nor positions.
fn write_plain(
    serialiser: &mut FieldSerializer<'_>,
    term: &[u8],
    documents: impl Iterator<Item = DocId>,
) -> tantivy::Result<()> {
    serialiser.new_term_without_freq(term)?;
    for document in documents {
        serialiser.write_doc(document, 0, &[]);
    }
    serialiser.close_term()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Range, indexed, schema, tokenisers};
    use anjuan_text::CharRange;
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;
    use tantivy::index::SegmentReader;
    use tantivy::postings::Postings;
    use tantivy::schema::IndexRecordOption;
    use tantivy::{DocSet, Index, TERMINATED};

    /// An index of one part.
    fn index(write: impl FnOnce(&IndexWriter)) -> (Index, SegmentReader) {
        let index = Index::builder()
            .schema(schema().0)
            .tokenizers(tokenisers())
            .create_in_ram()
            .expect("an index");
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15 << 20).expect("a writer");
        write(&writer);
        writer.commit().expect("a commit");
        let reader = index.reader().expect("a reader").searcher().segment_reader(0).clone();
        (index, reader)
    }

    /// A term of a field with its documents, the times that each has it, and where.
    type Dumped = (u32, Vec<u8>, Vec<(DocId, u32, Vec<u32>)>);

    /// All that searches look at.
    fn dump(part: &SegmentReader) -> (Vec<Dumped>, Vec<String>) {
        let (schema, _) = schema();
        let mut terms = Vec::new();
        let mut numbers = Vec::new();
        for (field, entry) in schema.fields() {
            let id = field.field_id();
            if entry.is_indexed() {
                let index = part.inverted_index(field).expect("a field");
                numbers.push(format!("{id}: {} terms", index.total_num_tokens()));
                let mut stream = index.terms().stream().expect("terms");
                while stream.advance() {
                    let mut postings = index
                        .read_postings_from_terminfo(
                            stream.value(),
                            IndexRecordOption::WithFreqsAndPositions,
                        )
                        .expect("postings");
                    let mut documents = Vec::new();
                    while postings.doc() != TERMINATED {
                        let mut positions = Vec::new();
                        postings.positions(&mut positions);
                        documents.push((postings.doc(), postings.term_freq(), positions));
                        postings.advance();
                    }
                    assert_eq!(stream.value().doc_freq as usize, documents.len());
                    terms.push((id, stream.key().to_vec(), documents));
                }
            }
            if let Ok(Some(norms)) = part.fieldnorms_readers().get_field(field) {
                let norms: Vec<u8> = (0..part.max_doc()).map(|d| norms.fieldnorm_id(d)).collect();
                numbers.push(format!("{id}: norms {norms:?}"));
            }
        }
        let columns = part.fast_fields();
        for range in Range::ALL {
            let column = columns.i64(range.name()).expect("a column");
            numbers.extend((0..part.max_doc()).map(|d| format!("{range:?} {:?}", column.first(d))));
        }
        for name in [crate::schema::ID, crate::schema::PLACE] {
            let column = columns.str(name).expect("a column");
            for document in 0..part.max_doc() {
                let mut text = String::new();
                if let Some((column, ord)) =
                    column.as_ref().and_then(|c| Some((c, c.term_ords(document).next()?)))
                {
                    column.ord_to_str(ord, &mut text).expect("a text");
                }
                numbers.push(format!("{name} {text}"));
            }
        }
        (terms, numbers)
    }

    /// Title, text, headings and authors; place, organisation, source and places; date and script.
    type Drawn = (
        (String, String, Vec<(u32, u32)>, Vec<String>),
        (Option<String>, Option<String>, Option<String>, Vec<String>),
        (Option<String>, Option<String>),
    );

    fn documents() -> impl Strategy<Value = Vec<Document>> {
        let text = "[侨联计畫划里裡后後。！？\n a-cＡ１𠀀-𠀂（lián）]{0,60}";
        let name = "[侨联省市云溪𠀀]{0,6}";
        let one = (
            (name, text, vec((0_u32..60, 0_u32..9), 0..3), vec(name, 0..3)),
            (option::of(name), option::of(name), option::of(name), vec(name, 0..3)),
            (option::of("20[0-2][0-9](-0[1-9])?"), option::of("Han[st]")),
        );
        vec(one, 1..8).prop_map(|many| {
            let document =
                |(at, ((title, text, headings, authors), names, rest)): (usize, Drawn)| {
                    let (place, organisation, source, places) = names;
                    let length = text.chars().count() as u32;
                    let heading = |(from, len): (u32, u32)| {
                        let from = from.min(length);
                        CharRange::new(from, (from + len).min(length))
                    };
                    let headings = headings.into_iter().map(heading).collect();
                    let (published, script) = rest;
                    Document {
                        id: format!("{at}"),
                        title,
                        text,
                        headings,
                        place,
                        places,
                        organisation,
                        source,
                        authors,
                        published,
                        script,
                        ..Document::default()
                    }
                };
            many.into_iter().enumerate().map(document).collect()
        })
    }

    /// Both ways into the index.
    fn compare(documents: &[Document]) -> Result<(), TestCaseError> {
        let (schema, fields) = schema();
        let (_engines, one_by_one) = index(|writer| {
            for document in documents {
                writer.add_document(indexed(&fields, document)).expect("a document");
            }
        });
        let (_ours, at_once) = index(|writer| {
            let mut part = Part::new(&fields, schema.clone()).expect("a part");
            for document in documents {
                assert!(part.add(document).expect("a document"), "it fits");
            }
            part.write(writer).expect("a part");
        });
        prop_assert_eq!(dump(&one_by_one), dump(&at_once));
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
        #[test]
        fn both_ways_make_the_same_index(documents in documents()) {
            compare(&documents)?;
        }
    }

    #[test]
    fn long_documents_and_many_are_the_same_both_ways() {
        let text: String = "计畫侨𠀀联，侨计。\n".chars().cycle().take(70_000).collect();
        let short = |n: u32| Document {
            id: format!("{n:05}"),
            text: char::from_u32(0x4E00 + n % 700)
                .into_iter()
                .cycle()
                .take(n as usize % 7)
                .collect(),
            ..Document::default()
        };
        let mut documents: Vec<Document> = (0..900).map(short).collect();
        documents.insert(300, Document { id: "long".into(), text, ..Document::default() });
        compare(&documents).expect("the same");
    }

    #[test]
    fn what_is_too_long_is_left_alone() {
        let (schema, fields) = schema();
        let mut part = Part::new(&fields, schema).expect("a part");
        let short = Document { id: "1".into(), text: "侨联".into(), ..Document::default() };
        let long = Document { text: "侨".repeat(Gram::PLACES), ..short.clone() };
        assert!(part.add(&short).expect("a document"));
        assert!(!part.add(&long).expect("a document"));
        let authors = vec!["侨".repeat(1 << 21), "联".repeat(1 << 21)];
        assert!(!part.add(&Document { authors, ..short.clone() }).expect("a document"));
        assert!(part.add(&short).expect("a document"));
        assert_eq!(part.documents, 2);
    }
}
