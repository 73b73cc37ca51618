//! What a module names of its own crate: the paths behind `crate::`.

/// The paths that the code names behind `prefix` (`crate::`), groups spread out: `plan::rows::NONE`, `plan::Handle`.
pub fn named(code: &str, prefix: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        if !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '$') {
            spread(&code[at + prefix.len()..], "", &mut out);
        }
    }
    out.sort();
    out.dedup();
    out
}

/// Reads one path, or a group of them, at the start of `text`; gives what follows.
fn spread<'t>(text: &'t str, before: &str, out: &mut Vec<String>) -> &'t str {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = spread(rest, before, out).trim_start();
            match rest.chars().next() {
                Some(',') => rest = &rest[1..],
                Some('}') => return &rest[1..],
                _ => return rest,
            }
            if let Some(after) = rest.trim_start().strip_prefix('}') {
                return after;
            }
        }
    }
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let path = if before.is_empty() { name.to_owned() } else { format!("{before}::{name}") };
    match rest.strip_prefix("::") {
        Some(deeper) if !name.is_empty() => spread(deeper, &path, out),
        _ => {
            out.push(path);
            let renamed = rest
                .trim_start()
                .strip_prefix("as ")
                .map(|r| r.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_' || c == ' '));
            renamed.unwrap_or(rest)
        }
    }
}

/// Whether one of the allowed paths is this path or is above it.
pub fn allows(allowed: &[&str], path: &str) -> bool {
    allowed.iter().any(|a| path == *a || path.strip_prefix(a).is_some_and(|rest| rest.starts_with("::")))
}

#[test]
fn paths_are_spread_out() {
    let code = "use crate::plan::{Handle, rows::{NONE, Run as R}, X}; fn f(m: crate::model::Model) {} use \
        fhir::crate_::x; $crate::macros::m";
    assert_eq!(
        named(code, "crate::"),
        ["model::Model", "plan::Handle", "plan::X", "plan::rows::NONE", "plan::rows::Run"]
    );
    assert!(allows(&["plan"], "plan::rows") && allows(&["definition::FhirVersion"], "definition::FhirVersion"));
    assert!(!allows(&["definition::FhirVersion"], "definition::Canonical") && !allows(&["plan"], "planner"));
}
