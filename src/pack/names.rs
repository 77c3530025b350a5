//! Which files of a folder are a pack's, and which names every system can hold.

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// How deep the folders of a pack may be nested.
const MAX_DEPTH: usize = 16;

/// The most bytes of a path: Windows ends at 260 characters, and a workspace puts some before.
const MAX_PATH: usize = 200;

/// Whether a file or folder that stands in a pack's folder is no part of the pack: what is hidden, what editors and
/// systems leave behind, what was rendered (`out/`), and what `folio pack build` made (archives beside `pack.yaml`, and the note in one).
/// In `starter/`, what is hidden is the author's: a workspace begins with its `.gitignore`.
pub fn is_left_out(path: &str) -> bool {
    const LEFTOVERS: [&str; 8] = [".ds_store", ".git", ".hg", ".svn", ".idea", ".vscode", "thumbs.db", "desktop.ini"];
    const ENDINGS: [&str; 6] = [".bak", ".orig", ".rej", ".swp", ".tmp", "~"];
    let is_leftover = |name: &str| {
        let folded = name.to_lowercase();
        LEFTOVERS.contains(&folded.as_str())
            || ENDINGS.iter().any(|ending| folded.ends_with(ending))
            || ["._", "~$"].iter().any(|start| name.starts_with(start))
            || (name.starts_with('#') && name.ends_with('#'))
    };
    let parts: Vec<&str> = path.split('/').collect();
    let is_made = match parts.as_slice() {
        [file] => file.ends_with(".zip") || file.ends_with(".minisig") || *file == super::unchecked::FILE,
        ["out", ..] | ["fixtures", _, "out", ..] => true,
        _ => false,
    };
    let is_hidden = parts[0] != "starter" && parts.iter().any(|name| name.starts_with('.'));
    is_made || is_hidden || parts.into_iter().any(is_leftover)
}

/// What is wrong with the path of a file in a pack; nothing, when every system can hold it and it stays inside.
pub fn problem(path: &str) -> Option<String> {
    if path.is_empty() {
        return Some("it has no name".into());
    }
    if let Some(c) = path.chars().find(|c| c.is_control()) {
        return Some(format!("the control character U+{:04X} stands in its name", u32::from(c)));
    }
    if path.contains('\\') {
        return Some("a backslash stands in its name: folders are parted by `/`".into());
    }
    let is_drive = path.as_bytes().get(1) == Some(&b':') && path.starts_with(|c: char| c.is_ascii_alphabetic());
    if path.starts_with('/') || is_drive {
        return Some("it is an absolute path, which leads out of the pack".into());
    }
    let parts: Vec<&str> = path.split('/').collect();
    if parts.iter().any(|part| matches!(*part, "" | "." | "..")) {
        return Some("it leads out of the pack, or in a circle".into());
    }
    if parts.len() > MAX_DEPTH {
        return Some(format!("its folders are nested deeper than {MAX_DEPTH}"));
    }
    if path.len() > MAX_PATH {
        return Some(format!("its path has more than {MAX_PATH} bytes"));
    }
    if !is_nfc(path) {
        return Some("its name is not in Unicode's normal form C, and systems disagree about it".into());
    }
    parts.into_iter().find_map(unportable)
}

/// What Windows forbids of a name
/// (<https://learn.microsoft.com/windows/win32/fileio/naming-a-file#naming-conventions>).
fn unportable(name: &str) -> Option<String> {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
    if let Some(c) = name.chars().find(|c| "<>:\"|?*".contains(*c)) {
        return Some(format!("Windows forbids `{c}` in a name"));
    }
    if name.ends_with(['.', ' ']) {
        return Some("Windows forbids a dot or space at the end of a name".into());
    }
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let port = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    let is_port = port.is_some_and(|port| {
        let mut digits = port.chars();
        digits.next().is_some_and(|c| "123456789¹²³".contains(c)) && digits.next().is_none()
    });
    (is_port || DEVICES.contains(&stem.as_str())).then(|| format!("`{stem}` is a device of Windows"))
}

/// A name as systems that do not tell capitals from small letters see it: ß is SS, ſ is s, ﬁ is fi, and ı is I.
pub fn folded(path: &str) -> String {
    // Small letters come before and after, for letters that only one of the two ways changes, such as ẞ and ς.
    let small = path.nfc().flat_map(char::to_lowercase);
    small.flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_is_what_its_author_wrote() {
        for path in [
            ".git/config",
            "starter/.git/config",
            "starter/._profile.yaml",
            "fixtures/small/.folio/cache",
            "documents/.a.md.hbs.swp",
            "documents/a.md.hbs~",
            "#pack.yaml#",
            "data/~$risks.xlsx",
            "pack.yaml.orig",
            "images/Thumbs.db",
            "out/draft/a.docx",
            "fixtures/small/out/a.pdf",
            "acme-1.0.0-0123456789ab.zip",
            "acme-1.0.0-0123456789ab.zip.minisig",
        ] {
            assert!(is_left_out(path), "{path}");
        }
        for path in [
            "pack.yaml",
            "documents/out.md.hbs",
            "blocks/out/a.md.hbs",
            "images/x.zip",
            "LICENSE",
            "starter/.gitignore",
        ] {
            assert!(!is_left_out(path), "{path}");
        }
    }

    #[test]
    fn capitals_and_small_letters_are_one() {
        let pairs = ["ß SS", "ẞ ss", "σ ς", "Σ ς", "ſ s", "ﬁ fi", "ı I", "µ μ", "K k", "Å å", "ǆ ǅ", "é É"];
        for pair in pairs {
            let (one, other) = pair.split_once(' ').unwrap();
            assert_eq!(folded(one), folded(other), "{pair}");
        }
        for c in ('\0'..=char::MAX).filter(|c| c.is_alphabetic()) {
            let as_text = |letters: &mut dyn Iterator<Item = char>| folded(&letters.collect::<String>());
            let own = folded(c.encode_utf8(&mut [0; 4]));
            // İ has a dot that stays, where the capital of its small letter has none.
            assert!(c == 'İ' || as_text(&mut c.to_uppercase()) == own, "{c}");
            assert_eq!(as_text(&mut c.to_lowercase()), own, "{c}");
        }
        assert_ne!(folded("a"), folded("ä"));
    }

    #[test]
    fn a_name_is_one_that_every_system_can_hold() {
        for path in ["pack.yaml", "documents/a b.md.hbs", "data/console.csv", "images/größe.svg", "com/com10.csv"] {
            assert_eq!(problem(path), None, "{path}");
        }
        for (path, said) in [
            ("", "no name"),
            ("../a", "leads out"),
            ("a/../../b", "leads out"),
            ("a//b", "leads out"),
            ("/etc/passwd", "absolute"),
            ("C:/a", "absolute"),
            ("c:a", "absolute"),
            ("\\\\server\\share", "backslash"),
            ("a\\b", "backslash"),
            ("a\u{0}b", "control character U+0000"),
            ("a\nb", "control character U+000A"),
            ("data/CON", "device"),
            ("nul.csv", "device"),
            ("x/Com1.tar.gz", "device"),
            ("lpt².txt", "device"),
            ("ab:stream", "forbids `:`"),
            ("a?", "forbids `?`"),
            ("a.", "dot or space"),
            ("a /b", "dot or space"),
            ("e\u{301}.svg", "normal form"),
        ] {
            let problem = problem(path).unwrap_or_default();
            assert!(problem.contains(said), "{path:?}: {problem}");
        }
        assert!(problem("a/".repeat(17).trim_end_matches('/')).unwrap().contains("deeper"));
        assert!(problem(&"a".repeat(201)).unwrap().contains("200 bytes"));
    }
}
