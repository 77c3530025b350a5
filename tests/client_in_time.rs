//! Facts with a time in the packs: what documents of an organisation say before, on and after the days of its facts.
#![allow(clippy::disallowed_methods, reason = "tests read files")]

mod common;

use common::client::{Client, Made};

const AGREEMENTS: &str = "registers/supplier_agreements.csv";

/// What a document may say anew only because a day passed.
const TOLD: [&str; 6] = ["late", "Late", "overdue", "date has passed", "Agreement on processing", "Owen Prosser"];

fn northwind() -> Client {
    Client::new("examples/northwind-2022", "iso27001-2022@^2")
}

/// Northwind, whose agreement on processing with Stratiform has days of its own: when it was signed, until when and from
/// when it holds.
fn agreed(days: &str) -> Client {
    // The column for reasons becomes that of the first day.
    northwind()
        .edit(AGREEMENTS, ",until,reason,", ",until,from,")
        .edit(AGREEMENTS, "Its lawyers compare it with their own terms.", "")
        .edit(AGREEMENTS, "It sees no personal data of ours.", "")
        .edit(
            AGREEMENTS,
            "stratiform,processing,,signed,2020-02-03,,,",
            &format!("stratiform,processing,,signed,{days},"),
        )
}

#[test]
fn an_agreement_counts_from_its_first_to_its_last_day() {
    let lines = |days: &str| {
        let made = agreed(days).made();
        let policy = made.of("supplier-security-policy");
        let found = policy.lines().filter(|line| line.contains("rocessing") && line.contains("Stratiform"));
        let cell = policy.lines().find(|line| line.contains("Agreement on processing:")).unwrap_or_default();
        let check = made.findings.lines().filter(|line| line.contains("Stratiform") && line.contains("rocessing"));
        format!("{cell}\n{}\n{}", found.collect::<Vec<_>>().join("\n"), check.collect::<Vec<_>>().join("\n"))
    };
    insta::assert_snapshot!(lines("2026-06-01,,2026-12-01"), @r#"
    Service levels: signed 3 February 2020 Agreement on processing: signed 1 June 2026, from 1 December 2026; deed store in Tessera Workspace Contract: signed 3 February 2020 compared, nothing lacks
    Stratiform Cloud Ltd: Agreement on processing will hold from 1 December 2026. What this supplier handles calls for one that holds before that.
    warning supplier-agreement-not-in-force: Stratiform Cloud Ltd: Agreement on processing holds only from 1 December 2026, and what this supplier handles calls for one that holds now
    "#);
    insta::assert_snapshot!(lines("2020-02-03,2026-10-31,"), @r#"
    Service levels: signed 3 February 2020 Agreement on processing: signed 3 February 2020, until 31 October 2026 ran out; deed store in Tessera Workspace Contract: signed 3 February 2020 compared, nothing lacks
    Stratiform Cloud Ltd: Agreement on processing held until 31 October 2026. What this supplier handles calls for one that holds now.
    warning supplier-agreement-not-in-force: Stratiform Cloud Ltd: Agreement on processing held until 31 October 2026, and what this supplier handles calls for one that holds now
    "#);
    insta::assert_snapshot!(lines("2026-06-01,2027-12,2026-10-01"), @"Agreement on processing: signed 1 June 2026, until December 2027; deed store in Tessera Workspace Service levels: signed 3 February 2020 Contract: signed 3 February 2020 compared, nothing lacks");
    insta::assert_snapshot!(lines("2026-12-10,,"), @r#"
    Agreement on processing: pending; deed store in Tessera Workspace Service levels: signed 3 February 2020 Contract: signed 3 February 2020 compared, nothing lacks
    Stratiform Cloud Ltd: Agreement on processing, pending, awaited by 10 December 2026
    "#);
}

#[test]
fn who_left_holds_nothing_and_who_comes_is_announced() {
    let person = |client: Client, id: &str, day: &str| {
        let row = format!("  - id: {id}\n");
        client.edit("profile.yaml", &row, &format!("{row}    {day}\n"))
    };
    let client = person(northwind(), "l-haddad", "until: 2026-09-30");
    let client = person(client, "h-whitlock", "until: 2027-03");
    let client = person(client, "n-clarke", "from: 2026-12-01");
    let made = client.made();
    insta::assert_snapshot!(made.since(&northwind().made()), @r#"
    business-continuity-procedures
      - The operations director, or the deputy, must begin this plan when work of  will probably stand longer than it may. In doubt it begins; ending it early costs little.
      + The operations director must begin this plan when work of  will probably stand longer than it may. In doubt it begins; ending it early costs little.
    incident-management-procedure
      - Leila Haddad, 0113 496 0111
      - Leila Haddad, 0113 496 0111
      + —
      + not recorded
      + Until March 2027: Hannah Whitlock; this contact will then be called no longer.
    security-roles-and-responsibilities
      - Naomi Clarke
      - Leila Haddad
      - Leila Haddad Security engineer
      - Naomi Clarke
      + not recorded
      + not recorded
      + From 1 December 2026: Naomi Clarke will be the deputy of the operations director.
      + From 1 December 2026: Naomi Clarke will be head of finance.
      + Until March 2027: Hannah Whitlock, head of engineering, deputy of the chief technology officer and quality lead. Who follows must be named here before then.
    training-skills-experience-qualifications
      - Incident manager Leila Haddad
      - Incident response course of five days (certificate), since 10 October 2025; proof: Personnel file
      + No proof on record for the holder of: incident manager
      + Incident manager not recorded
      + no proof on record
    "#);
    assert!(made.problems.contains("`incident-manager` has `l-haddad` at `holder`, whose last day was 2026-09-30"));
}

#[test]
fn a_moved_date_of_the_facts_changes_what_fell_due_began_or_ended_and_only_that() {
    let client = agreed("2026-06-01,,2026-12-01").edit(
        "profile.yaml",
        "    deputy: n-clarke\n",
        "    deputy: [{who: n-clarke, until: 2026-12-15}, {who: o-prosser, from: 2026-12-16}]\n",
    );
    let [first, second, third] = ["2026-11-02", "2026-12-02", "2026-12-16"].map(|day| client.clone().on(day).made());
    let moved = |now: &Made, before: &Made| {
        let ids = now.changed(before).join(" ");
        let told = ["supplier-security-policy", "security-roles-and-responsibilities"];
        let lines: String = told.iter().map(|id| now.lines_since(before, id)).collect();
        format!("{ids}\n{lines}")
    };
    insta::assert_snapshot!(moved(&second, &first), @r#"
    corrective-action-results logs-of-user-activities-exceptions-and-security-events management-review-results monitoring-and-measurement-results risk-treatment-plan statement-of-applicability supplier-security-policy threat-intelligence-and-monitoring
      - Stratiform Cloud Ltd: Agreement on processing will hold from 1 December 2026. What this supplier handles calls for one that holds before that.
      - Service levels: signed 3 February 2020 Agreement on processing: signed 1 June 2026, from 1 December 2026; deed store in Tessera Workspace Contract: signed 3 February 2020 compared, nothing lacks
      + Agreement on processing: signed 1 June 2026; deed store in Tessera Workspace Service levels: signed 3 February 2020 Contract: signed 3 February 2020 compared, nothing lacks
    "#);
    insta::assert_snapshot!(moved(&third, &second), @r#"
    corrective-action-results information-security-policy management-review-results monitoring-and-measurement-results risk-treatment-plan security-roles-and-responsibilities statement-of-applicability training-skills-experience-qualifications
      - From 16 December 2026: Owen Prosser will be the deputy of the operations director.
    "#);
    // What the others say anew is that something fell due, was held too late, or is not to come any more.
    for (now, before) in [(&second, &first), (&third, &second)] {
        for id in now.changed(before) {
            let lines = now.lines_since(before, id);
            let came: Vec<&str> = lines.lines().filter(|line| line.starts_with("  + ")).collect();
            let is_told = came.iter().any(|line| TOLD.iter().any(|word| line.contains(word)));
            assert!(is_told || came.is_empty(), "{id}: {lines}");
        }
    }
}
