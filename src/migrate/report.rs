//! What a move did: for the people who decide what it left open.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::rows::Difference;
use crate::files::Files;
use crate::pack::Pack;

/// What a move does, or did.
#[derive(Debug)]
pub struct Report {
    /// The pack that is left: id and version.
    pub from: String,
    /// The pack that is moved to.
    pub to: String,
    /// Rows called by ids, as they are now.
    pub decisions: Vec<Decision>,
    /// Ids that no id of the old pack leads to, and those that nobody had decided on before.
    pub open: Vec<Open>,
    /// Values that moved or changed with a new version of the pack.
    pub steps: Vec<Step>,
    /// What was taken for granted before and is not recorded.
    pub assumed: Vec<Assumed>,
    /// What only a reader can judge.
    pub judgement: Vec<Note>,
    /// What has no counterpart, kept under `unmapped`.
    pub unmapped: Vec<Unmapped>,
    /// Overrides that were put aside.
    pub moved: Vec<Moved>,
    /// References, by where they stand: how many there are, and how many changed.
    pub references: BTreeMap<String, (usize, usize)>,
    /// The files that change, each with what happens to it.
    pub files: Vec<(String, String)>,
}

/// A row that is called by an id.
#[derive(Debug)]
pub struct Decision {
    /// The register.
    pub register: String,
    /// The id.
    pub id: String,
    /// The id's title.
    pub title: String,
    /// The ids of the rows that it was made of.
    pub from: Vec<String>,
    /// Those of them that became other rows too.
    pub split: Vec<String>,
    /// What they did not agree on.
    pub differences: Vec<Difference>,
}

/// An id on which somebody has to decide.
#[derive(Debug)]
pub struct Open {
    /// The catalogue.
    pub catalogue: String,
    /// The id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Whether the old pack had nothing like it.
    pub is_new: bool,
    /// Whether a register wants a row for it.
    pub is_decision: bool,
}

/// A value that moved or changed.
#[derive(Debug)]
pub struct Step {
    /// Where it stood.
    pub from: String,
    /// Where it stands.
    pub to: String,
    /// What happened to it, in a word or two.
    pub how: &'static str,
    /// What it was; nothing for a whole column that stays as it is.
    pub old: Json,
    /// What it is.
    pub new: Json,
}

/// A default that the new version has no more: nobody said it, and documents said it nevertheless.
#[derive(Debug)]
pub struct Assumed {
    /// The profile path; of rows, the paths.
    pub at: String,
    /// What it is called.
    pub title: String,
    /// What was assumed.
    pub value: Json,
}

/// Something to judge.
#[derive(Debug)]
pub struct Note {
    /// The profile path or file.
    pub at: String,
    /// What is to be judged.
    pub text: String,
}

/// What has no counterpart.
#[derive(Debug)]
pub struct Unmapped {
    /// The profile path at which it stood.
    pub at: String,
    /// Why it has no place.
    pub reason: String,
    /// What stood there.
    pub value: Json,
}

/// An override that was put aside.
#[derive(Debug)]
pub struct Moved {
    /// Where it stood.
    pub path: String,
    /// Where it is kept.
    pub to: String,
    /// Why it has no place.
    pub reason: String,
}

impl Decision {
    /// What happened to it, in a word or two.
    pub fn how(&self) -> &'static str {
        match (self.from.len(), self.split.is_empty(), self.differences.is_empty()) {
            (1, true, _) => "carried",
            (1, false, _) => "split",
            (_, true, true) => "merged",
            (_, true, false) => "merged, differs",
            (_, false, true) => "merged and split",
            (_, false, false) => "merged and split, differs",
        }
    }
}

impl Report {
    pub(super) fn new(from: &Pack, to: &Pack) -> Report {
        Report::called(from.label(0), to.label(0))
    }

    pub(super) fn called(from: String, to: String) -> Report {
        Report {
            from,
            to,
            decisions: Vec::new(),
            open: Vec::new(),
            steps: Vec::new(),
            assumed: Vec::new(),
            judgement: Vec::new(),
            unmapped: Vec::new(),
            moved: Vec::new(),
            references: BTreeMap::new(),
            files: Vec::new(),
        }
    }

    pub(super) fn referred(&mut self, at: &str, is_changed: bool) {
        let (all, changed) = self.references.entry(at.to_owned()).or_default();
        *all += 1;
        *changed += usize::from(is_changed);
    }

    /// Takes down the files that change.
    pub(super) fn list(&mut self, files: &dyn Files, changes: &BTreeMap<String, Option<Vec<u8>>>) {
        for (path, bytes) in changes {
            let is_there = files.read(path).is_ok();
            let what = match (is_there, bytes) {
                (_, None) => "moved away",
                (true, Some(_)) => "rewritten",
                (false, Some(_)) => "made",
            };
            self.files.push((path.clone(), what.to_owned()));
        }
    }

    /// The report's title.
    pub fn title(&self) -> String {
        format!("Move from {} to {}", self.from, self.to)
    }

    /// The counts that matter, each in words.
    pub fn summary(&self) -> Vec<(&'static str, usize)> {
        let decisions = |wanted: fn(&Decision) -> bool| self.decisions.iter().filter(|row| wanted(row)).count();
        let open = |is_new: bool| self.open.iter().filter(|open| open.is_decision && open.is_new == is_new).count();
        vec![
            ("decisions as they are now", self.decisions.len()),
            ("of them carried from one", decisions(|row| row.from.len() == 1)),
            ("of them merged from several", decisions(|row| row.from.len() > 1)),
            ("of the merged with differences", decisions(|row| !row.differences.is_empty())),
            ("of them with one that was split", decisions(|row| !row.split.is_empty())),
            ("values that moved or got another form", self.steps.len()),
            ("facts that were assumed and that nobody said", self.assumed.len()),
            ("new, to be decided", open(true)),
            ("not decided before either", open(false)),
            ("matters that need judgement", self.judgement.len()),
            ("without counterpart, kept as unmapped", self.unmapped.len()),
            ("overrides put aside", self.moved.len()),
            ("references rewritten", self.references.values().map(|(_, changed)| changed).sum()),
        ]
    }

    /// The report for programs.
    pub fn to_json(&self) -> Json {
        let difference = |difference: &Difference| {
            let said: Vec<Json> = difference.said.iter().map(|(id, value)| json!({"id": id, "value": value})).collect();
            json!({"column": difference.column, "said": said, "kept": difference.kept, "how": difference.way.words()})
        };
        let decision = |row: &Decision| {
            json!({
                "register": row.register, "id": row.id, "title": row.title, "from": row.from, "split": row.split,
                "how": row.how(), "differences": row.differences.iter().map(difference).collect::<Vec<_>>(),
            })
        };
        let open = |open: &Open| {
            let Open { catalogue, id, title, is_new, is_decision } = open;
            json!({"catalogue": catalogue, "id": id, "title": title, "new": is_new, "decision": is_decision})
        };
        let note = |note: &Note| json!({"at": note.at, "text": note.text});
        let step =
            |step: &Step| json!({"from": step.from, "to": step.to, "how": step.how, "old": step.old, "new": step.new});
        let assumed = |row: &Assumed| json!({"at": row.at, "title": row.title, "value": row.value});
        let unmapped = |row: &Unmapped| json!({"at": row.at, "reason": row.reason, "value": row.value});
        let moved = |moved: &Moved| json!({"path": moved.path, "to": moved.to, "reason": moved.reason});
        let references =
            |(at, (all, changed)): (&String, &(usize, usize))| json!({"at": at, "all": all, "changed": changed});
        let file = |(path, what): &(String, String)| json!({"path": path, "action": what});
        json!({
            "from": self.from,
            "to": self.to,
            "decisions": self.decisions.iter().map(decision).collect::<Vec<_>>(),
            "open": self.open.iter().map(open).collect::<Vec<_>>(),
            "steps": self.steps.iter().map(step).collect::<Vec<_>>(),
            "assumed": self.assumed.iter().map(assumed).collect::<Vec<_>>(),
            "judgement": self.judgement.iter().map(note).collect::<Vec<_>>(),
            "unmapped": self.unmapped.iter().map(unmapped).collect::<Vec<_>>(),
            "overrides": self.moved.iter().map(moved).collect::<Vec<_>>(),
            "references": self.references.iter().map(references).collect::<Vec<_>>(),
            "files": self.files.iter().map(file).collect::<Vec<_>>(),
        })
    }

    /// The report as a CommonMark file.
    pub fn markdown(&self) -> String {
        let mut page = Page { text: format!("# {}\n", escaped(&self.title())), is_source: false };
        self.write(&mut page);
        page.text
    }

    /// The report in the Markdown of documents: headings with ids, tables with widths.
    pub fn source(&self) -> String {
        let mut page = Page { text: String::new(), is_source: true };
        self.write(&mut page);
        page.text
    }

    fn write(&self, page: &mut Page) {
        page.heading("summary", "Summary");
        let counts = self.summary().into_iter().filter(|(_, count)| *count > 0);
        page.table([80, 20], ["What", "How many"], counts.map(|(what, count)| [capital(what), count.to_string()]));
        self.assumed(page);
        self.open(page);
        self.judgement(page);
        self.differences(page);
        self.unmapped(page);
        self.decisions(page);
        self.steps(page);
        if !self.references.is_empty() {
            page.heading("references", "References");
            let rows =
                self.references.iter().map(|(at, (all, changed))| [at.clone(), all.to_string(), changed.to_string()]);
            page.table([60, 20, 20], ["Where", "Ids", "Rewritten"], rows);
        }
        page.heading("files", "Files");
        page.table(
            [60, 40],
            ["File", "What happens to it"],
            self.files.iter().map(|(path, what)| [path.clone(), what.clone()]),
        );
    }

    fn assumed(&self, page: &mut Page) {
        if self.assumed.is_empty() {
            return;
        }
        page.heading("assumed", "Was assumed, nobody said it");
        page.paragraph(
            "The old version took these for granted where nothing was recorded, and documents said so. They are not \
             recorded now: record what is true, also when it is what was assumed.",
        );
        let rows = self.assumed.iter().map(|row| [row.at.clone(), row.title.clone(), shown(&row.value)]);
        page.table([44, 36, 20], ["Where", "What", "Was assumed"], rows);
    }

    fn steps(&self, page: &mut Page) {
        if self.steps.is_empty() {
            return;
        }
        page.heading("steps", "What moved");
        let rows = self.steps.iter().map(|step| {
            let now = if step.from == step.to { "same place".to_owned() } else { step.to.clone() };
            let value = match &step.old {
                Json::Null => step.how.to_owned(),
                old if shown(old) == shown(&step.new) => format!("{}: {}", step.how, shown(old)),
                old => format!("{}: {} became {}", step.how, shown(old), shown(&step.new)),
            };
            [step.from.clone(), now, value]
        });
        page.table([34, 30, 36], ["Where it stood", "Where it stands", "What happened"], rows);
    }

    fn open(&self, page: &mut Page) {
        if self.open.is_empty() {
            return;
        }
        page.heading("open", "To be decided");
        page.paragraph(
            "Nothing of what was decided before leads to these. They have no row yet: no decision was invented.",
        );
        let rows = self.open.iter().map(|open| {
            let why = match (open.is_new, open.is_decision) {
                (true, true) => "new",
                (true, false) => "new; needs no row",
                (false, _) => "not decided before either",
            };
            [open.catalogue.clone(), open.id.clone(), open.title.clone(), why.to_owned()]
        });
        page.table([16, 14, 46, 24], ["Catalogue", "Id", "Title", "Why"], rows);
    }

    fn judgement(&self, page: &mut Page) {
        if self.judgement.is_empty() {
            return;
        }
        page.heading("judgement", "Needs judgement");
        page.paragraph("What stands here was left as it is, or changed in a way that somebody has to confirm.");
        page.table([40, 60], ["Where", "What"], self.judgement.iter().map(|note| [note.at.clone(), note.text.clone()]));
    }

    fn differences(&self, page: &mut Page) {
        if self.decisions.iter().all(|row| row.differences.is_empty()) {
            return;
        }
        page.heading("differences", "Merged with differences");
        page.paragraph("Where rows that became one did not agree, this was kept.");
        let rows = self.decisions.iter().flat_map(|row| {
            row.differences.iter().map(move |difference| {
                let said = difference
                    .said
                    .iter()
                    .map(|(id, value)| format!("{id}: {}", value.as_ref().map_or_else(|| "–".into(), shown)));
                [
                    format!("{} {}", row.id, row.title),
                    difference.title.clone(),
                    said.collect::<Vec<_>>().join("; "),
                    format!("{}: {}", shown(&difference.kept), difference.way.words()),
                ]
            })
        });
        page.table([24, 14, 38, 24], ["Decision", "Column", "What was said", "What is kept"], rows);
    }

    fn unmapped(&self, page: &mut Page) {
        if self.unmapped.is_empty() && self.moved.is_empty() {
            return;
        }
        page.heading("unmapped", "Unmapped");
        page.paragraph("What has no counterpart is kept under `unmapped` in the profile, and overrides in a folder of their own. No document prints it.");
        let rows = self.unmapped.iter().map(|row| [row.at.clone(), row.reason.clone(), row.value.to_string()]);
        let moved = self.moved.iter().map(|moved| [moved.path.clone(), moved.reason.clone(), moved.to.clone()]);
        page.table([26, 30, 44], ["Where it stood", "Why", "What it is, or where"], rows.chain(moved));
    }

    fn decisions(&self, page: &mut Page) {
        if self.decisions.is_empty() {
            return;
        }
        page.heading("decisions", "Decisions");
        let rows = self
            .decisions
            .iter()
            .map(|row| [row.id.clone(), row.title.clone(), row.from.join(", "), row.how().to_owned()]);
        page.table([14, 40, 28, 18], ["Now", "Title", "Made of", "How"], rows);
    }
}

/// A value in a sentence.
fn shown(value: &Json) -> String {
    match value {
        Json::Null => "–".into(),
        Json::Bool(true) => "yes".into(),
        Json::Bool(false) => "no".into(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// A text as Markdown that says just that (CommonMark 0.31, 2.4).
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '&' | '!' | '~' | '^' | '$'
            | '=' | '"' | '\'' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    let out = out.trim().to_owned();
    if out.is_empty() { "–".into() } else { out }
}

/// Markdown as it grows.
struct Page {
    text: String,
    /// Whether it is the source of a document.
    is_source: bool,
}

impl Page {
    fn heading(&mut self, id: &str, title: &str) {
        let _ = match self.is_source {
            true => writeln!(self.text, "\n# {title} {{#sec-{id}}}"),
            false => writeln!(self.text, "\n## {title}"),
        };
    }

    /// Folio's own words.
    fn paragraph(&mut self, text: &str) {
        let _ = writeln!(self.text, "\n{text}");
    }

    fn table<const N: usize>(&mut self, widths: [u8; N], headings: [&str; N], rows: impl Iterator<Item = [String; N]>) {
        self.text.push('\n');
        if self.is_source {
            let _ = writeln!(self.text, ":::table {{widths=\"{}\"}}", widths.map(|width| width.to_string()).join(","));
        }
        let _ = writeln!(self.text, "| {} |", headings.join(" | "));
        let _ = writeln!(self.text, "|{}", " --- |".repeat(N));
        for row in rows {
            let _ = writeln!(self.text, "| {} |", row.map(|cell| escaped(&cell)).join(" | "));
        }
        if self.is_source {
            self.text.push_str(":::\n");
        }
    }
}
