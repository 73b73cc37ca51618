//! Scripts in Rhai (<https://rhai.rs/book>): rules and FHIRPath functions of a site, and programs of other rooms, in a
//! sandbox. A script sees the instance only through FHIRPath; it has no files, no clock, no chance, no modules, and
//! every bound has a name ([`limits`]). Whatever ends a script early is reported, never ignored.

mod declaration;
mod error;
mod expressions;
mod host;
mod library;
pub mod limits;
mod literals;
mod local;
mod program;
mod sandbox;
mod scripts;
mod session;
mod value;

pub use error::ScriptError;
pub use host::Budget;
pub use library::{Library, SiteRule, Source};
pub use local::ScriptPorts;
pub use program::Program;
pub use scripts::{Answer, Scripts};
pub use session::{CheckOutcome, View};

#[cfg(test)]
mod tests;
