//! Limits of work that were reached: what was not examined because of them is an open question.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::example::{Example, bytes, example};
use super::text::Describe;
use crate::interrupt::{Interrupt, Signal};
use crate::issue::RuleId;

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::LIMIT_VISITS, |_| {
        "the limit on visited elements was reached; the rest of the instance was not examined".into()
    }),
    (RuleId::LIMIT_TRIALS, |_| {
        "the limit on nested profile checks was reached; profiles that refer to each other this deeply were not checked"
            .into()
    }),
    (RuleId::LIMIT_TIME, |_| "the work was broken off; the rest of the instance was not examined".into()),
    (RuleId::LIMIT_REGEX, |_| "a regular expression exceeds the size limit and was not checked".into()),
];

/// Breaks off at the second look.
#[derive(Default)]
struct Second(AtomicBool);

impl Signal for Second {
    fn is_raised(&self) -> bool {
        self.0.swap(true, Ordering::Relaxed)
    }
}

/// Names enough for a second look.
#[allow(clippy::indexing_slicing, reason = "the index is below the length")]
const NAMES: [u8; 800] = {
    let (name, mut names, mut i) = (*b",\"a\"", [0; 800], 0);
    while i < names.len() {
        names[i] = name[i % name.len()];
        i += 1;
    }
    names
};

pub const EXAMPLES: &[Example] = &[
    example(RuleId::LIMIT_VISITS, r#"{"resourceType":"Patient","name":[{"given":["a"§]}]}"#, r#","b","c","d","e""#, "")
        .policies(|p| p.work.nodes = 6),
    example(
        RuleId::LIMIT_TRIALS,
        r#"{"resourceType":"Patient","contact":[{§}]}"#,
        r#""gender":"male","name":{"text":"a"}"#,
        r#""name":{"text":"a"}"#,
    )
    .profile(concat!(
        r#"{"id":"Patient","path":"Patient","constraint":[{"key":"t-1","severity":"error","human":"a","expression":""#,
        "contact.gender.exists() implies conformsTo('http://hl7.org/fhir/StructureDefinition/Patient')",
        r#""}]}"#
    ))
    .policies(|p| p.work.trials = 0),
    bytes(RuleId::LIMIT_TIME, r#"{"resourceType":"Patient","name":[{"given":["a"§]}]}"#, &NAMES, b"")
        .policies(|p| p.work.interrupt = Interrupt::by(Arc::new(Second::default()))),
];
