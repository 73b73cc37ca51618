#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
use serde_json::{Value, json};

use super::*;

#[test]
fn every_version_lists_its_resource_types_in_order() {
    for version in FhirVersion::ALL {
        let listed: Vec<&str> = resource_types(version).collect();
        assert!(listed.is_sorted_by(|a, b| a < b) && listed.contains(&"Patient"), "{}", version.name());
        assert!(!listed.contains(&"Resource") && !listed.contains(&"DomainResource"), "{}", version.name());
    }
}

/// A definition of a version in the form of R4.
fn normal(version: FhirVersion, mut definition: Value) -> Value {
    release(version).normalise(&mut definition);
    definition
}

/// Path, id and slice name of each element of the snapshot.
fn names(definition: &Value) -> Vec<[&str; 3]> {
    let all = definition["snapshot"]["element"].as_array().unwrap();
    let text = |e: &'_ Value, key: &str| e[key].as_str().unwrap_or("").to_owned();
    all.iter().map(|e| ["path", "id", "sliceName"].map(|key| &*Box::leak(text(e, key).into_boxed_str()))).collect()
}

#[test]
fn dstu2_profiles_have_the_form_of_today() {
    let base = |path: &str| json!({"path": path, "min": 0, "max": "1"});
    let sd = normal(
        FhirVersion::Dstu2,
        json!({"resourceType": "StructureDefinition", "url": "http://x/p", "kind": "resource",
            "constrainedType": "Condition", "base": "http://hl7.org/fhir/StructureDefinition/Condition",
            "contextType": "resource", "context": ["Patient", "@Questionnaire.group", "*"],
            "snapshot": {"element": [
                {"path": "Condition", "name": "Mine"},
                {"path": "Condition.stage", "name": "stage"},
                {"path": "Condition.extension", "slicing": {"discriminator": ["url"], "rules": "open"}},
                {"path": "Condition.extension", "name": "one"},
                {"path": "Condition.extension.url"},
                {"path": "Condition.extension", "name": "two"},
                {"path": "Condition.extension.url"},
                {"path": "Condition.onset[x]", "base": base("Condition.onset[x]")},
                {"path": "Condition.onsetQuantity", "base": base("Condition.onset[x]")},
                {"path": "Condition.onsetQuantity.value", "base": base("Quantity.value")},
                {"path": "Condition.abatementBoolean", "base": base("Condition.abatement[x]")},
                {"path": "Condition.evidence", "nameReference": "stage"},
                {"path": "Condition.asserter", "type": [{"code": "Reference", "profile": ["http://x/a"]},
                    {"code": "Reference", "profile": ["http://x/b"]}],
                    "binding": {"strength": "required", "valueSetReference": {"reference": "http://x/v"}}}]}}),
    );
    assert_eq!(
        (&sd["type"], &sd["derivation"], &sd["baseDefinition"]),
        (&json!("Condition"), &json!("constraint"), &json!("http://hl7.org/fhir/StructureDefinition/Condition"))
    );
    let contexts: Vec<&str> =
        sd["context"].as_array().unwrap().iter().map(|c| c["expression"].as_str().unwrap()).collect();
    assert_eq!(contexts, ["Patient", "Questionnaire.group", "Element"]);
    assert_eq!(
        names(&sd)[2..11],
        [
            ["Condition.extension", "Condition.extension", ""],
            ["Condition.extension", "Condition.extension:one", "one"],
            ["Condition.extension.url", "Condition.extension:one.url", ""],
            ["Condition.extension", "Condition.extension:two", "two"],
            ["Condition.extension.url", "Condition.extension:two.url", ""],
            ["Condition.onset[x]", "Condition.onset[x]", ""],
            ["Condition.onset[x]", "Condition.onset[x]:onsetQuantity", "onsetQuantity"],
            ["Condition.onset[x].value", "Condition.onset[x]:onsetQuantity.value", ""],
            ["Condition.abatement[x]", "Condition.abatement[x]", ""],
        ]
    );
    let elements = &sd["snapshot"]["element"];
    assert_eq!(elements[7]["slicing"]["discriminator"][0], json!({"type": "type", "path": "$this"}));
    assert_eq!(elements[2]["slicing"]["discriminator"][0], json!({"type": "value", "path": "url"}));
    assert_eq!(elements[11]["contentReference"], "#Condition.stage");
    assert_eq!(elements[12]["type"], json!([{"code": "Reference", "targetProfile": ["http://x/a", "http://x/b"]}]));
    assert_eq!(elements[12]["binding"]["valueSet"], "http://x/v");
}

#[test]
fn discriminators_told_their_kind_by_a_suffix() {
    let of = |path: &str| {
        let sd = json!({"resourceType": "StructureDefinition", "derivation": "constraint",
            "snapshot": {"element": [{"path": "X", "slicing": {"discriminator": [path]}}]}});
        normal(FhirVersion::Dstu2, sd)["snapshot"]["element"][0]["slicing"]["discriminator"][0].clone()
    };
    for (path, kind, meant) in [
        ("url", "value", "url"),
        ("@type", "type", "$this"),
        ("entry.@type", "type", "entry"),
        ("@Profile", "profile", "$this"),
        ("type@profile", "profile", "$this"),
        ("reference.code", "value", "resolve().code"),
    ] {
        assert_eq!(of(path), json!({"type": kind, "path": meant}), "{path}");
    }
}

#[test]
fn primitives_of_dstu2_are_types_of_their_own() {
    let code = normal(
        FhirVersion::Dstu2,
        json!({"resourceType": "StructureDefinition", "url": "http://hl7.org/fhir/StructureDefinition/code",
            "kind": "datatype", "constrainedType": "string", "base": "http://hl7.org/fhir/StructureDefinition/string",
            "snapshot": {"element": [{"path": "string"}, {"path": "string.value"}]}}),
    );
    assert_eq!(
        (&code["type"], &code["kind"], &code["derivation"]),
        (&json!("code"), &json!("primitive-type"), &json!("specialization"))
    );
    assert_eq!(names(&code)[1][0], "code.value");
}

#[test]
fn dstu2_defines_code_systems_inside_value_sets() {
    let old = json!({"resourceType": "ValueSet", "url": "http://x/old", "version": "1", "codeSystem": {
        "system": "http://x/s", "caseSensitive": false, "concept": [{"code": "A", "abstract": true,
        "concept": [{"code": "B"}]}]}, "compose": {"import": ["http://x/other"]}});
    let system = release(FhirVersion::Dstu2).inline_code_system(old.to_string().as_bytes()).unwrap();
    assert_eq!(
        system,
        json!({"resourceType": "CodeSystem", "url": "http://x/s", "version": "1", "caseSensitive": false,
            "content": "complete", "concept": [{"code": "A", "concept": [{"code": "B"}],
            "property": [{"code": "notSelectable", "valueBoolean": true}]}]})
    );
    assert!(release(FhirVersion::R4).inline_code_system(old.to_string().as_bytes()).is_none());
    let set = normal(FhirVersion::Dstu2, old);
    assert_eq!(set["compose"], json!({"include": [{"system": "http://x/s"}, {"valueSet": ["http://x/other"]}]}));
    assert!(set.get("codeSystem").is_none());
}

#[test]
fn types_of_stu3_are_merged() {
    let sd = normal(
        FhirVersion::Stu3,
        json!({"resourceType": "StructureDefinition", "derivation": "constraint", "snapshot": {"element": [
            {"path": "X.y", "type": [{"code": "Reference", "targetProfile": "http://x/a"},
                {"code": "Reference", "targetProfile": "http://x/b", "aggregation": ["contained"]},
                {"code": "Quantity", "profile": "http://x/q"}]}]}}),
    );
    assert_eq!(
        sd["snapshot"]["element"][0]["type"],
        json!([{"code": "Reference", "targetProfile": ["http://x/a", "http://x/b"], "aggregation": ["contained"]},
            {"code": "Quantity", "profile": ["http://x/q"]}])
    );
}

#[test]
fn a_differential_need_not_begin_with_its_root() {
    let sd = normal(
        FhirVersion::Stu3,
        json!({"resourceType": "StructureDefinition", "derivation": "constraint", "differential": {"element": [
            {"id": "Medication.code.coding:one", "path": "Medication.code.coding", "sliceName": "one"}]}}),
    );
    assert_eq!(sd["differential"]["element"][0]["sliceName"], "one");
}

#[test]
fn resources_of_r5_have_the_constraints_of_their_base() {
    let sd = |constraint: Value| {
        let sd = json!({"resourceType": "StructureDefinition", "kind": "resource", "derivation": "specialization",
            "baseDefinition": "http://hl7.org/fhir/StructureDefinition/DomainResource",
            "snapshot": {"element": [{"path": "ValueSet", "constraint": constraint}]}});
        let sd = normal(FhirVersion::R5, sd);
        let all = sd["snapshot"]["element"][0]["constraint"].as_array().unwrap().clone();
        all.iter().map(|c| c["key"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(sd(json!([{"key": "vsd-0"}])), ["vsd-0", "dom-2", "dom-3", "dom-4", "dom-5", "dom-6"]);
    assert_eq!(sd(json!([{"key": "dom-2"}])), ["dom-2"]);
}

#[test]
fn elements_are_known_by_their_versions() {
    use FhirVersion::{Dstu2, R4, R4b, R5, Stu3};
    assert_eq!(versions_with("Patient", "animal"), Some(&[Dstu2, Stu3][..]));
    assert_eq!(versions_with("MedicationRequest", "reportedReference"), Some(&[R4, R4b][..]));
    assert_eq!(versions_with("Observation", "instantiatesCanonical"), Some(&[R5][..]));
    assert_eq!(versions_with("MedicationAdministration", "effectiveTimePeriod"), Some(&[Dstu2][..]));
    for everywhere_or_nowhere in ["name", "animals", "multipleBirthInteger", "deceasedX"] {
        assert_eq!(versions_with("Patient", everywhere_or_nowhere), None, "{everywhere_or_nowhere}");
    }
    assert_eq!(versions_with("Nonsense", "animal"), None);
}

#[test]
fn vital_signs_are_known_by_code_from_r4_on() {
    for version in FhirVersion::ALL {
        let profile = release(version).profiles_by_code.iter().find(|(_, code, _)| *code == "8310-5").map(|p| p.2);
        let wanted = (version >= FhirVersion::R4).then_some("bodytemp");
        assert_eq!(profile, wanted, "{}", version.name());
    }
}

#[test]
fn what_only_prose_asks_for_is_a_constraint() {
    let asks = |version, type_name: &str, part: &str| {
        let root = json!({"path": type_name, "id": type_name});
        let url = format!("http://hl7.org/fhir/StructureDefinition/{type_name}");
        let definition = json!({"resourceType": "StructureDefinition", "url": url, "kind": "resource",
            "type": type_name, "derivation": "specialization", "snapshot": {"element": [root]}});
        let found = normal(version, definition);
        found["snapshot"]["element"][0]["constraint"]
            .as_array()
            .is_some_and(|all| all.iter().any(|c| c["expression"].as_str().is_some_and(|e| e.contains(part))))
    };
    for (version, is_old) in FhirVersion::ALL.into_iter().zip([true, true, false, false, false]) {
        assert_eq!(asks(version, "Bundle", "meta.lastUpdated.hasValue()"), is_old, "{}", version.name());
        assert_eq!(asks(version, "Extension", "!= value.exists()"), is_old, "{}", version.name());
        assert!(!asks(version, "Patient", "value.exists()"), "{}", version.name());
    }
}
