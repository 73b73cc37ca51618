//! What is found when scripts are loaded.

use super::*;

#[test]
fn faults_have_their_place() {
    assert_eq!(library("const NAMESPACE = \"t\";\nfn f( {").err().unwrap().split(": ").next(), Some("t.rhai:2:7"));
    assert!(failure("\n  let a = 1;\n  a.foo()", "").starts_with("t.rhai:4:5: function not found"));
    assert!(
        failure("report(\"error\", \"other\", (), \"x\")", "")
            .contains("`other` is not among those that `RULES` declares")
    );
    assert!(failure("report(\"bad\", \"r\", (), \"x\")", "").contains("`bad` is not a severity"));
    assert!(
        failure("let x = \"x\"; one(\"nick..\" + x)", "").contains("the expression `nick..x` is broken at column 6: ")
    );
    assert!(
        failure("let f = \"none\"; try { one(\"%t.\" + f + \"()\") } catch {}", "")
            .contains("unknown function `%t.none`")
    );
}

/// What is wrong with the scripts, told before one of them runs.
fn refusals(text: &str) -> Vec<String> {
    let told = |faults: Vec<ScriptError>| faults.iter().map(ToString::to_string).collect();
    let source = Source { file: "t.rhai".to_owned(), text: text.to_owned() };
    match Library::load(&[source]).map(|l| Scripts::new(Arc::new(l), model())) {
        Err(faults) | Ok(Err(faults)) => told(faults),
        Ok(Ok(_)) => Vec::new(),
    }
}

#[test]
fn expressions_are_checked_when_a_script_is_loaded() {
    let typed = |body: &str, more: &str| {
        refusals(&format!(
            "const NAMESPACE = \"t\"; const TYPES = [\"Patient\"]; const RULES = #{{ \"r\": \"x\" }};\n\
             fn check(r) {{ {body} }}\n{more}"
        ))
    };
    let syntax =
        typed("let a = path(\"nick..x\");\n  if a.len() > 1 { r.holds(\"active and\") }", "fn f(n) { n.path(\"(\") }");
    assert_eq!(syntax.len(), 3, "{syntax:?}");
    assert!(syntax[0].starts_with("t.rhai:2:28: the expression `nick..x` is broken at column 6: "), "{syntax:?}");
    assert!(syntax[1].starts_with("t.rhai:3:28: ") && syntax[2].starts_with("t.rhai:4:18: "), "{syntax:?}");
    for (body, says) in [
        ("holds(\"nick.exist()\")", "t.rhai:2:21: the expression `nick.exist()` is broken at column 6: "),
        ("one(\"%t.none()\")", "unknown function `%t.none`"),
        ("path(\"%other\")", "`%other` is not defined"),
        ("path(\"nik\")", "the expression `nik` is broken at column 1: `nik` is not an element of Patient"),
        ("r.one(\"weight.valu\")", "at column 8: `valu` is not an element of Quantity"),
        ("node(r, \"nik\")", "`nik` is not an element"),
        ("let x = r.nodes(\"nik\")[0].value;", "`nik` is not an element"),
        ("report(\"error\", \"r\", \"nik\", \"m\")", "t.rhai:2:36: the expression `nik`"),
        ("path(`active\n and nik`)", "is broken at line 2, column 6: `nik`"),
        ("for n in r.nodes(\"nick\") { n.holds(\"a b\") }", "the expression `a b` is broken"),
        ("switch r.type { \"Patient\" => path(\"nik\"), _ => 0 }", "`nik` is not an element"),
    ] {
        let found = typed(body, "");
        assert!(found.len() == 1 && found[0].contains(says), "{body}: {found:?}");
    }
}

#[test]
fn what_a_script_may_mean_is_let_pass() {
    let load = |types: &str, body: &str, more: &str| {
        refusals(&format!(
            "const NAMESPACE = \"t\"; {types} const RULES = #{{ \"r\": \"x\" }};\nfn check(r) {{ {body} }}\n{more}"
        ))
    };
    let patient = "const TYPES = [\"Patient\"];";
    for (types, body, more) in [
        ("", "path(\"nik\")", ""),
        ("const TYPES = [\"Patient\", \"Resource\"];", "path(\"nick\")", ""),
        (
            patient,
            "path(\"weight.value\"); r.one(\"nick.first()\"); report(\"error\", \"r\", \"active\", \"nik ..\")",
            "",
        ),
        (patient, "r.node(\"weight\").path(\"nik\")", ""),
        (patient, "for r in r.nodes(\"weight\") { r.one(\"nik\") }", ""),
        (patient, "let q = r.node(\"weight\"); r = q; r.one(\"nik\")", ""),
        (
            patient,
            "tidy(\"..\"); path(1, \"..\", 2)",
            "private fn tidy(x) { path(\"nik\") } private fn path(a, b, c) { b }",
        ),
        (patient, "one(\"%t.double(age)\")", "fn double(n) { n * 2 }"),
    ] {
        assert_eq!(load(types, body, more), [""; 0], "{types} {body}");
    }
}

#[test]
fn declarations_are_checked() {
    for (text, word) in [
        ("", "NAMESPACE"),
        ("const NAMESPACE = \"Has-Other\";", "not a valid namespace"),
        ("const NAMESPACE = \"ucum\";", "not a valid namespace"),
        ("const NAMESPACE = \"t\"; fn check(r) {}", "declares no rule"),
        ("const NAMESPACE = \"t\"; const RULES = #{ \"r\": \"x\" };", "no function `check"),
        ("const NAMESPACE = \"t\"; const RULES = #{ \"R!\": \"x\" }; fn check(r) {}", "no name of a rule"),
        (
            "const NAMESPACE = \"t\"; const RULES = #{ \"r\": #{ demands: \"x\", code: \"odd\" } }; fn check(r) {}",
            "issue type",
        ),
        ("const NAMESPACE = \"t\"; const RULES = #{ \"r\": \"x\" }; fn check(a, b) {}", "only the resource"),
        ("const NAMESPACE = \"t\"; fn where(a) {}", "function of FHIRPath"),
    ] {
        let e = library(text).err().unwrap_or_else(|| panic!("{text}"));
        assert!(e.contains(word), "{text}: {e}");
    }
    let twice =
        |name: &str| Source { file: name.to_owned(), text: "const NAMESPACE = \"t\"; fn f(a) { a }".to_owned() };
    assert!(
        Library::load(&[twice("a.rhai"), twice("b.rhai")]).unwrap_err()[0]
            .to_string()
            .contains("`%t.f` is defined in `a.rhai` too")
    );
    let unknown = Arc::new(
        library("const NAMESPACE = \"t\"; const TYPES = [\"Patent\"]; const RULES = #{ \"r\": \"x\" }; fn check(r) {}")
            .unwrap(),
    );
    assert!(Scripts::new(unknown, model()).unwrap_err()[0].message.contains("`Patent`"));
}
