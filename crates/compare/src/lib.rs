//! Comparison of reports: shared passages, theme alignment, near-duplicates, and the re-anchoring
//! of tagged passages in a new revision.
//!
//! Pure functions over texts. All offsets are Unicode code points, half-open. What counts as
//! equal is what [`anjuan_text::Folded`] says: script, width, case, pinyin glosses, white space
//! and punctuation make no difference (re-anchoring alone compares exactly).
//!
//! ```
//! use anjuan_compare::{PassageOptions, Text, shared_passages};
//!
//! let a = Text { text: "会议要求：不断增强基层组织的凝聚力和战斗力。", blocks: &[] };
//! let b = Text { text: "他們不斷增強基層組織的凝聚力和戰鬥力", blocks: &[] };
//! let shared = shared_passages(&a, &b, &PassageOptions::default());
//! assert_eq!((shared.len(), shared[0].chars), (1, 16));
//! ```

pub mod passages;
pub mod relocate;
pub mod sketch;
pub mod stream;
pub mod themes;

pub use passages::{PassageOptions, Shared, shared_passages, shared_streams};
pub use relocate::{Anchor, Relocated, relocate};
pub use sketch::{Grams, Sketch, similarity, sketch};
pub use stream::Stream;
pub use themes::{Row, align_themes};

/// A report as comparison sees it: its reading text and the blocks of it.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// The reading text.
    pub text: &'a str,
    /// Its blocks in order; only [`align_themes`] looks at them.
    pub blocks: &'a [anjuan_text::Block],
}
