//! Numbers and hashes as the files of sets have them: the same on every machine.

/// Appends a number in groups of seven bits, the lowest first (LEB128).
pub fn put(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Takes a number off the front; `None` where the bytes end before it does.
#[inline]
pub fn take(from: &mut &[u8]) -> Option<u32> {
    let mut number = 0u32;
    for shift in [0, 7, 14, 21, 28] {
        let (first, rest) = from.split_first()?;
        *from = rest;
        number |= u32::from(first & 0x7F).checked_shl(shift)?;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// Takes so many bytes off the front.
#[inline]
pub fn take_bytes<'b>(from: &mut &'b [u8], count: usize) -> Option<&'b [u8]> {
    let (first, rest) = from.split_at_checked(count)?;
    *from = rest;
    Some(first)
}

/// The number at an index of a table of numbers of four bytes.
#[inline]
pub fn word(table: &[u8], index: usize) -> Option<u32> {
    let bytes = table.get(index.checked_mul(4)?..)?.first_chunk::<4>()?;
    Some(u32::from_le_bytes(*bytes))
}

/// The number at an index of a table of numbers of eight bytes.
pub fn long(table: &[u8], index: usize) -> Option<u64> {
    let bytes = table.get(index.checked_mul(8)?..)?.first_chunk::<8>()?;
    Some(u64::from_le_bytes(*bytes))
}

const ODD: u64 = 0x9E37_79B9_7F4A_7C15;

#[inline]
fn folded(a: u64, b: u64) -> u64 {
    let wide = u128::from(a) * u128::from(b);
    wide as u64 ^ (wide >> 64) as u64
}

/// A hash of bytes, for tables.
#[inline]
pub fn hash(bytes: &[u8]) -> u64 {
    let (chunks, rest) = bytes.as_chunks::<8>();
    let mut state = ODD ^ bytes.len() as u64;
    for chunk in chunks {
        state = folded(state ^ u64::from_le_bytes(*chunk), ODD | 1);
    }
    let tail = rest.iter().fold(0u64, |t, b| t << 8 | u64::from(*b));
    folded(state ^ tail, 0xD6E8_FEB8_6659_FD93)
}

/// A checksum of a whole file's bytes: four lanes, so that it keeps up with the memory.
pub fn checksum(bytes: &[u8]) -> u64 {
    let (blocks, rest) = bytes.as_chunks::<32>();
    let mut lanes = [ODD, !ODD, ODD.rotate_left(17), ODD.rotate_left(41)];
    for block in blocks {
        for (lane, chunk) in lanes.iter_mut().zip(block.as_chunks::<8>().0) {
            *lane =
                (*lane ^ u64::from_le_bytes(*chunk)).wrapping_mul(0x0000_0100_0000_01B3 | ODD << 33).rotate_left(29);
        }
    }
    let start = hash(rest) ^ bytes.len() as u64;
    lanes.iter().fold(start, |sum, lane| folded(sum ^ lane, ODD | 1).rotate_left(7) ^ lane)
}

/// The place in a table of `slots` for a hash.
#[inline]
pub fn slot(hash: u64, slots: usize) -> usize {
    ((u128::from(hash) * slots as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_and_cut_ones_do_not() {
        for number in [0, 1, 127, 128, 16_383, 16_384, u32::MAX - 1, u32::MAX] {
            let mut out = Vec::new();
            put(&mut out, number);
            assert_eq!(take(&mut out.as_slice()), Some(number));
            let cut = out.len() - 1;
            assert_eq!(take(&mut &out[..cut]), None);
        }
        assert_eq!(take(&mut [0xFF; 8].as_slice()), None);
    }

    #[test]
    fn every_changed_byte_changes_the_checksum() {
        let bytes: Vec<u8> = (0..200u8).collect();
        let sum = checksum(&bytes);
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other[at] ^= 1;
            assert_ne!(checksum(&other), sum, "byte {at}");
            assert_ne!(checksum(&bytes[..at]), sum, "cut at {at}");
        }
    }
}
