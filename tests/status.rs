//! What changed and why: models compared place by place, `folio status`, and what a dry run says of changes.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use common::Workspace;
use common::kit::run;
use folio::changes::{Cause, Change, Kind, Manner};
use folio::commit::Held;
use folio::diagnostic::Sink;
use folio::digest;
use folio::history::{self, Entry, Event, Facts, GivenOut, History, Issued};
use folio::model::{Document, content, stored};
use folio::session::{Session, Stage};
use folio::status::{CACHE, Standing, State, Status};

const TODAY: &str = "2026-11-23";

fn session() -> Session {
    common::request().session()
}

fn status(workspace: &Workspace) -> Status {
    let mut sink = Sink::new();
    let status = Status::of(&session(), workspace.path(), &mut sink);
    status.unwrap_or_else(|| panic!("{:#?}", sink.into_vec()))
}

fn of<'s>(status: &'s Status, id: &str) -> &'s Standing {
    status.documents.iter().find(|standing| standing.id == id).unwrap()
}

/// The documents of a state.
fn ids(status: &Status, state: State) -> Vec<&str> {
    status.documents.iter().filter(|it| it.state == state).map(|it| it.id.as_str()).collect()
}

fn causes(changes: &[Change]) -> BTreeSet<String> {
    changes.iter().flat_map(|change| &change.causes).map(Cause::to_string).collect()
}

/// A copy of an example, its pack named from where it lies.
fn example(name: &str) -> Workspace {
    let workspace = Workspace::empty();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    common::copy(&root.join("examples").join(name), workspace.path());
    let settings = workspace.read("folio.yaml").replace("../..", &root.display().to_string());
    workspace.write("folio.yaml", settings);
    workspace
}

/// The documents of a workspace with what they are made from.
fn documents(workspace: &Workspace) -> (Vec<Document>, Facts) {
    let session = session();
    let mut sink = Sink::new();
    let opened = session.workspace(workspace.path(), &mut sink).unwrap();
    let plan = session.plan(&opened, &mut sink);
    (session.documents(&opened, &plan, &mut sink).documents.unwrap(), opened.kept_facts())
}

/// Writes into the history that documents were issued as they are now: model, facts, and the entry.
fn issue(workspace: &Workspace, only: &[&str], version: &str, change: impl Fn(&mut Issued)) {
    let (documents, facts) = documents(workspace);
    let facts = facts.to_bytes();
    let facts_digest = digest::of_file(&facts);
    workspace.write(&Facts::path(&facts_digest), facts);
    let mut issued = Vec::new();
    for document in documents.iter().filter(|document| only.is_empty() || only.contains(&document.control.id.as_str()))
    {
        let bytes = stored::bytes(document);
        let id = document.control.id.as_str();
        let mut entry = Issued {
            author: String::new(),
            id: id.into(),
            version: version.into(),
            model: Some(stored::digest(&bytes)),
            content: Some(content::digest(document)),
            files: BTreeMap::new(),
            change: String::new(),
            effective: None,
            next_review: None,
            number: String::new(),
            title: String::new(),
            approvals: Vec::new(),
            awaits: Vec::new(),
        };
        workspace.write(&format!("{}/{}", history::folder(id, version), history::MODEL), bytes);
        change(&mut entry);
        issued.push(entry);
    }
    append(workspace, Event::Issue, issued, Some(facts_digest));
}

fn append(workspace: &Workspace, event: Event, documents: Vec<Issued>, facts: Option<String>) {
    let before = std::fs::read(workspace.file(history::FILE)).unwrap_or_default();
    let known = History::parse(&before, &mut Sink::new()).unwrap();
    let entry = Entry {
        format: history::FORMAT,
        number: known.entries.len() as u32 + 1,
        previous: known.head,
        event,
        day: "2026-11-02".parse().unwrap(),
        reason: String::new(),
        by: None,
        documents,
        packs: Vec::new(),
        facts,
        program: String::new(),
        lost: None,
    };
    let line = serde_json::to_string(&entry).unwrap();
    workspace.write(history::FILE, [before, line.into_bytes(), b"\n".to_vec()].concat());
}

fn files(workspace: &Workspace) -> BTreeMap<String, Vec<u8>> {
    fn read(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => read(root, &path, found),
                false => {
                    let name = path.strip_prefix(root).unwrap().display().to_string();
                    found.insert(name, std::fs::read(&path).unwrap());
                }
            }
        }
    }
    let mut found = BTreeMap::new();
    read(workspace.path(), workspace.path(), &mut found);
    found
}

#[test]
fn what_was_never_rendered_is_new_and_what_is_as_it_was_is_unchanged() {
    let workspace = Workspace::specimen();
    assert_eq!(ids(&status(&workspace), State::New), ["handbook", "notice"]);
    workspace.render_with(common::request());
    assert_eq!(ids(&status(&workspace), State::Unchanged), ["handbook", "notice"]);
    assert!(status(&workspace).causes.is_empty() && status(&workspace).left_behind.is_empty());
}

#[test]
fn a_value_is_told_with_its_place_and_the_words_that_show_it() {
    let workspace = Workspace::specimen();
    workspace.render_with(common::request());
    workspace.edit("profile.yaml", "Ben Łukasz}", "Bea Łukasz}");
    let status = status(&workspace);
    assert_eq!(ids(&status, State::Changed), ["handbook"]);
    let [change] = of(&status, "handbook").changes.as_slice() else { panic!("{status:#?}") };
    assert_eq!((change.place.kind, change.manner), (Kind::Paragraph, Manner::Words));
    assert!(change.before.contains("Ben Łukasz") && change.after.contains("Bea Łukasz"), "{change:?}");
    assert!(change.identity.starts_with("_f") && change.place().starts_with("section 1 Purpose"), "{change:?}");
    let [Cause::Fact { path, label, before, after, at }] = change.causes.as_slice() else { panic!("{change:?}") };
    assert_eq!((path.as_str(), label.as_deref()), ("people[ben].name", Some("Bea Łukasz, name")));
    assert_eq!((before.as_deref(), after.as_deref()), (Some("Ben Łukasz"), Some("Bea Łukasz")));
    assert_eq!(at.as_ref().unwrap().to_string(), "profile.yaml:7:21");
}

#[test]
fn rows_that_come_and_go_are_told_row_by_row() {
    let workspace = Workspace::specimen();
    workspace.render_with(common::request());
    let register = workspace.read("registers/pens.csv");
    let gone = register.lines().find(|line| line.starts_with("P-3,")).unwrap().to_owned();
    workspace.edit("registers/pens.csv", &format!("{gone}\n"), "P-9,Magpie,clerk,3,no,\n");
    let status = status(&workspace);
    let said = causes(&of(&status, "handbook").changes);
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    assert_eq!(said, ["pens: “Crow | black” is gone", "pens: “Magpie” is new"]);
    let rows: Vec<(Manner, Option<&str>)> = of(&status, "handbook")
        .changes
        .iter()
        .filter(|change| change.place.kind == Kind::Row)
        .map(|change| (change.manner, change.place.row.as_deref()))
        .collect();
    assert!(rows.contains(&(Manner::Went, Some("P-3"))) && rows.contains(&(Manner::Came, Some("P-9"))), "{rows:?}");
    // Of what is gone, the file in which it stood.
    let gone = status.causes.iter().find_map(|shared| match &shared.cause {
        Cause::Fact { path, after: None, at: Some(at), .. } if path == "pens[P-3]" => Some(at.to_string()),
        _ => None,
    });
    assert_eq!(gone.as_deref(), Some("registers/pens.csv"));
}

#[test]
fn a_text_of_the_pack_is_told_by_template_and_line_and_makes_documents_out_of_date() {
    let workspace = Workspace::specimen();
    workspace.render_with(common::request());
    let template = workspace.read("pack/documents/notice.md.hbs");
    workspace.write("pack/documents/notice.md.hbs", template + "\nA sentence that nobody has read before.\n");
    let status = status(&workspace);
    assert_eq!(ids(&status, State::OutOfDate), ["notice"]);
    let [change] = of(&status, "notice").changes.as_slice() else { panic!("{status:#?}") };
    assert_eq!(change.manner, Manner::Came);
    let [Cause::Block { pack, at: Some(at), .. }] = change.causes.as_slice() else { panic!("{change:?}") };
    assert!(pack.starts_with("specimen ") && at.file.ends_with("notice.md.hbs") && at.line > 0, "{change:?}");
}

#[test]
fn a_block_that_the_workspace_replaces_is_told_by_its_file() {
    let workspace = Workspace::specimen();
    workspace.render_with(common::request());
    workspace.write("overrides/notice/text.md.hbs", "Our own words in this place.\n");
    let status = status(&workspace);
    let is_own = |cause: &Cause| matches!(cause, Cause::Override { block, at: Some(at) } if block == "notice/text" && at.file == "overrides/notice/text.md.hbs");
    let changes = &of(&status, "notice").changes;
    assert!(!changes.is_empty() && changes.iter().all(|change| change.causes.iter().all(is_own)), "{changes:#?}");
}

#[test]
fn an_issued_version_is_what_documents_are_held_against() {
    let workspace = Workspace::specimen();
    issue(&workspace, &[], "1.0", |_| {});
    assert_eq!(ids(&status(&workspace), State::Unchanged), ["handbook", "notice"]);
    workspace.edit("profile.yaml", "limits: {hours: 4}", "limits: {hours: 6}");
    workspace.render_with(common::request());
    let now = status(&workspace);
    // Rendering a draft issues nothing: it is held against 1.0 still.
    let changed = of(&now, "handbook");
    assert_eq!((changed.state, changed.version.as_deref()), (State::Changed, Some("1.0")));
    assert!(changed.step.is_some());
    assert_eq!(causes(&changed.changes).into_iter().collect::<Vec<_>>(), ["limits, hours: “4” is now “6”"]);
}

#[test]
fn approvals_that_wait_reviews_that_are_due_and_what_is_withdrawn_are_told() {
    let workspace = Workspace::specimen();
    issue(&workspace, &["handbook"], "1.0", |issued| issued.next_review = "2026-11-20".parse().ok());
    issue(&workspace, &["handbook"], "1.1", |issued| issued.awaits = vec!["head".into()]);
    issue(&workspace, &["notice"], "1.0", |_| {});
    let withdrawn = Issued {
        author: String::new(),
        id: "notice".into(),
        version: "1.0".into(),
        model: None,
        content: None,
        files: BTreeMap::new(),
        change: String::new(),
        effective: None,
        next_review: None,
        number: String::new(),
        title: String::new(),
        approvals: Vec::new(),
        awaits: Vec::new(),
    };
    append(&workspace, Event::Withdraw, vec![withdrawn], None);
    let status = status(&workspace);
    let handbook = of(&status, "handbook");
    assert_eq!(handbook.version.as_deref(), Some("1.0"));
    assert_eq!(handbook.awaits, Some(("1.1".into(), vec!["head".into()])));
    assert!(handbook.is_due(TODAY.parse().unwrap()) && !handbook.is_due("2026-11-19".parse().unwrap()));
    assert_eq!(ids(&status, State::Withdrawn), ["notice"]);
}

#[test]
fn files_that_were_edited_that_are_gone_and_that_are_left_behind_are_told() {
    let workspace = Workspace::specimen();
    workspace.render_with(common::request());
    let draft = |part: &str| {
        let all = files(&workspace);
        let name = all.keys().find(|name| name.starts_with("out/draft/") && name.contains(part));
        name.unwrap().clone()
    };
    let edited = draft("andbook of pens.docx");
    workspace.write(&edited, "another text");
    let gone = draft("andbook of pens.pdf");
    workspace.remove(&gone);
    let now = status(&workspace);
    let handbook = of(&now, "handbook");
    assert_eq!(handbook.edited, [workspace.file(&edited)]);
    assert_eq!(handbook.missing, [workspace.file(&gone)]);
    // A document that is called otherwise leaves its old file; one that is not made, all of its files.
    let settings = workspace.read("folio.yaml") + "documents:\n  skip: {notice: nobody needs it}\n";
    workspace.write("folio.yaml", settings);
    let now = status(&workspace);
    assert!(
        now.left_behind.iter().any(|left| left.path.ends_with(draft(".docx").as_str())) || !now.left_behind.is_empty()
    );
    let (_, said, _) = run(&["render", "--dry-run", "."], workspace.path());
    assert!(said.contains("left behind"), "{said}");
    // An issued file that somebody changed.
    let workspace = Workspace::specimen();
    let given = GivenOut { name: "H-1.docx".into(), sha256: digest::of_file(b"as issued") };
    issue(&workspace, &["handbook"], "1.0", |issued| {
        issued.files.insert("docx".into(), given.clone());
    });
    workspace.write("out/issued/H-1.docx", "as issued");
    assert!(of(&status(&workspace), "handbook").edited.is_empty());
    workspace.write("out/issued/H-1.docx", "changed");
    assert_eq!(of(&status(&workspace), "handbook").edited, [workspace.file("out/issued/H-1.docx")]);
}

#[test]
fn nothing_is_written_but_what_is_kept_for_the_next_time_and_that_is_not_trusted() {
    let workspace = Workspace::specimen();
    workspace.render_with(common::request());
    let before = files(&workspace);
    let (code, first, said) = run(&["status", ".", "--date", TODAY], workspace.path());
    assert_eq!((code, said.as_str()), (Some(0), ""), "{first}");
    let mut after = files(&workspace);
    assert!(after.remove(CACHE).is_some());
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    assert_eq!(after, before);
    // It is shown again until something changes: then, and when somebody edited it, it is made anew.
    assert!(Status::kept(&session(), workspace.path()).is_ok());
    let kept = workspace.read(CACHE);
    workspace.write(CACHE, kept.replace("The handbook of pens", "The handbook of ink"));
    assert_eq!(of(&status(&workspace), "handbook").title, "The handbook of pens");
    workspace.write(CACHE, "{\"format\": 1, \"key\": \"x\", \"status\": 7}");
    assert_eq!(of(&status(&workspace), "handbook").title, "The handbook of pens");
    workspace.write(CACHE, kept);
    workspace.edit("profile.yaml", "limits: {hours: 4}", "limits: {hours: 5}");
    assert!(Status::kept(&session(), workspace.path()).is_err());
    assert_eq!(ids(&status(&workspace), State::Changed).len(), 1);
}

#[test]
fn an_answer_that_somebody_edited_is_made_anew() {
    let workspace = Workspace::specimen();
    workspace.folio("none", &["render"]);
    let (said, _) = workspace.folio("none", &["status"]);
    let kept = workspace.read(CACHE);
    assert!(kept.contains("\"unchanged\""), "{kept}");
    for made_up in
        [kept.replace("\"unchanged\"", "\"withdrawn\""), kept.replace("Notice", "Ghost"), "\n".into(), "".into()]
    {
        workspace.write(CACHE, made_up);
        assert_eq!(workspace.folio("none", &["status"]).0, said);
        assert!(workspace.read(CACHE) == kept);
    }
}

#[test]
fn what_is_kept_can_be_kept_again() {
    let workspace = Workspace::specimen();
    let asked = Status::kept(&session(), workspace.path()).unwrap_err();
    let made = status(&workspace);
    let mut held = Held::take(workspace.path(), Default::default()).unwrap();
    made.keep(&asked, &session(), workspace.path(), &mut held).unwrap();
    drop(held);
    assert_eq!(Status::kept(&session(), workspace.path()).unwrap(), made);
    assert_eq!(status(&workspace), made);
}

#[test]
fn a_check_that_nobody_asks_for_here_keeps_no_answer_back() {
    let workspace = Workspace::specimen();
    workspace.edit("pack/rules/pens.yaml", "assert: '!has(it.stock) || it.stock > 0'", "assert: '!has(it.stock) ||'");
    let (_, said) = workspace.render_with(common::request());
    assert!(said.contains("pens.yaml"), "{said}");
    assert!(!status(&workspace).documents.is_empty());
}

#[test]
fn what_was_found_while_somebody_saved_a_file_is_not_kept() {
    let workspace = Workspace::specimen();
    let asked = Status::kept(&session(), workspace.path()).unwrap_err();
    let made = status(&workspace);
    workspace.edit("profile.yaml", "limits: {hours: 4}", "limits: {hours: 5}");
    let mut held = Held::take(workspace.path(), Default::default()).unwrap();
    made.keep(&asked, &session(), workspace.path(), &mut held).unwrap();
    drop(held);
    assert!(!files(&workspace).contains_key(CACHE));
}

#[test]
fn facts_that_no_document_and_no_version_was_made_from_go() {
    let workspace = Workspace::specimen();
    let facts =
        || -> Vec<String> { files(&workspace).into_keys().filter(|name| name.starts_with(history::FACTS)).collect() };
    workspace.render_with(common::request());
    let first = facts();
    assert_eq!(first.len(), 1);
    issue(&workspace, &[], "1.0", |_| {});
    assert_eq!(facts(), first, "an issue of the same facts keeps the same file");
    workspace.edit("profile.yaml", "limits: {hours: 4}", "limits: {hours: 6}");
    workspace.render_with(common::request());
    assert_eq!(facts().len(), 2, "what the history names stays");
    workspace.edit("profile.yaml", "limits: {hours: 6}", "limits: {hours: 7}");
    workspace.render_with(common::request());
    assert_eq!(facts().len(), 2);
    assert!(first.iter().all(|name| facts().contains(name)));
}

#[test]
fn a_person_s_new_name_changes_the_documents_that_print_it_and_no_other() {
    let workspace = example("northwind");
    issue(&workspace, &[], "1.0", |_| {});
    // The list of documents tells of what was issued before it.
    issue(&workspace, &["list-of-documented-information"], "1.1", |_| {});
    for (old, new) in [("name: Megan Shaw", "name: Megan Short"), ("name: Chidi Eze", "name: Chinua Eze")] {
        let name = old.trim_start_matches("name: ");
        let (documents, _) = documents(&workspace);
        let prints = |document: &&Document| {
            let mut found = false;
            let bare = content::of(document);
            folio::model::texts(&bare, &mut |text| found |= text.text.contains(name));
            found
        };
        let printed: Vec<&str> = documents.iter().filter(prints).map(|document| document.control.id.as_str()).collect();
        assert!(!printed.is_empty() && printed.len() < 6, "{printed:?}");
        workspace.edit("profile.yaml", old, new);
        let now = status(&workspace);
        assert_eq!(ids(&now, State::Changed), printed);
        assert_eq!(now.causes.len(), 1);
        assert!(now.documents.iter().all(|standing| standing.unexplained() == 0));
        workspace.edit("profile.yaml", new, old);
    }
}

#[test]
fn a_supplier_that_is_dropped_is_the_cause_of_what_goes_and_is_found_where_it_still_stands() {
    let workspace = example("northwind");
    issue(&workspace, &[], "1.0", |_| {});
    let without = |file: &str, starts: &dyn Fn(&str) -> bool| {
        let text = workspace.read(file);
        let lines: String = text.lines().filter(|line| !starts(line)).map(|line| format!("{line}\n")).collect();
        workspace.write(file, lines);
    };
    without("registers/suppliers.csv", &|line| line.starts_with("tracepoint,"));
    without("registers/supplier_agreements.csv", &|line| line.contains(",tracepoint,"));
    let assets = workspace.read("registers/assets.csv").replace(",tracepoint,", ",,");
    workspace.write("registers/assets.csv", assets);
    let now = status(&workspace);
    let changed = ids(&now, State::Changed);
    assert!(changed.contains(&"supplier-security-policy") && changed.len() < 8, "{changed:?}");
    let supplier = "suppliers: “Tracepoint Inc.” is gone";
    let causes: Vec<String> = now.causes.iter().map(|shared| shared.cause.to_string()).collect();
    assert!(causes.iter().any(|cause| cause == supplier), "{causes:?}");
    assert!(now.documents.iter().all(|standing| standing.unexplained() == 0), "{causes:?}");
    let found: Vec<(String, String)> =
        now.leftovers.iter().map(|left| (left.word.clone(), left.at.to_string())).collect();
    assert!(found.contains(&("Tracepoint".into(), "registers/risks.csv:15:320".into())), "{found:?}");
    assert!(now.leftovers.iter().any(|left| left.path == "assets[AS-33].name"));
    let (code, said, _) = run(&["status", ".", "--date", TODAY], workspace.path());
    assert_eq!(code, Some(0));
    assert!(
        said.starts_with("Suppliers: “Tracepoint Inc.” is gone  registers/suppliers.csv `suppliers[tracepoint]`"),
        "{said}"
    );
    assert!(said.contains("gone from the profile, and still named:"), "{said}");
}

#[test]
fn what_issue_refuses_for_is_told_before_though_no_document_says_so() {
    let workspace = example("northwind");
    issue(&workspace, &[], "1.0", |_| {});
    let rows = workspace.read("registers/suppliers.csv");
    let rows = rows.lines().map(|line| match line.split_once(',') {
        Some(("id", _)) => format!("{line},until\n"),
        Some(("keystile", _)) => format!("{line},2026-10-15\n"),
        _ => format!("{line},\n"),
    });
    workspace.write("registers/suppliers.csv", rows.collect::<String>());
    let needed = |status: &Status| -> Vec<String> {
        status.decisions.iter().filter(|one| one.is_needed).map(|one| one.check.clone()).collect()
    };
    assert!(needed(&status(&workspace)).contains(&"former-supplier-open".to_owned()));
    let accepted = "accepted:\n  - {check: former-supplier-open, reason: It held nothing., by: managing-director}\n";
    workspace.write("profile.yaml", workspace.read("profile.yaml") + "\n" + accepted);
    assert!(!needed(&status(&workspace)).contains(&"former-supplier-open".to_owned()));
}

#[test]
fn a_place_whose_words_do_not_tell_why_is_explained_by_what_it_would_say_without_the_change() {
    let workspace = example("northwind");
    issue(&workspace, &[], "1.0", |_| {});
    workspace.edit("profile.yaml", "accept_up_to: low", "accept_up_to: medium");
    workspace.edit("profile.yaml", "    headcount: 41", "    headcount: 44");
    let now = status(&workspace);
    let limit = "risk criteria, accepted without decision up to level: “Low” is now “Medium”";
    let plan = of(&now, "risk-treatment-plan");
    assert_eq!(causes(&plan.changes).into_iter().collect::<Vec<_>>(), [limit]);
    assert_eq!(now.documents.iter().map(Standing::unexplained).sum::<usize>(), 0);
    let scope = causes(&of(&now, "isms-scope").changes);
    assert_eq!(scope.into_iter().collect::<Vec<_>>(), ["sites, Leeds office, people there: “41” is now “44”"]);
}

#[test]
fn a_place_is_explained_so_among_many_parts_of_the_facts_too() {
    let workspace = example("northwind");
    issue(&workspace, &[], "1.0", |_| {});
    workspace.edit("profile.yaml", "accept_up_to: low", "accept_up_to: medium");
    let others = [
        ("  employees: 60\n", "  employees: 61\n"),
        ("    headcount: 41", "    headcount: 44"),
        ("  leaver: 4 h\n", "  leaver: 6 h\n"),
        ("    device: private telephones\n", "    device: private phones\n"),
        ("  leaving: 30 days\n", "  leaving: 20 days\n"),
        ("    title: Second country for copies of client data\n", "    title: Second country for copies\n"),
        (
            "    title: secrecy of the data protection officer\n",
            "    title: secrecy of the officer for data protection\n",
        ),
        ("    name: break-glass account of Stratiform Cloud\n", "    name: break-glass account of the cloud\n"),
        ("Nobody signs in with a secret that can be phished.\n", "Nobody signs in with a password.\n"),
    ];
    for (old, new) in others {
        workspace.edit("profile.yaml", old, new);
    }
    let now = status(&workspace);
    let limit = "risk criteria, accepted without decision up to level: “Low” is now “Medium”";
    let plan = causes(&of(&now, "risk-treatment-plan").changes);
    assert!(plan.contains(limit), "{plan:?}");
    assert_eq!(now.documents.iter().map(Standing::unexplained).sum::<usize>(), 0);
}

/// The specimen whose notice says one of two things, by a rule; three parts of its facts changed since it was issued.
fn supposed(rule: &str) -> Workspace {
    let workspace = Workspace::specimen();
    let rules = workspace.read("pack/rules/pens.yaml");
    let rule = format!("derive:\n  - id: lateness\n    value: '{rule} ? [1] : []'\n");
    workspace.write("pack/rules/pens.yaml", rules.replacen("derive:\n", &rule, 1));
    let text = "The count of the pens is {{#each derived.lateness}}late{{else}}in time{{/each}}.";
    workspace
        .write("pack/documents/notice.md.hbs", workspace.read("pack/documents/notice.md.hbs") + "\n\n" + text + "\n");
    issue(&workspace, &[], "1.0", |_| {});
    workspace
}

#[test]
fn parts_of_the_facts_that_change_a_place_only_together_are_all_named_and_no_other() {
    let meaning = "classification.exists(c, c.meaning == \"All.\")";
    for rule in [format!("limits.hours > 4 || {meaning}"), format!("limits.hours > 4 && {meaning}")] {
        let workspace = supposed(&rule);
        workspace.edit("profile.yaml", "limits: {hours: 4}", "limits: {hours: 5, minutes: 120}");
        workspace.edit("profile.yaml", "meaning: Anybody may read it.", "meaning: All.");
        let now = status(&workspace);
        let notice = of(&now, "notice").changes.iter().find(|change| change.after.contains("is late")).unwrap();
        let said: Vec<String> = notice.causes.iter().map(Cause::to_string).collect();
        let both = [
            "classification levels, Public, meaning: “Anybody may read it.” is now “All.”",
            "limits, hours: “4” is now “5”",
        ];
        assert_eq!(said, both, "{rule}");
    }
}

#[test]
fn documents_are_made_once_where_one_part_of_the_facts_alone_differs() {
    let workspace = supposed("pens.exists(p, has(p.stock) && p.stock > 900)");
    workspace.edit("registers/pens.csv", "clerk,12,true,soft; light", "clerk,901,true,soft");
    let session = session();
    let mut sink = Sink::new();
    let now = Status::made(&session, workspace.path(), &mut sink).unwrap();
    let notice = of(&now, "notice").changes.iter().find(|change| change.after.contains("is late")).unwrap();
    assert!(notice.causes.len() == 2 && !notice.causes.contains(&Cause::Unknown), "{:?}", notice.causes);
    assert_eq!(session.timings.count(Stage::Expand), 1);
}

#[test]
fn another_order_of_rows_is_one_cause_and_so_is_another_key_of_a_row() {
    let workspace = Workspace::specimen();
    workspace.render();
    let pens = workspace.read("registers/pens.csv");
    let mut lines: Vec<&str> = pens.lines().collect();
    lines[1..].reverse();
    workspace.write("registers/pens.csv", lines.join("\n") + "\n");
    let now = status(&workspace);
    assert!(!of(&now, "handbook").changes.is_empty());
    let orders =
        |cause: &Cause| matches!(cause, Cause::Fact { path, before: Some(_), after: Some(_), .. } if path == "pens");
    assert!(now.documents.iter().flat_map(|it| &it.changes).flat_map(|it| &it.causes).all(orders), "{:#?}", now.causes);
    workspace.write("registers/pens.csv", pens.replace("P-3,", "P-9,"));
    let now = status(&workspace);
    let said: Vec<String> = now.causes.iter().map(|shared| shared.cause.to_string()).collect();
    assert_eq!(said, ["pens, Crow | black, key: “P-3” is now “P-9”"]);
}

#[test]
fn a_proposed_figure_that_is_confirmed_as_it_stands_is_told_so() {
    let workspace = Workspace::specimen();
    workspace.edit("profile.yaml", "limits: {hours: 4}", "limits: {}");
    workspace.render();
    workspace.edit("profile.yaml", "limits: {}", "limits: {hours: 2}");
    let now = status(&workspace);
    let handbook = &of(&now, "handbook").changes;
    assert_eq!(causes(handbook).into_iter().collect::<Vec<_>>(), ["limits, hours: “2 hours” is confirmed"]);
    assert!(handbook.iter().all(|change| change.manner == Manner::Form));
}

/// The specimen whose notice says whether a day was reached, by a rule; its pack was released since, in other documents.
fn released() -> Workspace {
    let workspace = Workspace::specimen();
    let rules = workspace.read("pack/rules/pens.yaml");
    let rule = "derive:\n  - id: lateness\n    value: 'as_of >= \"2026-06-01\" ? [1] : []'\n";
    workspace.write("pack/rules/pens.yaml", rules.replacen("derive:\n", rule, 1));
    let template = workspace.read("pack/documents/notice.md.hbs").replace(" {{as_of}} is {{date as_of}}.", "");
    let late = "The count of the pens by the chief clerk {{#each derived.lateness}}is late{{else}}has time{{/each}}.\n\nNobody lends a pen.\n";
    workspace.write("pack/documents/notice.md.hbs", format!("{template}\n{late}"));
    issue(&workspace, &[], "1.0", |_| {});
    workspace.edit("pack/pack.yaml", "version: ", "title_of_release: x\nversion: ");
    workspace.edit("pack/pack.yaml", "title_of_release: x\n", "# Released again.\n");
    workspace
}

#[test]
fn a_release_is_no_cause_of_what_only_fell_due() {
    let workspace = released();
    workspace.edit("folio.yaml", "as_of: 2026-03-01", "as_of: 2026-07-01");
    let now = status(&workspace);
    let notice = of(&now, "notice");
    assert_eq!(notice.state, State::Changed, "{:#?}", notice.changes);
    let said: Vec<String> = causes(&notice.changes).into_iter().collect();
    assert_eq!(said, ["the date of the facts moved from 2026-03-01 to 2026-07-01"]);
}

#[test]
fn a_release_is_a_cause_where_it_changed_words_and_only_there() {
    let workspace = released();
    workspace.edit("folio.yaml", "as_of: 2026-03-01", "as_of: 2026-07-01");
    workspace.edit("pack/documents/notice.md.hbs", "Nobody lends a pen.", "Nobody gives a pen away.");
    workspace.edit("pack/documents/notice.md.hbs", "The count", "The yearly count");
    let now = status(&workspace);
    let of_words = |words: &str| -> Vec<String> {
        let mut changes = of(&now, "notice").changes.iter();
        let change = changes.find(|change| change.after.contains(words)).unwrap();
        change.causes.iter().map(|cause| cause.to_string().split(" (").next().unwrap().to_owned()).collect()
    };
    assert_eq!(of_words("gives"), ["the pack's text changed"]);
    let both = ["the pack's text changed", "the date of the facts moved from 2026-03-01 to 2026-07-01"];
    assert_eq!(of_words("yearly count"), both);
}
