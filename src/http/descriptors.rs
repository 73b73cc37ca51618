//! How many connections the process can hold: each takes a file descriptor.

/// Descriptors that are left for the store, health, and what is read and written beside connections.
#[cfg(unix)]
const SPARE: u64 = 256;

/// How many connections each of so many workers may hold: as many as are wanted, as far as the system lets the process
/// have descriptors for them. Its own bound is raised to what the system allows.
#[cfg(unix)]
pub(super) fn connections(wanted: usize, workers: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let descriptors = if setrlimit(Resource::Nofile, raised).is_ok() { limit.maximum } else { limit.current };
    let Some(descriptors) = descriptors else { return wanted };
    let each = descriptors.saturating_sub(SPARE.min(descriptors / 2)) / workers.max(1) as u64;
    let fit = usize::try_from(each).unwrap_or(usize::MAX).clamp(1, wanted.max(1));
    if fit < wanted {
        tracing::warn!(descriptors, wanted, connections = fit, "the system allows fewer connections for each worker");
    }
    fit
}

/// As many as are wanted.
#[cfg(not(unix))]
pub(super) fn connections(wanted: usize, _: usize) -> usize {
    wanted
}
