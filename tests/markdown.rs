//! Markdown as people write it: notes for themselves, documents of a few lines, values with paragraphs in a cell, boxes to
//! tick; and what was meant as Markdown and is none.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;
#[path = "common/pdf.rs"]
mod pdf;

use common::Workspace;

const NOTICE: &str = "pack/documents/notice.md.hbs";

/// The specimen, whose notice says a text.
fn saying(text: &str) -> Workspace {
    let workspace = Workspace::specimen();
    workspace.write(NOTICE, format!("---\nnumber: H-2\ntitle: Notice\nkind: procedure\n---\n{text}\n"));
    workspace
}

/// The body of the notice.
fn body(text: &str) -> String {
    let workspace = saying(text);
    let dump = workspace.dumps().into_iter().find(|(id, _)| id == "notice").unwrap().1;
    dump.split_once("# 1 Text").map_or(dump.clone(), |(_, body)| body.to_owned())
}

/// What is found in it.
fn found(text: &str) -> String {
    let problems = saying(text).problems();
    problems.lines().filter(|line| line.starts_with("error[")).collect::<Vec<_>>().join("\n")
}

const HEADING: &str = "# Text {#sec-text}\n\n";

#[test]
fn comments_are_left_out() {
    let plain = body(&format!("{HEADING}Text. More."));
    let text = "<!-- markdownlint-disable -->\n\n<!-- two\n\nlines --> <!-- more -->\n\nText. <!-- aside -->More.";
    let bare = |dump: String| {
        dump.lines().map(|line| line.split("  @").next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(bare(body(&format!("{HEADING}{text}"))), bare(plain));
    insta::assert_snapshot!(found(&format!("{HEADING}<!-- a --> <b>x</b>\n\n<!-- open")), @r#"
    error[F401]: `<!-- a --> <b>x</b>` is HTML
    error[F401]: `<!-- open` is HTML
    error[F414]: the section `Text` is empty
    "#);
}

#[test]
fn a_document_without_headings_is_laid_out() {
    let workspace = saying("Only a paragraph, as in a short notice.");
    workspace.edit("pack/documents/handbook.md.hbs", "[[notice#sec-text]]", "[[notice]]");
    let (outcome, problems) = workspace.render();
    assert!(outcome.is_some_and(|outcome| !outcome.is_failed), "{problems}");
}

#[test]
fn a_row_that_stands_outside_of_its_table_is_found() {
    insta::assert_snapshot!(found(&format!("{HEADING}| Id | Name |\n|---|---|\n{{{{#each pens}}}}\n\n| {{{{id}}}} | {{{{name}}}} |\n\n{{{{/each}}}}")), @"error[F410]: a row of a table stands outside of one: no blank line may stand before it, and the heading of its table has as many cells as the line below that");
    insta::assert_snapshot!(found(&format!("{HEADING}| Id | Name |\n|---|\n| a | b |")), @"error[F410]: a row of a table stands outside of one: no blank line may stand before it, and the heading of its table has as many cells as the line below that");
}

#[test]
fn a_value_with_paragraphs_is_one_cell() {
    let workspace = saying(&format!("{HEADING}| A | B |\n|---|---|\n| {{{{md motto}}}} | x |"));
    let profile = workspace.read("profile.yaml");
    let profile: String =
        profile.lines().filter(|line| !line.starts_with("motto:")).map(|line| format!("{line}\n")).collect();
    workspace.write("profile.yaml", format!("{profile}motto: |\n  Some **bold** text.\n\n  A second | paragraph.\n"));
    let dump = workspace.dumps().into_iter().find(|(id, _)| id == "notice").unwrap().1;
    let row = dump.lines().find(|line| line.contains("bold")).unwrap_or(&dump).to_owned();
    insta::assert_snapshot!(row, @"  | {motto: Some} **{motto: bold}** {motto: text}. // {motto: A second} | {motto: paragraph}. | x");
}

#[test]
fn a_box_to_tick_is_a_field() {
    let text = format!("{HEADING}`____`{{.field name=agreed label=\"Agreed\" type=checkbox}} I agree.");
    insta::assert_snapshot!(body(&text).trim(), @r#"
    (#sec-text)
    <agreed: Agreed (checkbox)> I agree.
    "#);
    let workspace = saying(&text);
    let (outcome, problems) = workspace.render();
    let outcome = outcome.unwrap_or_else(|| panic!("{problems}"));
    let outputs = outcome.documents.iter().find(|document| document.id == "notice").map(|document| &document.outputs);
    assert!(outputs.is_some_and(|outputs| !outputs.is_empty()) && !outcome.is_failed, "{problems}");
}

#[test]
fn what_is_left_of_markdown_is_found_at_its_place() {
    let text = "This is **important.\n\nSee [^1], and ~~gone~~.\n\nA sign: \\*\\* is two stars.\n\n```\ncode";
    insta::assert_snapshot!(found(&format!("{HEADING}{text}")), @"error[F423]: this block of code does not end");
    let text = "This is **important.\n\nSee [^1], and ~~gone~~.\n\nA sign: \\*\\* is two stars.";
    let workspace = saying(&format!("{HEADING}{text}"));
    let (outcome, problems) = workspace.render();
    assert!(outcome.is_some(), "a draft is made: {problems}");
    insta::assert_snapshot!(problems.lines().filter(|line| line.starts_with("error[") || line.contains("-->")).collect::<Vec<_>>().join("\n"), @r#"
     --> registers/pens.csv:4:24
    error[F423]: `**` is Markdown that was not understood
     --> pack/documents/notice.md.hbs:8:9
    error[F423]: `[^1]` is Markdown that was not understood
      --> pack/documents/notice.md.hbs:10:5
    error[F423]: `~~` is Markdown that was not understood
      --> pack/documents/notice.md.hbs:10:15
    error[F423]: `~~` is Markdown that was not understood
      --> pack/documents/notice.md.hbs:10:21
    "#);
}

#[test]
fn what_is_copied_out_of_a_pdf_is_what_was_written() {
    let address = format!("https://intranet.quill.example/{}", "0123456789abcdef/".repeat(12));
    let command = format!("systemctl {} backup.service", "--job-mode=replace-irreversibly".repeat(8));
    let text = format!(
        "{HEADING}See {address}.\n\n| A |\n|---|\n| {} |\n\n```\n{command}\n```\n\n☐ ☑ ✓ ✗ ⚠ ✅ ➡",
        "W".repeat(300)
    );
    let workspace = saying(&text);
    let (outcome, problems) = workspace.render();
    let outcome = outcome.filter(|outcome| !outcome.is_failed).unwrap_or_else(|| panic!("{problems}"));
    let notice = outcome.documents.iter().find(|document| document.id == "notice").unwrap();
    let file = notice.outputs.iter().find(|output| output.format.name == "pdf").unwrap();
    let text = pdf::text(std::fs::read(workspace.path().join(&file.path)).unwrap());
    assert!(!text.contains(['\u{200B}', '\u{AD}']));
    for whole in [address.as_str(), &command.replace(' ', ""), &"W".repeat(300), "☐☑✓✗⚠✔→"] {
        assert!(text.contains(whole), "{whole} in {text}");
    }
}

#[test]
fn a_letter_that_the_pdf_lacks_does_not_stop_the_word_file() {
    let workspace = saying(&format!("{HEADING}By 山田太郎."));
    let (outcome, problems) = workspace.render();
    let outcome = outcome.filter(|outcome| !outcome.is_failed).unwrap_or_else(|| panic!("{problems}"));
    let notice = outcome.documents.iter().find(|document| document.id == "notice").unwrap();
    let actions: Vec<_> = notice.outputs.iter().map(|output| (output.format.name, output.action.name())).collect();
    assert_eq!(actions, [("docx", "written"), ("pdf", "failed")]);
    assert!(problems.contains("F503") && problems.contains("such as Noto Sans CJK"), "{problems}");
    // What failed is tried again, and what was written stays.
    let (outcome, _) = workspace.write(NOTICE, workspace.read(NOTICE).replace("山田太郎", "Yamada")).render();
    let outcome = outcome.unwrap();
    let notice = outcome.documents.iter().find(|document| document.id == "notice").unwrap();
    assert!(notice.outputs.iter().all(|output| output.action.name() == "written"));
}
