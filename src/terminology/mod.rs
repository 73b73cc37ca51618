//! Terminology that users hold and no package may carry: read from what its publishers hand out into compact code sets,
//! and found again by validation.

mod folder;
mod held;
mod import;
mod inputs;
mod lines;
mod options;
mod read;
pub mod set;
mod systems;
mod told;

pub use folder::{Listed, TerminologyError, list, remove, scan, terminology_folder};
pub use held::Held;
pub use import::import;
pub use options::{Columns, Format, Options};
pub use told::{Imported, Told};
