//! The content of Binaries that is sent as it is.

use super::*;

fn sent(scope: &str, method: &str, url: &str, content_type: &str) -> &'static str {
    short(&ask(scope, method, url).sent_as(content_type).decide())
}

#[test]
fn content_needs_a_scope_without_limits() {
    let pdf = "application/pdf";
    for (scope, wanted) in [
        ("user/Binary.c", "allowed"),
        ("user/*.cruds", "allowed"),
        ("user/Binary.r", "insufficient-scope"),
        ("patient/Binary.c", "body-format"),
        ("user/Binary.c?category=lab", "body-format"),
    ] {
        assert_eq!(sent(scope, "POST", "Binary", pdf), wanted, "{scope}");
    }
    assert_eq!(sent("user/*.cruds", "POST", "Binary?x=1", pdf), "query-unexpected");
    assert_eq!(sent("user/*.cruds", "POST", "Basic", pdf), "body-format");
    let conditional = ask("user/*.cruds", "POST", "Binary").sent_as(pdf).if_none_exist("_id=1");
    assert_eq!(short(&conditional.decide()), "body-format");
}

#[test]
fn content_is_what_no_server_reads_as_a_resource() {
    let docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    for content in ["application/pdf", "image/png; a=b", "text/plain;charset=utf-8", docx, "application/dicom"] {
        assert_eq!(sent("user/*.cruds", "POST", "Binary", content), "allowed", "{content}");
    }
    for other in [
        "text/json",
        "text/xml",
        "image/svg+xml",
        "text/turtle",
        "application/fhir+turtle",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "image/png, application/fhir+json",
        "image/*",
        "png",
        "",
    ] {
        assert_eq!(sent("user/*.cruds", "POST", "Binary", other), "body-format", "{other}");
    }
}

#[test]
fn content_replaces_only_a_binary() {
    let put = |scope| ask(scope, "PUT", "Binary/b").sent_as("application/pdf");
    let old = |id: &str, name: &str| format!(r#"{{"resourceType":"{name}","id":"{id}"}}"#);
    assert_eq!(short(&put("user/*.cruds").decide()), "old");
    assert_eq!(short(&put("user/*.cruds").old(&old("b", "Binary")).decide()), "allowed");
    assert_eq!(short(&put("user/*.cruds").old(&old("c", "Binary")).decide()), "body-id");
    assert_eq!(short(&put("user/*.cruds").old(&old("b", "Basic")).decide()), "body-type");
    assert_eq!(short(&put("user/*.cruds").absent().decide()), "conditional-not-negotiated");
    assert_eq!(short(&put("patient/*.cruds").decide()), "body-format");
}

/// Profiles are agreed on for resources, which content is not held against.
#[test]
fn content_is_not_held_against_profiles() {
    let mut agreed = negotiation();
    let profile = json!({"type": "Binary", "direction": "write", "profile": LAB, "as": null, "selector": null});
    agreed["profileSet"].as_array_mut().unwrap().push(profile);
    let decider = Decider::new(Negotiated::read(&agreed).unwrap(), World);
    let asked = ask("user/*.cruds", "POST", "Binary").sent_as("application/pdf");
    assert_eq!(short(&decider.decide(&asked.token(), &asked.access, &Interrupt::never())), "body-format");
}
