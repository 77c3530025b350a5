//! A stable, readable text of a document: what golden tests compare, and what a reviewer reads as a diff.
//!
//! One block a line, indented by nesting. Text from the profile stands as `{path: text}`, computed text as
//! `{=path, path: text}`; the conditions that a block hangs on follow it after `?`. Of many paths the first are shown,
//! and how many more there are. What is proposed and not decided is followed by its mark.

use std::fmt::Write as _;

use ecow::EcoString;

use crate::model::{Align, Block, Control, Document, FieldKind, Inline, Node, PROPOSED, Party, Reference, Text};
use crate::strings::Strings;
use crate::wording;

/// The dump of a document, in the words of its pack.
pub fn dump(document: &Document, strings: &Strings) -> String {
    let control = &document.control;
    let mut out = format!(
        "{} {} [{}] version {}\n",
        control.number.text,
        control.title.text,
        control.kind,
        wording::version(&control.version, strings).text
    );
    let _ = writeln!(
        out,
        "owner {}; author {}; approver {}",
        party(&control.owner),
        party(&control.author),
        party(&control.approver)
    );
    let review = wording::review(control, strings);
    let _ = writeln!(
        out,
        "{}next review {}; level {}",
        dates(control, strings),
        review.map_or("none".into(), |review| format!(
            "{}{}",
            review.text,
            if review.proposed { PROPOSED } else { "" }
        )),
        control.classification.label.text
    );
    let _ = writeln!(out, "answers {}: {}", control.standard, control.satisfies.join(", "));
    for revision in &control.history {
        let _ = writeln!(
            out,
            "version {}{} by {}: {}",
            revision.version.text,
            revision.date.as_ref().map_or_else(String::new, |day| format!(" of {}", wording::date(day.date, strings))),
            revision.author.text,
            revision.change.text
        );
    }
    if control.sample {
        out.push_str("SAMPLE\n");
    }
    out.push('\n');
    blocks(&document.body, 0, &mut out);
    for (number, content) in &document.footnotes {
        let _ = writeln!(out, "[^{number}] {}", inlines(content));
    }
    out
}

/// The days that the control table shows before that of the review.
fn dates(control: &Control, strings: &Strings) -> String {
    let day = control.date.as_ref().map(|day| format!("date {}; ", wording::date(day.date, strings)));
    let reach = control.records_to.as_ref().map(|reach| {
        let words = wording::iso_date(&reach.text, strings).unwrap_or_else(|_| reach.text.clone());
        format!("records up to {words}; ")
    });
    [day, reach].into_iter().flatten().collect()
}

fn party(party: &Party) -> String {
    format!("{} ({})", party.role.text, party.name.as_ref().map_or("nobody", |name| &name.text))
}

fn blocks(list: &[Block<Reference>], depth: usize, out: &mut String) {
    for block in list {
        let indent = "  ".repeat(depth);
        let causes = match block.origin.causes.as_slice() {
            [] => String::new(),
            causes => format!("  ?{}", some(causes)),
        };
        let mut line = |text: String| {
            let _ = writeln!(out, "{indent}{text}");
        };
        match &block.node {
            Node::Heading(heading) => {
                let marks = "#".repeat(usize::from(heading.level));
                line(format!("{marks} {} {} (#{}){causes}", heading.number, inlines(&heading.content), heading.id));
            }
            Node::Paragraph { content } => line(format!("{}{causes}", inlines(content))),
            Node::List(list) => {
                line(format!(
                    "{}{causes}",
                    if list.ordered { format!("ordered list from {}", list.start) } else { "list".into() }
                ));
                for item in &list.items {
                    let _ = writeln!(out, "{indent}- item");
                    blocks(item, depth + 1, out);
                }
            }
            Node::DefinitionList { items } => {
                line(format!("definitions{causes}"));
                for item in items {
                    let _ = writeln!(out, "{indent}- {}", inlines(&item.term));
                    blocks(&item.body, depth + 1, out);
                }
            }
            Node::Table(table) => {
                let columns: Vec<String> =
                    table.columns.iter().map(|column| format!("{:.4}{}", column.width, align(column.align))).collect();
                let caption = table
                    .caption
                    .as_ref()
                    .map(|caption| format!(" {}: {}", table.number.unwrap_or_default(), inlines(caption)));
                let id = table.id.as_ref().map(|id| format!(" (#{id})"));
                line(format!(
                    "table{}{} [{}]{causes}",
                    caption.unwrap_or_default(),
                    id.unwrap_or_default(),
                    columns.join(" ")
                ));
                let _ = writeln!(out, "{indent}  || {}", row(&table.header));
                for cells in &table.rows {
                    let _ = writeln!(out, "{indent}  {} {}", if cells.band { ">>" } else { "|" }, row(&cells.cells));
                }
            }
            Node::Figure(figure) => {
                let caption = figure
                    .caption
                    .as_ref()
                    .map(|caption| format!(" {}: {}", figure.number.unwrap_or_default(), inlines(caption)));
                line(format!(
                    "figure {} {}%{} alt {:?}{causes}",
                    figure.image,
                    figure.width,
                    caption.unwrap_or_default(),
                    figure.alt
                ));
                if let Some(chart) = &figure.chart {
                    let data = serde_json::to_string(chart).unwrap_or_default();
                    let _ = writeln!(out, "{indent}  {data}");
                }
            }
            Node::Callout(callout) => {
                let title = callout.title.as_ref().map(|title| format!(" {title:?}"));
                line(format!("callout {:?}{}{causes}", callout.kind, title.unwrap_or_default()));
                blocks(&callout.body, depth + 1, out);
            }
            Node::CodeBlock { text } => line(format!("code {:?}{causes}", text.text)),
            Node::BlockQuote { body } => {
                line(format!("quote{causes}"));
                blocks(body, depth + 1, out);
            }
            Node::SignOff { signatories } => {
                line(format!("sign-off {}{causes}", signatories.iter().map(party).collect::<Vec<_>>().join("; ")));
            }
            Node::Landscape { body } => {
                line(format!("landscape{causes}"));
                blocks(body, depth + 1, out);
            }
            Node::PageBreak => line(format!("page break{causes}")),
        }
    }
}

fn align(align: Align) -> &'static str {
    match align {
        Align::Left => "<",
        Align::Center => "^",
        Align::Right => ">",
    }
}

fn row(cells: &[Vec<Inline<Reference>>]) -> String {
    cells.iter().map(|cell| inlines(cell)).collect::<Vec<_>>().join(" | ")
}

fn inlines(list: &[Inline<Reference>]) -> String {
    list.iter()
        .map(|inline| match inline {
            Inline::Text(text) => sourced(text),
            Inline::Strong { content } => format!("**{}**", inlines(content)),
            Inline::Emphasis { content } => format!("*{}*", inlines(content)),
            Inline::Code(text) => format!("`{}`", sourced(text)),
            Inline::Status { tone, text } => format!("({tone:?} {})", sourced(text)),
            Inline::Unrecorded(text) => format!("(? {})", sourced(text)),
            Inline::Link { url, content } => format!("[{}]({url})", inlines(content)),
            Inline::Reference(reference) => {
                let target = [reference.document.as_deref(), reference.label.as_deref()];
                format!("[[{} -> {}]]", reference.text, target.into_iter().flatten().collect::<Vec<_>>().join("#"))
            }
            Inline::Footnote { number } => format!("[^{number}]"),
            Inline::Field(field) => {
                let kind = match field.kind {
                    FieldKind::Text => "text".into(),
                    FieldKind::Date => "date".into(),
                    FieldKind::Choice => field.choices.join("/"),
                    FieldKind::Checkbox => "checkbox".into(),
                };
                format!("<{}: {} ({kind})>", field.name, field.label)
            }
            Inline::LineBreak => " // ".into(),
        })
        .collect()
}

fn sourced(text: &Text) -> String {
    let shown = text.text.replace('\n', "\\n");
    let mark = if text.proposed { PROPOSED } else { "" };
    match text.from.as_slice() {
        [] if !text.computed => format!("{shown}{mark}"),
        paths => format!("{{{}{}: {shown}}}{mark}", if text.computed { "=" } else { "" }, some(paths)),
    }
}

/// The most paths that are shown of one text or block.
const SHOWN: usize = 4;

fn some(paths: &[EcoString]) -> String {
    match paths.len() {
        0..=SHOWN => paths.join(", "),
        many => format!("{} … +{}", paths[..SHOWN - 1].join(", "), many - SHOWN + 1),
    }
}
