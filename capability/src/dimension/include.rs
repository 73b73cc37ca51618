//! `_include` and `_revinclude`.

use super::interaction::best;
use super::offer::ServerType;
use crate::agreement::{IncludeAgreement, ScopeAnswer};
use crate::expectation::{Expectation, Weight, weigh};
use crate::grant::GrantRequest;
use crate::scope::Permission;
use crate::statement::Stated;

/// The weight of an include: without its own expectation SHOULD at most, as a second query can replace it.
pub fn weight(parent: Option<Weight>, own: Option<Expectation>) -> Option<Weight> {
    weigh(parent, own.or(Some(Expectation::Should)))
}

/// One include of the client.
pub fn include(
    server: &ServerType<'_>,
    wanted: &Stated<String>,
    reverse: bool,
    parent: Option<Weight>,
    grant: &GrantRequest,
) -> IncludeAgreement {
    let listed = server.resource.into_iter().flat_map(|r| if reverse { &r.rev_includes } else { &r.includes });
    let (answer, mut why) = best(listed.filter(|i| covers(&i.value, &wanted.value)).map(|i| server.item(i)))
        .unwrap_or_else(|| server.unlisted());
    if let Some(other) = other_type(&wanted.value, reverse) {
        let read = grant.standing(other, Permission::Read).map(|s| s.0);
        if matches!(read, Some(ScopeAnswer::NotAsked | ScopeAnswer::Missing)) {
            why.push("target-not-asked");
        }
    }
    IncludeAgreement {
        code: wanted.value.clone(),
        reverse,
        client: wanted.expectation,
        weighs: weight(parent, wanted.expectation),
        server: answer,
        why,
    }
}

/// `*` covers every include, `X:*` each of type X, `X:p` all of its targets.
fn covers(listed: &str, wanted: &str) -> bool {
    let prefix = |lead: &str| wanted.strip_prefix(lead).is_some_and(|rest| rest.starts_with(':'));
    listed == "*"
        || listed == wanted
        || listed.strip_suffix(":*").is_some_and(prefix)
        || (listed.split(':').count() == 2 && !listed.ends_with(":*") && prefix(listed))
}

/// The type of the included resources, where the text of the include names it.
fn other_type(include: &str, reverse: bool) -> Option<&str> {
    let mut parts = include.split(':');
    let source = parts.next().filter(|s| *s != "*");
    if reverse { source } else { parts.nth(1) }
}
