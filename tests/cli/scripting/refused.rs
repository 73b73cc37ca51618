//! Scripts with a fault, which are refused before they run.

use super::script;
use crate::support::{PATIENT, accord, accord_reading, folder, path};

#[test]
fn a_script_with_a_fault_is_refused_with_its_place() {
    let refused = |text: &str| {
        let home = folder(&[("t.rhai", text.as_bytes())]);
        accord_reading(PATIENT.as_bytes(), &["validate", "-", "--rules", &path(&home, "t.rhai")]).ended(3).err
    };
    assert!(refused("const NAMESPACE = \"t\";\nfn f( {").contains("t.rhai:2:7: "));
    assert!(refused(&script("eval(\"1\")")).contains("t.rhai:3:15: "));
    assert!(refused(&script("import \"x\" as y;")).contains("t.rhai:3:15: "));
    assert!(refused(&format!("{}\nconst TYPES = [\"Patent\"];", script("1"))).contains("`Patent`"));
    assert!(refused("loop {}").contains("too many operations"));
    let people = |body: &str| {
        format!(
            "const NAMESPACE = \"t\";\nconst TYPES = [\"Practitioner\", \"Organization\"];\nconst RULES = \
                #{{ \"r\": \"x\" }};\nfn check(r) {{\n  {body}\n}}"
        )
    };
    let broken =
        refused(&people("if r.type == \"Practitioner\" {\n    r.path(\"name.famly\");\n    nodes(\"name.\");\n  }"));
    assert!(broken.contains("t.rhai:7:11: the expression `name.` is broken at column 6: "), "{broken}");
    let broken = refused(&people(
        "if r.type == \"Practitioner\" {\n    r.path(\"name.famly\");\n    holds(\"name.exist()\");\n  }",
    ));
    assert!(
        broken.contains(
            "t.rhai:6:12: the expression `name.famly` is broken at column 6: `famly` is not an element of HumanName"
        ),
        "{broken}"
    );
    assert!(broken.contains("t.rhai:7:11: the expression `name.exist()` is broken at column 6: "), "{broken}");
    let home = folder(&[("t.rhai", people("r.path(\"name.family\"); path(\"alias\")").as_bytes())]);
    assert_eq!(
        accord_reading(PATIENT.as_bytes(), &["validate", "-", "--rules", &path(&home, "t.rhai")]).code,
        0,
        "one of the types has each"
    );
    assert!(
        accord(&["validate", "examples/us-core-patient.json", "--rules", "no/such"]).ended(3).err.contains("no/such")
    );
    assert!(
        accord(&["validate", "examples/us-core-patient.json", "--rules", "docs/adr"])
            .ended(3)
            .err
            .contains("contains no scripts")
    );
    assert!(accord(&["serve", "--listen", "127.0.0.1:0", "--rules", "no/such"]).ended(3).err.contains("no/such"));
    let policies = folder(&[
        ("a/p.rhai", b"fn weigh(f) {}"),
        ("b/p.rhai", b"fn weigh(f) {}"),
        ("c/q.rhai", b"fn weigh(f) {\n let a = ;\n}"),
        ("d/r.json", b"{}"),
    ]);
    for (paths, says) in [
        (vec!["no/such"], "no/such"),
        (vec!["a", "b"], "is also named `p`"),
        (vec!["c"], "cannot be used: q.rhai:2:10: "),
        (vec!["d"], "contains no scripts"),
        (vec!["d/r.json"], "expected a .rhai file"),
    ] {
        let paths: Vec<String> = paths.iter().map(|p| path(&policies, p)).collect();
        let options = paths.iter().flat_map(|p| ["--policy", p.as_str()]);
        let arguments: Vec<&str> = ["serve", "--listen", "127.0.0.1:0"].into_iter().chain(options).collect();
        let err = accord(&arguments).ended(3).err;
        assert!(err.contains(says), "{err}");
    }
}
