//! The size and the hash of an attachment are those of its data (https://hl7.org/fhir/R4/datatypes-definitions.html#Attachment.hash).

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, PAD};
use sha1::{Digest as _, Sha1};

use super::example::{Example, example};
use super::primitive::decoded_length;
use super::text::Describe;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};
use crate::model::Primitive;

/// Base64 as its own rule takes it, whatever the last digit's unused bits are.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&base64::alphabet::STANDARD, PAD.with_decode_allow_trailing_bits(true));

/// Judges an Attachment. Its data is decoded only where it gives a hash.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
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
    if Primitive::Base64Binary.check(&data).is_err() {
        return;
    }
    if let Some(size) = size.map(|s| s.text()) {
        let length = decoded_length(&data);
        if size.parse::<u64>().is_ok_and(|s| s != length) {
            j.error(RuleId::ATTACHMENT_SIZE, n, &[], || Detail::Text(format!("{size} bytes, its data has {length}")));
        }
    }
    let Some((node, hash)) = hash.map(|h| (h, h.text())) else { return };
    let Ok(bytes) = BASE64.decode(&*data) else { return };
    let own = BASE64.encode(Sha1::digest(&bytes));
    if *hash != own {
        j.error(RuleId::ATTACHMENT_HASH, node, &[], || Detail::Text(format!("`{hash}`, that of its data is `{own}`")));
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::ATTACHMENT_SIZE, |t| format!("the size of the attachment is given as {}", t.given()).into()),
    (RuleId::ATTACHMENT_HASH, |t| format!("the hash of the attachment is given as {}", t.given()).into()),
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::ATTACHMENT_SIZE, r#"{"resourceType":"Patient","photo":[{"contentType":"image/png","data":"YWJj","size":§}]}"#, "4", "3"),
    example(RuleId::ATTACHMENT_HASH, r#"{"resourceType":"Patient","photo":[{"contentType":"image/png","data":"YWJj","hash":"§"}]}"#, "YWJj", "qZk+NkcGgWq6PiVxeFDCbJzQ2J0="),
];
