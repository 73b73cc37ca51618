//! A query as pairs: `a=b&c:d=e,f`.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::answer::{Open, open};
use super::escape::split;
use super::limits::{PAIRS, QUERY_BYTES, VALUES};

/// Parameters that say what an answer looks like, and filter nothing
/// (<https://hl7.org/fhir/R4/search.html#Summary>, <https://hl7.org/fhir/R5/search.html#modifyingresults>).
const RESULT: [&str; 14] = [
    "_containedType",
    "_count",
    "_elements",
    "_format",
    "_graph",
    "_include",
    "_maxresults",
    "_pretty",
    "_revinclude",
    "_score",
    "_sort",
    "_summary",
    "_total",
    "_offset",
];

/// One filter.
#[derive(Debug)]
pub(super) struct Filter<'q> {
    /// The name of the parameter.
    pub code: Cow<'q, str>,
    /// What follows the name behind a colon.
    pub modifier: Option<Cow<'q, str>>,
    /// What follows the equals sign, percent-decoded; escapes stay.
    pub value: Cow<'q, str>,
}

impl Filter<'_> {
    /// The values, of which one must be met; escapes stay.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        split(&self.value, b',')
    }
}

/// The filters of a query, in order; one that cannot be read is an open question.
///
/// # Errors
/// A query that is longer than [`QUERY_BYTES`], has more pairs than [`PAIRS`] or more values than [`VALUES`].
pub(super) fn filters(query: &str) -> Result<Vec<Result<Filter<'_>, Open>>, Open> {
    if query.len() > QUERY_BYTES {
        return Err(Open::Limit(format!("the query is longer than {QUERY_BYTES} bytes").into()));
    }
    let mut out = Vec::new();
    let mut values = 0;
    for (i, pair) in query.split('&').filter(|pair| !pair.is_empty()).enumerate() {
        if i >= PAIRS {
            return Err(Open::Limit(format!("the query has more than {PAIRS} pairs").into()));
        }
        let Some(filter) = filter(pair).transpose() else { continue };
        values += filter.as_ref().map_or(0, |f| f.values().count());
        if values > VALUES {
            return Err(Open::Limit(format!("the query has more than {VALUES} values").into()));
        }
        out.push(filter);
    }
    Ok(out)
}

/// A pair as a filter; `None` where it filters nothing.
fn filter(pair: &str) -> Result<Option<Filter<'_>>, Open> {
    let Some((name, value)) = pair.split_once('=') else { return open("a pair of the query has no value") };
    let name = decoded(name)?;
    let (code, modifier) = match name {
        Cow::Borrowed(name) => match name.split_once(':') {
            Some((code, modifier)) => (Cow::Borrowed(code), Some(Cow::Borrowed(modifier))),
            None => (Cow::Borrowed(name), None),
        },
        Cow::Owned(name) => match name.split_once(':') {
            Some((code, modifier)) => (Cow::Owned(code.to_owned()), Some(Cow::Owned(modifier.to_owned()))),
            None => (Cow::Owned(name), None),
        },
    };
    if RESULT.contains(&&*code) {
        return Ok(None);
    }
    // Encoded or not, a comma separates values; whoever splits before decoding takes it for a part of one.
    if has_bare_comma(value) {
        return open("a value has an encoded comma, which may separate values or be part of one");
    }
    Ok(Some(Filter { code, modifier, value: decoded(value)? }))
}

/// Whether a text has a percent-encoded comma that no backslash escapes.
fn has_bare_comma(text: &str) -> bool {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("%2")).map(|i| at + i) {
        let before = text.get(..found).unwrap_or_default();
        let is_comma = text.as_bytes().get(found + 2).is_some_and(|b| b.eq_ignore_ascii_case(&b'c'));
        let slashes = before.bytes().rev().take_while(|b| *b == b'\\').count();
        if is_comma && (slashes % 2 == 0 || before.contains('%')) {
            return true;
        }
        at = found + 2;
    }
    false
}

/// A text with its percent-encoding undone, once.
fn decoded(text: &str) -> Result<Cow<'_, str>, Open> {
    if text.contains('+') {
        return open("the query has a plus sign that is not encoded, which may stand for a space");
    }
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once('%') {
        if !behind.as_bytes().get(..2).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)) {
            return open("the query has an incomplete percent-encoding");
        }
        rest = behind;
    }
    match percent_decode_str(text).decode_utf8() {
        Ok(text) => Ok(text),
        Err(_) => open("the query is not UTF-8"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, modifier and values.
    type Pair = (String, Option<String>, Vec<String>);

    fn read(query: &str) -> Vec<Option<Pair>> {
        let one = |f: Filter<'_>| {
            let values = f.values().map(str::to_owned).collect();
            (f.code.into_owned(), f.modifier.map(Cow::into_owned), values)
        };
        filters(query).unwrap().into_iter().map(|f| f.ok().map(one)).collect()
    }

    #[test]
    fn pairs_are_read() {
        let pair = |code: &str, modifier: Option<&str>, values: &[&str]| {
            Some((code.to_owned(), modifier.map(str::to_owned), values.iter().map(|v| (*v).to_owned()).collect()))
        };
        assert_eq!(read(""), []);
        assert_eq!(
            read("a=b&a=c,d&&e:not=f"),
            [pair("a", None, &["b"]), pair("a", None, &["c", "d"]), pair("e", Some("not"), &["f"])]
        );
        assert_eq!(read("a%3Anot=x%7Cy%26z"), [pair("a", Some("not"), &["x|y&z"])]);
        assert_eq!(read("_count=5&_sort=-date&_include:iterate=x&_id=1"), [pair("_id", None, &["1"])]);
        assert_eq!(read(r"a=b\,c"), [pair("a", None, &[r"b\,c"])]);
        assert_eq!(read(r"a=b\%2Cc"), [pair("a", None, &[r"b\,c"])]);
    }

    #[test]
    fn what_has_two_readings_is_open() {
        for query in ["a", "a=b%2Cc", "a=b%2cc", "a=%5C%5C%2Cc", "a=b+c", "a=%zz", "a=%2", "a=%FF", "%2=b", "a=b%"] {
            assert_eq!(read(query), [None], "{query}");
        }
    }

    #[test]
    fn bounds_are_named() {
        let limit = |query: &str| match filters(query) {
            Err(Open::Limit(why)) => why.into_owned(),
            other => panic!("{other:?}"),
        };
        assert!(limit(&"a=1&".repeat(10_000)).contains("1000 pairs"));
        assert!(limit(&format!("a={}", ",".repeat(10_000))).contains("10000 values"));
        assert!(limit(&format!("a={}", "x".repeat(QUERY_BYTES))).contains("65536 bytes"));
    }
}
