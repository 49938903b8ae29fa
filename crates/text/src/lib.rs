//! Characters of Chinese reports: folding, pinyin glosses, offsets, scripts and numerals.
//!
//! Everything that has to agree on what "the same text" means goes through this crate: the
//! indexer, the query, the highlighter, the passage comparison and the scan that the tests hold
//! them against. It reads nothing, opens nothing and knows no other crate of the workspace.
//!
//! ```
//! use anjuan_text::{Folded, Pattern};
//!
//! let text = Folded::new("衡陽市僑聯(lián)，工作計畫");
//! assert_eq!(text.find(&Pattern::new("侨联")).len(), 1);
//! assert_eq!(text.find(&Pattern::new("计划")).len(), 1);
//! ```

pub mod fold;
pub mod gloss;
pub mod numeral;
pub mod offset;
pub mod pattern;
pub mod report;
pub mod restore;
pub mod script;
pub mod sentence;

pub use fold::{Folded, GAP, Unit, fold_char, fold_width, is_han};
pub use gloss::{Gloss, Strewn, glosses, mangled_glosses, without_glosses};
pub use offset::{ByteRange, CharRange, OffsetMap, Utf16Range};
pub use pattern::Pattern;
pub use report::{
    Block, BlockKind, Furniture, FurnitureReason, IssuerLevel, Metadata, Period, Problem,
    ProblemCode, Recognition, Repair, RepairKind, ReportKind, ReportText,
};
pub use restore::restore;
pub use script::{Script, detect_script, to_simplified, to_traditional};
