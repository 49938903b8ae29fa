//! OFD (GB/T 33190), the fixed layout of official documents in China: an archive of XML in which
//! every text says where on its page it stands. It is laid out like the glyphs of a PDF.

use super::content::{Content, GLYPHS, Glyph, Picture, Point, Rule};
use super::document::Bookmark;
use crate::layout::{Facts, Page};
use crate::package::{Package, damaged, locked, resolve};
use crate::paragraphs::title_of_properties;
use crate::xml::{Document, Element};
use crate::{ImportError, Options};
use std::collections::HashMap;
use std::sync::Arc;

/// Points in a millimetre.
const MM: f32 = 72.0 / 25.4;
/// Pages of one document.
const MAX_PAGES: usize = 10_000;
/// Repetitions that one number of a list of distances stands for.
const MAX_REPEATED: usize = 10_000;
/// Entries of an outline.
const MAX_BOOKMARKS: usize = 5000;
/// A4, where no page says its size.
const USUAL: [f32; 4] = [0.0, 0.0, 210.0, 297.0];

/// Reads a document.
pub(crate) fn read(package: &Package<'_>, options: &Options<'_>) -> Result<Page, ImportError> {
    if package.has("Encryptions.xml") {
        return Err(locked("OFD"));
    }
    let Some(list) = package.xml("OFD.xml")? else {
        return Err(damaged("OFD", "its list of documents is missing"));
    };
    let mut contents = Vec::new();
    let mut outline = Vec::new();
    let mut missing = 0;
    let mut left = GLYPHS;
    for root in list.root().descendants().filter(|e| e.local() == "DocRoot") {
        let part = resolve("", root.text().trim());
        let Some(document) = package.xml(&part)? else {
            missing += 1;
            continue;
        };
        let usual = area(document.root()).unwrap_or(USUAL);
        let of =
            |name: &'static str| document.root().descendants().filter(move |e| e.local() == name);
        let templates: HashMap<&str, String> = of("TemplatePage")
            .filter_map(|t| Some((t.attribute("ID")?, resolve(&part, t.attribute("BaseLoc")?))))
            .collect();
        for title in of("OutlineElem").take(MAX_BOOKMARKS).filter_map(|e| e.attribute("Title")) {
            outline.push(Bookmark { title: title.to_owned(), depth: 1 });
        }
        for page in of("Page").filter_map(|e| e.attribute("BaseLoc")).take(MAX_PAGES) {
            options.go_on()?;
            let Some(page) = package.xml(&resolve(&part, page))? else {
                missing += 1;
                continue;
            };
            let area = area(page.root()).unwrap_or(usual);
            let mut drawn = Drawn::new(area, left);
            for template in page.root().descendants().filter(|e| e.local() == "Template") {
                let named = template.attribute("TemplateID").and_then(|id| templates.get(id));
                // What every page repeats is none of the text.
                if let Some(template) = named.and_then(|part| package.xml(part).ok().flatten()) {
                    drawn.objects(&template, true);
                }
            }
            drawn.objects(&page, false);
            left -= drawn.content.glyphs.len();
            contents.push(drawn.content);
        }
    }
    if contents.is_empty() {
        return Err(damaged("OFD", "there are no pages in it"));
    }
    let mut page = super::laid_out(contents, &outline, options)?;
    let title = list.root().descendants().find(|e| e.local() == "Title");
    page.facts =
        Facts { title: title.and_then(|t| title_of_properties(&t.text())), ..Facts::default() };
    page.problems.extend(package.damage(missing > 0, || {
        format!("The file is damaged; {missing} of its pages are missing.")
    }));
    Ok(page)
}

/// The numbers of an attribute.
fn numbers(text: &str) -> Vec<f32> {
    text.split_whitespace().filter_map(|n| n.parse().ok()).filter(|n: &f32| n.is_finite()).collect()
}

/// The page as an element says it: left, upper side, width, height.
fn area(root: Element<'_>) -> Option<[f32; 4]> {
    let area = root.descendants().find(|e| matches!(e.local(), "Area" | "PageArea"))?;
    let boxed = area.children().find(|e| e.local() == "PhysicalBox")?;
    let found: [f32; 4] = numbers(&boxed.text()).try_into().ok()?;
    (found[2] > 1.0 && found[3] > 1.0).then_some(found)
}

/// Where an object stands: its corner, and how its inside is turned and stretched.
#[derive(Clone, Copy)]
struct Frame {
    corner: (f32, f32),
    turned: [f32; 6],
    /// The upper side of the page, from which lengths go down.
    height: f32,
}

impl Frame {
    /// A point inside the object, on the page as a PDF measures it.
    fn place(&self, x: f32, y: f32) -> Point {
        let at = self.turned;
        let (x, y) = (at[0] * x + at[2] * y + at[4], at[1] * x + at[3] * y + at[5]);
        self.place_corner(x, y)
    }

    /// A corner of the object's box, which is not turned with its inside.
    fn place_corner(&self, x: f32, y: f32) -> Point {
        ((self.corner.0 + x) * MM, (self.height - self.corner.1 - y) * MM)
    }
}

/// What is drawn on a page.
struct Drawn {
    content: Content,
    height: f32,
    left: usize,
}

impl Drawn {
    fn new([x, y, width, height]: [f32; 4], left: usize) -> Self {
        let area = [x * MM, 0.0, (x + width) * MM, height * MM];
        Self { content: Content { area, ..Content::default() }, height: y + height, left }
    }

    fn objects(&mut self, page: &Document, artifact: bool) {
        for object in page.root().descendants() {
            if object.attribute("Visible") == Some("false") {
                continue;
            }
            match object.local() {
                "TextObject" => self.text(object, artifact),
                "PathObject" => self.path(object),
                "ImageObject" => {
                    if let Some(frame) = self.frame(object)
                        && let Some(found) = object.attribute("Boundary").map(numbers)
                        && let [_, _, width, height] = found[..]
                    {
                        let ((left, high), (right, low)) =
                            (frame.place_corner(0.0, 0.0), frame.place_corner(width, height));
                        let after = self.content.glyphs.len();
                        self.content
                            .pictures
                            .push(Picture { area: [left, low, right, high], after });
                    }
                }
                _ => {}
            }
        }
    }

    fn frame(&self, object: Element<'_>) -> Option<Frame> {
        let boundary = numbers(object.attribute("Boundary")?);
        let turned = object.attribute("CTM").map(numbers);
        let turned =
            turned.and_then(|t| t.try_into().ok()).unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
        Some(Frame { corner: (*boundary.first()?, *boundary.get(1)?), turned, height: self.height })
    }

    fn text(&mut self, object: Element<'_>, artifact: bool) {
        let Some(frame) = self.frame(object) else { return };
        let number = |name: &str| object.attribute(name).and_then(|n| n.parse::<f32>().ok());
        let size = number("Size").filter(|s| *s > 0.0).unwrap_or(3.5);
        let stretch = number("HScale").filter(|s| *s > 0.0).unwrap_or(1.0);
        let bold = number("Weight").is_some_and(|w| w >= 600.0);
        let invisible = object.attribute("Alpha") == Some("0");
        let vertical = object.attribute("ReadDirection").is_some_and(|d| matches!(d, "90" | "270"));
        let (mut x, mut y) = (0.0_f32, 0.0_f32);
        for code in object.children().filter(|e| e.local() == "TextCode") {
            let own = |name: &str| code.attribute(name).and_then(|n| n.parse::<f32>().ok());
            x = own("X").unwrap_or(x);
            y = own("Y").unwrap_or(y);
            let steps = |name: &str| code.attribute(name).map(distances).unwrap_or_default();
            let (across, down) = (steps("DeltaX"), steps("DeltaY"));
            let (mut pen_x, mut pen_y) = (x, y);
            let text = code.text();
            for (at, c) in text.trim_matches(['\r', '\n']).chars().enumerate() {
                if self.left == 0 {
                    self.content.cut = true;
                    return;
                }
                self.left -= 1;
                let usual = if c.is_ascii() { size * 0.5 } else { size } * stretch;
                let step = across.get(at).copied();
                let fall = down.get(at).copied();
                let width = step.filter(|s| *s > 0.0).map_or(usual, |s| s.min(usual * 1.2));
                let end = match fall.filter(|_| vertical) {
                    Some(fall) => (pen_x + width / 2.0, pen_y - size + fall),
                    None => (pen_x + width, pen_y),
                };
                let (low, high) = (pen_y + size * 0.12, pen_y - size * 0.88);
                let quad = [
                    frame.place(pen_x, low),
                    frame.place(pen_x + width, low),
                    frame.place(pen_x, high),
                    frame.place(pen_x + width, high),
                ];
                let vertical = vertical && fall.is_some();
                let (base, top) = (frame.place(pen_x, pen_y), frame.place(pen_x, pen_y - size));
                let up = (top.0 - base.0, top.1 - base.1);
                let length = up.0.hypot(up.1);
                if length.is_finite() && length > 0.0 && (c.is_whitespace() || !c.is_control()) {
                    self.content.glyphs.push(Glyph {
                        text: Arc::from(c.encode_utf8(&mut [0; 4]) as &str),
                        quad,
                        // Downwards the pen begins over the middle.
                        pen: if vertical {
                            frame.place(pen_x + width / 2.0, pen_y - size)
                        } else {
                            base
                        },
                        end: frame.place(end.0, end.1),
                        up: (up.0 / length, up.1 / length),
                        size: length,
                        bold,
                        vertical,
                        invisible,
                        artifact,
                        byte: None,
                    });
                }
                pen_x += step.unwrap_or(if fall.is_some() { 0.0 } else { usual });
                pen_y += fall.unwrap_or(0.0);
            }
        }
    }

    /// Straight lines, of which tables are made.
    fn path(&mut self, object: Element<'_>) {
        let Some(frame) = self.frame(object) else { return };
        let data = object.children().find(|e| e.local() == "AbbreviatedData");
        let data = data.map(Element::text).unwrap_or_default();
        let mut words = data.split_whitespace();
        let mut last: Option<(f32, f32)> = None;
        let mut first = None;
        while let Some(word) = words.next() {
            let mut pair = || Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?));
            let to: Option<(f32, f32)> = match word {
                "M" | "S" => {
                    last = pair();
                    first = last;
                    continue;
                }
                "L" => pair(),
                "C" => first,
                _ => continue,
            };
            if let (Some(from), Some(to)) = (last, to)
                && self.content.rules.len() < 20_000
            {
                let (from, to) = (frame.place(from.0, from.1), frame.place(to.0, to.1));
                if (from.0 - to.0).abs() < 0.5 || (from.1 - to.1).abs() < 0.5 {
                    self.content.rules.push(Rule { from, to });
                }
            }
            last = to.or(last);
        }
    }
}

/// Distances from character to character: `3.5 g 4 3.2` is 3.5 and four times 3.2.
fn distances(text: &str) -> Vec<f32> {
    let mut found = Vec::new();
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        if word != "g" {
            found.extend(word.parse::<f32>().ok());
            continue;
        }
        let count = words.next().and_then(|n| n.parse::<usize>().ok()).unwrap_or(0);
        if let Some(value) = words.next().and_then(|n| n.parse::<f32>().ok()) {
            found.extend(std::iter::repeat_n(value, count.min(MAX_REPEATED)));
        }
    }
    found
}
