//! XLS of Excel 5 to 2003: records in a stream of a compound file.

use super::workbook::{Shown, builtin, shown_by, shown_number};
use super::{MAX_COLUMNS, MAX_ROWS, Raw};
use crate::ole::{Compound, u16_at, u32_at};
use crate::package::{damaged, locked};
use crate::{ImportError, Options};
use encoding_rs::{Encoding, GBK};
use std::collections::HashMap;

/// Sheets of one workbook.
const MAX_SHEETS: usize = 256;

/// A record, and what further records continue it with.
struct Record<'s> {
    kind: u16,
    data: &'s [u8],
    /// Where the next one begins.
    next: usize,
}

fn record(stream: &[u8], at: usize) -> Option<Record<'_>> {
    let kind = u16_at(stream, at)?;
    let length = usize::from(u16_at(stream, at + 2)?);
    let data = stream.get(at + 4..(at + 4 + length).min(stream.len()))?;
    Some(Record { kind, data, next: at + 4 + length })
}

/// Whether a compound file is a workbook.
pub(super) fn is_workbook(file: &Compound<'_>) -> bool {
    file.has("Workbook") || file.has("Book")
}

/// What all sheets share.
struct Book {
    /// Whether strings are in Unicode, as from Excel 97 on.
    wide: bool,
    page: &'static Encoding,
    strings: Vec<String>,
    formats: HashMap<u16, String>,
    cells: Vec<u16>,
    early: bool,
}

impl Book {
    fn shown(&self, cell: u16) -> Shown {
        let format = self.cells.get(usize::from(cell)).copied().unwrap_or(0);
        match self.formats.get(&format) {
            Some(code) => shown_by(code),
            None => builtin(u32::from(format)),
        }
    }

    fn number(&self, value: f64, cell: u16) -> String {
        shown_number(value, self.shown(cell), self.early)
    }

    /// A string with its length in two bytes, or one.
    fn string(&self, data: &[u8], long: bool) -> String {
        let (length, at) = if long {
            (usize::from(u16_at(data, 0).unwrap_or(0)), 2)
        } else {
            (usize::from(data.first().copied().unwrap_or(0)), 1)
        };
        let data = data.get(at..).unwrap_or_default();
        if !self.wide {
            let bytes = &data[..length.min(data.len())];
            return self.page.decode_without_bom_handling(bytes).0.into_owned();
        }
        let mut reader = Strings { parts: vec![data], part: 0, at: 0 };
        let flags = reader.byte().unwrap_or(0);
        reader.chars(length, flags & 1 != 0)
    }
}

/// Strings that go on from one record into the next.
struct Strings<'s> {
    parts: Vec<&'s [u8]>,
    part: usize,
    at: usize,
}

impl Strings<'_> {
    fn byte(&mut self) -> Option<u8> {
        loop {
            let part = self.parts.get(self.part)?;
            if let Some(&byte) = part.get(self.at) {
                self.at += 1;
                return Some(byte);
            }
            self.part += 1;
            self.at = 0;
        }
    }

    fn short(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, mut count: usize) {
        while count > 0
            && let Some(part) = self.parts.get(self.part)
        {
            let step = count.min(part.len().saturating_sub(self.at));
            self.at += step;
            count -= step;
            if count > 0 {
                self.part += 1;
                self.at = 0;
            }
        }
    }

    /// So many characters. Where a string goes on in another record, that says anew whether its
    /// characters have two bytes.
    fn chars(&mut self, length: usize, mut wide: bool) -> String {
        let mut units = Vec::with_capacity(length.min(65_536));
        while units.len() < length {
            let Some(part) = self.parts.get(self.part) else { break };
            if self.at >= part.len() {
                self.part += 1;
                self.at = 0;
                match self.byte() {
                    Some(flags) => wide = flags & 1 != 0,
                    None => break,
                }
                continue;
            }
            let unit = if wide { self.short() } else { self.byte().map(u16::from) };
            let Some(unit) = unit else { break };
            units.push(unit);
        }
        String::from_utf16_lossy(&units)
    }

    /// A string of the table that all sheets share.
    fn shared(&mut self) -> Option<String> {
        let length = usize::from(self.short()?);
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { usize::from(self.short()?) } else { 0 };
        let further = if flags & 4 != 0 {
            let low = self.short()?;
            let high = self.short()?;
            (usize::from(high) << 16) + usize::from(low)
        } else {
            0
        };
        let text = self.chars(length, flags & 1 != 0);
        self.skip(runs * 4 + further);
        Some(text)
    }
}

/// Reads the sheets of a workbook.
pub(super) fn read(file: &Compound<'_>, options: &Options<'_>) -> Result<Vec<Raw>, ImportError> {
    let stream = file.stream("Workbook").or_else(|| file.stream("Book")).unwrap_or_default();
    let mut book = Book {
        wide: true,
        page: GBK,
        strings: Vec::new(),
        formats: HashMap::new(),
        cells: Vec::new(),
        early: false,
    };
    let mut places: Vec<(usize, String)> = Vec::new();
    let mut at = 0;
    while let Some(Record { kind, data, next }) = record(&stream, at) {
        at = next;
        match kind {
            0x0809 => book.wide = u16_at(data, 0).is_none_or(|version| version >= 0x0600),
            0x002F => return Err(locked("Excel 97")),
            0x0042 => {
                let page = u16_at(data, 0).and_then(crate::rtf::code_page);
                book.page = page.unwrap_or(book.page);
            }
            0x0022 => book.early = u16_at(data, 0) == Some(1),
            0x0085 if places.len() < MAX_SHEETS => {
                let place = u32_at(data, 0).unwrap_or(0) as usize;
                let name = book.string(data.get(6..).unwrap_or_default(), false);
                // Charts and programs are no sheets.
                if data.get(5).is_none_or(|kind| *kind == 0) {
                    places.push((place, name));
                }
            }
            0x041E => {
                let code = book.string(data.get(2..).unwrap_or_default(), book.wide);
                book.formats.insert(u16_at(data, 0).unwrap_or(0), code);
            }
            0x00E0 => book.cells.push(u16_at(data, 2).unwrap_or(0)),
            0x00FC => {
                let mut parts = vec![data.get(8..).unwrap_or_default()];
                while let Some(further) = record(&stream, at).filter(|r| r.kind == 0x003C) {
                    parts.push(further.data);
                    at = further.next;
                }
                let mut strings = Strings { parts, part: 0, at: 0 };
                book.strings.extend(std::iter::from_fn(|| strings.shared()));
            }
            0x000A => break,
            _ => {}
        }
    }
    if places.is_empty() {
        return Err(damaged("workbook", "its list of sheets is missing"));
    }
    let mut sheets = Vec::with_capacity(places.len());
    for (place, name) in places {
        options.go_on()?;
        let (rows, left_out) = rows_of(&stream, place, &book);
        sheets.push(Raw { name, rows, left_out });
    }
    Ok(sheets)
}

fn rows_of(stream: &[u8], place: usize, book: &Book) -> (Vec<Vec<String>>, usize) {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut left_out = 0;
    let mut put = |row: u16, column: usize, text: String| {
        let row = usize::from(row);
        if row >= MAX_ROWS || column >= MAX_COLUMNS {
            left_out += 1;
            return;
        }
        if rows.len() <= row {
            rows.resize(row + 1, Vec::new());
        }
        if rows[row].len() <= column {
            rows[row].resize(column + 1, String::new());
        }
        rows[row][column] = text;
    };
    // The formula whose result stands in the next record.
    let mut awaited: Option<(u16, usize)> = None;
    let mut at = place;
    let mut depth = 0_usize;
    while let Some(Record { kind, data, next }) = record(stream, at) {
        at = next;
        let row = u16_at(data, 0).unwrap_or(0);
        let column = usize::from(u16_at(data, 2).unwrap_or(0));
        let cell = u16_at(data, 4).unwrap_or(0);
        match kind {
            0x0809 => depth += 1,
            // Charts inside a sheet have an end of their own.
            0x000A => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            0x00FD => {
                let index = u32_at(data, 6).unwrap_or(u32::MAX) as usize;
                put(row, column, book.strings.get(index).cloned().unwrap_or_default());
            }
            0x0204 | 0x00D6 => {
                put(row, column, book.string(data.get(6..).unwrap_or_default(), true));
            }
            0x0203 => {
                if let Some(value) = double(data, 6) {
                    put(row, column, book.number(value, cell));
                }
            }
            0x027E => {
                let value = short_number(u32_at(data, 6).unwrap_or(0));
                put(row, column, book.number(value, cell));
            }
            0x00BD => {
                let count = data.len().saturating_sub(6) / 6;
                for n in 0..count {
                    let cell = u16_at(data, 4 + n * 6).unwrap_or(0);
                    let value = short_number(u32_at(data, 6 + n * 6).unwrap_or(0));
                    put(row, column + n, book.number(value, cell));
                }
            }
            0x0006 => match (u16_at(data, 12), data.get(6)) {
                (Some(0xFFFF), Some(0)) => awaited = Some((row, column)),
                (Some(0xFFFF), Some(1)) => {
                    let truth = data.get(8).is_some_and(|b| *b != 0);
                    put(row, column, if truth { "TRUE" } else { "FALSE" }.to_owned());
                }
                (Some(0xFFFF), _) => {}
                _ => {
                    if let Some(value) = double(data, 6) {
                        put(row, column, book.number(value, cell));
                    }
                }
            },
            0x0207 => {
                if let Some((row, column)) = awaited.take() {
                    put(row, column, book.string(data, true));
                }
            }
            _ => {}
        }
    }
    (rows, left_out)
}

fn double(data: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(data.get(at..at + 8)?.try_into().ok()?))
}

/// A number in four bytes: an integer or the upper half of a double, in hundredths or whole.
fn short_number(code: u32) -> f64 {
    let value = if code & 2 == 0 {
        f64::from_bits(u64::from(code & !3) << 32)
    } else {
        f64::from(code.cast_signed() >> 2)
    };
    if code & 1 == 0 { value } else { value / 100.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers() {
        for (code, expect) in
            [(0x3FF0_0000, 1.0), (0x3FF0_0001, 0.01), (0x0000_00CA, 50.0), (0xFFFF_FFFE, -1.0)]
        {
            assert!((short_number(code) - expect).abs() < 1e-9, "{code:x}");
        }
    }

    #[test]
    fn strings_go_on_in_the_next_record() {
        // 云溪 in two bytes each, cut behind the first character; then one of single bytes.
        let first = [3, 0, 1, 0x91, 0x4E];
        let second = [1, 0xAA, 0x6E, 0x02, 0x5E, 2, 0, 0, b'a'];
        let third = [0, b'b'];
        let mut strings = Strings { parts: vec![&first, &second, &third], part: 0, at: 0 };
        assert_eq!(strings.shared().as_deref(), Some("云溪市"));
        assert_eq!(strings.shared().as_deref(), Some("ab"));
        assert_eq!(strings.shared(), None);
    }
}
