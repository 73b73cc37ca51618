//! Profiles relative to others: targets, keys of constraints, and what only the definition of a type states.

use serde_json::{Value, json};

use crate::{BASE, core, issues, open, profile, said, validate};

fn url(name: &str) -> String {
    format!("{BASE}/StructureDefinition/{name}")
}

/// An element with references to these targets.
fn referring(path: &str, targets: &[String]) -> Value {
    json!([{"id": path, "path": path, "type": [{"code": "Reference", "targetProfile": targets}]}])
}

#[test]
fn a_target_is_one_of_the_base_or_derived_from_it() {
    let born = json!([{"id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1}]);
    let app = open(&[
        profile("born", "Patient", &core("Patient"), &born),
        profile("newborn", "Patient", &url("born"), &json!([{"id": "Patient", "path": "Patient"}])),
        profile("other", "Patient", &core("Patient"), &born),
        profile("orphan", "Patient", &url("absent"), &born),
        profile("of-born", "Observation", &core("Observation"), &referring("Observation.subject", &[url("born")])),
    ]);
    let told = |target: String| {
        issues(&validate(
            &app,
            &profile("p", "Observation", &url("of-born"), &referring("Observation.subject", &[target])),
        ))
    };
    assert_eq!(told(url("born")), [""; 0]);
    assert_eq!(told(url("newborn")), [""; 0]);
    assert_eq!(told(url("other")), ["structure-type element[0].type[0].targetProfile[0]"]);
    assert_eq!(told(core("Patient")), ["structure-type element[0].type[0].targetProfile[0]"]);
    assert_eq!(told(url("orphan")), ["?structure-type element[0].type[0].targetProfile[0]"]);
    // Where the base allows a type, any profile of it is derived from that.
    assert_eq!(said(&app, "Observation", referring("Observation.subject", &[url("other")])), [""; 0]);
}

#[test]
fn a_target_profile_may_be_contained() {
    let mut of_named = profile(
        "of-named",
        "Patient",
        &core("Patient"),
        &referring("Patient.managingOrganization", &["#named".into()]),
    );
    let name = json!([{"id": "Organization.name", "path": "Organization.name", "min": 1}]);
    let mut named = profile("named", "Organization", &core("Organization"), &name);
    of_named["contained"] = json!([named.take()]);
    let app = open(&[of_named]);
    let told = |organization: Value| {
        issues(&validate(
            &app,
            &json!({"resourceType": "Patient", "meta": {"profile": [url("of-named")]}, "contained": [organization],
                "managingOrganization": {"reference": "#o"}}),
        ))
    };
    assert_eq!(told(json!({"resourceType": "Organization", "id": "o", "name": "A"})), [""; 0]);
    assert_eq!(
        told(json!({"resourceType": "Organization", "id": "o", "active": true, "identifier": [{"value": "1"}]})),
        ["reference-profile Patient.managingOrganization"]
    );
}

#[test]
fn a_key_stands_for_one_expression() {
    let app = open(&[]);
    let constrained = |path: &str, key: &str, expression: &str| {
        json!({"id": path, "path": path, "constraint": [{"key": key, "severity": "error", "human": "a",
            "expression": expression}]})
    };
    let told = |elements: &[Value]| said(&app, "Patient", Value::Array(elements.to_vec()));
    let first = constrained("Patient.name", "a-1", "period.exists()");
    assert_eq!(told(&[first.clone(), constrained("Patient.address", "a-1", " period.exists()\n")]), [""; 0]);
    let other = constrained("Patient.address", "a-1", "city.exists()");
    assert_eq!(told(&[first, other]), ["structure-constraint-key element[1].constraint[0]"]);
    // A key of the type that the element has.
    let of_type = |e| told(&[constrained("Patient.telecom", "cpt-2", e)]);
    assert_eq!(of_type("value.empty() or system.exists()"), [""; 0]);
    assert_eq!(of_type("value.empty()"), ["structure-constraint-key element[0].constraint[0]"]);
}

#[test]
fn what_is_missing_means_what_its_type_says() {
    let app = open(&[]);
    let stated = |member: &str, value: Value| {
        let mut element = json!({"id": "Patient.active", "path": "Patient.active"});
        element[member] = value;
        said(&app, "Patient", json!([element]))
    };
    assert_eq!(stated("meaningWhenMissing", json!("true")), ["structure-statement element[0]"]);
    // A constraint of the specification says so, too.
    assert!(stated("defaultValueBoolean", json!(true)).contains(&"structure-statement element[0]".to_owned()));
    assert_eq!(stated("fixedBoolean", json!(true)), [""; 0]);
    let mut extension = profile(
        "e",
        "Extension",
        &core("Extension"),
        &json!([{"id": "Extension", "path": "Extension",
        "meaningWhenMissing": "none"}, {"id": "Extension.url", "path": "Extension.url", "fixedUri": url("e")}]),
    );
    extension["kind"] = "complex-type".into();
    extension["context"] = json!([{"type": "element", "expression": "Patient"}]);
    assert_eq!(issues(&validate(&app, &extension)), [""; 0]);
}

#[test]
fn a_pattern_is_told_where_it_differs() {
    let pattern = json!({"type": {"coding": [{"code": "MR"}]}, "system": "http://a.test"});
    let app = open(&[profile(
        "p",
        "Patient",
        &core("Patient"),
        &json!([{"id": "Patient.identifier", "path": "Patient.identifier", "patternIdentifier": pattern}]),
    )]);
    let told = |identifier: Value| {
        issues(&validate(
            &app,
            &json!({"resourceType": "Patient", "meta": {"profile": [url("p")]}, "identifier": [identifier]}),
        ))
    };
    let coded = |code: &str| json!({"coding": [{"code": "X"}, {"code": code}]});
    assert_eq!(told(json!({"type": coded("MR"), "system": "http://a.test", "value": "1"})), [""; 0]);
    assert_eq!(told(json!({"type": coded("MR"), "system": "http://b.test"})), ["pattern Patient.identifier[0].system"]);
    // No entry of what repeats matches, and a member is missing.
    assert_eq!(told(json!({"type": coded("Y"), "system": "http://a.test"})), ["pattern Patient.identifier[0].type"]);
    assert_eq!(told(json!({"type": coded("MR")})), ["pattern Patient.identifier[0]"]);
}
