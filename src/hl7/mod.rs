//! What the settings of HL7's own validator mean here, and reports in the words that its users and tools read.

mod chosen;
mod entry;
mod message;

pub use chosen::{BestPractice, Chosen, Html, Least};
pub use entry::entry_profile;
pub use message::{DOCUMENT, Level, Message, messages};
