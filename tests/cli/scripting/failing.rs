//! Scripts that fail while they run.

use serde_json::{Value, json};

use super::{found, script, validated};
use crate::support::{PATIENT, folder, path, verdict};

#[test]
fn a_script_that_fails_is_told_and_leaves_the_verdict_open() {
    let patient: Value = serde_json::from_str(PATIENT).unwrap();
    for (check, word) in [
        ("loop { let x = 1; }", "operations"),
        ("let s = \"x\"; loop { s += s; }", "string"),
        ("nope(1)", "nope"),
        ("throw \"because\"", "because"),
        ("let x = \"x\"; one(\"name..\" + x)", "broken"),
        ("1 / 0", "zero"),
    ] {
        let home = folder(&[("t.rhai", script(check).as_bytes())]);
        let (outcome, ours) = validated(&patient, &path(&home, "t.rhai"), &[]);
        assert_eq!(ours, ["warning script-failed Patient"], "{check}");
        assert_eq!(verdict(&outcome), "undetermined", "{check}");
        assert!(outcome.to_string().contains(word), "{check}: {outcome}");
    }
    let home =
        folder(&[("t.rhai", script("holds(\"meta.tag.first().memberOf('http://nobody.test/vs')\")").as_bytes())]);
    let mut tagged = patient.clone();
    tagged["meta"] = json!({"tag": [{"system": "http://t.test", "code": "x"}]});
    assert_eq!(found(&tagged, &path(&home, "t.rhai")), ["warning script-undecided Patient"]);
    let home = folder(&[("t.rhai", script("report(\"error\", \"r\", \"birthDate\", \"a\"); nope()").as_bytes())]);
    assert_eq!(
        found(&patient, &path(&home, "t.rhai")),
        ["warning script-failed Patient", "error t/r Patient.birthDate"],
        "what was reported stays"
    );
}
