//! Places in the values that documents are made from, and sets of them.
//!
//! A place is written as a path: `risks[R-07].owner` in the profile, `data.controls[A.5.1].title` in a pack's data,
//! `derived.small` for what a pack's rule says by itself. Places are interned: values carry numbers, and a path is only
//! written out for what is printed.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecow::EcoString;

/// The variable with the rows of registers that no longer hold, by register.
pub const FORMER: &str = "former";

/// The variable with the rows of registers that do not hold yet, by register.
pub const COMING: &str = "coming";

/// Whether a variable holds rows of registers that do not hold now: they have the paths of their registers.
pub fn is_aside(variable: &str) -> bool {
    variable == FORMER || variable == COMING
}

/// The most places that are kept one by one. What came from more came from whole columns, such as `assets[].level`.
pub const MOST: usize = 48;

/// A place, as a number in its [`Places`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(u32);

/// The step from a group or list to a place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A key of a group.
    Key(EcoString),
    /// A row of a list: where it stands, from 0, and what it is called by.
    Row(usize, EcoString),
    /// Every row of a list.
    Every,
}

#[derive(Debug, Clone)]
struct Node {
    up: Option<Place>,
    step: Step,
    /// The same place in every row; itself where it lies in no row.
    column: Place,
}

/// All places that values come from.
#[derive(Debug, Clone, Default)]
pub struct Places {
    nodes: Vec<Node>,
    columns: BTreeMap<(Place, Option<EcoString>), Place>,
    /// Where values would stand that are not there, by the group that lacks them; those of the profile itself by none.
    absent: BTreeMap<(Option<Place>, EcoString), Place>,
}

impl Places {
    /// Adds the place that a step leads to.
    pub fn add(&mut self, up: Option<Place>, step: Step) -> Place {
        let column = up.map(|up| (self.column(up), up)).and_then(|(column, up)| match &step {
            Step::Row(..) | Step::Every => Some(self.shared(column, None)),
            Step::Key(key) if column != up => Some(self.shared(column, Some(key.clone()))),
            Step::Key(_) => None,
        });
        let own = self.next();
        self.nodes.push(Node { up, step, column: column.unwrap_or(own) });
        own
    }

    /// Adds the place of a value that a group may have and does not.
    pub fn add_absent(&mut self, group: Place, key: EcoString) {
        let place = self.add(Some(group), Step::Key(key.clone()));
        self.absent.insert((Some(group), key), place);
    }

    /// Adds the place of a variable that there may be and is not.
    pub fn add_absent_variable(&mut self, name: EcoString) {
        let place = self.add(None, Step::Key(name.clone()));
        self.absent.insert((None, name), place);
    }

    /// The place of a value that a group, or the profile itself, may have and does not.
    pub fn absent(&self, group: Option<Place>, key: &str) -> Option<Place> {
        self.absent.get(&(group, key.into())).copied()
    }

    fn next(&self) -> Place {
        Place(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX))
    }

    fn shared(&mut self, up: Place, key: Option<EcoString>) -> Place {
        if let Some(known) = self.columns.get(&(up, key.clone())) {
            return *known;
        }
        let own = self.next();
        let step = key.clone().map_or(Step::Every, Step::Key);
        self.nodes.push(Node { up: Some(up), step, column: own });
        self.columns.insert((up, key), own);
        own
    }

    fn node(&self, place: Place) -> Option<&Node> {
        self.nodes.get(place.0 as usize)
    }

    fn column(&self, place: Place) -> Place {
        self.node(place).map_or(place, |node| node.column)
    }

    fn root(&self, place: Place) -> Place {
        let mut place = place;
        while let Some(up) = self.node(place).and_then(|node| node.up) {
            place = up;
        }
        place
    }

    /// The innermost row that a place lies in, or is.
    pub fn row(&self, place: Place) -> Option<Place> {
        let mut place = place;
        loop {
            let node = self.node(place)?;
            if matches!(node.step, Step::Row(..)) {
                return Some(place);
            }
            place = node.up?;
        }
    }

    /// The steps that lead to a place.
    pub fn steps(&self, place: Place) -> Vec<&Step> {
        let mut steps = Vec::new();
        let mut at = Some(place);
        while let Some(node) = at.and_then(|place| self.node(place)) {
            steps.push(&node.step);
            at = node.up;
        }
        steps.reverse();
        steps
    }

    /// The path of a place.
    pub fn path(&self, place: Place) -> EcoString {
        let mut path = EcoString::new();
        let mut steps = self.steps(place);
        if let [Step::Key(first), _, ..] = steps.as_slice()
            && is_aside(first)
        {
            steps.remove(0);
        }
        for step in steps {
            match step {
                Step::Key(key) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(key);
                }
                Step::Row(_, key) => {
                    path.push('[');
                    path.push_str(key);
                    path.push(']');
                }
                Step::Every => path.push_str("[]"),
            }
        }
        path
    }

    /// The same places in every row.
    pub fn columns(&self, sources: &Sources) -> Sources {
        let mut columns: Vec<Place> = sources.places().iter().map(|place| self.column(*place)).collect();
        columns.sort_unstable();
        columns.dedup();
        Sources::of(&columns)
    }

    /// Sorted places without those whose column is among them, and as columns when there are too many.
    fn bounded(&self, mut places: Vec<Place>) -> Vec<Place> {
        let is_covered = |place: Place| {
            let column = self.column(place);
            column != place && places.binary_search(&column).is_ok()
        };
        if places.iter().any(|place| is_covered(*place)) {
            places = places.iter().copied().filter(|place| !is_covered(*place)).collect();
        }
        for wider in [Places::column, Places::root] {
            if places.len() <= MOST {
                break;
            }
            places = places.into_iter().map(|place| wider(self, place)).collect();
            places.sort_unstable();
            places.dedup();
        }
        places
    }
}

/// The places that a value came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Sources {
    /// None that is known: a literal of a rule.
    #[default]
    None,
    /// One.
    One(Place),
    /// Several, sorted; at most about [`MOST`].
    Many(Arc<[Place]>),
}

impl Sources {
    /// Whether none is known.
    pub fn is_none(&self) -> bool {
        matches!(self, Sources::None)
    }

    /// The places.
    pub fn places(&self) -> &[Place] {
        match self {
            Sources::None => &[],
            Sources::One(place) => std::slice::from_ref(place),
            Sources::Many(places) => places,
        }
    }

    /// Adds those of another value.
    pub fn add(&mut self, other: &Sources, places: &Places) {
        let own = self.places();
        let is_known =
            |place: &Place| own.binary_search(place).is_ok() || own.binary_search(&places.column(*place)).is_ok();
        if other.places().iter().all(is_known) {
            return;
        }
        if own.is_empty() {
            *self = other.clone();
            return;
        }
        let mut all: Vec<Place> = own.iter().chain(other.places()).copied().collect();
        all.sort_unstable();
        all.dedup();
        *self = Sources::of(&places.bounded(all));
    }

    fn of(sorted: &[Place]) -> Sources {
        match sorted {
            [] => Sources::None,
            [one] => Sources::One(*one),
            many => Sources::Many(many.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A register of so many rows, each with an owner.
    fn register(rows: usize) -> (Places, Vec<Place>) {
        let mut places = Places::default();
        let list = places.add(None, Step::Key("risks".into()));
        let owners = (0..rows).map(|row| {
            let row = places.add(Some(list), Step::Row(row, format!("R-{row}").into()));
            places.add(Some(row), Step::Key("owner".into()))
        });
        let owners = owners.collect();
        (places, owners)
    }

    #[test]
    fn places_are_written_as_paths() {
        let (places, owners) = register(2);
        assert_eq!(places.path(owners[1]), "risks[R-1].owner");
        assert_eq!(places.row(owners[1]).map(|row| places.path(row)), Some("risks[R-1]".into()));
        assert_eq!(places.path(places.column(owners[1])), "risks[].owner");
    }

    #[test]
    fn many_places_become_their_column() {
        let (places, owners) = register(MOST + 10);
        let mut sources = Sources::None;
        for (count, owner) in owners.iter().enumerate() {
            sources.add(&Sources::One(*owner), &places);
            if count < MOST {
                assert_eq!(sources.places().len(), count + 1);
            }
        }
        let paths: Vec<EcoString> = sources.places().iter().map(|place| places.path(*place)).collect();
        assert_eq!(paths, ["risks[].owner"]);
    }
}
