//! Every server of the shared folder against the four clients: each ends in a verdict that its own findings explain, in
//! the published shape, in the same bytes every time, in time.

use super::found::ids;
use fhir_accord::capability::reason::Reason;
use std::time::{Duration, Instant};

use fhir_accord::capability::agreement::{Kind, Verdict};
use fhir_accord::capability::issue::Severity;
use fhir_accord::capability::{Agreement, NegotiateRequest, PackageDefinitions, Side, negotiate, rules};
use serde_json::Value;

use super::support::{NEEDS, capability, definitions, in_package, load};
use crate::harness::{Test, shared, tests};
use crate::made::{to_json, validator};

pub const TESTS: &[Test] = tests! {
    NEEDS => verdicts_follow_from_findings, every_reason_is_in_the_catalogue, same_bytes_every_time, in_time,
        r4_client_with_dstu2_server_says_so_and_shows_what_carries_over;
};

/// The four clients by name.
fn clients() -> Vec<(&'static str, Value)> {
    vec![
        ("us-core-6.1.0", in_package("hl7.fhir.us.core#6.1.0", "CapabilityStatement-us-core-client.json")),
        ("bc-plr", capability("req-canada-bc-plr-client-r4")),
        ("ca-summary", capability("req-ca-baseline-summary-client-r4")),
        ("daf", capability("req-daf-client-dstu2")),
    ]
}

/// Every server document of the shared folder, by name.
fn servers() -> Vec<(String, Value)> {
    let mut names: Vec<String> = std::fs::read_dir(shared().join("capability"))
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let is_server = |n: &String| {
        let is_client = n.starts_with("client-") || n.starts_with("req-") && n.contains("client");
        n.ends_with(".json") && !n.starts_with("smartcfg") && !is_client
    };
    let names = names.into_iter().filter(is_server).map(|n| n.trim_end_matches(".json").to_owned());
    names.map(|n| (n.clone(), capability(&n))).collect()
}

/// Runs `check` on every pair, with the pair's name.
fn each(definitions: &PackageDefinitions, mut check: impl FnMut(&str, &NegotiateRequest, Agreement)) {
    let (clients, servers) = (clients(), servers());
    for (s, server) in &servers {
        for (c, client) in &clients {
            let mut request = NegotiateRequest::new(Side::Statement(client.clone()), Side::Statement(server.clone()));
            check(&format!("{c} with {s}"), &request, negotiate(&request, definitions).unwrap());
            request.scope =
                Some("launch/patient openid fhirUser offline_access patient/*.rs user/Practitioner.rs".to_owned());
            request.smart = Some(capability("smartcfg-smart-launcher-v2-rendered"));
            check(&format!("{c} with {s} and scopes"), &request, negotiate(&request, definitions).unwrap());
        }
    }
}

fn verdicts_follow_from_findings() {
    let definitions = definitions();
    let schema = validator("negotiate-result");
    each(definitions, |pair, _, a| {
        let json = to_json(&a);
        let faults: Vec<String> =
            schema.iter_errors(&json).map(|e| format!("{} at {}", e, e.instance_path())).collect();
        assert!(faults.is_empty(), "{pair}: {faults:?}");
        assert_eq!(a.verdict, a.counts.verdict(), "{pair}");
        assert!(a.resources.iter().all(|r| r.verdict == r.counts.verdict()), "{pair}");
        if a.fhir_version.chosen.is_none() {
            assert_eq!(a.verdict, Verdict::Incompatible, "{pair}");
            let lines = a.issues.iter().filter(|i| i.rule == "fhir-version").count();
            assert_eq!((lines, ids(&a.fhir_version.why)), (1, vec!["fhir-version"]), "{pair}");
        } else {
            let failed: u32 = a.resources.iter().map(|r| r.counts.shall.failed).sum();
            assert_eq!(failed > 0, a.verdict == Verdict::Incompatible, "{pair}");
        }
    });
}

fn every_reason_is_in_the_catalogue() {
    let definitions = definitions();
    each(definitions, |pair, _, a| {
        let mut reasons: Vec<Reason> = a
            .issues
            .iter()
            .map(|i| i.rule)
            .chain(a.fhir_version.why.iter().copied())
            .chain(a.scopes.iter().flat_map(|s| s.why.iter().copied()))
            .collect();
        for r in &a.resources {
            reasons.extend(r.all().flat_map(|row| &row.why));
            reasons.extend(r.profiles().flat_map(|(_, p)| p.evidence.iter().map(|e| e.rule)));
        }
        for rule in reasons {
            assert!(rules::meaning(rule.id()).is_some(), "{pair}: {rule}");
        }
    });
}

fn same_bytes_every_time() {
    let (one, other) = (load(), load());
    each(&one.1, |pair, request, a| {
        let again = negotiate(request, &other.1).unwrap();
        assert_eq!(serde_json::to_vec(&a).unwrap(), serde_json::to_vec(&again).unwrap(), "{pair}");
    });
}

/// 50 ms as built for use; builds for tests are not optimised throughout.
const LIMIT: Duration = Duration::from_millis(if cfg!(debug_assertions) { 200 } else { 50 });

fn in_time() {
    let definitions = definitions();
    each(definitions, |pair, request, _| {
        // The best of a few runs: the machine may be busy with other things.
        let took = (0..5).map(|_| {
            let start = Instant::now();
            let _ = negotiate(request, definitions).unwrap();
            start.elapsed()
        });
        let took = took.min().unwrap();
        println!("{pair}: {took:?}");
        assert!(took < LIMIT, "{pair}: {took:?}");
    });
}

fn r4_client_with_dstu2_server_says_so_and_shows_what_carries_over() {
    let definitions = definitions();
    let client = in_package("hl7.fhir.us.core#6.1.0", "CapabilityStatement-us-core-client.json");
    let request = NegotiateRequest::new(Side::Statement(client), Side::Statement(capability("allscripts-19.4-dstu2")));
    let a = negotiate(&request, definitions).unwrap();
    assert_eq!((a.verdict, a.fhir_version.chosen.as_deref()), (Verdict::Incompatible, None));
    let line = a.issues.iter().find(|i| i.rule == "fhir-version").unwrap();
    assert!(
        line.severity == Severity::Error
            && line.text.contains("4.0.1 (R4)")
            && line.text.contains("1.0.2 (DSTU2)")
            && !line.text.contains('\n'),
        "{}",
        line.text
    );
    let allergy = a.resources.iter().find(|r| r.resource_type == "AllergyIntolerance").unwrap();
    assert_eq!(
        allergy.row(Kind::Profile, 0).unwrap().profile().unwrap().satisfied_by.as_deref(),
        Some("http://hl7.org/fhir/StructureDefinition/daf-allergyintolerance")
    );
    assert_eq!(
        (
            ids(&allergy.row(Kind::Profile, 0).unwrap().why),
            allergy.row(Kind::Profile, 0).unwrap().profile().unwrap().realm.clone()
        ),
        (vec!["undeclared", "succession"], vec!["US".to_owned()])
    );
    assert!(a.issues.iter().any(|i| i.rule == "type-renamed" && i.text.contains("MedicationOrder")));
}
