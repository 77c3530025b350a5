//! The trust file: whose packs may be installed.
//!
//! ```yaml
//! format: 1
//! keys:
//!   - id: acme                    # a name for people
//!     key: RWQ…                   # the second line of their minisign.pub
//!     packs: ["acme-*", house]    # the ids of the packs that they may sign; `*` stands for any letters
//!     comment: the consultancy
//! ```

use serde_json::json;

use super::Layer;
use super::sign::{Key, Signed};
use crate::decode::{self, Kind};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::edit::{self, Change, Piece};

/// The trust file's name, beside the folder of installed packs.
pub const FILE: &str = "trust.yaml";

/// Whose packs may be installed.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    keys: Vec<Trusted>,
}

/// A key that is trusted, and for what.
#[derive(Debug, Clone, PartialEq)]
pub struct Trusted {
    /// Its name, for people.
    pub id: String,
    /// The key.
    pub key: Key,
    /// The ids of the packs that it may sign, with `*` for any letters.
    pub packs: Vec<String>,
}

impl Trusted {
    fn may_sign(&self, pack: &str) -> bool {
        self.packs.iter().any(|pattern| fits(pattern, pack))
    }
}

impl Trust {
    /// Reads a trust file called `name`. Every mistake in it is reported.
    pub fn read(name: &str, text: &str, sink: &mut Sink) -> Option<Trust> {
        let mut own = Sink::new();
        let keys = Trust::parse(name, text, &mut own);
        own.iter_mut().for_each(|problem| *problem = problem.clone().excerpt_from(text));
        let failed = own.has_faults();
        sink.merge(own);
        keys.filter(|_| !failed).map(|keys| Trust { keys })
    }

    fn parse(name: &str, text: &str, sink: &mut Sink) -> Option<Vec<Trusted>> {
        let located = decode::parse(name, text, sink)?;
        decode::typed::<serde_json::Value>(&located, Kind::Trust, sink)?;
        let mut keys = Vec::new();
        for entry in located.items("keys") {
            let line = entry.get("key")?;
            match Key::read(line.as_str().unwrap_or_default()) {
                Ok(key) => keys.push(Trusted {
                    id: entry.text("id")?.to_owned(),
                    key,
                    packs: entry.items("packs").iter().filter_map(|id| Some(id.as_str()?.to_owned())).collect(),
                }),
                Err(problem) => sink.push(Diagnostic { code: (&codes::TRUST).into(), ..problem }.at(line.span.clone())),
            }
        }
        Some(keys)
    }

    /// The keys, in the order of the file.
    pub fn keys(&self) -> &[Trusted] {
        &self.keys
    }

    /// Verifies that a trusted key signed an archive, and may sign this pack; the key that did.
    ///
    /// # Errors
    /// A fault that says what is wrong, and what to do.
    pub fn verify(&self, archive: &[u8], pack: &Layer, signature: &Signed) -> Result<&Trusted, Diagnostic> {
        let id = &pack.manifest.id;
        let same: Vec<&Trusted> = self.keys.iter().filter(|trusted| trusted.key.number == signature.number).collect();
        let untrusted =
            |problem: String, help: String| Err(Diagnostic::fault(&codes::PACK_UNTRUSTED, problem).help(help));
        // A key's number is short and chosen by its maker: two keys may have the same.
        let may_sign: Vec<&Trusted> = same.iter().copied().filter(|trusted| trusted.may_sign(id)).collect();
        let mut failed = None;
        for trusted in may_sign {
            match trusted.key.verify(archive, signature).and_then(|()| signature.names(pack)) {
                Ok(()) => return Ok(trusted),
                Err(problem) => failed = Some(problem),
            }
        }
        match (failed, same.first()) {
            (Some(problem), _) => Err(problem),
            (None, Some(trusted)) => untrusted(
                format!("`{}` is trusted for {}, not for `{id}`", trusted.id, trusted.packs.join(", ")),
                format!("when `{}` may sign it, add `{id}` to `packs` in the trust file", trusted.id),
            ),
            (None, None) => untrusted(
                format!("`{id}` is signed with key {}, which is not trusted", signature.number),
                format!("when you know whose key that is: `folio pack trust add PUBKEY --for {id}`"),
            ),
        }
    }

    /// The text of a trust file without the keys that are called `who`, by name or number, everything else as it was; and
    /// those keys.
    ///
    /// # Errors
    /// A fault when there is none of them, or the file cannot be changed in place.
    pub fn without(&self, name: &str, text: &str, who: &str) -> Result<(String, Vec<Trusted>), Diagnostic> {
        let is_meant = |trusted: &Trusted| trusted.id == who || trusted.key.number.eq_ignore_ascii_case(who);
        let (gone, kept): (Vec<_>, Vec<_>) = self.keys.iter().enumerate().partition(|(_, trusted)| is_meant(trusted));
        if gone.is_empty() {
            let problem = Diagnostic::fault(&codes::TRUST, format!("`{name}` has no key `{who}`")).at(Span::file(name));
            let known = self.keys.iter().map(|trusted| trusted.id.as_str());
            return Err(problem.suggest(who, known).help("`folio pack trust list` shows names and numbers"));
        }
        let pieces = kept.into_iter().map(|(at, _)| Piece { from: Some(at), change: Change::Keep }).collect();
        let text = edited(name, text, Change::list(self.keys.len(), pieces))?;
        Ok((text, gone.into_iter().map(|(_, trusted)| trusted.clone()).collect()))
    }

    /// The text of a trust file with one more key, everything else as it was.
    ///
    /// # Errors
    /// A fault when the file cannot be added to.
    pub fn with(name: &str, text: Option<&str>, trusted: &Trusted) -> Result<String, Diagnostic> {
        let quoted = |text: &String| serde_json::Value::from(text.as_str()).to_string();
        let packs: Vec<String> = trusted.packs.iter().map(quoted).collect();
        let before = text.unwrap_or("format: 1\nkeys:\n").trim_end();
        let added = format!(
            "{before}\n  - id: {}\n    key: {}\n    packs: [{}]\n",
            quoted(&trusted.id),
            trusted.key.text,
            packs.join(", ")
        );
        let known = text.and_then(|text| Trust::read(name, text, &mut Sink::new())).unwrap_or_default().keys;
        let fits = |text: &String| {
            let read = Trust::read(name, text, &mut Sink::new()).unwrap_or_default().keys;
            read.split_last().is_some_and(|(last, before)| last == trusted && before == known)
        };
        if fits(&added) {
            return Ok(added);
        }
        // Where the list does not stand at the end, or on one line.
        let new = json!({"id": trusted.id, "key": trusted.key.text, "packs": trusted.packs});
        let old = (0..known.len()).map(|at| Piece { from: Some(at), change: Change::Keep });
        let pieces = old.chain([Piece { from: None, change: Change::Become(new) }]).collect();
        let changed = edited(name, text.unwrap_or_default(), Change::list(known.len(), pieces))?;
        if fits(&changed) { Ok(changed) } else { Err(unchanged(name)) }
    }
}

/// A trust file whose keys are changed.
fn edited(name: &str, text: &str, keys: Change) -> Result<String, Diagnostic> {
    let old = decode::parse(name, text, &mut Sink::new()).ok_or_else(|| unchanged(name))?.to_json();
    edit::yaml::apply(text, &old, &Change::at("keys", keys)).map_err(|_| unchanged(name))
}

fn unchanged(name: &str) -> Diagnostic {
    Diagnostic::fault(&codes::TRUST, format!("`{name}` cannot be changed in place"))
        .at(Span::file(name))
        .help("change it by hand: each of `keys` has `id`, `key` and `packs`")
}

/// Whether a pattern, in which `*` stands for any letters, fits a whole id.
fn fits(pattern: &str, id: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == id };
    let Some(mut left) = id.strip_prefix(start) else { return false };
    let parts: Vec<&str> = rest.split('*').collect();
    let Some((last, between)) = parts.split_last() else { return true };
    for part in between {
        match left.find(part) {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_the_whole_id() {
        for (pattern, id, expected) in [
            ("acme", "acme", true),
            ("acme", "acme-iso", false),
            ("acme-*", "acme-iso", true),
            ("acme-*", "acme", false),
            ("*", "anything", true),
            ("*-iso", "acme-iso", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxcyyb", false),
            ("a*a", "a", false),
            ("", "acme", false),
        ] {
            assert_eq!(fits(pattern, id), expected, "{pattern} {id}");
        }
    }

    #[test]
    fn a_key_is_added_and_the_rest_stays() {
        let key = Key::read("RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3").unwrap();
        assert_eq!(key.number, "E7620F1842B4E81F");
        let acme = Trusted { id: "acme".into(), key: key.clone(), packs: vec!["acme-*".into()] };
        let first = Trust::with("trust.yaml", None, &acme).unwrap();
        let own = first.replace("format: 1", "# whom we work with\nformat: 1");
        let house = Trusted { id: "house \"x\"".into(), key, packs: vec!["house".into(), "*".into()] };
        let second = Trust::with("trust.yaml", Some(&own), &house).unwrap();
        assert!(second.starts_with("# whom we work with\n"), "{second}");
        assert_eq!(Trust::read("trust.yaml", &second, &mut Sink::new()).unwrap().keys, [acme.clone(), house.clone()]);
        let trust = Trust::read("trust.yaml", &second, &mut Sink::new()).unwrap();
        let (third, gone) = trust.without("trust.yaml", &second, "acme").unwrap();
        assert_eq!(gone, [acme]);
        assert!(third.starts_with("# whom we work with\n"), "{third}");
        let trust = Trust::read("trust.yaml", &third, &mut Sink::new()).unwrap();
        assert_eq!(trust.keys, std::slice::from_ref(&house));
        assert_eq!(trust.without("trust.yaml", &third, "acne").unwrap_err().code, "F379");
        let (none, _) = trust.without("trust.yaml", &third, "e7620f1842b4e81f").unwrap();
        assert!(Trust::read("trust.yaml", &none, &mut Sink::new()).unwrap().keys.is_empty(), "{none}");
        for text in [none.as_str(), "format: 1\nkeys: []\n", "keys: []\nformat: 1\n", "{format: 1, keys: []}\n"] {
            let again = Trust::with("trust.yaml", Some(text), &house).unwrap();
            assert_eq!(Trust::read("trust.yaml", &again, &mut Sink::new()).unwrap().keys, std::slice::from_ref(&house));
        }
    }
}
