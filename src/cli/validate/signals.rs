//! A signal that ends the process leaves no unfinished result behind.

use std::io;
use std::path::Path;
use std::task::Poll;

use tokio::signal::unix::{SignalKind, signal};

/// What a process is told when its user or its terminal is done with it.
const ENDING: [fn() -> SignalKind; 3] = [SignalKind::interrupt, SignalKind::terminate, SignalKind::hangup];
/// The exit code of a process that a signal ended, less the number of the signal, as shells have it.
const BY_SIGNAL: i32 = 128;

/// Has this file removed when a signal ends the process. What its caller has it ignore stays ignored.
///
/// # Errors
/// [`io::Error`] where signals cannot be heard.
pub(super) fn remove(unfinished: &Path) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut heard = {
        let _inside = runtime.enter();
        let kinds = ENDING.into_iter().map(|kind| kind()).filter(|kind| !is_ignored(*kind));
        kinds.map(|kind| Ok((kind.as_raw_value(), signal(kind)?))).collect::<io::Result<Vec<_>>>()?
    };
    let unfinished = unfinished.to_owned();
    let wait = move || {
        let number = runtime.block_on(std::future::poll_fn(|context| {
            let mut came =
                heard.iter_mut().filter_map(|(n, signal)| signal.poll_recv(context).is_ready().then_some(*n));
            came.next().map_or(Poll::Pending, Poll::Ready)
        }));
        let _ = std::fs::remove_file(unfinished);
        std::process::exit(BY_SIGNAL + number);
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(wait).map(drop)
}

/// Whether this process was started with the signal ignored, as by `nohup`; known on Linux only.
fn is_ignored(kind: SignalKind) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|l| u64::from_str_radix(l.strip_prefix("SigIgn:")?.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & (1 << (kind.as_raw_value() - 1)) != 0)
}
