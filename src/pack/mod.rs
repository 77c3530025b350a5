//! Template packs: what a standard's documents are made from.
//!
//! A pack comes from one of three sources, all of them [`Files`]: embedded in the program, a folder, or an archive that
//! a workspace keeps. [`Pack::load`] reads it whole and reports every mistake; nothing in a pack can reach other files.

pub mod archive;
mod data;
mod document;
pub mod source;
pub mod starter;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ecow::EcoString;
use regex::Regex;
use semver::{Version, VersionReq};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::control;
use crate::decode::{self, Kind};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span, nearest};
use crate::expand::{Source, Topic};
use crate::files::Files;
use crate::rules::{Check, Derive, Expression};
use crate::strings::Strings;
use crate::yaml::Located;

pub use document::Template;

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
    /// The documents, in the order of the set.
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
}

/// Something that the standard demands to be documented.
#[derive(Debug, Clone, Deserialize)]
pub struct Requirement {
    /// Its id in the pack.
    pub id: String,
    /// As printed in the control table, such as `Clause 4.3`.
    pub cites: String,
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// Whether a set without an answer to it is incomplete.
    #[serde(default)]
    pub tier: Tier,
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

/// A pack, read whole.
pub struct Pack {
    /// What it says of itself.
    pub manifest: Manifest,
    /// The SHA-256 of its files.
    pub digest: String,
    /// Its JSON Schema for profiles.
    pub schema: Json,
    /// Its data, by the stem of the file.
    pub data: Map<String, Json>,
    /// The topics that templates cite.
    pub topics: BTreeMap<String, Topic>,
    /// Its rules.
    pub derive: Vec<Derive>,
    /// Its checks.
    pub checks: Vec<Check>,
    /// Its look, before a workspace's changes.
    pub theme: Located,
    /// The engine's words in its language.
    pub strings: Strings,
    /// Its documents, in the order of the set.
    pub documents: Vec<Template>,
    /// Its partials, by name.
    pub partials: BTreeMap<String, Source>,
    /// Its images, by path below `images/`.
    pub images: BTreeMap<String, Arc<[u8]>>,
    /// Figures that templates may not write themselves.
    pub figures: Option<Regex>,
    files: Arc<dyn Files>,
}

impl std::fmt::Debug for Pack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pack({} {})", self.manifest.id, self.manifest.version)
    }
}

/// A version or range, read from its text.
fn parsed<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|error| serde::de::Error::custom(format!("`{text}` is not a version: {error}")))
}

fn any_version() -> VersionReq {
    VersionReq::STAR
}

/// Reads the manifest alone, as `folio pack list` does.
pub fn manifest(files: &dyn Files, sink: &mut Sink) -> Option<Manifest> {
    let located = decode::read(files, "pack.yaml", sink)?;
    let manifest: Manifest = decode::typed(&located, Kind::Pack, sink)?;
    let engine = Version::parse(env!("CARGO_PKG_VERSION")).unwrap_or(Version::new(0, 0, 0));
    if !manifest.engine.matches(&engine) {
        let Manifest { id, version, engine: needed, .. } = &manifest;
        let message = format!("`{id}` {version} needs folio {needed}; this is {engine}");
        let span = located.get("engine").map(|value| value.span.clone());
        sink.push(Diagnostic::fault(&codes::PACK_VERSION, message).at(span));
        return None;
    }
    Some(manifest)
}

impl Pack {
    /// Reads a pack. Every mistake in it is reported; `None` when there is one.
    pub fn load(files: Arc<dyn Files>, sink: &mut Sink) -> Option<Pack> {
        let mut own = Sink::new();
        let pack = Reader { files: &*files, sink: &mut own }.read(&files);
        decode::show_lines(&[&*files], &mut own);
        let failed = own.has_faults();
        sink.merge(own);
        pack.filter(|_| !failed)
    }

    /// The files that it was read from.
    pub fn files(&self) -> &Arc<dyn Files> {
        &self.files
    }

    /// The ids of each catalogue, under the name by which `x-folio-ref` calls it.
    pub fn catalogues(&self) -> BTreeMap<String, BTreeSet<String>> {
        let ids = |name: &String| {
            let rows = self.data.get(name).and_then(Json::as_array).into_iter().flatten();
            rows.filter_map(|row| row.get("id").and_then(Json::as_str)).map(str::to_owned).collect()
        };
        self.manifest.catalogues.iter().map(|name| (name.clone(), ids(name))).collect()
    }
}

struct Reader<'a> {
    files: &'a dyn Files,
    sink: &'a mut Sink,
}

impl Reader<'_> {
    fn read(&mut self, files: &Arc<dyn Files>) -> Option<Pack> {
        let manifest = manifest(self.files, self.sink)?;
        let paths = match self.files.list("") {
            Ok(paths) => paths,
            Err(error) => {
                self.sink.push(Diagnostic::fault(&codes::PACK_FILE, error.to_string()).at(Span::file(error.name)));
                return None;
            }
        };
        let digest = self.digest(&paths)?;
        let schema = self.schema();
        let data = data::read(self.files, &paths, self.sink);
        let topics = data::topics(self.files, &paths, &data, &manifest, self.sink);
        let (derive, checks) = self.rules(&manifest);
        let theme = decode::read(self.files, "theme.yaml", self.sink);
        let strings = decode::read(self.files, "strings.yaml", self.sink)
            .and_then(|located| decode::typed::<Strings>(&located, Kind::Strings, self.sink));
        let documents: Vec<Template> =
            manifest.documents.iter().filter_map(|id| document::read(self.files, id, &manifest, self.sink)).collect();
        let partials = self.partials(&paths);
        let images = self.images(&paths);
        let figures = self.figures(&manifest);
        Some(Pack {
            figures,
            digest,
            schema: schema?,
            data,
            topics,
            derive,
            checks,
            theme: theme?,
            strings: strings?,
            documents,
            partials,
            images,
            manifest,
            files: files.clone(),
        })
    }

    fn bytes(&mut self, path: &str) -> Option<Vec<u8>> {
        self.files
            .read(path)
            .map_err(|error| {
                self.sink.push(Diagnostic::fault(&codes::PACK_FILE, error.to_string()).at(Span::file(error.name)))
            })
            .ok()
    }

    fn digest(&mut self, paths: &[String]) -> Option<String> {
        let mut parts = Vec::new();
        for path in paths {
            parts.push(path.clone().into_bytes());
            parts.push(self.bytes(path)?);
        }
        Some(control::digest(parts.iter().map(Vec::as_slice)))
    }

    fn figures(&mut self, manifest: &Manifest) -> Option<Regex> {
        let pattern = Regex::new(manifest.figures.as_ref()?);
        if let Err(error) = &pattern {
            let message = format!("`figures` is no regular expression: {error}");
            self.sink
                .push(Diagnostic::fault(&codes::PACK_MANIFEST, message).at(Span::file(self.files.name("pack.yaml"))));
        }
        pattern.ok()
    }

    fn schema(&mut self) -> Option<Json> {
        let bytes = self.bytes("profile.schema.json")?;
        serde_json::from_slice(&bytes)
            .map_err(|error| {
                let name = self.files.name("profile.schema.json");
                let span = Span::text(name, error.line() as u32, error.column() as u32, 0);
                self.sink.push(Diagnostic::fault(&codes::PACK_MANIFEST, format!("this is not JSON: {error}")).at(span));
            })
            .ok()
    }

    fn rules(&mut self, manifest: &Manifest) -> (Vec<Derive>, Vec<Check>) {
        let (mut derive, mut checks) = (Vec::new(), Vec::new());
        for path in &manifest.rules {
            let Some(located) = decode::read(self.files, path, self.sink) else { continue };
            if decode::typed::<Json>(&located, Kind::Rules, self.sink).is_none() {
                continue;
            }
            for rule in located.items("derive") {
                let (Some(id), Some(value)) = (rule.text("id"), expression(rule, "value")) else { continue };
                if derive.iter().any(|known: &Derive| known.id == id) {
                    self.twice(rule, "derived value", id);
                }
                derive.push(Derive { id: id.to_owned(), value });
            }
            for rule in located.items("checks") {
                let (Some(id), Some(assert), Some(message)) =
                    (rule.text("id"), expression(rule, "assert"), expression(rule, "message"))
                else {
                    continue;
                };
                if checks.iter().any(|known: &Check| known.id == id) {
                    self.twice(rule, "check", id);
                }
                checks.push(Check {
                    id: id.to_owned(),
                    severity: match rule.text("severity") {
                        Some("note") => Severity::Note,
                        Some("warning") => Severity::Warning,
                        _ => Severity::Error,
                    },
                    each: expression(rule, "each"),
                    assert,
                    at: expression(rule, "at"),
                    message,
                    explain: rule.text("explain").unwrap_or_default().trim().to_owned(),
                });
            }
        }
        (derive, checks)
    }

    fn twice(&mut self, rule: &Located, what: &str, id: &str) {
        let diagnostic = Diagnostic::fault(&codes::PACK_MANIFEST, format!("the {what} `{id}` is declared twice"));
        self.sink.push(diagnostic.at(rule.span.clone()));
    }

    fn partials(&mut self, paths: &[String]) -> BTreeMap<String, Source> {
        let mut partials = BTreeMap::new();
        for path in paths {
            let Some(name) = path.strip_prefix("partials/").and_then(|name| name.strip_suffix(".md.hbs")) else {
                continue;
            };
            if let Some(text) = decode::text(self.files, path, self.sink) {
                let source = Source { name: EcoString::from(self.files.name(path)), text, first_line: 1 };
                partials.insert(name.to_owned(), source);
            }
        }
        partials
    }

    fn images(&mut self, paths: &[String]) -> BTreeMap<String, Arc<[u8]>> {
        let mut images = BTreeMap::new();
        for path in paths {
            if let Some(name) = path.strip_prefix("images/")
                && let Some(bytes) = self.bytes(path)
            {
                images.insert(name.to_owned(), bytes.into());
            }
        }
        images
    }
}

fn expression(rule: &Located, key: &str) -> Option<Expression> {
    let value = rule.get(key)?;
    Some(Expression { text: value.as_str()?.trim().to_owned(), span: value.span.clone() })
}

/// A fault about an id that is not among those known, with a suggestion.
fn unknown(message: String, span: Option<Span>, given: &str, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::fault(&codes::PACK_MANIFEST, message).at(span);
    match nearest(given, known.iter().copied()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}
