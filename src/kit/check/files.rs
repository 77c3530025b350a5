//! Files of a pack that nothing lists or reads: a document that was forgotten in `documents`, a register that no profile
//! names, a name with a slip of the pen in it.

use std::collections::{BTreeMap, BTreeSet};

use super::Subject;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span, nearest};
use crate::kit::fixture::FOLDER as FIXTURES;
use crate::pack::{fonts, starter, unchecked};

/// What a pack may have beside its parts, for people: by the beginning of its name.
const FOR_PEOPLE: [&str; 12] = [
    "readme",
    "license",
    "licence",
    "copying",
    "copyright",
    "notice",
    "authors",
    "changelog",
    "contributing",
    "security",
    "credits",
    "fontlog",
];

/// The files of the workspaces in a pack that were read, by the folder of the workspace: `fixtures/small`, `starter`.
pub(super) type Read = BTreeMap<String, BTreeSet<String>>;

pub(super) fn check(subject: &Subject<'_>, read: &Read, sink: &mut Sink) {
    for (at, layer) in subject.pack.layers.iter().enumerate().take(subject.depth) {
        for path in layer.files.list("").unwrap_or_default() {
            if let Some(unused) = what(subject, at, &path, read) {
                let span = Span::file(layer.files.name(&path));
                let message = format!("{} is used nowhere", unused.what);
                let severity = if unused.is_slight { Severity::Note } else { subject.unused_in(at) };
                let diagnostic = Diagnostic::new(&codes::UNUSED, severity, message).at(span);
                sink.push(diagnostic.help(unused.help));
            }
        }
    }
}

/// A file that is not used: what it is, and what to do.
struct Unused {
    what: String,
    help: String,
    /// Whether it does no harm.
    is_slight: bool,
}

fn unused(what: impl Into<String>, help: impl Into<String>) -> Option<Unused> {
    Some(Unused { what: what.into(), help: help.into(), is_slight: false })
}

/// What a file is that nothing reads. Parts that the pack has by their name and nobody includes are told with the parts.
fn what(subject: &Subject<'_>, layer: usize, path: &str, read: &Read) -> Option<Unused> {
    let pack = subject.pack;
    let ids = || pack.documents.iter().map(|document| document.id.as_str());
    let (folder, rest) = path.split_once('/').unwrap_or(("", path));
    let stem = rest.strip_suffix(".md.hbs");
    match (folder, rest) {
        (
            "",
            "pack.yaml"
            | "profile.schema.json"
            | "theme.yaml"
            | "strings.yaml"
            | "forms.yaml"
            | "glossary.yaml"
            | "translation.yaml",
        ) => None,
        ("", name) if is_for_people(name) || name == unchecked::FILE => None,
        _ if pack.layers[layer].manifest.rules.iter().any(|listed| listed == path) => None,
        ("documents", _) => match stem {
            Some(id) if pack.manifest.documents.iter().any(|known| known == id) => None,
            Some(id) => unused(
                format!("the document `{id}`"),
                format!("add `{id}` to `documents` in pack.yaml, or delete the file"),
            ),
            None => other(path, "a document is a file `documents/<id>.md.hbs`"),
        },
        ("rules", _) => unused(
            format!("the file of rules `{path}`"),
            format!("add `{path}` to `rules` in pack.yaml, or delete the file"),
        ),
        ("partials", _) if stem.is_some() => None,
        ("partials", _) => other(path, "a partial is a file `partials/<name>.md.hbs`"),
        ("blocks", _) => match stem.and_then(|stem| stem.split_once('/')).filter(|(_, block)| !block.contains('/')) {
            Some((document, block)) => self::block(subject, layer, path, document, block),
            None => other(path, "what stands in place of a block is a file `blocks/<document>/<block>.md.hbs`"),
        },
        ("data", _) if !rest.contains('/') && (rest.ends_with(".csv") || rest.ends_with(".yaml")) => None,
        ("data", _) => other(path, "data are files `data/<name>.csv` or `data/<name>.yaml`"),
        ("images", _) => None,
        ("messages", _) if !rest.contains('/') && rest.ends_with(".yaml") => None,
        // Whether it is one, and whether anybody needs it, is told with the fonts.
        ("fonts", _) if fonts::is_font(path) || fonts::is_licence(path) || is_for_people(base_name(rest)) => None,
        ("fonts", _) => other(path, "`fonts/` holds fonts, and the licences and notes that they come with"),
        ("checklists", _) => {
            let id = rest.strip_suffix(".yaml").and_then(|stem| stem.split('.').next());
            match id.filter(|_| !rest.contains('/')) {
                Some(id) if ids().any(|known| known == id) => None,
                Some(id) => {
                    let near = nearest(id, ids());
                    let near = near.map(|near| format!("did you mean `{near}`?"));
                    let help = near.unwrap_or_else(|| format!("the pack has no document `{id}`; delete the file"));
                    unused(format!("the checklist `{path}`"), help)
                }
                None => other(path, "a checklist is a file `checklists/<document>.yaml`"),
            }
        }
        ("migrations", _) if !rest.contains('/') && rest.ends_with(".yaml") => None,
        ("migrations", _) => {
            let files = &pack.layers[layer].files;
            let names = |other: &String| {
                let text = files.read(other).unwrap_or_default();
                other.ends_with(".yaml") && String::from_utf8_lossy(&text).contains(rest)
            };
            let is_named = files.list("migrations").unwrap_or_default().iter().any(names);
            if is_named {
                return None;
            }
            other(path, "name it as a `table` in a migration, or delete the file")
        }
        (FIXTURES, _) => fixture(subject, rest, read),
        ("starters", _) => {
            let (name, inner) = rest.split_once('/').unwrap_or(("", rest));
            if inner == starter::FILE || is_for_people(base_name(rest)) {
                return None;
            }
            if name.is_empty() {
                return other(path, "a starter is a folder `starters/<name>/` with starter.yaml and profile.yaml");
            }
            let unread = read.get(&format!("{folder}/{name}")).is_some_and(|read| !read.contains(inner));
            if !unread || inner.split('/').any(|name| name.starts_with('.')) {
                return None;
            }
            let help = "a workspace is laid down with it, and neither its profile nor its folio.yaml names it";
            Some(Unused { what: format!("`{path}`"), help: help.into(), is_slight: true })
        }
        ("starter", _) => {
            // People find in a new workspace what its author wants them to.
            let hidden = rest.split('/').any(|name| name.starts_with('.'));
            let unread = read.get(folder).is_some_and(|read| !read.contains(rest));
            if !unread || hidden || is_for_people(base_name(rest)) {
                return None;
            }
            let help = "a workspace is laid down with it, and neither its profile nor its folio.yaml names it";
            Some(Unused { what: format!("`{path}`"), help: help.into(), is_slight: true })
        }
        _ => other(path, "no part of a pack has this name or stands in this folder; delete the file, or move it"),
    }
}

fn other(path: &str, help: &str) -> Option<Unused> {
    unused(format!("`{path}`"), help)
}

/// The name of a file without its folders.
fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn is_for_people(name: &str) -> bool {
    let name = name.to_lowercase();
    FOR_PEOPLE.iter().any(|start| name.starts_with(start))
}

/// A text in place of a block, in a document of a base that has no such block.
fn block(subject: &Subject<'_>, layer: usize, path: &str, document: &str, block: &str) -> Option<Unused> {
    let (template, prepared) = subject.templates.iter().find(|(template, _)| template.id == document)?;
    if template.source.layer < layer {
        let help = format!("a pack further out has a `documents/{document}.md.hbs` of its own; delete the file");
        return unused(format!("`{path}`"), help);
    }
    let blocks = &prepared.as_ref()?.blocks;
    if blocks.iter().any(|known| known == block) {
        return None;
    }
    let near = nearest(block, blocks.iter().map(String::as_str));
    let help = match near {
        Some(near) => format!("`{document}` has no block `{block}`; did you mean `{near}`?"),
        None if blocks.is_empty() => format!("`{document}` has no blocks"),
        None => format!("`{document}` has no block `{block}`; it has: {}", blocks.join(", ")),
    };
    unused(format!("`{path}`"), help)
}

/// A file of a fixture that its workspace does not read.
fn fixture(subject: &Subject<'_>, rest: &str, read: &Read) -> Option<Unused> {
    let path = format!("{FIXTURES}/{rest}");
    let Some((name, inner)) = rest.split_once('/') else {
        if is_for_people(rest) {
            return None;
        }
        return other(&path, "a fixture is a folder `fixtures/<name>/` with folio.yaml and profile.yaml");
    };
    if let Some(dump) = inner.strip_prefix("expected/") {
        let id = dump.strip_suffix(".txt");
        let is_known = id.is_some_and(|id| subject.pack.documents.iter().any(|document| document.id == id));
        if is_known {
            return None;
        }
        return other(&path, "`folio pack test --accept` removes what is expected in vain");
    }
    let is_unread = read.get(&format!("{FIXTURES}/{name}")).is_some_and(|read| !read.contains(inner));
    if is_unread && !is_for_people(base_name(inner)) {
        return other(&path, "neither the fixture's profile nor its folio.yaml names it");
    }
    None
}
