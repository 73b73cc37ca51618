//! The frame of a record: it says where it begins, and whether it is whole, so that it is found among whatever else a
//! file holds.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | [`MAGIC`] |
//! | 8 | the number of the record: later ones have higher ones |
//! | 2 | length of the key |
//! | 4 | length of the body as it is written |
//! | 4 | CRC-32 of the body |
//! | 4 | CRC-32 of the 26 bytes before |
//! | … | the body: key and value, in which [`MAGIC`] never occurs |
//!
//! A record without a value takes back what earlier ones keep under its key.
//!
//! Numbers are little-endian. A reader that comes to something else looks for the next [`MAGIC`]; since no body
//! contains it, no record can be read out of the inside of another, whatever a client sends.

use memchr::memmem;

use super::StoreError;

/// What a frame begins with. Its first byte does not occur again in it.
pub(super) const MAGIC: [u8; 8] = [0xAC, b'f', b'r', b'a', b'm', b'e', b'\n', 0x9E];
/// Bytes before the body.
pub(super) const HEAD: usize = 30;
/// No body is longer than this.
pub(super) const BODY_LIMIT_BYTES: usize = 64 << 20;
/// Put behind the first seven bytes of [`MAGIC`] inside a body; not its eighth.
const STUFFED: u8 = 0;

/// A record: what it is kept under, and what is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Record {
    /// Later records have higher numbers.
    pub number: u64,
    /// What it is kept under.
    pub key: String,
    /// What is kept; empty where what was kept before is to be forgotten.
    pub value: Vec<u8>,
}

impl Record {
    /// Whether it says that what earlier records keep under its key is kept no more.
    pub fn is_removal(&self) -> bool {
        self.value.is_empty()
    }
}

/// What a frame says before its body.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Head {
    number: u64,
    key_length: usize,
    /// Bytes of the body as it is written.
    pub body_length: usize,
    checksum: u32,
}

/// The frame of a record.
///
/// # Errors
/// [`StoreError::Record`] where key or value are too long.
pub(super) fn write(number: u64, key: &str, value: &[u8]) -> Result<Vec<u8>, StoreError> {
    let too_long = || StoreError::Record("it is too long to be kept".to_owned());
    let key_length = u16::try_from(key.len()).map_err(|_| too_long())?;
    let body = stuff(&[key.as_bytes(), value].concat());
    if body.len() > BODY_LIMIT_BYTES {
        return Err(too_long());
    }
    let mut out = Vec::with_capacity(HEAD + body.len());
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&number.to_le_bytes());
    out.extend_from_slice(&key_length.to_le_bytes());
    out.extend_from_slice(&(body.len() as u32).to_le_bytes());
    out.extend_from_slice(&checksum(&body).to_le_bytes());
    let head = checksum(&out);
    out.extend_from_slice(&head.to_le_bytes());
    out.extend_from_slice(&body);
    Ok(out)
}

/// How many bytes the frame of a record takes, but for the few that are put in where its body has [`MAGIC`].
pub(super) fn length(key: &str, value: &[u8]) -> u64 {
    (HEAD + key.len() + value.len()) as u64
}

/// What the first [`HEAD`] bytes of a frame say; `None` where they are none.
pub(super) fn head(bytes: &[u8]) -> Option<Head> {
    let head = bytes.first_chunk::<HEAD>()?;
    let (said, sum) = head.split_last_chunk::<4>()?;
    let rest = said.strip_prefix(&MAGIC)?;
    let (number, rest) = rest.split_first_chunk()?;
    let (key_length, rest) = rest.split_first_chunk()?;
    let (body_length, rest) = rest.split_first_chunk()?;
    let body_length = u32::from_le_bytes(*body_length) as usize;
    (checksum(said) == u32::from_le_bytes(*sum) && body_length <= BODY_LIMIT_BYTES).then_some(Head {
        number: u64::from_le_bytes(*number),
        key_length: u16::from_le_bytes(*key_length) as usize,
        body_length,
        checksum: u32::from_le_bytes(rest.try_into().ok()?),
    })
}

impl Head {
    /// The record with this body; `None` where the body is not what was written.
    pub fn record(&self, body: &[u8]) -> Option<Record> {
        if body.len() != self.body_length || checksum(body) != self.checksum {
            return None;
        }
        let mut key = unstuff(body);
        let value = (self.key_length <= key.len()).then(|| key.split_off(self.key_length))?;
        Some(Record { number: self.number, key: String::from_utf8(key).ok()?, value })
    }
}

/// The record of a frame that is alone in `bytes`; `None` where it is damaged.
pub(super) fn read(bytes: &[u8]) -> Option<Record> {
    head(bytes)?.record(bytes.get(HEAD..)?)
}

/// CRC-32 (IEEE 802.3).
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// All of [`MAGIC`] but its last byte.
fn stem() -> &'static [u8] {
    MAGIC.split_last().map_or(&[], |(_, stem)| stem)
}

/// Bytes in which [`MAGIC`] does not occur: behind each occurrence of its stem one is put in.
fn stuff(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for at in memmem::find_iter(bytes, stem()) {
        let end = at + stem().len();
        out.extend_from_slice(bytes.get(from..end).unwrap_or_default());
        out.push(STUFFED);
        from = end;
    }
    out.extend_from_slice(bytes.get(from..).unwrap_or_default());
    out
}

/// The bytes that [`stuff`] was given.
fn unstuff(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for at in memmem::find_iter(bytes, stem()) {
        let end = at + stem().len();
        out.extend_from_slice(bytes.get(from..end).unwrap_or_default());
        from = end + 1;
    }
    out.extend_from_slice(bytes.get(from..).unwrap_or_default());
    out
}

#[cfg(test)]
#[path = "tests/frame.rs"]
mod tests;
