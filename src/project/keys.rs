//! The names that are known, and the one that comes nearest to a wrong one.

use serde_json::Value;

use crate::schema::{Schema, published};

/// How near a name has to be to be proposed, from 0 to 1.
const NEAR: f64 = 0.75;
/// The longest name that is compared: what is longer is near to none.
const LONGEST: usize = 200;

/// The known name that comes nearest to `wrong`, where one is near.
pub(super) fn nearest<'k>(wrong: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    near(wrong, known, 1).first().copied()
}

/// The schema of the file, as it is published.
pub(super) fn schema() -> Value {
    let found = published().find(|(_, file, _)| Schema::by_file(file) == Some(Schema::PROJECT));
    found.map(|(_, _, text)| text).unwrap_or_default()
}

/// The known names that come near to `wrong`, the nearest first, up to `most`.
pub fn near<'k>(wrong: &str, known: impl Iterator<Item = &'k str>, most: usize) -> Vec<&'k str> {
    if wrong.len() > LONGEST {
        return Vec::new();
    }
    let wrong = wrong.to_ascii_lowercase();
    let mut all: Vec<(f64, &str)> = known.map(|name| (strsim::jaro_winkler(&wrong, name), name)).collect();
    all.retain(|(how, _)| *how >= NEAR);
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    all.dedup_by_key(|(_, name)| *name);
    all.into_iter().take(most).map(|(_, name)| name).collect()
}

/// The keys that may stand beside the one of a pointer.
pub(super) fn beside(schema: &Value, pointer: &str) -> Vec<String> {
    let parts: Vec<&str> = pointer.split('/').skip(1).collect();
    let above = parts.split_last().map_or(&[][..], |(_, above)| above);
    let mut at = Some(schema);
    for part in above {
        at = at.and_then(|s| {
            let named = s.get("properties").and_then(|p| p.get(part));
            named.or_else(|| s.get("items").filter(|_| part.bytes().all(|b| b.is_ascii_digit())))
        });
    }
    let properties = at.and_then(|s| s.get("properties")).and_then(Value::as_object);
    properties.map(|p| p.keys().cloned().collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_name_is_found_and_a_far_one_is_not() {
        let known = ["packages", "fhir-version", "profiles", "policies"];
        let near = |wrong: &str| nearest(wrong, known.into_iter());
        assert_eq!(near("package"), Some("packages"));
        assert_eq!(near("fhirVersion"), Some("fhir-version"));
        assert_eq!(near("profile"), Some("profiles"));
        assert_eq!(near("x"), None);
        assert_eq!(near(&"packages".repeat(1_000)), None);
    }

    #[test]
    fn keys_are_those_of_the_place() {
        let schema = schema();
        assert!(beside(&schema, "/packges").contains(&"packages".to_owned()));
        assert_eq!(beside(&schema, "/suppressions/3/ruel").len(), 4);
        assert!(beside(&schema, "/policies/limits/x").contains(&"visits".to_owned()));
        assert!(beside(&schema, "/levels/x/y").is_empty());
    }
}
