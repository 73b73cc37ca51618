//! Tokens that are verified by keys.

use fhir_accord::capability::guard::TokenContext;
use fhir_accord::token::{Refusal, Tokens, Verified};
use ring::hmac;
use ring::rsa::PublicKeyComponents;
use serde_json::{Value, json};

use crate::issuer::{AUDIENCE, Clock, ISSUER, Issuer, LEEWAY, NOW, Source, claims, encode, tokens};

async fn verify(tokens: &Tokens, token: &str) -> Result<Verified, Refusal> {
    tokens.verify([format!("Bearer {token}").as_bytes()].into_iter()).await
}

async fn trial() -> (Issuer, Tokens) {
    let issuer = Issuer::new();
    let tokens = tokens(Source::new(issuer.jwks()), &Clock::new()).await;
    (issuer, tokens)
}

#[tokio::test]
async fn each_algorithm_verifies_with_a_key_of_its_type() {
    let (issuer, tokens) = trial().await;
    let context = TokenContext { scope: "patient/*.rs".to_owned(), patient: Some("p1".to_owned()) };
    for (algorithm, key) in [("RS256", "rsa"), ("RS512", "rsa"), ("PS384", "rsa"), ("ES256", "ec"), ("EdDSA", "ed")] {
        for header in [json!({"alg": algorithm, "kid": key}), json!({"alg": algorithm, "typ": "JWT"})] {
            let verified = verify(&tokens, &issuer.sign(&header, &claims(&json!({})))).await;
            assert_eq!(verified, Ok(Verified { context: context.clone(), expires: Some(NOW + 300) }), "{header}");
        }
    }
}

#[tokio::test]
async fn a_key_of_another_type_verifies_nothing() {
    let (issuer, tokens) = trial().await;
    for (algorithm, key) in [("RS256", "ec"), ("ES256", "rsa"), ("EdDSA", "ec"), ("ES256", "ed"), ("ES256", "secret")] {
        let token = issuer.sign(&json!({"alg": algorithm, "kid": key}), &claims(&json!({})));
        assert_eq!(verify(&tokens, &token).await, Err(Refusal::Key), "{algorithm} {key}");
    }
    let unknown = issuer.sign(&json!({"alg": "ES256", "kid": "made up"}), &claims(&json!({})));
    assert_eq!(verify(&tokens, &unknown).await, Err(Refusal::Key));
}

#[tokio::test]
async fn forged_tokens_are_refused() {
    let (issuer, tokens) = trial().await;
    let token = issuer.token("patient/*.rs");
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = signed.split_once('.').unwrap();
    let more = encode(claims(&json!({"scope": "system/*.cruds"})));
    let other = Issuer::new();
    let zeros = encode([0; 64]);
    for forged in [
        format!("{header}.{more}.{signature}"),
        format!("{signed}.{zeros}"),
        other.token("patient/*.rs"),
        issuer.sign(&json!({"alg": "RS512", "kid": "rsa"}), &claims(&json!({}))).replace(
            &encode(json!({"alg": "RS512", "kid": "rsa"}).to_string()),
            &encode(json!({"alg": "RS256", "kid": "rsa"}).to_string()),
        ),
    ] {
        assert_eq!(verify(&tokens, &forged).await, Err(Refusal::Signature), "{forged}");
    }
    for end in [0, 1, 10, token.len() / 2, token.len() - 1] {
        assert!(verify(&tokens, &token[..end]).await.is_err(), "{end}");
    }
}

#[tokio::test]
async fn algorithms_that_are_not_allowed_are_refused() {
    let (issuer, tokens) = trial().await;
    let payload = encode(claims(&json!({})));
    let public: PublicKeyComponents<Vec<u8>> = issuer.rsa.public().into();
    for algorithm in ["none", "None", "NONE", "", "HS256", "RS257", "PS512"] {
        for key in [&public.n, issuer.jwks().to_string().as_bytes(), b"secret"] {
            let header = encode(json!({"alg": algorithm, "kid": "rsa"}).to_string());
            let signed = format!("{header}.{payload}");
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), signed.as_bytes());
            assert_eq!(verify(&tokens, &format!("{signed}.{}", encode(tag))).await, Err(Refusal::Algorithm));
        }
        let header = encode(json!({"alg": algorithm}).to_string());
        assert_eq!(verify(&tokens, &format!("{header}.{payload}.")).await, Err(Refusal::Algorithm), "{algorithm}");
    }
    let no_algorithm = format!("{}.{payload}.", encode("{}"));
    assert_eq!(verify(&tokens, &no_algorithm).await, Err(Refusal::Algorithm));
}

#[tokio::test]
async fn headers_that_demand_something_are_refused() {
    let (issuer, tokens) = trial().await;
    for (over, refusal) in [
        (json!({"crit": ["exp"]}), Refusal::Critical),
        (json!({"crit": []}), Refusal::Critical),
        (json!({"crit": null}), Refusal::Critical),
        (json!({"crit": ["b64"], "b64": true}), Refusal::Critical),
        (json!({"b64": false}), Refusal::Critical),
        (json!({"typ": "logout+jwt"}), Refusal::Malformed),
        (json!({"kid": 1}), Refusal::Malformed),
    ] {
        let mut header = json!({"alg": "ES256", "kid": "ec"});
        header.as_object_mut().unwrap().extend(over.as_object().unwrap().clone());
        assert_eq!(verify(&tokens, &issuer.sign(&header, &claims(&json!({})))).await, Err(refusal), "{header}");
    }
    let twice = format!("{}.{}", encode(r#"{"alg":"ES256","kid":"ec","alg":"none"}"#), encode(claims(&json!({}))));
    let token = format!("{twice}.{}", encode(issuer.signature("ES256", twice.as_bytes())));
    assert_eq!(verify(&tokens, &token).await, Err(Refusal::Duplicate));
}

#[tokio::test]
async fn a_key_in_the_header_is_not_used() {
    let (_, tokens) = trial().await;
    let other = Issuer::new();
    let own = other.jwks()["keys"][2].clone();
    let header = json!({"alg": "ES256", "jwk": own, "jku": "https://evil.example/jwks", "x5u": "https://evil.example"});
    assert_eq!(verify(&tokens, &other.sign(&header, &claims(&json!({})))).await, Err(Refusal::Signature));
}

#[tokio::test]
async fn claims_are_checked() {
    let (issuer, tokens) = trial().await;
    let cases: &[(Value, Refusal)] = &[
        (json!({"exp": NOW - LEEWAY}), Refusal::Expired),
        (json!({"exp": 0}), Refusal::Expired),
        (json!({"exp": null}), Refusal::Claim),
        (json!({"exp": "1900000000"}), Refusal::Claim),
        (json!({"exp": -1}), Refusal::Claim),
        (json!({"nbf": NOW + LEEWAY + 1}), Refusal::NotYetValid),
        (json!({"nbf": "soon"}), Refusal::Claim),
        (json!({"iss": "https://evil.example"}), Refusal::Issuer),
        (json!({"iss": format!("{ISSUER}/")}), Refusal::Issuer),
        (json!({"iss": null}), Refusal::Issuer),
        (json!({"iss": [ISSUER]}), Refusal::Claim),
        (json!({"aud": "https://other.example"}), Refusal::Audience),
        (json!({"aud": []}), Refusal::Audience),
        (json!({"aud": [AUDIENCE, 1]}), Refusal::Audience),
        (json!({"aud": {AUDIENCE: true}}), Refusal::Audience),
        (json!({"aud": null}), Refusal::Audience),
        (json!({"scope": 1}), Refusal::Claim),
        (json!({"scope": "a\nb"}), Refusal::Claim),
        (json!({"scope": null, "scp": ["a", "b c"]}), Refusal::Claim),
        (json!({"patient": "../admin"}), Refusal::Claim),
        (json!({"patient": "Patient/1"}), Refusal::Claim),
        (json!({"patient": ""}), Refusal::Claim),
        (json!({"cnf": {"jkt": "x"}}), Refusal::Bound),
        (json!({"cnf": {"x5t#S256": "x"}}), Refusal::Bound),
        (json!({"typ": "ID"}), Refusal::Kind),
        (json!({"typ": "Refresh"}), Refusal::Kind),
        (json!({"token_use": "id"}), Refusal::Kind),
    ];
    let header = json!({"alg": "EdDSA"});
    for (over, refusal) in cases {
        assert_eq!(verify(&tokens, &issuer.sign(&header, &claims(over))).await, Err(*refusal), "{over}");
    }
    let twice = claims(&json!({})).replacen('{', r#"{"scope":"system/*.*","#, 1);
    assert_eq!(verify(&tokens, &issuer.sign(&header, &twice)).await, Err(Refusal::Duplicate));
    for no_object in ["[]", "1", "", "{", "null", &"[".repeat(10_000)] {
        assert_eq!(verify(&tokens, &issuer.sign(&header, no_object)).await, Err(Refusal::Malformed), "{no_object}");
    }
}

#[tokio::test]
async fn scopes_are_read_by_either_name() {
    let (issuer, tokens) = trial().await;
    let cases = [
        (json!({"scope": "a b"}), "a b"),
        (json!({"scope": null, "scp": "a b"}), "a b"),
        (json!({"scope": null, "scp": ["a", "b"]}), "a b"),
        (json!({"scope": "a", "scp": ["b"]}), "a"),
        (json!({"scope": null}), ""),
        (json!({"scope": "a", "typ": "Bearer", "token_use": "access"}), "a"),
        (json!({"exp": 1_800_000_000.5_f64, "scope": "a"}), "a"),
    ];
    for (over, scope) in cases {
        let verified = verify(&tokens, &issuer.sign(&json!({"alg": "EdDSA"}), &claims(&over))).await;
        assert_eq!(verified.map(|v| v.context.scope).as_deref(), Ok(scope), "{over}");
    }
    let none = verify(&tokens, &issuer.sign(&json!({"alg": "EdDSA"}), &claims(&json!({"patient": null})))).await;
    assert_eq!(none.map(|v| v.context.patient), Ok(None));
}

#[tokio::test]
async fn the_header_is_bearer_and_a_token_once() {
    let (issuer, tokens) = trial().await;
    let token = issuer.token("a");
    let (good, basic) = (format!("bearer  {token}"), "Basic dXNlcjpwYXNz".to_owned());
    assert!(tokens.verify([good.as_bytes()].into_iter()).await.is_ok());
    assert_eq!(tokens.verify([].into_iter()).await, Err(Refusal::Missing));
    assert_eq!(tokens.verify([good.as_bytes(), good.as_bytes()].into_iter()).await, Err(Refusal::Header));
    for bad in [basic, "Bearer".to_owned(), "Bearer ".to_owned(), token.clone(), format!("Bearer {token}, x")] {
        assert_eq!(tokens.verify([bad.as_bytes()].into_iter()).await, Err(Refusal::Header), "{bad}");
    }
    assert_eq!(verify(&tokens, &"a".repeat(20_000)).await, Err(Refusal::TooLong));
    for opaque in ["abc", "a.b", "a.b.c.d", "..", "a..c"] {
        assert_eq!(verify(&tokens, opaque).await, Err(Refusal::Malformed), "{opaque}");
    }
}
