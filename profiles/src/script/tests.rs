#![allow(clippy::unwrap_used, clippy::panic)]
//! The walls of the sandbox, and what scripts see, on a small model.

use std::sync::{Arc, OnceLock};

use serde_json::json;

use super::*;
use crate::fhirpath::{Code, Compiler, Context, Item, NoPorts, Options, Scratch, Typing, evaluate, parse};
use crate::instance::{Limits, parse as parse_json};
use crate::issue::Severity;
use crate::model::{Model, build};

/// Element, DomainResource, Patient and Quantity, as far as the tests need them.
fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| {
        let element = |path: &str, code: &str, max: &str| json!({"path": path, "min": 0, "max": max, "type": [{"code": code}]});
        let definition = |name: &str, kind: &str, base: &str, elements: Vec<serde_json::Value>| {
            let mut all = vec![json!({"path": name, "min": 0, "max": "*"})];
            all.extend(elements);
            json!({"resourceType": "StructureDefinition", "url": format!("http://hl7.org/fhir/StructureDefinition/{name}"), "name": name, "type": name, "kind": kind, "abstract": base.is_empty(),
                "derivation": "specialization", "baseDefinition": format!("http://hl7.org/fhir/StructureDefinition/{base}"), "snapshot": {"element": all}})
        };
        let values = [
            definition("Resource", "resource", "", vec![element("Resource.id", "id", "1")]),
            definition("Element", "complex-type", "", vec![]),
            definition("string", "primitive-type", "Element", vec![]),
            definition("id", "primitive-type", "string", vec![]),
            definition("boolean", "primitive-type", "Element", vec![]),
            definition("integer", "primitive-type", "Element", vec![]),
            definition("decimal", "primitive-type", "Element", vec![]),
            definition("date", "primitive-type", "Element", vec![]),
            definition("Quantity", "complex-type", "Element", vec![element("Quantity.value", "decimal", "1"), element("Quantity.unit", "string", "1")]),
            definition(
                "Patient",
                "resource",
                "Resource",
                vec![
                    element("Patient.id", "id", "1"),
                    element("Patient.nick", "string", "*"),
                    element("Patient.active", "boolean", "1"),
                    element("Patient.age", "integer", "1"),
                    element("Patient.birthDate", "date", "1"),
                    element("Patient.weight", "Quantity", "1"),
                ],
            ),
        ];
        build(values.iter())
    })
}

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p","nick":["Jim","Bo"],"active":true,"age":41,"birthDate":"1974-12-25","weight":{"value":70.10,"unit":"kg"}}"#;

fn library(text: &str) -> Result<Library, String> {
    let source = Source { file: "t.rhai".to_owned(), text: text.to_owned() };
    Library::load(&[source]).map_err(|e| e.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// What the checks of a script say of the patient.
fn said(text: &str) -> Vec<CheckOutcome> {
    let scripts = Scripts::new(Arc::new(library(text).unwrap()), model()).unwrap();
    let typing = Typing::new(model());
    let tape = parse_json(PATIENT.as_bytes(), model().names(), &Limits::default());
    let root = tape.root().unwrap();
    let (budget, options) = (Budget::default(), Options::default());
    let ports = ScriptPorts { scripts: Some(&scripts), typing: &typing, root, budget: &budget, options };
    let view = View {
        typing: &typing,
        ports: &ports,
        focus: (root, typing.resource_type(root)),
        resource: root,
        root_resource: root,
        options,
    };
    scripts.check("Patient", &view, &budget, &mut Scratch::default())
}

/// A script whose check runs `body`, with `more` beside it.
fn checking(body: &str, more: &str) -> String {
    format!("const NAMESPACE = \"t\"; const RULES = #{{ \"r\": \"something\" }};\nfn check(r) {{ {body} }}\n{more}")
}

/// The texts of the reports that `body` makes; anything else is a failure of the test.
fn texts(body: &str) -> Vec<String> {
    let text = |s: CheckOutcome| match s {
        CheckOutcome::Report { text, .. } => text,
        other => panic!("{body}: {other:?}"),
    };
    said(&checking(body, "private fn tell(x) { report(\"error\", \"r\", (), `${x}`); }"))
        .into_iter()
        .map(text)
        .collect()
}

/// How a check that runs `body` ends.
fn failure(body: &str, more: &str) -> String {
    match said(&checking(body, more)).as_slice() {
        [CheckOutcome::Failed(e)] => e.to_string(),
        other => panic!("{body}: {other:?}"),
    }
}

#[test]
fn values_come_back_typed() {
    assert_eq!(texts(r#"for x in path("nick") { tell(x); }"#), ["Jim", "Bo"]);
    assert_eq!(
        texts(
            r#"tell(one("age") + 1); tell(one("active") == true); tell(one("birthDate")); tell(one("nope.first()") == ());"#
        ),
        ["42", "true", "1974-12-25", "true"]
    );
    assert_eq!(
        texts(
            r#"let w = r.node("weight"); tell(w.one("value")); tell(w.type); tell(w.value.unit); tell(w.value.value * 2); tell(w.one("value") > 70)"#
        ),
        ["70.10", "Quantity", "kg", "140.20", "true"]
    );
    assert_eq!(
        texts(
            r#"tell(holds("age > 40")); tell(holds("nick = 'x'")); tell(one("0.1 + 0.2") == 0.3); tell(one("3 'mg'").unit)"#
        ),
        ["true", "false", "true", "mg"]
    );
    assert_eq!(texts(r#"try { one("nick") } catch (e) { tell(e) }"#), ["`nick` yields 2 values where one is wanted"]);
}

#[test]
fn reports_have_rule_severity_and_place() {
    let text = checking(
        r#"report("error", "r", "nick[1]", "a"); report("information", "r", node("weight"), "b"); report("undetermined", "r", (), "c"); report("warning", "r", "nothing", "d");"#,
        "",
    );
    let found: Vec<_> = said(&text)
        .into_iter()
        .map(|s| match s {
            CheckOutcome::Report { rule, severity, node, text, .. } => (rule.as_str(), severity, node, text),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(found.iter().map(|f| f.0).collect::<Vec<_>>(), ["t/r"; 4]);
    assert_eq!(
        found.iter().map(|f| f.1).collect::<Vec<_>>(),
        [Some(Severity::Error), Some(Severity::Information), None, Some(Severity::Warning)]
    );
    let tape = parse_json(PATIENT.as_bytes(), model().names(), &Limits::default());
    assert_eq!(tape.node(found[0].2).text(), "Bo");
    assert_eq!(tape.node(found[1].2).name_text(), "weight");
    assert_eq!((found[2].2, found[3].2), (tape.root().unwrap().index(), tape.root().unwrap().index()));
}

#[test]
fn constants_are_seen_by_functions() {
    let more = "const UNITS = #{ \"kg\": [1, 2.5] }; const LIST = [\"a\", \"b\"]; private fn deep() { LIST.len() + UNITS.kg.len() }";
    let text = checking(r#"report("error", "r", (), `${"a" in LIST} ${UNITS["kg"][1]} ${deep()} ${LIST}`);"#, "");
    let said = said(&format!("{more}\n{text}"));
    assert!(
        matches!(&said[..], [CheckOutcome::Report { text, .. }] if text == "true 2.5 4 [\"a\", \"b\"]"),
        "{said:?}"
    );
}

#[test]
fn nothing_runs_for_ever_or_grows_for_ever() {
    let cases = [
        ("loop { let x = 1; }", "", "operations"),
        ("let s = \"x\"; loop { s += s; }", "", "string"),
        ("let a = [1]; loop { a += a; }", "", "too large"),
        ("let a = []; loop { a.push(\"x\"); }", "", "too large"),
        ("let m = #{}; let i = 0; loop { i += 1; m[`${i}`] = i; }", "", "1024 entries"),
        ("let m = #{ a: 1 }; loop { m = #{ a: m, b: m }; }", "", "too large"),
        ("let a = [1]; loop { a = [a, a]; }", "", "too large"),
        ("let s = \"x\"; s.pad(10000000, 'y');", "", "string"),
        ("let a = []; a.pad(100000000, 1);", "", "array"),
        ("f(1)", "fn f(x) { f(x + 1) }", "stack"),
        ("for i in range(0, 9000000000) {}", "", "operations"),
        ("let x = 9223372036854775807; x + 1", "", "overflow"),
        ("let x = 1 / 0;", "", "zero"),
        ("try { loop { let x = 1; } } catch { }", "", "operations"),
        ("loop { report(\"information\", \"r\", (), \"x\"); }", "", ""),
    ];
    for (body, more, word) in cases {
        let all = said(&checking(body, more));
        let Some(CheckOutcome::Failed(e)) = all.first() else { panic!("{body}: {:?}", all.first()) };
        assert!(e.to_string().to_lowercase().contains(word), "{body}: {e}");
        assert!(e.line > 0 || e.to_string().contains("in `check`"), "{body}: {e}");
    }
}

#[test]
fn there_is_no_way_out() {
    for (text, word) in [
        (checking("eval(\"1\")", ""), "eval"),
        (checking("import \"x\" as y;", ""), "import"),
        ("import \"x\" as y; const NAMESPACE = \"t\";".to_owned(), "import"),
        (checking("1", "export const X = 1;"), "export"),
        (checking("nothing_defines_this", ""), "nothing_defines_this"),
        ("loop {}".to_owned(), "operations"),
        ("let X = 1; const NAMESPACE = \"t\";".to_owned(), "variable"),
        ("const NAMESPACE = path(\"id\");".to_owned(), "no instance"),
        (checking(&format!("{}1{}", "(".repeat(200), ")".repeat(200)), ""), "complexity"),
    ] {
        let e = library(&text).err().unwrap_or_else(|| panic!("{text}"));
        assert!(e.starts_with("t.rhai:") && e.to_lowercase().contains(word), "{text}: {e}");
    }
    for (body, word) in [
        ("sleep(1)", "clock"),
        ("timestamp()", "not found"),
        ("open_file(\"/etc/passwd\")", "not found"),
        ("rand()", "not found"),
        ("Fn(\"eval\").call(\"1\")", "eval"),
    ] {
        let e = failure(body, "");
        assert!(e.to_lowercase().contains(word), "{body}: {e}");
    }
    print_and_debug_are_swallowed();
}

fn print_and_debug_are_swallowed() {
    assert_eq!(texts("print(1); debug(2); tell(3)"), ["3"]);
}

#[test]
fn faults_have_their_place() {
    assert_eq!(library("const NAMESPACE = \"t\";\nfn f( {").err().unwrap().split(": ").next(), Some("t.rhai:2:7"));
    assert!(failure("\n  let a = 1;\n  a.foo()", "").starts_with("t.rhai:4:5: function not found"));
    assert!(
        failure("report(\"error\", \"other\", (), \"x\")", "")
            .contains("`other` is not among those that `RULES` declares")
    );
    assert!(failure("report(\"bad\", \"r\", (), \"x\")", "").contains("`bad` is no severity"));
    assert!(
        failure("let x = \"x\"; one(\"nick..\" + x)", "").contains("the expression `nick..x` is broken at column 6: ")
    );
    assert!(
        failure("let f = \"none\"; try { one(\"%t.\" + f + \"()\") } catch {}", "")
            .contains("there is no function `%t.none`")
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
            "const NAMESPACE = \"t\"; const TYPES = [\"Patient\"]; const RULES = #{{ \"r\": \"x\" }};\nfn check(r) {{ {body} }}\n{more}"
        ))
    };
    let syntax =
        typed("let a = path(\"nick..x\");\n  if a.len() > 1 { r.holds(\"active and\") }", "fn f(n) { n.path(\"(\") }");
    assert_eq!(syntax.len(), 3, "{syntax:?}");
    assert!(syntax[0].starts_with("t.rhai:2:28: the expression `nick..x` is broken at column 6: "), "{syntax:?}");
    assert!(syntax[1].starts_with("t.rhai:3:28: ") && syntax[2].starts_with("t.rhai:4:18: "), "{syntax:?}");
    for (body, says) in [
        ("holds(\"nick.exist()\")", "t.rhai:2:21: the expression `nick.exist()` is broken at column 6: "),
        ("one(\"%t.none()\")", "there is no function `%t.none`"),
        ("path(\"%other\")", "nothing defines `%other`"),
        ("path(\"nik\")", "the expression `nik` is broken at column 1: `nik` is no element of Patient"),
        ("r.one(\"weight.valu\")", "at column 8: `valu` is no element of Quantity"),
        ("node(r, \"nik\")", "`nik` is no element"),
        ("let x = r.nodes(\"nik\")[0].value;", "`nik` is no element"),
        ("report(\"error\", \"r\", \"nik\", \"m\")", "t.rhai:2:36: the expression `nik`"),
        ("path(`active\n and nik`)", "is broken at line 2, column 6: `nik`"),
        ("for n in r.nodes(\"nick\") { n.holds(\"a b\") }", "the expression `a b` is broken"),
        ("switch r.type { \"Patient\" => path(\"nik\"), _ => 0 }", "`nik` is no element"),
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
        ("const NAMESPACE = \"Has-Other\";", "no namespace"),
        ("const NAMESPACE = \"ucum\";", "no namespace"),
        ("const NAMESPACE = \"t\"; fn check(r) {}", "declares no rule"),
        ("const NAMESPACE = \"t\"; const RULES = #{ \"r\": \"x\" };", "no function `check"),
        ("const NAMESPACE = \"t\"; const RULES = #{ \"R!\": \"x\" }; fn check(r) {}", "no name of a rule"),
        (
            "const NAMESPACE = \"t\"; const RULES = #{ \"r\": #{ demands: \"x\", code: \"odd\" } }; fn check(r) {}",
            "issue type",
        ),
        ("const NAMESPACE = \"t\"; const RULES = #{ \"r\": \"x\" }; fn check(a, b) {}", "alone"),
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
            .contains("`%t.f` stands in `a.rhai` too")
    );
    let unknown = Arc::new(
        library("const NAMESPACE = \"t\"; const TYPES = [\"Patent\"]; const RULES = #{ \"r\": \"x\" }; fn check(r) {}")
            .unwrap(),
    );
    assert!(Scripts::new(unknown, model()).unwrap_err()[0].message.contains("`Patent`"));
}

/// What an expression yields where `functions` are there.
fn yields(expression: &str, functions: &str) -> String {
    let scripts =
        Scripts::new(Arc::new(library(&format!("const NAMESPACE = \"t\"; {functions}")).unwrap()), model()).unwrap();
    let typing = Typing::new(model());
    let outside = |name: &str| scripts.library().has_function(name);
    let mut pool = String::new();
    let words = match Compiler::new(&typing).with_outside(&outside).compile(&parse(expression).unwrap(), &mut pool) {
        Ok(words) => words,
        Err(e) => return format!("!{}", e.message),
    };
    let tape = parse_json(PATIENT.as_bytes(), model().names(), &Limits::default());
    let root = tape.root().unwrap();
    let (budget, options) = (Budget::default(), Options::default());
    let ports = ScriptPorts { scripts: Some(&scripts), typing: &typing, root, budget: &budget, options };
    let context = Context::new(&typing, root, &ports);
    match evaluate(
        Code { words: &words, pool: &pool },
        &Item::node(root, typing.resource_type(root)),
        &context,
        &mut Scratch::default(),
    ) {
        Ok(items) => items.iter().map(|i| i.string(&typing).unwrap_or_default()).collect::<Vec<_>>().join(","),
        Err(e) => format!("!{}", e.message),
    }
}

#[test]
fn fhirpath_calls_functions_of_a_namespace() {
    let f = "fn twice(x) { x + x } fn both(a, b) { [a, b] } fn none(x) { } fn heavy() { node(\"weight\") } fn q() { #{ value: 1.5, unit: \"mg\" } } fn count(x) { if x == () { 0 } else { x.len() } } fn inner(x) { one(\"%t.twice(age)\") } fn again(x) { one(\"%t.again(1)\") } fn never() { loop {} } fn bad() { #{ a: 1 } } fn tells() { report(\"error\", \"r\", (), \"x\") }"
        .replace("fn count", "fn size");
    let yields = |e: &str| yields(e, &f);
    assert_eq!(yields("%t.twice(age)"), "82");
    assert_eq!(yields("nick.where(%t.twice($this) = 'BoBo')"), "Bo");
    assert_eq!(yields("%t.both(nick, 1).count()"), "3");
    assert_eq!(yields("%t.none(1).empty() and %t.size({}) = 0 and %t.size(nick) = 2"), "true");
    assert_eq!(yields("%t.heavy().value"), "70.10");
    assert_eq!(yields("%t.q() = 1500 'ug'"), "true");
    assert_eq!(yields("%t.inner(0)"), "82");
    assert_eq!(yields("%t.nope(1)"), "!there is no function `%t.nope`");
    assert_eq!(yields("%other.twice(1)"), "!there is no function `%other.twice`");
    assert_eq!(yields("`t.twice`(1)"), "!there is no function `t.twice`");
    assert_eq!(yields("defineVariable('t', 1).select(%t.twice(1))"), "!there is no function `twice`");
    assert!(yields("%t.twice(1, 2)").contains("2 arguments where it takes 1"));
    assert!(yields("%t.again(1)").contains("run inside each other"));
    assert!(yields("%t.never()").contains("operations"));
    assert!(yields("%t.bad()").contains("`map`, which FHIRPath does not have"));
    assert!(yields("%t.tells()").contains("`report` belongs to `check`"));
}

#[test]
fn an_open_question_ends_a_check_as_one() {
    let said = said(&checking("try { holds(\"nick.first().memberOf('http://x')\") } catch {}", ""));
    assert!(matches!(&said[..], [CheckOutcome::Open { question, .. }] if question.contains("http://x")), "{said:?}");
}

#[test]
fn a_script_that_fails_again_and_again_is_left() {
    let text = checking("loop {}", "");
    let scripts = Scripts::new(Arc::new(library(&text).unwrap()), model()).unwrap();
    let typing = Typing::new(model());
    let tape = parse_json(PATIENT.as_bytes(), model().names(), &Limits::default());
    let root = tape.root().unwrap();
    let (budget, options) = (Budget::default(), Options::default());
    let view = View {
        typing: &typing,
        ports: &NoPorts,
        focus: (root, typing.resource_type(root)),
        resource: root,
        root_resource: root,
        options,
    };
    let all: Vec<CheckOutcome> =
        (0..15).flat_map(|_| scripts.check("Patient", &view, &budget, &mut Scratch::default())).collect();
    assert_eq!(all.len(), limits::FAILURES as usize);
    assert!(matches!(all.last(), Some(CheckOutcome::Failed(e)) if e.message.contains("is not run again")));
}

#[test]
fn programs_take_and_give_json() {
    let program = Program::compile(
        "p.rhai",
        "const S = #{ a: [1, \"x\", true] }; fn f(x) { x.n += 1; x.d = x.d * 2; x } fn bad() { 1 / 0 }",
    )
    .unwrap();
    let budget = Budget::default();
    assert_eq!(program.constant("S"), Some(json!({"a": [1, "x", true]})));
    assert_eq!(
        program.call("f", &[json!({"n": 1, "d": 0.1, "s": null})], &budget).unwrap(),
        json!({"d": "0.2", "n": 2, "s": null})
    );
    assert!(program.has_function("f", 1) && !program.has_function("f", 2));
    assert!(program.call("bad", &[], &budget).unwrap_err().to_string().starts_with("p.rhai:1:"));
}

/// The stack of a worker of the service, of which the walk may have taken half.
const STACK: usize = 1 << 20;

#[test]
fn deep_values_do_not_break_the_stack() {
    // Values grow by literals, by their entries, by functions; then they are printed, compared and dropped.
    let bodies = [
        "let a = []; for i in range(0, 100000) { a = [a]; }",
        "let m = #{}; for i in range(0, 100000) { let n = #{}; n[\"a\"] = m; m = n; }",
        "let m = #{}; for i in range(0, 100000) { let n = #{}; n.a = m; m = n; }",
        "let a = [0]; for i in range(0, 100000) { let b = [0]; b[0] = a; a = b; }",
        "let a = []; for i in range(0, 100000) { let b = []; b.push(a); a = b; }",
        "let a = [0]; for i in range(0, 100000) { a[0] = a; }",
        "let a = f(15); let s = `${f(15)}`; let t = f(15) == f(15); a.len()",
        "throw f(15)",
        "report(\"error\", \"r\", f(15), \"x\")",
        "tell(f(15))",
        "g(1)",
    ];
    for body in bodies {
        let deep = format!("{}f(n - 1){}", "[".repeat(10), "]".repeat(10));
        let text = checking(
            body,
            &format!(
                "private fn f(n) {{ if n == 0 {{ return []; }} {deep} }} private fn tell(x) {{ `${{x}}` }} private fn g(n) {{ 1 + (1 + (1 + (1 + (1 + [g(n + 1)][0])))) }}"
            ),
        );
        let run = move || assert!(matches!(said(&text)[..], [CheckOutcome::Failed(_)]), "{text}");
        std::thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap();
    }
    for refused in ["this = [1]", "let f = Fn(\"x\"); f.curry(f)", "let f = |x| x; f = f.curry(1)"] {
        assert!(library(&checking(refused, "")).is_err(), "{refused}");
    }
}
