//! A document that no template made: Markdown of Folio's own, in the look of a workspace.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::Session;
use crate::backend::Format;
use crate::diagnostic::Sink;
use crate::expand::Expanded;
use crate::model::{Control, Level, Party, State, Text, Version};
use crate::pack::source::Shelf;
use crate::parse;
use crate::plan;
use crate::resolve;
use crate::workspace::Workspace;

/// What is said of such a document besides its text.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its title.
    pub title: &'a str,
    /// The word for what it is.
    pub kind: &'a str,
}

/// The bytes of a document in one format. Owner, author and approver are those that the profile gives by default.
pub fn sheet(
    workspace: &Workspace,
    sheet: Sheet<'_>,
    text: String,
    format: Format,
    sink: &mut Sink,
) -> Option<Vec<u8>> {
    let mut expanded = Expanded::default();
    expanded.text = text;
    let strings = &workspace.pack.strings;
    let known = parse::Known { party: &|_| None, has_image: &|_| false, scope: &Map::new(), strings };
    let (parsed, _) = parse::parse(&expanded, control(workspace, sheet, sink)?, &known, sink)?;
    let document = resolve::resolve(parsed, &BTreeMap::new(), &workspace.pack.strings, sink)?;
    let session = Session::new(Shelf::default(), 1, "");
    let press = session.press(workspace, &[], &[format], sink)?;
    press.check_words(workspace, sink);
    let printed = session.print(&press, workspace, &document, &[format], sink)?;
    printed.outputs.into_iter().next().map(|(_, bytes)| bytes)
}

fn control(workspace: &Workspace, sheet: Sheet<'_>, sink: &mut Sink) -> Option<Control> {
    let Workspace { settings, pack, profile, .. } = workspace;
    let profile = &profile.value;
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let party = |key: &str| {
        let role = text(&profile["document_defaults"][key]);
        plan::role(profile, &role, &pack.terms, &pack.strings).unwrap_or(Party {
            role: Text::literal("–"),
            name: None,
            key: role,
            causes: Vec::new(),
        })
    };
    let levels = profile["classification"].as_array();
    let default = &profile["document_defaults"]["classification"];
    let level = levels.and_then(|levels| levels.iter().find(|row| row["id"] == *default).or(levels.first()));
    let level = level.map(|row| Level { id: text(&row["id"]), label: Text::literal(text(&row["label"])) });
    Some(Control {
        id: sheet.id.to_owned(),
        number: Text::literal(&pack.manifest.id),
        title: Text::literal(sheet.title),
        kind: sheet.kind.to_owned(),
        organisation: Text::literal(text(&profile["organisation"]["name"])),
        organisation_short: Text::literal(text(&profile["organisation"]["short_name"])),
        classification: level.unwrap_or(Level { id: String::new(), label: Text::default() }),
        version: Version::Number(Text::literal("1")),
        state: State::Issued,
        sample: false,
        date: plan::as_of(workspace, sink),
        records_to: None,
        next_review: None,
        review_proposed: false,
        owner: party("owner"),
        author: party("author"),
        approver: party("approver"),
        approvals: Vec::new(),
        effective: None,
        history: Vec::new(),
        standard: pack.manifest.standard.clone(),
        satisfies: Vec::new(),
        keywords: Vec::new(),
        // Folio's own words are English, whatever the pack's are.
        language: "en".into(),
        pack: pack.label(0),
        workspace: settings.id.clone(),
    })
}
