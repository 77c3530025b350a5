//! `folio verify`.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use super::args::VerifyHistory;
use super::done::{Done, broken};
use super::pack::{text, trust};
use super::report;
use super::settings::Settings;
use crate::diagnostic::codes::output as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::files::Disk;
use crate::history::{COMING, IN_FORCE};
use crate::pack::sign::Key;
use crate::verify::{self, Asked, MARK, Receipt, Verdict};
use crate::workspace;

/// Verifies a history, what is kept, what stands in force, and receipts.
pub(super) fn verify(options: &VerifyHistory, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let Some(receipts) = receipts(&options.receipt, settings, &mut sink) else { return broken(sink) };
    let Some(verdict) = verdict(&options.dir, &receipts, settings, &mut sink) else { return broken(sink) };
    let mut problems = verdict.problems.clone();
    let signers = signers(&receipts, options.key.as_deref(), options.trust.as_deref(), settings, &mut sink);
    problems.extend(sink.into_vec());
    let text = said(&verdict, &signers, &problems, receipts.is_empty());
    let json = json!({
        "schema": 1,
        "is_whole": !problems.iter().any(|problem| problem.severity >= Severity::Error),
        "entries": verdict.entries,
        "versions": verdict.versions,
        "files": verdict.files,
        "head": verdict.head.as_ref().map(|head| head.head.as_str()),
        "receipts": verdict.followed.iter().map(|(receipt, more)| json!({
            "entries": receipt.entries, "day": receipt.day.to_string(), "later_entries": more,
        })).collect::<Vec<_>>(),
        "signers": signers,
        "diagnostics": problems.iter().map(report::diagnostic).collect::<Vec<_>>(),
    });
    Done { text, json: Some(json), diagnostics: problems, ..Done::default() }
}

/// Verifies the workspace in a folder; its profile and pack are not read.
pub(super) fn verdict(dir: &Path, receipts: &[Receipt], settings: &Settings, sink: &mut Sink) -> Option<Verdict> {
    let root = settings.path(dir);
    let _reading = settings.reading(&root, sink);
    let own = workspace::read_settings(&root, sink)?;
    let [given, coming] = [IN_FORCE, COMING].map(|folder| Path::new(&own.output).join(folder));
    let files = Disk::new(&root, "");
    let asked = Asked {
        files: &files,
        missed: &|history| verify::missed_in(&root, &own.output, history),
        workspace: &own.id,
        given: (&Disk::new(root.join(&given), ""), &given),
        coming: (&Disk::new(root.join(&coming), ""), &coming),
        receipts,
        today: settings.today.parse().ok()?,
    };
    Some(verify::verify(&asked))
}

/// The receipts that are given as lines or files.
pub(super) fn receipts(given: &[String], settings: &Settings, sink: &mut Sink) -> Option<Vec<Receipt>> {
    let mut receipts = Vec::new();
    for given in given {
        let path = settings.path(Path::new(given));
        let text = if given.contains(MARK) && !path.is_file() { given.clone() } else { text(&path, sink)? };
        let problem = |problem| sink.push(Diagnostic::fault(&codes::NO_RECEIPT, problem).help(codes::NO_RECEIPT.fix));
        receipts.extend(Receipt::read(&text).map_err(problem).ok()?);
    }
    Some(receipts)
}

/// Who signed each receipt, in words; nothing for one that is not signed.
pub(super) fn signers(
    receipts: &[Receipt],
    key: Option<&str>,
    trusted: Option<&Path>,
    settings: &Settings,
    sink: &mut Sink,
) -> Vec<Option<String>> {
    let wrong = |message: String, help: &str| Diagnostic::fault(&codes::RECEIPT_DISAGREES, message).help(help);
    let key: Option<Key> = match key {
        Some(key) => match trust::key(key, settings, sink) {
            Some(key) => Some(key),
            None => return Vec::new(),
        },
        None => None,
    };
    let mut signers = Vec::new();
    for receipt in receipts {
        let of = format!("the receipt of {} ({} entries)", receipt.day, receipt.entries);
        let signer = match (&key, &receipt.signature) {
            (None, None) => Ok(None),
            (Some(key), _) => match receipt.verify(key) {
                Ok(()) => Ok(Some(format!("key {}", key.number))),
                Err(problem) => Err(wrong(
                    format!("{of}: {problem}"),
                    "believe a receipt only when you know who signed it, or whence you have it",
                )),
            },
            (None, Some(_)) => {
                let Some(trust) = trust::read(trusted, settings, sink) else { return Vec::new() };
                let number = receipt.key_number().unwrap_or_default();
                let known: Vec<_> = trust.keys().iter().filter(|trusted| trusted.key.number == number).collect();
                let verified = known.iter().map(|trusted| receipt.verify(&trusted.key).map(|()| trusted));
                match verified.reduce(|before, next| before.or(next)) {
                    Some(Ok(trusted)) => Ok(Some(format!("`{}`, key {}", trusted.id, trusted.key.number))),
                    Some(Err(problem)) => {
                        Err(wrong(format!("{of}: {problem}"), "the receipt or its signature was altered"))
                    }
                    None if number.is_empty() => Err(wrong(
                        format!("{of}: its signature is none of minisign"),
                        "the receipt or its signature was altered",
                    )),
                    None => Err(wrong(
                        format!("{of} is signed with key {number}, which is not known here"),
                        "name the key that you expect: `--key PUBKEY`; or `folio pack trust add PUBKEY --for …`",
                    )),
                }
            }
        };
        signers.push(signer.unwrap_or_else(|problem| {
            sink.push(problem);
            None
        }));
    }
    signers
}

fn said(verdict: &Verdict, signers: &[Option<String>], problems: &[Diagnostic], has_none: bool) -> String {
    let mut text = String::new();
    let is_whole = !problems.iter().any(|problem| problem.severity >= Severity::Error);
    let Some(head) = &verdict.head else {
        if verdict.entries == 0 && is_whole {
            text.push_str("nothing was issued yet\n");
        }
        return text;
    };
    if is_whole {
        let _ = writeln!(
            text,
            "whole: {}, {}, {}, all as they were issued",
            counted(verdict.entries, "entry", "entries"),
            counted(verdict.versions, "version", "versions"),
            counted(verdict.files, "kept file", "kept files"),
        );
    }
    for (receipt, more) in &verdict.followed {
        let _ = match more {
            0 => writeln!(text, "the receipt of {} is that of the last entry", receipt.day),
            more => writeln!(
                text,
                "the receipt of {} holds: the history goes through its entry {}; {} later",
                receipt.day,
                receipt.entries,
                if *more == 1 { "1 entry is".to_owned() } else { format!("{more} entries are") }
            ),
        };
    }
    signers.iter().flatten().for_each(|signer| {
        let _ = writeln!(text, "signed by {signer}");
    });
    let _ = writeln!(text, "last entry: {} of {}, {}", head.entries, head.day, head.head);
    if has_none && is_whole {
        text.push_str(
            "Without a receipt, nobody sees a tail that was cut off or a history that was written anew: `folio receipt` gives one.\n",
        );
    }
    text
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
