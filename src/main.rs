//! `accord`: parses arguments, dispatches, exits.

use std::io::{BufWriter, Write};
use std::process::ExitCode;

use fhir_accord::cli;
use fhir_accord::cli::commands::Cli;
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
    let result = result.and_then(|c| out.flush().map(|()| c).map_err(|e| e.to_string()));
    ExitCode::from(result.unwrap_or_else(|message| {
        eprintln!("error: {message}");
        cli::exit::COULD_NOT_RUN
    }))
}
