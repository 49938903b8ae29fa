//! What stands on a page: its glyphs with their places, ruled lines, pictures.
//!
//! Only what tells of text is interpreted; nothing is painted and no picture is unpacked.

use super::document;
use super::font::{Fonts, Typeface};
use crate::{ImportError, Options};
use hayro_font::kurbo::Affine;
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{
    Array, Dict, Name, Number, Object, ObjectIdentifier, Stream, String as Bytes,
};
use hayro_syntax::page::{Page, Resources};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// A point in default user space.
pub(super) type Point = (f32, f32);

fn matrix(numbers: [&Number; 6]) -> Affine {
    Affine::new(numbers.map(Number::as_f64))
}

fn point(matrix: Affine, x: f64, y: f64) -> Point {
    let point = matrix * hayro_font::kurbo::Point::new(x, y);
    (point.x as f32, point.y as f32)
}

/// A character as it was drawn.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Glyph {
    /// What it reads as; several characters for a ligature.
    pub(super) text: Arc<str>,
    /// Lower left, lower right, upper left, upper right, as seen by the reader of the glyph.
    pub(super) quad: [Point; 4],
    /// The pen before the glyph was drawn: on the base line, or above its middle where written
    /// downwards.
    pub(super) pen: Point,
    /// The pen behind it.
    pub(super) end: Point,
    /// The direction of the text's upper side, of length 1.
    pub(super) up: Point,
    /// The height of the font.
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) vertical: bool,
    /// Drawn without ink.
    pub(super) invisible: bool,
    /// Marked as no part of the text: page number, header, watermark.
    pub(super) artifact: bool,
    /// The font and the code, where codes are bytes.
    pub(super) byte: Option<(u16, u8)>,
}

impl Glyph {
    pub(super) fn is_space(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }
}

/// A ruled line, straight along a side of the page, or a thin box.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    pub(super) from: Point,
    pub(super) to: Point,
}

/// A picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Picture {
    /// Left, bottom, right, top.
    pub(super) area: [f32; 4],
    /// Glyphs that were drawn before it, and may lie under it.
    pub(super) after: usize,
}

/// What stands on a page.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) rules: Vec<Rule>,
    pub(super) pictures: Vec<Picture>,
    /// Codes that nothing tells the meaning of.
    pub(super) unmapped: usize,
    /// Not all of it was read.
    pub(super) cut: bool,
    /// The visible part of the page: left, bottom, right, top.
    pub(super) area: [f32; 4],
}

/// Most glyphs of a document.
pub(super) const GLYPHS: usize = 6_000_000;
/// Most operators of a page.
const OPERATORS: usize = 4_000_000;
/// Deepest nesting of forms.
const DEPTH: usize = 16;
/// Most ruled lines of a page that are kept.
const RULES: usize = 20_000;

#[derive(Clone)]
struct State<'a> {
    matrix: Affine,
    face: Option<Rc<RefCell<Typeface<'a>>>>,
    size: f64,
    char_space: f64,
    word_space: f64,
    scale: f64,
    leading: f64,
    rise: f64,
    mode: i64,
}

/// A span of marked content.
struct Span {
    hidden: bool,
    artifact: bool,
    /// What the glyphs of the span stand for, and the first of them.
    actual: Option<(String, usize)>,
}

/// The fonts in use, by the object they are kept in.
#[derive(Default)]
pub(super) struct Faces<'a> {
    by_object: HashMap<ObjectIdentifier, Option<Rc<RefCell<Typeface<'a>>>>>,
    count: u16,
}

/// Reads the pages of a document one by one.
pub(super) struct Reader<'a, 'o> {
    pub(super) fonts: Fonts<'a>,
    pub(super) faces: Faces<'a>,
    pub(super) hidden: HashSet<ObjectIdentifier>,
    pub(super) options: &'o Options<'o>,
    /// Glyphs that may still come.
    pub(super) left: usize,
}

/// A page being read.
struct Run<'a, 'r, 'o> {
    reader: &'r mut Reader<'a, 'o>,
    out: Content,
    state: State<'a>,
    stack: Vec<State<'a>>,
    spans: Vec<Span>,
    text: Affine,
    line: Affine,
    path: Vec<(Point, Point)>,
    pen: Point,
    start: Point,
    operators: usize,
    /// The forms being read, the innermost last.
    active: Vec<ObjectIdentifier>,
}

impl<'a> Reader<'a, '_> {
    /// Reads a page.
    pub(super) fn page(&mut self, page: &'a Page<'a>) -> Result<Content, ImportError> {
        let area = page.intersected_crop_box();
        let mut run = Run {
            reader: self,
            out: Content::default(),
            state: State {
                matrix: Affine::IDENTITY,
                face: None,
                size: 1.0,
                char_space: 0.0,
                word_space: 0.0,
                scale: 1.0,
                leading: 0.0,
                rise: 0.0,
                mode: 0,
            },
            stack: Vec::new(),
            spans: Vec::new(),
            text: Affine::IDENTITY,
            line: Affine::IDENTITY,
            path: Vec::new(),
            pen: (0.0, 0.0),
            start: (0.0, 0.0),
            operators: 0,
            active: Vec::new(),
        };
        run.out.area = [area.x0 as f32, area.y0 as f32, area.x1 as f32, area.y1 as f32];
        if streams(page.raw()).iter().all(document::is_bounded) {
            let operations = page.typed_operations();
            run.interpret(operations, page.resources())?;
        } else {
            run.out.cut = true;
        }
        Ok(run.out)
    }
}

/// The streams that a page is written in.
fn streams<'a>(page: &Dict<'a>) -> Vec<Stream<'a>> {
    match page.get::<Object<'a>>("Contents") {
        Some(Object::Stream(stream)) => vec![stream],
        Some(Object::Array(array)) => array.iter::<Stream<'a>>().collect(),
        _ => Vec::new(),
    }
}

impl<'a> Run<'a, '_, '_> {
    fn interpret(
        &mut self,
        mut operations: TypedIter<'_>,
        resources: &Resources<'a>,
    ) -> Result<(), ImportError> {
        let floor = self.stack.len();
        let spans = self.spans.len();
        while let Some(op) = operations.next() {
            self.operators += 1;
            if self.operators.is_multiple_of(1024) {
                self.reader.options.go_on()?;
            }
            if self.operators > OPERATORS || self.reader.left == 0 {
                self.out.cut = true;
                break;
            }
            self.operator(&op, resources, floor)?;
        }
        self.stack.truncate(floor.max(1));
        if floor == 0 {
            self.stack.clear();
        }
        while self.spans.len() > spans {
            self.end_span();
        }
        Ok(())
    }

    fn operator(
        &mut self,
        op: &Op<'_, '_>,
        resources: &Resources<'a>,
        floor: usize,
    ) -> Result<(), ImportError> {
        match op {
            Op::SaveState(_) if self.stack.len() < 512 => self.stack.push(self.state.clone()),
            Op::RestoreState(_) if self.stack.len() > floor => {
                if let Some(state) = self.stack.pop() {
                    self.state = state;
                }
            }
            Op::Transform(m) => {
                let m = matrix([&m.0, &m.1, &m.2, &m.3, &m.4, &m.5]);
                self.state.matrix *= m;
            }
            Op::SetGraphicsState(name) => {
                if let Some(state) = resources.get_ext_g_state(name.0)
                    && let Some(font) = state.get::<Array<'a>>("Font")
                {
                    let mut entries = font.raw_iter();
                    let id = entries.next().and_then(|f| f.as_obj_ref());
                    if let Some(dict) = font.iter::<Dict<'a>>().next() {
                        self.state.face = self.face(id.map(Into::into), &dict);
                    }
                    if let Some(size) = font.iter::<Number>().next() {
                        self.state.size = size.as_f64();
                    }
                }
            }
            Op::XObject(name) => self.object(name.0, resources)?,
            Op::InlineImage(_) => self.picture(),
            Op::BeginText(_) => {
                self.text = Affine::IDENTITY;
                self.line = Affine::IDENTITY;
            }
            Op::CharacterSpacing(n) => self.state.char_space = n.0.as_f64(),
            Op::WordSpacing(n) => self.state.word_space = n.0.as_f64(),
            Op::HorizontalScaling(n) => self.state.scale = n.0.as_f64() / 100.0,
            Op::TextLeading(n) => self.state.leading = n.0.as_f64(),
            Op::TextRise(n) => self.state.rise = n.0.as_f64(),
            Op::TextRenderingMode(n) => self.state.mode = n.0.as_i64(),
            Op::TextFont(font) => {
                let id = resources.fonts.get_ref(font.0).map(Into::into);
                let dict = resources.get_font(font.0);
                self.state.face = dict.and_then(|dict| self.face(id, &dict));
                self.state.size = font.1.as_f64();
            }
            Op::NextLine(n) => self.next_line(n.0.as_f64(), n.1.as_f64()),
            Op::NextLineAndSetLeading(n) => {
                self.state.leading = -n.1.as_f64();
                self.next_line(n.0.as_f64(), n.1.as_f64());
            }
            Op::SetTextMatrix(m) => {
                self.line = matrix([&m.0, &m.1, &m.2, &m.3, &m.4, &m.5]);
                self.text = self.line;
            }
            Op::NextLineUsingLeading(_) => self.next_line(0.0, -self.state.leading),
            Op::ShowText(text) => self.show(text.0.as_bytes()),
            Op::NextLineAndShowText(text) => {
                self.next_line(0.0, -self.state.leading);
                self.show(text.0.as_bytes());
            }
            Op::ShowTextWithParameters(p) => {
                self.state.word_space = p.0.as_f64();
                self.state.char_space = p.1.as_f64();
                self.next_line(0.0, -self.state.leading);
                self.show(p.2.as_bytes());
            }
            Op::ShowTexts(texts) => {
                for item in texts.0.iter::<Object<'_>>() {
                    match item {
                        Object::String(text) => self.show(text.as_bytes()),
                        Object::Number(n) => self.adjust(n.as_f64()),
                        _ => {}
                    }
                }
            }
            Op::BeginMarkedContent(tag) => self.begin_span(tag.0, None, None),
            Op::BeginMarkedContentWithProperties(span) => match span.1 {
                Object::Dict(dict) => self.begin_span(span.0, Some(dict), None),
                Object::Name(name) => {
                    let id = resources.properties.get_ref(name.as_ref()).map(Into::into);
                    let dict = resources.properties.get::<Dict<'_>>(name.as_ref());
                    self.begin_span(span.0, dict.as_ref(), id);
                }
                _ => self.begin_span(span.0, None, None),
            },
            Op::EndMarkedContent(_) => self.end_span(),
            _ => self.draw(op),
        }
        Ok(())
    }

    // Paths: only ruled lines are of interest.
    fn draw(&mut self, op: &Op<'_, '_>) {
        match op {
            Op::MoveTo(p) => {
                self.pen = self.place(p.0.as_f64(), p.1.as_f64());
                self.start = self.pen;
            }
            Op::LineTo(p) => {
                let to = self.place(p.0.as_f64(), p.1.as_f64());
                self.path.push((self.pen, to));
                self.pen = to;
            }
            Op::ClosePath(_) => {
                self.path.push((self.pen, self.start));
                self.pen = self.start;
            }
            Op::RectPath(r) => {
                let (x, y) = (r.0.as_f64(), r.1.as_f64());
                let (right, top) = (x + r.2.as_f64(), y + r.3.as_f64());
                let corners =
                    [(x, y), (right, y), (right, top), (x, top)].map(|(x, y)| self.place(x, y));
                for at in 0..4 {
                    self.path.push((corners[at], corners[(at + 1) % 4]));
                }
                self.pen = corners[0];
                self.start = self.pen;
            }
            Op::CubicTo(p) => self.pen = self.place(p.4.as_f64(), p.5.as_f64()),
            Op::CubicStartTo(p) => self.pen = self.place(p.2.as_f64(), p.3.as_f64()),
            Op::CubicEndTo(p) => self.pen = self.place(p.2.as_f64(), p.3.as_f64()),
            Op::StrokePath(_)
            | Op::CloseAndStrokePath(_)
            | Op::FillAndStrokeNonZero(_)
            | Op::FillAndStrokeEvenOdd(_)
            | Op::CloseFillAndStrokeNonZero(_)
            | Op::CloseFillAndStrokeEvenOdd(_) => self.paint(true),
            Op::FillPathNonZero(_)
            | Op::FillPathNonZeroCompatibility(_)
            | Op::FillPathEvenOdd(_) => self.paint(false),
            Op::EndPath(_) => self.path.clear(),
            _ => {}
        }
        if self.path.len() > 4 * RULES {
            self.path.clear();
        }
    }

    fn paint(&mut self, stroked: bool) {
        let path = std::mem::take(&mut self.path);
        if self.is_hidden() {
            return;
        }
        let straight = |(a, b): &(Point, Point)| {
            let (w, h) = ((a.0 - b.0).abs(), (a.1 - b.1).abs());
            (w <= 0.6 && h > 4.0) || (h <= 0.6 && w > 4.0)
        };
        if stroked {
            let lines = path.iter().filter(|l| straight(l)).map(|&(from, to)| Rule { from, to });
            self.out.rules.extend(lines);
        } else {
            // A filled box that is thin is a line, too.
            for sides in path.chunks(4) {
                let points = || sides.iter().flat_map(|&(a, b)| [a, b]);
                let (mut low, mut high) = ((f32::MAX, f32::MAX), (f32::MIN, f32::MIN));
                for (x, y) in points() {
                    low = (low.0.min(x), low.1.min(y));
                    high = (high.0.max(x), high.1.max(y));
                }
                let (w, h) = (high.0 - low.0, high.1 - low.1);
                let middle = (f32::midpoint(low.0, high.0), f32::midpoint(low.1, high.1));
                if h <= 2.5 && w > 6.0 {
                    self.out.rules.push(Rule { from: (low.0, middle.1), to: (high.0, middle.1) });
                } else if w <= 2.5 && h > 6.0 {
                    self.out.rules.push(Rule { from: (middle.0, low.1), to: (middle.0, high.1) });
                }
            }
        }
        self.out.rules.truncate(RULES);
    }

    fn place(&self, x: f64, y: f64) -> Point {
        point(self.state.matrix, x, y)
    }

    fn is_hidden(&self) -> bool {
        self.spans.last().is_some_and(|span| span.hidden)
    }

    fn begin_span(
        &mut self,
        tag: &Name<'_>,
        dict: Option<&Dict<'_>>,
        id: Option<ObjectIdentifier>,
    ) {
        let outer = self.spans.last();
        let mut span = Span {
            hidden: outer.is_some_and(|s| s.hidden),
            artifact: outer.is_some_and(|s| s.artifact),
            actual: None,
        };
        match tag.as_ref() {
            b"OC" => {
                let off = |id: ObjectIdentifier| self.reader.hidden.contains(&id);
                span.hidden |= id.is_some_and(off)
                    || dict.is_some_and(|d| {
                        // A layer that depends on others is off where all of them are.
                        let several = d.get::<Array<'_>>("OCGs").map(|list| {
                            list.raw_iter()
                                .filter_map(|i| i.as_obj_ref())
                                .map(|i| off(i.into()))
                                .collect::<Vec<bool>>()
                        });
                        let only = d.get_ref("OCGs").map(|id| off(id.into()));
                        several.map_or(only == Some(true), |all| {
                            !all.is_empty() && all.into_iter().all(|off| off)
                        })
                    });
            }
            b"Artifact" => {
                // Nothing tells ornaments from text but the kind; without one it may be either.
                let kind = dict.and_then(|d| d.get::<Name<'_>>("Type"));
                let sub = dict.and_then(|d| d.get::<Name<'_>>("Subtype"));
                span.artifact |= kind.is_some_and(|k| k.as_ref() != b"Layout")
                    || sub.is_some_and(|s| {
                        matches!(s.as_ref(), b"Header" | b"Footer" | b"Watermark" | b"PageNum")
                    });
            }
            _ => {}
        }
        if let Some(actual) = dict.and_then(|d| d.get::<Bytes<'_>>("ActualText")) {
            let actual = document::text_string(actual.as_bytes());
            if !actual.is_empty() && self.spans.iter().all(|s| s.actual.is_none()) {
                span.actual = Some((actual, self.out.glyphs.len()));
            }
        }
        if self.spans.len() < 4096 {
            self.spans.push(span);
        }
    }

    /// Puts what a span stands for in the place of its glyphs.
    fn end_span(&mut self) {
        let Some(Span { actual: Some((actual, from)), .. }) = self.spans.pop() else { return };
        let count = self.out.glyphs.len().saturating_sub(from);
        if count == 0 {
            return;
        }
        let glyphs = &mut self.out.glyphs[from..];
        if actual.chars().count() == count {
            for (glyph, c) in glyphs.iter_mut().zip(actual.chars()) {
                glyph.text = c.to_string().into();
            }
            return;
        }
        // A whole line under one span would lose the places of its characters: what is drawn is
        // better there.
        if count > 24 {
            return;
        }
        let (first, last) = (&glyphs[0], &glyphs[count - 1]);
        let same_line = (first.pen.1 - last.pen.1).abs() < 0.5 * first.size
            || (first.pen.0 - last.pen.0).abs() < 0.5 * first.size;
        if !same_line {
            return;
        }
        let (quad, end) = (last.quad, last.end);
        glyphs[0].quad = [glyphs[0].quad[0], quad[1], glyphs[0].quad[2], quad[3]];
        glyphs[0].end = end;
        glyphs[0].text = actual.into();
        self.out.glyphs.truncate(from + 1);
    }

    fn object(&mut self, name: &Name<'_>, resources: &Resources<'a>) -> Result<(), ImportError> {
        let Some(stream) = resources.get_x_object(name) else { return Ok(()) };
        let dict = stream.dict();
        if let Some(layer) = dict.get_ref("OC")
            && self.reader.hidden.contains(&layer.into())
        {
            return Ok(());
        }
        let kind = dict.get::<Name<'_>>("Subtype");
        match kind.as_deref() {
            Some(b"Image") => self.picture(),
            Some(b"Form") | None => {
                let id = stream.obj_id();
                if self.active.len() >= DEPTH || self.active.contains(&id) {
                    return Ok(());
                }
                let Some(data) = document::unpacked(&stream) else {
                    self.out.cut = true;
                    return Ok(());
                };
                let own = dict.get::<Dict<'a>>("Resources").map(Resources::new);
                let matrix = dict.get::<[f64; 6]>("Matrix").map_or(Affine::IDENTITY, Affine::new);
                let outer = (self.state.clone(), self.text, self.line);
                self.state.matrix *= matrix;
                self.active.push(id);
                self.path.clear();
                // Saved states of the form are dropped with it.
                let saved = std::mem::take(&mut self.stack);
                let done = self.interpret(TypedIter::new(&data), own.as_ref().unwrap_or(resources));
                self.stack = saved;
                self.active.pop();
                (self.state, self.text, self.line) = outer;
                done?;
            }
            _ => {}
        }
        Ok(())
    }

    fn picture(&mut self) {
        let corners =
            [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)].map(|(x, y)| self.place(x, y));
        let mut area = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
        for (x, y) in corners {
            area = [area[0].min(x), area[1].min(y), area[2].max(x), area[3].max(y)];
        }
        if area.iter().all(|v| v.is_finite())
            && self.out.pictures.len() < 10_000
            && !self.is_hidden()
        {
            let after = self.out.glyphs.len();
            self.out.pictures.push(Picture { area, after });
        }
    }

    fn face(
        &mut self,
        id: Option<ObjectIdentifier>,
        dict: &Dict<'a>,
    ) -> Option<Rc<RefCell<Typeface<'a>>>> {
        let read = |reader: &mut Reader<'a, '_>| {
            if !is_small_font(dict) {
                return None;
            }
            let number = reader.faces.count;
            reader.faces.count = number.wrapping_add(1);
            reader.fonts.typeface(dict, number).map(|face| Rc::new(RefCell::new(face)))
        };
        let Some(id) = id else { return read(self.reader) };
        if let Some(known) = self.reader.faces.by_object.get(&id) {
            return known.clone();
        }
        let face = read(self.reader);
        self.reader.faces.by_object.insert(id, face.clone());
        face
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line *= Affine::translate((x, y));
        self.text = self.line;
    }

    fn adjust(&mut self, by: f64) {
        let by = -by / 1000.0 * self.state.size;
        let vertical = self.state.face.as_ref().is_some_and(|f| f.borrow().vertical);
        let (x, y) = if vertical { (0.0, by) } else { (by * self.state.scale, 0.0) };
        self.text *= Affine::translate((x, y));
    }

    /// Shows a string.
    fn show(&mut self, bytes: &[u8]) {
        let Some(face) = self.state.face.clone() else {
            self.out.unmapped += usize::from(!bytes.is_empty());
            return;
        };
        let mut face = face.borrow_mut();
        let hidden = self.is_hidden();
        let artifact = self.spans.last().is_some_and(|span| span.artifact);
        let mut at = 0;
        while at < bytes.len() {
            let (code, len) = face.read(bytes, at);
            at += len;
            let found = face.code(code, len);
            let state = &self.state;
            let pen = state.matrix
                * self.text
                * Affine::new([
                    state.size * state.scale / 1000.0,
                    0.0,
                    0.0,
                    state.size / 1000.0,
                    0.0,
                    state.rise,
                ]);
            let space = if code == 32 && len == 1 { state.word_space } else { 0.0 };
            let wide = |advance: f64| advance / 1000.0 * state.size + state.char_space + space;
            let (dx, dy) = if face.vertical {
                (0.0, wide(found.advance.1))
            } else {
                (wide(found.advance.0) * state.scale, 0.0)
            };
            if !hidden && self.reader.left > 0 {
                self.reader.left -= 1;
                if let Some(glyph) = glyph(&found, code, pen, &face, artifact, self.state.mode) {
                    self.out.unmapped += usize::from(&*glyph.text == UNMAPPED);
                    self.out.glyphs.push(glyph);
                }
            }
            self.text *= Affine::translate((dx, dy));
        }
    }
}

/// What stands for a character that nothing tells the meaning of.
pub(super) const UNMAPPED: &str = "\u{fffd}";

/// Whether the program of a font can be unpacked.
fn is_small_font(dict: &Dict<'_>) -> bool {
    let own = dict.get::<Dict<'_>>("FontDescriptor");
    let descriptor = own.or_else(|| {
        let descendants = dict.get::<Array<'_>>("DescendantFonts")?;
        descendants.iter::<Dict<'_>>().next()?.get::<Dict<'_>>("FontDescriptor")
    });
    let streams = ["FontFile", "FontFile2", "FontFile3"];
    let programs =
        descriptor.iter().flat_map(|d| streams.iter().filter_map(|key| d.get::<Stream<'_>>(*key)));
    let map = dict.get::<Stream<'_>>("ToUnicode");
    programs.chain(map).all(|stream| document::is_bounded(&stream))
}

fn glyph(
    found: &super::font::Code,
    code: u32,
    pen: Affine,
    face: &Typeface<'_>,
    artifact: bool,
    mode: i64,
) -> Option<Glyph> {
    let (x, y) = found.origin;
    let width = if face.vertical { 1000.0 } else { found.advance.0.abs() };
    let corner = |dx: f64, dy: f64| point(pen, x + dx, y + dy);
    // A glyph of this height and depth fits the boxes of most fonts.
    let quad =
        [corner(0.0, -140.0), corner(width, -140.0), corner(0.0, 880.0), corner(width, 880.0)];
    let at = |x: f64, y: f64| point(pen, x, y);
    let (from, end) = (at(0.0, 0.0), at(found.advance.0, found.advance.1));
    let top = at(0.0, 1000.0);
    let size = (top.0 - from.0).hypot(top.1 - from.1);
    let places = quad.iter().chain([&from, &end]);
    let sane = places.flat_map(|p| [p.0, p.1]).all(|v| v.is_finite() && v.abs() < 1e6);
    if !sane || !(0.05..=20_000.0).contains(&size) {
        return None;
    }
    let text = if found.text.is_empty() { Arc::from(UNMAPPED) } else { found.text.clone() };
    Some(Glyph {
        text,
        quad,
        pen: from,
        end,
        up: ((top.0 - from.0) / size, (top.1 - from.1) / size),
        size,
        bold: face.bold || mode == 2,
        vertical: face.vertical,
        invisible: mode == 3 || mode == 7,
        artifact,
        byte: face.simple.then_some((face.number, code as u8)),
    })
}
