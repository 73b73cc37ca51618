//! The command line, one file per subcommand.

mod agreement_text;
pub mod client;
pub mod commands;
pub mod config;
pub mod diff;
pub mod explain;
pub mod fhirpath;
pub mod generate;
pub mod guard;
pub mod health;
pub mod hl7;
pub mod lsp;
pub mod matrix;
pub mod negotiate;
pub mod output;
pub mod package;
mod project;
pub mod proxy;
pub mod satisfies;
pub mod scope;
pub mod serve;
pub mod shell;
mod side;
pub mod snapshot;
pub mod terminology;
mod terms;
pub mod test;
pub mod validate;
mod version;
mod within;

use std::io::Write;

use clap::error::ErrorKind;

use crate::printable::note;

/// The exit codes, for `--help`.
pub const EXIT_CODES: &str =
    "Exit codes: 0 no problems found, 1 invalid, 2 undetermined (if --fail-on asks for it), 3 could not run";

/// The arguments of this process.
///
/// # Errors
/// The exit code, once the help, the version, or what is wrong with the arguments, is written. The program by itself
/// gives its help, as if that was asked for.
pub fn parse<C: clap::Parser>() -> Result<C, u8> {
    C::try_parse().map_err(|e| {
        let is_alone = std::env::args_os().len() <= 1;
        match e.kind() {
            ErrorKind::DisplayVersion => answer(&version::text()),
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if is_alone => answer(&e.render().to_string()),
            _ if e.use_stderr() && has_control(&e) => note(e.render().to_string().trim_end()),
            _ => drop(e.print()),
        }
        if e.use_stderr() && !is_alone { exit::COULD_NOT_RUN } else { exit::OK }
    })
}

/// Writes what was asked for; that nobody reads it is no failure.
fn answer(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Whether an argument that the message repeats would steer a terminal.
fn has_control(e: &clap::Error) -> bool {
    let steers = |c: char| match c {
        '\n' | '\t' => false,
        c => c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'),
    };
    e.render().to_string().contains(steers)
}

/// Where `accord terminology import` puts what it reads; `None` where nothing was imported.
fn imported_folder() -> Option<std::path::PathBuf> {
    crate::terminology::terminology_folder().filter(|folder| folder.is_dir())
}

/// Exit codes (docs/ARCHITECTURE.md).
pub mod exit {
    /// No problems found.
    pub const OK: u8 = 0;
    /// An error was found.
    pub const INVALID: u8 = 1;
    /// The verdict is undetermined, and `--fail-on` asks for it.
    pub const UNDETERMINED: u8 = 2;
    /// The command could not run.
    pub const COULD_NOT_RUN: u8 = 3;
    /// The reader of the output went away before the command was done: what a shell gives for SIGPIPE.
    pub const BROKEN_PIPE: u8 = 141;

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
