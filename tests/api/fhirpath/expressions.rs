//! Expressions: steps, limits, faults, open questions.

use serde_json::{Value, json};

use super::{body, post, results};
use crate::support::{Answer, config, serve, shared};

#[test]
fn open_questions_are_told() {
    let parts = results(&post("managingOrganization.resolve() | iif('' = '', '')", ""))[0].1.clone();
    assert_eq!(
        (parts[0]["name"].as_str(), parts[0]["extension"][0]["valueBoolean"].as_bool()),
        (Some("Organization"), Some(true))
    );
    assert!(parts.iter().any(|p| p["name"] == "empty-string"));
    assert!(
        parts.iter().any(|p| p["name"] == "open-question" && p["valueString"] == "what `Organization/1` leads to"),
        "{parts:?}"
    );
    let known = results(&post("gender.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')", ""));
    assert_eq!(known[0].1[0]["valueBoolean"], true);
    let conforms = results(&post("conformsTo('http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient')", ""));
    assert_eq!(conforms[0].1[0]["valueBoolean"], false);
}

#[test]
fn each_step_is_told_where_it_is_asked_for() {
    let debug = r#",{"name":"debug_trace","valueBoolean":true}"#;
    let steps = |answer: &Answer| -> Vec<Value> {
        answer.json()["parameter"].as_array().unwrap().iter().filter(|p| p["name"] == "debug-trace").cloned().collect()
    };
    assert!(steps(&post("trace('trc').given", "")).is_empty());
    let answer = post("trace('trc').given.join(' ')", &format!(r#",{{"name":"context","valueString":"name"}}{debug}"#));
    let order: Vec<String> =
        answer.json()["parameter"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(order, ["parameters", "result", "debug-trace", "result", "debug-trace"]);
    let traces = results(&answer)[0].1.iter().filter(|p| p["name"] == "trace").count();
    assert_eq!(traces, 1, "the steps do not trace again");
    let all = steps(&answer);
    assert_eq!(
        (all[0]["valueString"].as_str(), all[1]["valueString"].as_str()),
        (Some("Patient.name[0]"), Some("Patient.name[1]"))
    );
    let parts = all[0]["part"].as_array().unwrap();
    assert_eq!(
        parts.iter().map(|p| p["name"].as_str().unwrap()).collect::<Vec<_>>(),
        ["24,3,constant", "6,5,constant", "0,5,trace", "13,5,given", "19,4,join"]
    );
    let place = |name: &str| json!({"name": name, "valueString": "Patient.name[0]"});
    let index = json!({"name": "index", "valueInteger": 0});
    assert_eq!(
        parts[1]["part"],
        json!([{"name": "string", "valueString": "trc"}, place("focus-resource-path"), place("this-resource-path"),
            index])
    );
    assert_eq!(
        parts[2]["part"],
        json!([place("resource-path"), place("focus-resource-path"), place("this-resource-path"), index])
    );
    let given = parts[3]["part"].as_array().unwrap();
    assert_eq!(
        (given[0]["name"].as_str(), given[0]["valueString"].as_str(), given[0]["extension"][0]["valueString"].as_str()),
        (Some("string"), Some("Peter"), Some("Patient.name[0].given[0]"))
    );
    let join = parts[4]["part"].as_array().unwrap();
    assert_eq!(join[0], json!({"name": "string", "valueString": "Peter James"}));
    assert_eq!(join[1], json!({"name": "focus-resource-path", "valueString": "Patient.name[0].given[0]"}));
    let computed = steps(&post("name.where($index > 0).given.count() + 1", debug));
    assert_eq!(computed[0].get("valueString"), None);
    let named = |name: &str| {
        computed[0]["part"].as_array().unwrap().iter().filter(|p| p["name"] == name).cloned().collect::<Vec<_>>()
    };
    let greater = named("18,1,>");
    assert_eq!(
        greater.iter().map(|p| p["part"][0]["valueBoolean"].as_bool().unwrap()).collect::<Vec<_>>(),
        [false, true]
    );
    assert_eq!(greater[1]["part"].as_array().unwrap().last().unwrap()["valueInteger"], 1);
    assert_eq!(greater[1]["part"][2], json!({"name": "this-resource-path", "valueString": "Patient.name[1]"}));
    assert_eq!(named("37,1,+")[0]["part"][0]["valueInteger"], 2);
    let lazy = post("(active | name.single()).exists()", debug);
    assert_eq!(results(&lazy)[0].1[0]["valueBoolean"], true);
    let incomplete =
        lazy.json()["parameter"].as_array().unwrap().iter().find(|p| p["name"] == "debug-trace-incomplete").cloned();
    assert!(incomplete.unwrap()["valueString"].as_str().unwrap().contains("expected one item, found more"));
}

#[test]
fn broken_expressions_are_told_with_their_place() {
    for (expression, says) in [
        ("name.exist()", "line 1, column 6"),
        ("name.\n  (", "line 2"),
        ("name.family.single() + %nothing", "column 24"),
        ("name.given.single()", "column 6"),
    ] {
        let answer = post(expression, "");
        assert_eq!((answer.status, answer.codes()), (422, vec!["expression".to_owned()]), "{expression}");
        let issue = answer.json()["issue"][0].clone();
        assert!(issue["details"]["text"].as_str().unwrap().contains(says), "{issue}");
        assert_eq!(
            (issue["diagnostics"].as_str(), issue["expression"][0].as_str()),
            (Some("at `/parameter/0/valueString`"), Some("Parameters.parameter[0].value"))
        );
    }
}

#[test]
fn steps_are_bounded() {
    let loader = crate::support::TestLoader { embedded: false };
    let server = serve(
        config(json!({"limits": {"fhirpathSteps": 2000}}), None),
        fhir_accord::store::Store::temporary().unwrap(),
        loader,
    );
    let answer = server.post("/$fhirpath", body("repeatAll($this)", ""));
    assert_eq!(answer.status, 422);
    assert!(answer.json().to_string().contains("steps"), "{}", answer.json());
    assert_eq!(server.post("/$fhirpath", body("name.count()", "")).status, 200);
}

#[test]
fn pages_of_the_lab_may_call() {
    let origin = ("origin", "https://fhirpath-lab.com");
    let asked = shared().ask("OPTIONS", "/$fhirpath", &[origin, ("access-control-request-method", "POST")], b"");
    assert_eq!((asked.status, asked.header("access-control-allow-origin")), (200, Some("https://fhirpath-lab.com")));
    assert!(asked.header("access-control-allow-methods").unwrap().contains("POST"));
    let token =
        [origin, ("access-control-request-method", "POST"), ("access-control-request-headers", "authorization")];
    assert_eq!(shared().ask("OPTIONS", "/packages", &token, b"").status, 400);
    let rules = shared().ask("GET", "/rules", &[origin], b"");
    assert_eq!(rules.header("access-control-allow-origin"), Some("https://fhirpath-lab.com"));
    let answer =
        shared().ask("POST", "/$fhirpath", &[origin, ("content-type", "application/json")], body("1", "").as_bytes());
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://fhirpath-lab.com"));
    let other = shared().ask(
        "POST",
        "/$fhirpath",
        &[("origin", "https://elsewhere.example"), ("content-type", "application/json")],
        body("1", "").as_bytes(),
    );
    assert_eq!((other.status, other.header("access-control-allow-origin")), (200, None));
}
