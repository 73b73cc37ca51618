use serde_json::{Value, json};

use super::table;

fn at(member: &str, value: &Value) -> Value {
    let mut observation = json!({"resourceType": "Observation", "status": "final", "code": {"text": "x"}});
    observation[member] = value.clone();
    observation
}

#[test]
fn days_against_days() {
    table(
        &at("effectiveDateTime", &json!("2020-05-10")),
        &[
            ("date=2020-05-10", 'y'),
            ("date=2020-05", 'y'),
            ("date=2020", 'y'),
            ("date=2020-05-11", 'n'),
            ("date=2020-05-10T10:00", 'n'),
            ("date=eq2020-05", 'y'),
            ("date=ne2020-05", 'n'),
            ("date=ne2021", 'y'),
            ("date=gt2020-05-09", 'y'),
            ("date=gt2020-05-10", 'n'),
            ("date=gt2020", 'n'),
            ("date=ge2020-05-10", 'y'),
            ("date=ge2020-05-11", 'n'),
            ("date=lt2020-05-11", 'y'),
            ("date=lt2020-05-10", 'n'),
            ("date=le2020-05-10", 'y'),
            ("date=le2020-05-09", 'n'),
            ("date=sa2020-05-09", 'y'),
            ("date=sa2020-05-10", 'n'),
            ("date=eb2020-05-11", 'y'),
            ("date=eb2020-05-10", 'n'),
            ("date=ap2020-05-10", '?'),
            ("date=xx2020", '?'),
            ("date=yesterday", '?'),
            ("date=2020-13", '?'),
            ("date=", '?'),
            ("date=2019,2020", 'y'),
            ("date=ge2020-05-01&date=lt2020-06-01", 'y'),
            ("date=ge2020-05-01&date=lt2020-05-05", 'n'),
            ("date:missing=false", 'y'),
            ("date:exact=2020", '?'),
        ],
    );
}

#[test]
fn zones_and_seconds() {
    table(
        &at("effectiveDateTime", &json!("2020-05-10T23:30:00Z")),
        &[
            ("date=2020-05-10T23:30:00Z", 'y'),
            ("date=2020-05-11T01:30:00%2B02:00", 'y'),
            ("date=2020-05-10T23:30Z", 'y'),
            ("date=2020-05-10T23:30:00.500Z", 'n'),
            ("date=ge2020-05-10T23:30:00.500Z", '?'),
            ("date=2020-05-10", '?'),
            ("date=2020-05-11", '?'),
            ("date=2020-05", 'y'),
            ("date=2020-06", 'n'),
            ("date=ge2020-05-01", 'y'),
            ("date=ge2020-05-11", '?'),
            ("date=ge2020-05-12", 'n'),
            ("date=lt2020-05-12", 'y'),
            ("date=lt2020-05-11", '?'),
            ("date=lt2020-05-10", 'n'),
            ("date=lt2020-05-09", 'n'),
            ("date=2020-05-11T01:30:00+02:00", '?'),
        ],
    );
    table(
        &at("effectiveInstant", &json!("2020-05-10T23:30:00.123Z")),
        &[
            ("date=2020-05-10T23:30:00.123Z", 'y'),
            ("date=2020-05-10T23:30:00Z", '?'),
            ("date=2020-05-10T23:30Z", 'y'),
            ("date=gt2020-05-10T23:29:59Z", 'y'),
            ("date=lt2020-05-10T23:30:01Z", 'y'),
        ],
    );
    table(
        &json!({"resourceType": "Patient", "birthDate": "1970-03", "meta": {"lastUpdated": "2020-06-01T00:00:00Z"}}),
        &[
            ("birthdate=1970-03", 'y'),
            ("birthdate=1970", 'y'),
            ("birthdate=1970-03-01", 'n'),
            ("birthdate=ge1970-03-02", 'y'),
            ("birthdate=ge1970-04", 'n'),
            ("birthdate=lt1970-03-02", 'y'),
            ("_lastUpdated=gt2019", 'y'),
            ("_lastUpdated=gt2020-05-31", '?'),
            ("_lastUpdated=lt2019", 'n'),
        ],
    );
}

#[test]
fn periods() {
    let period = json!({"start": "2020-01-10", "end": "2020-02-10"});
    table(
        &at("effectivePeriod", &period),
        &[
            ("date=2020", 'y'),
            ("date=2020-01", 'n'),
            ("date=ne2020-01", 'y'),
            ("date=gt2020-02-01", 'y'),
            ("date=gt2020-02-10", 'n'),
            ("date=lt2020-01-11", 'y'),
            ("date=lt2020-01-10", 'n'),
            ("date=ge2020-02-10", '?'),
            ("date=ge2020-02-11", 'n'),
            ("date=le2020-01-10", '?'),
            ("date=le2020-01-09", 'n'),
            ("date=sa2020-01-09", 'y'),
            ("date=sa2020-01-10", 'n'),
            ("date=eb2020-02-11", 'y'),
            ("date=eb2020-02-10", 'n'),
        ],
    );
    table(
        &at("effectivePeriod", &json!({"start": "2020-01-10"})),
        &[
            ("date=gt2999", 'y'),
            ("date=2020", 'n'),
            ("date=sa2019", 'y'),
            ("date=lt2020-01-10", 'n'),
            ("date=eb2999", 'n'),
        ],
    );
    table(&at("effectivePeriod", &json!({})), &[("date=2020", '?')]);
    table(&at("effectivePeriod", &json!({"start": "2021", "end": "2020"})), &[("date=2020", '?')]);
    table(&at("effectiveTiming", &json!({"event": ["2020-01-01"]})), &[("date=2020", '?')]);
    table(&at("effectiveDateTime", &json!("soon")), &[("date=2020", '?')]);
    table(&at("effectiveDateTime", &json!({"a": 1})), &[("date=2020", '?')]);
}
