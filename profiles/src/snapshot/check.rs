//! What a differential may not do to its base: faults to report. The snapshot is made all the same.

use crate::definition::bare;
use serde_json::Value;

use super::Problem;
use super::apply::Walk;
use super::canonical::type_canonical;
use super::choice;
use super::differential::Change;
use super::element::{Element, Members, choice_base, strings};
use super::merge::{loosens, max_of};

impl Walk<'_> {
    /// Reports what `said` does wrongly to `element`, which is still as the base has it.
    pub(super) fn check(&mut self, element: &Element, change: &Change<'_>, said: &Members) {
        let mut faults = Vec::new();
        faults.extend(loosened(element, said));
        faults.extend(contradictory(element, said));
        faults.extend(binding(element, said));
        faults.extend(value(element, said));
        faults.extend(unrepeated(element, said));
        if element.get("mustSupport") == Some(&Value::Bool(true))
            && said.get("mustSupport") == Some(&Value::Bool(false))
        {
            faults.push((Problem::MustSupport, "`mustSupport` is true in the base and cannot become false".to_owned()));
        }
        let types = said.get("type").and_then(Value::as_array).filter(|_| !self.specializes);
        for kind in types.into_iter().flatten() {
            faults.extend(self.kind(element, kind));
        }
        for (problem, message) in faults {
            self.report(change.label(), problem, message);
        }
    }

    /// The fault of one type that a differential names.
    fn kind(&self, element: &Element, kind: &Value) -> Option<(Problem, String)> {
        let code = kind.get("code").and_then(Value::as_str)?;
        let mut allowed = element.types().peekable();
        let first = *allowed.peek()?;
        let is_known = |code: &str| code.contains(':') || self.trees.type_of(&type_canonical(code)).is_some();
        if !element.has_type(code) && is_known(first) && !is_known(code) {
            return Some((Problem::Type, format!("unknown type `{code}`")));
        }
        if !allowed.any(|base| {
            base == code || base.contains(':') || self.descends(&type_canonical(code), &type_canonical(base))
        }) {
            return Some((Problem::Type, format!("the base does not allow the type `{code}`")));
        }
        // A profile on a backbone element is one on the type that has it.
        for profile in strings(kind.get("profile")).filter(|_| code != "BackboneElement" && code != "Element") {
            let of = self.trees.type_of(profile);
            if of.is_some_and(|t| t != code && type_canonical(&t) != type_canonical(code)) {
                return Some((Problem::Type, format!("`{profile}` is not a profile of `{code}`")));
            }
        }
        strings(kind.get("targetProfile")).find_map(|target| self.target(element, code, target))
    }

    /// The fault of one target profile: the base must allow it, or something that it is derived from.
    fn target(&self, element: &Element, code: &str, target: &str) -> Option<(Problem, String)> {
        let same = element.list("type").iter().filter(|t| t.get("code").and_then(Value::as_str) == Some(code));
        let allowed: Vec<&str> = same.flat_map(|t| strings(t.get("targetProfile"))).map(bare).collect();
        let open = allowed.is_empty() || allowed.contains(&"http://hl7.org/fhir/StructureDefinition/Resource");
        if open || allowed.contains(&bare(target)) || allowed.iter().any(|base| self.descends(target, base)) {
            return None;
        }
        Some((Problem::Type, format!("the base does not allow a reference to `{target}`")))
    }

    /// Whether `canonical` is `ancestor`, or derived from it or made to comply with it; true where that cannot be
    /// determined.
    fn descends(&self, canonical: &str, ancestor: &str) -> bool {
        let mut current = vec![bare(canonical).to_owned()];
        for _ in 0..16 {
            let mut next = Vec::new();
            for url in current {
                if url == bare(ancestor) {
                    return true;
                }
                let Some(parents) = self.trees.parents(&url) else { return true };
                next.extend(parents);
            }
            if next.is_empty() {
                return false;
            }
            current = next;
        }
        false
    }
}

fn min_of(members: Option<&Value>) -> Option<u64> {
    members.and_then(Value::as_u64)
}

fn shown(max: u64) -> String {
    if max == u64::MAX { "*".to_owned() } else { max.to_string() }
}

/// A cardinality that is wider than the base's.
fn loosened(element: &Element, said: &Members) -> Option<(Problem, String)> {
    let slice = said.contains_key("sliceName") || element.get("sliceName").is_some();
    let (base_min, base_max) = (min_of(element.get("min")), max_of(element.get("max")));
    let message = match (min_of(said.get("min")), base_min, max_of(said.get("max")), base_max) {
        (Some(new), Some(base), _, _) if new < base && !slice => {
            format!("the minimum {new} is below the base's {base}")
        }
        // An extension's own maximum may be below that of the element that it is in.
        (_, _, Some(new), Some(base)) if new > base && !element.has_type("Extension") => {
            format!("the maximum {} is above the base's {}", shown(new), shown(base))
        }
        _ => return None,
    };
    Some((Problem::Loosened, message))
}

/// A minimum above the maximum, each of them the differential's or the base's, whichever is stricter.
fn contradictory(element: &Element, said: &Members) -> Option<(Problem, String)> {
    let (said_min, said_max) = (min_of(said.get("min")), max_of(said.get("max")));
    said_min.or(said_max)?;
    let min = said_min.max(min_of(element.get("min")))?;
    let base_max = max_of(element.get("max"));
    // As above: an extension's own maximum counts.
    let max = if element.has_type("Extension") {
        said_max.or(base_max)?
    } else {
        [said_max, base_max].into_iter().flatten().min()?
    };
    (min > max).then(|| (Problem::Cardinality, format!("the minimum {min} is above the maximum {}", shown(max))))
}

/// Slicing is for elements that repeat, and for choices
/// (<https://hl7.org/fhir/R5/elementdefinition-definitions.html#ElementDefinition.slicing>). One that the differential
/// itself bounds by 1 is meant so.
fn unrepeated(element: &Element, said: &Members) -> Option<(Problem, String)> {
    said.get("slicing")?;
    let base = element.get("base").and_then(|b| b.get("max"));
    let choice = |key: &str| element.text(key).is_some_and(|path| path.ends_with("[x]"));
    let one = max_of(base.or_else(|| element.get("max"))) == Some(1) && max_of(said.get("max")) != Some(1);
    (one && !choice("path") && element.get("slicing").is_none())
        .then(|| (Problem::Unrepeated, "the element that is sliced does not repeat, and is no choice".to_owned()))
}

fn binding(element: &Element, said: &Members) -> Option<(Problem, String)> {
    let new = said.get("binding").filter(|said| loosens(element.get("binding"), said))?;
    let strength = new.get("strength").and_then(Value::as_str).unwrap_or_default();
    Some((Problem::Binding, format!("the base's required binding cannot become {strength}")))
}

/// A fixed value or a pattern must be of a type that the element has.
fn value(element: &Element, said: &Members) -> Option<(Problem, String)> {
    let (choice_base, key) = said
        .keys()
        .filter(|k| !k.starts_with('_'))
        .find_map(|k| choice_base(k).filter(|s| *s == "fixed" || *s == "pattern").map(|s| (s, k)))?;
    let suffix = key.strip_prefix(choice_base)?;
    let own: Vec<&str> = said
        .get("type")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|t| t.get("code")?.as_str())
        .collect();
    let types: Vec<&str> = if own.is_empty() { element.types().collect() } else { own };
    let quantity = ["Age", "Count", "Distance", "Duration", "MoneyQuantity", "SimpleQuantity"];
    let fits = |code: &&str| {
        code.contains(':') || choice::names_type(suffix, code) || (suffix == "Quantity" && quantity.contains(code))
    };
    (!types.is_empty() && !types.iter().any(fits))
        .then(|| (Problem::Type, format!("`{key}` is not of any of the element's types")))
}
