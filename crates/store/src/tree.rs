//! Things that lie in one another: tags and collections.

use std::collections::HashMap;
use std::hash::Hash;

/// Puts each thing before those below it. Siblings keep the order in which they come; what lies
/// below something that is not there is left out.
pub(crate) fn in_tree_order<T, Id: Hash + Eq>(
    all: Vec<T>,
    id: impl Fn(&T) -> Id,
    parent: impl Fn(&T) -> Option<Id>,
) -> Vec<T> {
    let count = all.len();
    let mut below: HashMap<Option<Id>, Vec<T>> = HashMap::new();
    // Siblings from last to first, so that taking from the end gives them in order.
    for thing in all.into_iter().rev() {
        below.entry(parent(&thing)).or_default().push(thing);
    }
    let mut open = below.remove(&None).unwrap_or_default();
    let mut ordered = Vec::with_capacity(count);
    while let Some(next) = open.pop() {
        open.extend(below.remove(&Some(id(&next))).unwrap_or_default());
        ordered.push(next);
    }
    ordered
}
