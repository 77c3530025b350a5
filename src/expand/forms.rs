//! Forms of values: a role in the genitive, a term in the dative plural, a title by who holds it.
//!
//! A row of the profile carries forms under `forms`, by name; the pack's `forms.yaml` has more, by term or key of a role. The
//! row's own goes first. A form that nobody has is noted, and the text shows the base form.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use ecow::{EcoString, eco_format};
use serde_json::Value as Json;

use super::helpers::{Answer, Call};
use crate::holders;
use crate::language::Terms;

/// The key of a row that holds its forms.
const FORMS: &str = "forms";

/// The form in which a name stands by itself.
const NOMINATIVE: &str = "nominative";

/// The form of what goes by no gender.
const NEUTRAL: &str = "neutral";

/// The forms that a pack has, and those that were asked for and are missing.
#[derive(Debug, Default)]
pub struct Forms {
    /// Those of the pack.
    pub terms: Terms,
    missing: Mutex<BTreeSet<Missing>>,
}

/// A form that somebody asked for and nobody has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// The row of the profile that has no such form, such as `roles[ciso]`; nothing for a term of the pack alone.
    pub row: Option<EcoString>,
    /// The term, or the row's key.
    pub term: String,
    /// The form.
    pub form: String,
    /// What is shown instead.
    pub shown: String,
}

impl Forms {
    /// Those of a pack.
    pub fn new(terms: Terms) -> Forms {
        Forms { terms, missing: Mutex::default() }
    }

    /// What was asked for and is missing, each once.
    pub fn missing(&self) -> Vec<Missing> {
        self.missing.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn note(&self, missing: Missing) {
        self.missing.lock().unwrap_or_else(PoisonError::into_inner).insert(missing);
    }
}

/// By what roles are called: `neutral`, or the gender of who holds the role; nothing where the profile leaves it to titles.
pub fn gender<'p>(profile: &'p Json, role: &'p Json) -> Option<&'p str> {
    match profile["wording"]["roles"].as_str() {
        Some(NEUTRAL) => Some(NEUTRAL),
        Some("holder") => {
            let (_, holder) = holders::person(profile, role)?;
            holder["gender"].as_str().or_else(|| holder["pronoun"].as_str())
        }
        _ => None,
    }
}

/// What is shown of a row, and where that stands.
#[derive(Debug, PartialEq)]
pub(super) struct Chosen {
    /// The text.
    pub(super) text: String,
    /// Its path from the row on.
    pub(super) path: Vec<String>,
    /// The form that was asked for and is not there.
    missing: Option<String>,
}

/// The form of a row's field, or the field itself. `gender` is what its title goes by; a row that has a form for it has
/// its cases under both: `feminine-genitive`.
pub(super) fn choose(
    call: &Call<'_>,
    (key, row): (&str, &Json),
    field: &str,
    gender: Option<&str>,
    form: Option<&str>,
) -> Option<Chosen> {
    let find = |name: &str| {
        if let Some(text) = row[FORMS][name].as_str() {
            return Some(Chosen { text: text.to_owned(), path: vec![FORMS.into(), name.into()], missing: None });
        }
        let text = call.tools.forms.terms.form(key, name)?;
        Some(Chosen { text: text.to_owned(), path: vec![field.into()], missing: None })
    };
    let by_gender = gender.and_then(find);
    let is_by_gender = by_gender.is_some();
    let field = || {
        let text = call.tools.printed(row.get(field)?);
        Some(Chosen { text, path: vec![field.into()], missing: None })
    };
    let Some(form) = form else {
        // A title that has no neutral form is taken for neutral.
        let missing = gender.filter(|gender| *gender != NEUTRAL).map(str::to_owned);
        return by_gender.or_else(|| Some(Chosen { missing, ..field()? }));
    };
    let both = gender.map(|gender| format!("{gender}-{form}"));
    let found = both.as_deref().and_then(find).or_else(|| if is_by_gender { None } else { find(form) });
    let missing = both.filter(|_| is_by_gender).unwrap_or_else(|| form.to_owned());
    found.or_else(|| Some(Chosen { missing: Some(missing), ..by_gender.or_else(field)? }))
}

/// A field of a row in a form.
pub(super) fn of_row(call: &Call<'_>, register: &str, key: &str, field: &str, form: Option<&str>) -> Answer {
    let (register, at, row) = super::helpers::row(call, register, key)?;
    let gender = if register == "roles" && field == "title" { gender(call.root, row) } else { None };
    let chosen = choose(call, (key, row), field, gender, form);
    let chosen = chosen.ok_or_else(|| format!("`{register}[{key}]` has no `{field}`"))?;
    // A name is its own nominative.
    let is_name = |form: &String| register == holders::PEOPLE_AS_ROLES && form == NOMINATIVE;
    if let Some(form) = chosen.missing.filter(|form| !is_name(form)) {
        let place: Vec<String> = register.split('.').map(str::to_owned).chain([at.to_string()]).collect();
        let of_profile = register != "data" && !register.starts_with("data.") && !register.starts_with("derived.");
        let row = call.tools.origins.row(&place).unwrap_or_else(|| eco_format!("{register}[{key}]"));
        call.tools.forms.note(Missing {
            row: of_profile.then_some(row),
            term: key.to_owned(),
            form,
            shown: chosen.text.clone(),
        });
    }
    Ok(Json::String(chosen.text))
}

/// `{{form "term" "dative-plural"}}`: a term of the pack.
pub(super) fn of_term(call: &Call<'_>) -> Answer {
    let term = call.text(0)?;
    let form = call.given.get(1).map(|_| call.text(1)).transpose()?;
    let terms = &call.tools.forms.terms;
    let base = terms.base(term).ok_or_else(|| {
        let near = crate::diagnostic::nearest(term, terms.names());
        let suggestion = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        format!("`forms.yaml` has no term `{term}`{suggestion}")
    })?;
    let Some(form) = form else { return Ok(base.into()) };
    let found = terms.form(term, form).unwrap_or_else(|| {
        let missing = Missing { row: None, term: term.to_owned(), form: form.to_owned(), shown: base.to_owned() };
        call.tools.forms.note(missing);
        base
    });
    Ok(found.into())
}
