//! `$fhirpath`, by the interface of the FHIRPath Lab.

use serde_json::{Value, json};

use crate::support::{Answer, config, serve, shared};

const PATIENT: &str = r#"{"resourceType":"Patient","id":"example","active":true,"gender":"male","birthDate":"1974-12-25",
  "name":[{"use":"official","family":"Chalmers","given":["Peter","James"]},{"use":"usual","given":["Jim"],"_given":[{"id":"g"}]}],
  "contact":[{"name":{"family":"du Marché"},"gender":"female"}],"managingOrganization":{"reference":"Organization/1"},
  "extension":[{"url":"http://nowhere.example/weight","valueQuantity":{"value":1.50,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}},{"url":"http://nowhere.example/d","valueDecimal":2.50}]}"#;

fn body(expression: &str, more: &str) -> String {
    let expression = Value::from(expression);
    format!(
        r#"{{"resourceType":"Parameters","parameter":[{{"name":"expression","valueString":{expression}}},{{"name":"resource","resource":{PATIENT}}}{more}]}}"#
    )
}

fn post(expression: &str, more: &str) -> Answer {
    shared().post("/$fhirpath", body(expression, more))
}

/// The parts of the results, one list a context item, with the place of each.
fn results(answer: &Answer) -> Vec<(Option<String>, Vec<Value>)> {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let parameters = answer.json()["parameter"].as_array().unwrap().clone();
    let parts = |p: &Value| p["part"].as_array().cloned().unwrap_or_default();
    parameters
        .iter()
        .filter(|p| p["name"] == "result")
        .map(|p| (p["valueString"].as_str().map(str::to_owned), parts(p)))
        .collect()
}

/// A part of `parameters`.
fn asked(answer: &Answer, name: &str) -> Value {
    let json = answer.json();
    json["parameter"][0]["part"].as_array().unwrap().iter().find(|p| p["name"] == name).cloned().unwrap_or_default()
}

#[test]
fn items_come_typed_and_with_their_paths() {
    let answer = post("name.given | birthDate | active | name.count() | 1.50 | 4 days | today().type()", "");
    let json = answer.json();
    assert_eq!((json["resourceType"].as_str(), json["id"].as_str()), (Some("Parameters"), Some("fhirpath")));
    let all = results(&answer);
    assert_eq!((all.len(), &all[0].0), (1, &None));
    let parts = &all[0].1;
    let path = |p: &Value| p["extension"][0]["valueString"].clone();
    assert_eq!(
        parts[0],
        json!({"extension": [{"url": "http://fhir.forms-lab.com/StructureDefinition/resource-path", "valueString": "Patient.name[0].given[0]"}], "name": "string", "valueString": "Peter"})
    );
    let find = |name: &str| parts.iter().find(|p| p["name"] == name).unwrap_or_else(|| panic!("{name}: {parts:?}"));
    assert_eq!(
        (find("date")["valueDate"].clone(), path(find("date"))),
        (json!("1974-12-25"), json!("Patient.birthDate"))
    );
    assert_eq!(find("boolean")["valueBoolean"], true);
    assert_eq!(find("integer")["valueInteger"], 2);
    assert_eq!(find("Quantity")["valueQuantity"]["code"], "d");
    assert!(find("TypeInfo")["extension"][0]["valueString"].as_str().unwrap().contains("System"));
    assert!(String::from_utf8_lossy(&answer.body).contains("\"valueDecimal\":1.50"));
}

#[test]
fn elements_keep_their_digits_and_what_parts_cannot_hold_is_json() {
    let answer = post("extension.value | name[1].given | contact | managingOrganization | %resource", "");
    let parts = results(&answer)[0].1.clone();
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(text.contains("\"valueQuantity\":{\"value\":1.50,") && text.contains("\"valueDecimal\":2.50"), "{text}");
    let names: Vec<&str> = parts.iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Quantity", "decimal", "string", "Patient.contact", "Reference", "Patient"]);
    assert_eq!(parts[2]["_valueString"], json!({"id": "g"}));
    let contact: Value = serde_json::from_str(parts[3]["extension"][1]["valueString"].as_str().unwrap()).unwrap();
    assert_eq!(contact["name"]["family"], "du Marché");
    assert_eq!(parts[4]["valueReference"]["reference"], "Organization/1");
    assert_eq!(parts[5]["resource"]["id"], "example");
}

#[test]
fn each_context_item_has_its_result_and_traces() {
    let answer = post("given.trace('trc').join(' ') & %context.use", r#",{"name":"context","valueString":"name"}"#);
    let all = results(&answer);
    assert_eq!(
        all.iter().map(|(p, _)| p.as_deref().unwrap()).collect::<Vec<_>>(),
        ["Patient.name[0]", "Patient.name[1]"]
    );
    assert_eq!(all[0].1[0]["valueString"], "Peter Jamesofficial");
    let trace = &all[0].1[1];
    assert_eq!((trace["name"].as_str(), trace["valueString"].as_str()), (Some("trace"), Some("trc")));
    assert_eq!(
        (trace["part"][1]["valueString"].as_str(), trace["part"][1]["extension"][0]["valueString"].as_str()),
        (Some("James"), Some("Patient.name[0].given[1]"))
    );
    assert_eq!(asked(&answer, "context")["valueString"], "name");
    let computed = results(&post("$this + 1", r#",{"name":"context","valueString":"name.count()"}"#));
    assert_eq!(
        (computed[0].0.as_deref(), computed[0].1[0]["valueInteger"].as_i64()),
        (Some("name.count()[0]"), Some(3))
    );
    assert_eq!(results(&post("$this", r#",{"name":"context","valueString":"photo"}"#)), []);
}

#[test]
fn what_was_asked_comes_back() {
    let more = r#",{"name":"validate","valueBoolean":true},{"name":"terminologyserver","valueString":"https://tx.example"},{"name":"variables","part":[{"name":"v","valueString":"x"}]}"#;
    let answer = post("gender & %v", more);
    assert!(asked(&answer, "evaluator")["valueString"].as_str().unwrap().starts_with("Accord "));
    assert_eq!(asked(&answer, "expression")["valueString"], "gender & %v");
    assert_eq!(asked(&answer, "resource")["resource"]["gender"], "male");
    assert_eq!(asked(&answer, "variables")["part"][0]["valueString"], "x");
    assert_eq!(asked(&answer, "terminologyserver")["valueString"], "https://tx.example");
    assert_eq!(asked(&answer, "expectedReturnType")["valueString"], "String");
    let tree: Value = serde_json::from_str(asked(&answer, "parseDebugTree")["valueString"].as_str().unwrap()).unwrap();
    assert_eq!(
        (tree["ExpressionType"].as_str(), tree["Name"].as_str(), tree["Position"].as_u64()),
        (Some("BinaryExpression"), Some("&"), Some(7))
    );
    assert_eq!(asked(&answer, "debugOutcome")["resource"]["issue"][0]["severity"], "information");
    let odd = post("name.givn.exists()", r#",{"name":"validate","valueBoolean":true}"#);
    let issue = asked(&odd, "debugOutcome")["resource"]["issue"][0].clone();
    assert_eq!(issue["severity"], "error");
    assert!(issue["details"]["text"].as_str().unwrap().contains("column 6"), "{issue}");
}

/// A number with its digits as they are written.
fn decimal(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn variables_are_values_resources_and_json() {
    let more = r#",{"name":"variables","part":[{"name":"n","valueInteger":3},{"name":"q","valueQuantity":{"value":2,"unit":"d"}},
        {"name":"r","resource":{"resourceType":"Patient","gender":"other"}},{"name":"j","extension":[{"url":"http://fhir.forms-lab.com/StructureDefinition/json-value","valueString":"1.10"}]},{"name":"none"}]}"#;
    let parts = results(&post("(%n + 1) | %r.gender | %q.value | %j | %none", more))[0].1.clone();
    let values: Vec<Value> = parts
        .iter()
        .flat_map(|p| p.as_object().unwrap().iter().filter(|(k, _)| k.starts_with("value")).map(|(_, v)| v.clone()))
        .collect();
    assert_eq!(values, [json!(4), json!("other"), json!(2), decimal("1.10")]);
    assert!(parts.iter().all(|p| p.get("extension").is_none()), "only elements of the resource have paths: {parts:?}");
}

#[test]
fn the_resource_may_be_text() {
    let with = |resource: &str| {
        format!(
            r#"{{"resourceType":"Parameters","parameter":[{{"name":"expression","valueString":"active"}},{{"name":"resource",{resource}}}]}}"#
        )
    };
    let value = |resource: &str| results(&shared().post("/$fhirpath", with(resource)))[0].1[0].clone();
    let json = r#""extension":[{"url":"http://fhir.forms-lab.com/StructureDefinition/json-value","valueString":"{\"resourceType\":\"Patient\",\"active\":true}"}]"#;
    let xml = r#""extension":[{"url":"http://fhir.forms-lab.com/StructureDefinition/xml-value","valueString":"<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>"}]"#;
    let strings = [
        r#""valueString":"{\"resourceType\":\"Patient\",\"active\":true}""#,
        r#""valueString":"<?xml version=\"1.0\"?>\n<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>""#,
    ];
    for resource in [json, xml, strings[0], strings[1]] {
        assert_eq!(value(resource)["valueBoolean"], true, "{resource}");
    }
    let alone = shared().post(
        "/$fhirpath",
        r#"{"resourceType":"Parameters","parameter":[{"name":"expression","valueString":"1 + 1"}]}"#,
    );
    assert_eq!(results(&alone)[0].1[0]["valueInteger"], 2);
}

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
fn definitions_answer() {
    let told = |expression: &str| results(&post(expression, ""))[0].1.clone();
    let parts = told(
        "name.given.first().elementDefinition().path | name[0].elementDefinition().max | contact.gender.elementDefinition().path | elementDefinition().path | 1.elementDefinition()",
    );
    let texts: Vec<&str> = parts.iter().map(|p| p["valueString"].as_str().unwrap()).collect();
    assert_eq!(texts, ["HumanName.given", "*", "Patient.contact.gender", "Patient"]);
    assert_eq!(told("birthDate.elementDefinition()")[0]["valueElementDefinition"], serde_json::Value::Null);
    let race = r#"{"resourceType":"Parameters","parameter":[{"name":"expression","valueString":"extension.slice('http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient','race').url | extension.slice('http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient','nothing').url"},
        {"name":"resource","resource":{"resourceType":"Patient","extension":[{"url":"http://x.example/e"},{"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"}]}}]}"#;
    let parts = results(&shared().post("/$fhirpath", race))[0].1.clone();
    assert_eq!(
        parts.iter().map(|p| p["valueUri"].as_str().unwrap()).collect::<Vec<_>>(),
        ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"]
    );
    let bp = r#"{"resourceType":"Parameters","parameter":[{"name":"expression","valueString":"component.slice('http://hl7.org/fhir/us/core/StructureDefinition/us-core-blood-pressure','systolic').value.value"},
        {"name":"resource","resource":{"resourceType":"Observation","component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":80}},{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":120}}]}}]}"#;
    assert_eq!(
        results(&shared().post("/$fhirpath", bp))[0]
            .1
            .iter()
            .map(|p| p["valueDecimal"].as_i64().unwrap())
            .collect::<Vec<_>>(),
        [120]
    );
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
        json!([{"name": "string", "valueString": "trc"}, place("focus-resource-path"), place("this-resource-path"), index])
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
    assert!(incomplete.unwrap()["valueString"].as_str().unwrap().contains("more than one item"));
}

#[test]
fn bad_parameters_are_refused() {
    let p = |inner: &str| format!(r#"{{"resourceType":"Parameters","parameter":[{inner}]}}"#);
    let expression = r#"{"name":"expression","valueString":"active"}"#;
    for bad in [
        String::new(),
        "{".to_owned(),
        PATIENT.to_owned(),
        p(""),
        p(r#"{"name":"expression"}"#),
        p(&format!("{expression},{expression}")),
        p(&format!(r#"{expression},{{"name":"resource"}}"#)),
        p(&format!(r#"{expression},{{"name":"resource","valueString":"Patient/1"}}"#)),
        p(&format!(r#"{expression},{{"name":"resource","valueString":"{{"}}"#)),
        p(&format!(r#"{expression},{{"name":"variables","part":[{{"valueString":"x"}}]}}"#)),
    ] {
        let answer = shared().post("/$fhirpath", &bad);
        assert_eq!((answer.status, answer.json()["resourceType"].as_str()), (400, Some("OperationOutcome")), "{bad}");
    }
    let xml = |inner: &str| format!(r#"<Parameters xmlns="http://hl7.org/fhir">{inner}</Parameters>"#);
    let expression = r#"<parameter><name value="expression"/><valueString value="active"/></parameter>"#;
    for (bad, says) in [
        (
            r#"<Parameters><parameter><name value="expression"/><valueString value="1"/></parameter></Parameters>"#
                .to_owned(),
            "outside of the FHIR namespace at line 1, column 2",
        ),
        (xml(""), "`expression` is missing"),
        (xml(r#"<parameter><name value="expression"/></parameter>"#), "`expression` has no value"),
        (
            xml(&format!(r#"{expression}<parameter><name value="resource"/><resource/></parameter>"#)),
            "contains no resource",
        ),
        (
            xml(&format!(
                r#"{expression}<parameter><name value="resource"/><resource><Patient/></resource></parameter><b></c>"#
            )),
            "mismatched end tag",
        ),
        ("<Patient xmlns=\"http://hl7.org/fhir\"/>".to_owned(), "not a Parameters resource"),
    ] {
        let answer = post_xml(&bad);
        assert_eq!((answer.status, answer.json()["resourceType"].as_str()), (400, Some("OperationOutcome")), "{bad}");
        assert!(answer.json()["issue"][0]["details"]["text"].as_str().unwrap().contains(says), "{}", answer.json());
    }
    assert_eq!(shared().ask("POST", "/$fhirpath", &[("content-type", "text/plain")], b"{}").status, 415);
}

fn post_xml(body: &str) -> Answer {
    shared().ask(
        "POST",
        "/$fhirpath",
        &[("content-type", "application/fhir+xml"), ("accept", "application/fhir+json")],
        body.as_bytes(),
    )
}

#[test]
fn parameters_may_be_xml() {
    let body = |expression: &str, context: &str| {
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<Parameters xmlns="http://hl7.org/fhir">
  <!-- the expression first -->
  <parameter><name value="expression"/><valueString value="{expression}"/></parameter>
  {context}
  <parameter><name value="resource"/>
    <resource>
      <Patient><id value="x"/><text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p>A</p></div></text><active value="true"/>
        <name><given value="Peter"/><given value="J&amp;M"/></name><name><given value="Jim"/></name><multipleBirthInteger value="2"/></Patient>
    </resource>
  </parameter>
  <parameter><name value="variables"/>
    <part><name value="n"/><valueInteger value="3"/></part>
    <part><name value="r"/><resource><Observation><status value="final"/><valueQuantity><value value="1.50"/></valueQuantity></Observation></resource></part>
  </parameter>
  <parameter><name value="validate"/><valueBoolean value="true"/></parameter>
</Parameters>"#
        )
    };
    let answer = post_xml(&body(
        "active | (multipleBirth + %n) | %r.value.value | name.given[1] | text.`div`.exists() | %resource.id",
        "",
    ));
    let parts = results(&answer)[0].1.clone();
    assert_eq!(answer.header("content-type"), Some("application/fhir+json; charset=utf-8"));
    let values: Vec<Value> = parts
        .iter()
        .map(|p| p.as_object().unwrap().iter().find(|(k, _)| k.starts_with("value")).unwrap().1.clone())
        .collect();
    assert_eq!(values, [json!(true), json!(5), decimal("1.50"), json!("J&M"), json!("x")]);
    assert!(String::from_utf8_lossy(&answer.body).contains("\"valueDecimal\":1.50"), "digits stay");
    assert_eq!(parts[3]["extension"][0]["valueString"], "Patient.name[0].given[1]");
    let resource = asked(&answer, "resource")["resource"].clone();
    assert_eq!(
        (resource["resourceType"].as_str(), resource["active"].as_bool(), resource["name"][0]["given"][1].as_str()),
        (Some("Patient"), Some(true), Some("J&M"))
    );
    let variables = asked(&answer, "variables")["part"].clone();
    assert_eq!(
        (variables[0]["valueInteger"].as_i64(), variables[1]["resource"]["resourceType"].as_str()),
        (Some(3), Some("Observation"))
    );
    assert_eq!(asked(&answer, "debugOutcome")["resource"]["issue"][0]["severity"], "information");

    let each = results(&post_xml(&body(
        "given.count()",
        r#"<parameter><name value="context"/><valueString value="name"/></parameter>"#,
    )));
    assert_eq!(
        each.iter()
            .map(|(p, parts)| (p.as_deref().unwrap(), parts[0]["valueInteger"].as_i64().unwrap()))
            .collect::<Vec<_>>(),
        [("Patient.name[0]", 2), ("Patient.name[1]", 1)]
    );

    let broken = post_xml(&body("name.exist()", ""));
    let issue = broken.json()["issue"][0].clone();
    assert_eq!(
        (broken.status, issue["expression"][0].as_str(), issue.get("diagnostics")),
        (422, Some("Parameters.parameter[0].value"), None)
    );
    assert_eq!(
        shared()
            .ask(
                "POST",
                "/$fhirpath",
                &[("content-type", "application/fhir+xml"), ("accept", "application/fhir+xml")],
                body("1", "").as_bytes()
            )
            .status,
        406
    );
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
    assert_eq!(
        (asked.status, asked.header("access-control-allow-origin"), asked.header("access-control-allow-methods")),
        (204, Some("https://fhirpath-lab.com"), Some("POST"))
    );
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
