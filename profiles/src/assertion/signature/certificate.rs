//! Signatures by the key of a certificate (<https://www.rfc-editor.org/rfc/rfc7518#section-3>).

use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm};
use webpki::{EndEntityCert, Error, ring};

use crate::model::decode_base64;

/// What a certificate tells of a signature.
pub(super) enum Told {
    Verified,
    Refuted,
    /// It cannot tell: why.
    Nothing(String),
}

/// Whether a message is signed with the key of a certificate, given in base64, by a JSON Web Algorithm.
pub(super) fn tells(certificate: &str, algorithm: &str, message: &[u8], signature: &[u8]) -> Told {
    let Some(der) = decode_base64(certificate).map(CertificateDer::from) else {
        return Told::Nothing("its certificate is not in base64".to_owned());
    };
    let certificate = match EndEntityCert::try_from(&der) {
        Ok(certificate) => certificate,
        Err(e) => return Told::Nothing(format!("its certificate cannot be read: {e}")),
    };
    let by: &dyn SignatureVerificationAlgorithm = match algorithm {
        "RS256" => ring::RSA_PKCS1_2048_8192_SHA256,
        "RS384" => ring::RSA_PKCS1_2048_8192_SHA384,
        "RS512" => ring::RSA_PKCS1_2048_8192_SHA512,
        "PS256" => ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
        "PS384" => ring::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
        "PS512" => ring::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
        "ES256" => ring::ECDSA_P256_SHA256,
        "ES384" => ring::ECDSA_P384_SHA384,
        "EdDSA" => ring::ED25519,
        other => return Told::Nothing(format!("signatures by `{other}` are not verified here")),
    };
    let points = if algorithm.starts_with("ES") { ecdsa(signature) } else { None };
    match certificate.verify_signature(by, message, points.as_deref().unwrap_or(signature)) {
        Ok(()) => Told::Verified,
        Err(Error::InvalidSignatureForPublicKey) => Told::Refuted,
        Err(_) => Told::Nothing(format!("the key of its certificate is none that `{algorithm}` is verified with here")),
    }
}

/// The two numbers of an ECDSA signature as X.509 writes them, in DER
/// (<https://www.rfc-editor.org/rfc/rfc3279#section-2.2.3>): a JSON Web Signature has one behind the other. `None`
/// where there are not two of one length.
fn ecdsa(signature: &[u8]) -> Option<Vec<u8>> {
    let half = signature.len() / 2;
    let (r, s) = signature.split_at_checked(half).filter(|(r, s)| r.len() == s.len() && (1..=48).contains(&half))?;
    let content = [integer(r)?, integer(s)?].concat();
    Some([&[0x30, u8::try_from(content.len()).ok()?][..], &content].concat())
}

/// A number that is not negative, of at most 48 bytes, in DER.
fn integer(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut digits: Vec<u8> = bytes.iter().copied().skip_while(|b| *b == 0).collect();
    if digits.first().is_none_or(|first| *first >= 0x80) {
        digits.insert(0, 0);
    }
    Some([&[0x02, u8::try_from(digits.len()).ok()?][..], &digits].concat())
}
