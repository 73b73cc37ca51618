//! The other subcommands: fhirpath, scope, negotiate.

use serde_json::Value;

use crate::support::accord;

#[test]
fn an_expression_may_start_with_a_minus() {
    let run = |args: &[&str]| accord(args).ended(0).out;
    assert!(run(&["fhirpath", "-10 div 3"]).contains("-3"));
    assert!(run(&["fhirpath", "--explain", "-10 div 3"]).contains("route:"));
    assert!(run(&["fhirpath", "-10 div 3", "--format", "json"]).contains("\"value\": -3"));
}

#[test]
fn scopes_by_themselves() {
    let normalised =
        accord(&["scope", "normalise", "patient/Observation.read patient/Observation.rs", "--format", "json"])
            .ended(0)
            .json();
    assert_eq!(normalised["minimal"], "patient/Observation.rs");
    let covers = |granted: &str, requested: &str, code: i32| {
        let arguments = ["scope", "covers", "--granted", granted, "--requested", requested, "--format", "json"];
        let exit_zero = [&arguments[..], &["--exit-zero"]].concat();
        let run = accord(&arguments).ended(code);
        assert_eq!(accord(&exit_zero).ended(0).out, run.out);
        run.json()["covers"].clone()
    };
    assert_eq!(
        (covers("patient/*.rs", "patient/Observation.r", 0), covers("patient/*.r", "patient/Observation.s", 1)),
        (Value::Bool(true), Value::Bool(false))
    );
    let explained = accord(&["scope", "explain", "patient/Observation.sr"]).ended(0);
    assert!(explained.out.contains("fault"), "{}", explained.out);
}

#[test]
fn negotiation_of_the_examples() {
    let arguments =
        ["negotiate", "--client", "examples/client.json", "--server", "examples/server.json", "--format", "json"];
    let first = accord(&arguments).ended(0);
    assert_eq!(first.out, accord(&arguments).out, "the same bytes every time");
    assert!(first.json()["verdict"].is_string());
    let missing = accord(&["negotiate", "--client", "examples/client.json", "--server", "no/such.json"]).ended(3);
    assert!(missing.err.contains("`no/such.json`"), "{}", missing.err);
    let guide =
        accord(&["negotiate", "--client", "examples/client.json", "--server", "ig:test.nowhere#1.0.0"]).ended(3);
    assert!(guide.err.contains("test.nowhere#1.0.0"), "{}", guide.err);
    let patient =
        accord(&["negotiate", "--client", "examples/us-core-patient.json", "--server", "examples/server.json"])
            .ended(3);
    assert!(patient.err.contains("Patient"), "{}", patient.err);
}

#[test]
fn an_address_that_cannot_be_listened_on_is_told_with_the_way_out() {
    let run = accord(&["serve", "--listen", "8080"]).ended(3);
    assert!(run.err.contains("expected HOST:PORT, such as 127.0.0.1:8080"), "{}", run.err);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let run = accord(&["serve", "--listen", &taken.local_addr().unwrap().to_string()]).ended(3);
    assert!(run.err.contains("another program has this port"), "{}", run.err);
}
