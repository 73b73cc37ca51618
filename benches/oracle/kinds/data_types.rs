//! Data types whose parts depend on each other: periods, identifiers, contact points, attachments, timings.

use serde_json::{Value, json};

use super::Kind;
use crate::random::Random;
use crate::sites::{Made, Site, change, has, with};

pub const KINDS: &[Kind] = &[
    ("period-order", period_order),
    ("identifier-parts", identifier_parts),
    ("contact-parts", contact_parts),
    ("attachment-parts", attachment_parts),
    ("timing-parts", timing_parts),
];

fn period_order(base: &Value, random: &mut Random) -> Option<Made> {
    let wanted = |s: &Site<'_>| s.value.is_object() && (has(s, "start") || has(s, "end")) && !has(s, "status");
    change(base, random, wanted, |v, random| {
        let pairs = [
            ("2020-02-02", "2020-01-01"),
            ("2020-02-02", "2020-02-02"),
            ("2020", "2020-01-01"),
            ("2020-06", "2020"),
            ("2020-01-01T10:00:00Z", "2020-01-01T10:00:00+01:00"),
            ("2020-01-01T10:00:00+01:00", "2020-01-01T10:00:00Z"),
            ("2020-01-01T10:00:00.5Z", "2020-01-01T10:00:00Z"),
            ("2020-01-01T23:00:00-05:00", "2020-01-02"),
            ("2020-01-02", "2020-01-01T23:00:00-05:00"),
            ("2021", "2020"),
            ("2020-01", "2019-12-31"),
            ("9999", "0001"),
        ];
        let (start, end) = *random.one(&pairs)?;
        let o = v.as_object_mut()?;
        o.insert("start".to_owned(), json!(start));
        o.insert("end".to_owned(), json!(end));
        Some(format!("{start} to {end}"))
    })
}

fn identifier_parts(base: &Value, random: &mut Random) -> Option<Made> {
    let wanted = |s: &Site<'_>| s.name == "identifier" && s.value.is_object();
    with(
        base,
        random,
        wanted,
        &[
            &[("system", json!("urn:ietf:rfc:3986")), ("value", json!("text"))],
            &[("system", json!("urn:ietf:rfc:3986")), ("value", json!("urn:oid:1.2.3"))],
            &[("system", json!("urn:ietf:rfc:3986")), ("value", json!("urn:uuid:x"))],
            &[("system", json!("text"))],
            &[("system", json!("1.2.3"))],
            &[("use", json!("unknown"))],
            &[("use", json!("old"))],
            &[("value", Value::Null)],
            &[("value", json!(" 1"))],
            &[("value", json!("1 "))],
            &[("value", json!(3))],
            &[(
                "type",
                json!({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "XYZ"}]}),
            )],
            &[("type", json!({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}))],
            &[("system", json!("urn:oid:x"))],
            &[("type", json!("MR"))],
            &[("assigner", json!({"reference": "Patient/1"}))],
            &[("system", json!("http://hl7.org/fhir/sid/us-ssn")), ("value", json!("1"))],
            &[("system", json!("http://hl7.org/fhir/sid/us-npi")), ("value", json!("1"))],
            &[("period", json!({"start": "2021", "end": "2020"}))],
            &[("system", json!("urn:ietf:rfc:3986")), ("value", json!("9f1b2c8e-1234-4000-8000-000000000000"))],
            &[("value", json!(""))],
        ],
    )
}

fn contact_parts(base: &Value, random: &mut Random) -> Option<Made> {
    let wanted = |s: &Site<'_>| s.name == "telecom" && s.value.is_object();
    with(
        base,
        random,
        wanted,
        &[
            &[("system", Value::Null)],
            &[("value", Value::Null)],
            &[("system", json!("telephone"))],
            &[("system", json!("email")), ("value", json!("text"))],
            &[("use", json!("fax"))],
            &[("rank", json!(0))],
            &[("rank", json!(1.0))],
            &[("rank", json!("1"))],
            &[("value", json!(3))],
            &[("system", json!("url")), ("value", json!("a b"))],
            &[("rank", json!(-1))],
            &[("system", json!("Phone"))],
            &[("value", json!(""))],
        ],
    )
}

fn attachment_parts(base: &Value, random: &mut Random) -> Option<Made> {
    with(
        base,
        random,
        |s| has(s, "contentType") && s.value.is_object() && !has(s, "resourceType"),
        &[
            &[("contentType", Value::Null), ("data", json!("QUJD"))],
            &[("data", json!("QUJ"))],
            &[("size", json!(-1))],
            &[("size", json!(3.0))],
            &[("hash", json!("x"))],
            &[("url", json!("a b"))],
            &[("data", json!("QUJD")), ("size", json!(7))],
            &[("language", json!("xx-unicorn"))],
            &[("data", json!("QUJD")), ("hash", json!("QUJD"))],
            &[("creation", json!("2020-13"))],
            &[("size", json!("3"))],
            &[("url", json!("urn:oid:x"))],
            &[("data", json!("QUJD")), ("url", json!("http://example.org/x"))],
            &[("url", json!(""))],
            &[("url", json!("Binary/1"))],
            &[("url", json!("#a"))],
        ],
    )
}

fn timing_parts(base: &Value, random: &mut Random) -> Option<Made> {
    with(
        base,
        random,
        |s| s.name == "repeat" && s.value.is_object(),
        &[
            &[("period", json!(-1))],
            &[("periodUnit", Value::Null)],
            &[("duration", json!(1))],
            &[("durationUnit", json!("h"))],
            &[("count", json!(0))],
            &[("countMax", json!(3))],
            &[("offset", json!(3))],
            &[("when", json!(["MORN"])), ("timeOfDay", json!(["10:00:00"]))],
            &[("when", json!(["C"])), ("offset", json!(3))],
            &[("dayOfWeek", json!(["monday"]))],
            &[("dayOfWeek", json!(["mon", "mon"]))],
            &[("timeOfDay", json!(["10:00"]))],
            &[("periodMax", json!(9))],
            &[("frequency", json!(0))],
            &[("frequencyMax", json!(1.5))],
            &[("durationMax", json!(5))],
            &[("periodUnit", json!("days"))],
            &[("boundsDuration", json!({"value": 3, "code": "d"}))],
            &[(
                "boundsDuration",
                json!({"value": 3, "unit": "x", "system": "http://unitsofmeasure.org", "code": "kg"}),
            )],
        ],
    )
}
