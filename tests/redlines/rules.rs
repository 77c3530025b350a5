//! What Word asks of tracked changes and no schema shows.

use std::collections::BTreeMap;

use folio::reader::{Element, Package, Space, View, resolve};

const CONTENT: &[&str] = &["ins", "del", "moveFrom", "moveTo"];
const CHANGES: &[&str] = &[
    "rPrChange",
    "pPrChange",
    "tblPrChange",
    "tblPrExChange",
    "tblGridChange",
    "trPrChange",
    "tcPrChange",
    "sectPrChange",
    "numberingChange",
    "cellIns",
    "cellDel",
    "cellMerge",
];

/// The rules that a redline breaks.
pub(crate) fn broken(package: &Package) -> Vec<String> {
    let mut seen = Seen::default();
    for part in package.texts() {
        seen.part = part.clone();
        (seen.starts, seen.ends, seen.names) = Default::default();
        seen.visit(package.xml(&part).unwrap(), &mut Vec::new());
        let (starts, ends) = (std::mem::take(&mut seen.starts), std::mem::take(&mut seen.ends));
        if starts != ends {
            seen.say("bookmarks that begin and do not end, or the other way round");
        }
        for (name, count) in std::mem::take(&mut seen.names) {
            if count > 1 {
                seen.say(&format!("two bookmarks are called {name}"));
            }
        }
    }
    for (kind, counts) in [("w:id", &seen.ids), ("drawing id", &seen.drawings), ("content control id", &seen.controls)]
    {
        for (id, count) in counts {
            if *count > 1 {
                seen.broken.push(format!("{kind} {id} stands {count} times"));
            }
        }
    }
    for (name, (from, to)) in &seen.moves {
        if (*from, *to) != (1, 1) {
            seen.broken.push(format!("move {name}: {from} from, {to} to"));
        }
    }
    let (accepted, rejected) = (resolve(package, View::Accept), resolve(package, View::Reject));
    for (package, when) in [(package, "in place"), (&accepted, "accepted"), (&rejected, "rejected")] {
        for part in package.texts() {
            if !do_fields_balance(package.xml(&part).unwrap()) {
                seen.broken.push(format!("{part}: fields do not balance with the changes {when}"));
            }
        }
    }
    seen.broken
}

/// Whether each field that begins also ends, in this order; what is deleted or inserted counts as it stands.
fn do_fields_balance(story: &Element) -> bool {
    let mut depth = 0_i32;
    let mut is_bad = false;
    story.walk(&mut |element| {
        if element.is("fldChar") {
            match element.get("fldCharType") {
                Some("begin") => depth += 1,
                Some("end") => depth -= 1,
                _ => {}
            }
            is_bad |= depth < 0;
        }
    });
    !is_bad && depth == 0
}

#[derive(Default)]
struct Seen {
    part: String,
    broken: Vec<String>,
    ids: BTreeMap<String, usize>,
    drawings: BTreeMap<String, usize>,
    controls: BTreeMap<String, usize>,
    moves: BTreeMap<String, (usize, usize)>,
    starts: BTreeMap<String, usize>,
    ends: BTreeMap<String, usize>,
    names: BTreeMap<String, usize>,
}

impl Seen {
    fn say(&mut self, problem: &str) {
        self.broken.push(format!("{}: {problem}", self.part));
    }

    fn visit<'e>(&mut self, element: &'e Element, above: &mut Vec<&'e Element>) {
        if element.space == Space::Mc && element.name == "Fallback" {
            return;
        }
        let parent = above.last().copied();
        let is_within = |names: &[&str]| above.iter().any(|it| it.is_any(names));
        let is_mark = parent.is_some_and(|it| it.is_any(&["rPr", "trPr", "numPr"]));
        let is_content = element.is_any(CONTENT);
        let is_change = element.is_any(CHANGES);
        let is_range = element.is_any(&["moveFromRangeStart", "moveToRangeStart"])
            || (element.space == Space::W
                && element.name.starts_with("customXml")
                && element.name.ends_with("RangeStart"));
        let text = || short(&element.text());
        if is_content || is_change || is_range || element.is_any(&["bookmarkStart", "comment"]) {
            match element.get("id") {
                Some(id) => *self.ids.entry(id.to_owned()).or_default() += 1,
                None => self.say(&format!("{} without an id", element.name)),
            }
        }
        let mut said: Vec<String> = Vec::new();
        if is_content || is_change || element.is_any(&["moveFromRangeStart", "moveToRangeStart"]) {
            if element.get("author").is_none_or(str::is_empty) {
                said.push(format!("{} without an author", element.name));
            }
            let is_date = |date: &str| date.len() >= 20 && date.as_bytes()[10] == b'T' && date.ends_with('Z');
            if !element.get("date").is_some_and(is_date) {
                said.push(format!("{} with the date {:?}", element.name, element.get("date")));
            }
        }
        if is_content || is_change {
            if is_within(&["txbxContent"]) {
                said.push(format!("{} in a text box", element.name));
            }
            if !is_change && is_within(&["moveFrom", "moveTo"]) {
                said.push(format!("{} in half of a move", element.name));
            }
        }
        if is_content && !is_mark {
            if is_within(&["ins", "del"]) {
                said.push(format!("{} in another insertion or deletion", element.name));
            }
            if element.children.is_empty() {
                said.push(format!("an empty {}", element.name));
            }
            let locked =
                above.iter().filter(|it| it.is("sdt")).filter_map(|it| it.child("sdtPr")?.child("lock")?.get("val"));
            if locked.into_iter().any(|lock| lock != "unlocked") {
                said.push(format!("{} in a locked control", element.name));
            }
            element.walk(&mut |it| {
                if it.is("lock") && it.get("val").is_some_and(|lock| lock.starts_with("sdt")) {
                    said.push(format!("a locked control in {}", element.name));
                }
            });
        }
        let in_del = is_within(&["del"]);
        if element.is("t") && in_del {
            said.push(format!("t in del: {}", text()));
        } else if element.is("delText") && !in_del {
            said.push(format!("delText outside of del: {}", text()));
        } else if element.is("instrText") && in_del {
            said.push("instrText in del".to_owned());
        } else if element.is("delInstrText") && !in_del {
            said.push("delInstrText outside of del".to_owned());
        } else if element.is("bookmarkStart") {
            *self.starts.entry(element.get("id").unwrap_or_default().into()).or_default() += 1;
            *self.names.entry(element.get("name").unwrap_or_default().to_lowercase()).or_default() += 1;
        } else if element.is("bookmarkEnd") {
            *self.ends.entry(element.get("id").unwrap_or_default().into()).or_default() += 1;
        } else if element.name == "docPr" {
            let id = element.value(&Space::None, "id").unwrap_or_default();
            *self.drawings.entry(id.to_owned()).or_default() += 1;
        } else if element.is("id") && parent.is_some_and(|it| it.is("sdtPr")) {
            *self.controls.entry(element.get("val").unwrap_or_default().into()).or_default() += 1;
        } else if element.is_any(&["moveFromRangeStart", "moveToRangeStart"]) {
            let counts = self.moves.entry(element.get("name").unwrap_or_default().into()).or_default();
            *(if element.is("moveFromRangeStart") { &mut counts.0 } else { &mut counts.1 }) += 1;
        } else if element.is("rPr") && parent.is_some_and(|it| it.is("pPr")) {
            for name in CONTENT {
                if element.elements().filter(|it| it.is(name)).count() > 1 {
                    said.push(format!("two {name} on one paragraph mark"));
                }
            }
        } else if element.is("tr") {
            said.extend(row(element));
        }
        for problem in said {
            self.say(&problem);
        }
        above.push(element);
        for child in element.elements() {
            self.visit(child, above);
        }
        above.pop();
    }
}

/// A row that comes or goes has marks on all its runs.
fn row(row: &Element) -> Option<String> {
    let mark = ["ins", "del"].into_iter().find(|mark| row.child("trPr").is_some_and(|it| it.child(mark).is_some()))?;
    fn unmarked(element: &Element, mark: &str, found: &mut usize) {
        for child in element.elements() {
            if child.is("tr") || child.is(mark) {
                continue;
            }
            if child.is("r") && child.elements().any(|it| !it.is("rPr")) {
                *found += 1;
            }
            unmarked(child, mark, found);
        }
    }
    let mut found = 0;
    unmarked(row, mark, &mut found);
    (found > 0).then(|| format!("a row with {mark} has {found} runs without"))
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
