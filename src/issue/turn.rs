//! What happens to a version after it was made: further approvals, withdrawal, and what is given out of it again; and
//! documents that were made elsewhere.

use std::collections::BTreeMap;
use std::path::Path;

use ecow::EcoString;
use jiff::civil::Date;

use super::candidates::damaged;
use super::control::printed;
use super::files::{Given, edited, place};
use super::follow::append_with_followers;
use super::who::Who;
use super::{Desk, Done, Made, Order, by, entry, give_out, issued_to, refuse, standing, wait};
use crate::backend::Format;
use crate::commit::Commit;
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::digest;
use crate::history::{self, APPROVED, Event, GivenOut, History, Issued, MODEL, Places};
use crate::ledger::{Ledger, Wishes};
use crate::model::{Control, Day, Document, Text, stored as kept};
use crate::pack::names;
use crate::plan;
use crate::session::Session;
use crate::workspace::Workspace;

/// A document that was made elsewhere.
#[derive(Debug, Clone)]
pub struct Baseline {
    /// The document's id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its files: names and bytes.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Prepares the further approval of every version that waits for this approver. Nothing is written.
pub fn approve(session: &Session, root: &Path, order: &Order, sink: &mut Sink) -> Option<Done> {
    let workspace = session.workspace(root, sink)?;
    workspace.pack.check_asked(&order.only, sink);
    let ledger = Ledger::open(&workspace, &session.backends, None, Wishes::default(), sink)?;
    let places = issued_to(&ledger, sink);
    let pack = &workspace.pack;
    let who = Who::named(&workspace, &order.approver, order.day, sink);
    let lost = refuse::history(&workspace, order, sink);
    refuse::day(&workspace, order.day, order.effective, sink);
    let (places, who) = (places?, who?);
    let desk = Desk { session, workspace: &workspace, who: &who, order };
    let mut done = Done::default();
    let (mut versions, mut roles, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    let mut others: Vec<(String, String)> = Vec::new();
    for id in known(&workspace.history, &order.only) {
        let waiting = workspace.history.versions(&id).next_back().filter(|_| !workspace.history.is_withdrawn(&id));
        let awaits = waiting.as_ref().map(|version| workspace.history.awaits(version)).unwrap_or_default();
        let (Some(waiting), Some(role)) = (waiting, awaits.first()) else {
            if order.only.contains(&id) {
                let message = format!("`{id}` waits for no approval");
                sink.push(
                    Diagnostic::fault(&codes::NOT_ISSUED, message)
                        .help("`folio documents` says what waits, and for whom"),
                );
            }
            continue;
        };
        if !who.may(role) {
            // In turn: what waits for somebody else first is not this approver's yet.
            if order.only.contains(&id) {
                others.push((role.to_string(), id));
            } else if let Ok(Some(document)) = waiting.document(&*workspace.files) {
                wait(desk, &mut done.waiting, role, true, &document.control);
            }
            continue;
        }
        let mut document = match waiting.document(&*workspace.files) {
            Ok(Some(document)) => document,
            Ok(None) => continue, // What was made elsewhere waits for nobody.
            Err(problem) => {
                sink.push(damaged(problem));
                continue;
            }
        };
        let reason = refuse::self_approval(session, &workspace, &who, &document.control, sink);
        let rest: Vec<EcoString> = awaits.iter().skip(1).cloned().collect();
        let own = who.approval(role, &pack.terms, &pack.strings, order.day);
        let approvals = vec![own.clone()];
        let mut issued = Issued { awaits: rest.clone(), files: BTreeMap::new(), approvals, ..waiting.issued.clone() };
        if let Some(words) = reason {
            issued.change = format!("{}. {words}", issued.change.trim_end_matches('.'));
        }
        if rest.is_empty() {
            let earlier = workspace.history.approvals(&waiting).into_iter().skip(1).cloned();
            document.control.approvals.extend(earlier.chain([own]).map(|approval| printed(&approval)));
            if let Some(effective) = order.effective.or(issued.effective).filter(|day| *day > order.day) {
                issued.effective = Some(effective);
                document.control.effective = Some(Day { date: effective, from: Vec::new() });
            }
            if let Some(row) = document.control.history.first_mut() {
                row.change = Text::literal(&issued.change);
            }
        }
        done.documents.push(Made {
            id: id.clone(),
            title: document.control.title.text.clone(),
            version: issued.version.to_string(),
            change: issued.change.clone(),
            major: None,
            awaits: rest.iter().map(EcoString::to_string).collect(),
            files: Vec::new(),
            effective: issued.effective.filter(|_| rest.is_empty()),
            follows: false,
        });
        roles.push(role.to_string());
        whole.push((rest.is_empty()).then_some(document));
        versions.push(issued);
    }
    let others: Vec<(String, &str)> = others.iter().map(|(role, id)| (role.clone(), id.as_str())).collect();
    refuse::authority(desk, &others, "approve", sink);
    if is_refused(sink) || versions.is_empty() {
        return (!is_refused(sink)).then_some(done);
    }
    complete(desk, &places, &whole, &mut versions, &mut done, sink)?;
    let by = by(&workspace, &who, roles.iter(), order.day);
    let entry =
        history::Entry { reason: order.reason.trim().to_owned(), ..entry(Event::Approve, order.day, by, versions) };
    append_with_followers(desk, &places, (entry, lost), &mut done, sink);
    (!is_refused(sink)).then_some(done)
}

/// Makes the files of the versions that everybody has approved now.
fn complete(
    desk: Desk<'_>,
    places: &Places,
    whole: &[Option<Document>],
    versions: &mut [Issued],
    done: &mut Done,
    sink: &mut Sink,
) -> Option<()> {
    let Desk { session, workspace, order, .. } = desk;
    let all: Vec<Document> = whole.iter().flatten().cloned().collect();
    let plan = session.plan(workspace, &mut Sink::new());
    let formats = |id: &str| -> Vec<Format> {
        let job = plan.jobs.iter().find(|job| job.control.id == id);
        job.map(|job| job.formats.clone()).unwrap_or_else(|| session.backends.iter().copied().collect())
    };
    let wanted: Vec<Format> = all.iter().flat_map(|document| formats(&document.control.id)).collect();
    let press = session.press(workspace, &all, &wanted, sink)?;
    let controls: Vec<_> = all.iter().map(|document| &document.control).collect();
    let mut stems = plan::stems(workspace, &controls).into_iter();
    for ((document, issued), made) in whole.iter().zip(versions).zip(&mut done.documents) {
        let Some(document) = document else { continue };
        let formats = formats(&document.control.id);
        let outputs = session.print(&press, workspace, document, &formats, sink)?.outputs;
        let folder = history::folder(&issued.id, &issued.version);
        let stem = stems.next().unwrap_or_default();
        let since = issued.effective.filter(|since| *since > order.day);
        let given = Given { id: &issued.id, folder: folder.clone(), stem, outputs, since };
        issued.files = give_out(workspace, places, given, &mut done.commit, sink);
        made.files = issued.files.values().map(|file| place(places, file, since)).collect();
        made.effective = since;
        let model = kept::bytes(document);
        issued.model = Some(kept::digest(&model));
        done.commit.write_over(format!("{folder}/{APPROVED}"), model, None);
    }
    Some(())
}

/// Prepares that documents are not in force any more. Their files leave the folder of what is in force; what is kept stays.
pub fn withdraw(session: &Session, root: &Path, order: &Order, sink: &mut Sink) -> Option<Done> {
    let workspace = session.workspace(root, sink)?;
    let ledger = Ledger::open(&workspace, &session.backends, None, Wishes::default(), sink)?;
    let places = issued_to(&ledger, sink);
    let profile = &workspace.profile.value;
    let who = Who::named(&workspace, &order.approver, order.day, sink);
    let lost = refuse::history(&workspace, order, sink);
    refuse::reason(&order.reason, sink);
    refuse::day(&workspace, order.day, order.effective, sink);
    let (places, who) = (places?, who?);
    let desk = Desk { session, workspace: &workspace, who: &who, order };
    let plan = session.plan(&workspace, &mut Sink::new());
    let pack = &workspace.pack;
    let mut done = Done::default();
    let (mut versions, mut roles, mut asked) = (Vec::new(), Vec::new(), Vec::new());
    for id in &order.only {
        let last = workspace.history.versions(id).next_back().filter(|_| !workspace.history.is_withdrawn(id));
        let Some(last) = last else {
            sink.push(not_there(&workspace, id));
            continue;
        };
        let control = plan.jobs.iter().map(|job| &job.control).find(|control| control.id == *id);
        // Of what the workspace does not make any more nobody knows who approves it.
        let role = control.and_then(|control| plan::approvers(profile, control).into_iter().next());
        let decided = |role: &String| who.approval(role, &pack.terms, &pack.strings, order.day);
        let approvals = role.iter().map(decided).collect();
        asked.extend(role.iter().map(|role| (role.clone(), id.as_str())));
        roles.extend(role);
        for (path, digest) in standing(&workspace, &places, id, None, sink) {
            done.commit.remove(path, digest);
        }
        let title = control.map_or_else(|| id.clone(), |control| control.title.text.clone());
        done.documents.push(Made {
            id: id.clone(),
            title,
            version: last.issued.version.to_string(),
            change: order.reason.trim().to_owned(),
            major: None,
            awaits: Vec::new(),
            files: Vec::new(),
            effective: None,
            follows: false,
        });
        let change = order.reason.trim().to_owned();
        versions.push(Issued {
            model: None,
            content: None,
            files: BTreeMap::new(),
            change,
            effective: order.effective,
            next_review: None,
            approvals,
            awaits: Vec::new(),
            ..last.issued.clone()
        });
    }
    refuse::authority(desk, &asked, "withdraw", sink);
    if is_refused(sink) || versions.is_empty() {
        return None;
    }
    let by = by(&workspace, &who, roles.iter(), order.day);
    let entry =
        history::Entry { reason: order.reason.trim().to_owned(), ..entry(Event::Withdraw, order.day, by, versions) };
    append_with_followers(desk, &places, (entry, lost), &mut done, sink);
    (!is_refused(sink)).then_some(done)
}

/// Prepares that a document which was made elsewhere counts as issued: its bytes are kept, and stand in force.
pub fn baseline(session: &Session, root: &Path, order: &Order, taken: &Baseline, sink: &mut Sink) -> Option<Done> {
    let workspace = session.workspace(root, sink)?;
    workspace.pack.check_asked(std::slice::from_ref(&taken.id), sink);
    let ledger = Ledger::open(&workspace, &session.backends, None, Wishes::default(), sink)?;
    let places = issued_to(&ledger, sink);
    let profile = &workspace.profile.value;
    let who = Who::named(&workspace, &order.approver, order.day, sink);
    let lost = refuse::history(&workspace, order, sink);
    refuse::later(session, order.day, sink);
    refuse::version(&workspace, &taken.id, &taken.version, sink);
    let (places, who) = (places?, who?);
    let desk = Desk { session, workspace: &workspace, who: &who, order };
    let mut done = Done::default();
    let folder = history::folder(&taken.id, &taken.version);
    let before = standing(&workspace, &places, &taken.id, None, sink);
    let present = workspace.files.list(&places.in_force).unwrap_or_default();
    let mut files: BTreeMap<EcoString, GivenOut> = BTreeMap::new();
    for (name, bytes) in &taken.files {
        let format = name.rsplit_once('.').map_or("file", |(_, ending)| ending).to_lowercase();
        if let Some(problem) = unfit(name, bytes) {
            sink.push(not_taken(format!("`{name}` cannot be taken over: {problem}")));
            continue;
        }
        if let Some(other) = files.get(format.as_str()) {
            sink.push(not_taken(format!("`{name}` and `{}` are two files of one format", other.name)));
            continue;
        }
        let file = GivenOut { name: name.as_str().into(), sha256: digest::of_file(bytes) };
        let path = places.now(&file);
        let there = workspace.files.digest(&path).ok();
        // Some systems take small and capital letters of a name for one.
        let lower = path.to_lowercase();
        if let Some(other) = present.iter().find(|other| other.to_lowercase() == lower && !before.contains_key(*other))
        {
            sink.push(edited(other, "stands where this file is to go"));
            continue;
        }
        files.insert(format.into(), file);
        done.commit.write_over(format!("{folder}/{name}"), bytes.clone(), None);
        done.commit.write_over(path, bytes.clone(), there);
    }
    for (path, digest) in before {
        done.commit.remove(path, digest);
    }
    if is_refused(sink) {
        return None;
    }
    let plan = session.plan(&workspace, &mut Sink::new());
    let control = plan.jobs.iter().map(|job| &job.control).find(|control| control.id == taken.id);
    let roles: Vec<String> = control.map(|control| vec![control.approver.key.clone()]).unwrap_or_default();
    let pack = &workspace.pack;
    let roles: Vec<&String> = roles.iter().filter(|role| who.may(role)).collect();
    let role = roles.first().map_or("", |role| role.as_str());
    let approval = who.approval(role, &pack.terms, &pack.strings, order.day);
    let approval = history::Approval { role: approval.role.filter(|role| !role.is_empty()), ..approval };
    // It was approved when it was; the history goes on where it is.
    let last = workspace.history.entries.iter().map(|entry| entry.day).max();
    let day = last.map_or(order.day, |last| last.max(order.day));
    let by = by(&workspace, &who, roles.into_iter(), day);
    done.documents.push(Made {
        id: taken.id.clone(),
        title: control.map_or_else(|| taken.id.clone(), |control| control.title.text.clone()),
        version: taken.version.clone(),
        change: order.reason.trim().to_owned(),
        major: None,
        awaits: Vec::new(),
        files: files.values().map(|file| places.now(file)).collect(),
        effective: None,
        follows: false,
    });
    let text = |of: fn(&Control) -> &str| control.map(of).unwrap_or_default().to_owned();
    let issued = Issued {
        number: text(|control| &control.number.text),
        title: text(|control| &control.title.text),
        id: taken.id.as_str().into(),
        version: taken.version.as_str().into(),
        model: None,
        content: None,
        files,
        author: String::new(),
        change: order.reason.trim().to_owned(),
        effective: order.effective,
        next_review: next_review(profile, &taken.id, order.day),
        approvals: vec![approval],
        awaits: Vec::new(),
    };
    let entry =
        history::Entry { reason: order.reason.trim().to_owned(), ..entry(Event::Baseline, day, by, vec![issued]) };
    append_with_followers(desk, &places, (entry, lost), &mut done, sink);
    (!is_refused(sink)).then_some(done)
}

/// What is wrong with a file that is to be kept under its own name; nothing, where every system can hold it.
fn unfit(name: &str, bytes: &[u8]) -> Option<String> {
    match name {
        _ if bytes.is_empty() => Some("it is empty".to_owned()),
        _ if [MODEL, APPROVED].contains(&name.to_lowercase().as_str()) => {
            Some("the program keeps a file of its own under that name".to_owned())
        }
        _ if name.contains('/') => Some("a folder stands in its name".to_owned()),
        _ if name.contains(':') => Some("Windows forbids `:` in a name".to_owned()),
        _ if name.contains(plan::is_invisible) => {
            Some("a character that nobody sees stands in its name, and may turn it around".to_owned())
        }
        _ if name.starts_with('.') => Some("its name begins with a dot".to_owned()),
        _ => names::problem(name),
    }
}

fn not_taken(message: String) -> Diagnostic {
    Diagnostic::fault(&codes::NOT_TAKEN_OVER, message).help(codes::NOT_TAKEN_OVER.fix)
}

fn next_review(profile: &serde_json::Value, id: &str, day: Date) -> Option<Date> {
    match plan::review_after(profile, id, day)? {
        crate::model::NextReview::On(day) => Some(day.date),
        crate::model::NextReview::AfterApproval { .. } => None,
    }
}

/// The files of an issued version, as they were given out. What is kept and is not that any more is a fault.
pub fn stored(session: &Session, root: &Path, named: &str, sink: &mut Sink) -> Option<Commit> {
    let workspace = session.workspace(root, sink)?;
    let (id, number) = named.split_once('@').unwrap_or((named, ""));
    let Some(version) = workspace.history.version(id, number) else {
        let known: Vec<String> =
            workspace.history.versions(id).map(|known| format!("{id}@{}", known.issued.version)).collect();
        let message = format!("`{named}` was never issued");
        let problem = not_issued(message).suggest(named, known.iter().map(String::as_str));
        sink.push(problem.help(match known.is_empty() {
            true => format!("nothing of `{id}` was issued"),
            false => format!("there are {}", known.join(", ")),
        }));
        return None;
    };
    let given = workspace.history.given_out(&version);
    if given.files.is_empty() {
        sink.push(not_issued(format!("`{named}` waits for an approval; it was never given out")));
    }
    let mut commit = Commit::new();
    for file in given.files.values() {
        let path = format!("{}/{}", version.folder(), file.name);
        match workspace.files.read(&path) {
            Ok(bytes) if digest::of_file(&bytes) == file.sha256 => commit.write(file.name.to_string(), bytes),
            Ok(_) => sink.push(damaged(format!("`{path}` is not what was issued"))),
            Err(error) => sink.push(damaged(error.to_string())),
        }
    }
    (!sink.has_faults()).then_some(commit)
}

/// The documents that are meant: those that are named, or all that were ever issued.
fn known(history: &History, only: &[String]) -> Vec<String> {
    if !only.is_empty() {
        return only.to_vec();
    }
    let mut known: Vec<String> = Vec::new();
    for issued in history.entries.iter().flat_map(|entry| &entry.documents) {
        if !known.iter().any(|id| *id == issued.id) {
            known.push(issued.id.to_string());
        }
    }
    known
}

/// What is wrong with a document that is to be withdrawn and is not in force.
fn not_there(workspace: &Workspace, id: &str) -> Diagnostic {
    let history = &workspace.history;
    let problem = |message| Diagnostic::fault(&codes::NOT_ISSUED, message);
    match history.versions(id).next_back().and_then(|version| history.withdrawn(&version)) {
        Some(day) => {
            problem(format!("`{id}` was withdrawn on {day} already")).help("`folio documents` says what is in force")
        }
        None => problem(format!("`{id}` was never issued"))
            .suggest(id, history.documents())
            .help("`folio documents` lists what is in force"),
    }
}

fn is_refused(sink: &Sink) -> bool {
    sink.iter().any(|problem| problem.severity >= Severity::Error)
}

fn not_issued(message: String) -> Diagnostic {
    Diagnostic::fault(&codes::NOT_ISSUED, message).help(codes::NOT_ISSUED.fix)
}
