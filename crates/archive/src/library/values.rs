//! The values of a column that many reports share, each kept once.

use super::collation::Collation;
use anjuan_text::Folded;
use rustc_hash::FxHashMap;

/// Where a value stands among those of its column; [`NONE`] where a report has none.
pub(crate) type Place = u32;

/// No value.
pub(crate) const NONE: Place = Place::MAX;

/// The form in which both scripts, all widths and cases are one.
pub(crate) fn folded(text: &str) -> String {
    Folded::new(text).to_folded_string()
}

/// One value as reports write it.
pub(crate) struct Value {
    pub(crate) text: Box<str>,
    pub(crate) folded: Box<str>,
    pub(crate) key: Box<[u8]>,
    /// Values of one group differ in script, width or case only.
    pub(crate) group: u32,
    /// Reports that have it.
    pub(crate) uses: u32,
}

/// The values of one column.
#[derive(Default)]
pub(crate) struct Values {
    index: FxHashMap<Box<str>, Place>,
    groups: FxHashMap<Box<str>, u32>,
    all: Vec<Value>,
}

impl Values {
    /// Notes that one more report has a value.
    pub(crate) fn add(&mut self, text: Option<&str>, collation: &Collation) -> Place {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return NONE };
        if let Some(&place) = self.index.get(text) {
            self.all[place as usize].uses += 1;
            return place;
        }
        let folded: Box<str> = folded(text).into();
        let next = self.groups.len() as u32;
        let group = *self.groups.entry(folded.clone()).or_insert(next);
        let place = self.all.len() as Place;
        let key = collation.key(text);
        self.all.push(Value { text: text.into(), folded, key, group, uses: 1 });
        self.index.insert(text.into(), place);
        place
    }

    /// Notes that one report less has it. It stays where it is, to be used again.
    pub(crate) fn remove(&mut self, place: Place) {
        if let Some(value) = self.all.get_mut(place as usize) {
            value.uses -= 1;
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Value> {
        self.all.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Says of each value whether it is one of some, in either script.
    pub(crate) fn are(&self, texts: &[String]) -> Vec<bool> {
        let groups: Vec<u32> = texts
            .iter()
            .filter_map(|text| self.groups.get(folded(text).as_str()).copied())
            .collect();
        self.all.iter().map(|value| groups.contains(&value.group)).collect()
    }

    /// The rank of each value in the order of the keys; equal keys have equal ranks.
    pub(crate) fn ranks(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.all.len() as u32).collect();
        order.sort_unstable_by(|&a, &b| self.all[a as usize].key.cmp(&self.all[b as usize].key));
        let mut ranks = vec![0; order.len()];
        let mut rank = 0;
        for (n, &place) in order.iter().enumerate() {
            if n > 0 && self.all[order[n - 1] as usize].key != self.all[place as usize].key {
                rank += 1;
            }
            ranks[place as usize] = rank;
        }
        ranks
    }

    /// Sums counts of values by group: the form that most reports have stands for its group. Most
    /// common first, equals in the order of the keys.
    pub(crate) fn grouped(
        &self,
        counts: &[u32],
        keep: impl Fn(&Value) -> bool,
    ) -> Vec<(&str, u32)> {
        struct Group<'v> {
            name: Option<&'v Value>,
            count: u32,
            kept: bool,
        }
        let mut groups: Vec<Group<'_>> = Vec::new();
        groups.resize_with(self.groups.len(), || Group { name: None, count: 0, kept: false });
        for (value, &count) in self.all.iter().zip(counts) {
            let group = &mut groups[value.group as usize];
            group.count += count;
            group.kept |= keep(value);
            let better = |other: &Value| {
                (value.uses, std::cmp::Reverse(&value.text))
                    > (other.uses, std::cmp::Reverse(&other.text))
            };
            if group.name.is_none_or(better) {
                group.name = Some(value);
            }
        }
        let mut found: Vec<(&Value, u32)> = groups
            .into_iter()
            .filter(|group| group.count > 0 || group.kept)
            .filter_map(|group| Some((group.name?, group.count)))
            .collect();
        found.sort_unstable_by(|(a, x), (b, y)| {
            y.cmp(x).then_with(|| a.key.cmp(&b.key)).then_with(|| a.text.cmp(&b.text))
        });
        found.into_iter().map(|(value, count)| (&*value.text, count)).collect()
    }
}
