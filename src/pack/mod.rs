//! Template packs: what a standard's documents are made from.
//!
//! A pack comes from one of three sources, all of them [`Files`]: embedded in the program, a folder, or an [`archive`].
//! Archives are given on: [`mod@sign`]ed, offered in an [`index`], and [`install`]ed by those who [`trust`] their author;
//! [`installed`] is where they then lie, and [`seen`] remembers what indexes had.
//! It may extend another; [`Pack::load`] reads the whole chain, lays it together and reports every mistake. Nothing in a
//! pack can reach other files.
//!
//! What is laid over what: a file of an outer pack takes the place of the same file of a base (documents, partials,
//! images, fonts, the starter but for its `folio.yaml` and `profile.yaml`, which are joined key by key);
//! `blocks/<document>/<block>.md.hbs` takes the place of a block; manifests, data and rules are joined by id; theme,
//! strings, messages and topics key by key; profile schemas key by key. What a base calls `final` stays.

pub mod archive;
mod chain;
mod comments;
mod compiled;
mod data;
pub mod diff;
mod document;
pub mod editions;
pub mod fonts;
pub mod hidden;
pub mod index;
pub mod install;
pub mod installed;
mod manifest;
pub(crate) mod messages;
pub mod names;
pub mod origin;
pub mod reference;
mod rules;
mod schema;
pub mod seen;
mod set;
pub mod sign;
pub mod source;
pub mod starter;
pub(crate) mod steps;
pub mod translation;
pub mod trust;
pub mod unchecked;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ecow::EcoString;
use regex::{Regex, RegexBuilder};
use serde_json::{Map, Value as Json};

use crate::decode::{self, Kind};
use crate::diagnostic::codes::{pack as codes, workspace as workspace_codes};
use crate::diagnostic::{Diagnostic, Sink, Span, nearest};
use crate::digest;
use crate::expand::{Source, Topic};
use crate::files::{Files, Layered};
use crate::language::{Language, Terms};
use crate::messages::Messages;
use crate::reasons;
use crate::rules::{Check, Derive, Propose};
use crate::schema::Schema;
use crate::strings::{self, Strings};
use crate::theme::Part;
use crate::typeset::{FontFile, KnownFonts};
use crate::yaml::Located;
use compiled::Compiled;
use source::Bases;

pub use chain::{Layer, digest};
pub(crate) use data::{TOPICS, table};
pub use document::Template;
pub(crate) use manifest::FILE as MANIFEST;
pub use manifest::{Major, Manifest, Requirement, Tier, manifest};
pub use set::Dropped;

/// The file of the engine's words.
const STRINGS: &str = "strings.yaml";

/// The file of terms and their forms.
pub(crate) const FORMS: &str = "forms.yaml";

/// The most bytes of a compiled regular expression.
const MAX_PATTERN: usize = 1 << 20;

/// A pack, read whole, with the packs that it extends.
pub struct Pack {
    /// What it says of itself, with what it takes over.
    pub manifest: Manifest,
    /// The packs that it is made of, each as it stands alone: its own first, its last base last.
    pub layers: Vec<Layer>,
    /// The SHA-256 of all its files and those of its bases.
    pub digest: String,
    /// What it asks of a profile, the engine's own keys among it.
    pub schema: Schema,
    /// Its data, by the stem of the file.
    pub data: Map<String, Json>,
    /// The topics that templates cite.
    pub topics: BTreeMap<String, Topic>,
    /// Its rules.
    pub derive: Vec<Derive>,
    /// Its checks.
    pub checks: Vec<Check>,
    /// What it proposes for the rows of registers.
    pub propose: Vec<Propose>,
    /// What its rules say, by key.
    pub messages: Arc<Messages>,
    /// Its look, before a workspace's changes.
    pub theme: Located,
    /// The engine's words in its language.
    pub strings: Strings,
    /// The forms of terms in its language.
    pub terms: Terms,
    /// Its documents, in the order of the set.
    pub documents: Vec<Template>,
    /// The documents of its bases that it leaves out.
    pub dropped: Vec<Dropped>,
    /// Its partials, by name.
    pub partials: BTreeMap<String, Source>,
    /// What stands in place of blocks of a base's documents: by document, then by block.
    pub blocks: BTreeMap<String, BTreeMap<String, Source>>,
    /// Its images, by path below `images/`.
    pub images: BTreeMap<String, Arc<[u8]>>,
    /// Its font files: its own first, then those of its bases.
    pub fonts: Vec<FontFile>,
    /// Figures that templates may not write themselves.
    pub figures: Option<Regex>,
    files: Arc<Layered>,
    compiled: Compiled,
}

impl std::fmt::Debug for Pack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pack({} {})", self.manifest.id, self.manifest.version)
    }
}

impl Pack {
    /// Reads a pack and the packs that it extends. Every mistake is reported; `None` when there is one.
    pub fn load(files: Arc<dyn Files>, bases: &dyn Bases, sink: &mut Sink) -> Option<Pack> {
        let mut own = Sink::new();
        let pack = Self::examine(files, bases, &mut own);
        let failed = own.has_faults();
        sink.merge(own);
        pack.filter(|_| !failed)
    }

    /// What makes a major version, that of the last base first.
    pub fn major(&self) -> impl Iterator<Item = &Major> {
        self.layers.iter().rev().flat_map(|layer| &layer.manifest.major)
    }

    /// Reports those of the ids that a user asked for by name, in `--only`, that are no documents of the pack.
    pub fn check_asked(&self, asked: &[String], sink: &mut Sink) {
        let known = || self.documents.iter().map(|document| document.id.as_str());
        for id in asked.iter().filter(|id| !known().any(|known| known == id.as_str())) {
            let problem = Diagnostic::fault(&workspace_codes::USAGE, format!("the pack has no document `{id}`"));
            sink.push(problem.suggest(id, known()));
        }
    }

    /// Reads a pack as [`Pack::load`] does, and gives what could be read in spite of mistakes: for looking at it, not
    /// for rendering.
    pub fn examine(files: Arc<dyn Files>, bases: &dyn Bases, sink: &mut Sink) -> Option<Pack> {
        let mut own = Sink::new();
        let layers = chain::read(files.clone(), bases, &mut own);
        let pack = match layers {
            Some(layers) => {
                let known = bases.fonts();
                let pack = Reader::new(&layers, &known, &mut own).and_then(Reader::read);
                let trees: Vec<&dyn Files> = layers.iter().map(|layer| &*layer.files).collect();
                decode::show_lines(&trees, &mut own);
                let pack = pack.map(|parts| parts.into_pack(layers));
                if let Some(pack) = &pack {
                    pack.refuse_untranslated(&mut own);
                }
                pack
            }
            None => {
                decode::show_lines(&[&*files], &mut own);
                None
            }
        };
        sink.merge(own);
        pack
    }

    /// Its files: those of its bases where it has none of its own.
    pub fn files(&self) -> &Arc<Layered> {
        &self.files
    }

    /// The trees that its files come from, its own first.
    pub fn trees(&self) -> Vec<&dyn Files> {
        self.layers.iter().map(|layer| &*layer.files).collect()
    }

    /// How the pack of a layer is called: id and version.
    pub fn label(&self, layer: usize) -> String {
        self.layers.get(layer).map(Layer::label).unwrap_or_default()
    }

    /// Ids of a catalogue as a table cites them, after the word for one or several: `Controls A.7.2, A.7.4`.
    pub fn cited(&self, ids: &[&str]) -> String {
        let listed = ids.join(", ");
        let catalogues = self.catalogues();
        let holds =
            |name: &str| ids.first().is_some_and(|id| catalogues.get(name).is_some_and(|all| all.contains(*id)));
        match self.strings.citations.iter().find(|citation| holds(&citation.catalogue)) {
            Some(citation) => {
                let word = if ids.len() == 1 { &citation.one } else { &citation.many };
                format!("{} {listed}", self.strings.language.capitalise(word))
            }
            None => listed,
        }
    }

    /// The same, each with its title.
    pub fn titled(&self) -> BTreeMap<String, BTreeMap<String, String>> {
        let text = |row: &Json, key: &str| row.get(key).and_then(Json::as_str).map(str::to_owned);
        let ids = |name: &String| {
            let rows = self.data.get(name).and_then(Json::as_array).into_iter().flatten();
            rows.filter_map(|row| Some((text(row, "id")?, text(row, "title").unwrap_or_default()))).collect()
        };
        self.manifest.catalogues.iter().map(|name| (name.clone(), ids(name))).collect()
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

/// Everything of a pack but its layers.
struct Parts {
    manifest: Manifest,
    digest: String,
    schema: Schema,
    data: Map<String, Json>,
    topics: BTreeMap<String, Topic>,
    derive: Vec<Derive>,
    checks: Vec<Check>,
    propose: Vec<Propose>,
    messages: Arc<Messages>,
    theme: Located,
    strings: Strings,
    terms: Terms,
    documents: Vec<Template>,
    dropped: Vec<Dropped>,
    partials: BTreeMap<String, Source>,
    blocks: BTreeMap<String, BTreeMap<String, Source>>,
    images: BTreeMap<String, Arc<[u8]>>,
    fonts: Vec<FontFile>,
    figures: Option<Regex>,
    files: Arc<Layered>,
}

impl Parts {
    fn into_pack(self, layers: Vec<Layer>) -> Pack {
        let Parts { manifest, digest, schema, data, topics, derive, checks, propose, messages, theme, strings, .. } =
            self;
        let Parts { terms, documents, dropped, partials, blocks, images, fonts, figures, files, .. } = self;
        Pack {
            manifest,
            layers,
            digest,
            schema,
            data,
            topics,
            derive,
            checks,
            propose,
            messages,
            theme,
            strings,
            terms,
            documents,
            dropped,
            partials,
            blocks,
            images,
            fonts,
            figures,
            files,
            compiled: Compiled::default(),
        }
    }
}

struct Reader<'a> {
    layers: &'a [Layer],
    files: Arc<Layered>,
    paths: Vec<String>,
    /// Font files that were read before.
    known: &'a KnownFonts,
    sink: &'a mut Sink,
}

impl<'a> Reader<'a> {
    fn new(layers: &'a [Layer], known: &'a KnownFonts, sink: &'a mut Sink) -> Option<Reader<'a>> {
        let files = Layered::new(layers.iter().map(|layer| layer.files.clone()).collect());
        match files {
            Ok(files) => {
                let files = Arc::new(files);
                let paths = files.list("").unwrap_or_default();
                Some(Reader { layers, files, paths, known, sink })
            }
            Err(error) => {
                sink.push(Diagnostic::fault(&codes::PACK_FILE, error.to_string()).at(Span::file(error.name)));
                None
            }
        }
    }

    fn read(mut self) -> Option<Parts> {
        let terms = self.terms();
        let (mut manifest, tables) = self.manifest();
        let schema = schema::read(self.layers, &tables.schema, self.sink);
        let mut data = data::read(self.layers, &self.paths, self.sink);
        let mut topics = data::topics(self.layers, &data, &manifest, self.sink);
        let (derive, checks, propose) = rules::read(self.layers, &tables, self.sink);
        let theme = self.keyed("theme.yaml");
        let strings = self.strings(&manifest);
        let kinds = strings.as_ref().map(|strings| &strings.kinds);
        let read = |id: &String| document::read(&self.files, id, &manifest, kinds, self.sink);
        let documents: Vec<Template> = manifest.documents.iter().filter_map(read).collect();
        let partials = self.partials();
        let blocks = self.blocks(&documents);
        self.keep_final_documents(&documents);
        let (documents, dropped) = set::of(self.layers, documents, self.sink);
        manifest.documents = documents.iter().map(|document| document.id.clone()).collect();
        let is_left_out = |id: &str| {
            let foreign = |layer: &Layer| translation::differ(&layer.manifest.language, &manifest.language);
            let document = documents.iter().find(|document| document.id == id);
            let layer = document.and_then(|document| self.layers.get(document.source.layer));
            layer.is_some_and(foreign) || dropped.iter().any(|dropped| dropped.template.id == id)
        };
        data::keep_sections(&mut topics, &mut data, is_left_out);
        let images = self.images();
        theme.iter().for_each(|theme| self.furniture(theme, &images));
        let fonts = fonts::read(self.layers.len(), &self.files, &self.paths, self.known, self.sink);
        let figures = self.figures(&manifest);
        let strings = strings?;
        Some(Parts {
            digest: self.digest(),
            schema: schema?,
            data,
            topics,
            derive,
            checks,
            propose,
            messages: Arc::new(Messages { language: strings.language.clone(), ..tables.messages }),
            theme: theme?,
            strings,
            terms: terms?,
            documents,
            dropped,
            partials,
            blocks,
            images,
            fonts,
            figures,
            manifest,
            files: self.files,
        })
    }

    /// The digest of a pack that extends none is its own, of another that of the whole chain.
    fn digest(&self) -> String {
        match self.layers {
            [only] => only.digest.clone(),
            layers => digest::of_parts(layers.iter().map(|layer| layer.digest.as_bytes())),
        }
    }

    /// The manifest with what it takes over, and the message tables, which have words for it.
    fn manifest(&mut self) -> (Manifest, messages::Tables) {
        let mut manifests = self.layers.iter().rev().map(|layer| layer.manifest.clone());
        let base = manifests.next();
        let joined = manifests.fold(base, |below, own| below.map(|below| own.extending(below)));
        let mut manifest = joined.unwrap_or_else(|| self.layers[0].manifest.clone());
        let tables = messages::read(self.layers, self.sink);
        tables.name_requirements(&mut manifest);
        let span = Span::file(self.layers[0].files.name(manifest::FILE));
        for requirement in &manifest.requirements {
            for id in requirement.documents.iter().filter(|id| !manifest.documents.contains(id)) {
                let message =
                    format!("the requirement `{}` names `{id}`, which the pack does not have", requirement.id);
                let known: Vec<&str> = manifest.documents.iter().map(String::as_str).collect();
                self.sink.push(unknown(message, Some(span.clone()), id, &known));
            }
        }
        if !manifest.is_base {
            for requirement in manifest.requirements.iter().filter(|requirement| requirement.cites.is_empty()) {
                let message = format!("the requirement `{}` does not say how it is cited", requirement.id);
                let diagnostic = Diagnostic::fault(&codes::PACK_MANIFEST, message).at(span.clone());
                self.sink.push(diagnostic.help("give it `cites`, such as `Clause 4.3`"));
            }
            if manifest.documents.is_empty() {
                let diagnostic = Diagnostic::fault(&codes::PACK_MANIFEST, "the pack has no documents").at(span);
                self.sink.push(diagnostic.help("list the ids of its documents under `documents`"));
            }
        }
        (manifest, tables)
    }

    /// The engine's words, with the forms of the pack's language.
    fn strings(&mut self, manifest: &Manifest) -> Option<Strings> {
        let tag = &manifest.language;
        let language = |tag: &str| tag.split('-').next().unwrap_or_default().to_owned();
        let own = language(tag);
        // What a base has instead of its language's forms is no form of another language.
        let located = self.laid(STRINGS, |layer, words| match language(&layer.manifest.language) == own {
            true => words,
            false => words.without(strings::OF_A_LANGUAGE),
        });
        let mut strings: Option<Strings> =
            located.as_ref().and_then(|located| decode::typed(located, Kind::Strings, self.sink));
        let problem = match &mut strings {
            Some(strings) => strings.speak(tag).err(),
            None => Language::new(tag).err(),
        };
        let Some(problem) = problem else { return strings };
        let span = match problem.key {
            Some(key) => located.as_ref().and_then(|words| Some(words.get("formats")?.get(key)?.span.clone())),
            None => {
                let manifest = decode::read(&*self.layers[0].files, manifest::FILE, &mut Sink::new());
                manifest.and_then(|manifest| Some(manifest.get("language")?.span.clone()))
            }
        };
        let diagnostic = Diagnostic::fault(&codes::PACK_MANIFEST, problem.message).at(span);
        self.sink.push(match problem.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
        None
    }

    /// The forms of terms; none, when no pack has the file. Those of another language are no forms of this one.
    fn terms(&mut self) -> Option<Terms> {
        let layers = self.layers;
        if !layers.iter().any(|layer| has(&*layer.files, FORMS)) {
            return Some(Terms::default());
        }
        let language = |layer: &Layer| layer.manifest.language.split('-').next().unwrap_or_default().to_owned();
        let own = language(&layers[0]);
        let located = self.laid(FORMS, |layer, forms| match language(layer) == own {
            true => forms,
            false => forms.without(&["terms"]),
        })?;
        decode::typed(&located, Kind::Forms, self.sink)
    }

    /// A file of keys: those of the bases with the outer ones laid over them.
    fn keyed(&mut self, path: &str) -> Option<Located> {
        self.laid(path, |_, located| located)
    }

    /// The same of what is taken of each layer.
    fn laid(&mut self, path: &str, taken: impl Fn(&Layer, Located) -> Located) -> Option<Located> {
        let mut whole: Option<Located> = None;
        for layer in self.layers.iter().rev() {
            if !has(&*layer.files, path) {
                continue;
            }
            let located = taken(layer, decode::read(&*layer.files, path, self.sink)?);
            whole = Some(match whole {
                Some(below) => below.overlaid(&located),
                None => located,
            });
        }
        if whole.is_none() {
            // Says that the file is missing, and where it is looked for.
            decode::read(&*self.layers[0].files, path, self.sink);
        }
        whole
    }

    fn bytes(&mut self, path: &str) -> Option<Vec<u8>> {
        self.files
            .read(path)
            .map_err(|error| {
                self.sink.push(Diagnostic::fault(&codes::PACK_FILE, error.to_string()).at(Span::file(error.name)))
            })
            .ok()
    }

    fn figures(&mut self, manifest: &Manifest) -> Option<Regex> {
        let pattern = RegexBuilder::new(manifest.figures.as_ref()?).size_limit(MAX_PATTERN).build();
        if let Err(error) = &pattern {
            let message = format!(
                "`figures` is no regular expression: {}",
                reasons::pattern(manifest.figures.as_deref().unwrap_or_default(), error)
            );
            let span = Span::file(self.layers[0].files.name(manifest::FILE));
            self.sink.push(Diagnostic::fault(&codes::PACK_MANIFEST, message).at(span));
        }
        pattern.ok()
    }

    fn partials(&mut self) -> BTreeMap<String, Source> {
        let mut partials = BTreeMap::new();
        for path in self.paths.clone() {
            let Some(name) = path.strip_prefix("partials/").and_then(|name| name.strip_suffix(".md.hbs")) else {
                continue;
            };
            if let Some(text) = decode::text(&*self.files, &path, self.sink) {
                let layer = self.files.layer_of(&path).unwrap_or_default();
                let below = &self.layers[layer + 1..];
                let replaces = below.iter().rposition(|base| has(&*base.files, &path)).map(|at| layer + 1 + at);
                let name_of_file = EcoString::from(self.files.name(&path));
                partials.insert(name.to_owned(), Source { name: name_of_file, text, first_line: 1, layer, replaces });
            }
        }
        partials
    }

    /// `blocks/<document>/<block>.md.hbs`, each for a document of a pack below its own.
    fn blocks(&mut self, documents: &[Template]) -> BTreeMap<String, BTreeMap<String, Source>> {
        let mut blocks: BTreeMap<String, BTreeMap<String, Source>> = BTreeMap::new();
        for path in self.paths.clone() {
            let Some(rest) = path.strip_prefix("blocks/").and_then(|rest| rest.strip_suffix(".md.hbs")) else {
                continue;
            };
            let layer = self.files.layer_of(&path).unwrap_or_default();
            let name = EcoString::from(self.files.name(&path));
            let Some((id, block)) = rest.split_once('/').filter(|(_, block)| !block.contains('/')) else { continue };
            let Some(document) = documents.iter().find(|document| document.id == id) else {
                let message = format!("`{path}` replaces a block of `{id}`, which the pack does not have");
                let diagnostic = Diagnostic::fault(&codes::PACK_MANIFEST, message).at(Span::file(name));
                self.sink.push(diagnostic.suggest(id, documents.iter().map(|document| document.id.as_str())));
                continue;
            };
            if document.source.layer == layer {
                let message = format!("`{path}` replaces a block of this pack's own document");
                let diagnostic = Diagnostic::fault(&codes::PACK_MANIFEST, message).at(Span::file(name));
                self.sink.push(diagnostic.help("write the text into the document"));
                continue;
            }
            if document.source.layer < layer {
                continue; // A pack further out wrote the document anew, with blocks of its own.
            }
            if let Some(text) = decode::text(&*self.files, &path, self.sink) {
                let source = Source { name, text, first_line: 1, layer, replaces: None };
                blocks.entry(id.to_owned()).or_default().insert(block.to_owned(), source);
            }
        }
        blocks
    }

    /// A document that a base calls final is neither written anew nor changed in its blocks by an outer pack.
    fn keep_final_documents(&mut self, documents: &[Template]) {
        for document in documents {
            let path = format!("documents/{}.md.hbs", document.id);
            let last = self
                .layers
                .iter()
                .rposition(|layer| has(&*layer.files, &path) && document::is_final(&*layer.files, &path));
            let Some(last) = last else { continue };
            let folder = format!("blocks/{}", document.id);
            for layer in &self.layers[..last] {
                let blocks = layer.files.list(&folder).unwrap_or_default();
                for path in blocks.into_iter().chain(has(&*layer.files, &path).then(|| path.clone())) {
                    let owner = self.layers[last].label();
                    let message = format!("`{}` is final in {owner}; `{path}` would change it", document.id);
                    let span = Span::file(layer.files.name(&path));
                    self.sink.push(Diagnostic::fault(&codes::PACK_FINAL, message).at(span).help(codes::PACK_FINAL.fix));
                }
            }
        }
    }

    /// What stands in header, footer and cover, and that the pack has the pictures.
    fn furniture(&mut self, theme: &Located, images: &BTreeMap<String, Arc<[u8]>>) {
        for (part, span) in decode::theme_parts(theme, self.sink) {
            let Part::Picture(picture) = part else { continue };
            if !images.contains_key(&picture.image) {
                let message = format!("the theme shows `{}`, which the pack does not have", picture.image);
                let problem = Diagnostic::fault(&workspace_codes::THEME, message).at(span);
                let problem = problem.suggest(&picture.image, images.keys().map(String::as_str));
                self.sink.push(problem.help("put the file into `images/`"));
            }
        }
    }

    fn images(&mut self) -> BTreeMap<String, Arc<[u8]>> {
        let mut images = BTreeMap::new();
        for path in self.paths.clone() {
            if let Some(name) = path.strip_prefix("images/")
                && let Some(bytes) = self.bytes(&path)
            {
                images.insert(name.to_owned(), bytes.into());
            }
        }
        images
    }
}

/// Whether a tree has a file.
fn has(files: &dyn Files, path: &str) -> bool {
    !matches!(files.read(path), Err(error) if error.problem == crate::files::Problem::Missing)
}

/// A fault about an id that is not among those known, with a suggestion.
fn unknown(message: String, span: Option<Span>, given: &str, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::fault(&codes::PACK_MANIFEST, message).at(span);
    match nearest(given, known.iter().copied()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}
