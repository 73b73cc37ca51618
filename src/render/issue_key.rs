//! What tells an issue apart from others of its instance, for as long as the instance and its profiles keep their form.

use fhir_accord_profiles::issue::Issue;

/// The key of an issue: the rule (of a constraint with its key), the element's path without indices, and the canonicals
/// of the profiles that demand it without their versions. No text and no place is part of it, so that it stays the same
/// when messages are reworded, lines move, and packages get new versions.
pub fn issue_key(issue: &Issue) -> String {
    let mut key = issue.rule.as_str().to_owned();
    if let Some(constraint) = &issue.constraint {
        key.push(':');
        key.push_str(constraint);
    }
    if !issue.expression.is_empty() {
        key.push(' ');
        key.push_str(&without_indices(&issue.expression));
    }
    let mut canonicals: Vec<&str> = issue.profiles.iter().map(|p| p.split('|').next().unwrap_or(p)).collect();
    canonicals.sort_unstable();
    canonicals.dedup();
    if !canonicals.is_empty() {
        key.push(' ');
        key.push_str(&canonicals.join(","));
    }
    key
}

/// A FHIRPath expression of a place without its indices: `Patient.name[0].given[1]` is `Patient.name.given`.
pub fn without_indices(expression: &str) -> String {
    let mut out = String::with_capacity(expression.len());
    let mut rest = expression;
    while let Some((before, after)) = rest.split_once('[') {
        out.push_str(before);
        match after.split_once(']') {
            Some((index, after)) if !index.is_empty() && index.bytes().all(|b| b.is_ascii_digit()) => rest = after,
            _ => {
                out.push('[');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
#[path = "issue_key_tests.rs"]
pub(super) mod tests;
