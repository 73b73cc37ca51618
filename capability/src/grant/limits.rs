//! Tells where scopes beside the request are more than are read.

use super::SmartConfiguration;
use crate::issue::{Issue, Party};
use crate::policy::Policy;
use crate::reason::Reason;
use crate::scope::Token;

/// Adds an issue for each string of the policy (what it grants, registers, and the user's own right) with a scope
/// beyond a bound, and for a configuration that lists more than is read: what lies beyond does not count.
pub fn tell_limits(
    policy: &Policy,
    strings: [Option<&[Token]>; 3],
    smart: Option<&SmartConfiguration>,
    issues: &mut Vec<Issue>,
) {
    let rule = Reason::ScopeLimit;
    let response = policy.token_response.as_ref().is_some_and(|t| t.scope.is_some());
    let members = [if response { "tokenResponse.scope" } else { "granted" }, "registration", "authority"];
    for (member, tokens) in members.into_iter().zip(strings) {
        let beyond = |t: &&Token| t.fault().is_some_and(|fault| fault.rule == rule);
        if let Some(first) = tokens.into_iter().flatten().find(beyond) {
            let text = format!("from byte {} on there is more than is read, and it does not count", first.at);
            issues.push(Issue::warning(rule, Party::Policy, member, text));
        }
    }
    let unread = smart.map_or(0, SmartConfiguration::unread);
    if unread > 0 {
        let text = format!("{unread} of the scopes listed are more than are read, and count as not listed");
        issues.push(Issue::warning(rule, Party::Smart, "scopes_supported", text));
    }
}
