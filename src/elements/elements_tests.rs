use super::*;
use crate::cursor::cursor;
use crate::packages::{Sources, Spec, load_graph};
use crate::profiles::registry::PackageGraph;

fn graph() -> PackageGraph {
    let specs: Vec<Spec> = vec![Spec::parse("hl7.fhir.us.core#6.1.0").unwrap()];
    load_graph(&specs, &Sources::standard(None)).unwrap()
}

/// The spots that the member at `|` is.
fn told(text: &str, name: &str) -> Vec<String> {
    let (graph, cache) = (graph(), Cache::default());
    let definitions = Definitions::new(&graph, &cache);
    let place = text.find('|').unwrap();
    let found = cursor(&text.replacen('|', "", 1), place);
    let way = definitions.way(&found.levels, &[]).unwrap();
    let spots = definitions.child(&way.inside, name);
    spots.iter().map(|s| format!("{} {}", s.structure.short_name(), s.element().unwrap().cardinality())).collect()
}

const PROFILE: &str = r#""meta":{"profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"]}"#;

#[test]
fn types_and_profiles_have_their_say() {
    let text = format!(r#"{{"resourceType":"Patient",{PROFILE},|}}"#);
    assert_eq!(told(&text, "identifier"), ["Patient 0..*", "us-core-patient 1..*"]);
    let text = format!(r#"{{"resourceType":"Patient","name":[{{|}}],{PROFILE}}}"#);
    assert_eq!(told(&text, "family"), ["HumanName 0..1", "us-core-patient 0..1"]);
    let race = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";
    let text = format!(r#"{{"resourceType":"Patient","extension":[{{"url":"{race}",|}}]}}"#);
    assert_eq!(told(&text, "extension"), ["Extension 0..*", "us-core-race 1..*"]);
    assert_eq!(told(r#"{"resourceType":"Patient","contact":[{|}]}"#, "relationship"), ["Patient 0..*"]);
    assert_eq!(told(r#"{"resourceType":"Questionnaire","item":[{"item":[{|}]}]}"#, "linkId"), ["Questionnaire 1..1"]);
    assert_eq!(told(r#"{"resourceType":"Observation","valueQuantity":{|}}"#, "unit"), ["Quantity 0..1"]);
    let text = r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient",|}}]}"#;
    assert_eq!(told(text, "gender"), ["Patient 0..1"]);
}

#[test]
fn members_come_in_the_order_of_their_definition() {
    let (graph, cache) = (graph(), Cache::default());
    let definitions = Definitions::new(&graph, &cache);
    let found = cursor(r#"{"resourceType":"Observation"}"#, 29);
    let way = definitions.way(&found.levels, &[]).unwrap();
    let names: Vec<String> = definitions.children(&way.inside).into_iter().map(|c| c.name).collect();
    let place = |name: &str| names.iter().position(|n| n == name).unwrap();
    assert!(place("id") < place("status") && place("status") < place("valueQuantity"));
    assert!(place("valueQuantity") < place("valueString") && place("valueString") < place("component"));
    assert!(!names.iter().any(|n| n == "value[x]"));
}

#[test]
fn codes_and_displays_are_known() {
    let (graph, cache) = (graph(), Cache::default());
    let definitions = Definitions::new(&graph, &cache);
    let codes = definitions.codes("http://hl7.org/fhir/ValueSet/administrative-gender").unwrap();
    let named: Vec<&str> = codes.codes.iter().map(|c| &*c.code).collect();
    assert_eq!((named, codes.is_whole), (vec!["male", "female", "other", "unknown"], true));
    let marital = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus";
    assert_eq!(definitions.display(marital, "M").as_deref(), Some("Married"));
    assert_eq!(definitions.display(marital, "none"), None);
    let text = r#"{"resourceType":"Patient","maritalStatus":{"coding":[{"code":"|"}]}}"#;
    let place = text.find('|').unwrap();
    let way = definitions.way(&cursor(text, place).levels, &[]).unwrap();
    let member = definitions.child(&way.inside, "code");
    let bindings = definitions.bindings(&way, &member);
    assert_eq!(bindings[0].value_set.split('|').next(), Some("http://hl7.org/fhir/ValueSet/marital-status"));
}
