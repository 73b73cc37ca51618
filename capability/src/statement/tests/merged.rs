//! Merging by keys gives what a look at all known items gives.

use super::*;
use crate::expectation::Expectation;
use crate::statement::merge::Keys;

fn strongest(a: Option<Expectation>, b: Option<Expectation>) -> Option<Expectation> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.stronger(b)),
        (Some(Expectation::ShallNot), None) | (None, Some(Expectation::ShallNot)) => Some(Expectation::ShallNot),
        _ => None,
    }
}

#[test]
fn the_first_of_equal_items_takes_the_others_up() {
    let expectations = [None, Some(Expectation::May), Some(Expectation::Shall), Some(Expectation::ShallNot)];
    let mut state = 88_172_645_463_325_252u64;
    let mut next = move |n: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % n
    };
    for _ in 0..2000 {
        let mut item = || Stated {
            value: next(6).to_string(),
            expectation: expectations[next(4) as usize],
            path: next(1000).to_string(),
        };
        // The list that is merged into may hold the same item twice.
        let mut items: Vec<Stated<String>> = (0..4).map(|_| item()).collect();
        let mut plain = items.clone();
        let mut keys = Keys::default();
        for _ in 0..12 {
            let new = item();
            match plain.iter_mut().find(|known| known.value == new.value) {
                Some(known) => known.expectation = strongest(known.expectation, new.expectation),
                None => plain.push(new.clone()),
            }
            keys.merge(&mut items, new, Clone::clone);
            assert_eq!(items, plain);
        }
    }
}
