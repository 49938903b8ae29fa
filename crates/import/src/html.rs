//! Saved web pages: the main text, what stands around it, and what the head of the page says.
//!
//! A page is flattened to lines that remember their element. The main text is the innermost
//! element that holds most of the page's prose, links and boxes by the side counting little. All
//! other lines stay in the list, marked as standing outside, so that nothing is lost.

mod flatten;
mod head;

use crate::layout::{Facts, Hint, Page, SourceLine};
use crate::line::Line;
use crate::{byline, date, names};
use flatten::{Flat, Flattener};
use regex::Regex;
use scraper::Html;
use std::sync::LazyLock;

static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)<!doctype\s+html|<(?:html|head|body)[\s>]").expect("a constant pattern")
});
static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)</(?:p|div|span|td|li|h[1-6]|a)>|<br\s*/?>").expect("a constant pattern")
});

/// Whether a text is a web page: it opens like one, or it is full of closing tags.
pub(crate) fn is_html(name: &str, text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(4096)];
    if MARKUP.is_match(head) {
        return true;
    }
    let named = name.rsplit_once('.').is_some_and(|(_, ending)| {
        ["html", "htm", "shtml", "xhtml", "asp", "aspx", "php", "jsp"]
            .contains(&ending.to_ascii_lowercase().as_str())
    });
    let sample = &text[..text.floor_char_boundary(200_000)];
    CLOSING.find_iter(sample).take(8).count() >= if named { 1 } else { 8 }
}

/// Share of an element's prose that one child must hold for the text to be inside it, in percent.
const DESCEND: usize = 60;

/// Reads a page that is text from its first line to its last, such as a part of a document or book.
pub(crate) fn whole(text: &str) -> Page {
    let flat = flatten::flatten(&Html::parse_document(text));
    let lines = flat.lines.into_iter().map(|line| SourceLine {
        hint: if line.hidden { Hint::Hidden } else { line.hint },
        raw: line.text,
        gap: line.gap,
    });
    Page { lines: lines.collect(), ..Page::default() }
}

/// Reads a page.
pub(crate) fn read(text: &str) -> Page {
    let page = Html::parse_document(text);
    let Flattener { places, mut lines, .. } = flatten::flatten(&page);
    let mut facts = head::read_head(&page, text);

    // Places are numbered parents first, so one pass backwards sums up subtrees.
    let sum = |weight: &dyn Fn(&Flat) -> usize| {
        let mut sums = vec![0_usize; places.len()];
        for line in &lines {
            sums[line.place] += weight(line);
        }
        for at in (1..places.len()).rev() {
            sums[places[at].parent] += sums[at];
        }
        sums
    };
    let raw = sum(&|l| l.prose());
    let all = raw[0];
    // A box that holds half of the page is the page.
    let boxed: Vec<bool> =
        places.iter().zip(&raw).map(|(p, &r)| p.boxed && r * 2 < all.max(1)).collect();
    let within = |mut at: usize, wanted: &dyn Fn(usize) -> bool| loop {
        if wanted(at) {
            return true;
        }
        if at == 0 {
            return false;
        }
        at = places[at].parent;
    };
    let mut in_box: Vec<bool> = (0..places.len()).map(|at| within(at, &|p| boxed[p])).collect();
    let free: usize = lines.iter().filter(|l| !in_box[l.place]).map(Flat::prose).sum();
    if free * 10 < all * 3 {
        // A page of nothing but comments or replies.
        in_box.fill(false);
    }
    let weighed = sum(&|l| if in_box[l.place] { l.prose() / 10 } else { l.prose() });

    // From the outermost element inwards, as long as one child holds most of the prose.
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); places.len()];
    for (at, place) in places.iter().enumerate().skip(1) {
        children[place.parent].push(at);
    }
    let mut main = 0;
    loop {
        let best = children[main].iter().copied().max_by_key(|&c| {
            (
                weighed[c] + if places[c].named { weighed[main] / 10 } else { 0 },
                std::cmp::Reverse(c),
            )
        });
        match best {
            Some(child) if weighed[child] * 100 > weighed[main] * DESCEND && weighed[child] > 0 => {
                main = child;
            }
            _ => break,
        }
    }
    // A single paragraph that outweighs its neighbours is not the whole text.
    while main != 0 && children[main].is_empty() {
        main = places[main].parent;
    }

    let in_main: Vec<bool> = lines.iter().map(|l| within(l.place, &|p| p == main)).collect();
    let title = find_title(&lines, &in_main, &mut facts);
    let first = (0..lines.len()).find(|&at| in_main[at] && lines[at].prose() > 0).unwrap_or(0);
    let last = (0..lines.len()).rev().find(|&at| in_main[at] && lines[at].prose() > 0).unwrap_or(0);
    if facts.published.is_none() {
        // A date between the title and the text, in whatever company.
        let from = title.filter(|&t| t < first).unwrap_or(first.saturating_sub(10));
        facts.published = lines[from.min(first)..first.min(lines.len())]
            .iter()
            .filter(|l| !l.hidden && l.chars <= 120)
            .flat_map(|l| date::dates(&Line::clean(&l.text, false).key))
            .map(|d| d.iso)
            .find(|iso| iso.len() >= "2020-01-01".len());
    }
    let mut out: Vec<SourceLine> = Vec::with_capacity(lines.len());
    let links: Vec<bool> = lines.iter().map(Flat::is_link).collect();
    for (at, line) in lines.iter_mut().enumerate() {
        let neighbour_links =
            (at > 0 && links[at - 1]) || links.get(at + 1).copied().unwrap_or(false);
        let link_list =
            links[at] && (neighbour_links || places[line.place].tag == "li" || line.chars < 12);
        let reads_as_byline = || {
            let key = Line::clean(&line.text, false).key;
            byline::fields(&key).is_some() || names::people(key.trim_matches(['(', ')'])).is_some()
        };
        let hint = if line.hidden {
            Hint::Hidden
        } else if title == Some(at) {
            Hint::Title
        } else if title.is_some_and(|t| t < first && t < at && at < first)
            || (at < first && title.is_none() && first - at <= 8)
        {
            // Between the title and the text stands the byline.
            if reads_as_byline() || (in_main[at] && !link_list && !in_box[line.place]) {
                Hint::None
            } else {
                Hint::Outside
            }
        } else if title.is_some_and(|t| at < t && t <= first)
            || (at > last && at - last > 6 && !in_main[at])
        {
            Hint::Outside
        } else if in_main[at] && !in_box[line.place] && !link_list {
            match line.hint {
                Hint::None
                    if line.strong
                        && line.chars <= 40
                        && line.chars >= 4
                        && !line.text.trim_end().ends_with(['。', '，', '：', ':', '；']) =>
                {
                    Hint::Heading(6)
                }
                hint => hint,
            }
        } else if at > last && reads_as_byline() {
            Hint::None
        } else {
            Hint::Outside
        };
        out.push(SourceLine { raw: std::mem::take(&mut line.text), hint, gap: line.gap });
    }
    Page { lines: out, facts, problems: Vec::new() }
}

fn squeezed(text: &str) -> String {
    Line::clean(text, false).key.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The line that is the title: a first-level heading or a line that the head of the page names.
fn find_title(lines: &[Flat], in_main: &[bool], facts: &mut Facts) -> Option<usize> {
    let named = facts.title.as_deref().map(squeezed).filter(|t| t.chars().count() >= 4);
    let first =
        (0..lines.len()).find(|&at| in_main[at] && lines[at].prose() > 0).unwrap_or(lines.len());
    // A title stands before the text or among its first lines.
    let zone = lines.len().min(first + 3);
    let score = |at: usize| -> usize {
        let line = &lines[at];
        if line.hidden || line.chars < 4 || line.chars > 100 {
            return 0;
        }
        let own = squeezed(&line.text);
        let heading: usize = match line.hint {
            Hint::Heading(1) => 3,
            Hint::Heading(2) => 2,
            Hint::Heading(_) => 1,
            _ => 0,
        };
        let said: usize = match &named {
            Some(named) if *named == own => 8,
            Some(named)
                if named.contains(&own) && own.chars().count() * 2 > named.chars().count() =>
            {
                6
            }
            Some(named)
                if own.contains(named.as_str())
                    && own.chars().count() < named.chars().count() * 2 =>
            {
                5
            }
            _ => 0,
        };
        let link = usize::from(line.is_link()) * 3;
        if said + heading < 3 { 0 } else { (said * 2 + heading).saturating_sub(link) }
    };
    let best = (0..zone).max_by_key(|&at| (score(at), at)).filter(|&at| score(at) > 0);
    if let Some(at) = best
        && score(at) >= 3
    {
        return Some(at);
    }
    None
}
