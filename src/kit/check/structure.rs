//! The bones of documents, seen without a profile: headings, tables, images, directives, the length of files.

use super::Subject;
use crate::diagnostic::codes::{document as codes, pack as pack_codes};
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::expand::outline::{Part, sketch};
use crate::expand::{Prepared, Source};
use crate::parse::lint;
use crate::schema::{Property, View};

/// The longest template file that is not worth a word, in bytes.
const LONG: usize = 8 * 1024;

/// The most keys that are named in one message.
const MAX_NAMED: usize = 6;

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    wordless(subject, sink);
    for prepared in subject.prepared() {
        for otherwise in [false, true] {
            lint::check(&sketch(prepared, otherwise), sink);
        }
        Levels { prepared, at_line_start: true, is_code: false, sink }.walk(&prepared.parts, 0);
    }
    subject.sources().filter(|source| source.text.len() > LONG).for_each(|source| sink.push(long(source)));
}

/// Keys of the profile that the pack itself has, and of which nobody says anything for people.
fn wordless(subject: &Subject<'_>, sink: &mut Sink) {
    let schema = &subject.pack.schema;
    let own = schema.sources().iter().filter(|source| subject.layer_of(&source.name) == Some(0));
    for source in own {
        let mut found: Vec<String> = Vec::new();
        bare(&View::of(&source.json), Some(schema.view()), "", &mut found);
        if found.is_empty() {
            continue;
        }
        let named: Vec<String> = found.iter().take(MAX_NAMED).map(|path| format!("`{path}`")).collect();
        let more = found.len() - named.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let message = format!("keys without title or description: {}{more}", named.join(", "));
        let diagnostic =
            Diagnostic::new(&pack_codes::KEY_WORDS, Severity::Note, message).at(Span::file(source.name.clone()));
        sink.push(diagnostic.help(pack_codes::KEY_WORDS.fix));
    }
}

/// `whole` is what the chain says of the same value.
fn bare(own: &View, whole: Option<&View>, prefix: &str, found: &mut Vec<String>) {
    for Property { name, view, .. } in own.properties() {
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        let whole = whole.and_then(|whole| whole.property(name));
        let said = whole.unwrap_or(view);
        if said.title.is_none() || said.description.is_none() {
            found.push(path.clone());
        }
        bare(view, whole, &path, found);
    }
    if let Some(items) = own.items() {
        bare(items, whole.and_then(View::items), &format!("{prefix}[]"), found);
    }
}

fn long(source: &Source) -> Diagnostic {
    let kilobytes = source.text.len() as f64 / 1024.0;
    let message = format!("the template has {kilobytes:.1} KB");
    let diagnostic = Diagnostic::warning(&pack_codes::TEMPLATE_LONG, message).at(Span::file(source.name.clone()));
    diagnostic.help(pack_codes::TEMPLATE_LONG.fix)
}

/// Headings that skip a level whichever way the template goes.
struct Levels<'a> {
    prepared: &'a Prepared,
    at_line_start: bool,
    is_code: bool,
    sink: &'a mut Sink,
}

impl Levels<'_> {
    /// `deepest` is the deepest level that the heading before may have; gives that for what follows.
    fn walk(&mut self, parts: &[Part], mut deepest: usize) -> usize {
        for part in parts {
            match part {
                Part::Text(site, text) => deepest = self.text(*site, text, deepest),
                Part::Print(_) => self.at_line_start = false,
                Part::Path(..) | Part::Call(..) => {}
                Part::Block(block) => {
                    let inside = self.walk(&block.body, deepest);
                    let past = self.walk(block.otherwise.as_deref().unwrap_or_default(), deepest);
                    deepest = inside.max(past);
                }
            }
        }
        deepest
    }

    fn text(&mut self, site: usize, text: &str, mut deepest: usize) -> usize {
        for (row, line) in (0..).zip(text.split_inclusive('\n')) {
            self.is_code ^= self.at_line_start && lint::is_code_fence(line);
            if self.at_line_start
                && !self.is_code
                && let Some(level) = lint::heading_level(line.trim_end())
            {
                if level > deepest + 1 {
                    let heading = line.trim().trim_start_matches('#').split(" {#").next().unwrap_or_default().trim();
                    let message = format!("`{heading}` has level {level} below level {deepest}");
                    let span = self.prepared.sites.get(site).map(|site| {
                        let column = if row == 0 { site.span.column } else { 1 };
                        Span { line: site.span.line + row, column, length: 0, ..site.span.clone() }
                    });
                    self.sink.push(Diagnostic::fault(&codes::HEADING_LEVEL, message).at(span));
                }
                deepest = level;
            }
            self.at_line_start = line.ends_with('\n');
        }
        deepest
    }
}
