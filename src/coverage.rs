//! Coverage: what the standard demands, and which document of the set answers it.

use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::pack::{Dropped, Pack, Requirement, Tier};
use crate::plan::Plan;

/// How a requirement stands.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// A document answers it.
    Present,
    /// A document answers it once somebody has filled it in.
    Form,
    /// Its document does not apply, for a reason when one is known.
    NotApplicable(Option<String>),
    /// Nothing answers it.
    Missing,
}

impl State {
    /// The word in reports.
    pub fn name(&self) -> &'static str {
        match self {
            State::Present => "present",
            State::Form => "form",
            State::NotApplicable(_) => "not-applicable",
            State::Missing => "missing",
        }
    }
}

/// A requirement and a document that answers it.
#[derive(Debug, Clone, PartialEq)]
pub struct Covered {
    /// The requirement's id in the pack.
    pub requirement: String,
    /// As printed, such as `Clause 4.3`.
    pub cites: String,
    /// Its title.
    pub title: String,
    /// The document: id and title; none when nothing answers the requirement.
    pub document: Option<(String, String)>,
    /// How it stands.
    pub state: State,
    /// How much is asked for it.
    pub tier: Tier,
}

/// Every requirement of the pack with each document that answers it, in the pack's order.
pub fn of(pack: &Pack, plan: &Plan) -> Vec<Covered> {
    pack.manifest.requirements.iter().flat_map(|requirement| documents(pack, plan, requirement)).collect()
}

/// The same, and says what is missing.
pub fn report(pack: &Pack, plan: &Plan, sink: &mut Sink) -> Vec<Covered> {
    let covered = of(pack, plan);
    for gap in covered.iter().filter(|covered| covered.state == State::Missing) {
        let message = format!("no document answers {}: {}", gap.cites, gap.title);
        let severity = if gap.tier == Tier::Mandatory { Severity::Error } else { Severity::Warning };
        let gap_of = Diagnostic::new(&codes::REQUIREMENT_MISSING, severity, message);
        let answered = pack.dropped.iter().find(|dropped| dropped.template.satisfies.contains(&gap.requirement));
        sink.push(match answered {
            Some(Dropped { template, reason, layer, .. }) => {
                let who = pack.label(*layer);
                gap_of.help(format!("`{}` answered it; {who} leaves it out: {reason}", template.id))
            }
            None => gap_of,
        });
    }
    covered
}

fn documents(pack: &Pack, plan: &Plan, requirement: &Requirement) -> Vec<Covered> {
    let covered = |document: Option<(String, String)>, state: State| Covered {
        requirement: requirement.id.clone(),
        cites: requirement.cites.clone(),
        title: requirement.title.clone(),
        document,
        state,
        tier: requirement.tier,
    };
    if requirement.is_left_out(&plan.left_out) {
        return vec![covered(None, State::NotApplicable(None))];
    }
    let answers = |template: usize| pack.documents[template].satisfies.contains(&requirement.id);
    let made = plan.jobs.iter().filter(|job| answers(job.template)).map(|job| {
        let state = if job.is_form { State::Form } else { State::Present };
        covered(Some((job.control.id.clone(), job.control.title.text.clone())), state)
    });
    let left_out = plan.not_applicable.iter().filter(|document| answers(document.template)).map(|document| {
        let template = &pack.documents[document.template];
        covered(Some((template.id.clone(), template.title.clone())), State::NotApplicable(document.reason.clone()))
    });
    let mut found: Vec<Covered> = made.chain(left_out).collect();
    if found.is_empty() {
        found.push(covered(None, State::Missing));
    }
    found
}
