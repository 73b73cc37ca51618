//! An issuer of tokens, with keys of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fhir_accord::token::{Algorithm, Asked, Expected, Jwt, KeySource, Keys, Now, Tokens, Unanswered};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair};
use serde_json::{Value, json};

pub const ISSUER: &str = "https://idp.example";
pub const AUDIENCE: &str = "https://fhir.example";
/// The time of the tests, in seconds since 1970.
pub const NOW: u64 = 1_800_000_000;
/// How far clocks may be apart.
pub const LEEWAY: u64 = 30;

pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A clock that is set.
#[derive(Clone)]
pub struct Clock(pub Arc<AtomicU64>);

impl Clock {
    pub fn new() -> Clock {
        Clock(Arc::new(AtomicU64::new(NOW)))
    }

    pub fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub fn now(&self) -> Now {
        let clock = Arc::clone(&self.0);
        Arc::new(move || clock.load(Ordering::SeqCst))
    }
}

/// The keys of an issuer.
pub struct Issuer {
    pub rsa: RsaKeyPair,
    ec: EcdsaKeyPair,
    ed: Ed25519KeyPair,
    random: SystemRandom,
}

impl Issuer {
    pub fn new() -> Issuer {
        let random = SystemRandom::new();
        let ec = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let ed = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
        Issuer {
            rsa: RsaKeyPair::from_pkcs8(include_bytes!("rsa.pk8")).unwrap(),
            ec: EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, ec.as_ref(), &random).unwrap(),
            ed: Ed25519KeyPair::from_pkcs8(ed.as_ref()).unwrap(),
            random,
        }
    }

    /// The JWK set: an RSA key `rsa`, an EC key `ec`, an Ed25519 key `ed`, and what is of no use.
    pub fn jwks(&self) -> Value {
        let rsa: PublicKeyComponents<Vec<u8>> = self.rsa.public().into();
        let point = self.ec.public_key().as_ref();
        json!({"keys": [
            {"kty": "oct", "kid": "secret", "k": encode("secret")},
            {"kty": "RSA", "kid": "rsa", "use": "sig", "n": encode(&rsa.n), "e": encode(&rsa.e)},
            {"kty": "EC", "kid": "ec", "crv": "P-256", "x": encode(&point[1..33]), "y": encode(&point[33..])},
            {"kty": "OKP", "kid": "ed", "crv": "Ed25519", "alg": "EdDSA", "x": encode(self.ed.public_key())},
            {"kty": "new", "kid": "unheard of"},
        ]})
    }

    /// A token of these parts, signed by the algorithm that the header names.
    pub fn sign(&self, header: &Value, claims: &str) -> String {
        let signed = format!("{}.{}", encode(header.to_string()), encode(claims));
        let signature = self.signature(header["alg"].as_str().unwrap_or_default(), signed.as_bytes());
        format!("{signed}.{}", encode(signature))
    }

    pub fn signature(&self, algorithm: &str, signed: &[u8]) -> Vec<u8> {
        use ring::signature::{RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RSA_PSS_SHA384, RsaEncoding};
        let rsa = |by: &'static dyn RsaEncoding| {
            let mut signature = vec![0; self.rsa.public().modulus_len()];
            self.rsa.sign(by, &self.random, signed, &mut signature).unwrap();
            signature
        };
        match algorithm {
            "RS256" => rsa(&RSA_PKCS1_SHA256),
            "RS512" => rsa(&RSA_PKCS1_SHA512),
            "PS384" => rsa(&RSA_PSS_SHA384),
            "ES256" => self.ec.sign(&self.random, signed).unwrap().as_ref().to_vec(),
            "EdDSA" => self.ed.sign(signed).as_ref().to_vec(),
            other => panic!("{other}"),
        }
    }

    /// A token that is taken, with these scopes.
    pub fn token(&self, scope: &str) -> String {
        self.sign(&json!({"alg": "ES256", "kid": "ec", "typ": "at+jwt"}), &claims(&json!({"scope": scope})))
    }
}

/// The claims of a token that is taken, with others over them; null takes one away.
pub fn claims(over: &Value) -> String {
    let mut claims = json!({"iss": ISSUER, "aud": [AUDIENCE, "another"], "exp": NOW + 300, "nbf": NOW - 10,
        "scope": "patient/*.rs", "patient": "p1"});
    for (name, value) in over.as_object().unwrap() {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    claims.to_string()
}

/// A source of keys that counts how often it is asked.
pub struct Source {
    pub set: std::sync::Mutex<Result<Value, Unanswered>>,
    pub asked: AtomicUsize,
}

impl Source {
    pub fn new(set: Value) -> Arc<Source> {
        Arc::new(Source { set: std::sync::Mutex::new(Ok(set)), asked: AtomicUsize::new(0) })
    }
}

impl KeySource for Source {
    fn keys(&self) -> Asked<'_> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let set = self.set.lock().unwrap().clone();
        Box::pin(async move { set.map(|set| set.to_string().into_bytes()) })
    }
}

/// Verifies by the keys of a source, with all algorithms but PS512.
pub async fn tokens(source: Arc<Source>, clock: &Clock) -> Tokens {
    let keys = Keys::open(source, clock.now()).await.unwrap();
    let expected =
        Expected { issuer: Some(ISSUER.to_owned()), audience: vec![AUDIENCE.to_owned()], leeway_seconds: LEEWAY };
    let allowed = Algorithm::ALL.into_iter().filter(|a| *a != Algorithm::Ps512).collect();
    Tokens::new(Some(Jwt::new(keys, allowed, expected).unwrap()), None, clock.now()).unwrap()
}
