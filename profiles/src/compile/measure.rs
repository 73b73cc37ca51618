//! What reports are judged by, of a Measure: its scoring and the unit of its score, the codes and link ids of its
//! groups, their populations and stratifiers.

use serde_json::{Map, Value, json};

const UNIT: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit";

/// The JSON of the scoring and the groups.
pub fn content(measure: &Value) -> String {
    let groups = parts(measure, "group", &["population", "stratifier"]);
    json!({"resourceType": "Measure", "extension": units(measure), "scoring": measure["scoring"], "group": groups})
        .to_string()
}

/// The extensions that give the unit of a score.
fn units(of: &Value) -> Value {
    of["extension"].as_array().into_iter().flatten().filter(|x| x["url"] == UNIT).cloned().collect()
}

/// The parts of this name with their codes and link ids, and their own parts of these names.
fn parts(of: &Value, name: &str, inner: &[&str]) -> Value {
    let part = |part: &Value| {
        let mut out = Map::new();
        for name in ["linkId", "code", "scoring"] {
            out.extend(part.get(name).map(|value| (name.to_owned(), value.clone())));
        }
        out.extend(
            inner
                .iter()
                .filter(|name| part.get(**name).is_some())
                .map(|name| ((*name).to_owned(), parts(part, name, &[]))),
        );
        Value::Object(out)
    };
    of.get(name).and_then(Value::as_array).into_iter().flatten().map(part).collect()
}
