//! Changes of constraints, slices, obligations and extensions; reports.

use fhir_accord::difference::{Status, markdown, text};
use serde_json::{Value, json};

use crate::{both, breaks, report, report_of, told, version};

#[test]
fn constraints() {
    let with = |key: &str, expression: &str, severity: &str| {
        let constraint = json!({"key": key, "severity": severity, "human": "h", "expression": expression});
        json!({"constraint": [constraint]})
    };
    let [there, back] = both("code", &json!({}), &with("t-1", "text.exists()", "error"));
    assert_eq!(told(&there), ["writer Observation.code constraint added"]);
    assert_ne!(breaks(&there)[0], Status::Harmless);
    assert_eq!(breaks(&there)[1], Status::None);
    assert_eq!(told(&back), ["reader Observation.code constraint removed"]);
    let [there, _] = both("code", &json!({}), &with("t-1", "text.exists()", "warning"));
    assert_eq!(told(&there), ["documentation Observation.code constraint added"]);
    let warning = with("t-1", "text.exists()", "warning");
    let [there, back] = both("code", &warning, &with("t-1", "text.exists()", "error"));
    assert_eq!(told(&there), ["writer Observation.code constraint tightened"]);
    assert_eq!(told(&back), ["reader Observation.code constraint loosened"]);
    let error = with("t-1", "text.exists()", "error");
    let [there, _] = both("code", &error, &with("t-1", "coding.exists()", "error"));
    assert_eq!(told(&there), ["writer Observation.code constraint changed"]);
    let [there, _] = both("code", &error, &with("t-2", "text.exists()", "error"));
    assert_eq!(told(&there), ["documentation Observation.code constraint changed"]);
}

/// Categories sliced by a pattern, with a slice.
fn sliced(rules: &str, slice: Option<(&str, u32)>) -> Value {
    let mut all = vec![json!({
        "id": "Observation.category", "path": "Observation.category",
        "slicing": {"discriminator": [{"type": "pattern", "path": "$this"}], "rules": rules}
    })];
    if let Some((name, min)) = slice {
        all.push(json!({
            "id": format!("Observation.category:{name}"), "path": "Observation.category", "sliceName": name,
            "min": min, "max": "1", "mustSupport": true,
            "patternCodeableConcept": {"coding": [{"system": "http://s.test", "code": name}]}
        }));
    }
    all.into()
}

#[test]
fn slices() {
    let (without, may, must) =
        (sliced("open", None), sliced("open", Some(("lab", 0))), sliced("open", Some(("lab", 1))));
    let there = report(&without, &must);
    assert_eq!(
        told(&there),
        ["writer Observation.category:lab slice added", "must-support Observation.category:lab must-support added"]
    );
    assert_eq!(breaks(&there), [Status::Confirmed, Status::None]);
    let there = report(&must, &without);
    assert_eq!(told(&there)[0], "reader Observation.category:lab slice removed");
    let there = report(&may, &must);
    assert_eq!(told(&there), ["writer Observation.category:lab min tightened"]);
    assert_eq!(there.profiles[0].changes[0].new, "1");
    let there = report(&may, &sliced("closed", Some(("lab", 0))));
    assert_eq!(told(&there), ["writer Observation.category slicing-rules tightened"]);
    let there = report(&may, &sliced("open", Some(("exam", 0))));
    assert_eq!(
        told(&there).into_iter().filter(|t| t.contains(" slice ")).collect::<Vec<_>>(),
        ["writer Observation.category:exam slice added", "reader Observation.category:lab slice removed"]
    );
}

#[test]
fn must_support_and_obligations() {
    let [there, back] = both("note", &json!({}), &json!({"mustSupport": true}));
    assert_eq!(told(&there), ["must-support Observation.note must-support added"]);
    assert_eq!((breaks(&there), there.worst), ([Status::None, Status::None], Some("must-support")));
    assert_eq!(told(&back), ["must-support Observation.note must-support removed"]);
    let obligation = json!({"extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/obligation",
        "extension": [
            {"url": "code", "valueCode": "SHALL:populate"},
            {"url": "actor", "valueCanonical": "http://a.test"}
        ]
    }]});
    let [there, back] = both("note", &json!({}), &obligation);
    assert_eq!(told(&there), ["must-support Observation.note obligation added"]);
    assert_eq!(there.profiles[0].changes[0].new, "SHALL:populate http://a.test");
    assert_eq!(told(&back), ["must-support Observation.note obligation removed"]);
}

#[test]
fn elements_that_only_one_version_constrains_are_held_against_their_type() {
    let deep = json!([{"id": "Observation.identifier.system", "path": "Observation.identifier.system", "min": 1}]);
    let there = report(&json!([]), &deep);
    assert_eq!(told(&there), ["writer Observation.identifier.system min tightened"]);
    let there = report(&deep, &json!([]));
    assert_eq!(told(&there), ["reader Observation.identifier.system min loosened"]);
}

#[test]
fn contexts_of_extensions() {
    let extension = |number: &str, contexts: &[&str]| {
        let mut definition = version(number, &json!([]));
        definition["type"] = "Extension".into();
        definition["kind"] = "complex-type".into();
        definition["baseDefinition"] = "http://hl7.org/fhir/StructureDefinition/Extension".into();
        let contexts = contexts.iter().map(|c| json!({"type": "element", "expression": c})).collect::<Vec<_>>();
        definition["context"] = contexts.into();
        definition
    };
    let of = |old: &[&str], new: &[&str]| told(&report_of(&[extension("1.0.0", old), extension("2.0.0", new)]));
    assert_eq!(of(&["Patient"], &["Patient", "Person"]), ["reader Extension context loosened"]);
    assert_eq!(of(&["Element"], &["Patient", "Person"]), ["writer Extension context tightened"]);
    assert_eq!(of(&["Patient"], &["Person"]), ["writer Extension context changed"]);
}

#[test]
fn reports_are_written() {
    let [there, _] = both("bodySite", &json!({}), &json!({"min": 1, "mustSupport": true}));
    let (mut plain, mut marked) = (Vec::new(), Vec::new());
    text(&there, &mut plain).unwrap();
    markdown(&there, &mut marked).unwrap();
    let (plain, marked) = (String::from_utf8(plain).unwrap(), String::from_utf8(marked).unwrap());
    assert!(plain.contains("writer 1, reader 0, must-support 1, documentation 0; 0 proven harmless"), "{plain}");
    assert!(plain.contains("  writer        Observation.bodySite: min tightened: `0` -> `1`\n"), "{plain}");
    assert!(marked.contains("| writer | `Observation.bodySite` | min tightened: `0` -> `1` |"), "{marked}");
    let data = serde_json::to_value(&there).unwrap();
    assert_eq!(data["profiles"][0]["writer"]["status"], "confirmed");
    assert!(data["profiles"][0]["writer"]["witness"]["instance"].is_object());
}
