//! Work on several cores, with results in the order of what was worked on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::bounds::STACK;

/// What `worker` makes of each, in their order; `None` where the work on one broke down. Every thread makes a worker of
/// its own.
pub(super) fn map<T, R, W>(threads: usize, all: &[T], worker: impl Fn() -> W + Sync) -> Vec<Option<R>>
where
    T: Sync,
    R: Send,
    W: FnMut(&T) -> R,
{
    let made: Mutex<Vec<Option<R>>> = Mutex::new(all.iter().map(|_| None).collect());
    let next = AtomicUsize::new(0);
    let work = || {
        let mut kept = None;
        while let Some((at, one)) = taken(&next, all) {
            let mut own = kept.take().unwrap_or_else(&worker);
            // What was left half done is not used again.
            let Ok((own, result)) = catch_unwind(AssertUnwindSafe(move || {
                let result = own(one);
                (own, result)
            })) else {
                continue;
            };
            kept = Some(own);
            if let Some(slot) = made.lock().unwrap_or_else(PoisonError::into_inner).get_mut(at) {
                *slot = Some(result);
            }
        }
    };
    thread::scope(|scope| {
        let started = (0..threads.min(all.len()).max(1))
            .filter(|_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).is_ok())
            .count();
        if started == 0 {
            work();
        }
    });
    made.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The next one, and its place.
fn taken<'a, T>(next: &AtomicUsize, all: &'a [T]) -> Option<(usize, &'a T)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    all.get(at).map(|one| (at, one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_stays_and_a_breakdown_costs_one() {
        let all: Vec<usize> = (0..100).collect();
        let worker = || {
            |n: &usize| {
                assert_ne!(*n, 7, "expected");
                n * 2
            }
        };
        let made = map(4, &all, worker);
        assert_eq!(made[6..9], [Some(12), None, Some(16)]);
        assert_eq!(made.iter().flatten().count(), 99);
        assert_eq!(map(4, &[] as &[usize], || |n: &usize| *n), [] as [Option<usize>; 0]);
    }
}
