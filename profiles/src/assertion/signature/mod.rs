//! The signature of a Bundle: whether what is there has the form that its format names, and, of a JSON Web Signature
//! with its certificate, whether the Bundle is what was signed (<https://hl7.org/fhir/R4/signatures.html>). Who issued
//! a certificate, and whether it still holds, is not checked: that needs trust and a clock.

mod certificate;
mod content;
mod header;
mod jws;
mod parts;
mod verify;
mod xml;

use parts::Wrong;
use verify::Verified;

use super::example::{Example, example};
use super::questionnaire::{named, text_of};
use super::text::Describe;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Weight};
use crate::model::decode_base64;

/// Bound on the bytes of a signature that is looked into.
const BYTES: usize = 256 << 10;

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
    if bytes.len() > BYTES {
        return told(j, signature, (Weight::Note, format!("its data has more than {BYTES} bytes")));
    }
    let kind = format.split(';').next().unwrap_or_default().trim();
    let (wrong, verified) = match kind {
        "application/jose" | "application/jose+json" => {
            (jws::check(&bytes, signature), verify::jws(&bytes, bundle, signature, j.model()))
        }
        "application/signature+xml" | "application/pkcs7-signature" if is_markup(&bytes) || kind.ends_with("xml") => {
            let why = "neither the signed content nor the key was checked".to_owned();
            (xml::check(&bytes, signature), Verified::Unknown(why))
        }
        // Pictures of a signature, and whatever else parties agree on.
        _ => (Vec::new(), Verified::Unknown(format!("signatures in `{kind}` are not looked into"))),
    };
    let can_be_one = wrong.iter().all(|(weight, _)| *weight != Weight::Error);
    wrong.into_iter().for_each(|wrong| told(j, signature, wrong));
    if !can_be_one {
        return;
    }
    match verified {
        Verified::Yes(by) => {
            j.find(RuleId::BUNDLE_SIGNATURE_VERIFIED, Weight::Note, signature, &[], || Detail::Text(by))
        }
        Verified::No(why) => j.find(RuleId::BUNDLE_SIGNATURE_WRONG, Weight::Error, bundle, &[], || Detail::Text(why)),
        Verified::Unknown(why) => told(j, signature, (Weight::Note, why)),
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

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::BUNDLE_SIGNATURE, |t| format!("the signature cannot be one: {}", t.given()).into()),
    (RuleId::BUNDLE_SIGNATURE_UNVERIFIABLE, |t| format!("the signature was not verified: {}", t.given()).into()),
    (RuleId::BUNDLE_SIGNATURE_VERIFIED, |t| format!("the signature is that of this Bundle, {}", t.given()).into()),
    (RuleId::BUNDLE_SIGNATURE_WRONG, |t| format!("the signature is not that of this Bundle: {}", t.given()).into()),
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

/// An XML signature with one reference, to the whole.
const XML: &str = concat!(
    "PFNpZ25hdHVyZSB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC8wOS94bWxkc2lnIyI+PFNpZ25lZEluZm8+PF",
    "JlZmVyZW5jZSBVUkk9IiIvPjwvU2lnbmVkSW5mbz48U2lnbmF0dXJlVmFsdWU+WVE9PTwvU2lnbmF0dXJlVmFsdWU+",
    "PC9TaWduYXR1cmU+",
);

/// A Bundle of this type with no more in it than a detached signature, by ES256, of one that is a `collection`; with
/// the certificate of a key that was made for it and thrown away.
macro_rules! collection {
    ($type:literal) => {
        concat!(
            r#"{"resourceType":"Bundle","type":""#,
            $type,
            r#"","signature":{"type":[{"system":"urn:iso-astm:E1762-95:2013","code":"1.2.840.10065.1.12.1.1"}],"#,
            r#""when":"2020-01-01T00:00:00Z","who":{"display":"a"},"sigFormat":"application/jose","data":""#,
            "ZXlKaGJHY2lPaUpGVXpJMU5pSXNJbmcxWXlJNld5Sk5TVWxDWW1wRFEwRlNWMmRCZDBsQ1FXZEpWVVZ1Um1KdE1ERlZVRmR0",
            "TmtSWWJVNUVaakJ0TmtaeWQwMXZVWGREWjFsSlMyOWFTWHBxTUVWQmQwbDNSRVJGUzAxQlowZEJNVlZGUVhkM1FsbFVRV2RH",
            "ZHpCNVRtcEZlVTFFUlhkT1JGRjVUa1JXWVVkQk9IbE5WRWt5VFZSRmQwNTZRVEJPUkVrd1RsWnZkMFJFUlV0TlFXZEhRVEZW",
            "UlVGM2QwSlpWRUphVFVKTlIwSjVjVWRUVFRRNVFXZEZSME5EY1VkVFRUUTVRWGRGU0VFd1NVRkNTSE5rVFc5c1QwcEdVVU5G",
            "UlhwNFoyVkpOblZhYXpOcWNVZERhbnBSUkV4UWFIWXJXV0Z5ZEdVelNrazBaRTFGY0dkTlFpOXhPRUZHYTBNelpFRmxNbk4y",
            "UzNCMk4yMXdNemRLWW5Gbk1uWnhlRTR3V1V0cVZYcENVazFDTUVkQk1WVmtSR2RSVjBKQ1V6SjBaR3hyYTFCeFJuUXpjbEl5",
            "ZVZkbVEwUjVWSFYwVURrd1JFRm1RbWRPVmtoVFRVVkhSRUZYWjBKVE1uUmtiR3RyVUhGR2RETnlVako1VjJaRFJIbFVkWFJR",
            "T1RCRVFWQkNaMDVXU0ZKTlFrRm1PRVZDVkVGRVFWRklMMDFCYjBkRFEzRkhVMDAwT1VKQlRVTkJNR05CVFVWUlEwbEdUbEJO",
            "THpVMU0xSllValZuTDFCUVZGcFdXbW92ZDJ0c2R6SnlTWGhUY0d4TFNXOWtkemtyVmpsS1FXbEJXVXhPWVZKc2VqVk5aalJX",
            "VDJKTE4zSXdZaXR5ZVVGdGJURnllRk5LY2tRME4weHRhbmxDWTJWaGR6MDlJbDBzSW5OcFoxUWlPaUl5TURJd0xUQXhMVEF4",
            "VkRBd09qQXdPakF3V2lKOS4ueFlrSGZ6TnF2QnFIS2lwcWVUWkItakZqUEE5MFZWSzNJWk1fTmxWWEJSOEtwZmw1eEk4M0Nq",
            "cFhwVGduaTE0cHNWX1ZfaWRsbV93aVg3SnJZdC1UQXc=",
            r#""}}"#,
        )
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    // The second is {"alg":"RS256"}, no payload, and `abc`.
    example(RuleId::BUNDLE_SIGNATURE, signed!(r#""sigFormat":"application/jose","data":"§""#), "QUJD",
        "ZXlKaGJHY2lPaUpTVXpJMU5pSjkuLllXSmo="),
    example(RuleId::BUNDLE_SIGNATURE, signed!(r#""sigFormat":"application/signature+xml","data":"§""#), "QUJD", XML),
    example(RuleId::BUNDLE_SIGNATURE, signed!(r#""sigFormat":"application/signature+xml","data":"§""#), "PGEvPg==",
        XML),
    example(RuleId::BUNDLE_SIGNATURE_UNVERIFIABLE, r#"{"resourceType":"Bundle","type":"collection"§}"#,
        r#","signature":{"type":[{"system":"urn:iso-astm:E1762-95:2013","code":"1.2.840.10065.1.12.1.1"}],
        "when":"2020-01-01T00:00:00Z","who":{"display":"a"},"sigFormat":"image/png",
        "data":"PGEvPg=="}"#, ""),
    example(RuleId::BUNDLE_SIGNATURE_WRONG, collection!("§"), "batch", "collection"),
    example(RuleId::BUNDLE_SIGNATURE_VERIFIED, "§", collection!("collection"), r#"{"resourceType":"Bundle",
        "type":"collection"}"#),
];
