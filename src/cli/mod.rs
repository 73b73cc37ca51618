//! The command line, one file per subcommand.

pub mod agreement_text;
pub mod explain;
pub mod fhirpath;
pub mod negotiate;
pub mod package;
pub mod scope;
pub mod serve;
pub mod snapshot;
pub mod validate;

/// Exit codes (docs/ARCHITECTURE.md): nothing to object to, an error, undetermined, could not run.
pub mod exit {
    pub const OK: u8 = 0;
    pub const INVALID: u8 = 1;
    pub const UNDETERMINED: u8 = 2;
    pub const COULD_NOT_RUN: u8 = 3;

    /// The worse of two: could not run, then invalid, then undetermined.
    pub fn worse(a: u8, b: u8) -> u8 {
        let rank = |c: u8| match c {
            COULD_NOT_RUN => 3,
            INVALID => 2,
            UNDETERMINED => 1,
            _ => 0,
        };
        if rank(b) > rank(a) { b } else { a }
    }
}
