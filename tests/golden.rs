//! Golden model dumps: what the packs' documents say for the examples, and what the specimen pack's do.
//!
//! A dump that differs is a change of a document. Read the diff (`cargo insta review`) and take it over only when the
//! words are meant.

mod common;

use std::path::Path;

fn check(workspace: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(workspace);
    let name = root.file_name().unwrap().to_string_lossy().into_owned();
    for (id, dump) in common::dumps(&root) {
        insta::with_settings!({snapshot_path => "golden", prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(format!("{name}.{id}"), dump);
        });
    }
}

#[test]
fn specimen() {
    check("tests/workspaces/specimen");
}

#[test]
fn northwind() {
    check("examples/northwind");
}

#[test]
fn harbour_works() {
    check("examples/harbour-works");
}

#[test]
fn riverside_clinics() {
    check("examples/riverside-clinics");
}

#[test]
fn northwind_2022() {
    check("examples/northwind-2022");
}

#[test]
fn harbour_works_2022() {
    check("examples/harbour-works-2022");
}

#[test]
fn riverside_clinics_2022() {
    check("examples/riverside-clinics-2022");
}

#[test]
fn meadow_credit_union() {
    check("examples/meadow-credit-union");
}
