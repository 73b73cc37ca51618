//! Places of issues, as validators write them.

use crate::harness::{Test, tests};

#[path = "../../harness/place.rs"]
mod normal;
pub use normal::normal;

pub const TESTS: &[Test] = tests! { "" => places_of_one_meaning_are_equal; };

fn places_of_one_meaning_are_equal() {
    for (written, meant) in [
        ("Bundle.entry[0].resource/*Patient/x*/.name[1]", "Bundle.entry[0].resource.name[1]"),
        ("Observation.value.ofType(Quantity)", "Observation.value"),
        ("Observation.valueQuantity.code", "Observation.value.code"),
        ("Patient.extension[0][url='http://x.y/z'].value.ofType(Coding)", "Patient.extension[0].value"),
        ("", "$"),
    ] {
        assert_eq!(normal(Some(written)), meant);
    }
}
