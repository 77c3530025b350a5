//! Reports: text for people, one JSON object or SARIF for programs.

use serde_json::{Value as Json, json};

use crate::coverage::{Covered, State};
use crate::diagnostic::{Diagnostic, Severity, codes};
use crate::render::{Outcome, Rendered};

/// The object of `--report json`.
pub(crate) fn json(outcomes: &[Outcome], diagnostics: &[Diagnostic]) -> Json {
    let workspaces: Vec<Json> = outcomes
        .iter()
        .map(|outcome| {
            let documents: Vec<Json> = outcome.documents.iter().map(document).collect();
            json!({"dir": outcome.dir.display().to_string(), "documents": documents})
        })
        .collect();
    let count = |severity: Severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
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

fn document(document: &Rendered) -> Json {
    let outputs: Vec<Json> = document
        .outputs
        .iter()
        .map(|output| {
            json!({
                "format": output.format.name,
                "path": output.path.display().to_string(),
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
        "severity": diagnostic.severity.to_string(),
        "message": diagnostic.message,
        "file": span.map(|span| span.file.as_str()),
        "line": span.map(|span| span.line).filter(|line| *line > 0),
        "column": span.map(|span| span.column).filter(|column| *column > 0),
        "path": diagnostic.path,
        "help": diagnostic.help.join("\n"),
    })
}

/// The diagnostics as SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/>).
pub(crate) fn sarif(diagnostics: &[Diagnostic]) -> Json {
    let rules: Vec<Json> = codes::all()
        .filter(|code| diagnostics.iter().any(|diagnostic| diagnostic.code == code.id))
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
    if let Some(span) = &diagnostic.span {
        let mut place = json!({"artifactLocation": {"uri": uri(&span.file)}});
        if span.line > 0 && span.sheet.is_none() {
            place["region"] = json!({"startLine": span.line, "startColumn": span.column.max(1)});
        }
        result["locations"] = json!([{"physicalLocation": place}]);
    }
    result
}

/// A relative file name as a URI reference (RFC 3986): what is not allowed is percent-encoded.
fn uri(file: &str) -> String {
    let mut uri = String::new();
    for byte in file.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_become_uri_references() {
        assert_eq!(uri("registers/a b.csv"), "registers/a%20b.csv");
        assert_eq!(uri("ß.yaml"), "%C3%9F.yaml");
    }
}
