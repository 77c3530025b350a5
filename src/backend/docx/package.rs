//! The package (ISO/IEC 29500-2): parts, content types, relationships, and the archive that holds them.
//!
//! The archive depends on the parts alone: fixed order, fixed stamps, one compression for each kind of part.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::direction;
use super::xml::Element;
use crate::uri;

const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
/// The namespace of relationship types of ISO/IEC 29500-1.
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The relationships of one part.
#[derive(Debug, Clone, Default)]
pub(super) struct Relationships {
    entries: Vec<(String, Cow<'static, str>, bool)>,
}

impl Relationships {
    /// A relationship to a part, by the last word of its type; its id. The same one twice is one.
    pub(super) fn part(&mut self, kind: &str, target: &str) -> String {
        self.add(format!("{OFFICE}/{kind}"), Cow::Owned(target.to_owned()), false)
    }

    /// A hyperlink that leads out of the package.
    pub(super) fn hyperlink(&mut self, url: &str) -> String {
        self.add(format!("{OFFICE}/hyperlink"), Cow::Owned(uri::url(url)), true)
    }

    /// Whether one of them leads to a target.
    pub(super) fn leads_to(&self, target: &str) -> bool {
        self.entries.iter().any(|(_, known, _)| known == target)
    }

    /// What the relationship of an id leads to.
    pub(super) fn target(&self, id: &str) -> Option<&str> {
        let at: usize = id.strip_prefix("rId")?.parse().ok()?;
        self.entries.get(at.checked_sub(1)?).map(|(_, target, _)| target.as_ref())
    }

    fn add(&mut self, kind: String, target: Cow<'static, str>, external: bool) -> String {
        let entry = (kind, target, external);
        let at = self.entries.iter().position(|known| *known == entry).unwrap_or_else(|| {
            self.entries.push(entry);
            self.entries.len() - 1
        });
        format!("rId{}", at + 1)
    }

    /// Takes in the relationships of another part; the id that each has now, by the one that it had. `moved` says under
    /// which name a target is known now.
    pub(super) fn unite(&mut self, others: &Relationships, moved: impl Fn(&str) -> String) -> BTreeMap<String, String> {
        let others = others.entries.iter().enumerate();
        others
            .map(|(at, (kind, target, external))| {
                let target = if *external { target.clone() } else { Cow::Owned(moved(target)) };
                (format!("rId{}", at + 1), self.add(kind.clone(), target, *external))
            })
            .collect()
    }

    fn to_part(&self) -> Vec<u8> {
        let mut root = Element::new("Relationships").with("xmlns", format!("{PACKAGE}/relationships"));
        for (at, (kind, target, external)) in self.entries.iter().enumerate() {
            let mut entry = Element::new("Relationship")
                .with("Id", format!("rId{}", at + 1))
                .with("Type", kind.clone())
                .with("Target", target.clone().into_owned());
            if *external {
                entry = entry.with("TargetMode", "External");
            }
            root.push(entry);
        }
        root.to_part()
    }
}

/// A package in the making.
#[derive(Debug, Default)]
pub(super) struct Package {
    parts: Vec<Part>,
    relationships: Relationships,
    /// Whether its lines run from the right.
    is_turned: bool,
}

#[derive(Debug)]
struct Part {
    name: String,
    kind: &'static str,
    content: Content,
    relationships: Relationships,
}

#[derive(Debug)]
enum Content {
    Xml(Element),
    Bytes(Vec<u8>),
}

impl Package {
    /// An empty package. `is_turned`: its lines run from the right.
    pub(super) fn new(is_turned: bool) -> Package {
        Package { is_turned, ..Package::default() }
    }

    /// Adds a part of XML with the relationships that start from it.
    pub(super) fn add(&mut self, name: &str, kind: &'static str, root: Element, relationships: Relationships) {
        let root = if self.is_turned { direction::from_the_right(root) } else { root };
        self.parts.push(Part { name: name.to_owned(), kind, content: Content::Xml(root), relationships });
    }

    /// The part of a name, if it is one of XML, with its relationships.
    pub(super) fn part_mut(&mut self, name: &str) -> Option<(&mut Element, &mut Relationships)> {
        self.parts.iter_mut().find(|part| part.name == name).and_then(|part| match &mut part.content {
            Content::Xml(root) => Some((root, &mut part.relationships)),
            Content::Bytes(_) => None,
        })
    }

    /// A copy of a part of XML, with its content type and its relationships.
    pub(super) fn copy(&self, name: &str) -> Option<(&'static str, Element, Relationships)> {
        self.parts.iter().find(|part| part.name == name).and_then(|part| match &part.content {
            Content::Xml(root) => Some((part.kind, root.clone(), part.relationships.clone())),
            Content::Bytes(_) => None,
        })
    }

    /// Takes a part of XML out, with its content type and its relationships.
    pub(super) fn take(&mut self, name: &str) -> Option<(&'static str, Element, Relationships)> {
        let at = self.parts.iter().position(|part| part.name == name && matches!(part.content, Content::Xml(_)))?;
        let part = self.parts.remove(at);
        match part.content {
            Content::Xml(root) => Some((part.kind, root, part.relationships)),
            Content::Bytes(_) => None,
        }
    }

    /// Adds a part of XML as it is.
    pub(super) fn put(&mut self, name: &str, kind: &'static str, root: Element, relationships: Relationships) {
        self.parts.push(Part { name: name.to_owned(), kind, content: Content::Xml(root), relationships });
    }

    /// The names of its parts.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| part.name.as_str())
    }

    /// Its parts of bytes: pictures.
    pub(super) fn media(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.parts.iter().filter_map(|part| match &part.content {
            Content::Bytes(bytes) => Some((part.name.as_str(), bytes.as_slice())),
            Content::Xml(_) => None,
        })
    }

    /// Adds a part of bytes whose content type its extension tells.
    pub(super) fn add_media(&mut self, name: &str, bytes: Vec<u8>) {
        self.parts.push(Part {
            name: name.to_owned(),
            kind: "",
            content: Content::Bytes(bytes),
            relationships: Relationships::default(),
        });
    }

    /// A relationship from the package itself.
    pub(super) fn relate(&mut self, kind: &str, target: &str) {
        match kind {
            "core-properties" => {
                let kind = format!("{PACKAGE}/relationships/metadata/core-properties");
                self.relationships.add(kind, Cow::Owned(target.to_owned()), false);
            }
            _ => {
                self.relationships.part(kind, target);
            }
        }
    }

    /// The archive.
    pub(super) fn to_bytes(&self) -> zip::result::ZipResult<Vec<u8>> {
        let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
        let mut zip = ZipWriter::new(Cursor::new(Vec::with_capacity(64 * 1024)));
        let mut write = |name: &str, bytes: &[u8]| -> zip::result::ZipResult<()> {
            zip.start_file(name, options.compression_method(compression(name)))?;
            zip.write_all(bytes)?;
            Ok(())
        };
        write("[Content_Types].xml", &self.content_types().to_part())?;
        write("_rels/.rels", &self.relationships.to_part())?;
        for part in &self.parts {
            match &part.content {
                Content::Xml(root) => write(&part.name, &root.to_part())?,
                Content::Bytes(bytes) => write(&part.name, bytes)?,
            }
            if !part.relationships.entries.is_empty() {
                let (folder, file) = part.name.rsplit_once('/').unwrap_or(("", &part.name));
                write(&format!("{folder}/_rels/{file}.rels"), &part.relationships.to_part())?;
            }
        }
        Ok(zip.finish()?.into_inner())
    }

    fn content_types(&self) -> Element {
        let mut root = Element::new("Types").with("xmlns", format!("{PACKAGE}/content-types"));
        let defaults = [
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("xml", "application/xml"),
            ("png", "image/png"),
            ("jpeg", "image/jpeg"),
            ("svg", "image/svg+xml"),
        ];
        for (extension, kind) in defaults {
            let used = ["rels", "xml"].contains(&extension)
                || self.parts.iter().any(|part| part.name.rsplit('.').next() == Some(extension));
            if used {
                root.push(Element::new("Default").with("Extension", extension).with("ContentType", kind));
            }
        }
        for part in self.parts.iter().filter(|part| !part.kind.is_empty()) {
            root.push(
                Element::new("Override").with("PartName", format!("/{}", part.name)).with("ContentType", part.kind),
            );
        }
        root
    }
}

/// Pictures are compressed as they come.
fn compression(part: &str) -> CompressionMethod {
    let is_picture = [".png", ".jpeg"].iter().any(|ending| part.ends_with(ending));
    if is_picture { CompressionMethod::Stored } else { CompressionMethod::Deflated }
}
