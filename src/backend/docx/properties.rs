//! The document's properties: what a folder view, a search and Folio itself find in a file without opening it.

use super::context::{Context, one_line};
use super::package::{Package, Relationships};
use super::xml::Element;
use crate::model::{State, stored};
use crate::wording;

const CORE: &str = "application/vnd.openxmlformats-package.core-properties+xml";
const EXTENDED: &str = "application/vnd.openxmlformats-officedocument.extended-properties+xml";
const CUSTOM: &str = "application/vnd.openxmlformats-officedocument.custom-properties+xml";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006";
/// The format id that Office gives to properties of the user's own.
const USER_DEFINED: &str = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}";

/// Adds the three parts.
pub(super) fn add_parts(context: &mut Context<'_>, package: &mut Package) {
    let core = core(context);
    let custom = custom(context);
    let extended = extended(context);
    package.relate("core-properties", "docProps/core.xml");
    package.relate("extended-properties", "docProps/app.xml");
    package.relate("custom-properties", "docProps/custom.xml");
    package.add("docProps/core.xml", CORE, core, Relationships::default());
    package.add("docProps/app.xml", EXTENDED, extended, Relationships::default());
    package.add("docProps/custom.xml", CUSTOM, custom, Relationships::default());
}

fn core(context: &mut Context<'_>) -> Element {
    let control = &context.document.control;
    let author = &control.author.role;
    // A file has a creator also where nobody said who wrote it.
    let author = if author.text.is_empty() { &control.organisation } else { author }.text.clone();
    // Of a draft it says no day: that of the run would change the bytes of each.
    let stamp = control.date.as_ref().map(|issued| format!("{}T00:00:00Z", issued.date));
    let status = context.strings.state(control.state == State::Issued);
    let texts = [
        ("dc:title", wording::full_title(control)),
        ("dc:subject", wording::answers(control)),
        ("dc:creator", author.clone()),
        ("cp:keywords", control.keywords.join(", ")),
        ("cp:lastModifiedBy", author),
        ("cp:category", control.kind.clone()),
        ("cp:contentStatus", status.to_owned()),
        ("cp:version", wording::version(&control.version, context.strings).text),
        ("dc:language", control.language.clone()),
    ];
    let mut root = Element::new("cp:coreProperties")
        .with("xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties")
        .with("xmlns:dc", "http://purl.org/dc/elements/1.1/")
        .with("xmlns:dcterms", "http://purl.org/dc/terms/")
        .with("xmlns:dcmitype", "http://purl.org/dc/dcmitype/")
        .with("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
    for (name, text) in texts {
        let text = one_line(&context.checked(&text));
        if !text.is_empty() {
            root.push(Element::new(name).text(text));
        }
    }
    for (name, stamp) in ["dcterms:created", "dcterms:modified"].into_iter().zip(stamp.iter().cycle()) {
        root.push(Element::new(name).with("xsi:type", "dcterms:W3CDTF").text(stamp.clone()));
    }
    root
}

fn extended(context: &mut Context<'_>) -> Element {
    let company = one_line(&context.checked(&context.document.control.organisation.text));
    Element::new("Properties")
        .with("xmlns", format!("{OFFICE}/extended-properties"))
        .child(Element::new("Application").text("Folio"))
        .child(Element::new("Pages").text(context.pages.count.max(1).to_string()))
        .child(Element::new("Company").text(company))
}

/// What tells Folio, when a file comes back, which document of which workspace it was, and from which model it was made.
fn custom(context: &mut Context<'_>) -> Element {
    let control = &context.document.control;
    let version = wording::version(&control.version, context.strings).text;
    let model = stored::digest(&stored::bytes(context.document));
    let texts = [
        ("FolioWorkspace", &control.workspace),
        ("FolioDocument", &control.id),
        ("FolioNumber", &control.number.text),
        ("FolioVersion", &version),
        ("FolioPack", &control.pack),
        ("FolioModel", &model),
        ("Classification", &control.classification.label.text),
    ];
    let mut root = Element::new("Properties")
        .with("xmlns", format!("{OFFICE}/custom-properties"))
        .with("xmlns:vt", format!("{OFFICE}/docPropsVTypes"));
    let said = texts.into_iter().filter(|(_, text)| !text.is_empty());
    for (id, (name, text)) in (2..).zip(said) {
        let text = context.checked(text);
        root.push(
            Element::new("property")
                .with("fmtid", USER_DEFINED)
                .int("pid", id)
                .with("name", name)
                .child(Element::new("vt:lpwstr").text(text)),
        );
    }
    root
}
