//! The signature of a Bundle: whether what is there has the form that its format names
//! (<https://hl7.org/fhir/R4/signatures.html>). No signature is verified, since that needs keys and certificates.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::example::{Example, example};
use super::questionnaire::{named, text_of};
use super::text::Describe;
use crate::fhirpath::Temporal;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Weight};
use crate::model::decode_base64;

/// What is wrong with a signature, and how much it weighs.
type Wrong = (Weight, String);

/// Judges the signature of a Bundle.
pub fn check<'t>(j: &mut Judge<'_, 't>, bundle: Node<'t>) {
    let Some(signature) = named(bundle, "signature").filter(|s| s.is_object()) else { return };
    let format = text_of(signature, "sigFormat").or_else(|| text_of(signature, "contentType"));
    let data = named(signature, "data").or_else(|| named(signature, "blob")).filter(|d| d.has_value());
    let Some(data) = data else {
        return told(j, signature, (Weight::Note, "it has no data".to_owned()));
    };
    let Some(format) = format else {
        return told(j, signature, (Weight::Warning, "it has data, but no `sigFormat` says of what kind".to_owned()));
    };
    // What is no base64 is told elsewhere.
    let Some(bytes) = decode_base64(&data.text()) else { return };
    let kind = format.split(';').next().unwrap_or_default().trim();
    told(j, signature, (Weight::Note, "neither the signed content nor the key was checked".to_owned()));
    match kind {
        "application/jose" | "application/jose+json" => {
            jws(&bytes, signature).into_iter().for_each(|wrong| told(j, signature, wrong));
        }
        "application/signature+xml" if !is_markup(&bytes) => {
            told(j, signature, (Weight::Error, "its data is no XML".to_owned()));
        }
        // Pictures of a signature, and whatever else parties agree on.
        _ => {}
    }
}

fn told<'t>(j: &mut Judge<'_, 't>, at: Node<'t>, (weight, what): Wrong) {
    let rule = if weight == Weight::Error { RuleId::BUNDLE_SIGNATURE } else { RuleId::BUNDLE_SIGNATURE_UNVERIFIABLE };
    j.find(rule, weight, at, &[], || Detail::Text(what));
}

/// Whether bytes start as XML does, after a byte order mark.
fn is_markup(bytes: &[u8]) -> bool {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start().starts_with(b"<")
}

/// What is wrong with a JSON Web Signature: three parts with dots between them, or a JSON object
/// (<https://www.rfc-editor.org/rfc/rfc7515#section-3>).
fn jws(bytes: &[u8], signature: Node<'_>) -> Vec<Wrong> {
    let error = |text: &str| vec![(Weight::Error, text.to_owned())];
    let text = bytes.trim_ascii();
    if text.first() == Some(&b'{') {
        let is_signed = serde_json::from_slice::<Value>(text)
            .is_ok_and(|v| v.get("signatures").or_else(|| v.get("signature")).is_some());
        return if is_signed { Vec::new() } else { error("its data is JSON, but no signature") };
    }
    let parts: Vec<&[u8]> = text.split(|b| *b == b'.').collect();
    let &[header, payload, signed] = parts.as_slice() else {
        return error("its data is no JSON Web Signature: that has three parts with dots between them");
    };
    let header = URL_SAFE_NO_PAD.decode(header).ok().and_then(|h| serde_json::from_slice::<Value>(&h).ok());
    let Some(header) = header.filter(|h| h.get("alg").is_some_and(Value::is_string)) else {
        return error("the header of its data is no JSON object that names an algorithm (`alg`)");
    };
    if signed.is_empty() || URL_SAFE_NO_PAD.decode(signed).is_err() {
        return error("the last part of its data, the signature itself, is not in base64url");
    }
    let mut wrong = Vec::new();
    if URL_SAFE_NO_PAD.decode(payload).is_err() {
        return error("the payload of its data is not in base64url");
    }
    if !payload.is_empty() {
        wrong.push((Weight::Warning, "its data holds a payload, where a detached signature has none".to_owned()));
    }
    if header.get("kid").or_else(|| header.get("x5c")).is_none() {
        wrong.push((Weight::Note, "the header of its data names no key (`kid`) and no certificate (`x5c`)".to_owned()));
    }
    wrong.extend(time(&header, signature));
    wrong
}

/// What is wrong with the time of signing that a header has (`sigT`).
fn time(header: &Value, signature: Node<'_>) -> Option<Wrong> {
    let Some(stated) = header.get("sigT") else {
        return Some((Weight::Note, "the header of its data has no time of signing (`sigT`)".to_owned()));
    };
    let Some(stated) = stated.as_str().and_then(Temporal::date_time) else {
        return Some((Weight::Warning, "the time of signing in the header of its data (`sigT`) is no time".to_owned()));
    };
    let when = text_of(signature, "when").and_then(|w| Temporal::date_time(&w))?;
    let differs = stated.compare(when).is_some_and(|order| order.is_ne());
    differs.then(|| (Weight::Warning, "the time of signing in its data (`sigT`) is not that of `when`".to_owned()))
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::BUNDLE_SIGNATURE, |t| format!("the signature cannot be one: {}", t.given()).into()),
    (RuleId::BUNDLE_SIGNATURE_UNVERIFIABLE, |t| format!("the signature was not verified: {}", t.given()).into()),
];

/// A Bundle that was signed in this format, with this data.
macro_rules! signed {
    ($members:literal) => {
        concat!(
            r#"{"resourceType":"Bundle","type":"collection","signature":{"type":[{"system":"urn:iso-astm:E1762-95:2013",
            "code":"1.2.840.10065.1.12.1.1"}],"when":"2020-01-01T00:00:00Z","who":{"display":"a"},"#,
            $members,
            "}}"
        )
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    // The second is {"alg":"RS256"}, no payload, and `abc`.
    example(RuleId::BUNDLE_SIGNATURE, signed!(r#""sigFormat":"application/jose","data":"§""#), "QUJD",
        "ZXlKaGJHY2lPaUpTVXpJMU5pSjkuLllXSmo="),
    example(RuleId::BUNDLE_SIGNATURE, signed!(r#""sigFormat":"application/signature+xml","data":"§""#), "QUJD",
        "PGEvPg=="),
    example(RuleId::BUNDLE_SIGNATURE_UNVERIFIABLE, r#"{"resourceType":"Bundle","type":"collection"§}"#,
        r#","signature":{"type":[{"system":"urn:iso-astm:E1762-95:2013","code":"1.2.840.10065.1.12.1.1"}],
        "when":"2020-01-01T00:00:00Z","who":{"display":"a"},"sigFormat":"application/signature+xml",
        "data":"PGEvPg=="}"#, ""),
];
