//! JSON Web Signatures (<https://www.rfc-editor.org/rfc/rfc7515>).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::header::Header;
use super::parts::{Wrong, is_certificate};
use crate::assertion::questionnaire::text_of;
use crate::instance::Node;
use crate::judge::Weight;
use crate::terminology::Grammar;

/// What is wrong with a JSON Web Signature: three parts with dots between them, or a JSON object
/// (<https://www.rfc-editor.org/rfc/rfc7515#section-3>).
pub(super) fn check(bytes: &[u8], signature: Node<'_>) -> Vec<Wrong> {
    let error = |text: &str| vec![(Weight::Error, text.to_owned())];
    let text = bytes.trim_ascii();
    if text.first() == Some(&b'{') {
        let is_signed = serde_json::from_slice::<Value>(text)
            .is_ok_and(|v| v.get("signatures").or_else(|| v.get("signature")).is_some());
        return if is_signed { Vec::new() } else { error("its data is JSON, but no signature") };
    }
    let parts: Vec<&[u8]> = text.splitn(4, |b| *b == b'.').collect();
    let &[header, payload, signed] = parts.as_slice() else {
        return error("its data is no JSON Web Signature: that has three parts with dots between them");
    };
    let Some(header) = Header::read(header) else {
        return error("the header of its data is no JSON object that names an algorithm (`alg`)");
    };
    if let Some(name) = header.wrongly_critical() {
        return error(&format!(
            "the header of its data names {name} as critical, where only extensions that it has may stand"
        ));
    }
    if signed.is_empty() || URL_SAFE_NO_PAD.decode(signed).is_err() {
        return error("the last part of its data, the signature itself, is not in base64url");
    }
    let mut wrong = Vec::new();
    let decoded = if header.is_plain() { Ok(payload.to_vec()) } else { URL_SAFE_NO_PAD.decode(payload) };
    let Ok(content) = decoded else {
        return error("the payload of its data is not in base64url");
    };
    if !payload.is_empty() {
        wrong.push((Weight::Warning, "its data holds a payload, where a detached signature has none".to_owned()));
        let is_json = text_of(signature, "targetFormat").is_some_and(|t| t.contains("json"));
        if is_json && serde_json::from_slice::<IgnoredAny>(&content).is_err() {
            wrong.push((Weight::Warning, "the payload of its data is no JSON, as `targetFormat` says".to_owned()));
        }
    }
    wrong.extend(key(&header));
    wrong.extend(time(&header, signature));
    wrong.extend(canonicalization(&header, signature));
    wrong
}

/// What keeps the key from being known that a header names.
fn key(header: &Header) -> Option<Wrong> {
    let certificates = header.certificates();
    match (header.get("kid"), certificates) {
        (_, Some(all)) if !all.iter().all(|c| c.as_str().is_some_and(is_certificate)) => {
            Some((Weight::Warning, "what the header of its data has as certificate (`x5c`) is none".to_owned()))
        }
        (_, Some(_)) => None,
        (Some(kid), None) => {
            Some((Weight::Note, format!("the key {kid} that the header of its data names (`kid`) is not known here")))
        }
        (None, None) => {
            Some((Weight::Note, "the header of its data names no key (`kid`) and no certificate (`x5c`)".to_owned()))
        }
    }
}

/// What is wrong with the time of signing that a header has (`sigT`).
fn time(header: &Header, signature: Node<'_>) -> Option<Wrong> {
    let Some(stated) = header.get("sigT") else {
        return Some((Weight::Note, "the header of its data has no time of signing (`sigT`)".to_owned()));
    };
    super::parts::time(stated.as_str().unwrap_or_default(), "sigT", signature)
}

/// What is wrong with how the content was brought into a normal form: `targetFormat` says it, and the header may
/// (`canon`).
fn canonicalization(header: &Header, signature: Node<'_>) -> Option<Wrong> {
    let target = text_of(signature, "targetFormat")?;
    if !Grammar::MediaType.holds(target.split(';').next().unwrap_or_default().trim()) {
        return Some((Weight::Warning, format!("`targetFormat` is no media type: `{target}`")));
    }
    let stated = stated_canonicalization(&target)?;
    let own = header.get("canon").and_then(Value::as_str).filter(|own| *own != stated)?;
    Some((
        Weight::Warning,
        format!("the header of its data names the canonicalization `{own}`, `targetFormat` `{stated}`"),
    ))
}

/// The canonicalization that a media type names as its parameter.
pub(super) fn stated_canonicalization(target: &str) -> Option<&str> {
    let mut parameters = target.split(';').skip(1).map(str::trim);
    parameters.find_map(|p| p.strip_prefix("canonicalization=")).map(|c| c.trim_matches('"'))
}
