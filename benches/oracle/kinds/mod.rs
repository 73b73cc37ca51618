//! The kinds of change, a subject a file: each changes one thing of an instance that was valid.

pub mod arrays;
pub mod bundles;
pub mod choices;
pub mod codes;
pub mod data_types;
pub mod dates;
pub mod extensions;
pub mod narratives;
pub mod primitives;
pub mod quantities;
pub mod questionnaires;
pub mod references;
pub mod strings;
pub mod xml;

use serde_json::Value;

use crate::random::Random;
use crate::sites::Made;

/// A name, and what makes such a mutant of an instance; `None` where the instance has nothing of the kind to change.
pub type Kind = (&'static str, fn(&Value, &mut Random) -> Option<Made>);

/// The subjects, and the kinds of each.
pub const SUBJECTS: [(&str, &[Kind]); 14] = [
    ("choices and types", choices::KINDS),
    ("arrays and JSON", arrays::KINDS),
    ("references and canonicals", references::KINDS),
    ("extensions", extensions::KINDS),
    ("dates", dates::KINDS),
    ("strings", strings::KINDS),
    ("other primitives", primitives::KINDS),
    ("codes", codes::KINDS),
    ("quantities", quantities::KINDS),
    ("other data types", data_types::KINDS),
    ("narratives", narratives::KINDS),
    ("Bundles and contained", bundles::KINDS),
    ("questionnaires", questionnaires::KINDS),
    ("XML", xml::KINDS),
];

/// All kinds.
pub fn all() -> Vec<Kind> {
    SUBJECTS.iter().flat_map(|(_, kinds)| kinds.iter().copied()).collect()
}
