//! Text as typst markup that means nothing but itself, and the way back from it.

use crate::fonts::prints;
use std::collections::BTreeSet;
use typst::text::is_default_ignorable;

/// Bytes of running text after which a character is escaped, which begins a new syntax node: a
/// glyph tells its place inside its node in 16 bits.
const NODE: usize = 30_000;
/// A run of ASCII longer than this, an address mostly, may be broken anywhere: it cannot leave the
/// page then, nor pull the line before it apart.
const UNBROKEN: usize = 20;
/// A place to break a line that prints nothing: a space too narrow to see. One of no width at all
/// typst leaves out, and a zero-width space would come back with the copied text.
const BREAK: &str = "#h(0.001pt)";

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
    marks: u32,
}

impl<'m> Markup<'m> {
    pub(crate) fn new(missing: &'m BTreeSet<char>) -> Self {
        Self { text: String::new(), anchors: Vec::new(), missing, marks: 0 }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Adds a mark that tells when the layout has come to it.
    pub(crate) fn mark(&mut self, mark: u32) {
        self.code(&format!("#far({mark})\n"));
        self.marks += 1;
    }

    /// How many marks there are.
    pub(crate) fn marks(&self) -> u32 {
        self.marks
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
                if run > UNBROKEN && unbroken > 1 {
                    self.text.push_str(BREAK);
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

#[cfg(test)]
mod tests {
    use super::{Markup, is_space};
    use crate::fonts::prints;
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use typst::syntax::{LinkedNode, SyntaxKind, parse};

    /// Kinds of leaf that say nothing but themselves, and those of the two calls that we write.
    fn is_harmless(node: &LinkedNode<'_>) -> bool {
        let call = matches!(
            node.kind(),
            SyntaxKind::Hash
                | SyntaxKind::Ident
                | SyntaxKind::Numeric
                | SyntaxKind::LeftParen
                | SyntaxKind::RightParen
                | SyntaxKind::LeftBracket
                | SyntaxKind::RightBracket
        );
        let text = matches!(
            node.kind(),
            SyntaxKind::Text | SyntaxKind::Escape | SyntaxKind::Space | SyntaxKind::Linebreak
        );
        let ours = |ident: &str| ident == "h" || ident == "number";
        text || call && (node.kind() != SyntaxKind::Ident || ours(node.get().leaf_text()))
    }

    fn check(text: &str) {
        let missing = BTreeSet::from(['\u{20000}']);
        let mut markup = Markup::new(&missing);
        markup.reading(text, 100);
        let root = parse(markup.text());
        let root = LinkedNode::new(&root);
        assert!(root.get().errors_and_warnings().0.is_empty(), "{text:?}: {}", markup.text());
        let mut leaf = root.leftmost_leaf();
        while let Some(node) = leaf {
            assert!(is_harmless(&node), "{text:?}: {:?} in {}", node.kind(), markup.text());
            leaf = node.next_leaf();
        }
        // Every character that prints has its place, in order, and it is there.
        let mut anchored: Vec<u32> = markup.anchors.iter().map(|anchor| anchor.char).collect();
        assert!(anchored.is_sorted());
        anchored.dedup();
        let places: Vec<char> = anchored
            .iter()
            .map(|char| text.chars().nth(*char as usize - 100).expect("inside the text"))
            .collect();
        let printed: Vec<char> = text.chars().filter(|&c| prints(c)).collect();
        let kept: Vec<char> = places.iter().copied().filter(|&c| prints(c)).collect();
        assert_eq!(kept, printed, "{text:?}");
        for anchor in &markup.anchors {
            let here = &markup.text()[anchor.at as usize..];
            let there = text.chars().nth(anchor.char as usize - 100).expect("inside the text");
            let right = is_space(there)
                || there == '\u{20000}'
                || here.strip_prefix('\\').unwrap_or(here).starts_with(there);
            assert!(right, "{there:?} at {here}");
        }
    }

    #[test]
    fn text_means_nothing_but_itself() {
        for text in [
            "= 标题",
            "- 项",
            "1. 条",
            "#let x",
            "https://a.b/c",
            "a\\b",
            "\\u{4e00}",
            "[甲](乙)",
            "甲\u{20000}(乙).丙",
            "一\n二",
            " 前后 ",
            "```rust```",
            "~--...-?",
            "/* 注 */ // 注",
            "\u{202e}甲\u{feff}",
        ] {
            check(text);
        }
    }

    #[test]
    fn long_text_is_divided_before_an_offset_outgrows_its_glyph() {
        let missing = BTreeSet::new();
        let mut markup = Markup::new(&missing);
        markup.reading(&"侨".repeat(60_000), 0);
        let root = parse(markup.text());
        let mut leaf = LinkedNode::new(&root).leftmost_leaf();
        while let Some(node) = leaf {
            assert!(node.get().len() < usize::from(u16::MAX));
            leaf = node.next_leaf();
        }
    }

    proptest! {
        #[test]
        fn any_text_means_nothing_but_itself(text in "[\\PC\\s\u{20000}#\\[\\]\\\\a-z]{0,80}") {
            check(&text);
        }
    }
}
