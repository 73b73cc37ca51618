//! `accord`: parses arguments, dispatches, exits.

use std::io::{BufWriter, Write};
use std::process::ExitCode;

use fhir_accord::cli::commands::Cli;
use fhir_accord::cli::{self, exit};
use fhir_accord::printable::note;
use mimalloc::MiMalloc;

/// Plans, instances and witnesses are many small pieces: they are made and freed faster than by the system's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli: Cli = match cli::parse() {
        Ok(cli) => cli,
        Err(code) => return ExitCode::from(code),
    };
    let mut out = BufWriter::new(cli::output::Output::new());
    let result = cli.run(&mut out);
    let written = out.flush().map_err(|e| e.to_string());
    let code = match (result, written) {
        // What was found out counts, whether or not somebody read it to its end.
        (Ok(code), Ok(())) => code,
        (Ok(code), Err(_)) if out.get_ref().is_gone() => code,
        (Err(_), _) if out.get_ref().is_gone() => exit::BROKEN_PIPE,
        (Err(message), _) | (_, Err(message)) => {
            note(&format!("error: {message}"));
            exit::COULD_NOT_RUN
        }
    };
    ExitCode::from(code)
}
