//! `folio pack install`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{Done, Settings, broken, done, file, mistakes, name_of, trust, with_suffix, write};
use crate::cli::args::Install as Options;
use crate::commit::Commit;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::fetch::Https;
use crate::files::{Disk, FileError, Files as _, Problem};
use crate::pack::archive;
use crate::pack::index::{Delivery, Store as _};
use crate::pack::install::{Install, Installer};
use crate::pack::seen::{FILE as SEEN, Seen};
use crate::pack::sign::SUFFIX;
use crate::pack::source::{self, Wanted};

/// Exit 0: installed; 1: refused; 2: not found, not readable, or the command is not understood.
pub(super) fn install(options: &Options, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let Some(target) = settings.shelf.installed.clone() else {
        sink.push(Diagnostic::fault(&codes::USAGE, "there is no folder for packs").help("name one with `--packs DIR`"));
        return broken(sink);
    };
    let Some(source) = source(options, settings, &mut sink) else { return broken(sink) };
    let Some(trust) = trust::read(options.trust.as_deref(), settings, &mut sink) else { return broken(sink) };
    let Some(mut seen) = seen(&target, &mut sink) else { return broken(sink) };
    let installer = Installer {
        shelf: &match &source {
            Source::Delivered(_, Some(folder)) => settings.shelf.beside(folder),
            _ => settings.shelf.clone(),
        },
        trust: &trust,
        allow_unsigned: options.allow_unsigned,
        replace: options.replace,
        seen: &seen,
        today: &settings.today,
        allow_expired: options.allow_expired,
        allow_older: options.allow_older,
    };
    let installs = match &source {
        Source::Delivered(delivery, _) => installer.install(delivery.clone(), &mut sink),
        Source::Offered(store, wanted) => installer.install_from(store, wanted, &mut sink),
    };
    let Some(installs) = installs else { return Done { diagnostics: sink.into_vec(), ..Done::default() } };
    let text = report(&installs, &target);
    if let Source::Offered(store, _) = &source {
        let signed = installs.iter().filter(|install| install.signed_by.is_some());
        let news = signed.filter(|install| seen.note(store.address(), &install.id, &install.version)).count();
        // Before the packs: a version that was seen and is not installed does no harm.
        if news > 0 && write(&seen_file(&target), &seen.to_bytes(), settings, &mut sink).is_none() {
            return broken(sink);
        }
    }
    let mut commit = Commit::new();
    let there = Disk::new(&target, "");
    for name in installs.iter().flat_map(|install| &install.obsolete) {
        if let Ok(digest) = there.digest(name) {
            commit.remove(name, digest);
        }
    }
    for (name, bytes) in installs.into_iter().flat_map(|install| install.files) {
        commit.write(name, bytes);
    }
    if settings.apply("pack install", &target, &commit, &mut sink).is_none() {
        return broken(sink);
    }
    if let Source::Delivered(_, Some(folder)) = &source {
        mistakes::of(source::folder(folder), &settings.shelf.beside(folder)).warn(&options.source, &mut sink);
    }
    Done { diagnostics: sink.into_vec(), ..done(text) }
}

/// What indexes had before. A file that cannot be read is not one that is not there.
fn seen(target: &Path, sink: &mut Sink) -> Option<Seen> {
    let path = seen_file(target);
    let unreadable = |error: FileError| Diagnostic::fault(&codes::FILE_UNREADABLE, error.to_string());
    let read = match Disk::file(&path) {
        Err(error) if error.problem == Problem::Missing => return Some(Seen::default()),
        read => read.map_err(unreadable).and_then(|bytes| Seen::read(&path.display().to_string(), &bytes)),
    };
    read.map_err(|problem| sink.push(problem)).ok()
}

/// Beside the folder of installed packs, where the trust file usually is too.
fn seen_file(target: &Path) -> PathBuf {
    target.parent().unwrap_or(Path::new("")).join(SEEN)
}

/// What is to be installed.
enum Source {
    /// An archive that is here, and the folder that it was made of.
    Delivered(Delivery, Option<PathBuf>),
    /// A pack of an index.
    Offered(Https, Wanted),
}

fn source(options: &Options, settings: &Settings, sink: &mut Sink) -> Option<Source> {
    let mut usage = |problem: String, help: &str| {
        sink.push(Diagnostic::fault(&codes::USAGE, problem).help(help));
        None
    };
    if let Some(address) = &options.index {
        let wanted = match options.source.parse::<Wanted>() {
            Ok(wanted) => wanted,
            Err(problem) => return usage(problem, "with `--index`, write ID or ID@RANGE, such as `acme@^1.2`"),
        };
        let ca = match &options.ca {
            Some(path) => Some(file(&settings.path(path), sink)?),
            None => None,
        };
        let store = Https::new(address, ca.as_deref()).map_err(|problem| sink.push(problem)).ok()?;
        return Some(Source::Offered(store, wanted));
    }
    let path = settings.path(Path::new(&options.source));
    if path.is_dir() {
        let archived = archive::pack(&*source::folder(&path)).map_err(|problem| sink.push(problem)).ok()?;
        let delivery = Delivery { name: name_of(&path), archive: archived, signature: None };
        return Some(Source::Delivered(delivery, Some(path)));
    }
    if !path.exists() {
        let help = "give the path of an archive or folder; a pack of an index by `ID --index https://…`";
        return usage(format!("there is no file or folder `{}`", options.source), help);
    }
    let archive = file(&path, sink)?;
    let signature = with_suffix(&path, SUFFIX);
    let signature = if signature.exists() { Some(file(&signature, sink)?) } else { None };
    Some(Source::Delivered(Delivery { name: name_of(&path), archive, signature }, None))
}

fn report(installs: &[Install], target: &Path) -> String {
    let mut text = String::new();
    for Install { id, version, digest, signed_by, files, .. } in installs.iter().rev() {
        let signed = signed_by.as_ref().map_or_else(|| "not signed".into(), |id| format!("signed by `{id}`"));
        let _ = match files.is_empty() {
            true => writeln!(text, "{id} {version} was there already"),
            false => writeln!(text, "{id} {version}, digest {digest}, {signed}: installed in {}", target.display()),
        };
    }
    text
}
