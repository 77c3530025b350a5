//! Typesetting: a document in, its pages out. Typst lives here alone.
//!
//! The model goes to Typst as JSON and all appearance stands in `theme.typ` and `document.typ`, which never change, so
//! that no value of a profile is ever read as markup. What Typst would complain about at a place in the theme is checked
//! here first, where the place in the profile or template is known.

mod advances;
mod beside;
mod check;
mod feed;
mod fit;
mod fonts;
mod glyphs;
mod look;
mod properties;
#[cfg(test)]
mod tests;
mod world;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use typst::foundations::{Label, Smart};
use typst::introspection::Introspector as _;
use typst::utils::PicoStr;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::diagnostic::codes::typeset as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::model::{Block, Control, Document, Images, Pages, Printed, Reference, walk};
use crate::strings::Strings;
use crate::theme::Theme;
use crate::wording;
pub use fonts::{FontFile, Fonts, KnownFonts};
use world::World;

/// The day that a PDF without one is made on: PDF/A asks for one, and that of the run would change the bytes of each.
pub(crate) const NO_DAY: Date = jiff::civil::date(2000, 1, 1);

/// Lays out documents in one theme. Made once for a run, shared by its threads.
pub struct Typesetter {
    fonts: Arc<Fonts>,
    common: Arc<world::Common>,
    glyphs: glyphs::Coverage,
    images: Images,
    /// Whether the words of engine or theme have characters that no font has: then there is no PDF.
    lacks_words: bool,
}

/// A document, laid out.
pub struct Layout {
    document: PagedDocument,
    pages: Pages,
    /// What the file is known by: workspace, document, version.
    ident: String,
    /// The day of its issue.
    issued: Option<Date>,
    /// The document's id, for messages.
    id: String,
    /// The file of its template.
    file: Option<Span>,
    /// What a PDF of it would lack.
    lacking: Sink,
    /// Whether there is no PDF because of words that all documents have.
    lacks_words: bool,
}

impl Typesetter {
    /// A typesetter for a theme, whose families must be among the fonts.
    ///
    /// # Errors
    /// When the theme names a family that nobody has.
    pub fn new(fonts: Arc<Fonts>, theme: &Theme, strings: &Strings, images: &Images) -> Result<Typesetter, Sink> {
        let glyphs = glyphs::Coverage::new(&fonts, theme)?;
        let common = Arc::new(world::Common::new(&fonts, theme, strings, images));
        let mut typesetter = Typesetter { fonts, common, glyphs, images: images.clone(), lacks_words: false };
        let mut lacking = Sink::new();
        typesetter.check_words(strings, &mut lacking);
        typesetter.lacks_words = !lacking.is_empty();
        Ok(typesetter)
    }

    /// Reports the words of the engine and of the theme that a PDF could not show, because no font has their characters.
    pub fn check_words(&self, strings: &Strings, sink: &mut Sink) {
        self.glyphs.check_strings(strings, sink);
        self.glyphs.check_theme(&self.common.look, sink);
    }

    /// Lays out a document. What a PDF of it would lack is said by [`Printed::pdf`]: Word has fonts of its own.
    ///
    /// # Errors
    /// Control data that is not usable, structure that PDF/UA forbids, and what is named and not there, each with its
    /// place; and what the layout cannot do.
    pub fn layout(&self, document: &Document) -> Result<Layout, Sink> {
        self.layout_beside(document, None)
    }

    /// The same, with what stands around the body held against that of another version, where there is one: what differs
    /// is marked.
    ///
    /// # Errors
    /// As [`Typesetter::layout`].
    pub fn layout_beside(&self, document: &Document, before: Option<&Control>) -> Result<Layout, Sink> {
        let mut sink = Sink::new();
        let mut lacking = Sink::new();
        let file = file(document);
        check::check(document, &self.images, &mut sink);
        self.glyphs.check(document, file.as_ref(), &mut lacking);
        if sink.has_faults() {
            return Err(sink);
        }
        let control = &document.control;
        let feed = feed::document(document, before, &self.common.fit, &self.common.look, &self.common.strings);
        let world = World::new(self.common.clone(), self.fonts.clone(), feed);
        match typst::compile::<PagedDocument>(&world).output {
            Ok(mut paged) => {
                properties::fill(paged.info_mut(), control);
                let version = wording::version(&control.version, &self.common.strings).text;
                Ok(Layout {
                    pages: pages(&paged, &document.body),
                    document: paged,
                    ident: format!("{}/{}/{version}", control.workspace, control.id),
                    issued: control.date.as_ref().map(|day| day.date),
                    id: control.id.clone(),
                    file,
                    lacking,
                    lacks_words: self.lacks_words,
                })
            }
            Err(errors) => {
                // A picture that cannot be decoded is named where it is shown.
                check::damaged(document, &self.common.look, &self.images, &mut sink);
                if sink.has_faults() {
                    return Err(sink);
                }
                let reasons: BTreeSet<&str> = errors.iter().map(|error| said(&error.message)).collect();
                sink.extend(reasons.into_iter().map(|reason| refused(&control.id, reason).at(file.clone())));
                Err(sink)
            }
        }
    }
}

/// The families of a theme that none of some fonts has, each a fault with the key that names it.
pub fn missing_families(fonts: &Fonts, theme: &Theme) -> Sink {
    glyphs::Coverage::new(fonts, theme).err().unwrap_or_default()
}

/// How many pages there are, and on which one each heading, table and figure with an id stands.
fn pages(document: &PagedDocument, body: &[Block<Reference>]) -> Pages {
    let introspector = document.introspector();
    let page_of = |label: &str| {
        let content = introspector.query_label(Label::new(PicoStr::intern(label))?).ok()?;
        let page = introspector.page(content.location()?)?;
        Some((label.to_owned(), u32::try_from(page.get()).unwrap_or(u32::MAX)))
    };
    let of = walk(body).into_iter().filter_map(Block::label).filter_map(page_of).collect();
    Pages { count: u32::try_from(document.pages().len()).unwrap_or(u32::MAX), of }
}

impl Printed for Layout {
    fn pages(&self) -> &Pages {
        &self.pages
    }

    fn pdf(&self) -> Result<Vec<u8>, Sink> {
        // Words that all documents have are reported once, by `check_words`.
        if self.lacks_words || !self.lacking.is_empty() {
            return Err(self.lacking.clone());
        }
        let refused = |message: &str| {
            let mut sink = Sink::new();
            sink.push(refused(&self.id, said(message)).at(self.file.clone()));
            sink
        };
        let standards =
            PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]).map_err(|error| refused(error.message()))?;
        let options = PdfOptions {
            ident: Smart::Custom(self.ident.clone()),
            creator: Smart::Custom(Some(concat!("Folio ", env!("CARGO_PKG_VERSION")).to_owned())),
            timestamp: timestamp(self.issued.unwrap_or(NO_DAY)),
            standards,
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&self.document, &options)
            .map_err(|errors| refused(errors.first().map_or("", |error| error.message.as_str())))
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

/// Midnight, UTC, of a day.
fn timestamp(date: Date) -> Option<Timestamp> {
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

fn refused(id: &str, reason: &str) -> Diagnostic {
    let diagnostic = Diagnostic::fault(&codes::LAYOUT_REFUSED, format!("`{id}` cannot be laid out: {reason}"));
    diagnostic.help(codes::LAYOUT_REFUSED.fix)
}

/// What keeps a document from being laid out, in our words. The typesetter speaks of its own functions, which no author
/// sees.
fn said(message: &str) -> &'static str {
    let speaks_of = |words: &[&str]| words.iter().any(|word| message.contains(word));
    if speaks_of(&["image", "SVG", "decode"]) {
        "a picture in it cannot be shown"
    } else if speaks_of(&["depth", "recursion", "exceeded"]) {
        "its parts are nested too deep"
    } else if speaks_of(&["font"]) {
        "a font that it needs cannot be used"
    } else if speaks_of(&["PDF/"]) {
        "it is not fit for an accessible PDF (PDF/UA-1, PDF/A-2a)"
    } else {
        "something in it does not fit on its pages"
    }
}
