use serde_json::{Value, json};

use super::table;

fn of(subject: &Value) -> Value {
    json!({"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "subject": subject})
}

#[test]
fn relative_references() {
    table(
        &of(&json!({"reference": "Patient/1"})),
        &[
            ("subject=Patient/1", 'y'),
            ("subject=1", 'y'),
            ("subject=2", 'n'),
            ("subject=Patient/2", 'n'),
            ("subject=Group/1", 'n'),
            ("subject=Group/1,Patient/1", 'y'),
            ("subject:Patient=1", 'y'),
            ("subject:Patient=Patient/1", 'y'),
            ("subject:Group=1", 'n'),
            ("subject=http://s/fhir/Patient/1", '?'),
            ("subject=http://s/fhir/Patient/2", 'n'),
            ("subject=Patient/1/_history/2", '?'),
            ("subject.name=peter", '?'),
            ("subject:Patient.name=peter", '?'),
            ("subject:identifier=http://i|1", 'n'),
            ("subject:missing=false", 'y'),
            ("subject:nosuch=1", '?'),
            ("patient=Patient/1", 'y'),
            ("patient=1", 'y'),
            ("patient=2", 'n'),
            ("patient:missing=true", 'n'),
            ("performer=Patient/1", 'n'),
        ],
    );
    table(
        &of(&json!({"reference": "Group/1"})),
        &[("patient=1", 'n'), ("patient:missing=true", 'y'), ("subject=1", 'y')],
    );
}

#[test]
fn references_in_other_forms() {
    table(
        &of(&json!({"reference": "Patient/1/_history/2"})),
        &[
            ("subject=Patient/1", 'y'),
            ("subject=Patient/1/_history/2", 'y'),
            ("subject=Patient/1/_history/3", 'n'),
            ("patient=1", 'y'),
        ],
    );
    table(
        &of(&json!({"reference": "http://s/fhir/Patient/1"})),
        &[
            ("subject=http://s/fhir/Patient/1", 'y'),
            ("subject=http://other/fhir/Patient/1", 'n'),
            ("subject=Patient/1", '?'),
            ("subject=1", '?'),
            ("subject=Patient/2", 'n'),
            ("patient=Patient/1", '?'),
            ("patient=2", 'n'),
        ],
    );
    table(
        &of(&json!({"reference": "urn:uuid:0"})),
        &[("subject=urn:uuid:0", 'y'), ("subject=Patient/1", '?'), ("patient=Patient/1", '?')],
    );
}

#[test]
fn references_that_are_odd() {
    for reference in
        ["Patient?identifier=1", "http://s/Patient?identifier=1", "http://s/fhir/Patient/1/", "Patient/1#a"]
    {
        table(&of(&json!({"reference": reference})), &[("subject=Patient/1", '?'), ("subject=1", '?')]);
    }
    table(&of(&json!({"reference": "http://s/x"})), &[("subject=Patient/1", 'n'), ("subject=http://s/x", 'y')]);
    table(
        &of(&json!({"reference": "Patient/1"})),
        &[
            ("subject=/Patient/1", '?'),
            ("subject=fhir/Patient/1", '?'),
            ("subject=patient/1", '?'),
            ("subject=urn:uuid:1", 'n'),
            ("subject=http://s/x", 'n'),
            ("subject=http://s/Patient/1?x", '?'),
        ],
    );
    let twice =
        json!({"resourceType": "Observation", "subject": [{"reference": "Patient/2"}, {"reference": "Patient/1"}]});
    table(&twice, &[("subject=Patient/1", '?'), ("subject=Patient/2", '?'), ("subject=Patient/3", '?')]);
    table(&of(&json!({"reference": ["Patient/2", "Patient/1"]})), &[("subject=Patient/2", '?')]);
    table(
        &of(&json!({"identifier": {"system": "http://i", "value": "1"}})),
        &[
            ("subject=Patient/1", '?'),
            ("patient=Patient/1", '?'),
            ("subject:identifier=http://i|1", 'y'),
            ("subject:identifier=http://i|2", 'n'),
            ("subject:missing=true", 'n'),
        ],
    );
    table(&of(&json!({"display": "Peter"})), &[("subject=Patient/1", 'n'), ("subject:missing=true", 'n')]);
    table(&of(&json!("Patient/1")), &[("subject=Patient/1", '?')]);
    table(&of(&json!({"reference": 1})), &[("subject=Patient/1", '?')]);
    let mut contained = of(&json!({"reference": "#p"}));
    contained["contained"] = json!([{"resourceType": "Patient", "id": "p"}]);
    table(&contained, &[("subject=Patient/1", 'n'), ("subject=p", 'n'), ("patient:missing=false", 'y')]);
}

#[test]
fn canonicals() {
    let response = json!({"resourceType": "QuestionnaireResponse", "status": "completed",
        "questionnaire": "http://q/Questionnaire/1|2.0"});
    table(
        &response,
        &[
            ("questionnaire=http://q/Questionnaire/1", 'y'),
            ("questionnaire=http://q/Questionnaire/1|2.0", 'y'),
            ("questionnaire=http://q/Questionnaire/1|3.0", 'n'),
            ("questionnaire=http://q/Questionnaire/2", 'n'),
            ("questionnaire=Questionnaire/1", '?'),
            ("questionnaire=1", '?'),
        ],
    );
    let bare = json!({"resourceType": "QuestionnaireResponse", "status": "completed",
        "questionnaire": "http://q/Questionnaire/1"});
    table(&bare, &[("questionnaire=http://q/Questionnaire/1|2.0", '?')]);
}

#[test]
fn addresses() {
    let set = json!({"resourceType": "ValueSet", "status": "active", "url": "http://a.b/fhir/ValueSet/x",
        "meta": {"profile": ["http://p|1.0"], "source": "http://s/1"}});
    table(
        &set,
        &[
            ("url=http://a.b/fhir/ValueSet/x", 'y'),
            ("url=http://a.b/fhir/ValueSet/X", 'n'),
            ("url=http://a.b/fhir/ValueSet", 'n'),
            ("url:below=http://a.b/fhir", 'y'),
            ("url:below=http://a.b/fhir/", 'y'),
            ("url:below=http://a.b/fh", '?'),
            ("url:below=http://other", 'n'),
            ("url:above=http://a.b/fhir/ValueSet/x/y", 'y'),
            ("url:above=http://a.b/fhir/ValueSet/xy", '?'),
            ("url:above=http://a.b/fhir", 'n'),
            ("url:contains=fhir", '?'),
            ("_profile=http://p|1.0", 'y'),
            ("_profile=http://p", '?'),
            ("_profile=http://p|2.0", 'n'),
            ("_profile=http://q", 'n'),
            ("_source=http://s/1", 'y'),
            ("_source=http://s/2", 'n'),
        ],
    );
}
