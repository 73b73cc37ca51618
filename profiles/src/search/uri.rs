//! Uri search (<https://hl7.org/fhir/R4/search.html#uri>).

use std::borrow::Cow;

use super::answer::{Open, Told, any, open};
use super::escape::plain;
use super::reading::{Reading, text_of};
use crate::fhirpath::Item;

/// How addresses are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// They are the same.
    Exact,
    /// That of the resource is below the one asked for.
    Below,
    /// That of the resource is above the one asked for.
    Above,
}

/// Reads a value.
pub(super) fn parse(text: &str) -> Result<Cow<'_, str>, Open> {
    let text = plain(text)?;
    if text.is_empty() { open("a value is empty") } else { Ok(text) }
}

/// Whether an address is another, or below it by their paths.
fn is_below(low: &str, high: &str) -> Told {
    if low == high {
        return Ok(true);
    }
    let Some(rest) = low.strip_prefix(high) else { return Ok(false) };
    if !high.starts_with("http://") && !high.starts_with("https://") {
        return open("`:above` and `:below` are for addresses that have paths");
    }
    if high.ends_with('/') || rest.starts_with('/') {
        return Ok(true);
    }
    open("servers differ in how they compare the beginnings of addresses")
}

fn is(mode: Mode, found: &str, wanted: &str, is_canonical: bool) -> Told {
    match mode {
        Mode::Below => is_below(found, wanted),
        Mode::Above => is_below(wanted, found),
        Mode::Exact if found == wanted => Ok(true),
        Mode::Exact if is_canonical => {
            let url = |text: &str| text.split_once('|').map(|(url, _)| url.to_owned());
            let apart_by_version = match (url(found), url(wanted)) {
                (Some(found), None) => found == wanted,
                (None, Some(wanted)) => found == wanted,
                _ => false,
            };
            if apart_by_version { open("a canonical differs from the one asked for in its version") } else { Ok(false) }
        }
        Mode::Exact => Ok(false),
    }
}

/// Whether an item is any of the addresses.
pub(super) fn meets(reading: &Reading<'_>, item: &Item<'_>, mode: Mode, wanted: &[Result<Cow<'_, str>, Open>]) -> Told {
    let (text, is_canonical) = match (item, reading.type_of(item)) {
        (Item::Node(node, _), name @ ("uri" | "url" | "canonical" | "oid" | "uuid")) => {
            (text_of(*node)?, name == "canonical")
        }
        _ => match item.as_str() {
            Some(text) => (Some(Cow::Borrowed(text)), false),
            None => return open("the parameter finds what is no address"),
        },
    };
    let Some(found) = text else { return Ok(false) };
    any(wanted.iter().map(|uri| {
        reading.take(1)?;
        is(mode, &found, uri.as_ref().map_err(Clone::clone)?, is_canonical)
    }))
}
