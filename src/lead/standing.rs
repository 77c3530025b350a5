//! How far a workspace is: of each document how many of the facts that it prints are recorded, are samples or proposals, and
//! how many it lacks.

use std::collections::BTreeSet;

use ecow::EcoString;

use crate::decisions;
use crate::model::{Document, Inline, Node, Reference, walk};
use crate::unrecorded;
use crate::workspace::Workspace;

/// How far a document is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its title.
    pub title: String,
    /// Values of the profile that it prints and that somebody said.
    pub recorded: usize,
    /// Those that are still the starter's.
    pub samples: usize,
    /// Those that are proposed, and that nobody decided.
    pub proposed: usize,
    /// Facts that it lacks.
    pub lacking: usize,
}

/// How far each document is, in the order of the set.
pub fn of(workspace: &Workspace, documents: &[Document]) -> Vec<Standing> {
    let profile = &workspace.profile;
    let proposals = decisions::open(profile.proposals(), documents, &workspace.pack.strings);
    let standing = |(at, document): (usize, &Document)| {
        let printed = printed(document);
        let is_sample = |path: &EcoString| workspace.samples.iter().any(|sample| sample.covers(path));
        let (samples, others): (Vec<&EcoString>, Vec<&EcoString>) = printed.iter().partition(|path| is_sample(path));
        let is_said = |path: &&EcoString| profile.says(path);
        Standing {
            title: document.control.title.text.to_string(),
            recorded: others.into_iter().filter(is_said).count(),
            samples: samples.len(),
            proposed: proposals.iter().filter(|open| open.documents.contains(&at)).count(),
            lacking: unrecorded::gaps(document, workspace).len(),
        }
    };
    documents.iter().enumerate().map(standing).collect()
}

/// The paths of the values that a document prints.
fn printed(document: &Document) -> BTreeSet<EcoString> {
    let mut found = BTreeSet::new();
    for block in walk(&document.body) {
        block.lines().into_iter().for_each(|line| in_line(line, &mut found));
        if let Node::CodeBlock { text } = &block.node {
            found.extend(text.from.iter().cloned());
        }
    }
    document.footnotes.values().for_each(|note| in_line(note, &mut found));
    found
}

fn in_line(line: &[Inline<Reference>], found: &mut BTreeSet<EcoString>) {
    for inline in line {
        match inline {
            Inline::Text(text) | Inline::Code(text) | Inline::Status { text, .. } => {
                found.extend(text.from.iter().cloned());
            }
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                in_line(content, found);
            }
            Inline::Reference(_) | Inline::Footnote { .. } | Inline::Field(_) | Inline::Unrecorded(_) => {}
            Inline::LineBreak => {}
        }
    }
}
