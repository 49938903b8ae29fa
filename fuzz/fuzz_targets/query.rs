//! Any bytes as a query: it is understood, prints as itself, and the index finds what a scan finds.
#![no_main]

use anjuan_search::query::{Mark, Tree, parse};
use anjuan_search::{Document, DocumentChange, FoldedDocument, Index, Names, Source};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::ops::ControlFlow;
use std::sync::OnceLock;

const TEXTS: [&str; 4] = [
    "省侨联2018年工作总结\n侨联工作，引进侨资企业GDP 8.5%。",
    "僑聯(lián)工作計畫。瞭解發展後",
    "计划\n",
    "",
];

struct Texts;

impl Source for Texts {
    type Error = Infallible;

    fn archive_id(&self) -> String {
        "archive".into()
    }

    fn sequence(&self) -> Result<u64, Infallible> {
        Ok(TEXTS.len() as u64)
    }

    fn changes_after(&self, seq: u64, limit: usize) -> Result<Vec<DocumentChange>, Infallible> {
        let changes = (seq..TEXTS.len() as u64).take(limit);
        Ok(changes.map(|at| DocumentChange { seq: at + 1, document: at.to_string() }).collect())
    }

    fn document(&self, id: &str) -> Result<Option<Document>, Infallible> {
        let at: Option<usize> = id.parse().ok();
        let text = at.and_then(|at| TEXTS.get(at));
        Ok(text.map(|text| Document {
            id: id.into(),
            title: text.lines().next().unwrap_or_default().into(),
            text: (*text).into(),
            published: Some("2018-05".into()),
            ..Document::default()
        }))
    }

    fn marked(&self, _: Mark<'_>) -> Result<BTreeSet<String>, Infallible> {
        Ok(BTreeSet::new())
    }

    fn all(&self) -> Result<Vec<String>, Infallible> {
        Ok((0..TEXTS.len()).map(|at| at.to_string()).collect())
    }
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a folder").keep();
        let index = Index::open(&dir, "archive").expect("an index").index;
        index.catch_up(&Texts, &mut |_| ControlFlow::Continue(())).expect("catches up");
        index
    })
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let typed = String::from_utf8_lossy(bytes);
    let parsed = parse(&typed);
    if let Some(tree) = &parsed.tree {
        let printed = tree.to_string();
        let again = parse(&printed).tree.as_ref().map(Tree::to_string);
        assert_eq!(again.as_ref(), Some(&printed), "{typed:?}");
    }
    let scanned = (0..TEXTS.len())
        .filter(|at| {
            let Ok(document) = Texts.document(&at.to_string());
            document.is_some_and(|d| parsed.query.matches(&FoldedDocument::new(&d)).is_some())
        })
        .count();
    let found = index().search(&Texts, &parsed.query, 0, 9).expect("it can be searched");
    assert_eq!(found.total, scanned, "{typed:?}");
    index().suggest(&Names::default(), &typed, 3);
});
