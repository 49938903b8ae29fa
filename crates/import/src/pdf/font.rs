//! The fonts of a document: what the codes of a string mean, how wide they are, how heavy they look.
//!
//! A font says what its codes mean in up to five ways, of which files have one or none: a map to
//! Unicode, an encoding that is one of text (GBK, UTF-16), the names of its glyphs, the table of
//! the font program itself, and the numbers of a character collection.

use encoding_rs::Encoding;
use hayro_cmap::{BfString, CMap, CMapName, CidFamily};
use hayro_font::{CMapResolverFn, Font, FontCache, FontGlyph, FontQuery, FontResolverFn};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as Bytes};
use std::collections::HashMap;
use std::sync::Arc;

/// What a code of a font is.
#[derive(Debug, Clone)]
pub(super) struct Code {
    /// What it reads as; empty where nothing says so.
    pub(super) text: Arc<str>,
    /// How far the pen moves, in thousandths of the size; negative in y where written downwards.
    pub(super) advance: (f64, f64),
    /// Where the glyph's origin lies from the pen.
    pub(super) origin: (f64, f64),
}

/// How codes are read where the map to Unicode says nothing.
enum Meaning {
    /// As the names of the glyphs say.
    Names,
    /// The code is text of a legacy encoding.
    Legacy(&'static Encoding),
    /// The code is UTF-16, UTF-8 or UTF-32.
    Utf16,
    Utf8,
    Utf32,
    /// The code is, or maps to, the number of a character in a collection.
    Collection(Box<Collection>),
}

/// The numbers of a character collection as Unicode.
struct Collection {
    /// From codes to numbers; `None` where the code is the number.
    codes: Option<CMap>,
    unicode: CMap,
}

/// A font in use.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Typeface<'a> {
    font: Font<'a>,
    meaning: Meaning,
    /// Glyphs by the table of the font program itself.
    program: Option<HashMap<u32, char>>,
    known: HashMap<u32, Code>,
    /// Tells it from the others.
    pub(super) number: u16,
    pub(super) bold: bool,
    /// Its program is in the file.
    embedded: bool,
    /// One code is one byte.
    pub(super) simple: bool,
    pub(super) vertical: bool,
}

impl Typeface<'_> {
    /// The next code of a string, and how many bytes it has.
    pub(super) fn read(&self, bytes: &[u8], at: usize) -> (u32, usize) {
        let (code, len) = self.font.read_code(bytes, at);
        (code, len.max(1))
    }

    /// What a code is.
    pub(super) fn code(&mut self, code: u32, len: usize) -> Code {
        if let Some(known) = self.known.get(&code) {
            return known.clone();
        }
        let advance = self.font.code_advance(code);
        let origin = self.font.origin_displacement(code);
        let found = Code {
            text: self.unicode(code, len).into(),
            advance: (advance.x, advance.y),
            origin: (origin.x, origin.y),
        };
        self.known.insert(code, found.clone());
        found
    }

    fn unicode(&mut self, code: u32, len: usize) -> String {
        let id = self.font.map_code(code);
        let glyph = self.font.glyph(id, code);
        let said = match &glyph {
            FontGlyph::Outline(glyph) => glyph.as_unicode(),
            FontGlyph::Type3(glyph) => glyph.as_unicode(),
        };
        if let Some(said) = said.map(text_of).filter(|t| is_text(t)) {
            return said;
        }
        let bytes = code.to_be_bytes();
        let bytes = &bytes[bytes.len() - len.clamp(1, 4)..];
        let said = match &self.meaning {
            Meaning::Legacy(encoding) => {
                encoding.decode_without_bom_handling_and_without_replacement(bytes)
            }
            Meaning::Utf16 => {
                encoding_rs::UTF_16BE.decode_without_bom_handling_and_without_replacement(bytes)
            }
            Meaning::Utf8 => std::str::from_utf8(bytes).ok().map(Into::into),
            Meaning::Utf32 => char::from_u32(code).map(|c| c.to_string().into()),
            Meaning::Names | Meaning::Collection(_) => None,
        };
        if let Some(said) = said.filter(|t| is_text(t)) {
            return said.into_owned();
        }
        if let FontGlyph::Outline(glyph) = &glyph
            && id.to_u32() != 0
        {
            let program = self.program.get_or_insert_with(|| {
                glyph.font_data().map(|f| table_of((*f.data).as_ref())).unwrap_or_default()
            });
            if let Some(&c) = program.get(&id.to_u32()) {
                return c.to_string();
            }
        }
        if let Meaning::Collection(collection) = &self.meaning {
            let cid = match &collection.codes {
                Some(codes) => (1..=4).find_map(|len| codes.lookup_cid_code(code, len)),
                None => Some(code),
            };
            let said = cid.and_then(|cid| collection.unicode.lookup_bf_string(cid)).map(text_of);
            if let Some(said) = said.filter(|t| is_text(t)) {
                return said;
            }
        }
        // What draws nothing is a space.
        if let FontGlyph::Outline(glyph) = &glyph
            && self.embedded
            && id.to_u32() != 0
            && glyph.outline().elements().is_empty()
            && self.font.code_advance(code).x > 0.0
        {
            return " ".to_owned();
        }
        String::new()
    }
}

fn text_of(found: BfString) -> String {
    match found {
        BfString::Char(c) => c.to_string(),
        BfString::String(s) => s,
    }
}

/// Whether a map says something of use: not nothing, a control character, or a private one.
fn is_text(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| {
            (!c.is_control() || c.is_whitespace())
                && !matches!(c, '\u{fffd}' | '\u{fffe}' | '\u{ffff}' | '\u{e000}'..='\u{f8ff}')
        })
}

/// The characters of a font program's own table, by glyph. Where several map to one glyph the
/// plainest is taken: an ideograph before a radical that looks the same.
fn table_of(data: &[u8]) -> HashMap<u32, char> {
    use skrifa::MetadataProvider as _;
    let mut table = HashMap::new();
    let Ok(font) = skrifa::FontRef::from_index(data, 0) else { return table };
    let rank = |c: char| match u32::from(c) {
        0x20..=0x7e | 0x4e00..=0x9fff => 0,
        0x2e80..=0x2fdf | 0xf900..=0xfaff | 0xa0 | 0xad => 2,
        _ => 1,
    };
    for (code, glyph) in font.charmap().mappings().take(200_000) {
        let Some(c) = char::from_u32(code).filter(|c| is_text(c.encode_utf8(&mut [0; 4]))) else {
            continue;
        };
        let best = table.entry(glyph.to_u32()).or_insert(c);
        if rank(c) < rank(*best) {
            *best = c;
        }
    }
    table
}

/// The fonts of a document, each read once.
pub(super) struct Fonts<'a> {
    cache: FontCache<'a>,
    programs: FontResolverFn,
    maps: CMapResolverFn,
}

impl<'a> Fonts<'a> {
    pub(super) fn new() -> Self {
        let programs: FontResolverFn = Arc::new(|query| match query {
            FontQuery::Standard(font) => Some(font.get_font_data()),
            FontQuery::Fallback(query) => Some(query.pick_standard_font().get_font_data()),
        });
        let maps: CMapResolverFn = Arc::new(hayro_cmap::load_embedded);
        Self { cache: FontCache::new(), programs, maps }
    }

    /// The font of a dictionary.
    pub(super) fn typeface(&self, dict: &Dict<'a>, number: u16) -> Option<Typeface<'a>> {
        let font = self.cache.font(dict, &self.programs, &self.maps)?;
        let composite = dict.get::<Name<'_>>("Subtype").is_some_and(|n| n.as_ref() == b"Type0");
        let descendant = dict
            .get::<Array<'a>>("DescendantFonts")
            .and_then(|fonts| fonts.iter::<Dict<'a>>().next())
            .filter(|_| composite);
        let descriptor = descendant
            .as_ref()
            .unwrap_or(dict)
            .get::<Dict<'a>>("FontDescriptor")
            .unwrap_or_default();
        let name = dict
            .get::<Name<'_>>("BaseFont")
            .map(|n| std::string::String::from_utf8_lossy(n.as_ref()).to_lowercase())
            .unwrap_or_default();
        Some(Typeface {
            number,
            meaning: descendant.map_or(Meaning::Names, |d| self.meaning(dict, &d)),
            bold: is_bold(&name, &descriptor),
            simple: !composite,
            embedded: ["FontFile", "FontFile2", "FontFile3"]
                .iter()
                .any(|key| descriptor.contains_key(*key)),
            vertical: !font.is_horizontal(),
            program: None,
            known: HashMap::new(),
            font,
        })
    }

    fn map(&self, name: CMapName<'_>) -> Option<CMap> {
        let maps = self.maps.clone();
        CMap::parse((self.maps)(name)?, move |name| maps(name))
    }

    fn meaning(&self, dict: &Dict<'a>, descendant: &Dict<'a>) -> Meaning {
        let mut codes = None;
        match dict.get::<Object<'a>>("Encoding") {
            Some(Object::Name(name)) => {
                if let Some(meaning) = text_encoding(name.as_ref()) {
                    return meaning;
                }
                if !name.as_ref().starts_with(b"Identity") {
                    codes = self.map(CMapName::from_bytes(name.as_ref()));
                }
            }
            Some(Object::Stream(stream)) => codes = self.embedded_map(&stream),
            _ => {}
        }
        let of_codes = codes.as_ref().and_then(|c| c.metadata().character_collection.clone());
        let family = of_codes
            .map(|c| c.family)
            .filter(|f| !matches!(f, CidFamily::AdobeIdentity))
            .or_else(|| {
                let info = descendant.get::<Dict<'a>>("CIDSystemInfo")?;
                let registry = info.get::<Bytes<'a>>("Registry")?;
                let ordering = info.get::<Bytes<'a>>("Ordering")?;
                Some(CidFamily::from_registry_ordering(registry.as_bytes(), ordering.as_bytes()))
            });
        match family.and_then(|f| f.ucs2_cmap()).and_then(|name| self.map(name)) {
            Some(unicode) => Meaning::Collection(Box::new(Collection { codes, unicode })),
            None => Meaning::Names,
        }
    }

    fn embedded_map(&self, stream: &Stream<'a>) -> Option<CMap> {
        let data = super::document::unpacked(stream)?;
        let maps = self.maps.clone();
        CMap::parse(&data, move |name| maps(name))
    }
}

/// The encodings of composite fonts whose codes are text.
fn text_encoding(name: &[u8]) -> Option<Meaning> {
    let name = std::str::from_utf8(name).ok()?;
    let name = name.strip_suffix("-H").or_else(|| name.strip_suffix("-V")).unwrap_or(name);
    let legacy = |label: &str| Encoding::for_label(label.as_bytes()).map(Meaning::Legacy);
    match name {
        _ if name.contains("UCS2") || name.contains("UTF16") => Some(Meaning::Utf16),
        _ if name.contains("UTF8") => Some(Meaning::Utf8),
        _ if name.contains("UTF32") => Some(Meaning::Utf32),
        "GB-EUC" | "GBpc-EUC" | "GBK-EUC" | "GBKp-EUC" | "GBK2K" | "GBT-EUC" | "GBTpc-EUC" => {
            legacy("gb18030")
        }
        "B5pc" | "HKscs-B5" | "ETen-B5" | "ETenms-B5" | "HKdla-B5" | "HKdlb-B5" | "HKgccs-B5"
        | "HKm314-B5" | "HKm471-B5" | "B5" => legacy("big5"),
        "83pv-RKSJ" | "90ms-RKSJ" | "90msp-RKSJ" | "90pv-RKSJ" | "Add-RKSJ" | "Ext-RKSJ"
        | "RKSJ" => legacy("shift_jis"),
        "EUC" => legacy("euc-jp"),
        "KSC-EUC" | "KSCms-UHC" | "KSCms-UHC-HW" | "KSCpc-EUC" => legacy("euc-kr"),
        _ => None,
    }
}

/// Whether a font is one of the heavy ones. 黑体 is a face and no weight, but stands where others
/// have bold.
fn is_bold(name: &str, descriptor: &Dict<'_>) -> bool {
    const NAMES: [&str; 10] = [
        "bold",
        "black",
        "heavy",
        "simhei",
        "heiti",
        "黑体",
        "粗",
        "xiaobiaosong",
        "小标宋",
        "-hei",
    ];
    let flags = descriptor.get::<i32>("Flags").unwrap_or(0);
    NAMES.iter().any(|n| name.contains(n))
        || flags & (1 << 18) != 0
        || descriptor.get::<f32>("FontWeight").is_some_and(|w| w >= 600.0)
        || descriptor.get::<f32>("StemV").is_some_and(|w| (140.0..1000.0).contains(&w))
}
