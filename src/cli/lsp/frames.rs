//! Messages in a stream: headers, an empty line, a body of the length that they say
//! (<https://microsoft.github.io/language-server-protocol/specifications/base/0.9/specification/>).

use std::io::{BufRead, Read};

/// The most bytes of the headers of one message.
const HEADERS: u64 = 4 << 10;
/// The most bytes of one message.
pub(super) const MESSAGE: u64 = 64 << 20;

/// What was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// The body of a message.
    Body(Vec<u8>),
    /// The stream ended between two messages.
    End,
    /// What is no message: where the next one begins is not known.
    Broken(String),
}

/// Reads a message.
pub(super) fn read(input: &mut impl BufRead) -> Frame {
    frame(input).unwrap_or_else(Frame::Broken)
}

fn frame(input: &mut impl BufRead) -> Result<Frame, String> {
    let unread = |e: std::io::Error| format!("standard input could not be read: {e}");
    let mut headers = input.take(HEADERS);
    let (mut length, mut is_first) = (None, true);
    loop {
        let mut line = Vec::new();
        headers.read_until(b'\n', &mut line).map_err(unread)?;
        if line.is_empty() && is_first {
            return Ok(Frame::End);
        }
        if line.last() != Some(&b'\n') {
            return Err(match headers.limit() {
                0 => format!("the headers of a message are longer than {HEADERS} bytes"),
                _ => "the input ends in the headers of a message".to_owned(),
            });
        }
        let text = line.trim_ascii();
        if text.is_empty() {
            break;
        }
        is_first = false;
        length = content_length(text)?.or(length);
    }
    let length = length.ok_or("a message has no header `Content-Length`")?;
    if length > MESSAGE {
        return Err(format!("a message of {length} bytes is longer than the limit of {MESSAGE} bytes"));
    }
    let mut body = Vec::new();
    input.take(length).read_to_end(&mut body).map_err(unread)?;
    match body.len() as u64 == length {
        true => Ok(Frame::Body(body)),
        false => Err("the input ends in a message".to_owned()),
    }
}

/// The length that a header says; `None` of another header.
fn content_length(header: &[u8]) -> Result<Option<u64>, String> {
    let shown = || String::from_utf8_lossy(header.get(..80).unwrap_or(header)).into_owned();
    let text = std::str::from_utf8(header).map_err(|_| format!("`{}` is not a header", shown()))?;
    let (name, value) = text.split_once(':').ok_or_else(|| format!("`{}` is not a header", shown()))?;
    if !name.trim().eq_ignore_ascii_case("content-length") {
        return Ok(None);
    }
    value.trim().parse().map(Some).map_err(|_| format!("`{}` does not say a length", shown()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(mut text: &[u8]) -> Frame {
        read(&mut text)
    }

    #[test]
    fn messages_are_read_within_bounds() {
        let mut stream: &[u8] = b"content-length: 2\r\nContent-Type: x\r\n\r\n{}Content-Length:1\n\n1";
        assert_eq!(read(&mut stream), Frame::Body(b"{}".to_vec()));
        assert_eq!((read(&mut stream), read(&mut stream)), (Frame::Body(b"1".to_vec()), Frame::End));
        for broken in [
            "Content-Length: 10000000000\r\n\r\n{}",
            "Content-Length: 3\r\n\r\n{}",
            "Content-Length: -1\r\n\r\n",
            "Content-Type: x\r\n\r\n",
            "Content-Length: 3",
            "hello\r\n",
        ] {
            assert!(matches!(of(broken.as_bytes()), Frame::Broken(_)), "{broken}");
        }
        assert!(matches!(of(&[b'x'; 1 << 20]), Frame::Broken(why) if why.contains("longer than 4096")));
    }
}
