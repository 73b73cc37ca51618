//! Functions of scripts in FHIRPath.

use super::*;
use crate::fhirpath::{Code, Compiler, Context, Item, evaluate, parse};

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
    let f = r#"fn twice(x) { x + x } fn both(a, b) { [a, b] } fn none(x) { } fn heavy() { node("weight") }
        fn q() { #{ value: 1.5, unit: "mg" } } fn size(x) { if x == () { 0 } else { x.len() } }
        fn inner(x) { one("%t.twice(age)") } fn again(x) { one("%t.again(1)") } fn never() { loop {} }
        fn bad() { #{ a: 1 } } fn tells() { report("error", "r", (), "x") }"#;
    let yields = |e: &str| yields(e, f);
    assert_eq!(yields("%t.twice(age)"), "82");
    assert_eq!(yields("nick.where(%t.twice($this) = 'BoBo')"), "Bo");
    assert_eq!(yields("%t.both(nick, 1).count()"), "3");
    assert_eq!(yields("%t.none(1).empty() and %t.size({}) = 0 and %t.size(nick) = 2"), "true");
    assert_eq!(yields("%t.heavy().value"), "70.10");
    assert_eq!(yields("%t.q() = 1500 'ug'"), "true");
    assert_eq!(yields("%t.inner(0)"), "82");
    assert_eq!(yields("%t.nope(1)"), "!unknown function `%t.nope`");
    assert_eq!(yields("%other.twice(1)"), "!unknown function `%other.twice`");
    assert_eq!(yields("`t.twice`(1)"), "!unknown function `t.twice`");
    assert_eq!(yields("defineVariable('t', 1).select(%t.twice(1))"), "!unknown function `twice`");
    assert!(yields("%t.twice(1, 2)").contains("expects 1 argument, found 2"));
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
