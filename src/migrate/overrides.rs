//! What becomes of a workspace's overrides: those that the new pack has a place for stay, the others are put aside.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::carry::Carry;
use super::mentions::Mentions;
use super::report::Moved;
use crate::decode;
use crate::diagnostic::Sink;
use crate::expand::{self, Library, Source};
use crate::files::Files;
use crate::pack::Pack;

/// The folder of overrides.
const FOLDER: &str = "overrides";
/// Where those are kept that have no place. Nothing reads it.
const ASIDE: &str = "overrides/.unmapped";

impl Carry<'_> {
    /// Moves overrides; adds to `changes` the files that change.
    pub(super) fn overrides(
        &mut self,
        files: &dyn Files,
        mentions: &Mentions,
        changes: &mut BTreeMap<String, Option<Vec<u8>>>,
    ) {
        for path in files.list(FOLDER).unwrap_or_default() {
            let parts: Vec<&str> = path.split('/').collect();
            let [_, document, file] = parts.as_slice() else { continue };
            let Some(block) = file.strip_suffix(".md.hbs") else { continue };
            let Some(text) = decode::text(files, &path, &mut Sink::new()) else { continue };
            let found = match self.document(document) {
                Some(id) => fits(self.to, &id, block, &path, &text).map(|()| format!("{FOLDER}/{id}/{file}")),
                None => Err(format!("{} has no document `{document}`", self.to.label(0))),
            };
            let target = match found {
                Ok(target) => {
                    if self.is_elsewhere() {
                        self.judge(&path, "read this text again beside the section that it takes the place of");
                    }
                    mentions.in_text(&text).into_iter().for_each(|what| self.judge(&path, what));
                    target
                }
                Err(reason) => {
                    let target = free(files, &format!("{ASIDE}/{document}/{block}"));
                    self.report.moved.push(Moved { path: path.clone(), to: target.clone(), reason });
                    target
                }
            };
            if target != path
                && let Ok(bytes) = files.read(&path)
            {
                changes.insert(path, None);
                changes.insert(target, Some(bytes));
            }
        }
    }
}

/// Whether a block of a document can be overridden by a text; else why not.
fn fits(pack: &Pack, document: &str, block: &str, path: &str, text: &str) -> Result<(), String> {
    let Some(template) = pack.documents.iter().find(|template| template.id == document) else { return Ok(()) };
    if template.is_final {
        return Err(format!("`{document}` is final in {}", pack.label(0)));
    }
    let mut overrides = pack.blocks.get(document).cloned().unwrap_or_default();
    let source = Source { name: path.into(), text: text.to_owned(), first_line: 1, layer: 0, replaces: None };
    overrides.insert(block.to_owned(), source);
    if let Some(topic) = topics(text).find(|topic| !pack.topics.contains_key(*topic)) {
        return Err(format!("it cites the topic `{topic}`, which {} does not have", pack.label(0)));
    }
    let library = Library { partials: Cow::Borrowed(&pack.partials), overrides, final_since: None };
    let mut sink = Sink::new();
    match expand::prepare(&template.source, &library, &mut sink) {
        Some(prepared) if prepared.blocks.iter().any(|known| known == block) => Ok(()),
        Some(_) => Err(format!("`{document}` has no block `{block}` in {}", pack.label(0))),
        None => Err(sink.into_vec().into_iter().next().map(|problem| problem.message).unwrap_or_default()),
    }
}

/// The topics that a text cites.
fn topics(text: &str) -> impl Iterator<Item = &str> {
    static CITE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"\bcite\s+"([^"]+)""#).ok());
    let found = CITE.iter().flat_map(|cite| cite.captures_iter(text));
    found.filter_map(|found| Some(found.get(1)?.as_str()))
}

/// A name that no file has.
fn free(files: &dyn Files, stem: &str) -> String {
    let name = |count: usize| if count == 1 { format!("{stem}.md.hbs") } else { format!("{stem}-{count}.md.hbs") };
    (1..).map(name).find(|name| files.read(name).is_err()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn topics_are_found_in_a_text() {
        let text = "a {{cite \"one\"}} b {{#if (cite  \"two\")}} {{cited \"three\"}} {{name}}";
        assert_eq!(super::topics(text).collect::<Vec<_>>(), ["one", "two"]);
    }
}
