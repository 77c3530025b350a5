//! What a profile says of documents.

use serde_json::Value as Json;

use crate::model::Text;

/// What a profile says of one document, or of all that say nothing else.
pub(super) struct Entry<'p> {
    pub(super) profile: &'p Json,
    pub(super) id: &'p str,
}

impl Entry<'_> {
    /// The value of a key and the path that it stands at: the document's own before the default.
    pub(super) fn get(&self, key: &str) -> Option<(&Json, String)> {
        let own = &self.profile["documents"][self.id][key];
        let default = &self.profile["document_defaults"][key];
        match (own.is_null(), default.is_null()) {
            (false, _) => Some((own, format!("documents.{}.{key}", self.id))),
            (true, false) => Some((default, format!("document_defaults.{key}"))),
            (true, true) => None,
        }
    }

    pub(super) fn text(&self, key: &str) -> Option<Text> {
        let (value, path) = self.get(key)?;
        Some(sourced(value.as_str()?.to_owned(), path))
    }

    /// A text that no default stands for.
    pub(super) fn own(&self, key: &str) -> Option<Text> {
        let value = self.profile["documents"][self.id][key].as_str()?;
        Some(sourced(value.to_owned(), format!("documents.{}.{key}", self.id)))
    }
}

pub(super) fn rows(list: &Json) -> impl Iterator<Item = &Json> {
    list.as_array().into_iter().flatten()
}

pub(super) fn printed(value: &Json) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A value as it stands in the profile.
pub(super) fn sourced(text: String, path: String) -> Text {
    Text::value(text, path)
}
