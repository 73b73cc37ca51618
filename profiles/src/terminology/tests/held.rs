//! Definitions of value sets over a held code system, one code at a time.

use serde_json::{Value, json};

use crate::terminology::DisplayFit;
use crate::terminology::{HeldCode, HeldSystem, HeldTerminology, HeldValueSet, Membership, Sought, check_held_display};

const SYSTEM: &str = "http://here.test/cs";
const SNOMED: &str = "http://snomed.info/sct";
const EDITION: &str = "http://snomed.info/sct/731000124108";

/// `root` above `left` (inactive) and `right`, `leaf` below both; `x…` may exist.
struct Tree;

const CODES: [&str; 4] = ["root", "left", "right", "leaf"];

impl Tree {
    fn parents(index: u32) -> &'static [u32] {
        match index {
            1 | 2 => &[0],
            3 => &[1, 2],
            _ => &[],
        }
    }
}

impl HeldSystem for Tree {
    fn version(&self) -> &str {
        "2"
    }

    fn find(&self, code: &str) -> HeldCode {
        match CODES.iter().position(|c| *c == code) {
            Some(index) => HeldCode::Known(index as u32),
            None if code.starts_with('x') => HeldCode::Open,
            None => HeldCode::Absent,
        }
    }

    fn has_name(&self, index: u32, text: &str) -> bool {
        format!("Name of {}", CODES[index as usize]) == text
    }

    fn names(&self, index: u32, see: &mut dyn FnMut(&str)) {
        see(&format!("Name of {}", CODES[index as usize]));
    }

    fn is_inactive(&self, index: u32) -> bool {
        index == 1
    }

    fn is_a(&self, index: u32, ancestor: u32) -> Option<bool> {
        Some(index == ancestor || Tree::parents(index).iter().any(|p| self.is_a(*p, ancestor) == Some(true)))
    }

    fn is_child(&self, index: u32, parent: u32) -> Option<bool> {
        Some(Tree::parents(index).contains(&parent))
    }

    fn is_leaf(&self, index: u32) -> Option<bool> {
        Some(index == 3)
    }

    fn has_value(&self, index: u32, property: &str, _: &str, wanted: &mut dyn FnMut(&str) -> bool) -> Option<bool> {
        match property {
            "code" => Some(wanted(CODES[index as usize])),
            "side" => Some(index == 1 && wanted("left")),
            _ => None,
        }
    }
}

struct Held;

impl HeldTerminology for Held {
    fn system(&self, url: &str, version: Option<&str>) -> Option<&dyn HeldSystem> {
        let is_held = match url {
            SYSTEM => version.is_none_or(|v| v == "2"),
            SNOMED => version.is_none_or(|v| v == EDITION || v == "2"),
            _ => false,
        };
        is_held.then_some(&Tree as &dyn HeldSystem)
    }

    fn value_set(&self, url: &str, _: Option<&str>) -> Option<&dyn HeldValueSet> {
        (url == "http://here.test/vs").then_some(self as &dyn HeldValueSet)
    }
}

impl HeldValueSet for Held {
    fn has(&self, _: Option<&str>, code: &str) -> Option<bool> {
        Some(code == "left")
    }
}

/// The codes that a rule has, with a question mark where it is open.
fn members(rule: &Value, version: Option<&str>) -> String {
    let packages = |_: &str| Membership::Unknown;
    let all = CODES.iter().chain(&["none", "x1"]).filter_map(|code| {
        let sought = Sought { held: &Held, system: Some(SYSTEM), version, code, packages: &packages };
        match sought.in_rule(rule) {
            Membership::In => Some((*code).to_owned()),
            Membership::Unknown => Some(format!("{code}?")),
            Membership::Out => None,
        }
    });
    all.collect::<Vec<_>>().join(" ")
}

/// A rule of one include.
fn include(version: Option<&str>, codes: &[&str], filters: &Value, sets: &Value) -> Value {
    json!([[[SYSTEM, version, codes, filters, sets]], [], null])
}

#[test]
fn filters() {
    for (property, op, value, wanted) in [
        ("concept", "is-a", "left", "left leaf x1?"),
        ("concept", "descendent-of", "root", "left right leaf x1?"),
        ("concept", "is-not-a", "left", "root right x1?"),
        ("concept", "generalizes", "left", "root left x1?"),
        ("concept", "child-of", "root", "left right x1?"),
        ("concept", "descendent-leaf", "root", "leaf x1?"),
        ("concept", "is-a", "none", "x1?"),
        ("concept", "is-a", "x9", "root? left? right? leaf? x1?"),
        ("side", "=", "left", "left x1?"),
        ("side", "exists", "false", "root right leaf x1?"),
        ("code", "in", "root, leaf", "root leaf x1?"),
        ("code", "not-in", "root, leaf", "left right x1?"),
        ("code", "regex", "r.*t", "root right x1?"),
        ("code", "regex", "(", "root? left? right? leaf? x1?"),
        ("display", "=", "Name of leaf", "leaf x1?"),
        ("inactive", "=", "true", "left x1?"),
        ("colour", "=", "red", "root? left? right? leaf? x1?"),
        ("concept", "new-op", "root", "root? left? right? leaf? x1?"),
    ] {
        let rule = include(None, &[], &json!([[property, op, value]]), &json!([]));
        assert_eq!(members(&rule, None), wanted, "{property} {op} {value}");
    }
}

#[test]
fn wholes_lists_and_versions() {
    let none = json!([]);
    let whole = "root left right leaf x1?";
    assert_eq!(members(&include(None, &[], &none, &none), None), whole);
    assert_eq!(members(&include(Some("2"), &[], &none, &none), Some("2")), whole);
    let open = "root? left? right? leaf? none? x1?";
    for (pinned, named) in [(Some("1"), None), (None, Some("1")), (Some("2"), Some("1")), (Some("1"), Some("2"))] {
        assert_eq!(members(&include(pinned, &[], &none, &none), named), open, "{pinned:?} {named:?}");
    }
    assert_eq!(members(&include(None, &["leaf", "none"], &none, &none), None), "leaf none");
}

#[test]
fn excludes_inactive_codes_and_other_value_sets() {
    let part = |codes: &[&str]| json!([SYSTEM, null, codes, [], []]);
    assert_eq!(members(&json!([[part(&[])], [part(&["root", "x1"])], null]), None), "left right leaf");
    assert_eq!(members(&json!([[part(&[])], [], false]), None), "root right leaf x1?");
    let sets = |sets: Value| json!([[[null, null, [], [], sets]], [], null]);
    assert_eq!(members(&sets(json!(["http://here.test/vs"])), None), "left");
    assert_eq!(members(&sets(json!([["http://here.test/vs", null]])), None), "left");
    let nested = json!([[part(&["left", "leaf"])], [], null]);
    assert_eq!(members(&sets(json!([nested])), None), "left leaf");
    assert_eq!(members(&sets(json!([nested, "http://here.test/vs"])), None), "left");
    assert_eq!(members(&sets(json!(["http://nobody.test/vs"])), None), "root? left? right? leaf? none? x1?");
    // What is no rule leaves all open.
    assert_eq!(members(&Value::Null, None), "root? left? right? leaf? none? x1?");
}

#[test]
fn implicit_value_sets_of_an_edition() {
    let packages = |_: &str| Membership::Unknown;
    let of = |canonical: &str, code: &str| {
        let sought = Sought { held: &Held, system: Some(SNOMED), version: None, code, packages: &packages };
        sought.in_canonical(canonical)
    };
    let (inside, outside) = (Membership::In, Membership::Out);
    for base in [SNOMED, EDITION] {
        assert_eq!(of(&format!("{base}?fhir_vs=isa/left"), "leaf"), inside, "{base}");
        assert_eq!(of(&format!("{base}?fhir_vs=isa/left"), "right"), outside, "{base}");
        assert_eq!(of(&format!("{base}?fhir_vs"), "right"), inside, "{base}");
        assert_eq!(of(&format!("{base}?fhir_vs"), "none"), outside, "{base}");
        assert_eq!(of(&format!("{base}?fhir_vs=refset/left"), "leaf"), Membership::Unknown, "{base}");
    }
    let older = format!("{EDITION}/version/20200301");
    for base in [older.as_str(), "http://snomed.info/sct/900000000000207008", "http://snomed.info/scttest"] {
        for code in ["leaf", "right", "none"] {
            for kind in ["?fhir_vs=isa/left", "?fhir_vs"] {
                assert_eq!(of(&format!("{base}{kind}"), code), Membership::Unknown, "{base}{kind} {code}");
            }
        }
    }
    assert_eq!(of("http://snomed.info/sct?fhir_vs|1", "leaf"), Membership::Unknown);
}

#[test]
fn displays() {
    for (text, wanted) in [
        ("Name of leaf", DisplayFit::Fits),
        ("name OF leaf", DisplayFit::Fits),
        ("Name  of leaf", DisplayFit::Whitespace),
        ("Leaf", DisplayFit::Wrong),
    ] {
        assert_eq!(check_held_display(&Tree, 3, text), wanted, "{text}");
    }
}
