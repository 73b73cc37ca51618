//! Grants under queries, and registration.

use fhir_accord::capability::agreement::{Kind, Outcome, ProfileStatus, ScopeAnswer, Usable, Verdict};

use super::{embedded, granted, observations, only};
use crate::found::{ids, profiles};
use crate::support::{client, server};

#[test]
fn a_narrowed_grant_excludes_a_profile() {
    let pressure = observations("us-core-blood-pressure|6.1.0");
    let laboratory =
        "patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory";
    let a = embedded(client(pressure.clone()), server(pressure.clone()), granted(laboratory));
    let profile = only(&a, Kind::Profile);
    assert_eq!((a.verdict, profile.usable), (Verdict::Incompatible, Usable::No));
    assert!(ids(&profile.why).contains(&"narrowed-outside"));
    assert!(a.resources[0].of(Kind::Interaction).all(|i| i.usable == Usable::No));
    assert_eq!((a.can_do.0[0].1.read, a.can_do.0[0].1.search), (Usable::No, Usable::No));
    assert!(a.profile_set.is_empty());

    let vital =
        "patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|vital-signs";
    let a = embedded(client(pressure.clone()), server(pressure.clone()), granted(vital));
    let profile = only(&a, Kind::Profile);
    assert_eq!((a.verdict, profile.usable), (Verdict::Compatible, Usable::Yes));
    assert!(ids(&profile.why).contains(&"narrowed-inside"));
    let shared = &a.profile_set[0];
    assert_eq!((shared.status, shared.interactions.len()), (ProfileStatus::Proven, 2));
    assert_eq!(shared.scopes, [vital]);

    // What no parameter of the packages explains is unknown.
    let a = embedded(client(pressure.clone()), server(pressure), granted("patient/Observation.rs?x-ward=7"));
    assert!(ids(&only(&a, Kind::Profile).why).contains(&"narrowed-unknown"));
    assert_eq!(a.verdict, Verdict::Indeterminate);
}

#[test]
fn a_narrowed_grant_serves_a_part() {
    let results = observations("us-core-observation-clinical-result|6.1.0");
    let laboratory = "patient/Observation.rs?category=laboratory";
    let a = embedded(client(results.clone()), server(results), granted(laboratory));
    let found = &profiles(&a.resources[0])[0];
    assert_eq!((found.status, a.verdict), (ProfileStatus::Partial, Verdict::Indeterminate));
    assert!(found.why.contains(&"narrowed-part"));
}

#[test]
fn one_prediction_of_the_grant() {
    let pressure = observations("us-core-blood-pressure|6.1.0");
    let a = embedded(client(pressure.clone()), server(pressure), |r| {
        r.scope = Some("launch/patient patient/*.read".to_owned());
        r.policy.registration = Some("launch/patient openid fhirUser patient/Patient.rs patient/Observation.rs".into());
    });
    let outcome = a.scopes.iter().find(|s| s.requested == "patient/*.read").unwrap();
    assert_eq!(outcome.predicted, ["patient/Patient.rs", "patient/Observation.rs"]);
    let interactions: Vec<_> = a.resources[0].of(Kind::Interaction).map(|i| i.scope).collect();
    assert_eq!(interactions, [Some(ScopeAnswer::Likely); 2]);
}

const LABORATORY: &str =
    "patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory";

#[test]
fn what_registration_and_authority_leave_narrows_too() {
    for by_authority in [false, true] {
        let pressure = observations("us-core-blood-pressure|6.1.0");
        let a = embedded(client(pressure.clone()), server(pressure), |r| {
            r.scope = Some("patient/Observation.rs".to_owned());
            let bound = if by_authority { &mut r.policy.authority } else { &mut r.policy.registration };
            *bound = Some(LABORATORY.to_owned());
        });
        assert_eq!((a.verdict, a.can_do.0[0].1.read), (Verdict::Incompatible, Usable::No), "{by_authority}");
        assert!(a.profile_set.is_empty());
        // What rides on the search fails with it.
        assert!(ids(&only(&a, Kind::SearchParam).why).contains(&"narrowed-outside"));
        assert!(a.ask.scope.ends_with("patient/Observation.rs"), "{}", a.ask.scope);
        // The same registration serves what it was made for.
        let results = observations("us-core-observation-lab|6.1.0");
        let a = embedded(client(results.clone()), server(results), |r| {
            r.scope = Some("patient/Observation.rs".to_owned());
            r.policy.registration = Some(LABORATORY.to_owned());
        });
        assert_eq!((a.verdict, a.profile_set[0].scopes.join(" ").as_str()), (Verdict::Compatible, LABORATORY));
    }
}

#[test]
fn letters_are_narrowed_one_by_one() {
    let pressure = observations("us-core-blood-pressure|6.1.0");
    let a = embedded(client(pressure.clone()), server(pressure), |r| {
        r.scope = Some(format!("patient/Observation.s {}", LABORATORY.replace(".rs?", ".r?")));
    });
    let usable: Vec<Usable> = a.resources[0].of(Kind::Interaction).map(|i| i.usable).collect();
    assert_eq!((a.verdict, usable), (Verdict::Incompatible, vec![Usable::No, Usable::Unknown]));
    assert_eq!(profiles(&a.resources[0])[0].status, ProfileStatus::Proven);
    // A query that keeps out what is needed is not asked for again.
    assert_eq!(a.ask.scope, "launch/patient patient/Patient.r patient/Observation.rs");
}

#[test]
fn a_registration_does_not_outdo_what_the_server_declares() {
    use serde_json::json;
    let outcome = |smart: serde_json::Value| {
        let pressure = observations("us-core-blood-pressure|6.1.0");
        let a = embedded(client(pressure.clone()), server(pressure), |r| {
            r.scope = Some("patient/*.rs".to_owned());
            r.smart = Some(smart);
            r.policy.registration = Some("patient/Observation.rs".into());
        });
        (a.scopes[0].outcome, only(&a, Kind::Interaction).scope)
    };
    let v1 = json!({"scopes_supported": ["patient/*.read"]});
    assert_eq!(outcome(v1), (Outcome::Unknown, Some(ScopeAnswer::Unknown)));
    let users = json!({"scopes_supported": ["user/*.rs"], "capabilities": ["permission-user"]});
    assert_eq!(outcome(users), (Outcome::Dropped, Some(ScopeAnswer::Missing)));
}
