//! Snapshots whose making is broken off.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::super::{Generator, SnapshotError};
use super::{profile, source};
use crate::interrupt::{Interrupt, Signal};

/// Raised from the look of this number on.
struct From(AtomicUsize);

impl Signal for From {
    fn is_raised(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| Some(left.saturating_sub(1))) == Ok(0)
    }
}

#[test]
fn a_snapshot_is_broken_off() {
    let slices = (0..6_000).map(|n| json!({ "path": "Thing.part", "sliceName": n.to_string() }));
    let slicing = json!({ "path": "Thing.part", "slicing": { "discriminator": [], "rules": "open" } });
    let large = profile(std::iter::once(slicing).chain(slices).collect());
    let within = |looks: usize| {
        let interrupt = Interrupt::by(Arc::new(From(AtomicUsize::new(looks))));
        let generator = Generator::new(&source).under(&interrupt);
        (generator.generate(&large), generator.generate(&profile(json!([]))))
    };
    let (all, small) = within(usize::MAX);
    assert!(all.unwrap().elements.len() > 12_000 && small.is_ok());
    for looks in [0, 1, 5_000] {
        let broken_off = Err(SnapshotError::BrokenOff);
        assert_eq!(within(looks), (broken_off.clone(), broken_off), "{looks}");
    }
}
