//! What drawing an SVG takes, reckoned before it is done.
//!
//! Drawn on a canvas as large as any is made, a picture takes time for the area that its parts cover, for the lines that
//! are crossed from top to bottom, and memory for the layers that stand on one another. All are measured in canvases,
//! so that the figure is the same for every size.

use resvg::tiny_skia::PathSegment;
use resvg::usvg::{ClipPath, Fill, Group, ImageKind, Mask, Node, Paint, Path, Rect, Stroke, Transform, Tree};

/// The most canvases that all parts may cover.
const MAX_AREA: f64 = 150.0;

/// The most heights of the canvas that all lines may go up and down.
const MAX_TRAVEL: f64 = 20_000.0;

/// The most dashes of all lines.
const MAX_DASHES: f64 = 50_000.0;

/// The most canvases that are held at once.
const MAX_HELD: f64 = 8.0;

/// The most parts, and corners of lines.
const MAX_PARTS: usize = 200_000;

/// Refuses what takes too long, or too much memory, to draw.
pub(super) fn check(tree: &Tree) -> Result<(), String> {
    let canvas = (f64::from(tree.size().width()), f64::from(tree.size().height()));
    let mut effort = Effort { canvas, area: 0.0, travel: 0.0, dashes: 0.0, parts: 0, within: None };
    effort.group(tree.root(), 1.0)
}

struct Effort {
    /// Width and height in user units.
    canvas: (f64, f64),
    area: f64,
    travel: f64,
    dashes: f64,
    parts: usize,
    /// Inside a pattern, clip or mask, whose places are not those of the canvas: what each of its parts may cover.
    within: Option<f64>,
}

impl Effort {
    /// Adds a part that covers so many canvases while so many are held.
    fn spend(&mut self, area: f64, held: f64) -> Result<(), String> {
        self.area += area;
        self.parts += 1;
        let is_within = self.area <= MAX_AREA
            && self.travel <= MAX_TRAVEL
            && self.dashes <= MAX_DASHES
            && held <= MAX_HELD
            && self.parts <= MAX_PARTS;
        // Also refuses what is not a number.
        if is_within {
            Ok(())
        } else {
            Err("it takes too long to draw: too many or too large parts over one another".into())
        }
    }

    /// How many canvases a part covers of the sheet on which layers may lie, five times as wide and as high.
    fn covered(&self, part: Rect) -> f64 {
        if let Some(area) = self.within {
            return area;
        }
        let within = |from: f32, to: f32, side: f64| {
            (f64::from(to).min(3.0 * side) - f64::from(from).max(-2.0 * side)).max(0.0) / side
        };
        within(part.left(), part.right(), self.canvas.0) * within(part.top(), part.bottom(), self.canvas.1)
    }

    fn group(&mut self, group: &Group, held: f64) -> Result<(), String> {
        if !group.filters().is_empty() {
            return Err("it has a filter, such as a shadow or blur; draw it without, or save it as PNG".into());
        }
        let mut own = held;
        if group.should_isolate() {
            let area = self.covered(group.abs_layer_bounding_box().to_rect());
            own += area;
            self.spend(area, own)?;
            if let Some(clip) = group.clip_path() {
                self.clip(clip, area, own)?;
            }
            if let Some(mask) = group.mask() {
                self.mask(mask, area, own)?;
            }
        } else {
            self.spend(0.0, own)?;
        }
        for node in group.children() {
            match node {
                Node::Group(group) => self.group(group, own)?,
                Node::Path(path) => self.path(path, own)?,
                Node::Text(text) => self.group(text.flattened(), own)?,
                Node::Image(image) => {
                    if let ImageKind::SVG(tree) = image.kind() {
                        self.group(tree.root(), own)?;
                    }
                    self.spend(self.covered(image.abs_bounding_box()), own)?;
                }
            }
        }
        Ok(())
    }

    /// A clip is a layer as large as what it cuts.
    fn clip(&mut self, clip: &ClipPath, area: f64, held: f64) -> Result<(), String> {
        self.spend(2.0 * area, held + area)?;
        if let Some(clip) = clip.clip_path() {
            self.clip(clip, area, held + area)?;
        }
        self.inside(clip.root(), area, held + area)
    }

    /// A mask is one too, and weighed pixel by pixel.
    fn mask(&mut self, mask: &Mask, area: f64, held: f64) -> Result<(), String> {
        self.spend(3.0 * area, held + 2.0 * area)?;
        if let Some(mask) = mask.mask() {
            self.mask(mask, area, held + 2.0 * area)?;
        }
        self.inside(mask.root(), area, held + 2.0 * area)
    }

    fn inside(&mut self, group: &Group, area: f64, held: f64) -> Result<(), String> {
        let around = self.within.replace(area);
        self.group(group, held)?;
        self.within = around;
        Ok(())
    }

    fn path(&mut self, path: &Path, held: f64) -> Result<(), String> {
        let (height, transform) = (self.canvas.1, path.abs_transform());
        // Each corner is kept, and sorted, however small its line.
        self.parts += path.data().len();
        let mut at = (0.0, 0.0);
        let (mut travel, mut length) = (0.0, 0.0);
        let is_within = self.within.is_some();
        let mut to = |point: resvg::tiny_skia::Point| {
            let mut mapped = point;
            transform.map_point(&mut mapped);
            let mapped = (f64::from(mapped.x), f64::from(mapped.y));
            let down = (mapped.1 - at.1).abs().min(5.0 * height) / height;
            travel += if is_within { 1.0 } else { down } + 0.001;
            length += (mapped.0 - at.0).hypot(mapped.1 - at.1);
            at = mapped;
        };
        for segment in path.data().segments() {
            match segment {
                PathSegment::MoveTo(point) | PathSegment::LineTo(point) => to(point),
                PathSegment::QuadTo(a, b) => [a, b].into_iter().for_each(&mut to),
                PathSegment::CubicTo(a, b, c) => [a, b, c].into_iter().for_each(&mut to),
                PathSegment::Close => {}
            }
        }
        if let Some(fill) = path.fill() {
            self.travel += travel;
            self.paint(Fill::paint(fill), path.abs_bounding_box(), transform, held)?;
        }
        if let Some(stroke) = path.stroke() {
            self.travel += 3.0 * travel;
            let scale = scale(transform);
            if let Some(dashes) = stroke.dasharray() {
                let period: f64 = dashes.iter().map(|dash| f64::from(*dash)).sum::<f64>() * scale;
                self.dashes += length / period * dashes.len() as f64;
            }
            self.paint(Stroke::paint(stroke), path.abs_stroke_bounding_box(), transform, held)?;
        }
        Ok(())
    }

    /// What covering a part with a paint takes.
    fn paint(&mut self, paint: &Paint, part: Rect, transform: Transform, held: f64) -> Result<(), String> {
        let area = self.covered(part);
        match paint {
            Paint::Color(_) => self.spend(area, held),
            // Each pixel looks for its place among the stops.
            Paint::LinearGradient(gradient) => self.spend(area * (2.0 + gradient.stops().len() as f64 / 8.0), held),
            Paint::RadialGradient(gradient) => self.spend(area * (3.0 + gradient.stops().len() as f64 / 8.0), held),
            Paint::Pattern(pattern) => {
                let scale = scale(transform.pre_concat(pattern.transform()));
                let rect = pattern.rect();
                let (width, height) = (f64::from(rect.width()) * scale, f64::from(rect.height()) * scale);
                let tile = width * height / (self.canvas.0 * self.canvas.1);
                self.spend(2.0 * area + tile, held + tile)?;
                self.inside(pattern.root(), tile, held + tile)
            }
        }
    }
}

/// How many times larger the larger side of a part becomes.
fn scale(transform: Transform) -> f64 {
    let (across, down) = transform.get_scale();
    f64::from(across.max(down))
}
