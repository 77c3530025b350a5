//! What documents lack because nobody recorded it: found when they are composed, listed at the end of drafts, and told by
//! `folio check`.
//!
//! Each fact is asked for once in a document: of the rows of a register that lack the same field, all together. Who can say
//! it, the schema knows by a responsibility; who will and by when, the profile.

use std::collections::BTreeMap;

use ecow::EcoString;
use jiff::civil::Date;
use serde_json::Value as Json;

use crate::appended::{Section, fill, literal, table};
use crate::model::{Control, Document, Inline, Reference, State, Text, plain};
use crate::pack::Pack;
use crate::plan;
use crate::schema::View;
use crate::strings::{Strings, Unrecorded};
use crate::wording;
use crate::workspace::Workspace;
use crate::workspace::profile::{Step, steps};

/// The id of the section that lists what is not recorded.
pub const SECTION: &str = "folio-not-recorded";

/// The group of a profile that says which role has a responsibility.
const RESPONSIBILITIES: &str = "responsibilities";

/// The key of a profile that says who records what, and by when.
const PENDING: &str = "pending";

/// What stands where there is no day.
const NO_DAY: &str = "–";

/// The most rows that are named one by one.
const MOST_ROWS: usize = 8;

/// A fact that a document lacks, or one field of several rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// The dotted path, without rows.
    pub key: String,
    /// What it is called.
    pub title: String,
    /// The rows that lack it, by their keys in their order; none where it stands in no row.
    pub rows: Vec<String>,
    /// How many rows there are, where that can be counted.
    pub of: Option<usize>,
    /// The paths.
    pub paths: Vec<EcoString>,
    /// Who can say: a role.
    pub who: Text,
    /// The day by which it is to be recorded.
    pub due: Option<Date>,
}

/// What a document lacks, in the order of the schema.
pub fn gaps(document: &Document, workspace: &Workspace) -> Vec<Gap> {
    if document.gaps.is_empty() {
        return Vec::new();
    }
    let asked = Asked::of(workspace);
    let mut found: BTreeMap<(usize, String, Option<Date>), Gap> = BTreeMap::new();
    for path in &document.gaps {
        let Some(fact) = asked.fact(path, document) else { continue };
        let key = (fact.place, fact.who.text.clone(), fact.due);
        let gap = found.entry(key).or_insert_with(|| Gap {
            of: fact.register.as_ref().and_then(|register| asked.count(register)),
            key: fact.key,
            title: fact.title,
            rows: Vec::new(),
            paths: Vec::new(),
            who: fact.who,
            due: fact.due,
        });
        gap.rows.extend(fact.row);
        gap.paths.push(path.clone());
    }
    let mut gaps: Vec<Gap> = found.into_values().collect();
    gaps.iter_mut().for_each(|gap| asked.sort(gap));
    gaps
}

/// Lists at the end of a draft what it lacks. What was issued has no such list.
pub fn list(document: &mut Document, workspace: &Workspace) {
    let strings = &workspace.pack.strings;
    if document.control.state != State::Draft {
        return;
    }
    let gaps = gaps(document, workspace);
    let Some(words) = strings.unrecorded().filter(|_| !gaps.is_empty()) else { return };
    let row = |gap: &Gap| {
        // Only what stands against an issue has to be there before one.
        let usual = || if is_basic(workspace, &gap.key) { words.before_issue.as_str() } else { NO_DAY }.to_owned();
        let due = gap.due.map_or_else(usual, |due| wording::date(due, strings));
        vec![what(gap, &words, strings), vec![Inline::Text(gap.who.clone())], vec![literal(due)]]
    };
    let columns = [(56.0, words.what.as_str()), (26.0, words.who.as_str()), (18.0, words.due.as_str())];
    let table = table(&columns, gaps.iter().map(row));
    let note = vec![literal(words.note.as_str())];
    Section { id: SECTION, title: words.title.clone(), note, table }.append(document);
}

/// Whether the schema says that everybody is asked for what stands at a key: a document that lacks it is not issued.
pub fn is_basic(workspace: &Workspace, key: &str) -> bool {
    let mut view = workspace.pack.schema.view();
    for step in key.split('.') {
        let below = view.property(step).or_else(|| view.items()?.property(step));
        let Some(below) = below else { return false };
        if below.is_basic {
            return true;
        }
        view = below;
    }
    false
}

/// What is missing, with the rows that lack it: `Suppliers: last review – S-1, S-4`.
fn what(gap: &Gap, words: &Unrecorded, strings: &Strings) -> Vec<Inline<Reference>> {
    let what = literal(gap.title.as_str());
    if gap.rows.is_empty() {
        return vec![what];
    }
    let number = |number: usize| [literal(strings.language.number(number.to_string()))];
    let (count, of) = (gap.rows.len(), gap.of.unwrap_or_default());
    if gap.of == Some(1) {
        return vec![what]; // There is no other row that it could be.
    }
    if gap.of == Some(count) {
        return fill(&words.all, &[("what", &[what]), ("total", &number(of))]);
    }
    let shown = gap.rows.iter().take(MOST_ROWS).cloned().collect::<Vec<_>>().join(", ");
    let from = gap.paths.iter().take(MOST_ROWS).cloned().collect();
    let shown = [Inline::Text(Text { text: shown, from, computed: true, ..Text::default() })];
    let shown = match count.saturating_sub(MOST_ROWS) {
        0 => shown.to_vec(),
        more => fill(&words.more, &[("rows", &shown), ("count", &number(more))]),
    };
    let pattern = if gap.of.is_some() { words.rows.as_str() } else { "{what} – {rows}" };
    fill(pattern, &[("what", &[what]), ("rows", &shown), ("count", &number(count)), ("total", &number(of))])
}

/// What a gap is in one line, as the list has it.
pub fn in_words(gap: &Gap, strings: &Strings) -> String {
    let words = strings.unrecorded();
    words.map_or_else(|| gap.title.clone(), |words| plain(&what(gap, &words, strings)))
}

/// A fact that is asked for.
struct Fact {
    /// Its place in the schema.
    place: usize,
    key: String,
    title: String,
    /// The register whose row it stands in, and the row.
    register: Option<String>,
    row: Option<String>,
    who: Text,
    due: Option<Date>,
}

/// Knows what is asked for, of whom, and until when.
struct Asked<'w> {
    profile: &'w Json,
    pack: &'w Pack,
    keys: &'w BTreeMap<String, String>,
    /// Where each path stands in the schema.
    places: BTreeMap<String, usize>,
}

impl<'w> Asked<'w> {
    fn of(workspace: &'w Workspace) -> Asked<'w> {
        let mut places = BTreeMap::new();
        workspace.pack.schema.view().visit("", &mut |path, _| {
            let next = places.len();
            places.entry(path.to_owned()).or_insert(next);
        });
        let Workspace { profile, pack, .. } = workspace;
        Asked { profile: &profile.value, pack, keys: profile.keys(), places }
    }

    /// What stands at a path; nothing where the schema has no such path, or asks nobody for it.
    fn fact(&self, path: &EcoString, document: &Document) -> Option<Fact> {
        let (mut views, mut keys, mut rows): (Vec<&View>, Vec<&str>, Vec<String>) =
            (Vec::new(), Vec::new(), Vec::new());
        let mut view = self.pack.schema.view();
        let mut titles: Vec<String> = Vec::new();
        let (mut register, mut above) = (None, 0);
        for step in steps(path) {
            view = match step {
                Step::Key(key) => {
                    let below = view.property(key)?;
                    keys.push(key);
                    titles.push(below.title.clone().unwrap_or_else(|| key.replace('_', " ")));
                    below
                }
                Step::Row(row) => {
                    let of = keys.join(".");
                    rows.push(match row.parse::<usize>() {
                        // A row without a key is counted as people count.
                        Ok(at) if !self.keys.contains_key(&of) => (at + 1).to_string(),
                        _ => row.to_owned(),
                    });
                    register.get_or_insert(of);
                    // Of the groups around a register nobody has to be told.
                    above = above.max(titles.len().saturating_sub(1));
                    view.items()?
                }
            };
            views.push(view);
        }
        if views.iter().any(|view| view.is_optional) {
            return None;
        }
        let key = keys.join(".");
        let above = if rows.is_empty() { titles.len().saturating_sub(2) } else { above.min(titles.len()) };
        let (who, due) = self.who(path, &views);
        Some(Fact {
            place: *self.places.get(&key)?,
            title: titles.split_off(above).join(": "),
            key,
            register: register.filter(|_| rows.len() == 1),
            row: (!rows.is_empty()).then(|| rows.join("/")),
            who: who.unwrap_or_else(|| self.asked_last(&document.control)),
            due,
        })
    }

    /// Who is to say it and until when, as the profile has it; else who has the responsibility that the schema names.
    fn who(&self, path: &str, views: &[&View]) -> (Option<Text>, Option<Date>) {
        let pending = self.profile[PENDING].as_array().into_iter().flatten().filter(|entry| {
            let begin = entry["what"].as_str().unwrap_or_default();
            let rest = path.strip_prefix(begin).filter(|_| !begin.is_empty());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
                || steps_of(path).join(".") == begin
        });
        // What says most of the path has the last word.
        let mut pending: Vec<&Json> = pending.collect();
        pending.sort_by_key(|entry| std::cmp::Reverse(entry["what"].as_str().map_or(0, str::len)));
        let said = |key: &str| pending.iter().find_map(|entry| entry[key].as_str());
        let responsible = || views.iter().rev().find_map(|view| self.responsible(view));
        let role = said("who").or_else(responsible);
        let who = role
            .and_then(|role| plan::role(self.profile, role, &self.pack.terms, &self.pack.strings))
            .map(|party| party.role);
        (who, said("due").and_then(|due| due.parse().ok()))
    }

    /// The role that has the responsibility which the schema names there.
    fn responsible(&self, view: &View) -> Option<&'w str> {
        self.profile[RESPONSIBILITIES][view.who.as_deref()?].as_str()
    }

    /// Who is asked where nothing says who can say it: the document's owner, whom the schema names for all, the approver.
    fn asked_last(&self, control: &Control) -> Text {
        let for_all = || {
            let role = self.responsible(self.pack.schema.view())?;
            plan::role(self.profile, role, &self.pack.terms, &self.pack.strings)
        };
        let owner = Some(&control.owner).filter(|owner| !owner.key.is_empty()).cloned();
        owner.or_else(for_all).unwrap_or_else(|| control.approver.clone()).role
    }

    fn rows(&self, register: &str) -> Option<&Vec<Json>> {
        register.split('.').try_fold(self.profile, |value, key| value.get(key))?.as_array()
    }

    fn count(&self, register: &str) -> Option<usize> {
        self.rows(register).map(Vec::len)
    }

    /// Brings the rows of a gap into the order of their register.
    fn sort(&self, gap: &mut Gap) {
        let Some(register) = gap.paths.first().and_then(|path| path.split('[').next()) else { return };
        let property = self.keys.get(register).map_or("id", String::as_str);
        let Some(rows) = self.rows(register).filter(|_| gap.rows.len() == gap.paths.len()) else { return };
        let place = |row: &String| {
            let own = row.split('/').next().unwrap_or_default();
            rows.iter().position(|row| row[property].as_str() == Some(own)).unwrap_or(usize::MAX)
        };
        let mut both: Vec<(String, EcoString)> =
            std::mem::take(&mut gap.rows).into_iter().zip(std::mem::take(&mut gap.paths)).collect();
        both.sort_by_cached_key(|(row, _)| place(row));
        (gap.rows, gap.paths) = both.into_iter().unzip();
    }
}

/// The keys of a path, without its rows.
fn steps_of(path: &str) -> Vec<&str> {
    let keys = steps(path).into_iter().filter_map(|step| match step {
        Step::Key(key) => Some(key),
        Step::Row(_) => None,
    });
    keys.collect()
}
