//! What the schema of a profile says of a value, seen through `$ref` and `allOf`.

use serde_json::Value as Json;

use crate::workspace::profile::schema::target;

/// All that a schema says of one value.
#[derive(Debug, Clone)]
pub(super) struct Views<'s> {
    root: &'s Json,
    parts: Vec<&'s Json>,
}

impl<'s> Views<'s> {
    /// What a schema says of the whole profile.
    pub(super) fn of(root: &'s Json) -> Views<'s> {
        Views { root, parts: Vec::new() }.with(root)
    }

    fn with(mut self, schema: &'s Json) -> Views<'s> {
        let schema = target(schema, self.root);
        self.parts.push(schema);
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self = self.with(part);
        }
        self
    }

    fn all(&self, schemas: impl Iterator<Item = &'s Json>) -> Option<Views<'s>> {
        let empty = Views { root: self.root, parts: Vec::new() };
        let views = schemas.filter(|schema| schema.is_object()).fold(empty, Views::with);
        (!views.parts.is_empty()).then_some(views)
    }

    /// What is said of a field.
    pub(super) fn property(&self, key: &str) -> Option<Views<'s>> {
        let named = self.all(self.parts.iter().filter_map(|part| part["properties"].get(key)));
        named.or_else(|| self.all(self.parts.iter().map(|part| &part["additionalProperties"])))
    }

    /// What is said of the items of a list.
    pub(super) fn items(&self) -> Option<Views<'s>> {
        self.all(self.parts.iter().map(|part| &part["items"]))
    }

    /// What is said of the value at a dotted path.
    pub(super) fn at(&self, path: &str) -> Option<Views<'s>> {
        path.split('.').try_fold(self.clone(), |views, key| views.property(key))
    }

    /// The fields of which something is said.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'s str> {
        let maps = self.parts.iter().filter_map(|part| part["properties"].as_object());
        maps.flatten().map(|(key, _)| key.as_str())
    }

    /// The first value of a keyword.
    pub(super) fn keyword(&self, name: &str) -> Option<&'s Json> {
        self.parts.iter().find_map(|part| part.get(name))
    }

    /// The texts of a keyword that lists some.
    pub(super) fn texts(&self, name: &str) -> Vec<&'s str> {
        self.keyword(name).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect()
    }

    /// The field by which the rows of a register are called.
    pub(super) fn row_key(&self) -> Option<&'s str> {
        self.keyword("x-folio-key").and_then(Json::as_str)
    }

    /// The part that names the fields, as registers in files are read by it.
    pub(super) fn named(&self) -> &'s Json {
        self.parts.iter().find(|part| part["properties"].is_object()).copied().unwrap_or(&Json::Null)
    }

    /// How it is called: its title, else nothing.
    pub(super) fn title(&self) -> Option<&'s str> {
        self.keyword("title").and_then(Json::as_str)
    }
}
