//! What a server will grant of a scope request: predicted from its SMART configuration, the flow, the client type and
//! the policy, or known from a token response. Every outcome names the rules that it is based on.

mod expected;
mod known;
mod launch;
mod limits;
mod outcome;
mod overlap;
mod propose;
mod prospect;
mod smart;
mod standing;

pub use expected::reaching;
pub use launch::launch;
pub use outcome::outcomes;
pub use smart::SmartConfiguration;

use crate::agreement::{ClientType, Flow};
use crate::issue::{Issue, Party};
use crate::policy::Policy;
use crate::reason::Reason;
use crate::scope::{ResourceScope, Token, alternatives_limit, parse};
use expected::{Bounds, expected};
use known::Known;

/// A scope request and everything that decides what is granted.
#[derive(Clone, Debug)]
pub struct GrantRequest {
    pub flow: Flow,
    pub client: ClientType,
    pub smart: Option<SmartConfiguration>,
    /// The requested tokens; those of the policy's default where the request names none.
    pub tokens: Vec<Token>,
    /// True where scopes matter at all: without a scope string they do not weigh.
    pub asked: bool,
    /// True where the tokens come from the policy's default.
    pub by_default: bool,
    /// How many alternatives of one query are distinguished.
    pub limit: usize,
    /// The rule id behind a known grant.
    pub source: Reason,
    /// What is known to be granted, from a token response or the policy; in the flow `refresh`, by the first request.
    pub granted: Option<Vec<Token>>,
    pub registration: Option<Vec<Token>>,
    pub authority: Option<Vec<ResourceScope>>,
    /// A patient is in context, by the policy or the token response.
    pub patient_assumed: bool,
    /// The type of the resource that represents the user, by the policy.
    pub user: Option<String>,
    /// The resource scopes that the request comes to within registration and authority; `None`: too many to tell.
    pub expected: Option<Vec<ResourceScope>>,
    /// The same scopes, ready to be asked what they cover.
    known: Known,
}

impl GrantRequest {
    /// Combines scope string, configuration and policy. An empty scope string is a request that names no scope.
    pub fn new(
        scope: Option<&str>,
        smart: Option<SmartConfiguration>,
        flow: Option<Flow>,
        client: Option<ClientType>,
        policy: &Policy,
        issues: &mut Vec<Issue>,
    ) -> GrantRequest {
        let launched = flow.is_some() || smart.is_some();
        let flow = flow.unwrap_or_default();
        // Client credentials need an asymmetric client: the default of the other flows would contradict the flow.
        let client = client.unwrap_or(if flow == Flow::Backend {
            ClientType::ConfidentialAsymmetric
        } else {
            ClientType::Public
        });
        let requested: Vec<Token> = scope.map(parse).unwrap_or_default();
        let omitted = requested.is_empty();
        let granted: Option<Vec<Token>> = policy.granted_scopes().map(parse);
        let default = policy.default_scopes.as_deref().filter(|_| omitted && flow != Flow::Refresh);
        // What is known to be granted was asked for: it replaces a request that is not given.
        let kept = granted.clone().filter(|_| omitted && default.is_none());
        if omitted && (scope.is_some() || launched) {
            issues.push(omitted_issue(flow, scope.is_some(), default.is_some()));
        }
        let by_default = default.is_some() || kept.is_some();
        let tokens = if omitted { default.map(parse).or(kept).unwrap_or_default() } else { requested };
        let source = source_of(flow, default.is_some() && granted.is_none(), policy);
        let [registration, authority] =
            [&policy.registration, &policy.authority].map(|text| text.as_deref().map(parse));
        let read = [granted.as_deref(), registration.as_deref(), authority.as_deref()];
        limits::tell_limits(policy, read, smart.as_ref(), issues);
        let authority: Option<Vec<ResourceScope>> =
            authority.map(|tokens| tokens.iter().filter_map(|t| t.resource().cloned()).collect());
        let limit = limit_of(&tokens, granted.as_deref());
        let granted = granted.or_else(|| default.map(parse));
        let known = Known::new(&tokens, granted.as_deref(), registration.as_deref(), authority.as_deref(), limit);
        let bounds = Bounds::new(granted.as_deref(), registration.as_deref(), authority.as_deref());
        GrantRequest {
            expected: expected(&tokens, &bounds, |scope| known.registers(scope, limit)),
            limit,
            source,
            flow,
            client,
            smart,
            asked: by_default || scope.is_some_and(|_| flow != Flow::Refresh || !omitted),
            by_default,
            granted,
            tokens,
            registration,
            authority,
            patient_assumed: policy.assume.patient_context == Some(true)
                || policy.token_response.as_ref().is_some_and(|t| t.patient.is_some()),
            user: policy.assume.user.clone(),
            known,
        }
    }

    /// The requested resource scopes; faulty tokens ask for nothing.
    pub fn asked_scopes(&self) -> impl Iterator<Item = &ResourceScope> {
        self.tokens.iter().filter_map(Token::resource)
    }

    /// The granted resource scopes, where the grant is known.
    pub fn granted_scopes(&self) -> Option<impl Iterator<Item = &ResourceScope>> {
        self.granted.as_ref().map(|tokens| tokens.iter().filter_map(Token::resource))
    }

    /// True where this very word was asked for.
    pub fn asks(&self, word: &str) -> bool {
        self.tokens.iter().any(|t| t.fault().is_none() && t.normal == word)
    }
}

/// The rule id behind a known grant.
fn source_of(flow: Flow, by_default: bool, policy: &Policy) -> Reason {
    match (flow, by_default, policy.token_response.is_some()) {
        (Flow::Refresh, _, _) => Reason::RefreshSubset,
        (_, true, _) => Reason::DefaultScopes,
        (_, _, true) => Reason::TokenResponse,
        _ => Reason::Policy,
    }
}

/// How many alternatives of one query are distinguished where these are compared.
fn limit_of(asked: &[Token], granted: Option<&[Token]>) -> usize {
    let most = |size: fn(&[Token]) -> usize| size(asked).max(granted.map_or(0, size));
    alternatives_limit(most(<[Token]>::len), most(|all| all.iter().map(|t| t.text.len()).sum()))
}

fn omitted_issue(flow: Flow, spelled_out: bool, by_policy: bool) -> Issue {
    let rule = Reason::ScopeOmitted;
    match flow {
        Flow::Refresh => {
            Issue::information(rule, Party::Scope, "", "a refresh without a scope keeps the granted scopes")
        }
        _ if by_policy => Issue::information(
            rule,
            Party::Policy,
            "defaultScopes",
            "the request names no scope: the policy's default scopes are used",
        ),
        _ if spelled_out => Issue::error(
            rule,
            Party::Scope,
            "",
            "a SMART launch without a scope is invalid; a server's default counts only if a policy names it",
        ),
        _ => Issue::information(
            rule,
            Party::Scope,
            "",
            "no scope string was given, so scopes do not count; a SMART launch without a scope is invalid",
        ),
    }
}
