//! Security services: information only.

use crate::issue::{Issue, Party};
use crate::statement::Statement;

/// Adds an issue for each service that the client names and the server does not.
pub fn tell(client: &Statement, server: &Statement, issues: &mut Vec<Issue>) {
    let offered = |code: &str| server.rest.security.iter().any(|s| s.value == code);
    for service in client.rest.security.iter().filter(|s| !offered(&s.value)) {
        issues.push(Issue::information(
            "security",
            Party::Server,
            "rest[0].security",
            format!("the client names the security service `{}`, and the server does not", service.value),
        ));
    }
}
