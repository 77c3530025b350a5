//! Names of files: safe on every system, and each its own.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use crate::model::Control;
use crate::strings::Strings;
use crate::wording;
use crate::workspace::Workspace;

/// The longest name of an output file, in characters, with its ending.
const MAX_NAME: usize = 120;

/// The names of the files of documents of which each is its own version now.
pub fn stems(workspace: &Workspace, controls: &[&Control]) -> Vec<String> {
    let mut names = Names::default();
    let (naming, strings) = (&workspace.settings.naming, &workspace.pack.strings);
    controls.iter().map(|control| names.stem(naming, control, strings)).collect()
}

/// File names, unique as Windows and macOS compare them.
#[derive(Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    pub(super) fn stem(&mut self, naming: &str, control: &Control, strings: &Strings) -> String {
        let version = wording::version(&control.version, strings);
        let parts = BTreeMap::from([
            ("{{id}}", &control.id),
            ("{{number}}", &control.number.text),
            ("{{title}}", &control.title.text),
            ("{{version}}", &version.text),
        ]);
        let mut name = naming.to_owned();
        for (mark, value) in parts {
            name = name.replace(mark, &value.replace("{{", "{ {"));
        }
        let safe = safe(&name, &control.id);
        let mut stem = safe.clone();
        let mut number = 2;
        while !self.taken.insert(stem.to_lowercase()) {
            stem = format!("{safe} ({number})");
            number += 1;
        }
        stem
    }
}

/// A name that Windows, macOS and Linux all take: no reserved characters, control characters or names, no dots or
/// spaces at the ends, in Unicode normal form C.
fn safe(name: &str, fallback: &str) -> String {
    const RESERVED: [&str; 22] = [
        "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1",
        "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
    ];
    let clean: String = name
        .nfc()
        .map(|c| match c {
            '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' => '-',
            c if c.is_control() || is_invisible(c) => ' ',
            c => c,
        })
        .collect();
    let mut short = String::new();
    for word in clean.split_whitespace() {
        if short.chars().count() + word.chars().count() + 1 > MAX_NAME - 12 && !short.is_empty() {
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.extend(word.chars().take(MAX_NAME - 12));
    }
    let short = short.trim_matches(['.', ' ', '-']).to_owned();
    let stem = short.split('.').next().unwrap_or_default().trim().to_lowercase();
    if short.is_empty() || RESERVED.contains(&stem.as_str()) {
        format!("{fallback} {short}").trim().to_owned()
    } else {
        short
    }
}

/// Characters that are there but cannot be seen, and those that turn the direction of what follows.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_everywhere() {
        for (given, expected) in [
            ("ISMS-01 Scope of the ISMS", "ISMS-01 Scope of the ISMS"),
            ("a/b\\c:d*e?f\"g<h>i|j", "a-b-c-d-e-f-g-h-i-j"),
            ("  ..hidden.. ", "hidden"),
            ("con", "id con"),
            ("NUL.txt", "id NUL.txt"),
            ("evil\u{202E}cod.exe\u{200B}", "evil cod.exe"),
            ("../../etc", "etc"),
            ("", "id"),
            ("e\u{301}", "é"),
        ] {
            assert_eq!(safe(given, "id"), expected, "{given:?}");
        }
        assert!(safe(&"x".repeat(10_000), "id").chars().count() <= MAX_NAME);
        assert!(safe(&"word ".repeat(100), "id").chars().count() <= MAX_NAME);
    }
}
