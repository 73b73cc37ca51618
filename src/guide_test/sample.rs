//! Values to put where there is none: those of the examples, else plain ones of a type.

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

/// Values of the examples, by the path of their member (`Observation.component.valueQuantity`).
#[derive(Debug, Default)]
pub(super) struct Samples(FxHashMap<String, Value>);

/// The most values that are kept.
const MOST: usize = 50_000;
/// How deep values are looked for.
const DEPTH: usize = 12;

impl Samples {
    /// Keeps the first value of every path of an instance.
    pub fn add(&mut self, instance: &Value) {
        let kind = instance.get("resourceType").and_then(Value::as_str).unwrap_or_default();
        self.below(instance, kind, 0);
    }

    fn below(&mut self, value: &Value, path: &str, depth: usize) {
        let Some(members) = value.as_object().filter(|_| depth < DEPTH && self.0.len() < MOST) else { return };
        for (name, value) in members.iter().filter(|(name, _)| *name != "resourceType" && *name != "div") {
            let path = format!("{path}.{name}");
            let one = value.as_array().and_then(|a| a.first()).unwrap_or(value);
            match one.get("resourceType").and_then(Value::as_str) {
                Some(kind) => self.below(one, kind, depth + 1),
                None => self.below(one, &path, depth + 1),
            }
            self.0.entry(path).or_insert_with(|| one.clone());
        }
    }

    /// The value of the member at a path.
    pub fn at(&self, path: &str) -> Option<&Value> {
        self.0.get(path)
    }
}

/// A plain value of a type; of those that are not listed an object with a text.
pub(super) fn of_type(kind: &str) -> Value {
    match kind {
        "boolean" => json!(true),
        "integer" | "positiveInt" | "unsignedInt" | "decimal" => json!(1),
        "integer64" => json!("1"),
        "date" => json!("2020-02-03"),
        "dateTime" | "instant" => json!("2020-02-03T04:05:06Z"),
        "time" => json!("04:05:06"),
        "uri" | "url" | "canonical" => json!("https://accord.example/other"),
        "oid" => json!("urn:oid:1.2.3"),
        "uuid" => json!("urn:uuid:8b2a6dd3-9f1c-4a67-8f0a-0d9c6f0a1b2c"),
        "base64Binary" => json!("YQ=="),
        "code" | "id" => json!("other"),
        "string" | "markdown" => json!("other"),
        "Coding" => json!({"system": "https://accord.example/other", "code": "other"}),
        "Quantity" | "Age" | "Duration" | "Distance" | "Count" | "SimpleQuantity" => json!({"value": 1, "unit": "1"}),
        "Range" => json!({"low": {"value": 1}}),
        "Ratio" => json!({"numerator": {"value": 1}, "denominator": {"value": 1}}),
        "Period" => json!({"start": "2020-02-03"}),
        "Reference" => json!({"display": "other"}),
        "Identifier" => json!({"system": "https://accord.example/other", "value": "other"}),
        "Extension" => json!({"url": "https://accord.example/other", "valueString": "other"}),
        "Attachment" => json!({"title": "other"}),
        "Money" => json!({"value": 1, "currency": "EUR"}),
        "Annotation" => json!({"text": "other"}),
        "SampledData" => json!({"origin": {"value": 1}, "period": 1, "dimensions": 1}),
        "ContactPoint" => json!({"system": "other", "value": "other"}),
        _ => json!({"text": "other"}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_their_path() {
        let mut samples = Samples::default();
        samples.add(&json!({"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient",
            "name": [{"given": ["a", "b"]}]}}]}));
        assert_eq!(samples.at("Patient.name.given"), Some(&json!("a")));
        assert_eq!(samples.at("Bundle.entry.resource.name"), None);
    }
}
