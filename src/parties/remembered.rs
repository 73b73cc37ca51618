//! How much is remembered of what changed.

use serde::Serialize;

/// How many bytes the drifts of a negotiation, or the statements of a party's history, have as JSON at most.
pub(super) const BYTES_LIMIT: usize = 4 << 20;

/// How many bytes something has as JSON.
pub(super) fn bytes(value: &impl Serialize) -> usize {
    serde_json::to_vec(value).map_or(usize::MAX, |text| text.len())
}

/// Forgets the oldest entries, which come first, where there are more than `limit`, or more than [`BYTES_LIMIT`] of
/// them. The last one stays. Returns how many went.
pub(super) fn forget<T: Serialize>(list: &mut Vec<T>, limit: usize) -> usize {
    let mut all = 0_usize;
    let fits = |entry: &&T| {
        all = all.saturating_add(bytes(*entry));
        all <= BYTES_LIMIT
    };
    let kept = list.iter().rev().take(limit).take_while(fits).count().max(1);
    let extra = list.len().saturating_sub(kept);
    list.drain(..extra);
    extra
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_by_number_and_by_bytes() {
        let mut few: Vec<usize> = (0..10).collect();
        assert_eq!((forget(&mut few, 3), few), (7, vec![7, 8, 9]));
        let mut long: Vec<String> = (0..6).map(|n| n.to_string().repeat(1 << 20)).collect();
        assert_eq!((forget(&mut long, 50), long.len()), (3, 3));
        assert!(long.iter().zip(["3", "4", "5"]).all(|(text, first)| text.starts_with(first)));
        let mut one = vec!["x".repeat(BYTES_LIMIT)];
        assert_eq!((forget(&mut one, 0), one.len()), (0, 1), "the last one stays");
        assert_eq!(forget(&mut Vec::<u8>::new(), 5), 0);
    }
}
