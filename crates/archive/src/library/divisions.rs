//! The tree of administrative divisions that the reports of an archive name.

use super::values::Values;
use anjuan_import::places::{self, Division};
use anjuan_protocol as wire;
use anjuan_text::{Script, detect_script, to_simplified, to_traditional};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;

/// A division, known or named by a report only.
struct Node {
    /// Its name with those above it, simplified.
    path: String,
    /// Its own name, simplified.
    name: String,
    /// The division of the official list, which gives the order.
    known: Option<Division>,
    parent: Option<u32>,
}

/// The divisions, and for each value of the column of places those it lies in.
#[derive(Default)]
pub(crate) struct Divisions {
    nodes: Vec<Node>,
    by_path: FxHashMap<String, u32>,
    /// For each value its division and all above it, outermost first.
    lines: Vec<Vec<u32>>,
    /// For each value whether it is written in the traditional script.
    traditional: Vec<bool>,
}

/// The divisions of a place, outermost first: path, own name, and the official division.
fn lineage(place: &str) -> Vec<(String, String, Option<Division>)> {
    let known = |division: Division| -> Vec<(String, String, Option<Division>)> {
        let line = division.lineage().into_iter();
        line.map(|d| (d.path(), d.name().to_owned(), Some(d))).collect()
    };
    let place = place.trim();
    if let Some(division) = places::division(place) {
        return known(division);
    }
    let simplified = to_simplified(place);
    // The longest beginning that the list knows, then the rest cut behind 市, 县 and the like.
    let ends = simplified.char_indices().map(|(at, _)| at).skip(2).collect::<Vec<_>>();
    let (mut line, cut) = ends
        .into_iter()
        .rev()
        .find_map(|end| Some((known(places::division(&simplified[..end])?), end)))
        .unwrap_or_default();
    let mut path = line.last().map(|(path, ..)| path.clone()).unwrap_or_default();
    for name in parts(&simplified[cut..]) {
        path.push_str(name);
        line.push((path.clone(), name.to_owned(), None));
    }
    line
}

/// Cuts an unknown name behind each sign of a level that has a name before it.
fn parts(name: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut from, mut length) = (0, 0);
    for (at, c) in name.char_indices() {
        length += 1;
        let end = at + c.len_utf8();
        let autonomous = name[end..].starts_with('自') && c != '自';
        if length > 1 && "省市州盟县区旗".contains(c) && !autonomous {
            found.push(&name[from..end]);
            (from, length) = (end, 0);
        }
    }
    if from < name.len() {
        found.push(&name[from..]);
    }
    found
}

impl Divisions {
    /// Looks up the values that came since the last time.
    pub(crate) fn follow(&mut self, values: &Values) {
        for value in values.iter().skip(self.lines.len()) {
            let mut line = Vec::new();
            for (path, name, known) in lineage(&value.text) {
                let parent = line.last().copied();
                let next = self.nodes.len() as u32;
                let node = *self.by_path.entry(path.clone()).or_insert(next);
                if node == next {
                    self.nodes.push(Node { path, name, known, parent });
                }
                line.push(node);
            }
            self.lines.push(line);
            self.traditional.push(detect_script(&value.text) == Some(Script::Hant));
        }
    }

    /// The node of a place, in either script, with or without what lies above it.
    fn node(&self, place: &str) -> Option<u32> {
        let line = lineage(place);
        self.by_path.get(&line.last()?.0).copied()
    }

    /// Says of each value of the column whether it lies in one of some places.
    pub(crate) fn lie_in(&self, places: &[String]) -> Vec<bool> {
        let wanted: Vec<u32> = places.iter().filter_map(|place| self.node(place)).collect();
        self.lines.iter().map(|line| line.iter().any(|node| wanted.contains(node))).collect()
    }

    /// The tree with counts, from those of the values; divisions without reports are left out
    /// unless they are among `chosen`.
    pub(crate) fn tree(
        &self,
        values: &Values,
        counts: &[u32],
        chosen: &[String],
    ) -> Vec<wire::PlaceCount> {
        let mut sums = vec![0_u32; self.nodes.len()];
        let mut simplified = vec![false; self.nodes.len()];
        for (place, value) in values.iter().enumerate() {
            for &node in &self.lines[place] {
                sums[node as usize] += counts[place];
                simplified[node as usize] |= value.uses > 0 && !self.traditional[place];
            }
        }
        let mut kept: Vec<bool> = sums.iter().map(|&sum| sum > 0).collect();
        for node in chosen.iter().filter_map(|place| self.node(place)) {
            let mut next = Some(node);
            while let Some(node) = next {
                kept[node as usize] = true;
                next = self.nodes[node as usize].parent;
            }
        }
        let mut below: FxHashMap<Option<u32>, Vec<u32>> = FxHashMap::default();
        for (at, node) in self.nodes.iter().enumerate().filter(|&(at, _)| kept[at]) {
            below.entry(node.parent).or_default().push(at as u32);
        }
        self.branch(None, &mut below, &sums, &simplified)
    }

    fn branch(
        &self,
        parent: Option<u32>,
        below: &mut FxHashMap<Option<u32>, Vec<u32>>,
        sums: &[u32],
        simplified: &[bool],
    ) -> Vec<wire::PlaceCount> {
        let mut nodes = below.remove(&parent).unwrap_or_default();
        nodes.sort_unstable_by(|&a, &b| {
            let (a, b) = (&self.nodes[a as usize], &self.nodes[b as usize]);
            match (a.known, b.known) {
                (Some(a), Some(b)) => a.cmp(&b),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => a.name.cmp(&b.name),
            }
        });
        let place = |at: u32| {
            let node = &self.nodes[at as usize];
            let name = if simplified[at as usize] {
                node.name.clone()
            } else {
                to_traditional(&node.name)
            };
            wire::PlaceCount {
                value: node.path.clone(),
                name,
                count: sums[at as usize],
                below: self.branch(Some(at), below, sums, simplified),
            }
        };
        nodes.into_iter().map(place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(place: &str) -> Vec<String> {
        lineage(place).into_iter().map(|(path, ..)| path).collect()
    }

    #[test]
    fn places_lie_in_divisions() {
        assert_eq!(paths("陕西省商洛市"), ["陕西省", "陕西省商洛市"]);
        assert_eq!(paths("商洛市"), ["陕西省", "陕西省商洛市"]);
        assert_eq!(paths("衡陽市"), ["湖南省", "湖南省衡阳市"]);
        assert_eq!(paths("重庆市万州区"), ["重庆市", "重庆市万州区"]);
        assert_eq!(paths("云南省云溪市"), ["云南省", "云南省云溪市"]);
        assert_eq!(paths("平川省云溪市北街区"), ["平川省", "平川省云溪市", "平川省云溪市北街区"]);
        assert_eq!(paths("东华自治州"), ["东华自治州"]);
        assert_eq!(paths("海外"), ["海外"]);
        assert!(paths("").is_empty());
    }
}
