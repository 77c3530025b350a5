//! What stands against an order, each said by itself, so that one run names all of it.

use jiff::civil::Date;

use super::who::Who;
use super::{Candidate, Desk, Order, Waiting, called, wait};
use crate::changes::version;
use crate::decisions;
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Diagnostic, Id, Severity, Sink, Span};
use crate::history;
use crate::lock::LockedHistory;
use crate::model::{Control, Document};
use crate::session::Session;
use crate::unrecorded;
use crate::verify;
use crate::workspace::{Left, Workspace};

/// The id of the check that a profile accepts where author and approver are one person.
pub(super) const SELF_APPROVAL: &str = "self-approval";

/// The most names in one line.
const MOST_NAMED: usize = 8;

/// An order needs a reason.
pub(super) fn reason(reason: &str, sink: &mut Sink) {
    if reason.trim().is_empty() {
        sink.push(Diagnostic::fault(&codes::NO_REASON, "`--reason` is empty").help(codes::NO_REASON.fix));
    }
}

/// Nothing is added to a history that is not what it was: the new entry would stand on what nobody approved. Nor does one
/// begin, or go on, in the place of one that is missed, unless that is ordered: then what the entry says of it is given.
pub(super) fn history(workspace: &Workspace, order: &Order, sink: &mut Sink) -> Option<LockedHistory> {
    verify::chain(&*workspace.files).into_iter().for_each(|problem| sink.push(problem));
    let missed = verify::missed(workspace)?;
    if order.new_history {
        return Some(missed.lost);
    }
    sink.push(missed.said(Severity::Error));
    None
}

/// A history is told in order, and nothing is in force before it is approved.
pub(super) fn day(workspace: &Workspace, day: Date, effective: Option<Date>, sink: &mut Sink) {
    let error =
        |message: String| Diagnostic::new(&codes::ISSUE_DATE, Severity::Error, message).help(codes::ISSUE_DATE.fix);
    if let Some(last) = workspace.history.entries.iter().map(|entry| entry.day).max().filter(|last| day < *last) {
        sink.push(
            error(format!("{day} is before {last}, the day of the history's last entry")).at(Span::file(history::FILE)),
        );
    }
    if let Some(effective) = effective.filter(|effective| *effective < day) {
        sink.push(error(format!("`--effective {effective}` is before {day}, the day of the approval")));
    }
}

/// Nobody approved anything on a day to come.
pub(super) fn later(session: &Session, day: Date, sink: &mut Sink) {
    if session.today.parse().is_ok_and(|today: Date| day > today) {
        let message = format!("{day} is after {}, which is today", session.today);
        sink.push(Diagnostic::new(&codes::ISSUE_DATE, Severity::Error, message).help(codes::ISSUE_DATE.fix));
    }
}

/// The documents that are this approver's: where nobody names documents, those of others are left out and named, as long as
/// something is left. Who is named by a role approves what that role approves; who is named as a person, all that he or she
/// may approve.
pub(super) fn others(desk: Desk<'_>, candidates: Vec<Candidate>, waiting: &mut Vec<Waiting>) -> Vec<Candidate> {
    let Desk { who, order, .. } = desk;
    let first = |it: &Candidate| it.roles.first().cloned().unwrap_or_default();
    let is_meant = |it: &Candidate| who.is_meant(&first(it));
    let is_by_role = candidates.iter().any(is_meant);
    let is_own = |it: &Candidate| if is_by_role { is_meant(it) } else { who.may(&first(it)) };
    if !order.only.is_empty() || !candidates.iter().any(is_own) {
        return candidates;
    }
    let (own, others): (Vec<_>, Vec<_>) = candidates.into_iter().partition(is_own);
    for other in &others {
        wait(desk, waiting, &first(other), false, &other.document.control);
    }
    own
}

/// Whoever approves has to have the authority that the profile gives: of those documents, each with the role that approves it,
/// that are somebody else's, one entry for each role. `act` is what is to be done with them.
pub(super) fn authority(desk: Desk<'_>, asked: &[(String, &str)], act: &str, sink: &mut Sink) {
    let Desk { workspace, who, order, .. } = desk;
    let profile = &workspace.profile;
    let others = || asked.iter().filter(|(role, _)| !who.may(role));
    let mut roles: Vec<&str> = Vec::new();
    for (role, _) in others() {
        if !roles.contains(&role.as_str()) {
            roles.push(role);
        }
    }
    for role in roles {
        let ids: Vec<&str> = others().filter(|(own, _)| own == role).map(|(_, id)| *id).collect();
        let quoted: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
        let quoted: Vec<&str> = quoted.iter().map(String::as_str).collect();
        let (them, is) = match ids.len() {
            1 => (quoted[0].to_owned(), "is"),
            count => (format!("{count} documents ({})", named(&quoted)), "are"),
        };
        let message = format!(
            "{them} {is} approved by `{role}` ({}), which `{}` neither holds nor stands in for on {}",
            called(workspace, who, role),
            who.told(),
            order.day
        );
        let problem = Diagnostic::new(&codes::NO_AUTHORITY, Severity::Error, message);
        let problem = Diagnostic { count: ids.len(), ..problem };
        let help = format!("`--approver {role}` is who may {act} {}", if ids.len() == 1 { "it" } else { "them" });
        let own = |place: String| ["approvers", "approver"].map(|key| format!("{place}.{key}"));
        let places = [own(format!("documents.{}", ids[0])), own("document_defaults".to_owned())].concat();
        let path = places.iter().find(|path| profile.stands_at(path).is_some()).unwrap_or(&places[3]).clone();
        sink.push(profile.locate(problem.help(help).help(codes::NO_AUTHORITY.fix), &path));
    }
}

/// Whoever wrote a document does not approve it, unless the profile accepts that: then what its history says of it.
pub(super) fn self_approval(
    session: &Session,
    workspace: &Workspace,
    who: &Who,
    control: &Control,
    sink: &mut Sink,
) -> Option<String> {
    let profile = &workspace.profile;
    if control.author.key.is_empty() || !who.is_author(&control.author.key, &profile.value) {
        return None;
    }
    let path = format!("documents.{}", control.id);
    let message = format!("whoever approves `{}` wrote it: the author is `{}`", control.id, control.author.key);
    let waiver = session.accepted(workspace, SELF_APPROVAL, Some(&path));
    let reason = waiver.map(|waiver| waiver["reason"].as_str().unwrap_or_default());
    let severity = if waiver.is_some() { Severity::Note } else { Severity::Error };
    let problem = Diagnostic::new(Id::Check(SELF_APPROVAL.into()), severity, message);
    let help = match reason {
        Some(reason) => format!("accepted: {reason}"),
        None => format!(
            "let somebody else approve, or name another author in `{path}.author`; where the firm has no second person, accept \
             `{SELF_APPROVAL}` in `accepted` of the profile with the reason, which is printed"
        ),
    };
    sink.push(problem.help(help).path(path));
    reason.map(|reason| workspace.pack.strings.self_approved(reason))
}

/// A version is new, and higher than all before it.
pub(super) fn version(workspace: &Workspace, id: &str, number: &str, sink: &mut Sink) {
    let error = |message: String| Diagnostic::new(&codes::ISSUE_VERSION, Severity::Error, message);
    let path = format!("documents.{id}.version");
    let at = |problem: Diagnostic| match workspace.profile.stands_at(&path) {
        Some(_) => workspace.profile.locate(problem, &path),
        None => problem,
    };
    if let Some(problem) = form(number) {
        sink.push(at(error(problem)));
        return;
    }
    let folder = history::folder(id, number);
    let highest = workspace
        .history
        .versions(id)
        .map(|known| known.issued.version.as_str())
        .max_by_key(|known| version::parts(known));
    let is_there = workspace.files.list(&folder).is_ok_and(|files| !files.is_empty());
    match highest.filter(|highest| place(number) <= place(highest)) {
        Some(highest) => {
            let message = format!("version {number} of `{id}` would come after {highest}");
            sink.push(at(error(message).help(codes::ISSUE_VERSION.fix)));
        }
        None if is_there => {
            let message = format!("`{folder}` is there already, and the history does not know it");
            let help = format!(
                "restore `{}` from version control, for its last lines may have been cut off; `folio verify` says more",
                history::FILE
            );
            sink.push(error(message).at(Span::file(folder)).help(help));
        }
        None => {}
    }
}

/// The most numbers of a version, and the most digits of each.
const MOST_PARTS: usize = 4;
const MOST_DIGITS: usize = 9;

/// What keeps a text from being the version of something that was issued.
fn form(number: &str) -> Option<String> {
    let is_number =
        |part: &str| (1..=MOST_DIGITS).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !number.split('.').all(is_number) || number.split('.').count() > MOST_PARTS {
        return Some(format!("`{number}` is no version: a version is numbers with dots between them, such as 3.2"));
    }
    version::parts(number)
        .first()
        .is_none_or(|major| *major == 0)
        .then(|| format!("`{number}` is no version of what was issued: such versions begin with 1 or more"))
}

/// The place of a version among others: 2, 2.0 and 2.0.0 are one.
fn place(number: &str) -> Vec<u32> {
    let mut parts = version::parts(number);
    while parts.last() == Some(&0) {
        parts.pop();
    }
    parts
}

/// Samples, proposals and facts that nobody recorded have no place in what is in force.
pub(super) fn open(workspace: &Workspace, documents: &[&Document], day: Date, sink: &mut Sink) {
    let samples: Vec<&str> = documents.iter().filter(|it| it.control.sample).map(|it| it.control.id.as_str()).collect();
    if !samples.is_empty() {
        let left: Vec<&str> = workspace
            .samples
            .iter()
            .filter(|sample| sample.left != Left::Nothing)
            .map(|sample| sample.path.as_str())
            .collect();
        let message = format!("{} print values of the starter, which stand at: {}", counted(&samples), named(&left));
        sink.push(Diagnostic::new(&codes::SAMPLES_LEFT, Severity::Error, message).help(codes::SAMPLES_LEFT.fix));
    }
    let all: Vec<Document> = documents.iter().map(|document| (*document).clone()).collect();
    let open = decisions::open(workspace.profile.proposals(), &all, &workspace.pack.strings);
    if !open.is_empty() {
        let paths: Vec<&str> = open.iter().map(|open| open.proposal.path.as_str()).collect();
        let message = match paths.len() {
            1 => format!("1 figure that documents print is the pack's proposal and not decided: {}", paths[0]),
            count => format!(
                "{count} figures that documents print are the pack's proposals and not decided: {}",
                named(&paths)
            ),
        };
        let problem = Diagnostic::new(&codes::UNDECIDED, Severity::Error, message).help(codes::UNDECIDED.fix);
        sink.push(Diagnostic { count: paths.len(), ..problem });
    }
    let mut left = 0;
    for document in documents {
        let is_promised = |due: Option<Date>| due.is_some_and(|due| due > day);
        let gaps = unrecorded::gaps(document, workspace);
        let is_needed = |gap: &&unrecorded::Gap| !is_promised(gap.due) && unrecorded::is_basic(workspace, &gap.key);
        left += gaps.iter().filter(|gap| !is_needed(gap)).count();
        let gaps: Vec<String> =
            gaps.iter().filter(is_needed).map(|gap| unrecorded::in_words(gap, &workspace.pack.strings)).collect();
        if !gaps.is_empty() {
            let shown: Vec<&str> = gaps.iter().map(String::as_str).collect();
            let message = format!("`{}` asks for what nobody recorded: {}", document.control.id, named(&shown));
            let problem = Diagnostic::new(&codes::UNRECORDED, Severity::Error, message).help(codes::UNRECORDED.fix);
            sink.push(Diagnostic { count: gaps.len(), ..problem });
        }
    }
    if left > 0 {
        let message = format!("the documents say {left} times that something is not recorded");
        let problem = Diagnostic::new(&codes::UNRECORDED, Severity::Note, message);
        sink.push(problem.help("they are issued so; `folio check DIR --all` lists what it is"));
    }
}

/// Errors of checks stand against an issue: said once, below them.
pub(super) fn errors(sink: &mut Sink) {
    let is_error = |problem: &&Diagnostic| {
        problem.severity == Severity::Error && matches!(&problem.code, Id::Check(check) if check != SELF_APPROVAL)
    };
    let count: usize = sink.iter().filter(is_error).map(|problem| problem.count).sum();
    if count > 0 {
        let message = match count {
            1 => "1 error that nobody accepted stands against it".to_owned(),
            count => format!("{count} errors that nobody accepted stand against it"),
        };
        sink.push(Diagnostic::new(&codes::NEEDS_ERRORS, Severity::Error, message).help(codes::NEEDS_ERRORS.fix));
    }
}

fn counted(ids: &[&str]) -> String {
    match ids {
        [one] => format!("1 document, `{one}`, would"),
        ids => format!("{} documents would", ids.len()),
    }
}

fn named(names: &[&str]) -> String {
    let shown = names.iter().take(MOST_NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MOST_NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
