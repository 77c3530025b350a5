//! Bad input: each case changes the specimen workspace, and its golden file holds everything that is said.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::Workspace;
use rust_xlsxwriter::{Format, Formula, Workbook};

/// Runs a case and compares what is said; a case that says nothing is none.
fn case(name: &str, change: impl FnOnce(&Workspace)) {
    let workspace = Workspace::specimen();
    change(&workspace);
    let said = workspace.problems();
    assert!(said.contains("error["), "{name} is no error: {said}");
    insta::with_settings!({snapshot_path => "golden/bad-input", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, said);
    });
}

/// A case that replaces one text by another.
fn edit(name: &str, file: &str, from: &str, to: &str) {
    case(name, |workspace| {
        workspace.edit(file, from, to);
    });
}

/// A case that adds to a template's end.
fn template(name: &str, text: &str) {
    edit(name, "pack/documents/notice.md.hbs", "{{as_of}} is {{date as_of}}.", &format!("{{{{as_of}}}}.\n\n{text}"));
}

#[test]
fn yaml() {
    edit("yaml-unclosed-quote", "profile.yaml", "name: Quill & Sons Ltd", "name: \"Quill & Sons Ltd");
    edit("yaml-tab", "profile.yaml", "  short_name", "\tshort_name");
    edit("yaml-indentation", "profile.yaml", "  country: GB", " country: GB");
    edit("yaml-second-document", "profile.yaml", "limits: {hours: 4}", "limits: {hours: 4}\n---\nmore: 1");
    edit("yaml-duplicate-keys", "profile.yaml", "  country: GB", "  country: GB\n  name: Quill\n  country: DE");
    edit("yaml-tag", "profile.yaml", "name: Quill & Sons Ltd", "name: !secret Quill");
    edit("yaml-alias-unknown", "profile.yaml", "name: Quill & Sons Ltd", "name: *nobody");
    edit("yaml-key-not-text", "profile.yaml", "limits: {hours: 4}", "limits: {[hours]: 4}");
    edit("yaml-control-character", "profile.yaml", "name: Quill & Sons Ltd", "name: \"Quill\\u0007\"");
    edit("yaml-private-use-character", "profile.yaml", "name: Quill & Sons Ltd", "name: Qu\u{E041}ill");
    case("yaml-empty-file", |workspace| {
        workspace.write("profile.yaml", "");
    });
    case("yaml-latin-1", |workspace| {
        workspace.write("profile.yaml", b"organisation:\n  name: Caf\xe9\n");
    });
    case("yaml-bomb", |workspace| {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
        }
        workspace.write("profile.yaml", text);
    });
    case("yaml-nested-too-deep", |workspace| {
        workspace.edit("profile.yaml", "limits: {hours: 4}", &format!("limits: {}1{}", "[".repeat(80), "]".repeat(80)));
    });
}

#[test]
fn keys() {
    edit("key-unknown", "profile.yaml", "  country: GB", "  country: GB\n  wesbite: https://quill.example");
    edit("key-unknown-at-the-top", "profile.yaml", "limits: {hours: 4}", "limts: {hours: 4}");
    edit("key-missing", "profile.yaml", "  short_name: Quill\n", "");
    edit("key-empty", "profile.yaml", "  country: GB", "  country: GB\n  address:\n  website: \"\"");
    edit("key-of-the-pack-missing", "profile.yaml", "pens: {from: registers/pens.csv}\n", "");
    edit("type-number-for-text", "profile.yaml", "version: \"0.2\"", "version: 0.2");
    edit("type-text-for-number", "profile.yaml", "{hours: 4}", "{hours: four}");
    edit("type-text-for-group", "profile.yaml", "limits: {hours: 4}", "limits: 4 hours");
    edit("type-leading-zero-is-text", "profile.yaml", "{hours: 4}", "{hours: 007}");
    edit("type-underscore-is-text", "profile.yaml", "{hours: 4}", "{hours: 1_000}");
    edit("value-too-small", "profile.yaml", "{hours: 4}", "{hours: 0}");
    edit("value-pattern", "profile.yaml", "country: GB", "country: England");
    edit(
        "value-email",
        "profile.yaml",
        "{id: ada, name: Ada Quill}",
        "{id: ada, name: Ada Quill, email: ada(at)quill}",
    );
    edit("date-does-not-exist", "profile.yaml", "date: 2026-01-15", "date: 2026-02-30");
    edit("date-other-order", "profile.yaml", "date: 2026-01-15", "date: 15/01/2026");
    edit("merge-of-a-text", "profile.yaml", "  country: GB", "  country: GB\n  <<: text");
    case("many-at-once", |workspace| {
        workspace
            .edit("profile.yaml", "country: GB", "country: uk")
            .edit("profile.yaml", "holder: ada", "holder: eve")
            .edit("profile.yaml", "{hours: 4}", "{hours: -1, secs: 3}")
            .edit("registers/pens.csv", "P-2,Swan <white>,head,3,yes,firm", "P-2,Swan,head,many,maybe,firm");
    });
}

#[test]
fn references() {
    edit("reference-holder", "profile.yaml", "holder: ben", "holder: bne");
    edit("reference-reports-to", "profile.yaml", "reports_to: head", "reports_to: board");
    edit("reference-in-csv", "registers/pens.csv", "P-3,Crow | black,clerk", "P-3,Crow | black,clrek");
    edit("reference-level", "profile.yaml", "classification: internal", "classification: secret");
    edit("row-key-twice", "registers/pens.csv", "P-3,", "P-1,");
    edit("person-key-twice", "profile.yaml", "id: ben", "id: ada");
    edit("control-incomplete", "profile.yaml", ", approver: head", "");
    edit(
        "document-unknown",
        "profile.yaml",
        "documents:\n  handbook:",
        "documents:\n  handbok: {number: X}\n  handbook:",
    );
}

#[test]
fn csv() {
    edit("csv-missing-file", "profile.yaml", "registers/pens.csv", "registers/pen.csv");
    edit("csv-outside", "profile.yaml", "registers/pens.csv", "../pens.csv");
    edit("csv-unknown-column", "registers/pens.csv", "id,name,owner", "id,name,ownr");
    edit("csv-column-twice", "registers/pens.csv", "id,name,owner", "id,name,name");
    edit("csv-required-column-missing", "registers/pens.csv", "id,name", "id,stok");
    edit("csv-row-too-long", "registers/pens.csv", "P-1,\"Goose, grey\"", "P-1,Goose, grey");
    edit("csv-row-too-short", "registers/pens.csv", "P-3,Crow | black,clerk,0,no,", "P-3,Crow");
    edit("csv-not-a-number", "registers/pens.csv", "clerk,12,true", "clerk,a dozen,true");
    edit("csv-leading-zero", "registers/pens.csv", "clerk,12,true", "clerk,012,true");
    edit("csv-not-a-boolean", "registers/pens.csv", "3,yes", "3,perhaps");
    edit("csv-required-cell-empty", "registers/pens.csv", "P-2,Swan <white>", "P-2,");
    edit(
        "csv-register-key",
        "profile.yaml",
        "{from: registers/pens.csv}",
        "{from: registers/pens.csv, seperator: \";\"}",
    );
    case("csv-empty", |workspace| {
        workspace.write("registers/pens.csv", "");
    });
    case("csv-latin-1", |workspace| {
        workspace.write("registers/pens.csv", b"id,name\nP-1,Caf\xe9\n");
    });
    case("csv-newline-in-cell-keeps-lines", |workspace| {
        workspace.edit("registers/pens.csv", "\"Goose, grey\"", "\"Goose,\ngrey\"").edit(
            "registers/pens.csv",
            "3,yes",
            "3,perhaps",
        );
    });
}

/// A workbook whose first sheet is a register of pens that `change` spoils.
fn xlsx(name: &str, sheet: &str, change: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) {
    case(name, |workspace| {
        let mut book = Workbook::new();
        let pens = book.add_worksheet().set_name("Pens").unwrap();
        for (column, heading) in ["id", "name", "stock", "bought"].into_iter().enumerate() {
            pens.write(0, column as u16, heading).unwrap();
        }
        pens.write(1, 0, "P-1").unwrap();
        pens.write(1, 1, "Goose").unwrap();
        pens.write(1, 2, 12).unwrap();
        change(pens);
        book.save(workspace.file("registers/pens.xlsx")).unwrap();
        let register = format!("{{from: registers/pens.xlsx, sheet: {sheet}}}");
        workspace.edit("profile.yaml", "{from: registers/pens.csv}", &register);
    });
}

#[test]
fn spreadsheets() {
    xlsx("xlsx-sheet-missing", "Pnes", |_| {});
    xlsx("xlsx-formula", "Pens", |pens| {
        pens.write_formula(1, 2, Formula::new("=6*2")).unwrap();
    });
    xlsx("xlsx-merged", "Pens", |pens| {
        pens.merge_range(2, 0, 3, 0, "P-2", &Format::new()).unwrap();
        pens.write(2, 1, "Swan").unwrap();
    });
    xlsx("xlsx-number-for-text", "Pens", |pens| {
        pens.write(1, 1, 7).unwrap();
    });
    xlsx("xlsx-fraction", "Pens", |pens| {
        pens.write(1, 2, 1.5).unwrap();
    });
    xlsx("xlsx-text-for-date", "Pens", |pens| {
        pens.write(1, 3, "last week").unwrap();
    });
    case("xlsx-not-a-workbook", |workspace| {
        workspace.write("registers/pens.xlsx", "id,name").edit("profile.yaml", "pens.csv", "pens.xlsx");
    });
}

#[test]
fn settings() {
    edit("settings-unknown-key", "folio.yaml", "as_of:", "formts: [docx]\nas_of:");
    edit("settings-bad-date", "folio.yaml", "2026-03-01", "soon");
    edit("settings-format", "folio.yaml", "format: 1", "format: 2");
    edit("settings-output-format", "folio.yaml", "format: 1", "format: 1\nformats: [odt]");
    edit("settings-pack-unknown", "folio.yaml", "pack: {path: pack}", "pack: iso27001-2031");
    edit("settings-pack-version", "folio.yaml", "pack: {path: pack}", "pack: iso27001-2013@^7");
    edit("settings-pack-missing", "folio.yaml", "pack: {path: pack}\n", "");
    edit("settings-pack-folder-missing", "folio.yaml", "{path: pack}", "{path: pakc}");
    edit("settings-skip-unknown", "folio.yaml", "format: 1", "format: 1\ndocuments: {skip: {handbok: not needed}}");
    edit("theme-colour", "folio.yaml", "format: 1", "format: 1\ntheme: {colours: {accent: red}}");
    edit("theme-contrast", "folio.yaml", "format: 1", "format: 1\ntheme: {colours: {accent: \"#ffee00\"}}");
    edit("theme-unknown-key", "folio.yaml", "format: 1", "format: 1\ntheme: {colors: {accent: \"#000000\"}}");
    edit("theme-font-missing", "folio.yaml", "format: 1", "format: 1\ntheme: {fonts: {body: {pdf: Calrito}}}");
    edit("font-file-broken", "folio.yaml", "format: 1", "format: 1\nfonts: [profile.yaml]");
    edit("logo-missing", "profile.yaml", "limits:", "branding: {logo: logo.svg}\nlimits:");
    edit("logo-not-an-image", "profile.yaml", "limits:", "branding: {logo: folio.yaml}\nlimits:");
    edit("glyph-missing", "profile.yaml", "name: Ada Quill", "name: 山田 Ada");
    case("settings-missing", |workspace| {
        workspace.remove("folio.yaml");
    });
    case("lock-broken", |workspace| {
        workspace.write("folio.lock", "<<<<<<< ours");
    });
    case("override-of-nothing", |workspace| {
        workspace.write("overrides/notice/txt.md.hbs", "x").write("overrides/notise/text.md.hbs", "x");
    });
    case("leaks", |workspace| {
        let text = "As at Inkwell Ltd and Blotter & Co, within 5 days by the .\n\n- TBC\n- \\{{name}}\n";
        let fixture = "organisation: {name: Blotter & Co, short_name: Blotter, country: GB}\n";
        workspace.write("pack/fixtures/small/profile.yaml", fixture);
        let starter = "organisation: {name: Inkwell Ltd, short_name: Inkwell, country: GB}\n";
        workspace.write("overrides/notice/text.md.hbs", text).write("pack/starter/profile.yaml", starter);
    });
}

#[test]
fn packs() {
    edit("pack-unknown-key", "pack/pack.yaml", "language:", "lang:");
    edit("pack-bad-version", "pack/pack.yaml", "\"1.0.0\"", "\"one\"");
    edit("pack-needs-newer-engine", "pack/pack.yaml", "language: en-GB", "language: en-GB\nengine: \">=99\"");
    edit("pack-document-missing", "pack/pack.yaml", "[handbook, notice]", "[handbook, notice, letter]");
    edit("pack-rules-outside", "pack/pack.yaml", "rules/pens.yaml", "../registers/pens.csv");
    edit("pack-front-matter-missing", "pack/documents/notice.md.hbs", "---\nnumber", "number");
    edit("pack-front-matter-kind", "pack/documents/notice.md.hbs", "kind: procedure", "kind: proceedure");
    edit("pack-requirement-unknown", "pack/documents/handbook.md.hbs", "[rule-1]", "[rule-2]");
    edit("pack-when-not-cel", "pack/documents/notice.md.hbs", "kind: procedure", "kind: procedure\nwhen: size(pens) >");
    edit("rule-not-cel", "pack/rules/pens.yaml", "size(derived.short)", "size(derived.short");
    edit("rule-fails", "pack/rules/pens.yaml", "size(derived.short)", "pens[9].id");
    edit(
        "rule-nests-too-deep",
        "pack/rules/pens.yaml",
        "size(derived.short)",
        "pens.all(a, pens.all(b, pens.all(c, pens.all(d, true))))",
    );
    edit("rule-check-not-boolean", "pack/rules/pens.yaml", "'!has(it.stock) || it.stock > 0'", "it.name");
    edit("topic-id-unknown", "pack/data/topics.yaml", "[D.2]", "[D.9]");
    edit("topic-section-unknown", "pack/data/topics.yaml", "handbook#sec-pens", "handbook#sec-pns");
    edit("strings-missing", "pack/strings.yaml", "owner: Owner\n", "");
    edit("pack-language-unknown", "pack/pack.yaml", "language: en-GB", "language: en-UK");
    edit("pack-language-malformed", "pack/pack.yaml", "language: en-GB", "language: German");
    edit("strings-format-wrong", "pack/strings.yaml", "quotes: as-typed", "date: d. Monat y");
    edit("form-of-unknown-term", "pack/documents/notice.md.hbs", "---\n#", "---\n{{form \"clerk\"}}\n\n#");
    edit("plural-form-unknown", "pack/documents/notice.md.hbs", "---\n#", "---\n{{plural 3 uno=\"pen\"}}\n\n#");
    case("pack-schema-not-json", |workspace| {
        workspace.write("pack/profile.schema.json", "{");
    });
    case("pack-file-of-100-mb", |workspace| {
        std::fs::File::create(workspace.file("pack/data/big.csv")).unwrap().set_len(100 << 20).unwrap();
    });
    #[cfg(unix)]
    case("pack-link-out", |workspace| {
        std::os::unix::fs::symlink("/etc/hostname", workspace.file("pack/partials/out.md.hbs")).unwrap();
    });
}

#[test]
fn templates() {
    template("template-unknown-variable", "{{orgnisation.name}}");
    template("template-unknown-in-if", "{{#if orgnisation.name}}x{{/if}}");
    template("template-unknown-in-each", "{{#each pens}}{{nme}}{{/each}}");
    template("template-missing-value", "{{motto}} and {{organisation.website}}");
    template("template-list-printed", "{{pens}}");
    template("template-partial-missing", "{{> whom}}");
    template("template-unclosed-block", "{{#if motto}} x");
    template("template-unescaped", "{{{organisation.name}}}");
    template("template-unknown-helper", "{{shuot organisation.name}}");
    template("template-helper-misused", "{{date organisation.name}} {{role \"nobody\"}} {{cite \"keping\"}}");
    template("template-private-use", "a \u{E000} b");
    template("directive-unclosed", ":::callout {kind=note}\nx");
    template("directive-unknown", ":::calout {kind=note}\nx\n:::");
    template("directive-attribute", ":::callout {kind=loud}\nx\n:::\n\n:::pagebreak {colour=red}\n:::");
    template(
        "chart",
        ":::chart {#fig-a type=bar data=data.charts.bar}\n:::\n\n\
         :::chart {#fig-b type=bra data=data.charts.bar alt=x}\n:::\n\n\
         :::chart {#fig-c type=bar data=data.charts.baar alt=x}\n:::\n\n\
         :::chart {#fig-d type=line data=data.charts.bar alt=x}\n:::",
    );
    template("field-unreadable", "Day: `____`{.field name=a b c \"} and `x`{.status tone=goo");
    template("directive-closes-nothing", "x\n\n:::");
    template("html-raw", "<b>x</b>\n\n<div>\ny\n</div>");
    template("heading-without-id", "# Extra\n\nx");
    template("heading-level-skipped", "### Deep {#sec-deep}\n\nx");
    template("heading-empty-section", "# One {#sec-one}\n\n# Two {#sec-two}\n\nx");
    template("label-twice", "# Again {#sec-text}\n\nx");
    template("reference-unknown", "[](#sec-txt) and [[handbok]] and [[handbook#sec-los]]");
    template("link-scheme", "[x](javascript:alert(1)) [y](file:///etc/passwd)");
    template("table-widths", ":::table {widths=\"50,60\"}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n:::");
    template("table-empty-cells", "| a | |\n|---|---|\n| 1 | |");
    template("image-without-alt", "![](quill.svg)");
    template("image-missing", "![A swan](swan.svg)");
    template("field-without-name", "`____`{.field} `____`{.field name=a type=choice} `x`{.badge}");
    template("field-twice", "`____`{.field name=a} `____`{.field name=a}");
    template("table-surplus-cells", "| Pen | Where |\n|---|---|\n| Swan | [[handbook|#]] |\n");
    template("signoff-unknown-role", ":::signoff {roles=\"head,king\"}\n:::");
    template("thematic-break", "x\n\n***\n\ny");
    case("template-cycle", |workspace| {
        workspace.write("pack/partials/a.md.hbs", "{{> b}}").write("pack/partials/b.md.hbs", "{{> a}}");
        workspace.edit("pack/documents/notice.md.hbs", "{{#if motto}}", "{{> a}}{{#if motto}}");
    });
    case("template-too-large", |workspace| {
        workspace.write("pack/partials/who.md.hbs", "x".repeat(70_000));
    });
}
