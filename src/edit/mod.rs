//! Changes to files that people wrote: what does not change stays as it is, with its comments, order and quotes.
//!
//! A [`Change`] says what becomes of a value and knows no file format; [`yaml`] and [`csv`] put it into a text. [`overlay`]
//! lays one text over another.

pub mod csv;
mod outline;
pub mod overlay;
pub mod yaml;

use serde_json::{Map, Value as Json};

/// What becomes of a value.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Change {
    /// It stays.
    #[default]
    Keep,
    /// Another value takes its place.
    Become(Json),
    /// It goes, with the key or the place in a list that it has.
    Remove,
    /// The items of a list: those that are not named go.
    List(Vec<Piece>),
    /// Some fields of a map: those that are not named stay.
    Map(Vec<Field>),
}

/// An item of a changed list.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Which item of the old list it is; a new one, which becomes something, when there is none.
    pub from: Option<usize>,
    /// What becomes of it.
    pub change: Change,
}

/// A field of a changed map. One that the map does not have is added.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its key.
    pub key: String,
    /// Its key afterwards.
    pub name: String,
    /// What becomes of its value.
    pub change: Change,
}

impl Field {
    /// A field that keeps its key.
    pub fn new(key: impl Into<String>, change: Change) -> Field {
        let key = key.into();
        Field { name: key.clone(), key, change }
    }

    fn is_kept(&self) -> bool {
        self.key == self.name && self.change == Change::Keep
    }
}

impl Change {
    /// Changes of some fields.
    pub fn map(fields: impl IntoIterator<Item = Field>) -> Change {
        let fields: Vec<Field> = fields.into_iter().filter(|field| !field.is_kept()).collect();
        if fields.is_empty() { Change::Keep } else { Change::Map(fields) }
    }

    /// The items of a list that had `count`.
    pub fn list(count: usize, pieces: Vec<Piece>) -> Change {
        let is_kept = |(at, piece): (usize, &Piece)| piece.from == Some(at) && matches!(piece.change, Change::Keep);
        if pieces.len() == count && pieces.iter().enumerate().all(is_kept) {
            Change::Keep
        } else {
            Change::List(pieces)
        }
    }

    /// A change of the value at a dotted path.
    pub fn at(path: &str, change: Change) -> Change {
        path.rsplit('.').fold(change, |change, key| Change::map([Field::new(key, change)]))
    }

    /// This change and then those of another, of which each changes what the other keeps.
    pub fn and(self, other: Change) -> Change {
        match (self, other) {
            (Change::Keep, change) | (change, Change::Keep) => change,
            (Change::Map(mut fields), Change::Map(more)) => {
                for field in more {
                    match fields.iter_mut().find(|known| known.key == field.key) {
                        Some(known) => known.change = std::mem::take(&mut known.change).and(field.change),
                        None => fields.push(field),
                    }
                }
                Change::Map(fields)
            }
            (Change::List(pieces), Change::List(more))
                if pieces.iter().map(|piece| piece.from).eq(more.iter().map(|piece| piece.from)) =>
            {
                Change::List(
                    pieces
                        .into_iter()
                        .zip(more)
                        .map(|(piece, more)| Piece { from: piece.from, change: piece.change.and(more.change) })
                        .collect(),
                )
            }
            (_, change) => change,
        }
    }

    /// What a value becomes; nothing, when it goes.
    pub fn applied(&self, old: &Json) -> Option<Json> {
        match self {
            Change::Keep => Some(old.clone()),
            Change::Become(new) => Some(new.clone()),
            Change::Remove => None,
            Change::List(pieces) => {
                let item =
                    |piece: &Piece| piece.change.applied(piece.from.and_then(|at| old.get(at)).unwrap_or(&Json::Null));
                Some(Json::Array(pieces.iter().filter_map(item).collect()))
            }
            Change::Map(fields) => {
                let mut new = Map::new();
                for (key, value) in old.as_object().into_iter().flatten() {
                    match fields.iter().find(|field| field.key == *key) {
                        Some(field) => {
                            new.extend(field.change.applied(value).map(|value| (field.name.clone(), value)));
                        }
                        None => {
                            new.insert(key.clone(), value.clone());
                        }
                    }
                }
                for field in fields.iter().filter(|field| old.get(&field.key).is_none()) {
                    new.extend(field.change.applied(&Json::Null).map(|value| (field.name.clone(), value)));
                }
                Some(Json::Object(new))
            }
        }
    }
}

/// A text that cannot be changed in place: what stands in the way, and the byte at which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    /// What stands in the way.
    pub problem: String,
    /// Where.
    pub at: usize,
}

/// The line break that a text uses.
fn line_break(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_is_applied_to_a_value() {
        let old = json!({"a": 1, "b": [1, 2, 3], "c": {"d": "x"}});
        let piece = |from, change| Piece { from, change };
        let change = Change::map([
            Field::new("a", Change::Remove),
            Field::new("b", Change::List(vec![piece(Some(0), Change::Keep), piece(None, Change::Become(json!(9)))])),
            Field { key: "c".into(), name: "e".into(), change: Change::at("d", Change::Become(json!("y"))) },
            Field::new("f", Change::Become(json!(true))),
        ]);
        assert_eq!(change.applied(&old), Some(json!({"b": [1, 9], "e": {"d": "y"}, "f": true})));
        assert_eq!(Change::Keep.and(Change::at("a.b", Change::Keep)), Change::Keep);
        assert_eq!(Change::list(1, vec![piece(Some(0), Change::Keep)]), Change::Keep);
    }
}
