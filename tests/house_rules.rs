//! Rules of the house that no compiler checks.
#![allow(clippy::disallowed_methods, reason = "tests read the sources")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use folio::diagnostic::Sink;
use folio::model::Document;
use folio::render::{Request, documents};

fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The engine knows no standard: what one is about is data of a pack. Tests inside the sources may name the bundled pack.
#[test]
fn the_engine_knows_no_standard() {
    const WORDS: [&str; 8] = [
        "isms",
        "annex",
        "27001",
        "likelihood",
        "treatment",
        "statement of applicability",
        "\"controls\"",
        "\"clauses\"",
    ];
    for path in sources("src") {
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        if path.extension().is_some_and(|ending| ending == "json")
            || path.ends_with("specimen.rs")
            || path.ends_with("tests.rs")
            || path.ends_with("testing.rs")
        {
            continue;
        }
        for (number, line) in code.lines().enumerate() {
            let line = line.trim_start();
            // Documentation and explanations give examples; code does not.
            if line.starts_with("//")
                || line.starts_with("example:")
                || line.starts_with("fix:")
                || line.starts_with("what:")
            {
                continue;
            }
            let folded = line.to_lowercase();
            for word in WORDS {
                assert!(!folded.contains(word), "{}:{}: `{word}` in {line}", path.display(), number + 1);
            }
        }
    }
}

/// Templates and checklists name topics: a literal id of a control belongs to one edition alone.
#[test]
fn no_template_names_a_control_by_its_id() {
    let is_shared = |path: &PathBuf| {
        path.extension().is_some_and(|ending| ending == "hbs")
            || path.parent().is_some_and(|folder| folder.ends_with("checklists"))
    };
    for path in sources("template-packs").into_iter().filter(is_shared) {
        let text = std::fs::read_to_string(&path).unwrap();
        for (number, line) in text.lines().enumerate() {
            let is_id = |word: &str| {
                let parts: Vec<&str> = word.trim_matches(|c: char| !c.is_alphanumeric()).split('.').collect();
                parts.len() >= 3 && parts[0] == "A" && parts[1..].iter().all(|part| part.parse::<u32>().is_ok())
            };
            assert!(!line.split_whitespace().any(is_id), "{}:{}: {line}", path.display(), number + 1);
        }
    }
}

/// Every dependency has a licence that allows it to be given on.
#[test]
fn licences_are_permissive() {
    const ALLOWED: [&str; 17] = [
        "MIT",
        "Apache-2.0",
        "Apache-2.0 WITH LLVM-exception",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "Zlib",
        "Unicode-3.0",
        "Unlicense",
        "CC0-1.0",
        "OFL-1.1",
        "MIT-0",
        "0BSD",
        "BSL-1.0",
        "MPL-2.0",
        "CDLA-Permissive-2.0",
        "Unicode-DFS-2016",
    ];
    let output = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--manifest-path"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for package in metadata["packages"].as_array().unwrap() {
        let (name, licence) = (package["name"].as_str().unwrap(), package["license"].as_str().unwrap_or_default());
        // `A OR B` needs one of the two, `A AND B` both.
        let is_allowed = |part: &str| ALLOWED.contains(&part.trim().trim_matches(['(', ')']));
        let fits = licence.replace('/', " OR ").split(" AND ").all(|all| all.split(" OR ").any(is_allowed));
        assert!(fits, "{name}: {licence:?}");
    }
}

/// The sections of every document of an example.
fn sections_of(example: &str) -> BTreeMap<String, BTreeSet<String>> {
    let request = Request { jobs: 2, today: "2026-11-23".into(), dry_run: true, ..Request::default() };
    let folder = root().join("examples").join(example);
    let documents = documents(&folder, &request, &mut Sink::new()).unwrap();
    let ids = |document: &Document| document.headings().into_iter().map(|heading| heading.id.clone()).collect();
    documents.iter().map(|document| (document.control.id.clone(), ids(document))).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

const EXAMPLES: [&str; 3] = ["northwind", "harbour-works", "riverside-clinics"];

/// The editions: pack, the examples made with it, and how many controls its annex has.
const EDITIONS: [(&str, [&str; 3], usize); 2] = [
    ("iso27001-2013", EXAMPLES, 114),
    ("iso27001-2022", ["northwind-2022", "harbour-works-2022", "riverside-clinics-2022"], 93),
];

fn table(path: &str) -> Vec<BTreeMap<String, String>> {
    let mut rows = csv::Reader::from_path(root().join(path)).unwrap();
    rows.deserialize().map(Result::unwrap).collect()
}

/// The catalogues hold what the editions have: see the counts that ISO publishes.
#[test]
fn catalogues_are_whole() {
    let count = |path: &str, key: &str, value: &str| table(path).iter().filter(|row| row[key] == value).count();
    assert_eq!(table("template-packs/iso27001-2013/data/controls.csv").len(), 114);
    assert_eq!(table("template-packs/iso27001-2013/data/domains.csv").len(), 14);
    let controls = "template-packs/iso27001-2022/data/controls.csv";
    assert_eq!(table(controls).len(), 93);
    let themes = ["A.5", "A.6", "A.7", "A.8"].map(|theme| count(controls, "domain", theme));
    assert_eq!(themes, [37, 8, 14, 34]);
    let pairs = table("template-packs/iso27001-2022/migrations/iso27001-2013.csv");
    let controls_of = |key: &str| -> BTreeSet<String> {
        pairs.iter().map(|pair| pair[key].clone()).filter(|id| id.starts_with("A.")).collect()
    };
    assert_eq!(pairs.iter().filter(|pair| pair["from"].starts_with("A.")).count(), 115);
    assert_eq!((controls_of("from").len(), controls_of("to").len()), (114, 93 - 11), "eleven controls are new");
}

/// Every control has a carrier, and where it applies the carrier exists, or what stands in for it does.
#[test]
fn every_applicable_control_is_carried() {
    for (pack, examples, count) in EDITIONS {
        let carriers = table(&format!("template-packs/{pack}/data/carriers.csv"));
        let controls = table(&format!("template-packs/{pack}/data/controls.csv"));
        let ids: Vec<&String> = controls.iter().map(|row| &row["id"]).collect();
        assert_eq!(ids.len(), count);
        assert_eq!(carriers.iter().map(|row| &row["control"]).collect::<Vec<_>>(), ids);
        for example in examples {
            let sections = sections_of(example);
            let exists = |place: &str| {
                let (document, section) = place.split_once('#').unwrap_or((place, ""));
                sections.get(document).is_some_and(|known| known.contains(section))
            };
            let register = table(&format!("examples/{example}/registers/controls.csv"));
            for row in register.iter().filter(|row| row["applicable"] == "true") {
                let carrier = carriers.iter().find(|carrier| carrier["control"] == row["control"]).unwrap();
                let by_measure = carrier["otherwise"] == "measure" && !row["evidence"].is_empty();
                assert!(
                    exists(&carrier["section"]) || exists(&carrier["otherwise"]) || by_measure,
                    "{example}: nothing carries {}",
                    row["control"]
                );
            }
        }
    }
}

/// What each topic of a pack stands for, with that of its base.
fn topics_of(pack: &str) -> serde_json::Value {
    let text = std::fs::read_to_string(root().join(format!("template-packs/{pack}/data/topics.yaml"))).unwrap();
    folio::yaml::read_str("topics", &text, &mut Sink::new()).unwrap().to_json()
}

/// The checklists of a pack: the document, whether it is about what an edition adds to it, and the items.
fn checklists_of(pack: &str) -> Vec<(String, bool, serde_json::Value)> {
    let files = sources(&format!("template-packs/{pack}"))
        .into_iter()
        .filter(|path| path.parent().unwrap().ends_with("checklists"));
    files
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let (id, part) = name.split_once('.').map_or((name.as_str(), false), |(id, _)| (id, true));
            let text = std::fs::read_to_string(&path).unwrap();
            let list = folio::yaml::read_str(id, &text, &mut Sink::new()).unwrap().to_json();
            (id.to_owned(), part, list)
        })
        .collect()
}

/// What an auditor asks of a document points at sections that the document has, in an example at least, and at topics
/// that have ids in the edition.
#[test]
fn every_item_of_a_checklist_points_at_a_section() {
    for (pack, examples, _) in EDITIONS {
        let mut sections: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (id, ids) in examples.into_iter().flat_map(sections_of) {
            sections.entry(id).or_default().extend(ids);
        }
        let topics = topics_of(pack);
        let lists: Vec<_> = checklists_of("isms-core").into_iter().chain(checklists_of(pack)).collect();
        for (id, is_part, list) in &lists {
            let known = sections.get(id).unwrap_or_else(|| panic!("no example has the document `{id}`"));
            let items = list.as_array().unwrap();
            assert!(*is_part || items.len() >= 6, "{id}: {} items", items.len());
            for item in items {
                let word = |key: &str| item[key].as_str().unwrap_or_else(|| panic!("{id}: {item} has no `{key}`"));
                assert!(!word("demands").is_empty() && word("asks").ends_with(['?', '.']), "{id}: {item}");
                assert!(known.contains(word("met")), "{id}: there is no section `{}`", word("met"));
                for topic in item["topics"].as_array().into_iter().flatten() {
                    let topic = topic.as_str().unwrap();
                    let mut lists = topics[topic].as_object().into_iter().flat_map(|lists| lists.values());
                    let has_ids = lists.any(|ids| ids.as_array().is_some_and(|ids| !ids.is_empty()));
                    assert!(has_ids, "{id}: the topic `{topic}` has no ids in {pack}");
                }
            }
        }
        // A house pack's own papers are its own affair.
        let is_ours = |id: &&String| {
            let template = |pack: &str| root().join(format!("template-packs/{pack}/documents/{id}.md.hbs"));
            template("isms-core").is_file() || template(pack).is_file()
        };
        for id in sections.keys().filter(is_ours) {
            assert!(lists.iter().any(|(known, ..)| known == id), "`{id}` has no checklist");
        }
    }
}

/// The format reference is made from the schemas: `folio pack schema --markdown > docs/pack-format.md`.
#[test]
fn the_format_reference_is_that_of_the_schemas() {
    let written = std::fs::read_to_string(root().join("docs/pack-format.md")).unwrap();
    assert_eq!(written, folio::pack::reference::markdown());
}
