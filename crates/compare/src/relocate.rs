//! Where a tagged passage stands in a new revision of its report.
//!
//! Yearly reports say the same sentence again with other figures, so that looking for the quote
//! alone lands on the wrong one. A diff of the whole texts comes first: by sentences, then by
//! characters inside what changed. Only a passage that the diff carries over whole is kept without
//! a question. Anything else is looked for in the stretch that took its place and in what is new
//! in the text, never in a place that belongs to another part of the old text.

mod map;

use anjuan_text::{ByteRange, CharRange, GAP, OffsetMap, fold_char};
use map::Map;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A passage of the old text, as it was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// Where it stands in the old text.
    pub range: CharRange,
    /// Its text.
    pub quote: String,
    /// Up to 32 characters before it.
    pub before: String,
    /// Up to 32 characters behind it.
    pub after: String,
}

/// What became of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", content = "range", rename_all = "lowercase")]
pub enum Relocated {
    /// The same text at the same place of the report.
    Kept(CharRange),
    /// The text changed, or stands at another place: to be confirmed.
    Moved(CharRange),
    /// Nothing in the new text is it.
    Lost,
}

/// Characters of context either side of a passage.
const CONTEXT: usize = 32;

/// Equal characters either side that make any other place of the same words impossible to prefer.
const SURE_CONTEXT: usize = 16;

/// Share of the quote's characters that has to be the same in a changed passage.
const SIMILAR: f32 = 0.6;

/// Share of the context's character pairs that has to be found around a passage whose words stand
/// at several places, or are few.
const SAME_CONTEXT: f32 = 0.4;

/// By how much the best place has to be better than the next.
const CLEARLY: f32 = 0.1;

/// By how much the context of another place with the same words has to be better to raise a doubt.
const ANY_BETTER: f32 = 0.02;

/// Fewer characters than this say nothing without their context.
const FEW: usize = 6;

/// Most cells of an alignment: beyond, a passage of that length is taken as lost rather than
/// looked for.
const MOST_CELLS: usize = 4_000_000;

/// Finds each anchor of the old text in the new one, in the order given.
///
/// What is [`Kept`](Relocated::Kept) reads exactly as its quote. An anchor whose quote does not
/// stand at its range in the old text is at best [`Moved`](Relocated::Moved).
pub fn relocate(old: &str, new: &str, anchors: &[Anchor]) -> Vec<Relocated> {
    let revisions = Revisions::new(old, new);
    anchors.iter().map(|anchor| revisions.relocate(anchor)).collect()
}

/// A place in the new text that may be the passage.
#[derive(Debug, Clone)]
struct Candidate {
    place: Range<usize>,
    similarity: f32,
    context: f32,
    /// Whether it lies where the diff puts the passage.
    mapped: bool,
}

impl Candidate {
    fn score(&self) -> f32 {
        0.75 * self.similarity + 0.25 * self.context
    }
}

/// The old and the new text, and the diff between them.
struct Revisions<'t> {
    old: Side<'t>,
    new: Side<'t>,
    map: Map,
    /// Places of three folded characters in what is new in the new text.
    added: FxHashMap<[char; 3], Vec<usize>>,
}

struct Side<'t> {
    offsets: OffsetMap<'t>,
    chars: Vec<char>,
    /// The characters as they are compared: folded, punctuation and white space as they stand.
    folded: Vec<char>,
}

impl<'t> Side<'t> {
    fn new(text: &'t str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let folded = folded(&chars);
        Self { offsets: OffsetMap::new(text), chars, folded }
    }

    /// Where a quote stands.
    fn places(&self, quote: &str) -> Vec<Range<usize>> {
        let found = self.offsets.text().match_indices(quote);
        found
            .map(|(start, quote)| {
                let bytes = ByteRange { start, end: start + quote.len() };
                let range = self.offsets.from_bytes(bytes);
                range.start as usize..range.end as usize
            })
            .collect()
    }

    fn before(&self, place: &Range<usize>, most: usize) -> &[char] {
        &self.folded[place.start.saturating_sub(most)..place.start]
    }

    fn after(&self, place: &Range<usize>, most: usize) -> &[char] {
        &self.folded[place.end..(place.end + most).min(self.folded.len())]
    }
}

fn folded(chars: &[char]) -> Vec<char> {
    chars.iter().map(|&c| fold_char(c).filter(|&f| f != GAP).unwrap_or(c)).collect()
}

/// An anchor with its words as they are compared.
struct Wanted {
    quote: Vec<char>,
    before: Vec<char>,
    after: Vec<char>,
    /// Where it stands in the old text, if it does.
    place: Option<Range<usize>>,
}

impl<'t> Revisions<'t> {
    fn new(old: &'t str, new: &'t str) -> Self {
        let (old, new) = (Side::new(old), Side::new(new));
        let map = Map::new(&old.chars, &new.chars, &old.folded, &new.folded);
        let mut added: FxHashMap<[char; 3], Vec<usize>> = FxHashMap::default();
        for (at, gram) in new.folded.windows(3).enumerate() {
            if (at..at + 3).all(|c| map.to_old(c).is_none()) {
                added.entry([gram[0], gram[1], gram[2]]).or_default().push(at);
            }
        }
        Self { old, new, map, added }
    }

    fn relocate(&self, anchor: &Anchor) -> Relocated {
        let quote: Vec<char> = anchor.quote.chars().collect();
        if quote.is_empty() {
            return Relocated::Lost;
        }
        let range = anchor.range.start as usize..anchor.range.end as usize;
        let sure = self.old.chars.get(range.clone()).is_some_and(|c| c == quote);
        let place = if sure { Some(range) } else { only(self.old.places(&anchor.quote)) };
        let wanted = match &place {
            Some(place) => Wanted {
                quote: self.old.folded[place.clone()].to_vec(),
                before: self.old.before(place, CONTEXT).to_vec(),
                after: self.old.after(place, CONTEXT).to_vec(),
                place: Some(place.clone()),
            },
            None => Wanted {
                quote: folded(&quote),
                before: folded(&anchor.before.chars().collect::<Vec<_>>()),
                after: folded(&anchor.after.chars().collect::<Vec<_>>()),
                place: None,
            },
        };
        if let Some(old) = &place
            && let Some(new) = self
                .map
                .whole(old)
                .into_iter()
                .filter(|new| self.new.chars[new.clone()] == quote)
                .rev() // of equally good ones the last is taken, which is to be the first
                .max_by(|x, y| self.context(&wanted, x).total_cmp(&self.context(&wanted, y)))
        {
            let kept = CharRange::new(new.start as u32, new.end as u32);
            return match self.trust(&anchor.quote, &wanted, old, &new) {
                None if sure => Relocated::Kept(kept),
                None => Relocated::Moved(kept),
                Some(place) => moved(&place),
            };
        }
        match self.best(&anchor.quote, &wanted) {
            Some(found) => moved(&found.place),
            None => Relocated::Lost,
        }
    }

    /// Whether the place that the diff gives to an unchanged passage is the only possible one:
    /// `None`, or else the place to be confirmed.
    fn trust(
        &self,
        quote: &str,
        wanted: &Wanted,
        old: &Range<usize>,
        new: &Range<usize>,
    ) -> Option<Range<usize>> {
        let around = |side: &Side, place: &Range<usize>| {
            let before = side.before(place, SURE_CONTEXT).to_vec();
            (before, side.after(place, SURE_CONTEXT).to_vec())
        };
        if around(&self.old, old) == around(&self.new, new) {
            return None;
        }
        let others: Vec<_> =
            self.new.places(quote).into_iter().filter(|place| place != new).collect();
        if others.is_empty() && self.old.places(quote).len() == 1 {
            return None;
        }
        let here = self.context(wanted, new);
        let rival = others
            .into_iter()
            .filter(|place| self.is_free(place, Some(old)))
            .map(|place| (self.context(wanted, &place), place))
            .max_by(|x, y| x.0.total_cmp(&y.0));
        match rival {
            Some((context, place)) if context > here + ANY_BETTER => Some(place),
            _ if here >= SAME_CONTEXT => None,
            _ => Some(new.clone()),
        }
    }

    /// Share of the pairs of characters around a passage that also stand around a place: 0 to 1.
    fn context(&self, wanted: &Wanted, place: &Range<usize>) -> f32 {
        // Half as much again, for what was put in between.
        let reach = CONTEXT + CONTEXT / 2;
        let before = shared_pairs(&wanted.before, self.new.before(place, reach));
        let after = shared_pairs(&wanted.after, self.new.after(place, reach));
        let of = |found: Option<f32>, end: bool| found.unwrap_or(if end { 1.0 } else { 0.0 });
        let start = of(before, place.start == 0);
        let end = of(after, place.end == self.new.chars.len());
        f32::midpoint(start, end)
    }

    /// Whether a place of the new text is not another part of the old text: at most a fifth of it
    /// comes from there.
    fn is_free(&self, place: &Range<usize>, own: Option<&Range<usize>>) -> bool {
        let taken = place
            .clone()
            .filter_map(|at| self.map.to_old(at))
            .filter(|from| own.is_none_or(|own| !own.contains(from)))
            .count();
        taken * 5 <= place.len()
    }

    /// The one place that a changed or moved passage may have gone to.
    fn best(&self, quote: &str, wanted: &Wanted) -> Option<Candidate> {
        let mut candidates = Vec::new();
        if let Some(old) = &wanted.place {
            candidates.extend(self.aligned(wanted, self.map.instead(old), true));
        }
        for place in self.new.places(quote) {
            let known = candidates.iter().any(|c: &Candidate| c.place == place);
            if !known {
                let context = self.context(wanted, &place);
                candidates.push(Candidate { place, similarity: 1.0, context, mapped: false });
            }
        }
        for window in self.likely_windows(&wanted.quote) {
            candidates.extend(self.aligned(wanted, window, false));
        }
        candidates.retain(|c| {
            let enough = if wanted.quote.len() < FEW {
                c.similarity >= 0.75 && c.context >= SAME_CONTEXT
            } else {
                c.similarity >= SIMILAR
            };
            enough && self.is_free(&c.place, wanted.place.as_ref())
        });
        candidates.sort_by(|x, y| y.score().total_cmp(&x.score()));
        let best = candidates.first()?;
        let next = candidates
            .iter()
            .find(|c| c.place.start >= best.place.end || best.place.start >= c.place.end);
        let settled = best.mapped && best.context >= SAME_CONTEXT;
        let clear = next.is_none_or(|next| best.score() >= next.score() + CLEARLY);
        (settled || clear).then(|| best.clone())
    }

    /// The part of a window that is most like the quote.
    fn aligned(&self, wanted: &Wanted, window: Range<usize>, mapped: bool) -> Option<Candidate> {
        if window.is_empty() || wanted.quote.len() * window.len() > MOST_CELLS {
            return None;
        }
        let (inside, distance) = most_alike(&wanted.quote, &self.new.folded[window.clone()])?;
        let place = window.start + inside.start..window.start + inside.end;
        let longer = wanted.quote.len().max(place.len());
        let similarity = 1.0 - distance as f32 / longer as f32;
        let context = self.context(wanted, &place);
        Some(Candidate { place, similarity, context, mapped })
    }

    /// The stretches of what is new that have most threes of characters in common with a quote.
    fn likely_windows(&self, quote: &[char]) -> Vec<Range<usize>> {
        /// Windows looked at, and places of one three that count.
        const MOST: usize = 3;
        const FREQUENT: usize = 64;
        let width = quote.len() / 2 + 8;
        let mut votes: FxHashMap<usize, usize> = FxHashMap::default();
        for (offset, gram) in quote.windows(3).enumerate() {
            let places = self.added.get(&[gram[0], gram[1], gram[2]]);
            for &at in places.into_iter().flatten().take(FREQUENT) {
                *votes.entry((at + quote.len() - offset) / width).or_default() += 1;
            }
        }
        let mut votes: Vec<_> = votes.into_iter().collect();
        votes.sort_unstable_by_key(|&(window, count)| (std::cmp::Reverse(count), window));
        let windows = votes.into_iter().take(MOST).map(|(window, _)| {
            let start = (window * width).saturating_sub(quote.len() + width);
            start..((window + 2) * width + quote.len()).min(self.new.chars.len())
        });
        windows.collect()
    }
}

/// The only one of several places.
fn only(places: Vec<Range<usize>>) -> Option<Range<usize>> {
    (places.len() == 1).then(|| places.into_iter().next()).flatten()
}

fn moved(place: &Range<usize>) -> Relocated {
    Relocated::Moved(CharRange::new(place.start as u32, place.end as u32))
}

/// Share of the pairs of neighbouring characters of one text that another has too; `None` where it
/// has no pair.
fn shared_pairs(of: &[char], other: &[char]) -> Option<f32> {
    let mut pairs: Vec<&[char]> = of.windows(2).collect();
    if pairs.is_empty() {
        return None;
    }
    pairs.sort_unstable();
    let mut others: Vec<&[char]> = other.windows(2).collect();
    others.sort_unstable();
    let (mut at, mut shared) = (0, 0);
    for pair in &pairs {
        while at < others.len() && others[at] < *pair {
            at += 1;
        }
        if others.get(at) == Some(pair) {
            shared += 1;
            at += 1;
        }
    }
    Some(shared as f32 / pairs.len() as f32)
}

/// The part of a text with the least edit distance to a pattern, and that distance (Sellers,
/// 1980). `None` where no character agrees.
fn most_alike(pattern: &[char], text: &[char]) -> Option<(Range<usize>, usize)> {
    // For each prefix of the pattern, the distance of its best alignment that ends at the present
    // character, and where that begins.
    let mut column: Vec<(usize, usize)> = (0..=pattern.len()).map(|d| (d, 0)).collect();
    let mut best: Option<(Range<usize>, usize)> = None;
    for (at, c) in text.iter().enumerate() {
        let mut diagonal = column[0];
        column[0] = (0, at + 1);
        for (row, p) in pattern.iter().enumerate() {
            let left = column[row + 1];
            let through = (diagonal.0 + usize::from(p != c), diagonal.1);
            let added = (left.0 + 1, left.1);
            let dropped = (column[row].0 + 1, column[row].1);
            diagonal = left;
            column[row + 1] =
                [through, dropped, added].into_iter().min_by_key(|cell| cell.0).unwrap_or(through);
        }
        let (distance, start) = column[pattern.len()];
        if distance < pattern.len()
            && start <= at
            && best.as_ref().is_none_or(|(_, least)| distance < *least)
        {
            best = Some((start..at + 1, distance));
        }
    }
    best
}
