//! Pieces of text around matches.

use anjuan_text::sentence::sentences;
use anjuan_text::{CharRange, OffsetMap};

/// Longest snippet in code points: three lines of a result list.
const LONGEST: u32 = 120;
/// Snippets for one document.
const MOST: usize = 3;
/// Matches looked at; a character like 的 stands in a report thousands of times.
const MATCHES: usize = 4096;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The piece as it stands in the text.
    pub text: String,
    /// Where, in code points.
    pub range: CharRange,
}

/// The pieces of the text with the most matches, at most three, in the order of the text, without
/// overlaps, of at most 120 code points, cut at sentence ends where sentences are short enough.
/// `matches` are sorted. Without matches it is the beginning of the text.
pub fn snippets(text: &str, matches: &[CharRange]) -> Vec<Snippet> {
    let map = OffsetMap::new(text);
    let sentences = sentences(text);
    let matches = &matches[..matches.len().min(MATCHES)];
    let mut windows: Vec<(usize, CharRange)> = if matches.is_empty() {
        vec![(0, window(&sentences, CharRange::default(), map.chars()))]
    } else {
        let mut windows: Vec<(usize, CharRange)> = Vec::new();
        for (at, &first) in matches.iter().enumerate() {
            // Several matches that lie in one window give it once.
            if windows.last().is_some_and(|(_, last)| last.contains(first)) {
                continue;
            }
            let window = window(&sentences, first, map.chars());
            let inside = matches[at..]
                .iter()
                .take_while(|found| found.start < window.end)
                .filter(|found| window.contains(**found))
                .count();
            windows.push((inside.max(1), window));
        }
        windows
    };
    // The densest first; of equals the earlier.
    windows.sort_by_key(|&(inside, window)| (std::cmp::Reverse(inside), window.start));
    let mut chosen: Vec<CharRange> = Vec::with_capacity(MOST);
    for (_, window) in windows {
        if chosen.len() == MOST {
            break;
        }
        let window = trimmed(&map, window);
        if !window.is_empty() && !chosen.iter().any(|other| other.overlaps(window)) {
            chosen.push(window);
        }
    }
    chosen.sort_unstable();
    chosen.into_iter().map(|range| Snippet { text: map.slice(range).to_owned(), range }).collect()
}

/// The window for a match: its sentence, with whole sentences behind and before it as far as they
/// fit; of a longer sentence the part around the match.
fn window(sentences: &[CharRange], found: CharRange, chars: u32) -> CharRange {
    let holding = sentences.partition_point(|s| s.end <= found.start);
    let Some(&sentence) = sentences.get(holding) else { return CharRange::default() };
    let last = sentences.partition_point(|s| s.end < found.end).clamp(holding, sentences.len() - 1);
    let mut window = CharRange::new(sentence.start, sentences[last].end);
    if window.len() > LONGEST {
        // A third of what is left stands before the match, as one reads on rather than back.
        let room = LONGEST.saturating_sub(found.len());
        let start = found.start.saturating_sub(room / 3).max(window.start);
        let end = start.saturating_add(LONGEST).min(window.end).min(chars);
        return CharRange::new(end.saturating_sub(LONGEST).max(window.start).min(start), end);
    }
    let mut before = sentences[..holding].iter().rev().peekable();
    // A short sentence in front helps to read on; the rest of the room is for what follows.
    if let Some(previous) = before.next_if(|s| s.len() <= LONGEST / 3)
        && window.end - previous.start <= LONGEST
    {
        window.start = previous.start;
    }
    for next in &sentences[last + 1..] {
        if next.end - window.start > LONGEST {
            break;
        }
        window.end = next.end;
    }
    for previous in before {
        if previous.end != window.start || window.end - previous.start > LONGEST {
            break;
        }
        window.start = previous.start;
    }
    window
}

/// The range without white space at its ends.
fn trimmed(map: &OffsetMap<'_>, range: CharRange) -> CharRange {
    let text = map.slice(range);
    let lead = text.chars().take_while(|c| c.is_whitespace()).count() as u32;
    let tail = text.chars().rev().take_while(|c| c.is_whitespace()).count() as u32;
    CharRange::new(range.start + lead, range.end.saturating_sub(tail))
}
