//! The package: its parts by name, and how they hang together (ISO/IEC 29500-2).

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use ecow::EcoString;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::tree::Element;
use super::{Place, Unreadable};

/// The most parts of a package.
const MAX_PARTS: usize = 4_000;

/// The most bytes of all parts, unpacked; and of those of XML, which take many times as much as trees.
const MAX_UNPACKED: u64 = 256 << 20;
const MAX_XML: u64 = 48 << 20;

/// What begins a compound file: documents of old, and documents behind a password.
const COMPOUND: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// A part.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// One of XML.
    Xml(Element),
    /// Any other, such as a picture.
    Bytes(Vec<u8>),
}

/// A Word file.
#[derive(Debug, Clone, PartialEq)]
pub struct Package {
    /// Its parts by name, without the `/` that they begin with.
    pub parts: BTreeMap<String, Part>,
    main: String,
}

/// Where a relationship leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// Its id in the part that has it.
    pub id: String,
    /// Its kind: the last word of its type, such as `image`.
    pub kind: String,
    /// The part, or an address outside the package.
    pub target: String,
    /// Whether it leads outside.
    pub is_external: bool,
}

impl Package {
    /// Reads a Word file, whoever wrote it.
    ///
    /// # Errors
    /// When it is none, is damaged, hides something, or holds more than is read.
    pub fn read(bytes: &[u8]) -> Result<Package, Unreadable> {
        if bytes.starts_with(&COMPOUND) {
            return Err(Unreadable::Compound);
        }
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| zip_problem(&error))?;
        if archive.len() > MAX_PARTS {
            return Err(Unreadable::TooMany);
        }
        let (mut left, mut left_of_xml) = (MAX_UNPACKED, MAX_XML);
        let mut parts: BTreeMap<String, Part> = BTreeMap::new();
        let mut folded: BTreeMap<String, ()> = BTreeMap::new();
        for index in 0..archive.len() {
            let entry = archive.by_index(index).map_err(|error| zip_problem(&error))?;
            let name = entry.name().map_err(|error| zip_problem(&error))?.into_owned();
            if name.ends_with('/') {
                continue;
            }
            if !is_confined(&name) {
                return Err(Unreadable::Name(name));
            }
            if folded.insert(name.to_lowercase(), ()).is_some() {
                return Err(Unreadable::Twice(name));
            }
            let is_xml = [".xml", ".rels"].iter().any(|ending| name.to_lowercase().ends_with(ending));
            let most = if is_xml { left.min(left_of_xml) } else { left };
            let mut content = Vec::new();
            entry.take(most + 1).read_to_end(&mut content).map_err(|_| Unreadable::Damaged)?;
            let size = content.len() as u64;
            if size > most {
                return Err(Unreadable::TooLarge);
            }
            left -= size;
            let part = match is_xml {
                true => {
                    left_of_xml -= size;
                    Part::Xml(Element::parse(&name, &content)?)
                }
                false => Part::Bytes(content),
            };
            parts.insert(name, part);
        }
        let mut package = Package { parts, main: String::new() };
        let main = package.relations("").into_iter().find(|it| it.kind == "officeDocument" && !it.is_external);
        package.main = main.ok_or(Unreadable::NoDocument)?.target;
        match package.xml(&package.main).and_then(|root| root.child("body")) {
            Some(_) => Ok(package),
            None => Err(Unreadable::NoDocument),
        }
    }

    /// The package as a file: the same parts give the same bytes.
    ///
    /// # Errors
    /// When it cannot be packed.
    pub fn write(&self) -> Result<Vec<u8>, Unreadable> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let first = "[Content_Types].xml";
        let names = self.parts.keys().filter(|name| *name != first);
        for name in self.parts.contains_key(first).then_some(first).into_iter().chain(names.map(String::as_str)) {
            let bytes = match &self.parts[name] {
                Part::Xml(root) => &root.bytes(),
                Part::Bytes(bytes) => bytes,
            };
            archive.start_file(name, options).map_err(|error| zip_problem(&error))?;
            archive.write_all(bytes).map_err(|_| Unreadable::Damaged)?;
        }
        Ok(archive.finish().map_err(|error| zip_problem(&error))?.into_inner())
    }

    /// The name of the main part, usually `word/document.xml`.
    pub fn main(&self) -> &str {
        &self.main
    }

    /// The tree of a part.
    pub fn xml(&self, name: &str) -> Option<&Element> {
        match self.parts.get(name)? {
            Part::Xml(root) => Some(root),
            Part::Bytes(_) => None,
        }
    }

    /// The relationships of a part, those of the package for `""`, in the order that they stand in.
    pub fn relations(&self, part: &str) -> Vec<Relation> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let slash = if folder.is_empty() { "" } else { "/" };
        let Some(root) = self.xml(&format!("{folder}{slash}_rels/{file}.rels")) else { return Vec::new() };
        let none = super::tree::Space::None;
        let relation = |element: &Element| {
            let value = |name: &str| element.value(&none, name).unwrap_or_default();
            let is_external = value("TargetMode") == "External";
            let target = value("Target");
            Relation {
                id: value("Id").to_owned(),
                kind: value("Type").rsplit('/').next().unwrap_or_default().to_owned(),
                target: if is_external { target.to_owned() } else { joined(folder, target) },
                is_external,
            }
        };
        root.elements().filter(|element| element.name == "Relationship").map(relation).collect()
    }

    /// The part that the main part has for something, such as `footnotes`.
    pub fn related(&self, kind: &str) -> Option<String> {
        let found = self.relations(&self.main).into_iter().find(|it| it.kind == kind && !it.is_external)?;
        self.parts.contains_key(&found.target).then_some(found.target)
    }

    /// The parts of the stories with text: the main one, headers, footers, notes, comments, in the order of their names.
    pub fn texts(&self) -> Vec<String> {
        let kinds = ["header", "footer", "footnotes", "endnotes", "comments"];
        let of_kind = |it: &Relation| kinds.contains(&it.kind.as_str()) && !it.is_external;
        let mut names = vec![self.main.clone()];
        names.extend(self.relations(&self.main).into_iter().filter(of_kind).map(|it| it.target));
        names.retain(|name| self.xml(name).is_some());
        names.sort();
        names.dedup();
        names
    }

    /// The trees of the stories, each with its part and its place: the body, headers and footers by section, notes.
    pub fn stories(&self) -> Vec<(Place, String, &Element)> {
        let mut found = Vec::new();
        let Some(body) = self.xml(&self.main).and_then(|root| root.child("body")) else { return found };
        found.push((Place::Body, self.main.clone(), body));
        let relations = self.relations(&self.main);
        for (at, section) in sections(body).into_iter().enumerate() {
            for (kind, is_header) in [("headerReference", true), ("footerReference", false)] {
                let mut references: Vec<&Element> = section.elements().filter(|it| it.is(kind)).collect();
                references.sort_by_key(|it| it.get("type").unwrap_or("default"));
                for reference in references {
                    let id = reference.value(&super::tree::Space::R, "id").unwrap_or_default();
                    let Some(to) = relations.iter().find(|it| it.id == id && !it.is_external) else { continue };
                    let Some(root) = self.xml(&to.target) else { continue };
                    let pages: EcoString = reference.get("type").unwrap_or("default").into();
                    let section = at + 1;
                    let place = match is_header {
                        true => Place::Header { section, pages },
                        false => Place::Footer { section, pages },
                    };
                    found.push((place, to.target.clone(), root));
                }
            }
        }
        for (kind, name) in [("footnotes", "footnote"), ("endnotes", "endnote")] {
            let Some(part) = self.related(kind) else { continue };
            let Some(root) = self.xml(&part) else { continue };
            let is_written = |it: &&Element| it.is(name) && it.get("type").unwrap_or("normal") == "normal";
            for note in root.elements().filter(is_written) {
                let id = note.get("id").unwrap_or_default().into();
                let place = if name == "footnote" { Place::Footnote(id) } else { Place::Endnote(id) };
                found.push((place, part.clone(), note));
            }
        }
        found
    }
}

/// The properties of the sections of a body, in their order, those that were left out.
pub(super) fn sections(body: &Element) -> Vec<&Element> {
    fn find<'e>(element: &'e Element, found: &mut Vec<&'e Element>) {
        for child in element.elements() {
            if child.is("sectPr") {
                found.push(child);
            } else if child.is_any(&["p", "pPr", "sdt", "sdtContent", "customXml", "ins", "del"]) {
                find(child, found);
            }
        }
    }
    let mut found = Vec::new();
    find(body, &mut found);
    found
}

/// Whether the name of a part leads nowhere else.
fn is_confined(name: &str) -> bool {
    let is_odd = |part: &str| part.is_empty() || part.ends_with('.') || part.starts_with("..");
    name.len() <= 1_000 && !name.contains(['\\', ':', '\0']) && !name.starts_with('/') && !name.split('/').any(is_odd)
}

/// The name of the part that a target means, as seen from a folder.
fn joined(folder: &str, target: &str) -> String {
    let target = target.split('#').next().unwrap_or_default();
    let mut parts: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("/")
}

fn zip_problem(error: &ZipError) -> Unreadable {
    match error {
        ZipError::InvalidPassword | ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Unreadable::Compound,
        _ => Unreadable::Damaged,
    }
}
