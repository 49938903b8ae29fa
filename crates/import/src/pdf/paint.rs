//! Pages painted in grey, as a program that recognises text wants to see them.

use super::{STACK, document};
use crate::{ImportError, Options};
use hayro::hayro_interpret::InterpreterSettings;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use hayro_syntax::Pdf;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Pixels to a point: 300 to the inch, at which print is recognised best.
const SCALE: f32 = 300.0 / 72.0;
/// Most pixels along a side of a page.
const SIDE: f32 = 6_000.0;

/// A page in grey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// One byte for each pixel, row by row, 0 being black.
    pub grey: Vec<u8>,
}

impl Picture {
    /// As a file: a portable grey map, which needs no library to write.
    pub fn file(&self) -> Vec<u8> {
        let mut file = format!("P5\n{} {}\n255\n", self.width, self.height).into_bytes();
        file.extend_from_slice(&self.grey);
        file
    }
}

/// A document whose pages can be painted, by several threads at once.
pub struct Painter {
    pdf: Pdf,
}

impl Painter {
    /// Opens a document.
    ///
    /// # Errors
    /// Those of reading the PDF; see [`crate::import_with`].
    pub fn open(bytes: &[u8], options: &Options<'_>) -> Result<Self, ImportError> {
        let broken = |_| document::damaged("it cannot be opened");
        let open = || document::open(bytes, options.password);
        let pdf = catch_unwind(AssertUnwindSafe(open)).map_err(broken)??;
        Ok(Self { pdf })
    }

    /// Paints a page, counted from 0, at 300 pixels to the inch, or as finely as can be where that
    /// would be larger than 6,000 pixels along a side.
    ///
    /// # Errors
    /// When the page is not there, or its content cannot be painted.
    pub fn page(&self, number: u32) -> Result<Picture, ImportError> {
        let broken = || document::damaged(&format!("page {} cannot be painted", number + 1));
        let work = || catch_unwind(AssertUnwindSafe(|| paint(&self.pdf, number)));
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
            let painted = thread.map_err(|_| broken())?.join();
            painted.ok().and_then(Result::ok).flatten().ok_or_else(broken)
        })
    }
}

fn paint(pdf: &Pdf, number: u32) -> Option<Picture> {
    let pages = pdf.pages();
    let page = pages.get(number as usize)?;
    let (width, height) = page.render_dimensions();
    let scale = SCALE.min(SIDE / width.max(height).max(1.0));
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let (cache, interpreter) = (RenderCache::new(), InterpreterSettings::default());
    let pixmap = render(page, &cache, &interpreter, &RenderSettings::default(), &settings);
    let luma = |red: u8, green: u8, blue: u8| {
        // In whole numbers; the sum of the weights is 256.
        (u32::from(red) * 54 + u32::from(green) * 183 + u32::from(blue) * 19) >> 8
    };
    Some(Picture {
        width: u32::from(pixmap.width()),
        height: u32::from(pixmap.height()),
        grey: pixmap.data().iter().map(|p| luma(p.r, p.g, p.b) as u8).collect(),
    })
}
