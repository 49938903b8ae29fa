//! Words that tell the theme of a section.

use aho_corasick::{AhoCorasick, MatchKind};
use anjuan_text::fold_char;
use std::sync::OnceLock;

/// The theme of introductions and summaries, the first of the list.
pub(super) const OVERVIEW: usize = 0;

/// Themes and their words.
pub(super) struct Lexicon {
    labels: Vec<&'static str>,
    words: AhoCorasick,
    /// The theme of each word.
    theme_of: Vec<usize>,
}

impl Lexicon {
    /// The lexicon that comes with the program.
    pub(super) fn get() -> &'static Self {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(|| Self::parse(include_str!("../../data/themes.txt")))
    }

    /// Reads lines of `label TAB word word …`.
    fn parse(lines: &'static str) -> Self {
        let mut labels = Vec::new();
        let mut theme_of = Vec::new();
        let mut words: Vec<String> = Vec::new();
        for line in lines.lines().filter(|line| !line.starts_with('#')) {
            let Some((label, of_theme)) = line.split_once('\t') else { continue };
            for word in of_theme.split_whitespace() {
                words.push(word.chars().filter_map(fold_char).collect());
                theme_of.push(labels.len());
            }
            labels.push(label);
        }
        let words = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(words)
            .expect("a few hundred short words make an automaton");
        Self { labels, words, theme_of }
    }

    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }

    pub(super) fn label(&self, theme: usize) -> &'static str {
        self.labels[theme]
    }

    /// How much a folded text speaks of each theme. A word that comes again counts ever less.
    pub(super) fn weigh(&self, folded: &str) -> Vec<f32> {
        let mut counts = vec![0_u32; self.theme_of.len()];
        for found in self.words.find_iter(folded) {
            counts[found.pattern().as_usize()] += 1;
        }
        let mut weights = vec![0.0; self.labels.len()];
        for (&theme, count) in self.theme_of.iter().zip(counts) {
            if count > 0 {
                weights[theme] += 1.0 + (count as f32).ln();
            }
        }
        weights
    }
}
