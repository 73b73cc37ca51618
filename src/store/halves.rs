//! Values of two halves: notes, which are read without the text that they are about.
//!
//! | bytes | what |
//! |---|---|
//! | 1 | [`MARK`] |
//! | 4 | length of the packed notes, little-endian |
//! | … | the notes, packed |
//! | … | the text, packed |
//!
//! A value without notes is the packed text alone, as earlier versions wrote all of them.

use super::StoreError;
use super::record::{pack, unpack};

/// What a value with notes begins with; packed text never does (RFC 1950).
const MARK: u8 = 0x02;

/// A value of both.
///
/// # Errors
/// [`StoreError::Record`] where the notes are too long.
pub(super) fn join(notes: &[u8], text: &[u8]) -> Result<Vec<u8>, StoreError> {
    let notes = pack(notes)?;
    let length = u32::try_from(notes.len()).map_err(|_| StoreError::Record("its notes are too long".to_owned()))?;
    Ok([&[MARK][..], &length.to_le_bytes(), &notes, &pack(text)?].concat())
}

/// The packed halves; the first is `None` of a value without notes.
fn split(value: &[u8]) -> Result<(Option<&[u8]>, &[u8]), StoreError> {
    let Some(rest) = value.strip_prefix(&[MARK]) else { return Ok((None, value)) };
    let cut = || {
        let (length, rest) = rest.split_first_chunk::<4>()?;
        rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
    };
    let (notes, text) = cut().ok_or_else(|| StoreError::Record("its notes are cut off".to_owned()))?;
    Ok((Some(notes), text))
}

/// The notes of a value; `None` where it has none.
///
/// # Errors
/// [`StoreError::Record`] where they are damaged.
pub(super) fn notes(value: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
    split(value)?.0.map(unpack).transpose()
}

/// The text of a value.
///
/// # Errors
/// [`StoreError::Record`] where it is damaged.
pub(super) fn text(value: &[u8]) -> Result<Vec<u8>, StoreError> {
    unpack(split(value)?.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_come_back_and_damage_is_noticed() {
        let value = join(b"notes", b"text").unwrap();
        assert_eq!((notes(&value).unwrap().as_deref(), text(&value).unwrap()), (Some(&b"notes"[..]), b"text".to_vec()));
        let alone = pack(b"text").unwrap();
        assert_eq!((notes(&alone).unwrap(), text(&alone).unwrap()), (None, b"text".to_vec()));
        for end in 1..value.len() {
            assert!(text(&value[..end]).is_err(), "{end}");
        }
        assert!(notes(&[MARK, 255, 255, 255, 255, 1]).is_err() && notes(&[MARK]).is_err());
    }
}
