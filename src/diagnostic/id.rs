//! What a diagnostic is known by.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use ecow::EcoString;
use serde::{Serialize, Serializer};

use super::{Code, Kind};

/// What `folio explain` takes: one of the engine's codes, or a check of a pack. Compared by its text.
#[derive(Debug, Clone)]
pub enum Id {
    /// A code of the engine.
    Engine(&'static Code),
    /// The id of a pack's check.
    Check(EcoString),
}

impl Id {
    /// The text: `F221`, or `pen-out-of-stock`.
    pub fn as_str(&self) -> &str {
        match self {
            Id::Engine(code) => code.id,
            Id::Check(id) => id,
        }
    }

    /// Where the problem lies. A check judges what stands in a profile.
    pub fn kind(&self) -> Kind {
        match self {
            Id::Engine(code) => code.kind,
            Id::Check(_) => Kind::Content,
        }
    }
}

impl From<&'static Code> for Id {
    fn from(code: &'static Code) -> Id {
        Id::Engine(code)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Id) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Id {}

impl PartialEq<Code> for Id {
    fn eq(&self, other: &Code) -> bool {
        self.as_str() == other.id
    }
}

impl PartialEq<str> for Id {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Id {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Id) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Id {
    fn cmp(&self, other: &Id) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Id {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes::{profile, workspace};

    #[test]
    fn ids_are_compared_by_their_text() {
        let (engine, check) = (Id::from(&profile::DANGLING), Id::Check("pen-out-of-stock".into()));
        assert_eq!(engine, "F221");
        assert_eq!(engine, profile::DANGLING);
        assert_ne!(engine, profile::BAD_DATE);
        assert_eq!(engine, Id::Check("F221".into()));
        assert!(engine < check);
        assert_eq!(serde_json::json!([engine, check]).to_string(), r#"["F221","pen-out-of-stock"]"#);
    }

    #[test]
    fn a_kind_says_whose_fault_it_is() {
        assert_eq!(Id::from(&profile::DANGLING).kind(), Kind::Content);
        assert_eq!(Id::from(&workspace::USAGE).kind(), Kind::Usage);
        assert_eq!(Id::Check("x".into()).kind(), Kind::Content);
    }
}
