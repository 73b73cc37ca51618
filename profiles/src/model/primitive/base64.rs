//! Base64 (<https://hl7.org/fhir/R4/datatypes.html#base64Binary>; RFC 4648 section 4).

#![allow(clippy::indexing_slicing, reason = "the table has an entry for each byte")]

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, PAD as STANDARD};

use super::Primitive;
use super::PrimitiveFault::{self, Base64Whitespace, Format};

const ENGINE: GeneralPurpose =
    GeneralPurpose::new(&base64::alphabet::STANDARD, STANDARD.with_decode_allow_trailing_bits(true));

/// What a byte is in base64: 0..=63 a digit, then the classes below, encoded in the two high bits.
const PAD: u8 = 64;
const SPACE: u8 = 128;
const OTHER: u8 = 192;

const CLASS: [u8; 256] = {
    let mut table = [OTHER; 256];
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut i = 0;
    while i < 64 {
        table[digits[i] as usize] = i as u8;
        i += 1;
    }
    table[b'=' as usize] = PAD;
    table[b' ' as usize] = SPACE;
    table[b'\t' as usize] = SPACE;
    table[b'\n' as usize] = SPACE;
    table[b'\r' as usize] = SPACE;
    table
};

/// Whether all bytes are digits; eight at a time, so that no look-up waits for the one before it.
#[inline]
fn all_digits(bytes: &[u8]) -> bool {
    let class = |b: &u8| CLASS[usize::from(*b)];
    let (groups, rest) = bytes.as_chunks::<8>();
    let any = groups.iter().fold(0, |any, g| {
        any | ((class(&g[0]) | class(&g[1])) | (class(&g[2]) | class(&g[3])))
            | ((class(&g[4]) | class(&g[5])) | (class(&g[6]) | class(&g[7])))
    });
    rest.iter().fold(any, |any, b| any | class(b)) < PAD
}

/// Groups of four digits, the last one padded; whitespace is found but counts as the lesser fault.
pub(super) fn base64(bytes: &[u8]) -> Result<(), PrimitiveFault> {
    let body = bytes.strip_suffix(b"==").or_else(|| bytes.strip_suffix(b"=")).unwrap_or(bytes);
    if all_digits(body) {
        return if bytes.len().is_multiple_of(4) && !body.is_empty() { Ok(()) } else { Err(Format) };
    }
    let (mut digits, mut pads, mut spaces) = (0usize, 0usize, false);
    for b in bytes {
        match CLASS[usize::from(*b)] {
            SPACE => spaces = true,
            PAD => pads += 1,
            OTHER => return Err(Format),
            _ if pads > 0 => return Err(Format),
            _ => digits += 1,
        }
    }
    if pads > 2 || digits == 0 || !(digits + pads).is_multiple_of(4) {
        return Err(Format);
    }
    if spaces { Err(Base64Whitespace) } else { Ok(()) }
}

/// How many bytes valid base64 encodes, ignoring whitespace.
pub fn decoded_length(text: &str) -> u64 {
    let digits = text.bytes().filter(|b| CLASS[usize::from(*b)] < PAD).count() as u64;
    digits * 6 / 8
}

/// The bytes that base64 encodes, ignoring whitespace; `None` for text that [`Primitive::check`] refuses as
/// base64Binary. The unused bits of the last digit may be anything.
pub fn decode_base64(text: &str) -> Option<Vec<u8>> {
    match Primitive::Base64Binary.check(text) {
        Ok(()) => ENGINE.decode(text).ok(),
        Err(Base64Whitespace) => {
            let digits: Vec<u8> = text.bytes().filter(|b| CLASS[usize::from(*b)] != SPACE).collect();
            ENGINE.decode(digits).ok()
        }
        Err(_) => None,
    }
}
