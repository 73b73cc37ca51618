//! The hashes and tables of images.

/// A checksum over words; detects damage, is no proof against malice.
pub(crate) fn checksum(words: &[u32]) -> u64 {
    let mut lanes = [0x9E37_79B9_7F4A_7C15u64, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x27D4_EB2F_1656_67C5];
    let (chunks, rest) = words.as_chunks::<8>();
    for [a, b, c, d, e, f, g, h] in chunks {
        for (lane, (low, high)) in lanes.iter_mut().zip([(a, b), (c, d), (e, f), (g, h)]) {
            let v = u64::from(*low) | u64::from(*high) << 32;
            *lane = (*lane ^ v).wrapping_mul(0x0000_0100_0000_01B3).rotate_left(23);
        }
    }
    let mut h =
        lanes.iter().fold(words.len() as u64, |h, l| (h ^ l).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29));
    for w in rest {
        h = (h ^ u64::from(*w)).wrapping_mul(0x0000_0100_0000_01B3).rotate_left(23);
    }
    h
}

/// A table by hash of (hash, row): pairs of the hash and the row's number from 1, open addressing.
#[allow(clippy::indexing_slicing, reason = "the mask keeps places inside the table")]
pub(crate) fn url_table(rows: &[(u32, u32)]) -> Vec<u32> {
    if rows.is_empty() {
        return Vec::new();
    }
    let slots = (rows.len() * 2).next_power_of_two();
    let mut words = vec![0; slots * 2];
    for (hash, row) in rows {
        let mut at = *hash as usize & (slots - 1);
        while words[2 * at + 1] != 0 {
            at = (at + 1) & (slots - 1);
        }
        (words[2 * at], words[2 * at + 1]) = (*hash, row + 1);
    }
    words
}

/// The hash of a code in a table; the same for upper and lower case.
pub(crate) fn code_hash(code: &[u8]) -> u32 {
    let mut h = 0x811C_9DC5u64;
    for chunk in code.chunks(8) {
        let mut b = [0; 8];
        if let Some(room) = b.get_mut(..chunk.len()) {
            room.copy_from_slice(chunk);
        }
        h = (h ^ (u64::from_le_bytes(b) | 0x2020_2020_2020_2020)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        h ^= h >> 32;
    }
    h as u32
}
