//! Text as typst markup that means nothing but itself, and the way back from it.

use crate::fonts::prints;
use std::collections::BTreeSet;
use typst::text::is_default_ignorable;

/// Bytes of running text after which a character is escaped, which begins a new syntax node: a
/// glyph tells its place inside its node in 16 bits.
const NODE: usize = 30_000;
/// A run of ASCII longer than this may be broken anywhere, so that it cannot leave the page.
const UNBROKEN: usize = 36;
/// Characters between two such places.
const BREAK_EVERY: usize = 12;

/// Where a character of the reading texts stands in the markup.
#[derive(Debug, Clone, Copy)]
struct Anchor {
    /// Byte in the markup.
    at: u32,
    /// Code point, counted through all documents.
    char: u32,
}

/// typst markup in the making.
#[derive(Debug)]
pub(crate) struct Markup<'m> {
    text: String,
    anchors: Vec<Anchor>,
    missing: &'m BTreeSet<char>,
}

impl<'m> Markup<'m> {
    pub(crate) fn new(missing: &'m BTreeSet<char>) -> Self {
        Self { text: String::new(), anchors: Vec::new(), missing }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Adds markup as it is.
    pub(crate) fn code(&mut self, code: &str) {
        self.text.push_str(code);
    }

    /// Adds a string literal.
    pub(crate) fn literal(&mut self, text: &str) {
        self.text.push('"');
        for c in text.chars().filter(|c| !c.is_control()) {
            if matches!(c, '"' | '\\') {
                self.text.push('\\');
            }
            self.text.push(c);
        }
        self.text.push('"');
    }

    /// Adds words that do not belong to a reading text.
    pub(crate) fn words(&mut self, text: &str) {
        self.write(text, None);
    }

    /// Adds a piece of a reading text whose first character is the code point `first`.
    pub(crate) fn reading(&mut self, text: &str, first: u32) {
        self.write(text, Some(first));
    }

    fn write(&mut self, text: &str, first: Option<u32>) {
        let (mut node, mut space, mut begun) = (self.text.len(), None, false);
        let (mut unbroken, mut run) = (0, 0);
        for (count, (byte, c)) in text.char_indices().enumerate() {
            let char = first.map(|first| first + count as u32);
            if is_space(c) {
                // typst folds white space; what opens a block would be lost, what ends one
                // prints nothing.
                if begun {
                    space.get_or_insert((char, false)).1 |= c == '\n';
                }
                (unbroken, run) = (0, 0);
                continue;
            }
            if c.is_control() || (is_default_ignorable(c) && !joins(c)) {
                continue;
            }
            if let Some((char, line)) = space.take() {
                self.anchor(char);
                self.text.push_str(if line { "\\ " } else { " " });
            }
            begun = true;
            if c.is_ascii_graphic() {
                if unbroken == 0 {
                    run = text[byte..].bytes().take_while(u8::is_ascii_graphic).count();
                }
                unbroken += 1;
                if run > UNBROKEN && unbroken % BREAK_EVERY == 0 {
                    self.text.push_str("#h(0pt)");
                }
            } else {
                (unbroken, run) = (0, 0);
            }
            if self.missing.contains(&c) {
                self.by_number(c, char);
                node = self.text.len();
            } else {
                self.anchor(char);
                if c.is_ascii_punctuation() || (self.text.len() - node > NODE && prints(c)) {
                    self.text.push('\\');
                    node = self.text.len();
                }
                self.text.push(c);
            }
        }
    }

    /// Prints the number of a character that no font has; all of it stands for the character.
    fn by_number(&mut self, c: char, char: Option<u32>) {
        self.text.push_str("#number[");
        for digit in format!("[U+{:04X}]", c as u32).chars() {
            self.anchor(char);
            if digit.is_ascii_punctuation() {
                self.text.push('\\');
            }
            self.text.push(digit);
        }
        self.text.push(']');
    }

    fn anchor(&mut self, char: Option<u32>) {
        if let Some(char) = char {
            self.anchors.push(Anchor { at: self.text.len() as u32, char });
        }
    }

    /// The `count` characters of the reading texts that begin at a byte of the markup; none where
    /// that byte belongs to something else.
    pub(crate) fn characters(
        &self,
        at: usize,
        count: usize,
    ) -> impl ExactSizeIterator<Item = u32> + '_ {
        let found = self.anchors.binary_search_by_key(&at, |anchor| anchor.at as usize);
        let from = found.unwrap_or(self.anchors.len());
        let to = (from + count).min(self.anchors.len());
        self.anchors[from..to].iter().map(|anchor| anchor.char)
    }
}

/// Whether typst folds a character away as white space or takes it for the end of a line.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\x0B' | '\x0C' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether an invisible character changes the look of its neighbours: the joiners and the
/// variation selectors. The other invisible ones, those that turn the writing direction among
/// them, are left out of the page.
fn joins(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}
