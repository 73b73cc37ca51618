//! Work that is broken off: whoever asked for it says so from outside, and whoever does it looks now and then. So time
//! is bounded where no clock is known.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Tells whether work is to be broken off: its time is up, or nobody waits for it any longer. Once it is, it stays so.
/// It is asked every few thousand steps, and has to answer at once.
pub trait Signal: Send + Sync {
    /// Whether to break off.
    fn is_raised(&self) -> bool;
}

/// A signal, or none: then nothing is broken off. Two of them are equal whatever they tell, because neither is part of
/// what is asked.
#[derive(Clone, Default)]
pub struct Interrupt(Option<Arc<dyn Signal>>);

impl Interrupt {
    /// Work that this signal breaks off.
    pub fn by(signal: Arc<dyn Signal>) -> Interrupt {
        Interrupt(Some(signal))
    }

    /// What breaks nothing off.
    pub const fn never() -> Interrupt {
        Interrupt(None)
    }

    /// Whether to break off.
    #[inline]
    pub fn is_raised(&self) -> bool {
        self.0.as_ref().is_some_and(|signal| signal.is_raised())
    }
}

impl fmt::Debug for Interrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Interrupt" } else { "no interrupt" })
    }
}

impl PartialEq for Interrupt {
    fn eq(&self, _: &Interrupt) -> bool {
        true
    }
}

impl Eq for Interrupt {}

impl Hash for Interrupt {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// A number of steps, in slices: between two slices it is looked whether to break off.
#[derive(Clone, Copy, Debug, Default)]
pub struct Steps {
    /// Those until the next look.
    slice: u64,
    /// Those behind it.
    behind: u64,
}

/// Why no step is left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spent {
    /// All were taken.
    All,
    /// The work was broken off.
    BrokenOff,
}

impl Steps {
    /// So many steps; the first look is at the first of them.
    pub fn new(steps: u64) -> Steps {
        Steps { slice: 0, behind: steps }
    }

    /// So many steps; the first look is behind `look` of them.
    #[inline]
    pub fn sliced(steps: u64, look: u64) -> Steps {
        let slice = steps.min(look);
        Steps { slice, behind: steps - slice }
    }

    /// How many are left.
    #[inline]
    pub fn left(self) -> u64 {
        self.slice.saturating_add(self.behind)
    }

    /// Takes steps, and looks for the interrupt every `look` of them.
    ///
    /// # Errors
    /// Where not so many are left, and then none is taken, or where the work is broken off.
    #[inline]
    pub fn take(&mut self, steps: u64, look: u64, interrupt: &Interrupt) -> Result<(), Spent> {
        match self.slice.checked_sub(steps) {
            Some(left) => {
                self.slice = left;
                Ok(())
            }
            None => self.next_slice(steps, look, interrupt),
        }
    }

    #[cold]
    fn next_slice(&mut self, steps: u64, look: u64, interrupt: &Interrupt) -> Result<(), Spent> {
        let left = self.left().checked_sub(steps).ok_or(Spent::All)?;
        self.slice = left.min(look);
        self.behind = left - self.slice;
        if interrupt.is_raised() { Err(Spent::BrokenOff) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    /// Raised at the look of this number.
    struct At(AtomicU64);

    impl Signal for At {
        fn is_raised(&self) -> bool {
            self.0.fetch_sub(1, Ordering::Relaxed) <= 1
        }
    }

    #[test]
    fn steps_are_counted_and_looked_after() {
        let mut steps = Steps::new(10);
        let none = Interrupt::default();
        assert_eq!((0..12).filter(|_| steps.take(1, 4, &none).is_ok()).count(), 10);
        assert_eq!(steps.take(1, 4, &none), Err(Spent::All));
        let mut steps = Steps::new(100);
        assert_eq!((steps.take(101, 4, &none), steps.take(60, 4, &none)), (Err(Spent::All), Ok(())));
        assert_eq!(steps.left(), 40);
        let mut steps = Steps::new(u64::MAX);
        let third = Interrupt::by(Arc::new(At(AtomicU64::new(3))));
        let taken = (0..100).take_while(|_| steps.take(1, 10, &third).is_ok()).count();
        assert_eq!(taken, 22, "a look before the first step, and one every ten behind it");
        assert_eq!(steps.left(), u64::MAX - 23);
    }

    #[test]
    fn an_interrupt_is_no_part_of_what_is_asked() {
        let raised = Interrupt::by(Arc::new(At(AtomicU64::new(0))));
        assert_eq!(raised, Interrupt::default());
        assert!(raised.is_raised() && !Interrupt::default().is_raised());
    }
}
