//! Ways in which truth once leaked: by size, by bounds, by lost questions, by nesting, by the type of a profile.

use fhir_accord::profiles::evaluate::{Policies, Work};
use fhir_accord::profiles::issue::Verdict;
use serde_json::{Value, json};

use crate::support::{collection, constrained, entry, open, profile, report, rules, verdict};

fn undecidable(name: &str) -> Value {
    let binding = json!({"strength": "required", "valueSet": format!("http://truth.test/ValueSet/not-here-{name}")});
    profile(name, "Identifier", json!([{"id": "Identifier.type", "path": "Identifier.type", "binding": binding}]))
}

#[test]
fn t1_a_clean_collection_is_valid_whatever_its_size() {
    let app = open(&[]);
    let bundle = collection((0..6000).map(|i| entry(i, json!({"active": true}))).collect());
    let found = report(&app, &bundle, &[], &Policies::default());
    assert_eq!((found.verdict, rules(&found)), (Verdict::Valid, vec![]));
}

#[test]
fn t2_an_error_behind_many_warnings_still_counts() {
    let app = open(&[]);
    let extensions: Vec<Value> =
        (0..5).map(|i| json!({"url": format!("http://a.test/x{i}"), "valueString": "y"})).collect();
    let mut entries: Vec<Value> = (0..900).map(|i| entry(i, json!({"extension": extensions}))).collect();
    entries.push(entry(900, json!({"gender": "F", "birthDate": "nonsense"})));
    for issues in [1, 20, 1000, 100_000] {
        let found = report(&app, &collection(entries.clone()), &[], &Policies { issues, ..Policies::default() });
        assert_eq!((found.verdict, found.tally.errors, found.tally.warnings), (Verdict::Invalid, 2, 4500), "{issues}");
        assert!(found.issues.len() <= issues + 1);
        assert_eq!(found.unlisted, 4502u64.saturating_sub(issues as u64), "{issues}");
        assert!(rules(&found).contains(&"primitive-format") || issues == 1, "the errors are listed first");
    }
}

#[test]
fn t3_alternatives_of_which_none_can_be_decided_leave_it_open() {
    let either = |one: &str, other: &str| {
        let profiles = json!([format!("{}/{one}", crate::support::BASE), format!("{}/{other}", crate::support::BASE)]);
        json!([{"id": "Patient.identifier", "path": "Patient.identifier", "type": [{"code": "Identifier",
            "profile": profiles}]}])
    };
    let demanding =
        profile("p3", "Identifier", json!([{"id": "Identifier.period", "path": "Identifier.period", "min": 1}]));
    let app = open(&[
        undecidable("p1"),
        undecidable("p2"),
        demanding,
        profile("both-open", "Patient", either("p1", "p2")),
        profile("one-false", "Patient", either("p1", "p3")),
        profile("one-absent", "Patient", either("p3", "not-loaded")),
        profile("all-absent", "Patient", either("not-loaded", "nor-this")),
    ]);
    let patient = json!({"resourceType": "Patient", "identifier": [{"type": {"coding": [{"system": "http://a.test/s",
        "code": "x"}]}, "value": "1"}]});
    for name in ["both-open", "one-false", "one-absent", "all-absent"] {
        assert_eq!(verdict(&app, &patient, &[name]), Verdict::Undetermined, "{name}");
    }
    let without = json!({"resourceType": "Patient", "identifier": [{"value": "1", "period": {"start": "2020"}}]});
    for name in ["both-open", "one-false", "one-absent"] {
        assert_eq!(verdict(&app, &without, &[name]), Verdict::Valid, "{name}");
    }
}

#[test]
fn t4_a_chain_of_conforms_to_ends_with_its_last_link() {
    let link = |i: usize, last: &str| match i {
        59 => constrained("d59", "Patient", last),
        _ => constrained(&format!("d{i}"), "Patient", &format!("conformsTo('{}/d{}')", crate::support::BASE, i + 1)),
    };
    let patient = json!({"resourceType": "Patient", "active": false});
    let app = open(&(0..60).map(|i| link(i, "active = true")).collect::<Vec<_>>());
    for (from, wanted) in [
        (59, vec![Verdict::Invalid]),
        (50, vec![Verdict::Invalid]),
        (40, vec![Verdict::Invalid]),
        (0, vec![Verdict::Invalid, Verdict::Undetermined]),
    ] {
        let found = verdict(&app, &patient, &[&format!("d{from}")]);
        assert!(wanted.contains(&found), "from {from}: {found:?}");
    }
    let found = report(&app, &patient, &["d0"], &Policies::default());
    assert!(rules(&found).contains(&"limit-trials"), "{:?}", rules(&found));
    let app = open(&(0..60).map(|i| link(i, "active = false")).collect::<Vec<_>>());
    assert_eq!(verdict(&app, &patient, &["d45"]), Verdict::Valid);
}

#[test]
fn t5_a_context_that_cannot_be_decided_leaves_it_open() {
    let extension = |name: &str, expression: &str| {
        let mut x = profile(
            name,
            "Extension",
            json!([{"id": "Extension.url", "path": "Extension.url", "fixedUri": format!("{}/{name}",
                crate::support::BASE)}]),
        );
        x["context"] = json!([{"type": "fhirpath", "expression": expression}]);
        x
    };
    let app = open(&[
        extension("open", "Patient.where(maritalStatus.memberOf('http://truth.test/ValueSet/not-here'))"),
        extension("broken", "Patient.where("),
        extension("false", "Patient.where(active = false)"),
        extension("true", "Patient.where(active = true)"),
    ]);
    let patient = |name: &str| {
        let extension = json!([{"url": format!("{}/{name}", crate::support::BASE), "valueString": "a"}]);
        json!({"resourceType": "Patient", "extension": extension, "active": true,
            "maritalStatus": {"coding": [{"system": "http://a.test", "code": "x"}]}})
    };
    for (name, wanted) in [
        ("open", Verdict::Undetermined),
        ("broken", Verdict::Undetermined),
        ("false", Verdict::Invalid),
        ("true", Verdict::Valid),
    ] {
        assert_eq!(verdict(&app, &patient(name), &[]), wanted, "{name}");
    }
}

#[test]
fn t6_a_dear_constraint_is_an_open_question_not_an_error() {
    let pairs = "identifier.all(value.length() > 0 and %context.identifier.where(value = \
        %context.identifier.first().value).exists())";
    let app = open(&[constrained("dear", "Patient", pairs)]);
    let patient = json!({"resourceType": "Patient", "identifier": (0..300).map(|i| json!({"system": "http://a.test",
        "value": format!("v{i}")})).collect::<Vec<_>>()});
    assert_eq!(verdict(&app, &patient, &["dear"]), Verdict::Valid);
    for work in [Work { expression: 500, ..Work::default() }, Work { expressions: 500, ..Work::default() }] {
        let found = report(&app, &patient, &["dear"], &Policies { work, ..Policies::default() });
        assert_eq!(found.verdict, Verdict::Undetermined);
        assert!(rules(&found).contains(&"limit-expression"), "{:?}", rules(&found));
    }
}

#[test]
fn t7_the_limit_of_visits_is_named() {
    let app = open(&[]);
    let bundle = collection((0..50).map(|i| entry(i, json!({"active": true}))).collect());
    for nodes in [0, 1, 10, 100] {
        let policies = Policies { work: Work { nodes, ..Work::default() }, ..Policies::default() };
        let found = report(&app, &bundle, &[], &policies);
        assert_eq!((found.verdict, rules(&found)), (Verdict::Undetermined, vec!["limit-visits"]), "{nodes}");
    }
}

#[test]
fn t8_a_profile_asked_for_is_of_the_type_of_the_instance() {
    let app = open(&[constrained("own", "Patient", "active.exists()")]);
    let patient = json!({"resourceType": "Patient", "active": true});
    let core = |name: &str| format!("http://hl7.org/fhir/StructureDefinition/{name}");
    for name in ["Observation", "HumanName", "Condition", "bp", "string"] {
        let found = report(&app, &patient, &[&core(name)], &Policies::default());
        assert_eq!((found.verdict, rules(&found)), (Verdict::Invalid, vec!["profile-type"]), "{name}");
        assert_eq!(found.issues[0].expression, "Patient");
    }
    for name in ["Patient", "DomainResource", "Resource"] {
        assert_eq!(verdict(&app, &patient, &[&core(name)]), Verdict::Valid, "{name}");
    }
    assert_eq!(verdict(&app, &patient, &["own"]), Verdict::Valid);
}

#[test]
fn memory_of_one_package_set_is_of_no_use_to_another() {
    let demanding = |min: u32| {
        open(&[profile("same", "Patient", json!([{"id": "Patient.name", "path": "Patient.name", "min": min}]))])
    };
    let (loose, strict) = (demanding(0), demanding(1));
    let patient = json!({"resourceType": "Patient", "active": true, "meta": {"profile": [format!("{}/same",
        crate::support::BASE)]}})
    .to_string();
    let mut memory = fhir_accord::profiles::evaluate::Memory::default();
    for _ in 0..2 {
        for (app, wanted) in [(&loose, Verdict::Valid), (&strict, Verdict::Invalid)] {
            assert_eq!(
                app.check(&app.evaluator(), patient.as_bytes(), &[], &Policies::default(), None, &mut memory).verdict,
                wanted
            );
        }
    }
}

/// A limit that a trial reached first, of whose outcome nothing hangs, counts where it keeps the rest from being
/// examined.
#[test]
fn a_limit_reached_in_a_trial_counts_outside_too() {
    let text =
        |name: &str| profile(name, "HumanName", json!([{"id": "HumanName.text", "path": "HumanName.text", "min": 1}]));
    let all_the_same = json!([{"id": "Patient.name", "path": "Patient.name", "constraint": [
        {"key": "t-1", "severity": "error", "human": "h", "expression": format!("conformsTo('{}/named') or true",
            crate::support::BASE)}
    ]}]);
    let app = open(&[text("named"), profile("indifferent", "Patient", all_the_same)]);
    let names = |count: usize| {
        json!({"resourceType": "Patient", "name": [{"text": "a", "given": vec!["b"; count]}],
        "gender": "nonsense"})
    };
    for nodes in 0..60 {
        let policies = Policies { work: Work { nodes, ..Work::default() }, ..Policies::default() };
        let found = report(&app, &names(12), &["indifferent"], &policies);
        assert!(
            matches!(found.verdict, Verdict::Undetermined | Verdict::Invalid),
            "{nodes} visits: {:?} {:?}",
            found.verdict,
            rules(&found)
        );
        assert!(
            found.verdict == Verdict::Invalid || rules(&found).contains(&"limit-visits"),
            "{nodes} visits: {:?}",
            rules(&found)
        );
    }
}
