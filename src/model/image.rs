//! Pictures that documents show, by key.

use std::collections::BTreeMap;
use std::sync::Arc;

use resvg::usvg;

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
        let (format, size) = match imagesize::image_type(&bytes) {
            Ok(imagesize::ImageType::Png) => (ImageFormat::Png, raster(&bytes)?),
            Ok(imagesize::ImageType::Jpeg) => (ImageFormat::Jpeg, raster(&bytes)?),
            _ => (ImageFormat::Svg, vector(&bytes)?),
        };
        Ok(Image { format, bytes, size, alt: alt.to_owned() })
    }
}

/// The most pixels of a picture: each takes four bytes of memory while it is placed.
const MAX_PIXELS: usize = 50_000_000;

fn raster(bytes: &[u8]) -> Result<(f64, f64), String> {
    let size = imagesize::blob_size(bytes).map_err(|error| format!("it is damaged: {error}"))?;
    if size.width == 0 || size.height == 0 || size.width.saturating_mul(size.height) > MAX_PIXELS {
        let (width, height, most) = (size.width, size.height, MAX_PIXELS / 1_000_000);
        return Err(format!("it has {width} × {height} pixels; at most {most} million are placed"));
    }
    Ok((size.width as f64, size.height as f64))
}

fn vector(bytes: &[u8]) -> Result<(f64, f64), String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is neither SVG, PNG nor JPEG".to_owned())?;
    let mut options = usvg::Options::default();
    options.image_href_resolver.resolve_string = Box::new(|_, _| None);
    let tree = usvg::Tree::from_str(text, &options).map_err(|error| format!("it is not an SVG: {error}"))?;
    let document = usvg::roxmltree::Document::parse(text).map_err(|error| error.to_string())?;
    for attribute in document.descendants().flat_map(|node| node.attributes()) {
        let value = attribute.value();
        if attribute.name() == "href" && !value.starts_with('#') && !value.starts_with("data:image/") {
            return Err(format!("it links to `{value}`; an image holds all that it shows"));
        }
    }
    Ok((f64::from(tree.size().width()), f64::from(tree.size().height())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_svg_may_not_fetch_anything() {
        let svg = |inner: &str| {
            format!("<svg xmlns='http://www.w3.org/2000/svg' width='20' height='10'>{inner}</svg>").into_bytes()
        };
        let read = |inner: &str| Image::read(svg(inner).into(), "logo");
        assert_eq!(read("<rect width='5' height='5'/>").unwrap().size, (20.0, 10.0));
        assert!(read("<image href='file:///etc/passwd' width='5' height='5'/>").unwrap_err().contains("links to"));
        assert!(Image::read(b"GIF89a".to_vec().into(), "").is_err());
    }
}
