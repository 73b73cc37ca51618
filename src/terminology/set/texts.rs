//! Texts as words of a dictionary: terminologies use the same words again and again, and a single text can be read
//! without the others.
//!
//! The most frequent words take one byte, the next two, the others three; a word that is met once is written as it is.

use rustc_hash::FxHashMap;

use super::bytes::{put, take, take_bytes, word};

/// How many words take one byte.
const ONE: u32 = 96;
/// The first byte of a word of three.
const THREE: u32 = 240;
/// How many words take one or two bytes.
const TWO: u32 = ONE + (THREE - ONE) * 256;
/// The first byte of a word that is written as it is.
const PLAIN: u8 = 255;
/// The bytes of a word's cell: its length and its bytes. One read finds it.
const CELL: usize = 16;
/// The length of a word that its cell has no room for: behind it, where it starts and its length.
const ELSEWHERE: u8 = 255;
/// How many words there may be.
const ALL: u32 = TWO + (PLAIN as u32 - THREE) * 65_536;

/// Counts words, and gives each its number.
#[derive(Default)]
pub struct Dictionary<'t> {
    numbers: FxHashMap<&'t str, u32>,
    words: Vec<&'t str>,
}

impl<'t> Dictionary<'t> {
    /// The words of texts that occur more than once, the most frequent first.
    pub fn of(texts: impl Iterator<Item = &'t str>) -> Dictionary<'t> {
        let mut counts: FxHashMap<&str, u32> = FxHashMap::default();
        for word in texts.flat_map(|t| t.split(' ')) {
            *counts.entry(word).or_default() += 1;
        }
        let mut words: Vec<(u32, &str)> = counts.into_iter().filter(|(_, n)| *n > 1).map(|(w, n)| (n, w)).collect();
        words.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        words.truncate(ALL as usize);
        let words: Vec<&str> = words.into_iter().map(|(_, w)| w).collect();
        Dictionary { numbers: words.iter().zip(0..).map(|(w, i)| (*w, i)).collect(), words }
    }

    /// Appends a text in this dictionary's words.
    pub fn write(&self, text: &str, out: &mut Vec<u8>) {
        for word in text.split(' ') {
            match self.numbers.get(word).copied() {
                Some(n) if n < ONE => out.push(n as u8),
                Some(n) if n < TWO => {
                    out.extend([(ONE + ((n - ONE) >> 8)) as u8, (n - ONE) as u8]);
                }
                Some(n) => {
                    let n = n - TWO;
                    out.extend([(THREE + (n >> 16)) as u8, (n >> 8) as u8, n as u8]);
                }
                None => {
                    out.push(PLAIN);
                    put(out, word.len() as u32);
                    out.extend(word.as_bytes());
                }
            }
        }
    }

    /// The cells of the words, and the bytes of those that no cell has room for.
    pub fn tables(&self) -> (Vec<u8>, Vec<u8>) {
        let mut cells = Vec::with_capacity(self.words.len() * CELL);
        let mut long = Vec::new();
        for word in &self.words {
            let mut cell = [0u8; CELL];
            let (place, bytes) = match word.len() < CELL {
                true => (vec![word.len() as u8], word.as_bytes()),
                false => {
                    let numbers = [long.len() as u32, word.len() as u32];
                    long.extend(word.as_bytes());
                    let place = std::iter::once(ELSEWHERE).chain(numbers.into_iter().flat_map(u32::to_le_bytes));
                    (place.collect(), &[][..])
                }
            };
            cell.iter_mut().zip(place.iter().chain(bytes)).for_each(|(own, byte)| *own = *byte);
            cells.extend(cell);
        }
        (cells, long)
    }
}

/// A dictionary in a file.
#[derive(Clone, Copy)]
pub struct Words<'b> {
    /// The words, a cell each.
    pub cells: &'b [u8],
    /// The words that no cell has room for.
    pub long: &'b [u8],
}

impl<'b> Words<'b> {
    /// Takes the next word off coded text; `None` where the bytes stand for none.
    #[inline]
    fn next(&self, coded: &mut &'b [u8]) -> Option<&'b [u8]> {
        let (first, rest) = coded.split_first()?;
        *coded = rest;
        let first = u32::from(*first);
        let number = match first {
            _ if first < ONE => first,
            _ if first < THREE => {
                let [low] = *take_bytes(coded, 1)?.first_chunk::<1>()?;
                ONE + ((first - ONE) << 8) + u32::from(low)
            }
            _ if first < u32::from(PLAIN) => {
                let [high, low] = *take_bytes(coded, 2)?.first_chunk::<2>()?;
                TWO + ((first - THREE) << 16) + (u32::from(high) << 8) + u32::from(low)
            }
            _ => {
                let length = take(coded)? as usize;
                return take_bytes(coded, length);
            }
        };
        let cell = self.cells.get((number as usize).checked_mul(CELL)?..)?.first_chunk::<CELL>()?;
        match cell {
            [ELSEWHERE, place @ ..] => {
                let (start, length) = (word(place, 0)? as usize, word(place, 1)? as usize);
                self.long.get(start..start.checked_add(length)?)
            }
            [length, word @ ..] => word.get(..usize::from(*length)),
        }
    }

    /// Appends the text that these bytes stand for; `None` where they stand for none.
    pub fn read(&self, mut coded: &'b [u8], out: &mut Vec<u8>) -> Option<()> {
        let mut is_first = true;
        while !coded.is_empty() {
            if !std::mem::replace(&mut is_first, false) {
                out.push(b' ');
            }
            out.extend_from_slice(self.next(&mut coded)?);
        }
        Some(())
    }

    /// Whether these bytes stand for a text; reads no further than where it differs.
    #[inline]
    pub fn is(&self, mut coded: &'b [u8], text: &str) -> bool {
        let mut left = text.as_bytes();
        while !coded.is_empty() {
            let Some(rest) = self.next(&mut coded).and_then(|word| left.strip_prefix(word)) else { return false };
            left = match (coded.is_empty(), rest.split_first()) {
                (true, _) => rest,
                (false, Some((b' ', after))) => after,
                _ => return false,
            };
        }
        left.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_as_they_were() {
        let mut texts: Vec<String> =
            (0..60_000).map(|i| format!("word{i} word{} of  alltogether{} ", i / 2, i % 99_000)).collect();
        texts.extend(["", " ", "  ", "a", "é \u{1F600} ü", "once only"].map(str::to_owned));
        let dictionary = Dictionary::of(texts.iter().map(String::as_str));
        let (cells, long) = dictionary.tables();
        let words = Words { cells: &cells, long: &long };
        for text in &texts {
            let (mut coded, mut back) = (Vec::new(), Vec::new());
            dictionary.write(text, &mut coded);
            words.read(&coded, &mut back).unwrap();
            assert_eq!(std::str::from_utf8(&back).unwrap(), text);
            assert!(words.is(&coded, text));
            assert!(!words.is(&coded, &format!("{text}x")) && !words.is(&coded, &format!("x{text}")));
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let words = Words { cells: &[ELSEWHERE; CELL], long: &[] };
        for coded in [&[0u8][..], &[100], &[240, 1], &[255, 9, b'a'], &[255]] {
            assert!(words.read(coded, &mut Vec::new()).is_none());
        }
    }
}
