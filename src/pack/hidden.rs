//! What becomes of overrides under a newer pack, and what they hide of it: the text of a block that changed, where
//! something else stands in its place.

use std::collections::BTreeMap;

use super::Pack;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Span};
use crate::differ::{self, Hunk};
use crate::expand::Source;

/// The most bytes of a document with its partials, as [`crate::expand::prepare`] reads them, and how deep they may lie in
/// one another.
const MAX_SPLICED: usize = 512 << 10;
const MAX_DEPTH: usize = 64;

/// A block that changed in the pack under an override.
#[derive(Debug, Clone, PartialEq)]
pub struct Hidden {
    /// The document.
    pub document: String,
    /// The block.
    pub block: String,
    /// The file that stands in its place.
    pub file: String,
    /// Where the pack's text differs.
    pub hunks: Vec<Hunk>,
}

/// What becomes of the block that an override stands in place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It says what it said.
    Stays,
    /// It says something else, which the override hides.
    Changed,
    /// The document, or the block in it, has gone: the override has no place any more.
    Gone,
    /// It may no longer be changed.
    Final,
}

/// An override, and what becomes of the block that it stands in place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rested {
    /// The document.
    pub document: String,
    /// The block.
    pub block: String,
    /// The file of the override.
    pub file: String,
    /// What becomes of the block.
    pub fate: Fate,
}

/// What becomes of each override from one version of a pack to another.
pub fn fates(old: &Pack, new: &Pack, overrides: &BTreeMap<String, BTreeMap<String, String>>) -> Vec<Rested> {
    let all =
        overrides.iter().flat_map(|(document, blocks)| blocks.iter().map(move |(block, file)| (document, block, file)));
    let fate = |document: &str, block: &str| {
        let Some(after) = text(new, document, block) else { return Fate::Gone };
        let is_final = new.documents.iter().any(|template| template.id == *document && template.is_final);
        match text(old, document, block) {
            _ if is_final || is_final_block(new, document, block) => Fate::Final,
            Some(before) if before == after => Fate::Stays,
            _ => Fate::Changed,
        }
    };
    all.map(|(document, block, file)| Rested {
        document: document.clone(),
        block: block.clone(),
        file: file.clone(),
        fate: fate(document, block),
    })
    .collect()
}

/// What changes from one version of a pack to another in blocks that are overridden: by document, then by block, the
/// file, as [`crate::workspace::Workspace::overrides`] has them.
pub fn hidden(old: &Pack, new: &Pack, overrides: &BTreeMap<String, BTreeMap<String, String>>) -> Vec<Hidden> {
    let mut found = Vec::new();
    for (document, blocks) in overrides {
        for (block, file) in blocks {
            // A block that has gone is a fault of the workspace with the new pack.
            let texts = text(old, document, block).zip(text(new, document, block));
            if let Some((before, after)) = texts.filter(|(before, after)| before != after) {
                let (document, block, file) = (document.clone(), block.clone(), file.clone());
                found.push(Hidden { document, block, file, hunks: differ::diff(&before, &after) });
            }
        }
    }
    found
}

impl Hidden {
    /// As a finding: what is hidden, and where.
    pub fn finding(&self) -> Diagnostic {
        let Hidden { document, block, file, .. } = self;
        let message =
            format!("{document}: the block `{block}` changed in the pack; your override `{file}` stands in its place");
        Diagnostic::warning(&codes::OVERRIDE_HIDES, message)
            .at(Span::file(file.as_str()))
            .help(codes::OVERRIDE_HIDES.fix)
    }
}

/// What a pack says in a block of a document, with its partials; `None` when it has no such block.
fn text(pack: &Pack, document: &str, block: &str) -> Option<String> {
    block_of(&whole(pack, document)?, block).map(|text| text.trim_matches('\n').to_owned())
}

/// All text of a document.
fn whole(pack: &Pack, document: &str) -> Option<String> {
    let template = pack.documents.iter().find(|template| template.id == document)?;
    let own = pack.blocks.get(document);
    let mut whole = String::new();
    splice(&template.source, pack, own, &mut Vec::new(), &mut whole);
    Some(whole)
}

/// Whether a block is written as final: `{{#block "id" final=true}}`.
fn is_final_block(pack: &Pack, document: &str, block: &str) -> bool {
    let text = whole(pack, document).unwrap_or_default();
    tags(&text)
        .into_iter()
        .any(|tag| matches!(tag.kind, Kind::Open(id) if id == block) && text[tag.start..tag.end].contains("final=true"))
}

/// A source with the partials that it includes and, within blocks that a pack further out has, what that says.
fn splice(
    source: &Source,
    pack: &Pack,
    blocks: Option<&BTreeMap<String, Source>>,
    open: &mut Vec<String>,
    into: &mut String,
) {
    let mut at = 0;
    // Inside a block that is replaced: how many blocks are open there.
    let mut replaced: Option<usize> = None;
    for tag in tags(&source.text) {
        if replaced.is_none() {
            into.push_str(&source.text[at..tag.start]);
        }
        at = tag.end;
        if into.len() > MAX_SPLICED || open.len() > MAX_DEPTH {
            return;
        }
        match (&mut replaced, tag.kind) {
            (Some(depth), Kind::Open(_)) => *depth += 1,
            (Some(depth), Kind::Close) if *depth > 0 => *depth -= 1,
            (Some(_), Kind::Close) => {
                replaced = None;
                into.push_str(&source.text[tag.start..tag.end]);
            }
            (Some(_), _) => {}
            (None, Kind::Partial(name)) => match pack.partials.get(name) {
                Some(partial) if !open.iter().any(|known| known == name) => {
                    open.push(name.to_owned());
                    splice(partial, pack, blocks, open, into);
                    open.pop();
                }
                _ => into.push_str(&source.text[tag.start..tag.end]),
            },
            (None, kind) => {
                into.push_str(&source.text[tag.start..tag.end]);
                let own = match kind {
                    Kind::Open(id) => blocks.and_then(|blocks| blocks.get(id)),
                    _ => None,
                };
                if let Some(own) = own.filter(|own| own.name != source.name) {
                    open.push(String::new());
                    into.push('\n');
                    splice(own, pack, None, open, into);
                    into.push('\n');
                    open.pop();
                    replaced = Some(0);
                }
            }
        }
    }
    if replaced.is_none() {
        into.push_str(&source.text[at..]);
    }
}

/// What stands between the tags of a block.
fn block_of<'t>(text: &'t str, block: &str) -> Option<&'t str> {
    let mut begin = None;
    let mut depth = 0;
    for tag in tags(text) {
        match (begin, tag.kind) {
            (None, Kind::Open(id)) if id == block => begin = Some(tag.end),
            (Some(_), Kind::Open(_)) => depth += 1,
            (Some(_), Kind::Close) if depth > 0 => depth -= 1,
            (Some(begin), Kind::Close) => return text.get(begin..tag.start),
            _ => {}
        }
    }
    None
}

/// A tag of Handlebars that matters here, and where it stands.
struct Tag<'t> {
    start: usize,
    end: usize,
    kind: Kind<'t>,
}

enum Kind<'t> {
    /// `{{#block "id"}}`.
    Open(&'t str),
    /// `{{/block}}`.
    Close,
    /// `{{> name}}`.
    Partial(&'t str),
    Other,
}

/// The tags of a template, in order. Comments are tags too.
fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("{{").map(|found| at + found) {
        let inside = &text[start + 2..];
        let body = inside.trim_start_matches('~');
        let closing = if body.starts_with("!--") { "--" } else { "" };
        let close = match closing {
            "" => inside.find("}}").map(|end| end + 2),
            _ => inside.find("--}}").map(|end| end + 4).or_else(|| inside.find("--~}}").map(|end| end + 5)),
        };
        let Some(end) = close.map(|close| start + 2 + close) else { return found };
        at = end;
        if text[..start].ends_with('\\') {
            continue;
        }
        let body = text[start + 2..end - 2].trim_matches('~').trim();
        let kind = match body.split_once(char::is_whitespace).unwrap_or((body, "")) {
            ("#block", id) => {
                Kind::Open(id.trim_start().get(1..).and_then(|id| id.split(['"', '\'']).next()).unwrap_or_default())
            }
            ("/block", _) => Kind::Close,
            (">", name) => Kind::Partial(name.trim()),
            (name, _) if name.starts_with('>') => Kind::Partial(name[1..].trim()),
            _ => Kind::Other,
        };
        found.push(Tag { start, end, kind });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(document: &str, partial: &str, block: Option<&str>) -> Pack {
        use std::sync::Arc;

        use crate::diagnostic::Sink;
        use crate::files::Memory;
        use crate::pack::source::Shelf;
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/specimen/pack");
        let specimen = crate::pack::source::folder(&folder);
        let mut files = Memory::new("");
        for path in specimen.list("").unwrap() {
            files.insert(path.clone(), specimen.read(&path).unwrap());
        }
        let matter = "---\nnumber: H-2\ntitle: Notice\nkind: procedure\n---\n# Text {#sec-text}\n\n";
        files.insert("documents/notice.md.hbs", format!("{matter}{document}"));
        files.insert("partials/duties.md.hbs", partial);
        if let Some(block) = block {
            files.insert("blocks/notice/text.md.hbs", block);
        }
        let mut sink = Sink::new();
        let pack = Pack::examine(Arc::new(files), &Shelf::default(), &mut sink);
        pack.unwrap_or_else(|| panic!("{sink:?}"))
    }

    fn overrides(block: &str) -> BTreeMap<String, BTreeMap<String, String>> {
        let file = format!("overrides/notice/{block}.md.hbs");
        [("notice".to_owned(), [(block.to_owned(), file)].into())].into()
    }

    const OLD: &str = "{{#block \"text\"}}\nOne duty.\n{{#if motto}}{{#block \"in\"}}In.{{/block}}{{/if}}\n{{> duties}}\n{{/block}}\n\nElse.\n";

    #[test]
    fn a_change_under_an_override_is_told() {
        let old = pack(OLD, "- Sweep.\n", None);
        let more = pack(&OLD.replace("One duty.", "One duty.\nTwo duties."), "- Sweep.\n", None);
        let found = hidden(&old, &more, &overrides("text"));
        let [Hidden { hunks, .. }] = found.as_slice() else { panic!("{found:?}") };
        assert!(differ::text(hunks, false).contains("Two duties"), "{hunks:?}");
        assert_eq!(
            found[0].finding().message,
            "notice: the block `text` changed in the pack; your override `overrides/notice/text.md.hbs` stands in its place"
        );
        assert!(hidden(&old, &more, &overrides("in")).is_empty(), "another block, inside it");
        assert!(hidden(&old, &old, &overrides("text")).is_empty());
        let elsewhere = pack(&OLD.replace("Else.", "Other."), "- Sweep.\n", None);
        assert!(hidden(&old, &elsewhere, &overrides("text")).is_empty());
        let deeper = pack(&OLD.replace("In.", "Inside."), "- Sweep.\n", None);
        assert_eq!(hidden(&old, &deeper, &overrides("text")).len(), 1);
        assert_eq!(hidden(&old, &deeper, &overrides("in")).len(), 1);
    }

    #[test]
    fn the_fate_of_each_override_is_told() {
        let old = pack(OLD, "- Sweep.\n", None);
        let fate = |new: &Pack| fates(&old, new, &overrides("text"))[0].fate;
        assert_eq!(fate(&old), Fate::Stays);
        assert_eq!(fate(&pack(&OLD.replace("One", "Two"), "- Sweep.\n", None)), Fate::Changed);
        assert_eq!(fate(&pack(&OLD.replace("\"text\"", "\"words\""), "- Sweep.\n", None)), Fate::Gone);
        assert_eq!(fate(&pack(&OLD.replace("\"text\"", "\"text\" final=true"), "- Sweep.\n", None)), Fate::Final);
        let elsewhere: BTreeMap<_, _> = [("no-such".to_owned(), overrides("text")["notice"].clone())].into();
        assert_eq!(fates(&old, &old, &elsewhere)[0].fate, Fate::Gone);
    }

    #[test]
    fn a_partial_is_part_of_the_block_that_includes_it() {
        let old = pack(OLD, "- Sweep.\n", None);
        assert_eq!(hidden(&old, &pack(OLD, "- Sweep.\n- Lock up.\n", None), &overrides("text")).len(), 1);
    }

    #[test]
    fn any_text_is_gone_through() {
        for text in
            ["{{", "{{#block", "{{#block }}", "{{#block \"ä", "\\{{#block \"x\"}}", "{{!-- {{/block}} --}}x{{/block}}"]
        {
            tags(text);
            assert_eq!(block_of(text, "x"), None, "{text}");
        }
        assert_eq!(
            block_of("{{~#block \"x\"~}}a{{!-- {{/block}} --}}b{{~/block~}}c", "x"),
            Some("a{{!-- {{/block}} --}}b")
        );
    }
}
