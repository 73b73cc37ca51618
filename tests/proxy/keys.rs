//! Keys that change.

use std::sync::atomic::Ordering;

use fhir_accord::token::{Keys, Refusal, Unanswered};
use serde_json::json;

use crate::issuer::{Clock, Issuer, Source, claims, tokens};

fn header(token: &str) -> Vec<u8> {
    format!("Bearer {token}").into_bytes()
}

#[tokio::test]
async fn a_new_key_is_found_and_unknown_ones_are_not_asked_for_without_end() {
    let (old, new, clock) = (Issuer::new(), Issuer::new(), Clock::new());
    let source = Source::new(old.jwks());
    let tokens = tokens(source.clone(), &clock).await;
    clock.advance(31);
    for n in 0..1000 {
        let token = old.sign(&json!({"alg": "EdDSA", "kid": format!("made up {n}")}), &claims(&json!({})));
        assert_eq!(tokens.verify([&header(&token)[..]].into_iter()).await, Err(Refusal::Key));
    }
    assert_eq!(source.asked.load(Ordering::SeqCst), 2);
    let mut set = new.jwks();
    set["keys"][3]["kid"] = json!("new");
    *source.set.lock().unwrap() = Ok(set);
    let token = new.sign(&json!({"alg": "EdDSA", "kid": "new"}), &claims(&json!({})));
    assert_eq!(tokens.verify([&header(&token)[..]].into_iter()).await, Err(Refusal::Key));
    clock.advance(31);
    assert!(tokens.verify([&header(&token)[..]].into_iter()).await.is_ok());
    assert_eq!(source.asked.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn keys_are_used_for_a_while_without_their_source_and_no_longer() {
    let (issuer, clock) = (Issuer::new(), Clock::new());
    let source = Source::new(issuer.jwks());
    let tokens = tokens(source.clone(), &clock).await;
    let token = |exp: u64| header(&issuer.sign(&json!({"alg": "EdDSA"}), &claims(&json!({"exp": exp}))));
    let far = token(u64::MAX);
    *source.set.lock().unwrap() = Err(Unanswered::Down("refused".to_owned()));
    clock.advance(3600);
    assert!(tokens.verify([&far[..]].into_iter()).await.is_ok());
    clock.advance(100);
    assert_eq!(tokens.verify([&far[..]].into_iter()).await, Err(Refusal::SourceDown));
    *source.set.lock().unwrap() = Err(Unanswered::Slow);
    clock.advance(100);
    assert_eq!(tokens.verify([&far[..]].into_iter()).await, Err(Refusal::SourceSlow));
    *source.set.lock().unwrap() = Ok(issuer.jwks());
    clock.advance(100);
    assert!(tokens.verify([&far[..]].into_iter()).await.is_ok());
}

#[tokio::test]
async fn a_withdrawn_key_is_noticed() {
    let (issuer, clock) = (Issuer::new(), Clock::new());
    let source = Source::new(issuer.jwks());
    let tokens = tokens(source.clone(), &clock).await;
    let token = header(&issuer.sign(&json!({"alg": "EdDSA", "kid": "ed"}), &claims(&json!({"exp": u64::MAX}))));
    let mut set = issuer.jwks();
    set["keys"].as_array_mut().unwrap().remove(3);
    *source.set.lock().unwrap() = Ok(set);
    clock.advance(301);
    // The first request after a while has the keys read again, and does not wait for it.
    let _ = tokens.verify([&token[..]].into_iter()).await;
    tokio::task::yield_now().await;
    assert_eq!(tokens.verify([&token[..]].into_iter()).await, Err(Refusal::Key));
}

#[tokio::test]
async fn a_source_without_public_keys_is_none() {
    let only_secret = json!({"keys": [{"kty": "oct", "k": "c2VjcmV0"}]});
    for set in [json!({"keys": []}), json!({}), json!([]), only_secret, json!({"keys": "x"})] {
        assert!(Keys::open(Source::new(set.clone()), Clock::new().now()).await.is_err(), "{set}");
    }
    let source = Source::new(json!(null));
    *source.set.lock().unwrap() = Err(Unanswered::Slow);
    assert!(Keys::open(source, Clock::new().now()).await.is_err());
}
