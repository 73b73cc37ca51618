//! Statements that ask for too much at once: refused by name, or unknown beyond a bound that holds over all types.

use fhir_accord::capability::agreement::{Agreement, Kind, Verdict};
use fhir_accord::capability::{NegotiateError, NegotiateRequest, Side, negotiate};
use serde_json::{Value, json};

use crate::support::{client, nothing, server};

fn asked(wants: Value, has: Value) -> Result<Agreement, NegotiateError> {
    let request = NegotiateRequest::new(Side::Statement(client(wants)), Side::Statement(server(has)));
    negotiate(&request, &nothing())
}

fn types(n: usize, items: usize, name: &str) -> Value {
    let params: Vec<Value> = (0..items).map(|i| json!({"name": format!("p{i}"), "type": "token"})).collect();
    (0..n).map(|i| json!({"type": format!("{name}{i}"), "searchParam": params})).collect()
}

fn refusal(wants: Value) -> String {
    asked(wants, json!([])).err().map(|e| e.to_string()).unwrap_or_default()
}

#[test]
fn a_client_that_lists_too_much_is_refused_by_name() {
    assert_eq!(refusal(types(20_480, 0, "T")), "");
    let text = refusal(types(20_481, 0, "T"));
    assert!(text.contains("20481") && text.contains("requirements-limit"), "{text}");
    assert_eq!(refusal(types(10, 2047, "T")), "");
    assert!(!refusal(types(10, 2048, "T")).is_empty());
    // A name that stands in every row counts with every row.
    assert!(!refusal(types(1, 2000, &"T".repeat(2000))).is_empty());
    let profiles: Vec<String> = (0..4096).map(|i| format!("http://x/{i}")).collect();
    assert!(!refusal(json!([{"type": "Patient", "supportedProfile": profiles}])).is_empty());
    // The server may list as much as is read.
    assert!(asked(types(1, 0, "T"), types(30_000, 0, "T")).is_ok());
}

#[test]
fn scopes_are_not_repeated_with_every_profile_without_a_bound() {
    let profiles: Vec<String> = (0..1000).map(|i| format!("http://x/{i}|1")).collect();
    let entry = json!([{"type": "Observation", "interaction": [{"code": "read"}], "supportedProfile": profiles}]);
    let made = |bytes: usize| {
        let tokens: Vec<String> = (0..100).map(|i| format!("patient/*.r?x{i}={}", "v".repeat(bytes))).collect();
        let mut request =
            NegotiateRequest::new(Side::Statement(client(entry.clone())), Side::Statement(server(entry.clone())));
        request.scope = Some(format!("patient/*.r {}", tokens.join(" ")));
        negotiate(&request, &nothing()).unwrap()
    };
    let told = |a: &Agreement| a.profile_set.iter().flat_map(|p| &p.scopes).map(String::len).sum::<usize>();
    let (short, long) = (made(10), made(3000));
    assert_eq!((short.profile_set.len(), short.profile_set[0].scopes.len()), (1000, 64));
    assert!(told(&long) > 1 << 20 && told(&long) <= 4 << 20, "{}", told(&long));
    assert_eq!(long.scopes.len(), 101);
}

/// Types with profiles on either side, whose urls differ, but for one of the last type.
fn crowded(types: usize, profiles: usize, side: &str) -> Value {
    let of = |at: usize| {
        let own = |i: usize| format!("http://{side}/{at}/{i}");
        let shared = (at + 1 == types).then(|| "http://x/shared|1".to_owned());
        let all: Vec<String> = (0..profiles).map(own).chain(shared).collect();
        json!({"type": format!("T{at}"), "supportedProfile": all})
    };
    (0..types).map(of).collect()
}

#[test]
fn pairs_of_profiles_are_bounded_over_all_types() {
    let agreement = asked(crowded(40, 100, "a"), crowded(40, 100, "b")).unwrap();
    assert_ne!(agreement.verdict, Verdict::Compatible);
    let last = |at: usize| agreement.resources[at].of(Kind::Profile).last().unwrap();
    assert_eq!(last(0).why, ["undeclared"]);
    assert_eq!(agreement.resources[38].of(Kind::Profile).last().unwrap().why, ["pairs-limit"]);
    // Of what lies beyond, equal urls are seen.
    let shared = last(39).profile().unwrap();
    assert_eq!((shared.required.as_str(), shared.status.passes()), ("http://x/shared|1", true));
}

#[test]
fn queries_beyond_the_bound_narrow_in_a_way_that_is_unknown() {
    let profiles: Vec<String> = (0..1000).map(|i| format!("http://x/{i}|1")).collect();
    let entry =
        json!([{"type": "Observation", "interaction": [{"code": "search-type"}], "supportedProfile": profiles}]);
    let tokens: Vec<String> = (0..1000).map(|i| format!("patient/Observation.rs?category={i}")).collect();
    let mut request = NegotiateRequest::new(Side::Statement(client(entry.clone())), Side::Statement(server(entry)));
    request.scope = Some(tokens.join(" "));
    let agreement = negotiate(&request, &nothing()).unwrap();
    assert_ne!(agreement.verdict, Verdict::Compatible);
    let rows: Vec<_> = agreement.resources[0].of(Kind::Profile).collect();
    assert_eq!(rows.len(), 1000);
    assert!(rows.iter().all(|r| r.why.iter().any(|w| *w == "narrowed-unknown")), "{:?}", rows[999].why);
}
