//! Roles that are held by one person, several, a body, a firm or a post.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::Workspace;

const NOTICE: &str = "pack/documents/notice.md.hbs";
const WHO: &str = "{{#each roles}}\n- {{title}}: {{holder id}}, else {{deputy id else=\"nobody\"}}\n{{/each}}\n\n\
                   {{list derived.busy}} and {{who derived.all}}.";

/// The specimen whose chief clerk is held by what is given, and which says who holds what.
fn held(holder: &str) -> Workspace {
    let workspace = Workspace::specimen();
    workspace
        .edit("profile.yaml", "holder: ben, reports_to: head}", &format!("holder: {holder}, deputy: [ada, guild], reports_to: head}}"))
        .edit("profile.yaml", "classification:", "bodies:\n  - {id: guild, name: the guild of scribes, kind: committee, members: [ada, ben], chair: ada}\nclassification:")
        .edit(NOTICE, "We have no motto.", WHO);
    let rules = workspace.read("pack/rules/pens.yaml");
    let busy = "derive:\n  - id: all\n    value: 'unique(flatten(roles.map(r, holders(r) + deputies(r))).filter(k, k != \"the clerk on duty\")) + [\"head\"]'\n  \
                - id: busy\n    value: 'people.filter(p, size(roles.filter(r, p.id in holders(r))) > 1).map(p, p.name) + [\"all\"]'\n";
    workspace.write("pack/rules/pens.yaml", rules.replacen("derive:\n", busy, 1));
    workspace
}

fn notice(workspace: &Workspace) -> String {
    workspace.dumps().into_iter().find(|(id, _)| id == "notice").unwrap().1
}

fn line<'d>(dump: &'d str, part: &str) -> &'d str {
    dump.lines().find(|line| line.contains(part)).unwrap_or_else(|| panic!("{dump}"))
}

#[test]
fn a_role_is_held_in_every_form() {
    for (holder, shown) in [
        ("ben", "{people[ben].name, roles[clerk].holder, roles[clerk].id: Ben Łukasz}"),
        (
            "[ada, ben]",
            "{=people[ada].name, people[ben].name, roles[clerk].holder, roles[clerk].id: Ada Quill and Ben Łukasz}",
        ),
        ("guild", "{bodies[guild].name, roles[clerk].holder, roles[clerk].id: the guild of scribes}"),
        (
            "{post: the clerk on duty}",
            "{roles[clerk].holder.post, roles[clerk].holder, roles[clerk].id: the clerk on duty}",
        ),
    ] {
        let workspace = held(holder);
        let dump = notice(&workspace);
        let clerk = line(&dump, "chief clerk}:");
        assert!(clerk.contains(shown), "{holder}: {clerk}");
        assert!(clerk.contains("Ada Quill and the guild of scribes}"), "{clerk}");
        assert!(
            line(&dump, "managing director}:")
                .ends_with("else {=roles[head].deputy, roles[head].id: nobody}  ?motto, roles[head]"),
            "{dump}"
        );
    }
}

#[test]
fn rules_ask_who_holds_what() {
    let dump = notice(&held("[ada, ben]"));
    assert!(dump.contains("Ada Quill and all} and {"), "who holds two roles: {dump}");
    assert!(dump.contains(": Ada Quill, Ben Łukasz, the guild of scribes and managing director}."), "{dump}");
    let dump = notice(&held("{post: the clerk on duty}"));
    assert!(dump.contains(": Ada Quill, the guild of scribes and managing director}."), "{dump}");
}

#[test]
fn the_control_block_names_all() {
    let dump = notice(&held("[ada, ben]"));
    assert!(dump.contains("owner chief clerk (Ada Quill and Ben Łukasz); author"), "{dump}");
    assert!(notice(&held("guild")).contains("owner chief clerk (the guild of scribes); author"));
    let workspace = held("{post: the clerk on duty}");
    let (outcome, problems) = workspace.render();
    assert!(outcome.is_some_and(|outcome| !outcome.is_failed), "{problems}");
}

#[test]
fn a_register_of_roles_has_several_in_a_cell() {
    let workspace = held("ben");
    let profile = workspace.read("profile.yaml");
    let (before, rest) = profile.split_once("roles:\n").unwrap();
    let (_, after) = rest.split_once("bodies:\n").unwrap();
    workspace.write("profile.yaml", format!("{before}roles: {{from: registers/roles.csv}}\nbodies:\n{after}"));
    workspace.write(
        "registers/roles.csv",
        "id,title,holder,deputy,reports_to\nhead,managing director,ada,,\nclerk,chief clerk,ada; ben,guild,head\n",
    );
    let dump = notice(&workspace);
    let clerk = line(&dump, "chief clerk}:");
    assert!(clerk.contains(": Ada Quill and Ben Łukasz}") && clerk.contains(": the guild of scribes}"), "{clerk}");
}

#[test]
fn who_is_nowhere_is_named() {
    for (holder, problem) in [
        ("bne", "`bne` is not in `people` or `bodies`"),
        ("[ada, bne]", "`bne` is not in `people` or `bodies`"),
        ("{post: \"\"}", "F21"),
        ("[]", "F21"),
        ("{title: x}", "F21"),
    ] {
        let said = held(holder).problems();
        assert!(said.contains(problem), "{holder}: {said}");
    }
    assert!(!held("ben").problems().contains("suppliers"), "this pack has no such register");
}
