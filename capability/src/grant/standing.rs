//! What is known about the grant of one permission on one type.

use super::GrantRequest;
use crate::agreement::{Flow, ScopeAnswer};
use crate::scope::{Atom, Context, Kind, Permission, Permissions, Query, ResourceScope, Token, covered};

/// An answer with the rules that it is based on.
pub type Standing = (ScopeAnswer, Vec<&'static str>);

impl GrantRequest {
    /// The grant for `permission` on `resource_type` (`*` for the system level); `None` where scopes do not matter.
    pub fn standing(&self, resource_type: &str, permission: Permission) -> Option<Standing> {
        if !self.asked {
            return None;
        }
        let own = |s: &&ResourceScope| s.covers_type(resource_type) && s.permissions.contains(permission);
        if self.authority.as_ref().is_some_and(|all| !all.iter().any(|s| own(&s))) {
            return Some((ScopeAnswer::Missing, vec!["authority"]));
        }
        let asked: Vec<&Token> = self.tokens.iter().filter(|t| t.resource().is_some_and(|s| own(&s))).collect();
        if let Some(granted) = self.granted_scopes() {
            let within = |g: &&ResourceScope| {
                self.flow != Flow::Refresh
                    || self.by_default
                    || asked.iter().any(|t| t.resource().is_some_and(|s| s.context == g.context))
            };
            return Some(match best_filter(granted.filter(own).filter(within)) {
                Some(narrowed) => (ScopeAnswer::Granted, if narrowed { vec!["granular-narrowed"] } else { Vec::new() }),
                None if asked.is_empty() => (ScopeAnswer::NotAsked, vec!["not-asked"]),
                None => (ScopeAnswer::Missing, vec!["scope-missing"]),
            });
        }
        let predicted = asked.iter().map(|token| self.predicted(token, resource_type, permission));
        let best = predicted
            .reduce(|best, next| if (next.0, next.1.is_empty()) > (best.0, best.1.is_empty()) { next } else { best });
        Some(best.unwrap_or((ScopeAnswer::NotAsked, vec!["not-asked"])))
    }

    /// The prospects of one requested token for one permission on one type.
    fn predicted(&self, token: &Token, resource_type: &str, permission: Permission) -> Standing {
        let Some(scope) = token.resource() else { return (ScopeAnswer::NotAsked, vec!["not-asked"]) };
        if let Some(rule) = self.refusal(token) {
            return (ScopeAnswer::Missing, vec![rule]);
        }
        if let Some(registered) = &self.registration {
            let reach = |r: &ResourceScope| {
                r.context == scope.context && r.covers_type(resource_type) && r.permissions.contains(permission)
            };
            if !registered.iter().filter_map(Token::resource).any(reach) {
                return (ScopeAnswer::Missing, vec!["registration"]);
            }
        }
        let mut why = if scope.query.is_empty() { Vec::new() } else { vec!["granular"] };
        let answer = match self.prospect(token, &Permissions::of(permission)) {
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

    /// The rule by which the flow refuses this token, whatever the server declares.
    pub(super) fn refusal(&self, token: &Token) -> Option<&'static str> {
        let system = token.resource().is_some_and(|s| s.context == Context::System);
        let smart = matches!(token.kind, Kind::Resource(..) | Kind::Launch | Kind::Identity | Kind::Refresh);
        (self.flow == Flow::Backend && smart && !system).then_some("backend-system-only")
    }

    /// What the configuration says about these permissions of a requested resource scope.
    pub(super) fn prospect(&self, token: &Token, letters: &Permissions) -> Prospect {
        let Some(scope) = token.resource() else { return Prospect::Unknown("foreign") };
        if self.flow == Flow::Refresh {
            return Prospect::Unknown("refresh-subset");
        }
        if scope.context == Context::System && self.flow != Flow::Backend {
            return Prospect::Unknown("system-needs-backend");
        }
        let Some(smart) = &self.smart else { return Prospect::Unknown("no-smart-configuration") };
        let (letters, query) = if smart.is_v1_only() {
            (letters.broadened_to_v1().0, Query::default())
        } else {
            (*letters, scope.query.clone())
        };
        let atom = |permission| Atom {
            context: scope.context,
            resource_type: scope.resource_type.clone(),
            permission,
            query: query.clone(),
        };
        let listed = letters.iter().all(|p| covered(&atom(p), smart.listed().iter()));
        match (smart.gate_against(token, self.flow, self.client), listed) {
            (None, true) => Prospect::Listed,
            (Some(gate), true) => Prospect::Unknown(gate),
            (Some(gate), false) => Prospect::Gated(gate),
            (None, false) if scope.resource_type == "*" => Prospect::Unknown("wildcard-dropped"),
            (None, false) => Prospect::Unknown("unlisted-scope"),
        }
    }
}

/// What a configuration says about a requested token, or a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prospect {
    /// Listed, and nothing contradicts it.
    Listed,
    /// Not listed, or listed although a declaration contradicts it.
    Unknown(&'static str),
    /// Not listed, and a declaration contradicts it.
    Gated(&'static str),
}

/// Whether the widest of the scopes is filtered; `None` where there is none.
fn best_filter<'a>(scopes: impl Iterator<Item = &'a ResourceScope>) -> Option<bool> {
    scopes.map(|s| !s.query.is_empty()).min()
}
