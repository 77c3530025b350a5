//! Reading Folio's own YAML files: located, checked against a JSON Schema, then typed.

mod theme;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::de::DeserializeOwned;

use crate::diagnostic::codes::{pack as pack_codes, workspace as workspace_codes};
use crate::diagnostic::{Code, Diagnostic, MAX_LINE, Sink, Span};
use crate::files::Files;
use crate::reasons;
use crate::schema::{Checker, Codes};
use crate::yaml::{self, Located};
pub use theme::{parts as theme_parts, theme};

/// The kinds of file, each with its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `folio.yaml`.
    Settings,
    /// `pack.yaml`.
    Pack,
    /// A file of rules.
    Rules,
    /// A document's front matter.
    Document,
    /// `theme.yaml`.
    Theme,
    /// `strings.yaml`.
    Strings,
    /// A file of message tables.
    Messages,
    /// `glossary.yaml`.
    Glossary,
    /// `translation.yaml`.
    Translation,
    /// `forms.yaml`.
    Forms,
    /// `data/topics.yaml`.
    Topics,
    /// `migrations/<from>.yaml`.
    Migration,
    /// The trust file.
    Trust,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 13] = [
        Kind::Pack,
        Kind::Document,
        Kind::Rules,
        Kind::Topics,
        Kind::Theme,
        Kind::Strings,
        Kind::Forms,
        Kind::Messages,
        Kind::Glossary,
        Kind::Translation,
        Kind::Migration,
        Kind::Trust,
        Kind::Settings,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Settings => "settings",
            Kind::Pack => "pack",
            Kind::Rules => "rules",
            Kind::Document => "document",
            Kind::Theme => "theme",
            Kind::Strings => "strings",
            Kind::Forms => "forms",
            Kind::Messages => "messages",
            Kind::Glossary => "glossary",
            Kind::Translation => "translation",
            Kind::Topics => "topics",
            Kind::Migration => "migration",
            Kind::Trust => "trust",
        }
    }

    /// The file that it is about, as people call it.
    pub fn file(self) -> &'static str {
        match self {
            Kind::Settings => "folio.yaml",
            Kind::Pack => "pack.yaml",
            Kind::Rules => "Rules: rules/*.yaml",
            Kind::Document => "Front matter: documents/*.md.hbs",
            Kind::Theme => "theme.yaml",
            Kind::Strings => "strings.yaml",
            Kind::Forms => "forms.yaml",
            Kind::Messages => "messages/*.yaml",
            Kind::Glossary => "glossary.yaml",
            Kind::Translation => "translation.yaml",
            Kind::Topics => "data/topics.yaml",
            Kind::Migration => "migrations/*.yaml",
            Kind::Trust => "trust.yaml",
        }
    }

    /// The JSON Schema of such a file.
    pub fn schema(self) -> &'static str {
        match self {
            Kind::Settings => include_str!("workspace/schemas/folio.json"),
            Kind::Pack => include_str!("pack/schemas/pack.json"),
            Kind::Rules => include_str!("pack/schemas/rules.json"),
            Kind::Document => include_str!("pack/schemas/document.json"),
            Kind::Theme => include_str!("pack/schemas/theme.json"),
            Kind::Strings => include_str!("pack/schemas/strings.json"),
            Kind::Forms => include_str!("pack/schemas/forms.json"),
            Kind::Messages => include_str!("pack/schemas/messages.json"),
            Kind::Glossary => include_str!("pack/schemas/glossary.json"),
            Kind::Translation => include_str!("pack/schemas/translation.json"),
            Kind::Topics => include_str!("pack/schemas/topics.json"),
            Kind::Migration => include_str!("pack/schemas/migration.json"),
            Kind::Trust => include_str!("pack/schemas/trust.json"),
        }
    }

    /// That schema, compiled once.
    fn checker(self) -> &'static Checker {
        static CHECKERS: [OnceLock<Checker>; Kind::ALL.len()] = [const { OnceLock::new() }; Kind::ALL.len()];
        CHECKERS[self as usize].get_or_init(|| {
            let json = serde_json::from_str(self.schema()).expect("a constant schema");
            Checker::new(json).expect("a constant schema")
        })
    }

    fn code(self) -> &'static Code {
        match self {
            Kind::Settings => &workspace_codes::SETTINGS,
            Kind::Theme => &workspace_codes::THEME,
            Kind::Migration => &pack_codes::MIGRATION,
            Kind::Trust => &pack_codes::TRUST,
            Kind::Pack | Kind::Rules | Kind::Document | Kind::Strings | Kind::Forms | Kind::Topics => {
                &pack_codes::PACK_MANIFEST
            }
            Kind::Messages | Kind::Glossary | Kind::Translation => &pack_codes::PACK_MANIFEST,
        }
    }
}

/// Reads a YAML file; mistakes in the YAML are faults.
pub fn read(files: &dyn Files, path: &str, sink: &mut Sink) -> Option<Located> {
    let text = text(files, path, sink)?;
    parse(&files.name(path), &text, sink)
}

/// Reads YAML that was found in a file called `name`.
pub fn parse(name: &str, text: &str, sink: &mut Sink) -> Option<Located> {
    yaml::read_str(name, text, sink)
}

/// Checks a located tree against the schema of its kind, then types it. Every problem is reported.
pub fn typed<T: DeserializeOwned>(located: &Located, kind: Kind, sink: &mut Sink) -> Option<T> {
    let mut own = Sink::new();
    kind.checker().check(located, Codes::One(kind.code()), &mut own);
    let failed = own.has_faults();
    sink.merge(own);
    if failed {
        return None;
    }
    serde_json::from_value(located.to_json())
        .map_err(|error| sink.push(Diagnostic::fault(kind.code(), reasons::json(&error)).at(located.span.clone())))
        .ok()
}

/// The text of a file: UTF-8, without byte order mark, lines ended by `\n` alone.
pub fn text(files: &dyn Files, path: &str, sink: &mut Sink) -> Option<String> {
    let name = files.name(path);
    match files.read(path) {
        Ok(bytes) => utf8(&name, bytes, sink),
        Err(error) => {
            sink.push(Diagnostic::fault(&workspace_codes::FILE_UNREADABLE, error.to_string()).at(Span::file(name)));
            None
        }
    }
}

/// Bytes of a file called `name` as text.
pub fn utf8(name: &str, bytes: Vec<u8>, sink: &mut Sink) -> Option<String> {
    let problem = match decoded(bytes) {
        Ok(text) => return Some(text),
        Err(stray) => stray.fault(&workspace_codes::FILE_UNREADABLE, name),
    };
    sink.push(problem.help("save the file as UTF-8; it looks like Latin-1 or Windows-1252"));
    None
}

/// The first byte of a file that is not of its encoding.
pub(crate) struct Stray {
    line: u32,
    column: u32,
    byte: u8,
    /// Its line, read as what such bytes mostly are.
    excerpt: String,
}

impl Stray {
    /// The same as a fault of the file called `name`.
    pub(crate) fn fault(self, code: &'static Code, name: &str) -> Diagnostic {
        let Stray { line, column, byte, excerpt } = self;
        let message = match byte {
            0 => format!("`{name}` is UTF-16, and ends in the middle of a character"),
            byte => format!("`{name}` is not UTF-8: the byte 0x{byte:02X} stands on line {line}"),
        };
        let problem = Diagnostic::fault(code, message).at(Span::text(name, line, column, 1));
        Diagnostic { excerpt: (byte > 0 && excerpt.len() <= MAX_LINE).then_some(excerpt), ..problem }
    }
}

/// Bytes as text: UTF-8, or UTF-16 with its mark or without; no mark, lines ended by `\n` alone.
pub(crate) fn decoded(bytes: Vec<u8>) -> Result<String, Stray> {
    let text = match wide(&bytes) {
        Some((is_little, start)) => {
            let units = bytes[start..].chunks(2).map(|pair| match (pair, is_little) {
                ([a, b], true) => u16::from_le_bytes([*a, *b]),
                ([a, b], false) => u16::from_be_bytes([*a, *b]),
                // Half of a pair is none.
                _ => 0xD800,
            });
            let text: Result<String, _> = char::decode_utf16(units).collect();
            text.map_err(|_| Stray { line: 1, column: 1, byte: 0, excerpt: String::new() })?
        }
        None => String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let bytes = error.as_bytes();
            let start = bytes[..valid].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            let rest = bytes[valid..].iter().position(|byte| b"\r\n".contains(byte));
            let end = rest.map_or(bytes.len(), |at| valid + at);
            Stray {
                line: bytes[..valid].iter().filter(|byte| **byte == b'\n').count() as u32 + 1,
                column: String::from_utf8_lossy(&bytes[start..valid]).chars().count() as u32 + 1,
                byte: bytes.get(valid).copied().unwrap_or_default(),
                excerpt: encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes[start..end]).0.into_owned(),
            }
        })?,
    };
    Ok(plain(&text))
}

/// Bytes as text of an encoding that somebody names, by the names of the web; nothing when there is none of that name.
pub(crate) fn encoded(bytes: &[u8], encoding: &str) -> Option<String> {
    let encoding = encoding_rs::Encoding::for_label(encoding.trim().as_bytes())?;
    Some(plain(&encoding.decode(bytes).0))
}

/// A text without its mark, lines ended by `\n` alone.
fn plain(text: &str) -> String {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if text.contains('\r') && !text.contains('\n') {
        return text.replace('\r', "\n");
    }
    text.replace("\r\n", "\n")
}

/// Whether bytes are UTF-16, its low halves first, and how many of them are its mark. Without one, nearly every second of
/// the first is none.
fn wide(bytes: &[u8]) -> Option<(bool, usize)> {
    match bytes {
        [0xFF, 0xFE, ..] => return Some((true, 2)),
        [0xFE, 0xFF, ..] => return Some((false, 2)),
        _ => {}
    }
    let first = bytes.get(..2048).unwrap_or(bytes);
    let nothing = |half: usize| first.iter().skip(half).step_by(2).filter(|byte| **byte == 0).count();
    let (high, low, pairs) = (nothing(0), nothing(1), first.len() / 2);
    let is_most = |zeros: usize, others: usize| pairs >= 4 && zeros * 10 >= pairs * 7 && others * 20 <= pairs;
    match (is_most(low, high), is_most(high, low)) {
        (true, _) => Some((true, 0)),
        (_, true) => Some((false, 0)),
        _ => None,
    }
}

/// Gives every diagnostic the line that it is about, read from whichever tree has its file.
pub fn show_lines(trees: &[&dyn Files], sink: &mut Sink) {
    let mut texts: BTreeMap<String, Option<String>> = BTreeMap::new();
    for problem in sink.iter_mut().filter(|problem| problem.excerpt.is_none()) {
        let Some(span) = problem.span.as_ref().filter(|span| span.line > 0 && span.column > 0 && span.sheet.is_none())
        else {
            continue;
        };
        let text = texts.entry(span.file.to_string()).or_insert_with(|| {
            let read = |tree: &&dyn Files| tree.read(span.file.strip_prefix(tree.name("").as_str())?).ok();
            let bytes = trees.iter().find_map(read)?;
            let lossy = String::from_utf8_lossy(&bytes).into_owned();
            Some(decoded(bytes).unwrap_or_else(|_| plain(&lossy)))
        });
        let line = text.as_ref().and_then(|text| text.lines().nth(span.line as usize - 1));
        problem.excerpt = line.filter(|line| line.len() <= MAX_LINE).map(str::to_owned);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str, mark: &[u8], unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        mark.iter().copied().chain(text.encode_utf16().flat_map(unit)).collect()
    }

    #[test]
    fn texts_are_read_whatever_mark_they_have() {
        let text = "id\trisk\r\nR1\tFeuer, größer\r\n";
        for bytes in [
            text.as_bytes().to_vec(),
            ["\u{FEFF}".as_bytes(), text.as_bytes()].concat(),
            wide(text, b"\xFF\xFE", u16::to_le_bytes),
            wide(text, b"\xFE\xFF", u16::to_be_bytes),
            wide(text, b"", u16::to_le_bytes),
            wide(text, b"", u16::to_be_bytes),
        ] {
            assert_eq!(decoded(bytes).ok().as_deref(), Some("id\trisk\nR1\tFeuer, größer\n"));
        }
        assert_eq!(decoded(b"a\rb\r".to_vec()).ok().as_deref(), Some("a\nb\n"));
        assert_eq!(encoded(b"Caf\xe9 \x80", "windows-1252").as_deref(), Some("Café €"));
        assert_eq!(encoded(b"\xb3", "windows-1250").as_deref(), Some("ł"));
        assert!(encoded(b"", "klingon").is_none());
    }

    #[test]
    fn a_stray_byte_is_shown_in_its_line() {
        let mut sink = Sink::new();
        assert_eq!(utf8("f", b"a: 1\nb: Caf\xe9 d\n".to_vec(), &mut sink), None);
        let problem = sink.into_vec().remove(0);
        assert_eq!((problem.span, problem.excerpt.as_deref()), (Some(Span::text("f", 2, 7, 1)), Some("b: Café d")));
    }
}
