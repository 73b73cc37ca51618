//! The mutants of `benches/oracle/`: the same seed makes the same ones, each kind makes some, and outcomes of the
//! official validator are read as they are written.

#[path = "../benches/oracle/kinds/mod.rs"]
mod kinds;
#[path = "../benches/oracle/random.rs"]
mod random;
#[path = "../benches/oracle/reasons.rs"]
mod reasons;
#[path = "../benches/oracle/sites.rs"]
mod sites;
#[path = "../benches/oracle/xml.rs"]
mod xml;

use random::Random;
use serde_json::{Value, json};

fn instances() -> Vec<Value> {
    let narrative =
        json!({"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>a <b>b</b></p></div>"});
    let observation = json!({
        "resourceType": "Observation", "id": "o", "language": "en",
        "meta": {"profile": ["http://hl7.org/fhir/StructureDefinition/Observation"]}, "text": narrative,
        "extension": [{"url": "http://example.org/x", "valueString": "x"}],
        "status": "final", "issued": "2020-01-01T10:00:00Z",
        "code": {"coding": [
            {"system": "http://loinc.org", "code": "8480-6", "display": "a b"},
            {"system": "http://example.org/codes", "code": "x"}
        ], "text": "text"},
        "subject": {"reference": "Patient/p", "display": "somebody"},
        "effectivePeriod": {"start": "2020-01-01", "end": "2020-02-01"},
        "valueQuantity": {"value": 1.5, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"},
        "referenceRange": [{"low": {"value": 1}, "high": {"value": 3}}]
    });
    let patient = json!({
        "resourceType": "Patient", "id": "p", "text": narrative, "active": true,
        "identifier": [{"system": "http://example.org/ids", "value": "1"}],
        "name": [{"family": "x", "given": ["y", "z"]}],
        "telecom": [{"system": "phone", "value": "1"}], "gender": "male", "birthDate": "1970-01-01",
        "photo": [{"contentType": "image/png", "data": "QUJD", "language": "en"}], "multipleBirthInteger": 2,
        "managingOrganization": {"reference": "Organization/o"}
    });
    let schedule = json!({
        "resourceType": "MedicationRequest", "id": "m", "status": "active", "intent": "order",
        "medicationCodeableConcept": {"text": "text"}, "subject": {"reference": "Patient/p"},
        "dosageInstruction": [{"timing": {"repeat": {
            "frequency": 1, "period": 1, "periodUnit": "d", "timeOfDay": ["10:00:00"]
        }}}]
    });
    let item = json!({
        "linkId": "1", "type": "choice", "text": "x",
        "answerOption": [{"valueString": "x"}], "item": [{"linkId": "1.1", "type": "string", "text": "y"}]
    });
    let form = json!({
        "resourceType": "Questionnaire", "id": "q", "url": "http://example.org/q", "status": "active", "item": [item]
    });
    let answers = json!({
        "resourceType": "QuestionnaireResponse", "id": "r", "contained": [form],
        "questionnaire": "#q", "status": "completed",
        "item": [{"linkId": "1", "answer": [{
            "valueString": "x", "item": [{"linkId": "1.1", "answer": [{"valueString": "y"}]}]
        }]}]
    });
    vec![observation, patient, schedule, form, answers]
}

/// A mutant of a kind of each instance that has one, over some rounds.
fn mutants(make: fn(&Value, &mut Random) -> Option<sites::Made>, name: &str) -> Vec<String> {
    let of = |nth| instances().into_iter().filter_map(move |i| make(&i, &mut Random::new(7, name, nth)));
    (0..12).flat_map(of).map(|m| format!("{} {} {}", m.xml, m.note, m.text)).collect()
}

#[test]
fn every_kind_makes_mutants_and_the_same_ones_each_time() {
    for (name, make) in kinds::all() {
        let made = mutants(make, name);
        assert!(!made.is_empty(), "{name} makes no mutant");
        assert_eq!(made, mutants(make, name), "{name}");
    }
}

#[test]
fn kinds_have_names_of_their_own() {
    let mut names: Vec<&str> = kinds::all().iter().map(|k| k.0).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!((names.len(), count > 100), (count, true));
}

#[test]
fn the_table_of_reasons_is_whole() {
    assert_eq!(reasons::broken(reasons::LEDGER), [""; 0]);
    assert_eq!(reasons::broken("ours\tx\t*\t*\tbad luck\ty\nours\tx").len(), 2);
}
