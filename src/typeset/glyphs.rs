//! Whether the fonts have every character of a document: without a PDF standard, Typst would leave a gap.

use std::collections::{BTreeMap, BTreeSet};

use super::fonts::Fonts;
use crate::diagnostic::codes::typeset as codes;
use crate::diagnostic::{Diagnostic, Sink, Span, nearest};
use crate::model::{Block, Document, Inline, Node, Origin, Party, Reference, Text};
use crate::strings::Strings;
use crate::theme::Theme;

/// The characters that a theme's families have.
pub(super) struct Coverage {
    body: BTreeSet<usize>,
    code: BTreeSet<usize>,
    covered: BTreeMap<usize, typst::text::Coverage>,
}

impl Coverage {
    /// # Errors
    /// When the theme names a family that nobody has.
    pub(super) fn new(fonts: &Fonts, theme: &Theme) -> Result<Coverage, Sink> {
        let mut sink = Sink::new();
        let families: Vec<&str> = fonts.book.families().map(|(name, _)| name).collect();
        let mut select = |family: &str| {
            let found: Vec<usize> = fonts.book.select_family(&family.to_lowercase()).collect();
            if found.is_empty() {
                let problem =
                    Diagnostic::fault(&codes::FAMILY_MISSING, format!("no font file has the family `{family}`"));
                sink.push(match nearest(family, families.iter().copied()) {
                    Some(near) => problem.help(format!("did you mean `{near}`?")),
                    None => problem
                        .help(format!("there are: {}; a workspace adds files under `fonts:`", families.join(", "))),
                });
            }
            found
        };
        let mut body: BTreeSet<usize> = select(&theme.fonts.body.pdf).into_iter().collect();
        let mut code: BTreeSet<usize> = select(&theme.fonts.code.pdf).into_iter().collect();
        for family in &theme.fonts.fallback {
            let found = select(family);
            body.extend(&found);
            code.extend(found);
        }
        if sink.has_faults() {
            return Err(sink);
        }
        let covered = body
            .iter()
            .chain(&code)
            .filter_map(|index| Some((*index, fonts.fonts.get(*index)?.info().coverage.clone())))
            .collect();
        Ok(Coverage { body, code, covered })
    }

    fn has(&self, c: char, in_code: bool) -> bool {
        let family = if in_code { &self.code } else { &self.body };
        // A family's styles differ in what they have; the least of them decides, so that bold text has no gaps either.
        is_ignorable(c)
            || family
                .iter()
                .any(|index| self.covered.get(index).is_some_and(|coverage| coverage.contains(u32::from(c))))
    }

    /// Reports every text of a document with characters that no font has.
    pub(super) fn check(&self, document: &Document, strings: &Strings, sink: &mut Sink) {
        let control = &document.control;
        let mut check = Check { coverage: self, sink, seen: BTreeSet::new() };
        let mut texts = vec![
            ("organisation.name", control.organisation.clone()),
            ("organisation.short_name", control.organisation_short.clone()),
            ("classification", control.classification.label.clone()),
        ];
        let own = format!("documents.{}", control.id);
        texts.extend(
            [control.title.clone(), control.number.clone(), control.version.clone()].map(|text| (own.as_str(), text)),
        );
        for revision in &control.history {
            texts.extend(
                [revision.version.clone(), revision.author.clone(), revision.change.clone()]
                    .map(|text| (own.as_str(), text)),
            );
        }
        for (path, text) in texts {
            check.text(&text, &[path.into()], None, false);
        }
        for party in [&control.owner, &control.author, &control.approver] {
            check.party(party, None);
        }
        check.text(&serde_json::to_string(strings).unwrap_or_default(), &[], Some(&Span::file("strings.yaml")), false);
        check.blocks(&document.body);
        for note in document.footnotes.values() {
            check.inlines(note, &Origin::default());
        }
    }
}

struct Check<'a> {
    coverage: &'a Coverage,
    sink: &'a mut Sink,
    /// What was said already: the characters and the path.
    seen: BTreeSet<(String, String)>,
}

impl Check<'_> {
    fn blocks(&mut self, blocks: &[Block<Reference>]) {
        for Block { node, origin } in blocks {
            match node {
                Node::Heading(heading) => self.inlines(&heading.content, origin),
                Node::Paragraph { content } => self.inlines(content, origin),
                Node::List(list) => list.items.iter().for_each(|item| self.blocks(item)),
                Node::DefinitionList { items } => {
                    for item in items {
                        self.inlines(&item.term, origin);
                        self.blocks(&item.body);
                    }
                }
                Node::Table(table) => {
                    table.caption.iter().for_each(|caption| self.inlines(caption, origin));
                    table.header.iter().for_each(|cell| self.inlines(cell, origin));
                    table.rows.iter().flat_map(|row| &row.cells).for_each(|cell| self.inlines(cell, origin));
                }
                Node::Figure(figure) => figure.caption.iter().for_each(|caption| self.inlines(caption, origin)),
                Node::Callout(callout) => {
                    let title = callout.title.clone().unwrap_or_default();
                    self.text(&title, &[], origin.span.as_ref(), false);
                    self.blocks(&callout.body);
                }
                Node::CodeBlock { text } => self.one(text, origin, true),
                Node::BlockQuote { body } | Node::Landscape { body } => self.blocks(body),
                Node::SignOff { signatories } => {
                    signatories.iter().for_each(|party| self.party(party, origin.span.as_ref()));
                }
                Node::PageBreak => {}
            }
        }
    }

    fn inlines(&mut self, inlines: &[Inline<Reference>], origin: &Origin) {
        for inline in inlines {
            match inline {
                Inline::Text(text) | Inline::Status { text, .. } => self.one(text, origin, false),
                Inline::Code(text) => self.one(text, origin, true),
                Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                    self.inlines(content, origin)
                }
                Inline::Reference(reference) => self.text(&reference.text, &[], origin.span.as_ref(), false),
                Inline::Field(field) => self.text(&field.label, &[], origin.span.as_ref(), false),
                Inline::Footnote { .. } | Inline::LineBreak => {}
            }
        }
    }

    fn party(&mut self, party: &Party, span: Option<&Span>) {
        self.text(&party.role, &[format!("roles[{}].title", party.key).into()], span, false);
        self.text(
            party.name.as_deref().unwrap_or_default(),
            &[format!("roles[{}].holder", party.key).into()],
            span,
            false,
        );
    }

    fn one(&mut self, text: &Text, origin: &Origin, in_code: bool) {
        self.text(&text.text, &text.from, origin.span.as_ref(), in_code);
    }

    fn text(&mut self, text: &str, from: &[ecow::EcoString], span: Option<&Span>, in_code: bool) {
        if text.is_ascii() {
            return;
        }
        let missing: BTreeSet<char> = text.chars().filter(|c| !self.coverage.has(*c, in_code)).collect();
        if missing.is_empty() {
            return;
        }
        let named: Vec<String> = missing.iter().take(8).map(|c| format!("{c} U+{:04X}", u32::from(*c))).collect();
        let more = if missing.len() > 8 { format!(" and {} more", missing.len() - 8) } else { String::new() };
        let path = from.first().map(|path| path.to_string()).unwrap_or_default();
        if !self.seen.insert((named.join(" "), path.clone())) {
            return;
        }
        let message = format!("no font has {}{more}", named.join(", "));
        let mut problem = Diagnostic::fault(&codes::GLYPH_MISSING, message)
            .help("add a font file that has them under `fonts:` in folio.yaml, and its family under `theme: {fonts: {fallback: […]}}`");
        if path.is_empty() {
            problem = problem.at(span.cloned());
        } else {
            problem = problem.path(path);
        }
        self.sink.push(problem);
    }
}

/// Characters that need no glyph: they are invisible by definition (Unicode, Default_Ignorable_Code_Point), or white
/// space that the layout makes itself.
fn is_ignorable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}
