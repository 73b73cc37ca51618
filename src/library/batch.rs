//! Many texts on several threads, with the results in the order of the texts.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use super::{Crew, Stop};

/// What a thread has for the nesting of what it works on, in bytes; it takes only what it uses.
const STACK: usize = 32 << 20;
/// How long the thread that waits does so before it looks around.
const PAUSE: Duration = Duration::from_millis(50);
/// The most threads of a batch.
const MOST_THREADS: usize = 1_024;

/// The results of some texts, with their places.
type Part<R> = Vec<(usize, Option<R>)>;

/// How many threads work on so many texts.
fn threads(asked: Option<usize>, texts: usize) -> usize {
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    asked.unwrap_or_else(cores).clamp(1, MOST_THREADS).min(texts)
}

/// Takes texts until there are none, or it is told to stop. One at which the work breaks down has no result.
fn part<T, R, W: FnMut(&T) -> R>(texts: &[T], next: &AtomicUsize, stop: &Stop, worker: &impl Fn() -> W) -> Part<R> {
    let (mut kept, mut done) = (None, Vec::new());
    while !stop.is_told() {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let Some(text) = texts.get(at) else { break };
        let mut work: Option<W> = kept.take();
        let found = catch_unwind(AssertUnwindSafe(|| {
            let found = work.get_or_insert_with(worker)(text);
            (work, found)
        }));
        // What was left half done is not used again.
        let found = found.ok().map(|(work, found)| {
            kept = work;
            found
        });
        done.push((at, found));
    }
    done
}

/// Works on all texts by what `worker` makes for each thread; `None` for those at which it broke down, and for those
/// that were not begun when it was told to stop.
pub(super) fn work<T, R, W>(texts: &[T], worker: impl Fn() -> W + Sync, crew: Crew<'_>) -> Vec<Option<R>>
where
    T: Sync,
    R: Send,
    W: FnMut(&T) -> R,
{
    let (next, Crew { threads: asked, stop, wait }) = (AtomicUsize::new(0), crew);
    let mut results: Vec<Option<R>> = texts.iter().map(|_| None).collect();
    let mut keep = |part: Part<R>| {
        for (at, found) in part {
            if let Some(slot) = results.get_mut(at) {
                *slot = found;
            }
        }
    };
    thread::scope(|scope| {
        let (ended, all_ended) = channel::<()>();
        let (next, worker) = (&next, &worker);
        let start = |ended: Sender<()>| {
            let body = move || {
                let done = part(texts, next, stop, worker);
                drop(ended);
                done
            };
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, body).ok()
        };
        let started: Vec<_> = (0..threads(asked, texts.len())).filter_map(|_| start(ended.clone())).collect();
        drop(ended);
        if started.is_empty() {
            keep(part(texts, next, stop, worker));
        }
        while all_ended.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
            wait();
        }
        started.into_iter().filter_map(|thread| thread.join().ok()).for_each(keep);
    });
    results
}

#[cfg(test)]
#[path = "batch_tests.rs"]
mod tests;
