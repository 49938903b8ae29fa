//! Sections of one theme as groups.

use super::likeness::Likeness;
use super::section::Section;

/// Least mean likeness of the sections of a group to those of other texts.
const ALIKE: f32 = 0.35;

/// Least mean share of what a section left alone speaks of that the sections of other texts in a
/// group treat too.
const COVERED: f32 = 0.35;

/// Groups sections: the most alike of two texts first, then whatever is alike enough to all of the
/// other texts' sections in its group. Each group is in the order of the sections.
pub(super) fn groups(sections: &[Section], likeness: &Likeness) -> Vec<Vec<usize>> {
    let mut pairs: Vec<(usize, usize)> = (0..sections.len())
        .flat_map(|x| (x + 1..sections.len()).map(move |y| (x, y)))
        .filter(|&(x, y)| sections[x].text != sections[y].text && likeness.of(x, y) >= ALIKE)
        .collect();
    pairs.sort_by(|x, y| likeness.of(y.0, y.1).total_cmp(&likeness.of(x.0, x.1)));
    let mut group_of: Vec<usize> = (0..sections.len()).collect();
    let mut groups: Vec<Vec<usize>> = (0..sections.len()).map(|s| vec![s]).collect();
    for (x, y) in pairs {
        let (into, from) = (group_of[x], group_of[y]);
        if into == from {
            continue;
        }
        let across: Vec<f32> = groups[into]
            .iter()
            .flat_map(|&s| groups[from].iter().map(move |&t| (s, t)))
            .filter(|&(s, t)| sections[s].text != sections[t].text)
            .map(|(s, t)| likeness.of(s, t))
            .collect();
        if across.iter().sum::<f32>() >= ALIKE * across.len() as f32 {
            merge(&mut groups, &mut group_of, from, into);
        }
    }
    // A section left alone goes with the broader one that treats its theme too.
    for section in 0..sections.len() {
        let alone =
            groups[group_of[section]].iter().all(|&s| sections[s].text == sections[section].text);
        if !alone {
            continue;
        }
        let own = group_of[section];
        let fit = |group: &Vec<usize>| {
            let across: Vec<f32> = group
                .iter()
                .filter(|&&s| sections[s].text != sections[section].text)
                .map(|&s| likeness.covered(section, s).max(likeness.of(section, s)))
                .collect();
            across.iter().sum::<f32>() / across.len().max(1) as f32
        };
        let best = (0..groups.len())
            .filter(|&g| g != own)
            .map(|g| (fit(&groups[g]), g))
            .filter(|&(fit, _)| fit >= COVERED)
            .max_by(|x, y| x.0.total_cmp(&y.0).then(y.1.cmp(&x.1)));
        if let Some((_, into)) = best {
            merge(&mut groups, &mut group_of, own, into);
        }
    }
    groups.retain(|group| !group.is_empty());
    for group in &mut groups {
        group.sort_unstable();
    }
    groups
}

/// Puts the sections of one group into another.
fn merge(groups: &mut [Vec<usize>], group_of: &mut [usize], from: usize, into: usize) {
    let moving = std::mem::take(&mut groups[from]);
    for &section in &moving {
        group_of[section] = into;
    }
    groups[into].extend(moving);
}
