//! Tags or collections as a tree, by small numbers.

use rustc_hash::FxHashMap;
use std::hash::Hash;

/// Things that lie in one another. A thing keeps its number as long as the archive is open, also
/// while it is deleted.
pub(crate) struct Forest<Id> {
    index: FxHashMap<Id, u32>,
    ids: Vec<Id>,
    /// For each thing itself and those above it; empty where it is deleted.
    lines: Vec<Box<[u32]>>,
    /// Those that are there, each before those below it.
    order: Vec<u32>,
}

impl<Id> Default for Forest<Id> {
    fn default() -> Self {
        Self { index: FxHashMap::default(), ids: Vec::new(), lines: Vec::new(), order: Vec::new() }
    }
}

impl<Id: Copy + Eq + Hash> Forest<Id> {
    /// The number of a thing.
    pub(crate) fn number(&mut self, id: Id) -> u32 {
        let next = self.ids.len() as u32;
        let number = *self.index.entry(id).or_insert(next);
        if number == next {
            self.ids.push(id);
            self.lines.push(Box::default());
        }
        number
    }

    /// Takes the tree as it is now: things with their parents, each before those below it.
    pub(crate) fn set(&mut self, tree: impl IntoIterator<Item = (Id, Option<Id>)>) {
        self.lines.fill(Box::default());
        self.order.clear();
        for (id, parent) in tree {
            let number = self.number(id);
            let mut line = vec![number];
            if let Some(parent) = parent {
                let parent = self.number(parent);
                line.extend_from_slice(&self.lines[parent as usize]);
            }
            self.lines[number as usize] = line.into();
            self.order.push(number);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Those that are there, each before those below it.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = (u32, Id)> {
        self.order.iter().map(|&number| (number, self.ids[number as usize]))
    }

    /// A thing and those above it; nothing where it is deleted.
    pub(crate) fn line(&self, number: u32) -> &[u32] {
        self.lines.get(number as usize).map_or(&[], |line| line)
    }

    /// Says of each whether it is there and is one of some or lies below one.
    pub(crate) fn lie_in(&self, ids: &[Id]) -> Vec<bool> {
        let wanted: Vec<u32> = ids.iter().filter_map(|id| self.index.get(id).copied()).collect();
        (0..self.len() as u32)
            .map(|number| self.line(number).iter().any(|above| wanted.contains(above)))
            .collect()
    }
}
