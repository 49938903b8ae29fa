//! Positions in a text: code points, bytes and UTF-16 units as three types that do not mix.

use serde::{Deserialize, Serialize};

/// A half-open range of Unicode code points. The unit of everything stored and shown.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
pub struct CharRange {
    /// The first code point inside.
    pub start: u32,
    /// The first code point after.
    pub end: u32,
}

impl CharRange {
    /// A range; `end` is raised to `start` where it lies before it.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end: end.max(start) }
    }

    /// Length in code points.
    pub fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether no code point lies inside.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the two share at least one code point.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A half-open range of UTF-8 bytes; only ever used inside one process, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ByteRange {
    /// The first byte inside.
    pub start: usize,
    /// The first byte after.
    pub end: usize,
}

/// A half-open range of UTF-16 code units, as a web view counts.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
pub struct Utf16Range {
    /// The first unit inside.
    pub start: u32,
    /// The first unit after.
    pub end: u32,
}

/// Code points between two checkpoints of an [`OffsetMap`].
const STEP: usize = 64;

/// Converts between the three kinds of offset of one text.
///
/// Offsets past the end are clamped to the end, and offsets inside a character are moved down to
/// its first unit, so no conversion can fail or split a character.
#[derive(Debug)]
pub struct OffsetMap<'t> {
    text: &'t str,
    /// `(byte, utf16)` of every `STEP`th code point.
    checkpoints: Vec<(usize, u32)>,
    chars: u32,
    utf16: u32,
}

impl<'t> OffsetMap<'t> {
    /// Reads the text once.
    pub fn new(text: &'t str) -> Self {
        let mut checkpoints = Vec::with_capacity(text.len() / (STEP * 3) + 1);
        let (mut chars, mut utf16) = (0_u32, 0_u32);
        for (byte, c) in text.char_indices() {
            if (chars as usize).is_multiple_of(STEP) {
                checkpoints.push((byte, utf16));
            }
            chars += 1;
            utf16 += c.len_utf16() as u32;
        }
        Self { text, checkpoints, chars, utf16 }
    }

    /// The text it was made from.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Length of the text in code points.
    pub fn chars(&self) -> u32 {
        self.chars
    }

    /// The whole text as a range of code points.
    pub fn all(&self) -> CharRange {
        CharRange::new(0, self.chars)
    }

    fn byte_of_char(&self, offset: u32) -> usize {
        if offset >= self.chars {
            return self.text.len();
        }
        let (start, _) = self.checkpoints[offset as usize / STEP];
        self.text[start..]
            .char_indices()
            .nth(offset as usize % STEP)
            .map_or(self.text.len(), |(at, _)| start + at)
    }

    fn char_of_byte(&self, offset: usize) -> u32 {
        if offset >= self.text.len() {
            return self.chars;
        }
        let slot = self.checkpoints.partition_point(|&(byte, _)| byte <= offset).saturating_sub(1);
        let (start, _) = self.checkpoints[slot];
        let inside = self.text[start..].char_indices().take_while(|(at, _)| start + at <= offset);
        (slot * STEP + inside.count()) as u32 - 1
    }

    fn utf16_of_char(&self, offset: u32) -> u32 {
        if offset >= self.chars {
            return self.utf16;
        }
        let (start, base) = self.checkpoints[offset as usize / STEP];
        let before = self.text[start..].chars().take(offset as usize % STEP);
        base + before.map(|c| c.len_utf16() as u32).sum::<u32>()
    }

    fn char_of_utf16(&self, offset: u32) -> u32 {
        if offset >= self.utf16 {
            return self.chars;
        }
        let slot = self.checkpoints.partition_point(|&(_, unit)| unit <= offset).saturating_sub(1);
        let (start, mut unit) = self.checkpoints[slot];
        let mut found = (slot * STEP) as u32;
        for c in self.text[start..].chars() {
            unit += c.len_utf16() as u32;
            if unit > offset {
                break;
            }
            found += 1;
        }
        found
    }

    /// Code points to bytes.
    pub fn bytes(&self, range: CharRange) -> ByteRange {
        ByteRange { start: self.byte_of_char(range.start), end: self.byte_of_char(range.end) }
    }

    /// Bytes to code points.
    pub fn from_bytes(&self, range: ByteRange) -> CharRange {
        CharRange::new(self.char_of_byte(range.start), self.char_of_byte(range.end))
    }

    /// Code points to UTF-16 units.
    pub fn utf16(&self, range: CharRange) -> Utf16Range {
        Utf16Range { start: self.utf16_of_char(range.start), end: self.utf16_of_char(range.end) }
    }

    /// UTF-16 units to code points.
    pub fn from_utf16(&self, range: Utf16Range) -> CharRange {
        CharRange::new(self.char_of_utf16(range.start), self.char_of_utf16(range.end))
    }

    /// The text inside a range of code points.
    pub fn slice(&self, range: CharRange) -> &'t str {
        let ByteRange { start, end } = self.bytes(range);
        &self.text[start..end]
    }
}
