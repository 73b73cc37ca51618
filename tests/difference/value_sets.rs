//! The value sets that two profiles bind, element by element.

use std::path::Path;

use fhir_accord::app::{App, Settings};
use fhir_accord::profiles::difference::{BoundElement, CodesBeside, Differ};
use serde_json::{Value, json};

use crate::{URL, version};

/// What the two versions bind that is not the same on both sides.
fn bound(left: &Value, right: &Value) -> Vec<BoundElement> {
    let folder = tempfile::tempdir().unwrap();
    let codes = |name: &str, codes: &[&str]| {
        let concepts: Vec<Value> = codes.iter().map(|c| json!({"code": c})).collect();
        json!({"resourceType": "ValueSet", "id": name, "url": url(name), "version": "1", "status": "active",
            "compose": {"include": [{"system": "http://s.test", "concept": concepts}]}})
    };
    let all = [
        version("1.0.0", left),
        version("2.0.0", right),
        codes("ab", &["a", "b"]),
        codes("abc", &["a", "b", "c"]),
        codes("ba", &["b", "a"]),
        codes("bd", &["b", "d"]),
        codes("x", &["x"]),
    ];
    for (i, definition) in all.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{i}.json")), definition.to_string()).unwrap();
    }
    let images = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("difference"));
    let packages = vec!["hl7.fhir.r4.core#4.0.1".to_owned(), folder.path().display().to_string()];
    let app = App::open(&Settings { packages, images, ..Settings::default() }).unwrap();
    let root = |v: &str| {
        let set = app.set();
        set.root(set.find_structure(&format!("{URL}|{v}"), None).unwrap()).unwrap()
    };
    let all = Differ::new(app.set()).bound_elements(root("1.0.0"), root("2.0.0"));
    all.into_iter().filter(|b| b.codes != CodesBeside::Same || b.element.ends_with("Site")).collect()
}

fn url(name: &str) -> String {
    format!("http://difference.test/ValueSet/{name}")
}

fn site(strength: &str, value_set: &str) -> Value {
    json!([{"id": "Observation.bodySite", "path": "Observation.bodySite",
        "binding": {"strength": strength, "valueSet": url(value_set)}}])
}

#[test]
fn codes_relate() {
    for (left, right, codes, only_left, only_right) in [
        ("ab", "ab", CodesBeside::Same, "", ""),
        ("ab", "ba", CodesBeside::Same, "", ""),
        ("ab", "abc", CodesBeside::LeftInRight, "", "http://s.test|c"),
        ("abc", "ab", CodesBeside::RightInLeft, "http://s.test|c", ""),
        ("ab", "bd", CodesBeside::Differ, "http://s.test|a", "http://s.test|d"),
        ("ab", "x", CodesBeside::Disjoint, "http://s.test|a http://s.test|b", "http://s.test|x"),
        ("ab", "absent", CodesBeside::Unknown, "", ""),
        ("absent", "absent", CodesBeside::Same, "", ""),
    ] {
        let [found] = &bound(&site("required", left), &site("extensible", right))[..] else { panic!("{left} {right}") };
        assert_eq!(found.codes, codes, "{left} {right}");
        assert_eq!((found.only_left.join(" "), found.only_right.join(" ")), (only_left.into(), only_right.into()));
        let (own, other) = (found.left.as_ref().unwrap(), found.right.as_ref().unwrap());
        assert_eq!((own.is_required, other.is_required), (true, false));
        let name = |value_set: &str| if value_set == "absent" { url(value_set) } else { url(value_set) + "|1" };
        assert_eq!((&own.value_set, own.is_loaded), (&name(left), left != "absent"));
        assert_eq!((&other.value_set, other.is_loaded), (&name(right), right != "absent"));
    }
}

#[test]
fn weak_bindings_and_prohibited_elements_bind_nothing() {
    assert_eq!(bound(&site("preferred", "ab"), &site("example", "x")), []);
    let mut maximum = site("preferred", "abc");
    let extension = json!({"url": "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet",
        "valueCanonical": url("abc")});
    maximum[0]["binding"]["extension"] = json!([extension]);
    let [own, found] = &bound(&site("required", "ab"), &maximum)[..] else { panic!() };
    assert!(own.left.is_some() && own.right.is_none() && found.is_max && found.right.as_ref().unwrap().is_required);
    let [own, found] = &bound(&maximum, &site("required", "ab"))[..] else { panic!() };
    assert!(own.right.is_some() && own.left.is_none() && found.is_max && found.left.as_ref().unwrap().is_required);
    let none = json!([{"id": "Observation.bodySite", "path": "Observation.bodySite", "max": "0"}]);
    let [found] = &bound(&none, &site("required", "ab"))[..] else { panic!() };
    assert_eq!((found.left.is_none(), found.right.is_some()), (true, true));
}

#[test]
fn a_slice_stands_beside_the_element_that_it_is_of() {
    let sliced = |slices: &[&str]| {
        let mut all = vec![json!({"id": "Observation.category", "path": "Observation.category",
            "binding": {"strength": "required", "valueSet": url("abc")},
            "slicing": {"discriminator": [{"type": "pattern", "path": "$this"}], "rules": "open"}})];
        all.extend(slices.iter().map(|name| {
            json!({"id": format!("Observation.category:{name}"), "path": "Observation.category", "sliceName": name,
                "patternCodeableConcept": {"coding": [{"system": "http://s.test", "code": "a"}]},
                "binding": {"strength": "required", "valueSet": url("ab")}})
        }));
        Value::from(all)
    };
    let found = bound(&sliced(&["one", "two"]), &sliced(&["two", "three"]));
    let told: Vec<(&str, CodesBeside)> = found.iter().map(|b| (b.element.as_str(), b.codes)).collect();
    let expected = [
        ("Observation.category:three", CodesBeside::RightInLeft),
        ("Observation.category:one", CodesBeside::LeftInRight),
    ];
    assert_eq!(told, expected);
}
