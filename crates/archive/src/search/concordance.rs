//! The concordance (KWIC): every place where a question is answered, with what stands around it.

use super::Turn;
use crate::archive::{Archive, lock};
use crate::error::Result;
use crate::library::{Collation, Order};
use crate::wire as to_wire;
use anjuan_protocol as wire;
use anjuan_search::FoldedDocument;
use anjuan_text::{CharRange, GAP, OffsetMap, fold_char};
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, OnceLock};

/// Lines kept at the most: some 20 MB, and more than anybody reads.
const LINES: usize = 50_000;
/// Lines returned at the most.
const MOST: u32 = 1_000;
/// Code points shown on either side; a line of a wide window holds fewer.
const AROUND: u32 = 60;
/// Code points shown of what was found; expressions can find very much.
const MIDDLE: u32 = 120;
/// Folded characters of a context that decide the order; what is equal so far is read as equal.
const DECISIVE: usize = 12;

/// The concordance asked for last, for scrolling and sorting.
#[derive(Default)]
pub(crate) struct Concordances(Mutex<Option<Arc<Concordance>>>);

/// A report that lines come from.
pub(super) struct Card {
    pub(super) report: String,
    pub(super) title: String,
    pub(super) place: Option<String>,
    pub(super) published: Option<String>,
    pub(super) script: Option<String>,
    pub(super) source: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) organisation: Option<String>,
}

/// A place with what stands around it.
pub(super) struct Line {
    /// Which of the reports.
    card: u32,
    pub(super) range: CharRange,
    pub(super) left: Box<str>,
    pub(super) middle: Box<str>,
    pub(super) right: Box<str>,
}

/// The lines of one question at one state of the archive.
pub(super) struct Concordance {
    question: wire::Question,
    sequence: u64,
    cards: Vec<Card>,
    lines: Vec<Line>,
    found: usize,
    cut: bool,
    /// By which contexts are put in order.
    collated: Order,
    /// For each order, once it was asked for, the lines in it.
    orders: [OnceLock<Vec<u32>>; ORDERS.len()],
}

const ORDERS: [wire::ConcordanceSort; 6] = [
    wire::ConcordanceSort::Text,
    wire::ConcordanceSort::Left,
    wire::ConcordanceSort::Right,
    wire::ConcordanceSort::Middle,
    wire::ConcordanceSort::Place,
    wire::ConcordanceSort::Oldest,
];

impl Archive {
    /// A stretch of the concordance of a question.
    ///
    /// # Errors
    /// When file or index cannot be read, an identifier of the filter is none, or nobody waits for
    /// the answer any more.
    pub fn concordance(
        &self,
        request: &wire::ConcordanceRequest,
        turn: &Turn,
    ) -> Result<wire::ConcordancePage> {
        let concordance = self.concordance_of(&request.question, turn)?;
        let order = concordance.order(request.sort);
        let lines = order.iter().skip(request.offset as usize);
        let lines = lines.take(request.limit.min(MOST) as usize).filter_map(|&at| {
            let (card, line) = concordance.line(at)?;
            Some(wire::ConcordanceLine {
                report: card.report.clone(),
                title: card.title.clone(),
                place: card.place.clone(),
                published: card.published.clone(),
                script: card.script.clone(),
                range: to_wire::range(line.range),
                left: line.left.to_string(),
                middle: line.middle.to_string(),
                right: line.right.to_string(),
            })
        });
        Ok(wire::ConcordancePage {
            total: super::count(concordance.lines.len()),
            reports: super::count(concordance.cards.len()),
            found: super::count(concordance.found),
            cut: concordance.cut,
            lines: lines.collect(),
        })
    }

    /// The lines of a question, made anew where question or archive are others than last time.
    pub(super) fn concordance_of(
        &self,
        question: &wire::Question,
        turn: &Turn,
    ) -> Result<Arc<Concordance>> {
        let (sequence, collated) = (self.sequence()?, self.order_of_text()?);
        if let Some(kept) = &*lock(&self.concordances.0)
            && kept.sequence == sequence
            && kept.collated == collated
            && kept.question == *question
        {
            return Ok(Arc::clone(kept));
        }
        let made = self.lines_found(question, LINES, turn, &mut |_| ControlFlow::Continue(()))?;
        let concordance = Arc::new(Concordance { sequence, ..made });
        *lock(&self.concordances.0) = Some(Arc::clone(&concordance));
        Ok(concordance)
    }

    /// The lines of a question, so many at the most; `each` hears how many reports were looked at
    /// and may break off.
    pub(super) fn lines_found(
        &self,
        question: &wire::Question,
        most: usize,
        turn: &Turn,
        each: &mut dyn FnMut(u32) -> ControlFlow<()>,
    ) -> Result<Concordance> {
        let mut concordance = Concordance {
            question: question.clone(),
            sequence: 0,
            cards: Vec::new(),
            lines: Vec::new(),
            found: 0,
            cut: false,
            collated: self.order_of_text()?,
            orders: Default::default(),
        };
        let mut looked_at = 0;
        let found = self.each_found(question, turn, lines_of, |(card, mut lines)| {
            looked_at += 1;
            let room = most - concordance.lines.len();
            concordance.cut |= lines.len() > room;
            lines.truncate(room);
            if !lines.is_empty() {
                let number = concordance.cards.len() as u32;
                concordance.cards.push(card);
                for line in &mut lines {
                    line.card = number;
                }
                concordance.lines.append(&mut lines);
            }
            if concordance.cut { ControlFlow::Break(()) } else { each(looked_at) }
        })?;
        concordance.found = found;
        Ok(concordance)
    }

    /// How the user has text put in order.
    pub(super) fn order_of_text(&self) -> Result<Order> {
        self.library(|library, _| Ok(library.order()))
    }
}

/// The lines of one report.
fn lines_of(document: &FoldedDocument<'_>, places: Vec<CharRange>) -> (Card, Vec<Line>) {
    let document = document.document();
    let map = OffsetMap::new(&document.text);
    let mut seen = HashSet::new();
    let line = |range: CharRange| {
        let shown = |start: u32, end: u32| -> Box<str> {
            let text = map.slice(CharRange::new(start, end));
            text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect()
        };
        let (before, end) = (range.start.saturating_sub(AROUND), map.chars());
        let middle = range.end.min(range.start + MIDDLE);
        Line {
            card: 0,
            range,
            left: shown(before, range.start),
            middle: shown(range.start, middle),
            right: shown(range.end, (range.end + AROUND).min(end)),
        }
    };
    let lines = places.into_iter().filter(|range| seen.insert(*range)).map(line);
    let card = Card {
        report: document.id.clone(),
        title: document.title.clone(),
        place: document.place.clone(),
        published: document.published.clone(),
        script: document.script.clone(),
        source: document.source.clone(),
        authors: document.authors.clone(),
        organisation: document.organisation.clone(),
    };
    (card, lines.collect())
}

impl Concordance {
    pub(super) fn line(&self, at: u32) -> Option<(&Card, &Line)> {
        let line = self.lines.get(at as usize)?;
        Some((self.cards.get(line.card as usize)?, line))
    }

    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }

    /// The lines in an order; equal ones as they stand.
    pub(super) fn order(&self, sort: wire::ConcordanceSort) -> &[u32] {
        let number = ORDERS.iter().position(|order| *order == sort).unwrap_or(0);
        self.orders[number].get_or_init(|| {
            let mut order: Vec<u32> = (0..self.lines.len() as u32).collect();
            let collation = Collation::new(self.collated);
            let by_text = |text: &dyn Fn(&Line) -> String| -> Vec<Box<[u8]>> {
                self.lines.iter().map(|line| collation.key(&text(line))).collect()
            };
            let left = |line: &Line| decisive(line.left.chars().rev());
            let right = |line: &Line| decisive(line.right.chars());
            let middle = |line: &Line| decisive(line.middle.chars());
            let keys: Vec<Vec<Box<[u8]>>> = match sort {
                wire::ConcordanceSort::Text => Vec::new(),
                wire::ConcordanceSort::Left => vec![by_text(&left), by_text(&right)],
                wire::ConcordanceSort::Right => vec![by_text(&right), by_text(&left)],
                wire::ConcordanceSort::Middle => vec![by_text(&middle), by_text(&right)],
                wire::ConcordanceSort::Place => {
                    let place = |line: &Line| {
                        let card = self.cards.get(line.card as usize);
                        // What has no place comes behind all that have one.
                        card.and_then(|card| card.place.clone()).unwrap_or_else(|| LAST.to_owned())
                    };
                    vec![by_text(&place)]
                }
                wire::ConcordanceSort::Oldest => {
                    let published = |line: &Line| {
                        let card = self.cards.get(line.card as usize);
                        let published = card.and_then(|card| card.published.as_deref());
                        published.unwrap_or(LAST).as_bytes().into()
                    };
                    vec![self.lines.iter().map(published).collect()]
                }
            };
            order.sort_by(|&a, &b| {
                let by_key = |keys: &Vec<Box<[u8]>>| keys[a as usize].cmp(&keys[b as usize]);
                keys.iter().map(by_key).find(|order| order.is_ne()).unwrap_or_else(|| a.cmp(&b))
            });
            order
        })
    }
}

/// What comes behind everything in either order.
const LAST: &str = "\u{10FFFD}";

/// What decides the order of a context: its first characters, folded, without punctuation.
fn decisive(context: impl Iterator<Item = char>) -> String {
    context.filter_map(fold_char).filter(|&c| c != GAP).take(DECISIVE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use anjuan_search::Document;

    fn lines(text: &str, places: &[(u32, u32)]) -> Vec<Line> {
        let document = Document { text: text.into(), ..Document::default() };
        let places = places.iter().map(|&(start, end)| CharRange::new(start, end)).collect();
        lines_of(&FoldedDocument::new(&document), places).1
    }

    #[test]
    fn a_line_shows_what_stands_around_in_the_characters_of_the_text() {
        let found = lines("僑聯\n工作𠀀報告", &[(0, 2), (3, 5), (3, 5), (5, 8)]);
        let shown: Vec<_> = found.iter().map(|l| (&*l.left, &*l.middle, &*l.right)).collect();
        let expect =
            [("", "僑聯", " 工作𠀀報告"), ("僑聯 ", "工作", "𠀀報告"), ("僑聯 工作", "𠀀報告", "")];
        assert_eq!(shown, expect, "one place is one line");
    }

    #[test]
    fn contexts_are_cut_and_long_finds_too() {
        let text: String = "甲".repeat(200) + &"乙".repeat(200) + &"丙".repeat(200);
        let found = lines(&text, &[(200, 400)]);
        assert_eq!(*found[0].left, *"甲".repeat(60));
        assert_eq!(*found[0].middle, *"乙".repeat(120));
        assert_eq!(*found[0].right, *"丙".repeat(60));
    }

    fn sorted(sort: wire::ConcordanceSort, contexts: &[(&str, &str, &str)]) -> Vec<u32> {
        let line = |(left, middle, right): &(&str, &str, &str)| Line {
            card: 0,
            range: CharRange::default(),
            left: (*left).into(),
            middle: (*middle).into(),
            right: (*right).into(),
        };
        let concordance = Concordance {
            question: wire::Question::default(),
            sequence: 0,
            cards: Vec::new(),
            lines: contexts.iter().map(line).collect(),
            found: 0,
            cut: false,
            collated: Order::Pinyin,
            orders: Default::default(),
        };
        concordance.order(sort).to_vec()
    }

    #[test]
    fn contexts_are_sorted_away_from_the_middle() {
        let all = [("推动", "发展", "，长安"), ("促进", "發展", "北京"), ("加快", "发展", "北海")];
        assert_eq!(sorted(wire::ConcordanceSort::Text, &all), [0, 1, 2]);
        // dòng, jìn, kuài.
        assert_eq!(sorted(wire::ConcordanceSort::Left, &all), [0, 1, 2]);
        // hǎi before jīng, and the comma does not count.
        assert_eq!(sorted(wire::ConcordanceSort::Right, &all), [2, 1, 0]);
        // The two scripts are one word.
        assert_eq!(sorted(wire::ConcordanceSort::Middle, &all), [2, 1, 0]);
    }
}
