//! Public keys of an issuer (<https://www.rfc-editor.org/rfc/rfc7517#section-4>).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm};
use serde_json::Value;

use super::{Algorithm, Refusal};

/// A key that verifies signatures.
#[derive(Debug)]
pub(super) struct Key {
    /// Its `kid`.
    pub id: Option<String>,
    /// The one algorithm that it is for, where it says so.
    only: Option<Algorithm>,
    material: Material,
}

#[derive(Debug)]
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

impl Key {
    /// The key of a JWK; `None` where it is of another type or for another use, shared secrets among them.
    pub fn read(jwk: &Value) -> Option<Key> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
        let verifies = |ops: &Value| ops.as_array().is_some_and(|ops| ops.iter().any(|op| op == "verify"));
        if text("use").is_some_and(|u| u != "sig") || jwk.get("key_ops").is_some_and(|ops| !verifies(ops)) {
            return None;
        }
        let only = match text("alg") {
            Some(name) => Some(Algorithm::parse(name)?),
            None => None,
        };
        let point = |length: usize| {
            let (x, y) = (bytes("x")?, bytes("y")?);
            (x.len() == length && y.len() == length).then(|| [&[4][..], &x, &y].concat())
        };
        let material = match (text("kty")?, text("crv")) {
            ("RSA", _) => Material::Rsa { n: unpadded(bytes("n")?), e: unpadded(bytes("e")?) },
            ("EC", Some("P-256")) => Material::P256(point(32)?),
            ("EC", Some("P-384")) => Material::P384(point(48)?),
            ("OKP", Some("Ed25519")) => Material::Ed25519(bytes("x").filter(|x| x.len() == 32)?),
            _ => return None,
        };
        Some(Key { id: text("kid").map(str::to_owned), only, material })
    }

    /// Whether the key is one for an algorithm, by its type and by what it says itself.
    pub fn fits(&self, algorithm: Algorithm) -> bool {
        self.only.is_none_or(|only| only == algorithm) && self.verifier(algorithm).is_some()
    }

    /// How the key verifies by an algorithm; `None` where its type does not fit.
    fn verifier(&self, algorithm: Algorithm) -> Option<Verifier<'_>> {
        Some(match (&self.material, algorithm) {
            (Material::P256(point), Algorithm::Es256) => Verifier::Plain(&signature::ECDSA_P256_SHA256_FIXED, point),
            (Material::P384(point), Algorithm::Es384) => Verifier::Plain(&signature::ECDSA_P384_SHA384_FIXED, point),
            (Material::Ed25519(point), Algorithm::EdDsa) => Verifier::Plain(&signature::ED25519, point),
            (Material::Rsa { n, e }, algorithm) => Verifier::Rsa(rsa(algorithm)?, RsaPublicKeyComponents { n, e }),
            _ => return None,
        })
    }

    /// Verifies a signature.
    ///
    /// # Errors
    /// [`Refusal::Key`] where the key is not one for the algorithm, [`Refusal::Signature`] for a wrong signature.
    pub fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> Result<(), Refusal> {
        let verifier = self.verifier(algorithm).filter(|_| self.fits(algorithm)).ok_or(Refusal::Key)?;
        match verifier {
            Verifier::Plain(by, point) => UnparsedPublicKey::new(by, point).verify(message, signature),
            Verifier::Rsa(by, key) => key.verify(by, message, signature),
        }
        .map_err(|_| Refusal::Signature)
    }
}

enum Verifier<'k> {
    Plain(&'static dyn VerificationAlgorithm, &'k [u8]),
    Rsa(&'static RsaParameters, RsaPublicKeyComponents<&'k Vec<u8>>),
}

/// How RSA keys of 2048 to 8192 bits verify by an algorithm.
fn rsa(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    Some(match algorithm {
        Algorithm::Rs256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        Algorithm::Rs384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        Algorithm::Rs512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        Algorithm::Ps256 => &signature::RSA_PSS_2048_8192_SHA256,
        Algorithm::Ps384 => &signature::RSA_PSS_2048_8192_SHA384,
        Algorithm::Ps512 => &signature::RSA_PSS_2048_8192_SHA512,
        Algorithm::Es256 | Algorithm::Es384 | Algorithm::EdDsa => return None,
    })
}

/// A number without zeros in front of it, which some issuers write.
fn unpadded(bytes: Vec<u8>) -> Vec<u8> {
    bytes.into_iter().skip_while(|b| *b == 0).collect()
}
