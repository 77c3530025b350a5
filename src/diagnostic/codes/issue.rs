//! Codes F7xx: issuing documents.

use super::codes;

codes! {
    NO_REASON = "F701" "no reason given" {
        what: "Documents are to be issued or withdrawn without a reason.",
        why: "Their history says why each version was made.",
        example: "folio issue . --approver ceo --reason \"\"",
        fix: "Say in a few words what changed and why: `--reason \"the office in Hull was closed\"`.",
        kind: Usage,
    }
    UNKNOWN_APPROVER = "F702" "unknown approver" {
        what: "`--approver` names nobody whom the profile has on that day, or a role that several hold, or nobody.",
        why: "An approval names a person or body, with the post in which it approved.",
        example: "--approver \"the boss\"",
        fix: "Give the key or name of a person, a body or a role of the profile.",
        kind: Usage,
    }
    NO_AUTHORITY = "F703" "approver without authority" {
        what: "On the day of the approval, the approver does not hold the role that the profile names as approver of a document, nor stands in for it.",
        why: "Documented information is approved by whoever has the authority to.",
        example: "documents: {isms-policy: {approver: managing-director}}, approved by the IT lead",
        fix: "Let the holder of that role approve, or name another role in `documents.ID.approver` or `document_defaults.approver`.",
    }
    ISSUE_DATE = "F704" "day that cannot be" {
        what: "The day is before that of the last entry of the history, or lies ahead, or a document would be in force before it is approved.",
        why: "A history is told in the order in which it happened.",
        example: "--date 2026-01-02, while the last version was issued on 5 March 2026",
        fix: "Give the day on which it was approved; it is today unless `--date` says otherwise.",
    }
    ISSUE_VERSION = "F705" "version that cannot be" {
        what: "A version of a document exists already, is not higher than the last one, or is not written as one: up to four numbers with dots between them.",
        why: "What was issued is never replaced: two documents of one version could not be told apart.",
        example: "documents: {isms-policy: {version: \"1.0\"}}, where 1.2 was issued",
        fix: "Take `version` out of the profile, or write a higher one.",
    }
    UNDECIDED = "F706" "figures that nobody decided" {
        what: "Documents to be issued print figures or rows that the pack proposes and nobody has confirmed.",
        why: "What is in force was decided by the organisation.",
        example: "passwords of 12 characters, the pack's proposal",
        fix: "`folio decisions DIR` lists them, `--confirm KEY` takes them into the profile.",
    }
    UNRECORDED = "F707" "facts that nobody recorded" {
        what: "Documents to be issued ask for facts that the pack calls basic (`x-folio-basic`) and nobody recorded.",
        why: "A document in force that says 'not recorded' where it should lay something down lays nothing down.",
        example: "organisation.industry is missing",
        fix: "Record them; `folio check DIR --all` lists them. What is known later can be promised in `pending`, with `due` after the day of issue.",
    }
    SAMPLES_LEFT = "F708" "values of the starter" {
        what: "Documents to be issued print values that the starter brought and nobody replaced.",
        why: "They are true of nobody.",
        example: "samples: [suppliers] in folio.yaml",
        fix: "Write the true values, and take the lines out of `samples` of folio.yaml.",
    }
    STILL_A_FORM = "F709" "form that nobody filled in" {
        what: "A document is still a form to be filled in.",
        why: "A record is issued once it records something.",
        example: "the report of an audit that has not been held",
        fix: "Record what it asks for; until then its draft is there to be filled in.",
    }
    ISSUED_EDITED = "F710" "issued file was changed" {
        what: "A file in the folder of what is in force is not the one that was issued.",
        why: "Somebody's work is never overwritten unasked, and what is in force is what was approved.",
        example: "out/issued/ISMS-01 Scope.docx, changed in Word",
        fix: "Move the file away; `folio render --issued DOCUMENT@VERSION` gives the issued one again.",
    }
    ISSUED_ELSEWHERE = "F711" "outputs lie outside the workspace" {
        what: "The output folder lies outside of the workspace.",
        why: "Issuing is one step that a kill leaves all done or all undone; over two folders it would be two.",
        example: "output: ../delivered",
        fix: "Let `output` of folio.yaml name a folder in the workspace.",
    }
    NOT_ISSUED = "F712" "no such version" {
        what: "A document, or a version of it, was never issued, or does not wait for an approval.",
        why: "Only what was issued can be given, approved further or withdrawn.",
        example: "folio render --issued isms-policy@3.0",
        fix: "`.folio/history.jsonl` has every version; name one of them.",
        kind: Usage,
    }
    KEPT_BROKEN = "F713" "what was issued is damaged" {
        what: "A file that is kept of an issued version is missing, or is not the one that was issued.",
        why: "What is kept has to be what was approved.",
        example: ".folio/issued/isms-policy/1.0/ISMS-02 Policy.pdf was changed",
        fix: "Restore `.folio` from version control.",
        kind: InputOutput,
    }
    NEEDS_ERRORS = "F714" "errors stand against issuing" {
        what: "Checks found errors that nobody accepted.",
        why: "What is known to be wrong is not put in force.",
        example: "error[risk-above-limit]",
        fix: "Mend them, or accept each with reason and name in `accepted` of the profile.",
    }
    LIST_BEHIND = "F715" "list not brought up to date" {
        what: "A document that tells of the others, as the list of documents in force does, could not be made while others were approved, withdrawn or taken over.",
        why: "It would have got a version in the same step; now it tells of the set as it was before.",
        example: "folio withdraw . --only old-policy …, while a template does not compile",
        fix: "`folio check DIR` says what is wrong; the next issue brings the list up to date.",
    }
    NOT_TAKEN_OVER = "F716" "file that cannot be taken over" {
        what: "A file of `folio baseline` is empty, has a name that some systems cannot hold or show, or is the second of its format.",
        why: "It is kept byte for byte under its own name, and given to auditors on whatever system they have.",
        example: "folio baseline . --only isms-policy --file \"Policy: final?.docx\" …",
        fix: "Give another file, or a copy of it under a plain name; of each format one.",
        kind: Usage,
    }
}
