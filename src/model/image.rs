//! Pictures that documents show, by key.
//!
//! A picture comes from anywhere, and several programs look at it: the rasteriser of the Word file, typst, the writer of
//! the PDF. [`Image::read`] lets through only what all of them can take, in bounded time and memory.

mod effort;
mod raster;
mod vector;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use vector::options;

/// The key of the organisation's logo among the [`Images`].
pub const LOGO: &str = "logo";

/// The pictures of a document set, by the key that [`super::Figure::image`] and [`LOGO`] name.
#[derive(Debug, Clone, Default)]
pub struct Images(pub BTreeMap<String, Image>);

/// A picture.
#[derive(Debug, Clone)]
pub struct Image {
    /// Its format.
    pub format: ImageFormat,
    /// The file's bytes.
    pub bytes: Arc<[u8]>,
    /// Width and height in pixels (or SVG user units): only their ratio matters.
    pub size: (f64, f64),
    /// What it shows, for those who do not see it.
    pub alt: String,
}

/// The formats that both backends can place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageFormat {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// Scalable Vector Graphics: kept as vectors in PDF, as vectors with a PNG beside them in Word.
    Svg,
}

impl Image {
    /// Reads a picture's format and size. An SVG may not fetch anything: its links lead into itself or hold their data.
    ///
    /// # Errors
    /// A sentence that says why it cannot be shown.
    pub fn read(bytes: Arc<[u8]>, alt: &str) -> Result<Image, String> {
        let (format, size) = match format(&bytes) {
            Some(format) => (format, raster::size(&bytes, format, raster::MAX_PIXELS)?),
            None => (ImageFormat::Svg, vector::size(&bytes)?),
        };
        let ratio = size.0 / size.1;
        if !(1.0 / MAX_RATIO..=MAX_RATIO).contains(&ratio) {
            return Err(format!("it is {} × {}; one side may be at most {MAX_RATIO} times the other", size.0, size.1));
        }
        Ok(Image { format, bytes, size, alt: alt.to_owned() })
    }
}

/// How many times longer than the other a side may be.
const MAX_RATIO: f64 = 1_000.0;

/// The format of a picture of pixels, by how it begins.
fn format(bytes: &[u8]) -> Option<ImageFormat> {
    match imagesize::image_type(bytes) {
        Ok(imagesize::ImageType::Png) => Some(ImageFormat::Png),
        Ok(imagesize::ImageType::Jpeg) => Some(ImageFormat::Jpeg),
        _ => None,
    }
}
