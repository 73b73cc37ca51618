//! Base64 (https://hl7.org/fhir/R4/datatypes.html#base64Binary; RFC 4648 section 4).

use super::PrimitiveFault::{self, Base64Whitespace, Format};

/// What a byte is in base64: 0..=63 a digit, then the classes below.
const PAD: u8 = 64;
const SPACE: u8 = 65;
const OTHER: u8 = 66;

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

/// Groups of four digits, the last one padded; whitespace is found but counts as the lesser fault.
pub(super) fn base64(bytes: &[u8]) -> Result<(), PrimitiveFault> {
    let (mut digits, mut pads, mut spaces) = (0usize, 0usize, false);
    let body = bytes.iter().fold(0u8, |worst, b| worst.max(CLASS[usize::from(*b)]));
    if body < PAD {
        return if bytes.len().is_multiple_of(4) { Ok(()) } else { Err(Format) };
    }
    if body == OTHER {
        return Err(Format);
    }
    for b in bytes {
        match CLASS[usize::from(*b)] {
            SPACE => spaces = true,
            PAD => pads += 1,
            _ if pads > 0 => return Err(Format),
            _ => digits += 1,
        }
    }
    if pads > 2 || digits == 0 || !(digits + pads).is_multiple_of(4) {
        return Err(Format);
    }
    if spaces { Err(Base64Whitespace) } else { Ok(()) }
}

/// How many bytes valid base64 stands for, whitespace left out.
pub fn decoded_length(text: &str) -> u64 {
    let digits = text.bytes().filter(|b| CLASS[usize::from(*b)] < PAD).count() as u64;
    digits * 6 / 8
}

/// The bytes that base64 stands for, one by one; whitespace and padding are skipped, anything else ends it.
#[derive(Clone, Debug)]
pub struct Decoder<'t> {
    rest: std::slice::Iter<'t, u8>,
    bits: u32,
    count: u32,
}

impl<'t> Decoder<'t> {
    /// Reads `text`, which [`super::Primitive::check`] found to be base64.
    pub fn new(text: &'t str) -> Decoder<'t> {
        Decoder { rest: text.as_bytes().iter(), bits: 0, count: 0 }
    }
}

impl Iterator for Decoder<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        while self.count < 8 {
            match CLASS[usize::from(*self.rest.next()?)] {
                PAD | SPACE => {}
                OTHER => return None,
                digit => {
                    self.bits = (self.bits << 6) | u32::from(digit);
                    self.count += 6;
                }
            }
        }
        self.count -= 8;
        let byte = (self.bits >> self.count) as u8;
        self.bits &= (1 << self.count) - 1;
        Some(byte)
    }
}
