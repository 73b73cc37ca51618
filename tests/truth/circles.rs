//! Profiles that lead back to themselves: the verdict is the same whatever the entry and the order.

use fhir_accord::app::App;
use fhir_accord::profiles::issue::Verdict;
use serde_json::{Value, json};

use crate::support::{BASE, constrained, open, profile, verdict};

/// An organization has a name and is part of one that is the same; a patient is managed by one.
fn rings() -> App {
    let same = json!([{"code": "Reference", "targetProfile": [format!("{BASE}/ring")]}]);
    let ring = json!([{"id": "Organization.name", "path": "Organization.name", "min": 1},
        {"id": "Organization.partOf", "path": "Organization.partOf", "min": 1, "type": same}]);
    let managed =
        json!([{"id": "Patient.managingOrganization", "path": "Patient.managingOrganization", "min": 1, "type": same}]);
    let by_expression = "name.exists() and partOf.resolve().conformsTo('http://truth.test/StructureDefinition/spoken')";
    open(&[
        profile("ring", "Organization", ring),
        profile("managed", "Patient", managed),
        constrained("spoken", "Organization", by_expression),
    ])
}

/// Member `i` of a circle; the false one has no name.
fn member(i: usize, next: &str, false_one: Option<usize>) -> Value {
    let mut organization =
        json!({"resourceType": "Organization", "id": format!("o{i}"), "active": true, "partOf": {"reference": next}});
    if false_one != Some(i) {
        organization["name"] = "n".into();
    }
    organization
}

fn wanted(false_one: Option<usize>) -> Verdict {
    if false_one.is_some() { Verdict::Invalid } else { Verdict::Valid }
}

/// All places at which one member of a circle may be false, and none.
fn places(length: usize) -> impl Iterator<Item = Option<usize>> {
    std::iter::once(None).chain((0..length).map(Some))
}

#[test]
fn circles_of_target_profiles_in_a_bundle() {
    let app = rings();
    for claimed in ["ring", "spoken"] {
        for length in 1..=6 {
            for false_one in places(length) {
                for entered in 0..length {
                    for turn in [0, length / 2] {
                        let one = |at: usize| {
                            let i = (at + turn) % length;
                            let mut resource = member(i, &format!("Organization/o{}", (i + 1) % length), false_one);
                            if i == entered {
                                resource["meta"] = json!({"profile": [format!("{BASE}/{claimed}")]});
                            }
                            json!({"fullUrl": format!("http://a.test/Organization/o{i}"), "resource": resource})
                        };
                        let bundle = json!({"resourceType": "Bundle", "type": "collection",
                            "entry": (0..length).map(one).collect::<Vec<_>>()});
                        assert_eq!(
                            verdict(&app, &bundle, &[]),
                            wanted(false_one),
                            "{claimed}: {length}, false {false_one:?}, entered at {entered}, turned by {turn}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn circles_of_contained_resources() {
    let app = rings();
    for length in 1..=6 {
        for false_one in places(length) {
            for entered in 0..length {
                let contained: Vec<Value> =
                    (0..length).map(|i| member(i, &format!("#o{}", (i + 1) % length), false_one)).collect();
                let patient = json!({"resourceType": "Patient", "contained": contained,
                    "managingOrganization": {"reference": format!("#o{entered}")}});
                assert_eq!(
                    verdict(&app, &patient, &["managed"]),
                    wanted(false_one),
                    "{length}, false {false_one:?}, entered at {entered}"
                );
            }
        }
    }
}

#[test]
fn circles_of_conforms_to() {
    for length in 1..=6 {
        for false_one in places(length) {
            let one = |i: usize| {
                let own = if false_one == Some(i) { " and active.not()" } else { "" };
                constrained(&format!("c{i}"), "Patient", &format!("conformsTo('{BASE}/c{}'){own}", (i + 1) % length))
            };
            let app = open(&(0..length).map(one).collect::<Vec<_>>());
            let patient = json!({"resourceType": "Patient", "active": true});
            for entered in 0..length {
                assert_eq!(
                    verdict(&app, &patient, &[&format!("c{entered}")]),
                    wanted(false_one),
                    "{length}, false {false_one:?}, entered at {entered}"
                );
            }
        }
    }
}

/// What took for granted that an outer member ends true is tried again when it does not.
#[test]
fn an_answer_that_leaned_on_a_false_one_is_not_kept() {
    let either = json!([{"code": "Reference", "targetProfile": [format!("{BASE}/strict"), format!("{BASE}/loose")]}]);
    let part = |name: &str, more: Value| {
        let mut elements = vec![json!({"id": "Organization.partOf", "path": "Organization.partOf", "type": either})];
        elements.extend(more.as_array().unwrap().clone());
        profile(name, "Organization", Value::from(elements))
    };
    let strict = part("strict", json!([{"id": "Organization.name", "path": "Organization.name", "min": 1}]));
    let loose = part("loose", json!([{"id": "Organization.alias", "path": "Organization.alias", "min": 1}]));
    let app = open(&[strict, loose]);
    // Each order of three members, of which one is strict, one loose and one neither.
    let shapes = [json!({"name": "n"}), json!({"alias": ["a"]}), json!({"active": true})];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        for claimed in 0..3 {
            let entries: Vec<Value> = order
                .iter()
                .map(|&i| {
                    let mut resource = shapes[i].clone();
                    resource["resourceType"] = "Organization".into();
                    resource["id"] = format!("o{i}").into();
                    resource["partOf"] = json!({"reference": format!("Organization/o{}", (i + 1) % 3)});
                    if i == claimed {
                        resource["meta"] =
                            json!({"profile": [format!("{BASE}/{}", if i == 1 { "loose" } else { "strict" })]});
                    }
                    json!({"fullUrl": format!("http://a.test/Organization/o{i}"), "resource": resource})
                })
                .collect();
            let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": entries});
            assert_eq!(
                verdict(&app, &bundle, &[]),
                Verdict::Invalid,
                "order {order:?}, claimed {claimed}: one of the circle is neither"
            );
        }
    }
}
