//! The auditor's package: what was in force on a day, with its digests, as one archive.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::civil::Date;

use crate::diagnostic::codes::output as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::digest;
use crate::files::{Files, Memory};
use crate::history::{FILE, History, Version, folder, lines};
use crate::model::Document;
use crate::pack::archive;

use super::Receipt;

/// The folder of the documents in the archive.
const DOCUMENTS: &str = "documents";

/// What an auditor is given.
#[derive(Debug)]
pub struct Package {
    /// The archive: the same history and day give the same bytes.
    pub bytes: Vec<u8>,
    /// How many documents it has.
    pub documents: usize,
    /// How many files of documents.
    pub files: usize,
    /// The receipt of the history as far as the package has it.
    pub receipt: Receipt,
}

/// Packs what was in force on a day. Every file is compared with the history; one that is not as issued is a fault, and
/// then there is no package.
pub fn export(files: &dyn Files, workspace: &str, day: Date, sink: &mut Sink) -> Option<Package> {
    let bytes = match files.read(FILE) {
        Ok(bytes) => bytes,
        Err(error) if error.is_missing() => Vec::new(),
        Err(error) => {
            sink.push(Diagnostic::fault(&codes::HISTORY_BROKEN, error.to_string()).at(Span::file(FILE)));
            return None;
        }
    };
    // Days never go back, so what was written until the day is a beginning of the chain.
    let whole = History::parse(&bytes, sink)?;
    let count = whole.entries.iter().take_while(|entry| entry.day <= day).count();
    let mut extract = Vec::new();
    lines(&bytes).take(count).for_each(|line| {
        extract.extend_from_slice(line);
        extract.push(b'\n');
    });
    let history = History::parse(&extract, sink)?;
    let Some(receipt) = super::head(workspace, &history) else {
        let message = format!("nothing was issued until {day}: there is nothing to give to an auditor");
        sink.push(Diagnostic::fault(&codes::NO_RECEIPT, message).help("`folio issue` issues documents"));
        return None;
    };
    let mut package = Memory::new("");
    let (mut taken, mut documents, mut given) = (BTreeSet::new(), 0, 0);
    let mut list = row(&HEAD.map(str::to_owned));
    let mut is_whole = true;
    for id in history.documents() {
        let Some(version) = history.in_force(id, day) else { continue };
        documents += 1;
        let mut names = Vec::new();
        for file in history.files(&version).values() {
            let path = format!("{}/{}", folder(id, &version.issued.version), file.name);
            let content = match files.read(&path) {
                Ok(content) if digest::of_file(&content) == file.sha256 => content,
                other => {
                    let of = format!("`{id}` {}", version.issued.version);
                    let message = match other {
                        Ok(_) => format!("`{path}` is not what was issued ({of})"),
                        Err(error) => format!("{error} ({of})"),
                    };
                    sink.push(
                        Diagnostic::fault(&codes::ISSUED_ALTERED, message)
                            .at(Span::file(path))
                            .help(codes::ISSUED_ALTERED.fix),
                    );
                    is_whole = false;
                    continue;
                }
            };
            let plain = file.name.to_string();
            let name = if taken.insert(plain.to_lowercase()) { plain } else { format!("{id}/{plain}") };
            package.insert(format!("{DOCUMENTS}/{name}"), content);
            names.push(name);
            given += 1;
        }
        let document = history.final_form(&version).document(files).map_err(|problem| {
            is_whole = false;
            sink.push(Diagnostic::fault(&codes::ISSUED_ALTERED, problem));
        });
        list.push_str(&listed(&history, &version, document.ok().flatten().as_ref(), &names));
    }
    if !is_whole {
        return None;
    }
    package.insert("LIST.csv", list);
    package.insert("history.jsonl", extract);
    package.insert("RECEIPT", format!("{receipt}\n"));
    package.insert("README.txt", readme(workspace, day, &receipt));
    let mut sums = String::new();
    for path in package.list("").unwrap_or_default() {
        let content = package.read(&path).unwrap_or_default();
        let _ = writeln!(sums, "{}  {path}", digest::of_file(&content));
    }
    package.insert("SHA256SUMS", sums);
    let bytes = archive::pack(&package).map_err(|problem| sink.push(problem)).ok()?;
    Some(Package { bytes, documents, files: given, receipt })
}

const HEAD: [&str; 11] = [
    "number",
    "title",
    "document",
    "kind",
    "version",
    "approved",
    "in force since",
    "approved by",
    "next review",
    "classification",
    "files",
];

fn listed(history: &History, version: &Version<'_>, document: Option<&Document>, names: &[String]) -> String {
    let control = document.map(|document| &document.control);
    let text = |of: fn(&crate::model::Control) -> &str| control.map(of).unwrap_or_default().to_owned();
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let by: Vec<String> = history.approvals(version).into_iter().map(who).collect();
    row(&[
        text(|control| &control.number.text) + &version.issued.number,
        text(|control| &control.title.text) + &version.issued.title,
        version.issued.id.to_string(),
        text(|control| &control.kind),
        version.issued.version.to_string(),
        day(history.approved(version)),
        day(history.since(version)),
        by.join("; "),
        day(version.issued.next_review),
        text(|control| &control.classification.label.text),
        names.join("; "),
    ])
}

/// Who approved, with the post.
fn who(approval: &crate::history::Approval) -> String {
    match (approval.name.is_empty(), approval.post.is_empty()) {
        (false, false) => format!("{} ({})", approval.name, approval.post),
        (false, true) => approval.name.to_string(),
        (true, _) => approval.post.to_string(),
    }
}

/// A line of CSV (RFC 4180). A cell that a spreadsheet would take for a formula has an apostrophe before it.
fn row(cells: &[String; 11]) -> String {
    let cell = |text: &String| {
        let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.clone() };
        if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
    };
    format!("{}\r\n", cells.iter().map(cell).collect::<Vec<_>>().join(","))
}

fn readme(workspace: &str, day: Date, receipt: &Receipt) -> String {
    format!(
        "What was in force in `{workspace}` on {day}\n\
         \n\
         documents/      the documents, as they were approved and issued\n\
         LIST.csv        what they are, who approved them, since when they are in force\n\
         history.jsonl   every issue, approval and withdrawal until that day, a line each\n\
         RECEIPT         one line that stands for the whole of history.jsonl\n\
         SHA256SUMS      the digests of all these files\n\
         \n\
         How to check\n\
         1. That no file was changed on its way:   sha256sum -c SHA256SUMS\n\
         2. That the documents are those that were issued: the digest of each stands in history.jsonl beside its name.\n\
         3. That nobody changed the history: each line of history.jsonl has, as `previous`, the SHA-256 of the line\n\
         \x20  before it (without its line end). The SHA-256 of the last line, number {}, is\n\
         \x20  {}\n\
         4. That the history was not written anew: ask for a receipt that was given out earlier, in a mail or a ticket.\n\
         \x20  Its number and digest must be those of the line of that number.\n\
         In the workspace itself, `folio verify --receipt \"…\"` does all of this.\n",
        receipt.entries, receipt.head
    )
}
