//! The outcome of each requested token.

use super::GrantRequest;
use super::overlap::{Overlaps, intersect};
use super::propose::Proposed;
use super::prospect::Prospect;
use crate::agreement::{Flow, Outcome, ScopeOutcome};
use crate::issue::{Issue, Party};
use crate::reason::Reason;
use crate::scope::{Context, Kind, ResourceScope, Syntax, Token, is_known_type, minimal_string_within, minimal_within};

/// One outcome for each requested token, in its order, and issues about them. `client_types` are the types that the
/// client's statement lists: they are proposed in place of a wildcard.
pub fn outcomes(request: &GrantRequest, client_types: &[String], issues: &mut Vec<Issue>) -> Vec<ScopeOutcome> {
    tell_gates(request, issues);
    let mut overlaps = Overlaps::default();
    let proposed = Proposed::new(request, client_types);
    let made = request.tokens.iter().enumerate().map(|(i, token)| {
        tell_token(request, token, i, &proposed, issues);
        let (outcome, predicted, why) = outcome(request, token, &mut overlaps);
        let valid = token.fault().is_none();
        ScopeOutcome {
            requested: token.text.clone(),
            normalised: if valid { token.normal.clone() } else { String::new() },
            outcome,
            predicted,
            minimal: minimal_string_within(std::slice::from_ref(token), &mut overlaps.effort),
            why,
            breaks: Vec::new(),
        }
    });
    let made = made.collect();
    tell_extras(request, issues);
    made
}

type Decision = (Outcome, Vec<String>, Vec<Reason>);

fn outcome(request: &GrantRequest, token: &Token, overlaps: &mut Overlaps) -> Decision {
    if let Some(fault) = token.fault() {
        return (Outcome::Unknown, Vec::new(), vec![fault.rule]);
    }
    let (outcome, predicted, mut why) = match (&request.granted, token.resource()) {
        (Some(granted), Some(scope)) => reconcile(request, scope, granted, overlaps),
        (Some(granted), None) => reconcile_word(request, token, granted),
        (None, Some(scope)) => predict(request, token, scope, overlaps),
        (None, None) => predict_word(request, token),
    };
    if token.resource().is_some_and(|s| s.resource_type != "*" && !is_known_type(&s.resource_type)) {
        why.push(Reason::VendorType);
    }
    (outcome, predicted, why)
}

/// A known grant compared with one requested resource scope.
fn reconcile(request: &GrantRequest, scope: &ResourceScope, granted: &[Token], overlaps: &mut Overlaps) -> Decision {
    let granted: Vec<&ResourceScope> = granted.iter().filter_map(Token::resource).collect();
    let full = request.known.grants(scope, request.limit);
    let rule = request.source;
    if request.flow == Flow::Refresh {
        return if full {
            (Outcome::Granted, vec![scope.to_string()], vec![rule])
        } else {
            (Outcome::Rejected, Vec::new(), vec![rule])
        };
    }
    if full {
        let of_type = |g: &ResourceScope| g.context == scope.context && g.covers_type(&scope.resource_type);
        let wider = granted.iter().zip(request.known.beyond()).filter(|(g, beyond)| **beyond && of_type(g));
        return match overlaps.take(wider.map(|(g, _)| (*g).clone())) {
            Some(wider) if wider.is_empty() => (Outcome::Granted, vec![scope.to_string()], vec![rule]),
            Some(wider) => (Outcome::Upgraded, strings(&minimal_within(&wider, &mut overlaps.effort)), vec![rule]),
            None => (Outcome::Upgraded, Vec::new(), vec![rule, Reason::ScopeLimit]),
        };
    }
    match overlaps.take(granted.iter().filter_map(|g| intersect(scope, g))) {
        Some(common) if common.is_empty() => (Outcome::Dropped, Vec::new(), vec![rule, Reason::ScopeMissing]),
        Some(common) => {
            let granular = common.iter().any(|c| !c.query.is_empty() && c.query != scope.query);
            let why = if granular { vec![rule, Reason::GranularNarrowed] } else { vec![rule] };
            (Outcome::Downscoped, strings(&minimal_within(&common, &mut overlaps.effort)), why)
        }
        None => (Outcome::Downscoped, Vec::new(), vec![rule, Reason::ScopeLimit]),
    }
}

fn reconcile_word(request: &GrantRequest, token: &Token, granted: &[Token]) -> Decision {
    let rule = request.source;
    if granted.iter().any(|g| g.normal == token.normal && g.fault().is_none()) {
        return (Outcome::Granted, vec![token.normal.clone()], vec![rule]);
    }
    let outcome = if request.flow == Flow::Refresh { Outcome::Rejected } else { Outcome::Dropped };
    (outcome, Vec::new(), vec![rule, Reason::ScopeMissing])
}

fn predict(request: &GrantRequest, token: &Token, scope: &ResourceScope, overlaps: &mut Overlaps) -> Decision {
    if let Some(rule) = request.refusal(token) {
        return (Outcome::Rejected, Vec::new(), vec![rule]);
    }
    if let Some(registered) = &request.registration
        && !request.known.registers(scope, request.limit)
    {
        if let Some((outcome, why)) = request.registered_in_vain(token, &scope.permissions) {
            return (outcome, Vec::new(), why);
        }
        let registered = registered.iter().filter_map(Token::resource);
        return match overlaps.take(registered.filter_map(|r| intersect(scope, r))) {
            Some(common) if common.is_empty() => (Outcome::Dropped, Vec::new(), vec![Reason::Registration]),
            Some(common) => (
                Outcome::Downscoped,
                strings(&minimal_within(&common, &mut overlaps.effort)),
                vec![Reason::Registration],
            ),
            None => (Outcome::Downscoped, Vec::new(), vec![Reason::Registration, Reason::ScopeLimit]),
        };
    }
    let v1_only = request.smart.as_ref().is_some_and(|s| s.is_v1_only());
    let (_, broadened) = scope.permissions.broadened_to_v1();
    let broadened = v1_only && (broadened || !scope.query.is_empty());
    let v2 = matches!(token.kind, Kind::Resource(_, Syntax::V2));
    let mut why = Vec::new();
    if v1_only && v2 {
        why.push(Reason::V1Only);
    }
    if broadened {
        why.push(Reason::Broadened);
    }
    match request.prospect(token, &scope.permissions) {
        // Whether a server that takes v1 alone makes anything of it is its own affair.
        Prospect::Listed if v1_only && v2 => (Outcome::Unknown, Vec::new(), why),
        Prospect::Listed => {
            let exact = request.smart.as_ref().is_some_and(|s| {
                s.listed().iter().any(|l| l.resource_type == scope.resource_type && l.context == scope.context)
            });
            why.insert(0, if exact { Reason::Listed } else { Reason::ListedWildcard });
            (Outcome::Granted, vec![scope.to_string()], why)
        }
        Prospect::Unknown(rule) => {
            why.insert(0, rule);
            (Outcome::Unknown, Vec::new(), why)
        }
        Prospect::Gated(rule) => {
            why.insert(0, rule);
            (Outcome::Dropped, Vec::new(), why)
        }
    }
}

fn predict_word(request: &GrantRequest, token: &Token) -> Decision {
    if let Some(rule) = request.refusal(token) {
        return (Outcome::Rejected, Vec::new(), vec![rule]);
    }
    if request.registration.as_ref().is_some_and(|all| !all.iter().any(|r| r.normal == token.normal)) {
        return (Outcome::Dropped, Vec::new(), vec![Reason::Registration]);
    }
    let unknown = |rule| (Outcome::Unknown, Vec::new(), vec![rule]);
    if request.flow == Flow::Refresh {
        return unknown(Reason::RefreshSubset);
    }
    if token.normal == "launch" && request.flow == Flow::Standalone {
        return unknown(Reason::LaunchNeedsEhr);
    }
    let Some(smart) = &request.smart else { return unknown(Reason::NoSmartConfiguration) };
    match (smart.gate_against(token, request.flow, request.client), smart.lists_word(token)) {
        (None, true) => (Outcome::Granted, vec![token.normal.clone()], vec![Reason::Listed]),
        (Some(gate), true) => unknown(gate),
        (Some(gate), false) => (Outcome::Dropped, Vec::new(), vec![gate]),
        (None, false) if token.kind == Kind::Foreign => unknown(Reason::Foreign),
        (None, false) => unknown(Reason::UnlistedScope),
    }
}

fn strings(scopes: &[ResourceScope]) -> Vec<String> {
    scopes.iter().map(ResourceScope::to_string).collect()
}

fn tell_gates(request: &GrantRequest, issues: &mut Vec<Issue>) {
    let Some(smart) = &request.smart else { return };
    if let Some(gate) = smart.gate_of_request(request.flow, request.client) {
        issues.push(Issue::warning(
            gate,
            Party::Smart,
            "capabilities",
            format!("the server does not declare `{gate}`, which this flow and client type require"),
        ));
    }
}

fn tell_token(request: &GrantRequest, token: &Token, index: usize, proposed: &Proposed<'_>, issues: &mut Vec<Issue>) {
    let path = format!("scope[{index}]");
    if let Some(fault) = token.fault() {
        issues.push(Issue::error(
            fault.rule,
            Party::Scope,
            path,
            format!(
                "`{}` is not a valid scope, and what a server does with it is unknown; hint: {}",
                token.text, fault.hint
            ),
        ));
        return;
    }
    if let Some(hint) = &token.hint {
        issues.push(Issue::information(Reason::ScopeHint, Party::Scope, &path, format!("`{}`: {hint}", token.text)));
    }
    let Some(scope) = token.resource() else { return };
    if scope.resource_type != "*" && !is_known_type(&scope.resource_type) {
        issues.push(Issue::information(
            Reason::VendorType,
            Party::Scope,
            &path,
            format!("`{}` is not a FHIR resource type", scope.resource_type),
        ));
    }
    if request.granted.is_none()
        && request.prospect(token, &scope.permissions) == Prospect::Unknown(Reason::WildcardDropped)
        && let Some(advice) = proposed.advice(request, scope)
    {
        let text =
            format!("only individual types are listed, so a server may drop `{}` silently; {advice}", token.text);
        issues.push(Issue::warning(Reason::WildcardDropped, Party::Scope, path, text));
    }
    if scope.context == Context::System && request.flow != Flow::Backend {
        issues.push(Issue::information(
            Reason::SystemNeedsBackend,
            Party::Scope,
            format!("scope[{index}]"),
            "system scopes belong to the backend flow",
        ));
    }
}

/// Tells what a token response grants that was not requested.
fn tell_extras(request: &GrantRequest, issues: &mut Vec<Issue>) {
    let Some(granted) = request
        .granted
        .as_ref()
        .filter(|_| !request.by_default && request.flow != Flow::Refresh && !request.tokens.is_empty())
    else {
        return;
    };
    let extra: Vec<&str> = granted
        .iter()
        .filter(|g| g.fault().is_none())
        .filter(|g| g.resource().map_or_else(|| !request.asks(&g.normal), |s| !request.known.asks(s, request.limit)))
        .map(|g| g.normal.as_str())
        .collect();
    if !extra.is_empty() {
        issues.push(Issue::information(
            Reason::ScopeExtra,
            Party::Policy,
            "tokenResponse.scope",
            format!("granted beyond the request: `{}`", extra.join(" ")),
        ));
    }
}
