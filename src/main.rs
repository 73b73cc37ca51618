//! `accord`: parses arguments, dispatches, exits.

use std::io::{BufWriter, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use fhir_accord::cli;
use mimalloc::MiMalloc;

/// Plans, instances and witnesses are many small pieces: they are made and freed faster than by the system's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// FHIR profile validation and capability negotiation.
#[derive(Parser)]
#[command(version, propagate_version = true, after_help = cli::EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Validate(cli::validate::Args),
    Snapshot(cli::snapshot::Args),
    Package(cli::package::Args),
    Diff(cli::diff::Args),
    Explain(cli::explain::Args),
    Generate(cli::generate::Args),
    Negotiate(cli::negotiate::Args),
    Client(cli::client::Args),
    Satisfies(cli::satisfies::Args),
    Scope(cli::scope::Args),
    Serve(cli::serve::Args),
    Fhirpath(cli::fhirpath::Args),
}

fn main() -> ExitCode {
    let cli: Cli = match cli::parse() {
        Ok(cli) => cli,
        Err(code) => return ExitCode::from(code),
    };
    let mut out = BufWriter::new(cli::output::Output::new());
    let result = match &cli.command {
        Command::Validate(args) => cli::validate::run(args, &mut out).map_err(|e| e.to_string()),
        Command::Snapshot(args) => cli::snapshot::command(args, &mut out),
        Command::Package(args) => cli::package::run(args, &mut out).map_err(|e| e.to_string()),
        Command::Diff(args) => cli::diff::run(args, &mut out),
        Command::Explain(args) => cli::explain::run(args, &mut out),
        Command::Generate(args) => cli::generate::command(args, &mut out),
        Command::Negotiate(args) => cli::negotiate::command(args, &mut out),
        Command::Client(args) => cli::client::command(args, &mut out),
        Command::Satisfies(args) => cli::satisfies::run(args, &mut out),
        Command::Scope(args) => cli::scope::run(args, &mut out),
        Command::Fhirpath(args) => cli::fhirpath::command(args, &mut out),
        Command::Serve(args) => cli::serve::run(args).map_err(|e| e.to_string()),
    };
    let result = result.and_then(|c| out.flush().map(|()| c).map_err(|e| e.to_string()));
    ExitCode::from(result.unwrap_or_else(|message| {
        eprintln!("error: {message}");
        cli::exit::COULD_NOT_RUN
    }))
}
