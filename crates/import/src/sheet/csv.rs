//! Values divided by commas, semicolons or tabs.

use super::{MAX_COLUMNS, MAX_ROWS};

/// The rows of a text, and how many were left out.
pub(super) fn read(text: &str) -> (Vec<Vec<String>>, usize) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // A spreadsheet program may say in the first line what divides the values.
    let (said, text) = match text.get(..4).filter(|s| s.eq_ignore_ascii_case("sep=")) {
        Some(_) => {
            let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
            (line[4..].chars().next(), rest)
        }
        None => (None, text),
    };
    let divider = said.unwrap_or_else(|| likely_divider(text));
    let mut rows = Vec::new();
    let mut left_out = 0;
    for row in (Records { rest: text, divider }) {
        if rows.len() < MAX_ROWS {
            rows.push(row);
        } else {
            left_out += 1;
        }
    }
    (rows, left_out)
}

/// The sign that cuts most lines into the same number of values.
fn likely_divider(text: &str) -> char {
    let mut best = (0, ',');
    for divider in [',', '\t', ';', '|', '，'] {
        let counts: Vec<usize> =
            Records { rest: text, divider }.take(40).map(|r| r.len()).filter(|&n| n > 0).collect();
        let width =
            counts.iter().copied().max_by_key(|w| (counts.iter().filter(|c| *c == w).count(), *w));
        let Some(width) = width.filter(|&w| w > 1) else { continue };
        let even = counts.iter().filter(|&&c| c == width).count();
        let score = even * 1000 / counts.len() * 10 + width.min(9);
        if score > best.0 {
            best = (score, divider);
        }
    }
    best.1
}

struct Records<'t> {
    rest: &'t str,
    divider: char,
}

impl Iterator for Records<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        if self.rest.is_empty() {
            return None;
        }
        let mut row = Vec::new();
        loop {
            let (cell, divided) = self.cell();
            if row.len() < MAX_COLUMNS {
                row.push(cell);
            }
            if !divided {
                return Some(row);
            }
        }
    }
}

impl Records<'_> {
    /// The next value, and whether another follows in its row.
    fn cell(&mut self) -> (String, bool) {
        let text = self.rest;
        let trimmed = text.trim_start_matches([' ', '\u{a0}']);
        if let Some(quoted) = trimmed.strip_prefix('"')
            && let Some((value, behind)) = unquoted(quoted)
        {
            // What follows a closing quote up to the divider belongs to the value.
            let end = behind.find([self.divider, '\n', '\r']).unwrap_or(behind.len());
            let value = value + behind[..end].trim_end();
            return (value, self.after(&behind[end..]));
        }
        let end = text.find([self.divider, '\n', '\r']).unwrap_or(text.len());
        (text[..end].to_owned(), self.after(&text[end..]))
    }

    /// Goes on behind a value; whether another follows in its row.
    fn after(&mut self, rest: &str) -> bool {
        let taken = self.rest.len() - rest.len();
        let rest = &self.rest[taken..];
        match rest.chars().next() {
            Some(c) if c == self.divider => {
                self.rest = &rest[c.len_utf8()..];
                true
            }
            Some(_) => {
                self.rest = rest.strip_prefix("\r\n").unwrap_or_else(|| &rest[1..]);
                false
            }
            None => {
                self.rest = "";
                false
            }
        }
    }
}

/// A value up to its closing quote, doubled quotes made single, and what follows. `None` where
/// the quote is never closed: it is a sign of the text then.
fn unquoted(quoted: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = quoted;
    loop {
        let at = rest.find('"')?;
        value.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.strip_prefix('"') {
            Some(behind) => {
                value.push('"');
                rest = behind;
            }
            None => return Some((value, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_divided() {
        for (text, expect) in [
            ("a,b\n1,2\n", vec![vec!["a", "b"], vec!["1", "2"]]),
            ("a;b;c\r\n1;2,5;3\r\n", vec![vec!["a", "b", "c"], vec!["1", "2,5", "3"]]),
            (
                "a\tb\n\"一,\n二\"\t\"他说\"\"好\"\"\"",
                vec![vec!["a", "b"], vec!["一,\n二", "他说\"好\""]],
            ),
            ("sep=;\na;b", vec![vec!["a", "b"]]),
            ("标题，日期\n报告，2023", vec![vec!["标题", "日期"], vec!["报告", "2023"]]),
            ("a,\"b\n1,2", vec![vec!["a", "\"b"], vec!["1", "2"]]),
            ("a,\n,b", vec![vec!["a", ""], vec!["", "b"]]),
        ] {
            assert_eq!(read(text).0, expect, "{text:?}");
        }
    }
}
