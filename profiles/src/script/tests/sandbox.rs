//! The walls of the sandbox.

use super::*;
use crate::fhirpath::NoPorts;

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

/// Raised from the second look on.
#[derive(Default)]
struct Second(std::sync::atomic::AtomicBool);

impl crate::interrupt::Signal for Second {
    fn is_raised(&self) -> bool {
        self.0.swap(true, std::sync::atomic::Ordering::Relaxed)
    }
}

#[test]
fn scripts_are_broken_off() {
    let text = checking("try { loop {} } catch { report(\"error\", \"r\", (), \"caught\") }", "");
    let scripts = Scripts::new(Arc::new(library(&text).unwrap()), model()).unwrap();
    let typing = Typing::new(model());
    let tape = parse_json(PATIENT.as_bytes(), model().names(), &Limits::default());
    let root = tape.root().unwrap();
    let budget = Budget::under(&crate::interrupt::Interrupt::by(Arc::new(Second::default())));
    let view = View {
        typing: &typing,
        ports: &NoPorts,
        focus: (root, typing.resource_type(root)),
        resource: root,
        root_resource: root,
        options: Options::default(),
    };
    let all = scripts.check("Patient", &view, &budget, &mut Scratch::default());
    assert!(matches!(&*all, [CheckOutcome::Failed(e)] if e.message.contains("broken off")), "{all:?}");
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
                "private fn f(n) {{ if n == 0 {{ return []; }} {deep} }} private fn tell(x) {{ `${{x}}` }} \
                 private fn g(n) {{ 1 + (1 + (1 + (1 + (1 + [g(n + 1)][0])))) }}"
            ),
        );
        let run = move || assert!(matches!(said(&text)[..], [CheckOutcome::Failed(_)]), "{text}");
        std::thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap();
    }
    for refused in ["this = [1]", "let f = Fn(\"x\"); f.curry(f)", "let f = |x| x; f = f.curry(1)"] {
        assert!(library(&checking(refused, "")).is_err(), "{refused}");
    }
}
