//! SMART Health Cards (<https://spec.smarthealth.cards/>) to the JSON in them: a file of credentials, a JSON Web
//! Signature by itself, or the digits of a QR code. Signatures are not verified.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// Bound on what the payload of one credential may inflate to, in bytes.
const PAYLOAD_BYTES: u64 = 16 << 20;
/// Bound on the credentials of a file.
const CREDENTIALS: usize = 1_000;
/// What each pair of digits of a QR code adds to, to give a character.
const FIRST_CHARACTER: u8 = 45;

/// One credential of a health card.
#[derive(Debug, PartialEq, Eq)]
pub struct Credential {
    /// Where in the card it stands, as `verifiableCredential[0]`; empty where the card is one credential.
    pub place: String,
    /// `{"header": …, "payload": …}`; a part that could not be read is null.
    pub text: Vec<u8>,
}

/// The credentials of a text; `None` where it is no health card.
///
/// # Errors
/// A text for people, where a bound kept one from being read.
pub fn credentials(text: &[u8]) -> Result<Option<Vec<Credential>>, String> {
    let text = text.trim_ascii();
    let alone = |signature: &str| {
        let text = opened(signature)?;
        Ok(Some(vec![Credential { place: String::new(), text }]))
    };
    match text {
        [b's', b'h', b'c', b':', b'/', digits @ ..] => alone(&from_digits(digits).unwrap_or_default()),
        [b'e', b'y', b'J', ..] if text.iter().filter(|b| **b == b'.').count() == 2 => {
            alone(&String::from_utf8_lossy(text))
        }
        [b'{', ..] if memchr::memmem::find(text, b"\"verifiableCredential\"").is_some() => of_file(text),
        _ => Ok(None),
    }
}

/// The credentials of a file. A file that is no JSON, or holds anything but strings, is left to the engine.
fn of_file(text: &[u8]) -> Result<Option<Vec<Credential>>, String> {
    let Ok(Value::Object(file)) = serde_json::from_slice(text) else { return Ok(None) };
    let Some(Value::Array(all)) = file.get("verifiableCredential").filter(|_| !file.contains_key("resourceType"))
    else {
        return Ok(None);
    };
    if all.len() > CREDENTIALS {
        return Err(format!("the health card has {} credentials; at most {CREDENTIALS} are read", all.len()));
    }
    let Some(signatures) = all.iter().map(Value::as_str).collect::<Option<Vec<&str>>>().filter(|s| !s.is_empty())
    else {
        return Ok(None);
    };
    let one = |(i, signature): (usize, &&str)| {
        Ok(Credential { place: format!("verifiableCredential[{i}]"), text: opened(signature)? })
    };
    signatures.iter().enumerate().map(one).collect::<Result<Vec<_>, String>>().map(Some)
}

/// The text that the digits of a QR code stand for, two a character; `None` where they do not.
fn from_digits(digits: &[u8]) -> Option<String> {
    let character = |pair: &[u8]| match pair {
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some(char::from((a - b'0') * 10 + (b - b'0') + FIRST_CHARACTER)),
        _ => None,
    };
    digits.chunks(2).map(character).collect()
}

/// Header and payload of a JSON Web Signature as one JSON text.
fn opened(signature: &str) -> Result<Vec<u8>, String> {
    let mut parts = signature.split('.').map(|part| URL_SAFE_NO_PAD.decode(part.as_bytes()).ok());
    let (header, payload) = (parts.next().flatten(), parts.next().flatten());
    let header = header.filter(|h| serde_json::from_slice::<Value>(h).is_ok());
    let payload = payload.map(inflated).transpose()?.flatten();
    let or_null = |part: Option<Vec<u8>>| part.unwrap_or_else(|| b"null".to_vec());
    Ok([&b"{\"header\": "[..], &or_null(header), b",\n\"payload\": ", &or_null(payload), b"}"].concat())
}

/// A payload, inflated where it is compressed; `None` where it can be neither.
fn inflated(bytes: Vec<u8>) -> Result<Option<Vec<u8>>, String> {
    if bytes.first() == Some(&b'{') {
        return Ok(Some(bytes));
    }
    let mut out = Vec::new();
    let read = flate2::read::DeflateDecoder::new(&*bytes).take(PAYLOAD_BYTES + 1).read_to_end(&mut out);
    if out.len() as u64 > PAYLOAD_BYTES {
        return Err(format!("the payload of the health card inflates to more than {PAYLOAD_BYTES} bytes"));
    }
    Ok(read.is_ok().then_some(out))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn signature(payload: &[u8]) -> String {
        let mut deflated = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        deflated.write_all(payload).unwrap();
        let parts = [&br#"{"alg":"ES256","zip":"DEF","kid":"a"}"#[..], &deflated.finish().unwrap(), b"signature"];
        parts.map(|p| URL_SAFE_NO_PAD.encode(p)).join(".")
    }

    fn one(text: &str) -> String {
        let all = credentials(text.as_bytes()).unwrap().unwrap();
        String::from_utf8(all.into_iter().next().unwrap().text).unwrap()
    }

    #[test]
    fn all_three_forms_hold_the_same() {
        let signature = signature(br#"{"iss":"https://a.test"}"#);
        let expected = "{\"header\": {\"alg\":\"ES256\",\"zip\":\"DEF\",\"kid\":\"a\"},\n\"payload\": \
                        {\"iss\":\"https://a.test\"}}";
        assert_eq!(one(&signature), expected);
        assert_eq!(one(&format!(" {{\"verifiableCredential\": [\"{signature}\"]}}\n")), expected);
        let digits: String = signature.bytes().map(|b| format!("{:02}", b - FIRST_CHARACTER)).collect();
        assert_eq!(one(&format!("shc:/{digits}")), expected);
    }

    #[test]
    fn what_cannot_be_opened_is_null() {
        assert_eq!(one("shc:/123x"), "{\"header\": null,\n\"payload\": null}");
        assert_eq!(one("eyJ.!.a"), "{\"header\": null,\n\"payload\": null}");
    }

    #[test]
    fn other_texts_are_no_cards() {
        for text in ["", "{}", "<Patient/>", r#"{"verifiableCredential": [1]}"#, r#"{"verifiableCredential": []}"#] {
            assert_eq!(credentials(text.as_bytes()), Ok(None), "{text}");
        }
    }

    #[test]
    fn a_payload_that_inflates_beyond_the_bound_is_refused() {
        let bomb = vec![b' '; PAYLOAD_BYTES as usize + 1];
        assert!(credentials(signature(&bomb).as_bytes()).is_err());
    }
}
