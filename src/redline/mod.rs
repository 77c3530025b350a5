//! Redlines of a workspace: of each document, what one version has that another has not, in Word with tracked changes and
//! on pages on which changes are marked.

mod columns;
mod files;
mod listed;
mod merged;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::backend::docx::{self, Marking, Redlined, Side};
use crate::backend::{Format, Work, pdf};
use crate::changes::{Change, Comparison, Kind};
use crate::diagnostic::codes::output as codes;
use crate::diagnostic::codes::workspace as workspace_codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::history::{Facts, MODEL, Version};
use crate::ledger;
use crate::model::{Document, Pages, State, content, stored};
use crate::parallel;
use crate::plan;
use crate::session::{Press, Session, Sought};
use crate::strings::{Said, Strings};
use crate::typeset;
use crate::workspace::Workspace;
pub use files::{Put, RECORD, Settled, settle};

/// The folder of redlines, in the output folder.
pub const FOLDER: &str = "redline";

/// What the document is called that the workspace makes now.
pub const DRAFT: &str = "draft";

/// What a document is called that was rendered, and never issued.
const RENDERED: &str = "last render";

/// Who has changed it where nobody is recorded.
const NOBODY: &str = "Folio";

/// What redlines are wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The version to begin with; the one in force, or the last render, where none is named.
    pub from: Option<String>,
    /// The version to end with; the draft where none is named.
    pub to: Option<String>,
    /// Only these documents; all when empty.
    pub only: Vec<String>,
    /// Whose changes they are; the document's author where nobody is named.
    pub author: Option<String>,
    /// The day of all changes.
    pub date: Date,
    /// Whether what stands elsewhere word by word is moved.
    pub moves: bool,
    /// Whether causes are said in comments.
    pub comments: bool,
    /// The formats.
    pub formats: Vec<Format>,
}

/// A redline of a document.
#[derive(Debug)]
pub struct Made {
    /// The document's id.
    pub id: String,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// The version that it begins with.
    pub from: String,
    /// The version that it ends with.
    pub to: String,
    /// Characters that are inserted.
    pub inserted: usize,
    /// Characters that are deleted.
    pub deleted: usize,
    /// How many marks there are.
    pub revisions: usize,
    /// What changed, where and why.
    pub changes: Vec<Change>,
    /// Its files: format, name, bytes.
    pub files: Vec<(&'static str, String, Vec<u8>)>,
}

/// The redlines of a workspace.
#[derive(Debug, Default)]
pub struct Redlines {
    /// Those that there are.
    pub made: Vec<Made>,
    /// The titles of documents that say what they said.
    pub unchanged: Vec<String>,
    /// Documents of which there is no redline, and why: id, title, reason.
    pub without: Vec<(String, String, String)>,
}

/// A version of a document.
struct Found {
    name: String,
    document: Document,
    /// The digest of what it was made from; none of the draft.
    facts: Option<String>,
}

/// Two versions of a document.
struct Pair {
    stem: String,
    old: Found,
    new: Found,
}

/// The redlines of a workspace. What is wrong is in the sink; then nothing is given.
pub fn redlines(session: &Session, workspace: &Workspace, wanted: &Wanted, sink: &mut Sink) -> Option<Redlines> {
    let mut said = Sink::new();
    let plan = session.plan_unchecked(workspace, &mut said);
    let documents = session.documents(workspace, &plan, &mut said).documents;
    let is_sound = !said.has_faults() && documents.is_some();
    // What a check would say is said by `check`; here, what keeps the redlines from being made.
    sink.extend(said.into_vec().into_iter().filter(Diagnostic::is_fault));
    let documents = documents.filter(|_| is_sound)?;
    if !are_known(&documents, &wanted.only, sink) {
        return None;
    }
    let stems = plan::stems(workspace, &documents.iter().map(|document| &document.control).collect::<Vec<_>>());
    let mut found = Redlines::default();
    let mut pairs = Vec::new();
    let chosen = |id: &str| wanted.only.is_empty() || wanted.only.iter().any(|only| only == id);
    for (document, stem) in documents.into_iter().zip(stems) {
        let (id, title) = (document.control.id.clone(), document.control.title.text.clone());
        if !chosen(&id) {
            continue;
        }
        match pair(session, workspace, wanted, document, stem, sink) {
            Some(Ok(pair)) if is_same(&pair) => found.unchanged.push(title),
            Some(Ok(pair)) => pairs.push(pair),
            Some(Err(why)) => found.without.push((id, title, why)),
            None => {}
        }
    }
    if sink.has_faults() {
        return None;
    }
    let is_named = wanted.from.is_some() || wanted.to.as_deref().is_some_and(|to| to != DRAFT);
    if is_named && pairs.is_empty() && found.unchanged.is_empty() {
        let why: BTreeSet<&str> = found.without.iter().map(|(_, _, why)| why.as_str()).collect();
        let message = format!("no document has both versions: {}", why.into_iter().collect::<Vec<_>>().join("; "));
        let problem = Diagnostic::fault(&workspace_codes::USAGE, message);
        sink.push(problem.help("`folio history` lists the versions that there are"));
        return None;
    }
    found.made = made(session, workspace, wanted, &pairs, sink)?;
    Some(found)
}

/// Whether all documents that are asked for are there.
fn are_known(documents: &[Document], only: &[String], sink: &mut Sink) -> bool {
    let known: Vec<&str> = documents.iter().map(|document| document.control.id.as_str()).collect();
    let mut all = true;
    for id in only.iter().filter(|id| !known.contains(&id.as_str())) {
        let problem = Diagnostic::fault(&workspace_codes::UNKNOWN_DOCUMENT, format!("there is no document `{id}`"));
        sink.push(problem.suggest(id, known.iter().copied()));
        all = false;
    }
    all
}

fn is_same(pair: &Pair) -> bool {
    content::digest(&pair.old.document) == content::digest(&pair.new.document)
}

/// The two versions of a document, or why there are not two. None when what is kept is not what was issued.
fn pair(
    session: &Session,
    workspace: &Workspace,
    wanted: &Wanted,
    mut document: Document,
    stem: String,
    sink: &mut Sink,
) -> Option<Result<Pair, String>> {
    let history = &workspace.history;
    let id = document.control.id.clone();
    let to = wanted.to.as_deref().filter(|to| *to != DRAFT);
    let new = match to {
        None => {
            session.pass_names(workspace, &mut document, sink)?;
            Found { name: DRAFT.to_owned(), document, facts: None }
        }
        Some(to) => match history.version(&id, to) {
            None => return Some(Err(format!("it has no version {to}"))),
            Some(version) => match issued(workspace, &version, sink)? {
                Ok(found) => found,
                Err(why) => return Some(Err(why)),
            },
        },
    };
    let version = match (wanted.from.as_deref(), to) {
        (Some(from), _) => match history.version(&id, from) {
            Some(version) => Some(version),
            None => return Some(Err(format!("it has no version {from}"))),
        },
        (None, None) => history.last(&id),
        (None, Some(to)) => {
            let versions: Vec<Version<'_>> = history.versions(&id).collect();
            let at = versions.iter().rposition(|version| version.issued.version == to).unwrap_or(0);
            match at.checked_sub(1).and_then(|before| versions.get(before)) {
                Some(version) => Some(*version),
                None => return Some(Err(format!("{to} is its first version"))),
            }
        }
    };
    let old = match version {
        Some(version) => match issued(workspace, &version, sink)? {
            Ok(found) => found,
            Err(why) => return Some(Err(why)),
        },
        None => match rendered(workspace, &id) {
            Some(found) => found,
            None => {
                let why = "it was never issued, and what the last render made of it is not kept".to_owned();
                return Some(Err(why));
            }
        },
    };
    Some(Ok(Pair { stem, old, new }))
}

/// A version as it was issued, or why it is not kept.
fn issued(workspace: &Workspace, version: &Version<'_>, sink: &mut Sink) -> Option<Result<Found, String>> {
    let name = version.issued.version.to_string();
    match version.document(&*workspace.files) {
        Ok(Some(document)) => {
            let facts = version.entry.facts.clone();
            Some(Ok(Found { name, document, facts }))
        }
        Ok(None) => Some(Err(format!("version {name} was made elsewhere, and only its files are kept"))),
        Err(problem) => {
            let message = format!("version {name} of `{}` cannot be compared: {problem}", version.issued.id);
            let place = Span::file(format!("{}/{MODEL}", version.folder()));
            let help = "`folio verify` says what else is not as it was issued; take the file from a backup";
            sink.push(Diagnostic::fault(&codes::HISTORY_BROKEN, message).at(place).help(help));
            None
        }
    }
}

/// A document as the last run made it.
fn rendered(workspace: &Workspace, id: &str) -> Option<Found> {
    let locked = workspace.lock.documents.get(id)?;
    let digest = locked.model.as_ref()?;
    let bytes = workspace.files.read(&ledger::model_path(digest)).ok();
    let bytes = bytes.filter(|bytes| stored::digest(bytes) == *digest)?;
    let document = stored::read(&bytes).ok()?;
    Some(Found { name: RENDERED.to_owned(), document, facts: locked.facts.clone() })
}

/// Makes the redlines of pairs of versions.
fn made(
    session: &Session,
    workspace: &Workspace,
    wanted: &Wanted,
    pairs: &[Pair],
    sink: &mut Sink,
) -> Option<Vec<Made>> {
    if pairs.is_empty() {
        return Some(Vec::new());
    }
    let documents =
        |side: fn(&Pair) -> &Found| pairs.iter().map(|pair| side(pair).document.clone()).collect::<Vec<_>>();
    let old_press = session.press(workspace, &documents(|pair| &pair.old), &[docx::FORMAT], sink)?;
    let new_press = session.press(workspace, &documents(|pair| &pair.new), &[docx::FORMAT], sink)?;
    let now = workspace.kept_facts();
    let digests: BTreeSet<&String> =
        pairs.iter().flat_map(|pair| [&pair.old.facts, &pair.new.facts]).flatten().collect();
    // Facts that are not kept any more, or not as they were, tell nothing; causes are fewer then.
    let kept: BTreeMap<&String, Facts> =
        digests.into_iter().filter_map(|digest| Some((digest, Facts::read(&*workspace.files, digest).ok()?))).collect();
    let of = |found: &Found| found.facts.as_ref().and_then(|digest| kept.get(digest));
    let mut comparisons: BTreeMap<(&Option<String>, &Option<String>), Comparison<'_>> = BTreeMap::new();
    for pair in pairs {
        let new = if pair.new.facts.is_none() { Some(&now) } else { of(&pair.new) };
        let comparison = || Comparison::new(of(&pair.old), new.unwrap_or(&now), workspace);
        comparisons.entry((&pair.old.facts, &pair.new.facts)).or_insert_with(comparison);
    }
    let mut changes: Vec<Vec<Change>> = Vec::new();
    for pair in pairs {
        let comparison = comparisons.get(&(&pair.old.facts, &pair.new.facts))?;
        changes.push(comparison.changes(&pair.old.document, &pair.new.document));
    }
    for ((from, to), comparison) in &comparisons {
        let open =
            pairs.iter().zip(&mut changes).filter(|(pair, _)| (&pair.old.facts, &pair.new.facts) == (*from, *to));
        let new = to.as_ref().map_or(Some(&now), |to| kept.get(to));
        if let (Some(old), Some(new)) = (from.as_ref().and_then(|from| kept.get(from)), new) {
            let mut open: Vec<_> = open.map(|(pair, changes)| (changes, &pair.old.document)).collect();
            // Where nobody reads causes, those that cost time are not looked for.
            let is_read = wanted.comments || wanted.formats.contains(&pdf::FORMAT);
            let sought = if is_read { Sought::All } else { Sought::PackAndDay };
            session.explain(workspace, comparison, [old, new], sought, &mut open);
        }
    }
    let mut marked = Vec::new();
    let mut marking_press = None;
    if wanted.formats.contains(&pdf::FORMAT) {
        let strings = &workspace.pack.strings;
        let both = |pair: &Pair| merged::merged(&pair.old.document, &pair.new.document, strings);
        marked = pairs.iter().map(both).collect();
        // It draws the charts of both versions.
        marking_press = Some(session.press(workspace, &marked, &[pdf::FORMAT], sink)?);
    }
    let maker = Maker { session, workspace, wanted, presses: [&old_press, &new_press] };
    let all = parallel::map(pairs.len(), session.jobs, sink, |at, sink| {
        let pages = marking_press.as_ref().zip(marked.get(at));
        let made = maker.one(pairs.get(at)?, changes.get(at)?, pages, sink);
        typeset::release_memory(session.jobs);
        made
    });
    all.into_iter().collect()
}

struct Maker<'a> {
    session: &'a Session,
    workspace: &'a Workspace,
    wanted: &'a Wanted,
    /// What prints the old versions, and the new ones.
    presses: [&'a Press; 2],
}

impl Maker<'_> {
    fn one(
        &self,
        pair: &Pair,
        changes: &[Change],
        marked: Option<(&Press, &Document)>,
        sink: &mut Sink,
    ) -> Option<Made> {
        let new = &pair.new.document;
        let redlined = self.word(pair, changes).map_err(|problems| sink.merge(problems)).ok()?;
        let Redlined { bytes, inserted, deleted, revisions } = redlined;
        let control = &new.control;
        let versions = versions(pair, &self.workspace.pack.strings);
        let name = |format: &Format| format!("{} ({versions}).{}", pair.stem, format.extension);
        let mut files = Vec::new();
        let mut word = Some(bytes);
        for format in &self.wanted.formats {
            let bytes = match marked {
                _ if *format == docx::FORMAT => word.take(),
                Some((press, both)) => self.pages(press, pair, both, changes, sink),
                None => None,
            };
            files.push((format.name, name(format), bytes?));
        }
        Some(Made {
            id: control.id.clone(),
            number: control.number.text.clone(),
            title: control.title.text.clone(),
            from: pair.old.name.clone(),
            to: pair.new.name.clone(),
            inserted,
            deleted,
            revisions,
            changes: changes.to_vec(),
            files,
        })
    }

    fn word(&self, pair: &Pair, changes: &[Change]) -> Result<Redlined, Sink> {
        let [old_press, new_press] = self.presses;
        let (old, new) = (&pair.old.document, &pair.new.document);
        let pages = [old_press.pages(old)?.unwrap_or_default(), new_press.pages(new)?.unwrap_or_default()];
        let theme = &self.workspace.theme;
        let before = Side {
            work: Work { document: old, theme, strings: old_press.strings(), images: old_press.images() },
            pages: &pages[0],
        };
        let after = Side {
            work: Work { document: new, theme, strings: new_press.strings(), images: new_press.images() },
            pages: &pages[1],
        };
        let causes = causes(changes, new, &self.workspace.pack.strings);
        let comment = |name: &str| causes.get(name).cloned();
        let marking = Marking {
            author: self.author(new),
            date: self.wanted.date,
            moves: self.wanted.moves,
            comment: self.wanted.comments.then_some(&comment),
        };
        docx::redline(&before, &after, &marking)
    }

    fn author<'d>(&'d self, document: &'d Document) -> &'d str {
        let author = &document.control.author;
        let recorded = author.name.as_ref().filter(|name| !name.text.trim().is_empty()).unwrap_or(&author.role);
        let recorded = Some(recorded.text.as_str()).filter(|name| !name.trim().is_empty());
        self.wanted.author.as_deref().or(recorded).unwrap_or(NOBODY)
    }

    /// Both versions on pages, with what differs marked and listed.
    fn pages(
        &self,
        press: &Press,
        pair: &Pair,
        both: &Document,
        changes: &[Change],
        sink: &mut Sink,
    ) -> Option<Vec<u8>> {
        let strings = &self.workspace.pack.strings;
        let with = |pages: &Pages| {
            let mut document = both.clone();
            document.body.insert(0, listed::legend(pair, strings));
            listed::listed(pair, changes, &both.headings(), pages, strings).append(&mut document);
            document
        };
        let before = Some(&pair.old.document.control);
        // Laid out once to know the pages: what is listed stands at the end, and moves nothing before it.
        let pages = press.pages_beside(&with(&Pages::default()), before).map_err(|found| sink.merge(found)).ok()?;
        let document = with(&pages.unwrap_or_default());
        let printed = self.session.print_beside(press, self.workspace, (&document, before), &[pdf::FORMAT], sink)?;
        printed.outputs.into_iter().next().map(|(_, bytes)| bytes)
    }
}

/// Why blocks and rows changed, by the names of their identities; and data of document control, by their labels.
fn causes(changes: &[Change], new: &Document, strings: &Strings) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for change in changes {
        let names = match change.place.kind {
            Kind::Control => labels(change, strings),
            _ => vec![change.identity.clone()],
        };
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            let known = found.entry(name).or_default();
            for cause in change.causes.iter().filter_map(|cause| cause.said(strings)) {
                if !known.contains(&cause) {
                    known.push(cause);
                }
            }
        }
    }
    // A version is another because of what its history says.
    if let (State::Issued, Some(row)) = (new.control.state, new.control.history.first()) {
        found.insert(format!("{}{}", docx::CONTROL, strings.version), vec![row.change.text.clone()]);
    }
    let said = found.into_iter().filter(|(_, causes)| !causes.is_empty());
    let line = |cause: &String| strings.fill(Said::Because, &[("cause", cause)]);
    said.map(|(name, causes)| (name, causes.iter().map(line).collect::<Vec<_>>().join("\n"))).collect()
}

/// What a datum of document control may stand beside: whoever approves is named otherwise in a draft and once that is done.
fn labels(change: &Change, strings: &Strings) -> Vec<String> {
    let label = change.said_place(strings);
    let all = match label == strings.approver {
        true => vec![label, strings.approver(false).to_owned(), strings.approved().to_owned()],
        false => vec![label],
    };
    all.into_iter().map(|label| format!("{}{label}", docx::CONTROL)).collect()
}

/// A text for a file's name: nothing in it leads elsewhere.
fn safe(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || "-_.+ ".contains(c) { c } else { '-' }).take(60).collect()
}

/// Which versions there are, for the name of a file in any language: `1.0–1.1`, `1.0 – draft`.
fn versions(pair: &Pair, strings: &Strings) -> String {
    let [from, to] = [&pair.old, &pair.new].map(|found| safe(listed::called(found, strings)));
    let is_number = |name: &str| name.chars().all(|c| c.is_ascii_digit() || c == '.');
    let dash = if is_number(&from) && is_number(&to) { "\u{2013}" } else { " \u{2013} " };
    format!("{from}{dash}{to}")
}
