//! What the kinds of signatures share.

use crate::assertion::questionnaire::text_of;
use crate::fhirpath::Temporal;
use crate::instance::Node;
use crate::judge::Weight;
use crate::model::decode_base64;

/// What is wrong with a signature, and how much it weighs.
pub(super) type Wrong = (Weight, String);

/// What is wrong with the time of signing in a signature, which its element `name` has.
pub(super) fn time(stated: &str, name: &str, signature: Node<'_>) -> Option<Wrong> {
    let Some(stated) = Temporal::date_time(stated.trim()) else {
        return Some((Weight::Warning, format!("the time of signing in its data (`{name}`) is no time")));
    };
    let when = text_of(signature, "when").and_then(|w| Temporal::date_time(&w))?;
    let differs = stated.compare(when).is_some_and(|order| order.is_ne());
    differs.then(|| (Weight::Warning, format!("the time of signing in its data (`{name}`) is not that of `when`")))
}

/// Whether the text is a certificate, as far as its outside shows: base64 of one sequence in DER
/// (<https://www.rfc-editor.org/rfc/rfc5280#section-4.1>).
pub(super) fn is_certificate(text: &str) -> bool {
    let Some(bytes) = decode_base64(text) else { return false };
    let Some((&[0x30, first], rest)) = bytes.split_first_chunk::<2>() else { return false };
    if first < 0x80 {
        return rest.len() == usize::from(first);
    }
    // The first byte tells how many bytes of length follow.
    let Some((length, content)) = rest.split_at_checked(usize::from(first & 0x7f)).filter(|(l, _)| l.len() <= 4) else {
        return false;
    };
    content.len() == length.iter().fold(0, |sum, b| sum << 8 | usize::from(*b))
}
