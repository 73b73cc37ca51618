//! Who goes first on a busy processor.

/// How much more willing to wait a thread of long work is than a worker
/// (<https://man7.org/linux/man-pages/man2/setpriority.2.html>).
#[cfg(target_os = "linux")]
const NICE: i32 = 5;

/// Lets workers go first from now on: who asks for little is answered while much is being worked on. Elsewhere than on
/// Linux threads have no priority of their own, and nothing changes.
pub(super) fn step_back() {
    #[cfg(target_os = "linux")]
    {
        use std::cell::Cell;
        thread_local! {
            static HAS: Cell<bool> = const { Cell::new(false) };
        }
        if !HAS.replace(true) {
            // Where that is refused, it works as it did.
            let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICE);
        }
    }
}
