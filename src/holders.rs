//! Who holds a role or stands in for it: a person, several, a body, a firm, or a post.
//!
//! A role's `holder` and `deputy` are keys of [`REGISTERS`], one or a list of them, or `{post: the engineer on duty}`.

use ecow::{EcoString, eco_format};
use serde_json::Value as Json;

/// Where those who may hold a role stand, in the order in which a key is looked for.
pub(crate) const REGISTERS: [&str; 3] = ["people", "bodies", "suppliers"];

/// Where those of them stand who do not hold on the date of the facts: a text that names one still finds the name.
const ASIDE: [&str; 6] =
    ["former.people", "former.bodies", "former.suppliers", "coming.people", "coming.bodies", "coming.suppliers"];

/// The first of them.
pub(crate) const PEOPLE: &str = REGISTERS[0];

/// The second: committees, boards, teams.
pub(crate) const BODIES: &str = REGISTERS[1];

/// Where a key is looked for that may be a role's too.
pub(crate) const ROLES: &str = "roles";

/// Beside the roles: the people who are named where a role is asked for and who hold none, or several. Each looks like a
/// role that is called as the person; no list of roles has them.
pub(crate) const PEOPLE_AS_ROLES: &str = "people_as_roles";

/// The keys of a role at which stands who holds it and who stands in.
pub(crate) const HELD: [&str; 2] = ["holder", "deputy"];

/// The key of who holds a role for a time, beside its first and last day.
pub(crate) const WHO: &str = "who";

/// The key of a post.
pub(crate) const POST: &str = "post";

/// Who holds a role or stands in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Holder<'p> {
    /// A row of a register: a person, a body, a firm.
    Row {
        /// The register.
        register: &'static str,
        /// The number of the row.
        at: usize,
        /// Its key.
        key: &'p str,
        /// The row.
        row: &'p Json,
    },
    /// A position that is filled in turn.
    Post(&'p str),
}

impl Holder<'_> {
    /// Where the name stands in the profile; `field` is that of the role, such as `roles[it-lead].holder`.
    pub(crate) fn path(&self, field: &str) -> EcoString {
        match self {
            Holder::Row { register, key, .. } => {
                let register = register.rsplit('.').next().unwrap_or(register);
                eco_format!("{register}[{key}].name")
            }
            Holder::Post(_) => eco_format!("{field}.{POST}"),
        }
    }

    /// Whether it is there on the date of the facts: no row of those who went before, or come later.
    pub(crate) fn is_there(&self) -> bool {
        !matches!(self, Holder::Row { register, .. } if ASIDE.contains(register))
    }

    /// What it is called.
    pub(crate) fn name(&self) -> &str {
        match self {
            Holder::Row { row, .. } => row["name"].as_str().unwrap_or_default(),
            Holder::Post(post) => post,
        }
    }
}

/// The keys that a value of `holder` or `deputy` names.
pub(crate) fn keys(value: &Json) -> Vec<&str> {
    match value {
        Json::String(key) => vec![key],
        Json::Array(keys) => keys.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Who is named by a value of `holder` or `deputy`; keys that no register has are left out.
pub(crate) fn of<'p>(profile: &'p Json, value: &'p Json) -> Vec<Holder<'p>> {
    let row = |key: &'p str| {
        REGISTERS.iter().chain(&ASIDE).find_map(|register| {
            let rows = list(profile, register)?;
            let (at, row) = rows.iter().enumerate().find(|(_, row)| row["id"] == key)?;
            Some(Holder::Row { register, at, key, row })
        })
    };
    let post = value[POST].as_str().map(Holder::Post);
    keys(value).into_iter().filter_map(row).chain(post).collect()
}

/// The register that has a row of a key: one of those who may hold a role, or the roles themselves.
pub(crate) fn register(profile: &Json, key: &str) -> Option<&'static str> {
    let has =
        |register: &&'static str| list(profile, register).is_some_and(|rows| rows.iter().any(|row| row["id"] == key));
    REGISTERS.iter().copied().chain([ROLES]).chain(ASIDE).find(has)
}

/// The rows of a list at a dotted path.
fn list<'p>(profile: &'p Json, path: &str) -> Option<&'p Vec<Json>> {
    path.split('.').try_fold(profile, |at, key| at.get(key))?.as_array()
}

/// The role of a key, and the list that it stands in: a person may stand for one.
pub(crate) fn role<'p>(profile: &'p Json, key: &str) -> Option<(&'static str, &'p Json)> {
    let find = |list: &'static str| {
        let rows = profile[list].as_array()?;
        Some((list, rows.iter().find(|row| row["id"] == key)?))
    };
    [ROLES, PEOPLE_AS_ROLES].into_iter().find_map(find)
}

/// The one person who holds a role; nothing where it is somebody else, or several.
pub(crate) fn person<'p>(profile: &'p Json, role: &'p Json) -> Option<(usize, &'p Json)> {
    match of(profile, &role["holder"]).as_slice() {
        [Holder::Row { register: "people", at, row, .. }] if keys(&role["holder"]).len() == 1 => Some((*at, row)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_role_is_held_in_every_form() {
        let profile = json!({
            "people": [{"id": "ada", "name": "Ada"}, {"id": "ben", "name": "Ben"}],
            "bodies": [{"id": "board", "name": "the board"}],
            "suppliers": [{"id": "acme", "name": "Acme Ltd"}],
        });
        let of = |value: Json| {
            let found =
                of(&profile, &value).iter().map(|it| (it.name().to_owned(), it.path("roles[x].holder"))).collect();
            let found: Vec<(String, EcoString)> = found;
            found.into_iter().map(|(name, path)| format!("{name} at {path}")).collect::<Vec<_>>().join("; ")
        };
        assert_eq!(of(json!("ada")), "Ada at people[ada].name");
        assert_eq!(of(json!(["ben", "board"])), "Ben at people[ben].name; the board at bodies[board].name");
        assert_eq!(of(json!("acme")), "Acme Ltd at suppliers[acme].name");
        assert_eq!(of(json!({"post": "the engineer on duty"})), "the engineer on duty at roles[x].holder.post");
        assert_eq!(of(json!(["nobody"])), "");
        assert_eq!(of(json!(null)), "");
        let person = |value: Json| person(&profile, &json!({"holder": value})).map(|(at, _)| at);
        assert_eq!(
            (person(json!("ben")), person(json!(["ben"])), person(json!(["ada", "ben"]))),
            (Some(1), Some(1), None)
        );
        assert_eq!((person(json!("board")), person(json!({"post": "x"}))), (None, None));
    }
}
