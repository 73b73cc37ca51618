//! The escapes of search values (<https://hl7.org/fhir/R4/search.html#escaping>): `\,`, `\|`, `\$` and `\\`.

use std::borrow::Cow;

use super::answer::{Open, open};

/// The parts of a text between separators that are not escaped; escapes stay in them.
pub(super) fn split(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut is_escaped = false;
        let at = text.bytes().position(|b| {
            let found = b == separator && !is_escaped;
            is_escaped = b == b'\\' && !is_escaped;
            found
        });
        let (part, behind) = match at {
            Some(at) => (text.get(..at)?, text.get(at + 1..)),
            None => (text, None),
        };
        rest = behind;
        Some(part)
    })
}

/// A part without its escapes.
///
/// # Errors
/// A backslash before anything else, which the specification calls illegal.
pub(super) fn plain(part: &str) -> Result<Cow<'_, str>, Open> {
    if !part.contains('\\') {
        return Ok(Cow::Borrowed(part));
    }
    let mut out = String::with_capacity(part.len());
    let mut chars = part.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(escaped @ (',' | '|' | '$' | '\\')) => out.push(escaped),
                _ => return open("a value has a backslash that escapes nothing"),
            },
            c => out.push(c),
        }
    }
    Ok(Cow::Owned(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_keep_parts_together() {
        let parts = |text| split(text, b',').collect::<Vec<_>>();
        assert_eq!(parts(r"a,b\,c,\\,d"), ["a", r"b\,c", r"\\", "d"]);
        assert_eq!(parts(""), [""]);
        assert_eq!(parts(","), ["", ""]);
        assert_eq!(plain(r"b\,c\|\$\\").as_deref(), Ok(r"b,c|$\"));
        assert!(plain(r"a\b").is_err() && plain("a\\").is_err());
    }
}
