//! `POST /negotiate/matrix`: clients beside many servers, with the embedded packages.

use std::sync::{Mutex, OnceLock};

use fhir_accord::app::{AppLoader, Settings};
use fhir_accord::schema::{self, Schema};
use fhir_accord::store::Store;
use serde_json::{Value, json};

use crate::support::{Server, config, serve_with, shared};

fn service() -> &'static Server {
    static SHARED: OnceLock<Server> = OnceLock::new();
    static MAKING: Mutex<()> = Mutex::new(());
    let _making = MAKING.lock();
    SHARED.get_or_init(|| {
        let loader = AppLoader::new(Settings::default(), Default::default());
        let server = serve_with(config(json!({"workers": 2}), None), Store::temporary().unwrap(), Box::new(loader));
        server.until_ready();
        server
    })
}

fn statement(mode: &str, title: &str, codes: &[&str]) -> Value {
    let interactions: Vec<_> = codes.iter().map(|c| json!({"code": c})).collect();
    json!({"resourceType": "CapabilityStatement", "kind": "instance", "title": title, "fhirVersion": "4.0.1",
        "format": ["json"], "rest": [{"mode": mode, "resource": [{"type": "Patient", "interaction": interactions}]}]})
}

#[test]
fn one_client_beside_many_servers() {
    let server = |codes: &[&str]| json!({"statement": statement("server", "A server", codes)});
    let listing = json!({"scopes_supported": ["patient/Patient.rs"], "capabilities": ["permission-v2"]});
    let mut with_smart = server(&["read"]);
    with_smart["smart"] = listing;
    with_smart["name"] = "listing".into();
    let guide = json!({"statement": "ig:hl7.fhir.us.core#6.1.0"});
    let body = json!({
        "clients": [{"statement": statement("client", "An app", &["read", "vread"])}],
        "servers": [server(&["read", "vread"]), server(&["read"]), with_smart, guide],
        "scope": "launch/patient patient/Patient.rs",
    });
    let answer = service().post("/negotiate/matrix", body.to_string());
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let matrix = answer.json();
    let faults = schema::check(Schema::by_file("matrix-result.json").unwrap(), &matrix);
    assert!(faults.is_empty(), "{faults:?}");
    let names: Vec<&str> = matrix["servers"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["A server", "A server (2)", "listing", "ig:hl7.fhir.us.core#6.1.0"]);
    assert_eq!(matrix["clients"][0]["name"], "An app");
    assert_eq!(matrix["servers"][2]["smart"], "/servers/2/smart");
    let verdicts: Vec<&str> =
        matrix["cells"].as_array().unwrap().iter().map(|c| c["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["compatible", "incompatible", "incompatible", "indeterminate"]);
    let change = &matrix["reports"][0]["changes"][0];
    assert_eq!((&change["without"], &change["unlocks"]), (&json!(["Patient.vread"]), &json!([1, 2, 3])));
    let open = &matrix["cells"][1]["open"];
    assert_eq!((open.as_array().unwrap().len(), &open[0]["part"]), (1, &json!("Patient.vread")));
}

#[test]
fn what_no_matrix_is_made_of() {
    let client = || json!({"statement": statement("client", "An app", &["read"])});
    let refused = |clients: Value, servers: Value| {
        let body = json!({"clients": clients, "servers": servers}).to_string();
        let answer = service().post("/negotiate/matrix", body);
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status, 422, "{text}");
        text
    };
    let guide = |name: &str| json!({"statement": name});
    assert!(refused(json!([client()]), json!([])).contains("/servers"));
    let text = refused(json!([client()]), json!([guide("ig:hl7.fhir.us.core#6.1.0"), guide("ig:no.such.guide#1.0.0")]));
    assert!(text.contains("no.such.guide"), "{text}");
    let text = refused(json!([client()]), json!([guide("ig:../up#1")]));
    assert!(text.contains("/servers/0/statement") && text.contains("is a path"), "{text}");
    let many = vec![client(); 17];
    let text = refused(json!(many), json!(vec![guide("ig:hl7.fhir.us.core#6.1.0"); 16]));
    assert!(text.contains("272 pairs") && text.contains("at most 256"), "{text}");
    let many = vec![guide("ig:hl7.fhir.us.core#6.1.0"); 257];
    assert!(refused(json!([client()]), json!(many)).contains("256"));
    assert_eq!(shared().ask("GET", "/negotiate/matrix", &[], b"").status, 405);
}
