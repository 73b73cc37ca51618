//! Golden pairs: small changes of a statement, and the drift that each makes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::{NegotiateRequest, PackageDefinitions, Side, negotiate};

const SCOPE: &str = "patient/Patient.rs patient/Observation.rs";

fn client() -> Value {
    json!({
        "resourceType": "CapabilityStatement", "kind": "requirements", "fhirVersion": "4.0.1", "format": ["json"],
        "rest": [{"mode": "client", "resource": [
            {
                "type": "Patient",
                "supportedProfile": ["http://x.org/patient"],
                "interaction": [{"code": "read"}, {"code": "search-type"}],
                "searchParam": [{"name": "name", "type": "string"}, {"name": "birthdate", "type": "date"}],
                "searchRevInclude": ["Provenance:target"],
                "operation": [{"name": "everything", "definition": "http://x.org/everything"}],
            },
            {"type": "Observation", "interaction": [{"code": "read"}], "conditionalCreate": true},
        ]}],
    })
}

fn server() -> Value {
    let mut server = client();
    server["kind"] = "instance".into();
    server["rest"][0]["mode"] = "server".into();
    server
}

fn smart() -> Value {
    json!({"scopes_supported": ["patient/Patient.rs", "patient/Observation.rs"], "capabilities": ["permission-v2"]})
}

/// A client, a server and its SMART configuration as an agreement.
fn agreed(sides: &[Value; 3]) -> Value {
    let [client, server, smart] = sides.clone();
    let mut request = NegotiateRequest::new(Side::Statement(client), Side::Statement(server));
    request.smart = Some(smart);
    request.scope = Some(SCOPE.to_owned());
    serde_json::to_value(negotiate(&request, &PackageDefinitions::new(Arc::default())).unwrap()).unwrap()
}

/// A drift in lines: what went where, by list.
fn told(drift: &Drift) -> Vec<String> {
    let mut out = Vec::new();
    let pairs = [("verdict", &drift.verdict), ("fhirVersion", &drift.fhir_version), ("ask", &drift.ask)];
    for (name, pair) in pairs.into_iter().filter(|(_, pair)| pair.from != pair.to) {
        let text = |t: &Option<String>| t.clone().unwrap_or_else(|| "null".to_owned());
        out.push(format!("{name}: {} > {}", text(&pair.from), text(&pair.to)));
    }
    let lists = [
        ("better", &drift.better),
        ("worse", &drift.worse),
        ("other", &drift.other),
        ("added", &drift.added),
        ("removed", &drift.removed),
    ];
    for (name, list) in lists {
        out.extend(list.iter().map(|d| {
            let resource_type = d.resource_type.as_deref().unwrap_or("*");
            let way = d.direction.as_deref().map(|w| format!(" {w}")).unwrap_or_default();
            format!("{name}: {resource_type} {} {}{way}", d.kind, d.item)
        }));
    }
    out.extend(drift.scopes.iter().map(|s| {
        let text = |t: &Option<String>| t.clone().unwrap_or_default();
        format!("scope: {} {} > {}", s.requested, text(&s.from), text(&s.to))
    }));
    out
}

/// Makes a change to the sides, in the order client, server, SMART configuration.
type Edit = fn(&mut [Value; 3]);

fn patient(side: &mut Value) -> &mut Value {
    &mut side["rest"][0]["resource"][0]
}

/// What was changed, and what drifts.
const PAIRS: &[(&str, Edit, &[&str])] = &[
    ("nothing", |_| (), &[]),
    (
        "an interaction is removed",
        |s| patient(&mut s[1])["interaction"] = json!([{"code": "search-type"}]),
        &[
            "verdict: compatible > incompatible",
            "ask: launch/patient patient/Patient.rs patient/Observation.r > launch/patient patient/Patient.s \
             patient/Observation.r",
            "worse: Patient interaction read",
        ],
    ),
    (
        "an interaction that others ride on is removed",
        |s| patient(&mut s[1])["interaction"] = json!([{"code": "read"}]),
        &[
            "verdict: compatible > incompatible",
            "ask: launch/patient patient/Patient.rs patient/Observation.r > launch/patient patient/Patient.r \
             patient/Observation.r",
            "worse: Patient interaction search-type",
            "worse: Patient search name",
            "worse: Patient search birthdate",
            "worse: Patient include Provenance:target reverse",
        ],
    ),
    (
        "a profile is declared no longer",
        |s| patient(&mut s[1])["supportedProfile"] = json!([]),
        &["verdict: compatible > indeterminate", "worse: Patient profile http://x.org/patient read"],
    ),
    (
        "the client requires one more profile",
        |s| patient(&mut s[0])["supportedProfile"] = json!(["http://x.org/patient", "http://x.org/other"]),
        &["verdict: compatible > indeterminate", "added: Patient profile http://x.org/other read"],
    ),
    (
        "a scope is listed no longer",
        |s| s[2]["scopes_supported"] = json!(["patient/Patient.rs"]),
        &["worse: Observation interaction read", "scope: patient/Observation.rs granted > unknown"],
    ),
    (
        "the type of a search parameter changes",
        |s| patient(&mut s[1])["searchParam"][1]["type"] = "token".into(),
        &["verdict: compatible > incompatible", "worse: Patient search birthdate"],
    ),
    (
        "the FHIR version changes",
        |s| s[1]["fhirVersion"] = "4.3.0".into(),
        &["verdict: compatible > incompatible", "fhirVersion: 4.0 > null"],
    ),
    (
        "a type goes",
        |s| s[1]["rest"][0]["resource"] = json!([patient(&mut s[1])]),
        &[
            "verdict: compatible > incompatible",
            "ask: launch/patient patient/Patient.rs patient/Observation.r > launch/patient patient/Patient.rs",
            "worse: Observation type Observation",
            "worse: Observation interaction read",
            "worse: Observation flag conditionalCreate",
        ],
    ),
    (
        "an operation gets another definition",
        |s| patient(&mut s[1])["operation"][0]["definition"] = "http://y.org/everything".into(),
        &["verdict: compatible > incompatible", "worse: Patient operation everything"],
    ),
    (
        "an include goes",
        |s| patient(&mut s[1])["searchRevInclude"] = json!([]),
        &["verdict: compatible > degraded", "worse: Patient include Provenance:target reverse"],
    ),
    (
        "the client would do without a parameter",
        |s| patient(&mut s[0])["searchParam"] = json!([{"name": "name", "type": "string"}]),
        &["removed: Patient search birthdate"],
    ),
    (
        "the client only may search by a parameter",
        |s| {
            patient(&mut s[0])["searchParam"][1]["extension"] = json!([{
                "url": "http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation", "valueCode": "MAY",
            }]);
        },
        &["other: Patient search birthdate"],
    ),
];

#[test]
fn golden_pairs() {
    let before = [client(), server(), smart()];
    let old = agreed(&before);
    let mut wrong = Vec::new();
    for (what, edit, expected) in PAIRS {
        let mut after = before.clone();
        edit(&mut after);
        let new = agreed(&after);
        let found = told(&Drift::between(&old, &new));
        if found != *expected {
            wrong.push(format!("{what}: {found:#?}"));
        }
        // Back again it is the other way round.
        let back = Drift::between(&new, &old);
        let there = Drift::between(&old, &new);
        assert_eq!((back.counts.better, back.counts.worse), (there.counts.worse, there.counts.better), "{what}");
        assert_eq!((back.counts.added, back.counts.removed), (there.counts.removed, there.counts.added), "{what}");
        assert_eq!(there.is_empty(), expected.is_empty(), "{what}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_no_agreement_drifts_nowhere() {
    for value in [json!(null), json!([]), json!({"resources": {"type": 3}, "scopes": [1, {}]}), json!("x")] {
        assert!(Drift::between(&value, &value).is_empty());
    }
    let odd = json!({"resources": [3, null, {"type": "Patient", "profiles": [{"required": 1}, 2]}]});
    assert_eq!(Drift::between(&json!({}), &odd).counts.added, 5);
}

#[test]
fn ten_thousand_items_are_counted_and_the_first_listed() {
    let all = |verdict: &str| {
        let rows: Vec<Value> =
            (0..10_000).map(|i| json!({"code": format!("c{}", i / 2), "verdict": verdict})).collect();
        json!({"system": {"interactions": rows}})
    };
    let drift = Drift::between(&all("ok"), &all("failed"));
    assert_eq!((drift.counts.worse, drift.worse.len(), drift.is_empty()), (10_000, ITEMS_LIMIT, false));
}

#[test]
fn documents_are_compared_by_what_their_entries_are_called() {
    let changes = |edit: fn(&mut Value)| {
        let (old, mut new) = (json!({"statement": server(), "smart": smart()}), json!({}));
        new.clone_from(&old);
        edit(&mut new);
        DocumentChanges::between(&old, &new)
    };
    assert_eq!(changes(|_| ()), DocumentChanges::default());
    let order = changes(|d| d["statement"]["rest"][0]["resource"].as_array_mut().unwrap().reverse());
    assert_eq!(order, DocumentChanges::default());
    let found = changes(|d| {
        let patient = patient(&mut d["statement"]);
        patient["interaction"] = json!([{"code": "read", "documentation": "x"}, {"code": "create"}]);
        patient["searchParam"][0]["type"] = "token".into();
        d["smart"]["scopes_supported"] = json!(["patient/Patient.rs"]);
    });
    let at = "statement.rest[server].resource[Patient]";
    assert_eq!(found.changed, [format!("{at}.searchParam[name].type")]);
    assert_eq!(found.added, [format!("{at}.interaction[read].documentation"), format!("{at}.interaction[create]")]);
    assert_eq!(
        found.removed,
        [format!("{at}.interaction[search-type]"), "smart.scopes_supported[patient/Observation.rs]".to_owned()]
    );
    assert_eq!(found.total, 5);
}

/// Equal entries are no change wherever they stand, whether or not they have names.
#[test]
fn the_order_of_entries_is_no_change() {
    let between = |old: Value, new: Value| {
        let changes = DocumentChanges::between(&json!({"a": old}), &json!({"a": new}));
        (changes.added, changes.removed, changes.changed)
    };
    let none = || (vec![], vec![], vec![]);
    let (one, two, three) = (json!({"n": 1, "m": 2}), json!({"n": 2}), json!({"n": 3}));
    assert_eq!(between(json!([one, two, two]), json!([two, {"m": 2, "n": 1}, two])), none());
    assert_eq!(between(json!([[1], [2]]), json!([[2], [1]])), none());
    // What is left is compared in its order.
    assert_eq!(between(json!([one, two]), json!([two, three, one])), (vec!["a[#2]".into()], vec![], vec![]));
    assert_eq!(between(json!([two, two]), json!([two])), (vec![], vec!["a[#2]".into()], vec![]));
    let operation = |definition: &str| json!({"name": "x", "definition": definition});
    let both = [operation("a"), operation("b")];
    assert_eq!(between(json!(both), json!([operation("b"), operation("a")])), none());
    assert_eq!(between(json!(both), json!([operation("c"), operation("a")])).2, ["a[x].definition"]);
    // A number that looks like that of an entry, and names that begin alike, are names of their own.
    assert_eq!(between(json!(["x", "x", "x#2"]), json!(["x#2", "x", "x"])), none());
    let long = |end: &str| format!("{}{end}", "x".repeat(300));
    let (added, removed, _) = between(json!([long("a"), long("b")]), json!([long("b"), long("c")]));
    assert_eq!((added.len(), removed.len()), (1, 1));
    let members = |n: i32| json!({long("a"): n, long("b"): 1});
    assert_eq!(between(members(1), members(2)).2.len(), 1);
    // However deep, and however many.
    let deep = |n: i32| (0..100).fold(json!(n), |inner, _| json!([inner, [0]]));
    let (added, removed, changed) = between(deep(1), deep(2));
    assert_eq!((added.len(), removed.len(), changed.len()), (1, 1, 0));
    let many = |turn: usize| (0..20_000).map(|i| json!({"n": (i + turn) % 20_000})).collect::<Vec<_>>();
    assert_eq!(between(json!(many(0)), json!(many(7_000))), none());
}

#[test]
fn operations_of_one_name_are_paired_by_their_definitions() {
    let agreement = |operations: &[(&str, &str)]| {
        let row =
            |(definition, verdict): &(&str, &str)| json!({"name": "x", "definition": definition, "verdict": verdict});
        json!({"system": {"operations": operations.iter().map(row).collect::<Vec<_>>()}})
    };
    let old = agreement(&[("a", "ok"), ("b", "failed")]);
    assert!(Drift::between(&old, &agreement(&[("b", "failed"), ("a", "ok")])).is_empty());
    let drift = Drift::between(&old, &agreement(&[("b", "failed")]));
    assert_eq!((drift.counts.removed, drift.counts.better, drift.counts.worse), (1, 0, 0));
    assert_eq!(drift.removed[0].from.as_ref().unwrap().verdict.as_deref(), Some("ok"));
    // Another definition of what is left over is the same operation.
    let drift = Drift::between(&old, &agreement(&[("b", "failed"), ("c", "failed")]));
    assert_eq!((drift.counts.worse, drift.counts.added, drift.counts.removed), (1, 0, 0));
}

#[test]
fn what_concerns_the_whole_is_told() {
    let agreement = |ok: u64, rules: &[&str]| {
        let issue = |rule: &&str| json!({"severity": "warning", "rule": rule, "party": "client", "path": ""});
        let issues: Vec<Value> = rules.iter().map(issue).collect();
        json!({"counts": {"SHALL": {"ok": ok, "failed": 0, "unknown": 0}}, "issues": issues})
    };
    let old = agreement(3, &["a", "b", "b"]);
    assert!(Drift::between(&old, &old).is_empty());
    let drift = Drift::between(&old, &agreement(4, &["c", "b", "b"]));
    assert!(!drift.is_empty());
    let tally = TallyDrift { weighs: "SHALL", finding: "ok", from: Some(3), to: Some(4) };
    assert_eq!(drift.findings, [tally]);
    let rules: Vec<(&str, usize, usize)> = drift.issues.iter().map(|i| (&*i.rule, i.from, i.to)).collect();
    assert_eq!(rules, [("a", 1, 0), ("c", 0, 1)]);
    let mut hint = old.clone();
    hint["issues"][0]["severity"] = "information".into();
    assert_eq!(Drift::between(&hint, &old).issues.len(), 1, "what is for information only does not count");
    let many: Vec<Value> = (0..5_000).map(|i| json!({"severity": "error", "rule": i.to_string()})).collect();
    assert_eq!(Drift::between(&old, &json!({"issues": many})).issues.len(), ITEMS_LIMIT);
}

#[test]
fn long_values_are_compared_whole_and_told_shortened() {
    let flag = |end: &str| {
        let value = format!("{}{end}", "é".repeat(100_000));
        json!({"resources": [{"type": "Patient", "flags": [{"name": "versioning", "value": value}]}]})
    };
    let drift = Drift::between(&flag("a"), &flag("b"));
    assert_eq!(drift.counts.other, 1);
    let value = drift.other[0].to.as_ref().unwrap().value.as_ref().unwrap();
    assert_eq!(value.chars().count(), TEXT_LIMIT);
}

#[test]
fn hostile_documents_have_short_paths_and_bounded_lists() {
    let long = "x".repeat(100_000);
    let many: Vec<Value> = (0..10_000).map(|i| json!({"type": long.get(..i % 3), "n": i})).collect();
    let changes = DocumentChanges::between(&json!({"a": []}), &json!({"a": many, "b": {&*long: 1}}));
    assert_eq!((changes.added.len(), changes.total), (PATHS_LIMIT, 10_001));
    let one = DocumentChanges::between(&json!({}), &json!({&*long: 1}));
    assert_eq!(one.added, ["x".repeat(200)]);
}
