//! Memory of validations that a worker does itself, one after the other. What they may keep in it is bounded, and so is
//! what is validated with it: only small bodies.

use std::cell::Cell;

use fhir_accord_profiles::evaluate::Memory;

thread_local! {
    static KEPT: Cell<Option<Box<Memory>>> = const { Cell::new(None) };
}

/// Works with the memory of this thread. Where `work` panics the memory is given up.
pub(super) fn with_kept<T>(work: impl FnOnce(&mut Memory) -> T) -> T {
    let mut memory = KEPT.take().unwrap_or_default();
    let done = work(&mut memory);
    KEPT.set(Some(memory));
    done
}
