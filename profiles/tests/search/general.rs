use fhir_accord_profiles::interrupt::Interrupt;
use fhir_accord_profiles::search::Answer;
use serde_json::json;

use super::{R4, letter, meets, table, why};

#[test]
fn what_filters_nothing_and_what_nobody_knows() {
    let patient = json!({"resourceType": "Patient", "id": "1", "active": true});
    table(
        &patient,
        &[
            ("", 'y'),
            (
                "_count=5&_sort=-_lastUpdated&_summary=true&_elements=id&_include=*&_revinclude:iterate=x&_total=none",
                'y',
            ),
            ("_count=5&active=false", 'n'),
            ("_contained=false", 'y'),
            ("_contained=true", '?'),
            ("_has:Observation:patient:code=x", '?'),
            ("_filter=active%20eq%20true", '?'),
            ("_text=x", '?'),
            ("_content=x", '?'),
            ("_query=x", '?'),
            ("_list=1", '?'),
            ("_type=Patient", '?'),
            ("near=1|2", '?'),
            ("nosuch=1", '?'),
            ("active", '?'),
            ("=true", '?'),
            ("active:nosuch=true", '?'),
            ("ACTIVE=true", '?'),
            ("nosuch=1&active=false", 'n'),
            ("organization.name=x", '?'),
        ],
    );
    let location = json!({"resourceType": "Location", "position": {"longitude": 1, "latitude": 1}});
    table(&location, &[("near=1|1|1|km", '?')]);
}

#[test]
fn missing_elements() {
    let patient = json!({"resourceType": "Patient", "_gender": {"extension": [{"url": "http://x", "valueCode": "a"}]},
        "name": [{"extension": [{"url": "http://x", "valueCode": "a"}]}], "link": [{"type": "seealso"}]});
    table(
        &patient,
        &[
            ("gender:missing=true", '?'),
            ("gender:missing=false", '?'),
            ("gender=male", 'n'),
            ("name:missing=true", '?'),
            ("link:missing=true", 'y'),
            ("birthdate:missing=true", 'y'),
            ("birthdate:missing=false", 'n'),
        ],
    );
}

#[test]
fn reasons_name_the_parameter_and_no_value() {
    let patient = json!({"resourceType": "Patient", "gender": "SECRET"});
    let told = why(&patient, "gender=secret");
    assert!(told.starts_with("`gender`: ") && !told.to_lowercase().contains("secret"), "{told}");
    assert!(why(&patient, "gender:in=secret").starts_with("`gender:in`: "));
    assert!(!why(&patient, "se%20cret=1").contains("cret"));
}

#[test]
fn resources_that_cannot_be_read() {
    let ask = |text: &str| letter(&R4.meets(text.as_bytes(), "gender=male", &Interrupt::never()));
    for text in [
        "",
        "[]",
        "{",
        "{}",
        "null",
        r#"{"resourceType": "Patent", "gender": "male"}"#,
        r#"{"resourceType": "HumanName", "gender": "male"}"#,
        r#"{"resourceType": "Patient", "gender": "female", "gender": "male"}"#,
        r#"{"resourceType": "Observation", "resourceType": "Patient", "gender": "male"}"#,
        r#"{"resourceType": "Patient", "gender": 'male'}"#,
        r#"{"resourceType": ["Patient"], "gender": "male"}"#,
        r#"{"resourceType": "Patient", "gender": true}"#,
        r#"{"resourceType": "Patient", "gender": {"male": 1}}"#,
    ] {
        assert_eq!(ask(text), '?', "{text}");
    }
    assert_eq!(ask(r#"{"resourceType": "Patient", "gender": "m\u0061le"}"#), 'y');
    assert_eq!(ask(r#"<Patient xmlns="http://hl7.org/fhir"><gender value="male"/></Patient>"#), 'y');
    assert_eq!(ask(r#"<Patient xmlns="http://hl7.org/fhir"><gender value="other"/></Patient>"#), 'n');
}

#[test]
fn expressions_are_compiled_once_and_threads_agree() {
    let patient = json!({"resourceType": "Patient", "gender": "male"});
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert_eq!(meets(&patient, "gender=male&birthdate:missing=true"), Answer::Yes);
                }
            });
        }
    });
    let kept = R4.programs();
    assert!((2..2_000).contains(&kept), "{kept}");
}
