//! Lists: the old version's that the new one lacks keep their numbers.

use std::collections::BTreeMap;

use super::super::package::Package;
use super::super::xml::Element;
use super::parts::each;

const PART: &str = "word/numbering.xml";

/// Adds the old version's lists to the new one's; where another list has the number of one, it gets a fresh one.
pub(super) fn unite(before: &mut Package, after: &mut Package) {
    let lists = |package: &mut Package| -> BTreeMap<i64, Element> {
        let numbering = package.part_mut(PART).map(|(root, _)| root.clone());
        let lists = numbering.iter().flat_map(Element::elements).filter(|child| child.name == "w:num");
        lists.filter_map(|list| Some((list.attribute("w:numId")?.parse().ok()?, list.clone()))).collect()
    };
    let (old, new) = (lists(before), lists(after));
    let mut fresh = old.keys().chain(new.keys()).max().copied().unwrap_or_default();
    let mut renumbered: BTreeMap<String, String> = BTreeMap::new();
    let Some((root, _)) = after.part_mut(PART) else { return };
    for (id, mut list) in old {
        match new.get(&id) {
            Some(same) if *same == list => {}
            None => root.push(list),
            Some(_) => {
                fresh += 1;
                renumbered.insert(id.to_string(), fresh.to_string());
                list.set("w:numId", fresh.to_string());
                root.push(list);
            }
        }
    }
    let Some((document, _)) = before.part_mut("word/document.xml").filter(|_| !renumbered.is_empty()) else { return };
    each(document, &mut |element| {
        if element.name == "w:numId"
            && let Some(id) = element.attribute("w:val").and_then(|id| renumbered.get(id)).cloned()
        {
            element.set("w:val", id);
        }
    });
}
