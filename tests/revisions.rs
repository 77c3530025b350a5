//! The reader of Word files: tracked changes of every kind, accepted and rejected as Word does it.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

use std::path::Path;

use folio::reader::{Package, View, difference, lines, resolve};

/// Foreign files with tracked changes: in the folder that `FOLIO_FOREIGN_REDLINES` names, `NAME.docx` and what it is
/// when all is accepted and rejected, `NAME-Accepted.docx` and `NAME-Rejected.docx`; of those that have none, each must
/// resolve to a file without tracked changes.
#[test]
#[ignore = "the files are others' and not kept here: see CONTRIBUTING.md"]
fn foreign_files_resolve_as_they_should() {
    let folder = std::env::var("FOLIO_FOREIGN_REDLINES").expect("a folder in FOLIO_FOREIGN_REDLINES");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".docx"))
        .collect();
    names.sort();
    let (mut same_text, mut same, mut compared, mut plain, mut said) = (0, 0, 0, 0, Vec::new());
    for name in &names {
        let stem = name.trim_end_matches(".docx");
        let read = |name: &str| Package::read(&std::fs::read(Path::new(&folder).join(name)).unwrap());
        let package = match read(name) {
            Ok(package) => package,
            Err(problem) => {
                said.push(format!("{name} {problem}"));
                continue;
            }
        };
        for (view, ending) in [(View::Accept, "Accepted"), (View::Reject, "Rejected")] {
            let got = resolve(&package, view);
            let again = Package::read(&got.write().unwrap()).unwrap();
            assert_eq!(difference(&again, &got), None, "{name} written and read again");
            let left = revisions(&got);
            if !left.is_empty() {
                said.push(format!("{name} {ending}: left {left:?}"));
            }
            let expected = format!("{stem}-{ending}.docx");
            if !names.contains(&expected) {
                plain += 1;
                continue;
            }
            let expected = read(&expected).unwrap();
            compared += 1;
            let text = |package: &Package| lines(package);
            let is_same = text(&got) == text(&expected);
            same_text += usize::from(is_same);
            if let Some((a, b)) = text(&got).iter().zip(&text(&expected)).find(|(a, b)| a != b) {
                said.push(format!("{name} {ending}: {a:?}\n    against {b:?}"));
            }
            match difference(&got, &expected) {
                None => same += 1,
                Some(problem) => {
                    let kind = if is_same { "xml" } else { "TEXT" };
                    said.push(format!("{name} {ending}: {kind} {problem}"));
                }
            }
        }
    }
    let found = format!(
        "{} files; {compared} compared: {same_text} same text, {same} same throughout; {plain} without an expected file\n{}",
        names.len(),
        said.join("\n")
    );
    panic!("{found}");
}

/// What is left of tracked changes in the parts of a package.
fn revisions(package: &Package) -> Vec<String> {
    const KINDS: &[&str] = &[
        "ins",
        "del",
        "moveFrom",
        "moveTo",
        "cellIns",
        "cellDel",
        "cellMerge",
        "rPrChange",
        "pPrChange",
        "tblPrChange",
        "tblPrExChange",
        "tblGridChange",
        "trPrChange",
        "tcPrChange",
        "sectPrChange",
        "numberingChange",
        "delText",
        "delInstrText",
        "moveFromRangeStart",
        "moveToRangeStart",
        "customXmlInsRangeStart",
        "customXmlDelRangeStart",
    ];
    let mut found = Vec::new();
    for part in package.texts() {
        package.xml(&part).unwrap().walk(&mut |element| {
            if element.is_any(KINDS) {
                found.push(format!("{part}: {}", element.name));
            }
        });
    }
    found
}
