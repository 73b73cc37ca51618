//! Quotes around primitives.

use super::context::Context;
use super::edit::{Edit, Fix};
use crate::elements::{Lexeme, lexeme};
use crate::profiles::instance::is_json_number;

/// Takes a number or a boolean out of its quotes, or puts it in.
pub(super) fn quotes(c: &Context<'_>) -> Option<Fix> {
    if c.is_xml() {
        return None;
    }
    let written = c.written();
    let is_boolean = matches!(written, "true" | "false");
    let is_number = is_json_number(written.as_bytes());
    let (_, spots) = c.told()?;
    let wanted = spots.first().and_then(|spot| spot.type_named(&c.member()?.name)).map(|code| lexeme(&code));
    match (c.quoted(), wanted) {
        (Some(range), Some(Lexeme::Boolean)) if is_boolean => Some(taken_out(range.clone(), written)),
        (Some(range), Some(Lexeme::Number)) if is_number => Some(taken_out(range.clone(), written)),
        (None, Some(Lexeme::Text)) if is_boolean || is_number => {
            let span = c.span();
            let edits = vec![Edit::insert(span.start, "\""), Edit::insert(span.end, "\"")];
            Some(Fix::safe("put the value in quotes", edits))
        }
        _ => None,
    }
}

fn taken_out(range: std::ops::Range<usize>, written: &str) -> Fix {
    Fix::safe("take the value out of its quotes", vec![Edit::new(range, written)])
}
