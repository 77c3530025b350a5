//! Pictures: DrawingML in line with the text, with alternative text. An SVG stands beside a PNG of it, for readers
//! that do not know `svgBlip`.

use std::collections::BTreeMap;

use resvg::tiny_skia::{Pixmap, PremultipliedColorU8, Transform};
use resvg::usvg;

use super::context::Context;
use super::package::Package;
use super::xml::Element;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::document::{BROKEN_IMAGE, MISSING_IMAGE};
use crate::length::Length;
use crate::model::image::options;
use crate::model::{Image, ImageFormat};

/// Pixels of a PNG to the inch of the page that it covers.
const RESOLUTION: f64 = 144.0;
/// The most pixels that a PNG is wide or high.
const LARGEST: f64 = 2_000.0;
const SVG_EXTENSION: &str = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}";
const PICTURE: &str = "http://schemas.openxmlformats.org/drawingml/2006/picture";

/// The picture files of a package.
#[derive(Debug, Default)]
pub(super) struct Media {
    files: Vec<(String, Vec<u8>)>,
    /// By key, and by the size of what is drawn for it.
    placed: BTreeMap<(String, [i64; 2]), Placed>,
}

/// Where a picture's files are: what every reader shows, and the vectors.
#[derive(Debug, Clone)]
struct Placed {
    raster: String,
    vector: Option<String>,
}

impl Media {
    fn add(&mut self, extension: &str, bytes: Vec<u8>) -> String {
        let name = format!("media/image{}.{extension}", self.files.len() + 1);
        self.files.push((name.clone(), bytes));
        name
    }

    /// Writes the files.
    pub(super) fn add_to(self, package: &mut Package) {
        for (name, bytes) in self.files {
            package.add_media(&format!("word/{name}"), bytes);
        }
    }
}

/// A run with a picture as large as fits into `width` × `height`; `None` after a fault.
pub(super) fn picture(
    context: &mut Context<'_>,
    key: &str,
    alt: &str,
    width: Length,
    height: Length,
) -> Option<Element> {
    let images = context.images;
    let Some(image) = images.0.get(key) else {
        let fault = Diagnostic::fault(&MISSING_IMAGE, format!("there is no picture `{key}`"));
        context.sink.push(fault.at(context.span.clone()).suggest(key, images.0.keys().map(String::as_str)));
        return None;
    };
    let placed = fit(image, width, height).and_then(|size| Some((size, place(context, key, image, size)?)));
    let Some(((width, height), placed)) = placed else {
        let fault = Diagnostic::fault(&BROKEN_IMAGE, format!("the picture `{key}` cannot be read"));
        context.sink.push(fault.at(context.span.clone()));
        return None;
    };
    let alt = if alt.trim().is_empty() { &image.alt } else { alt };
    let alt = super::context::one_line(&context.checked(alt));
    Some(drawing(context, &placed, &alt, width, height))
}

/// The size on the page: the picture's ratio within the room there is.
fn fit(image: &Image, width: Length, height: Length) -> Option<(Length, Length)> {
    let (across, down) = image.size;
    let ratio = down / across;
    if !(across > 0.0 && down > 0.0 && ratio.is_finite() && ratio > 0.0) {
        return None;
    }
    let wanted = width.emu() as f64 * ratio;
    let (width, height) = if wanted <= height.emu() as f64 {
        (width.emu() as f64, wanted)
    } else {
        (height.emu() as f64 / ratio, height.emu() as f64)
    };
    Some((Length::from_emu((width.round() as i64).max(1)), Length::from_emu((height.round() as i64).max(1))))
}

fn place(context: &mut Context<'_>, key: &str, image: &Image, size: (Length, Length)) -> Option<Placed> {
    // A small picture drawn large would be blurred: each size has its own pixels.
    let sides = match image.format {
        ImageFormat::Svg => [size.0.emu(), size.1.emu()],
        ImageFormat::Png | ImageFormat::Jpeg => [0; 2],
    };
    let known = (key.to_owned(), sides);
    if let Some(placed) = context.media.placed.get(&known) {
        return Some(placed.clone());
    }
    let bytes = &image.bytes;
    let placed = match image.format {
        ImageFormat::Png => {
            let sound = bytes.starts_with(b"\x89PNG\r\n\x1a\n");
            Placed { raster: sound.then(|| context.media.add("png", bytes.to_vec()))?, vector: None }
        }
        ImageFormat::Jpeg => {
            let sound = bytes.starts_with(b"\xff\xd8\xff");
            Placed { raster: sound.then(|| context.media.add("jpeg", bytes.to_vec()))?, vector: None }
        }
        ImageFormat::Svg => {
            let raster = context.media.add("png", rasterise(bytes, size)?);
            let mut same = context.media.placed.range((key.to_owned(), [0; 2])..);
            let same = same.next().filter(|((other, _), _)| other == key).and_then(|(_, placed)| placed.vector.clone());
            Placed { raster, vector: same.or_else(|| Some(context.media.add("svg", bytes.to_vec()))) }
        }
    };
    context.media.placed.insert(known, placed.clone());
    Some(placed)
}

/// A PNG of an SVG. It reads no file and no font of the machine: the bytes depend on the SVG alone.
fn rasterise(svg: &[u8], (width, height): (Length, Length)) -> Option<Vec<u8>> {
    let tree = usvg::Tree::from_data(svg, &options()).ok()?;
    let pixels = |length: Length| (length.to_pt() / 72.0 * RESOLUTION).clamp(1.0, LARGEST);
    let scale = (pixels(width) / f64::from(tree.size().width())).min(pixels(height) / f64::from(tree.size().height()));
    let side = |length: f32| ((f64::from(length) * scale).round() as u32).max(1);
    let mut pixmap = Pixmap::new(side(tree.size().width()), side(tree.size().height()))?;
    resvg::render(&tree, Transform::from_scale(scale as f32, scale as f32), &mut pixmap.as_mut());
    png(pixmap).ok()
}

/// Fast rather than small: whoever knows SVG never looks at it, and a chart is mostly one colour.
fn png(pixmap: Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixmap.width(), pixmap.height());
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder.write_header()?.write_image_data(&straight(pixmap))?;
    Ok(bytes)
}

/// The channels of a picture, no longer multiplied by its alpha. Few pixels are neither opaque nor empty.
fn straight(pixmap: Pixmap) -> Vec<u8> {
    let mut channels = pixmap.take();
    for pixel in channels.chunks_exact_mut(4).filter(|pixel| !matches!(pixel[3], 0 | u8::MAX)) {
        if let Some(colour) = PremultipliedColorU8::from_rgba(pixel[0], pixel[1], pixel[2], pixel[3]) {
            let colour = colour.demultiply();
            pixel.copy_from_slice(&[colour.red(), colour.green(), colour.blue(), colour.alpha()]);
        }
    }
    channels
}

fn drawing(context: &mut Context<'_>, placed: &Placed, alt: &str, width: Length, height: Length) -> Element {
    let id = context.drawing_id();
    let raster = context.relationships.part("image", &placed.raster);
    let mut blip = Element::new("a:blip").with("r:embed", raster);
    if let Some(vector) = &placed.vector {
        let vector = context.relationships.part("image", vector);
        blip.push(
            Element::new("a:extLst").child(
                Element::new("a:ext").with("uri", SVG_EXTENSION).child(
                    Element::new("asvg:svgBlip")
                        .with("xmlns:asvg", "http://schemas.microsoft.com/office/drawing/2016/SVG/main")
                        .with("r:embed", vector),
                ),
            ),
        );
    }
    let extent = |name: &'static str| Element::new(name).int("cx", width.emu()).int("cy", height.emu());
    // No number: one more picture would give all that follow another name.
    let title = context.strings.picture().to_owned();
    let named =
        |name: &'static str| Element::new(name).int("id", id).with("name", title.clone()).with("descr", alt.to_owned());
    let shape = Element::new("pic:spPr")
        .child(Element::new("a:xfrm").child(Element::new("a:off").int("x", 0).int("y", 0)).child(extent("a:ext")))
        .child(Element::new("a:prstGeom").with("prst", "rect").child(Element::new("a:avLst")));
    let picture = Element::new("pic:pic")
        .child(
            Element::new("pic:nvPicPr")
                .child(named("pic:cNvPr"))
                .child(Element::new("pic:cNvPicPr").child(Element::new("a:picLocks").int("noChangeAspect", 1))),
        )
        .child(
            Element::new("pic:blipFill").child(blip).child(Element::new("a:stretch").child(Element::new("a:fillRect"))),
        )
        .child(shape);
    let inline = ["distT", "distB", "distL", "distR"]
        .into_iter()
        .fold(Element::new("wp:inline"), |inline, name| inline.int(name, 0))
        .child(extent("wp:extent"))
        .child(["l", "t", "r", "b"].into_iter().fold(Element::new("wp:effectExtent"), |e, name| e.int(name, 0)))
        .child(named("wp:docPr"))
        .child(Element::new("wp:cNvGraphicFramePr").child(Element::new("a:graphicFrameLocks").int("noChangeAspect", 1)))
        .child(Element::new("a:graphic").child(Element::new("a:graphicData").with("uri", PICTURE).child(picture)));
    Element::new("w:r").child(Element::new("w:drawing").child(inline))
}
