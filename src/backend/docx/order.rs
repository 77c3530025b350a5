//! The order of children that the schema demands, as data: `children.txt` has it with its source.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The places of an element's children.
#[derive(Debug, Default)]
pub(super) struct Order {
    places: HashMap<&'static str, usize>,
    /// The place of what is not named, where anything may stand.
    other: Option<usize>,
}

impl Order {
    /// The place of a child; `None` for one that may not stand there.
    pub(super) fn place(&self, child: &str) -> Option<usize> {
        self.places.get(child).copied().or(self.other)
    }
}

/// The order in an element; `None` for one that the data does not know to have children.
pub(super) fn of(parent: &str) -> Option<&'static Order> {
    static ORDERS: LazyLock<HashMap<&'static str, Order>> = LazyLock::new(|| read(include_str!("children.txt")));
    ORDERS.get(parent)
}

fn read(data: &'static str) -> HashMap<&'static str, Order> {
    let mut groups: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut orders = HashMap::new();
    for (head, places) in entries(data) {
        let mut order = Order::default();
        let mut members = Vec::new();
        for (at, place) in places.into_iter().enumerate() {
            for name in place {
                let group = groups.get(name);
                for child in group.map_or(std::slice::from_ref(&name), Vec::as_slice) {
                    members.push(*child);
                    match *child {
                        "*" => order.other = Some(at),
                        child => drop(order.places.insert(child, at)),
                    }
                }
            }
        }
        if head.starts_with('@') {
            groups.insert(head, members);
        } else {
            let parents = head.split(" (").next().unwrap_or_default();
            for parent in parents.split(' ') {
                orders.insert(parent, Order { places: order.places.clone(), other: order.other });
            }
        }
    }
    orders
}

/// The head of each entry, and the names that share each place.
fn entries(data: &'static str) -> Vec<(&'static str, Vec<Vec<&'static str>>)> {
    let mut entries: Vec<(&str, Vec<Vec<&str>>)> = Vec::new();
    let mut goes_on = false;
    for line in data.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let words = match line.split_once(": ").or_else(|| Some((line.strip_suffix(':')?, ""))) {
            Some((head, words)) if !line.starts_with(' ') => {
                entries.push((head, Vec::new()));
                goes_on = false;
                words
            }
            _ => line,
        };
        let Some((_, places)) = entries.last_mut() else { continue };
        for word in words.split_whitespace() {
            let names = word.split('|').filter(|name| !name.is_empty());
            match places.last_mut().filter(|_| goes_on) {
                Some(place) => place.extend(names),
                None => places.push(names.collect()),
            }
            goes_on = word.ends_with('|');
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: &str = include_str!("children.txt");

    /// The children of an element by their places, as the data has them.
    fn children(parent: &str) -> Vec<Vec<&'static str>> {
        let (_, places) = entries(DATA).into_iter().find(|(head, _)| head.starts_with(&format!("{parent} "))).unwrap();
        places
    }

    #[test]
    fn each_element_and_group_is_told_once() {
        let mut known: Vec<&str> = Vec::new();
        for (head, places) in entries(DATA) {
            let (parents, kind) = head.split_once(" (").unwrap_or((head, ")"));
            assert!(kind.ends_with(')') && !places.is_empty(), "{head}");
            for parent in parents.split(' ') {
                assert!(!known.contains(&parent), "{parent}");
                known.push(parent);
            }
            for name in places.iter().flatten().filter(|name| name.starts_with('@')) {
                assert!(known.contains(name), "{name} in {head}");
            }
            for place in places {
                let mut names = place.clone();
                names.sort_unstable();
                names.dedup();
                assert_eq!(names.len(), place.len(), "{head}");
            }
        }
    }

    /// The counts are those of the complex types in the schemas of ISO/IEC 29500-4.
    #[test]
    fn the_data_is_whole() {
        for (parent, count) in [
            ("w:pPr", 36),
            ("w:rPr", 4 + 39 + 1),
            ("w:tblPr", 18),
            ("w:tcPr", 16),
            ("w:trPr", 4),
            ("w:sectPr", 21),
            ("w:sdtPr", 12),
            ("w:style", 22),
            ("w:lvl", 12),
            ("w:settings", 98),
            ("w:numbering", 4),
            ("wp:inline", 5),
        ] {
            assert_eq!(children(parent).len(), count, "{parent}");
        }
        assert_eq!(children("w:p"), [vec!["w:pPr"], vec!["@inline"]]);
        assert_eq!(children("w:r")[1].len(), 33);
    }

    #[test]
    fn a_child_has_a_place() {
        let place = |parent: &str, child: &str| of(parent).unwrap().place(child);
        assert!(place("w:rPr", "w:rStyle") < place("w:rPr", "w:b") && place("w:rPr", "w:b") < place("w:rPr", "w:lang"));
        assert_eq!(place("w:p", "w:bookmarkStart"), place("w:p", "w:r"));
        assert_eq!(place("w:tbl", "w:bookmarkStart"), place("w:tbl", "w:tr"), "the later of two");
        assert_eq!(place("w:pict", "v:shape"), Some(0));
        assert_eq!(place("w:pPr", "w:b"), None);
        assert!(of("w:t").is_none());
    }
}
