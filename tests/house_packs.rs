//! What a house makes of a pack: which documents stay, in which order, under which numbers, titles and kinds; what stands
//! at the head and foot of each page, and on the cover.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::io::Read as _;
use std::sync::Arc;

use common::{Workspace, request};
use folio::coverage;
use folio::diagnostic::Sink;
use folio::diagnostic::text::render as show;
use folio::kit::check::check;
use folio::pack::Pack;
use folio::pack::source::{Shelf, folder};

/// The specimen workspace, rendered with a house pack that extends the specimen's and says this besides.
fn house(said: &str) -> Workspace {
    let workspace = Workspace::specimen();
    workspace.edit("folio.yaml", "{path: pack}", "{path: house}").write(
        "house/pack.yaml",
        format!(
            "format: 1\nid: house\nversion: \"2.0.0\"\ntitle: House\nstandard: House rules 2026\nlanguage: en-GB\n\
             extends: specimen@^1\n{said}\n"
        ),
    );
    workspace
}

/// A document of the house's own.
fn add(workspace: &Workspace, id: &str, matter: &str, text: &str) {
    workspace.write(
        &format!("house/documents/{id}.md.hbs"),
        format!("---\n{matter}\n---\n# Text {{#sec-text}}\n\n{text}\n"),
    );
}

/// The set: id, number, title and kind of each document.
#[track_caller]
fn set(workspace: &Workspace) -> Vec<[String; 4]> {
    let mut sink = Sink::new();
    let session = request().session();
    let opened = session.workspace(workspace.path(), &mut sink).unwrap_or_else(|| panic!("{sink:#?}"));
    let plan = session.plan(&opened, &mut sink);
    let of = |job: &folio::plan::Job| {
        let control = &job.control;
        [control.id.clone(), control.number.text.clone(), control.title.text.clone(), control.kind.clone()]
    };
    plan.jobs.iter().map(of).collect()
}

#[track_caller]
fn numbers(workspace: &Workspace) -> Vec<(String, String)> {
    set(workspace).into_iter().map(|[id, number, ..]| (id, number)).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

/// What the author's kit says of the house pack.
fn checked(workspace: &Workspace) -> String {
    let path = workspace.file("house");
    let mut sink = Sink::new();
    let pack = Pack::examine(folder(&path), &Shelf::default().beside(&path), &mut sink).unwrap();
    check(&Arc::new(pack), &[], 2, &mut sink);
    let said: Vec<String> = sink.iter().map(|problem| show(problem, false)).collect();
    said.join("\n").replace(&workspace.path().display().to_string(), "WORKSPACE")
}

fn golden(name: &str, said: &str) {
    insta::with_settings!({snapshot_path => "golden/house-packs", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, said);
    });
}

/// A golden of what is said of a house pack that has mistakes.
fn case(name: &str, said: &str, change: impl FnOnce(&Workspace)) {
    let workspace = house(said);
    change(&workspace);
    let said = workspace.problems();
    assert!(said.contains("error["), "{name} is no error: {said}");
    golden(name, &said);
}

#[test]
fn documents_are_left_out_and_their_requirements_become_gaps() {
    let workspace = house("set: {drop: {handbook: everybody has one}}");
    assert_eq!(numbers(&workspace), pairs(&[("notice", "H-2")]));
    let mut sink = Sink::new();
    let session = request().session();
    let opened = session.workspace(workspace.path(), &mut sink).unwrap();
    let plan = session.plan(&opened, &mut sink);
    let covered = coverage::report(&opened.pack, &plan, &mut sink);
    assert_eq!(covered[0].state, coverage::State::Missing);
    let gap = sink.iter().find(|problem| problem.code == "F111").unwrap();
    assert_eq!(gap.help, ["`handbook` answered it; house 2.0.0 leaves it out: everybody has one"]);
    golden("dropped-and-demanded", &checked(&workspace));
}

#[test]
fn a_control_table_cites_no_part_that_is_left_out() {
    let answers = |left_out: &str, ids: &str| {
        let workspace = Workspace::specimen();
        let requirement = format!("{{id: rule-1, cites: All duties, ids: [{ids}]");
        workspace
            .edit("pack/pack.yaml", "{id: rule-1, cites: Rule 1", &requirement)
            .edit("pack/strings.yaml", "many: duties}", "many: duties, except: derived.left_out}")
            .edit(
                "pack/rules/pens.yaml",
                "derive:\n",
                &format!("derive:\n  - {{id: left_out, value: '{left_out}'}}\n"),
            );
        let dump = workspace.dumps().into_iter().find(|(id, _)| id == "handbook").unwrap().1;
        dump.lines().find_map(|line| line.strip_prefix("answers ")).unwrap_or_default().to_owned()
    };
    assert_eq!(answers("[]", "D.1, D.2"), "House rules 2026: All duties");
    assert_eq!(answers(r#"["D.2"]"#, "D.1, D.2"), "House rules 2026: Duty D.1");
    assert_eq!(answers(r#"["D.2"]"#, "D.1, D.2, D.3"), "House rules 2026: Duties D.1, D.3");
    assert_eq!(answers(r#"["D.1", "D.2"]"#, "D.1, D.2"), "House rules 2026: ");
}

#[test]
fn who_cites_what_is_left_out_is_named() {
    let workspace = house("set: {drop: {notice: it hangs on the wall}}");
    let said = workspace.problems();
    assert!(said.contains("`notice` is left out of the set by house 2.0.0: it hangs on the wall"), "{said}");
    assert!(said.contains("pack/documents/handbook.md.hbs:"), "it is said where: {said}");
    golden("dropped-and-cited", &checked(&workspace));
}

#[test]
fn a_citation_is_guarded_by_whether_the_document_is_made() {
    let workspace = house("set: {drop: {notice: it hangs on the wall}}");
    workspace.edit(
        "pack/documents/handbook.md.hbs",
        "[[notice#sec-text]]",
        "{{#if (made \"notice\")}}[[notice#sec-text]]{{else}}the wall{{/if}}",
    );
    let said = checked(&workspace);
    assert!(!said.contains("F407"), "{said}");
    assert!(workspace.dumps()[0].1.contains("the wall"), "{}", workspace.dumps()[0].1);
    // What is only turned round is no guard, and a slip of the pen is answered.
    workspace.edit("pack/documents/handbook.md.hbs", "{{#if (made", "{{#if (not (made").edit(
        "pack/documents/handbook.md.hbs",
        "\"notice\")}}",
        "\"notice\"))}}",
    );
    assert!(checked(&workspace).contains("`handbook` cites `notice`"));
    workspace.edit("pack/documents/handbook.md.hbs", "made \"notice\"", "made \"notise\"");
    let said = checked(&workspace);
    assert!(said.contains("the set has no document `notise`") && said.contains("did you mean `notice`?"), "{said}");
    // The same where nothing is left out: the base itself tells what is made and what a workspace skips.
    let workspace = Workspace::specimen();
    workspace.edit(
        "pack/documents/handbook.md.hbs",
        "[[notice#sec-text]]",
        "{{#if (made \"notice\")}}made{{else}}not made{{/if}}",
    );
    assert!(workspace.dumps()[0].1.contains("made or write") || workspace.dumps()[0].1.contains("made; or write"));
    workspace.edit("folio.yaml", "format: 1", "format: 1\ndocuments: {skip: {notice: none}}");
    assert!(workspace.dumps()[0].1.contains("not made"), "{}", workspace.dumps()[0].1);
}

#[test]
fn what_a_workspace_says_of_what_is_left_out_is_a_warning() {
    let workspace = house("set: {drop: {handbook: everybody has one}}");
    workspace.write("overrides/handbook/x.md.hbs", "x\n");
    let said = workspace.problems();
    assert_eq!(said.matches("warning[F107]: `handbook` is left out of the set by house 2.0.0").count(), 2, "{said}");
    assert!(said.contains("the pack's reason: everybody has one") && !said.contains("error["), "{said}");
}

#[test]
fn documents_stand_in_another_order() {
    let with = |order: &str| {
        let workspace = house(&format!("documents: [letter, card]\nset: {{order: {order}}}"));
        add(&workspace, "letter", "number: L-1\ntitle: Letter\nkind: record", "x");
        add(&workspace, "card", "number: L-2\ntitle: Card\nkind: record", "x");
        numbers(&workspace).into_iter().map(|(id, _)| id).collect::<Vec<_>>()
    };
    assert_eq!(with("[notice]"), ["notice", "handbook", "letter", "card"]);
    assert_eq!(with("[card, \"...\", notice]"), ["card", "handbook", "letter", "notice"]);
    assert_eq!(with("[\"...\", handbook]"), ["notice", "letter", "card", "handbook"]);
    assert_eq!(with("[]"), ["handbook", "notice", "letter", "card"]);
}

#[test]
fn numbers_follow_a_pattern_or_are_given() {
    let with = |set: &str| {
        let workspace = house(&format!("documents: [letter]\nset: {set}"));
        add(&workspace, "letter", "number: L-1\ntitle: Letter\nkind: procedure", "x");
        numbers(&workspace).into_iter().map(|(_, number)| number).collect::<Vec<_>>()
    };
    assert_eq!(with("{number: \"{house}-{n}\", words: {house: TW}}"), ["TW-1", "TW-2", "TW-3"]);
    assert_eq!(with("{number: \"{n:03}/{number}\"}"), ["001/H-1", "002/H-2", "003/L-1"]);
    assert_eq!(
        with("{number: \"{type}{of-kind:02}\", words: {type: {policy: P, procedure: Q}}, numbers: {letter: X-1}}"),
        ["P01", "Q01", "X-1"]
    );
    assert_eq!(with("{number: \"{kind}-{of-kind}\"}"), ["policy-1", "procedure-1", "procedure-2"]);
    assert_eq!(with("{order: [letter], number: \"{n}\"}"), ["1", "2", "3"]);
    assert_eq!(with("{numbers: {notice: N-7}}"), ["H-1", "N-7", "L-1"]);
    // What the profile says of a document comes first, as ever.
    let workspace = house("set: {number: \"{n}\"}");
    workspace.edit("profile.yaml", "documents:\n", "documents:\n  notice: {number: OWN-9}\n");
    assert_eq!(numbers(&workspace), pairs(&[("handbook", "1"), ("notice", "OWN-9")]));
}

#[test]
fn titles_and_kinds_are_words_of_the_pack() {
    let workspace = house("documents: [letter]");
    add(&workspace, "letter", "number: L-1\ntitle: Letter\nkind: memo", "x");
    workspace.write(
        "house/strings.yaml",
        "titles: {notice: On the wall, letter: A letter}\nkinds: {memo: Memo, policy: House rule}\n",
    );
    let titles: Vec<(String, String)> = set(&workspace).into_iter().map(|[_, _, title, kind]| (title, kind)).collect();
    assert_eq!(
        titles,
        pairs(&[("The handbook of pens", "House rule"), ("On the wall", "Procedure"), ("A letter", "Memo")]),
        "kinds of its own, and titles of the base's documents"
    );
}

#[test]
fn a_pack_further_out_has_the_last_word() {
    let workspace = house("set: {number: \"H{n}\", drop: {handbook: everybody has one}}");
    workspace.write("house/strings.yaml", "titles: {notice: On the wall}\n").edit(
        "folio.yaml",
        "{path: house}",
        "{path: outer}",
    );
    let outer = |said: &str| {
        workspace.write(
            "outer/pack.yaml",
            format!(
                "format: 1\nid: outer\nversion: \"1.0.0\"\ntitle: Outer\nstandard: House rules 2026\nlanguage: en-GB\n\
                 extends: house@^2\n{said}\n"
            ),
        );
        set(&workspace).into_iter().map(|[id, number, title, _]| [id, number, title].join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(outer(""), ["notice H1 On the wall"]);
    assert_eq!(outer("set: {number: \"{number}/{n}\"}"), ["notice H1/1 On the wall"]);
    assert_eq!(
        outer("documents: [handbook]"),
        ["notice H1 On the wall", "handbook H-1 The handbook of pens"],
        "it is back"
    );
    // What is written anew has a number and title of its own.
    workspace.write(
        "outer/documents/notice.md.hbs",
        "---\nnumber: O-1\ntitle: Ours\nkind: policy\n---\n# Text {#sec-text}\n\nx\n",
    );
    assert_eq!(outer(""), ["notice O-1 Ours"]);
}

#[test]
fn mistakes_in_a_set_are_located() {
    case(
        "set-unknown",
        "set:\n  drop: {notise: x}\n  order: [hanbook, \"...\", \"...\", handbook, handbook]\n  numbers: {nothing: N}",
        |_| {},
    );
    case("set-dropped-named", "set:\n  drop: {notice: x}\n  order: [notice]\n  numbers: {notice: N}", |workspace| {
        workspace.write("house/strings.yaml", "titles: {notice: N, hndbook: H}\n");
    });
    case("set-own-dropped", "documents: [notice]\nset: {drop: {notice: x}}", |workspace| {
        add(workspace, "notice", "number: L-1\ntitle: Letter\nkind: procedure", "x");
    });
    case("set-final-dropped", "set: {drop: {notice: it hangs on the wall}}", |workspace| {
        workspace.edit("pack/documents/notice.md.hbs", "kind: procedure", "kind: procedure\nfinal: true");
    });
    case("set-pattern-unknown", "set:\n  number: \"{hause}-{n}\"\n  words: {house: TW, n: x}", |_| {});
    case("set-pattern-word-unused", "set:\n  number: \"X-{n}\"\n  words: {house: TW}", |_| {});
    case("set-pattern-form", "set: {number: \"{n:9}\"}", |_| {});
    case("set-pattern-brace", "set: {number: \"{n\"}", |_| {});
    case("set-pattern-kind", "set:\n  number: \"{type}-{n}\"\n  words: {type: {policy: P}}", |_| {});
    case("set-number-twice", "set:\n  numbers: {notice: H-1}", |_| {});
    case("set-number-same", "set: {number: \"{kind}\"}\ndocuments: [letter]", |workspace| {
        add(workspace, "letter", "number: L-1\ntitle: Letter\nkind: policy", "x");
    });
    case("set-number-control", "set: {numbers: {notice: \"H\\u0007\", handbook: \"   \"}}", |_| {});
    case("set-key-unknown", "set: {dropp: {notice: x}}", |_| {});
    case("kind-unknown", "documents: [letter]", |workspace| {
        workspace.write("house/strings.yaml", "kinds: {memo: Memo}\n");
        add(workspace, "letter", "number: L-1\ntitle: Letter\nkind: mmeo", "x");
    });
}

#[test]
fn a_number_is_bounded() {
    let workspace = house(&format!("set:\n  number: \"{}\"\n  words: {{w: {}}}", "{w}".repeat(60), "x".repeat(200)));
    let said = workspace.problems();
    assert!(said.contains("has more than 60 characters") && said.len() < 4_000, "{said}");
    let workspace = house(&format!("set: {{number: \"{}\"}}", "x".repeat(201)));
    assert!(workspace.problems().contains("at most 200 characters"));
}

/// A part of the Word file of a document.
fn part(workspace: &Workspace, document: &str, part: &str) -> Option<String> {
    let bytes = workspace.read_bytes(&format!("out/draft/{document}.docx"));
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(&format!("word/{part}.xml")).ok()?.read_to_string(&mut text).unwrap();
    Some(text)
}

/// The words of a part, one text after the other.
fn words(xml: &str) -> String {
    let texts = xml.split("<w:t").skip(1).filter(|rest| rest.starts_with([' ', '>']));
    texts.map(|rest| rest.split_once('>').unwrap().1.split_once("</w:t>").unwrap().0).collect()
}

const MARK: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 30 20\"><rect width=\"30\" height=\"20\"/></svg>";

#[test]
fn header_and_footer_have_words_fields_and_pictures() {
    let workspace = house("");
    workspace.write("house/images/mark.svg", MARK).write(
        "house/theme.yaml",
        "header:\n  left: [{image: mark.svg, height: 8mm, alt: The mark of the house}, organisation-name]\n  right: [kind]\n\
         footer:\n  left: [number, \"Prepared by Tideway\"]\n  center: [\"{page-number} of {page-count}\"]\n  \
         right: [[\"For {organisation}, {state}\"], [{field: owner}, {text: version}]]\n",
    );
    let (outcome, said) = workspace.render();
    assert!(outcome.is_some() && !said.contains("error["), "{said}");
    let header = part(&workspace, "H-2 Notice", "header1").unwrap();
    assert!(header.contains("descr=\"The mark of the house\""), "{header}");
    assert!(words(&header).ends_with("Procedure"), "{}", words(&header));
    let footer = part(&workspace, "H-2 Notice", "footer1").unwrap();
    assert!(words(&footer).starts_with("H-2 · Prepared by Tideway1 of "), "{}", words(&footer));
    assert!(words(&footer).contains(" · version"), "a text may look like a field: {}", words(&footer));
    assert_eq!(footer.matches("<w:p>").count(), 2, "a paragraph for each line");
    assert!(part(&workspace, "H-2 Notice", "header3").is_none(), "the first page is as the others");
    assert!(!part(&workspace, "H-2 Notice", "document").unwrap().contains("w:titlePg"));
}

#[test]
fn the_first_page_may_differ() {
    let workspace = house("");
    workspace.write("house/theme.yaml", "header: {first: {left: [\"Only here\"]}}\nfooter: {first: {}}\n");
    let (_, said) = workspace.render();
    assert!(!said.contains("error["), "{said}");
    for document in ["H-1 The handbook of pens", "H-2 Notice"] {
        let body = part(&workspace, document, "document").unwrap();
        assert_eq!(body.matches("<w:titlePg/>").count(), 1, "the first section alone has a first page");
        assert_eq!(words(&part(&workspace, document, "header3").unwrap()), "Only here");
        assert_eq!(words(&part(&workspace, document, "footer3").unwrap()), "");
    }
    // Without a word of its own, the footer is as on the other pages.
    workspace.write("house/theme.yaml", "header: {first: {}}\n");
    workspace.render();
    let of = |name: &str| words(&part(&workspace, "H-2 Notice", name).unwrap());
    assert_eq!(of("footer3"), of("footer1"));
    assert_ne!(of("header1"), "");
    assert_eq!(of("header3"), "");
}

#[test]
fn a_cover_is_a_page_of_its_own() {
    let pages = |workspace: &Workspace| {
        let (outcome, said) = workspace.render();
        assert!(!said.contains("error["), "{said}");
        outcome.unwrap().documents.iter().map(|document| document.pages).collect::<Vec<_>>()
    };
    let workspace = house("");
    let without = pages(&workspace);
    workspace.write("house/images/mark.svg", MARK).write(
        "house/theme.yaml",
        "cover:\n  above: [{image: mark.svg, height: 30mm, alt: The mark of the house}]\n  foot: [[\"Prepared by Tideway\"], [standard]]\n",
    );
    let with = pages(&workspace);
    assert!(without.iter().zip(&with).all(|(without, with)| *with >= *without), "{without:?} {with:?}");
    let body = part(&workspace, "H-2 Notice", "document").unwrap();
    let cover = &body[..body.find("</w:sectPr>").unwrap()];
    assert!(
        cover.contains("<w:titlePg/>") && cover.contains("w:framePr") && cover.contains("w:val=\"Title\""),
        "{cover}"
    );
    assert!(
        words(cover).contains("NoticeProcedure · H-2") && words(cover).ends_with("Prepared by TidewayHouse rules 2026"),
        "{}",
        words(cover)
    );
    assert!(!cover.contains("<w:tbl>"), "the control table stands on the next page");
    assert_eq!(words(&part(&workspace, "H-2 Notice", "header3").unwrap()), "", "a cover has no header");
    // A workspace takes it off again, and then all is as it was.
    workspace.edit("folio.yaml", "format: 1", "format: 1\ntheme: {cover: {show: false}}");
    assert_eq!(pages(&workspace), without);
}

#[test]
fn a_workspace_has_pictures_and_words_of_its_own() {
    let workspace = Workspace::specimen();
    workspace.write("branding/mark.svg", MARK).edit(
        "folio.yaml",
        "format: 1",
        "format: 1\ntheme:\n  header: {left: [{image: branding/mark.svg, height: 8mm, alt: Our mark}, \"Ours alone\"]}",
    );
    let (_, said) = workspace.render();
    assert!(!said.contains("error["), "{said}");
    let header = part(&workspace, "H-2 Notice", "header1").unwrap();
    assert!(header.contains("Our mark") && words(&header).contains("Ours alone"), "{header}");
}

/// A golden of what is said of a theme that has mistakes.
fn themed(name: &str, theme: &str, change: impl FnOnce(&Workspace)) {
    case(name, "", |workspace| {
        workspace.write("house/theme.yaml", theme);
        change(workspace);
    });
}

#[test]
fn mistakes_in_parts_are_located() {
    themed(
        "part-field-unknown",
        "footer:\n  left: [number, orgnisation]\n  right: [\"For {organsation}\", {field: pages}]\n",
        |_| {},
    );
    themed("part-brace", "footer:\n  left: [\"For {organisation\"]\n", |_| {});
    themed(
        "part-picture",
        "header:\n  left:\n    - {image: mark.svg}\n    - {image: mark.svg, hight: 8mm, alt: x}\n    - {image: mark.svg, height: 8, alt: x}\n    \
         - {image: mark.svg, height: 8mx, alt: x}\n    - {image: mark.svg, text: x}\n    - {image: marc.svg, height: 8mm, alt: x}\n",
        |workspace| {
            workspace.write("house/images/mark.svg", MARK);
        },
    );
    themed(
        "part-control-character",
        "footer:\n  left: [\"a\\u0007b\", {text: \"x\\ny\"}, {image: \"a\\u0000\", height: 8mm, alt: x}]\n",
        |_| {},
    );
    themed("part-mixed-lines", "footer:\n  left: [[number], title, 7]\n", |_| {});
    themed("part-first-of-first", "footer:\n  first: {first: {}}\ncover: {titel: 30pt}\n", |_| {});
    let many = |count: usize, part: &str| format!("footer:\n  left: [{}]\n", vec![part; count].join(", "));
    themed("part-too-many", &many(9, "number"), |_| {});
    themed("part-too-many-lines", &many(5, "[number]"), |_| {});
    themed("part-text-too-long", &format!("footer:\n  left: [\"{}\"]\n", "x ".repeat(51)), |_| {});
    themed(
        "part-too-high",
        "header: {left: [{image: mark.svg, height: 40mm, alt: x}]}\nfooter: {first: {left: [[number], [title], [kind], [date]]}}\ncover: {above: [{image: mark.svg, height: 180mm, alt: x}]}\n",
        |workspace| {
            workspace.write("house/images/mark.svg", MARK);
        },
    );
    themed("part-glyph-missing", "footer:\n  left: [\"Von 山 her\"]\n", |_| {});
    case("part-of-a-workspace", "", |workspace| {
        workspace.edit(
            "folio.yaml",
            "format: 1",
            "format: 1\ntheme: {header: {left: [orgnisation, {image: branding/none.svg, height: 8mm, alt: x}]}}",
        );
    });
    case("part-picture-of-a-workspace", "", |workspace| {
        workspace.edit(
            "folio.yaml",
            "format: 1",
            "format: 1\ntheme: {header: {left: [{image: ../none.svg, height: 8mm, alt: x}, {image: profile.yaml, height: 8mm, alt: x}]}}",
        );
    });
}

#[test]
fn a_long_mistake_is_told_briefly() {
    let workspace = house("");
    workspace
        .write("house/theme.yaml", format!("footer:\n  left: [\"{}\", {}]\n", "x ".repeat(40_000), "y".repeat(40_000)));
    let said = workspace.problems();
    assert!(said.contains("80000 characters") && said.lines().all(|line| line.len() < 50_000), "{}", said.len());
}

#[test]
fn names_of_others_and_leftovers_in_margins_are_found() {
    let with = |theme: &str, title: &str| {
        let workspace = house("");
        workspace
            .edit("house/pack.yaml", "title: House", &format!("title: {title}"))
            .write("house/theme.yaml", theme)
            .write("house/fixtures/one/folio.yaml", "format: 1\nid: one\nas_of: 2026-03-01\n")
            .write("house/fixtures/one/profile.yaml", "organisation: {name: Harbour Works}\n");
        workspace.problems()
    };
    let said = with("footer: {left: [\"Prepared by Harbour Works\"]}\n", "House");
    assert!(said.contains("error[F419]: `Harbour Works` belongs to somebody else"), "{said}");
    assert!(said.contains("house/theme.yaml:1:"), "{said}");
    let said = with("footer: {left: [\"Prepared by Harbour Works\"]}\n", "Harbour Works, house pack");
    assert!(!said.contains("F419"), "a house names itself: {said}");
    let said = with("footer: {left: [\"TODO name\"]}\n", "House");
    assert!(said.contains("error[F417]: `TODO` is left in the text"), "{said}");
}
