//! Tags or collections as a tree, by small numbers.

use rustc_hash::FxHashMap;
use std::hash::Hash;

/// No parent.
const NONE: u32 = u32::MAX;

/// Things that lie in one another. A thing keeps its number as long as the archive is open, also
/// while it is deleted.
pub(crate) struct Forest<Id> {
    index: FxHashMap<Id, u32>,
    ids: Vec<Id>,
    parents: Vec<u32>,
    /// Those that are there, each before those below it.
    order: Vec<u32>,
    there: Vec<bool>,
}

impl<Id> Default for Forest<Id> {
    fn default() -> Self {
        Self {
            index: FxHashMap::default(),
            ids: Vec::new(),
            parents: Vec::new(),
            order: Vec::new(),
            there: Vec::new(),
        }
    }
}

impl<Id: Copy + Eq + Hash> Forest<Id> {
    /// The number of a thing.
    pub(crate) fn number(&mut self, id: Id) -> u32 {
        let next = self.ids.len() as u32;
        let number = *self.index.entry(id).or_insert(next);
        if number == next {
            self.ids.push(id);
            self.parents.push(NONE);
            self.there.push(false);
        }
        number
    }

    /// Takes the tree as it is now: things with their parents, each before those below it.
    pub(crate) fn set(&mut self, tree: impl IntoIterator<Item = (Id, Option<Id>)>) {
        self.there.fill(false);
        self.order.clear();
        for (id, parent) in tree {
            let number = self.number(id);
            self.parents[number as usize] = parent.map_or(NONE, |parent| self.number(parent));
            self.there[number as usize] = true;
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

    /// A thing and those above it, as long as they are there.
    pub(crate) fn line(&self, number: u32) -> impl Iterator<Item = u32> {
        let there = |number: u32| self.there.get(number as usize).copied().unwrap_or(false);
        std::iter::successors(Some(number).filter(|&n| there(n)), move |&n| {
            Some(self.parents[n as usize]).filter(|&n| there(n))
        })
    }

    /// Says of each whether it is there and is one of some or lies below one.
    pub(crate) fn lie_in(&self, ids: &[Id]) -> Vec<bool> {
        let wanted: Vec<u32> = ids.iter().filter_map(|id| self.index.get(id).copied()).collect();
        (0..self.len() as u32)
            .map(|number| self.line(number).any(|above| wanted.contains(&above)))
            .collect()
    }
}
