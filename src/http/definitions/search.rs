//! A search of definitions, as a query string asks for it.

use crate::http::Fault;
use crate::http::query::pairs;

/// How many entries a page has where the request does not say.
const PAGE: usize = 50;
/// How many entries a page has at most.
const PAGE_LIMIT: usize = 500;

/// A search, as its query string asks for it.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// (name, alternatives): all must hold.
    pub(super) filters: Vec<(String, Vec<String>)>,
    pub(super) count: usize,
    pub(super) offset: usize,
    pub(super) ignored: Vec<String>,
}

impl Search {
    pub(super) fn parse(text: &str) -> Result<Search, Fault> {
        let mut search = Search { count: PAGE, ..Search::default() };
        let number = |name: &str, value: &str| {
            value.parse::<usize>().map_err(|_| Fault::invalid("query", format!("parameter `{name}` is not a number")))
        };
        for (name, value) in pairs(text)? {
            match name.as_str() {
                "url" | "version" | "_id" => search.filters.push((name, alternatives(&value))),
                "_count" => search.count = number("_count", &value)?.min(PAGE_LIMIT),
                "_offset" => search.offset = number("_offset", &value)?,
                "_format" | "_pretty" => {}
                _ => search.ignored.push(name),
            }
        }
        Ok(search)
    }

    /// The query string of this search, from `offset` on.
    pub(super) fn to_query(&self, offset: usize) -> String {
        let mut out: Vec<String> = self
            .filters
            .iter()
            .map(|(n, v)| format!("{n}={}", v.iter().map(|v| encode(v)).collect::<Vec<_>>().join(",")))
            .collect();
        out.push(format!("_count={}", self.count));
        if offset > 0 {
            out.push(format!("_offset={offset}"));
        }
        out.join("&")
    }
}

/// Values separated by commas; a comma behind a backslash belongs to its value.
fn alternatives(value: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match (c, out.last_mut()) {
            (',', _) => out.push(String::new()),
            ('\\', Some(last)) => last.extend(chars.next()),
            (c, Some(last)) => last.push(c),
            _ => {}
        }
    }
    out
}

/// Percent-encodes what has a meaning of its own in a query string.
fn encode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for b in value.bytes() {
        match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' | b'/' => out.push(b as char),
            b',' => out.push_str("%5C%2C"),
            _ => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_are_read_and_written() {
        let search =
            Search::parse("url=http%3A%2F%2Fx%2Fa%7C1,http://x/b&version=1&_count=9999&_offset=3&name=q").unwrap();
        assert_eq!(search.filters[0].1, ["http://x/a|1", "http://x/b"]);
        assert_eq!((search.count, search.offset), (PAGE_LIMIT, 3));
        assert_eq!(search.ignored, ["name"]);
        assert_eq!(search.to_query(0), "url=http://x/a%7C1,http://x/b&version=1&_count=500");
        assert_eq!(alternatives(r"a\,b,c"), ["a,b", "c"]);
        assert_eq!(Search::parse(&Search::parse("_id=a%5C%2Cb").unwrap().to_query(0)).unwrap().filters[0].1, ["a,b"]);
        assert!(Search::parse("_count=many").is_err());
    }
}
