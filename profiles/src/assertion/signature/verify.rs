//! Whether a Bundle is what a JSON Web Signature signs, by the certificate that comes with it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::certificate::{Told, tells};
use super::header::Header;
use super::{content, jws};
use crate::assertion::questionnaire::text_of;
use crate::instance::Node;
use crate::model::Model;

/// What is known of a signature.
pub(super) enum Verified {
    /// It is that of this Bundle: by what.
    Yes(String),
    /// It is not: why.
    No(String),
    /// It was not verified: why.
    Unknown(String),
}

/// Verifies a JSON Web Signature in its compact form, which has been found to have that form. Who issued the
/// certificate is not looked at.
pub(super) fn jws(bytes: &[u8], bundle: Node<'_>, signature: Node<'_>, model: &Model) -> Verified {
    found(bytes, bundle, signature, model).unwrap_or_else(Verified::Unknown)
}

fn found(bytes: &[u8], bundle: Node<'_>, signature: Node<'_>, model: &Model) -> Result<Verified, String> {
    let parts: Vec<&[u8]> = bytes.trim_ascii().splitn(3, |b| *b == b'.').collect();
    let &[head, payload, signed] = parts.as_slice() else {
        return Err("only the compact form of JSON Web Signatures is verified".to_owned());
    };
    let header = Header::read(head).ok_or("its header cannot be read")?;
    let certificate = header.certificates().and_then(|all| all.first()).and_then(Value::as_str);
    let certificate = certificate.ok_or("neither the signed content nor the key was checked")?;
    if let Some(name) = header.not_understood() {
        return Err(format!("its header makes `{name}` critical, which is not understood here"));
    }
    let target = text_of(signature, "targetFormat").unwrap_or_default();
    if target.contains("xml") {
        return Err("what is signed is its XML, which is not brought into a canonical form here".to_owned());
    }
    let kind = text_of(bundle, "type");
    let stated = header.text("canon").or_else(|| jws::stated_canonicalization(&target));
    let (canonical, value) = content::of(bundle, stated.unwrap_or_else(|| content::of_type(kind.as_deref())), model)?;
    let signed = URL_SAFE_NO_PAD.decode(signed).map_err(|_| "it is not in base64url")?;
    let is_signed = |payload: &[u8]| {
        let body = if header.is_plain() { payload.to_vec() } else { URL_SAFE_NO_PAD.encode(payload).into_bytes() };
        tells(certificate, header.text("alg").unwrap_or_default(), &[head, b".", &body].concat(), &signed)
    };
    match is_signed(canonical.as_bytes()) {
        Told::Nothing(why) => Err(why),
        Told::Verified => Ok(Verified::Yes(
            "by the key of the certificate in it; who issued that, and whether it still holds, was not checked"
                .to_owned(),
        )),
        Told::Refuted if payload.is_empty() => Ok(Verified::No(
            "by the key of the certificate in it, its canonical JSON was not signed, or has changed since".to_owned(),
        )),
        Told::Refuted => {
            let attached = if header.is_plain() { Ok(payload.to_vec()) } else { URL_SAFE_NO_PAD.decode(payload) };
            let attached = attached.map_err(|_| "its payload is not in base64url")?;
            let holds = matches!(is_signed(&attached), Told::Verified);
            Ok(Verified::No(of_payload(&canonical, &value, &attached, holds)))
        }
    }
}

/// How the payload that comes with a signature differs from the Bundle.
fn of_payload(canonical: &str, value: &Value, attached: &[u8], holds: bool) -> String {
    let (ours, theirs) = (canonical.len(), attached.len());
    if attached == canonical.as_bytes() {
        return format!(
            "its canonical JSON ({ours} bytes) is the payload that comes with it, which was not signed either"
        );
    }
    let same = serde_json::from_slice::<Value>(attached).is_ok_and(|other| other == *value);
    let how = if same { "the same JSON, but not in canonical form" } else { "other JSON" };
    let signed = if holds { "was signed" } else { "was not signed either" };
    format!(
        "its canonical JSON ({ours} bytes) was not signed; the payload that comes with it {signed}, and is {how} \
         ({theirs} bytes)"
    )
}
