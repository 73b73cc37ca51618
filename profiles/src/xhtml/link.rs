//! Links and anchors of a narrative, and the text of attribute values.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

use super::XhtmlFaultKind;
use super::bytes::are_of_a_url;
use crate::instance::xml_reference;
use crate::model::{Primitive, PrimitiveFault};

/// What a link into the resource is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum LinkKind {
    /// `<a href="#…">`
    Href,
    /// `<img src="#…">`
    Src,
    /// `<img usemap="#…">`
    UseMap,
}

/// A link that starts with `#`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) kind: LinkKind,
    /// What follows the `#`, unescaped.
    pub(crate) target: String,
}

/// An element's `id`, or the `name` of an `a` or a `map`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Anchor {
    /// The value, unescaped.
    pub(crate) text: String,
    /// The value's bytes in the `div` text.
    pub(super) range: Range<usize>,
}

/// What a narrative marks for those outside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// The links into the resource, in the order of the text.
    pub(crate) links: Vec<Link>,
    /// The anchors, in the order of the text; none where there are no links.
    pub(crate) anchors: Vec<Anchor>,
    /// The first id that occurs twice, unescaped.
    pub(crate) repeated_id: Option<String>,
    /// How many elements have an `xml:lang`.
    pub(crate) languages: usize,
}

/// [`xml_reference`] for the common entities at one look: the name and the `;` are the first bytes of a window, the
/// rest zero.
#[inline]
pub(super) fn entity(name: u64) -> Option<char> {
    const QUOT: u64 = u64::from_le_bytes(*b"quot;\0\0\0");
    const AMP: u64 = u64::from_le_bytes(*b"amp;\0\0\0\0");
    const LT: u64 = u64::from_le_bytes(*b"lt;\0\0\0\0\0");
    const GT: u64 = u64::from_le_bytes(*b"gt;\0\0\0\0\0");
    match name {
        QUOT => Some('"'),
        AMP => Some('&'),
        LT => Some('<'),
        GT => Some('>'),
        _ => None,
    }
}

/// The text of an attribute value or a piece of text: references resolved; what is no reference stays as it is.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    let Some(mut at) = memchr(b'&', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let length = after.bytes().position(|b| !(b.is_ascii_alphanumeric() || b == b'#')).unwrap_or(after.len());
        match after[length..].strip_prefix(';').and_then(|tail| Some((xml_reference(&after[..length])?, tail))) {
            Some((c, tail)) => {
                out.push(c);
                rest = tail;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
        match memchr(b'&', rest.as_bytes()) {
            Some(next) => at = next,
            None => break,
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Whether what precedes the data of a `data:` url starts with a media type, or leaves it out.
fn is_media_type(head: &str) -> bool {
    let is_token = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b));
    let media_type = head.split(';').next().unwrap_or_default();
    media_type.is_empty() || media_type.split_once('/').is_some_and(|(a, b)| is_token(a) && is_token(b))
}

/// The fault of a link (`href`) or an image's source, given unescaped.
pub(super) fn fault(value: &str, is_link: bool) -> Option<XhtmlFaultKind> {
    if value.is_empty() {
        return Some(XhtmlFaultKind::EmptyLink);
    }
    if !are_of_a_url(value.as_bytes()) {
        return Some(XhtmlFaultKind::UrlCharacters);
    }
    let starts =
        |scheme: &[u8]| value.as_bytes().get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
    match value.as_bytes().first()?.to_ascii_lowercase() {
        b'd' if starts(b"data:") => {
            // https://www.rfc-editor.org/rfc/rfc2397
            let body = value.get("data:".len()..).unwrap_or_default();
            let Some((head, data)) = body.split_once(',').filter(|(head, _)| is_media_type(head)) else {
                return Some(XhtmlFaultKind::UrlCharacters);
            };
            let data = head.ends_with(";base64").then_some(data)?;
            let sound = matches!(Primitive::Base64Binary.check(data), Ok(()) | Err(PrimitiveFault::Empty));
            (!sound).then_some(XhtmlFaultKind::UrlCharacters)
        }
        b'j' if starts(b"javascript:") => Some(XhtmlFaultKind::ActiveLink),
        b'v' if starts(b"vbscript:") => Some(XhtmlFaultKind::ActiveLink),
        b'u' if is_link && starts(b"urn:") => Some(XhtmlFaultKind::LinkScheme),
        b'c' if is_link && starts(b"cid:") => Some(XhtmlFaultKind::LinkScheme),
        b'#' => None,
        b'h' if starts(b"http:") || starts(b"https:") => None,
        _ => is_link.then(|| unusual(value)).flatten(),
    }
}

/// The schemes that links are commonly written with.
const SCHEMES: [&str; 14] =
    ["http", "https", "mailto", "tel", "sms", "ftp", "ftps", "sftp", "file", "data", "geo", "news", "sip", "webcal"];

/// The fault of a link with a scheme that is none of [`SCHEMES`]
/// (<https://www.rfc-editor.org/rfc/rfc3986#section-3.1>).
fn unusual(value: &str) -> Option<XhtmlFaultKind> {
    let scheme = value.split(['/', '?', '#']).next()?.split_once(':')?.0;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    let is_known = SCHEMES.iter().any(|s| s.eq_ignore_ascii_case(scheme));
    (is_scheme && !is_known).then_some(XhtmlFaultKind::UnusualScheme)
}
