#![allow(clippy::unwrap_used)]
use super::*;
use serde_json::json;

#[test]
fn builds_children_and_choices() {
    let el = |path: &str, max: &str, types: &[&str]| json!({"path": path, "min": 0, "max": max, "type": types.iter().map(|t| json!({"code": t})).collect::<Vec<_>>()});
    let sds = [
        json!({"kind": "complex-type", "abstract": true, "snapshot": {"element": [{"path": "Element"}]}}),
        json!({"kind": "primitive-type", "baseDefinition": "http://x/Element", "snapshot": {"element": [{"path": "string"}, el("string.value", "1", &["x"])]}}),
        json!({"kind": "complex-type", "baseDefinition": "http://x/Element", "derivation": "specialization",
            "snapshot": {"element": [{"path": "Thing"}, el("Thing.value[x]", "1", &["string", "Thing"]), el("Thing.part", "*", &["Element"]), el("Thing.part.name", "1", &["string"]),
                {"path": "Thing.part.part", "max": "*", "contentReference": "#Thing.part"}]}}),
    ];
    let m = build(&sds);
    let thing = m.find("Thing").unwrap();
    let id = |n: &str| m.names().find(n.as_bytes()).unwrap();
    let value = m.child(thing, id("valueString")).unwrap();
    assert_eq!(
        (m.type_name(value.type_id), m.names().text(value.choice_base), value.is_choice()),
        ("string", "value", true)
    );
    let part = m.child(thing, id("part")).unwrap();
    assert_eq!(m.type_name(part.type_id), "Thing.part");
    assert!(part.is_list());
    assert_eq!(m.child(part.type_id, id("part")).unwrap().type_id, part.type_id);
    assert_eq!(m.children(m.find("string").unwrap()).len(), 0);
    assert!(m.is_a(thing, m.find("Element").unwrap()));
    assert!(m.child(thing, id("name")).is_none());
}
