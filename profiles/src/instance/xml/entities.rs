//! The references of XML to characters: its five predefined entities, and characters by number. The one table for all
//! who read XML, narratives included.

/// The character that a reference stands for, by what is between `&` and `;`: a predefined entity (`amp`, `lt`, `gt`,
/// `quot`, `apos`) or a number (`#65`, `#x41`). `None` for any other name, and for a character that XML does not allow
/// (<https://www.w3.org/TR/xml/#sec-references>).
pub fn xml_reference(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => return by_number(name.strip_prefix('#')?),
    })
}

/// The character of a number, decimal or with an `x` before hexadecimal digits. A sign is not part of a number in XML.
fn by_number(number: &str) -> Option<char> {
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |hex| (hex, 16));
    if digits.starts_with('+') {
        return None;
    }
    char::from_u32(u32::from_str_radix(digits, radix).ok()?).filter(|c| is_xml_char(*c))
}

/// Whether XML 1.0 allows a character (<https://www.w3.org/TR/xml/#charsets>).
pub fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The value of an attribute with its references resolved; white space becomes blanks
/// (<https://www.w3.org/TR/xml/#AVNormalize>). What is not a reference stays as it is.
pub(in crate::instance) fn unescape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, tail)) = rest.find(['&', '\n', '\r', '\t']).and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        if let Some(reference) = tail.strip_prefix('&') {
            let known = reference.split_once(';').and_then(|(name, after)| Some((xml_reference(name)?, after)));
            let (c, after) = known.unwrap_or(('&', reference));
            out.push(c);
            rest = after;
        } else {
            out.push(' ');
            rest = tail.strip_prefix("\r\n").or_else(|| tail.get(1..)).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_stand_for_characters() {
        for (name, c) in
            [("amp", '&'), ("apos", '\''), ("#65", 'A'), ("#x41", 'A'), ("#x1F600", '\u{1F600}'), ("#9", '\t')]
        {
            assert_eq!(xml_reference(name), Some(c), "{name}");
        }
        for name in ["", "nbsp", "#", "#x", "#X41", "#+65", "#x+41", "#-1", "#0", "#xD800", "#xFFFE", "#99999999999"] {
            assert_eq!(xml_reference(name), None, "{name}");
        }
    }

    #[test]
    fn attribute_values_are_normalised() {
        assert_eq!(unescape("a &amp; b\r\nc\td &x; &#x41;&"), "a & b c d &x; A&");
    }
}
