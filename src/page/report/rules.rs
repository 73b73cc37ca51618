//! What the rules that issues name mean, and how often they were found.

use askama::Template;
use fhir_accord_profiles::issue::{RuleId, rule};

use super::super::prose::Prose;
use crate::render::{Run, counted, message_id};

/// A rule.
pub struct Meaning {
    id: String,
    found: String,
    meaning: Option<Prose<'static>>,
    help: Option<Prose<'static>>,
    spec: &'static str,
    message: Option<&'static str>,
}

/// The rules of a run, the most frequent first.
#[derive(Template)]
#[template(path = "page/report/rules.html")]
pub struct RulesPart {
    rules: Vec<Meaning>,
}

impl RulesPart {
    /// The rules of the issues that are listed.
    pub fn of(run: &Run<'_>) -> RulesPart {
        let mut rules: Vec<(&RuleId, &u64)> = run.rules.iter().collect();
        rules.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        RulesPart { rules: rules.into_iter().map(|(id, n)| Meaning::of(*id, *n)).collect() }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

impl Meaning {
    fn of(id: RuleId, n: u64) -> Meaning {
        let known = rule(id);
        let prose = |text: &'static str| Some(text).filter(|t| !t.is_empty()).map(Prose::catalogue);
        Meaning {
            id: id.as_str().to_owned(),
            found: counted(n, "issue", "issues"),
            meaning: known.and_then(|r| prose(r.meaning)),
            help: known.and_then(|r| prose(r.help)),
            spec: known.map(|r| r.spec).unwrap_or_default(),
            message: message_id(id),
        }
    }
}
