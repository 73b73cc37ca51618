//! Bytes of a narrative: their classes, and how they are found several at a time.

#![allow(clippy::indexing_slicing, reason = "the table has an entry for each byte")]

use memchr::{memchr_iter, memchr3};

/// Classes of bytes.
pub(super) const SPACE: u8 = 1;
pub(super) const NAME: u8 = 2;
pub(super) const NAME_START: u8 = 4;
const NO_URL: u8 = 8;

static CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 256 {
        let byte = b as u8;
        table[b] = match byte {
            b' ' | b'\t' | b'\n' | b'\r' => SPACE,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b':' | 0x80..=0xFF => NAME | NAME_START,
            b'0'..=b'9' | b'-' | b'.' => NAME,
            _ => 0,
        };
        if is_no_url_byte(byte) {
            table[b] |= NO_URL;
        }
        b += 1;
    }
    table
};

/// Whether the byte is of the class.
#[inline(always)]
pub(super) fn is(byte: u8, class: u8) -> bool {
    CLASS[usize::from(byte)] & class != 0
}

/// The eight bytes from `at` on, the first the lowest; zeros behind the end.
#[inline(always)]
pub(super) fn window(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        Some(eight) => u64::from_le_bytes(*eight),
        None => last_window(bytes, at),
    }
}

#[cold]
fn last_window(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).unwrap_or_default().iter().take(8).rev().fold(0, |w, b| w << 8 | u64::from(*b))
}

/// The bits of a window's first bytes, by their count; all of them from eight on.
#[inline]
pub(super) fn first_bytes(count: usize) -> u64 {
    if count < 8 { (1 << (8 * count)) - 1 } else { u64::MAX }
}

/// The lowest and the highest bit of each byte of a window.
const LOW: u64 = u64::MAX / 255;
const HIGH: u64 = LOW << 7;

/// The bits of a window's bytes up to the first of some ASCII bytes, and how many bytes precede it.
#[inline(always)]
pub(super) fn up_to<const N: usize>(window: u64, ends: [u8; N]) -> Option<(u64, usize)> {
    // A zero's high bit is set by the subtraction; so may be those above the first zero, which do not matter.
    let zeros = ends.iter().fold(0, |any, end| any | (window ^ (LOW * u64::from(*end))).wrapping_sub(LOW));
    let hits = zeros & !window & HIGH;
    (hits != 0).then(|| (hits ^ (hits - 1), (hits.trailing_zeros() / 8) as usize))
}

/// Where the first `<`, `&` or `>` is, from `at` on. One that is near is found without a call.
#[inline(always)]
pub(super) fn end_of_text(bytes: &[u8], at: usize) -> Option<usize> {
    let mut from = at;
    for _ in 0..2 {
        let Some(eight) = bytes.get(from..).and_then(|rest| rest.first_chunk::<8>()) else { break };
        let eight = u64::from_le_bytes(*eight);
        // `<` and `>` differ in one bit.
        let angles = (eight & (LOW * 0xFD)) ^ (LOW * u64::from(b'<'));
        let ampersands = eight ^ (LOW * u64::from(b'&'));
        let hits = (angles.wrapping_sub(LOW) | ampersands.wrapping_sub(LOW)) & !eight & HIGH;
        if hits != 0 {
            return Some(from + (hits.trailing_zeros() / 8) as usize);
        }
        from += 8;
    }
    memchr3(b'<', b'&', b'>', bytes.get(from..)?).map(|found| from + found)
}

/// Whether no URL holds the byte.
#[inline(always)]
const fn is_no_url_byte(b: u8) -> bool {
    // What is not above `"` but `!`; `<` and `>`; `\` and `^`; and by themselves.
    ((b <= b'"') & (b != b'!')) | (b & 0xFD == b'<') | (b & 0xFD == b'\\') | (b == b'`') | (b == b'{') | (b == b'}')
}

/// Whether all bytes are such as a URL may hold.
#[inline]
pub(super) fn are_of_a_url(bytes: &[u8]) -> bool {
    // The last bytes are looked at together with some before them.
    let Some(last) = bytes.last_chunk::<16>() else { return !bytes.iter().any(|b| is(*b, NO_URL)) };
    let mut any = [false; 16];
    let mut add = |chunk: &[u8; 16]| any.iter_mut().zip(chunk).for_each(|(any, b)| *any |= is_no_url_byte(*b));
    bytes.as_chunks::<16>().0.iter().for_each(&mut add);
    add(last);
    !any.contains(&true)
}

/// Whether there is a character that XML does not admit: a control character, U+FFFE or U+FFFF.
#[inline]
pub(super) fn hold_no_character(bytes: &[u8]) -> bool {
    // The bytes from 0xEF on, then those below the space.
    let suspect = |part: &[u8]| part.iter().fold(u8::MAX, |least, b| least.min(b.wrapping_add(0x11))) < 0x31;
    let (chunks, rest) = bytes.as_chunks::<256>();
    let found = |part: &[u8]| suspect(part) && hold_control_or_ef(part);
    (chunks.iter().any(|chunk| found(chunk)) || found(rest))
        && (bytes.iter().fold(false, |any, b| any | is_control(*b)) || hold_noncharacter(bytes))
}

#[inline(always)]
fn is_control(b: u8) -> bool {
    (b < b' ') & (b != b'\t') & (b != b'\n') & (b != b'\r')
}

#[inline(never)]
fn hold_control_or_ef(bytes: &[u8]) -> bool {
    bytes.iter().fold(false, |any, b| any | is_control(*b) | (*b == 0xEF))
}

/// Whether the bytes hold U+FFFE or U+FFFF.
#[cold]
fn hold_noncharacter(bytes: &[u8]) -> bool {
    memchr_iter(0xEF, bytes).any(|at| matches!(bytes.get(at + 1..at + 3), Some([0xBF, 0xBE | 0xBF])))
}
