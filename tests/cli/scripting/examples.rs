//! The examples of `rules/`.

use serde_json::{Value, json};

use super::{found, practitioner};

#[test]
fn the_check_digit_of_an_npi() {
    let rules = "rules/us-npi.rhai";
    for valid in ["1234567893", "1993999998"] {
        assert_eq!(found(&practitioner(valid), rules), [""; 0], "{valid}");
    }
    let place = "Practitioner.identifier[1].value";
    assert_eq!(found(&practitioner("1234567890"), rules), [format!("error npi/check-digit {place}")]);
    for odd in ["123456789", "3234567893", "12345678 3", "１２３４５６７８９３"] {
        assert_eq!(found(&practitioner(odd), rules), [format!("error npi/digits {place}")], "{odd}");
    }
    let mut person = practitioner("1");
    person["resourceType"] = "Person".into();
    assert_eq!(found(&person, rules), [""; 0], "the rule looks at practitioners and organizations");
}

#[test]
fn the_health_number_of_ontario() {
    let patient = |number: &str| {
        json!({"resourceType": "Patient",
        "identifier": [{"system": "https://fhir.infoway-inforoute.ca/NamingSystem/ca-on-patient-hcn",
            "value": number}]})
    };
    let rules = "rules/ca-on-health-number.rhai";
    assert_eq!(found(&patient("1234567897"), rules), [""; 0]);
    assert_eq!(found(&patient("9876543217"), rules), [""; 0]);
    for wrong in ["1234567890", "1234567897AB", "12345", "2134567897"] {
        assert_eq!(
            found(&patient(wrong), rules),
            ["error ontario/health-number Patient.identifier[0].value"],
            "{wrong}"
        );
    }
}

fn result(code: &str, unit: Value) -> Value {
    json!({"resourceType": "Observation", "status": "final",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category",
            "code": "laboratory"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "valueQuantity": unit})
}

#[test]
fn the_units_of_a_laboratory() {
    let rules = "rules/site-laboratory.rhai";
    let ucum = |code: &str| json!({"value": 5.40, "system": "http://unitsofmeasure.org", "code": code});
    assert_eq!(found(&result("2345-7", ucum("mg/dL")), rules), [""; 0]);
    assert_eq!(found(&result("1-8", ucum("mmol/L")), rules), [""; 0], "a code that the list does not have");
    assert_eq!(
        found(&result("2345-7", ucum("mmol/L")), rules),
        ["error site/observation-unit Observation.value.ofType(Quantity).code"]
    );
    assert_eq!(
        found(&result("2345-7", json!({"value": 5, "unit": "mg/dL"})), rules),
        ["warning site/observation-system Observation.value.ofType(Quantity)"]
    );
    let mut other = result("2345-7", ucum("mmol/L"));
    other["category"][0]["coding"][0]["code"] = "exam".into();
    assert_eq!(found(&other, rules), [""; 0]);
}
