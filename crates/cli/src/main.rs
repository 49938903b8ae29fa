//! `anjuan` in a terminal.
fn main() {}
