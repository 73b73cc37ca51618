//! The program: what it needs before it starts.

use std::process::Command;

/// What the program says when it is started so.
fn told(arguments: &[&str], secret: Option<&str>) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_accord"));
    command.arg("proxy").args(arguments).env_remove("ACCORD_INTROSPECTION_SECRET");
    if let Some(secret) = secret {
        command.env("ACCORD_INTROSPECTION_SECRET", secret);
    }
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn without_a_source_of_tokens_it_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let negotiation = folder.path().join("n.json");
    std::fs::write(&negotiation, "{}").unwrap();
    let negotiation = negotiation.to_str().unwrap();
    let base = ["--upstream", "http://127.0.0.1:9/fhir", "--negotiation", negotiation];
    for (more, expected) in [
        (&[][..], "no source of tokens"),
        (&["--shadow"], "no source of tokens"),
        (&["--jwks", "k.json"], "--issuer and --audience"),
        (&["--jwks", "k.json", "--issuer", "i"], "--issuer and --audience"),
        (&["--introspection", "https://idp.example/i"], "--introspection-client"),
        (
            &["--introspection", "https://idp.example/i", "--introspection-client", "me"],
            "--introspection needs --audience",
        ),
        (&["--pass-header", "X_Tenant"], "--pass-header"),
        (&["--pass-header", "X-HTTP-Method-Override"], "--pass-header"),
    ] {
        let (code, text) = told(&[&base[..], more].concat(), None);
        assert_eq!(code, Some(3), "{text}");
        assert!(text.contains(expected), "{more:?}: {text}");
    }
    let (code, text) = told(&["--upstream", "http://user:s3cret@h/fhir", "--negotiation", negotiation], None);
    assert!(code == Some(3) && text.contains("credentials") && !text.contains("s3cret"), "{text}");
    let (code, text) = told(&["--negotiation", negotiation], None);
    assert!(code == Some(3) && text.contains("--upstream"), "{text}");
}
