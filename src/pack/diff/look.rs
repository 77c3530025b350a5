//! How documents look and what words of the engine they print; pictures, fonts, and what a new workspace begins with.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Change, NAMED, Step, Steps, parts, valued};
use crate::digest;
use crate::files::Files as _;
use crate::pack::{Pack, fonts, starter};

/// Of what documents show, and workspaces and outer packs may name.
const SHOWN: Steps = [Step::Major, Step::Patch, Step::Minor];

pub(super) fn look(old: &Pack, new: &Pack, changes: &mut Vec<Change>) {
    let theme = |pack: &Pack| leaves(&pack.theme.to_json());
    valued("theme", &theme(old), &theme(new), [Step::Patch; 3], changes);
    let strings = |pack: &Pack| leaves(&serde_json::to_value(&pack.strings).unwrap_or_default());
    valued("string", &strings(old), &strings(new), [Step::Patch; 3], changes);
    parts("font", &font_files(old), &font_files(new), SHOWN, changes);
    let images = |pack: &Pack| pack.images.iter().map(|(name, bytes)| (name.clone(), digest::of_file(bytes))).collect();
    parts("image", &images(old), &images(new), SHOWN, changes);
    for (kind, folder) in [("checklist", "checklists"), ("migration", "migrations"), ("starter", starter::NAMED)] {
        parts(kind, &files(old, folder), &files(new, folder), [Step::Patch; 3], changes);
    }
    parts("starter", &starter_files(old), &starter_files(new), [Step::Patch; 3], changes);
}

/// The values of a tree of keys, each by its path, such as `colours.accent` and `sizes.headings.0`.
pub fn leaves(value: &Json) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    collect(value, "", &mut found);
    found
}

fn collect(value: &Json, path: &str, found: &mut BTreeMap<String, String>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Json::Object(fields) => fields.iter().for_each(|(name, value)| collect(value, &below(name), found)),
        // A row with a name of its own is known by that.
        Json::Array(items) if items.iter().any(Json::is_object) => {
            for (at, item) in items.iter().enumerate() {
                let name = ["id", "catalogue"].iter().find_map(|key| item[*key].as_str());
                collect(item, &below(name.unwrap_or(&at.to_string())), found);
            }
        }
        Json::Array(items) => {
            let texts: Vec<String> = items.iter().map(text).collect();
            found.insert(path.to_owned(), format!("[{}]", texts.join(", ")));
        }
        other => {
            found.insert(path.to_owned(), text(other));
        }
    }
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The font files of a chain, by path.
fn font_files(pack: &Pack) -> BTreeMap<String, String> {
    let paths = pack.files().list("fonts").unwrap_or_default().into_iter().filter(|path| fonts::is_font(path));
    let digest = |path: &String| {
        let name = pack.files().name(path);
        pack.fonts.iter().find(|font| font.name() == name).map(|font| font.digest().to_owned())
    };
    paths.filter_map(|path| digest(&path).map(|digest| (path, digest))).collect()
}

fn files(pack: &Pack, folder: &str) -> BTreeMap<String, String> {
    let paths = pack.files().list(folder).unwrap_or_default();
    paths.into_iter().filter_map(|path| pack.files().digest(&path).ok().map(|digest| (path, digest))).collect()
}

fn starter_files(pack: &Pack) -> BTreeMap<String, String> {
    let starter = starter::files(pack, None);
    let paths = starter.list("").unwrap_or_default();
    paths.into_iter().filter_map(|path| starter.digest(&path).ok().map(|digest| (path, digest))).collect()
}

/// Data that templates read and that are no catalogues.
pub(super) fn data(old: &Pack, new: &Pack, changes: &mut Vec<Change>) {
    let data = |pack: &Pack| {
        let is_other = |name: &String| name != "topics" && !pack.manifest.catalogues.contains(name);
        let others = pack.data.iter().filter(|(name, _)| is_other(name));
        others.map(|(name, data)| (name.clone(), data.to_string())).collect()
    };
    parts("data", &data(old), &data(new), NAMED, changes);
    for name in
        old.manifest.catalogues.iter().chain(&new.manifest.catalogues).collect::<std::collections::BTreeSet<_>>()
    {
        parts("entry", &rows(old, name), &rows(new, name), NAMED, changes);
    }
}

/// The rows of a catalogue.
fn rows(pack: &Pack, name: &str) -> BTreeMap<String, String> {
    let rows = pack.data.get(name).and_then(Json::as_array).into_iter().flatten();
    rows.filter_map(|row| Some((format!("{name}:{}", row["id"].as_str()?), row.to_string()))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_known_by_their_paths() {
        let value =
            json!({"colours": {"accent": "#123456"}, "sizes": [1, "2pt"], "rows": [{"id": "a", "n": 1}, {"n": 2}]});
        let found = leaves(&value);
        let pairs: Vec<String> = found.iter().map(|(path, text)| format!("{path}={text}")).collect();
        assert_eq!(pairs, ["colours.accent=#123456", "rows.1.n=2", "rows.a.id=a", "rows.a.n=1", "sizes=[1, 2pt]"]);
    }
}
