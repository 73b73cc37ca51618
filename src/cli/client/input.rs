//! Files of requests: opened, recognised by their content, and handed on request by request.

use std::fs::File;
use std::io::{BufReader, Cursor, Read};
use std::path::Path;

use super::{har, lines};
use crate::capability::client::Recorder;

/// How much of a file is looked at to recognise it.
const HEAD_BYTES: u64 = 8 << 10;

/// How much is read from a file at a time.
const BUFFER_BYTES: usize = 64 << 10;

/// What to give instead of a file that cannot be read.
const WAY_OUT: &str = "give a HAR file, an access log, or lines `METHOD URL`";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Har,
    Lines,
}

/// Reads a file of requests; `-` is standard input.
///
/// # Errors
/// A message with the file, and the line where there is one.
pub(super) fn read(name: &str, client: &mut Recorder) -> Result<(), String> {
    let failed = |e: std::io::Error| format!("`{name}` could not be read: {e}");
    let mut file: Box<dyn Read> = match name {
        "-" => Box::new(std::io::stdin().lock()),
        _ => Box::new(File::open(name).map_err(failed)?),
    };
    let mut head = Vec::new();
    file.by_ref().take(HEAD_BYTES).read_to_end(&mut head).map_err(failed)?;
    if head.starts_with(b"\xef\xbb\xbf") {
        head.drain(..3);
    }
    let form = form(&head).map_err(|what| format!("`{name}` {what}; {WAY_OUT}"))?;
    let source = client.source(&shown(name));
    let reader = BufReader::with_capacity(BUFFER_BYTES, Cursor::new(head).chain(file));
    match form {
        Form::Lines => lines::read(reader, source, client).map_err(failed),
        Form::Har => har::read(reader, source, client).map_err(|what| format!("`{name}` {what}; {WAY_OUT}")),
    }
}

/// What places call a file: its name without the folders, which are of no use to others.
fn shown(name: &str) -> String {
    match Path::new(name).file_name() {
        _ if name == "-" => "standard input".to_owned(),
        Some(file) => file.to_string_lossy().into_owned(),
        None => name.to_owned(),
    }
}

/// The form of a file that starts so, or why it is none.
fn form(head: &[u8]) -> Result<Form, &'static str> {
    let text = head.trim_ascii_start();
    if text.is_empty() {
        return Err("has no content");
    }
    if head.starts_with(b"\x1f\x8b") {
        return Err("is compressed: unpack it first");
    }
    if head.contains(&0) {
        return Err("is a binary file");
    }
    let Some(inside) = text.strip_prefix(b"{") else { return Ok(Form::Lines) };
    // A log may have one JSON object a line, with the request line as a string in it.
    let first = text.split(|b| *b == b'\n').next().unwrap_or_default();
    let is_log =
        !inside.trim_ascii_start().starts_with(b"\"log\"") && lines::request(&String::from_utf8_lossy(first)).is_some();
    Ok(if is_log { Form::Lines } else { Form::Har })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_recognised_by_their_start() {
        assert_eq!(form(b" {\"log\": {\"comment\": \"GET /a HTTP/1.1\"}}"), Ok(Form::Har));
        assert_eq!(form(b"{\"at\":1,\"request\":\"GET /fhir/Patient HTTP/1.1\"}\n{"), Ok(Form::Lines));
        assert_eq!(form(b"[1/Jan/2026] \"GET /fhir/Patient HTTP/1.1\""), Ok(Form::Lines));
        assert_eq!([form(b" \n"), form(b"\x1f\x8b\x08"), form(b"a\0b")].iter().filter(|f| f.is_err()).count(), 3);
        assert_eq!(shown("a/b/c.har"), "c.har");
    }
}
