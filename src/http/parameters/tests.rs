//! Bodies that are Parameters, and bodies that are the resource itself.

use super::*;
use crate::http::mode::Mode;

fn call(body: &str) -> Result<Call, String> {
    match read(body.as_bytes(), &Limits::default()) {
        Ok(Reading::Call(call)) => Ok(call),
        Ok(Reading::Raw) => panic!("raw"),
        Err(fault) => Err(fault.outcome()["issue"][0]["details"]["text"].as_str().unwrap().to_owned()),
    }
}

#[test]
fn the_resource_keeps_its_text() {
    let body = concat!(
        r#"{"resourceType":"Parameters","parameter":[{"name":"profile","#,
        r#""valueUri":"http://x/a"},{"name":"resource","resource": {"resourceType":"Patient", "#,
        r#""id":"1"} },{"name":"mode","valueCode":"create"},{"name":"profile","#,
        r#""valueCanonical":"http://x/b|1"}]}"#,
    );
    let call = call(body).unwrap();
    assert_eq!(&body[call.resource.unwrap().range], r#"{"resourceType":"Patient", "id":"1"}"#);
    assert_eq!(call.mode, Some(Mode::Create));
    assert_eq!(call.profiles, ["http://x/a", "http://x/b|1"]);
}

#[test]
fn other_bodies_are_the_resource() {
    for body in [
        "",
        "{",
        r#"{"resourceType":"Patient","name":[{"text":"Parameters"}]}"#,
        r#"{"text":"\u0041"}"#,
        "\u{feff}Parameters",
    ] {
        assert!(matches!(read(body.as_bytes(), &Limits::default()), Ok(Reading::Raw)), "{body}");
    }
    assert!(matches!(read(b"\xffParameters", &Limits::default()), Ok(Reading::Raw)));
}

#[test]
fn unreadable_parameters_are_told() {
    let p = |inner: &str| format!(r#"{{"resourceType":"Parameters","parameter":[{inner}]}}"#);
    assert!(
        call(r#"{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{}}"#)
            .unwrap_err()
            .contains("line 1")
    );
    assert!(call(&p(r#"{"name":"resource"}"#)).unwrap_err().contains("contains no resource"));
    assert!(
        call(&p(r#"{"name":"resource","resource":{}},{"name":"resource","resource":{}}"#))
            .unwrap_err()
            .contains("duplicate parameter `resource`")
    );
    assert!(call(&p(r#"{"name":"mode","valueCode":"rename"}"#)).unwrap_err().contains("`rename`"));
    assert!(call(&p(r#"{"name":"colour","valueCode":"red"}"#)).unwrap_err().contains("`colour`"));
    assert!(call(&p(r#"{"name":"profile"}"#)).unwrap_err().contains("no value"));
    assert!(call(&p(r#"{"valueCode":"red"}"#)).unwrap_err().contains("without a name"));
    assert!(
        call(&p(r#"{"name":"mode","valueCode":"create","valueCode":"create"}"#))
            .unwrap_err()
            .contains("duplicate property")
    );
}

#[test]
fn faults_inside_the_resource_are_its_own() {
    let body = concat!(
        r#"{"resourceType":"Parameters","parameter":[{"name":"resource","#,
        r#""resource":{"resourceType":"Patient","id":"1","id":"2"}}]}"#,
    );
    assert!(call(body).is_ok());
}
