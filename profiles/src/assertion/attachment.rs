//! An attachment has content, whose size and hash are those that it states
//! (<https://hl7.org/fhir/R4/datatypes-definitions.html#Attachment.hash>).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest as _, Sha1};

use super::example::{Example, example};
use super::text::Describe;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Weight};
use crate::model::{Primitive, PrimitiveFault, decode_base64, decoded_length};

/// Judges an Attachment. Its data is decoded only if it has a hash.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
    if lacks_content(n) {
        j.find(RuleId::ATTACHMENT_CONTENT, Weight::Warning, n, &[], || Detail::None);
    }
    let (mut data, mut size, mut hash) = (None, None, None);
    for c in n.children().filter(|c| c.has_value()) {
        let part = match c.name_text() {
            "data" => &mut data,
            "size" => &mut size,
            "hash" => &mut hash,
            _ => continue,
        };
        part.get_or_insert(c);
    }
    let Some(data) = data.filter(|_| size.is_some() || hash.is_some()) else { return };
    let data = data.text();
    // Line breaks in the data change neither its size nor its hash.
    if !matches!(Primitive::Base64Binary.check(&data), Ok(()) | Err(PrimitiveFault::Base64Whitespace)) {
        return;
    }
    if let Some(size) = size.map(|s| s.text()) {
        let length = decoded_length(&data);
        if size.parse::<u64>().is_ok_and(|s| s != length) {
            j.error(RuleId::ATTACHMENT_SIZE, n, &[], || {
                Detail::Text(format!("{size} bytes, but its data has {length}"))
            });
        }
    }
    let Some(hash) = hash.map(|h| h.text()) else { return };
    let Some(bytes) = decode_base64(&data) else { return };
    let own = STANDARD.encode(Sha1::digest(&bytes));
    if *hash != own {
        j.error(RuleId::ATTACHMENT_HASH, n, &[], || {
            Detail::Text(format!("`{hash}`, but the hash of its data is `{own}`"))
        });
    }
}

/// Whether an Attachment has neither data nor a url, says nothing of what they would be, and has no extension in their
/// place.
fn lacks_content(n: Node<'_>) -> bool {
    let says = |c: Node<'_>| {
        matches!(c.name(), NameId::URL | NameId::EXTENSION)
            || matches!(c.name_text(), "data" | "contentType" | "language")
    };
    n.is_object() && n.children().next().is_some() && !n.children().any(says)
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::ATTACHMENT_CONTENT, |_| "the attachment has neither data nor a url, and does not say of what kind".into()),
    (RuleId::ATTACHMENT_SIZE, |t| format!("the attachment size is given as {}", t.given()).into()),
    (RuleId::ATTACHMENT_HASH, |t| format!("the attachment hash is given as {}", t.given()).into()),
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::ATTACHMENT_CONTENT, r#"{"resourceType":"Patient","photo":[{"title":"a"§}]}"#, "",
        r#","url":"http://a.test/a.png""#),
    example(RuleId::ATTACHMENT_SIZE, r#"{"resourceType":"Patient","photo":[{"contentType":"image/png","data":"YWJj",
        "size":§}]}"#, "4", "3"),
    example(RuleId::ATTACHMENT_HASH, r#"{"resourceType":"Patient","photo":[{"contentType":"image/png","data":"YWJj",
        "hash":"§"}]}"#, "YWJj", "qZk+NkcGgWq6PiVxeFDCbJzQ2J0="),
];
