//! Records of journals before frames: length and CRC-32 of what follows, length of the key, key, value. Such journals
//! are still read, and records of today are put behind those of old.

use super::frame::{BODY_LIMIT_BYTES, Record, checksum};

/// Length and checksum.
pub(super) const HEAD: usize = 8;
/// No key of an old record was longer; the ids of negotiated sets had 64 bytes.
const KEY_LIMIT_BYTES: usize = 256;

/// How long the body of an old record would be that begins here, and its checksum.
pub(super) fn head(bytes: &[u8]) -> Option<(usize, u32)> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let crc = rest.first_chunk::<4>()?;
    let length = u32::from_le_bytes(*length) as usize;
    (2..=BODY_LIMIT_BYTES).contains(&length).then(|| (length, u32::from_le_bytes(*crc)))
}

/// Whether what follows a head looks like the body of an old record: a key of visible characters, and a value as zlib
/// begins. It only saves the computing of checksums that cannot hold.
pub(super) fn is_likely(body: &[u8]) -> bool {
    let Some((length, rest)) = body.split_first_chunk::<2>() else { return false };
    let Some((key, value)) = rest.split_at_checked(u16::from_le_bytes(*length) as usize) else { return false };
    (1..=KEY_LIMIT_BYTES).contains(&key.len()) && key.iter().all(u8::is_ascii_graphic) && value.first() == Some(&0x78)
}

/// Bytes of a body that [`is_likely`] may have to see.
pub(super) const LIKELY_BYTES: usize = 2 + KEY_LIMIT_BYTES + 1;

/// The record with this body; `None` where its checksum is another.
pub(super) fn record(body: &[u8], crc: u32) -> Option<Record> {
    if checksum(body) != crc {
        return None;
    }
    let (length, rest) = body.split_first_chunk::<2>()?;
    let (key, value) = rest.split_at_checked(u16::from_le_bytes(*length) as usize)?;
    Some(Record { number: 0, key: std::str::from_utf8(key).ok()?.to_owned(), value: value.to_owned() })
}
