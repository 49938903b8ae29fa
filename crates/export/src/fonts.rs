//! The fonts a PDF may be set in.

use anjuan_text::Script;
use memmap2::Mmap;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontFlags, is_default_ignorable};
use typst::utils::LazyHash;

/// How deep [`Fonts::in_folders`] walks; deeper is a loop of links.
const DEPTH: usize = 8;

/// Serif families for simplified script, best first.
const SERIF_HANS: &[&str] = &[
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Serif SC",
    "Songti SC",
    "SimSun",
    "AR PL UMing CN",
];
/// Serif families for traditional script, best first.
const SERIF_HANT: &[&str] = &[
    "Noto Serif CJK TC",
    "Source Han Serif TC",
    "Noto Serif TC",
    "Songti TC",
    "PMingLiU",
    "AR PL UMing TW",
];
/// Sans-serif families for simplified script, best first.
const SANS_HANS: &[&str] = &[
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
];
/// Sans-serif families for traditional script, best first.
const SANS_HANT: &[&str] = &[
    "Noto Sans CJK TC",
    "Source Han Sans TC",
    "Noto Sans TC",
    "PingFang TC",
    "Microsoft JhengHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
];

/// Characters that a font for simplified script has.
const SIMPLIFIED: &str = "的一国们报经济";
/// Characters that a font for traditional script has.
const TRADITIONAL: &str = "的一國們報經濟";

/// A family of fonts that holds Chinese.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// Its name, as documents ask for it.
    pub name: String,
    /// Whether its strokes have serifs.
    pub serif: bool,
    /// Whether it has the characters of simplified script.
    pub simplified: bool,
    /// Whether it has the characters of traditional script.
    pub traditional: bool,
}

/// Why fonts could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// A font file could not be opened or read.
    #[error("the font {} could not be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// None of the files or folders holds a font.
    #[error("there is no font in {}", places(.0))]
    None(Vec<PathBuf>),
}

fn places(paths: &[PathBuf]) -> String {
    if paths.is_empty() {
        return "an empty list of places".to_owned();
    }
    paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// Font faces mapped into memory, parsed once and shared by all exports.
///
/// Faces come in the order they were given: of two that are as good as each other the first is
/// taken, and a character the first lacks is looked for in all others.
#[derive(Debug)]
pub struct Fonts {
    book: LazyHash<FontBook>,
    faces: Vec<Font>,
}

impl Fonts {
    /// Loads every face of the given TTF, OTF, TTC and OTC files.
    ///
    /// # Errors
    /// [`FontError::Unreadable`] for a file that cannot be opened, [`FontError::None`] where no
    /// file holds a font.
    pub fn from_files(paths: impl IntoIterator<Item = PathBuf>) -> Result<Self, FontError> {
        let (mut faces, mut asked) = (Vec::new(), Vec::new());
        for path in paths {
            match map(&path) {
                Ok(data) => faces.extend(Font::iter(data)),
                Err(source) => return Err(FontError::Unreadable { path, source }),
            }
            asked.push(path);
        }
        Self::from_faces(faces).ok_or(FontError::None(asked))
    }

    /// Loads every font file in the folders and below them, by folder as given and by name inside
    /// one. What cannot be read is passed over.
    ///
    /// # Errors
    /// [`FontError::None`] where there is no font at all.
    pub fn in_folders(folders: &[PathBuf]) -> Result<Self, FontError> {
        let mut files = Vec::new();
        for folder in folders {
            font_files(folder, DEPTH, &mut files);
        }
        let data = files.iter().filter_map(|path| map(path).ok());
        Self::from_faces(data.flat_map(Font::iter).collect())
            .ok_or_else(|| FontError::None(folders.to_vec()))
    }

    fn from_faces(faces: Vec<Font>) -> Option<Self> {
        let book = LazyHash::new(FontBook::from_fonts(&faces));
        (!faces.is_empty()).then_some(Self { book, faces })
    }

    /// The characters of a text that no face has, in order and once each.
    ///
    /// White space and controls need no glyph. Characters of the private use areas mean something
    /// else in every font, so they always count as missing.
    pub fn missing(&self, text: &str) -> Vec<char> {
        let distinct: BTreeSet<char> = text.chars().filter(|&c| prints(c)).collect();
        distinct.into_iter().filter(|&c| !self.covers(c)).collect()
    }

    fn covers(&self, c: char) -> bool {
        !is_private_use(c) && self.faces.iter().any(|f| f.info().coverage.contains(c as u32))
    }

    /// The families with the commonest Chinese characters, by name; those of one face count too.
    pub fn chinese_families(&self) -> Vec<Family> {
        let mut families: BTreeMap<String, Family> = BTreeMap::new();
        for face in &self.faces {
            let info = face.info();
            let holds = |text: &str| text.chars().all(|c| info.coverage.contains(c as u32));
            let (simplified, traditional) = (holds(SIMPLIFIED), holds(TRADITIONAL));
            if !simplified && !traditional {
                continue;
            }
            let serif = info.flags.contains(FontFlags::SERIF);
            let family = families.entry(info.family.clone()).or_insert_with(|| Family {
                name: info.family.clone(),
                serif,
                simplified,
                traditional,
            });
            family.simplified |= simplified;
            family.traditional |= traditional;
            family.serif |= serif;
        }
        families.into_values().collect()
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    pub(crate) fn face(&self, index: usize) -> Option<Font> {
        self.faces.get(index).cloned()
    }

    /// A family by its name, where it is there.
    pub(crate) fn family(&self, name: &str) -> Option<String> {
        let known = !name.is_empty() && self.book.contains_family(&name.to_lowercase());
        known.then(|| name.to_owned())
    }

    /// The serif families to set a script in, best first.
    pub(crate) fn serif(&self, script: Script) -> Vec<String> {
        match script {
            Script::Hans => self.present(&[SERIF_HANS, SERIF_HANT, SANS_HANS]),
            Script::Hant => self.present(&[SERIF_HANT, SERIF_HANS, SANS_HANT]),
        }
    }

    /// The sans-serif families to set a script in, best first.
    pub(crate) fn sans(&self, script: Script) -> Vec<String> {
        match script {
            Script::Hans => self.present(&[SANS_HANS, SANS_HANT, SERIF_HANS]),
            Script::Hant => self.present(&[SANS_HANT, SANS_HANS, SERIF_HANT]),
        }
    }

    /// The best family of each list that is there, or else of any face with the commonest
    /// Chinese character, or else of the first face.
    fn present(&self, lists: &[&[&str]]) -> Vec<String> {
        let known = |list: &&[&str]| {
            let found = list.iter().find(|name| self.book.contains_family(&name.to_lowercase()));
            found.map(|name| (*name).to_owned())
        };
        let found: Vec<String> = lists.iter().filter_map(known).collect();
        if !found.is_empty() {
            return found;
        }
        let chinese = self.faces.iter().find(|f| f.info().coverage.contains('的' as u32));
        chinese.or(self.faces.first()).map(|f| f.info().family.clone()).into_iter().collect()
    }
}

/// Whether a character leaves a mark on paper.
pub(crate) fn prints(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !is_default_ignorable(c)
}

/// Whether a character has no meaning but what a single font gives it. PDF/A-2a forbids them.
fn is_private_use(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..)
}

/// Maps a font file: Chinese collections are tens of megabytes of which an export reads little.
fn map(path: &Path) -> std::io::Result<Bytes> {
    let file = File::open(path)?;
    // SAFETY: the mapping is read only. A font file cut short while it is mapped would end the
    // process; package tools replace files by renaming, which leaves a mapping whole.
    #[allow(unsafe_code)]
    let map = unsafe { Mmap::map(&file)? };
    Ok(Bytes::new(map))
}

/// Adds the font files of a folder and of the folders below it, sorted by name.
fn font_files(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if depth > 0 {
                font_files(&path, depth - 1, files);
            }
        } else if path.extension().is_some_and(|ext| {
            ["ttf", "otf", "ttc", "otc"].iter().any(|known| ext.eq_ignore_ascii_case(known))
        }) {
            files.push(path);
        }
    }
}
