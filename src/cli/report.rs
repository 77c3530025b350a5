//! Reports: text for people, one JSON object or SARIF for programs.

use serde_json::{Value as Json, json};

use super::next;
use crate::coverage::{Covered, State};
use crate::diagnostic::{Diagnostic, Severity, codes};
use crate::progress::Standing;
use crate::render::{LeftBehind, Outcome, Rendered};
use crate::uri;

/// The object of `--report json`.
pub(crate) fn json(outcomes: &[Outcome], diagnostics: &[Diagnostic]) -> Json {
    let workspaces: Vec<Json> = outcomes
        .iter()
        .map(|outcome| {
            let documents: Vec<Json> = outcome.documents.iter().map(document).collect();
            let left_behind: Vec<Json> = outcome.left_behind.iter().map(left_behind).collect();
            let standings = outcome.progress.iter().flat_map(|progress| &progress.documents);
            let lacking = standings.filter(|standing| !standing.gaps.is_empty()).map(lacking);
            let not_recorded: Vec<Json> = lacking.collect();
            let (counts, next) = next::json(outcome, diagnostics);
            json!({
                "dir": shown(&outcome.dir),
                "failed": outcome.is_failed,
                "proposed_rows": proposed_rows(outcome),
                "proposed": outcome.progress.as_ref().map(|progress| progress.proposed),
                "not_recorded": not_recorded,
                "counts": counts,
                "next": next,
                "documents": documents,
                "left_behind": left_behind,
                "came_into_force": outcome.came,
            })
        })
        .collect();
    let count = |severity: Severity| {
        let of = diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity);
        of.map(|diagnostic| diagnostic.count).sum::<usize>()
    };
    let outputs = outcomes.iter().flat_map(|outcome| &outcome.documents).flat_map(|document| &document.outputs);
    let written = outputs.clone().filter(|output| output.action.name() == "written").count();
    json!({
        "schema": 1,
        "workspaces": workspaces,
        "diagnostics": diagnostics.iter().map(diagnostic).collect::<Vec<_>>(),
        "summary": {
            "documents": outcomes.iter().map(|outcome| outcome.documents.len()).sum::<usize>(),
            "outputs": outputs.count(),
            "written": written,
            "errors": count(Severity::Error) + count(Severity::Fault),
            "warnings": count(Severity::Warning),
            "notes": count(Severity::Note),
        },
    })
}

/// How many rows of each register are proposals.
fn proposed_rows(outcome: &Outcome) -> Vec<Json> {
    let registers = outcome.progress.iter().flat_map(|progress| &progress.proposed_rows);
    registers.map(|(register, rows)| json!({"register": register, "rows": rows})).collect()
}

/// The object of `folio coverage --report json`.
pub(crate) fn coverage(covered: &[Covered], diagnostics: &[Diagnostic]) -> Json {
    let rows: Vec<Json> = covered
        .iter()
        .map(|row| {
            let reason = match &row.state {
                State::NotApplicable(reason) => reason.clone(),
                _ => None,
            };
            json!({
                "requirement": row.requirement,
                "cites": row.cites,
                "title": row.title,
                "document": row.document.as_ref().map(|(id, _)| id),
                "state": row.state.name(),
                "reason": reason,
            })
        })
        .collect();
    json!({
        "schema": 1,
        "coverage": rows,
        "diagnostics": diagnostics.iter().map(diagnostic).collect::<Vec<_>>(),
    })
}

/// What a document lacks.
fn lacking(lacking: &Standing) -> Json {
    let gaps = lacking.gaps.iter().map(|(gap, words)| {
        json!({
            "key": gap.key,
            "says": words,
            "rows": gap.rows,
            "paths": gap.paths.iter().map(|path| path.as_str()).collect::<Vec<_>>(),
            "who": gap.who.text,
            "due": gap.due.map(|due| due.to_string()),
        })
    });
    json!({"document": lacking.id, "count": lacking.gaps.len(), "facts": gaps.collect::<Vec<_>>()})
}

fn left_behind(left: &LeftBehind) -> Json {
    json!({"path": shown(&left.path), "edited": left.is_edited, "removed": left.is_removed})
}

/// A path with `/`, whatever the system writes.
fn shown(path: &std::path::Path) -> String {
    path.display().to_string().replace('\\', "/")
}

fn document(document: &Rendered) -> Json {
    let outputs: Vec<Json> = document
        .outputs
        .iter()
        .map(|output| {
            json!({
                "format": output.format.name,
                "path": shown(&output.path),
                "sha256": output.sha256,
                "pages": document.pages,
                "action": output.action.name(),
            })
        })
        .collect();
    json!({
        "id": document.id,
        "title": document.title,
        "version": document.version,
        "state": document.state.name(),
        "reason": document.reason,
        "outputs": outputs,
    })
}

/// One diagnostic.
pub(crate) fn diagnostic(diagnostic: &Diagnostic) -> Json {
    let span = diagnostic.span.as_ref();
    json!({
        "code": diagnostic.code,
        "workspace": diagnostic.workspace,
        "severity": diagnostic.severity.to_string(),
        "message": diagnostic.message,
        "file": span.map(|span| span.file.as_str()),
        "line": span.map(|span| span.line).filter(|line| *line > 0),
        "column": span.map(|span| span.column).filter(|column| *column > 0),
        "path": diagnostic.path,
        "help": diagnostic.help.join("\n"),
        "count": diagnostic.count,
    })
}

/// The diagnostics as SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/>).
pub(crate) fn sarif(diagnostics: &[Diagnostic]) -> Json {
    let rules: Vec<Json> = codes::all()
        .filter(|code| diagnostics.iter().any(|diagnostic| diagnostic.code == **code))
        .map(|code| {
            json!({
                "id": code.id,
                "shortDescription": {"text": code.title},
                "fullDescription": {"text": code.what},
                "help": {"text": code.fix},
            })
        })
        .collect();
    let results: Vec<Json> = diagnostics.iter().map(result).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "folio", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(diagnostic: &Diagnostic) -> Json {
    let level = match diagnostic.severity {
        Severity::Fault | Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let mut text = diagnostic.message.clone();
    for help in &diagnostic.help {
        text.push('\n');
        text.push_str(help);
    }
    let mut result = json!({"ruleId": diagnostic.code, "level": level, "message": {"text": text}});
    if diagnostic.count > 1 {
        result["occurrenceCount"] = json!(diagnostic.count);
    }
    let folder = diagnostic.workspace.as_deref();
    if let Some(span) = &diagnostic.span {
        let mut place = json!({"artifactLocation": {"uri": artifact(folder, &span.file)}});
        if span.line > 0 && span.sheet.is_none() {
            place["region"] = json!({"startLine": span.line, "startColumn": span.column.max(1)});
        }
        result["locations"] = json!([{"physicalLocation": place}]);
    }
    if let Some(folder) = folder {
        result["properties"] = json!({"workspace": folder});
    }
    result
}

/// A file of a workspace's folder as a URI reference, an absolute one as a URI.
fn artifact(folder: Option<&str>, file: &str) -> String {
    let folder = folder.unwrap_or_default().trim_end_matches('/');
    match folder.strip_prefix("./").unwrap_or(folder) {
        "" | "." => uri::path(file),
        inside if inside.starts_with('/') => format!("file://{}/{}", uri::path(inside), uri::path(file)),
        inside => format!("{}/{}", uri::path(inside), uri::path(file)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes::profile;
    use crate::diagnostic::{Span, text};

    fn problem() -> Diagnostic {
        Diagnostic::fault(&profile::DANGLING, "`bne` is not in `people`")
            .at(Span::text("profile.yaml", 10, 45, 3))
            .path("roles[clerk].holder")
            .workspace("clients/acme & co")
    }

    #[test]
    fn text_names_the_workspace_of_a_problem() {
        insta::assert_snapshot!(text::render(&problem(), false), @r#"
        error[F221]: `bne` is not in `people`
        --> profile.yaml:10:45
         = in: clients/acme & co
         = note: profile path: roles[clerk].holder
        "#);
    }

    #[test]
    fn json_names_the_workspace_of_a_problem() {
        insta::assert_snapshot!(format!("{:#}", diagnostic(&problem())), @r#"
        {
          "code": "F221",
          "workspace": "clients/acme & co",
          "severity": "error",
          "message": "`bne` is not in `people`",
          "file": "profile.yaml",
          "line": 10,
          "column": 45,
          "path": "roles[clerk].holder",
          "help": "",
          "count": 1
        }
        "#);
    }

    #[test]
    fn sarif_finds_the_file_of_a_problem_in_its_workspace() {
        insta::assert_snapshot!(format!("{:#}", result(&problem())), @r#"
        {
          "ruleId": "F221",
          "level": "error",
          "message": {
            "text": "`bne` is not in `people`"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "clients/acme%20%26%20co/profile.yaml"
                },
                "region": {
                  "startLine": 10,
                  "startColumn": 45
                }
              }
            }
          ],
          "properties": {
            "workspace": "clients/acme & co"
          }
        }
        "#);
    }

    #[test]
    fn a_file_is_named_from_where_the_program_was_started() {
        for (folder, file, wanted) in [
            (None, "a b.csv", "a%20b.csv"),
            (Some("."), "profile.yaml", "profile.yaml"),
            (Some("./"), "profile.yaml", "profile.yaml"),
            (Some("clients/acme/"), "registers/a b.csv", "clients/acme/registers/a%20b.csv"),
            (Some("../acme"), "profile.yaml", "../acme/profile.yaml"),
            (Some("/srv/acme"), "profile.yaml", "file:///srv/acme/profile.yaml"),
        ] {
            assert_eq!(artifact(folder, file), wanted);
        }
    }
}
