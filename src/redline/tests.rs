//! What both versions of a document look like as one.

use serde_json::json;

use super::{DRAFT, Found, Pair, listed, merged};
use crate::changes::{Change, Kind, Manner, Place, Section};
use crate::model::chart::Chart;
use crate::model::specimen::{B, I, block, control, heading, p, row, table, text};
use crate::model::{Align, Document, Figure, Heading, Inline, Mark, Node, Pages, Reference, walk};
use crate::testing::strings;

fn document(body: Vec<B>) -> Document {
    Document { control: control(), body, footnotes: Default::default(), gaps: Vec::new() }
}

/// A line, with the signs of a redline.
fn line(content: &[I]) -> String {
    let mut said = String::new();
    for inline in content {
        match inline {
            Inline::Text(text) => match text.mark {
                Some(Mark::Added) => said.push_str(&format!("[+{}+]", text.text)),
                Some(Mark::Removed) => said.push_str(&format!("[-{}-]", text.text)),
                None => said.push_str(&text.text),
            },
            Inline::Strong { content } => said.push_str(&format!("*{}*", line(content))),
            Inline::Reference(reference) => said.push_str(&reference.text),
            Inline::LineBreak => said.push('\n'),
            _ => said.push('?'),
        }
    }
    said
}

/// Both versions as one, line by line.
fn both(old: Vec<B>, new: Vec<B>) -> Vec<String> {
    let both = merged::merged(&document(old), &document(new), &strings());
    let mut said = Vec::new();
    for block in walk(&both.body) {
        match &block.node {
            Node::Heading(it) => said.push(format!("#{} {} {}", it.level, it.number, line(&it.content))),
            Node::Figure(it) => said.push(it.image.clone()),
            Node::Table(it) => {
                let cells = |cells: &[Vec<I>]| cells.iter().map(|cell| line(cell)).collect::<Vec<_>>().join(" | ");
                said.push(cells(&it.header));
                said.extend(it.rows.iter().map(|row| cells(&row.cells)));
            }
            _ => said.extend(block.lines().into_iter().map(line)),
        }
    }
    said
}

#[test]
fn a_heading_that_went_has_its_line_in_the_contents() {
    let (first, second) = (heading(1, "a", "1", "Scope"), heading(1, "b", "2", "Rules"));
    let said = both(vec![first.clone(), second.clone(), p(vec![text("Lock it.")])], vec![first.clone()]);
    assert_eq!(said, ["#1 1 Scope", "#1  [-2 Rules-]", "[-Lock it.-]"]);
    // Where it would stand too far below the one before it, it is a line in bold.
    let deep = heading(3, "c", "1.1.1", "Deep");
    let said = both(vec![first.clone(), heading(2, "d", "1.1", "Old"), deep.clone()], vec![second, first.clone()]);
    assert!(
        said.iter().all(|line| !line.starts_with("#3")) || said.contains(&"#2  [-1.1 Old-]".to_owned()),
        "{said:?}"
    );
}

#[test]
fn a_name_of_two_words_is_one_change() {
    let said = both(vec![p(vec![text("Ask Leila Haddad.")])], vec![p(vec![text("Ask Owen Prosser.")])]);
    assert_eq!(said, ["Ask [-Leila Haddad-][+Owen Prosser+]."]);
}

#[test]
fn the_same_words_in_another_form_stand_there_in_both() {
    let strong = |words: &str| Inline::Strong { content: vec![text(words)] };
    let old = vec![p(vec![text("Keep it "), text("shut"), text(" at night.")])];
    let new = vec![p(vec![text("Keep it "), strong("shut"), text(" at night.")])];
    assert_eq!(both(old.clone(), new), ["Keep it [-shut-]*[+shut+]* at night."]);
    assert_eq!(both(old.clone(), vec![p(vec![text("Keep it shut at night.")])]), ["Keep it shut at night."]);
}

#[test]
fn a_column_that_came_is_marked_and_the_others_stay() {
    let columns = |count: usize| vec![(100.0 / count as f64, Align::Left); count];
    let old = table(None, &columns(2), &["Role", "Duty"], vec![row(vec![text("clerk"), text("ink")])]);
    let cells = vec![text("clerk"), text("Ada"), text("pens")];
    let new = table(None, &columns(3), &["Role", "Holder", "Duty"], vec![row(cells)]);
    let said = both(vec![old.clone()], vec![new.clone()]);
    assert_eq!(said, ["Role | [+Holder+] | Duty", "clerk | [+Ada+] | [-ink-][+pens+]"]);
    let said = both(vec![new], vec![old]);
    assert_eq!(said, ["Role | [-Holder-] | Duty", "clerk | [-Ada-] | [-pens-][+ink+]"]);
}

#[test]
fn a_chart_stands_there_as_it_was_and_as_it_is() {
    let chart = |value: u32| {
        let data = json!({"bars": [{"label": "South", "value": value}]});
        let alt = format!("South has {value}");
        let (chart, image) = (Some(Chart::read("bar", &data).unwrap()), "chart:a:b".to_owned());
        block(Node::Figure(Figure { id: None, number: None, image, chart, alt, width: 100.0, caption: None }))
    };
    let said = both(vec![chart(3)], vec![chart(4)]);
    assert_eq!(said, ["*Before:*", "before:chart:a:b", "*After:*", "chart:a:b"]);
    assert_eq!(both(vec![chart(3)], vec![chart(3)]), ["chart:a:b"]);
    assert_eq!(both(vec![chart(3)], Vec::new()), ["[-South has 3-]", "before:chart:a:b"]);
}

#[test]
fn what_is_listed_leads_to_its_section_and_names_the_row_as_people_do() {
    let found = |name: &str| Found { name: name.to_owned(), document: document(Vec::new()), facts: None };
    let pair = Pair { stem: String::new(), old: found("1.0"), new: found(DRAFT) };
    let place = Place {
        kind: Kind::Cell,
        section: Some(Section { number: "2".into(), title: "Roles".into() }),
        row: Some("information-security-manager".into()),
        row_name: Some("Information security manager".into()),
        column: Some("Holder".into()),
        template: None,
    };
    let change = |manner, before: &str, after: &str| Change {
        place: place.clone(),
        identity: String::new(),
        manner,
        before: before.into(),
        after: after.into(),
        causes: Vec::new(),
        is_guess: false,
    };
    let changes = [
        change(Manner::Words, "Ada Quill", "Idris Vale"),
        change(Manner::Form, "x", "x"),
        change(Manner::Moved, "x", "x"),
    ];
    let section = Heading { level: 1, id: "roles".into(), number: "2".into(), content: vec![text("Roles")] };
    let pages = Pages { count: 9, of: [("roles".to_owned(), 7)].into() };
    let strings = strings();
    let table = listed::listed(&pair, &changes, &[&section], &pages, &strings).table;
    let cells: Vec<Vec<String>> =
        table.rows.iter().map(|row| row.cells.iter().take(3).map(|cell| line(cell)).collect()).collect();
    let at = format!("Section 2 Roles › Information security manager › Holder\n{} 7", strings.page);
    assert_eq!(cells[0], [at.as_str(), "[-Ada Quill-]", "[+Idris Vale+]"]);
    assert_eq!((cells[1][2].as_str(), cells[2][2].as_str()), ("?", "?"), "emphasised words of the engine");
    let label = |inline: &I| matches!(inline, Inline::Reference(Reference { label: Some(to), .. }) if to == "roles");
    assert!(table.rows[0].cells[0].iter().any(label));
}
