//! Sections of several reports set side by side by theme.
//!
//! Reports of different places treat the same themes in another order, under other headings, two
//! of them in one section or one in two. So sections are compared in pairs, by the themes of a
//! lexicon, by their pairs of characters (rare ones count more, those of the heading most) and by
//! the formulae they share, and then grouped: many to many, in any order.

mod grouping;
mod lexicon;
mod likeness;
mod section;

use crate::{Stream, Text};
use anjuan_text::CharRange;
use lexicon::{Lexicon, OVERVIEW};
use section::Section;
use serde::{Deserialize, Serialize};

/// A theme and the sections of each text that treat it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The name of the theme in simplified script, or the heading of its first section as it
    /// stands.
    pub theme: String,
    /// For each text, in the order given, its sections: none, one or several.
    pub cells: Vec<Vec<CharRange>>,
}

/// Aligns the sections of texts by theme. Every section stands in exactly one row; rows come in
/// the order of the first text, those it has no part in behind them, in the order of the others.
///
/// A section is a heading with what follows it, up to the next heading of its level or above; a
/// long one is divided at the headings inside it. What stands before the first heading is a
/// section too, title and byline apart.
pub fn align_themes(texts: &[Text]) -> Vec<Row> {
    let lexicon = Lexicon::get();
    let mut sections: Vec<Section> = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let stream = Stream::new(text.text);
        sections.extend(section::sections(number, text, &stream, lexicon));
    }
    let likeness = likeness::Likeness::new(&sections);
    let mut rows: Vec<(usize, Row)> = grouping::groups(&sections, &likeness)
        .into_iter()
        .filter_map(|group| {
            let first = *group.first()?;
            let mut cells = vec![Vec::new(); texts.len()];
            for &member in &group {
                cells[sections[member].text].push(sections[member].range);
            }
            Some((first, Row { theme: label(&group, &sections, lexicon), cells }))
        })
        .collect();
    rows.sort_by_key(|&(first, _)| first);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The theme that the sections of a row have most of in common, or the first heading.
fn label(group: &[usize], sections: &[Section], lexicon: &Lexicon) -> String {
    if group.iter().all(|&s| sections[s].themes[OVERVIEW] > 0.0 && sections[s].leads) {
        return lexicon.label(OVERVIEW).to_owned();
    }
    let mut sums = vec![0.0_f32; lexicon.len()];
    for &member in group {
        for (sum, share) in sums.iter_mut().zip(&sections[member].themes) {
            *sum += share / group.len() as f32;
        }
    }
    let best = (0..sums.len()).max_by(|&x, &y| sums[x].total_cmp(&sums[y]));
    match best {
        // Less than a quarter of what the sections speak of is no theme of theirs.
        Some(theme) if sums[theme] >= 0.25 => lexicon.label(theme).to_owned(),
        _ => group
            .iter()
            .map(|&s| sections[s].heading.as_str())
            .find(|heading| !heading.is_empty())
            .unwrap_or(lexicon.label(OVERVIEW))
            .to_owned(),
    }
}
