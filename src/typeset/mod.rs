//! Typesetting: a document in, its pages out. Typst lives here alone.
//!
//! The model goes to Typst as JSON and all appearance stands in `theme.typ` and `document.typ`, which never change, so
//! that no value of a profile is ever read as markup. What Typst would complain about at a place in the theme is checked
//! here first, where the place in the profile or template is known.

mod check;
mod feed;
mod fit;
mod fonts;
mod glyphs;
mod properties;
#[cfg(test)]
mod tests;
mod world;

use std::collections::BTreeMap;
use std::sync::Arc;

use typst::foundations::{Label, Smart};
use typst::introspection::Introspector as _;
use typst::utils::PicoStr;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::diagnostic::codes::typeset as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::model::{Control, Document, Images, Pages, walk};
use crate::strings::Strings;
use crate::theme::Theme;
pub use fonts::Fonts;
use world::World;

/// Lays out documents in one theme. Made once for a run, shared by its threads.
pub struct Typesetter {
    fonts: Arc<Fonts>,
    common: Arc<world::Common>,
    glyphs: glyphs::Coverage,
    images: Images,
}

/// A document, laid out.
pub struct Layout {
    document: PagedDocument,
    control: Control,
    labels: Vec<String>,
    /// The file of its template.
    file: Option<Span>,
    /// What a PDF of it would lack.
    lacking: Sink,
}

impl Typesetter {
    /// A typesetter for a theme, whose families must be among the fonts.
    ///
    /// # Errors
    /// When the theme names a family that nobody has.
    pub fn new(fonts: Arc<Fonts>, theme: &Theme, strings: &Strings, images: &Images) -> Result<Typesetter, Sink> {
        let glyphs = glyphs::Coverage::new(&fonts, theme)?;
        let common = Arc::new(world::Common::new(&fonts, theme, strings, images));
        Ok(Typesetter { fonts, common, glyphs, images: images.clone() })
    }

    /// Reports the engine's words that a PDF could not show, because no font has their characters.
    pub fn check_words(&self, strings: &Strings, sink: &mut Sink) {
        self.glyphs.check_strings(strings, sink);
    }

    /// Lays out a document. What a PDF of it would lack is said by [`Layout::to_pdf`]: Word has fonts of its own.
    ///
    /// # Errors
    /// Control data that is not usable, structure that PDF/UA forbids, and what is named and not there, each with its
    /// place; and what the layout cannot do.
    pub fn layout(&self, document: &Document) -> Result<Layout, Sink> {
        let mut sink = Sink::new();
        let mut lacking = Sink::new();
        let file = file(document);
        check::check(document, &self.images, &mut sink);
        self.glyphs.check(document, file.as_ref(), &mut lacking);
        let Some(date) = check::date(&document.control.as_of).filter(|_| !sink.has_faults()) else {
            return Err(sink);
        };
        let world = World::new(self.common.clone(), self.fonts.clone(), feed::document(document, &self.common));
        match typst::compile::<PagedDocument>(&world).output {
            Ok(mut paged) => {
                properties::fill(paged.info_mut(), &document.control, date);
                let labels = check::labels(&document.body).into_iter().map(str::to_owned).collect();
                Ok(Layout { document: paged, control: document.control.clone(), labels, file, lacking })
            }
            Err(errors) => {
                // A picture that cannot be decoded is named where it is shown.
                check::damaged(document, &self.images, &mut sink);
                if sink.has_faults() {
                    return Err(sink);
                }
                for error in &errors {
                    let hints: Vec<String> = error.hints.iter().map(|hint| hint.v.to_string()).collect();
                    sink.push(refused(&document.control, &error.message, &hints).at(file.clone()));
                }
                Err(sink)
            }
        }
    }
}

impl Layout {
    /// How many pages there are, and on which one each heading, table and figure with an id stands.
    pub fn pages(&self) -> Pages {
        let introspector = self.document.introspector();
        let page_of = |label: &String| {
            let content = introspector.query_label(Label::new(PicoStr::intern(label))?).ok()?;
            let page = introspector.page(content.location()?)?;
            Some((label.clone(), u32::try_from(page.get()).unwrap_or(u32::MAX)))
        };
        let of: BTreeMap<String, u32> = self.labels.iter().filter_map(page_of).collect();
        Pages { count: u32::try_from(self.document.pages().len()).unwrap_or(u32::MAX), of }
    }

    /// The PDF: PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) together.
    ///
    /// # Errors
    /// Characters that no font has, each with its place; and when the document breaks a rule of those standards.
    pub fn to_pdf(&self) -> Result<Vec<u8>, Sink> {
        if self.lacking.has_faults() {
            return Err(self.lacking.clone());
        }
        let refused = |message: &str| {
            let mut sink = Sink::new();
            sink.push(refused(&self.control, message, &[]).at(self.file.clone()));
            sink
        };
        let control = &self.control;
        let standards =
            PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]).map_err(|error| refused(error.message()))?;
        let options = PdfOptions {
            ident: Smart::Custom(format!("{}/{}/{}", control.workspace, control.id, control.version)),
            creator: Smart::Custom(Some(concat!("Folio ", env!("CARGO_PKG_VERSION")).to_owned())),
            timestamp: timestamp(&control.as_of),
            standards,
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&self.document, &options).map_err(|errors| {
            refused(&errors.iter().map(|error| error.message.to_string()).collect::<Vec<_>>().join("; "))
        })
    }
}

/// The file of a document's template.
fn file(document: &Document) -> Option<Span> {
    let spans = walk(&document.body).into_iter().filter_map(|block| block.origin.span.as_ref());
    let own = format!("documents/{}.md.hbs", document.control.id);
    let files: Vec<&Span> = spans.collect();
    let of_document = files.iter().find(|span| span.file.ends_with(&own)).or(files.first());
    of_document.map(|span| Span::file(span.file.clone()))
}

/// Gives back memory that Typst keeps for documents it might see again. Called after each document, by each of the
/// threads: what one of them is working with must outlive a document of every other.
pub fn release_memory(threads: usize) {
    comemo::evict(threads);
}

/// Midnight, UTC, of an ISO 8601 date.
fn timestamp(date: &str) -> Option<Timestamp> {
    let date = check::date(date)?;
    let datetime = typst::foundations::Datetime::from_ymd_hms(
        i32::from(date.year()),
        u8::try_from(date.month()).ok()?,
        u8::try_from(date.day()).ok()?,
        0,
        0,
        0,
    )?;
    Some(Timestamp::new_utc(datetime))
}

fn refused(control: &Control, message: &str, hints: &[String]) -> Diagnostic {
    let diagnostic =
        Diagnostic::fault(&codes::LAYOUT_REFUSED, format!("`{}` cannot be laid out: {message}", control.id));
    hints.iter().fold(diagnostic, |diagnostic, hint| diagnostic.help(hint.clone()))
}
