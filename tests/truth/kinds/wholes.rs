//! Documents, narratives, questionnaires.

use fhir_accord::profiles::evaluate::Policies;
use fhir_accord::profiles::issue::Verdict::{Invalid, Undetermined, Valid};
use serde_json::{Value, json};

use crate::support::{open, text_report, verdict};

#[test]
fn a_document_brings_along_what_its_composition_refers_to() {
    let app = open(&[]);
    let document = |member: Value, kind: &str| {
        let mut first = json!({
            "resourceType": "Composition", "id": "c", "status": "final", "type": {"text": "t"}, "date": "2020",
                "title": "t",
            "author": [{"display": "a"}], "section": [{"title": "s", "text": {"status": "generated",
                "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">s</div>"}}]
        });
        if kind == "message" {
            first = json!({"resourceType": "MessageHeader", "id": "c", "eventUri": "http://a.test/e",
                "source": {"endpoint": "http://a.test"}});
        }
        first.as_object_mut().unwrap().extend(member.as_object().unwrap().clone());
        json!({
            "resourceType": "Bundle", "type": kind, "identifier": {"system": "http://a.test", "value": "1"},
                "timestamp": "2020-01-01T00:00:00Z",
            "entry": [
                {"fullUrl": format!("http://a.test/{}/c", first["resourceType"].as_str().unwrap()), "resource": first},
                {"fullUrl": "http://a.test/Organization/o", "resource": {"resourceType": "Organization", "id": "o",
                    "name": "o"}}
            ]
        })
    };
    let verdict_of = |member: Value| verdict(&app, &document(member, "document"), &[]);
    let here = json!({"custodian": {"reference": "Organization/o"}});
    let with = |more: Value| {
        let mut all = here.clone();
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    assert_eq!(verdict_of(here.clone()), Valid);
    assert_eq!(
        verdict_of(with(json!({"attester": [{"mode": "legal", "party": {"reference": "Organization/none"}}]}))),
        Invalid
    );
    assert_eq!(
        verdict_of(with(json!({"event": [{"detail": [{"reference": "http://b.test/Organization/o"}]}]}))),
        Invalid
    );
    assert_eq!(
        verdict_of(with(json!({"section": [{"title": "a", "section": [{"title": "b",
                "entry": [{"reference": "urn:uuid:6e5b5b5e-6b1c-4c1e-9d2b-1b1b1b1b1b1b"}]}]}]}))),
        Invalid
    );
    // What is named otherwise, or is in another element, may be elsewhere.
    assert_eq!(verdict_of(with(json!({"subject": {"identifier": {"system": "http://a.test", "value": "p"}}}))), Valid);
    assert_eq!(
        verdict_of(with(
            json!({"relatesTo": [{"code": "replaces", "targetReference": {"reference": "Composition/earlier"}}]})
        )),
        Valid
    );
    let message =
        |reference: &str| verdict(&app, &document(json!({"focus": [{"reference": reference}]}), "message"), &[]);
    assert_eq!([message("Organization/o"), message("Organization/none")], [Valid, Invalid]);
}

#[test]
fn a_narrative_may_take_its_prefix_from_around_it() {
    let app = open(&[]);
    let told = |around: &str, div: &str| {
        text_report(&app, format!(r#"<Patient xmlns="http://hl7.org/fhir" {around}><text><status value="generated"/>{div}</text></Patient>"#).as_bytes(), &[], &Policies::default()).verdict
    };
    let xhtml = r#"xmlns:h="http://www.w3.org/1999/xhtml" xmlns:g="http://www.w3.org/1999/xhtml""#;
    assert_eq!(told(xhtml, "<h:div>a <g:b>b</g:b></h:div>"), Valid);
    assert_eq!(told(xhtml, r#"<h:div>a <g:b xmlns:g="http://other.test">b</g:b></h:div>"#), Invalid);
    assert_eq!(told(xhtml, "<h:div>a <h:script>b</h:script></h:div>"), Invalid);
    assert_eq!(told(r#"xmlns:h="http://other.test""#, "<h:div>a</h:div>"), Invalid);
    assert_eq!(told("", "<h:div>a</h:div>"), Invalid);
}

#[test]
fn options_of_answers_that_are_contained_in_a_questionnaire() {
    let questionnaire = json!({
        "resourceType": "Questionnaire", "id": "q", "url": "http://truth.test/Questionnaire/q", "status": "active",
        "contained": [
            {"resourceType": "ValueSet", "id": "some", "status": "active",
                "compose": {"include": [{"system": "http://truth.test/none", "concept": [{"code": "a"}]}]}},
            {"resourceType": "ValueSet", "id": "any", "status": "active",
                "compose": {"include": [{"system": "http://truth.test/none"}]}}
        ],
        "item": [{"linkId": "g", "type": "group", "item": [{"linkId": "s", "type": "choice",
            "answerValueSet": "#some"}]}, {"linkId": "y", "type": "choice", "answerValueSet": "#any"}, {"linkId": "n",
                "type": "choice", "answerValueSet": "#none"}]
    });
    let app = open(&[questionnaire]);
    let response = |questionnaire: &str, items: Value| {
        json!({"resourceType": "QuestionnaireResponse",
        "questionnaire": questionnaire, "status": "completed", "item": items})
    };
    let coded = |code: &str| json!([{"valueCoding": {"system": "http://truth.test/none", "code": code}}]);
    let q = "http://truth.test/Questionnaire/q";
    let some = |code: &str| response(q, json!([{"linkId": "g", "item": [{"linkId": "s", "answer": coded(code)}]}]));
    assert_eq!([verdict(&app, &some("a"), &[]), verdict(&app, &some("b"), &[])], [Valid, Invalid]);
    let other = |link: &str| verdict(&app, &response(q, json!([{"linkId": link, "answer": coded("a")}])), &[]);
    assert_eq!([other("y"), other("n")], [Undetermined, Undetermined]);
    assert_eq!(
        verdict(&app, &response("http://truth.test/Questionnaire/absent", json!([{"linkId": "a"}])), &[]),
        Undetermined
    );
}
