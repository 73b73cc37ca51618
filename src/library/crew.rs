//! Who works on a batch.

use super::Stop;

/// Who works on a batch.
pub struct Crew<'c> {
    /// How many threads; `None`: one for each core.
    pub threads: Option<usize>,
    /// Ends the work.
    pub stop: &'c Stop,
    /// Called now and then by the thread that waits for the others.
    pub wait: &'c mut (dyn FnMut() + 'c),
}
