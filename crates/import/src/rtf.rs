//! RTF: the text between control words, decoded by the code page of its font.
//!
//! One pass over the bytes with a stack of groups. A group that the reader does not know and that
//! says so of itself (`\*`) is skipped, as are pictures and objects; notes, comments, headers,
//! footers and text boxes are collected apart.

use crate::field::Field;
use crate::layout::{Facts, Hint, Page, SourceLine};
use crate::numbering::before;
use crate::paragraphs::{
    Flow, Layer, Paragraph, Role, all_raised, as_note, margin, role_of, title_of_properties,
};
use crate::{ImportError, Options, decode, symbols};
use anjuan_text::{FurnitureReason, Problem, ProblemCode};
use encoding_rs::{Encoding, GBK, WINDOWS_1252};
use std::collections::HashMap;

/// Groups inside each other; deeper ones share the state of this one.
const MAX_DEPTH: usize = 2000;
/// Tables and collections inside each other.
const MAX_NESTED: usize = 24;

/// Whether bytes are RTF.
pub(crate) fn is_rtf(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    bytes.trim_ascii_start().starts_with(b"{\\rtf")
}

/// Where the text of a group goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Destination {
    Text,
    /// Nowhere, and nothing inside it is looked at.
    Skip,
    /// Nowhere, but boxes of text inside it are.
    Shape,
    Fonts,
    Styles,
    Info,
    Title,
    Code,
    /// The number or sign before a paragraph.
    Number,
}

/// What is collected apart from the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Apart {
    Note { end: bool },
    Comment,
    Head,
    Foot,
    Box,
}

#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the format")]
struct Group {
    destination: Destination,
    /// Characters that follow a `\u` for programs that do not know it.
    fallback: usize,
    font: i32,
    /// The font of double-byte characters, where they are told apart.
    wide_font: Option<i32>,
    wide: bool,
    hidden: bool,
    deleted: bool,
    raised: bool,
    style: Option<i32>,
    outline: Option<u8>,
    table: usize,
    indented: bool,
    centred: bool,
    /// Of the letters, in half points.
    size: u16,
    /// Its first inner group says in bytes what the second says in Unicode.
    twofold: bool,
    /// This group ends a collection.
    collects: bool,
    /// This group ends a field.
    field: bool,
}

/// A font by its number.
#[derive(Debug, Clone, Default)]
struct Font {
    charset: Option<u8>,
    page: Option<u16>,
    name: String,
}

/// What is being collected: the text, or something apart from it.
#[derive(Debug, Default)]
struct Collection {
    apart: Option<Apart>,
    /// The mark of the note.
    mark: Option<String>,
    flow: Flow,
    paragraph: Paragraph,
    number: String,
}

struct Reader<'o> {
    options: &'o Options<'o>,
    groups: Vec<Group>,
    /// Groups beyond those that are kept.
    deeper: usize,
    page: &'static Encoding,
    default_font: i32,
    fonts: HashMap<i32, Font>,
    styles: HashMap<i32, (String, Option<u8>)>,
    fields: Vec<Field>,
    open: Vec<Collection>,
    heads: Vec<SourceLine>,
    feet: Vec<SourceLine>,
    endnotes: Vec<SourceLine>,
    /// Bytes that are not decoded yet.
    bytes: Vec<u8>,
    /// The first half of a character beyond U+FFFF.
    half: Option<u16>,
    /// Characters still to be skipped behind a `\u`.
    skip: usize,
    title: String,
    notes: usize,
    /// A mark of a note was put whose note comes next.
    marked: Option<String>,
    lost: usize,
    insertions: usize,
    /// The style or font whose definition is being read.
    defined: i32,
}

/// The encoding of a Windows code page.
pub(crate) fn code_page(number: u16) -> Option<&'static Encoding> {
    let label: &str = match number {
        936 | 10008 => "gbk",
        54936 => "gb18030",
        950 | 10002 => "big5",
        932 | 10001 => "shift_jis",
        949 | 1361 | 10003 => "euc-kr",
        874 => "windows-874",
        1250 => "windows-1250",
        1251 => "windows-1251",
        1252 => "windows-1252",
        1253 => "windows-1253",
        1254 => "windows-1254",
        1255 => "windows-1255",
        1256 => "windows-1256",
        1257 => "windows-1257",
        1258 => "windows-1258",
        65001 => "utf-8",
        10000 => "macintosh",
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}

/// The code page of a character set of Windows fonts.
fn page_of_charset(charset: u8) -> Option<u16> {
    Some(match charset {
        77 => 10000,
        128 => 932,
        129 | 130 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}

/// Reads a document.
pub(crate) fn read(bytes: &[u8], options: &Options<'_>) -> Result<Page, ImportError> {
    let mut reader = Reader {
        options,
        groups: vec![Group {
            destination: Destination::Text,
            fallback: 1,
            font: -1,
            wide_font: None,
            wide: false,
            hidden: false,
            deleted: false,
            raised: false,
            style: None,
            outline: None,
            table: 0,
            indented: false,
            centred: false,
            size: 24,
            twofold: false,
            collects: false,
            field: false,
        }],
        deeper: 0,
        page: said_page(bytes).unwrap_or_else(|| guessed_page(bytes)),
        default_font: 0,
        fonts: HashMap::new(),
        styles: HashMap::new(),
        fields: Vec::new(),
        open: vec![Collection::default()],
        heads: Vec::new(),
        feet: Vec::new(),
        endnotes: Vec::new(),
        bytes: Vec::new(),
        half: None,
        skip: 0,
        title: String::new(),
        notes: 0,
        marked: None,
        lost: 0,
        insertions: 0,
        defined: 0,
    };
    let whole = reader.run(bytes)?;
    Ok(reader.finish(whole))
}

/// The name of the encoding that the bytes of a document are in.
pub(crate) fn encoding(bytes: &[u8]) -> &'static str {
    let page = said_page(bytes).unwrap_or_else(|| guessed_page(bytes));
    if page == GBK { "GB18030" } else { page.name() }
}

/// The code page that the file declares.
fn said_page(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096)];
    let at = memchr::memmem::find(head, b"\\ansicpg")? + 8;
    let digits = head[at..].iter().take_while(|b| b.is_ascii_digit()).count();
    code_page(std::str::from_utf8(&head[at..at + digits]).ok()?.parse().ok()?)
}

/// The code page that the bytes of the text are likely to be in.
fn guessed_page(bytes: &[u8]) -> &'static Encoding {
    let mut high = Vec::new();
    let mut at = 0;
    while let Some(found) = memchr::memmem::find(&bytes[at..], b"\\'") {
        at += found + 2;
        let digits = bytes.get(at..at + 2).and_then(|d| std::str::from_utf8(d).ok());
        high.extend(digits.and_then(|d| u8::from_str_radix(d, 16).ok()));
        if high.len() >= 1 << 16 {
            break;
        }
    }
    if high.is_empty() {
        high.extend(bytes.iter().copied().filter(|b| !b.is_ascii()).take(1 << 16));
    }
    let decoded = decode::decode(&high).ok().filter(|d| d.text.chars().any(anjuan_text::is_han));
    decoded.and_then(|d| Encoding::for_label(d.encoding.as_bytes())).unwrap_or(WINDOWS_1252)
}

impl Reader<'_> {
    fn group(&mut self) -> &mut Group {
        // The first group is never closed.
        let last = self.groups.len() - 1;
        &mut self.groups[last]
    }

    fn here(&self) -> &Group {
        &self.groups[self.groups.len() - 1]
    }

    fn collection(&mut self) -> &mut Collection {
        let last = self.open.len() - 1;
        &mut self.open[last]
    }

    /// Reads all tokens; whether the last group was closed.
    fn run(&mut self, bytes: &[u8]) -> Result<bool, ImportError> {
        let mut at = 0;
        let mut star = false;
        let mut tokens = 0_usize;
        while let Some(&byte) = bytes.get(at) {
            tokens += 1;
            if tokens.is_multiple_of(1 << 16) {
                self.options.go_on()?;
            }
            at += 1;
            match byte {
                b'{' => {
                    self.flush();
                    self.skip = 0;
                    star = false;
                    self.enter();
                }
                b'}' => {
                    self.flush();
                    self.skip = 0;
                    self.leave();
                    if self.groups.len() == 1 && self.deeper == 0 {
                        return Ok(true);
                    }
                }
                b'\r' | b'\n' | 0 => {}
                b'\\' => {
                    let Some(&next) = bytes.get(at) else { break };
                    if next.is_ascii_alphabetic() {
                        let word = bytes[at..].iter().take(32);
                        let word = word.take_while(|b| b.is_ascii_alphabetic()).count();
                        let name = std::str::from_utf8(&bytes[at..at + word]).unwrap_or("");
                        at += word;
                        let sign = usize::from(bytes.get(at) == Some(&b'-'));
                        let digits = bytes[at + sign..].iter().take(11);
                        let digits = digits.take_while(|b| b.is_ascii_digit()).count();
                        let mut value = None;
                        if digits > 0 {
                            let written = std::str::from_utf8(&bytes[at..at + sign + digits]);
                            value = written.ok().and_then(|w| w.parse::<i64>().ok());
                            at += sign + digits;
                        }
                        if bytes.get(at) == Some(&b' ') {
                            at += 1;
                        }
                        if name == "bin" {
                            at =
                                at.saturating_add(usize::try_from(value.unwrap_or(0)).unwrap_or(0));
                            continue;
                        }
                        if self.skip > 0 && name != "u" {
                            self.skip -= 1;
                            continue;
                        }
                        let value = value.map(|v| v.clamp(-0x8000_0000, 0x7FFF_FFFF) as i32);
                        self.word(name, value, std::mem::take(&mut star));
                    } else {
                        at += 1;
                        match next {
                            b'\'' => {
                                let digits = bytes.get(at..at + 2);
                                let digits = digits.and_then(|d| std::str::from_utf8(d).ok());
                                if let Some(byte) =
                                    digits.and_then(|d| u8::from_str_radix(d, 16).ok())
                                {
                                    at += 2;
                                    self.byte(byte);
                                }
                            }
                            b'*' => star = true,
                            b'\\' | b'{' | b'}' => self.byte(next),
                            b'~' => self.sign('\u{a0}'),
                            b'_' => self.sign('\u{2011}'),
                            b'\r' | b'\n' => self.word("par", None, false),
                            b'\t' => self.sign('\t'),
                            _ => {}
                        }
                    }
                }
                _ => self.byte(byte),
            }
        }
        self.flush();
        Ok(false)
    }

    fn enter(&mut self) {
        if self.groups.len() >= MAX_DEPTH {
            self.deeper += 1;
            return;
        }
        let outer = self.here();
        let mut group = Group { twofold: false, collects: false, field: false, ..outer.clone() };
        if outer.twofold {
            // The bytes of a text that comes in Unicode, too.
            group.destination = Destination::Skip;
        }
        self.groups.push(group);
    }

    fn leave(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        if self.groups.len() == 1 {
            return;
        }
        let Some(group) = self.groups.pop() else { return };
        if group.field
            && let Some(field) = self.fields.pop()
            && field.in_code
            && let Some(shown) = field.shown()
        {
            self.text(&shown);
        }
        if group.collects && self.open.len() > 1 {
            self.end_paragraph(&group);
            if let Some(collection) = self.open.pop() {
                self.take_apart(collection);
            }
        }
    }

    /// Puts what was collected apart where it belongs.
    fn take_apart(&mut self, collection: Collection) {
        let Collection { apart, mark, flow, .. } = collection;
        let mut lines = flow.finish();
        match apart {
            Some(Apart::Note { .. }) => as_note(&mut lines.lines, mark.as_deref().unwrap_or("")),
            Some(Apart::Comment) => {
                for line in &mut lines.lines {
                    line.hint = Hint::Aside(FurnitureReason::Comment);
                }
            }
            Some(Apart::Head | Apart::Foot) => {
                for line in &mut lines.lines {
                    *line = margin(&line.raw);
                }
            }
            Some(Apart::Box) | None => {}
        }
        let side = match apart {
            Some(Apart::Head) => &mut self.heads,
            Some(Apart::Foot) => &mut self.feet,
            Some(Apart::Note { end: true }) => &mut self.endnotes,
            _ => {
                let outer = self.collection();
                outer.flow.lines.absorb(&lines);
                &mut outer.paragraph.after
            }
        };
        if matches!(apart, Some(Apart::Head | Apart::Foot)) {
            for line in lines.lines {
                if !side.iter().any(|l| l.raw.trim() == line.raw.trim()) {
                    side.push(line);
                }
            }
        } else {
            side.extend(lines.lines);
        }
    }

    fn collect(&mut self, apart: Apart) {
        if self.open.len() >= MAX_NESTED {
            self.group().destination = Destination::Skip;
            return;
        }
        let mark = match apart {
            Apart::Note { .. } => self.marked.take(),
            _ => None,
        };
        self.open.push(Collection { apart: Some(apart), mark, ..Collection::default() });
        let group = self.group();
        group.collects = true;
        group.destination = Destination::Text;
        (group.table, group.style, group.outline, group.indented) = (0, None, None, false);
        (group.hidden, group.deleted) = (false, false);
    }

    /// The encoding that bytes are in here.
    fn encoding(&self) -> &'static Encoding {
        let group = self.here();
        let number = if group.wide { group.wide_font.unwrap_or(group.font) } else { group.font };
        let number = if number < 0 { self.default_font } else { number };
        let Some(font) = self.fonts.get(&number) else { return self.page };
        let named = font.page.or_else(|| font.charset.and_then(page_of_charset));
        // Western fonts are named for Chinese text in files whose page is Chinese.
        named.and_then(code_page).unwrap_or(self.page)
    }

    fn symbol_font(&self) -> Option<&str> {
        let group = self.here();
        let number = if group.font < 0 { self.default_font } else { group.font };
        let font = self.fonts.get(&number)?;
        (font.charset == Some(2) || symbols::is_symbol_font(&font.name))
            .then_some(font.name.as_str())
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        if !matches!(self.here().destination, Destination::Skip | Destination::Shape) {
            self.bytes.push(byte);
        }
    }

    /// Decodes the bytes that have come in.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        if let Some(font) = self.symbol_font() {
            let shown = |b: &u8| symbols::shown(font, u32::from(*b)).unwrap_or(char::from(*b));
            let text: String = bytes.iter().map(shown).collect();
            self.text(&text);
            return;
        }
        let encoding = self.encoding();
        let (mut text, errors) = encoding.decode_without_bom_handling(&bytes);
        if errors && encoding == GBK {
            // Accented letters of a western font in a Chinese file.
            let (western, _) = WINDOWS_1252.decode_without_bom_handling(&bytes);
            let lonely = bytes.iter().filter(|b| !b.is_ascii()).count() == 1;
            if lonely {
                text = western;
            }
        }
        self.lost += text.chars().filter(|&c| c == char::REPLACEMENT_CHARACTER).count();
        let text = text.into_owned();
        self.text(&text);
    }

    fn sign(&mut self, sign: char) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        self.flush();
        self.text(sign.encode_utf8(&mut [0; 4]));
    }

    fn text(&mut self, text: &str) {
        let group = self.here();
        let layer = if group.deleted {
            Layer::Deleted
        } else if group.hidden {
            Layer::Hidden
        } else {
            Layer::Kept
        };
        match group.destination {
            Destination::Text => {
                let size = group.size;
                let raised = all_raised(text).filter(|_| group.raised);
                let paragraph = &mut self.collection().paragraph;
                if paragraph.look.size == 0 && !text.trim().is_empty() {
                    paragraph.look.size = size;
                }
                paragraph.put(layer, raised.as_deref().unwrap_or(text));
            }
            Destination::Number => self.collection().number.push_str(text),
            Destination::Title => self.title.push_str(text),
            Destination::Code => {
                if let Some(field) = self.fields.last_mut() {
                    field.code.push_str(text);
                }
            }
            Destination::Fonts => {
                let number = self.defined;
                let font = self.fonts.entry(number).or_default();
                font.name.push_str(text.trim_end_matches(';'));
            }
            Destination::Styles => {
                let number = self.defined;
                let style = self.styles.entry(number).or_default();
                style.0.push_str(text.trim_end_matches(';'));
            }
            Destination::Skip | Destination::Shape | Destination::Info => {}
        }
    }

    fn unit(&mut self, unit: u16) {
        match unit {
            0xD800..=0xDBFF => self.half = Some(unit),
            0xDC00..=0xDFFF => {
                if let Some(high) = self.half.take() {
                    for c in char::decode_utf16([high, unit]).flatten() {
                        self.text(c.encode_utf8(&mut [0; 4]));
                    }
                }
            }
            _ => {
                let code = u32::from(unit);
                let shown = self.symbol_font().and_then(|font| symbols::shown(font, code));
                if let Some(c) = shown.or_else(|| char::from_u32(code)) {
                    self.text(c.encode_utf8(&mut [0; 4]));
                }
            }
        }
    }

    fn word(&mut self, name: &str, value: Option<i32>, star: bool) {
        if name == "u" {
            self.flush();
            if !matches!(self.here().destination, Destination::Skip | Destination::Shape) {
                // Negative where the number is written as a signed one.
                self.unit((value.unwrap_or(0).cast_unsigned() & 0xFFFF) as u16);
            }
            self.skip = self.here().fallback;
            return;
        }
        self.flush();
        let on = value != Some(0);
        let destination = self.here().destination;
        if destination == Destination::Skip {
            if name == "ud" {
                // What stands in Unicode belongs where the twofold group does.
                let outer = self.groups.len().saturating_sub(2);
                self.group().destination = self.groups[outer].destination;
            } else if name == "uc" {
                self.group().fallback = usize::try_from(value.unwrap_or(1)).unwrap_or(1).min(8);
            }
            return;
        }
        match name {
            // Destinations.
            "fonttbl" => self.group().destination = Destination::Fonts,
            "stylesheet" => self.group().destination = Destination::Styles,
            "info" => self.group().destination = Destination::Info,
            "title" if destination == Destination::Info => {
                self.group().destination = Destination::Title;
            }
            "upr" => self.group().twofold = true,
            "field" => {
                self.fields.push(Field::begin());
                self.group().field = true;
            }
            "fldinst" => self.group().destination = Destination::Code,
            "fldrslt" => {
                if let Some(field) = self.fields.last_mut() {
                    field.in_code = false;
                }
            }
            "footnote" => self.collect(Apart::Note { end: false }),
            "ftnalt" => {
                if let Some(Apart::Note { end }) = &mut self.collection().apart {
                    *end = true;
                }
            }
            "annotation" => self.collect(Apart::Comment),
            "header" | "headerl" | "headerr" | "headerf" => self.collect(Apart::Head),
            "footer" | "footerl" | "footerr" | "footerf" => self.collect(Apart::Foot),
            "shptxt" | "dptxbxtext" => self.collect(Apart::Box),
            "shpinst" | "do" => self.group().destination = Destination::Shape,
            "listtext" | "pntext" => self.group().destination = Destination::Number,
            "colortbl" | "pict" | "nonshppict" | "shprslt" | "nonesttables" | "xe" | "tc"
            | "rxe" | "ftnsep" | "ftnsepc" | "ftncn" | "aftnsep" | "aftnsepc" | "aftncn" | "sp"
            | "sn" | "sv" | "mmathPict" | "objdata" | "bkmkstart" | "bkmkend" | "private"
            | "revtbl" | "filetbl" | "atnid" | "atnauthor" | "listtable" | "listoverridetable" => {
                self.group().destination = Destination::Skip;
            }
            "nesttableprops" | "moMath" | "moMathPara" | "shppict" => {}
            _ if star => self.group().destination = Destination::Skip,
            _ if destination == Destination::Fonts => self.font_word(name, value),
            _ if destination == Destination::Styles => self.style_word(name, value),
            _ if destination == Destination::Info => {
                self.group().destination = Destination::Skip;
            }
            _ => self.text_word(name, value, on),
        }
    }

    fn font_word(&mut self, name: &str, value: Option<i32>) {
        let value = value.unwrap_or(0);
        match name {
            "f" => {
                self.defined = value;
                self.fonts.insert(value, Font::default());
            }
            "fcharset" => {
                let number = self.defined;
                self.fonts.entry(number).or_default().charset = u8::try_from(value).ok();
            }
            "cpg" => {
                let number = self.defined;
                self.fonts.entry(number).or_default().page = u16::try_from(value).ok();
            }
            _ => {}
        }
    }

    fn style_word(&mut self, name: &str, value: Option<i32>) {
        match name {
            "s" => {
                self.defined = value.unwrap_or(0);
                let number = self.defined;
                self.styles.insert(number, Default::default());
            }
            // Styles of characters are none of paragraphs.
            "cs" | "ts" | "ds" => self.group().destination = Destination::Skip,
            "outlinelevel" => {
                let number = self.defined;
                let level = value.and_then(|v| u8::try_from(v).ok());
                self.styles.entry(number).or_default().1 = level.filter(|&l| l < 9);
            }
            _ => {}
        }
    }

    fn text_word(&mut self, name: &str, value: Option<i32>, on: bool) {
        match name {
            "par" | "sect" => self.end(None),
            "cell" => self.end(Some((1, false))),
            "nestcell" => {
                let level = self.here().table.max(2);
                self.end(Some((level, false)));
            }
            "row" => self.end(Some((1, true))),
            "nestrow" => {
                let level = self.here().table.max(2);
                self.end(Some((level, true)));
            }
            "line" | "page" | "column" | "lbr" => self.text("\n"),
            "tab" => self.text("\t"),
            "emdash" => self.text("—"),
            "endash" => self.text("–"),
            "emspace" | "enspace" | "qmspace" => self.text("\u{2002}"),
            "bullet" => self.text("•"),
            "lquote" => self.text("‘"),
            "rquote" => self.text("’"),
            "ldblquote" => self.text("“"),
            "rdblquote" => self.text("”"),
            "uc" => self.group().fallback = usize::try_from(value.unwrap_or(1)).unwrap_or(1).min(8),
            "f" => {
                let font = value.unwrap_or(0);
                let group = self.group();
                group.font = font;
                if group.wide {
                    group.wide_font = None;
                }
            }
            "af" => {
                let group = self.group();
                if group.wide {
                    group.wide_font = value;
                }
            }
            "dbch" => self.group().wide = true,
            "loch" | "hich" => self.group().wide = false,
            "deff" => self.default_font = value.unwrap_or(0),
            "ansicpg" => {
                let page = value.and_then(|v| u16::try_from(v).ok()).and_then(code_page);
                self.page = page.unwrap_or(self.page);
            }
            "super" => self.group().raised = on,
            "nosupersub" | "sub" => self.group().raised = false,
            "v" => self.group().hidden = on,
            "deleted" => self.group().deleted = on,
            "revised" => self.insertions += usize::from(on),
            "fs" => self.group().size = value.and_then(|v| u16::try_from(v).ok()).unwrap_or(24),
            "qc" => self.group().centred = true,
            "ql" | "qr" | "qj" | "qd" => self.group().centred = false,
            "plain" => {
                let group = self.group();
                (group.size, group.raised) = (24, false);
                (group.hidden, group.deleted, group.font) = (false, false, -1);
                (group.wide, group.wide_font) = (false, None);
            }
            "pard" => {
                let group = self.group();
                (group.style, group.outline, group.table) = (None, None, 0);
                (group.indented, group.centred) = (false, false);
            }
            "s" => self.group().style = value,
            "outlinelevel" => {
                self.group().outline = value.and_then(|v| u8::try_from(v).ok()).filter(|&l| l < 9);
            }
            "fi" | "cufi" => self.group().indented = value.is_some_and(|v| v > 0),
            "intbl" => {
                let group = self.group();
                group.table = group.table.max(1);
            }
            "itap" => {
                let depth = usize::try_from(value.unwrap_or(0)).unwrap_or(0);
                self.group().table = depth.min(MAX_NESTED);
            }
            "chftn" if self.collection().apart.is_none() => {
                self.notes += 1;
                let mark = format!("[{}]", self.notes);
                self.text(&mark);
                self.marked = Some(mark);
            }
            _ => {}
        }
    }

    /// Ends a paragraph, a cell or a row.
    fn end(&mut self, cell: Option<(usize, bool)>) {
        if self.here().destination != Destination::Text {
            return;
        }
        let mut group = self.here().clone();
        match cell {
            Some((level, row)) => {
                group.table = level;
                if !row || self.collection().paragraph.weight() > 0 {
                    self.end_paragraph(&group);
                }
                let flow = &mut self.collection().flow;
                if row {
                    flow.end_row(level);
                } else {
                    flow.end_cell(level);
                }
            }
            None => self.end_paragraph(&group),
        }
    }

    fn end_paragraph(&mut self, group: &Group) {
        let contents = self.fields.iter().any(Field::is_contents);
        let style = group.style.and_then(|s| self.styles.get(&s));
        let role = style.and_then(|(name, _)| role_of(name)).unwrap_or_default();
        let outline = group.outline.or(style.and_then(|s| s.1));
        let table = group.table;
        let collection = self.collection();
        let mut paragraph = std::mem::take(&mut collection.paragraph);
        let number = std::mem::take(&mut collection.number);
        let numbered = number.chars().any(char::is_alphanumeric);
        if numbered && (!paragraph.kept.trim().is_empty() || table > 0) {
            paragraph.kept = before(&number, &paragraph.kept);
        }
        let hint = match (role, outline) {
            _ if contents => Hint::Outside,
            (Role::Contents, _) => Hint::Outside,
            (Role::Title, _) => Hint::Title,
            (Role::Heading(level), _) => Hint::Heading(level),
            (Role::Caption, _) => Hint::Caption,
            (_, Some(level)) => Hint::Heading(level + 1),
            _ if !number.trim().is_empty() && !numbered => Hint::List,
            _ => Hint::None,
        };
        let gap = group.indented || matches!(hint, Hint::Heading(_));
        paragraph.look.centred = group.centred;
        collection.flow.end(paragraph, hint, gap, table);
    }

    fn finish(mut self, whole: bool) -> Page {
        while self.groups.len() > 1 {
            self.deeper = 0;
            self.leave();
        }
        let group = self.here().clone();
        self.end_paragraph(&Group { table: 0, ..group });
        let mut body = std::mem::take(self.collection()).flow.finish();
        body.insertions += self.insertions;
        body.mark_title();
        let mut problems = body.problems();
        let mut note =
            |code, message: String| problems.push(Problem { code, message, range: None });
        if self.lost > 0 {
            note(ProblemCode::Undecodable, format!("{} places could not be decoded.", self.lost));
        }
        if !whole {
            note(
                ProblemCode::Truncated,
                "The file breaks off; what stands before the end was read.".to_owned(),
            );
        }
        let mut lines = self.heads;
        lines.extend(body.lines);
        lines.extend(self.endnotes);
        lines.extend(self.feet);
        let facts = Facts { title: title_of_properties(&self.title), ..Facts::default() };
        Page { lines, facts, problems }
    }
}
