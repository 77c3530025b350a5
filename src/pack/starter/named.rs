//! The starters of a pack by name: kinds of organisation that a new workspace may be like.

use serde::Deserialize;

use crate::decode::{self, Kind};
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::files::Files as _;
use crate::pack::Pack;

/// The folder in a pack, which has a folder for each.
pub const FOLDER: &str = "starters";

/// The file that says what a starter is for.
pub const FILE: &str = "starter.yaml";

/// A starter that a pack has beside the plain one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name of its folder.
    pub name: String,
    /// The kind of organisation.
    pub title: String,
    /// Whom it fits.
    pub about: String,
}

/// What `starter.yaml` says.
#[derive(Deserialize)]
struct Said {
    title: String,
    about: String,
}

/// The names of a pack's starters, and of those of the packs that it extends, in order. What bases in another language lay
/// down is in that language, and calls rows as they do.
pub fn names(pack: &Pack) -> Vec<String> {
    let mut names = pack.files().folders(FOLDER).unwrap_or_default();
    names.retain(|name| {
        let layer = pack.files().layer_of(&format!("{FOLDER}/{name}/{FILE}"));
        layer.is_none_or(|layer| !pack.is_foreign(layer))
    });
    names
}

/// Whether a pack has a starter of a name.
pub fn is_there(pack: &Pack, name: &str) -> bool {
    names(pack).iter().any(|known| known == name)
}

/// The starters of a pack, and of those that it extends, with what they say of themselves. One whose `starter.yaml` cannot
/// be read is called by its name.
pub fn all(pack: &Pack, sink: &mut Sink) -> Vec<Named> {
    let said = |name: &String, sink: &mut Sink| -> Option<Said> {
        let located = decode::read(&**pack.files(), &format!("{FOLDER}/{name}/{FILE}"), sink)?;
        decode::typed(&located, Kind::Starter, sink)
    };
    let named = |name: String| match said(&name, sink) {
        Some(Said { title, about }) => Named { name, title, about },
        None => Named { title: name.clone(), about: String::new(), name },
    };
    names(pack).into_iter().map(named).collect()
}

/// What is wrong with the name of a starter that a pack does not have.
pub fn unknown(pack: &Pack, name: &str) -> Diagnostic {
    let known = all(pack, &mut Sink::new());
    let message = format!("the pack `{}` has no starter `{name}`", pack.manifest.id);
    let problem = Diagnostic::fault(&codes::USAGE, message);
    if known.is_empty() {
        return problem.help("it has none beside the plain one: leave `--like` out");
    }
    let problem = problem.suggest(name, known.iter().map(|known| known.name.as_str()));
    let list: Vec<String> = known.iter().map(|known| format!("`{}` ({})", known.name, known.title)).collect();
    problem.help(format!("there are {}", list.join(", ")))
}
