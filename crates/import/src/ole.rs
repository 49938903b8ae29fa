//! The file system inside old Office files (compound files): its streams by name.
//!
//! Chains of sectors are followed no further than the file is long, so a damaged file gives what
//! is there, and one made to loop nothing more.

/// How such a file begins.
const MAGIC: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// Numbers of sectors from here on are no sectors.
const SPECIAL: u32 = 0xFFFF_FFFA;
/// Bytes of an entry of the directory.
const ENTRY: usize = 128;
/// Entries of the directory that are looked at.
const MAX_ENTRIES: usize = 65_536;

/// A little-endian number of two bytes.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// A little-endian number of four bytes.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// A compound file.
pub(crate) struct Compound<'b> {
    bytes: &'b [u8],
    /// Bytes of a sector, as a power of two.
    shift: u32,
    /// The sector that follows each sector.
    next: Vec<u32>,
    next_small: Vec<u32>,
    /// Small streams lie in the stream of the root.
    small: Vec<u8>,
    small_shift: u32,
    cutoff: u32,
    /// Streams of the outermost storage: name, first sector, length.
    streams: Vec<(String, u32, u32)>,
    /// Whether the file is shorter than its sectors.
    pub(crate) truncated: bool,
}

impl<'b> Compound<'b> {
    /// Opens a file; `None` where it is none or nothing of it can be found.
    pub(crate) fn open(bytes: &'b [u8]) -> Option<Self> {
        if !bytes.starts_with(MAGIC) {
            return None;
        }
        let shift = u32::from(u16_at(bytes, 30)?);
        let small_shift = u32::from(u16_at(bytes, 32)?);
        if !matches!(shift, 7..=16) || !matches!(small_shift, 4..=16) {
            return None;
        }
        let sectors = (bytes.len() >> shift) + 1;
        let mut file = Self {
            bytes,
            shift,
            next: Vec::new(),
            next_small: Vec::new(),
            small: Vec::new(),
            small_shift,
            cutoff: u32_at(bytes, 56)?,
            streams: Vec::new(),
            truncated: false,
        };
        // Where the table of sectors lies: in the header, and in a chain of its own.
        let mut tables: Vec<u32> = (0..109).filter_map(|n| u32_at(bytes, 76 + n * 4)).collect();
        let mut further = u32_at(bytes, 68)?;
        let per_sector = (1_usize << shift) / 4;
        let mut seen = 0;
        while further < SPECIAL && seen <= sectors {
            seen += 1;
            let Some(sector) = file.sector(further) else { break };
            let entries = (0..per_sector).filter_map(|n| u32_at(sector, n * 4));
            let entries: Vec<u32> = entries.collect();
            let Some((&link, listed)) = entries.split_last() else { break };
            tables.extend(listed);
            further = link;
        }
        for table in tables.into_iter().filter(|&t| t < SPECIAL) {
            if file.next.len() > sectors + per_sector {
                break;
            }
            match file.sector(table) {
                Some(sector) => {
                    let entries = (0..per_sector).map(|n| u32_at(sector, n * 4).unwrap_or(SPECIAL));
                    file.next.extend(entries.collect::<Vec<u32>>());
                }
                None => file.next.extend(std::iter::repeat_n(SPECIAL, per_sector)),
            }
        }
        let directory = file.chain(u32_at(bytes, 48)?, usize::MAX);
        let small_table = file.chain(u32_at(bytes, 60)?, usize::MAX);
        let entries = (0..small_table.len() / 4).filter_map(|n| u32_at(&small_table, n * 4));
        file.next_small = entries.collect();
        file.read_directory(&directory)?;
        Some(file)
    }

    fn sector(&self, number: u32) -> Option<&'b [u8]> {
        let at = (number as usize).checked_add(1)?.checked_shl(self.shift)?;
        let end = at.checked_add(1 << self.shift)?.min(self.bytes.len());
        self.bytes.get(at..end).filter(|s| !s.is_empty())
    }

    /// The bytes of a chain of sectors.
    fn chain(&self, first: u32, length: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let mut number = first;
        let mut steps = 0;
        while number < SPECIAL && out.len() < length && steps <= self.next.len() {
            steps += 1;
            let Some(sector) = self.sector(number) else { break };
            out.extend_from_slice(sector);
            number = self.next.get(number as usize).copied().unwrap_or(SPECIAL);
        }
        out.truncate(length);
        out
    }

    fn read_directory(&mut self, directory: &[u8]) -> Option<()> {
        let entry = |id: u32| directory.get((id as usize).checked_mul(ENTRY)?..)?.get(..ENTRY);
        let root = entry(0)?;
        let (start, length) = (u32_at(root, 116)?, u32_at(root, 120)? as usize);
        self.small = self.chain(start, length);
        self.truncated |= self.small.len() < length;
        // The streams of a storage hang on a tree.
        let mut stack = vec![u32_at(root, 76)?];
        let mut seen = 0;
        while let Some(id) = stack.pop() {
            seen += 1;
            let Some(found) = entry(id).filter(|_| seen <= MAX_ENTRIES && id != 0) else {
                continue;
            };
            let length = usize::from(u16_at(found, 64)?.saturating_sub(2) / 2).min(31);
            let name: Vec<u16> = (0..length).filter_map(|n| u16_at(found, n * 2)).collect();
            if found[66] == 2 {
                let name = String::from_utf16_lossy(&name);
                self.streams.push((name, u32_at(found, 116)?, u32_at(found, 120)?));
            }
            stack.extend([u32_at(found, 68)?, u32_at(found, 72)?]);
        }
        Some(())
    }

    /// Whether there is a stream of a name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.streams.iter().any(|s| s.0 == name)
    }

    /// The bytes of a stream.
    pub(crate) fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let (_, first, length) = self.streams.iter().find(|s| s.0 == name)?;
        let length_bytes = *length as usize;
        if *length >= self.cutoff {
            return Some(self.chain(*first, length_bytes));
        }
        let mut out = Vec::with_capacity(length_bytes.min(self.small.len()));
        let mut number = *first;
        let mut steps = 0;
        while number < SPECIAL && out.len() < length_bytes && steps <= self.next_small.len() {
            steps += 1;
            let at = (number as usize) << self.small_shift;
            let end = (at + (1 << self.small_shift)).min(self.small.len());
            let Some(sector) = self.small.get(at..end).filter(|s| !s.is_empty()) else { break };
            out.extend_from_slice(sector);
            number = self.next_small.get(number as usize).copied().unwrap_or(SPECIAL);
        }
        out.truncate(length_bytes);
        Some(out)
    }
}
