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
    /// `starters/<name>/starter.yaml`.
    Starter,
    /// The trust file.
    Trust,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 14] = [
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
        Kind::Starter,
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
            Kind::Starter => "starter",
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
            Kind::Starter => "starters/*/starter.yaml",
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
            Kind::Starter => include_str!("pack/schemas/starter.json"),
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
            Kind::Messages | Kind::Glossary | Kind::Translation | Kind::Starter => &pack_codes::PACK_MANIFEST,
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
    let error = match String::from_utf8(bytes) {
        Ok(text) => return Some(text.strip_prefix('\u{FEFF}').unwrap_or(&text).replace("\r\n", "\n")),
        Err(error) => error,
    };
    let valid = error.utf8_error().valid_up_to();
    let line = error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count() as u32 + 1;
    let byte = error.as_bytes().get(valid).copied().unwrap_or_default();
    let message = format!("`{name}` is not UTF-8: the byte 0x{byte:02X} stands on line {line}");
    sink.push(
        Diagnostic::fault(&workspace_codes::FILE_UNREADABLE, message)
            .at(Span { line, ..Span::file(name) })
            .help("save the file as UTF-8; it looks like Latin-1 or Windows-1252"),
    );
    None
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
            Some(String::from_utf8_lossy(&bytes).trim_start_matches('\u{FEFF}').to_owned())
        });
        let line = text.as_ref().and_then(|text| text.lines().nth(span.line as usize - 1));
        problem.excerpt = line.filter(|line| line.len() <= MAX_LINE).map(str::to_owned);
    }
}
