//! The press: documents in, bytes out. What a set shares (fonts, pictures, theme) is made ready once.

use std::sync::Arc;

use super::{Session, Stage};
use crate::backend::{Format, Work, Write};
use crate::chart;
use crate::diagnostic::{Diagnostic, Sink};
use crate::digest;
use crate::model::{Control, Document, Images, Pages, Printed as _};
use crate::strings::Strings;
use crate::typeset::{self, Fonts, Typesetter};
use crate::workspace::Workspace;

/// What prints the documents of a workspace.
pub struct Press {
    /// For formats that need pages.
    typesetter: Option<Typesetter>,
    images: Images,
    /// The words of the engine.
    strings: Strings,
}

impl Press {
    /// Reports the words of the engine and of the theme that a PDF could not show.
    pub fn check_words(&self, workspace: &Workspace, sink: &mut Sink) {
        if let Some(typesetter) = &self.typesetter {
            let mut problems = Sink::new();
            typesetter.check_words(&self.strings, &mut problems);
            sink.extend(problems.into_vec().into_iter().map(|problem| workspace.locate_in_theme(problem)));
        }
    }
}

impl Press {
    /// The pictures of the documents, with the charts that were drawn for them.
    pub fn images(&self) -> &Images {
        &self.images
    }

    /// The words of the engine.
    pub fn strings(&self) -> &Strings {
        &self.strings
    }

    /// The pages of a document; none when the press was made for formats that need none.
    ///
    /// # Errors
    /// When the document cannot be laid out.
    pub fn pages(&self, document: &Document) -> Result<Option<Pages>, Sink> {
        self.pages_beside(document, None)
    }

    /// The pages of a document with what stands around its body held against that of another version, where there is one.
    ///
    /// # Errors
    /// When the document cannot be laid out.
    pub fn pages_beside(&self, document: &Document, before: Option<&Control>) -> Result<Option<Pages>, Sink> {
        let layout =
            self.typesetter.as_ref().map(|typesetter| typesetter.layout_beside(document, before)).transpose()?;
        Ok(layout.map(|layout| layout.pages().clone()))
    }
}

/// A document, printed.
#[derive(Debug)]
pub struct Printed {
    /// How many pages it has; none when no format asked for them.
    pub pages: u32,
    /// Its bytes in each format that could be written.
    pub outputs: Vec<(Format, Vec<u8>)>,
}

impl Session {
    /// What lays out and prints the documents of a workspace in some formats; they are handed over for the charts in them.
    pub fn press(
        &self,
        workspace: &Workspace,
        documents: &[Document],
        formats: &[Format],
        sink: &mut Sink,
    ) -> Option<Press> {
        self.press_in(workspace, &workspace.pack.strings, documents, formats, sink)
    }

    /// The same with other words of the engine than the pack's.
    pub fn press_in(
        &self,
        workspace: &Workspace,
        strings: &Strings,
        documents: &[Document],
        formats: &[Format],
        sink: &mut Sink,
    ) -> Option<Press> {
        let _running = self.timings.running(Stage::Fonts);
        let Workspace { theme, pack, fonts, .. } = workspace;
        let mut images = workspace.images.clone();
        let fonts = Arc::new(Fonts::new(fonts.iter().chain(&pack.fonts)));
        let advances = fonts.advances(&theme.fonts.body.pdf);
        documents.iter().for_each(|document| chart::draw(document, theme, strings, &advances, &mut images));
        let make = || Typesetter::new(fonts, theme, strings, &images);
        let typesetter = formats.iter().any(Format::needs_pages).then(make).transpose();
        let in_theme = |problem| workspace.locate_in_theme(problem);
        let typesetter =
            typesetter.map_err(|problems| sink.extend(problems.into_vec().into_iter().map(in_theme))).ok()?;
        Some(Press { typesetter, images, strings: strings.clone() })
    }

    /// Lays out a document and writes it in some formats. What is wrong is located; a format that cannot be written is
    /// left out, and nothing is given when the document cannot be laid out.
    pub fn print(
        &self,
        press: &Press,
        workspace: &Workspace,
        document: &Document,
        formats: &[Format],
        sink: &mut Sink,
    ) -> Option<Printed> {
        self.print_beside(press, workspace, (document, None), formats, sink)
    }

    /// The same, with what stands around the body on pages held against that of another version, where there is one: what
    /// differs is marked.
    pub fn print_beside(
        &self,
        press: &Press,
        workspace: &Workspace,
        document: (&Document, Option<&Control>),
        formats: &[Format],
        sink: &mut Sink,
    ) -> Option<Printed> {
        let mut problems = Sink::new();
        let printed = self.laid_out(press, workspace, document, formats, &mut problems);
        typeset::release_memory(self.jobs);
        let locate = |diagnostic: Diagnostic| match diagnostic.path.clone() {
            Some(path) if path.starts_with("theme.") => workspace.locate_in_theme(diagnostic),
            Some(path) => workspace.profile.locate(diagnostic, &path),
            None => diagnostic,
        };
        sink.extend(problems.into_vec().into_iter().map(locate));
        printed
    }

    fn laid_out(
        &self,
        press: &Press,
        workspace: &Workspace,
        (document, before): (&Document, Option<&Control>),
        formats: &[Format],
        sink: &mut Sink,
    ) -> Option<Printed> {
        let needs_pages = formats.iter().any(Format::needs_pages);
        let layout = press.typesetter.as_ref().filter(|_| needs_pages).map(|typesetter| {
            let _running = self.timings.running(Stage::Typeset);
            typesetter.layout_beside(document, before)
        });
        let layout = layout.transpose().map_err(|problems| sink.merge(problems)).ok()?;
        let _running = self.timings.running(Stage::Write);
        let work = Work { document, theme: &workspace.theme, strings: &press.strings, images: &press.images };
        let mut outputs = Vec::new();
        for format in formats {
            let bytes = match (format.write, &layout) {
                (Write::Document(write), _) => write(&work),
                (Write::Pages(write), Some(layout)) => write(&work, layout),
                (Write::Pages(_), None) => continue, // The press was made for other formats.
            };
            match bytes {
                Ok(bytes) => outputs.push((*format, bytes)),
                Err(problems) => sink.merge(problems),
            }
        }
        Some(Printed { pages: layout.map_or(0, |layout| layout.pages().count), outputs })
    }
}

/// What all outputs of a workspace are made from besides their documents: look, words, pictures, fonts, and this program.
pub fn common_input(workspace: &Workspace) -> Vec<u8> {
    let mut common = look_input(workspace);
    common.extend(env!("FOLIO_SOURCE").as_bytes());
    common
}

/// The look of a workspace: theme, words of the engine, pictures, fonts.
fn look_input(workspace: &Workspace) -> Vec<u8> {
    let Workspace { theme, images, pack, fonts, .. } = workspace;
    let mut common = serde_json::to_vec(&(theme, &pack.strings)).unwrap_or_default();
    for (name, image) in &images.0 {
        common.extend(digest::of_parts([name.as_bytes(), &image.bytes, image.alt.as_bytes()]).into_bytes());
    }
    for font in fonts.iter().chain(&pack.fonts) {
        common.extend(font.digest().bytes());
    }
    common
}
