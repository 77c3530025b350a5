//! Leading somebody through what is to be said first: the basic questions, then the facts that open most documents.
//!
//! Who asks is behind [`Ask`]: a terminal, or a script. Nothing is written here; what was said is a value by profile path.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::diagnostic::Sink;
use crate::pack::Pack;
use crate::pack::starter::{self, Question};
use crate::progress::Progress;
use crate::schema::Schema;
use crate::workspace::Workspace;

/// The most facts that are asked for beside the basic questions in one go.
const MOST_FACTS: usize = 20;

/// A question, and why it is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// What is asked.
    pub question: Question,
    /// The titles of the documents that lack the answer.
    pub documents: Vec<String>,
    /// Whether what stands there is a sample.
    pub is_sample: bool,
    /// Whether the answer names somebody: a sample of a name is nobody's, and cannot be kept as true.
    pub is_name: bool,
}

/// Who asks.
pub trait Ask {
    /// Has one of several things chosen; the place of the one that is chosen.
    ///
    /// # Errors
    /// When there is no choice.
    fn choose(&mut self, title: &str, items: &[String]) -> Result<usize, Ended>;

    /// Puts a question, the first of which is number one. `read` makes a value of what is typed.
    ///
    /// # Errors
    /// When there is no answer, and will be none to others.
    fn ask(&mut self, asked: &Asked, at: (usize, usize), read: Read<'_>) -> Result<Answer, Ended>;
}

/// Makes a value of what is typed, or says what is wrong with it.
pub type Read<'r> = &'r dyn Fn(&str) -> Result<Json, String>;

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// What stands there holds.
    Kept,
    /// Nothing is said.
    Skipped,
    /// This holds.
    Said(Json),
}

/// Why there are no more answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The questions were broken off.
    BrokenOff,
    /// Nobody can be asked.
    NoTerminal,
}

/// What was said.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    /// Values, by profile path.
    pub answers: BTreeMap<String, Json>,
    /// Whether there were more questions.
    pub is_broken_off: bool,
}

/// Puts questions one after another. What was said before they were broken off is said.
///
/// # Errors
/// When nobody can be asked.
pub fn through(questions: &[Asked], schema: &Schema, ask: &mut dyn Ask) -> Result<Said, Ended> {
    let mut said = Said::default();
    for (at, asked) in questions.iter().enumerate() {
        let question = &asked.question;
        let read = |text: &str| question.read(text, schema);
        match ask.ask(asked, (at + 1, questions.len()), &read) {
            Ok(Answer::Said(value)) => drop(said.answers.insert(question.path.clone(), value)),
            Ok(Answer::Kept) if !(question.current.is_null() || asked.is_sample && asked.is_name) => {
                said.answers.insert(question.path.clone(), question.current.clone());
            }
            Ok(Answer::Kept | Answer::Skipped) => {}
            Err(Ended::BrokenOff) => return Ok(Said { is_broken_off: true, ..said }),
            Err(Ended::NoTerminal) => return Err(Ended::NoTerminal),
        }
    }
    Ok(said)
}

/// The basic questions of a pack for a new workspace, with the answers of its starter.
pub fn basic(pack: &Pack, like: Option<&str>, sink: &mut Sink) -> Vec<Asked> {
    let questions = starter::questions(pack, like, sink).into_iter();
    let asked = |question: Question| Asked {
        documents: Vec::new(),
        is_sample: true,
        is_name: pack.manifest.names.contains(&question.path),
        question,
    };
    questions.map(asked).collect()
}

/// What a workspace is to be asked: the basic questions of which nobody said anything yet, then the facts that most
/// documents lack.
pub fn open(workspace: &Workspace, progress: &Progress) -> Vec<Asked> {
    let profile = &workspace.profile;
    let is_sample = |path: &str| workspace.samples.iter().any(|sample| sample.covers(path));
    let is_said = |question: &Question| {
        let is_default = profile.defaults().contains(question.path.as_str());
        profile.none().contains(question.path.as_str()) || !question.current.is_null() && !is_default
    };
    // What stands in rows of registers, and a register as a whole, is no single question.
    let facts: Vec<_> = progress.facts.iter().filter(|fact| !fact.is_register && !fact.is_in_rows()).collect();
    let titles = |documents: &[usize]| -> Vec<String> {
        documents.iter().filter_map(|at| Some(progress.documents.get(*at)?.title.clone())).collect()
    };
    let lacking = |path: &str| facts.iter().find(|fact| fact.key == path).map(|fact| titles(&fact.documents));
    let asked = |question: Question, documents: Vec<String>| Asked {
        documents,
        is_sample: is_sample(&question.path),
        is_name: workspace.pack.manifest.names.contains(&question.path),
        question,
    };
    let basic = starter::basic(&workspace.pack, &profile.value).into_iter();
    let basic = basic.filter(|question| is_sample(&question.path) || !is_said(question));
    let mut found: Vec<Asked> =
        basic.map(|question| asked(question.clone(), lacking(&question.path).unwrap_or_default())).collect();
    let more = facts.iter().filter(|fact| !found.iter().any(|known| known.question.path == fact.key));
    let more = more.filter_map(|fact| Some(asked(question(workspace, &fact.key)?, titles(&fact.documents))));
    let more: Vec<Asked> = more.take(MOST_FACTS).collect();
    found.extend(more);
    found
}

/// The question about a path of a workspace's profile; none about what is no single value.
fn question(workspace: &Workspace, path: &str) -> Option<Question> {
    let view = workspace.pack.schema.view().at(path)?;
    starter::question(&workspace.pack, &workspace.profile.value, path, view, Json::Null)
}
