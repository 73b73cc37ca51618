//! Definitions made up for one rule each.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::*;

/// A source that holds the given resources.
struct FixedSource(Vec<Arc<Value>>);

impl FixedSource {
    fn new(resources: &[Value]) -> FixedSource {
        FixedSource(resources.iter().map(|r| Arc::new(r.clone())).collect())
    }

    fn find(&self, kind: &str, canonical: &Canonical) -> Option<Arc<Value>> {
        let fits = |r: &&Arc<Value>| {
            r["resourceType"] == kind
                && r["url"] == canonical.url.as_str()
                && r["content"] != "supplement"
                && canonical.version.as_ref().is_none_or(|v| r["version"] == v.as_str())
        };
        self.0.iter().find(fits).cloned()
    }
}

impl TerminologySource for FixedSource {
    fn value_set(&self, canonical: &Canonical) -> Option<Arc<Value>> {
        self.find("ValueSet", canonical)
    }

    fn code_system(&self, canonical: &Canonical) -> Option<Arc<Value>> {
        self.find("CodeSystem", canonical)
    }

    fn supplements(&self, system: &str) -> Vec<Arc<Value>> {
        self.0.iter().filter(|r| r["supplements"] == system).cloned().collect()
    }
}

fn animals() -> Value {
    json!({"resourceType": "CodeSystem", "url": "http://x/animals", "version": "1", "content": "complete",
        "caseSensitive": true,
        "property": [{"code": "subsumedBy", "uri": "http://hl7.org/fhir/concept-properties#parent", "type": "code"},
            {"code": "legs", "type": "integer"}, {"code": "status", "type": "code"}],
        "concept": [
            {"code": "animal", "display": "Animal", "property": [{"code": "notSelectable", "valueBoolean": true}],
                "concept": [
                {"code": "bird", "display": "Bird", "property": [{"code": "legs", "valueInteger": 2}],
                    "concept": [{"code": "owl", "property": [{"code": "legs", "valueInteger": 2}]}]},
                {"code": "fish"}]},
            {"code": "bat", "property": [{"code": "subsumedBy", "valueCode": "animal"}, {"code": "legs",
                "valueInteger": 2}]},
            {"code": "dodo", "property": [{"code": "subsumedBy", "valueCode": "bird"}, {"code": "status",
                "valueCode": "retired"}]}]})
}

fn value_set(compose: Value) -> Value {
    json!({"resourceType": "ValueSet", "url": "http://x/vs", "compose": compose})
}

fn codes(expansion: &Expansion) -> Vec<&str> {
    expansion.codes.iter().map(|c| c.code.as_str()).collect()
}

/// The codes that a filter over the animals selects.
fn filtered(property: &str, op: &str, value: &str) -> (Vec<String>, bool) {
    let include = json!({"include": [{"system": "http://x/animals", "filter": [{"property": property, "op": op,
        "value": value}]}]});
    let expansion = expand(&value_set(include), &FixedSource::new(&[animals()]));
    (expansion.codes.iter().map(|c| c.code.clone()).collect(), expansion.is_certain())
}

#[test]
fn filters() {
    for (property, op, value, wanted) in [
        ("concept", "is-a", "bird", "bird owl dodo"),
        ("concept", "descendent-of", "animal", "bird owl fish bat dodo"),
        ("concept", "is-not-a", "bird", "animal fish bat"),
        ("concept", "generalizes", "owl", "animal bird owl"),
        ("concept", "child-of", "animal", "bird fish bat"),
        ("concept", "descendent-leaf", "animal", "owl fish bat dodo"),
        ("concept", "is-a", "unheard-of", ""),
        ("concept", "in", "owl, fish", "owl fish"),
        ("concept", "not-in", "owl,fish", "animal bird bat dodo"),
        ("legs", "=", "2", "bird owl bat"),
        ("legs", "exists", "false", "animal fish dodo"),
        ("parent", "=", "animal", "bird fish bat"),
        ("code", "regex", "b.*", "bird bat"),
        ("display", "=", "Bird", "bird"),
        ("status", "=", "retired", "dodo"),
        ("inactive", "=", "false", "animal bird owl fish bat"),
        ("notSelectable", "=", "true", "animal"),
    ] {
        let (found, certain) = filtered(property, op, value);
        assert_eq!((found.join(" ").as_str(), certain), (wanted, true), "{property} {op} {value}");
    }
    for (property, op, value) in [("wings", "=", "2"), ("code", "regex", "(?=x)"), ("code", "near", "x")] {
        assert_eq!(filtered(property, op, value), (Vec::new(), false));
    }
}

#[test]
fn concepts_carry_what_the_code_system_says() {
    let expansion =
        expand(&value_set(json!({"include": [{"system": "http://x/animals"}]})), &FixedSource::new(&[animals()]));
    let of = |code: &str| expansion.codes.iter().find(|c| c.code == code).unwrap().clone();
    assert!(of("animal").is_abstract && !of("bird").is_abstract);
    assert!(of("dodo").inactive && !of("bat").inactive);
    assert_eq!(of("bird").display.as_deref(), Some("Bird"));
    assert_eq!(expansion.membership("http://x/animals", "cat"), Membership::Out);
    assert_eq!(expansion.membership("http://x/animals", "Bird"), Membership::Out);
    assert_eq!(expansion.membership("http://x/plants", "bird"), Membership::Out);
    let active = expand(
        &value_set(json!({"inactive": false, "include": [{"system": "http://x/animals"}]})),
        &FixedSource::new(&[animals()]),
    );
    assert_eq!(active.membership("http://x/animals", "dodo"), Membership::Out);
}

#[test]
fn includes_unite_imports_intersect_excludes_subtract() {
    let birds = json!({"resourceType": "ValueSet", "url": "http://x/birds",
        "compose": {"include": [{"system": "http://x/animals", "filter": [{"property": "concept", "op": "is-a",
        "value": "bird"}]}]}});
    let few = json!({"resourceType": "ValueSet", "url": "http://x/few",
        "compose": {"include": [{"system": "http://x/animals", "concept": [{"code": "owl"}, {"code": "fish"}]},
        {"system": "http://y", "concept": [{"code": "z", "display": "Zed"}]}]}});
    let source = FixedSource::new(&[animals(), birds, few]);
    let expanded = |compose: Value| expand(&value_set(compose), &source);
    assert_eq!(codes(&expanded(json!({"include": [{"valueSet": ["http://x/birds", "http://x/few"]}]}))), ["owl"]);
    assert_eq!(
        codes(&expanded(json!({"include": [{"valueSet": ["http://x/birds"]}, {"valueSet": ["http://x/few"]}]}))),
        ["bird", "owl", "dodo", "fish", "z"]
    );
    assert_eq!(
        codes(&expanded(json!({"include": [{"system": "http://x/animals", "valueSet": ["http://x/few"]}]}))),
        ["owl", "fish"]
    );
    assert_eq!(
        codes(&expanded(
            json!({"include": [{"valueSet": ["http://x/few"]}], "exclude": [{"valueSet": ["http://x/birds"]}]})
        )),
        ["fish", "z"]
    );
}

#[test]
fn what_is_not_here_stays_open() {
    let source = FixedSource::new(&[animals()]);
    let expanded = |compose: Value| expand(&value_set(compose), &source);
    let loinc = expanded(json!({"include": [{"system": "http://loinc.org"}, {"system": "http://x/animals",
            "concept": [{"code": "owl"}]}], "exclude": [{"system": "http://loinc.org",
            "concept": [{"code": "1-8"}]}]}));
    assert_eq!(loinc.membership("http://loinc.org", "2-6"), Membership::Unknown);
    assert_eq!(loinc.membership("http://loinc.org", "1-8"), Membership::Out);
    assert_eq!(loinc.membership("http://x/animals", "owl"), Membership::In);
    assert_eq!(loinc.membership("http://x/animals", "fish"), Membership::Out);
    assert_eq!(loinc.code_membership("whatever"), Membership::Unknown);
    let listed = expanded(json!({"include": [{"system": "http://loinc.org", "concept": [{"code": "1-8"}]}]}));
    assert!(listed.is_certain());
    assert_eq!(
        (listed.membership("http://loinc.org", "1-8"), listed.membership("http://loinc.org", "2-6")),
        (Membership::In, Membership::Out)
    );
    let absent = expanded(json!({"include": [{"valueSet": ["http://x/gone"]}, {"system": "http://x/animals",
            "concept": [{"code": "owl"}]}]}));
    assert_eq!(absent.incomplete, [Reason::ValueSetAbsent("http://x/gone".into())]);
    assert_eq!(
        (absent.membership("http://x/animals", "owl"), absent.membership("http://x/animals", "fish")),
        (Membership::In, Membership::Unknown)
    );
    let doubted = expanded(json!({"include": [{"system": "http://x/animals", "concept": [{"code": "owl"}]}],
            "exclude": [{"valueSet": ["http://x/gone"]}]}));
    assert_eq!(
        (doubted.membership("http://x/animals", "owl"), doubted.membership("http://x/animals", "fish")),
        (Membership::Unknown, Membership::Out)
    );
    let both = expanded(json!({"include": [{"system": "http://x/animals", "valueSet": ["http://x/gone"]}]}));
    assert_eq!(
        (
            both.membership("http://x/animals", "owl"),
            both.membership("http://x/animals", "cat"),
            both.membership("http://y", "owl")
        ),
        (Membership::Unknown, Membership::Out, Membership::Out)
    );
}

#[test]
fn parts_of_code_systems_and_other_versions() {
    let mut part = animals();
    part["content"] = json!("fragment");
    let compose = json!({"include": [{"system": "http://x/animals", "filter": [{"property": "concept", "op": "is-a",
        "value": "bird"}]}]});
    let some = expand(&value_set(compose), &FixedSource::new(&[part.clone()]));
    let of = |code| some.membership("http://x/animals", code);
    assert_eq!((of("owl"), of("fish"), of("cat")), (Membership::In, Membership::Out, Membership::Unknown));
    part["content"] = json!("not-present");
    let none = expand(&value_set(json!({"include": [{"system": "http://x/animals"}]})), &FixedSource::new(&[part]));
    assert_eq!(none.membership("http://x/animals", "owl"), Membership::Unknown);
    let other = expand(
        &value_set(json!({"include": [{"system": "http://x/animals", "version": "2"}]})),
        &FixedSource::new(&[animals()]),
    );
    assert_eq!(
        (other.membership("http://x/animals", "owl"), other.membership("http://x/animals", "cat")),
        (Membership::Unknown, Membership::Unknown)
    );
}

#[test]
fn codes_known_to_systems() {
    let table = code_system(&animals());
    let known = |system, table, code| code_known(system, table, code);
    assert_eq!(
        (known("http://x/animals", Some(&table), "owl"), known("http://x/animals", Some(&table), "cat")),
        (Membership::In, Membership::Out)
    );
    assert_eq!(
        (known("urn:ietf:bcp:47", None, "en"), known("urn:ietf:bcp:47", None, "changed")),
        (Membership::In, Membership::Out)
    );
    assert_eq!(known("http://loinc.org", None, "1-8"), Membership::Unknown);
}

#[test]
fn circles_end() {
    let a = json!({"resourceType": "ValueSet", "url": "http://x/a",
        "compose": {"include": [{"valueSet": ["http://x/b"]}, {"system": "http://y", "concept": [{"code": "a"}]}]}});
    let b = json!({"resourceType": "ValueSet", "url": "http://x/b",
        "compose": {"include": [{"valueSet": ["http://x/a"]}, {"system": "http://y", "concept": [{"code": "b"}]}]}});
    let source = FixedSource::new(&[a, b]);
    let mut expander = Expander::new(&source);
    for url in ["http://x/a", "http://x/b"] {
        let found = expander.expand_canonical(&Canonical::parse(url));
        let mut named = codes(&found);
        named.sort_unstable();
        assert_eq!(named, ["a", "b"]);
        assert!(matches!(found.incomplete.as_slice(), [Reason::Cycle(_)]));
    }
}

#[test]
fn another_version_is_no_circle() {
    let new = json!({"resourceType": "ValueSet", "url": "http://x/a", "version": "2",
        "compose": {"include": [{"valueSet": ["http://x/a|1"]}]}});
    let old = json!({"resourceType": "ValueSet", "url": "http://x/a", "version": "1",
        "compose": {"include": [{"system": "http://y", "concept": [{"code": "a"}]}]}});
    let of = |all: &[Value]| Expander::new(&FixedSource::new(all)).expand(&new);
    assert!(matches!(of(std::slice::from_ref(&new)).incomplete.as_slice(), [Reason::ValueSetAbsent(_)]));
    assert_eq!(codes(&of(&[new.clone(), old])), ["a"]);
}

#[test]
fn carried_expansions() {
    let contains = json!([{"system": "http://loinc.org", "code": "1-8", "display": "One"},
        {"system": "http://loinc.org", "abstract": true, "code": "g", "contains": [{"system": "http://loinc.org",
        "code": "2-6"}]}]);
    let open = json!({"include": [{"system": "http://loinc.org", "filter": [{"property": "CLASS", "op": "=",
        "value": "X"}]}]});
    let whole = expand(
        &json!({"resourceType": "ValueSet", "compose": open, "expansion": {"total": 2, "contains": contains}}),
        &FixedSource::new(&[]),
    );
    assert_eq!((codes(&whole), whole.is_certain()), (vec!["1-8", "2-6"], true));
    let page = expand(
        &json!({"resourceType": "ValueSet", "compose": open, "expansion": {"total": 9, "contains": contains}}),
        &FixedSource::new(&[]),
    );
    assert_eq!(
        (
            page.membership("http://loinc.org", "2-6"),
            page.membership("http://loinc.org", "3-4"),
            page.membership("http://y", "3-4")
        ),
        (Membership::In, Membership::Unknown, Membership::Out)
    );
    let alone =
        expand(&json!({"resourceType": "ValueSet", "expansion": {"contains": contains}}), &FixedSource::new(&[]));
    assert!(alone.is_certain());
    let nothing = expand(&json!({"resourceType": "ValueSet", "url": "http://x/n"}), &FixedSource::new(&[]));
    assert_eq!(nothing.incomplete, [Reason::NoDefinition("http://x/n".into())]);
}

#[test]
fn grammars_take_part() {
    let source = FixedSource::new(&[]);
    let expanded = |compose: Value| expand(&value_set(compose), &source);
    let units = expanded(json!({"include": [{"system": "http://unitsofmeasure.org"}],
            "exclude": [{"system": "http://unitsofmeasure.org", "concept": [{"code": "kg"}]}]}));
    let of = |code| units.membership("http://unitsofmeasure.org", code);
    assert_eq!(
        (of("mg/dL"), of("kg"), of("nonsense"), units.is_certain()),
        (Membership::In, Membership::Out, Membership::Out, true)
    );
    let times = expanded(
        json!({"include": [{"system": "http://unitsofmeasure.org", "filter": [{"property": "canonical", "op": "=",
            "value": "a"}]}]}),
    );
    let of = |code| times.membership("http://unitsofmeasure.org", code);
    assert_eq!((of("min"), of("m"), of("[iU]")), (Membership::In, Membership::Out, Membership::Out));
    let simple =
        expanded(json!({"include": [{"system": "urn:ietf:bcp:47", "filter": [{"property": "script", "op": "exists",
            "value": "false"}]}]}));
    assert_eq!(
        (simple.code_membership("en-US"), simple.code_membership("zh-Hans"), simple.code_membership("changed")),
        (Membership::In, Membership::Out, Membership::Out)
    );
}

#[test]
fn supplements_add_texts() {
    let supplement = json!({"resourceType": "CodeSystem", "url": "http://x/sup", "content": "supplement",
        "supplements": "http://x/animals", "language": "de", "concept": [{"code": "owl", "display": "Eule",
        "designation": [{"language": "fr", "value": "Hibou"}]}]});
    let source = FixedSource::new(&[animals(), supplement]);
    let table = Expander::new(&source).table("http://x/animals", None).unwrap();
    assert_eq!(names(table.find("owl").unwrap()), ["Hibou", "Eule"]);
}

#[test]
fn displays() {
    let names = ["Vital Signs", "VS"];
    for (written, wanted) in [
        ("Vital Signs", DisplayFit::Fits),
        ("vital signs", DisplayFit::Fits),
        ("vs", DisplayFit::Fits),
        ("Vital  Signs", DisplayFit::Whitespace),
        (" VS", DisplayFit::Whitespace),
        ("Vital\u{a0}Signs", DisplayFit::Whitespace),
        ("Vital Signs\u{7}", DisplayFit::Whitespace),
        ("VitalSigns", DisplayFit::Wrong),
        ("Vital Signs.", DisplayFit::Wrong),
    ] {
        assert_eq!(check_display(written, names), wanted, "{written:?}");
    }
    assert_eq!(check_display("x", []), DisplayFit::NoNames);
}
