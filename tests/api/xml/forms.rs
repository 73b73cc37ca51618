//! Which form an answer has.

use crate::support::{json_of, shared};

#[test]
fn forms_by_accept_and_address() {
    let form = |path: &str, accept: &str| {
        let answer = shared().ask("GET", path, &[("accept", accept)], b"");
        (answer.status, answer.header("content-type").unwrap().split(';').next().unwrap().to_owned())
    };
    for (path, accept, wanted) in [
        ("/metadata", "*/*", "application/fhir+json"),
        ("/metadata", "application/xml", "application/xml"),
        ("/metadata", "text/xml", "text/xml"),
        ("/metadata", "application/fhir+json;q=0.5, application/fhir+xml", "application/fhir+xml"),
        ("/metadata?_format=xml", "application/fhir+json", "application/fhir+xml"),
        ("/metadata?_format=application/fhir%2Bxml", "*/*", "application/fhir+xml"),
        ("/metadata?_format=json", "application/fhir+xml", "application/fhir+json"),
    ] {
        assert_eq!(form(path, accept), (200, wanted.to_owned()), "{path} {accept}");
    }
    assert_eq!(form("/metadata", "text/turtle"), (406, "application/fhir+json".to_owned()));
    assert_eq!(form("/metadata?_format=ttl", "*/*").0, 406);
    // What is not FHIR stays JSON, and says so in the form that is asked for.
    assert_eq!(form("/health/live", "application/fhir+xml").1, "application/json");
    let refused = shared().ask("GET", "/negotiate/x", &[("accept", "application/fhir+xml")], b"");
    assert_eq!(refused.status, 406);
    assert_eq!(json_of(&refused.body)["issue"][0]["details"]["coding"][0]["code"], "format");
}

#[test]
fn head_tells_the_length_of_the_xml() {
    let ask = |method: &str| shared().ask(method, "/metadata?_format=xml", &[], b"");
    let (head, get) = (ask("HEAD"), ask("GET"));
    assert!(head.body.is_empty());
    assert_eq!(head.header("content-length"), Some(&*get.body.len().to_string()));
    assert_eq!(head.header("content-type"), Some("application/fhir+xml; charset=utf-8"));
}
