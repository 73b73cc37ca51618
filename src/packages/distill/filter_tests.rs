use fhir_accord_profiles::definition::FhirVersion;

use super::*;

fn filtered(text: &str) -> String {
    let mut out = String::new();
    filter(&Json::parse(text.as_bytes()).unwrap(), DenyList::of(Some(FhirVersion::R4))).write(&mut out);
    out
}

#[test]
fn prose_goes_and_facts_keep_their_lexemes() {
    let text = r#"{ "id" : "x", "resourceType": "StructureDefinition", "text": {"div": "<div/>"},
            "_description": {"id": "1"}, "snapshot": {"element": [
            {"path": "A", "short": "An A", "minValueDecimal": 1.00,
              "patternCodeableConcept": {"text": "kept\u00e9"}, "min": 0 },
            {"path": "A.b", "binding": {"strength": "required", "description": "prose"},
              "constraint": [{"key": "k", "human": "h", "xpath": "x"}] } ] } }"#;
    assert_eq!(
        filtered(text),
        concat!(
            concat!(
                r#"{"id":"x","resourceType":"StructureDefinition","snapshot":{"element":[{"path":"A","#,
                r#""minValueDecimal":1.00,"patternCodeableConcept":{"text":"kept\u00e9"},"min":0},"#,
            ),
            r#"{"path":"A.b","binding":{"strength":"required"},"constraint":[{"key":"k"}]}]}}"#
        )
    );
}

#[test]
fn contained_resources_have_their_own_paths() {
    let text = concat!(
        r#"{"resourceType":"ValueSet","contained":[{"description":"prose","resourceType":"CodeSystem","#,
        r#""concept":[{"code":"a","definition":"prose"}]}],"compose":{"include":[{"system":"s"}]}}"#,
    );
    assert_eq!(
        filtered(text),
        concat!(
            r#"{"resourceType":"ValueSet","contained":[{"resourceType":"CodeSystem","#,
            r#""concept":[{"code":"a"}]}],"compose":{"include":[{"system":"s"}]}}"#,
        )
    );
}

#[test]
fn what_is_emptied_goes_and_twins_keep_their_places() {
    let comments = "http://hl7.org/fhir/StructureDefinition/codesystem-concept-comments";
    let text = format!(
        r#"{{"resourceType":"X","concept":[{{"extension":[{{"url":"{comments}","valueString":"prose"}}]}},
            {{"code":"b"}}],"_given":[{{"fhir_comments":["c"]}},{{"id":"2"}}],"_family":[null,
            {{"fhir_comments":[]}}],"list":[]}}"#
    );
    assert_eq!(
        filtered(&text),
        r#"{"resourceType":"X","concept":[{"code":"b"}],"_given":[null,{"id":"2"}],"list":[]}"#
    );
}
