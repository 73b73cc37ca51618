//! Keys and values: how they are joined, and how values are compressed.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use super::StoreError;

/// No record unpacks to more than this.
const LIMIT_BYTES: u64 = 256 << 20;

/// The parts of a key, joined by NUL; a NUL inside a part becomes U+FFFD.
pub(super) fn key(parts: &[&str]) -> Vec<u8> {
    let mut out = Vec::with_capacity(parts.iter().map(|p| p.len() + 1).sum());
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            out.push(0);
        }
        if part.contains('\0') {
            out.extend_from_slice(part.replace('\0', "\u{FFFD}").as_bytes());
        } else {
            out.extend_from_slice(part.as_bytes());
        }
    }
    out
}

/// The prefix of all keys that start with these parts.
pub(super) fn prefix(parts: &[&str]) -> Vec<u8> {
    let mut out = key(parts);
    out.push(0);
    out
}

/// The parts of a key, as [`key`] joined them.
pub(super) fn parts(key: &[u8]) -> Vec<String> {
    key.split(|b| *b == 0).map(|p| String::from_utf8_lossy(p).into_owned()).collect()
}

/// Compresses a value; the form holds a checksum.
pub(super) fn pack(bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(bytes.len() / 4 + 16), Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(|e| StoreError::Record(e.to_string()))
}

/// The value that [`pack`] compressed.
///
/// # Errors
/// [`StoreError::Record`] where the checksum does not hold or the value is too large.
pub(super) fn unpack(bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    let mut out = Vec::with_capacity(bytes.len().saturating_mul(4));
    let mut decoder = ZlibDecoder::new(bytes).take(LIMIT_BYTES + 1);
    decoder.read_to_end(&mut out).map_err(|e| StoreError::Record(e.to_string()))?;
    if out.len() as u64 > LIMIT_BYTES {
        return Err(StoreError::Record(format!("it unpacks to more than {LIMIT_BYTES} bytes")));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_parts_apart() {
        assert_eq!(parts(&key(&["a", "", "b"])), ["a", "", "b"]);
        assert_ne!(key(&["a\0b"]), key(&["a", "b"]));
        assert!(key(&["a", "b"]).starts_with(&prefix(&["a"])));
    }

    #[test]
    fn values_come_back_and_damage_is_noticed() {
        let text = br#"{"resourceType":"ValueSet"}"#.repeat(50);
        let packed = pack(&text).unwrap();
        assert!(packed.len() < text.len() / 4);
        assert_eq!(unpack(&packed).unwrap(), text);
        for at in 0..packed.len() {
            let mut damaged = packed.clone();
            damaged[at] ^= 0x55;
            assert_ne!(unpack(&damaged).ok(), Some([&text[..], b"x"].concat()));
        }
        assert!(unpack(&packed[..packed.len() - 3]).is_err());
        assert!(unpack(b"no").is_err());
    }
}
