//! Rules and functions of a site, in Rhai: the examples of `rules/`, and what happens when a script is wrong.

use serde_json::{Value, json};

use crate::support::{PATIENT, accord, accord_reading, folder, issues, path, verdict};

/// Validates a resource under the scripts; the outcome, and the issues of rules with `/` or `script-` in their ids.
fn validated(resource: &Value, rules: &str, options: &[&str]) -> (Value, Vec<String>) {
    let arguments: Vec<&str> =
        ["validate", "-", "--format", "json", "--rules", rules].iter().chain(options).copied().collect();
    let outcome = accord_reading(resource.to_string().as_bytes(), &arguments).json();
    let ours = issues(&outcome)
        .into_iter()
        .filter(|i| i.split(' ').nth(1).is_some_and(|r| r.contains('/') || r.starts_with("script-")))
        .collect();
    (outcome, ours)
}

fn found(resource: &Value, rules: &str) -> Vec<String> {
    validated(resource, rules, &[]).1
}

fn practitioner(npi: &str) -> Value {
    json!({"resourceType": "Practitioner", "identifier": [{"system": "http://other.test", "value": "1"},
        {"system": "http://hl7.org/fhir/sid/us-npi", "value": npi}]})
}

#[test]
fn the_check_digit_of_an_npi() {
    let rules = "rules/us-npi.rhai";
    for valid in ["1234567893", "1993999998"] {
        assert_eq!(found(&practitioner(valid), rules), [""; 0], "{valid}");
    }
    let place = "Practitioner.identifier[1].value";
    assert_eq!(found(&practitioner("1234567890"), rules), [format!("error npi/check-digit {place}")]);
    for odd in ["123456789", "3234567893", "12345678 3", "１２３４５６７８９３"] {
        assert_eq!(found(&practitioner(odd), rules), [format!("error npi/digits {place}")], "{odd}");
    }
    let mut person = practitioner("1");
    person["resourceType"] = "Person".into();
    assert_eq!(found(&person, rules), [""; 0], "the rule looks at practitioners and organizations");
}

#[test]
fn the_health_number_of_ontario() {
    let patient = |number: &str| {
        json!({"resourceType": "Patient",
        "identifier": [{"system": "https://fhir.infoway-inforoute.ca/NamingSystem/ca-on-patient-hcn",
            "value": number}]})
    };
    let rules = "rules/ca-on-health-number.rhai";
    assert_eq!(found(&patient("1234567897"), rules), [""; 0]);
    assert_eq!(found(&patient("9876543217"), rules), [""; 0]);
    for wrong in ["1234567890", "1234567897AB", "12345", "2134567897"] {
        assert_eq!(
            found(&patient(wrong), rules),
            ["error ontario/health-number Patient.identifier[0].value"],
            "{wrong}"
        );
    }
}

fn result(code: &str, unit: Value) -> Value {
    json!({"resourceType": "Observation", "status": "final",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category",
            "code": "laboratory"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "valueQuantity": unit})
}

#[test]
fn the_units_of_a_laboratory() {
    let rules = "rules/site-laboratory.rhai";
    let ucum = |code: &str| json!({"value": 5.40, "system": "http://unitsofmeasure.org", "code": code});
    assert_eq!(found(&result("2345-7", ucum("mg/dL")), rules), [""; 0]);
    assert_eq!(found(&result("1-8", ucum("mmol/L")), rules), [""; 0], "a code that the list does not have");
    assert_eq!(
        found(&result("2345-7", ucum("mmol/L")), rules),
        ["error site/observation-unit Observation.value.ofType(Quantity).code"]
    );
    assert_eq!(
        found(&result("2345-7", json!({"value": 5, "unit": "mg/dL"})), rules),
        ["warning site/observation-system Observation.value.ofType(Quantity)"]
    );
    let mut other = result("2345-7", ucum("mmol/L"));
    other["category"][0]["coding"][0]["code"] = "exam".into();
    assert_eq!(found(&other, rules), [""; 0]);
}

#[test]
fn issues_of_scripts_are_like_any_other() {
    let (outcome, _) = validated(&practitioner("1234567890"), "rules", &[]);
    assert_eq!(verdict(&outcome), "invalid");
    let issue = outcome["issue"]
        .as_array()
        .unwrap()
        .iter()
        .find(|i| i["details"]["coding"][0]["code"] == "npi/check-digit")
        .unwrap();
    assert_eq!(issue["code"], "value");
    assert_eq!(issue["details"]["text"], "the check digit of the NPI `1234567890` is wrong");
    assert_eq!(issue["diagnostics"], "script: rules/us-npi.rhai; check the number for a typing error");
    assert!(
        issue["extension"]
            .as_array()
            .unwrap()
            .iter()
            .any(|e| e["url"].as_str().unwrap().ends_with("issue-line") && e["valueInteger"] == 1)
    );
    assert_eq!(accord(&["validate", "examples/practitioner-npi.json", "--rules", "rules"]).code, 1);
    assert_eq!(accord(&["validate", "examples/practitioner-npi.json"]).code, 0);
    let told = accord(&["explain", "npi/check-digit", "--rules", "rules"]).ended(0);
    assert!(
        told.out.contains("the last digit of an NPI is its check digit") && told.out.contains("rules/us-npi.rhai"),
        "{}",
        told.out
    );
    accord(&["explain", "npi/check-digit"]).ended(3);
}

#[test]
fn rules_run_on_every_resource_and_say_the_same_twice() {
    let entries: Vec<Value> = (0..40)
        .map(|i| {
            json!({"fullUrl": format!("urn:uuid:00000000-0000-4000-8000-0000000000{i:02}"),
            "resource": practitioner(if i % 2 == 0 { "1234567890" } else { "1234567893" })})
        })
        .collect();
    let mut holder = json!({"resourceType": "Patient", "contained": [practitioner("1")],
        "generalPractitioner": [{"reference": "#pr"}]});
    holder["contained"][0]["id"] = "pr".into();
    let (outcome, ours) =
        validated(&json!({"resourceType": "Bundle", "type": "collection", "entry": entries}), "rules", &[]);
    assert_eq!(ours.len(), 20);
    assert_eq!(ours[1], "error npi/check-digit Bundle.entry[2].resource.identifier[1].value");
    assert_eq!(found(&holder, "rules"), ["error npi/digits Patient.contained[0].identifier[1].value"]);
    let again = validated(&json!({"resourceType": "Bundle", "type": "collection", "entry": entries}), "rules", &[]).0;
    assert_eq!(outcome.to_string(), again.to_string());
}

#[test]
fn functions_serve_expressions() {
    let run =
        |expression: &str| accord(&["fhirpath", expression, "examples/practitioner-npi.json", "--functions", "rules"]);
    let some = run("identifier.value.where(%npi.valid($this))").ended(0);
    assert_eq!(some.out, "Practitioner.identifier[1].value (FHIR.string) 1234567893\n");
    let wrong = run("identifier.value.where(%npi.vald($this))").ended(3);
    assert!(wrong.err.contains("unknown function `%npi.vald`"), "{}", wrong.err);
    assert!(accord(&["fhirpath", "%npi.valid('1')"]).ended(3).err.contains("unknown function `%npi.valid`"));
}

#[test]
fn functions_serve_invariants() {
    let profile = json!({
        "resourceType": "StructureDefinition", "id": "p", "url": "http://site.test/practitioner", "version": "1",
            "name": "P", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false,
        "type": "Practitioner", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Practitioner",
            "derivation": "constraint",
        "differential": {"element": [{"id": "Practitioner", "path": "Practitioner", "constraint": [{"key": "site-1",
            "severity": "error", "human": "npi",
            "expression": "identifier.where(system = 'http://hl7.org/fhir/sid/us-npi').all(%npi.valid(value))"}]}]}
    });
    let home = folder(&[("profile.json", profile.to_string().as_bytes())]);
    let package = path(&home, "profile.json");
    let with = |npi: &str, rules: &[&str]| {
        let arguments: Vec<&str> =
            ["validate", "-", "--format", "json", "--profile", "http://site.test/practitioner", "--package", &package]
                .iter()
                .chain(rules)
                .copied()
                .collect();
        let outcome = accord_reading(practitioner(npi).to_string().as_bytes(), &arguments).json();
        issues(&outcome).into_iter().filter(|i| i.contains(" invariant")).collect::<Vec<_>>()
    };
    let rules = ["--rules", "rules/us-npi.rhai"];
    assert_eq!(with("1234567893", &rules), [""; 0]);
    assert_eq!(with("1234567890", &rules), ["error invariant Practitioner"]);
    assert_eq!(
        with("1234567890", &[]),
        ["warning invariant-undecided Practitioner"],
        "without the script nobody knows"
    );
}

/// The rules of one script with this check.
fn script(check: &str) -> String {
    format!("const NAMESPACE = \"t\";\nconst RULES = #{{ \"r\": \"something\" }};\nfn check(r) {{ {check} }}")
}

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
