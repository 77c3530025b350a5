//! What stands around the text of a page: header, footer and cover, each of free [`Part`]s. Those of a line are joined by
//! a dot.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::part::{Field, MIXED, Part};
use crate::length::Length;

/// The most parts of one line.
pub const MAX_PARTS: usize = 8;
/// The most lines of a header or footer, and of a place of the cover.
pub const MAX_LINES: usize = 4;
/// How many hundredths of the text's width a picture of a margin may take.
pub const PICTURE_WIDTH: f64 = 45.0;

/// What stands at the head or foot of each page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Furniture {
    /// On each page.
    pub every: Places,
    /// On the first page, when something else stands there.
    pub first: Option<Places>,
}

/// Left, middle and right of a header or footer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Places {
    /// At the left.
    #[serde(default)]
    pub left: Place,
    /// In the middle.
    #[serde(default)]
    pub center: Place,
    /// At the right.
    #[serde(default)]
    pub right: Place,
}

/// Furniture as it is written: the first page stands beside the places of the others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    left: Place,
    #[serde(default)]
    center: Place,
    #[serde(default)]
    right: Place,
    #[serde(default)]
    first: Option<Places>,
}

impl From<Written> for Furniture {
    fn from(Written { left, center, right, first }: Written) -> Furniture {
        Furniture { every: Places { left, center, right }, first }
    }
}

impl Places {
    /// The three, with their keys.
    pub fn all(&self) -> [(&'static str, &Place); 3] {
        [("left", &self.left), ("center", &self.center), ("right", &self.right)]
    }
}

/// The parts of a place, line by line.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Json")]
pub struct Place {
    lines: Vec<Vec<Part>>,
    /// Whether the lines are lists in a list.
    is_nested: bool,
}

impl Place {
    /// A place where nothing stands.
    pub const NONE: Place = Place { lines: Vec::new(), is_nested: false };

    /// A place of one line.
    pub fn line(parts: Vec<Part>) -> Place {
        Place { lines: vec![parts], is_nested: false }
    }

    /// A place of several lines.
    pub fn lines_of(lines: Vec<Vec<Part>>) -> Place {
        Place { lines, is_nested: true }
    }

    /// Its lines.
    pub fn lines(&self) -> &[Vec<Part>] {
        &self.lines
    }

    /// Whether nothing stands there.
    pub fn is_empty(&self) -> bool {
        self.lines.iter().all(Vec::is_empty)
    }

    /// Each part, with the key that leads to it from the place's: `0`, or `1.0` where lines are lists.
    pub fn parts(&self) -> impl Iterator<Item = (String, &Part)> {
        let is_nested = self.is_nested;
        self.lines.iter().enumerate().flat_map(move |(row, parts)| {
            let key = move |at: usize| if is_nested { format!("{row}.{at}") } else { at.to_string() };
            parts.iter().enumerate().map(move |(at, part)| (key(at), part))
        })
    }
}

impl TryFrom<Json> for Place {
    type Error = String;

    fn try_from(json: Json) -> Result<Place, String> {
        let items = json.as_array().ok_or("parts are a list")?;
        let is_nested = items.iter().any(Json::is_array);
        let read = |items: &[Json]| -> Result<Vec<Part>, String> {
            items.iter().map(|item| Part::read(item).map_err(|mistake| mistake.what)).collect()
        };
        let lines = match is_nested {
            true => items.iter().map(|line| read(line.as_array().ok_or(MIXED)?)).collect::<Result<_, _>>()?,
            false => vec![read(items)?],
        };
        Ok(Place { lines, is_nested })
    }
}

/// A first page that shows what the document is, before the page with the control table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cover {
    /// Whether documents have one.
    #[serde(default = "yes")]
    pub show: bool,
    /// The size of the title on it.
    #[serde(default = "title")]
    pub title: Length,
    /// Above organisation and title.
    #[serde(default = "above")]
    pub above: Place,
    /// Below the title.
    #[serde(default = "below")]
    pub below: Place,
    /// At the foot of the page.
    #[serde(default)]
    pub foot: Place,
}

impl Cover {
    /// Its places, with their keys.
    pub fn all(&self) -> [(&'static str, &Place); 3] {
        [("above", &self.above), ("below", &self.below), ("foot", &self.foot)]
    }
}

fn yes() -> bool {
    true
}

fn title() -> Length {
    Length::from_pt(30.0)
}

fn above() -> Place {
    Place::line(vec![Part::Logo])
}

fn below() -> Place {
    let line = |fields: &[Field]| fields.iter().copied().map(Part::field).collect();
    Place::lines_of(vec![
        line(&[Field::Kind, Field::Number, Field::Classification]),
        line(&[Field::Version, Field::Date]),
    ])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lines_are_lists_and_keys_lead_to_parts() {
        let place: Place = serde_json::from_value(json!([["number"], ["title", "Hello you"]])).unwrap();
        let keys: Vec<String> = place.parts().map(|(key, _)| key).collect();
        assert_eq!(keys, ["0.0", "1.0", "1.1"]);
        let place: Place = serde_json::from_value(json!(["number", "title"])).unwrap();
        assert_eq!(place.parts().map(|(key, _)| key).collect::<Vec<_>>(), ["0", "1"]);
        assert!(serde_json::from_value::<Place>(json!([["number"], "title"])).is_err());
        assert!(serde_json::from_value::<Place>(json!([])).unwrap().is_empty());
    }
}
