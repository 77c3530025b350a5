//! What documents say: front matter, blocks, prose.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Change, Step, What};
use crate::diagnostic::Sink;
use crate::expand::{self, Library};
use crate::pack::Pack;

/// A document as it is put together from files of the pack.
struct Composed {
    matter: String,
    is_final: bool,
    blocks: BTreeSet<String>,
    /// All its text: the document's, its partials' and what stands in place of its blocks.
    text: String,
}

fn composed(pack: &Pack, id: &str) -> Option<Composed> {
    let template = pack.documents.iter().find(|template| template.id == id)?;
    let overrides = pack.blocks.get(id).cloned().unwrap_or_default();
    let library = Library { partials: Cow::Borrowed(&pack.partials), overrides: overrides.clone(), final_since: None };
    let prepared = expand::prepare(&template.source, &library, &mut Sink::new());
    let (blocks, partials) = prepared.map(|prepared| (prepared.blocks, prepared.partials)).unwrap_or_default();
    let mut text = template.source.text.clone();
    for source in partials.iter().filter_map(|name| pack.partials.get(name)).chain(overrides.values()) {
        text.push('\n');
        text.push_str(&source.text);
    }
    let asked =
        |rule: &Option<crate::rules::Expression>| rule.as_ref().map(|rule| rule.text.clone()).unwrap_or_default();
    let matter = format!(
        "{}\n{}\n{}\n{:?}\n{}\n{}\n{}\n{}\n{}",
        template.number,
        template.title,
        template.kind,
        template.satisfies,
        template.tier,
        asked(&template.when),
        asked(&template.reason),
        asked(&template.form),
        asked(&template.dated)
    );
    Some(Composed { matter, is_final: template.is_final, blocks: blocks.into_iter().collect(), text })
}

/// What a text is built of besides prose: its headings, values, conditions and directives.
fn skeleton(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        let start = line.trim_start();
        if start.starts_with(":::") {
            found.push(start.to_owned());
        }
        if let Some((_, id)) = start.split_once("{#").filter(|_| start.starts_with('#')) {
            found.push(format!("# {id}"));
        }
        let tags = line.match_indices("{{").filter_map(|(at, _)| Some(&line[at..at + line[at..].find("}}")?]));
        found.extend(tags.map(str::to_owned));
    }
    found
}

pub(super) fn documents(old: &Pack, new: &Pack, changes: &mut Vec<Change>) {
    let ids = |pack: &Pack| pack.documents.iter().map(|template| template.id.clone()).collect::<Vec<_>>();
    let all: BTreeSet<String> = ids(old).into_iter().chain(ids(new)).collect();
    for id in all {
        let mut push = |kind, name: &str, what, step, detail: &str| {
            changes.push(Change { kind, name: name.to_owned(), what, step, detail: detail.to_owned() });
        };
        let (before, after) = match (composed(old, &id), composed(new, &id)) {
            (Some(before), Some(after)) => (before, after),
            (Some(_), None) => {
                push("document", &id, What::Removed, Step::Major, "");
                continue;
            }
            (None, _) => {
                push("document", &id, What::Added, Step::Minor, "");
                continue;
            }
        };
        if before.matter != after.matter {
            push("document", &id, What::Changed, Step::Minor, "front matter");
        }
        if after.is_final && !before.is_final {
            push("document", &id, What::Changed, Step::Major, "is final now");
        }
        for block in before.blocks.difference(&after.blocks) {
            push("block", &format!("{id}/{block}"), What::Removed, Step::Major, "");
        }
        for block in after.blocks.difference(&before.blocks) {
            push("block", &format!("{id}/{block}"), What::Added, Step::Minor, "");
        }
        if before.text != after.text {
            let is_prose = skeleton(&before.text) == skeleton(&after.text);
            let (step, detail) =
                if is_prose { (Step::Patch, "prose") } else { (Step::Minor, "headings, values or directives") };
            push("document", &id, What::Changed, step, detail);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_no_part_of_the_skeleton() {
        let text = "# Aim {#sec-aim}\n\nWe {{verb}} pens.\n:::note\n";
        assert_eq!(skeleton(text), skeleton(&text.replace("pens", "quills")));
        assert_ne!(skeleton(text), skeleton(&text.replace("verb", "noun")));
        assert_ne!(skeleton(text), skeleton(&text.replace("sec-aim", "sec-end")));
    }
}
