//! Sets of organisations unlike one another, read as their readers would: sentences that hold together, documents that
//! say the same of one thing, and texts that differ where the organisations do.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use common::request;
use folio::diagnostic::Sink;
use folio::model::{Block, Document, Inline, Node, Reference, Row, walk};
use folio::render::documents;
use regex::Regex;

/// The organisations: each is one folder, in English, with its documents.
static SETS: LazyLock<Vec<(String, Vec<Document>)>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = ["examples", "tests/workspaces/clients"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).into_iter().flatten())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("folio.yaml").is_file() && !path.ends_with("tannfels"))
        .collect();
    folders.sort();
    let read = |folder: PathBuf| {
        let mut sink = Sink::new();
        let set = documents(&folder, &request(), &mut sink).unwrap_or_else(|| panic!("{}: {sink:?}", folder.display()));
        (folder.file_name().unwrap().to_string_lossy().into_owned(), set)
    };
    folders.into_iter().map(read).collect()
});

/// The characters of a line as they are read; a reference stands with its words.
fn text(line: &[Inline<Reference>]) -> String {
    let part = |inline: &Inline<Reference>| match inline {
        Inline::Text(text) | Inline::Code(text) | Inline::Status { text, .. } | Inline::Unrecorded(text) => {
            text.text.clone()
        }
        Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => text(content),
        Inline::LineBreak => "\n".into(),
        Inline::Reference(reference) => reference.text.clone(),
        Inline::Field(_) => "____".into(),
        Inline::Footnote { .. } => String::new(),
    };
    line.iter().map(part).collect()
}

/// The blocks of a document but for what the engine lists at the end of a draft.
fn own(document: &Document) -> Vec<&Block<Reference>> {
    let is_appended = |block: &&Block<Reference>| block.label().is_some_and(|id| id.starts_with("folio-"));
    walk(&document.body).into_iter().take_while(|block| !is_appended(block)).collect()
}

fn lines(document: &Document) -> Vec<String> {
    let blocks = own(document);
    let lines = blocks.iter().flat_map(|block| block.lines()).map(text);
    lines.flat_map(|line| line.split('\n').map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// What no sentence may have at its joints, and what it may have in spite of that.
static JOINTS: LazyLock<Vec<(&str, Regex, Option<Regex>)>> = LazyLock::new(|| {
    let rule = |name, bad: &str, but: &str| {
        (name, Regex::new(bad).unwrap(), (!but.is_empty()).then(|| Regex::new(but).unwrap()))
    };
    vec![
        rule(
            "a word twice",
            r"\b(?i:(at at|the the|a a|and and|of of|to to|in in|by by|for for|with with|is is|on on|by in|or or|an an))\b",
            "",
        ),
        rule("two stops", r"\.\.(?:[^./]|$)|,,|;;|::|[,;:]\.(?:\s|$)|[a-z]{5}\.[,;]", r"\.\.\."),
        rule("a space before a stop", r"\w\s+[,.;:!?](?:\s|$)", ""),
        rule("two spaces", r"\S  +\S", ""),
        rule("empty brackets", r"\(\s*\)|\(\s|\s\)|\[\s*\]", ""),
        rule(
            "a list that breaks off",
            r",\s+and[.,;:]|\band\s*[.;:](?:\s|$)|(?:\S+ ){4}\S+,\s*$|(?:\S+ ){5}(?:and|or|the|of|by)\s*$",
            "",
        ),
        rule("a before a vowel", r"\ba (?i:[aeio])\w+", r"(?i)\ba (?:one|once|eur|euro|ewe)\w*"),
        rule("an before a consonant", r"\b[Aa]n [b-df-gj-np-tv-z]\w+", ""),
        rule(
            "one of several",
            r"(?i)\b(?:1|one) (?:days|hours|minutes|months|years|weeks|risks|assets|controls|suppliers|employees|people|systems|sites|incidents|actions|findings|documents|reviews|audits|roles|entries|rows)\b",
            r"(?i)[-.,](?:1|one) ",
        ),
        rule(
            "several of one",
            r"\b(?:[2-9]|\d\d+) (?:day|hour|minute|month|year|risk|asset|control|supplier|employee|system|incident|finding) (?:is|are|was|were|has|have|a|before|after|at|of|must|may|and)\b",
            "",
        ),
        rule(
            "controls called one by one",
            r"\bcontrol [\w.]+(?:,| and) control |\bclause [\w.]+(?:,| and) clause ",
            "",
        ),
        rule("clauses that asks", r"\b(?:clauses|controls) [A-Z0-9][^.,;]{0,80}\basks\b", ""),
        rule("a sentence that begins small", r"[a-z]{3}[.!] [a-z]{3,}", ""),
    ]
});

/// The same role on both sides of one joint: `the head of IT and the head of IT`.
fn said_twice(line: &str) -> Option<String> {
    static PAIR: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)\bthe ([\w -]{4,50}?),? (?:and|or|with|to) the ([\w -]{4,50})").unwrap());
    let found = PAIR.captures_iter(line).find(|found| {
        let (first, second) = (found[1].to_lowercase(), found[2].to_lowercase());
        first != "score" && (second == first || second.starts_with(&format!("{first} ")))
    })?;
    Some(found[0].to_owned())
}

#[test]
fn sentences_hold_together() {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for (set, documents) in SETS.iter() {
        for document in documents {
            for line in lines(document) {
                for (name, bad, but) in JOINTS.iter() {
                    for hit in bad.find_iter(&line) {
                        if but.as_ref().is_some_and(|but| but.is_match(&line[around(&line, hit.range())])) {
                            continue;
                        }
                        let shown = &line[around(&line, hit.range())];
                        *found.entry(format!("{name}: {set}/{}: …{shown}…", document.control.id)).or_default() += 1;
                    }
                }
                if let Some(pair) = said_twice(&line) {
                    *found.entry(format!("said twice: {set}/{}: {pair}", document.control.id)).or_default() += 1;
                }
            }
        }
    }
    let found: Vec<&String> = found.keys().collect();
    assert!(found.is_empty(), "{} joints:\n{found:#?}", found.len());
}

/// Some characters before and after a range.
fn around(line: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let from = line[..range.start].char_indices().rev().nth(29).map_or(0, |(at, _)| at);
    let to = line[range.end..].char_indices().nth(30).map_or(line.len(), |(at, _)| range.end + at);
    from..to
}

/// The runs of five words in a document.
fn runs(document: &Document) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    for line in lines(document) {
        let words: Vec<String> =
            line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
        found.extend(words.windows(5).map(<[String]>::to_vec));
    }
    found
}

/// How much of what the procedures of one organisation say is said word for word to another, in hundredths.
fn shared(one: &[Document], other: &[Document]) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for document in one.iter().filter(|document| ["Procedure", "Policy"].contains(&document.control.kind.as_str())) {
        let Some(twin) = other.iter().find(|twin| twin.control.id == document.control.id) else { continue };
        let (mine, theirs) = (runs(document), runs(twin));
        found.insert(document.control.id.clone(), mine.intersection(&theirs).count() * 100 / mine.len().max(1));
    }
    found
}

/// Organisations that have little in common but that they need a management system.
const OPPOSITES: [(&str, &str); 9] = [
    ("aegir-chartering", "hollin-foundry"),
    ("aegir-chartering", "clarient-lab"),
    ("aegir-chartering", "vela-pay"),
    ("vela-pay", "wexcombe-library"),
    ("vela-pay", "hollin-foundry"),
    ("lumenkit", "hollin-foundry"),
    ("lumenkit", "wexcombe-library"),
    ("clarient-lab", "wexcombe-library"),
    ("clarient-lab", "hollin-foundry"),
];

/// No more than half of what a procedure says of one organisation is said word for word of its opposite.
#[test]
fn procedures_of_unlike_organisations_differ() {
    let of = |name: &str| &SETS.iter().find(|(set, _)| set == name).unwrap().1;
    let mut alike = Vec::new();
    for (one, other) in OPPOSITES {
        for (id, share) in shared(of(one), of(other)) {
            if share > 50 {
                alike.push(format!("{id} of {one} and {other}: {share} %"));
            }
        }
    }
    assert!(alike.is_empty(), "{alike:#?}");
}

/// The states that rows say of their entries, by the entry: `done`, `late`.
fn states(document: &Document) -> BTreeMap<String, BTreeSet<String>> {
    fn statuses(line: &[Inline<Reference>], found: &mut BTreeSet<String>) {
        for inline in line {
            match inline {
                Inline::Status { text, .. } => _ = found.insert(text.text.clone()),
                Inline::Strong { content } | Inline::Emphasis { content } => statuses(content, found),
                _ => {}
            }
        }
    }
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for block in own(document) {
        let Block { node: Node::Table(table), .. } = block else { continue };
        for row in &table.rows {
            let Row { source: Some(source), cells, .. } = row else { continue };
            cells.iter().for_each(|cell| statuses(cell, found.entry(source.to_string()).or_default()));
        }
    }
    found.retain(|_, states| !states.is_empty());
    found
}

/// The figures that were made of the same facts, by those facts and the word after the figure.
fn figures(document: &Document) -> BTreeMap<(Vec<String>, String), BTreeSet<String>> {
    fn walk_line(line: &[Inline<Reference>], found: &mut BTreeMap<(Vec<String>, String), BTreeSet<String>>) {
        for (at, inline) in line.iter().enumerate() {
            match inline {
                Inline::Text(value) if value.computed && value.text.chars().any(|c| c.is_ascii_digit()) => {
                    let mut from: Vec<String> = value.from.iter().map(ToString::to_string).collect();
                    from.sort();
                    let after = line.get(at + 1).map(|next| text(std::slice::from_ref(next))).unwrap_or_default();
                    let said = format!("{}{after}", value.text);
                    let mut words =
                        said.split_whitespace().map(|word| word.trim_end_matches(|c: char| !c.is_alphanumeric()));
                    let figure = words.next().unwrap_or_default().to_owned();
                    let noun = words.by_ref().take(3).collect::<Vec<_>>().join(" ");
                    if from.len() > 1
                        && figure.parse::<f64>().is_ok()
                        && noun.contains(' ')
                        && noun.chars().all(|c| c.is_alphabetic() || c == ' ')
                    {
                        found.entry((from, noun)).or_default().insert(figure);
                    }
                }
                Inline::Strong { content } | Inline::Emphasis { content } => walk_line(content, found),
                _ => {}
            }
        }
    }
    let mut found = BTreeMap::new();
    own(document).iter().flat_map(|block| block.lines()).for_each(|line| walk_line(line, &mut found));
    found
}

/// Two documents that speak of one entry call it by one state at least; figures of the same facts are the same.
#[test]
fn documents_agree() {
    let mut found = Vec::new();
    for (set, documents) in SETS.iter() {
        let mut said: BTreeMap<String, Vec<(&str, BTreeSet<String>)>> = BTreeMap::new();
        let mut counted: BTreeMap<(Vec<String>, String), BTreeMap<String, &str>> = BTreeMap::new();
        for document in documents {
            let id = document.control.id.as_str();
            for (entry, states) in states(document) {
                said.entry(entry).or_default().push((id, states));
            }
            for (facts, figures) in figures(document) {
                counted.entry(facts).or_default().extend(figures.into_iter().map(|figure| (figure, id)));
            }
        }
        for (entry, all) in said {
            for (at, (one, states)) in all.iter().enumerate() {
                let other = all[at + 1..].iter().find(|(_, others)| states.is_disjoint(others));
                found.extend(
                    other.map(|(other, others)| {
                        format!("{set} {entry}: {one} says {states:?}, {other} says {others:?}")
                    }),
                );
            }
        }
        for ((from, noun), figures) in counted.iter().filter(|(_, figures)| figures.len() > 1) {
            found.push(format!("{set}: {figures:?} {noun}, from {} facts, first {}", from.len(), from[0]));
        }
    }
    assert!(found.is_empty(), "{} contradictions:\n{found:#?}", found.len());
}
