//! Random texts and queries: the index finds what a scan of the folded texts finds.

use crate::support::{Archive, go_on, search, text_document};
use anjuan_search::query::parse;
use anjuan_search::{Document, Index, Query};
use anjuan_text::{CharRange, Folded, OffsetMap, Pattern, to_simplified, to_traditional};
use proptest::prelude::*;

/// Text of the kind reports are made of, of few characters, so that queries meet several texts.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[侨僑联聯工作计划計畫了解瞭发髮發后後]{1,6}",
        1 => "[，。、；“”「」（）()]{1,2}",
        1 => Just("聯(lián)".to_owned()),
        1 => Just("畫（huà）".to_owned()),
        1 => "[a-zA-ZＡ-Ｚ0-9０-９%½㈠]{1,5}",
        1 => "[ \u{3000}\n]{1,2}",
        1 => "[\u{20000}-\u{20003}\u{1F600}-\u{1F602}\u{E000}]{1,2}",
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

/// A condition over phrases, known apart from the query language.
#[derive(Debug, Clone)]
enum Expected {
    Phrase(String),
    All(Box<Self>, Box<Self>),
    Any(Box<Self>, Box<Self>),
    Without(Box<Self>, Box<Self>),
}

impl Expected {
    fn holds(&self, text: &Folded) -> bool {
        match self {
            Self::Phrase(phrase) => !text.find(&Pattern::new(phrase)).is_empty(),
            Self::All(a, b) => a.holds(text) && b.holds(text),
            Self::Any(a, b) => a.holds(text) || b.holds(text),
            Self::Without(a, b) => a.holds(text) && !b.holds(text),
        }
    }

    fn places(&self, text: &Folded) -> Vec<CharRange> {
        match self {
            Self::Phrase(phrase) => text.find(&Pattern::new(phrase)),
            Self::All(a, b) | Self::Any(a, b) => [a.places(text), b.places(text)].concat(),
            Self::Without(a, _) => a.places(text),
        }
    }

    fn typed(&self) -> String {
        match self {
            Self::Phrase(phrase) => phrase.clone(),
            Self::All(a, b) => format!("({} {})", a.typed(), b.typed()),
            Self::Any(a, b) => format!("({} 或 {})", a.typed(), b.typed()),
            Self::Without(a, b) => format!("({} -{})", a.typed(), b.typed()),
        }
    }
}

/// What of a text can be typed as one part of a longer query.
fn typable(cut: &str) -> Option<String> {
    let plain: String =
        cut.chars().filter(|c| !c.is_whitespace() && !"“”「」()（）-".contains(*c)).collect();
    (!Pattern::new(&plain).is_empty()).then_some(plain)
}

/// Where in which text to cut a phrase, how long, and in which script to ask for it.
type Cut = (prop::sample::Index, prop::sample::Index, usize, u8);

fn cut(texts: &[String], (text, at, length, script): &Cut) -> String {
    let chars: Vec<char> = text.get(texts).chars().collect();
    if chars.is_empty() {
        return "侨联".to_owned();
    }
    let start = at.index(chars.len());
    let piece: String = chars[start..chars.len().min(start + length)].iter().collect();
    match script {
        0 => to_simplified(&piece),
        1 => to_traditional(&piece),
        _ => piece,
    }
}

fn expected(texts: &[String], cuts: &[Cut], joins: &[u8]) -> Option<Expected> {
    let mut phrases = cuts.iter().filter_map(|at| typable(&cut(texts, at)));
    let mut whole = Expected::Phrase(phrases.next()?);
    for (phrase, join) in phrases.zip(joins) {
        let (a, b) = (Box::new(whole), Box::new(Expected::Phrase(phrase)));
        whole = match join % 3 {
            0 => Expected::All(a, b),
            1 => Expected::Any(a, b),
            _ => Expected::Without(a, b),
        };
    }
    Some(whole)
}

fn check(
    index: &Index,
    archive: &Archive,
    query: &Query,
    expected: &Expected,
) -> Result<(), TestCaseError> {
    let page = search(index, archive, query);
    let mut found: Vec<&str> = page.hits.iter().map(|hit| hit.document.as_str()).collect();
    found.sort_unstable();
    let scanned: Vec<&str> = archive
        .documents
        .values()
        .filter(|document| expected.holds(&Folded::new(&document.text)))
        .map(|document| document.id.as_str())
        .collect();
    prop_assert_eq!(&found, &scanned, "{}", expected.typed());
    prop_assert_eq!(page.total, scanned.len());
    let mut last = f32::INFINITY;
    for hit in &page.hits {
        let text = &archive.documents[&hit.document].text;
        let mut places = expected.places(&Folded::new(text));
        places.sort_unstable();
        places.dedup();
        prop_assert_eq!(&hit.matches, &places);
        prop_assert!(hit.score <= last && hit.score.is_finite(), "best first");
        last = hit.score;
        let map = OffsetMap::new(text);
        for snippet in &hit.snippets {
            prop_assert_eq!(&snippet.text, map.slice(snippet.range));
            prop_assert!(snippet.range.len() <= 120);
        }
        prop_assert!(hit.snippets.iter().any(|s| places.iter().any(|p| s.range.contains(*p))));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn index_and_changes_together_find_what_a_scan_finds(
        texts in prop::collection::vec(text(), 1..8),
        later in prop::collection::vec((any::<prop::sample::Index>(), prop::option::of(text())), 0..4),
        queries in prop::collection::vec(
            (prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1_usize..13, 0_u8..3), 1..4),
             prop::collection::vec(any::<u8>(), 3)), 12),
    ) {
        let mut archive = Archive::of_texts(&texts);
        let dir = tempfile::tempdir().unwrap();
        let index = Index::open(dir.path(), &archive.id).unwrap().index;
        index.catch_up(&archive, &mut go_on).unwrap();
        // Changes, new documents and deletions that the index does not know.
        for (number, text) in &later {
            let number = number.index(texts.len() + 2);
            match text {
                Some(text) => archive.put(text_document(number, text)),
                None => archive.remove(&format!("{number:03}")),
            }
        }
        for caught_up in [false, true] {
            if caught_up {
                index.catch_up(&archive, &mut go_on).unwrap();
                prop_assert_eq!(index.status().documents, archive.documents.len() as u64);
            }
            for (cuts, joins) in &queries {
                if let Some(expected) = expected(&texts, cuts, joins) {
                    check(&index, &archive, &parse(&expected.typed()).query, &expected)?;
                }
                // The cut as it is, with its spaces, marks and brackets.
                let raw = cut(&texts, &cuts[0]);
                check(&index, &archive, &Query::phrase(&raw), &Expected::Phrase(raw.clone()))?;
            }
        }
    }

    #[test]
    fn any_query_finds_what_it_is_defined_to_find(
        texts in prop::collection::vec(text(), 1..5),
        queries in prop::collection::vec("[侨联计划 ()“”\\-!:年地区标签简12018.或非AND\u{20000}]{0,24}", 20),
    ) {
        let mut archive = Archive::of_texts(&texts);
        archive.put(Document {
            title: "侨联计划".into(),
            place: Some("地区侨联".into()),
            published: Some("2018".into()),
            script: Some("Hans".into()),
            tags: vec!["计划/侨联".into()],
            ..text_document(900, "年侨联")
        });
        let dir = tempfile::tempdir().unwrap();
        let index = crate::support::index_of(dir.path(), &archive);
        for typed in queries {
            let query = parse(&typed).query;
            prop_assert_eq!(crate::support::found(&index, &archive, &query), archive.scan(&query), "{}", typed);
        }
    }
}
