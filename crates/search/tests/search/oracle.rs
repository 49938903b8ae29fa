//! Random texts and queries: the index finds what a scan of the folded texts finds.

use crate::support::{Archive, go_on, search, text_document};
use anjuan_search::query::parse;
use anjuan_search::{Document, Index, Query};
use anjuan_text::sentence::sentences;
use anjuan_text::{
    CharRange, Folded, GAP, OffsetMap, Pattern, fold_char, fold_width, is_han, to_simplified,
    to_traditional,
};
use proptest::prelude::*;
use std::ops::Range;

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

/// What is looked for in the text beside plain phrases. The phrases are Han characters.
#[derive(Debug, Clone)]
enum Asked {
    Loose(String),
    Original(String),
    /// With `?` between, or with `*`.
    Wildcard(String, bool, String),
    Within(String, usize, String),
    Sentence(String, String),
    Paragraph(String, String),
    /// `/甲.{0,n}乙/`
    Expression(String, usize, String),
    /// `/甲|乙/`
    Either(String, String),
    /// `/\d/`, which names no text.
    Digit,
}

/// A text with what the rules speak of.
struct Looked<'t> {
    text: &'t str,
    folded: Folded,
}

impl<'t> Looked<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, folded: Folded::new(text) }
    }

    fn spans(&self, phrase: &str) -> Vec<Range<usize>> {
        self.folded.find_units(&Pattern::new(phrase))
    }

    /// Whether units from one to another, both included, begin in one sentence.
    fn in_sentence(&self, from: usize, to: usize) -> bool {
        let units = self.folded.units();
        let (from, to) = (units[from].start, units[to].start);
        sentences(self.text).iter().any(|s| s.start <= from && to < s.end)
    }

    fn in_paragraph(&self, from: usize, to: usize) -> bool {
        let units = self.folded.units();
        let (from, to) = (units[from].byte_start as usize, units[to].byte_start as usize);
        !self.text[from..to].contains('\n')
    }

    /// The runs of two spans that follow on each other and pass the test.
    fn pairs(
        &self,
        a: &str,
        b: &str,
        test: impl Fn(&Range<usize>, &Range<usize>) -> bool,
    ) -> Vec<(Range<usize>, Range<usize>)> {
        let mut pairs = Vec::new();
        for a in self.spans(a) {
            for b in self.spans(b) {
                if a.end <= b.start && test(&a, &b) {
                    pairs.push((a.clone(), b));
                }
            }
        }
        pairs
    }

    /// Those that take part, whichever comes first.
    fn near(&self, a: &str, b: &str, test: impl Fn(&Range<usize>, &Range<usize>) -> bool) -> Marks {
        let mut found = Vec::new();
        for (a, b) in [self.pairs(a, b, &test), self.pairs(b, a, &test)].concat() {
            found.extend([a, b]);
        }
        Marks::These(found)
    }

    /// Whether the run can be read as these characters from end to end in one reading.
    fn reads(&self, run: Range<usize>, phrase: &str) -> bool {
        let folded: Vec<char> = phrase.chars().filter_map(fold_char).collect();
        let units = &self.folded.units()[run];
        let by_characters = units.iter().map(|u| u.folded).eq(folded.iter().copied());
        by_characters
            || units.iter().map(|u| u.alternative.unwrap_or(u.folded)).eq(folded.iter().copied())
    }

    fn marks(&self, asked: &Asked) -> Marks {
        let units = self.folded.units();
        match asked {
            Asked::Loose(phrase) => {
                let pattern = Pattern::new(phrase);
                let k = pattern.len();
                let mut fits = Vec::new();
                for start in 0..units.len() {
                    for length in k - 1..=k + 1 {
                        let Some(run) = units.get(start..start + length) else { continue };
                        let close = |form: &Vec<char>| {
                            distance(form.len(), run.len(), |a, b| run[b].is(form[a])) <= 1
                        };
                        if pattern.forms().iter().any(close) {
                            fits.push(start..start + length);
                        }
                    }
                }
                Marks::AnyOf(fits)
            }
            Asked::Original(phrase) => {
                let wanted: Vec<Option<char>> = phrase.chars().map(fold_width).collect();
                let chars: Vec<char> = self.text.chars().collect();
                let kept: Vec<Option<char>> = units
                    .iter()
                    .map(|unit| match unit.folded {
                        GAP => None,
                        _ => fold_width(chars[unit.start as usize]),
                    })
                    .collect();
                let found = kept.windows(wanted.len()).enumerate().filter(|(_, w)| *w == wanted);
                Marks::These(found.map(|(at, _)| at..at + wanted.len()).collect())
            }
            Asked::Wildcard(a, one, b) => {
                let found = self.pairs(a, b, |a, b| {
                    let between = b.start - a.end;
                    if *one {
                        between == 1 && units[a.end].folded != GAP
                    } else {
                        between <= 40 && self.in_sentence(a.start, b.end - 1)
                    }
                });
                Marks::AnyOf(found.into_iter().map(|(a, b)| a.start..b.end).collect())
            }
            Asked::Within(a, most, b) => self.near(a, b, |a, b| b.start - a.end <= *most),
            Asked::Sentence(a, b) => self.near(a, b, |a, b| self.in_sentence(a.start, b.end - 1)),
            Asked::Paragraph(a, b) => self.near(a, b, |a, b| self.in_paragraph(a.start, b.end - 1)),
            Asked::Expression(a, most, b) => {
                let mut found = Vec::new();
                let (long_a, long_b) = (a.chars().count(), b.chars().count());
                for start in 0..units.len() {
                    for between in 0..=*most {
                        let (middle, end) =
                            (start + long_a + between, start + long_a + between + long_b);
                        // Both parts by characters or both by phrases.
                        let whole: Option<Vec<char>> = units.get(start..end).map(|units| {
                            units.iter().map(|u| u.alternative.unwrap_or(u.folded)).collect()
                        });
                        let Some(by_phrases) = whole else { continue };
                        let folded = |phrase: &str| -> Vec<char> {
                            phrase.chars().filter_map(fold_char).collect()
                        };
                        let fits = |read: &dyn Fn(usize) -> char| {
                            (0..long_a).all(|at| read(at) == folded(a)[at])
                                && (0..long_b).all(|at| read(middle - start + at) == folded(b)[at])
                        };
                        if (fits(&|at| units[start + at].folded) || fits(&|at| by_phrases[at]))
                            && self.in_paragraph(start, end - 1)
                        {
                            found.push(start..end);
                        }
                    }
                }
                Marks::AnyOf(found)
            }
            Asked::Either(a, b) => {
                let mut found = Vec::new();
                for phrase in [a, b] {
                    let length = phrase.chars().count();
                    for start in 0..(units.len() + 1).saturating_sub(length) {
                        if self.reads(start..start + length, phrase)
                            && self.in_paragraph(start, start + length - 1)
                        {
                            found.push(start..start + length);
                        }
                    }
                }
                Marks::AnyOf(found)
            }
            Asked::Digit => Marks::These(
                (0..units.len())
                    .filter(|&at| units[at].folded.is_ascii_digit())
                    .map(|at| at..at + 1)
                    .collect(),
            ),
        }
    }
}

/// Places as runs of units.
enum Marks {
    /// Exactly these are marked.
    These(Vec<Range<usize>>),
    /// Some of these are marked, at least one if there are any.
    AnyOf(Vec<Range<usize>>),
}

impl Marks {
    fn found(&self) -> bool {
        let (Self::These(runs) | Self::AnyOf(runs)) = self;
        !runs.is_empty()
    }
}

/// Levenshtein's distance of two rows of so many things.
fn distance(a: usize, b: usize, same: impl Fn(usize, usize) -> bool) -> usize {
    let mut last: Vec<usize> = (0..=b).collect();
    for i in 0..a {
        let mut row = vec![i + 1];
        for j in 0..b {
            let wrong = last[j] + usize::from(!same(i, j));
            row.push(wrong.min(last[j + 1] + 1).min(row[j] + 1));
        }
        last = row;
    }
    last[b]
}

impl Asked {
    fn typed(&self) -> String {
        match self {
            Self::Loose(phrase) => format!("{phrase}~"),
            Self::Original(phrase) => format!("={phrase}"),
            Self::Wildcard(a, true, b) => format!("{a}?{b}"),
            Self::Wildcard(a, false, b) => format!("{a}*{b}"),
            Self::Within(a, most, b) => format!("({a} NEAR/{most} {b})"),
            Self::Sentence(a, b) => format!("({a} 句 {b})"),
            Self::Paragraph(a, b) => format!("({a} PARAGRAPH {b})"),
            Self::Expression(a, most, b) => format!("/{a}.{{0,{most}}}{b}/"),
            Self::Either(a, b) => format!("/{a}|{b}/"),
            Self::Digit => r"/\d/".to_owned(),
        }
    }

    fn of(texts: &[String], first: &Cut, second: &Cut, kind: u8, most: usize) -> Self {
        let han = |at: &Cut, longest: usize| -> String {
            let found: String = cut(texts, at).chars().filter(|&c| is_han(c)).collect();
            let found = if found.is_empty() { "联".to_owned() } else { found };
            found.chars().take(longest).collect()
        };
        let (a, b) = (han(first, 3), han(second, 2));
        match kind {
            // An error in a phrase of the text: one character less, or one of the other.
            0 | 1 => {
                let mut phrase: Vec<char> = han(first, 8).chars().collect();
                if kind == 1 {
                    let at = most % phrase.len();
                    phrase[at] = b.chars().next().unwrap_or('联');
                }
                phrase.resize(phrase.len().max(2), '联');
                Self::Loose(phrase.into_iter().collect())
            }
            2 => Self::Original(han(first, 6)),
            3 => Self::Wildcard(a, true, b),
            4 | 5 => Self::Wildcard(a, false, b),
            6 => Self::Within(a, most, b),
            7 => Self::Sentence(a, b),
            8 => Self::Paragraph(a, b),
            9 => Self::Expression(a, most, b),
            10 => Self::Either(a, b),
            _ => Self::Digit,
        }
    }
}

fn check_asked(index: &Index, archive: &Archive, asked: &Asked) -> Result<(), TestCaseError> {
    let typed = asked.typed();
    let query = parse(&typed).query;
    let page = search(index, archive, &query);
    let mut found: Vec<&str> = page.hits.iter().map(|hit| hit.document.as_str()).collect();
    found.sort_unstable();
    let meets = |test: &dyn Fn(&Looked<'_>) -> bool| -> Vec<&str> {
        let documents = archive.documents.values();
        documents.filter(|d| test(&Looked::new(&d.text))).map(|d| d.id.as_str()).collect()
    };
    prop_assert_eq!(&found, &meets(&|text| text.marks(asked).found()), "{}", typed);
    for hit in &page.hits {
        let text = Looked::new(&archive.documents[&hit.document].text);
        let spans = |runs: &[Range<usize>]| {
            let mut spans: Vec<CharRange> =
                runs.iter().map(|run| text.folded.span(run.clone())).collect();
            spans.sort_unstable();
            spans.dedup();
            spans
        };
        prop_assert!(!hit.matches.is_empty(), "{}", typed);
        match text.marks(asked) {
            Marks::These(runs) => prop_assert_eq!(&hit.matches, &spans(&runs), "{}", typed),
            Marks::AnyOf(runs) => {
                let right = spans(&runs);
                prop_assert!(
                    hit.matches.iter().all(|place| right.contains(place)),
                    "{}: {:?} of {:?}",
                    typed,
                    hit.matches,
                    right
                );
            }
        }
    }
    // Excluded, joined and with exclusions of its own.
    let other = |text: &Looked<'_>| !text.spans("联").is_empty();
    let holds = |text: &Looked<'_>| text.marks(asked).found();
    for (typed, expect) in [
        (format!("NOT {typed}"), meets(&|text| !holds(text))),
        (format!("联 -{typed}"), meets(&|text| other(text) && !holds(text))),
        (format!("联 OR NOT {typed}"), meets(&|text| other(text) || !holds(text))),
        (format!("-(联 -{typed})"), meets(&|text| !other(text) || holds(text))),
    ] {
        let found = crate::support::found(index, archive, &parse(&typed).query);
        prop_assert_eq!(found, expect, "{}", typed);
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
                let asked = Asked::of(
                    &texts,
                    &cuts[0],
                    cuts.last().unwrap(),
                    joins[0] % 12,
                    usize::from(joins[1] % 12),
                );
                check_asked(&index, &archive, &asked)?;
                // The cut as it is, with its spaces, marks and brackets.
                let raw = cut(&texts, &cuts[0]);
                check(&index, &archive, &Query::phrase(&raw), &Expected::Phrase(raw.clone()))?;
            }
        }
    }

    #[test]
    fn any_query_finds_what_it_is_defined_to_find(
        texts in prop::collection::vec(text(), 1..5),
        queries in prop::collection::vec(
            prop_oneof![
                "[侨联计划 ()“”\\-!:年地区标签简12018.或非AND\u{20000}]{0,24}",
                prop::collection::vec(
                    prop_oneof![
                        "[侨联计划畫]{1,4}(~|\\*|\\?[工侨]|)",
                        "=[計畫侨联]{1,2}",
                        "/[侨联画]([侨联.]|\\[计划\\]|.?联|\\d*|(甲|联)){1,2}/",
                        "-?(日期|字数|年|备注):(2018(-0[1-9])?|..2019|>2|无)",
                        Just("句".to_owned()),
                        Just("近/2".to_owned()),
                        Just("或".to_owned()),
                        Just("非".to_owned()),
                    ],
                    1..6,
                )
                .prop_map(|parts| parts.join(" ")),
            ],
            20,
        ),
    ) {
        let mut archive = Archive::of_texts(&texts);
        archive.put(Document {
            title: "侨联计划".into(),
            place: Some("地区侨联".into()),
            published: Some("2018-05".into()),
            memo: true,
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

/// Phrases longer than the index decides alone: whichever unit differs, it is seen.
#[test]
fn long_phrases_are_found_to_the_last_unit() {
    let whole: Vec<char> = "侨联工作计划和总结，引进侨资企业".chars().cycle().take(400).collect();
    let mut archive = Archive::new("archive");
    let changed = |at: usize| {
        let mut text = whole.clone();
        text[at] = '省';
        text.into_iter().collect::<String>()
    };
    let all: String = whole.iter().collect();
    for (number, text) in
        [all.clone(), changed(0), changed(7), changed(150), changed(399), format!("序{all}\n{all}")]
            .into_iter()
            .enumerate()
    {
        let title = text.clone();
        archive.put(Document { title, ..text_document(number, &text) });
    }
    let dir = tempfile::tempdir().expect("a folder");
    let index = Index::open(dir.path(), &archive.id).expect("a folder").index;
    index.catch_up(&archive, &mut go_on).expect("catches up");
    for length in [126, 127, 128, 129, 130, 399, 400] {
        let phrase: String = whole.iter().take(length).collect();
        let other: String = changed(length / 2).chars().take(length).collect();
        for typed in [
            format!("“{phrase}”"),
            format!("“{phrase}” 侨联"),
            format!("侨联 -“{phrase}”"),
            format!("“{phrase}” OR “{other}”"),
            format!("-(“{phrase}” 侨联)"),
            format!("标题:“{phrase}”"),
            format!("侨联 -标题:“{phrase}”"),
            format!("“{phrase}” NEAR/3 侨资"),
            format!("=“{phrase}”"),
        ] {
            let query = parse(&typed).query;
            let mut found: Vec<String> =
                search(&index, &archive, &query).hits.into_iter().map(|hit| hit.document).collect();
            found.sort_unstable();
            assert_eq!(found, archive.scan(&query), "{length}: {typed}");
        }
    }
}
