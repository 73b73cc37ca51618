//! Places in statements as JSON pointers.

use crate::agreement::Paths;
use crate::statement::Statement;

/// The places of an item on both sides; the server's where it lists the item.
pub fn paths((client, own): (&Statement, &str), (server, other): (&Statement, Option<&str>)) -> Paths {
    let (in_client, client_guide) = place(client, own);
    let (in_server, server_guide) = other.map(|path| place(server, path)).unwrap_or_default();
    Paths { client: in_client, server: in_server, client_guide, server_guide }
}

/// A place in the statement itself, and one in the statement of a guide or an import.
fn place(statement: &Statement, path: &str) -> (Option<String>, Option<String>) {
    if path.is_empty() || path.starts_with("need[") {
        return (None, None);
    }
    if statement.is_guide {
        return (None, Some(pointer(innermost(path))));
    }
    match path.strip_prefix("imports[") {
        Some(rest) => {
            let index = rest.split(']').next().unwrap_or_default();
            (Some(format!("/imports/{index}")), Some(pointer(innermost(path))))
        }
        None => (Some(pointer(path)), None),
    }
}

/// The part of a path that lies in the last of the statements that import each other.
fn innermost(path: &str) -> &str {
    let mut rest = path;
    while rest.starts_with("imports[") {
        match rest.split_once("].") {
            Some((_, inner)) => rest = inner,
            None => break,
        }
    }
    rest
}

/// `/rest/0/resource/3` for `rest[0].resource[3]`.
fn pointer(path: &str) -> String {
    let mut out = String::with_capacity(path.len() + 1);
    for step in path.split('.') {
        let mut parts = step.split('[');
        out.push('/');
        out.push_str(parts.next().unwrap_or_default());
        for index in parts {
            out.push('/');
            out.push_str(index.trim_end_matches(']'));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_pointers() {
        assert_eq!(pointer("rest[0].resource[12].conditionalDelete"), "/rest/0/resource/12/conditionalDelete");
        assert_eq!(innermost("imports[2].imports[0].rest[0]"), "rest[0]");
    }
}
