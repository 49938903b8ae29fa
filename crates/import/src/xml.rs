//! XML of office formats as a small tree: what DOCX, ODT, EPUB and spreadsheets are read from.
//!
//! Names come with the prefix that is usual for their namespace, whichever prefix a file uses, so
//! that the strict and the transitional form of a format, and files that forgot to declare a
//! prefix, read alike. Entities are not expanded and nothing outside is ever fetched: a document
//! that declares entities of its own is refused. A document that breaks off gives what stood
//! before the break.

use encoding_rs::{Encoding, UTF_8};
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// Elements that are kept of one document.
const MAX_ELEMENTS: usize = 3_000_000;
/// Elements inside each other; deeper ones lose their tags, never their text.
const MAX_DEPTH: usize = 160;

/// Prefixes that are declared at a time.
const MAX_DECLARED: usize = 256;

/// Why XML is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It declares entities: a way to reach other files, or to grow without bound.
    Entities,
    /// It has more elements than any document.
    TooMany,
}

impl Refused {
    /// The refusal in English.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Entities => "it declares XML entities of its own",
            Self::TooMany => "it has more XML elements than are read",
        }
    }
}

/// Where an element's children begin, in the list of nodes.
type Id = u32;
const NONE: Id = Id::MAX;

#[derive(Debug)]
struct Stored {
    /// Index of the name, or `NONE` for text.
    name: u32,
    text: Range<u32>,
    attributes: Range<u32>,
    first: Id,
    next: Id,
}

/// A document.
#[derive(Debug)]
pub(crate) struct Document {
    names: Vec<String>,
    nodes: Vec<Stored>,
    attributes: Vec<(u32, Range<u32>)>,
    text: String,
    /// Whether it broke off or was not well-formed.
    pub(crate) broken: bool,
}

/// An element of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element<'d> {
    document: &'d Document,
    id: Id,
}

/// What stands in an element.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Child<'d> {
    Element(Element<'d>),
    Text(&'d str),
}

/// The usual prefix of a namespace.
fn usual(namespace: &str) -> Option<&'static str> {
    let known = match namespace {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        | "http://purl.oclc.org/ooxml/wordprocessingml/main"
        | "http://schemas.microsoft.com/office/word/2003/wordml" => "w",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        | "http://purl.oclc.org/ooxml/officeDocument/relationships" => "r",
        "http://schemas.openxmlformats.org/markup-compatibility/2006" => "mc",
        "http://schemas.openxmlformats.org/drawingml/2006/main"
        | "http://purl.oclc.org/ooxml/drawingml/main" => "a",
        "http://schemas.openxmlformats.org/drawingml/2006/diagram"
        | "http://purl.oclc.org/ooxml/drawingml/diagram" => "dgm",
        "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
        | "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing" => "wp",
        "http://schemas.microsoft.com/office/word/2010/wordprocessingShape" => "wps",
        "http://schemas.openxmlformats.org/presentationml/2006/main"
        | "http://purl.oclc.org/ooxml/presentationml/main" => "p",
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        | "http://purl.oclc.org/ooxml/spreadsheetml/main" => "x",
        "http://schemas.openxmlformats.org/officeDocument/2006/math"
        | "http://purl.oclc.org/ooxml/officeDocument/math" => "m",
        "urn:schemas-microsoft-com:vml" => "v",
        "http://schemas.openxmlformats.org/package/2006/relationships" => "rel",
        "http://schemas.openxmlformats.org/package/2006/content-types" => "ct",
        "http://schemas.microsoft.com/office/2006/xmlPackage" => "pkg",
        "http://purl.org/dc/elements/1.1/" => "dc",
        "http://purl.org/dc/terms/" => "dcterms",
        "urn:oasis:names:tc:opendocument:xmlns:office:1.0" => "office",
        "urn:oasis:names:tc:opendocument:xmlns:text:1.0" => "text",
        "urn:oasis:names:tc:opendocument:xmlns:table:1.0" => "table",
        "urn:oasis:names:tc:opendocument:xmlns:style:1.0" => "style",
        "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" => "draw",
        "urn:oasis:names:tc:opendocument:xmlns:meta:1.0" => "meta",
        "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0" => "presentation",
        "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" => "manifest",
        "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" => "fo",
        "http://www.w3.org/1999/xlink" => "xlink",
        "http://www.idpf.org/2007/opf" => "opf",
        "http://www.idpf.org/2007/ops" => "epub",
        "http://www.daisy.org/z3986/2005/ncx/" => "ncx",
        "http://www.w3.org/1999/xhtml" => "h",
        "urn:oasis:names:tc:opendocument:xmlns:container" => "ocf",
        "http://www.w3.org/2001/04/xmlenc#" => "enc",
        "http://www.w3.org/2000/09/xmldsig#" => "ds",
        _ => return None,
    };
    Some(known)
}

/// Bytes of an XML file as text: by their mark, by what the file declares, else as UTF-8.
pub(crate) fn decode(bytes: &[u8]) -> String {
    let encoding = match bytes {
        [b'<', 0, ..] => encoding_rs::UTF_16LE,
        [0, b'<', ..] => encoding_rs::UTF_16BE,
        _ => {
            let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
            let declared = head.split_once("encoding=").and_then(|(_, rest)| {
                let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
                rest[1..].split_once(quote).map(|(label, _)| label.to_owned())
            });
            declared.and_then(|label| Encoding::for_label(label.as_bytes())).unwrap_or(UTF_8)
        }
    };
    // A declaration of UTF-16 in front of single bytes is wrong; a mark goes before it.
    let encoding =
        if encoding.is_ascii_compatible() || bytes.contains(&0) { encoding } else { UTF_8 };
    encoding.decode(bytes).0.into_owned()
}

/// The value of an attribute; as it is written where it refers to something unknown.
fn value<'a>(attribute: &Attribute<'a>) -> Cow<'a, str> {
    attribute.normalized_value(XmlVersion::Implicit1_0).unwrap_or_else(|_| attribute.value.clone())
}

/// Prefixes that are declared, innermost last.
#[derive(Default)]
struct Scope {
    /// (depth, prefix in the file, usual prefix)
    declared: Vec<(usize, String, String)>,
}

impl Scope {
    fn declare(&mut self, depth: usize, start: &BytesStart<'_>) {
        for attribute in start.attributes().with_checks(false).flatten() {
            if self.declared.len() >= MAX_DECLARED {
                return;
            }
            let key = attribute.key.into_inner();
            let prefix = match key {
                "xmlns" => "",
                _ => match key.strip_prefix("xmlns:") {
                    Some(prefix) => prefix,
                    None => continue,
                },
            };
            let value = value(&attribute);
            let usual = usual(&value).unwrap_or(prefix);
            self.declared.push((depth, prefix.to_owned(), usual.to_owned()));
        }
    }

    fn leave(&mut self, depth: usize) {
        while self.declared.last().is_some_and(|d| d.0 >= depth) {
            self.declared.pop();
        }
    }

    fn resolve(&self, prefix: &str) -> Option<&str> {
        self.declared.iter().rev().find(|d| d.1 == prefix).map(|d| d.2.as_str())
    }

    /// A name with its usual prefix. Attributes without prefix have no namespace.
    fn name(&self, raw: &str, attribute: bool) -> String {
        match raw.split_once(':') {
            Some((prefix, local)) => {
                format!("{}:{local}", self.resolve(prefix).unwrap_or(prefix))
            }
            None if attribute => raw.to_owned(),
            None => match self.resolve("") {
                Some(prefix) if !prefix.is_empty() => format!("{prefix}:{raw}"),
                _ => raw.to_owned(),
            },
        }
    }
}

struct Builder {
    document: Document,
    known: HashMap<String, u32>,
    /// Open elements with their last child.
    open: Vec<(Id, Id)>,
}

impl Builder {
    fn name(&mut self, name: String) -> u32 {
        let names = &mut self.document.names;
        *self.known.entry(name).or_insert_with_key(|name| {
            names.push(name.clone());
            (names.len() - 1) as u32
        })
    }

    fn put(&mut self, text: &str) -> Range<u32> {
        let start = self.document.text.len() as u32;
        self.document.text.push_str(text);
        start..self.document.text.len() as u32
    }

    fn append(&mut self, name: u32, text: Range<u32>, attributes: Range<u32>) -> Id {
        let id = self.document.nodes.len() as Id;
        self.document.nodes.push(Stored { name, text, attributes, first: NONE, next: NONE });
        if let Some((parent, last)) = self.open.last_mut() {
            match *last {
                NONE => self.document.nodes[*parent as usize].first = id,
                last => self.document.nodes[last as usize].next = id,
            }
            *last = id;
        }
        id
    }

    fn text(&mut self, text: &str) {
        // Text outside the root is none; pieces that follow on each other are one.
        let Some(&(_, last)) = self.open.last() else { return };
        if text.is_empty() {
            return;
        }
        let range = self.put(text);
        if let Some(node) = self.document.nodes.get_mut(last as usize)
            && node.name == NONE
            && node.text.end == range.start
        {
            node.text.end = range.end;
            return;
        }
        self.append(NONE, range, 0..0);
    }
}

/// Reads a document.
pub(crate) fn parse(text: &str) -> Result<Document, Refused> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    config.expand_empty_elements = true;
    let mut builder = Builder {
        document: Document {
            names: Vec::new(),
            nodes: Vec::new(),
            attributes: Vec::new(),
            text: String::new(),
            broken: false,
        },
        known: HashMap::new(),
        open: Vec::new(),
    };
    // A root of our own, so that a document is never empty.
    let root = builder.name(String::new());
    let root = builder.append(root, 0..0, 0..0);
    builder.open.push((root, NONE));
    let mut scope = Scope::default();
    let mut depth = 0_usize;
    let mut elements = 0_usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                depth += 1;
                if depth >= MAX_DEPTH {
                    continue;
                }
                elements += 1;
                if elements > MAX_ELEMENTS {
                    return Err(Refused::TooMany);
                }
                scope.declare(depth, &start);
                let raw = start.name();
                let name = scope.name(raw.as_ref(), false);
                let name = builder.name(name);
                let from = builder.document.attributes.len() as u32;
                for attribute in start.attributes().with_checks(false).flatten() {
                    let key = attribute.key.into_inner();
                    if key == "xmlns" || key.starts_with("xmlns:") {
                        continue;
                    }
                    let key = scope.name(key, true);
                    let key = builder.name(key);
                    let value = builder.put(&value(&attribute));
                    builder.document.attributes.push((key, value));
                }
                let to = builder.document.attributes.len() as u32;
                let id = builder.append(name, 0..0, from..to);
                builder.open.push((id, NONE));
            }
            Ok(Event::End(_)) => {
                if depth < MAX_DEPTH {
                    scope.leave(depth);
                    if builder.open.len() > 1 {
                        builder.open.pop();
                    }
                }
                depth = depth.saturating_sub(1);
            }
            Ok(Event::Text(text)) => builder.text(&text.xml10_content()),
            Ok(Event::CData(text)) => builder.text(&text.xml10_content()),
            Ok(Event::GeneralRef(reference)) => {
                let named = match reference.as_ref() {
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "amp" => Some('&'),
                    "apos" => Some('\''),
                    "quot" => Some('"'),
                    "nbsp" => Some('\u{a0}'),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                match named {
                    Some(c) => builder.text(c.encode_utf8(&mut [0; 4])),
                    None => builder.text(&format!("&{};", reference.as_ref() as &str)),
                }
            }
            Ok(Event::DocType(declared)) => {
                if declared.as_ref().to_ascii_uppercase().contains("<!ENTITY") {
                    return Err(Refused::Entities);
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(_) => {
                builder.document.broken = true;
                break;
            }
        }
    }
    builder.document.broken |= builder.open.len() > 1;
    Ok(builder.document)
}

impl Document {
    /// What holds the outermost element.
    pub(crate) fn root(&self) -> Element<'_> {
        Element { document: self, id: 0 }
    }

    fn slice(&self, range: &Range<u32>) -> &str {
        &self.text[range.start as usize..range.end as usize]
    }
}

impl<'d> Element<'d> {
    fn node(self) -> &'d Stored {
        &self.document.nodes[self.id as usize]
    }

    /// Its name with the usual prefix of its namespace.
    pub(crate) fn name(self) -> &'d str {
        &self.document.names[self.node().name as usize]
    }

    /// Its name without prefix.
    pub(crate) fn local(self) -> &'d str {
        let name = self.name();
        name.rsplit_once(':').map_or(name, |(_, local)| local)
    }

    /// The value of an attribute, named with the usual prefix of its namespace.
    pub(crate) fn attribute(self, name: &str) -> Option<&'d str> {
        let range = &self.node().attributes;
        let attributes = &self.document.attributes[range.start as usize..range.end as usize];
        let found =
            attributes.iter().find(|(key, _)| self.document.names[*key as usize] == name)?;
        Some(self.document.slice(&found.1))
    }

    /// What stands in it, in order.
    pub(crate) fn contents(self) -> impl Iterator<Item = Child<'d>> + use<'d> {
        let document = self.document;
        let mut next = self.node().first;
        std::iter::from_fn(move || {
            let node = document.nodes.get(next as usize)?;
            let id = next;
            next = node.next;
            Some(match node.name {
                NONE => Child::Text(document.slice(&node.text)),
                _ => Child::Element(Element { document, id }),
            })
        })
    }

    /// The elements in it, in order.
    pub(crate) fn children(self) -> impl Iterator<Item = Element<'d>> + use<'d> {
        self.contents().filter_map(|child| match child {
            Child::Element(element) => Some(element),
            Child::Text(_) => None,
        })
    }

    /// The first element of a name in it.
    pub(crate) fn child(self, name: &str) -> Option<Element<'d>> {
        self.children().find(|c| c.name() == name)
    }

    /// The first element that a path of names leads to.
    pub(crate) fn at(self, path: &[&str]) -> Option<Element<'d>> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// Every element below it, in order, itself first.
    pub(crate) fn descendants(self) -> impl Iterator<Item = Element<'d>> + use<'d> {
        let mut stack = vec![self];
        std::iter::from_fn(move || {
            let element = stack.pop()?;
            let at = stack.len();
            stack.extend(element.children());
            stack[at..].reverse();
            Some(element)
        })
    }

    /// All text in it.
    pub(crate) fn text(self) -> String {
        let mut text = String::new();
        for element in self.descendants_and_text() {
            text.push_str(element);
        }
        text
    }

    fn descendants_and_text(self) -> impl Iterator<Item = &'d str> + use<'d> {
        let mut stack = vec![Child::Element(self)];
        std::iter::from_fn(move || {
            loop {
                match stack.pop()? {
                    Child::Text(text) => return Some(text),
                    Child::Element(element) => {
                        let at = stack.len();
                        stack.extend(element.contents());
                        stack[at..].reverse();
                    }
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_the_usual_prefix() {
        let strict = r#"<x:document xmlns:x="http://purl.oclc.org/ooxml/wordprocessingml/main"><x:body x:val="1"/></x:document>"#;
        let plain = r#"<document xmlns="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><body w:val="1"/></document>"#;
        let undeclared = r#"<w:document><w:body w:val="1"/></w:document>"#;
        for text in [strict, plain, undeclared] {
            let document = parse(text).expect(text);
            let body = document.root().at(&["w:document", "w:body"]).expect(text);
            assert_eq!(body.attribute("w:val"), Some("1"), "{text}");
        }
    }

    #[test]
    fn text_keeps_references_and_pieces_together() {
        let document =
            parse("<p>云&amp;溪<![CDATA[<市>]]>&#x5E02;&#21306;<b>：</b>&unknown;a & b</p>");
        let document = document.expect("a document");
        assert_eq!(document.root().text(), "云&溪<市>市区：&unknown;a & b");
    }

    #[test]
    fn entities_are_refused() {
        for text in [
            "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><r>&x;</r>",
            "<!DOCTYPE l [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><l>&b;</l>",
            "<!DOCTYPE r [<!ENTITY % p SYSTEM \"http://example.org/x\"> %p;]><r/>",
        ] {
            assert_eq!(parse(text).expect_err(text), Refused::Entities);
        }
        let harmless = parse("<!DOCTYPE html PUBLIC \"-//W3C\" \"http://x\"><html>a</html>");
        assert_eq!(harmless.expect("a document").root().text(), "a");
    }

    #[test]
    fn what_breaks_off_gives_what_stood_before() {
        let document = parse("<a><p>一</p><p>二").expect("a document");
        assert!(document.broken);
        assert_eq!(document.root().text(), "一二");
        assert!(!parse("<a/>").expect("a document").broken);
    }

    #[test]
    fn depth_costs_tags_and_no_text() {
        let text = format!("{}深{}", "<w:p>".repeat(100_000), "</w:p>".repeat(100_000));
        let document = parse(&text).expect("a document");
        assert_eq!(document.root().text(), "深");
        assert!(document.nodes.len() <= MAX_DEPTH + 2);
    }

    #[test]
    fn other_encodings_are_declared() {
        let gbk = encoding_rs::GBK.encode("<?xml version='1.0' encoding='gbk'?><a>云溪</a>").0;
        assert!(decode(&gbk).contains("云溪"));
        let utf_16: Vec<u8> = "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>云溪</a>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert!(decode(&utf_16).contains("云溪"));
        assert!(
            decode("<?xml version=\"1.0\" encoding=\"utf-16\"?><a>云溪</a>".as_bytes())
                .contains("云溪")
        );
    }
}
