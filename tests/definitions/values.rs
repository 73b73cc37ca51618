//! Values in elements of a profile, and types that are not loaded.

use serde_json::{Value, json};

use crate::{core, issues, open, profile, said, validate};

#[test]
fn what_is_not_loaded_leaves_a_question() {
    let app = open(&[]);
    let unknown =
        profile("p", "Patient", "http://nobody.test/base", &json!([{"id": "Patient.nmae", "path": "Patient.nmae"}]));
    assert_eq!(issues(&validate(&app, &unknown)), ["?structure-base baseDefinition"]);
    let typed = |of: Value| {
        json!([{"id": "Patient.managingOrganization", "path": "Patient.managingOrganization",
        "type": [of]}])
    };
    assert_eq!(
        said(&app, "Patient", typed(json!({"code": "Reference", "targetProfile": ["http://nobody.test/p"]}))),
        ["?structure-type element[0].type[0].targetProfile[0]"]
    );
    assert_eq!(
        said(&app, "Patient", typed(json!({"code": "Reference", "profile": ["http://nobody.test/p"]}))),
        ["?structure-type element[0].type[0].profile[0]"]
    );
    // A definition of another FHIR version is not held against the base of this one.
    let mut other = profile("p", "Patient", &core("Patient"), &json!([{"id": "Patient.nmae", "path": "Patient.nmae"}]));
    other["fhirVersion"] = json!("4.3.0");
    assert!(issues(&validate(&app, &other)).contains(&"?structure-base baseDefinition".to_owned()));
}

#[test]
fn values_are_of_the_types_of_their_elements() {
    let app = open(&[]);
    let value = |path: &str, name: &str, value: Value| {
        said(&app, path.split('.').next().unwrap(), json!([{"id": path, "path": path, name: value}]))
    };
    for (path, name, good) in [
        ("Patient.gender", "fixedCode", json!("male")),
        ("Patient.deceased[x]", "fixedBoolean", json!(true)),
        ("Patient.deceasedBoolean", "fixedBoolean", json!(true)),
        ("Observation.value[x]", "patternQuantity", json!({"unit": "kg"})),
        ("Patient.birthDate", "minValueDate", json!("1900-01-01")),
        ("Patient.id", "fixedString", json!("a")),
    ] {
        assert_eq!(value(path, name, good), Vec::<String>::new(), "{path} {name}");
    }
    for (path, name, bad) in [
        ("Patient.gender", "fixedString", json!("male")),
        ("Patient.deceased[x]", "fixedInteger", json!(1)),
        ("Patient.deceasedBoolean", "fixedDateTime", json!("2020")),
        ("Patient.maritalStatus", "patternCoding", json!({"code": "M"})),
        ("Patient.gender", "maxValueInteger", json!(1)),
    ] {
        let said = value(path, name, bad);
        assert!(said.len() == 1 && said[0].starts_with("structure-value element[0]."), "{path} {name}: {said:?}");
    }
}
