//! What the generator that made an earlier edition's outputs did not do yet, and that of the later edition does: kinds
//! of difference that the later edition has settled, told from the generated snapshot itself.

use std::collections::BTreeMap;

use serde_json::Value;

use super::compare::{Difference, facet};

/// The generated elements by id.
type Elements<'e> = BTreeMap<&'e str, &'e Value>;

/// Whether a difference is of a kind that the later edition has settled.
pub fn is_settled(difference: &Difference, got: &[Value]) -> bool {
    let elements: Elements<'_> = got.iter().filter_map(|e| Some((e["id"].as_str()?, e))).collect();
    is_minimum_of_slices(difference, &elements)
        || is_maximum_of_extension(difference, &elements)
        || is_said_of_all_slices(difference, &elements)
        || is_head_of_choice(difference, &elements)
}

/// The minimum of a sliced element is at least the sum of its slices' (r5/t12a, r5/t12).
fn is_minimum_of_slices((id, name, _, found): &Difference, elements: &Elements<'_>) -> bool {
    let slices = elements.iter().filter(|(other, _)| {
        other.strip_prefix(id.as_str()).is_some_and(|rest| rest.starts_with(':') && !rest.contains(['.', '/']))
    });
    let sum: u64 = slices.filter_map(|(_, e)| e["min"].as_u64()).sum();
    *name == "min" && sum > 0 && *found == sum.to_string()
}

/// An extension repeats at most as often as its own definition allows (r5/t11).
fn is_maximum_of_extension((id, name, wanted, _): &Difference, elements: &Elements<'_>) -> bool {
    let whole = |profile: &str| !profile.contains('#');
    let profiled =
        |e: &&Value| e["type"][0]["code"] == "Extension" && e["type"][0]["profile"][0].as_str().is_some_and(whole);
    *name == "max" && wanted == "\"*\"" && elements.get(id.as_str()).is_some_and(profiled)
}

/// What is said below a sliced element is said of the same below its slices (r5/t32, r5/us-cat). Of a slice itself,
/// only what says nothing about how often it is there.
fn is_said_of_all_slices((id, name, _, found): &Difference, elements: &Elements<'_>) -> bool {
    let parts: Vec<&str> = id.split('.').collect();
    let sliced: Vec<usize> = (0..parts.len()).filter(|at| parts[*at].contains(':')).take(8).collect();
    (1..1u32 << sliced.len()).any(|choice| {
        let chosen: Vec<usize> =
            sliced.iter().enumerate().filter(|(n, _)| choice >> n & 1 == 1).map(|(_, at)| *at).collect();
        if chosen.contains(&(parts.len() - 1)) && !matches!(*name, "mustSupport" | "binding") {
            return false;
        }
        let segment = |(at, part): (usize, &&str)| match chosen.contains(&at) {
            true => part.split(':').next().unwrap_or(part).to_owned(),
            false => (*part).to_owned(),
        };
        let unsliced: Vec<String> = parts.iter().enumerate().map(segment).collect();
        let Some(other) = elements.get(unsliced.join(".").as_str()) else { return false };
        match *name {
            "element" => found == "present",
            name => facet(name, other).as_ref() == Some(found),
        }
    })
}

/// The only slice of a choice stands behind the element that it is a slice of (r5/ca-patient, r5/sushi2).
fn is_head_of_choice((id, name, _, found): &Difference, elements: &Elements<'_>) -> bool {
    let head = id.rsplit_once(':').map_or(id.as_str(), |(head, _)| head);
    *name == "element" && head.ends_with("[x]") && elements.contains_key(head) && (found == "absent" || head == id)
}
