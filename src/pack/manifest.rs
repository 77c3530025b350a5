//! `pack.yaml`: what a pack says of itself, and what it takes over from the packs that it extends.

use std::collections::BTreeSet;
use std::fmt;

use semver::{Version, VersionReq};
use serde::Deserialize;

use super::translation::Untranslated;
use crate::decode::{self, Kind};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::files::Files;
use crate::reasons;
use crate::yaml::Located;

/// The file's name in a pack.
pub(crate) const FILE: &str = "pack.yaml";

/// A pack by name: an id, and the versions that will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The pack's id.
    pub id: String,
    /// The versions that will do.
    pub range: VersionReq,
}

impl std::str::FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Wanted, String> {
        let (id, range) = text.split_once('@').unwrap_or((text, "*"));
        let range = range.parse().map_err(|_| format!("`{range}` is not a range of versions: {}", reasons::RANGE))?;
        Ok(Wanted { id: id.to_owned(), range })
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.id, self.range)
    }
}

impl Wanted {
    /// Whether a pack is the one that is wanted.
    pub fn matches(&self, manifest: &Manifest) -> bool {
        manifest.id == self.id && self.range.matches(&manifest.version)
    }

    /// How a workspace that is made from a pack names it: with the range that was asked for, or with the one that takes
    /// its version and what follows.
    pub(super) fn named(&self, manifest: &Manifest) -> String {
        if self.range == VersionReq::STAR { manifest.named() } else { self.to_string() }
    }
}

/// What `pack.yaml` says.
#[derive(Debug, Clone, Deserialize)]
pub struct Manifest {
    /// The pack's id.
    pub id: String,
    /// Its version.
    #[serde(deserialize_with = "parsed")]
    pub version: Version,
    /// Its title.
    pub title: String,
    /// The standard and edition, as printed.
    pub standard: String,
    /// The language of its text, BCP 47.
    pub language: String,
    /// Which versions of Folio it needs.
    #[serde(default = "any_version", deserialize_with = "parsed")]
    pub engine: VersionReq,
    /// The pack that it extends, and the versions of it that will do.
    #[serde(default, deserialize_with = "wanted")]
    pub extends: Option<Wanted>,
    /// The pack that it takes the place of, such as an earlier edition: new workspaces are of this one.
    #[serde(default)]
    pub supersedes: Option<String>,
    /// What becomes of its bases' documents when they are in another language, and this pack does not have them.
    #[serde(default)]
    pub untranslated: Untranslated,
    /// Whether it is only a base: it is extended, and never rendered by itself.
    #[serde(default, rename = "abstract")]
    pub is_base: bool,
    /// The documents, in the order of the set: those of its bases before its own.
    #[serde(default)]
    pub documents: Vec<String>,
    /// Files of rules, in the order in which they are evaluated.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Data files whose rows have an `id` that may be referred to.
    #[serde(default)]
    pub catalogues: Vec<String>,
    /// What the standard demands.
    #[serde(default)]
    pub requirements: Vec<Requirement>,
    /// A regular expression for figures with a unit, which templates read from the profile and never write themselves.
    #[serde(default)]
    pub figures: Option<String>,
    /// The profile keys, such as `suppliers[].name`, whose values name somebody: those of others are leaks.
    #[serde(default)]
    pub names: Vec<String>,
    /// Changes that make a new major version of the documents that show them.
    #[serde(default)]
    pub major: Vec<Major>,
}

/// A kind of change that makes a new major version.
#[derive(Debug, Clone, Deserialize)]
pub struct Major {
    /// Profile paths such as `responsibilities.*` or `controls[].status`.
    pub paths: Vec<String>,
    /// What such a change is: `the scope changed`.
    pub reason: String,
    /// Ids of the only documents of which it makes one; where none is named, of every one that shows a path.
    #[serde(default)]
    pub documents: Vec<String>,
    /// Ids of documents of which it makes none, as of records.
    #[serde(default)]
    pub except: Vec<String>,
}

/// Something that the standard demands to be documented.
#[derive(Debug, Clone, Deserialize)]
pub struct Requirement {
    /// Its id in the pack.
    pub id: String,
    /// As printed in the control table, such as `Clause 4.3`; empty only in a base, which leaves it to its editions.
    #[serde(default)]
    pub cites: String,
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// Whether a set without an answer to it is incomplete.
    #[serde(default)]
    pub tier: Tier,
    /// What it asks for by id, as topics cite it. Where [`crate::strings::Citation::except`] lists all of them, the
    /// organisation has left it out, and nothing has to answer it.
    #[serde(default)]
    pub ids: Vec<String>,
    /// Documents that answer it besides those that say so in their front matter: a base's, which cannot know it.
    #[serde(default)]
    pub documents: Vec<String>,
}

impl Requirement {
    /// Whether the organisation has left out all that it asks for.
    pub fn is_left_out(&self, left_out: &BTreeSet<String>) -> bool {
        !self.ids.is_empty() && self.ids.iter().all(|id| left_out.contains(id))
    }

    /// What of it a control table cites; nothing when all is left out. Where a part is, `kept` words what is left.
    pub fn cited(&self, left_out: &BTreeSet<String>, kept: impl Fn(&[&str]) -> String) -> Option<String> {
        let ids: Vec<&str> = self.ids.iter().map(String::as_str).filter(|id| !left_out.contains(*id)).collect();
        match ids.len() {
            all if all == self.ids.len() => Some(self.cites.clone()),
            0 => None,
            _ => Some(kept(&ids)),
        }
    }
}

/// How much is asked for a requirement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// The standard demands it.
    #[default]
    Mandatory,
    /// Auditors ask for it all the same.
    Expected,
}

/// A version or range, read from its text.
pub(super) fn parsed<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: std::str::FromStr,
{
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| {
        let said = format!("`{text}` is no version: {}; {}", reasons::VERSION, reasons::RANGE);
        serde::de::Error::custom(said)
    })
}

fn wanted<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Wanted>, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(serde::de::Error::custom)
}

fn any_version() -> VersionReq {
    VersionReq::STAR
}

/// Reads the manifest alone, as `folio pack list` does.
pub fn manifest(files: &dyn Files, sink: &mut Sink) -> Option<Manifest> {
    read(files, sink).map(|(manifest, _)| manifest)
}

/// Reads the manifest, typed and as it is written.
pub(super) fn read(files: &dyn Files, sink: &mut Sink) -> Option<(Manifest, Located)> {
    let located = decode::read(files, FILE, sink)?;
    let manifest: Manifest = decode::typed(&located, Kind::Pack, sink)?;
    let engine = Version::parse(env!("CARGO_PKG_VERSION")).unwrap_or(Version::new(0, 0, 0));
    if !manifest.engine.matches(&engine) {
        let Manifest { id, version, engine: needed, .. } = &manifest;
        let message = format!("`{id}` {version} needs folio {needed}; this is {engine}");
        let span = located.get("engine").map(|value| value.span.clone());
        sink.push(Diagnostic::fault(&codes::PACK_VERSION, message).at(span));
        return None;
    }
    Some((manifest, located))
}

impl Manifest {
    /// The pack by name, with the range of versions that takes this one and what follows it: `house@^0.1`.
    pub(super) fn named(&self) -> String {
        let Manifest { id, version, .. } = self;
        match version.pre.is_empty() {
            true => format!("{id}@^{}.{}", version.major, version.minor),
            // A version before a release is taken by a range that names it alone.
            false => format!("{id}@^{version}"),
        }
    }

    /// This manifest with what it takes over from its base: documents, rules, catalogues and names before its own,
    /// requirements row by row, and what it does not say itself.
    pub(super) fn extending(self, base: Manifest) -> Manifest {
        let joined = |below: Vec<String>, own: Vec<String>| {
            let mut all = below;
            for name in own {
                if !all.contains(&name) {
                    all.push(name);
                }
            }
            all
        };
        let mut requirements = base.requirements;
        for own in self.requirements {
            match requirements.iter_mut().find(|known| known.id == own.id) {
                Some(known) => *known = own,
                None => requirements.push(own),
            }
        }
        Manifest {
            documents: joined(base.documents, self.documents),
            catalogues: joined(base.catalogues, self.catalogues),
            names: joined(base.names, self.names),
            figures: self.figures.or(base.figures),
            requirements,
            ..self
        }
    }
}
