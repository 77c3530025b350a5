//! The packs that a new workspace can be made from, and which of them is the current one. A pack says by `supersedes` which
//! other it takes the place of: the engine knows no edition.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::Manifest;
use super::source::{INSTALLED, Shelved};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::workspace as codes;

/// A pack to choose.
#[derive(Debug, Clone)]
pub struct Edition {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Whether another takes its place.
    pub is_superseded: bool,
    /// Whether it takes the place of another.
    supersedes: bool,
    is_installed: bool,
}

/// The packs of a shelf that are no mere bases, of each its newest version: those that take the place of another first, and
/// last those whose place another takes.
pub fn all(shelf: Vec<Shelved>) -> Vec<Edition> {
    let mut packs: Vec<Shelved> = shelf.into_iter().filter(|pack| !pack.manifest.is_base).collect();
    packs.sort_by(|a, b| (&a.manifest.id, &b.manifest.version).cmp(&(&b.manifest.id, &a.manifest.version)));
    packs.dedup_by(|other, newest| other.manifest.id == newest.manifest.id);
    let old: BTreeSet<String> = packs.iter().filter_map(|pack| pack.manifest.supersedes.clone()).collect();
    let is_there = |id: &String| packs.iter().any(|pack| pack.manifest.id == *id);
    let mut found: Vec<Edition> = packs
        .iter()
        .map(|pack| Edition {
            is_superseded: old.contains(&pack.manifest.id),
            supersedes: pack.manifest.supersedes.as_ref().is_some_and(is_there),
            is_installed: pack.origin == INSTALLED,
            manifest: pack.manifest.clone(),
        })
        .collect();
    found.sort_by_key(|edition| (edition.is_superseded, !edition.supersedes, Reverse(edition.is_installed)));
    found
}

/// The one that is taken where nobody says: the only one whose place no other takes; of several the one that takes the place
/// of another, and of several of these the one in this program.
///
/// # Errors
/// When it cannot be told.
pub fn current(editions: &[Edition]) -> Result<&Edition, Diagnostic> {
    let heads: Vec<&Edition> = editions.iter().filter(|edition| !edition.is_superseded).collect();
    let newest: Vec<&Edition> = heads.iter().copied().filter(|edition| edition.supersedes).collect();
    let embedded: Vec<&Edition> = newest.iter().copied().filter(|edition| !edition.is_installed).collect();
    for one in [&heads, &newest, &embedded] {
        if let [edition] = one.as_slice() {
            return Ok(edition);
        }
    }
    let ids: Vec<String> = editions.iter().map(|edition| format!("`{}`", edition.manifest.id)).collect();
    let problem = Diagnostic::fault(&codes::USAGE, "which pack the workspace is to be of cannot be told");
    Err(problem.help(format!("name it with `--pack`: {}", ids.join(", "))))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::Sink;
    use crate::files::Memory;

    fn shelved(id: &str, version: &str, more: &str, origin: &'static str) -> Shelved {
        let text =
            format!("format: 1\nid: {id}\nversion: \"{version}\"\ntitle: T\nstandard: S\nlanguage: en-GB\n{more}");
        let files = Arc::new(Memory::new("").with("pack.yaml", text));
        let manifest = crate::pack::manifest(&*files, &mut Sink::new()).unwrap();
        Shelved { manifest, origin, files, is_verified: true }
    }

    fn ids(editions: &[Edition]) -> Vec<&str> {
        editions.iter().map(|edition| edition.manifest.id.as_str()).collect()
    }

    #[test]
    fn the_current_edition_is_the_one_that_takes_the_place_of_another() {
        let program = || {
            vec![
                shelved("base", "1.0.0", "abstract: true\n", "embedded"),
                shelved("rules-1", "2.0.0", "", "embedded"),
                shelved("rules-2", "2.0.0", "supersedes: rules-1\n", "embedded"),
            ]
        };
        let all_of = |more: Vec<Shelved>| all(more.into_iter().chain(program()).collect());
        let current_of = |editions: &[Edition]| current(editions).map(|it| it.manifest.id.clone()).map_err(|e| e.help);
        let plain = all_of(Vec::new());
        assert_eq!((ids(&plain), current_of(&plain).unwrap()), (vec!["rules-2", "rules-1"], "rules-2".into()));
        let house = all_of(vec![shelved("house", "1.0.0", "", INSTALLED), shelved("house", "0.9.0", "", INSTALLED)]);
        assert_eq!((ids(&house), current_of(&house).unwrap()), (vec!["rules-2", "house", "rules-1"], "rules-2".into()));
        let next = all_of(vec![shelved("rules-3", "1.0.0", "supersedes: rules-2\n", INSTALLED)]);
        assert_eq!(current_of(&next).unwrap(), "rules-3");
        let german = all_of(vec![
            shelved("regeln-1", "1.0.0", "", INSTALLED),
            shelved("regeln-2", "1.0.0", "supersedes: regeln-1\n", INSTALLED),
        ]);
        assert_eq!(current_of(&german).unwrap(), "rules-2");
        let own = all(vec![shelved("a", "1.0.0", "", INSTALLED)]);
        assert_eq!(current_of(&own).unwrap(), "a");
        let two = all(vec![shelved("a", "1.0.0", "", INSTALLED), shelved("b", "1.0.0", "", INSTALLED)]);
        assert_eq!(current_of(&two).unwrap_err(), ["name it with `--pack`: `a`, `b`"]);
    }
}
