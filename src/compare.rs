//! One workspace in two languages: whether both say the same facts of it. Words differ; what is shown of the profile, and
//! the figures that stand in the text itself, must not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use regex::Regex;

use crate::decode;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::files::Files;
use crate::model::Document;
use crate::model::origins::DATA;
use crate::pack::Pack;
use crate::plan::Plan;
use crate::session::Session;
use crate::trace;
use crate::workspace::Workspace;

/// How many facts a finding names.
const SHOWN: usize = 8;

/// What follows a row's key in the path of a form of its name.
const FORMS: &str = "].forms.";

/// A word, a figure, or an id such as `E.2`.
static WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{L}\d]+(?:[.,:/'’\u{A0}\u{202F}-][\p{L}\d]+)*").expect("a constant pattern"));

/// What was compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// The documents that both sets have, each with the number of facts that both print.
    pub documents: Vec<(String, usize)>,
    /// Those that only one has.
    pub alone: Vec<String>,
}

/// Renders a workspace with its own pack and with one in another language, and reports the facts that only one of them
/// prints.
pub fn compare(
    session: &Session,
    root: &Path,
    files: Arc<dyn Files>,
    packs: [Arc<Pack>; 2],
    sink: &mut Sink,
) -> Option<Compared> {
    let [own, other] = packs.map(|pack| Made::of(session, root, files.clone(), pack, sink));
    let (own, other) = (own?, other?);
    let mut compared = Compared::default();
    for (id, document) in &own.documents {
        let Some(theirs) = other.documents.get(id) else {
            compared.alone.push(id.clone());
            continue;
        };
        report(id, document, theirs, [&own, &other], sink);
        report(id, theirs, document, [&other, &own], sink);
        let both = document.facts.iter().filter(|fact| shows(&theirs.facts, fact)).count();
        compared.documents.push((id.clone(), both));
    }
    compared.alone.extend(other.documents.keys().filter(|id| !own.documents.contains_key(*id)).cloned());
    decode::show_lines(&own.workspace.trees(), sink);
    Some(compared)
}

/// A set in one language.
struct Made {
    workspace: Workspace,
    documents: BTreeMap<String, Facts>,
}

/// What a document says of its organisation.
struct Facts {
    /// The paths of the profile that it shows.
    facts: BTreeSet<String>,
    /// The figures that its text has of its own.
    figures: BTreeSet<String>,
    span: Span,
}

impl Made {
    fn of(session: &Session, root: &Path, files: Arc<dyn Files>, pack: Arc<Pack>, sink: &mut Sink) -> Option<Made> {
        let workspace = session.workspace_with(root, files, pack, sink)?;
        let plan = session.plan(&workspace, sink);
        // What is to be said of a set is said when it is checked by itself; what keeps it from being made, here.
        let mut said = Sink::new();
        let Some(documents) = session.documents(&workspace, &plan, &mut said).documents else {
            sink.merge(said);
            return None;
        };
        let documents =
            documents.iter().map(|document| (document.control.id.clone(), Facts::of(&workspace, &plan, document)));
        Some(Made { documents: documents.collect(), workspace })
    }

    fn language(&self) -> &str {
        &self.workspace.pack.manifest.language
    }
}

impl Facts {
    fn of(workspace: &Workspace, plan: &Plan, document: &Document) -> Facts {
        let mut facts = BTreeSet::new();
        let mut figures = BTreeSet::new();
        let is_digit = |c: char| c.is_ascii_digit();
        for entry in trace::trace(workspace, plan, document) {
            let mut text = entry.text;
            for reference in &entry.references {
                text = text.replacen(reference, " ", 1);
            }
            for value in entry.values {
                text = text.replacen(&value.text, " ", 1);
                facts.extend(value.from.iter().filter_map(|fact| shown(&fact.path)));
            }
            let found = WORD.find_iter(&text).map(|word| word.as_str());
            figures.extend(found.filter(|word| word.contains(is_digit)).map(figure));
        }
        let template = workspace.pack.documents.iter().find(|template| template.id == document.control.id);
        let file = template.map(|template| template.source.name.clone()).unwrap_or_default();
        Facts { facts, figures, span: Span::file(file) }
    }
}

/// A figure as it is compared: languages differ in what stands between its digits, but for times and the like.
fn figure(word: &str) -> String {
    let is_number = word.chars().all(|c| c.is_ascii_digit() || ".,'’\u{A0}\u{202F}".contains(c));
    if is_number { word.chars().filter(char::is_ascii_digit).collect() } else { word.to_owned() }
}

/// The path of a fact, as it is compared: of a pack's data, which is translated, the row; of what rules make, nothing.
fn shown(path: &str) -> Option<String> {
    if path.starts_with("derived.") {
        return None;
    }
    if let Some((row, _)) = path.split_once(FORMS) {
        return Some(format!("{row}{FORMS}"));
    }
    match path.strip_prefix(DATA) {
        Some(rest) if rest.starts_with('.') => path.find(']').map(|end| path[..=end].to_owned()),
        _ => Some(path.to_owned()),
    }
}

/// Whether a document shows a fact, as a value or as a form of it.
fn shows(facts: &BTreeSet<String>, fact: &str) -> bool {
    let of_row =
        |row: &str| facts.iter().any(|known| known.strip_prefix(row).is_some_and(|rest| rest.starts_with("].")));
    match (fact.strip_suffix(FORMS), fact.rsplit_once("].")) {
        _ if facts.contains(fact) => true,
        (Some(row), _) => of_row(row),
        (None, Some((row, _))) => facts.contains(&format!("{row}{FORMS}")),
        (None, None) => false,
    }
}

/// Reports what one document says and the other does not.
fn report(id: &str, one: &Facts, another: &Facts, [here, there]: [&Made; 2], sink: &mut Sink) {
    let missing: Vec<&str> = one.facts.iter().filter(|fact| !shows(&another.facts, fact)).map(String::as_str).collect();
    let figures: Vec<&str> = one.figures.difference(&another.figures).map(String::as_str).collect();
    for (what, names) in [("facts of the profile", missing), ("figures", figures)] {
        if names.is_empty() {
            continue;
        }
        let first = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let more = names.len().saturating_sub(SHOWN);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let (here, there) = (here.language(), there.language());
        let message = format!("`{id}` prints {what} in {here} that it does not in {there}: {first}{more}");
        let found = Diagnostic::new(&codes::LANGUAGES_DIFFER, Severity::Warning, message);
        sink.push(found.at(another.span.clone()).help(codes::LANGUAGES_DIFFER.fix));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_in_every_language() {
        for written in ["12.345,5", "12,345.5", "12\u{202F}345,5", "12\u{A0}345,5", "12’345.5"] {
            let words: Vec<&str> = WORD.find_iter(written).map(|word| word.as_str()).collect();
            assert_eq!(words, [written]);
            assert_eq!(figure(written), "123455");
        }
        assert_eq!(figure("17:30"), "17:30");
        assert_eq!(figure("A.5.1"), "A.5.1");
    }

    #[test]
    fn a_form_of_a_value_is_the_value() {
        let facts = |paths: &[&str]| -> BTreeSet<String> { paths.iter().filter_map(|path| shown(path)).collect() };
        let german = facts(&["roles[ciso].forms.genitive", "data.controls[A.5.1].title", "derived.x"]);
        let english = facts(&["roles[ciso].title", "roles[it].title", "data.controls[A.5.1].text"]);
        let of = |one: &BTreeSet<String>, other: &BTreeSet<String>| -> Vec<String> {
            one.iter().filter(|fact| !shows(other, fact)).cloned().collect()
        };
        assert_eq!(of(&english, &german), ["roles[it].title"]);
        assert_eq!(of(&german, &english), Vec::<String>::new());
    }
}
