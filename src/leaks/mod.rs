//! Leaks: what must not be in a finished document. Findings, never faults: a draft is made all the same.
//!
//! Leftovers of templates and words for gaps anywhere, what stands for a value in the profile; names of others and figures with a unit in what templates and
//! overrides say, since the profile's own values are its own affair.
//!
//! A name is found however it is written: in capitals, with other blanks, taken apart by characters that nobody sees, in
//! code, in the title of a box, in the alternative text of a figure, in the label of a field, in quotes in a helper. It is
//! looked for as whole words; one that could be a word itself, only where it begins with a capital. What is not found is a
//! name in other letters or another spelling, or a part of it.

mod fold;
mod literals;
mod names;
mod placeholders;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use ecow::EcoString;
use regex::{Regex, RegexBuilder};

use crate::decode;
use crate::diagnostic::codes::document as codes;
use crate::diagnostic::{Code, Diagnostic, Severity, Sink, Span};
use crate::expand::Source;
use crate::model::{Block, Document, Field, Inline, Node, Origin, Reference, Text, walk};
use crate::strings::Strings;
use crate::workspace::Workspace;
use names::Others;
pub use names::{Practice, of_folder};
use placeholders::LEFTOVERS;

/// Checks every document, and the templates and overrides behind them.
pub fn check(workspace: &Workspace, documents: &[Document], sink: &mut Sink) {
    check_among(workspace, documents, &Practice::default(), sink);
}

/// The same, for one workspace of several in a run.
pub fn check_among(workspace: &Workspace, documents: &[Document], practice: &Practice, sink: &mut Sink) {
    let others = practice.others(workspace);
    let overrides = overrides(workspace);
    let pack = &workspace.pack;
    let templates = pack
        .documents
        .iter()
        .map(|template| &template.source)
        .chain(pack.partials.values())
        .chain(pack.blocks.values().flat_map(BTreeMap::values));
    let sources: Vec<&Source> = templates.chain(&overrides).collect();
    let by_name = sources.iter().map(|source| (source.name.clone(), *source)).collect();
    let (gaps, native) = (gaps(&pack.strings), pack.strings.language.common());
    for document in documents {
        let mut check = Check { others: &others, sources: &by_name, gaps: &gaps, native, sink };
        check.blocks(&document.body);
        document.footnotes.values().for_each(|note| check.line(note, &Origin::default()));
    }
    sources.iter().for_each(|source| in_quotes(source, &others, sink));
    in_theme(workspace, &others, sink);
    figures(workspace, &sources, sink);
    placeholders::check(workspace, sink);
}

/// The texts that a workspace puts in place of blocks.
fn overrides(workspace: &Workspace) -> Vec<Source> {
    let paths = workspace.overrides.values().flat_map(BTreeMap::values);
    let read = |path: &String| {
        let text = decode::text(&*workspace.files, path, &mut Sink::new())?;
        Some(Source { name: path.as_str().into(), text, first_line: 1, layer: 0, replaces: None })
    };
    paths.filter_map(read).collect()
}

/// Names in the texts that a template hands to helpers.
fn in_quotes(source: &Source, others: &Others, sink: &mut Sink) {
    for literal in literals::literals(&source.text) {
        for name in others.in_text(literal.text) {
            let row = source.first_line.saturating_add(literal.line - 1);
            let length = u32::try_from(literal.text.lines().next().unwrap_or_default().chars().count());
            let span = Span::text(source.name.clone(), row, literal.column, length.unwrap_or(u32::MAX));
            sink.push(foreign(name, Some(span)));
        }
    }
}

/// Names and leftovers in what header, footer and cover say, and in what their pictures show. A pack may name whoever its
/// title names: the house that it is of.
fn in_theme(workspace: &Workspace, others: &Others, sink: &mut Sink) {
    for (key, part) in workspace.theme.parts() {
        let place = workspace.place_in_theme(&key);
        let is_own = workspace.says_in_theme(&key);
        for text in part.texts() {
            let names = if is_own { others.in_text(text) } else { others.in_text_of_pack(text) };
            let house = if is_own { BTreeSet::new() } else { others.in_text_of_pack(&workspace.pack.manifest.title) };
            let names = names.difference(&house).map(|name| foreign(name, place.clone()));
            let leftovers = LEFTOVERS.find_iter(text).map(|found| {
                finding(&codes::LEFTOVER, format!("`{}` is left in the text", found.as_str()), place.clone())
            });
            sink.extend(names.chain(leftovers).collect::<Vec<_>>());
        }
    }
}

fn foreign(name: &str, span: Option<Span>) -> Diagnostic {
    finding(&codes::FOREIGN_NAME, format!("`{name}` belongs to somebody else"), span)
}

/// Figures with a unit in templates, partials and overrides.
fn figures(workspace: &Workspace, sources: &[&Source], sink: &mut Sink) {
    let Some(pattern) = &workspace.pack.figures else { return };
    for source in sources {
        for (row, line) in (source.first_line..).zip(source.text.lines()) {
            for found in pattern.find_iter(line) {
                let length = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
                let column = length(&line[..found.start()]).saturating_add(1);
                let span = Span::text(source.name.clone(), row, column, length(found.as_str()));
                let message = format!("`{}` is written into the text", found.as_str());
                sink.push(finding(&codes::TYPED_FIGURE, message, Some(span)));
            }
        }
    }
}

fn finding(code: &'static Code, message: String, span: Option<Span>) -> Diagnostic {
    Diagnostic::new(code, Severity::Error, message).at(span).help(code.fix)
}

struct Check<'a> {
    others: &'a Others,
    /// The templates and overrides, by their file.
    sources: &'a BTreeMap<EcoString, &'a Source>,
    /// What a missing value leaves behind.
    gaps: &'a Regex,
    /// The commonest words of the pack's language.
    native: &'a [&'a str],
    sink: &'a mut Sink,
}

impl Check<'_> {
    fn blocks(&mut self, blocks: &[Block<Reference>]) {
        for block in walk(blocks) {
            block.lines().into_iter().for_each(|line| self.line(line, &block.origin));
            match &block.node {
                Node::CodeBlock { text } if is_own(text) => self.names(&text.text, &block.origin),
                Node::Callout(callout) => callout.title.iter().for_each(|title| self.written(title, &block.origin)),
                Node::Figure(figure) => self.written(&figure.alt, &block.origin),
                Node::SignOff { signatories } => {
                    for party in signatories {
                        self.written(&party.role.text, &block.origin);
                        party.name.iter().for_each(|name| self.written(&name.text, &block.origin));
                    }
                }
                _ => {}
            }
        }
    }

    /// A paragraph, heading or cell: what it says, and where the template itself says it.
    fn line(&mut self, line: &[Inline<Reference>], origin: &Origin) {
        let mut text = Line::default();
        text.read(line);
        for found in LEFTOVERS.find_iter(&text.own) {
            let span = self.span_of(&text.own, found.range(), origin);
            self.sink.push(finding(&codes::LEFTOVER, format!("`{}` is left in the text", found.as_str()), span));
        }
        for found in MARKUP.find_iter(&text.own) {
            if let Some(span) = self.markup(&text.own, found.range(), origin) {
                let message = format!("`{}` is Markdown that was not understood", found.as_str().trim());
                self.sink.push(finding(&codes::MARKUP_LEFT, message, span));
            }
        }
        for found in self.gaps.find_iter(&text.shown).filter(|_| is_native(&text.shown, self.native)) {
            let shown = context(&text.shown, found.start(), found.end());
            let span = self.span_of(&text.shown, found.range(), origin);
            self.sink.push(finding(&codes::GAP, format!("`{shown}` looks like a missing value"), span));
        }
        self.names(&text.named, origin);
        for Field { label, choices, .. } in text.fields {
            std::iter::once(label).chain(choices).for_each(|text| self.written(text, origin));
        }
    }

    /// The names of others in a template's own words.
    fn names(&mut self, text: &str, origin: &Origin) {
        for name in self.others.in_text(text) {
            self.sink.push(foreign(name, origin.span.clone().or_else(|| self.place_of(name))));
        }
    }

    /// Where signs of Markdown stand; nothing where their template says that the signs themselves are meant.
    fn markup(&self, line: &str, found: std::ops::Range<usize>, origin: &Origin) -> Option<Option<Span>> {
        let span = self.span_of(line, found.clone(), origin);
        let source = span.as_ref().and_then(|span| self.sources.get(&span.file).zip(Some(span)));
        let written = source
            .and_then(|(source, span)| source.text.lines().nth(span.line.checked_sub(source.first_line)? as usize));
        let is_meant = written.is_some_and(|written| written.contains('\\'));
        (!is_meant).then_some(span)
    }

    /// Where in its template a stretch of a line stands; where the line begins, when it is not found there as it is shown.
    fn span_of(&self, line: &str, found: std::ops::Range<usize>, origin: &Origin) -> Option<Span> {
        let start = origin.span.clone()?;
        self.place_in(line, found, &start).or(Some(start))
    }

    fn place_in(&self, line: &str, found: std::ops::Range<usize>, start: &Span) -> Option<Span> {
        let source = self.sources.get(&start.file)?;
        let first = start.line.checked_sub(source.first_line)? as usize;
        let lines: Vec<&str> = source.text.lines().skip(first).take(MAX_LINES).collect();
        // Lines of one paragraph are parted by a blank where it is shown.
        let text = lines.join(" ");
        let wanted = line[found.clone()].trim_end();
        let before = line[..found.start].rsplit([VALUE_MARK, '\n']).next().unwrap_or_default();
        let wanted_from = wanted.rfind(VALUE_MARK).map_or(0, |at| at + VALUE_MARK.len_utf8());
        let wanted = &wanted[wanted_from..];
        let before = if wanted_from > 0 { "" } else { before };
        let at = [40, 20, 8, 0].into_iter().find_map(|most| {
            let from = before.char_indices().rev().take(most).last().map_or(before.len(), |(at, _)| at);
            let piece = format!("{}{wanted}", &before[from..]);
            let is_whole = |at: usize| !text[..at].ends_with(char::is_alphanumeric) || from < before.len();
            text.match_indices(&piece).map(|(at, _)| at).find(|at| is_whole(*at)).map(|at| at + before.len() - from)
        })?;
        let mut passed = 0;
        for (number, line) in (start.line..).zip(&lines) {
            if at <= passed + line.len() {
                let column = u32::try_from(line.get(..at - passed)?.chars().count() + 1).ok()?;
                let length = u32::try_from(wanted.chars().count()).ok()?;
                return Some(Span::text(start.file.clone(), number, column, length));
            }
            passed += line.len() + 1;
        }
        None
    }

    /// The first line of a template or override that has a name, for a footnote, which does not know its own.
    fn place_of(&self, name: &str) -> Option<Span> {
        self.sources.values().find_map(|source| {
            let mut lines = (source.first_line..).zip(source.text.lines());
            let (row, _) = lines.find(|(_, line)| self.others.in_text(line).contains(name))?;
            Some(Span::text(source.name.clone(), row, 1, 0))
        })
    }

    /// The same in a text of which is not known whether it is a template's own: it is when its file has the name too.
    fn written(&mut self, text: &str, origin: &Origin) {
        let found = self.others.in_text(text);
        if found.is_empty() {
            return;
        }
        let source = origin.span.as_ref().and_then(|span| self.sources.get(&span.file));
        let there: BTreeSet<&str> = source.map(|source| self.others.in_text(&source.text)).unwrap_or_default();
        for name in found.intersection(&there) {
            self.sink.push(foreign(name, origin.span.clone()));
        }
    }
}

/// Whether a text is a template's own, and shows no value.
fn is_own(text: &Text) -> bool {
    text.from.is_empty() && !text.computed
}

/// What is left of Markdown: signs that begin or end nothing, notes and links that lead nowhere, headings and comments that
/// are none, boxes of a task list.
static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    placeholders::pattern(
        r"\*\*|~~|`|!?\[[^\]\n]*\]\([^)\s]*|\[\^[^\]\s]*\]?|\[[^\]\n]*\]\[[^\]\n]*\]|\[\[|\]\]|<!--|-->|(?m:^#{1,6}\w)|(?m:^\[[ xX]\] )",
    )
});

/// The fewest words of a line of which can be told that they are of another language.
const MIN_WORDS: usize = 4;

/// Whether a line seems to be in the pack's language, of which the commonest words are given: what tells a gap in one
/// language is good style in another. Of a short line, and of a language without such words, nothing else is known.
fn is_native(line: &str, common: &[&str]) -> bool {
    let words = || line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    common.is_empty()
        || words().count() < MIN_WORDS
        || words().any(|word| common.contains(&word.to_lowercase().as_str()))
}

/// What a missing value leaves behind in a language. Values are shown as `\u{1}`, so that what a profile writes is not
/// judged.
fn gaps(strings: &Strings) -> Regex {
    // Where a blank may stand before a semicolon, it tells nothing.
    let marks = if strings.language.has_spaced_colons() { "[.,]" } else { "[.,;]" };
    // A file's ending begins with a dot, and code calls with empty brackets.
    let always = format!(r"\w+ +{marks}(\s|$)|[,;:]\s*[.,;](\s|$)|(^|[^\w\x01])\(\s*[),]");
    let words: Vec<String> = strings.unfinished().into_iter().map(regex::escape).collect();
    let whole = format!(r"{always}|\b(?:{}) ?[.,;:](\s|$)", words.join("|"));
    let usual = || RegexBuilder::new(&always).build();
    let found = if words.is_empty() { usual() } else { RegexBuilder::new(&whole).size_limit(MAX_GAPS).build() };
    found.or_else(|_| usual()).expect("a constant pattern")
}

/// The most bytes of the compiled words that no sentence ends in; a pack with more of them has none.
const MAX_GAPS: usize = 1 << 20;

/// How many lines of a template a paragraph is looked for in.
const MAX_LINES: usize = 200;

/// Stands for a value.
const VALUE: &str = "\u{1}";
const VALUE_MARK: char = '\u{1}';

fn context(text: &str, start: usize, end: usize) -> String {
    let before = text[..start].char_indices().rev().nth(19).map_or(0, |(at, _)| at);
    text[before..end].replace('\u{1}', "…").trim().to_owned()
}

/// A line as it is shown, with values as one sign each; its own words with values and code left out; and these with code.
#[derive(Default)]
struct Line<'d> {
    shown: String,
    own: String,
    named: String,
    fields: Vec<&'d Field>,
}

impl<'d> Line<'d> {
    fn read(&mut self, inlines: &'d [Inline<Reference>]) {
        for inline in inlines {
            match inline {
                // The mark itself, where it is spoken of.
                Inline::Text(text) if text.proposed && text.text.is_empty() => self.push(VALUE, VALUE, VALUE),
                Inline::Text(text) | Inline::Status { text, .. } if is_own(text) => {
                    self.push(&text.text, &text.text, &text.text);
                }
                Inline::Code(text) if is_own(text) => self.push(VALUE, VALUE, &text.text),
                Inline::Unrecorded(text) => self.push(VALUE, VALUE, &text.text),
                Inline::Text(_) | Inline::Status { .. } | Inline::Code(_) | Inline::Reference(_) => {
                    self.push(VALUE, VALUE, VALUE);
                }
                Inline::Field(field) => {
                    self.push(VALUE, VALUE, VALUE);
                    self.fields.push(field);
                }
                Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                    self.read(content);
                }
                Inline::Footnote { .. } => {}
                Inline::LineBreak => self.push("\n", "\n", "\n"),
            }
        }
    }

    fn push(&mut self, shown: &str, own: &str, named: &str) {
        self.shown.push_str(shown);
        self.own.push_str(own);
        self.named.push_str(named);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::specimen::{data, p, text};

    fn codes_of(content: Vec<Inline<Reference>>) -> Vec<String> {
        codes_in("en-GB", None, content)
    }

    fn codes_in(language: &str, unfinished: Option<Vec<String>>, content: Vec<Inline<Reference>>) -> Vec<String> {
        let mut strings = crate::testing::strings();
        strings.speak(language).unwrap();
        strings.unfinished = unfinished;
        let others = Others::of_test(&["Harbour Works", "Rounds"], &[]);
        let mut sink = Sink::new();
        let (gaps, native) = (gaps(&strings), strings.language.common());
        Check { others: &others, sources: &BTreeMap::new(), gaps: &gaps, native, sink: &mut sink }
            .blocks(&[p(content)]);
        sink.into_vec().into_iter().map(|found| found.code.to_string()).collect()
    }

    #[test]
    fn what_a_template_left_behind_is_found() {
        assert_eq!(codes_of(vec![text("See {{name}}.")]), ["F417", "F417"]);
        assert_eq!(codes_of(vec![text("The owner is TBC.")]), ["F417"]);
        assert_eq!(codes_of(vec![text("Kept by the .")]), ["F418"]);
        assert_eq!(codes_of(vec![text("Kept by , and () for long.")]), ["F418", "F418"]);
        assert_eq!(codes_of(vec![text("As at Harbour Works, so here.")]), ["F419"]);
    }

    #[test]
    fn what_is_left_of_markdown_is_found() {
        for left in [
            "This is **important.",
            "See this[^1].",
            "See [text][ref].",
            "See [x](http://a.b",
            "A ~~gone~~ word.",
            "[ ] do it",
            "See [[handbook#sec-a",
            "#Heading",
            "An `open code.",
            "Text <!-- open",
            "![alt](x.svg",
        ] {
            let codes = codes_of(vec![text(left)]);
            assert!(!codes.is_empty() && codes.iter().all(|code| code == "F423"), "{left}: {codes:?}");
        }
        for meant in
            ["2 * 3 * 4, snake_case", "as said in [3]", "# 5 of the list", "No. #12 (see there)", "x [sic] (y)"]
        {
            assert!(codes_of(vec![text(meant)]).is_empty(), "{meant}");
        }
        assert!(codes_of(vec![data("**x", "a.b")]).is_empty(), "what a profile says is its own");
    }

    #[test]
    fn what_no_sentence_ends_in_is_said_by_the_language() {
        let line = || vec![text("Jede Person meldet sich selbst an. Der Plan ist von der.")];
        assert!(codes_in("en-GB", None, line()).is_empty(), "no English sentence");
        assert_eq!(codes_of(vec![text("Each of them needs an.")]), ["F418"], "`an.` is a gap in English");
        assert!(
            codes_of(vec![text("Files (.exe, .msi) and calls of eval() or exec() are not let through.")]).is_empty()
        );
        assert!(codes_in("de-DE", None, line()).is_empty());
        assert_eq!(codes_in("de-DE", Some(vec!["der".into(), "(".into()]), line()), ["F418"]);
        let french = || vec![text("Les accès sont revus ; les écarts sont notés.")];
        assert!(["en-GB", "de-DE", "fr-FR"].iter().all(|language| codes_in(language, None, french()).is_empty()));
        assert!(codes_in("fr-FR", None, vec![text("Oui ; non : rien.")]).is_empty());
        assert_eq!(codes_in("fr-FR", None, vec![text("Tenu par , depuis ().")]), ["F418", "F418"]);
        let many = Some((0..200_000).map(|number| format!("word{number}")).collect());
        assert_eq!(codes_in("de-DE", many, vec![text("Tenu par , depuis.")]), ["F418"]);
    }

    #[test]
    fn values_and_whole_sentences_are_left_alone() {
        assert!(codes_of(vec![data("{{x}} TBC Harbour Works .", "a.b")]).is_empty());
        assert!(
            codes_of(vec![text("Kept for "), data("", "a.b"), text(", by all. Half-open: done (see below).")])
                .is_empty()
        );
        assert!(codes_of(vec![text("Roundsman, e.g. one who is never late … ever. A ratio of 3 : 4")]).is_empty());
    }
}
