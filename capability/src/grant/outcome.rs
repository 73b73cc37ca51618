//! The outcome of each requested token.

use super::GrantRequest;
use super::standing::Prospect;
use crate::agreement::{Flow, Outcome, ScopeOutcome};
use crate::issue::{Issue, Party};
use crate::scope::{
    Context, Kind, Query, ResourceScope, Syntax, Token, atoms, covered, is_known_type, minimal, minimal_string,
};

/// One outcome for each requested token, in its order, and issues about them. `client_types` are the types that the
/// client's statement lists: they are proposed in place of a wildcard.
pub fn outcomes(request: &GrantRequest, client_types: &[String], issues: &mut Vec<Issue>) -> Vec<ScopeOutcome> {
    tell_gates(request, issues);
    let made = request.tokens.iter().enumerate().map(|(i, token)| {
        tell_token(request, token, i, client_types, issues);
        let (outcome, predicted, why) = outcome(request, token);
        let valid = token.fault().is_none();
        ScopeOutcome {
            requested: token.text.clone(),
            normalised: if valid { token.normal.clone() } else { String::new() },
            outcome,
            predicted,
            minimal: minimal_string(std::slice::from_ref(token)),
            why,
        }
    });
    let made = made.collect();
    tell_extras(request, issues);
    made
}

type Decision = (Outcome, Vec<String>, Vec<&'static str>);

fn outcome(request: &GrantRequest, token: &Token) -> Decision {
    if let Some(fault) = token.fault() {
        return (Outcome::Unknown, Vec::new(), vec![fault.rule]);
    }
    let (outcome, predicted, mut why) = match (&request.granted, token.resource()) {
        (Some(granted), Some(scope)) => reconcile(request, scope, granted),
        (Some(granted), None) => reconcile_word(request, token, granted),
        (None, Some(scope)) => predict(request, token, scope),
        (None, None) => predict_word(request, token),
    };
    if token.resource().is_some_and(|s| s.resource_type != "*" && !is_known_type(&s.resource_type)) {
        why.push("vendor-type");
    }
    (outcome, predicted, why)
}

/// A known grant compared with one requested resource scope.
fn reconcile(request: &GrantRequest, scope: &ResourceScope, granted: &[Token]) -> Decision {
    let granted: Vec<&ResourceScope> = granted.iter().filter_map(Token::resource).collect();
    let full = atoms(scope, request.limit).iter().all(|atom| covered(atom, granted.iter().copied()));
    let rule = request.source;
    if request.flow == Flow::Refresh {
        return if full {
            (Outcome::Granted, vec![scope.to_string()], vec![rule])
        } else {
            (Outcome::Rejected, Vec::new(), vec![rule])
        };
    }
    let common: Vec<ResourceScope> = granted.iter().filter_map(|g| intersect(scope, g)).collect();
    let wider: Vec<ResourceScope> = granted
        .iter()
        .filter(|g| g.context == scope.context && g.covers_type(&scope.resource_type) && goes_beyond(g, request))
        .map(|g| (*g).clone())
        .collect();
    match (full, common.is_empty()) {
        (true, _) if !wider.is_empty() => (Outcome::Upgraded, strings(&minimal(&wider)), vec![rule]),
        (true, _) => (Outcome::Granted, vec![scope.to_string()], vec![rule]),
        (false, true) => (Outcome::Dropped, Vec::new(), vec![rule, "scope-missing"]),
        (false, false) => {
            let granular = common.iter().any(|c| !c.query.is_empty() && c.query != scope.query);
            (
                Outcome::Downscoped,
                strings(&minimal(&common)),
                if granular { vec![rule, "granular-narrowed"] } else { vec![rule] },
            )
        }
    }
}

/// True where a grant contains something that was not requested.
fn goes_beyond(granted: &ResourceScope, request: &GrantRequest) -> bool {
    atoms(granted, request.limit).iter().any(|atom| !covered(atom, request.asked_scopes()))
}

fn reconcile_word(request: &GrantRequest, token: &Token, granted: &[Token]) -> Decision {
    let rule = request.source;
    if granted.iter().any(|g| g.normal == token.normal && g.fault().is_none()) {
        return (Outcome::Granted, vec![token.normal.clone()], vec![rule]);
    }
    let outcome = if request.flow == Flow::Refresh { Outcome::Rejected } else { Outcome::Dropped };
    (outcome, Vec::new(), vec![rule, "scope-missing"])
}

fn predict(request: &GrantRequest, token: &Token, scope: &ResourceScope) -> Decision {
    if let Some(rule) = request.refusal(token) {
        return (Outcome::Rejected, Vec::new(), vec![rule]);
    }
    if let Some(registered) = &request.registration {
        let registered: Vec<&ResourceScope> = registered.iter().filter_map(Token::resource).collect();
        if !atoms(scope, request.limit).iter().all(|atom| covered(atom, registered.iter().copied())) {
            let common: Vec<ResourceScope> = registered.iter().filter_map(|r| intersect(scope, r)).collect();
            let outcome = if common.is_empty() { Outcome::Dropped } else { Outcome::Downscoped };
            return (outcome, strings(&minimal(&common)), vec!["registration"]);
        }
    }
    let v1_only = request.smart.as_ref().is_some_and(|s| s.is_v1_only());
    let (wide, broadened) = scope.permissions.broadened_to_v1();
    let broadened = v1_only && (broadened || !scope.query.is_empty());
    let v2 = matches!(token.kind, Kind::Resource(_, Syntax::V2));
    let mut why = Vec::new();
    if v1_only && v2 {
        why.push("v1-only");
    }
    if broadened {
        why.push("broadened");
    }
    match request.prospect(token, &scope.permissions) {
        Prospect::Listed if broadened => {
            let predicted = ResourceScope { permissions: wide, query: Query::default(), ..scope.clone() };
            why.insert(0, "listed");
            (Outcome::Upgraded, vec![predicted.to_string()], why)
        }
        Prospect::Listed => {
            let exact = request.smart.as_ref().is_some_and(|s| {
                s.listed().iter().any(|l| l.resource_type == scope.resource_type && l.context == scope.context)
            });
            why.insert(0, if exact { "listed" } else { "listed-wildcard" });
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
        return (Outcome::Dropped, Vec::new(), vec!["registration"]);
    }
    let unknown = |rule| (Outcome::Unknown, Vec::new(), vec![rule]);
    if request.flow == Flow::Refresh {
        return unknown("refresh-subset");
    }
    if token.normal == "launch" && request.flow == Flow::Standalone {
        return unknown("launch-needs-ehr");
    }
    let Some(smart) = &request.smart else { return unknown("no-smart-configuration") };
    match (smart.gate_against(token, request.flow, request.client), smart.lists_word(token)) {
        (None, true) => (Outcome::Granted, vec![token.normal.clone()], vec!["listed"]),
        (Some(gate), true) => unknown(gate),
        (Some(gate), false) => (Outcome::Dropped, Vec::new(), vec![gate]),
        (None, false) if token.kind == Kind::Foreign => unknown("foreign"),
        (None, false) => unknown("unlisted-scope"),
    }
}

/// What both scopes grant.
fn intersect(a: &ResourceScope, b: &ResourceScope) -> Option<ResourceScope> {
    let resource_type = match (a.resource_type.as_str(), b.resource_type.as_str()) {
        ("*", other) | (other, "*") => other,
        (one, other) if one == other => one,
        _ => return None,
    };
    let permissions = a.permissions.common(b.permissions);
    if a.context != b.context || permissions.is_empty() {
        return None;
    }
    let query = if a.query.admits(&b.query) {
        b.query.clone()
    } else if b.query.admits(&a.query) {
        a.query.clone()
    } else {
        Query::of(a.query.pairs.iter().chain(&b.query.pairs).cloned().collect())
    };
    Some(ResourceScope { context: a.context, resource_type: resource_type.to_owned(), permissions, query })
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

fn tell_token(request: &GrantRequest, token: &Token, index: usize, client_types: &[String], issues: &mut Vec<Issue>) {
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
        issues.push(Issue::information("scope-hint", Party::Scope, &path, format!("`{}`: {hint}", token.text)));
    }
    let Some(scope) = token.resource() else { return };
    if scope.resource_type != "*" && !is_known_type(&scope.resource_type) {
        issues.push(Issue::information(
            "vendor-type",
            Party::Scope,
            &path,
            format!("`{}` is not a FHIR resource type", scope.resource_type),
        ));
    }
    if request.granted.is_none() && request.prospect(token, &scope.permissions) == Prospect::Unknown("wildcard-dropped")
    {
        let explicit = client_types.iter().map(|t| ResourceScope { resource_type: t.clone(), ..scope.clone() });
        let explicit: Vec<ResourceScope> = explicit
            .filter(|s| {
                atoms(s, request.limit)
                    .iter()
                    .all(|a| request.smart.as_ref().is_some_and(|smart| covered(a, smart.listed().iter())))
            })
            .collect();
        if !explicit.is_empty() {
            let text = format!(
                "only individual types are listed, so a server may drop `{}` silently; ask for `{}`",
                token.text,
                strings(&explicit).join(" ")
            );
            issues.push(Issue::warning("wildcard-dropped", Party::Scope, path, text));
        }
    }
    if scope.context == Context::System && request.flow != Flow::Backend {
        issues.push(Issue::information(
            "system-needs-backend",
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
        .filter(|g| g.resource().map_or_else(|| !request.asks(&g.normal), |scope| goes_beyond(scope, request)))
        .map(|g| g.normal.as_str())
        .collect();
    if !extra.is_empty() {
        issues.push(Issue::information(
            "scope-extra",
            Party::Policy,
            "tokenResponse.scope",
            format!("granted beyond the request: `{}`", extra.join(" ")),
        ));
    }
}
