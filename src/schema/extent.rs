//! How much a schema stands for, once each `$ref` is replaced by what it refers to.

use std::collections::BTreeMap;

use serde_json::Value as Json;

/// The most schemas that one may stand for.
const MAX_SCHEMAS: usize = 200_000;
/// How deep one may go: deeper than any file that is checked by it.
const MAX_DEPTH: usize = 256;

/// What is wrong with a schema that has no end, or whose end is too far.
pub(super) struct Endless {
    pub(super) problem: String,
    /// The keyword and its text, where one of them is to blame.
    pub(super) keyword: Option<(&'static str, String)>,
}

/// Checks the first of some schemas; what it refers to may stand in any of them, and means all that stand there.
/// References may share a part, and must not lead back to where they stand: each value of a profile would be checked by
/// more and more of them.
pub(super) fn check(roots: &[&Json]) -> Result<(), Endless> {
    let Some(first) = roots.first() else { return Ok(()) };
    Extent { roots, known: BTreeMap::new() }.of(first, 0).map(|_| ())
}

/// What was counted of a schema: how many parts, and how deep they go.
#[derive(Clone, Copy, Default)]
struct Size {
    parts: usize,
    depth: usize,
}

struct Extent<'s> {
    roots: &'s [&'s Json],
    /// What was counted of each target; nothing yet, while it is being counted.
    known: BTreeMap<&'s str, Option<Size>>,
}

fn endless<T>(problem: String) -> Result<T, Endless> {
    Err(Endless { problem, keyword: None })
}

impl<'s> Extent<'s> {
    fn of(&mut self, schema: &'s Json, depth: usize) -> Result<Size, Endless> {
        let too_deep = || endless(format!("with its `$ref`s put in, the schema nests more than {MAX_DEPTH} deep"));
        if depth > MAX_DEPTH {
            return too_deep();
        }
        let mut sum = Size::default();
        match schema {
            Json::Array(parts) => self.add(parts.iter(), &mut sum, depth)?,
            Json::Object(parts) => {
                for keyword in ["$dynamicRef", "$recursiveRef", "$id"] {
                    if let Some(text) = schema[keyword].as_str() {
                        let problem = format!("the schema uses `{keyword}`; parts are shared by `$ref` to `#/$defs/…`");
                        return Err(Endless { problem, keyword: Some((keyword, text.to_owned())) });
                    }
                }
                if let Some(reference) = schema["$ref"].as_str() {
                    let shared = self.target(reference, depth)?;
                    sum = Size { parts: shared.parts, depth: shared.depth + 1 };
                }
                self.add(parts.values(), &mut sum, depth)?;
            }
            _ => {}
        }
        if sum.parts >= MAX_SCHEMAS {
            return endless(format!("with its `$ref`s put in, the schema has more than {MAX_SCHEMAS} parts"));
        }
        if depth + sum.depth > MAX_DEPTH {
            return too_deep();
        }
        Ok(Size { parts: sum.parts + 1, ..sum })
    }

    fn add(&mut self, parts: impl Iterator<Item = &'s Json>, sum: &mut Size, depth: usize) -> Result<(), Endless> {
        for part in parts {
            let size = self.of(part, depth + 1)?;
            *sum = Size { parts: sum.parts + size.parts, depth: sum.depth.max(size.depth + 1) };
        }
        Ok(())
    }

    fn target(&mut self, reference: &'s str, depth: usize) -> Result<Size, Endless> {
        let blame = |problem| Err(Endless { problem, keyword: Some(("$ref", reference.to_owned())) });
        match self.known.get(reference) {
            Some(Some(known)) => return Ok(*known),
            Some(None) => return blame(format!("`$ref: {reference}` leads back to itself")),
            None => {}
        }
        let pointer = reference.strip_prefix('#');
        let roots = self.roots;
        let mut targets = roots.iter().filter_map(|root| root.pointer(pointer?)).peekable();
        if targets.peek().is_none() {
            return blame(format!("`$ref: {reference}` leads nowhere in this schema"));
        }
        self.known.insert(reference, None);
        let mut size = Size::default();
        self.add(targets, &mut size, depth)?;
        self.known.insert(reference, Some(size));
        Ok(size)
    }
}
