//! JUnit XML, which continuous integration reads (<https://github.com/testmoapp/junitxml> describes what is common).

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::test::{State, Tested};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::text::render;
use crate::differ;

/// A suite for each fixture, a case for each document.
///
/// # Errors
/// Never in memory; the writer's signature allows it.
pub fn report(pack: &str, tested: &[Tested]) -> io::Result<String> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let sum = |count: fn(&Tested) -> usize| tested.iter().map(count).sum::<usize>().to_string();
    let (tests, failures, errors) = (sum(cases), sum(failures), sum(errors));
    writer
        .create_element("testsuites")
        .with_attributes([("name", pack), ("tests", &tests), ("failures", &failures), ("errors", &errors)])
        .write_inner_content(|writer| tested.iter().try_for_each(|tested| suite(writer, pack, tested)))?;
    let text = String::from_utf8_lossy(&writer.into_inner()).into_owned();
    Ok(text + "\n")
}

/// A set that could not be made is one case.
fn cases(tested: &Tested) -> usize {
    tested.documents.len() + errors(tested)
}

fn failures(tested: &Tested) -> usize {
    tested.documents.len() - tested.count("same")
}

fn errors(tested: &Tested) -> usize {
    usize::from(!tested.faults.is_empty())
}

fn suite(writer: &mut Writer<Vec<u8>>, pack: &str, tested: &Tested) -> io::Result<()> {
    let (tests, failures, errors) =
        (cases(tested).to_string(), failures(tested).to_string(), errors(tested).to_string());
    let class = format!("{pack}.{}", tested.fixture);
    let attributes =
        [("name", tested.fixture.as_str()), ("tests", &tests), ("failures", &failures), ("errors", &errors)];
    writer.create_element("testsuite").with_attributes(attributes).write_inner_content(|writer| {
        for document in &tested.documents {
            let text = match &document.state {
                State::Differs(hunks) => differ::text(hunks, false),
                _ => String::new(),
            };
            let what = format!("{}: {}", document.state.name(), document.place);
            let said = (document.state != State::Same).then_some(("failure", what, text));
            case(writer, &class, &document.id, said)?;
        }
        if let Some(first) = tested.faults.first() {
            let text: Vec<String> = tested.faults.iter().map(|fault: &Diagnostic| render(fault, false)).collect();
            case(writer, &class, "the set is made", Some(("error", first.message.clone(), text.join("\n"))))?;
        }
        Ok(())
    })?;
    Ok(())
}

fn case(writer: &mut Writer<Vec<u8>>, class: &str, name: &str, said: Option<(&str, String, String)>) -> io::Result<()> {
    let element = writer.create_element("testcase").with_attributes([("classname", class), ("name", name)]);
    let Some((kind, message, text)) = said else {
        element.write_empty()?;
        return Ok(());
    };
    element.write_inner_content(|writer| {
        let failure = writer.create_element(kind).with_attribute(("message", allowed(&message).as_str()));
        failure.write_text_content(BytesText::new(&allowed(&text)))?;
        Ok(())
    })?;
    Ok(())
}

/// The text without the characters that no XML may hold (<https://www.w3.org/TR/xml/#charsets>).
fn allowed(text: &str) -> String {
    let fits = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    text.chars().map(|c| if fits(c) { c } else { '\u{FFFD}' }).collect()
}
