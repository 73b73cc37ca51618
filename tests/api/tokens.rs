//! Who may read where the settings have read tokens.

use std::io::Write;

use fhir_accord::store::Store;
use serde_json::json;

use crate::support::{PATIENT, Server, TestLoader, config, serve};

/// A service that only readers read: with the tokens `reader` and `other`, and the admin token `secret`.
fn closed() -> Server {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"reader\nother\n").unwrap();
    let settings = json!({"readTokensFile": file.path(), "corsOrigins": ["https://app.example"],
        "healthListen": "127.0.0.1:0"});
    serve(config(settings, Some("secret")), Store::temporary().unwrap(), TestLoader { embedded: false })
}

#[test]
fn nothing_is_read_without_a_token() {
    let server = closed();
    for path in ["/health/live", "/openapi.json", "/schema/settings.json"] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
    server.until_ready();
    let closed = [
        ("GET", "/metadata"),
        ("HEAD", "/metadata"),
        ("GET", "/packages"),
        ("GET", "/packages/x/1"),
        ("DELETE", "/packages/x/1"),
        ("GET", "/negotiate"),
        ("GET", "/negotiate/x"),
        ("POST", "/negotiate"),
        ("POST", "/$validate"),
        ("POST", "/$fhirpath"),
        ("GET", "/ValueSet"),
        ("GET", "/rules"),
        ("GET", "/metrics"),
        ("GET", "/no/such"),
        ("GET", "/health/live/"),
        ("GET", "//openapi.json"),
        ("OPTIONS", "/metadata"),
    ];
    for (method, path) in closed {
        for token in [None, Some("Bearer "), Some("Bearer reade"), Some("Basic reader"), Some("reader")] {
            let headers: Vec<(&str, &str)> = token.map(|t| ("authorization", t)).into_iter().collect();
            let answer = server.ask(method, path, &headers, b"");
            assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some("Bearer")), "{method} {path}");
            assert!(answer.header("x-request-id").is_some(), "{method} {path}");
            if method != "HEAD" {
                assert_eq!(answer.codes(), ["token"], "{method} {path}");
            }
        }
    }
    for token in ["reader", "other", "secret"] {
        assert_eq!(server.ask_as(token, "POST", "/$validate", PATIENT).status, 200, "{token}");
        assert_eq!(server.ask_as(token, "GET", "/packages", "").status, 200, "{token}");
        assert_eq!(server.ask_as(token, "GET", "/no/such", "").status, 404, "{token}");
        assert_eq!(server.ask_as(token, "GET", "/metrics", "").status, 200, "{token}");
    }
    // The address for supervisors is not that of clients.
    assert_eq!(crate::support::ask(server.health.unwrap(), "GET", "/metrics", &[], b"").status, 200);
}

#[test]
fn who_reads_does_not_write() {
    let server = closed();
    let answer = server.ask_as("reader", "POST", "/negotiate", r#"{"client":"ig:a#1","server":"ig:b#1"}"#);
    assert!(answer.status == 200 && answer.json()["expires"].is_string());
    let place = answer.header("content-location").unwrap().to_owned();
    assert_eq!(server.ask_as("reader", "GET", &place, "").body, answer.body);
    for (method, path) in [("DELETE", &*place), ("DELETE", "/packages/x/1"), ("POST", "/packages")] {
        let refused = server.ask_as("reader", method, path, "");
        let scheme = "Bearer error=\"insufficient_scope\"";
        assert_eq!((refused.status, refused.header("www-authenticate")), (403, Some(scheme)), "{method} {path}");
    }
    assert_eq!(server.ask_as("secret", "DELETE", &place, "").status, 204);
}

#[test]
fn pages_may_send_a_token_where_one_is_needed() {
    let preflight = |server: &Server, method: &str| {
        let headers = [
            ("origin", "https://app.example"),
            ("access-control-request-method", method),
            ("access-control-request-headers", "authorization"),
        ];
        server.ask("OPTIONS", "/metadata", &headers, b"")
    };
    let server = closed();
    let answer = preflight(&server, "GET");
    assert_eq!(answer.status, 200);
    assert!(answer.header("access-control-allow-headers").unwrap().to_lowercase().contains("authorization"));
    assert!(!answer.header("access-control-allow-methods").unwrap().contains("DELETE"));
    assert_eq!(preflight(&server, "DELETE").status, 400);
    let refused = server.ask("GET", "/metadata", &[("origin", "https://app.example")], b"");
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (401, Some("https://app.example")));
    let open = serve(
        config(json!({"corsOrigins": ["https://app.example"]}), None),
        Store::temporary().unwrap(),
        TestLoader { embedded: false },
    );
    assert_eq!(preflight(&open, "GET").status, 400);
}
