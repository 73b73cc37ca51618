use std::sync::Arc;
use std::time::{Duration, Instant};

use fhir_accord_profiles::interrupt::{Interrupt, Signal};
use fhir_accord_profiles::search::Answer;
use serde_json::{Value, json};

use super::{R4, meets, why};

/// What is far beyond what any of these takes.
const LONG: Duration = Duration::from_secs(20);

fn codings(count: usize) -> Value {
    let all: Vec<Value> = (0..count).map(|i| json!({"system": "http://s", "code": format!("c{i}")})).collect();
    json!({"resourceType": "Observation", "status": "final", "code": {"coding": all}})
}

#[test]
fn bounds_have_names() {
    let observation = codings(1);
    assert_eq!(why(&observation, &"a=1&".repeat(10_000)), "the query has more than 1000 pairs");
    let values = |count: usize| format!("code={}", vec!["x"; count].join(","));
    assert_eq!(why(&observation, &values(10_001)), "the query has more than 10000 values");
    assert_eq!(meets(&observation, &values(10_000)), Answer::No);
    assert_eq!(why(&observation, &format!("code={}", "x".repeat(70_000))), "the query is longer than 65536 bytes");
    assert_eq!(meets(&observation, &"code=c0&".repeat(1_000)), Answer::Yes);
}

#[test]
fn ten_thousand_against_ten_thousand_ends() {
    let started = Instant::now();
    let query = format!("code={}", vec!["x"; 10_000].join(","));
    assert_eq!(why(&codings(10_000), &query), "the search takes more than 4000000 steps");
    assert_eq!(meets(&codings(10_000), "code=c9999"), Answer::Yes);
    assert_eq!(meets(&codings(10_000), "code:not=c9999"), Answer::No);
    let mut long = json!({"resourceType": "Patient", "name": [{"family": "é".repeat(2_000_000)}]});
    for query in ["family:contains=x,y", "name=x,y"] {
        assert_eq!(meets(&long, query), Answer::No);
    }
    let query = format!("family:contains={}", vec!["x"; 5_000].join(","));
    assert!(why(&long, &query).contains("steps"));
    long["name"][0]["family"] = json!("x".repeat(4_000_000));
    let query = format!("general-practitioner={}", vec!["Practitioner/1"; 4_000].join(","));
    long["generalPractitioner"] = json!([{"reference": format!("Practitioner/{}", "1".repeat(4_000_000))}]);
    assert!(!matches!(meets(&long, &query), Answer::Yes));
    assert!(started.elapsed() < LONG, "{:?}", started.elapsed());
}

#[test]
fn references_by_the_thousand() {
    let started = Instant::now();
    let all: Vec<Value> = (0..10_000).map(|i| json!({"reference": format!("#c{i}")})).collect();
    let contained: Vec<Value> = (0..10_000).map(|i| json!({"resourceType": "Group", "id": format!("c{i}")})).collect();
    let observation = json!({"resourceType": "Observation", "status": "final", "code": {"text": "x"},
        "performer": all, "contained": contained});
    let answer = R4.in_patient_compartment(observation.to_string().as_bytes(), "1", &Interrupt::never());
    assert!(!matches!(answer, Answer::Yes), "{answer:?}");
    assert!(started.elapsed() < LONG, "{:?}", started.elapsed());
}

#[test]
fn nesting_ends() {
    let (begun, ended) = (r#"{"identifier":{"assigner":"#.repeat(5_000), "}}".repeat(5_000));
    let deep = format!(r#"{{"resourceType":"Observation","subject":{begun}1{ended}}}"#);
    let answer = R4.meets(deep.as_bytes(), "subject=Patient/1", &Interrupt::never());
    assert!(matches!(answer, Answer::Unknown(_)));
    assert!(matches!(
        R4.meets(deep.get(..1_000).unwrap().as_bytes(), "subject=Patient/1", &Interrupt::never()),
        Answer::Unknown(_)
    ));
}

/// Raised from the start.
struct Now;

impl Signal for Now {
    fn is_raised(&self) -> bool {
        true
    }
}

#[test]
fn what_is_broken_off_is_unknown() {
    let interrupt = Interrupt::by(Arc::new(Now));
    let text = codings(10_000).to_string();
    assert!(matches!(R4.meets(text.as_bytes(), "code=c9999", &interrupt), Answer::Unknown(_)));
    let patient = json!({"resourceType": "Patient", "id": "1"}).to_string();
    assert!(matches!(R4.meets(patient.as_bytes(), "gender=male", &interrupt), Answer::Unknown(_)));
}

#[test]
fn no_query_panics_and_none_that_is_unreadable_is_met() {
    let observation = codings(3);
    let pieces = [
        "code",
        ":",
        "=",
        ",",
        "|",
        "$",
        "\\",
        "%",
        "%2C",
        "%00",
        "&",
        "http://s|",
        "é",
        "not",
        "_id",
        "..",
        "date",
        "ge",
    ];
    let mut state: u64 = 1;
    for _ in 0..5_000 {
        let mut query = String::new();
        for _ in 0..8 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            query.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        let answer = meets(&observation, &query);
        let met = answer == Answer::Yes;
        let reads = query.split('&').all(|pair| pair.is_empty() || (pair.contains('=') && !pair.starts_with('=')));
        assert!(!met || reads, "{query}");
    }
}
