//! The names of others: of the pack's starter and fixtures, and of the clients whose workspaces lie beside one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use aho_corasick::AhoCorasick;
use serde_json::Value as Json;

use super::fold::Folded;
use crate::decode;
use crate::diagnostic::Sink;
use crate::files::{Disk, Files, Under};
use crate::pack::{Pack, starter};
use crate::schema::View;
use crate::workspace::{self, Workspace, profile};

/// Shorter names are words.
const SHORTEST_NAME: usize = 4;

/// Names to look for, and who has each. They are looked for all at once, in time that grows with the text alone.
#[derive(Debug, Default)]
pub(super) struct Names {
    names: Vec<Name>,
    /// Finds each by its number; none when there are none.
    finder: Option<AhoCorasick>,
}

#[derive(Debug)]
struct Name {
    /// As it was written first.
    written: String,
    /// Whether it could be a word: then it counts only where it begins with a capital.
    is_word: bool,
    /// The folders whose profiles have it.
    owners: BTreeSet<PathBuf>,
}

impl Names {
    /// The names of some folders.
    pub(super) fn new<'n>(folders: impl IntoIterator<Item = (&'n Path, &'n BTreeSet<String>)>) -> Names {
        let mut found: BTreeMap<String, Name> = BTreeMap::new();
        for (folder, names) in folders {
            for written in names {
                let folded = Folded::new(written.trim());
                if folded.text.chars().count() < SHORTEST_NAME {
                    continue;
                }
                let is_word = folded.is_word();
                let name = found.entry(folded.text).or_insert_with(|| Name {
                    written: written.trim().to_owned(),
                    is_word,
                    owners: BTreeSet::new(),
                });
                name.owners.insert(folder.to_owned());
            }
        }
        let finder = (!found.is_empty()).then(|| AhoCorasick::new(found.keys()).ok()).flatten();
        Names { names: found.into_values().collect(), finder }
    }

    /// Where names stand in a text, as whole words: the number of each, its begin and its end.
    fn places(&self, text: &Folded) -> Vec<(usize, usize, usize)> {
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let finder = self.finder.iter();
        let found = finder.flat_map(|finder| finder.find_overlapping_iter(&text.text)).filter(|found| {
            let (before, after) = (&text.text[..found.start()], &text.text[found.end()..]);
            !is_word(before.chars().next_back()) && !is_word(after.chars().next())
        });
        let places = found.map(|found| (found.pattern().as_usize(), found.start(), found.end()));
        places.filter(|(name, start, _)| !self.names[*name].is_word || text.is_capital(*start)).collect()
    }
}

/// What a workspace's documents are searched for.
pub(super) struct Others {
    /// The names of its pack's starter and fixtures first, then those of the workspaces beside it.
    lists: Vec<Arc<Names>>,
    /// Its own names.
    own: Names,
    /// Its folder.
    folder: PathBuf,
}

impl Others {
    /// The names, as written, of others in a text. A name that is part of one's own name is nobody else's.
    pub(super) fn in_text(&self, text: &str) -> BTreeSet<&str> {
        self.in_lists(&self.lists, text)
    }

    /// Those of the pack's starter and fixtures alone, in a text that the pack itself has.
    pub(super) fn in_text_of_pack(&self, text: &str) -> BTreeSet<&str> {
        self.in_lists(self.lists.get(..1).unwrap_or_default(), text)
    }

    fn in_lists<'a>(&'a self, lists: &'a [Arc<Names>], text: &str) -> BTreeSet<&'a str> {
        let text = Folded::new(text);
        let mut found = BTreeSet::new();
        for list in lists {
            let places = list.places(&text);
            let own = if places.is_empty() { Vec::new() } else { self.own.places(&text) };
            for (name, start, end) in places {
                let is_own = own.iter().any(|(_, from, to)| *from <= start && end <= *to);
                let Name { written, owners, .. } = &list.names[name];
                if !is_own && owners.iter().any(|owner| *owner != self.folder) {
                    found.insert(written.as_str());
                }
            }
        }
        found
    }

    #[cfg(test)]
    pub(super) fn of_test(others: &[&str], own: &[&str]) -> Others {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let own = Names::new([(Path::new("own"), &names(own))]);
        let list = Names::new([(Path::new("other"), &names(others))]);
        Others { lists: vec![Arc::new(list)], own, folder: "own".into() }
    }
}

/// What a run has read of the workspaces beside those that it renders. One serves all workspaces of a run, so that each
/// is read once, however many lie beside one another.
#[derive(Default)]
pub struct Practice {
    /// The workspaces, where they do not lie on disk beside the one that is rendered.
    given: Option<Vec<(PathBuf, Arc<dyn Files>)>>,
    known: Mutex<BTreeMap<Key, Arc<Names>>>,
}

impl std::fmt::Debug for Practice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Practice({})", if self.given.is_some() { "given" } else { "beside" })
    }
}

/// Whose names, and by which keys of the profile.
type Key = (PathBuf, Vec<String>);

impl Practice {
    /// A practice of these workspaces: the folder of each, and its files.
    pub fn of(workspaces: Vec<(PathBuf, Arc<dyn Files>)>) -> Practice {
        Practice { given: Some(workspaces), known: Mutex::default() }
    }

    /// The names of others, for a workspace: those of its pack's starter and fixtures and, when it has text of its own,
    /// of the workspaces beside it.
    pub(super) fn others(&self, workspace: &Workspace) -> Others {
        let keys = &workspace.pack.manifest.names;
        let folder = std::path::absolute(&workspace.root).unwrap_or_else(|_| workspace.root.clone());
        let mut lists = vec![self.list(PathBuf::from(&workspace.pack.digest), keys, || of_pack(workspace))];
        if let Some(above) = folder.parent().filter(|_| workspace.has_own_text()) {
            lists.push(self.list(above.to_owned(), keys, || {
                let view = workspace.pack.schema.view();
                let read = |(folder, files): (PathBuf, Arc<dyn Files>)| (folder, of_folder(&*files, keys, view));
                let found: Vec<_> = self.workspaces(above).into_iter().map(read).collect();
                Names::new(found.iter().map(|(folder, names)| (folder.as_path(), names)))
            }));
        }
        let mut own = BTreeSet::new();
        keys.iter().for_each(|key| collect(&workspace.profile.value, key, &mut own));
        Others { lists, own: Names::new([(folder.as_path(), &own)]), folder }
    }

    /// A list of names, made when it is asked for first.
    fn list(&self, whose: PathBuf, keys: &[String], make: impl FnOnce() -> Names) -> Arc<Names> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry((whose, keys.to_vec())).or_insert_with(|| Arc::new(make())).clone()
    }

    /// The workspaces in a folder.
    fn workspaces(&self, above: &Path) -> Vec<(PathBuf, Arc<dyn Files>)> {
        match &self.given {
            Some(given) => given.clone(),
            None => {
                let folders = Disk::folders(above).into_iter();
                let workspaces = folders.filter(|folder| folder.join(workspace::SETTINGS).is_file());
                workspaces.map(|folder| (folder.clone(), Arc::new(Disk::new(folder, "")) as Arc<dyn Files>)).collect()
            }
        }
    }
}

/// The names of a pack's starter and fixtures.
fn of_pack(workspace: &Workspace) -> Names {
    let pack = &workspace.pack;
    let (keys, view) = (&pack.manifest.names, pack.schema.view());
    let read = |folder: String| {
        let names = of_folder(&Under::new(pack.files().clone(), folder.clone()), keys, view);
        (PathBuf::from(folder), names)
    };
    let starters = std::iter::once(None).chain(starter::names(pack).into_iter().map(Some)).map(|like| {
        let folder =
            like.as_ref().map_or_else(|| PathBuf::from("starter"), |like| Path::new(starter::NAMED).join(like));
        (folder, of_folder(&*starter::files(pack, like.as_deref()), keys, view))
    });
    let found: Vec<_> = fixtures(pack).into_iter().map(read).chain(starters).collect();
    Names::new(found.iter().map(|(folder, names)| (folder.as_path(), names)))
}

/// The folders of a pack's fixtures.
fn fixtures(pack: &Pack) -> BTreeSet<String> {
    let paths = pack.files().list("fixtures").unwrap_or_default();
    let folder =
        |path: &String| path.strip_prefix("fixtures/")?.split_once('/').map(|(name, _)| format!("fixtures/{name}"));
    paths.iter().filter_map(folder).collect()
}

/// The names that a workspace's profile has at some keys, such as `suppliers[].name`. Only these keys are read, with
/// their registers, and as they are written; what is wrong with them is that workspace's affair.
pub fn of_folder(files: &dyn Files, keys: &[String], view: &View) -> BTreeSet<String> {
    let unheard = &mut Sink::new();
    let settings = decode::read(files, workspace::SETTINGS, unheard);
    let path = settings.as_ref().and_then(|settings| settings.text("profile")).unwrap_or("profile.yaml");
    let roots: BTreeSet<&str> = keys.iter().filter_map(|key| key.split(['.', '[']).next()).collect();
    let mut found = BTreeSet::new();
    if let Some(written) = profile::written_keys(files, path, &roots, view, unheard) {
        let value = written.to_json();
        keys.iter().for_each(|key| collect(&value, key, &mut found));
    }
    found
}

/// The texts at a path such as `suppliers[].name`; addresses without what begins all of them.
fn collect(value: &Json, path: &str, found: &mut BTreeSet<String>) {
    let (key, rest) = path.split_once('.').unwrap_or((path, ""));
    let below = &value[key.trim_end_matches("[]")];
    let items: Vec<&Json> = match below {
        Json::Array(items) if key.ends_with("[]") => items.iter().collect(),
        below => vec![below],
    };
    for item in items {
        match item.as_str() {
            Some(text) if rest.is_empty() => {
                let text = text.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
                found.insert(text.to_owned());
            }
            _ if !rest.is_empty() => collect(item, rest, found),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::files::Memory;

    #[test]
    fn the_names_of_a_folder_are_read_without_the_rest() {
        let keys = ["organisation.name", "organisation.website", "suppliers[].name", "sites[].name"].map(str::to_owned);
        let schema = View::of(&json!({"properties": {"suppliers": {"type": "array", "items": {"type": "object",
            "properties": {"id": {"type": "string"}, "name": {"type": "string", "title": "Supplier"}}}}}}));
        let profile = "# ours\nformat: 1\norganisation:\n  name: Harbour Works\n  website: https://harbour.example/\n\
                       notes: |\n  sites:\n    - {name: Not a site}\nrisks: [unclosed\nsuppliers: {from: s.csv}\n";
        let files = Memory::new("").with("profile.yaml", profile).with("s.csv", "id,Supplier\nS-1,Deskline\n");
        let expected = ["Deskline", "Harbour Works", "harbour.example"].map(str::to_owned);
        assert_eq!(of_folder(&files, &keys, &schema), expected.clone().into());
        // A profile that begins otherwise, or has an anchor elsewhere, is read whole.
        let profile = "{organisation: {name: Harbour Works, website: harbour.example}, suppliers: [{name: Deskline}]}";
        let files = Memory::new("").with("folio.yaml", "profile: p.yaml\n").with("p.yaml", profile);
        assert_eq!(of_folder(&files, &keys, &schema), expected.clone().into());
        let profile = "extra: &o {name: Harbour Works, website: harbour.example}\norganisation: *o\nsuppliers: [{name: Deskline}]\n";
        let files = Memory::new("").with("profile.yaml", profile);
        assert_eq!(of_folder(&files, &keys, &schema), expected.into());
        assert!(of_folder(&Memory::new(""), &keys, &schema).is_empty());
    }

    #[test]
    fn a_name_is_found_however_it_is_written() {
        let others = Others::of_test(&["Harbour Works", "Target", "Bay", "Quillon Bay"], &["Quillon Bay Ltd"]);
        for text in
            ["HARBOUR WORKS", "harbour works", "Harbour\u{A0}Works", "Har\u{AD}bour  Works", "(Harbour Works’s)"]
        {
            assert_eq!(others.in_text(text), ["Harbour Works"].into(), "{text}");
        }
        for text in ["the target of 3", "Harbour Workshop", "The Bay", "kept by Quillon Bay Ltd", "Harbour, Works"] {
            assert!(others.in_text(text).is_empty(), "{text}");
        }
        assert_eq!(others.in_text("TARGET, and Quillon Bay"), ["Quillon Bay", "Target"].into());
    }
}
