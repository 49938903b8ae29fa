//! Highlight annotations written into a finished PDF.
//!
//! The objects have the shape that Zotero and pdf.js write and that every viewer tried draws
//! alike: an own appearance that multiplies, no transparency group, no popup.

use crate::place::Quad;
use lopdf::{
    Dictionary, Document, Error, IncrementalDocument, Object, ObjectId, Stream, dictionary,
    text_string,
};

/// One highlight on one page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Highlight {
    /// Page, from 0.
    pub(crate) page: u32,
    /// What it covers, one rectangle per line; at least one.
    pub(crate) quads: Vec<Quad>,
    /// The colour readers list it under.
    pub(crate) colour: [u8; 3],
    /// The paler colour it is painted with.
    pub(crate) paint: [u8; 3],
    /// Colours of further tags, drawn as strips along the lower edge.
    pub(crate) strips: Vec<[u8; 3]>,
    /// The comment.
    pub(crate) contents: String,
    /// The tags' names in one line.
    pub(crate) subject: String,
    /// Who made it.
    pub(crate) author: Option<String>,
    /// When it was made, as a PDF date.
    pub(crate) created: Option<String>,
    /// When it was last changed, as a PDF date.
    pub(crate) modified: Option<String>,
    /// Its name, once in a file.
    pub(crate) name: String,
    /// The tags' names one by one.
    pub(crate) tags: Vec<String>,
}

/// Height of a strip in points.
const STRIP: f64 = 1.1;

/// Appends the highlights to a PDF as an incremental update, in its structure tree too where it
/// has one.
pub(crate) fn annotate(pdf: Vec<u8>, highlights: &[Highlight]) -> Result<Vec<u8>, Error> {
    if highlights.is_empty() {
        return Ok(pdf);
    }
    let document = Document::load_mem(&pdf)?;
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    let mut structure = Structure::of(&document);
    let mut update = IncrementalDocument::create_from(pdf, document);
    let multiply = update.new_document.add_object(dictionary! {
        "Type" => "ExtGState", "BM" => "Multiply", "ca" => 1, "CA" => 1,
    });
    let mut by_page: Vec<Vec<Object>> = vec![Vec::new(); pages.len()];
    for highlight in highlights {
        let index = highlight.page as usize;
        let Some(&page) = pages.get(index) else {
            return Err(Error::PageNumberNotFound(highlight.page + 1));
        };
        let look = update.new_document.add_object(appearance(highlight, multiply));
        let mut annotation = annotation(highlight, page, look);
        let id = update.new_document.new_object_id();
        if let Some(structure) = &mut structure {
            let key = structure.add(&mut update.new_document, highlight, id, page);
            annotation.set("StructParent", key);
        }
        update.new_document.set_object(id, annotation);
        by_page[index].push(id.into());
    }
    for (&page, new) in pages.iter().zip(by_page).filter(|(_, new)| !new.is_empty()) {
        let mut dict = update.get_prev_documents().get_dictionary(page)?.clone();
        let mut annotations = match dict.get_deref(b"Annots", update.get_prev_documents()) {
            Ok(there) => there.as_array()?.clone(),
            Err(_) => Vec::new(),
        };
        annotations.extend(new);
        dict.set("Annots", annotations);
        if structure.is_some() {
            dict.set("Tabs", "S");
        }
        update.new_document.set_object(page, dict);
    }
    if let Some(structure) = structure {
        structure.finish(&mut update.new_document);
    }
    let mut bytes = Vec::with_capacity(update.get_prev_documents_bytes().len() * 5 / 4);
    update.save_to(&mut bytes)?;
    Ok(bytes)
}

fn annotation(highlight: &Highlight, page: ObjectId, look: ObjectId) -> Dictionary {
    let corners = highlight.quads.iter().flat_map(|q| {
        // Upper left, upper right, lower left, lower right: not the order of the specification
        // but the one that every writer and viewer uses.
        [q.left, q.top, q.right, q.top, q.left, q.bottom, q.right, q.bottom]
    });
    let tags = serde_json::to_string(&highlight.tags).unwrap_or_default();
    let mut annotation = dictionary! {
        "Type" => "Annot",
        "Subtype" => "Highlight",
        "Rect" => around(&highlight.quads),
        "P" => page,
        "F" => 4, // printed, and nothing else
        "C" => highlight.colour.iter().map(|&c| real(f64::from(c) / 255.0)).collect::<Vec<_>>(),
        "CA" => 1,
        "QuadPoints" => corners.map(real).collect::<Vec<_>>(),
        "Contents" => text_string(&highlight.contents),
        "Subj" => text_string(&highlight.subject),
        "NM" => text_string(&highlight.name),
        "AP" => dictionary! { "N" => look },
        "Zotero:Tags" => text_string(&tags),
    };
    if let Some(author) = &highlight.author {
        annotation.set("T", text_string(author));
    }
    if let Some(modified) = &highlight.modified {
        annotation.set("M", text_string(modified));
    }
    if let Some(created) = &highlight.created {
        annotation.set("CreationDate", text_string(created));
    }
    annotation
}

/// The form that paints a highlight: opaque, multiplied with the page, in page coordinates.
fn appearance(highlight: &Highlight, multiply: ObjectId) -> Stream {
    let mut content = String::from("/G gs\n");
    let mut paint = |colour: [u8; 3], rectangles: &mut dyn Iterator<Item = Quad>| {
        content.push_str(&operation(&colour.map(|c| f64::from(c) / 255.0), "rg"));
        for q in rectangles {
            let rectangle = [q.left, q.bottom, q.right - q.left, q.top - q.bottom];
            content.push_str(&operation(&rectangle, "re"));
        }
        content.push_str("f\n");
    };
    let strips = highlight.strips.len() as f64 * STRIP;
    let quads = &highlight.quads;
    paint(highlight.paint, &mut quads.iter().map(|q| Quad { bottom: q.bottom + strips, ..*q }));
    for (count, &colour) in highlight.strips.iter().enumerate() {
        let top = strips - count as f64 * STRIP;
        paint(
            colour,
            &mut quads.iter().map(|q| Quad {
                top: q.bottom + top,
                bottom: q.bottom + top - STRIP,
                ..*q
            }),
        );
    }
    Stream::new(
        dictionary! {
            "Type" => "XObject",
            "Subtype" => "Form",
            "BBox" => around(&highlight.quads),
            "Resources" => dictionary! { "ExtGState" => dictionary! { "G" => multiply } },
        },
        content.into_bytes(),
    )
}

/// Numbers and what is to be done with them, as a line of a content stream.
fn operation(numbers: &[f64], operator: &str) -> String {
    let mut line = String::new();
    for &number in numbers {
        line.push_str(&rounded(number).to_string());
        line.push(' ');
    }
    line + operator + "\n"
}

/// The rectangle around all quads.
fn around(quads: &[Quad]) -> Vec<Object> {
    let least = |f: fn(&Quad) -> f64| quads.iter().map(f).fold(f64::INFINITY, f64::min);
    let most = |f: fn(&Quad) -> f64| quads.iter().map(f).fold(f64::NEG_INFINITY, f64::max);
    [least(|q| q.left), least(|q| q.bottom), most(|q| q.right), most(|q| q.top)].map(real).into()
}

/// Three decimals: a thousandth of a point is far below what any device shows.
fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}

fn real(number: f64) -> Object {
    Object::Real(rounded(number) as f32)
}

/// The structure tree of a tagged PDF, which has to name every annotation.
struct Structure {
    root: (ObjectId, Dictionary),
    /// The element that everything hangs from.
    document: (ObjectId, Dictionary),
    /// Key and element in turn: which element each object with a key belongs to.
    parents: Vec<Object>,
    /// Elements below `document`.
    children: Vec<Object>,
    /// The first key that is free.
    next: i64,
}

impl Structure {
    /// Reads the tree; `None` where the file has none of the shape that typst writes.
    fn of(pdf: &Document) -> Option<Self> {
        let root = pdf.catalog().ok()?.get(b"StructTreeRoot").ok()?.as_reference().ok()?;
        let tree = pdf.get_dictionary(root).ok()?;
        let document = match tree.get(b"K").ok()? {
            Object::Array(children) => children.first()?.as_reference().ok()?,
            child => child.as_reference().ok()?,
        };
        let element = pdf.get_dictionary(document).ok()?;
        let children = match element.get(b"K") {
            Ok(Object::Array(children)) => children.clone(),
            Ok(child) => vec![child.clone()],
            Err(_) => Vec::new(),
        };
        let parents = tree.get_deref(b"ParentTree", pdf).ok()?.as_dict().ok()?;
        Some(Self {
            parents: parents.get_deref(b"Nums", pdf).ok()?.as_array().ok()?.clone(),
            next: tree.get(b"ParentTreeNextKey").ok()?.as_i64().ok()?,
            root: (root, tree.clone()),
            document: (document, element.clone()),
            children,
        })
    }

    /// Adds the element of a highlight and returns the key that its annotation has to bear.
    fn add(
        &mut self,
        new: &mut Document,
        highlight: &Highlight,
        annotation: ObjectId,
        page: ObjectId,
    ) -> i64 {
        let object = dictionary! { "Type" => "OBJR", "Obj" => annotation, "Pg" => page };
        let element = new.add_object(dictionary! {
            "Type" => "StructElem",
            "S" => "Annot",
            "P" => self.document.0,
            "Alt" => text_string(&highlight.contents),
            "K" => vec![object.into()],
        });
        let key = self.next;
        self.next += 1;
        self.children.push(element.into());
        self.parents.extend([key.into(), element.into()]);
        key
    }

    /// Writes the changed tree.
    fn finish(self, new: &mut Document) {
        let ((root, mut tree), (document, mut element)) = (self.root, self.document);
        element.set("K", self.children);
        new.set_object(document, element);
        tree.set("ParentTree", dictionary! { "Nums" => self.parents });
        tree.set("ParentTreeNextKey", self.next);
        new.set_object(root, tree);
    }
}
