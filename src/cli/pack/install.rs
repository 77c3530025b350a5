//! `folio pack install`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{Done, Settings, broken, done, file, name_of, trust, with_suffix};
use crate::cli::args::Install as Options;
use crate::commit::Commit;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::fetch::Https;
use crate::files::{Disk, Files as _};
use crate::pack::archive;
use crate::pack::index::Delivery;
use crate::pack::install::{Install, Installer};
use crate::pack::sign::SUFFIX;
use crate::pack::source::{self, Wanted};

/// Exit 0: installed; 1: refused; 2: a file cannot be read, or the command is not understood.
pub(super) fn install(options: &Options, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let Some(target) = settings.shelf.installed.clone() else {
        sink.push(Diagnostic::fault(&codes::USAGE, "there is no folder for packs").help("name one with `--packs DIR`"));
        return broken(sink);
    };
    let Some(source) = source(options, settings, &mut sink) else { return broken(sink) };
    let Some(trust) = trust::read(options.trust.as_deref(), settings, &mut sink) else { return broken(sink) };
    let installer = Installer {
        shelf: &match &source {
            Source::Delivered(_, Some(folder)) => settings.shelf.beside(folder),
            _ => settings.shelf.clone(),
        },
        trust: &trust,
        allow_unsigned: options.allow_unsigned,
        replace: options.replace,
    };
    let installs = match source {
        Source::Delivered(delivery, _) => installer.install(delivery, &mut sink),
        Source::Offered(store, wanted) => installer.install_from(&store, &wanted, &mut sink),
    };
    let Some(installs) = installs else { return Done { diagnostics: sink.into_vec(), ..Done::default() } };
    let text = report(&installs, &target);
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
    Done { diagnostics: sink.into_vec(), ..done(text) }
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
    for Install { label, digest, signed_by, files, .. } in installs.iter().rev() {
        let signed = signed_by.as_ref().map_or_else(|| "not signed".into(), |id| format!("signed by `{id}`"));
        let _ = match files.is_empty() {
            true => writeln!(text, "{label} was there already"),
            false => writeln!(text, "{label}, digest {digest}, {signed}: installed in {}", target.display()),
        };
    }
    text
}
