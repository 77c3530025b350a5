//! Ids: one space for marks, bookmarks and comments, one for drawings, one for content controls.

use std::collections::{BTreeMap, BTreeSet};

use super::super::package::Package;
use super::super::xml::Element;
use super::parts::{each, stories};

/// Keeps the ids of the old version's bookmarks apart from those of the new one's.
pub(super) fn set_apart(before: &mut Package) {
    for name in stories(before) {
        let Some((root, _)) = before.part_mut(&name) else { continue };
        each(root, &mut |element| {
            if matches!(element.name, "w:bookmarkStart" | "w:bookmarkEnd") {
                let id = format!("old{}", element.attribute("w:id").unwrap_or_default());
                element.set("w:id", id);
            }
        });
    }
}

/// Gives every element of the package its id.
pub(super) fn give(package: &mut Package) {
    let mut last = Last::default();
    let mut names = stories(package);
    names.push("word/comments.xml".to_owned());
    for name in names {
        let Some((root, _)) = package.part_mut(&name) else { continue };
        let twice = names_that_go(root);
        if !twice.is_empty() {
            without(root, &twice);
        }
        let mut bookmarks: BTreeMap<String, i64> = BTreeMap::new();
        let mut moves: BTreeMap<&'static str, i64> = BTreeMap::new();
        each(root, &mut |element| last.give(element, &mut bookmarks, &mut moves));
    }
}

/// The ids given last.
#[derive(Default)]
struct Last {
    mark: i64,
    drawing: i64,
    control: i64,
    comments: BTreeMap<String, i64>,
}

impl Last {
    fn give(
        &mut self,
        element: &mut Element,
        bookmarks: &mut BTreeMap<String, i64>,
        moves: &mut BTreeMap<&'static str, i64>,
    ) {
        match element.name {
            "w:ins" | "w:del" | "w:moveFrom" | "w:moveTo" | "w:rPrChange" | "w:pPrChange" | "w:sectPrChange"
            | "w:tblPrChange" | "w:trPrChange" | "w:tcPrChange" => {
                self.mark += 1;
                element.set("w:id", self.mark.to_string());
            }
            "w:bookmarkStart" | "w:bookmarkEnd" => {
                let id = element.attribute("w:id").unwrap_or_default().to_owned();
                let id = *bookmarks.entry(id).or_insert_with(|| {
                    self.mark += 1;
                    self.mark
                });
                element.set("w:id", id.to_string());
            }
            "w:commentRangeStart" | "w:commentRangeEnd" | "w:commentReference" | "w:comment" => {
                let name = element.attribute("w:id").unwrap_or_default().to_owned();
                let mark = &mut self.mark;
                let id = *self.comments.entry(name).or_insert_with(|| {
                    *mark += 1;
                    *mark
                });
                element.set("w:id", id.to_string());
            }
            "w:moveFromRangeStart" | "w:moveToRangeStart" => {
                self.mark += 1;
                moves.insert(half(element.name), self.mark);
                element.set("w:id", self.mark.to_string());
            }
            "w:moveFromRangeEnd" | "w:moveToRangeEnd" => {
                let id = moves.get(half(element.name)).copied().unwrap_or_default();
                element.set("w:id", id.to_string());
            }
            // Nothing in a picture has an id of its own but the two that are the picture's.
            "wp:docPr" => {
                self.drawing += 1;
                element.set("id", self.drawing.to_string());
            }
            "pic:cNvPr" => element.set("id", self.drawing.to_string()),
            "w:sdtPr" => {
                if let Some(id) = element.elements_mut().find(|child| child.name == "w:id") {
                    self.control += 1;
                    id.set("w:val", (1_000 + self.control).to_string());
                }
            }
            _ => {}
        }
    }
}

fn half(name: &str) -> &'static str {
    if name.starts_with("w:moveFrom") { "from" } else { "to" }
}

/// The ids of bookmarks whose name another has as well: Word knows a name once. What the new version has stays.
fn names_that_go(root: &mut Element) -> BTreeSet<String> {
    let mut starts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    each(root, &mut |element| {
        if element.name == "w:bookmarkStart" {
            let name = element.attribute("w:name").unwrap_or_default().to_lowercase();
            starts.entry(name).or_default().push(element.attribute("w:id").unwrap_or_default().to_owned());
        }
    });
    let twice = starts.into_values().filter(|ids| ids.len() > 1);
    twice.flat_map(|ids| ids.into_iter().filter(|id| id.starts_with("old"))).collect()
}

fn without(element: &mut Element, ids: &BTreeSet<String>) {
    let goes = |child: &Element| {
        matches!(child.name, "w:bookmarkStart" | "w:bookmarkEnd")
            && child.attribute("w:id").is_some_and(|id| ids.contains(id))
    };
    let marks = ["w:del", "w:ins", "w:moveFrom", "w:moveTo"];
    if element.elements().any(goes) {
        let kept = element.take_elements().into_iter().filter(|child| !goes(child));
        kept.for_each(|child| element.push(child));
    }
    element.elements_mut().for_each(|child| without(child, ids));
    let is_bare = |child: &Element| marks.contains(&child.name) && child.is_empty();
    if matches!(element.name, "w:p" | "w:hyperlink" | "w:sdtContent") && element.elements().any(is_bare) {
        let kept = element.take_elements().into_iter().filter(|child| !is_bare(child));
        kept.for_each(|child| element.push(child));
    }
}
