//! SVG: what of it may stand in a picture, looked through before anything is drawn.
//!
//! The language can say in a few lines what takes hours to draw: filters, and parts that stand in one another many
//! times. So filters are refused altogether; what an element stands for, with all that it refers to, is counted before
//! anything is made of it; and what drawing takes is reckoned before it is done ([`super::effort`]).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use quick_xml::events::Event;
use resvg::usvg;
use resvg::usvg::roxmltree::{Document, Node, ParsingOptions};

use super::{ImageFormat, effort, format, raster};

/// The most bytes of an SVG, with the pictures that it holds.
const MAX_BYTES: usize = 8 << 20;

/// The most elements, the most attributes of one, and the deepest nesting.
const MAX_ELEMENTS: usize = 50_000;
const MAX_ATTRIBUTES: usize = 200;
const MAX_DEPTH: usize = 100;

/// The most declarations of namespaces.
const MAX_NAMESPACES: usize = 1_000;

/// The most references to entities that the file declares itself, and the most bytes of what declares them.
const MAX_REFERENCES: usize = 2_000;
const MAX_DECLARATIONS: usize = 8 << 10;

/// The most pairs of an element and a rule of a style sheet.
const MAX_STYLED: usize = 4_000_000;

/// The most elements when each reference is replaced by what it refers to.
const MAX_STANDING: usize = 100_000;

/// The namespace of its elements.
const SVG: &str = "http://www.w3.org/2000/svg";

/// The properties that what stands inside an element takes over from it.
const INHERITED: [&str; 6] = ["fill", "stroke", "marker", "marker-start", "marker-mid", "marker-end"];

/// How deep references may lead through one another.
const MAX_REFERRED: usize = 12;

/// The most pixels of all pictures that an SVG holds.
const MAX_PIXELS: u64 = 12_000_000;

/// What Word and PDF would see: no file and no font of the machine, so that the same bytes give the same picture.
pub(crate) fn options() -> usvg::Options<'static> {
    static FONTS: LazyLock<Arc<usvg::fontdb::Database>> = LazyLock::new(|| {
        let mut fonts = usvg::fontdb::Database::new();
        fonts.load_font_data(include_bytes!("../../../fonts/carlito/Carlito-Regular.ttf").to_vec());
        fonts.load_font_data(include_bytes!("../../../fonts/carlito/Carlito-Bold.ttf").to_vec());
        fonts.set_sans_serif_family("Carlito");
        fonts.set_serif_family("Carlito");
        Arc::new(fonts)
    });
    usvg::Options {
        font_family: "Carlito".to_owned(),
        fontdb: FONTS.clone(),
        resources_dir: None,
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: usvg::ImageHrefResolver::default_data_resolver(),
            resolve_string: Box::new(|_, _| None),
        },
        ..usvg::Options::default()
    }
}

/// Width and height of a sound SVG in user units; else a sentence that says what is wrong.
pub(super) fn size(bytes: &[u8]) -> Result<(f64, f64), String> {
    if bytes.len() > MAX_BYTES {
        return Err(format!("it has {} MB; an SVG has at most {}", bytes.len() >> 20, MAX_BYTES >> 20));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "it is neither SVG, PNG nor JPEG".to_owned())?;
    if !text.trim_start_matches(['\u{FEFF}', ' ', '\n', '\r', '\t']).starts_with('<') {
        return Err("it is neither SVG, PNG nor JPEG".to_owned());
    }
    shape(text)?;
    let parsing = ParsingOptions { allow_dtd: true, nodes_limit: 4 * MAX_ELEMENTS as u32, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, parsing).map_err(|_| not_svg())?;
    check(&document)?;
    let held = Held::default();
    let options = usvg::Options {
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: Box::new(|kind, bytes, _| held.take(kind, bytes)),
            resolve_string: Box::new(|_, _| None),
        },
        ..options()
    };
    let tree = usvg::Tree::from_xmltree(&document, &options).map_err(|_| not_svg())?;
    drop(options);
    held.verdict()?;
    effort::check(&tree)?;
    Ok((f64::from(tree.size().width()), f64::from(tree.size().height())))
}

/// A file that no reader understands.
fn not_svg() -> String {
    "it is not an SVG: an element is not closed, or it is broken off; save it anew from a drawing program".to_owned()
}

/// Counts elements and attributes as they come: the reader that keeps them all takes long over very many.
fn shape(text: &str) -> Result<(), String> {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let (mut elements, mut depth, mut namespaces) = (0, 0_usize, 0);
    loop {
        let (tag, deeper) = match reader.read_event().map_err(|_| not_svg())? {
            Event::Start(tag) => (tag, 1),
            Event::Empty(tag) => (tag, 0),
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                continue;
            }
            Event::DocType(declared) if declared.contains("ENTITY") => {
                let references = text.bytes().filter(|byte| *byte == b'&').count();
                let is_plain = !declared.contains(['&', '%']) && declared.len() <= MAX_DECLARATIONS;
                if !is_plain || references > MAX_REFERENCES {
                    return Err(
                        "it declares entities that stand for one another, or very many; save it as plain SVG".into()
                    );
                }
                continue;
            }
            Event::Eof => return Ok(()),
            _ => continue,
        };
        elements += 1;
        depth += deeper;
        let mut attributes = 0;
        for attribute in tag.attributes().with_checks(false) {
            let Ok(attribute) = attribute else { break };
            attributes += 1;
            namespaces += usize::from(attribute.key.as_ref().starts_with("xmlns"));
            if attributes > MAX_ATTRIBUTES {
                break;
            }
        }
        if elements > MAX_ELEMENTS || attributes > MAX_ATTRIBUTES || depth > MAX_DEPTH || namespaces > MAX_NAMESPACES {
            return Err(format!(
                "it has more than {MAX_ELEMENTS} elements, {MAX_ATTRIBUTES} attributes of one, or is nested deeper than \
                 {MAX_DEPTH}"
            ));
        }
    }
}

/// What is refused of the elements, and how many they stand for.
fn check(document: &Document<'_>) -> Result<(), String> {
    let mut elements = 0;
    for node in document.descendants().filter(Node::is_element) {
        elements += 1;
        let name = node.tag_name().name();
        let is_svg = node.tag_name().namespace().is_none_or(|namespace| namespace == SVG);
        if is_svg && name == "filter" {
            return Err(
                "it has a filter (`<filter>`), such as a shadow or blur; draw it without, or save it as PNG".into()
            );
        }
        for attribute in node.attributes() {
            let value = attribute.value();
            if attribute.name() == "href" && !value.starts_with('#') && !value.starts_with("data:image/") {
                let shown: String = value.chars().take(60).collect();
                return Err(format!("it links to `{shown}`; an image holds all that it shows"));
            }
        }
    }
    let sheet = Sheet::of(document);
    if elements * sheet.rules.len() > MAX_STYLED {
        return Err(format!("it has {elements} elements and a style sheet of {} rules", sheet.rules.len()));
    }
    let mut by_id: BTreeMap<&str, Vec<Node<'_, '_>>> = BTreeMap::new();
    for node in document.descendants() {
        if let Some(id) = node.attribute("id") {
            by_id.entry(id).or_default().push(node);
        }
    }
    let mut standing = Standing { by_id, sheet: &sheet, left: MAX_STANDING, path: Vec::new() };
    standing.count(document.root_element(), &BTreeSet::new())
}

/// The rules of the style sheets.
struct Sheet {
    rules: Vec<Rule>,
}

/// The words of a rule's selector, and the properties that refer to something, each with the id.
struct Rule {
    words: BTreeSet<String>,
    refers: Vec<(String, String)>,
}

impl Sheet {
    fn of(document: &Document<'_>) -> Sheet {
        let styles = document.descendants().filter(|node| node.tag_name().name() == "style");
        let mut rules = Vec::new();
        for text in styles.flat_map(|style| style.children().filter_map(|child| child.text())) {
            for rule in text.split('}') {
                let Some((selector, declarations)) = rule.rsplit_once('{') else { continue };
                let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '*' | '[' | ':');
                let words = selector.split(|c| !is_word(c)).filter(|word| !word.is_empty());
                rules.push(Rule { words: words.map(str::to_owned).collect(), refers: references(declarations) });
            }
        }
        Sheet { rules }
    }

    /// The references that rules may give an element: rather too many than too few.
    fn references<'s>(&'s self, node: Node<'_, '_>) -> impl Iterator<Item = &'s (String, String)> {
        let mut words = BTreeSet::from([node.tag_name().name().to_owned()]);
        words.extend(node.attribute("id").map(str::to_owned));
        words.extend(node.attribute("class").unwrap_or_default().split_whitespace().map(str::to_owned));
        let fits = move |rule: &&Rule| {
            let is_own = |word: &String| words.contains(word) || word.contains(['*', '[', ':']);
            !rule.refers.is_empty() && rule.words.iter().any(is_own)
        };
        self.rules.iter().filter(fits).flat_map(|rule| &rule.refers)
    }
}

/// The properties in a list of declarations that refer to an element, each with its id.
fn references(declarations: &str) -> Vec<(String, String)> {
    let declared = declarations.split(';').filter_map(|declaration| declaration.split_once(':'));
    declared.filter_map(|(property, value)| Some((property.trim().to_owned(), target(value)?))).collect()
}

/// The id in `url(#id)`.
fn target(value: &str) -> Option<String> {
    let (_, rest) = value.split_once("url(")?;
    let inner = rest.split(')').next()?.trim().trim_matches(['"', '\'']);
    inner.trim().strip_prefix('#').map(str::to_owned)
}

/// Counts what elements stand for.
struct Standing<'d, 'i> {
    /// More than one where an id is given twice: any of them may be meant.
    by_id: BTreeMap<&'d str, Vec<Node<'d, 'i>>>,
    sheet: &'d Sheet,
    left: usize,
    /// The elements that are being gone through because something refers to them.
    path: Vec<Node<'d, 'i>>,
}

impl<'d, 'i> Standing<'d, 'i> {
    fn spend(&mut self, elements: usize) -> Result<(), String> {
        self.left = self
            .left
            .checked_sub(elements)
            .ok_or_else(|| format!("with what its parts refer to put in, it has more than {MAX_STANDING} elements"))?;
        Ok(())
    }

    /// Counts an element and all that it stands for; `inherited` is what those around it refer to.
    fn count(&mut self, node: Node<'d, 'i>, inherited: &BTreeSet<(String, String)>) -> Result<(), String> {
        let name = node.tag_name().name();
        // Long attributes and texts take as long as many elements: the data of a path or picture, letters.
        let written: usize = node.attributes().map(|attribute| attribute.value().len() / 200).sum();
        let is_text = matches!(name, "text" | "tspan" | "textPath");
        let letters: usize = node.children().filter_map(|child| child.text()).map(str::len).sum();
        self.spend(1 + written + if is_text { 8 + letters / 2 } else { 0 })?;
        let mut all = inherited.clone();
        all.extend(self.sheet.references(node).cloned());
        for attribute in node.attributes() {
            match attribute.name() {
                "style" => all.extend(references(attribute.value())),
                property => all.extend(target(attribute.value()).map(|id| (property.to_owned(), id))),
            }
        }
        let is_drawn =
            matches!(name, "path" | "rect" | "circle" | "ellipse" | "line" | "polyline" | "polygon" | "text" | "tspan");
        for (property, id) in &all {
            if is_drawn || !INHERITED.contains(&property.as_str()) {
                let times = if matches!(property.as_str(), "marker" | "marker-mid") { vertices(node) } else { 1 };
                self.refer(id, times, &BTreeSet::new())?;
            }
        }
        all.retain(|(property, _)| INHERITED.contains(&property.as_str()));
        let link = node.attributes().find(|attribute| attribute.name() == "href");
        if let Some(id) = link.and_then(|link| link.value().strip_prefix('#')) {
            self.refer(id, 1, if name == "use" { &all } else { inherited })?;
        }
        for child in node.children().filter(Node::is_element) {
            self.count(child, &all)?;
        }
        Ok(())
    }

    fn refer(&mut self, id: &str, times: usize, inherited: &BTreeSet<(String, String)>) -> Result<(), String> {
        for node in self.by_id.get(id).cloned().unwrap_or_default() {
            if self.path.contains(&node) || self.path.len() >= MAX_REFERRED {
                return Err(format!("`#{id}` refers to itself, or through more than {MAX_REFERRED} others"));
            }
            self.path.push(node);
            let before = self.left;
            self.count(node, inherited)?;
            let once = before - self.left;
            self.spend(once.saturating_mul(times.saturating_sub(1)))?;
            self.path.pop();
        }
        Ok(())
    }
}

/// How many corners a shape has at most.
fn vertices(node: Node<'_, '_>) -> usize {
    let shapes = ["d", "points"].into_iter().filter_map(|name| node.attribute(name));
    let corners = |shape: &str| {
        let numbers = shape.split(|c: char| !c.is_ascii_digit() && c != '.').filter(|part| !part.is_empty()).count();
        numbers / 2 + shape.bytes().filter(u8::is_ascii_alphabetic).count()
    };
    shapes.map(corners).sum::<usize>().max(4)
}

/// The pictures that an SVG holds.
#[derive(Default)]
struct Held(Mutex<(u64, Option<String>)>);

impl Held {
    /// Looks at one, and gives it on when it is sound.
    fn take(&self, kind: &str, bytes: Arc<Vec<u8>>) -> Option<usvg::ImageKind> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let format = format(&bytes);
        let size = match (format, kind) {
            (Some(ImageFormat::Png), "image/png") | (Some(ImageFormat::Jpeg), "image/jpeg" | "image/jpg") => {
                raster::size(&bytes, format?, MAX_PIXELS)
            }
            _ => Err("it is not a PNG or JPEG, or not what it says".to_owned()),
        };
        match size {
            Ok((width, height)) => known.0 += (width * height) as u64,
            Err(problem) => known.1 = Some(format!("a picture in it cannot be shown: {problem}")),
        }
        if known.0 > MAX_PIXELS {
            let most = MAX_PIXELS / 1_000_000;
            known.1 = Some(format!("the pictures in it have more than {most} million pixels"));
        }
        match (&known.1, format?) {
            (Some(_), _) => None,
            (None, ImageFormat::Png) => Some(usvg::ImageKind::PNG(bytes)),
            (None, _) => Some(usvg::ImageKind::JPEG(bytes)),
        }
    }

    fn verdict(self) -> Result<(), String> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner).1.map_or(Ok(()), Err)
    }
}
