//! What real answers of a server tell, in a line each.

use crate::capability::observed::{FailingRule, ObservedPlace, ObservedProfile, ObservedTotals};

/// What was read.
pub fn totals_line(totals: ObservedTotals) -> String {
    let count = |number: usize, one: &str| format!("{number} {one}{}", if number == 1 { "" } else { "s" });
    let read = format!("{} in {}", count(totals.instances, "resource"), count(totals.files, "file"));
    match totals.unread {
        0 => read,
        unread => format!("{read}; {unread} lines, files or entries could not be read"),
    }
}

/// How many speak for a profile, and how many of them fail.
pub fn observed_line(profile: &ObservedProfile) -> String {
    let ObservedProfile { speaking, failed, undetermined, outside, .. } = profile;
    format!("{failed} of {speaking} fail, {undetermined} undetermined; {outside} do not speak for it")
}

/// A rule with the element or the constraint that it is about, and how many fail it.
pub fn rule_words(rule: &FailingRule) -> String {
    let constraint = rule.constraint.as_ref().map(|c| format!(" {c}")).unwrap_or_default();
    let element = rule.element.as_ref().map(|e| format!(" of {e}")).unwrap_or_default();
    format!("{}{constraint}{element} in {}", rule.rule, rule.instances)
}

/// Where the first instance is that fails.
pub fn place_words(place: &ObservedPlace) -> String {
    let name = place.name.as_ref().map(|n| format!(" ({n})")).unwrap_or_default();
    format!("first in file {}{name}, line {}: {}", place.file, place.line, place.paths.join(", "))
}
