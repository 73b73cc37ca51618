//! What the scopes of a token carry.

use crate::scope::{Context, Permission, ResourceScope, Token, parse};

use super::access::TokenContext;
use super::limits::LIMITED_SCOPES;

/// The resource scopes of a token that can carry anything: valid ones, and patient scopes where a patient is known.
#[derive(Clone, Debug)]
pub(super) struct Grants<'t> {
    scopes: Vec<ResourceScope>,
    pub(super) patient: Option<&'t str>,
    /// It has a patient scope and no patient.
    lacks_patient: bool,
}

/// The scopes that carry a permission on a type.
#[derive(Clone, Debug)]
pub(super) enum Carriers<'g> {
    /// This one carries it on every resource.
    Free(&'g ResourceScope),
    /// These carry it on a patient's resources, or on those that meet a filter; never empty.
    Limited(Vec<&'g ResourceScope>),
    /// None does; true where a patient scope would, if the token had a patient.
    None(bool),
}

impl<'t> Grants<'t> {
    pub(super) fn of(token: &'t TokenContext) -> Grants<'t> {
        let scopes: Vec<ResourceScope> = parse(&token.scope).iter().filter_map(Token::resource).cloned().collect();
        let patient = token.patient.as_deref().filter(|p| super::route::is_id(p));
        let lacks_patient = patient.is_none() && scopes.iter().any(|s| s.context == Context::Patient);
        Grants { scopes, patient, lacks_patient }
    }

    /// Whether a scope is about one patient's resources, or has a filter.
    pub(super) fn has_limits(&self) -> bool {
        self.scopes.iter().any(|s| s.context == Context::Patient || !s.query.is_empty())
    }

    /// Whether a scope has a filter.
    pub(super) fn has_filter(&self) -> bool {
        self.scopes.iter().any(|s| !s.query.is_empty())
    }

    /// What carries a permission on a type; with `*` on every type.
    pub(super) fn carriers(&self, resource_type: &str, permission: Permission) -> Carriers<'_> {
        let carries = |s: &&ResourceScope| s.permissions.contains(permission) && s.covers_type(resource_type);
        let mut limited: Vec<&ResourceScope> = Vec::new();
        let mut lacks = false;
        for scope in self.scopes.iter().filter(carries) {
            match (scope.context, self.patient) {
                (Context::Patient, None) => lacks = self.lacks_patient,
                (Context::User | Context::System, _) if scope.query.is_empty() => return Carriers::Free(scope),
                _ if limited.len() < LIMITED_SCOPES && !limited.contains(&scope) => limited.push(scope),
                _ => {}
            }
        }
        if limited.is_empty() { Carriers::None(lacks) } else { Carriers::Limited(limited) }
    }

    /// A scope without limits that carries everything on a type.
    pub(super) fn carries_all(&self, resource_type: &str) -> Option<&ResourceScope> {
        let all = Permission::ALL.map(|p| self.carriers(resource_type, p));
        let free = all.iter().map(|c| if let Carriers::Free(scope) = c { Some(*scope) } else { None });
        free.collect::<Option<Vec<_>>>()?.first().copied()
    }
}
