//! Security services: information only.

use rustc_hash::FxHashSet;

use crate::issue::{Issue, Party};
use crate::reason::Reason;
use crate::statement::Statement;

/// Adds an issue for each service that the client names and the server does not.
pub fn tell(client: &Statement, server: &Statement, issues: &mut Vec<Issue>) {
    let offered: FxHashSet<&str> = server.rest.security.iter().map(|s| s.value.as_str()).collect();
    for service in client.rest.security.iter().filter(|s| !offered.contains(s.value.as_str())) {
        issues.push(Issue::information(
            Reason::Security,
            Party::Server,
            "rest[0].security",
            format!("the client names the security service `{}`, and the server does not", service.value),
        ));
    }
}
