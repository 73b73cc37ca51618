//! Queries of addresses and forms: pairs, decoded once.

use percent_encoding::percent_decode;

use super::access::Reason;
use super::limits::{ADDRESS_BYTES, PAIRS_LIMIT};
use super::refusal::{beyond, refused};

/// Parameters beginning with `_` by which a write may select what it changes.
pub(super) const SELECTING: [&str; 7] = ["_id", "_lastUpdated", "_tag", "_profile", "_security", "_source", "_has"];

/// One parameter, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parameter {
    pub name: String,
    pub value: String,
}

impl Parameter {
    /// The name without its modifiers and chains.
    pub(super) fn bare(&self) -> &str {
        self.name.split([':', '.']).next().unwrap_or_default()
    }
}

/// The parameters of a query or a form; empty pairs are none.
pub(super) fn parameters(text: &str) -> Result<Vec<Parameter>, Reason> {
    if text.len() > ADDRESS_BYTES {
        return Err(beyond("the query has more bytes than are read", ADDRESS_BYTES));
    }
    let mut all = Vec::new();
    for pair in text.split('&').filter(|p| !p.is_empty()) {
        if all.len() >= PAIRS_LIMIT {
            return Err(beyond("the query has more parameters than are read", PAIRS_LIMIT));
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        all.push(Parameter { name: decode(name)?, value: decode(value)? });
    }
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':');
    match all.iter().all(|p| !p.name.is_empty() && p.name.bytes().all(is_plain)) {
        true => Ok(all),
        false => Err(refused("query-malformed", "the query has a parameter whose name no search parameter can have")),
    }
}

/// Decodes once; `+` is a space, as forms have it.
fn decode(text: &str) -> Result<String, Reason> {
    let bytes = text.as_bytes();
    let whole = |i: usize| matches!(bytes.get(i + 1..i + 3), Some(hex) if hex.iter().all(u8::is_ascii_hexdigit));
    let malformed = || refused("query-malformed", "the query has an escape that is incomplete or not UTF-8");
    if bytes.iter().enumerate().any(|(i, b)| *b == b'%' && !whole(i)) {
        return Err(malformed());
    }
    let spaced = text.replace('+', " ");
    let decoded = percent_decode(spaced.as_bytes()).decode_utf8().map_err(|_| malformed())?;
    Ok(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_decoded_once() {
        let all = parameters("%5Finclude=a%3Ab&&x=1+2&y").unwrap();
        let all: Vec<(&str, &str)> = all.iter().map(|p| (p.name.as_str(), p.value.as_str())).collect();
        assert_eq!(all, [("_include", "a:b"), ("x", "1 2"), ("y", "")]);
        for text in ["%255Finclude=a", "a=%", "a=%f", "a=%ff", "=1", "a b=1", "a%00=1"] {
            assert_eq!(parameters(text).unwrap_err().rule, "query-malformed", "{text}");
        }
        assert_eq!(parameters(&"a=1&".repeat(PAIRS_LIMIT + 1)).unwrap_err().rule, "guard-limit");
    }
}
