//! Inputs on several cores: one thread reads, others work on batches, and the results come in the order of the inputs,
//! whatever the number of threads. What is under way is bounded.

use std::io;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::{self, Scope};
use std::time::{Duration, Instant};

use super::input::Input;

/// The most bytes of inputs that are under way, read and not yet told; a single larger input goes by itself.
const UNDER_WAY: usize = 32 << 20;
/// The most batches under way for each thread.
const BATCHES: usize = 3;
/// How long no input comes until those that there are do not wait for it.
const PAUSE: Duration = Duration::from_millis(100);
/// What a thread has for the nesting of what it works on, in bytes; it takes only what it uses.
pub(super) const STACK: usize = 32 << 20;

/// How inputs are dealt out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deal {
    /// The most threads that work.
    pub threads: usize,
    /// The most inputs of a batch.
    pub inputs: usize,
    /// The most bytes of a batch of several inputs.
    pub bytes: usize,
    /// Whether a batch does not wait for more inputs while none comes.
    pub is_prompt: bool,
}

/// The bytes under way; `None` once nobody waits for results any more.
struct UnderWay {
    bytes: Mutex<Option<usize>>,
    fewer: Condvar,
}

impl UnderWay {
    /// Waits until there is room.
    fn add(&self, bytes: usize) {
        let held = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |held: &mut Option<usize>| held.is_some_and(|h| h > 0 && h.saturating_add(bytes) > UNDER_WAY);
        let mut held = self.fewer.wait_while(held, is_full).unwrap_or_else(PoisonError::into_inner);
        *held = held.map(|h| h.saturating_add(bytes));
    }

    /// These are done; `None`: no more are waited for.
    fn remove(&self, bytes: Option<usize>) {
        let mut held = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        *held = held.zip(bytes).map(|(held, bytes)| held.saturating_sub(bytes));
        self.fewer.notify_one();
    }
}

/// A batch on its way to a thread that works, and where its result goes.
type Task<R> = (Vec<Input>, Sender<R>);

/// A result that is to come, of inputs of this many bytes.
type Promised<R> = (Receiver<R>, usize);

/// The batch that is filled, and where it goes.
struct Filling<R> {
    batch: Vec<Input>,
    bytes: usize,
    /// When the last input came.
    last: Instant,
    tasks: Sender<Task<R>>,
    promises: SyncSender<Promised<R>>,
    /// How many threads work.
    threads: usize,
}

impl<R> Filling<R> {
    fn has_room(&self, input: &Input, deal: Deal) -> bool {
        self.batch.len() < deal.inputs && self.bytes + input.text.len() <= deal.bytes
    }

    fn add(&mut self, input: Input) {
        self.bytes += input.text.len();
        self.last = Instant::now();
        self.batch.push(input);
    }

    /// Sends the batch on, once there is room for it; `start` starts one more thread. It breaks where nobody takes it.
    fn send(&mut self, deal: Deal, under_way: &UnderWay, start: impl FnOnce() -> io::Result<()>) -> ControlFlow<()> {
        let (batch, bytes) = (std::mem::take(&mut self.batch), std::mem::take(&mut self.bytes));
        if batch.is_empty() {
            return ControlFlow::Continue(());
        }
        if self.threads < deal.threads && start().is_ok() {
            self.threads += 1;
        }
        under_way.add(bytes);
        let (result, promise) = channel();
        let is_taken = self.threads > 0
            && self.promises.send((promise, bytes)).is_ok()
            && self.tasks.send((batch, result)).is_ok();
        if is_taken { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

/// Reads inputs by `read`, has them worked on by what `worker` makes for each thread, and hands on the results in the
/// order of the inputs; `None` for a batch whose thread broke down. `take` may have had enough: then no more is read.
/// Gives what `read` gives; `None` where it broke down, or where no thread could be started.
pub(super) fn work<R, W, F, E>(
    deal: Deal,
    read: impl FnOnce(&mut dyn FnMut(Input) -> ControlFlow<()>) -> E + Send,
    worker: F,
    take: &mut dyn FnMut(Option<R>) -> ControlFlow<()>,
) -> Option<E>
where
    R: Send,
    E: Send,
    W: FnMut(Vec<Input>) -> R,
    F: Fn() -> W + Sync,
{
    let (under_way, worker) = (UnderWay { bytes: Mutex::new(Some(0)), fewer: Condvar::new() }, &worker);
    let (tasks, waiting) = channel::<Task<R>>();
    let waiting = Mutex::new(waiting);
    let (promises, results) = sync_channel::<Promised<R>>(deal.threads.saturating_mul(BATCHES));
    let (batch, last) = (Vec::new(), Instant::now());
    let filling = Mutex::new(Some(Filling { batch, bytes: 0, last, tasks, promises, threads: 0 }));
    thread::scope(|scope| {
        let (under_way, waiting, filling) = (&under_way, &waiting, &filling);
        let begin = move || start(scope, waiting, worker);
        let held = move || filling.lock().unwrap_or_else(PoisonError::into_inner);
        let (reading, read_all) = channel::<()>();
        let reader = scope.spawn(move || {
            let ended = catch_unwind(AssertUnwindSafe(|| {
                read(&mut |input| {
                    let mut held = held();
                    let Some(filling) = held.as_mut() else { return ControlFlow::Break(()) };
                    if !filling.has_room(&input, deal) {
                        filling.send(deal, under_way, begin)?;
                    }
                    filling.add(input);
                    ControlFlow::Continue(())
                })
            }));
            drop(reading);
            // What it sends to ends with it.
            let mut filling = held().take()?;
            let is_idle = filling.send(deal, under_way, begin).is_break() && filling.threads == 0;
            ended.ok().filter(|_| !is_idle)
        });
        // That nobody takes a batch is told to the next input.
        let sender = move || on_pause(&read_all, filling, |f| f.send(deal, under_way, begin));
        if deal.is_prompt {
            // Without that thread, inputs wait for others.
            let _ = thread::Builder::new().spawn_scoped(scope, sender);
        }
        for (promise, bytes) in results {
            let enough = take(promise.recv().ok()).is_break();
            under_way.remove(Some(bytes).filter(|_| !enough));
            if enough {
                break;
            }
        }
        reader.join().ok().flatten()
    })
}

/// Has what there is sent on whenever no input comes for a while, until all are read.
fn on_pause<R>(
    read_all: &Receiver<()>,
    filling: &Mutex<Option<Filling<R>>>,
    send: impl Fn(&mut Filling<R>) -> ControlFlow<()>,
) {
    while read_all.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
        let mut held = filling.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(filling) = held.as_mut().filter(|f| f.last.elapsed() >= PAUSE) {
            let _ = send(filling);
        }
    }
}

/// Starts a thread that works on batches until there are no more.
fn start<'scope, R, W, F>(
    scope: &'scope Scope<'scope, '_>,
    waiting: &'scope Mutex<Receiver<Task<R>>>,
    worker: &'scope F,
) -> io::Result<()>
where
    R: Send,
    W: FnMut(Vec<Input>) -> R,
    F: Fn() -> W + Sync,
{
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).recv().ok();
    let body = move || {
        let mut kept = None;
        while let Some((batch, result)) = next() {
            let mut work = kept.take();
            let done = catch_unwind(AssertUnwindSafe(|| {
                let done = work.get_or_insert_with(worker)(batch);
                (work, done)
            }));
            // What was left half done is not used again; that there is no result is told by the channel.
            if let Ok((work, done)) = done {
                kept = work;
                let _ = result.send(done);
            }
        }
    };
    thread::Builder::new().stack_size(STACK).spawn_scoped(scope, body).map(drop)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn input(i: usize, bytes: usize) -> Input {
        Input::whole(i.to_string(), vec![b' '; bytes])
    }

    fn sources(threads: usize, sizes: &[usize]) -> (Vec<String>, Vec<usize>) {
        let deal = Deal { threads, inputs: 3, bytes: 100, is_prompt: true };
        let (mut out, mut batches) = (Vec::new(), Vec::new());
        let read = |each: &mut dyn FnMut(Input) -> ControlFlow<()>| {
            sizes.iter().enumerate().try_for_each(|(i, bytes)| each(input(i, *bytes)))
        };
        let worker = || |batch: Vec<Input>| batch.into_iter().map(|i| i.source).collect::<Vec<_>>();
        work(deal, read, worker, &mut |done: Option<Vec<String>>| {
            let done = done.unwrap();
            batches.push(done.len());
            out.extend(done);
            ControlFlow::Continue(())
        });
        (out, batches)
    }

    #[test]
    fn results_are_in_the_order_of_the_inputs() {
        let sizes: Vec<usize> = (0..1_000).map(|i| i % 7).collect();
        let expected: Vec<String> = (0..1_000).map(|i| i.to_string()).collect();
        for threads in [1, 2, 5] {
            assert_eq!(sources(threads, &sizes).0, expected);
        }
        assert_eq!(sources(2, &[]).0, Vec::<String>::new());
    }

    #[test]
    fn batches_are_bounded_by_number_and_bytes() {
        assert_eq!(sources(1, &[1, 1, 1, 1, 99, 2, 500, 1]).1, [3, 2, 1, 1, 1]);
        assert_eq!(sources(1, &[2 * UNDER_WAY, UNDER_WAY, 1]).1, [1, 1, 1], "what is larger than the bound goes alone");
    }

    #[test]
    fn a_batch_that_breaks_down_has_no_result_and_the_others_have() {
        let deal = Deal { threads: 2, inputs: 1, bytes: 100, is_prompt: true };
        let read = |each: &mut dyn FnMut(Input) -> ControlFlow<()>| (0..9).try_for_each(|i| each(input(i, 1)));
        let worker = || |batch: Vec<Input>| if batch[0].source == "4" { panic!("expected") } else { batch.len() };
        let mut results = Vec::new();
        work(deal, read, worker, &mut |done| {
            results.push(done);
            ControlFlow::Continue(())
        });
        assert_eq!((results.len(), results[4], results.iter().flatten().count()), (9, None, 8));
    }

    #[test]
    fn an_input_does_not_wait_for_one_that_does_not_come() {
        let deal = Deal { threads: 1, inputs: 9, bytes: 100, is_prompt: true };
        let (told, seen) = channel();
        let read = move |each: &mut dyn FnMut(Input) -> ControlFlow<()>| {
            (0..2).all(|i| each(input(i, 1)).is_continue() && seen.recv_timeout(Duration::from_secs(60)) == Ok(1))
        };
        let all = work(deal, read, || |batch: Vec<Input>| batch.len(), &mut |done: Option<usize>| {
            told.send(done.unwrap()).unwrap();
            ControlFlow::Continue(())
        });
        assert_eq!(all, Some(true));
    }

    #[test]
    fn workers_that_cannot_be_made_leave_nobody_waiting() {
        let deal = Deal { threads: 2, inputs: 1, bytes: 100, is_prompt: true };
        let read = |each: &mut dyn FnMut(Input) -> ControlFlow<()>| (0..9).try_for_each(|i| each(input(i, 1)));
        fn none() -> fn(Vec<Input>) {
            panic!("expected")
        }
        let mut results = Vec::new();
        work(deal, read, none, &mut |done| {
            results.push(done);
            ControlFlow::Continue(())
        });
        assert_eq!(results, vec![None; 9]);
    }

    #[test]
    fn who_has_had_enough_ends_the_reading() {
        let read = AtomicUsize::new(0);
        let deal = Deal { threads: 2, inputs: 1, bytes: 100, is_prompt: true };
        let reader = |each: &mut dyn FnMut(Input) -> ControlFlow<()>| {
            (0..100_000).try_for_each(|i| {
                read.fetch_add(1, Ordering::Relaxed);
                each(input(i, 1))
            })
        };
        let ended = work(deal, reader, || |_: Vec<Input>| (), &mut |_| ControlFlow::Break(()));
        assert_eq!(ended, Some(ControlFlow::Break(())));
        assert!(read.into_inner() < 100, "only what was under way is read");
        // Nor does the reading wait for room that nobody makes.
        let large = |each: &mut dyn FnMut(Input) -> ControlFlow<()>| (0..9).try_for_each(|i| each(input(i, UNDER_WAY)));
        let ended = work(deal, large, || |_: Vec<Input>| (), &mut |_| ControlFlow::Break(()));
        assert_eq!(ended, Some(ControlFlow::Break(())));
    }
}
