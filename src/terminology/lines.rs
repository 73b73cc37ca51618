//! Files of lines with columns, as terminologies are published: read one by one, with their numbers.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};

use super::TerminologyError;
use super::inputs::Input;
use super::told::{Fault, Told};

/// The most bytes of a line.
const LINE: u64 = 1 << 20;

/// Bytes as text: UTF-8, else Latin-1, which is noted.
pub fn text<'b>(bytes: &'b [u8], input: &Input, line: u64, told: &mut Told) -> Cow<'b, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            told.note(Fault::Latin1, &input.name, line, || "the text is not UTF-8; it was read as Latin-1".to_owned());
            Cow::Owned(bytes.iter().map(|b| char::from(*b)).collect())
        }
    }
}

/// Bytes without a byte order mark at their start.
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// Calls `each` with every line that is not empty, without its end, and its number from 1. Lines that are too long are
/// noted.
///
/// # Errors
/// A file that cannot be read.
pub fn lines(
    input: &Input,
    told: &mut Told,
    mut each: impl FnMut(&str, u64, &mut Told) -> Result<(), TerminologyError>,
) -> Result<(), TerminologyError> {
    input.open(|reader| {
        let mut reader = BufReader::with_capacity(1 << 16, reader);
        let mut line = Vec::new();
        let mut number = 0u64;
        loop {
            line.clear();
            let count = reader.by_ref().take(LINE).read_until(b'\n', &mut line).map_err(|e| input.trouble(&e))?;
            if count == 0 {
                return Ok(());
            }
            number += 1;
            if count as u64 == LINE && line.last() != Some(&b'\n') {
                told.note(Fault::Unreadable, &input.name, number, || format!("the line is longer than {LINE} bytes"));
                while line.last() != Some(&b'\n') {
                    line.clear();
                    if reader.by_ref().take(LINE).read_until(b'\n', &mut line).map_err(|e| input.trouble(&e))? == 0 {
                        return Ok(());
                    }
                }
                continue;
            }
            let bytes = if number == 1 { without_mark(&line) } else { &line };
            let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
            let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
            if !bytes.is_empty() {
                let text = text(bytes, input, number, told);
                each(&text, number, told)?;
            }
        }
    })
}

/// Calls `each` with the columns of every line but the first, which must have these columns. Lines with fewer are
/// noted.
///
/// # Errors
/// A file that cannot be read, or whose first line has other columns.
pub fn rows<const N: usize>(
    input: &Input,
    separator: char,
    header: &[&str; N],
    told: &mut Told,
    mut each: impl FnMut(&[&str; N], u64, &mut Told),
) -> Result<u64, TerminologyError> {
    let mut count = 0;
    let mut is_first = true;
    lines(input, told, |line, number, told| {
        let mut columns = [""; N];
        let mut found = 0;
        for (place, column) in columns.iter_mut().zip(line.split(separator)) {
            *place = column;
            found += 1;
        }
        if std::mem::replace(&mut is_first, false) {
            let names = columns.iter().zip(header).all(|(own, wanted)| own.eq_ignore_ascii_case(wanted));
            return if names { Ok(()) } else { Err(wrong_header(input, header)) };
        }
        if found < N {
            told.note(Fault::Short, &input.name, number, || format!("expected {N} columns, found {found}"));
        } else {
            count += 1;
            each(&columns, number, told);
        }
        Ok(())
    })?;
    if is_first {
        return Err(TerminologyError::Read { file: input.name.clone(), why: "the file is empty".to_owned() });
    }
    Ok(count)
}

fn wrong_header(input: &Input, header: &[&str]) -> TerminologyError {
    let why = format!("line 1: expected the columns {}", header.join(", "));
    TerminologyError::Read { file: input.name.clone(), why }
}
