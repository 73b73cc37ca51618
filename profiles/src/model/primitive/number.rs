//! Booleans and numbers (<https://hl7.org/fhir/R4/datatypes.html#integer>, #decimal).

use super::PrimitiveFault::{self, Format, Precision, Range};

pub(super) fn boolean(bytes: &[u8]) -> Result<(), PrimitiveFault> {
    if bytes == b"true" || bytes == b"false" { Ok(()) } else { Err(Format) }
}

/// Digits without a superfluous leading zero, as a number; `None` for anything else, saturated beyond u64.
fn digits(bytes: &[u8]) -> Option<u64> {
    if bytes.is_empty() || (bytes.len() > 1 && bytes.starts_with(b"0")) {
        return None;
    }
    let mut value = 0u64;
    for b in bytes {
        let digit = b.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value.saturating_mul(10).saturating_add(u64::from(digit));
    }
    Some(value)
}

/// A whole number of at least `-negative` and at most `positive`.
fn whole(bytes: &[u8], negative: u64, positive: u64) -> Result<(), PrimitiveFault> {
    let (minus, rest) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    let value = digits(rest).ok_or(Format)?;
    if value <= if minus { negative } else { positive } { Ok(()) } else { Err(Range) }
}

const MAX_32: u64 = i32::MAX as u64;
const MAX_64: u64 = i64::MAX as u64;

pub(super) fn integer(bytes: &[u8]) -> Result<(), PrimitiveFault> {
    whole(bytes, MAX_32 + 1, MAX_32)
}

pub(super) fn integer64(bytes: &[u8]) -> Result<(), PrimitiveFault> {
    whole(bytes, MAX_64 + 1, MAX_64)
}

pub(super) fn unsigned(bytes: &[u8]) -> Result<(), PrimitiveFault> {
    if bytes == b"-0" {
        return Err(Format);
    }
    whole(bytes, 0, MAX_32)
}

pub(super) fn positive(bytes: &[u8]) -> Result<(), PrimitiveFault> {
    if bytes == b"0" { Err(Range) } else { unsigned(bytes) }
}

/// How many digits the slice starts with.
#[inline]
fn run(bytes: &[u8]) -> usize {
    bytes.iter().position(|b| b.wrapping_sub(b'0') > 9).unwrap_or(bytes.len())
}

/// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`, of at most 18 digits before the point and 17 behind it.
pub(super) fn decimal(bytes: &[u8]) -> Result<(), PrimitiveFault> {
    let rest = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let whole = run(rest);
    if whole == 0 || (whole > 1 && rest.starts_with(b"0")) {
        return Err(Format);
    }
    let (mut fraction, mut exponent) = (0, 0);
    let (_, mut tail) = rest.split_at(whole);
    if let [b'.', after @ ..] = tail {
        fraction = run(after);
        if fraction == 0 {
            return Err(Format);
        }
        (_, tail) = after.split_at(fraction);
    }
    if let [b'e' | b'E', after @ ..] = tail {
        let unsigned = match after {
            [b'+' | b'-', unsigned @ ..] => unsigned,
            _ => after,
        };
        exponent = run(unsigned);
        if exponent == 0 {
            return Err(Format);
        }
        (_, tail) = unsigned.split_at(exponent);
    }
    if !tail.is_empty() {
        return Err(Format);
    }
    if whole > 18 || fraction > 17 || exponent > 10 { Err(Precision) } else { Ok(()) }
}
