//! `--files-from`: the names of inputs from a file or from standard input.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, ErrorKind, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// The most bytes of a name.
const NAME_BYTES: usize = 1 << 16;

/// Hands on the names in a file, `-` for standard input: one a line, or where the file has NUL bytes, between them.
///
/// # Errors
/// What keeps the file from being read, or a name that is too long.
pub(super) fn names(list: &Path, each: &mut dyn FnMut(&Path) -> ControlFlow<()>) -> io::Result<ControlFlow<()>> {
    match list == Path::new("-") {
        true => of(&mut io::stdin().lock(), each),
        false => of(&mut BufReader::new(File::open(list)?), each),
    }
}

fn of(list: &mut dyn BufRead, each: &mut dyn FnMut(&Path) -> ControlFlow<()>) -> io::Result<ControlFlow<()>> {
    let mut start = Vec::new();
    let separator = separator(list, &mut start)?;
    let mut list = Cursor::new(start).chain(list);
    loop {
        let mut name = Vec::new();
        let mut bounded = list.by_ref().take(NAME_BYTES as u64);
        if bounded.read_until(separator, &mut name)? == 0 {
            return Ok(ControlFlow::Continue(()));
        }
        if name.last() == Some(&separator) {
            name.pop();
        } else if name.len() >= NAME_BYTES {
            return Err(io::Error::other(format!("a name is longer than {NAME_BYTES} bytes")));
        }
        if separator == b'\n' && name.last() == Some(&b'\r') {
            name.pop();
        }
        if memchr::memchr(0, &name).is_some() {
            return Err(io::Error::other("a name contains a NUL byte, and the names before it ended with their lines"));
        }
        if !name.is_empty() && each(&path(name)).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
}

/// What the names are separated by: NUL where it is seen together with the first end of a line or before it. What is
/// read until one of them is found goes to `start`.
fn separator(list: &mut dyn BufRead, start: &mut Vec<u8>) -> io::Result<u8> {
    loop {
        let bytes = match list.fill_buf() {
            Err(e) if e.kind() == ErrorKind::Interrupted => continue,
            other => other?,
        };
        if memchr::memchr(0, bytes).is_some() {
            return Ok(0);
        }
        if bytes.is_empty() || start.len() >= NAME_BYTES || memchr::memchr(b'\n', bytes).is_some() {
            return Ok(b'\n');
        }
        start.extend_from_slice(bytes);
        let read = bytes.len();
        list.consume(read);
    }
}

/// A name as the system gives it.
#[cfg(unix)]
fn path(name: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    OsString::from_vec(name).into()
}

/// A name as text.
#[cfg(not(unix))]
fn path(name: Vec<u8>) -> PathBuf {
    OsString::from(String::from_utf8_lossy(&name).into_owned()).into()
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
