//! The Word backend: a [`Document`] becomes an Office Open XML package (ISO/IEC 29500, transitional).
//!
//! Files are named after the parts of the standard. Every character of every part goes through [`xml::Element`], which
//! escapes it; a character that XML forbids is a fault, never dropped. The bytes depend on the arguments alone.

use super::{Format, Write};
use crate::diagnostic::codes::document::PACKAGE;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::{Document, Images, Pages};
use crate::strings::Strings;
use crate::theme::Theme;

mod anchors;
mod body;
mod character_styles;
mod content_controls;
mod contents;
mod context;
mod direction;
mod drawing;
mod footnotes;
mod front;
mod numbering;
mod order;
mod package;
mod paragraph;
mod properties;
mod redline;
mod section;
mod settings;
mod style;
mod styles;
mod table;
mod table_styles;
mod watermark;
mod xml;

#[cfg(test)]
mod specimen;
#[cfg(test)]
mod tests;

use body::{Flow, Scope};
use context::Context;
use direction::Tongues;
use package::{Package, Relationships};
use xml::Element;

pub use redline::{CONTROL, Cause, Marking, Redlined, Side, redline};

const DOCUMENT: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
const STYLES: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml";
const NUMBERING: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml";
const SETTINGS: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml";
const FONT_TABLE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml";
const THEME: &str = "application/vnd.openxmlformats-officedocument.theme+xml";

/// Office Open XML, WordprocessingML (ISO/IEC 29500-1). Its contents name the page of each heading.
pub const FORMAT: Format = Format {
    name: "docx",
    extension: "docx",
    write: Write::Pages(|work, printed| write(work.document, work.theme, work.strings, work.images, printed.pages())),
};

/// Writes a document as the bytes of a `.docx` file.
fn write(
    document: &Document,
    theme: &Theme,
    strings: &Strings,
    images: &Images,
    pages: &Pages,
) -> Result<Vec<u8>, Sink> {
    packed(&parts(document, theme, strings, images, pages)?, document)
}

/// The archive of a document's parts.
fn packed(package: &Package, document: &Document) -> Result<Vec<u8>, Sink> {
    package.to_bytes().map_err(|problem| {
        let mut sink = Sink::new();
        sink.push(Diagnostic::fault(&PACKAGE, format!("`{}` cannot be packed: {problem}", document.control.id)));
        sink
    })
}

/// The parts of a document. Every fault of it is reported: characters that no Word file can hold, pictures that are
/// missing or broken, tables with more columns than Word opens.
fn parts(
    document: &Document,
    theme: &Theme,
    strings: &Strings,
    images: &Images,
    pages: &Pages,
) -> Result<Package, Sink> {
    let mut context = Context::new(document, theme, strings, images, pages);
    let language = context.checked(&document.control.language);
    let tongues = Tongues::of(&language, &strings.language);
    let mut package = Package::new(context.is_rtl());
    package.relate("officeDocument", "word/document.xml");
    properties::add_parts(&mut context, &mut package);

    for (kind, target) in [
        ("styles", "styles.xml"),
        ("numbering", "numbering.xml"),
        ("settings", "settings.xml"),
        ("fontTable", "fontTable.xml"),
        ("theme", "theme/theme1.xml"),
        ("footnotes", "footnotes.xml"),
    ] {
        context.relationships.part(kind, target);
    }
    let root = document_part(&mut context);
    let relationships = std::mem::take(&mut context.relationships);
    let referred = relationships.clone();
    package.add("word/document.xml", DOCUMENT, root, relationships);

    footnotes::add_part(&mut context, &mut package);
    section::add_parts(&mut context, &mut package, &referred);
    for (name, kind, root) in [
        ("word/styles.xml", STYLES, styles::part(theme, &tongues)),
        ("word/numbering.xml", NUMBERING, context.lists.part(theme)),
        ("word/settings.xml", SETTINGS, settings::settings(&tongues, &strings.language)),
        ("word/fontTable.xml", FONT_TABLE, settings::fonts(theme)),
        ("word/theme/theme1.xml", THEME, settings::drawing_theme(theme)),
    ] {
        package.add(name, kind, root, Relationships::default());
    }
    std::mem::take(&mut context.media).add_to(&mut package);
    if context.sink.has_faults() {
        return Err(context.sink);
    }
    Ok(package)
}

/// The story of the document: first page, contents, body.
fn document_part(context: &mut Context<'_>) -> Element {
    let document = context.document;
    let mut flow = Flow::new();
    front::add(context, &mut flow);
    contents::add(context, &mut flow);
    let scope = Scope { top: true, ..Scope::new(context.text_width(false), None) };
    body::blocks(context, &mut flow, &document.body, scope);
    let body = flow.into_body(context);
    root("w:document").child(Element::new("w:body").children(body))
}

/// The root of a part, with the namespaces that its content may use.
fn root(name: &'static str) -> Element {
    Element::new(name)
        .with("xmlns:w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main")
        .with("xmlns:r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships")
        .with("xmlns:wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing")
        .with("xmlns:a", "http://schemas.openxmlformats.org/drawingml/2006/main")
        .with("xmlns:pic", "http://schemas.openxmlformats.org/drawingml/2006/picture")
        .with("xmlns:v", "urn:schemas-microsoft-com:vml")
        .with("xmlns:o", "urn:schemas-microsoft-com:office:office")
        .with("xmlns:mc", "http://schemas.openxmlformats.org/markup-compatibility/2006")
        .with("xmlns:w14", "http://schemas.microsoft.com/office/word/2010/wordml")
        .with("mc:Ignorable", "w14")
}
