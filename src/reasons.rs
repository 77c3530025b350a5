//! Why something could not be read or written, in words of our own. Libraries speak to programmers: of variants, tokens and
//! numbers of errors, each in another way. What they know is said here so that whoever wrote the file can act on it.

use std::io::ErrorKind;

/// The most characters of a word of somebody else's that a message repeats.
const MAX_SHOWN: usize = 60;

/// Why the system did not read or write a file.
pub(crate) fn io(error: &std::io::Error) -> String {
    let known = match error.kind() {
        ErrorKind::NotFound => "it does not exist",
        ErrorKind::PermissionDenied => "the permission is lacking",
        ErrorKind::AlreadyExists => "something of that name is there already",
        ErrorKind::NotADirectory => "a file stands where a folder is meant",
        ErrorKind::IsADirectory => "a folder stands where a file is meant",
        ErrorKind::DirectoryNotEmpty => "the folder is not empty",
        ErrorKind::ReadOnlyFilesystem => "the disk cannot be written to",
        ErrorKind::StorageFull => "the disk is full",
        ErrorKind::QuotaExceeded => "there is no space left for this user",
        ErrorKind::FileTooLarge => "the disk holds no files as large as this",
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => "another program has it open",
        ErrorKind::CrossesDevices => "it lies on another disk",
        ErrorKind::InvalidFilename => "the system cannot hold a name like this",
        ErrorKind::TimedOut => "the disk did not answer in time",
        ErrorKind::Interrupted => "it was interrupted; try again",
        ErrorKind::InvalidData | ErrorKind::InvalidInput => "it is damaged",
        ErrorKind::UnexpectedEof => "it ends in the middle",
        ErrorKind::OutOfMemory => "the memory does not suffice",
        ErrorKind::Unsupported => "the system cannot do this here",
        ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::ConnectionRefused
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::NotConnected
        | ErrorKind::BrokenPipe
        | ErrorKind::AddrNotAvailable => "the connection fails",
        _ => "",
    };
    match (known, error.raw_os_error(), error.get_ref()) {
        // A sentence of this program's own.
        ("", None, Some(own)) if error.kind() == ErrorKind::Other => own.to_string(),
        // Of what has no kind, a link that leads to itself is what people meet.
        ("", Some(40 | 62), _) if cfg!(unix) => "a link leads back to itself".to_owned(),
        ("", Some(number), _) => format!("the system refuses it, with its number {number}"),
        ("", ..) => "the system refuses it".to_owned(),
        (known, ..) => known.to_owned(),
    }
}

/// Why a text is not the JSON that is wanted. Where it stands is part of it, unless there is only a value and no text.
pub(crate) fn json(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let place = match (error.line(), error.column()) {
        (0, _) => String::new(),
        (line, 0) => format!(" in line {line}"),
        (line, column) => format!(" in line {line}, column {column}"),
    };
    match error.classify() {
        Category::Io => "it cannot be read".to_owned(),
        Category::Syntax => format!("it is not JSON: a comma, quote or bracket is missing or too much{place}"),
        Category::Eof => "it is not JSON: it ends in the middle".to_owned(),
        Category::Data => {
            let message = error.to_string();
            let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
            format!("{}{place}", data(message))
        }
    }
}

/// What a typed reader says of data, in our words: <https://docs.rs/serde/latest/serde/de/trait.Error.html> has the few
/// sentences that there are. All others are this program's own.
fn data(message: &str) -> String {
    let quoted = |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let named = || quoted(message).first().map(|name| short(name)).unwrap_or_default();
    let others = || quoted(message).iter().skip(1).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if message.starts_with("missing field ") {
        return format!("`{}` is missing", named());
    }
    if message.starts_with("duplicate field ") {
        return format!("`{}` stands there twice", named());
    }
    if message.starts_with("unknown field ") {
        return format!("there is no key `{}`{}", named(), known(&others()));
    }
    if message.starts_with("unknown variant ") {
        return format!("`{}` is none of: {}", named(), others());
    }
    for (start, is_value) in [("invalid type: ", false), ("invalid value: ", true), ("invalid length ", true)] {
        let Some((given, wanted)) = message.strip_prefix(start).and_then(|rest| rest.rsplit_once(", expected ")) else {
            continue;
        };
        let wanted = kind(wanted);
        return match is_value {
            false => format!("{} stands where {wanted} is wanted", given_kind(given)),
            true => format!("a value does not fit: {wanted} is wanted"),
        };
    }
    message.to_owned()
}

fn known(names: &str) -> String {
    if names.is_empty() { String::new() } else { format!("; there are: {names}") }
}

/// What stands there, of what a typed reader calls `string "x"` or `integer 3`.
fn given_kind(given: &str) -> &'static str {
    match given.split([' ', '`']).next().unwrap_or_default() {
        "string" | "character" => "a text",
        "integer" | "floating" => "a number",
        "boolean" => "true or false",
        "null" | "unit" | "Option" => "nothing",
        "sequence" => "a list",
        "map" => "a group of keys",
        _ => "something else",
    }
}

/// What is wanted, of what a typed reader calls `u32`, `a string` or `struct Index`.
fn kind(wanted: &str) -> &'static str {
    match wanted {
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "a group of keys",
        "f32" | "f64" => "a number",
        _ if wanted.contains("string") || wanted.contains("borrowed str") => "a text",
        _ if wanted.starts_with("struct ") || wanted.contains("object") => "a group of keys",
        _ if wanted.starts_with("tuple ") || wanted.contains("sequence") || wanted.contains("elements") => "a list",
        _ if wanted.starts_with(['u', 'i']) && wanted.chars().skip(1).all(|c| c.is_ascii_alphanumeric()) => {
            "a whole number"
        }
        _ => "another value",
    }
}

fn short(text: &str) -> String {
    let cut: String = text.chars().filter(|c| !c.is_control()).take(MAX_SHOWN).collect();
    if cut.len() < text.len() { cut + "…" } else { cut }
}

/// Why a text is not CSV.
pub(crate) fn csv(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Io(error) => io(error),
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8".to_owned(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("a row has {len} cells, the heading has {expected_len}; texts with a comma stand in quotes")
        }
        _ => "its rows cannot be told apart".to_owned(),
    }
}

/// Why a text is no regular expression as rules and manifests may have them.
pub(crate) fn pattern(pattern: &str, error: &regex::Error) -> String {
    if let regex::Error::CompiledTooBig(_) = error {
        return "it is too large: give its repetitions smaller numbers".to_owned();
    }
    let mut open = Vec::new();
    let mut chars = pattern.chars().peekable();
    let mut repeats = false;
    while let Some(c) = chars.next() {
        let in_class = open.last() == Some(&'[');
        let is_first = std::mem::replace(&mut repeats, false);
        match c {
            '\\' => match chars.next() {
                None => return "it ends in a backslash; a backslash itself is written `\\\\`".to_owned(),
                Some(digit @ '1'..='9') => {
                    return format!("`\\{digit}` asks for what stood before; patterns cannot look back");
                }
                Some(_) => repeats = true,
            },
            ']' if in_class => {
                open.pop();
                repeats = true;
            }
            _ if in_class => {}
            '[' => {
                open.push('[');
                // A bracket that stands first is one of the characters.
                chars.next_if_eq(&'^');
                chars.next_if_eq(&']');
            }
            '(' => {
                open.push('(');
                let rest: String = chars.clone().take(3).collect();
                if ["?=", "?!", "?<=", "?<!"].iter().any(|look| rest.starts_with(look)) {
                    return "it looks ahead or back (`(?=`, `(?!`, `(?<`); patterns cannot".to_owned();
                }
            }
            ')' if open.pop().is_none() => {
                return "a `)` closes what was not opened; itself it is written `\\)`".to_owned();
            }
            ')' => repeats = true,
            '*' | '+' | '?' if !is_first && !pattern.starts_with(c) => {}
            '*' | '+' if !is_first => return format!("`{c}` repeats nothing; itself it is written `\\{c}`"),
            _ => repeats = true,
        }
    }
    match open.last() {
        Some('[') => "a `[` is not closed; itself it is written `\\[`".to_owned(),
        Some(_) => "a `(` is not closed; itself it is written `\\(`".to_owned(),
        None => "a sign in it means nothing there; signs are meant as they stand after a backslash".to_owned(),
    }
}

/// How a version is written, for one that is not.
pub(crate) const VERSION: &str = "a version has three numbers, such as 1.2.0";

/// How a range of versions is written, for one that is not.
pub(crate) const RANGE: &str = "a range is written as ^1.2, ~1.2.3, or >=1.0, <2";

#[cfg(test)]
mod tests {
    use std::io::Error;

    use serde::Deserialize;

    use super::*;

    #[test]
    fn the_system_is_heard_in_our_words() {
        for (error, said) in [
            (Error::from(ErrorKind::PermissionDenied), "the permission is lacking"),
            (Error::from_raw_os_error(28), "the disk is full"),
            (Error::from_raw_os_error(40), "a link leads back to itself"),
            (Error::from_raw_os_error(99_999), "the system refuses it, with its number 99999"),
            (Error::other("a folder of that name is in its place"), "a folder of that name is in its place"),
            (Error::new(ErrorKind::InvalidInput, "corrupt deflate stream"), "it is damaged"),
        ] {
            if cfg!(target_os = "linux") {
                assert_eq!(io(&error), said);
            }
            assert!(!io(&error).contains("os error"));
        }
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only what cannot be read of it matters")]
    struct Read {
        a: u32,
        #[serde(default)]
        b: Vec<String>,
        #[serde(default)]
        c: Option<Choice>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Choice {
        One,
        Two,
    }

    #[test]
    fn data_of_another_kind_is_named_as_people_name_it() {
        for (text, said) in [
            ("{", "it is not JSON: it ends in the middle"),
            ("{\"a\": 1,}", "it is not JSON: a comma, quote or bracket is missing or too much in line 1, column 9"),
            ("{}", "`a` is missing in line 1, column 2"),
            ("{\"a\": \"x\"}", "a text stands where a whole number is wanted in line 1, column 9"),
            ("{\"a\": -1}", "a value does not fit: a whole number is wanted in line 1, column 8"),
            ("{\"a\": 1, \"a\": 2}", "`a` stands there twice in line 1, column 12"),
            ("{\"a\": 1, \"z\": 2}", "there is no key `z`; there are: `a`, `b`, `c` in line 1, column 12"),
            ("{\"a\": 1, \"b\": {}}", "a group of keys stands where a list is wanted in line 1, column 14"),
            ("{\"a\": 1, \"c\": \"x\"}", "`x` is none of: `one`, `two` in line 1, column 17"),
        ] {
            let error = serde_json::from_str::<Read>(text).unwrap_err();
            assert_eq!(json(&error), said, "{text}: {error}");
        }
        let error = serde_json::from_value::<Read>(serde_json::json!({"a": true})).unwrap_err();
        assert_eq!(json(&error), "true or false stands where a whole number is wanted");
    }

    #[test]
    fn a_pattern_is_told_what_is_wrong_with_it() {
        for (text, said) in [
            ("(a", "a `(` is not closed"),
            ("a)", "a `)` closes what was not opened"),
            ("[a-", "a `[` is not closed"),
            ("a\\", "it ends in a backslash"),
            ("*a", "`*` repeats nothing"),
            ("a(?=b)", "it looks ahead or back"),
            ("(a)\\1", "`\\1` asks for what stood before"),
            ("a{2,1}", "a sign in it means nothing there"),
            ("a{1000}{1000}", "it is too large"),
        ] {
            let error = regex::RegexBuilder::new(text).size_limit(1 << 16).build().unwrap_err();
            assert!(pattern(text, &error).starts_with(said), "{text}: {}", pattern(text, &error));
        }
    }

    #[test]
    fn rows_of_unequal_length_are_counted() {
        let mut reader = csv::Reader::from_reader("a,b\n1,2,3\n".as_bytes());
        let error = reader.records().next().unwrap().unwrap_err();
        assert_eq!(csv(&error), "a row has 3 cells, the heading has 2; texts with a comma stand in quotes");
    }
}
