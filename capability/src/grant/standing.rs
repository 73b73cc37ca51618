//! What is known about the grant of one permission on one type.

use super::GrantRequest;
use super::prospect::{Prospect, Standing};
use crate::agreement::{Flow, Outcome, ScopeAnswer};
use crate::reason::Reason;
use crate::scope::{Context, Kind, Permission, Permissions, Query, ResourceScope, Syntax, Token};

impl GrantRequest {
    /// The grant for `permission` on `resource_type` (`*` for the system level); `None` where scopes do not matter.
    pub fn standing(&self, resource_type: &str, permission: Permission) -> Option<Standing> {
        if !self.asked {
            return None;
        }
        self.known.standing(resource_type, permission, || self.standing_of(resource_type, permission))
    }

    fn standing_of(&self, resource_type: &str, permission: Permission) -> Option<Standing> {
        let own = |s: &&ResourceScope| s.covers_type(resource_type) && s.permissions.contains(permission);
        if self.authority.as_ref().is_some_and(|all| !all.iter().any(|s| own(&s))) {
            return Some((ScopeAnswer::Missing, vec![Reason::Authority]));
        }
        let asked: Vec<&Token> = self.tokens.iter().filter(|t| t.resource().is_some_and(|s| own(&s))).collect();
        if let Some(granted) = self.granted_scopes() {
            let within = |g: &&ResourceScope| {
                self.flow != Flow::Refresh
                    || self.by_default
                    || asked.iter().any(|t| t.resource().is_some_and(|s| s.context == g.context))
            };
            return Some(match best_filter(granted.filter(own).filter(within)) {
                Some(narrowed) => {
                    (ScopeAnswer::Granted, if narrowed { vec![Reason::GranularNarrowed] } else { Vec::new() })
                }
                None if asked.is_empty() => (ScopeAnswer::NotAsked, vec![Reason::NotAsked]),
                None => (ScopeAnswer::Missing, vec![Reason::ScopeMissing]),
            });
        }
        let predicted = asked.iter().map(|token| self.predicted(token, resource_type, permission));
        let best = predicted
            .reduce(|best, next| if (next.0, next.1.is_empty()) > (best.0, best.1.is_empty()) { next } else { best });
        Some(best.unwrap_or((ScopeAnswer::NotAsked, vec![Reason::NotAsked])))
    }

    /// The prospects of one requested token for one permission on one type.
    fn predicted(&self, token: &Token, resource_type: &str, permission: Permission) -> Standing {
        let Some(scope) = token.resource() else { return (ScopeAnswer::NotAsked, vec![Reason::NotAsked]) };
        if let Some(rule) = self.refusal(token) {
            return (ScopeAnswer::Missing, vec![rule]);
        }
        if let Some(registered) = &self.registration {
            let reach = |r: &ResourceScope| {
                r.context == scope.context && r.covers_type(resource_type) && r.permissions.contains(permission)
            };
            if !registered.iter().filter_map(Token::resource).any(reach) {
                return (ScopeAnswer::Missing, vec![Reason::Registration]);
            }
            // What is registered of a broader request is what the server is expected to grant.
            if !self.known.registers(scope, self.limit) {
                return match self.registered_in_vain(token, &Permissions::of(permission)) {
                    Some((Outcome::Dropped, why)) => (ScopeAnswer::Missing, why),
                    Some((_, why)) => (ScopeAnswer::Unknown, why),
                    None => (ScopeAnswer::Likely, vec![Reason::Registration]),
                };
            }
        }
        let mut why = if scope.query.is_empty() { Vec::new() } else { vec![Reason::Granular] };
        let is_v2 = matches!(token.kind, Kind::Resource(_, Syntax::V2));
        let answer = match self.prospect(token, &Permissions::of(permission)) {
            Prospect::Listed if is_v2 && self.smart.as_ref().is_some_and(|s| s.is_v1_only()) => {
                why.push(Reason::V1Only);
                ScopeAnswer::Unknown
            }
            Prospect::Listed => ScopeAnswer::Likely,
            Prospect::Unknown(rule) => {
                why.push(rule);
                ScopeAnswer::Unknown
            }
            Prospect::Gated(rule) => {
                why.push(rule);
                ScopeAnswer::Missing
            }
        };
        (answer, why)
    }

    /// What keeps a server from granting what is registered of a token: what it declares, or the syntax.
    pub(super) fn registered_in_vain(&self, token: &Token, letters: &Permissions) -> Option<(Outcome, Vec<Reason>)> {
        let is_v2 = matches!(token.kind, Kind::Resource(_, Syntax::V2));
        match self.prospect(token, letters) {
            Prospect::Gated(rule) => Some((Outcome::Dropped, vec![rule])),
            _ if is_v2 && self.smart.as_ref().is_some_and(|s| s.is_v1_only()) => {
                Some((Outcome::Unknown, vec![Reason::V1Only, Reason::Registration]))
            }
            _ => None,
        }
    }

    /// The rule by which the flow refuses this token, whatever the server declares.
    pub(super) fn refusal(&self, token: &Token) -> Option<Reason> {
        let system = token.resource().is_some_and(|s| s.context == Context::System);
        let smart = matches!(token.kind, Kind::Resource(..) | Kind::Launch | Kind::Identity | Kind::Refresh);
        (self.flow == Flow::Backend && smart && !system).then_some(Reason::BackendSystemOnly)
    }

    /// What the configuration says about these permissions of a requested resource scope.
    pub(super) fn prospect(&self, token: &Token, letters: &Permissions) -> Prospect {
        self.known.prospect(token, *letters, || self.prospect_of(token, letters))
    }

    fn prospect_of(&self, token: &Token, letters: &Permissions) -> Prospect {
        let Some(scope) = token.resource() else { return Prospect::Unknown(Reason::Foreign) };
        if self.flow == Flow::Refresh {
            return Prospect::Unknown(Reason::RefreshSubset);
        }
        if scope.context == Context::System && self.flow != Flow::Backend {
            return Prospect::Unknown(Reason::SystemNeedsBackend);
        }
        let Some(smart) = &self.smart else { return Prospect::Unknown(Reason::NoSmartConfiguration) };
        let (letters, query) = if smart.is_v1_only() {
            (letters.broadened_to_v1().0, Query::default())
        } else {
            (*letters, scope.query.clone())
        };
        let listed = smart.grants().letters(scope.context, &scope.resource_type, &query, letters) == letters;
        match (smart.gate_against(token, self.flow, self.client), listed) {
            (None, true) => Prospect::Listed,
            (Some(gate), true) => Prospect::Unknown(gate),
            (Some(gate), false) => Prospect::Gated(gate),
            (None, false) if scope.resource_type == "*" => Prospect::Unknown(Reason::WildcardDropped),
            (None, false) => Prospect::Unknown(Reason::UnlistedScope),
        }
    }
}

/// Whether the widest of the scopes is filtered; `None` where there is none.
fn best_filter<'a>(scopes: impl Iterator<Item = &'a ResourceScope>) -> Option<bool> {
    scopes.map(|s| !s.query.is_empty()).min()
}
