//! Properties that hold for any input: made up, or mutated from real files. A failure is shrunk to a small one.
//!
//! A run is the same every time: the seed is fixed. `PROPTEST_CASES=100000 cargo test --release --test properties NAME`
//! runs longer, `PROPTEST_RNG_SEED=N` elsewhere.

#![allow(clippy::disallowed_methods, reason = "tests read files and the environment")]

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use folio::diagnostic::{Sink, Span};
use folio::edit::{Change, Field, Piece, csv, yaml as edit};
use folio::expand::{self, Library, Source, Tools};
use folio::files::{Disk, Files, Memory};
use folio::model::Origins;
use folio::pack::source::{Shelf, folder};
use folio::pack::{Pack, archive, names};
use folio::rules::{Derive, Expression, Facts, Rules};
use folio::schema::{Schema, Source as Asked};
use folio::session::Session;
use folio::strings::Strings;
use folio::workspace::profile;
use folio::yaml;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value as Json, json};

/// So many cases, or as many as PROPTEST_CASES says.
fn cases(cases: u32) -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = RngSeed::Fixed(20_260_301);
    }
    (config.max_shrink_iters, config.max_global_rejects) = (4_000, u32::MAX);
    config
}

/// What means something to YAML, CSV, Markdown, Handlebars, XML or a shell.
const HOSTILE: &[&str] = &[
    "a",
    "b c",
    "é",
    "漢",
    "\u{1F600}",
    "\u{301}",
    "\u{200B}",
    "\u{AD}",
    " ",
    "  ",
    "-",
    "- ",
    "---",
    ":",
    ": ",
    "#",
    " #",
    "?",
    "? ",
    "&",
    "&a",
    "*",
    "*a",
    "**",
    "_",
    "!",
    "!!str",
    "|",
    ">",
    "'",
    "\"",
    "%",
    "@",
    "`",
    "```",
    "{",
    "}",
    "[",
    "]",
    "{{",
    "}}",
    "{{{a}}}",
    "{{#if a}}",
    "{{> who}}",
    "\\",
    "\\\\",
    "~",
    "null",
    "true",
    "no",
    "1",
    "007",
    "1.5",
    "1e3",
    "2026-01-01",
    ",",
    ";",
    "=1+1",
    "<b>",
    "<!--",
    "]]>",
    "&amp;",
    "](x)",
    "![a](b)",
    "[^1]",
    "[[a]]",
    ":::",
    ":::note",
    "1. ",
    "> ",
    "$x$",
    "<<",
    "\t",
];

/// A text on one line, hostile.
fn text() -> impl Strategy<Value = String> {
    vec(prop_oneof![4 => select(HOSTILE).prop_map(str::to_owned), 1 => "[ -~]{0,3}"], 0..6)
        .prop_map(|parts| parts.concat())
}

// -- YAML, edited in place

/// A value as people write it in YAML.
fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        4 => text().prop_map(Json::from),
        1 => any::<bool>().prop_map(Json::from),
        1 => (-1000i64..1000).prop_map(Json::from),
        1 => Just(Json::Null),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::Array),
            vec((key(), inner), 0..4).prop_map(|fields| Json::Object(fields.into_iter().collect())),
        ]
    })
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[a-d]{1,2}", 1 => text()]
}

/// How a value is written: each number decides one thing.
struct Style<'s>(std::iter::Cycle<std::slice::Iter<'s, u8>>);

impl Style<'_> {
    fn next(&mut self, of: u8) -> u8 {
        self.0.next().map_or(0, |number| number % of)
    }

    fn comment(&mut self) -> &'static str {
        ["", "", " # why: {a, b}", "   # \"quoted\""][usize::from(self.next(4))]
    }

    fn scalar(&mut self, value: &Json) -> String {
        match value {
            Json::String(text) if self.next(3) == 0 && !text.contains(['\t', '\n']) => {
                format!("'{}'", text.replace('\'', "''"))
            }
            Json::String(_) if self.next(2) == 0 => value.to_string(),
            other => edit::flow(other),
        }
    }

    /// A value behind a key or dash, with what parts it from that.
    fn write(&mut self, value: &Json, indent: usize, out: &mut String) {
        let pad = " ".repeat(indent);
        let is_flow = self.next(3) == 0;
        match value {
            Json::Object(fields) if !fields.is_empty() && !is_flow => {
                for (key, value) in fields {
                    out.push_str(&format!("{}\n{pad}{}:", self.comment(), self.scalar(&Json::from(key.as_str()))));
                    self.write(value, indent + 2, out);
                }
            }
            Json::Array(items) if !items.is_empty() && !is_flow => {
                for item in items {
                    out.push_str(&format!("{}\n{pad}-", self.comment()));
                    self.write(item, indent + 2, out);
                }
            }
            Json::Object(_) | Json::Array(_) => out.push_str(&format!(" {}", edit::flow(value))),
            scalar => out.push_str(&format!(" {}", self.scalar(scalar))),
        }
    }
}

/// What becomes of a value, decided by numbers.
fn change(value: &Json, style: &mut Style<'_>, new: &Json, depth: usize) -> Change {
    let kind = style.next(if depth == 0 { 2 } else { 4 });
    match (kind, value) {
        (0, Json::Array(items)) if depth < 3 => {
            let mut pieces = Vec::new();
            for (at, item) in items.iter().enumerate() {
                if style.next(4) != 0 {
                    pieces.push(Piece { from: Some(at), change: change(item, style, new, depth + 1) });
                }
            }
            if style.next(2) == 0 {
                pieces.push(Piece { from: None, change: Change::Become(new.clone()) });
            }
            pieces.retain(|piece| piece.change != Change::Remove);
            Change::list(items.len(), pieces)
        }
        (0 | 1, Json::Object(fields)) if depth < 3 => {
            let mut changed: Vec<Field> = Vec::new();
            for (key, value) in fields {
                if style.next(3) == 0 {
                    changed.push(Field::new(key.clone(), change(value, style, new, depth + 1)));
                } else if style.next(8) == 0 {
                    changed.push(Field::new(key.clone(), Change::Remove));
                }
            }
            if style.next(3) == 0 && !fields.contains_key("new") {
                changed.push(Field::new("new", Change::Become(new.clone())));
            }
            Change::map(changed)
        }
        (0 | 1, _) => Change::Become(new.clone()),
        _ => Change::Keep,
    }
}

proptest! {
    #![proptest_config(cases(300))]

    /// What changes, changes; what stands before and after it stays, byte for byte.
    #[test]
    fn yaml_edit(
        fields in vec((key(), value()), 1..6),
        numbers in vec(any::<u8>(), 16..64),
        at in any::<Index>(),
        new in value(),
        end in select(&["\n", "\r\n"][..]),
    ) {
        let mut style = Style(numbers.iter().cycle());
        let mut known = Map::new();
        let mut chunks: Vec<String> = Vec::new();
        for (key, value) in fields {
            if known.contains_key(&key) || key == "<<" {
                continue;
            }
            let mut chunk = format!("{}:", style.scalar(&Json::from(key.as_str())));
            style.write(&value, 2, &mut chunk);
            chunk.push_str(style.comment());
            chunk.push('\n');
            if style.next(4) == 0 {
                chunk.insert_str(0, "\n# a comment\n");
            }
            chunks.push(chunk.replace('\n', end));
            known.insert(key, value);
        }
        prop_assume!(!known.is_empty());
        let (text, old) = (chunks.concat(), Json::Object(known.clone()));
        let mut sink = Sink::new();
        let read = yaml::read_str("a", &text.replace("\r\n", "\n"), &mut sink).map(|located| located.to_json());
        // What people cannot write is no matter here, such as a key twice in a map.
        prop_assume!(read.as_ref() == Some(&old));
        let at = at.index(known.len());
        let (key, value) = known.iter().nth(at).unwrap();
        let change = Change::map([Field::new(key.clone(), change(value, &mut style, &new, 0))]);
        let Ok(changed) = edit::apply(&text, &old, &change) else { return Ok(()) };
        let read = yaml::read_str("a", &changed.replace("\r\n", "\n"), &mut sink).map(|located| located.to_json());
        prop_assert_eq!(read, change.applied(&old), "{}", changed);
        if change == Change::Keep {
            prop_assert_eq!(&changed, &text);
        }
        prop_assert!(changed.starts_with(&chunks[..at].concat()), "before: {:?}\n{}\n{}", change, text, changed);
        prop_assert!(changed.ends_with(&chunks[at + 1..].concat()), "after: {:?}\n{}\n{}", change, text, changed);
    }

    /// Any text at all: it is edited, or it is said why not.
    #[test]
    fn yaml_edit_of_anything(lines in vec(text(), 0..8), new in value()) {
        let text = lines.join("\n");
        let old = yaml::read_str("a", &text, &mut Sink::new()).map(|located| located.to_json()).unwrap_or_default();
        for change in [Change::at("a", Change::Become(new.clone())), Change::Become(new.clone()), Change::at("a", Change::Remove)] {
            if let Ok(changed) = edit::apply(&text, &old, &change) {
                let read = yaml::read_str("a", &changed, &mut Sink::new()).map(|located| located.to_json());
                prop_assert_eq!(read, change.applied(&old));
            }
        }
    }
}

// -- CSV, edited in place

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn csv_edit(
        rows in vec([text(), text(), text()], 0..6),
        numbers in vec(any::<u8>(), 8..32),
        order in vec(any::<Index>(), 0..6),
        new in text(),
        end in select(&["\n", "\r\n"][..]),
        delimiter in select(&[',', ';'][..]),
    ) {
        let mut style = Style(numbers.iter().cycle());
        let mut cell = |text: &str| match text.contains([delimiter, '"', '\n', '\r']) || style.next(3) == 0 {
            true => format!("\"{}\"", text.replace('"', "\"\"")),
            false => text.to_owned(),
        };
        let mut lines = vec![format!("id{delimiter}kept{delimiter}why{end}")];
        // A row without anything is no row.
        let rows: Vec<[String; 3]> = rows.into_iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).collect();
        for row in &rows {
            let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
            lines.push(cells.join(&delimiter.to_string()) + end);
        }
        let text = lines.concat();
        let columns = [Some("id"), None, Some("why")].map(|key| key.map(str::to_owned));
        let old = Json::Array(rows.iter().map(|[id, _, why]| json!({"id": id, "why": why})).collect());
        // Some rows in another order, every second with another reason, and a new one.
        let picked: Vec<usize> = if rows.is_empty() { Vec::new() } else { order.iter().map(|at| at.index(rows.len())).collect() };
        let mut pieces = Vec::new();
        let mut expected: Vec<[String; 3]> = Vec::new();
        for (place, at) in picked.iter().enumerate() {
            let is_changed = place % 2 == 1;
            let change = if is_changed { Change::at("why", Change::Become(new.as_str().into())) } else { Change::Keep };
            pieces.push(Piece { from: Some(*at), change });
            let [id, kept, why] = rows[*at].clone();
            expected.push([id, kept, if is_changed { new.clone() } else { why }]);
        }
        pieces.push(Piece { from: None, change: Change::Become(json!({"id": "new", "why": new})) });
        expected.push(["new".into(), String::new(), new.clone()]);
        let changed = csv::apply(&text, &columns, &old, &pieces, "proposed").unwrap();
        for (place, at) in picked.iter().enumerate().filter(|(place, _)| place % 2 == 0) {
            prop_assert!(changed.contains(&lines[at + 1]), "row {place} of\n{changed}");
        }
        let mut reader = ::csv::ReaderBuilder::new().delimiter(delimiter as u8).flexible(true).from_reader(changed.as_bytes());
        let read: Vec<Vec<String>> = reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
        // A row that became empty is no longer read.
        let expected: Vec<Vec<String>> = expected.into_iter().map(Vec::from).collect();
        prop_assert_eq!(read, expected, "{}", changed);
    }
}

// -- XLSX, mutated

static BOOK: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let bytes =
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/harbour-works/registers/assets.xlsx"));
    let mut book = zip::ZipArchive::new(Cursor::new(bytes.unwrap())).unwrap();
    let mut parts = BTreeMap::new();
    for index in 0..book.len() {
        let mut part = book.by_index(index).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        parts.insert(part.name().unwrap().into_owned(), bytes);
    }
    parts
});

/// The value of the first attribute after some place.
fn attribute(bytes: &[u8], from: usize) -> Option<std::ops::Range<usize>> {
    let start = from + bytes[from..].windows(2).position(|pair| pair == b"=\"")? + 2;
    Some(start..start + bytes[start..].iter().position(|byte| *byte == b'"')?)
}

/// A register of assets, of texts.
static ASSETS: LazyLock<Schema> = LazyLock::new(|| {
    let text = json!({"type": "string"});
    let row = json!({"type": "object", "properties": {"id": text, "name": text, "owner": text, "kind": text}});
    let json = json!({"properties": {"assets": {"title": "Assets", "type": "array", "items": row}}});
    let asked = Asked::read("p.json".into(), json.to_string().as_bytes()).unwrap();
    let mut sink = Sink::new();
    Schema::over(vec![asked], &mut sink).unwrap_or_else(|| panic!("{sink:?}"))
});

/// What a mutation puts in the place of some bytes.
const XLSX: &[&str] = &[
    "",
    "0",
    "1",
    "-1",
    "A1",
    "XFD1048576",
    "ZZZZZZZ99999999999",
    "4294967295",
    "1e999",
    "\"",
    "<",
    ">",
    "</c>",
    "<c r=\"A1\">",
    "t=\"s\"",
    "t=\"b\"",
    "t=\"e\"",
    "<f>1+1</f>",
    "<v>99999999</v>",
    "&#x0;",
    "&amp;",
    "\u{FFFD}",
    "<row r=\"1048576\">",
    "dimension ref=\"A1:XFD1048576\"",
];

proptest! {
    #![proptest_config(cases(60))]

    /// A workbook of which some parts were changed is read, or it is said why not.
    #[test]
    fn xlsx(edits in vec((any::<Index>(), any::<Index>(), 0usize..6, select(XLSX)), 1..6), flip in any::<Option<Index>>()) {
        let mut parts = BOOK.clone();
        for (part, place, length, new) in edits {
            let part = part.index(parts.len());
            let bytes = parts.values_mut().nth(part).unwrap();
            let start = place.index(bytes.len().max(1)).min(bytes.len());
            let range = match length {
                // All of the attribute that follows, so that the file stays XML.
                0 => attribute(bytes, start).unwrap_or(start..start),
                length => start..(start + length).min(bytes.len()),
            };
            bytes.splice(range, new.bytes());
        }
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(&bytes).unwrap();
        }
        let mut book = writer.finish().unwrap().into_inner();
        if let Some(flip) = flip {
            let at = flip.index(book.len());
            book[at] ^= 1;
        }
        let files = Memory::new("").with("p.yaml", "assets: {from: a.xlsx}\n").with("a.xlsx", book);
        let mut sink = Sink::new();
        profile::written(&files, "p.yaml", &ASSETS, &mut sink);
        prop_assert!(sink.iter().all(|problem| problem.span.is_some()), "{:?}", sink);
    }
}

// -- Values through templates and Markdown

/// The specimen's pack, with a document that prints a value in every kind of place.
static PACK: LazyLock<Arc<Pack>> = LazyLock::new(|| {
    let specimen = folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/specimen/pack"));
    let mut files = Memory::new("pack/");
    for path in specimen.list("").unwrap() {
        files.insert(path.clone(), specimen.read(&path).unwrap());
    }
    files.insert(
        "documents/notice.md.hbs",
        "---\nnumber: H-2\ntitle: Notice\nkind: procedure\n---\n# H {{motto}} {#sec-text}\n\nP {{motto}} **{{motto}}** \
         *{{motto}}* `{{motto}}` [{{motto}}](https://a.example)[^1] {{lower motto}}\n{{motto}}\n\n[^1]: F {{motto}}\n\n- {{motto}}\n\
         - I {{motto}}\n\n1. {{motto}}\n\n> {{motto}}\n\n| {{motto}} |\n|---|\n| {{motto}} |\n\n:::callout {kind=note \
         title=\"A {{motto}}\"}\n{{motto}}\n:::\n\n:::table {#tab-a widths=\"100\" caption=\"N {{motto}}\"}\n\n| x |\n|---|\n\
         | X {{motto}} |\n\n:::\n\n`V {{motto}}`{.status tone=good}\n\n```\nB {{motto}}\n```\n\n{{motto}}\n\n: {{motto}}\n",
    );
    let mut sink = Sink::new();
    Arc::new(Pack::load(Arc::new(files), &Shelf::default(), &mut sink).unwrap_or_else(|| panic!("{sink:?}")))
});

/// The notice as a model, or what is said.
fn notice(value: &str) -> Result<Json, Vec<String>> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/specimen");
    let specimen = Disk::new(&own, "");
    let mut files = Memory::new("");
    for path in ["folio.yaml", "profile.yaml", "registers/pens.csv"] {
        let text = String::from_utf8(specimen.read(path).unwrap()).unwrap();
        files.insert(path, text.replace("pens: {", &format!("motto: {}\npens: {{", Json::from(value))));
    }
    let mut sink = Sink::new();
    let session = Session::new(Shelf::default(), 1, "2026-11-23");
    let workspace = session.workspace_with(Path::new(""), Arc::new(files), PACK.clone(), &mut sink);
    let documents = workspace.and_then(|workspace| {
        let plan = session.plan(&workspace, &mut sink);
        session.documents(&workspace, &plan, &mut sink).documents
    });
    let notice = documents.and_then(|documents| documents.into_iter().find(|document| document.control.id == "notice"));
    let model = notice.map(|notice| {
        let mut model = serde_json::to_value(notice).unwrap();
        said_alike(&mut model);
        model
    });
    model.ok_or_else(|| {
        sink.iter()
            .filter(|problem| problem.is_fault())
            .map(|problem| format!("{} {}", problem.code, problem.message))
            .collect()
    })
}

/// A model without what hangs on the value itself: `{{lower motto}}` shows a small letter as it stands.
fn said_alike(model: &mut Json) {
    match model {
        Json::Array(items) => items.iter_mut().for_each(said_alike),
        Json::Object(fields) => {
            fields.remove("computed");
            fields.values_mut().for_each(said_alike);
        }
        _ => {}
    }
}

/// A model in which every text has a word in another's place.
fn replaced(model: &mut Json, word: &str, by: &str) {
    match model {
        Json::String(text) => *text = text.replace(&word.to_lowercase(), &by.to_lowercase()).replace(word, by),
        Json::Array(items) => items.iter_mut().for_each(|item| replaced(item, word, by)),
        Json::Object(fields) => fields.values_mut().for_each(|item| replaced(item, word, by)),
        _ => {}
    }
}

static PLAIN: LazyLock<Json> = LazyLock::new(|| notice("Qqqq").unwrap());

proptest! {
    #![proptest_config(cases(40))]

    /// A document with a value is the document with another value, with the one in the place of the other: nothing of it
    /// becomes markup.
    #[test]
    fn values_are_inert(value in text()) {
        prop_assume!(!value.trim().is_empty());
        let mut expected = PLAIN.clone();
        replaced(&mut expected, "Qqqq", &value);
        match notice(&value) {
            Ok(model) => prop_assert_eq!(model, expected),
            Err(said) => prop_assert!(said.is_empty(), "{:?}: {:?}", value, said),
        }
    }
}

// -- Marks

/// A text in which values stand between marks, without them; an own reader, after the account in `expand::marks`.
fn unmarked(text: &str) -> String {
    let (mut out, mut bytes, mut is_number, mut is_value) = (String::new(), Vec::new(), false, false);
    for c in text.chars() {
        match u32::from(c) {
            0xE12F => is_number = false,
            0xE120 => (is_number, is_value) = (true, true),
            0xE121 => {
                out.push_str(std::str::from_utf8(&bytes).unwrap());
                (bytes, is_value) = (Vec::new(), false);
            }
            0xE122..=0xE12E => is_number = true,
            0xE110..=0xE11F if is_number => {}
            code @ 0xE000..=0xE0FF if is_value && !is_number => bytes.push((code - 0xE000) as u8),
            _ => {
                assert!(!is_value && !is_number && !('\u{E000}'..='\u{F8FF}').contains(&c), "{c:?} in {text:?}");
                out.push(c);
            }
        }
    }
    assert!(bytes.is_empty() && !is_value && !is_number, "{text:?}");
    out
}

fn strings() -> Strings {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("template-packs/isms-core/strings.yaml");
    let located = yaml::read_str("strings.yaml", &std::fs::read_to_string(path).unwrap(), &mut Sink::new()).unwrap();
    serde_json::from_value(located.to_json()).unwrap()
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn marks(parts in vec(("[a-z #*|-]{0,8}", text()), 1..6)) {
        let template: String =
            parts.iter().enumerate().map(|(at, (own, _))| format!("{own}{{{{#if yes}}}}{{{{v{at}}}}}{{{{/if}}}}")).collect();
        let expected: String = parts.iter().map(|(own, value)| format!("{own}{value}")).collect();
        let mut scope: Map<String, Json> =
            parts.iter().enumerate().map(|(at, (_, value))| (format!("v{at}"), value.as_str().into())).collect();
        scope.insert("yes".into(), true.into());
        let tools = Arc::new(Tools {
            strings: Arc::new(strings()),
            topics: BTreeMap::new(),
            keys: BTreeMap::new(),
            origins: Arc::new(Origins::untraced(&scope)),
            articles: Arc::default(),
            forms: Default::default(),
        documents: BTreeMap::new(),
        });
        let source = Source { name: "t".into(), text: template, first_line: 1, layer: 0, replaces: None };
        let mut sink = Sink::new();
        let prepared = expand::prepare(&source, &Library::default(), &mut sink).unwrap();
        let context = expand::Values::from(scope);
        let expanded = expand::expand(&prepared, &expand::registry(&tools), &tools, &context, &mut sink);
        prop_assert_eq!(unmarked(&expanded.unwrap().text), expected);
    }
}

// -- Archives

static ARCHIVE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let files =
        Memory::new("").with("pack.yaml", "id: a\n").with("documents/a.md.hbs", "x".repeat(300)).with("b/c/d", "");
    archive::pack(&files).unwrap()
});

/// What an archive is made of.
const PIECES: &[&[u8]] =
    &[b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"../", b"\xFF\xFF\xFF\xFF", b"\0\0"];

/// A change of some bytes.
#[derive(Debug, Clone)]
enum Mutation {
    Flip(Index, u8),
    Insert(Index, Vec<u8>),
    Cut(Index, usize),
    Copy(Index, Index, usize),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let bytes = prop_oneof![vec(any::<u8>(), 1..8), select(PIECES).prop_map(<[u8]>::to_vec),];
    prop_oneof![
        4 => (any::<Index>(), 1u8..).prop_map(|(at, bits)| Mutation::Flip(at, bits)),
        2 => (any::<Index>(), bytes).prop_map(|(at, bytes)| Mutation::Insert(at, bytes)),
        1 => (any::<Index>(), 1usize..40).prop_map(|(at, length)| Mutation::Cut(at, length)),
        1 => (any::<Index>(), any::<Index>(), 1usize..120).prop_map(|(from, to, length)| Mutation::Copy(from, to, length)),
    ]
}

proptest! {
    #![proptest_config(cases(2_000))]

    /// An archive that is taken holds names that stay inside, and what it holds can be given on.
    #[test]
    fn archives(mutations in vec(mutation(), 1..5)) {
        let mut bytes = ARCHIVE.clone();
        for mutation in mutations {
            let length = bytes.len().max(1);
            match mutation {
                Mutation::Flip(at, bits) => if let Some(byte) = bytes.get_mut(at.index(length)) { *byte ^= bits },
                Mutation::Insert(at, new) => drop(bytes.splice(at.index(length).min(bytes.len())..at.index(length).min(bytes.len()), new)),
                Mutation::Cut(at, count) => {
                    let start = at.index(length).min(bytes.len());
                    bytes.drain(start..(start + count).min(bytes.len()));
                }
                Mutation::Copy(from, to, count) => {
                    let start = from.index(length).min(bytes.len());
                    let part = bytes[start..(start + count).min(bytes.len())].to_vec();
                    let at = to.index(length).min(bytes.len());
                    bytes.splice(at..at, part);
                }
            }
        }
        let mut sink = Sink::new();
        let Some(files) = archive::unpack("x.zip", &bytes, &mut sink) else {
            prop_assert!(sink.has_faults());
            return Ok(());
        };
        let paths = files.list("").unwrap();
        for path in &paths {
            prop_assert_eq!(names::problem(path), None);
        }
        let again = archive::unpack("y.zip", &archive::pack(&files).unwrap(), &mut sink).unwrap();
        prop_assert_eq!(again.list("").unwrap(), paths);
    }
}

// -- CEL

/// An expression that gives a list, mostly of lists that are gone through inside one another.
fn expression() -> impl Strategy<Value = String> {
    let leaf = select(&["n", "LAST", "LAST", "[1, 2, 3]", "m.b", "['a', 'b']"][..]).prop_map(str::to_owned);
    leaf.prop_recursive(4, 30, 3, |list| {
        let simple = select(&["x", "1", "'a'", "s", "n", "size(n)", "[x, x]", "{'id': x}", "true", "n[0].id"][..]);
        let (a, b) = (list.clone(), prop_oneof![simple.prop_map(str::to_owned), list.clone()].boxed());
        let truth = prop_oneof![
            Just("true".to_owned()),
            (b.clone(), b.clone()).prop_map(|(a, b)| format!("{a} == {b}")),
            (b.clone(), a.clone()).prop_map(|(a, b)| format!("{a} in {b}")),
            (a.clone(), b.clone()).prop_map(|(a, b)| format!("({a}).exists(x, x == {b})")),
            a.clone().prop_map(|a| format!("({a}).all(y, y == y)")),
            (b.clone()).prop_map(|a| format!("string([{a}].size()).matches('[0-9]+|a{{1,30}}')")),
        ];
        prop_oneof![
            (a.clone(), b.clone()).prop_map(|(a, b)| format!("({a}).map(x, {b})")),
            (a.clone(), truth.clone()).prop_map(|(a, b)| format!("({a}).filter(x, {b})")),
            (a.clone(), truth, b.clone()).prop_map(|(a, b, c)| format!("({a}).map(x, {b}, {c})")),
            (a.clone(), a.clone()).prop_map(|(a, b)| format!("({a} + {b})")),
            (b.clone(), b.clone()).prop_map(|(a, b)| format!("[{a}, {b}]")),
            (a.clone(), a.clone()).prop_map(|(a, b)| format!("flatten([{a}, {b}])")),
            (b.clone(), b).prop_map(|(a, b)| format!("values(merge({{'a': {a}}}, {{'b': {b}}}))")),
            a.clone().prop_map(|a| format!("unique({a})")),
            a.clone().prop_map(|a| format!("values(group_by(({a}).map(x, {{'id': 'k', 'x': x}}), 'id'))")),
            a.clone().prop_map(|a| format!("sort_by(({a}).map(x, {{'id': 1, 'x': x}}), 'id')")),
            a.prop_map(|a| format!("[join(({a}).map(x, 'ab'), ', ')]")),
        ]
    })
}

fn count(value: &Json) -> usize {
    1 + match value {
        Json::Array(items) => items.iter().map(count).sum(),
        Json::Object(fields) => fields.values().map(count).sum(),
        Json::String(text) => text.len() / 64,
        _ => 0,
    }
}

proptest! {
    #![proptest_config(cases(40))]

    /// Rules that take one another's values end, and what they make is bounded.
    #[test]
    fn rules_end(texts in vec(expression(), 1..6)) {
        let rows: Vec<Json> = (0..60).map(|row| json!({"id": format!("r{row}"), "k": ["a", "b"]})).collect();
        let scope = json!({"n": rows, "m": {"a": 1, "b": [2, 3]}, "s": "some words"});
        let scope = scope.as_object().unwrap();
        let mut derive = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            let last = if at == 0 { "n".to_owned() } else { format!("derived.d{}", at - 1) };
            let text = text.replace("LAST", &last);
            let value = Expression::new(text, Span::file("rules.yaml"));
            derive.push(Derive { id: format!("d{at}"), value, layer: 0 });
        }
        let mut sink = Sink::new();
        let rules = Rules::compile(&derive, &[], &folio::messages::Messages::default(), 1, &mut sink);
        let derived = rules.derive(&mut Facts::new(scope), &mut sink);
        prop_assert!(derived.values().map(count).sum::<usize>() < 3_000_000);
    }
}
