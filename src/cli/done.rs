//! What a command gives back.

use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Kind, Severity, Sink};

/// What a command gives: what to print, and what to say.
#[derive(Default)]
pub(crate) struct Done {
    /// For standard output, in text form.
    pub(crate) text: String,
    /// For standard output, with `--report json`.
    pub(crate) json: Option<serde_json::Value>,
    /// For standard error, or the report.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// How long each stage took, in text form.
    pub(crate) timings: String,
    /// What nobody has decided, and what nobody recorded, in text form.
    pub(crate) open: String,
    /// Warnings fail too.
    pub(crate) deny_warnings: bool,
}

impl Done {
    /// The exit code. 2: a fault lies in what was asked, or in reading and writing; 1: something is at or above the
    /// threshold; 0: neither.
    pub(crate) fn exit(&self, fail_on: Severity) -> u8 {
        let threshold = if self.deny_warnings { fail_on.min(Severity::Warning) } else { fail_on };
        let could_not = |problem: &Diagnostic| problem.is_fault() && problem.code.kind() != Kind::Content;
        if self.diagnostics.iter().any(could_not) {
            2
        } else {
            u8::from(self.diagnostics.iter().any(|problem| problem.severity >= threshold))
        }
    }
}

/// A command that did its work.
pub(crate) fn done(text: String) -> Done {
    Done { text, ..Done::default() }
}

/// A command that could not do its work.
pub(crate) fn broken(sink: Sink) -> Done {
    Done { diagnostics: sink.into_vec(), ..Done::default() }
}

/// A command that was asked for what cannot be.
pub(crate) fn usage(problem: String) -> Done {
    let mut sink = Sink::new();
    sink.push(Diagnostic::fault(&codes::USAGE, problem));
    broken(sink)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Id;
    use crate::diagnostic::codes::{output, profile};

    #[test]
    fn the_exit_code_follows_from_what_was_found() {
        let of = |diagnostics: &[Diagnostic]| Done { diagnostics: diagnostics.to_vec(), ..Done::default() };
        let finding = Diagnostic::new(Id::Check("pens".into()), Severity::Warning, "few pens");
        let fault = Diagnostic::fault(&profile::DANGLING, "nobody");
        let full = Diagnostic::fault(&output::OUTPUT_UNWRITABLE, "no space");
        let told = Diagnostic { severity: Severity::Warning, ..full.clone() };
        assert_eq!(of(&[]).exit(Severity::Note), 0);
        assert_eq!(of(&[finding.clone(), told]).exit(Severity::Error), 0, "a warning that something is unreadable");
        assert_eq!(of(std::slice::from_ref(&finding)).exit(Severity::Warning), 1);
        assert_eq!(Done { deny_warnings: true, ..of(&[finding]) }.exit(Severity::Error), 1);
        assert_eq!(of(std::slice::from_ref(&fault)).exit(Severity::Error), 1);
        assert_eq!(of(&[fault, full]).exit(Severity::Error), 2);
        assert_eq!(usage("what?".into()).exit(Severity::Error), 2);
    }
}
