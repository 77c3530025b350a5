//! No message of a library reaches a person: what is wrong is said in our words, whatever reads the file.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::path::{Path, PathBuf};

use common::Workspace;
use common::kit::{NOTICE, RULES, add, run, specimen};
use regex::Regex;

/// What libraries say, and we do not.
const FOREIGN: [&str; 34] = [
    r"\bSome\(",
    r"\bNone\b",
    r"\bErr\(",
    r"\bOk\(",
    r"at line \d+ column \d+",
    r"expected one of",
    r"expected value",
    r"expected `[,:;]`",
    r"invalid type",
    r"invalid value",
    r"invalid length",
    r"missing field",
    r"unknown field",
    r"unknown variant",
    r"unknown token",
    r"strict mode",
    r"Undeclared",
    r"os error",
    r"Unsupported",
    r"[Pp]arse error",
    r"regex parse",
    r"ParseError",
    r"while parsing",
    r"trailing (characters|comma)",
    r"EOF",
    r"EOCD",
    r"invalid Zip",
    r"corrupt deflate",
    r"did not find expected",
    r"mapping values are not allowed",
    r"CSV error",
    r"Invalid (encoding|argument|param)",
    r"stack backtrace|panicked",
    r"No such file|Permission denied|Is a directory",
];

/// Says what is foreign in a text.
fn foreign(text: &str) -> Option<String> {
    let found = |pattern: &&str| {
        let found = Regex::new(pattern).unwrap().find(text)?;
        Some(format!("`{}` in:\n{text}", found.as_str()))
    };
    FOREIGN.iter().find_map(found)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn no_golden_of_a_message_has_a_word_of_a_library() {
    for folder in ["bad-input", "pack-check", "rule-mistakes", "typed-cells", "translation"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(folder);
        let mut found = Vec::new();
        if folder.is_dir() {
            files(&folder, &mut found);
        }
        for path in found {
            let text = std::fs::read_to_string(&path).unwrap();
            if let Some(problem) = foreign(&text) {
                panic!("{}: {problem}", path.display());
            }
        }
    }
}

/// Ends a change.
fn done(_: &Workspace) {}

/// A change of the specimen, and the command that meets it.
type Case = (&'static str, &'static [&'static str], fn(&Workspace));

const CHECK: &[&str] = &["check", "."];
const RENDER: &[&str] = &["render", "."];
const PACK: &[&str] = &["pack", "check", "pack"];
const BUILD: &[&str] = &["pack", "build", "pack"];
const SHOW: &[&str] = &["pack", "show", "x.zip"];
const NEW: &[&str] = &["new", "x", "--pack", "x@y", "--yes"];

const SCHEMA: &str = "pack/profile.schema.json";
const MANIFEST: &str = "pack/pack.yaml";

fn schema(workspace: &Workspace, with: &str) {
    workspace.edit(SCHEMA, "\"motto\": {", &format!("\"motto\": {{{with}, "));
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("yaml that stops", CHECK, |w| add(w, "profile.yaml", "x: [1\n")),
    ("yaml with a tab", CHECK, |w| add(w, "profile.yaml", "x:\n\t- 1\n")),
    ("yaml with two mappings in a line", CHECK, |w| add(w, "profile.yaml", "x: a: b\n")),
    ("yaml with an alias of nothing", CHECK, |w| add(w, "profile.yaml", "x: *nobody\n")),
    ("yaml with a tag", CHECK, |w| add(w, "profile.yaml", "x: !!binary 1\n")),
    ("yaml with two documents", CHECK, |w| add(w, "profile.yaml", "---\nx: 1\n---\n")),
    ("yaml that is no text", CHECK, |w| done(w.write("profile.yaml", b"\xff\xfe\x00"))),
    ("yaml of another kind", CHECK, |w| done(w.write("profile.yaml", "- 1\n"))),
    ("settings of another kind", CHECK, |w| done(w.write("folio.yaml", "3\n"))),
    ("no range of versions", CHECK, |w| done(w.write("folio.yaml", "format: 1\nid: x\npack: specimen@one\nas_of: 2026-03-01\n"))),
    ("no date", CHECK, |w| done(w.edit("folio.yaml", "as_of: 2026-03-01", "as_of: 2026-02-31"))),
    ("a lock that stops", CHECK, |w| done(w.write("folio.lock", "{\"format\": 3"))),
    ("a lock of another kind", CHECK, |w| done(w.write("folio.lock", "[]"))),
    ("a lock with other keys", CHECK, |w| done(w.write("folio.lock", "{\"format\": 3, \"packs\": {}, \"outputs\": 1}"))),
    ("csv with half a quote", CHECK, |w| done(w.write("registers/pens.csv", "id,name\n\"P-1,x\n"))),
    ("csv that is no text", CHECK, |w| done(w.write("registers/pens.csv", b"id,name\nP-1,\xff\n"))),
    ("csv with ragged rows", CHECK, |w| done(w.write("registers/pens.csv", "id,name\nP-1\n"))),
    ("a folder for a register", CHECK, |w| done(w.edit("profile.yaml", "registers/pens.csv", "registers"))),
    ("a workbook that is none", CHECK, |w| { w.write("registers/pens.xlsx", "PK\u{3}\u{4}x").edit("profile.yaml", "registers/pens.csv", "registers/pens.xlsx"); }),
    ("a workbook of nothing", CHECK, |w| { w.write("registers/pens.xlsx", "").edit("profile.yaml", "registers/pens.csv", "registers/pens.xlsx"); }),
    ("a logo that is none", CHECK, |w| { w.write("logo.svg", "<svg"); add(w, "profile.yaml", "branding: {logo: logo.svg}\n") }),
    ("a logo with stray ends", CHECK, |w| { w.write("logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'><g></svg>"); add(w, "profile.yaml", "branding: {logo: logo.svg}\n") }),
    ("a logo that stops", RENDER, |w| { w.write("logo.png", b"\x89PNG\r\n\x1a\nxxxx"); add(w, "profile.yaml", "branding: {logo: logo.png}\n") }),
    ("a font that is none", RENDER, |w| { w.write("x.ttf", "x"); add(w, "folio.yaml", "fonts: [x.ttf]\n") }),
    ("a colour that is none", CHECK, |w| add(w, "folio.yaml", "theme: {colours: {accent: blue}}\n")),
    ("a template that stops", PACK, |w| add(w, NOTICE, "{{#if motto}}\n")),
    ("a block that another closes", PACK, |w| add(w, NOTICE, "{{#if motto}}x{{/each}}\n")),
    ("braces with nothing in them", PACK, |w| add(w, NOTICE, "{{}}\n")),
    ("a helper without arguments", PACK, |w| add(w, NOTICE, "{{plural}} {{date}}\n")),
    ("a helper given what is not there", PACK, |w| add(w, NOTICE, "{{lower (pick \"pens\" \"P-1\" \"nib\")}}\n")),
    ("a value that is missing in a helper", PACK, |w| add(w, NOTICE, "{{cap motto}} {{count motto}}\n")),
    ("a name asked of a list", PACK, |w| add(w, NOTICE, "{{pens.first.name}} {{lower pens.first}}\n")),
    ("a loop over a text", PACK, |w| add(w, NOTICE, "{{#each organisation.name}}x{{/each}}\n")),
    ("a chart of another type", PACK, |w| add(w, NOTICE, "\n:::chart {#fig-z type=pie data=data.charts.bar alt=x caption=y}\n:::\n")),
    ("a rule that stops", PACK, |w| done(w.edit(RULES, "size(derived.short)", "size(derived.short"))),
    ("a rule with another language", PACK, |w| done(w.edit(RULES, "size(derived.short)", "let x = 3; x"))),
    ("a rule with an unknown function", PACK, |w| done(w.edit(RULES, "size(derived.short)", "sizes(derived.short)"))),
    ("a rule with a broken pattern", PACK, |w| done(w.edit(RULES, "size(derived.short)", "'x'.matches('(')"))),
    ("a rule with a date that is none", PACK, |w| done(w.edit(RULES, "size(derived.short)", "days_between('x', as_of)"))),
    ("a schema that stops", PACK, |w| done(w.write(SCHEMA, "{\"type\": "))),
    ("a schema with a stray comma", PACK, |w| done(w.write(SCHEMA, "{\"type\": \"object\",}"))),
    ("a schema of another kind", PACK, |w| done(w.write(SCHEMA, "[]"))),
    ("a schema with a broken pattern", PACK, |w| schema(w, "\"pattern\": \"(\"")),
    ("a schema that looks ahead", PACK, |w| schema(w, "\"pattern\": \"a(?=b)\"")),
    ("a schema with a type that is none", PACK, |w| schema(w, "\"x\": 1, \"minLength\": \"three\"")),
    ("a schema that refers to nothing", PACK, |w| schema(w, "\"allOf\": [{\"$ref\": \"#/$defs/none\"}]")),
    ("a schema that refers away", PACK, |w| schema(w, "\"allOf\": [{\"$ref\": \"https://example.com/x\"}]")),
    ("a value that nothing allows", PACK, |w| { schema(w, "\"not\": {}"); add(w, "pack/fixtures/one/profile.yaml", "motto: x\n") }),
    ("a value that is none of several", PACK, |w| { schema(w, "\"oneOf\": [{\"const\": \"a\"}, {\"const\": \"b\"}]"); add(w, "pack/fixtures/one/profile.yaml", "motto: x\n") }),
    ("a value of an odd form", PACK, |w| { schema(w, "\"format\": \"uuid\""); add(w, "pack/fixtures/one/profile.yaml", "motto: x\n") }),
    ("a version that is none", PACK, |w| done(w.edit(MANIFEST, "version: \"1.0.0\"", "version: \"one\""))),
    ("an engine that is none", PACK, |w| done(w.edit(MANIFEST, "language:", "engine: newest\nlanguage:"))),
    ("a base that is none", PACK, |w| done(w.edit(MANIFEST, "language:", "extends: x@y\nlanguage:"))),
    ("figures that are no pattern", PACK, |w| done(w.edit(MANIFEST, "language:", "figures: \"[0-\"\nlanguage:"))),
    ("a language that is none", PACK, |w| done(w.edit(MANIFEST, "language: en-GB", "language: english please"))),
    ("data that is no table", PACK, |w| done(w.write("pack/data/duties.csv", "id,title\nD.1\n"))),
    ("data that is no text", PACK, |w| done(w.write("pack/data/duties.csv", b"id,title\nD.1,\xff\n"))),
    ("a folder in place of a file", PACK, |w| { w.remove("pack/theme.yaml"); std::fs::create_dir(w.file("pack/theme.yaml")).unwrap() }),
    ("a file that is missing", PACK, |w| { w.remove("pack/strings.yaml"); }),
    ("a message that stops", PACK, |w| done(w.write("pack/messages/more.yaml", "texts: {x: \"{n, plural, one {#\"}\n"))),
    ("a migration of another kind", PACK, |w| done(w.write("pack/migrations/x.yaml", "format: 1\nfrom: x@y\n"))),
    ("what cannot be built", BUILD, |w| done(w.write("pack/data/aux.csv", "id\n"))),
    ("an archive that is none", SHOW, |w| done(w.write("x.zip", "x"))),
    ("an archive that stops", SHOW, |w| done(w.write("x.zip", b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x2e\0\0\0\x10\0\0\0\0\0"))),
    ("a pack that nobody has", NEW, |_| {}),
    ("a signature that is none", &["pack", "verify", "x.zip", "--key", "x"], |w| done(w.write("x.zip", "x"))),
    ("a key that is none", &["pack", "sign", "x.zip", "--key", "x.key"], |w| { w.write("x.zip", folio::pack::archive::pack(&folio::files::Disk::new(w.file("pack"), "")).unwrap()).write("x.key", "untrusted comment: x\nAAAA\n"); }),
    ("a trust file of another kind", &["pack", "verify", "x.zip", "--trust", "t.yaml"], |w| { w.write("x.zip", folio::pack::archive::pack(&folio::files::Disk::new(w.file("pack"), "")).unwrap()).write("x.zip.minisig", "x").write("t.yaml", "keys: 3\n"); }),
    ("an output that cannot be written", RENDER, |w| done(w.write("out", "x"))),
    ("a workspace that is none", &["check", "nowhere"], |_| {}),
    ("an index without https", &["pack", "install", "x", "--index", "http://127.0.0.1:9/"], |_| {}),
    ("an index that does not answer", &["pack", "install", "x", "--index", "https://127.0.0.1:9/"], |_| {}),
    ("a day that is none", &["check", ".", "--date", "yesterday"], |_| {}),
];

#[test]
fn nothing_that_is_wrong_is_said_in_words_of_a_library() {
    let mut quiet = Vec::new();
    let mut problems = Vec::new();
    for (name, command, change) in CASES {
        let workspace = specimen();
        change(&workspace);
        let (code, out, said) = run(command, workspace.path());
        if code == Some(0) {
            quiet.push(*name);
        }
        problems.extend(foreign(&format!("{out}\n{said}")).map(|problem| format!("{name}: {problem}")));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
    assert_eq!(quiet, [] as [&str; 0], "these are not found wrong at all");
}

/// Where an error is written out as it is: the file, the rest of the line's beginning, and whose words they are.
const WRITTEN: &[(&str, &str)] = &[
    // `FileError` is ours.
    ("cli/intake.rs", "sink.push(Diagnostic::fault(&codes::FILE_UNREADABLE, error.to_string()))"),
    ("intake/written.rs", "sink.push(Diagnostic::fault(&codes::FILE_UNREADABLE, error.to_string()));"),
    ("ledger.rs", "Diagnostic::fault(&codes::OUTPUT_UNREADABLE, error.to_string())"),
    ("cli/issue.rs", "sink.push(Diagnostic::fault(&codes::FILE_UNREADABLE, error.to_string()));"),
    ("issue/", "Diagnostic::fault(&codes::KEPT_BROKEN, error.to_string())"),
    ("issue/turn.rs", "Err(error) => sink.push(damaged(error.to_string())),"),
    ("redline/files.rs", "sink.push(Diagnostic::fault(&codes::OUTPUT_UNWRITABLE, error.to_string())"),
    ("history/", "files.read(&path).map_err(|error| error.to_string())?;"),
    ("verify/kept.rs", "altered(path, format!(\"{error} ({})\", file.of))"),
    ("verify/kept.rs", "problems.push(altered(room, error.to_string()));"),
    ("verify/kept.rs", "Err(error) => problems.push(shelf.wrong(\"\", error.to_string())),"),
    ("verify/kept.rs", "Err(error) => problems.push(self.wrong(path, error.to_string())),"),
    ("history/places.rs", "Err(error) => return Err(damaged(&kept, error.to_string())),"),
    ("verify/export.rs", "Err(error) => format!(\"{error} ({of})\"),"),
    ("verify/", "Diagnostic::fault(&codes::HISTORY_BROKEN, error.to_string()).at(Span::file(FILE))"),
    ("history/mod.rs", "sink.push(broken(error.to_string(), 0));"),
    ("decode.rs", "sink.push(Diagnostic::fault(&workspace_codes::FILE_UNREADABLE, error.to_string())"),
    ("migrate/files.rs", "let bytes = self.files.read(path).map_err(|error| error.to_string());"),
    ("workspace/profile/register/mod.rs", "sink.push(fault(error.to_string()))"),
    ("workspace/mod.rs", "let diagnostic = Diagnostic::fault(&output_codes::LOCK_BROKEN, error.to_string());"),
    ("workspace/pin.rs", "let message = format!(\"the pack that this workspace was rendered with is gone: {error}\");"),
    ("workspace/own.rs", "Err(error) => error.to_string(),"),
    ("workspace/own.rs", "let problem = Diagnostic::fault(&codes::FILE_UNREADABLE, error.to_string());"),
    ("workspace/own.rs", "let read = files.read(path).map_err(|error| error.to_string());"),
    ("workspace/own.rs", "let logo = files.read(path).map_err(|error| error.to_string())"),
    ("cli/pack/", "let unreadable = |error: "),
    ("pack/", "Diagnostic::fault(&codes::PACK_FILE, error.to_string())"),
    ("pack/installed.rs", "let message = format!(\"the folder of installed packs cannot be read: {error}\");"),
    // What a cell shows in the workbook: `#DIV/0!`.
    ("workspace/profile/register/xlsx.rs", "format!(\"the cell shows the error {error}{by}\")"),
    // Put into other words, or dropped, by whoever is given it.
    ("reasons.rs", "let message = error.to_string();"),
    ("typeset/mod.rs", "said(&error.message)"),
    ("typeset/mod.rs", "refused("),
    ("language/", "map_err(|error| error.to_string())"),
];

#[test]
fn an_error_is_written_out_only_where_it_is_known_whose_words_it_has() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&root, &mut all);
    all.retain(|path| path.extension().is_some_and(|ending| ending == "rs"));
    let written = Regex::new(
        r"\{(error|err|e)(:\?)?\}|\b(error|err|e)\.to_string\(\)|\b(error|err|e)\.message\b|\breason\(\)\.to_string|\.msg\b",
    )
    .unwrap();
    let mut used = vec![false; WRITTEN.len()];
    for path in all {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("\nmod tests {").next().unwrap_or_default();
        if name.ends_with("tests.rs") {
            continue;
        }
        for (number, line) in (1..).zip(code.lines()).filter(|(_, line)| written.is_match(line)) {
            let fits = |(file, part): &(&str, &str)| name.starts_with(file) && line.contains(part);
            let place = WRITTEN.iter().position(fits);
            let Some(place) = place else {
                panic!(
                    "src/{name}:{number} writes out an error: say it in our words (`reasons`), or list it here\n{line}"
                );
            };
            used[place] = true;
        }
    }
    for ((file, part), used) in WRITTEN.iter().zip(used) {
        assert!(used, "nothing in src/{file} has `{part}` any more: take its line out");
    }
}
