//! Pictures that documents show, by key.

use std::collections::BTreeMap;
use std::sync::Arc;

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
