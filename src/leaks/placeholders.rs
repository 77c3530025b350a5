//! What stands for something that is still to be filled in: in what templates say, and in the values of a profile.
//!
//! A value is somebody's own: a firm may be called XXX, and a team TBD. So words are found where they are all that a value
//! says, or stand as nobody uses a name: before a colon, in brackets, at the end. Braces of templates and errors of
//! spreadsheets are found anywhere.

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};
use serde_json::Value as Json;

use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::workspace::Workspace;

/// What templates leave behind, and drafts of a text: Latin that nobody reads, a name in brackets.
const ANYWHERE: &str = r"\{\{|\}\}|\{%|%\}|(?i:lorem ipsum)|\[(?i:insert|name|company|date)\b";

/// In a template's own words.
pub(super) static LEFTOVERS: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"{ANYWHERE}|\b(TODO|TBC|TBD|FIXME|XXX+)\b")));

/// Anywhere in a value.
static IN_VALUES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)
        \{\{[^{}]*\}\} | \{%.*?%\} | \$\{[\w.\x20-]+\}
        | (?i:\blorem\s+ipsum\b)
        | \[(?i:insert|enter|your|name|company|organi[sz]ation|client|date)\b[^\[\]]*\](?:[^(]|$)
        | <(?i:insert|enter|your|name|company|organi[sz]ation|client|date)\b[^<>@:/]*>
        | \#(?:REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|N/A(?:\W|$))
        | \b(?:TODO|FIXME|TBD|TBC|TBA):
        | \((?i:todo|fixme|tbd|tbc|tba|to\ be\ (?:defined|determined|confirmed|completed))\)
        | \b(?:TODO|FIXME|TBD|TBC|TBA)\b[.\s]*$
        | ^(?:TODO|FIXME)\b
        | \?{3,}",
    )
});

/// All that a value says.
const WHOLE: &str = r"(?i)^(?:
    todo | fixme | tbd | t\.b\.d\.? | tbc | t\.b\.c\.? | tba | n\.\ ?n\.? | placeholder | lorem | [x?]{3,} | \?+ | _{3,} | \.{3,} | …
    | x{2,}(?:[-./\x20][x0-9]{2,})+
    | \[[^\[\]]+\] | <[\p{L}_][^<>@:/.]*> | \{[\w.\x20-]+\} | «\w+» | __\w+__ | %\w+%
    | to\ be\ (?:defined|determined|confirmed|completed|decided|announced|specified|added|filled\ in)
    )$";

/// What stands for something else in values, in the words of a language too.
pub(super) struct Placeholders {
    whole: Regex,
    words: &'static [&'static str],
}

impl Placeholders {
    /// Those of a language.
    pub(super) fn of(words: &'static [&'static str]) -> Placeholders {
        let whole = RegexBuilder::new(WHOLE).ignore_whitespace(true).build();
        Placeholders { whole: whole.expect("a constant pattern"), words }
    }

    /// What in a value stands for something else.
    pub(super) fn find<'t>(&self, value: &'t str) -> Option<&'t str> {
        let value = value.trim();
        let bare = value.trim_end_matches('.');
        let is_word = || {
            let bare = bare.trim_start_matches('(').trim_end_matches(')').to_lowercase();
            self.words.contains(&bare.as_str())
        };
        if self.whole.is_match(value) || self.whole.is_match(bare) || is_word() {
            return Some(value);
        }
        IN_VALUES.find(value).map(|found| found.as_str().trim())
    }
}

/// The values of a profile and its registers that stand for something else. What is the starter's is told anyway.
pub(super) fn check(workspace: &Workspace, sink: &mut Sink) {
    let profile = &workspace.profile;
    let placeholders = Placeholders::of(workspace.pack.strings.language.placeholders());
    let path = profile.normaliser();
    let mut found: Vec<(Vec<String>, String)> = Vec::new();
    visit(&Json::Object(profile.facts()), &mut Vec::new(), &mut |parts, value| {
        if let Some(what) = placeholders.find(value) {
            found.push((parts.to_vec(), what.to_owned()));
        }
    });
    for (parts, what) in found {
        let path = path(&parts);
        let is_written = profile.stands_at(&path).is_some();
        if is_written && !workspace.samples.iter().any(|sample| sample.covers(&path)) {
            let message = format!("`{what}` stands for a value that nobody has written yet");
            let finding = Diagnostic::warning(&codes::PLACEHOLDER, message).help(codes::PLACEHOLDER.fix);
            sink.push(profile.locate(finding, &path));
        }
    }
}

/// Every text of a value, with the way to it.
fn visit(value: &Json, way: &mut Vec<String>, see: &mut dyn FnMut(&[String], &str)) {
    match value {
        Json::String(text) => see(way, text),
        Json::Array(rows) => {
            for (at, row) in rows.iter().enumerate() {
                way.push(at.to_string());
                visit(row, way, see);
                way.pop();
            }
        }
        Json::Object(keys) => {
            for (key, below) in keys {
                way.push(key.clone());
                visit(below, way, see);
                way.pop();
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

pub(super) fn pattern(constant: &str) -> Regex {
    Regex::new(constant).expect("a constant pattern")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_stands_for_another_is_found() {
        let placeholders = Placeholders::of(crate::language::Language::new("de").unwrap().placeholders());
        for value in [
            "TBD",
            "tbd",
            "TBC.",
            "N.N.",
            "N. N.",
            "xxx",
            "XXXX",
            "???",
            "?",
            "[COMPANY NAME]",
            "[placeholder]",
            "<name>",
            "<Your name>",
            "Lorem ipsum dolor",
            "#REF!",
            "#N/A",
            "{{company}}",
            "${company.name}",
            "__name__",
            "to be defined",
            "To be confirmed.",
            "TODO: ask Ann",
            "TODO ask Ann",
            "The owner is TBD.",
            "Backup at (tbc)",
            "{name}",
            "____",
            "Run by [insert name] since 2020",
            "wird noch ergänzt",
            "Noch offen.",
            "xx.xx.20xx",
            "XXXX-XX-XX",
            "«Firma»",
            "Served from #REF! only",
        ] {
            assert!(placeholders.find(value).is_some(), "{value}");
        }
        for value in [
            "XXX AG",
            "The TBD team",
            "TBC Bank Group PLC",
            "https://a.example/<id>",
            "<https://a.example>",
            "<a@b.example>",
            "What happens when it ends?",
            "Really??",
            "[Terms](https://a.example)",
            "See [1] and [2].",
            "the XXL racks",
            "Offen",
            "open",
            "none",
            "n/a",
            "–",
            "-",
            "A & B",
            "C#",
            "#1",
            "50 %",
            "100% of x",
            "N. Novak",
            "NN Group",
            "snake_case_name",
            "a < b and c > d",
            "Todo list of the week",
            "x",
            "xx",
            "company [Ltd]",
            "{a, b}",
            "1...5",
            "ends in…",
            "The date is to be confirmed by the board",
            "$5",
            "US$ {about} 5",
        ] {
            assert_eq!(placeholders.find(value), None, "{value}");
        }
    }
}
