//! EPUB: the documents of the book in the order of its spine, as one report.

use crate::layout::{Facts, Hint, Page, SourceLine};
use crate::line::Line;
use crate::package::{Package, damaged, resolve};
use crate::xml::{self, Document, Element};
use crate::{ImportError, Options, date, html};
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Documents of one book.
const MAX_DOCUMENTS: usize = 5000;

/// Reads a book.
pub(crate) fn read(package: &Package<'_>, options: &Options<'_>) -> Result<Page, ImportError> {
    let container = package.xml("META-INF/container.xml")?;
    let named = container.as_ref().and_then(|c| {
        let file = c.root().descendants().find(|e| e.local() == "rootfile")?;
        file.attribute("full-path").map(str::to_owned)
    });
    let part = named
        .filter(|part| package.has(part))
        .or_else(|| package.names().find(|n| has_ending(n, "opf")).map(str::to_owned))
        .ok_or_else(|| damaged("EPUB", "its list of contents is missing"))?;
    let Some(book) = package.xml(&part)? else {
        return Err(damaged("EPUB", "its list of contents is missing"));
    };
    let locked = encrypted(package)?;
    let mut items: HashMap<&str, (String, &str)> = HashMap::new();
    for item in book.root().descendants().filter(|e| e.local() == "item") {
        if let (Some(id), Some(href)) = (item.attribute("id"), item.attribute("href")) {
            let properties = item.attribute("properties").unwrap_or("");
            items.insert(id, (resolve(&part, &unescaped(href)), properties));
        }
    }
    let is_nav = |properties: &str| properties.split_whitespace().any(|p| p == "nav");
    let spine: Vec<&(String, &str)> = book
        .root()
        .descendants()
        .filter(|e| e.local() == "itemref")
        .filter_map(|e| items.get(e.attribute("idref")?))
        .take(MAX_DOCUMENTS)
        .collect();
    let titles = contents(package, &items);
    let mut page = Page { facts: facts(&book), ..Page::default() };
    let mut missing = 0;
    for (path, properties) in spine {
        options.go_on()?;
        if locked.contains(path) {
            let kind = "EPUB protected by digital rights management".to_owned();
            return Err(ImportError::Unsupported { kind });
        }
        let Some(bytes) = package.part(path)? else {
            missing += 1;
            continue;
        };
        if ["jpg", "jpeg", "png", "gif", "svg"].iter().any(|e| has_ending(path, e)) {
            continue;
        }
        let mut lines = html::whole(&closed(&xml::decode(&bytes))).lines;
        if is_nav(properties) {
            for line in &mut lines {
                line.hint = Hint::Outside;
            }
        }
        if let Some(titles) = titles.get(path) {
            mark_headings(&mut lines, titles);
        }
        if let Some(first) = lines.first_mut() {
            first.gap = true;
        }
        page.lines.extend(lines);
    }
    page.problems.extend(package.damage(missing > 0, || {
        format!("The book is damaged; {missing} of its documents are missing.")
    }));
    Ok(page)
}

fn has_ending(path: &str, ending: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, e)| e.eq_ignore_ascii_case(ending))
}

/// The parts that are encrypted. Fonts are only made unusable elsewhere, which is no matter here.
fn encrypted(package: &Package<'_>) -> Result<Vec<String>, ImportError> {
    let Some(list) = package.xml("META-INF/encryption.xml")? else { return Ok(Vec::new()) };
    let mut parts = Vec::new();
    for data in list.root().descendants().filter(|e| e.local() == "EncryptedData") {
        let of = |name: &str| data.descendants().find(|e| e.local() == name);
        let method = of("EncryptionMethod").and_then(|m| m.attribute("Algorithm")).unwrap_or("");
        let fonts = ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"];
        if fonts.contains(&method) {
            continue;
        }
        let part = of("CipherReference").and_then(|r| r.attribute("URI"));
        parts.extend(part.map(|p| resolve("", &unescaped(p))));
    }
    Ok(parts)
}

/// An address in the book without its percent escapes.
fn unescaped(address: &str) -> String {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|d| std::str::from_utf8(d).ok());
        let escaped = digits.and_then(|d| u8::from_str_radix(d, 16).ok()).filter(|_| byte == b'%');
        bytes.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Titles of the table of contents with their depth, by document.
fn contents(
    package: &Package<'_>,
    items: &HashMap<&str, (String, &str)>,
) -> HashMap<String, Vec<(String, u8)>> {
    let mut titles: HashMap<String, Vec<(String, u8)>> = HashMap::new();
    let lists = items.values().filter(|(path, properties)| {
        properties.split_whitespace().any(|p| p == "nav") || has_ending(path, "ncx")
    });
    for (path, _) in lists {
        let Some(document) = package.xml(path).ok().flatten() else { continue };
        let mut stack: Vec<(Element<'_>, u8)> = vec![(document.root(), 0)];
        while let Some((element, depth)) = stack.pop() {
            let deeper = match element.local() {
                "navPoint" => {
                    let label = element.children().find(|e| e.local() == "navLabel");
                    let target = element.children().find(|e| e.local() == "content");
                    let target = target.and_then(|t| t.attribute("src"));
                    if let (Some(label), Some(target)) = (label, target) {
                        let title = (label.text(), depth + 1);
                        titles.entry(resolve(path, &unescaped(target))).or_default().push(title);
                    }
                    depth + 1
                }
                "ol" => depth + 1,
                "a" => {
                    if let Some(target) = element.attribute("href") {
                        let title = (element.text(), depth.max(1));
                        titles.entry(resolve(path, &unescaped(target))).or_default().push(title);
                    }
                    depth
                }
                _ => depth,
            };
            let at = stack.len();
            stack.extend(element.children().map(|c| (c, deeper.min(9))));
            stack[at..].reverse();
        }
    }
    titles
}

fn squeezed(text: &str) -> String {
    Line::clean(text, false).key.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Lines that the table of contents names are headings.
fn mark_headings(lines: &mut [SourceLine], titles: &[(String, u8)]) {
    let mut places: HashMap<String, usize> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        if line.hint == Hint::None && line.raw.len() < 400 {
            places.entry(squeezed(&line.raw)).or_insert(at);
        }
    }
    for (title, depth) in titles {
        if let Some(at) = places.remove(&squeezed(title)) {
            lines[at].hint = Hint::Heading(*depth);
        }
    }
}

/// What the book says of itself.
fn facts(book: &Document) -> Facts {
    let of = |name: &str| -> Vec<String> {
        let found = book.root().descendants().filter(|e| e.name() == name);
        let texts = found.map(|e| e.text().trim().to_owned());
        texts.filter(|t| !t.is_empty() && !t.eq_ignore_ascii_case("unknown")).collect()
    };
    let authors = of("dc:creator");
    Facts {
        title: of("dc:title").into_iter().next(),
        author: (!authors.is_empty()).then(|| authors.join("、")),
        source: of("dc:publisher").into_iter().next(),
        published: of("dc:date").iter().find_map(|d| date::parse(d)),
        ..Facts::default()
    }
}

/// Elements that close themselves, which a page would take for open ones: `<title/>`.
fn closed(text: &str) -> String {
    static EMPTY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"<([A-Za-z][\w:.-]*)((?:\s+[^<>"'/=\s]+(?:\s*=\s*(?:"[^"<]*"|'[^'<]*'))?)*)\s*/>"#,
        )
        .expect("a constant pattern")
    });
    EMPTY
        .replace_all(text, |found: &regex::Captures<'_>| {
            let void = ["br", "hr", "img", "input", "link", "meta", "col", "wbr", "area", "base"];
            if void.contains(&found[1].to_ascii_lowercase().as_str()) {
                found[0].to_owned()
            } else {
                format!("<{0}{1}></{0}>", &found[1], &found[2])
            }
        })
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_that_close_themselves_are_closed() {
        assert_eq!(
            closed("<title/><a id=\"p1\"/>文<br/>"),
            "<title></title><a id=\"p1\"></a>文<br/>"
        );
        assert_eq!(closed("<p class='x'>1</p>"), "<p class='x'>1</p>");
    }

    #[test]
    fn addresses_lose_their_escapes() {
        assert_eq!(unescaped("%E7%AC%AC1.xhtml"), "第1.xhtml");
        assert_eq!(unescaped("100%.xhtml"), "100%.xhtml");
    }
}
