//! `folio receipt`.

use serde_json::json;

use super::args::Receipt as Options;
use super::done::{Done, broken};
use super::pack::{key, text};
use super::settings::Settings;
use super::{report, verify};
use crate::diagnostic::codes::output as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::files::Disk;
use crate::history::History;
use crate::pack::sign;
use crate::verify::{Receipt, head, unsound};
use crate::workspace;

/// Prints a receipt, or holds the history against one.
pub(super) fn receipt(options: &Options, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let done = match &options.check {
        Some(given) => check(options, given, settings, &mut sink),
        None => give(options, settings, &mut sink),
    };
    done.unwrap_or_else(|| broken(sink))
}

fn give(options: &Options, settings: &Settings, sink: &mut Sink) -> Option<Done> {
    let root = settings.path(&options.dir);
    let _reading = settings.reading(&root, sink);
    let own = workspace::read_settings(&root, sink)?;
    let history = History::read(&Disk::new(&root, ""), sink)?;
    let unsound = unsound(&root, &own.output, &history);
    if !unsound.is_empty() {
        sink.extend(unsound);
        return None;
    }
    let Some(mut receipt) = head(&own.id, &history) else {
        let problem = Diagnostic::fault(&codes::NO_RECEIPT, "nothing was issued yet: there is no receipt to give");
        sink.push(problem.help("`folio issue` issues documents"));
        return None;
    };
    if let Some(file) = &options.sign {
        let secret = text(&settings.path(file), sink)?;
        let signed = sign::secret_key(&secret, || key::password(settings, false)).and_then(|key| receipt.signed(&key));
        receipt = signed.map_err(|problem| sink.push(problem)).ok()?;
    }
    let json = json!({
        "schema": 1,
        "receipt": receipt.to_string(),
        "workspace": receipt.workspace,
        "entries": receipt.entries,
        "day": receipt.day.to_string(),
        "head": receipt.head,
        "key": receipt.key_number(),
        "minisig": receipt.minisig(),
        "message": receipt.message(),
    });
    Some(Done { text: format!("{receipt}\n"), json: Some(json), ..Done::default() })
}

fn check(options: &Options, given: &str, settings: &Settings, sink: &mut Sink) -> Option<Done> {
    let receipts: Vec<Receipt> = verify::receipts(std::slice::from_ref(&given.to_owned()), settings, sink)?;
    let verdict = verify::verdict(&options.dir, &receipts, settings, sink)?;
    let signers = verify::signers(&receipts, options.key.as_deref(), None, settings, sink);
    let mut text = String::new();
    for (receipt, more) in &verdict.followed {
        let later = if *more == 0 { String::new() } else { format!("; later entries: {more}") };
        text.push_str(&format!("the receipt of {} holds: entry {}{later}\n", receipt.day, receipt.entries));
    }
    signers.iter().flatten().for_each(|signer| text.push_str(&format!("signed by {signer}\n")));
    // The chain alone: what is kept is the affair of `folio verify`.
    let of_chain = |problem: &Diagnostic| {
        [&codes::HISTORY_ALTERED, &codes::RECEIPT_DISAGREES, &codes::HISTORY_BROKEN, &codes::HISTORY_MISSED]
            .iter()
            .any(|code| problem.code == **code)
    };
    let mut diagnostics: Vec<Diagnostic> = verdict.problems.into_iter().filter(of_chain).collect();
    diagnostics.extend(std::mem::take(sink).into_vec());
    let json = json!({
        "schema": 1,
        "holds": diagnostics.is_empty(),
        "signers": signers,
        "diagnostics": diagnostics.iter().map(report::diagnostic).collect::<Vec<_>>(),
    });
    Some(Done { text, json: Some(json), diagnostics, ..Done::default() })
}
