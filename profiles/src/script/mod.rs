//! Scripts in Rhai (https://rhai.rs/book): rules and FHIRPath functions of a site, and programs of other rooms, in a
//! sandbox. A script sees the instance through FHIRPath alone; it has no files, no clock, no chance, no modules, and every
//! bound has a name ([`limits`]). Whatever ends a script before its time is told, never passed over.

mod declaration;
mod error;
mod expressions;
mod host;
mod library;
mod literals;
mod local;
mod program;
mod sandbox;
mod session;
mod value;

pub use error::ScriptError;
pub use host::Budget;
pub use library::{Library, SiteRule, Source};
pub use local::ScriptPorts;
pub use program::Program;
pub use sandbox::limits;
pub use session::{Answer, CheckOutcome, Scripts, View};

#[cfg(test)]
mod tests;
