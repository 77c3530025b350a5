//! Names, labels and addresses in place of keys, and people in place of roles.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::Workspace;

const NOTICE: &str = "pack/documents/notice.md.hbs";
const PENS: &str = "registers/pens.csv";
const SCHEMA: &str = "pack/profile.schema.json";

/// What stands in the notice where the first pen is somebody's.
fn owned(owner: &str) -> Workspace {
    let workspace = Workspace::specimen();
    let text = "{{#each pens}}\n{{#if owner}}\n- {{name}} is kept by the {{role owner}}: ask {{holder owner}}. {{cap (role owner)}} counts.\n\
                {{/if}}\n{{/each}}\n\nRoles: {{count roles}}.";
    workspace.edit(NOTICE, "We have no motto.", text).edit(
        PENS,
        "\"Goose, grey\",clerk",
        &format!("\"Goose, grey\",{owner}"),
    );
    workspace
        .edit("profile.yaml", "  - {id: ben, name: Ben Łukasz}", "  - {id: ben, name: Ben Łukasz, email: b.lukasz@quill.example}\n  - {id: zoe, name: de Vries}\n  - {id: kim, name: Kim Oak}\n  - {id: kim2, name: KIM  oak}\n  - {id: carpenter, name: managing director}\n  - {id: max, name: Max Both}")
        .edit("profile.yaml", "classification:", "  - {id: inker, title: inker, holder: max}\n  - {id: binder, title: binder, holder: max}\nclassification:");
    workspace
}

/// The notice's text, without where its values come from.
fn said(workspace: &Workspace) -> String {
    plain(&notice(workspace))
}

fn notice(workspace: &Workspace) -> String {
    workspace.dumps().into_iter().find(|(id, _)| id == "notice").unwrap_or_else(|| panic!("{}", workspace.render().1)).1
}

/// A dump without braces and what stands before the colon in them.
fn plain(dump: &str) -> String {
    let mut text = String::new();
    let mut rest = dump;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (inside, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(inside.split_once(": ").map_or(inside, |(_, shown)| shown));
        rest = after;
    }
    text + rest
}

fn problems(workspace: &Workspace) -> String {
    workspace.render().1
}

#[test]
fn a_name_or_an_address_stands_for_the_one_role_that_somebody_holds() {
    let keyed = notice(&owned("clerk"));
    for owner in
        ["Chief clerk", "\" CHIEF   clerk \"", "ben łukasz", "\"Łukasz, Ben\"", "ben", "B.Lukasz@quill.example"]
    {
        let workspace = owned(owner);
        let named = notice(&workspace);
        assert_eq!(named, keyed, "{owner}: {}", problems(&workspace));
    }
    assert!(problems(&owned("ben lukasz")).contains("`ben lukasz` is not in `roles`"), "accents count");
    let workspace = owned("clerk");
    let keyed = notice(&workspace);
    workspace.edit("profile.yaml", "owner: clerk, author: clerk", "owner: Chief Clerk, author: Ben Łukasz");
    assert_eq!(notice(&workspace), keyed);
}

#[test]
fn a_person_with_no_role_or_several_stands_in_place_of_one() {
    for (owner, name) in [("Max Both", "Max Both"), ("max", "Max Both"), ("DE vries", "de Vries")] {
        let workspace = owned(owner);
        let said = said(&workspace);
        assert!(said.contains(&format!("is kept by {name}: ask {name}. {name} counts.")), "{owner}: {said}");
        assert!(said.contains("Roles: 4."), "no list of roles has them: {said}");
        assert!(
            notice(&workspace).contains(".name: ") && !notice(&workspace).contains("people_as_roles"),
            "{}",
            notice(&workspace)
        );
    }
    let workspace = owned("clerk");
    workspace.edit(
        "profile.yaml",
        "owner: clerk, author: clerk, approver: head",
        "owner: Max Both, author: de Vries, approver: head",
    );
    let dump = notice(&workspace);
    assert!(dump.contains("owner Max Both (Max Both); author de Vries (de Vries)"), "{dump}");
    let (outcome, problems) = workspace.render();
    assert!(outcome.is_some_and(|outcome| !outcome.is_failed), "{problems}");
}

#[test]
fn a_name_of_several_is_an_error_that_lists_them() {
    let problems = problems(&owned("Kim Oak"));
    assert!(
        problems.contains(
            "error[F224]: `Kim Oak` is the name of 2: `kim` (Kim Oak) in `people`, `kim2` (KIM  oak) in `people`"
        ),
        "{problems}"
    );
    assert!(problems.contains("registers/pens.csv:2"), "{problems}");
    assert!(problems.contains("write the key of the one that is meant"), "{problems}");
    // A role and a person who is called as the role.
    let problems = self::problems(&owned("managing director"));
    assert!(
        problems.contains("`carpenter` (managing director) in `people`, `head` (managing director) in `roles`"),
        "{problems}"
    );
}

#[test]
fn a_key_is_the_key_whoever_is_called_so() {
    let workspace = owned("head");
    workspace.edit("profile.yaml", "{id: zoe, name: de Vries}", "{id: zoe, name: head}");
    assert!(said(&workspace).contains("is kept by the managing director: ask Ada Quill."), "{}", said(&workspace));
    // A role may have the key that the person has.
    let workspace = owned("Kim Two");
    workspace.edit("profile.yaml", "{id: carpenter, name: managing director}", "{id: binder, name: Kim Two}");
    assert!(said(&workspace).contains("is kept by Kim Two: ask Kim Two. Kim Two counts."), "{}", said(&workspace));
}

/// The specimen with a column of keys of duties and one of pens.
fn listed(duties: &str) -> Workspace {
    let workspace = Workspace::specimen();
    workspace
        .edit(SCHEMA, "\"motto\"", "\"jobs\": {\"title\": \"Jobs\", \"type\": \"array\", \"x-folio-key\": \"id\", \"items\": {\"type\": \"object\", \"required\": [\"id\"], \"additionalProperties\": false, \"properties\": {\"id\": {\"title\": \"Key\", \"type\": \"string\"}, \"duties\": {\"title\": \"Duties\", \"type\": \"array\", \"items\": {\"type\": \"string\", \"x-folio-ref\": [\"catalogue:duties\", \"pens\"]}}}}}, \"motto\"")
        .edit("profile.yaml", "limits:", "jobs: {from: registers/jobs.csv}\nlimits:")
        .edit(PENS, "Swan <white>", "\"Swan; white, small\"")
        .edit(NOTICE, "We have no motto.", "{{#each jobs}}{{#each duties}}[{{this}}] {{/each}}{{/each}}");
    workspace.write("registers/jobs.csv", format!("id,duties\nJ-1,\"{duties}\"\n"));
    workspace
}

#[test]
fn a_cell_lists_keys_and_names_by_semicolons_commas_or_lines() {
    for duties in [
        "D.1; P-2; D.2",
        "D.1, P-2, D.2",
        "D.1\nP-2\nD.2",
        "D.1, P-2; D.2",
        "keep pens, P-2; COUNT pens",
        "Keep pens; Swan; white, small; D.2",
        "D.1; swan; WHITE,  small\nD.2",
    ] {
        let workspace = listed(duties);
        let problems = problems(&workspace);
        assert!(said(&workspace).contains("[D.1] [P-2] [D.2]"), "{duties}: {problems}");
    }
    let problems = problems(&listed("D.1, P-9"));
    assert!(problems.contains("`P-9` is not in `duties` or `pens`"), "the part that is wrong: {problems}");
    let problems = self::problems(&listed("first, second"));
    assert!(problems.contains("`first, second` is not in"), "as it is written, where no part is known: {problems}");
}

#[test]
fn articles_of_the_language_go_before_a_person() {
    let workspace = owned("Max Both");
    workspace.edit("pack/pack.yaml", "language: en-GB", "language: de-DE").edit(
        NOTICE,
        "is kept by the {{role owner}}",
        "gehört dem {{role owner}}, geht zum\n{{role owner}} und bleibt beim {{#if stock}}{{role owner}}{{/if}}",
    );
    let said = self::said(&workspace);
    assert!(said.contains("gehört Max Both, geht zu Max Both und bleibt bei Max Both"), "{said}");
    let own = "articles: [each]\ncontracted: {zum: nach}\n";
    workspace.write("pack/strings.yaml", workspace.read("pack/strings.yaml") + own);
    let said = self::said(&workspace);
    assert!(said.contains("gehört dem Max Both, geht nach Max Both und bleibt beim Max Both"), "{said}");
}

#[test]
fn rules_say_a_person_without_article_too() {
    let workspace = owned("Max Both");
    let rules = workspace.read("pack/rules/pens.yaml");
    let derive = "derive:\n  - id: told\n    value: >-\n      (roles + people_as_roles).filter(r, r.id == pens[0].owner).map(r, text(\"told\", {\"who\": r.title}))[0]\n";
    workspace.write("pack/rules/pens.yaml", rules.replacen("derive:\n", derive, 1));
    let messages = workspace.read("pack/messages/pens.yaml");
    workspace.write("pack/messages/pens.yaml", messages + "texts:\n  told: The {who} is told; ask the {who}.\n");
    workspace.edit(NOTICE, "Roles:", "{{derived.told}}\n\nRoles:");
    assert!(
        said(&workspace).contains("Max Both is told; ask Max Both."),
        "{} {}",
        said(&workspace),
        problems(&workspace)
    );
}

#[test]
fn two_documents_of_one_number_are_found() {
    let workspace = Workspace::specimen();
    assert!(!problems(&workspace).contains("F422"));
    workspace.edit("profile.yaml", "  handbook:\n", "  notice: {number: \"h -1\"}\n  handbook:\n");
    let problems = problems(&workspace);
    assert!(problems.contains("warning[F422]: `handbook` and `notice` have the same number, `h -1`"), "{problems}");
    assert!(problems.contains("profile path: documents.notice.number"), "{problems}");
}

#[test]
fn lists_follow_the_language_and_the_size_of_numbers() {
    let workspace = Workspace::specimen();
    workspace
        .edit("pack/pack.yaml", "language: en-GB", "language: de-DE")
        .write(PENS, "id,name,stock\nP-1,Zeder,1\nP-2,Ähre,1\nP-3,adler,1\nP-4,R10,1\nP-5,R2,1\n");
    let rules = workspace.read("pack/rules/pens.yaml");
    let derive = "derive:\n  - id: sorted\n    value: sort_by(pens, 'name').map(p, p.name)\n";
    workspace.write("pack/rules/pens.yaml", rules.replacen("derive:\n", derive, 1));
    workspace.edit(
        NOTICE,
        "We have no motto.",
        "{{#each (sort pens \"name\")}}{{name}} {{/each}}= {{#each derived.sorted}}{{this}} {{/each}}",
    );
    let said = self::said(&workspace);
    assert!(said.contains("adler Ähre R2 R10 Zeder = adler Ähre R2 R10 Zeder"), "{said}");
}
