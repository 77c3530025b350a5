//! What is kept of each version, and what stands in force, byte for byte.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::codes::output as codes;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::history::{Event, FACTS, Facts, History, ISSUED, Issued, folder};
use crate::model::control::Version as Number;
use crate::model::{content, stored};

use super::{Asked, Line, short};

/// A file that the history names.
struct Named<'l> {
    /// Its digest.
    digest: &'l str,
    /// What it is of: `isms-scope 1.0, line 3`.
    of: String,
    /// What the history says of its version, where it is a model.
    model: Option<&'l Issued>,
}

/// Compares every file that is kept with what the history says; how many were read.
pub(super) fn check(asked: &Asked<'_>, lines: &[Line], problems: &mut Vec<Diagnostic>) -> usize {
    let named = named(lines, problems);
    let mut read = 0;
    for (path, file) in &named {
        match asked.files.read(path) {
            Ok(bytes) => {
                read += 1;
                compare(asked, path, file, &bytes, problems);
            }
            Err(error) if error.is_missing() => {
                problems.push(altered(path, format!("`{path}` is missing ({})", file.of)));
            }
            Err(error) => problems.push(altered(path, format!("{error} ({})", file.of))),
        }
    }
    unnamed(asked, lines, &named, problems);
    in_force(asked, lines, problems);
    read
}

fn altered(path: &str, message: String) -> Diagnostic {
    Diagnostic::fault(&codes::ISSUED_ALTERED, message).at(Span::file(path))
}

/// Every file that an entry names. Where two name one, the last has the say.
fn named<'l>(lines: &'l [Line], problems: &mut Vec<Diagnostic>) -> BTreeMap<String, Named<'l>> {
    let mut named = BTreeMap::new();
    for line in lines {
        let Some(entry) = &line.entry else { continue };
        if let Some(digest) = &entry.facts {
            let of = format!("what the entry of line {} was made from", line.at);
            named.insert(Facts::path(digest), Named { digest, of, model: None });
        }
        for issued in &entry.documents {
            let of = format!("`{}` {}, line {}", issued.id, issued.version, line.at);
            let folder = folder(&issued.id, &issued.version);
            if let Some(digest) = &issued.model {
                let model = entry.model_of(issued);
                named.insert(format!("{folder}/{model}"), Named { digest, of: of.clone(), model: Some(issued) });
            }
            for file in issued.files.values() {
                if !file.is_plain() {
                    let message =
                        format!("line {} names the file `{}`, which is no plain name ({of})", line.at, file.name);
                    problems.push(super::at_line(Diagnostic::fault(&codes::HISTORY_ALTERED, message), line.at));
                    continue;
                }
                named.insert(
                    format!("{folder}/{}", file.name),
                    Named { digest: &file.sha256, of: of.clone(), model: None },
                );
            }
        }
    }
    named
}

fn compare(asked: &Asked<'_>, path: &str, file: &Named<'_>, bytes: &[u8], problems: &mut Vec<Diagnostic>) {
    let own = super::digest_of(bytes);
    if own != file.digest {
        let message = format!(
            "`{path}` is not what was issued ({}): its digest is {}, the history has {}",
            file.of,
            short(&own),
            short(file.digest)
        );
        problems.push(altered(path, message));
        return;
    }
    let Some(issued) = file.model else { return };
    let document = match stored::read(bytes) {
        Ok(document) => document,
        Err(problem) => {
            problems.push(altered(path, format!("`{path}` ({}): {problem}", file.of)));
            return;
        }
    };
    let control = &document.control;
    let differs = |what: &str, kept: &str, said: &str| {
        altered(path, format!("`{path}` ({}): its {what} is `{kept}`, the history says `{said}`", file.of))
    };
    if control.id != issued.id.as_str() {
        problems.push(differs("document", &control.id, &issued.id));
    }
    if let Number::Number(number) = &control.version
        && number.text != issued.version.as_str()
    {
        problems.push(differs("version", &number.text, &issued.version));
    }
    if let Some(said) = &issued.content {
        let kept = content::digest(&document);
        if kept != *said {
            problems.push(differs("content digest", short(&kept), short(said)));
        }
    }
    if control.workspace != asked.workspace {
        let message = format!(
            "`{path}` ({}) was made in the workspace `{}`; this is `{}`",
            file.of, control.workspace, asked.workspace
        );
        let problem = Diagnostic::new(&codes::ISSUED_ALTERED, Severity::Warning, message).at(Span::file(path));
        problems
            .push(problem.help("right where the workspace has another id by now; else it comes from another history"));
    }
}

/// Files that are kept and that no entry names.
fn unnamed(asked: &Asked<'_>, lines: &[Line], named: &BTreeMap<String, Named<'_>>, problems: &mut Vec<Diagnostic>) {
    let versions: BTreeSet<String> = super::entries(lines)
        .flat_map(|entry| &entry.documents)
        .map(|issued| folder(&issued.id, &issued.version))
        .collect();
    for room in [ISSUED, FACTS] {
        let paths = match asked.files.list(room) {
            Ok(paths) => paths,
            Err(error) => {
                problems.push(altered(room, error.to_string()));
                continue;
            }
        };
        for path in paths.iter().filter(|path| !named.contains_key(*path)) {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let why = match room {
                ISSUED if versions.contains(folder) => "the version is in the history, this file is not",
                ISSUED => "the history has no such version",
                _ => "no entry was made from it",
            };
            let message = format!("`{path}` is in no entry of the history: {why}");
            problems.push(
                Diagnostic::fault(&codes::ISSUED_UNKNOWN, message)
                    .at(Span::file(path.clone()))
                    .help(codes::ISSUED_UNKNOWN.fix),
            );
        }
    }
}

/// What stands in the folder of issued documents, held against what is in force.
fn in_force(asked: &Asked<'_>, lines: &[Line], problems: &mut Vec<Diagnostic>) {
    let (given, folder) = asked.given;
    let history = History { entries: super::entries(lines).cloned().collect(), ..History::default() };
    let wrong = |path: &str, message: String| {
        let place = folder.join(path).display().to_string().replace('\\', "/");
        Diagnostic::fault(&codes::IN_FORCE_DIFFERS, message).at(Span::file(place)).help(codes::IN_FORCE_DIFFERS.fix)
    };
    let present = match given.list("") {
        Ok(present) => present,
        Err(error) => return problems.push(wrong("", error.to_string())),
    };
    let mut expected: BTreeSet<&str> = BTreeSet::new();
    let mut missing = Vec::new();
    for id in history.documents() {
        let last = history.last(id);
        // Between approval and the day from which it holds, either of two versions may stand there.
        let current = history.in_force(id, asked.today);
        let allowed: Vec<_> = last.into_iter().chain(current).collect();
        let Some(version) = current.or(last) else { continue };
        for file in history.files(&version).values() {
            expected.insert(&file.name);
            if !present.iter().any(|path| path == file.name.as_str()) {
                missing.push(wrong(
                    &file.name,
                    format!("`{}` is missing: `{id}` {} is in force", file.name, version.issued.version),
                ));
            }
        }
        for file in allowed.iter().flat_map(|version| history.files(version).values()) {
            expected.insert(&file.name);
            let digest = match given.digest(&file.name) {
                Ok(digest) => digest,
                Err(error) if error.is_missing() => continue,
                Err(error) => {
                    problems.push(wrong(&file.name, error.to_string()));
                    continue;
                }
            };
            let fits = |version: &crate::history::Version<'_>| {
                history.files(version).values().any(|known| known.name == file.name && known.sha256 == digest)
            };
            if allowed.iter().any(fits)
                || problems
                    .iter()
                    .any(|known| known.code == codes::IN_FORCE_DIFFERS && known.message.contains(file.name.as_str()))
            {
                continue;
            }
            let older = history.versions(id).find(|version| fits(version));
            problems.push(wrong(
                &file.name,
                match older {
                    Some(older) => format!(
                        "`{}` is version {} of `{id}`; {} is in force",
                        file.name, older.issued.version, version.issued.version
                    ),
                    None => format!(
                        "`{}` was edited: it is not `{id}` {} as it was issued",
                        file.name, version.issued.version
                    ),
                },
            ));
        }
    }
    if present.is_empty() && !missing.is_empty() {
        // Outputs need not be kept: they can be had from what is kept.
        let message = format!("nothing stands in `{}`: the documents in force are not there", folder.display());
        problems.push(Diagnostic { severity: Severity::Warning, ..wrong("", message) });
    } else {
        problems.extend(missing);
    }
    let foreign = present.iter().filter(|path| !expected.contains(path.as_str()));
    for path in foreign.filter(|path| path.as_str() != "folio.lock" && !path.starts_with('.')) {
        let named = |issued: &&Issued| issued.files.values().any(|file| file.name == path.as_str());
        let of = history.entries.iter().filter(|entry| entry.event != Event::Withdraw);
        let of = of.flat_map(|entry| &entry.documents).rfind(named);
        let what = of.map_or_else(
            || "it was never issued".to_owned(),
            |issued| format!("it is `{}` {}, which is not in force any more", issued.id, issued.version),
        );
        let problem = wrong(path, format!("`{path}` stands among the documents in force: {what}"));
        problems.push(Diagnostic { severity: Severity::Warning, help: vec!["move it away".into()], ..problem });
    }
}
