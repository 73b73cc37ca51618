//! Tokens that a server vouches for.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use fhir_accord::remote::authority::IntrospectionServer;
use fhir_accord::token::{Asked, Expected, Introspection, Introspector, Refusal, Tokens, Unanswered};
use serde_json::{Value, json};

use crate::issuer::{AUDIENCE, Clock, NOW};
use crate::upstream::Upstream;

struct Server {
    answer: Mutex<Result<Value, Unanswered>>,
    asked: AtomicUsize,
}

impl Introspector for Server {
    fn introspect<'a>(&'a self, token: &'a str) -> Asked<'a> {
        assert_eq!(token, "opaque");
        self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answer.lock().unwrap().clone();
        Box::pin(async move { answer.map(|a| a.to_string().into_bytes()) })
    }
}

fn trial(clock: &Clock) -> (Arc<Server>, Tokens) {
    let server = Arc::new(Server { answer: Mutex::new(Ok(json!({}))), asked: AtomicUsize::new(0) });
    let expected = Expected { issuer: None, audience: vec![AUDIENCE.to_owned()], leeway_seconds: 0 };
    let introspection = Introspection::new(server.clone(), expected);
    (server, Tokens::new(None, Some(introspection), clock.now()).unwrap())
}

async fn verify(tokens: &Tokens) -> Result<String, Refusal> {
    let verified = tokens.verify([&b"Bearer opaque"[..]].into_iter()).await?;
    Ok(format!("{} {:?}", verified.context.scope, verified.context.patient))
}

#[tokio::test]
async fn only_what_is_active_allows_anything() {
    let active = json!({"active": true, "scope": "a b", "patient": "p1", "aud": AUDIENCE, "exp": NOW + 100});
    let with = |name: &str, value: Value| {
        let mut answer = active.clone();
        answer[name] = value;
        answer
    };
    for (answer, expected) in [
        (active.clone(), Ok(r#"a b Some("p1")"#.to_owned())),
        (with("exp", json!(null)), Ok(r#"a b Some("p1")"#.to_owned())),
        (with("active", json!(false)), Err(Refusal::Inactive)),
        (with("active", json!("true")), Err(Refusal::Inactive)),
        (with("active", json!(1)), Err(Refusal::Inactive)),
        (json!({"scope": "a"}), Err(Refusal::Inactive)),
        (with("exp", json!(NOW)), Err(Refusal::Expired)),
        (with("nbf", json!(NOW + 1)), Err(Refusal::NotYetValid)),
        (with("aud", json!("other")), Err(Refusal::Audience)),
        (with("aud", json!(null)), Err(Refusal::Audience)),
        (with("patient", json!({"reference": "x"})), Err(Refusal::Claim)),
        (with("token_type", json!("bearer")), Ok(r#"a b Some("p1")"#.to_owned())),
        (with("token_type", json!("DPoP")), Err(Refusal::Kind)),
        (with("token_type", json!("N_A")), Err(Refusal::Kind)),
        (with("token_type", json!(1)), Err(Refusal::Claim)),
        (with("typ", json!("Bearer")), Ok(r#"a b Some("p1")"#.to_owned())),
        (with("typ", json!("Refresh")), Err(Refusal::Kind)),
        (with("token_use", json!("refresh_token")), Err(Refusal::Kind)),
        (with("cnf", json!({"x5t#S256": "x"})), Err(Refusal::Bound)),
        (json!([]), Err(Refusal::Malformed)),
    ] {
        let (server, tokens) = trial(&Clock::new());
        *server.answer.lock().unwrap() = Ok(answer.clone());
        assert_eq!(verify(&tokens).await, expected, "{answer}");
    }
}

#[tokio::test]
async fn answers_are_used_for_a_short_time_and_not_beyond_the_expiry() {
    let clock = Clock::new();
    let (server, tokens) = trial(&clock);
    let asked = || server.asked.load(Ordering::SeqCst);
    let active = json!({"active": true, "scope": "a", "aud": AUDIENCE, "exp": NOW + 40});
    *server.answer.lock().unwrap() = Ok(active);
    for _ in 0..5 {
        assert!(verify(&tokens).await.is_ok());
    }
    assert_eq!(asked(), 1);
    clock.advance(30);
    assert!(verify(&tokens).await.is_ok());
    assert_eq!(asked(), 2);
    clock.advance(9);
    assert!(verify(&tokens).await.is_ok());
    assert_eq!(asked(), 2);
    clock.advance(1);
    assert_eq!(verify(&tokens).await, Err(Refusal::Expired));
    assert_eq!(asked(), 3);
    *server.answer.lock().unwrap() = Ok(json!({"active": false}));
    clock.advance(5);
    assert_eq!((verify(&tokens).await, verify(&tokens).await), (Err(Refusal::Inactive), Err(Refusal::Inactive)));
    assert_eq!(asked(), 4);
}

#[tokio::test]
async fn a_server_that_does_not_answer_vouches_for_nothing_and_is_asked_again() {
    let clock = Clock::new();
    let (server, tokens) = trial(&clock);
    for (n, (answer, refusal)) in [
        (Unanswered::Down("closed".to_owned()), Refusal::SourceDown),
        (Unanswered::Failed("500".to_owned()), Refusal::SourceDown),
        (Unanswered::Slow, Refusal::SourceSlow),
    ]
    .into_iter()
    .enumerate()
    {
        *server.answer.lock().unwrap() = Err(answer);
        // For a moment it is not asked again.
        for _ in 0..10 {
            assert_eq!(verify(&tokens).await, Err(refusal));
        }
        assert!(refusal.is_passing());
        assert_eq!(server.asked.load(Ordering::SeqCst), n + 1);
        clock.advance(2);
    }
    *server.answer.lock().unwrap() = Ok(json!({"active": true, "aud": AUDIENCE}));
    assert!(verify(&tokens).await.is_ok());
}

#[tokio::test]
async fn a_real_server_is_asked_as_its_specification_says() {
    let upstream = Upstream::start(|asked| match asked.body.starts_with(b"token=good") {
        true => crate::upstream::json(200, r#"{"active":true,"scope":"a"}"#),
        false => crate::upstream::json(500, "{}"),
    });
    let server =
        IntrospectionServer::new(&format!("http://{}/introspect", upstream.address), "me:1", "s&cret").unwrap();
    let answer = server.introspect("good.token").await.unwrap();
    assert_eq!(answer, br#"{"active":true,"scope":"a"}"#);
    assert!(matches!(server.introspect("bad").await, Err(Unanswered::Failed(_))));
    let asked = upstream.seen();
    assert_eq!(asked[0].body, b"token=good%2Etoken&token_type_hint=access_token");
    assert_eq!(asked[0].line, "POST /introspect HTTP/1.1");
    assert_eq!(asked[0].header("content-type"), Some("application/x-www-form-urlencoded"));
    let basic = asked[0].header("authorization").unwrap().strip_prefix("Basic ").unwrap();
    use base64::Engine as _;
    let plain = base64::engine::general_purpose::STANDARD.decode(basic).unwrap();
    assert_eq!(plain, b"me%3A1:s%26cret");
}

#[test]
fn without_a_source_there_is_nothing() {
    assert!(Tokens::new(None, None, Clock::new().now()).is_err());
}

/// A server that never answers.
struct Silent;

impl Introspector for Silent {
    fn introspect<'a>(&'a self, _: &'a str) -> Asked<'a> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn nobody_waits_for_ever_for_a_place() {
    let expected = Expected { issuer: None, audience: vec![AUDIENCE.to_owned()], leeway_seconds: 0 };
    let introspection = Introspection::new(Arc::new(Silent), expected);
    let tokens = Arc::new(Tokens::new(None, Some(introspection), Clock::new().now()).unwrap());
    for _ in 0..64 {
        let tokens = Arc::clone(&tokens);
        tokio::spawn(async move { drop(tokens.verify([&b"Bearer opaque"[..]].into_iter()).await) });
    }
    // Each has begun to ask.
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
    let late = tokio::time::timeout(std::time::Duration::from_secs(20), verify(&tokens)).await;
    assert_eq!(late, Ok(Err(Refusal::SourceBusy)));
    assert!(Refusal::SourceBusy.is_passing());
}

#[tokio::test]
async fn without_an_audience_no_token_is_taken() {
    let answer = Mutex::new(Ok(json!({"active": true, "aud": AUDIENCE})));
    let server = Server { answer, asked: AtomicUsize::new(0) };
    let expected = Expected { issuer: None, audience: Vec::new(), leeway_seconds: 0 };
    let introspection = Introspection::new(Arc::new(server), expected);
    let tokens = Tokens::new(None, Some(introspection), Clock::new().now()).unwrap();
    assert_eq!(verify(&tokens).await, Err(Refusal::Audience));
}
