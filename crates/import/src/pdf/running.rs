//! Headers, footers and page numbers: what stands at the head or foot of page after page.

use super::line::Piece;
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Lines at either end of a page that are looked at.
const DEEP: usize = 4;

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^[-—–―─_·•.~〜～*<《(\[（【|/]*(?:第|page|p\.?)?(?:\d{1,4}|[ivxlc]{1,7}|[一二三四五六七八九十百〇零○]{1,5})(?:页|頁)?(?:[,，、/|]?(?:共|of|/)(?:\d{1,4}|[一二三四五六七八九十百]{1,5})(?:页|頁)?)?[-—–―─_·•.~〜～*>》)\]）】|/]*$")
        .expect("a constant pattern")
});

/// Whether a line is the number of a page.
pub(super) fn is_page_number(text: &str) -> bool {
    text.len() <= 60 && NUMBER.is_match(&text.split_whitespace().collect::<String>())
}

/// A line at the head or foot of a page.
struct Edge {
    /// Its pieces on the page.
    pieces: Vec<usize>,
    /// Its text with numbers made alike.
    sign: String,
    text: String,
    /// Distance from the page's upper or lower side.
    at: f32,
    /// Distance to the next line inwards.
    gap: f32,
    size: f32,
    artifact: bool,
    /// A table is drawn around it.
    boxed: bool,
}

/// The lines of a page's end, the outermost first.
fn edges(pieces: &[Piece], area: [f32; 4], uprights: &[(f32, f32)], head: bool) -> Vec<Edge> {
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    order.sort_by(|&a, &b| pieces[a].base.total_cmp(&pieces[b].base));
    if !head {
        order.reverse();
    }
    let mut lines: Vec<Vec<usize>> = Vec::new();
    for at in order {
        let count = lines.len();
        match lines.last_mut() {
            Some(line)
                if (pieces[line[0]].base - pieces[at].base).abs() < 0.4 * pieces[at].size =>
            {
                line.push(at);
            }
            _ if count > DEEP => break,
            _ => lines.push(vec![at]),
        }
    }
    let base = |line: &Vec<usize>| pieces[line[0]].base;
    let mut edges: Vec<Edge> = Vec::new();
    for (rank, line) in lines.iter().enumerate().take(DEEP) {
        let mut members = line.clone();
        members.sort_by(|&a, &b| pieces[a].u0.total_cmp(&pieces[b].u0));
        let text: String = members
            .iter()
            .flat_map(|&at| &pieces[at].cells)
            .map(|cell| cell.c)
            .filter(|c| !c.is_whitespace())
            .collect();
        let level = base(line);
        edges.push(Edge {
            sign: sign(&text),
            at: if head { level - area[1] } else { area[3] - level },
            gap: lines.get(rank + 1).map_or(f32::MAX, |next| (base(next) - level).abs()),
            size: members.iter().map(|&at| pieces[at].size).fold(0.0, f32::max),
            artifact: members.iter().all(|&at| pieces[at].artifact),
            boxed: uprights.iter().any(|&(from, to)| from < level && level < to),
            pieces: members,
            text,
        });
    }
    edges
}

/// A text with its numbers made alike.
fn sign(text: &str) -> String {
    if is_page_number(text) {
        return "#".to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_numeric() && !out.ends_with('0') {
            out.push('0');
        } else if !c.is_numeric() {
            out.push(c);
        }
    }
    out
}

/// A page as this is told from.
pub(super) struct Margins<'p> {
    pub(super) pieces: &'p [Piece],
    pub(super) area: [f32; 4],
    /// Upright ruled lines: from, to.
    pub(super) uprights: Vec<(f32, f32)>,
}

/// For every page the pieces that are no part of the text.
pub(super) fn running(pages: &[Margins<'_>], body: f32, pitch: f32) -> Vec<Vec<usize>> {
    let mut found: Vec<Vec<usize>> = pages
        .iter()
        .map(|page| (0..page.pieces.len()).filter(|&at| page.pieces[at].artifact).collect())
        .collect();
    for head in [true, false] {
        let all: Vec<Vec<Edge>> =
            pages.iter().map(|p| edges(p.pieces, p.area, &p.uprights, head)).collect();
        let written = all.iter().filter(|lines| !lines.is_empty()).count();
        // The same text at the same height on other pages.
        let mut places: HashMap<&str, Vec<(usize, f32)>> = HashMap::new();
        for (page, lines) in all.iter().enumerate() {
            for line in lines {
                places.entry(&line.sign).or_default().push((page, line.at));
            }
        }
        // Lines of any text at one height, well apart from what follows.
        let mut outermost: Vec<f32> = all
            .iter()
            .filter_map(|lines| lines.first())
            .filter(|line| line.gap > 1.5 * pitch && line.text.chars().count() <= 40)
            .map(|line| line.at)
            .collect();
        outermost.sort_by(f32::total_cmp);
        let needed = match written {
            0..=3 => 1,
            4..=40 => 2,
            _ => 3,
        };
        for (page, lines) in all.iter().enumerate() {
            // Lines that may be running, and how many of them are set apart from the text.
            let (mut taken, mut apart): (Vec<usize>, usize) = (Vec::new(), 0);
            for (rank, line) in lines.iter().enumerate() {
                let others = places.get(line.sign.as_str()).map_or(0, |places| {
                    let mut pages: Vec<usize> = places
                        .iter()
                        .filter(|(other, at)| *other != page && (at - line.at).abs() < 6.0)
                        .map(|(other, _)| *other)
                        .collect();
                    pages.dedup();
                    pages.len()
                });
                let numbered = line.sign == "#";
                let modest = line.size <= 1.2 * body || written >= 4;
                let repeated = others >= needed
                    && modest
                    && !line.boxed
                    && (numbered || line.text.chars().count() >= 2);
                let alone = numbered
                    && rank == 0
                    && !line.boxed
                    && line.gap > 1.15 * pitch.max(line.size)
                    && line.size <= 1.2 * body
                    && (written == 1 || others > 0)
                    && (line.text.chars().any(|c| !c.is_alphanumeric())
                        || line.text.contains(['页', '頁'])
                        || line.text.parse() == Ok(page + 1));
                let aligned = rank == 0
                    && written >= 4
                    && line.gap > 1.5 * pitch
                    && !line.boxed
                    && line.size <= 1.1 * body
                    && line.text.chars().count() <= 40
                    && !line.text.ends_with(['。', '！', '？', '；', '：'])
                    && {
                        let from = outermost.partition_point(|&at| at < line.at - 1.5);
                        let until = outermost.partition_point(|&at| at <= line.at + 1.5);
                        (until - from) * 10 >= written * 7
                    };
                if !(line.artifact || repeated || alone || aligned) {
                    break;
                }
                taken.extend(&line.pieces);
                let other_size = lines
                    .get(rank + 1)
                    .is_some_and(|next| (next.size - line.size).abs() > 0.08 * line.size);
                if line.artifact || numbered || other_size || line.gap > 1.2 * pitch {
                    apart = taken.len();
                }
            }
            found[page].extend(&taken[..apart]);
        }
    }
    for pieces in &mut found {
        pieces.sort_unstable();
        pieces.dedup();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_pages_in_their_dress() {
        for number in [
            "1",
            "—1—",
            "-12-",
            "第3页",
            "第3页共12页",
            "3/12",
            "Page3of12",
            "·4·",
            "iv",
            "（五）",
            "第十二页",
            "~7~",
        ] {
            assert!(is_page_number(number), "{number}");
        }
        for text in ["2019年", "一、总则", "3月", "第三章", "12万元", "A1"] {
            assert!(!is_page_number(text), "{text}");
        }
    }

    #[test]
    fn numbers_make_no_difference() {
        assert_eq!(sign("云溪年鉴·12"), sign("云溪年鉴·113"));
        assert_eq!(sign("— 3 —"), sign("第4页"));
    }
}
