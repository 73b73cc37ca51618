//! Ten thousand and a hundred thousand of each kind: what is beyond the bound on entries is told, and all ends.

use super::*;

const SIZES: [usize; 2] = [10_000, 100_000];

fn many(n: usize, item: impl Fn(usize) -> Value) -> Value {
    (0..n).map(item).collect()
}

/// Members of an entry with so many items.
fn members(n: usize) -> Vec<(&'static str, Value)> {
    let base = "http://hl7.org/fhir/StructureDefinition";
    let combination = format!("{base}/capabilitystatement-search-parameter-combination");
    let mapping = format!("{base}/profile-mapping");
    let part = |i: usize| json!([{"url": "required", "valueString": format!("a{i}")}]);
    let search = json!({"url": "search", "valueString": "a=b"});
    let mapped = |i: usize| json!([{"url": "profile", "valueCanonical": url(&i.to_string())}, search]);
    vec![
        ("interaction", many(n, |i| json!({"code": format!("c{i}")}))),
        ("searchParam", many(n, |i| json!({"name": format!("p{i}")}))),
        ("searchInclude", many(n, |i| json!(format!("i{i}")))),
        ("searchRevInclude", many(n, |i| json!(format!("r{i}")))),
        ("operation", many(n, |i| json!({"name": format!("o{i}"), "definition": url(&i.to_string())}))),
        ("supportedProfile", many(n, |i| json!(url(&i.to_string())))),
        ("extension", many(n, |i| json!({"url": combination, "extension": part(i)}))),
        ("extension", many(n, |i| json!({"url": mapping, "extension": mapped(i)}))),
    ]
}

/// Reads, with one half of the items in a second entry of the type.
fn halves(name: &str, items: &Value) -> (Statement, Vec<Issue>) {
    let (first, second) = items.as_array().unwrap().split_at(items.as_array().unwrap().len() / 2);
    let value = server(json!([{"type": "Patient", name: first}, {"type": "Patient", name: second}]));
    settled(&value, Party::Server, &Made::default())
}

#[test]
fn items_of_a_type() {
    for n in SIZES {
        for (name, items) in members(n) {
            let (statement, issues) = halves(name, &items);
            assert_eq!(statement.rest.resources.len(), 1);
            assert_eq!(count(&issues, "entries-limit"), usize::from(n == 100_000), "{name}");
        }
    }
}

#[test]
fn entries_of_one_type() {
    for n in SIZES {
        for same in [true, false] {
            let name = |i: usize| if same { "Patient".to_owned() } else { format!("T{i}") };
            let entry = |i: usize| json!({"type": name(i), "interaction": [{"code": format!("c{i}")}]});
            let (statement, _) = settled(&server(many(n, entry)), Party::Client, &Made::default());
            let types = statement.rest.resources.len();
            assert_eq!(types == 1, same);
            // Each type is asked for.
            assert!((0..types).all(|i| statement.resource(&name(i)).is_some()));
        }
    }
}

#[test]
fn rest_entries() {
    for n in SIZES {
        let rest =
            many(n, |i| json!({"mode": "server", "resource": [{"type": "Patient", "searchInclude": [i.to_string()]}]}));
        let value = json!({"resourceType": "CapabilityStatement", "kind": "instance", "rest": rest});
        let (statement, _) = settled(&value, Party::Server, &Made::default());
        assert_eq!(statement.rest.resources.len(), 1);
    }
}

#[test]
fn items_of_imports() {
    for n in SIZES {
        for (name, items) in members(n / 2) {
            let part = |items: &Value| server(json!([{"type": "Patient", name: items}]));
            let mut value = part(&items);
            value["imports"] = many(70, |_| json!(url("a")));
            let made = Made::default().with("a", part(&items));
            let (statement, _) = settled(&value, Party::Server, &made);
            assert_eq!(statement.rest.resources.len(), 1);
        }
    }
}

#[test]
fn top_level_profiles_of_one_type() {
    for n in SIZES {
        let mut value = server(json!([{"type": "Patient"}]));
        value["profile"] = many(n, |i| json!({"reference": url(&format!("p{}", i % 30_000))}));
        let made = (0..30_000).fold(Made::default(), |made, i| made.profile(&format!("p{i}"), "Patient"));
        let (statement, _) = settled(&value, Party::Server, &made);
        assert_eq!(statement.rest.resources[0].profiles.len(), n.min(30_000));
    }
}

#[test]
fn what_is_unknown() {
    for n in SIZES {
        for name in ["imports", "instantiates", "implementationGuide"] {
            let mut value = server(json!([]));
            value[name] = many(n, |i| json!(url(&i.to_string())));
            let (_, issues) = settled(&value, Party::Server, &Made::default());
            assert!(issues.len() >= n.min(1 << 16), "{name}");
        }
    }
}

#[test]
fn long_names_are_not_repeated() {
    let long = format!("T{}", "x".repeat(1_000_000));
    let profiles = many(20_000, |_| json!(url("p")));
    let value = server(json!([{"type": long, "supportedProfile": profiles}]));
    let (_, issues) = settled(&value, Party::Server, &Made::default().profile("p", "Patient"));
    assert_eq!(count(&issues, "type-mismatch"), 20_000);
    assert!(issues.iter().all(|i| i.text.len() < 1000));
    let mut members = serde_json::Map::new();
    members.insert(
        "x".repeat(1_000_000),
        (0..100_000).map(|i| (i.to_string(), json!({}))).collect::<serde_json::Map<_, _>>().into(),
    );
    let mut value = server(json!([]));
    value["extension"] = Value::Object(members);
    assert!(settled(&value, Party::Server, &Made::default()).0.usable);
    value["software"] = json!({"a": [1, [{"modifierExtension": [{"url": "http://test.example/m"}]}]]});
    let (_, issues) = settled(&value, Party::Server, &Made::default());
    assert_eq!(issues[0].path, "software.a[1][0].modifierExtension[0]");
}
