//! `migrations/<from>.yaml`: what a pack says of those who come from another, read and checked against both.

use std::collections::{BTreeMap, BTreeSet};

use semver::VersionReq;
use serde_json::Value as Json;

use super::rows::Way;
use crate::decode::{self, Kind};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::files::Files as _;
use crate::pack::source::{Bases, Wanted};
use crate::pack::{Pack, steps};
use crate::reasons;
use crate::yaml::Located;

/// The folder of migrations in a pack.
const FOLDER: &str = "migrations";

/// What becomes of a workspace that comes from another pack.
#[derive(Debug)]
pub struct Migration {
    /// By catalogue of the pack that is left, what each of its ids becomes, in the order of the table.
    pub catalogues: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// By register, how each column is made when several rows become one.
    pub rows: BTreeMap<String, BTreeMap<String, Way>>,
    /// Document ids that changed.
    pub documents: BTreeMap<String, String>,
    /// Check ids that changed.
    pub checks: BTreeMap<String, String>,
}

impl Migration {
    /// What leads to a newer version of the same pack: ids stay, but those that are named.
    pub(super) fn within(
        from: &Pack,
        to: &Pack,
        documents: BTreeMap<String, String>,
        checks: BTreeMap<String, String>,
    ) -> Migration {
        let new = to.catalogues();
        let kept = |name: &String, ids: &BTreeSet<String>| {
            let known = ids.iter().filter(|id| new.get(name).is_some_and(|new| new.contains(*id)));
            known.map(|id| (id.clone(), vec![id.clone()])).collect()
        };
        let catalogues = from.catalogues().iter().map(|(name, ids)| (name.clone(), kept(name, ids))).collect();
        Migration { catalogues, rows: BTreeMap::new(), documents, checks }
    }

    /// The ids that an id of a catalogue becomes; none, when it has no place.
    pub fn targets(&self, catalogue: &str, id: &str) -> &[String] {
        self.catalogues.get(catalogue).and_then(|pairs| pairs.get(id)).map_or(&[], Vec::as_slice)
    }

    /// The packs from which there is a way to a pack, by id.
    pub fn sources(pack: &Pack) -> Vec<String> {
        let paths = pack.files().list(FOLDER).unwrap_or_default();
        let id = |path: &String| path.strip_prefix("migrations/")?.strip_suffix(".yaml").map(str::to_owned);
        paths.iter().filter_map(id).filter(|id| !id.contains('/') && !steps::is_version(id)).collect()
    }

    /// Reports every mistake in the migrations of a pack; ids of a pack that cannot be had here are taken as they are.
    pub fn examine(to: &Pack, bases: &dyn Bases, sink: &mut Sink) {
        let own = to.layers.first().map(|layer| layer.files.list(FOLDER).unwrap_or_default());
        for name in own.unwrap_or_default() {
            let name = name.strip_prefix("migrations/").and_then(|name| name.strip_suffix(".yaml"));
            if let Some(name) = name.filter(|name| steps::is_version(name)) {
                steps::examine(to, name, sink);
            }
        }
        for id in Migration::sources(to) {
            let mut own = Sink::new();
            let path = format!("{FOLDER}/{id}.yaml");
            let located = decode::read(&**to.files(), &path, &mut own);
            let is_sound = located.is_some_and(|located| is_sound(&located, &mut own));
            decode::show_lines(&to.trees(), &mut own);
            sink.merge(own);
            let from = bases.find(&Wanted { id, range: VersionReq::STAR }).ok().filter(|_| is_sound);
            if let Some(from) = from.and_then(|files| Pack::load(files, bases, &mut Sink::new())) {
                Migration::read(&from, to, sink);
            }
        }
    }

    /// Reads what `to` says of those who come from `from`, or from a pack that `from` extends. Every mistake is reported.
    pub fn read(from: &Pack, to: &Pack, sink: &mut Sink) -> Option<Migration> {
        let known = Migration::sources(to);
        let layer = from.layers.iter().find(|layer| known.contains(&layer.manifest.id));
        let Some(manifest) = layer.map(|layer| &layer.manifest) else {
            let (old, new) = (from.label(0), to.label(0));
            let diagnostic =
                Diagnostic::fault(&codes::MIGRATION_MISSING, format!("there is no way from {old} to {new}"));
            sink.push(match known.is_empty() {
                true => diagnostic.help(format!("{new} has no migrations")),
                false => diagnostic.help(format!("{new} can be reached from: {}", known.join(", "))),
            });
            return None;
        };
        let path = format!("{FOLDER}/{}.yaml", manifest.id);
        let mut own = Sink::new();
        let Some(located) = decode::read(&**to.files(), &path, &mut own) else {
            decode::show_lines(&to.trees(), &mut own);
            sink.merge(own);
            return None;
        };
        is_sound(&located, &mut own);
        let wanted: Option<Wanted> = located.text("from").and_then(|text| text.parse().ok());
        if let Some(wanted) = wanted.filter(|wanted| !wanted.matches(manifest)) {
            let span = located.get("from").map(|value| value.span.clone());
            let message = format!("this leads from `{wanted}`; the workspace has {}", from.label(0));
            let diagnostic = Diagnostic::fault(&codes::MIGRATION_MISSING, message).at(span);
            own.push(
                diagnostic
                    .help("`folio pack upgrade --to RANGE` moves a workspace to another version of its pack first"),
            );
        }
        let migration = (!own.has_faults()).then(|| Reader { from, to, located: &located, sink: &mut own }.read());
        decode::show_lines(&to.trees(), &mut own);
        let failed = own.has_faults();
        sink.merge(own);
        migration.filter(|_| !failed)
    }
}

/// Whether a file says what becomes of ids of another pack, and nothing else.
fn is_sound(located: &Located, sink: &mut Sink) -> bool {
    let mut own = Sink::new();
    decode::typed::<Json>(located, Kind::Migration, &mut own);
    if located.get("catalogues").is_none() {
        let problem = Diagnostic::fault(&codes::MIGRATION, "`catalogues` is missing").at(located.span.clone());
        own.push(problem.help("say what each id becomes; `catalogues: {}` keeps them"));
    }
    if let Some(steps) = located.get("steps") {
        let message = "`steps` lead from a version of the same pack, and stand in `migrations/<major>.yaml`";
        own.push(Diagnostic::fault(&codes::MIGRATION, message).at(steps.span.clone()));
    }
    let is_sound = !own.has_faults();
    sink.merge(own);
    is_sound
}

struct Reader<'a> {
    from: &'a Pack,
    to: &'a Pack,
    located: &'a Located,
    sink: &'a mut Sink,
}

impl Reader<'_> {
    fn read(mut self) -> Migration {
        Migration {
            catalogues: self.catalogues(),
            rows: self.rows(),
            documents: self.renamed(
                "documents",
                &self.from.documents.iter().map(|document| document.id.as_str()).collect(),
                &self.to.documents.iter().map(|document| document.id.as_str()).collect(),
            ),
            checks: self.renamed(
                "checks",
                &self.from.checks.iter().map(|check| check.id.as_str()).collect(),
                &self.to.checks.iter().map(|check| check.id.as_str()).collect(),
            ),
        }
    }

    fn fault<'k>(&mut self, message: String, span: Span, given: &str, known: impl IntoIterator<Item = &'k str>) {
        let diagnostic = Diagnostic::fault(&codes::MIGRATION, message).at(span);
        self.sink.push(diagnostic.suggest(given, known));
    }

    /// What is said of each catalogue; the ids of one of which nothing is said stay.
    fn catalogues(&mut self) -> BTreeMap<String, BTreeMap<String, Vec<String>>> {
        let (old, new) = (self.from.catalogues(), self.to.catalogues());
        for entry in self.located.get("catalogues").into_iter().flat_map(Located::entries) {
            let both = [(&old, self.from), (&new, self.to)];
            if let Some((catalogues, pack)) = both.iter().find(|(known, _)| !known.contains_key(entry.key.as_str())) {
                let message = format!("`{}` is not a catalogue of {}", entry.key, pack.label(0));
                self.fault(message, entry.key_span.clone(), &entry.key, catalogues.keys().map(String::as_str));
            }
        }
        let nothing = BTreeSet::new();
        let mut all = BTreeMap::new();
        for (name, ids) in &old {
            let said = self.located.get("catalogues").and_then(|catalogues| catalogues.get(name));
            let targets = new.get(name).unwrap_or(&nothing);
            let mut pairs: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (from, to, span) in said.map(|said| self.pairs(said)).unwrap_or_default() {
                for (id, known, pack) in [(&from, ids, self.from), (&to, targets, self.to)] {
                    if !known.contains(id) {
                        let message = format!("`{id}` is not in the catalogue `{name}` of {}", pack.label(0));
                        self.fault(message, span.clone(), id, known.iter().map(String::as_str));
                    }
                }
                let known = pairs.entry(from).or_default();
                if !known.contains(&to) {
                    known.push(to);
                }
            }
            if said.is_none_or(|said| said.text("others") == Some("same")) {
                for id in ids.iter().filter(|id| targets.contains(*id)) {
                    pairs.entry(id.clone()).or_insert_with(|| vec![id.clone()]);
                }
            }
            all.insert(name.clone(), pairs);
        }
        all
    }

    /// The pairs of a correspondence, each with its place.
    fn pairs(&mut self, said: &Located) -> Vec<(String, String, Span)> {
        let mut pairs = Vec::new();
        if let Some(table) = said.get("table") {
            pairs.extend(self.table(table));
        }
        for entry in said.get("pairs").into_iter().flat_map(Located::entries) {
            let items = entry.value.list().iter();
            pairs.extend(
                items.filter_map(|item| Some((entry.key.to_string(), item.as_str()?.to_owned(), item.span.clone()))),
            );
        }
        pairs
    }

    /// The pairs of a CSV table with the columns `from` and `to`.
    fn table(&mut self, named: &Located) -> Vec<(String, String, Span)> {
        let path = format!("{FOLDER}/{}", named.as_str().unwrap_or_default());
        let files = self.to.files().clone();
        let Some(text) = decode::text(&*files, &path, self.sink) else { return Vec::new() };
        let name = files.name(&path);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let at = |line: Option<u64>| Span::text(name.as_str(), line.unwrap_or(1) as u32, 1, 1);
        let columns =
            reader.headers().map(|headings| ["from", "to"].map(|key| headings.iter().position(|text| text == key)));
        let Ok([Some(from), Some(to)]) = columns else {
            self.fault(format!("`{path}` has no columns `from` and `to`"), at(None), "", []);
            return Vec::new();
        };
        let mut pairs = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let cell = |column: usize| record.get(column).unwrap_or_default().trim().to_owned();
                    pairs.push((cell(from), cell(to), at(record.position().map(csv::Position::line))));
                }
                Err(error) => {
                    let line = error.position().map(csv::Position::line);
                    self.fault(format!("this is not CSV: {}", reasons::csv(&error)), at(line), "", []);
                }
            }
        }
        pairs
    }

    fn rows(&mut self) -> BTreeMap<String, BTreeMap<String, Way>> {
        let mut rows: BTreeMap<String, BTreeMap<String, Way>> = BTreeMap::new();
        let root = self.to.schema.view();
        for register in self.located.get("rows").into_iter().flat_map(Located::entries) {
            let Some(items) = root.at(&register.key).and_then(|list| list.items()) else {
                let message = format!("`{}` is not a register of {}", register.key, self.to.label(0));
                self.fault(message, register.key_span.clone(), &register.key, root.keys());
                continue;
            };
            for column in register.value.entries() {
                let Some(property) = items.property(&column.key) else {
                    let message = format!("`{}` is not a column of `{}`", column.key, register.key);
                    self.fault(message, column.key_span.clone(), &column.key, items.keys());
                    continue;
                };
                match Way::of(column.value.as_str().unwrap_or_default(), property) {
                    Ok(way) => {
                        rows.entry(register.key.to_string()).or_default().insert(column.key.to_string(), way);
                    }
                    Err(problem) => {
                        let message = format!("`{}` {problem}", column.key);
                        self.fault(message, column.value.span.clone(), "", []);
                    }
                }
            }
        }
        rows
    }

    /// A map of old ids to new ones, of which the packs must know both.
    fn renamed(&mut self, key: &str, old: &BTreeSet<&str>, new: &BTreeSet<&str>) -> BTreeMap<String, String> {
        let mut renamed = BTreeMap::new();
        for entry in self.located.get(key).into_iter().flat_map(Located::entries) {
            let to = entry.value.as_str().unwrap_or_default();
            for (id, known, pack, span) in
                [(entry.key.as_str(), old, self.from, &entry.key_span), (to, new, self.to, &entry.value.span)]
            {
                if !known.contains(id) {
                    let message = format!("`{id}` is not one of the {key} of {}", pack.label(0));
                    self.fault(message, span.clone(), id, known.iter().copied());
                }
            }
            renamed.insert(entry.key.to_string(), to.to_owned());
        }
        renamed
    }
}
