//! The title of a document by its looks: Chinese offices set it in the middle and in larger
//! letters than the text, and seldom give it a style.

use crate::layout::{Hint, SourceLine};
use crate::line::Line;
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

/// How a paragraph looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Look {
    /// It stands in the middle of the line.
    pub(crate) centred: bool,
    /// Half points; 0 where it is not known.
    pub(crate) size: u16,
}

/// Lines of the head of a document.
const HEAD: usize = 30;
/// Longest title, over all its lines.
const LONGEST: usize = 100;

/// Whose document it is, its number, where it belongs: what stands over a title, often larger.
static LETTERHEAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:文件|简报|内参|专报|政府|办公厅|办公室|委员会|联合会|侨联|协会|工会|党委|党组|局|厅|部|院|处|中心|公司|大学|学院|号)$|^附件?\s*[\d一二三四五六七八九十]*:?$|^\(?(?:内部|秘密|机密|征求意见稿|送审稿|讨论稿)")
        .expect("a constant pattern")
});

/// The looks of the lines of a document as they are read.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    /// (number of the line, its looks), of the head alone.
    lines: Vec<(usize, Look)>,
    /// Characters of each size.
    sizes: HashMap<u16, usize>,
}

impl Looks {
    /// Notes a line.
    pub(crate) fn note(&mut self, number: usize, raw: &str, look: Look) {
        if look.size > 0 {
            *self.sizes.entry(look.size).or_default() += raw.chars().count();
        }
        if self.lines.len() < HEAD {
            self.lines.push((number, look));
        }
    }

    /// Counts what stands in a table or box among the letters of the document.
    pub(crate) fn absorb(&mut self, inner: &Self) {
        for (size, chars) in &inner.sizes {
            *self.sizes.entry(*size).or_default() += chars;
        }
    }

    /// Marks the title among the lines, its lines made one.
    pub(crate) fn mark_title(&self, lines: &mut Vec<SourceLine>) {
        let styled = lines.iter().take(HEAD * 2).position(|l| l.hint == Hint::Title);
        let (first, count) = match styled {
            Some(first) => {
                let rest = &lines[first + 1..];
                (first, 1 + rest.iter().take_while(|l| l.hint == Hint::Title && !l.gap).count())
            }
            None => match self.title(lines) {
                Some(found) => found,
                None => return,
            },
        };
        let chars: usize = lines[first..first + count].iter().map(|l| l.raw.chars().count()).sum();
        let count = if chars > LONGEST { 1 } else { count };
        let joined: Vec<String> =
            lines.drain(first + 1..first + count).map(|line| line.raw).collect();
        for raw in joined {
            lines[first].raw.push('\n');
            lines[first].raw.push_str(raw.trim());
        }
        lines[first].hint = Hint::Title;
    }

    /// The lines of the title: the largest in the middle that are no letterhead.
    fn title(&self, lines: &[SourceLine]) -> Option<(usize, usize)> {
        let body = self.sizes.iter().max_by_key(|(size, chars)| (**chars, **size)).map(|s| *s.0)?;
        // (size, first line, lines)
        let mut groups: Vec<(u16, usize, usize)> = Vec::new();
        for &(number, look) in &self.lines {
            let Some(line) = lines.get(number) else { break };
            let chars = line.raw.trim().chars().count();
            if chars > 60 && line.raw.contains('。') {
                // The text has begun.
                break;
            }
            let large = look.centred && look.size > body;
            if !large || chars > 60 || !matches!(line.hint, Hint::None | Hint::Heading(_)) {
                continue;
            }
            match groups.last_mut() {
                Some((size, first, count))
                    if *size == look.size && *first + *count == number && !line.gap =>
                {
                    *count += 1;
                }
                _ => groups.push((look.size, number, 1)),
            }
        }
        let text = |&(_, first, count): &(u16, usize, usize)| -> String {
            let lines = lines[first..first + count].iter();
            lines.map(|l| Line::clean(&l.raw, false).key).collect()
        };
        groups.retain(|group| {
            let text = text(group);
            text.chars().count() >= 4 && !LETTERHEAD.is_match(&text)
        });
        let largest = groups.iter().map(|g| g.0).max()?;
        groups.into_iter().find(|g| g.0 == largest).map(|(_, first, count)| (first, count))
    }
}
