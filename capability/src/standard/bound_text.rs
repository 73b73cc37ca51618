//! What is told of an element that two profiles bind to value sets.

use fhir_accord_profiles::difference::{Bound, BoundElement, CodesBeside};

use super::outcome::quoted;

/// What one side binds.
pub(super) fn side(bound: Option<&Bound>) -> String {
    bound.map_or("none".to_owned(), |bound| {
        let strength = if bound.is_required { "required" } else { "extensible" };
        format!("{} ({strength})", quoted(&bound.value_set))
    })
}

/// What is different; `None` where both bind the same codes in the same way.
pub(super) fn difference(bound: &BoundElement) -> Option<String> {
    let (Some(left), Some(right)) = (&bound.left, &bound.right) else {
        let own = if bound.left.is_some() { "left" } else { "right" };
        return Some(format!("only {own} restricts the codes"));
    };
    let url = |b: &'_ Bound| b.value_set.split('|').next().map(str::to_owned);
    let only = |name: &str, codes: &[String]| match codes {
        [] => None,
        codes => {
            let codes: Vec<String> = codes.iter().map(|c| quoted(c)).collect();
            Some(format!("codes that only {name} has: {}", codes.join(", ")))
        }
    };
    let told = match bound.codes {
        CodesBeside::Same if left.is_required != right.is_required => "the codes are the same, the strength is not",
        CodesBeside::Same if url(left) != url(right) => "the codes are the same",
        CodesBeside::Same => return None,
        CodesBeside::LeftInRight => "all codes of left are in right",
        CodesBeside::RightInLeft => "all codes of right are in left",
        CodesBeside::Differ => "they differ",
        CodesBeside::Disjoint => "no code is in both",
        CodesBeside::Unknown => return Some(unknown(left, right)),
    };
    let codes = [only("left", &bound.only_left), only("right", &bound.only_right)];
    let parts: Vec<String> = [Some(told.to_owned())].into_iter().chain(codes).flatten().collect();
    Some(parts.join("; "))
}

fn unknown(left: &Bound, right: &Bound) -> String {
    let open: Vec<String> = [left, right].iter().filter(|b| !b.is_loaded).map(|b| quoted(&b.value_set)).collect();
    let why = match open.as_slice() {
        [] => "one of them, or a code system that it takes codes from, is not loaded whole".to_owned(),
        [one] => format!("{one} is not loaded"),
        both => format!("{} are not loaded", both.join(" and ")),
    };
    format!("which codes are in both is unknown: {why}")
}
