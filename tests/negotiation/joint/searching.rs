//! What rides on a search, and what search parameters mean.

use fhir_accord::capability::agreement::{Answer, Kind, Row, ScopeAnswer, Usable, Verdict};
use serde_json::{Value, json};

use super::{COMBINATION, embedded, only};
use crate::found::ids;
use crate::support::{client, expects, nothing, server, simple, with};

#[test]
fn what_rides_on_a_search_needs_one() {
    let wants = client(json!([{"type": "Observation", "searchParam": [{"name": "patient", "type": "reference"},
        {"name": "category", "type": "token"}], "searchRevInclude": ["Provenance:target"]}]));
    let has = server(json!([{"type": "Observation", "interaction": [{"code": "read"}],
        "searchParam": [{"name": "patient", "type": "string"}, {"name": "category", "type": "token"}],
        "searchRevInclude": ["Provenance:target"]}]));
    let a = with(wants, has, |r| r.scope = Some("launch/patient patient/Observation.r".to_owned()));
    let rows: Vec<&Row> = a.resources[0].of(Kind::SearchParam).chain(a.resources[0].of(Kind::Include)).collect();
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|r| r.usable == Usable::No), "{rows:?}");
    assert_eq!((rows[0].server, ids(&rows[0].why)[0]), (Answer::No, "type-differs"));
    assert_eq!((rows[1].server, rows[1].scope), (Answer::Yes, Some(ScopeAnswer::NotAsked)));
    assert!(ids(&rows[1].why).contains(&"search-unusable"));
    assert_eq!((a.verdict, a.counts.shall.failed, a.counts.should.failed), (Verdict::Incompatible, 2, 1));
}

/// An entry with these combinations of required parameters, its searches and their parameters.
fn combined(combinations: &[&[&str]], own: &str, parameters: &[&str]) -> Value {
    let combination = |names: &&[&str]| {
        let required = names.iter().map(|n| json!({"url": "required", "valueString": n}));
        json!({"url": COMBINATION, "extension": required.collect::<Vec<_>>()})
    };
    let all: Vec<Value> = combinations.iter().map(combination).collect();
    let parameters: Vec<Value> = parameters.iter().map(|n| json!({"name": n, "extension": expects(own)})).collect();
    json!([{"type": "Observation", "extension": all, "interaction": [{"code": "search-type"}],
        "searchParam": parameters}])
}

#[test]
fn a_declared_combination_is_met_by_itself() {
    let wants = client(combined(&[&["patient", "category"]], "SHALL", &[]));
    let mut has = server(combined(&[&["patient", "category"]], "MAY", &["patient", "category"]));
    has["kind"] = json!("requirements");
    let a = simple(wants.clone(), has, &nothing());
    assert_eq!((only(&a, Kind::Combination).server, a.verdict), (Answer::Yes, Verdict::Compatible));
    // Another one needs its parameters, and one of those that are declared.
    let other = server(combined(&[&["patient", "date"]], "SHALL", &["patient", "category"]));
    let a = simple(wants, other, &nothing());
    assert_eq!(ids(&only(&a, Kind::Combination).why), ["combination-unmet"]);
}

#[test]
fn a_parameter_that_the_server_takes_only_with_others() {
    let wants = |c: &[&[&str]]| client(combined(c, "SHALL", &["patient"]));
    let mut has = server(combined(&[&["patient", "intent"]], "SHALL", &[]));
    has["rest"][0]["resource"][0]["searchParam"] = json!([{"name": "patient"}, {"name": "intent"}]);
    let a = simple(wants(&[]), has.clone(), &nothing());
    assert_eq!((a.verdict, ids(&only(&a, Kind::SearchParam).why)), (Verdict::Incompatible, vec!["combination-unmet"]));
    // With what the server asks for it is not searched by alone.
    let a = simple(wants(&[&["patient", "intent"]]), has.clone(), &nothing());
    assert_eq!(a.verdict, Verdict::Compatible);
    // And a statement implements itself.
    let a = simple(has.clone(), has, &nothing());
    assert_eq!(only(&a, Kind::SearchParam).server, Answer::Yes);
}

#[test]
fn search_parameters_mean_what_the_packages_say() {
    let parameter = |definition: &str| {
        let mut p = json!({"name": "name", "type": "string"});
        if !definition.is_empty() {
            p["definition"] = json!(definition);
        }
        json!([{"type": "Patient", "interaction": [{"code": "search-type"}], "searchParam": [p]}])
    };
    let base = "http://hl7.org/fhir/SearchParameter/individual-name";
    let of_us = "http://hl7.org/fhir/us/core/SearchParameter/us-core-patient-name";
    let why = |wanted: &str, listed: &str| {
        let base = "http://hl7.org/fhir/SearchParameter/Patient-name";
        let definition = |d: &str| if d == "base" { base.to_owned() } else { d.to_owned() };
        let a = embedded(client(parameter(&definition(wanted))), server(parameter(&definition(listed))), |_| ());
        ids(&only(&a, Kind::SearchParam).why)
    };
    assert_eq!(why("", ""), Vec::<&str>::new());
    assert_eq!(why("base", ""), Vec::<&str>::new());
    assert_eq!(why(of_us, ""), Vec::<&str>::new());
    assert_eq!(why(base, "http://x/other"), ["assumed"]);
}
