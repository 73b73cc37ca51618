use serde_json::{Value, json};

use super::table;

#[test]
fn numbers() {
    let risk = json!({"resourceType": "RiskAssessment", "status": "final", "subject": {"reference": "Patient/1"},
        "prediction": [{"probabilityDecimal": 0.8}]});
    table(
        &risk,
        &[
            ("probability=0.8", 'y'),
            ("probability=0.80", 'y'),
            ("probability=0.81", 'n'),
            ("probability=1", 'y'),
            ("probability=0.75", 'n'),
            ("probability=ne0.8", 'n'),
            ("probability=ne1.00", 'y'),
            ("probability=gt0.8", 'n'),
            ("probability=ge0.8", 'y'),
            ("probability=gt0.79", 'y'),
            ("probability=lt0.8", 'n'),
            ("probability=le0.8", 'y'),
            ("probability=sa0.7", 'y'),
            ("probability=eb0.7", 'n'),
            ("probability=ap0.8", '?'),
            ("probability=8e-1", 'y'),
            ("probability=9e-1", '?'),
            ("probability=x", '?'),
            ("probability=", '?'),
        ],
    );
    let edge = |n: Value| {
        json!({"resourceType": "RiskAssessment", "status": "final", "subject": {"reference": "Patient/1"},
            "prediction": [{"probabilityDecimal": n}]})
    };
    table(&edge(json!(99.5)), &[("probability=100", '?'), ("probability=100.0", 'n')]);
    table(&edge(json!(99.6)), &[("probability=100", 'y')]);
    table(&edge(json!("1")), &[("probability=1", '?')]);
    table(&edge(json!("much")), &[("probability=1", '?')]);
    table(&edge(json!({"a": 1})), &[("probability=1", '?')]);
    let range = json!({"resourceType": "RiskAssessment", "status": "final", "subject": {"reference": "Patient/1"},
        "prediction": [{"probabilityRange": {"low": {"value": 1}}}]});
    table(&range, &[("probability=1", '?')]);
}

fn measured(quantity: &Value) -> Value {
    json!({"resourceType": "Observation", "status": "final", "code": {"coding": [{"code": "c"}]},
        "valueQuantity": quantity})
}

#[test]
fn quantities() {
    let ucum = "http://unitsofmeasure.org";
    let found = json!({"value": 5.4, "unit": "gram", "system": ucum, "code": "g"});
    table(
        &measured(&found),
        &[
            ("value-quantity=5.4", 'y'),
            ("value-quantity=5.5", 'n'),
            (&format!("value-quantity=5.4|{ucum}|g"), 'y'),
            (&format!("value-quantity=5.40|{ucum}|g"), 'y'),
            (&format!("value-quantity=gt5|{ucum}|g"), 'y'),
            (&format!("value-quantity=5.4|{ucum}|m"), 'n'),
            (&format!("value-quantity=5400|{ucum}|mg"), '?'),
            (&format!("value-quantity=5.4|{ucum}|mg"), 'n'),
            ("value-quantity=5.4|http://other|g", 'n'),
            ("value-quantity=5.4||g", 'y'),
            ("value-quantity=5.4||gram", 'y'),
            ("value-quantity=5.4||mg", 'n'),
            ("value-quantity=5.4||stone", 'n'),
            ("value-quantity=5.4|g", '?'),
            ("value-quantity=ap5.4", '?'),
            ("value-quantity=lt5.4||g", 'n'),
            ("value-quantity=le5.4||g", 'y'),
        ],
    );
    table(&measured(&json!({"value": 5, "comparator": "<"})), &[("value-quantity=5", '?')]);
    table(&measured(&json!({"unit": "g"})), &[("value-quantity=5", 'n')]);
    table(&measured(&json!({"value": 5})), &[("value-quantity=5", 'y'), ("value-quantity=5||g", 'n')]);
    table(&measured(&json!(5)), &[("value-quantity=5", '?')]);
    let invoice = json!({"resourceType": "Invoice", "status": "issued", "totalNet": {"value": 10, "currency": "EUR"}});
    table(
        &invoice,
        &[
            ("totalnet=10", 'y'),
            ("totalnet=10|urn:iso:std:iso:4217|EUR", 'y'),
            ("totalnet=10||EUR", 'y'),
            ("totalnet=10||USD", 'n'),
            ("totalnet=gt10", 'n'),
        ],
    );
}

#[test]
fn composites() {
    let observation = json!({"resourceType": "Observation", "status": "final", "code": {"coding": [{"code": "bp"}]},
    "effectiveDateTime": "2020-01-01",
    "component": [
        {"code": {"coding": [{"system": "http://l", "code": "sys"}]}, "valueQuantity": {"value": 120}},
        {"code": {"coding": [{"system": "http://l", "code": "dia"}]}, "valueQuantity": {"value": 80}}
    ]});
    table(
        &observation,
        &[
            ("component-code-value-quantity=http://l|sys$120", 'y'),
            ("component-code-value-quantity=sys$gt100", 'y'),
            ("component-code-value-quantity=sys$80", 'n'),
            ("component-code-value-quantity=dia$80,sys$1", 'y'),
            ("component-code-value-quantity=SYS$120", '?'),
            ("component-code-value-quantity=SYS$80", 'n'),
            ("component-code-value-quantity=sys", '?'),
            ("component-code-value-quantity=sys$1$2", '?'),
            ("component-code-value-quantity:missing=false", 'y'),
            ("combo-code-value-quantity=sys$120", 'y'),
            ("code-value-quantity=bp$120", 'n'),
            ("code-value-concept=bp$x", 'n'),
        ],
    );
    let dated = json!({"resourceType": "Observation", "status": "final", "code": {"coding": [{"code": "c"}]},
        "valueDateTime": "2020-01-01"});
    table(&dated, &[("code-value-date=c$2020", 'y'), ("code-value-date=c$2021", 'n'), ("value-date=2020", 'y')]);
}
