//! The German pack as its readers see it: no English word, and none that a German dictionary does not know.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;
#[path = "common/pdf.rs"]
mod pdf;

use std::collections::BTreeSet;
use std::io::{Read, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use common::client::Client;
use common::{Workspace, copy};
use regex::Regex;

/// English words that every English page has, and that are no German ones. Small letters alone: `IT` is a department.
const ENGLISH: &[&str] = &[
    "above",
    "after",
    "all",
    "and",
    "any",
    "applies",
    "are",
    "as",
    "asset",
    "at",
    "be",
    "before",
    "below",
    "by",
    "can",
    "control",
    "date",
    "days",
    "does",
    "draft",
    "each",
    "every",
    "figure",
    "for",
    "from",
    "has",
    "have",
    "hours",
    "how",
    "if",
    "implemented",
    "is",
    "it",
    "its",
    "level",
    "may",
    "minutes",
    "months",
    "must",
    "next",
    "no",
    "none",
    "not",
    "number",
    "of",
    "on",
    "one",
    "or",
    "our",
    "owner",
    "page",
    "planned",
    "recorded",
    "review",
    "risk",
    "section",
    "state",
    "table",
    "than",
    "that",
    "the",
    "their",
    "there",
    "they",
    "this",
    "to",
    "until",
    "we",
    "what",
    "when",
    "where",
    "which",
    "who",
    "with",
    "within",
    "yes",
    "you",
];

static TAG: LazyLock<Regex> = LazyLock::new(|| Regex::new("<[^>]*>").unwrap());
static TEXT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?s)<w:t(?: [^>]*)?>(.*?)</w:t>|(</w:p>|<w:br/>|<w:p?tab\b[^>]*/>|<w:cr/>)|(?:descr|w:alias)="([^"]*)""#,
    )
    .unwrap()
});
/// A key of the profile, as the list of what is proposed names it: no word of a language.
static KEY: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b[a-z_]+(?:\.[a-z_]+)+\b").unwrap());
static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\p{L}+").unwrap());

/// The example, with its pack beside it.
fn tannfels() -> Workspace {
    let workspace = Workspace::empty();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    copy(&examples.join("tannfels"), &workspace.file("tannfels"));
    copy(&examples.join("packs/iso27001-2022-de"), &workspace.file("packs/iso27001-2022-de"));
    let output = Command::new(env!("CARGO_BIN_EXE_folio"))
        .args(["render", "tannfels", "--formats", "docx"])
        .current_dir(workspace.path())
        .env("SOURCE_DATE_EPOCH", "1795392000")
        .env("FOLIO_PACKS", workspace.file("installed"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    workspace
}

fn plain(xml: &str) -> String {
    xml.replace("&quot;", "\"").replace("&apos;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// The texts of a Word file by part: what is read, what describes pictures and fields, and its properties.
fn texts(file: &Path) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(file).unwrap()).unwrap();
    let names: Vec<String> =
        (0..archive.len()).map(|at| archive.by_index(at).unwrap().name().unwrap().into_owned()).collect();
    let wanted = |name: &&String| {
        ["document", "header", "footer", "footnotes"].iter().any(|part| name.starts_with(&format!("word/{part}")))
            || name.as_str() == "docProps/core.xml"
    };
    names
        .iter()
        .filter(wanted)
        .map(|name| {
            let mut xml = String::new();
            archive.by_name(name).unwrap().read_to_string(&mut xml).unwrap();
            let text = if name.starts_with("word/") {
                let parts = TEXT.captures_iter(&xml).map(|found| match (found.get(1), found.get(2), found.get(3)) {
                    (Some(text), ..) => plain(text.as_str()),
                    (_, _, Some(text)) => format!("\n{}\n", plain(text.as_str())),
                    _ => "\n".to_owned(),
                });
                parts.collect()
            } else {
                plain(&TAG.replace_all(&xml, "\n"))
            };
            (name.clone(), KEY.replace_all(&text, "").into_owned())
        })
        .collect()
}

/// The Word files of the set.
fn files(workspace: &Workspace) -> Vec<std::path::PathBuf> {
    let folder = std::fs::read_dir(workspace.file("tannfels/out/draft")).unwrap();
    let mut files: Vec<_> = folder.map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "docx"));
    files.sort();
    assert_eq!(files.len(), 5, "{files:?}");
    files
}

/// What holds of a German text: no English word, and no key of the profile.
fn is_german(text: &str) {
    let found: BTreeSet<&str> =
        WORD.find_iter(text).map(|word| word.as_str()).filter(|word| ENGLISH.contains(word)).collect();
    assert!(found.is_empty() && !text.contains("]."), "{found:?} in:\n{text}");
}

#[test]
fn what_changed_and_why_is_said_in_german() {
    let workspace = tannfels();
    let folio = |arguments: &[&str]| -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_folio"))
            .args(arguments)
            .current_dir(workspace.file("tannfels"))
            .env("FOLIO_PACKS", workspace.file("installed"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let issue = |reason: &str, day: &str| {
        folio(&["issue", ".", "--approver", "geschaeftsfuehrung", "--reason", reason, "--date", day]);
    };
    folio(&["decisions", ".", "--confirm-all"]);
    issue("Erste Ausgabe.", "2026-11-28");
    workspace.edit(
        "tannfels/profile.yaml",
        "holder: s-aydemir\n    deputy: e-tanriver",
        "holder: e-tanriver\n    deputy: s-aydemir",
    );
    workspace.edit("tannfels/profile.yaml", "  password_min_length: 14", "  password_min_length: 16");
    // The terminal speaks English, and calls things as the pack does.
    let said = folio(&["status", "."]).split_whitespace().collect::<Vec<_>>().join(" ");
    let holder = "Beauftragte für Informationssicherheit: “Selin Aydemir” is now “Emre Tanriver”";
    assert!(said.contains(holder) && said.contains("`roles[isb].holder`"), "{said}");
    let control = "ohne klare Rollen bleibt Arbeit liegen (U-06; R-10).,";
    let (was, is) = (format!("{control}implemented"), format!("{control}partial"));
    workspace.edit("tannfels/registers/controls.csv", &was, &is);
    let said = folio(&["status", "."]).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("“umgesetzt” is now “teilweise umgesetzt”"), "{said}");
    workspace.edit("tannfels/registers/controls.csv", &is, &was);
    issue("Die Beauftragte wechselt.", "2026-12-10");
    let history = |id: &str| changes(&folio(&["history", ".", id, "--report", "json"]));
    insta::assert_snapshot!(history("incident-management-procedure"), @r"
    Die Beauftragte wechselt. Beauftragte für Informationssicherheit: Emre Tanriver (bisher: Selin Aydemir).
    Erste Ausgabe.
    ");
    insta::assert_snapshot!(history("access-control-policy"), @r"
    Die Beauftragte wechselt. Zahlen, Zeichen eines Passworts: 16 (bisher: 14).
    Erste Ausgabe.
    ");
    folio(&["redline", ".", "--from", "1.0", "--to", "1.1", "--comments", "--date", "2026-12-10"]);
    let (mut comments, mut pages) = (0, 0);
    for file in std::fs::read_dir(workspace.file("tannfels/out/redline")).unwrap() {
        let file = file.unwrap().path();
        match file.extension().and_then(|ending| ending.to_str()) {
            Some("docx") => {
                let mut archive = zip::ZipArchive::new(std::fs::File::open(&file).unwrap()).unwrap();
                let mut xml = String::new();
                archive.by_name("word/comments.xml").unwrap().read_to_string(&mut xml).unwrap();
                let text = plain(&TAG.replace_all(&xml, "\n"));
                assert!(text.contains("Ursache: "), "{text}");
                is_german(&text);
                comments += 1;
            }
            _ => {
                let text = pdf::text(std::fs::read(&file).unwrap());
                // The text of pages comes without blanks.
                let has = |text: &str, part: &str| text.contains(&part.replace(' ', ""));
                let legend = ["Änderungen: 1.0 → 1.1", "Neue Wörter sind unterstrichen", "Was sich geändert hat"];
                legend.iter().for_each(|part| assert!(has(&text, part), "`{part}` is not in:\n{text}"));
                let (_, list) = text.rsplit_once("Wassichgeänderthat").unwrap();
                let heads = ["Stelle", "Vorher", "Nachher", "Ursache"];
                heads.iter().for_each(|part| assert!(has(list, part), "`{part}` is not in:\n{list}"));
                let english =
                    ["Place", "Before", "Cause", "took over", "is now", "section", "document control", "roles["];
                english.iter().for_each(|part| assert!(!has(list, part), "`{part}` is in:\n{list}"));
                pages += 1;
            }
        }
    }
    assert!(comments > 1 && pages == comments, "{comments} {pages}");
}

/// The lines of a history.
fn changes(report: &str) -> String {
    let json: serde_json::Value = serde_json::from_str(report).unwrap();
    let mut found = Vec::new();
    fn read(json: &serde_json::Value, found: &mut Vec<String>) {
        match json {
            serde_json::Value::Object(map) => {
                map.iter().for_each(|(key, value)| match (key.as_str(), value.as_str()) {
                    ("change", Some(text)) => found.push(text.to_owned()),
                    _ => read(value, found),
                })
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| read(item, found)),
            _ => {}
        }
    }
    read(&json, &mut found);
    found.join("\n")
}

#[test]
fn no_english_word_is_left() {
    let workspace = tannfels();
    for file in files(&workspace) {
        let mut words = 0;
        for (part, text) in texts(&file) {
            words += WORD.find_iter(&text).count();
            let found: BTreeSet<&str> =
                WORD.find_iter(&text).map(|word| word.as_str()).filter(|word| ENGLISH.contains(word)).collect();
            assert!(found.is_empty(), "{} {part}: {found:?}", file.display());
        }
        // The list of documents is a page; the others are many.
        let least = if file.to_string_lossy().contains("Verzeichnis") { 100 } else { 1_000 };
        assert!(words > least, "{}: only {words} words were read", file.display());
    }
}

/// Needs hunspell with a German dictionary; where there is none, nothing is looked up.
#[test]
fn a_dictionary_knows_every_word() {
    let is_there = Command::new("hunspell").args(["-d", "de_DE", "-l"]).stdin(Stdio::null()).output();
    if !is_there.is_ok_and(|output| output.status.success()) {
        return;
    }
    let workspace = tannfels();
    let known =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/words.de.txt")).unwrap();
    let mut known: BTreeSet<String> = known.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    // Names are those of the organisation: what its own files say with a capital.
    for file in ["profile.yaml", "registers/suppliers.csv", "registers/assets.csv"] {
        let text = workspace.read(&format!("tannfels/{file}"));
        known.extend(WORD.find_iter(&text).map(|word| word.as_str().to_owned()));
    }
    let texts: String = files(&workspace).iter().flat_map(|file| texts(file)).map(|(_, text)| text + "\n").collect();
    let all: String = WORD.find_iter(&texts).map(|word| format!("{}\n", word.as_str())).collect();
    let mut hunspell = Command::new("hunspell")
        .args(["-d", "de_DE", "-i", "utf-8", "-l"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = hunspell.stdin.take().unwrap();
    std::thread::spawn(move || stdin.write_all(all.as_bytes()).unwrap());
    let output = hunspell.wait_with_output().unwrap();
    let unknown = String::from_utf8(output.stdout).unwrap();
    let unknown: BTreeSet<&str> = unknown.lines().filter(|word| !known.contains(*word)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn a_small_firm_that_says_nothing_of_its_scope_in_a_sentence_gets_its_policy() {
    let profile = std::fs::read_to_string("examples/tannfels/profile.yaml").unwrap();
    let start = profile.find("  statement: >-\n").unwrap();
    let end = start + profile[start..].find("  products_and_services:").unwrap();
    let small = Client::new("examples/tannfels", "examples/packs/iso27001-2022-de")
        .edit("profile.yaml", &profile[start..end], "")
        .edit("profile.yaml", "  employees: 140", "  employees: 8")
        .made();
    let policy = small.of("information-security-policy");
    assert!(policy.contains("Vertraulichkeit") && !policy.contains("Der Anwendungsbereich lautet"), "{policy}");
}
