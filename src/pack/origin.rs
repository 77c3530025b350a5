//! Where each part of a pack comes from: the pack itself, or one that it extends.

use super::{Pack, has};
use crate::yaml::{Located, Node};

/// A part of a pack and the pack of the chain that gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// What it is, such as `document`.
    pub kind: &'static str,
    /// Its name: an id, a file or a key.
    pub name: String,
    /// The pack that gives it: id and version.
    pub from: String,
    /// The packs whose part of the same name it takes the place of, or is laid over.
    pub over: Vec<String>,
}

/// Every part of a pack, by kind and name.
pub fn of(pack: &Pack) -> Vec<Origin> {
    let mut parts = Vec::new();
    let mut part = |kind, name: String, layer: usize, over: Vec<String>| {
        parts.push(Origin { kind, name, from: pack.label(layer), over });
    };
    // The packs below a layer that have a file.
    let below = |layer: usize, path: &str| -> Vec<String> {
        let inner = pack.layers.iter().skip(layer + 1).filter(|layer| has(&*layer.files, path));
        inner.map(super::Layer::label).collect()
    };
    for document in &pack.documents {
        let path = format!("documents/{}.md.hbs", document.id);
        part("document", document.id.clone(), document.source.layer, below(document.source.layer, &path));
        for (block, source) in pack.blocks.get(&document.id).into_iter().flatten() {
            let name = format!("{}/{block}", document.id);
            part("block", name, source.layer, vec![pack.label(document.source.layer)]);
        }
    }
    for dropped in &pack.dropped {
        let id = dropped.template.id.clone();
        part("left out", id, dropped.layer, vec![pack.label(dropped.template.source.layer)]);
    }
    for (name, source) in &pack.partials {
        part("partial", name.clone(), source.layer, below(source.layer, &format!("partials/{name}.md.hbs")));
    }
    for rule in &pack.derive {
        part("derived value", rule.id.clone(), rule.layer, Vec::new());
    }
    for check in &pack.checks {
        part("check", check.id.clone(), check.layer, Vec::new());
    }
    for rule in &pack.propose {
        part("proposal", rule.id.clone(), rule.layer, Vec::new());
    }
    for (folder, kind) in [
        ("data/", "data"),
        ("images/", "image"),
        ("fonts/", "font"),
        ("starter/", "starter"),
        ("starters/", "starter"),
        ("migrations/", "migration"),
    ] {
        let paths = crate::files::Files::list(&**pack.files(), folder.trim_end_matches('/')).unwrap_or_default();
        for path in paths {
            let layer = pack.files().layer_of(&path).unwrap_or_default();
            let name = path.strip_prefix(folder).unwrap_or(&path).to_owned();
            part(kind, name, layer, below(layer, &path));
        }
    }
    for path in ["theme.yaml", "strings.yaml", super::FORMS] {
        let mut keys: Vec<(String, usize)> = Vec::new();
        for (layer, tree) in pack.layers.iter().enumerate() {
            if !super::has(&*tree.files, path) {
                continue;
            }
            let text = crate::decode::read(&*tree.files, path, &mut crate::diagnostic::Sink::new());
            text.iter().for_each(|located| leaves(located, "", layer, &mut keys));
        }
        for (at, (key, layer)) in keys.iter().enumerate() {
            if !keys[..at].iter().any(|(known, _)| known == key) {
                let over = keys[at + 1..].iter().filter(|(other, _)| other == key).map(|(_, layer)| pack.label(*layer));
                let kind = match path {
                    "theme.yaml" => "theme",
                    "strings.yaml" => "string",
                    _ => "form",
                };
                part(kind, key.clone(), *layer, over.collect());
            }
        }
    }
    parts
}

/// The dotted keys of a tree whose values are no maps.
fn leaves(located: &Located, prefix: &str, layer: usize, found: &mut Vec<(String, usize)>) {
    for entry in located.entries() {
        let key = if prefix.is_empty() { entry.key.to_string() } else { format!("{prefix}.{}", entry.key) };
        match entry.value.node {
            Node::Map(_) => leaves(&entry.value, &key, layer, found),
            _ => found.push((key, layer)),
        }
    }
}
