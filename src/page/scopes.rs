//! The scopes: what to ask for, what becomes of what was asked, and what the launch gives.

use askama::Template;

use super::bounds::{LIST, SCOPES};
use super::chip::Chip;
use super::details::List;
use super::reasons::{Named, Reasons};
use super::text::Shown;
use crate::capability::agreement::{Agreement, AskedToken, Flow, Launch, ScopeOutcome};
use crate::wording::words::{context_words, refresh_word, selection_words};

/// The scopes of a result.
#[derive(Template)]
#[template(path = "page/scopes.html")]
pub struct ScopesPart<'a> {
    ask: Option<Shown<'a>>,
    missing: Vec<Token<'a>>,
    beyond: Vec<Token<'a>>,
    outcomes: Vec<OutcomeRow<'a>>,
    more: usize,
    unused: List<'a>,
    launch: &'a Launch,
}

/// A scope that the request lacks, or does not need.
struct Token<'a> {
    token: Shown<'a>,
    why: Reasons,
}

/// What becomes of one requested scope.
struct OutcomeRow<'a> {
    requested: Shown<'a>,
    outcome: Chip,
    predicted: Vec<Shown<'a>>,
    more: usize,
    why: Reasons,
    breaks: List<'a>,
}

impl<'a> ScopesPart<'a> {
    /// Of a result.
    pub fn of(agreement: &'a Agreement, named: &mut Named) -> ScopesPart<'a> {
        let ask = &agreement.ask;
        ScopesPart {
            ask: (!ask.scope.is_empty()).then(|| Shown::scope(&ask.scope)),
            missing: tokens(&ask.missing, named),
            beyond: tokens(&ask.beyond, named),
            outcomes: agreement.scopes.iter().take(SCOPES).map(|scope| outcome(scope, named)).collect(),
            more: agreement.scopes.len().saturating_sub(SCOPES),
            unused: List::of(
                "granted, and not used by the client",
                &agreement.unused_grants,
                agreement.unused_grants.len(),
            ),
            launch: &agreement.launch,
        }
    }

    fn launch_facts(&self) -> [(&'static str, &'static str); 5] {
        [
            ("Started", flow_words(self.launch.flow)),
            ("Context", context_words(self.launch.context)),
            ("Patient", selection_words(self.launch.patient_selection)),
            ("Identity", self.launch.identity),
            ("Refresh token", refresh_word(self.launch.refresh)),
        ]
    }
}

fn tokens<'a>(tokens: &'a [AskedToken], named: &mut Named) -> Vec<Token<'a>> {
    let token = |t: &'a AskedToken| Token { token: Shown::text(&t.token), why: named.reasons(&[t.why]) };
    tokens.iter().take(SCOPES).map(token).collect()
}

fn outcome<'a>(scope: &'a ScopeOutcome, named: &mut Named) -> OutcomeRow<'a> {
    OutcomeRow {
        requested: Shown::text(&scope.requested),
        outcome: scope.outcome.into(),
        predicted: scope.predicted.iter().take(LIST).map(|p| Shown::text(p)).collect(),
        more: scope.predicted.len().saturating_sub(LIST),
        why: named.reasons(&scope.why),
        breaks: List::of("Breaks", &scope.breaks, scope.breaks.len()),
    }
}

fn flow_words(flow: Flow) -> &'static str {
    match flow {
        Flow::Ehr => "from within an EHR",
        Flow::Standalone => "on its own, outside an EHR",
        Flow::Backend => "as a backend service, with no user present",
        Flow::Refresh => "with a refresh token",
    }
}
