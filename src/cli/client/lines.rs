//! Requests in lines: an access log with a request line somewhere in each, or `METHOD URL`, or `URL`.

use std::io::{self, BufRead, ErrorKind};

use crate::capability::client::{Kind, Part, Place, Recorder, Request, Source, is_resource_path};

/// The longest line that is read.
const LINE_BYTES: usize = 1 << 20;

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Reads the requests of a text, a line at a time. Empty lines are skipped, others without a request counted.
///
/// # Errors
/// Where the text cannot be read.
pub(super) fn read(mut reader: impl BufRead, source: Source, client: &mut Recorder) -> io::Result<()> {
    let mut line = Vec::new();
    let mut number = 0;
    while let Some(whole) = next_line(&mut reader, &mut line)? {
        number += 1;
        let place = Place::new(source, Part::Line(number));
        let text = String::from_utf8_lossy(&line);
        match request(&text) {
            _ if !whole => client.note(Kind::LongLine, place),
            Some((method, target)) => client.request(&Request { method, target, ..Request::default() }, place),
            None if text.trim().is_empty() => {}
            None => client.note(Kind::Line, place),
        }
    }
    Ok(())
}

/// Reads the next line without its end; false where it is longer than the limit, `None` at the end of the text.
fn next_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    line.clear();
    let (mut whole, mut any) = (true, false);
    loop {
        let chunk = match reader.fill_buf() {
            Ok(chunk) => chunk,
            Err(e) if e.kind() == ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        if chunk.is_empty() {
            return Ok(any.then_some(whole));
        }
        any = true;
        let end = memchr::memchr(b'\n', chunk);
        let part = end.and_then(|at| chunk.get(..at)).unwrap_or(chunk);
        whole &= line.len() + part.len() <= LINE_BYTES;
        if whole {
            line.extend_from_slice(part);
        }
        let used = end.map_or(chunk.len(), |at| at + 1);
        reader.consume(used);
        if end.is_some() {
            return Ok(Some(whole));
        }
    }
}

/// The method and the address of a line's request.
pub(super) fn request(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let plain = line.split_once([' ', '\t']).filter(|(method, _)| METHODS.contains(method));
    if let Some((method, rest)) = plain {
        return Some((method, target(rest.trim_start(), false))).filter(|(_, target)| !target.is_empty());
    }
    if is_address(line) { Some(("GET", target(line, false))) } else { logged(line) }
}

/// True for a line that is an address; one that is not absolute has no blanks.
fn is_address(line: &str) -> bool {
    let is_absolute = |scheme: &str| line.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme));
    let is_one = !line.contains(char::is_whitespace);
    is_absolute("http://") || is_absolute("https://") || is_one && (line.starts_with('/') || is_resource_path(line))
}

/// The first request line in the line of a log.
fn logged(line: &str) -> Option<(&str, &str)> {
    let first = |method: &'static str| {
        line.match_indices(method).find_map(|(at, _)| {
            let (before, rest) = (line.get(..at)?, line.get(at + method.len()..)?.strip_prefix(' ')?);
            let starts = !before.ends_with(char::is_alphanumeric) && (rest.starts_with('/') || is_address(rest));
            starts.then(|| (at, method, target(rest, before.ends_with('"'))))
        })
    };
    let (_, method, target) = METHODS.into_iter().filter_map(first).min()?;
    Some((method, target))
}

/// The address at the start of a text: up to the protocol or the closing quote; up to a blank where there is neither.
fn target(rest: &str, is_quoted: bool) -> &str {
    let rest = rest.split('"').next().unwrap_or_default();
    match rest.split_once(" HTTP/") {
        Some((target, _)) => target.trim(),
        None if is_quoted => rest.trim(),
        None => rest.split_whitespace().next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_lines_are_found() {
        let found = |line: &'static str| request(line).map(|(method, target)| format!("{method} {target}"));
        for (line, expected) in [
            (
                "1.2.3.4 - jo [1/Jan/2026] \"GET /fhir/Patient?name=a b HTTP/1.1\" 200 5 \"-\" \"GET /x\"",
                "GET /fhir/Patient?name=a b",
            ),
            ("{\"request\":\"POST /fhir/Patient/_search HTTP/2.0\"}", "POST /fhir/Patient/_search"),
            ("\"DELETE https://ehr.example/fhir/Patient/1\" 204", "DELETE https://ehr.example/fhir/Patient/1"),
            ("PUT Patient/1", "PUT Patient/1"),
            ("GET\t/fhir/Patient HTTP/1.1", "GET /fhir/Patient"),
            ("12:00 GET /fhir/Patient?name=a 200 3 ms&x=y", "GET /fhir/Patient?name=a"),
            ("https://ehr.example/fhir/metadata", "GET https://ehr.example/fhir/metadata"),
            ("Patient?name=a", "GET Patient?name=a"),
            ("$export", "GET $export"),
        ] {
            assert_eq!(found(line).as_deref(), Some(expected), "{line}");
        }
        for line in ["", "GET", "GET ", "Patient was seen", "TARGET /fhir/Patient", "server started", "\"\" 400"] {
            assert_eq!(found(line), None, "{line}");
        }
    }

    #[test]
    fn lines_beyond_the_limit_are_not_kept() {
        let text = format!("{}\nshort\r\nlast", "a".repeat(LINE_BYTES + 1));
        let mut reader = io::BufReader::with_capacity(100, text.as_bytes());
        let mut line = Vec::new();
        let mut next = || next_line(&mut reader, &mut line).map(|whole| (whole, line.len()));
        assert_eq!(next().ok().map(|(whole, len)| (whole, len <= LINE_BYTES)), Some((Some(false), true)));
        assert_eq!(next().ok(), Some((Some(true), 6)));
        assert_eq!((next().ok(), next().ok()), (Some((Some(true), 4)), Some((None, 0))));
    }
}
