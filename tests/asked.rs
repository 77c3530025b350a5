//! Decisions that a change since the last issue asks for: checks of the pack that compare.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use folio::diagnostic::Sink;
use folio::files::{Changed, Disk, Files};
use folio::history::{self, Facts};
use folio::model::{Document, Node, content, plain, walk};
use folio::pack::Pack;
use folio::pack::source::{Bases as _, Shelf};
use folio::plan::Plan;
use folio::session::Session;
use folio::{digest, workspace::Workspace};

/// An organisation with some texts of its files replaced, and with what it was made from before.
struct Northwind {
    root: PathBuf,
    session: Session,
    pack: Arc<Pack>,
    files: BTreeMap<String, Option<Vec<u8>>>,
}

fn disk() -> Disk {
    Disk::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/northwind"), "")
}

/// A client of another kind, issued as it is.
fn client(name: &str) -> Northwind {
    Northwind::of(&format!("tests/workspaces/clients/{name}"), "iso27001-2022@^2")
}

impl Northwind {
    /// As it is, and issued so.
    fn issued() -> Northwind {
        Northwind::of("examples/northwind", "iso27001-2013@^2")
    }

    fn of(root: &str, pack: &str) -> Northwind {
        let shelf = Shelf::default();
        let mut sink = Sink::new();
        let pack = shelf.find(&pack.parse().unwrap()).unwrap();
        let pack = Arc::new(Pack::load(pack, &shelf, &mut sink).unwrap());
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
        let mut northwind =
            Northwind { root, session: Session::new(shelf, 2, "2026-11-28"), pack, files: BTreeMap::new() };
        northwind.issue();
        northwind
    }

    /// What is now is what was issued.
    fn issue(&mut self) {
        self.files.remove(history::FILE);
        let (workspace, _) = self.plan();
        let facts = Facts::new(workspace.settings.as_of.clone(), workspace.profile.facts()).to_bytes();
        let digest = digest::of_file(&facts);
        let line = format!(
            r#"{{"format":1,"number":1,"previous":"{}","event":"issue","day":"2026-11-02","documents":[],"facts":"{digest}"}}"#,
            history::NOTHING
        );
        self.files.insert(Facts::path(&digest), Some(facts));
        self.files.insert(history::FILE.into(), Some(format!("{line}\n").into_bytes()));
    }

    fn issued_again(mut self) -> Northwind {
        self.issue();
        self
    }

    fn edit(mut self, path: &str, from: &str, to: &str) -> Northwind {
        let now = self.files.get(path).cloned().flatten().unwrap_or_else(|| self.disk().read(path).unwrap());
        let text = String::from_utf8(now).unwrap();
        assert!(text.contains(from), "`{from}` is not in {path}");
        self.files.insert(path.into(), Some(text.replacen(from, to, 1).into_bytes()));
        self
    }

    /// A file without some of its lines.
    fn drop(mut self, path: &str, goes: impl Fn(&str) -> bool) -> Northwind {
        let now = self.files.get(path).cloned().flatten().unwrap_or_else(|| self.disk().read(path).unwrap());
        let text = String::from_utf8(now).unwrap();
        let kept: String = text.split_inclusive('\n').filter(|line| !goes(line)).collect();
        assert_ne!(kept, text, "{path} has no such line");
        self.files.insert(path.into(), Some(kept.into_bytes()));
        self
    }

    fn disk(&self) -> Disk {
        Disk::new(&self.root, "")
    }

    fn plan(&self) -> (Workspace, Plan) {
        let mut sink = Sink::new();
        let files: Arc<dyn Files> = Arc::new(Changed::new(Arc::new(self.disk()), self.files.clone()));
        let workspace = self.session.workspace_with(&self.root, files, self.pack.clone(), &mut sink);
        let said = |sink: &Sink| -> Vec<String> { sink.iter().map(|problem| problem.message.clone()).collect() };
        let workspace = workspace.unwrap_or_else(|| panic!("{:#?}", said(&sink)));
        let plan = self.session.plan(&workspace, &mut sink);
        assert!(!sink.has_faults(), "{:#?}", said(&sink));
        (workspace, plan)
    }

    fn documents(&self) -> BTreeMap<String, Document> {
        let (workspace, plan) = self.plan();
        let made = self.session.documents(&workspace, &plan, &mut Sink::new()).documents.unwrap();
        made.into_iter().map(|document| (document.control.id.clone(), document)).collect()
    }

    /// What the change asks for, a line each.
    fn asked(&self) -> String {
        let (_, plan) = self.plan();
        let asked = plan.findings.iter().filter(|finding| finding.on_change);
        let line = |finding: &folio::rules::Finding| {
            format!(
                "{} {}: {} [{}]\n",
                finding.severity,
                finding.check,
                finding.message,
                finding.path.as_deref().unwrap_or_default()
            )
        };
        asked.map(line).collect()
    }
}

#[test]
fn those_who_ask_for_changes_alone_are_told_the_same_on_one_thread_as_on_many() {
    let mut northwind = Northwind::issued().edit(
        "profile.yaml",
        "title: managing director\n    holder: e-hartley",
        "title: managing director\n    holder: r-menon",
    );
    let (workspace, all) = northwind.plan();
    let expected: Vec<_> = all.findings.into_iter().filter(|finding| finding.on_change).collect();
    assert!(!expected.is_empty());
    for jobs in [1, 4] {
        northwind.session.jobs = jobs;
        let plan = northwind.session.plan_unchecked(&workspace, &mut Sink::new());
        assert_eq!(plan.findings, expected, "{jobs}");
        assert_eq!(plan.scope.values.map(), all.scope.values.map(), "{jobs}");
    }
}

#[test]
fn nothing_is_asked_where_nothing_changed() {
    assert_eq!(Northwind::issued().asked(), "");
}

#[test]
fn a_new_holder_is_asked_to_accept_what_the_last_one_accepted() {
    let asked = Northwind::issued().edit(
        "profile.yaml",
        "title: managing director\n    holder: e-hartley",
        "title: managing director\n    holder: r-menon",
    );
    insta::assert_snapshot!(asked.asked(), @r#"
    error change-risk-acceptor: R-03 (Staff account taken over by phishing) was accepted by managing director, and another person holds that post since [risks[R-03].accepted]
    error change-risk-acceptor: R-05 (Known flaw in an open-source component used by an attacker) was accepted by managing director, and another person holds that post since [risks[R-05].accepted]
    error change-risk-acceptor: R-01 (Users of one client see the data of another) was accepted by managing director, and another person holds that post since [risks[R-01].accepted]
    error change-risk-acceptor: R-11 (Support consultant opens more client data than a ticket needs) was accepted by managing director, and another person holds that post since [risks[R-11].accepted]
    error change-risk-acceptor: R-14 (Supplier fails to protect data entrusted to it) was accepted by managing director, and another person holds that post since [risks[R-14].accepted]
    error change-risk-acceptor: R-04 (London region of Stratiform Cloud lost) was accepted by managing director, and another person holds that post since [risks[R-04].accepted]
    error change-risk-acceptor: R-22 (Cost of a major incident beyond the company's means) was accepted by managing director, and another person holds that post since [risks[R-22].accepted]
    error change-risk-acceptor: R-20 (The Union withdraws its adequacy decision for the United Kingdom) was accepted by managing director, and another person holds that post since [risks[R-20].accepted]
    "#);
}

#[test]
fn a_limit_that_moves_asks_about_each_risk_whose_class_moves() {
    let asked = Northwind::issued().edit(
        "profile.yaml",
        "  - id: medium\n      label: Medium\n      from: 5",
        "  - id: medium\n      label: Medium\n      from: 7",
    );
    insta::assert_snapshot!(asked.asked(), @r#"
    error change-risk-class: R-03 (Staff account taken over by phishing): Low after its treatment, Medium before; what remains may be kept as it is [risks[R-03].treatment]
    error change-risk-class: R-01 (Users of one client see the data of another): Low after its treatment, Medium before; what remains may be kept as it is [risks[R-01].treatment]
    error change-risk-class: R-11 (Support consultant opens more client data than a ticket needs): Low after its treatment, Medium before; what remains may be kept as it is [risks[R-11].treatment]
    error change-risk-class: R-14 (Supplier fails to protect data entrusted to it): Low after its treatment, Medium before; what remains may be kept as it is [risks[R-14].treatment]
    error change-risk-class: R-04 (London region of Stratiform Cloud lost): Low after its treatment, Medium before; what remains may be kept as it is [risks[R-04].treatment]
    error change-risk-class: R-22 (Cost of a major incident beyond the company's means): Low after its treatment, Medium before; what remains may be kept as it is [risks[R-22].treatment]
    error change-risk-class: R-09 (Others at home see or hear confidential matters): Low by the new criteria, Medium before; what remains may be kept as it is [risks[R-09].treatment]
    error change-risk-class: R-10 (Intruder in an office): Low by the new criteria, Medium before; what remains may be kept as it is [risks[R-10].treatment]
    "#);
}

#[test]
fn a_supplier_that_goes_leaves_duties() {
    let agreements = "registers/supplier_agreements.csv";
    let asked = Northwind::issued()
        .drop("registers/suppliers.csv", |line| line.starts_with("tracepoint,"))
        .drop(agreements, |line| line.contains(",tracepoint,"))
        .drop("registers/assets.csv", |line| line.starts_with("AS-33,"))
        .edit("registers/risks.csv", "AS-32; AS-33; AS-35", "AS-32; AS-35")
        .edit("profile.yaml", "AS-24, AS-33, AS-34", "AS-24, AS-34")
        .edit("profile.yaml", "      - {system: AS-33, rights: reads crash reports}\n", "")
        .edit("profile.yaml", "AS-24, AS-33]", "AS-24]");
    insta::assert_snapshot!(asked.asked(), @r#"
    warning change-risk-asset: R-14 (Supplier fails to protect data entrusted to it) was rated with Crash reporting by Tracepoint, which changed or went [risks[R-14].assets]
    error change-supplier-gone: Tracepoint Inc. left the register of suppliers, and what it had is not accounted for (personal data among it) [suppliers]
    "#);
}

#[test]
fn a_former_supplier_is_asked_for_what_it_had_until_that_is_recorded() {
    let gone = |more: &[&str]| {
        let path = "registers/suppliers.csv";
        let text = String::from_utf8(disk().read(path).unwrap()).unwrap();
        let columns = ["until", "data_returned", "data_deleted", "access_ended"];
        let cells: Vec<&str> = std::iter::once("2026-10-15").chain(more.iter().copied()).collect();
        let rows = text.lines().map(|line| match line.split_once(',') {
            Some(("id", _)) => format!("{line},{}\n", columns[..cells.len()].join(",")),
            Some(("keystile", _)) => format!("{line},{}\n", cells.join(",")),
            _ => format!("{line}{}\n", ",".repeat(cells.len())),
        });
        let mut northwind = Northwind::issued();
        northwind.files.insert(path.into(), Some(rows.collect::<String>().into_bytes()));
        let (_, plan) = northwind.plan();
        let is_asked = |check: &str| check == "former-supplier-open";
        let open = plan.findings.iter().filter(|finding| is_asked(&finding.check) && finding.on_change);
        let open: Vec<String> = open.map(|finding| format!("{}: {}", finding.severity, finding.message)).collect();
        assert!(!northwind.asked().contains("change-supplier-gone"), "its row is kept");
        open.join("\n")
    };
    assert_eq!(
        gone(&[]),
        "error: Keystile Identity Ltd is no supplier since 15 October 2026, and it is not recorded what became of our data \
         (personal data among it)"
    );
    assert_eq!(gone(&["none", "2026-10-14"]), "");
}

#[test]
fn a_new_site_and_a_new_law_ask_for_what_follows() {
    let asked = Northwind::issued().edit(
        "profile.yaml",
        "workforce:\n  employees: 60",
        "  - id: Lyon\n    name: Lyon office\n    kind: office\n    address: 1 quai Perrache, 69002 Lyon\n    country: FR\n    headcount: 4\n    in_scope: true\n\nworkforce:\n  employees: 60",
    );
    insta::assert_snapshot!(asked.asked(), @r#"
    warning change-site-unaudited: Lyon office is new in the scope, and no audit still to come names it [sites[Lyon]]
    warning change-country-authority: France is new, and no authority for breaches of personal data is recorded there; its authority is Commission nationale de l'informatique et des libertés (CNIL) [privacy.authorities]
    "#);
}

#[test]
fn a_country_is_asked_for_its_authority_whatever_the_pack_knows_of_it() {
    let asked = client("vela-pay")
        .edit("profile.yaml", "      kind: agency\n", "      kind: agency\n      countries: [LT, PL, AQ, BR]\n")
        .edit("profile.yaml", "  authorities:\n", "  authorities:\n    - {id: anpd, name: ANPD, country: Brasilien}\n");
    insta::assert_snapshot!(asked.asked(), @r#"
    warning change-country-authority: Poland is new, and no authority for breaches of personal data is recorded there [privacy.authorities]
    warning change-country-authority: Antarctica is new, and no authority for breaches of personal data is recorded there [privacy.authorities]
    "#);
    // Who handles no data about people tells no authority.
    let none = client("vela-pay").edit("profile.yaml", "personal_data: true", "personal_data: false").edit(
        "profile.yaml",
        "      kind: agency\n",
        "      kind: agency\n      countries: [PL]\n",
    );
    assert_eq!(none.asked(), "");
}

#[test]
fn what_ends_on_a_day_asks_as_what_left_the_register() {
    let asked = hollin()
        .edit(
            "profile.yaml",
            "country: GB, activities: storage}",
            "country: GB, activities: storage, until: 2026-06-30}",
        )
        .edit(
            "registers/assets.csv",
            "id,name,kind,description,owner,location,supplier,supported_until",
            "id,name,kind,description,owner,location,supplier,until",
        )
        .edit("registers/assets.csv", ",,server room,,\n", ",,server room,,2026-06-30\n");
    insta::assert_snapshot!(asked.asked(), @r#"
    warning change-risk-asset: R-1 (Ransomware stops ERP) was rated with Castmaster, which changed or went [risks[R-1].assets]
    warning change-risk-asset: R-5 (Spectrometer PC fails) was rated with spectrometer PC, which changed or went [risks[R-5].assets]
    warning change-asset-left: erp-server (server of Castmaster) is no device in use any more, and it is not recorded what became of what it held [assets]
    warning change-plan-partner: the plan of B-1 leant on Castmaster, in use no more [continuity.processes[B-1]]
    "#);
}

#[test]
fn another_way_to_score_asks_about_each_risk_that_moves() {
    let asked = hollin().edit("profile.yaml", "  method: sum\n", "  method: product\n");
    insta::assert_snapshot!(asked.asked(), @r#"
    error change-risk-class: R-3 (Customer drawings are carried away on USB): Red by the new criteria, Yellow before; what remains lies above what may be kept without a decision, and the board must decide [risks[R-3].treatment]
    error change-risk-class: R-7 (Steve Marsh falls ill): Red by the new criteria, Yellow before; what remains lies above what may be kept without a decision, and the board must decide [risks[R-7].treatment]
    error change-risk-class: R-8 (Tape is not readable): Red by the new criteria, Yellow before; what remains lies above what may be kept without a decision, and the board must decide [risks[R-8].treatment]
    "#);
    let later = hollin().edit(
        "profile.yaml",
        "  accept_up_to: green\n",
        "  accept_up_to: green\n  changes: [{from: 2026-01-01, accept_up_to: yellow}]\n",
    );
    let later = later.asked();
    assert!(
        !later.is_empty()
            && later.lines().all(|line| line.contains(
                "Yellow today as before, with another limit of what may be kept; today it lies within it; what remains may be kept as it is"
            )),
        "{later}"
    );
}

#[test]
fn a_control_that_an_open_action_works_on_since_is_asked_about() {
    let controls = |state: &str| {
        let asked = hollin()
            .edit("registers/controls.csv", "A.6.2.2,true,,,", &format!("A.6.2.2,true,,{state},"))
            .edit("registers/treatment_actions.csv", "id,risk,action,", "id,controls,risk,action,");
        let text = String::from_utf8(asked.files["registers/treatment_actions.csv"].clone().unwrap()).unwrap();
        let rows: String = text
            .lines()
            .map(|line| match line.split_once(',') {
                Some(("T-4", rest)) => format!("T-4,A.6.2.2,{rest}\n"),
                Some(("id", _)) => format!("{line}\n"),
                Some((id, rest)) => format!("{id},,{rest}\n"),
                None => String::new(),
            })
            .collect();
        let mut asked = asked;
        asked.files.insert("registers/treatment_actions.csv".into(), Some(rows.into_bytes()));
        asked.asked()
    };
    insta::assert_snapshot!(controls("implemented"), @"warning change-control-of-action: T-4 is open and now works on A.6.2.2, recorded as implemented [treatment_actions[T-4].controls]");
    assert_eq!(controls("partial"), "");
}

#[test]
fn evidence_that_is_in_use_no_more_is_asked_about() {
    let asked = hollin()
        .edit("registers/controls.csv", "Sales (6) work from home", "Seen in the warehouse at Coseley")
        .issued_again()
        .edit(
            "profile.yaml",
            "country: GB, activities: storage}",
            "country: GB, activities: storage, until: 2026-06-30}",
        );
    insta::assert_snapshot!(asked.asked(), @"warning change-control-evidence: A.6.2.2 rests on warehouse at Coseley, in use no more [controls[A.6.2.2].evidence]");
}

#[test]
fn a_requirement_and_a_risk_that_go_are_asked_about_where_they_are_a_reason() {
    let controls = "registers/controls.csv";
    let asked = hollin()
        .edit(controls, "A.9.4.5,false,Development does not apply.", "A.9.4.5,true,Asked for by L-3 and not by L-33.")
        .edit(controls, "A.14.2.1,false,Development does not apply.", "A.14.2.1,true,Against R-8.")
        .issued_again()
        .drop("registers/legal_requirements.csv", |line| line.starts_with("L-3,"))
        .drop("registers/risks.csv", |line| line.starts_with("R-8,"));
    insta::assert_snapshot!(asked.asked(), @r#"
    warning change-requirement-gone: L-3 (Export control) left the register, and A.9.4.5 still give it as their reason [controls]
    warning change-risk-of-control-gone: R-8 (Tape is not readable) left the register, and A.14.2.1 still give it as their reason [controls]
    "#);
}

#[test]
fn a_site_that_comes_into_the_scope_is_asked_about_and_one_that_leaves_it_is_not() {
    let (inside, outside) = ("activities: storage}", "activities: storage, in_scope: false}");
    let comes = hollin().edit("profile.yaml", inside, outside).issued_again().edit("profile.yaml", outside, inside);
    insta::assert_snapshot!(comes.asked(), @"warning change-site-unaudited: warehouse at Coseley is new in the scope, and no audit still to come names it [sites[coseley]]");
    assert_eq!(hollin().edit("profile.yaml", inside, outside).asked(), "");
}

#[test]
fn an_auditor_who_holds_what_was_audited_by_a_holder_overwritten_since_is_asked_about() {
    let held = |days: &str| {
        let holder = "title: information security manager\n    holder: ";
        Northwind::issued().edit("profile.yaml", &format!("{holder}m-adeyemi"), &format!("{holder}{days}"))
    };
    let asked = held("h-marsh").asked();
    let line = asked.lines().find(|line| line.contains("change-auditor-free")).unwrap_or_default();
    insta::assert_snapshot!(line, @"error change-auditor-free: A-1 (First internal audit of the ISMS): whether its auditor was free is told by who holds the posts today, and of information security manager that says something else than before [roles]");
    // With the days of both it is known who held the post when.
    let asked = held("[{who: m-adeyemi, until: 2026-10-31}, {who: h-marsh, from: 2026-11-01}]").asked();
    assert!(!asked.contains("change-auditor-free"), "{asked}");
}

#[test]
fn a_post_by_another_name_asks_nothing() {
    let (old, new) = ("title: information security manager", "title: head of trust");
    assert_eq!(Northwind::issued().edit("profile.yaml", old, new).asked(), "");
}

#[test]
fn another_kind_of_organisation_is_told_and_a_recorded_one_stays() {
    let grow = |northwind: Northwind| northwind.edit("profile.yaml", "employees: 6\n", "employees: 26\n");
    let before = client("lumenkit").documents();
    let free = grow(client("lumenkit"));
    insta::assert_snapshot!(free.asked(), @r#"
    warning change-kind: by the facts, the organisation is of another kind now (an office; before: people who know one another); the documents on control of documents, audits and corrective action are worded for it [kinds.places]
    warning change-kind: by the facts, the organisation is of another kind now (an office; before: a few people run the systems); the documents on operations, engineering, suppliers, continuity, logs and threats are worded for it [kinds.systems]
    warning change-kind: by the facts, the organisation is of another kind now (an office; before: a dozen people at most); the documents on the information security policy and the finding of risks are worded for it [kinds.rules]
    "#);
    let kinds = "kinds: {places: few, people: builders, systems: few, access: builders, rules: few}\nworkforce:\n";
    let held = grow(client("lumenkit").edit("profile.yaml", "workforce:\n", kinds).issued_again());
    insta::assert_snapshot!(held.asked(), @r#"
    warning change-kind: by the facts, the organisation is of another kind now (an office; before: people who know one another); the documents on control of documents, audits and corrective action keep the words of before, as `kinds.places` says [kinds.places]
    warning change-kind: by the facts, the organisation is of another kind now (an office; before: a few people run the systems); the documents on operations, engineering, suppliers, continuity, logs and threats keep the words of before, as `kinds.systems` says [kinds.systems]
    warning change-kind: by the facts, the organisation is of another kind now (an office; before: a dozen people at most); the documents on the information security policy and the finding of risks keep the words of before, as `kinds.rules` says [kinds.rules]
    "#);
    let changed = |documents: &BTreeMap<String, Document>| {
        let differ = before.iter().filter(|(id, old)| content::digest(old) != content::digest(&documents[*id]));
        differ.map(|(id, _)| id.as_str()).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(changed(&free.documents()), @r#"
    acceptable-use-of-assets
    business-continuity-procedures
    corrective-action-procedure
    corrective-action-results
    document-and-record-control
    human-resource-security
    incident-management-procedure
    information-security-policy
    internal-audit-procedure
    internal-audit-programme
    internal-audit-results
    isms-scope
    logs-of-user-activities-exceptions-and-security-events
    mobile-devices-and-remote-work
    operating-procedures-for-it-management
    physical-security
    risk-assessment-and-treatment-methodology
    secure-development-policy
    secure-system-engineering-principles
    security-roles-and-responsibilities
    supplier-security-policy
    threat-intelligence-and-monitoring
    training-skills-experience-qualifications
    "#);
    insta::assert_snapshot!(changed(&held.documents()), @"isms-scope");
}

#[test]
fn an_action_of_a_risk_hides_nothing_that_the_risk_itself_says() {
    let treatment = |action: &str| {
        let wexcombe = Northwind::of("tests/workspaces/clients/wexcombe-library", "iso27001-2013@^2");
        let wexcombe = match action {
            "" => wexcombe,
            action => {
                let row = format!("treatment_actions:\n  - {{id: T-1, risk: R-1, action: \"{action}\"}}\nworkforce:\n");
                wexcombe.edit("profile.yaml", "workforce:\n", &row)
            }
        };
        let documents = wexcombe.documents();
        let plan = &documents["risk-treatment-plan"];
        let rows = walk(&plan.body).into_iter().filter_map(|block| match &block.node {
            Node::Table(table) => Some(&table.rows),
            _ => None,
        });
        let row = rows.flatten().find(|row| row.source.as_deref() == Some("risks[R-1]")).unwrap();
        plain(&row.cells[3]).replace('\n', " / ")
    };
    insta::assert_snapshot!(treatment(""), @"modify Tablets with log-in; the budget of GBP 4,200 is asked for and not granted yet £4,200 asked for, not granted yet open");
    insta::assert_snapshot!(treatment("Train the volunteers"), @"modify Tablets with log-in; the budget of GBP 4,200 is asked for and not granted yet T-1 £4,200 asked for, not granted yet open");
    insta::assert_snapshot!(
        treatment("Tablets with log-in; the budget of GBP 4,200 is asked for and not granted yet."),
        @"modify T-1 £4,200 asked for, not granted yet open"
    );
}

fn hollin() -> Northwind {
    Northwind::of("tests/workspaces/clients/hollin-foundry", "iso27001-2013@^2")
}
