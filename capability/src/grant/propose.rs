//! The scopes on single types that are proposed in place of a wildcard.

use std::cell::Cell;

use super::GrantRequest;
use crate::scope::{Context, PROPOSED_BYTES, PROPOSED_LIMIT, ResourceScope};

/// The client's types, in its order.
pub struct Proposed<'t> {
    all: &'t [String],
    /// Context by context those that the configuration lists.
    listed: [Vec<&'t String>; Context::ALL.len()],
    /// How many bytes of proposals were spelt out.
    spelt_out: Cell<usize>,
}

impl<'t> Proposed<'t> {
    pub fn new(request: &GrantRequest, all: &'t [String]) -> Proposed<'t> {
        let names =
            |context, name: &&String| request.smart.as_ref().is_some_and(|smart| smart.grants().names(context, name));
        let listed = Context::ALL.map(|context| all.iter().filter(|name| names(context, name)).collect());
        Proposed { all, listed, spelt_out: Cell::new(0) }
    }

    /// What to ask for in place of this scope on all types: scopes on the client's types that the configuration
    /// covers; `None` where there are none.
    pub fn advice(&self, request: &GrantRequest, scope: &ResourceScope) -> Option<String> {
        let smart = request.smart.as_ref()?;
        let covers = |s: &ResourceScope| smart.grants().covers(s, request.limit);
        let listed = self.listed.get(scope.context as usize).map(Vec::as_slice).unwrap_or_default();
        // A wildcard is listed in parts that together cover it: then any type will do.
        let types: Vec<&String> =
            if covers(scope) { self.all.iter().take(PROPOSED_LIMIT + 1).collect() } else { listed.to_vec() };
        if types.is_empty() {
            return None;
        }
        let of_type = |name: &&String| ResourceScope { resource_type: (*name).clone(), ..scope.clone() };
        let bytes: usize = types.iter().map(|name| name.len() + scope.bytes()).sum();
        if bytes > PROPOSED_BYTES.saturating_sub(self.spelt_out.get()) {
            return Some("ask for the types by their names".to_owned());
        }
        self.spelt_out.set(self.spelt_out.get() + bytes);
        let scopes: Vec<String> =
            types.iter().take(PROPOSED_LIMIT).map(of_type).filter(covers).map(|s| s.to_string()).collect();
        let rest = if types.len() > PROPOSED_LIMIT { ", and for the others in the same way" } else { "" };
        (!scopes.is_empty()).then(|| format!("ask for `{}`{rest}", scopes.join(" ")))
    }
}
