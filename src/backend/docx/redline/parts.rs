//! The parts of two packages as those of one.

use std::collections::{BTreeMap, HashMap};

use super::super::package::Package;
use super::super::xml::Element;
use super::pen::{Fate, Pen};
use super::{blocks, properties};
use crate::align::{self, Step};

const NOTES: &str = "word/footnotes.xml";

/// Whether a part has text of its own that is read: the body, headers, footers, notes.
pub(super) fn is_story(name: &str) -> bool {
    let Some(file) = name.strip_prefix("word/") else { return false };
    ["document", "header", "footer", "footnotes"].iter().any(|story| file.starts_with(story))
}

/// Does something with each element of a tree, from the top.
pub(super) fn each(element: &mut Element, act: &mut impl FnMut(&mut Element)) {
    act(element);
    element.elements_mut().for_each(|child| each(child, act));
}

/// The names of a package's stories.
pub(super) fn stories(package: &Package) -> Vec<String> {
    package.names().filter(|name| is_story(name)).map(str::to_owned).collect()
}

/// Adds the old version's pictures to the new one's, and lets the old version's parts lead to them.
pub(super) fn unite_media(before: &mut Package, after: &mut Package) {
    let known: HashMap<Vec<u8>, String> =
        after.media().map(|(name, bytes)| (bytes.to_vec(), name.to_owned())).collect();
    let mut count = after.media().count();
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    for (name, bytes) in before.media() {
        let target = known.get(bytes).cloned().unwrap_or_else(|| {
            count += 1;
            let extension = name.rsplit('.').next().unwrap_or_default();
            let fresh = format!("word/media/image{count}.{extension}");
            after.add_media(&fresh, bytes.to_vec());
            fresh
        });
        renamed.insert(in_word(name).to_owned(), in_word(&target).to_owned());
    }
    for name in stories(before) {
        let Some((root, relationships)) = before.part_mut(&name) else { continue };
        let mut united = match after.part_mut(&name) {
            Some((_, relationships)) => std::mem::take(relationships),
            None => Default::default(),
        };
        let ids =
            united.unite(relationships, |target| renamed.get(target).cloned().unwrap_or_else(|| target.to_owned()));
        led(root, &ids);
        match after.part_mut(&name) {
            Some((_, relationships)) => *relationships = united,
            None => *relationships = united,
        }
    }
}

/// Gives the relationships that a tree refers to the ids that they have now.
fn led(root: &mut Element, ids: &BTreeMap<String, String>) {
    each(root, &mut |element| {
        for attribute in ["r:id", "r:embed"] {
            if let Some(id) = element.attribute(attribute).and_then(|id| ids.get(id)).cloned() {
                element.set(attribute, id);
            }
        }
    });
}

fn in_word(name: &str) -> &str {
    name.strip_prefix("word/").unwrap_or(name)
}

/// Gives the old version's notes the numbers that the new one's have, and fresh ones to those that it alone has.
pub(super) fn unite_notes(before: &mut Package, after: &mut Package) {
    let notes = |package: &mut Package| -> Vec<(String, String)> {
        let Some((root, _)) = package.part_mut(NOTES) else { return Vec::new() };
        let notes = root.elements().filter(|note| note.attribute("w:type").is_none());
        notes
            .map(|note| {
                let mut text = String::new();
                blocks::words(note, &mut text);
                (note.attribute("w:id").unwrap_or_default().to_owned(), text)
            })
            .collect()
    };
    let (old, new) = (notes(before), notes(after));
    // A note is known by what it says alone: its number is what is looked for.
    let texts = |notes: &[(String, String)]| -> Vec<(String, String)> {
        notes.iter().map(|(_, text)| (String::new(), text.clone())).collect()
    };
    let (old_texts, new_texts) = (texts(&old), texts(&new));
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    let mut fresh = new.len();
    for step in align::lines(&blocks::lines(&old_texts), &blocks::lines(&new_texts)) {
        match step {
            Step::Both(a, b) => drop(ids.insert(old[a].0.clone(), new[b].0.clone())),
            Step::Old(a) => {
                fresh += 1;
                ids.insert(old[a].0.clone(), fresh.to_string());
            }
            Step::New(_) => {}
        }
    }
    for name in stories(before) {
        let Some((root, _)) = before.part_mut(&name) else { continue };
        each(root, &mut |element| {
            let is_note = element.name == "w:footnote" && element.attribute("w:type").is_none();
            if (is_note || element.name == "w:footnoteReference")
                && let Some(id) = element.attribute("w:id").and_then(|id| ids.get(id)).cloned()
            {
                element.set("w:id", id);
            }
        });
    }
}

/// Merges each story of the old version into that of the new one.
pub(super) fn merge(pen: &mut Pen<'_>, before: &mut Package, after: &mut Package) {
    unite_last_section(pen, before, after);
    for name in stories(before) {
        let Some((kind, mut old, relationships)) = before.take(&name) else { continue };
        let Some((new, _)) = after.part_mut(&name) else {
            after.put(&name, kind, old, relationships);
            continue;
        };
        match name.as_str() {
            DOCUMENT => {
                let body = |root: &mut Element| root.take_elements().into_iter().next();
                let (Some(old), Some(body)) = (body(&mut old), body(new)) else { continue };
                let merged = merged_body(pen, old, body);
                new.push(merged);
            }
            NOTES => merge_notes(pen, old, new),
            _ => {
                let content = blocks::merged(pen, old.take_elements(), new.take_elements());
                content.into_iter().for_each(|block| new.push(block));
            }
        }
    }
}

const DOCUMENT: &str = "word/document.xml";

/// The properties of a document's last section.
fn last_section(document: &mut Element) -> Option<&mut Element> {
    document.elements_mut().next()?.elements_mut().last().filter(|last| last.name == "w:sectPr")
}

/// To which headers and footers the last section refers is not tracked, but what stands in them is: where the versions
/// refer to different ones, one of its own holds both.
fn unite_last_section(pen: &mut Pen<'_>, before: &mut Package, after: &mut Package) {
    let references = |package: &mut Package| -> Vec<Element> {
        let section = package.part_mut(DOCUMENT).and_then(|(root, _)| last_section(root).cloned());
        let children = section.iter().flat_map(Element::elements);
        children.filter(|child| properties::is_reference(child)).cloned().collect()
    };
    let (old, mut new) = (references(before), references(after));
    let mut ids: Vec<(Element, String)> = Vec::new();
    for was in old {
        let same = |is: &&mut Element| is.name == was.name && is.attribute("w:type") == was.attribute("w:type");
        match new.iter_mut().find(same) {
            // Of the first page, which the section says no more that it has.
            None => new.push(was),
            Some(is) if is.attribute("r:id") == was.attribute("r:id") => {}
            Some(is) => ids.push((was, is.attribute("r:id").unwrap_or_default().to_owned())),
        }
    }
    for (was, id) in ids {
        let Some(fresh) = both_in_one(pen, before, after, &was, &id) else { continue };
        for is in new.iter_mut().filter(|is| is.name == was.name && is.attribute("r:id") == Some(id.as_str())) {
            is.set("r:id", fresh.clone());
        }
    }
    let Some(section) = after.part_mut(DOCUMENT).and_then(|(root, _)| last_section(root)) else { return };
    let rest = section.take_elements().into_iter().filter(|child| !properties::is_reference(child));
    new.into_iter().chain(rest).for_each(|child| section.push(child));
}

/// A header or footer that holds what that of a reference of the old version and that of an id of the new one say; its id.
fn both_in_one(
    pen: &mut Pen<'_>,
    before: &mut Package,
    after: &mut Package,
    was: &Element,
    is: &str,
) -> Option<String> {
    // The relationships of both versions are one list by now.
    let (_, relationships) = after.part_mut(DOCUMENT)?;
    let part = |id: &str| relationships.target(id).map(|target| format!("word/{target}"));
    let (old, new) = (part(was.attribute("r:id")?)?, part(is)?);
    let (root, theirs) = before.part_mut(&old)?;
    let (mut root, theirs) = (root.clone(), theirs.clone());
    let theirs = after.part_mut(&old).map_or(theirs, |(_, united)| united.clone());
    let (kind, mut merged, mut united) = after.copy(&new)?;
    led(&mut root, &united.unite(&theirs, str::to_owned));
    let content = blocks::merged(pen, root.take_elements(), merged.take_elements());
    content.into_iter().for_each(|block| merged.push(block));
    let name = if was.name == "w:headerReference" { "header" } else { "footer" };
    let taken = |at: &usize| {
        let file = format!("word/{name}{at}.xml");
        before.names().chain(after.names()).any(|name| name == file)
    };
    let file = format!("{name}{}.xml", (1..).find(|at| !taken(at))?);
    after.put(&format!("word/{file}"), kind, merged, united);
    after.part_mut(DOCUMENT).map(|(_, relationships)| relationships.part(name, &file))
}

fn merged_body(pen: &mut Pen<'_>, mut old: Element, mut new: Element) -> Element {
    let apart = |body: &mut Element| {
        let mut blocks = body.take_elements();
        let is_section = blocks.last().is_some_and(|last| last.name == "w:sectPr");
        let section = if is_section { blocks.pop() } else { None };
        (blocks, section)
    };
    let ((old, was), (blocks, is)) = (apart(&mut old), apart(&mut new));
    let blocks = blocks::merged(pen, old, blocks);
    let section = properties::changed(pen, "w:sectPr", was.as_ref(), is.as_ref());
    Element::new("w:body").children(blocks).children(section)
}

fn merge_notes(pen: &mut Pen<'_>, mut old: Element, new: &mut Element) {
    let mut theirs: Vec<Option<Element>> = old.take_elements().into_iter().map(Some).collect();
    for mut note in new.take_elements() {
        let id = note.attribute("w:id").map(str::to_owned);
        let same = theirs
            .iter_mut()
            .find(|old| old.as_ref().is_some_and(|old| old.attribute("w:id").map(str::to_owned) == id));
        let content = note.take_elements();
        let content = match same.and_then(Option::take) {
            Some(mut old) => blocks::merged(pen, old.take_elements(), content),
            None => blocks::marked(pen, content, Fate::Inserted),
        };
        new.push(note.children(content));
    }
    for mut note in theirs.into_iter().flatten() {
        let content = blocks::marked(pen, note.take_elements(), Fate::Deleted);
        new.push(note.children(content));
    }
}
