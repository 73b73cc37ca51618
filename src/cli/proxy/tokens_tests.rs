use super::*;

#[test]
fn a_source_is_needed_and_shared_secrets_are_none() {
    let options = |json: &str| serde_json::from_str::<Options>(json).unwrap();
    for missing in [
        "{}",
        r#"{"shadow": true}"#,
        r#"{"jwks": "k.json"}"#,
        r#"{"jwks": "k.json", "issuer": "i"}"#,
        r#"{"introspection": "https://idp.example/i"}"#,
        r#"{"introspection": "https://idp.example/i", "introspectionClient": "me"}"#,
    ] {
        assert!(check(&options(missing)).is_err(), "{missing}");
    }
    assert_eq!(check(&options(r#"{"jwks": "k.json", "issuer": "i", "audience": ["a"]}"#)), Ok(()));
    for name in ["HS256", "none", "rs256", ""] {
        assert!(algorithms(&[name.to_owned()]).is_err(), "{name}");
    }
}
