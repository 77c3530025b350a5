//! What is kept of each version, and what stands in force, byte for byte.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use jiff::civil::Date;

use crate::diagnostic::codes::output as codes;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::files::Files;
use crate::history::{Event, FACTS, Facts, GivenOut, History, ISSUED, Issued, Version, folder, named as called};
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
    Diagnostic::fault(&codes::ISSUED_ALTERED, message).at(Span::file(path)).help(codes::ISSUED_ALTERED.fix)
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

/// What stands in the folders of issued documents, held against what is in force and what comes.
fn in_force(asked: &Asked<'_>, lines: &[Line], problems: &mut Vec<Diagnostic>) {
    let history = History { entries: super::entries(lines).cloned().collect(), ..History::default() };
    let mut given = Shelf::of(asked.given, problems);
    let mut coming = Shelf::of(asked.coming, problems);
    // A clock that goes backwards takes nothing back.
    let day = history.day().map_or(asked.today, |last| last.max(asked.today));
    for id in history.documents() {
        let current = history.in_force(id, day);
        let is_late = |version: &Version<'_>| {
            let since = history.deferred(version)?;
            let mut own = history.files(version).values();
            let is_here = own.clone().any(|file| given.has(&file.name, &file.sha256));
            (!is_here && own.any(|file| coming.present.contains(&called(file, since)))).then_some(since)
        };
        let late = current.as_ref().and_then(is_late);
        match (&current, late) {
            (Some(version), Some(since)) => {
                for file in history.files(version).values() {
                    coming.expect(&called(file, since), &history, version, Stands::InForce, problems);
                }
                let message = format!(
                    "`{id}` {} is in force since {since} and stands in `{}` still",
                    version.issued.version,
                    coming.folder.display()
                );
                let problem = coming.wrong("", message);
                let help = vec!["`folio render` puts it in the place of what was in force until then".into()];
                problems.push(Diagnostic { severity: Severity::Warning, help, ..problem });
                let before = since.yesterday().ok().and_then(|day| history.in_force(id, day));
                for file in before.iter().flat_map(|before| history.files(before).values()) {
                    given.expected.insert(file.name.to_string());
                    let is_ours = given.digest(&file.name).is_none_or(|there| {
                        history.versions(id).any(|it| history.files(&it).values().any(|file| file.sha256 == there))
                    });
                    if !is_ours {
                        problems.push(given.wrong(&file.name, format!("`{}` was edited", file.name)));
                    }
                }
            }
            (Some(version), None) => {
                for file in history.files(version).values() {
                    given.expect(&file.name, &history, version, Stands::InForce, problems);
                }
            }
            (None, _) => {}
        }
        for (version, since) in history.coming(id, day) {
            for file in history.files(&version).values() {
                coming.expect(&called(file, since), &history, &version, Stands::From(since), problems);
            }
        }
    }
    let missing: Vec<Diagnostic> = given.missing.drain(..).chain(coming.missing.drain(..)).collect();
    if given.present.is_empty() && coming.present.is_empty() && !missing.is_empty() {
        // Outputs need not be kept: they can be had from what is kept.
        let message = format!("nothing stands in `{}`: the documents in force are not there", given.folder.display());
        problems.push(Diagnostic { severity: Severity::Warning, ..given.wrong("", message) });
    } else {
        problems.extend(missing);
    }
    given.foreign(&history, "in force", "which is not in force any more", problems);
    coming.foreign(&history, "to come", "which is in force by now, or never will be", problems);
}

/// How a version stands on the day.
#[derive(Clone, Copy)]
enum Stands {
    /// It is in force.
    InForce,
    /// It is from a day on.
    From(Date),
}

impl fmt::Display for Stands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stands::InForce => f.write_str("is in force"),
            Stands::From(day) => write!(f, "is approved and in force from {day}"),
        }
    }
}

/// A folder of issued files.
struct Shelf<'a> {
    files: &'a dyn Files,
    folder: &'a Path,
    present: Vec<String>,
    expected: BTreeSet<String>,
    missing: Vec<Diagnostic>,
}

impl<'a> Shelf<'a> {
    fn of((files, folder): (&'a dyn Files, &'a Path), problems: &mut Vec<Diagnostic>) -> Shelf<'a> {
        let mut shelf = Shelf { files, folder, present: Vec::new(), expected: BTreeSet::new(), missing: Vec::new() };
        match files.list("") {
            Ok(present) => shelf.present = present,
            Err(error) => problems.push(shelf.wrong("", error.to_string())),
        }
        shelf
    }

    fn wrong(&self, path: &str, message: String) -> Diagnostic {
        let place = self.folder.join(path).display().to_string().replace('\\', "/");
        Diagnostic::fault(&codes::IN_FORCE_DIFFERS, message).at(Span::file(place)).help(codes::IN_FORCE_DIFFERS.fix)
    }

    fn digest(&self, path: &str) -> Option<String> {
        self.files.digest(path).ok()
    }

    fn has(&self, path: &str, digest: &str) -> bool {
        self.digest(path).is_some_and(|there| there == digest)
    }

    /// A file of a version has to stand here as it was issued.
    fn expect(
        &mut self,
        path: &str,
        history: &History,
        version: &Version<'_>,
        stands: Stands,
        problems: &mut Vec<Diagnostic>,
    ) {
        let Issued { id, version: number, .. } = version.issued;
        if !self.expected.insert(path.to_owned()) {
            return;
        }
        let fits = |version: &Version<'_>, digest: &str| {
            history.files(version).values().any(|file| path.ends_with(file.name.as_str()) && file.sha256 == digest)
        };
        match self.files.digest(path) {
            Ok(there) if fits(version, &there) => {}
            Ok(there) => {
                let other = history.versions(id).find(|version| fits(version, &there));
                let message = match other {
                    Some(other) => format!("`{path}` is version {} of `{id}`; {number} {stands}", other.issued.version),
                    None => format!("`{path}` was edited: it is not `{id}` {number} as it was issued"),
                };
                problems.push(self.wrong(path, message));
            }
            Err(error) if error.is_missing() => {
                self.missing.push(self.wrong(path, format!("`{path}` is missing: `{id}` {number} {stands}")));
            }
            Err(error) => problems.push(self.wrong(path, error.to_string())),
        }
    }

    /// Names what else stands here.
    fn foreign(&self, history: &History, among: &str, over: &str, problems: &mut Vec<Diagnostic>) {
        let foreign = self.present.iter().filter(|path| !self.expected.contains(path.as_str()));
        for path in foreign.filter(|path| path.as_str() != "folio.lock" && !path.starts_with('.')) {
            let plain = path.as_str();
            let is_named = |issued: &&Issued| {
                let is = |file: &GivenOut| {
                    file.name == plain || issued.effective.is_some_and(|day| called(file, day) == plain)
                };
                issued.files.values().any(is)
            };
            let of = history.entries.iter().filter(|entry| entry.event != Event::Withdraw);
            let of = of.flat_map(|entry| &entry.documents).rfind(is_named);
            let what = of.map_or_else(
                || "it was never issued".to_owned(),
                |issued| format!("it is `{}` {}, {over}", issued.id, issued.version),
            );
            let problem = self.wrong(path, format!("`{path}` stands among the documents {among}: {what}"));
            problems.push(Diagnostic { severity: Severity::Warning, help: vec!["move it away".into()], ..problem });
        }
    }
}
