//! The rules of a site: their scripts run on each resource once, after its own walk.

use super::text::{Describe, Message};
use crate::instance::Node;
use crate::issue::{RuleId, Severity};
use crate::judge::{Detail, Judge, Place, Site, Weight};
use crate::script;

/// Runs the scripts that look at resources of this type. A trial reports nothing, so none run in it.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let Some((scripts, budget)) = j.scripts.filter(|_| j.ledger.trials() == 0) else { return };
    let name = j.model().type_name(at.frame.type_id);
    if !scripts.look_at(name) {
        return;
    }
    let all = {
        let ports = j.ports(at.frame);
        let view = ports.view(at.node, at.frame.type_id);
        j.with_scratch(|scratch| scripts.check(name, &view, budget, scratch))
    };
    for one in all {
        told(j, at.node, one);
    }
}

fn told<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, said: script::CheckOutcome) {
    match said {
        script::CheckOutcome::Report { rule, code, severity, node, text, help, file } => {
            let weight = match severity {
                Some(Severity::Fatal | Severity::Error) => Weight::Error,
                Some(Severity::Warning) => Weight::Warning,
                Some(Severity::Information) => Weight::Note,
                None => Weight::Question,
            };
            let at = j.tape.node(node);
            j.find(rule, weight, at, &[], || Detail::Site(Box::new(Site { text, code, help, file })));
        }
        script::CheckOutcome::Open { file, question } => {
            j.question(RuleId::SCRIPT_UNDECIDED, n, &[], || Detail::Text(format!("{file} asks for {question}")))
        }
        script::CheckOutcome::Failed(e) => j.question(RuleId::SCRIPT_FAILED, n, &[], || Detail::Text(e.to_string())),
    }
}

/// The message for a script's report: its own text.
pub fn said(site: &Site) -> Message {
    Message { text: site.text.clone(), evidence: vec![("script".to_owned(), site.file.clone())], ..Message::default() }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::SCRIPT_FAILED, |t| format!("a site script failed, so its rules were not checked: {}", t.given()).into()),
    (RuleId::SCRIPT_UNDECIDED, |t| format!("a site rule could not be evaluated: {}", t.given()).into()),
];
