//! Decisions that a change since the last issue asks for: checks of the pack that compare.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use folio::diagnostic::Sink;
use folio::files::{Changed, Disk, Files};
use folio::history::{self, Facts};
use folio::pack::Pack;
use folio::pack::source::{Bases as _, Shelf};
use folio::plan::Plan;
use folio::session::Session;
use folio::{digest, workspace::Workspace};

/// Northwind with some texts of its files replaced, and with what it was made from before.
struct Northwind {
    session: Session,
    pack: Arc<Pack>,
    files: BTreeMap<String, Option<Vec<u8>>>,
}

fn disk() -> Disk {
    Disk::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/northwind"), "")
}

impl Northwind {
    /// As it is, and issued so.
    fn issued() -> Northwind {
        let shelf = Shelf::default();
        let mut sink = Sink::new();
        let pack = shelf.find(&"iso27001-2013@^2".parse().unwrap()).unwrap();
        let pack = Arc::new(Pack::load(pack, &shelf, &mut sink).unwrap());
        let mut northwind = Northwind { session: Session::new(shelf, 2, "2026-11-28"), pack, files: BTreeMap::new() };
        let (workspace, _) = northwind.plan();
        let facts = Facts::new(workspace.settings.as_of.clone(), workspace.profile.facts()).to_bytes();
        let digest = digest::of_file(&facts);
        let line = format!(
            r#"{{"format":1,"number":1,"previous":"{}","event":"issue","day":"2026-11-02","documents":[],"facts":"{digest}"}}"#,
            history::NOTHING
        );
        northwind.files.insert(Facts::path(&digest), Some(facts));
        northwind.files.insert(history::FILE.into(), Some(format!("{line}\n").into_bytes()));
        northwind
    }

    fn edit(mut self, path: &str, from: &str, to: &str) -> Northwind {
        let now = self.files.get(path).cloned().flatten().unwrap_or_else(|| disk().read(path).unwrap());
        let text = String::from_utf8(now).unwrap();
        assert!(text.contains(from), "`{from}` is not in {path}");
        self.files.insert(path.into(), Some(text.replacen(from, to, 1).into_bytes()));
        self
    }

    /// A file without some of its lines.
    fn drop(mut self, path: &str, goes: impl Fn(&str) -> bool) -> Northwind {
        let text = String::from_utf8(disk().read(path).unwrap()).unwrap();
        let kept: String = text.split_inclusive('\n').filter(|line| !goes(line)).collect();
        assert_ne!(kept, text, "{path} has no such line");
        self.files.insert(path.into(), Some(kept.into_bytes()));
        self
    }

    fn plan(&self) -> (Workspace, Plan) {
        let mut sink = Sink::new();
        let files: Arc<dyn Files> = Arc::new(Changed::new(Arc::new(disk()), self.files.clone()));
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/northwind");
        let workspace = self.session.workspace_with(&root, files, self.pack.clone(), &mut sink);
        let said = |sink: &Sink| -> Vec<String> { sink.iter().map(|problem| problem.message.clone()).collect() };
        let workspace = workspace.unwrap_or_else(|| panic!("{:#?}", said(&sink)));
        let plan = self.session.plan(&workspace, &mut sink);
        assert!(!sink.has_faults(), "{:#?}", said(&sink));
        (workspace, plan)
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
        let open = plan.findings.iter().filter(|finding| finding.check == "former-supplier-open");
        let open: Vec<String> = open.map(|finding| format!("{}: {}", finding.severity, finding.message)).collect();
        assert!(!northwind.asked().contains("change-supplier-gone"), "its row is kept");
        open.join("\n")
    };
    assert_eq!(
        gone(&[]),
        "error: Keystile Identity Ltd is no supplier since 2026-10-15, and it is not recorded what became of our data \
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
