//! Reports side by side.

use crate::archive::Archive;
use crate::error::{Result, bad_request};
use anjuan_compare::{PassageOptions, Stream, Text, align_themes, shared_streams};
use anjuan_protocol as wire;
use anjuan_store::ReportId;
use anjuan_text::CharRange;

/// Columns that fit a screen.
const MOST: usize = 5;

impl Archive {
    /// Shared passages of every pair, and the sections of all in rows by theme.
    ///
    /// # Errors
    /// When there are not two to five different reports, or one is not there.
    pub fn compare(&self, request: &wire::CompareRequest) -> Result<wire::Comparison> {
        let names = &request.reports;
        let twice = names.iter().enumerate().any(|(n, id)| names[..n].contains(id));
        if !(2..=MOST).contains(&names.len()) || twice {
            return Err(bad_request("Two to five different reports can be compared."));
        }
        let mut texts = Vec::new();
        for id in names {
            let id: ReportId = self.parse(id.parse())?;
            texts.push(self.current_text(id)?.1);
        }
        let place = |column: usize, range: CharRange| wire::ReportRange {
            report: names[column].clone(),
            start: range.start,
            end: range.end,
        };
        let streams: Vec<Stream> = texts.iter().map(|t| Stream::new(&t.text)).collect();
        let mut passages = Vec::new();
        for a in 0..streams.len() {
            for b in a + 1..streams.len() {
                let shared = shared_streams(&streams[a], &streams[b], &PassageOptions::default());
                passages.extend(shared.into_iter().map(|s| wire::SharedPassage {
                    a: place(a, s.a),
                    b: place(b, s.b),
                    chars: s.chars,
                }));
            }
        }
        let views: Vec<Text<'_>> =
            texts.iter().map(|t| Text { text: &t.text, blocks: &t.blocks }).collect();
        let rows = align_themes(&views)
            .into_iter()
            .map(|row| wire::ThemeRow {
                theme: row.theme,
                cells: row
                    .cells
                    .into_iter()
                    .enumerate()
                    .flat_map(|(column, cell)| cell.into_iter().map(move |r| (column, r)))
                    .map(|(column, range)| place(column, range))
                    .collect(),
            })
            .collect();
        Ok(wire::Comparison { passages, rows })
    }
}
