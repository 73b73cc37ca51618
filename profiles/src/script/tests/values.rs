//! What scripts see of an instance, and what they report.

use super::*;
use crate::issue::Severity;

#[test]
fn values_come_back_typed() {
    assert_eq!(texts(r#"for x in path("nick") { tell(x); }"#), ["Jim", "Bo"]);
    assert_eq!(
        texts(
            r#"tell(one("age") + 1); tell(one("active") == true);
            tell(one("birthDate")); tell(one("nope.first()") == ());"#
        ),
        ["42", "true", "1974-12-25", "true"]
    );
    assert_eq!(
        texts(
            r#"let w = r.node("weight"); tell(w.one("value")); tell(w.type); tell(w.value.unit);
            tell(w.value.value * 2); tell(w.one("value") > 70)"#
        ),
        ["70.10", "Quantity", "kg", "140.20", "true"]
    );
    assert_eq!(
        texts(
            r#"tell(holds("age > 40")); tell(holds("nick = 'x'"));
            tell(one("0.1 + 0.2") == 0.3); tell(one("3 'mg'").unit)"#
        ),
        ["true", "false", "true", "mg"]
    );
    assert_eq!(texts(r#"try { one("nick") } catch (e) { tell(e) }"#), ["`nick` yields 2 values, expected one"]);
}

#[test]
fn reports_have_rule_severity_and_place() {
    let text = checking(
        r#"report("error", "r", "nick[1]", "a"); report("information", "r", node("weight"), "b");
        report("undetermined", "r", (), "c"); report("warning", "r", "nothing", "d");"#,
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
    let more = r#"const UNITS = #{ "kg": [1, 2.5] }; const LIST = ["a", "b"];
        private fn deep() { LIST.len() + UNITS.kg.len() }"#;
    let text = checking(r#"report("error", "r", (), `${"a" in LIST} ${UNITS["kg"][1]} ${deep()} ${LIST}`);"#, "");
    let said = said(&format!("{more}\n{text}"));
    assert!(
        matches!(&said[..], [CheckOutcome::Report { text, .. }] if text == "true 2.5 4 [\"a\", \"b\"]"),
        "{said:?}"
    );
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
