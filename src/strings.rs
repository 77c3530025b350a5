//! The words that the engine itself prints, in the pack's language, and that language's forms.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::language::{Category, Formats, Joints, Language, Problem};
pub use crate::language::{Proposed, Said, Unrecorded};

/// The engine's labels, read from a pack's `strings.yaml`. There is no default language: what a pack may leave out is
/// left out of the document, or said by a sign or another of its words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Strings {
    /// Above the table of contents.
    pub contents: String,
    /// Before a table's number.
    pub table: String,
    /// Before a figure's number.
    pub figure: String,
    /// Before a heading's number in a reference, inside a sentence.
    pub section: String,
    /// `page` in `page 3 of 7`.
    pub page: String,
    /// `of` in `page 3 of 7`.
    pub of: String,
    /// In the control table: the number.
    pub number: String,
    /// In the control table: the version.
    pub version: String,
    /// In the control table: the date.
    pub date: String,
    /// In the control table of a record: how far what it records reaches. In place of it, the word for the date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records_to: Option<String>,
    /// In the control table: when the next review is due.
    pub next_review: String,
    /// In the control table: when the review of what was never approved is due, with `{months}` where their number
    /// stands. A pack that does not have it leaves the line out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_after_approval: Option<Counted>,
    /// In the control table: the owner.
    pub owner: String,
    /// In the control table: the author.
    pub author: String,
    /// In the control table: the approver.
    pub approver: String,
    /// In the control table: the classification.
    pub classification: String,
    /// In the control table: what in the standard the document answers.
    pub answers: String,
    /// Above the history of versions.
    pub history: String,
    /// In the history: what changed.
    pub change: String,
    /// The version of a document that was never issued.
    pub draft: String,
    /// Before the last issued version in the version of a draft: `draft after 1.2`.
    pub draft_after: String,
    /// Across the pages of a draft.
    pub watermark_draft: String,
    /// Across the pages of a document that prints sample values.
    pub watermark_sample: String,
    /// In a sign-off block: who.
    pub name: String,
    /// In a sign-off block: in which role.
    pub role: String,
    /// In a sign-off block: the line to sign on.
    pub signature: String,
    /// A callout of what matters most.
    pub callout_glance: String,
    /// A callout of something worth knowing.
    pub callout_note: String,
    /// A callout of something that must not be missed.
    pub callout_important: String,
    /// A callout of something that does harm.
    pub callout_warning: String,
    /// Shown in a text field that is empty.
    pub field_text: String,
    /// Shown in a date field that is empty.
    pub field_date: String,
    /// Shown in a choice that is not made.
    pub field_choice: String,
    /// The word for `yes` where a value is true.
    pub yes: String,
    /// The word for `no` where a value is false.
    pub no: String,
    /// Before the last item of a list in a sentence, instead of the language's own way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub and: Option<String>,
    /// For each catalogue that topics cite, the word before one id and before several, in the order of printing.
    pub citations: Vec<Citation>,
    /// The months, for dates in words, instead of the language's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<[String; 12]>,
    /// Kinds of document: policy, procedure, plan, statement, register, record, and those of the pack's own.
    pub kinds: BTreeMap<String, String>,
    /// Titles of documents, by their ids, in place of those that they have themselves.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub titles: BTreeMap<String, String>,
    /// Before who is to approve a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approver_draft: Option<String>,
    /// Before who approved what was issued; the words of `approver`, when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved: Option<String>,
    /// Before the day since when a document is in force; the words of `date`, when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force: Option<String>,
    /// What the history says where whoever wrote a document approved it too, with `{reason}`; the reason alone, when left
    /// out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub self_approved: Option<String>,
    /// In a Word file's properties: the state of a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_draft: Option<String>,
    /// In a Word file's properties: the state of what was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_issued: Option<String>,
    /// What a picture is called in Word's list of objects, before its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// In the alternative text of a tree: what stands below what, with `{node}` and `{above}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<String>,
    /// What is said of figures that the pack proposes and nobody has decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Proposed>,
    /// What is said of facts that nobody recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unrecorded: Option<Unrecorded>,
    /// What is said of changes in histories and redlines, by [`Said::key`]; the words of the language, where one is left out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub changes: BTreeMap<String, String>,
    /// Words that speak of all or of none, which `folio pack check` lists: every, all, nobody, never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub universal: Option<Vec<String>>,
    /// Words that make a duty of a sentence: must, may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty: Option<Vec<String>>,
    /// Words that no sentence ends in, such as articles: where one does, a value is missing after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfinished: Option<Vec<String>>,
    /// Articles, which go before the name of a person who stands in place of a role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub articles: Option<Vec<String>>,
    /// Words that hold a preposition and an article, each with the preposition alone: `zum: zu`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contracted: Option<BTreeMap<String, String>>,
    /// Forms that differ from those of the language.
    #[serde(default)]
    pub formats: Formats,
    /// The language itself.
    #[serde(skip)]
    pub language: Language,
}

/// The keys of `strings.yaml` that stand in for what is known of a language: none of them holds for another one.
pub const OF_A_LANGUAGE: &[&str] = &[
    "and",
    "approver_draft",
    "approved",
    "articles",
    "below",
    "changes",
    "contracted",
    "duty",
    "formats",
    "in_force",
    "months",
    "picture",
    "proposed",
    "records_to",
    "self_approved",
    "state_draft",
    "state_issued",
    "unfinished",
    "universal",
    "unrecorded",
];

impl Strings {
    /// The ids that no text may cite, out of what templates see.
    pub fn excepted<'v>(&self, values: &'v Map<String, Json>) -> BTreeSet<&'v str> {
        let at = |path: &str| {
            let mut keys = path.split('.');
            keys.next()
                .and_then(|key| values.get(key))
                .and_then(|value| keys.try_fold(value, |value, key| value.get(key)))
        };
        let lists = self.citations.iter().filter_map(|citation| at(citation.except.as_deref()?)?.as_array());
        lists.flatten().filter_map(Json::as_str).collect()
    }

    /// Takes the forms of the language of a tag, with those of [`Strings::formats`] before them.
    ///
    /// # Errors
    /// As [`Language::with`].
    pub fn speak(&mut self, tag: &str) -> Result<(), Problem> {
        let mut formats = self.formats.clone();
        if formats.list.is_none() {
            formats.list = self.and.as_deref().map(Joints::with);
        }
        if formats.months.is_empty() {
            formats.months = self.months.clone().map(Vec::from).unwrap_or_default();
        }
        self.language = Language::with(tag, formats)?;
        Ok(())
    }

    /// The state of a document, in its properties; the pack's word, the language's, or none.
    pub fn state(&self, is_issued: bool) -> &str {
        let (own, usual) = match is_issued {
            true => (&self.state_issued, self.language.own().map(|own| own.issued)),
            false => (&self.state_draft, self.language.own().map(|own| own.draft)),
        };
        own.as_deref().or(usual).unwrap_or_default()
    }

    /// What stands before the day or period up to which a record reaches.
    pub fn records_to(&self) -> &str {
        self.records_to.as_deref().unwrap_or(&self.date)
    }

    /// What stands before the approver of a document.
    pub fn approver(&self, is_issued: bool) -> &str {
        self.approver_draft.as_deref().filter(|_| !is_issued).unwrap_or(&self.approver)
    }

    /// What stands before who approved what was issued.
    pub fn approved(&self) -> &str {
        self.approved.as_deref().unwrap_or(&self.approver)
    }

    /// What stands before the day since when a document is in force.
    pub fn in_force(&self) -> &str {
        self.in_force.as_deref().unwrap_or(&self.date)
    }

    /// What is said where whoever wrote a document approved it too.
    pub fn self_approved(&self, reason: &str) -> String {
        self.self_approved.as_deref().unwrap_or("{reason}").replace("{reason}", reason)
    }

    /// What a picture is called in a list of objects, before its number.
    pub fn picture(&self) -> &str {
        let usual = self.language.own().map(|own| own.picture);
        self.picture.as_deref().or(usual).unwrap_or(&self.figure)
    }

    /// What is said of facts that nobody recorded: the pack's words, the language's, or none.
    pub fn unrecorded(&self) -> Option<Unrecorded> {
        self.unrecorded.clone().or_else(|| self.language.unrecorded())
    }

    /// What is said of figures that nobody has decided: the pack's words, the language's, or none.
    pub fn proposed(&self) -> Option<Proposed> {
        self.proposed.clone().or_else(|| self.language.proposed())
    }

    /// What is said of changes: the pack's words, the language's, or signs, never another language's words.
    pub fn said(&self, said: Said) -> &str {
        let own = self.changes.get(said.key()).map(String::as_str);
        own.or_else(|| self.language.changes(said)).unwrap_or_else(|| said.sign())
    }

    /// The same with what stands in its slots. A slot that is not known stays.
    pub fn fill(&self, said: Said, slots: &[(&str, &str)]) -> String {
        let (mut text, mut rest) = (String::new(), self.said(said));
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let slot = after.split_once('}');
            match slot.and_then(|(name, after)| Some((slots.iter().find(|(known, _)| *known == name)?, after))) {
                Some(((_, value), after)) => {
                    text.push_str(value);
                    rest = after;
                }
                None => {
                    text.push('{');
                    rest = after;
                }
            }
        }
        text + rest
    }

    /// The mark of a fact that is not recorded; a sign, where there are no words for it.
    pub fn unrecorded_mark(&self) -> String {
        self.unrecorded().map_or_else(|| "…".to_owned(), |words| words.mark)
    }

    /// What stands below what, in a sentence of its own; with a sign, where there are no words for it.
    pub fn below(&self, node: &str, above: &str) -> String {
        let usual = self.language.own().map(|own| own.below);
        let pattern = self.below.as_deref().or(usual).unwrap_or("{above} > {node}");
        // What is put in first may hold the other's mark.
        let parts: Vec<String> = pattern.split("{node}").map(|part| part.replace("{above}", above)).collect();
        parts.join(node)
    }

    /// The keys for which neither the pack nor what is known of its language has words.
    pub fn wordless(&self) -> Vec<String> {
        let own = [
            ("below", &self.below),
            ("picture", &self.picture),
            ("state_draft", &self.state_draft),
            ("state_issued", &self.state_issued),
        ];
        let is_known = self.language.own().is_some();
        let words = own.into_iter().filter(|(_, own)| !is_known && own.is_none()).map(|(key, _)| key.to_owned());
        let words = words.chain(self.unrecorded().is_none().then(|| "unrecorded".to_owned()));
        let words = words.chain(self.proposed().is_none().then(|| "proposed".to_owned()));
        let unsaid = |said: &Said| self.language.changes(*said).is_none() && !self.changes.contains_key(said.key());
        let unsaid: Vec<Said> = Said::all().filter(unsaid).collect();
        let words = words.chain(match self.changes.is_empty() && !unsaid.is_empty() {
            true => vec!["changes".to_owned()],
            false => unsaid.iter().map(|said| format!("changes.{}", said.key())).collect(),
        });
        let counted = self.review_after_approval.iter().flat_map(|words| words.missing(&self.language));
        words.chain(counted.map(|category| format!("review_after_approval.{}", category.name()))).collect()
    }

    /// Articles, and words that hold one, in small letters; each with what stays of it before the name of a person.
    pub fn articles(&self) -> Vec<(String, String)> {
        let (articles, contracted) = self.language.articles();
        let own = |word: &String| (word.to_lowercase(), String::new());
        let mut words: Vec<(String, String)> = match &self.articles {
            Some(words) => words.iter().map(own).collect(),
            None => articles.iter().map(|word| own(&(*word).to_owned())).collect(),
        };
        match &self.contracted {
            Some(pairs) => words.extend(pairs.iter().map(|(word, left)| (word.to_lowercase(), left.clone()))),
            None => words.extend(contracted.iter().map(|(word, left)| ((*word).to_owned(), (*left).to_owned()))),
        }
        words
    }

    /// Words that no sentence ends in.
    pub fn unfinished(&self) -> Vec<&str> {
        match &self.unfinished {
            Some(own) => own.iter().map(String::as_str).collect(),
            None => self.language.unfinished().to_vec(),
        }
    }
}

/// Words that go with a number, by the language's plural categories: `one`, `few`, `many`, `other`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Counted(BTreeMap<String, String>);

impl Counted {
    /// The words for a category; where it has none of its own, those for any number: `other`, or `many`.
    pub fn of(&self, category: Category) -> &str {
        let found = [category.name(), "other", "many"].into_iter().find_map(|name| self.0.get(name));
        found.or_else(|| self.0.values().next()).map_or("", String::as_str)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }

    /// The categories of the language that numbers of months have and these words have not; `many` stands for any other.
    fn missing(&self, language: &Language) -> Vec<Category> {
        let mut needed: Vec<Category> = (1..=120).map(|number| language.category(number)).collect();
        needed.sort_unstable();
        needed.dedup();
        needed.retain(|category| *category != Category::Other && !self.0.contains_key(category.name()));
        needed
    }
}

/// How ids of a catalogue are cited: `control A.9.2.6`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// The catalogue, as topics name it.
    pub catalogue: String,
    /// The word before one id.
    pub one: String,
    /// The word before several.
    pub many: String,
    /// Where the list of ids stands that no text may cite, such as `derived.excluded`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub except: Option<String>,
}
