use serde_json::json;

use super::super::profile::profiles;
use super::super::snapshots::Structure;
use super::*;

fn rules_of(differential: Value) -> Vec<(String, Demand)> {
    let element = |id: &str, min: u64, max: &str| json!({"id": id, "path": id, "base": {"min": min, "max": max}});
    let value = json!({
        "url": "http://p", "id": "p", "type": "Patient", "differential": {"element": differential},
        "snapshot": {"element": [element("Patient", 0, "*"), element("Patient.name", 0, "*"),
            element("Patient.gender", 0, "1"), element("Patient.name:a", 0, "*"),
            element("Patient.link.type", 1, "1"), element("Patient.deceased[x]", 0, "1")]}});
    let all = profiles(&[Structure { value, bases: super::super::base::Bases::default() }]);
    rules(&all[0]).into_iter().map(|r| (r.element, r.demand)).collect()
}

#[test]
fn what_the_base_says_is_no_rule_of_the_profile() {
    let found = rules_of(json!([
        {"id": "Patient", "min": 1, "max": "1"},
        {"id": "Patient.name", "min": 1, "max": "*"},
        {"id": "Patient.gender", "min": 0, "max": "1"},
        {"id": "Patient.link.type", "min": 1, "max": "1"},
        {"id": "Patient.nowhere", "min": 1}
    ]));
    assert_eq!(found, [("Patient.name".to_owned(), Demand::Min(1))]);
}

#[test]
fn every_kind_is_found_once() {
    let found = rules_of(json!([
        {"id": "Patient", "constraint":
            [{"key": "a", "expression": "x"}, {"key": "a", "expression": "x"}, {"key": "b"},
                {"key": "c", "expression": "x", "extension": [{"valueBoolean": true,
                "url": "http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice"}]}]},
        {"id": "Patient.name", "slicing": {"rules": "closed"}, "max": "3"},
        {"id": "Patient.name:a", "min": 1, "max": "1", "patternHumanName": {"use": "usual"}},
        {"id": "Patient.gender", "binding": {"strength": "required", "valueSet": "http://v"}, "fixedCode": "male"},
        {"id": "Patient.deceasedBoolean", "type": [{"code": "boolean"}]}
    ]));
    let demands: Vec<Demand> = found.into_iter().map(|(_, d)| d).collect();
    let invariant = Demand::Invariant("a".to_owned(), "x".to_owned());
    let slices = [Demand::SliceMin(1), Demand::SliceMax(1), Demand::Pattern(json!({"use": "usual"}))];
    let mut expected = vec![invariant, Demand::Max(3), Demand::Closed];
    expected.extend(slices);
    expected.extend([Demand::Fixed(json!("male")), Demand::Binding("http://v".to_owned())]);
    expected.push(Demand::Types(vec!["boolean".to_owned()]));
    assert_eq!(demands, expected);
}
