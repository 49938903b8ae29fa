//! Sentences, for snippets and for "in one sentence".

use crate::offset::CharRange;

/// Whether a character ends a sentence or a clause long enough to cut at.
pub fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '；' | '!' | '?' | ';' | '…' | '\n')
}

/// Whether a character closes what stands before it, and so stays with it.
fn closes(c: char) -> bool {
    matches!(c, '”' | '’' | '」' | '』' | '）' | ')' | '》' | '"')
}

/// The sentences of a text as ranges of code points that follow on each other without holes; a
/// closing quotation mark stays with its sentence.
pub fn sentences(text: &str) -> Vec<CharRange> {
    let mut found = Vec::new();
    let (mut start, mut ended) = (0_u32, false);
    let mut at = 0_u32;
    for c in text.chars() {
        if ended && !closes(c) && !ends_sentence(c) {
            found.push(CharRange::new(start, at));
            start = at;
            ended = false;
        }
        ended |= ends_sentence(c);
        at += 1;
    }
    if start < at {
        found.push(CharRange::new(start, at));
    }
    found
}
