//! `$implements`, and what no operation can be asked.

use serde_json::json;

use super::{CLIENT, IPS, SERVER, canonical, checked, count, get, inline, parameters, post, service, statement};

#[test]
fn implements_by_address_and_by_body() {
    let wants = statement("client", json!([{"type": "ValueSet", "interaction": [{"code": "read"}]}]));
    for path in ["/CapabilityStatement/$implements", "/metadata/$implements", "/CapabilityStatement/accord/$implements"]
    {
        assert_eq!(count(&post(path, &wants, 200), "error"), 0, "{path}");
        assert_eq!(count(&post(path, &parameters(&[inline("resource", &wants)]), 200), "error"), 0, "{path}");
    }
    let wants = statement("client", json!([{"type": "ValueSet", "interaction": [{"code": "delete"}]}]));
    let told = post("/CapabilityStatement/$implements", &wants, 422);
    assert_eq!(told["issue"][0]["expression"][0], "CapabilityStatement.rest[0].resource[0].interaction[0]");
    assert_eq!(told["issue"][0]["details"]["coding"][0]["code"], "unlisted");

    let query = format!("/CapabilityStatement/$implements?client={CLIENT}&server={SERVER}");
    let by_address = get(&query, 200);
    let body = parameters(&[canonical("client", CLIENT), canonical("server", SERVER)]);
    assert_eq!(post("/CapabilityStatement/$implements", &body, 200), by_address);
    let by_id = get(&format!("/CapabilityStatement/us-core-server/$implements?client={CLIENT}"), 200);
    assert_eq!(by_id, by_address);
    // A client of 3.1.1 searches by parameters that 8.0.0 has under other definitions, or no longer.
    let older = get(&format!("{query}|8.0.0").replace("us-core-client&", "us-core-client|3.1.1&"), 422);
    assert!(count(&older, "error") > 0);
    // A server implements what it lists itself.
    assert_eq!(
        count(&get(&format!("/CapabilityStatement/$implements?client={SERVER}&server={SERVER}"), 200), "error"),
        0
    );
    get(&format!("/CapabilityStatement/$implements?client={SERVER}&server={IPS}"), 422);
}

#[test]
fn what_cannot_be_asked() {
    for (path, status, text) in [
        ("/CapabilityStatement/$implements", 400, "no client"),
        ("/CapabilityStatement/$implements?client=http://x.example/none", 404, "http://x.example/none"),
        ("/CapabilityStatement/$implements?client={CLIENT}|0.1", 404, "is loaded; load its package"),
        ("/CapabilityStatement/$implements?klient=x", 400, "no client"),
        ("/CapabilityStatement/none/$implements?client={CLIENT}", 404, "CapabilityStatement/none"),
        ("/CapabilityStatement/$conforms", 400, "left"),
        ("/CapabilityStatement/$conforms?left=http://x.example/none", 404, "`left`"),
        ("/CapabilityStatement/$conforms?mode=a/b&left=x", 400, "client/server"),
        ("/CapabilityStatement/$subset", 400, "resource"),
        ("/CapabilityStatement/$subset?resource=patient", 400, "`patient`"),
        ("/CapabilityStatement/accord/$subset?resource=Patient&server=x", 400, "leave out"),
        ("/$feature-query", 400, "no feature"),
        ("/$feature-query?param=read@Patient(true", 400, "form"),
        ("/$versions?x=1", 400, "unknown parameter"),
    ] {
        let answer = get(&path.replace("{CLIENT}", CLIENT), status);
        let told = answer["issue"][0]["details"]["text"].as_str().unwrap();
        assert!(told.contains(text), "{path}: {told}");
    }
    let implements = "/CapabilityStatement/$implements";
    assert_eq!(service().ask("DELETE", implements, &[], b"").status, 405);
    for (body, status) in [
        ("{", 400),
        ("[]", 400),
        (r#"{"resourceType":"Patient"}"#, 400),
        (r#"{"resourceType":"Parameters","parameter":{}}"#, 400),
        (r#"{"resourceType":"Parameters","parameter":[null]}"#, 400),
        (
            r#"{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{"resourceType":"Patient"}}]}"#,
            422,
        ),
        (r#"{"resourceType":"Parameters","parameter":[{"name":"resource","valueCode":"x"}]}"#, 400),
        (r#"{"resourceType":"Parameters","parameter":[{"name":"client"},{"name":"client"}]}"#, 400),
    ] {
        checked(service().post(implements, body), status);
    }
    assert_eq!(service().post(implements, format!("{{\"a\":{}", "[".repeat(100_000))).status, 400);
}
