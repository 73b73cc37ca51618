//! Rules by which slices are told: an entry that breaks one is in no slice, or in another.

use serde_json::Value;

use super::element_id;
use super::profile::Profile;

/// Whether the discriminators of a slice that an element is in, or is, look at the element, or at what it holds.
pub(super) fn tells(profile: &Profile, element: &str) -> bool {
    let mut at = Some(element);
    while let Some(id) = at {
        if let Some(slice) = element_id::slice(id) {
            let sliced = id.strip_suffix(slice).and_then(|s| s.strip_suffix(':')).unwrap_or(id);
            let below = element.strip_prefix(id).unwrap_or_default().trim_start_matches('.');
            if discriminators(profile, sliced).iter().any(|path| looks_at(path, below)) {
                return true;
            }
        }
        at = element_id::parent(id);
    }
    // An extension is told by its url.
    element == "Extension.url"
}

/// The paths of the discriminators of a sliced element; of extensions it is the url.
fn discriminators(profile: &Profile, sliced: &str) -> Vec<String> {
    let slicing = profile.element(sliced).and_then(|e| e.pointer("/slicing/discriminator")).and_then(Value::as_array);
    let paths = slicing.into_iter().flatten().filter_map(|d| d.get("path")).filter_map(Value::as_str);
    let mut paths: Vec<String> = paths.map(str::to_owned).collect();
    if matches!(element_id::name(sliced), "extension" | "modifierExtension") {
        paths.push("url".to_owned());
    }
    paths
}

/// Whether a discriminator looks at an element below a slice, or at a part of it, or of what holds it.
fn looks_at(path: &str, below: &str) -> bool {
    let path = path.trim_start_matches("$this").trim_start_matches('.');
    let below = element_id::path(below);
    let below = below.replace("[x]", "");
    let holds =
        |a: &str, b: &str| a.is_empty() || a == b || b.strip_prefix(a).is_some_and(|rest| rest.starts_with('.'));
    holds(path, &below) || (!below.is_empty() || path.is_empty()) && holds(&below, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_discriminator_looks_at_parts_and_wholes() {
        assert!(looks_at("code", "code") && looks_at("code", "code.coding") && looks_at("code.coding", "code"));
        assert!(looks_at("$this", "") && looks_at("$this", "coding.system"));
        assert!(!looks_at("code", "value[x]") && !looks_at("code", "") && !looks_at("system", "systemic"));
    }
}
