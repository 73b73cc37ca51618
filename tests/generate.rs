//! Instances from profiles: a valid one of nearly every profile of the embedded guides, wishes that are followed, and
//! the same bytes for the same seed.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::sync::OnceLock;

use fhir_accord::app::{App, Settings};
use fhir_accord::profiles::evaluate::ProfileJudge;
use fhir_accord::profiles::generate::{Generated, Generator, Judge, Kind, Step, Want, Wish};
use fhir_accord::profiles::model::TypeId;
use fhir_accord::profiles::plan::Handle;
use serde_json::{Value, json};

/// Of a thousand profiles at least so many have a smallest instance that is valid, and a fullest.
const MINIMAL: usize = 970;
const FULL: usize = 900;

const PATIENT: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient|6.1.0";

fn app() -> &'static App {
    static APP: OnceLock<App> = OnceLock::new();
    APP.get_or_init(|| App::open(&Settings::default()).unwrap())
}

/// The root elements of the guides' profiles of resources, with their canonicals.
fn profiles() -> Vec<(String, Handle)> {
    let set = app().set();
    let mut out = Vec::new();
    for (layer, image) in set.layers().iter().enumerate() {
        let id = image.package();
        if layer != set.core() && !id.starts_with("hl7.terminology") && !id.starts_with("hl7.fhir.uv.extensions") {
            out.extend(set.resource_profiles(layer).map(|root| (set.canonical_of(root), root)));
        }
    }
    out
}

fn root(canonical: &str) -> Handle {
    app().profiles(&[canonical.to_owned()]).unwrap()[0]
}

fn type_id(name: &str) -> TypeId {
    app().set().model().find(name).unwrap()
}

fn child(name: &str) -> Step {
    Step::Child(app().set().model().names().find(name.as_bytes()).unwrap())
}

fn generated(kind: Kind, profile: Handle, count: usize, seed: u64) -> Generated {
    let plans = app().plans();
    Generator::new(plans).instances(profile, kind, count, seed, &mut ProfileJudge::new(plans))
}

/// How many profiles have a valid instance of this kind, and what is in the way of the others.
fn built(kind: Kind) -> (usize, usize, String) {
    let plans = app().plans();
    let (generator, mut judge) = (Generator::new(plans), ProfileJudge::new(plans));
    let all = profiles();
    let (mut valid, mut missing) = (0, String::new());
    for (canonical, root) in &all {
        let made = generator.instances(*root, kind, 1, 0, &mut judge);
        valid += made.instances.len();
        if made.instances.is_empty() {
            let why: Vec<String> = made.unbuildable.iter().map(ToString::to_string).collect();
            missing.push_str(&format!("{canonical}: {}\n", why.join("; ")));
        }
    }
    (valid, all.len(), missing)
}

#[test]
fn nearly_every_profile_has_a_smallest_instance() {
    let (valid, all, missing) = built(Kind::Minimal);
    assert!(valid * 1000 >= all * MINIMAL, "{valid} of {all}:\n{missing}");
}

#[test]
fn nearly_every_profile_has_a_fullest_instance() {
    let (valid, all, missing) = built(Kind::Full);
    assert!(valid * 1000 >= all * FULL, "{valid} of {all}:\n{missing}");
}

#[test]
fn boundary_instances_are_valid_and_differ() {
    let made = generated(Kind::Boundary, root(PATIENT), 60, 7);
    assert_eq!(made.instances.len(), 60);
    let mut texts: Vec<String> = made.instances.iter().map(|i| i.value.to_string()).collect();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 60);
    let again = generated(Kind::Boundary, root(PATIENT), 60, 7);
    let values = |g: &Generated| g.instances.iter().map(|i| i.value.to_string()).collect::<Vec<_>>();
    assert_eq!(values(&made), values(&again));
    assert_ne!(values(&made), values(&generated(Kind::Boundary, root(PATIENT), 60, 8)));
}

#[test]
fn an_abstract_type_has_no_instances() {
    let made = generated(Kind::Minimal, root("http://hl7.org/fhir/StructureDefinition/DomainResource"), 1, 0);
    assert!(made.instances.is_empty());
    assert_eq!(made.unbuildable[0].reason, "an abstract type has no instances");
}

/// Builds a US Core patient by wishes.
fn patient(wishes: &[Wish]) -> Value {
    Generator::new(app().plans()).build(type_id("Patient"), &[root(PATIENT)], wishes, 0).unwrap()
}

fn wish(path: &[Step], want: Want) -> Wish {
    Wish { path: path.to_vec(), want }
}

#[test]
fn wishes_are_followed() {
    let contact = [child("contact"), child("relationship"), child("text")];
    assert_eq!(patient(&[wish(&contact, Want::Present)])["contact"][0]["relationship"][0]["text"], "example");
    assert_eq!(patient(&[wish(&[child("gender")], Want::Absent)])["gender"], Value::Null);
    assert_eq!(patient(&[wish(&[child("name")], Want::Count(3))])["name"].as_array().map(Vec::len), Some(3));
    let deceased = wish(&[child("deceased")], Want::Type(type_id("dateTime")));
    assert!(patient(&[deceased])["deceasedDateTime"].is_string());
    let born = wish(&[child("birthDate")], Want::Value(json!("1987-02-20")));
    assert_eq!(patient(&[born])["birthDate"], "1987-02-20");
    let other = patient(&[wish(&[child("gender")], Want::OtherCode)]);
    assert!(other["gender"].is_string());
    let none = patient(&[wish(&[child("birthDate")], Want::NoValue)]);
    assert_eq!(none["birthDate"], Value::Null);
    assert_eq!(none["_birthDate"]["extension"][0]["valueCode"], "unknown");
    let practitioner = wish(&[child("generalPractitioner")], Want::TargetType(type_id("Practitioner")));
    assert_eq!(patient(&[practitioner])["generalPractitioner"][0]["reference"], "Practitioner/example");
    let second = wish(&[child("name"), Step::Entry(1), child("family")], Want::Value(json!("Roe")));
    assert_eq!(patient(&[second])["name"][1]["family"], "Roe");
}

#[test]
fn a_wish_against_the_profile_is_judged() {
    let plans = app().plans();
    let json = patient(&[wish(&[child("name")], Want::Absent)]).to_string();
    let judged = ProfileJudge::new(plans).judge(&json, root(PATIENT));
    assert!(!judged.is_valid());
    assert!(judged.faults.iter().any(|f| f.rule.as_str() == "element-min"), "{judged:?}");
}

#[test]
fn several_profiles_are_built_at_once() {
    let both = [root(PATIENT), root("http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient|3.1.1")];
    let plans = app().plans();
    let value = Generator::new(plans).build(type_id("Patient"), &both, &[], 0).unwrap().to_string();
    let mut judge = ProfileJudge::new(plans);
    for profile in both {
        let judged = judge.judge(&value, profile);
        assert!(judged.is_valid(), "{value}\n{judged:?}");
    }
}
