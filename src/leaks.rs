//! Leaks: what must not be in a finished document. Findings, never faults: a draft is made all the same.
//!
//! Leftovers of templates and words for gaps anywhere; names of others and figures with a unit in what templates and
//! overrides say, since the profile's own values are its own affair.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value as Json;

use crate::decode;
use crate::diagnostic::codes::document as codes;
use crate::diagnostic::{Code, Diagnostic, Severity, Sink, Span};
use crate::expand::Source;
use crate::files::{Disk, Files, Under};
use crate::model::{Block, Document, Inline, Origin, Reference, walk};
use crate::workspace::{self, Workspace, profile};

/// Shorter names are words.
const SHORTEST_NAME: usize = 4;

/// Checks every document, and the templates and overrides behind them.
pub fn check(workspace: &Workspace, documents: &[Document], sink: &mut Sink) {
    let names = Names::of(workspace);
    for document in documents {
        let mut check = Check { names: &names, sink };
        check.blocks(&document.body);
        document.footnotes.values().for_each(|note| check.line(note, &Origin::default()));
    }
    figures(workspace, sink);
}

/// Figures with a unit in templates, partials and overrides.
fn figures(workspace: &Workspace, sink: &mut Sink) {
    let Some(pattern) = &workspace.pack.figures else { return };
    let overrides = workspace.overrides.values().flat_map(BTreeMap::values).filter_map(|path| {
        let text = decode::text(&*workspace.files, path, &mut Sink::new())?;
        Some(Source { name: path.as_str().into(), text, first_line: 1, layer: 0, replaces: None })
    });
    let overrides: Vec<Source> = overrides.collect();
    let pack = &workspace.pack;
    let templates = pack
        .documents
        .iter()
        .map(|template| &template.source)
        .chain(pack.partials.values())
        .chain(pack.blocks.values().flat_map(BTreeMap::values));
    for source in templates.chain(&overrides) {
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
    Diagnostic::new(code.id, Severity::Error, message).at(span).help(code.fix)
}

/// Names that belong to others.
struct Names(BTreeSet<String>);

impl Names {
    /// The names of the pack's starter and fixtures and, when this workspace has text of its own, of the workspaces
    /// beside it.
    fn of(workspace: &Workspace) -> Names {
        let keys = &workspace.pack.manifest.names;
        let mut others = BTreeSet::new();
        let mut take = |value: &Json| keys.iter().for_each(|key| collect(value, key, &mut others));
        for folder in std::iter::once("starter".to_owned()).chain(fixtures(workspace)) {
            take(&other_profile(workspace, &Under::new(workspace.pack.files().clone(), folder)));
        }
        if !workspace.overrides.is_empty() {
            siblings(&workspace.root).iter().for_each(|folder| take(&other_profile(workspace, &Disk::new(folder, ""))));
        }
        let mut own = BTreeSet::new();
        keys.iter().for_each(|key| collect(&workspace.profile.value, key, &mut own));
        others.retain(|name| name.chars().count() >= SHORTEST_NAME && !own.contains(name));
        Names(others)
    }

    /// The names in a text, as whole words.
    fn in_text<'n>(&'n self, text: &str) -> Vec<&'n str> {
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let stands_alone = |at: usize, name: &str| {
            !is_word(text[..at].chars().next_back()) && !is_word(text[at + name.len()..].chars().next())
        };
        let found =
            self.0.iter().filter(|name| text.match_indices(name.as_str()).any(|(at, _)| stands_alone(at, name)));
        found.map(String::as_str).collect()
    }
}

/// The folders of the pack's fixtures.
fn fixtures(workspace: &Workspace) -> BTreeSet<String> {
    let paths = workspace.pack.files().list("fixtures").unwrap_or_default();
    let folder =
        |path: &String| path.strip_prefix("fixtures/")?.split_once('/').map(|(name, _)| format!("fixtures/{name}"));
    paths.iter().filter_map(folder).collect()
}

/// The folders beside a workspace that are workspaces too.
fn siblings(root: &Path) -> Vec<std::path::PathBuf> {
    let Ok(root) = std::path::absolute(root) else { return Vec::new() };
    let Some(above) = root.parent() else { return Vec::new() };
    Disk::folders(above)
        .into_iter()
        .filter(|folder| *folder != root && folder.join(workspace::SETTINGS).is_file())
        .collect()
}

/// The profile of another workspace, with its registers when it is sound and as it is written when it is not; nothing
/// when it cannot be read. What is wrong with it is that workspace's affair.
fn other_profile(workspace: &Workspace, files: &dyn Files) -> Json {
    let unheard = &mut Sink::new();
    let settings = decode::read(files, workspace::SETTINGS, unheard);
    let path = settings.as_ref().and_then(|settings| settings.text("profile")).unwrap_or("profile.yaml");
    let pack = &workspace.pack;
    let sound = profile::load(files, path, &pack.schema, &pack.catalogues(), unheard);
    let written = || decode::read(files, path, &mut Sink::new()).map(|located| located.to_json());
    sound.map(|profile| profile.value).or_else(written).unwrap_or_default()
}

/// The texts at a path such as `suppliers[].name`.
fn collect(value: &Json, path: &str, found: &mut BTreeSet<String>) {
    let (key, rest) = path.split_once('.').unwrap_or((path, ""));
    let below = &value[key.trim_end_matches("[]")];
    let items: Vec<&Json> = match below {
        Json::Array(items) if key.ends_with("[]") => items.iter().collect(),
        below => vec![below],
    };
    for item in items {
        match item.as_str() {
            Some(text) if rest.is_empty() => found.extend([text.trim_start_matches("https://").to_owned()]),
            _ if !rest.is_empty() => collect(item, rest, found),
            _ => {}
        }
    }
}

struct Check<'a> {
    names: &'a Names,
    sink: &'a mut Sink,
}

impl Check<'_> {
    fn blocks(&mut self, blocks: &[Block<Reference>]) {
        for block in walk(blocks) {
            block.lines().into_iter().for_each(|line| self.line(line, &block.origin));
        }
    }

    /// A paragraph, heading or cell: what it says, and where the template itself says it.
    fn line(&mut self, line: &[Inline<Reference>], origin: &Origin) {
        let mut text = Line::default();
        text.read(line);
        let mut say = |code, message| self.sink.push(finding(code, message, origin.span.clone()));
        for found in LEFTOVERS.find_iter(&text.own) {
            say(&codes::LEFTOVER, format!("`{}` is left in the text", found.as_str()));
        }
        for found in GAPS.find_iter(&text.shown) {
            say(
                &codes::GAP,
                format!("`{}` looks like a missing value", context(&text.shown, found.start(), found.end())),
            );
        }
        for name in self.names.in_text(&text.own) {
            say(&codes::FOREIGN_NAME, format!("`{name}` belongs to somebody else"));
        }
    }
}

/// What templates leave behind: braces of Handlebars, words for what is still to be written.
static LEFTOVERS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\{\{|\}\}|\{%|%\}|\b(TODO|TBC|TBD|FIXME|XXX+)\b|(?i:lorem ipsum)|\[(?i:insert|name|company|date)\b")
});
/// What a missing value leaves behind. Values are shown as `\u{1}`, so that what a profile writes is not judged.
static GAPS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\w+ +[.,;](\s|$)|[,;:]\s*[.,;]|\(\s*[),]|\b(the|an) ?[.,;:](\s|$)"));

fn pattern(constant: &str) -> Regex {
    Regex::new(constant).expect("a constant pattern")
}

fn context(text: &str, start: usize, end: usize) -> String {
    let before = text[..start].char_indices().rev().nth(19).map_or(0, |(at, _)| at);
    text[before..end].replace('\u{1}', "…").trim().to_owned()
}

/// A line as it is shown, with values as one sign each, and its own words with values left out.
#[derive(Default)]
struct Line {
    shown: String,
    own: String,
}

impl Line {
    fn read(&mut self, inlines: &[Inline<Reference>]) {
        for inline in inlines {
            match inline {
                Inline::Text(text) | Inline::Status { text, .. } if text.from.is_empty() && !text.computed => {
                    self.shown.push_str(&text.text);
                    self.own.push_str(&text.text);
                }
                Inline::Text(_) | Inline::Status { .. } | Inline::Code(_) | Inline::Reference(_) | Inline::Field(_) => {
                    self.shown.push('\u{1}');
                    self.own.push('\u{1}');
                }
                Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                    self.read(content);
                }
                Inline::Footnote { .. } => {}
                Inline::LineBreak => {
                    self.shown.push('\n');
                    self.own.push('\n');
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::specimen::{data, p, text};

    fn codes_of(content: Vec<Inline<Reference>>) -> Vec<String> {
        let names = Names(["Harbour Works", "Rounds"].map(str::to_owned).into());
        let mut sink = Sink::new();
        Check { names: &names, sink: &mut sink }.blocks(&[p(content)]);
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
    fn values_and_whole_sentences_are_left_alone() {
        assert!(codes_of(vec![data("{{x}} TBC Harbour Works .", "a.b")]).is_empty());
        assert!(
            codes_of(vec![text("Kept for "), data("", "a.b"), text(", by all. Half-open: done (see below).")])
                .is_empty()
        );
        assert!(codes_of(vec![text("Roundsman, e.g. one who is never late … ever. A ratio of 3 : 4")]).is_empty());
    }
}
