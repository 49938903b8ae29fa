//! Finding words in one report.

use crate::archive::Archive;
use crate::error::Result;
use crate::wire as to_wire;
use anjuan_protocol as wire;
use anjuan_store::ReportId;
use anjuan_text::{Folded, Pattern};

impl Archive {
    /// Finds words in one report: every place, in order, overlapping ones included.
    ///
    /// # Errors
    /// When the file cannot be read or the identifier is none.
    pub fn find_in_report(&self, request: &wire::FindRequest) -> Result<Vec<wire::Range>> {
        let id: ReportId = self.parse(request.report.parse())?;
        let text = self.read(|r| r.text(r.report(id)?.revision))?;
        let pattern = Pattern::new(&request.words);
        if pattern.is_empty() {
            return Ok(literally(&text, request.words.trim()));
        }
        Ok(Folded::new(&text).find(&pattern).into_iter().map(to_wire::range).collect())
    }
}

/// The places of a string as it stands, as code points.
fn literally(text: &str, wanted: &str) -> Vec<wire::Range> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let length = wanted.chars().count() as u32;
    let (mut seen, mut at) = (0, 0_u32);
    text.match_indices(wanted)
        .map(|(byte, _)| {
            at += text[seen..byte].chars().count() as u32;
            seen = byte;
            wire::Range { start: at, end: at + length }
        })
        .collect()
}
