//! The longest match of every place of one text in another, in linear time however much recurs.

use rustc_hash::FxHashMap;

/// A suffix automaton (Blumer et al., 1985): the smallest automaton that reads exactly the
/// substrings of a text.
pub(super) struct Automaton {
    states: Vec<State>,
    /// The transitions of the first state, the only one with very many.
    first: FxHashMap<u32, usize>,
}

#[derive(Clone, Default)]
struct State {
    /// Length of the longest substring that ends here.
    len: usize,
    /// The state of the longest suffix that stands elsewhere too.
    link: usize,
    /// Where its substrings first end.
    end: usize,
    next: Vec<(u32, usize)>,
}

/// The longest match of a place, where it is not part of a longer one.
pub(super) struct Match {
    /// Where it begins in the text that was read.
    pub(super) at: usize,
    /// Where it begins in the text of the automaton.
    pub(super) found: usize,
    /// Its length.
    pub(super) len: usize,
}

impl Automaton {
    pub(super) fn new(text: &[u32]) -> Self {
        let mut states = Vec::with_capacity(text.len() * 2);
        states.push(State::default());
        let mut automaton = Self { states, first: FxHashMap::default() };
        let mut last = 0;
        for (at, &symbol) in text.iter().enumerate() {
            last = automaton.append(last, symbol, at + 1);
        }
        automaton
    }

    fn step(&self, state: usize, symbol: u32) -> Option<usize> {
        if state == 0 {
            return self.first.get(&symbol).copied();
        }
        self.states[state].next.iter().find(|(s, _)| *s == symbol).map(|&(_, to)| to)
    }

    fn set(&mut self, state: usize, symbol: u32, to: usize) {
        if state == 0 {
            self.first.insert(symbol, to);
        } else if let Some(known) = self.states[state].next.iter_mut().find(|t| t.0 == symbol) {
            known.1 = to;
        } else {
            self.states[state].next.push((symbol, to));
        }
    }

    fn append(&mut self, last: usize, symbol: u32, end: usize) -> usize {
        let new = self.states.len();
        self.states.push(State { len: self.states[last].len + 1, end, ..State::default() });
        let mut from = Some(last);
        while let Some(state) = from {
            match self.step(state, symbol) {
                None => {
                    self.set(state, symbol, new);
                    from = (state != 0).then(|| self.states[state].link);
                }
                Some(to) if self.states[to].len == self.states[state].len + 1 => {
                    self.states[new].link = to;
                    return new;
                }
                Some(to) => {
                    let copy = self.states.len();
                    let shorter =
                        State { len: self.states[state].len + 1, ..self.states[to].clone() };
                    self.states.push(shorter);
                    let mut from = Some(state);
                    while let Some(state) = from
                        && self.step(state, symbol) == Some(to)
                    {
                        self.set(state, symbol, copy);
                        from = (state != 0).then(|| self.states[state].link);
                    }
                    self.states[to].link = copy;
                    self.states[new].link = copy;
                    return new;
                }
            }
        }
        new
    }

    /// The longest matches of at least `min` symbols, none inside another, in order.
    pub(super) fn longest_matches(&self, text: &[u32], min: usize) -> impl Iterator<Item = Match> {
        let mut ends: Vec<(usize, usize)> = Vec::with_capacity(text.len()); // length, state
        let (mut state, mut len) = (0, 0);
        for &symbol in text {
            loop {
                if let Some(to) = self.step(state, symbol) {
                    state = to;
                    len += 1;
                    break;
                }
                if state == 0 {
                    len = 0;
                    break;
                }
                state = self.states[state].link;
                len = self.states[state].len;
            }
            ends.push((len, state));
        }
        (0..ends.len()).filter_map(move |at| {
            let (len, state) = ends[at];
            let grows = ends.get(at + 1).is_some_and(|next| next.0 == len + 1);
            (len >= min.max(1) && !grows).then(|| Match {
                at: at + 1 - len,
                found: self.states[state].end - len,
                len,
            })
        })
    }
}
