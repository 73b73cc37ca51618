//! Bytes of inputs: unpacked where they are compressed, line by line where each line is an instance, and never more of
//! one instance than the engine looks at.

use std::io::{self, BufRead, BufReader, Cursor, ErrorKind, Read};

use fhir_accord_profiles::instance::Limits;
use flate2::bufread::MultiGzDecoder;

use super::zstd::Frames;

/// What gzip files (<https://www.rfc-editor.org/rfc/rfc1952#section-2.3>) begin with.
const GZIP: &[u8] = &[0x1f, 0x8b];
/// What the frames of Zstandard files begin with (<https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1>): those with
/// data, and the last three bytes of those that are skipped.
const ZSTD: [&[u8]; 2] = [&[0x28, 0xb5, 0x2f, 0xfd], &[0x2a, 0x4d, 0x18]];

/// The most bytes that are read of one instance: one more than the engine looks at, which says so.
fn most() -> usize {
    Limits::default().bytes + 1
}

/// A stream, unpacked where it is compressed by gzip or Zstandard: its first bytes tell, whatever its name.
///
/// # Errors
/// What the stream gives.
pub(super) fn unpacked<'r>(mut stream: impl BufRead + 'r) -> io::Result<Box<dyn BufRead + 'r>> {
    let mut head = Vec::new();
    stream.by_ref().take(4).read_to_end(&mut head)?;
    let is_gzip = head.starts_with(GZIP);
    let is_zstd =
        head.starts_with(ZSTD[0]) || head.get(1..) == Some(ZSTD[1]) && head.first().is_some_and(|b| b >> 4 == 5);
    let stream = Cursor::new(head).chain(stream);
    Ok(match (is_gzip, is_zstd) {
        (true, _) => Box::new(BufReader::new(MultiGzDecoder::new(stream))),
        (_, true) => Box::new(BufReader::new(Frames::new(stream)?)),
        _ => Box::new(stream),
    })
}

/// The whole stream as one instance; of one that is beyond the limit of intake only the start.
///
/// # Errors
/// What the stream gives.
pub(super) fn whole(stream: &mut dyn BufRead, start: Vec<u8>) -> io::Result<Vec<u8>> {
    let mut text = start;
    let left = most().saturating_sub(text.len());
    stream.take(left as u64).read_to_end(&mut text)?;
    Ok(text)
}

/// The next line without its end; `None` behind the last. Of one that is beyond the limit of intake only the start is
/// kept.
///
/// # Errors
/// What the stream gives.
pub(super) fn line(stream: &mut dyn BufRead) -> io::Result<Option<Vec<u8>>> {
    let (mut line, mut is_there) = (Vec::new(), false);
    loop {
        let bytes = match stream.fill_buf() {
            Err(e) if e.kind() == ErrorKind::Interrupted => continue,
            other => other?,
        };
        if bytes.is_empty() {
            return Ok(is_there.then_some(line));
        }
        is_there = true;
        let end = memchr::memchr(b'\n', bytes);
        let used = end.unwrap_or(bytes.len());
        let kept = used.min(most().saturating_sub(line.len()));
        line.extend_from_slice(bytes.get(..kept).unwrap_or_default());
        stream.consume(used + usize::from(end.is_some()));
        if end.is_some() {
            return Ok(Some(line));
        }
    }
}

/// What a stream without a name holds.
pub(super) enum Form {
    /// One instance, of which this is the start.
    Whole(Vec<u8>),
    /// An instance a line; this is the start.
    Lines(Vec<u8>),
}

/// Whether a stream is one instance or has one a line. It has, where a line that ends an object is followed by one that
/// begins another: no JSON text goes on so.
///
/// # Errors
/// What the stream gives.
pub(super) fn form(stream: &mut dyn BufRead) -> io::Result<Form> {
    let mut start = Vec::new();
    let mut first = Vec::new();
    while first.trim_ascii().is_empty() {
        first.clear();
        if start.len() >= most() || stream.take(most() as u64).read_until(b'\n', &mut first)? == 0 {
            return Ok(Form::Whole(start));
        }
        start.extend_from_slice(&first);
    }
    let object = first.trim_ascii();
    let object = object.strip_prefix("\u{feff}".as_bytes()).unwrap_or(object);
    if !object.starts_with(b"{") || !object.ends_with(b"}") {
        return Ok(Form::Whole(start));
    }
    while start.len() < most() {
        let bytes = match stream.fill_buf() {
            Err(e) if e.kind() == ErrorKind::Interrupted => continue,
            other => other?,
        };
        let blank = bytes.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let next = bytes.get(blank).copied();
        if bytes.is_empty() {
            break;
        }
        start.extend_from_slice(bytes.get(..blank).unwrap_or_default());
        stream.consume(blank);
        match next {
            Some(b'{') => return Ok(Form::Lines(start)),
            Some(_) => break,
            None => {}
        }
    }
    Ok(Form::Whole(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8]) -> Vec<Vec<u8>> {
        // A small buffer, so that lines come in several pieces.
        let mut stream = BufReader::with_capacity(3, text);
        std::iter::from_fn(|| line(&mut stream).unwrap()).collect()
    }

    #[test]
    fn lines_are_those_of_the_text() {
        assert_eq!(lines(b""), Vec::<Vec<u8>>::new());
        assert_eq!(lines(b"abcdef\n\nx"), [&b"abcdef"[..], b"", b"x"]);
        assert_eq!(lines(b"a\n"), [b"a"]);
    }

    #[test]
    fn only_objects_that_follow_one_another_are_lines() {
        let is_lines = |text: &str| match form(&mut BufReader::with_capacity(2, text.as_bytes())).unwrap() {
            Form::Lines(start) => {
                assert!(text.as_bytes().starts_with(&start));
                true
            }
            Form::Whole(start) => {
                assert!(text.as_bytes().starts_with(&start));
                false
            }
        };
        assert!(is_lines("{\"a\":1}\n{\"b\":2}"));
        assert!(is_lines("\n {\"a\":1} \r\n\r\n {"));
        assert!(!is_lines("{\"a\":1}\n"));
        assert!(!is_lines("{\"a\":[\n{\"b\":2}\n]}"));
        assert!(!is_lines("{\"a\":1}\nx"));
        assert!(!is_lines("<a/>\n<b/>"));
        assert!(!is_lines(""));
        assert!(!is_lines("\n\n"));
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        let read = |bytes: &[u8]| {
            let mut text = String::new();
            unpacked(bytes).and_then(|mut stream| stream.read_to_string(&mut text)).map(|_| text)
        };
        let gzip = |text: &str| {
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            std::io::Write::write_all(&mut packed, text.as_bytes()).unwrap();
            packed.finish().unwrap()
        };
        assert_eq!(read(&[gzip("one "), gzip("two")].concat()).unwrap(), "one two");
        assert_eq!(read(b"pl").unwrap(), "pl");
        let whole = gzip("three");
        assert!(read(&whole[..whole.len() - 3]).is_err(), "a file that is cut off");
        let zstd = |text: &str| {
            ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest)
        };
        let skipped = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
        assert_eq!(read(&[&skipped[..], &zstd("one "), &skipped, &zstd("two")].concat()).unwrap(), "one two");
        let whole = zstd("three");
        assert!(read(&whole[..whole.len() - 2]).is_err(), "a file that is cut off");
        // A window of 128 MiB, and one of terabytes, in any frame.
        for window in [0x88, 0xf0] {
            let large = [0x28, 0xb5, 0x2f, 0xfd, 0x00, window, 0x01, 0x00, 0x00];
            assert!(read(&large).unwrap_err().to_string().contains("window"), "{window}");
            assert!(read(&[&skipped[..], &large].concat()).is_err());
            assert!(read(&[&whole[..], &large].concat()).is_err());
        }
        assert_eq!(read(&[0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x80, 0x01, 0x00, 0x00]).unwrap(), "", "64 MiB");
        assert!(read(&[&whole[..], b"rubbish"].concat()).is_err(), "what follows is no frame");
    }
}
