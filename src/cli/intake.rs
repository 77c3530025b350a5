//! `folio intake`: a list that somebody else made becomes a register.

mod answers;
mod options;
mod samples;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use inquire::{InquireError, Select};
use serde_json::{Value as Json, json};

use super::args::Intake;
use super::done::{Done, broken};
use super::report;
use super::settings::Settings;
use crate::commit::Commit;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::files::{Changed, Disk, Files};
use crate::intake::{
    self, Answer, Client, Degree, Incoming, Outline, Proposal, Question, Target, Wishes, Written, cut,
};
use crate::workspace::{self, SETTINGS, profile};

/// The most places of one fault that are shown.
const PLACES: usize = 3;

/// The most names of a list that are shown.
const NAMES: usize = 12;

/// The most questions of a sheet that are listed.
const ASKED: usize = 20;

/// How wide lines are that are filled with several things.
const WIDE: usize = 100;

/// The most questions of one run; more are answers that lead nowhere.
const QUESTIONS: usize = 500;

pub(super) fn intake(options: &Intake, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    match taken_in(options, settings, &mut sink) {
        Some(done) => Done { diagnostics: sink.into_vec(), ..done },
        None => broken(sink),
    }
}

/// What one run has in hand.
struct Run<'a> {
    client: Client<'a>,
    /// Whether what is open is written as a draft, and nobody is asked.
    is_drafted: bool,
}

fn taken_in(options: &Intake, settings: &Settings, sink: &mut Sink) -> Option<Done> {
    let root = settings.path(&options.dir);
    // Held before anything is read, so that what is written was made from what is there.
    let mut held = None;
    if options.write && root.join(SETTINGS).is_file() {
        held = Some(settings.hold("intake", &root, sink)?);
    }
    let _reading = if held.is_none() { Some(settings.reading(&root, sink)?) } else { None };
    let known = workspace::known(&root, &settings.shelf, sink)?;
    let Some(pack) = known.pack.clone() else {
        sink.push(Diagnostic::fault(&codes::INTAKE, "the pack of this workspace is not at hand"));
        return None;
    };
    let disk: Arc<dyn Files> = Arc::new(Disk::new(&root, ""));
    let mut lists: Vec<(String, Vec<u8>)> = Vec::new();
    for path in &options.files {
        match Disk::file(&settings.path(path)) {
            Ok(bytes) => {
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                lists.push((name, bytes));
            }
            Err(error) => sink.push(Diagnostic::fault(&codes::FILE_UNREADABLE, error.to_string())),
        }
    }
    let (_, filled) =
        profile::written(&*disk, &known.settings.profile, &pack.schema, &mut Sink::new()).or_else(|| {
            sink.push(Diagnostic::fault(&codes::INTAKE, format!("`{}` cannot be read", known.settings.profile)));
            None
        })?;
    let filled = filled.to_json();
    let catalogues = pack.catalogues();
    let none = Incoming::default();
    let mut run = Run {
        client: Client { schema: &pack.schema, profile: &filled, catalogues: &catalogues, incoming: &none },
        is_drafted: options.answers.as_ref().is_some_and(|path| !settings.path(path).exists()),
    };
    let outlines: Vec<(String, Vec<Outline>)> =
        lists.iter().map(|(name, bytes)| (name.clone(), intake::outlines(name, bytes).unwrap_or_default())).collect();
    let names: BTreeSet<String> =
        outlines.iter().flat_map(|(_, outlines)| outlines).flat_map(|outline| outline.names.clone()).collect();
    let answers = options.answers.as_ref().map(|path| settings.path(path));
    let from_file = match &answers {
        Some(path) if path.exists() => answers::read(path, &outlines, sink)?,
        Some(_) if options.write => {
            let message = "the file of `--answers` is not there";
            let problem = Diagnostic::fault(&codes::USAGE, message);
            sink.push(problem.help("without `--write` it is written as a draft"));
            return None;
        }
        _ => Vec::new(),
    };
    let mut wishes = options::wishes(options, from_file, &names, sink)?;
    // Rows of one list may be named in another, and samples whose place a list takes in none.
    let incoming = incoming(&lists, &run.client, &wishes);
    let replaced = known.settings.samples.iter().map(|(path, _)| path).filter(|path| incoming.has(path));
    let mut own = filled.clone();
    replaced.for_each(|path| without(&mut own, path));
    run.client = Client { profile: &own, incoming: &incoming, ..run.client };
    let mut proposals: Vec<(&str, &[u8], Proposal)> = Vec::new();
    for (name, bytes) in &lists {
        if let Some(proposal) = run.proposal(name, bytes, &mut wishes, settings, sink) {
            proposals.push((name, bytes, proposal));
        }
    }
    let all: Vec<Proposal> = proposals.iter().map(|(.., proposal)| proposal.clone()).collect();
    if all.len() == options.files.len() {
        options::check(&wishes, &all, &pack.schema, sink);
    }
    if sink.iter().any(|problem| problem.code == codes::USAGE.id) {
        return None;
    }
    let draft = answers.filter(|path| !path.exists());
    if let Some(path) = &draft {
        let drafted: Vec<(&str, &Proposal)> = proposals.iter().map(|(name, _, proposal)| (*name, proposal)).collect();
        answers::write(path, &drafted, settings, sink)?;
    }
    let mut changes: BTreeMap<String, Option<Vec<u8>>> = BTreeMap::new();
    let mut lists: Vec<(&str, Proposal, Written, Vec<String>)> = Vec::new();
    for (name, bytes, proposal) in proposals {
        let people: BTreeSet<String> = match options.add_people {
            true => proposal.taken.iter().flat_map(|taken| taken.people.iter().cloned()).collect(),
            false => BTreeSet::new(),
        };
        // Whom another list of the call named is recorded already.
        let known_people = lists.iter().flat_map(|(.., people)| people);
        let known_people: BTreeSet<String> = known_people.cloned().collect();
        let people: Vec<String> = people.difference(&known_people).cloned().collect();
        let files = Changed::new(disk.clone(), changes.clone());
        let (_, filled) = profile::written(&files, &known.settings.profile, &pack.schema, &mut Sink::new())?;
        let filled = filled.to_json();
        let target = Target { files: &files, settings: SETTINGS, profile: &known.settings.profile, filled: &filled };
        let written = intake::write((name, bytes), &proposal, wishes.leaves_rest, &people, &target, sink)?;
        changes.extend(written.files.iter().map(|(path, bytes)| (path.clone(), Some(bytes.clone()))));
        lists.push((name, proposal, written, people));
    }
    let is_new = |written: &&Written| !written.is_there && !written.sources.is_empty();
    let files: BTreeSet<String> =
        lists.iter().map(|(_, _, written, _)| written).filter(is_new).map(|written| written.file.clone()).collect();
    let replaced: BTreeSet<String> = lists.iter().flat_map(|(_, _, written, _)| written.replaced.clone()).collect();
    let mut faults = samples::settled(&disk, &known, &pack, (&files, &replaced), &mut changes, sink)?;
    let (mut text, mut reports, mut asked) = (String::new(), Vec::new(), Asked::default());
    let is_unclear =
        |proposal: &Proposal| proposal.is_nothing() || proposal.open.iter().any(|question| !question.is_optional);
    let is_open = lists.iter().any(|(_, proposal, ..)| is_unclear(proposal));
    for (name, proposal, written, people) in &lists {
        let own = faults.own.remove(&written.file).unwrap_or_default();
        text.push_str(&shown(name, proposal, written, &own, people, settings.all));
        asked.add(name, proposal, sink);
        // While it is not certain what columns are, nobody knows which cells are wrong; also those that name rows of others.
        if !options.with_faults && !is_open {
            faults_reported(&own, written, options.write, sink);
        }
        reports.push(object(name, proposal, written, &own, people));
    }
    for note in &faults.notes {
        let _ = writeln!(text, "{note}");
    }
    if !is_open {
        loose_reported(&faults.loose, sink);
        if !options.with_faults {
            others_reported(&faults.others, options.write, sink);
        }
    }
    match &options.answers {
        Some(path) if draft.is_some() => {
            let is = if options.dry_run { "would be" } else { "is" };
            let _ = writeln!(text, "\nThe draft {is} {}: {} to be looked at.", path.display(), asked.told());
        }
        _ => asked.report(options, sink),
    }
    let can_write = draft.is_none() && !is_open && !sink.has_faults();
    let mut is_written = false;
    if let Some(held) = held.as_mut().filter(|_| can_write && !changes.is_empty()) {
        let disk = Disk::new(&root, "");
        let mut commit = Commit::new();
        for (path, bytes) in &changes {
            if let Some(bytes) = bytes {
                let seen = disk.digest(path).ok();
                commit.write_over(path.clone(), bytes.clone(), seen);
            }
        }
        held.apply(&commit).map_err(|problem| sink.push(problem)).ok()?;
        is_written = true;
    }
    let _ = match (is_written, changes.is_empty(), options.write) {
        (true, ..) => writeln!(text, "\nWritten: {}", changes.keys().cloned().collect::<Vec<_>>().join(", ")),
        (false, true, _) => writeln!(text, "\nNothing is to be written."),
        (false, false, true) => writeln!(text, "\nNothing was written."),
        (false, false, false) => writeln!(text, "\nNothing was written: `--write` does it."),
    };
    let json = json!({
        "schema": 1,
        "files": reports,
        "written": is_written,
        "diagnostics": sink.iter().map(report::diagnostic).collect::<Vec<_>>(),
    });
    Some(Done { text, json: Some(json), ..Done::default() })
}

impl Run<'_> {
    /// What a file holds; on a terminal what is not certain is asked.
    fn proposal(
        &self,
        name: &str,
        bytes: &[u8],
        wishes: &mut Wishes,
        settings: &Settings,
        sink: &mut Sink,
    ) -> Option<Proposal> {
        let can_ask = !self.is_drafted && settings.interactive && std::io::IsTerminal::is_terminal(&std::io::stdin());
        for _ in 0..QUESTIONS {
            let proposal = match intake::propose(name, bytes, &self.client, wishes) {
                Ok(proposal) => proposal,
                Err(why) => {
                    sink.push(Diagnostic::fault(&codes::INTAKE, format!("`{}` {why}", cut(name))));
                    return None;
                }
            };
            let question = proposal.open.iter().find(|question| can_ask && !question.choices.is_empty());
            let Some(question) = question else { return Some(proposal) };
            match ask(question) {
                Ok(answer) => wishes.answers.push(answer),
                Err(InquireError::OperationCanceled | InquireError::OperationInterrupted) => {
                    sink.push(Diagnostic::fault(&codes::USAGE, "nothing was written: the questions were broken off"));
                    return None;
                }
                Err(_) => return Some(proposal),
            }
        }
        None
    }
}

/// The rows of all lists of a call.
fn incoming(lists: &[(String, Vec<u8>)], client: &Client<'_>, wishes: &Wishes) -> Incoming {
    let mut incoming = Incoming::default();
    for (name, bytes) in lists {
        // What cannot be read is said when its turn comes.
        incoming.add(intake::propose(name, bytes, client, wishes).unwrap_or_default().incoming());
    }
    incoming
}

/// Takes what stands at a dotted path out.
fn without(profile: &mut Json, path: &str) {
    let at = path.split('.').try_fold(profile, |value, key| value.get_mut(key));
    if let Some(value) = at {
        *value = Json::Null;
    }
}

/// What is not certain of all lists of a call: one error, with one line that answers it all.
#[derive(Default)]
struct Asked {
    /// By list and sheet, what is asked.
    sheets: Vec<(String, Vec<String>)>,
    options: Vec<String>,
    has_people: bool,
    count: usize,
}

impl Asked {
    /// Takes down what is not certain of a list.
    fn add(&mut self, name: &str, proposal: &Proposal, sink: &mut Sink) {
        let open: Vec<&Question> = proposal.open.iter().filter(|question| !question.is_optional).collect();
        for question in &open {
            let sheet = question.sheet.as_ref().map(|sheet| format!(" · {}", cut(sheet))).unwrap_or_default();
            let place = format!("{}{sheet}", cut(name));
            let text = match question.choices.first() {
                Some((_, Answer::Column(_, heading, key))) if question.is_likely => {
                    format!("'{}' is likely `{}`", cut(heading), key.as_deref().unwrap_or("~"))
                }
                Some((_, Answer::Column(_, heading, _))) => format!("'{}' is unknown", cut(heading)),
                _ => sentence(question),
            };
            match self.sheets.iter_mut().find(|(known, _)| *known == place) {
                Some((_, texts)) => texts.push(text),
                None => self.sheets.push((place, vec![text])),
            }
            if !self.options.contains(&question.option) {
                self.options.push(question.option.clone());
            }
        }
        self.count += open.len();
        self.has_people |= proposal.taken.iter().any(|taken| !taken.people.is_empty());
        if proposal.is_nothing() {
            let message = format!("{}: no sheet fills a register", cut(name));
            sink.push(
                Diagnostic::fault(&codes::INTAKE, message)
                    .help("say which: --into REGISTER, or --into 'SHEET'=REGISTER"),
            );
        }
    }

    /// How many answers are open, in words.
    fn told(&self) -> String {
        if self.count == 1 { "one line is".to_owned() } else { format!("{} lines are", self.count) }
    }

    fn report(&self, options: &Intake, sink: &mut Sink) {
        if self.count == 0 {
            return;
        }
        let what = if self.count == 1 { "one answer is" } else { &format!("{} answers are", self.count) };
        let mut problem = Diagnostic::fault(&codes::INTAKE, format!("{what} needed before this can be written"));
        for (place, texts) in &self.sheets {
            let more = texts.len().saturating_sub(ASKED);
            let more = if more > 0 { format!("; and {more} more") } else { String::new() };
            let texts: Vec<&str> = texts.iter().take(ASKED).map(String::as_str).collect();
            problem = problem.help(format!("{place}: {}{more}", texts.join("; ")));
        }
        let own = given(options).into_iter().chain(self.options.iter().cloned());
        let people = (self.has_people && !options.add_people).then(|| "--add-people".to_owned());
        let line: Vec<String> = own.chain(people).collect();
        sink.push(problem.help(format!("correct this line and run it; `=~` leaves out: {}", line.join(" "))));
    }
}

/// A question that is none about a column, with the answers that there are.
fn sentence(question: &Question) -> String {
    let answers = question.choices.iter().filter_map(|(_, answer)| match answer {
        Answer::Value(_, _, Json::Null) => None,
        Answer::Value(_, _, Json::String(value)) => Some(value.clone()),
        Answer::Value(_, _, value) => Some(value.to_string()),
        Answer::Into(_, register) => register.clone(),
        _ => None,
    });
    let answers: Vec<String> = answers.take(NAMES).collect();
    match answers.is_empty() {
        true => question.text.clone(),
        false => format!("{} ({})", question.text, answers.join(", ")),
    }
}

/// The call as it was given.
fn given(options: &Intake) -> Vec<String> {
    let mut line = vec!["folio intake".to_owned(), intake::word(&options.dir.to_string_lossy())];
    line.extend(options.files.iter().map(|file| intake::word(&file.to_string_lossy())));
    let several = [
        ("--into", &options.into),
        ("--header", &options.header),
        ("--column", &options.column),
        ("--value", &options.value),
    ];
    for (name, texts) in several {
        line.extend(texts.iter().map(|text| format!("{name} {}", intake::quoted(text))));
    }
    line.extend(options.answers.iter().map(|path| format!("--answers {}", intake::word(&path.to_string_lossy()))));
    line.extend(options.dates.iter().map(|text| format!("--dates {}", intake::quoted(text))));
    let flags = [
        ("--rest leave-out", options.rest.is_some()),
        ("--missing leave-out", options.missing.is_some()),
        ("--take-likely", options.take_likely),
        ("--add-people", options.add_people),
        ("--write", options.write),
        ("--with-faults", options.with_faults),
    ];
    line.extend(flags.iter().filter(|(_, is_given)| *is_given).map(|(name, _)| (*name).to_owned()));
    line
}

fn ask(question: &Question) -> Result<Answer, InquireError> {
    let labels: Vec<String> = question.choices.iter().map(|(label, _)| label.clone()).collect();
    let mut prompt = Select::new(&question.text, labels);
    if !question.hint.is_empty() {
        prompt = prompt.with_help_message(&question.hint);
    }
    let chosen = prompt.raw_prompt()?.index;
    question.choices.get(chosen).map(|(_, answer)| answer.clone()).ok_or(InquireError::OperationCanceled)
}

/// What is proposed, for people.
fn shown(
    name: &str,
    proposal: &Proposal,
    written: &Written,
    faults: &[Diagnostic],
    people: &[String],
    shows_all: bool,
) -> String {
    let mut text = String::new();
    for taken in &proposal.taken {
        let sheet = taken.sheet.as_ref().map(|sheet| format!(" · {}", cut(sheet))).unwrap_or_default();
        let _ = writeln!(
            text,
            "{}{sheet}: {} {} for `{}` ({}), headings in row {}",
            cut(name),
            taken.rows,
            if taken.rows == 1 { "row" } else { "rows" },
            taken.register,
            taken.title,
            taken.header
        );
        text.push_str(&columns(&taken.columns, shows_all));
        if !taken.nameless.is_empty() {
            let _ = writeln!(text, "has no heading, and is not read: column {}", taken.nameless.join(", "));
        }
        for (row, note) in taken.notes.iter().take(PLACES) {
            let _ = writeln!(text, "no row of the table: row {row}: {note}");
        }
        if taken.notes.len() > PLACES {
            let _ = writeln!(text, "no rows of the table: {} more", taken.notes.len() - PLACES);
        }
        if let Some(key) = &taken.key {
            let what = match key.contains("{n}") {
                true => {
                    "rows are numbered in their order: a row put between others moves the numbers of those below it"
                }
                false => "each row is called by that column",
            };
            let _ = writeln!(text, "no column has the key: {key}, {what}");
        }
        for missing in &taken.missing {
            // People are listed once, below.
            let others: Vec<_> = missing.names.iter().filter(|(name, _)| !taken.people.contains(name)).collect();
            if others.is_empty() {
                continue;
            }
            let names = others.iter().take(NAMES).map(|(name, count)| format!("'{}' ({count})", cut(name)));
            let more = others.len().saturating_sub(NAMES);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let _ = writeln!(
                text,
                "`{}` names what is not in {}: {}{more}",
                missing.key,
                missing.registers.join(" or "),
                names.collect::<Vec<_>>().join(", ")
            );
        }
    }
    let unrecorded: BTreeSet<&String> = proposal.taken.iter().flat_map(|taken| &taken.people).collect();
    if !unrecorded.is_empty() && people.is_empty() {
        let names: Vec<String> = unrecorded.into_iter().cloned().collect();
        match shows_all {
            true => {
                let _ = writeln!(text, "people who are not recorded; `--add-people` puts them under `people:`");
                for (id, name) in intake::with_ids(&names, &mut Vec::new()) {
                    let name = crate::edit::yaml::flow(&Json::from(name.as_str()));
                    let _ = writeln!(text, "  - {{id: {id}, name: {name}}}");
                }
            }
            false => {
                let first = names.iter().take(NAMES).map(|name| cut(name)).collect::<Vec<_>>().join(", ");
                let more = names.len().saturating_sub(NAMES);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                let _ = writeln!(text, "people who are not recorded; `--add-people` does it: {first}{more}");
            }
        }
    }
    for left in &proposal.left {
        let sheet = left.sheet.as_ref().map(|sheet| format!(" · {}", cut(sheet))).unwrap_or_default();
        let _ = writeln!(text, "{}{sheet}: not taken: {}", cut(name), left.why);
    }
    if !people.is_empty() {
        let _ =
            writeln!(text, "added to `people`: {}", people.iter().map(|name| cut(name)).collect::<Vec<_>>().join(", "));
    }
    for note in &written.notes {
        let _ = writeln!(text, "{note}");
    }
    let is_open = proposal.open.iter().any(|question| !question.is_optional);
    if !written.is_there && !written.sources.is_empty() && (shows_all || !is_open) {
        text.push_str("profile.yaml:\n");
        for (register, source) in &written.sources {
            for line in intake::lines(register, source).lines() {
                let _ = writeln!(text, "  {line}");
            }
        }
    }
    let cells: usize = faults.iter().map(|problem| problem.count.max(1)).sum();
    if cells > 0 && !is_open {
        let _ = writeln!(text, "{cells} {} to be mended in it", if cells == 1 { "cell has" } else { "cells have" });
    }
    text
}

/// The columns of a sheet: what is certain on lines that are filled, all else one a line. All of them one a line, when it
/// is wanted.
fn columns(columns: &[intake::Column], shows_all: bool) -> String {
    let mut text = String::new();
    let is_short = |column: &&intake::Column| !shows_all && column.degree == Degree::Certain;
    let certain = columns.iter().filter(is_short).filter_map(|column| {
        let key = column.key.as_ref()?;
        let sample = column.samples.first().map(|sample| format!(" ({})", cut(sample))).unwrap_or_default();
        Some(format!("'{}' {key}{sample}", cut(&column.heading)))
    });
    let mut line = String::new();
    for item in certain {
        if !line.is_empty() && line.chars().count() + item.chars().count() > WIDE {
            let _ = writeln!(text, "  {line}");
            line.clear();
        }
        line = if line.is_empty() { item } else { format!("{line} · {item}") };
    }
    if !line.is_empty() {
        let _ = writeln!(text, "  {line}");
    }
    let rows: Vec<[String; 4]> = columns.iter().filter(|column| !is_short(column)).map(row).collect();
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or_default();
    let widths = [width(0), width(1), width(2)];
    let pad = |text: &str, width: usize| format!("{text}{}", " ".repeat(width.saturating_sub(text.chars().count())));
    for [heading, key, sure, samples] in &rows {
        let line = [pad(heading, widths[0]), pad(key, widths[1]), pad(sure, widths[2]), samples.clone()].join("  ");
        let _ = writeln!(text, "  {}", line.trim_end());
    }
    let left: Vec<String> = columns
        .iter()
        .filter(is_short)
        .filter(|column| column.key.is_none())
        .map(|column| format!("'{}'", cut(&column.heading)))
        .collect();
    if !left.is_empty() {
        let _ = writeln!(text, "  left out: {}", left.join(", "));
    }
    text
}

fn row(column: &intake::Column) -> [String; 4] {
    let samples: Vec<String> = column.samples.iter().map(|sample| cut(sample)).collect();
    let degree = if column.is_left_out { "left out" } else { column.degree.name() };
    let sure = match column.why.is_empty() || column.why == degree {
        true => degree.to_owned(),
        false => format!("{degree}: {}", column.why),
    };
    let key = column.key.clone().unwrap_or_else(|| "~".to_owned());
    [format!("'{}'", cut(&column.heading)), key, sure, samples.join(" | ")]
}

/// Says what names samples that are gone.
fn loose_reported(loose: &[Diagnostic], sink: &mut Sink) {
    let Some(first) = loose.first() else { return };
    let count: usize = loose.iter().map(|fault| fault.count.max(1)).sum();
    let all: Vec<&Diagnostic> = loose.iter().collect();
    let what =
        if count == 1 { "one place of the profile names" } else { &format!("{count} places of the profile name") };
    let message = format!("{what} rows of samples that go: {}", samples::names(&all));
    let mut problem = Diagnostic::new(&codes::INTAKE, Severity::Warning, message);
    problem.span.clone_from(&first.span);
    let places = loose.iter().skip(1).filter_map(|fault| fault.span.as_ref()).take(PLACES).map(ToString::to_string);
    let places: Vec<String> = places.collect();
    if !places.is_empty() {
        problem = problem.help(format!("also {}", places.join(", ")));
    }
    sink.push(
        problem
            .help("no fault of the lists: replace these samples too; `folio check` lists them when the lists are in"),
    );
}

/// Says what would be wrong elsewhere than in the lists.
fn others_reported(others: &[Diagnostic], writes: bool, sink: &mut Sink) {
    let severity = if writes { Severity::Fault } else { Severity::Warning };
    for fault in others.iter().take(NAMES) {
        sink.push(Diagnostic { severity, ..fault.clone() });
    }
    if !others.is_empty() {
        let count: usize = others.iter().map(|fault| fault.count.max(1)).sum();
        let what =
            if count == 1 { "one value of the profile does" } else { &format!("{count} values of the profile do") };
        let message = format!("{what} not fit the lists; no cell of theirs is wrong for it");
        let severity = if writes { Severity::Fault } else { Severity::Note };
        let problem = Diagnostic::new(&codes::INTAKE, severity, message);
        sink.push(
            problem
                .help("mend the profile first; or `--with-faults` writes all the same, and `folio check` lists them"),
        );
    }
}

/// Says what would be wrong in the profile: many of one kind are one entry.
fn faults_reported(faults: &[Diagnostic], written: &Written, writes: bool, sink: &mut Sink) {
    let mut kinds: Vec<(String, Vec<&Diagnostic>)> = Vec::new();
    for fault in faults {
        let kind = fault.path.clone().unwrap_or_else(|| kind_of(&fault.message));
        let kind = format!("{} {kind}", fault.code);
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, of)) => of.push(fault),
            None => kinds.push((kind, vec![fault])),
        }
    }
    for (_, of) in kinds {
        let Some(first) = of.first() else { continue };
        let count: usize = of.iter().map(|fault| fault.count.max(1)).sum();
        let severity = if writes { Severity::Fault } else { Severity::Warning };
        let mut problem = Diagnostic { severity, ..(*first).clone() };
        if count > 1 {
            let places =
                of.iter().skip(1).take(PLACES).filter_map(|fault| fault.span.as_ref()).map(ToString::to_string);
            let places: Vec<String> = places.collect();
            problem = problem.help(format!("{count} such cells; also {}", places.join(", ")));
        }
        sink.push(problem);
    }
    if !faults.is_empty() {
        let message = format!("{} has cells that do not fit", written.file);
        let severity = if writes { Severity::Fault } else { Severity::Note };
        let problem = Diagnostic::new(&codes::INTAKE, severity, message);
        sink.push(problem.help("mend the cells and take the file in again; or `--value` says what a value stands for, `--missing leave-out` reads names that nobody recorded as empty cells, `--column 'HEADING'=~` leaves a column out, `--with-faults` writes it as it is and `folio check` lists them"));
    }
}

/// A message without what it quotes of one cell.
fn kind_of(message: &str) -> String {
    message.split('`').enumerate().filter(|(at, _)| at % 2 == 0).map(|(_, part)| part).collect()
}

fn object(name: &str, proposal: &Proposal, written: &Written, faults: &[Diagnostic], people: &[String]) -> Json {
    let column = |column: &intake::Column| {
        json!({
            "heading": column.heading,
            "key": column.key,
            "degree": column.degree.name(),
            "why": column.why,
            "left_out": column.is_left_out,
            "samples": column.samples.iter().map(|sample| cut(sample)).collect::<Vec<_>>(),
            "others": column.others,
        })
    };
    let taken = proposal.taken.iter().zip(&written.sources).map(|(taken, (_, source))| {
        json!({
            "sheet": taken.sheet,
            "register": taken.register,
            "header": taken.header,
            "rows": taken.rows,
            "columns": taken.columns.iter().map(column).collect::<Vec<_>>(),
            "no_heading": taken.nameless,
            "notes": taken.notes.iter().map(|(row, text)| json!({"row": row, "text": text})).collect::<Vec<_>>(),
            "lacks": taken.lacks,
            "missing": taken.missing.iter().map(|missing| json!({
                "key": missing.key,
                "registers": missing.registers,
                "names": missing.names.iter().map(|(name, count)| json!({"name": name, "count": count})).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "people": taken.people,
            "source": source,
        })
    });
    json!({
        "file": name,
        "place": written.file,
        "sheets": taken.collect::<Vec<_>>(),
        "left": proposal.left.iter().map(|left| json!({"sheet": left.sheet, "why": left.why})).collect::<Vec<_>>(),
        "open": proposal.open.iter().map(|question| json!({
            "sheet": question.sheet,
            "question": question.text,
            "hint": question.hint,
            "line": question.line,
            "likely": question.is_likely,
            "optional": question.is_optional,
            "choices": question.choices.iter().map(|(label, _)| label).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "added_people": people,
        "notes": written.notes,
        "faults": faults.iter().map(report::diagnostic).collect::<Vec<_>>(),
    })
}
